"""The sample's year in order: matters as a window sees them, of which no rule has anything to say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.sample.desk import MINUTE, YEAR, Desk
from tests.sample.flow import APPOINTMENTS, AT_ONCE, booked, plain
from tests.sample.matter import Matter

from windowservice.instants import SECOND

__all__ = ["year_in_order"]

_MIX: Final = {
    "S01": 2, "S02": 6, "S03": 1, "S04": 18, "S05": 7, "S06": 12, "S07": 2, "S08": 8, "S09": 7, "S10": 6,
    "S11": 3, "S12": 9, "S13": 2, "S14": 6, "S15": 1, "S16": 3, "S17": 2, "S18": 2, "S19": 8,
}  # fmt: skip
"""How often a kind is asked for, in parts."""
_LONG: Final = ("S01", "S10", "S13", "S15", "S17")
_LAST_WEEK: Final = date(YEAR, 12, 24)
_FIRST_SLOTS: Final = date(YEAR, 1, 10)
_SLOTS: Final = ("09:00", "10:00", "14:00")
_REFUSALS: Final = ("not_entitled", "other_office", "papers_false")
_DAY: Final = timedelta(days=1)


def year_in_order(desk: Desk, number: int) -> list[Matter]:
    """Return the matters of a year, in order of submission as far as days go.

    Args:
        desk: the desk.
        number: how many there are, about.
    """
    days = [date(YEAR, 1, 1) + _DAY * n for n in range(365)]
    workdays = [day for day in days if desk.window.is_workday(day)]
    matters = []
    for place, day in enumerate(workdays):
        share = number * (place + 1) // len(workdays) - number * place // len(workdays)
        matters += [_matter(desk, day) for _ in range(share)]
    return matters


def _matter(desk: Desk, day: date) -> Matter:
    service = desk.chance.choices(tuple(_MIX), tuple(_MIX.values()))[0]
    if day >= _LAST_WEEK and desk.chance.random() < 0.5:
        service = desk.chance.choice(_LONG)  # so that some matters are open when the year ends
    if service in APPOINTMENTS and day < _FIRST_SLOTS:
        service = "S06"  # it would have been booked in the year before
    if service == "S18" and day < date(YEAR, 2, 1):
        service = "S06"  # no commitment is posted yet
    if service == "S16" and date(YEAR, 6, 11) <= day < date(YEAR, 6, 14):
        service = "S10"  # the wrong poster hangs
    if service in APPOINTMENTS:
        matter = _by_appointment(desk, service, day)
    elif service in AT_ONCE:
        latest = 15 * 60 if service != "S04" else 16 * 60
        matter = plain(desk, service, _instant(desk, day, latest), share=desk.chance.uniform(0.62, 0.7),
                       notice=service != "S04" and desk.chance.random() < 0.05)  # fmt: skip
    else:
        matter = _committed(desk, service, day)
    _afterwards(desk, matter)
    return matter


def _instant(desk: Desk, day: date, latest: int = 16 * 60) -> int:
    """Return an instant within the hours of a day, most likely in the morning, at `latest` minutes after midnight."""
    minute = int(desk.chance.triangular(8 * 60 + 45, latest, 9 * 60 + 50))
    if 11 * 60 + 10 <= minute < 13 * 60 + 30:
        minute += 150
    return desk.at(day, "00:00") + min(minute, latest) * MINUTE + desk.chance.randrange(60) * SECOND


def _by_appointment(desk: Desk, service: str, day: date) -> Matter:
    matter = booked(desk, service, day, desk.chance.choice(_SLOTS), ahead=desk.chance.randint(3, 5))
    if desk.chance.random() < 0.05:
        begin = matter.step("arrived").at
        matter.drop("arrived", "served", "checked", "decided", "delivered")
        cancelled = desk.next_day(service, begin, -1, "10:30")
        matter.add(cancelled, "cancelled", matter.step("booked").by)
        matter.add(cancelled + 5 * MINUTE, "closed", matter.step("booked").by)
    return matter


def _committed(desk: Desk, service: str, day: date) -> Matter:
    chance = desk.chance
    matter = plain(
        desk, service, _instant(desk, day, 15 * 60), notice=chance.random() < 0.22, handovers=_handovers(desk),
        share=chance.uniform(0.45, 0.68), asked=chance.random() < 0.3,
    )  # fmt: skip
    fate = chance.random()
    if fate < 0.03:
        _refuse(desk, matter)
    elif fate < 0.06:
        _withdraw(desk, matter)
    elif fate < 0.11 and service in ("S01", "S07", "S10", "S13", "S15", "S17"):
        _stop(desk, matter)
    elif fate < 0.16 and service in ("S10", "S15", "S17"):
        _lengthen(desk, matter)
    elif service == "S16":
        matter.add(desk.soon(service, matter.step("accepted").at, 1, 2), "referred", matter.step("accepted").by)
    return matter


def _handovers(desk: Desk) -> int:
    return desk.chance.choices((0, 1, 2), (60, 34, 6))[0]


def _refuse(desk: Desk, matter: Matter) -> None:
    accepted = matter.step("accepted")
    matter.drop_after(accepted.at)
    matter.drop("accepted")
    matter.add(accepted.at, "refused", accepted.by, reason=desk.chance.choice(_REFUSALS), written=True)


def _withdraw(desk: Desk, matter: Matter) -> None:
    at = desk.soon(matter.service, max(step.at for step in matter.steps if step.kind in ("accepted", "taken_over")))
    matter.drop_after(at)
    matter.drop("checked", "authorised", "decided", "delivered")
    matter.add(at, "withdrawn")


def _stop(desk: Desk, matter: Matter) -> None:
    """Stop the clock between the last handover and the decision; all that follows moves by as many workdays."""
    begun = max(step.at for step in matter.steps if step.kind in ("accepted", "taken_over")) + MINUTE
    days = desk.chance.randint(1, 3)
    reason, written = desk.chance.choice((("hearing", True), ("expert_review", True), ("upper_level_reply", None)))
    resumed = desk.next_day(matter.service, begun, days, "09:00")
    for step in matter.steps:
        if step.at > begun:
            step.at = desk.next_day(matter.service, step.at, days, "00:00") + step.at - _midnight(desk, step.at)
    clerk = matter.step("decided").by
    matter.add(begun, "suspended", clerk, reason=reason, written=written, slip=f"D{matter.id[2:]}")
    matter.add(resumed, "resumed", clerk, reason=reason)


def _midnight(desk: Desk, instant: int) -> int:
    return desk.window.table.midnight(desk.window.table.date_of(instant))


def _lengthen(desk: Desk, matter: Matter) -> None:
    """Ask for two more days before the limit ends, and get them."""
    reached = max(step.at for step in matter.steps if step.kind in ("accepted", "taken_over"))
    asked = desk.soon(matter.service, reached)
    matter.add(asked, "extension_requested", matter.step("decided").by, reason="complex")
    approved = desk.soon(matter.service, asked)
    matter.add(approved, "extended", "chen", amount="2 working days", reason="complex", written=True)


def _afterwards(desk: Desk, matter: Matter) -> None:
    """Let the bank rate or complain, and the clerk note or close."""
    chance, at = desk.chance, max(step.at for step in matter.steps)
    if matter.has("delivered") and chance.random() < 0.3:
        score = chance.choices((5, 4, 3, 2, 1), (60, 28, 8, 2, 2))[0]
        matter.add(at + 5 * MINUTE, "rated", score=score)
        if score < 3:
            matter.add(at + 10 * MINUTE, "complained", reason="long_wait")
            matter.add(desk.next_day(matter.service, at, 1, "10:00"), "answered", chance.choice(("wang", "li")))
    if chance.random() < 0.1:
        matter.add(at + 15 * MINUTE, "noted", chance.choice(("wang", "zhao")))
    if not matter.has("closed") and chance.random() < 0.5:
        matter.add(at + 20 * MINUTE, "closed", matter.step("submitted").by)
    if matter.service == "S06" and matter.has("delivered") and chance.random() < 0.04:
        _reopen(desk, matter)


def _reopen(desk: Desk, matter: Matter) -> None:
    """Take the matter up again some days later: a new cycle."""
    at = desk.next_day("S06", max(step.at for step in matter.steps), 4, "09:30")
    clerk = desk.clerks(1)[0]
    matter.add(at, "reopened", clerk, reason="new_facts")
    matter.add(at, "submitted", clerk)
    accepted = desk.soon("S06", at)
    matter.add(accepted, "accepted", clerk)
    end = desk.part("S06", desk.clock("S06", accepted), 0.5)
    matter.add(end, "decided", clerk)
    matter.add(end + 3 * MINUTE, "delivered", clerk)
