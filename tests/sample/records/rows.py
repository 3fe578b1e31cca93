"""Rows of a ledger's further tables in the sample: in order, spoilt, or nearly so, each with what follows from it.

What is expected is computed from where an instant was put, by calendar arithmetic; no rule is ever asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, Final, Literal

from tests.sample.desk import MINUTE, Desk
from tests.sample.matter import Expected

from windowservice.instants import HOUR, SECOND, from_us
from windowservice.ledger.tables import BUILT_IN

__all__ = ["RecordPlanting", "record_cells"]

_DAY: Final = 24 * HOUR
LATE: Final = (SECOND, MINUTE, HOUR, _DAY)
"""By how much what is planted comes too late; a fifth never comes."""
EARLY: Final = (0, SECOND, MINUTE, 10 * MINUTE, 20 * MINUTE)
"""How long before its limit a near miss comes: the first exactly at it."""
Row = dict[str, Any]


class RecordPlanting:
    """The rows made so far, and what is expected of them.

    Attributes:
        desk: calendars and chance.
        until: the end of what is seen, in microseconds UTC.
        tables: the rows by table; instants in microseconds UTC.
        expected: what follows for which rule.
    """

    def __init__(self, desk: Desk, until: int) -> None:
        self.desk = desk
        self.until = until
        self.tables: dict[str, list[Row]] = {}
        self.expected: list[Expected] = []
        self._numbers: Counter[str] = Counter()

    def row(self, table: str, prefix: str, **values: Any) -> Row:
        """Add a row under a new number."""
        self._numbers[prefix] += 1
        made: Row = {"id": f"{prefix}-{self._numbers[prefix]:04}", **values}
        self.tables.setdefault(table, []).append(made)
        return made

    def fault(self, row: Row, rule: str, what: str, *, number: int | None = None, late: int | None = None) -> None:
        """Say that a row breaks a rule, by a number or by real time in microseconds."""
        self.expected.append(Expected(row["id"], rule, "fault", "fail", number, late, what))

    def near(self, row: Row, rule: str, what: str, verdict: Literal["pass", "not_applicable"] = "pass") -> None:
        """Say that a row comes close to breaking a rule, and does not."""
        self.expected.append(Expected(row["id"], rule, "near_miss", verdict, None, None, what))

    def unknown(self, row: Row, rule: str, what: str) -> None:
        """Say that a rule cannot tell, because a value that it needs is missing."""
        self.expected.append(Expected(row["id"], rule, "unknown", "unknown", None, None, what))

    def around(self, rule: str, field: str, make: Callable[[], tuple[Row, int]]) -> Iterator[Row]:
        """Plant five faults and five near misses around a limit: one second after it, exactly at it, never ...

        Args:
            rule: the rule that has the limit.
            field: the column of the instant that has to come by it.
            make: adds a row in order, and returns it with the limit in microseconds UTC.

        Yields:
            Each row, for what else follows from it.
        """
        for late in LATE:
            row, due = make()
            row[field] = due + late
            self.fault(row, rule, f"{field} {late // SECOND} seconds after the limit", late=late)
            yield row
        row, due = make()
        row[field] = None
        self.fault(row, rule, f"no {field}", late=self.until - due)
        yield row
        for early in EARLY:
            row, due = make()
            row[field] = due - early
            self.near(row, rule, f"{field} {early // SECOND} seconds before the limit")
            yield row

    def truth(self, rule: str, field: str, wrong: bool, make: Callable[[], Row]) -> None:
        """Plant five rows in which a yes or no is wrong, and five in which it is right."""
        for value in [wrong] * 5 + [not wrong] * 5:
            row = make()
            row[field] = value
            what = f"{field}: {'yes' if value else 'no'}"
            if value == wrong:
                self.fault(row, rule, what)
            else:
                self.near(row, rule, what)


def record_cells(table: str, rows: Sequence[Row], zone: Any) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the cells of a table as its file holds them, each row marked synthetic."""
    columns = BUILT_IN.named(table).columns

    def cell(kind: str, value: Any) -> Any:
        if value is None or isinstance(value, date):
            return value
        if kind == "instant":
            return from_us(value, zone).isoformat(sep=" ", timespec="seconds")[:-6]
        return ("yes" if value else "no") if kind == "boolean" else value

    header = [*(column.name for column in columns), "extra.synthetic"]
    return header, [[*(cell(column.type, row.get(column.name)) for column in columns), "yes"] for row in rows]
