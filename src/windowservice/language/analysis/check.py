"""What can be told of an expression before it runs: whether it moves with time, can wait, or may still turn.

None of this looks at data. The answers decide what is refused when a rule is built and which verdicts stay open until
a matter is settled.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

from windowservice.language.tree.expr import Expr, kept, walk
from windowservice.language.tree.nodes import Aggregate, AsOf, By, Const, FactNode, Here, Kernel, Look, Op, Within
from windowservice.language.tree.operators import OPERATORS
from windowservice.language.tree.values import NUMBERS, ValueType

__all__ = [
    "direction",
    "flips",
    "growing_kernel",
    "grows",
    "is_growing_part",
    "is_mixed",
    "is_of_each",
    "is_searched",
    "looks_back",
    "may_wait",
    "moves",
    "resolve",
    "speaks_of_facts",
    "told_of",
]

T = TypeVar("T")

FIXED, GROWS, FALLS, ANY = 0, 1, -1, 2
NEVER: Final = (False, False)
_DEEP: Final = 100


def _remembered(told: Callable[[Expr[Any]], T]) -> Callable[[Expr[Any]], T]:
    """Return the same question, asked once of an expression: facts rest on facts, and each is asked by all above it."""
    name = told.__name__

    @wraps(told)
    def asked(expr: Expr[Any]) -> T:
        known = told_of(expr)
        if name not in known and expr.parts > _DEEP:  # from below, for Python's own stack is not deep
            for below in reversed(list(walk(expr))):
                told_of(below).setdefault(name, told(below))
        elif name not in known:
            known[name] = told(expr)
        found: T = known[name]
        return found

    return asked


def told_of(expr: Expr[Any]) -> dict[object, Any]:
    """Return what was found out about the expression, kept with it."""
    try:
        return cast("dict[object, Any]", kept(expr, "_told"))
    except AttributeError:
        found: dict[object, Any] = {}
        object.__setattr__(expr, "_told", found)
        return found


def resolve(expr: Expr[Any]) -> Expr[Any]:
    """Return the definition behind a derived fact, through facts defined as other facts; anything else as it is."""
    while isinstance(expr, FactNode) and expr.definition is not None:
        expr = expr.definition
    return expr


# by time alone


def growing_kernel(expr: Expr[Any]) -> Kernel[Any] | None:
    """Return the kernel whose growing result or part the expression is, if it is one."""
    expr = resolve(expr)
    if isinstance(expr, Kernel) and "" in expr.kernel.grows:
        return expr
    if isinstance(expr, Op) and expr.name.startswith("part_"):
        kernel = resolve(expr.args[0])
        if isinstance(kernel, Kernel) and expr.name.removeprefix("part_") in kernel.kernel.grows:
            return kernel
    return None


_PRESENCE: Final = ("is_missing", "is_known", "happened")
"""The operators that ask whether a value is there, not what it is."""


def is_growing_part(expr: Expr[Any]) -> bool:
    """Whether the expression is a part of a clock that its kernel says grows until it is closed."""
    return growing_kernel(expr) is not None


@_remembered
def moves(expr: Expr[Any]) -> bool:
    """Whether the value changes by time alone; a deadline test waits, and whether something is known stays."""
    expr = resolve(expr)
    if isinstance(expr, AsOf) or growing_kernel(expr) is not None or (isinstance(expr, Kernel) and expr.kernel.moves):
        return True
    if isinstance(expr, (By, Within)) or (isinstance(expr, Op) and expr.name in _PRESENCE):
        return False
    if isinstance(expr, Op) and expr.name.startswith("part_"):
        return any(moves(arg) for arg in resolve(expr.args[0]).operands)
    return any(moves(operand) for operand in expr.operands)


@_remembered
def grows(expr: Expr[Any]) -> bool:
    """Whether time alone can only make the value greater."""
    expr = resolve(expr)
    if not moves(expr) or isinstance(expr, AsOf) or growing_kernel(expr) is not None:
        return True
    if isinstance(expr, Kernel):
        rises = expr.kernel.rises_with
        rising = all(grows(arg) if place in rises else not moves(arg) for place, arg in enumerate(expr.args))
        return rising and not expr.kernel.moves
    if not isinstance(expr, Op):
        return False
    if expr.name in ("add", "otherwise"):
        return all(grows(arg) for arg in expr.args)
    if expr.name == "sub":
        return grows(expr.args[0]) and not moves(expr.args[1])
    if expr.name in ("mul", "div"):
        return grows(expr.args[0]) and isinstance(expr.args[1], Const) and bool(expr.args[1].value > 0)
    return expr.name == "choose" and not moves(expr.args[0]) and grows(expr.args[1]) and grows(expr.args[2])


@_remembered
def may_wait(expr: Expr[Any]) -> bool:
    """Whether the expression can have the value `waiting`."""
    expr = resolve(expr)
    if isinstance(expr, (By, Within)):
        return True
    if isinstance(expr, Aggregate) and expr.how in ("any", "all"):
        return may_wait(expr.values[0])
    return isinstance(expr, Op) and expr.name in ("and", "or", "not") and any(may_wait(arg) for arg in expr.args)


@_remembered
def is_mixed(expr: Expr[Any]) -> bool:
    """Whether a float may also be an exact number: the one or the other of two values, of which one is exact."""
    expr = resolve(expr)
    if isinstance(expr, Op) and expr.name in ("otherwise", "choose"):
        return any(arg.type in NUMBERS - {ValueType.FLOAT} or is_mixed(arg) for arg in expr.args)
    return isinstance(expr, (Aggregate, Look, Here)) and any(is_mixed(operand) for operand in expr.operands)


@_remembered
def looks_back(expr: Expr[Any]) -> bool:
    """Whether the expression needs a child that looks, and is not itself what that child sees."""
    expr = resolve(expr)
    if isinstance(expr, (Aggregate, Look)):
        return False
    return isinstance(expr, Here) or any(looks_back(operand) for operand in expr.operands)


@_remembered
def is_searched(expr: Expr[Any]) -> bool:
    """Whether a look-around has to go through the neighbours of each child, because it compares them with it."""
    expr = resolve(expr)
    return isinstance(expr, Look) and any(looks_back(one) for one in expr.operands)


@_remembered
def is_of_each(expr: Expr[Any]) -> bool:
    """Whether an aggregate rests on what columns have no form for: a search by comparing, or deadlines of children."""
    expr = resolve(expr)
    own = is_searched(expr) or isinstance(expr, (By, Within))
    return own or any(is_of_each(operand) for operand in expr.operands)


@_remembered
def speaks_of_facts(expr: Expr[Any]) -> bool:
    """Whether the expression depends on any fact at all."""
    return isinstance(expr, (FactNode, Aggregate)) or any(speaks_of_facts(operand) for operand in expr.operands)


# as further children of the record come


def _joined(*ways: int) -> int:
    found = {way for way in ways if way != FIXED}
    if not found:
        return FIXED
    return found.pop() if len(found) == 1 else ANY


def _opposite(way: int) -> int:
    return way if way in (FIXED, ANY) else -way


def _by_operands(expr: Op[Any]) -> int:
    """Return how the result of an operator changes, of which the table says how it changes with each operand."""
    ways = zip(OPERATORS[expr.name].ways, expr.args, strict=True)
    return _joined(*(direction(arg) if way == GROWS else _opposite(direction(arg)) for way, arg in ways))


@_remembered
def _may_appear(expr: Expr[Any]) -> bool:
    """Whether a value now missing may be there later, because the first child that gives it has come."""
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        return expr.how in ("first", "last", "min", "max", "any", "all")
    if isinstance(expr, Look) and expr.how == "next":
        return True
    return _picks(expr) or any(_may_appear(operand) for operand in expr.operands)


@_remembered
def _may_vanish(expr: Expr[Any]) -> bool:
    """Whether a value now there may be missing later, because a child has come of which not all is known."""
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        unsure = expr.how != "first" and any(_may_be_missing(operand) for operand in expr.operands)
        return unsure or any(_shifts(operand) for operand in expr.operands)
    return _picks(expr) or any(_may_vanish(operand) for operand in expr.operands)


def _may_take_over(expr: Op[Any]) -> bool:
    """Whether the first value of an ``otherwise`` may still come where the second stands.

    A value that only the first child can give does not come any more once a child has given the second.
    """
    first, second = map(resolve, expr.args)
    given = isinstance(second, Aggregate) and second.how in _OF_ONE
    return _may_appear(first) and not (given and isinstance(first, Aggregate) and _of_first_child(first))


def _of_first_child(expr: Aggregate[Any]) -> bool:
    """Whether it asks for a child that has none before it."""
    parts = [] if expr.which is None else [expr.which]
    while parts:
        part = resolve(parts.pop())
        if isinstance(part, Op) and part.name == "and":
            parts += part.args
        elif isinstance(part, Op) and part.name == "is_missing":
            look = resolve(part.args[0])
            value = resolve(look.value) if isinstance(look, Look) else None
            alone = isinstance(look, Look) and look.how == "previous" and look.which is None
            if alone and isinstance(value, FactNode) and value.required:
                return True
    return False


def _picks(expr: Expr[Any]) -> bool:
    """Whether a change of one operand's value alone may make the result appear or vanish."""
    if isinstance(expr, Op) and OPERATORS[expr.name].strict and expr.name != "div":
        return False
    if isinstance(expr, Op) and expr.name in (*_PRESENCE, "otherwise"):
        return False
    return any(direction(operand) != FIXED for operand in expr.operands)


@_remembered
def _may_be_missing(expr: Expr[Any]) -> bool:
    """Whether there may be a child for which the value is missing."""
    expr = resolve(expr)
    if isinstance(expr, FactNode):
        return not expr.required or expr.type in (ValueType.FLOAT, ValueType.DECIMAL)
    if isinstance(expr, Op):
        if expr.name in ("is_missing", "is_known"):
            return False
        if expr.name == "otherwise":
            return all(_may_be_missing(arg) for arg in expr.args)
        return expr.name == "div" or expr.type is ValueType.FLOAT or any(_may_be_missing(arg) for arg in expr.args)
    return not isinstance(expr, (Const, AsOf))


@_remembered
def _shifts(expr: Expr[Any]) -> bool:
    """Whether what is asked of one child may change as later children come."""
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        return direction(expr) != FIXED
    if isinstance(expr, Look) and expr.how == "next":
        return True
    if isinstance(expr, Op) and expr.name in ("otherwise", *_PRESENCE) and _may_appear(expr.args[0]):
        return True
    return any(_shifts(operand) for operand in expr.operands)


_OF_ONE: Final = ("first", "last", "min", "max")
_GATHERED: Final = {"count": GROWS, "union": GROWS, "max": GROWS, "min": FALLS, "first": FIXED, "collect": FIXED}


@_remembered
def direction(expr: Expr[Any]) -> int:
    """Return how a value may change as further children come: 0 not, 1 grows, -1 falls, 2 either way.

    That a missing value appears is no change: nothing was decided by it. Rows gathered for a kernel count as fixed:
    what later events do to a clock is the clock's own matter.
    """
    expr = resolve(expr)
    if expr.type is ValueType.BOOL:
        return FIXED if flips(expr) == NEVER else ANY
    if isinstance(expr, Aggregate):
        if expr.how == "count":
            return ANY if expr.which is not None and flips(expr.which)[1] else GROWS
        return ANY if any(_shifts(operand) for operand in expr.operands) else _GATHERED.get(expr.how, ANY)
    if isinstance(expr, Look):
        return FIXED if _neighbour_stays(expr) else ANY
    ways = [direction(operand) for operand in expr.operands]
    if isinstance(expr, Op):
        if OPERATORS[expr.name].ways:
            return _by_operands(expr)
        if expr.name == "otherwise":
            return ANY if _may_take_over(expr) else _joined(*ways)
        if expr.name == "choose":
            return _joined(_chosen(*expr.args), *ways[1:])
    turns = isinstance(expr, Kernel) and expr.kernel.turns
    return FIXED if _joined(*ways) == FIXED and not turns else ANY


def _neighbour_stays(expr: Look[Any]) -> bool:
    """Whether the neighbour once found, and its value, stay as further children come."""
    return all(direction(operand) == FIXED for operand in expr.operands)


def _chosen(test: Expr[Any], one: Expr[Any], other: Expr[Any]) -> int:
    """Return how a choice between two numbers changes with its test alone: a test true for good grows to the first."""
    turns = flips(test)
    if turns == NEVER:
        return FIXED
    if turns == (True, True) or not all(isinstance(arg, Const) and arg.type in NUMBERS for arg in (one, other)):
        return ANY
    higher, lower = (one, other) if turns[0] else (other, one)
    return GROWS if higher.value >= lower.value else FALLS  # type: ignore[attr-defined]


def _turning(way: int) -> tuple[bool, bool]:
    """Return the flips of a test ``amount >= bound`` whose amount changes that way."""
    return way in (GROWS, ANY), way in (FALLS, ANY)


def _is_zero(expr: Expr[Any]) -> bool:
    return isinstance(expr, Const) and expr.type in NUMBERS and expr.value == 0


def _equality(expr: Op[Any]) -> tuple[bool, bool]:
    """Return the flips of ``==``: an amount that grows from zero leaves zero once and never comes back."""
    left, right = expr.args
    for amount, bound in ((left, right), (right, left)):
        if _is_zero(bound) and direction(amount) == GROWS and _from_zero(amount):
            return False, True
    changes = direction(left) != FIXED or direction(right) != FIXED
    return changes, changes


@_remembered
def _from_zero(expr: Expr[Any]) -> bool:
    """Whether an amount that grows can not be below zero: it is a number of things, or a sum of such numbers."""
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        return expr.how == "count"
    if isinstance(expr, Const):
        return expr.type in NUMBERS and bool(expr.value >= 0)
    if isinstance(expr, Op) and expr.name == "choose":
        return all(map(_from_zero, expr.args[1:]))
    return isinstance(expr, Op) and (expr.name == "size" or (expr.name == "add" and all(map(_from_zero, expr.args))))


@_remembered
def flips(expr: Expr[Any]) -> tuple[bool, bool]:
    """Return whether a false test may become true, and a true one false, as further children of the record come.

    A deadline test does not turn: it speaks of something that happens once.
    """
    expr = resolve(expr)
    if isinstance(expr, Aggregate):
        return _flips_gathered(expr)
    if isinstance(expr, Look):
        return NEVER if _neighbour_stays(expr) else (True, True)
    if isinstance(expr, Within) and not moves(expr.span):
        way = _joined(direction(expr.span), _opposite(direction(expr.bound)))
        return _turning(_opposite(way))
    if not isinstance(expr, Op):
        changing = not isinstance(expr, (By, Within)) and any(direction(arg) != FIXED for arg in expr.operands)
        return changing, changing
    if expr.name in ("and", "or"):
        left, right = flips(expr.args[0]), flips(expr.args[1])
        return left[0] or right[0], left[1] or right[1]
    if expr.name == "not":
        return flips(expr.args[0])[::-1]
    if expr.name in _PRESENCE:
        appears, vanishes = _may_appear(expr.args[0]), _may_vanish(expr.args[0])
        if expr.name == "happened":  # what vanishes leaves the test unknown
            return appears, False
        return (vanishes, appears) if expr.name == "is_missing" else (appears, vanishes)
    if expr.name in ("eq", "ne"):
        return _equality(expr) if expr.name == "eq" else _equality(expr)[::-1]
    return _flips_by_direction(expr)


def _flips_gathered(expr: Aggregate[Any]) -> tuple[bool, bool]:
    """Return the flips of an aggregate: a further child may come, or what is told of one that is there may turn."""
    if expr.how in ("any", "all"):
        value, which = flips(expr.values[0]), NEVER if expr.which is None else flips(expr.which)
        return (True, value[1] or which[1]) if expr.how == "any" else (value[0] or which[1], True)
    return NEVER if expr.how == "first" and not any(_shifts(operand) for operand in expr.operands) else (True, True)


def _flips_by_direction(expr: Op[Any]) -> tuple[bool, bool]:
    if OPERATORS[expr.name].ways:
        return _turning(_by_operands(expr))
    appears = expr.name == "otherwise" and _may_take_over(expr)
    changing = appears or any(direction(arg) != FIXED for arg in expr.args)
    return changing, changing
