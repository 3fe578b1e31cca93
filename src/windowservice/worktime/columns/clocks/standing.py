"""How matters stand, in columns: the open time they took, and from when they are at risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from windowservice.worktime.columns.clocks.matters import NEVER
from windowservice.worktime.columns.spans import Spans
from windowservice.worktime.columns.table import TableColumns
from windowservice.worktime.limits.kinds.elapsed import push_elapsed
from windowservice.worktime.limits.kinds.open_time import push_open_time

if TYPE_CHECKING:
    from fractions import Fraction

    from windowservice.worktime.columns.clocks.matters import Matters, Service, Told
    from windowservice.worktime.columns.frame import Ints

__all__ = ["measure"]


def measure(
    told: Told, service: Service, matters: Matters, spans: Spans | None, since: Ints | None, share: Fraction
) -> None:
    """Fill in the open time used, and from when matters are at risk; `since` is where stops begin to count."""
    import numpy as np

    table = TableColumns(service.calendar.table)
    if spans is not None:
        row = spans.row
        begin = np.maximum(spans.begin, (matters.start if since is None else since)[row])
        counts = (spans.begin < told.due[row]) & (spans.end > begin)
        spans = Spans.of_rows(len(told.due), row[counts], begin[counts], spans.end[counts])
    seen = np.flatnonzero(matters.horizon != NEVER)
    until = np.maximum(matters.start[seen], matters.horizon[seen])
    told.worked, told.stopped_for = told.worked.copy(), told.stopped_for.copy()
    open_time = table.open_before(until) - table.open_before(matters.start[seen])
    if spans is not None:
        told.stopped_for[seen] = _open_within(spans.of(seen), until, table)
    told.worked[seen] = open_time - told.stopped_for[seen]
    told.at_risk = _at_risk(told, service, spans, table, share)


def _open_within(spans: Spans, until: Ints, table: TableColumns) -> Ints:
    """Return per row the open time of its spans before an instant."""
    cut = spans.cut(until)
    return cut.sums(table.open_before(cut.end) - table.open_before(cut.begin))


def _at_risk(told: Told, service: Service, spans: Spans | None, table: TableColumns, share: Fraction) -> Ints:
    """Return from when the matters are at risk, as `standing.at_risk`."""
    import numpy as np

    found = np.full(len(told.due), NEVER)
    limit = service.limit
    if limit.before:
        return found
    if limit.kind.real_time and not told.fixed.any():
        due = told.start + np.maximum(_shared(told.extra + limit.amount, share), 1)
        return due if spans is None else push_elapsed(due, told.start, spans)
    net = table.open_before(told.due) - table.open_before(told.start)
    if spans is not None:
        row = spans.row
        begin = np.maximum(spans.begin, told.start[row])
        end = np.minimum(spans.end, told.due[row])
        counts = spans.end > told.start[row]
        halted = table.open_before(end) - table.open_before(begin)
        net -= spans.sums(np.where(counts, halted, 0))
    rows = np.flatnonzero(net > 0)
    target = table.open_before(told.start[rows]) + np.maximum(_shared(net[rows], share), 1)
    if spans is not None:
        target = push_open_time(target, told.start[rows], spans.of(rows), table)
    found[rows] = table.instant_at(target)
    return found


def _shared(amount: Ints, share: Fraction) -> Ints:
    """Return a share of each amount, rounded down, in whole numbers that cannot overflow."""
    import numpy as np

    if not amount.size or int(amount.max()) * share.numerator < NEVER:
        found: Ints = amount * share.numerator // share.denominator
        return found
    return np.array([one * share.numerator // share.denominator for one in amount.tolist()], dtype=np.int64)
