"""Columns counted by a compiled module, piece by piece; a row in doubt, and all without a runtime, one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from windowservice.errors import NoOpenTime, NotColumnar, TimeOutOfRange
from windowservice.instants import DAY, EARLIEST, LATEST
from windowservice.worktime.columns import rows as at
from windowservice.worktime.columns.given import Each
from windowservice.worktime.compiled.functions import HELPERS, label, reached
from windowservice.worktime.compiled.runtime import Compiled, is_there
from windowservice.worktime.integers.clock import CLOCK_WORDS, STOP_WORDS
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import BASE, CIVIL, END, NONE, SPARE

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.columns.data import Bools, Ints
    from windowservice.worktime.columns.stops import StopColumns
    from windowservice.worktime.limits.limit import Limit

__all__ = ["Counted", "count", "pays"]

_PIECE: Final = 1 << 15
"""How many rows a module counts at once: what they need of memory stays the same, and of a call nothing is felt."""
_FEW: Final = 1_000
"""Fewer rows are counted one by one before calendars are laid out; so are fewer than those have days."""
_MARGIN: Final = 40 * DAY
_STEP: Final = 1 << 44
"""Calendars are laid out from and to multiples of some 200 days, so that the next column finds them."""


class Counted(NamedTuple):
    """What a module is to count.

    Attributes:
        text: the name of the text, one of `rows.TEXTS`.
        found: the words of the head for what is found, the first of them `rows.FOUND`.
        calendar, limit: the calendars, and the limits if there are any.
        columns: the other columns, by the words of the head.
        day_by: the calendar that says the date of the start, if it is not the civil one.
        stops, firsts: the stops, and where those of each row begin.
        span: returns the instants between which calendars are wanted, if any row can be told.
    """

    text: str
    found: Sequence[int]
    calendar: Each
    limit: Each
    columns: Mapping[int, Ints]
    span: Callable[[], tuple[int, int]]
    day_by: WorkCalendar | None = None
    stops: StopColumns | None = None
    firsts: Ints | None = None


@cache
def _compiled() -> Compiled:
    """Return the module, which is the same for all calendars and limits."""
    texts = reached({label(one): one for one in at.TEXTS})
    exports = [f'(export "{one.__name__}" (func ${label(one)}))' for one in at.TEXTS]
    return Compiled("\n".join(['(module (memory (export "memory") 1)', *HELPERS, *texts, *exports, ")"]))


class _Image(NamedTuple):
    """Calendars and limits as a memory, and where they stand in it."""

    words: Ints
    calendars: Ints
    limits: Ints


@lru_cache(maxsize=16)
def _image(calendars: tuple[WorkCalendar, ...], limits: tuple[Limit, ...], begin: int, end: int) -> _Image:
    """Return a memory; nothing in it changes, so the last few are kept."""
    import numpy as np

    layout = Layout(begin, end)
    places = [[layout.calendar(one) for one in calendars], [layout.limit(one) for one in limits]]
    layout.memory[CIVIL] = places[0][0]
    return _Image(*(np.array(words, np.int64) for words in (layout.memory, *places)))


def pays(rows: int, days: int = 0) -> bool:
    """Return whether so many rows are worth laying out so many days of calendars, or looking how many these are."""
    return rows >= _FEW + days


def count(rows: int, valid: Bools | None, asked: Counted, one: Callable[[int], Sequence[int]]) -> list[Ints]:
    """Return what is found for each row; where a row is null, any.

    Args:
        rows: how many there are.
        valid: which of them can be told; None if all can.
        asked: what is to be counted.
        one: counts a single row by objects.

    Raises:
        TimeOutOfRange, NoOpenTime: as `one`, with the row and the value.
    """
    import numpy as np

    told = rows if valid is None else int(valid.sum())
    by_module = _by_module(rows, told, asked) if told and pays(told) and is_there() else None
    found, left = by_module or ([np.zeros(rows, np.int64) for _ in asked.found], np.arange(rows))
    for row in (left if valid is None else left[valid[left]]).tolist():
        for column, value in zip(found, _named(one, row, asked.columns[at.STARTS]), strict=True):
            column[row] = value
    return found


def _named(one: Callable[[int], Sequence[int]], row: int, starts: Ints) -> Sequence[int]:
    """Return what is found for a row; an error names it."""
    value = f"row {row}, with the value {int(starts[row])} us"
    try:
        return one(row)
    except TimeOutOfRange as error:
        raise TimeOutOfRange(error.value, error.earliest, error.latest, f"{error.where}, {value}") from None
    except NoOpenTime as error:
        raise NoOpenTime(error.calendar, f"{error.when} ({value})") from None


# --- the module -----------------------------------------------------------------------------------------------------


def _by_module(rows: int, told: int, asked: Counted) -> tuple[list[Ints], Ints] | None:
    """Return what the module finds, and the rows that are in doubt; None if it is not worth it, or not to be had."""
    begin, end = asked.span()
    begin = max((begin - _MARGIN) // _STEP * _STEP, EARLIEST + DAY)
    end = min(-(-(end + _MARGIN) // _STEP) * _STEP, LATEST - DAY)
    calendars = len(asked.calendar.options) + (asked.day_by is not None)
    if pays(told, (end - begin) // DAY * calendars):
        with suppress(NotColumnar):  # there is not so much memory
            return _run(rows, asked, begin, end)
    return None


def _run(rows: int, asked: Counted, begin: int, end: int) -> tuple[list[Ints], Ints]:
    """Return what the module finds, and the rows that are in doubt.

    Raises:
        NotColumnar: if there is not so much memory.
    """
    import numpy as np

    calendars = asked.calendar.options if asked.day_by is None else (*asked.calendar.options, asked.day_by)
    image = _image(calendars, asked.limit.options, begin, end)
    piece = min(rows, _PIECE)
    parts = [slice(first, min(first + piece, rows)) for first in range(0, rows, piece)]
    room, firsts = CLOCK_WORDS, asked.firsts
    alike = asked.calendar.codes is None and asked.limit.codes is None
    by_row = not alike or firsts is not None or at.BOOKED in asked.columns
    sizes = {at.CALENDARS: piece if by_row else 1, at.LIMITS: piece if by_row else 1}
    sizes |= dict.fromkeys((*asked.columns, *asked.found, at.DOUBTS), piece)
    if firsts is not None:
        most = max(int(firsts[part.stop] - firsts[part.start]) for part in parts)
        sizes |= {at.FIRST_STOPS: piece + 1, at.STOP_BEGINS: most, at.STOP_ENDS: most}
        room += int(np.diff(firsts).max()) * STOP_WORDS
    first_day, end_of_days = image.words[image.calendars[0] :][:2].tolist()  # as `FIRST_DAY` and `LAST_DAY` say
    days = end_of_days + 1 - first_day if _by_day(asked) else 0
    needed = len(image.words) + sum(sizes.values()) + days + room + SPARE
    with _compiled().memory(needed, image.words) as words:
        head, rooms = words.held, {}
        for place, size in sizes.items():
            head[place] = words.free
            rooms[place] = words.room(size)
        head[at.BY_ROW], head[at.ALIKE] = by_row, alike
        head[at.DAY_BY] = 0 if asked.day_by is None else image.calendars[-1]
        if days:
            head[at.DUE_BY_DAY] = words.free - first_day
            words.room(days)[:] = NONE
        head[BASE], head[END] = words.free, words.free + room
        found, doubts = [np.empty(rows, np.int64) for _ in asked.found], [np.zeros(0, np.int64)]
        for part in parts:
            _fill(rooms, asked, image, part)
            if many := words.run(asked.text, part.stop - part.start):
                doubts.append(part.start + rooms[at.DOUBTS][:many])
            for column, place in zip(found, asked.found, strict=True):
                column[part] = rooms[place][: part.stop - part.start]
    return found, np.concatenate(doubts)


def _by_day(asked: Counted) -> bool:
    """Return whether all rows have one limit, which depends on the date of the start alone."""
    one = asked.calendar.codes is None and asked.limit.codes is None and asked.firsts is None
    if not one or asked.text != "dues":
        return False
    limit: Limit = asked.limit.options[0]
    return limit.kind.by_day and not (limit.kind.own_day or limit.before or limit.same_time)


def _fill(rooms: Mapping[int, Ints], asked: Counted, image: _Image, part: slice) -> None:
    """Put the columns of some rows where the module reads them."""
    import numpy as np

    height = part.stop - part.start
    for place, each, numbers in (
        (at.CALENDARS, asked.calendar, image.calendars), (at.LIMITS, asked.limit, image.limits),
    ):  # fmt: skip
        if each.codes is not None:
            numbers.take(each.codes[part], mode="clip", out=rooms[place][:height])  # a null may have any code
        elif part.start == 0 and len(numbers):
            rooms[place][:] = numbers[0]
    for place, column in asked.columns.items():
        rooms[place][:height] = column[part]
    if asked.stops is not None and asked.firsts is not None:
        firsts = asked.firsts[part.start : part.stop + 1]
        first, last = int(firsts[0]), int(firsts[-1])
        np.subtract(firsts, first, out=rooms[at.FIRST_STOPS][: height + 1])
        rooms[at.STOP_BEGINS][: last - first] = asked.stops.begin[first:last]
        rooms[at.STOP_ENDS][: last - first] = asked.stops.end[first:last]
