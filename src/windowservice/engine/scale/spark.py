"""Auditing Spark frames: the column function on every partition, findings as a Spark frame, totals back to the driver.

Requests and their events are brought together by the key of the request and judged in batches that end where a request
ends, so that memory on a worker goes by the batch and not by the partition. The engine is sent once, and of the frames
only the columns that the rules read. Needs pyspark 4, and on the workers the same Python, Polars and library.
"""

from __future__ import annotations

import gc
import logging
import pickle
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.engine import Engine
from windowservice.engine.frames.frames import table_names
from windowservice.engine.report.frame import FINDING_SCHEMA
from windowservice.engine.scale.column_function import KEY, ColumnFunction, column_function
from windowservice.engine.scale.parts.totals import Totals
from windowservice.errors import InvalidValue, MissingColumn, MissingExtra, PartsLeft, WindowserviceError
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.language.tree.facts import Facts

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["AT_ONCE", "SparkAudit", "audit"]

_log = logging.getLogger("windowservice.engine")
AT_ONCE: Final = 100_000
"""How many rows, requests and events together, a worker gathers before it judges."""
_OWNER: Final = "owner"
_PLACE: Final = "place"
_ABOVE: Final = "record"
_BELOW: Final = "child"
_TOTALS: Final = "totals"
_FAILED: Final = "failed"


@attrs.frozen(eq=False)
class SparkAudit:
    """What an audit of Spark frames came to.

    Attributes:
        findings: one row for each finding, as a Spark frame; columns as `Findings.to_frame`.
        totals: how many verdicts there are.
        computed: the frame that is kept, of findings and totals together.
    """

    findings: DataFrame
    totals: Totals
    computed: DataFrame

    def unpersist(self) -> None:
        """Let the workers forget the findings, after they were written."""
        self.computed.unpersist()


def audit(
    requests: DataFrame, events: DataFrame | None, engine: Engine, *, as_of: datetime | date | str,
    recorded: Iterable[str] | None = None, of: type[Facts] = request_vocabulary, partitions: int | None = None,
    at_once: int = AT_ONCE,
) -> SparkAudit:  # fmt: skip
    """Judge all requests of a Spark frame.

    The findings are computed once and kept by the workers, in memory or on their disks, until `SparkAudit.unpersist`.
    Events of one instant without ``seq`` count in the order in which the frame has them.

    Args:
        requests: one row for each request; columns as in the ledger's table. Timestamps are of the kind with zone.
        events: one row for each event, with the column ``request``; None for records without children.
        engine: the engine; plugins it was loaded with must be installed on the workers.
        as_of: the instant judged; a bare date means 24:00 of it.
        recorded: the kinds of event that the source records; every kind if not given.
        of: the vocabulary of the records.
        partitions: into how many partitions the requests are spread; Spark's own number if not given.
        at_once: how many rows a worker gathers before it judges them.

    Raises:
        MissingColumn, UnknownName: for a column that is lacking or misspelt, before anything is run.
        PartsLeft: if rows of a batch cannot be judged (a column of the wrong type, a time out of range, a request that
            stands twice); it carries the `SparkAudit` of the others.
        MissingExtra: without pyspark.
    """
    try:
        from pyspark import StorageLevel
        from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
    except ImportError as error:
        raise MissingExtra("pyspark", "spark", "judging Spark frames") from error
    if at_once < 1:
        raise InvalidValue("at_once", at_once, "at least 1")
    function = column_function(engine, as_of=as_of, recorded=recorded, of=of)
    _refuse_unfit(function, requests, events)
    together = _together(function, requests, events, partitions)
    judge = _judge(_sent(requests, function), at_once)
    computed = together.mapInArrow(judge, _schema()).persist(StorageLevel.MEMORY_AND_DISK)
    told = computed.where(F.col(_TOTALS).isNotNull() | F.col(_FAILED).isNotNull()).select(_TOTALS, _FAILED).collect()
    totals = Totals()
    failed: dict[str, str] = {}
    for row in told:
        if row[_TOTALS] is not None:
            totals += Totals.from_json(row[_TOTALS])
        else:
            failed[f"batch {len(failed) + 1}"] = row[_FAILED]
    findings = computed.where(F.col(_TOTALS).isNull() & F.col(_FAILED).isNull()).drop(_TOTALS, _FAILED)
    found = SparkAudit(findings, totals, computed)
    if failed:
        raise PartsLeft(failed, len(told) - len(failed), found)
    _log.info("audited %d records on Spark", totals.requests)
    return found


def _refuse_unfit(function: ColumnFunction, requests: DataFrame, events: DataFrame | None) -> None:
    """Judge no rows at all, which tells what is wrong with the columns."""
    import polars as pl

    root = function.of.root
    upper, lower = table_names(root)
    for frame, table, key in ((requests, upper, KEY), (events, lower, root.__name__)):
        if frame is not None and key not in frame.columns:
            raise MissingColumn(str(table), key, "telling what belongs together", tuple(frame.columns))
    frames = (requests,) if events is None else (requests, events)
    empty = [pl.DataFrame(frame.limit(0).toArrow()) for frame in frames]
    function.verdicts(empty[0], empty[1] if len(empty) > 1 else None)


def _together(
    function: ColumnFunction, requests: DataFrame, events: DataFrame | None, partitions: int | None
) -> DataFrame:
    """Return requests and events as rows of one frame, those of one request together and in order."""
    from pyspark.sql import functions as F  # noqa: N812

    needed, root = function.needed_columns(), function.of.root.__name__
    above = requests.select(_columns(needed.of_requests(requests.columns)))
    both = above.select(
        F.col(f"`{KEY}`").cast("string").alias(_OWNER), F.lit(-1).cast("long").alias(_PLACE),
        F.struct(*_columns(above.columns)).alias(_ABOVE),
    )  # fmt: skip
    if events is not None:
        below = events.select(_columns(needed.of_events(events.columns)))
        told = below.select(
            F.col(f"`{root}`").cast("string").alias(_OWNER), F.monotonically_increasing_id().alias(_PLACE),
            F.struct(*_columns(below.columns)).alias(_BELOW),
        )  # fmt: skip
        both = both.unionByName(told, allowMissingColumns=True)
    spread = both.repartition(_OWNER) if partitions is None else both.repartition(partitions, _OWNER)
    return spread.sortWithinPartitions(_OWNER, _PLACE)


def _columns(names: Iterable[str]) -> list[Any]:
    """Return columns by their names, in which a dot means nothing."""
    from pyspark.sql import functions as F  # noqa: N812

    return [F.col(f"`{name}`") for name in names]


def _schema() -> str:
    """Return the columns of findings, and those in which totals and errors come back."""
    import polars as pl

    words = {pl.String: "string", pl.Float64: "double", pl.Datetime("us", "UTC"): "timestamp"}
    found = [f"`{name}` {words[dtype]}" for name, dtype in FINDING_SCHEMA().items()]
    return ", ".join([*found, f"{_TOTALS} string", f"{_FAILED} string"])


def _sent(frame: DataFrame, function: ColumnFunction) -> Callable[[], ColumnFunction]:
    """Return what gives the column function on a worker; the engine travels once, as a broadcast where there is one."""
    session = frame.sparkSession
    if not hasattr(session, "sparkContext") or type(session).__module__.startswith("pyspark.sql.connect"):
        packed = pickle.dumps(function)  # Spark Connect has no broadcasts: it goes with the task
        return lambda: pickle.loads(packed)  # noqa: S301 - our own
    sent = session.sparkContext.broadcast(function)
    return lambda: sent.value


def _judge(
    function: Callable[[], ColumnFunction], at_once: int
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return what runs on the workers, over the batches of a partition."""

    def judge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for rows in _whole_records(batches, at_once):
            yield from _judged(function(), rows)
            del rows
            gc.collect()  # the columns of a run refer to one another in circles, and would wait for Python to look

    return judge


def _whole_records(batches: Iterator[pa.RecordBatch], at_once: int) -> Iterator[pl.DataFrame]:
    """Yield the rows in frames of at least `at_once` rows that end where a record ends."""
    import polars as pl
    import pyarrow as pa

    held: list[pl.DataFrame] = []
    number = 0
    for batch in batches:
        rows = pl.DataFrame(pa.Table.from_batches([batch]))
        held.append(rows)
        number += rows.height
        if number < at_once or not rows.height:
            continue
        every = pl.concat(held)
        owners = every[_OWNER]
        last = int((owners.ne_missing(owners[-1])).cast(pl.Int8).reverse().arg_max() or 0)
        cut = every.height - last
        if last:
            yield every[:cut]
            every = every[cut:]
        held, number = [every], every.height
    if number:
        yield pl.concat(held)


def _judged(function: ColumnFunction, rows: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """Yield the findings of some rows, then their totals, or what was wrong with them."""
    import polars as pl

    schema = {**FINDING_SCHEMA(), _TOTALS: pl.String, _FAILED: pl.String}
    requests = rows.filter(pl.col(_ABOVE).is_not_null())[_ABOVE].struct.unnest()
    events = rows.filter(pl.col(_BELOW).is_not_null())[_BELOW].struct.unnest() if _BELOW in rows.columns else None
    said: dict[str, str] = {}
    try:
        judged = function(requests, events)
        findings, said[_TOTALS] = judged.findings, judged.totals.to_json()
    except WindowserviceError as error:
        findings, said[_FAILED] = pl.DataFrame(schema=FINDING_SCHEMA()), str(error)
    answer = pl.concat([findings, pl.DataFrame([said])], how="diagonal").match_to_schema(
        schema, missing_columns="insert"
    )
    yield from answer.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()
