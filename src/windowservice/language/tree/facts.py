"""How a vocabulary is declared: a class of facts, each given by the record or derived from other facts.

A vocabulary is never instantiated; it says what may be said of a record. The record itself may be any object with
attributes, or any mapping: ours are declared in the same way as an application's own.
"""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeVar, overload

import attrs

from windowservice.asked import told
from windowservice.errors import CyclicFact, InvalidRule, UnknownAttribute, UnknownName
from windowservice.language.tree.expressions import Expr, walk
from windowservice.language.tree.scope import Over, Scope, merge, scope_name
from windowservice.language.tree.values import ValueType, type_of_class

__all__ = [
    "Fact", "Facts", "Options", "children_key", "fact", "fact_named", "required_facts", "vocabulary_name",
]  # fmt: skip

T = TypeVar("T")

RESERVED: Final = frozenset({"root", "children", "parents", "options", "given"})
"""What a vocabulary itself is asked for, so that no fact can be called so."""
_TEXT_WORDS: Final = frozenset({"as_of", "figure"})


@told
@attrs.frozen(eq=False, repr=False, str=False)
class Fact(Expr[T]):
    """A named, typed fact of a record.

    Attributes:
        title: one sentence saying what it is.
        type: the type of its value.
        unit: the unit of a number, such as ``yuan``.
        required: whether every record has it; a required fact that is missing makes the record unusable, not the
            verdict unknown.
        words: the only texts it can be, if they are enumerated.
        planned: whether the instant or date speaks of the future by nature, as a due day does; any other that lies
            after ``as_of`` has not happened. A mapping from a text fact to words: it does in records of these words.
        known_at: the given fact that says when this one came to be known; before that it is missing.
        read: the attribute or key under which a given fact stands in the record; its own name by default.
        definition: the expression of a derived fact, None for a given one.
        name: its name in the vocabulary; owner: the class that declares it.
    """

    title: str
    type: ValueType
    unit: str | None = None
    required: bool = False
    words: frozenset[str] = frozenset()
    read: str | None = None
    definition: Expr[Any] | None = None
    planned: bool | tuple[str, tuple[str, ...]] = False
    known_at: str | None = None
    name: str = attrs.field(init=False, default="")
    owner: builtins.type[Facts] | None = attrs.field(init=False, default=None)

    def __set_name__(self, owner: builtins.type[Facts], name: str) -> None:
        if self.owner is None and issubclass(owner, Facts):  # a second owner is refused when its class is complete
            object.__setattr__(self, "name", name)
            object.__setattr__(self, "owner", owner)

    @property
    def scope(self) -> Scope | None:
        """The vocabulary that the fact belongs to: the one extended, for a plugin's own facts."""
        return None if self.owner is None else self.owner.root

    @property
    def is_settled(self) -> bool:
        """Whether it has its class."""
        return self.owner is not None

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells this fact from all others."""
        owner = self.owner
        return ("", self.name) if owner is None else (f"{owner.__module__}.{owner.__qualname__}", self.name)

    def also(self, *words: str) -> Fact[T]:
        """Return the same fact with further words in its enumeration, such as the event kinds of a plugin."""
        extended = attrs.evolve(self, words=self.words | set(words))
        object.__setattr__(extended, "name", self.name)
        object.__setattr__(extended, "owner", self.owner)
        return extended

    def __reduce__(self) -> tuple[Any, ...]:
        if self.owner is None:
            raise InvalidRule("a fact", "has no class yet, so it cannot be pickled")
        return (_fact_of, (self.owner, self.name, self.words))


def _fact_of(owner: type[Facts], name: str, words: frozenset[str]) -> Fact[Any]:
    found = owner.given[name]
    return found if found.words == words else found.also(*words)


@overload
def fact(of: Expr[T], title: str, *, unit: str | None = None) -> Fact[T]: ...
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
) -> Fact[T]: ...
@told
def fact(
    of: Expr[T] | type[T],
    title: str,
    *,
    required: bool = False,
    unit: str | None = None,
    words: Iterable[str] = (),
    read: str | None = None,
    planned: bool | Mapping[str, Iterable[str]] = False,
    known_at: str | None = None,
) -> Fact[T]:
    """Declare a fact in a vocabulary: given by the record if `of` is a type, derived if it is an expression.

    Args:
        of: the Python type of a given fact, or the expression of a derived one.
        title: one sentence saying what the fact is.
        required: whether every record has it.
        unit: the unit of a number, in words.
        words: the only texts it can be; a record that says another cannot be judged.
        read: the attribute or key in the record, if it is not the fact's name.
        planned: whether the instant or date may lie after ``as_of``, as a due day may; any other has not happened yet.
            A mapping such as ``{"kind": ("drill",)}`` says it of records of these words only.
        known_at: the name of the given instant or date with which the fact came to be known, as the answer came with
            ``answered_at``; as long as that lies ahead, so does the fact.

    Raises:
        InvalidRule: without a title, for a type the language lacks, for a derived fact that claims to be required, or
            for a number or text that claims to be planned.
    """
    if not title.strip():
        raise InvalidRule("a fact", "has no title", "say in one sentence what it is")
    if isinstance(of, Expr):
        if required or words or read or planned or known_at:
            problem = "is derived: required, words, read, planned and known_at are for given facts"
            raise InvalidRule(f"the fact {title!r}", problem)
        return Fact(title, of.type, unit if unit is not None else of.unit, definition=of)
    kind = type_of_class(of, f"the fact {title!r}")
    return Fact(title, kind, unit, required, _words(words, title), read, None, _planned(planned, kind, title), known_at)


def _words(words: Iterable[str], title: str) -> frozenset[str]:
    if isinstance(words, str):  # every letter of it would be a word
        raise InvalidRule(f"the fact {title!r}", f"has the words {words!r}, one text", f"write words=({words!r},)")
    return frozenset(words)


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


@attrs.frozen
class Options:
    """How records of a vocabulary are read; each is an option of the class whose facts it names.

    Attributes:
        stored: how the record and its children hold instants: ``datetime`` (aware ones) or ``microseconds`` (integers
            UTC).
        children: the attribute or key under which the children stand, in order; what they are called, with an s, if
            not given.
        happens: the given instant or date from which a record, or a child, is seen; several: from the last of them
            that it states. Before that it is not there. Without it, the required ones that are not planned.
        dated_by: the fact whose instant picks the figures in force; ``as_of`` if None.
        kind: of a child: the text fact that children are told apart by.
        sorted: of a child: whether the children stand in the order in which they happened.
        extra: the attribute or key of a mapping in which facts added by plugins are found.
        closes: of a child: the words of `kind` that settle the parent: its counts are not final before.
        table: the ledger table whose rows are such records.
        clerk: the text fact that names the clerk who answers for the record, by whom reports can be read.
        lacks: the fact, a set of texts, that says what was missing where the record could not be told; findings name
            that instead of the facts that it left empty.
    """

    stored: Literal["datetime", "microseconds"] = "datetime"
    children: str | None = None
    happens: str | tuple[str, ...] | None = None
    dated_by: str | None = None
    kind: str | None = None
    sorted: bool = False
    extra: str | None = None
    closes: tuple[str, ...] = ()
    table: str | None = None
    clerk: str | None = None
    lacks: str | None = None


class _Vocabulary(type):
    """The class of vocabularies: a fact that none of them has is told with the nearest name."""

    if not TYPE_CHECKING:  # or a type checker would take any name for a fact

        def __getattr__(cls, name: str) -> Any:
            known = [] if name.startswith("__") else [*vars(cls).get("given", ())]
            raise UnknownAttribute(cls.__name__, "fact", name, known)


class Facts(metaclass=_Vocabulary):
    """Base of every vocabulary: subclass it and declare facts in the class body.

    ``class ticket(Facts)`` declares the vocabulary of a record; ``class mine(Facts, of=ticket)`` adds facts to one. A
    record with children names their vocabulary: ``class request(Facts, children=event, ...)``; the other options are
    described in `Options`.
    """

    root: ClassVar[type[Facts]]
    children: ClassVar[type[Facts] | None] = None
    parents: ClassVar[tuple[type[Facts], ...]] = ()
    options: ClassVar[Options] = Options()
    given: ClassVar[dict[str, Fact[Any]]] = {}

    # Not __new__: to a type checker a class that gives no instance has no attributes either.
    def __init__(self, *_args: object, **_kwargs: object) -> None:
        raise InvalidRule(type(self).__name__, "is a vocabulary: it describes records and has no instances")

    def __init_subclass__(
        cls, of: type[Facts] | None = None, children: type[Facts] | None = None, options: Options | None = None
    ) -> None:
        if extended := [base.__name__ for base in cls.__bases__ if base is not Facts and issubclass(base, Facts)]:
            instead = f"write class {cls.__name__}(Facts, of={extended[0]}) to add facts to it"
            raise InvalidRule(cls.__name__, f"inherits from the vocabulary {extended[0]}", instead)
        if cls.__name__ in _TEXT_WORDS:
            raise InvalidRule(cls.__name__, "is a word that the text of rules uses itself", "choose another name")
        cls.root = cls if of is None else of.root
        cls.given = {name: value for name, value in vars(cls).items() if isinstance(value, Fact)}
        if of is None:
            if options is None:  # who says nothing of how instants are stored has them as its children do
                options = Options() if children is None else Options(stored=children.options.stored)
            cls.children, cls.parents, cls.options = children, (), options
        elif children is not None or options is not None:
            raise InvalidRule(
                cls.__name__, f"adds facts to {of.__name__}: only a vocabulary of its own has children and options"
            )
        sound: set[int] = set()
        for found in cls.given.values():
            _check_fact(cls, found, sound)
        if of is None:
            _check_options(cls)
        _check_seen(cls)
        if of is None and children is not None:
            _take(cls, children)


def _take(parent: type[Facts], child: type[Facts]) -> None:
    """Note whose children they are: the first that declares them; the same class declared again, as in a notebook.

    A vocabulary declared later over the same children changes nothing for rules that name no vocabulary.
    """
    if not child.parents or vocabulary_name(child.parents[0]) == vocabulary_name(parent):
        child.parents = (parent,)


_GIVEN_TIMES: Final = (ValueType.INSTANT, ValueType.DATE)
_TYPES_OF_OPTIONS: Final = {
    "happens": _GIVEN_TIMES, "dated_by": (ValueType.INSTANT,), "kind": (ValueType.TEXT,), "clerk": (ValueType.TEXT,),
    "lacks": (ValueType.TEXTS,),
}  # fmt: skip


def _check_options(cls: type[Facts]) -> None:
    """Refuse options that this class cannot follow: most often they are those of its child, or of its parent."""
    options, child = cls.options, cls.children
    for name, types in _TYPES_OF_OPTIONS.items():
        said = getattr(options, name)
        for fact_name in said if isinstance(said, tuple) else () if said is None else (said,):
            _check_named(cls, f"Options({name}={fact_name!r})", fact_name, types, given=name == "happens")
    for name, needs in (("closes", "kind"), ("sorted", "happens")):
        if getattr(options, name) and getattr(options, needs) is None:
            instead = f"name the fact by {needs}=" + _in_child(child, needs)
            raise InvalidRule(cls.__name__, f"has Options({name}=...) and no {needs}", instead)
    if options.kind is not None and (words := cls.given[options.kind].words):
        for word in options.closes:
            if word not in words:
                raise UnknownName(f"word of {cls.__name__}.{options.kind}", word, tuple(sorted(words)))
    if child is None and options.children is not None:
        problem = f"says that its children stand under {options.children!r}, but not what they are"
        raise InvalidRule(cls.__name__, problem, f"write class {cls.__name__}(Facts, children=their_vocabulary, ...)")
    if child is not None and child.options.stored != "datetime" and options.stored == "datetime":
        problem = f"stores instants as datetime, its child {child.__name__} as {child.options.stored}"
        raise InvalidRule(cls.__name__, problem, f"give it Options(stored={child.options.stored!r}) as well")


def _in_child(child: type[Facts] | None, fact_name: str) -> str:
    if child is None or fact_name not in child.given:
        return ""
    return f"; it is an option of the child: write it in the Options of {child.__name__}"


def _check_named(
    cls: type[Facts], what: str, name: str, types: tuple[ValueType, ...], *, given: bool = False
) -> Fact[Any]:
    """Return the fact of the class, or of the vocabulary that it extends, that an option names."""
    found = cls.given.get(name, cls.root.given.get(name))
    if found is None:
        if instead := _in_child(cls.root.children, name):
            raise InvalidRule(cls.__name__, f"has {what}, which is no fact of it", instead.removeprefix("; "))
        raise UnknownName(f"fact of {cls.__name__}", name, tuple(cls.given), what)
    if found.type not in types or (given and found.definition is not None):
        wanted = f"{'a given fact' if given else 'a fact'} of type {' or '.join(str(kind) for kind in types)}"
        said = "derived" if found.type in types else f"of type {found.type}"
        raise InvalidRule(cls.__name__, f"has {what}, which is {said}", f"name {wanted}")
    return found


def _check_seen(cls: type[Facts]) -> None:
    for found in cls.given.values():
        if found.known_at is not None:
            what = f"{found.name}: known_at={found.known_at!r}"
            if _check_named(cls, what, found.known_at, _GIVEN_TIMES, given=True).planned is True:
                raise InvalidRule(cls.__name__, f"has {what}, which is planned", "name an instant that happens")
        if isinstance(found.planned, tuple):
            name, words = found.planned
            known = _check_named(cls, f"{found.name}: planned by {name!r}", name, (ValueType.TEXT,), given=True).words
            for word in words:
                if known and word not in known:
                    raise UnknownName(f"word of {cls.__name__}.{name}", word, tuple(sorted(known)))


def vocabulary_name(vocabulary: type[Facts]) -> str:
    """Return a vocabulary's full name: its module and where it stands in it."""
    return f"{vocabulary.__module__}.{vocabulary.__qualname__}"


def _check_fact(owner: type[Facts], found: Fact[Any], sound: set[int]) -> None:
    if found.owner is not owner:
        problem = f"holds the fact {'.'.join(found.identity[1:])!r} of {found.identity[0]}"
        raise InvalidRule(
            owner.__name__, problem, "declare a new one with ws.fact, or write of= to add to a vocabulary"
        )
    what = f"fact {found.name!r} of {owner.__name__}"
    plain = unicodedata.normalize("NFKC", found.name)
    if plain != found.name:  # Python reads both as one name
        raise InvalidRule(what, "has a name that Python reads as another", f"call it {plain!r}")
    unusable = keyword.iskeyword(found.name) or found.name.startswith("_") or not found.name.isidentifier()
    if unusable or found.name in RESERVED:
        raise InvalidRule(what, "has a name that no fact can have", "choose another")
    if found.definition is None:
        return
    scope = found.definition.scope
    if isinstance(scope, Over) and owner.root.children is not scope.child:
        problem = f"is defined over {scope.child.__name__}, which {owner.root.__name__} does not have as children"
        raise InvalidRule(what, problem)
    if merge(scope, owner.root) is not owner.root:
        instead = f"aggregate them first: {owner.root.__name__} is their parent"
        raise InvalidRule(what, f"is defined by facts of {scope_name(scope)}", instead)
    _check_cycle(found, (), sound)


def _check_cycle(found: Fact[Any], chain: tuple[Fact[Any], ...], sound: set[int]) -> None:
    """Refuse a fact that rests on itself; `sound` are those, by identity, that were found not to."""
    if any(found is above for above in chain):
        raise CyclicFact(tuple(fact.name for fact in (*chain, found)))
    if found.definition is not None and id(found) not in sound:
        for below in walk(found.definition):
            if isinstance(below, Fact):
                _check_cycle(below, (*chain, found), sound)
    sound.add(id(found))


def children_key(vocabulary: type[Facts]) -> str | None:
    """Return the attribute or key under which a record holds its children, None if it has none.

    If its options do not say: what the children are called, with an s.
    """
    if vocabulary.children is None:
        return None
    return vocabulary.options.children or f"{vocabulary.children.__name__}s"


def required_facts(vocabulary: type[Facts]) -> Iterator[Fact[Any]]:
    """Yield the given facts that every record must have."""
    for found in vocabulary.given.values():
        if found.required:
            yield found


def fact_named(vocabulary: type[Facts], name: str) -> Fact[Any]:
    """Return a fact of the class by name.

    Raises:
        UnknownName: with the nearest known name.
    """
    try:
        return vocabulary.given[name]
    except KeyError:
        raise UnknownName(f"fact of {vocabulary.__name__}", name, tuple(vocabulary.given)) from None
