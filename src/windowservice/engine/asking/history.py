"""What a rule required when: its text, what was put in its place, and the figures that it reads, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.blocks.blocks import Block, Lines, Table, plain_text
from windowservice.blocks.notebook import InNotebook
from windowservice.domain.basis import Basis
from windowservice.engine.ruleset import figures_of, position_of
from windowservice.language.tree.amendments import Replace
from windowservice.language.tree.figures import named_line
from windowservice.language.tree.rule import Rule

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = ["FigureLine", "RuleHistory", "history_of"]


@attrs.frozen
class FigureLine:
    """A value that a figure has from a day on.

    Attributes:
        name: the figure with its keys, as in ``commitment[S10]``.
        since: the first day on which it is in force.
        value: the value.
        unit: the unit of a number, in words.
        basis: its source.
    """

    name: str
    since: date
    value: Any
    unit: str | None
    basis: Basis


@attrs.frozen
class RuleHistory(InNotebook):
    """What a rule required when.

    Attributes:
        rule: its full name.
        texts: what stood there, the oldest first, each with its source; the last is in force.
        figures: the lines of the figures that it reads, by figure and day.
    """

    rule: str
    texts: tuple[tuple[Rule, Basis | None], ...]
    figures: tuple[FigureLine, ...]

    def _blocks(self) -> Iterator[Block]:
        yield Lines(self.rule)
        rows = [
            (str(one.require), "" if one.when is None else str(one.when), "" if basis is None else str(basis))
            for one, basis in self.texts
        ]
        yield Table(("requires", "when", "source"), rows)
        if self.figures:
            lines = [
                (one.since, one.name, f"{one.value}{f' {one.unit}' if one.unit else ''}", str(one.basis))
                for one in self.figures
            ]
            yield Table(("since", "figure", "value", "source"), lines)

    def __str__(self) -> str:
        return plain_text(self._blocks()).rstrip("\n")


def history_of(engine: Engine, rule: str) -> RuleHistory:
    """Return what a rule required when; see `Engine.history`."""
    loaded = engine.rules[position_of(engine.rules, rule)]
    pack = next(pack for pack in engine.packs if loaded.name.startswith(f"{pack.name}/"))
    first = next((one for one in pack.rules if f"{pack.name}/{one.name}" == loaded.name), loaded.rule)
    texts = [(first, first.basis)]
    texts += [
        (one.rule, one.basis) for one in engine.amendments if isinstance(one, Replace) and one.target == loaded.name
    ]
    figures = [
        FigureLine(named_line(name, key), day, dated.values[at], figure.unit, dated.bases[at])
        for name, figure in sorted(figures_of(loaded.rule.conditions).items())
        for key, dated in engine.figure_tables.get(name, figure.table).items()
        for at, day in enumerate(dated.dates)
    ]
    return RuleHistory(loaded.name, tuple(texts), tuple(sorted(figures, key=lambda one: (one.name, one.since))))
