"""Public holidays of other countries, from the package `holidays` (extra ``holidays``)."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.errors import InvalidValue, MissingExtra, UnknownName
from windowservice.worktime.layers import Layer

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["NationalDays", "national_days", "zone_of"]

_FIRST_YEAR: Final = 1950
"""The package knows some countries from earlier on; nothing here is older."""


@attrs.frozen
class NationalDays:
    """Public holidays, and how far they are known.

    Attributes:
        layer: the holidays as closed days, and weekend days that are worked in exchange, with the hours of a Monday.
        known_from, known_until: the first and last date the package vouches for.
    """

    layer: Layer
    known_from: date
    known_until: date


def national_days(country: str, subdivision: str | None = None) -> NationalDays:
    """Return the public holidays of a country.

    The package guesses in three ways, and the known range ends before each: after its last year; where dates are marked
    as estimated (the moon decides); and after the last announced exchange of workdays, where a country announces them.

    Raises:
        MissingExtra: if the package is not installed.
        UnknownName: if it knows no such country or subdivision.
    """
    holidays = _package()
    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        raise UnknownName("country", country, tuple(supported), "from_holidays")
    if subdivision is not None and subdivision not in supported[country]:
        raise UnknownName("subdivision", subdivision, tuple(supported[country]), f"from_holidays, {country}")
    kind = type(holidays.country_holidays(country, subdiv=subdivision))
    first, last = max(kind.start_year, _FIRST_YEAR), kind.end_year
    # The country's own language, or else the names would be in that of the environment.
    language, years = kind.default_language, range(first, last + 1)
    found = holidays.country_holidays(country, subdiv=subdivision, years=years, language=language)
    worked = sorted(found.weekend_workdays)
    layer = Layer(
        f"public holidays {country}",
        {day: name for day, name in found.items() if day not in found.weekend_workdays},
        dict.fromkeys(worked, "as mon"),
        source=f"package holidays {holidays.__version__}",
    )
    estimated = getattr(kind, "estimated_label", "%s (estimated)").replace("%s", "").strip()
    guessed = [day.year - 1 for day, name in found.items() if estimated in name]
    until = date(min([last, *guessed]), 12, 31)
    if worked:  # announced year by year, and the next notice may change the last days of the year before it
        first = worked[0].year
        until = min(until, date(worked[-1].year, 12, 28))
    return NationalDays(layer, date(first, 1, 1), until)


def _package() -> ModuleType:
    try:
        import holidays
    except ImportError:
        raise MissingExtra("holidays", "holidays", "WorkCalendar.from_holidays") from None
    return holidays


def zone_of(country: str) -> str:
    """Return the IANA name of the only zone of a country.

    Raises:
        InvalidValue: if it has more than one, or none is known.
    """
    lines = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8").splitlines()
    zones = [line.split("\t")[2] for line in lines if line.startswith(f"{country}\t")]
    if len(zones) != 1:
        choices = ", ".join(sorted(zones)) or "the IANA names"
        raise InvalidValue("timezone", None, f"given for {country}: one of {choices}")
    return zones[0]
