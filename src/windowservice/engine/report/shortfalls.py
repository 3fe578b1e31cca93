"""By how much rules were missed, and by which figures, in columns: the same as the evidence of one finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.engine.report.evidence import failing_parts, figures_read
from windowservice.engine.report.explaining import figure_in_words
from windowservice.engine.ruleset import LoadedRule
from windowservice.errors import NotColumnar
from windowservice.language.analysis.counted import calendar_of
from windowservice.language.polars.compile import RecordColumns
from windowservice.language.polars.figures import figure_places
from windowservice.language.polars.numbers import as_float, nearest_float, share_gap
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.nodes import By, Const, Op, Within
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import NUMBERS, ValueType

if TYPE_CHECKING:
    import polars as pl

__all__ = ["figures_column", "shortfall_columns"]

V = ValueType
_SECOND = 1_000_000


class _Part(NamedTuple):
    """One condition of a requirement: where it was missed, by how much, in which unit, and the open time after it.

    The amount is given in parts of the unit, `per` to one; the open time in microseconds.
    """

    missed: pl.Expr
    amount: pl.Expr
    unit: str | None
    overrun: pl.Expr
    per: int | pl.Expr = 1


def shortfall_columns(run: RecordColumns, rule: Rule, rows: pl.Series, failed: pl.Series) -> dict[str, Any]:
    """Return the columns shortfall, unit and overrun_seconds for the rows of a rule's findings.

    Args:
        run: the columns computed.
        rule: the rule.
        rows: the numbers of the records.
        failed: which of them failed; the others have no shortfall.

    Raises:
        NotColumnar: if a shortfall is an exact number that columns do not hold.
    """
    import polars as pl

    if not failed.any():
        return {"shortfall": None, "unit": None, "overrun_seconds": None}
    parts = [_part(run, expr, wanted=wanted) for expr, wanted in failing_parts(rule.require)]
    columns = [
        _first_missed(parts, [part.amount for part in parts]).cast(pl.Float64).alias("shortfall"),
        _first_missed(parts, [pl.lit(part.unit, pl.String) for part in parts]).alias("unit"),
        _first_missed(parts, [part.overrun for part in parts]).cast(pl.Float64).alias("overrun_seconds"),
        _first_missed(parts, [_each(part.per) for part in parts]).alias("per"),
    ]
    found = run.frame[rows.to_numpy()].select(columns)
    found = found.with_columns(pl.when(pl.Series(failed)).then(pl.all()))
    return {
        "shortfall": _divided(found["shortfall"], found["per"].fill_null(1).to_numpy()),
        "unit": found["unit"],
        "overrun_seconds": _divided(found["overrun_seconds"], _SECOND),
    }


def _each(per: int | pl.Expr) -> pl.Expr:
    import polars as pl

    return (pl.lit(per) if isinstance(per, int) else per).cast(pl.Float64)


def _divided(series: pl.Series, by: Any) -> pl.Series:
    """Return the quotients rounded once, as Python has them; Polars multiplies by the inverse of a constant."""
    import polars as pl

    return pl.Series(series.fill_null(0).to_numpy() / by).set(series.is_null(), None)


def figures_column(run: RecordColumns, loaded: LoadedRule, rows: pl.Series, cited: pl.Series) -> pl.Series:
    """Return the figures in force for the rows of a rule's findings, as findings cite them; an empty text for none.

    Args:
        run: the columns computed.
        loaded: the rule.
        rows: the numbers of the records.
        cited: which of them cite figures; the others are null.
    """
    import polars as pl

    columns = [_figure_column(run, expr).gather(rows) for expr in figures_read(loaded)]
    none = pl.Series([""], dtype=pl.String).new_from_index(0, len(rows))
    said = pl.select(pl.concat_str(columns, separator="; ")).to_series() if columns else none
    return said.set(~cited, None)


def _figure_column(run: RecordColumns, expr: Expr[Any]) -> pl.Series:
    """Return one figure in words for every record."""
    import numpy as np
    import polars as pl

    figure = expr.figure if isinstance(expr, FigureAt) else expr
    assert isinstance(figure, Figure)  # noqa: S101 - gathered as such
    key = run.series(expr.key) if isinstance(expr, FigureAt) else None
    place, held = figure_places(run, figure, key)

    def name(word: str | None) -> str:
        return figure.name if key is None else f"{figure.name}[{word}]"

    said = [figure_in_words(name(word), value, figure.unit, since) for word, value, since in held]
    codes, words = (np.zeros(run.height, np.int64), [""]) if key is None else run.codes(key)
    absent = [figure_in_words(name(word), None, figure.unit, None) for word in (*words, None)]
    undated = [figure_in_words(name(word), None, figure.unit, None, is_dated=False) for word in words]
    table = run.binding.figures.get(figure.name, figure.table)
    has = np.array([word in table for word in words], np.bool_)
    at = np.where(place >= 0, place, len(said) + np.where(codes >= 0, codes, len(words)))
    unplaced = run.dated().is_null().to_numpy() & (codes >= 0) & has[np.where(codes >= 0, codes, 0)]
    at = np.where(unplaced, len(said) + len(absent) + codes, at)
    return pl.Series([*said, *absent, *undated], dtype=pl.String).gather(at)


def _first_missed(parts: list[_Part], values: list[pl.Expr]) -> pl.Expr:
    """Return the value of the first condition that was missed."""
    import polars as pl

    found: pl.Expr = pl.lit(None)
    for part, value in zip(reversed(parts), reversed(values), strict=True):
        found = pl.when(part.missed).then(value).otherwise(found)
    return found


def _part(run: RecordColumns, expr: Expr[bool], *, wanted: bool) -> _Part:
    import polars as pl

    none = pl.lit(None, pl.Float64)
    truth = run.truth(expr).value
    missed = (~truth if wanted else truth).fill_null(False)
    if isinstance(expr, By):
        done = run.value(expr.done).fill_null(run.as_of)
        due = run.value(expr.due)
        overrun = _open_time(run, due, done, calendar_of(expr.due))
        return _Part(missed, done - due, "seconds", overrun, _SECOND)
    if not isinstance(expr, (Within, Op)) or len(expr.operands) != 2:
        return _Part(missed, none, None, none)
    left, right = expr.operands
    strict = isinstance(expr, Op) and expr.name in (("lt", "gt") if wanted else ("le", "ge"))
    kinds = {left.type, right.type}
    if kinds == {V.INT}:
        gap = (run.value(left) - run.value(right)).abs() + int(strict)
        return _Part(missed, nearest_float(run, gap), left.unit, none)
    if kinds <= NUMBERS and V.FLOAT in kinds:
        return _Part(missed, (as_float(run, left) - as_float(run, right)).abs(), left.unit, none)
    if kinds <= NUMBERS and V.DECIMAL not in kinds and (shares := share_gap(run, left, right)) is not None:
        return _Part(missed, shares[0], left.unit, none, shares[1])
    if kinds <= NUMBERS:
        raise NotColumnar(str(expr), "exact numbers")
    if kinds & {V.INSTANT, V.SPAN, V.WORK}:
        return _Part(missed, (run.value(left) - run.value(right)).abs() + int(strict), "seconds", none, _SECOND)
    if V.DATE in kinds:
        return _Part(missed, (run.value(left) - run.value(right)).abs() + int(strict), "days", none)
    return _Part(missed, none, left.unit, none)


def _open_time(run: RecordColumns, due: pl.Expr, done: pl.Expr, calendar: Expr[str]) -> pl.Expr:
    """Return the open time between two instants by the calendar named, in microseconds, as a column of the run."""
    import polars as pl

    from windowservice.language.polars.kernels import worked_by_column

    by = calendar.value if isinstance(calendar, Const) else run.series(calendar)
    ends = run.frame.select(due.alias("due"), done.alias("done"))
    open_time = worked_by_column(run, ends["due"], ends["done"], by)
    name = f"__o{len(run.frame.columns)}"
    run.frame = run.frame.with_columns(open_time.alias(name))
    return pl.col(name)
