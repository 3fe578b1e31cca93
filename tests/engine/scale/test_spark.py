"""Spark says what the column function says here: totals, findings and their hashes, in any session's zone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.benchmarks.large_ledger import AS_OF, frames_of_part
from tests.engine.matters import AS_OF as INSTANTS
from tests.engine.matters import engines, recorded_kinds, requests
from tests.engine.scale.sparks import session
from tests.engines import built_in

import windowservice as ws
from windowservice.engine.columns import added_facts
from windowservice.engine.frames.requests import request_frames
from windowservice.engine.report.frame import TOLD, findings_frame
from windowservice.engine.scale import spark as on_spark
from windowservice.engine.scale.column_function import Judged, column_function
from windowservice.errors import MissingColumn, PartsLeft, UnknownName
from windowservice.instants import datetime_us

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::ResourceWarning")]
ENGINE = built_in()
SIZE = 300
NUMBERS = ["key", "rule", "verdict", "shortfall", "unit", "overrun_seconds", "figures"]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with session("local[2]") as found:
        yield found


@pytest.fixture(scope="module")
def here() -> Judged:
    """What the column function says of the ledger on this machine."""
    judged = column_function(ENGINE, as_of=AS_OF)(*frames_of_part(0, SIZE))
    assert judged.findings.height > SIZE
    return judged


def frame_of(spark: Any, frame: pl.DataFrame) -> Any:
    """Return a frame as a Spark frame; what Spark has no type for goes as text."""
    plain = frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String))
    return spark.createDataFrame(plain.to_arrow(compat_level=pl.CompatLevel.oldest()))


def findings_of(found: on_spark.SparkAudit) -> pl.DataFrame:
    return pl.DataFrame(found.findings.toArrow()).sort(NUMBERS)


def ledger_on(spark: Any) -> tuple[Any, Any]:
    above, below = frames_of_part(0, SIZE)
    return frame_of(spark, above), frame_of(spark, below)


@pytest.mark.parametrize(
    ("zone", "options"),
    [("Asia/Shanghai", {}), ("America/New_York", {"partitions": 2, "at_once": 150}), ("UTC", {"at_once": 1})],
)
def test_spark_says_what_is_said_here(spark: Any, here: Judged, zone: str, options: dict[str, Any]) -> None:
    """Totals, hashes and findings are the same, whatever the session's zone, the partitions and the batches."""
    spark.conf.set("spark.sql.session.timeZone", zone)
    found = on_spark.audit(*ledger_on(spark), ENGINE, as_of=AS_OF, **options)
    assert found.totals == here.totals
    assert findings_of(found).equals(here.findings.sort(NUMBERS))
    found.unpersist()


def test_findings_are_computed_once(spark: Any, tmp_path: Path) -> None:
    """Whatever is asked of the findings afterwards, no request is judged twice."""
    above, below = ledger_on(spark)
    touched = tmp_path / "touched"

    def counted(batches: Iterator[Any]) -> Iterator[Any]:
        with touched.open("a") as file:
            file.write("x")
        yield from batches

    found = on_spark.audit(above.mapInArrow(counted, above.schema), below, ENGINE, as_of=AS_OF)
    before = touched.read_text()
    assert found.findings.count() == found.totals.findings
    assert found.findings.where("verdict = 'fail'").count() > 0
    assert touched.read_text() == before
    found.unpersist()


def test_only_needed_columns_are_shipped(spark: Any) -> None:
    """Of a wide frame, the columns that no rule reads are not moved between workers."""
    above, below = ledger_on(spark)
    function = column_function(ENGINE.only("told_once"), as_of=AS_OF)
    moved = on_spark._together(function, above, below.selectExpr("*", "'long' as note"), None).schema
    assert {"channel", "note"} <= {*above.columns, *below.columns, "note"}
    assert set(moved["record"].dataType.names) == {"id", "bank", "service"}
    assert not {"to", "note"} & set(moved["child"].dataType.names)


def test_ties_keep_their_order(spark: Any) -> None:
    """Events of one instant without seq count in the order of the frame, as they do here."""
    at = pl.Series("at", ["2018-05-03T01:00:00Z"] * 60).str.to_datetime(time_zone="UTC")
    names = ["submitted", "handed_over", "taken_over"] * 20
    below = pl.DataFrame({"request": ["R-1"] * 60, "at": at, "kind": names, "by": [f"c{n}" for n in range(60)]})
    above = pl.DataFrame({"id": ["R-1"], "bank": ["105221000018"], "service": ["S10"]})
    judged = column_function(ENGINE, as_of=AS_OF)(above, below)
    found = on_spark.audit(frame_of(spark, above), frame_of(spark, below), ENGINE, as_of=AS_OF)
    assert found.totals == judged.totals


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ("kind as what", MissingColumn, "no column 'kind'"),
        ("kind, reason as reasons", UnknownName, "did you mean 'reason'"),
        ("kind, reason, string(at) as at", PartsLeft, "a column of instants with a zone"),
        ("kind, reason, cast(at as timestamp_ntz) as at", PartsLeft, "events.at, row 1: .* has no zone"),
    ],
)
def test_wrong_column_is_told(spark: Any, change: str, error: type[Exception], told: str) -> None:
    """A column that is lacking or misspelt is refused before anything runs, one of the wrong type by every batch."""
    above, below = ledger_on(spark)
    wrong = below.selectExpr("request", *(() if " as at" in change else ("at",)), *change.split(", "))
    with pytest.raises(error, match=told):
        on_spark.audit(above, wrong, ENGINE, as_of=AS_OF)


def test_wrong_rows_are_told_and_others_judged(spark: Any) -> None:
    """A request that stands twice is told; the totals of the other batches are there, and so are their findings."""
    above, below = ledger_on(spark)
    other = above.limit(1).withColumn("bank", above["id"])  # the same row twice would be one
    with pytest.raises(PartsLeft, match="stands twice") as caught:
        on_spark.audit(above.union(other), below, ENGINE, as_of=AS_OF, at_once=100)
    audit = caught.value.audit
    assert len(caught.value.failed) == 1
    assert SIZE / 2 < audit.totals.requests < SIZE
    assert audit.findings.count() == audit.totals.findings


many = st.integers(6, 12).flatmap(lambda count: st.tuples(*(requests(number) for number in range(count))))


@settings(
    max_examples=4, deadline=None, phases=[Phase.generate], derandomize=True,
    suppress_health_check=[*HealthCheck],
)  # fmt: skip
@given(many, st.sampled_from(sorted(engines())), st.sampled_from(INSTANTS), recorded_kinds)
def test_object_columns_and_spark_agree(spark: Any, drawn: Any, name: str, as_of: Any, recorded: Any) -> None:
    """One object, columns and Spark find the same in requests crowded at the edges, under odd services too."""
    engine = engines()[name]
    held = [ws.Request.from_dict({**request.to_dict()}) for request in drawn]
    above, below = request_frames(held, datetime_us(as_of), added_facts(engine.runner_of(held[0])))
    judged = column_function(engine, as_of=as_of, recorded=recorded)(above, below)
    found = on_spark.audit(
        frame_of(spark, above), frame_of(spark, below), engine, as_of=as_of, recorded=recorded, at_once=20
    )
    assert found.totals == judged.totals
    if recorded is None:
        every = findings_frame(iter(engine.audit(held, as_of=as_of)))
        objects = every.filter(pl.col("verdict").is_in([str(verdict) for verdict in TOLD]))
        assert findings_of(found).select(NUMBERS).equals(objects.select(NUMBERS).sort(NUMBERS))
    found.unpersist()
