"""Public holidays of other countries, from the package `holidays` (extra ``holidays``)."""

from __future__ import annotations

import functools
import re
import warnings
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.errors import InvalidValue, MissingExtra, ProvisionalTime, UnknownName
from windowservice.instants import DAY, HOUR, MINUTE
from windowservice.worktime.hours import hours_text
from windowservice.worktime.known import outside
from windowservice.worktime.layers import DaySchedule, Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import ModuleType

    from windowservice.worktime.hours import Hours, Week

__all__ = ["HalfDay", "NationalDays", "half_layer", "national_days", "zone_of"]

_FIRST_YEAR: Final = 1950
"""The package knows some countries from earlier on; nothing here is older."""
_STOPPED: Final = 3
"""A country that announced no exchange of workdays for so many years does not do so any more."""
_HALVES: Final = {"BR": ("optional", "Quarta-feira de Cinzas", 14)}
"""Half holidays that the package lists without hours: category, name, and the hour until which the day is free."""
_NOT_FOR_ALL: Final = frozenset({"CN"})
"""Countries whose half holidays are for some people only."""

_PART: Final = re.compile(r"\((?P<which>from|until) (?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm)\)", re.I)
_SIDE: Final = re.compile(r"\((afternoon|morning)\)", re.I)
_SHORTER: Final = re.compile(r"shortened by (\d) hours?", re.I)


@attrs.frozen
class HalfDay:
    """A day of which a part is free.

    Attributes:
        name: what it is.
        begin, end: the part of the day that is free, in microseconds after 00:00.
        shorter: how much earlier the day ends instead; 0 if it does not.
    """

    name: str
    begin: int = 0
    end: int = 2 * DAY
    shorter: int = 0

    def hours(self, hours: Hours) -> Hours:
        """Return what is left of the hours of such a day."""
        begin, end = self.begin, self.end
        if self.shorter:
            begin = max((close for _, close in hours), default=0) - self.shorter
        left = [(opening, min(close, begin)) for opening, close in hours]
        left += [(max(opening, end), close) for opening, close in hours]
        return tuple(sorted((opening, close) for opening, close in left if opening < close))


@attrs.frozen
class NationalDays:
    """Public holidays, and how far they are known.

    Attributes:
        layers: the holidays as closed days, and weekend days that are worked in exchange, with the hours of a Monday;
            days whose date is estimated stand in a layer of their own.
        halves: the days of which a part is free.
        known_from, known_until: the first and last date the package vouches for.
        source: the package and its version.
    """

    layers: tuple[Layer, ...]
    halves: dict[date, HalfDay]
    known_from: date
    known_until: date
    source: str


def national_days(country: str, subdivision: str | None = None, categories: Iterable[str] = ()) -> NationalDays:
    """Return the public holidays of a country, and those of further categories of the package (such as "bank").

    The package guesses in three ways, and the known range leaves each out: after its last year; in years with dates
    marked as estimated (the moon decides); and after the last announced exchange of workdays, where a country still
    announces them. A country whose days were estimated in each year is known for a day: all is provisional.

    Raises:
        MissingExtra: if the package is not installed.
        UnknownName: if it knows no such country, subdivision or category.
    """
    holidays = _package()
    kind = _country(holidays, country, subdivision)
    wanted = tuple(dict.fromkeys(("public", *_names(categories))))
    for category in wanted[1:]:
        if category not in kind.supported_categories:
            raise UnknownName("category", category, tuple(kind.supported_categories), f"from_holidays, {country}")
    years = range(max(kind.start_year, _FIRST_YEAR), kind.end_year + 1)

    def listed(only: tuple[str, ...], language: str | None = kind.default_language) -> Any:
        # The country's own language, or else the names would be in that of the environment.
        asked = tuple(category for category in only if category in kind.supported_categories)
        return _told(holidays, country, subdiv=subdivision, years=years, language=language, categories=asked)

    found = listed(wanted)
    worked = sorted(found.weekend_workdays)
    estimated = getattr(kind, "estimated_label", "%s (estimated)").replace("%s", "").strip()
    halves = _half_days(country, kind, listed, wanted)
    days = {day: name for day, name in found.items() if day not in found.weekend_workdays and day not in halves}
    guessed = {day: name for day, name in days.items() if estimated in name}
    source = f"package holidays {holidays.__version__}"
    closed = {day: name for day, name in days.items() if day not in guessed}
    layers = [Layer(f"public holidays {country}", closed, dict.fromkeys(worked, "as mon"), source=source)]
    if guessed:
        said = f"{source}: the dates are estimated, the moon decides"
        layers.append(Layer(f"estimated holidays {country}", guessed, source=said))
    announced = _last_announced(holidays)
    first, until = _known(years, {day.year for day in guessed}, announced)
    if worked:
        first = max(first, date(worked[0].year, 1, 1))
        if worked[-1].year > announced - _STOPPED:  # the next notice may change the last days of the year before it
            until = min(until, date(worked[-1].year, 12, 28))
    return NationalDays(tuple(layers), halves, first, max(first, until), source)


def _country(holidays: ModuleType, country: str, subdivision: str | None) -> Any:
    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported:
        raise UnknownName("country", country, _beside(country, supported, _countries(holidays)), "from_holidays")
    kind = type(holidays.country_holidays(country))
    if subdivision is None or subdivision in supported[country]:
        return kind
    known = _beside(subdivision, supported[country], getattr(kind, "subdivisions_aliases", {}))
    raise UnknownName("subdivision", subdivision, known, f"from_holidays, {country}")


def _countries(holidays: ModuleType) -> dict[str, str]:
    """Return the codes of countries by their names in English and by their codes of three letters."""
    entries = holidays.registry.COUNTRIES.items()
    return {other.replace("_", " "): code for key, (name, code, *more) in entries for other in (key, name, *more)}


def _beside(name: str, known: Iterable[str], aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names to offer: the one that is meant if it was called otherwise, else all."""
    plain = {other.casefold(): code for other, code in aliases.items()} | {code.casefold(): code for code in known}
    meant = plain.get(str(name).casefold())
    return tuple(known) if meant is None else (meant,)


def _names(categories: Iterable[str]) -> tuple[str, ...]:
    if isinstance(categories, str) or not all(isinstance(name, str) for name in categories):
        raise InvalidValue("categories", categories, "names of categories, as in categories=('bank',)", "from_holidays")
    return tuple(categories)


def _told(holidays: ModuleType, country: str, **asked: Any) -> Any:
    """Ask the package; what it warns of is told once, with the country."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = holidays.country_holidays(country, **asked)
    for message in dict.fromkeys(str(warning.message) for warning in caught):
        warnings.warn(ProvisionalTime(f"holidays of {country}: {message}"), stacklevel=outside())
    return found


@functools.lru_cache(maxsize=1)
def _last_announced(holidays: ModuleType) -> int:
    """Return the last year that the package can know for sure: the last for which China announced its workdays."""
    worked = holidays.country_holidays("CN", years=range(2020, 2100)).weekend_workdays
    return max((day.year for day in worked), default=2020)


def _known(years: range, guessed: set[int], announced: int) -> tuple[date, date]:
    """Return the first and last known date: the years around the last announced one without estimated days."""
    until = min((year - 1 for year in guessed if year > announced), default=years[-1])
    while until in guessed:
        until -= 1
    if until < years[0]:
        return date(years[0], 1, 1), date(years[0], 1, 1)
    first = max((year + 1 for year in guessed if year < until), default=years[0])
    return date(max(first, years[0]), 1, 1), date(until, 12, 31)


def _half_days(country: str, kind: Any, listed: Callable[..., Any], wanted: tuple[str, ...]) -> dict[date, HalfDay]:
    """Return the days of which a part is free, where it is known which part."""
    category, name, hour = _HALVES.get(country, ("", "", 0))
    found = {}
    if category:
        found = {day: HalfDay(said, 0, hour * HOUR) for day, said in listed((category,)).items() if said == name}
    if country in _NOT_FOR_ALL:
        return found
    language = "en_US" if "en_US" in kind.supported_languages else kind.default_language
    asked = tuple(one for one in (*wanted, "half_day") if one in kind.supported_categories)
    for day, said in listed(asked, language).items():
        halves = [_half_day(name) for name in said.split("; ")]  # a whole holiday on the same day wins
        if halves[0] is not None and None not in halves:
            found[day] = halves[0]
    return found


def _half_day(name: str) -> HalfDay | None:
    if part := _PART.search(name):
        hour = int(part["hour"]) % 12 + 12 * (part["half"].lower() == "pm")
        at = hour * HOUR + int(part["minute"] or 0) * MINUTE
        return HalfDay(name, begin=at) if part["which"].lower() == "from" else HalfDay(name, end=at)
    if side := _SIDE.search(name):
        return HalfDay(name, begin=12 * HOUR) if side[1].lower() == "afternoon" else HalfDay(name, end=12 * HOUR)
    shorter = _SHORTER.search(name)
    return None if shorter is None else HalfDay(name, shorter=int(shorter[1]) * HOUR)


def half_layer(days: NationalDays, weeks: tuple[Week, ...], country: str) -> Layer | None:
    """Return the layer of the days of which a part is free, under the weekly hours; None if no hours are lost."""
    schedule = DaySchedule(weeks, {})
    special: dict[date | str, str] = {}
    for day, half in sorted(days.halves.items()):
        whole = schedule(day.toordinal())
        left = half.hours(whole)
        if left != whole:
            special[day] = hours_text(left)
    return Layer(f"half holidays {country}", special=special, source=days.source) if special else None


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
