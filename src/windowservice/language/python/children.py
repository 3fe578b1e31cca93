"""Generated Python for the pass over a record's children: every aggregate of one level is gathered in one loop.

Children are told apart by one text fact (an event: its kind). An aggregate whose condition names kinds is written
into the branch of those kinds only, so a pass costs about what a hand-written loop with ``if`` and ``elif`` costs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import attrs

from windowservice.language.analysis.check import is_searched
from windowservice.language.analysis.kinds import kinds_looked_for, kinds_of, only_kinds
from windowservice.language.analysis.visible import begin_facts
from windowservice.language.python.code import Level
from windowservice.language.python.deadlines import absence
from windowservice.language.python.facts import children_code, later_code, load_given, may_be_missing
from windowservice.language.python.figures import key_value
from windowservice.language.python.gather import Gathered, gathering
from windowservice.language.python.unit import Value, all_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import operation, structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.nodes import Aggregate, AsOf, Here, Look
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.python.record import RecordLevel

__all__ = ["ChildLoop", "indented"]

T = TypeVar("T")
_MOST_TESTS: Final = 5
_END: Final = 1 << 62
"""A place behind all children."""


def indented(lines: list[str]) -> list[str]:
    """Return the statements one step further in; some are several lines."""
    return ["    " + line.replace("\n", "\n    ") for line in lines]


class _Branch:
    """What is done for the children of one kind: facts loaded, then statements, then what the next child sees."""

    def __init__(self) -> None:
        self.loads: list[str] = []
        self.lines: list[str] = []
        self.tail: list[str] = []


class _Kept(NamedTuple):
    """What is kept of a child: of those of some kinds, if that is all that is asked; and the whole statements."""

    kinds: frozenset[str] | None
    then: list[str]
    lines: list[str]


@attrs.define
class _At:
    """The child that code speaks of: its variable, its place among the children, and what is loaded of it.

    Attributes:
        record: the variable that holds the child.
        place: the variable that holds its place.
        letters: what the variables of its facts begin with.
        loads: the statements that load them.
        loaded: what is held in variables.
        looking: the child that looks at this one; None of the child of the loop.
    """

    record: str
    place: str
    letters: str
    loads: list[str]
    loaded: dict[Any, Value]
    looking: _At | None = None


class ChildLoop(Level):
    """One loop over the children that gathers the aggregates of one level."""

    def __init__(self, parent: RecordLevel, child: type[Facts]) -> None:
        super().__init__(parent.unit)
        self.parent = parent
        self.child = child
        self._setup: list[str] = []
        self._body: list[str] = []  # done for every child
        self._tail: list[_Kept] = []  # what the next child sees of this one, kept last
        self._after: list[str] = []
        self._branches: dict[str, _Branch] = {}
        self._head = self._at = _At("child", "place", "c", [], {})  # facts loaded for every child
        self._of_kinds: dict[frozenset[str], dict[Any, Value]] = {}
        self._looks: dict[tuple[Any, ...], Value] = {}
        self._names: dict[str, Fact[Any]] = {}
        self._searches = False
        self._children = children_code(self.unit, parent.root)

    # what is long

    def bind(self, code: str) -> str:
        """Return the variable that holds the result of the code for this child."""
        name = self.unit.fresh("v")
        self._write(f"{name} = {code}")
        return name

    def _write(self, line: str) -> None:
        (self._body if self._at is self._head else self._at.loads).append(line)

    def held(self, key: tuple[Any, ...]) -> Value | None:
        """Return the variable that holds the value of an expression for this child, by its structure."""
        return self._at.loaded.get(key)

    def hold(self, key: tuple[Any, ...], value: Value) -> None:
        """Note that a variable holds the value of an expression."""
        self._at.loaded[key] = value

    # leaves

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return code for a fact of the child, or of its parent."""
        if isinstance(expr, Here):
            return self._there(self.value, expr.value)
        if isinstance(expr, Look):
            return self._look(expr)
        if isinstance(expr, FigureAt) and expr.scope is self.child:
            return self.parent.figure_at(expr, key_value(self, expr))
        if isinstance(expr, Fact) and expr.scope is self.child:
            return self._given(expr) if expr.definition is None else self.value(expr.definition)
        return self.parent.value(expr)

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that a fact of the child, or what it looks for, has not happened."""
        if isinstance(expr, Here):
            return self._there(lambda value: absence(self, value), expr.value)
        if isinstance(expr, Look):
            return self._nothing(expr)
        if isinstance(expr, Fact) and expr.scope is self.child:
            return "False" if self.is_doubtful(expr) else f"{self._given(expr).code} is None"
        if isinstance(expr, (Figure, FigureAt, AsOf)):
            return "False"
        return self.parent.absence(expr)

    def _given(self, expr: Fact[Any]) -> Value:
        at, name = self._at, self._name_of(expr)
        if name not in at.loaded:
            at.loads += load_given(self.unit, self.child, expr, at.record, name)
            at.loaded[name] = Value(name, nullable=may_be_missing(self.child, expr))
        self.note_use(at.loaded[name])
        return at.loaded[name]

    def _name_of(self, expr: Fact[Any]) -> str:
        """Return the variable of a given fact; facts of one name that two vocabularies declare get two."""
        name = f"{self._at.letters}_{expr.name}"
        while self._names.setdefault(name, expr).identity != expr.identity:
            name += "_"
        return name

    def is_doubtful(self, expr: Expr[Any]) -> bool:
        """Return whether a missing value may be missing because a row could not be read; then it proves nothing."""
        return self.parent.is_doubtful(expr)

    def _speaking_of(self, at: _At, write: Callable[[], T]) -> T:
        """Return what is written about another child."""
        before, self._at = self._at, at
        found = write()
        self._at = before
        return found

    def _there(self, write: Callable[[Expr[Any]], T], value: Expr[Any]) -> T:
        """Return what is written about a value at the child that looks."""
        looking = self._at.looking
        assert looking is not None  # noqa: S101 - refused when the expression is built
        return self._speaking_of(looking, lambda: write(value))

    # look-around

    def _look(self, expr: Look[Any]) -> Value:
        if self.parent.may_look_past(expr):
            return Value("None", nullable=True)
        key = structure(expr)
        if self._is_searched(expr):
            if ("look", key) not in self._at.loaded:
                self._search(expr, key)
            return self._at.loaded["look", key]
        if key not in self._looks:
            # neighbours are kept at every child, so their facts are loaded at every child, not in a branch
            write = getattr(self, f"_look_{expr.how}")
            self._looks[key] = self._speaking_of(self._head, lambda: write(expr))
        return self._looks[key]

    def _nothing(self, expr: Look[Any]) -> str:
        """Return the condition that there is certainly no neighbour to see."""
        if self.parent.may_look_past(expr) or expr.how == "seen_before":
            return "False"
        value, key = self._look(expr), structure(expr)
        if self._is_searched(expr):
            return self._at.loaded["nothing", key].code
        if ("nothing", key) not in self._looks:
            self._looks["nothing", key] = self._speaking_of(self._head, lambda: self._nothing_kept(expr, value))
        return self._looks["nothing", key].code

    def _nothing_kept(self, expr: Look[Any], seen: Value) -> Value:
        if self._is_sure(expr):
            return Value(f"{seen.code} is None", nullable=False, name=False)
        name = self.unit.fresh("n")
        self._setup.append(f"{name} = True")
        if expr.how == "previous":
            self._keep(expr.which, [f"{name} = False"], [f"{name} = False"])
        else:
            self._body += self.guarded(expr.which, [f"{name} = False"], [f"{name} = False"])
        return Value(name, nullable=False)

    def _is_sure(self, expr: Look[Any]) -> bool:
        """Return whether a neighbour that is found is found for certain, and with its value."""
        return not self.value(expr.value).nullable and (expr.which is None or self.true(expr.which).complete)

    # neighbours searched one by one

    def _is_searched(self, expr: Look[Any]) -> bool:
        return self._at.looking is not None or expr.how == "next" or is_searched(expr)

    def _search(self, expr: Look[Any], key: tuple[Any, ...]) -> None:
        """Write a loop over the neighbours, nearest first."""
        at, children = self._at, self._children
        name, place, record = (self.unit.fresh(letters) for letters in ("p", "at", "other"))
        other = _At(record, place, self.unit.fresh("o"), [], {}, at)
        write = self._same if expr.how == "seen_before" else self._nearest
        ahead = at.looking is None and expr.how == "next" and expr.which is not None and not is_searched(expr)
        upto = self.unit.fresh("upto") if ahead else ""
        start, lines, nothing = write(expr, name, other, [f"{upto} = {place}"] if ahead else [])
        steps = {"next": f"{at.place} + 1, len({children})", "latest": f"{at.place}, -1, -1"}
        loop = [
            f"for {place} in range({steps.get(expr.how, f'{at.place} - 1, -1, -1')}):",
            f"    {record} = {children}[{place}]",
        ]
        whole = [*start, *loop, *indented([*other.loads, *lines])]
        if ahead:  # what lies ahead of one child lies ahead of those after it, until they have come to it
            self._setup += [f"{upto} = -1", *start]
            whole = [f"if {upto} <= {at.place}:", f"    {upto} = {_END}", *indented(whole)]
        self._write("\n".join(whole))
        self._searches = True
        at.loaded["look", key] = Value(name, nullable=True)
        at.loaded["nothing", key] = Value(nothing, nullable=False)

    def _nearest(self, expr: Look[Any], name: str, other: _At, seen: list[str]) -> tuple[list[str], list[str], str]:
        """Return statements before a search and for each neighbour, and the condition that none was found."""
        which = expr.which

        def write() -> tuple[list[str], list[str], str]:
            hidden, value = self._hidden(), self.value(expr.value)
            start, found = [f"{name} = None"], [f"{name} = {value.code}", *seen, "break"]
            if self._is_sure(expr):
                return start, [*hidden, *self.guarded(which, found)], f"{name} is None"
            gone = self.unit.fresh("n")
            there = f"{gone} = False"
            lines = self.guarded(which, [there, *found], [there, *seen, "break"])
            return [*start, f"{gone} = True"], [*hidden, *lines], gone

        return self._speaking_of(other, write)

    def _same(self, expr: Look[Any], name: str, other: _At, _seen: list[str]) -> tuple[list[str], list[str], str]:
        """Return statements that look for a neighbour with the same value: none, surely one, or perhaps one."""
        value, alike = self.value(expr.value), operation("eq", expr.value, Here(expr.value))
        which = alike if expr.which is None else operation("and", expr.which, alike)
        nothing = "None" if self.parent.lacks(kinds_looked_for(expr, self.child)) else "False"
        start = f"{name} = None if {value.code} is None else {nothing}" if value.nullable else f"{name} = {nothing}"
        lines = self._speaking_of(
            other,
            lambda: [*self._hidden(), *self.guarded(which, [f"{name} = True", "break"], [f"{name} = None"])],
        )
        return [start], lines, "False"

    def _keep(self, where: Expr[bool] | None, then: list[str], unknown: list[str]) -> None:
        """Keep something for the children to come, before what it may rest on is overwritten."""
        self._tail.insert(0, _Kept(only_kinds(where, self.child), then, self.guarded(where, then, unknown)))

    def _look_previous(self, expr: Look[Any]) -> Value:
        name = self.unit.fresh("p")
        self._setup.append(f"{name} = None")
        self._keep(expr.which, [f"{name} = {self.value(expr.value).code}"], [f"{name} = None"])
        return Value(name, nullable=True)

    def _look_latest(self, expr: Look[Any]) -> Value:
        name = self.unit.fresh("p")
        self._setup.append(f"{name} = None")
        self._body += self.guarded(expr.which, [f"{name} = {self.value(expr.value).code}"], [f"{name} = None"])
        return Value(name, nullable=True)

    def _look_seen_before(self, expr: Look[Any]) -> Value:
        """Return code that is true if the value was seen, unknown if it may have been, else false."""
        value = self.value(expr.value)
        got, name = self.once(value)
        seen, maybe, unsure = self.unit.fresh("s"), self.unit.fresh("m"), self.unit.fresh("u")
        doubtful = expr.which is not None and not self.true(expr.which).complete
        self._setup.append(f"{seen} = set()")
        keep, keep_maybe = [f"{seen}.add({got})"], [f"{maybe}.add({got})"]
        tests = []
        if value.nullable:
            self._setup.append(f"{unsure} = False")
            keep, keep_maybe = (
                [f"if {got} is None:", f"    {unsure} = True", "else:", f"    {known}.add({name})"]
                for known in (seen, maybe)
            )
            tests.append(unsure)
        if doubtful:
            self._setup.append(f"{maybe} = set()")
            tests.append(f"{name} in {maybe}")
        self._keep(expr.which, keep, keep_maybe)
        if self.parent.lacks(kinds_looked_for(expr, self.child)):
            tests = ["True"]
        rest = f"None if {' or '.join(tests)} else False" if tests else "False"
        found = f"True if {name if value.nullable else got} in {seen} else {rest}"
        if value.nullable:
            return Value(f"(None if {got} is None else {found})", nullable=True, name=False)
        return Value(f"({found})", nullable=bool(tests), name=False)

    # aggregates

    def gather(
        self, expr: Aggregate[Any], recorded: frozenset[str] | None, unread: frozenset[str] = frozenset()
    ) -> Gathered:
        """Write the aggregate into the loop; return its variables."""
        kinds, expr = kinds_of(expr, self.child)
        unrecorded = kinds is not None and recorded is not None and not kinds <= recorded
        if unread if kinds is None else kinds & unread:
            if expr.how not in ("any", "all"):  # one that could not be read may be the first, or one more
                return Gathered("None", nullable=True, absent="False")
            unrecorded = True
        elif unrecorded and (expr.how not in ("first", "any", "all") or not kinds & recorded):  # type: ignore[operator]
            return Gathered("None", nullable=True, absent="False")
        branch = _Branch()
        if kinds is not None:
            held = self._of_kinds.setdefault(kinds, dict(self._head.loaded))
            self._at = attrs.evolve(self._head, loads=branch.loads, loaded=held)
        found = gathering(self, expr, unrecorded=unrecorded)
        self._at = self._head
        self._setup += found.setup
        self._after += found.after
        if kinds is None:
            self._body += found.lines
        else:
            for kind in sorted(kinds):
                there = self._branches.setdefault(kind, _Branch())
                there.loads += [load for load in branch.loads if load not in there.loads]
                there.lines += found.lines
        return found.gathered

    def guarded(self, where: Expr[bool] | None, then: list[str], unknown: list[str] | None = None) -> list[str]:
        """Return statements that act where the condition holds, and others where it is unknown."""
        if where is None:
            return then
        true = self.true(where)
        lines = [f"if {true.code}:", *indented(then)]
        if unknown is not None and not true.complete:
            lines += [f"elif not {self.false(where).code}:", *indented(unknown)]
        return lines

    # the loop

    def lines(self) -> list[str]:
        """Return the statements of the whole loop."""
        hidden = self._hidden()
        while self._tail and (kinds := self._tail[0].kinds) is not None:  # in front of all that rests on what is kept
            kept = self._tail.pop(0)
            for word in sorted(kinds):
                self._branches.setdefault(word, _Branch()).tail += kept.then
        dispatch: list[str] = []
        if self._branches:
            kind = self._given(self.child.given[str(self.child.options.kind)])
            dispatch = self._dispatched(kind, sorted(self._branches.items()))
        inner = [*self._body, *dispatch, *(line for kept in self._tail for line in kept.lines)]
        if not inner:
            return [*self._setup, *self._after]
        each = f"place, child in enumerate({self._children})" if self._searches else f"child in {self._children}"
        loop = [f"for {each}:", *indented([*self._head.loads, *hidden, *inner])]
        return [line for part in (*self._setup, *loop, *self._after) for line in part.split("\n")]

    def _dispatched(self, kind: Value, branches: list[tuple[str, _Branch]]) -> list[str]:
        """Return statements that find the branch of a kind: a long row of tests is halved by order first."""
        if len(branches) > _MOST_TESTS and not kind.nullable:
            middle = len(branches) // 2
            lower, upper = (self._dispatched(kind, part) for part in (branches[:middle], branches[middle:]))
            return [f"if {kind.code} < {branches[middle][0]!r}:", *indented(lower), "else:", *indented(upper)]
        lines: list[str] = []
        for word, branch in branches:
            loads = [load for load in branch.loads if load not in self._head.loads]
            lines += [
                f"{'elif' if lines else 'if'} {kind.code} == {word!r}:",
                *indented([*loads, *branch.lines, *branch.tail]),
            ]
        return lines

    def _hidden(self) -> list[str]:
        """Return statements that pass over a child that happens after ``as_of``."""
        lines: list[str] = []
        for fact in begin_facts(self.child):
            at = self._given(fact)
            if fact.type is ValueType.DATE:
                self.unit.use(at.code)
            known = [f"{at.code} is not None"] if at.nullable else []
            later = later_code(self.unit, self.child, fact, at.code, self._at.record)
            # not `break`: what is known by its date is seen once that begins, and may stand behind what is not seen yet
            lines += [f"if {all_of([*known, later])}:", "    continue"]
        return lines
