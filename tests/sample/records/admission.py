"""The sample's admissions of new institutions, stage by stage, with planted faults."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import YEAR
from tests.sample.matter import Expected
from tests.sample.records.actions import Actions
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import HOUR
from windowservice.worktime.limits.due import due_us
from windowservice.worktime.limits.limit import Limit

__all__ = ["plant_admissions"]

_DAY: Final = 24 * HOUR
_FIRST: Final = date(YEAR, 3, 1)
_LAST: Final = date(YEAR, 8, 31)
_TRIAL: Final = 45
_SHORT: Final = 20


def plant_admissions(planting: RecordPlanting) -> None:
    """Plant admissions: late stages, stages out of order, no test, a short trial, conditions not met, restrictions."""
    made = _Admissions(planting)
    for _ in planting.around("admission/stage_in_time", "ended_at", made.review):
        pass
    made.order()
    made.tested()
    made.trial()
    made.conditions()
    made.restricted()


class _Admissions:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk
        self.actions = Actions(planting)
        self.number = 0

    def _stage(self, stage: str, begin: int, end: int, sponsor: str | None = None) -> Row:
        return self.p.row(
            "admission_stages", "AS", application=f"APP-{self.number:03}", bank=f"NEW-{self.number:03}",
            sponsor=sponsor, stage=stage, began_at=begin, ended_at=end, passed=True,
        )  # fmt: skip

    def review(self) -> tuple[Row, int]:
        """Add an application that is under review, and by when that has to end."""
        self.number += 1
        begin = self.desk.morning(self.desk.workday(_FIRST, _LAST))
        due = due_us(Limit.of("10 working days"), begin, self.desk.window)
        return self._stage("review", begin, begin + _DAY), due

    def whole(self, *, trial: int = _TRIAL, sponsor: str | None = None) -> tuple[Row, Row, Row]:
        """Add an application from the test to the opening."""
        self.number += 1
        begin = self.desk.morning(self.desk.workday(_FIRST, _LAST))
        test = self._stage("test", begin, begin + HOUR, sponsor)
        started = begin + 2 * HOUR
        opened = started + trial * _DAY + 2 * HOUR
        tried = self._stage("trial", started, started + trial * _DAY, sponsor)
        return test, tried, self._stage("opening", opened, opened + HOUR, sponsor)

    def _told(self, rule: str, what: str, *, wrong: bool, number: int | None = None, late: int | None = None) -> None:
        key, name = f"APP-{self.number:03}", f"admission/{rule}"
        if wrong:
            self.p.expected.append(Expected(key, name, "fault", "fail", number, late, what))
        else:
            self.p.expected.append(Expected(key, name, "near_miss", "pass", None, None, what))

    def order(self) -> None:
        """Let a trial begin before, or as, the test ends."""
        for wrong in (True, False) * 5:
            test, tried, _ = self.whole()
            test["ended_at"] = tried["began_at"] + (HOUR if wrong else 0)
            self._told("stages_in_order", "the trial began as the test ended, or an hour before", wrong=wrong, number=1)

    def tested(self) -> None:
        """Open after a failed test, with a resit or without."""
        for wrong in (True, False) * 5:
            test, _, opening = self.whole()
            test["passed"] = False
            if not wrong:
                self._stage("test", test["ended_at"], test["ended_at"] + HOUR // 2)
            late = self.p.until - opening["began_at"]
            self._told("tested_before_opening", "failed the test, and a resit or none", wrong=wrong, late=late)

    def trial(self) -> None:
        """Open after a trial that was too short, or just long enough."""
        for wrong in (True, False) * 5:
            self.whole(trial=_SHORT if wrong else 31)
            self._told("trial_long_enough", "a trial of twenty or of thirty-one days", wrong=wrong)

    def conditions(self) -> None:
        """Open with a condition not met, or with all met."""
        for wrong in (True, False) * 5:
            test, _, _ = self.whole()
            test |= {"conditions": "staff;line", "met": "staff" if wrong else "line;staff"}
            self._told("conditions_met", "two conditions, one or both met", wrong=wrong, number=1)
        test, _, _ = self.whole()
        test["conditions"] = "staff;line"
        self.p.unknown({"id": f"APP-{self.number:03}"}, "admission/conditions_met", "nobody wrote which were met")

    def restricted(self) -> None:
        """Go on while the sponsor is restricted, or once it is no longer."""
        for place, wrong in enumerate((True, False) * 5):
            sponsor = f"SPONSOR-{place}"
            test, _, _ = self.whole(sponsor=sponsor)
            at = test["began_at"] - 70 * _DAY
            row = self.actions.action(at, sponsor, f"SYN-{sponsor}", action="restrict_new_admission", rows="E50")
            if wrong:
                row["released_at"] = None
            self._told("not_while_restricted", "its sponsor was restricted, until then or not", wrong=wrong, number=1)
