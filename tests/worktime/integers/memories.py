"""Memories in which the calendars and limits of the columns' tests stand, and the object path beside them."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.worktime.columns.test_columns_laws import CALENDARS, EDGES, EXTENSIONS, LIMITS

from windowservice.instants import DAY
from windowservice.language.tree.kernels import Binding
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import BASE, DOUBT, NONE, TOP
from windowservice.worktime.limits.limit import Limit

CODES = {word: code for code, word in enumerate(["", *CALENDARS, "Atlantis", *map(str, EXTENSIONS)])}
"""The words; no calendar is named Atlantis."""


class World:
    """A binding, and a memory of it.

    Attributes:
        binding: the calendars of the object path.
        memory: the memory, in which each text begins anew.
        limits: the pointers of limits.
    """

    def __init__(self, name: str, *, has_default: bool = True, days: int = 500) -> None:
        default = CALENDARS[name]
        begin, end = min(edges[0] for edges in EDGES.values()), max(edges[-1] for edges in EDGES.values())
        if days < 500:
            begin, end = EDGES[name][0], EDGES[name][-1]
        layout = Layout(begin - days * DAY, end + days * DAY)
        self.binding = Binding(default, CALENDARS, has_default=has_default)
        self.limits = {id(limit): layout.limit(limit) for limit in LIMITS}
        self.calendars = {one: layout.calendar(calendar) for one, calendar in CALENDARS.items()}
        self.memory = layout.finish(
            4000, default, default=default if has_default else None, codes=CODES, calendars=CALENDARS,
            limits={str(limit): limit for limit in EXTENSIONS}, head={},
        )  # fmt: skip

    def limit(self, limit: Limit) -> int:
        return self.limits[id(limit)]

    def run(self, text: Any, *arguments: int | None) -> int | None:
        """Run a text; what is missing is missing."""
        self.memory[TOP], self.memory[DOUBT] = self.memory[BASE], 0
        found = text(self.memory, *(NONE if one is None else one for one in arguments))
        return None if found == NONE else found

    @property
    def doubts(self) -> bool:
        return self.memory[DOUBT] == 1

    def parts(self, clock: int) -> tuple[int | bool, ...]:
        """Return due, earliest, latest, provisional and last day of a clock."""
        due, earliest, latest, provisional, last_day = self.memory[clock : clock + 5]
        return due, earliest, latest, bool(provisional), last_day


world = cache(World)
