"""The escalation ladder over a whole ledger: what it proposes, and whether what it called for was proposed in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.parties import Bank
from windowservice.domain.records import Record
from windowservice.domain.unread import Unread, in_sight
from windowservice.engine.seen import ledger_us, seen_ledger
from windowservice.engine.unread import unread_of
from windowservice.errors import UnknownName
from windowservice.escalation.handled import Handled
from windowservice.escalation.proposals import Proposals
from windowservice.escalation.propose import propose, weigh
from windowservice.escalation.records import (
    bad_grades,
    bank_periods,
    bank_readings,
    by_present_ids,
    occurrences_of,
    recorded_kinds,
    unlisted_banks,
)
from windowservice.escalation.rows import Match, Unmatched
from windowservice.instants import datetime_us, utc_datetime
from windowservice.rules.escalation.ladder import Ladder, default_ladder, read_ladder
from windowservice.scoring.average import AverageScore
from windowservice.scoring.values import BankScore

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["CALLS", "bank_period_records", "call_records", "ladder_of", "ledger_proposals"]

CALLS: Final = "measure_calls"


def ladder_of(ledger: Ledger) -> Ladder:
    """Return the ladder that the ledger's ``ledger.toml`` names, or else the library's own.

    Raises:
        InvalidDocument: if the file is not a ladder; all problems at once.
    """
    return default_ladder() if ledger.ladder is None else read_ladder(ledger.ladder)


def with_known_measures(ledger: Ledger, ladder: Ladder | None = None) -> Ledger:
    """Return a ledger without the rows of measures that are not on its ladder: those are rejected, and listed.

    Args:
        ledger: the ledger.
        ladder: the ladder, if not the one that goes with the ledger.
    """
    rows = ledger.records.get("measures", ())
    if not rows:
        return ledger
    ladder = ladder or ladder_of(ledger)
    wrong = [row for row in rows if row["measure"] not in ladder.measures]
    if not wrong:
        return ledger
    lost = []
    for row in wrong:
        reason = f"column 'measure': {UnknownName('measure', row['measure'], tuple(ladder.measures))}"
        said = {name: value for name, value in row.items() if name != "measure"}
        lost.append((row.place or ("measures", 0), reason, said))
    unread = [Unread("measures", *place, reason, "", None, said) for place, reason, said in lost]
    return attrs.evolve(
        ledger,
        records={**ledger.records, "measures": tuple(row for row in rows if row["measure"] in ladder.measures)},
        unread=(*ledger.unread, *unread),
        report=ledger.report.with_rejected((place, reason) for place, reason, _ in lost),
    )


@told
def ledger_proposals(
    engine: Engine,
    ledger: Ledger,
    *,
    as_of: datetime | date | str,
    ladder: Ladder | None = None,
    scores: Iterable[BankScore] = (),
    quarters: Iterable[AverageScore] = (),
    admissions: Mapping[str, bool | None] | None = None,
) -> Proposals:
    """Return what the ladder proposes for the banks of a ledger.

    Args:
        engine: whose calendars and figures are used; of a ledger with its own, `Engine.for_ledger`.
        ledger: its banks, occurrences, messages, positions, filings, and measures open and closed. What happened at a
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
    zone = engine.calendar.zone
    ladder = ladder or ladder_of(ledger)
    us = ledger_us(engine, ledger, as_of)
    seen = seen_ledger(with_known_measures(ledger, ladder), us, zone)
    ledger, as_of = by_present_ids(seen, zone), utc_datetime(us)
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
    rows = [row for table, records in ledger.records.items() if table != "measures" for row in records]
    kinds = recorded_kinds(ledger) | {row["kind"] for row in graded}
    measures = ledger.records.get("measures", ())
    found = propose(ladder, [*periods, *read, *rows], as_of=as_of, engine=engine, measures=measures, recorded=kinds)
    lost = [row for row in in_sight(unread_of(ledger), us) if row.table == "measures"]
    return _where_handled(found, lost) if lost else found


def _where_handled(found: Proposals, lost: Sequence[Unread]) -> Proposals:
    """Return what is proposed for banks of which all measures could be read; of others nobody can tell what is new."""
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


def bank_period_records(engine: Engine, ledger: Ledger, us: int) -> list[Record]:
    """Return a record for every bank with what happened at it within the look-back of the ledger's ladder."""
    from windowservice.escalation.scored import pending_admissions  # it stands on this module

    ladder, at = ladder_of(ledger), utc_datetime(us)
    ledger = by_present_ids(with_known_measures(ledger, ladder), engine.calendar.zone)
    found = bank_periods(
        engine, ledger.banks, occurrences_of(engine, ledger, at), as_of=at, look_back=ladder.look_back,
        admissions=pending_admissions(ledger, us), unlisted=unlisted_banks(ledger), unread=unread_of(ledger),
    )  # fmt: skip
    kinds = recorded_kinds(ledger)
    return [Record(row.table, row, unread=row.unread, recorded=kinds) for row in found]


def call_records(engine: Engine, ledger: Ledger, us: int) -> list[Record]:
    """Return a record for every row of the ladder that calls for a measure against a bank, or cannot be told.

    Only rows over what happened at a bank within the look-back, and only for a ledger that keeps measures. A row calls
    since the last of its items happened, and is answered once measures of at least its rank cover all of them.
    """
    if "measures" not in ledger.records:
        return []
    ladder, at = ladder_of(ledger), utc_datetime(us)
    ledger = by_present_ids(with_known_measures(ledger, ladder), engine.calendar.zone)
    happened = occurrences_of(engine, ledger, at)
    periods = bank_periods(
        engine, ledger.banks, happened, as_of=at, look_back=ladder.look_back, unlisted=unlisted_banks(ledger),
        unread=unread_of(ledger),
    )  # fmt: skip
    matches, unknown = weigh(ladder, periods, as_of=at, engine=engine, recorded=recorded_kinds(ledger))
    handled = Handled(ladder, ledger.records["measures"], us)
    handled.stand_for((match.bank, match.row.id, match.items) for match in matches)
    when = {row["id"]: datetime_us(row["happened_at"]) for row in happened}
    found = []
    for match in matches:
        times = [when[item] for item in match.items if item in when]
        if times:
            answered = handled.since(match)
            found.append(_call(match, match.items, max(times), answered))
    found += [_call(row, frozenset(), None, None, missing=frozenset(row.missing)) for row in unknown]
    return found


def _call(
    of: Match | Unmatched, items: frozenset[str], since: int | None, answered: int | None,
    missing: frozenset[str] = frozenset(),
) -> Record:  # fmt: skip
    values: dict[str, Any] = {
        "id": f"{of.bank} {of.row.id}", "bank": of.bank, "row": of.row.id, "measure": of.row.measure,
        "items": items or None, "since": None if since is None else utc_datetime(since), "missing": missing or None,
        "answered_at": None if answered is None else utc_datetime(answered),
    }  # fmt: skip
    return Record(CALLS, values)
