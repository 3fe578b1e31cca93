"""The functions that the clock of a record is made of, declared for expressions."""

from __future__ import annotations

from typing import Final

from windowservice.language.clocks import integers, rows, running
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.values import ValueType

__all__ = [
    "AT_RISK_AT", "BETWEEN_MARKS", "CLOCK", "JOINED", "LATE_BY", "NEVER", "NO_ROWS", "OVERRUN", "REMAINING", "STATE",
    "WITH_EXTENSION", "WITH_ROW", "WORKED_ON",
]  # fmt: skip

V = ValueType

NO_ROWS: Final = Function("no_intervals", (), V.ROWS, running.bind_no_rows, title="No intervals", integers=rows.no_rows)
WITH_ROW: Final = Function(
    "with_interval", (V.ROWS, V.INSTANT, V.INSTANT, V.TEXT), V.ROWS, running.bind_with_row,
    optional=frozenset({1, 2, 3}), title="Intervals with one more, unless it neither began nor ended",
    integers=rows.with_row,
)  # fmt: skip
WITH_EXTENSION: Final = Function(
    "with_extension", (V.ROWS, V.INSTANT, V.LIMIT, V.INSTANT), V.ROWS, running.bind_with_extension,
    optional=frozenset({1, 2, 3}), title="Extensions with one more, unless it was not granted",
    integers=rows.with_extension,
)  # fmt: skip
NEVER: Final = Function(
    "never", (), V.INSTANT, running.bind_never, title="No instant", integers=rows.never
)  # fmt: skip
JOINED: Final = Function(
    "joined_intervals", (V.ROWS, V.ROWS), V.ROWS, running.bind_joined, title="The intervals of both",
    integers=rows.joined,
)  # fmt: skip
BETWEEN_MARKS: Final = Function(
    "between_marks", (V.ROWS,), V.ROWS, running.bind_between_marks,
    title="The intervals from each mark that begins one to the next that ends it",
    integers=rows.between_marks,
)  # fmt: skip
CLOCK: Final = Function(
    "clock", (V.INSTANT, V.LIMIT, V.ROWS, V.ROWS, V.ROWS, V.INSTANT, V.TEXT, V.BOOL), V.CLOCK, running.bind_clock,
    optional=frozenset({5, 6}), wants_as_of=True, title="A limit under what stops it, begins it anew and lengthens it",
    integers=integers.record_clock, named=integers.NAMED, calendar_at=6,
)  # fmt: skip
WORKED_ON: Final = Function(
    "clock_worked", (V.CLOCK, V.INSTANT), V.WORK, running.bind_worked, optional=frozenset({1}), closed_by=1,
    grows=("",), title="The time used so far, stops taken out", integers=integers.worked, part="worked",
)  # fmt: skip
REMAINING: Final = Function(
    "clock_remaining", (V.CLOCK,), V.WORK, running.bind_remaining, moves=True,
    title="The time left before it is due", integers=integers.remaining, part="remaining",
)  # fmt: skip
AT_RISK_AT: Final = Function(
    "clock_at_risk_at", (V.CLOCK, V.DECIMAL), V.INSTANT, running.bind_at_risk_at, warns=True,
    title="When a share of the time is used, stops taken out", integers=integers.at_risk_at, part="at_risk_at",
)  # fmt: skip
LATE_BY: Final = Function(
    "clock_late_by", (V.CLOCK, V.INSTANT), V.SPAN, running.bind_late_by, optional=frozenset({1}), closed_by=1,
    grows=("",), title="The real time after it was due", integers=integers.late_by, part="late_by",
)  # fmt: skip
OVERRUN: Final = Function(
    "clock_overrun", (V.CLOCK, V.INSTANT), V.WORK, running.bind_overrun, optional=frozenset({1}), closed_by=1,
    grows=("",), title="The open time after it was due", integers=integers.overrun, part="overrun",
)  # fmt: skip
STATE: Final = Function(
    "clock_state", (V.CLOCK, V.DECIMAL, V.INSTANT), V.TEXT, running.bind_state, optional=frozenset({2}),
    wants_as_of=True, moves=True, title="How it stands, in a word", integers=integers.state, part="state",
    named=integers.NAMED,
)  # fmt: skip
