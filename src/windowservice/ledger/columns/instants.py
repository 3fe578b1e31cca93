"""Columns of instants as whole numbers; what is not certain is left to the reader of cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.instants import DAY, EARLIEST, LATEST, datetime_us, utc_datetime
from windowservice.ledger.cells.times import is_steady
from windowservice.ledger.columns.sure import among, is_plain, read_once
from windowservice.ledger.mapping.fields import Field

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from windowservice.ledger.columns.sure import Marks

    Ints = NDArray[np.int64]

__all__ = ["Instants", "at_midnight", "instants_of"]

_FORM: Final = re.compile(r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?\Z", re.ASCII)
_DATE: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_OFFSET: Final = "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])"
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_LOW: Final = EARLIEST + 400 * DAY
_HIGH: Final = LATEST - 400 * DAY
"""Between them every offset leaves the year within those that are read."""
_MICROSECOND: Final = timedelta(microseconds=1)


@attrs.frozen(eq=False)
class Instants:
    """What is certain of a column of instants.

    Attributes:
        sure: whether the cell is read without anything odd.
        stated: whether it then says an instant.
        us: the instant in microseconds UTC; any number where none is stated.
        wall: the time on the wall where it was written, in microseconds from 1970 there.
    """

    sure: Marks
    stated: Marks
    us: Ints
    wall: Ints


def instants_of(field: Field, zone: tzinfo | None, cells: pl.Series) -> Instants:
    """Return what is certain of a column of instants.

    Args:
        field: how it is read.
        zone: the zone of times that name none.
        cells: its cells as a Polars series.
    """
    import numpy as np
    import polars as pl

    if isinstance(cells.dtype, pl.Categorical | pl.Enum):
        cells = cells.cast(pl.String)
    found = None
    if is_plain(field) and cells.dtype == pl.String:
        found = _of_texts(zone, cells)
    elif is_plain(field) and isinstance(cells.dtype, pl.Datetime):
        found = _of_times(zone, cells)
    if found is None:
        found = np.zeros(len(cells), bool), np.zeros(len(cells), np.int64), np.zeros(len(cells), np.int64)
    stated, us, wall = found
    stated &= (us >= _LOW) & (us < _HIGH)
    sure, others = stated.copy(), np.flatnonzero(~stated)
    if cells.dtype == pl.String:
        rest = cells.gather(others)
        values, _ = read_once(field, rest)
        told = {cell: _both(value) for cell, value in values.items() if isinstance(value, datetime)}  # no bare dates
        said = np.flatnonzero(among(rest, list(told)))
        both = np.array([told[cell] for cell in rest.gather(said)], np.int64).reshape(-1, 2)
        sure[others] = stated[others] = among(rest, list(told))
        us[others[said]], wall[others[said]] = both[:, 0], both[:, 1]
        sure[others] |= among(rest, [cell for cell, value in values.items() if value is None])
    if not field.required:
        sure |= cells.is_null().to_numpy()
    return Instants(sure, stated, us, wall)


def _both(moment: datetime) -> tuple[int, int]:
    us, offset = datetime_us(moment), moment.utcoffset()
    return us, us + (0 if offset is None else offset // _MICROSECOND)


def _of_texts(zone: tzinfo | None, cells: pl.Series) -> tuple[Marks, Ints, Ints] | None:
    """Return the instants of texts in the form of the first: the cells of a column are written alike."""
    import numpy as np
    import polars as pl

    form = None if (first := cells.drop_nulls().head(1)).is_empty() else _FORM.match(first[0])
    if form is None or (form[3] is None and zone is None):
        return None
    length = 19 if form[2] else 16
    seconds = ":[0-5][0-9]" if form[2] else ""
    pattern = f"^{_DATE}{form[1]}{_CLOCK}{seconds}{_OFFSET if form[3] else ''}$"
    written = f"%Y-%m-%d{form[1]}%H:%M{':%S' if form[2] else ''}"
    walls = cells.str.head(length).str.to_datetime(written, time_unit="us", strict=False).to_physical()
    there = (walls.is_not_null() & cells.str.contains(pattern)).fill_null(value=False).to_numpy().copy()
    wall = walls.fill_null(0).to_numpy().copy()
    if not form[3]:
        assert zone is not None  # noqa: S101 - without one nothing was read
        offset, steady = _by_day(wall, _steady(zone))
        return there & steady, wall - offset, wall
    tails = cells.str.slice(length)
    offsets = {tail: _offset(tail) for tail in tails.filter(pl.Series(there)).unique()}
    by_tail = tails.replace_strict(list(offsets), list(offsets.values()), default=0, return_dtype=pl.Int64)
    return there, wall - by_tail.fill_null(0).to_numpy().astype(np.int64), wall


def _offset(tail: str) -> int:
    """Return an offset as it stands behind a time, in microseconds."""
    offset = datetime.fromisoformat(f"2000-01-03T00:00{tail}").utcoffset()
    assert offset is not None  # noqa: S101 - the pattern has one
    return offset // _MICROSECOND


def _of_times(zone: tzinfo | None, cells: pl.Series) -> tuple[Marks, Ints, Ints] | None:
    """Return the instants of a typed column; what is finer than a microsecond is not certain."""
    import polars as pl

    assert isinstance(cells.dtype, pl.Datetime)  # noqa: S101 - asked only of such
    there = cells.is_not_null().to_numpy().copy()
    numbers = cells.to_physical().fill_null(0).to_numpy()
    if cells.dtype.time_unit == "ns":
        there &= numbers % 1_000 == 0
        us = numbers // 1_000
    elif cells.dtype.time_unit == "ms":
        there &= abs(numbers) < _HIGH // 1_000
        us = numbers * 1_000
    else:
        us = numbers.copy()
    if cells.dtype.time_zone is None:
        if zone is None:
            return None
        offset, steady = _by_day(us, _steady(zone))
        return there & steady, us - offset, us
    there &= (us >= _LOW) & (us < _HIGH)
    if cells.dtype.time_zone == "UTC":
        return there, us, us
    wall = cells.dt.replace_time_zone(None).dt.cast_time_unit("us").to_physical().fill_null(0).to_numpy()
    return there, us, wall


def at_midnight(found: Instants, places: NDArray[np.intp], zone: tzinfo | None) -> int:
    """Return how many of the instants are at 00:00:00 by the zone, or by that which each was written in."""
    import numpy as np

    if zone is None:
        return int(np.count_nonzero(found.wall[places] % DAY == 0))
    us = found.us[places]
    offset, steady = _by_day(us, lambda day: _utc_offset(day, zone))
    count = int(np.count_nonzero((us + offset)[steady] % DAY == 0))
    return count + sum(_is_midnight(utc_datetime(one).astimezone(zone)) for one in us[~steady].tolist())


def _is_midnight(local: datetime) -> bool:
    return local.hour == local.minute == local.second == local.microsecond == 0


def _utc_offset(day: int, zone: tzinfo) -> int | None:
    """Return the offset of a zone on a day UTC, None if it changes then or near it."""
    begin = utc_datetime(day * DAY)
    found = {(begin + timedelta(hours=hours)).astimezone(zone).utcoffset() for hours in range(25)}
    offset = found.pop()
    return None if found or offset is None else offset // _MICROSECOND


def _steady(zone: tzinfo) -> Callable[[int], int | None]:
    def offset(day: int) -> int | None:
        civil = date.fromordinal(day + _EPOCH_DAY)
        if not is_steady(civil.isoformat(), zone):
            return None
        return -datetime_us(datetime(civil.year, civil.month, civil.day, tzinfo=zone)) + day * DAY

    return offset


def _by_day(times: Ints, offset_of: Callable[[int], int | None]) -> tuple[Ints, Marks]:
    """Return for each time what is said of its day, and whether anything is; each day is asked once."""
    import numpy as np

    days = np.clip(times, _LOW, _HIGH) // DAY
    first = int(days.min(initial=_HIGH // DAY))
    used = np.flatnonzero(np.bincount(days - first)) if len(days) else np.zeros(0, np.intp)
    said = {int(day): offset_of(int(day) + first) for day in used}
    table, known = np.zeros(int(used.max(initial=0)) + 1, np.int64), np.zeros(int(used.max(initial=0)) + 1, bool)
    for day, offset in said.items():
        table[day], known[day] = (0, False) if offset is None else (offset, True)
    return table[days - first], known[days - first]
