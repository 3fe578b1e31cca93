"""One-time notification (一次性告知制): everything missing is told once, in time, from the posted list (row-W2)."""

from __future__ import annotations

from windowservice.facts.requests import service_figures as figures
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.rule import Pack, Rule
from windowservice.rules.packs.answers import answered_by
from windowservice.rules.packs.sources import ACCOUNT, BUSINESS_ENVIRONMENT, LICENSING_LAW, POLICIES

__all__ = ["pack"]


def pack() -> Pack:
    """Return the pack; how soon must be told, and the posted list, are the catalogue's figures."""
    policy = POLICIES["told_once"]
    rules = [
        Rule(
            "answered_in_time",
            title={
                "en": "Within the limit the applicant is told what is missing, or the matter is accepted or refused",
                "zh": "时限内须告知补正、受理或者不予受理",
            },
            basis=LICENSING_LAW.article("32(4)"),
            require=answered_by(r.notice_due),
            when=r.submitted_at.happened() & figures.notice[r.service].is_known(),
            severity="major",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "answered_after_supplement",
            title={
                "en": "Once the papers are complete the matter is accepted or refused, within the same limit",
                "zh": "材料补齐后须在时限内受理或者不予受理",
            },
            basis=LICENSING_LAW.article("32(5)"),
            require=r.answered_again_at.by(r.answer_due),
            when=r.supplemented_at.happened()
            & figures.notice[r.service].is_known()
            & ~(r.accepted_at.happened() & (r.accepted_at <= r.supplemented_at)),
            severity="major",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "told_once",
            title={
                "en": "What is missing is told once; a further notice needs an excuse",
                "zh": "一次性告知, 无正当理由不得再次告知",
            },
            basis=ACCOUNT,
            require=r.later_notices == 0,
            when=r.notices > 0,
            severity="major",
            policy=policy,
            principle="satisfied_banks",
        ),
        Rule(
            "all_told_at_once",
            title={
                "en": "Everything that could be known to be missing is in the first notice",
                "zh": "首次告知须包含全部应补正内容",
            },
            basis=LICENSING_LAW.article("32(4)"),
            require=r.told_later.size() == 0,
            when=r.notices > 1,
            severity="major",
            policy=policy,
            principle="satisfied_banks",
        ),
        Rule(
            "asked_from_posted_list",
            title={"en": "Only papers on the posted list are asked for", "zh": "不得要求公示清单以外的材料"},
            basis=LICENSING_LAW.article(30),
            require=r.unposted.size() == 0,
            when=r.notices > 0,
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "notice_in_writing",
            title={"en": "What is missing is told in writing or on record", "zh": "补正内容须书面告知或者留存记录"},
            basis=BUSINESS_ENVIRONMENT.article(36),
            require=r.unwritten_notices == 0,
            when=r.notices > 0,
            severity="note",
            policy=policy,
            principle="lawful",
        ),
    ]
    return Pack(
        "told_once",
        version="2026.1",
        rules=rules,
        title={"en": "One-time notification", "zh": "一次性告知制"},
        basis=ACCOUNT,
    )
