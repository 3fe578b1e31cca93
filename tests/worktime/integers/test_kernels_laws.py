"""The texts in whole numbers say what the object path says: any calendar, limit and stops, at edges."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials
from tests.worktime.integers.memories import CODES, LIMITS, world
from tests.worktime.matters import CALENDARS, EDGES, Matter, instants, matters

from windowservice.instants import DAY
from windowservice.language.tree.kernels import KERNELS
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.stops import Piece
from windowservice.worktime.integers import bounds as bounds_text
from windowservice.worktime.integers import calendar as calendar_text
from windowservice.worktime.integers import kernels
from windowservice.worktime.integers.clock import (
    EXTRA,
    PIECE_COUNT,
    PIECES,
    STOP_BEGIN,
    STOP_END,
    STOP_WORDS,
    new_clock,
)
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import CIVIL, END, NONE, TOP, Memory, calendar_named, take
from windowservice.worktime.limits.due import bounds
from windowservice.worktime.limits.kinds.kind import Start
from windowservice.worktime.offsets import EPOCH_ORDINAL, civil_days_on
from windowservice.worktime.table import NEVER_OPEN

names = st.sampled_from([None, "", "Atlantis", *CALENDARS])


@pytest.mark.parametrize("name", CALENDARS)
@given(data=st.data())
@trials(1)
def test_look_ups_are_those_of_the_table(name: str, data: st.DataObject) -> None:
    """Every look-up of a table gives the same in the memory, and never doubts within what is laid out."""
    table, here = CALENDARS[name].table, world(name)
    calendar = here.calendars[name]
    at = data.draw(instants(name))
    w, day, clock = table.open_before(at), table.date_of(at), data.draw(st.integers(0, 96)) * DAY // 96
    number = table.workdays_before(day)
    workday = table.nth_workday(number)
    asked = {
        "open_before": ("open_before", at), "instant_at": ("instant_at", w), "last_instant_at": ("last_instant_at", w),
        "next_open": ("next_open", at), "business_date": ("business_day", at), "date_of": ("date_of", at),
        "wall_clock": ("wall_clock", at), "at_wall_clock": ("at_wall_clock", day, clock),
        "midnight": ("midnight", day), "is_workday": ("is_workday", day), "first_open": ("first_open", workday),
        "last_close_of": ("last_close_of", workday), "end_of_date": ("end_of_date", day),
        "workdays_before": ("workdays_before", day), "nth_workday": ("nth_workday", number),
        "is_known": ("is_known", day), "own_end": ("own_end", day, clock),
    }  # fmt: skip
    for text, (method, *arguments) in asked.items():
        wanted = getattr(table, method)(*arguments)
        found = here.run(getattr(calendar_text, text), calendar, *arguments)
        assert (NEVER_OPEN if found is None else found) == wanted, text
        assert not here.doubts, text


@pytest.mark.parametrize("name", CALENDARS)
def test_beyond_what_is_laid_out_there_is_doubt(name: str) -> None:
    """Whatever is asked beyond the stretch of days is doubted, from the first on; nothing is read beyond a table."""
    here = world(name, days=5)
    calendar, frame = here.calendars[name], CALENDARS[name].table.frame
    first, last, begin, end, low, high = here.memory[calendar : calendar + 6]
    numbers = here.memory[calendar + calendar_text.FIRST_NUMBER], here.memory[calendar + calendar_text.LAST_NUMBER]
    assert frame is not None
    held = {
        ("open_before", "date_of"): (begin, end), ("next_open", "business_date"): (begin, end - 9 * DAY),
        ("instant_at",): (low + 1, high + 1), ("last_instant_at",): (low, high), ("nth_workday",): numbers,
        ("midnight", "is_workday", "workdays_before", "first_open", "last_close_of"): (first, last),
        ("end_of_date",): (first, last - 1),
    }  # fmt: skip
    for texts, (least, beyond) in held.items():
        for text in texts:
            for at in (least, beyond - 1):
                here.run(getattr(calendar_text, text), calendar, at)
                assert not here.doubts, (text, at)
            for at in (least - 1, end if text in ("next_open", "business_date") else beyond + (text == "end_of_date")):
                for far in (0, 1, 9 * DAY, 1 << 62):
                    here.run(getattr(calendar_text, text), calendar, at - far if at < least else at + far)
                    assert here.doubts, (text, at)
    for day in range(first, last):
        for clock in (0, DAY // 10, DAY // 2):
            found = here.run(calendar_text.at_wall_clock, calendar, day, clock)
            assert found == CALENDARS[name].table.at_wall_clock(day, clock)
    assert here.run(calendar_named, len(CODES)) == here.memory[CIVIL]
    assert here.doubts


@pytest.mark.parametrize("name", CALENDARS)
def test_dues_at_edges_are_those_of_the_object_path(name: str) -> None:
    """Every limit from openings, closes and midnights, on workdays and others, announced or not."""
    here = world(name)
    table = CALENDARS[name].table
    for limit in LIMITS:
        for start in EDGES[name][::11]:
            beginning = Start(start, table.date_of(start), start + DAY)
            clock = here.run(pushed, here.limit(limit), here.calendars[name], start, start + DAY, 0)
            due, last_day, provisional, earliest, latest = bounds(limit, beginning, CALENDARS[name])
            assert here.parts(clock) == (due, earliest, latest, provisional, last_day)
            assert not here.doubts


@given(data=st.data())
@trials(1)
def test_dues_are_those_of_the_object_path(data: st.DataObject) -> None:
    """A due with its bounds and its last day; a missing clock is missing."""
    default, has_default = data.draw(st.sampled_from(list(CALENDARS))), data.draw(st.booleans())
    here = world(default, has_default=has_default)
    limit, named = data.draw(st.sampled_from(LIMITS)), data.draw(names)
    at = data.draw(instants(named if named in CALENDARS else default))
    clock = here.run(KERNELS["due"].integers, at, here.limit(limit), None if named is None else CODES[named])
    if named == "Atlantis":
        assert here.doubts or limit.needs_slot
        return
    wanted = KERNELS["due"].bind(here.binding)(at, limit, named)
    assert not here.doubts
    assert (None if clock is None else here.parts(clock)) == (wanted and wanted[:5])


@given(data=st.data())
@trials(1)
def test_calls_of_one_value_are_those_of_the_object_path(data: st.DataObject) -> None:
    default, has_default = data.draw(st.sampled_from(list(CALENDARS))), data.draw(st.booleans())
    here, named = world(default, has_default=has_default), data.draw(names)
    first, last = data.draw(instants(default)), data.draw(instants(default))
    days = [CALENDARS[default].table.date_of(at) for at in (first, last)]
    code = None if named is None else CODES[named]
    known = named in CALENDARS or (named in (None, "") and has_default)
    for text, arguments, counts in (
        ("worked", (first, last, named), named != "Atlantis"), ("date", (first,), True),
        ("workdays", days, has_default),
        ("business_day", (first, named), known), ("close_of", (days[0], named), known),
    ):  # fmt: skip
        asked = [code if one is named else one for one in arguments]
        found = here.run(KERNELS[text].integers, *asked)
        assert here.doubts is not counts, text
        if counts:
            assert found == KERNELS[text].bind(here.binding)(*arguments), text


def pushed(m: Memory, limit: int, calendar: int, start: int, booked: int, extra: int, *pieces: int) -> int:
    """Count a limit under stops whose begins and ends are given."""
    clock = new_clock(m, limit, calendar, start, booked)
    m[clock + EXTRA] = extra
    m[clock + PIECES] = m[TOP]
    for place in range(0, len(pieces), 2):
        stop = take(m, STOP_WORDS)
        m[stop + STOP_BEGIN], m[stop + STOP_END] = pieces[place], pieces[place + 1]
    m[clock + PIECE_COUNT] = len(pieces) // 2
    return bounds_text.bounds(m, clock)


@pytest.mark.parametrize("text", ["3 days", "3 days without roll", "20 working hours", "2 working days at 12:00"])
@pytest.mark.parametrize("name", ["China", "nights and clock changes"])
def test_stops_between_all_edges_are_those_of_the_object_path(name: str, text: str) -> None:
    """From a Wednesday, so that three days end on a rest day and move on: a stop may touch the day they move to."""
    here, table = world(name), CALENDARS[name].table
    [limit] = [one for one in LIMITS if str(one) == text]
    start = table.midnight(date(2018, 3, 21).toordinal()) + DAY // 2
    edges = [edge for edge in EDGES[name] if start < edge < start + 8 * DAY]
    for begin, end in combinations(edges, 2):
        stops = [Piece(begin, end, "flood")]
        wanted = bounds(limit, Start(start, table.date_of(start)), CALENDARS[name], stops)
        clock = here.run(pushed, here.limit(limit), here.calendars[name], start, None, 0, begin, end)
        due, last_day, provisional, earliest, latest = wanted
        assert here.parts(clock) == (due, earliest, latest, provisional, last_day)
        assert not here.doubts


@given(matter=matters(), extra=st.integers(0, 3), data=st.data())
@trials(16)
def test_limits_under_stops_are_those_of_the_object_path(matter: Matter, extra: int, data: st.DataObject) -> None:
    """Stops push in whole numbers as they do objects, and the bounds with them."""
    here = world(matter.name)
    edges = [edge for edge in EDGES[matter.name] if matter.start - DAY < edge < matter.start + 9 * DAY]
    if edges:
        spans = st.tuples(st.sampled_from(edges), st.sampled_from(edges))
        matter.stops += [Piece(*sorted(span), "flood") for span in data.draw(st.lists(spans, max_size=3))]
    stops = matter.pieces
    extra *= 0 if matter.limit.before or matter.limit.parts else 1
    wanted = bounds(matter.limit, matter.begin(), matter.calendar, stops, extra=extra)
    flat = [edge for piece in stops for edge in piece[:2]]
    clock = here.run(
        pushed, here.limit(matter.limit), here.calendars[matter.name], matter.start, matter.booked_until, extra, *flat
    )
    assert not here.doubts
    due, last_day, provisional, earliest, latest = wanted
    assert here.parts(clock) == (due, earliest, latest, provisional, last_day)


def test_a_memory_that_is_full_is_doubted() -> None:
    here = world("China")
    here.run(lambda m: m.__setitem__(TOP, m[END]) or kernels.due(m, 0, here.limit(LIMITS[0]), NONE))
    assert here.doubts


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Kwajalein", "Europe/Amsterdam"])
def test_dates_that_a_zone_skipped_are_none(zone: str) -> None:
    """Over the date line the days after and before a date are those that were there."""
    calendar = WorkCalendar(zone, "mon-sun 09:00-17:00")
    skipped = calendar.table.missing or (736_000,)
    layout = Layout((skipped[0] - EPOCH_ORDINAL - 40) * DAY, (skipped[-1] - EPOCH_ORDINAL + 40) * DAY)
    place, m, missing = layout.calendar(calendar), layout.memory, calendar.table.missing
    for day in range(skipped[0] - 4, skipped[-1] + 5):
        for count in range(-5, 6):
            assert calendar_text.civil_days_on(m, place, day, count) == civil_days_on(
                day, count, calendar.table.missing
            )
            inside = sum(day <= one <= day + count for one in missing)
            assert calendar_text.dates_skipped(m, place, day, day + count) == inside
