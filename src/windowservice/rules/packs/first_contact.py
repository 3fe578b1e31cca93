"""First-contact responsibility (首问负责制): the first clerk asked owns the matter, or hands it on by name (row-W1)."""

from __future__ import annotations

from typing import Final

from windowservice.domain.requests.kinds import OWNING_KINDS
from windowservice.facts.requests.event import event as e
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.rule import Pack, Rule
from windowservice.rules.packs.sources import ACCOUNT, POLICIES, figures_beside

__all__ = ["pack"]

_OWNING: Final = e.kind.one_of(*OWNING_KINDS)
_OWNED: Final = r.first_contact.is_known() | (r.last_named == "")


def pack() -> Pack:
    """Return the pack, with the figures of ``first_contact.toml``."""
    figures = figures_beside("first_contact")
    policy = POLICIES["first_contact"]
    rules = [
        Rule(
            "owned_from_first_contact",
            title={
                "en": "Whoever is first asked is on record as owner of the matter",
                "zh": "首次受询人员须登记为责任人",
            },
            basis=ACCOUNT,
            # never true, but unknown where the record names nobody at all: then clerks are not recorded
            # and unknown where one of the kinds that make an owner is not recorded: that may have been the first
            require=(e.kind.count(where=_OWNING) > 0).choose(_OWNED, _OWNED),
            when=_OWNING.any(),
            severity="major",
            settled_by=(),
            policy=policy,
            principle="good_service",
        ),
        Rule(
            "handover_names_taker",
            title={"en": "A handover names the clerk who takes the matter", "zh": "转办须指明接办人"},
            basis=ACCOUNT,
            require=r.nameless_handovers == 0,
            when=r.handovers > 0,
            policy=policy,
            principle="good_service",
        ),
        Rule(
            "handed_over_by_owner",
            title={"en": "Only the owner hands a matter over", "zh": "仅责任人可以转办"},
            basis=ACCOUNT,
            require=r.foreign_handovers == 0,
            when=r.handovers > 0,
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "taken_over_in_time",
            title={"en": "A matter handed over is taken over within its limit", "zh": "转办事项须在规定时限内接办"},
            basis=ACCOUNT,
            require=r.transfer_ended_at.by(r.handover_due) & (r.slow_transfers == 0),
            when=r.handovers > 0,
            severity="major",
            policy=policy,
            principle="good_service",
        ),
        Rule(
            "no_bounce",
            title={
                "en": "A matter does not go back to a former owner without a reason",
                "zh": "无正当理由不得退回原经办人",
            },
            basis=ACCOUNT,
            require=r.bounces == 0,
            when=r.handovers > 0,
            policy=policy,
            principle="good_service",
        ),
        Rule(
            "not_passed_on",
            title={"en": "A matter is not passed from hand to hand", "zh": "不得层层转办"},
            basis=ACCOUNT,
            require=r.handovers <= figures["most_handovers"],
            when=r.handovers > 0,
            policy=policy,
            principle="satisfied_banks",
        ),
    ]
    return Pack(
        "first_contact",
        version="2026.1",
        rules=rules,
        title={"en": "First-contact responsibility", "zh": "首问负责制"},
        basis=ACCOUNT,
    )
