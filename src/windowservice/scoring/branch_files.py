"""How the indicators of a ledger are counted: by its own file, or else as the engine does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.facts.records import MADE_VOCABULARIES
from windowservice.rules.indicators import Indicator

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["indicators_from", "indicators_of"]


def indicators_of(engine: Engine, ledger: Ledger, scorecard: Scorecard) -> tuple[Indicator, ...]:
    """Return the indicators that the ledger's ``ledger.toml`` names, or else the engine's for a scorecard.

    Raises:
        InvalidDocument: if the file does not hold indicators; all problems at once.
    """
    if ledger.indicators is None:
        return engine.standards.indicators_for(scorecard)
    return indicators_from(ledger.indicators, engine)


def indicators_from(path: Path, engine: Engine) -> tuple[Indicator, ...]:
    """Return how indicators are counted by a file; it may speak of what plugins of the engine add.

    Raises:
        InvalidDocument: if the file does not hold indicators; all problems at once.
    """
    countable = [vocabulary for vocabulary in engine.record_types if vocabulary not in MADE_VOCABULARIES]
    return Indicator.read(path, countable, rules=engine.rules)
