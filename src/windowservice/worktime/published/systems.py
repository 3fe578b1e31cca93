"""The calendars of the payment systems: their days are not the window's, and change by date (``systems.toml``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from windowservice.files import shipped
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SYSTEMS", "system_calendars"]

SYSTEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "HVPS": ("大额", "大额支付", "大额支付系统"), "BEPS": ("小额", "小额支付", "小额支付系统"),
    "IBPS": ("超级网银", "网银互联", "网上支付跨行清算系统"), "CIS": ("支票影像", "支票影像交换系统"),
    "exchange": ("同城", "同城交换", "同城票据交换"),
}  # fmt: skip
"""The systems that messages and outages name; each has a calendar of that name. With what is written in Chinese."""


@cache
def system_calendars() -> Mapping[str, WorkCalendar]:
    """Return the calendars of the payment systems, by name.

    Large-value (HVPS) opens on the evening before its day; small-value (BEPS) turns its day at 16:00. Hours as far as
    they are known stand in ``systems.toml``, each with its source and mark.
    """
    import tomllib

    text = shipped(__package__, "systems.toml")
    return {name: _calendar(name, said) for name, said in tomllib.loads(text).items()}


def _calendar(name: str, said: dict[str, Any]) -> WorkCalendar:
    if said["days"] == "statutory":
        return WorkCalendar.china({row["since"]: row["open"] for row in said["hours"]}, name=name)
    weekly = {row["since"]: f"mon-sun {row['open']}" for row in said["hours"]}
    return WorkCalendar("Asia/Shanghai", weekly, name=name)
