"""The sample's postings and the versions of posted texts, with faults and near misses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.sample.desk import YEAR
from tests.sample.records.rows import RecordPlanting, Row

__all__ = ["plant_postings"]

_DAY: Final = timedelta(days=1)
_BEGINS: Final = date(YEAR, 1, 2)
_MAY: Final = date(YEAR, 5, 31)
_FRIDAY: Final = date(YEAR, 5, 18)
_NEW: Final = date(YEAR, 6, 4)
"""A Monday, from which a new version of some texts is in force."""
_COMMITTED: Final = ("S01", "S05", "S06", "S07", "S11", "S03", "S10", "S13", "S15", "S17")
_TEXTS: Final[tuple[tuple[str, str | None], ...]] = (
    ("steps", "S01"), ("steps", "S05"), ("steps", "S06"), ("materials", "S01"), ("duties", None),
    ("steps", "S07"), ("materials", "S05"), ("materials", "S06"), ("materials", "S07"), ("complaint_channels", None),
)  # fmt: skip
_STANDARDS: Final = ("S01", "S02", "S03", "S05", "S06", "S07", "S10", "S11", "S13", "S15")


def plant_postings(planting: RecordPlanting) -> None:
    """Make a year of what hung at the counter and on the website."""
    made = _Postings(planting)
    made.commitments()
    made.versions()
    made.places()


class _Postings:
    def __init__(self, planting: RecordPlanting) -> None:
        self.p = planting
        self.workdays = planting.desk.window.add_workdays

    def hang(
        self,
        kind: str,
        service: str | None,
        shown: str | None,
        since: date,
        until: date | None,
        place: str | None = None,
    ) -> Row:
        values = {"kind": kind, "service": service, "place": place, "shown": shown, "since": since, "until": until}
        return self.p.row("postings", "PST", **values)

    def version(self, kind: str, service: str | None, version: str, since: date, places: str | None = None) -> None:
        values = {"kind": kind, "service": service, "version": version, "since": since, "places": places}
        self.p.row("documents", "DOC", **values)

    def commitments(self) -> None:
        """Hang five commitments with a wrong limit for some days, and take five down for some days."""
        desk, wrong, gap = self.p.desk, "postings/posted_limit_in_force", "postings/posted_every_day"
        for place, service in enumerate(_COMMITTED):
            limit = str(desk.limit_of(service, "commitment", desk.at(_BEGINS, "09:00")))
            days = place % 5 + 1
            key = {"id": f"commitment / {service}"}
            if place < 5:
                last = self.workdays(_BEGINS - _DAY, days)
                row = self.hang("commitment", service, "9 working days", _BEGINS, last)
                self.p.fault({"id": f"{row['id']} / in force"}, wrong, f"{days} workdays another limit", number=days)
                self.p.near(key, gap, "hung anew the next day")
                self.hang("commitment", service, limit, last + _DAY, None)
            else:
                row = self.hang("commitment", service, limit, _BEGINS, _MAY)
                self.p.near({"id": f"{row['id']} / in force"}, wrong, "the limit in force, until it was taken down")
                self.p.fault(key, gap, f"taken down for {days} workdays", number=days)
                self.hang("commitment", service, limit, self.workdays(_MAY, days + 1), None)

        row = self.hang("commitment", "S02", None, _BEGINS, None)
        self.p.unknown({"id": f"{row['id']} / in force"}, wrong, "nobody wrote what hung there")

    def versions(self) -> None:
        """Let a new version of ten texts be in force from a Monday: five are hung late, five over the weekend."""
        rule = "postings/posted_version_in_force"
        for place, (kind, service) in enumerate(_TEXTS):
            self.version(kind, service, "2017", date(YEAR - 1, 1, 1))
            self.version(kind, service, "2018", _NEW)
            last = self.workdays(_NEW - _DAY, place + 1) if place < 5 else _NEW - _DAY
            self.hang(kind, service, "2017", _BEGINS, last)
            self.hang(kind, service, "2018", last + _DAY, None)
            key = {"id": " / ".join(filter(None, (kind, service, "counter", _NEW.isoformat())))}
            if place < 5:
                self.p.fault(key, rule, f"{place + 1} workdays the version before", number=place + 1)
            else:
                self.p.near(key, rule, "hung over the weekend before it was in force")

        self.hang("materials", "S10", "2018", _BEGINS, None)
        key = {"id": f"materials / S10 / counter / {_BEGINS}"}
        self.p.unknown(key, rule, "no version of it is recorded")
        self.version("materials", "S11", "2018", date(YEAR, 1, 1))
        self.hang("materials", "S11", None, _BEGINS, None)
        self.p.unknown({"id": f"materials / S11 / counter / {_BEGINS}"}, rule, "nobody wrote which version hung")

    def places(self) -> None:
        """Take ten standards, which hang at the counter, from the website: five over a weekend, five for longer."""
        rule, website = "postings/posted_where_owed", "website"
        for place, service in enumerate(_STANDARDS):
            self.version("standards", service, "2018", date(YEAR, 1, 1), "counter;website")
            self.hang("standards", service, "2018", _BEGINS, None)
            self.hang("standards", service, "2018", _BEGINS, _FRIDAY, website)
            again = self.workdays(_FRIDAY, place + 2 if place < 5 else 1)
            self.hang("standards", service, "2018", again, None, website)
            day = _FRIDAY + 3 * _DAY if place < 5 else _BEGINS
            key = {"id": f"standards / {service} / {website} / {day}"}
            if place < 5:
                self.p.fault(key, rule, f"not on the website for {place + 1} workdays", number=place + 1)
            else:
                self.p.near(key, rule, "taken from the website over a weekend")
