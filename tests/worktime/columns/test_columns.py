"""Columns in and out: dtypes, nulls, ranges, choices, events, and Polars expressions."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from windowservice.errors import (
    CalendarNotAnnounced,
    InvalidTime,
    InvalidValue,
    MissingColumn,
    MissingExtra,
    NaiveTime,
    NoOpenTime,
    ProvisionalTime,
    TimeOutOfRange,
    UnknownName,
)
from windowservice.instants import DAY, HOUR, datetime_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.columns import counting
from windowservice.worktime.columns import facade as columns
from windowservice.worktime.columns.facade import Choice, Column, StopColumns
from windowservice.worktime.limits.due import due_bounds, due_us
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import work

WINDOW = WorkCalendar("Asia/Shanghai", "mon-fri 08:30-11:30 13:30-17:00", name="window")
SYSTEM = WorkCalendar("Asia/Shanghai", "mon-fri 20:30(-1)-17:15", name="system")
SHANGHAI = pl.Datetime("us", "Asia/Shanghai")


@pytest.fixture(autouse=True, params=["by the module", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows are counted one by one otherwise."""
    monkeypatch.setattr(counting, "pays", lambda *_: request.param == "by the module")


def us(text: str) -> int:
    """An instant in Shanghai: ``"03-05 09:00"`` of 2018."""
    return datetime_us(datetime.fromisoformat(f"2018-{text}+08:00"))


def series(*texts: str | None, name: str = "start") -> pl.Series:
    values = [None if text is None else us(text) for text in texts]
    return pl.Series(name, values, dtype=pl.Int64).cast(SHANGHAI)


# --- in and out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        np.array([us("03-05 09:00"), us("03-05 16:00")]),
        np.array([us("03-05 09:00"), us("03-05 16:00")], dtype=">i8"),
        Column(np.array([us("03-05 09:00"), us("03-05 16:00")])),
        series("03-05 09:00", "03-05 16:00"),
        series("03-05 09:00", "03-05 16:00").dt.convert_time_zone("America/New_York"),
        series("03-05 09:00", "03-05 16:00").dt.cast_time_unit("ms"),
        series("03-05 09:00", "03-05 16:00").dt.cast_time_unit("ns"),
        series("03-05 09:00", "03-05 16:00").to_arrow(),
        series("03-05 09:00", "03-05 16:00").to_physical(),
    ],
    ids=[
        "numpy",
        "big endian",
        "column",
        "polars",
        "other zone",
        "milliseconds",
        "nanoseconds",
        "pyarrow",
        "whole numbers",
    ],
)
def test_instants_come_in_many_shapes(given: Any) -> None:
    """Whatever holds instants is read to the microsecond, whatever its unit and zone."""
    assert columns.due(given, "2 working hours", WINDOW).to_list() == [us("03-05 11:00"), us("03-06 09:30")]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        (np.array(["2018-03-05"], dtype="datetime64[us]"), NaiveTime, "no zone"),
        (np.array([1.5]), InvalidTime, "float64"),
        (pl.Series([datetime(2018, 3, 5)]), NaiveTime, "no zone"),  # noqa: DTZ001
        (pl.Series(["2018-03-05"]), InvalidTime, "String"),
        (pl.Series([1.0]), InvalidTime, "Float64"),
        (pl.Series([None, 1_520_211_600_000_000_123]).cast(pl.Datetime("ns", "UTC")), InvalidTime, "row 1"),
        (object(), InvalidValue, "a column"),
    ],
    ids=["naive numpy", "floats", "naive polars", "text", "float series", "nanoseconds", "no column"],
)
def test_what_holds_no_instants_is_refused(given: Any, error: type[Exception], said: str) -> None:
    """A wrong dtype, a missing zone and parts of a microsecond are refused by name, never rounded."""
    with pytest.raises(error, match=said):
        columns.due(given, "2 working hours", WINDOW)


def test_pandas_series_come_in_with_their_missing_times() -> None:
    """What exports Arrow is a column; pandas' NaT is null."""
    pd = pytest.importorskip("pandas")
    given = pd.Series(pd.to_datetime(["2018-03-05T09:00+08:00", None], utc=True))
    assert columns.due(given, "2 working hours", WINDOW).to_list() == [us("03-05 11:00"), None]


def test_nulls_stay_null() -> None:
    """A null start has no due; a column of nothing else is a column of nulls; no rows are no rows."""
    found = columns.due(series(None, "03-05 09:00", None), "1 working day", WINDOW)
    assert found.to_list() == [None, us("03-06 17:00"), None]
    assert columns.due(pl.Series([None, None]), "1 working day", WINDOW).to_list() == [None, None]
    assert columns.due(series(), "1 working day", WINDOW).to_list() == []
    assert columns.due_bounds(series(), "20 working hours", WINDOW).due.to_list() == []
    assert columns.add(series(), work(hours=1), WINDOW).to_list() == []
    assert columns.worked(series(), series(), WINDOW).to_list() == []
    assert columns.worked(series(None), series("03-05 09:00"), WINDOW).to_list() == [None]


def test_columns_go_out_as_series() -> None:
    """Instants, dates, spans, flags and numbers leave with their types and nulls."""
    column = Column(np.array([us("03-05 09:00"), 0]), np.array([True, False]))
    assert column.to_series("x", zone="Asia/Shanghai").to_list() == series("03-05 09:00", None).to_list()
    days = Column(np.array([date(2018, 3, 5).toordinal(), 0]), np.array([True, False]))
    assert days.to_series(days=True).to_list() == [date(2018, 3, 5), None]
    assert Column(np.array([HOUR])).to_series(span=True).to_list() == [timedelta(hours=1)]
    assert Column(np.array([1, 0])).to_series(flags=True).to_list() == [True, False]
    assert Column(np.array([1, 0])).to_series("n").dtype == pl.Int64


def test_amounts_are_whole() -> None:
    """Open time is added in whole microseconds, given as numbers or durations; anything else is refused."""
    start = series("03-05 09:00")
    assert columns.add(start, pl.Series([timedelta(hours=1)]), WINDOW).to_list() == [us("03-05 10:00")]
    assert columns.add(start, pl.Series([HOUR]), WINDOW).to_list() == [us("03-05 10:00")]
    with pytest.raises(InvalidValue, match="amount must be a column of whole numbers"):
        columns.add(start, pl.Series([1.5]), WINDOW)


@pytest.mark.parametrize("given", [pl.Series(["2018-03-09"]), pl.Series([1.5]), np.array([1.5])])
def test_what_holds_no_dates_is_refused(given: Any) -> None:
    """Days are dates or whole numbers."""
    with pytest.raises((InvalidTime, InvalidValue)):
        columns.workdays(given, given, WINDOW)


def test_columns_without_polars_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lacks the extra is told its name; numpy arrays need no Polars."""
    monkeypatch.setitem(sys.modules, "polars", None)
    assert columns.due(np.array([us("03-05 09:00")]), "1 working day", WINDOW).to_list() == [us("03-06 17:00")]
    with pytest.raises(MissingExtra, match="columns"):
        columns.due([us("03-05 09:00")], "1 working day", WINDOW)


# --- ranges ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_a_start_out_of_range_is_refused_with_row_and_value(year: int) -> None:
    """No index wraps around: a start before 1900 or from 2200 on is named, a null in its place is not."""
    outside = datetime(year, 6, 1, tzinfo=UTC)
    given = pl.Series([datetime(2018, 3, 5, tzinfo=UTC), None, outside])
    with pytest.raises(TimeOutOfRange, match=re.escape(f"start, row 2: {outside.isoformat()}")):
        columns.due(given, "1 working day", WINDOW)
    masked = Column(np.array([us("03-05 09:00"), datetime_us(outside)]), np.array([True, False]))
    assert columns.due(masked, "1 working day", WINDOW).to_list() == [us("03-06 17:00"), None]


def test_an_instant_beyond_all_calendars_is_shown_as_a_number() -> None:
    """What no datetime can hold is still named."""
    with pytest.raises(TimeOutOfRange, match="row 0: 4611686018427387904 us"):
        columns.due(np.array([1 << 62]), "1 working day", WINDOW)


def test_a_day_out_of_range_is_refused() -> None:
    """Days are checked as instants are."""
    days = pl.Series([date(2018, 3, 5), date(2018, 3, 6)])
    with pytest.raises(TimeOutOfRange, match="last, row 1: day 1"):
        columns.workdays(days, pl.Series([date(2018, 3, 5), date(1, 1, 1)]), WINDOW)


@pytest.mark.parametrize("limit", ["40000 working hours", "20000 working days", "500000 hours", "30000 days"])
def test_a_due_out_of_range_is_refused_with_its_row(limit: str) -> None:
    """A result beyond the years computed with raises and names the first row of which it does."""
    starts = np.array([datetime_us(datetime(year, 6, 1, tzinfo=UTC)) for year in (2018, 2019, 2198, 2199)])
    with pytest.raises((TimeOutOfRange, NoOpenTime), match=rf"row 2, with the value {starts[2]} us"):
        columns.due_bounds(starts, limit, WINDOW)
    with pytest.raises((TimeOutOfRange, NoOpenTime), match=f"row 2, with the value {starts[2]} us"):
        columns.due_bounds(Column(starts, np.array([True, False, True, True])), limit, WINDOW)


def test_columns_reach_from_1900_to_2199() -> None:
    """One column may hold both ends of the years computed with."""
    starts = np.array([datetime_us(datetime(year, 3, 5, tzinfo=UTC)) for year in (1900, 2018, 2199)])
    for limit in ("2 working days", "20 working hours", "3 months", "same working day"):
        one_by_one = [columns.due(starts[[row]], limit, WINDOW).to_list()[0] for row in range(3)]
        assert columns.due(starts, limit, WINDOW).to_list() == one_by_one


def test_columns_of_unlike_length_are_refused() -> None:
    """Rows are matched by place, so all columns have as many."""
    with pytest.raises(InvalidValue, match="a column of 1 rows"):
        columns.worked(series("03-05 09:00"), series("03-05 09:00", "03-05 10:00"), WINDOW)
    with pytest.raises(InvalidValue, match="a column of 1 rows"):
        columns.due(series("03-05 09:00"), "booked session", WINDOW, booked_until=series())


# --- choices --------------------------------------------------------------------------------------------------------


def test_limits_and_calendars_by_row() -> None:
    """Each row goes by its own limit and calendar; where either is null the due is."""
    start = series(*["03-05 09:00"] * 5)
    limit = Choice(pl.Series([0, 1, 0, None, 1]), (Limit.parse("1 working day"), Limit.parse("2 working hours")))
    calendar = Choice(np.array([0, 0, 1, 1, 1]), (WINDOW, SYSTEM))
    assert columns.due(start, limit, calendar).to_list() == [
        us("03-06 17:00"), us("03-05 11:00"), us("03-06 17:15"), None, us("03-05 11:00"),
    ]  # fmt: skip


def test_names_stand_for_values() -> None:
    """A column of names is read by a mapping; a name without a value is refused with its row and the nearest name."""
    limits = {"S08": "1 working day", "S10": "2 working hours"}
    named = Choice.by_name(pl.Series(["S10", None, "S08"]).cast(pl.Categorical), limits)
    found = columns.due(series(*["03-05 09:00"] * 3), named, WINDOW)
    assert found.to_list() == [us("03-05 11:00"), None, us("03-06 17:00")]
    with pytest.raises(UnknownName, match=r"row 1: unknown service 'S8' \(did you mean 'S08'\?\)"):
        Choice.by_name(["S10", "S8"], limits, "service")


@pytest.mark.parametrize("codes", [[0, 2], [-1, 0]])
def test_codes_are_places(codes: list[int]) -> None:
    """A code is a place in the options: no negative one counts from the end."""
    with pytest.raises(InvalidValue, match="from 0 to 1"):
        Choice(np.array(codes), ("a", "b"))


def test_a_limit_that_needs_a_slot() -> None:
    """Rows without a booked slot are null; without such a column the limit is refused."""
    limit = Choice(np.array([0, 0, 1]), (Limit.parse("booked session"), Limit.parse("1 working day")))
    start, slots = series(*["03-05 09:00"] * 3), series("03-05 11:00", None, None)
    wanted = [us("03-05 11:00"), None, us("03-06 17:00")]
    assert columns.due(start, limit, WINDOW, booked_until=slots).to_list() == wanted
    assert columns.due(start[1:2], "booked session", WINDOW, booked_until=slots[1:2]).to_list() == [None]
    assert (
        columns.due(series(None, "03-05 09:00"), "booked session", WINDOW, booked_until=slots[:2]).to_list()
        == [None] * 2
    )
    with pytest.raises(InvalidValue, match="slot_end"):
        columns.due(start, limit, WINDOW)


def test_the_date_of_the_start_may_be_a_business_date() -> None:
    """A system whose day turns in the evening makes the start belong to the next date."""
    start = series("03-05 21:00")
    assert columns.due(start, "1 working day", WINDOW).to_list() == [us("03-06 17:00")]
    assert columns.due(start, "1 working day", WINDOW, start_date_by=SYSTEM).to_list() == [us("03-07 17:00")]


def test_a_time_of_day_that_the_clock_skips() -> None:
    """A limit that ends at a skipped time ends at the first instant beyond, in columns too."""
    calendar = WorkCalendar("Europe/Amsterdam", "mon-sun 00:00-24:00")
    start = datetime_us(datetime(2018, 3, 24, 12, tzinfo=UTC))
    limit = Limit.parse("1 working day at 02:30")
    wanted = due_us(limit, start, calendar)
    assert wanted == datetime_us(datetime(2018, 3, 25, 1, tzinfo=UTC))
    assert columns.due(np.array([start]), limit, calendar).to_list() == [wanted]


# --- what is not announced ------------------------------------------------------------------------------------------


def test_results_beyond_what_is_known_are_marked_warned_of_or_refused() -> None:
    """Bounds are marked row by row, sums warn once a column, and a calendar that refuses names the rows it lacks."""
    start = series("12-27 09:00", "12-20 09:00")
    known = {"timezone": "Asia/Shanghai", "weekly": "mon-fri 09:00-17:00", "known_until": "2018-12-28"}
    assuming, refusing = WorkCalendar(**known), WorkCalendar(**known, on_unknown="raise")  # type: ignore[arg-type]
    assert columns.due_bounds(start, "3 working days", assuming).provisional.tolist() == [True, False]
    with pytest.warns(ProvisionalTime) as given:
        columns.add(start, work(hours=40), assuming)
    assert len(given) == 1
    with pytest.warns(ProvisionalTime):
        columns.worked(start, start.dt.offset_by("1mo"), assuming)
    with pytest.raises(CalendarNotAnnounced, match="2018-12-28"):
        columns.due(start, "3 working days", refusing)
    assert columns.due(start[1:], "3 working days", refusing).to_list() == [us("12-25 17:00")]


def test_results_before_the_first_known_day_have_bounds() -> None:
    """A calendar that is known from a day on for ever has bounds before it, as one matter has."""
    calendar = WorkCalendar("Asia/Shanghai", "mon-fri 09:00-17:00", known_from="2018-03-07")
    start, limit = us("03-05 10:00"), Limit.parse("3 working days")
    found = columns.due_bounds(np.array([start]), limit, calendar)
    wanted = due_bounds(limit, start, calendar)
    assert found.provisional.tolist() == [wanted.provisional] == [True]
    assert (found.earliest.to_list(), found.latest.to_list()) == ([wanted.earliest], [wanted.latest])


# --- stops ----------------------------------------------------------------------------------------------------------


def stop_lists() -> pl.Series:
    """Stops of three rows: two that overlap, none, and one."""
    stops = [[("03-05 10:00", "03-05 11:00"), ("03-05 10:30", "03-05 11:30")], None, [("03-05 14:00", "03-06 14:00")]]
    read = [None if row is None else [{"begin": us(a), "end": us(b), "why": "x"} for a, b in row] for row in stops]
    plain = {"begin": pl.Int64, "end": pl.Int64, "why": pl.String}
    struct = {"begin": SHANGHAI, "end": SHANGHAI, "why": pl.String}
    return pl.Series(read, dtype=pl.List(pl.Struct(plain))).cast(pl.List(pl.Struct(struct)))


def test_stops_come_as_lists() -> None:
    """A list column of structs holds the stops of its row; overlapping ones are united, other fields passed over."""
    stops = StopColumns.from_lists(stop_lists())
    found = columns.due(series(*["03-05 09:00"] * 3), "1 working day", WINDOW, stops=stops)
    assert found.to_list() == [us("03-06 17:00"), us("03-06 17:00"), us("03-07 17:00")]
    found = columns.due(series(*["03-05 09:00"] * 3), "2 working hours", WINDOW, stops=stops)
    assert found.to_list() == [us("03-05 14:30"), us("03-05 11:00"), us("03-05 11:00")]


def test_stops_come_in_any_order() -> None:
    """Three that overlap in a chain, one within another, an empty one and one that ends before it begins."""
    row = np.array([1, 0, 0, 0, 0, 0])
    begin = ["03-05 10:00", "03-05 10:50", "03-05 10:00", "03-05 10:10", "03-05 09:30", "03-05 09:40"]
    end = ["03-05 11:00", "03-05 11:10", "03-05 11:00", "03-05 10:20", "03-05 09:30", "03-05 09:35"]
    stops = StopColumns.flat(row, series(*begin), series(*end))
    assert stops.first.tolist() == [0, 2, 3]
    assert [us("03-05 11:00"), us("03-05 11:10")] == [stops.begin.tolist()[1], stops.end.tolist()[1]]
    found = columns.due(series(*["03-05 09:00"] * 2), "2 working hours", WINDOW, stops=stops)
    assert found.to_list() == [us("03-05 14:10"), us("03-05 14:00")]


def test_stops_are_checked() -> None:
    """Stops without row, begin or end, columns of unlike length, rows before the first, and other lists are refused."""
    at = np.array([us("03-05 10:00")])
    for given in ((pl.Series([None], dtype=pl.Int64), at, at), (at * 0, series(None), at), (at * 0, at, series(None))):
        with pytest.raises(InvalidValue, match=r"stop 0: stops\.(row|begin|end) must be given"):
            StopColumns.flat(*given)
    with pytest.raises(InvalidValue, match="from 0 on"):
        StopColumns.flat(np.array([-1]), at, at)
    with pytest.raises(InvalidValue, match="end must be a column of 1 rows"):
        StopColumns.flat(np.array([0]), at, np.array([at[0], at[0]]))
    with pytest.raises(InvalidValue, match="a list column of structs"):
        StopColumns.from_lists(series("03-05 10:00"))
    with pytest.raises(MissingColumn, match="'end'"):
        StopColumns.from_lists(pl.Series([[{"begin": datetime(2018, 3, 5, tzinfo=UTC)}]]))


def test_stops_of_rows_that_there_are_not_are_refused() -> None:
    """A stop whose row number lies beyond the column would be lost without a word; it is refused."""
    stops = StopColumns.flat(np.array([7]), np.array([us("03-05 10:00")]), np.array([us("03-05 11:00")]))
    with pytest.raises(InvalidValue, match=r"stops\.row must be a place in a column of 1 rows"):
        columns.due(series("03-05 09:00"), "2 working hours", WINDOW, stops=stops)


# --- Polars ---------------------------------------------------------------------------------------------------------


def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "start": series("03-05 09:00", None, "03-09 16:00"),
            "end": series("03-05 12:00", "03-06 12:00", "03-12 09:00"),
            "service": ["S10", "S08", "S08"],
            "place": ["window", "window", "system"],
            "amount": [timedelta(hours=1), timedelta(hours=2), timedelta(hours=-1)],
            "stops": stop_lists().gather([0, 1, 1]),
        }
    )


def expressions() -> dict[str, pl.Expr]:
    """An expression of each kind."""
    return {
        "due": columns.due_expr(pl.col("start"), "1 working day", WINDOW),
        "stopped": columns.due_expr("start", "2 working hours", WINDOW, stops="stops"),
        "worked": columns.worked_expr("start", "end", WINDOW),
        "added": columns.add_expr("start", work(hours=3), WINDOW),
        "each": columns.add_expr("start", pl.col("amount"), WINDOW),
        "days": columns.workdays_expr(pl.col("start").dt.date(), pl.col("end").dt.date(), WINDOW),
    }


WANTED = {
    "due": series("03-06 17:00", None, "03-12 17:00"),
    "stopped": series("03-05 14:30", None, "03-12 09:30"),
    "worked": pl.Series(
        [timedelta(hours=2, minutes=30), None, timedelta(hours=1, minutes=30)], dtype=pl.Duration("us")
    ),
    "added": series("03-05 14:00", None, "03-12 10:30"),
    "each": series("03-05 10:00", None, "03-09 15:00"),
    "days": pl.Series([0, None, 1]),
}


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("name", WANTED)
def test_expressions_give_what_the_functions_give(name: str, lazy: bool) -> None:
    """Expressions have their types and nulls, in eager and lazy frames."""
    expr = expressions()[name].alias("start")
    found = frame().lazy().select(expr).collect() if lazy else frame().select(expr)
    assert found["start"].dtype == WANTED[name].dtype
    assert found["start"].to_list() == WANTED[name].to_list()


def test_expressions_run_side_by_side() -> None:
    """Polars may run them in threads of its own, a part of the frame at a time."""
    found = pl.concat([frame()] * 50).lazy().select(**expressions()).collect()
    for name, wanted in WANTED.items():
        assert found[name].to_list() == wanted.to_list() * 50


@pytest.mark.parametrize("holed", [False, True])
def test_bounds_as_an_expression_are_structs(holed: bool) -> None:
    """A struct a row, null where the start is: due, last day, whether it is provisional, and between which instants."""
    given = frame() if holed else frame().filter(pl.col("start").is_not_null())
    expr = columns.due_bounds_expr("start", "1 working day", WINDOW, booked_until="end")
    found = given.select(expr.alias("b"))["b"]
    assert list(found.struct.fields) == ["due", "last_day", "provisional", "earliest", "latest"]
    assert found.to_list()[-1] == {
        "due": WANTED["due"].to_list()[2],
        "last_day": date(2018, 3, 12),
        "provisional": False,
        "earliest": WANTED["due"].to_list()[2],
        "latest": WANTED["due"].to_list()[2],
    }
    assert found.null_count() == (1 if holed else 0)


def test_expressions_take_limits_and_calendars_by_name() -> None:
    """Names of services and places choose limit and calendar; several calendars show their dues in UTC."""
    limits = {"S08": "1 working day", "S10": "2 working hours"}
    calendars = {"window": WINDOW, "system": SYSTEM}
    expr = columns.due_expr(
        "start", pl.col("service"), pl.col("place"), limits=limits, calendars=calendars, booked_until="end"
    )
    found = frame().select(due=expr)["due"]
    assert found.dtype == pl.Datetime("us", "UTC")
    assert found.to_list() == series("03-05 11:00", None, "03-12 17:15").to_list()


def test_expressions_of_names_need_the_names() -> None:
    """An expression as limit or calendar says nothing without the mapping that reads it."""
    with pytest.raises(InvalidValue, match="a mapping of names to limits"):
        columns.due_expr("start", pl.col("service"), WINDOW)
    with pytest.raises(InvalidValue, match="a mapping of names to calendars"):
        columns.due_bounds_expr("start", "1 working day", pl.col("place"))


def test_wrong_columns_are_told_through_polars() -> None:
    """While a query runs, Polars carries the error with its message."""
    naive = pl.DataFrame({"start": [datetime(2018, 3, 5)]})  # noqa: DTZ001
    with pytest.raises(Exception, match="no zone"):
        naive.select(columns.due_expr("start", "1 working day", WINDOW))


def test_starts_in_order_and_not_are_the_same() -> None:
    """Nothing depends on the order of the rows."""
    rng = np.random.default_rng(1)
    starts = rng.integers(us("01-01 00:00"), us("12-31 00:00"), 5000)
    order = np.argsort(starts)
    for limit in ("20 working hours", "5 working days"):
        found = np.array(columns.due(starts, limit, WINDOW).to_list())
        assert found[order].tolist() == columns.due(starts[order], limit, WINDOW).to_list()
        assert (found > starts).all()
        assert (np.diff(found[order]) >= 0).all()
    assert columns.due(starts - starts % DAY, "3 days", WINDOW).values.min() > us("01-01 00:00")
