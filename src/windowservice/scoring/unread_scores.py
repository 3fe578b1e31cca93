"""Rows of a ledger that could not be read, and which readings they could have changed: those are unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from windowservice.domain.parties import Banks
from windowservice.domain.scorecard.readings_period import to_period
from windowservice.domain.unread import Unread
from windowservice.errors import UnknownName, WindowserviceError
from windowservice.instants import datetime_us
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.fact import Fact
from windowservice.rules.indicators import REQUESTS, Indicator
from windowservice.scoring.observing.rows import plain
from windowservice.scoring.observing.windows import Window

if TYPE_CHECKING:
    from windowservice.domain.scorecard.readings import Untold
    from windowservice.engine.engine import Engine

__all__ = ["UnreadRows", "unread_readings"]

_EVENTS = "events"


class UnreadRows:
    """What could not be read of the tables that are counted.

    Args:
        engine: whose calendar gives civil days.
        rows: the rows that were refused, dated so far as that could be read.
        banks: the banks of the ledger.
    """

    def __init__(self, engine: Engine, rows: Sequence[Unread], banks: Banks) -> None:
        self._engine = engine
        self._rows = rows
        self._banks = banks

    def of(self, indicator: Indicator, window: Window) -> Iterator[tuple[str | None, Unread]]:
        """Yield the rows that may belong to a period of an indicator, each with its bank; None: it may be any."""
        for row in self._rows:
            if row.table == "banks":
                yield present_id(self._banks, row.said.get("id")), row
            elif _is_counted(row, indicator) and self._may_lie_in(row, indicator, window):
                yield present_id(self._banks, row.said.get("bank")), row

    def _may_lie_in(self, row: Unread, indicator: Indicator, window: Window) -> bool:
        if row.at is not None and datetime_us(row.at) > window.cut:
            return False
        if row.table in (REQUESTS, _EVENTS):
            return True
        asked = _given(indicator.on)
        if asked <= row.said.keys():  # its day does not rest on what could not be read
            runner = self._engine.reader_of(indicator.of)
            try:
                (on,) = runner.values(("unread on", indicator), [indicator.on], dict(row.said), window.cut)
            except Exception:  # a value that no row may hold: nobody can tell the day
                return True
            on = plain(on)
            if on is None:
                return False
            us = datetime_us(on) if isinstance(on, datetime) else on
            return window.first <= runner.binding.calendar.table.date_of(us) <= window.last
        return True


def _is_counted(row: Unread, indicator: Indicator) -> bool:
    if indicator.table == REQUESTS:
        return row.table in (REQUESTS, _EVENTS)
    return row.table == indicator.table


def _given(expr: Expr[Any]) -> frozenset[str]:
    """Return the names of the given facts that an expression rests on."""
    if isinstance(expr, Fact):
        if expr.definition is None:
            return frozenset({expr.read or expr.name})
        return _given(expr.definition)
    return frozenset().union(*(_given(operand) for operand in expr.operands))


def present_id(banks: Banks, named: Any) -> str | None:
    """Return the present id of a bank that a row names; None if it names none."""
    if named is None:
        return None
    try:
        return banks.find(named).id
    except UnknownName:
        return str(named)


def unread_readings(rows: Iterable[Unread], banks: Banks) -> list[Untold]:
    """Return which readings the rows of the table ``readings`` may have stated that could not be read."""
    from windowservice.domain.scorecard.readings import Untold

    found = []
    for row in rows:
        if row.table == "readings":
            try:
                period = None if row.said.get("period") is None else to_period(row.said["period"])
            except WindowserviceError:
                period = None
            bank, indicator = present_id(banks, row.said.get("bank")), row.said.get("indicator")
            found.append(Untold(bank, indicator, period, str(row)))
    return found
