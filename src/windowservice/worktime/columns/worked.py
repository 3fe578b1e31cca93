"""Open time and workdays over columns, with nulls in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from windowservice.errors import WindowserviceError
from windowservice.instants import DAY, EARLIEST, LATEST
from windowservice.worktime.columns import rows as at
from windowservice.worktime.columns.counting import Counted, count
from windowservice.worktime.columns.data import Choice, Column, read_days, read_instants, read_whole
from windowservice.worktime.columns.given import Each, all_valid
from windowservice.worktime.frame import EPOCH_ORDINAL
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.data import Ints
    from windowservice.worktime.table import Table

__all__ = ["add", "date_of", "open_between", "workdays", "worked"]


def worked(begin: Any, end: Any, calendar: WorkCalendar | Choice) -> Column:
    """Return the open time in ``[begin, end)`` in microseconds: exact, additive, negative where `end` is earlier.

    One warning, or refusal, is given for the whole column if it rests on days that are not known.

    Raises:
        As `due`.
    """
    begins, ends = read_instants(begin, "begin"), read_instants(end, "end")
    found = open_between(begins, ends, calendar)
    for of, low, high in _Pairs(begins, ends, calendar).spans(begins.values, ends.values):
        of.known.check(low, high)
    return found


def open_between(begin: Column, end: Column, calendar: WorkCalendar | Choice) -> Column:
    """Return what `worked` does, without a word on days that are not known."""

    def one(table: Table, a: int, b: int) -> int:
        return table.open_before(b) - table.open_before(a)

    pairs = _Pairs(begin, end, calendar)
    return pairs.counted("worked", one, pairs.edges())


def date_of(at: Column, calendar: WorkCalendar | Choice) -> Column:
    """Return the civil dates of instants in the zones of calendars, as ordinals."""

    def one(table: Table, us: int, _: int) -> int:
        return table.date_of(us)

    pairs = _Pairs(at, at, calendar)
    return pairs.counted("dates", one, pairs.edges())


def add(start: Any, amount: Any, calendar: WorkCalendar | Choice) -> Column:
    """Return the instants reached after an amount of open time: the earliest, for negative amounts the latest.

    Args:
        start: instants.
        amount: a `WorkSpan`, or a column of whole microseconds or of durations.
        calendar: the calendar, or a `Choice` over calendars.

    Raises:
        As `due`.
    """
    import numpy as np

    starts = read_instants(start, "start")
    fixed = isinstance(amount, WorkSpan)
    amounts = Column(np.full(len(starts), amount.us)) if fixed else read_whole(amount, "amount")
    pairs = _Pairs(starts, amounts, calendar)
    found = pairs.counted("reached", _reached, pairs.edges_reached())
    for of, low, high in pairs.spans(pairs.one, found.values):
        of.known.check(low, high)
    return found


def workdays(first: Any, last: Any, calendar: WorkCalendar | Choice) -> Column:
    """Return the workdays in ``[first, last)``, columns of dates; negative where `last` is earlier.

    Raises:
        As `due`; InvalidTime if a column does not hold dates.
    """

    def one(table: Table, a: int, b: int) -> int:
        return table.workdays_before(b) - table.workdays_before(a)

    pairs = _Pairs(read_days(first, "first"), read_days(last, "last"), calendar)
    found = pairs.counted("workdays", one, ((day - EPOCH_ORDINAL) * DAY for day in pairs.edges()))
    for of, low, high in pairs.spans(pairs.one, pairs.other):
        if low < high:
            of.known.check_days(low, high - 1)
    return found


def _reached(table: Table, us: int, amount: int) -> int:
    """Return the instant reached after an amount of open time."""
    if amount == 0:
        return us
    w = table.open_before(us) + amount
    return table.instant_at(w) if amount > 0 else table.last_instant_at(w)


def _ends(edges: Iterable[int]) -> tuple[int, int]:
    ordered = sorted(edges)
    return ordered[0], ordered[-1]


class _Pairs:
    """Two columns of numbers with their calendars."""

    def __init__(self, one: Column, other: Column, calendar: WorkCalendar | Choice) -> None:
        self.valid = all_valid(len(one), one, other, calendar)
        self.one, self.other = one.values, other.values
        self.calendar = Each.of(calendar)

    def spans(self, one: Ints, other: Ints) -> Iterator[tuple[WorkCalendar, int, int]]:
        """Yield each calendar with the least and the greatest of two columns where it counts."""
        for code, calendar in enumerate(self.calendar.options):
            rows = self.valid
            if self.calendar.codes is not None:
                mine = self.calendar.codes == code
                rows = mine if rows is None else mine & rows
            both = [column if rows is None else column[rows] for column in (one, other)]
            if both[0].size:
                yield calendar, min(int(each.min()) for each in both), max(int(each.max()) for each in both)

    def edges(self) -> Iterator[int]:
        """Yield numbers between which all of the columns lie."""
        for _, low, high in self.spans(self.one, self.other):
            yield from (low, high)

    def edges_reached(self) -> Iterator[int]:
        """Yield the first and last start by each calendar, and about how far from there the amounts reach."""
        amounts = self.other if self.valid is None else self.other[self.valid]
        for calendar, low, high in self.spans(self.one, self.one):
            yield from (low, high)
            for start, amount, beyond in ((low, amounts.min(), EARLIEST), (high, amounts.max(), LATEST)):
                try:
                    yield _reached(calendar.table, start, int(amount))
                except WindowserviceError:
                    yield beyond

    def counted(self, text: str, one: Callable[[Table, int, int], int], edges: Iterable[int]) -> Column:
        """Return what a text finds.

        Args:
            text: the name of the text.
            one: counts a row by objects.
            edges: instants between which all that is asked lies.
        """
        columns = {at.STARTS: self.one, at.ENDS: self.other}
        counted = Counted(text, (at.FOUND,), self.calendar, Each(()), columns, lambda: _ends(edges))

        def row_of(row: int) -> tuple[int]:
            return (one(self.calendar.at(row).table, int(self.one[row]), int(self.other[row])),)

        return Column(count(len(self.one), self.valid, counted, row_of)[0], self.valid)
