"""Which findings of a report are waived or contested, and which waivers mark nothing, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.engine.verdicts import Verdict
from windowservice.engine.waivers.waivers import Waiver, Waivers
from windowservice.errors import UnknownName

if TYPE_CHECKING:
    from windowservice.engine.report.stores.store import Store
    from windowservice.engine.ruleset import LoadedRule

__all__ = ["NOTHING_MARKED", "Marks", "marks_of"]

_MARKED: Final = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN)
"""What may be waived or contested: what is missed, and what cannot be told."""


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


NOTHING_MARKED: Final = Marks()


def marks_of(stores: Iterable[Store], rules: tuple[LoadedRule, ...], waivers: Waivers, day: date) -> Marks:
    """Return which findings of stores waivers mark on a day."""
    from windowservice.engine.ruleset import position_of  # who judges requests waits for no rules' language

    found: dict[tuple[str, str], Waiver] = {}
    idle = []
    verdicts = _verdicts(stores)
    for one in waivers.all:
        if why := _not_in_force(one, day):
            idle.append((one, why))
            continue
        try:
            rule = rules[position_of(rules, one.rule)].name
        except UnknownName as error:
            idle.append((one, str(error)))
            continue
        said = verdicts(rule, one.record)
        if said in _MARKED:
            found[rule, one.record] = one
        else:
            idle.append((one, "no record of that id was judged" if said is None else f"the verdict is {said}"))
    return Marks(found, tuple(idle))


def _not_in_force(one: Waiver, day: date) -> str:
    if one.on > day:
        return f"it begins on {one.on}"
    return "" if one.holds(day) else f"it expired on {one.until}"


class _verdicts:  # noqa: N801 - a function that keeps its stores
    """The verdict of a rule on a record, None if there is none; of several records of one id the gravest."""

    def __init__(self, stores: Iterable[Store]) -> None:
        self.stores = [(store, {name: at for at, name in enumerate(store.runner.names)}) for store in stores]

    def __call__(self, rule: str, record: str) -> Verdict | None:
        found = [
            finding.verdict
            for store, names in self.stores
            if rule in names
            for finding in store.findings(_places(store.rows_of(record), names[rule]), str)
        ]
        return min(found, key=lambda verdict: verdict not in _MARKED, default=None)


def _places(rows: Iterable[int], position: int) -> tuple[list[int], list[int]]:
    mine = list(rows)
    return mine, [position] * len(mine)
