"""At once (立即办): immediate acceptance, one visit, and appointments kept by both sides (row-D6)."""

from __future__ import annotations

from windowservice.facts.requests import service_figures
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.kernels import due
from windowservice.language.tree.rule import Pack, Rule
from windowservice.rules.packs.answers import answered_by
from windowservice.rules.packs.sources import ACCOUNT, POLICIES, figures_beside

__all__ = ["pack"]


def pack() -> Pack:
    """Return the pack, with the figures of ``at_once.toml``."""
    figures = figures_beside("at_once")
    policy = POLICIES["at_once"]
    immediate = service_figures.service_class[r.service] == "immediate"
    acceptance_due = due(r.submitted_at, figures["acceptance"], service_figures.service_calendar[r.service])
    rules = [
        Rule(
            "accepted_at_once",
            title={"en": "A kind that is done at once is accepted at once", "zh": "即办件即时受理"},
            basis=ACCOUNT,
            require=answered_by(acceptance_due),
            when=immediate & r.submitted_at.happened(),
            policy=policy,
            principle="good_service",
        ),
        Rule(
            "one_visit",
            title={"en": "A kind that is done at once takes one visit", "zh": "即办件一次办结, 最多跑一次"},
            basis=ACCOUNT,
            require=r.visits <= figures["most_visits"],
            when=immediate & (r.visits > 0),
            policy=policy,
            principle="satisfied_banks",
        ),
        Rule(
            "booked_in_time",
            title={"en": "A slot is booked before the booking closes", "zh": "预约须在截止时间前提出"},
            basis=ACCOUNT,
            require=r.booked_at.by(r.booking_due),
            when=service_figures.book_until[r.service].is_known() & r.slot_begin.happened(),
            severity="note",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "appointment_kept_by_bank",
            title={"en": "The bank comes to its slot, or cancels", "zh": "预约单位按时到场或者取消"},
            basis=ACCOUNT,
            require=(r.slots_missed == 0) & (r.slot_kept | r.slot_let_go),
            when=r.slot_begin.happened() | (r.slots_missed > 0),
            severity="note",
            settled_by=(),
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "appointment_kept_by_window",
            title={"en": "A bank that came in time is served in its slot", "zh": "按时到场的预约单位在预约时段内办理"},
            basis=ACCOUNT,
            require=(r.slots_unserved == 0) & r.served_at.by(r.slot_closes_at),
            when=(r.slot_end.happened() & r.came_at.happened() & (r.came_at <= r.slot_end)) | (r.slots_unserved > 0),
            severity="major",
            settled_by=(),
            policy=policy,
            principle="good_service",
        ),
    ]
    return Pack("at_once", version="2026.1", rules=rules, title={"en": "At once", "zh": "立即办"}, basis=ACCOUNT)
