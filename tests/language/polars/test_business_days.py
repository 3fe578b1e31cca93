"""Functions on the days of a system: the beginning of a business date, and the close of a date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.errors import TypeMismatch, UnknownName
from windowservice.language.tree.kernels import BUSINESS_DAY, CLOSE_OF


class parcel(ws.Facts, dated_by="at"):
    """A record with an instant, a date and the name of a calendar."""

    id = ws.fact(str, "Its number", required=True)
    at = ws.fact(datetime, "When", required=True)
    day = ws.fact(date, "A date")
    system = ws.fact(str, "A calendar")
    begins = ws.fact(BUSINESS_DAY(at, system), "When its business date begins")
    ends = ws.fact(CLOSE_OF(day, system), "When its date ends")


NOTICE = ws.Basis("A test", mark="assumption")
ENGINE = ws.Engine.load(installed=False, packs=[], calendars=built_in().calendars).with_rules(
    ws.Rule("not_before", title="Its business date has begun", require=parcel.begins <= parcel.at, basis=NOTICE),
    ws.Rule("ended", title="Its date has ended", require=parcel.at >= parcel.ends, basis=NOTICE),
)  # fmt: skip


def _rows() -> st.SearchStrategy[list[dict[str, Any]]]:
    begin = datetime(2018, 4, 25, tzinfo=UTC)
    row = st.fixed_dictionaries({
        "at": st.integers(0, 20 * 86_400).map(lambda s: begin + timedelta(seconds=s)),
        "day": st.none() | st.dates(date(2018, 4, 25), date(2018, 5, 14)),
        "system": st.sampled_from([None, "", "HVPS", "BEPS", "exchange"]),
    })  # fmt: skip
    return st.lists(row, min_size=1, max_size=20).map(
        lambda rows: [{"id": str(place), **row} for place, row in enumerate(rows)]
    )


@given(rows=_rows())
def test_objects_and_columns_say_the_same(rows: list[dict[str, Any]]) -> None:
    """Every verdict is the same, a missing calendar or date being unknown in both."""
    pl = pytest.importorskip("polars")
    schema = {"id": pl.String, "at": pl.Datetime("us", "UTC"), "day": pl.Date, "system": pl.String}
    objects = ENGINE.audit(rows, of=parcel, as_of="2018-06-01")
    columns = ENGINE.audit(pl.DataFrame(rows, schema=schema), of=parcel, as_of="2018-06-01")
    for row in rows:
        for rule in ("not_before", "ended"):
            assert objects.finding(row["id"], rule).verdict == columns.finding(row["id"], rule).verdict, row


@pytest.mark.parametrize(
    ("day", "system", "at", "verdict"),
    [
        ("2018-05-04", "BEPS", "2018-05-04T16:00+08:00", "pass"),
        ("2018-05-04", "BEPS", "2018-05-04T15:59:59+08:00", "fail"),
        ("2018-05-05", "", "2018-05-07T17:00+08:00", "pass"),
        ("2018-05-05", "", "2018-05-07T16:59:59+08:00", "fail"),
        ("2018-05-05", None, "2018-05-07T17:00+08:00", "unknown"),
        (None, "BEPS", "2018-05-07T17:00+08:00", "unknown"),
    ],
)
def test_a_date_ends_by_its_calendar(day: str | None, system: str | None, at: str, verdict: str) -> None:
    """Small-value at 16:00; a Saturday at the window when Monday does."""
    row = {"id": "1", "at": datetime.fromisoformat(at), "system": system, "day": day and date.fromisoformat(day)}
    assert ENGINE.check(row, of=parcel, as_of="2018-06-01").verdicts["own/ended"] == verdict


def test_a_calendar_that_nobody_has_is_an_error_of_the_rule() -> None:
    """It names the nearest; other rules go on."""
    row = {"id": "1", "at": datetime(2018, 5, 4, tzinfo=UTC), "system": "BEPZ", "day": date(2018, 5, 4)}
    (first, _) = ENGINE.check(row, of=parcel, as_of="2018-06-01").errors
    assert UnknownName.__name__ in str(first)
    assert "did you mean 'BEPS'" in str(first)


def test_an_instant_is_no_date() -> None:
    """Wrong types are refused when the rule is built."""
    with pytest.raises(TypeMismatch):
        CLOSE_OF(parcel.at, "BEPS")
