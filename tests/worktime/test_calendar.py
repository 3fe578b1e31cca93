"""Calendars: how hours are written, which days differ, how far they are known, and what one gets out."""

from __future__ import annotations

import pickle
import warnings
from datetime import UTC, date, datetime, timedelta, timezone

import attrs
import pendulum
import pytest

from windowservice.errors import (
    CalendarNotAnnounced,
    InvalidHours,
    InvalidTime,
    InvalidValue,
    NaiveTime,
    NoOpenTime,
    ProvisionalTime,
    TimeOutOfRange,
    UnknownZone,
)
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.layers import Layer
from windowservice.worktime.spans import WorkSpan, work


def office(**others) -> WorkCalendar:
    """An office in Amsterdam, as in the tour."""
    return WorkCalendar(
        timezone="Europe/Amsterdam",
        weekly={"mon-thu": "09:00-12:30 13:30-17:00", "fri": "09:00-12:30"},
        **{"closed": ["2018-04-27"], "special": {"2018-04-28": "09:00-12:00"}, "known_until": "2018-12-31", **others},
    )


# --- the tour --------------------------------------------------------------------------------------------------------


def test_the_tour_of_working_time() -> None:
    """Every method answers with dates, spans and pendulum instants in the calendar's zone."""
    cal = office()
    t = datetime(2018, 4, 26, 16, 0, tzinfo=timezone(timedelta(hours=2)))
    assert cal.is_open(t)
    assert cal.is_open("2018-04-26T16:00+02:00")
    assert not cal.is_workday("2018-04-27")
    assert cal.is_workday(date(2018, 4, 28))
    assert str(cal.next_open("2018-04-26T17:00+02:00")) == "2018-04-28 09:00:00+02:00"
    assert str(cal.last_close("2018-04-27T12:00+02:00")) == "2018-04-26 17:00:00+02:00"
    due = cal.add(t, work(hours=3))
    assert isinstance(due, pendulum.DateTime)
    assert str(due) == "2018-04-28 11:00:00+02:00"
    assert due.tzinfo is cal.zone
    assert cal.worked(t, due) == work(hours=3)
    assert cal.worked(due, t).total_seconds() == -3 * 3600
    assert cal.add_workdays("2018-04-26", 3) == date(2018, 5, 1)
    assert cal.workdays_between("2018-04-26", "2018-05-01") == 3
    assert cal.workdays_taken("2018-04-26", "2018-05-01") == 3
    assert [(str(a), str(b)) for a, b in cal.sessions("2018-04-26T10:00+02:00", "2018-04-28T10:00+02:00")] == [
        ("2018-04-26 10:00:00+02:00", "2018-04-26 12:30:00+02:00"),
        ("2018-04-26 13:30:00+02:00", "2018-04-26 17:00:00+02:00"),
        ("2018-04-28 09:00:00+02:00", "2018-04-28 10:00:00+02:00"),
    ]
    assert cal.sessions(date(2018, 4, 27), date(2018, 4, 28)) == []


def test_any_aware_datetime_is_taken_in() -> None:
    """UTC, a fixed offset, the zone itself and pendulum's zones name the same instant; nothing naive passes."""
    cal = office()
    expected = cal.add("2018-05-02T11:00+02:00", work(hours=1))
    for t in (
        datetime(2018, 5, 2, 9, tzinfo=UTC),
        datetime(2018, 5, 2, 11, tzinfo=cal.zone),
        pendulum.datetime(2018, 5, 2, 17, tz="Asia/Shanghai"),
        pendulum.datetime(2018, 5, 2, 11, tz="Europe/Amsterdam"),
    ):
        assert cal.add(t, work(hours=1)) == expected
    with pytest.raises(NaiveTime, match="has no zone"):
        cal.is_open(datetime(2018, 5, 2, 11))  # noqa: DTZ001
    with pytest.raises(NaiveTime):
        cal.is_open("2018-05-02T11:00")
    with pytest.raises(InvalidTime):
        cal.is_open("2018-05-02")
    with pytest.raises(InvalidTime):
        cal.is_open(1525248000)
    with pytest.raises(InvalidTime):
        cal.is_workday(datetime(2018, 5, 2, tzinfo=UTC))


def test_instants_outside_the_years_computed_with_are_refused() -> None:
    """Before 1900 and from 2200 on there is an error, in the calendar's own zone and in any other."""
    cal = office(known_until=None)
    cal.is_open("1900-01-02T00:00Z")
    cal.is_open("2199-12-30T00:00Z")
    for year in (1899, 2200):
        for zone in (UTC, cal.zone):
            with pytest.raises(TimeOutOfRange):
                cal.is_open(datetime(year, 6, 1, tzinfo=zone))


def test_only_a_span_or_a_whole_number_can_be_added() -> None:
    """Elapsed time is not open time, and half a workday is none."""
    with pytest.raises(InvalidValue, match=r"work\(hours=3\)"):
        office().add("2018-05-02T11:00+02:00", timedelta(hours=1))
    with pytest.raises(InvalidValue, match="whole number of workdays"):
        office().add_workdays("2018-05-02", 1.5)


# --- days that differ ------------------------------------------------------------------------------------------------


def test_most_specific_wins() -> None:
    """Special hours replace the weekly ones, closed wins over both, and a later layer over all that is before it."""
    cal = office(
        special={"2018-04-27": "10:00-11:00", "2018-05-01..2018-05-02": "10:00-11:00"},
        layers=[
            Layer("system", closed={"2018-05-01": "no settlement"}, source="notice 3", issued="2018-04-01"),
            Layer("branch", special={"2018-04-27": "14:00-15:00"}),
        ],
    )
    assert str(cal.next_open("2018-04-26T17:00+02:00")) == "2018-04-27 14:00:00+02:00"
    assert not cal.is_workday("2018-05-01")
    assert cal.worked("2018-05-02T00:00+02:00", "2018-05-03T00:00+02:00") == work(hours=1)
    decided = cal.decided_by("2018-05-01")
    assert decided is not None
    assert (decided.name, decided.source, decided.issued) == ("system", "notice 3", date(2018, 4, 1))
    assert decided.reason(date(2018, 5, 1)) == "closed: no settlement"
    assert cal.decided_by("2018-04-27").reason(date(2018, 4, 27)) == "14:00-15:00"
    assert Layer("x", closed=["2018-05-01"]).reason(date(2018, 5, 1)) == "closed"
    assert cal.decided_by("2018-06-01") is None


def test_a_layer_can_be_renamed() -> None:
    """A changed copy of a layer keeps its days."""
    layer = Layer("a", closed=["2018-05-01"], special={"2018-05-02": "as mon"})
    assert attrs.evolve(layer, name="b") == Layer("b", layer.closed, layer.special)


def test_a_special_day_may_have_the_hours_of_a_weekday() -> None:
    """A Saturday worked as a Friday has Friday's hours of that time."""
    cal = office(special={"2018-05-05": "as fri", "2018-05-06": "as thu"})
    assert cal.worked("2018-05-05T00:00+02:00", "2018-05-06T00:00+02:00") == work(hours=3.5)
    assert cal.worked("2018-05-06T00:00+02:00", "2018-05-07T00:00+02:00") == work(hours=7)


@pytest.mark.parametrize(
    "wrong",
    [
        {"closed": ["2018-02-30"]},
        {"closed": ["2018-05-07..2018-05-01"]},
        {"closed": "2018-05-07"},
        {"closed": date(2018, 5, 7)},
        {"closed": [datetime(2018, 5, 7, tzinfo=UTC)]},
        {"known_until": "soon"},
        {"known_from": 2018},
    ],
)
def test_wrong_dates_are_refused(wrong: dict) -> None:
    """A date that does not exist, a run that ends before it begins, or one date where a list is wanted."""
    with pytest.raises(InvalidTime):
        office(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"special": ["2018-05-07"]},
        {"special": {"2018-05-07": "as someday"}},
        {"special": {"2018-05-07": None}},
        {"special": {"2018-05-07": "09:00-10:00", "2018-05-06..2018-05-08": "09:00-11:00"}},
    ],
)
def test_wrong_special_days_are_refused(wrong: dict) -> None:
    """Special days need hours, once for each date."""
    with pytest.raises(InvalidHours, match="special"):
        office(**wrong)


@pytest.mark.parametrize("wrong", [{"known_from": "2019-01-01"}, {"on_unknown": "guess"}, {"name": 5}])
def test_wrong_ranges_and_names_are_refused(wrong: dict) -> None:
    """The known range does not end before it begins, what is unknown is assumed or refused, and a name is text."""
    with pytest.raises(InvalidValue):
        office(**wrong)


def test_an_unknown_zone_is_refused_with_the_nearest_name() -> None:
    """A misspelt zone is an error that offers the right one."""
    with pytest.raises(UnknownZone, match="Asia/Shanghai"):
        WorkCalendar("Asia/Shanghia", "mon-fri 09:00-17:00")


# --- how far it is known ---------------------------------------------------------------------------------------------


def test_results_within_the_known_range_give_no_warning() -> None:
    """Up to the last close of the last known date nothing is provisional (a warning here would be an error)."""
    cal = office(known_from="2018-01-01")
    assert cal.worked("2018-01-01T00:00+01:00", "2019-01-01T00:00+01:00") > WorkSpan(0)
    assert cal.workdays_between("2018-01-01", "2019-01-01") == cal.workdays_taken("2017-12-31", "2018-12-31")
    assert cal.workdays_between("2019-01-01", "2019-01-01") == 0
    assert str(cal.add("2018-12-31T16:00+01:00", work(hours=1))) == "2018-12-31 17:00:00+01:00"
    always = WorkCalendar("Europe/Amsterdam", "mon-sun 00:00-24:00", known_from="2018-01-01", known_until="2018-12-31")
    for t in ("2018-01-01T00:00+01:00", "2018-12-31T23:59:59.999999+01:00"):
        assert always.last_close(t) == always.next_open(t) == pendulum.parse(t)
    assert cal.is_known("2018-01-01", "2018-12-31")
    assert not cal.is_known("2019-01-01")
    assert not cal.is_known("2017-12-31", "2018-01-02")


BEYOND = [
    lambda cal: cal.is_open("2019-01-01T00:00+01:00"),
    lambda cal: cal.next_open("2018-12-31T17:00+01:00"),
    lambda cal: cal.last_close("2019-01-01T00:00+01:00"),
    lambda cal: cal.add("2018-12-31T16:00+01:00", work(hours=1, seconds=1)),
    lambda cal: cal.add("2019-01-02T12:00+01:00", -work(hours=1)),
    lambda cal: cal.add("2019-01-02T12:00+01:00", work()),
    lambda cal: cal.worked("2018-12-31T16:00+01:00", "2019-01-01T09:00+01:00"),
    lambda cal: cal.worked("2019-01-01T09:00+01:00", "2018-12-31T16:00+01:00"),
    lambda cal: cal.sessions("2018-12-31", "2019-01-02"),
    lambda cal: cal.is_workday("2019-01-01"),
    lambda cal: cal.add_workdays("2018-12-31", 1),
    lambda cal: cal.add_workdays("2019-01-02", -1),
    lambda cal: cal.workdays_between("2018-12-31", "2019-01-02"),
    lambda cal: cal.workdays_taken("2018-12-31", "2019-01-01"),
    lambda cal: cal.business_date("2018-12-31T17:00+01:00"),
    lambda cal: cal.is_workday("2017-12-31"),
    lambda cal: cal.is_open("2017-12-31T23:59:59+01:00"),
]


@pytest.mark.parametrize("ask", BEYOND)
def test_results_beyond_are_provisional_or_refused(ask) -> None:
    """Each answer that rests on an unknown date comes with one warning that points to its caller, or is refused."""
    with pytest.warns(ProvisionalTime, match="until 2018-12-31") as caught:
        ask(office(known_from="2018-01-01"))
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.raises(CalendarNotAnnounced, match="on_unknown='assume'") as refused:
        ask(office(known_from="2018-01-01", on_unknown="raise"))
    assert refused.value.known_until == date(2018, 12, 31)


def test_one_warning_is_given_and_not_one_for_every_result() -> None:
    """With Python's usual filter a loop warns once."""
    cal = office()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for day in range(2, 9):
            cal.is_workday(date(2019, 1, day))
    assert len(caught) == 1


def test_a_night_session_of_an_unknown_date_makes_the_evening_before_unknown() -> None:
    """Whether 31 December is open at 21:00 depends on 1 January being worked."""
    cal = WorkCalendar("Asia/Shanghai", "mon-fri 20:30(-1)-17:15", known_from="2018-01-01", known_until="2018-12-31")
    assert not cal.is_open("2018-12-31T20:29+08:00")
    with pytest.warns(ProvisionalTime):
        cal.is_open("2018-12-31T20:30+08:00")
    late = WorkCalendar("Asia/Shanghai", "mon-sun 22:00-06:00", known_from="2018-01-01")
    assert not late.is_open("2018-01-01T06:00+08:00")
    with pytest.warns(ProvisionalTime):
        late.is_open("2018-01-01T05:59+08:00")


def test_a_calendar_without_open_time_ahead_says_so() -> None:
    """If hours are given for single dates only, there is an end to them."""
    cal = WorkCalendar("Asia/Shanghai", {"mon": "closed"}, special={"2018-05-03": "09:00-10:00"}, name="one day")
    with pytest.raises(NoOpenTime, match="'one day' has no open time"):
        cal.next_open("2018-05-03T10:00+08:00")


# --- identity --------------------------------------------------------------------------------------------------------


def test_the_version_changes_with_whatever_results_depend_on() -> None:
    """Zone, hours, days and range are in it; name, sources and the order of writing are not."""
    base = office()
    same = office(name="another", closed=(), layers=[Layer("x", closed={"2018-04-27": "fair"}, source="us")])
    assert base.version == same.version
    assert len(base.version) == 12
    others = [
        office(closed=[]),
        office(special={}),
        office(special={"2018-04-28": "09:00-12:01"}),
        office(special={"2018-04-28": "as fri"}),
        office(known_until="2018-12-30"),
        office(known_from="2018-01-01"),
        WorkCalendar("Europe/Brussels", base.weeks, layers=base.layers, known_until="2018-12-31"),
    ]
    assert len({base.version, *(other.version for other in others)}) == 8


def test_calendars_are_values() -> None:
    """Equal by name, content and policy; hashable; they cannot be changed and survive pickling."""
    base = office()
    assert base == office()
    assert base != office(name="another")
    assert base != office(on_unknown="raise")
    assert base != "Europe/Amsterdam"
    assert len({base, office()}) == 1
    copy = pickle.loads(pickle.dumps(base))
    assert copy == base
    assert copy.add("2018-04-26T16:00+02:00", work(hours=3)) == base.add("2018-04-26T16:00+02:00", work(hours=3))
    with pytest.raises(AttributeError):
        base.name = "x"
    assert repr(base) == (
        f"<WorkCalendar 'Europe/Amsterdam' Europe/Amsterdam, known from ever to 2018-12-31, version {base.version}>"
    )
    assert "1 days" in repr(base.layers[0])
