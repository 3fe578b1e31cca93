"""What expressions say of every row of frames, as `told` says it row by row; by columns, where they can be computed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.engine.frames.columns import empty_column
from windowservice.engine.frames.dates import dated_rows
from windowservice.engine.frames.in_hand import held_series
from windowservice.engine.frames.records import records_of
from windowservice.engine.relations.told import held_outside, rests_on
from windowservice.errors import NotColumnar, WindowserviceError
from windowservice.facts.requests.event import event
from windowservice.language.polars.calls import function_without_columns
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.frames.frames import Frames
    from windowservice.engine.running import Runner
    from windowservice.language.polars.compile import RecordColumns

    Flags = np.ndarray[Any, Any]

__all__ = ["ToldColumn", "told_columns"]

_log = logging.getLogger("windowservice.engine")
V = ValueType
_AS_GIVEN = (V.DECIMAL, V.RATIO, V.LIMIT)
"""The types that columns hold in the form of given facts only."""


class ToldColumn(NamedTuple):
    """What an expression says of each row.

    Attributes:
        values: the values, in the form in which columns are judged; null where nobody can tell.
        later: where one is missing since what it rests on has not happened, or is stated as nothing; None: nowhere.
    """

    values: pl.Series
    later: Flags | None


def told_columns(
    runner: Runner, frames: Frames, exprs: Sequence[Expr[Any]], us: int, recorded: frozenset[str] | None
) -> list[ToldColumn]:
    """Return what expressions say of the rows of frames; of those that cannot be judged it means nothing.

    Raises:
        NotColumnar: for a value that no column holds.
    """
    import polars as pl

    asked = [[expr, *rests_on(expr)] for expr in exprs]
    run = runner.columns(frames, us, recorded)
    try:
        for expr in exprs:
            if expr.type in _AS_GIVEN and not (isinstance(expr, Fact) and expr.definition is None):
                raise NotColumnar(str(expr), expr.type.with_article)
        run.call([expr for one in asked for expr in one if function_without_columns(expr) is None])
        found = [_told(run, *one) for one in asked]
        alone = _alone(frames, run)
    except (WindowserviceError, pl.exceptions.PolarsError) as reason:
        _log.info("what a group or union asks is told row by row: %s", reason)
        found = [ToldColumn(empty_column("", expr.type, frames.records.height), None) for expr in exprs]
        alone = set(range(frames.records.height))
    rows = sorted(alone - frames.intake.unjudged.keys())
    return _filled(found, asked, runner, frames, rows, us, recorded) if rows else found


def _told(run: RecordColumns, expr: Expr[Any], *below: Expr[Any]) -> ToldColumn:
    values = run.series(expr)
    if not values.null_count():
        return ToldColumn(values, None)
    parts = [absent for one in (expr, *below) if (absent := _absent(run, one)) is not None]
    if not parts:
        return ToldColumn(values, None)
    import numpy as np

    return ToldColumn(values, values.is_null().to_numpy() & np.logical_or.reduce(parts))


def _absent(run: RecordColumns, expr: Expr[Any]) -> Flags | None:
    run.series(expr)  # first: it may put columns into the frame
    absent = run.absent(expr)
    if absent is None:
        return None
    series = run.frame.select(absent.alias("absent")).to_series()
    series = series if len(series) == run.height else series.new_from_index(0, run.height)
    found: Flags = series.fill_null(value=False).to_numpy()
    return found


def _alone(frames: Frames, run: RecordColumns) -> set[int]:
    """Return the rows that columns cannot tell of."""
    dated = dated_rows(frames.children) if frames.root.children is event else ()
    doubtful = () if run.doubtful is None else run.doubtful.nonzero()[0].tolist()
    return {*frames.apart, *dated, *doubtful}


def _filled(
    found: list[ToldColumn], asked: list[list[Expr[Any]]], runner: Runner, frames: Frames, rows: list[int], us: int,
    recorded: frozenset[str] | None,
) -> list[ToldColumn]:  # fmt: skip
    """Return the columns with what the code for one record says of some rows."""
    import numpy as np

    flat = [expr for one in asked for expr in one]
    read = runner.leaves_of(("relations", tuple(structure(one[0]) for one in asked)), flat)
    values: list[list[Any]] = [[] for _ in asked]
    later: list[list[bool]] = [[] for _ in asked]
    for record in records_of(frames, rows, recorded):
        told = iter(read(record, us))
        for place, one in enumerate(asked):
            (value, absent), *under = islice(told, len(one))
            values[place].append(held_outside(value, one[0].type))
            later[place].append(value is None and any((absent, *(below[1] for below in under))))
    filled = []
    for column, one, mine, missing in zip(found, asked, values, later, strict=True):
        series, odd = held_series(one[0].type, mine)
        if odd:
            raise NotColumnar(str(one[0]), "a value that no column holds")
        flags = np.zeros(frames.records.height, bool) if column.later is None else column.later.copy()
        flags[rows] = missing
        filled.append(ToldColumn(_replaced(column.values, series, rows), flags if flags.any() else None))
    return filled


def _replaced(held: pl.Series, told: pl.Series, rows: list[int]) -> pl.Series:
    """Return a column with other values in some rows."""
    import numpy as np
    import polars as pl

    both = [one.cast(pl.String) if isinstance(one.dtype, (pl.Enum, pl.Categorical)) else one for one in (held, told)]
    place = np.arange(len(held))
    place[rows] = len(held) + np.arange(len(rows))
    whole = pl.concat([one.alias("value").to_frame() for one in both], how="vertical_relaxed").to_series()
    return whole.gather(place)
