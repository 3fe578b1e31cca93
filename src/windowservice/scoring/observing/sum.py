"""Adding up the rows of an indicator: numerator and denominator by bank and fault party, and what left both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from operator import attrgetter
from typing import Final

import attrs

from windowservice.domain.words import OWN_PARTY
from windowservice.instants import MINUTE
from windowservice.language.tree.values import ValueType
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.rows import ObservedRow

__all__ = ["OWN", "UNKNOWN", "Side", "Sum", "add_up"]

OWN: Final[str] = OWN_PARTY
UNKNOWN: Final = "unknown"


@attrs.define
class Side:
    """What was counted of a bank under one fault party.

    Attributes:
        numerator: the upper part; minutes for spans.
        denominator: the lower part; None for counts and minutes.
        missed: the records in which something was missed.
    """

    numerator: int = 0
    denominator: int | None = 0
    missed: list[str] = attrs.field(factory=list)


@attrs.frozen
class Sum:
    """An indicator added up.

    Attributes:
        sides: by bank and fault party.
        excluded: how many records left both sides, by bank and reason.
        untold: the records of which something needed is missing, by bank.
    """

    sides: dict[tuple[str, str], Side]
    excluded: Counter[tuple[str, str]]
    untold: dict[str, list[str]]


@attrs.frozen
class _Item:
    """A record, or a day, under the party whose it is."""

    bank: str
    party: str
    group: str | None
    numerator: int
    denominator: int
    missed: tuple[str, ...]


def add_up(
    indicator: Indicator, rows: Iterable[ObservedRow], bank_of: Callable[[str, int], str],
    business_days: Iterable[int] = (),
) -> Sum:  # fmt: skip
    """Return the rows of an indicator added up.

    Args:
        indicator: what is counted.
        rows: the records of the period.
        bank_of: the present id of a bank, from the one that a record names and its day.
        business_days: the days out of which those of a bank are counted, whether they have a record or not.
    """
    aside: set[tuple[str, int]] = set()
    excluded: Counter[tuple[str, str]] = Counter()
    untold: dict[str, list[str]] = {}
    kept: list[ObservedRow] = []
    for row in rows:
        if row.when is False:
            continue
        named = row._replace(bank=bank_of(row.bank, row.day))
        if row.excluded is not None:
            excluded[named.bank, row.excluded] += 1
            aside.add((named.bank, row.day))
        elif row.when is None or _is_untold(indicator, row):
            untold.setdefault(named.bank, []).append(row.key)
            kept.append(named._replace(numerator=None))
        else:
            kept.append(named)
    items = _days(indicator, kept) if indicator.each == "day" else (_item(indicator, row) for row in kept)
    if business_days:
        told = {(row.bank, row.day) for row in kept}
        banks = dict.fromkeys(row.bank for row in kept)
        silent = ((bank, day) for bank in banks for day in business_days if (bank, day) not in told | aside)
        items = chain(items, (_Item(bank, OWN, None, 0, 1, ()) for bank, _ in silent))
    return Sum(_sides(indicator, items), excluded, untold)


def _is_untold(indicator: Indicator, row: ObservedRow) -> bool:
    """Whether a part that is needed is missing, or contradicts the other."""
    if row.numerator is None or row.numerator < 0:
        return True
    if indicator.denominator is None:
        return False
    return row.denominator is None or row.denominator < row.numerator


def _item(indicator: Indicator, row: ObservedRow) -> _Item:
    if row.numerator is None:
        return _Item(row.bank, UNKNOWN, row.group, 0, row.denominator or 0, ())
    number, total = int(row.numerator), row.denominator or 0
    is_missed = number > 0 if indicator.numerator_is == "missed" else number < total
    party = _party(indicator, row) if is_missed else OWN
    return _Item(row.bank, party, row.group, number, total, (row.key,) if is_missed else ())


def _party(indicator: Indicator, row: ObservedRow) -> str:
    return OWN if indicator.fault_party is None else row.fault_party or UNKNOWN


def _days(indicator: Indicator, rows: Iterable[ObservedRow]) -> Iterator[_Item]:
    """Yield the days of banks: missed if one of its records is, the bank's own fault before that of others."""
    in_order = sorted(rows, key=attrgetter("bank", "day", "key"))
    for (bank, _), of_day in groupby(in_order, key=attrgetter("bank", "day")):
        day = list(of_day)
        missed = [(_party(indicator, row), row.key) for row in day if row.numerator]
        parties = [party for party, _ in missed]
        if not missed:
            party = UNKNOWN if any(row.numerator is None for row in day) else OWN
        else:
            party = OWN if OWN in parties else parties[0]
        yield _Item(bank, party, None, int(bool(missed)), 1, tuple(key for whose, key in missed if whose == party))


def _sides(indicator: Indicator, items: Iterable[_Item]) -> dict[tuple[str, str], Side]:
    groups: dict[tuple[str, str, str | None], Side] = {}
    largest = indicator.combine == "max"
    for item in items:
        side = groups.setdefault((item.bank, item.party, item.group), Side())
        side.numerator = max(side.numerator, item.numerator) if largest else side.numerator + item.numerator
        side.denominator = (side.denominator or 0) + item.denominator
        side.missed += item.missed
    found: dict[tuple[str, str], Side] = {}
    for (bank, party, _), side in groups.items():
        if indicator.denominator is None:
            side.denominator = None
        if indicator.numerator.type is ValueType.SPAN:
            side.numerator = -(-side.numerator // MINUTE)  # a minute begun counts
        other = found.get((bank, party))
        if other is None or side.numerator > other.numerator:
            found[bank, party] = side
    return found
