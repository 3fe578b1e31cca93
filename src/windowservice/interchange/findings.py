"""What was found, for other programs: SARIF for lists of alerts, OpenMetrics for monitoring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from windowservice.clean import for_line
from windowservice.domain.records import Record
from windowservice.engine.report.explaining import in_words
from windowservice.engine.verdicts import Verdict
from windowservice.reports.sarif import Descriptor, Level, Result, sarif_document
from windowservice.reports.summary import share_kept

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report

__all__ = ["openmetrics", "sarif"]

_LEVELS: Final[dict[str, Level]] = {"note": "note", "minor": "warning", "major": "error", "severe": "error"}
_FOUND: Final = (Verdict.FAIL, Verdict.ERROR)


def sarif(report: Report) -> dict[str, Any]:
    """Return the failures of a report, and the rules that could not be run, as SARIF 2.1.0 in plain values.

    A result has the record as its logical location, the file and row that it was read from where there is one, and a
    fingerprint that stays the same from run to run; a waiver or contest stands in its properties.
    """
    rules = [
        Descriptor(
            id=one.name, title=next(iter(one.rule.title.values())), level=_LEVELS[one.rule.severity],
            help="" if one.rule.basis is None else str(one.rule.basis),
        )
        for one in report.engine.rules
    ]  # fmt: skip
    results = [_result(report, finding) for finding in report.gravest(*_FOUND)]
    said = {"as_of": report.as_of.isoformat(), "engine": report.engine.version}
    return sarif_document(rules, results, properties=said)


def _result(report: Report, finding: Finding) -> Result:
    said, record, waiver = in_words(finding), finding.record, report.waiver_of(finding)
    place = record.place if isinstance(record, Record) and record.place else ("", 0)
    properties = {"verdict": str(finding.verdict)} | ({} if waiver is None else {"waiver": str(waiver)})
    return Result(
        rule=finding.rule, level=_LEVELS[finding.severity], place=finding.key, kind="object", key=finding.key,
        message=for_line(f"{finding.title()}: {said}" if said else finding.title()),
        file=Path(place[0]).as_posix() if place[0] else "", line=place[1], properties=properties,
    )  # fmt: skip


def openmetrics(report: Report) -> str:
    """Return the counts of a report as OpenMetrics text, to be scraped or pushed.

    Gauges, each begun with ``windowservice_``: ``verdicts`` by rule, severity and verdict; ``kept_ratio`` by rule, of
    those that came to pass or fail; ``records``; ``failed_records``; ``oldest_due_seconds``, the longest time that a
    missed deadline of an open matter has gone by; ``judged_timestamp_seconds``, the instant judged.
    """
    return "\n".join([*_lines(report), "# EOF"]) + "\n"


def _lines(report: Report) -> Iterator[str]:
    by_rule = report.by("rule")
    severities = {one.name: one.rule.severity for one in report.engine.rules}
    yield from _gauge("verdicts", "Verdicts by rule, severity and verdict.")
    for rule, counts in by_rule.items():
        for verdict in Verdict:
            if counts[verdict]:
                yield _sample("verdicts", counts[verdict], rule=rule, severity=severities[rule], verdict=str(verdict))
    yield from _gauge("kept_ratio", "Share of the verdicts that came to pass or fail that is kept.", "ratio")
    for rule, counts in by_rule.items():
        if (share := share_kept(counts)) is not None:
            yield _sample("kept_ratio", float(share), rule=rule)
    yield from _gauge("records", "Records that were judged.")
    yield _sample("records", sum(store.selected for store in report.stores))
    yield from _gauge("failed_records", "Records that failed any rule.")
    yield _sample("failed_records", report.failed_records)
    late = [one.shortfall for one in report.failures if one.shortfall is not None]
    still = [one.amount.total_seconds() for one in late if one.overrun is not None and one.actual is None]
    yield from _gauge(
        "oldest_due_seconds", "Longest time that a missed deadline of an open matter has gone by.", "seconds"
    )
    yield _sample("oldest_due_seconds", max(still, default=0.0))
    yield from _gauge("judged_timestamp_seconds", "The instant that was judged.", "seconds")
    yield _sample("judged_timestamp_seconds", report.us // 1_000_000)


def _gauge(name: str, what: str, unit: str = "") -> Iterator[str]:
    yield f"# TYPE windowservice_{name} gauge"
    if unit:
        yield f"# UNIT windowservice_{name} {unit}"
    yield f"# HELP windowservice_{name} {what}"


def _sample(name: str, value: float, **labels: str) -> str:
    said = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"windowservice_{name}{f'{{{said}}}' if said else ''} {value}"


def _escaped(text: str) -> str:
    return for_line(text).replace("\\", "\\\\").replace('"', '\\"')
