"""Names that plugins claim: one that two of them offer is refused, naming both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from windowservice.errors import NameTaken
from windowservice.plugins.offers import Offer
from windowservice.rules.standards import Standards

if TYPE_CHECKING:
    from windowservice.rules.escalation.ladder import ActionKind, Ladder, LadderRow
    from windowservice.rules.indicators import Indicator

__all__ = ["BUILT_IN", "claim", "standards_of"]

T = TypeVar("T")
BUILT_IN: Final = "windowservice"
"""The name under which the library's own plugin stands."""


def claim(kind: str, offered: Iterable[tuple[str, T]], owner: str, taken: dict[str, tuple[str, T]]) -> None:
    """Note whose the names are.

    Raises:
        NameTaken: if one is another's already, and not the same thing.
    """
    for name, value in offered:
        if name in taken and taken[name][1] is not value:
            raise NameTaken(kind, name, taken[name][0], owner)
        taken[name] = (owner, value)


def standards_of(offers: Sequence[tuple[str, Offer]]) -> Standards:
    """Return what plugins add to how banks and the window are judged.

    Raises:
        NameTaken: if two offer a scorecard, or an indicator, row of the ladder, action or duty of one name.
    """
    cards, ladders, counted, duties = (
        [(owner, given) for owner, offer in offers if (given := getattr(offer, hook)) is not None]
        for hook in ("scorecard", "ladder", "indicators", "duties")
    )
    taken: dict[str, tuple[str, Any]] = {}
    for owner, given in cards:
        if owner != BUILT_IN:  # a plugin's stands in place of the built-in one
            claim("scorecard", (("", card) for card in given()), owner, taken)
    if len(counted) > 1:  # the built-in ones are read only beside a plugin's
        taken = {}
        for owner, given in counted:
            claim("counted indicator", _counted(given()), owner, taken)
    if len(duties) > 1:
        taken = {}
        for owner, given in duties:
            claim("duty", ((duty.id, duty) for duty in given()), owner, taken)
    if len(ladders) > 1:
        rows: dict[str, tuple[str, LadderRow]] = {}
        actions: dict[str, tuple[str, ActionKind]] = {}
        for owner, given in ladders:
            for ladder in given():
                _claim_ladder(ladder, owner, rows, actions)
    return Standards(
        scorecards=tuple(given for _, given in cards), indicators=tuple(given for _, given in counted),
        ladders=tuple(given for _, given in ladders), duty_lists=tuple(given for _, given in duties),
    )  # fmt: skip


def _counted(indicators: Iterable[Indicator]) -> Iterable[tuple[str, Indicator]]:
    """Yield the indicators by name; of a figure that vetoes ask for several tables may each tell a part."""
    return ((one.indicator or f"{one.fact} of {one.table}", one) for one in indicators)


def _claim_ladder(
    ladder: Ladder, owner: str, rows: dict[str, tuple[str, LadderRow]], actions: dict[str, tuple[str, ActionKind]]
) -> None:
    claim("row of the ladder", ((row.id, row) for row in ladder.rows), owner, rows)
    new = ((name, kind) for name, kind in ladder.actions.items() if name not in actions or actions[name][1] != kind)
    claim("action", new, owner, actions)
