"""Measurements: how a reading of an indicator is counted from the rows of a ledger's table; data, in a TOML file.

A reading is a numerator and a denominator over records of one vocabulary. Both are expressions, so that the same text
counts objects one by one and columns at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.documents import load_toml
from windowservice.domain.strict import read, strict_converter
from windowservice.errors import InvalidDocument, InvalidRule, UnknownName, WindowserviceError
from windowservice.facts.records import RECORD_VOCABULARIES
from windowservice.language.check import moves
from windowservice.language.expressions import Expr
from windowservice.language.facts import Facts
from windowservice.language.parse import Names, parse
from windowservice.language.values import ValueType

__all__ = ["Measurement", "default_measurements", "read_measurements"]

_WHAT: Final = "measurements"
V = ValueType
_COUNTED: Final = (V.BOOL, V.INT, V.SPAN)


@attrs.frozen(kw_only=True, eq=False)
class Measurement:
    """How one indicator, or one figure that vetoes ask for, is counted.

    Attributes:
        indicator: id of the indicator; empty if it is a fact.
        fact: name of the figure that vetoes ask for; empty if it is an indicator.
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
        complete_with: of a fact, the indicator whose period, declared complete, makes it 0 where there are no records.
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
    complete_with: str = ""
    basis: Basis
    note: str = ""

    def __attrs_post_init__(self) -> None:
        what = f"measurement {self.name!r}"
        if bool(self.indicator) == bool(self.fact):
            raise InvalidRule(what, "needs either an indicator or a fact", 'write indicator = "C1"')
        if self.of.options.table is None:
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

    @property
    def name(self) -> str:
        """The indicator or fact."""
        return self.indicator or self.fact

    @property
    def table(self) -> str:
        """The table of the ledger that it counts."""
        return self.of.options.table or ""

    @property
    def parts(self) -> tuple[Expr[Any] | None, ...]:
        """What is computed of a record: when, excluded, numerator, denominator, fault party, group."""
        return self.when, self.excluded, self.numerator, self.denominator, self.fault_party, self.worst_of


@attrs.frozen(kw_only=True)
class _Row:
    of: str
    on: str
    numerator: str
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
    complete_with: str = ""
    basis: str
    note: str = ""


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    basis: dict[str, Basis]
    measurements: tuple[_Row, ...]


_TEXTS: Final = ("on", "numerator", "denominator", "when", "fault_party", "excluded", "worst_of")


def read_measurements(
    source: Path | str, vocabularies: Iterable[type[Facts]] = RECORD_VOCABULARIES
) -> tuple[Measurement, ...]:
    """Return the measurements of a TOML file or text, in order.

    Args:
        source: the path of the file, or the TOML text itself (a text of more than one line).
        vocabularies: what they may count.

    Raises:
        InvalidDocument: with all problems at once, each with its path.
        OSError: if the file cannot be opened.
    """
    where, data = load_toml(source, _WHAT)
    document = read(_Document, data, strict_converter(), what=_WHAT, where=where)
    names = Names(vocabularies)
    found, problems = [], []
    for place, row in enumerate(document.measurements):
        try:
            found.append(_built(row, names, document.basis))
        except WindowserviceError as error:
            problems.append((f"measurements[{place}] {row.indicator or row.fact}", str(error)))
    if problems:
        raise InvalidDocument(_WHAT, tuple(problems), where)
    return tuple(found)


def _built(row: _Row, names: Names, bases: dict[str, Basis]) -> Measurement:
    if row.of not in names.vocabularies:
        raise UnknownName("vocabulary", row.of, tuple(names.vocabularies))
    if row.basis not in bases:
        raise UnknownName("basis", row.basis, tuple(bases))
    said = attrs.asdict(row)
    said |= {part: parse(said[part], names) for part in _TEXTS if said[part] is not None}
    return Measurement(**{**said, "of": names.vocabularies[row.of], "basis": bases[row.basis]})


def default_measurements() -> tuple[Measurement, ...]:
    """Return the measurements of the default scorecard's indicators that a ledger's tables can tell."""
    return read_measurements(resources.files("windowservice.rules").joinpath("measurements.toml").read_text("utf-8"))
