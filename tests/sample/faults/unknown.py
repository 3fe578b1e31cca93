"""Matters of the sample of which something was not written down, so that a rule cannot tell."""

from __future__ import annotations

from typing import Final

from tests.sample.desk import MINUTE
from tests.sample.flow import booked, plain
from tests.sample.planting import Planting

__all__ = ["plant_unknown"]

_KIND: Final = "S10"
_APPOINTED: Final = "S08"


def plant_unknown(planting: Planting) -> None:
    """Leave out one thing of a matter that is in order otherwise, once for each thing that a rule needs."""
    _clerks(planting)
    _notice(planting)
    _stop(planting)
    _slot(planting)


def _clerks(planting: Planting) -> None:
    desk = planting.desk
    for kind, field, rule in (
        ("handed_over", "by", "first_contact/handed_over_by_owner"),
        ("taken_over", "by", "first_contact/no_bounce"),
        ("checked", "by", "standard/checked_by_another"),
    ):
        matter = planting.keep(plain(desk, _KIND, desk.morning(), handovers=0 if kind == "checked" else 1))
        for step in matter.steps:
            if step.kind == "authorised":
                step.kind = "checked"
        setattr(matter.step(kind), field, None)
        planting.unknown(matter, rule, f"nobody wrote {field} whom it was {kind}")
        if kind == "taken_over":
            planting.cannot_tell(f"{matter.id} path", "front_and_back/no_ping_pong", "nobody wrote who took it over")


def _notice(planting: Planting) -> None:
    desk = planting.desk
    for field, nothing, rule in (
        ("items", (), "told_once/asked_from_posted_list"),
        ("written", None, "told_once/notice_in_writing"),
    ):
        matter = planting.keep(plain(desk, _KIND, desk.morning(), notice=True))
        setattr(matter.step("notified"), field, nothing)
        planting.unknown(matter, rule, f"nobody wrote the {field} of the notice")


def _stop(planting: Planting) -> None:
    desk = planting.desk
    for reason, rule in (("hearing", "in_time/stop_in_writing"), (None, "in_time/stopped_for_listed_reason")):
        matter = planting.keep(plain(desk, _KIND, desk.morning()))
        begun = matter.step("accepted").at + MINUTE
        clerk = matter.step("decided").by
        matter.add(begun, "suspended", clerk, reason=reason, written=None if reason else True)
        matter.add(begun + MINUTE, "resumed", clerk, reason=reason)
        planting.unknown(matter, rule, "nobody wrote the reason of the stop, or whether it was told in writing")


def _slot(planting: Planting) -> None:
    matter = planting.keep(booked(planting.desk, _APPOINTED, planting.desk.ordinary_day()))
    matter.step("booked").slot = None
    for rule in (
        "at_once/booked_in_time", "at_once/appointment_kept_by_bank", "at_once/appointment_kept_by_window",
        "commitment/commitment_kept", "commitment/finished_before_at_risk",
    ):  # fmt: skip
        planting.unknown(matter, rule, "nobody wrote for when it was booked")
