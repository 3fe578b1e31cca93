"""What the ladder proposes for the banks of frames: causes handled before, the gravest action, what stands beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.frames.frames import Frames, is_frame, read_frames
from windowservice.engine.frames.intake import Intake
from windowservice.engine.frames.records import records_of, refuse_unjudged
from windowservice.escalation.columns.rows import Weighed, ladder_frames, records_at, weigh_frames
from windowservice.escalation.handled import Handled, HandledCause, action_rows
from windowservice.escalation.proposals import Proposal, propose_records
from windowservice.escalation.rows import WINDOW, called_for, earliest_due, engine_binding
from windowservice.facts.escalation.handling import action as action_vocabulary
from windowservice.instants import from_us, within_day
from windowservice.language.tree.facts import party_name
from windowservice.rules.escalation.ladder import Ladder, LadderRow
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    import pendulum
    import polars as pl

    from windowservice.engine.engine import Engine

__all__ = ["ColumnProposals", "propose_frames", "weigh_tables"]

_OUTSIDE: Final = -1
"""The rank of an action outside the ladder, as `Ladder.rank_of` gives it."""
_RANK: Final = "__rank"
_PLACE: Final = "__place"


@attrs.frozen(kw_only=True, eq=False)
class ColumnProposals:
    """What the ladder says of all banks of frames.

    Attributes:
        proposals: a row for each bank that any row of the ladder calls for: `bank`, `action` (the highest rank; null
            if all it calls for stands beside), `authority` (who decides), `also` (actions beside it), `due` (if it
            is decided on the instant judged) and `rows` (of the ladder, the gravest first).
        matches: every row that matches and has new items: `row`, `bank`, `key`, `action`, `rank`, `items`, `values`,
            `new_items`, and the `open_action` to which they are evidence.
        unknown: the rows that could not be told: `row`, `bank`, `key` and the `missing` facts.
        slow: the rows of the ladder that were run record by record, with the reason.
        intake: what became of the rows of each table, and of those below it that belong to no record.
        ladder: the ladder.
    """

    proposals: pl.DataFrame
    matches: pl.DataFrame
    unknown: pl.DataFrame
    slow: Mapping[str, str]
    intake: Mapping[str, Intake]
    ladder: Ladder
    _frames: Mapping[str, Frames]
    _actions: Sequence[Mapping[str, Any]]
    _engine: Engine
    _us: int
    _recorded: frozenset[str] | None

    def __len__(self) -> int:
        return self.proposals.height

    def of(self, bank: str) -> Proposal | None:
        """Return the proposal for a bank with its evidence, None if nothing is called for.

        Its records are weighed again one by one, so it is the same to the letter as one proposed from single records.
        """
        records = [record for frames in self._frames.values() for record in records_at(frames, _rows_of(frames, bank))]
        ours = [row for row in self._actions if row["bank"] == bank]
        return propose_records(self.ladder, records, self._us, self._engine, ours, self._recorded).of(bank)


def _rows_of(frames: Frames, bank: str) -> list[int]:
    of_bank = frames.records[party_name(frames.root)].cast(str) == bank
    return of_bank.arg_true().to_list()


def weigh_tables(
    ladder: Ladder, tables: Mapping[str, Any], us: int, engine: Engine, recorded: frozenset[str] | None
) -> Weighed:
    """Return which rows match the records of frames, and which cannot be told; see `propose.weigh`."""
    return weigh_frames(
        ladder, ladder_frames(ladder, tables, us, engine.calendar.zone), engine_binding(engine), us, recorded
    )


def propose_frames(
    ladder: Ladder, tables: Mapping[str, Any], us: int, engine: Engine, actions: Any, recorded: frozenset[str] | None
) -> ColumnProposals:
    """Return what the ladder proposes for the records of frames; see `propose.propose`."""
    frames = ladder_frames(ladder, tables, us, engine.calendar.zone)
    said = _actions(actions, us, engine.calendar.zone)
    weighed = weigh_frames(ladder, frames, engine_binding(engine), us, recorded)
    matches = new_matches(weighed.matches, Handled(ladder, said, us))
    when = from_us(within_day(us, engine.calendar.zone), engine.calendar.zone)
    return ColumnProposals(
        proposals=proposal_columns(ladder, matches, engine.calendars, when), matches=matches, unknown=weighed.unknown,
        slow=weighed.slow, intake=weighed.intake, ladder=ladder, frames=frames, actions=said, engine=engine, us=us,
        recorded=recorded,
    )  # fmt: skip


def _actions(given: Any, us: int, zone: tzinfo) -> list[Mapping[str, Any]]:
    if not is_frame(given):
        return action_rows(given)
    frames = refuse_unjudged(read_frames(given, None, action_vocabulary, us, zone=zone))
    return list(records_of(frames, range(frames.records.height)))


def new_matches(matches: pl.DataFrame, handled: Handled) -> pl.DataFrame:
    """Return the matches that call for something: those with items that no action of at least their rank has handled.

    Adds `new_items`, and `open_action`: the id of the open action to which they are evidence; null if there is none.
    """
    import polars as pl

    by_rows = matches.filter(pl.col("bank").is_in(list(handled.banks_by_rows)))
    handled.stand_for(by_rows.select("bank", "row", "items").iter_rows())
    causes, covered, rows = _handled(handled)
    ours = matches["bank"].is_in(list(handled.of_bank))
    free = matches.filter(~ours).with_columns(new_items=pl.col("items"), open_action=pl.lit(None, pl.String))
    some = matches.filter(ours)
    if some.is_empty():
        return free
    some = some.with_columns(pl.int_range(pl.len()).alias(_PLACE), pl.col("rank").fill_null(_OUTSIDE).alias(_RANK))
    items = some.select(_PLACE, "bank", _RANK, "items").explode("items")
    new = _new_items(items, causes)
    found = some.join(new, on=_PLACE, how="inner", maintain_order="left")
    found = found.join(_open_actions(some, items, covered, rows), on=_PLACE, how="left", maintain_order="left")
    return pl.concat([free, found.select(free.columns)])


def _handled(handled: Handled) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return causes and what is covered, item by item, and rows of the ladder: bank, rank, id and place of each."""
    import polars as pl

    schema: dict[str, Any] = {
        "bank": pl.String, "of_rank": pl.Int64, "open_action": pl.String, "is_open": pl.Boolean, "order": pl.Int64,
    }  # fmt: skip
    every = [
        ((bank, one.rank, one.id, one.is_open, place), one)
        for bank, found in handled.of_bank.items()
        for place, one in enumerate(found)
    ]

    def flat(name: str, told: Callable[[HandledCause], Iterable[str]]) -> pl.DataFrame:
        rows = [(*about, item) for about, one in every for item in told(one)]
        columns = zip(*rows, strict=True) if rows else ([] for _ in (*schema, name))
        kinds = {**schema, name: pl.String}
        return pl.DataFrame(dict(zip(kinds, map(list, columns), strict=True)), schema=kinds)

    return (
        flat("items", lambda one: sorted(one.cause)), flat("items", lambda one: sorted(one.covered)),
        flat("row", lambda one: sorted(one.rows)),
    )  # fmt: skip


def _new_items(items: pl.DataFrame, causes: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    gravest = causes.group_by("bank", "items").agg(pl.col("of_rank").max())
    beside = items.join(gravest, on=["bank", "items"], how="left", maintain_order="left")
    new = beside.filter((pl.col("of_rank") < pl.col(_RANK)).fill_null(value=True))
    return new.group_by(_PLACE, maintain_order=True).agg(pl.col("items").alias("new_items"))


def _open_actions(
    matches: pl.DataFrame, items: pl.DataFrame, covered: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Return the first open action of at least the rank on the cause of a match: on its row, or some of its items."""
    import polars as pl

    parts = []
    for asked, on, given in ((matches, "row", rows), (items, "items", covered)):
        still_open = given.filter("is_open").select("bank", on, "of_rank", "order", "open_action")
        both = asked.select(_PLACE, "bank", on, _RANK).join(still_open, on=["bank", on])
        parts.append(both.filter(pl.col("of_rank") >= pl.col(_RANK)).select(_PLACE, "order", "open_action"))
    first = pl.col("open_action").sort_by("order").first()
    return pl.concat(parts).group_by(_PLACE).agg(first)


def proposal_columns(
    ladder: Ladder, matches: pl.DataFrame, calendars: Mapping[str, WorkCalendar], when: pendulum.DateTime
) -> pl.DataFrame:
    """Return a row for each bank that any match calls for, in order; columns as of `ColumnProposals.proposals`.

    What is proposed depends on the rows of the ladder that match, so it is made once for all banks with the same rows.
    """
    import polars as pl

    rows = sorted(ladder.rows, key=ladder.gravity)
    codes = pl.col("row").replace_strict({row.id: place for place, row in enumerate(rows)}, return_dtype=pl.Int16)
    fresh = pl.col("row").filter(pl.col("open_action").is_null()).unique().sort()
    by_bank = matches.select("bank", "open_action", codes).group_by("bank").agg(fresh)
    kinds = by_bank.with_columns(pl.col("row").cast(pl.List(pl.String)).list.join(" ").alias("kind"))
    schema: dict[str, Any] = {
        "kind": pl.String, "action": pl.String, "authority": pl.String, "also": pl.List(pl.String),
        "due": pl.Datetime("us", "UTC"), "rows": pl.List(pl.String),
    }  # fmt: skip
    dues = {row.id: earliest_due(ladder.action(row.action), [row], calendars, when) for row in rows}
    said = [
        (kind, *_proposed(ladder, [rows[int(code)] for code in kind.split()], dues))
        for kind in kinds["kind"].unique().to_list()
    ]
    columns = zip(*said, strict=True) if said else ([] for _ in schema)
    told = pl.DataFrame(dict(zip(schema, map(list, columns), strict=True)), schema=schema)
    found = kinds.join(told, on="kind", how="left")
    zone = pl.Datetime("us", calendars[WINDOW].timezone)
    return found.select("bank", "action", "authority", "also", pl.col("due").cast(zone), "rows").sort("bank")


def _proposed(
    ladder: Ladder, rows: Sequence[LadderRow], dues: Mapping[str, datetime | None]
) -> tuple[str | None, str | None, list[str], datetime | None, list[str]]:
    action, also = called_for(ladder, rows)
    beside, ids = [kind.id for kind in also], [row.id for row in rows]
    if action is None:
        return None, None, beside, None, ids
    own = (dues[row.id] for row in rows if row.action == action.id)
    due = min((one for one in own if one is not None), default=None)
    return action.id, action.decided_by, beside, None if due is None else due.astimezone(UTC), ids
