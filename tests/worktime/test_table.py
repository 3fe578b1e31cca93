"""The table of working time: growth, limits, threads, pickling."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.errors import NoOpenTime, TimeOutOfRange
from windowservice.instants import DAY, EARLIEST, HOUR, LATEST, get_zone, to_us, utc_offset_us
from windowservice.worktime.offsets import Offsets
from windowservice.worktime.table import Table

ZONE = get_zone("Asia/Shanghai")
EPOCH = date(1970, 1, 1).toordinal()


def office(day: int) -> tuple[tuple[int, int], ...]:
    """08:30-11:30 and 13:30-17:00 from Monday to Friday."""
    return () if (day - 1) % 7 > 4 else ((17 * HOUR // 2, 23 * HOUR // 2), (27 * HOUR // 2, 17 * HOUR))


def one_day(day: int) -> tuple[tuple[int, int], ...]:
    """Open on 2018-05-03 only, from 09:00 to 10:00."""
    return ((9 * HOUR, 10 * HOUR),) if day == date(2018, 5, 3).toordinal() else ()


def at(text: str) -> int:
    return to_us(f"{text}+08:00")


@pytest.fixture
def table() -> Table:
    return Table(ZONE, office, name="office")


def test_a_session_used_up_ends_at_its_close(table: Table) -> None:
    """Three hours from the opening at 08:30 end at 11:30, a microsecond more at 13:30."""
    before = table.open_before(at("2018-05-03T08:30"))
    assert table.instant_at(before + 3 * HOUR) == at("2018-05-03T11:30")
    assert table.instant_at(before + 3 * HOUR + 1) == at("2018-05-03T13:30") + 1
    assert table.last_instant_at(before + 3 * HOUR) == at("2018-05-03T13:30")


def test_next_open_and_last_close_give_the_instant_itself_when_open(table: Table) -> None:
    """An opening is open, a close is not: it is its own last close."""
    opening, close = at("2018-05-03T08:30"), at("2018-05-03T11:30")
    assert table.next_open(opening) == opening == table.last_close(opening)
    assert table.next_open(close) == at("2018-05-03T13:30")
    assert table.last_close(close) == close
    assert table.last_close(opening - 1) == at("2018-05-02T17:00")


def test_pieces_of_a_day_are_its_sessions_in_utc(table: Table) -> None:
    """A workday has its sessions, first opening and last close; a rest day has none and says so."""
    day = date(2018, 5, 3).toordinal()
    assert table.pieces(day) == (
        (at("2018-05-03T08:30"), at("2018-05-03T11:30")),
        (at("2018-05-03T13:30"), at("2018-05-03T17:00")),
    )
    assert (table.first_open(day), table.last_close_of(day)) == (at("2018-05-03T08:30"), at("2018-05-03T17:00"))
    sunday = date(2018, 5, 6).toordinal()
    assert table.pieces(sunday) == ()
    with pytest.raises(NoOpenTime, match="on 2018-05-06"):
        table.first_open(sunday)
    with pytest.raises(NoOpenTime, match="on 2018-05-06"):
        table.last_close_of(sunday)


def test_where_no_open_time_is_left_it_says_so() -> None:
    """Looking for open time that the years 1900 to 2199 do not hold ends in an error, in both directions."""
    table = Table(ZONE, one_day, name="once")
    inside = at("2018-05-03T09:30")
    w = table.open_before(inside)
    assert table.instant_at(w + HOUR // 2) == at("2018-05-03T10:00")
    with pytest.raises(NoOpenTime, match="up to 2199"):
        table.instant_at(w + HOUR)
    with pytest.raises(NoOpenTime, match="from 1900"):
        table.last_instant_at(w - HOUR)
    with pytest.raises(NoOpenTime):
        table.next_open(at("2018-05-03T10:00"))
    with pytest.raises(NoOpenTime):
        table.last_close(at("2018-05-03T08:00"))
    day = date(2018, 5, 3).toordinal()
    n = table.workdays_before(day)
    assert table.nth_workday(n) == day
    with pytest.raises(NoOpenTime):
        table.nth_workday(n + 1)
    with pytest.raises(NoOpenTime):
        table.nth_workday(n - 1)


def test_the_table_ends_where_time_does(table: Table) -> None:
    """From 1900 to 2199 every instant is served; far beyond is refused."""
    for t in (EARLIEST, LATEST - 1):
        table.open_before(t)
        table.midnight(table.date_of(t))
    with pytest.raises(TimeOutOfRange):
        table.open_before(EARLIEST - 500 * DAY)
    with pytest.raises(TimeOutOfRange):
        table.is_open(LATEST + 500 * DAY)
    with pytest.raises(TimeOutOfRange):
        table.pieces(date(2300, 1, 1).toordinal())


@pytest.mark.parametrize("first", [EARLIEST, LATEST - 1])
def test_the_first_question_may_be_about_the_edge(first: int) -> None:
    """A table that is first asked about the edge of time counts as any other."""
    table, other = Table(ZONE, office), Table(ZONE, office)
    table.open_before(first)
    a, b = at("2018-05-03T09:00"), at("2018-05-08T09:00")
    assert (
        table.open_before(b) - table.open_before(a) == other.open_before(b) - other.open_before(a) == 3 * 13 * HOUR // 2
    )


def test_the_first_question_may_be_about_amounts() -> None:
    """Open time and workdays can be asked for before any instant was."""
    assert Table(ZONE, office).instant_at(HOUR) > Table(ZONE, office).instant_at(1)
    assert Table(ZONE, office).nth_workday(5) == Table(ZONE, office).nth_workday(0) + 7
    assert Table(ZONE, office).last_instant_at(0) > Table(ZONE, office).instant_at(0)


def test_reaching_covers_a_stretch_for_columns(table: Table) -> None:
    """A frame asked for from one instant to another holds every session between them, and stays as it is."""
    a, b = at("2016-01-04T09:00"), at("2025-01-06T09:00")
    frame = table.reaching(a, b)
    assert frame.begin <= a
    assert b < frame.end
    assert len(frame.opens) == len(frame.closes) == len(frame.before) == len(frame.owners)
    assert table.reaching(a, b) is frame
    assert table.reaching(b) is frame
    size = len(frame.opens)
    table.reaching(at("1990-01-01T00:00"))
    assert len(frame.opens) == size


def test_threads_see_one_table(table: Table) -> None:
    """Many threads that make the table grow at once get the answers that one thread gets."""
    alone = Table(ZONE, office)
    asked = [at(f"{year}-03-0{n}T10:00") for n in range(1, 9) for year in range(1950, 2100, 7)]
    base = at("2018-01-01T00:00")
    origin = table.open_before(base)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda t: (table.open_before(t), table.next_open(t), table.date_of(t)), asked))
    zero = alone.open_before(base)
    assert [w - origin for w, _, _ in found] == [alone.open_before(t) - zero for t in asked]
    assert [rest for _, *rest in found] == [[alone.next_open(t), alone.date_of(t)] for t in asked]


def test_a_growth_that_another_thread_did_is_not_done_again(table: Table) -> None:
    """Whoever waited for the lock finds the frame there."""
    day = date(2018, 5, 3).toordinal()
    frame = table.reaching(at("2018-05-03T10:00"))
    assert table._covering(day, day + 1, "") is frame


def test_a_table_pickles_by_what_made_it(table: Table) -> None:
    """The copy grows anew and answers the same."""
    table.known_until = 700_000
    copy = pickle.loads(pickle.dumps(table))
    t = at("2018-05-03T10:00")
    assert copy.frame is None
    assert copy.next_open(t) == table.next_open(t)
    assert (copy.known_from, copy.known_until, copy.name) == (None, 700_000, "office")
    assert [copy.is_known(day) for day in (1, 700_000, 700_001)] == [True, True, False]


@given(
    st.sampled_from(["Europe/Amsterdam", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Gaza", "America/St_Johns"]),
    st.integers(EARLIEST // DAY, LATEST // DAY - 800),
    st.lists(st.integers(DAY, 680 * DAY), min_size=1, max_size=20),
)
@trials(1)
def test_offsets_are_those_of_the_zone(zone: str, first_day: int, steps: list[int]) -> None:
    """Between two instants the spans of constant offset are what the standard library computes at each instant."""
    begin = first_day * DAY
    offsets = Offsets(get_zone(zone), begin, begin + 700 * DAY)
    for step in steps:
        t = begin + step
        assert offsets.at(t) == utc_offset_us(t, get_zone(zone))
        if (constant := offsets.constant(t, t + 9 * DAY)) is not None:
            assert constant == offsets.at(t + 4 * DAY) == offsets.at(t)
        wall = t + offsets.at(t)
        assert any(left <= t < right for left, right in offsets.instants_between(wall, wall + 1))
        assert offsets.first_at_or_after(wall) <= t
