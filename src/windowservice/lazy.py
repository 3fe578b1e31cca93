"""The names that a package shows: listed once, in the stub that type checkers read, and each loaded when it is used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["names_of"]


def names_of(package: str) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__all__`, `__getattr__` and `__dir__` of a package whose `__init__.pyi` lists its names.

    A name must not be that of a module of the package, which would take its place once it is imported.
    """
    spec: Any = sys.modules[package].__spec__
    stub: bytes = spec.loader.get_data(f"{spec.origin}i")  # not by `files`: whoever imports a name needs no TOML
    words = [line.split() for line in stub.decode("utf-8").splitlines() if line.startswith("from ")]
    homes = {name: module for _, module, _, name, *_ in words}

    def load(name: str) -> Any:
        if name not in homes:
            from windowservice.errors import nearest

            raise AttributeError(f"module {package!r} has no attribute {name!r}{nearest(name, homes)}")
        home = homes[name]
        is_module = home == package or not hasattr(import_module(home), name)
        value = import_module(f"{home}.{name}") if is_module else getattr(import_module(home), name)
        setattr(sys.modules[package], name, value)  # so that the next use costs nothing
        return value

    return sorted(homes), load, lambda: sorted(homes)
