"""What a set of records shows of the rules: which verdicts each gave, and which of its conditions went both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import attrs

from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.engine.engine import Engine
from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import Verdict
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.nodes import Op
from windowservice.testing.judging import built, type_of

__all__ = ["Coverage", "RuleCoverage", "coverage_of"]

_JOINS: Final = ("and", "or", "not")
_WANTED: Final = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN)


@attrs.frozen
class RuleCoverage:
    """What the records show of one rule.

    Attributes:
        rule: its name.
        verdicts: how often it gave each verdict.
        never_true, never_false: the conditions in it, as text, that were true, or false, of no record.
    """

    rule: str
    verdicts: Counter[Verdict]
    never_true: tuple[str, ...]
    never_false: tuple[str, ...]

    @property
    def never(self) -> tuple[Verdict, ...]:
        """Which of pass, fail and unknown it never gave."""
        return tuple(verdict for verdict in _WANTED if not self.verdicts[verdict])

    def __str__(self) -> str:
        said = [
            *(f"never seen to be {verdict}" for verdict in self.never),
            *(f"never true: {condition}" for condition in self.never_true),
            *(f"never false: {condition}" for condition in self.never_false),
        ]
        return f"{self.rule}: {'; '.join(said) or 'shown whole'}"


@attrs.frozen
class Coverage:
    """What the records show of each rule of an engine, by name."""

    rules: Mapping[str, RuleCoverage] = attrs.field(converter=FrozenMapping[str, RuleCoverage])

    @property
    def gaps(self) -> tuple[RuleCoverage, ...]:
        """The rules that were not shown whole."""
        return tuple(one for one in self.rules.values() if one.never or one.never_true or one.never_false)

    def __str__(self) -> str:
        return "\n".join(map(str, self.rules.values()))


def coverage_of(engine: Engine, records: Iterable[tuple[Any, datetime | date | str]]) -> Coverage:
    """Return what records show of the rules of an engine on the record types that are among them.

    Args:
        engine: the engine.
        records: drafts or records, each with the instant as of which it is judged.
    """
    verdicts: dict[str, Counter[Verdict]] = {loaded.name: Counter() for loaded in engine.rules}
    seen: dict[str, dict[str, set[bool]]] = {loaded.name: {} for loaded in engine.rules}
    for record, as_of in records:
        report = engine.check(built(record), as_of=as_of, of=type_of(record))
        for subject in report.subjects:
            _note(subject, engine.instant_of(as_of), verdicts, seen)
    return Coverage({name: _rule(name, verdicts[name], seen[name]) for name in verdicts if verdicts[name]})


def _note(
    subject: Subject, us: int, verdicts: Mapping[str, Counter[Verdict]], seen: Mapping[str, dict[str, set[bool]]]
) -> None:
    runner = subject.runner
    for loaded in runner.rules:
        rule = loaded.rule
        verdicts[loaded.name][subject.verdicts[loaded.name]] += 1
        if subject.verdicts[loaded.name] is Verdict.ERROR:
            continue  # its conditions cannot be told either
        parts = [part for said in (rule.when, rule.require) if said is not None for part in _parts(said)]
        values = runner.values(("coverage", loaded.name), parts, subject.record, us)
        for part, value in zip(parts, values, strict=True):
            told = seen[loaded.name].setdefault(str(part), set())
            if isinstance(value, bool):
                told.add(value)


def _parts(condition: Expr[bool]) -> Iterator[Expr[bool]]:
    """Yield the conditions that are joined by and, or and not."""
    if isinstance(condition, Op) and condition.name in _JOINS:
        for part in condition.operands:
            yield from _parts(part)
    else:
        yield condition


def _rule(name: str, verdicts: Counter[Verdict], seen: Mapping[str, set[bool]]) -> RuleCoverage:
    missing = {want: tuple(text for text, told in seen.items() if want not in told) for want in (True, False)}
    return RuleCoverage(name, verdicts, missing[True], missing[False])
