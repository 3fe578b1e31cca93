"""The clock of a request as kernels: what `worktime.clock.of_events` computes, declared for rules."""

from __future__ import annotations

from typing import Final

from windowservice.facts.requests import clock_integers as integers
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.values import ValueType
from windowservice.worktime.clock.of_events import (
    bind_allowed,
    bind_at_risk,
    bind_clock,
    bind_stopped,
    bind_used,
    bind_worked,
)

__all__ = ["AT_RISK", "CLOCK_KERNELS", "REQUEST_CLOCK", "STOPPED_FOR", "TIME_ALLOWED", "TIME_USED", "WORKED_ON"]

V = ValueType

REQUEST_CLOCK: Final = Function(
    "request_clock",
    (V.INSTANT, V.LIMIT, V.ROWS, V.INSTANT, V.TEXT, V.TEXTS, V.TEXT, V.INSTANT, V.SPAN),
    V.CLOCK,
    bind_clock,
    optional=frozenset({3, 4, 5, 6, 7, 8}),
    wants_as_of=True,
    title="The clock of a request under its stops, restart and extension, as of the instant judged",
    integers=integers.request_clock,
    named=integers.NAMED,
    calendar_at=6,
)
AT_RISK: Final = Function(
    "at_risk",
    (V.CLOCK, V.DECIMAL),
    V.INSTANT,
    bind_at_risk,
    title="When a share of a clock's open time is used, stops taken out",
    integers=integers.at_risk,
    warns=True,
)
WORKED_ON: Final = Function(
    "worked_on", (V.CLOCK, V.INSTANT), V.WORK, bind_worked, optional=frozenset({1}), closed_by=1, grows=("",),
    title="Open time that a matter took so far, stops taken out",
    integers=integers.worked_on,
)  # fmt: skip
STOPPED_FOR: Final = Function(
    "stopped_for", (V.CLOCK, V.INSTANT), V.WORK, bind_stopped, optional=frozenset({1}), closed_by=1, grows=("",),
    title="Open time for which a clock was stopped so far",
    integers=integers.stopped_for,
)  # fmt: skip
TIME_USED: Final = Function(
    "time_used", (V.CLOCK,), V.WORK, bind_used, grows=("",), integers=integers.time_used,
    title="Time of its limit that a clock used so far, stops taken out; of an elapsed limit real time",
)  # fmt: skip
TIME_ALLOWED: Final = Function(
    "time_allowed", (V.CLOCK,), V.WORK, bind_allowed, integers=integers.time_allowed,
    title="Time that a limit gave in all, stops taken out; of an elapsed limit real time",
)  # fmt: skip
CLOCK_KERNELS: Final = {
    kernel.name: kernel for kernel in (REQUEST_CLOCK, AT_RISK, WORKED_ON, STOPPED_FOR, TIME_USED, TIME_ALLOWED)
}
"""The kernels of a request's clock, by name."""
