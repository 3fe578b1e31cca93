"""Checks of a ladder as a table: rows that can never match, rows hidden by others, gaps, contradictions.

They are decided on the conditions' trees, without data. What cannot be decided is said, not passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.instants import to_date
from windowservice.language.tree.expressions import Expr, words_of
from windowservice.language.tree.fact import Fact
from windowservice.rules.conditions import (
    Alternative,
    Interval,
    TooMany,
    Words,
    alternatives,
    hole_below,
    implies,
    opaque,
)
from windowservice.rules.escalation.ladder import Ladder, LadderRow

__all__ = ["LadderFlaw", "check_ladder"]

FlawKind: TypeAlias = Literal["never_matches", "hidden", "contradictory", "gap", "outranked", "undecided"]
_NO_BREACH: Final = "none"


@attrs.frozen
class LadderFlaw:
    """Something about a ladder that a reader should look at.

    Attributes:
        kind: ``never_matches``: no record can fulfil the row; ``hidden``: whenever the row matches another does, with a
            action at least as grave and of the same name or higher; ``contradictory``: two rows on one condition
            propose different actions; ``gap``: values between two bands, or words, that no row speaks of;
            ``outranked``: an action beside is the row's own; ``undecided``: a condition that cannot be read so.
        rows: the rows, or those beside the gap.
        text: what it is, in words.
    """

    kind: FlawKind
    rows: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.kind} {', '.join(self.rows)}: {self.text}"


@told
def check_ladder(ladder: Ladder, on: date | str) -> list[LadderFlaw]:
    """Return what is odd about a ladder.

    Comparisons with constants and figures are decided as intervals, words as sets; any other condition is taken as a
    truth value of its own and reported as undecided. Terms are taken to be independent: that one sum is never larger
    than another is not seen. An action that the file does not have is refused when it is read.

    Args:
        ladder: the ladder.
        on: the day whose figures are used.
    """
    on = to_date(on, "on")
    ways: dict[str, list[Alternative]] = {}
    flaws: list[LadderFlaw] = []
    for row in ladder.rows:
        try:
            ways[row.id] = alternatives(row.when, on)
        except TooMany:
            flaws.append(LadderFlaw("undecided", (row.id,), "has more alternatives than are looked at"))
            continue
        if not ways[row.id]:
            flaws.append(LadderFlaw("never_matches", (row.id,), f"nothing can fulfil {row.when}"))
        unread = list(dict.fromkeys(str(term) for term in opaque(ways[row.id])))
        if unread:
            flaws.append(LadderFlaw("undecided", (row.id,), f"taken as truth values of their own: {'; '.join(unread)}"))
        if row.action in row.also:
            flaws.append(LadderFlaw("outranked", (row.id,), f"{row.action} stands beside itself"))
    live = [row for row in ladder.rows if ways.get(row.id)]
    flaws += _pairs(ladder, live, ways)
    flaws += _gaps(live, ways)
    return flaws


def _pairs(ladder: Ladder, rows: Sequence[LadderRow], ways: Mapping[str, list[Alternative]]) -> Iterator[LadderFlaw]:
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            if one.of is not other.of:
                continue
            forth, back = implies(ways[one.id], ways[other.id]), implies(ways[other.id], ways[one.id])
            if forth and back and one.action != other.action:
                text = f"the same condition proposes {one.action} and {other.action}"
                yield LadderFlaw("contradictory", (one.id, other.id), text)
                continue
            for narrow, wide, holds in ((one, other, forth), (other, one, back)):
                if holds and _covers(ladder, wide, narrow):
                    text = f"whenever {narrow.id} ({narrow.action}) matches, {wide.id} ({wide.action}) does too"
                    yield LadderFlaw("hidden", (narrow.id, wide.id), text)
                    break


def _covers(ladder: Ladder, wide: LadderRow, narrow: LadderRow) -> bool:
    """Return whether the narrow row adds nothing to the wide one: no graver action, and none beside it."""
    if set(narrow.also) - set(wide.also) - {wide.action}:
        return False
    return narrow.action == wide.action or 0 <= ladder.rank_of(narrow.action) <= ladder.rank_of(wide.action)


def _gaps(rows: Sequence[LadderRow], ways: Mapping[str, list[Alternative]]) -> Iterator[LadderFlaw]:
    by_term: dict[tuple[Any, ...], list[tuple[str, Expr[Any], Interval | Words]]] = {}
    for row in rows:
        for way in ways[row.id]:
            for key, (term, allowed) in way.items():
                by_term.setdefault(key, []).append((row.id, term, allowed))
    for found in by_term.values():
        yield from _between(found)
        yield from _unspoken(found)


def _between(found: list[tuple[str, Expr[Any], Interval | Words]]) -> Iterator[LadderFlaw]:
    """Yield the holes between the bands of a number, from the lowest band on."""
    bands = [(row, term, allowed) for row, term, allowed in found if isinstance(allowed, Interval)]
    bands.sort(key=lambda band: (band[2].least is not None, band[2].least or 0, band[2].open_least))
    for place in range(1, len(bands)):
        row, term, band = bands[place]
        hole = hole_below(band, [other for _, _, other in bands[:place]], term)
        if hole is not None:
            name, _, _ = max(bands[:place], key=lambda other: (other[2].greatest, not other[2].open_greatest))
            yield LadderFlaw("gap", (name, row), f"{term} {hole}: no row speaks of it")


def _unspoken(found: list[tuple[str, Expr[Any], Interval | Words]]) -> Iterator[LadderFlaw]:
    """Yield the words of a fact that is graded by words and that no row speaks of, the word for no breach left out."""
    term = found[0][1]
    known = words_of(term)
    if not isinstance(term, Fact) or _NO_BREACH not in known:
        return
    spoken: set[Any] = set()
    for _, _, allowed in found:
        if isinstance(allowed, Words):
            spoken |= allowed.words
    missing = known - spoken - {_NO_BREACH}
    if missing:
        rows = tuple(dict.fromkeys(row for row, _, _ in found))
        yield LadderFlaw("gap", rows, f"{term} {', '.join(sorted(missing))}: no row speaks of it")
