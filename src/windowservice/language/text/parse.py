"""Text back to expressions, over a whitelisted grammar; nothing in the text is ever executed.

The text is read by Python's own parser into a syntax tree, and only the node kinds named here are understood. A pack
of rules in a data file can therefore say nothing that an expression could not.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from inspect import signature
from typing import Any, Final, NoReturn, TypeVar, cast

from windowservice.errors import InvalidRule, RuleTextError, UnknownName, WindowserviceError, nearest
from windowservice.language import patterns
from windowservice.language.clocks.clock import OFFERED, Clock
from windowservice.language.relations.periods import PERIODS, period
from windowservice.language.relations.quantiles import QUANTILES
from windowservice.language.text.constants import CONSTANTS, TAKEN, is_taken
from windowservice.language.tree.expressions import Aggregate, Const, Expr, as_of, collect, constant, one_of, operation
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import KERNELS, Function
from windowservice.language.tree.operators import CLOCK_PARTS, OPERATORS
from windowservice.language.tree.scope import Where

__all__ = ["Names", "parse", "parse_moment", "syntax_of"]

K = TypeVar("K")

_LONGEST: Final = 10_000
_DEEPEST: Final = 60
_INFIX: Final = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge",
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.BitAnd: "and", ast.BitOr: "or",
}  # fmt: skip
_METHODS: Final = {operator.symbol: operator.name for operator in OPERATORS.values() if operator.form == "method"}
_AGGREGATES: Final = (
    "first",
    "last",
    "sum",
    "min",
    "max",
    "any",
    "all",
    "union",
    "previous",
    "latest",
    "next",
    "seen_before",
)
_PATTERNS: Final[dict[str, Callable[..., Expr[Any]]]] = {
    name: getattr(patterns, name) for name in (*patterns.__all__, "here")
}
"""What is called in a text as in Python."""
_TESTS: Final = ("by", "within", "date")


class Names:
    """What a text may speak of: vocabularies, figures and kernels, by name."""

    def __init__(
        self,
        vocabularies: Iterable[type[Facts]],
        figures: Iterable[Figure[Any]] = (),
        kernels: Mapping[str, Function] = KERNELS,
        instead: Mapping[tuple[str, str], Fact[Any]] | None = None,
    ) -> None:
        """Take the names, and what stands in place of some facts: those with the words that a plugin adds.

        Raises:
            InvalidRule: if two vocabularies, figures or kernels have one name, or a kernel that of a grammar word.
        """
        self.vocabularies = _by_name("vocabularies", ((found.__name__, found) for found in vocabularies))
        self.instead = instead or {}
        self.figures = _by_name("figures", ((found.name, found) for found in figures))
        known = (*KERNELS.values(), *PERIODS.values(), *QUANTILES.values(), *kernels.values())
        self.kernels = _by_name("kernels", ((found.name, found) for found in known))
        for name in self.kernels:
            if name in (*CONSTANTS, "count", "collect", "period", "here") and self.kernels[name] != KERNELS.get(name):
                raise InvalidRule(f"kernel {name!r}", "has the name of a word of the grammar", "rename it")

    def vocabulary(self, name: str) -> type[Facts]:
        """Return the vocabulary of a name.

        Raises:
            UnknownName: with the nearest name.
        """
        if name not in self.vocabularies:
            raise UnknownName("vocabulary", name, tuple(self.vocabularies))
        return self.vocabularies[name]


def _by_name(what: str, named: Iterable[tuple[str, K]]) -> dict[str, K]:
    found: dict[str, K] = {}
    for name, value in named:
        if found.setdefault(name, value) is not value:
            raise InvalidRule(
                f"the name {name!r}", f"stands for two {what}: {found[name]!r} and {value!r}", "rename one"
            )
    return found


def parse(text: str, names: Names) -> Expr[Any]:
    """Return the expression that the text says.

    Raises:
        RuleTextError: if the text is not of the grammar, names something unknown, or says what could never be right;
            with the column, and the nearest name or the reason.
    """
    found: Expr[Any] = _parsed(text, names, _Reader.read)
    return found


def _parsed(text: str, names: Names, read: Callable[[_Reader, ast.expr, int], Any]) -> Any:
    tree, text = syntax_of(text), text.strip()
    try:
        return read(_Reader(text, names), tree.body, 0)
    except RecursionError:
        raise RuleTextError(text, "joins more conditions than can be read") from None


@lru_cache(maxsize=256)  # who reads a text asks first what it names; nothing changes a tree
def syntax_of(text: str) -> ast.Expression:
    """Return the syntax tree of a text.

    Raises:
        RuleTextError: if it is too long, or no expression.
    """
    if len(text) > _LONGEST:
        raise RuleTextError(text[:60] + "...", f"the text is longer than {_LONGEST} characters")
    text = text.strip()
    try:
        return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        problem = getattr(error, "msg", None) or "not an expression"
        raise RuleTextError(text, f"{problem}{_cure(text)}", column - 1) from None


_SLIPS: Final = (
    (r"&&", "write 'and' in place of &&"),
    (r"\|\|", "write 'or' in place of ||"),
    (r"(?<![=!<>])=(?!=)(?<!where=)", "write == to compare"),
    (r"<>", "write != in place of <>"),
    (r"!(?!=)", "write 'not' in place of !"),
    (r"\b(AND|OR|NOT)\b", "write 'and', 'or', 'not' in small letters"),
    (r"\bis (not )?null\b|\bIS (NOT )?NULL\b", "write .is_missing() or .is_known()"),
)
"""Slips of who knows another language, and what to write instead."""


def _cure(text: str) -> str:
    """Return what to write instead, where a text that is no expression shows what was meant."""
    plain = re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)
    found = [cure for pattern, cure in _SLIPS if re.search(pattern, plain)]
    if wide := sorted({char for char in text if unicodedata.normalize("NFKC", char) != char or char in "“”‘’。、"}):
        written = ", ".join(f"{char} as {_NARROW.get(char) or unicodedata.normalize('NFKC', char)}" for char in wide)
        found.append(f"write full-width characters in their plain form: {written}, as in .is_known()")
    return "".join(f"; {cure}" for cure in found)


_NARROW: Final = {"“": '"', "”": '"', "‘": "'", "’": "'", "。": ".", "、": ","}


def parse_moment(text: str, names: Names) -> Expr[Any] | Where[Any]:
    """Return the instant that the text says; of children, those picked by ``status.at.where(...)`` too.

    Raises:
        RuleTextError: as `parse`.
    """
    found: Expr[Any] | Where[Any] = _parsed(text, names, _Reader.moment)
    return found


class _Reader:
    def __init__(self, text: str, names: Names) -> None:
        self.text = text
        self.names = names

    def refuse(self, node: ast.AST, problem: str) -> NoReturn:
        raise RuleTextError(self.text, problem, getattr(node, "col_offset", 0))

    def read(self, node: ast.expr, depth: int) -> Expr[Any]:
        if depth > _DEEPEST:
            self.refuse(node, f"nested deeper than {_DEEPEST} levels")
        reader = _READERS.get(type(node))
        if reader is None:
            self.refuse(node, f"{type(node).__name__} is not part of the rule language")
        try:
            return reader(self, node, depth + 1)
        except RuleTextError:
            raise
        except (WindowserviceError, TypeError) as error:
            raise RuleTextError(self.text, str(error), getattr(node, "col_offset", 0)) from error

    def moment(self, node: ast.expr, depth: int) -> Expr[Any] | Where[Any]:
        """Read an instant, or those of the children that a condition picks."""
        func = node.func if isinstance(node, ast.Call) else None
        if not (isinstance(node, ast.Call) and isinstance(func, ast.Attribute) and func.attr == "where"):
            return self.read(node, depth)
        if len(node.args) != 1 or node.keywords:
            self.refuse(node, "where takes one condition, as in status.at.where(status.to == 'waiting')")
        picked: Where[Any] = self.read(func.value, depth).where(self.read(node.args[0], depth))
        return picked

    def _constant(self, node: ast.Constant, _depth: int) -> Expr[Any]:
        if not isinstance(node.value, (bool, int, float, str)):
            self.refuse(
                node,
                f"{node.value!r} is not part of the rule language; write .is_missing() or .is_known() for missing data",
            )
        return constant(node.value)

    def _name(self, node: ast.Name, _depth: int) -> Expr[Any]:
        if node.id == "as_of":
            return as_of
        problem = f"unknown name {node.id!r}{self._suggest(node.id)}; facts are written with their vocabulary"
        return self.refuse(node, problem)

    def _suggest(self, name: str) -> str:
        known = [f"{v.__name__}.{fact}" for v in self.names.vocabularies.values() for fact in v.given]
        return nearest(name, [k.rpartition(".")[2] for k in known] + list(self.names.vocabularies))

    def _attribute(self, node: ast.Attribute, depth: int) -> Expr[Any]:
        if isinstance(node.value, ast.Name):
            base = node.value.id
            if base == "figure":
                return self._known(node, self.names.figures, node.attr, "figure")
            if base in self.names.vocabularies:
                found: Expr[Any] = self._known(node, self.names.vocabularies[base].given, node.attr, f"fact of {base}")
                return self.names.instead.get((base, node.attr), found)
            if base != "as_of":
                self.refuse(node, f"unknown vocabulary {base!r}{nearest(base, [*self.names.vocabularies, 'figure'])}")
        whole = self.read(node.value, depth)
        if isinstance(whole, Clock) and node.attr in OFFERED:
            offered: Expr[Any] = getattr(whole, node.attr)
            return offered
        known = [*CLOCK_PARTS, *(OFFERED if isinstance(whole, Clock) else ())]
        if node.attr not in CLOCK_PARTS:
            self.refuse(node, f"unknown part {node.attr!r}{nearest(node.attr, known)}")
        return operation(f"part_{node.attr}", whole)

    def _known(self, node: ast.AST, table: Mapping[str, K], name: str, kind: str) -> K:
        if name not in table:
            self.refuse(node, f"unknown {kind} {name!r}{nearest(name, table)}")
        return table[name]

    def _subscript(self, node: ast.Subscript, depth: int) -> Expr[Any]:
        figure = self.read(node.value, depth)
        if not isinstance(figure, Figure):
            self.refuse(node, "only a figure takes a key in brackets")
        keys = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return figure[tuple(self.read(key, depth) for key in keys)]

    def _boolop(self, node: ast.BoolOp, depth: int) -> Expr[Any]:
        name = "and" if isinstance(node.op, ast.And) else "or"
        found = self.read(node.values[0], depth)
        for value in node.values[1:]:
            found = operation(name, found, self.read(value, depth))
        return found

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Expr[Any]:
        if (
            isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
            and type(node.operand.value) in (int, float)
        ):
            return constant(-node.operand.value)  # type: ignore[operator]
        name = {ast.Not: "not", ast.Invert: "not", ast.USub: "neg"}.get(type(node.op))
        if name is None:
            self.refuse(node, "a leading + means nothing here")
        return operation(name, self.read(node.operand, depth))

    def _binop(self, node: ast.BinOp, depth: int) -> Expr[Any]:
        name = _INFIX.get(type(node.op))
        if name is None:
            self.refuse(node, f"the operator {type(node.op).__name__} is not part of the rule language")
        return operation(name, self.read(node.left, depth), self.read(node.right, depth))

    def _compare(self, node: ast.Compare, depth: int) -> Expr[Any]:
        if len(node.ops) > 1:
            self.refuse(node, "a chained comparison; write two comparisons joined by 'and'")
        name = _INFIX.get(type(node.ops[0]))
        if name is None:
            self.refuse(
                node, "in and is are not part of the rule language; write .one_of(...), .contains(...) or .is_missing()"
            )
        return operation(name, self.read(node.left, depth), self.read(node.comparators[0], depth))

    # calls

    def _call(self, node: ast.Call, depth: int) -> Expr[Any]:
        if isinstance(node.func, ast.Name) and node.func.id in _PATTERNS and node.func.id not in self.names.kernels:
            return self._pattern(node, node.func.id, depth)
        where = None
        for keyword in node.keywords:
            if keyword.arg != "where":
                self.refuse(node, f"unknown argument {keyword.arg!r}; the only named argument is where=")
            if where is not None:
                self.refuse(node, "where= is given twice")
            where = self.read(keyword.value, depth)
        if isinstance(node.func, ast.Name):
            return self._function(node, node.func.id, where, depth)
        if not isinstance(node.func, ast.Attribute):
            self.refuse(node, "only named functions and methods can be called")
        return self._method(node, node.func, where, depth)

    def _pattern(self, node: ast.Call, name: str, depth: int) -> Expr[Any]:
        """Return what a pattern says: it stands in the text as in Python."""
        known = signature(_PATTERNS[name]).parameters
        for keyword in node.keywords:
            if keyword.arg not in known:
                asked = f"{name} takes no argument {keyword.arg!r}{nearest(str(keyword.arg), known)}"
                self.refuse(node, f"{asked}; it takes {', '.join(known)}")
        values = [self._plain(arg, depth) for arg in node.args]
        said = {str(keyword.arg): self._plain(keyword.value, depth) for keyword in node.keywords}
        found: Expr[Any] = _PATTERNS[name](*values, **said)
        return found

    def _plain(self, node: ast.expr, depth: int) -> Any:
        """Return an expression, or the number, span or limit that it only states."""
        found = self.read(node, depth)
        return found.value if isinstance(found, Const) and type(found.value) is not bool else found

    def _method(self, node: ast.Call, func: ast.Attribute, where: Expr[bool] | None, depth: int) -> Expr[Any]:
        target = self.read(func.value, depth)
        args = [self.read(arg, depth) for arg in node.args]
        if func.attr in _AGGREGATES:
            if args:
                self.refuse(node, f"{func.attr} takes only where=")
            gather = getattr(target, func.attr)
            found: Expr[Any] = gather() if where is None else gather(where=where)
            return found
        known = [*_METHODS, *_AGGREGATES, *_TESTS, "one_of"]
        if func.attr not in known:
            self.refuse(node, f"unknown method {func.attr!r}{nearest(func.attr, known)}; known: {', '.join(known)}")
        if where is not None:
            self.refuse(node, f"{func.attr} takes no where=")
        if func.attr in _TESTS:
            test: Expr[bool] = getattr(target, func.attr)(*args)
            return test
        if func.attr == "one_of":
            return one_of(target, tuple(self._literal(arg, node) for arg in args))
        return operation(_METHODS[func.attr], target, *args)

    def _literal(self, expr: Expr[Any], node: ast.AST) -> object:
        if not isinstance(expr, Const):
            self.refuse(node, "a plain word is wanted here")
        return expr.value

    def _function(self, node: ast.Call, name: str, where: Expr[bool] | None, depth: int) -> Expr[Any]:
        if name == "count":
            return self._count(node, where)
        if name in CONSTANTS:
            return self._made(node, name, [self._literal(self.read(arg, depth), node) for arg in node.args])
        args = [self.read(arg, depth) for arg in node.args]
        if name == "collect":
            return collect(*args, where=where)
        if where is not None:
            self.refuse(node, f"{name} takes no where=")
        if name == "period":
            return self._period(node, *args)
        known: dict[str, Callable[..., Expr[Any]]] = {**_PATTERNS, **self.names.kernels}
        return self._known(node, known, name, "function")(*args)

    def _period(self, node: ast.AST, *args: Expr[Any]) -> Expr[Any]:
        if len(args) != 2:
            self.refuse(node, "period takes an instant or a date, and a word, as in period(ticket.opened_at, 'month')")
        return period(args[0], cast("Any", self._literal(args[1], node)))

    def _made(self, node: ast.AST, name: str, values: list[object]) -> Expr[Any]:
        """Return the constant that a word such as ``limit`` makes of plain values."""
        make, *takes = CONSTANTS[name]
        wanted = takes * len(values) if name == "texts" else takes
        kinds = [type(value) for value in values]
        if len(kinds) != len(wanted) or not all(map(is_taken, kinds, wanted)):
            self.refuse(node, f"{name} takes {' and '.join(TAKEN[kind] for kind in takes)}")
        try:
            return constant(make(*values), name)
        except (ValueError, ArithmeticError) as error:
            self.refuse(node, f"{name} cannot be made of {values!r}: {error}")

    def _count(self, node: ast.Call, where: Expr[bool] | None) -> Expr[int]:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            self.refuse(node, "count takes the children's vocabulary, as in count(event, where=...)")
        child = self._known(node, self.names.vocabularies, node.args[0].id, "vocabulary")
        return Aggregate("count", (), where, child)


_READERS: Final[dict[type[ast.expr], Callable[[_Reader, Any, int], Expr[Any]]]] = {
    ast.Constant: _Reader._constant,
    ast.Name: _Reader._name,
    ast.Attribute: _Reader._attribute,
    ast.Subscript: _Reader._subscript,
    ast.BoolOp: _Reader._boolop,
    ast.UnaryOp: _Reader._unaryop,
    ast.BinOp: _Reader._binop,
    ast.Compare: _Reader._compare,
    ast.Call: _Reader._call,
}
"""The kinds of syntax node that are understood; any other is refused."""
