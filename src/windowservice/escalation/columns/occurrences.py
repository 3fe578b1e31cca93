"""What happened at the banks, from frames of several tables: one table of occurrences, told apart by kind.

What `action_records.occurrences_of` makes of a ledger row by row, for all rows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.parties import Bank
from windowservice.domain.records import Record
from windowservice.domain.words import OWN_PARTY
from windowservice.engine.frames.frames import PRINTED_FROM, read_frames
from windowservice.engine.frames.records import like, refuse_unjudged
from windowservice.engine.made.one_happening import DAILY, PLACES, once
from windowservice.errors import UnknownName
from windowservice.escalation.columns.bank_ids import by_present_ids_frame, refuse_negative_counts
from windowservice.escalation.records import PROBLEMS
from windowservice.facts.escalation.bank_period import RUN_OF_URGES, occurrence
from windowservice.facts.escalation.handling import action
from windowservice.facts.payments.filing import filing
from windowservice.facts.payments.position import incident, position
from windowservice.instants import as_of_us, from_us
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.engine import Engine
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["occurrence_frame"]

_TABLES: Final[Mapping[str, type[Facts]]] = {
    "occurrences": occurrence, "positions": position, "incidents": incident, "filings": filing, "actions": action,
}  # fmt: skip
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1) // _MICROSECOND


def occurrence_frame(
    engine: Engine, tables: Mapping[str, Any], *, as_of: datetime | date | str, banks: Iterable[Bank] = ()
) -> pl.DataFrame:
    """Return what happened at the banks until an instant, from all tables that tell it, in order.

    Outages of the bank's own cause, queues and windows of its own fault, filings that came late or never, urges that
    were not met, actions overdue and rectifications that failed; and what only ``occurrences`` tells.

    Args:
        engine: whose calendars and figures say what was due.
        tables: frames by the names of tables: ``occurrences``, ``positions``, ``incidents``, ``filings``, ``actions``.
        as_of: the instant judged; a bare date means 24:00 of it.
        banks: the banks; what happened at one under an id that it had is led back to it.

    Raises:
        UnknownName: for another table.
        InvalidValue: for a count below zero, or a column that cannot be what it has to be.
         MissingColumn, NaiveTime, TimeOutOfRange: for a frame that cannot be what it has to be.
    """
    import polars as pl

    us = as_of_us(as_of, engine.calendar.zone)
    for name in tables:
        if name not in _TABLES:
            raise UnknownName("table", str(name), tuple(_TABLES))
    listed = tuple(banks)
    read = {name: _read(engine, tables[name], of, listed, us) for name, of in _TABLES.items() if name in tables}
    makers = {"positions": _from_positions, "incidents": _from_incidents, "filings": _from_filings}
    empty = _empty()
    made = [empty.with_columns(held=pl.lit(value=True))]
    for name, make in makers.items():
        if name in read:
            made += make(engine, read[name], us)
    if "actions" in read:
        made += _from_actions(read["actions"], us)
    given = [empty, *([read["occurrences"]] if "occurrences" in read else [])]
    entered, told = (
        pl.concat([like(part, parts[0]) for part in parts])
        .filter(pl.col("happened_at") <= us)
        .with_columns(pl.when(pl.col("closed_at") <= us).then("closed_at").alias("closed_at"))
        for parts in (given, made)
    )
    found = _once(entered, told, engine.calendar)
    if "actions" in read:
        found = _after_circulars(found, read["actions"])
    instants = pl.from_epoch(pl.col("happened_at", "closed_at"), "us").dt.replace_time_zone("UTC")
    return found.sort("happened_at", "id").with_columns(instants)


def _once(entered: pl.DataFrame, told: pl.DataFrame, calendar: WorkCalendar) -> pl.DataFrame:
    """Return what happened, each happening once; what is told in one place only stays in columns."""
    import polars as pl

    at = pl.from_epoch("happened_at", "us").dt.replace_time_zone("UTC").dt.convert_time_zone(calendar.timezone)
    key = pl.struct("bank", at.dt.date(), "kind")
    keys = [frame.select(key).to_series() for frame in (entered, told)]
    again = keys[0].is_in(keys[1].implode()) & entered["kind"].is_in(list(PLACES))
    twice = keys[1].is_in(keys[0].implode()) | (told["kind"].is_in(DAILY) & keys[1].is_duplicated())
    given = (Record("occurrences", row) for row in entered.filter(again).iter_rows(named=True))
    made = ((row.pop("held") is not False, Record("occurrences", row)) for row in told.filter(twice).rows(named=True))
    found = once(given, made, calendar.zone)
    columns = {name: [row[name] for row in found] for name in entered.columns}
    alone = told.filter(~twice & pl.col("held").fill_null(value=True)).select(entered.columns)
    return pl.concat([entered.filter(~again), alone, pl.DataFrame(columns, schema=entered.schema)])


def _read(engine: Engine, frame: Any, of: type[Facts], banks: Sequence[Bank], us: int) -> pl.DataFrame:
    table, dated = str(of.options.table), str(of.options.dated_by)
    rows = refuse_unjudged(read_frames(frame, None, of, us, zone=engine.calendar.zone)).records
    refuse_negative_counts(rows, table)
    return by_present_ids_frame(rows, rows[dated], banks, engine.calendar.timezone)


def _empty() -> pl.DataFrame:
    import polars as pl

    kinds = {
        ValueType.TEXT: pl.String, ValueType.INT: pl.Int64, ValueType.INSTANT: pl.Int64, ValueType.BOOL: pl.Boolean,
    }  # fmt: skip
    given = [fact for fact in occurrence.given.values() if fact.definition is None]
    return pl.DataFrame(schema={fact.name: kinds[fact.type] for fact in given})


def _of_kind(rows: pl.DataFrame, kind: str, at: str, **more: pl.Expr) -> pl.DataFrame:
    import polars as pl

    number = pl.concat_str("id", pl.lit(f"/{kind}"))
    return rows.select(number.alias("id"), "bank", pl.lit(kind).alias("kind"), pl.col(at).alias("happened_at"), **more)


def _held() -> pl.Expr:
    """Return whether it is held against the bank itself."""
    import polars as pl

    party = pl.col("fault_party").cast(pl.String)
    return (party.is_null() | (party == OWN_PARTY)).alias("held")


def _with_due(engine: Engine, of: type[Facts], fact: Fact[Any], rows: pl.DataFrame, us: int) -> pl.DataFrame:
    from windowservice.language.polars.compile import RecordColumns

    run = RecordColumns(rows, None, us, engine.reader_of(of).calls(), printed=rows.height >= PRINTED_FROM)
    return rows.with_columns(run.series(fact).alias("due"))


def _from_positions(engine: Engine, rows: pl.DataFrame, us: int) -> list[pl.DataFrame]:
    import polars as pl

    every = rows.sort("checkpoint_at", maintain_order=True).with_columns(_held())
    found = [_told_daily(engine, rows, column, us) for column in ("queued_at_close", "window_opened")]
    due = _with_due(engine, position, position.cover_due, every, us)
    is_late = pl.col("covered_at").is_null() | (pl.col("covered_at") > pl.col("due"))
    late = due.filter((pl.col("due") < us) & is_late)
    missed, others = late.filter("held"), late.filter(~pl.col("held"))
    missed = missed.with_columns(pl.Series("in_a_row", _in_a_row(missed), dtype=pl.Int64))
    about = pl.lit("shortfall")
    return [
        *found,
        _of_kind(missed, "urge_missed", "due", in_a_row=pl.col("in_a_row"), about=about),
        _of_kind(others, "urge_missed", "due", held=pl.col("held")),
    ]


def _told_daily(engine: Engine, rows: pl.DataFrame, column: str, us: int) -> pl.DataFrame:
    """Return queues at the close, or windows opened; in doubt are those of a day that has ended and does not tell."""
    import polars as pl

    zone = engine.calendar.zone
    at = pl.from_epoch("checkpoint_at", "us").dt.replace_time_zone("UTC").dt.convert_time_zone(engine.calendar.timezone)
    is_told = pl.col(column).is_not_null()
    days = rows.with_columns(at.dt.date().alias("day"))
    untold = ~is_told.any().over("bank", "day") & is_told.any() & (pl.col("day") < from_us(us, zone).date())
    days = days.with_columns(_doubt(untold))
    return _of_kind(
        days.filter(pl.col("doubtful") | (pl.col(column).cast(pl.Int64) > 0)), column, "checkpoint_at",
        doubtful=pl.col("doubtful"), held=_held(),
    )  # fmt: skip


def _doubt(is_doubtful: pl.Expr) -> pl.Expr:
    import polars as pl

    return pl.when(is_doubtful).then(statement=True).alias("doubtful")


def _in_a_row(missed: pl.DataFrame) -> list[int]:
    """Return of how many urges that a bank missed within 90 days each is the last; they are few, so one by one."""
    run, earlier = RUN_OF_URGES // _MICROSECOND, dict[str, list[int]]()
    found = []
    for bank, due in missed.select("bank", "due").iter_rows():
        before = earlier.setdefault(bank, [])
        found.append(1 + sum(due - one <= run for one in before))
        before.append(due)
    return found


def _from_incidents(_engine: Engine, rows: pl.DataFrame, us: int) -> list[pl.DataFrame]:
    import polars as pl

    cause, others = pl.col("cause"), pl.col("others_affected")
    untold = cause.is_null() & cause.is_not_null().any()
    doubts = rows.with_columns(_doubt(untold), may_affect=others | (others.is_null() & others.is_not_null().any()))
    held = (cause == "own").fill_null(value=False) | pl.col("doubtful").fill_null(value=False)
    own = doubts.filter(cause.is_not_null() | pl.col("doubtful"))
    lasted = pl.min_horizontal(pl.col("ended_at").fill_null(us), pl.lit(us)) - pl.col("started_at")
    named = {"system": pl.col("system"), "about": pl.concat_str(pl.lit("outage "), pl.col("system").cast(pl.String))}
    return [
        _of_kind(
            own, "outage", "started_at", seconds=pl.when(lasted >= 0).then(-(-lasted // 1_000_000)), **named,
            doubtful=pl.col("doubtful"), held=held,
        ),
        _of_kind(
            own.filter(pl.col("may_affect")), "own_failure", "started_at", **named,
            doubtful=_doubt(pl.col("doubtful") | others.is_null()), held=held,
        ),
    ]  # fmt: skip


def _from_filings(engine: Engine, rows: pl.DataFrame, us: int) -> list[pl.DataFrame]:
    import polars as pl

    due = _with_due(engine, filing, filing.due_at, rows, us)
    late = pl.col("filed_at").is_null() | (pl.col("filed_at") > pl.col("due"))
    return [
        _of_kind(due.filter((pl.col("due") < us) & late), "filing_missed", "due", about=pl.col("kind"), held=_held())
    ]


def _from_actions(rows: pl.DataFrame, us: int) -> list[pl.DataFrame]:
    import polars as pl

    taken = rows.filter(pl.col("decision") == "taken")
    due, done, released = pl.col("due_at"), pl.col("rectified_at"), pl.col("released_at")
    about = pl.col("action")
    overdue = taken.filter((due < us) & (done.is_null() | (done > due)))
    failed = taken.filter(pl.col("verified_at").is_not_null() & pl.col("verified").is_in(["failed", "refused"]))
    return [
        _of_kind(overdue, "action_overdue", "due_at", about=about, closed_at=pl.min_horizontal(done, released)),
        _of_kind(failed, "rectification_failed", "verified_at", about=about, closed_at=released),
    ]


def _after_circulars(found: pl.DataFrame, actions: pl.DataFrame) -> pl.DataFrame:
    """Return problems with the days since the last circular on the same kind of problem, if there was one."""
    import polars as pl

    decided = actions.filter((pl.col("action") == "circular") & (pl.col("decision") == "taken"))
    circulars = decided.select(pl.col("bank", "about").cast(pl.String), "decided_at").drop_nulls().sort("decided_at")
    last = found.sort("happened_at").join_asof(
        circulars, left_on="happened_at", right_on="decided_at", by=["bank", "about"], strategy="backward",
        allow_exact_matches=False, check_sortedness=False,
    )  # fmt: skip
    days = (pl.col("happened_at") - pl.col("decided_at")) // _DAY
    since = pl.when(pl.col("kind").is_in(PROBLEMS)).then(pl.coalesce("days_after_circular", days))
    return last.with_columns(since.otherwise("days_after_circular").alias("days_after_circular")).drop("decided_at")
