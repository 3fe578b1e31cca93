"""The rules of an engine, to be read: what is promised, how grave a breach is, on what basis, with which figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.blocks.blocks import Block, Heading, Lines, Table
from windowservice.engine.ruleset import LoadedRule, figures_of
from windowservice.language.tree.figures import in_force, shown_key
from windowservice.reports.words import title_in, word
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.domain.basis import Basis
    from windowservice.engine.engine import Engine
    from windowservice.language.tree.figures import Dated, Figure, Key

__all__ = ["RuleCard", "cards", "list_blocks", "whole_blocks"]


@attrs.frozen
class FigureRow:
    """One value of a figure: for which key (a kind of business, or nothing), since when, on what basis."""

    key: str
    since: date
    value: Any
    basis: Basis


@attrs.frozen
class FigureCard:
    """One figure that a rule rests on, with its values; those of one day, or all there are."""

    name: str
    note: str
    unit: str | None
    rows: tuple[FigureRow, ...]


@attrs.frozen
class RuleCard:
    """One rule with the figures it rests on."""

    loaded: LoadedRule
    figures: tuple[FigureCard, ...]

    @property
    def source(self) -> Basis | None:
        """The source of the rule; of one that was replaced, the basis of the replacement."""
        return self.loaded.amended or self.loaded.rule.basis

    @property
    def marks(self) -> list[str]:
        """How far the sources of its figures were verified, each mark once."""
        return sorted({row.basis.mark for figure in self.figures for row in figure.rows})

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as plain values that JSON can hold."""
        rule, source = self.loaded.rule, self.source
        return {
            "name": self.loaded.name,
            "version": self.loaded.version,
            "title": dict(rule.title),
            "severity": rule.severity,
            "policy": rule.policy,
            "principle": rule.principle,
            "requires": str(rule.require),
            "when": None if rule.when is None else str(rule.when),
            "settled_by": None if rule.settled_by is None else list(rule.settled_by),
            "settled_when": None if rule.settled_when is None else str(rule.settled_when),
            "since": _day(rule.since),
            "until": _day(rule.until),
            "basis": None if source is None else str(source),
            "mark": None if source is None else source.mark,
            "figures": [
                {
                    "name": figure.name,
                    "note": figure.note,
                    "unit": figure.unit,
                    "values": [
                        {"key": r.key, "since": _day(r.since), "value": _plain(r.value), "basis": str(r.basis)}
                        for r in figure.rows
                    ],
                }
                for figure in self.figures
            ],
        }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return (
        str(value) if isinstance(value, (Limit, Decimal, Fraction, date)) or hasattr(value, "total_seconds") else value
    )


def cards(engine: Engine, *, on: date | None = None) -> list[RuleCard]:
    """Return the rules of an engine with their figures: those in force on a day, or all if no day is given."""
    tables = engine.figure_tables

    def card(loaded: LoadedRule) -> RuleCard:
        figures = figures_of(loaded.rule.conditions).values()
        return RuleCard(loaded, tuple(_figure(figure, tables.get(figure.name, figure.table), on) for figure in figures))

    return [card(loaded) for loaded in engine.rules]


def _figure(figure: Figure[Any], table: Mapping[Key, Dated], on: date | None) -> FigureCard:
    return FigureCard(figure.name, figure.note, figure.unit, tuple(_rows(table, on)))


def _rows(table: Mapping[Key, Dated], on: date | None) -> Iterator[FigureRow]:
    for key, dated in sorted(table.items(), key=lambda line: str(line[0])):
        places = range(len(dated.dates)) if on is None else [place for place in [in_force(dated, on)] if place >= 0]
        for place in places:
            yield FigureRow(shown_key(key), dated.dates[place], dated.values[place], dated.bases[place])


def list_blocks(found: list[RuleCard], language: str) -> Iterator[Block]:
    """Yield a table of the rules: name, severity, how far the source and the figures are verified, title."""
    columns = [word(name, language) for name in ("rule", "severity", "source", "figures", "title")]
    rows = []
    for card in found:
        rule, source = card.loaded.rule, card.source
        mark = "-" if source is None else source.mark
        title = title_in(rule.title, language)
        rows.append([card.loaded.name, word(rule.severity, language), mark, ", ".join(card.marks) or "-", title])
    yield Table(columns, rows, tones=[card.loaded.rule.severity for card in found])


def whole_blocks(card: RuleCard, language: str) -> Iterator[Block]:
    """Yield all that there is to say of one rule."""
    rule = card.loaded.rule
    said = [
        ("severity", word(rule.severity, language)),
        ("requires", rule.require),
        ("when", rule.when if rule.when is not None else "always"),
        ("settled by", ", ".join(rule.settled_by) if rule.settled_by else ""),
        ("settled when", rule.settled_when if rule.settled_when is not None else ""),
        ("in force", " ".join(f"{w} {d}" for w, d in (("from", rule.since), ("until", rule.until)) if d)),
        ("proposes", ", ".join(rule.proposes)),
        ("basis", card.source if card.source is not None else "none given"),
        ("policy", word(rule.policy, language)),
        ("principle", word(rule.principle, language)),
        ("pack version", card.loaded.version),
    ]
    yield Heading(card.loaded.name)
    yield Lines("\n".join(f"  {title}" for title in rule.title.values()))
    yield Lines("\n".join(f"  {name:<13} {value}" for name, value in said if str(value)))
    for figure in card.figures:
        unit = f" ({figure.unit})" if figure.unit else ""
        yield Lines(f"  figure {figure.name}{unit}: {figure.note}")
        alike: dict[tuple[str, ...], list[str]] = {}
        for row in figure.rows:
            alike.setdefault((row.since.isoformat(), _shown(row.value), str(row.basis)), []).append(row.key)
        if alike:
            yield Table(["  since", "value", "for", "basis"], [_alike(said, keys) for said, keys in alike.items()])


def _alike(said: tuple[str, ...], keys: list[str]) -> list[str]:
    """Return one row for all keys that a value holds for, on one basis and from one day on."""
    since, value, basis = said
    apart = "; " if any(" " in key for key in keys) else " "
    return [f"  {since}", value, apart.join(keys) or "all", basis]


def _shown(value: Any) -> str:
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
