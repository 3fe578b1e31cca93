"""The simple conditions of a requirement: those that fail, and the deadline with which one that waits is decided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.facts.requests.clock_kernel import REQUEST_CLOCK
from windowservice.language.analysis.check import resolve, told_of
from windowservice.language.analysis.counted import calendar_of
from windowservice.language.analysis.items import items_behind
from windowservice.language.clocks.functions import CLOCK, REMAINING
from windowservice.language.tree.expr import Expr, told_by
from windowservice.language.tree.expressions import gather, operation
from windowservice.language.tree.nodes import Aggregate, By, Kernel, Op, Within, as_of
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.engine.report.evidence import Waits
    from windowservice.engine.running import Runner

__all__ = ["ClockAsked", "Standing", "clock_asked", "failing_parts", "missed_items", "next_due"]


def failing_parts(expr: Expr[bool], *, wanted: bool = True) -> Iterator[tuple[Expr[bool], bool]]:
    """Yield the simple conditions of a requirement, each once, and whether each has to be true."""
    pending = [(expr, wanted)]
    seen: set[tuple[int, bool]] = set()
    while pending:
        part, true = pending.pop()
        found = resolve(part)
        if (id(found), true) in seen:
            continue
        seen.add((id(found), true))
        if isinstance(found, Op) and found.name in ("and", "or"):
            pending += [(arg, true) for arg in reversed(found.args)]
        elif isinstance(found, Op) and found.name == "not":
            pending.append((found.args[0], not true))
        else:
            yield (part if not isinstance(found, (By, Within, Op)) else found), true


def missed_items(runner: Runner, key: object, require: Expr[bool], record: Any, us: int) -> tuple[str, ...]:
    """Return the ids of the children behind the conditions of a requirement that a record missed, in order.

    Args:
        runner: the code for the record.
        key: names the requirement for the cache of code.
        require: the requirement.
        record: the record.
        us: the instant judged, in microseconds UTC.
    """
    parts = told_of(require).get("items")  # the same for all findings of the rule
    if parts is None:
        parts = told_of(require)["items"] = [
            (part, wanted, list(items_behind(part, but=resolve(part) if wanted else None)))
            for part, wanted in failing_parts(require)
        ]
    if not any(items for _, _, items in parts):
        return ()
    exprs = [expr for part, _, items in parts for expr in (part, *items)]
    values = iter(runner.values(key, exprs, record, us))
    found: set[str] = set()
    for _, wanted, items in parts:
        held, *ids = islice(values, 1 + len(items))
        if held is (not wanted):
            found.update(*(one or () for one in ids))
    return tuple(sorted(found))


def next_due(part: Aggregate[Any]) -> tuple[Expr[Any], ...]:
    """Return the due at which the first of the children that wait for one is late; nothing if none can wait so."""
    test = resolve(part.values[0]) if part.how in ("any", "all") else part
    while isinstance(test, Op) and test.name == "not":
        test = resolve(test.args[0])
    if not isinstance(test, By):
        return ()
    ahead = Op[bool]("ge", (test.due, as_of), ValueType.BOOL, None)  # it moves with time, as what is shown of it may
    waits = operation("and", operation("not", operation("happened", test.done)), ahead)
    where = waits if part.which is None else operation("and", part.which, waits)
    return (gather("min", test.due, where=where, child=part.child),)


class ClockAsked(NamedTuple):
    """What is asked of the clock that a requirement is about.

    Attributes:
        due: when it is due.
        calendar: the name of the calendar that counts it.
        done: when the matter was done; None if nothing says so.
        remaining: the time left until it is due; None of a limit that nothing stops, and of a clock of a plugin.
    """

    due: Expr[Any]
    calendar: Expr[str]
    done: Expr[Any] | None
    remaining: Expr[Any] | None

    @property
    def exprs(self) -> list[Expr[Any]]:
        """All that is asked."""
        return [expr for expr in self if expr is not None]


def clock_asked(require: Expr[bool]) -> ClockAsked | None:
    """Return what is asked of the first clock that a requirement is about; None if it is about none."""
    known = told_of(require)
    if "clock" not in known:
        found = ((part, clock) for part, _ in failing_parts(require) if (clock := _clock_below(part)) is not None)
        known["clock"] = next((_asked_of(part, clock) for part, clock in found), None)
    asked: ClockAsked | None = known["clock"]
    return asked


def _clock_below(part: Expr[bool]) -> Expr[Any] | None:
    """Return the clock of the record that a simple condition rests on."""
    pending, seen = [part], set[int]()
    while pending:
        expr: Expr[Any] = pending.pop()
        if id(expr) in seen or isinstance(expr, Aggregate):
            continue
        seen.add(id(expr))
        if expr.type is ValueType.CLOCK:
            return expr
        definition = told_by(expr, "definition")
        pending += reversed(expr.operands if definition is None else (definition,))
    return None


def _asked_of(part: Expr[bool], clock: Expr[Any]) -> ClockAsked:
    kernel = resolve(clock)
    runs = isinstance(kernel, Kernel) and kernel.kernel in (CLOCK, REQUEST_CLOCK)  # not one of a plugin's own
    done = part.done if isinstance(part, By) else told_by(clock, "done")
    return ClockAsked(operation("part_due", clock), calendar_of(clock), done, REMAINING(clock) if runs else None)


class Standing:
    """The deadlines that decide what waits: of alternatives the last, else the first; each part is asked once."""

    def __init__(self, waits: dict[int, Waits]) -> None:
        self._waits = waits
        self._known: dict[tuple[int, bool], Waits | None] = {}

    def of(self, expr: Expr[bool], *, wanted: bool) -> Waits | None:
        """Return the deadline that decides a part; None if none does."""
        found = resolve(expr)
        key = (id(found), wanted)
        if key not in self._known:
            self._known[key] = self._asked(found, wanted=wanted)
        return self._known[key]

    def _asked(self, found: Expr[bool], *, wanted: bool) -> Waits | None:
        if isinstance(found, Op) and found.name == "not":
            return self.of(found.args[0], wanted=not wanted)
        if not isinstance(found, Op) or found.name not in ("and", "or"):
            return self._waits.get(id(found))
        below = [one for arg in found.args if (one := self.of(arg, wanted=wanted)) is not None]
        either = (found.name == "or") is wanted
        return (max if either else min)(below, key=lambda one: one.due) if below else None
