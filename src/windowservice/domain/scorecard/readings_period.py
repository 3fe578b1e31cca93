"""The periods for which indicators are read: a day, an ISO week, a month, a quarter or a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache, total_ordering
from typing import Final, Literal, TypeAlias, get_args

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue

__all__ = ["PERIOD_KINDS", "PeriodKind", "ReportingPeriod", "to_period"]

PeriodKind: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
"""How long a period is; weeks are those of ISO 8601, Monday to Sunday."""
PERIOD_KINDS: Final[tuple[PeriodKind, ...]] = get_args(PeriodKind)
"""The kinds from short to long."""

_WANTED: Final = "a period, as in '2018', '2018-Q2', '2018-06', '2018-W23' or '2018-06-04'"
_TEXT: Final = re.compile(
    r"(?P<year>(?:19|20|21)[0-9]{2})"
    r"(?:-Q(?P<quarter>[1-4])|-W(?P<week>[0-9]{2})|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?"
)
_LOOSE: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"([0-9]{4})年?", "{}"),
        (r"([0-9]{4})[-/. ]?q([1-4])|([0-9]{4})年(?:第)?([1-4一二三四])季度?", "{}-Q{}"),
        (r"([0-9]{4})[-/. ]?w([0-9]{1,2})", "{}-W{:0>2}"),
        (r"([0-9]{4})[-/.]([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月?|([0-9]{4})(0[1-9]|1[0-2])", "{}-{:0>2}"),
        (
            r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
            r"|([0-9]{4})([0-9]{2})([0-9]{2})",
            "{}-{:0>2}-{:0>2}",
        ),
    )
)
"""Periods as people write them: 2018/6, 201806, 2018年6月, 2018Q2, 2018年第二季度."""
_QUARTERS: Final = str.maketrans("一二三四", "1234")
_DAY: Final = timedelta(days=1)


def _plain(text: str) -> str:
    """Return a period as the plain form writes it, if it is written in one of the others; else as it is."""
    said = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    for pattern, form in _LOOSE:
        if found := pattern.fullmatch(said):
            return form.format(*(part.translate(_QUARTERS) for part in found.groups() if part))
    return text


@told
@total_ordering
@attrs.frozen(order=False, cache_hash=True)
class ReportingPeriod:
    """A day, week, month, quarter or year, by the calendar; ordered by first day, the shorter first.

    Attributes:
        kind: how long it is.
        first_day: its first day; `of` finds it for any day within.

    Raises:
        InvalidValue: if no period of the kind begins on the day.
    """

    kind: PeriodKind
    first_day: date

    def __attrs_post_init__(self) -> None:
        if self.kind not in PERIOD_KINDS:
            raise InvalidValue("kind", self.kind, f"one of {', '.join(PERIOD_KINDS)}")
        if self.first_day != _first(self.kind, self.first_day):
            raise InvalidValue("first_day", self.first_day.isoformat(), f"the first day of a {self.kind}")

    @classmethod
    def of(cls, kind: PeriodKind, day: date) -> ReportingPeriod:
        """Return the period of the kind in which the day lies."""
        return cls(kind, _first(kind, day))

    @classmethod
    def parse(cls, text: str) -> ReportingPeriod:
        """Return the period written as '2018', '2018-Q2', '2018-06', '2018-W23' or '2018-06-04', or like '2018年6月'.

        Raises:
            InvalidValue: if the text is not one of these, or no such day or week exists.
        """
        found = (_TEXT.fullmatch(text) or _TEXT.fullmatch(_plain(text))) if isinstance(text, str) else None
        if found is None:
            raise InvalidValue("period", text, _WANTED)
        year, quarter, week, month, day = (int(part) if part else 0 for part in found.groups())
        try:
            if found["week"]:
                return cls("week", date.fromisocalendar(year, week, 1))
            if found["quarter"]:
                return cls("quarter", date(year, 3 * quarter - 2, 1))
            if found["day"]:
                return cls("day", date(year, month, day))
            return cls("month", date(year, month, 1)) if found["month"] else cls("year", date(year, 1, 1))
        except ValueError:
            raise InvalidValue("period", text, f"{_WANTED} that exists") from None

    @property
    def last_day(self) -> date:
        """Its last day."""
        return _after(self.kind, self.first_day) - _DAY

    @property
    def previous(self) -> ReportingPeriod:
        """The period of the same kind just before."""
        return ReportingPeriod.of(self.kind, self.first_day - _DAY)

    @property
    def following(self) -> ReportingPeriod:
        """The period of the same kind just after."""
        return ReportingPeriod(self.kind, _after(self.kind, self.first_day))

    def split(self, kind: PeriodKind) -> tuple[ReportingPeriod, ...]:
        """Return the periods of a shorter kind that lie wholly within, in order."""
        parts = []
        part = ReportingPeriod.of(kind, self.first_day)
        while part.last_day <= self.last_day:
            if part.first_day >= self.first_day:
                parts.append(part)
            part = part.following
        return tuple(parts)

    def __contains__(self, other: date | ReportingPeriod) -> bool:
        first, last = (other, other) if isinstance(other, date) else (other.first_day, other.last_day)
        return self.first_day <= first and last <= self.last_day

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, ReportingPeriod):
            return NotImplemented
        return (self.first_day, self.last_day) < (other.first_day, other.last_day)

    def __str__(self) -> str:
        day = self.first_day
        if self.kind == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        if self.kind == "quarter":
            return f"{day.year}-Q{(day.month + 2) // 3}"
        return {"day": day.isoformat(), "month": f"{day:%Y-%m}", "year": f"{day.year}"}[self.kind]


def to_period(value: ReportingPeriod | str) -> ReportingPeriod:
    """Return the period, read from its text if need be."""
    return value if isinstance(value, ReportingPeriod) else ReportingPeriod.parse(value)


def _first(kind: PeriodKind, day: date) -> date:
    if kind == "day":
        return day
    if kind == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": (day.month - 1) // 3 * 3 + 1, "year": 1}[kind]
    return date(day.year, month, 1)


@lru_cache(maxsize=4_096)  # the periods that are scored are few, and asked for their ends all the time
def _after(kind: PeriodKind, first: date) -> date:
    """Return the first day of the next period."""
    if kind in ("day", "week"):
        return first + (_DAY if kind == "day" else 7 * _DAY)
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)
