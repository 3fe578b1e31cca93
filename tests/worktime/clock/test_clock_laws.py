"""Laws of clocks, for all limits and histories, aimed at edges."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.trials import trials
from tests.worktime.clock.oracle_clock import LIMITS, TICK, WORLDS, History, World, histories, instants, us

from windowservice.instants import MINUTE
from windowservice.worktime.clock.replay import Clock, run_clock
from windowservice.worktime.clock.standing import AFTER_DUE, RUNNING, Standing, State, at_risk, spans, standing
from windowservice.worktime.clock.stops import ExtensionUs, NoticeUs, Piece, StopUs
from windowservice.worktime.limits.due import due_bounds, due_us
from windowservice.worktime.limits.kinds.elapsed import Elapsed
from windowservice.worktime.limits.kinds.open_time import WorkingTime
from windowservice.worktime.limits.kinds.workdays import WorkingDays
from windowservice.worktime.limits.limit import Limit

OPEN_TIME = ("working time", "working days", "working days at", "at the same time", "same working day")
TICK_US = 30 * MINUTE


class Case(NamedTuple):
    """A matter, and when it is looked at."""

    world: World
    limit: Limit
    history: History
    now: datetime

    def run(self, stops: list[StopUs] | None = None, as_of: int | None = None) -> Clock:
        history = self.history
        notices = [NoticeUs(us(history.told), history.completed and us(history.completed))] if history.told else []
        extensions = []
        if history.approved and history.extension and history.asked:
            extensions.append(ExtensionUs(us(history.approved), history.extension, us(history.asked)))
        return run_clock(
            self.limit,
            self.start,
            self.world.calendar,
            stops=self.stops if stops is None else stops,
            notices=notices,
            extensions=extensions,
            as_of=us(self.now) if as_of is None else as_of,
            done=self.done,
            supplement=history.policy,  # type: ignore[arg-type]
        )

    @property
    def start(self) -> int:
        return us(self.history.start)

    @property
    def done(self) -> int | None:
        return self.history.done and us(self.history.done)

    @property
    def stops(self) -> list[StopUs]:
        return [StopUs(us(a), b and us(b), reason, written) for a, b, reason, written in self.history.stops]

    def standing(self, clock: Clock, as_of: int | None = None) -> Standing:
        now = us(self.now) if as_of is None else as_of
        return standing(self.limit, clock, self.start, self.world.calendar, as_of=now, done=self.done)


@st.composite
def cases(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(LIMITS), *, stops_only: bool = False) -> Case:
    world = draw(st.sampled_from(list(WORLDS.values())))
    limit = draw(LIMITS[draw(st.sampled_from(kinds))])
    return Case(world, limit, *draw(histories(world, limit, stops_only=stops_only)))


@given(case=cases(OPEN_TIME), begin=st.data())
@settings(deadline=None)
def test_stops_off_hours_change_nothing(case: Case, begin: st.DataObject) -> None:
    """In working time and working days a stop within time at which nothing is open leaves the due where it is."""
    closed = begin.draw(instants(case.world, case.history.start, 8).filter(lambda t: t not in case.world.owner))
    until = closed
    while until not in case.world.owner and begin.draw(st.booleans()):
        until += TICK
    extra = StopUs(us(closed), us(until), "system_outage")
    assert case.run([*case.stops, extra]).due == case.run().due


@given(case=cases(), cut=st.data())
@settings(deadline=None)
def test_splitting_a_stop_changes_nothing(case: Case, cut: st.DataObject) -> None:
    """Two stops that follow on one another are one stop."""
    assume(case.stops)
    first, *others = case.stops
    end = us(case.now) if first.end is None else first.end
    assume(end > first.begin)
    middle = cut.draw(st.integers(first.begin, end))
    parts = [first._replace(end=middle), first._replace(begin=middle)]
    whole, split = case.run(), case.run([*parts, *others])
    assert split.due == whole.due
    # what begins after the due comes too late to count, so it is the time before it that is the same
    before_due = [sum(min(p.end, whole.due) - p.begin for p in c.stops if p.begin < whole.due) for c in (split, whole)]
    assert before_due[0] == before_due[1]


@given(case=cases(), after=st.integers(0, 400))
@settings(deadline=None)
def test_stop_at_or_after_the_due_changes_nothing(case: Case, after: int) -> None:
    """A stop that begins when the limit has ended comes too late; it is noted, and moves nothing."""
    due = case.run().due
    late = StopUs(due + after * TICK_US, due + 1000 * TICK_US, "system_outage")
    clock = case.run([*case.stops, late])
    assert clock.due == due
    assert late.begin not in [piece.begin for piece in clock.stops]


@given(case=cases(stops_only=True), more=st.data())
@settings(deadline=None)
def test_more_stops_never_make_the_due_earlier(case: Case, more: st.DataObject) -> None:
    """A stop can only put off a due."""
    begin = more.draw(instants(case.world, case.history.start, 8))
    extra = StopUs(us(begin), us(begin + TICK * more.draw(st.integers(0, 100))), "system_outage")
    assert case.run([*case.stops, extra]).due >= case.run().due


@given(case=cases(), order=st.randoms())
@settings(deadline=None)
def test_order_of_stops_does_not_matter(case: Case, order: object) -> None:
    """Stops may come in any order."""
    shuffled = case.stops
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    mixed, sorted_ = case.run(shuffled), case.run()
    assert mixed._replace(notes=()) == sorted_._replace(notes=())
    assert sorted(mixed.notes) == sorted(sorted_.notes)


@given(case=cases())
@settings(deadline=None)
def test_spans_add_up_to_the_elapsed_time(case: Case) -> None:
    """The spans follow on one another from start to horizon; stops, overrun and time worked are found among them."""
    clock = case.run()
    until = clock.horizon
    found = spans(clock, case.start, case.world.calendar.table)
    assume(found)
    assert found[0].begin == case.start
    assert found[-1].end == until
    assert all(left.end == right.begin for left, right in pairwise(found))
    assert all(span.begin < span.end for span in found)

    def total(*reasons: str) -> int:
        return sum(span.end - span.begin for span in found if span.reason in reasons)

    for reason in {piece.reason for piece in clock.stops}:
        assert total(reason) == sum(p.end - p.begin for p in clock.stops if p.reason == reason)
    stands = case.standing(clock)
    table = case.world.calendar.table
    stopped_after = sum(  # a stop in a break before the due may reach beyond it without moving it
        table.open_before(p.end) - table.open_before(max(p.begin, clock.due)) for p in clock.stops if p.end > clock.due
    )
    assert total(AFTER_DUE) + stopped_after == stands.overrun
    if case.limit.kind is WorkingTime:
        assert total(RUNNING, AFTER_DUE) == stands.worked


@given(case=cases())
@settings(deadline=None)
def test_what_comes_later_is_not_seen(case: Case) -> None:
    """As of an instant a clock is the same whether or not the later events are in the record."""
    now = us(case.now)
    history = case.history

    def known(t: datetime | None) -> datetime | None:
        return t if t is not None and us(t) <= now else None

    past = History(
        history.start,
        [(a, known(b), reason, written) for a, b, reason, written in history.stops if us(a) <= now],
        told=known(history.told),
        completed=known(history.completed),
        asked=history.asked,
        approved=known(history.approved),
        extension=history.extension,
        done=known(history.done),
        policy=history.policy,
    )
    clock = case.run()
    replayed = case._replace(history=past)
    assert replayed.run() == clock
    assert replayed.standing(clock) == case.standing(clock)


@given(case=cases(), later=st.integers(0, 500))
@settings(deadline=None)
def test_a_failure_is_never_undone(case: Case, later: int) -> None:
    """Once overdue or late, always late, whatever happens afterwards; once met, always met."""
    now = us(case.now)
    first = case.standing(case.run())
    then = case.standing(case.run(as_of=now + later * TICK_US), now + later * TICK_US)
    if first.state in (State.OVERDUE, State.LATE):
        assert then.state in (State.OVERDUE, State.LATE)
        assert then.late_by >= first.late_by > 0
    if first.state is State.MET:
        assert then.state is State.MET


@given(case=cases())
@settings(deadline=None)
def test_standing_agrees_with_itself(case: Case) -> None:
    """What is used and what is left make the amount until the due; lateness and state say the same."""
    clock = case.run()
    stands = case.standing(clock)
    assert stands.remaining >= 0
    assert (stands.late_by > 0) is (stands.state in (State.OVERDUE, State.LATE))
    assert 0 <= stands.overrun <= stands.late_by
    if case.limit.kind in (WorkingTime, Elapsed, WorkingDays) and not stands.late_by:
        assert stands.worked + stands.remaining == case.limit.amount + clock.extra


@given(case=cases())
@settings(deadline=None)
def test_risk_begins_between_start_and_due_in_open_time(case: Case) -> None:
    """The warning comes after the start, not after the due, and never at night unless real time is what counts."""
    clock = case.run()
    table = case.world.calendar.table
    risk = at_risk(case.limit, clock, case.world.calendar)
    if risk is None:
        return
    assert clock.start < risk <= clock.due
    if case.limit.kind is not Elapsed:
        assert table.is_open(risk - 1)


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@given(data=st.data())
@trials(0.5)
def test_quick_way_equals_the_long_way(limits: st.SearchStrategy[Limit], data: st.DataObject) -> None:
    """The due without stops is the same by each of the doors to it."""
    world = data.draw(st.sampled_from(list(WORLDS.values())))
    limit, start = data.draw(limits), us(data.draw(instants(world)))
    due = due_us(limit, start, world.calendar)
    nothing = StopUs(start - TICK_US, start, "system_outage")
    assert due == due_bounds(limit, start, world.calendar).due
    assert due == run_clock(limit, start, world.calendar, as_of=start).due
    assert due == due_us(limit, start, world.calendar, [Piece(start - TICK_US, start, "system_outage")])
    assert due == run_clock(limit, start, world.calendar, stops=[nothing], as_of=start + TICK_US).due
