"""Python in whole numbers, printed as WebAssembly text.

What may be printed is a small part of Python: whole numbers of 64 bits, one memory ``m`` of such numbers, comparisons,
branches, loops and calls. Every value is an ``i64``, every condition an ``i32``. What is not of that part is refused
with its line, so that nothing is printed that would mean something else.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from types import FunctionType
from typing import Final, TypeAlias

from windowservice.errors import NotColumnar

Text: TypeAlias = Callable[..., int]
"""A function in whole numbers over a memory."""

__all__ = ["HELPERS", "IntegerPrinter", "address", "function", "function_text", "label", "number", "reached"]

_COMPARE: Final[dict[type, str]] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt_s", ast.LtE: "le_s", ast.Gt: "gt_s", ast.GtE: "ge_s",
}  # fmt: skip
_OPERATE: Final[dict[type, str]] = {
    ast.Add: "i64.add", ast.Sub: "i64.sub", ast.Mult: "i64.mul", ast.BitAnd: "i64.and", ast.BitOr: "i64.or",
    ast.RShift: "i64.shr_s", ast.LShift: "i64.shl", ast.FloorDiv: "call $floor_div", ast.Mod: "call $floor_mod",
}  # fmt: skip
_REST: Final = "(local $rest i64) (local.set $rest (i64.rem_s (local.get $a) (local.get $b)))"
_BEYOND: Final = (
    "(i32.and (i64.ne (local.get $rest) (i64.const 0))"
    " (i64.lt_s (i64.xor (local.get $rest) (local.get $b)) (i64.const 0)))"
)
HELPERS: Final = (
    f"(func $floor_mod (param $a i64) (param $b i64) (result i64) {_REST}"
    f" (i64.add (local.get $rest) (select (local.get $b) (i64.const 0) {_BEYOND})))",
    f"(func $floor_div (param $a i64) (param $b i64) (result i64) {_REST}"
    f" (i64.sub (i64.div_s (local.get $a) (local.get $b)) (i64.extend_i32_u {_BEYOND})))",
)
"""Division as Python has it, towards the lesser number; WebAssembly's own goes towards zero."""


def number(value: int) -> str:
    """Return a whole number as text."""
    return f"(i64.const {value})"


def address(index: str) -> str:
    """Return the address in bytes of a word."""
    return f"(i32.wrap_i64 (i64.shl {index} (i64.const 3)))"


def function(name: str, parameters: Sequence[str], names: Iterable[str], body: Sequence[str], end: str) -> str:
    """Return a function that gives one number."""
    given = "".join(f" (param ${one} i64)" for one in parameters)
    own = "".join(f" (local ${one} i64)" for one in sorted(set(names) - set(parameters)))
    return f"(func ${name}{given} (result i64){own}\n{chr(10).join(body)}\n{end})"


def label(one: Text) -> str:
    """Return the name of a function among all functions of a module."""
    return f"{one.__module__}.{one.__qualname__}"


class IntegerPrinter:
    """One function in whole numbers, statement by statement.

    Attributes:
        names: the variables that the function sets.
        called: the functions that it calls, by name.
    """

    def __init__(
        self, where: str, numbers: Mapping[str, int], functions: Mapping[str, Text], own: Collection[str] = ()
    ) -> None:
        self.where = where
        self.names: set[str] = set()
        self.called: dict[str, Text] = {}
        self._numbers = numbers
        self._own = own  # the parameters and variables: they hide numbers of that name
        self._functions = functions
        self._labels = 0
        self._breaks: list[str] = []
        self._continues: list[str] = []

    def refuse(self, node: ast.AST, what: str = "") -> NotColumnar:
        """Return the error that names what cannot be printed."""
        line = f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]}"
        return NotColumnar(f"{self.where}, {line}", what or f"no form of {type(node).__name__} in whole numbers")

    # values

    def value(self, node: ast.expr) -> str:
        """Return text that gives the value of an expression."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int):
            return number(int(node.value))
        if isinstance(node, ast.Name):
            return self.named(node)
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATE:
            return f"({_OPERATE[type(node.op)]} {self.value(node.left)} {self.value(node.right)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"(i64.sub (i64.const 0) {self.value(node.operand)})"
        if isinstance(node, ast.IfExp):
            then, other = self.value(node.body), self.value(node.orelse)
            return f"(if (result i64) {self.condition(node.test)} (then {then}) (else {other}))"
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Subscript) and _is_memory(node.value):
            return f"(i64.load {address(self.value(node.slice))})"
        raise self.refuse(node)

    def named(self, node: ast.Name) -> str:
        """Return text that gives a variable, or a number known by name."""
        if node.id in self._own:
            return f"(local.get ${node.id})"
        if node.id not in self._numbers:
            raise self.refuse(node, f"a name that nothing has: {node.id}")
        return number(self._numbers[node.id])

    def call(self, node: ast.Call) -> str:
        """Return text that calls another function; the memory is no argument there."""
        if not isinstance(node.func, ast.Name):
            raise self.refuse(node)
        if node.func.id not in self._functions or not _is_memory(node.args[0]):
            raise self.refuse(node)
        return self.to(self._functions[node.func.id], [self.value(arg) for arg in node.args[1:]])

    def to(self, called: Text, arguments: Iterable[str]) -> str:
        """Return text that calls a function."""
        self.called[label(called)] = called
        return f"(call ${label(called)} {' '.join(arguments)})"

    # conditions

    def condition(self, node: ast.expr) -> str:
        """Return text that tells whether a condition holds."""
        if isinstance(node, ast.BoolOp):
            return self.joined(node.op, [self.condition(part) for part in node.values])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return f"(i32.eqz {self.condition(node.operand)})"
        if isinstance(node, ast.Compare) and all(type(operator) in _COMPARE for operator in node.ops):
            return self._compared(node)
        raise self.refuse(node)

    def _compared(self, node: ast.Compare) -> str:
        """Return a comparison; of a chain each two neighbours, those between twice."""
        sides = [node.left, *node.comparators]
        if not all(isinstance(side, (ast.Name, ast.Constant)) for side in sides[1:-1]):
            raise self.refuse(node)
        texts = [self.value(side) for side in sides]
        tests = [
            f"(i64.{_COMPARE[type(operator)]} {texts[place]} {texts[place + 1]})"
            for place, operator in enumerate(node.ops)
        ]
        return self.joined(ast.And(), tests)

    def joined(self, operator: ast.boolop, parts: list[str]) -> str:
        """Return conditions joined; the later ones are asked only where the earlier ones leave it open."""
        out = parts[-1]
        for part in reversed(parts[:-1]):
            then, other = (out, "(i32.const 0)") if isinstance(operator, ast.And) else ("(i32.const 1)", out)
            out = f"(if (result i32) {part} (then {then}) (else {other}))"
        return out

    # statements

    def statements(self, body: Sequence[ast.stmt]) -> list[str]:
        """Return text for statements."""
        return [line for node in body for line in self.statement(node)]

    def statement(self, node: ast.stmt) -> list[str]:
        """Return text for one statement.

        Raises:
            NotColumnar: if it has no form in whole numbers.
        """
        if isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            return []
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            return [self.put(node.targets[0], self.value(node.value))]
        if isinstance(node, ast.AugAssign) and type(node.op) in _OPERATE:
            value = f"({_OPERATE[type(node.op)]} {self.value(node.target)} {self.value(node.value)})"
            return [self.put(node.target, value)]
        if isinstance(node, ast.Return) and node.value is not None:
            return [f"(return {self.value(node.value)})"]
        if isinstance(node, ast.Expr):
            return [f"(drop {self.value(node.value)})"]
        if isinstance(node, ast.If):
            other = f" (else {' '.join(self.statements(node.orelse))})" if node.orelse else ""
            return [f"(if {self.condition(node.test)} (then {' '.join(self.statements(node.body))}){other})"]
        if isinstance(node, ast.While) and not node.orelse:
            return self.loop(self.condition(node.test), node.body, [])
        if isinstance(node, ast.For) and not node.orelse:
            return self.over(node)
        if isinstance(node, ast.Break):
            return [f"(br {self._breaks[-1]})"]
        if isinstance(node, ast.Continue):
            return [f"(br {self._continues[-1]})"]
        raise self.refuse(node)

    def put(self, target: ast.expr, value: str) -> str:
        """Return text that puts a value into a variable or a word of the memory."""
        if isinstance(target, ast.Name):
            self.names.add(target.id)
            return f"(local.set ${target.id} {value})"
        if isinstance(target, ast.Subscript) and _is_memory(target.value):
            return f"(i64.store {address(self.value(target.slice))} {value})"
        raise self.refuse(target)

    def over(self, node: ast.For) -> list[str]:
        """Return text for a loop over a range; the numbers of the range are taken once, as Python does."""
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"):
            raise self.refuse(node)
        if not isinstance(node.target, ast.Name) or len(call.args) > 2:
            raise self.refuse(node)
        first = self.value(call.args[0]) if len(call.args) == 2 else number(0)
        return self.counted(node.target.id, first, self.value(call.args[-1]), node.body)

    def counted(
        self, name: str, first: str, end: str, body: Sequence[ast.stmt], before: Iterable[str] = ()
    ) -> list[str]:
        """Return text for a loop in which a variable counts up; `before` is done first in each turn."""
        self._labels += 1
        at, until = f"at_{self._labels}", f"until_{self._labels}"
        self.names |= {name, at, until}
        start = [f"(local.set ${at} {first})", f"(local.set ${until} {end})"]
        test = f"(i64.lt_s (local.get ${at}) (local.get ${until}))"
        step = f"(local.set ${at} (i64.add (local.get ${at}) (i64.const 1)))"
        return [*start, *self.loop(test, body, [step], [f"(local.set ${name} (local.get ${at}))", *before])]

    def loop(self, test: str, body: Sequence[ast.stmt], step: list[str], first: Iterable[str] = ()) -> list[str]:
        """Return text for a loop: a test, statements, and what is done after each turn, also after ``continue``."""
        self._labels += 1
        done, again, turn = f"$done_{self._labels}", f"$again_{self._labels}", f"$turn_{self._labels}"
        self._breaks.append(done)
        self._continues.append(turn)
        inner = [*first, *self.statements(body)]
        self._breaks.pop()
        self._continues.pop()
        return [
            f"(block {done} (loop {again} (br_if {done} (i32.eqz {test}))",
            f"(block {turn} {' '.join(inner)})",
            *step,
            f"(br {again})))",
        ]


def _is_memory(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "m"


@lru_cache(maxsize=1_024)  # the functions of the library are some hundred, and their source does not change
def function_text(one: Text) -> tuple[str, dict[str, Text]]:
    """Return a function over a memory as WebAssembly text, and the functions that it calls.

    Raises:
        NotColumnar: if it says something that has no form in whole numbers.
    """
    if not isinstance(one, FunctionType):
        raise NotColumnar(str(one), "something else than a function of its own")
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
    except (OSError, TypeError, SyntaxError) as error:
        raise NotColumnar(label(one), "a function whose source is not there") from error
    if not isinstance(tree, ast.FunctionDef):
        raise NotColumnar(label(one), "a function that is no statement")
    known = one.__globals__
    numbers = {name: value for name, value in known.items() if type(value) is int}
    functions = {name: value for name, value in known.items() if isinstance(value, FunctionType)}
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {parameter.arg for parameter in tree.args.args}
    printer = IntegerPrinter(one.__qualname__, numbers, functions, own)
    body = printer.statements(tree.body)
    parameters = [parameter.arg for parameter in tree.args.args[1:]]
    return function(label(one), parameters, printer.names, body, "(unreachable)"), printer.called


def reached(called: Mapping[str, Text]) -> list[str]:
    """Return the text of functions and of all those that they call, each once."""
    texts: dict[str, str] = {}
    waiting: dict[str, Text] = dict(called)
    while waiting:
        name, one = waiting.popitem()
        if name not in texts:
            texts[name], below = function_text(one)
            waiting |= {key: value for key, value in below.items() if key not in texts}
    return [texts[name] for name in sorted(texts)]
