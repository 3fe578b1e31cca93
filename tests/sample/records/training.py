"""The sample's training to order: needs with what came of them, needs that other tables show, and effects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any, Final

from tests.sample.desk import BANKS, JOINED, MINUTE, NEWCOMERS, YEAR
from tests.sample.records.rows import LATE, RecordPlanting, Row

from windowservice.instants import HOUR

__all__ = ["plant_training"]

_DAY: Final = timedelta(days=1)
_FIRST, _LAST = date(YEAR, 3, 5), date(YEAR, 10, 12)
_LIMITS: Final = {
    "common_problem": "20 working days", "many_errors": "10 working days", "new_bank": "3 months",
    "risk": "1 working day", "test_failed": "10 working days",
}  # fmt: skip
"""How soon a training is held, from when the need was known."""
_MANY: Final = 5
"""From so many errors in a quarter on, and twice the median of all banks, a bank has to be trained."""
_SHARE: Final = (3, 10)
"""From such a share of all banks on an error is common."""
_QUARTERS: Final = ((1, date(YEAR, 4, 1)), (2, date(YEAR, 7, 1)), (3, date(YEAR, 10, 1)), (4, date(YEAR + 1, 1, 1)))
"""Each quarter, and the day after its last."""
_TAUGHT_ON: Final = date(YEAR, 4, 10)
_BEFORE: Final = (date(YEAR, 2, 9), date(YEAR, 4, 9), date(YEAR, 3, 6))
_AFTER: Final = (date(YEAR, 4, 11), date(YEAR, 6, 9), date(YEAR, 4, 20))
"""The sixty days before and after that training, each with the day on which the errors were made."""
_ERRORS: Final = (20, 4)
_ITEMS: Final = (3500, 1000)
"""Errors and items of business before and after: the rate falls to exactly seven tenths, as peers stay as they are."""
_TOO_FEW_ITEMS: Final = 699
"""Among so few items four errors are more by volume than before."""
_UNLISTED: Final = "PEER"


def plant_training(planting: RecordPlanting) -> None:
    """Plant a list of needs; whatever other tables show is on it, but for what is planted."""
    made = _Training(planting)
    made.held()
    made.results()
    made.effects()
    made.unlisted_banks()
    made.errors_of_many()
    made.list_rules()
    made.list_newcomers()
    made.list_errors()


class _Training:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    def _morning(self) -> int:
        return self.desk.morning(self.desk.workday(_FIRST, _LAST))

    def _need(self, kind: str, at: int, *, held: int | None, **values: Any) -> Row:
        told = {"topic": "seals", "online": kind == "risk", "score": None if held is None else 92, "form": "lecture"}
        row = {"kind": kind, "arisen_at": at, "held_at": held, **told, **values}
        return self.p.row("training_needs", "TN", **row)

    # what came of needs

    def held(self) -> None:
        """Hold trainings around their limits, of each kind once late and once just in time."""
        kinds = iter([*_LIMITS, *_LIMITS])
        for _ in self.p.around("training/trained_in_time", "held_at", lambda: self._limited(next(kinds))):
            pass
        for row in self.p.around("training/trained_before_new_rule", "held_at", self._new_rule):
            row["topic"] = "announced elsewhere"
        for _ in self.p.around("training/request_answered", "answered_at", self._asked_for):
            pass

    def _limited(self, kind: str) -> tuple[Row, int]:
        at, due = self._asked(kind)
        while due + max(LATE) > self.p.until:  # or the lateness would still lie ahead at the end of the year
            at, due = self._asked(kind)
        bank = BANKS[0] if kind == "new_bank" else None
        return self._need(kind, at, held=at + HOUR, bank=bank), due

    def _asked(self, kind: str) -> tuple[int, int]:
        at = self._morning()
        return at, self.desk.due("S06", at, _LIMITS[kind])

    def _new_rule(self) -> tuple[Row, int]:
        at = self._morning()
        effective = self.desk.workday(date(YEAR, 11, 12), date(YEAR, 12, 14))
        row = self._need("new_rule", at, held=at + HOUR, effective_on=effective)
        return row, self.desk.at(self.desk.window.add_workdays(effective, -5), "17:00")

    def _asked_for(self) -> tuple[Row, int]:
        at = self._morning()
        row = self._need("asked_for", at, held=at + HOUR, bank=self.desk.chance.choice(BANKS), answered_at=at + MINUTE)
        return row, self.desk.due("S06", at, "10 working days")

    def results(self) -> None:
        """Teach risks online or not, score around the pass mark, repeat in another form or in the same."""
        risk = partial(self._taught, "risk")
        self.p.truth("training/risk_taught_online", "online", wrong=False, make=risk)
        self._either("test_passed", risk, "score", (79, 80), "points, where 80 are wanted", number=1)
        again = partial(self._taught, "no_effect", form_before="lecture")
        self._either("taught_in_another_form", again, "form", ("lecture", "case"), "after a lecture")
        self._not_written("test_passed", risk(), "score")
        self._not_written("risk_taught_online", risk(), "online")
        self._not_written("taught_in_another_form", again(), "form")
        row, _ = self._new_rule()
        self._not_written("trained_before_new_rule", row, "effective_on")

    def _not_written(self, rule: str, row: Row, field: str) -> None:
        row[field] = None
        self.p.unknown(row, f"training/{rule}", f"nobody wrote {field}")

    def _either(
        self, rule: str, make: Callable[[], Row], field: str, values: tuple[Any, Any], said: str, **missed: int
    ) -> None:
        for place in range(10):
            row = make()
            row[field] = values[place >= 5]
            if place < 5:
                self.p.fault(row, f"training/{rule}", f"{row[field]} {said}", **missed)
            else:
                self.p.near(row, f"training/{rule}", f"{row[field]} {said}")

    def _taught(self, kind: str, **values: Any) -> Row:
        at = self._morning()
        return self._need(kind, at, held=at + MINUTE, **values)

    # effects

    def _error(self, bank: str, day: date, items: int, kind: str = "voucher", party: str = "institution") -> Row:
        booked = self.desk.morning(day)
        row = self.p.row(
            "accounting_errors", "AE", bank=bank, kind=kind, booked_at=booked, items=items, fault_party=party,
            found_at=booked + HOUR, corrected_at=booked + HOUR + 20 * MINUTE,
            circular_at=booked + 10 * 24 * HOUR if party == "institution" else None,
        )  # fmt: skip
        if party == "institution":
            rule = "exchange/booked_without_own_error"
            self.p.fault(row, rule, "errors of the bank's own", number=items)
        return row

    def _business(self, bank: str, window: tuple[date, date, date], items: int) -> None:
        """Count the vouchers that a bank handed in on each workday, so many together."""
        day, last, _ = window
        days = []
        while day <= last:
            if self.desk.window.is_workday(day):
                days.append(day)
            day += _DAY
        for place, each in enumerate(days):
            number = items // len(days) + (items % len(days) if place == 0 else 0)
            counted = self.desk.at(each, "17:00")
            self.p.row("voucher_counts", "VC", bank=bank, counted_at=counted, vouchers=number, first_pass=number)

    def effects(self) -> None:
        """Train ten banks in April; errors of five fall by three tenths against a peer, those of five rise."""
        peer = f"{_UNLISTED}-1"
        self._around_training(peer, (40, 40), (4000, 4000))
        for place in range(10):
            bank, fell = f"TRAINED-{place + 1:02}", place >= 5
            self._around_training(bank, _ERRORS, (_ITEMS[0], _ITEMS[1] if fell else _TOO_FEW_ITEMS))
            at = self.desk.at(_TAUGHT_ON, "09:00")
            arisen = self.desk.at(date(YEAR, 4, 2), "09:00")
            need = self._need("many_errors", arisen, held=at, bank=bank, error_kinds="voucher")
            key = {"id": f"{need['id']} / effect"}
            for rule in ("training/training_had_effect", "training/errors_fell_like_peers"):
                if fell:
                    self.p.near(key, rule, "errors by volume fell by exactly three tenths, those of the peer did not")
                else:
                    self.p.fault(key, rule, "errors by volume rose, those of the peer did not")
            shown = {"id": f"many_errors / {YEAR}-Q1 / {bank}"}
            if fell:
                self.p.near(shown, "training/error_prone_bank_listed", "many errors, and on the list a day later")

    def _around_training(self, bank: str, errors: tuple[int, int], items: tuple[int, int]) -> None:
        for window, number, business in zip((_BEFORE, _AFTER), errors, items, strict=True):
            self._error(bank, window[2], number)
            self._business(bank, window, business)

    # needs that other tables show

    def unlisted_banks(self) -> None:
        """Let five more banks make many errors, of which nobody put one on the list."""
        for place in range(2, 6):
            self._error(f"{_UNLISTED}-{place}", _BEFORE[2], 30 + place)

    def errors_of_many(self) -> None:
        """Let many banks make the same error, ten times, through the window's fault."""
        kinds = ("seal_or_cipher", "account", "supplement", "other")
        every = len(BANKS) + len(NEWCOMERS)
        least = -(-every * _SHARE[0] // _SHARE[1])
        for quarter, (month, kind) in enumerate([(m, k) for m in (2, 5, 8) for k in kinds][:10]):
            for number in range(least):
                day = self.desk.workday(date(YEAR, month, 5), date(YEAR, month, 25))
                self._error(f"MANY-{quarter}-{number}", day, 1, kind, "window")

    def list_rules(self) -> None:
        """Put new rules on the list, but for five."""
        rule = "training/new_need_listed"
        for place, notice in enumerate(self.p.tables["rule_notices"]):
            key = {"id": f"new_rule / {notice['id']}"}
            if place < 5:
                self.p.fault(key, rule, "a new rule that is not on the list")
                continue
            at = notice["published_at"]
            effective = self.desk.window.add_workdays(date.fromordinal(self.desk.window.table.date_of(at)), 20)
            self._need("new_rule", at, held=at + 24 * HOUR, topic=notice["id"], effective_on=effective)
            if place < 10:
                self.p.near(key, rule, "a new rule that is on the list from the second of its publication")

    def list_newcomers(self) -> None:
        """Put new banks on the list, but for five."""
        rule, joined = "training/new_need_listed", self.desk.at(JOINED, "09:00")
        for place, bank in enumerate(NEWCOMERS):
            key = {"id": f"new_bank / {bank}"}
            if place < 5:
                self.p.fault(key, rule, "a new bank that is not on the list")
            else:
                self._need("new_bank", joined, held=joined + 24 * HOUR, bank=bank)
                self.p.near(key, rule, "a new bank that is on the list")

    def list_errors(self) -> None:
        """Put banks with many errors, and errors of many banks, on the list, but for those that are planted.

        The last quarter comes first, for an error that is listed later is on the list.
        """
        left_out = 0
        for quarter, after in reversed(_QUARTERS):
            begin = date(YEAR, 3 * quarter - 2, 1)
            rows = [row for row in self.p.tables["accounting_errors"] if begin <= self._day(row) < after]
            known = self.desk.at(after, "00:00")
            for bank in self._error_prone(rows):
                self._list_bank(quarter, bank, known)
            for kind in self._common(rows):
                key = {"id": f"common_problem / {YEAR}-Q{quarter} / {kind}"}
                left_out += 1
                if left_out <= 5:
                    self.p.fault(key, "training/common_error_listed", "an error of many banks that is not on the list")
                    continue
                held = known + 33 * HOUR if known < self.p.until else None
                self._need("common_problem", known, held=held, topic=kind)
                self.p.near(key, "training/common_error_listed", "an error of many banks that is on the list")

    def _day(self, row: Row) -> date:
        return date.fromordinal(self.desk.window.table.date_of(row["booked_at"]))

    def _error_prone(self, rows: list[Row]) -> list[str]:
        errors: dict[str, int] = defaultdict(int)
        for row in rows:
            if row.get("fault_party") in (None, "institution"):
                errors[row["bank"]] += row["items"]
        typical = median(errors.get(bank, 0) for bank in (*BANKS, *NEWCOMERS))
        return sorted(bank for bank, number in errors.items() if number >= max(_MANY, 2 * typical))

    def _list_bank(self, quarter: int, bank: str, known: int) -> None:
        rule = "training/error_prone_bank_listed"
        if bank.startswith(_UNLISTED):
            self.p.fault({"id": f"many_errors / {YEAR}-Q{quarter} / {bank}"}, rule, "many errors, and not on the list")
        elif not bank.startswith("TRAINED"):
            held = known + 33 * HOUR if known < self.p.until else None
            need = self._need("many_errors", known, held=held, bank=bank, error_kinds="all")
            over = self.desk.at(date(YEAR, 10, 31), "00:00")  # sixty days later the year is over
            for effect in ("training_had_effect", "errors_fell_like_peers") if held and held < over else ():
                what = "nobody wrote how much business the bank did"
                self.p.unknown({"id": f"{need['id']} / effect"}, f"training/{effect}", what)

    def _common(self, rows: list[Row]) -> list[str]:
        banks: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            banks[row["kind"]].add(row["bank"])
        every, (least, of) = len(BANKS) + len(NEWCOMERS), _SHARE
        return sorted(kind for kind, found in banks.items() if len(found) >= 3 and len(found) * of >= every * least)
