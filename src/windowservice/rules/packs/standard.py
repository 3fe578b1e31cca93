"""By the standard (规范办): steps in order, checks present, two people where two are required (row-D4)."""

from __future__ import annotations

from windowservice.facts.requests import service_figures as figures
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.rule import Pack, Rule
from windowservice.rules.packs.sources import ACCOUNT, OWN, POLICIES

__all__ = ["pack"]


def pack() -> Pack:
    """Return the pack; which kinds need two people is the catalogue's figure `dual_control`."""
    policy = POLICIES["standard"]
    rules = [
        Rule(
            "steps_in_order",
            title={"en": "The steps are recorded in the order in which they follow", "zh": "各环节按规定顺序办理"},
            basis=ACCOUNT,
            require=r.disordered == 0,
            when=r.submitted_at.happened(),
            severity="minor",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "begun_once",
            title={
                "en": "A matter is handed in once, and reopened only after it ended",
                "zh": "事项只登记提交一次, 办结之后方可重启",
            },
            basis=OWN,
            require=r.begun_while_open == 0,
            when=r.submitted_at.happened(),
            severity="note",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "checked_before_decided",
            title={
                "en": "A kind under dual control is checked or authorised before it is decided",
                "zh": "双人经办业务须先复核或者授权",
            },
            basis=OWN,
            require=r.checks_before_decision > 0,
            when=(figures.dual_control[r.service] == True) & r.decided_at.happened(),  # noqa: E712 - it builds an expression
            severity="major",
            settled_by=(),
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "checked_by_another",
            title={"en": "Nobody checks or authorises what they decide themselves", "zh": "经办与复核不得为同一人"},
            basis=OWN,
            require=r.self_checks == 0,
            when=(r.checks > 0) & r.decided_at.happened(),
            severity="severe",
            settled_by=(),
            policy=policy,
            principle="lawful",
        ),
    ]
    return Pack(
        "standard", version="2026.1", rules=rules, title={"en": "By the standard", "zh": "规范办"}, basis=ACCOUNT
    )
