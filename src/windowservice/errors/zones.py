"""Which zone is meant by a name that is none: a misspelt city, a city of the same zone, a name without its area."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

__all__ = ["zone_meant"]

_SAME_ZONE: Final = {
    "Asia/Shanghai": "beijing dalian shenzhen guangzhou tianjin nanjing wuhan chengdu hangzhou shenyang xian china",
    "Asia/Kolkata": "bombay mumbai delhi new_delhi bangalore bengaluru chennai madras hyderabad india",
    "Asia/Tokyo": "osaka kyoto japan",
    "Asia/Seoul": "busan korea south_korea",
    "Asia/Ho_Chi_Minh": "hanoi vietnam",
    "Asia/Dubai": "abu_dhabi",
    "Asia/Karachi": "islamabad lahore",
    "Asia/Riyadh": "jeddah mecca",
    "Asia/Taipei": "taiwan",
    "America/Los_Angeles": "san_francisco seattle las_vegas san_diego portland",
    "America/New_York": "boston washington miami atlanta philadelphia",
    "America/Chicago": "houston dallas austin",
    "America/Toronto": "ottawa",
    "America/Sao_Paulo": "rio_de_janeiro brasilia rio",
    "Europe/Berlin": "frankfurt munich hamburg cologne germany",
    "Europe/Zurich": "geneva basel bern switzerland",
    "Europe/Rome": "milan naples turin italy",
    "Europe/Madrid": "barcelona spain",
    "Europe/Paris": "lyon marseille france",
    "Europe/Amsterdam": "rotterdam the_hague netherlands",
    "Europe/London": "manchester edinburgh england uk",
    "Europe/Istanbul": "ankara turkey",
    "Africa/Johannesburg": "cape_town pretoria",
    "Africa/Lagos": "abuja",
    "Australia/Sydney": "canberra",
}
_CITIES: Final = {city: zone for zone, cities in _SAME_ZONE.items() for city in cities.split()}


def zone_meant(name: object) -> str:
    """Return the zone that is meant; an empty text if that cannot be told: a wrong hint would be another country's."""
    from zoneinfo import available_timezones

    zones = {
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/"))
    }
    area, _, city = str(name).strip().replace(" ", "_").rpartition("/")
    if city.casefold() in _CITIES:
        return _CITIES[city.casefold()]
    exact = sorted(zone for zone in zones if zone.rpartition("/")[2].casefold() == city.casefold())
    if exact:
        return next((zone for zone in exact if zone.startswith(f"{area}/")), exact[0])
    near = {zone.rpartition("/")[2]: zone for zone in sorted(zones) if zone.startswith(f"{area}/")}
    close = get_close_matches(city, list(near), n=1, cutoff=0.8) if area else []
    return near[close[0]] if close else ""
