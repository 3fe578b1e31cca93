"""Readings in columns become cells: a row for each bank, a column for each indicator, the share earned in each."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.domain.scorecard.indicators import ScoredIndicator
from windowservice.domain.scorecard.readings import CompletePeriod
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.scoring.columns.rows import Rows, Shares

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]

__all__ = ["Cells", "read_cells"]


@attrs.frozen(eq=False)
class Cells:
    """What is known of each bank and indicator; arrays of banks x indicators, in the scorecard's order.

    Attributes:
        banks: the ids of the banks.
        share: the share of the points, the nearest float; NaN if there is none.
        inapplicable: whether there was nothing to measure.
        row: the row of the reading that counts; -1 if there is none.
        rows: the rows that all of it comes from.
    """

    banks: pl.Series
    share: Array
    inapplicable: Array
    row: Array
    rows: Rows

    def exact_shares(self, scorecard: Scorecard, place: int) -> dict[str, Fraction]:
        """Return the exact share of each indicator that counts, of one bank."""
        counted = zip(scorecard, self.share[place].tolist(), self.row[place].tolist(), strict=True)
        return {one.id: self._exact_share(one, row) for one, share, row in counted if share == share}  # noqa: PLR0124 - NaN

    def _exact_share(self, indicator: ScoredIndicator, row: int) -> Fraction:
        numerator = int(self.rows.numerator[row])
        denominator = int(self.rows.denominator[row]) if indicator.is_ratio else 1
        if row < 0 or not denominator:  # nothing to measure, in a period declared complete
            return Fraction(1)
        return indicator.share(Fraction(numerator, denominator))


def read_cells(
    scorecard: Scorecard,
    readings: pl.DataFrame,
    period: ReportingPeriod,
    *,
    key: bool,
    complete: Collection[CompletePeriod],
    banks: Collection[str],
) -> Cells:
    """Return the cells of a period; see `score_columns`."""
    import numpy as np

    rows = Rows(scorecard, readings)
    names, place = _banks(readings["bank"], banks)
    grid = _Grid(scorecard, len(names))
    looked_at: Array = np.zeros(readings.height, np.bool_)
    words = {(word.indicator, str(word.period)) for word in complete}
    grid.drop([k for k, row in enumerate(scorecard) if not row.candidates(period, key=key)[1]])  # not due, not carried
    for wanted in _wanted(scorecard, period, key):
        chosen = rows.of_periods(wanted, len(scorecard))
        looked_at |= chosen
        declared = [k for text, codes in wanted.items() for k in codes if (scorecard.indicators[k].id, text) in words]
        grid.settle(rows, chosen, place, declared)
    if not looked_at.all():
        rows.refuse_bad_periods()
    shape = (len(names), len(scorecard))
    return Cells(names, grid.share.reshape(shape), grid.inapplicable.reshape(shape), grid.row.reshape(shape), rows)


class _Grid:
    """The cells while they are filled, flat: the latest period that says anything of a cell settles it."""

    def __init__(self, scorecard: Scorecard, banks: int) -> None:
        import numpy as np

        size = banks * len(scorecard)
        self.share = np.full(size, np.nan)
        self.inapplicable = np.zeros(size, np.bool_)
        self.row = np.full(size, -1, np.int64)
        self._settled: Array = np.zeros(size, np.bool_)
        self._width = len(scorecard)
        self._shares = Shares(scorecard)
        self._drops = np.array([row.zero_denominator == "not_applicable" for row in scorecard])

    def drop(self, columns: list[int]) -> None:
        """Settle indicators as not applicable."""
        self.inapplicable.reshape(-1, self._width)[:, columns] = True

    def settle(self, rows: Rows, chosen: Array, place: Array, declared: list[int]) -> None:
        """Settle what one period of each indicator says; `declared` are the indicators declared complete for it."""
        import numpy as np

        complete = np.zeros(self._width, np.bool_)
        complete[declared] = True
        here = np.flatnonzero(chosen & rows.own)
        self._read(rows, *self._still_open(here, self._cells(rows, here, place)), complete)
        if rows.of_unknown_fault is not None:
            self._settled[self._cells(rows, np.flatnonzero(chosen & rows.of_unknown_fault), place)] = True
        if declared:
            self._nothing(self._silent(declared), complete)
        if rows.of_others is not None:
            self._settled[self._cells(rows, np.flatnonzero(chosen & rows.of_others), place)] = True

    def _still_open(self, here: Array, flat: Array) -> tuple[Array, Array]:
        if not self._settled.any():
            return here, flat
        open_ = ~self._settled[flat]
        return here[open_], flat[open_]

    def _cells(self, rows: Rows, here: Array, place: Array) -> Array:
        cells: Array = place[here].astype("int64") * self._width + rows.code[here]
        return cells

    def _silent(self, declared: list[int]) -> Array:
        """Return the open cells of the indicators whose source says that the period is complete."""
        import numpy as np

        open_ = np.zeros(len(self._settled), np.bool_).reshape(-1, self._width)
        open_[:, declared] = ~self._settled.reshape(-1, self._width)[:, declared]
        return np.flatnonzero(open_)

    def _read(self, rows: Rows, here: Array, flat: Array, complete: Array) -> None:
        """Put readings into their cells; of two for one cell the first stays and the other is refused."""
        import numpy as np

        self.row[flat[::-1]] = here[::-1]
        first = self.row[flat] == here
        if not first.all():
            rows.refuse(here[~first].tolist(), "there is a reading for the bank, indicator and period already")
            here, flat = here[first], flat[first]
        shares = self._shares.of(rows.code[here], rows.numerator[here], rows.denominator[here])
        self.share[flat] = shares
        self._settled[flat] = True
        self._nothing(flat[np.isnan(shares)], complete)

    def _nothing(self, flat: Array, complete: Array) -> None:
        """Settle cells with nothing to measure: not applicable, full points if declared complete, else unknown."""
        code = flat % self._width
        self.inapplicable[flat[self._drops[code]]] = True
        self.share[flat[~self._drops[code] & complete[code]]] = 1.0
        self._settled[flat] = True


def _wanted(scorecard: Scorecard, period: ReportingPeriod, key: bool) -> list[dict[str, list[int]]]:
    """Return the periods whose readings count, by text with the places of their indicators; the latest first."""
    rounds: list[dict[str, list[int]]] = []
    for place, indicator in enumerate(scorecard):
        for age, candidate in enumerate(indicator.candidates(period, key=key)[1]):
            if age == len(rounds):
                rounds.append({})
            rounds[age].setdefault(str(candidate), []).append(place)
    return rounds


def _banks(column: pl.Series, more: Collection[str]) -> tuple[pl.Series, Array]:
    """Return the banks there are, in order of appearance, and the place of each row's bank among them.

    Rows of one bank mostly stand together, so runs are told apart first and only their heads are looked up.
    """
    import numpy as np
    import polars as pl

    runs = column.rle_id().to_numpy()
    heads = column.gather(np.flatnonzero(np.diff(runs, prepend=-1)))
    names = heads.unique(maintain_order=True)
    if len(names) < len(heads):
        index = pl.DataFrame({"bank": names, "place": np.arange(len(names))})
        found = pl.DataFrame({"bank": heads}).join(
            index, on="bank", how="left", nulls_equal=True, maintain_order="left"
        )
        runs = found["place"].to_numpy()[runs]
    given = pl.Series("bank", list(more), pl.String)
    missing = given.filter(~given.is_in(names.implode())).unique(maintain_order=True)
    return names.append(missing).alias("bank"), runs
