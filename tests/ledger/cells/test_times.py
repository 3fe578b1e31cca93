"""Reading instants and dates, however people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import InvalidTime, NaiveTime, TimeOutOfRange, WindowserviceError
from windowservice.instants import get_zone
from windowservice.ledger.cells.time_formats import SWAPPED, TWO_DIGIT_YEAR, pattern_problem
from windowservice.ledger.cells.time_texts import SHORT_MINUTE
from windowservice.ledger.cells.times import DayAndTime, TimeForm, TimeNotes, date_reader, instant_reader, usual_reader

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
        (2, "1900-01-02T00:00:00"),
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


NOT_ANOTHER_HOUR = {
    "2018/5/3 下午3:30": "2018-05-03T15:30",
    "2018-05-03 上午 9:40:00": "2018-05-03T09:40",
    "2018/5/3 下午12:05": "2018-05-03T12:05",
    "2018/5/3 上午12:05": "2018-05-03T00:05",
    "2018/5/3 凌晨1:05": "2018-05-03T01:05",
    "2018年5月3日中午12点半": "2018-05-03T12:30",
    "2018/5/3 中午1:30": "2018-05-03T13:30",
    "2018/5/3 晚上8:05": "2018-05-03T20:05",
    "2018/5/3 下午15:30": "2018-05-03T15:30",
    "2018年5月3日 星期四 9:40": "2018-05-03T09:40",
    "2018年5月3日9时整": "2018-05-03T09:00",
    "2018年5月3日下午3点": "2018-05-03T15:00",
    "2018-05-03 3:30 PM": "2018-05-03T15:30",
    "2018-05-03 12:30 a.m.": "2018-05-03T00:30",
    "2018-05-03 PM 3:30": "2018-05-03T15:30",
    "2018-05-03 3pm": "2018-05-03T15:00",
    "20180503123456": "2018-05-03T12:34:56",
    "201805031234": "2018-05-03T12:34",
    "20180503123456789": "2018-05-03T12:34:56.789",
    "20180503123456+0800": "2018-05-03T12:34:56",
    "20180503043456Z": "2018-05-03T12:34:56",
    "20180503T043456Z": "2018-05-03T12:34:56",
    "2018-05-03 24:00": "2018-05-04T00:00",
    "2018-05-03 24:00:00": "2018-05-04T00:00",
    "2018/5/3 24:00": "2018-05-04T00:00",
    "2018-05-03t09:40:00.1234567+08:00": "2018-05-03T09:40:00.123456",
    "2018-05-03 09:40:00,5": "2018-05-03T09:40:00.500",
    "2018-05-03 01:40 UTC": "2018-05-03T09:40",
    "2018-05-03 09:40 GMT+8": "2018-05-03T09:40",
    "2018-05-03 09:40:00+08": "2018-05-03T09:40",
    "2018-W18-4T09:40": "2018-05-03T09:40",
    "２０１８年５月３日　９：４０": "2018-05-03T09:40",
    "2018-05-03\u200b 09:40\ufeff": "2018-05-03T09:40",
}
REFUSED = (
    "2018-05-03+08:00", "20180503+0800", "2018-05-03Z", "2018-05-03-08:00", "2018/5/113:40", "2018-05-03x09:40",
    "2018/5/3 上午13:00", "2018/5/3 下午0:30", "2018/5/3 晚上2:00", "2018-05-03 13:00 AM", "2018-05-03 24:01",
    "2018-05-03 09:40:60", "2018-05-03 25:00", "5月6日 9:40", "5/6 9:40", "18-05-03 09:40", "18/5/3 9:40",
    "03/05/2018 09:40", "3.5.2018 9:40", "9:40", "下午3:30", "2018-05-03 09:40 CST", "2018-05-03 09:40 Asia/Shanghai",
    "2018-W18", "2018-W18T09:40", "2018-123", "2018123", "2018-123T09:40", "1525311600", "1525311600000",
    "1990010100000", "1525311600000000", "2018年5月3日 星期五 9:40", "2018-05-03 09", "2018-05-03T09", "同上",
    "2018-02-29 09:40", "2018-05-03 09:40 至 10:00", "2018-05-03 09:40+20:00",
)  # fmt: skip


@pytest.mark.parametrize("text", NOT_ANOTHER_HOUR)
def test_a_time_is_read_as_written_and_never_as_another_hour(text):
    """Halves of the day, compact digits, 24:00, names of UTC, fine fractions: each form means one instant."""
    assert read(text) == datetime.fromisoformat(NOT_ANOTHER_HOUR[text]).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("text", REFUSED)
def test_a_time_that_could_be_another_is_refused(text):
    """What lacks its year, day or hour, contradicts itself, or counts from somewhere is no time."""
    with pytest.raises(InvalidTime):
        read(text)
    with pytest.raises(InvalidTime):
        read(text, bare_date="start")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5月6日 9:40", "with its year; write it like 2018-05-03 09:40"),
        ("18-05-03 09:40", "all four digits of the year"),
        ("03/05/2018 09:40", "year first"),
        ("下午3:30", "with its day"),
        ("2018-05-03 09:40 CST", "in place of a zone's name"),
        ("2018-05-03+08:00", "bare date with an offset"),
        ("1525311600000", "epoch = 's'"),
        ("2018/5/3 上午13:00", "has no hour 13"),
        ("2018-02-30 09:40", "exists"),
        ("whenever", "write it like 2018-05-03 09:40 or 2018年5月3日 9:40"),
    ],
)
def test_what_is_no_time_is_told_in_words_with_the_nearest_form(text, words):
    """A clerk reads what to write, and no name of a programmer's type."""
    with pytest.raises(InvalidTime) as error:
        read(text)
    assert words in str(error.value)
    assert "(str)" not in str(error.value)


@given(
    st.datetimes(datetime.fromisoformat("1902-01-02"), datetime.fromisoformat("2199-12-30")), st.sampled_from(range(9))
)
def test_whatever_form_an_instant_is_written_in_it_is_read_back(moment, form):
    """Twelve-hour clocks in two languages, compact digits, slashes, offsets: the same instant."""
    half, hour = ("上午", "AM") if moment.hour < 12 else ("下午", "PM"), moment.hour % 12 or 12
    clock = f"{hour}:{moment:%M:%S}"
    texts = (
        f"{moment:%Y/%m/%d} {half[0]}{clock}", f"{moment:%Y-%m-%d} {clock} {half[1]}", f"{moment:%Y%m%d%H%M%S}",
        f"{moment:%Y}年{moment.month}月{moment.day}日{moment.hour}时{moment.minute}分{moment.second}秒",
        f"{moment:%Y.%m.%d %H:%M:%S}", f"{moment:%Y-%m-%dT%H:%M:%S}", f"{moment:%Y%m%dT%H%M%S}+0800",
        f"{moment:%G-W%V-%uT%H:%M:%S}", f"{moment:%Y-%m-%d %H:%M:%S} UTC+8",
    )  # fmt: skip
    zone = None if form in (6, 8) else timezone(timedelta(hours=8))
    assert read(texts[form], zone=zone) == moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("%Y-%m-%d %H:%M %Z", "forgets it"),
        ("%Y-%m-%d %H:%M %p", "beside %I"),
        ("%Y-%m-%d %I:%M", "needs %p"),
        ("%m-%d %H:%M", "year"),
        ("%Y-%m %H:%M", "month and day"),
        ("%Y-%m-%d %d %H:%M", "stands twice"),
        ("%Y-%m-%d %Q", "not known"),
        ("%Y-%m-%d %", "not known"),
        ("%Y-%m-%d %M", "the hour"),
        ("%Y %W", "year, month and day"),
        ("%c", "not known"),
        ("", "year"),
    ],
)
def test_a_format_that_would_make_another_time_is_refused(pattern, why):
    """Python's strptime forgets names of zones and halves of days, and fills what is not said with 1900 or January."""
    assert why in pattern_problem(pattern)


@pytest.mark.parametrize(
    ("cell", "pattern", "wanted"),
    [
        (20180503094000, "%Y%m%d%H%M%S", "2018-05-03T09:40"),
        (20180503094000.0, "%Y%m%d%H%M%S", "2018-05-03T09:40"),
        (Decimal("20180503094000"), "%Y%m%d%H%M%S", "2018-05-03T09:40"),
        (30520180940, "%d%m%Y%H%M", "2018-05-03T09:40"),
        ("03052018 0940", "%d%m%Y %H%M", "2018-05-03T09:40"),
        ("2018/5/3 下午3:30", "%Y/%m/%d %p%I:%M", "2018-05-03T15:30"),
        ("05/03/2018 12:10 AM", "%m/%d/%Y %I:%M %p", "2018-05-03T00:10"),
        ("2018-05-03 09:40 +0000", "%Y-%m-%d %H:%M %z", "2018-05-03T17:40"),
        ("2018-05-03 09:40:00.1234567", "%Y-%m-%d %H:%M:%S.%f", "2018-05-03T09:40:00.123456"),
        ("20180503094000123", "%Y%m%d%H%M%S%f", "2018-05-03T09:40:00.123"),
        ("03 May 2018 09:40", "%d %b %Y %H:%M", "2018-05-03T09:40"),
    ],
)
def test_a_format_reads_numbers_and_halves_of_the_day(cell, pattern, wanted):
    """Digits that lost their first zero are filled up, and 上午 and 下午 are AM and PM."""
    assert pattern_problem(pattern) is None
    assert read(cell, formats=(pattern,)) == datetime.fromisoformat(wanted).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("cell", ["3052018", "201853094000", "2018053940", "2018-5-3 9:4x"])
@pytest.mark.parametrize("pattern", ["%d%m%Y", "%Y%m%d%H%M%S", "%Y%m%d%H%M"])
def test_digits_without_a_mark_between_are_all_there_or_the_text_is_refused(cell, pattern):
    """3052018 could be 30 May or 3 May: as text it is no %d%m%Y."""
    with pytest.raises(InvalidTime):
        read(cell, formats=(pattern,), bare_date="start")


def test_what_a_format_reads_is_counted_where_it_could_be_meant_otherwise():
    """Day and month that could be swapped, centuries that are guessed, texts that two formats read differently."""
    notes = TimeNotes()
    for text in ("03/05/2018 09:40", "05/05/2018 09:40", "13/05/2018 09:40"):
        read(text, notes, formats=("%d/%m/%Y %H:%M",), place="x")
    read("03-05-18 09:40", notes, formats=("%y-%m-%d %H:%M",), place="x")
    read("2018-05-03 9:4", notes, place="x")
    assert notes.otherwise == {("x", SWAPPED): 1, ("x", TWO_DIGIT_YEAR): 1, ("x", SHORT_MINUTE): 1}
    notes = TimeNotes()
    assert read("03/05/2018", notes, formats=("%d/%m/%Y", "%m/%d/%Y"), bare_date="start").day == 3
    assert notes.otherwise.total() == 1


@pytest.mark.parametrize(
    ("cell", "epoch"),
    [
        (1525311600, "s"),
        ("1525311600.0", "s"),
        (1525311600000, "ms"),
        ("1525311600000000", "us"),
        (1525311600 * 10**9, "ns"),
    ],
)
def test_a_count_from_1970_is_read_in_the_unit_that_the_mapping_says(cell, epoch):
    """Exactly, and in UTC whatever the zone of the ledger."""
    assert read(cell, epoch=epoch) == datetime(2018, 5, 3, 1, 40, tzinfo=UTC)
    with pytest.raises(InvalidTime):
        read(cell)


@pytest.mark.parametrize(
    ("day", "clock", "wanted"),
    [
        ("2018-05-03", "09:40", "2018-05-03T09:40"),
        ("2018/5/3", "下午3:30", "2018-05-03T15:30"),
        (datetime.fromisoformat("2018-05-03"), time(9, 40), "2018-05-03T09:40"),
        (date(2018, 5, 3), timedelta(hours=9, minutes=40), "2018-05-03T09:40"),
        ("20180503", "0940", "2018-05-03T09:40"),
        ("2018-05-03", "24:00", "2018-05-04T00:00"),
        (date(2018, 5, 3), datetime.fromisoformat("1899-12-31T09:40"), "2018-05-03T09:40"),
    ],
)
def test_a_day_and_a_time_of_day_in_two_columns_make_one_instant(day, clock, wanted):
    """As texts, or as a workbook holds them."""
    assert read(DayAndTime(day, clock)) == datetime.fromisoformat(wanted).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "clock"),
    [("2018-05-03", ""), ("", "09:40"), ("2018-05-03 10:00", "09:40"), ("2018-05-03", "soon"), ("2018-05-03", 0.4)],
)
def test_two_columns_that_make_no_instant_are_refused(day, clock):
    """A day alone is a bare date, and a day with a time of its own contradicts the other."""
    with pytest.raises(InvalidTime):
        read(DayAndTime(day, clock))


ODD_CELLS = (
    datetime.fromisoformat("9999-12-31T23:59"), datetime.fromisoformat("0001-01-01T00:00"),
    datetime.max.replace(tzinfo=UTC), date.max, date.min, 10**400, 10**5000, -(10**5000), float("inf"),
    Decimal("1e999"), b"x", [1], {}, time(9), timedelta(1), "9" * 5000, True, object(),
)  # fmt: skip
FORMS = (
    {}, {"bare_date": "end"}, {"serial": True}, {"epoch": "s"}, {"midnight_is_date": True, "bare_date": "end"},
    {"formats": ("%Y%m%d",)}, {"shift": (NEW_YORK, SHANGHAI)},
)  # fmt: skip


@pytest.mark.parametrize("odd", range(len(ODD_CELLS)))
@pytest.mark.parametrize("form", FORMS)
def test_whatever_stands_in_a_cell_nothing_raw_is_raised(odd, form):
    """Reading a time gives an instant or an error of the library's own."""
    with pytest.raises(WindowserviceError) as error:
        read(ODD_CELLS[odd], **form)
    assert str(error.value)
    with pytest.raises(WindowserviceError) as error:
        date_reader(TimeForm(**form))(object())


@pytest.mark.parametrize(
    "zone", [None, "Asia/Shanghai", "America/New_York", "Europe/Dublin", "Africa/Casablanca", "Pacific/Apia"]
)
@given(
    day=st.dates(date(1895, 1, 1), date(2205, 1, 1)) | st.dates(date(1986, 1, 1), date(1991, 12, 31)),
    clock=st.times(), gap=st.sampled_from(" T"), seconds=st.booleans(),
    offset=st.sampled_from(["", "Z", "+08:00", "-05:30", "+15:59", "+16:00", "-24:00", "+08:60", "+0800", "+00:00:30"]),
)  # fmt: skip
def test_what_the_quick_reader_of_times_reads_it_reads_as_the_whole_one(
    zone: str | None, day: date, clock: time, gap: str, seconds: bool, offset: str
) -> None:
    form, notes = TimeForm(zone=zone and get_zone(zone)), TimeNotes()
    text = f"{day}{gap}{clock.strftime('%H:%M:%S' if seconds else '%H:%M')}{offset}"
    quick = usual_reader(form)
    assert quick is not None
    found = quick(text)
    if found is None:
        return
    whole = instant_reader(form, notes)(text)
    assert (found, found.utcoffset(), found.fold, found.tzinfo) == (whole, whole.utcoffset(), whole.fold, whole.tzinfo)
    assert not notes.counted


@pytest.mark.parametrize(
    "text",
    ["2018-03-11 02:30", "2018-11-04 01:30", "2018-05-03 24:00", "2018-02-30 10:00", "2018-05-03", "2018-05-03T24:00Z",
     "2018-05-03T09:40+16:00", "1900-05-03T09:40+08:00", "2199-05-03T09:40Z",
     "２018-05-03 09:40", "1900-01-01 00:00", "2199-12-31 23:59", "2018-05-03 09:40\\n", " 2018-05-03 09:40"],
)  # fmt: skip
def test_the_quick_reader_of_times_leaves_what_is_not_plain_to_the_whole_one(text: str) -> None:
    quick = usual_reader(TimeForm(zone=get_zone("America/New_York")))
    assert quick is not None
    assert quick(text) is None


def test_most_times_of_a_ledger_are_read_by_the_quick_reader() -> None:
    quick = usual_reader(TimeForm(zone=get_zone("Asia/Shanghai")))
    assert quick is not None
    assert str(quick("2018-05-03 09:40")) == "2018-05-03 09:40:00+08:00"
    assert str(quick("2018-05-03T09:40:07")) == "2018-05-03 09:40:07+08:00"
    assert str(quick("2018-05-03T09:40-05:00")) == "2018-05-03 09:40:00-05:00"
    without = usual_reader(TimeForm())
    assert without is not None
    assert (without("2018-05-03 09:40"), str(without("2018-05-03T09:40Z"))) == (None, "2018-05-03 09:40:00+00:00")
    for form in (TimeForm(zone=UTC, formats=("%d/%m/%Y",)), TimeForm(zone=UTC, midnight_is_date=True)):
        assert usual_reader(form) is None
