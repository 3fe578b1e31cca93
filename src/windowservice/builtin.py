"""What the library offers itself, through the same hooks as everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack
from windowservice.plugins.hooks import hookimpl
from windowservice.plugins.maker import Maker

__all__ = ["windowservice_functions", "windowservice_makers", "windowservice_packs", "windowservice_record_types"]


@hookimpl
def windowservice_packs() -> Iterable[Pack]:
    """Return the packs of the policies, and those on the further tables of a ledger."""
    from windowservice.rules.packs import at_once, commitment, first_contact, in_time, standard, told_once
    from windowservice.rules.packs.record_packs import record_packs

    modules = (first_contact, told_once, in_time, commitment, standard, at_once)
    return [*(module.pack() for module in modules), *record_packs()]


@hookimpl
def windowservice_record_types() -> Iterable[type[Facts]]:
    """Return the record types of requests and their events, and of the records of further tables."""
    from windowservice.facts.records import MADE_VOCABULARIES, RECORD_VOCABULARIES
    from windowservice.facts.requests.event import event
    from windowservice.facts.requests.request import request

    return [request, event, *RECORD_VOCABULARIES, *MADE_VOCABULARIES]


@hookimpl
def windowservice_makers() -> Iterable[Maker]:
    """Return what makes records of a whole ledger, each from beside what it makes."""
    from windowservice.cases.records import CASES
    from windowservice.engine.made.duty_turns import TURNS
    from windowservice.engine.made.organisation import ORGANISATION
    from windowservice.engine.made.own_training import ACTS_OF_CLERKS
    from windowservice.engine.made.qualifications import QUALIFICATIONS
    from windowservice.engine.made.training_records import TRAINING
    from windowservice.engine.made.window_periods import WINDOW_PERIODS
    from windowservice.escalation.made import ESCALATION

    return [
        TURNS, *WINDOW_PERIODS, QUALIFICATIONS, ACTS_OF_CLERKS, *TRAINING, *ORGANISATION, *CASES, *ESCALATION,
    ]  # fmt: skip


@hookimpl
def windowservice_functions() -> Mapping[str, Callable[..., Any]]:
    """Return what scores a bank of a ledger."""
    from windowservice.scoring.ledger import score_ledger

    return {"score": score_ledger}
