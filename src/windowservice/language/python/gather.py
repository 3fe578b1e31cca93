"""Generated Python for one aggregate: what it starts from, what one child does to it, and what is left at the end.

Missing data is never a value: a child of which nobody can tell whether it counts, or whose value is missing, makes
the result unknown, unless it could not have mattered.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.language.analysis.check import may_wait
from windowservice.language.python.marks import WAITING
from windowservice.language.python.unit import Value, all_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.nodes import Aggregate
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.python.children import ChildLoop

__all__ = ["Gathered", "Gathering", "gathering"]

V = ValueType


@attrs.frozen
class Gathered:
    """The variable of an aggregate, whether it can be missing, and the condition that nothing happened yet."""

    name: str
    nullable: bool
    absent: str


@attrs.frozen
class Gathering:
    """The statements of one aggregate: before the loop, for one child, and after the loop."""

    gathered: Gathered
    setup: list[str]
    lines: list[str]
    after: list[str]


@attrs.define
class _Step:
    """What one child does: statements, the start value, whether the result may be unknown, statements at the end."""

    lines: list[str]
    start: str
    unsure: bool
    after: list[str] = attrs.field(factory=list)
    waits: str = ""
    """The variable that says whether a child waits for a deadline; empty if none can."""


def gathering(loop: ChildLoop, expr: Aggregate[Any], *, unrecorded: bool) -> Gathering:
    """Return the statements of an aggregate within a loop.

    Args:
        loop: the loop that it is written into.
        expr: the aggregate.
        unrecorded: whether some, not all, of the kinds that it is about are not recorded. What was found then stands;
            that nothing was found does not.
    """
    name, unknown = loop.unit.fresh("a"), loop.unit.fresh("u")
    step = _step(loop, expr, name, unknown)
    setup, after = [f"{name} = {step.start}"], list(step.after)
    absent = "False" if unrecorded else f"{name} is None"
    if step.unsure:
        setup.append(f"{unknown} = False")
        after += [f"if {unknown}{_open(expr.how, name)}:", f"    {name} = None"]
        absent = all_of((absent, f"not {unknown}"))
    if step.waits:
        state = loop.unit.constant(WAITING)
        setup.append(f"{step.waits} = False")
        after += [f"elif {step.waits}{_open(expr.how, name)}:", f"    {name} = {state}"]
        absent = f"{name} is {state}"
    if unrecorded and expr.how in ("any", "all"):
        after += [f"if {name} is {expr.how == 'all'}:", f"    {name} = None"]
    nullable = step.unsure or unrecorded or expr.how in ("first", "last", "min", "max") or expr.type is V.FLOAT
    return Gathering(Gathered(name, nullable, absent), setup, step.lines, after)


def _open(how: str, name: str) -> str:
    """Return what else must hold for a doubt to count: one true child settles any, one false child settles all."""
    return {"any": f" and not {name}", "all": f" and {name}"}.get(how, "")


def _step(loop: ChildLoop, expr: Aggregate[Any], name: str, unknown: str) -> _Step:
    where = expr.which
    unsure = where is not None and not loop.true(where).complete
    note = [f"{unknown} = True"]
    if expr.how == "count":
        return _Step(loop.guarded(where, [f"{name} += 1"], note), "0", unsure)
    if expr.how in ("any", "all"):
        return _truth(loop, expr, name, note, unsure=unsure)
    if expr.how == "collect":
        row = "".join(f"{_inward(loop, value)}, " for value in expr.values)
        step = [f"{name}.append(({row}))"]
        return _Step(loop.guarded(where, step, note), "[]", unsure, [f"{name} = tuple({name})"])
    value = loop.value(expr.values[0])
    if expr.how == "first":
        return _first(loop, value, where, name, unknown, unsure=unsure)
    if expr.how == "last":
        take = [
            f"{name} = {value.code}",
            *([f"{unknown} = {name} is None"] if value.nullable else [f"{unknown} = False"] if unsure else []),
        ]
        return _Step(loop.guarded(where, take, note), "None", unsure or value.nullable)
    return _total(loop, expr, value, name, note, unsure=unsure)


def _inward(loop: ChildLoop, expr: Expr[Any]) -> str:
    """Return code for a value of a row in the form in which kernels take values."""
    value = loop.value(expr)
    got, name = loop.once(value)
    inward = loop.unit.to_kernel(name, expr.type)
    if inward == name:
        return value.code
    return f"(None if {got} is None else {inward})" if value.nullable else loop.unit.to_kernel(value.code, expr.type)


def _first(loop: ChildLoop, value: Value, where: Expr[bool] | None, name: str, unknown: str, *, unsure: bool) -> _Step:
    take = [f"{name} = {value.code}"]
    if value.nullable:
        take.append(f"{unknown} = {name} is None")
    doubtful = unsure or value.nullable
    searching = all_of([f"{name} is None", *([f"not {unknown}"] if doubtful else [])])
    lines = loop.guarded(where, take, [f"{unknown} = True"])
    return _Step([f"if {searching}:", *(f"    {line}" for line in lines)], "None", doubtful)


def _total(loop: ChildLoop, expr: Aggregate[Any], value: Value, name: str, note: list[str], *, unsure: bool) -> _Step:
    got, code = loop.once(value)
    step = {
        "sum": [f"{name} += {code}"],
        "min": [f"if {name} is None or {code} < {name}:", f"    {name} = {code}"],
        "max": [f"if {name} is None or {code} > {name}:", f"    {name} = {code}"],
        "union": [f"{name} |= {code}" if expr.values[0].type is V.TEXTS else f"{name}.add({code})"],
    }[expr.how]
    if value.nullable:
        step = [f"if {got} is None:", f"    {note[0]}", "else:", *(f"    {line}" for line in step)]
    elif not value.name:
        step = [f"{code} = {value.code}", *step]
    start = {"sum": _zero(loop, expr.type), "union": "set()"}.get(expr.how, "None")
    after = [f"{name} = frozenset({name})"] if expr.how == "union" else []  # one set grows: a new one for each is slow
    if expr.how == "sum" and expr.type is V.FLOAT:
        after = [f"if {name} != {name}:", f"    {name} = None"]
    return _Step(loop.guarded(expr.which, step, note), start, unsure or value.nullable, after)


def _zero(loop: ChildLoop, kind: ValueType) -> str:
    return loop.unit.constant(timedelta(0)) if kind is V.SPAN and loop.unit.stored == "datetime" else "0"


def _truth(loop: ChildLoop, expr: Aggregate[Any], name: str, note: list[str], *, unsure: bool) -> _Step:
    value, where = expr.values[0], expr.which
    searched, other = (loop.true, loop.false) if expr.how == "any" else (loop.false, loop.true)
    decisive, harmless = searched(value), other(value)
    lines = [f"if {decisive.code}:", f"    {name} = {expr.how == 'any'}"]
    waits = loop.unit.fresh("w") if may_wait(value) else ""
    if waits:
        lines += [f"elif {loop.waits(value)}:", f"    {waits} = True"]
    if not decisive.complete:
        lines += [f"elif not {harmless.code}:", f"    {note[0]}"]
    if where is not None:
        lines = loop.guarded(where, lines)
        if unsure:  # a child that may or may not count leaves the result open, unless its value could not matter
            lines += [f"elif not {loop.false(where).code} and not {harmless.code}:", f"    {note[0]}"]
    return _Step(lines, str(expr.how == "all"), unsure or not decisive.complete, waits=waits)
