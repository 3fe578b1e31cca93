"""The built-in packs, offered through the same hooks as everybody else's."""

from __future__ import annotations

from collections.abc import Iterable

from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack
from windowservice.plugins.hooks import hookimpl

__all__ = ["windowservice_packs", "windowservice_record_types"]


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
