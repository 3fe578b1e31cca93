"""The file ``ledger.toml`` beside the tables: what holds for the whole ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.domain.strict import read, strict_converter
from windowservice.ledger.mapping_file import read_toml

if TYPE_CHECKING:
    from windowservice.worktime.calendar import WorkCalendar

__all__ = [
    "SETTINGS_FILE",
    "CalendarSettings",
    "CompleteSettings",
    "LedgerSettings",
    "read_settings",
    "settings_calendar",
]

SETTINGS_FILE: Final = "ledger.toml"


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
        measurements: the file beside it that says how indicators are counted, in place of the library's own.
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
    measurements: str = ""
    complete: CompleteSettings | None = None

    @property
    def files(self) -> frozenset[str]:
        """The names of the files that it speaks of."""
        named = (
            self.mapping, self.duties, self.ladder, self.catalogue, self.scorecard, self.measurements,
            "" if self.calendar is None else self.calendar.file,
        )  # fmt: skip
        return frozenset(named) - {""}


def read_settings(folder: Path | None) -> LedgerSettings:
    """Read the ``ledger.toml`` of a folder; without one nothing is set.

    Raises:
        InvalidDocument: if it is not TOML, or says what it may not say.
    """
    if folder is None or not (folder / SETTINGS_FILE).is_file():
        return LedgerSettings()
    data = read_toml(folder / SETTINGS_FILE)
    return read(LedgerSettings, data, strict_converter(), what="the settings of a ledger", where=SETTINGS_FILE)


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
        return WorkCalendar.from_toml(folder / said.file)
    if said.china:
        return WorkCalendar.china(said.china, name="ledger")
    return WorkCalendar(zone or "UTC", said.weekly, name="ledger")
