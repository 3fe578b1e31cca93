"""Groups that are there once their period is over, how they are called, and figures dated by when a period begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.engine.frames import frames as frames_module
from windowservice.engine.seen import Seen
from windowservice.errors import InvalidRule, TypeMismatch, UnknownName
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.reading.load_report import LoadReport

ZONE = ZoneInfo("Asia/Shanghai")
ALWAYS = ws.WorkCalendar("Asia/Shanghai", "mon-sun 00:00-24:00")


class visit(ws.Facts, rows=ws.Given("visits"), happens="at"):
    """A visit."""

    id = ws.key("Number")
    site = ws.code("Site", required=True)
    at = ws.fact(datetime, "When", required=True)


class site_quarter(
    ws.Facts,
    rows=ws.Grouped(
        visit, by={"site": visit.site, "quarter": ws.period(visit.at, "quarter")}, over="quarter",
        id="{quarter} of {site}",
    ),
    dated_by="begins_at",
):  # fmt: skip
    """A quarter of a site that is over."""

    site = ws.code("Site", required=True)
    quarter = ws.fact(date, "First day of the quarter", required=True)
    begins_at = ws.fact(ws.begin_of(quarter), "When it begins")
    visits = ws.fact(visit.id.count(), "How many visits there were")


MOST = ws.Figure(
    "most", int, {"2000-01-01": 1, "2018-04-01": 2, "2018-07-01": 3}, basis=ws.Basis("Order", mark="known")
)
few = ws.Rule("few", title="Few visits", require=site_quarter.visits <= MOST)


class _Sites:
    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [visit, site_quarter]


ENGINE = ws.Engine.load(
    packs=[ws.Pack("sites", version="1", rules=[few])], plugins=[_Sites()], calendars=ALWAYS, installed=False
)


def near(day: date, seconds: int) -> datetime:
    """Return an instant so many seconds after a date begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(seconds=seconds)


FIRSTS = st.sampled_from([date(2018, month, 1) for month in (1, 3, 4, 6, 7, 8)])
INSTANTS = st.builds(near, FIRSTS, st.sampled_from([-86_400, -1, 0, 1, 9 * 86_400]))


def begin(at: datetime, months: int) -> date:
    """Return the first day of the period of so many months in which an instant lies."""
    local = at.astimezone(ZONE)
    return date(local.year, (local.month - 1) // months * months + 1, 1)


def after(first: date, months: int) -> datetime:
    """Return when the period after one begins."""
    return datetime(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1, tzinfo=ZONE)


@given(st.lists(st.tuples(st.sampled_from("ab"), INSTANTS), max_size=12), INSTANTS)
def test_a_period_is_there_once_it_is_over(rows: list[tuple[str, datetime]], as_of: datetime) -> None:
    """By the zone of dates, to the instant; called by its name; judged by the figure of its first day."""
    wanted: dict[tuple[str, date], int] = defaultdict(int)
    for site, at in rows:
        if at <= as_of and after(begin(at, 3), 3) <= as_of:
            wanted[site, begin(at, 3)] += 1
    most = {1: 1, 4: 2, 7: 3, 10: 1}
    said = {
        (f"{first.year}-Q{first.month // 3 + 1} of {site}", "pass" if number <= most[first.month] else "fail")
        for (site, first), number in wanted.items()
    }
    visits = [{"id": str(n), "site": site, "at": at} for n, (site, at) in enumerate(rows)]
    ledger = Ledger(records={"visits": tuple(Record("visits", row) for row in visits)}, report=LoadReport())
    frame = pl.DataFrame(visits, schema={"id": pl.String, "site": pl.String, "at": pl.Datetime("us", "Asia/Shanghai")})
    for report in (
        ENGINE.audit(ledger, as_of=as_of, columns=False),
        ENGINE.audit(ledger, as_of=as_of, columns=True),
        ENGINE.audit({"visits": frame}, as_of=as_of),
    ):
        assert {(finding.key, str(finding.verdict)) for finding in report.findings} == said
        assert report.slow == {}


@given(st.lists(INSTANTS, max_size=12), INSTANTS)
def test_months_of_ratings_are_those_that_are_over(asked: list[datetime], as_of: datetime) -> None:
    """As they were before the language could say it: a month that is over, with its ratings, and when it begins."""
    rows = [Record("ratings", {"id": f"R{n}", "asked_at": at}) for n, at in enumerate(sorted(asked))]
    ledger = Ledger(records={"ratings": tuple(rows)}, report=LoadReport(), zone="Asia/Shanghai")
    wanted: dict[date, list[str]] = defaultdict(list)
    for row in rows:
        if row["asked_at"] <= as_of and after(begin(row["asked_at"], 1), 1) <= as_of:
            wanted[begin(row["asked_at"], 1)].append(row["id"])
    engine = built_in()
    found = Seen.of(engine, ledger, as_of).rows("satisfaction")
    assert [(row["id"], [one["id"] for one in row["ratings"]]) for row in found] == [
        (f"ratings / {month:%Y-%m}", ids) for month, ids in wanted.items()
    ]


def test_a_date_begins_by_the_zone_in_a_module_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code for one record, columns, and the module that judges large frames."""

    class stay(ws.Facts):
        """A stay."""

        id = ws.key("Number")
        day = ws.fact(date, "First day")
        came_at = ws.fact(datetime, "When the guest came")

    rule = ws.Rule("by_day", title="Came on that day or later", require=stay.came_at >= ws.begin_of(stay.day))
    engine = ws.Engine.load(packs=[ws.Pack("stays", version="1", rules=[rule])], calendars=ALWAYS, installed=False)
    rows = [
        {"id": f"{n}", "day": day, "came_at": near(day or date(2018, 7, 1), seconds)}
        for n, (day, seconds) in enumerate(
            (day, seconds) for day in (date(2018, 3, 1), date(1986, 5, 4), None) for seconds in (-1, 0, 1)
        )
    ]
    wanted = ["fail", "pass", "pass"] * 2 + ["unknown"] * 3
    assert [str(engine.check(row, as_of="2018-12-31").verdicts["stays/by_day"]) for row in rows] == wanted
    for least in (10**6, 1):
        monkeypatch.setattr(frames_module, "PRINTED_FROM", least)
        report = engine.audit(pl.DataFrame(rows), as_of="2018-12-31", of=stay)
        assert [str(finding.verdict) for finding in report.findings] == wanted


def _quarter(**said: Any) -> Callable[[], object]:
    def make() -> object:
        by = {"site": visit.site, "quarter": ws.period(visit.at, "quarter")}

        class wrong(ws.Facts, rows=ws.Grouped(visit, by, **said)):
            """A group."""

            site = ws.code("Site", required=True)
            quarter = ws.fact(date, "Quarter", required=True)

        return wrong

    return make


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (_quarter(over="quater"), UnknownName, "quater.*quarter"),
        (_quarter(over="site"), TypeMismatch, "a key that is a date"),
        (_quarter(id="{quarter} {sight}"), UnknownName, "sight.*site"),
        (_quarter(id="{quarter}"), InvalidRule, "does not say 'site' in id="),
    ],
)
def test_what_cannot_be_over_or_be_called_so_is_refused(
    make: Callable[[], object], error: type[Exception], said: str
) -> None:
    """When the class is declared, with what to write."""
    with pytest.raises(error, match=said):
        make()


DESK = """\
schema_version = 1
name = "desk"
version = "1"
[records.visit]
title = "A visit."
table = "visits"
[records.visit.facts]
id = { type = "key", title = "Number" }
site = { type = "code", title = "Site", required = true }
at = { type = "instant", title = "When", required = true }
[records.site_month]
title = "A month of a site that is over."
dated_by = "begins_at"
[records.site_month.grouped]
of = "visit"
by = { site = "visit.site", month = "period(visit.at, 'month')" }
over = "month"
id = "{month} of {site}"
[records.site_month.facts]
site = { type = "code", title = "Site", required = true }
month = { type = "date", title = "First day", required = true }
begins_at = { formula = "begin_of(site_month.month)", title = "When it begins" }
visits = { formula = "count(visit)", title = "How many" }
[[rules]]
name = "few"
title = { en = "Few visits" }
require = "site_month.visits <= 1"
basis = "contract"
[basis.contract]
text = "C"
mark = "known"
"""


def test_a_file_says_the_same(tmp_path: Path) -> None:
    """A pack in TOML has months that are over, called by their names; a key that there is not is named."""
    (tmp_path / "desk.toml").write_text(DESK)
    engine = ws.Engine.load(packs=[tmp_path / "desk.toml"], installed=False)
    visits = [{"id": f"{n}", "site": "a", "at": f"2026-0{1 + n // 2}-05T09:00Z"} for n in range(3)]
    report = engine.audit(engine.read({"visits": visits}), as_of="2026-02-20")
    assert [(finding.key, str(finding.verdict)) for finding in report.findings] == [("2026-01 of a", "fail")]
    (tmp_path / "desk.toml").write_text(DESK.replace('over = "month"', 'over = "moth"'))
    with pytest.raises(ws.WindowserviceError, match=r"moth.*month"):
        ws.Engine.load(packs=[tmp_path / "desk.toml"], installed=False)
