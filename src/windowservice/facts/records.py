"""The vocabularies of records that stand in tables of their own."""

from __future__ import annotations

from typing import Final

from windowservice.facts.message import message
from windowservice.language.facts import Facts

__all__ = ["RECORD_VOCABULARIES"]

RECORD_VOCABULARIES: Final[tuple[type[Facts], ...]] = (message,)
"""Each speaks of the rows of one ledger table, which its options name."""
