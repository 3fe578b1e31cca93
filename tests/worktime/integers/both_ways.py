"""Clocks run on the object path and in whole numbers, which must agree: for tests with golden cases of deadlines."""

from __future__ import annotations

from typing import Any

from tests.worktime.integers.memories import filled

from windowservice.facts.requests.clock_integers import NAMED
from windowservice.instants import DAY
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.replay import Clock, run_clock
from windowservice.worktime.clock.standing import AT_RISK_SHARE, at_risk
from windowservice.worktime.clock.stops import STATUTORY_REASONS, ExtensionUs, NoticeUs, StopUs
from windowservice.worktime.integers import clock as at
from windowservice.worktime.integers.bounds import bounds
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.limits import BACKWARDS, IS_BOOKED
from windowservice.worktime.integers.memory import CALENDAR, DOUBT, NONE, Memory
from windowservice.worktime.integers.replay import (
    NOTICE_REPEATED,
    SUPPLEMENT,
    extend,
    notify,
    outcome,
    papers_before,
    watch,
)
from windowservice.worktime.integers.standing import at_risk as at_risk_text
from windowservice.worktime.integers.stops import note, own, stop
from windowservice.worktime.limits.limit import Limit

AROUND = 60 * DAY


class Case:
    """A memory for one clock."""

    def __init__(self, limit: Limit, calendar: WorkCalendar, given: dict[str, Any], begin: int, end: int) -> None:
        self.stops: list[StopUs] = list(given.get("stops", ()))
        self.notices: list[NoticeUs] = sorted(given.get("notices", ()), key=lambda notice: notice.told)
        extensions: list[ExtensionUs] = sorted(given.get("extensions", ()), key=lambda more: more.approved)
        self.local: frozenset[str] | None = given.get("local_reasons")
        layout = Layout(begin - AROUND, end + AROUND)
        self.extensions = [(more.approved, layout.limit(more.limit), more.asked) for more in extensions]
        head = [text for one in NAMED.values() for text in ([one] if isinstance(one, str) else one)]
        words = dict.fromkeys([*head, *STATUTORY_REASONS, *(self.local or ()), *(one.reason for one in self.stops), ""])
        self.codes = {word: code for code, word in enumerate(words)}
        self.words = list(words)
        self.limit, self.local_set = layout.limit(limit), layout.texts(self.codes[word] for word in self.local or ())
        self.memory = filled(layout, 2_000, calendar, default=calendar, codes=self.codes, calendars={}, limits={})

    def run(self, start: int, given: dict[str, Any]) -> int:
        """Run the text as the kernel of requests does."""
        m, limit = self.memory, self.limit
        clock = at.new_clock(m, limit, m[CALENDAR], start, _known(given.get("booked_until")))
        watch(m, clock, _known(given.get("as_of")), _known(given.get("done")), len(self.stops))
        local = NONE if self.local is None else self.local_set
        for one in self.stops:
            stop(m, clock, one.begin, _known(one.end), self.codes[one.reason], int(one.written), local)
        own(m, clock)
        if m[limit + BACKWARDS] == 1 or m[limit + IS_BOOKED] == 1:
            m[clock + at.PIECE_COUNT] = 0
            return bounds(m, clock)
        policy, horizon = given.get("supplement", "restart"), m[clock + at.HORIZON]
        for place, notice in enumerate(self.notices if policy != "none" else ()):
            if place and notice.told <= horizon:
                note(m, clock, NOTICE_REPEATED)
            elif not place and (notice.completed is None or notice.told <= notice.completed):
                notify(m, clock, notice.told, _known(notice.completed), int(policy == "restart"), m[SUPPLEMENT])
        for approved, limit, asked in self.extensions:
            if approved <= horizon:
                papers_before(m, clock, approved)
                extend(m, clock, approved, limit, _known(asked))
        papers_before(m, clock, horizon + 1)
        return outcome(m, clock)


def _known(value: int | None) -> int:
    return NONE if value is None else value


def run_both(limit: Limit, start: int, calendar: WorkCalendar, **given: Any) -> Clock:
    """Run a clock on the object path, and in whole numbers where the texts know of what is given."""
    wanted = run_clock(limit, start, calendar, **given)
    if given.get("fixed_due") is not None or given.get("start_date_by") is not None:
        return wanted
    edges = [start, wanted.earliest, wanted.latest, *(edge for piece in wanted.stops for edge in piece[:2])]
    case = Case(limit, calendar, given, min(edges), max(edges))
    m = case.memory
    clock = case.run(start, given)
    assert m[DOUBT] == 0
    parts = m[clock : clock + 5]
    assert parts == [wanted.due, wanted.earliest, wanted.latest, wanted.provisional, wanted.last_day]
    assert {case.words[code] for code in _set(m, m[clock + at.NOTES])} == {str(one.code) for one in wanted.notes}
    assert (m[clock + at.START], m[clock + at.DAY]) == (wanted.start, wanted.start_day)
    assert m[clock + at.EXTRA] == wanted.extra
    risk = at_risk_text(m, clock, *AT_RISK_SHARE.as_integer_ratio())
    assert (None if risk == NONE else risk) == at_risk(limit, wanted, calendar)
    return wanted


def _set(m: Memory, node: int) -> list[int]:
    found = []
    while node:
        found.append(m[node])
        node = m[node + 1]
    return found
