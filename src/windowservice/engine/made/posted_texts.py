"""Posted texts with versions (steps, papers, standards, duties, ways to complain): what hung, and what was in force.

The workdays of each text at each place are put together as long as nothing changes, so that each gap and each outdated
period is a record of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from windowservice.domain.records import Record

if TYPE_CHECKING:
    from windowservice.engine.made.civil_days import CivilDays
    from windowservice.engine.seen import Seen

__all__ = ["COUNTER", "Text", "hung_on", "make_posted_texts", "place_of", "text_of", "texts_listed"]

COUNTER: Final = "counter"
"""Where a posting hangs that names no place."""
Text: TypeAlias = tuple[str, str | None]
"""What a text is, and the kind of business that it is about."""


@attrs.frozen
class _Standing:
    """How a text stands at a place on one day."""

    state: str
    in_force: str | None
    shown: frozenset[str] | None
    wrong: frozenset[str] | None


def text_of(row: Mapping[str, Any]) -> Text:
    """Return which text a posting shows, or a document is a version of."""
    return row["kind"], row.get("service")


def place_of(row: Mapping[str, Any]) -> str:
    """Return the place at which a posting hangs."""
    return row.get("place") or COUNTER


def texts_listed(seen: Seen) -> frozenset[Text]:
    """Return the texts whose versions the ledger lists; commitments stand in the catalogue."""
    return frozenset(text_of(row) for row in seen.rows("documents"))


def hung_on(row: Mapping[str, Any], days: CivilDays) -> list[int]:
    """Return the workdays, as ordinals, on which a notice hung as far as it is seen."""
    until = row.get("until")
    return days.workdays(row["since"], days.last if until is None else min(until, days.last))


def make_posted_texts(seen: Seen) -> Iterator[Record]:
    """Yield a record for every run of workdays on which a text stood the same at a place.

    A text is owed from when its first version is in force, but not before the first day of which the ledger's postings
    tell. What hung before any version is listed cannot be told.
    """
    days, versions = seen.days, defaultdict[Text, list[Record]](list)
    for row in seen.rows("documents"):
        if row["since"] <= days.last:
            versions[text_of(row)].append(row)
    if "postings" not in seen.ledger.records:
        yield from _untold(versions, days)
        return
    postings = [row for row in seen.rows("postings") if row["since"] <= days.last]
    if not postings:
        return
    first = min(row["since"] for row in postings)
    hung: dict[Text, dict[str, dict[int, list[str | None]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in postings:
        if row["kind"] != "commitment":
            for day in hung_on(row, days):
                hung[text_of(row)][place_of(row)][day].append(row.get("shown"))
    for text in sorted({*versions, *hung}, key=lambda text: (text[0], text[1] or "")):
        rows = sorted(versions.get(text, ()), key=lambda row: row["since"])
        at = hung.get(text, {})
        for place in sorted({*at, *_owed_places(rows, at)}):
            yield from _runs(text, place, rows, at.get(place, {}), place in _owed_places(rows, at), days, first)


def _owed_places(rows: list[Record], at: Mapping[str, Any]) -> frozenset[str]:
    named = [place for row in rows for place in row.get("places") or ()]
    return frozenset(named or at or (COUNTER,))


def _runs(
    text: Text, place: str, rows: list[Record], hung: Mapping[int, list[str | None]], owed: bool, days: CivilDays,
    first: date,
) -> Iterator[Record]:  # fmt: skip
    standing = [(day, _standing(rows, place, date.fromordinal(day), hung.get(day), owed))
                for day in days.workdays(first, days.last)]  # fmt: skip
    for found, run in groupby(standing, key=lambda row: row[1]):
        ordinals = [day for day, _ in run]
        if found is not None:
            yield _record(text, place, found, ordinals, days)


def _standing(
    rows: list[Record], place: str, day: date, shown: list[str | None] | None, owed: bool
) -> _Standing | None:
    """Return how a text stands at a place on a day; None if nothing hangs and nothing has to."""
    begun = [row for row in rows if row["since"] <= day]
    latest = begun[-1] if begun else None
    row = None if latest is None or (latest.get("until") or day) < day else latest
    in_force = None if row is None else row["version"]
    if shown is None:
        named = None if row is None else row.get("places")
        has_to = row is not None and (place in named if named else owed)
        return _Standing("missing", in_force, frozenset(), frozenset()) if has_to else None
    versions = frozenset(version for version in shown if version is not None)
    if latest is None:
        return _Standing("not_told", None, versions, None)
    wrong = versions - {in_force}
    if None in shown and not wrong:
        return _Standing("not_told", in_force, None, None)
    return _Standing("outdated" if wrong else "in_force", in_force, versions, wrong)


def _record(text: Text, place: str, found: _Standing, ordinals: list[int], days: CivilDays) -> Record:
    kind, service = text
    begin = date.fromordinal(ordinals[0])
    return Record(
        "posted_texts",
        {
            "id": " / ".join(filter(None, (kind, service, place, begin.isoformat()))), "kind": kind,
            "service": service, "place": place, "begins_at": days.begins(begin),
            "last": date.fromordinal(ordinals[-1]), "days": len(ordinals), "state": found.state, "shown": found.shown,
            "in_force": found.in_force, "wrong": found.wrong,
        },
    )  # fmt: skip


def _untold(versions: Mapping[Text, list[Record]], days: CivilDays) -> Iterator[Record]:
    """Yield one record for each text of a ledger that says nothing of what hung."""
    for (kind, service), rows in versions.items():
        first = min(row["since"] for row in rows)
        for place in sorted(_owed_places(rows, {})):
            values = {"kind": kind, "service": service, "place": place, "begins_at": days.begins(first)}
            id_ = " / ".join(filter(None, (kind, service, place, first.isoformat())))
            yield Record("posted_texts", {"id": id_, **values})
