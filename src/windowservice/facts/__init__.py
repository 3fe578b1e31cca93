"""What may be said of an event, and of a request: the vocabularies in which rules are written."""

from windowservice.lazy import names_of

__all__, __getattr__, __dir__ = names_of(__name__)
