"""The file ``ledger.toml`` beside the tables: what holds for the whole ledger."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.errors import InvalidDocument, nearest
from windowservice.files import load_toml, no_file
from windowservice.strict import read, strict_converter

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar

__all__ = [
    "SETTINGS_FILE",
    "CalendarSettings",
    "CompleteSettings",
    "LedgerSettings",
    "named_file",
    "read_settings",
    "settings_calendar",
]

SETTINGS_FILE: Final = "ledger.toml"
_WHAT: Final = "the settings of a ledger"


@attrs.frozen(kw_only=True)
class CalendarSettings:
    """The opening hours of the branch, in one of three forms.

    Attributes:
        china: the hours of a workday, with China's statutory workdays: ``"08:30-11:30 13:30-17:00"``.
        weekly: hours by weekday, in the ledger's zone, without holidays: ``"mon-fri 09:00-17:00"``.
        file: a calendar file beside ``ledger.toml``.
    """

    china: str = ""
    weekly: str = ""
    file: str = ""

    def __attrs_post_init__(self) -> None:
        if sum(map(bool, (self.china, self.weekly, self.file))) != 1:
            raise TypeError("needs exactly one of china, weekly and file")


@attrs.frozen(kw_only=True)
class CompleteSettings:
    """Of which indicators the tables are complete: a bank without a row had nothing of the kind.

    Attributes:
        since: in all periods that begin on this day or later.
        indicators: the ids of the indicators.
    """

    since: date
    indicators: tuple[str, ...]

    @property
    def by_indicator(self) -> dict[str, date]:
        """The day for each indicator."""
        return dict.fromkeys(self.indicators, self.since)


@attrs.frozen(kw_only=True)
class LedgerSettings:
    """What ``ledger.toml`` may say.

    Attributes:
        zone: the IANA zone of times that name none.
        recorded: the event kinds that the ledger records; None means all.
        mapping: the mapping file beside it.
        calendar: the opening hours of the branch.
        duties: the file beside it that lists the duties which come again, in place of the library's own list.
        ladder: the file beside it that holds the escalation ladder, in place of the library's own.
        catalogue: the file beside it that holds the service catalogue, in place of the engine's.
        scorecard: the file beside it that holds the scorecard, in place of the library's own.
        indicators: the file beside it that says how indicators are counted, in place of the library's own.
        complete: of which indicators its tables are complete, and since when.
    """

    zone: str = ""
    recorded: frozenset[str] | None = None
    mapping: str = ""
    calendar: CalendarSettings | None = None
    duties: str = ""
    ladder: str = ""
    catalogue: str = ""
    scorecard: str = ""
    indicators: str = ""
    complete: CompleteSettings | None = None

    @property
    def files(self) -> frozenset[str]:
        """The names of the files that it speaks of."""
        named = (
            self.mapping, self.duties, self.ladder, self.catalogue, self.scorecard, self.indicators,
            "" if self.calendar is None else self.calendar.file,
        )  # fmt: skip
        return frozenset(named) - {""}


def read_settings(folder: Path | None) -> LedgerSettings:
    """Read the ``ledger.toml`` of a folder; without one nothing is set.

    Raises:
        InvalidDocument: if it is no file, not TOML, or says what it may not say.
    """
    if folder is None or not (os.path.lexists(folder / SETTINGS_FILE)):
        return LedgerSettings()
    _, data = load_toml(folder / SETTINGS_FILE, _WHAT, where=SETTINGS_FILE)
    return read(LedgerSettings, data, strict_converter(), what=_WHAT, where=SETTINGS_FILE)


def named_file(folder: Path, key: str, name: str) -> Path:
    """Return the path of a file that ``ledger.toml`` names: one beside it or below, never elsewhere on the machine.

    Raises:
        InvalidDocument: naming the key, if it lies elsewhere, is not there, or is no file.
    """
    path = folder / name
    problem = no_file(path)
    if "\0" not in name and not path.resolve().is_relative_to(folder.resolve()):
        problem = f"lies outside the folder of {SETTINGS_FILE}; put a copy beside it"
    elif problem.startswith("there is no"):
        problem += nearest(name, (beside.name for beside in folder.iterdir() if beside.suffix == path.suffix))
    if problem:
        raise InvalidDocument(_WHAT, ((key, f"{name!r}: {problem}"),), SETTINGS_FILE)
    return path


def settings_calendar(settings: LedgerSettings, folder: Path, zone: str) -> WorkCalendar | None:
    """Return the calendar that the settings describe, or None.

    Raises:
        InvalidDocument, InvalidHours, UnknownZone: if it cannot be built.
    """
    from windowservice.worktime.calendar import WorkCalendar

    said = settings.calendar
    if said is None:
        return None
    if said.file:
        return WorkCalendar.from_toml(named_file(folder, "calendar.file", said.file))
    if said.china:
        return WorkCalendar.china(said.china, name="ledger")
    return WorkCalendar(zone or "UTC", said.weekly, name="ledger")
