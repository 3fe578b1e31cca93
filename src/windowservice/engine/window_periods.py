"""What a whole ledger says of the window over a period, as records for the rules on it.

Months and quarters are made once they are over, so that a share never changes by time alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.catalogue import Catalogue
from windowservice.domain.periods import Every, Span, span_of
from windowservice.domain.records import Record
from windowservice.errors import WindowserviceError
from windowservice.instants import from_us, to_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits import Limit

if TYPE_CHECKING:
    from windowservice.ledger.ledger import Ledger

__all__ = ["WINDOW_PERIODS", "window_period_records"]

Made = Iterator[Record]


class _Days:
    """Civil days of a calendar's zone, up to an instant."""

    def __init__(self, calendar: WorkCalendar, us: int) -> None:
        self.calendar = calendar
        self.us = us
        self.last = from_us(us - 1, calendar.zone).date()
        """The last date that is seen, in part or as a whole."""

    def of(self, at: datetime) -> date:
        """Return the date of an instant."""
        return date.fromordinal(self.calendar.table.date_of(to_us(at)))

    def begins(self, day: date) -> datetime:
        """Return when a date begins."""
        return from_us(self.calendar.table.midnight(day.toordinal()), self.calendar.zone)

    def workdays(self, first: date, last: date) -> list[int]:
        """Return the workdays between two dates, both included, as ordinals."""
        days = range(first.toordinal(), last.toordinal() + 1)
        return [day for day in days if self.calendar.table.is_workday(day)]

    def period(self, every: Every, at: datetime) -> Span | None:
        """Return the period of an instant if it is over, else None."""
        found = span_of(every, self.of(at))
        return found if self.calendar.table.midnight(found.last.toordinal() + 1) <= self.us else None


def _satisfaction(ledger: Ledger, days: _Days, _catalogue: Catalogue) -> Made:
    by_month: dict[Span, list[Record]] = defaultdict(list)
    for row in ledger.records.get("ratings", ()):
        month = days.period("month", row["asked_at"])
        if month is not None:
            by_month[month].append(row)
    for month, rows in by_month.items():
        begins = days.begins(month.first)
        yield Record("satisfaction", {"id": f"ratings / {month.name}", "begins_at": begins, "ratings": tuple(rows)})


def _checklists(ledger: Ledger, days: _Days, _catalogue: Catalogue) -> Made:
    by_place: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for row in ledger.records.get("observations", ()):
        month = days.period("month", row["at"])
        if month is not None:
            by_place[month, row["site"], row.get("post"), row["checklist"]].append(row)
    for (month, site, post, checklist), rows in by_place.items():
        values = {
            "id": " / ".join(filter(None, (month.name, site, post, checklist))), "site": site, "post": post,
            "checklist": checklist, "begins_at": days.begins(month.first), "observations": tuple(rows),
        }  # fmt: skip
        yield Record("checklist_scores", values)


def _posted(ledger: Ledger, days: _Days, catalogue: Catalogue) -> Made:
    for row in ledger.records.get("postings", ()):
        if row["kind"] != "commitment" or row["since"] > days.last:
            continue
        hung = _hung(row, days)
        wrong = _wrong_days(row, hung, catalogue)
        yield Record(
            "posted",
            {
                "id": f"{row['id']} / in force", "service": row.get("service"), "shown": row.get("shown"),
                "days": len(hung),
                "begins_at": days.begins(row["since"]), "days_wrong": None if wrong is None else len(wrong),
                "wrong_from": wrong[0] if wrong else None,
            },
        )  # fmt: skip


def _hung(row: Mapping[str, Any], days: _Days) -> list[int]:
    """Return the workdays, as ordinals, on which a notice hung as far as it is seen."""
    until = row.get("until")
    return days.workdays(row["since"], days.last if until is None else min(until, days.last))


def _wrong_days(row: Mapping[str, Any], hung: list[int], catalogue: Catalogue) -> list[date] | None:
    """Return the days on which another commitment was in force, or none; None if what hung cannot be told."""
    service, shown = row.get("service"), row.get("shown")
    if service is None or service not in catalogue or shown is None:
        return None
    try:
        limit = Limit.parse(shown)
    except WindowserviceError:
        return None
    wrong = []
    for ordinal in hung:
        in_force = catalogue[service].commitment_on(date.fromordinal(ordinal))
        if in_force is None or in_force.limit != limit:
            wrong.append(date.fromordinal(ordinal))
    return wrong


def _cover(ledger: Ledger, days: _Days, _catalogue: Catalogue) -> Made:
    hung: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    for row in ledger.records.get("postings", ()):
        if row["since"] <= days.last:
            hung[row["kind"], row.get("service")].update(_hung(row, days))
    for (kind, service), ordinals in hung.items():
        if not ordinals:
            continue
        first = date.fromordinal(min(ordinals))
        without = [date.fromordinal(day) for day in days.workdays(first, days.last) if day not in ordinals]
        values = {
            "id": " / ".join(filter(None, (kind, service))), "kind": kind, "service": service,
            "begins_at": days.begins(first), "days_without": len(without),
            "without_from": without[0] if without else None,
        }  # fmt: skip
        yield Record("posting_cover", values)


def _bank_clerks(ledger: Ledger, days: _Days, _catalogue: Catalogue) -> Made:
    decided: dict[tuple[Span, str], Counter[str | None]] = defaultdict(Counter)
    for request in ledger.requests:
        event = next((event for event in reversed(request.timeline) if event.kind == "decided"), None)
        quarter = None if event is None else days.period("quarter", event.at)
        if event is not None and quarter is not None:
            decided[quarter, request.bank][event.by] += 1
    for (quarter, bank), by in decided.items():
        of_bank = None if by[None] else by.total()
        for clerk in filter(None, by):
            values = {
                "id": f"{quarter.name} / {bank} / {clerk}", "begins_at": days.begins(quarter.first), "bank": bank,
                "clerk": clerk, "decided": by[clerk], "of_bank": of_bank,
            }  # fmt: skip
            yield Record("bank_clerks", values)


_MAKERS: Final[Mapping[str, Callable[[Any, _Days, Catalogue], Made]]] = {
    "satisfaction": _satisfaction, "checklist_scores": _checklists, "posted": _posted, "posting_cover": _cover,
    "bank_clerks": _bank_clerks,
}  # fmt: skip
WINDOW_PERIODS: Final = frozenset(_MAKERS)
"""The tables of the records made here."""


def window_period_records(
    ledger: Ledger, calendar: WorkCalendar, catalogue: Catalogue, us: int, wanted: frozenset[str] = WINDOW_PERIODS
) -> list[Record]:
    """Return what the ledger says of the window over periods that are over as of an instant.

    Args:
        ledger: its ratings, observations, postings and requests.
        calendar: whose zone gives civil days.
        catalogue: the commitments in force.
        us: what comes after this instant (microseconds UTC) is not seen.
        wanted: which of `WINDOW_PERIODS` are made.
    """
    days = _Days(calendar, us)
    return [record for table, make in _MAKERS.items() if table in wanted for record in make(ledger, days, catalogue)]
