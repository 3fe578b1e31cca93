"""Service-compliance rules: was it handled as promised, by whom, in time, and if not, by how much, on what evidence?

The names of `__init__.pyi` are all there is to import; each is loaded when it is first used.
"""

from __future__ import annotations

from typing import Any

from windowservice.lazy import names_of

__all__, _load, _names = names_of(__name__)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("windowservice")
    return _load(name)


def __dir__() -> list[str]:
    return [*_names(), "__version__"]
