"""By how much rules were missed, and by which figures, in columns: the same as the evidence of one finding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.engine.report.evidence import failing_parts, figures_read
from windowservice.engine.report.explaining import figure_in_words
from windowservice.engine.report.frame import CLOCK
from windowservice.engine.report.parts import clock_asked
from windowservice.engine.report.stores.measures import Missing, measures
from windowservice.engine.ruleset import LoadedRule
from windowservice.errors import NotColumnar
from windowservice.instants import from_us, local_midnight
from windowservice.language.analysis.counted import calendar_of
from windowservice.language.polars.compile import RecordColumns
from windowservice.language.polars.figures import key_codes, told_apart
from windowservice.language.polars.numbers import as_float, nearest_float, share_gap
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import dating
from windowservice.language.tree.figures import Dated, Figure, Key, figure_of, in_force, named_line
from windowservice.language.tree.nodes import By, Const, Op, Within
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import NUMBERS, ValueType
from windowservice.worktime.integers.memory import NONE

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]
    Floats = np.ndarray[Any, Any]

__all__ = ["clock_columns", "figures_by_row", "figures_column", "shortfall_columns", "shown_of", "told_shortfalls"]

V = ValueType
_SECOND = 1_000_000


class _Part(NamedTuple):
    """One condition of a requirement: by how much it was missed, in which unit, and the open time after it.

    The amount is given in parts of the unit, `per` to one; the open time is that between two ends, by a calendar.
    """

    amount: pl.Expr
    unit: str | None
    ends: tuple[pl.Expr, pl.Expr, Expr[str]] | None = None
    per: int | pl.Expr = 1


def told_shortfalls(rule: Rule, missing: Missing, rows: pl.Series, failed: pl.Series) -> dict[str, Any]:
    """Return the same as `shortfall_columns` from what a module told of the rule."""
    import numpy as np
    import polars as pl

    none: Floats = np.full(len(rows), np.nan)
    shortfall, overrun, unit = none, none.copy(), np.full(len(rows), -1)
    parts = measures(rule) or []
    if len(missing.rows):
        wanted = rows.to_numpy()
        places = np.minimum(np.searchsorted(missing.rows, wanted), len(missing.rows) - 1)
        there = failed.to_numpy() & (missing.rows[places] == wanted)
        places = places[there]
        part, amounts, overruns = missing.parts[places], missing.amounts[places], missing.overruns[places]
        steps, per, signed = (np.array([getattr(one, name) for one in parts]) for name in ("step", "per", "signed"))
        gap = np.where(signed[part], amounts, np.abs(amounts)) + steps[part]
        shortfall[there] = np.where(amounts == NONE, np.nan, gap / per[part])
        overrun[there] = np.where(overruns == NONE, np.nan, overruns / _SECOND)
        unit[there] = part
    units = pl.Series([*(one.unit for one in parts), None], dtype=pl.String)
    return {
        "shortfall": pl.Series(shortfall, nan_to_null=True),
        "unit": units.gather(np.where(unit < 0, len(parts), unit)),
        "overrun_seconds": pl.Series(overrun, nan_to_null=True),
    }


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
    conditions = list(failing_parts(rule.require))
    parts = [_part(run, expr, wanted=wanted) for expr, wanted in conditions]
    missed = [_missed(run, expr, wanted=wanted) for expr, wanted in conditions] if len(parts) > 1 else []
    columns = [
        _first_missed(missed, [part.amount for part in parts]).cast(pl.Float64).alias("shortfall"),
        _first_missed(missed, [pl.lit(part.unit, pl.String) for part in parts]).alias("unit"),
        _first_missed(missed, [pl.lit(place) for place in range(len(parts))]).alias("part"),
        _first_missed(missed, [_each(part.per) for part in parts]).alias("per"),
    ]
    ends = [
        end.alias(f"{place} {n}") for place, part in enumerate(parts) for n, end in enumerate((part.ends or ())[:2])
    ]
    names = dict.fromkeys(name for column in (*columns, *ends) for name in column.meta.root_names())
    frame = run.frame.select(pl.int_range(pl.len()).alias(""), *names).select(pl.all().gather(rows))
    found = frame.select("", *columns, *ends)
    found = found.with_columns(pl.when(pl.Series(failed)).then(pl.all()))
    overrun = pl.Series([None], dtype=pl.Float64).new_from_index(0, len(rows))
    for place, part in enumerate(parts):
        if part.ends is not None:
            mine = (found["part"] == place).fill_null(value=False)
            open_time = _open_time(run, found[f"{place} 0"], found[f"{place} 1"], part.ends[2], rows)
            overrun = open_time.zip_with(mine, overrun)
    return {
        "shortfall": _divided(found["shortfall"], found["per"].fill_null(1).to_numpy()),
        "unit": found["unit"],
        "overrun_seconds": _divided(overrun, _SECOND),
    }


def _each(per: int | pl.Expr) -> pl.Expr:
    import polars as pl

    return (pl.lit(per) if isinstance(per, int) else per).cast(pl.Float64)


def _divided(series: pl.Series, by: Any) -> pl.Series:
    """Return the quotients rounded once, as Python has them; Polars multiplies by the inverse of a constant."""
    import polars as pl

    return pl.Series(series.fill_null(0).to_numpy() / by).set(series.is_null(), None)


def shown_of(loaded: LoadedRule) -> list[Expr[Any]]:
    """Return what the findings of a rule are told by: what decides which figures they cite, and the clock."""
    figures = [found for found in map(figure_of, figures_read(loaded)) if found is not None]
    dated = dating(loaded.rule.of)
    keys = [key for _, given in figures for key in given]
    clock = clock_asked(loaded.rule.require)
    of_clock = [] if clock is None else clock.exprs
    return [*keys, *([dated] if figures and dated is not None else []), *of_clock]


def clock_columns(run: RecordColumns, rule: Rule, rows: pl.Series, applies: pl.Series) -> dict[str, Any]:
    """Return due, done, seconds left and calendar of the clock that a rule is about, for the rows of its findings.

    Args:
        run: the columns computed.
        rule: the rule.
        rows: the numbers of the records.
        applies: to which of them it applies; of the others no clock is shown.
    """
    import polars as pl

    asked = clock_asked(rule.require)
    if asked is None or not applies.any():
        return dict.fromkeys(CLOCK)
    at = pl.Datetime("us", "UTC")

    def told(expr: Expr[Any] | None, kind: pl.DataType) -> pl.Series:
        found = (
            pl.Series([None], dtype=kind).new_from_index(0, len(rows)) if expr is None else _gathered(run, expr, rows)
        )
        return found.cast(kind).set(~applies, None)

    due = told(asked.due, at)
    words = told(asked.calendar, pl.String()).fill_null("")
    names = {
        word: run.binding.calendar_named(word).name for word in words.unique().to_list() if due.is_not_null().any()
    }
    said = words.replace_strict(names, default=None, return_dtype=pl.String).set(due.is_null(), None)
    remaining = _divided(told(asked.remaining, pl.Int64()), _SECOND)
    return dict(zip(CLOCK, (due, told(asked.done, at), remaining, said), strict=True))


def _gathered(run: RecordColumns, expr: Expr[Any], rows: pl.Series) -> pl.Series:
    import polars as pl

    if isinstance(expr, Const):
        return pl.Series([expr.value]).new_from_index(0, len(rows))
    return run.series(expr).gather(rows)


def figures_column(run: RecordColumns, loaded: LoadedRule, rows: pl.Series, cited: pl.Series) -> pl.Series:
    """Return the figures in force for the rows of a rule's findings, as findings cite them; an empty text for none.

    Args:
        run: the columns computed.
        loaded: the rule.
        rows: the numbers of the records.
        cited: which of them cite figures; the others are null.
    """
    import polars as pl

    said, cases = _cited(run, loaded, rows)
    texts = pl.Series(["; ".join(one) for one in said], dtype=pl.String)
    return texts.gather(pl.Series(cases)).set(~cited, None)


def figures_by_row(run: RecordColumns, loaded: LoadedRule, rows: pl.Series) -> list[tuple[str, ...]]:
    """Return the same of every row, each figure by itself."""
    said, cases = _cited(run, loaded, rows)
    return [said[case] for case in cases.tolist()]


def _cited(run: RecordColumns, loaded: LoadedRule, rows: pl.Series) -> tuple[list[tuple[str, ...]], Ints]:
    """Return the figures that some rows cite, and which of these each row does."""
    import numpy as np

    exprs = figures_read(loaded)
    if not exprs:
        return [()], np.zeros(len(rows), np.int64)
    zone = run.binding.calendar.zone
    figures = [found for found in map(figure_of, exprs) if found is not None]
    tables = [run.binding.figures.get(figure.name, figure.table) for figure, _ in figures]
    days = sorted({day for table in tables for dated in table.values() for day in dated.dates})
    starts = np.array([local_midnight(day, zone) for day in days], np.int64)
    when = run.dated().gather(rows)
    dated = np.searchsorted(starts, when.fill_null(0).to_numpy(), side="right") + 1
    case, number = np.where(when.is_null().to_numpy(), 0, dated), len(days) + 2
    keys: list[tuple[Ints, list[Key]]] = []
    for _, given in figures:
        codes, lines = key_codes(run, given)
        keys.append((codes[rows.to_numpy()], lines))
        # what is said depends on the date and on the keys; numbered anew, so that no number grows beyond 64 bits
        firsts, case = told_apart(case * len(lines) + keys[-1][0], number * len(lines))
        number = len(firsts)
    firsts, cases = told_apart(case, number)
    said = []
    for row in firsts.tolist():
        day = None if when[row] is None else from_us(when[row], zone).date()
        named = [found[codes[row]] for codes, found in keys]
        texts = zip((figure for figure, _ in figures), named, tables, strict=True)
        said.append(tuple(_figure(*text, day) for text in texts))
    return said, cases


def _figure(figure: Figure[Any], key: Key, table: Mapping[Key, Dated], day: date | None) -> str:
    """Return in words which line of a figure is in force for a key on a day; without a day nobody knows."""
    name = named_line(figure.name, key)
    dated = table.get(key)
    place = -1 if dated is None or day is None else in_force(dated, day)
    if dated is None or place < 0:
        return figure_in_words(name, None, figure.unit, None, is_dated=dated is None or day is not None)
    return figure_in_words(name, dated.values[place], figure.unit, dated.dates[place])


def _first_missed(missed: list[pl.Expr], values: list[pl.Expr]) -> pl.Expr:
    """Return the value of the first condition that was missed; of a single one it is known that it was."""
    import polars as pl

    if len(values) == 1:
        return values[0]
    found: pl.Expr = pl.lit(None)
    for misses, value in zip(reversed(missed), reversed(values), strict=True):
        found = pl.when(misses).then(value).otherwise(found)
    return found


def _missed(run: RecordColumns, expr: Expr[bool], *, wanted: bool) -> pl.Expr:
    """Return where a condition was missed."""
    truth = run.truth(expr).value
    return (~truth if wanted else truth).fill_null(False)


def _part(run: RecordColumns, expr: Expr[bool], *, wanted: bool) -> _Part:
    import polars as pl

    none = pl.lit(None, pl.Float64)
    if isinstance(expr, By):
        done = run.value(expr.done).fill_null(run.as_of)
        due = run.value(expr.due)
        return _Part(done - due, "seconds", (due, done, calendar_of(expr.due)), _SECOND)
    if not isinstance(expr, (Within, Op)) or len(expr.operands) != 2:
        return _Part(none, None)
    left, right = expr.operands
    strict = isinstance(expr, Op) and expr.name in (("lt", "gt") if wanted else ("le", "ge"))
    kinds = {left.type, right.type}
    if kinds == {V.INT}:
        gap = (run.value(left) - run.value(right)).abs() + int(strict)
        return _Part(nearest_float(run, gap), left.unit)
    if kinds <= NUMBERS and V.FLOAT in kinds:
        return _Part((as_float(run, left) - as_float(run, right)).abs(), left.unit)
    if kinds <= NUMBERS and V.DECIMAL not in kinds and (shares := share_gap(run, left, right)) is not None:
        return _Part(shares[0], left.unit, None, shares[1])
    if kinds <= NUMBERS:
        raise NotColumnar(str(expr), "exact numbers")
    if kinds & {V.INSTANT, V.SPAN, V.WORK}:
        return _Part((run.value(left) - run.value(right)).abs() + int(strict), "seconds", None, _SECOND)
    if V.DATE in kinds:
        return _Part((run.value(left) - run.value(right)).abs() + int(strict), "days")
    return _Part(none, left.unit)


def _open_time(run: RecordColumns, due: pl.Series, done: pl.Series, calendar: Expr[str], rows: pl.Series) -> pl.Series:
    """Return the open time between two instants by the calendar named, in microseconds."""
    import numpy as np
    import polars as pl

    from windowservice.worktime.columns.data import Column
    from windowservice.worktime.columns.worked import open_between

    both = (due.is_not_null() & done.is_not_null()).to_numpy()
    begin, end = due.fill_null(0).to_numpy(), done.fill_null(0).to_numpy()
    out = np.zeros(len(rows), np.float64)
    codes, words = (None, [calendar.value]) if isinstance(calendar, Const) else run.codes(run.series(calendar))
    named = np.zeros(len(rows), np.int64) if codes is None else codes[rows.to_numpy()]
    for code in np.unique(named[both]).tolist():
        counted = run.binding.calendar_named(words[code] if code >= 0 else "")
        mine = both & (named == code)
        out[mine] = open_between(Column(begin[mine]), Column(end[mine]), counted).values
    return pl.Series(out).set(pl.Series(~both), None)
