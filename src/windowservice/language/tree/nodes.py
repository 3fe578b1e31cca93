"""The kinds of node in a tree: constant, ``as_of``, operator, deadline test, aggregate, look-around, kernel call.

Facts and figures are nodes too; they are declared in modules of their own. A node knows its type, its unit and its
scope, and refuses operands of the wrong type; the functions in `expressions` that make nodes check the rest.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, TypeVar

import attrs

from windowservice.errors import InvalidRule, TypeMismatch
from windowservice.language.text.write import constant_text, in_brackets
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.kernels import DATE, Function
from windowservice.language.tree.operators import COMPARISONS, OPERATORS, TIGHT
from windowservice.language.tree.scope import Scope, merge, up
from windowservice.language.tree.values import NUMBERS, ORDERED, ValueType

__all__ = ["Aggregate", "AsOf", "By", "Const", "FactNode", "Here", "Kernel", "Look", "Op", "Within", "as_of"]

T = TypeVar("T")
V = ValueType


@attrs.frozen(eq=False, repr=False, str=False)
class Const(Expr[T]):
    """A constant."""

    value: T
    type: ValueType
    unit: str | None = None

    def _written(self) -> tuple[str, int]:
        return constant_text(self.value, self.type)


@attrs.frozen(eq=False, repr=False, str=False)
class AsOf(Expr[datetime]):
    """The instant as of which is judged."""

    type: ValueType = V.INSTANT
    unit: str | None = None

    def _written(self) -> tuple[str, int]:
        return "as_of", TIGHT


class FactNode(Expr[T]):
    """What a fact is to the tree: whether every record has it, and by what it is defined if it is not given."""

    __slots__ = ()

    required: bool
    definition: Expr[Any] | None


as_of: Final = AsOf()


@attrs.frozen(eq=False, repr=False, str=False)
class Op(Expr[T]):
    """An operator of the table over its operands."""

    name: str
    args: tuple[Expr[Any], ...]
    type: ValueType
    unit: str | None

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The operands in order."""
        return self.args

    def _written(self) -> tuple[str, int]:
        operator, (first, *others) = OPERATORS[self.name], self.args
        if operator.form == "part":
            return f"{in_brackets(first._written())}.{operator.symbol}", TIGHT
        if operator.form == "method":
            arguments = ", ".join(self._argument(arg) for arg in others)
            return f"{in_brackets(first._written())}.{operator.symbol}({arguments})", TIGHT
        sign, binds = operator.word or operator.symbol, operator.binds
        if operator.form == "prefix":
            return f"{sign}{in_brackets(first._written(), binds + 1)}", binds
        left = in_brackets(first._written(), binds + (self.name in COMPARISONS))  # two of them never stand side by side
        return f"{left} {sign} {in_brackets(others[0]._written(), binds + 1)}", binds

    def _argument(self, arg: Expr[Any]) -> str:
        if self.name == "one_of" and isinstance(arg, Const):
            return ", ".join(repr(word) for word in sorted(arg.value))
        return str(arg)


_DUE: Final = "a limit is made one by due(start, '3 working days')"
_HOW_BY: Final = {
    V.TEXT: f" (one is written instant('2018-07-01T00:00+08:00'); {_DUE})", V.LIMIT: f" ({_DUE})",
    V.CLOCK: " (the instant of a clock is its .due)",
}  # fmt: skip
_SPANS: Final = {
    V.WORK: "a span of open time is written ws.work(hours=2), in text work(7200000000)",
    V.SPAN: "a span of real time is written timedelta(hours=2), in text span(7200000000)",
}


def _how_within(span: ValueType, bound: ValueType) -> str:
    """Return what to write in place of a text or a limit as the bound of a span."""
    if bound not in (V.TEXT, V.LIMIT):
        return ""
    said = [_SPANS[span]] if span in _SPANS else []
    return f" ({'; '.join([*said, 'a limit is tested on the instant of the end, by end.by(due(start, limit))'])})"


@attrs.frozen(eq=False, repr=False, str=False)
class By(Expr[bool]):
    """The deadline test on an instant that happens once."""

    done: Expr[datetime]
    due: Expr[datetime]
    type: ValueType = attrs.field(init=False, default=V.BOOL)
    unit: str | None = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        """Check the types, and that one record has both."""
        if self.done.type is not V.INSTANT or self.due.type is not V.INSTANT:
            wanted = f"two instants{_HOW_BY.get(self.due.type, '')}"
            raise TypeMismatch("by", wanted, (str(self.done.type), str(self.due.type)))
        merge(self.done.scope, self.due.scope)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """When it was done and when it was due."""
        return (self.done, self.due)

    def _written(self) -> tuple[str, int]:
        return f"{in_brackets(self.done._written())}.by({self.due})", TIGHT


@attrs.frozen(eq=False, repr=False, str=False)
class Within(Expr[bool]):
    """The deadline test on a span that grows until it is closed."""

    span: Expr[Any]
    bound: Expr[Any]
    type: ValueType = attrs.field(init=False, default=V.BOOL)
    unit: str | None = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        """Check the types, and that one record has both."""
        span, bound = self.span.type, self.bound.type
        numbers = span in NUMBERS and bound in NUMBERS
        if span not in ORDERED or span in (V.INSTANT, V.DATE) or not (span == bound or numbers):
            wanted = f"a span or amount and a bound of the same kind{_how_within(span, bound)}"
            raise TypeMismatch("within", wanted, (str(span), str(bound)))
        merge(self.span.scope, self.bound.scope)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The span and its bound."""
        return (self.span, self.bound)

    def _written(self) -> tuple[str, int]:
        return f"{in_brackets(self.span._written())}.within({self.bound})", TIGHT


def _where(where: Expr[bool] | None) -> list[str]:
    return [] if where is None else [f"where={where}"]


_GIVES: Final = {"count": V.INT, "any": V.BOOL, "all": V.BOOL, "union": V.TEXTS, "collect": V.ROWS}
_TAKES: Final[dict[str, frozenset[ValueType]]] = {
    "sum": NUMBERS | {V.SPAN, V.WORK}, "min": ORDERED, "max": ORDERED,
    "any": frozenset({V.BOOL}), "all": frozenset({V.BOOL}), "union": frozenset({V.TEXT, V.TEXTS}),
}  # fmt: skip


def _aggregate_type(expr: Aggregate[Any]) -> ValueType:
    if expr.which is not None and expr.which.type is not V.BOOL:
        raise TypeMismatch(f"{expr.how}(where=)", "a truth value", (str(expr.which.type),))
    wanted = _TAKES.get(expr.how)
    if wanted is not None and expr.values[0].type not in wanted:
        raise TypeMismatch(expr.how, " or ".join(sorted(str(w) for w in wanted)), (str(expr.values[0].type),))
    return _GIVES.get(expr.how) or expr.values[0].type


def _aggregate_unit(expr: Aggregate[Any]) -> str | None:
    return expr.values[0].unit if expr.how in ("first", "last", "sum", "min", "max") else None


@attrs.frozen(eq=False, repr=False, str=False)
class Aggregate(Expr[T]):
    """One value over the children of a record.

    Attributes:
        how: ``first``, ``last``, ``count``, ``sum``, ``min``, ``max``, ``any``, ``all``, ``union`` or ``collect``.
        values: the expressions of the child's scope that are gathered.
        which: which children count; all, if None.
        child: the scope of the child: as named, or that of what is gathered.
    """

    how: str
    values: tuple[Expr[Any], ...]
    which: Expr[bool] | None
    _child: Scope | None = None
    type: ValueType = attrs.field(init=False, default=attrs.Factory(_aggregate_type, takes_self=True))
    unit: str | None = attrs.field(init=False, default=attrs.Factory(_aggregate_unit, takes_self=True))

    def __attrs_post_init__(self) -> None:
        """Check that it speaks of children."""
        if self.child is None:
            raise InvalidRule(
                self.how,
                "gathers over children, but speaks of no child",
                "use it on a fact of a child, as in event.at.first()",
            )
        self._scope_now()

    @property
    def child(self) -> Scope | None:
        """The scope of the child."""
        return super()._scope_now() if self._child is None else self._child

    def _scope_now(self) -> Scope | None:
        child = self.child
        assert child is not None  # noqa: S101 - checked when it is made, and more is known of it later, not less
        return up(merge(child, None if self.which is None else self.which.scope) or child)

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """What is gathered and the condition on the children."""
        return self.values if self.which is None else (*self.values, self.which)

    def _written(self) -> tuple[str, int]:
        where = _where(self.which)
        if self.how == "collect":
            return f"collect({', '.join([*map(str, self.values), *where])})", TIGHT
        if self.how == "count":
            return f"count({', '.join([getattr(self.child, '__name__', '?'), *where])})", TIGHT
        return f"{in_brackets(self.values[0]._written())}.{self.how}({', '.join(where)})", TIGHT


def _look_type(expr: Look[Any]) -> ValueType:
    if expr.which is not None and expr.which.type is not V.BOOL:
        raise TypeMismatch(f"{expr.how}(where=)", "a truth value", (str(expr.which.type),))
    return V.BOOL if expr.how == "seen_before" else expr.value.type


def _look_unit(expr: Look[Any]) -> str | None:
    return None if expr.how == "seen_before" else expr.value.unit


@attrs.frozen(eq=False, repr=False, str=False)
class Look(Expr[T]):
    """A value at a neighbouring child.

    Attributes:
        how: ``previous``, ``latest``, ``next`` or ``seen_before``.
        value: the expression of the child's scope that is looked at.
        which: which neighbours count; all, if None.
    """

    how: str
    value: Expr[Any]
    which: Expr[bool] | None
    type: ValueType = attrs.field(init=False, default=attrs.Factory(_look_type, takes_self=True))
    unit: str | None = attrs.field(init=False, default=attrs.Factory(_look_unit, takes_self=True))

    def __attrs_post_init__(self) -> None:
        """Check that one record has all that it speaks of."""
        self._scope_now()

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """What is looked at and the condition on the neighbour."""
        return (self.value,) if self.which is None else (self.value, self.which)

    def _written(self) -> tuple[str, int]:
        return f"{in_brackets(self.value._written())}.{self.how}({', '.join(_where(self.which))})", TIGHT


@attrs.frozen(eq=False, repr=False, str=False)
class Here(Expr[T]):
    """A value at the child that looks, within what is asked of the neighbours that it looks at."""

    value: Expr[T]
    type: ValueType = attrs.field(init=False, default=attrs.Factory(lambda self: self.value.type, takes_self=True))
    unit: str | None = attrs.field(init=False, default=attrs.Factory(lambda self: self.value.unit, takes_self=True))

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The value."""
        return (self.value,)

    def _written(self) -> tuple[str, int]:
        return f"here({self.value})", TIGHT


@attrs.frozen(eq=False, repr=False, str=False)
class Kernel(Expr[T]):
    """A call of the working-time kernel, or of a plugin's own Python."""

    kernel: Function
    args: tuple[Expr[Any], ...]
    type: ValueType
    unit: str | None

    @property
    def operands(self) -> tuple[Expr[Any], ...]:
        """The arguments in order."""
        return self.args

    def _written(self) -> tuple[str, int]:
        if self.kernel == DATE:
            return f"{in_brackets(self.args[0]._written())}.date()", TIGHT
        if self.kernel.part:
            return f"{in_brackets(self.args[0]._written())}.{self.kernel.part}", TIGHT
        args, defaults = list(self.args), list(self.kernel.defaults)
        while defaults and isinstance(args[-1], Const) and args[-1].value == defaults[-1]:
            del args[-1], defaults[-1]
        return f"{self.kernel.name}({', '.join(map(str, args))})", TIGHT
