"""The clock of a request in whole numbers is that of the object path: any events in any order, many at one instant."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials
from tests.worktime.integers.memories import CODES, LIMITS, World, world
from tests.worktime.matters import CALENDARS, EDGES, EXTENSIONS, REASONS, instants

from windowservice.errors import InvalidValue
from windowservice.facts.requests.clock_kernel import CLOCK_KERNELS
from windowservice.instants import DAY, HOUR, MINUTE, datetime_us
from windowservice.worktime.clock.of_events import Row, fold_clock_events
from windowservice.worktime.clock.stops import Piece, owned
from windowservice.worktime.integers.clock import (
    CLOCK_WORDS,
    PIECE_COUNT,
    PIECES,
    STOP_BEGIN,
    STOP_END,
    STOP_WORDS,
)
from windowservice.worktime.integers.memory import take
from windowservice.worktime.integers.stops import add_stop, own
from windowservice.worktime.limits.due import reach
from windowservice.worktime.limits.kinds.kind import Start
from windowservice.worktime.limits.limit import Limit

KINDS = ("suspended", "resumed", "notified", "supplemented", "extension_requested", "extended")
SHARES = [Decimal(text) for text in ("0.75", "1", "0.001", "0.123456789")]


class Request(NamedTuple):
    """The arguments of the clock of a request, in order."""

    start: int
    limit: Limit
    rows: tuple[Row, ...]
    done: int | None
    policy: str | None
    local: frozenset[str] | None
    name: str | None
    slot_end: int | None
    grace: int | None
    as_of: int


@st.composite
def requests(draw: st.DrawFn, name: str) -> Request:
    """A request whose events like to fall on its start and its due, and on one another."""
    limit = draw(st.sampled_from(LIMITS))
    start, table = draw(instants(name)), CALENDARS[name].table
    due = reach(limit, Start(start, table.date_of(start), start + DAY), table).due
    near = st.tuples(
        st.sampled_from([start, due, due]), st.sampled_from([-DAY, -HOUR, -1, 0, 0, 1, HOUR, DAY, 3 * DAY, 9 * DAY])
    ).map(sum)
    if edges := [edge for edge in EDGES[name] if start - DAY < edge < due + 9 * DAY]:
        near |= st.sampled_from(edges)
    moments = st.sampled_from(draw(st.lists(near, min_size=1, max_size=7)))
    amounts = [str(more) for more in EXTENSIONS if limit.kind.unit() is more.kind] or ["5 hours"]
    events = draw(
        st.lists(
            st.tuples(
                moments, st.sampled_from(KINDS), st.sampled_from([None, "", *REASONS]),
                st.sampled_from([None, False, True, True]),
                st.sampled_from([None, "soon", *amounts * 4, *map(str, EXTENSIONS)]),
            ),
            max_size=10,
        )
    )  # fmt: skip
    return Request(
        start, limit, tuple(sorted(events, key=lambda event: event[0])),
        draw(st.none() | moments), draw(st.sampled_from([None, "", "restart", "pause", "none"])),
        draw(st.sampled_from([None, frozenset(), frozenset({"flood"}), frozenset(REASONS)])),
        draw(st.sampled_from([None, "", name])), draw(st.none() | moments), draw(st.sampled_from([None, 0, HOUR])),
        draw(moments | st.just(due + 20 * DAY)),
    )  # fmt: skip


def run(here: World, asked: Request) -> int | None:
    """Run the text."""
    here.anew()
    rows, local = here.rows(asked.rows), None if asked.local is None else here.texts(asked.local)
    words = [None if word is None else CODES[word] for word in (asked.policy, asked.name)]
    return here.go_on(
        CLOCK_KERNELS["request_clock"].integers, asked.start, here.limit(asked.limit), rows, asked.done, words[0],
        local, words[1], asked.slot_end, asked.grace, asked.as_of,
    )  # fmt: skip


def tied(rows: tuple[Row, ...]) -> bool:
    """Whether two stops begin at once, so that the names of their reasons may say which goes first."""
    stops, _, _ = fold_clock_events(rows)
    begins = [stop.begin for stop in stops] + [row[0] for row in rows if row[1] == "notified"]
    return len(set(begins)) < len(begins)


@given(data=st.data(), name=st.sampled_from(list(CALENDARS)), has_default=st.booleans())
@trials(12)
def test_the_clock_of_a_request_is_that_of_the_object_path(data: st.DataObject, name: str, has_default: bool) -> None:
    """Its parts and notes, when it is at risk, and what time it took: all are the same, or there is doubt.

    There is doubt only if two stops that begin at once may follow on one another in either order.
    """
    here, asked = world(name, has_default=has_default), data.draw(requests(name))
    clock = run(here, asked)
    kernels: dict[str, Any] = {name: kernel.bind(here.binding) for name, kernel in CLOCK_KERNELS.items()}
    try:
        wanted = kernels["request_clock"](*asked)
    except InvalidValue:
        assert here.doubts
        return
    if here.doubts:
        assert tied(asked.rows)
        return
    if wanted is None or clock is None:
        assert wanted is clock
        return
    assert here.parts(clock) == wanted[:5]
    assert here.notes(clock) == wanted[5]
    for share in SHARES:
        found = here.go_on(CLOCK_KERNELS["at_risk"].integers, clock, *share.as_integer_ratio())
        assert found == kernels["at_risk"](wanted, share)
    for kernel in ("worked_on", "stopped_for"):
        assert here.go_on(CLOCK_KERNELS[kernel].integers, clock, asked.done) == kernels[kernel](wanted, asked.done)
    assert here.parts(clock) == wanted[:5]
    assert not here.doubts


@pytest.mark.parametrize("grace", [None, 0, HOUR])
@pytest.mark.parametrize("slot_end", [None, "a day on"])
@pytest.mark.parametrize("limit", ["booked session", "20 working hours or booked session at the latest"])
def test_limits_that_need_a_slot_have_an_end_with_one(limit: str, slot_end: str | None, grace: int | None) -> None:
    """Without a slot a booked limit has no clock, whatever the grace; of two limits one may be missing in no way."""
    here, start = world("China"), EDGES["China"][40]
    [parsed] = [one for one in LIMITS if str(one) == limit]
    end = None if slot_end is None else start + DAY
    asked = Request(start, parsed, (), None, None, None, None, end, grace, start)
    clock = run(here, asked)
    if end is None and parsed.parts:
        assert here.doubts
        return
    wanted = CLOCK_KERNELS["request_clock"].bind(here.binding)(*asked)
    assert not here.doubts
    assert (None if clock is None else here.parts(clock)) == (wanted and wanted[:5])


@pytest.mark.parametrize("after", [-1, 0, 1])
def test_papers_asked_for_in_a_break_before_the_due(after: int) -> None:
    """The wait touches no open time before the due; from the due on the limit begins as if the papers came now."""
    here, noon = world("China"), datetime_us(datetime(2018, 3, 14, 4, tzinfo=UTC))
    [limit] = [one for one in LIMITS if str(one) == "same working day at 12:00"]
    rows: tuple[Row, ...] = ((noon - 20 * MINUTE, "notified", None, None, None),)
    asked = Request(noon - 3 * HOUR, limit, rows, None, None, None, None, None, None, noon + after)
    clock = run(here, asked)
    wanted = CLOCK_KERNELS["request_clock"].bind(here.binding)(*asked)
    assert wanted[0] == (noon + DAY if after >= 0 else noon)
    assert clock is not None
    assert here.parts(clock) == wanted[:5]


spans = st.tuples(st.integers(0, 7), st.integers(1, 5)).map(lambda span: (span[0], sum(span)))


@given(st.lists(spans, max_size=6), spans)
@trials(4)
def test_stops_of_one_reason_own_their_time_as_on_the_object_path(
    found: list[tuple[int, int]], wait: tuple[int, int]
) -> None:
    """What began first keeps its time, and nothing empty is left; again with one more stop among them."""
    here = world("China")
    here.anew()
    m, clock = here.memory, take(here.memory, CLOCK_WORDS)
    m[clock + PIECES], m[clock + PIECE_COUNT] = take(m, (len(found) + 1) * STOP_WORDS), 0
    wanted: list[Piece] = []
    for more in (found, [wait]):
        for begin, end in more:
            add_stop(m, clock, begin, end, CODES["flood"])
        own(m, clock)
        wanted = owned([*wanted, *(Piece(begin, end, "flood") for begin, end in more)])
        places = range(m[clock + PIECES], m[clock + PIECES] + m[clock + PIECE_COUNT] * STOP_WORDS, STOP_WORDS)
        assert [(m[at + STOP_BEGIN], m[at + STOP_END]) for at in places] == [piece[:2] for piece in wanted]
