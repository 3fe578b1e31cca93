"""Figures are dated by the date that the record has in its own zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

import windowservice as ws
from windowservice.errors import InvalidRule
from windowservice.language.webassembly.judge import Judge as Module
from windowservice.worktime.compiled.runtime import is_there

BASIS = ws.Basis("a contract", mark="known")
TABLE = {"ACME": {"2018-01-01": 4, "2018-07-01": 2}, "Bahn": {"2018-07-01": 5}}
MOST = ws.Figure("most", int, TABLE, unit="hours", basis=BASIS)
ZONES = {
    "us": "America/New_York",
    "de": "Europe/Berlin",
    "Asia/Tokyo": "Asia/Tokyo",
    "Pacific/Auckland": "Pacific/Auckland",
}


class job(ws.Facts, dated_by="at", zone="place"):
    """A job."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer", required=True)
    place = ws.fact(str, "Calendar or zone of the customer")
    at = ws.fact(datetime, "When", required=True)
    hours = ws.fact(int, "Hours", required=True)


SHORT = ws.Rule("short", title="Short", require=job.hours <= MOST[job.customer])
NEW = ws.Rule("new", title="New", require=job.hours <= 3, since="2018-07-01")
PACK = ws.Pack("jobs", version="1", rules=[SHORT, NEW])
CALENDARS = {
    "us": ws.WorkCalendar("America/New_York", "mon-fri 09:00-17:00", name="us"),
    "de": ws.WorkCalendar("Europe/Berlin", "mon-fri 08:00-16:00", name="de"),
}
TURN = datetime(2018, 6, 30, 22, tzinfo=UTC)


def engine() -> ws.Engine:
    return ws.Engine.load(packs=[PACK], installed=False, calendars=CALENDARS)


def said(report: ws.Report) -> dict[tuple[str, str], Any]:
    columns = report.to_frame().select("key", "rule", "verdict", "shortfall", "figures")
    return {(key, rule): rest for key, rule, *rest in columns.iter_rows()}


JOBS = st.lists(
    st.builds(
        lambda customer, place, minutes, hours: {
            "customer": customer, "place": place, "at": TURN + timedelta(minutes=minutes), "hours": hours
        },
        st.sampled_from(("ACME", "Bahn")), st.sampled_from((*ZONES, None)), st.integers(-1_500, 1_500),
        st.integers(1, 6),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def _naive(row: dict[str, Any]) -> tuple[str, str]:
    if row["place"] is None:
        return "unknown", "unknown"
    day = row["at"].astimezone(ZoneInfo(ZONES[row["place"]])).date().isoformat()
    values = [value for since, value in TABLE[row["customer"]].items() if since <= day]
    short = "unknown" if not values else "pass" if row["hours"] <= values[-1] else "fail"
    return short, "not_applicable" if day < "2018-07-01" else "pass" if row["hours"] <= 3 else "fail"


@pytest.mark.parametrize("printed", [False, True])
@trials(0.5)
@given(rows=JOBS)
def test_the_line_is_that_of_the_day_where_the_record_is(rows: list[dict[str, Any]], *, printed: bool) -> None:
    jobs = [{"id": f"J{number}", **row} for number, row in enumerate(rows)]
    frame = pl.DataFrame(jobs, schema_overrides={"place": pl.String, "at": pl.Datetime("us", "UTC")})
    objects = said(engine().audit(jobs, as_of="2019-01-01T00:00Z", of=job))
    judged: list[Any] = []
    whole = Module.verdicts

    def verdicts(judge: Module, *given: Any) -> Any:
        judged.append(whole(judge, *given))
        return judged[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0 if printed else 1_000_000)
        patch.setattr("windowservice.engine.running.module_pays", lambda _: True)
        patch.setattr(Module, "verdicts", verdicts)
        assert said(engine().audit(frame, as_of="2019-01-01T00:00Z", of=job)) == objects
    if printed and is_there():
        assert len(judged[-1][0]) == 2
        assert not judged[-1][1].any()  # a zone of the data is no reason to judge a record one by one
    for one, row in zip(jobs, rows, strict=True):
        assert tuple(objects[one["id"], f"jobs/{rule}"][0] for rule in ("short", "new")) == _naive(row)


def test_the_evidence_is_of_the_day_where_the_record_is() -> None:
    record = {"id": "1", "customer": "ACME", "at": TURN, "hours": 3}
    for place, since in (("de", "2018-07-01"), ("us", "2018-01-01")):
        finding = engine().check({**record, "place": place}, as_of="2019-01-01T00:00Z").finding("1", "short")
        assert finding.evidence.figures[0].since.isoformat() == since


def test_a_zone_that_nobody_knows_is_an_error_with_the_nearest() -> None:
    record = {"id": "1", "customer": "ACME", "at": TURN, "hours": 3, "place": "Europe/Berlim"}
    report = engine().audit([record], as_of="2019-01-01T00:00Z", of=job)
    assert "did you mean 'Europe/Berlin'" in str(report.errors[0])


def test_a_zone_needs_an_instant_that_dates() -> None:
    with pytest.raises(InvalidRule, match=r"has zone=\.\.\. and no dated_by"):

        class lone(ws.Facts, zone="place"):
            place = ws.fact(str, "Where")


def test_a_zone_cannot_rest_on_a_figure() -> None:
    zones = ws.Figure("zones", str, {"ACME": {"2018-01-01": "de"}}, basis=BASIS)

    class turn(ws.Facts, dated_by="at", zone="place"):
        customer = ws.fact(str, "Customer", required=True)
        place = ws.fact(zones[customer], "Where")
        at = ws.fact(datetime, "When", required=True)

    rule = ws.Rule("r", title="r", require=MOST[turn.customer] > 0)
    with pytest.raises(InvalidRule, match="cannot rest on figures"):
        ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False).check(
            {"customer": "ACME", "at": TURN}, as_of="2019-01-01T00:00Z", of=turn
        )


def test_periods_of_reports_are_those_where_the_record_is() -> None:
    record = {"customer": "ACME", "at": TURN, "hours": 1}
    jobs = [{"id": place, "place": place, **record} for place in ("de", "us")]
    for records in (jobs, pl.DataFrame(jobs)):
        months = engine().audit(records, as_of="2019-01-01T00:00Z", of=job).filter(rule="jobs/short").by("month")
        assert {month: sum(counts.values()) for month, counts in months.items()} == {"2018-06": 1, "2018-07": 1}
