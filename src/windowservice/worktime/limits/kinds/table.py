"""The kinds of limits. A new one is a file beside this one, and a line here."""

from __future__ import annotations

from typing import Final

from windowservice.worktime.limits.kinds.booked import Booked
from windowservice.worktime.limits.kinds.civil_days import CalendarDays, Months
from windowservice.worktime.limits.kinds.elapsed import Elapsed
from windowservice.worktime.limits.kinds.kind import EarliestOf, Kind
from windowservice.worktime.limits.kinds.open_time import WorkingTime
from windowservice.worktime.limits.kinds.workdays import SameWorkingDay, WorkingDays

__all__ = ["KINDS"]

KINDS: Final[dict[str, type[Kind]]] = {
    kind.name: kind
    for kind in (WorkingTime, WorkingDays, SameWorkingDay, CalendarDays, Months, Elapsed, Booked, EarliestOf)
}
"""The kinds by name."""
