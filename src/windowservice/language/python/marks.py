"""What generated code gives, and the values that it tells from all others."""

from __future__ import annotations

from typing import Final, TypeAlias

__all__ = ["UNSET", "WAITING", "Masks"]

Masks: TypeAlias = tuple[int, int, int, int]
"""Bit masks of one record: failed, unknown, waiting, not applicable; bit i is rule i. A rule in none of them passed."""


class _Mark:
    """A value like no other: there is one of it, wherever it travels."""

    def __init__(self, name: str, said: str) -> None:
        self._name = name
        self._said = said

    def __repr__(self) -> str:
        return self._said

    def __reduce__(self) -> str:
        return self._name


WAITING: Final = _Mark("WAITING", "waiting")
"""The fourth truth value: still open, and still in time."""
UNSET: Final = _Mark("UNSET", "not yet computed")
"""What a variable holds until the branch that first asks for it computes it."""
