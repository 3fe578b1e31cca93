"""Lateness in disguise, faults of order and of dual control, and what comes close to them."""

from __future__ import annotations

from typing import Final

from tests.sample.desk import MINUTE
from tests.sample.flow import clock_of, plain
from tests.sample.matter import Matter, Step
from tests.sample.planting import Planting

from windowservice.instants import SECOND

__all__ = ["plant_steps"]

_KINDS: Final = ("S01", "S07", "S10", "S15", "S17")
_LOCAL: Final = ("upper_level_reply", "system_outage")


def plant_steps(planting: Planting) -> None:
    """Plant lateness in disguise, steps out of order, and checks that are none."""
    for plant in (
        _refused, _extended_late, _extended_twice, _extended_otherwise, _delivered, _stop_unwritten, _stop_unlisted,
        _decided_first, _order, _unchecked, _self_checked,
    ):  # fmt: skip
        plant(planting)


def _matter(planting: Planting, service: str, *, share: float = 0.4, notice: bool = False) -> Matter:
    desk = planting.desk
    return planting.keep(plain(desk, service, desk.morning(), share=share, notice=notice))


def _refused(planting: Planting) -> None:
    rule = "in_time/refused_with_reason"
    for service in _KINDS:
        for spoilt in (True, False):
            matter = _matter(planting, service)
            accepted = matter.step("accepted")
            matter.drop_after(accepted.at)
            matter.drop("accepted")
            matter.add(accepted.at, "refused", accepted.by, written=True, reason=None if spoilt else "other_office")
            if spoilt:
                planting.fault(matter, rule, "refused without a reason code", number=1)
            else:
                planting.near(matter, rule, "refused with a reason code")


def _lengthen(matter: Matter, asked: int, approved: int, amount: str = "2 working days") -> None:
    clerk = matter.step("decided").by
    matter.add(asked, "extension_requested", clerk, reason="complex")
    matter.add(approved, "extended", "chen", reason="complex", amount=amount, written=True)


def _extended_late(planting: Planting) -> None:
    rule = "in_time/extended_before_expiry"
    desk = planting.desk
    for place, service in enumerate(("S01", "S10", "S13", "S01", "S10")):
        matter = _matter(planting, service)
        clock = clock_of(desk, matter)
        if place < 3:
            approved = clock.due + (SECOND, MINUTE, 3600 * SECOND)[place]
            what = f"approved {(approved - clock.due) // SECOND} s after the limit, so void"
            _lengthen(matter, clock.due - MINUTE, approved)
        else:
            approved = clock.due
            what = "asked for only when the limit ended, so void"
            _lengthen(matter, clock.due, approved)
        matter.end_at(approved + MINUTE)
        planting.fault(matter, rule, what)
        planting.ended(matter, approved + MINUTE, f"decided after an extension that is void: {what}")
    for service in ("S01", "S10", "S13", "S16", "S07"):
        matter = _matter(planting, service)
        clock = clock_of(desk, matter)
        _lengthen(matter, clock.due - SECOND, clock.due)
        planting.near(matter, rule, "asked for a second before the limit ended and approved as it ended")
        days = desk.limit_of(service, "commitment", matter.step("submitted").at).amount + 2
        longer = desk.clock_until(service, clock.start, desk.due(service, clock.start, f"{days} working days"))
        done = desk.next_day(service, clock.due, 1, "08:40")
        matter.end_at(done)
        planting.ended(matter, done, "decided on the first day of the extension", clock=longer)


def _extended_twice(planting: Planting) -> None:
    rule = "in_time/extended_once"
    for place, service in enumerate(_KINDS):
        matter = _matter(planting, service)
        at = matter.step("accepted").at
        more = 2 if place == 4 else 1
        for number in range(1 + more):
            _lengthen(matter, at + (10 * number + 1) * MINUTE, at + (10 * number + 5) * MINUTE)
        planting.fault(matter, rule, f"lengthened {1 + more} times", number=more)
        matter = _matter(planting, service)
        at = matter.step("accepted").at
        matter.add(at + MINUTE, "extension_requested", matter.step("decided").by, reason="complex")
        _lengthen(matter, at + 5 * MINUTE, at + 9 * MINUTE)
        planting.near(matter, rule, "asked for twice, lengthened once")


def _extended_otherwise(planting: Planting) -> None:
    rule = "in_time/extended_in_its_unit"
    spoilt = ("48 hours", "3 days", "4 working hours", "1 month", "2 days without roll")
    right = ("3个工作日", "1 working day", "10 working days", "2个工作日", "5 working days")
    for service, other, same in zip(_KINDS, spoilt, right, strict=True):
        for amount in (other, same):
            matter = _matter(planting, service)
            at = matter.step("accepted").at
            _lengthen(matter, at + MINUTE, at + 5 * MINUTE, amount)
            if amount == other:
                planting.fault(matter, rule, f"a limit in working days lengthened by {amount}")
            else:
                planting.near(matter, rule, f"lengthened by {amount}, in the unit of the limit")


def _delivered(planting: Planting) -> None:
    rule = "in_time/delivered_in_time"
    desk = planting.desk
    for late in (SECOND, MINUTE, 3600 * SECOND, 3 * 86_400 * SECOND, None):
        matter = _matter(planting, "S19")
        due = desk.duty("S19", matter.step("decided").at, "delivery")
        if late is None:
            matter.drop("delivered")
            planting.fault(matter, rule, "never handed over", late=planting.until - due)
        else:
            matter.step("delivered").at = due + late
            planting.fault(matter, rule, f"handed over {late // SECOND} s after the limit", late=late)
    for place in range(5):
        matter = _matter(planting, "S19")
        due = desk.duty("S19", matter.step("decided").at, "delivery")
        matter.step("delivered").at = due
        if place > 2:
            matter.step("delivered").at = due + 86_400 * SECOND
            matter.add(due - 3600 * SECOND, "no_show")
            planting.near(matter, rule, "the bank did not come for it in time, and got it later", "not_applicable")
        else:
            planting.near(matter, rule, "handed over at the last instant")


def _stop(planting: Planting, service: str, reason: str, *, written: bool | None) -> Matter:
    matter = _matter(planting, service, share=0.3)
    at, clerk = matter.step("accepted").at, matter.step("decided").by
    matter.add(at + MINUTE, "suspended", clerk, reason=reason, written=written)
    matter.add(at + 30 * MINUTE, "resumed", clerk, reason=reason)
    return matter


def _stop_unwritten(planting: Planting) -> None:
    rule = "in_time/stop_in_writing"
    reasons = ("hearing", "expert_review", "appraisal", "inspection_test", "auction")
    for place, (service, reason) in enumerate(zip(_KINDS, reasons, strict=True)):
        matter = _stop(planting, service, reason, written=False)
        planting.fault(matter, rule, f"stopped for {reason}, not told in writing", number=1)
        if place > 2:
            local = _LOCAL[place % 2]
            matter = _stop(planting, service, local, written=False)
            planting.near(matter, rule, f"stopped for {local}, a reason of the service, which need not be written")
        else:
            matter = _stop(planting, service, reason, written=True)
            planting.near(matter, rule, f"stopped for {reason}, told in writing")


def _stop_unlisted(planting: Planting) -> None:
    rule = "in_time/stopped_for_listed_reason"
    reasons = ("on_site_check", "lunch", "clerk_on_leave", "queue", "archive")
    for place, (service, reason) in enumerate(zip(_KINDS, reasons, strict=True)):
        matter = _stop(planting, service, reason, written=True)
        planting.fault(matter, rule, f"stopped for {reason}, which neither law nor service names", number=1)
        listed = _LOCAL[place % 2] if place < 3 else "quarantine"
        matter = _stop(planting, service, listed, written=True)
        planting.near(matter, rule, f"stopped for {listed}, which is listed")


def _decided_first(planting: Planting) -> None:
    rule, order = "in_time/accepted_before_decided", "standard/steps_in_order"
    desk = planting.desk
    for place, service in enumerate(_KINDS):
        matter = _matter(planting, service, notice=place == 4)
        if place == 4:
            matter.drop("accepted")
            decided = matter.step("decided").at
            brought = desk.duty(service, matter.step("supplemented").at, "notice")
            planting.fault(matter, rule, "decided, never accepted", late=planting.until - decided)
            planting.fault(
                matter, "told_once/answered_after_supplement", "never accepted", late=planting.until - brought
            )
            continue
        accepted = matter.step("accepted").at
        late = (SECOND, MINUTE, 2 * MINUTE, 3 * MINUTE)[place]
        matter.end_at(accepted - late)
        planting.fault(matter, rule, f"decided {late // SECOND} s before it was accepted", late=late)
        planting.fault(matter, order, "decided before accepted", number=1)
    for service in _KINDS:
        matter = _matter(planting, service)
        matter.end_at(matter.step("accepted").at)
        planting.near(matter, rule, "accepted and decided in the same second")


def _order(planting: Planting) -> None:
    rule = "standard/steps_in_order"
    for place, service in enumerate(_KINDS):
        matter = _matter(planting, service)
        if place < 3:
            matter.step("delivered").at = matter.step("decided").at - MINUTE
            planting.fault(matter, rule, "delivered a minute before it was decided", number=1)
        else:
            matter.step("submitted").at = matter.step("accepted").at + MINUTE
            planting.fault(matter, rule, "submitted a minute after it was accepted", number=1)
        matter = _matter(planting, service)
        if place < 3:
            matter.step("delivered").at = matter.step("decided").at
            planting.near(matter, rule, "decided and delivered in the same second")
        else:
            matter.step("accepted").at = matter.step("submitted").at
            planting.near(matter, rule, "submitted and accepted in the same second")


def _unchecked(planting: Planting) -> None:
    rule = "standard/checked_before_decided"
    for place, service in enumerate(_KINDS):
        matter = _matter(planting, "S19" if service == "S01" else service)
        if place < 3:
            matter.drop("checked", "authorised")
            planting.fault(matter, rule, "decided without a check", number=1)
        else:
            _check(matter).at = matter.step("decided").at + SECOND
            planting.fault(matter, rule, "checked a second after the decision", number=1)
        matter = _matter(planting, ("S13", "S06", "S10", "S15", "S17")[place])
        if place < 2:
            planting.near(matter, rule, "a kind that one person may do, without a check", "not_applicable")
        else:
            _check(matter).at = matter.step("decided").at
            planting.near(matter, rule, "checked in the second of the decision")


def _check(matter: Matter) -> Step:
    return next(step for step in matter.steps if step.kind in ("checked", "authorised"))


def _self_checked(planting: Planting) -> None:
    rule = "standard/checked_by_another"
    for place, service in enumerate(_KINDS):
        matter = _matter(planting, service)
        decider = matter.step("decided").by
        check = _check(matter)
        check.by = decider
        if place == 4:
            matter.add(check.at + SECOND, "authorised", decider)
        planting.fault(matter, rule, "checked by the clerk who decided", number=2 if place == 4 else 1)
        matter = planting.keep(plain(planting.desk, service, planting.desk.morning(), handovers=1))
        check = _check(matter)
        check.by = matter.step("submitted").by
        planting.near(matter, rule, "checked by the first clerk, decided by the one who took it over")
