"""Generated Python for the pass over a record's children: every aggregate of one level is gathered in one loop.

Children are told apart by one text fact (an event: its kind). An aggregate whose condition names kinds is written into the branch of those
kinds only, so a pass costs about what a hand-written loop with ``if`` and ``elif`` costs.
"""

from __future__ import annotations

from typing import Any

import attrs

from windowservice.language.expressions import Aggregate, Const, Expr, Look, Op, structure
from windowservice.language.facts import Fact, Facts
from windowservice.language.figures import Figure, FigureAt
from windowservice.language.python_code import Level, Unit, Value, all_of
from windowservice.language.python_facts import load_given
from windowservice.language.values import ValueType

__all__ = ["ChildLoop", "Gathered", "kinds_of"]

V = ValueType


@attrs.define
class Gathered:
    """The variables of one aggregate: its value, and whether it is unknown rather than absent."""

    name: str
    unknown: str | None
    nullable: bool
    absent: str


def _conjuncts(expr: Expr[bool] | None) -> list[Expr[bool]]:
    if expr is None:
        return []
    if isinstance(expr, Op) and expr.name == "and":
        return [*_conjuncts(expr.args[0]), *_conjuncts(expr.args[1])]
    return [expr]


def _named_kinds(expr: Expr[bool], kind: str) -> frozenset[str] | None:
    """Return the kinds that a condition on the kind alone lets through; None if it is another condition."""
    if not isinstance(expr, Op) or expr.name not in ("eq", "one_of"):
        return None
    fact, words = expr.args
    if not (isinstance(fact, Fact) and fact.name == kind and isinstance(words, Const)):
        return None
    return words.value if isinstance(words.value, frozenset) else frozenset({words.value})


def kinds_of(expr: Aggregate[Any], kind: str | None) -> tuple[frozenset[str] | None, list[Expr[bool]]]:
    """Return the kinds of children that an aggregate is about (None: all), and what else it asks of them."""
    kinds: frozenset[str] | None = None
    rest = []
    for conjunct in _conjuncts(expr.where):
        named = _named_kinds(conjunct, kind) if kind is not None else None
        if named is None:
            rest.append(conjunct)
        else:
            kinds = named if kinds is None else kinds & named
    return kinds, rest


def _named_in_where(expr: Aggregate[Any], kind: str | None) -> Aggregate[Any]:
    """Return ``(kind == k).any()`` as ``true.any(where=kind == k)``, which says the same and names the kinds where they are looked for."""
    if expr.how != "any" or kind is None:
        return expr
    conjuncts = _conjuncts(expr.values[0])
    named = [conjunct for conjunct in conjuncts if _named_kinds(conjunct, kind) is not None]
    if not named:
        return expr
    value: Expr[bool] = Const(True, V.BOOL)
    for conjunct in conjuncts:
        if conjunct not in _Identity(named):
            value = conjunct if isinstance(value, Const) else value & conjunct
    where = expr.where
    for conjunct in named:
        where = conjunct if where is None else where & conjunct
    return Aggregate("any", (value,), where, expr.child)


class _Identity:
    """Membership by identity: ``==`` of two expressions would build a third."""

    def __init__(self, items: list[Expr[bool]]) -> None:
        self._ids = {id(item) for item in items}

    def __contains__(self, item: object) -> bool:
        return id(item) in self._ids


class ChildLoop(Level):
    """One loop over the children that gathers the aggregates of one level."""

    def __init__(self, unit: Unit, parent: Level, child: type[Facts], root: type[Facts]) -> None:
        super().__init__(unit)
        self.parent = parent
        self.child = child
        self.root = root
        self.setup: list[str] = []
        self.after: list[str] = []
        self._head: list[str] = []
        self._body: list[str] = []
        self._tail: list[str] = []
        self._branches: dict[str, tuple[list[str], list[str]]] = {}
        self._loaded: dict[str, Value] = {}
        self._looks: dict[tuple[Any, ...], Value] = {}
        self._branch: list[str] | None = None
        self._branch_loaded: dict[str, Value] = {}
        self._indexed = False
        self._record = "child"

    # leaves

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return code for a fact of the child, or of its parent."""
        if isinstance(expr, Fact):
            if expr.owner is None or expr.owner.root is not self.child:
                return self.parent.value(expr)
            if expr.definition is not None:
                return self.value(expr.definition)
            return self._given(expr)
        if isinstance(expr, Look):
            return self._look(expr)
        if isinstance(expr, FigureAt):
            return self.parent.figure_at(expr, self.value(expr.key))  # type: ignore[attr-defined,no-any-return]
        return self.parent.value(expr)

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that a fact of the child has not happened."""
        if isinstance(expr, Fact) and expr.definition is None and expr.owner is not None and expr.owner.root is self.child:
            return f"{self._given(expr).code} is None"
        if isinstance(expr, (Look, Figure, FigureAt)):
            return "False"
        return self.parent.absence(expr)

    def _given(self, expr: Fact[Any]) -> Value:
        key = f"{self._record}.{expr.name}"
        if key not in self._loaded and key not in self._branch_loaded:
            name = f"{'n' if self._record == 'following' else 'c'}_{expr.name}"
            loads = load_given(self.unit, self.child, expr, self._record, name)
            target, loaded = (self._head, self._loaded) if self._branch is None else (self._branch, self._branch_loaded)
            target += loads
            loaded[key] = Value(name, nullable=not expr.required)
        return self._loaded.get(key) or self._branch_loaded[key]

    # look-around

    def _look(self, expr: Look[Any]) -> Value:
        key = structure(expr)
        if key not in self._looks:
            branch, self._branch = self._branch, None  # neighbours are kept at every child, so their facts are loaded for every child
            self._looks[key] = getattr(self, f"_look_{expr.how}")(expr)
            self._branch = branch
        return self._looks[key]

    def _look_previous(self, expr: Look[Any]) -> Value:
        name = self.unit.fresh("p")
        self.setup.append(f"{name} = None")
        self._tail += self._guarded(expr.where, [f"{name} = {self.value(expr.value).code}"], f"{name} = None")
        return Value(name, nullable=True)

    def _look_latest(self, expr: Look[Any]) -> Value:
        name = self.unit.fresh("p")
        self.setup.append(f"{name} = None")
        lines = self._guarded(expr.where, [f"{name} = {self.value(expr.value).code}"], f"{name} = None")
        self._body += lines
        return Value(name, nullable=True)

    def _look_seen_before(self, expr: Look[Any]) -> Value:
        name = self.unit.fresh("s")
        value = self.value(expr.value)
        self.setup.append(f"{name} = set()")
        self._tail += self._guarded(expr.where, [f"{name}.add({value.code})"])
        if not value.nullable:
            return Value(f"({value.code} in {name})", nullable=False, name=False)
        return Value(f"(None if {value.code} is None else {value.code} in {name})", nullable=True, name=False)

    def _look_next(self, expr: Look[Any]) -> Value:
        self._indexed = True
        before, self._record = self._record, "following"
        head, self._head = self._head, []
        value = self.value(expr.value)
        lines, self._head, self._record = self._head, head, before
        name = self.unit.fresh("p")
        self._body += [f"{name} = None", "if following is not None:", *(f"    {line}" for line in [*lines, f"{name} = {value.code}"])]
        return Value(name, nullable=True)

    # aggregates

    def gather(self, expr: Aggregate[Any], recorded: frozenset[str] | None) -> Gathered:
        """Write the aggregate into the loop; return its variables."""
        expr = _named_in_where(expr, self.child.options.kind)
        kinds, rest = kinds_of(expr, self.child.options.kind)
        missing = kinds is not None and recorded is not None and bool(kinds - recorded)
        if missing and (expr.how not in ("first", "any") or not (kinds & recorded)):  # type: ignore[operator]
            return Gathered("None", None, nullable=True, absent="False")
        name = self.unit.fresh("a")
        where = None
        for conjunct in rest:
            where = conjunct if where is None else where & conjunct
        unknown = self.unit.fresh("u")
        self._branch, self._branch_loaded = (None if kinds is None else []), {}
        lines, start, may_be_unknown = self._update(expr, where, name, unknown)
        loads, self._branch, self._branch_loaded = self._branch or [], None, {}
        self.setup.append(f"{name} = {start}")
        if may_be_unknown:
            self.setup.append(f"{unknown} = False")
            self.after += self._settle(expr.how, name, unknown)
        if kinds is None:
            self._body += lines
        else:
            for kind in sorted(kinds):
                branch = self._branches.setdefault(kind, ([], []))
                branch[0].extend(load for load in loads if load not in branch[0])
                branch[1].extend(lines)
        absent = f"{name} is None" if not missing else "False"
        if may_be_unknown:
            absent = all_of((absent, f"not {unknown}"))
        if missing and expr.how == "any":
            self.after.append(f"{name} = {name} or None")
        nullable = may_be_unknown or missing or expr.how in ("first", "last", "min", "max")
        return Gathered(name, unknown if may_be_unknown else None, nullable, absent)

    def _settle(self, how: str, name: str, unknown: str) -> list[str]:
        if how == "any":
            return [f"if {unknown} and not {name}:", f"    {name} = None"]
        if how == "all":
            return [f"if {unknown} and {name}:", f"    {name} = None"]
        return [f"if {unknown}:", f"    {name} = None"]

    def _guarded(self, where: Expr[bool] | None, then: list[str], otherwise: str | None = None) -> list[str]:
        """Return statements that act where the condition holds, and note where it is unknown."""
        if where is None:
            return then
        true, false = self.true(where), self.false(where)
        lines = [f"if {true.code}:", *(f"    {line}" for line in then)]
        if otherwise is not None and not true.complete:
            lines += [f"elif not {false.code}:", f"    {otherwise}"]
        return lines

    def _update(self, expr: Aggregate[Any], where: Expr[bool] | None, name: str, unknown: str) -> tuple[list[str], str, bool]:
        """Return the statements for one child, the start value, and whether the result may be unknown."""
        unsure = where is not None and not self.true(where).complete
        note = f"{unknown} = True"
        if expr.how == "count":
            return self._guarded(where, [f"{name} += 1"], note), "0", unsure
        if expr.how in ("any", "all"):
            return self._update_truth(expr, where, name, note, unsure=unsure)
        if expr.how == "collect":
            row = "".join(f"{self.value(value).code}, " for value in expr.values)
            return self._guarded(where, [f"{name} = (*{name}, ({row}))"], note), "()", unsure
        value = self.value(expr.values[0])
        if expr.how == "first":
            return self._update_first(value, where, name, unknown, unsure=unsure)
        if expr.how == "last":
            settled = [f"{name} = {value.code}"]
            if value.nullable:
                settled.append(f"{unknown} = {name} is None")
            elif unsure:
                settled.append(f"{unknown} = False")
            return self._guarded(where, settled, note), "None", unsure or value.nullable
        got, code = self._once(value)
        step = {
            "sum": [f"{name} += {code}"],
            "min": [f"if {name} is None or {code} < {name}:", f"    {name} = {code}"],
            "max": [f"if {name} is None or {code} > {name}:", f"    {name} = {code}"],
            "union": [f"{name} = {name} | {code}" if expr.values[0].type is V.TEXTS else f"{name} = {name} | {{{code}}}"],
        }[expr.how]
        if value.nullable:
            step = [f"if {got} is None:", f"    {note}", "else:", *(f"    {line}" for line in step)]
        elif not value.name:
            step = [f"{code} = {value.code}", *step]
        start = {"sum": self._zero(expr.type), "union": "frozenset()"}.get(expr.how, "None")
        return self._guarded(where, step, note), start, unsure or value.nullable

    def _zero(self, kind: ValueType) -> str:
        from datetime import timedelta

        return self.unit.constant(timedelta(0)) if kind is V.SPAN and self.unit.stored == "datetime" else "0"

    def _update_first(
        self, value: Value, where: Expr[bool] | None, name: str, unknown: str, *, unsure: bool
    ) -> tuple[list[str], str, bool]:
        take = [f"{name} = {value.code}"]
        if value.nullable:
            take.append(f"{unknown} = {name} is None")
        open_still = f"{name} is None" if not (unsure or value.nullable) else f"{name} is None and not {unknown}"
        lines = self._guarded(where, take, f"{unknown} = True")
        return [f"if {open_still}:", *(f"    {line}" for line in lines)], "None", unsure or value.nullable

    def _update_truth(
        self, expr: Aggregate[Any], where: Expr[bool] | None, name: str, note: str, *, unsure: bool
    ) -> tuple[list[str], str, bool]:
        value = expr.values[0]
        decisive = self.true(value) if expr.how == "any" else self.false(value)
        harmless = self.false(value) if expr.how == "any" else self.true(value)
        result = "True" if expr.how == "any" else "False"
        step = [f"if {decisive.code}:", f"    {name} = {result}"]
        if not decisive.complete:
            step += [f"elif not {harmless.code}:", f"    {note}"]
        if where is None:
            lines = step
        else:
            lines = self._guarded(where, step)
            if unsure:  # a child that may or may not count leaves the result open, unless its value could not matter
                lines += [f"elif not {self.false(where).code} and not {harmless.code}:", f"    {note}"]
        return lines, "False" if expr.how == "any" else "True", unsure or not decisive.complete

    # the loop

    def lines(self, children: str) -> list[str]:
        """Return the statements of the whole loop."""
        options = self.child.options
        kind_fact = self.child.given[options.kind] if options.kind else None
        hidden: list[str] = []
        if options.happens:
            at = self._given(self.child.given[options.happens])
            stop = "break" if options.sorted else "continue"
            test = f"{at.code} > as_of" if not at.nullable else f"{at.code} is not None and {at.code} > as_of"
            hidden = [f"if {test}:", f"    {stop}"]
        dispatch: list[str] = []
        if self._branches and kind_fact is not None:
            kind = self._given(kind_fact).code
            for word, (loads, lines) in sorted(self._branches.items()):
                known = [load for load in loads if load not in self._head]
                dispatch += [f"{'elif' if dispatch else 'if'} {kind} == {word!r}:", *(f"    {line}" for line in [*known, *lines])]
        inner = [*self._head, *hidden, *self._body, *dispatch, *self._tail]
        if not (self._body or dispatch or self._tail):
            return [*self.setup]
        head = f"for child in {children}:"
        if self._indexed:
            self.setup.append(f"neighbours = tuple({children})")
            head = "for child, following in zip(neighbours, (*neighbours[1:], None)):"
            if options.happens:
                inner = self._visible_next(options.happens, inner)
        return [*self.setup, head, *(f"    {line}" for line in inner), *self.after]

    def _visible_next(self, happens: str, inner: list[str]) -> list[str]:
        fact = self.child.given[happens]
        loads = load_given(self.unit, self.child, fact, "following", "n_when")
        return [
            "if following is not None:",
            *(f"    {line}" for line in loads),
            "    if n_when is not None and n_when > as_of:",
            "        following = None",
            *inner,
        ]
