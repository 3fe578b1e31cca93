"""What is looked at: the rules as an engine holds them, with where they stand, and the tables of figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Final

import attrs

from windowservice.engine.engine import Engine
from windowservice.engine.ruleset import LoadedRule
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.rule import Rule
from windowservice.linting.places import line_of
from windowservice.linting.problems import Level, Problem, problem
from windowservice.plugins.toml.document import Document
from windowservice.plugins.toml.pack import DataPack

_LARGEST: Final = 600
"""So many parts of a rule are looked at."""
__all__ = ["Source", "Subject", "conditions_of"]


@attrs.frozen(eq=False)
class Source:
    """A pack in TOML: its files, each with its path, and what they say."""

    files: Mapping[str, str]
    document: Document
    places: Mapping[tuple[str, str], str]
    pack: DataPack

    def at(self, path: str) -> tuple[str, int]:
        """Return the file and line in which a table or key stands."""
        if len(self.files) == 1:
            ((file, text),) = self.files.items()
            return file, line_of(text, path)
        for file, text in self.files.items():
            if line := line_of(text, path):
                return file, line
        return "", 0


@attrs.frozen(eq=False)
class Subject:
    """What is looked at.

    Attributes:
        engine: what would judge by the packs.
        sources: the packs in TOML, by name.
    """

    engine: Engine
    sources: Mapping[str, Source]

    @cached_property
    def rules(self) -> tuple[LoadedRule, ...]:
        """The rules, as amended, each with its name; but those of so many parts that nobody wrote them by hand."""
        return tuple(one for one in self.engine.rules if _parts(one) <= _LARGEST)

    @property
    def unseen(self) -> list[LoadedRule]:
        """The rules that are too large to be looked at."""
        return [one for one in self.engine.rules if _parts(one) > _LARGEST]

    def told(
        self, code: str, loaded: LoadedRule, message: str, *, key: str = "", instead: str = "",
        severity: Level | None = None,
    ) -> Problem:  # fmt: skip
        """Return a problem of a rule; `key` is the key of the rule in which it stands."""
        pack, _, name = loaded.name.partition("/")
        place = ".".join(filter(None, ("rules", name, key)))
        source = self.sources.get(pack)
        file, line = ("", 0) if source is None else source.at(place)
        return problem(
            code, message, severity=severity, instead=instead, rule=loaded.name, file=file, place=place, line=line
        )


def _parts(loaded: LoadedRule) -> int:
    return sum(expr.parts for expr in loaded.rule.conditions)


def conditions_of(rule: Rule) -> list[tuple[str, Expr[bool]]]:
    """Return what a rule requires, and when, each with its key."""
    return [("require", rule.require), *([] if rule.when is None else [("when", rule.when)])]
