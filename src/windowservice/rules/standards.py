"""By what banks are judged where a ledger brings nothing of its own: the built-in, and what plugins add."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from windowservice.domain.duties.duties import Duties
    from windowservice.domain.duties.duty import Duty
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.rules.escalation.ladder import Ladder
    from windowservice.rules.indicators import Indicator

__all__ = ["Standards"]


@attrs.frozen(kw_only=True, eq=False)
class Standards:
    """The scorecard, how its indicators are counted, the ladder and the duties; built-in ones are read when asked for.

    Attributes:
        own_scorecard: the scorecard in place of the built-in one.
        indicators: how further indicators are counted.
        ladders: further rows of the ladder, with their actions.
        further_duties: further duties that come again.
    """

    own_scorecard: Scorecard | None = None
    indicators: tuple[Indicator, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    further_duties: tuple[Duty, ...] = ()

    @cached_property
    def scorecard(self) -> Scorecard:
        """The scorecard."""
        from windowservice.domain.scorecard.scorecard import Scorecard  # each is loaded when it is asked for

        return Scorecard.default() if self.own_scorecard is None else self.own_scorecard

    @cached_property
    def ladder(self) -> Ladder:
        """The escalation ladder."""
        from windowservice.rules.escalation.ladder import Ladder

        ladder = Ladder.default()
        for further in self.ladders:
            ladder = ladder.joined(further)
        return ladder

    @cached_property
    def duties(self) -> Duties:
        """The duties that come again."""
        from windowservice.domain.duties.duties import Duties

        default = Duties.default()
        return Duties((*default.values(), *self.further_duties), default.version) if self.further_duties else default

    def indicators_for(self, scorecard: Scorecard) -> tuple[Indicator, ...]:
        """Return how the indicators and figures of a scorecard are counted."""
        from windowservice.rules.indicators import indicators_for

        asked = {row.id for row in (*scorecard, *scorecard.facts)}
        return (*indicators_for(scorecard), *(one for one in self.indicators if one.name in asked))
