"""How a vocabulary is declared: a class of facts, each given by the record or derived from other facts.

A vocabulary is never instantiated; it says what may be said of a record. The record itself may be any object with
attributes, or any mapping: ours are declared in the same way as an application's own.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable, Iterator
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypedDict, Unpack

import attrs

from windowservice.asked import told
from windowservice.errors import CyclicFact, InvalidRule, UnknownName
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import walk
from windowservice.language.tree.fact import Fact, Vocabulary
from windowservice.language.tree.kernels import DATED
from windowservice.language.tree.scope import Over, merge, scope_name
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.language.relations.rows import Grouped, United

__all__ = [
    "Facts",
    "Given",
    "Made",
    "Options",
    "children_key",
    "dating",
    "dating_facts",
    "fact_named",
    "party_name",
    "party_of",
    "plural_of",
    "relation_of",
    "required_facts",
    "vocabulary_name",
]  # fmt: skip

RESERVED: Final = frozenset({"root", "children", "parents", "options", "given"})
"""What a vocabulary itself is asked for, so that no fact can be called so."""
TEXT_WORDS: Final = frozenset({"as_of", "figure"})


@told
@attrs.frozen
class Given:
    """The rows of a ledger's table, of a frame, or records in hand.

    Attributes:
        table: the name of the table, as files, sheets and rules call it.
    """

    table: str


@told
@attrs.frozen
class Made:
    """Records that are made from a whole ledger, and stand in none of its tables.

    Attributes:
        table: what they are called together.
    """

    table: str


def _names(said: str | Iterable[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


@attrs.frozen
class Options:
    """What the keywords of a vocabulary's class say; each is a keyword of the class whose facts it names.

    Attributes:
        rows: where the records come from: `Given` in a table, `Grouped` or `United` of other records, or `Made` of a
            whole ledger; None: an application's own.
        stored: how the record and its children hold instants: ``datetime`` (aware ones) or ``microseconds`` (integers
            UTC).
        under: the attribute or key under which the children stand; if not given, the plural of their name, as in
            tickets, statuses, entries.
        happens: the given instant or date from which a record, or a child, is seen; several: from the last of them
            that it states. Before that it is not there. Without it, the required ones that are not planned. Children
            with one such fact stand in its order, however they are given.
        dated_by: the fact whose instant picks the figures in force; ``as_of`` if None.
        zone: the text fact that names the zone of the record, by which figures and rules are dated: a calendar of the
            engine, or a zone such as Europe/Berlin; without it that of the default calendar.
        kind: of a child: the text fact that children are told apart by.
        extra: the attribute or key of a mapping in which facts added by plugins are found; ``extra`` where `rows` says
            where records come from.
        closes: of a child: the words of `kind` that settle the parent: its counts are not final before.
        clerk: the text fact that names the clerk who answers for the record, by whom reports can be read.
        party: the given text fact that names whom a rule proposes an action against, such as a customer or a team;
            ``bank`` if the type has such a fact.
        carries: the facts that reports show beside the key of each record, such as customer and team; without it bank
            and service where the type has such facts.
        lacks: the fact, a set of texts, that says what was missing where the record could not be told; findings name
            that instead of the facts that it left empty.
    """

    rows: Given | Made | Grouped | United | None = None
    stored: Literal["datetime", "microseconds"] = "datetime"
    under: str | None = None
    happens: str | tuple[str, ...] | None = None
    dated_by: str | None = None
    zone: str | None = None
    kind: str | None = None
    extra: str | None = attrs.field()
    closes: tuple[str, ...] = ()
    clerk: str | None = None
    party: str | None = None
    carries: tuple[str, ...] = attrs.field(default=(), converter=_names)
    lacks: str | None = None

    @extra.default
    def _extra_of_rows(self) -> str | None:
        return None if self.rows is None else "extra"

    @property
    def table(self) -> str | None:
        """The name of the table, or of what the records are called together."""
        return None if self.rows is None else self.rows.table


class Keywords(TypedDict, total=False):
    """The keywords of a vocabulary's class, as `Options` describes them."""

    rows: Given | Made | Grouped | United
    stored: Literal["datetime", "microseconds"]
    under: str
    happens: str | tuple[str, ...] | None
    dated_by: str | None
    zone: str
    kind: str
    extra: str
    closes: tuple[str, ...]
    clerk: str | None
    party: str
    carries: str | tuple[str, ...]
    lacks: str


_KEYWORDS: Final = tuple(Keywords.__annotations__)


def relation_of(rows: object) -> Grouped | United | None:
    """Return what says of which records others are made, if they are made by expressions; None otherwise."""
    return None if isinstance(rows, (Given, Made, NoneType)) else rows  # type: ignore[return-value]


class Facts(metaclass=Vocabulary):
    """Base of every vocabulary: subclass it and declare facts in the class body.

    ``class ticket(Facts)`` declares the vocabulary of a record; ``class mine(Facts, of=ticket)`` adds facts to one. A
    record with children names their vocabulary: ``class request(Facts, children=event, ...)``; the other keywords are
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
        cls, of: type[Facts] | None = None, children: type[Facts] | None = None, **said: Unpack[Keywords]
    ) -> None:
        if (wrong := next((name for name in said if name not in _KEYWORDS), None)) is not None:
            raise UnknownName(f"keyword of the class {cls.__name__}", wrong, ("of", "children", *_KEYWORDS))
        if extended := [base.__name__ for base in cls.__bases__ if base is not Facts and issubclass(base, Facts)]:
            instead = f"write class {cls.__name__}(Facts, of={extended[0]}) to add facts to it"
            raise InvalidRule(cls.__name__, f"inherits from the vocabulary {extended[0]}", instead)
        if cls.__name__ in TEXT_WORDS:
            raise InvalidRule(cls.__name__, "is a word that the text of rules uses itself", "choose another name")
        if (relation := relation_of(said.get("rows"))) is not None:
            if not relation.table:
                said["rows"] = relation = relation.called(plural_of(cls))
            children = relation.children
            said.setdefault("stored", "datetime")
        cls.root = cls if of is None else of.root
        cls.given = {name: value for name, value in vars(cls).items() if isinstance(value, Fact)}
        if of is None:
            if (
                not said and children is not None
            ):  # who says nothing of how instants are stored has them as its children do
                said = {"stored": children.options.stored}
            cls.children, cls.parents, cls.options = children, (), Options(**said)
        elif children is not None or said:
            raise InvalidRule(
                cls.__name__, f"adds facts to {of.__name__}: only a vocabulary of its own has children and options"
            )
        sound: set[int] = set()
        for found in cls.given.values():
            _check_fact(cls, found, sound)
        if of is None:
            _check_options(cls)
            if relation is not None:
                relation.check(cls)
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
    "zone": (ValueType.TEXT,), "carries": (ValueType.TEXT,), "party": (ValueType.TEXT,), "lacks": (ValueType.TEXTS,),
}  # fmt: skip


def _check_options(cls: type[Facts]) -> None:
    """Refuse options that this class cannot follow: most often they are those of its child, or of its parent."""
    options, child = cls.options, cls.children
    for name, types in _TYPES_OF_OPTIONS.items():
        said = getattr(options, name)
        for fact_name in said if isinstance(said, tuple) else () if said is None else (said,):
            _check_named(cls, f"{name}={fact_name!r}", fact_name, types, given=name in ("happens", "party"))
    for name, needs in (("closes", "kind"), ("zone", "dated_by")):
        if getattr(options, name) and getattr(options, needs) is None:
            instead = f"name the fact by {needs}=" + _in_child(child, needs)
            raise InvalidRule(cls.__name__, f"has {name}=... and no {needs}", instead)
    if options.kind is not None and (words := cls.given[options.kind].words):
        for word in options.closes:
            if word not in words:
                raise UnknownName(f"word of {cls.__name__}.{options.kind}", word, words)
    if child is None and options.under is not None:
        problem = f"says that its children stand under {options.under!r}, but not what they are"
        raise InvalidRule(cls.__name__, problem, f"write class {cls.__name__}(Facts, children=their_vocabulary, ...)")
    alike = child is None or child.options.stored == "datetime" or options.stored != "datetime"
    if child is not None and not alike and relation_of(options.rows) is None:  # the rows of a group are told anew
        problem = f"stores instants as datetime, its child {child.__name__} as {child.options.stored}"
        raise InvalidRule(cls.__name__, problem, f"give it stored={child.options.stored!r} as well")


def _in_child(child: type[Facts] | None, fact_name: str) -> str:
    if child is None or fact_name not in child.given:
        return ""
    return f"; it is a keyword of the child: write it at the class {child.__name__}"


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
        found.check()
        if found.known_at is not None:
            what = f"{found.name}: known_at={found.known_at!r}"
            if _check_named(cls, what, found.known_at, _GIVEN_TIMES, given=True).planned is True:
                raise InvalidRule(cls.__name__, f"has {what}, which is planned", "name an instant that happens")
        if isinstance(found.planned, tuple):
            name, words = found.planned
            known = _check_named(cls, f"{found.name}: planned by {name!r}", name, (ValueType.TEXT,), given=True).words
            for word in words:
                if known and word not in known:
                    raise UnknownName(f"word of {cls.__name__}.{name}", word, known)


def dating_facts(vocabulary: type[Facts]) -> tuple[Fact[Any], ...]:
    """Return the facts that date the figures of a record: its instant, and its zone."""
    names = (vocabulary.options.dated_by, vocabulary.options.zone)
    return tuple(vocabulary.given[name] for name in names if name is not None)


def dating(vocabulary: type[Facts]) -> Expr[Any] | None:
    """Return the instant that picks the figures in force, brought to the zone of civil dates; None: ``as_of``."""
    at, *zone = dating_facts(vocabulary) or (None,)
    return DATED(at, *zone) if zone else at


def party_name(vocabulary: type[Facts]) -> str:
    """Return the name of the fact that says against whom an action is proposed."""
    return vocabulary.options.party or "bank"


def party_of(vocabulary: type[Facts]) -> Fact[Any] | None:
    """Return that fact; None if the type says nobody, or not in a column of its own."""
    found = vocabulary.given.get(party_name(vocabulary))
    return found if found is not None and found.definition is None else None


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

    If its options do not say: the plural of what a child is called.
    """
    if vocabulary.children is None:
        return None
    return vocabulary.options.under or plural_of(vocabulary.children)


def plural_of(vocabulary: type[Facts]) -> str:
    """Return what several records of a type are called if nothing else is said: tickets, statuses, entries."""
    name = vocabulary.__name__
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"


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
