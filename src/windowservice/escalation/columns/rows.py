"""The rows of the ladder over frames: which records each matches, a condition at a time, with items and facts as text.

The same expressions as over single records, so the same matches. A row that columns cannot compute is run record by
record and named with the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.records import Record
from windowservice.engine.frames.frames import Frames, read_frames, table_names, to_polars_frame
from windowservice.engine.frames.intake import Intake
from windowservice.engine.frames.records import records_of, refuse_unjudged
from windowservice.errors import InvalidValue, UnknownName, WindowserviceError
from windowservice.escalation.rows import Match, RowJudge, RowPlan
from windowservice.facts.records import MADE_VOCABULARIES, RECORD_VOCABULARIES
from windowservice.instants import utc_datetime
from windowservice.language.polars.gather import Rows
from windowservice.language.python.facts import fit_record
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, party_name
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.values import ValueType
from windowservice.rules.escalation.ladder import Ladder, LadderRow

if TYPE_CHECKING:
    import polars as pl

    from windowservice.language.polars.compile import RecordColumns

__all__ = ["Weighed", "ladder_frames", "records_at", "weigh_frames"]

_log = logging.getLogger("windowservice.engine")
V = ValueType
_PLACE: Final = "place"
"""The column that holds the number of a record among those of its table."""


@attrs.frozen(eq=False)
class Weighed:
    """Which rows of the ladder match the records of frames, and which cannot be told.

    Attributes:
        matches: `row`, `bank`, `key` of the record, `action`, `rank` (null outside the ladder), `items` (a list of
            ids: the cause) and `values` (the facts that the row names, and what they were, as text).
        unknown: `row`, `bank`, `key`, and the `missing` facts.
        slow: the rows that were run record by record, with the reason.
        intake: what became of the rows of each table, and of those below it that belong to no record.
    """

    matches: pl.DataFrame
    unknown: pl.DataFrame
    slow: Mapping[str, str]
    intake: Mapping[str, Intake]


def ladder_frames(ladder: Ladder, tables: Mapping[str, Any], us: int, zone: tzinfo) -> dict[str, Frames]:
    """Return the tables on which the ladder has rows, each read with its children; what is later is not seen.

    Args:
        ladder: the ladder.
        tables: frames by the names of tables; that of children holds a column named after their parent, or is told
            apart by `bank` where each bank has one record.
        us: the instant judged, in microseconds UTC.
        zone: the zone of dates.

    Raises:
        UnknownName: for a table that no vocabulary has.
        InvalidValue, MissingColumn: for a frame that cannot be what it has to be, or a record without what it needs.
    """
    known = {of.options.table: of for of in (*RECORD_VOCABULARIES, *MADE_VOCABULARIES, *ladder.vocabularies)}
    for name in tables:
        if name not in known:
            raise UnknownName("table", str(name), tuple(sorted(filter(None, known))))
    found = {}
    for name in tables:
        of = known[name]
        if ladder.rows_on(of):
            upper = to_polars_frame(tables[name], name)
            below = None if of.children is None else _children(of, upper, tables)
            found[name] = read_frames(upper, below, of, us, zone=zone)
            _refuse_unjudged(found[name])
    return found


def _children(of: type[Facts], records: pl.DataFrame, tables: Mapping[str, Any]) -> pl.DataFrame | None:
    import polars as pl

    upper, lower = table_names(of)
    if lower is None:
        return None
    if lower not in tables:  # without it nothing would seem to have happened
        raise InvalidValue("tables", tuple(tables), f"a frame {lower} beside {upper}, empty if there are none")
    children = to_polars_frame(tables[lower], lower)
    if of.__name__ in children.columns or not {"bank"} <= set(children.columns) & set(records.columns):
        return children
    if records["bank"].is_duplicated().any():
        wanted = f"one record for each bank, or a column {of.__name__} of {lower}"
        raise InvalidValue(f"{upper}.bank", "more than one record of a bank", wanted)
    parent = records.select(pl.col("bank").cast(pl.String), pl.col("id").cast(pl.String).alias(of.__name__))
    named = children.with_columns(pl.col("bank").cast(pl.String))
    found = named.join(parent, on="bank", how="left", maintain_order="left")
    return found.with_columns(pl.col(of.__name__).fill_null(pl.format("bank {}", "bank")))  # names those of no record


def _refuse_unjudged(frames: Frames) -> None:
    """Refuse records that lack what every one has, with the error that a single one gives."""
    for record in records_of(frames, sorted(frames.intake.unjudged)[:1]):
        fit_record(frames.root, dict(record))  # looked at as if it had not been checked
    refuse_unjudged(frames)  # a cell that cannot be taken is empty in the record


def weigh_frames(
    ladder: Ladder, frames: Mapping[str, Frames], binding: Binding, us: int, recorded: frozenset[str] | None = None
) -> Weighed:
    """Return the rows that match the records of frames, whether handled or not, and those that cannot be told.

    Args:
        ladder: the rows.
        frames: the tables, as `ladder_frames` reads them.
        binding: calendars and figures.
        us: the instant judged, in microseconds UTC.
        recorded: the kinds of occurrence that the source records; all if None.
    """
    import polars as pl

    from windowservice.language.polars.calls import Calls
    from windowservice.language.polars.compile import RecordColumns

    matches, unknown, slow = [_no_matches()], [_no_unknown()], dict[str, str]()
    for table in frames.values():
        run = RecordColumns(
            table.records, table.children, us, Calls(table.root, binding, recorded), printed=table.is_large
        )
        for row in ladder.rows_on(table.root):
            try:
                found, untold = _by_columns(run, table, RowPlan(row))
            except WindowserviceError as reason:  # it has no columns, or a record for which one cannot be computed
                slow[row.id] = str(reason)
                _log.warning("the row %s of the ladder is run record by record: %s", row.id, reason)
                found, untold = _one_by_one(RowJudge([row], table.root, binding, recorded, us), table)
            rank = ladder.action(row.action).rank
            named = pl.lit(row.action).alias("action"), pl.lit(rank, pl.Int64).alias("rank")
            matches.append(_of_row(row, found).with_columns(*named).select(matches[0].columns))
            unknown.append(_of_row(row, untold))
    intake = {name: table.intake for name, table in frames.items()}
    return Weighed(pl.concat(matches), pl.concat(unknown), slow, intake)


def _no_matches() -> pl.DataFrame:
    import polars as pl

    text = pl.String
    return pl.DataFrame(
        schema={
            "row": text, "bank": text, "key": text, "action": text, "rank": pl.Int64, "items": pl.List(text),
            "values": text,
        }
    )  # fmt: skip


def _no_unknown() -> pl.DataFrame:
    import polars as pl

    text = pl.String
    return pl.DataFrame(schema={"row": text, "bank": text, "key": text, "missing": pl.List(text)})


def _of_row(row: LadderRow, found: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return found.select(pl.lit(row.id).alias("row"), pl.all())


def _by_columns(run: RecordColumns, frames: Frames, plan: RowPlan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the records that the row matches with items and values, and those of which it cannot be told."""
    import polars as pl

    holds, waits = _truth(run, plan.when)
    matched = holds.fill_null(value=False).arg_true()
    is_untold = holds.is_null() & ~waits
    found, unknown = _matched(run, frames, plan, matched), _no_unknown().drop("row")
    if is_untold.any() and plan.by_what_is_known is not None:
        known = plan.by_what_is_known
        enough = is_untold & _truth(run, known.when)[0].fill_null(value=False)
        places = pl.concat([matched, enough.arg_true()])
        found = pl.concat([found, _matched(run, frames, known, enough.arg_true())])[places.arg_sort()]
        is_untold &= ~enough
    untold = is_untold.arg_true()
    if len(untold):
        missing = _made_once(_read(run, plan, untold), "missing", pl.List(pl.String), lambda row: _missing(plan, row))
        unknown = _keys(frames, untold).with_columns(missing)
    return found, unknown


def _matched(run: RecordColumns, frames: Frames, plan: RowPlan, matched: pl.Series) -> pl.DataFrame:
    """Return the records that a row matches with items and values."""
    import polars as pl

    if matched.is_empty():
        return _no_matches().select("bank", "key", "items", "values")
    values = _made_once(_read(run, plan, matched), "values", pl.String, lambda row: _in_words(run, plan, row))
    keys = _keys(frames, matched)
    return keys.with_columns(_items(run, plan, matched, keys["key"]), values)


def _keys(frames: Frames, places: pl.Series) -> pl.DataFrame:
    import polars as pl

    found = frames.records.select(pl.col(party_name(frames.root)).alias("bank"), pl.col("id").alias("key"))[places]
    return found.with_columns(pl.all().cast(pl.String))


def _truth(run: RecordColumns, expr: Expr[Any]) -> tuple[pl.Series, pl.Series]:
    """Return the truth of a condition for each record, and where a null waits."""
    import polars as pl

    truth = run.truth(expr)  # first: it may put columns into the frame
    waits = pl.lit(value=False) if truth.waits is None else truth.waits
    found = run.frame.select(truth.value.alias("holds"), (waits & pl.repeat(True, pl.len())).alias("waits"))
    return found["holds"].cast(pl.Boolean), found["waits"]


def _items(run: RecordColumns, plan: RowPlan, matched: pl.Series, keys: pl.Series) -> pl.Series:
    """Return the ids of the items behind each match; of a row that counts none, the record itself."""
    import numpy as np
    import polars as pl

    own = pl.concat_list(keys.alias("items").to_frame().to_series())
    pairs = []
    is_match = np.zeros(run.height, bool)
    is_match[matched.to_numpy()] = True
    for part, wanted, items in plan.parts:
        if items:
            held = (_truth(run, part)[0] == wanted).fill_null(value=False).to_numpy() & is_match
            for expr in items:
                rows = run.gathered(attrs.evolve(expr, how="collect"))
                assert isinstance(rows, Rows)  # noqa: S101 - that is what collecting gives
                chosen = np.flatnonzero(held[rows.row])
                ids = rows.values[0].gather(chosen).cast(pl.String)
                pairs.append(pl.DataFrame({_PLACE: rows.row[chosen], "items": ids}))
    if not pairs:
        return pl.select(own).to_series()
    behind = pl.concat(pairs).group_by(_PLACE).agg(pl.col("items").unique().sort())
    places = pl.DataFrame({_PLACE: matched.cast(behind.schema[_PLACE])})
    found = places.join(behind, on=_PLACE, how="left", maintain_order="left")["items"]
    return pl.select(pl.coalesce(found, own)).to_series().alias("items")


def _read(run: RecordColumns, plan: RowPlan, places: pl.Series) -> pl.DataFrame:
    """Return what the facts that a row names were of some records, and at least; waiting truth and sets are text."""
    import polars as pl

    columns = []
    for number, fact in enumerate(plan.read):
        if fact.type is V.BOOL:
            value, waits = (series.gather(places) for series in _truth(run, fact))
            said = pl.when(waits).then(pl.lit(str(WAITING))).when(value).then(pl.lit("True"))
            column = pl.select(said.when(~value).then(pl.lit("False"))).to_series()
        else:
            column = run.series(fact).gather(places)
        if column.dtype.is_nested():
            texts = [None if value is None else str(frozenset(value)) for value in column.to_list()]
            column = pl.Series(texts, dtype=pl.String)
        columns.append(column.alias(str(number)))
    return pl.DataFrame(columns)


def _made_once(read: pl.DataFrame, name: str, kind: Any, make: Callable[[tuple[Any, ...]], Any]) -> pl.Series:
    """Return what is made of each row, made once for rows that are the same: few differ."""
    import polars as pl

    kinds = read.unique()
    made = kinds.with_columns(pl.Series(name, [make(row) for row in kinds.iter_rows()], dtype=kind))
    return read.join(made, on=read.columns, how="left", nulls_equal=True, maintain_order="left")[name]


def _in_words(run: RecordColumns, plan: RowPlan, row: tuple[Any, ...]) -> str:
    """Return the facts that a row of the ladder names with their values, as Python writes those of single records."""
    return ", ".join(
        f"{name} = at least {_said(run, fact, least)}" if value is None and least is not None
        else f"{name} = {_said(run, fact, value)}"
        for name, fact, value, least in plan.named(row)
    )  # fmt: skip


def _said(run: RecordColumns, fact: Fact[Any], value: Any) -> str:
    if value is None:
        return "None"
    if run.root.options.stored != "microseconds":
        if fact.type is V.INSTANT:
            return str(utc_datetime(value))
        if fact.type is V.DATE:
            return str(date.fromordinal(value))
        if fact.type is V.SPAN:
            return str(timedelta(microseconds=value))
    return str(run.limits[value]) if fact.type is V.LIMIT else str(value)


def _missing(plan: RowPlan, row: tuple[Any, ...]) -> list[str]:
    return [name for name, _, value, _ in plan.named(row) if value is None]


def _one_by_one(judge: RowJudge, frames: Frames) -> tuple[pl.DataFrame, pl.DataFrame]:
    matches, unknown = [], []
    for record in records_of(frames, range(frames.records.height)):
        for said in judge.rows(record):
            if isinstance(said, Match):
                values = str(said).partition(": ")[2].rpartition("; new: ")[0]
                matches.append((said.bank, said.key, sorted(said.items), values))
            else:
                unknown.append((said.bank, said.key, list(said.missing)))
    return _frame(_no_matches().select("bank", "key", "items", "values"), matches), _frame(
        _no_unknown().drop("row"), unknown
    )


def _frame(like: pl.DataFrame, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema=like.schema, orient="row")


def records_at(frames: Frames, rows: Iterable[int]) -> Iterator[Record]:
    """Yield rows of a table as the records of a ledger."""
    table = str(frames.root.options.table)
    return (Record(table, record) for record in records_of(frames, rows))
