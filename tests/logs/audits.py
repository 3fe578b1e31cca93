"""How each log is audited: its mapping, vocabulary, rules, services and hours, and the instant at which one looks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import attrs

import windowservice as ws
from windowservice.cases.holders import Group, Holding
from windowservice.domain.requests.kinds import OWNING_KINDS
from windowservice.facts import event, request

from . import vocabulary

__all__ = ["AUDITS", "FINES", "Audit", "Shown", "line"]

HERE: Final = Path(__file__).resolve().parent
MAPPINGS: Final = HERE.parent / "ledger" / "mapping" / "mappings"
BUILT_IN: Final = ("first_contact", "told_once", "in_time", "commitment", "standard")


@attrs.frozen
class Shown:
    """One view of a log on the page.

    Attributes:
        title: its title there.
        what: holders, waits, handovers, performance (by a group of the spans), verdicts (of a rule, by a field), or
            groups (declared in the language: by month or team).
        by: the group or the field.
        rule: the rule whose verdicts are counted.
    """

    title: str
    what: str
    by: Any = "clerk"
    rule: str = ""


@attrs.frozen
class Audit:
    """One log and everything that its audit needs.

    Attributes:
        name: the name of its files here.
        file: the log.
        as_of: the end of the log; what is not done by then is open.
        words: what the log says beside what every request says.
        built_in: the built-in packs that apply beside the log's own.
        owning: the kinds of event whose clerk has a request from then on; none: those that the library takes.
        shown: the views that the page shows of it, see `views`.
    """

    name: str
    file: str
    as_of: str
    words: type[ws.Facts]
    built_in: tuple[str, ...] = BUILT_IN
    owning: frozenset[str] = frozenset()
    shown: tuple[Shown, ...] = ()

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
        """Return the log as a ledger; it is read once in a run, for that is what takes the time."""
        return _read(self, folder)

    def report(self, folder: Path) -> ws.Report:
        """Return what the audit finds."""
        return _report(self, folder)

    def look(self, folder: Path, what: str, by: Group = "clerk") -> Any:
        """Return what a view of the library says of the requests of the log, see `Shown`."""
        return _look(self, folder, what, by)


@cache
def _look(audit: Audit, folder: Path, what: str, by: Group) -> Any:
    asked = (audit.read(folder), audit.calendar(), audit.as_of)
    owning = audit.owning or OWNING_KINDS
    if what == "holders":
        return ws.cases.time_by_holder(*asked, owning=owning)
    if what == "waits":
        return ws.cases.waits_by_cause(*asked, owning=owning)
    return {"handovers": ws.cases.handovers, "performance": ws.cases.performance}[what](*asked, by, owning=owning)


@cache
def _read(audit: Audit, folder: Path) -> ws.Ledger:
    mapping = MAPPINGS / f"{audit.name}.toml"
    return ws.Ledger.read(folder / audit.file, mapping=mapping, calendar=audit.calendar())


@cache
def _report(audit: Audit, folder: Path) -> ws.Report:
    return audit.engine().audit(audit.read(folder), as_of=audit.as_of)


def line(span: Holding) -> str | None:
    """Return the line of support of a team, which the end of its name tells: "G140 2nd"; without it the first."""
    if span.post is None:
        return None
    lines = [word for word in span.post.split()[1:] if word in ("2nd", "3rd")]
    return " and ".join(lines) or "1st"


HOLDERS: Final = Shown("Who had them", "holders")
WAITS: Final = Shown("For what they waited", "waits")
MONTHS: Final = Shown("By month: kept, and the share of the limit that was used", "groups", "month")
TEAMS: Final = Shown("By who had it last", "groups", "team")
AUDITS: Final = {
    audit.name: audit
    for audit in (
        Audit(
            "receipt",
            "receipt.csv.gz",
            "2012-01-23",
            vocabulary.reception,
            ("first_contact", "told_once", "in_time", "standard"),
            frozenset({"accepted", "checked", "authorised", "delivered", "noted"}),
            (
                HOLDERS,
                Shown("From group to group", "handovers", "post"),
                Shown("What cases took, by group", "performance", "post"),
                Shown("By the clerk who answers for the case", "verdicts", "responsible", "receipt/deadline_kept"),
            ),
        ),
        Audit(
            "bpic2015_1",
            "bpic2015_1.parquet",
            "2015-08-01",
            vocabulary.permit,
            shown=(
                HOLDERS,
                WAITS,
                Shown("By the clerk who answers for the case", "verdicts", "responsible", "in_time/statute_kept"),
                MONTHS,
            ),
        ),
        Audit(
            "helpdesk_it",
            "helpdesk_it.parquet",
            "2014-01-03",
            vocabulary.ticket,
            shown=(
                HOLDERS,
                WAITS,
                Shown("From clerk to clerk", "handovers"),
                Shown("What tickets took, by clerk", "performance"),
                Shown("By workgroup", "verdicts", "workgroup", "commitment/commitment_kept"),
                MONTHS,
                TEAMS,
            ),
        ),
        Audit(
            "boston311",
            "boston311_sample.csv.gz",
            "2025-01-08",
            vocabulary.city,
            shown=(Shown("By department", "verdicts", "department", "city/deadline_kept"),),
        ),
        Audit(
            "bpic2013_incidents",
            "bpic2013_incidents.parquet",
            "2012-05-23",
            vocabulary.incident,
            ("first_contact", "in_time", "commitment"),
            shown=(
                HOLDERS,
                WAITS,
                Shown("From team to team", "handovers", "post"),
                Shown("From line to line", "handovers", line),
                Shown("What incidents took, by team", "performance", "post"),
                MONTHS,
                TEAMS,
            ),
        ),
        Audit(
            "bpic2012_loans",
            "bpic2012_loans.parquet",
            "2012-03-14",
            vocabulary.loan,
            ("told_once",),
            shown=(
                HOLDERS,
                WAITS,
                Shown("From clerk to clerk", "handovers"),
                Shown("What applications took, by clerk", "performance"),
            ),
        ),
    )
}
FINES: Final = Audit("road_traffic_fines", "road_traffic_fines.parquet", "2013-06-30", vocabulary.fine, ())
"""Too many rows to read one by one in every run: a part is read as a ledger, the whole is judged in columns."""
