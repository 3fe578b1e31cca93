"""The rules of an engine as loaded: named by pack, amended, grouped by record, and compiled on demand."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs

from windowservice.domain.basis import Basis
from windowservice.errors import InvalidRule, UnknownName
from windowservice.language.amendments import Adjust, Amendment, Replace, Withdraw
from windowservice.language.expressions import Expr, walk
from windowservice.language.facts import Fact, Facts
from windowservice.language.figures import Dated, Figure, FigureAt
from windowservice.language.rule import Pack, Rule

__all__ = [
    "LoadedRule",
    "amended_figures",
    "conditions",
    "figures_of",
    "given_facts",
    "load_rules",
    "position_of",
    "versions_hash",
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
        InvalidRule: if two different figures have one name.
    """
    found: dict[str, Figure[Any]] = {}
    seen: set[int] = set()

    def visit(expr: Expr[Any]) -> None:
        for below in walk(expr):
            if id(below) in seen:
                continue
            seen.add(id(below))
            figure = below.figure if isinstance(below, FigureAt) else below
            if isinstance(figure, Figure):
                other = found.setdefault(figure.name, figure)
                if other is not figure and other.table != figure.table:
                    raise InvalidRule(f"figure {figure.name!r}", "stands for two different figures", "rename one")
            if isinstance(below, Fact) and below.definition is not None:
                visit(below.definition)

    for expr in exprs:
        visit(expr)
    return found


def given_facts(rules: Iterable[LoadedRule], vocabulary: type[Facts]) -> Iterator[Fact[Any]]:
    """Yield the given facts that findings rest on, each once: conditions, settling, what dates figures, the clerk."""
    named = (vocabulary.options.dated_by, vocabulary.options.clerk)
    pending: list[Expr[Any]] = [vocabulary.given[name] for name in named if name is not None]
    for loaded in rules:
        pending += [*conditions(loaded.rule), *loaded.rule.settling()]
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
    rules: Sequence[LoadedRule], amendments: Iterable[Amendment], supplied: dict[str, dict[str, Dated]]
) -> dict[str, dict[str, Dated]]:
    """Return the tables that stand in for figures' own: those of the catalogue, and those adjusted by amendments.

    Raises:
        UnknownName: if an amendment names a figure that no rule uses, with the nearest name.
    """
    tables = dict(supplied)
    known = figures_of(expr for loaded in rules for expr in conditions(loaded.rule))
    for amendment in amendments:
        if isinstance(amendment, Adjust):
            if amendment.target not in known:
                raise UnknownName("figure", amendment.target, tuple(known), f"Adjust on {amendment.basis}")
            figure = known[amendment.target]
            adjusted = figure.with_values(amendment.values, amendment.basis).table
            tables[figure.name] = {
                **tables.get(figure.name, figure.table),
                **adjusted,
            }  # keys not named keep their values
    return tables


def conditions(rule: Rule) -> list[Expr[bool]]:
    """Return the conditions of a rule: what it requires, and when."""
    return [rule.require] if rule.when is None else [rule.require, rule.when]


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


def versions_hash(rules: Sequence[LoadedRule]) -> str:
    """Return a hash of all that the rules say."""
    return hashlib.sha256("".join(f"{r.name}{r.version}{r.rule.fingerprint}" for r in rules).encode()).hexdigest()[:16]


def vocabularies_of(rules: Sequence[LoadedRule]) -> list[type[Facts]]:
    """Return the vocabularies that the rules speak of, in order of first mention."""
    found: dict[type[Facts], None] = {}
    for loaded in rules:
        found.setdefault(loaded.rule.of)
    return list(found)
