"""The rules of an engine as loaded: named by pack, amended, grouped by record, and compiled on demand."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import attrs

from windowservice.domain.basis import Basis
from windowservice.errors import InvalidRule, TimeOutOfRange, UnknownName
from windowservice.instants import to_date
from windowservice.language.analysis.digest import Reached, hashed
from windowservice.language.tree.amendments import Adjust, Amendment, Replace, Withdraw
from windowservice.language.tree.expressions import Expr, structure, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, dating_facts
from windowservice.language.tree.figures import Dated, Figure, Key, shown_key
from windowservice.language.tree.rule import Pack, Rule

__all__ = [
    "LoadedRule",
    "amended_figures",
    "amendments_of",
    "day_of_figures",
    "figures_of",
    "figures_of_packs",
    "given_below",
    "given_facts",
    "load_rules",
    "packs_with",
    "position_of",
    "said_by",
    "vocabularies_of",
]

_log = logging.getLogger("windowservice.engine")
AD_HOC: Final = "own"
"""The pack name of rules given to an engine directly."""


@attrs.frozen
class LoadedRule:
    """A rule as an engine holds it.

    Attributes:
        name: ``pack/rule``.
        rule: the rule.
        version: the version of its pack.
        amended: the basis of the amendment that put it here, if one did.
    """

    name: str
    rule: Rule
    version: str
    amended: Basis | None = None


def load_rules(packs: Iterable[Pack], amendments: Iterable[Amendment]) -> tuple[LoadedRule, ...]:
    """Return the rules of the packs, with replaced and withdrawn ones changed.

    Raises:
        UnknownName: if an amendment names a rule that no pack has, with the nearest name.
    """
    found = {
        f"{pack.name}/{rule.name}": LoadedRule(f"{pack.name}/{rule.name}", rule, pack.version)
        for pack in packs
        for rule in pack.rules
    }
    known = tuple(found)
    for amendment in amendments:
        if isinstance(amendment, Adjust):
            continue
        if amendment.target not in found:
            raise UnknownName("rule", amendment.target, known, f"{type(amendment).__name__} on {amendment.basis}")
        old = found[amendment.target]
        if isinstance(amendment, Replace):
            found[amendment.target] = attrs.evolve(old, rule=amendment.rule, amended=amendment.basis)
        else:
            assert isinstance(amendment, Withdraw)  # noqa: S101 - there are three kinds of amendment
            del found[amendment.target]
        _log.info("%s %s: %s", type(amendment).__name__, amendment.target, amendment.basis)
    return tuple(found.values())


def figures_of(exprs: Iterable[Expr[Any]]) -> dict[str, Figure[Any]]:
    """Return all figures that the expressions rest on, by name, through the definitions of facts.

    Raises:
        InvalidRule: if two different figures, or two different facts, have one name.
    """
    reached = Reached(exprs)
    _refuse_twins(reached.facts)
    found: dict[str, Figure[Any]] = {}
    for figure in reached.figures:
        other = found.setdefault(figure.name, figure)
        if other is not figure and other.table != figure.table:
            raise InvalidRule(f"figure {figure.name!r}", "stands for two different figures", "rename one")
    return found


def _refuse_twins(facts: Iterable[Fact[Any]]) -> None:
    """Refuse two classes of one full name whose facts differ: code would take one fact for the other."""
    found: dict[tuple[str, ...], Fact[Any]] = {}
    for fact in facts:
        other = found.setdefault(fact.identity, fact)
        if other is not fact and _content(other) != _content(fact):
            problem = f"stands for two different facts, in two classes named {fact.identity[0]}"
            raise InvalidRule(f"fact {fact.name!r}", problem, "rename one of the classes")


def _content(fact: Fact[Any]) -> tuple[object, ...]:
    return (fact.type, fact.read, None if fact.definition is None else structure(fact.definition))


def given_facts(rules: Iterable[LoadedRule], vocabulary: type[Facts]) -> Iterator[Fact[Any]]:
    """Yield the given facts that findings rest on, each once: conditions, settling, what dates figures, the clerk."""
    clerk = vocabulary.options.clerk
    pending: list[Expr[Any]] = [*dating_facts(vocabulary), *([] if clerk is None else [vocabulary.given[clerk]])]
    for loaded in rules:
        pending += loaded.rule.asked
    yield from given_below(pending)


def given_below(exprs: Iterable[Expr[Any]]) -> Iterator[Fact[Any]]:
    """Yield the given facts that expressions rest on, each once."""
    pending = list(exprs)
    seen: set[int] = set()
    while pending:
        for expr in walk(pending.pop()):
            if not isinstance(expr, Fact) or id(expr) in seen:
                continue
            seen.add(id(expr))
            if expr.definition is None:
                yield expr
            else:
                pending.append(expr.definition)


def amended_figures(
    rules: Sequence[LoadedRule],
    amendments: Iterable[Amendment],
    supplied: dict[str, dict[Key, Dated]],
    idle: frozenset[str] = frozenset(),
) -> dict[str, dict[Key, Dated]]:
    """Return the tables that stand in for figures' own: those of the catalogue, and those adjusted by amendments.

    An adjustment adds its values to the history of the figure: what was in force before their dates stays in force.

    Args:
        rules: the rules as loaded.
        amendments: in order; of two values from one date the later one counts.
        supplied: the tables that the catalogue gives.
        idle: the figures that are known though no rule reads them any more; adjusting one of them does nothing.

    Raises:
        UnknownName: if an amendment names a figure that no rule uses, or a key that it lacks, with the nearest name.
    """
    known = figures_of(expr for loaded in rules for expr in loaded.rule.conditions)
    own = {name for name, figure in known.items() if figure.table}  # one of a pack that is called like a catalogue's
    supplied = {name: table for name, table in supplied.items() if name not in own}
    tables = dict(supplied)
    for amendment in amendments:
        if not isinstance(amendment, Adjust) or (amendment.target in idle and amendment.target not in known):
            continue
        where = f"Adjust on {amendment.basis}"
        if amendment.target not in known:
            raise UnknownName("figure", amendment.target, (*known, *sorted(idle)), where)
        figure = known[amendment.target]
        before = tables.get(figure.name, figure.table)
        # a kind of business without, say, a commitment may be given one
        keys = {key for table in supplied.values() for key in table} if figure.name in supplied else set(before)
        table = dict(before)
        for key, added in figure.with_values(amendment.values, amendment.basis, amendment.key_names).table.items():
            if key not in keys:
                known_keys = tuple(sorted(map(shown_key, keys - {""})))
                raise UnknownName(f"key of the figure {figure.name!r}", shown_key(key), known_keys, where)
            table[key] = added if key not in before else before[key].followed_by(added)
        tables[figure.name] = table
    return tables


def amendments_of(
    amendments: Iterable[Amendment], packs: Iterable[Pack], elsewhere: Iterable[Pack] | None = None
) -> tuple[Amendment, ...]:
    """Return the amendments without those of rules that are left out: all but the packs' own, or those elsewhere."""
    kept = {f"{pack.name}/{rule.name}" for pack in packs for rule in pack.rules}
    out = None if elsewhere is None else {f"{pack.name}/{rule.name}" for pack in elsewhere for rule in pack.rules}
    return tuple(
        a for a in amendments
        if isinstance(a, Adjust) or a.target in kept or (out is not None and a.target not in out)
    )  # fmt: skip


def figures_of_packs(packs: Iterable[Pack]) -> frozenset[str]:
    """Return the names of the figures that the rules of packs read, as the packs have them."""
    rules = [rule for pack in packs for rule in pack.rules]
    return frozenset().union(*(figures_of(rule.conditions) for rule in rules))


def day_of_figures(value: date | str) -> date:
    """Return the day whose figures are asked for.

    Raises:
        InvalidTime, TimeOutOfRange: if it is none, or lies outside the years computed with.
    """
    day = to_date(value, "figures_as_of")
    if not 1900 <= day.year <= 2199:
        raise TimeOutOfRange(day, "1900-01-01", "2199-12-31", "figures_as_of")
    return day


def position_of(rules: Sequence[LoadedRule], name: str) -> int:
    """Return the position of a rule by its full name, or by its own name if that is unique.

    Raises:
        UnknownName: with the nearest name.
        InvalidRule: if rules of several packs have that name.
    """
    matches = [i for i, loaded in enumerate(rules) if name in (loaded.name, loaded.rule.name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        owners = " and ".join(rules[match].name for match in matches)
        raise InvalidRule(f"rule {name!r}", f"stands for {owners}", "write the full name")
    known = [name for loaded in rules for name in (loaded.name, loaded.rule.name)]
    raise UnknownName("rule", name, (*known, *dict.fromkeys(loaded.name.partition("/")[0] for loaded in rules)))


def packs_with(names: Sequence[str], packs: Sequence[Pack], rules: Sequence[LoadedRule]) -> tuple[Pack, ...]:
    """Return the packs with the named rules, or those of the named packs, only; errors as `position_of`."""
    whole = {name for name in names if any(pack.name == name for pack in packs)}
    single = {rules[position_of(rules, name)].name for name in names if name not in whole}
    kept = (
        (pack, [rule for rule in pack.rules if pack.name in whole or f"{pack.name}/{rule.name}" in single])
        for pack in packs
    )
    return tuple(attrs.evolve(pack, rules=tuple(chosen)) for pack, chosen in kept if chosen)


def said_by(rules: Sequence[LoadedRule]) -> str:
    """Return a hash of all that findings of the rules say, titles and versions of packs too."""
    return hashed([(r.name, r.version, r.rule.fingerprint) for r in rules])


def vocabularies_of(rules: Sequence[LoadedRule]) -> list[type[Facts]]:
    """Return the vocabularies that the rules speak of, in order of first mention."""
    found: dict[type[Facts], None] = {}
    for loaded in rules:
        found.setdefault(loaded.rule.of)
    return list(found)
