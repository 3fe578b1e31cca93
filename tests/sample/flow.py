"""How a matter goes when all is in order: the flows of the sample's year, which planted faults then spoil."""

from __future__ import annotations

from datetime import date
from typing import Final

from tests.sample.desk import MINUTE, Clock, Desk
from tests.sample.matter import Matter

__all__ = ["APPOINTMENTS", "AT_ONCE", "GRACE", "SLOT", "booked", "clock_of", "plain", "told"]

AT_ONCE: Final = ("S04", "S12", "S14")
APPOINTMENTS: Final = ("S08", "S09")
SLOT: Final = 60 * MINUTE
GRACE: Final = 30 * MINUTE


def plain(
    desk: Desk, service: str, submitted: int, *, notice: bool = False, handovers: int = 0, share: float = 0.4,
    asked: bool = False,
) -> Matter:  # fmt: skip
    """Return a matter in order.

    Args:
        desk: the desk.
        service: its kind, none that is done by appointment.
        submitted: when the papers came in; early enough to be accepted on the day.
        notice: whether papers were missing, which were told and brought.
        handovers: how often it was handed over: 0, 1 or 2; kinds done at once are not.
        share: the share of the commitment's open time that was used, below three quarters.
        asked: whether the bank asked before.
    """
    matter = desk.matter(service)
    front, checker, *others = desk.clerks(5)
    if asked:
        matter.add(submitted - 8 * MINUTE, "asked", front)
    if service in AT_ONCE:
        matter.add(submitted, "arrived")
        matter.channel = "counter"
    matter.add(submitted, "submitted", front, slip=f"A{matter.id[2:]}")
    accepted = told(desk, matter, front) if notice else desk.soon(service, submitted)
    matter.add(accepted, "accepted", front, slip=f"B{matter.id[2:]}", written=True)
    owner, reached = front, accepted
    for taker in others[: 0 if service in AT_ONCE else handovers]:
        handed = desk.soon(service, reached, 2, 6)
        reached = desk.soon(service, handed)
        matter.add(handed, "handed_over", owner, to=taker)
        matter.add(reached, "taken_over", taker)
        owner = taker
    end = desk.part(service, desk.clock(service, accepted, dated=submitted), share)
    if desk.catalogue[service].dual_control:
        matter.add(end, "checked" if desk.chance.random() < 0.7 else "authorised", checker)
    matter.add(end, "decided", owner)
    delivered = service in AT_ONCE
    matter.add(end if delivered else desk.soon(service, end, 5, 90), "delivered", owner, slip=f"C{matter.id[2:]}")
    after = matter.step("delivered").at
    matter.end_at(end, delivered=delivered)
    if not delivered:
        matter.step("delivered").at = after
    return matter


def told(desk: Desk, matter: Matter, clerk: str) -> int:
    """Let the clerk tell what is missing, and the bank bring it; return when the matter is accepted then."""
    service, submitted = matter.service, matter.step("submitted").at
    notified = desk.soon(service, submitted)
    papers = desk.papers(service, desk.chance.randint(1, 2))
    matter.add(notified, "notified", clerk, items=papers, written=True, slip=f"N{matter.id[2:]}")
    brought = desk.next_day(service, notified, desk.chance.randint(1, 2), "09:05") + desk.chance.randrange(90) * MINUTE
    matter.add(brought, "supplemented", items=papers)
    return desk.soon(service, brought)


def booked(desk: Desk, service: str, day: date, clock: str = "10:00", *, ahead: int = 3) -> Matter:
    """Return a matter done in order at a booked time.

    Args:
        desk: the desk.
        service: its kind, one that is done by appointment.
        day: the day of the slot.
        clock: when the slot begins, "09:00", "10:00" or "14:00".
        ahead: how many workdays before it was booked; two at least are early enough, three before days off.
    """
    matter = desk.matter(service)
    front, checker = desk.clerks(2)
    begin = desk.at(day, clock)
    asked = desk.next_day(service, begin, -ahead, "09:10") + desk.chance.randrange(200) * MINUTE // 2
    matter.add(asked, "booked", front, slot=(begin, begin + SLOT))
    matter.add(asked, "submitted", front, slip=f"A{matter.id[2:]}")
    matter.add(desk.soon(service, asked), "accepted", front, slip=f"B{matter.id[2:]}")
    arrived = begin + desk.chance.randint(-6, 12) * MINUTE
    served = max(arrived, begin) + 3 * MINUTE
    done = served + desk.chance.randint(8, 25) * MINUTE
    matter.add(arrived, "arrived")
    matter.add(served, "served", front)
    matter.add(done - 2 * MINUTE, "checked", checker)
    matter.add(done - MINUTE, "decided", front)
    matter.add(done, "delivered", front, slip=f"C{matter.id[2:]}")
    return matter


def clock_of(desk: Desk, matter: Matter, what: str = "commitment") -> Clock:
    """Return the clock of a matter in order: from its acceptance, or over its booked slot and grace."""
    if matter.service in APPOINTMENTS:
        begin, end = matter.step("booked").slot or (0, 0)
        return desk.clock_until(matter.service, begin, end + GRACE)
    return desk.clock(matter.service, matter.step("accepted").at, what, dated=matter.step("submitted").at)
