"""Limits: how long something may take, or by when it must be done, as values that print and parse.

Units are kinds and never convert silently. Basis: Civil Code of China, articles 201 and 203 (the day of the start does
not count; a last day on a day off moves on; the last day ends with business); Administrative Licensing Law, article 82.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypedDict

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidLimit, InvalidValue, UnknownName
from windowservice.instants import DAY, SECOND, to_us
from windowservice.worktime.clock.stops import ExtensionUs
from windowservice.worktime.limits.kinds.booked import Booked
from windowservice.worktime.limits.kinds.civil_days import CalendarDays, Months
from windowservice.worktime.limits.kinds.elapsed import Elapsed
from windowservice.worktime.limits.kinds.kind import EarliestOf, Kind, Language, Words
from windowservice.worktime.limits.kinds.open_time import WorkingTime
from windowservice.worktime.limits.kinds.table import KINDS
from windowservice.worktime.limits.kinds.workdays import SameWorkingDay, WorkingDays
from windowservice.worktime.limits.words import parse_clock_time, parse_words, print_words
from windowservice.worktime.spans import Amount, WorkSpan, work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime, timedelta
    from decimal import Decimal
    from fractions import Fraction
    from typing import Unpack

    from windowservice.worktime.calendar import WorkCalendar
    from windowservice.worktime.clock.days import DeadlineDay
    from windowservice.worktime.clock.deadline import Deadline
    from windowservice.worktime.clock.stops import Notice, Stop

__all__ = [
    "Extension",
    "Kind",
    "Limit",
    "Options",
    "booked_session",
    "calendar_days",
    "earliest_of",
    "elapsed",
    "months",
    "same_working_day",
    "working_days",
    "working_time",
]

_AT_RISK: Final = "deadline(..., at_risk_share=0.75).at_risk"


class Options(TypedDict, total=False):
    """What else may be said of a deadline.

    Attributes:
        supplement: what completing the papers does: "restart" (the limit begins anew), "pause" (the time used is kept)
            or "none" (the notice stops nothing).
        slot_end: the end of the booked slot, for limits that need it.
        grace: what the service adds to the slot, in real time.
        fixed_due: a due that was agreed; nothing moves it.
        start_date_by: the calendar whose business date is the date of the start, instead of the civil date.
        local_reasons: the reasons that stop the clock beside the statutory ones; without it any reason does.
        at_risk_share: the share of the net time after which a matter is at risk.
    """

    supplement: Literal["restart", "pause", "none"]
    slot_end: datetime | str | None
    grace: timedelta
    fixed_due: datetime | str | None
    start_date_by: WorkCalendar | None
    local_reasons: Iterable[str] | None
    at_risk_share: Fraction | Decimal | float | str


def _kind(value: type[Kind] | str) -> type[Kind]:
    if not isinstance(value, str):
        return value
    if value not in KINDS:
        raise UnknownName("kind of limit", value, tuple(KINDS))
    return KINDS[value]


@told
@attrs.frozen(repr=False)
class Limit:
    """How long something may take.

    Build one by `Limit.parse` or by the functions beside it: `working_time`, `working_days`, `same_working_day`,
    `calendar_days`, `months`, `elapsed`, `booked_session`, `earliest_of`.

    Attributes:
        kind: what is counted: one of `KINDS`, or its name.
        amount: days or months by number, time in microseconds, 0 where nothing is counted.
        at: the time of day at which the last day ends, in microseconds after 00:00; None for its last close.
        same_time: whether it ends at the time of day at which it began.
        roll: whether a last day on a rest day moves to the next workday (calendar days and months).
        before: whether it runs backwards, from a booked or planned instant.
        parts: the two limits of which the earlier counts.

    Raises:
        InvalidLimit: if these do not fit together; amounts are at least 1 in day units and above 0 in time units.
    """

    kind: type[Kind] = attrs.field(converter=_kind)
    amount: int = 0
    at: int | None = None
    same_time: bool = False
    roll: bool = True
    before: bool = False
    parts: tuple[Limit, ...] = ()

    def __attrs_post_init__(self) -> None:
        if problem := _problem(self):
            raise InvalidLimit(f"Limit({self.kind.name}, {self.amount!r})", problem)

    @classmethod
    def parse(cls, text: str, *, where: str = "") -> Limit:
        """Read a limit from text such as ``"3 working days"``, ``"3个工作日"`` or ``"72 hours"``.

        Raises:
            AmbiguousLimit: for a bare "1 day", with what it may mean.
            InvalidLimit: for anything else that is no limit.
        """
        words = parse_words(text, where)
        try:
            return _built(words)
        except InvalidLimit as error:
            raise InvalidLimit(text, error.problem, where, error.meant) from None

    @classmethod
    def from_work(cls, span: WorkSpan) -> Limit:
        """Return the limit that allows this much open time."""
        return cls(WorkingTime, span.us)

    @classmethod
    def of(cls, value: Limit | WorkSpan | str) -> Limit:
        """Return a limit from what may stand for one: itself, a span of open time, or text.

        Raises:
            InvalidLimit: if it is none of these.
        """
        if isinstance(value, Limit):
            return value
        return cls.from_work(value) if isinstance(value, WorkSpan) else cls.parse(value)

    def text(self, language: Language = "en") -> str:
        """Write the limit in English (``"en"``) or Chinese (``"zh"``); `parse` reads both."""
        return print_words(self, language)

    def deadline(
        self,
        start: datetime | str,
        *,
        calendar: WorkCalendar,
        stops: Iterable[Stop] = (),
        notices: Iterable[Notice] = (),
        extensions: Iterable[Extension] = (),
        as_of: datetime | date | str | None = None,
        done: datetime | str | None = None,
        **options: Unpack[Options],
    ) -> Deadline:
        """Return the deadline of a matter under this limit.

        Args:
            start: when the clock begins, an aware datetime or ISO text; if the limit runs backwards, what is planned.
            calendar: the calendar whose open time, workdays and dates count.
            stops: time that does not count.
            notices: notices of missing papers; the first one given strictly before the due opens a wait.
            extensions: extensions that were approved; the first valid one acts.
            as_of: nothing later is seen; a bare date means its 24:00. Without it all is seen, no stop may be open, and
                an open matter is judged at its start.
            done: first completion.
            options: see `Options`.

        Raises:
            InvalidValue: if a stop is open and neither `as_of` nor `done` ends it, or a booked slot is missing.
            CalendarNotAnnounced: beyond the known range of a calendar that refuses it; one that assumes warns instead.
            NaiveTime, InvalidTime, TimeOutOfRange: for a time that cannot be used.
        """
        from windowservice.worktime.clock.deadline import all_of, make_deadline  # only who asks for one waits for it

        return make_deadline(
            self,
            start,
            calendar=calendar,
            stops=stops,
            notices=notices,
            extensions=[one.to_us() for one in all_of(Extension, extensions, "extensions")],
            as_of=as_of,
            done=done,
            **options,
        )

    def by_day(
        self, start: datetime | str, *, calendar: WorkCalendar, extensions: Iterable[Extension] = (), **said: Any
    ) -> Iterator[DeadlineDay]:
        """Yield the days from the start to the due: open hours, why they differ, stops, and what each day used.

        Args:
            start: when the clock begins.
            calendar: the calendar whose open time, workdays and dates count.
            extensions: extensions that were approved.
            said: the other arguments of `deadline`.

        Raises:
            InvalidValue, NaiveTime, InvalidTime, TimeOutOfRange, CalendarNotAnnounced: as `deadline`.
        """
        from windowservice.worktime.clock.days import deadline_days
        from windowservice.worktime.clock.deadline import all_of

        given = [one.to_us() for one in all_of(Extension, extensions, "extensions")]
        return deadline_days(self, start, calendar=calendar, extensions=given, **said)

    @property
    def needs_slot(self) -> bool:
        """Whether it ends with a booked slot, so that without one it has no end."""
        return self.kind.booked or any(part.needs_slot for part in self.parts)

    def _scaled(self, _by: object) -> NoReturn:
        """Refuse to multiply: three quarters of a limit is not a limit, since what counts is known from the start on.

        Raises:
            InvalidLimit: always.
        """
        instead = f"a limit is not scaled; write the one that is meant, or ask {_AT_RISK} for the instant at a share"
        raise InvalidLimit(str(self), instead)

    __mul__ = __rmul__ = __truediv__ = __floordiv__ = __add__ = __radd__ = __sub__ = __neg__ = _scaled

    def __str__(self) -> str:
        return print_words(self)

    def __repr__(self) -> str:
        return f"Limit.parse({print_words(self)!r})"


def _problem(limit: Limit) -> str:
    """Say what is wrong with the limit, or nothing."""
    kind, clock = limit.kind, limit.at
    if type(limit.amount) is not int:
        return f"its amount must be a whole number, not {limit.amount!r}"
    if problem := kind.problem(limit.amount, before=limit.before):
        return problem
    if clock is not None and not (kind.takes_at and 0 <= clock < DAY):
        return "a time of day goes with working days only, and lies from 00:00 to 23:59:59"
    if clock is not None and (limit.same_time or clock % SECOND):
        return "it ends at one time of day, in whole seconds"
    if limit.same_time and not kind.takes_same_time:
        return "'at the same time' goes with working days only"
    if not limit.roll and not kind.takes_roll:
        return f"'without roll' goes with {' and '.join(one.name for one in KINDS.values() if one.takes_roll)} only"
    simple = [part for part in limit.parts if part.kind is not EarliestOf and not part.before]
    if len(simple) != len(limit.parts) or len(simple) != (2 if kind is EarliestOf else 0):
        return "'earliest of' has exactly two parts, plain forward limits, and nothing else has parts"
    return ""


def _built(words: Words) -> Limit:
    return Limit(*words[:-1], parts=tuple(_built(part) for part in words.parts))


def _limit(value: Limit | WorkSpan | str) -> Limit:
    return Limit.of(value)


@told
@attrs.frozen
class Extension:
    """More time for a matter.

    Attributes:
        approved: when it was approved, an aware datetime or ISO text.
        limit: how much, in the kind of unit of the limit it extends.
        asked: when it was asked for; None if that is not recorded.
    """

    approved: datetime | str
    limit: Limit = attrs.field(converter=_limit)
    asked: datetime | str | None = None

    def to_us(self) -> ExtensionUs:
        """Return the extension in integers.

        Raises:
            NaiveTime, InvalidTime, TimeOutOfRange: as `windowservice.instants.to_us`.
        """
        asked = None if self.asked is None else to_us(self.asked, where="Extension.asked")
        return ExtensionUs(to_us(self.approved, where="Extension.approved"), self.limit, asked)


# --- building in Python ---------------------------------------------------------------------------------------------


def working_time(
    span: WorkSpan | None = None, *, hours: Amount = 0, minutes: Amount = 0, seconds: Amount = 0, before: bool = False
) -> Limit:
    """Return a limit in open time: ``working_time(minutes=30)`` or ``working_time(work(minutes=30))``."""
    if span is None:
        span = work(hours=hours, minutes=minutes, seconds=seconds)
    elif not isinstance(span, WorkSpan):
        raise InvalidValue("span", span, "an amount of open time, as in work(minutes=30)")
    return Limit(WorkingTime, span.us, before=before)


def working_days(days: int, *, at: str | time | None = None, same_time: bool = False, before: bool = False) -> Limit:
    """Return a limit in working days, to the last close of the last one or to a time of day."""
    return Limit(WorkingDays, days, _time_of_day(at), same_time=same_time, before=before)


def same_working_day(*, at: str | time | None = None) -> Limit:
    """Return the limit that ends with the day of the start, or the next workday if that is over or a rest day."""
    return Limit(SameWorkingDay, at=_time_of_day(at))


def calendar_days(days: int, *, roll: bool = True, before: bool = False) -> Limit:
    """Return a limit in civil days; with `roll`, a last day on a rest day moves to the next workday."""
    return Limit(CalendarDays, days, roll=roll, before=before)


def months(count: int, *, roll: bool = True, before: bool = False) -> Limit:
    """Return a limit in months: the same day of the month, or the last day of a shorter one."""
    return Limit(Months, count, roll=roll, before=before)


def elapsed(*, hours: Amount = 0, minutes: Amount = 0, seconds: Amount = 0, before: bool = False) -> Limit:
    """Return a limit in real time, which runs at night and on rest days too."""
    return Limit(Elapsed, work(hours=hours, minutes=minutes, seconds=seconds).us, before=before)


def booked_session() -> Limit:
    """Return the limit that ends with the booked slot and the service's grace."""
    return Limit(Booked)


def earliest_of(first: Limit | WorkSpan | str, last: Limit | WorkSpan | str | time) -> Limit:
    """Return the earlier of two limits; a bare time of day as the second means that time on the day of the start."""
    if isinstance(last, time) or (isinstance(last, str) and last[:1].isdigit() and ":" in last[:3]):
        last = same_working_day(at=last)
    return Limit(EarliestOf, parts=(Limit.of(first), Limit.of(last)))


def _time_of_day(at: str | time | None) -> int | None:
    if at is None or isinstance(at, str):
        return None if at is None else parse_clock_time(at)
    if not isinstance(at, time) or at.tzinfo is not None:
        raise InvalidValue("at", at, "a time of day by the calendar's wall clock, as in '12:00'")
    return ((at.hour * 60 + at.minute) * 60 + at.second) * SECOND + at.microsecond
