"""What the ladder proposes for records, one by one: every row that matches, with its evidence, and the gravest action.

The library proposes; a person decides. What has been handled does not match again: only new items do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.blocks.blocks import Block, Lines, Table
from windowservice.blocks.notebook import InNotebook
from windowservice.clean import for_lines
from windowservice.domain.records import Record
from windowservice.errors import InvalidValue
from windowservice.escalation.handled import Handled
from windowservice.escalation.rows import (
    WINDOW,
    Match,
    RowJudge,
    Unmatched,
    called_for,
    earliest_due,
    engine_binding,
)
from windowservice.instants import as_of_us, from_us, within_day
from windowservice.rules.escalation.ladder import ActionKind, Ladder
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    import pendulum

    from windowservice.domain.scorecard.readings import RefusedReading
    from windowservice.engine.engine import Engine

__all__ = ["Proposal", "Proposals", "propose_records", "weigh_records"]


@attrs.frozen(kw_only=True)
class Proposal(InNotebook):
    """What the rows call for at one bank; a person decides.

    Attributes:
        bank: the bank.
        action: the action proposed, the highest rank among the rows; None if all it calls for stands beside.
        also: actions proposed beside it: those that rows name so, and those outside the ladder.
        matches: every row that matches, the gravest first, those whose cause is being handled left out.
        added: rows with new items whose cause an open action handles already, with the id of that action: the items
            are evidence to add to it.
        as_of: the instant judged.
    """

    bank: str
    action: ActionKind | None
    also: tuple[ActionKind, ...]
    matches: tuple[Match, ...]
    added: tuple[tuple[str, Match], ...]
    as_of: pendulum.DateTime
    _calendars: Mapping[str, WorkCalendar] = attrs.field(repr=False)

    @property
    def authority(self) -> str | None:
        """Who decides on the action."""
        return None if self.action is None else self.action.decided_by

    @property
    def cause(self) -> frozenset[str]:
        """The items behind the action proposed."""
        if self.action is None:
            return frozenset().union(*(match.items for match in self.matches))
        own = (match.items for match in self.matches if match.row.action == self.action.id)
        return frozenset[str]().union(*own)

    def due(self, decided_at: datetime | date | str | None = None) -> pendulum.DateTime | None:
        """Return by when the action is to be fulfilled if it is decided then (on the instant judged, if not given).

        A row that sets a day of its own goes before the action; of several the earliest counts.
        """
        if self.action is None:
            return None
        zone = self._calendars[WINDOW].zone
        start = self.as_of if decided_at is None else from_us(within_day(as_of_us(decided_at, zone), zone), zone)
        return earliest_due(self.action, [match.row for match in self.matches], self._calendars, start)

    def _blocks(self) -> Iterator[Block]:
        yield Lines(str(self))

    def __str__(self) -> str:
        named = "evidence only" if self.action is None and not self.also else "beside the ladder"
        said = f"{self.action.en} ({self.action.zh}), decided by {self.authority}" if self.action else named
        beside = "".join(f"; also {kind.en} ({kind.zh}), decided by {kind.decided_by}" for kind in self.also)
        rows = "".join(f"\n  {match}" for match in self.matches)
        added = "".join(f"\n  evidence for open action {action}: {match}" for action, match in self.added)
        return for_lines(f"{self.bank} PROPOSED {said}{beside}{rows}{added}")


@attrs.frozen(kw_only=True)
class Proposals(InNotebook):
    """What the ladder says of all banks.

    Attributes:
        proposals: one for each bank that any row calls for, by bank.
        unknown: the rows that could not be told.
        ladder: the ladder.
        refused: readings given that the scores behind rows on indicators could not use.
    """

    proposals: tuple[Proposal, ...]
    unknown: tuple[Unmatched, ...]
    ladder: Ladder
    refused: tuple[RefusedReading, ...] = ()

    def _blocks(self) -> Iterator[Block]:
        yield Lines(
            f"ladder {self.ladder.id} {self.ladder.version}; rows that could not be told: {len(self.unknown):,}"
        )
        rows = [
            (one.bank, "" if one.action is None else one.action.en, one.authority or "", one.due() or "",
             "; ".join(sorted({match.row.id for match in one.matches})))
            for one in self.proposals
        ]  # fmt: skip
        yield Table(("bank", "proposed", "decided by", "due", "rows"), rows)

    def __iter__(self) -> Iterator[Proposal]:
        return iter(self.proposals)

    def __len__(self) -> int:
        return len(self.proposals)

    def of(self, bank: str) -> Proposal | None:
        """Return the proposal for a bank, None if nothing is called for."""
        return next((found for found in self.proposals if found.bank == bank), None)

    def only(self, bank: str) -> Proposals:
        """Return what the ladder says of one bank."""
        proposals = tuple(found for found in self.proposals if found.bank == bank)
        unknown = tuple(found for found in self.unknown if found.bank == bank)
        return attrs.evolve(self, proposals=proposals, unknown=unknown)


def propose_records(
    ladder: Ladder,
    records: Iterable[Mapping[str, Any]],
    us: int,
    engine: Engine,
    actions: Any,
    recorded: frozenset[str] | None,
    by_rules: tuple[Sequence[Match], Sequence[Unmatched]] = ((), ()),
) -> Proposals:
    """Return what the ladder proposes for records, and what rules propose; see `propose.propose`."""
    handled = Handled(ladder, actions, us)
    matches, unknown = weigh_records(ladder, records, us, engine, recorded)
    matches, unknown = [*matches, *by_rules[0]], [*unknown, *by_rules[1]]
    handled.stand_for((match.bank, match.row.id, match.items) for match in matches)
    by_bank: dict[str, list[Match]] = {}
    for match in matches:
        new = handled.new(match)
        if new:
            by_bank.setdefault(match.bank, []).append(attrs.evolve(match, new_items=new))
    when = from_us(within_day(us, engine.calendar.zone), engine.calendar.zone)
    proposals = (
        _proposal(ladder, bank, rows, handled, when, engine.calendars) for bank, rows in sorted(by_bank.items())
    )
    return Proposals(proposals=tuple(proposals), unknown=tuple(unknown), ladder=ladder)


def weigh_records(
    ladder: Ladder, records: Iterable[Mapping[str, Any]], us: int, engine: Engine, recorded: frozenset[str] | None
) -> tuple[list[Match], list[Unmatched]]:
    """Return the rows that match the records, and those that cannot be told; see `propose.weigh`."""
    binding = engine_binding(engine)
    judges = {of: RowJudge(ladder.rows_on(of), of, binding, recorded, us) for of in ladder.vocabularies}
    by_table = {of.options.table: judge for of, judge in judges.items()}
    matches: list[Match] = []
    unknown: list[Unmatched] = []
    for place, record in enumerate(records):
        if not isinstance(record, Record):  # nobody can tell which rows of the ladder are meant
            wanted = (
                "a record of a table, as a ledger holds them (ledger.records['messages']); or give frames by tables"
            )
            raise InvalidValue(f"records[{place}]", record, wanted)
        judge = by_table.get(record.table)
        for said in () if judge is None else judge.rows(record):
            if isinstance(said, Match):
                matches.append(said)
            else:
                unknown.append(said)
    return matches, unknown


def _proposal(
    ladder: Ladder, bank: str, rows: Sequence[Match], handled: Handled, when: pendulum.DateTime,
    calendars: Mapping[str, WorkCalendar],
) -> Proposal:  # fmt: skip
    added, fresh = [], []
    for match in sorted(rows, key=lambda match: (*ladder.gravity(match.row), match.key)):
        open_one = handled.open_for(match)
        if open_one is None:
            fresh.append(match)
        else:
            added.append((open_one, match))
    action, also = called_for(ladder, [match.row for match in fresh])
    return Proposal(
        bank=bank, action=action, also=also, matches=tuple(fresh), added=tuple(added), as_of=when,
        calendars=calendars,
    )  # fmt: skip
