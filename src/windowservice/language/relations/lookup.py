"""A fact of another record: which one it is, by its keys and by when it was, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import attrs

from windowservice.asked import told
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.errors import InvalidRule, TypeMismatch, UnknownName
from windowservice.language.analysis.check import may_wait, moves
from windowservice.language.analysis.digest import Reached
from windowservice.language.analysis.visible import begin_facts
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import choose, constant, words_of
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Given, relation_of
from windowservice.language.tree.scope import Over, scope_name
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.tree.facts import Facts

__all__ = [
    "Counted",
    "Filled",
    "Looked",
    "Lookup",
    "in_tables",
    "lookups_below",
    "lookups_of",
    "rests_on",
    "types_below",
]

T = TypeVar("T")
V = ValueType
_TIMES: Final = (V.INSTANT, V.DATE)
_NO_CELL: Final = (V.SPAN, V.WORK, V.RATIO, V.LIMIT)


def _exprs(said: Mapping[str, Any]) -> Mapping[str, Expr[Any]]:
    return FrozenMapping[str, Expr[Any]](
        {name: value if isinstance(value, Expr) else constant(value) for name, value in said.items()}
    )


@told
@attrs.frozen(eq=False)
class Lookup(Generic[T]):
    """A fact of one other record; ``ws.fact(ws.Lookup(...), "...")`` declares it.

    It is told from a ledger, as of the instant judged. If no record answers, nothing is found: the fact has not
    happened. If two answer, or one that cannot be told may be the answer, it is unknown; so it is of a table that the
    ledger lacks. A record never answers for itself. A record in hand states the fact itself.

    Attributes:
        value: what is wanted of the other record, an expression over it.
        on: facts of the other record, by name, each with what it has to be: an expression over this record, or a
            constant.
        last_before: an instant or date of this record; the last other one before it answers.
        first_after: an instant or date of this record; the first other one after it answers.
        where: which other records can answer; every one if None.
        at: when the other record was; if None, the instant from which it is seen (``happens=``).
    """

    value: Expr[T]
    on: Mapping[str, Expr[Any]] = attrs.field(factory=dict, converter=_exprs)
    last_before: Expr[Any] | None = attrs.field(default=None, kw_only=True)
    first_after: Expr[Any] | None = attrs.field(default=None, kw_only=True)
    where: Expr[bool] | None = attrs.field(default=None, kw_only=True)
    at: Expr[Any] | None = attrs.field(default=None, kw_only=True)

    def as_fact(self, title: str, unit: str | None) -> Looked[T]:
        """Return the fact of a record whose value is looked up."""
        if self.value.type in (V.CLOCK, V.ROWS):
            problem = f"looks up {self.value}, which is a {self.value.type}"
            raise InvalidRule(f"the fact {title!r}", problem, "look up a part of it, such as its .due")
        words = tuple(sorted(words_of(self.value)))
        return _looked(self, title, self.value.type, self.value.unit if unit is None else unit, words)

    @property
    def of(self) -> type[Facts]:
        """The type of the records that are looked up."""
        found: Any = self.value.scope
        return found  # type: ignore[no-any-return]  # checked when the class of the fact is complete

    @property
    def order(self) -> Expr[Any] | None:
        """The instant or date of this record, before or after which the other one was; None if it asks for neither."""
        return self.first_after if self.last_before is None else self.last_before

    @property
    def time(self) -> Expr[Any] | None:
        """When the other record was, if that is asked."""
        if self.order is None or self.at is not None:
            return self.at
        begin = [one for one in begin_facts(self.of) if one.type is self.order.type]
        return begin[0] if len(begin) == 1 else None

    @property
    def theirs(self) -> list[Expr[Any]]:
        """What is asked of the other records: the value, the keys, when they were, and whether they can answer."""
        keys = [self.of.given[name] for name in self.on]
        return [self.value, *keys, *(one for one in (self.time, self.where) if one is not None)]

    @property
    def ours(self) -> list[Expr[Any]]:
        """What is asked of the record whose fact it is: the keys, and before or after when."""
        return [*self.on.values(), *([] if self.order is None else [self.order])]

    def exprs(self) -> list[tuple[str, Expr[Any]]]:
        """All expressions by which a record is looked up, each with what it says."""
        named = [("value", self.value), ("where", self.where), ("at", self.time)]
        ours = [*self.on.items(), ("last_before", self.last_before), ("first_after", self.first_after)]
        return [(name, one) for name, one in (*named, *ours) if one is not None]

    def __str__(self) -> str:
        parts = [str(self.value)]
        if self.on:
            parts.append("on={" + ", ".join(f"{name!r}: {one}" for name, one in self.on.items()) + "}")
        named = [(name, getattr(self, name)) for name in ("last_before", "first_after", "where", "at")]
        return f"Lookup({', '.join([*parts, *(f'{name}={one}' for name, one in named if one is not None)])})"

    def check(self, what: str, owner: type[Facts]) -> None:
        """Refuse what no record can answer, and expressions that are not of the record that they are asked of.

        Raises:
            InvalidRule, UnknownName, TypeMismatch: with what to write instead.
        """
        of: Any = self.value.scope
        if of is None or isinstance(of, Over):
            problem = f"looks up {self.value}, which speaks of {scope_name(of)}"
            raise InvalidRule(what, problem, "look up a fact of a record type")
        if moves(self.value) or may_wait(self.value):
            problem = f"looks up {self.value}, which changes by time alone"
            raise InvalidRule(what, problem, "look up what was done and when, and compare it here")
        for name, expr in self.on.items():
            if name not in of.given:
                raise UnknownName(f"fact of {of.__name__}", name, tuple(of.given), f"on= of {what}")
            if of.given[name].type is not expr.type:
                raise TypeMismatch(
                    f"on= of {what}", f"{name!r} as {of.given[name].type.with_article}", (str(expr.type),)
                )
        self._check_times(what, of)
        _check_scope(what, owner, self.ours, "this record")
        _check_scope(what, of, [one for one in (self.where, self.at) if one is not None], "the record looked up")

    def _check_times(self, what: str, of: type[Facts]) -> None:
        if self.last_before is not None and self.first_after is not None:
            raise InvalidRule(what, "says last_before= and first_after=", "write one of them, and the other in where=")
        if self.order is None and not self.on:
            raise InvalidRule(what, "does not say which record it looks up", "write on={...}, or last_before=...")
        if self.order is None and self.at is not None:
            raise InvalidRule(what, "says at=, and neither last_before= nor first_after=", "write one of them")
        if self.order is None:
            return
        if self.order.type not in _TIMES:
            raise TypeMismatch(what, "an instant or a date as last_before= or first_after=", (str(self.order.type),))
        if self.time is None:
            problem = f"does not say when a {of.__name__} was"
            raise InvalidRule(what, problem, f"write at=, {self.order.type.with_article} of {of.__name__}")
        if self.time.type is not self.order.type:
            raise TypeMismatch(f"at= of {what}", self.order.type.with_article, (str(self.time.type),))


@told
@attrs.frozen(eq=False)
class Counted(Lookup[T]):
    """How many other records there are; ``ws.fact(ws.Counted(...), "...")`` declares it.

    It is told as a `Lookup` is: a record does not count itself, and where one that cannot be told may count, or the
    ledger lacks the table, nobody knows. So it tells what came shortly before, and the place of a record in its group.

    Attributes:
        value: a fact of the other record, such as its number: it says of which type it is.
        on: facts of the other record, by name, each with what it has to be.
        above: what `at` of the other record has to exceed: an instant, date or number of this record.
        below: what `at` of the other record has to be less than.
        where: which other records count; every one if None.
        at: what is compared; if None, the instant from which the other record is seen (``happens=``).
    """

    above: Expr[Any] | None = attrs.field(default=None, kw_only=True)
    below: Expr[Any] | None = attrs.field(default=None, kw_only=True)

    def as_fact(self, title: str, unit: str | None) -> Looked[T]:
        """Return the fact of a record that counts others."""
        return _looked(self, title, V.INT, unit, ())

    @property
    def order(self) -> Expr[Any] | None:
        """What bounds the others, if something does."""
        return self.above if self.below is None else self.below

    @property
    def bounds(self) -> list[Expr[Any]]:
        """What the others exceed, and what they are less than, as far as it is asked."""
        return [one for one in (self.above, self.below) if one is not None]

    @property
    def ours(self) -> list[Expr[Any]]:
        """What is asked of the record whose fact it is: the keys and the bounds."""
        return [*self.on.values(), *self.bounds]

    def exprs(self) -> list[tuple[str, Expr[Any]]]:
        """All expressions by which records are counted, each with what it says."""
        bounds = [(name, one) for name, one in (("above", self.above), ("below", self.below)) if one is not None]
        return [("counted", self.value), *super().exprs(), *bounds]

    def __str__(self) -> str:
        return ", ".join(f"{name}={expr}" for name, expr in self.exprs())

    def _check_times(self, what: str, of: type[Facts]) -> None:
        if self.last_before is not None or self.first_after is not None:
            raise InvalidRule(what, "says last_before= or first_after=, and counts", "write below= or above=")
        if self.order is None and (self.at is not None or not self.on):
            raise InvalidRule(what, "does not say which records it counts", "write on={...}, above= or below=")
        for bound in self.bounds:
            if bound.type not in (*_TIMES, V.INT, V.DECIMAL, V.RATIO):
                raise TypeMismatch(what, "an instant, a date or a number as above= or below=", (str(bound.type),))
            if self.time is None:
                problem = f"does not say what of a {of.__name__} is compared with {bound}"
                raise InvalidRule(what, problem, f"write at=, {bound.type.with_article} of {of.__name__}")
            if self.time.type is not bound.type:
                raise TypeMismatch(f"at= of {what}", bound.type.with_article, (str(self.time.type),))


def _looked(lookup: Lookup[T], title: str, kind: ValueType, unit: str | None, words: tuple[str, ...]) -> Looked[T]:
    found = Filled[Any](f"{title} (as it was found)", kind, planned=kind in _TIMES)
    sure = Filled[bool](f"{title}: whether it was looked up", V.BOOL)
    definition = choose(sure | found.is_known(), found, found)  # unknown, unless it was found or told to be nothing
    return Looked(title, kind, unit, words=words, definition=definition, lookup=lookup, found=found, sure=sure)


def _check_scope(what: str, of: type[Facts], exprs: Iterable[Expr[Any]], whose: str) -> None:
    for expr in exprs:
        if expr.scope not in (None, of.root):
            problem = f"asks {whose} for {expr}, which speaks of {scope_name(expr.scope)}"
            raise InvalidRule(what, problem, f"use facts of {of.__name__}")


@attrs.frozen(eq=False, repr=False, str=False)
class Filled(Fact[T]):
    """A given fact that an engine fills in from a ledger: it stands in no table."""


@attrs.frozen(eq=False, repr=False, str=False)
class Looked(Fact[T]):
    """A fact that is looked up: derived of what was found, and of whether it was looked up at all.

    Attributes:
        lookup: where it comes from.
        found: the given fact, under its own name in the record, that holds what was found.
        sure: the given fact that says that nothing else can be the answer.
    """

    lookup: Lookup[T] = attrs.field(kw_only=True)
    found: Filled[T] = attrs.field(kw_only=True)
    sure: Filled[bool] = attrs.field(kw_only=True)

    def __set_name__(self, owner: Any, name: str) -> None:
        before = self.owner
        super().__set_name__(owner, name)
        if before is None and self.owner is not None:
            object.__setattr__(self.found, "read", name)
            for part, suffix in ((self.found, "found"), (self.sure, "sure")):
                setattr(owner, f"{name}_{suffix}", part)
                part.__set_name__(owner, f"{name}_{suffix}")

    def check(self) -> None:
        """Refuse what cannot be looked up, once the class is complete."""
        owner: Any = self.owner
        what = f"fact {self.name!r} of {owner.__name__}"
        if owner.root is not owner and self.type in _NO_CELL:
            problem = f"is {self.type.with_article}, which no further field of a {owner.root.__name__} can hold"
            raise InvalidRule(what, problem, "look up the instants or numbers that it is made of")
        self.lookup.check(what, owner.root)

    @property
    def why(self) -> str:
        """Under which key a record says why it cannot be told."""
        return f"{self.name}_why"


# --- what lookups rest on ---------------------------------------------------------------------------------------------


def lookups_of(of: type[Facts]) -> list[Looked[Any]]:
    """Return the facts of a record type that are looked up."""
    return [fact for fact in of.given.values() if isinstance(fact, Looked)]


def lookups_below(exprs: Iterable[Expr[Any]]) -> list[Looked[Any]]:
    """Return the facts that are looked up among those that expressions rest on."""
    return [fact for fact in Reached(exprs).facts if isinstance(fact, Looked)]


def types_below(types: Iterable[type[Facts]]) -> list[type[Facts]]:
    """Return record types, those of whose records theirs are made, and those that they look up, each once."""
    found: dict[int, type[Facts]] = {}
    waiting = list(types)
    while waiting:
        of = waiting.pop(0).root
        if id(of) in found:
            continue
        found[id(of)] = of
        relation = relation_of(of.options.rows)
        waiting += [] if relation is None else [*(one for one, _ in relation.told_of), *relation.named]
        waiting += [one.lookup.of for one in lookups_of(of)] + ([] if of.children is None else [of.children])
    return list(found.values())


def in_tables(types: Iterable[type[Facts]]) -> list[type[Facts]]:
    """Return those of record types, and of what they rest on, whose rows stand in tables."""
    return [of for of in types_below(types) if isinstance(of.options.rows, Given)]


def rests_on(looked: Looked[Any]) -> list[Looked[Any]]:
    """Return the facts that have to be looked up before another can be."""
    made = types_below_relations((looked.lookup.of, looked.owner))  # type: ignore[arg-type]
    exprs = [expr for of in made for _, expr in relation_of(of.options.rows).exprs]  # type: ignore[union-attr]
    return lookups_below([*(expr for _, expr in looked.lookup.exprs()), *looked.lookup.theirs, *exprs])


def types_below_relations(types: Iterable[type[Facts]]) -> list[type[Facts]]:
    """Return the types among these, and below them, whose records are made of others by expressions."""
    found: dict[int, type[Facts]] = {}
    waiting = list(types)
    while waiting:
        of = waiting.pop(0)
        relation = relation_of(of.options.rows)
        if relation is not None and id(of) not in found:
            found[id(of)] = of
            waiting += [*(one for one, _ in relation.told_of), *relation.named]
    return list(found.values())
