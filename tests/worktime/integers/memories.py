"""Memories in which the calendars and limits of the columns' tests stand, and the object path beside them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from tests.worktime.columns.test_columns_laws import CALENDARS, EDGES, EXTENSIONS, LIMITS, REASONS

from windowservice.facts.requests.clock_integers import NAMED
from windowservice.instants import DAY
from windowservice.worktime.bound import Binding
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import BASE, DOUBT, NONE, TOP, take
from windowservice.worktime.limits.limit import Limit, booked_session, earliest_of

LIMITS = [*LIMITS, earliest_of("20 working hours", booked_session())]


def _words() -> list[str]:
    head = [text for one in NAMED.values() for text in ([one] if isinstance(one, str) else sorted(one))]
    return list(dict.fromkeys([*CALENDARS, "", *head, *REASONS, "Atlantis", "soon", "pause", *map(str, EXTENSIONS)]))


CODES = {word: code for code, word in enumerate(_words())}
"""The words. No calendar is named Atlantis, and soon is no limit."""
WORDS = {code: word for word, code in CODES.items()}


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
            limits={str(limit): limit for limit in EXTENSIONS}, head=NAMED,
        )  # fmt: skip

    def limit(self, limit: Limit) -> int:
        return self.limits[id(limit)]

    def anew(self) -> None:
        """Begin with another record."""
        self.memory[TOP], self.memory[DOUBT] = self.memory[BASE], 0

    def run(self, text: Any, *arguments: int | None) -> int | None:
        """Run a text on a record of its own; what is missing is missing."""
        self.anew()
        return self.go_on(text, *arguments)

    def go_on(self, text: Any, *arguments: int | None) -> int | None:
        """Run a text on the same record."""
        found = text(self.memory, *(NONE if one is None else one for one in arguments))
        return None if found == NONE else found

    def put(self, *words: int | None) -> int:
        """Put words into the room of the record."""
        place = take(self.memory, len(words))
        self.memory[place : place + len(words)] = [NONE if word is None else int(word) for word in words]
        return place

    def texts(self, words: Iterable[str]) -> int:
        """Put a set of texts there."""
        node = 0
        for word in words:
            node = self.put(CODES[word], node)
        return node

    def rows(self, rows: Iterable[tuple[Any, ...]]) -> int:
        """Put the rows of a request clock there."""
        node = 0
        for at, kind, reason, written, amount in reversed(list(rows)):
            node = self.put(node, at, CODES[kind], _code(reason), written, _code(amount))
        return node

    def notes(self, clock: int) -> frozenset[str]:
        """Return the notes of a clock."""
        found, node = [], self.memory[clock + 5]
        while node:
            found.append(WORDS[self.memory[node]])
            node = self.memory[node + 1]
        assert len(set(found)) == len(found)
        return frozenset(found)

    @property
    def doubts(self) -> bool:
        return self.memory[DOUBT] == 1

    def parts(self, clock: int) -> tuple[int | bool, ...]:
        """Return due, earliest, latest, provisional and last day of a clock."""
        due, earliest, latest, provisional, last_day = self.memory[clock : clock + 5]
        return due, earliest, latest, bool(provisional), last_day


def _code(word: str | None) -> int | None:
    return None if word is None else CODES[word]


world = cache(World)
