"""Calendars, limits and matters that like to fall on edges: what columns and whole numbers are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import strategies as st

from windowservice.instants import DAY, HOUR, MINUTE, datetime_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.stops import Piece, owned
from windowservice.worktime.limits.due import reach
from windowservice.worktime.limits.kinds.kind import Start
from windowservice.worktime.limits.limit import Limit

DAYS = 60

CALENDARS = {
    "China": WorkCalendar.china("08:30-11:30 13:30-17:00"),
    "China beyond its notices": WorkCalendar.china("08:30-11:30 13:30-17:00"),
    "nights and clock changes": WorkCalendar(
        "Europe/Amsterdam",
        {"mon-thu": "09:00-12:30 13:00-17:30", "fri": "09:00-12:30", "sat": "22:00-06:00"},
        known_from="2018-02-25",
        known_until="2018-04-10",
    ),
    "midnight twice": WorkCalendar("America/St_Johns", "mon-sun 00:00-24:00"),
    "eve": WorkCalendar("Asia/Shanghai", "mon-fri 20:30(-1)-17:15", closed=["2018-04-05"]),
    "minutes, half an hour of summer": WorkCalendar(
        "Australia/Lord_Howe", "mon-fri 01:30-02:10 02:15-02:20 09:00-09:05 23:00-01:00", closed=["2018-04-02"]
    ),
}
BEGINS = {
    "China beyond its notices": datetime(2026, 11, 20, tzinfo=UTC),
    "midnight twice": datetime(2010, 10, 1, tzinfo=UTC),  # at 00:01 the clock went back to 23:01 of the date before
}
"""Where the tests look, unless at the clock changes of spring 2018."""

LIMITS = [
    Limit.parse(text)
    for text in (
        "1 working minute", "90 working minutes", "20 working hours",
        "1 working day", "5 working days", "2 working days at 12:00", "1 working day at 02:10",
        "1 working day at 23:59",
        "2 working days at the same time", "same working day", "same working day at 12:00",
        "3 days", "15 days", "3 days without roll", "1 month", "2 months without roll", "90 minutes", "26 hours",
        "3 working hours before", "5 hours before", "2 working days before", "1 working day at 15:00 before",
        "2 working days at the same time before", "3 days before", "4 days without roll before", "1 month before",
        "60 working minutes or 16:20 at the latest", "booked session",
    )
]  # fmt: skip
EXTENSIONS = [Limit.parse(text) for text in ("2 working days", "3 working hours", "4 days", "5 hours", "1 month")]
REASONS = ("hearing", "appraisal", "tender", "system_outage", "flood")


def _edges(name: str) -> list[int]:
    table = CALENDARS[name].table
    begin = datetime_us(BEGINS.get(name, datetime(2018, 2, 20, tzinfo=UTC)))
    end = begin + DAYS * DAY
    frame = table.reaching(begin, end)
    found = [edge for ends in (frame.opens, frame.closes) for edge in ends]
    found += [table.midnight(day) for day in range(table.date_of(begin), table.date_of(end))]
    return sorted(edge for edge in found if begin <= edge < end)


EDGES = {name: _edges(name) for name in CALENDARS}


@st.composite
def instants(draw: st.DrawFn, name: str) -> int:
    """Instants at an opening, a close, a midnight, or beside one; some anywhere."""
    edge = draw(st.sampled_from(EDGES[name]))
    return edge + draw(st.sampled_from([-1, 0, 0, 0, 1, -MINUTE, 3 * HOUR]))


@dataclass
class Matter:
    """A limit that starts, with stops that overlap, are empty, or come too late."""

    name: str
    limit: Limit
    start: int
    stops: list[Piece] = field(default_factory=list)

    @property
    def calendar(self) -> WorkCalendar:
        return CALENDARS[self.name]

    @property
    def booked_until(self) -> int:
        return self.start + DAY

    @property
    def pieces(self) -> list[Piece]:
        """The stops in order and without overlap."""
        return owned([stop for stop in self.stops if stop.begin < stop.end])

    def begin(self) -> Start:
        """From where the limit is counted."""
        return Start(self.start, self.calendar.table.date_of(self.start), self.booked_until)


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """A matter whose stops like to fall on its start and its due."""
    name = draw(st.sampled_from(list(CALENDARS)))
    matter = Matter(name, draw(st.sampled_from(LIMITS)), draw(instants(name)))
    due = reach(matter.limit, matter.begin(), matter.calendar.table).due
    for _ in range(draw(st.integers(0, 4))):
        near = draw(st.sampled_from([matter.start, due, due]))
        begin = near + draw(st.sampled_from([-DAY, -HOUR, -1, 0, 0, 1, HOUR, DAY]))
        length = draw(st.sampled_from([0, 1, HOUR, 5 * HOUR, DAY, 3 * DAY, 10 * DAY, -5]))
        matter.stops.append(Piece(begin, begin + length, draw(st.sampled_from(REASONS))))
    return matter
