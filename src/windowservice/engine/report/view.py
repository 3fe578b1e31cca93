"""The small view of a report: verdict counts and the worst cases, as text and as blocks for a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from windowservice.blocks.blocks import Block, Lines, Table
from windowservice.clean import for_lines
from windowservice.engine.report.explaining import in_words, shown_end
from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report

__all__ = ["report_blocks", "small_text", "worst"]

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


def report_blocks(report: Report) -> Iterator[Block]:
    """Yield the view as blocks: the counts of verdicts, the rules that were missed, and the worst cases."""
    yield Lines(_head(report))
    yield Table(_ORDER, [[f"{report.counts[verdict]:,}" for verdict in _ORDER]], right=range(len(_ORDER)))
    by_rule = report.filter(verdict=(Verdict.FAIL, Verdict.PASS)).by("rule")
    missed = sorted((row for row in by_rule.items() if row[1][Verdict.FAIL]), key=lambda row: -row[1][Verdict.FAIL])
    titles = {loaded.name: next(iter(loaded.rule.title.values())) for loaded in report.engine.rules}
    if missed:
        rows = [[name, titles[name], f"{n[Verdict.FAIL]:,}", f"{n[Verdict.PASS]:,}"] for name, n in missed]
        yield Table(("rule", "what", "fail", "pass"), rows, right=(2, 3))
    found = worst(report)
    if found:
        cases = [[finding.severity, finding.key, finding.rule, in_words(finding)] for finding in found]
        tones = [finding.severity for finding in found]
        yield Table(("severity", "record", "rule", "by how much"), cases, tones=tones)
