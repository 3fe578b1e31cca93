"""Faults of kinds done at once and by appointment, and what comes close to them."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import MINUTE, YEAR
from tests.sample.flow import APPOINTMENTS, AT_ONCE, GRACE, booked, clock_of, plain
from tests.sample.matter import Matter
from tests.sample.planting import Planting

from windowservice.instants import SECOND

__all__ = ["plant_visits"]

_PLAIN_DAYS: Final = (date(YEAR, 3, 7), date(YEAR, 5, 15), date(YEAR, 7, 11), date(YEAR, 9, 12), date(YEAR, 10, 24))
"""Workdays with a workday on either side."""
_KEPT_BY_BANK: Final = "at_once/appointment_kept_by_bank"
_KEPT_BY_WINDOW: Final = "at_once/appointment_kept_by_window"


def plant_visits(planting: Planting) -> None:
    """Plant the faults of immediate acceptance, visits and appointments."""
    for plant in (_accepted, _visits, _booked_late, _booked_early, _bank_absent, _bank_there, _served):
        plant(planting)


def _slot(matter: Matter) -> tuple[int, int]:
    return matter.step("booked").slot or (0, 0)


def _accepted(planting: Planting) -> None:
    rule = "at_once/accepted_at_once"
    desk = planting.desk
    for place in range(5):
        for late in ((SECOND, MINUTE, 3600 * SECOND, SECOND, SECOND)[place], 0):
            submitted = desk.at(desk.ordinary_day(), "11:20") if place > 2 else desk.morning()
            matter = planting.keep(plain(desk, AT_ONCE[place % 3], submitted))
            limit = desk.after(matter.service, submitted, 30)
            matter.step("accepted").at = limit + late
            end = desk.part(matter.service, clock_of(desk, matter), 0.5)
            matter.end_at(end, delivered=True)
            where = " over the lunch break" if place > 2 else ""
            if late:
                planting.fault(matter, rule, f"accepted {late // SECOND} s after 30 open minutes{where}", late=late)
            else:
                planting.near(matter, rule, f"accepted when 30 open minutes had passed{where}")


def _visits(planting: Planting) -> None:
    rule = "at_once/one_visit"
    desk = planting.desk
    for place in range(5):
        matter = planting.keep(plain(desk, AT_ONCE[place % 3], desk.morning()))
        more = 2 if place == 4 else 1
        for number in range(more):
            matter.add(matter.step("delivered").at - (number + 1) * SECOND, "arrived")
        planting.fault(matter, rule, f"the bank had to come {1 + more} times", number=more)
        matter = planting.keep(plain(desk, ("S12", "S14")[place % 2], desk.morning(), notice=True))
        planting.near(matter, rule, "papers were missing, and came in without another visit")


def _book(planting: Planting, service: str, day: date, at: int) -> Matter:
    matter = planting.keep(booked(planting.desk, service, day))
    for kind in ("booked", "submitted"):
        matter.step(kind).at = at
    matter.step("accepted").at = at + 4 * MINUTE
    return matter


def _booked_late(planting: Planting) -> None:
    rule = "at_once/booked_in_time"
    desk = planting.desk
    for place, day in enumerate(_PLAIN_DAYS[:3]):
        due = desk.next_day("S08", desk.at(day, "10:00"), -1, "15:00")
        late = (SECOND, MINUTE, 20 * MINUTE)[place]
        matter = _book(planting, APPOINTMENTS[place % 2], day, due + late)
        planting.fault(matter, rule, f"booked {late // SECOND} s after 15:00 of the workday before", late=late)
    for service, day in (("S08", date(YEAR, 8, 10)), ("S09", date(YEAR, 4, 28))):
        due = desk.next_day(service, desk.at(day, "10:00"), -2, "15:00")
        at = desk.next_day(service, due, 1, "10:00")
        matter = _book(planting, service, day, at)
        what = "a slot on the eve of days off, booked only on the workday before"
        planting.fault(matter, rule, what, late=at - due)


def _booked_early(planting: Planting) -> None:
    rule = "at_once/booked_in_time"
    desk = planting.desk
    for place, day in enumerate(_PLAIN_DAYS[3:]):
        at = desk.next_day("S08", desk.at(day, "10:00"), -1, "15:00")
        matter = _book(planting, APPOINTMENTS[place], day, at)
        planting.near(matter, rule, "booked at 15:00 of the workday before")
    for service, day in (("S08", date(YEAR, 8, 10)), ("S09", date(YEAR, 4, 28))):
        at = desk.next_day(service, desk.at(day, "10:00"), -2, "15:00")
        planting.near(
            _book(planting, service, day, at), rule, "a slot on the eve of days off, booked two workdays before"
        )
    friday = date(YEAR, 4, 27)
    at = desk.next_day("S08", desk.at(friday, "10:00"), -1, "15:00")
    what = "a slot on a Friday before a worked Saturday, booked on the workday before"
    planting.near(_book(planting, "S08", friday, at), rule, what)


def _bank_absent(planting: Planting) -> None:
    for place, day in enumerate(_PLAIN_DAYS):
        matter = planting.keep(booked(planting.desk, APPOINTMENTS[place % 2], day, "09:00"))
        end = _slot(matter)[1]
        matter.drop("arrived", "served", "checked", "decided", "delivered")
        matter.add(end, "no_show", matter.step("booked").by)
        matter.add(end + 10 * MINUTE, "closed", matter.step("booked").by)
        planting.fault(matter, _KEPT_BY_BANK, "the bank did not come to its slot")
        planting.near(
            matter, "commitment/commitment_kept", "nothing was done, because the bank did not come", "not_applicable"
        )


def _bank_there(planting: Planting) -> None:
    desk = planting.desk
    for place, day in enumerate(_PLAIN_DAYS):
        matter = planting.keep(booked(desk, APPOINTMENTS[place % 2], day))
        begin, end = _slot(matter)
        if place < 3:
            matter.drop("arrived", "served", "checked", "decided", "delivered")
            matter.add(desk.at(day, "08:59:59"), "cancelled", matter.step("booked").by)
            matter.add(begin, "closed", matter.step("booked").by)
            planting.near(matter, _KEPT_BY_BANK, "cancelled a second before 9:00 of the day")
        else:
            matter.step("arrived").at = end
            matter.step("served").at = end + MINUTE
            matter.end_at(end + 5 * MINUTE, delivered=True)
            planting.near(matter, _KEPT_BY_BANK, "came at the last instant of its slot")


def _served(planting: Planting) -> None:
    desk = planting.desk
    for place, day in enumerate(_PLAIN_DAYS):
        matter = planting.keep(booked(desk, APPOINTMENTS[place % 2], day, "09:00"))
        late = (SECOND, MINUTE, 5 * MINUTE, SECOND, 10 * MINUTE)[place]
        closes = _slot(matter)[1] + GRACE
        matter.step("served").at = closes + late
        matter.end_at(closes + late + 5 * MINUTE, delivered=True)
        what = f"came in time, served {late // SECOND} s after slot and grace"
        planting.fault(matter, _KEPT_BY_WINDOW, what, late=late)
        planting.ended(matter, closes + late + 5 * MINUTE, what)
        matter = planting.keep(booked(desk, APPOINTMENTS[place % 2], day, "09:00"))
        end = _slot(matter)[1]
        matter.step("served").at = end + GRACE
        matter.end_at(end + GRACE, delivered=True)
        if place < 3:
            what = "served and finished when slot and grace end"
            planting.near(matter, _KEPT_BY_WINDOW, what)
            planting.ended(matter, end + GRACE, what)
        else:
            matter.step("arrived").at = end + SECOND
            matter.step("served").at = end + GRACE + MINUTE
            matter.end_at(end + GRACE + 5 * MINUTE, delivered=True)
            what = "came a second after its slot, and was served late"
            planting.near(matter, _KEPT_BY_WINDOW, what, "not_applicable")
            planting.near(matter, "commitment/commitment_kept", what, "not_applicable")
