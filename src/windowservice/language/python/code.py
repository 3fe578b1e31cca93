"""Generated Python for one level of a record: values, and truth by rails.

A truth value has four states. Instead of computing one of four, the generator writes up to three plain conditions,
called rails: *true* (certainly true), *false* (certainly false) and *waits*; what is none of them is unknown. Most
verdicts are decided by the first rail alone, at the price of hand-written code, because a test for missing data is
written only where a value can be missing there.

Code of a part that is long is written once, into a variable, because rails and guards repeat what they are made of:
without that the text would double with each level of nesting.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final, TypeVar

from windowservice.language.analysis.check import is_mixed, may_wait, resolve
from windowservice.language.python.deadlines import Rails, absence, by_rails, within_rails
from windowservice.language.python.marks import WAITING
from windowservice.language.python.unit import (
    FALSE,
    TRUE,
    Rail,
    Unit,
    Value,
    all_of,
    any_of,
    negated,
)
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.nodes import Aggregate, By, Const, Kernel, Op, Within
from windowservice.language.tree.operators import CLOCK_PARTS, COMPARISONS, OPERATORS
from windowservice.language.tree.values import NUMBERS, ValueType, span_us

__all__ = ["Level", "span_us"]

T = TypeVar("T")
V = ValueType
_NO_NAMES: Final[frozenset[str]] = frozenset()
_LONG: Final = 200
"""How many characters may be repeated; what is longer is held in a variable."""


class Level:
    """Code over one record: a parent, or a child within its parent. Subclasses know the leaves."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self._ordering = False

    def told(self, _key: tuple[Any, ...], write: Callable[[], T]) -> T:
        """Return what was written under the key; a level whose variables hold throughout writes it once."""
        return write()

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return code for a fact, figure, aggregate, look-around or ``as_of``."""
        raise NotImplementedError

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that a leaf is missing because it has not happened, not because it is unknown."""
        raise NotImplementedError

    def is_doubtful(self, expr: Expr[Any]) -> bool:
        """Return whether a missing value may be missing because a row could not be read; then it proves nothing."""
        raise NotImplementedError

    # what is long, held in variables

    def bind(self, code: str) -> str:
        """Return the variable that holds the result of the code wherever it is used from now on."""
        raise NotImplementedError

    def held(self, key: tuple[Any, ...]) -> Value | None:
        """Return the variable that holds the value of an expression, by its structure; None if none does."""
        raise NotImplementedError

    def hold(self, key: tuple[Any, ...], value: Value) -> None:
        """Note that a variable holds the value of an expression."""
        raise NotImplementedError

    def short(self, condition: str) -> str:
        """Return a condition that may be repeated: the variable that holds it, if it is long."""
        return condition if len(condition) <= _LONG else self.bind(condition)

    # values

    def value(self, expr: Expr[Any]) -> Value:
        """Return code for the value of an expression, short enough to be repeated."""
        if isinstance(expr, Const):
            return Value(self.unit.literal(expr.value, expr.type), nullable=False)
        if not isinstance(expr, (Op, By, Within, Kernel)):
            return self.leaf(expr)
        key = structure(expr)
        if (held := self.held(key)) is not None:
            return held
        found = self._computed(expr)
        if not found.name and len(found.code) > _LONG:
            found = Value(self.bind(found.code), found.nullable)
            self.hold(key, found)
        return found

    def _computed(self, expr: Op[Any] | By | Within | Kernel[Any]) -> Value:
        if isinstance(expr, Kernel):
            return self.kernel(expr)
        if isinstance(expr, (By, Within)):
            return self._truth(expr)
        if expr.name in _SPECIAL:
            return _SPECIAL[expr.name](self, expr)
        if expr.type is V.BOOL and not expr.name.startswith("part_"):
            return self._truth(expr)
        return self._strict(expr)

    def _truth(self, expr: Expr[Any]) -> Value:
        true = self.true(expr)
        if true.complete:
            return Value(f"({true.code})", nullable=False, name=False)
        false, waits = self.false(expr), self.waits(expr)
        rest = "None" if waits == "False" else f"({self.unit.constant(WAITING)} if {waits} else None)"
        return Value(f"(True if {true.code} else False if {false.code} else {rest})", nullable=True, name=False)

    def _otherwise(self, expr: Op[Any]) -> Value:
        left, right = self.value(expr.args[0]), self.value(expr.args[1])
        if not left.nullable:
            return left
        if self.is_doubtful(expr.args[0]):
            return self._otherwise_if_absent(expr, left, right)
        got, name = self.once(left)
        return Value(f"({name} if {got} is not None else {right.code})", right.nullable, name=False)

    def _otherwise_if_absent(self, expr: Op[Any], left: Value, right: Value) -> Value:
        """Return the other value only where the first has not happened, not where a row of it could not be read."""
        absent = absence(self, expr.args[0])
        if absent == "False":
            return left
        got, name = self.once(left)
        return Value(
            f"({name} if {got} is not None else {right.code} if {absent} else None)", nullable=True, name=False
        )

    def _choice(self, expr: Op[Any]) -> Value:
        true, false = self._both_rails(expr.args[0])
        yes, no = self.value(expr.args[1]), self.value(expr.args[2])
        if true.complete:
            return Value(f"({yes.code} if {true.code} else {no.code})", yes.nullable or no.nullable, name=False)
        return Value(f"({yes.code} if {true.code} else {no.code} if {false.code} else None)", nullable=True, name=False)

    def _both_rails(self, condition: Expr[bool]) -> tuple[Rail, Rail]:
        """Return both rails of a condition; of a long one, by the variable that holds it."""
        true = self.true(condition)
        if len(true.code) > _LONG:
            self.value(condition)
            true = self.true(condition)
        return true, self.false(condition)

    def once(self, value: Value) -> tuple[str, str]:
        """Return code that gets a value, and code that repeats it without computing it again."""
        if value.name:
            return value.code, value.code
        name = self.unit.fresh("x")
        return f"({name} := {value.code})", name

    def _strict(self, expr: Op[Any]) -> Value:
        guards, codes = self._operands(expr, _NO_NAMES)
        body = self._template(expr, codes)
        if not guards:
            return Value(body, OPERATORS[expr.name].nullable or expr.type is V.FLOAT, name=False)
        return Value(f"({body} if {all_of(guards)} else None)", nullable=True, name=False)

    def note_use(self, value: Value) -> None:
        """Note that a fact as the record holds it is used, so that it is cleaned where it is read."""
        if not self._ordering:
            self.unit.use(value.code)

    def _order(self, expr: Op[Any]) -> bool:
        """Return whether an operator only puts facts in order; note a pair of instants, one of which must be in UTC."""
        self._ordering = False
        if expr.name not in ("lt", "le", "gt", "ge"):
            return False
        given = [arg for arg in expr.args if isinstance(arg, Fact) and arg.definition is None]
        if len(given) == 2 and given[0].type is V.INSTANT:
            self._ordering = True
            one, other = (self.value(arg).code for arg in given)
            self.unit.order(one, other)
        return bool(given)

    def _operands(self, expr: Op[Any], known: frozenset[str]) -> tuple[list[str], list[str]]:
        """Return the conditions that all operands are known, and code for each of them once they are."""
        guards, codes = [], []
        order = self._order(expr)
        for arg in expr.args:
            self._ordering = order and isinstance(arg, Fact) and arg.definition is None
            value = self.value(arg)
            self._ordering = False
            if value.nullable and value.code not in known:
                got, name = self.once(value)
                if f"{got} is not None" not in guards:
                    guards.append(f"{got} is not None")
                codes.append(name)
            else:
                codes.append(value.code)
        return guards, codes

    def _template(self, expr: Op[Any], codes: list[str]) -> str:
        if expr.name.startswith("part_"):
            code = OPERATORS[expr.name].python.format(*codes)
            return self.unit.from_kernel(code, CLOCK_PARTS[expr.name.removeprefix("part_")][1])
        if expr.type is V.FLOAT:
            body = OPERATORS[expr.name].python.format(*self._floats(expr, codes))
            name = self.unit.fresh("x")  # infinities can give NaN, the one value unequal to itself, which is missing
            return f"({name} if ({name} := {body}) == {name} else None)"
        return OPERATORS[expr.name].python.format(*self._exact(expr, codes))

    def _exact(self, expr: Op[Any], codes: list[str]) -> list[str]:
        """Return the operands, as floats or fractions where one is: a whole number may be held as a decimal."""
        types = [arg.type for arg in expr.args]
        if V.FLOAT in types and expr.name in COMPARISONS:
            return self._floats(expr, codes)
        if expr.name == "div" or (set(types) <= NUMBERS and V.RATIO in types):
            fraction = self.unit.constant(Fraction)
            codes = [
                f"{fraction}({code})" if kind not in (V.RATIO, V.FLOAT) else code
                for code, kind in zip(codes, types, strict=True)
            ]
        return codes

    def _floats(self, expr: Op[Any], codes: list[str]) -> list[str]:
        """Return the operands as floats: beside one, an exact number counts as the float nearest to it."""
        turn = self.unit.constant(float)
        is_float = [arg.type is V.FLOAT and not is_mixed(arg) for arg in expr.args]
        return [code if ok else f"{turn}({code})" for code, ok in zip(codes, is_float, strict=True)]

    def kernel(self, expr: Kernel[Any]) -> Value:
        """Return code for a kernel call; a level that can remember the result overrides this."""
        return Value(self.kernel_call(expr), nullable=True, name=False)

    def kernel_call(self, expr: Kernel[Any]) -> str:
        """Return code that calls a kernel, or gives None when an argument that it needs is missing."""
        function = self.unit.constant(self.unit.bound(expr.kernel), "F")
        guards, codes = [], []
        for position, arg in enumerate(expr.args):
            value = self.value(arg)
            if not value.nullable:
                codes.append(self.unit.to_kernel(value.code, arg.type))
                continue
            got, name = self.once(value)
            inward = self.unit.to_kernel(name, arg.type)
            if position in expr.kernel.optional and self.is_doubtful(arg) and absence(self, arg) != "False":
                guards.append(f"({got} is not None or {absence(self, arg)})")
                codes.append(name if inward == name else f"(None if {name} is None else {inward})")
            elif position in expr.kernel.optional and not self.is_doubtful(arg):
                codes.append(got if inward == name else f"(None if {got} is None else {inward})")
            else:
                guards.append(f"{got} is not None")
                codes.append(inward)
        if expr.kernel.wants_as_of:
            codes.append(self.unit.to_kernel("as_of", V.INSTANT))
        call = f"{function}({', '.join(codes)})"
        if expr.type is not V.CLOCK:
            call = self.unit.from_kernel(call, expr.type)
        return f"({call} if {all_of(guards)} else None)" if guards else call

    # truth

    def true(self, expr: Expr[Any], known: frozenset[str] = _NO_NAMES) -> Rail:
        """Return the condition that the expression is certainly true."""
        return self._rail(expr, known, holds=True)

    def false(self, expr: Expr[Any], known: frozenset[str] = _NO_NAMES) -> Rail:
        """Return the condition that the expression is certainly false."""
        return self._rail(expr, known, holds=False)

    def _rail(self, expr: Expr[Any], known: frozenset[str], *, holds: bool) -> Rail:
        found = resolve(expr)
        if (held := self._held_truth(found)) is not None:
            return _rail_of(held, holds=holds)
        rail = self._written_rail(found, known, holds=holds)
        if found is not expr and len(rail.code) > _LONG:  # a derived fact, which others will ask for as well
            held = self.value(found)
            return rail if not held.name else _rail_of(held, holds=holds)
        return rail

    def _held_truth(self, expr: Expr[Any]) -> Value | None:
        return self.held(structure(expr)) if isinstance(expr, (Op, By, Within)) else None

    def _written_rail(self, expr: Expr[Any], known: frozenset[str], *, holds: bool) -> Rail:
        if isinstance(expr, (By, Within)):
            return Rail(self._deadline(expr)[0 if holds else 1])
        if isinstance(expr, Const):
            return TRUE if expr.value is holds else FALSE
        if isinstance(expr, Aggregate) and may_wait(expr):
            return _rail_of(self.value(expr), holds=holds)
        if not isinstance(expr, Op):
            return self._plain(self.value(expr), known, holds=holds)
        if expr.name == "not":
            return self._rail(expr.args[0], known, holds=not holds)
        if expr.name in ("and", "or"):
            join = self._both if (expr.name == "and") == holds else self._either
            left = self._rail(expr.args[0], known, holds=holds)
            return join(left, lambda now: self._rail(expr.args[1], now, holds=holds), known)
        return self._test(expr, known, holds=holds)

    def _plain(self, value: Value, known: frozenset[str], *, holds: bool) -> Rail:
        """Return the rail of a truth value that stands in a record or is computed by other means."""
        complete = not value.nullable or value.code in known
        if holds:
            return Rail(value.code, frozenset({value.code}) if value.name else _NO_NAMES, complete=complete)
        if complete:
            return Rail(negated(value.code), complete=True)
        got, name = self.once(value)
        return Rail(f"({got} is not None and not {name})", frozenset({name}))

    def _both(self, left: Rail, right_after: Callable[[frozenset[str]], Rail], known: frozenset[str]) -> Rail:
        right = right_after(known | left.if_true)
        names = left.if_true | right.if_true
        return Rail(all_of((left.code, right.code)), names, _NO_NAMES, left.complete and right.complete)

    def _either(self, left: Rail, right_after: Callable[[frozenset[str]], Rail], known: frozenset[str]) -> Rail:
        right = right_after(known | left.if_false)
        names = left.if_false | right.if_false
        return Rail(any_of((left.code, right.code)), _NO_NAMES, names, left.complete and right.complete)

    def _test(self, expr: Op[Any], known: frozenset[str], *, holds: bool) -> Rail:
        if expr.name in ("is_missing", "is_known"):
            return self._presence(expr.args[0], known, present=(expr.name == "is_known") == holds)
        if expr.name == "happened":
            return self._happening(expr.args[0], known, holds=holds)
        if expr.name in _SPECIAL or expr.name.startswith("part_"):
            return self._plain(self.value(expr), known, holds=holds)
        guards, codes = self._operands(expr, known)
        if not holds and expr.name in COMPARISONS:
            body = OPERATORS[OPERATORS[expr.name].opposite].python.format(*self._exact(expr, codes))
        else:
            body = self._template(expr, codes)
            body = body if holds else f"not ({body})"
        names = frozenset(code for code in codes if code.isidentifier())
        return Rail(all_of([*guards, body]), names, complete=not guards)

    def _presence(self, expr: Expr[Any], known: frozenset[str], *, present: bool) -> Rail:
        value = self.value(expr)
        if not value.nullable or value.code in known:
            return TRUE if present else FALSE
        names = frozenset({value.code}) if value.name else _NO_NAMES
        if self.is_doubtful(expr):
            return Rail(f"{value.code} is not None", if_true=names) if present else Rail(absence(self, expr))
        if present:
            return Rail(f"{value.code} is not None", if_true=names, complete=True)
        return Rail(f"{value.code} is None", if_false=names, complete=True)

    def _happening(self, expr: Expr[Any], known: frozenset[str], *, holds: bool) -> Rail:
        present = self._presence(expr, known, present=True)
        not_yet = absence(self, expr) if present is not TRUE else "False"
        complete = present is TRUE or not_yet == f"{self.value(expr).code} is None"
        return present._replace(complete=complete) if holds else Rail(not_yet, complete=complete)

    def waits(self, expr: Expr[Any]) -> str:
        """Return the condition that the expression waits for a deadline still ahead."""
        expr = resolve(expr)
        if not may_wait(expr):
            return "False"
        if (held := self._held_truth(expr)) is not None:
            return f"{held.code} is {self.unit.constant(WAITING)}"
        if isinstance(expr, (By, Within)):
            return self._deadline(expr).waits
        if isinstance(expr, Aggregate):
            return f"{self.value(expr).code} is {self.unit.constant(WAITING)}"
        assert isinstance(expr, Op)  # noqa: S101 - what waits is a deadline test, one of children, or and, or, not over one
        each = [self._short_waits(arg) for arg in expr.args]
        some = any_of(each)
        if expr.name == "not":
            return some
        side = self.true if expr.name == "and" else self.false
        passable = [any_of((side(arg).code, wait)) for arg, wait in zip(expr.args, each, strict=True)]
        return all_of([*passable, some])

    def _short_waits(self, expr: Expr[Any]) -> str:
        waits = self.waits(expr)
        if len(waits) <= _LONG:
            return waits
        self.value(resolve(expr))
        return self.waits(expr)

    def _deadline(self, expr: By | Within) -> Rails:
        return by_rails(self, expr) if isinstance(expr, By) else within_rails(self, expr)


def _rail_of(held: Value, *, holds: bool) -> Rail:
    """Return a rail of a truth value of four states in a variable."""
    if not held.nullable:
        return Rail(held.code if holds else negated(held.code), complete=True)
    return Rail(f"{held.code} is {holds}")


_SPECIAL: Final[dict[str, Callable[[Level, Op[Any]], Value]]] = {
    "otherwise": Level._otherwise,
    "choose": Level._choice,
}
