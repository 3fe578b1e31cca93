"""The code of rules, which judges one record in Python, printed as WebAssembly text that judges the rows of columns.

Texts are codes of words, a missing value is one number, sets and rows are linked lists, limits, calendars and clocks
are pointers. The text says the same, statement by statement; what it cannot say is refused, and the rule is judged
another way.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from windowservice.language.python.compile import MISSED
from windowservice.language.python.marks import UNSET, WAITING
from windowservice.language.tree.operators import CLOCK_PARTS
from windowservice.language.tree.values import ValueType
from windowservice.language.webassembly import sets
from windowservice.language.webassembly.image import Image, Parsed, held
from windowservice.language.webassembly.numbers import added, multiplied, subtracted
from windowservice.worktime.compiled.functions import IntegerPrinter, Syntax, Text, address, function, number
from windowservice.worktime.integers.kernels import date
from windowservice.worktime.integers.memory import NONE, has, with_text
from windowservice.worktime.limits.limit import Limit

__all__ = ["CodePrinter"]

V = ValueType
_STATES: Final = {id(UNSET): NONE + 1, id(WAITING): NONE + 2}
"""What is no value: a variable that is computed later, and a test that still waits."""
_FEW: Final = 4
"""A word is compared with that many one by one; of more they are looked up."""
_CAREFUL: Final[dict[type, Text]] = {ast.Add: added, ast.Sub: subtracted, ast.Mult: multiplied}
_HELD: Final = frozenset({V.BOOL, V.INT, V.TEXT, V.INSTANT, V.DATE, V.SPAN, V.WORK, V.TEXTS, V.LIMIT})
"""The types of facts that a column of whole numbers can hold."""


class CodePrinter(IntegerPrinter):
    """The function of some rules, or of some values.

    Attributes:
        code: the code.
        image: what it finds in the memory.
        collected: the columns of children that are handed to kernels in rows.
    """

    def __init__(self, parsed: Parsed, image: Image) -> None:
        code = parsed.code
        super().__init__(Syntax(f"the code that {code.name}s", (), parsed.body, {}, {}, (), 0))
        self.code = code
        self.image = image
        self._body, self._nodes = parsed.body, parsed.nodes
        self._constants = code.unit.constants
        self._kernels = {id(function): kernel for kernel, function in code.unit.kernels}
        self._sets = self._variables_of_sets()
        self._exact = self._figures_of(V.DECIMAL, V.RATIO)
        self.collected: set[str] = set()
        self._read = {
            node.targets[0].id: node.value.slice.value
            for node in self._nodes
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Subscript) and isinstance(node.value.slice, ast.Constant)
        }  # fmt: skip

    def text(self, name: str) -> str:
        """Return the function ``(record, first child, end of its children, as_of)``, which stores its results."""
        for fact in self.code.unit.columns.values():
            if fact.type not in _HELD:
                raise self.refuse(self._body[0], f"the fact {fact.name}, {fact.type.with_article}")
        body = self.statements(self._body)
        return function(name, ("record", "first", "end", "as_of"), self.names, body, number(0))

    # what is a set

    def _variables_of_sets(self) -> frozenset[str]:
        found: set[str] = set()
        before = -1
        while len(found) != before:
            before = len(found)
            for node in self._nodes:
                if isinstance(node, ast.NamedExpr) and self._is_set(node.value, found):
                    found.add(node.target.id)
                elif isinstance(node, ast.Assign):
                    found |= self._assigned_sets(node, found)
        return frozenset(found)

    def _assigned_sets(self, node: ast.Assign, found: set[str]) -> set[str]:
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            return self._in_row(node, V.TEXTS)
        if not self._is_set(node.value, found):
            return set()
        return {one.id for one in node.targets if isinstance(one, ast.Name)}

    def _in_row(self, node: ast.Assign, *kinds: ValueType) -> set[str]:
        """Return the variables of some types among those that a row of figures is put into."""
        types = self.code.unit.figures[node.value.func.id]  # type: ignore[attr-defined]
        names = [str(one.id) for one in node.targets[0].elts]  # type: ignore[attr-defined]
        return {name for name, kind in zip(names, types, strict=True) if kind in kinds}

    def _figures_of(self, *kinds: ValueType) -> frozenset[str]:
        rows = [node for node in self._nodes if isinstance(node, ast.Assign)]
        return frozenset().union(*(self._in_row(row, *kinds) for row in rows if isinstance(row.targets[0], ast.Tuple)))

    def _is_set(self, node: ast.expr, found: set[str] | frozenset[str]) -> bool:
        if isinstance(node, ast.Name):
            return node.id in found or isinstance(self._constants.get(node.id), frozenset)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in ("set", "frozenset") or self.code.unit.figures.get(node.func.id) == (V.TEXTS,)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            if isinstance(node.slice.value, str) and isinstance(node.value, ast.Name):
                fact = self.code.unit.columns.get((node.value.id, node.slice.value))
                return fact is not None and fact.type is V.TEXTS
            return node.slice.value == CLOCK_PARTS["notes"][0]
        if isinstance(node, ast.BinOp):
            return self._is_set(node.left, found)
        if isinstance(node, ast.IfExp):
            return self._is_set(node.body, found) or self._is_set(node.orelse, found)
        return isinstance(node, ast.NamedExpr) and self._is_set(node.value, found)

    # values

    def value(self, node: ast.expr) -> str:
        """Return text that gives the value of an expression."""
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.NamedExpr):
            self.names.add(node.target.id)
            return f"(local.tee ${node.target.id} {self.value(node.value)})"
        if isinstance(node, (ast.Compare, ast.BoolOp)) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return f"(i64.extend_i32_u {self.condition(node)})"
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            if isinstance(node.slice.value, str) and isinstance(node.value, ast.Name):
                return self.column(node.value.id, node.slice.value)
            return f"(i64.load offset={8 * int(node.slice.value)} {address(self.value(node.value))})"  # type: ignore[arg-type]
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            return self.value(node.slice)  # a child is its place
        if isinstance(node, ast.BinOp) and self._is_set(node.left, self._sets):
            operation = {ast.Sub: sets.minus, ast.BitOr: sets.union, ast.BitAnd: sets.common}[type(node.op)]
            return self.to(operation, [self.value(node.left), self.value(node.right)])
        if isinstance(node, ast.BinOp) and type(node.op) in _CAREFUL:
            return self.to(_CAREFUL[type(node.op)], [self.value(node.left), self.value(node.right)])
        return super().value(node)

    def _constant(self, node: ast.Constant) -> str:
        if node.value is None:
            return number(NONE)
        if isinstance(node.value, str):
            return number(self.image.word(node.value))
        if not isinstance(node.value, int):
            raise self.refuse(node)
        return number(held(int(node.value)))

    def column(self, holder: str, name: str) -> str:
        """Return text that gives a cell: of the record, or of one of its children."""
        place = self.image.column("record" if holder == "record" else "child", name)
        return f"(i64.load {self._cell_of(place, holder)})"

    def named(self, node: ast.Name) -> str:
        """Return text that gives a variable, or a constant of the code."""
        if node.id in self._exact:
            raise self.refuse(node, "an exact decimal")
        if node.id not in self._constants:
            return f"(local.get ${node.id})"
        constant = self._constants[node.id]
        if id(constant) in _STATES:
            return number(_STATES[id(constant)])
        if isinstance(constant, frozenset):
            return number(self.image.items(constant))
        if isinstance(constant, Limit):
            return number(self.image.limit(constant))
        raise self.refuse(node, f"a constant of type {type(constant).__name__}")

    def call(self, node: ast.Call) -> str:
        """Return text that calls what the code calls."""
        if not isinstance(node.func, ast.Name):
            raise self.refuse(node)
        name, arguments = node.func.id, node.args
        if name == "len":
            return self.to(sets.size, [self.value(arguments[0])])
        if name in ("frozenset", "tuple"):
            return self.value(arguments[0])
        if name == "set":
            return number(0)
        if name in self.code.unit.figures:
            if self.code.unit.figures[name][0] in (V.DECIMAL, V.RATIO):
                raise self.refuse(node, "an exact decimal")
            return f"(i64.load {address(self._row(node))})"
        if self._constants.get(name) is self.code.unit.__dict__.get("last_day"):
            return self.to(date, [f"(i64.sub {self.value(arguments[0])} (i64.const 1))"])
        kernel = self._kernels.get(id(self._constants.get(name)))
        if kernel is None or kernel.integers is None:
            raise self.refuse(node, f"the function {name if kernel is None else kernel.name}")
        self.image.head |= kernel.named
        given: list[str] = []
        for position, (argument, kind) in enumerate(zip(arguments, (*kernel.takes, V.INSTANT), strict=False)):
            if kind is V.DECIMAL and position not in kernel.optional:
                given += self._ratio(argument)
            else:
                given.append(self.value(argument))
        return self.to(kernel.integers, given)

    def _ratio(self, node: ast.expr) -> list[str]:
        """Return text that gives an exact number, as a kernel takes it: what is divided, and by what."""
        exact = self._constants.get(node.id) if isinstance(node, ast.Name) else None
        if isinstance(exact, (Decimal, Fraction)):
            return [number(held(part)) for part in exact.as_integer_ratio()]
        if isinstance(node, ast.Name) and node.id in self._exact:
            return [f"(i64.load offset={8 * part} {address(f'(local.get ${node.id})')})" for part in (0, 1)]
        raise self.refuse(node, "an exact decimal that is computed")

    def _row(self, call: ast.Call) -> str:
        name = call.func.id  # type: ignore[attr-defined]
        *keys, when = call.args
        table = self.image.table(self._constants[name], self.code.unit.figures[name])
        if keys and isinstance(keys[0], ast.Tuple):
            key = number(self.image.lines(self._constants[name], self.code.unit.figures[name]))
            for one in keys[0].elts:
                key = self.to(sets.line_of, [key, self.value(one)])
        else:
            key = self.value(keys[0]) if keys else number(0)
        return self.to(sets.row_in_force, [number(table), key, self.value(when)])

    # conditions

    def condition(self, node: ast.expr) -> str:
        """Return text that tells whether a condition holds; a truth value does if it is known and true."""
        if isinstance(node, ast.Constant):
            return f"(i32.const {int(bool(node.value))})"
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            operator, right = node.ops[0], node.comparators[0]
            if isinstance(operator, (ast.Is, ast.IsNot)):
                sign = "eq" if isinstance(operator, ast.Is) else "ne"
                return f"(i64.{sign} {self._maybe(node.left)} {self.value(right)})"
            if isinstance(operator, ast.In):
                return self._within(node.left, right)
            if isinstance(operator, ast.NotIn):
                return f"(i32.eqz {self._within(node.left, right)})"
            if self._is_set(node.left, self._sets):
                return self._between_sets(node)
        if isinstance(node, (ast.BoolOp, ast.Compare)) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
        ):
            return super().condition(node)
        return f"(i64.eq {self.value(node)} (i64.const 1))"

    def _maybe(self, node: ast.expr) -> str:
        """Return text that gives a value of which is only asked if it is there."""
        exact = isinstance(node, ast.Name) and node.id in self._exact
        return f"(local.get ${node.id})" if exact else self.value(node)  # type: ignore[attr-defined]

    def _within(self, item: ast.expr, items: ast.expr) -> str:
        words = self._constants.get(items.id) if isinstance(items, ast.Name) else None
        if isinstance(words, frozenset) and isinstance(item, ast.Name) and 0 < len(words) <= _FEW:
            tests = [f"(i64.eq {self.value(item)} {number(self.image.word(word))})" for word in sorted(words)]
            return self.joined(ast.Or(), tests)
        found = self.to(has, [self.value(items), self.value(item)])
        return f"(i64.eq {found} (i64.const 1))"

    def _between_sets(self, node: ast.Compare) -> str:
        one, other = self.value(node.left), self.value(node.comparators[0])
        covers = [self.to(sets.covers, pair) for pair in ((one, other), (other, one))]
        tests = [f"(i64.eq {text} (i64.const 1))" for text in covers]
        if isinstance(node.ops[0], ast.GtE):
            return tests[0]
        if isinstance(node.ops[0], ast.Eq):
            return self.joined(ast.And(), tests)
        if isinstance(node.ops[0], ast.NotEq):
            return f"(i32.eqz {self.joined(ast.And(), tests)})"
        raise self.refuse(node)

    # statements

    def statement(self, node: ast.stmt) -> list[str]:
        """Return text for one statement."""
        if isinstance(node, ast.Assign):
            return self._assigned(node)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            return self._changed(node, node.target)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return self._collected(node.value)
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            return self._returned(node.value.elts)
        return super().statement(node)

    def _assigned(self, node: ast.Assign) -> list[str]:
        target = node.targets[0]
        if isinstance(target, ast.Tuple):
            assert isinstance(node.value, ast.Call)  # noqa: S101 - a row of figures
            row = f"row_{self.fresh()}"
            self.names.add(row)
            out = [f"(local.set ${row} {self._row(node.value)})"]
            for place, one in enumerate(target.elts):
                cell = f"(i64.load offset={8 * place} {address(f'(local.get ${row})')})"
                out.append(self.put(one, cell))
            return out
        if isinstance(node.value, ast.List):
            assert isinstance(target, ast.Name)  # noqa: S101 - the rows that a loop collects
            return [self.put(ast.Name(one), number(0)) for one in (target.id, f"{target.id}_last")]
        value = self.value(node.value)
        first, *others = [one.id for one in node.targets if isinstance(one, ast.Name)]
        self.names |= {first, *others}
        return [f"(local.set ${first} {value})", *(f"(local.set ${one} (local.get ${first}))" for one in others)]

    def _changed(self, node: ast.AugAssign, target: ast.Name) -> list[str]:
        if target.id in self._sets:
            return [self.put(target, self.to(sets.union, [self.value(target), self.value(node.value)]))]
        if type(node.op) in _CAREFUL and not isinstance(node.value, ast.Constant):  # a count stays small
            changed = self.to(_CAREFUL[type(node.op)], [self.value(target), self.value(node.value)])
            return [self.put(target, changed)]
        return super().statement(node)

    def _collected(self, call: ast.Call) -> list[str]:
        """Return text that adds an item to a set, or a row to a list."""
        if not (isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name)):
            raise self.refuse(call)
        name, (item,) = call.func.value.id, call.args
        if call.func.attr == "add":
            return [self.put(ast.Name(name), self.to(with_text, [f"(local.get ${name})", self.value(item)]))]
        fields = item.elts if isinstance(item, ast.Tuple) else [item]
        if name == MISSED:
            return self._told(fields)
        self.collected |= {
            str(self._read[one.id]) for one in fields if isinstance(one, ast.Name) and one.id in self._read
        }
        last = f"{name}_last"
        node = self.to(sets.linked, [f"(local.get ${last})", number(len(fields))])
        where = address(f"(local.get ${last})")
        out = [f"(local.set ${last} {node})"]
        out += [f"(i64.store offset={8 * (at + 1)} {where} {self.value(field)})" for at, field in enumerate(fields)]
        first = f"(if (i64.eqz (local.get ${name})) (then (local.set ${name} (local.get ${last}))))"
        return [*out, first]

    def _told(self, fields: Sequence[ast.expr]) -> list[str]:
        """Return text that tells a row of a record."""
        row = f"told_{self.fresh()}"
        self.names.add(row)
        values = ["(local.get $record)", *map(self.value, fields)]
        found = self.to(sets.row_told, [number(self.image.rows_told()), number(len(values))])
        where = address(f"(local.get ${row})")
        cells = [f"(i64.store offset={8 * at} {where} {value})" for at, value in enumerate(values)]
        return [f"(local.set ${row} {found})", *cells]

    def _returned(self, values: Sequence[ast.expr]) -> list[str]:
        return [f"(i64.store {self._cell_of(self.image.result(), 'record')} {self.value(value)})" for value in values]

    def _cell_of(self, place: int, row: str) -> str:
        """Return the address of a row of the column whose pointer stands at a place of the memory."""
        return address(f"(i64.add (i64.load offset={8 * place} (i32.const 0)) (local.get ${row}))")

    def over(self, node: ast.For) -> list[str]:
        """Return text for a loop over the children, with their places, or over the places before or after one."""
        first, end = "(local.get $first)", "(local.get $end)"
        if isinstance(node.target, ast.Tuple):  # a child is its place
            place, each = (one.id for one in node.target.elts if isinstance(one, ast.Name))
            self.names |= {place, each}
            return self.counted(each, first, end, node.body, [f"(local.set ${place} (local.get ${each}))"])
        assert isinstance(node.target, ast.Name)  # noqa: S101 - a child or a place
        if isinstance(node.iter, ast.Subscript):
            return self.counted(node.target.id, first, end, node.body)
        if not isinstance(node.iter, ast.Call):
            raise self.refuse(node)
        start, at = self.value(node.iter.args[0]), node.target.id
        if len(node.iter.args) == 2:
            return self.counted(at, start, end, node.body)
        self.names.add(at)
        test = f"(i64.ge_s (local.get ${at}) {first})"
        step = f"(local.set ${at} (i64.sub (local.get ${at}) (i64.const 1)))"
        return [f"(local.set ${at} {start})", *self.loop(test, node.body, [step])]
