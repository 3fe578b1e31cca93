"""Records that are made of other records by expressions: groups of rows, and the rows of several types as one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.errors import InvalidRule, ScopeMismatch, TypeMismatch, UnknownName
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import constant
from windowservice.language.tree.nodes import Const
from windowservice.language.tree.scope import Over, merge, scope_name
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.tree.fact import Fact
    from windowservice.language.tree.facts import Facts

__all__ = ["Grouped", "Part", "United", "scope_of"]

_KEY: Final = re.compile(r"\{(\w+)\}")


def _exprs(said: Mapping[str, Any]) -> Mapping[str, Expr[Any]]:
    return FrozenMapping[str, Expr[Any]](
        {name: value if isinstance(value, Expr) else constant(value) for name, value in said.items()}
    )


@told
@attrs.frozen(eq=False)
class Grouped:
    """Records that are groups of the rows of a record type: one for each value of its keys.

    The rows of a group are its children, so its facts are gathered from them as from any children. Of a row of which
    it cannot be told whether, or to which group, it belongs, each group that it may belong to knows nothing. A row
    whose key has not happened yet, or is stated as nothing, belongs to no group.

    Attributes:
        of: the type whose rows are grouped.
        by: the keys, expressions over a row; each is held by the given fact of its name.
        where: which rows belong; every one if None.
        every: the values of keys for which there is a group even without rows, by the name of the key: an expression
            over another record type, such as ``bank_row.id``; a list of values; or, of a key by periods, the day since
            when each period is there.
        table: what the groups are called together; the plural of the name of the class if not given.
        over: a key that is a date or a period: a group is there once that is over, so that no share of it changes by
            time alone.
        id: how a group is called, with each key in braces; a period stands there by its name, as in 2018-05. All keys
            with spaces between them if not given.
    """

    of: type[Facts]
    by: Mapping[str, Expr[Any]] = attrs.field(converter=_exprs)
    where: Expr[bool] | None = None
    every: Mapping[str, Any] = attrs.field(factory=dict, converter=FrozenMapping[str, Any])
    table: str = ""
    over: str = attrs.field(default="", kw_only=True)
    id: str = attrs.field(default="", kw_only=True)

    @property
    def told_of(self) -> list[tuple[type[Facts], Mapping[str, Expr[Any]]]]:
        """The type that the groups are made of, and what their given facts are."""
        return [(self.of, self.by)]

    @property
    def exprs(self) -> list[tuple[str, Expr[Any]]]:
        """All expressions by which the groups are made, each with what it says."""
        where = [] if self.where is None else [("where", self.where)]
        every = [(f"every {name}", said) for name, said in self.every.items() if isinstance(said, Expr)]
        return [*self.by.items(), *where, *every]

    @property
    def constants(self) -> str:
        """What else decides which groups there are, as text."""
        every = {name: said for name, said in self.every.items() if not isinstance(said, Expr)}
        return repr((every, self.over, self.id) if self.over or self.id else every)

    @property
    def id_parts(self) -> list[str]:
        """What a group is called, in parts: a text, a key, a text, and so on; one empty text if nothing is said."""
        return _KEY.split(self.id)

    @property
    def children(self) -> type[Facts]:
        """The type of the children of a group."""
        return self.of

    def called(self, table: str) -> Grouped:
        """Return the same with what the groups are called together."""
        return attrs.evolve(self, table=table)

    @property
    def named(self) -> list[type[Facts]]:
        """The types whose rows say which values keys have."""
        return [scope_of(said) for said in self.every.values() if isinstance(said, Expr)]

    def check(self, groups: type[Facts]) -> None:
        """Refuse keys and conditions that are not of the rows, and keys that no fact of the group holds.

        Raises:
            InvalidRule: with what to write instead.
        """
        if self.of.children is not None:
            problem = f"groups records of {self.of.__name__}, which have {self.of.children.__name__} of their own"
            instead = (
                f"make rows that hold what you gather, rows=United(Part({self.of.__name__}, {{...}})), and group those"
            )
            raise InvalidRule(groups.__name__, problem, instead)
        _check_scope(groups, self.of, [*self.by.values(), *([] if self.where is None else [self.where])])
        _check_held(groups, self.by)
        for name in self.every:
            if name not in self.by:
                problem = f"names {name!r} in every=, which is no key"
                raise InvalidRule(groups.__name__, problem, f"group by it: by={{{name!r}: ...}}")
            listed = self.every[name]
            for word in () if isinstance(listed, (Expr, str, date)) else listed:
                _check_word(groups.given[name], word)
        self._check_named(groups)
        if self.every and (left := [name for name in self.by if name not in self.every]):
            problem = f"does not say in every= which {left[0]!r} there are"
            raise InvalidRule(groups.__name__, problem, "name all keys there, or none")

    def _check_named(self, groups: type[Facts]) -> None:
        """Refuse keys in `over` and `id` that there are not, and an id that several groups may have."""
        named = self.id_parts[1::2]
        for what, names in (("over=", [self.over] * bool(self.over)), ("id=", named)):
            for name in names:
                if name not in self.by:
                    raise UnknownName(f"key of {groups.__name__}", name, tuple(self.by), what)
        if self.over and self.by[self.over].type is not ValueType.DATE:
            raise TypeMismatch(f"over= of {groups.__name__}", "a key that is a date", (str(self.by[self.over].type),))
        if self.id and (left := [name for name in self.by if name not in named]):
            problem = f"does not say {left[0]!r} in id=, so that several groups have one"
            raise InvalidRule(groups.__name__, problem, f"write {{{left[0]}}} in it")


@told
@attrs.frozen(eq=False)
class Part:
    """The rows of one record type among those that are united.

    Attributes:
        of: the type of the rows.
        values: what each fact of the united record is, as an expression over a row or a constant.
        where: which rows belong; every one if None.
    """

    of: type[Facts]
    values: Mapping[str, Expr[Any]] = attrs.field(converter=_exprs)
    where: Expr[bool] | None = None


@told
@attrs.frozen(eq=False, init=False)
class United:
    """Records that are the rows of several record types, each told in the same facts.

    Attributes:
        parts: the types with what their rows say.
        same: the names of facts; rows that agree in all of them are one happening, which the first part tells.
        table: what the records are called together; the plural of the name of the class if not given.
    """

    parts: tuple[Part, ...]
    same: tuple[str, ...] = ()
    table: str = ""

    def __init__(self, *parts: Part, same: tuple[str, ...] = (), table: str = "") -> None:
        self.__attrs_init__(parts, tuple(same), table)

    @property
    def told_of(self) -> list[tuple[type[Facts], Mapping[str, Expr[Any]]]]:
        """The types that the records are made of, and what their given facts are."""
        return [(part.of, part.values) for part in self.parts]

    @property
    def named(self) -> list[type[Facts]]:
        """No types beside those."""
        return []

    @property
    def exprs(self) -> list[tuple[str, Expr[Any]]]:
        """All expressions by which the records are made, each with what it says."""
        return [
            (f"{number} {name}", expr)
            for number, part in enumerate(self.parts)
            for name, expr in (*part.values.items(), *([] if part.where is None else [("where", part.where)]))
        ]

    @property
    def constants(self) -> str:
        """What else decides which records there are, as text."""
        return repr(self.same)

    def called(self, table: str) -> United:
        """Return the same with what the records are called together."""
        return United(*self.parts, same=self.same, table=table)

    @property
    def children(self) -> None:
        """United records have no children."""
        return

    def check(self, united: type[Facts]) -> None:
        """Refuse values that are not of their rows, and those that no fact of the united record holds.

        Raises:
            InvalidRule: with what to write instead.
        """
        for part in self.parts:
            _check_scope(united, part.of, [*part.values.values(), *([] if part.where is None else [part.where])])
            _check_held(united, part.values)
        for name in self.same:
            if name not in united.given:
                raise UnknownName(f"fact of {united.__name__}", name, tuple(united.given), "same=")
            if silent := [part.of.__name__ for part in self.parts if name not in part.values]:
                problem = f"names {name!r} in same=, which rows of {silent[0]} do not say"
                raise InvalidRule(united.__name__, problem, f"write it in their Part: {{{name!r}: ...}}")


def scope_of(expr: Expr[Any]) -> type[Facts]:
    """Return the record type that an expression speaks of.

    Raises:
        InvalidRule: if it is a constant, or speaks of whichever record has some children.
    """
    found = expr.scope
    if found is None or isinstance(found, Over):
        raise InvalidRule(str(expr), f"speaks of {scope_name(found)}", "use a fact of a record type")
    return found


def _check_scope(made: type[Facts], of: type[Facts], exprs: list[Expr[Any]]) -> None:
    for expr in exprs:
        try:
            found = merge(expr.scope, of)
        except ScopeMismatch:
            found = expr.scope
        if found is not of:
            problem = f"uses {expr}, which speaks of {scope_name(expr.scope)}, not of {of.__name__}"
            raise InvalidRule(made.__name__, problem, f"use facts of {of.__name__}")


def _check_held(made: type[Facts], values: Mapping[str, Expr[Any]]) -> None:
    for name, expr in values.items():
        fact = made.given.get(name)
        if fact is None or fact.definition is not None or fact.type is not expr.type:
            problem = f"has no given fact {name!r} that holds {expr}"
            raise InvalidRule(made.__name__, problem, f"declare it: {name} = ws.fact(...), {expr.type.with_article}")
        if isinstance(expr, Const):
            _check_word(fact, expr.value)


def _check_word(fact: Fact[Any], word: object) -> None:
    """Refuse a word that a fact which enumerates its words cannot be."""
    if fact.words and word not in fact.words:
        raise UnknownName(f"word of {fact}", str(word), fact.words)
