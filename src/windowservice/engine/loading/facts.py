"""What may be said of the records that an engine knows: record types with their facts, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.errors import UnknownName
from windowservice.language.clocks.clock import OFFERED, Clock
from windowservice.language.tree.expressions import walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = ["KnownFact", "RecordFacts", "known_facts"]

_LIBRARY = "windowservice"


@attrs.frozen
class KnownFact:
    """A fact, as one reads it.

    Attributes:
        name: as rules write it, with its record type: ``ticket.priority``.
        title: one sentence saying what it is.
        type: the type of its value: a text, a whole number, an instant ...
        unit: the unit of a number; empty if it has none.
        words: the only texts that it can be, if they are enumerated.
        required: whether every record states it.
        formula: what it follows from; empty for what a record states.
        source: the plugin that brings it, with version and file; ``windowservice`` for the library's own.
    """

    name: str
    title: str
    type: str
    unit: str = ""
    words: tuple[str, ...] = ()
    required: bool = False
    formula: str = ""
    source: str = _LIBRARY


@attrs.frozen
class RecordFacts:
    """A record type with all that may be said of its records.

    Attributes:
        name: of the record type.
        title: the first line of what it says of itself.
        table: the table in which its rows stand; empty if in none.
        children: the name of the type of its children; empty if it has none.
        judged: whether a rule speaks of it.
        source: as for a fact.
        facts: the facts, those that plugins add included.
    """

    name: str
    title: str
    table: str
    children: str
    judged: bool
    source: str
    facts: tuple[KnownFact, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return attrs.asdict(self)


def known_facts(engine: Engine, name: str | None = None) -> tuple[RecordFacts, ...]:
    """Return the record types of an engine, those that rules speak of first; or those that a name says.

    Without rules on the branch's records those of the library that no rule speaks of are left out.

    Args:
        engine: the engine.
        name: a record type, as ``ticket``; or a fact, as ``ticket.priority``, or ``priority`` of any type.

    Raises:
        UnknownName: for a name that is neither, with the nearest.
    """
    judged = engine.judged_vocabularies
    given = [of.root for of in engine.record_types if engine.bank or not _is_library(of.root)]
    types: dict[type[Facts], None] = {}
    for of in (*judged, *given):
        types |= dict.fromkeys([of, *([] if of.children is None else [of.children])])
    found = tuple(_record(engine, of, of in judged) for of in types)
    return found if name is None else _named(found, name)


def _named(found: Iterable[RecordFacts], name: str) -> tuple[RecordFacts, ...]:
    found = tuple(found)
    if types := tuple(one for one in found if name in (one.name, one.table)):
        return types
    narrowed = (
        attrs.evolve(one, facts=tuple(fact for fact in one.facts if name in (fact.name, fact.name.partition(".")[2])))
        for one in found
    )
    if facts := tuple(one for one in narrowed if one.facts):
        return facts
    known = [one.name for one in found] + [fact.name for one in found for fact in one.facts]
    short = [fact.name.partition(".")[2] for one in found for fact in one.facts]
    raise UnknownName("record type or fact", name, tuple(dict.fromkeys(known if "." in name else known + short)))


def _record(engine: Engine, of: type[Facts], judged: bool) -> RecordFacts:
    added = [one for one in _adding(engine) if one is not of and one.root is of]
    facts = [fact for one in (of, *added) for fact in _facts(engine, one)]
    said = (of.__doc__ or "").strip()
    return RecordFacts(
        name=of.__name__, title=said.splitlines()[0] if said else "", table=of.options.table or "",
        children="" if of.children is None else of.children.__name__, judged=judged, source=_source(engine, of),
        facts=tuple(facts),
    )  # fmt: skip


def _adding(engine: Engine) -> Iterable[type[Facts]]:
    """Return the classes of all facts that plugins offer or rules ask, each once."""
    asked = (found for loaded in engine.rules for expr in loaded.rule.conditions for found in walk(expr))
    owners = (found.owner for found in asked if isinstance(found, Fact) and found.owner is not None)
    return dict.fromkeys((*engine.record_types, *owners))


def _facts(engine: Engine, of: type[Facts]) -> Iterable[KnownFact]:
    source = _source(engine, of)
    for fact in of.given.values():
        yield _fact(fact, of, source)


def _fact(fact: Fact[Any], of: type[Facts], source: str) -> KnownFact:
    if isinstance(fact, Clock):
        offered = ", ".join(f".{one}" for one in OFFERED)
        return KnownFact(f"{of.__name__}.{fact.name}", f"{fact.title}; it offers {offered}", "clock", source=source)
    return KnownFact(
        name=f"{of.__name__}.{fact.name}", title=fact.title, type=str(fact.type), unit=fact.unit or "",
        words=fact.words, required=fact.required, formula="" if fact.definition is None else str(fact.definition),
        source=source,
    )  # fmt: skip


def _is_library(of: type[Facts]) -> bool:
    return of.__module__.partition(".")[0] == _LIBRARY


def _source(engine: Engine, of: type[Facts]) -> str:
    if _is_library(of):
        return _LIBRARY
    return next((str(one) for one in engine.plugins if of.__name__ in one.record_types), of.__module__)
