"""The small view of a report: verdict counts and the worst cases, as text and as escaped HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from windowservice.clean import for_html, for_lines
from windowservice.engine.report.explaining import in_words, shown_end
from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report

__all__ = ["small_html", "small_text", "worst"]

_ORDER = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING, Verdict.PASS, Verdict.NOT_APPLICABLE)


def worst(report: Report, most: int = 5) -> list[Finding]:
    """Return the gravest failures, at most so many."""
    return list(report.gravest(Verdict.FAIL)[:most])


def _head(report: Report) -> str:
    return f"{len(report.subjects)} records as of {shown_end(report.as_of)}"


def small_text(report: Report) -> str:
    """Return the view as lines of text."""
    counts = report.counts
    lines = [_head(report), "  ".join(f"{verdict} {counts[verdict]}" for verdict in _ORDER)]
    lines += [f"  {finding}" for finding in worst(report)]
    return for_lines("\n".join(lines))


def small_html(report: Report) -> str:
    """Return the view as an HTML fragment."""
    counts = report.counts
    head = "".join(f"<th>{for_html(verdict)}</th>" for verdict in _ORDER)
    row = "".join(f"<td>{counts[verdict]}</td>" for verdict in _ORDER)
    cases = "".join(
        f"<tr><td>{for_html(f.key)}</td><td>{for_html(f.rule)}</td><td>{for_html(f.severity)}</td><td>{for_html(in_words(f))}</td></tr>"
        for f in worst(report)
    )
    table = (
        f"<table><tr><th>record</th><th>rule</th><th>severity</th><th>by how much</th></tr>{cases}</table>"
        if cases
        else ""
    )
    return f"<div><p>{for_html(_head(report))}</p><table><tr>{head}</tr><tr>{row}</tr></table>{table}</div>"
