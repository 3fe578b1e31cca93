"""What was loaded beside the library: each plugin with its version and the file that it stands in."""

from __future__ import annotations

import sys
from pathlib import PurePath
from types import ModuleType
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from windowservice.plugins.offers import Offer

__all__ = ["LoadedPlugin", "loaded_plugin"]


@attrs.frozen
class LoadedPlugin:
    """A plugin, or a pack in TOML, that an engine was made with.

    Attributes:
        name: its name.
        version: of what was installed; else what the module says, or that of its only pack; empty if nobody says.
        file: the file in which it stands: of an installed module from its package on, of a pack in TOML its name.
        hash: of the content, for a pack in TOML; empty otherwise.
        packs: the names of its packs.
        record_types: the names of its record types, and of the classes that add facts to one.
    """

    name: str
    version: str = ""
    file: str = ""
    hash: str = ""
    packs: tuple[str, ...] = ()
    record_types: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = (self.version, f"({self.file})" if self.file else "", self.hash)
        return " ".join((self.name, *filter(None, said)))


def loaded_plugin(name: str, plugin: Any, offer: Offer, point: EntryPoint | None, content: str) -> LoadedPlugin:
    """Return what is told of a plugin.

    Args:
        name: its name.
        plugin: the module or object, or the path of a pack in TOML.
        offer: what it offers.
        point: the entry point by which it came, if it is installed.
        content: the hash of a pack in TOML.
    """
    packs, types = offer.packs, tuple(found.__name__ for found in offer.record_types)
    own = getattr(_module(plugin), "__version__", "")
    only = packs[0].version if len(packs) == 1 else ""
    version = point.dist.version if point is not None and point.dist is not None else own
    said = version if isinstance(version, str) and version else only
    return LoadedPlugin(name, said, _file(plugin), content, tuple(pack.name for pack in packs), types)


def _module(plugin: Any) -> ModuleType | None:
    return plugin if isinstance(plugin, ModuleType) else sys.modules.get(str(getattr(plugin, "__module__", "")))


def _file(plugin: Any) -> str:
    """Return where it stands, without the folders of this machine."""
    if isinstance(plugin, PurePath):
        return plugin.name
    module = _module(plugin)
    file = getattr(module, "__file__", None)
    if module is None or not isinstance(file, str):
        return ""
    path, depth = PurePath(file), module.__name__.count(".") + (PurePath(file).stem == "__init__")
    return "/".join(path.parts[-1 - depth :])
