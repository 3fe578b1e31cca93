"""Service-compliance rules: was it handled as promised, by whom, in time, and if not, by how much, on what evidence?

The names below are all there is to import; each is loaded when it is first used.
"""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

_HOMES: Final = {
    name: module
    for module, name in re.findall(
        r"^from (\S+) import (\w+) as \2$", files(__name__).joinpath("__init__.pyi").read_text("utf-8"), re.MULTILINE
    )
}
"""Where each name lives: listed once, in the stub that type checkers read."""

__all__ = sorted(_HOMES)  # noqa: PLE0605 - the stub lists them


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("windowservice")
    if name not in _HOMES:
        from windowservice.errors import nearest

        raise AttributeError(f"module 'windowservice' has no attribute {name!r}{nearest(name, _HOMES)}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # so that the next use costs nothing
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
