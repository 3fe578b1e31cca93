"""Reading instants and dates, however people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import InvalidTime, NaiveTime, TimeOutOfRange
from windowservice.ledger.times import TimeForm, TimeNotes, date_reader, instant_reader

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NINE_FORTY = datetime(2018, 5, 3, 9, 40, tzinfo=SHANGHAI)


def read(cell, notes=None, **form):
    form.setdefault("zone", SHANGHAI)
    return instant_reader(TimeForm(**form), notes or TimeNotes())(cell)


@pytest.mark.parametrize(
    "text",
    [
        "2018-05-03T09:40+08:00",
        "2018-05-03 09:40",
        "2018-05-03T01:40Z",
        "2018/5/3 9:40",
        "2018.05.03 9:40",
        "2018年5月3日 9:40",
        "2018年5月3日9时40分",
        "2018年5月3日9点40分0秒",
        "２０１８－０５－０３ ０９：４０",
        " 2018-05-03 09:40:00.000 ",
        "2018/5/3 1:40Z",
        "20180503T0940",
    ],
)
def test_an_instant_is_read_in_every_form_that_puts_the_year_first(text):
    """ISO, slashes, Chinese words and full-width digits all mean the same instant."""
    assert read(text) == NINE_FORTY


@pytest.mark.parametrize(
    "text", ["03/05/2018 09:40", "5月3日 9:40", "2018-13-01 09:40", "2018-02-30 09:40", "soon", "24:00"]
)
def test_what_is_no_instant_is_refused(text):
    """A day-first date could be two days, and a day that does not exist is none."""
    with pytest.raises(InvalidTime):
        read(text)


def test_a_naive_time_without_a_zone_is_refused():
    """The message says how to give a zone."""
    with pytest.raises(NaiveTime, match="name the zone of the whole ledger once"):
        read("2018-05-03 09:40", zone=None)
    assert read("2018-05-03T09:40+08:00", zone=None) == NINE_FORTY


@pytest.mark.parametrize("text", ["2018-05-03", "2018/5/3", "2018年5月3日", "20180503", date(2018, 5, 3)])
def test_a_bare_date_is_an_instant_only_if_the_mapping_says_which(text):
    """Its start is local midnight, its end is 24:00; without a word it is refused."""
    with pytest.raises(InvalidTime, match="bare date"):
        read(text)
    assert read(text, bare_date="start") == datetime(2018, 5, 3, tzinfo=SHANGHAI)
    assert read(text, bare_date="end") == datetime(2018, 5, 4, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        (datetime(2018, 5, 3, tzinfo=SHANGHAI), datetime(2018, 5, 4, tzinfo=SHANGHAI)),
        (datetime(2018, 5, 2, 16, tzinfo=UTC), datetime(2018, 5, 4, tzinfo=SHANGHAI)),
        ("2018-05-03 00:00", datetime(2018, 5, 4, tzinfo=SHANGHAI)),
        ("2018-05-03", datetime(2018, 5, 4, tzinfo=SHANGHAI)),
        ("2018-05-03 00:00:01", datetime(2018, 5, 3, 0, 0, 1, tzinfo=SHANGHAI)),
        (datetime(2018, 5, 3, tzinfo=UTC), datetime(2018, 5, 3, 8, tzinfo=SHANGHAI)),
    ],
)
def test_where_days_are_stored_as_times_midnight_is_a_date(cell, wanted):
    """By the wall clock of the zone; any other time of day is what it says."""
    assert read(cell, bare_date="end", midnight_is_date=True) == wanted


def test_the_end_of_a_date_is_the_next_midnight_where_clocks_change():
    """Of a day of 23 hours too."""
    rome = ZoneInfo("Europe/Rome")
    cell = datetime(2013, 3, 31, tzinfo=rome)
    found = read(cell, bare_date="end", midnight_is_date=True, zone=rome)
    assert found.astimezone(UTC) - cell.astimezone(UTC) == timedelta(hours=23)


@pytest.mark.parametrize(
    "text", ["1899-12-31 23:59", "2200-01-01 00:00", "0001-01-01T00:00+00:00", "9999-12-31T23:59-12:00"]
)
def test_years_that_cannot_be_are_refused(text):
    """An instant lies from 1900 to 2199."""
    with pytest.raises(TimeOutOfRange):
        read(text)


def test_a_local_time_that_occurs_twice_is_the_first_and_is_counted():
    """On the night the clock goes back, 01:30 means the earlier one; a skipped time keeps the offset before."""
    notes = TimeNotes()
    assert read("2018-11-04 01:30", notes, zone=NEW_YORK).astimezone(UTC) == datetime(2018, 11, 4, 5, 30, tzinfo=UTC)
    assert (notes.ambiguous, notes.skipped) == (1, 0)
    assert read("2018-03-11 02:30", notes, zone=NEW_YORK).astimezone(UTC) == datetime(2018, 3, 11, 7, 30, tzinfo=UTC)
    assert (notes.ambiguous, notes.skipped) == (1, 1)
    read("2018-11-04T01:30-05:00", notes, zone=NEW_YORK)
    assert (notes.ambiguous, notes.skipped) == (1, 1)


def test_formats_are_tried_in_order_and_replace_the_others():
    """With patterns given, only they are read; one without a time of day gives a bare date."""
    form = {"formats": ("%d.%m.%Y %H:%M", "%d.%m.%Y")}
    assert read("03.05.2018 09:40", **form) == NINE_FORTY
    assert read("03.05.2018", bare_date="start", **form) == datetime(2018, 5, 3, tzinfo=SHANGHAI)
    with pytest.raises(InvalidTime, match=r"%d\.%m\.%Y"):
        read("2018-05-03 09:40", **form)


@pytest.mark.parametrize(
    ("serial", "expected"),
    [
        (43223.402777777781, "2018-05-03T09:40:00"),
        (43223, "2018-05-03T00:00:00"),
        (1, "1900-01-01T00:00:00"),
        (59, "1900-02-28T00:00:00"),
        (61, "1900-03-01T00:00:00"),
        (43223.9999999, "2018-05-03T23:59:59.991000"),
    ],
)
def test_an_excel_serial_is_read_to_the_millisecond(serial, expected):
    """Numbers and their text are serial dates where the mapping or the workbook says so."""
    assert read(serial, serial=True) == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)
    assert read(repr(float(serial)), serial=True) == datetime.fromisoformat(expected).replace(tzinfo=SHANGHAI)


def test_an_excel_serial_that_nobody_announced_is_refused_with_a_hint():
    """A number could be anything; the message says what to write in the mapping."""
    for cell in (43223.5, "43223.5"):
        with pytest.raises(InvalidTime, match="excel_serial = true"):
            read(cell)


def test_the_day_that_excel_invented_is_refused():
    """Excel's 60 is 29 February 1900, a day that never was; serials outside the years are refused too."""
    with pytest.raises(InvalidTime, match="29 February 1900"):
        read(60.5, serial=True)
    for cell in (0.5, 109_939.0, 20_180_503):
        with pytest.raises(TimeOutOfRange):
            read(cell, serial=True)


def test_a_shift_undoes_a_conversion_made_once_too_often():
    """The string is read in one zone, shown in the other, and that wall clock is the local time."""
    shifted = read("2022-01-17 11:20:00", zone=NEW_YORK, shift=(NEW_YORK, ZoneInfo("UTC")))
    assert shifted == datetime(2022, 1, 17, 16, 20, tzinfo=NEW_YORK)


@given(
    st.datetimes(datetime.fromisoformat("1900-01-02"), datetime.fromisoformat("2199-12-30"), timezones=st.just(UTC)),
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_written_with_its_offset_is_read_back(instant, minutes):
    """Whatever the offset, ISO text gives the same instant, and no zone is needed."""
    from datetime import timezone

    local = instant.astimezone(timezone(timedelta(minutes=minutes)))
    assert read(local.isoformat(), zone=None) == instant


def test_a_date_has_no_time_of_day():
    """A date column takes dates and midnights, nothing else."""
    reader = date_reader(TimeForm(serial=True))
    assert {reader(cell) for cell in ("2018-05-03", "2018年5月3日", datetime.fromisoformat("2018-05-03"), 43223.0)} == {
        date(2018, 5, 3)
    }
    with pytest.raises(InvalidTime):
        reader("2018-05-03 09:40")
    with pytest.raises(TimeOutOfRange):
        reader("1899-12-31")
