"""Figures that nobody reads, that begin too late, that lack a line or a source; and ladders as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Any, Final

from windowservice.domain.basis import Basis
from windowservice.engine.ruleset import LoadedRule
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.figures import Figure, FigureAt, figure_of, key_of, named_line
from windowservice.language.tree.nodes import By, Const, Kernel, Op, Within
from windowservice.language.tree.operators import OPERATORS
from windowservice.linting.conditions.ways import Ways
from windowservice.linting.problems import Problem, problem
from windowservice.linting.subject import Source, Subject
from windowservice.rules.conditions import Words
from windowservice.rules.escalation.check import check_ladder

__all__ = ["figures"]

_NOBODY_KNOWS: Final = "unknown"
"""A word of which a figure need not say anything: of such records nothing can be told."""
_MOST_LINES: Final = 1_000
_MOST_TOLD: Final = 5
_EMPTY: Final = frozenset({"", "-", "?", "??", "???", "...", "n/a", "na", "none", "tbd", "todo", "unknown", "xxx"})


def figures(subject: Subject, ways: Ways) -> Iterator[Problem]:
    """Yield what is odd about figures, the sources of rules, and ladders."""
    seen: set[str] = set()
    for loaded in subject.rules:
        if loaded.rule.basis is None:
            yield subject.told("no-basis", loaded, "the rule names no source")
        elif _says_nothing(loaded.rule.basis):
            yield subject.told("no-basis", loaded, f"the source of the rule is {loaded.rule.basis.text!r}", key="basis")
        for expr in _needed(loaded):
            figure, keys = figure_of(expr) or (None, ())
            if figure is not None and figure.table:
                yield from _late(subject, loaded, figure)
                yield from () if not keys else _lines(subject, ways, loaded, figure, keys)
                yield from () if figure.name in seen else _history(subject, loaded, figure)
                seen.add(figure.name)
    for name, source in subject.sources.items():
        yield from _unread(name, source)
        yield from _ladder(name, source)


def _says_nothing(basis: Basis) -> bool:
    return basis.text.strip().lower() in _EMPTY


def _needed(loaded: LoadedRule) -> list[Expr[Any]]:
    """Return the figures without which a rule is unknown: those in operands that the result cannot do without."""
    found: list[Expr[Any]] = []
    seen: set[int] = set()
    waiting: list[Expr[Any]] = [one for one in (loaded.rule.require, loaded.rule.when) if one is not None]
    while waiting:
        expr = waiting.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        if isinstance(expr, (Figure, FigureAt)):
            found.append(expr)
        elif isinstance(expr, Fact) and expr.definition is not None:
            waiting.append(expr.definition)
        elif isinstance(expr, Op) and (OPERATORS[expr.name].strict or expr.name in ("and", "not")):
            waiting += expr.args if expr.name not in ("is_missing", "is_known", "happened") else ()
        elif isinstance(expr, (By, Within)):
            waiting += expr.operands
        elif isinstance(expr, Kernel):
            waiting += [arg for place, arg in enumerate(expr.args) if place not in expr.kernel.optional]
    return found


def _late(subject: Subject, loaded: LoadedRule, figure: Figure[Any]) -> Iterator[Problem]:
    table = subject.engine.figure_tables.get(figure.name, figure.table)
    first = min(dated.dates[0] for dated in table.values() if dated.dates)
    if loaded.rule.since is not None and loaded.rule.since < first:
        said = f"the figure {figure.name} has no value before {first}, so that from {loaded.rule.since} nothing is told"
        yield subject.told("late-figure", loaded, said, key="since")


def _lines(
    subject: Subject, ways: Ways, loaded: LoadedRule, figure: Figure[Any], keys: tuple[Expr[Any], ...]
) -> Iterator[Problem]:
    """Yield the words that keys can be, by what the rule applies to, and that have no line."""
    table = subject.engine.figure_tables.get(figure.name, figure.table)
    wanted = [_words(ways, loaded, key) for key in keys]
    if not all(wanted):
        return
    lines = islice(product(*wanted), _MOST_LINES)
    lacking = [named_line(figure.name, key_of(line)) for line in lines if key_of(line) not in table]
    if lacking:
        more = f" and {len(lacking) - _MOST_TOLD} more" if len(lacking) > _MOST_TOLD else ""
        said = f"{', '.join(lacking[:_MOST_TOLD])}{more} has no value, so that nothing is told of such records"
        yield subject.told("missing-line", loaded, said)


def _words(ways: Ways, loaded: LoadedRule, key: Expr[Any]) -> list[Any]:
    """Return the words that a key can be where the rule applies; none if nobody knows."""
    if isinstance(key, Const):
        return [key.value]
    if not isinstance(key, Fact) or not key.words:
        return []
    days = ways.days(loaded)
    when = ways.of(loaded.rule.when, days[-1]) if days else None
    if not when:
        return []
    found: set[Any] = set()
    for way in when:
        _, allowed = way.get(structure(key), (key, None))
        known = Words(frozenset(key.words))
        found |= (known.meet(allowed) if isinstance(allowed, Words) else known).words
    return sorted(found - {_NOBODY_KNOWS})


def _history(subject: Subject, loaded: LoadedRule, figure: Figure[Any]) -> Iterator[Problem]:
    """Yield the lines of a figure that begin later than others, and values that name no source."""
    pack = loaded.name.partition("/")[0]
    source = subject.sources.get(pack)
    file, line = ("", 0) if source is None else source.at(f"figures.{figure.name}")
    begins = {key: dated.dates[0] for key, dated in figure.table.items() if dated.dates}
    first = min(begins.values())
    said: dict[str, Any] = {"rule": loaded.name, "file": file, "place": f"figures.{figure.name}", "line": line}
    for key, begin in begins.items():
        if begin > first:
            text = f"{named_line(figure.name, key)} has no value before {begin}; others have one from {first} on"
            yield problem("late-line", text, **said)
    if any(map(_says_nothing, (basis for dated in figure.table.values() for basis in dated.bases))):
        yield problem("no-basis", f"a value of the figure {figure.name} names a source that says nothing", **said)


def _unread(name: str, source: Source) -> Iterator[Problem]:
    """Yield the figures that no text of the pack reads."""
    text = "\n".join(source.files.values())
    for figure in source.document.figures:
        if not re.search(rf"\bfigure\s*\.\s*{re.escape(figure)}\b", text):
            path = f"figures.{figure}"
            file, line = source.at(path)
            yield problem(
                "unread-figure", f"nothing reads figure.{figure}", rule=name, file=file, place=path, line=line
            )


def _ladder(name: str, source: Source) -> Iterator[Problem]:
    ladder = source.pack.ladder
    if ladder is None or not ladder.rows:
        return
    days = [day for figure in ladder.figures for dated in figure.table.values() for day in dated.dates]
    for flaw in check_ladder(ladder, max(days, default="2000-01-01")):
        if flaw.kind != "undecided":
            path = f"ladder.{flaw.rows[0]}"
            file, line = source.at(path)
            said = f"{flaw.kind.replace('_', ' ')}, {', '.join(flaw.rows)}: {flaw.text}"
            yield problem("ladder", said, rule=name, file=file, place=path, line=line)
