"""Frames as they come in: requests and their events, checked and put into the form that columns are judged in.

Any frame that exports Arrow is taken (Polars, pandas, pyarrow, DuckDB). Instants become microseconds UTC, texts with
few words become enumerations, NaN becomes null, and the events stand together by request and in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.errors import InvalidValue, MissingColumn, NaiveTime, TimeOutOfRange
from windowservice.instants import EARLIEST, LATEST, from_us, get_zone
from windowservice.language.facts import Facts
from windowservice.language.polars_children import ROW
from windowservice.language.values import ValueType

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Frames", "read_frames", "to_polars_frame"]

V = ValueType
KEY: Final = "id"
EVENT_KEY: Final = "request"
_MOST_WORDS: Final = 4_096
"""A text column with more different words than this stays text."""


@attrs.frozen(eq=False)
class Frames:
    """Requests and their events, ready to be judged.

    Attributes:
        records: one row for each request (for a reopened one: for each cycle), with the columns of its given facts.
        children: one row for each event, with the number of its record, in order.
        orphans: how many events name a request that is not there.
    """

    records: pl.DataFrame
    children: pl.DataFrame
    orphans: int


def to_polars_frame(frame: Any) -> pl.DataFrame:
    """Return any frame that exports Arrow as a Polars frame; a lazy one is collected.

    Raises:
        InvalidValue: if it is no frame.
    """
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if isinstance(frame, pl.DataFrame):
        return frame
    if hasattr(frame, "to_arrow_table"):  # a DuckDB relation, whose stream would block its connection
        frame = frame.to_arrow_table()
    if hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "__dataframe__"):
        found = pl.DataFrame(frame)
        return found.with_columns(pl.col(pl.Float32, pl.Float64).fill_nan(None))
    raise InvalidValue("frame", type(frame).__name__, "a frame that exports Arrow (Polars, pandas, pyarrow, DuckDB)")


def read_frames(records: Any, events: Any, root: type[Facts], as_of: int, *, where: str = "") -> Frames:
    """Return requests and events in the form in which columns are judged.

    Args:
        records: one row for each request; its columns are the request's given facts, further fields as
            ``extra.<name>``.
        events: one row for each event: ``request``, ``at``, ``kind`` and the other given facts of an event; or None.
        root: the vocabulary of the records.
        as_of: events after this instant (microseconds UTC) are not seen.
        where: the place of the frames, for messages.

    Raises:
        MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange: for a column that cannot be what it has to be.
    """
    import polars as pl

    found = _typed(to_polars_frame(records), root, f"{where}requests")
    _unique(found, f"{where}requests")
    child = root.children
    if child is None:
        return Frames(found, pl.DataFrame({ROW: pl.Series([], dtype=pl.Int64)}), 0)
    raw = (
        to_polars_frame(events) if events is not None else pl.DataFrame({EVENT_KEY: []}, schema={EVENT_KEY: pl.String})
    )
    if EVENT_KEY not in raw.columns:
        raise MissingColumn(f"{where}events", EVENT_KEY, "telling whose event it is", tuple(raw.columns))
    children, orphans = _placed(found, raw)
    children = _typed(children, child, f"{where}events", keep=(ROW, "seq"))
    children = _ordered(children.filter(pl.col("us") <= as_of))
    return _cycles(Frames(found, children, orphans))


def _typed(frame: pl.DataFrame, vocabulary: type[Facts], where: str, keep: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the frame with a column of the right type for every given fact, and what else is kept."""
    import polars as pl

    columns = []
    for fact in vocabulary.given.values():
        if fact.definition is not None:
            continue
        name = fact.read or fact.name
        source = name if name in frame.columns else fact.name
        if source not in frame.columns:
            if fact.required:
                raise MissingColumn(
                    where, fact.name, f"a fact that every {vocabulary.__name__} has", tuple(frame.columns)
                )
            columns.append(pl.Series(name, [], dtype=_empty_type(fact.type)).extend_constant(None, frame.height))
            continue
        series = _convert(frame[source], fact.type, f"{where}.{source}")
        if fact.required and series.null_count():
            row = int(series.is_null().arg_true()[0])
            raise InvalidValue(f"{where}.{source}", None, f"a {fact.type} in every row; row {row + 1} has none")
        columns.append(series.alias(name))
    names = {series.name for series in columns}
    columns += [frame[name] for name in keep if name in frame.columns and name not in names]
    columns += [_given_extra(frame[name]) for name in frame.columns if name.startswith("extra.")]
    return pl.DataFrame(columns)


def _given_extra(series: pl.Series) -> pl.Series:
    import polars as pl

    if isinstance(series.dtype, pl.Datetime):
        return _instants(series, series.name)
    return _words(series) if series.dtype == pl.String else series


def _convert(series: pl.Series, kind: ValueType, where: str) -> pl.Series:
    import polars as pl

    dtype = series.dtype
    if kind is V.INSTANT:
        return _instants(series, where)
    if kind is V.TEXT:
        if dtype in (pl.String, pl.Categorical) or isinstance(dtype, pl.Enum):
            return _words(series)
        if dtype == pl.Null:
            return series.cast(pl.String)
        raise InvalidValue(where, dtype, "a column of text")
    if kind is V.TEXTS:
        if isinstance(dtype, pl.List):
            return series.cast(pl.List(pl.String))
        if dtype == pl.String:  # as a ledger writes it: items apart by a semicolon
            split = series.str.split(";").list.eval(pl.element().str.strip_chars())
            return split.list.eval(pl.element().filter(pl.element() != ""))
        if dtype == pl.Null:
            return series.cast(pl.List(pl.String))
        raise InvalidValue(where, dtype, "a column of lists of text, or of text with items apart by ';'")
    wanted = {V.INT: pl.Int64, V.BOOL: pl.Boolean, V.FLOAT: pl.Float64}.get(kind)
    if wanted is None or dtype == wanted:
        return series
    if dtype == pl.Null or (wanted == pl.Int64 and dtype.is_integer()) or (wanted == pl.Float64 and dtype.is_numeric()):
        return series.cast(wanted)
    if wanted == pl.Int64 and dtype.is_float() and (series.drop_nulls() == series.drop_nulls().floor()).all():
        return series.cast(pl.Int64)  # pandas holds whole numbers with gaps as floats
    raise InvalidValue(where, dtype, f"a column of the type {kind}")


def _instants(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    dtype = series.dtype
    if dtype == pl.Int64:
        us = series
    elif isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            raise NaiveTime(f"the column {where}", where)
        us = series.cast(pl.Datetime("us", dtype.time_zone)).to_physical()
    elif dtype == pl.Null:
        return series.cast(pl.Int64)
    else:
        raise InvalidValue(where, dtype, "a column of instants with a zone")
    low, high = us.min(), us.max()
    if low is not None and (low < EARLIEST or high >= LATEST):  # type: ignore[operator]
        wrong = int(((us < EARLIEST) | (us >= LATEST)).arg_true()[0])
        utc = get_zone("UTC")
        shown = from_us(us[wrong], utc) if abs(us[wrong]) < 2 * LATEST else us[wrong]
        raise TimeOutOfRange(shown, "1900-01-01", "2199-12-31", f"{where}, row {wrong + 1}")
    return us


def _words(series: pl.Series) -> pl.Series:
    """Return a text column as an enumeration of its words, if they are few: comparing numbers is quicker than texts."""
    import polars as pl

    if series.dtype != pl.String:
        return _words(series.cast(pl.String)) if series.dtype == pl.Categorical else series
    if series.n_unique() > _MOST_WORDS or series.len() < 2 * _MOST_WORDS:
        return series
    words = series.drop_nulls().unique().sort()
    return series.cast(pl.Enum(words))


def _empty_type(kind: ValueType) -> Any:
    import polars as pl

    return {
        V.TEXT: pl.String, V.BOOL: pl.Boolean, V.FLOAT: pl.Float64, V.TEXTS: pl.List(pl.String),
    }.get(kind, pl.Int64)  # fmt: skip


def _unique(records: pl.DataFrame, where: str) -> None:
    import polars as pl

    if KEY not in records.columns:
        return
    if records[KEY].n_unique() != records.height:
        twice = records.select(pl.col(KEY).filter(pl.col(KEY).is_duplicated()).first()).item()
        raise InvalidValue(f"{where}.{KEY}", twice, "different in every row; this one stands twice")


def _placed(records: pl.DataFrame, events: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the events with the number of their record; those of no record are left out and counted."""
    import polars as pl

    keys = records.select(pl.col(KEY).cast(pl.String), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    joined = events.with_columns(pl.col(EVENT_KEY).cast(pl.String)).join(
        keys, left_on=EVENT_KEY, right_on=KEY, how="left", maintain_order="left"
    )
    orphans = joined[ROW].null_count()
    return (joined.filter(pl.col(ROW).is_not_null()) if orphans else joined), orphans


def _ordered(children: pl.DataFrame) -> pl.DataFrame:
    """Return the events by record, instant and number; input order breaks what ties are left."""
    import polars as pl

    by = [ROW, "us", *(["seq"] if "seq" in children.columns else [])]
    before = [
        (pl.col(ROW) < pl.col(ROW).shift())
        | ((pl.col(ROW) == pl.col(ROW).shift()) & (pl.col("us") < pl.col("us").shift()))
    ]
    if "seq" not in children.columns and not children.select(before[0].any()).item():
        return children
    return children.sort(by, maintain_order=True, nulls_last=True)


def _cycles(frames: Frames) -> Frames:
    """Return the frames with a record of its own for each cycle of a reopened request."""
    import polars as pl

    records, children = frames.records, frames.children
    if "kind" not in children.columns or not children.height:
        return frames
    starts = (pl.col("kind").cast(pl.String) == "reopened") & (pl.col(ROW) == pl.col(ROW).shift())
    if not children.select(starts.fill_null(False).any()).item():
        return frames
    numbered = children.with_columns(starts.fill_null(False).cast(pl.Int64).alias("__start"))
    numbered = numbered.with_columns(pl.col("__start").cum_sum().over(ROW).alias("__cycle"))
    cycles = numbered.select(ROW, "__cycle").unique().sort(ROW, "__cycle")
    first = records.select(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW)).with_columns(
        pl.lit(0, pl.Int64).alias("__cycle")
    )
    every = pl.concat([first, cycles]).unique().sort(ROW, "__cycle").with_row_index("__new")
    again = records[every[ROW].to_numpy()].with_columns(
        pl.when(every["__cycle"] > 0)
        .then(pl.concat_str(pl.col(KEY).cast(pl.String), pl.lit("#"), (every["__cycle"] + 1).cast(pl.String)))
        .otherwise(pl.col(KEY).cast(pl.String))
        .alias(KEY)
    )
    placed = numbered.join(every, on=[ROW, "__cycle"], how="left", maintain_order="left")
    placed = placed.with_columns(pl.col("__new").cast(pl.Int64).alias(ROW)).drop("__start", "__cycle", "__new")
    return Frames(again, placed, frames.orphans)
