"""The words of the grammar that make constants which Python has no literal for."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from windowservice.instants import DAY, HOUR, MINUTE, SECOND, to_date, to_us, utc_datetime
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["CONSTANTS", "TAKEN", "is_taken"]

_TIME: Final = re.compile(r"([0-9]{1,9}) (day|hour|minute|second)s?\b ?", re.ASCII)
_LASTS: Final = {"day": DAY, "hour": HOUR, "minute": MINUTE, "second": SECOND}


def _us(said: int | str) -> int:
    """Return an amount of time in microseconds: their number, or words such as ``2 days 4 hours``.

    Raises:
        ValueError: for other words.
    """
    if isinstance(said, int):
        return said
    found = _TIME.findall(said)
    if not found or _TIME.sub("", said):
        raise ValueError("write days, hours, minutes and seconds, as in '2 days 4 hours'")
    return sum(int(number) * _LASTS[word] for number, word in found)


CONSTANTS: Final[dict[str, tuple[Any, ...]]] = {
    "instant": (lambda text: utc_datetime(to_us(text)), str),
    "date": (to_date, str),
    "span": (lambda said: timedelta(microseconds=_us(said)), (int, str)),
    "work": (lambda said: WorkSpan(_us(said)), (int, str)),
    "limit": (Limit.parse, str),
    "decimal": (Decimal, str),
    "ratio": (Fraction, int, int),
    "texts": (lambda *items: frozenset(items), str),
}
"""The words that make constants which Python has no literal for: the function, then the types that it takes."""
TAKEN: Final[dict[Any, str]] = {
    str: "a text in quotes", int: "a whole number", (int, str): "a text such as '2 days 4 hours', or microseconds"
}  # fmt: skip


def is_taken(kind: type, wanted: Any) -> bool:
    """Whether a value of a type is taken where some type, or one of several, is wanted."""
    return kind in wanted if isinstance(wanted, tuple) else kind is wanted
