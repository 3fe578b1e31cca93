"""Generated Python for one level of a record: values, and truth by rails.

A truth value has four states. Instead of computing one of four, the generator writes up to three plain conditions, called rails: *true*
(certainly true), *false* (certainly false) and *waits*; what is none of them is unknown. Most verdicts are decided by the first
rail alone, at the price of hand-written code, because a test for missing data is written only where a value can be missing there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from windowservice.instants import SECOND, datetime_us, utc_datetime
from windowservice.language.check import closing, moves, resolve
from windowservice.language.expressions import By, Const, Expr, Kernel, Op, Within
from windowservice.language.kernels import Binding, KernelDef
from windowservice.language.operators import CLOCK_PARTS, COMPARISONS, OPERATORS
from windowservice.language.values import ValueType
from windowservice.worktime.spans import WorkSpan

__all__ = ["Level", "Rail", "Unit", "Value", "all_of", "any_of", "negated"]

V = ValueType
_OPPOSITE: Final = {"eq": "ne", "ne": "eq", "lt": "ge", "ge": "lt", "gt": "le", "le": "gt"}


class Value(NamedTuple):
    """Code of a value: the text, whether it can be missing, and whether it is a plain name that costs nothing to repeat."""

    code: str
    nullable: bool
    name: bool = True


class Rail(NamedTuple):
    """A condition, and the names known to hold a value once the condition held, or once it did not."""

    code: str
    if_true: frozenset[str] = frozenset()
    if_false: frozenset[str] = frozenset()
    complete: bool = False
    """Whether the other rail is exactly the opposite, so that nothing is left unknown."""


TRUE: Final = Rail("True", complete=True)
FALSE: Final = Rail("False", complete=True)


def all_of(parts: Iterable[str]) -> str:
    """Return the conjunction of conditions."""
    kept = [part for part in parts if part != "True"]
    if "False" in kept:
        return "False"
    if not kept:
        return "True"
    return kept[0] if len(kept) == 1 else f"({' and '.join(kept)})"


def any_of(parts: Iterable[str]) -> str:
    """Return the disjunction of conditions."""
    kept = [part for part in parts if part != "False"]
    if "True" in kept:
        return "True"
    if not kept:
        return "False"
    return kept[0] if len(kept) == 1 else f"({' or '.join(kept)})"


def negated(code: str) -> str:
    """Return the opposite of a condition."""
    return {"True": "False", "False": "True"}.get(code, f"(not {code})")


class Unit:
    """One generated function in the making: its names, constants, and how instants are held."""

    def __init__(
        self,
        binding: Binding,
        stored: Literal["datetime", "microseconds"],
        style: Literal["attribute", "mapping"] = "attribute",
    ) -> None:
        self.binding = binding
        self.stored = stored
        self.style = style
        self.constants: dict[str, Any] = {}
        self._by_identity: dict[int, str] = {}
        self._bound: dict[str, Any] = {}
        self._count = 0

    def fresh(self, prefix: str) -> str:
        """Return a name not used before."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: Any, prefix: str = "K") -> str:
        """Return the name under which generated code finds a Python object."""
        name = self._by_identity.get(id(value))
        if name is None:
            name = self._by_identity[id(value)] = self.fresh(prefix)
            self.constants[name] = value
        return name

    def bound(self, kernel: KernelDef) -> Any:
        """Return a kernel's function for the calendars of this unit; the same one at each call."""
        if kernel.name not in self._bound:
            self._bound[kernel.name] = kernel.bind(self.binding)
        return self._bound[kernel.name]

    def hold(self, value: Any, kind: ValueType) -> Any:
        """Return a constant in the form in which records hold such values."""
        if kind is V.WORK:
            return value.us if isinstance(value, WorkSpan) else value
        if self.stored == "datetime":
            return value
        if kind is V.INSTANT:
            return datetime_us(value)
        if kind is V.DATE:
            return value.toordinal()
        return span_us(value) if kind is V.SPAN else value

    def literal(self, value: Any, kind: ValueType) -> str:
        """Return code for a constant: written out if it is a plain number, truth value or text, else passed by reference."""
        held = self.hold(value, kind)
        return repr(held) if type(held) in (bool, int, str) else self.constant(held)

    def to_kernel(self, code: str, kind: ValueType) -> str:
        """Return code that turns a held value into what kernels take."""
        if self.stored == "datetime" and kind in _INWARD:
            return f"{self.constant(_INWARD[kind])}({code})"
        return code

    def from_kernel(self, code: str, kind: ValueType) -> str:
        """Return code that turns a kernel's result into what records hold."""
        if self.stored == "datetime" and kind in _OUTWARD:
            return f"{self.constant(_OUTWARD[kind])}({code})"
        return code


def span_us(value: timedelta) -> int:
    """Return a span of real time in microseconds, exactly."""
    return (value.days * 86_400 + value.seconds) * SECOND + value.microseconds


_INWARD: Final[dict[ValueType, Any]] = {V.INSTANT: datetime_us, V.DATE: date.toordinal, V.SPAN: span_us}
_OUTWARD: Final[dict[ValueType, Any]] = {
    V.INSTANT: utc_datetime,
    V.DATE: date.fromordinal,
    V.SPAN: lambda us: timedelta(microseconds=us),
}
_NO_NAMES: Final[frozenset[str]] = frozenset()


class Level:
    """Code over one record: a parent, or a child within its parent. Subclasses know the leaves."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return code for a fact, figure, aggregate, look-around or ``as_of``."""
        raise NotImplementedError

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that a leaf is missing because it has not happened, not because it is unknown."""
        raise NotImplementedError

    # values

    def value(self, expr: Expr[Any]) -> Value:
        """Return code for the value of an expression."""
        if isinstance(expr, Const):
            return Value(self.unit.literal(expr.value, expr.type), nullable=False)
        if isinstance(expr, Kernel):
            return self.kernel(expr)
        if isinstance(expr, (By, Within)) or (isinstance(expr, Op) and expr.type is V.BOOL and not expr.name.startswith("part_")):
            return self._truth(expr)
        if not isinstance(expr, Op):
            return self.leaf(expr)
        if expr.name == "otherwise":
            return self._otherwise(expr)
        if expr.name == "choose":
            return self._choice(expr)
        return self._strict(expr)

    def _truth(self, expr: Expr[Any]) -> Value:
        if isinstance(expr, Op) and expr.name == "otherwise":
            return self._otherwise(expr)
        if isinstance(expr, Op) and expr.name == "choose":
            return self._choice(expr)
        true, false, waits = self.true(expr), self.false(expr), self.waits(expr)
        rest = "None" if waits == "False" else f"({self.unit.constant(WAITING)} if {waits} else None)"
        if true.complete:
            return Value(f"({true.code})", nullable=False, name=False)
        return Value(f"(True if {true.code} else False if {false.code} else {rest})", nullable=True, name=False)

    def _otherwise(self, expr: Op[Any]) -> Value:
        left, right = self.value(expr.args[0]), self.value(expr.args[1])
        if not left.nullable:
            return left
        got, name = self._once(left)
        return Value(f"({name} if {got} is not None else {right.code})", right.nullable, name=False)

    def _choice(self, expr: Op[Any]) -> Value:
        true, false = self.true(expr.args[0]), self.false(expr.args[0])
        yes, no = self.value(expr.args[1]), self.value(expr.args[2])
        if true.complete:
            return Value(f"({yes.code} if {true.code} else {no.code})", yes.nullable or no.nullable, name=False)
        return Value(f"({yes.code} if {true.code} else {no.code} if {false.code} else None)", nullable=True, name=False)

    def _once(self, value: Value) -> tuple[str, str]:
        """Return code that gets a value, and code that repeats it without computing it again."""
        if value.name:
            return value.code, value.code
        name = self.unit.fresh("x")
        return f"({name} := {value.code})", name

    def _strict(self, expr: Op[Any]) -> Value:
        guards, names = self._operands(expr.args, _NO_NAMES)
        body = self._template(expr, names)
        if not guards:
            return Value(body, OPERATORS[expr.name].nullable, name=False)
        return Value(f"({body} if {all_of(guards)} else None)", nullable=True, name=False)

    def _operands(self, args: Iterable[Expr[Any]], known: frozenset[str]) -> tuple[list[str], list[str]]:
        """Return the conditions that all operands are known, and code for each of them once they are."""
        guards, codes = [], []
        for arg in args:
            value = self.value(arg)
            if value.nullable and value.code not in known:
                got, name = self._once(value)
                guards.append(f"{got} is not None")
                codes.append(name)
            else:
                codes.append(value.code)
        return guards, codes

    def _template(self, expr: Op[Any], codes: list[str]) -> str:
        if expr.name.startswith("part_"):
            part = expr.name.removeprefix("part_")
            code = OPERATORS[expr.name].python.format(*codes)
            kind = CLOCK_PARTS[part][1]
            if self.unit.stored == "datetime" and kind in _OUTWARD:
                return f"(None if {code} is None else {self.unit.from_kernel(code, kind)})"
            return code
        if expr.name == "div" and expr.type is V.FLOAT:
            return "({0} / {1} if {1} else None)".format(*codes)
        if expr.name == "div":
            self.unit.constants["Fraction"] = Fraction
        types = [arg.type for arg in expr.args]
        if V.RATIO in types and V.DECIMAL in types:
            self.unit.constants["Fraction"] = Fraction
            codes = [f"Fraction({c})" if t is V.DECIMAL else c for c, t in zip(codes, types, strict=True)]
        return OPERATORS[expr.name].python.format(*codes)

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
            got, name = self._once(value)
            inward = self.unit.to_kernel(name, arg.type)
            if position in expr.kernel.optional:
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
        expr = resolve(expr)
        if isinstance(expr, By):
            return Rail(self._by(expr)[0])
        if isinstance(expr, Within):
            return Rail(self._within(expr)[0])
        if isinstance(expr, Const):
            return TRUE if expr.value else FALSE
        if isinstance(expr, Op):
            if expr.name == "and":
                return self._both(self.true(expr.args[0], known), lambda now: self.true(expr.args[1], now), known)
            if expr.name == "or":
                return self._either(self.true(expr.args[0], known), lambda now: self.true(expr.args[1], now), known)
            if expr.name == "not":
                return self.false(expr.args[0], known)
            return self._test(expr, known, holds=True)
        value = self.value(expr)
        return Rail(value.code, frozenset({value.code}) if value.name else _NO_NAMES, complete=not value.nullable)

    def false(self, expr: Expr[Any], known: frozenset[str] = _NO_NAMES) -> Rail:
        """Return the condition that the expression is certainly false."""
        expr = resolve(expr)
        if isinstance(expr, By):
            return Rail(self._by(expr)[1])
        if isinstance(expr, Within):
            return Rail(self._within(expr)[1])
        if isinstance(expr, Const):
            return FALSE if expr.value else TRUE
        if isinstance(expr, Op):
            if expr.name == "and":
                return self._either(self.false(expr.args[0], known), lambda now: self.false(expr.args[1], now), known)
            if expr.name == "or":
                return self._both(self.false(expr.args[0], known), lambda now: self.false(expr.args[1], now), known)
            if expr.name == "not":
                return self.true(expr.args[0], known)
            return self._test(expr, known, holds=False)
        value = self.value(expr)
        if not value.nullable or value.code in known:
            return Rail(negated(value.code), complete=True)
        got, name = self._once(value)
        return Rail(f"({got} is not None and not {name})", frozenset({name}))

    def _both(self, left: Rail, right_after: Any, known: frozenset[str]) -> Rail:
        right = right_after(known | left.if_true)
        return Rail(all_of((left.code, right.code)), left.if_true | right.if_true, _NO_NAMES, left.complete and right.complete)

    def _either(self, left: Rail, right_after: Any, known: frozenset[str]) -> Rail:
        right = right_after(known | left.if_false)
        return Rail(any_of((left.code, right.code)), _NO_NAMES, left.if_false | right.if_false, left.complete and right.complete)

    def _test(self, expr: Op[Any], known: frozenset[str], *, holds: bool) -> Rail:
        if expr.name in ("is_missing", "is_known"):
            return self._presence(expr.args[0], known, present=(expr.name == "is_known") == holds)
        if expr.name in ("otherwise", "choose") or expr.name.startswith("part_"):
            value = self.value(expr)
            got, name = self._once(value)
            if holds:
                return Rail(value.code, complete=not value.nullable)
            return Rail(f"({got} is not None and not {name})" if value.nullable else negated(value.code), complete=not value.nullable)
        guards, codes = self._operands(expr.args, known)
        if not holds and expr.name in COMPARISONS:
            other = OPERATORS[_OPPOSITE[expr.name]]
            body = self._template(Op(other.name, expr.args, expr.type, None, None), codes)
        else:
            body = self._template(expr, codes)
            body = body if holds else f"not ({body})"
        names = frozenset(code for code in codes if code.isidentifier())
        return Rail(all_of([*guards, f"({body})" if " and " in body else body]), names, complete=not guards)

    def _presence(self, expr: Expr[Any], known: frozenset[str], *, present: bool) -> Rail:
        value = self.value(expr)
        if not value.nullable or value.code in known:
            return TRUE if present else FALSE
        names = frozenset({value.code}) if value.name else _NO_NAMES
        if present:
            return Rail(f"{value.code} is not None", if_true=names, complete=True)
        return Rail(f"{value.code} is None", if_false=names, complete=True)

    def waits(self, expr: Expr[Any]) -> str:
        """Return the condition that the expression waits for a deadline still ahead."""
        expr = resolve(expr)
        if isinstance(expr, By):
            return self._by(expr)[2]
        if isinstance(expr, Within):
            return self._within(expr)[2]
        if not isinstance(expr, Op) or expr.name not in ("and", "or", "not"):
            return "False"
        each = [self.waits(arg) for arg in expr.args]
        some = any_of(each)
        if some == "False" or expr.name == "not":
            return some
        side = self.true if expr.name == "and" else self.false
        passable = [any_of((side(arg).code, wait)) for arg, wait in zip(expr.args, each, strict=True)]
        return all_of([*passable, some])

    def absent(self, expr: Expr[Any]) -> str:
        """Return the condition that an instant is missing because it has not happened yet."""
        expr = resolve(expr)
        if isinstance(expr, Op) and expr.name == "otherwise":
            return all_of(self.absent(arg) for arg in expr.args)
        if isinstance(expr, Op) and expr.name in ("add", "sub"):
            return self.absent(expr.args[0])
        if isinstance(expr, Op) and expr.name == "choose":
            condition, yes, no = expr.args
            return (
                f"({self.absent(yes)} if {self.true(condition).code} else "
                f"{self.absent(no)} if {self.false(condition).code} else False)"
            )
        if isinstance(expr, (Const, Kernel, Op)):
            return "False"
        return self.absence(expr)

    def _by(self, expr: By) -> tuple[str, str, str]:
        """Return the rails of the deadline test; the due instant may be known only within bounds."""
        done = self.value(expr.done)
        got, at = self._once(done) if done.nullable else (done.code, done.code)
        known = [f"{got} is not None"] if done.nullable else []
        guards, earliest, latest = self._due(expr.due)
        absent = self.absent(expr.done) if done.nullable else "False"
        late = any_of(
            (all_of([*known, f"{at} > {latest}"]), all_of([absent, f"as_of > {latest}"])),
        )
        return (
            all_of([*known, *guards, f"{at} <= {earliest}"]),
            all_of([*guards, late]),
            all_of([absent, *guards, f"as_of <= {latest}"]),
        )

    def _due(self, expr: Expr[Any]) -> tuple[list[str], str, str]:
        """Return the guards of a due instant and code for its earliest and latest possible value."""
        found = resolve(expr)
        if isinstance(found, Op) and found.name == "part_due":
            clock = self.value(found.args[0])
            got, name = self._once(clock)
            guards = [f"{got} is not None", f"{name}[1] is not None"] if clock.nullable else [f"{got}[1] is not None"]
            return guards, self.unit.from_kernel(f"{name}[1]", V.INSTANT), self.unit.from_kernel(f"{name}[2]", V.INSTANT)
        value = self.value(expr)
        if not value.nullable:
            return [], value.code, value.code
        got, name = self._once(value)
        return [f"{got} is not None"], name, name

    def _within(self, expr: Within) -> tuple[str, str, str]:
        guards, (span, bound) = self._operands((expr.span, expr.bound), _NO_NAMES)
        ends = closing(expr.span) if moves(expr.span) else []
        if ends is None:
            closed, still_open = "False", "True"
        else:
            closed = all_of(f"{self.value(end).code} is not None" for end in ends)
            still_open = any_of(self.absent(end) for end in ends)
        fits, exceeds = f"{span} <= {bound}", f"{span} > {bound}"
        return (
            all_of([*guards, fits, closed]),
            all_of([*guards, exceeds, any_of((closed, still_open))]),
            all_of([*guards, fits, still_open]),
        )


class _Waiting:
    """The fourth truth value: still open, and still in time."""

    def __repr__(self) -> str:
        return "waiting"

    def __reduce__(self) -> str:
        return "WAITING"


WAITING: Final = _Waiting()
