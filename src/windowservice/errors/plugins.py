"""Plugins that fail or clash, and records of which no loaded rule speaks."""

from __future__ import annotations

from windowservice.errors.root import WindowserviceError, valued


@valued
class PluginFailed(WindowserviceError):
    """A plugin could not be loaded, or one of its hooks failed; `place` is the file and line in its code."""

    plugin: str
    reason: str
    hook: str = ""
    place: str = ""
    installed: bool = False

    @property
    def said(self) -> str:
        """What went wrong and where, without how to go on."""
        beside = [f"hook {self.hook}"] if self.hook else []
        if self.place and self.place not in self.reason:
            beside.append(self.place)
        where = f" ({', '.join(beside)})" if beside else ""
        return f"the plugin {self.plugin!r} cannot be loaded: {self.reason}{where}"

    def __str__(self) -> str:
        return f"{self.said}; to go on without it, load with strict=False" if self.installed else self.said


@valued
class NameTaken(WindowserviceError):
    """Two plugins offer something of one name."""

    kind: str
    name: str
    first: str
    second: str

    def _said(self) -> str:
        if not self.name:
            return f"{self.first!r} and {self.second!r} both offer a {self.kind}; leave one out"
        if self.first == self.second:
            return f"{self.first!r} offers two {self.kind}s named {self.name!r}; rename one, or leave one out"
        amend = ", or amend the other's rules by Replace, Withdraw or Adjust" if self.kind == "pack" else ""
        return f"{self.first!r} and {self.second!r} both offer a {self.kind} named {self.name!r}; rename one{amend}"


@valued
class CyclicMaker(WindowserviceError):
    """What makes some records needs them itself, by way of others."""

    chain: tuple[str, ...]

    def _said(self) -> str:
        return (
            f"the makers of {' -> '.join(self.chain)} need one another in a circle; none of them can be the first: "
            f"take one out of the needs of its Maker"
        )


@valued
class NothingToCheck(WindowserviceError):
    """A record was given of which no loaded rule speaks, or of which several could."""

    record: str
    vocabularies: tuple[str, ...]

    def _said(self) -> str:
        known = ", ".join(self.vocabularies) or "none"
        return f"which rules apply to a {self.record}? Name its vocabulary with of=; rules are loaded for: {known}"
