"""Scores of banks and branches: the indicators observed, weighed and compared."""

from windowservice.lazy import names_of

__all__, __getattr__, __dir__ = names_of(__name__)
