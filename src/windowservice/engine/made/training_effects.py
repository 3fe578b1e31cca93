"""What a training did: a bank's errors of the kinds taught, by volume, before and after, against those of peers.

Errors are counted by civil days: the 60 before the day of the training, and the 60 after it, once these are over.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.domain.records import Record
from windowservice.domain.words import OWN_FAULT

if TYPE_CHECKING:
    from windowservice.engine.made.civil_days import CivilDays
    from windowservice.engine.seen import Seen

__all__ = ["ERROR_NEEDS", "EVERY_KIND", "make_training_effects"]

ERROR_NEEDS: Final = ("many_errors", "no_effect")
"""The kinds of need for which one bank is trained on its errors."""
EVERY_KIND: Final = "all"
"""Stands for every kind of error."""
_DAYS: Final = 60
"""How many days before and after a training are compared, as the account's default has it."""
_LEAST: Final = 5
"""How many errors before, of a bank and of its peers together, are enough to be compared (an assumption)."""
_DAY: Final = timedelta(days=1)


class _Window(NamedTuple):
    """Days in a row, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> Iterator[date]:
        """The days, in order."""
        return (self.first + _DAY * number for number in range((self.last - self.first).days + 1))


class _Compared(NamedTuple):
    """Errors and items of a bank, or of several, before and after."""

    before: int
    after: int
    items_before: int | None
    items_after: int | None

    @property
    def rate(self) -> Fraction | None:
        """The errors by volume before; None if the volume before or after is not known."""
        return Fraction(self.before, self.items_before) if self.items_before and self.items_after else None


def make_training_effects(seen: Seen) -> Iterator[Record]:
    """Yield a record for every training of one bank on its errors whose days after are over."""
    days = seen.days
    held = [
        row for row in seen.rows("training_needs")
        if row["kind"] in ERROR_NEEDS and row.get("bank") and row.get("held_at")
    ]  # fmt: skip
    if not held:
        return
    errors, volumes = _Errors(seen), _Volumes(seen)
    for need in held:
        taught_on = days.of(need["held_at"])
        before = _Window(taught_on - _DAYS * _DAY, taught_on - _DAY)
        after = _Window(taught_on + _DAY, taught_on + _DAYS * _DAY)
        if days.are_over(after.last):
            trained = _trained(held, need, days)
            yield _effect(need, before, after, errors, volumes, trained)


def _trained(held: Iterable[Record], need: Record, days: CivilDays) -> frozenset[str]:
    """Return the banks that were trained on the same errors within the days compared."""
    kinds, day = need.get("error_kinds"), days.of(need["held_at"])
    return frozenset(
        row["bank"] for row in held
        if abs(days.of(row["held_at"]) - day) <= _DAYS * _DAY and _overlap(kinds, row.get("error_kinds"))
    )  # fmt: skip


def _overlap(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    if not one or not other:
        return True  # nobody wrote what was taught: it may have been the same
    return EVERY_KIND in one | other or bool(one & other)


def _effect(
    need: Record, before: _Window, after: _Window, errors: _Errors, volumes: _Volumes, trained: frozenset[str]
) -> Record:
    kinds = need.get("error_kinds") or None
    values: dict[str, Any] = {
        "id": f"{need['id']} / effect", "need": need["id"], "bank": need["bank"], "held_at": need["held_at"],
        "measured_on": after.last, "error_kinds": kinds, "volume_from": volumes.table,
    }  # fmt: skip
    if kinds is not None:
        made = {window: errors.of(kinds, window) for window in (before, after)}

        def compared(bank: str) -> _Compared:
            items = (volumes.of(bank, window) for window in (before, after))
            return _Compared(made[before][bank], made[after][bank], *items)

        own = compared(need["bank"])
        peers = _peers(own, (compared(bank) for bank in made[before] if bank not in trained))
        values |= {
            "before": own.before, "after": own.after, "compared": own.before if own.before >= _LEAST else None,
            "items_before": own.items_before or None, "items_after": own.items_after or None, "peers": len(peers),
            **_together(peers),
        }  # fmt: skip
    return Record("training_effects", values)


def _peers(own: _Compared, others: Iterable[_Compared]) -> list[_Compared]:
    """Return those with as many errors by volume as the bank had, or more; none if that is not known of the bank."""
    least = own.rate
    if least is None:
        return []
    return [other for other in others if other.rate is not None and other.rate >= least]


def _together(peers: list[_Compared]) -> Mapping[str, int]:
    """Return the sums of the peers; none if they made too few errors to be compared."""
    if sum(peer.before for peer in peers) < _LEAST:
        return {}
    names = ("peers_before", "peers_after", "peers_items_before", "peers_items_after")
    return dict(zip(names, (sum(filter(None, column)) for column in zip(*peers, strict=True)), strict=True))


class _Errors:
    """The errors that banks made by their own fault, by kind and day."""

    def __init__(self, seen: Seen) -> None:
        self._found: dict[tuple[frozenset[str], _Window], Counter[str]] = {}
        self._by_day: dict[date, Counter[tuple[str, str]]] = defaultdict(Counter)
        for row in seen.rows("accounting_errors"):
            if row.get("fault_party") in OWN_FAULT:
                items = 1 if row.get("items") is None else row["items"]
                self._by_day[seen.days.of(row["booked_at"])][row["kind"], row["bank"]] += items

    def of(self, kinds: frozenset[str], window: _Window) -> Counter[str]:
        """Return how many errors of some kinds each bank made."""
        if (kinds, window) in self._found:
            return self._found[kinds, window]
        found = self._found[kinds, window] = Counter()
        for day in window.days:
            for (kind, bank), items in self._by_day.get(day, {}).items():
                if EVERY_KIND in kinds or kind in kinds:
                    found[bank] += items
        return found


class _Volumes:
    """How much business each bank did, by day.

    It is counted from the first of these that the ledger keeps: vouchers of ``voucher_counts``, requests, items of the
    exchange, messages.

    Attributes:
        table: the table that it is counted from; None if the ledger keeps none of them.
    """

    def __init__(self, seen: Seen) -> None:
        self._days = seen.days
        self.table = next(
            (name for name in ("voucher_counts", "requests", "exchange_items", "messages") if _kept(seen, name)), None
        )
        by_bank: dict[str, dict[date, list[int | None]]] = defaultdict(lambda: defaultdict(list))
        for bank, day, items in _counted(seen, self.table):
            by_bank[bank][day].append(items)
        self._first = min((day for own in by_bank.values() for day in own), default=date.max)
        self._of_bank = {bank: _RunningTotals(own, self._days) for bank, own in by_bank.items()}

    def of(self, bank: str, window: _Window) -> int | None:
        """Return how many items a bank did; None if that is not known.

        ``voucher_counts`` have to have a row of every workday. Of the other tables it is known from their first day on.
        """
        if window.first < self._first:
            return None
        if bank not in self._of_bank:
            return None if self.table == "voucher_counts" else 0
        items, untold, workdays = self._of_bank[bank].within(window)
        if self.table == "voucher_counts" and workdays < self._days.number_of_workdays(window.first, window.last):
            return None
        return None if untold else items


class _RunningTotals:
    """The items of one bank up to each of its days, so that a window is told by its two ends."""

    def __init__(self, by_day: Mapping[date, list[int | None]], days: CivilDays) -> None:
        self._dates = sorted(by_day)
        self._totals = [(0, 0, 0)]
        for day in self._dates:
            items, untold, workdays = self._totals[-1]
            own = by_day[day]
            items += sum(number for number in own if number is not None)
            self._totals.append((items, untold + (None in own), workdays + days.number_of_workdays(day, day)))

    def within(self, window: _Window) -> tuple[int, ...]:
        """Return the items, the days of which one row tells none, and the workdays that have a row."""
        ends = bisect_left(self._dates, window.first), bisect_right(self._dates, window.last)
        before, after = (self._totals[end] for end in ends)
        return tuple(late - early for early, late in zip(before, after, strict=True))


def _kept(seen: Seen, table: str) -> bool:
    return bool(seen.requests if table == "requests" else seen.rows(table))


def _counted(seen: Seen, table: str | None) -> Iterator[tuple[str, date, int | None]]:
    """Yield bank, day and number of items for each row of the table that volumes are counted from."""
    days = seen.days
    if table == "requests":
        for request in seen.requests:
            if request.timeline:
                yield request.bank, days.of(request.timeline[0].at), 1
        return
    for row in () if table is None else seen.rows(table):
        if table == "voucher_counts":
            yield row["bank"], days.ended_by(row["counted_at"]), row.get("vouchers")
        elif table == "exchange_items":
            yield row["bank"], days.of(row["session_at"]), 1 if row.get("items") is None else row["items"]
        elif row.get("excluded") is None:
            yield row["bank"], days.of(row["received_at"]), 1
