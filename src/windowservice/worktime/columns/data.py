"""Columns that go in and out: whole numbers with a mask, read from numpy, Polars, or whatever exports Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.errors import InvalidTime, InvalidValue, MissingExtra, NaiveTime, TimeOutOfRange, UnknownName
from windowservice.instants import EARLIEST, LATEST, utc_datetime
from windowservice.worktime.frame import EPOCH_ORDINAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

__all__ = ["Choice", "Column", "read_days", "read_instants", "read_whole"]

_NANOSECONDS: Final = 1_000


@attrs.frozen(eq=False)
class Column:
    """Whole numbers, some of which may be null.

    Attributes:
        values: instants in microseconds UTC, days as ordinals, open time in microseconds, or counts; where null, any.
        valid: per row whether it is not null; None if no row is.
    """

    values: Ints
    valid: Bools | None = None

    def __len__(self) -> int:
        return len(self.values)

    def to_list(self) -> list[int | None]:
        """Return the rows as Python numbers, None where null."""
        values = self.values.tolist()
        if self.valid is None:
            return list(values)
        return [value if valid else None for value, valid in zip(values, self.valid.tolist(), strict=True)]

    def to_series(
        self, name: str = "", *, zone: str | None = None, days: bool = False, span: bool = False, flags: bool = False
    ) -> pl.Series:
        """Return a Polars series: of instants in a zone, of dates, of durations, of booleans, or of whole numbers.

        Args:
            name: the name of the series.
            zone: the IANA name of the zone in which instants are shown.
            days: whether the rows are ordinals of dates.
            span: whether they are durations in microseconds.
            flags: whether they are true or false.

        Raises:
            MissingExtra: without Polars.
        """
        import polars as pl

        values = (self.values - EPOCH_ORDINAL).astype("int32") if days else self.values
        series: pl.Series = pl.Series(name, values)
        if self.valid is not None:
            series = series.set(pl.Series(~self.valid), None)
        if zone is not None:
            return series.cast(pl.Datetime("us", zone))
        if days:
            return series.cast(pl.Date)
        return series.cast(pl.Duration("us") if span else pl.Boolean if flags else pl.Int64)


def _codes(codes: Any) -> Column:
    return read_whole(codes, "codes")


def _options(options: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(options)


@attrs.frozen(eq=False)
class Choice:
    """A value per row out of a few: the limit of its service, the calendar of its branch.

    Attributes:
        codes: per row the place of its value in `options`; null where there is none.
        options: the distinct values.

    Raises:
        InvalidValue: if a code is no place in the options.
    """

    codes: Column = attrs.field(converter=_codes)
    options: tuple[Any, ...] = attrs.field(converter=_options)

    def __attrs_post_init__(self) -> None:
        row = _first(self.codes, (self.codes.values < 0) | (self.codes.values >= len(self.options)))
        if row is not None:
            wanted = f"from 0 to {len(self.options) - 1}"
            raise InvalidValue("codes", int(self.codes.values[row]), wanted, f"row {row}")

    @classmethod
    def by_name(cls, names: Any, options: Mapping[str, Any], what: str = "choice") -> Choice:
        """Return the values that a column of names means.

        Args:
            names: text, as a Polars series or what exports Arrow; null where there is none.
            options: the values by name.
            what: what is named, for the message.

        Raises:
            UnknownName: if a name has no value; the row is told.
        """
        pl = _polars()
        series = pl.Series(names).cast(pl.String)
        codes = series.replace_strict(
            {name: code for code, name in enumerate(options)}, default=-1, return_dtype=pl.Int64
        )
        codes = codes.set(series.is_null(), None)
        row = (codes == -1).arg_max() if bool((codes == -1).any()) else None
        if row is not None:
            raise UnknownName(what, str(series[row]), tuple(options), f"row {row}")
        return cls(read_whole(codes, what), tuple(options.values()))


def read_instants(data: Any, where: str) -> Column:
    """Return a column of instants.

    Args:
        data: a `Column` or numpy array of int64 microseconds UTC; a Polars series, or what exports Arrow (pandas,
            pyarrow, DuckDB), of datetimes with a zone.
        where: its name, for messages.

    Raises:
        NaiveTime: if it holds datetimes without a zone.
        InvalidTime: if it holds no instants, or parts of a microsecond.
        TimeOutOfRange: before 1900 or from 2200 on; row and value are told.
    """
    column = _read_instants(data, where)
    if _within(column.values, EARLIEST, LATEST - 1):
        return column
    row = _first(column, (column.values < EARLIEST) | (column.values >= LATEST))
    if row is not None:
        raise TimeOutOfRange(_shown(int(column.values[row])), "1900-01-01", "2199-12-31", f"{where}, row {row}")
    return column


def _read_instants(data: Any, where: str) -> Column:
    if isinstance(data, Column):
        return data
    wanted = "datetimes with a zone, or whole numbers of microseconds UTC"
    if _is_array(data):
        if data.dtype.kind == "M":
            raise NaiveTime(f"{data.dtype} of numpy", where)
        if data.dtype.kind != "i":
            raise InvalidTime(str(data.dtype), wanted, where)
        return Column(data.astype("int64", copy=False))
    pl = _polars()
    series = _series(data, where)
    dtype = series.dtype
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is None:
            raise NaiveTime(str(dtype), where)
        if dtype.time_unit == "ns":
            _refuse_parts(series, where)
        series = series.dt.cast_time_unit("us").to_physical()
    elif not dtype.is_integer() and dtype != pl.Null:
        raise InvalidTime(str(dtype), wanted, where)
    return _masked(series)


def _refuse_parts(series: pl.Series, where: str) -> None:
    """Refuse nanoseconds that are no whole microseconds."""
    parts = (series.to_physical() % _NANOSECONDS != 0).fill_null(value=False)
    if parts.any():
        row = parts.arg_max()
        raise InvalidTime(str(series[row or 0]), "a whole number of microseconds", f"{where}, row {row}")


def read_whole(data: Any, where: str) -> Column:
    """Return a column of whole numbers.

    Raises:
        InvalidValue: if it holds anything else.
    """
    if isinstance(data, Column):
        return data
    if _is_array(data):
        if data.dtype.kind not in "iu":
            raise InvalidValue(where, str(data.dtype), "a column of whole numbers")
        return Column(data.astype("int64", copy=False))
    pl = _polars()
    series = _series(data, where)
    if series.dtype == pl.Duration:
        series = series.dt.cast_time_unit("us").to_physical()
    if not series.dtype.is_integer() and series.dtype != pl.Null:
        raise InvalidValue(where, str(series.dtype), "a column of whole numbers")
    return _masked(series)


def read_days(data: Any, where: str) -> Column:
    """Return a column of dates as ordinals; whole numbers are taken for ordinals.

    Raises:
        InvalidTime: if it holds anything else.
        TimeOutOfRange: before 1900 or from 2200 on; row and value are told.
    """
    if not isinstance(data, Column) and not _is_array(data):
        pl = _polars()
        series = _series(data, where)
        if series.dtype == pl.Date:
            data = series.to_physical().cast(pl.Int64) + EPOCH_ORDINAL
        elif not series.dtype.is_integer() and series.dtype != pl.Null:
            raise InvalidTime(str(series.dtype), "dates", where)
    column = read_whole(data, where)
    first, last = 693_596, 803_168  # 1900-01-01 and 2199-12-31
    if _within(column.values, first, last):
        return column
    row = _first(column, (column.values < first) | (column.values > last))
    if row is not None:
        raise TimeOutOfRange(f"day {column.values[row]}", "1900-01-01", "2199-12-31", f"{where}, row {row}")
    return column


def _masked(series: pl.Series) -> Column:
    pl = _polars()
    valid = None if not series.null_count() else series.is_not_null().to_numpy()
    return Column(series.cast(pl.Int64).fill_null(0).to_numpy(), valid)


def _series(data: Any, where: str) -> pl.Series:
    import polars as pl

    try:
        series: pl.Series = data if isinstance(data, pl.Series) else pl.Series(data)
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        raise InvalidValue(where, data, "a column: a Polars series, a numpy array or what exports Arrow") from None
    return series


def _is_array(data: Any) -> bool:
    import numpy as np

    return isinstance(data, np.ndarray)


def _within(values: Ints, least: int, most: int) -> bool:
    """Return whether all values lie between two numbers; those that stand for nulls may not, and need a closer look."""
    return not values.size or bool(values.min() >= least and values.max() <= most)


def _first(column: Column, wrong: Bools) -> int | None:
    """Return the first row that is not null and wrong."""
    if column.valid is not None:
        wrong = wrong & column.valid
    return int(wrong.argmax()) if wrong.any() else None


def _shown(us: int) -> str:
    try:
        return utc_datetime(us).isoformat()
    except OverflowError:
        return f"{us} us"


def _polars() -> Any:
    try:
        import polars
    except ImportError:
        raise MissingExtra("polars", "columns", "working with columns") from None
    return polars
