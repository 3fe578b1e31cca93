"""Who had what: holders, waits, handovers, performance, tallies."""

from windowservice.lazy import names_of

__all__, __getattr__, __dir__ = names_of(__name__)
