"""The sample's actions: answers to what the other tables hold against banks, and planted faults."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any, Final

from tests.sample.desk import BANKS, CLERKS, YEAR
from tests.sample.matter import Expected
from tests.sample.records.rows import LATE, RecordPlanting, Row

from windowservice.instants import HOUR, SECOND
from windowservice.worktime.limits.due import due_us
from windowservice.worktime.limits.limit import Limit

__all__ = ["Actions", "plant_actions"]

_FIRST: Final = date(YEAR, 3, 1)
_LAST: Final = date(YEAR, 9, 28)
_HEAD: Final = "head"
_DEPUTY: Final = "deputy"
_MONTHS: Final = 60 * 24 * HOUR
_LONG: Final = {"HVPS": 8 * HOUR, "BEPS": 12 * HOUR, "IBPS": 12 * HOUR}
"""A single outage over this calls for a restriction."""


def plant_actions(planting: RecordPlanting) -> None:
    """Answer in time what the tables made so far call for, and plant faults of every rule on actions."""
    made = Actions(planting)
    made.answer()
    made.called_for()
    made.steps()
    made.people()
    made.papers()
    made.release()


class Actions:
    """Makes actions, and answers what the tables made so far call for."""

    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    def _due(self, start: int, limit: str) -> int:
        return due_us(Limit.of(limit), start, self.desk.window)

    def action(self, at: int, bank: str, cause: str, *, action: str = "circular", rows: str = "E34") -> Row:
        """Add an action that was proposed then, and carried out in order."""
        released = at + _MONTHS
        rectified = self._due(at, "3 working days")
        return self.p.row(
            "actions", "ME", bank=bank, action=action, rows=rows, cause=cause, proposed_at=at,
            proposed_by=self.desk.chance.choice(CLERKS), decided_at=at + HOUR, decided_by=_HEAD, decision="taken",
            reason="SYNTHETIC", due_at=self._due(at, "15 working days"), rectified_at=rectified,
            verified_at=rectified + HOUR, verified_by=_DEPUTY, verified="rectified", clean_periods=2,
            released_at=released if released < self.p.until else None, released_by=_HEAD, release_written=True,
        )  # fmt: skip

    def plain(self) -> Row:
        """Add an action of its own, on a cause that nothing else knows."""
        at = self.desk.morning(self.desk.workday(_FIRST, _LAST))
        return self.action(at, self.desk.chance.choice(BANKS), f"SYN-{self.desk.chance.randrange(10**9)}")

    # what the other tables hold against banks

    def answer(self) -> None:
        """Propose an action two working days after whatever happened; restrict a bank once it has gone too far."""
        groups: dict[tuple[str, str], list[str]] = {}
        far: set[tuple[str, str]] = set()
        for at, bank, ids, group, too_far in sorted(self._happened(), key=lambda row: row[0]):
            proposed = self._due(at, "2 working days")
            self.action(proposed, bank, ";".join(ids))
            if group is None:
                continue
            known = groups.setdefault((bank, group), [])
            known += ids
            if too_far or (group != "small" and len(known) > 2):
                far.add((bank, group))
            if (bank, group) in far:
                self.action(proposed, bank, ";".join(known), action="restrict_new_admission", rows="E50;E51")

    def _happened(self) -> list[tuple[int, str, list[str], str | None, bool]]:
        found: list[tuple[int, str, list[str], str | None, bool]] = []
        for row in self.p.tables.get("positions", []):
            at, bank = row["checkpoint_at"], row["bank"]
            if row.get("queued_at_close"):
                found.append((at, bank, [f"{row['id']}/queued_at_close"], "queued", False))
            for kind, happened in (("window_opened", row["window_opened"]), ("urge_missed", row.get("urged_at"))):
                if happened:
                    found.append((at, bank, [f"{row['id']}/{kind}"], None, False))
        for row in self.p.tables.get("incidents", []):
            if row["cause"] == "own":
                lasted = (row["ended_at"] or self.p.until) - row["started_at"]
                group = "large" if row["system"] == "HVPS" else "small"
                too_far = lasted > _LONG.get(row["system"], lasted)
                found.append((row["started_at"], row["bank"], [f"{row['id']}/outage"], group, too_far))
        filings = {row["id"]: row for row in self.p.tables.get("filings", [])}
        for told in self.p.expected:
            if told.kind == "fault" and told.request in filings and told.late_us is not None:
                row = filings[told.request]
                due = (row.get("filed_at") or self.p.until) - told.late_us
                found.append((due, row["bank"], [f"{row['id']}/filing_missed"], None, False))
        return found

    # faults

    def called_for(self) -> None:
        """Propose what a lack of cooperation calls for in time, late or never."""
        rule = "actions/called_for_is_proposed"
        for place, bank in enumerate(BANKS[:10]):
            at = self.desk.morning(self.desk.workday(_FIRST, _LAST))
            row = self.p.row("occurrences", "OC", bank=bank, kind="non_cooperation", happened_at=at)
            due, key = self._due(at, "5 working days"), f"{bank} E25"
            late = LATE[place] if place < 4 else self.p.until - due
            if place != 4:
                proposed = due + late if place < 4 else due - (place - 5) * SECOND
                self.action(proposed, bank, row["id"], action="interview", rows="E25")
            if place < 5:
                self.p.expected.append(Expected(key, rule, "fault", "fail", None, late, "proposed too late or never"))
            else:
                self.p.expected.append(Expected(key, rule, "near_miss", "pass", None, None, "proposed at the last"))

    def steps(self) -> None:
        """Let a step come at its limit, after it or never."""

        def limited(field: str, limit: str) -> Any:
            def make() -> tuple[Row, int]:
                row = self.plain()
                return row, self._due(row[field], limit)

            return make

        def due() -> tuple[Row, int]:
            row = self.plain()
            return row, row["due_at"]

        later = ("decided_at", "rectified_at", "verified_at", "released_at")
        for rule, field, make in (
            ("decided_in_time", "decided_at", limited("proposed_at", "5 working days")),
            ("rectified_in_time", "rectified_at", due),
            ("verified_in_time", "verified_at", limited("rectified_at", "10 working days")),
        ):
            for row in self.p.around(f"actions/{rule}", field, make):
                self._follow(row, later)

    def _follow(self, row: Row, steps: tuple[str, ...]) -> None:
        """Let no step come before the one before it; after one that never came there is none."""
        for before, step in pairwise(steps):
            if row[before] is None:
                row[step] = None
            elif row[step] is not None and row[step] < row[before]:
                row[step] = row[before] + HOUR
        if row["decided_at"] is None:
            row |= {"decision": None, "reason": None}
        if row["verified_at"] is None:
            row["verified"] = None

    def people(self) -> None:
        """Let who proposed an action decide, verify or release it."""
        for rule, field in (
            ("decided_by_another", "decided_by"), ("verified_by_another", "verified_by"),
            ("released_by_another", "released_by"),
        ):  # fmt: skip
            for same in (True, False) * 5:
                row = self.plain()
                if same:
                    row[field] = row["proposed_by"]
                    self.p.fault(row, f"actions/{rule}", "by who proposed it")
                else:
                    row[field] = next(clerk for clerk in CLERKS if clerk != row["proposed_by"])
                    self.p.near(row, f"actions/{rule}", "by a colleague of who proposed it")

    def papers(self) -> None:
        """Leave out a reason, a row, or the written release."""
        for rule, field in (("decision_has_reason", "reason"), ("rests_on_row", "rows")):
            for told in (True, False) * 5:
                row = self.plain()
                if told:
                    self.p.near(row, f"actions/{rule}", "stated")
                else:
                    row[field] = None
                    self.p.fault(row, f"actions/{rule}", "not stated")
        self.p.truth("actions/released_in_writing", "release_written", False, self.plain)

    def release(self) -> None:
        """Release too early, or though the verification failed."""
        for number in (1, 2, 0, 3, 1, 2, 0, 4, 1, 2):
            row = self.plain()
            row["clean_periods"] = number
            rule = "actions/released_after_clean_periods"
            if number < 2:
                self.p.fault(row, rule, "released too early", number=2 - number)
            else:
                self.p.near(row, rule, "released after enough clean periods")
        for failed in (True, False) * 5:
            row = self.plain()
            rule = "actions/released_once_rectified"
            if failed:
                row["verified"] = "failed"
                self.p.fault(row, rule, "released though the verification failed")
            else:
                row["released_at"] = row["verified_at"]
                self.p.near(row, rule, "released at the instant of the verification")
