"""Requests that are united and grouped: each cycle of one that was reopened is a row, one by one and in columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import windowservice as ws
from windowservice.facts.requests.event import event
from windowservice.facts.requests.request import request

AS_OF = datetime(2026, 3, 10, tzinfo=UTC)


class matter(
    ws.Facts,
    rows=ws.United(
        ws.Part(
            request,
            {
                "bank": request.bank,
                "month": ws.period(event.at.first(where=event.kind == "submitted"), "month"),
                "done": event.at.first(where=event.kind == "decided").happened(),
            },
        )
    ),
):
    """A matter, as the month of a bank sees it."""

    bank = ws.code("Bank")
    month = ws.fact(date, "Month in which it was submitted")
    done = ws.fact(bool, "Whether it was decided")


class matters_month(ws.Facts, rows=ws.Grouped(matter, by={"bank": matter.bank, "month": matter.month})):
    """A month of a bank."""

    bank = ws.code("Bank", required=True)
    month = ws.fact(date, "Month", required=True)
    matters = ws.fact(matter.month.count(), "Matters")
    done = ws.fact(matter.done.count(), "Matters that were decided")


PACK = ws.Pack(
    "own",
    version="1",
    rules=(
        ws.Rule("two", title="A rule made up: two", of=matters_month, require=matters_month.matters == 2),
        ws.Rule("done", title="A rule made up: done", of=matters_month, require=matters_month.done == 2),
        ws.Rule("open", title="A rule made up: open", of=matter, require=~matter.done),
    ),
)
ENGINE = ws.Engine.load(packs=[PACK], installed=False, calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00"))
REQUESTS = "id,bank,service\n1,ann,S01\n2,ann,S01\n3,bob,S01\n"
EVENTS = (
    "request,kind,at\n1,submitted,2026-01-03T10:00Z\n1,decided,2026-01-04T10:00Z\n1,reopened,2026-02-04T10:00Z\n"
    "1,submitted,2026-02-04T11:00Z\n2,submitted,2026-01-05T10:00Z\n2,decided,2026-03-20T10:00Z\n"
    "3,submitted,2026-01-05\n3,decided,2026-01-09T10:00Z\n"
)


def said(report: ws.Report) -> list[tuple[Any, ...]]:
    return sorted((one.key, one.rule, str(one.verdict), one.items) for one in report.findings)


def test_requests_are_united_and_grouped_the_same_in_columns(tmp_path: Path) -> None:
    """Of a ledger and of frames, with an event known by its date, and one that comes later."""
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    ledger = ENGINE.read(tmp_path, zone="UTC")
    one_by_one = said(ENGINE.audit(ledger, as_of=AS_OF, columns=False))
    assert len(one_by_one) > 4
    assert said(ENGINE.audit(ledger, as_of=AS_OF, columns=True)) == one_by_one
    events = pl.read_csv(EVENTS.encode(), infer_schema=False).with_columns(
        at=pl.col("at").str.slice(0, 10).str.to_datetime(time_zone="UTC")
        + pl.duration(hours=pl.col("at").str.slice(11, 2).cast(pl.Int64, strict=False).fill_null(0)),
        date_only=pl.col("at").str.len_chars() == 10,
    )
    frames = {"requests": pl.read_csv(REQUESTS.encode(), infer_schema=False), "events": events}
    assert said(ENGINE.audit(frames, as_of=AS_OF)) == one_by_one


@pytest.mark.parametrize("columns", [False, True])
def test_a_request_with_a_row_that_could_not_be_read_leaves_months_unknown(tmp_path: Path, columns: bool) -> None:
    """It may have been another event than what its row seems to be, and so of any month."""
    (tmp_path / "requests.csv").write_text(REQUESTS, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS + "2,decided,soon\n", encoding="utf-8")
    report = ENGINE.audit(ENGINE.read(tmp_path, zone="UTC"), as_of=AS_OF, columns=columns)
    assert {str(one.verdict) for one in report.of_rule("done")} == {"unknown"}
