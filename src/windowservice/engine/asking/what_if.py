"""What if: an engine with other figures, calendars, catalogue or rules, for a question and not for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.engine.ruleset import figures_of, position_of
from windowservice.errors import InvalidValue, UnknownName, WindowserviceError
from windowservice.instants import to_date
from windowservice.language.tree.amendments import Adjust, Amendment, Replace
from windowservice.language.tree.figures import Dated, Figure, Key, key_of, shown_key

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.language.tree.rule import Rule
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["CATALOGUE", "what_if"]

_BASIS: Final = Basis("what if", mark="assumption")
CATALOGUE: Final = "/catalogue"
"""How an engine notes that its catalogue is assumed; no calendar is called so."""
_ALWAYS: Final = date(1900, 1, 1)


def what_if(
    engine: Engine,
    *,
    figures: Mapping[str, Any] | None,
    figures_as_of: date | None,
    calendars: Mapping[str, WorkCalendar] | WorkCalendar | None,
    catalogue: Catalogue | None,
    rules: Mapping[str, Rule] | None,
) -> Engine:
    """Return the engine with what is assumed in place of what it has; see `Engine.what_if`."""
    for name, given in (("figures", figures), ("rules", rules)):
        if given is not None and not isinstance(given, Mapping):
            raise InvalidValue(name, given, f"a mapping by name, as in {name}={{'name': ...}}")
    if catalogue is not None and not isinstance(catalogue, Catalogue):
        raise InvalidValue("catalogue", catalogue, "a Catalogue")
    put = engine._known.replaced(engine.calendars, calendars, one=engine.one, bank=engine.bank)
    assumed = {name for name, calendar in put.items() if engine.calendars.get(name) is not calendar}
    assumed |= set() if catalogue is None else {CATALOGUE}
    found = attrs.evolve(
        engine, figures_as_of=engine.figures_as_of if figures_as_of is None else figures_as_of, calendars=put,
        catalogue=engine.catalogue if catalogue is None else catalogue, assumed=engine.assumed | assumed,
    )  # fmt: skip
    amendments: list[Amendment] = [
        Replace(found.rules[position_of(found.rules, name)].name, rule, _BASIS) for name, rule in (rules or {}).items()
    ]
    amendments += _adjusted(found, figures or {})
    return found.amended(*amendments) if amendments else found


def _adjusted(engine: Engine, figures: Mapping[str, Any]) -> Iterator[Adjust]:
    """Yield an adjustment for each figure: a value that is given without a date holds at all times."""
    known: dict[str, Figure[Any]] = figures_of(e for loaded in engine.rules for e in loaded.rule.conditions)
    for name, given in figures.items():
        if name not in known:
            raise UnknownName("figure", name, tuple(known), "what_if")
        figure = known[name]
        table = engine.figure_tables.get(name, figure.table)
        lines = _lines(figure, table, given)
        values = {key: _dated(value, table.get(key)) for key, value in lines.items()}
        yield Adjust(name, values if figure.keyed else values[""], _BASIS)


def _lines(figure: Figure[Any], table: Mapping[Key, Dated], given: Any) -> Mapping[Key, Any]:
    """Return what is given for each line: one value for all of them, or of those that are named.

    Raises:
        UnknownName: for a line that the figure does not have, with the nearest.
    """
    if not figure.keyed:
        return {"": given}
    if not isinstance(given, Mapping) or _is_dated(given):
        return dict.fromkeys(table, given)
    named: dict[Key, Any] = {}
    for key, value in given.items():
        line = key_of(key if isinstance(key, tuple) else (key,))
        if line not in table and figure.table:
            raise UnknownName(
                f"key of the figure {figure.name!r}", shown_key(line), tuple(map(shown_key, table)), "what_if"
            )
        named[line] = value
    return named


def _dated(value: Any, line: Dated | None) -> Mapping[Any, Any]:
    if isinstance(value, Mapping):
        return value
    return dict.fromkeys((_ALWAYS, *(() if line is None else line.dates)), value)


def _is_dated(given: Mapping[Any, Any]) -> bool:
    try:
        return bool([to_date(day) for day in given])
    except (WindowserviceError, TypeError):
        return False
