"""The sample's messages, exchange items, accounting errors, positions, outages, filings and warnings."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from tests.sample.desk import BANKS, MINUTE, YEAR
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import HOUR, SECOND
from windowservice.worktime.limits.due import due_us
from windowservice.worktime.limits.limit import Limit

__all__ = ["plant_monitoring"]

_NEXT_MORNING: Final = "1 working day at 12:00"
_OTHERS: Final = ("window", "counterparty", "central_system", "telecom", "force_majeure")
_FIRST: Final = date(YEAR, 6, 21)
_LAST: Final = date(YEAR, 11, 9)


def plant_monitoring(planting: RecordPlanting) -> None:
    """Make a year of rows in order, with faults and near misses of every rule on them."""
    made = _Monitoring(planting)
    made.in_order()
    made.messages()
    made.exchange()
    made.accounting()
    made.reconciliation()
    made.positions()
    made.outages()
    made.filings()
    made.warnings()


class _Monitoring:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    # where and when

    def _bank(self) -> str:
        return self.desk.chance.choice(BANKS)

    def _day(self) -> date:
        return self.desk.workday(_FIRST, _LAST)

    def _due(self, start: int, limit: str) -> int:
        return due_us(Limit.of(limit), start, self.desk.window)

    def _day_after(self, day: date, number: int) -> date:
        return self.desk.window.add_workdays(day, number)

    # messages

    def _message(self, kind: str, day: date, **values: Any) -> Row:
        received = self.desk.at(day, "07:10") if kind == "incoming_credit" else self.desk.morning(day)
        row = {"bank": self._bank(), "kind": kind, "system": "HVPS", "received_at": received, "empty": False, **values}
        row.setdefault("answered_at", received + 40 * MINUTE)
        return self.p.row("messages", "MSG", **row)

    def _to_answer(self, kinds: list[str]) -> tuple[Row, int]:
        row = self._message(kinds[0], self._day())
        kinds.append(kinds.pop(0))
        return row, self._due(row["received_at"], _NEXT_MORNING)

    def _debit_item(self) -> tuple[Row, int]:
        day = self._day()
        due_day = self._day_after(day, 2)
        row = self._message("debit_item", day, system="BEPS", due_day=due_day)
        return row, self.desk.at(due_day, "16:00")

    def _credit(self) -> tuple[Row, int]:
        day = self._day()
        return self._message("incoming_credit", day), self.desk.at(day, "12:00")

    def _sign(self) -> tuple[Row, int]:
        row = self._message("inquiry", self._day())
        row["noticed_at"] = row["received_at"] + 5 * MINUTE
        return row, self._due(row["noticed_at"], "1 working day")

    def messages(self) -> None:
        kinds = ["inquiry", "own_inquiry", "return_request", "stop_request"]
        for _ in self.p.around("messages/message_answered_in_time", "answered_at", lambda: self._to_answer(kinds)):
            pass
        for _ in self.p.around("messages/receipt_returned_in_time", "answered_at", self._debit_item):
            pass
        for _ in self.p.around("messages/credited_in_time", "answered_at", self._credit):
            pass
        for _ in self.p.around("messages/first_sign_handled_in_time", "handled_at", self._sign):
            pass
        rule = "messages/answer_says_something"
        self.p.truth(rule, "empty", True, lambda: self._message("inquiry", self._day()))
        for reason in ("duplicate", "test", "withdrawn"):
            row = self._message("inquiry", self._day(), empty=True, excluded=reason)
            self.p.near(row, rule, f"empty, but {reason}", "not_applicable")

    # exchange and accounting

    def _presented(self, items: int, error: str | None = None, party: str | None = None) -> Row:
        session = self.desk.at(self._day(), "11:00")
        found = None if error is None else session + 2 * HOUR + 30 * MINUTE
        return self.p.row(
            "exchange_items", "EX", bank=self._bank(), kind="presented", session="noon", session_at=session,
            items=items, counterpart=self._bank(), error=error, fault_party=party, found_at=found,
            corrected_at=None if found is None else found + 30 * MINUTE,
        )  # fmt: skip

    def _returned(self) -> Row:
        day = self._day()
        return self.p.row(
            "exchange_items", "EX", bank=self._bank(), kind="returned", session="noon",
            session_at=self.desk.at(day, "11:00"), counterpart=self._bank(), return_until=self.desk.at(day, "15:00"),
            returned_at=self.desk.at(day, "14:20"), reason_valid=True,
        )  # fmt: skip

    def _error_found(self) -> tuple[Row, int]:
        row = self._presented(1, "missing_item", "counterparty")
        return row, self._due(row["found_at"], "same working day")

    def _to_return(self) -> tuple[Row, int]:
        row = self._returned()
        return row, row["return_until"]

    def exchange(self) -> None:
        rule = "exchange/presented_without_own_error"
        for number in range(1, 6):
            row = self._presented(number, "amount", "institution")
            self.p.fault(row, rule, "an error of the bank's own", number=number)
        for party in _OTHERS:
            self.p.near(self._presented(2, "account", party), rule, f"an error, the fault of {party}")
        for _ in self.p.around("exchange/exchange_error_corrected_in_time", "corrected_at", self._error_found):
            pass
        for _ in self.p.around("exchange/returned_within_session", "returned_at", self._to_return):
            pass
        self.p.truth("exchange/returned_for_valid_reason", "reason_valid", False, self._returned)

    def _accounting(self, items: int, party: str) -> Row:
        booked = self.desk.morning(self._day())
        found = booked + HOUR
        return self.p.row(
            "accounting_errors", "AE", bank=self._bank(),
            kind=self.desk.chance.choice(("voucher", "amount", "reversal")), booked_at=booked, items=items,
            fault_party=party, found_at=found, corrected_at=found + 20 * MINUTE,
            circular_at=found + 10 * 24 * HOUR if party == "institution" else None,
        )  # fmt: skip

    def _accounting_error(self) -> tuple[Row, int]:
        row = self._accounting(1, "window")
        return row, self._due(row["found_at"], "1 working day")

    def _to_circulate(self) -> tuple[Row, int]:
        row = self._accounting(1, "institution")
        return row, self._due(row["found_at"], "45 days")

    def accounting(self) -> None:
        rule = "exchange/booked_without_own_error"
        for number in range(1, 6):
            self.p.fault(self._accounting(number, "institution"), rule, "an error of the bank's own", number=number)
        for party in _OTHERS:
            self.p.near(self._accounting(3, party), rule, f"an error, the fault of {party}")
        for _ in self.p.around("exchange/accounting_error_corrected_in_time", "corrected_at", self._accounting_error):
            pass
        for row in self.p.around("exchange/own_error_in_circular", "circular_at", self._to_circulate):
            self.p.fault(row, rule, "an error of the bank's own", number=1)

    # reconciliation

    def _statement(self) -> tuple[Row, int]:
        issued = self.desk.morning(self._day())
        row = self.p.row("statements", "ST", bank=self._bank(), issued_at=issued)
        return row, self._due(issued, "5 working days")

    def _difference(self) -> tuple[Row, int]:
        opened = self.desk.morning(self._day())
        row = self.p.row("differences", "DI", bank=self._bank(), opened_at=opened)
        return row, self._due(opened, "5 working days")

    def reconciliation(self) -> None:
        for _ in self.p.around("reconciliation/statement_confirmed_in_time", "confirmed_at", self._statement):
            pass
        for _ in self.p.around("reconciliation/difference_cleared_in_time", "closed_at", self._difference):
            pass

    # positions

    def _position(self, day: date, bank: str, short: int = 0) -> Row:
        required = self.desk.chance.randrange(10, 900) * 1_000_000
        checkpoint = self.desk.at(day, "16:30")
        urged = checkpoint + 10 * MINUTE if short else None
        return self.p.row(
            "positions", "POS", bank=bank, checkpoint_at=checkpoint, balance=required - short, required=required,
            urged_at=urged, covered_at=None if urged is None else urged + 30 * MINUTE,
            outgoing_items=self.desk.chance.randrange(120, 900), queued_items=0, queued_at_close=0, window_opened=False,
        )  # fmt: skip

    def _one_position(self) -> Row:
        return self._position(self._day(), self._bank())

    def _short(self) -> Row:
        short = 250_000
        row = self._position(self._day(), self._bank(), short)
        self.p.fault(row, "positions/funds_cover_the_day", "short of funds", number=short)
        return row

    def _to_urge(self) -> tuple[Row, int]:
        row = self._short()
        return row, row["checkpoint_at"] + 30 * MINUTE

    def _to_cover(self) -> tuple[Row, int]:
        row = self._short()
        day = date.fromordinal(self.desk.window.table.date_of(row["checkpoint_at"]))
        return row, self.desk.at(day, "17:20")

    def positions(self) -> None:
        for row in self.p.around("positions/short_bank_urged_in_time", "urged_at", self._to_urge):
            row["covered_at"] = None if row["urged_at"] is None else row["urged_at"] + 10 * MINUTE
        for _ in self.p.around("positions/shortfall_covered_in_time", "covered_at", self._to_cover):
            pass
        for _ in range(5):
            self.p.near(self._one_position(), "positions/funds_cover_the_day", "funds exactly as needed")
        self.p.truth("positions/window_not_opened", "window_opened", True, self._one_position)
        for number in range(6):
            row = self._one_position()
            row["queued_at_close"] = number
            if number:
                self.p.fault(row, "positions/nothing_queued_at_close", "items still queued at the close", number=number)
        for number in range(1, 6):
            row = self._one_position()
            row["queued_items"] = number
            self.p.near(row, "positions/nothing_queued_at_close", "items queued during the day, none at the close")

    # outages

    def _outage(self, cause: str, system: str = "HVPS") -> Row:
        started = self.desk.at(self._day(), "10:00")
        return self.p.row(
            "incidents", "OUT", bank=self._bank(), system=system, started_at=started, ended_at=started + 25 * MINUTE,
            cause=cause, reported_at=started + 20 * MINUTE, others_affected=False,
        )  # fmt: skip

    def _own_outage(self, systems: list[tuple[str, int]]) -> tuple[Row, int]:
        system, hours = systems[0]
        systems.append(systems.pop(0))
        row = self._outage("own", system)
        return row, row["started_at"] + hours * HOUR

    def _to_report(self) -> tuple[Row, int]:
        row = self._outage("area_wide")
        return row, row["started_at"] + HOUR

    def _maintenance(self) -> tuple[Row, int]:
        row = self._outage("planned", "BEPS")
        row["reported_at"] = None
        return row, self._due(row["started_at"], "10 working days before")

    def outages(self) -> None:
        systems = [("HVPS", 2), ("BEPS", 3)]
        for _ in self.p.around("incidents/own_outage_short", "ended_at", lambda: self._own_outage(systems)):
            pass
        for _ in self.p.around("incidents/outage_reported_at_once", "reported_at", self._to_report):
            pass
        for _ in self.p.around("incidents/maintenance_filed_in_advance", "filed_at", self._maintenance):
            pass

    # filings and warnings

    def _filing(self, kind: str, limit: str) -> tuple[Row, int]:
        happened = self.desk.morning(self._day())
        row = self.p.row("filings", "FIL", bank=self._bank(), kind=kind, happened_at=happened)
        return row, self._due(happened, limit)

    def _periodic(self, day: date, bank: str) -> tuple[Row, int]:
        due_day = self._day_after(day, 5)
        row = self.p.row(
            "filings", "FIL", bank=bank, kind="periodic", happened_at=self.desk.at(day, "08:30"), due_day=due_day,
            filed_at=self.desk.at(self._day_after(day, 3), "10:15"),
        )  # fmt: skip
        return row, self.desk.at(due_day, "17:00")

    def filings(self) -> None:
        within = ["risk_event", "customer_dispute", "emergency_group", "department_head"]
        ahead = ["emergency_plan", "drill", "planned_log_off"]

        def turn(kinds: list[str], limit: str) -> tuple[Row, int]:
            kinds.append(kinds.pop(0))
            return self._filing(kinds[-1], limit)

        for rule, make in (
            ("emergency_reported_at_once", lambda: self._filing("emergency", "1 hour")),
            ("reported_within_days", lambda: turn(within, "3 working days")),
            ("filed_in_advance", lambda: turn(ahead, "10 working days before")),
            ("periodic_report_in_time", lambda: self._periodic(self._day(), self._bank())),
        ):
            for _ in self.p.around(f"filings/{rule}", "filed_at", make):
                pass

    def _warning(self) -> Row:
        issued = self.desk.morning(self._day())
        return self.p.row(
            "warnings", "WRN", bank=self._bank(), level=self.desk.chance.choice(("urgent", "ordinary")),
            issued_at=issued, topic="SYNTHETIC", acknowledged_at=issued + 20 * MINUTE, acted_at=issued + 2 * HOUR,
        )  # fmt: skip

    def _to_acknowledge(self) -> tuple[Row, int]:
        row = self._warning()
        return row, self._due(row["issued_at"], "2 working hours" if row["level"] == "urgent" else "1 working day")

    def _to_act(self) -> tuple[Row, int]:
        row = self._warning()
        return row, self._due(row["issued_at"], "1 working day" if row["level"] == "urgent" else "5 working days")

    def warnings(self) -> None:
        for _ in self.p.around("filings/warning_acknowledged_in_time", "acknowledged_at", self._to_acknowledge):
            pass
        for _ in self.p.around("filings/warning_acted_on_in_time", "acted_at", self._to_act):
            pass

    def _given(self, bank: str, month: str) -> None:
        """Add the readings that other systems count."""
        chance = self.desk.chance
        vouchers = chance.randrange(400, 1500)
        for indicator, numerator, denominator in (
            ("A1", chance.randrange(0, 9), vouchers),
            ("A2", vouchers - chance.randrange(0, 9), vouchers),
            ("A4", chance.randrange(0, 3), vouchers),
            ("A7", 20 - (chance.random() < 0.2), 20),
            ("A8", int(chance.random() < 0.1), None),
            ("B6", 0, None),
            ("B7", 30 - (chance.random() < 0.3), 30),
            ("D3", int(chance.random() < 0.2), None),
        ):
            self.p.row(
                "readings", "RD", bank=bank, indicator=indicator, period=month, numerator=numerator,
                denominator=denominator, provisional=False, complete=True,
            )  # fmt: skip

    # a year in order

    def in_order(self) -> None:
        """Make the rows of which no rule has anything to say: every bank, every month."""
        for month in range(1, 13):
            first = date(YEAR, month, 1)
            for bank in BANKS:
                self._month_in_order(bank, first)

    def _month_in_order(self, bank: str, first: date) -> None:
        last = min(first + timedelta(days=24), date(YEAR, 12, 24))
        for kind in ("inquiry", "inquiry", "own_inquiry", "return_request", "stop_request", "incoming_credit"):
            self._message(kind, self.desk.workday(first, last), bank=bank)
        day = self.desk.workday(first, last)
        self._message("debit_item", day, bank=bank, system="BEPS", due_day=self._day_after(day, 1))
        for _ in range(3):
            self._position(self.desk.workday(first, last), bank)
        row = self._presented(self.desk.chance.randrange(300, 900))
        row |= {"bank": bank, "session_at": self.desk.at(self.desk.workday(first, last), "11:00") + SECOND}
        self._given(bank, f"{first:%Y-%m}")
        if first.month > 1:
            self._periodic(self.desk.workday(first, first + timedelta(days=9)), bank)
