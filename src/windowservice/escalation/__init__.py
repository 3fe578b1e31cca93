"""What the ladder calls for: proposals, handled causes, its check, the weekly list."""

from windowservice.lazy import names_of

__all__, __getattr__, __dir__ = names_of(__name__)
