"""By what banks are judged where a ledger brings nothing of its own: the built-in, and what plugins add."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, reduce
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
    """The scorecard, how its indicators are counted, the ladder and the duties, each read when it is asked for.

    Each gives what one plugin offers, the library's own first.

    Attributes:
        scorecards: the scorecard; the last stands in place of those before.
        indicators: how indicators are counted.
        ladders: the rows of the ladder, with their actions.
        duty_lists: the duties that come again.
    """

    scorecards: tuple[Callable[[], tuple[Scorecard, ...]], ...] = ()
    indicators: tuple[Callable[[], tuple[Indicator, ...]], ...] = ()
    ladders: tuple[Callable[[], tuple[Ladder, ...]], ...] = ()
    duty_lists: tuple[Callable[[], tuple[Duty, ...]], ...] = ()

    @cached_property
    def scorecard(self) -> Scorecard:
        """The scorecard."""
        return self.scorecards[-1]()[0]

    @cached_property
    def ladder(self) -> Ladder:
        """The escalation ladder."""
        first, *further = (ladder for given in self.ladders for ladder in given())
        return reduce(lambda ladder, more: ladder.joined(more), further, first)

    @cached_property
    def duties(self) -> Duties:
        """The duties that come again."""
        from windowservice.domain.duties.duties import Duties  # loaded when it is asked for

        return Duties((duty for given in self.duty_lists for duty in given()), Duties.default().version)

    def indicators_for(self, scorecard: Scorecard) -> tuple[Indicator, ...]:
        """Return how the indicators and figures of a scorecard are counted."""
        from windowservice.rules.indicators import indicators_for

        asked = {row.id for row in (*scorecard, *scorecard.facts)}
        further = (one for given in self.indicators[1:] for one in given() if one.name in asked)
        return (*indicators_for(scorecard), *further)
