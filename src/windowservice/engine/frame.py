"""Findings as a Polars frame: one row for each rule and record, with its key and never by position."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from windowservice.engine.explaining import in_words
from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.finding import Finding
    from windowservice.engine.report import Report

__all__ = ["findings_frame"]


def findings_frame(report: Report) -> pl.DataFrame:
    """Return the findings as a frame.

    Columns: key, bank, service, rule, verdict, severity, institution, principle, shortfall (a number, or seconds of
        real time for a missed
    deadline), unit, overrun_seconds (open time after a deadline), summary, basis, version, engine.

    Raises:
        ModuleNotFoundError: without the extra `columns`.
    """
    import polars as pl

    schema = {
        "key": pl.String, "bank": pl.String, "service": pl.String, "rule": pl.String, "verdict": pl.String, "severity":
        pl.String, "institution": pl.String, "principle": pl.String, "shortfall": pl.Float64, "unit": pl.String,
        "overrun_seconds": pl.Float64, "summary": pl.String, "basis": pl.String, "version": pl.String, "engine":
        pl.String,
    }  # fmt: skip
    return pl.DataFrame([_row(finding) for finding in report], schema=schema, orient="row")


def _row(finding: Finding) -> tuple[Any, ...]:
    amount, unit, overrun, summary = None, None, None, None
    if finding.verdict is Verdict.FAIL and finding.shortfall is not None:
        short = finding.shortfall
        amount, unit = _number(short.amount), short.unit
        if isinstance(short.amount, timedelta):
            unit = "seconds"
        overrun = None if short.overrun is None else float(short.overrun.total_seconds())
    if finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR):
        summary = in_words(finding)
    basis = None if finding.basis is None else str(finding.basis)
    return (
        finding.key, finding.bank, finding.service, finding.rule, str(finding.verdict), finding.severity,
        finding.institution, finding.principle, amount, unit, overrun, summary, basis, finding.version,
        finding.engine_version,
    )  # fmt: skip


def _number(value: Any) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds()
    seconds = getattr(value, "total_seconds", None)
    if seconds is not None:
        return float(seconds())
    return None if value is None or isinstance(value, (str, bytes, frozenset)) else float(value)
