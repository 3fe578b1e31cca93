"""How the clock of a record is declared, and what it offers to rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidRule, InvalidValue, TypeMismatch
from windowservice.language.clocks import functions
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import choose, collect, constant, operation
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.scope import Over, Scope, Where, merge
from windowservice.language.tree.values import ValueType
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["OFFERED", "Clock", "Extensions", "Intervals", "clock", "extensions", "intervals"]

V = ValueType
Moment: TypeAlias = "Expr[datetime] | Where[datetime]"
OFFERED: Final = ("due", "kept", "state", "worked", "remaining", "at_risk_at", "late_by", "overrun")
"""What a clock offers."""
_WHY: Final = "paused"
_WANTED: Final = {
    "Intervals": "ws.intervals(begin, end), or several of them",
    "Extensions": "ws.extensions(at, by), or several of them",
}


@told
@attrs.frozen(eq=False, repr=False, str=False)
class Clock(Fact[Any]):
    """A limit of a record that counts: it can stop and go on, and is due at an instant.

    Attributes:
        done: when the matter was done.
        warn_at: the share of its time after which it is at risk.
    """

    done: Expr[datetime] = attrs.field(kw_only=True)
    warn_at: Decimal = attrs.field(kw_only=True)

    @property
    def due(self) -> Expr[datetime]:
        """When it is due, as it stands after all stops so far."""
        return operation("part_due", self)

    @property
    def kept(self) -> Expr[bool]:
        """Whether it was done by then: false once late, waiting while it can still be done in time."""
        return self.done.by(self.due)

    @property
    def state(self) -> Expr[str]:
        """How it stands: not_started, running, at_risk, stopped, overdue; once done, met or late."""
        return functions.STATE(self, self.warn_at, self.done)

    @property
    def worked(self) -> Expr[WorkSpan]:
        """The time used so far, stops taken out: open time, for elapsed limits real time."""
        return functions.WORKED_ON(self, self.done)

    @property
    def remaining(self) -> Expr[WorkSpan]:
        """The time left until it is due, never below 0."""
        return functions.REMAINING(self)

    @property
    def at_risk_at(self) -> Expr[datetime]:
        """When the share of its time is used after which it is at risk."""
        return functions.AT_RISK_AT(self, self.warn_at)

    @property
    def late_by(self) -> Expr[timedelta]:
        """The real time after it was due, 0 if it is not late."""
        return functions.LATE_BY(self, self.done)

    @property
    def overrun(self) -> Expr[WorkSpan]:
        """The open time after it was due, 0 if it is not late."""
        return functions.OVERRUN(self, self.done)


@told
@attrs.frozen(eq=False)
class Intervals:
    """Spans of a record from where something begins to where it ends; see `intervals`."""

    begin: Moment
    end: Moment
    reason: Expr[str] | str = _WHY


@told
def intervals(begin: Moment, end: Moment, *, reason: Expr[str] | str = _WHY) -> Intervals:
    """Return spans ``[begin, end)`` of a record, such as those that stop a clock; one without an end still lasts.

    Args:
        begin: of children, where they begin: ``status.at.where(status.to == "waiting")``, or the begin that each child
            states; of the record itself, an instant such as ``ticket.paused_from``.
        end: where they end: at the child itself (``pause.until``), at the next one (``status.at.next()``), or at the
            next that fulfils a condition (``status.at.where(status.to == "open")``); of the record itself, an instant.
        reason: a word that tells findings why, or a text that says it.

    Raises:
        TypeMismatch, InvalidValue: for what are no instants, no conditions, or no text.
    """
    _check_moment("intervals(begin=)", begin)
    _check_moment("intervals(end=)", end)
    if not isinstance(reason, str):
        _check("intervals(reason=)", reason, V.TEXT, "a word")
    return Intervals(begin, end, reason)


def _check_moment(what: str, one: Moment) -> None:
    _check(what, one.value if isinstance(one, Where) else one, V.INSTANT)
    if isinstance(one, Where):
        _check(f"{what}, its .where()", one.condition, V.BOOL)


def _check(what: str, found: object, kind: ValueType, plain: str = "") -> None:
    if not isinstance(found, Expr):
        raise InvalidValue(what, found, f"{kind.with_article}: {f'{plain}, or ' if plain else ''}a fact or a figure")
    if found.type is not kind:
        raise TypeMismatch(what, kind.with_article, (str(found.type),))


@told
@attrs.frozen(eq=False)
class Extensions:
    """More time that a record was given; see `extensions`."""

    at: Moment
    by: Expr[Limit] | Limit
    asked: Expr[datetime]


@told
def extensions(
    at: Moment, by: Expr[Limit] | Limit | WorkSpan | str, *, asked: Expr[datetime] | None = None
) -> Extensions:
    """Return more time that a record is given: the first that is granted at or before the due lengthens the limit.

    Args:
        at: when it is granted: of children, ``status.at.where(status.to == "extended")``; of the record, an instant.
        by: how much, in the unit of the limit.
        asked: when it was asked for, which has to be before the due.

    Raises:
        TypeMismatch, InvalidValue: for what are no instants, no condition, or no limit.
    """
    _check_moment("extensions(at=)", at)
    if not isinstance(by, (Limit, WorkSpan, str)):
        _check("extensions(by=)", by, V.LIMIT, "such as '2 working hours'")
    if asked is not None:
        _check("extensions(asked=)", asked, V.INSTANT)
    more = by if isinstance(by, (Expr, Limit)) else Limit.of(by)
    return Extensions(at, more, functions.NEVER() if asked is None else asked)


@told
def clock(
    start: Expr[datetime],
    limit: Expr[Limit] | Limit | WorkSpan | str,
    *,
    done: Expr[datetime],
    calendar: Expr[str] | str = "",
    stops: Intervals | Iterable[Intervals] = (),
    restarts: Intervals | Iterable[Intervals] = (),
    extensions: Extensions | Iterable[Extensions] = (),
    warn_at: Decimal | Fraction | float = Decimal("0.75"),
    title: str = "When it is due, and what stops it",
) -> Clock:
    """Declare a clock in a vocabulary: a limit that runs from a start until it is done, and stops in between.

    Args:
        start: when it starts.
        limit: how long it may take, such as ``4 working hours``: a constant, a figure, or a fact.
        done: when the matter is done.
        calendar: the name of the calendar that counts; the default one if unnamed.
        stops: the intervals that do not count; where they overlap, they count once.
        restarts: intervals that do not count and at whose end the limit begins anew; the first one that begins before
            the due does so, once.
        extensions: more time that was granted.
        warn_at: the share of its time after which it is at risk.
        title: one sentence saying what it is.

    Raises:
        TypeMismatch, InvalidValue: for arguments of other types.
        InvalidRule: for intervals that are half of children and half of the record.
        InvalidValue: for a share that is not between 0 and 1.
    """
    for name, one, kind in (("start", start, V.INSTANT), ("done", done, V.INSTANT)):
        _check(f"clock({name}=)", one, kind)
    if not isinstance(limit, (Limit, WorkSpan, str)):
        _check("clock(limit=)", limit, V.LIMIT, "such as '4 working hours'")
    if not isinstance(calendar, str):
        _check("clock(calendar=)", calendar, V.TEXT, "the name of a calendar")
    base = merge(start.scope, done.scope)
    moved = [
        _rows(name, given, kind, base)
        for name, given, kind in (
            ("stops", stops, Intervals), ("restarts", restarts, Intervals), ("extensions", extensions, Extensions)
        )
    ]  # fmt: skip
    definition = functions.CLOCK(start, limit, *moved, done, calendar, done.happened())
    return Clock(title, V.CLOCK, definition=definition, done=done, warn_at=_share(warn_at))


def _share(share: Decimal | Fraction | float) -> Decimal:
    exact = share if isinstance(share, Decimal) else Decimal(str(float(share)))
    if not 0 < exact < 1:
        raise InvalidValue("warn_at", share, "a share between 0 and 1, such as 0.75")
    return exact


def _rows(name: str, given: Any, kind: type[Intervals] | type[Extensions], base: Scope | None) -> Expr[Any]:
    """Return intervals or extensions as the rows that a clock takes."""
    rows: Expr[Any] | None = None
    for found in (given,) if isinstance(given, (Intervals, Extensions, Expr, Where)) else given:
        if not isinstance(found, kind):
            raise InvalidValue(name, found, _WANTED[kind.__name__])
        parts = [found.begin, found.end] if isinstance(found, Intervals) else [found.at]
        of_child = {_is_of_child(_value(part).scope, base) for part in parts}
        if len(of_child) > 1:
            problem = f"begin with {_value(parts[0])} and end with {_value(parts[1])}"
            problem += ": one is of the children and the other of the record"
            raise InvalidRule("intervals", problem, "take both from the children, or both from the record")
        if of_child == {True}:
            more = _of_children(found) if isinstance(found, Intervals) else _granted(found)
            rows = more if rows is None else functions.JOINED(more, rows)
            continue
        if any(isinstance(part, Where) for part in parts):
            raise InvalidRule(name, "pick with .where() from what is no child", "use it on a fact of a child")
        before = functions.NO_ROWS() if rows is None else rows
        if isinstance(found, Intervals):
            rows = functions.WITH_ROW(before, found.begin, found.end, found.reason)
        else:
            rows = functions.WITH_EXTENSION(before, found.at, found.by, found.asked)
    return functions.NO_ROWS() if rows is None else rows


def _of_children(found: Intervals) -> Expr[Any]:
    begin, end = _value(found.begin), _value(found.end)
    reason = found.reason if isinstance(found.reason, Expr) else constant(found.reason)
    begins = found.begin.condition if isinstance(found.begin, Where) else None
    if not isinstance(found.end, Where):
        return collect(begin, end, reason, where=begins)
    ends = found.end.condition
    if begins is None:
        problem = f"end at {end}.where({ends}) and begin at every child"
        raise InvalidRule("intervals", problem, f"pick those that begin one: {begin}.where(...)")
    marks = [choose(condition, True, False) for condition in (begins, ends)]
    return functions.BETWEEN_MARKS(collect(marks[0], begin, reason, marks[1], end, where=begins | ends))


def _granted(found: Extensions) -> Expr[Any]:
    by = found.by if isinstance(found.by, Expr) else constant(found.by)
    which = found.at.condition if isinstance(found.at, Where) else None
    return collect(_value(found.at), by, found.asked, where=which)


def _value(moment: Moment) -> Expr[Any]:
    return moment.value if isinstance(moment, Where) else moment


def _is_of_child(scope: Scope | None, base: Scope | None) -> bool:
    """Whether a scope is that of children; while the class of the record is not complete, its own facts have none."""
    if scope is None or isinstance(scope, Over):
        return False
    return scope is base.child if isinstance(base, Over) else scope is not base
