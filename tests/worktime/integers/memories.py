"""Memories in which the calendars and limits of the columns' tests stand, and the object path beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from tests.worktime.matters import CALENDARS, EDGES, EXTENSIONS, LIMITS, REASONS

from windowservice.facts.requests.clock_integers import NAMED
from windowservice.instants import DAY
from windowservice.worktime.bound import Binding
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import (
    BASE,
    CALENDAR,
    CALENDAR_OF,
    CIVIL,
    DOUBT,
    EMPTY,
    END,
    LIMIT_OF,
    NONE,
    SPARE,
    TOP,
    WORDS,
    take,
)  # fmt: skip
from windowservice.worktime.limits.limit import Limit, booked_session, earliest_of

LIMITS = [*LIMITS, earliest_of("20 working hours", booked_session())]


def _words() -> list[str]:
    head = [text for one in NAMED.values() for text in ([one] if isinstance(one, str) else sorted(one))]
    return list(dict.fromkeys([*CALENDARS, "", *head, *REASONS, "Atlantis", "soon", "pause", *map(str, EXTENSIONS)]))


CODES = {word: code for code, word in enumerate(_words())}
"""The words. No calendar is named Atlantis, and soon is no limit."""
TEXTS = {code: word for word, code in CODES.items()}


def filled(
    layout: Layout, room: int, civil: WorkCalendar, *, default: WorkCalendar | None, codes: Mapping[str, int],
    calendars: Mapping[str, WorkCalendar], limits: Mapping[str, Limit],
) -> list[int]:  # fmt: skip
    """Fill the head of a memory, add room for one record and return it."""
    memory = layout.memory
    memory[CIVIL] = layout.calendar(civil)
    memory[CALENDAR] = 0 if default is None else layout.calendar(default)
    named = {codes[name]: layout.calendar(one) for name, one in calendars.items()}
    amounts = {codes[text]: layout.limit(limit) for text, limit in limits.items()}
    memory[CALENDAR_OF] = layout.put([named.get(code, 0) for code in range(len(codes))])
    memory[LIMIT_OF] = layout.put([amounts.get(code, 0) for code in range(len(codes))])
    memory[WORDS], memory[EMPTY] = len(codes), codes[""]
    for word, meant in NAMED.items():
        memory[word] = codes[meant] if isinstance(meant, str) else layout.texts(codes[text] for text in meant)
    memory[BASE] = memory[TOP] = len(memory)
    layout.put([0] * room)
    memory[END] = len(memory)
    memory += [0] * SPARE
    return memory


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
        self.memory = filled(
            layout, 4000, default, default=default if has_default else None, codes=CODES, calendars=CALENDARS,
            limits={str(limit): limit for limit in EXTENSIONS},
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
            found.append(TEXTS[self.memory[node]])
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
