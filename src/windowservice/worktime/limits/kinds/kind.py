"""What every kind of limit says of itself: its words, how far it reaches, where it ends and what stops do to it.

Amounts are microseconds for times, else numbers. Instants are microseconds UTC, days are ordinals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple, TypeAlias

from windowservice.instants import DAY, HOUR, MINUTE, SECOND

if TYPE_CHECKING:
    from windowservice.worktime.clock.replay import Clock
    from windowservice.worktime.limits.limit import Limit
    from windowservice.worktime.table import Table

__all__ = [
    "CLOCK", "NUMBER", "Counted", "EarliestOf", "Kind", "Language", "Start", "Timed", "Unit", "Worded",
    "Words", "open_time_used",
]  # fmt: skip

Language = Literal["en", "zh"]
Unit = Literal["open time", "workdays", "days", "real time"]
"""In what `Standing.worked` and `Standing.remaining` are counted: times in microseconds, days by number."""

NUMBER: Final = r"(?P<n>\d+(?:\.\d+)?)"
CLOCK: Final = r"(?P<at>\d{1,2}:\d{2}(?::\d{2})?)"

Worded: TypeAlias = "Limit | Words"
"""What a limit says, however it is held."""


class Words(NamedTuple):
    """What a text said; `windowservice.worktime.limits.limit.Limit` explains the attributes."""

    kind: type[Kind]
    amount: int = 0
    at: int | None = None
    same_time: bool = False
    roll: bool = True
    before: bool = False
    parts: tuple[Words, ...] = ()


class Start(NamedTuple):
    """From where a limit is counted.

    Attributes:
        us: the instant.
        day: the day of the start; it may be another calendar's business date.
        booked_until: the end of the booked slot with its grace, for limits that need it.
    """

    us: int
    day: int
    booked_until: int | None = None


class Kind:
    """A kind of limit. An instance is one limit under way: the due it has reached, which stops may push.

    Attributes:
        name: what it counts. Kinds never convert into one another.
        forms: how it is written, as patterns: whole texts in lower case, English ones in ASCII. The groups ``n``,
            ``unit``, ``at``, ``same`` and ``fixed`` are what they say; where a group ``plain`` is empty, 1 may mean
            two things.
        examples: such texts, with ``{}`` for a number, to offer for one that is nearly read.
        largest: the largest amount; 0 for a kind that counts nothing and has no direction.
        takes_at: whether it may end at a time of day.
        takes_same_time: whether it may end at the time of day of its start.
        takes_roll: whether a last day on a rest day moves on, unless the limit says otherwise.
        by_day: whether where it ends depends on the day of its start alone; with `own_day`, also on whether it is over.
        own_day: whether the day of the start may be its last.
        whole_days: whether it counts days, so that backwards a day that goes on after the planned instant is none.
        by_date: whether days not announced move it only by rolling.
        by_calendar: whether days not announced move it at all.
        real_time: whether it runs in real time, which no calendar counts.
        booked: whether it ends with a booked slot, and nothing moves it.
        due: where it ends so far.
    """

    __slots__ = ("due", "table")

    name: ClassVar[str]
    forms: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[str, ...]] = ()
    largest: ClassVar[int] = 0
    takes_at: ClassVar[bool] = False
    takes_same_time: ClassVar[bool] = False
    takes_roll: ClassVar[bool] = False
    by_day: ClassVar[bool] = False
    own_day: ClassVar[bool] = False
    whole_days: ClassVar[bool] = False
    by_date: ClassVar[bool] = False
    by_calendar: ClassVar[bool] = True
    real_time: ClassVar[bool] = False
    booked: ClassVar[bool] = False

    due: int
    table: Table

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        """Count the limit from its start; `extra` is what an extension adds to its amount."""
        raise NotImplementedError

    def push(self, begin: int, end: int) -> None:
        """Put the due off by a stop that begins before it; stops come in order and do not overlap."""
        raise NotImplementedError

    def last_day(self) -> int:
        """Return the last day it grants so far; a due at 24:00 belongs to the day it ends."""
        return self.table.date_of(self.due - 1)

    # --- words ------------------------------------------------------------------------------------------------------

    @classmethod
    def unit(cls) -> type[Kind]:
        """Return the kind in which an extension of it is given."""
        return cls

    @classmethod
    def problem(cls, amount: int, *, before: bool) -> str:
        """Say what is wrong with an amount, or nothing."""
        return f"{cls.name} counts nothing and has no direction" if amount or before else ""

    @classmethod
    def said(cls, amount: int, language: Language) -> str:
        """Write the amount with its unit, as one of `forms`."""
        raise NotImplementedError

    # --- where it ends without stops --------------------------------------------------------------------------------

    @classmethod
    def ends(cls, limit: Worded, day: int, table: Table) -> tuple[int, int]:
        """Return where a limit `by_day` ends, and its last day, by the day of its start alone."""
        raise NotImplementedError

    @classmethod
    def plain(cls, limit: Worded, start: Start, table: Table) -> tuple[int, int | None]:
        """Return where a limit ends, and its last day: None if that is the date on which it ends."""
        return cls.ends(limit, start.day, table)

    @classmethod
    def back(cls, limit: Worded, amount: int, start: Start, table: Table) -> tuple[int, int | None]:
        """Return where a limit ends that runs backwards by an amount, and its last day: None as in `plain`."""
        raise NotImplementedError

    # --- how it stands ----------------------------------------------------------------------------------------------

    @classmethod
    def used(cls, limit: Worded, clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
        """Return the unit, what was used of the limit by now, and what is left."""
        return open_time_used(clock, now, table)


def open_time_used(clock: Clock, now: int, table: Table) -> tuple[Unit, int, int]:
    """Return the open time since the start, and up to the due, as `Kind.used`."""
    at = table.open_before(now)
    return "open time", at - table.open_before(clock.start), max(0, table.open_before(clock.due) - at)


class EarliestOf(Kind):
    """Two limits, of which the one that ends first counts; they are read, printed and counted part by part."""

    __slots__ = ()
    name = "earliest of"


# --- the two ways to count ------------------------------------------------------------------------------------------


class Counted(Kind):
    """Kinds whose amount is a number of days or months.

    Attributes:
        one, many, chinese: the words after the number.
    """

    __slots__ = ()
    largest = 36_500
    """A hundred years: beyond that a figure is a slip of the pen."""
    one: ClassVar[str]
    many: ClassVar[str]
    chinese: ClassVar[str]

    @classmethod
    def problem(cls, amount: int, *, before: bool) -> str:
        return "" if 1 <= amount <= cls.largest else f"{cls.name} must be from 1 to {cls.largest}"

    @classmethod
    def said(cls, amount: int, language: Language) -> str:
        if language == "zh":
            return f"{amount}{cls.chinese}"
        return f"{amount} {cls.one if amount == 1 else cls.many}"


class Timed(Kind):
    """Kinds whose amount is a time.

    Attributes:
        english, chinese: the words between the number and its unit.
    """

    __slots__ = ()
    largest = 36_500 * DAY
    english: ClassVar[str] = ""
    chinese: ClassVar[str] = ""

    @classmethod
    def problem(cls, amount: int, *, before: bool) -> str:
        return "" if 0 < amount <= cls.largest else "a time must be above 0 and at most a hundred years"

    @classmethod
    def said(cls, amount: int, language: Language) -> str:
        number, english, chinese = _in_units(amount)
        if language == "zh":
            return f"{number}{cls.chinese}{chinese}"
        return f"{number} {cls.english}{english}{'' if number == '1' else 's'}"


def _in_units(amount: int) -> tuple[str, str, str]:
    """Return the amount in the largest unit that holds it in a whole number (hours from 2 on), else in seconds."""
    for unit, least, english, chinese in ((HOUR, 2 * HOUR, "hour", "小时"), (MINUTE, MINUTE, "minute", "分钟")):
        if amount % unit == 0 and amount >= least:
            return str(amount // unit), english, chinese
    seconds, rest = divmod(amount, SECOND)
    return (f"{seconds}.{rest:06d}".rstrip("0") if rest else str(seconds)), "second", "秒"
