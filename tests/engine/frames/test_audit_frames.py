"""Auditing frames: whatever exports Arrow goes in, bad input is refused or listed, and the report tells of both."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.errors import (
    InvalidValue,
    MissingColumn,
    NaiveTime,
    UnknownName,
)
from windowservice.facts import request as r

AS_OF = "2018-05-15T09:00+08:00"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"2018-05-{text}+08:00").astimezone(UTC)


ROWS = [
    ("R-1", _at("03T09:40"), "submitted", "wang"),
    ("R-1", _at("03T10:20"), "accepted", "wang"),
    ("R-1", _at("04T10:20"), "checked", "zhao"),
    ("R-1", _at("14T16:10"), "decided", "li"),
    ("R-2", _at("07T14:00"), "submitted", "wang"),
    ("R-2", _at("07T14:10"), "accepted", "wang"),
    ("R-2", _at("09T10:00"), "checked", None),
    ("R-2", _at("09T10:30"), "decided", "li"),
]


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    """Two built-in packs, and a rule on the amount."""
    small = ws.Rule("small", title="A small amount", require=r.amount < 1_000, severity="note")
    return built_in().with_rules(small).only("commitment", "standard", "own", "told_once/told_once")


@pytest.fixture
def requests() -> pl.DataFrame:
    return pl.DataFrame(
        {"id": ["R-1", "R-2"], "bank": ["105221000018", "313222080002"], "service": "S10", "amount": [500, None]}
    )


@pytest.fixture
def events() -> pl.DataFrame:
    schema = {"request": pl.String, "at": pl.Datetime("us", "UTC"), "kind": pl.String, "by": pl.String}
    return pl.DataFrame(ROWS, schema=schema, orient="row")


def _pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Classic pandas: object columns of str, floats for numbers with gaps, nanoseconds with a zone, categoricals."""
    found = pd.DataFrame({name: frame[name].to_list() for name in frame.columns})
    if "kind" in found:
        found["kind"] = found["kind"].astype("category")
        found["at"] = pd.to_datetime(found["at"]).astype("datetime64[ns, UTC]")
    else:
        found["amount"] = found["amount"].astype("float64")
    return found


def _duckdb(frame: pl.DataFrame) -> Any:
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_arrow(frame.to_arrow())


FORMS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "Polars": lambda frame: frame,
    "lazy Polars": lambda frame: frame.lazy(),
    "pandas": _pandas,
    "pyarrow table": lambda frame: frame.to_arrow(),
    "pyarrow reader": lambda frame: pa.RecordBatchReader.from_batches(
        frame.to_arrow().schema, frame.to_arrow().to_batches()
    ),
    "DuckDB relation": _duckdb,
}


@pytest.mark.parametrize("form", FORMS)
def test_any_frame_that_exports_arrow_goes_in(form, engine, requests, events) -> None:
    """Each form of the same two frames comes to the same verdicts, as a pair and as a mapping of tables."""
    made = FORMS[form]
    wanted = engine.audit(requests, events, as_of=AS_OF)
    assert wanted.counts["fail"] > 0
    assert engine.audit(made(requests), made(events), as_of=AS_OF).verdicts == wanted.verdicts
    tables = {"requests": made(requests), "events": made(events)}
    assert engine.audit(tables, as_of=AS_OF).verdicts == wanted.verdicts


def test_arrow_comes_out(engine, requests, events) -> None:
    """Findings are a frame that any Arrow reader takes, with key, rule, verdict, numbers, figures and versions."""
    report = engine.audit(requests, events, as_of=AS_OF)
    table = pa.table(report.failures.to_frame())
    late = next(row for row in table.to_pylist() if row["rule"] == "commitment/commitment_kept")
    assert late["key"] == "R-1"
    numbers = ("verdict", "shortfall", "unit", "overrun_seconds")
    assert tuple(late[name] for name in numbers) == ("fail", 342_600, "seconds", 43_800)
    assert "commitment[S10] = 5 working days since 2018-01-01" in late["figures"]
    assert late["engine"] == engine.version
    assert late["basis"]
    assert late["version"]


def test_the_report_answers_as_that_on_objects(engine, requests, events) -> None:
    """Counts, selections, groups, single findings and the small view are those of the same requests as objects."""
    report = engine.audit(requests, events, as_of=AS_OF)
    objects = [
        ws.Request(
            row["id"], row["bank"], "S10", amount=row["amount"],
            events=[ws.Event(at, kind, by=by) for of, at, kind, by in ROWS if of == row["id"]],
        )
        for row in requests.to_dicts()
    ]  # fmt: skip
    same = engine.audit(objects, as_of=AS_OF)
    assert report.counts == same.counts
    assert report.passed == same.passed
    assert str(report) == str(same)
    for selector in (
        "key",
        "bank",
        "service",
        "clerk",
        "rule",
        "severity",
        "policy",
        "principle",
        "pack",
        "verdict",
    ):
        assert report.by(selector) == same.by(selector), selector
    for wanted in (
        {"bank": "105221000018"},
        {"verdict": ["fail", "unknown"]},
        {"rule": "small"},
        {"key": "R-2"},
        {"clerk": "wang"},
    ):
        one, other = report.filter(**wanted), same.filter(**wanted)
        assert one.counts == other.counts
        assert [str(finding) for finding in one] == [str(finding) for finding in other]
    assert [str(f) for f in report.at_least("major")] == [str(f) for f in same.at_least("major")]
    assert report.explain("R-1", "commitment_kept") == same.explain("R-1", "commitment_kept")
    names = [
        "key",
        "clerk",
        "rule",
        "verdict",
        "shortfall",
        "unit",
        "overrun_seconds",
        "figures",
        "basis",
        "version",
        "engine",
    ]
    assert report.to_frame().select(names).rows() == same.to_frame().select(names).rows()
    assert pickle.loads(pickle.dumps(report.filter(key="R-1"))).counts == report.filter(key="R-1").counts


def test_a_record_of_ones_own_goes_in_too() -> None:
    """A frame of tickets is judged by rules over tickets, told by its columns; without a key its rows are named."""

    class ticket(ws.Facts):
        opened_at = ws.fact(datetime, "When it was opened", required=True)
        closed_at = ws.fact(datetime, "When it was closed")

    day = ws.Rule(
        "day", of=ticket, title="Closed the same day", require=ticket.closed_at.by(ws.due(ticket.opened_at, "24 hours"))
    )
    engine = built_in().with_rules(day)
    frame = pl.DataFrame({"opened_at": [_at("03T09:00")] * 3, "closed_at": [_at("03T10:00"), _at("05T10:00"), None]})
    report = engine.audit(frame, as_of=AS_OF)
    assert report.verdict_frame()["own/day"].to_list() == ["pass", "fail", "fail"]
    assert [finding.key for finding in report.failures] == ["row 2", "row 3"]
    assert "still open" in report.explain("row 3", "day")


def test_pandas_columns_that_are_all_missing_are_of_any_type(engine, requests, events) -> None:
    """A column of nothing but NaN or NaT, and frames without rows, say nothing of their type."""
    gaps = _pandas(events).assign(reason=float("nan"), written=float("nan"), slot_begin=pd.NaT, items=None)
    wanted = engine.audit(requests, events, as_of=AS_OF)
    assert engine.audit(_pandas(requests), gaps, as_of=AS_OF).verdicts == wanted.verdicts
    nothing = engine.audit(_pandas(requests).iloc[:0], gaps.iloc[:0], as_of=AS_OF)
    assert (len(nothing.subjects), nothing.passed, nothing.evaluated) == (0, False, False)
    assert nothing.failures.to_frame().is_empty()


# --- what becomes of every row ----------------------------------------------------------------------------------------


def test_nothing_disappears_and_the_counts_add_up(engine, requests, events) -> None:
    """Orphans, later events, columns that nothing reads, and records that cannot be judged are all told."""
    more = pl.DataFrame(
        {"request": ["R-7", "R-7", "R-2", "R-1"], "at": [_at("04T09:00")] * 2 + [_at("20T09:00"), _at("04T09:00")],
         "kind": ["submitted", "decided", "closed", "acepted"], "by": ["x"] * 4},
        schema=events.schema,
    )  # fmt: skip
    report = engine.audit(requests.with_columns(shoe=pl.lit(42)), pl.concat([events, more]), as_of=AS_OF)
    intake = report.intake
    assert (intake.records, intake.children, intake.seen, intake.later, intake.orphans) == (2, 12, 9, 1, 2)
    assert intake.children == intake.seen + intake.later + intake.orphans
    assert intake.orphan_keys == ("R-7",)
    assert intake.unused == {"requests": ("shoe",), "events": ()}
    assert list(intake.unjudged) == [0]
    assert "did you mean 'accepted'?" in intake.unjudged[0]
    errors = report.errors.to_frame()
    assert set(errors["key"]) == {"R-1"}
    assert set(errors["error"]) == {intake.unjudged[0]}
    assert report.finding("R-1", "commitment_kept").error == intake.unjudged[0]


@pytest.mark.parametrize(
    ("column", "reason"),
    [("bank", "requests.bank, row 2 must be a text: it is required"), ("id", "requests.id, row 2 must be a text")],
)
def test_a_record_without_what_every_one_has_is_listed(column, reason, engine, requests, events) -> None:
    """A request without its bank or its id is in error under every rule, with the row; the other is judged."""
    some = requests.with_columns(pl.when(pl.int_range(pl.len()) == 0).then(pl.col(column)).alias(column))
    report = engine.audit(some, events, as_of=AS_OF)
    assert report.intake.unjudged[1].startswith(reason)
    assert set(report.filter(key="R-1").by("verdict")) > {"pass", "fail"}
    assert sum(report.by("rule")["commitment/commitment_kept"].values()) == 2


def test_an_empty_name_is_listed_as_no_object_could_hold_it(engine, requests, events) -> None:
    """A bank that is an empty text makes no request, in frames as in objects."""
    report = engine.audit(requests.with_columns(bank=pl.Series(["", "B"])), events, as_of=AS_OF)
    with pytest.raises(InvalidValue) as refused:
        ws.Request("R-1", "", "S10")
    assert report.intake.unjudged == {0: str(refused.value)}


# --- what is refused --------------------------------------------------------------------------------------------------


def test_a_missing_column_is_named(engine, requests, events) -> None:
    """Without the kind of events, and without whose they are, nothing can be judged."""
    for column in ("kind", "request"):
        with pytest.raises(MissingColumn, match=rf"events.*{column}"):
            engine.audit(requests, events.drop(column), as_of=AS_OF)


def test_a_misspelt_column_is_told_with_the_nearest(engine, requests, events) -> None:
    """A column that looks like one of ours but is not would be passed over silently."""
    with pytest.raises(UnknownName, match="chanel"):
        engine.audit(requests.with_columns(chanel=pl.lit("x")), events, as_of=AS_OF)


@pytest.mark.parametrize(
    ("table", "column", "values", "told"),
    [
        ("events", "at", pl.lit(datetime(1850, 1, 1, tzinfo=UTC)), "events.at, row 1"),
        ("events", "at", pl.lit(253_402_300_800_000).cast(pl.Datetime("ms", "UTC")), "events.at, row 1"),
        ("requests", "amount", pl.lit(float("inf")), "requests.amount, row 1"),
        ("requests", "amount", pl.lit(2.5), "requests.amount, row 1"),
        ("requests", "amount", pl.lit(10**18), "requests.amount, row 1"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_an_error_of_its_record_alone(
    table, column, values, told, engine, requests, events
) -> None:
    frames = {"requests": requests, "events": events}
    whole = {(f.key, f.rule): f.verdict for f in engine.audit(requests, events, as_of=AS_OF)}
    first = pl.col("id" if table == "requests" else "request") == "R-1"
    frames[table] = frames[table].with_columns(pl.when(first).then(values).otherwise(pl.col(column)).alias(column))
    report = engine.audit(frames["requests"], frames["events"], as_of=AS_OF)
    for finding in report:
        if finding.key == "R-1":
            assert finding.verdict == "error"
            assert told in (finding.error or "")
        else:
            assert finding.verdict == whole[finding.key, finding.rule]


@pytest.mark.parametrize(
    ("table", "column", "values", "error", "told"),
    [
        ("events", "at", pl.lit("2018-05-03"), InvalidValue, r"events\.at must be a column of instants"),
        ("events", "at", pl.col("at").dt.replace_time_zone(None), NaiveTime, r"events\.at, row 1"),
        ("events", "by", pl.lit(7.5), InvalidValue, r"events\.by, row 1"),
        ("requests", "amount", pl.lit("many"), InvalidValue, r"requests\.amount must be a column of whole numbers"),
        ("requests", "id", pl.lit("R-1"), InvalidValue, r"requests\.id, row 2.*stands twice"),
        ("requests", "bank", pl.lit(True), InvalidValue, r"requests\.bank must be a column of ids"),
    ],
)  # fmt: skip
def test_a_wrong_column_is_refused_with_its_row(table, column, values, error, told, engine, requests, events) -> None:
    """A column of another type, naive times and double keys are named."""
    frames = {"requests": requests, "events": events}
    frames[table] = frames[table].with_columns(values.alias(column))
    with pytest.raises(error, match=told):
        engine.audit(frames, as_of=AS_OF)


def test_nan_is_missing(engine, requests, events) -> None:
    """NaN in a column of numbers is missing data: the rule on it is unknown, never failed."""
    report = engine.audit(requests.with_columns(amount=pl.lit(float("nan"))), events, as_of=AS_OF)
    assert report.by("rule")["own/small"] == {"unknown": 2}


def test_what_goes_with_frames_goes_only_with_frames(engine, requests, events) -> None:
    """Children beside objects or beside a mapping, an unknown table, and no table of ours are refused."""
    with pytest.raises(InvalidValue, match="children"):
        engine.audit([], events, as_of=AS_OF)
    with pytest.raises(InvalidValue, match="children"):
        engine.audit({"requests": requests}, events, as_of=AS_OF)
    with pytest.raises(UnknownName, match="event"):
        engine.audit({"requests": requests, "evnts": events}, as_of=AS_OF)
    with pytest.raises(InvalidValue, match="requests, events"):
        engine.audit({"rows": requests}, as_of=AS_OF)


def test_kinds_that_are_not_recorded_are_unknown(engine, requests, events) -> None:
    """Where the source records all kinds, no notice means none was given; where it does not, nobody can tell."""
    kinds = {"submitted", "accepted", "checked", "decided"}
    assert engine.audit(requests, events, as_of=AS_OF).by("rule")["told_once/told_once"] == {"not_applicable": 2}
    report = engine.audit(requests, events, as_of=AS_OF, recorded=kinds)
    assert report.by("rule")["told_once/told_once"] == {"unknown": 2}
    assert report.finding("R-1", "told_once/told_once").verdict == "unknown"
