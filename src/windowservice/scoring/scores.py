"""The scores of the banks of a ledger for a period, with what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import attrs

from windowservice.blocks.blocks import Block, Lines, Table
from windowservice.blocks.notebook import InNotebook
from windowservice.domain.scorecard.readings import Reading, RefusedReading
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.errors import UnknownName
from windowservice.scoring.observing.observed import SetAside
from windowservice.scoring.values import Score

__all__ = ["Scores"]


@attrs.frozen(kw_only=True)
class Scores(InNotebook):
    """The scores of banks of a ledger for a day, week, month, quarter or year: one for each bank, in its order.

    Attributes:
        period: the period.
        all: the scores.
        readings: all readings used, those given and those computed; of a longer period those of its months.
        overridden: computed readings for which one was given: the given one counts.
        refused: readings that could not be used, each with the reason.
        set_aside: what left both sides: duplicates, tests, withdrawn messages.
        untold: records of which something needed is missing, by bank, indicator or fact, and period.
    """

    period: ReportingPeriod
    all: tuple[Score, ...]
    readings: tuple[Reading, ...]
    overridden: tuple[Reading, ...]
    refused: tuple[RefusedReading, ...]
    set_aside: tuple[SetAside, ...]
    untold: Mapping[tuple[str, str, ReportingPeriod], tuple[str, ...]]

    def _blocks(self) -> Iterator[Block]:
        yield Lines(f"scores of {self.period}")
        rows = [
            (one.bank, one.name, "insufficient data" if one.total is None else one.total, one.grade or "")
            for one in self.all
        ]
        yield Table(("bank", "name", "total", "grade"), rows, right={2})

    def __iter__(self) -> Iterator[Score]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def is_average(self) -> bool:
        """Whether the period is a quarter or a year, and each score the average of its months."""
        return self.period.kind in ("quarter", "year")

    def of(self, bank: str) -> Score:
        """Return the score of a bank, by its present id.

        Raises:
            UnknownName: if it is not among them, with the nearest.
        """
        for one in self.all:
            if one.bank == bank:
                return one
        raise UnknownName("bank", bank, tuple(one.bank for one in self.all), f"the scores of {self.period}")

    def worst_first(self) -> Scores:
        """Return them in another order: the least total first, those of insufficient data at the end."""
        order = sorted(self.all, key=lambda row: (row.total is None, row.total or Decimal(0), row.bank))
        return attrs.evolve(self, all=tuple(order))
