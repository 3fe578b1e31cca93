"""Findings as a Polars frame: one row for each rule and record, with its key and never by position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from windowservice.engine.report.distance import as_us
from windowservice.engine.report.explaining import figures_in_words
from windowservice.engine.report.parts import clock_asked
from windowservice.engine.verdicts import Verdict
from windowservice.instants import utc_datetime
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.finding import Finding

__all__ = [
    "APPLIES", "CITING", "CLOCK", "FINDING_SCHEMA", "KEYS", "NUMBERS", "TOLD", "clock_of", "findings_frame",
    "numbers_of", "verdict_frame",
]  # fmt: skip

KEYS: Final = ("key", "bank", "service")
"""What names a record in frames."""
TOLD: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)
"""The verdicts that say what is wrong or missing."""
CITING: Final = (Verdict.FAIL, Verdict.UNKNOWN)
"""The verdicts whose findings cite the figures that they rest on."""

APPLIES: Final = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PENDING)
"""The verdicts whose findings say how the clock stands that their rule is about."""
NUMBERS: Final = ("shortfall", "unit", "overrun_seconds", "figures")
"""The columns that say by how much a rule was missed."""
CLOCK: Final = ("due", "done", "remaining_seconds", "calendar")
"""The columns that say how the clock stands that a rule is about."""


def FINDING_SCHEMA() -> dict[str, Any]:  # noqa: N802 - a constant that needs Polars
    """Return the columns of a frame of findings and their types."""
    import polars as pl

    text = ("key", "bank", "service", "clerk", "rule", "verdict", "severity", "policy", "principle")
    return {
        **dict.fromkeys(text, pl.String), "shortfall": pl.Float64, "unit": pl.String, "overrun_seconds": pl.Float64,
        "figures": pl.String, "due": pl.Datetime("us", "UTC"), "done": pl.Datetime("us", "UTC"),
        "remaining_seconds": pl.Float64, "calendar": pl.String, "error": pl.String, "basis": pl.String,
        "version": pl.String, "engine": pl.String,
    }  # fmt: skip


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """Return the findings as a frame, of the same columns and types whatever is in it.

    Columns: key, bank, service, clerk (who answers for the record), rule, verdict, severity, policy, principle,
    shortfall (a number, or seconds of real time for a missed deadline), unit, overrun_seconds (open time after a
    deadline), figures (those in force, of what failed or is unknown); of a rule about a clock due, done,
    remaining_seconds (time of its limit left) and calendar; error (why the rule could not be run), basis, version,
    engine.

    Raises:
        ModuleNotFoundError: without the extra `columns`.
    """
    import polars as pl

    return pl.DataFrame([_row(finding) for finding in findings], schema=FINDING_SCHEMA(), orient="row")


def verdict_frame(
    keys: Sequence[Any] | pl.Series, banks: Sequence[Any] | pl.Series, services: Sequence[Any] | pl.Series,
    said: Mapping[str, Sequence[Verdict | None] | pl.Series],
) -> pl.DataFrame:  # fmt: skip
    """Return a frame of records: key, bank, service and a column of verdicts for each rule, null where there is none.

    Raises:
        ModuleNotFoundError: without the extra `columns`.
    """
    import polars as pl

    words = pl.Enum([str(verdict) for verdict in Verdict])
    named = dict(zip(KEYS, (keys, banks, services), strict=True))
    return pl.DataFrame(
        {**{name: pl.Series(values, dtype=pl.String) for name, values in named.items()},
         **{rule: pl.Series(values).cast(pl.String).cast(words) for rule, values in said.items()}},
    )  # fmt: skip


def _row(finding: Finding) -> tuple[Any, ...]:
    basis = None if finding.basis is None else str(finding.basis)
    return (
        finding.key, finding.bank, finding.service, finding.clerk, finding.rule, str(finding.verdict), finding.severity,
        finding.policy, finding.principle, *numbers_of(finding), *clock_of(finding), finding.error, basis,
        finding.version, finding.engine_version,
    )  # fmt: skip


def clock_of(finding: Finding) -> tuple[datetime | None, datetime | None, float | None, str | None]:
    """Return due, done, seconds left and calendar of the clock that a finding's rule is about; nothing of no clock."""
    asked = clock_asked(finding.definition.require)
    if asked is None or finding.verdict not in APPLIES:
        return None, None, None, None
    runner = finding.subject.runner
    key = ("clock", finding.rule)
    found = dict(zip(map(id, asked.exprs), runner.values(key, asked.exprs, finding.record, finding.us), strict=True))
    due, calendar, done, remaining = (None if expr is None else found[id(expr)] for expr in asked)
    name = None if due is None else runner.binding.calendar_named(calendar or "").name
    return _at(due), _at(done), None if remaining is None else remaining / 1_000_000, name


def _at(value: Any) -> datetime | None:
    return None if value is None else utc_datetime(as_us(value))


def numbers_of(finding: Finding) -> tuple[float | None, str | None, float | None, str | None]:
    """Return by how much a rule was missed, its unit, the open time after a deadline in seconds, and the figures."""
    if finding.verdict not in CITING:
        return None, None, None, None
    figures = figures_in_words(finding)
    short = finding.shortfall if finding.verdict is Verdict.FAIL else None
    if short is None:
        return None, None, None, figures
    unit = "seconds" if isinstance(short.amount, (timedelta, WorkSpan)) else short.unit
    overrun = None if short.overrun is None else float(short.overrun.total_seconds())
    return _number(short.amount), unit, overrun, figures


def _number(value: Any) -> float | None:
    if isinstance(value, timedelta):
        return value.total_seconds()
    seconds = getattr(value, "total_seconds", None)
    if seconds is not None:
        return float(seconds())
    return None if value is None or isinstance(value, (str, bytes, frozenset)) else float(value)
