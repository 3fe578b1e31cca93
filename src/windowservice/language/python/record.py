"""Generated Python over a record itself: facts, figures, aggregates by loops over the children, and kernel calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from windowservice.errors import InvalidRule
from windowservice.instants import local_midnight, utc_datetime
from windowservice.language.analysis.check import resolve
from windowservice.language.analysis.counted import kernels_below
from windowservice.language.analysis.digest import Reached
from windowservice.language.analysis.kinds import kinds_looked_for, kinds_of, proves_nothing
from windowservice.language.python.children import ChildLoop
from windowservice.language.python.code import Level
from windowservice.language.python.facts import load_given, may_be_missing
from windowservice.language.python.figures import FigureRow, key_value, look_up
from windowservice.language.python.gather import Gathered
from windowservice.language.python.late import Late
from windowservice.language.python.unit import Unit, Value
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, dating, dating_facts
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.nodes import Aggregate, AsOf, Kernel, Look
from windowservice.language.tree.values import ValueType

__all__ = ["RecordLevel"]

T = TypeVar("T")


class RecordLevel(Level):
    """Code over the record itself.

    Attributes:
        root: the vocabulary of the record.
        recorded: the kinds of children that the source records; None means every kind.
        unread: the kinds of children of which a row could not be read.
        untold: the given facts of children that the source does not record.
        lines: the statements so far, which compute what was asked for.
    """

    def __init__(
        self, unit: Unit, root: type[Facts], recorded: frozenset[str] | None, unread: frozenset[str] = frozenset(),
        untold: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        super().__init__(unit)
        self.root = root
        self.recorded = recorded
        self.unread = unread
        self.untold = untold
        self.lines: list[str] = []
        self._values: dict[tuple[Any, ...], Value] = {}
        self._gathered: dict[tuple[Any, ...], Gathered] = {}
        self._figures: dict[str, Figure[Any]] = {}
        self._rows: dict[str, tuple[FigureRow, Value]] = {}
        self._names: set[str] = set()
        self._doubtful: dict[int, tuple[Expr[Any], bool]] = {}  # by identity: kept, so that no other gets the same
        self._held: dict[tuple[Any, ...], Value] = {}
        self._told: dict[tuple[Any, ...], Any] = {}
        self.late = Late(unit)

    def is_doubtful(self, expr: Expr[Any]) -> bool:
        """Return whether that a value is missing proves nothing: a row of it could not be read, or is not recorded."""
        if not self.unread and not self.untold and self.recorded is None:
            return False
        if id(expr) not in self._doubtful:
            nothing = proves_nothing(expr, self.root.children, self.recorded, self.untold)
            self._doubtful[id(expr)] = (expr, nothing or (bool(self.unread) and self._rests_on_unread(expr)))
        return self._doubtful[id(expr)][1]

    def _rests_on_unread(self, expr: Expr[Any]) -> bool:
        if isinstance(expr, Fact):
            return expr.definition is not None and self.is_doubtful(expr.definition)
        if isinstance(expr, Look) and self.may_look_past(expr):
            return True
        if isinstance(expr, Aggregate) and self._may_lack_children(expr):
            return True
        if isinstance(expr, (Figure, FigureAt)) and any(map(self.is_doubtful, dating_facts(self.root))):
            return True
        return any(self.is_doubtful(operand) for operand in expr.operands)

    def may_look_past(self, expr: Look[Any]) -> bool:
        """Return whether a child not read, or not recorded, may be the one that a look-around is after.

        Of what is not recorded one may yet have been seen before.
        """
        child = self.root.children
        if child is None:
            return False
        kinds = kinds_looked_for(expr, child)
        if expr.how != "seen_before" and self.lacks(kinds):
            return True
        if not self.unread:
            return False
        if expr.how not in ("latest", "seen_before"):
            return True  # any may stand between a child and its neighbour
        return kinds is None or bool(kinds & self.unread)

    def lacks(self, kinds: frozenset[str] | None) -> bool:
        """Return whether some of the kinds that something is about are not recorded."""
        return kinds is not None and self.recorded is not None and not kinds <= self.recorded

    def _may_lack_children(self, expr: Aggregate[Any]) -> bool:
        child = self.root.children
        kinds = None if child is None else kinds_of(expr, child)[0]
        return kinds is None or bool(kinds & self.unread)

    # what is long

    def bind(self, code: str) -> str:
        """Return the variable that holds the result of the code, which is run where it is first asked for."""
        return self.late.add(self.unit.fresh("v"), code)

    def held(self, key: tuple[Any, ...]) -> Value | None:
        """Return the variable that holds the value of an expression, by its structure."""
        return self._held.get(key)

    def hold(self, key: tuple[Any, ...], value: Value) -> None:
        """Note that a variable holds the value of an expression."""
        self._held[key] = value

    def told(self, key: tuple[Any, ...], write: Callable[[], T]) -> T:
        """Return what was written under the key, written once."""
        if key not in self._told:
            self._told[key] = write()
        found: T = self._told[key]
        return found

    def write(self, lines: list[str]) -> None:
        """Add statements, and before them those that they rest on."""
        self.lines += [*self.late.needed(lines), *lines]

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return the variable that holds a fact, figure or aggregate; written on first use."""
        if isinstance(expr, AsOf):
            return Value("as_of", nullable=False)
        if isinstance(expr, Aggregate):
            found = self._gathered[structure(expr)]
            return Value(found.name, found.nullable)
        if isinstance(expr, (Figure, FigureAt)):
            self._check_twin(expr if isinstance(expr, Figure) else expr.figure)
        key = structure(expr)
        if key not in self._values:
            self._values[key] = self._written(expr)
        if isinstance(expr, Fact) and expr.definition is None:
            self.note_use(self._values[key])
        return self._values[key]

    def _written(self, expr: Expr[Any]) -> Value:
        if isinstance(expr, (Figure, FigureAt)):
            return self._in_row(expr)
        assert isinstance(expr, Fact)  # noqa: S101 - a look-around has a child's scope, checked when a rule is built
        if expr.definition is not None:
            return self._derived(expr, expr.definition)
        name = f"r_{expr.name}"
        while name in self._names:  # a plugin's fact may have the name of another
            name += "_"
        self._names.add(name)
        self.lines += load_given(self.unit, self.root, expr, "record", name)
        return Value(name, nullable=may_be_missing(self.root, expr))

    def _derived(self, expr: Fact[Any], definition: Expr[Any]) -> Value:
        value = self.value(definition)
        if value.name or isinstance(resolve(expr), Kernel):
            return value
        name = self.unit.fresh(f"f_{expr.name}_")
        if self._on_kernels(definition):
            return Value(self.late.add(name, value.code), value.nullable)
        self.write([f"{name} = {value.code}"])
        return Value(name, value.nullable)

    def _on_kernels(self, expr: Expr[Any]) -> bool:
        """Whether it rests on a kernel: what costs much is computed only where it is asked for."""
        return any(kernels_below([expr]))

    def kernel(self, expr: Kernel[Any]) -> Value:
        """Return code that calls the kernel at most once, and only where the value is asked for."""
        self.unit.bound(expr.kernel)  # refuses another kernel of that name, before the memory takes one for the other
        key = structure(expr)
        if key not in self._values:
            name = self.unit.fresh(f"k_{expr.kernel.name}_")
            self._values[key] = Value(self.late.add(name, self.kernel_call(expr)), nullable=True)
        return self._values[key]

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that an instant has not happened."""
        if isinstance(expr, Aggregate):
            return self._gathered[structure(expr)].absent
        if isinstance(expr, Fact):
            return f"{self.leaf(expr).code} is None"
        return "False"

    # figures

    def _check_twin(self, figure: Figure[Any]) -> None:
        if self._figures.setdefault(figure.name, figure).table != figure.table:
            raise InvalidRule(f"figure {figure.name!r}", "stands for two different figures", "rename one")

    def dated_by(self) -> Value:
        """Return code for the instant that picks the figures and rules in force."""
        day = self.unit.binding.figures_as_of
        if day is not None:
            us = local_midnight(day, self.unit.binding.calendar.zone)
            return Value(self.unit.literal(utc_datetime(us), ValueType.INSTANT), nullable=False)
        dated = dating(self.root)
        return Value("as_of", nullable=False) if dated is None else self.value(dated)

    def _in_row(self, expr: Figure[Any] | FigureAt[Any]) -> Value:
        """Return the variable of a figure; those of one key are looked up together, where the first is asked for."""
        figure, key = (expr, None) if isinstance(expr, Figure) else (expr.figure, key_value(self, expr))
        dated = self.dated_by()
        place = f"figures {'' if key is None else key.code}"
        if place not in self._rows:
            self._rows[place] = (FigureRow(key), dated)
            self.lines += self.late.needed([place, dated.code])
            self.lines.append(place)
        name = self.unit.fresh("g")
        self._rows[place][0].add(name, figure, self.unit.binding.figures.get(figure.name, figure.table))
        return Value(name, nullable=True)

    def figure_at(self, expr: FigureAt[Any], key: Value) -> Value:
        """Return code for a keyed figure, at a key of a child."""
        figure = expr.figure
        self._check_twin(figure)
        table = self.unit.binding.figures.get(figure.name, figure.table)
        function = self.unit.constant(look_up(self.unit, figure, table), "G")
        self.unit.figures[function] = (figure.type,)
        dated = self.dated_by()
        guards = [f"{dated.code} is not None"] if dated.nullable else []
        got, code = self.once(key)
        if key.nullable:
            guards.append(f"{got} is not None")
        else:
            code = key.code
        call = f"{function}({code}, {dated.code})"
        return Value(f"({call} if {' and '.join(guards)} else None)" if guards else call, nullable=True, name=False)

    def statements(self, rest: list[str]) -> list[str]:
        """Return all statements, the rest after those that compute facts, with whatever holds a place written out."""
        rows = {place: row.statement(self.unit, dated) for place, (row, dated) in self._rows.items()}
        lines = [*(rows.get(line, line) for line in self.lines), *rest]
        return self.unit.cleaned(self.late.written(lines))

    # aggregates

    def gather(self, exprs: Iterable[Expr[Any]]) -> None:
        """Write the loops that gather all aggregates below the expressions, those that others rest on first."""
        dated = dating_facts(self.root)
        rests = Reached(dated)
        if rests.figures or not all(kernel.by_day for kernel in rests.kernels):
            said = " and ".join(map(str, dated))
            raise InvalidRule(said, "dates figures, so it cannot rest on figures or on working time")
        found = _Below(dated)
        for expr in (*exprs, *dated):
            found.visit(expr)
        by_level: dict[int, list[Aggregate[Any]]] = {}
        for aggregate, level in found.aggregates.values():
            by_level.setdefault(level, []).append(aggregate)
        for level in sorted(by_level):
            self._loop(by_level[level])

    def _loop(self, aggregates: list[Aggregate[Any]]) -> None:
        child = self.root.children
        assert child is not None  # noqa: S101 - what an aggregate gathers over is checked by check_reach
        loop = ChildLoop(self, child)
        gathered = {
            structure(aggregate): loop.gather(aggregate, self.recorded, self.unread) for aggregate in aggregates
        }
        self.write(loop.lines())
        self._gathered |= gathered


class _Below:
    """The aggregates that expressions rest on, each with its level: above all those that it rests on itself."""

    def __init__(self, dating: tuple[Fact[Any], ...]) -> None:
        self.aggregates: dict[tuple[Any, ...], tuple[Aggregate[Any], int]] = {}
        self._dating = dating
        self._facts: dict[tuple[str, ...], int] = {}

    def visit(self, expr: Expr[Any]) -> int:
        """Note all aggregates below the expression; return the level on which it can be computed."""
        if isinstance(expr, Fact):
            return self._fact(expr)
        level = max((self.visit(operand) for operand in expr.operands), default=0)
        if isinstance(expr, (Figure, FigureAt)):  # a figure rests on its date
            level = max(level, *map(self._fact, self._dating), 0)
        if isinstance(expr, Aggregate):
            self.aggregates.setdefault(structure(expr), (expr, level))
            level += 1
        return level

    def _fact(self, fact: Fact[Any]) -> int:
        if fact.definition is None:
            return 0
        if fact.identity not in self._facts:
            self._facts[fact.identity] = self.visit(fact.definition)
        return self._facts[fact.identity]
