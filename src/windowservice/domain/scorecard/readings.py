"""Readings: what was counted of a bank for an indicator and a period; nothing is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.domain.parties import Banks
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.domain.words import FAULT_PARTIES, OWN_PARTY, FaultParty
from windowservice.errors import InvalidValue, UnknownName, WindowserviceError, nearest

__all__ = [
    "FAULT_PARTIES",
    "CompletePeriod",
    "FaultParty",
    "Reading",
    "Readings",
    "RefusedReading",
    "Untold",
    "originals_first",
    "reading_or_row",
]


_Key: TypeAlias = tuple[str, str, ReportingPeriod]
"""Bank, indicator and period."""


def _count(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    if value is None and field.name == "denominator":
        return
    if type(value) is not int or value < 0:
        raise InvalidValue(field.name, value, "a whole number, 0 or more: what was counted, not a rate")


def _text(_instance: object, field: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str) or not (value or field.default == ""):
        raise InvalidValue(field.name, value, "a text")


def _items(value: Iterable[str]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise InvalidValue("items", value, "a list of keys")
    return tuple(value)


def _fault_party(_instance: object, _field: object, value: str) -> None:
    if value not in FAULT_PARTIES:
        raise InvalidValue("fault_party", value, f"one of {', '.join(FAULT_PARTIES)}{nearest(value, FAULT_PARTIES)}")


@told
@attrs.frozen(kw_only=True)
class Reading:
    """What was counted of a bank for an indicator and a period.

    Attributes:
        bank: id of the bank; one that it had then will do.
        indicator: id of the indicator.
        period: the period, or its text.
        numerator: the number counted; events, minutes, or the upper part of a ratio.
        denominator: the lower part of a ratio; None for counts and minutes.
        fault_party: whose fault it was.
        id: a name for the reading, by which another can restate it.
        restated_from: the name of an earlier reading that this one replaces; both are kept.
        reason: why it was restated.
        provisional: whether the period's items are not all in yet.
        items: keys of the items behind it (matters, messages, vouchers ...).

    Raises:
        InvalidValue: if a number is no whole number or negative, the numerator is above the denominator, the fault
            party is unknown, or a restatement gives no reason.
    """

    bank: str = attrs.field(validator=_text)
    indicator: str = attrs.field(validator=_text)
    period: ReportingPeriod = attrs.field(converter=to_period)
    numerator: int = attrs.field(validator=_count)
    denominator: int | None = attrs.field(default=None, validator=_count)
    fault_party: FaultParty = attrs.field(default=OWN_PARTY, validator=_fault_party)
    id: str = attrs.field(default="", validator=_text)
    restated_from: str | None = attrs.field(default=None, validator=attrs.validators.optional(_text))
    reason: str = attrs.field(default="", validator=_text)
    provisional: bool = False
    items: tuple[str, ...] = attrs.field(default=(), converter=_items)

    def __attrs_post_init__(self) -> None:
        if self.denominator is not None and self.denominator < self.numerator:
            raise InvalidValue("denominator", self.denominator, f"at least the numerator ({self.numerator})")
        if self.restated_from is not None and not self.reason:
            raise InvalidValue("reason", self.reason, f"stated, because reading {self.restated_from!r} is restated")

    @property
    def value(self) -> Fraction | None:
        """The exact value; None if there was nothing to measure (0 of 0)."""
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    def __str__(self) -> str:
        return f"{self.numerator}" if self.denominator is None else f"{self.numerator}/{self.denominator}"


@told
@attrs.frozen(kw_only=True)
class CompletePeriod:
    """A source's word that a period is complete: where no reading stands, nothing happened.

    Attributes:
        indicator: id of the indicator.
        period: the period, or its text.
        bank: the bank of which it holds; None for all.
    """

    indicator: str
    period: ReportingPeriod = attrs.field(converter=to_period)
    bank: str | None = None


@attrs.frozen
class Untold:
    """Readings that nobody can tell, because a row that they may rest on could not be read; None stands for any.

    Attributes:
        bank, indicator, period: of which.
        reason: the row.
    """

    bank: str | None
    indicator: str | None
    period: ReportingPeriod | None
    reason: str


@attrs.frozen
class RefusedReading:
    """A row that is no reading, and why.

    Attributes:
        row: its place among the rows given, from 1.
        problem: the error.
        given: the row as it came.
        place: where it stands, as in ``readings.csv row 4``; empty if that was not said.
    """

    row: int
    problem: WindowserviceError
    given: object
    place: str = ""

    def __str__(self) -> str:
        return f"{self.place or f'row {self.row}'}: {self.problem}"


def _version(given: object) -> tuple[str | None, str | None]:
    """Return the id of a row, and that of the reading which it restates, so far as they are texts."""
    if isinstance(given, Reading):
        return given.id, given.restated_from
    if not isinstance(given, Mapping):
        return None, None
    id_, restated = given.get("id"), given.get("restated_from")
    return (id_ if isinstance(id_, str) else None), (restated if isinstance(restated, str) else None)


def reading_or_row(row: Mapping[str, Any]) -> Reading | Mapping[str, Any]:
    """Return the reading that a row is; the row itself if it is none, which `Readings` then refuses with the reason."""
    try:
        return _from_row(row)
    except WindowserviceError:
        return row


def originals_first(versions: Sequence[tuple[str | None, str | None]]) -> list[int]:
    """Return the places of readings in an order in which each stands behind the one that it restates.

    Args:
        versions: of each reading its id, and the id of the one that it restates.
    """
    former = {id_: restated for id_, restated in reversed(versions) if id_}
    if all(restated is None for _, restated in versions):
        return list(range(len(versions)))
    depths: dict[str | None, int] = {None: 0}
    for name in former:
        path: dict[str, None] = {}
        at: str | None = name
        while at is not None and at in former and at not in depths and at not in path:
            path[at] = None
            at = former[at]
        depths.update(zip(reversed(path), count(depths.get(at, 0) + 1)))
    return sorted(range(len(versions)), key=lambda place: depths.get(versions[place][1], 0))


@told
class Readings:
    """The readings of an area, found by bank, indicator and period.

    Rows that cannot be used are refused with their place and reason; a row that is given twice, the same in every
    field, is one: ``rows_read == len(readings) + len(refused) + repeated``.

    Attributes:
        refused: the rows that were refused.
        rows_read: how many rows were given.
    """

    __slots__ = (
        "_accepted", "_alike", "_banks", "_by_id", "_by_key", "_complete", "_complete_since", "_ids", "_restated",
        "_scorecard", "_untold", "refused", "repeated", "rows_read",
    )  # fmt: skip

    def __init__(
        self,
        rows: Iterable[Reading | Mapping[str, Any]],
        scorecard: Scorecard,
        *,
        banks: Banks | None = None,
        complete: Iterable[CompletePeriod] = (),
        complete_since: Mapping[str, date] | None = None,
        places: Sequence[str] = (),
        untold: Iterable[Untold] = (),
    ) -> None:
        """Take the rows in.

        Args:
            rows: readings, or tables with their fields.
            scorecard: whose indicators they are readings of.
            banks: the banks of the area; ids that a bank had are led back to it, unknown ones refused. None takes any.
            complete: periods whose sources declare them complete.
            complete_since: indicators whose sources declare all periods complete that begin on a day or later.
            places: where each row stands, if that is known.
            untold: readings that nobody can tell, because a row could not be read.

        Raises:
            UnknownName: if a period is declared complete for an indicator or a bank that does not exist.
        """
        self._scorecard = scorecard
        self._banks = banks
        self._ids: dict[tuple[str, ReportingPeriod], str] = {}
        self._untold = tuple(untold)
        self._by_key: dict[_Key, tuple[Reading, ...]] = {}
        self._alike: dict[_Key, tuple[object, ...]] = {}  # as given: banks that merged stay apart
        self._by_id: dict[str, Reading] = {}
        self._restated: dict[str, int] = {}
        self._accepted: list[Reading] = []
        self.refused: tuple[RefusedReading, ...] = ()
        self.rows_read = self.repeated = 0
        self._complete: set[tuple[str, str | None, ReportingPeriod]] = set()
        self._complete_since = dict(complete_since or {})
        for name in self._complete_since:
            scorecard[name]  # refuses an unknown one
        for word in complete:
            scorecard[word.indicator]  # refuses an unknown one
            bank = None if word.bank is None else self._identity(word.bank, word.period)
            self._complete.add((word.indicator, bank, word.period))
        self._take(list(rows), places)

    def joined(self, rows: Iterable[Reading], *, places: Sequence[str] = (), untold: Iterable[Untold] = ()) -> Readings:
        """Return these readings and further ones; what was taken in before is not looked at again.

        Args:
            rows: the further readings.
            places: where each of them stands.
            untold: further readings that nobody can tell.
        """
        found: Readings = copy(self)
        for name in ("_by_key", "_alike", "_by_id", "_restated", "_accepted"):
            setattr(found, name, copy(getattr(self, name)))
        found._untold = (*self._untold, *untold)
        found._take(list(rows), places)
        return found

    def _take(self, every: list[Any], places: Sequence[str]) -> None:
        """Take rows in, behind those that are there."""
        refused: list[RefusedReading] = []
        accepted: list[tuple[int, Reading]] = []
        before = self.rows_read
        for at in originals_first([_version(given) for given in every]):
            place, given = before + at + 1, every[at]
            try:
                reading = self._checked(given)
                key = (reading.bank, reading.indicator, reading.period)
                alike = self._alike.get(key, ())
                if given in alike:
                    self.repeated += 1  # the same row twice is one row
                    continue
                self._placed(reading)
            except WindowserviceError as problem:
                refused.append(RefusedReading(place, problem, given, "".join(places[at : at + 1])))
                continue
            accepted.append((place, reading))
            self._by_key[key] = (*self._by_key.get(key, ()), reading)
            self._alike[key] = (*alike, given)
            if reading.id:
                self._by_id[reading.id] = reading
            if reading.restated_from is not None:
                self._restated[reading.restated_from] = place
        self._accepted += [reading for _, reading in sorted(accepted, key=lambda pair: pair[0])]
        self.refused += tuple(sorted(refused, key=lambda one: one.row))
        self.rows_read += len(every)

    def _checked(self, given: Reading | Mapping[str, Any]) -> Reading:
        """Return the reading of a row, under the bank's present id, if it fits its indicator."""
        reading = given if isinstance(given, Reading) else _from_row(given)
        indicator = self._scorecard[reading.indicator]
        if indicator.is_ratio and reading.denominator is None:
            raise InvalidValue(
                "denominator", None, f"stated: {indicator.id} is a ratio, out of {indicator.denominator}"
            )
        if not indicator.is_ratio and reading.denominator is not None:
            wanted = f"left out: {indicator.id} is a {indicator.unit}, not a ratio"
            raise InvalidValue("denominator", reading.denominator, wanted)
        bank = self._identity(reading.bank, reading.period)
        return reading if bank == reading.bank else attrs.evolve(reading, bank=bank)

    def _placed(self, reading: Reading) -> None:
        """Refuse a reading that comes twice, or that restates what it cannot."""
        by_id, restated = self._by_id, self._restated
        if reading.id and reading.id in by_id:
            raise InvalidValue("id", reading.id, "the name of one reading only")
        if reading.restated_from is None:
            for other in self._by_key.get((reading.bank, reading.indicator, reading.period), ()):
                if other.fault_party == reading.fault_party and other.restated_from is None:
                    wanted = (
                        f"one for {reading.bank}, {reading.indicator}, {reading.period}; there is {other} already; "
                    )
                    raise InvalidValue("reading", str(reading), f"{wanted}name it in restated_from to replace it")
            return
        former = by_id.get(reading.restated_from)
        if former is None:
            raise UnknownName("reading", reading.restated_from, tuple(by_id), "restated_from")
        if reading.restated_from in restated:
            got = restated[reading.restated_from]
            raise InvalidValue("restated_from", reading.restated_from, f"restated once; row {got} restates it already")
        if _key(former) != _key(reading):
            wanted = (
                f"a reading of the same bank, indicator, period and fault party ({', '.join(map(str, _key(reading)))})"
            )
            raise InvalidValue("restated_from", reading.restated_from, wanted)

    def _identity(self, bank: str, period: ReportingPeriod) -> str:
        if self._banks is None:
            return bank
        found = self._ids.get((bank, period))
        if found is None:
            found = self._ids[bank, period] = self._banks.find(bank, period.last_day).id
        return found

    def __iter__(self) -> Iterator[Reading]:
        return iter(self._accepted)

    def __len__(self) -> int:
        return len(self._accepted)

    @property
    def banks(self) -> tuple[str, ...]:
        """The ids of the banks that have a reading, in order of appearance."""
        return tuple(dict.fromkeys(reading.bank for reading in self._accepted))

    def history(self, bank: str, indicator: str, period: ReportingPeriod | str) -> tuple[Reading, ...]:
        """Return all readings of a bank, indicator and period, replaced ones too, each behind the one it replaces."""
        period = to_period(period)
        return self._by_key.get((self._identity(bank, period), indicator, period), ())

    def in_force(self, bank: str, indicator: str, period: ReportingPeriod | str) -> tuple[Reading, ...]:
        """Return the readings that are not replaced by another: at most one for each fault party."""
        found = self.history(bank, indicator, period)
        if len(found) == 1:
            return found
        replaced = {reading.restated_from for reading in found}
        return tuple(reading for reading in found if not reading.id or reading.id not in replaced)

    def why_untold(self, bank: str, indicator: str, period: ReportingPeriod) -> str:
        """Return why nobody can tell a reading, whatever else is there of it; empty if it can be told."""
        for row in self._untold:
            asked = ((row.bank, bank), (row.indicator, indicator), (row.period, period))
            if all(named is None or named == wanted for named, wanted in asked):
                return row.reason
        return ""

    def is_complete(self, bank: str, indicator: str, period: ReportingPeriod | str) -> bool:
        """Return whether the source declares the period complete, so that no reading means that nothing happened."""
        period = to_period(period)
        since = self._complete_since.get(indicator)
        if since is not None and since <= period.first_day:
            return True
        if not self._complete:
            return False
        bank = self._identity(bank, period)
        return (indicator, None, period) in self._complete or (indicator, bank, period) in self._complete


def _key(reading: Reading) -> tuple[str, str, ReportingPeriod, str]:
    return reading.bank, reading.indicator, reading.period, reading.fault_party


def _from_row(row: Mapping[str, Any]) -> Reading:
    known = [field.name for field in attrs.fields(Reading)]
    for name in row:
        if name not in known:
            raise UnknownName("field of a reading", str(name), tuple(known))
    for field in attrs.fields(Reading):
        if field.default is attrs.NOTHING and row.get(field.name) is None:
            raise InvalidValue(field.name, None, "stated")
    return Reading(**{name: value for name, value in row.items() if value is not None})
