"""One column of a frame as it comes in, checked and put into the form that columns are judged in.

Instants, spans and open time become 64-bit microseconds, dates ordinals, texts with few words enumerations; NaN becomes
null. What a column cannot be is refused with its name and the first row that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.codes import plain, plain_code, plain_items
from windowservice.errors import InvalidValue, NaiveTime, TimeOutOfRange
from windowservice.instants import EARLIEST, LATEST, from_us, get_zone
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "as_words", "convert", "empty_column", "first_row", "foreign_words", "key_texts", "plain_lists", "plain_texts",
]  # fmt: skip

V = ValueType
_MOST_WORDS: Final = 4_096
"""A text column with more different words than this stays text."""
_BOUND: Final = 10**18
"""Whole numbers reach up to here, as in a request; sums and differences of such then stay within 64 bits."""
_UNIX_EPOCH: Final = 719_163
"""The ordinal of 1970-01-01."""


def empty_column(name: str, kind: ValueType, height: int) -> pl.Series:
    """Return a column of nulls for a fact that a frame does not have."""
    import polars as pl

    types: dict[ValueType, Any] = {
        V.TEXT: pl.String, V.BOOL: pl.Boolean, V.FLOAT: pl.Float64, V.TEXTS: pl.List(pl.String), V.RATIO: pl.String,
        V.LIMIT: pl.String, V.DECIMAL: pl.Decimal(38, 0),
    }  # fmt: skip
    return pl.Series(name, [], dtype=types.get(kind, pl.Int64)).extend_constant(None, height)


def first_row(flags: pl.Series) -> int:
    """Return the number of the first row that is true, counted from 1 as people do."""
    return int(flags.fill_null(False).arg_max() or 0) + 1


def convert(
    series: pl.Series, kind: ValueType, where: str, *, numbers: bool = False, refused: dict[int, str] | None = None
) -> pl.Series:
    """Return a column in the form in which values of a type are judged.

    Args:
        series: the column as it came.
        kind: the type of the fact that it holds.
        where: the name of the column, for messages.
        numbers: whether instants, dates and spans may be whole numbers: microseconds UTC, ordinals, microseconds.
        refused: takes why single cells cannot be taken (an instant out of range, a number too large, a limit that is
            none), by their row; they are then null. Without it the first of them is raised.

    Raises:
        InvalidValue, NaiveTime, TimeOutOfRange: naming the column, and the row if one is to blame.
    """
    import polars as pl

    if series.dtype.is_float():
        series = series.fill_nan(None)
    if series.null_count() == series.len():  # as pandas holds texts that are all missing: as floats
        return empty_column(series.name, kind, series.len())
    if series.dtype == pl.Object:
        raise InvalidValue(where, "Python objects", f"a column of one type ({kind})")
    readers = {
        V.DATE: _dates, V.SPAN: _spans, V.WORK: _open_time, V.TEXT: _texts, V.TEXTS: _text_sets,
        V.BOOL: _truths, V.FLOAT: _floats, V.DECIMAL: _decimals, V.RATIO: _ratios,
    }  # fmt: skip
    cells = _Cells(where, refused)
    if numbers and series.dtype == pl.Int64 and kind in (V.INSTANT, V.DATE, V.SPAN):
        return _in_range(series, cells) if kind is V.INSTANT else series
    if kind in (V.INSTANT, V.INT, V.LIMIT):
        return {V.INSTANT: _instants, V.INT: _whole_numbers, V.LIMIT: _limits}[kind](series, cells)
    return readers[kind](series, where)


def plain_texts(series: pl.Series) -> pl.Series:
    """Return a column of ids as they are compared, as a `Request` holds them; one of other values as it is."""
    import polars as pl

    words = isinstance(series.dtype, (pl.Enum, pl.Categorical))
    if not words and series.dtype != pl.String:
        return series
    texts = series.cast(pl.String)
    if not words and texts.str.len_bytes().sum() == texts.str.len_chars().sum():  # all is ASCII
        return series
    odd = texts.filter(texts.str.contains(r"[^\x00-\x7f]").fill_null(False)).unique().to_list()
    changed = {text: found for text in odd if (found := plain(text)) != text}
    return texts.replace(changed) if changed else series


def plain_lists(series: pl.Series) -> pl.Series:
    """Return a column of lists of ids as they are compared; one of other values as it is."""
    import polars as pl

    if not isinstance(series.dtype, (pl.List, pl.Array)) or series.dtype.inner == pl.Null:
        return series
    odd = series.explode().cast(pl.String, strict=False).str.contains(r"[^\x00-\x7f]")
    if not odd.any():
        return series
    lists = [None if ids is None else [plain_code(one) for one in ids] for ids in series.to_list()]
    return pl.Series(series.name, lists, dtype=pl.List(pl.String))


def key_texts(series: pl.Series, where: str) -> pl.Series:
    """Return a column of ids as texts; whole numbers, as pandas holds them as floats because of gaps, lose their point.

    Raises:
        InvalidValue: if it holds neither texts nor whole numbers, or floats that have lost digits.
    """
    import polars as pl

    dtype = series.dtype
    if dtype.is_float() or isinstance(dtype, pl.Decimal):
        known = series.fill_nan(None) if dtype.is_float() else series
        whole = known.cast(pl.Int64, strict=False)
        most = 10**15 if dtype == pl.Float64 else 2**24 if dtype.is_float() else 10**18
        wrong = known.is_not_null() & ((whole.cast(dtype, strict=False) != known) | (whole.abs() >= most)).fill_null(
            True
        )
        if wrong.any():
            row = first_row(wrong)
            raise InvalidValue(f"{where}, row {row}", series[row - 1], "an id with all its digits, as text")
        return whole.cast(pl.String)
    if dtype.is_integer():
        return series.cast(pl.String)
    if dtype in (pl.String, pl.Null) or isinstance(dtype, (pl.Enum, pl.Categorical)):
        return plain_texts(series)
    raise _refused(series, where, "a column of ids: texts or whole numbers")


class _Cells:
    """Where the cells of a column stand, and what becomes of those that cannot be taken.

    Attributes:
        where: the name of the column.
    """

    def __init__(self, where: str, refused: dict[int, str] | None) -> None:
        self.where = where
        self._refused = refused

    def take(self, series: pl.Series, wrong: pl.Series, error: Callable[[int], Exception]) -> pl.Series:
        """Return the column without the cells that are wrong; `error` tells why, by the number of the row from 1 on.

        Raises:
            Exception: the error of the first of them, if nobody lists them.
        """
        wrong = wrong.fill_null(value=False)
        rows = wrong.arg_true().to_list()
        if not rows:
            return series
        if self._refused is None:
            raise error(rows[0] + 1)
        for row in rows:
            self._refused.setdefault(row, str(error(row + 1)))
        return series.set(wrong, None)


def _refused(series: pl.Series, where: str, wanted: str) -> InvalidValue:
    return InvalidValue(where, f"of type {series.dtype}", wanted)


def _instants(series: pl.Series, cells: _Cells) -> pl.Series:
    import polars as pl

    dtype = series.dtype
    if not isinstance(dtype, pl.Datetime):
        raise _refused(series, cells.where, f"a column of instants with a zone{_instead(series)}")
    if dtype.time_zone is None:
        known = series.drop_nulls()
        raise NaiveTime(known[0] if len(known) else "column", f"{cells.where}, row {first_row(series.is_not_null())}")
    return _in_range(_microseconds(series), cells)


def _instead(series: pl.Series) -> str:
    """Return what to write in place of a column that holds no instants."""
    import polars as pl

    if series.dtype == pl.String:
        return (
            "; texts are read by .str.to_datetime('%Y-%m-%dT%H:%M%:z') or pandas.to_datetime(..., utc=True), or as a "
            "ledger reads them, with a mapping: Ledger.read({'requests': ..., 'events': ...}, zone='...')"
        )
    if series.dtype == pl.Date:
        return "; a bare date has no time of day: say which by .cast(pl.Datetime).dt.replace_time_zone('...')"
    return "; what counts from 1970 is read by pl.from_epoch" if series.dtype.is_numeric() else ""


def _microseconds(series: pl.Series) -> pl.Series:
    """Return instants as microseconds; those that 64 bits of microseconds cannot hold as the largest or least."""
    import polars as pl

    unit = series.dtype.time_unit  # type: ignore[attr-defined]
    held = series.to_physical()
    if unit == "ms":
        most = 2**63 // 1000 - 1
        return held.clip(-most, most) * 1000
    return held // 1000 if unit == "ns" else held.cast(pl.Int64)


def _in_range(us: pl.Series, cells: _Cells) -> pl.Series:
    low, high = us.min(), us.max()
    if low is None or (low >= EARLIEST and high < LATEST):  # type: ignore[operator]
        return us

    def error(row: int) -> TimeOutOfRange:
        wrong = us[row - 1]
        near = -2 * LATEST < wrong < 2 * LATEST
        shown = from_us(wrong, get_zone("UTC")) if near else f"{wrong} microseconds"
        return TimeOutOfRange(shown, "1900-01-01", "2199-12-31", f"{cells.where}, row {row}")

    return cells.take(us, (us < EARLIEST) | (us >= LATEST), error)


def _dates(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if series.dtype != pl.Date:
        raise _refused(series, where, "a column of dates")
    return series.to_physical().cast(pl.Int64) + _UNIX_EPOCH


def _spans(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if not isinstance(series.dtype, pl.Duration):
        raise _refused(series, where, "a column of durations")
    return series.cast(pl.Duration("us")).to_physical()


def _open_time(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if not isinstance(series.dtype, pl.Duration):
        raise _refused(series, where, "a column of durations of open time")
    return series.cast(pl.Duration("us")).to_physical()


def _texts(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if series.dtype != pl.String and not isinstance(series.dtype, (pl.Enum, pl.Categorical)):
        raise _refused(series, where, "a column of text")
    return as_words(series)


def as_words(series: pl.Series, known: Iterable[str] = ()) -> pl.Series:
    """Return a text column as an enumeration of its words, if they are few: comparing numbers is quicker than texts.

    Args:
        series: the column.
        known: the words that are expected; if the column has no others it is read once.
    """
    import polars as pl

    if isinstance(series.dtype, pl.Enum):
        return series
    if isinstance(series.dtype, pl.Categorical):
        return series.cast(pl.Enum(series.cast(pl.String).drop_nulls().unique().sort()))
    if known:
        found = series.cast(pl.Enum(sorted(known)), strict=False)
        if found.null_count() == series.null_count():
            return found
    first = series.head(2 * _MOST_WORDS).drop_nulls().unique()
    if len(first) > _MOST_WORDS:
        return series
    found = series.cast(pl.Enum(first.sort()), strict=False)
    if found.null_count() == series.null_count():  # mostly the first rows have all words
        return found
    words = series.drop_nulls().unique()
    return series.cast(pl.Enum(words.sort())) if len(words) <= _MOST_WORDS else series


def _text_sets(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    dtype = series.dtype
    if isinstance(dtype, (pl.List, pl.Array)) and (dtype.inner in (pl.String, pl.Null) or _is_words(dtype.inner)):
        return series.cast(pl.List(pl.String)).list.eval(pl.element().drop_nulls()).list.unique()
    if dtype == pl.String:  # as a ledger writes it
        texts = series.drop_nulls().unique()
        lists = [*(sorted(plain_items(text)) for text in texts.to_list()), None]
        places = series.cast(pl.Enum(texts)).to_physical().fill_null(len(texts))
        return pl.Series(series.name, lists, dtype=pl.List(pl.String)).gather(places)
    raise _refused(series, where, "a column of lists of text, or of text with items apart by ';'")


def _is_words(dtype: Any) -> bool:
    import polars as pl

    return isinstance(dtype, (pl.Enum, pl.Categorical))


def _truths(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if series.dtype != pl.Boolean:
        raise _refused(series, where, "a column of true and false")
    return series


def _whole_numbers(series: pl.Series, cells: _Cells) -> pl.Series:
    """Return whole numbers; those that pandas holds as floats because of gaps are taken, exact fractions kept."""
    import polars as pl

    dtype = series.dtype
    if isinstance(dtype, pl.Decimal):
        whole = series.cast(pl.Decimal(38, 0), strict=False)
        if not (whole == series).all():  # an amount with cents: columns compare and add it exactly
            return series.cast(pl.Decimal(38, dtype.scale))
        series = whole
    elif dtype.is_float():
        series = series.fill_nan(None)
        wrong = ~(series.is_finite() & (series == series.floor()))
        series = cells.take(series, wrong, _wanted(cells, series, "a whole number, or an exact decimal"))
    elif not dtype.is_integer():
        raise _refused(series, cells.where, "a column of whole numbers")
    high, low = series.max(), series.min()
    if high is not None and (high >= _BOUND or low <= -_BOUND):  # type: ignore[operator]
        within = series.cast(pl.Int64, strict=False)
        large = series.is_not_null() & ((within >= _BOUND) | (within <= -_BOUND)).fill_null(value=True)
        series = cells.take(series, large, _wanted(cells, series, "a whole number below 10**18"))
    return series.cast(pl.Int64)


def _wanted(cells: _Cells, series: pl.Series, wanted: str) -> Callable[[int], InvalidValue]:
    return lambda row: InvalidValue(f"{cells.where}, row {row}", series[row - 1], wanted)


def _floats(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if not (series.dtype.is_float() or series.dtype.is_integer()):
        raise _refused(series, where, "a column of floats")
    return series.cast(pl.Float64).fill_nan(None)


def _decimals(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if not (isinstance(series.dtype, pl.Decimal) or series.dtype.is_integer()):
        raise _refused(series, where, "a column of exact decimals")
    return series


def _ratios(series: pl.Series, where: str) -> pl.Series:
    import polars as pl

    if series.dtype != pl.String and not series.dtype.is_integer():
        raise _refused(series, where, "a column of ratios written as text, as in '1/3'")
    return series.cast(pl.String)


def _limits(series: pl.Series, cells: _Cells) -> pl.Series:
    import polars as pl

    from windowservice.errors import InvalidLimit
    from windowservice.worktime.limits.limit import Limit

    if series.dtype != pl.String:
        raise _refused(series, cells.where, "a column of limits written as text, as in '3 working days'")
    said: dict[str, InvalidLimit] = {}
    for text in series.drop_nulls().unique().to_list():
        try:
            Limit.parse(text)
        except InvalidLimit as error:
            said[text] = error
    return cells.take(
        series, series.is_in(sorted(said)),
        lambda row: InvalidValue(f"{cells.where}, row {row}", series[row - 1], f"a limit: {said[series[row - 1]]}"),
    )  # fmt: skip


def foreign_words(series: pl.Series, words: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the rows of a column whose text, or a text of whose set, is none of the words, each with that text."""
    import polars as pl

    if isinstance(series.dtype, pl.List):
        rows = pl.DataFrame({"at": pl.int_range(len(series), eager=True), "word": series}).explode("word")
    elif isinstance(series.dtype, pl.Enum) and words.issuperset(series.dtype.categories.to_list()):
        return
    else:
        rows = pl.DataFrame({"at": pl.int_range(len(series), eager=True), "word": series.cast(pl.String)})
    yield from rows.filter(~pl.col("word").is_in(sorted(words))).iter_rows()
