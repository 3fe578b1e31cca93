"""What is asked of columns of limits: starts, limits, calendars and booked slots, read and checked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from windowservice.worktime.columns.data import Choice, Column, read_instants
from windowservice.worktime.columns.run import all_valid, one_or_choice
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.frame import Bools

__all__ = ["Asked", "ask"]


@attrs.frozen(eq=False)
class Asked:
    """Starts with their limits and calendars.

    Attributes:
        start: the starts.
        limit: the limit, or a choice of limits.
        calendar: the calendar, or a choice of calendars.
        booked_until: the ends of the booked slots with their grace.
        valid: which rows can be answered; None if all can.
    """

    start: Column
    limit: Limit | Choice
    calendar: WorkCalendar | Choice
    booked_until: Column | None
    valid: Bools | None

    def __len__(self) -> int:
        return len(self.start)


def ask(start: Any, limit: Any, calendar: WorkCalendar | Choice, booked_until: Any, agreed: Column | None) -> Asked:
    """Read what is asked; a row is null where a column is, or where its limit needs a booked slot and there is none.

    Args:
        start: instants.
        limit: a limit or what makes one, or a `Choice` over such.
        calendar: a calendar, or a `Choice` over calendars.
        booked_until: instants, or None.
        agreed: dues that were agreed, which need no slot.

    Raises:
        InvalidValue, InvalidLimit, NaiveTime, InvalidTime, TimeOutOfRange: for what cannot be used.
    """
    starts, limits = read_instants(start, "start"), one_or_choice(limit, Limit.of)
    booked = None if booked_until is None else read_instants(booked_until, "booked_until")
    choices = [choice for choice in (limits, calendar) if isinstance(choice, Choice)]
    valid = all_valid(len(starts), starts, *choices)
    all_valid(len(starts), booked, agreed)
    if booked is not None and booked.valid is not None:
        lacking = _needing_slot(limits, len(starts)) & ~booked.valid
        if agreed is not None:
            lacking &= _null(agreed)
        if lacking.any():
            valid = ~lacking if valid is None else valid & ~lacking
    return Asked(starts, limits, calendar, booked, valid)


def _needing_slot(limits: Limit | Choice, rows: int) -> Bools:
    import numpy as np

    if not isinstance(limits, Choice):
        return np.full(rows, limits.needs_slot)
    options = np.array([option.needs_slot for option in limits.options], dtype=bool)
    return options.take(limits.codes.values, mode="clip")  # a null has any code, and is left out anyway


def _null(column: Column) -> Bools:
    import numpy as np

    return np.zeros(len(column), dtype=bool) if column.valid is None else ~column.valid
