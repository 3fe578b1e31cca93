"""Faults of the statute and of the commitment, and what comes close to them."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import MINUTE, YEAR
from tests.sample.flow import APPOINTMENTS, AT_ONCE, booked, clock_of, plain
from tests.sample.matter import Matter
from tests.sample.planting import STATUTE_BOUND, Planting

from windowservice.instants import SECOND

__all__ = ["plant_limits"]

_KEPT: Final = "commitment/commitment_kept"
_RISK: Final = "commitment/finished_before_at_risk"
_STATUTE: Final = "in_time/statute_kept"


def plant_limits(planting: Planting) -> None:
    """Plant the faults of statute, commitment and early warning."""
    for plant in (
        _statute,
        _commitment,
        _stopped,
        _at_risk,
        _published,
        _longer_than_law,
        _offered,
        _closed,
        _begun_again,
    ):
        plant(planting)


def _matter(planting: Planting, service: str, day: date | None = None, **how: bool) -> Matter:
    desk = planting.desk
    if service in APPOINTMENTS:
        return planting.keep(booked(desk, service, day or desk.ordinary_day()))
    return planting.keep(plain(desk, service, desk.morning(day), **how))


def _end(planting: Planting, matter: Matter, done: int, what: str) -> None:
    """End a matter at an instant, and say what it breaks by that."""
    matter.end_at(done, delivered=matter.service in AT_ONCE + APPOINTMENTS)
    planting.ended(matter, done, what)


def _statute(planting: Planting) -> None:
    for place, late in enumerate((SECOND, MINUTE, 3600 * SECOND, 86_400 * SECOND, 7 * 86_400 * SECOND)):
        service = STATUTE_BOUND[place % 2]
        matter = _matter(planting, service)
        done = clock_of(planting.desk, matter, "statute").due + late
        _end(planting, matter, done, f"decided {late // SECOND} s after the statute")
    for place in range(4):
        service = STATUTE_BOUND[place % 2]
        matter = _matter(planting, service, notice=place > 1)
        done = clock_of(planting.desk, matter, "statute").due
        _end(planting, matter, done, "decided after the commitment, at the last instant of the statute")
        planting.near(matter, _STATUTE, "decided at the last instant of the statute")
    matter = _matter(planting, "S19")
    done = clock_of(planting.desk, matter, "statute").due
    matter.drop("checked", "authorised", "decided", "delivered")
    matter.add(done, "withdrawn")
    planting.near(matter, _STATUTE, "taken back at the last instant of the statute", "not_applicable")
    planting.ended(matter, done, "taken back after the commitment")


def _commitment(planting: Planting) -> None:
    desk = planting.desk
    for service, late in (("S10", SECOND), ("S05", MINUTE), ("S04", SECOND), ("S12", 3600 * SECOND), ("S08", SECOND)):
        matter = _matter(planting, service)
        _end(planting, matter, clock_of(desk, matter).due + late, f"ended {late // SECOND} s after the commitment")
    matter = _matter(planting, "S02")
    matter.drop("checked", "authorised", "decided", "delivered")
    planting.ended(matter, None, "never decided")
    for service, what in (
        ("S10", "decided at the last close"), ("S04", "delivered when the 30th open minute ends"),
        ("S12", "delivered at the close of the day"), ("S09", "delivered when slot and grace end"),
    ):  # fmt: skip
        matter = _matter(planting, service)
        _end(planting, matter, clock_of(desk, matter).due, what)
        planting.near(matter, _KEPT, what)
    matter = _matter(planting, "S05", date(YEAR, 4, 27))
    _end(planting, matter, clock_of(desk, matter).due, "decided at the last close of the make-up Saturday")
    planting.near(matter, _KEPT, "decided at the last close of the make-up Saturday")


def _closed(planting: Planting) -> None:
    """Plant matters that are closed without an outcome, and closed right after one."""
    rule = "in_time/closed_when_settled"
    for place in range(5):
        matter = _matter(planting, "S10")
        at = matter.step("decided").at
        matter.drop("checked", "authorised", "decided", "delivered", "rated", "closed")
        matter.add(at, "closed", matter.step("submitted").by)
        planting.fault(matter, rule, "closed, and never decided")
        planting.near(matter, _KEPT, "closed within the commitment")
        matter = _matter(planting, "S10")
        matter.drop("rated", "closed")
        after = max(step.at for step in matter.steps)
        matter.add(after + place * SECOND, "closed", matter.step("submitted").by)
        planting.near(matter, rule, f"closed {place} s after all was done")


def _begun_again(planting: Planting) -> None:
    """Plant matters that are handed in or reopened while they are open, and one that is reopened after its end."""
    rule = "standard/begun_once"
    for place in range(5):
        matter = _matter(planting, "S10")
        accepted, clerk = matter.step("accepted").at, matter.step("submitted").by
        matter.add(accepted + (place + 1) * MINUTE, "reopened" if place % 2 else "submitted", clerk)
        planting.fault(matter, rule, "begun again while it was open", number=1)
        matter = _matter(planting, "S10")
        matter.drop("rated", "closed")
        after = max(step.at for step in matter.steps)
        matter.add(after + 60 * MINUTE, "reopened", matter.step("submitted").by, reason="new_facts")
        matter.add(after + 60 * MINUTE + SECOND, "withdrawn")
        planting.near(matter, rule, "reopened after its end")


def _stopped(planting: Planting) -> None:
    """Plant stops that count, and one that changes nothing because it lies in the lunch break."""
    desk = planting.desk
    for late in (0, SECOND):
        matter = _matter(planting, "S10")
        accepted, due = matter.step("accepted").at, clock_of(desk, matter).due
        begun, resumed = desk.next_day("S10", accepted, 1, "11:30"), desk.next_day("S10", accepted, 1, "13:30")
        _stop(matter, begun, resumed, "hearing")
        what = f"a hearing in the lunch break, decided {late // SECOND} s after the last close"
        _end(planting, matter, due + late, what)
        if not late:
            planting.near(matter, _KEPT, what)
    for late in (0, SECOND):
        matter = _matter(planting, "S10")
        accepted = matter.step("accepted").at
        begun, resumed = desk.next_day("S10", accepted, 1, "09:00"), desk.next_day("S10", accepted, 2, "12:00")
        _stop(matter, begun, resumed, "expert_review")
        due = desk.due("S10", accepted, "7 working days")  # two workdays are touched and do not count
        clock = desk.clock_until("S10", accepted, due, (begun, resumed))
        what = f"an expert review that touches two workdays, decided {late // SECOND} s after the last close"
        matter.end_at(due + late)
        planting.ended(matter, due + late, what, clock=clock)
        if not late:
            planting.near(matter, _KEPT, what)


def _stop(matter: Matter, begun: int, resumed: int, reason: str) -> None:
    clerk = matter.step("decided").by
    matter.add(begun, "suspended", clerk, reason=reason, written=True)
    matter.add(resumed, "resumed", clerk, reason=reason)


def _at_risk(planting: Planting) -> None:
    desk = planting.desk
    for place, service in enumerate(("S01", "S03", "S07", "S06", "S14")):
        for late in (SECOND * (1 + 59 * place), 0):
            matter = _matter(planting, service)
            what = f"ended {late // SECOND} s after three quarters of its time were used"
            _end(planting, matter, clock_of(desk, matter).risk // SECOND * SECOND + late, what)
            if not late:
                planting.near(matter, _RISK, "ended when three quarters of its time were used")


def _published(planting: Planting) -> None:
    desk = planting.desk
    rule = "commitment/commitment_published"
    for day in (3, 9, 16, 24, 31):
        matter = planting.keep(plain(desk, "S06", desk.morning(date(YEAR, 1, day))))
        matter.service = "S18"
        matter.drop("delivered")
        planting.fault(matter, rule, "its commitment was posted only on 1 February")
    first = date(YEAR, 2, 1)
    for place in range(5):
        matter = planting.keep(plain(desk, "S18", desk.morning(first), asked=place > 2))
        what = "submitted on the first day of the commitment"
        if place > 2:
            matter.step("asked").at = desk.at(date(YEAR, 1, 31), f"16:0{place}")
            what += ", asked about on the day before"
        planting.near(matter, rule, what)


def _longer_than_law(planting: Planting) -> None:
    desk = planting.desk
    rule = "commitment/commitment_within_statute"
    for day in (11, 11, 12, 13, 13):
        matter = planting.keep(plain(desk, "S16", desk.morning(date(YEAR, 6, day)), share=0.3))
        promised, lawful = clock_of(desk, matter).due, clock_of(desk, matter, "statute").due
        planting.fault(matter, rule, "a wrong poster promised 7 working days, the statute 5", late=promised - lawful)
    for day, service in ((8, "S16"), (8, "S16"), (14, "S16"), (14, "S16"), (12, "S19")):
        matter = planting.keep(plain(desk, service, desk.morning(date(YEAR, 6, day)), share=0.3))
        what = (
            "on the days of the wrong poster, of another kind" if service == "S19" else "beside the wrong poster's days"
        )
        planting.near(matter, rule, what)


def _offered(planting: Planting) -> None:
    desk = planting.desk
    rule = "commitment/service_offered"
    for _ in range(5):
        matter = planting.keep(desk.matter("S20"))
        at, clerk = desk.morning(), desk.clerks(1)[0]
        matter.add(at, "asked", clerk)
        matter.add(at + 10 * MINUTE, "refused", clerk, reason="not_offered", written=True)
        planting.fault(matter, rule, "a kind of business that the handbook does not have")
        planting.fault(matter, "commitment/commitment_published", "nothing is promised for a kind that is not offered")
    for service in ("S01", "S02", "S05", "S06", "S13"):
        matter = planting.keep(plain(desk, service, desk.morning(date(YEAR, 1, 2)), asked=True))
        matter.step("asked").at = desk.at(date(YEAR - 1, 12, 29), "16:30")
        planting.near(matter, rule, "asked about in the old year, submitted on the first day of the catalogue")
