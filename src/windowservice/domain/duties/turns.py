"""When duties that come again fall due, and which deed did which turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.domain.duties.duty import SCOPES, BeforeHolidays, Deed, Duty, Scope
from windowservice.domain.duties.holiday_runs import HolidayRun, holiday_runs
from windowservice.domain.periods import Span, spans
from windowservice.errors import CalendarNotAnnounced
from windowservice.instants import from_us, to_us
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits.due import due_bounds

__all__ = ["Trigger", "Turn", "TurnState", "linked", "state_of", "turns"]

TurnState: TypeAlias = Literal["done", "late", "missed", "not_yet_due", "provisional"]
"""Provisional: its window rests on days that are not announced."""
_DAY: Final = timedelta(days=1)


@attrs.frozen(kw_only=True)
class Trigger:
    """Something after which a duty has to be done.

    Attributes:
        id: its number, which names the turn.
        at: when it happened.
    """

    id: str
    at: datetime


@attrs.frozen(kw_only=True)
class Turn:
    """One time at which a duty has to be done.

    Attributes:
        duty: the id of the duty.
        name: what tells the turn from the others of the duty: "2018-Q2", "2018 春节", or the number of the trigger.
        first, last: the first and last civil date of its window.
        opens: when the window opens: 00:00 of its first date, or when the trigger happened.
        due: when it ends: 24:00 of its last date, or when the limit ends.
        scope: the scope that is wanted, if any is.
        provisional: whether it rests on days that are not announced, so that the real turn may lie elsewhere.
    """

    duty: str
    name: str
    first: date
    last: date
    opens: datetime
    due: datetime
    scope: Scope | None = None
    provisional: bool = False


def turns(
    duty: Duty, calendar: WorkCalendar, first: date, last: date, triggers: Iterable[Trigger] = ()
) -> tuple[Turn, ...]:
    """Return the turns of a duty whose windows open between two dates, both included, in order.

    A turn whose window is not wholly within `since` and `until` of the duty is not owed. Days off that follow each
    other are one run of holidays, whatever the calendar's list of named days leaves out; a run is named by the year
    in which it ends, since that of New Year may begin in December.

    Args:
        duty: the duty.
        calendar: whose zone, workdays and named days off count.
        first: the first date on which a window may open.
        last: the last one.
        triggers: what a duty with a limit is done after.

    Raises:
        CalendarNotAnnounced: if a turn rests on days beyond the calendar's known range, and the calendar refuses that
            (``on_unknown="raise"``); otherwise such a turn is marked `provisional`.
    """
    if duty.every is not None:
        found = [_periodic(duty, calendar, span) for span in spans(duty.every, first, last)]
    elif duty.before_holidays is not None:
        found = _before_runs(duty, duty.before_holidays, calendar, first, last)
    else:
        found = [_after(duty, calendar, trigger) for trigger in triggers]
    owed = (
        turn for turn in found
        if first <= turn.first <= last
        and (duty.since is None or duty.since <= turn.first) and (duty.until is None or turn.last <= duty.until)
    )  # fmt: skip
    return tuple(sorted(owed, key=lambda turn: (turn.due, turn.name)))


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return from_us(calendar.table.midnight(day.toordinal()), calendar.zone)


def _periodic(duty: Duty, calendar: WorkCalendar, span: Span) -> Turn:
    opens, due = _midnight(calendar, span.first), _midnight(calendar, span.last + _DAY)
    return Turn(duty=duty.id, name=span.name, first=span.first, last=span.last, opens=opens, due=due)


def _before_runs(duty: Duty, ahead: BeforeHolidays, calendar: WorkCalendar, first: date, last: date) -> list[Turn]:
    wanted = frozenset(ahead.holidays)
    # A window opens at most so many days before its run: as many rest days as working days, and the longest holidays.
    reach = last + timedelta(days=2 * ahead.earliest + 20)
    runs = holiday_runs(calendar, first, reach, wanted)
    return [_before_run(duty, ahead, calendar, run) for run in runs]


def _before_run(duty: Duty, ahead: BeforeHolidays, calendar: WorkCalendar, run: HolidayRun) -> Turn:
    table, begin = calendar.table, run.first.toordinal()
    before = table.workdays_before(begin)
    opens, ends = (table.nth_workday(before - number) for number in (ahead.earliest, ahead.latest))
    provisional = not (table.is_known(opens) and table.is_known(run.last.toordinal()))
    if provisional and calendar.on_unknown == "raise":
        window = date.fromordinal(opens), run.last
        raise CalendarNotAnnounced(calendar.name, *window, calendar.known_from, calendar.known_until)
    scope = max((ahead.holidays[name] for name in run.names), key=SCOPES.index)
    window = date.fromordinal(opens), date.fromordinal(ends)
    return Turn(
        duty=duty.id, name=f"{run.last.year} {'、'.join(run.names)}", first=window[0], last=window[1],
        opens=_midnight(calendar, window[0]), due=_midnight(calendar, window[1] + _DAY), scope=scope,
        provisional=provisional,
    )  # fmt: skip


def _after(duty: Duty, calendar: WorkCalendar, trigger: Trigger) -> Turn:
    assert duty.within is not None  # noqa: S101 - one of the three ways
    start = to_us(trigger.at, where=f"trigger {trigger.id}")
    bounds = due_bounds(duty.within, start, calendar)
    if bounds.provisional and calendar.on_unknown == "raise":
        days = [date.fromordinal(calendar.table.date_of(us)) for us in (start, bounds.latest)]
        raise CalendarNotAnnounced(calendar.name, days[0], days[1], calendar.known_from, calendar.known_until)
    first, last = (date.fromordinal(calendar.table.date_of(us)) for us in (start, bounds.due))
    return Turn(
        duty=duty.id, name=trigger.id, first=first, last=last, opens=from_us(start, calendar.zone),
        due=from_us(bounds.due, calendar.zone), provisional=bounds.provisional,
    )  # fmt: skip


def linked(duty: Duty, owed: Iterable[Turn], deeds: Iterable[Deed]) -> list[tuple[Turn, Deed | None]]:
    """Return the turns of one who owes them, each with the deed that did it.

    A deed that names a turn does that one, in time or late. Another does the turn in whose window it lies: the one that
    is due first, or each of them if the duty's turns may overlap; outside every window it does, late, the last turn due
    before it that nothing else did. The first deed of a turn counts.
    """
    ordered = sorted(owed, key=lambda turn: (turn.due, turn.name))
    mine = [deed for deed in deeds if duty.id in deed.duties and duty.counts(deed)]
    mine.sort(key=lambda deed: (deed.at is None, 0 if deed.at is None else to_us(deed.at), deed.id))
    did: dict[str, Deed] = {}
    for deed in mine:
        for turn in _turns_of(deed, duty, ordered, did):
            did.setdefault(turn.name, deed)
    return [(turn, did.get(turn.name)) for turn in ordered]


def _turns_of(deed: Deed, duty: Duty, ordered: list[Turn], did: Mapping[str, Deed]) -> list[Turn]:
    """Return the turns that a deed does, given those that earlier deeds did."""
    if deed.turn is not None:
        return [turn for turn in ordered if turn.name == deed.turn]
    at = deed.at
    if at is None:
        return []
    ended = [turn for turn in ordered if _has_ended(turn, duty, at)]
    within = [turn for turn in ordered if turn.opens <= at and turn not in ended]
    if within:
        return within if duty.overlaps else [turn for turn in within if turn.name not in did][:1]
    return [turn for turn in ended if turn.name not in did][-1:]


def _has_ended(turn: Turn, duty: Duty, at: datetime) -> bool:
    """Whether a deed at an instant comes too late; 24:00 of a period is 00:00 of the next, a limit includes its end."""
    return turn.due < at if duty.within is not None else turn.due <= at


def state_of(turn: Turn, deed: Deed | None, as_of: datetime) -> TurnState:
    """Return whether a turn is done, late, missed or not yet due as of an instant; what comes later is not seen."""
    done = None if deed is None or deed.at is None or deed.at > as_of else deed.at
    if turn.provisional:
        return "provisional"
    if done is not None:
        return "done" if done <= turn.due else "late"
    return "not_yet_due" if as_of <= turn.due else "missed"
