"""The scorecard: categories of indicators, vetoes and bands by which a bank is scored; all of it replaceable."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.scorecard.indicators import ScoredIndicator, exact
from windowservice.domain.scorecard.parts import Band, Category, Severities, Veto, VetoFact
from windowservice.domain.scorecard.reading import WHAT, read_scorecard
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName, nearest
from windowservice.files import shipped
from windowservice.instants import to_date

__all__ = ["Scorecard", "Scorecards"]


@told
@attrs.frozen(kw_only=True)
class Scorecard:
    """By what a bank's period is scored.

    ``scorecard["C1"]`` is an indicator; iterating gives the indicators in order.

    Attributes:
        id: name of the scorecard.
        version: its version, as its owner counts them.
        zh, en: its title.
        total_points: the sum of the points.
        places: decimal places of the total, rounded once, half up.
        min_coverage: the share of the applicable points below which there is no score.
        categories, indicators: what is measured.
        facts: what vetoes may ask for.
        vetoes: what points cannot make up for.
        bands: the grades, top down; the first whose least is reached holds.
        severities: when an indicator is in breach.
        since, until: the days from and until which it is in force; None is without end.
        basis: what sets its header.
        sources: the sources that it names, by their name in it.
        note: what a reader should know of it.

    Raises:
        InvalidDocument: if its parts contradict each other; all problems at once, each with its path.
    """

    id: str
    version: str
    zh: str
    en: str
    total_points: Decimal = attrs.field(converter=exact)
    places: int = 2
    min_coverage: Decimal = attrs.field(converter=exact)
    categories: tuple[Category, ...]
    indicators: tuple[ScoredIndicator, ...]
    facts: tuple[VetoFact, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    bands: tuple[Band, ...]
    severities: Severities
    since: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    basis: Basis
    sources: Mapping[str, Basis] = attrs.field(factory=dict, converter=FrozenMapping[str, Basis], hash=False)
    note: str = ""

    def __attrs_post_init__(self) -> None:
        problems = tuple(_contradictions(self))
        if problems:
            raise InvalidDocument(WHAT, problems, self.id)

    @classmethod
    @cache
    def default(cls) -> Scorecard:
        """Return the scorecard that comes with the library: 4 categories, 32 indicators, all figures assumptions."""
        return cls.read(shipped(__package__, "scorecard.toml"))

    @classmethod
    def read(cls, source: Path | str) -> Scorecard:
        """Return the scorecard that a TOML file describes.

        Args:
            source: the path of the file, or the TOML text itself (a text of more than one line).

        Raises:
            InvalidDocument: with all problems at once, each with its path.
            OSError: if the file cannot be opened.
        """
        return read_scorecard(cls, source)

    def __getitem__(self, id: str) -> ScoredIndicator:  # noqa: A002 - the field's word
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownName("indicator", id, tuple(self._by_id), f"scorecard {self.id}") from None

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's word
        return id in self._by_id

    def __iter__(self) -> Iterator[ScoredIndicator]:
        return iter(self.indicators)

    def __len__(self) -> int:
        return len(self.indicators)

    @cached_property
    def _by_id(self) -> dict[str, ScoredIndicator]:
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of what the scorecard says, in hexadecimal; the layout of its file does not matter."""
        said = attrs.asdict(self, filter=lambda field, _: field.init, value_serializer=_plain)
        forms = [f"{type(row.form).__name__} {row.form}" for row in self.indicators]
        import hashlib  # few ask for it, and it takes OpenSSL

        return hashlib.sha256(json.dumps([said, forms], sort_keys=True, default=str).encode()).hexdigest()

    def grade(self, total: Decimal) -> str:
        """Return the grade of a rounded total."""
        return next(band.grade for band in self.bands if total >= band.min)

    def in_force(self, period: ReportingPeriod) -> bool:
        """Return whether it is in force for a period: on its first day, for the whole of it."""
        day = period.first_day
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def _plain(_instance: object, _field: object, value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


@told
class Scorecards:
    """The editions of a scorecard over time, of which one is in force for a period."""

    __slots__ = ("editions",)

    def __init__(self, editions: Iterable[Scorecard]) -> None:
        """Hold the editions.

        Raises:
            InvalidValue: if two are in force on one day.
        """
        self.editions: Final = tuple(sorted(editions, key=lambda row: row.since or date.min))
        for earlier, later in pairwise(self.editions):
            if later.since is None or earlier.until is None or earlier.until >= later.since:
                got = None if earlier.until is None else earlier.until.isoformat()
                wanted = f"before {later.id} {later.version} is in force (from {later.since})"
                raise InvalidValue("until", got, wanted, f"scorecard {earlier.id} {earlier.version}")

    def in_force(self, period: ReportingPeriod) -> Scorecard:
        """Return the edition in force for a period: the one of its first day.

        Raises:
            InvalidValue: if there is none.
        """
        for edition in self.editions:
            if edition.in_force(period):
                return edition
        spans = ", ".join(f"{row.version} from {row.since} until {row.until}" for row in self.editions)
        raise InvalidValue("period", str(period), f"one for which a scorecard is in force ({spans})")


def _contradictions(card: Scorecard) -> Iterator[tuple[str, str]]:
    yield from _twice(card)
    yield from _sums(card)
    yield from _bands(card.bands, card.total_points)
    categories, facts = [row.id for row in card.categories], [row.id for row in card.facts]
    for place, indicator in enumerate(card.indicators):
        if indicator.category not in categories:
            yield f"indicators[{place}].category", _unknown("category", indicator.category, categories)
    for place, veto in enumerate(card.vetoes):
        if veto.condition[0] not in facts:
            yield f"vetoes[{place}].when", _unknown("fact", veto.condition[0], facts)
        if veto.zero_category is not None and veto.zero_category not in categories:
            yield f"vetoes[{place}].zero_category", _unknown("category", veto.zero_category, categories)
    if not 0 < card.min_coverage <= 1:
        yield "min_coverage", f"must be above 0 and at most 1, got {card.min_coverage}"
    if not 0 <= card.places <= 6:
        yield "places", f"must be from 0 to 6, got {card.places}"
    if card.since is not None and card.until is not None and card.until < card.since:
        yield "until", f"must not be before since ({card.since.isoformat()}), got {card.until.isoformat()}"


def _unknown(kind: str, name: str, known: list[str]) -> str:
    hint = nearest(name, known) or f"; known: {', '.join(known) or 'none'}"
    return f"unknown {kind} {name!r}{hint}"


def _twice(card: Scorecard) -> Iterator[tuple[str, str]]:
    lists = {
        "categories": [row.id for row in card.categories],
        "indicators": [row.id for row in card.indicators],
        "facts": [row.id for row in card.facts],
        "vetoes": [row.id for row in card.vetoes],
        "bands": [row.grade for row in card.bands],
    }
    for name, ids in lists.items():
        key = "grade" if name == "bands" else "id"
        for place, id_ in enumerate(ids):
            if id_ in ids[:place]:
                yield f"{name}[{place}].{key}", f"{id_!r} stands twice"


def _sums(card: Scorecard) -> Iterator[tuple[str, str]]:
    points: Counter[str] = Counter()
    for indicator in card.indicators:
        points[indicator.category] += indicator.points  # type: ignore[assignment]  # it counts any number
    for place, category in enumerate(card.categories):
        if points[category.id] != category.points:
            got = f"its indicators add up to {points[category.id]}"
            yield f"categories[{place}].points", f"must be what its indicators have: {category.points} given, {got}"
    total = sum(category.points for category in card.categories)
    if total != card.total_points or total <= 0:
        yield "total_points", f"must be what the categories have: {card.total_points} given, they add up to {total}"


def _bands(bands: tuple[Band, ...], total: Decimal) -> Iterator[tuple[str, str]]:
    if not bands:
        yield "bands", "must hold at least one band"
        return
    for place, (upper, lower) in enumerate(pairwise(bands), start=1):
        if lower.min >= upper.min:
            yield f"bands[{place}].min", f"must be below the band above it ({upper.min}), got {lower.min}"
    if bands[0].min > total:
        yield "bands[0].min", f"is never reached: the total is at most {total}, got {bands[0].min}"
    lowest = min(band.min for band in bands)
    if lowest != 0:
        last = len(bands) - 1
        yield f"bands[{last}].min", f"leaves a gap: totals from 0 to {lowest} have no grade; write 0 for the lowest"
