"""A time known by its date only is in time on the last day, whatever the hour of the due, in every engine."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.matters import engines
from tests.engines import built_in
from tests.trials import trials

import windowservice as ws
from windowservice.cases.holders import holdings
from windowservice.date_only import DateOnly
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.engine.frames.requests import request_frames
from windowservice.facts import request as r
from windowservice.instants import to_us
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.requests import RequestColumns, RequestRows
from windowservice.scoring.observing.windows import Window

KEPT = "commitment/commitment_kept"
AS_OF = "2018-12-31"


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    return built_in()


def event(at: str, kind: str, *, date_only: bool = False) -> ws.Event:
    return ws.Event(f"{at}+08:00", kind, by="li", date_only=date_only)


def matter(*events: ws.Event, service: str = "S01") -> ws.Request:
    return ws.Request("R-1", "105221000018", service, events=events)


def decided(day: int) -> ws.Request:
    """Taken up on 6 September, due on the 13th at 17:00."""
    done = event(f"2018-09-{day}T00:00", "decided", date_only=True)
    return matter(event("2018-09-06T10:00", "submitted"), event("2018-09-06T10:10", "accepted"), done)


def as_columns(engine: ws.Engine, day: int) -> Any:
    events = pl.DataFrame(
        {
            "request": ["R-1"] * 3,
            "at": [date(2018, 9, 6), date(2018, 9, 6), date(2018, 9, day)],
            "kind": ["submitted", "accepted", "decided"],
            "by": ["li"] * 3,
        }
    )
    requests = pl.DataFrame({"id": ["R-1"], "bank": ["105221000018"], "service": ["S01"]})
    return engine.audit(requests, events, as_of=AS_OF)


def as_ledger(engine: ws.Engine, day: int) -> Any:
    tables = {
        "requests": [{"id": "R-1", "bank": "105221000018", "service": "S01"}],
        "events": [
            {"request": "R-1", "at": "2018-09-06 10:00", "kind": "submitted", "by": "li"},
            {"request": "R-1", "at": date(2018, 9, 6), "kind": "accepted", "by": "li"},
            {"request": "R-1", "at": f"2018-09-{day}", "kind": "decided", "by": "li"},
        ],
    }
    return engine.audit(ws.Ledger.read(tables, zone="Asia/Shanghai"), as_of=AS_OF)


WAYS = {
    "objects": lambda engine, day: engine.audit([decided(day)], as_of=AS_OF),
    "json": lambda engine, day: engine.audit([ws.Request.from_json(decided(day).to_json())], as_of=AS_OF),
    "columns": as_columns,
    "ledger": as_ledger,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("day", "late"), [(12, None), (13, None), (14, 1), (17, 4)])
def test_done_on_a_date_is_judged_by_the_last_day(engine, way, day, late) -> None:
    found = WAYS[way](engine, day).finding("R-1", KEPT)
    assert found.verdict == ("fail" if late else "pass")
    assert found.late_by == (timedelta(days=late) if late else None)


@pytest.mark.parametrize(
    ("done", "verdict"),
    [("2018-09-06T08:50", "pass"), ("2018-09-06T15:00", "unknown"), ("2018-09-10T10:00", "fail")],
)
def test_working_time_from_a_date_alone_is_told_only_where_every_hour_says_the_same(engine, done, verdict) -> None:
    events = (
        event("2018-09-06T00:00", "submitted", date_only=True), event("2018-09-06T00:00", "accepted", date_only=True),
        event(done, "delivered"),
    )  # fmt: skip
    found = engine.audit([matter(*events, service="S04")], as_of=AS_OF).finding("R-1", KEPT)
    assert found.verdict == verdict
    if verdict == "unknown":
        assert "only the date" in str(found.explain())


def test_it_is_not_seen_at_the_end_of_the_day_before_and_seen_on_its_date(engine) -> None:
    request = matter(event("2018-09-06T00:00", "submitted", date_only=True))
    assert not list(engine.audit([request], as_of="2018-09-05"))
    assert list(engine.audit([request], as_of="2018-09-06T09:00+08:00"))


def test_it_is_no_contradiction_with_what_has_an_hour_on_its_date(engine) -> None:
    request = matter(
        event("2018-09-06T00:00", "decided", date_only=True),
        event("2018-09-06T10:00", "submitted"),
        event("2018-09-06T10:10", "accepted"),
    )
    assert [one.kind for one in request.timeline] == ["submitted", "accepted", "decided"]
    assert engine.audit([request], as_of=AS_OF).finding("R-1", "standard/steps_in_order").verdict == "pass"


def test_a_date_is_compared_by_its_beginning_and_end() -> None:
    day = DateOnly(100, 200)
    assert [day <= at for at in (99, 100, 101, 199, 200)] == [False, False, True, True, True]
    assert [day >= at for at in (99, 100, 199, 200)] == [True, True, True, False]
    assert [at > day for at in (100, 199, 200)] == [False, False, True]
    assert pickle.loads(pickle.dumps(day)).end == 200


@trials(0.6)
@given(st.integers(1, 19), st.integers(7, 27))
def test_it_is_in_time_as_the_first_moment_of_its_date_is(number: int, day: int) -> None:
    """The slow reading: under every limit and calendar, a date is judged as the microsecond that follows 24:00."""
    told = []
    for at, date_only in ((f"2018-09-{day:02}T00:00", True), (f"2018-09-{day:02}T00:00:00.000001", False)):
        began = (event("2018-09-06T10:00", "submitted"), event("2018-09-06T10:10", "accepted"))
        done = [event(at, kind, date_only=date_only) for kind in ("decided", "delivered")]
        request = matter(*began, *done, service=f"S{number:02}")
        told.append([(one.rule, one.verdict) for one in engines()["odd"].check(request, as_of=AS_OF)])
    assert told[0] == told[1]


def test_indicators_of_requests_count_it_alike_over_objects_and_in_columns(engine) -> None:
    service = next(one.id for one in engine.catalogue if one.appointment)
    slot = ("2018-09-10T10:00+08:00", "2018-09-10T11:00+08:00")
    requests = [
        ws.Request(
            f"R-{day}-{dated}", "105221000018", service,
            events=[
                ws.Event("2018-09-06T10:00+08:00", "booked", slot=slot),
                event(f"2018-09-{day}T09:59", "arrived", date_only=dated),
            ],
        )
        for day in (10, 11) for dated in (True, False)
    ]  # fmt: skip
    indicator = next(one for one in Indicator.default() if one.of is r)
    quarter = Window("2018Q3", date(2018, 7, 1).toordinal(), date(2018, 9, 30).toordinal(), 10**18, False)  # type: ignore[arg-type]
    reader = engine.reader_of(r)
    rows = [tuple(row) for row in RequestRows(reader, requests).rows(indicator, quarter) if row.when is not False]
    found = RequestColumns(reader, *request_frames(requests, 10**18)).rows(indicator, quarter)
    assert found is not None
    assert sorted(found.rows()) == sorted(rows) != []


def test_a_corrected_time_keeps_its_hour() -> None:
    first = event("2018-09-06T00:00", "decided", date_only=True)
    found = first.amended("2018-09-07T10:00+08:00", "chief", at="2018-09-06T15:00+08:00")
    assert (found.at.hour, found.date_only) == (15, False)
    assert first.amended("2018-09-07T10:00+08:00", "chief", note="x").date_only


@pytest.mark.parametrize("at", ["2018-05-03", date(2018, 5, 3)])
def test_a_bare_date_without_a_zone_is_refused_with_what_to_write(at) -> None:
    with pytest.raises(ws.WindowserviceError, match="date_only=True"):
        ws.Event(at, "decided")


KINDS = ("asked", "submitted", "accepted", "handed_over", "taken_over", "checked", "authorised", "refused", "decided")
HOURS = {"dated": (0,), "seen": (9, 12), "later": (17, 20)}
"""As of 16:00: events known by their date, seen by then, and later."""
Rows = list[tuple[str, int, str, str]]
ONE_DAY = st.lists(
    st.tuples(
        st.sampled_from(("dated", "dated", "seen", "later")), st.integers(0, 1), st.sampled_from(KINDS),
        st.sampled_from(("li", "wang", "zhao")),
    ),
    min_size=2, max_size=5,
)  # fmt: skip
"""What happened to a matter on one day: how it is known, at what hour, what, and who did it."""


def one_day(zone: str, rows: Rows) -> list[ws.Event]:
    return [
        ws.Event(f"2018-09-26T{HOURS[how][at % len(HOURS[how])]:02}:00{zone}", kind, by=by, date_only=how == "dated")
        for how, at, kind, by in rows
    ]


@pytest.fixture(scope="module")
def dated(engine: ws.Engine) -> ws.Engine:
    """Rules that rest on the day of a matter, with what the library says of limits."""
    decided = r.decided_at.happened()
    since = [ws.Rule(f"since_{day}", title="x", require=decided, since=f"2018-09-{day}") for day in (26, 27, 28)]
    by_day = ws.Rule("first", title="x", require=r.dated_at.by(r.commitment_due))
    return engine.with_rules(*since, by_day).only("own", "in_time", "commitment", "first_contact")


@given(
    zone=st.sampled_from(("Z", "+08:00", "-05:00")), days=st.lists(ONE_DAY, min_size=6, max_size=6),
    submitted=st.booleans(),
)  # fmt: skip
def test_what_happens_later_changes_no_order_of_what_is_known_by_its_date(
    dated: ws.Engine, zone: str, days: list[Rows], submitted: bool
) -> None:
    """In objects it is as if it were not there yet, for verdicts, indicators and who held it; columns say the same."""
    recorded = None if submitted else EVENT_KINDS - {"submitted"}
    by_day = attrs.evolve(next(one for one in Indicator.default() if one.of is r), on=r.dated_at)
    as_of = f"2018-09-26T16:00{zone}"
    us, said = to_us(as_of), {}
    month = Window("2018-09", date(2018, 9, 1).toordinal(), date(2018, 9, 30).toordinal(), us, False)  # type: ignore[arg-type]
    matters = []
    for number, events in enumerate(one_day(zone, day) for day in days):
        whole, seen = (
            ws.Request(f"R-{number}", "105221000018", "S10", events=chosen, recorded=recorded)
            for chosen in (events, [event for event in events if event.us <= us])
        )
        if not seen.events:
            continue
        matters.append(whole)
        verdicts = dict(dated.check(whole, as_of=as_of).verdicts)
        said |= {f"{whole.id} {rule}": verdict for rule, verdict in verdicts.items()}
        assert verdicts == dict(dated.check(seen, as_of=as_of).verdicts)
        assert holdings(whole, dated.calendar, us) == holdings(seen, dated.calendar, us)
        rows = [list(RequestRows(dated.reader_of(r), [one]).rows(by_day, month)) for one in (whole, seen)]
        assert rows[0] == rows[1]
    if matters:
        columns = dated.audit(*request_frames(matters, us), as_of=as_of, recorded=recorded)
        assert {f"{finding.key} {finding.rule}": finding.verdict for finding in columns} == said
