"""The clock of a request as a kernel: its events folded into stops, notices and extensions, then run by `worktime.clock`.

A clock is a recursion (a stop counts only if it begins before the due reached so far), so it is no expression; what goes in and what
comes out are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from windowservice.errors import InvalidLimit
from windowservice.language.kernels import Binding, KernelDef
from windowservice.language.values import ValueType
from windowservice.worktime.clock import run_clock
from windowservice.worktime.due import due_bounds
from windowservice.worktime.limit_text import Kind
from windowservice.worktime.limits import Limit
from windowservice.worktime.stops import ExtensionUs, NoticeUs, StopUs

__all__ = ["REQUEST_CLOCK", "fold_clock_events"]

V = ValueType
_NO_NOTES: Final[frozenset[str]] = frozenset()

Row = tuple[int, str, str | None, bool | None, str | None]
"""One event that concerns a clock: instant, kind, reason, written, amount of an extension."""


def fold_clock_events(rows: tuple[Row, ...]) -> tuple[list[StopUs], list[NoticeUs], list[ExtensionUs]]:
    """Return the stops, notices and extensions that the events tell of, in order.

    A stop ends at the next `resumed` that names its reason or none; papers are complete at the first `supplemented` after a notice; an
    extension was asked for at the last request before its approval. An amount that is no limit text approves nothing.
    """
    stops: list[StopUs] = []
    notices: list[NoticeUs] = []
    extensions: list[ExtensionUs] = []
    asked: int | None = None
    for at, kind, reason, written, amount in rows:
        if kind == "suspended":
            stops.append(StopUs(at, None, reason or "", bool(written)))
        elif kind == "resumed":
            stops = [
                stop._replace(end=at) if stop.end is None and reason in (None, stop.reason) else stop for stop in stops
            ]
        elif kind == "notified":
            notices.append(NoticeUs(at))
        elif kind == "supplemented":
            notices = [n if n.completed is not None else NoticeUs(n.told, at) for n in notices]
        elif kind == "extension_requested":
            asked = at
        elif kind == "extended" and amount is not None:
            limit = _amount(amount)
            if limit is not None:
                extensions.append(ExtensionUs(at, limit, asked))
    return stops, notices, extensions


def _amount(text: str) -> Limit | None:
    try:
        return Limit.parse(text)
    except InvalidLimit:
        return None


def _bind(binding: Binding) -> Callable[..., Any]:
    calendars = {name: binding.calendar_named(name) for name in ("", *binding.calendars)}

    def request_clock(
        start: int, limit: Limit, rows: tuple[Row, ...], done: int | None, policy: Any, local: frozenset[str] | None,
        name: str | None, slot_end: int | None, grace: int | None, as_of: int,
    ) -> tuple[Any, ...] | None:  # fmt: skip
        calendar = calendars.get(name or "") or binding.calendar_named(name or "")
        booked_until = None if slot_end is None else slot_end + (grace or 0)
        if limit.kind is Kind.BOOKED and booked_until is None:
            return None
        if not rows:
            due, last_day, provisional, earliest, latest = due_bounds(limit, start, calendar, booked_until=booked_until)
            return due, earliest, latest, provisional, last_day, None, _NO_NOTES, None, None
        stops, notices, extensions = fold_clock_events(rows)
        clock = run_clock(
            limit, start, calendar, stops=stops, notices=notices, extensions=extensions, as_of=as_of, done=done,
            supplement=policy or "restart", booked_until=booked_until, local_reasons=local,
        )  # fmt: skip
        notes = frozenset(str(note.code) for note in clock.notes)
        return clock.due, clock.earliest, clock.latest, clock.provisional, clock.last_day, None, notes, None, None

    return request_clock


REQUEST_CLOCK: Final = KernelDef(
    "request_clock",
    (V.INSTANT, V.LIMIT, V.ROWS, V.INSTANT, V.TEXT, V.TEXTS, V.TEXT, V.INSTANT, V.SPAN),
    V.CLOCK,
    _bind,
    optional=frozenset({3, 4, 5, 6, 7, 8}),
    wants_as_of=True,
    closed_by=3,
    grows=("worked", "stopped"),
    title="The clock of a request under its stops, restart and extension, as of the instant judged",
)
