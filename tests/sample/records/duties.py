"""The sample's duties that come again: inspections, talks, meetings, new rules, and what was found and followed up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from tests.sample.desk import BANKS, CLERKS, MINUTE, YEAR
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import SECOND

__all__ = ["plant_duties"]

_DAY: Final = timedelta(days=1)
_DIRECT: Final = tuple(bank for place, bank in enumerate(BANKS) if place % 4 != 3)
_FAULTS: Final = _DIRECT[:5]
_NEAR: Final = _DIRECT[5:10]
_BEFORE: Final[tuple[tuple[str, date, date, str], ...]] = (
    ("2018 春节", date(YEAR, 2, 9), date(YEAR, 2, 14), "full"),
    ("2018 清明节", date(YEAR, 3, 29), date(YEAR, 4, 4), "remote"),
    ("2018 劳动节", date(YEAR, 4, 24), date(YEAR, 4, 28), "standard"),
    ("2018 端午节", date(YEAR, 6, 11), date(YEAR, 6, 15), "remote"),
    ("2018 中秋节", date(YEAR, 9, 17), date(YEAR, 9, 21), "remote"),
    ("2018 国庆节", date(YEAR, 9, 26), date(YEAR, 9, 30), "full"),
    ("2019 元旦", date(YEAR, 12, 25), date(YEAR, 12, 29), "remote"),
)
"""The windows before the holidays, by hand: name, first and last day, scope wanted."""
_ITEMS: Final = {"full": "P1;P2;P3;P4;P5;P6;P7", "standard": "P1;P2;P3;P4;P5;P7", "remote": "P1;P2;P3;P4;P7"}
_KEPT: Final = (
    "inspect_quarterly", "inspect_before_holidays", "lecture", "lecture_turn", "joint_meeting", "bulletin",
    "explain_new_rule",
)  # fmt: skip
_FIRST, _LAST = date(YEAR, 3, 5), date(YEAR, 10, 26)


def plant_duties(planting: RecordPlanting) -> None:
    """Make a year of duties done in their turn, with faults and near misses of every rule on them."""
    made = _Duties(planting)
    planting.tables["duties"] = [{"id": duty, "since": date(YEAR, 1, 1)} for duty in _KEPT]
    made.inspections()
    made.defects()
    made.talks()
    made.meetings()
    made.new_rules()


class _Duties:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    def _morning(self) -> int:
        return self.desk.morning(self.desk.workday(_FIRST, _LAST))

    def _midnight(self, day: date) -> int:
        return self.desk.at(day, "00:00")

    def _missed(self, key: str, rule: str, last: date, done: int | None, what: str) -> None:
        """Say that the turn whose window ends with a date was done late, or never."""
        end = self.p.until if done is None else done
        self.p.fault({"id": key}, rule, what, late=end - self._midnight(last + _DAY))

    # inspections

    def inspections(self) -> None:
        """Plant visits before every holiday and in every quarter, and what the rules on them ask."""
        for bank in _DIRECT:
            for name, first, last, scope in _BEFORE:
                self._before(bank, name, first, last, scope)
            self._quarterly(bank)
        report = "inspections/inspection_reported"
        for _ in self.p.around(report, "reported_at", lambda: self._with_due(self._visit(), "at", "5 working days")):
            pass
        for wrong in [True] * 5 + [False] * 5:
            row = self._visit(scope="full", items="P1;P2;P3;P4;P5;P7" if wrong else "P1;P2;P3;P4;P5;P6;P7;P8")
            said = "one item of the scope left out" if wrong else "one item more than the scope"
            (self.p.fault if wrong else self.p.near)(row, "inspections/checklist_complete", said)

    def _visit(self, bank: str | None = None, at: int | None = None, scope: str = "remote", **values: Any) -> Row:
        when = self._morning() if at is None else at
        row = {"bank": bank or self.desk.chance.choice(BANKS), "at": when, "scope": scope, "items": _ITEMS[scope]}
        row |= {"staff": "wang;li", "reported_at": self.desk.next_day("S06", when), **values}
        return self.p.row("inspections", "INS", **row)

    def _with_due(self, row: Row, start: str, limit: str) -> tuple[Row, int]:
        return row, self.desk.due("S06", row[start], limit)

    def _before(self, bank: str, name: str, first: date, last: date, scope: str) -> None:
        key, rule = f"inspect_before_holidays / {name} / {bank}", "inspections/inspected_in_turn"
        wide, at = "inspections/inspected_wide_enough", self.desk.morning(first)
        duties = "inspect_before_holidays" + (";inspect_quarterly" if scope == "full" else "")
        if name == "2018 端午节" and bank in _FAULTS:
            place = _FAULTS.index(bank)
            done = None if place == 0 else self._midnight(last + (place + 2) * _DAY) + 9 * 60 * MINUTE
            self._missed(key, rule, last, done, "no visit" if done is None else "visited after the holiday began")
            if done is None:
                return
            at = done
        elif name == "2018 端午节" and bank in _NEAR:
            at = self._midnight(last + _DAY) - (_NEAR.index(bank) + 1) * SECOND
            self.p.near({"id": key}, rule, "visited in the last seconds of the eve")
        if name == "2018 劳动节" and bank in _FAULTS:
            scope = "remote"
            self.p.fault({"id": key}, wide, "only looked at by wire")
        elif name == "2018 清明节" and bank in _NEAR:
            scope = "standard"
            self.p.near({"id": key}, wide, "went further than it had to")
        self._visit(bank, at, scope, duties=duties)

    def _quarterly(self, bank: str) -> None:
        """Visit a bank in May, and in the last quarter some days after the visit before National Day."""
        key, rule = f"inspect_quarterly / 2018-Q4 / {bank}", "inspections/inspections_apart"
        self._visit(bank, self.desk.morning(date(YEAR, 5, 21)), "standard", duties="inspect_quarterly")
        apart = 55
        if bank in _FAULTS:
            apart = 44 - _FAULTS.index(bank)
            self.p.fault({"id": key}, rule, f"{apart} days after the last visit", number=45 - apart)
        elif bank in _NEAR:
            apart = 45 + _NEAR.index(bank)
            self.p.near({"id": key}, rule, f"{apart} days after the last visit")
        day = date(YEAR, 9, 26) + apart * _DAY
        self._visit(bank, self.desk.morning(day), "standard", duties="inspect_quarterly")

    # defects

    def defects(self) -> None:
        """Plant defects of inspections and of outside offices around their limits."""
        limits = {"high": "1 working day", "medium": "10 working days", "low": "20 working days"}
        for _ in self.p.around("inspections/defect_closed", "closed_at", lambda: self._inspected(limits)):
            pass
        for place in range(10):
            row, _ = self._inspected(limits)
            row["verified_by"] = row["owner"] if place < 5 else "chen"
            said = "verified by its owner" if place < 5 else "verified by another"
            (self.p.fault if place < 5 else self.p.near)(row, "inspections/closing_verified", said)
        for _ in self.p.around("outside/outside_finding_closed", "closed_at", self._outside_with_day):
            pass
        without = "outside/outside_finding_closed_without_day"
        for _ in self.p.around(
            without, "closed_at", lambda: self._with_due(self._outside(), "found_at", "15 working days")
        ):
            pass
        for place in range(10):
            row = self._outside(due_on=date(YEAR + 1, 1, 31), closed_at=None)
            if place < 5:
                row["owner"] = None
            said = "has no owner" if place < 5 else "has an owner"
            (self.p.fault if place < 5 else self.p.near)(row, "outside/outside_finding_owned", said)

    def _inspected(self, limits: dict[str, str]) -> tuple[Row, int]:
        level = self.desk.chance.choice(tuple(limits))
        bank = self.desk.chance.choice(BANKS)
        row = self._defect(origin="inspection", bank=bank, level=level)
        return self._with_due(row, "found_at", limits[level])

    def _defect(self, **values: Any) -> Row:
        found = self._morning()
        owner = self.desk.chance.choice(CLERKS[:3])
        row = {"found_at": found, "owner": owner, "verified_by": "zhou", "closed_at": found + 30 * MINUTE, **values}
        return self.p.row("defects", "DEF", **row)

    def _outside(self, **values: Any) -> Row:
        return self._defect(origin="outside_inspection", office="audit", **values)

    def _outside_with_day(self) -> tuple[Row, int]:
        row = self._outside()
        day = self.desk.workday(date(YEAR, 11, 12), date(YEAR, 12, 14))
        row["due_on"] = day
        return row, self.desk.at(day, "17:00")

    # talks

    def talks(self) -> None:
        """Let every clerk speak in one month of each half-year; leave out three talks, put five at a month's end."""
        for month in range(1, 13):
            self._month(month, CLERKS[(month - 1) % len(CLERKS)])
        given = "lectures/talk_given_as_planned"
        for _ in self.p.around(
            given, "given_at", lambda: self._with_due(self._talk(), "planned_at", "same working day")
        ):
            pass
        for place in range(10):
            row = self._talk(spoken_by="zhou", excuse=None if place < 5 else "ill")
            said = "another spoke" if place < 5 else "another spoke, for a reason"
            (self.p.fault if place < 5 else self.p.near)(row, "lectures/spoken_by_whose_turn_it_is", said)
            row = self._talk(topic=None if place < 5 else "x")
            said = "no topic" if place < 5 else "a short topic"
            (self.p.fault if place < 5 else self.p.near)(row, "lectures/topic_named", said)

    def _talk(self, **values: Any) -> Row:
        planned = self._morning()
        row = {"clerk": "wang", "spoken_by": "wang", "topic": "seals", "planned_at": planned, "given_at": planned}
        return self.p.row("talks", "TLK", **{**row, **values})

    def _month(self, month: int, clerk: str) -> None:
        rule, half = "lectures/spoken_in_turn", 1 if month <= 6 else 2
        ends = date(YEAR + month // 12, month % 12 + 1, 1)
        keys = (f"lecture / {YEAR}-{month:02}", ends - _DAY), (f"lecture_turn / {YEAR}-H{half} / {clerk}", None)
        last = date(YEAR, 6, 30) if half == 1 else date(YEAR, 12, 31)
        if month in (2, 5, 6):
            for key, day in keys:
                self._missed(key, rule, day or last, None, "nobody spoke")
            return
        at = self.desk.morning(self.desk.workday(date(YEAR, month, 8), date(YEAR, month, 25)))
        if month in (3, 4, 7, 9, 10):
            at = self._midnight(ends) - SECOND
            self.p.near({"id": keys[0][0]}, rule, "spoken in the last second of the month")
        self._talk(clerk=clerk, spoken_by=clerk, planned_at=at, given_at=at, duties="lecture;lecture_turn")

    # meetings

    def meetings(self) -> None:
        """Hold a meeting each quarter and send a bulletin each month, but for three of each."""
        for kind, months in (("joint_meeting", (3, 6, 9, 12)), ("bulletin", tuple(range(1, 13)))):
            for month in months:
                self._held(kind, month)
        minutes = "meetings/minutes_sent"
        for _ in self.p.around(minutes, "minutes_at", lambda: self._with_due(self._meeting(), "at", "3 working days")):
            pass
        for place in range(10):
            row = self._meeting(attended="cash" if place < 5 else "accounts;cash;guests")
            said = "one department stayed away" if place < 5 else "a guest came too"
            (self.p.fault if place < 5 else self.p.near)(row, "meetings/all_departments_came", said)
            row, _ = self._follow_up()
            if place < 5:
                row["owner"] = None
            said = "no owner" if place < 5 else "an owner and a due day"
            (self.p.fault if place < 5 else self.p.near)(row, "meetings/follow_up_assigned", said)
        for _ in self.p.around("meetings/follow_up_done", "done_at", self._follow_up):
            pass

    def _meeting(self, kind: str = "joint_meeting", at: int | None = None, **values: Any) -> Row:
        when = self._morning() if at is None else at
        row = {"kind": kind, "at": when, "minutes_at": self.desk.next_day("S06", when)}
        return self.p.row(
            "meetings", "MTG", **{**row, "invited": "cash;accounts", "attended": "accounts;cash", **values}
        )

    def _held(self, kind: str, month: int) -> None:
        rule, ends = "meetings/met_in_turn", date(YEAR + month // 12, month % 12 + 1, 1)
        name = f"{YEAR}-Q{month // 3}" if kind == "joint_meeting" else f"{YEAR}-{month:02}"
        key = f"{kind} / {name}"
        if (kind, month) in (("joint_meeting", 6), ("bulletin", 2), ("bulletin", 5), ("bulletin", 7), ("bulletin", 11)):
            self._missed(key, rule, ends - _DAY, None, "not held, or not sent")
            return
        at = self.desk.morning(self.desk.workday(date(YEAR, month, 8), date(YEAR, month, 25)))
        if kind == "bulletin" and month in (1, 3, 4, 6, 8):
            at = self._midnight(ends) - SECOND
            self.p.near({"id": key}, rule, "sent in the last second of the month")
        self._meeting(kind, at, duties=kind)

    def _follow_up(self) -> tuple[Row, int]:
        day = self.desk.workday(date(YEAR, 11, 12), date(YEAR, 12, 14))
        made = self._morning()
        row = self.p.row("follow_ups", "FUP", set_at=made, what="x", owner="li", due_on=day, done_at=made + 60 * MINUTE)
        return row, self.desk.at(day, "17:00")

    # new rules

    def new_rules(self) -> None:
        """Publish rules, and warn of them and explain them within ten working days, or not."""
        for _ in self.p.around("initiative/warned_of_new_rule", "warned_at", self._published):
            pass
        for place, row in enumerate(self._explained()):
            due = self.desk.due("S06", row["published_at"], "10 working days")
            at = due + (place - 5) * SECOND if place > 5 else due - place * MINUTE
            key = {"id": f"explain_new_rule / {row['id']}"}
            if place > 5:
                self.p.fault(key, "initiative/explained_and_visited", "explained late", late=at - due)
            else:
                self.p.near(key, "initiative/explained_and_visited", "explained just in time")
            self._explain(row, at)

    def _published(self) -> tuple[Row, int]:
        row = self._notice()
        self._explain(row, row["published_at"] + 60 * MINUTE)
        return self._with_due(row, "published_at", "10 working days")

    def _explained(self) -> Iterator[Row]:
        for _ in range(11):
            yield self._notice()

    def _notice(self) -> Row:
        at = self._morning()
        return self.p.row("rule_notices", "RUL", title="x", published_at=at, warned_at=at + 10 * MINUTE)

    def _explain(self, notice: Row, at: int) -> None:
        values = {"kind": "explanation", "duties": "explain_new_rule", "turn": notice["id"], "at": at, "by": "wang"}
        self.p.row("initiatives", "INI", **values)
