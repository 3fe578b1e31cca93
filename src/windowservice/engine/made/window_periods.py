"""What a whole ledger says of the window over a period, as records for the rules on it.

Months and quarters are made once they are over, so that a share never changes by time alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.periods import Span
from windowservice.domain.records import Record
from windowservice.engine.made.civil_days import CivilDays
from windowservice.engine.made.posted_texts import COUNTER, Text, hung_on, place_of, posted_texts, text_of, texts_listed
from windowservice.errors import WindowserviceError
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.ledger.ledger import Ledger

__all__ = ["WINDOW_PERIODS", "window_period_records"]

Made = Iterator[Record]


def _satisfaction(ledger: Ledger, days: CivilDays, _catalogue: Catalogue) -> Made:
    by_month: dict[Span, list[Record]] = defaultdict(list)
    for row in ledger.records.get("ratings", ()):
        month = days.period("month", row["asked_at"])
        if month is not None:
            by_month[month].append(row)
    for month, rows in by_month.items():
        begins = days.begins(month.first)
        yield Record("satisfaction", {"id": f"ratings / {month.name}", "begins_at": begins, "ratings": tuple(rows)})


def _checklists(ledger: Ledger, days: CivilDays, _catalogue: Catalogue) -> Made:
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


def _posted(ledger: Ledger, days: CivilDays, catalogue: Catalogue) -> Made:
    for row in ledger.records.get("postings", ()):
        if row["kind"] != "commitment" or row["since"] > days.last:
            continue
        hung = hung_on(row, days)
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


def _cover(ledger: Ledger, days: CivilDays, _catalogue: Catalogue) -> Made:
    listed = texts_listed(ledger)  # judged place by place, against the version in force
    hung: dict[tuple[Text, str], set[int]] = defaultdict(set)
    for row in ledger.records.get("postings", ()):
        if row["since"] <= days.last and text_of(row) not in listed:
            hung[text_of(row), place_of(row)].update(hung_on(row, days))
    for ((kind, service), place), ordinals in hung.items():
        if not ordinals:
            continue
        first = date.fromordinal(min(ordinals))
        without = [date.fromordinal(day) for day in days.workdays(first, days.last) if day not in ordinals]
        values = {
            "id": " / ".join(filter(None, (kind, service, None if place == COUNTER else place))), "kind": kind,
            "service": service, "place": place, "begins_at": days.begins(first), "days_without": len(without),
            "without_from": without[0] if without else None,
        }  # fmt: skip
        yield Record("posting_cover", values)


def _bank_clerks(ledger: Ledger, days: CivilDays, _catalogue: Catalogue) -> Made:
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


_MAKERS: Final[Mapping[str, Callable[[Any, CivilDays, Catalogue], Made]]] = {
    "satisfaction": _satisfaction, "checklist_scores": _checklists, "posted": _posted, "posting_cover": _cover,
    "posted_texts": posted_texts,
    "bank_clerks": _bank_clerks,
}  # fmt: skip
WINDOW_PERIODS: Final = frozenset(_MAKERS)
"""The tables of the records made here."""


def window_period_records(
    ledger: Ledger, calendar: WorkCalendar, catalogue: Catalogue, us: int, wanted: frozenset[str] = WINDOW_PERIODS
) -> list[Record]:
    """Return what the ledger says of the window over periods that are over as of an instant.

    Args:
        ledger: its ratings, observations, postings, documents and requests.
        calendar: whose zone gives civil days.
        catalogue: the commitments in force.
        us: what comes after this instant (microseconds UTC) is not seen.
        wanted: which of `WINDOW_PERIODS` are made.
    """
    days = CivilDays(calendar, us)
    return [record for table, make in _MAKERS.items() if table in wanted for record in make(ledger, days, catalogue)]
