"""The clock of a request as kernels: what `worktime.clock.of_events` computes, declared for rules."""

from __future__ import annotations

from typing import Final

from windowservice.facts.requests import clock_integers as integers
from windowservice.facts.requests.clock_columns import (
    at_risk_column,
    request_clock_columns,
    stopped_column,
    worked_on_column,
)
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.values import ValueType
from windowservice.worktime.clock.of_events import bind_at_risk, bind_clock, bind_stopped, bind_worked

__all__ = ["AT_RISK", "CLOCK_KERNELS", "REQUEST_CLOCK", "STOPPED_FOR", "WORKED_ON"]

V = ValueType

REQUEST_CLOCK: Final = Function(
    "request_clock",
    (V.INSTANT, V.LIMIT, V.ROWS, V.INSTANT, V.TEXT, V.TEXTS, V.TEXT, V.INSTANT, V.SPAN),
    V.CLOCK,
    bind_clock,
    optional=frozenset({3, 4, 5, 6, 7, 8}),
    wants_as_of=True,
    title="The clock of a request under its stops, restart and extension, as of the instant judged",
    columns=request_clock_columns,
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
    columns=at_risk_column,
    integers=integers.at_risk,
    warns=True,
)
WORKED_ON: Final = Function(
    "worked_on", (V.CLOCK, V.INSTANT), V.WORK, bind_worked, optional=frozenset({1}), closed_by=1, grows=("",),
    title="Open time that a matter took so far, stops taken out",
    columns=worked_on_column,
    integers=integers.worked_on,
)  # fmt: skip
STOPPED_FOR: Final = Function(
    "stopped_for", (V.CLOCK, V.INSTANT), V.WORK, bind_stopped, optional=frozenset({1}), closed_by=1, grows=("",),
    title="Open time for which a clock was stopped so far",
    columns=stopped_column,
    integers=integers.stopped_for,
)  # fmt: skip
CLOCK_KERNELS: Final = {kernel.name: kernel for kernel in (REQUEST_CLOCK, AT_RISK, WORKED_ON, STOPPED_FOR)}
"""The kernels of a request's clock, by name."""
