"""Generated Python for the pass over a record's children: every aggregate of one level is gathered in one loop.

Children are told apart by one text fact (an event: its kind). An aggregate whose condition names kinds is written
into the branch of those kinds only, so a pass costs about what a hand-written loop with ``if`` and ``elif`` costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.language.analysis.kinds import kinds_looked_for, kinds_of, only_kinds
from windowservice.language.analysis.visible import begin_facts
from windowservice.language.python.code import Level
from windowservice.language.python.facts import later_code, load_given, may_be_missing
from windowservice.language.python.figures import key_value
from windowservice.language.python.gather import Gathered, gathering
from windowservice.language.python.unit import Value, all_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.nodes import Aggregate, AsOf, Look
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.python.record import RecordLevel

__all__ = ["ChildLoop", "indented"]

_MOST_TESTS: Final = 5


def indented(lines: list[str]) -> list[str]:
    """Return the statements one step further in."""
    return [f"    {line}" for line in lines]


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


class ChildLoop(Level):
    """One loop over the children that gathers the aggregates of one level."""

    def __init__(self, parent: RecordLevel, child: type[Facts]) -> None:
        super().__init__(parent.unit)
        self.parent = parent
        self.child = child
        self._setup: list[str] = []
        self._head: list[str] = []  # facts loaded for every child
        self._body: list[str] = []  # done for every child
        self._tail: list[_Kept] = []  # what the next child sees of this one, kept last
        self._after: list[str] = []
        self._branches: dict[str, _Branch] = {}
        self._loaded_in_head: dict[Any, Value] = {}
        self._loads, self._loaded = self._head, self._loaded_in_head
        self._looks: dict[tuple[Any, ...], Value] = {}
        self._names: dict[str, Fact[Any]] = {}
        self._record = "child"
        self._sees_next = False

    # what is long

    def bind(self, code: str) -> str:
        """Return the variable that holds the result of the code for this child."""
        name = self.unit.fresh("v")
        (self._body if self._loads is self._head else self._loads).append(f"{name} = {code}")
        return name

    def held(self, key: tuple[Any, ...]) -> Value | None:
        """Return the variable that holds the value of an expression for this child, by its structure."""
        return self._loaded.get(key)

    def hold(self, key: tuple[Any, ...], value: Value) -> None:
        """Note that a variable holds the value of an expression."""
        self._loaded[key] = value

    # leaves

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return code for a fact of the child, or of its parent."""
        if isinstance(expr, Look):
            return self._look(expr)
        if isinstance(expr, FigureAt) and expr.scope is self.child:
            return self.parent.figure_at(expr, key_value(self, expr))
        if isinstance(expr, Fact) and expr.scope is self.child:
            return self._given(expr) if expr.definition is None else self.value(expr.definition)
        return self.parent.value(expr)

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that a fact of the child has not happened."""
        if isinstance(expr, Fact) and expr.scope is self.child:
            return "False" if self.is_doubtful(expr) else f"{self._given(expr).code} is None"
        if isinstance(expr, (Look, Figure, FigureAt, AsOf)):
            return "False"
        return self.parent.absence(expr)

    def _given(self, expr: Fact[Any]) -> Value:
        name = self._name_of(expr)
        if name not in self._loaded:
            self._loads += load_given(self.unit, self.child, expr, self._record, name)
            self._loaded[name] = Value(name, nullable=may_be_missing(self.child, expr))
        self.note_use(self._loaded[name])
        return self._loaded[name]

    def _name_of(self, expr: Fact[Any]) -> str:
        """Return the variable of a given fact; facts of one name that two vocabularies declare get two."""
        name = f"{'n' if self._record == 'following' else 'c'}_{expr.name}"
        while self._names.setdefault(name, expr).identity != expr.identity:
            name += "_"
        return name

    def is_doubtful(self, expr: Expr[Any]) -> bool:
        """Return whether a missing value may be missing because a row could not be read; then it proves nothing."""
        return self.parent.is_doubtful(expr)

    # look-around

    def _look(self, expr: Look[Any]) -> Value:
        if self.parent.may_look_past(expr):
            return Value("None", nullable=True)
        key = structure(expr)
        if key not in self._looks:
            # neighbours are kept at every child, so their facts are loaded at every child, not in a branch
            loads, loaded = self._loads, self._loaded
            if loads is not self._head:
                self._loads, self._loaded = self._head, self._loaded_in_head
            self._looks[key] = getattr(self, f"_look_{expr.how}")(expr)
            self._loads, self._loaded = loads, loaded
        return self._looks[key]

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

    def _look_next(self, expr: Look[Any]) -> Value:
        self._sees_next = True
        name = self.unit.fresh("p")
        head, loaded, self._record = (self._loads, self._loaded, "following")
        self._loads, self._loaded = [], {}
        value = self.value(expr.value)
        lines = [*self._loads, f"{name} = {value.code}"]
        self._loads, self._loaded, self._record = head, loaded, "child"
        self._body += [f"{name} = None", "if following is not None:", *indented(lines)]
        return Value(name, nullable=True)

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
            self._loads, self._loaded = branch.loads, dict(self._loaded_in_head)
        found = gathering(self, expr, unrecorded=unrecorded)
        self._loads, self._loaded = self._head, self._loaded_in_head
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

    def lines(self, children: str) -> list[str]:
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
        if self._sees_next:
            return [*self._setup, *self._over_pairs(children, inner, hidden), *self._after]
        loop = [f"for child in {children}:", *indented([*self._head, *hidden, *inner])]
        return [*self._setup, *loop, *self._after]

    def _dispatched(self, kind: Value, branches: list[tuple[str, _Branch]]) -> list[str]:
        """Return statements that find the branch of a kind: a long row of tests is halved by order first."""
        if len(branches) > _MOST_TESTS and not kind.nullable:
            middle = len(branches) // 2
            lower, upper = (self._dispatched(kind, part) for part in (branches[:middle], branches[middle:]))
            return [f"if {kind.code} < {branches[middle][0]!r}:", *indented(lower), "else:", *indented(upper)]
        lines: list[str] = []
        for word, branch in branches:
            loads = [load for load in branch.loads if load not in self._head]
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
            later = later_code(self.unit, self.child, fact, at.code, "child")
            # not `break`: what is known by its date is seen once that begins, and may stand behind what is not seen yet
            lines += [f"if {all_of([*known, later])}:", "    continue"]
        return lines

    def _over_pairs(self, children: str, inner: list[str], hidden: list[str]) -> list[str]:
        """Return a loop in which each child knows the next one that is visible."""
        visible, lines = children, []
        if hidden:
            visible = self.unit.fresh("v")
            lines = [f"{visible} = []", f"for child in {children}:"]
            lines += indented([*self._head, *hidden, f"{visible}.append(child)"])
        pairs = f"zip({visible}, (*{visible}[1:], None))"
        return [*lines, f"for child, following in {pairs}:", *indented([*self._head, *inner])]
