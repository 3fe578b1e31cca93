"""Records of who held what, made of a whole ledger for the rules on them: paths of matters, months of clerks and posts.

They are made for a ledger that says how its posts are manned: one with a duty matrix or a roster.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from windowservice.cases.by_clerk import Part, Stratum, expected_times, parts
from windowservice.cases.holders import WAITING_KINDS, Holding, clerk_spans, holdings, returns, worked_spans
from windowservice.domain.records import Record
from windowservice.domain.requests.kinds import CLOSING_KINDS
from windowservice.domain.requests.request import Request
from windowservice.instants import SECOND, from_us, utc_datetime

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["make_clerk_periods", "make_matter_paths"]

_TRANSFERS: Final = ("handed_over", "taken_over")


def _requests(seen: Seen) -> Sequence[Request]:
    """Return the requests, if the ledger says how its posts are manned."""
    tables = seen.ledger.records
    return seen.requests if "assignments" in tables or "roster" in tables else ()


def _holdings(seen: Seen) -> Iterator[tuple[Request, tuple[Holding, ...]]]:
    for request in _requests(seen):
        found = holdings(request, seen.calendar, seen.us)
        if found:
            yield request, found


def _are_recorded(seen: Seen, kinds: Collection[str]) -> bool:
    """Return whether all of these kinds of event are written down if they happen."""
    return seen.ledger.recorded is None or seen.ledger.recorded.issuperset(kinds)


def make_matter_paths(seen: Seen) -> Iterator[Record]:
    """Yield the matters that were handed over; where a taker is not named, nobody knows whether it came back."""
    told = _are_recorded(seen, _TRANSFERS)
    for request, held in _holdings(seen):
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


def make_clerk_periods(seen: Seen) -> Iterator[Record]:
    """Yield the months of the clerks, each part in a matter against the median of parts of its kind and difficulty.

    What is expected rests on what was finished by the end of that month, so that it never changes afterwards. If the
    ledger does not record all that begins a wait, waiting cannot be taken out, and nobody knows what the parts took.
    """
    told = _are_recorded(seen, WAITING_KINDS)
    by_month: dict[date, list[Part]] = {}
    for part in parts(_requests(seen), seen.calendar, seen.us):
        by_month.setdefault(from_us(part.ended, seen.zone).date().replace(day=1), []).append(part)
    posts = {clerk.id: next(iter(sorted(clerk.posts)), None) for clerk in seen.ledger.staff}
    so_far: list[Part] = []
    for month, of_month in sorted(by_month.items()):
        following = (month + timedelta(days=32)).replace(day=1)
        if following > seen.days.last + timedelta(days=1):
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
