"""The built-in packs, offered through the same hooks as everybody else's."""

from __future__ import annotations

from collections.abc import Iterable

from windowservice.language.facts import Facts
from windowservice.language.rule import Pack
from windowservice.plugins.hooks import hookimpl

__all__ = ["windowservice_packs", "windowservice_vocabularies"]


@hookimpl
def windowservice_packs() -> Iterable[Pack]:
    """Return the packs of the four institutions, of working by the standard, and of working at once."""
    from windowservice.rules import at_once, commitment, first_contact, in_time, standard, told_once

    return [module.pack() for module in (first_contact, told_once, in_time, commitment, standard, at_once)]


@hookimpl
def windowservice_vocabularies() -> Iterable[type[Facts]]:
    """Return the vocabulary of requests and their events."""
    from windowservice.facts.event import event
    from windowservice.facts.request import request

    return [request, event]
