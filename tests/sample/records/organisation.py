"""The sample's duty matrix and its roster of September, with faults and near misses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.sample.desk import CLERKS, MINUTE, TEMPS, YEAR
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import SECOND

__all__ = ["plant_organisation"]

_LAST: Final = date(YEAR, 12, 31)
_SEPTEMBER: Final = (date(YEAR, 9, 3), date(YEAR, 9, 28))
_SESSIONS: Final = (("08:30", "11:30"), ("13:30", "17:00"))
_OTHER_LIMIT: Final = "9 working days"
_SHORT: Final = (SECOND, MINUTE, 10 * MINUTE, 60 * MINUTE, 150 * MINUTE)
_LEAVER, _LEFT = (temp.id for temp in TEMPS[-2:])


def plant_organisation(planting: RecordPlanting) -> None:
    """Make a duty matrix with a line for each kind of business, and a roster."""
    made = _Matrix(planting)
    made.published()
    made.lines()
    made.complete()
    made.owners()
    _Roster(planting).september()


class _Matrix:
    """Lines for the kinds of the catalogue, and for work of the window that banks do not ask for (W01, W02 ...)."""

    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.others = 0

    def _line(self, service: str, **values: object) -> Row:
        stated: Row = {"task": "x", "standard": "no error", "limit": "same working day", "rule": "handbook"}
        stated |= {"owner": CLERKS[0], "deputy": CLERKS[1], "authority": "head", "since": date(YEAR, 1, 1)}
        return self.p.row("assignments", "DM", service=service, **{**stated, **values})

    def _other(self) -> str:
        self.others += 1
        return f"W{self.others:02}"

    def _say(self, service: str, rule: str, what: str, place: int, number: int | None = None) -> None:
        key, name = {"id": service}, f"duty_matrix/{rule}"
        if place < 5:
            self.p.fault(key, name, what, number=number)
        else:
            self.p.near(key, name, what)

    def published(self) -> None:
        """State the limit of each kind of the catalogue; five are not the published one, five are in other words."""
        desk = self.p.desk
        kinds = [service.id for service in desk.catalogue]
        committed = [kind for kind in kinds if str(desk.limit_of(kind, "commitment", self._now)).endswith("days")]
        for kind in kinds:
            limit = str(desk.limit_of(kind, "commitment", self._now))
            place = committed.index(kind) if kind in committed else 10
            if place < 5:
                limit = _OTHER_LIMIT
            elif place < 10:
                limit = limit.replace(" working days", "个工作日")
            self._line(kind, limit=limit)
            if place < 10:
                self._say(kind, "limit_as_published", "another limit, or the same in Chinese", place)

    @property
    def _now(self) -> int:
        return self.p.desk.at(_LAST, "12:00")

    def lines(self) -> None:
        """Give a business two lines, or none that still holds; or one old line and one that holds."""
        for place in range(10):
            service = self._other()
            ended = place in (3, 4) or place > 4
            self._line(service, until=_LAST - timedelta(days=1) if ended else None)
            if place not in (3, 4):
                self._line(service, since=_LAST)
            said = "no line that holds" if place in (3, 4) else "two lines" if place < 5 else "a new line from today"
            self._say(service, "business_has_line", said, place, number=1)

    def complete(self) -> None:
        """Leave out what a line has to state; or only the deputy, which it may."""
        parts = ("task", "standard", "limit", "rule", "authority")
        for place in range(10):
            service = self._other()
            row = self._line(service, deputy=None)
            for part in parts[: place + 1] if place < 5 else ():
                row[part] = None
            self._say(service, "line_complete", "some parts left out, or the deputy", place, number=place + 1)

    def owners(self) -> None:
        """Let a business belong to somebody who left yesterday, or who leaves today."""
        for place in range(10):
            service = self._other()
            self._line(service, owner=_LEFT if place < 5 else _LEAVER)
            self._say(service, "owner_on_roster", "its owner left yesterday, or leaves today", place)


class _Roster:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    def _on_duty(self, clerk: str, begin: int, end: int | None) -> None:
        self.p.row("roster", "RO", clerk=clerk, post="window-1", starts_at=begin, ends_at=end)

    def september(self) -> None:
        """Put two clerks on duty in every session, but for those that are planted; nobody wrote the last one's end."""
        day, place = _SEPTEMBER[0], 0
        while day <= _SEPTEMBER[1]:
            if self.desk.window.is_workday(day):
                for opens, closes in _SESSIONS:
                    self._session(place, f"{day} {opens}", self.desk.at(day, opens), self.desk.at(day, closes))
                    place += 1
            day += timedelta(days=1)
        (opens, closes), (again, _) = _SESSIONS
        last = self.desk.window.add_workdays(_SEPTEMBER[1], 1)
        self._session(place, "", self.desk.at(last, opens), self.desk.at(last, closes))
        self._on_duty(CLERKS[2], self.desk.at(last, again), None)
        key = {"id": f"{last} {again}"}
        for rule in ("opening_covered", "second_person"):
            self.p.unknown(key, f"duty_matrix/{rule}", "nobody wrote when the clerk went")

    def _session(self, place: int, key: str, begin: int, end: int) -> None:
        row: Row = {"id": key}
        covered, second = "duty_matrix/opening_covered", "duty_matrix/second_person"
        first = other = (begin, end)
        if place < 5:
            first = other = (begin + _SHORT[place], end)
            self.p.fault(row, covered, "both come late", number=_SHORT[place] // SECOND)
        elif place < 10:
            first, other = (begin, end - 5 * MINUTE), (end - 5 * MINUTE, end)
            self.p.near(row, covered, "one comes in the second in which the other goes")
            self.p.fault(row, second, "never two at once", number=(end - begin) // SECOND)
        elif place < 15:
            first = (begin - MINUTE, end + MINUTE)
            self.p.near(row, second, "one for exactly the opening hours, one for a little longer")
        self._on_duty(CLERKS[place % 3], *first)
        self._on_duty(CLERKS[3 + place % 3], *other)
