"""How the indicators of a ledger are counted: by its own measurements, or else the engine's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.facts.records import MADE_VOCABULARIES
from windowservice.rules.measurements import Measurement, read_measurements

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["measurements_from", "measurements_of"]


def measurements_of(engine: Engine, ledger: Ledger, scorecard: Scorecard) -> tuple[Measurement, ...]:
    """Return the measurements that the ledger's ``ledger.toml`` names, or else the engine's for a scorecard.

    Raises:
        InvalidDocument: if the file does not hold measurements; all problems at once.
    """
    if ledger.measurements is None:
        return engine.standards.measurements_for(scorecard)
    return measurements_from(ledger.measurements, engine)


def measurements_from(path: Path, engine: Engine) -> tuple[Measurement, ...]:
    """Return how indicators are counted by a file; it may speak of what plugins of the engine add.

    Raises:
        InvalidDocument: if the file does not hold measurements; all problems at once.
    """
    countable = [vocabulary for vocabulary in engine.record_types if vocabulary not in MADE_VOCABULARIES]
    return read_measurements(path, countable, rules=engine.rules)
