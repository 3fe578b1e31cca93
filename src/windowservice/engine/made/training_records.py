"""What a ledger shows of training, as records for the rules on it: needs that its other tables show, and effects.

Quarters are looked at once they are over.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.periods import Span, span_of
from windowservice.domain.records import Record
from windowservice.domain.words import OWN_FAULT
from windowservice.facts.accounting.exchange import ACCOUNTING_ERRORS
from windowservice.instants import to_us

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = [
    "LOOKED_BACK", "MANY_ERRORS", "ListedNeeds", "lists_of", "make_needs_shown", "many_from", "median_rate_doubled",
]  # fmt: skip

MANY_ERRORS: Final = "many_errors"
LOOKED_BACK: Final = timedelta(days=183)
"""How long before the list of needs begins a bank may have joined that could be on it."""


def make_needs_shown(seen: Seen) -> Iterator[Record]:
    """Yield a record for every need that other tables show, listed or not."""
    if not seen.rows("training_needs"):
        return  # a ledger that keeps no list of needs lacks no entry on it
    lists = lists_of(seen.rows("training_needs"), (row["id"] for row in seen.rows("rule_notices")))
    for made in (_of_rules, _of_new_banks, _of_errors):
        yield from (record for record in made(seen, lists) if to_us(record["shown_at"]) <= seen.us)


class ListedNeeds:
    """The list of needs, asked for the one that answers what was shown.

    Args:
        needs: the needs, in the order of the list.
        kind: why training may be needed.
        field: the column that says what or whom a need of the kind is about.
        known: what that column can name; another text in it is words, and may mean anything. None: any text names one.
    """

    def __init__(
        self, needs: Iterable[Mapping[str, Any]], kind: str, field: str, known: Collection[str] | None = None
    ) -> None:
        self._about: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
        self._unsaid: list[Mapping[str, Any]] = []
        for row in needs:
            if row["kind"] == kind:
                text = row.get(field)
                self._about[text].append(row)
                if text is None or (known is not None and text not in known):
                    self._unsaid.append(row)
        # a need of no bank is one of all banks; one that names no topic may be about anything
        self._anything = self._about.get(None, []) if field == "topic" else []

    def listed(self, since: Any, about: str, in_force: date | None = None) -> dict[str, Any]:
        """Return the number of the first need since an instant that is about this; else whether one may be.

        Args:
            since: needs known earlier are about something else; an instant as the needs have it.
            about: what the column has to name.
            in_force: the day from which a rule holds: a need in words that names the same day is about it.
        """
        rows = self._about.get(about, [])
        if in_force is not None:
            rows = [*rows, *(row for row in self._unsaid if row.get("effective_on") == in_force)]
        for row in rows:
            if row["arisen_at"] >= since:
                return {"listed_as": str(row["id"])}
        for row in self._anything:
            if row["arisen_at"] >= since and (in_force is None or row.get("effective_on") is None):
                return {"listed_as": None, "may_be_listed": True}
        return {"listed_as": None}


def lists_of(needs: Sequence[Mapping[str, Any]], rules: Iterable[str]) -> dict[str, ListedNeeds]:
    """Return the list of needs by their kinds.

    Args:
        needs: the needs on the list.
        rules: the numbers of the new rules that are known.
    """
    return {
        "new_rule": ListedNeeds(needs, "new_rule", "topic", frozenset(rules)),
        "new_bank": ListedNeeds(needs, "new_bank", "bank"),
        MANY_ERRORS: ListedNeeds(needs, MANY_ERRORS, "bank"),
        "common_problem": ListedNeeds(needs, "common_problem", "topic", frozenset(ACCOUNTING_ERRORS)),
    }


def _shown(kind: str, said: str, at: datetime, **values: Any) -> Record:
    return Record("needs_shown", {"id": f"{kind} / {said}", "kind": kind, "shown_at": at, **values})


def _of_rules(seen: Seen, lists: Mapping[str, ListedNeeds]) -> Iterator[Record]:
    rules = seen.rows("rule_notices")
    for row in rules:
        at = row["published_at"]
        listed = lists["new_rule"].listed(at, row["id"], row.get("effective_on"))
        yield _shown("new_rule", row["id"], at, topic=row["id"], **listed)


def _of_new_banks(seen: Seen, lists: Mapping[str, ListedNeeds]) -> Iterator[Record]:
    first = min((row["arisen_at"] for row in seen.rows("training_needs")), default=None)
    for bank in seen.ledger.banks:
        if bank.joined is None or first is None:
            continue
        at = seen.days.begins(bank.joined)
        if at >= first - LOOKED_BACK:  # who joined long before the list begins cannot be on it
            yield _shown("new_bank", bank.id, at, bank=bank.id, **lists["new_bank"].listed(first, bank.id))


def _of_errors(seen: Seen, lists: Mapping[str, ListedNeeds]) -> Iterator[Record]:
    """Yield, for each quarter that is over, every bank with errors, and every kind of error with its banks."""
    by_quarter: dict[Span, list[Record]] = defaultdict(list)
    for row in seen.rows("accounting_errors"):
        quarter = span_of("quarter", seen.days.of(row["booked_at"]))
        if seen.days.are_over(quarter.last):
            by_quarter[quarter].append(row)
    every = [bank.id for bank in seen.ledger.banks]
    volumes = _vouchers(seen)
    for quarter, rows in by_quarter.items():
        at = seen.days.begins(quarter.last + timedelta(days=1))
        errors = _errors(rows)
        typical = None if not every else int(2 * median(errors[bank] for bank in every))
        of_quarter = volumes.get(quarter, {})
        doubled = median_rate_doubled(errors, of_quarter, every)
        for bank, number in sorted(errors.items()):
            yield _shown(
                MANY_ERRORS, f"{quarter.name} / {bank}", at, bank=bank, errors=number, median_doubled=typical,
                vouchers=of_quarter.get(bank), many_from=many_from(of_quarter.get(bank), doubled),
                **lists[MANY_ERRORS].listed(at, bank),
            )  # fmt: skip
        kinds: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            kinds[row["kind"]].add(row["bank"])
        for kind, banks in sorted(kinds.items()):
            yield _shown(
                "common_problem", f"{quarter.name} / {kind}", at, topic=kind, banks=len(banks),
                of_banks=len(every) or None, **lists["common_problem"].listed(at, kind),
            )  # fmt: skip


def _vouchers(seen: Seen) -> dict[Span, dict[str, int]]:
    """Return the vouchers of each bank in each quarter; of a bank with a row that does not say how many, none."""
    found: dict[Span, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for row in seen.rows("voucher_counts"):
        found[span_of("quarter", seen.days.ended_by(row["counted_at"]))][row["bank"]].append(row.get("vouchers"))
    return {
        quarter: {
            bank: sum(number for number in numbers if number is not None)
            for bank, numbers in by_bank.items()
            if None not in numbers
        }
        for quarter, by_bank in found.items()
    }


def median_rate_doubled(
    errors: Mapping[str, int], volumes: Mapping[str, int | None], every: Sequence[str]
) -> Fraction | None:
    """Return twice the median of errors by vouchers; None if the vouchers of more than half the banks are not known."""
    rates = [Fraction(errors.get(bank, 0), number) for bank in every if (number := volumes.get(bank))]
    return 2 * median(rates) if rates and 2 * len(rates) >= len(every) else None


def many_from(vouchers: int | None, doubled: Fraction | None) -> int | None:
    """Return from how many errors on so many vouchers have a rate; None if either is not known."""
    return None if not vouchers or doubled is None else math.ceil(vouchers * doubled)


def _errors(rows: list[Record]) -> Counter[str]:
    """Return how many errors each bank made by its own fault."""
    found: Counter[str] = Counter()
    for row in rows:
        if row.get("fault_party") in OWN_FAULT:
            found[row["bank"]] += 1 if row.get("items") is None else row["items"]
    return found
