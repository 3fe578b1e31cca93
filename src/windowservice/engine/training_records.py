"""What a ledger shows of training, as records for the rules on it: needs that its other tables show, and effects.

Quarters are looked at once they are over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.periods import Span, span_of
from windowservice.domain.records import Record
from windowservice.engine.training_effects import training_effects
from windowservice.instants import from_us, to_us
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from windowservice.ledger.ledger import Ledger

__all__ = ["LOOKED_BACK", "MANY_ERRORS", "TRAINING_RECORDS", "training_records"]

MANY_ERRORS: Final = "many_errors"
LOOKED_BACK: Final = timedelta(days=183)
"""How long before the list of needs begins a bank may have joined that could be on it."""
Made = Iterator[Record]


def _needs(ledger: Ledger, calendar: WorkCalendar, us: int) -> Made:
    if not ledger.records.get("training_needs"):
        return  # a ledger that keeps no list of needs lacks no entry on it
    for made in (_of_rules, _of_new_banks, _of_errors):
        yield from (record for record in made(ledger, calendar, us) if to_us(record["shown_at"]) <= us)


def _listed(ledger: Ledger, kind: str, since: datetime, **wanted: Any) -> str | None:
    """Return the number of the first listed need of the kind, known since an instant, whose fields are as wanted."""
    for row in ledger.records.get("training_needs", ()):
        if row["kind"] == kind and row["arisen_at"] >= since and all(row.get(k) == v for k, v in wanted.items()):
            return str(row["id"])
    return None


def _shown(kind: str, said: str, at: datetime, listed_as: str | None, **values: Any) -> Record:
    return Record(
        "needs_shown", {"id": f"{kind} / {said}", "kind": kind, "shown_at": at, "listed_as": listed_as, **values}
    )


def _of_rules(ledger: Ledger, _calendar: WorkCalendar, _us: int) -> Made:
    for row in ledger.records.get("rule_notices", ()):
        at = row["published_at"]
        listed = _listed(ledger, "new_rule", at, topic=row["id"])
        yield _shown("new_rule", row["id"], at, listed, topic=row["id"])


def _of_new_banks(ledger: Ledger, calendar: WorkCalendar, _us: int) -> Made:
    first = min((row["arisen_at"] for row in ledger.records.get("training_needs", ())), default=None)
    for bank in ledger.banks:
        if bank.joined is None or first is None:
            continue
        at = from_us(calendar.table.midnight(bank.joined.toordinal()), calendar.zone)
        if at >= first - LOOKED_BACK:  # who joined long before the list begins cannot be on it
            listed = _listed(ledger, "new_bank", first, bank=bank.id)
            yield _shown("new_bank", bank.id, at, listed, bank=bank.id)


def _of_errors(ledger: Ledger, calendar: WorkCalendar, us: int) -> Made:
    """Yield, for each quarter that is over, every bank with errors, and every kind of error with its banks."""
    by_quarter: dict[Span, list[Record]] = defaultdict(list)
    for row in ledger.records.get("accounting_errors", ()):
        quarter = span_of("quarter", _date(calendar, row["booked_at"]))
        if calendar.table.midnight(quarter.last.toordinal() + 1) <= us:
            by_quarter[quarter].append(row)
    every = [bank.id for bank in ledger.banks]
    for quarter, rows in by_quarter.items():
        at = from_us(calendar.table.midnight(quarter.last.toordinal() + 1), calendar.zone)
        errors = _errors(rows)
        typical = None if not every else int(2 * median(errors[bank] for bank in every))
        for bank, number in sorted(errors.items()):
            listed = _listed(ledger, MANY_ERRORS, at, bank=bank)
            yield _shown(
                MANY_ERRORS, f"{quarter.name} / {bank}", at, listed, bank=bank, errors=number, median_doubled=typical
            )
        kinds: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            kinds[row["kind"]].add(row["bank"])
        for kind, banks in sorted(kinds.items()):
            listed = _listed(ledger, "common_problem", at, topic=kind)
            yield _shown(
                "common_problem", f"{quarter.name} / {kind}", at, listed, topic=kind, banks=len(banks),
                of_banks=len(every) or None,
            )  # fmt: skip


def _errors(rows: list[Record]) -> Counter[str]:
    """Return how many errors each bank made by its own fault."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.get("fault_party") in (None, "institution"):
            found[row["bank"]] += 1 if row.get("items") is None else row["items"]
    return found


def _date(calendar: WorkCalendar, at: datetime) -> date:
    return date.fromordinal(calendar.table.date_of(to_us(at)))


_MAKERS: Final[Mapping[str, Callable[[Any, WorkCalendar, int], Made]]] = {
    "needs_shown": _needs, "training_effects": training_effects,
}  # fmt: skip
TRAINING_RECORDS: Final = frozenset(_MAKERS)
"""The tables of the records made here."""


def training_records(
    ledger: Ledger, calendar: WorkCalendar, us: int, wanted: frozenset[str] = TRAINING_RECORDS
) -> list[Record]:
    """Return what a ledger shows of training as of an instant.

    Args:
        ledger: its needs, rules, banks, accounting errors and volumes. One that keeps no list of needs shows none.
        calendar: whose zone gives civil days.
        us: what comes after this instant (microseconds UTC) is not seen.
        wanted: which of `TRAINING_RECORDS` are made.
    """
    return [record for table, make in _MAKERS.items() if table in wanted for record in make(ledger, calendar, us)]
