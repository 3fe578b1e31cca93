"""How commitments are kept, of requests that were judged in columns: the same numbers as `matters.promises`."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from windowservice.engine.report.stores.column_findings import CODES
from windowservice.engine.verdicts import Verdict
from windowservice.facts.requests.request import request as r
from windowservice.language.analysis.check import resolve
from windowservice.language.tree.nodes import Kernel
from windowservice.worktime.clock.of_events import RUN, share_used

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.report.stores.columns import ColumnStore
    from windowservice.facts.requests.clock_columns import RequestClocks

    Ints = np.ndarray[Any, Any]

__all__ = ["kept_by_service", "shares_by_service"]


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
    """Return by kind of business the shares of their limit that finished matters used; see `share_used`."""
    import numpy as np
    import polars as pl

    kept = found.codes[found.runner.names.index(rule)].is_in([CODES.index(v) for v in (Verdict.PASS, Verdict.FAIL)])
    done = found.run.series(r.finished_at).is_not_null()
    wanted: Ints = (kept & done & _sound(found)).to_numpy()
    clock = resolve(r.commitment_clock)
    assert isinstance(clock, Kernel)  # noqa: S101 - it is declared so
    clocks: RequestClocks = found.run.called(clock)
    services = found.frames.records["service"].cast(pl.String).to_list()
    shares: dict[str, list[Fraction]] = {}
    for row, used, there_was in _plain(clocks, wanted):
        shares.setdefault(services[row], []).append(Fraction(used, there_was))
    moved = clocks.moved[np.flatnonzero(wanted[clocks.moved] & clocks.filled[clocks.moved])].tolist()
    for row, subject in zip(moved, found.subjects(moved), strict=True):
        share = _of_moved(found, subject.record)
        if share is not None:
            shares.setdefault(services[row], []).append(share)
    return shares


def _plain(clocks: RequestClocks, wanted: Ints) -> Iterator[tuple[int, int, int]]:
    """Yield the time used and the time there was of matters whose clock nothing moved."""
    import numpy as np

    from windowservice.worktime.columns.table import TableColumns

    for limit, calendar, members in clocks.plain:
        rows = members[wanted[members]]
        if limit.before or not len(rows):
            continue
        table = TableColumns(calendar.table)
        begun, due = clocks.start[rows], clocks.arrays["due"][rows]
        until = np.maximum(begun, clocks.horizon[rows])
        if not limit.kind.real_time:
            begun, due, until = (table.open_before(instants) for instants in (begun, due, until))
        there_was, used = due - begun, np.maximum(0, until - begun)
        some = there_was > 0
        yield from zip(rows[some].tolist(), used[some].tolist(), there_was[some].tolist(), strict=True)


def _of_moved(found: ColumnStore, record: Any) -> Fraction | None:
    """Return the share that one matter used whose clock was stopped, begun anew or lengthened."""
    (parts,) = found.runner.values("promises", (r.commitment_clock,), record, found.us)
    return None if parts is None or parts[RUN].done is None else share_used(parts[RUN])
