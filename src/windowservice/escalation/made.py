"""Records of what the escalation ladder looks at and calls for, made of a whole ledger for the rules on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from windowservice.domain.records import Record
from windowservice.engine.unread import unread_of
from windowservice.escalation.handled import Handled
from windowservice.escalation.proposing import weigh
from windowservice.escalation.records import (
    bank_periods,
    bank_readings,
    by_present_ids,
    occurrences_of,
    recorded_kinds,
    unlisted_banks,
)
from windowservice.escalation.rows import Match, Unmatched
from windowservice.escalation.scored import last_month_scores, pending_admissions
from windowservice.instants import datetime_us, utc_datetime
from windowservice.rules.known_rows import ladder_of

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen
    from windowservice.ledger.ledger import Ledger
    from windowservice.rules.escalation.ladder import Ladder

__all__ = ["make_action_calls", "make_bank_periods", "make_bank_readings"]


def _ladder(seen: Seen) -> Ladder:
    return ladder_of(seen.engine, seen.ledger)


def _present(seen: Seen) -> Ledger:
    """Return the ledger with the present ids of its banks."""
    return by_present_ids(seen.ledger, seen.zone)


def _happened(seen: Seen) -> list[Record]:
    return occurrences_of(seen.engine, seen.once(_present), seen.as_of)


def _bank_periods(seen: Seen, admissions: Mapping[str, bool | None] | None = None) -> list[Record]:
    ledger = seen.once(_present)
    return bank_periods(
        seen.engine, ledger.banks, seen.once(_happened), as_of=seen.as_of, look_back=seen.once(_ladder).look_back,
        admissions=admissions, unlisted=unlisted_banks(ledger), unread=unread_of(ledger),
    )  # fmt: skip


def make_bank_periods(seen: Seen) -> list[Record]:
    """Return a record for every bank with what happened at it within the look-back of the ledger's ladder."""
    kinds = recorded_kinds(seen.once(_present))
    found = _bank_periods(seen, pending_admissions(seen.once(_present), seen.us))
    return [Record(row.table, row, unread=row.unread, recorded=kinds) for row in found]


def make_action_calls(seen: Seen) -> list[Record]:
    """Return a record for every row of the ladder that calls for an action against a bank, or cannot be told.

    Only rows over what happened at a bank within the look-back, and only for a ledger that keeps actions. A row calls
    since the last of its items happened, and is answered once actions of at least its rank cover all of them.
    """
    if "actions" not in seen.ledger.records:
        return []
    ladder, ledger = seen.once(_ladder), seen.once(_present)
    kinds = recorded_kinds(ledger)
    matches, unknown = weigh(ladder, _bank_periods(seen), as_of=seen.as_of, engine=seen.engine, recorded=kinds)
    handled = Handled(ladder, ledger.records["actions"], seen.us)
    handled.stand_for((match.bank, match.row.id, match.items) for match in matches)
    when = {row["id"]: datetime_us(row["happened_at"]) for row in seen.once(_happened)}
    found = []
    for match in matches:
        times = [when[item] for item in match.items if item in when]
        if times:
            found.append(_call(match, match.items, max(times), handled.since(match)))
    found += [_call(row, frozenset(), None, None, missing=frozenset(row.missing)) for row in unknown]
    return found


def _call(
    of: Match | Unmatched, items: frozenset[str], since: int | None, answered: int | None,
    missing: frozenset[str] = frozenset(),
) -> Record:  # fmt: skip
    values: dict[str, Any] = {
        "id": f"{of.bank} {of.row.id}", "bank": of.bank, "row": of.row.id, "action": of.row.action,
        "items": items or None, "since": None if since is None else utc_datetime(since), "missing": missing or None,
        "answered_at": None if answered is None else utc_datetime(answered),
    }  # fmt: skip
    return Record("action_calls", values)


def make_bank_readings(seen: Seen) -> list[Record]:
    """Return a record for every bank and indicator of the last month that had ended, as the ladder sees it."""
    banks = {bank.id: bank for bank in seen.ledger.banks}
    return bank_readings(last_month_scores(seen.engine, seen.ledger, seen.us), banks, zone=seen.zone)
