"""How each log is audited: its mapping, vocabulary, rules, services and hours, and the instant at which one looks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs

import windowservice as ws
from windowservice.facts import event, request

from . import vocabulary

__all__ = ["AUDITS", "Audit"]

HERE: Final = Path(__file__).resolve().parent
MAPPINGS: Final = HERE.parent / "ledger" / "mappings"
BUILT_IN: Final = ("first_contact", "told_once", "in_time", "commitment", "standard")


@attrs.frozen
class Audit:
    """One log and everything that its audit needs.

    Attributes:
        name: the name of its files here.
        file: the log.
        as_of: the end of the log; what is not done by then is open.
        words: what the log says beside what every request says.
        built_in: the built-in packs that apply beside the log's own.
    """

    name: str
    file: str
    as_of: str
    words: type[ws.Facts]
    built_in: tuple[str, ...] = BUILT_IN

    def calendar(self) -> ws.WorkCalendar:
        """Return the hours that count."""
        return ws.WorkCalendar.from_toml(HERE / f"{self.name}_calendar.toml")

    def catalogue(self) -> ws.Catalogue | None:
        """Return the kinds of business with their limits, if there is a file of them."""
        path = HERE / f"{self.name}_catalogue.toml"
        return ws.Catalogue.from_toml(path) if path.exists() else None

    def engine(self) -> ws.Engine:
        """Return an engine with the log's own pack and the built-in ones that apply."""
        calendar = self.calendar()
        built_in = ws.Engine.load(
            installed=False, catalogue=self.catalogue(), calendars={"window": calendar, calendar.name: calendar}
        )
        own = ws.read_pack(HERE / f"{self.name}.toml", [request, event, self.words])
        return built_in.only(*self.built_in).with_pack(own)

    def read(self, folder: Path) -> ws.Ledger:
        """Return the log as a ledger."""
        return ws.Ledger.read(folder / self.file, mapping=MAPPINGS / f"{self.name}.toml", calendar=self.calendar())

    def report(self, folder: Path) -> ws.Report:
        """Return what the audit finds."""
        return self.engine().audit(self.read(folder), as_of=self.as_of)


AUDITS: Final = {
    audit.name: audit
    for audit in (
        Audit(
            "receipt",
            "receipt.csv.gz",
            "2012-01-23",
            vocabulary.reception,
            ("first_contact", "told_once", "in_time", "standard"),
        ),
        Audit("bpic2015_1", "bpic2015_1.parquet", "2015-08-01", vocabulary.permit),
        Audit("helpdesk_it", "helpdesk_it.parquet", "2014-01-03", vocabulary.ticket),
        Audit("boston311", "boston311_sample.csv.gz", "2025-01-08", vocabulary.city),
    )
}
