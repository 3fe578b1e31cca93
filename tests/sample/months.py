"""The months of the sample's clerks: which of them took half as long again as such matters take, by chance or planted.

Reckoned by plain arithmetic over the steps of matters; no rule is asked, and nothing of the engine is used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Final

import attrs
from tests.sample.desk import CLERKS, Desk
from tests.sample.matter import Matter

from windowservice.instants import SECOND

__all__ = ["long_months", "post_of"]

_LEAST: Final = 5
"""So many parts of a kind, with papers missing or without, tell what such parts take."""
_ENOUGH: Final = 20
"""So many parts in a month are enough to look at."""
_MOST: Final = Fraction(3, 2)
_OWNS: Final = ("asked", "submitted", "taken_over")
_ENDS: Final = ("decided", "refused")
_BEGINS_WAIT: Final = {"notified": "papers", "handed_over": "post", "referred": "upper", "suspended": "stop"}
_ENDS_WAIT: Final = {
    "supplemented": "papers", "accepted": "papers", "taken_over": "post", "answered": "upper", "checked": "upper",
    "authorised": "upper", "resumed": "stop",
}  # fmt: skip


@attrs.frozen
class _Part:
    clerk: str
    kind: tuple[str, bool]
    ended: date
    seconds: int


def post_of(clerk: str) -> str | None:
    """Return the post of a clerk; those who only help out have none."""
    return f"window-{CLERKS.index(clerk) % 3 + 1}" if clerk in CLERKS else None


def long_months(desk: Desk, matters: Iterable[Matter], until: int) -> Iterator[str]:
    """Yield the clerks, and posts, with each month that took more than half as long again as such matters take.

    Args:
        desk: whose opening hours count.
        matters: all matters.
        until: the end of what is seen, in microseconds UTC.
    """
    by_month: dict[date, list[_Part]] = defaultdict(list)
    for matter in matters:
        for part in _parts(desk, matter, until):
            by_month[part.ended.replace(day=1)].append(part)
    so_far: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for month, parts in sorted(by_month.items()):
        for part in parts:
            so_far[part.kind].append(part.seconds)
        usual = {kind: median(found) for kind, found in so_far.items() if len(found) >= _LEAST}
        groups: dict[str, list[_Part]] = defaultdict(list)
        for part in parts:
            groups[part.clerk].append(part)
            post = post_of(part.clerk)
            if post is not None:
                groups[f"post {post}"].append(part)
        for group, own in groups.items():
            compared = [part for part in own if part.kind in usual]
            taken = sum(part.seconds for part in compared)
            if len(compared) >= _ENOUGH and taken > _MOST * sum(usual[part.kind] for part in compared):
                yield f"{group} {month:%Y-%m}"


def _parts(desk: Desk, matter: Matter, until: int) -> Iterator[_Part]:
    steps = matter.ordered
    ended = next((step.at for step in steps if step.kind in _ENDS), None)
    if ended is None or ended > until:
        return
    own: dict[str, int] = defaultdict(int)
    owner, waits, before = None, set[str](), steps[0].at
    for step in steps:
        if owner is not None and not waits:
            own[owner] += desk.open_between(before, step.at)
        before = step.at
        if step.kind in _ENDS:
            break
        if step.kind in _OWNS and step.by is not None:
            owner = step.by
        if owner is not None:
            waits.discard(_ENDS_WAIT.get(step.kind, ""))
            waits |= {_BEGINS_WAIT[step.kind]} if step.kind in _BEGINS_WAIT else set()
    kind = (matter.service, matter.has("notified"))
    day = date.fromordinal(desk.window.table.date_of(ended))
    yield from (_Part(clerk, kind, day, time // SECOND) for clerk, time in own.items() if time)
