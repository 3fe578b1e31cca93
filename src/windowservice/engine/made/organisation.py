"""Records of how the window is organised, made from a whole ledger for the rules on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.catalogue.service import limit_in_force
from windowservice.domain.records import Record
from windowservice.facts.organisation.admission import STAGES
from windowservice.instants import SECOND, datetime_us, utc_datetime
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["make_admissions", "make_businesses", "make_openings", "make_roll_outs"]

_PARTS: Final = ("task", "standard", "limit", "rule", "owner", "authority")
_STAGES: Final = tuple(STAGES)


def _holds(row: Mapping[str, Any], day: date) -> bool:
    since, until = row.get("since"), row.get("until")
    return (since is None or since <= day) and (until is None or day <= until)


def make_businesses(seen: Seen) -> Iterator[Record]:
    """Yield a record for every kind of business of the duty matrix, by its days."""
    lines = seen.rows("assignments")
    if not lines:
        return
    staff = {clerk.id: clerk for clerk in seen.ledger.staff}
    kinds, last = {service.id: service for service in seen.catalogue}, seen.days.last
    for id_ in dict.fromkeys([*kinds, *(row["service"] for row in lines)]):
        own = [row for row in lines if row["service"] == id_ and _holds(row, last)]
        stated = own[0] if own else {}
        owner = stated.get("owner")
        clerk = staff.get(owner) if owner is not None else None
        published = None if id_ not in kinds else limit_in_force(kinds[id_].commitment, last)
        limit = None if stated.get("limit") is None else Limit.parse(str(stated["limit"]))
        yield Record(
            "businesses",
            {
                "id": id_, "until": utc_datetime(seen.us), "lines": len(own), "owner": owner,
                "missing_parts": frozenset(part for part in _PARTS if stated.get(part) is None),
                "owner_on_roster": clerk.is_on(last) if clerk is not None else False if staff and owner else None,
                "limit_agrees": None if published is None or limit is None else limit == published.limit,
            },
        )  # fmt: skip


def make_openings(seen: Seen) -> Iterator[Record]:
    """Yield a record for every session of the window that the roster speaks of."""
    rows = seen.rows("roster")
    if not rows:
        return
    calendar = seen.calendar
    first = min(seen.days.of(row["starts_at"]) for row in rows)
    days = [seen.days.of(row.get("ends_at") or row["starts_at"]) for row in rows]
    end = min(max(days), seen.days.last) + timedelta(days=1)
    for begin, close in calendar.sessions(first, end):
        a, b = datetime_us(begin), datetime_us(close)
        if b > seen.us:
            break
        on, open_ended = [], False
        for row in rows:
            start, stop = datetime_us(row["starts_at"]), row.get("ends_at")
            if stop is None:
                open_ended = open_ended or start < b
            elif start < b and datetime_us(stop) > a:
                on.append((max(start, a), min(datetime_us(stop), b), row["clerk"]))
        uncovered, alone = (_below(on, a, b, least) for least in (1, 2))
        yield Record(
            "openings",
            {
                "id": begin.format("YYYY-MM-DD HH:mm"), "begins_at": utc_datetime(a), "ends_at": utc_datetime(b),
                "on_duty": frozenset(clerk for _, _, clerk in on),
                "uncovered": None if open_ended and uncovered else uncovered,
                "alone": None if open_ended and alone else alone,
            },
        )  # fmt: skip


def _below(on: list[tuple[int, int, str]], a: int, b: int, least: int) -> int:
    """Return for how many seconds fewer than `least` different clerks were there."""
    marks = sorted({a, b, *(mark for begin, end, _ in on for mark in (begin, end))})
    short = sum(
        right - left
        for left, right in pairwise(marks)
        if len({clerk for begin, end, clerk in on if begin <= left and right <= end}) < least
    )
    return short // SECOND


def make_roll_outs(seen: Seen) -> Iterator[Record]:
    """Yield a record for the roll-out of the front-end subsystem."""
    rows = seen.rows("front_ends")
    dated = [row["connected_on"] for row in rows if row.get("connected_on") is not None]
    if not dated:
        return
    day = min(dated).replace(day=1)
    before: int | None = None
    while (following := (day + timedelta(days=32)).replace(day=1)) <= seen.days.last + timedelta(days=1):
        connected = {
            row["bank"] for row in rows
            if row.get("connected_on") is not None and row["connected_on"] < following
            and (row.get("left_on") is None or row["left_on"] >= following)
        }  # fmt: skip
        due = {bank.id for bank in seen.ledger.banks if bank.joined is None or bank.joined < following}
        known = bool(due)
        yield Record(
            "roll_outs",
            {
                "id": f"front end {day:%Y-%m}", "until": seen.midnight(following), "banks": len(due) if known else None,
                "connected": len(connected & due) if known else None, "connected_before": before,
                "missing": frozenset(due - connected) if known else None,
            },
        )  # fmt: skip
        before = len(connected & due) if known else None
        day = following


def make_admissions(seen: Seen) -> Iterator[Record]:
    """Yield a record for every admission, with its stages."""
    by_application: dict[str, list[Record]] = {}
    for row in seen.rows("admission_stages"):
        if datetime_us(row["began_at"]) <= seen.us:
            by_application.setdefault(row["application"], []).append(_as_seen(row, seen.us))
    for id_, stages in by_application.items():
        stages.sort(key=lambda row: (datetime_us(row["began_at"]), _STAGES.index(row["stage"])))
        sponsor = next((row.get("sponsor") for row in stages if row.get("sponsor") is not None), None)
        yield Record(
            "admissions",
            {
                "id": id_, "bank": stages[0]["bank"], "sponsor": sponsor, "stages": tuple(stages),
                "restrictions": _restrictions(seen, stages, sponsor),
            },
        )  # fmt: skip


def _as_seen(row: Record, us: int) -> Record:
    ended = row.get("ended_at")
    if ended is None or datetime_us(ended) <= us:
        return row
    return Record(row.table, {**row, "ended_at": None, "passed": None})


def _restrictions(seen: Seen, stages: list[Record], sponsor: str | None) -> int | None:
    """Return how many restrictions were in force while stages after the application went on; None without a table."""
    if "actions" not in seen.ledger.records:
        return None
    spans = [_span(row, seen.us) for row in stages if row["stage"] != "application"]
    parties = {stages[0]["bank"], sponsor}
    count = 0
    for row in seen.rows("actions"):
        decided, released = row.get("decided_at"), row.get("released_at")
        if row["action"] != "restrict_new_admission" or row["bank"] not in parties or decided is None:
            continue
        end = seen.us + 1 if released is None else datetime_us(released)
        if row.get("decision") == "taken" and any(datetime_us(decided) < over and begun < end for begun, over in spans):
            count += 1
    return count


def _span(stage: Record, us: int) -> tuple[int, int]:
    """Return from when until when a stage went on, in microseconds UTC; one that goes on, until after the instant."""
    begun, ended = datetime_us(stage["began_at"]), stage.get("ended_at")
    return begun, us + 1 if ended is None else max(begun + 1, datetime_us(ended))
