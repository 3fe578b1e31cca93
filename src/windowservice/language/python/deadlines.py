"""Generated Python for the deadline tests: what is late, what is in time, what still waits, and what nobody can tell.

Only here does it matter why an instant is missing. If it has not happened yet the test waits until the due instant;
if it is unknown (not recorded, or a fact that it rests on is missing) so is the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.language.analysis.check import growing_kernel, moves, resolve
from windowservice.language.python.unit import Value, all_of, any_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import due_bounds, structure
from windowservice.language.tree.nodes import AsOf, By, Const, Kernel, Op, Within
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.python.code import Level

__all__ = ["Rails", "by_rails", "within_rails"]

V = ValueType


class Rails(NamedTuple):
    """The three conditions of a deadline test; what is none of them is unknown."""

    true: str
    false: str
    waits: str


class _Known(NamedTuple):
    """A value that may be missing: the condition that it is known, and code for it once it is."""

    guards: list[str]
    code: str


def _known(level: Level, value: Value) -> _Known:
    if not value.nullable:
        return _Known([], value.code)
    got, name = level.once(value)
    return _Known([f"{got} is not None"], name)


def by_rails(level: Level, expr: By) -> Rails:
    """Return the rails of ``done.by(due)``.

    The due instant may be known only within bounds: what is the same at both stands, anything else is unknown.
    """
    done = _known(level, level.value(expr.done))
    guards, earliest, latest = _due(level, expr.due)
    absent = level.short(absence(level, expr.done)) if done.guards else "False"
    late = (all_of([*done.guards, f"{done.code} > {latest}"]), all_of([absent, f"as_of > {latest}"]))
    return Rails(
        all_of([*done.guards, *guards, f"{done.code} <= {earliest}"]),
        all_of([*guards, any_of(late)]),
        all_of([absent, *guards, f"as_of <= {earliest}"]),
    )


def _due(level: Level, expr: Expr[Any]) -> tuple[list[str], str, str]:
    """Return the guards of a due instant and code for its earliest and latest possible value."""
    found = resolve(expr)
    if isinstance(found, Op) and found.name == "part_due":
        got, name = level.once(level.value(found.args[0]))
        guards = [f"{got} is not None", f"{name}[1] is not None"]
        return guards, level.unit.from_kernel(f"{name}[1]", V.INSTANT), level.unit.from_kernel(f"{name}[2]", V.INSTANT)
    earliest, latest = due_bounds(expr)
    first = _known(level, level.value(earliest))
    if latest is earliest:
        return first.guards, first.code, first.code
    last = _known(level, level.value(latest))
    return [*first.guards, *last.guards], first.code, last.code


def within_rails(level: Level, expr: Within) -> Rails:
    """Return the rails of ``span.within(bound)``: too much is final at once, enough only once it grows no more."""
    span, bound = _known(level, level.value(expr.span)), _known(level, level.value(expr.bound))
    guards = [*span.guards, *bound.guards]
    closed, still_open = _ends(level, expr.span)
    fits, exceeds = f"{span.code} <= {bound.code}", f"{span.code} > {bound.code}"
    return Rails(
        all_of([*guards, fits, closed]),
        all_of([*guards, exceeds, any_of((closed, still_open))]),
        all_of([*guards, fits, still_open]),
    )


def _ends(level: Level, expr: Expr[Any]) -> tuple[str, str]:
    """Return the conditions that a moving value grows no more, and that it still grows; neither if nobody can tell."""
    expr = resolve(expr)
    if not moves(expr):
        return "True", "False"
    return level.told(("ends", *structure(expr)), lambda: _ends_of(level, expr))


def _ends_of(level: Level, expr: Expr[Any]) -> tuple[str, str]:
    if isinstance(expr, AsOf):
        return "False", "True"
    if (kernel := growing_kernel(expr)) is not None:
        if kernel.kernel.closed_by is None:
            return "False", "True"
        end = kernel.args[kernel.kernel.closed_by]
        return _is_known(level, end), absence(level, end)
    if isinstance(expr, Op) and expr.name in ("otherwise", "choose"):
        if expr.name == "otherwise":
            left, right = expr.args
            cases = [(_is_known(level, left), left), (absence(level, left), right)]
        else:
            condition, yes, no = expr.args
            cases = [(level.true(condition).code, yes), (level.false(condition).code, no)]
        ends = [(holds, _ends(level, value)) for holds, value in cases]
        closed, still_open = (any_of([all_of((holds, end[side])) for holds, end in ends]) for side in (0, 1))
        return level.short(closed), level.short(still_open)
    below = [_ends(level, operand) for operand in expr.operands if moves(operand)]
    closed = all_of([end[0] for end in below])
    still_open = all_of([*(any_of(end) for end in below), any_of([end[1] for end in below])])
    return level.short(closed), level.short(still_open)


def _is_known(level: Level, expr: Expr[Any]) -> str:
    value = level.value(expr)
    return f"{value.code} is not None" if value.nullable else "True"


def absence(level: Level, expr: Expr[Any]) -> str:
    """Return the condition that an instant is missing because it has not happened yet."""
    expr = resolve(expr)
    if isinstance(expr, Op):
        found = expr
        return level.told(("absent", *structure(expr)), lambda: _absence_of(level, found))
    return "False" if isinstance(expr, (Const, Kernel)) else level.absence(expr)


def _absence_of(level: Level, expr: Op[Any]) -> str:
    if expr.name == "otherwise":
        return level.short(all_of([absence(level, arg) for arg in expr.args]))
    if expr.name in ("add", "sub"):
        return absence(level, expr.args[0])
    if expr.name == "choose":
        condition, yes, no = expr.args
        return level.short(
            any_of(
                (
                    all_of((level.true(condition).code, absence(level, yes))),
                    all_of((level.false(condition).code, absence(level, no))),
                )
            )
        )
    return "False"
