"""What the escalation ladder proposes over a whole ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import attrs

from windowservice.asked import told
from windowservice.domain.parties import Bank
from windowservice.domain.unread import Unread, in_sight
from windowservice.engine.seen import ledger_us, seen_ledger
from windowservice.engine.unread import unread_of
from windowservice.escalation.by_rules import called_by_rules, rows_of_rules
from windowservice.escalation.proposals import Proposals, propose_records
from windowservice.escalation.proposing import refuse_calendars
from windowservice.escalation.records import (
    bad_grades,
    bank_periods,
    bank_readings,
    by_present_ids,
    occurrences_of,
    recorded_kinds,
    unlisted_banks,
)
from windowservice.escalation.rows import Unmatched
from windowservice.facts.escalation.bank_period import bank_period
from windowservice.facts.escalation.bank_reading import bank_reading
from windowservice.instants import utc_datetime
from windowservice.rules.escalation.ladder import Ladder
from windowservice.rules.known_rows import ladder_of, with_known_actions
from windowservice.scoring.values import Score

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["ledger_proposals", "seen_proposals"]


@told
def ledger_proposals(
    engine: Engine,
    ledger: Ledger,
    *,
    as_of: datetime | date | str,
    ladder: Ladder | None = None,
    scores: Iterable[Score] = (),
    quarters: Iterable[Score] = (),
    admissions: Mapping[str, bool | None] | None = None,
) -> Proposals:
    """Return what the ladder proposes for the banks of a ledger.

    Args:
        engine: whose calendars and figures are used; of a ledger with its own, `Engine.for_ledger`.
        ledger: its banks, occurrences, messages, positions, filings, and actions open and closed. What happened at a
            bank under an id that it had before is led back to it; a bank that is not listed is judged as well.
        as_of: the instant judged; a bare date means 24:00 of it.
        ladder: the ladder, if not the one that goes with the ledger.
        scores: scores of the last period and the three before, for the rows on indicators.
        quarters: scores of quarters, for the rows on grades.
        admissions: banks whose admission is under way, and whether they passed the test before it; the ledger need not
            list them.

    Raises:
        UnknownName: if a row names a calendar that the engine lacks.
    """
    us = ledger_us(engine, ledger, as_of)
    seen = seen_ledger(ledger, us, engine.calendar.zone)
    ladder = ladder or ladder_of(engine, ledger)
    return seen_proposals(engine, seen, us, ladder, scores=scores, quarters=quarters, admissions=admissions)


def seen_proposals(
    engine: Engine, ledger: Ledger, us: int, ladder: Ladder, *, scores: Iterable[Score], quarters: Iterable[Score],
    admissions: Mapping[str, bool | None] | None,
) -> Proposals:  # fmt: skip
    """Return what `ledger_proposals` does for a ledger as it was to be seen at an instant (microseconds UTC)."""
    zone, as_of = engine.calendar.zone, utc_datetime(us)
    ledger = by_present_ids(with_known_actions(engine, ledger, ladder), zone)
    graded = bad_grades(quarters, zone=zone)
    happened = [*occurrences_of(engine, ledger, as_of), *graded]
    listed = {bank.id for bank in ledger.banks}
    banks = [*ledger.banks, *(Bank(id=bank) for bank in admissions or {} if bank not in listed)]
    unlisted = [bank for bank in unlisted_banks(ledger) if bank not in (admissions or {})]
    periods = bank_periods(
        engine, banks, happened, as_of=as_of, look_back=ladder.look_back, admissions=admissions, unlisted=unlisted,
        unread=unread_of(ledger),
    )  # fmt: skip
    read = bank_readings(scores, {bank.id: bank for bank in ledger.banks}, zone=zone)
    rows = [row for table, records in ledger.records.items() if table != "actions" for row in records]
    kinds = recorded_kinds(ledger) | {row["kind"] for row in graded}
    actions = ledger.records.get("actions", ())
    refuse_calendars(engine, ladder)
    of_rules = rows_of_rules(engine, ladder)
    here = tuple(row for row in of_rules if row.of in (bank_period, bank_reading))  # over these very records
    by_rules = called_by_rules(engine, ledger, us, [row for row in of_rules if row not in here])
    both = attrs.evolve(ladder, rows=(*ladder.rows, *here))
    found = propose_records(both, [*periods, *read, *rows], us, engine, actions, kinds, by_rules)
    lost = [row for row in in_sight(unread_of(ledger), us) if row.table == "actions"]
    return _where_handled(found, lost) if lost else found


def _where_handled(found: Proposals, lost: Sequence[Unread]) -> Proposals:
    """Return what is proposed for banks of which all actions could be read; of others nobody can tell what is new."""
    kept, unknown = [], list(found.unknown)
    for proposal in found:
        rows = [row for row in lost if row.said.get("bank") in (None, proposal.bank)]
        if not rows:
            kept.append(proposal)
            continue
        matches = (*proposal.matches, *(match for _, match in proposal.added))
        missing = tuple(map(str, rows))
        unknown += [Unmatched(row=one.row, bank=one.bank, key=one.key, missing=missing) for one in matches]
    return attrs.evolve(found, proposals=tuple(kept), unknown=tuple(unknown))
