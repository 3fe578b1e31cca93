"""Plugins that installed distributions announce."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["PROJECT", "announced"]

PROJECT: Final = "windowservice"
"""The name of the project for pluggy, and of the entry-point group under which plugins are found."""


def announced() -> list[EntryPoint]:
    """Return the entry points of plugins, by name."""
    from importlib.metadata import entry_points  # imports half of the mail of Python

    return sorted(entry_points(group=PROJECT), key=lambda point: point.name)
