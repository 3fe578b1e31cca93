"""Duties that come again: their turns by the calendar, what did them, and lists of duties as data."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.domain.basis import Basis
from windowservice.domain.duties.duties import Duties
from windowservice.domain.duties.duty import BeforeHolidays, Deed, Duty, Shared
from windowservice.domain.duties.turns import Trigger, Turn, linked, state_of, turns
from windowservice.domain.periods import span_of, spans
from windowservice.errors import CalendarNotAnnounced, InvalidDocument, InvalidValue, UnknownName
from windowservice.worktime.calendar import WorkCalendar

HOURS = "08:30-11:30 13:30-17:00"
BASIS = Basis("Branch notice no. 3 of 2018")
PERIODS = ("week", "month", "quarter", "half_year", "year")
DAY = timedelta(days=1)


@cache
def china() -> WorkCalendar:
    return WorkCalendar.china(HOURS)


def duty(**said: object) -> Duty:
    return Duty(**{"id": "watch", "zh": "看", "en": "Watch", "who": "window", "basis": BASIS, **said})


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def windows(year: int) -> list[tuple[str, str, str]]:
    found = turns(Duties.default()["inspect_before_holidays"], china(), date(year - 1, 12, 1), date(year, 12, 20))
    return [(turn.name, str(turn.first), str(turn.last)) for turn in found]


def test_the_windows_before_the_holidays_of_2026() -> None:
    """Five working days up to the eve, make-up Saturdays and Sundays among them; two windows overlap."""
    assert windows(2026) == [
        ("2026 元旦", "2025-12-25", "2025-12-31"),
        ("2026 春节", "2026-02-10", "2026-02-14"),
        ("2026 清明节", "2026-03-30", "2026-04-03"),
        ("2026 劳动节", "2026-04-24", "2026-04-30"),
        ("2026 端午节", "2026-06-12", "2026-06-18"),
        ("2026 中秋节", "2026-09-20", "2026-09-24"),
        ("2026 国庆节", "2026-09-23", "2026-09-30"),
    ]


def test_a_weekend_before_a_single_named_day_belongs_to_its_run() -> None:
    """The list of 2018 names Dragon Boat as one Monday off; the run begins on the Saturday before it."""
    assert ("2018 端午节", "2018-06-11", "2018-06-15") in windows(2018)


def test_new_year_that_begins_in_december_belongs_to_the_next_year() -> None:
    """2018-12-30 to 2019-01-01 were off, 29 December was a worked Saturday."""
    found = turns(Duties.default()["inspect_before_holidays"], china(), date(2018, 12, 1), date(2018, 12, 31))
    assert [(turn.name, turn.first, turn.last) for turn in found] == [
        ("2019 元旦", date(2018, 12, 25), date(2018, 12, 29))
    ]


def test_two_holidays_in_one_run_are_one_turn_with_the_widest_scope() -> None:
    """In 2020 Mid-Autumn and National Day fell together."""
    found = turns(Duties.default()["inspect_before_holidays"], china(), date(2020, 9, 1), date(2020, 9, 30))
    assert [(turn.name, turn.scope) for turn in found] == [("2020 国庆节、中秋节", "full")]


def test_a_year_that_is_not_announced_is_flagged_or_refused() -> None:
    """Its turns are provisional; a calendar that refuses what is not known refuses them."""
    before = Duties.default()["inspect_before_holidays"]
    (turn,) = turns(before, china(), date(2026, 12, 20), date(2027, 1, 10))
    assert (turn.name, turn.provisional) == ("2027 元旦", True)
    assert state_of(turn, None, at("2027-01-31T10:00")) == "provisional"
    strict = WorkCalendar.china(HOURS, on_unknown="raise")
    with pytest.raises(CalendarNotAnnounced, match="2027"):
        turns(before, strict, date(2026, 12, 20), date(2027, 1, 10))
    limited = duty(after="rule_notice", within="10 working days")
    late = Trigger(id="N-1", at=at("2026-12-24T10:00"))
    assert turns(limited, china(), date(2026, 1, 1), date(2026, 12, 31), [late])[0].provisional
    with pytest.raises(CalendarNotAnnounced):
        turns(limited, strict, date(2026, 1, 1), date(2026, 12, 31), [late])


@given(st.sampled_from(PERIODS), st.dates(date(1901, 1, 1), date(2190, 1, 1)))
def test_every_day_belongs_to_one_period(every: str, day: date) -> None:
    """And the next day to the same one, or to the first day of the next."""
    span, following = span_of(every, day), span_of(every, day + DAY)
    assert span.first <= day <= span.last
    assert following == span or (following.first == day + DAY == span.last + DAY and following.name > span.name)


@given(st.sampled_from(PERIODS), st.dates(date(2005, 1, 1), date(2024, 1, 1)), st.integers(0, 800))
def test_turns_of_a_period_follow_each_other_without_gap(every: str, first: date, days: int) -> None:
    """They do not overlap, and each is due when the next opens."""
    found = turns(duty(every=every), china(), first, first + DAY * days)
    assert all(first <= turn.first <= first + DAY * days and turn.opens < turn.due for turn in found)
    for turn, following in pairwise(found):
        assert turn.due == following.opens
    assert len(found) == sum(first <= span.first for span in spans(every, first, first + DAY * days))


@given(st.integers(1, 12), st.integers(0, 11), st.integers(2005, 2025))
def test_a_window_before_holidays_holds_its_working_days(latest: int, more: int, year: int) -> None:
    """It begins and ends on a workday, holds as many as the duty says, and its eve is the last before days off."""
    ahead = BeforeHolidays(earliest=latest + more, latest=latest, holidays={"春节": "full", "国庆节": "full"})
    found = turns(duty(before_holidays=ahead), china(), date(year, 1, 1), date(year, 12, 31))
    for turn in found:
        assert china().is_workday(turn.first)
        assert china().is_workday(turn.last)
        assert china().workdays_between(turn.first, turn.last) == more
        eve = china().add_workdays(turn.last, latest - 1)
        assert not china().is_workday(eve + DAY)


@given(st.dates(date(2018, 1, 1), date(2018, 12, 31)))
def test_a_deed_does_the_turn_in_whose_window_it_lies(day: date) -> None:
    """That one is done, the others are missed once they are over."""
    watch = duty(every="quarter")
    owed = turns(watch, china(), date(2018, 1, 1), date(2018, 12, 31))
    deed = Deed(id="I1", duties=frozenset({"watch"}), at=at(f"{day}T00:00"))
    states = {turn.name: state_of(turn, found, at("2019-02-01T00:00")) for turn, found in linked(watch, owed, [deed])}
    mine = span_of("quarter", day).name
    assert states == {turn.name: "done" if turn.name == mine else "missed" for turn in owed}


def test_one_visit_before_two_holidays_serves_both_if_the_duty_says_so() -> None:
    """On 24 September 2026 the windows of Mid-Autumn and National Day overlap."""
    before = Duties.default()["inspect_before_holidays"]
    owed = turns(before, china(), date(2026, 9, 1), date(2026, 9, 30))
    deed = Deed(id="I1", duties=frozenset({before.id}), at=at("2026-09-24T10:00"))
    assert [found for _, found in linked(before, owed, [deed])] == [deed, deed]
    alone = duty(id=before.id, before_holidays=before.before_holidays)
    assert [found for _, found in linked(alone, owed, [deed])] == [deed, None]


def test_a_visit_that_names_two_duties_counts_for_both_only_as_the_list_says() -> None:
    """A quarterly inspection is shared with one before a holiday if it was full."""
    quarterly = Duties.default()["inspect_quarterly"]
    both = frozenset({"inspect_quarterly", "inspect_before_holidays"})
    assert quarterly.counts(Deed(id="I1", duties=both, scope="full"))
    assert not quarterly.counts(Deed(id="I1", duties=both, scope="standard"))
    assert not quarterly.counts(Deed(id="I1", duties=both | {"lecture"}, scope="full"))


def test_the_states_of_a_turn() -> None:
    """Done, late, missed and not yet due; what comes after the instant judged is not seen."""
    (turn,) = turns(duty(every="quarter"), china(), date(2018, 4, 1), date(2018, 4, 1))

    def state(done: str | None, as_of: str) -> str:
        deed = None if done is None else Deed(id="I1", duties=frozenset({"watch"}), at=at(done))
        return state_of(turn, deed, at(as_of))

    assert state("2018-05-03T10:00", "2018-05-04T10:00") == "done"
    assert state("2018-07-01T00:00", "2018-07-02T10:00") == "done"
    assert state("2018-07-01T00:01", "2018-07-02T10:00") == "late"
    assert state("2018-05-03T10:00", "2018-05-02T10:00") == "not_yet_due"
    assert state(None, "2018-07-01T00:00") == "not_yet_due"
    assert state(None, "2018-07-01T00:01") == "missed"


def test_a_duty_is_owed_for_whole_windows_between_its_days() -> None:
    """One that begins or ends within a quarter is not owed for it."""
    found = turns(
        duty(every="quarter", since="2018-02-01", until="2018-11-30"), china(), date(2018, 1, 1), date(2018, 12, 31)
    )
    assert [turn.name for turn in found] == ["2018-Q2", "2018-Q3"]


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "the one way of saying when"),
        ({"every": "month", "within": "3 working days", "after": "rule_notice"}, "the one way of saying when"),
        ({"within": "3 working days"}, "stated together with within"),
        ({"every": "month", "id": "no word"}, "a word of letters"),
    ],
)
def test_a_duty_says_in_one_way_when_it_falls_due(said: dict[str, object], problem: str) -> None:
    """Anything else is refused where it is made."""
    with pytest.raises(InvalidValue, match=problem):
        duty(**said)


def test_a_window_before_holidays_makes_sense() -> None:
    """It opens before it ends, and names the holidays."""
    with pytest.raises(InvalidValue, match="working days ahead"):
        BeforeHolidays(earliest=1, latest=2, holidays={"春节": "full"})
    with pytest.raises(InvalidValue, match="a table of names and scopes"):
        BeforeHolidays(earliest=5, holidays={})


def test_a_list_of_duties_tells_all_that_is_wrong_with_it() -> None:
    """With its paths: a basis it does not have, an unknown key, a limit without a unit, a word that is none."""
    text = """
    schema_version = 1
    version = "1"
    [[duties]]
    id = "watch"
    zh = "看"
    en = "Watch"
    who = "everybody"
    every = "fortnight"
    basis = "nobody"
    colour = "red"
    """
    with pytest.raises(InvalidDocument) as caught:
        Duties.from_toml(text)
    said = str(caught.value)
    for part in ("duties[0]", "everybody", "fortnight", "nobody", "colour"):
        assert part in said


def test_the_duties_of_a_list_are_told_apart_and_know_each_other() -> None:
    """An id that stands twice, and a deed shared with a duty that there is not, are refused."""
    with pytest.raises(InvalidDocument, match="stands twice"):
        Duties([duty(every="month"), duty(every="quarter")])
    shared = Shared(duties=frozenset({"wach"}))
    with pytest.raises(InvalidDocument, match="did you mean 'watch'"):
        Duties([duty(every="month"), duty(id="other", every="month", shared=shared)])
    with pytest.raises(UnknownName, match="did you mean 'lecture'"):
        Duties.default()["lectur"]


def test_a_turn_is_a_value() -> None:
    """The same duty and calendar give equal turns."""
    one, other = (turns(duty(every="month"), china(), date(2018, 5, 1), date(2018, 5, 31)) for _ in range(2))
    assert one == other
    assert isinstance(one[0], Turn)
