"""The sample's complaints, ratings, checklists and posts, with faults and near misses."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any, Final

from tests.sample.desk import BANKS, MINUTE, YEAR
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import SECOND

__all__ = ["plant_supervision"]

_KEPT: Final = ("integrity_review", "warning_education", "etiquette_check")
_ANSWER: Final = "15 days"
_FIRST, _LAST = date(YEAR, 3, 5), date(YEAR, 10, 26)
_UNMET, _HALF = (1, 2, 4, 5, 11), (3, 6, 7, 8, 9)
"""The months in which too few ratings are given, and in which just enough are."""
_UNHAPPY, _CONTENT = (1, 2, 3, 4, 12), (7, 8, 9, 10, 11)
"""The months in which too many grades are bad, and in which just few enough are."""


def plant_supervision(planting: RecordPlanting) -> None:
    """Make a year of what others see of the window."""
    made = _Supervision(planting)
    kept = [{"id": duty, "since": date(YEAR, 1, 1)} for duty in _KEPT]
    planting.tables.setdefault("duties", []).extend(kept)
    made.complaints()
    made.ratings()
    made.checklists()
    made.posts()


class _Supervision:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.desk = planting.desk

    def _morning(self) -> int:
        return self.desk.morning(self.desk.workday(_FIRST, _LAST))

    def _either(self, row: Row, rule: str, place: int, wrong: str, right: str) -> None:
        """Say that the first five of ten rows break a rule, and the others nearly do."""
        (self.p.fault if place < 5 else self.p.near)(row, rule, wrong if place < 5 else right)

    def _ends(self, month: int) -> int:
        """Return when a month ends."""
        return self.desk.at(date(YEAR + month // 12, month % 12 + 1, 1), "00:00")

    # complaints

    def complaints(self) -> None:
        """Plant complaints around their limits, extended and not."""
        rules = {
            "complaint_acknowledged": ("accepted_at", "2 working days"),
            "complaint_answered": ("answered_at", _ANSWER),
        }
        for rule, (field, limit) in rules.items():
            for _ in self.p.around(f"supervision/{rule}", field, partial(self._limited, limit)):
                pass
        longer = "supervision/complaint_answered_extended"
        for _ in self.p.around(longer, "answered_at", lambda: self._due(self._extended(), "60 days")):
            pass
        late = "supervision/complaint_extended_in_time"
        for place in range(10):
            row, due = self._due(self._extended(), _ANSWER)
            row["extended_at"] = due + (place + 1) * MINUTE if place < 5 else due - (place - 5) * SECOND
            row["answered_at"] = due + 60 * MINUTE
            if place < 5:
                self.p.fault(row, late, "extended after the limit", late=(place + 1) * MINUTE)
            else:
                self.p.near(row, late, "extended just before the limit")
            row = self._complaint(about="wang", handled_by="wang" if place < 5 else "li")
            said = "handled by whom it is about", "handled by another"
            self._either(row, "supervision/not_judge_in_own_cause", place, *said)

    def _complaint(self, **values: Any) -> Row:
        at = self._morning()
        told = {"kind": "about_window", "bank": self.desk.chance.choice(BANKS), "channel": "telephone"}
        row: Row = {**told, "handled_by": "li", "received_at": at, "accepted_at": at + 30 * MINUTE}
        row |= {"answered_at": at + 60 * MINUTE, **values}
        return self.p.row("complaints", "CPL", **row)

    def _limited(self, limit: str) -> tuple[Row, int]:
        return self._due(self._complaint(), limit)

    def _extended(self) -> Row:
        row = self._complaint(kind="passed_on")
        row["extended_at"] = row["received_at"] + 40 * MINUTE
        return row

    def _due(self, row: Row, limit: str) -> tuple[Row, int]:
        return row, self.desk.due("S06", row["received_at"], limit)

    # ratings

    def ratings(self) -> None:
        """Ask for ratings every month; the planted shares come last, so that what else was planted is counted."""
        made = iter(range(1000))
        back = "supervision/bad_rating_called_back"
        for _ in self.p.around(back, "called_back_at", lambda: self._bad(next(made))):
            pass
        for place in range(10):
            row, _ = self._bad(next(made))
            row["called_back_by"] = "wang" if place < 5 else "li"
            said = "called back by the clerk rated", "called back by another"
            self._either(row, "supervision/called_back_by_another", place, *said)
        for month in range(1, 13):
            self._month(month)

    def _bad(self, place: int) -> tuple[Row, int]:
        row = self._rating(3 + place % 8, grade=1 + place % 2, named=True)
        due = self.desk.due("S06", row["rated_at"], "5 working days")
        row |= {"called_back_at": row["rated_at"] + 60 * MINUTE, "called_back_by": "li"}
        return row, due

    def _rating(self, month: int, grade: int | None = 5, **values: Any) -> Row:
        at = self.desk.morning(self.desk.workday(date(YEAR, month, 2), date(YEAR, month, 25)))
        row: Row = {"clerk": "wang", "post": "window-1", "asked_at": at, "grade": grade, "month": month}
        row |= {"rated_at": None if grade is None else at + 5 * MINUTE, "named": False, **values}
        return self.p.row("ratings", "RAT", **row)

    def _month(self, month: int) -> None:
        key = {"id": f"ratings / {YEAR}-{month:02}"}
        given = Counter(row["grade"] <= 2 for row in self.p.tables["ratings"] if row["month"] == month)
        good, bad = given[False], given[True]
        wanted = 60
        if month in _UNHAPPY:
            for _ in range(7):
                self._rating(month, grade=2)
            bad += 7
            self.p.fault(key, "supervision/banks_satisfied", "one bad grade too many in sixty or so")
        elif month in _CONTENT:
            for _ in range(6):
                self._rating(month, grade=2)
            bad += 6
            wanted = 9 * bad
            self.p.near(key, "supervision/banks_satisfied", "one grade in ten is bad")
        for _ in range(wanted - good):
            self._rating(month)
        answers = wanted + bad
        if month in _UNMET:
            self.p.fault(key, "supervision/ratings_given", "one rating less than half was given")
        elif month in _HALF:
            self.p.near(key, "supervision/ratings_given", "half of the ratings were given")
        for _ in range(answers + 1 if month in _UNMET else answers if month in _HALF else 5):
            self._rating(month, grade=None)

    # checklists

    def checklists(self) -> None:
        """Look at ten items a month at one post, and note that it was looked at."""
        turn, met = "etiquette/checked_in_turn", "etiquette/checklist_met"
        for month in range(1, 13):
            at = self.desk.morning(self.desk.workday(date(YEAR, month, 2), date(YEAR, month, 25)))
            unmet = 2 if month in _UNMET else 1 if month in _HALF else 0
            for item in range(10):
                values = {"at": at, "site": "main", "post": "window-1", "checklist": "etiquette", "item": f"K{item}"}
                self.p.row("observations", "OBS", **values, met=item >= unmet, observer="zhou")
            place = {"id": f"{YEAR}-{month:02} / main / window-1 / etiquette"}
            key = {"id": f"etiquette_check / {YEAR}-{month:02}"}
            if month in _UNMET:
                self.p.fault(place, met, "two of ten items not met")
            elif month in _HALF:
                self.p.near(place, met, "one of ten items not met")
            if month in _UNMET:
                self.p.fault(key, turn, "not looked at as a duty", late=self.p.until - self._ends(month))
                continue
            done = self._ends(month) - SECOND if month in _HALF else at
            if month in _HALF:
                self.p.near(key, turn, "looked at in the last second of the month")
            self.p.row("reviews", "REV", duties="etiquette_check", at=done, by="zhou")

        self._not_noted()

    def _not_noted(self) -> None:
        """Look at another post in June, and note of one item neither that it is met nor that it is not."""
        at = self.desk.morning(self.desk.workday(date(YEAR, 6, 4), date(YEAR, 6, 25)))
        for item in range(10):
            values = {"at": at, "site": "main", "post": "window-2", "checklist": "etiquette", "item": f"K{item}"}
            self.p.row("observations", "OBS", **values, met=None if item == 0 else True, observer="zhou")
        key = {"id": f"{YEAR}-06 / main / window-2 / etiquette"}
        self.p.unknown(key, "etiquette/checklist_met", "nobody wrote whether one item is met")

    # posts

    def posts(self) -> None:
        """List posts with their risk, and review them in turn."""
        rules = "integrity/risk_stated", "integrity/high_risk_controlled", "integrity/post_reviewed_in_turn"
        for place in range(10):
            low = self.p.row("posts", "PLO", clerk="wang", risk="low", risk_points=None if place < 5 else "seals")
            self._either(low, rules[0], place, "no risk points", "one risk point")
            self._review(low, (1, 2), "integrity_review")
            high = self.p.row("posts", "PHI", clerk="wang", risk="high", risk_points="vault", controls="two keys")
            if place < 5:
                high["controls"] = None
            self._either(high, rules[1], place, "high risk without control", "high risk with a control")
            self._review(high, (2,), "integrity_review")
            key = {"id": f"integrity_review / {YEAR}-H1 / {high['id']}"}
            if place < 5:
                self.p.fault(key, rules[2], "not reviewed", late=self.p.until - self._ends(6))
            else:
                self.p.near(key, rules[2], "reviewed in the last seconds of the half-year")
                self._reviewed(high, self._ends(6) - (place - 4) * SECOND, "integrity_review")
            for quarter in (1, 2, 3, 4):
                at = self.desk.morning(self.desk.workday(date(YEAR, 3 * quarter - 1, 2), date(YEAR, 3 * quarter, 20)))
                self._reviewed(high, at, "warning_education")
            row = self._reviewed(low, self._morning(), None)
            row["by"] = "wang" if place < 5 else "li"
            self._either(row, "integrity/reviewed_by_another", place, "reviewed by its holder", "reviewed by another")

    def _review(self, post: Row, halves: tuple[int, ...], duty: str) -> None:
        for half in halves:
            at = self.desk.morning(self.desk.workday(date(YEAR, 6 * half - 4, 2), date(YEAR, 6 * half - 1, 20)))
            self._reviewed(post, at, duty)

    def _reviewed(self, post: Row, at: int, duty: str | None) -> Row:
        return self.p.row("reviews", "REV", duties=duty, post=post["id"], at=at, by="zhou", holder="wang")
