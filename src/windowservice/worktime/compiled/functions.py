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
from itertools import count
from types import FunctionType
from typing import Final, NamedTuple, TypeAlias

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
_SMALL: Final = 180
"""A function of at most so many parts is printed where it is called: a call costs as much as what it does."""
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


class Syntax(NamedTuple):
    """What a function says.

    Attributes:
        name: its name.
        parameters: its parameters without the memory.
        body: its statements.
        numbers: the whole numbers that it knows by name.
        functions: the functions that it knows by name.
        own: its parameters and variables: they hide numbers of that name.
        size: of how many parts its statements are made.
    """

    name: str
    parameters: tuple[str, ...]
    body: Sequence[ast.stmt]
    numbers: Mapping[str, int]
    functions: Mapping[str, Text]
    own: Collection[str]
    size: int


class IntegerPrinter:
    """One function in whole numbers, statement by statement.

    Attributes:
        names: the variables that the function sets.
        called: the functions that it calls, by name.
    """

    def __init__(self, said: Syntax, within: IntegerPrinter | None = None) -> None:
        self.where = said.name
        self.names: set[str] = set() if within is None else within.names
        self.called: dict[str, Text] = {} if within is None else within.called
        self._said = said
        self._count: count[int] = count(1) if within is None else within._count
        self._breaks: list[str] = []
        self._continues: list[str] = []
        # of a small function that is printed where it is called: what its variables begin with, and its end
        self._around: tuple[str, ...] = () if within is None else (*within._around, said.name)
        self._prefix, self._end = "", ""
        if within is not None:
            self._prefix = f"{said.name}_{self.fresh()}_"
            self._end = f"$end_of_{self._prefix}"

    def fresh(self) -> int:
        """Return a number that nothing else of the function is named by."""
        return next(self._count)

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
            return self.operated(node.op, self.value(node.left), node.right)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"(i64.sub (i64.const 0) {self.value(node.operand)})"
        if isinstance(node, ast.IfExp):
            then, other, test = self.value(node.body), self.value(node.orelse), self.condition(node.test)
            if _is_plain(node.body) and _is_plain(node.orelse) and ":=" not in ast.unparse(node.test):
                return f"(select {then} {other} {test})"  # both are there: to choose costs less than to jump
            return f"(if (result i64) {test} (then {then}) (else {other}))"
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Subscript) and _is_memory(node.value):
            return f"(i64.load {self.place(node.slice)})"
        raise self.refuse(node)

    def operated(self, operator: ast.operator, left: str, node: ast.expr) -> str:
        """Return text that computes with two numbers."""
        divisor = self.known(node)
        if divisor is None or divisor <= 0 or type(operator) not in (ast.FloorDiv, ast.Mod):
            return f"({_OPERATE[type(operator)]} {left} {self.value(node)})"
        name = f"divided_{self.fresh()}"  # by a number that is known: quicker than a call, which has to look at signs
        self.names.add(name)
        by, again = number(divisor), f"(local.get ${name})"
        if isinstance(operator, ast.FloorDiv):
            below = f"(i64.lt_s (i64.rem_s {again} {by}) (i64.const 0))"
            return f"(i64.sub (i64.div_s (local.tee ${name} {left}) {by}) (i64.extend_i32_u {below}))"
        rest = f"(local.tee ${name} (i64.rem_s {left} {by}))"
        return f"(i64.add {rest} (select {by} (i64.const 0) (i64.lt_s {again} (i64.const 0))))"

    def known(self, node: ast.expr) -> int | None:
        """Return a number that is known now."""
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return node.value
        if isinstance(node, ast.Name) and node.id not in self._said.own:
            return self._said.numbers.get(node.id)
        return None

    def place(self, node: ast.expr) -> str:
        """Return the address of a word; what is added to a pointer and known now is no work."""
        offset = 0
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            more = self.known(node.right)
            if more is None or more < 0:
                break
            offset, node = offset + more, node.left
        where = address(self.value(node))
        return f"offset={8 * offset} {where}" if offset else where

    def named(self, node: ast.Name) -> str:
        """Return text that gives a variable, or a number known by name."""
        if node.id in self._said.own:
            return f"(local.get ${self._prefix}{node.id})"
        if node.id not in self._said.numbers:
            raise self.refuse(node, f"a name that nothing has: {node.id}")
        return number(self._said.numbers[node.id])

    def call(self, node: ast.Call) -> str:
        """Return text that calls another function; the memory is no argument there."""
        if not isinstance(node.func, ast.Name):
            raise self.refuse(node)
        if node.func.id not in self._said.functions or not _is_memory(node.args[0]):
            raise self.refuse(node)
        called = self._said.functions[node.func.id]
        arguments = [self.value(arg) for arg in node.args[1:]]
        said = syntax(called)
        if said.size > _SMALL or said.name in self._around:
            return self.to(called, arguments)
        return IntegerPrinter(said, self).block(arguments)

    def block(self, arguments: Sequence[str]) -> str:
        """Return the text of a function that gives its value in the middle of another."""
        names = [f"{self._prefix}{one}" for one in self._said.parameters]
        self.names.update(names)
        given = [f"(local.set ${name} {value})" for name, value in zip(names, arguments, strict=True)]
        *body, last = self._said.body
        lines = [*given, *self.statements(body)]
        if isinstance(last, ast.Return) and last.value is not None:
            lines.append(self.value(last.value))
        else:
            lines += [*self.statement(last), "(unreachable)"]
        return f"(block {self._end} (result i64) {' '.join(lines)})"

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
            return [self.put(node.target, self.operated(node.op, self.value(node.target), node.value))]
        if isinstance(node, ast.Return) and node.value is not None:
            return [f"(br {self._end} {self.value(node.value)})" if self._end else f"(return {self.value(node.value)})"]
        if isinstance(node, ast.Expr):
            return [f"(drop {self.value(node.value)})"]
        if isinstance(node, ast.If):
            if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) and not node.orelse:
                return [self.nested(node.test.values, node.body)]
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

    def nested(self, tests: Sequence[ast.expr], body: Sequence[ast.stmt]) -> str:
        """Return text for statements under conditions that all hold, one within the other: less to do than to join."""
        within = " ".join(self.statements(body)) if len(tests) == 1 else self.nested(tests[1:], body)
        return f"(if {self.condition(tests[0])} (then {within}))"

    def put(self, target: ast.expr, value: str) -> str:
        """Return text that puts a value into a variable or a word of the memory."""
        if isinstance(target, ast.Name):
            self.names.add(f"{self._prefix}{target.id}")
            return f"(local.set ${self._prefix}{target.id} {value})"
        if isinstance(target, ast.Subscript) and _is_memory(target.value):
            return f"(i64.store {self.place(target.slice)} {value})"
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
        label = self.fresh()
        name, at, until = f"{self._prefix}{name}", f"at_{label}", f"until_{label}"
        self.names |= {name, at, until}
        start = [f"(local.set ${at} {first})", f"(local.set ${until} {end})"]
        test = f"(i64.lt_s (local.get ${at}) (local.get ${until}))"
        step = f"(local.set ${at} (i64.add (local.get ${at}) (i64.const 1)))"
        return [*start, *self.loop(test, body, [step], [f"(local.set ${name} (local.get ${at}))", *before])]

    def loop(self, test: str, body: Sequence[ast.stmt], step: list[str], first: Iterable[str] = ()) -> list[str]:
        """Return text for a loop: a test, statements, and what is done after each turn, also after ``continue``."""
        label = self.fresh()
        done, again, turn = f"$done_{label}", f"$again_{label}", f"$turn_{label}"
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


def _is_plain(node: ast.expr) -> bool:
    """Return whether to give a value does nothing else and costs nothing."""
    return isinstance(node, (ast.Name, ast.Constant))


@lru_cache(maxsize=1_024)  # the functions of the library are some hundred, and their source does not change
def syntax(one: Text) -> Syntax:
    """Return what a function over a memory says.

    Raises:
        NotColumnar: if it is no function with a source.
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
    nodes = [node for statement in tree.body for node in ast.walk(statement)]
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    parameters = [parameter.arg for parameter in tree.args.args]
    own.update(parameters)
    return Syntax(one.__qualname__, tuple(parameters[1:]), tree.body, numbers, functions, own, len(nodes))


@lru_cache(maxsize=1_024)
def function_text(one: Text) -> tuple[str, dict[str, Text]]:
    """Return a function over a memory as WebAssembly text, and the functions that it calls.

    Raises:
        NotColumnar: if it says something that has no form in whole numbers.
    """
    said = syntax(one)
    printer = IntegerPrinter(said)
    body = printer.statements(said.body)
    return function(label(one), said.parameters, printer.names, body, "(unreachable)"), printer.called


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
