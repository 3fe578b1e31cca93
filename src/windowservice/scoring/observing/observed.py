"""What is observed of a period, and what has to be true of the indicators that count it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor

import attrs

from windowservice.domain.scorecard.readings import Reading
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, UnknownName
from windowservice.rules.indicators import Indicator

__all__ = ["Observed", "SetAside", "certain_from", "check_indicators", "in_order"]


@attrs.frozen
class SetAside:
    """How many records left both sides of a reading, and why."""

    bank: str
    name: str
    period: ReportingPeriod
    reason: str
    number: int


@attrs.frozen(kw_only=True)
class Observed:
    """What records say of a period.

    Attributes:
        readings: one for each bank, indicator, period and fault party that has records.
        facts: the figures that vetoes ask for, by bank and name.
        set_aside: what left both sides: duplicates, tests, withdrawn messages.
        untold: records of which something needed is missing, by bank, indicator or fact, and period.
        tables: the tables that were counted.
        unread: the rows that could not be read and may belong, by bank (None: any), indicator or fact, and period.
    """

    readings: tuple[Reading, ...]
    facts: Mapping[str, Mapping[str, int]]
    set_aside: tuple[SetAside, ...]
    untold: Mapping[tuple[str, str, ReportingPeriod], tuple[str, ...]]
    tables: tuple[str, ...]
    unread: Mapping[tuple[str | None, str, ReportingPeriod], tuple[str, ...]] = attrs.field(factory=dict)


def certain_from(card: Scorecard) -> dict[str, int]:
    """Return from which value on a figure fires all of its vetoes, so that one more row changes nothing.

    A figure with a veto that does not fire above a bound has none.
    """
    found: dict[str, int] = {}
    other = set()
    for veto in card.vetoes:
        name, operator, bound = veto.condition
        if operator not in (">", ">="):
            other.add(name)
        least = floor(bound) + 1 if operator == ">" else ceil(bound)
        found[name] = max(found.get(name, least), least)
    return {name: least for name, least in found.items() if name not in other}


def in_order(indicators: Iterable[Indicator]) -> list[Indicator]:
    """Return indicators with those of a register last: it adds what no other table tells."""
    return sorted(indicators, key=lambda one: bool(one.fact) and one.register)


def check_indicators(indicators: Iterable[Indicator], card: Scorecard) -> None:
    """Refuse an indicator that does not count what the scorecard says.

    Raises:
        UnknownName: if the scorecard does not have the indicator or fact, with the nearest.
        InvalidValue: if one is a ratio and the other is none, or they look back differently.
    """
    facts = {row.id: row for row in card.facts}
    for indicator in indicators:
        if not indicator.fact:
            scored = card[indicator.name]
            if scored.is_ratio != (indicator.denominator is not None):
                wanted = f"stated: {scored.id} is a ratio" if scored.is_ratio else (
                    f"left out: {scored.id} is a {scored.unit}, not a ratio"
                )  # fmt: skip
                got = None if indicator.denominator is None else str(indicator.denominator)
                raise InvalidValue("denominator", got, wanted, f"indicator {indicator.name}")
        elif indicator.fact not in facts:
            raise UnknownName("fact", indicator.fact, tuple(facts), f"scorecard {card.id}")
        elif indicator.look_back_days != (facts[indicator.fact].look_back_days or 0):
            wanted = f"{facts[indicator.fact].look_back_days or 0}, as scorecard {card.id} says of the fact"
            where = f"indicator {indicator.name}"
            raise InvalidValue("look_back_days", indicator.look_back_days, wanted, where)
