"""What is asked of the records of a type, and of those that they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.language.relations.lookup import lookups_below, lookups_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts, relation_of

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = ["Asked", "asked_below", "asked_of", "below"]


def below(of: type[Facts]) -> list[type[Facts]]:
    """Return a type, and those that its records are made of by expressions, by way of others too."""
    found: list[type[Facts]] = []
    waiting = [of]
    while waiting:
        one = waiting.pop()
        relation = relation_of(one.options.rows)
        if one not in found:
            found.append(one)
            waiting += [] if relation is None else [*(made_of for made_of, _ in relation.told_of), *relation.named]
    return found


class Asked(NamedTuple):
    """What rules, the making of records and lookups ask of a type, and of the types that its records rest on."""

    types: tuple[type[Facts], ...]
    exprs: tuple[Expr[Any], ...]


def asked_below(engine: Engine, of: type[Facts]) -> Asked:
    """Return what is asked of a type and of those that its records are made of, or are looked up in."""
    types: dict[type[Facts], None] = {}
    exprs: list[Expr[Any]] = []
    waiting = [of]
    while waiting:
        one = waiting.pop()
        if one in types:
            continue
        types[one] = None
        relation = relation_of(one.options.rows)
        found = [*asked_of(engine, one), *([] if relation is None else [expr for _, expr in relation.exprs])]
        waiting += [] if relation is None else [*(made_of for made_of, _ in relation.told_of), *relation.named]
        asked, done = found, set[int]()
        while asked:
            fresh = [looked for looked in lookups_below(asked) if id(looked) not in done]
            done |= {id(looked) for looked in fresh}
            asked = [part for looked in fresh for part in (*looked.lookup.ours, *looked.lookup.theirs)]
            waiting += [looked.lookup.of for looked in fresh]
            found = [*found, *asked]
        exprs += found
    return Asked(tuple(types), tuple(exprs))


def asked_of(engine: Engine, of: type[Facts]) -> list[Expr[Any]]:
    """Return what rules ask of a type, and all of it that is looked up: reports may be read by it."""
    rules = [expr for loaded in engine.reader_of(of).rules for expr in loaded.rule.asked]
    classes = dict.fromkeys([of, *(one for one in engine.record_types if one.root is of)])
    return [*rules, *(fact for one in classes for fact in lookups_of(one))]
