"""What is given of columns: values that hold for all rows or by row, and which rows can be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.errors import InvalidValue
from windowservice.worktime.columns.data import Choice, Column, read_instants
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.data import Bools, Ints
    from windowservice.worktime.columns.stops import StopColumns

__all__ = ["Asked", "Each", "all_valid", "ask"]


@attrs.frozen(eq=False)
class Each:
    """A value for all rows, or one for each out of a few.

    Attributes:
        options: the values.
        codes: per row the place of its value; None if all have the first.
    """

    options: tuple[Any, ...]
    codes: Ints | None = None

    @classmethod
    def of(cls, value: Any, read: Callable[[Any], Any] = lambda value: value) -> Each:
        """Return what was given, a value or a `Choice`, with each value read."""
        if isinstance(value, Choice):
            return cls(tuple(map(read, value.options)), value.codes.values)
        return cls((read(value),))

    def at(self, row: int) -> Any:
        """Return the value of a row."""
        return self.options[0 if self.codes is None else int(self.codes[row])]

    def taken(self, numbers: Ints, rows: slice) -> Ints:
        """Return for some rows the numbers of their values, of which any stands for a null."""
        found: Ints = numbers if self.codes is None else numbers.take(self.codes[rows], mode="clip")
        return found


@attrs.frozen(eq=False)
class Asked:
    """Starts with their limits and calendars.

    Attributes:
        start: the starts.
        limit, calendar: the limits and calendars.
        booked: the ends of the booked slots with their grace.
        day_by: the calendar whose business date is the date of the start, instead of the civil date.
        stops: the stops; `firsts` says where those of each row begin.
        valid: which rows can be told; None if all can.
    """

    start: Ints
    limit: Each
    calendar: Each
    booked: Column | None
    day_by: WorkCalendar | None
    stops: StopColumns | None
    firsts: Ints | None
    valid: Bools | None


def ask(
    start: Any, limit: Any, calendar: Any, booked_until: Any, day_by: WorkCalendar | None, stops: StopColumns | None
) -> Asked:
    """Read what is asked; a row is null where a column is, or where its limit needs a booked slot and there is none.

    Raises:
        InvalidValue, InvalidLimit, NaiveTime, InvalidTime, TimeOutOfRange: for what cannot be used.
    """
    starts, limits = read_instants(start, "start"), Each.of(limit, Limit.of)
    rows = len(starts)
    booked = None if booked_until is None else read_instants(booked_until, "booked_until")
    valid = all_valid(rows, starts, limit, calendar)
    all_valid(rows, booked)
    needy = [option.needs_slot for option in limits.options]
    if booked is None:
        for option in (option for option, needs in zip(limits.options, needy, strict=True) if needs):
            raise InvalidValue("slot_end", None, f"given: the limit '{option}' ends with the booked slot")
    elif booked.valid is not None and any(needy):
        valid = _having_slot(rows, limits, needy, booked.valid, valid)
    some = stops if stops is not None and len(stops) else None
    firsts = None if some is None else some.firsts(rows)
    return Asked(starts.values, limits, Each.of(calendar), booked, day_by, some, firsts, valid)


def _having_slot(rows: int, limits: Each, needy: list[bool], booked: Bools, valid: Bools | None) -> Bools:
    import numpy as np

    needs = limits.taken(np.array(needy, np.int64), slice(0, rows)) == 1
    found: Bools = booked | ~needs
    return found if valid is None else found & valid


def all_valid(rows: int, *given: Any) -> Bools | None:
    """Return which rows are null in none of the columns and choices, None if no row is; what is neither is passed over.

    Raises:
        InvalidValue: if a column is shorter or longer.
    """
    found: Bools | None = None
    for one in given:
        column = one.codes if isinstance(one, Choice) else one
        if not isinstance(column, Column):
            continue
        if len(column) != rows:
            raise InvalidValue("column", len(column), f"a column of {rows} rows, as many as the others have")
        if column.valid is not None:
            found = column.valid if found is None else found & column.valid
    return found
