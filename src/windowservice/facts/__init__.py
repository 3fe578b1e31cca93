"""What may be said of an event, and of a request: the vocabularies in which rules are written."""

from __future__ import annotations

from windowservice.facts.requests.event import event as event
from windowservice.facts.requests.request import request as request

__all__ = ["event", "request"]
