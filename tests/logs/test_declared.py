"""The patterns of processes on real logs: activations, fulfilments and violations are as many as declare4py counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.logs.declared import CHOICES, COUNTS, LOGS, NOBODY, NUMBERS, PAIRS, Constraint, Log, constraints

import windowservice as ws
from windowservice import patterns
from windowservice.instants import datetime_us
from windowservice.language.polars.calls import Calls
from windowservice.language.polars.children import ROW
from windowservice.language.polars.compile import RecordColumns
from windowservice.language.tree.kernels import Binding

ALWAYS = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")
LATER = datetime.fromisoformat("2030-01-01T00:00+00:00")
WANTED: dict[str, dict[str, list[int | None]]] = json.loads(COUNTS.read_text("utf-8"))


class happening(ws.Facts, happens="at", kind="kind"):
    """An event of a log."""

    number = ws.fact(int, "Its place in the file", required=True)
    at = ws.fact(datetime, "When", required=True)
    kind = ws.fact(str, "What", required=True)
    who = ws.fact(str, "By whom", required=True)


class trace(ws.Facts, children=happening, under="happenings"):
    """A case of a log."""

    id = ws.key("Case")


def pattern(one: Constraint) -> ws.Expr[bool]:
    """Return a constraint as the library says it."""
    a, *others = [happening.kind == activity for activity in one.activities]
    by: ws.Expr[bool] | None = happening.who == one.person if one.person else None
    make: Any = getattr(patterns, one.template.lower().replace(" ", "_"))
    if one.template not in PAIRS:
        parts = [part if by is None else part & by for part in (a, *others)]
        return make(*parts, *([NUMBERS[one.template]] if one.template in NUMBERS else []))  # type: ignore[no-any-return]
    (b,) = others
    if by is not None and "Precedence" in one.template:
        b = b & by
    elif by is not None:
        a = a & by
    said: dict[str, Any] = {"where": happening.who == ws.here(happening.who)} if one.same else {}
    if one.hours is not None:
        least, most = one.hours
        said |= {"after": timedelta(hours=least)} if least else {}
        said |= {"within": timedelta(hours=most)}
    return make(a, b, **said)  # type: ignore[no-any-return]


def frames(log: Log, path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the cases of a log, and what happened in them, in order."""
    case, activity, person, time = log.columns
    found = pl.read_csv(path, infer_schema=False) if path.suffix == ".gz" else pl.read_parquet(path).sort("seq")
    at = pl.col(time)
    events = found.select(
        pl.col(case).alias("trace"), pl.int_range(pl.len()).alias("number"),
        (at.str.to_datetime("%F %T%.f%z", time_zone="UTC") if path.suffix == ".gz" else at)
        .dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")).alias("at"),
        pl.col(activity).cast(pl.String).alias("kind"), pl.col(person).cast(pl.String).fill_null(NOBODY).alias("who"),
    )  # fmt: skip
    cases = events.select(pl.col("trace").unique(maintain_order=True).alias("id"))
    return cases, events.sort("at", "number", maintain_order=True)


@pytest.fixture(scope="module", params=LOGS)
def read(request: pytest.FixtureRequest, log: Callable[[str], Path]) -> tuple[str, pl.DataFrame, pl.DataFrame]:
    """The frames of a log, by name."""
    name = request.param
    return (name, *frames(LOGS[name], log(LOGS[name].file)))


def test_as_many_cases_satisfy_a_constraint(read: tuple[str, pl.DataFrame, pl.DataFrame]) -> None:
    """By an audit of frames, as anybody makes it."""
    name, cases, events = read
    asked = list(constraints(LOGS[name]))
    rules = [ws.Rule(f"r{place}", title=one.name, require=pattern(one)) for place, one in enumerate(asked)]
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], installed=False, calendars=ALWAYS)
    found = engine.audit(cases, events, as_of=LATER, of=trace).by("rule")
    said = {one.name: found[f"p/r{place}"] for place, one in enumerate(asked)}
    told = {key: {str(verdict): number for verdict, number in counts.items() if number} for key, counts in said.items()}
    kept = {key: counts.get("pass", 0) for key, counts in told.items()}
    assert kept == {key: counts[3] for key, counts in WANTED[name].items()}
    assert {verdict for counts in told.values() for verdict in counts} == {"pass", "fail"}


def test_as_many_activations_fulfilments_and_violations(read: tuple[str, pl.DataFrame, pl.DataFrame]) -> None:
    """Of the patterns that something activates."""
    name, cases, events = read
    asked = [one for one in constraints(LOGS[name]) if one.template in PAIRS]
    counting = (patterns.activations, patterns.fulfilments, patterns.violations)
    exprs = [count(pattern(one)) for one in asked for count in counting]
    rows = events.join(cases.with_row_index(ROW), left_on="trace", right_on="id", maintain_order="left").select(
        pl.col(ROW).cast(pl.Int64), "number", pl.col("at").dt.epoch("us"), "kind", "who"
    )
    calls = Calls(trace, Binding(ALWAYS))
    columns = RecordColumns(cases, rows.sort(ROW, maintain_order=True), datetime_us(LATER), calls, printed=True)
    columns.call(exprs)
    totals = [int(columns.series(expr).sum()) for expr in exprs]
    found = {one.name: totals[3 * place : 3 * place + 3] for place, one in enumerate(asked)}
    assert found == {one.name: WANTED[name][one.name][:3] for one in asked}


def test_every_template_that_declare4py_checks_is_held_against_it() -> None:
    """What it does not check is held against loops over a list: see `tests/patterns`."""
    assert {one.template for one in constraints(LOGS["receipt"])} == {*PAIRS, *NUMBERS, *CHOICES, "Init", "End"}
    assert len(WANTED) == len(LOGS) == 3
