"""Proposing actions: every row of the ladder that matches, with its evidence, and the gravest action among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, overload

from windowservice.asked import told
from windowservice.errors import UnknownName
from windowservice.escalation.by_rules import with_rules
from windowservice.escalation.proposals import Proposals, propose_records, weigh_records
from windowservice.instants import as_of_us
from windowservice.rules.escalation.ladder import Ladder

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.escalation.columns.rows import Weighed
    from windowservice.escalation.proposed import ColumnProposals
    from windowservice.escalation.rows import Match, Unmatched

__all__ = ["propose", "refuse_calendars", "weigh"]


@overload
def propose(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    actions: Iterable[Mapping[str, Any]] = (),
    recorded: Iterable[str] | None = None,
) -> Proposals: ...
@overload
def propose(
    ladder: Ladder,
    records: Mapping[str, Any],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    actions: Any = (),
    recorded: Iterable[str] | None = None,
) -> ColumnProposals: ...
@told
def propose(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]] | Mapping[str, Any],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    actions: Any = (),
    recorded: Iterable[str] | None = None,
) -> Proposals | ColumnProposals:
    """Return what the ladder proposes for the records: banks' periods, readings, messages and whatever its rows judge.

    Args:
        ladder: the rows and actions; rules of the engine that propose one stand beside them.
        records: rows of tables, or what `action_records` makes of a ledger; each says its vocabulary by its table.
            Or frames by the names of tables (``{"bank_periods": ..., "occurrences": ...}``), weighed in columns.
        as_of: the instant judged; a bare date means 24:00 of it.
        engine: whose calendars and figures are used.
        actions: the rows of the table of actions, open and closed; what is later than `as_of` is not seen. Beside
            frames it may be one too.
        recorded: the kinds of occurrence that the source records; all if None. Facts of others are unknown.

    Raises:
        UnknownName: if an action of the table is not on the ladder, or a row names a calendar that the engine lacks.
        InvalidValue: if a record lacks a required fact.
        MissingColumn, NaiveTime, TimeOutOfRange: for a frame that cannot be what it has to be.
    """
    us = as_of_us(as_of, engine.calendar.zone)
    refuse_calendars(engine, ladder)
    ladder = with_rules(engine, ladder)
    if isinstance(records, Mapping):
        from windowservice.escalation.proposed import propose_frames

        return propose_frames(ladder, records, us, engine, actions, _told(recorded))
    return propose_records(ladder, records, us, engine, actions, _told(recorded))


def refuse_calendars(engine: Engine, ladder: Ladder) -> None:
    """Refuse a row that names a calendar which the engine lacks.

    Raises:
        UnknownName: with the nearest.
    """
    for row in ladder.rows:
        if row.calendar and row.calendar not in engine.calendars:
            raise UnknownName("calendar", row.calendar, tuple(engine.calendars), f"row {row.id} of the ladder")


@overload
def weigh(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    recorded: Iterable[str] | None = None,
) -> tuple[list[Match], list[Unmatched]]: ...
@overload
def weigh(
    ladder: Ladder,
    records: Mapping[str, Any],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    recorded: Iterable[str] | None = None,
) -> Weighed: ...
def weigh(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]] | Mapping[str, Any],
    *,
    as_of: datetime | date | str,
    engine: Engine,
    recorded: Iterable[str] | None = None,
) -> tuple[list[Match], list[Unmatched]] | Weighed:
    """Return the rows that match the records, whether handled or not, and those that cannot be told; see `propose`."""
    us, told = as_of_us(as_of, engine.calendar.zone), _told(recorded)
    ladder = with_rules(engine, ladder)
    if isinstance(records, Mapping):
        from windowservice.escalation.proposed import weigh_tables

        return weigh_tables(ladder, records, us, engine, told)
    return weigh_records(ladder, records, us, engine, told)


def _told(recorded: Iterable[str] | None) -> frozenset[str] | None:
    return None if recorded is None else frozenset(recorded)
