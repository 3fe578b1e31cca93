"""Service commitment (服务承诺制): published, in force, kept, and never longer than the statute (row-W4, row-E1)."""

from __future__ import annotations

from windowservice.domain.requests.kinds import CLOSING_KINDS
from windowservice.facts.requests import service_figures as figures
from windowservice.facts.requests.clock_kernel import AT_RISK
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.rule import Pack, Rule
from windowservice.rules.packs.sources import ACCOUNT, BUSINESS_ENVIRONMENT, OWN, POLICIES, figures_beside

__all__ = ["pack"]


def pack() -> Pack:
    """Return the pack; commitments are the catalogue's figure, the share at risk is in ``commitment.toml``."""
    own = figures_beside("commitment")
    policy = POLICIES["commitment"]
    rules = [
        Rule(
            "commitment_kept",
            title={"en": "The matter is finished within the published commitment", "zh": "在公开承诺时限内办结"},
            basis=BUSINESS_ENVIRONMENT.article(36),
            # the due without stops is the earliest there can be: done by then is in time even if no stops are recorded
            require=r.finished_at.by(r.commitment_due) | r.finished_at.by(r.promised_due),
            when=r.commitment_runs,
            severity="major",
            policy=policy,
            principle="good_service",
        ),
        Rule(
            "commitment_published",
            title={
                "en": "A commitment for the kind of business is in force on the day of submission",
                "zh": "提交之日该业务须有有效承诺",
            },
            basis=BUSINESS_ENVIRONMENT.article(36),
            require=r.commitment_limit.is_known(),
            when=r.dated_at.happened(),
            severity="note",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "commitment_within_statute",
            title={"en": "A commitment may shorten the statute, never lengthen it", "zh": "承诺时限不得长于法定时限"},
            basis=BUSINESS_ENVIRONMENT.article(36),
            require=r.promised_due <= r.lawful_due,
            when=r.statute_limit.is_known() & r.commitment_limit.is_known() & r.started_at.happened(),
            settled_by=("accepted", *CLOSING_KINDS),  # both run from one start, which acceptance settles
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "finished_before_at_risk",
            title={
                "en": "The matter is finished before three quarters of its time are used",
                "zh": "在时限用至四分之三之前办结(预警)",
            },
            basis=OWN,
            require=r.finished_at.by(AT_RISK(r.commitment_clock, own["at_risk_share"])),
            when=r.commitment_runs,
            severity="note",
            policy=POLICIES["early_warning"],
            principle="satisfied_banks",
        ),
        Rule(
            "service_offered",
            title={
                "en": "The kind of business is in the handbook on the day of submission",
                "zh": "所办业务须在一本通目录内",
            },
            basis=ACCOUNT,
            require=figures.services_offered.contains(r.service),
            when=r.dated_at.happened(),
            severity="note",
            policy=POLICIES["catalogue"],
            principle="satisfied_banks",
        ),
    ]
    return Pack(
        "commitment",
        version="2026.1",
        rules=rules,
        title={"en": "Service commitment", "zh": "服务承诺制"},
        basis=ACCOUNT,
    )
