"""What a score is made of: indicators, categories, vetoes and the total, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

import attrs

from windowservice.blocks.blocks import Block, Lines
from windowservice.blocks.notebook import InNotebook
from windowservice.domain.scorecard.indicators import ScoredIndicator
from windowservice.domain.scorecard.parts import Category, Severity, Veto
from windowservice.domain.scorecard.readings import Reading
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue
from windowservice.scoring.shown import rounded
from windowservice.scoring.text import explain_score

__all__ = ["CategoryScore", "IndicatorScore", "Score", "State", "VetoOutcome"]

State: TypeAlias = Literal["scored", "not_applicable", "unknown"]
"""Whether an indicator counts: it has a value, there was nothing to measure, or its value is missing."""


@attrs.frozen(kw_only=True)
class IndicatorScore:
    """What an indicator gave a bank for a period.

    Attributes:
        indicator: what was observed.
        state: whether it counts.
        reason: why it does not count, or how it came to count without a reading; empty otherwise.
        reading: the reading that counts; None if there is none.
        former: versions of it that were restated, oldest first.
        set_aside: readings of others' or unknown fault, which do not score.
        value: the exact value.
        share: the exact share of its points that it earned.
        weight: the points that it stood for, after those of what does not count were spread.
        severity: how bad it is; None if it is no breach.
        carried: whether the last closed value stands in because the next is not due.
        small_sample: whether the denominator is below the least sample: actions must not rest on it alone.
        unread: whether it is unknown because a row that could not be read may have changed it.
    """

    indicator: ScoredIndicator
    state: State
    reason: str = ""
    reading: Reading | None = None
    former: tuple[Reading, ...] = ()
    set_aside: tuple[Reading, ...] = ()
    value: Fraction | None = None
    share: Fraction | None = None
    weight: Fraction = Fraction(0)
    severity: Severity | None = None
    carried: bool = False
    small_sample: bool = False
    unread: bool = False

    @property
    def points(self) -> Fraction | None:
        """The exact points earned; None if it does not count."""
        return None if self.share is None else self.weight * self.share

    @property
    def lost(self) -> Fraction:
        """The exact points lost; 0 if it does not count."""
        return Fraction(0) if self.share is None else self.weight * (1 - self.share)

    @property
    def provisional(self) -> bool:
        """Whether its reading is not final."""
        return self.reading is not None and self.reading.provisional

    @property
    def items(self) -> tuple[str, ...]:
        """Keys of the items behind it."""
        return () if self.reading is None else self.reading.items


@attrs.frozen
class CategoryScore:
    """A category's points: earned, out of what it stood for; both exact, after spreading and after vetoes."""

    category: Category
    points: Fraction
    weight: Fraction


@attrs.frozen
class VetoOutcome:
    """Whether a veto fired: a missing figure makes it unknown, which is never "clear".

    Attributes:
        veto: the veto.
        state: what came of it.
        value: the figure that its fact had; None if missing.
        decisive: whether the total is what it is because of it.
        why: why its figure is missing, if a ledger was to tell it.
    """

    veto: Veto
    state: Literal["fired", "clear", "unknown"]
    value: int | Decimal | None
    decisive: bool = False
    why: str = ""


@attrs.frozen(kw_only=True)
class Score(InNotebook):
    """The score of a bank for a period; that of a quarter or a year is the average of its months.

    A veto has done its work in the month in which it fired, and is not applied to an average again.

    Attributes:
        scorecard: by what it was scored; of several months, by what the last was.
        bank, period: whose and when.
        name: the bank's name; empty if nobody said it.
        key: whether it was read as a key institution.
        indicators: every indicator of the scorecard, in its order; empty if it is an average.
        categories: the points by category; empty if there is no score.
        vetoes: every veto, with what came of it.
        coverage: the share of the applicable points whose value is known; None if nothing is applicable. A
            month without a score is taken to have had all points applicable and none known.
        exact: the exact total after vetoes; None if the data are insufficient.
        before_vetoes: the exact total before them; None likewise.
        low, high: the exact totals if everything unknown, vetoes too, came out worst and best; None likewise.
        months: the scores that an average is made of, in order.
        missing: the months for which there is no score, or one of insufficient data.
        weights: the applicable points of the months that count, by month.
    """

    scorecard: Scorecard
    bank: str
    period: ReportingPeriod
    name: str = ""
    key: bool = False
    indicators: tuple[IndicatorScore, ...] = ()
    categories: tuple[CategoryScore, ...] = ()
    vetoes: tuple[VetoOutcome, ...] = ()
    coverage: Fraction | None
    exact: Fraction | None = None
    before_vetoes: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    months: tuple[Score, ...] = ()
    missing: tuple[ReportingPeriod, ...] = ()
    weights: Mapping[ReportingPeriod, Fraction] = attrs.field(factory=dict)

    @property
    def sufficient(self) -> bool:
        """Whether enough is known for a score."""
        return self.exact is not None

    @property
    def total(self) -> Decimal | None:
        """The total, rounded once, half up; None if the data are insufficient."""
        return None if self.exact is None else rounded(self.exact, self.scorecard.places)

    @property
    def grade(self) -> str | None:
        """The grade of the rounded total; None if the data are insufficient, or if rejected rows may change it."""
        if self.total is None or (self.unread and len(self._extreme_grades) > 1):
            return None
        return self.scorecard.grade(self.total)

    @property
    def unread(self) -> bool:
        """Whether an indicator is unknown because a row could not be read."""
        return any(row.unread for row in self.indicators) or any(month.unread for month in self.months)

    @property
    def _extreme_grades(self) -> set[str | None]:
        """The grades at the worst and the best that it may be; None among them if nobody can tell."""
        ends = (self.low, self.exact, self.high)
        grades = (self.scorecard.grade(rounded(end, self.scorecard.places)) for end in ends if end is not None)
        return {*grades, *(None for month in self.months if month.unread and month.exact is None)}

    @property
    def lost(self) -> tuple[IndicatorScore, ...]:
        """The indicators that lost points, the largest loss first; equal ones in the order of the scorecard."""
        return tuple(sorted((row for row in self.indicators if row.lost), key=lambda row: -row.lost))

    @property
    def fired(self) -> tuple[VetoOutcome, ...]:
        """The vetoes that fired, those of its months too."""
        own = (row for row in self.vetoes if row.state == "fired")
        return (*own, *(row for month in self.months for row in month.fired))

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the indicators and vetoes of which nothing can be said, in any of its months."""
        indicators = [row.indicator.id for row in self.indicators if row.state == "unknown"]
        vetoes = [row.veto.id for row in self.vetoes if row.state == "unknown"]
        return tuple(dict.fromkeys((*indicators, *vetoes, *(id_ for month in self.months for id_ in month.unknown))))

    @property
    def provisional(self) -> bool:
        """Whether a reading that counts is not final."""
        return any(row.provisional for row in self.indicators) or any(month.provisional for month in self.months)

    def __getitem__(self, id: str) -> IndicatorScore:  # noqa: A002 - the field's word
        self.scorecard[id]  # refuses an unknown one
        if self.months:
            raise InvalidValue("indicator", id, f"asked of a month, as in score.months[0][{id!r}]")
        return next(row for row in self.indicators if row.indicator.id == id)

    def _blocks(self) -> Iterator[Block]:
        yield Lines(self.explain())

    def explain(self, language: str = "en") -> str:
        """Return the score as text, "en" or "zh": each indicator with its reading, form, figures, points and basis."""
        return explain_score(self, language)

    def figures(self) -> Mapping[str, object]:
        """Return the score as facts of the bank's period: plain values by name, for tables and rules."""
        return {
            "bank": self.bank,
            "period": str(self.period),
            "scorecard": f"{self.scorecard.id} {self.scorecard.version}",
            "total": self.total,
            "grade": self.grade,
            "coverage": self.coverage,
            "vetoes": tuple(row.veto.id for row in self.fired),
            "unknown": self.unknown,
            "provisional": self.provisional,
        }
