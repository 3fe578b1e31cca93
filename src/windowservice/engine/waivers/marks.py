"""Which findings of a report are waived or contested, and which waivers mark nothing, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName

if TYPE_CHECKING:
    from windowservice.engine.report.stores.store import Store
    from windowservice.engine.ruleset import LoadedRule
    from windowservice.engine.waivers.waivers import Waiver, Waivers

__all__ = ["MARKED", "NOTHING_MARKED", "Marks", "marks_of"]

MARKED: Final = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN)
"""What may be waived or contested: what is missed, and what cannot be told."""
_NOT_SHOWN: Final = "no finding of that record is shown here: none is judged, or a baseline or selection leaves it out"


@attrs.frozen
class Marks:
    """The waivers of a report.

    Attributes:
        by_finding: those that mark a finding, by rule and record.
        idle: those that mark none, each with the reason.
    """

    by_finding: Mapping[tuple[str, str], Waiver] = attrs.field(factory=dict, converter=FrozenMapping[Any, Any])
    idle: tuple[tuple[Waiver, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.by_finding or self.idle)

    def within(self, stores: Iterable[Store]) -> Marks:
        """Return the marks of the findings that are selected; a selection tells of no others, nor of idle waivers."""
        if not self:
            return self
        selected = _Selected(stores)
        kept = {place: one for place, one in self.by_finding.items() if selected.of(*place) in MARKED}
        return Marks(kept)


NOTHING_MARKED: Final = Marks()


def marks_of(stores: Iterable[Store], rules: tuple[LoadedRule, ...], waivers: Waivers, day: date) -> Marks:
    """Return which findings of stores waivers mark on a day."""
    from windowservice.engine.ruleset import position_of  # who judges requests waits for no rules' language

    found: dict[tuple[str, str], Waiver] = {}
    idle = []
    selected = _Selected(stores)
    for one in waivers.all:
        if why := _not_in_force(one, day):
            idle.append((one, why))
            continue
        try:
            rule = rules[position_of(rules, one.rule)].name
        except UnknownName as error:
            idle.append((one, str(error)))
            continue
        said = selected.of(rule, one.record)
        if said is None:
            idle.append((one, _NOT_SHOWN))
        elif said not in MARKED:
            idle.append((one, f"the verdict is {said}"))
        elif (rule, one.record) in found:
            idle.append((one, f"the finding is {found[rule, one.record].kind} already"))
        else:
            found[rule, one.record] = one
    return Marks(found, tuple(idle))


def _not_in_force(one: Waiver, day: date) -> str:
    if one.on > day:
        return f"it begins on {one.on}"
    return "" if one.holds(day) else f"it expired on {one.until}"


class _Selected:
    """The verdicts that are selected of rules on records, by the id of the record."""

    def __init__(self, stores: Iterable[Store]) -> None:
        self.stores = list(stores)
        self._rows: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, rule: str, record: str) -> Verdict | None:
        """Return the verdict of a rule on a record, of several records of one id the gravest; None if there is none."""
        found = [
            finding.verdict
            for number, store in enumerate(self.stores)
            if rule in store.runner.names
            for finding in store.findings(self._places(number, store, rule, record), str)
        ]
        return min(found, key=lambda verdict: verdict not in MARKED, default=None)

    def _places(self, number: int, store: Store, rule: str, record: str) -> tuple[list[int], list[int]]:
        at = store.runner.names.index(rule)
        if (number, at) not in self._rows:
            self._rows[number, at] = frozenset(map(int, store.places(tuple(Verdict), (at,))[0]))
        rows = [row for row in store.rows_of(record) if row in self._rows[number, at]]
        return rows, [at] * len(rows)
