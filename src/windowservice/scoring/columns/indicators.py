"""The indicators behind scores in columns: a row for each bank and indicator, with how bad it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, get_args

from windowservice.domain.scorecard.parts import Severity
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.scoring.columns.cells import Cells
from windowservice.scoring.values import State

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]

__all__ = ["indicator_columns", "is_breach"]

_STATES: Final[tuple[str, ...]] = get_args(State)
_SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
_NEAR: Final = 2.0**-40  # far above the error of a share, far below the distance of any two shares that differ in sense


def indicator_columns(scorecard: Scorecard, cells: Cells) -> pl.DataFrame:
    """Return a row for each bank and indicator, banks outermost.

    Columns: `bank`, `indicator`, `state` ("scored", "not_applicable", "unknown"), `share` (of its points; the nearest
    float), `severity` ("minor", "major", "severe", exact; null if it is no breach), `small_sample`, `row` (of the
    reading, from 0; null if there is none).
    """
    import numpy as np
    import polars as pl

    banks, width = cells.share.shape
    share, row = cells.share.reshape(-1), cells.row.reshape(-1)
    scored = ~np.isnan(share)
    state = np.where(scored, 0, np.where(cells.inapplicable.reshape(-1), 1, 2))
    least = np.array([indicator.min_sample or 0 for indicator in scorecard])
    has_row = scored & (row >= 0)
    sample = np.where(has_row, cells.rows.denominator[row] if len(cells.rows.denominator) else 0, 0)
    small = has_row & (sample > 0) & (sample < np.tile(least, banks))
    ids = pl.Series([indicator.id for indicator in scorecard], dtype=pl.Enum([one.id for one in scorecard]))
    severity = pl.Series([*_SEVERITIES, None], dtype=pl.Enum(_SEVERITIES)).gather(_severities(scorecard, cells))
    return pl.DataFrame(
        {
            "bank": cells.banks.gather(np.repeat(np.arange(banks), width)),
            "indicator": ids.gather(np.tile(np.arange(width), banks)),
            "state": pl.Series(_STATES, dtype=pl.Enum(_STATES)).gather(state),
            "share": pl.Series(share).fill_nan(None),
            "severity": severity,
            "small_sample": small,
            "row": pl.Series(row).set(pl.Series(row < 0), None),
        }
    )


def is_breach(scorecard: Scorecard, cells: Cells) -> Array:
    """Return whether each bank (row) is in breach by each indicator (column): it is of some severity."""
    found: Array = (_severities(scorecard, cells) < len(_SEVERITIES)).reshape(cells.share.shape)
    return found


def _severities(scorecard: Scorecard, cells: Cells) -> Array:
    """Return the places of the severities among all, one beyond the last for none."""
    import numpy as np
    import polars as pl

    share = cells.share.reshape(-1)
    minor, major = float(scorecard.severities.minor_below), float(scorecard.severities.major_below)
    with np.errstate(invalid="ignore"):
        below, lower = share < minor + _NEAR, share < major
        codes: Array = np.where(share < minor, lower.astype(np.int8) + (share == 0), np.int8(len(_SEVERITIES)))
        near = (below & (share > minor - _NEAR)) | ((share < major + _NEAR) & (share > major - _NEAR))
    at = np.flatnonzero(near & (cells.row.reshape(-1) >= 0))
    row, names = cells.row.reshape(-1)[at], ("place", "numerator", "denominator")
    columns = (at % len(scorecard), cells.rows.numerator[row], cells.rows.denominator[row])
    numbers = pl.DataFrame(dict(zip(names, columns, strict=True)))
    kinds = numbers.unique()  # few: what is counted repeats
    exact = kinds.with_columns(code=pl.Series([_exact_code(scorecard, *kind) for kind in kinds.rows()], dtype=pl.Int64))
    codes[at] = numbers.join(exact, on=names, how="left", maintain_order="left")["code"].to_numpy()
    return codes


def _exact_code(scorecard: Scorecard, place: int, numerator: int, denominator: int) -> int:
    """Return the place of the severity of a value whose share lies at an edge, by exact fractions."""
    indicator = scorecard.indicators[place]
    if indicator.is_ratio and not denominator:  # nothing to measure, in a period declared complete: all points
        return len(_SEVERITIES)
    value = Fraction(numerator, denominator if indicator.is_ratio else 1)
    severity = scorecard.severities.of(indicator.share(value))
    return len(_SEVERITIES) if severity is None else _SEVERITIES.index(severity)
