"""Conditions that say the same of every record, and parts of conditions that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from windowservice.engine.ruleset import LoadedRule
from windowservice.language.tree.expr import Expr, walk
from windowservice.language.tree.expressions import same_expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.nodes import Const, Op
from windowservice.language.tree.values import ValueType
from windowservice.linting.conditions.ways import Ways, both, spans
from windowservice.linting.problems import Problem, problem
from windowservice.linting.subject import Subject, conditions_of
from windowservice.rules.conditions import implies

__all__ = ["constant"]

_MOST_PARTS: Final = 12
"""How many parts of one condition are held against one another."""


def constant(subject: Subject, ways: Ways) -> Iterator[Problem]:
    """Yield the rules that never or always apply, pass or fail, and parts that say nothing."""
    for loaded in subject.rules:
        found = list(_whole(subject, ways, loaded))
        yield from found
        yield from () if found else _parts(subject, ways, loaded)
        yield from _empty_texts(subject, loaded)
    yield from _facts(subject, ways)


def _whole(subject: Subject, ways: Ways, loaded: LoadedRule) -> Iterator[Problem]:
    rule, days = loaded.rule, ways.days(loaded)
    when = {day: ways.of(rule.when, day) for day in days}
    never = [day for day in days if when[day] == []]
    if never:
        yield subject.told("never-applies", loaded, f"{spans(days, never)}no record fulfils {rule.when}", key="when")
        return
    if rule.when is not None and days and all(ways.of(rule.when, day, wanted=False) == [] for day in days):
        yield subject.told("always-applies", loaded, f"{rule.when} holds whatever a record says", key="when")
    where = "" if rule.when is None else f" where {rule.when}"
    for code, wanted, said in (("never-passes", True, "never holds"), ("never-fails", False, "always holds")):
        flawed = [day for day in days if both(when[day], ways.of(rule.require, day, wanted=wanted)) == []]
        if flawed and (flawed == days or flawed[-1] == days[-1]):
            yield subject.told(
                code, loaded, f"{spans(days, flawed)}{rule.require} {said}{where}", key="require",
                severity=None if flawed == days else "note",
            )  # fmt: skip


def _joined(expr: Expr[bool], name: str) -> list[Expr[bool]]:
    """Return the conditions that are joined by ``and``, or by ``or``, as they are written."""
    if isinstance(expr, Op) and expr.name == name:
        return [part for arg in expr.args for part in _joined(arg, name)]
    return [expr]


def _parts(subject: Subject, ways: Ways, loaded: LoadedRule) -> Iterator[Problem]:
    """Yield the parts that another part beside them says already."""
    days = ways.days(loaded)
    for key, condition in conditions_of(loaded.rule):
        for name, other_name in (("and", "or"), ("or", "and")):
            for part in _joined(condition, other_name):
                beside = _joined(part, name)
                if not 1 < len(beside) <= _MOST_PARTS:
                    continue
                for place, idle in enumerate(beside):
                    others = beside[:place] + beside[place + 1 :]
                    more = next((one for one in others if _says(ways, days, one, idle, name)), None)
                    if more is not None and not (same_expr(more, idle) and place == 0):
                        said = "holds wherever" if name == "and" else "adds nothing to"
                        yield subject.told("redundant", loaded, f"{idle} {said} {more} does beside it", key=key)
                        break


def _says(ways: Ways, days: list[date], one: Expr[bool], idle: Expr[bool], name: str) -> bool:
    """Whether one condition makes another idle beside it: one that is narrower under ``and``, wider under ``or``."""
    narrow, wide = (one, idle) if name == "and" else (idle, one)
    for day in days:
        first, second = ways.of(narrow, day), ways.of(wide, day)
        if not first or not second or not implies(first, second):
            return False
    return bool(days)


def _empty_texts(subject: Subject, loaded: LoadedRule) -> Iterator[Problem]:
    for key, condition in conditions_of(loaded.rule):
        for part in walk(condition):
            if isinstance(part, Op) and part.name in ("eq", "ne"):
                given = any(isinstance(arg, Fact) and arg.definition is None for arg in part.args)
                if given and any(isinstance(arg, Const) and arg.value == "" for arg in part.args):
                    yield subject.told("empty-text", loaded, f"{part}: an empty cell is missing, no text", key=key)


def _facts(subject: Subject, ways: Ways) -> Iterator[Problem]:
    """Yield the derived truth values of the packs' own record types that are the same of every record."""
    for name, source in subject.sources.items():
        for of in source.pack.record_types.values():
            for fact in of.given.values():
                if not isinstance(fact, Fact) or fact.definition is None or fact.type is not ValueType.BOOL:
                    continue
                path = f"records.{of.__name__}.facts.{fact.name}"
                for wanted, said in ((True, "never"), (False, "always")):
                    if all(ways.of(fact.definition, day, wanted=wanted) == [] for day in ways.changes(fact.definition)):
                        file, line = source.at(path)
                        text = f"{fact} = {fact.definition} is {said} true"
                        yield problem("constant-fact", text, rule=name, file=file, place=path, line=line)
