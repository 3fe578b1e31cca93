"""By what a report is read: names, facts and expressions, days, weeks and months, and functions of a finding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from numbers import Number
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import attrs

from windowservice.domain.scorecard.readings_period import PeriodKind, ReportingPeriod
from windowservice.engine.report.dimensions import BANKS, OF_RULES, carried_in_engine
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.stores.store import Numbered, Store
from windowservice.engine.ruleset import LoadedRule, position_of
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidValue, ScopeMismatch, UnknownName, WindowserviceError
from windowservice.language.analysis.visible import begin_facts
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, dating
from windowservice.language.tree.kernels import DATE
from windowservice.language.tree.rule import SEVERITIES
from windowservice.language.tree.scope import merge, scope_name
from windowservice.language.tree.values import ValueType
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = [
    "By", "Selector", "Truth", "chosen", "counted", "in_order", "read_condition", "read_selector", "wanted_values",
]  # fmt: skip

Selector: TypeAlias = "str | Expr[Any] | Callable[[Finding], Hashable]"
"""By what findings are selected and counted; see `Report.by`."""

_OF_RULES: Final[Mapping[str, Callable[[LoadedRule], str]]] = {
    "rule": lambda loaded: loaded.name,
    "severity": lambda loaded: loaded.rule.severity,
    "policy": lambda loaded: loaded.rule.policy,
    "principle": lambda loaded: loaded.rule.principle,
    "pack": lambda loaded: loaded.name.partition("/")[0],
}
_OF_RECORDS: Final = ("key", "bank", "service", "clerk")
_PERIODS: Final[tuple[PeriodKind, ...]] = ("day", "week", "month")
_NAMES: Final = (*_OF_RECORDS, *_OF_RULES, "verdict", *_PERIODS)


def names_in(engine: Engine) -> tuple[str, ...]:
    """Return the names by which the reports of an engine are read, beside those of facts."""
    said = None if engine.bank else carried_in_engine(engine)
    return tuple(name for name in _NAMES if said is None or name not in (*BANKS, *OF_RULES) or name in said)


@attrs.frozen
class By:
    """A selector that was understood: one of the names, or the fact of that name, an expression, or a function."""

    said: Selector
    engine: Engine

    @property
    def name(self) -> str:
        """The name, if it is one, else an empty text: an expression is compared with nothing."""
        return self.said if isinstance(self.said, str) else ""

    @property
    def of_rule(self) -> Callable[[LoadedRule], str] | None:
        """What it says of a rule; None if it speaks of something else."""
        return _OF_RULES.get(self.name)

    @property
    def of_finding(self) -> Callable[[Finding], Hashable] | None:
        """The function, if it is one."""
        said = self.said
        return None if isinstance(said, (str, Expr)) else partial(_answer, said)

    def of_records(self, store: Store) -> Numbered | None:
        """Return what it says of each record of a store, an empty text where nothing; None if not of records."""
        said = self.said
        if self.name == "verdict" or self.of_rule is not None or self.of_finding is not None:
            return None
        root = store.runner.vocabulary
        if isinstance(said, str):
            if said in _OF_RECORDS:
                return store.numbered(said)
            if said in _PERIODS:
                return _by_period(store, said, _own_days(root))
            expr: Expr[Any] | None = _facts(self.engine, root).get(said)
        else:
            expr = said if isinstance(said, Expr) and _fits(said, root) else None
        return _nothing(store) if expr is None else store.numbered((expr,))


def _answer(function: Callable[[Finding], Hashable], finding: Finding) -> Hashable:
    """Return what somebody's function says of a finding."""
    try:
        said = function(finding)
        hash(said)
    except WindowserviceError:
        raise
    except Exception as error:  # a function of somebody's own may raise anything
        wanted = f"a function that says of a finding what can be counted; on {finding!r} it raised"
        raise InvalidValue("selector", function, f"{wanted} {type(error).__name__}: {error}") from error
    return said


def _nothing(store: Store) -> Numbered:
    return [0] * len(store), [""]


def _facts(engine: Engine, root: type[Facts]) -> dict[str, Fact[Any]]:
    """Return the facts of a record type by name, those that plugins add included."""
    added = (of for of in engine.record_types if of.root is root)
    return {name: fact for of in (*added, root) for name, fact in of.given.items()}


def _fits(expr: Expr[Any], root: type[Facts]) -> bool:
    try:
        return merge(expr.scope, root) is root
    except ScopeMismatch:
        return False


def _own_days(root: type[Facts]) -> tuple[Expr[date], ...]:
    """Return the dates of the instants that are a record's own: that which dates its figures, or else begins it."""
    dated = dating(root)
    facts: tuple[Expr[Any], ...] = begin_facts(root) if dated is None else (dated,)
    return tuple(DATE(fact) if fact.type is ValueType.INSTANT else fact for fact in facts)


def _by_period(store: Store, kind: PeriodKind, days: tuple[Expr[date], ...]) -> Numbered:
    numbers, words = store.numbered(days) if days else _nothing(store)
    return numbers, [str(ReportingPeriod.of(kind, day)) if isinstance(day, date) else "" for day in words]


def read_selector(engine: Engine, said: object) -> By:
    """Return a selector that was understood.

    Raises:
        UnknownName: for a name that is neither one of those of reports nor a fact of a record that is judged, with the
            nearest.
        InvalidValue: for an expression over other records, and for what is no selector at all.
    """
    if isinstance(said, str):
        if said not in _NAMES or (said in (*BANKS, *OF_RULES) and not engine.bank):
            roots = engine.judged_vocabularies  # asked for only here: that loads the rules on all records
            known = dict.fromkeys((*names_in(engine), *(name for root in roots for name in _facts(engine, root))))
            if said not in known:
                raise UnknownName("selector", said, tuple(known))
    elif isinstance(said, Expr):
        roots = engine.judged_vocabularies
        if said.scope is None or not any(_fits(said, root) for root in roots):
            records = ", ".join(root.__name__ for root in roots)
            what = f"an expression over records that are judged ({records}); this speaks of {scope_name(said.scope)}"
            raise InvalidValue("selector", str(said), what)
    elif not callable(said):
        raise InvalidValue("selector", said, "a name, a fact, an expression, or a function of a finding")
    return By(cast("Selector", said), engine)


# --- selecting --------------------------------------------------------------------------------------------------------


def chosen(store: Store, by: By, values: Container[Any], version: Callable[[], str]) -> Store:
    """Return a store with only those verdicts selected of which a selector says one of the values."""
    if by.name == "verdict":
        return store.select(None, None, [verdict for verdict in Verdict if verdict in values])
    if (of_rule := by.of_rule) is not None:
        rules = store.runner.rules
        return store.select(None, {at for at, loaded in enumerate(rules) if of_rule(loaded) in values}, None)
    if (function := by.of_finding) is not None:
        rows, positions = store.places(tuple(Verdict))
        kept = [function(finding) in values for finding in store.findings((rows, positions), version)]
        at = [place for place, keep in enumerate(kept) if keep]
        return store.at(([rows[place] for place in at], [positions[place] for place in at]))
    numbers, words = by.of_records(store) or _nothing(store)
    hit = [word in values for word in words]
    return store.select([hit[number] for number in numbers], None, None)


def wanted_values(by: By, value: object) -> Collection[Any]:
    """Return the values that are wanted of a selector: one, or several in a list.

    Raises:
        UnknownName: for a rule, verdict, severity, or word of a fact, that does not exist, with the nearest.
    """
    several = value if isinstance(value, Iterable) and not isinstance(value, (str, bytes)) else (value,)
    name = by.name
    given = ("" if one is None else one for one in several)
    values = frozenset(_text(name, one) for one in given) if name in _NAMES else frozenset(given)
    if name == "rule":
        rules = by.engine.rules
        return frozenset(rules[position_of(rules, str(one))].name for one in values)
    words: tuple[str, ...] = {"verdict": tuple(map(str, Verdict)), "severity": SEVERITIES}.get(name, ())
    if name not in _NAMES:
        found = (_facts(by.engine, root).get(name) for root in by.engine.judged_vocabularies)
        facts = [fact for fact in found if fact is not None]
        words = tuple(word for fact in facts for word in fact.words) if all(fact.words for fact in facts) else ()
    for one in values:
        if words and one not in words and one != "":
            raise UnknownName(name, str(one), words)
    return values


def _text(name: str, value: object) -> str:
    try:
        return str(value)
    except Exception:  # Python writes no number of thousands of digits, and an object of somebody's own may fail
        raise InvalidValue(name, type(value).__name__, "a text") from None


# --- counting ---------------------------------------------------------------------------------------------------------


def counted(
    store: Store, selectors: Sequence[By], version: Callable[[], str]
) -> Iterator[tuple[tuple[Hashable, ...], Verdict, int]]:
    """Yield by what the selectors say how often a verdict came; what is alike may come several times."""
    said = [by.of_records(store) for by in selectors]
    if any(by.of_finding is not None for by in selectors):
        yield from _one_by_one(store, selectors, said, version)
        return
    numbers, groups = _together(store, [one for one in said if one is not None])
    rules = store.runner.rules
    by_rule = any(by.of_rule is not None for by in selectors)
    for group, position, verdict, number in store.tally(numbers, by_rule=by_rule):
        of_records = iter(groups[group])
        label = tuple(
            next(of_records) if one is not None else by.of_rule(rules[position]) if by.of_rule else str(verdict)
            for by, one in zip(selectors, said, strict=True)
        )
        yield label, verdict, number


def _together(store: Store, said: Sequence[Numbered]) -> tuple[Sequence[int], list[tuple[Hashable, ...]]]:
    """Return what several selectors say of each record as one number."""
    if len(said) < 2:
        numbers, words = said[0] if said else _nothing(store)
        return numbers, [(word,) for word in words]
    known: dict[tuple[int, ...], int] = {}
    together = [known.setdefault(one, len(known)) for one in zip(*(numbers for numbers, _ in said), strict=True)]
    return together, [tuple(words[at] for at, (_, words) in zip(one, said, strict=True)) for one in known]


def _one_by_one(
    store: Store, selectors: Sequence[By], said: Sequence[Numbered | None], version: Callable[[], str]
) -> Iterator[tuple[tuple[Hashable, ...], Verdict, int]]:
    places = store.places(tuple(Verdict))
    rules = store.runner.rules
    for row, position, finding in zip(*places, store.findings(places, version), strict=True):
        label = tuple(
            function(finding) if (function := by.of_finding) is not None
            else one[1][one[0][row]] if one is not None
            else of_rule(rules[position]) if (of_rule := by.of_rule) is not None
            else str(finding.verdict)
            for by, one in zip(selectors, said, strict=True)
        )  # fmt: skip
        yield label, finding.verdict, 1


class Truth:
    """What a condition has to say: true, or of a function anything that counts as true."""

    def __contains__(self, value: object) -> bool:
        return bool(value)


def read_condition(given: object) -> object:
    """Return what is given as a condition.

    Raises:
        InvalidValue: if it is no condition.
    """
    if isinstance(given, str) or (isinstance(given, Expr) and given.type is not ValueType.BOOL):
        wanted = "an expression that is true or false, or a function of a finding; names are given with their value"
        raise InvalidValue("condition", str(given), f"{wanted}, as in filter(bank=...)")
    return given


def in_order(label: Hashable) -> tuple[str, Any]:
    """Return a key by which labels of several types are sorted: what says nothing first."""
    if isinstance(label, (str, Number, date, timedelta, WorkSpan)):
        kind = "" if label == "" else "number" if isinstance(label, Number) else type(label).__name__
        return kind, label
    return type(label).__name__, str(label)
