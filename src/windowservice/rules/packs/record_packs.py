"""The packs on records of further tables: each is data, in a TOML file beside this module."""

from __future__ import annotations

from typing import Final

from windowservice.facts.records import MADE_VOCABULARIES, RECORD_VOCABULARIES
from windowservice.files import shipped
from windowservice.language.tree.rule import Pack
from windowservice.rules.pack_file import read_pack

__all__ = ["RECORD_PACKS", "record_packs"]

RECORD_PACKS: Final = (
    "messages",
    "exchange",
    "reconciliation",
    "positions",
    "incidents",
    "filings",
    "duties",
    "inspections",
    "lectures",
    "meetings",
    "supervision",
    "training",
    "integrity",
    "postings",
    "initiative",
    "etiquette",
    "outside",
    "capability",
    "own_training",
    "actions",
    "breaches",
    "duty_matrix",
    "front_and_back",
    "roll_out",
    "admission",
)
"""The files, without their ending."""


def record_packs() -> list[Pack]:
    """Return the packs."""
    spoken_of = (*RECORD_VOCABULARIES, *MADE_VOCABULARIES)
    return [read_pack(shipped(__package__, f"{name}.toml"), spoken_of) for name in RECORD_PACKS]
