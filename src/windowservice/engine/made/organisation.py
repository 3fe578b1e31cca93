"""Records of how the window is organised, made from a whole ledger for the rules on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from windowservice.cases.holders import WAITING_KINDS, Holding, clerk_spans, holdings, returns, worked_spans
from windowservice.cases.performance import Part, Stratum, expected_times, parts
from windowservice.domain.catalogue.service import limit_in_force
from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.facts.organisation.admission import STAGES
from windowservice.facts.requests.event import CLOSING_KINDS
from windowservice.instants import SECOND, datetime_us, from_us, local_midnight, utc_datetime
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["ORGANISATION", "organisation_records"]

_PARTS: Final = ("task", "standard", "limit", "rule", "owner", "authority")


_TRANSFERS: Final = ("handed_over", "taken_over")


class _Seen:
    """A ledger as an engine sees it at an instant."""

    def __init__(self, engine: Engine, ledger: Ledger, us: int) -> None:
        self.engine = engine
        self.ledger = ledger
        self.us = us
        self.zone = engine.calendar.zone
        self.last = from_us(us - 1, self.zone).date()
        """The last date that is seen."""

    def rows(self, table: str) -> tuple[Record, ...]:
        return self.ledger.records.get(table, ())

    def day_of(self, at: datetime) -> date:
        return from_us(datetime_us(at), self.zone).date()

    def midnight(self, day: date) -> datetime:
        return utc_datetime(local_midnight(day, self.zone))

    @property
    def keeps_duties(self) -> bool:
        """Whether the ledger says how its posts are manned."""
        return "assignments" in self.ledger.records or "roster" in self.ledger.records

    def records_all_of(self, kinds: Collection[str]) -> bool:
        """Whether all of these kinds of event are written down if they happen."""
        return self.ledger.recorded is None or self.ledger.recorded.issuperset(kinds)

    def holdings(self) -> Iterator[tuple[Request, tuple[Holding, ...]]]:
        for request in self.ledger.requests if self.keeps_duties else ():
            found = holdings(request, self.engine.calendar, self.us)
            if found:
                yield request, found


def organisation_records(engine: Engine, ledger: Ledger, us: int, tables: Collection[str | None]) -> list[Record]:
    """Return the records of some of the `ORGANISATION` that a ledger gives until an instant.

    A ledger without a duty matrix gives no businesses, one without a roster no openings, one without front ends no
    roll-out: nothing is said of what it does not keep. Paths and months of clerks are made for a ledger that keeps a
    duty matrix or a roster; `holders` answers for any request.
    """
    seen = _Seen(engine, ledger, us)
    return [row for name in ORGANISATION if name in tables for row in _MAKERS[name](seen)]


def _holds(row: Mapping[str, Any], day: date) -> bool:
    since, until = row.get("since"), row.get("until")
    return (since is None or since <= day) and (until is None or day <= until)


def _businesses(seen: _Seen) -> Iterator[Record]:
    lines = seen.rows("assignments")
    if not lines:
        return
    staff = {clerk.id: clerk for clerk in seen.ledger.staff}
    catalogue = seen.engine.catalogue
    kinds = {service.id: service for service in catalogue}
    for id_ in dict.fromkeys([*kinds, *(row["service"] for row in lines)]):
        own = [row for row in lines if row["service"] == id_ and _holds(row, seen.last)]
        stated = own[0] if own else {}
        owner = stated.get("owner")
        clerk = staff.get(owner) if owner is not None else None
        published = None if id_ not in kinds else limit_in_force(kinds[id_].commitment, seen.last)
        limit = None if stated.get("limit") is None else Limit.parse(str(stated["limit"]))
        yield Record(
            "businesses",
            {
                "id": id_, "until": utc_datetime(seen.us), "lines": len(own), "owner": owner,
                "missing_parts": frozenset(part for part in _PARTS if stated.get(part) is None),
                "owner_on_roster": clerk.is_on(seen.last) if clerk is not None else False if staff and owner else None,
                "limit_agrees": None if published is None or limit is None else limit == published.limit,
            },
        )  # fmt: skip


def _openings(seen: _Seen) -> Iterator[Record]:
    rows = seen.rows("roster")
    if not rows:
        return
    calendar = seen.engine.calendar
    first = min(seen.day_of(row["starts_at"]) for row in rows)
    days = [seen.day_of(row.get("ends_at") or row["starts_at"]) for row in rows]
    end = min(max(days), seen.last) + timedelta(days=1)
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


def _roll_outs(seen: _Seen) -> Iterator[Record]:
    rows = seen.rows("front_ends")
    dated = [row["connected_on"] for row in rows if row.get("connected_on") is not None]
    if not dated:
        return
    day = min(dated).replace(day=1)
    before: int | None = None
    while (following := (day + timedelta(days=32)).replace(day=1)) <= seen.last + timedelta(days=1):
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


def _admissions(seen: _Seen) -> Iterator[Record]:
    by_application: dict[str, list[Record]] = {}
    for row in seen.rows("admission_stages"):
        if datetime_us(row["began_at"]) <= seen.us:
            by_application.setdefault(row["application"], []).append(_as_seen(row, seen.us))
    for id_, stages in by_application.items():
        stages.sort(key=lambda row: (datetime_us(row["began_at"]), STAGES.index(row["stage"])))
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


def _restrictions(seen: _Seen, stages: list[Record], sponsor: str | None) -> int | None:
    """Return how many restrictions were in force while stages after the application went on; None without a table."""
    if "measures" not in seen.ledger.records:
        return None
    spans = [_span(row, seen.us) for row in stages if row["stage"] != "application"]
    parties = {stages[0]["bank"], sponsor}
    count = 0
    for row in seen.rows("measures"):
        decided, released = row.get("decided_at"), row.get("released_at")
        if row["measure"] != "restrict_new_admission" or row["bank"] not in parties or decided is None:
            continue
        end = seen.us + 1 if released is None else datetime_us(released)
        if row.get("decision") == "taken" and any(datetime_us(decided) < over and begun < end for begun, over in spans):
            count += 1
    return count


def _span(stage: Record, us: int) -> tuple[int, int]:
    """Return from when until when a stage went on, in microseconds UTC; one that goes on, until after the instant."""
    begun, ended = datetime_us(stage["began_at"]), stage.get("ended_at")
    return begun, us + 1 if ended is None else max(begun + 1, datetime_us(ended))


def _paths(seen: _Seen) -> Iterator[Record]:
    """Yield the matters that were handed over; where a taker is not named, nobody knows whether it came back."""
    told = seen.records_all_of(_TRANSFERS)
    for request, held in seen.holdings():
        clerks = {span.name for span in clerk_spans(held)}
        if not any(span.by == "between" for span in held) and len(clerks) < 2:
            continue
        ended = next((event.us for event in request.timeline if event.kind in CLOSING_KINDS), None)
        by_clerks = sum(span.open_us for span in worked_spans(held)) // SECOND
        between = sum(span.open_us for span in held if span.by == "between") // SECOND
        named = not any(span.by == "unnamed" for span in held)
        yield Record(
            "matter_paths",
            {
                "id": f"{request.id} path", "bank": request.bank, "service": request.service,
                "submitted_at": utc_datetime(held[0].begin), "clerks": len(clerks),
                "returns": returns(held) if told and named else None, "held": by_clerks,
                "between": between if told else None,
                "waiting": sum(span.open_us for span in held if span.by in ("applicant", "upper", "stop")) // SECOND,
                "finished_at": None if ended is None or ended > seen.us else utc_datetime(ended),
            },
        )  # fmt: skip


def _clerk_periods(seen: _Seen) -> Iterator[Record]:
    """Yield the months of the clerks, each part in a matter against the median of parts of its kind and difficulty.

    What is expected rests on what was finished by the end of that month, so that it never changes afterwards. If the
    ledger does not record all that begins a wait, waiting cannot be taken out, and nobody knows what the parts took.
    """
    told = seen.records_all_of(WAITING_KINDS)
    by_month: dict[date, list[Part]] = {}
    for part in parts(seen.ledger.requests if seen.keeps_duties else (), seen.engine.calendar, seen.us):
        by_month.setdefault(from_us(part.ended, seen.zone).date().replace(day=1), []).append(part)
    posts = {clerk.id: next(iter(sorted(clerk.posts)), None) for clerk in seen.ledger.staff}
    so_far: list[Part] = []
    for month, of_month in sorted(by_month.items()):
        following = (month + timedelta(days=32)).replace(day=1)
        if following > seen.last + timedelta(days=1):
            return
        so_far += of_month
        expected = expected_times(so_far)
        by_clerk: dict[str, list[Part]] = {}
        by_post: dict[str, list[Part]] = {}
        for part in of_month:
            by_clerk.setdefault(part.group, []).append(part)
        for clerk, own in sorted(by_clerk.items()):
            post = posts.get(clerk)
            id_ = f"{clerk} {month:%Y-%m}"
            yield _evaluation(id_, clerk, post, seen.midnight(following), own, expected, told=told)
            if post is not None:
                by_post.setdefault(post, []).extend(own)
        for post, of_post in sorted(by_post.items()):
            id_ = f"post {post} {month:%Y-%m}"
            yield _evaluation(id_, None, post, seen.midnight(following), of_post, expected, told=told)


def _evaluation(
    id_: str, clerk: str | None, post: str | None, until: datetime, own: Iterable[Part],
    expected: Mapping[Stratum, int], *, told: bool,
) -> Record:  # fmt: skip
    compared = [(part.open_us // SECOND, expected[part.stratum] // SECOND) for part in own if part.stratum in expected]
    return Record(
        "clerk_periods",
        {
            "id": id_, "clerk": clerk, "until": until, "post": post, "matters": len(compared),
            "own_time": sum(time for time, _ in compared) if told else None,
            "expected_time": sum(norm for _, norm in compared) if compared else None,
        },
    )  # fmt: skip


_MAKERS: Final[dict[str, Callable[[_Seen], Iterator[Record]]]] = {
    "businesses": _businesses, "openings": _openings, "roll_outs": _roll_outs, "admissions": _admissions,
    "matter_paths": _paths, "clerk_periods": _clerk_periods,
}  # fmt: skip
ORGANISATION: Final[tuple[str, ...]] = tuple(_MAKERS)
"""The tables of the records made here."""
