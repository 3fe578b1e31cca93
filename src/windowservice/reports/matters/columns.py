"""How commitments are kept, of requests that were judged in columns: the same numbers as `matters.promises`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from windowservice.engine.frames.frames import one_by_one
from windowservice.engine.report.stores.column_findings import CODES
from windowservice.engine.verdicts import Verdict
from windowservice.facts.requests.clock_kernel import TIME_ALLOWED, TIME_USED
from windowservice.facts.requests.request import request as r

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.stores.columns import ColumnStore

__all__ = ["TIMES", "kept_by_service", "shares_by_service"]

TIMES: Final = (TIME_USED(r.commitment_clock), TIME_ALLOWED(r.commitment_clock))
"""The time that the commitment of a matter used, and that it had."""


def _sound(found: ColumnStore) -> pl.Series:
    """Return which records are in error under no rule."""
    import polars as pl

    error = CODES.index(Verdict.ERROR)
    codes = pl.DataFrame([series.alias(str(at)) for at, series in enumerate(found.codes)])
    return codes.select(pl.all_horizontal(pl.all() != error)).to_series()


def kept_by_service(found: ColumnStore, rule: str) -> dict[str, dict[Verdict, int]]:
    """Return by kind of business how often a rule passed, failed or can still go either way."""
    import polars as pl

    codes = found.codes[found.runner.names.index(rule)]
    frame = pl.DataFrame({"service": found.frames.records["service"].cast(pl.String), "code": codes})
    counted: dict[str, dict[Verdict, int]] = {}
    for service, code, number in frame.filter(_sound(found)).group_by("service", "code").len().iter_rows():
        if CODES[code] in (Verdict.PASS, Verdict.FAIL, Verdict.PENDING):
            counted.setdefault(service, {})[CODES[code]] = number
    return counted


def shares_by_service(found: ColumnStore, rule: str) -> dict[str, list[Fraction]]:
    """Return by kind of business the shares of their limit that finished matters used, stops taken out."""
    import polars as pl

    run = found.run
    run.call([*TIMES, r.finished_at])
    kept = found.codes[found.runner.names.index(rule)].is_in([CODES.index(v) for v in (Verdict.PASS, Verdict.FAIL)])
    wanted = (kept & run.series(r.finished_at).is_not_null() & _sound(found)).arg_true().to_list()
    used, allowed = (run.series(expr).to_list() for expr in TIMES)
    apart = sorted({*one_by_one(found.frames)}.intersection(wanted))  # columns hold other times of these
    for row, subject in zip(apart, found.subjects(apart), strict=True):
        used[row], allowed[row] = found.runner.values("promises in columns", TIMES, subject.record, found.us)
    services = found.frames.records["service"].cast(pl.String).to_list()
    shares: dict[str, list[Fraction]] = {}
    for row in wanted:
        if used[row] is not None and allowed[row]:
            shares.setdefault(services[row], []).append(Fraction(used[row], allowed[row]))
    return shares
