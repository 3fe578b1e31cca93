"""Names that plugins claim: one that two of them offer is refused, naming both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from windowservice.errors import NameTaken
from windowservice.plugins.offers import Offer
from windowservice.rules.standards import Standards

if TYPE_CHECKING:
    from windowservice.domain.duties.duty import Duty
    from windowservice.domain.scorecard.scorecard import Scorecard
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
    cards: dict[str, tuple[str, Scorecard]] = {}
    counted: dict[str, tuple[str, Indicator]] = {}
    duties: dict[str, tuple[str, Duty]] = {}
    rows: dict[str, tuple[str, LadderRow]] = {}
    actions: dict[str, tuple[str, ActionKind]] = {}
    for owner, offer in offers:
        claim("scorecard", (("", card) for card in offer.scorecard), owner, cards)
        if offer.indicators and not counted:
            from windowservice.rules.indicators import Indicator  # read only beside a plugin's

            claim("counted indicator", _counted(Indicator.default()), BUILT_IN, counted)
        claim("counted indicator", _counted(offer.indicators), owner, counted)
        if offer.duties and not duties:
            from windowservice.domain.duties.duties import Duties

            claim("duty", Duties.default().items(), BUILT_IN, duties)
        claim("duty", ((duty.id, duty) for duty in offer.duties), owner, duties)
        if offer.ladder and not rows:
            from windowservice.rules.escalation.ladder import Ladder

            _claim_ladder(Ladder.default(), BUILT_IN, rows, actions)
        for ladder in offer.ladder:
            _claim_ladder(ladder, owner, rows, actions)
    offered = [offer for _, offer in offers]
    return Standards(
        own_scorecard=next((card for _, card in cards.values()), None),
        indicators=tuple(one for offer in offered for one in offer.indicators),
        ladders=tuple(ladder for offer in offered for ladder in offer.ladder),
        further_duties=tuple(duty for offer in offered for duty in offer.duties),
    )


def _counted(indicators: Iterable[Indicator]) -> Iterable[tuple[str, Indicator]]:
    """Yield the indicators by name; of a figure that vetoes ask for several tables may each tell a part."""
    return ((one.indicator or f"{one.fact} of {one.table}", one) for one in indicators)


def _claim_ladder(
    ladder: Ladder, owner: str, rows: dict[str, tuple[str, LadderRow]], actions: dict[str, tuple[str, ActionKind]]
) -> None:
    claim("row of the ladder", ((row.id, row) for row in ladder.rows), owner, rows)
    new = ((name, kind) for name, kind in ladder.actions.items() if name not in actions or actions[name][1] != kind)
    claim("action", new, owner, actions)
