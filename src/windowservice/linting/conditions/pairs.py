"""Rules that cannot both hold, that ask the same, or of which one says nothing beside another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from windowservice.engine.ruleset import LoadedRule
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.rule import SEVERITIES
from windowservice.linting.conditions.candidates import groups, pairs_of
from windowservice.linting.conditions.ways import Ways, both, spans
from windowservice.linting.problems import Problem
from windowservice.linting.subject import Subject
from windowservice.rules.conditions import Alternative, implies

__all__ = ["pairs"]

_MOST: Final = 50
"""So much is told of rules that speak of one thing; the rest is of the same kind."""


def pairs(subject: Subject, ways: Ways) -> Iterator[Problem]:
    """Yield what is odd about rules that speak of one thing, each pair once."""
    told: set[tuple[str, str]] = set()
    for group in groups(subject.rules, ways):
        found, is_whole = pairs_of(group, ways)
        number = 0
        for one, other in found:
            if (one.name, other.name) in told:
                continue
            problem = _odd(subject, ways, one, other)
            if problem is not None:
                told.add((one.name, other.name))
                number += 1
                yield problem
            if number >= _MOST:
                is_whole = False
                break
        if not is_whole:
            said = f"{len(group.rules):,} rules speak of {group.term}; not all pairs of them were compared"
            yield subject.told("not-compared", group.rules[0], said)


def _odd(subject: Subject, ways: Ways, one: LoadedRule, other: LoadedRule) -> Problem | None:
    days = ways.days(one, other)
    clashes = [day for day in days if _clash(ways, one, other, day)]
    if clashes:
        where = "" if other.rule.when is None else f" where {other.rule.when}"
        said = f"{spans(days, clashes)}{other.rule.require}{where} cannot hold with {one.name}: {one.rule.require}"
        return subject.told("contradiction", other, said, key="require")
    first, second = _adds_nothing(ways, one, other, days), _adds_nothing(ways, other, one, days)
    if not (first or second) or not _same_settling(one, other):
        return None
    if first and second:
        return subject.told("duplicate", other, f"asks what {one.name} asks")
    idle, whole = (one, other) if first else (other, one)
    return subject.told("subsumed", idle, f"fails only where {whole.name} ({whole.rule.severity}) fails too")


def _clash(ways: Ways, one: LoadedRule, other: LoadedRule, day: date) -> bool:
    """Whether on a day two rules surely apply to one record, and none can fulfil both though each can be fulfilled."""
    mine, theirs = ways.of(one.rule.require, day), ways.of(other.rule.require, day)
    if both(mine, theirs) != []:
        return False
    first, second = ways.of(one.rule.when, day), ways.of(other.rule.when, day)
    applies = both(first, second)
    if not applies or not first or not second:
        return False
    if not (implies(first, second) or implies(second, first) or any(map(_is_plain, applies))):
        return False
    return bool(both(first, mine)) and bool(both(second, theirs))


def _is_plain(way: Alternative) -> bool:
    """Whether a record can surely say it: values of given facts, each by itself."""
    return all(isinstance(term, Fact) and term.definition is None for term, _ in way.values())


def _same_settling(one: LoadedRule, other: LoadedRule) -> bool:
    return list(map(structure, one.rule.settling())) == list(map(structure, other.rule.settling()))


def _adds_nothing(ways: Ways, idle: LoadedRule, whole: LoadedRule, days: list[date]) -> bool:
    """Whether wherever one rule fails the other does, which is as grave, in force as long and calls for as much."""
    one, other = idle.rule, whole.rule
    if SEVERITIES.index(one.severity) > SEVERITIES.index(other.severity) or not {*one.proposes} <= {*other.proposes}:
        return False
    if other.since is not None and (one.since is None or one.since < other.since):
        return False
    if other.until is not None and (one.until is None or one.until > other.until):
        return False
    for day in days:
        asked, more = ways.of(one.require, day), ways.of(other.require, day)
        if not asked or not more or not implies(more, asked):
            return False
        applies, wider = ways.of(one.when, day), ways.of(other.when, day)
        if not applies or not wider or not implies(applies, wider):
            return False
    return bool(days)
