"""What a rule says of a record, asserted of the record in hand and of a frame that holds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from typing import Any

from windowservice.domain.requests.request import Request
from windowservice.engine.engine import Engine
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.report import Report
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidValue, UnknownName
from windowservice.facts.requests.request import request
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack, Rule
from windowservice.testing.drafts import Draft
from windowservice.worktime.spans import WorkSpan

__all__ = ["amount_of", "assert_verdict", "built", "engine_with", "in_columns", "judged", "type_of", "verdict_named"]


def assert_verdict(
    rule: Rule | str, record: Any, verdict: Verdict | str, *, as_of: datetime | date | str,
    engine: Engine | None = None, by: object = None, missing: Iterable[str] | None = None, columns: bool = True,
) -> Finding:  # fmt: skip
    """Assert what a rule says of a record, in hand and as a row of a frame, and return the finding.

    Args:
        rule: the rule, or the name of one of the engine.
        record: a `Draft`, or a record as an application holds it.
        verdict: what is wanted.
        as_of: the instant judged; a bare date means 24:00 of it.
        engine: what judges; without one, an engine of this rule alone. A rule that it does not have is added.
        by: by how much a failed rule is missed: a number, a set of texts, a ``timedelta``, or for a deadline a
            `WorkSpan` of open time.
        missing: the facts and figures that an unknown verdict needs.
        columns: whether a frame is judged too; never without the extra `columns`.

    Raises:
        AssertionError: with what came instead and the whole case.
        UnknownName: for a name that is no rule of the engine.
    """
    wanted = verdict_named(verdict)
    judge = engine_with(rule, engine)
    report = judge.check(built(record), as_of=as_of, of=type_of(record))
    finding = judged(report, rule)
    name = finding.rule
    if finding.verdict is not wanted:
        raise AssertionError(f"{name} of {finding.key}: {wanted} is wanted, {finding.verdict} came\n{_case(finding)}")
    if by is not None and (came := _missed_by(finding, by)) != by:
        raise AssertionError(f"{name} of {finding.key}: missed by {by!r} is wanted, {came!r} came\n{_case(finding)}")
    if missing is not None and set(finding.missing) != set(missing):
        problem = f"missing {sorted(missing)} is wanted, {sorted(finding.missing)} came"
        raise AssertionError(f"{name} of {finding.key}: {problem}\n{_case(finding)}")
    if columns and find_spec("polars") is not None:
        _assert_same(finding, in_columns(judge, record, as_of, finding.subject.runner.vocabulary), rule)
    return finding


def judged(report: Report, rule: Rule | str) -> Finding:
    """Return what a rule says of the one record of a report; of a reopened request, of its last cycle.

    Raises:
        UnknownName: for a name that is no rule of the engine.
        InvalidValue: if the rule judges nothing of it.
    """
    found = report.of_rule(rule.name if isinstance(rule, Rule) else rule)
    if not found:
        raise InvalidValue("the record", [s.key for s in report.subjects], "one that the rule judges as of the instant")
    return found[-1]


def verdict_named(verdict: object) -> Verdict:
    """Return the verdict of a name.

    Raises:
        UnknownName: with the nearest.
    """
    if verdict not in tuple(Verdict):
        raise UnknownName("verdict", str(verdict), tuple(map(str, Verdict)))
    return Verdict(str(verdict))


def engine_with(rule: Rule | str, engine: Engine | None) -> Engine:
    """Return the engine with the rule: as it is, with the rule added, or of the rule alone."""
    if engine is None:
        if isinstance(rule, str):
            raise InvalidValue("engine", None, f"the engine that has the rule {rule!r}; or give the rule itself")
        return Engine.load(packs=[Pack("tested", version="0", rules=(rule,))], installed=False)
    if isinstance(rule, str) or any(loaded.rule is rule for loaded in engine.rules):
        return engine
    return engine.with_rules(rule)


def built(record: Any) -> Any:
    """Return a record as it is judged."""
    return record.build() if isinstance(record, Draft) else record


def type_of(record: Any) -> type[Facts] | None:
    """Return the type of a record if it says so."""
    return record.of.root if isinstance(record, Draft) else request if isinstance(record, Request) else None


def in_columns(engine: Engine, record: Any, as_of: datetime | date | str, of: type[Facts]) -> Report:
    """Return the report on a record of a type as a row of a frame; one that begins later is no row of it."""
    from windowservice.testing.frames import frames_of

    frame, children = frames_of(of, [built(record)], engine.instant_of(as_of))
    return engine.audit(frame, children, as_of=as_of, of=of)


def _missed_by(finding: Finding, by: object) -> object:
    """Return by how much a finding is missed, in the measure that is asked for."""
    if isinstance(by, WorkSpan):
        return finding.overrun
    if isinstance(by, timedelta) and finding.late_by is not None:
        return finding.late_by
    return None if finding.shortfall is None else finding.shortfall.amount


def _assert_same(finding: Finding, report: Report, rule: Rule | str) -> None:
    if finding.verdict is Verdict.NOT_APPLICABLE and not len(report.subjects):
        return  # a record that begins later is no row of a report
    other = judged(report, rule)
    one = (finding.verdict, amount_of(finding))
    if (other.verdict, amount_of(other)) != one:
        said = f"{one[0]} in hand and {other.verdict} in a frame, missed by {one[1]} and {amount_of(other)}"
        raise AssertionError(f"{finding.rule} of {finding.key}: {said}\n{_case(finding)}")


def amount_of(finding: Finding) -> tuple[object, WorkSpan | None] | None:
    """Return by how much a failed rule is missed, and the open time after a deadline; None of what did not fail."""
    shortfall = finding.shortfall if finding.verdict is Verdict.FAIL else None
    return None if shortfall is None else (shortfall.amount, shortfall.overrun)


def _case(finding: Finding) -> str:
    return finding.explain()
