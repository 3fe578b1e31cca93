"""Numbers of which no rule speaks: holes between the bands by which rules of one pack apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from windowservice.engine.ruleset import LoadedRule
from windowservice.language.tree.expr import Expr
from windowservice.linting.conditions.ways import Ways
from windowservice.linting.problems import Problem
from windowservice.linting.subject import Subject
from windowservice.rules.conditions import Interval, hole_below

__all__ = ["bands"]


def bands(subject: Subject, ways: Ways) -> Iterator[Problem]:
    """Yield the holes between rules of one pack that ask about the same by bands of one number."""
    found: dict[Any, list[tuple[LoadedRule, Expr[Any], Interval]]] = defaultdict(list)
    for loaded in subject.rules:
        days = ways.days(loaded)
        when = ways.of(loaded.rule.when, days[-1]) if days and loaded.rule.until is None else None
        asked = ways.of(loaded.rule.require, days[-1]) if days else None
        if when is None or asked is None or len(when) != 1 or len(when[0]) != 1:
            continue
        ((key, (term, allowed)),) = when[0].items()
        if isinstance(allowed, Interval):
            about = frozenset(one for way in asked for one in way)
            found[loaded.name.partition("/")[0], loaded.rule.of, key, about].append((loaded, term, allowed))
    for rules in found.values():
        rules.sort(key=lambda one: (one[2].least is not None, 0 if one[2].least is None else one[2].least))
        for place in range(1, len(rules)):
            loaded, term, band = rules[place]
            hole = hole_below(band, [one[2] for one in rules[:place]], term)
            if hole is not None:
                said = f"{term} {hole}: the rules that ask about this go by bands of it, and none holds these"
                yield subject.told("gap", loaded, said, key="when")
