"""Values that generated code tells from all others: an open matter that is still in time, and what is not computed."""

from __future__ import annotations

from typing import Final

__all__ = ["UNSET", "WAITING"]


class _Mark:
    """One such value: there is one of it, wherever it travels."""

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
