"""What printed code finds in its memory beside the columns: words, sets, figures, limits and calendars."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from windowservice.errors import InvalidLimit, NotColumnar
from windowservice.language.python.compile import Written
from windowservice.language.python.in_force import Rows, value_at, value_for
from windowservice.language.tree.figures import Key
from windowservice.language.tree.values import ValueType
from windowservice.language.webassembly.numbers import LEAST, MOST
from windowservice.worktime.integers.layout import Layout
from windowservice.worktime.integers.memory import HEAD, NONE
from windowservice.worktime.limits.limit import Limit

__all__ = ["FIRST", "Image", "Parsed", "held", "words_of"]

V = ValueType
_PLACES: Final = 4_000
"""How many columns and results there is room for."""
FIRST: Final = HEAD + _PLACES
"""The first word behind the head and the pointers of columns and results."""


class Parsed:
    """Some generated code, and its syntax.

    Attributes:
        code: the code.
        body: its statements.
        nodes: all that its statements are made of.
    """

    def __init__(self, code: Written) -> None:
        function = ast.parse(code.source).body[0]
        assert isinstance(function, ast.FunctionDef)  # noqa: S101 - it is the source of one
        self.code = code
        self.body = function.body
        self.nodes = [node for statement in function.body for node in ast.walk(statement)]


def words_of(parsed: Parsed) -> set[str]:
    """Return the texts that some code names."""
    code = parsed.code
    found = {node.value for node in parsed.nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for held in code.unit.constants.values():
        if isinstance(held, frozenset):
            found |= held
    for kernel, _ in code.unit.kernels:
        for meant in kernel.named.values():
            found |= {meant} if isinstance(meant, str) else meant
    for name, types in code.unit.figures.items():
        tables = tables_of(code.unit.constants[name], types)
        for key in tables:
            found |= {key} if isinstance(key, str) else {one for one in key if isinstance(one, str)}
        for value in (value for _, rows in tables.values() for row in rows for value in row):
            found |= {value} if isinstance(value, str) else value if isinstance(value, frozenset) else set()
    return found


def tables_of(function: Any, types: tuple[ValueType, ...]) -> Mapping[Key, Rows]:
    """Return the figures that a function of `in_force` looks up: by key, the empty one without keys, rows of values."""
    laid: Any = function.args[0]
    tables = laid if isinstance(laid, Mapping) else {"": laid}
    if len(types) == 1 and function.func in (value_at, value_for):
        return {key: (dates, tuple((value,) for value in values)) for key, (dates, values) in tables.items()}
    return tables


def held(value: int) -> int:
    """Return a number that 64 bits hold.

    Raises:
        NotColumnar: if they do not.
    """
    if not LEAST <= value <= MOST:
        raise NotColumnar(str(value), "a number that 64 bits do not hold")
    return value


class Image:
    """The memory as code finds it, in the making.

    Attributes:
        codes: the words that the code names, and the codes by which it knows them, in the order of the words.
        layout: the numbers, and where limits and sets stand in them.
        columns: the columns that the code reads: by level (``record``, ``child``) and name the word of their pointer.
        head: what the kernels want in the head of the memory: words, or sets of words, by place.
        results: the words of the pointers of results, in order.
        told: the word of the pointer of the rows that are told of some records (see `sets.row_told`); None without.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.codes = {word: code for code, word in enumerate(sorted({"", *words}))}
        self.layout = Layout(0, 0)
        self.layout.put([0] * _PLACES)
        self.columns: dict[tuple[str, str], int] = {}
        self.results: list[int] = []
        self.told: int | None = None
        self._used = 0
        self.head: dict[int, str | frozenset[str]] = {}
        self._named: dict[str, int] = {}
        self._limits: dict[Limit, Limit] = {}
        self._sets: dict[frozenset[str], int] = {}
        self._tables: dict[int, int] = {}
        self._lines: dict[int, int] = {}
        self._ratios: dict[Decimal | Fraction, int] = {}

    def word(self, text: str) -> int:
        """Return the code of a word."""
        return self.codes[text]

    def items(self, texts: frozenset[str]) -> int:
        """Return the pointer of a set of texts."""
        if texts not in self._sets:
            self._sets[texts] = self.layout.texts(self.codes[text] for text in sorted(texts))
        return self._sets[texts]

    def limit(self, limit: Limit) -> int:
        """Return the pointer of a limit; equal limits have the same, so that they compare as they do."""
        return self.layout.limit(self._limits.setdefault(limit, limit))

    def limit_named(self, text: str) -> int:
        """Return the pointer of a limit by its text, 0 if it is none."""
        if text not in self._named:
            try:
                self._named[text] = self.limit(Limit.parse(text))
            except InvalidLimit:
                self._named[text] = 0
        return self._named[text]

    def ratio(self, value: Decimal | Fraction) -> int:
        """Return the pointer of an exact number: what is divided, and by what."""
        if value not in self._ratios:
            self._ratios[value] = self.layout.put([held(part) for part in value.as_integer_ratio()])
        return self._ratios[value]

    def table(self, function: Any, types: tuple[ValueType, ...]) -> int:
        """Return the pointer of the table that a function looks figures up in; see `sets.row_in_force`."""
        if id(function) not in self._tables:
            nothing = self.layout.put([NONE] * len(types))
            keys: dict[int, int] = {}
            for line, (key, (dates, rows)) in enumerate(tables_of(function, types).items()):
                cells = [[self.cell(value, kind) for value, kind in zip(row, types, strict=True)] for row in rows]
                places = [self.layout.put(row) for row in cells]
                place = line if isinstance(key, tuple) else self.word(key) if key else 0
                keys[place] = self.layout.put([len(dates), *dates, *places])
            most = max(keys, default=-1) + 1
            self._tables[id(function)] = self.layout.put([most, nothing, *(keys.get(key, 0) for key in range(most))])
        return self._tables[id(function)]

    def lines(self, function: Any, types: tuple[ValueType, ...]) -> int:
        """Return the pointer of the first node of the keys of a table whose lines have several; see `sets.line_of`."""
        if id(function) not in self._lines:
            first: dict[int, Any] = {}
            for line, key in enumerate(tables_of(function, types)):
                node = first
                for one in key[:-1]:
                    node = node.setdefault(self._key(one), {})
                node[self._key(key[-1])] = line
            self._lines[id(function)] = self._node(first)
        return self._lines[id(function)]

    def _key(self, value: str | int) -> int:
        return self.word(value) if isinstance(value, str) else held(int(value))

    def _node(self, node: Mapping[int, Any]) -> int:
        """Lay out a node of keys after those below it."""
        leads = {key: self._node(below) if isinstance(below, dict) else below for key, below in node.items()}
        return self.layout.put([len(leads), *(one for pair in sorted(leads.items()) for one in pair)])

    def cell(self, value: Any, kind: ValueType) -> int:
        """Return a value as a whole number.

        Raises:
            NotColumnar: if it has no such form.
        """
        if value is None:
            return NONE
        if kind in (V.DECIMAL, V.RATIO):
            return self.ratio(Fraction(value))
        ways: Mapping[ValueType, Any] = {V.TEXT: self.word, V.TEXTS: self.items, V.LIMIT: self.limit, V.FLOAT: None}
        way = ways.get(kind, int)
        if way is None:
            raise NotColumnar(str(value), f"{kind.with_article} among figures")
        return held(way(value))

    def column(self, level: str, name: str) -> int:
        """Return the word that holds the pointer of a column."""
        if (level, name) not in self.columns:
            self.columns[level, name] = self._place()
        return self.columns[level, name]

    def result(self) -> int:
        """Return the word that holds the pointer of one more result."""
        self.results.append(self._place())
        return self.results[-1]

    def rows_told(self) -> int:
        """Return the word of the pointer of rows that are told; behind it stands where the last one may."""
        if self.told is None:
            self.told = self._place()
            self._used += 1
        return self.told

    def _place(self) -> int:
        place = HEAD + self._used
        self._used += 1
        if place + 1 >= FIRST:
            raise NotColumnar("the rules of a vocabulary", f"more than {_PLACES} columns and results")
        return place
