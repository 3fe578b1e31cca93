"""The scorecard: categories of indicators, vetoes and bands by which a bank is scored; all of it replaceable."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.domain.scorecard.indicators import Indicator, exact
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName, nearest
from windowservice.files import shipped
from windowservice.instants import to_date

__all__ = ["Band", "Category", "Scorecard", "Scorecards", "Severities", "Severity", "Veto", "VetoFact"]

WHAT: Final = "a scorecard"

Severity: TypeAlias = Literal["minor", "major", "severe"]
"""How bad a value is, by its share of the points."""

_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<=": le, ">=": ge, "==": eq, "!=": ne, "<": lt, ">": gt,
}  # fmt: skip
_CONDITION: Final = re.compile(r"\s*(\w+)\s*(<=|>=|==|!=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")


@attrs.frozen(kw_only=True)
class Category:
    """A group of indicators that share its points."""

    id: str
    zh: str
    en: str
    points: Decimal = attrs.field(converter=exact)
    basis: Basis
    note: str = ""


@attrs.frozen(kw_only=True)
class VetoFact:
    """A figure of a bank's period that vetoes may ask for; measurements say from which tables it is counted.

    Attributes:
        id: the name by which vetoes ask.
        zh, en: what it is.
        unit: what it counts.
        look_back_days: over how many days up to the end of the period; None for the period itself.
        note: what a reader should know of it.
    """

    id: str
    zh: str
    en: str
    unit: str
    look_back_days: int | None = None
    note: str = ""


@attrs.frozen(kw_only=True)
class Veto:
    """A matter so grave that points cannot make up for it (一票否决).

    Attributes:
        id: unique in the scorecard.
        zh, en: what it is.
        when: the condition as text, "fact operator number", as in "queued_at_close_365d > 2".
        cap: the total that it leaves at most; None if it zeroes a category.
        zero_category: id of the category that loses its points; None if it caps the total.
        basis: what sets it.
        note: what a reader should know of it.

    Raises:
        InvalidValue: if the condition is not of that form, or not exactly one effect is given.
    """

    id: str
    zh: str
    en: str
    when: str
    cap: Decimal | None = attrs.field(default=None, converter=attrs.converters.optional(exact))
    zero_category: str | None = None
    basis: Basis
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if not _CONDITION.fullmatch(self.when):
            wanted = "a condition 'fact operator number', as in 'queued_at_close_365d > 2'"
            raise InvalidValue("when", self.when, wanted, self.id)
        if (self.cap is None) == (self.zero_category is None):
            got = None if self.cap is None else str(self.cap)
            raise InvalidValue("cap", got, "given, or else zero_category, and not both", self.id)
        if self.cap is not None and self.cap < 0:
            raise InvalidValue("cap", str(self.cap), "0 or more", self.id)

    @cached_property
    def condition(self) -> tuple[str, str, Decimal]:
        """The fact, the operator and the number of its condition."""
        found = _CONDITION.fullmatch(self.when)
        assert found is not None  # noqa: S101 - checked when it was built
        return found[1], found[2], Decimal(found[3])

    def fires(self, value: int | Decimal) -> bool:
        """Return whether it fires at a value of its fact."""
        _, operator, bound = self.condition
        return _OPERATORS[operator](value, bound)


@attrs.frozen(kw_only=True)
class Band:
    """A grade, for rounded totals from its least on."""

    grade: str
    min: Decimal = attrs.field(converter=exact)


@attrs.frozen(kw_only=True)
class Severities:
    """The shares of its points below which an indicator is in breach; a share of 0 is severe.

    Raises:
        InvalidValue: unless ``0 < major_below < minor_below <= 1``.
    """

    minor_below: Decimal = attrs.field(converter=exact)
    major_below: Decimal = attrs.field(converter=exact)
    basis: Basis

    def __attrs_post_init__(self) -> None:
        if not 0 < self.major_below < self.minor_below <= 1:
            got = f"{self.major_below} and {self.minor_below}"
            raise InvalidValue("major_below and minor_below", got, "rising, above 0 and at most 1")

    @cached_property
    def _exact(self) -> tuple[Fraction, Fraction]:
        return Fraction(self.major_below), Fraction(self.minor_below)

    def of(self, share: Fraction) -> Severity | None:
        """Return how bad a share of the points is; None if it is no breach."""
        major, minor = self._exact
        if not share:
            return "severe"
        return "major" if share < major else "minor" if share < minor else None


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
    indicators: tuple[Indicator, ...]
    facts: tuple[VetoFact, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    bands: tuple[Band, ...]
    severities: Severities
    since: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    basis: Basis
    sources: dict[str, Basis] = attrs.field(factory=dict, hash=False)
    note: str = ""

    def __attrs_post_init__(self) -> None:
        problems = tuple(_contradictions(self))
        if problems:
            raise InvalidDocument(WHAT, problems, self.id)

    @classmethod
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
        from windowservice.domain.scorecard.reading import read_scorecard  # it is written in terms of this class

        return read_scorecard(source)

    def __getitem__(self, id: str) -> Indicator:  # noqa: A002 - the field's word
        try:
            return self._by_id[id]
        except KeyError:
            raise UnknownName("indicator", id, tuple(self._by_id), f"scorecard {self.id}") from None

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's word
        return id in self._by_id

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self.indicators)

    def __len__(self) -> int:
        return len(self.indicators)

    @cached_property
    def _by_id(self) -> dict[str, Indicator]:
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of what the scorecard says, in hexadecimal; the layout of its file does not matter."""
        said = attrs.asdict(self, filter=lambda field, _: field.init)
        forms = [f"{type(row.form).__name__} {row.form}" for row in self.indicators]
        return hashlib.sha256(json.dumps([said, forms], sort_keys=True, default=str).encode()).hexdigest()

    def grade(self, total: Decimal) -> str:
        """Return the grade of a rounded total."""
        return next(band.grade for band in self.bands if total >= band.min)

    def in_force(self, period: ReportingPeriod) -> bool:
        """Return whether it is in force for a period: on its first day, for the whole of it."""
        day = period.first_day
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


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
