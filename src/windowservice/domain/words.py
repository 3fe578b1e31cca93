"""Words that tables, facts and documents have in common; they stand by themselves, for whoever needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

__all__ = ["DEED_TABLES", "FAULT_PARTIES", "OWN_FAULT", "OWN_PARTY", "SCOPES", "FaultParty", "Scope"]

FaultParty: TypeAlias = Literal[
    "institution", "window", "counterparty", "central_system", "telecom", "force_majeure", "unknown"
]
"""Whose fault it was; only the institution's own scores, an unknown one is listed."""
FAULT_PARTIES: Final[tuple[FaultParty, ...]] = get_args(FaultParty)
OWN_PARTY: Final[FaultParty] = "institution"
"""The bank itself."""
OWN_FAULT: Final = (None, OWN_PARTY)
"""What rows about a bank say that are held against it: that it was its fault, or nobody's by name."""
Scope: TypeAlias = Literal["remote", "standard", "full"]
"""How far a visit goes: by wire, on the spot, or with everything looked at."""
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
"""How far a visit goes, least first."""
DEED_TABLES: Final[Mapping[str, str]] = {
    "inspections": "at", "talks": "given_at", "meetings": "at", "reviews": "at", "initiatives": "at",
}  # fmt: skip
"""The tables whose rows name duties that they do, and the column that says when."""
