"""In which ways conditions hold, in each span of days in which the figures that rules read are the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

import attrs

from windowservice.engine.ruleset import LoadedRule
from windowservice.language.analysis.digest import Reached
from windowservice.language.tree.expr import Expr
from windowservice.rules.conditions import Alternative, Tables, TooMany, alternatives, together

__all__ = ["EVERY", "Ways", "both", "spans"]

EVERY: Final[list[Alternative]] = [{}]
"""The one way in which what is not asked holds."""
_ANY_DAY: Final = date(2000, 1, 1)
"""The day that stands for all, where no figure is read."""


@attrs.frozen(eq=False)
class Ways:
    """The ways in which conditions hold; each condition is asked once for each day.

    None in place of ways means that there are too many to look at, so that nothing is told.
    """

    tables: Tables
    _known: dict[tuple[int, date, bool], list[Alternative] | None] = attrs.field(factory=dict, init=False)
    _days: dict[tuple[int, ...], tuple[date, ...]] = attrs.field(factory=dict, init=False)

    def of(self, expr: Expr[bool] | None, day: date, *, wanted: bool = True) -> list[Alternative] | None:
        """Return the ways in which a condition can be true, or false if that is wanted."""
        if expr is None:
            return EVERY if wanted else []
        key = (id(expr), day, wanted)
        if key not in self._known:
            try:
                self._known[key] = alternatives(expr, day, self.tables, wanted=wanted)
            except (TooMany, TypeError, RecursionError):  # values of two types, which no record compares either
                self._known[key] = None
        return self._known[key]

    def changes(self, *conditions: Expr[bool]) -> tuple[date, ...]:
        """Return the days from which a figure that is read has another value; the first once all have one."""
        key = tuple(map(id, conditions))
        if key not in self._days:
            tables = [self.tables.get(one.name, one.table) for one in Reached(conditions).figures]
            lines = [[dated.dates for dated in table.values() if dated.dates] for table in tables]
            begin = max((min(dates[0] for dates in table) for table in lines if table), default=_ANY_DAY)
            days = {day for table in lines for dates in table for day in dates if day > begin}
            self._days[key] = (begin, *sorted(days))
        return self._days[key]

    def days(self, *rules: LoadedRule) -> list[date]:
        """Return a day of each span in which the rules are all in force and ask the same throughout."""
        days = {day for loaded in rules for day in self.changes(*loaded.rule.conditions)}
        begins = [loaded.rule.since for loaded in rules if loaded.rule.since is not None]
        begin = max([*begins, *(self.changes(*loaded.rule.conditions)[0] for loaded in rules)])
        ends = [loaded.rule.until for loaded in rules if loaded.rule.until is not None]
        found = sorted({begin} | {day for day in days if day > begin})
        return [day for day in found if not ends or day < min(ends)]


def both(*conditions: list[Alternative] | None) -> list[Alternative] | None:
    """Return the ways in which all conditions hold of one record; None if there are too many."""
    found: list[Alternative] = EVERY
    for one in conditions:
        if one is None:
            return None
        try:
            found = together(found, one)
        except (TooMany, TypeError):
            return None
    return found


def spans(days: Iterable[date], flawed: Iterable[date]) -> str:
    """Return since when something is so: nothing if always, else the days from which it is."""
    wrong = sorted(flawed)
    return "" if wrong == sorted(days) else f"from {', '.join(map(str, wrong))} on, "
