"""Plugins that fail or clash, and records of which no loaded rule speaks."""

from __future__ import annotations

import attrs

from windowservice.errors.root import WindowserviceError


@attrs.define
class PluginFailed(WindowserviceError):
    """A plugin could not be loaded, or one of its hooks failed."""

    plugin: str
    reason: str

    def __str__(self) -> str:
        return (
            f"the plugin {self.plugin!r} cannot be loaded: {self.reason}; to go on without it, load with strict=False"
        )


@attrs.define
class NameTaken(WindowserviceError):
    """Two plugins offer something of one name."""

    kind: str
    name: str
    first: str
    second: str

    def __str__(self) -> str:
        return (
            f"{self.first!r} and {self.second!r} both offer a {self.kind} named {self.name!r}; rename one, "
            f"or amend the other's rules by Replace, Withdraw or Adjust"
        )


@attrs.define
class NothingToCheck(WindowserviceError):
    """A record was given of which no loaded rule speaks, or of which several could."""

    record: str
    vocabularies: tuple[str, ...]

    def __str__(self) -> str:
        known = ", ".join(self.vocabularies) or "none"
        return f"which rules apply to a {self.record}? Name its vocabulary with of=; rules are loaded for: {known}"
