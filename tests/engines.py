"""The engine that most tests judge by, loaded once for all of them: it is a value, and nobody changes it."""

from __future__ import annotations

from functools import cache

import windowservice as ws

__all__ = ["built_in"]


@cache
def built_in() -> ws.Engine:
    """Return the engine of the built-in packs, without plugins that are installed."""
    return ws.Engine.load(installed=False)
