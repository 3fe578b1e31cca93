"""Which rules are worth holding against one another: those that ask about one thing of the same records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import attrs

from windowservice.engine.ruleset import LoadedRule
from windowservice.linting.conditions.ways import Ways
from windowservice.rules.conditions import Alternative, Words

__all__ = ["Group", "groups", "pairs_of"]

_MOST_PAIRS: Final = 10_000
"""So many pairs of rules that speak of one thing are compared; who writes more has made them by a program."""


@attrs.frozen(eq=False)
class Group:
    """The rules of one record type that ask about one term.

    Attributes:
        term: the term, as it is written.
        rules: the rules.
    """

    term: str
    rules: Sequence[LoadedRule]


def groups(rules: Iterable[LoadedRule], ways: Ways) -> list[Group]:
    """Return the groups of two rules or more."""
    found: dict[tuple[Any, ...], list[LoadedRule]] = defaultdict(list)
    terms: dict[tuple[Any, ...], str] = {}
    for loaded in rules:
        of, day = loaded.rule.of, next(iter(ways.days(loaded)), None)
        for way in () if day is None else ways.of(loaded.rule.require, day) or ():
            for key, (term, _) in way.items():
                if loaded not in found[of, key][-1:]:
                    found[of, key].append(loaded)
                    terms[of, key] = str(term)
    return [Group(terms[key], rules) for key, rules in found.items() if len(rules) > 1]


def pairs_of(group: Group, ways: Ways) -> tuple[Iterator[tuple[LoadedRule, LoadedRule]], bool]:
    """Return the pairs of a group that may apply to one record, and whether all of them are there.

    Rules that apply to other words of one text, each to its own, are not held against one another.
    """
    buckets = _by_word(group.rules, ways)
    pairs = sum(len(bucket) * (len(bucket) - 1) // 2 for bucket in buckets)
    seen: set[tuple[str, str]] = set()

    def found() -> Iterator[tuple[LoadedRule, LoadedRule]]:
        for bucket in buckets:
            for one, other in combinations(bucket, 2):
                if len(seen) >= _MOST_PAIRS:
                    return
                if (one.name, other.name) not in seen:
                    seen.add((one.name, other.name))
                    yield one, other

    return found(), pairs <= _MOST_PAIRS


def _by_word(rules: Sequence[LoadedRule], ways: Ways) -> list[list[LoadedRule]]:
    """Return rules parted by the words to which most of them apply; who applies to all stands in each part."""
    said = {loaded.name: _words(loaded, ways) for loaded in rules}
    counted = Counter(key for words in said.values() for key in words)
    if not counted or counted.most_common(1)[0][1] < 2:
        return [list(rules)]
    key = counted.most_common(1)[0][0]
    parted: dict[Any, list[LoadedRule]] = defaultdict(list)
    for loaded in rules:
        for word in said[loaded.name].get(key, ()):
            parted[word].append(loaded)
    free = [loaded for loaded in rules if key not in said[loaded.name]]
    return [[*free, *part] for part in parted.values()]


def _words(loaded: LoadedRule, ways: Ways) -> dict[tuple[Any, ...], frozenset[Any]]:
    """Return by term the words of which one has to be said for the rule to apply."""
    day = next(iter(ways.days(loaded)), None)
    found: list[Alternative] = [] if day is None else ways.of(loaded.rule.when, day) or []
    if not found:
        return {}
    named = {}
    for key in set(found[0]).intersection(*found[1:]):
        allowed = [way[key][1] for way in found]
        if all(isinstance(one, Words) and not one.other for one in allowed):
            named[key] = frozenset[Any]().union(*(one.words for one in allowed if isinstance(one, Words)))
    return named
