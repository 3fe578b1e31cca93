"""Plugins that installed distributions announce."""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["PROJECT", "announced"]

PROJECT: Final = "windowservice"
"""The name of the project for pluggy, and of the entry-point group under which plugins are found."""

_WHERE: Final = {
    "dist-info": "entry_points.txt", "egg-info": "entry_points.txt", "egg": "EGG-INFO/entry_points.txt",
}  # fmt: skip
"""Where a distribution keeps its entry points, by how the name of its folder ends."""


def announced() -> list[EntryPoint]:
    """Return the entry points of plugins, by name."""
    if "importlib.metadata" not in sys.modules and not _may_be_announced():
        return []
    from importlib.metadata import entry_points  # imports half of the mail of Python

    return sorted(entry_points(group=PROJECT), key=lambda point: point.name)


def _may_be_announced() -> bool:
    """Whether what is installed may name the group: a file of entry points does, or not all of them can be seen."""
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return True
    return any(map(_may_announce, sys.path))


def _may_announce(folder: str) -> bool:
    try:
        names = os.listdir(folder or ".")
    except FileNotFoundError:
        return False
    except OSError:  # an archive, or a folder that may not be listed
        return True
    told = (f"{folder or '.'}/{name}/{_WHERE[end]}" for name in names if (end := name.rpartition(".")[2]) in _WHERE)
    return any(map(_names_group, told))


def _names_group(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return f"[{PROJECT}]".encode() in file.read()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
