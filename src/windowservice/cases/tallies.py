"""Tallies of records: errors by day, bank, session and fault party; the table of a circular by bank and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.asked import told
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.engine.seen import seen_ledger
from windowservice.errors import NothingToCheck, UnknownName
from windowservice.instants import LATEST, as_of_us, datetime_us
from windowservice.language.python.marks import WAITING
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.facts import fact_named
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["CrossTable", "tally", "tally_table"]


@attrs.frozen
class CrossTable:
    """Numbers by row and column, with their sums.

    Attributes:
        rows, columns: the names, the rows with the largest sum first.
        cells: the numbers, by row and column; what is not there is 0.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Counter[tuple[str, str]]

    def row_sum(self, row: str) -> int:
        """Return the sum of a row."""
        return sum(self.cells[row, column] for column in self.columns)

    def column_sum(self, column: str) -> int:
        """Return the sum of a column."""
        return sum(self.cells[row, column] for row in self.rows)

    @property
    def total(self) -> int:
        """The sum of all."""
        return sum(self.cells.values())

    def lines(self, name: str = "") -> list[list[str]]:
        """Return the table as rows of texts, with header and sums."""
        found = [[name, *self.columns, "sum"]]
        found += [
            [row, *(str(self.cells[row, column]) for column in self.columns), str(self.row_sum(row))]
            for row in self.rows
        ]
        return [*found, ["sum", *(str(self.column_sum(column)) for column in self.columns), str(self.total)]]


@told
def tally(
    engine: Engine,
    ledger: Ledger,
    table: str,
    by: Iterable[str],
    *,
    count: str = "",
    period: ReportingPeriod | str | None = None,
    where: Expr[bool] | None = None,
    as_of: datetime | date | str | None = None,
) -> Counter[tuple[str, ...]]:
    """Return how many records of a table there are for each combination of facts; a missing one counts as ``unknown``.

    Args:
        engine: whose vocabularies and calendars are meant.
        ledger: the records.
        table: the table.
        by: names of facts of its vocabulary; ``day`` means the day of the instant that dates the record.
        count: the name of a whole-number fact to add up, such as ``pieces``; records are counted if not given.
        period: the period in which records are dated; all if not given.
        where: which records count, as an expression over the vocabulary's facts; where it is unknown they count.
        as_of: the instant from which on nothing is seen; everything is if not given.

    Raises:
        NothingToCheck: if the engine has no rules on such a table.
        UnknownName: if the vocabulary has no such fact.
    """
    engine = engine.for_ledger(ledger)
    vocabulary = next((v for v in engine.judged_vocabularies if v.options.table == table), None)
    if vocabulary is None or vocabulary.options.dated_by is None:
        known = tuple(str(v.options.table) for v in engine.judged_vocabularies if v.options.table)
        raise NothingToCheck(f"table {table!r}", known)
    names = tuple(by)
    if not names:
        raise UnknownName("fact", "", tuple(vocabulary.given))
    runner = engine.runner_of(None, vocabulary)
    dated = vocabulary.given[vocabulary.options.dated_by]
    asked: list[Expr[Any]] = [dated if name == "day" else fact_named(vocabulary, name) for name in names]
    exprs = [dated, *asked, *([fact_named(vocabulary, count)] if count else []), *([] if where is None else [where])]
    within = None if period is None else to_period(period)
    calendar = engine.calendar.table
    found: Counter[tuple[str, ...]] = Counter()
    key = ("tally", names, count, None if where is None else str(where))
    us = LATEST if as_of is None else as_of_us(as_of, engine.calendar.zone)
    for record in seen_ledger(ledger, us, engine.calendar.zone).records.get(table, ()):
        on, *values = runner.values(key, exprs, record, us)
        day = date.fromordinal(calendar.date_of(datetime_us(on)))
        if (within is not None and day not in within) or (where is not None and values.pop() is False):
            continue
        number = values.pop() if count else 1
        combination = tuple(
            day.isoformat() if name == "day" else _word(value, expr)
            for name, value, expr in zip(names, values, asked, strict=True)
        )
        found[combination] += 0 if number is None else number
    return found


def _word(value: Any, expr: Expr[Any]) -> str:
    if value is None or value is WAITING:
        return "unknown"
    if expr.type is ValueType.BOOL:
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


@told
def tally_table(counts: Counter[tuple[str, ...]]) -> CrossTable:
    """Return tallies by two facts as a table: the first by rows, the second by columns.

    Raises:
        ValueError: if they are not by two.
    """
    if any(len(combination) != 2 for combination in counts):
        raise ValueError("a table needs tallies by two facts; name two in `by`")
    cells = Counter({(row, column): number for (row, column), number in counts.items()})
    sums: Counter[str] = Counter()
    for (row, _), number in cells.items():
        sums[row] += number
    rows = sorted(sums, key=lambda row: (-sums[row], row))
    return CrossTable(tuple(rows), tuple(sorted({column for _, column in cells})), cells)
