"""Groups and unions in columns say what they say one by one: of ledgers, of frames in hand, and by a module."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.engine import running
from windowservice.engine.frames import frames as frames_module
from windowservice.errors import InvalidValue, UnknownName

AS_OF = datetime(2026, 3, 10, 12, tzinfo=UTC)
BEGIN = datetime(2026, 1, 20, tzinfo=UTC)


class crew(ws.Facts, rows=ws.Given("crews")):
    """A crew."""

    id = ws.key("Name")


class job(ws.Facts, rows=ws.Given("jobs"), happens="opened_at"):
    """A job."""

    id = ws.key("Number")
    crew = ws.code("Crew")
    kind = ws.fact(str, "Kind", words=("repair", "visit"))
    opened_at = ws.fact(datetime, "Opened", required=True)
    closed_at = ws.fact(datetime, "Closed")
    spam = ws.fact(bool, "Spam")
    hours = ws.fact(int, "Hours")
    slow = ws.fact(closed_at - opened_at > timedelta(days=2), "More than two days")
    due_at = ws.fact(ws.due(opened_at, "2 working days"), "When it was to be closed")
    in_time = ws.fact(closed_at.by(due_at), "Whether it was closed by then")


class ring(ws.Facts, rows=ws.Given("rings"), happens="at"):
    """A call."""

    id = ws.key("Number")
    crew = ws.code("Crew", required=True)
    at = ws.fact(datetime, "When", required=True)


class crew_month(
    ws.Facts,
    rows=ws.Grouped(
        job,
        by={"crew": job.crew, "month": ws.period(job.opened_at, "month")},
        where=~job.spam,
        every={"crew": crew.id, "month": "2026-01-01"},
    ),
):
    """A month of a crew."""

    crew = ws.code("Crew", required=True)
    month = ws.fact(date, "Month", required=True)
    jobs = ws.fact(job.id.count(), "Jobs")
    slow = ws.fact(job.id.count(where=job.slow), "Slow")
    hours = ws.fact(job.hours.sum(), "Hours")
    first = ws.fact(job.kind.first(), "First kind")
    late = ws.fact(job.opened_at.max(), "Last opened")


class kind_of_job(
    ws.Facts,
    rows=ws.Grouped(
        job,
        by={"kind": job.kind, "spam": job.spam, "hours": job.hours.otherwise(0)},
        where=job.slow,
        every={"kind": ["repair"], "spam": [True, False], "hours": [1, 2]},
    ),
):
    """Jobs that are alike."""

    kind = ws.fact(str, "Kind", words=("repair", "visit"))
    spam = ws.fact(bool, "Spam")
    hours = ws.fact(int, "Hours")
    jobs = ws.fact(job.id.count(), "Jobs")


class closing_week(ws.Facts, rows=ws.Grouped(job, by={"week": ws.period(job.closed_at, "week")})):
    """A week in which jobs were closed."""

    week = ws.fact(date, "Week", required=True)
    any_spam = ws.fact(job.spam.any(), "Whether any was spam")


class due_day(ws.Facts, rows=ws.Grouped(job, by={"day": ws.period(job.due_at, "day")}, where=job.in_time)):
    """A day by which jobs were to be closed."""

    day = ws.fact(date, "Day", required=True, planned=True)
    crews = ws.fact(job.crew.union(), "Crews")
    free = ws.fact(ws.due(job.opened_at.max(), "1 working day"), "A day after the last")


class month_of_crew(
    ws.Facts,
    rows=ws.United(
        ws.Part(
            crew_month,
            {"crew": crew_month.crew, "quarter": ws.period(crew_month.month, "quarter"), "jobs": crew_month.jobs,
             "hours": crew_month.hours},
        )
    ),
):  # fmt: skip
    """A month of a crew, as its quarter sees it."""

    crew = ws.code("Crew", required=True)
    quarter = ws.fact(date, "Quarter", required=True)
    jobs = ws.fact(int, "Jobs")
    hours = ws.fact(int, "Hours", required=True)


class crew_quarter(
    ws.Facts, rows=ws.Grouped(month_of_crew, by={"crew": month_of_crew.crew, "quarter": month_of_crew.quarter})
):
    """A quarter of a crew."""

    crew = ws.code("Crew", required=True)
    quarter = ws.fact(date, "Quarter", required=True)
    busiest = ws.fact(month_of_crew.jobs.max(), "Jobs of its busiest month")
    months = ws.fact(month_of_crew.jobs.count(), "Months")


class word(
    ws.Facts,
    rows=ws.United(
        ws.Part(job, {"crew": job.crew, "at": job.opened_at + timedelta(days=20), "way": "job"}, where=~job.spam),
        ws.Part(ring, {"crew": ring.crew, "at": ring.at, "way": "ring"}),
        same=("crew", "at"),
    ),
    happens="at",
):
    """Somebody turned to us."""

    crew = ws.code("Crew")
    at = ws.fact(datetime, "When")
    way = ws.fact(str, "How", words=("job", "ring"))


class day_of_words(
    ws.Facts,
    rows=ws.Grouped(
        word, by={"crew": word.crew, "day": ws.period(word.at, "day")},
        every={"crew": crew.id, "day": "2026-03-08"},
    ),
):  # fmt: skip
    """A day of a crew."""

    crew = ws.code("Crew", required=True)
    day = ws.fact(date, "Day", required=True)
    words = ws.fact(word.at.count(), "Words")
    rings = ws.fact(word.at.count(where=word.way == "ring"), "Rings")


def rule(of: type[ws.Facts], name: str, require: Any) -> ws.Rule:
    return ws.Rule(name, title=f"A rule made up for a test: {name}", of=of, require=require)


PACK = ws.Pack(
    "desk",
    version="1",
    rules=(
        rule(job, "named", job.crew.is_known()),
        rule(crew_month, "few", crew_month.jobs <= 1),
        rule(crew_month, "quick", crew_month.slow == 0),
        rule(crew_month, "hours", crew_month.hours <= 3),
        rule(crew_month, "first", crew_month.first == "visit"),
        rule(crew_month, "soon", ws.due(crew_month.late, "2 working days") < datetime(2026, 2, 20, tzinfo=UTC)),
        rule(due_day, "one_crew", due_day.crews.size() <= 1),
        rule(due_day, "free", due_day.free < datetime(2026, 2, 20, tzinfo=UTC)),
        rule(kind_of_job, "alone", kind_of_job.jobs <= 1),
        rule(closing_week, "no_spam", ~closing_week.any_spam),
        rule(month_of_crew, "some", month_of_crew.jobs > 0),
        rule(crew_quarter, "calm", crew_quarter.busiest <= 1),
        rule(crew_quarter, "whole", crew_quarter.months == 3),
        rule(word, "by_job", word.way == "job"),
        rule(day_of_words, "quiet", day_of_words.words <= 1),
        rule(day_of_words, "no_rings", day_of_words.rings == 0),
    ),
)
TYPES = [
    crew,
    job,
    ring,
    crew_month,
    kind_of_job,
    closing_week,
    due_day,
    month_of_crew,
    crew_quarter,
    word,
    day_of_words,
]


class Desk:
    """The plugin of the desk."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return TYPES


ENGINE = ws.Engine.load(
    packs=[PACK], plugins=[Desk()], installed=False, calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")
)
BY_MODULE = ENGINE.only("desk")
TABLES = {
    job: {"jobs"}, crew_month: {"jobs", "crews"}, kind_of_job: {"jobs"}, closing_week: {"jobs"}, due_day: {"jobs"},
    month_of_crew: {"jobs", "crews"}, crew_quarter: {"jobs", "crews"}, word: {"jobs", "rings"},
    day_of_words: {"jobs", "rings", "crews"},
}  # fmt: skip

# --- one world, four ways -------------------------------------------------------------------------------------------

times = st.none() | st.integers(0, 24 * 60).map(lambda hours: BEGIN + timedelta(hours=hours))
crews = st.sampled_from(["north", "south", "west", None])
jobs = st.lists(
    st.fixed_dictionaries(
        {
            "crew": crews, "kind": st.sampled_from(["repair", "visit", None]), "opened_at": times,
            "closed_at": times, "spam": st.sampled_from([True, False, False, None]),
            "hours": st.none() | st.integers(0, 3),
        }
    ),
    max_size=9,
)  # fmt: skip
rings = st.lists(st.fixed_dictionaries({"crew": crews, "at": times}), max_size=5)
worlds = st.fixed_dictionaries(
    {
        "crews": st.none() | st.lists(st.sampled_from(["north", "south", "east"]), unique=True).map(
            lambda names: [{"id": name} for name in names]
        ),
        "jobs": st.none() | jobs, "rings": st.none() | rings,
    }
)  # fmt: skip
SCHEMAS: dict[str, dict[str, Any]] = {
    "crews": {"id": pl.String},
    "jobs": {
        "id": pl.String, "crew": pl.String, "kind": pl.String, "opened_at": pl.Datetime("us", "UTC"),
        "closed_at": pl.Datetime("us", "UTC"), "spam": pl.Boolean, "hours": pl.Int64,
    },
    "rings": {"id": pl.String, "crew": pl.String, "at": pl.Datetime("us", "UTC")},
}  # fmt: skip


def frames_of(world: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """Return the tables of a world as frames; rows of jobs and rings are numbered."""
    return {
        name: pl.DataFrame([{"id": str(number), **row} for number, row in enumerate(rows)], schema=SCHEMAS[name])
        for name, rows in world.items()
        if rows is not None
    }


def said(report: ws.Report) -> Counter[tuple[str, str, str, tuple[str, ...]]]:
    """Return what rules say of each record, with what stands behind it; of what comes later nothing."""
    return Counter((found.key, found.rule, str(found.verdict), found.items) for found in report.findings)


def explained(report: ws.Report) -> Counter[str]:
    """Return the explanations of all findings but errors, which name the row of a frame too."""
    return Counter(found.explain() for found in report.findings if found.verdict != "error")


@given(worlds)
def test_groups_and_unions_say_the_same_one_by_one_and_in_columns(world: dict[str, Any]) -> None:
    """Also by a module, of frames in hand, with rows that cannot be read and tables that are not there."""
    frames = frames_of(world)
    if not frames:
        return
    ledger = ENGINE.read(frames)
    alone, together = (ENGINE.audit(ledger, as_of=AS_OF, columns=columns) for columns in (False, True))
    one_by_one = said(alone)
    assert said(together) == one_by_one
    assert explained(together) == explained(alone)
    in_hand = said(ENGINE.audit(frames, as_of=AS_OF))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames_module, "PRINTED_FROM", 0)
        patch.setattr(running, "module_pays", lambda _rules: True)
        assert said(BY_MODULE.audit(ledger, as_of=AS_OF, columns=True)) == one_by_one
        assert said(BY_MODULE.audit(frames, as_of=AS_OF)) == in_hand
    judged = {loaded.name for loaded in ENGINE.rules if not TABLES[loaded.rule.of].isdisjoint(frames)}
    refused = {one[:2] for one in in_hand if one[2] == "error"} - {one[:2] for one in one_by_one if one[2] == "error"}
    assert {key for key, name in refused if name != "desk/named"} == set()
    assert {one: n for one, n in in_hand.items() if one[:2] not in refused} == {
        one: n for one, n in one_by_one.items() if one[1] in judged
    }


def _ledger(**rows: list[dict[str, Any]] | None) -> dict[str, pl.DataFrame]:
    return frames_of({"crews": [{"id": "north"}], "jobs": None, "rings": None, **rows})


def test_a_group_of_united_rows_knows_nothing_if_one_of_their_tables_is_not_there() -> None:
    """Calls that nobody handed in are not calls that nobody made."""
    frames = _ledger(rings=[])
    for report in (ENGINE.audit(frames, as_of=AS_OF), ENGINE.audit(ENGINE.read(frames), as_of=AS_OF)):
        assert {(found.key, str(found.verdict)) for found in report.of_rule("quiet")} == {
            ("north 2026-03-08", "unknown"), ("north 2026-03-09", "unknown"), ("north 2026-03-10", "unknown"),
        }  # fmt: skip
        assert "there is no such table" in report.of_rule("quiet")[0].explain()


def test_a_table_of_which_no_row_could_be_read_is_there() -> None:
    """What is wrong with it is its rows."""
    frames = _ledger(jobs=[{"crew": "north"}])
    for report in (ENGINE.audit(frames, as_of=AS_OF), ENGINE.audit(ENGINE.read(frames), as_of=AS_OF)):
        (found, *_) = report.of_rule("few")
        assert (str(found.verdict), [row.table for row in found.unread]) == ("unknown", ["jobs"])
        assert "opened_at" in str(found.unread[0])


def test_a_mapping_names_tables_that_somebody_asks_for() -> None:
    """Also those that records are made of, without a rule on them."""
    frames = _ledger(rings=[])
    with pytest.raises(UnknownName, match="ringing"):
        ENGINE.audit({**frames, "ringing": frames["rings"]}, as_of=AS_OF)
    with pytest.raises(InvalidValue, match="frames by the names of tables"):
        ENGINE.audit({"others": frames["rings"]}, as_of=AS_OF)


def test_one_type_of_what_is_made_may_be_asked_for() -> None:
    """By `of`, as of frames of one type."""
    report = ENGINE.audit(_ledger(jobs=[], rings=[]), as_of=AS_OF, of=day_of_words)
    assert {found.rule for found in report.findings} == {"desk/quiet", "desk/no_rings"}


def test_large_tables_of_a_ledger_are_grouped_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """By themselves, and what rests on no large table stays as it is."""
    from windowservice.engine import auditing

    monkeypatch.setattr(auditing, "MANY", 2)
    rows = [{"crew": "north", "opened_at": BEGIN, "spam": False}] * 2
    report = ENGINE.audit(ENGINE.read(_ledger(jobs=rows)), as_of=AS_OF)
    made = {store.runner.vocabulary.__name__: type(store).__name__ for store in report.stores}
    assert made["crew_month"] == "ColumnStore"
    assert {str(found.verdict) for found in report.of_rule("few")} == {"fail", "pass"}
