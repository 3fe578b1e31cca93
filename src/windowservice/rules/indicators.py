"""Indicators: how their readings are counted from the rows of a ledger's table; data, in a TOML file.

A reading is a numerator and a denominator over records of one vocabulary. Both are expressions, so that the same text
counts objects one by one and columns at once. An indicator may also count what a rule says of each record: its verdict
is then a fact one level up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal, Protocol, cast

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.domain.documents import source_of
from windowservice.domain.scorecard.indicators import ScoredIndicator
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidRule, UnknownName
from windowservice.facts.records import RECORD_VOCABULARIES
from windowservice.facts.requests.event import event
from windowservice.facts.requests.request import request
from windowservice.files import load_toml, shipped
from windowservice.language.analysis.check import moves
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import Expr, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure, figure_of
from windowservice.language.tree.nodes import Const, Op
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType
from windowservice.rules.pack_file import FigureRow, build_all, build_figures, pack_converter
from windowservice.rules.packs.record_packs import record_packs
from windowservice.strict import read

__all__ = [
    "INDICATOR_TEXTS", "REQUESTS", "Indicator", "IndicatorText", "built_indicator", "indicators_for", "refuse_twice",
    "rules_of_library",
]  # fmt: skip

_WHAT: Final = "indicators"
REQUESTS: Final = "requests"
"""The table of requests, which may be counted too."""
V = ValueType
_COUNTED: Final = (V.BOOL, V.INT, V.SPAN)
_COUNTABLE: Final[tuple[type[Facts], ...]] = (*RECORD_VOCABULARIES, request, event)


@told
@attrs.frozen(kw_only=True, eq=False)
class Indicator:
    """How one indicator, or one figure that vetoes ask for, is counted.

    Attributes:
        indicator: id of the indicator; empty if it is a fact.
        fact: name of the figure that vetoes ask for; empty if it is an indicator. Several tables may each tell a part.
        of: the vocabulary of the records counted.
        on: the instant whose day decides to which period a record belongs: where its limit falls.
        numerator: a condition counts one where it is true, a whole number itself, a span its minutes, begun ones too.
        denominator: what a record adds to the lower part of a ratio; None for counts and minutes.
        numerator_is: whether the numerator counts what was kept or what was missed.
        when: which records belong; None: all.
        fault_party: whose fault it is if one was missed; None: always the bank's own.
        excluded: why a record leaves both sides; missing if it stays.
        each: whether single records are counted, or days on which something was missed.
        worst_of: the group (such as the system) of which the worst alone counts; None: all together.
        combine: whether numerators are added, or the largest counts.
        look_back_months, look_back_days: how far before the end of the period records are counted; 0: its first day.
        standing: whether all records up to the end of the period are counted, however old: for what is still open then.
        complete_with: of a fact, the indicator whose period, declared complete, makes it 0 where there are no records.
        register: of a fact, whether its table is a register in which every case stands: no row then means none.
        rule: the rule whose verdict is counted, as ``pack/rule``; empty if it states a numerator of its own.
        basis: what says that it is counted so.
        note: what a reader should know of it.

    Raises:
        InvalidRule: if its parts do not fit each other.
    """

    indicator: str = ""
    fact: str = ""
    of: type[Facts]
    on: Expr[Any]
    numerator: Expr[Any]
    denominator: Expr[Any] | None = None
    numerator_is: Literal["kept", "missed"]
    when: Expr[Any] | None = None
    fault_party: Expr[Any] | None = None
    excluded: Expr[Any] | None = None
    each: Literal["item", "day"] = "item"
    worst_of: Expr[Any] | None = None
    combine: Literal["sum", "max"] = "sum"
    look_back_months: int = 0
    look_back_days: int = 0
    standing: bool = False
    complete_with: str = ""
    register: bool = False
    rule: str = ""
    basis: Basis
    note: str = ""

    def __attrs_post_init__(self) -> None:
        what = f"indicator {self.name!r}"
        if bool(self.indicator) == bool(self.fact):
            raise InvalidRule(what, "needs either an indicator or a fact", 'write indicator = "C1"')
        if not self.table:
            raise InvalidRule(what, f"counts {self.of.__name__}, which stands in no table of a ledger")
        wanted = {
            "on": (V.INSTANT,), "numerator": _COUNTED, "denominator": (V.INT,), "when": (V.BOOL,),
            "fault_party": (V.TEXT,), "excluded": (V.TEXT,), "worst_of": (V.TEXT,),
        }  # fmt: skip
        for part, types in wanted.items():
            expr = getattr(self, part)
            if expr is not None and expr.type not in types:
                names = " or ".join(str(kind) for kind in types)
                raise InvalidRule(f"{what}, {part}", f"is a {expr.type}: {expr}", f"write {names}")
            if expr is not None and expr.scope not in (None, self.of):
                raise InvalidRule(f"{what}, {part}", f"speaks of something else than {self.of.__name__}: {expr}")
        if moves(self.on):
            raise InvalidRule(
                f"{what}, on", "changes with time, so that an item would change its period", "name a limit"
            )
        if self.each == "day" and self.numerator.type is not V.BOOL:
            raise InvalidRule(f"{what}, numerator", "counts days, so it has to be a condition")
        if sum(map(bool, (self.look_back_months, self.look_back_days, self.standing))) > 1:
            raise InvalidRule(what, "looks back in two ways", "keep one of look_back_months, look_back_days, standing")
        for part in ("complete_with", "register"):
            if getattr(self, part) and not self.fact:
                raise InvalidRule(f"{what}, {part}", "is of facts only: an indicator's source declares its periods")

    @classmethod
    def read(
        cls,
        source: Path | str,
        vocabularies: Iterable[type[Facts]] = _COUNTABLE,
        *,
        rules: Iterable[NamedRule] | None = None,
    ) -> tuple[Indicator, ...]:
        """Return the indicators of a TOML file or text, in order.

        Args:
            source: the path of the file, or the TOML text itself (a text of more than one line).
            vocabularies: what they may count.
            rules: the rules that they may count, and whose figures they may name, as ``engine.rules``; those of the
                library on the further tables of a ledger if not given.

        Raises:
            InvalidDocument: with all problems at once, each with its path.
            OSError: if the file cannot be opened.
        """
        return _read(source, vocabularies, rules)

    @staticmethod
    def default() -> tuple[Indicator, ...]:
        """Return the indicators of the default scorecard that a ledger's tables can tell."""
        return _default()

    @property
    def name(self) -> str:
        """The indicator or fact."""
        return self.indicator or self.fact

    @property
    def table(self) -> str:
        """The table of the ledger that it counts."""
        return REQUESTS if self.of is request else self.of.options.table or ""

    @cached_property
    def stays(self) -> bool:
        """Whether `when` rests on nothing that may still happen, so that it says the same before and after."""
        return self.when is None or not any(_may_happen(self.when))

    @cached_property
    def lasting(self) -> tuple[Expr[Any], ...]:
        """The conditions in `when` that rest on given facts of the record alone, none of which can change."""
        return tuple(part for part in _conditions(self.when) if all(map(_is_lasting, walk(part))))

    @property
    def parts(self) -> tuple[Expr[Any] | None, ...]:
        """What is computed of a record: when, excluded, numerator, denominator, fault party, group."""
        return self.when, self.excluded, self.numerator, self.denominator, self.fault_party, self.worst_of


def _conditions(expr: Expr[Any] | None) -> Iterator[Expr[Any]]:
    """Yield the conditions of which all have to hold for an expression to hold."""
    if isinstance(expr, Op) and expr.name == "and":
        for part in expr.args:
            yield from _conditions(part)
    elif expr is not None:
        yield expr


def _is_lasting(expr: Expr[Any]) -> bool:
    if isinstance(expr, Fact):
        return expr.definition is None and expr.known_at is None and expr.type not in (V.INSTANT, V.DATE)
    return isinstance(expr, (Const, Op))


def _may_happen(expr: Expr[Any]) -> Iterator[bool]:
    """Yield for each given fact that an expression rests on whether it is an instant that may lie ahead."""
    for below in walk(expr):
        if isinstance(below, Fact) and below.definition is not None:
            yield from _may_happen(below.definition)
        elif isinstance(below, Fact):
            yield below.type is V.INSTANT and not below.required


@attrs.frozen(kw_only=True)
class IndicatorText:
    """An indicator as a file says it."""

    of: str
    on: str
    numerator: str | None = None
    numerator_is: Literal["kept", "missed"]
    indicator: str = ""
    fact: str = ""
    denominator: str | None = None
    when: str | None = None
    fault_party: str | None = None
    excluded: str | None = None
    each: Literal["item", "day"] = "item"
    worst_of: str | None = None
    combine: Literal["sum", "max"] = "sum"
    look_back_months: int = 0
    look_back_days: int = 0
    standing: bool = False
    complete_with: str = ""
    register: bool = False
    rule: str = ""
    basis: str
    note: str = ""


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    basis: dict[str, Basis]
    figures: dict[str, FigureRow] = attrs.field(factory=dict)
    indicators: tuple[IndicatorText, ...]


INDICATOR_TEXTS: Final = ("on", "numerator", "denominator", "when", "fault_party", "excluded", "worst_of")


class NamedRule(Protocol):
    """A rule under its full name, as an engine holds it."""

    @property
    def name(self) -> str:
        """The name: ``pack/rule``."""

    @property
    def rule(self) -> Rule:
        """The rule."""


def _read(
    source: Path | str, vocabularies: Iterable[type[Facts]], rules: Iterable[NamedRule] | None
) -> tuple[Indicator, ...]:
    """Return the indicators of a document; see `Indicator.read`."""
    where, data = load_toml(source, _WHAT)
    document = read(_Document, data, pack_converter(), what=_WHAT, where=where)
    own = build_figures(document.basis, document.figures, where, _WHAT)
    known = rules_of_library() if rules is None else {named.name: named.rule for named in rules}
    figures = {figure.name: figure for figure in (*_figures_of(known.values()), *own)}
    names = Names(vocabularies, figures.values())
    seen = set[tuple[str, str]]()

    def build(_: str, row: IndicatorText) -> Indicator:
        indicator = built_indicator(row, names, document.basis, known)
        return refuse_twice(indicator, seen)

    rows = ((f"[{place}] {row.indicator or row.fact}", row) for place, row in enumerate(document.indicators))
    return tuple(build_all(where, "indicators", build, rows, _WHAT))


def rules_of_library() -> dict[str, Rule]:
    """Return the rules of the library on the further tables of a ledger, by their full names."""
    return {f"{pack.name}/{rule.name}": rule for pack in record_packs() for rule in pack.rules}


def _figures_of(rules: Iterable[Rule]) -> Iterable[Figure[Any]]:
    """Yield the figures that rules name."""
    for rule in rules:
        for condition in (rule.require, rule.when):
            for below in () if condition is None else walk(condition):
                if (found := figure_of(below)) is not None:
                    yield found[0]


def refuse_twice(indicator: Indicator, seen: set[tuple[str, str]]) -> Indicator:
    """Return the indicator; refuse one that is counted in two ways, and a fact that one table tells twice."""
    key = (indicator.name, indicator.table if indicator.fact else "")
    if key in seen:
        of = f" of {indicator.table}" if indicator.fact else ""
        raise InvalidRule(f"indicator {indicator.name!r}", f"stands twice{of}", "keep one")
    seen.add(key)
    return indicator


def built_indicator(row: IndicatorText, names: Names, bases: dict[str, Basis], rules: Mapping[str, Rule]) -> Indicator:
    """Return the indicator that a row of a file describes.

    Raises:
        UnknownName, RuleTextError, InvalidRule: if a part of it is wrong.
    """
    said = attrs.asdict(row)
    said |= {part: parse(said[part], names) for part in INDICATOR_TEXTS if said[part] is not None}
    said |= {"of": names.vocabulary(row.of), "basis": source_of(bases, row.basis)}
    if row.rule:
        said |= _of_rule(row, said, rules)
    elif row.numerator is None:
        raise InvalidRule("an indicator", "needs a numerator, or a rule", 'write numerator = "message.empty"')
    return Indicator(**said)


def _of_rule(row: IndicatorText, said: Mapping[str, Any], rules: Mapping[str, Rule]) -> dict[str, Expr[Any]]:
    """Return numerator and condition of an indicator that counts a rule's verdicts, where the rule applies."""
    if row.rule not in rules:
        raise UnknownName("rule", row.rule, tuple(rules))
    rule = rules[row.rule]
    if row.numerator is not None:
        raise InvalidRule(f"rule {row.rule!r}", "gives the numerator already", "leave numerator out")
    if rule.since is not None or rule.until is not None:
        instead = "write a numerator, and the days in when"
        raise InvalidRule(f"rule {row.rule!r}", "is in force for some days only", instead)
    if rule.of is not said["of"]:
        raise InvalidRule(f"rule {row.rule!r}", f"speaks of {rule.of.__name__}, not of {row.of}", "change of")
    numerator = rule.require if row.numerator_is == "kept" else ~rule.require
    parts = [part for part in (rule.when, said["when"]) if part is not None]
    when = parts[0] & parts[1] if len(parts) == 2 else next(iter(parts), None)
    return {"numerator": numerator, "when": cast("Expr[Any]", when)}


@cache
def _default() -> tuple[Indicator, ...]:
    return Indicator.read(shipped(__package__, "indicators.toml"))


def indicators_for(scorecard: Scorecard) -> tuple[Indicator, ...]:
    """Return the library's indicators that count what a scorecard asks for.

    An indicator of the same id is the default scorecard's only if it says the same in words: what is counted, out of
    what. A branch's other weights and thresholds change nothing in how it is counted; of other words nobody knows what
    they mean, so it has no reading until the branch gives indicators of its own.
    """
    default = Scorecard.default()
    same = {row.id for row in scorecard if row.id in default and _counts(row) == _counts(default[row.id])}
    facts = {(row.id, row.en, row.unit, row.look_back_days) for row in default.facts}
    same |= {row.id for row in scorecard.facts if (row.id, row.en, row.unit, row.look_back_days) in facts}
    return tuple(indicator for indicator in _default() if indicator.name in same)


def _counts(row: ScoredIndicator) -> tuple[object, ...]:
    return row.numerator, row.denominator, row.unit, row.direction
