"""Words that tables, facts and documents have in common; they stand by themselves, for whoever needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

__all__ = [
    "DEED_TABLES", "FAULT_PARTIES", "LEVELS", "OWN_FAULT", "OWN_PARTY", "PARTICIPATION", "SCOPES", "SEVERITIES",
    "FaultParty", "Scope", "Severity", "in_chinese", "labels_of",
]  # fmt: skip

FaultParty: TypeAlias = Literal[
    "institution", "window", "counterparty", "central_system", "telecom", "force_majeure", "unknown"
]
"""Whose fault it was; only the institution's own scores, an unknown one is listed."""
FAULT_PARTIES: Final[Mapping[FaultParty, tuple[str, ...]]] = {
    "institution": ("机构",), "window": ("窗口",), "counterparty": ("对方", "对方行"),
    "central_system": ("中央系统", "中心系统"), "telecom": ("通信", "电信"), "force_majeure": ("不可抗力",),
    "unknown": ("不明", "未知"),
}  # fmt: skip
"""With what a ledger in Chinese may write for each; the first is what is shown."""
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
LEVELS: Final[Mapping[str, tuple[str, ...]]] = {"high": ("高",), "medium": ("中",), "low": ("低",)}
"""How grave or risky something is, the gravest first."""
Severity: TypeAlias = Literal["note", "minor", "major", "severe"]
SEVERITIES: Final[Mapping[Severity, tuple[str, ...]]] = {
    "note": ("提示",), "minor": ("轻微", "一般"), "major": ("较重",), "severe": ("严重",),
}  # fmt: skip
"""How grave a breach is, least grave first."""
PARTICIPATION: Final[Mapping[str, tuple[str, ...]]] = {
    "direct": ("直接", "直接参与者"), "indirect": ("间接", "间接参与者"), "special": ("特许", "特许参与者"),
}  # fmt: skip
"""How a bank takes part in the payment systems."""


def labels_of(words: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return what else may be written for words, each with the word: a mapping says it, a plain list says nothing."""
    if not isinstance(words, Mapping):
        return ()
    said = ((word, (labels,) if isinstance(labels, str) else labels) for word, labels in words.items())
    return tuple((label, word) for word, labels in said for label in labels)


def in_chinese(words: Mapping[Any, tuple[str, ...]], word: str) -> str:
    """Return how a word is shown in Chinese; the word itself if the list does not say."""
    return next((label for label in words.get(word, ()) if not label.isascii()), word)
