"""The sample's register of breaches, and its roll-out of the front-end subsystem."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import BANKS, CLERKS, JOINED, NEWCOMERS, YEAR
from tests.sample.matter import Expected
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import HOUR
from windowservice.worktime.limits.due import due_us
from windowservice.worktime.limits.limit import Limit

__all__ = ["plant_handling"]

_FIRST: Final = date(YEAR, 3, 1)
_LAST: Final = date(YEAR, 10, 31)
_HEAD: Final = "head"


def plant_handling(planting: RecordPlanting) -> None:
    """Plant entries of the register, and a roll-out that falls back in spring and reaches its share in July."""
    register = _Register(planting)
    register.handled()
    register.closed()
    register.stated()
    register.firm()
    register.by_another()
    _roll_out(planting)


class _Register:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    def entry(self, severity: str = "minor", handling: str = "teach") -> Row:
        found = self.desk.morning(self.desk.workday(_FIRST, _LAST))
        return self.p.row(
            "breaches", "BR", of="SYNTHETIC", severity=severity, found_at=found, party=self.desk.chance.choice(CLERKS),
            handling=handling, handled_at=found + HOUR, handled_by=_HEAD, closed_at=found + 2 * HOUR,
        )  # fmt: skip

    def _due(self, start: int, limit: str) -> int:
        return due_us(Limit.of(limit), start, self.desk.window)

    def handled(self) -> None:
        def make() -> tuple[Row, int]:
            row = self.entry()
            return row, self._due(row["found_at"], "10 working days")

        for row in self.p.around("breaches/handled", "handled_at", make):
            row["closed_at"] = None if row["handled_at"] is None else row["handled_at"] + HOUR

    def closed(self) -> None:
        def make() -> tuple[Row, int]:
            row = self.entry()
            return row, self._due(row["handled_at"], "20 working days")

        for _ in self.p.around("breaches/closed", "closed_at", make):
            pass

    def stated(self) -> None:
        rule = "breaches/handling_stated"
        for word in (None, "teach", None, "warn", None, "punish", None, "teach", None, "warn"):
            row = self.entry()
            row["handling"] = word
            if word is None:
                self.p.fault(row, rule, "handled, but not said how")
            else:
                self.p.near(row, rule, f"handled: {word}")

    def firm(self) -> None:
        rule = "breaches/firm_enough"
        for _ in range(5):
            self.p.fault(self.entry("severe", "teach"), rule, "a severe breach taught only", number=1)
            self.p.near(self.entry("severe", "warn"), rule, "a severe breach warned of")

    def by_another(self) -> None:
        rule = "breaches/handled_by_another"
        for _ in range(5):
            row = self.entry()
            row["handled_by"] = row["party"]
            self.p.fault(row, rule, "handled by the party")
            row = self.entry()
            row["handled_by"] = next(clerk for clerk in CLERKS if clerk != row["party"])
            self.p.near(row, rule, "handled by a colleague")


def _roll_out(planting: RecordPlanting) -> None:
    """Eleven of fourteen banks in January, one less each month until June, twelve and more from July."""

    def connect(number: int, month: int, left: int | None = None) -> None:
        until = None if left is None else date(YEAR, left, 10)
        planting.row("front_ends", "FE", bank=BANKS[number], connected_on=date(YEAR, month, 2), left_on=until)

    for number in range(11):
        connect(number, 1, 12 - number if number >= 6 else None)
    for number in range(6, 12):
        connect(number, 7)
    connect(12, 9)
    connect(13, 11)
    for bank in NEWCOMERS:
        planting.row("front_ends", "FE", bank=bank, connected_on=JOINED, left_on=None)
    for month in range(1, 13):
        key = f"front end {YEAR}-{month:02}"
        reached, falling = month >= 7, 2 <= month <= 6
        for rule, wrong in (("coverage_reached", not reached), ("coverage_not_falling", falling)):
            name, what = f"roll_out/{rule}", "as many banks as in that month"
            short = 1 if rule == "coverage_not_falling" else None
            if wrong:
                planting.expected.append(Expected(key, name, "fault", "fail", short, None, what))
            elif reached:
                planting.expected.append(Expected(key, name, "near_miss", "pass", None, None, what))
