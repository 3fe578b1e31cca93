"""The laws that every pack has to keep, tried on random records of the types that its rules judge."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from random import Random
from typing import Final

import attrs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from windowservice.engine.engine import Engine
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.report import Report
from windowservice.engine.ruleset import LoadedRule, figures_of
from windowservice.engine.verdicts import Verdict
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expr import walk
from windowservice.language.tree.expressions import same_expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.nodes import Kernel
from windowservice.language.tree.rule import Pack, Rule
from windowservice.language.tree.values import ValueType
from windowservice.plugins.toml.pack import DataPack
from windowservice.testing.drafts import Draft
from windowservice.testing.judging import amount_of, in_columns
from windowservice.testing.random import random_records, random_values

__all__ = ["check_pack"]

_BEGIN: Final = date(2018, 1, 1)
_SETTLED: Final = (Verdict.PASS, Verdict.FAIL, Verdict.NOT_APPLICABLE)


def check_pack(
    pack: Pack | DataPack | PathLike[str] | str, *, engine: Engine | None = None, examples: int = 50
) -> None:
    """Assert that the rules of a pack keep the laws of the library, on random records of the types that they judge.

    A rule printed and read back is the same rule; a record says the same in hand and as a row of a frame; the order in
    which children of different times are given changes nothing; pass, fail and not applicable never change by time
    alone; no rule ends in an error.

    Args:
        pack: the pack; one in TOML by its path too, as `Engine.load` takes it.
        engine: what judges it, for calendars and functions; without one, an engine of this pack alone.
        examples: how many random records are tried for each record type; the same ones in every run.

    Raises:
        AssertionError: with the rule, the law and the smallest record found.
    """
    judge = Engine.load(packs=[pack], installed=False) if engine is None else engine
    written = pack if isinstance(pack, (Pack, DataPack)) else DataPack.read(Path(pack))
    name = (written if isinstance(written, Pack) else written.pack).name
    mine = [one for one in judge.rules if one.name.partition("/")[0] == name]
    for one in mine:
        _assert_printed(one.rule)
    for of in dict.fromkeys(one.rule.of for one in mine):
        _try(judge, of, [one for one in mine if one.rule.of is of], examples)


def _names(rule: Rule) -> Names:
    """Return all names that the text of a rule can hold."""
    parts = [part for expr in rule.conditions for part in walk(expr)]
    functions = {part.kernel.name: part.kernel for part in parts if isinstance(part, Kernel)}
    types = dict.fromkeys(part.owner for part in parts if isinstance(part, Fact) and part.owner is not None)
    return Names(types, figures_of(rule.conditions).values(), functions)


def _assert_printed(rule: Rule) -> None:
    names = _names(rule)
    for said in rule.conditions:
        if not same_expr(parse(str(said), names), said):
            raise AssertionError(f"{rule.name}: printed and read back, {said} says something else")


def _try(engine: Engine, of: type[Facts], rules: list[LoadedRule], examples: int) -> None:
    """Try the laws that speak of records on random ones of a type."""

    @settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(random_records(of, near=[one.rule for one in rules]), random_values(ValueType.INSTANT), st.randoms())
    def laws(draft: Draft, now: datetime, order: Random) -> None:
        found = _verdicts(engine, draft, now, rules)
        _assert_no_error(found, draft)
        if find_spec("polars") is not None:
            other = in_columns(engine, draft, now, of)
            if len(other.subjects) or any(one.verdict is not Verdict.NOT_APPLICABLE for one in found.values()):
                _assert_equal(found, _of(other, rules), draft, "in a frame")  # one that begins later is no row of it
        if _may_be_shuffled(of, draft):
            shuffled = list(draft.happened)
            order.shuffle(shuffled)
            told = attrs.evolve(draft, happened=tuple(shuffled))
            _assert_equal(found, _verdicts(engine, told, now, rules), draft, "with its children in another order")
        _assert_settled(engine, draft, rules)

    laws()


def _verdicts(engine: Engine, draft: Draft, now: datetime, rules: list[LoadedRule]) -> dict[str, Finding]:
    return _of(engine.check(draft.build(), as_of=now, of=draft.of.root), rules)


def _of(report: Report, rules: list[LoadedRule]) -> dict[str, Finding]:
    return {one.name: finding for one in rules for finding in report.of_rule(one.name)}


def _assert_no_error(found: Mapping[str, Finding], draft: Draft) -> None:
    for name, finding in found.items():
        if finding.verdict is Verdict.ERROR:
            raise AssertionError(f"{name}: ends in an error, {finding.error}, of {draft}")


def _assert_equal(one: Mapping[str, Finding], other: Mapping[str, Finding], draft: Draft, where: str) -> None:
    for name, finding in one.items():
        mine = (finding.verdict, amount_of(finding))
        came = (other[name].verdict, amount_of(other[name])) if name in other else (None, None)
        if came != mine:
            problem = f"{mine[0]}, but {came[0]} {where}" + (f", missed by {mine[1]} and {came[1]}" if mine[1] else "")
            raise AssertionError(f"{name}: {problem}, of {draft}")


def _may_be_shuffled(of: type[Facts], draft: Draft) -> bool:
    """Whether the children say when they happened, each at another time, so that their order is known."""
    child = of.children
    if child is None or not isinstance(child.options.happens, str):
        return False
    times = [one.get(child.options.happens) for one in draft.happened]
    return None not in times and len(set(times)) == len(times)


def _assert_settled(engine: Engine, draft: Draft, rules: list[LoadedRule]) -> None:
    """Assert that what was settled after all that is said of a record happened stays so."""
    said = (value for one in (draft.said, *draft.happened) for value in one.values())
    days = [value.date() if isinstance(value, datetime) else value for value in said if isinstance(value, date)]
    last = datetime.combine(max(days, default=_BEGIN), time(), UTC) + timedelta(days=2)  # in every zone
    before = _verdicts(engine, draft, last, rules)
    after = _verdicts(engine, draft, last + timedelta(days=400), rules)
    for name, finding in before.items():
        if finding.verdict in _SETTLED and after[name].verdict is not finding.verdict:
            problem = f"{finding.verdict} as of {last}, but {after[name].verdict} 400 days later"
            raise AssertionError(f"{name}: {problem}, of {draft}")
