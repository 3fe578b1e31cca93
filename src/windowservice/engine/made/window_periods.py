"""What a whole ledger says of the window over a period, as records for the rules on it.

Months and quarters are made once they are over, so that a share never changes by time alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.periods import Span
from windowservice.domain.records import Record
from windowservice.engine.made.posted_texts import COUNTER, Text, hung_on, place_of, text_of, texts_listed
from windowservice.errors import WindowserviceError
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["make_bank_clerks", "make_checklist_scores", "make_posted", "make_posting_cover"]


def make_checklist_scores(seen: Seen) -> Iterator[Record]:
    """Yield a record for every period and place at which a checklist was looked at."""
    days = seen.days
    by_place: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for row in seen.rows("observations"):
        month = days.period("month", row["at"])
        if month is not None:
            by_place[month, row["site"], row.get("post"), row["checklist"]].append(row)
    for (month, site, post, checklist), rows in by_place.items():
        values = {
            "id": " / ".join(filter(None, (month.name, site, post, checklist))), "site": site, "post": post,
            "checklist": checklist, "begins_at": days.begins(month.first), "observations": tuple(rows),
        }  # fmt: skip
        yield Record("checklist_scores", values)


def make_posted(seen: Seen) -> Iterator[Record]:
    """Yield a record for every posting, with the days on which it was outdated."""
    days = seen.days
    for row in seen.rows("postings"):
        if row["kind"] != "commitment" or row["since"] > days.last:
            continue
        hung = hung_on(row, days)
        wrong = _wrong_days(row, hung, seen.catalogue)
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


def make_posting_cover(seen: Seen) -> Iterator[Record]:
    """Yield a record for everything that has to hang somewhere, with the days on which it did not."""
    days, listed = seen.days, texts_listed(seen)  # judged place by place, against the version in force
    hung: dict[tuple[Text, str], set[int]] = defaultdict(set)
    for row in seen.rows("postings"):
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


def make_bank_clerks(seen: Seen) -> Iterator[Record]:
    """Yield a record for every quarter, bank and clerk who decided on requests of the bank."""
    days = seen.days
    decided: dict[tuple[Span, str], Counter[str | None]] = defaultdict(Counter)
    for request in seen.requests:
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
