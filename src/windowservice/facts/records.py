"""The vocabularies of records that stand in tables of their own."""

from __future__ import annotations

from typing import Final

from windowservice.facts.accounting.accounting import difference, statement, voucher_count
from windowservice.facts.accounting.exchange import accounting_error, exchange_item
from windowservice.facts.duties.defect import defect
from windowservice.facts.duties.initiative import initiative, rule_notice
from windowservice.facts.duties.inspection import inspection, kept_duty
from windowservice.facts.duties.meeting import follow_up, meeting
from windowservice.facts.duties.post import post, review
from windowservice.facts.duties.talk import talk
from windowservice.facts.duties.turn import turn
from windowservice.facts.escalation.bank_period import bank_period, occurrence
from windowservice.facts.escalation.bank_reading import bank_reading
from windowservice.facts.escalation.handling import action, action_call, breach
from windowservice.facts.organisation.admission import admission, admission_stage
from windowservice.facts.organisation.organisation import (
    assignment,
    business,
    clerk_period,
    front_end,
    matter_path,
    opening,
    roll_out,
    roster_entry,
)
from windowservice.facts.payments.filing import filing, given_reading, risk_warning
from windowservice.facts.payments.message import message
from windowservice.facts.payments.position import incident, position
from windowservice.facts.supervision.posting import document, observation, posted_text, posting
from windowservice.facts.supervision.supervision import complaint, rating
from windowservice.facts.supervision.window_period import (
    bank_clerk,
    checklist_score,
    posted,
    posting_cover,
    satisfaction,
)
from windowservice.facts.training.own_training import act, kind_training, own_training
from windowservice.facts.training.qualification import qualification
from windowservice.facts.training.training_need import training_need
from windowservice.facts.training.training_record import need_shown, training_effect
from windowservice.language.tree.facts import Facts

__all__ = ["MADE_VOCABULARIES", "RECORD_VOCABULARIES"]

RECORD_VOCABULARIES: Final[tuple[type[Facts], ...]] = (
    message, exchange_item, accounting_error, voucher_count, statement, difference, position, incident, filing,
    risk_warning, given_reading,
    kept_duty, inspection, defect, talk, meeting, follow_up, post, review, rule_notice, initiative,
    complaint, rating, posting, document, observation, training_need, kind_training, own_training,
    occurrence, action, breach,
    assignment, roster_entry, front_end, admission_stage,
)  # fmt: skip
"""Each speaks of the rows of one ledger table, which its options name."""
MADE_VOCABULARIES: Final[tuple[type[Facts], ...]] = (
    need_shown, training_effect, qualification, act,
    turn, satisfaction, checklist_score, posted, posting_cover, posted_text, bank_clerk,
    bank_period, bank_reading, business, opening, roll_out, admission, matter_path, clerk_period,
    action_call,
)  # fmt: skip
"""Each speaks of records that are made from a whole ledger, and stand in none of its tables."""
