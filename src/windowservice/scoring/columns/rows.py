"""Readings in columns: which rows can be used, which are refused and why, and the share that each earns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.scorecard.indicators import Linear, PerEvent, ScoredIndicator, Steps
from windowservice.domain.scorecard.readings import FAULT_PARTIES, originals_first
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.domain.words import OWN_PARTY
from windowservice.errors import InvalidValue, MissingColumn, WindowserviceError

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Array = np.ndarray[Any, Any]

__all__ = ["Rows", "Shares"]

_NEEDED: Final = ("bank", "indicator", "period", "numerator", "denominator")
_SAID: Final = ("fault_party", "id", "restated_from", "reason")
_CHUNK: Final = 1 << 17  # rows whose temporary columns stay in the processor's cache
_MOST: Final = (1 << 62) - 1  # sums of two products below it do not overflow


class Rows:
    """The rows of a frame of readings.

    Attributes:
        code: place of the indicator in the scorecard; one beyond the last if unknown.
        numerator, denominator: the numbers; -1 if missing.
        own: whether it scores: of the bank's own fault, and not restated.
        of_others, of_unknown_fault: whether it was another's fault, or nobody knows whose; None if that is not stated.
        problems: the rows that were refused, from 0, with the reason.
    """

    def __init__(self, scorecard: Scorecard, readings: pl.DataFrame) -> None:
        """Take a frame in.

        Raises:
            MissingColumn: if a column is missing.
            InvalidValue: if the numbers are not whole.
        """
        import numpy as np
        import polars as pl

        for name in _NEEDED:
            if name not in readings.columns:
                raise MissingColumn("readings", name, "scores", tuple(readings.columns))
        for name in ("numerator", "denominator"):
            if not (readings.schema[name].is_integer() or readings.schema[name] == pl.Null):
                raise InvalidValue(
                    name, str(readings.schema[name]), "a column of integers: what was counted, not a rate"
                )
        self.frame = readings
        self.problems: dict[int, str] = {}
        ids = [indicator.id for indicator in scorecard]
        codes = readings["indicator"].cast(pl.Enum(ids), strict=False).to_physical()
        self.code: Array = codes.fill_null(len(ids)).to_numpy()
        self.numerator: Array = readings["numerator"].cast(pl.Int64).fill_null(-1).to_numpy()
        self.denominator: Array = readings["denominator"].cast(pl.Int64).fill_null(-1).to_numpy()
        self._usable: Array = np.ones(readings.height, np.bool_)
        self._keep(self.code < len(ids), "unknown indicator")
        self._keep_sound_numbers(np.array([*(indicator.is_ratio for indicator in scorecard), False]))
        self._keep(~readings["bank"].is_null().to_numpy(), "no bank")
        self._usable = self._usable & _first_of_equals(readings)  # the same row twice is one row
        self.of_others: Array | None = None
        self.of_unknown_fault: Array | None = None
        if "fault_party" in readings.columns:
            party = readings["fault_party"].cast(pl.String).fill_null(OWN_PARTY)
            self._keep(party.is_in(list(FAULT_PARTIES)).to_numpy(), "unknown fault party")
            ours = (party == OWN_PARTY).to_numpy()
            used = self._not_restated() & self._usable
            self.of_others, self.of_unknown_fault = used & ~ours, used & (party == "unknown").to_numpy()
            self.own: Array = used & ours
        else:
            self.own = self._not_restated() & self._usable

    def _keep_sound_numbers(self, is_ratio: Array) -> None:
        ratio = is_ratio[self.code]
        self._keep(self.numerator >= 0, "the numerator is missing or below 0")
        self._keep(~ratio | (self.denominator >= self.numerator), "the denominator is missing or below the numerator")
        stated = ~self.frame["denominator"].is_null().to_numpy()
        self._keep(ratio | ~stated, "only a ratio has a denominator")

    def _not_restated(self) -> Array:
        """Return which rows no later version replaces; the versions themselves stay in the frame that was given.

        Restatements are few, so they are looked at one by one, by the rules of `Readings`.
        """
        import numpy as np

        stays: Array = np.ones(self.frame.height, np.bool_)
        if not {"id", "restated_from"} <= set(self.frame.columns):
            return stays
        numbered = self.frame.with_row_index("row").filter(_has_version(self.frame))
        by_id: dict[str, dict[str, Any]] = {}
        replaced: set[str] = set()
        versions = numbered.rows(named=True)
        order = originals_first([(version["id"], version["restated_from"]) for version in versions])
        for version in (versions[place] for place in order):
            if not self._usable[version["row"]]:
                continue
            name = version["restated_from"]
            problem = _restates_wrongly(version, by_id.get(name), name in replaced, version["id"] in by_id)
            if problem:
                self.refuse([version["row"]], problem)
                self._usable[version["row"]] = False
                continue
            if name is not None:
                replaced.add(name)
                stays[by_id[name]["row"]] = False
            if version["id"]:
                by_id[version["id"]] = version
        return stays

    def _keep(self, good: Array, problem: str) -> None:
        """Refuse the rows, of those still usable, that are not good."""
        import numpy as np

        if good.all():
            return
        for at in np.flatnonzero(self._usable & ~good).tolist():
            self.problems[at] = problem
        self._usable = self._usable & good

    def refuse(self, rows: Iterable[int], problem: str) -> None:
        """Add rows that were refused."""
        self.problems.update(dict.fromkeys(rows, problem))

    def of_periods(self, wanted: Mapping[str, Sequence[int]], indicators: int) -> Array:
        """Return which rows are of the wanted periods: by the text of each, the codes of the indicators."""
        import numpy as np

        found: Array = np.zeros(self.frame.height, np.bool_)
        for text, codes in wanted.items():
            allowed = np.zeros(indicators + 1, np.bool_)
            allowed[list(codes)] = True
            found |= (self.frame["period"] == text).fill_null(False).to_numpy() & allowed[self.code]
        return found

    def refuse_bad_periods(self) -> None:
        """Refuse the rows whose period is none; rows of other periods are only not looked at."""
        texts = self.frame["period"]
        for text in texts.unique().to_list():
            try:
                ReportingPeriod.parse(text)
            except WindowserviceError:
                bad = texts.is_null() if text is None else texts == text
                self._keep(~bad.fill_null(False).to_numpy(), f"no period: {text!r}")


def _first_of_equals(readings: pl.DataFrame) -> Array:
    """Return the rows that no row before is equal to, in whatever says something of a reading."""
    import polars as pl

    names = [name for name in (*_NEEDED, *_SAID) if name in readings.columns]
    found: Array = readings.select(pl.struct(names).is_first_distinct()).to_series().to_numpy()
    return found


def _has_version(frame: pl.DataFrame) -> pl.Expr:
    """Return whether a row restates another or is restated."""
    import polars as pl

    names = frame["restated_from"].drop_nulls().unique()
    return pl.col("restated_from").is_not_null() | pl.col("id").is_in(names.implode())


def _restates_wrongly(
    version: Mapping[str, Any], former: Mapping[str, Any] | None, is_replaced: bool, is_taken: bool
) -> str | None:
    """Say what is wrong with a restatement, if anything."""
    if version["id"] and is_taken:
        return "the id is that of another reading"
    if version["restated_from"] is None:
        return None
    if former is None:
        return "no reading has the id in restated_from"
    if is_replaced:
        return "the reading in restated_from is restated already"
    if any(version[name] != former[name] for name in ("bank", "indicator", "period")):
        return "the reading in restated_from is of another bank, indicator or period"
    if version.get("fault_party") != former.get("fault_party"):
        return "the reading in restated_from is of another fault party"
    return None if version.get("reason", "") else "it is restated without a reason"


class Shares:
    """The forms of all indicators as whole numbers: ``share = (a * numerator + b * denominator) / (c * denominator)``.

    The numerator and the denominator of that quotient are exact, so the share is off by the rounding of three floats at
    most, whatever floor and target are.
    """

    def __init__(self, scorecard: Scorecard) -> None:
        import numpy as np

        lines = [_line(indicator) for indicator in scorecard]
        table = np.array(lines, np.int64)
        self._a, self._b, self._c = table[:, 0], table[:, 1], table[:, 2]
        self._is_ratio = np.array([indicator.is_ratio for indicator in scorecard])
        self._steps = [(k, row.form) for k, row in enumerate(scorecard) if isinstance(row.form, Steps)]
        self._indicators = scorecard.indicators
        bounds = [Fraction(step.bound) for _, form in self._steps for step in form.steps]
        numbers = [number for line in lines for number in line]
        numbers += [number for bound in bounds for number in (bound.numerator, bound.denominator)]
        self._most = _MOST // max(map(abs, numbers))

    def of(self, code: Array, numerator: Array, denominator: Array) -> Array:
        """Return the shares of rows, the nearest floats; NaN where the denominator is 0."""
        import numpy as np

        shares = np.empty(len(code))
        for begin in range(0, len(code), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            shares[part] = self._chunk(code[part], numerator[part], denominator[part])
        return shares

    def _chunk(self, code: Array, numerator: Array, denominator: Array) -> Array:
        import numpy as np

        below = np.where(self._is_ratio[code], denominator, 1)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            shares: Array = (self._a[code] * numerator + self._b[code] * below) / (self._c[code] * below)
        np.clip(shares, 0.0, 1.0, out=shares)
        for place, form in self._steps:
            at = np.flatnonzero(code == place)
            shares[at] = _stepped(form, numerator[at], below[at])
        shares[below == 0] = np.nan
        for row in np.flatnonzero((numerator > self._most) | (below > self._most)).tolist():  # they would overflow
            if below[row]:
                value = Fraction(int(numerator[row]), int(below[row]))
                shares[row] = float(self._indicators[code[row]].share(value))
        return shares


def _line(indicator: ScoredIndicator) -> tuple[int, int, int]:
    """Return a, b and c of an indicator's form; for steps, which are no line, numbers that do no harm."""
    form = indicator.form
    if isinstance(form, Linear):
        floor, target = Fraction(form.floor), Fraction(form.target)
        parts = (Fraction(1), -floor, target - floor)
    elif isinstance(form, PerEvent):
        parts = (-Fraction(form.deduct), indicator.exact_points, indicator.exact_points)
    else:
        return (0, 0, 1)
    scale = lcm(*(part.denominator for part in parts)) * (1 if parts[2] > 0 else -1)
    a, b, c = (int(part * scale) for part in parts)
    return a, b, c


def _stepped(form: Steps, numerator: Array, below: Array) -> Array:
    """Return the shares of a table of steps, compared as whole numbers."""
    import numpy as np

    shares = np.zeros(len(numerator))
    for step in reversed(form.steps):  # the best last, so that it stays
        bound = Fraction(step.bound)
        left, right = numerator * bound.denominator, below * bound.numerator
        kept = left >= right if form.direction == "higher" else left <= right
        shares[kept] = float(step.share)
    return shares
