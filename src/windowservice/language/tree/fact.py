"""One fact: what may be said of a record, given by it or derived from other facts.

A given fact says what stands in a ledger's column of it too: see `Cell`.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar, overload

import attrs

from windowservice.asked import told
from windowservice.domain.words import labels_of
from windowservice.errors import InvalidRule, UnknownAttribute
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.nodes import FactNode
from windowservice.language.tree.operators import TIGHT
from windowservice.language.tree.scope import Scope
from windowservice.language.tree.values import ValueType, type_of_class

if TYPE_CHECKING:
    from windowservice.language.relations.lookup import Lookup
    from windowservice.language.tree.facts import Facts

__all__ = ["Cell", "Fact", "Vocabulary", "code", "fact", "key"]

T = TypeVar("T")

Cell: TypeAlias = Literal["text", "code", "limit"]
"""What a given text is: words as they are, an id that is compared exactly, or a limit as it is written."""


class Vocabulary(type):
    """The class of vocabularies: a fact that none of them has is told with the nearest name."""

    if not TYPE_CHECKING:  # or a type checker would take any name for a fact

        def __getattr__(cls, name: str) -> Any:
            known = [] if name.startswith("__") else [*vars(cls).get("given", ())]
            raise UnknownAttribute(cls.__name__, "fact", name, known)


@told
@attrs.frozen(eq=False, repr=False, str=False)
class Fact(FactNode[T]):
    """A named, typed fact of a record.

    Attributes:
        title: one sentence saying what it is.
        type: the type of its value.
        unit: the unit of a number, such as ``yuan``.
        required: whether every record has it; a required fact that is missing makes the record unusable, not the
            verdict unknown.
        words: the only texts it can be, if they are enumerated, in the order in which they are shown.
        cell: what a given text is where it stands in a table.
        key: whether it tells records apart.
        after: the given instant or date before which it cannot lie.
        planned: whether the instant or date speaks of the future by nature, as a due day does; any other that lies
            after ``as_of`` has not happened. A mapping from a text fact to words: it does in records of these words.
        known_at: the given fact that says when this one came to be known; before that it is missing.
        read: the attribute or key under which a given fact stands in the record; its own name by default.
        definition: the expression of a derived fact, None for a given one.
        labels: what else a ledger may write for the words, each with the word that it stands for.
        name: its name in the vocabulary; owner: the class that declares it.
    """

    title: str
    type: ValueType
    unit: str | None = None
    required: bool = False
    words: tuple[str, ...] = ()
    read: str | None = None
    definition: Expr[Any] | None = None
    planned: bool | tuple[str, tuple[str, ...]] = False
    known_at: str | None = None
    cell: Cell = "text"
    key: bool = False
    after: Fact[Any] | None = None
    labels: tuple[tuple[str, str], ...] = ()
    name: str = attrs.field(init=False, default="")
    owner: builtins.type[Facts] | None = attrs.field(init=False, default=None)

    def __set_name__(self, owner: builtins.type[Facts], name: str) -> None:
        if self.owner is None and isinstance(owner, Vocabulary):  # a second owner is refused when its class is complete
            object.__setattr__(self, "name", name)
            object.__setattr__(self, "owner", owner)

    @property
    def scope(self) -> Scope | None:
        """The vocabulary that the fact belongs to: the one extended, for a plugin's own facts."""
        return None if self.owner is None else self.owner.root

    @property
    def open_fact(self) -> Expr[Any] | None:
        """Itself, as long as it has no class."""
        return self if self.owner is None else None

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this fact from all others."""
        owner = self.owner
        return ("", self.name) if owner is None else (f"{owner.__module__}.{owner.__qualname__}", self.name)

    def check(self) -> None:
        """Refuse what can only be told once the class is complete."""

    def _written(self) -> tuple[str, int]:
        return f"{'?' if self.owner is None else self.owner.__name__}.{self.name or '?'}", TIGHT

    def also(self, *words: str) -> Fact[T]:
        """Return the same fact with further words in its enumeration, such as the event kinds of a plugin."""
        extended = attrs.evolve(self, words=tuple(dict.fromkeys((*self.words, *words))))
        object.__setattr__(extended, "name", self.name)
        object.__setattr__(extended, "owner", self.owner)
        return extended

    def __reduce__(self) -> tuple[Any, ...]:
        if self.owner is None:
            raise InvalidRule("a fact", "has no class yet, so it cannot be pickled")
        return (_fact_of, (self.owner, self.name, self.words))


def _fact_of(owner: type[Facts], name: str, words: tuple[str, ...]) -> Fact[Any]:
    found = owner.given[name]
    return found if found.words == words else found.also(*words)


@overload
def fact(of: Expr[T] | Lookup[T], title: str, *, unit: str | None = None) -> Fact[T]: ...
@overload
def fact(
    of: type[T],
    title: str,
    *,
    required: bool = False,
    unit: str | None = None,
    words: Iterable[str] = (),
    read: str | None = None,
    planned: bool | Mapping[str, Iterable[str]] = False,
    known_at: str | None = None,
    limit: bool = False,
    after: Fact[Any] | None = None,
) -> Fact[T]: ...
@told
def fact(
    of: Expr[T] | Lookup[T] | type[T],
    title: str,
    *,
    required: bool = False,
    unit: str | None = None,
    words: Iterable[str] = (),
    read: str | None = None,
    planned: bool | Mapping[str, Iterable[str]] = False,
    known_at: str | None = None,
    limit: bool = False,
    after: Fact[Any] | None = None,
) -> Fact[T]:
    """Declare a fact in a vocabulary: given by the record if `of` is a type, derived if it is an expression.

    Args:
        of: the Python type of a given fact, the expression of a derived one, or a `Lookup` of another record's.
        title: one sentence saying what the fact is.
        required: whether every record has it.
        unit: the unit of a number, in words.
        words: the only texts it can be; a record that says another cannot be judged. A mapping says what else a ledger
            may write for each, in Chinese or English: ``{"open": ("未结", "unsettled")}``.
        read: the attribute or key in the record, if it is not the fact's name.
        planned: whether the instant or date may lie after ``as_of``, as a due day may; any other has not happened yet.
            A mapping such as ``{"kind": ("drill",)}`` says it of records of these words only.
        known_at: the name of the given instant or date with which the fact came to be known, as the answer came with
            ``answered_at``; as long as that lies ahead, so does the fact.
        limit: whether the text is a limit, as ``3 working days``.
        after: the given instant or date before which it cannot lie; a record that says so is listed, and judged.

    Raises:
        InvalidRule: without a title, for a type the language lacks, for a derived fact that claims to be required, or
            for a number or text that claims to be planned.
    """
    if not title.strip():
        raise InvalidRule("a fact", "has no title", "say in one sentence what it is")
    if not isinstance(of, type) and (isinstance(of, Expr) or hasattr(of, "as_fact")):
        if required or words or read or planned or known_at or limit or after is not None:
            problem = "is derived: only title and unit can be said of it; the rest is for given facts"
            raise InvalidRule(f"the fact {title!r}", problem)
        if isinstance(of, Expr):
            return Fact(title, of.type, unit if unit is not None else of.unit, definition=of)
        return of.as_fact(title, unit)
    kind = type_of_class(of, f"the fact {title!r}")
    if limit and kind is not ValueType.TEXT:
        raise InvalidRule(f"the fact {title!r}", f"is a {kind}: only a text can be a limit")
    if after is not None and not {kind, after.type} <= {ValueType.INSTANT, ValueType.DATE}:
        raise InvalidRule(
            f"the fact {title!r}", f"is a {kind} after a {after.type}: only instants and dates follow one another"
        )
    return Fact(
        title, kind, unit, required, _words(words, title), read, None, _planned(planned, kind, title), known_at,
        "limit" if limit else "text", after=after, labels=_labels(words, title),
    )  # fmt: skip


@told
def code(
    title: str,
    *,
    required: bool = False,
    words: Iterable[str] = (),
    read: str | None = None,
    known_at: str | None = None,
) -> Fact[str]:
    """Declare a given fact that is an id, such as a bank or a clerk: compared exactly, never read as a number.

    The arguments are those of `fact`.
    """
    return attrs.evolve(fact(str, title, required=required, words=words, read=read, known_at=known_at), cell="code")


@told
def key(title: str) -> Fact[str]:
    """Declare the id that tells records apart: every record has it, and no two the same."""
    return attrs.evolve(code(title, required=True), key=True)


def _words(words: Iterable[str], title: str) -> tuple[str, ...]:
    if isinstance(words, str):  # every letter of it would be a word
        raise InvalidRule(f"the fact {title!r}", f"has the words {words!r}, one text", f"write words=({words!r},)")
    return tuple(dict.fromkeys(words))


def _labels(words: Iterable[str], title: str) -> tuple[tuple[str, str], ...]:
    for word, said in words.items() if isinstance(words, Mapping) else ():
        if not isinstance(said, (str, tuple, list)) or not all(isinstance(label, str) for label in said):
            instead = 'write texts, as in words={"open": ("未结", "unsettled")}'
            raise InvalidRule(f"the fact {title!r}", f"has the labels {said!r} for {word!r}", instead)
    labels = labels_of(words)
    known = dict(labels)
    for label, word in labels:
        other = label if label in words else known[label]
        if other != word:
            problem = f"has the label {label!r} for {word!r}, which is {other!r} already"
            raise InvalidRule(f"the fact {title!r}", problem, "write each label once")
    return labels


def _planned(
    planned: bool | Mapping[str, Iterable[str]], kind: ValueType, title: str
) -> bool | tuple[str, tuple[str, ...]]:
    if planned and kind not in (ValueType.INSTANT, ValueType.DATE):
        raise InvalidRule(f"the fact {title!r}", f"is a {kind}: only an instant or a date can be planned")
    if isinstance(planned, bool):
        return planned
    if not isinstance(planned, Mapping) or len(planned) != 1:
        problem = f"has planned={planned!r}"
        raise InvalidRule(f"the fact {title!r}", problem, "write True, or {'kind': ('drill',)} with one text fact")
    ((name, words),) = planned.items()
    return name, tuple(sorted(_words(words, title)))
