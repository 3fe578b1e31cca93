"""Figures with several keys: one line for each combination, the same in objects, columns and modules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

import windowservice as ws
from windowservice.errors import InvalidRule, RuleTextError, TypeMismatch, UnknownName
from windowservice.language.text.parse import Names, parse
from windowservice.language.webassembly.judge import Judge as Module
from windowservice.worktime.compiled.runtime import is_there

BASIS = ws.Basis("a contract", mark="known")
LATER = ws.Basis("its annex", mark="assumption")
CUSTOMERS = ("ACME", "Bahn, AG", "Bahn")
LINES = {
    ("ACME", "P1", 1): {"2018-01-01": 4, "2018-07-01": 2},
    ("ACME", "P2", 1): {"2018-01-01": 8},
    ("Bahn, AG", "P1", 1): {"2018-03-01": 5},
    ("Bahn, AG", "P1", 2): {"2018-03-01": (6, LATER)},
}
MOST = ws.Figure("most", int, LINES, unit="hours", basis=BASIS)


class job(ws.Facts, dated_by="at"):
    """A job."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer")
    priority = ws.fact(str, "Priority", words=("P1", "P2", "P3"))
    level = ws.fact(int, "Level")
    vip = ws.fact(level == 3, "Whether it is of the third level")
    at = ws.fact(datetime, "When")
    hours = ws.fact(int, "Hours", required=True)


SHORT = ws.Rule("short", title="Short", require=job.hours <= MOST[job.customer, job.priority, job.level])
FIRST = ws.Rule("first", title="Short", require=job.hours <= MOST[job.customer, "P1", 1])
TABLE = {(True, "P1"): {"2018-01-01": 1}, (False, "P1"): {"2018-01-01": 3}}
VIP = ws.Rule("vip", title="Vip", require=job.hours <= ws.Figure("of_vip", int, TABLE, basis=BASIS)[job.vip, "P1"])
LEVEL = ws.Figure("by_level", int, {1: {"2018-01-01": 4}, 2: {"2018-06-01": 2}}, basis=BASIS)
LEVELS = ws.Rule("level", title="Level", require=job.hours <= LEVEL[job.level])
PACK = ws.Pack("jobs", version="1", rules=[SHORT, FIRST, VIP, LEVELS])
DAYS = ("2017-12-31", "2018-01-01", "2018-03-01", "2018-06-30", "2018-07-01")


def engine(*amendments: ws.Adjust) -> ws.Engine:
    loaded = ws.Engine.load(packs=[PACK], installed=False, calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00"))
    return loaded.amended(*amendments) if amendments else loaded


def a_job(number: int, customer: Any, priority: Any, level: Any, day: Any, hours: int) -> dict[str, Any]:
    at = None if day is None else datetime.fromisoformat(day).replace(tzinfo=UTC)
    return {"id": f"J{number}", "customer": customer, "priority": priority, "level": level, "at": at, "hours": hours}


def frame(jobs: list[dict[str, Any]]) -> pl.DataFrame:
    at = pl.Datetime("us", "UTC")
    text, number = pl.String, pl.Int64
    schema = {"id": text, "customer": text, "priority": text, "level": number, "at": at, "hours": number}
    return pl.DataFrame(jobs, schema=schema, orient="row")


def said(report: ws.Report) -> dict[tuple[str, str], Any]:
    return {
        (key, rule): rest
        for key, rule, *rest in report.to_frame().select("key", "rule", "verdict", "shortfall", "figures").iter_rows()
    }


def naive(table: Any, customer: Any, priority: Any, level: Any, day: Any, hours: int) -> str:
    dated = table.get((customer, priority, level))
    values = [] if dated is None or day is None else [dated[one] for one in sorted(dated) if one <= day]
    if not values:
        return "unknown"
    most = values[-1][0] if isinstance(values[-1], tuple) else values[-1]
    return "pass" if hours <= most else "fail"


JOBS = st.lists(
    st.tuples(
        st.sampled_from((*CUSTOMERS, "nobody", None)), st.sampled_from(("P1", "P2", "P3", None)),
        st.sampled_from((1, 2, 3, None)), st.sampled_from((*DAYS, None)), st.integers(1, 9),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def audited(jobs: list[dict[str, Any]], *, printed: bool) -> ws.Report:
    """Judge a frame of them, by a module that judges every rule, or without one."""
    judged: list[Any] = []

    def verdicts(judge: Module, *given: Any) -> Any:
        judged.append(VERDICTS(judge, *given))
        return judged[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0 if printed else 1_000_000)
        patch.setattr("windowservice.engine.running.module_pays", lambda _: True)
        patch.setattr(Module, "verdicts", verdicts)
        columns = engine().audit(frame(jobs), as_of="2019-01-01", of=job)
    assert not printed or not is_there() or len(judged[-1][0]) == len(PACK.rules)
    return columns


VERDICTS = Module.verdicts


@pytest.mark.parametrize("printed", [False, True])
@trials(0.5)
@given(rows=JOBS)
def test_each_record_is_judged_by_the_line_of_all_its_keys(rows: list[Any], *, printed: bool) -> None:
    jobs = [a_job(number, *row) for number, row in enumerate(rows)]
    columns = audited(jobs, printed=printed)
    objects = engine().audit(jobs, as_of="2019-01-01", of=job)
    assert said(columns) == said(objects)
    for number, row in enumerate(rows):
        assert said(objects)[f"J{number}", "jobs/short"][0] == naive(LINES, *row)


@given(added=st.dictionaries(st.sampled_from(DAYS), st.integers(0, 9), min_size=1), day=st.sampled_from(DAYS))
def test_an_amendment_changes_one_line_and_no_other(added: dict[str, int], day: str) -> None:
    changed = engine(ws.Adjust("most", {("ACME", "P1", 1): added}, LATER))
    table = {**LINES, ("ACME", "P1", 1): {**LINES["ACME", "P1", 1], **added}}
    for keys in LINES:
        report = changed.check(a_job(1, *keys, day, 5), as_of="2019-01-01", of=job)
        assert str(report.finding("J1", "short").verdict) == naive(table, *keys, day, 5)


def test_evidence_names_the_line_its_day_and_its_basis() -> None:
    finding = (
        engine()
        .check(a_job(1, "Bahn, AG", "P1", 2, "2018-03-01", 7), as_of="2019-01-01", of=job)
        .finding("J1", "short")
    )
    (line,) = finding.evidence.figures
    assert (line.name, line.value, line.since, line.basis) == ("most[Bahn, AG, P1, 2]", 6, date(2018, 3, 1), LATER)


def test_a_line_that_there_is_not_makes_unknown_with_the_reason() -> None:
    finding = (
        engine().check(a_job(1, "ACME", "P3", 1, "2018-03-01", 1), as_of="2019-01-01", of=job).finding("J1", "short")
    )
    assert str(finding.verdict) == "unknown"
    assert "most[ACME, P3, 1]" in finding.explain()


def test_the_version_knows_the_lines() -> None:
    versions = {
        engine().version,
        engine(ws.Adjust("most", {("ACME", "P1", 1): {"2019-01-01": 1}}, LATER)).version,
        engine(ws.Adjust("most", {("ACME", "P2", 1): {"2019-01-01": 1}}, LATER)).version,
    }
    assert len(versions) == 3


def test_text_and_back() -> None:
    expr = MOST[job.customer, "P1", 1] > 3
    names = Names([job], [MOST])
    assert str(expr) == "figure.most[job.customer, 'P1', 1] > 3"
    assert str(parse(str(expr), names)) == str(expr)
    with pytest.raises(RuleTextError, match="2 of its 3 keys"):
        parse("figure.most[job.customer, 'P1'] > 3", names)


def test_keys_may_stand_one_within_the_other() -> None:
    nested = ws.Figure("n", int, {"ACME": {"P1": {"2018-01-01": 4}, "P2": {"2018-01-01": 8}}}, basis=BASIS)
    flat = ws.Figure("n", int, {("ACME", "P1"): {"2018-01-01": 4}, ("ACME", "P2"): {"2018-01-01": 8}}, basis=BASIS)
    assert nested.table == flat.table


REFUSED: dict[str, tuple[type[Exception], str, Any]] = {
    "too few keys": (InvalidRule, "asked for with 2 of its 3 keys", lambda: MOST[job.customer, job.priority]),
    "one key": (InvalidRule, "1 of its 3 keys .*as in most\\['ACME', 'P1', 1\\]", lambda: MOST[job.customer]),
    "another type": (TypeMismatch, "whole number for job.at", lambda: MOST[job.customer, job.priority, job.at]),
    "a word that no line has": (UnknownName, "did you mean 'P1'", lambda: MOST[job.customer, "P11", 1]),
    "a word that no line has beside the others": (UnknownName, "'P2'", lambda: MOST["Bahn, AG", "P2", 1]),
    "a line whose word the fact does not know": (
        UnknownName, "word of job.priority.*did you mean 'P3'",
        lambda: ws.Figure("m", int, {("A", "P33"): {"2018-01-01": 1}}, basis=BASIS)[job.customer, job.priority],
    ),
    "lines of other numbers of keys": (
        InvalidRule, r"m\[A, B\].*m\[A\]",
        lambda: ws.Figure("m", int, {("A", "B"): {"2018-01-01": 1}, "A": {"2018-01-01": 1}}, basis=BASIS),
    ),
    "lines of other types of keys": (
        InvalidRule, "text, whole number.*text, text",
        lambda: ws.Figure("m", int, {("A", 1): {"2018-01-01": 1}, ("A", "1"): {"2018-01-01": 1}}, basis=BASIS),
    ),
    "a line twice": (
        InvalidRule, "stands twice",
        lambda: ws.Figure("m", int, {("A", "B"): {"2018-01-01": 1}, "A": {"B": {"2018-01-01": 1}}}, basis=BASIS),
    ),
    "a key of no use": (
        InvalidRule, "texts, whole numbers or truth values",
        lambda: ws.Figure("m", int, {("A", 0.5): {"2018-01-01": 1}}, basis=BASIS),
    ),
    "a test that waits": (
        InvalidRule, "still waiting",
        lambda: ws.Figure("m", int, {("A", True): {"2018-01-01": 1}}, basis=BASIS)[
            job.customer, job.at.by(ws.due(job.at, "1 working day"))
        ],
    ),
    "an amendment of a line that there is not": (
        UnknownName, "did you mean 'ACME, P1, 1'",
        lambda: engine(ws.Adjust("most", {("ACNE", "P1", 1): {"2019-01-01": 1}}, LATER)),
    ),
    "an amendment with fewer keys": (
        InvalidRule, "keyed by text, text, whole number, not by text, text",
        lambda: engine(ws.Adjust("most", {("ACME", "P1"): {"2019-01-01": 1}}, LATER)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_can_never_be_right_is_refused(what: str) -> None:
    error, match, build = REFUSED[what]
    with pytest.raises(error, match=match):
        build()


def test_keys_of_children() -> None:
    class step(ws.Facts, happens="at"):
        """A step."""

        at = ws.fact(datetime, "When", required=True)
        team = ws.fact(str, "Team")
        hours = ws.fact(int, "Hours", required=True)

    class case(ws.Facts, children=step, dated_by="opened"):
        """A case."""

        id = ws.key("Number")
        customer = ws.fact(str, "Customer", required=True)
        opened = ws.fact(datetime, "When", required=True)

    table = {("ACME", "A"): {"2018-01-01": 4}, ("ACME", "B"): {"2018-01-01": 2}}
    allowed = ws.Figure("allowed", int, table, basis=BASIS)[case.customer, step.team]
    rule = ws.Rule("each", title="Each", require=(step.hours <= allowed).all())
    start = datetime(2018, 5, 1, tzinfo=UTC)
    for hours, team, verdict in ((2, "B", "pass"), (3, "B", "fail"), (3, "C", "unknown"), (3, None, "unknown")):
        steps = [
            {"at": start + timedelta(hours=1), "team": "A", "hours": 4},
            {"at": start, "team": team, "hours": hours},
        ]
        record = {"id": "1", "customer": "ACME", "opened": start, "steps": sorted(steps, key=lambda one: one["at"])}
        loaded = ws.Engine.load(packs=[ws.Pack("c", version="1", rules=[rule])], installed=False)
        assert str(loaded.check(record, as_of="2018-06-01", of=case).finding("1", "each").verdict) == verdict
        records = pl.DataFrame([{"id": "1", "customer": "ACME", "opened": start}])
        below = pl.DataFrame([{"case": "1", **one} for one in steps], schema_overrides={"team": pl.String})
        found = loaded.audit(records, below, as_of="2018-06-01", of=case)
        assert str(found.finding("1", "each").verdict) == verdict


def test_a_word_for_which_no_line_is_there_is_warned_of_at_load() -> None:
    with pytest.warns(ws.WindowserviceWarning, match=r"'most' has no line for the word 'P3' of job\.priority"):
        engine()


def test_a_figure_with_another_behind_it_is_not_warned_of(recwarn: pytest.WarningsRecorder) -> None:
    chosen = ws.Rule(
        "c", title="C", require=job.hours <= MOST[job.customer, job.priority, 1], when=job.priority.one_of("P1", "P2")
    )
    guarded = ws.Rule("g", title="G", require=job.hours <= MOST[job.customer, job.priority, 1].otherwise(3))
    ws.Engine.load(packs=[ws.Pack("g", version="1", rules=[guarded, chosen])], installed=False)
    assert not recwarn.list


def test_a_word_without_a_line_is_not_warned_of_behind_a_guard():
    """However the figure stands in what is guarded."""

    class task(ws.Facts):
        priority = ws.fact(str, "How urgent", required=True, words=("P1", "P2"))

    most = ws.Figure("most", int, {"P1": {"2018-01-01": 2}}, basis=BASIS)
    guarded = ws.Rule("r", title="R", of=task, require=(most[task.priority] + 1).otherwise(5) > 3)
    ws.Engine.load(packs=[ws.Pack("p", version="1", rules=(guarded,))], installed=False)  # a warning is an error here


@pytest.mark.parametrize("name", ["extension", "notice", "commitment", "materials", "statute"])
def test_a_figure_of_ones_own_may_be_called_like_one_of_the_catalogue(name: str) -> None:
    """Its own lines count; the catalogue's of that name are nobody's here."""

    class loan(ws.Facts):
        """A loan."""

        id = ws.key("Id")
        months = ws.fact(int, "Months")

    most = ws.Figure(name, int, {"2020-01-01": 12}, basis=ws.Basis("terms"))
    rule = ws.Rule("short", title="Short", require=loan.months <= most)
    engine = ws.Engine.load(packs=[ws.Pack("loans", version="1", rules=[rule])], installed=False)
    verdicts = [
        engine.check({"id": "x", "months": months}, as_of="2024-01-01").verdicts["short"] for months in (12, 13)
    ]
    assert verdicts == ["pass", "fail"]
