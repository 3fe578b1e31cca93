"""The tools: each asks the public functions and puts what they say into the form of its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Annotated, Any, Final

import attrs
from pydantic import BaseModel, Field

from windowservice.assistant.answers import (
    CalendarFound,
    Calendars,
    Checked,
    Day,
    Derived,
    Explained,
    FactFound,
    Facts,
    FindingFound,
    RuleFound,
    Rules,
    Span,
    TypeFound,
)
from windowservice.assistant.folder import MOST_BYTES, Folder
from windowservice.engine.engine import Engine
from windowservice.engine.loading.facts import RecordFacts
from windowservice.engine.report.explaining import shown
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.report import Report
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidValue, NoDefaultCalendar, UnknownName
from windowservice.facts.requests.request import request
from windowservice.reports.rules import RuleCard, cards
from windowservice.testing.records import read_record
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.clock.days import DeadlineDay
from windowservice.worktime.clock.deadline import Used
from windowservice.worktime.clock.stops import Notice, Stop
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["MOST_DAYS", "MOST_ROWS", "Tools"]

MOST_DAYS: Final = 120
MOST_ROWS: Final = 50
_MOST_STOPS: Final = 200
_SHOWN: Final = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING, Verdict.PASS)

Short = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=500)]
When = Annotated[
    str, Field(max_length=40, description="An instant with its offset, as in 2018-05-03T09:40+08:00; or a day.")
]
Record = Annotated[dict[str, Any], Field(description="The record as JSON. Ask `list_facts` for what it may hold.")]
Path = Annotated[str, Field(max_length=300, description="A path inside the folder, as in records/R-1.json.")]
OfType = Annotated[str, Field(max_length=100, description="The record type of the record; not needed for requests.")]


class GivenStop(BaseModel):
    """Time that does not count."""

    begin: When
    end: When | None = None
    reason: Short
    written: bool | None = Field(None, description="Whether the applicant was told in writing; some reasons need it.")


class GivenNotice(BaseModel):
    """A notice of missing papers."""

    told: When
    completed: When | None = None


@attrs.frozen
class Tools:
    """What an assistant may ask of an engine.

    Attributes:
        engine: what judges.
        folder: the folder whose files may be read.
    """

    engine: Engine
    folder: Folder = attrs.field(factory=Folder)

    def deadline(
        self, start: When, limit: Short, calendar: Short = "", calendar_file: Path = "",
        stops: Annotated[list[GivenStop], Field(max_length=_MOST_STOPS)] = [],  # noqa: B006 - never changed
        notices: Annotated[list[GivenNotice], Field(max_length=_MOST_STOPS)] = [],  # noqa: B006
        as_of: When | None = None, done: When | None = None,
    ) -> Derived:  # fmt: skip
        """When a limit such as "3 working days" or "4 working hours" ends, derived day by day.

        Each day says its open hours, why it is closed (holiday, layer, source), when the clock stood still, and what it
        used of the limit. Never count working days yourself: ask. `as_of` says up to when things are known; an open
        stop needs it. Without `calendar` the default one counts; `list_calendars` names them.
        """
        counted, found = Limit.parse(limit), self._calendar(calendar, calendar_file)
        said: dict[str, Any] = {
            "calendar": found, "as_of": as_of, "done": done,
            "stops": [Stop(one.begin, one.end, one.reason, one.written) for one in stops],
            "notices": [Notice(one.told, one.completed) for one in notices],
        }  # fmt: skip
        due = counted.deadline(start, **said)
        days = [_day(one) for one in islice(counted.by_day(start, **said), MOST_DAYS)]
        between = abs((due.last_day - due.start.date()).days) + 1
        return Derived(
            limit=str(due.limit), calendar=found.name, calendar_version=found.version, zone=found.timezone,
            start=due.start.isoformat(), due=due.due.isoformat(), last_day=due.last_day.isoformat(),
            at_risk=None if due.at_risk is None else due.at_risk.isoformat(), state=str(due.state),
            worked=shown(due.worked), remaining=shown(due.remaining), late_by_seconds=due.late_by.total_seconds(),
            provisional=due.provisional, earliest_due=due.earliest_due.isoformat(),
            latest_due=due.latest_due.isoformat(), unit=_unit(due.worked),
            remarks=[f"{one.code} at {one.at}: {one.what}" for one in due.remarks], days=days,
            days_left_out=max(0, between - len(days)),
        )  # fmt: skip

    def check(self, as_of: When, record: Record | None = None, file: Path = "", record_type: OfType = "") -> Checked:
        """What the rules say of one record: JSON given as `record`, or in a `file` of the folder.

        Without `record_type` it is a request (id, bank, service, events). A day as `as_of` means its end. `explain`
        tells all of one verdict.
        """
        return _checked(self._judged(as_of, record, file, record_type))

    def explain(
        self, rule: Short, as_of: When, record: Record | None = None, file: Path = "", record_type: OfType = "",
        ledger: Path = "", key: Short = "",
    ) -> Explained:  # fmt: skip
        """Why a rule says what it says: values read, figures in force with their basis, clocks, what is missing.

        Of a record as in `check`; or of the record `key` of a `ledger`, a folder of tables inside the folder.
        """
        if ledger:
            if record is not None or file:
                raise InvalidValue("ledger", ledger, "given alone: with record or file there is no ledger to read")
            finding = self._audited(ledger, as_of).finding(key, rule)
        else:
            report = self._judged(as_of, record, file, record_type)
            finding = report.finding(key or report.subjects[0].key, rule)
        return Explained(text=finding.explain(), finding=finding.to_dict())

    def list_rules(self, name: Short = "") -> Rules:
        """The rules in force, with severity, condition, basis and figures; of one rule or pack if `name` is given."""
        return _rules(cards(self.engine.only(name) if name else self.engine))

    def search_rules(self, words: Words) -> Rules:
        """Rules that speak of something: those whose name, titles, policy, conditions or figures hold the words."""
        wanted = set(re.findall(r"\w+", words.lower()))
        if not wanted:
            raise InvalidValue("words", words, "at least one word, as in 'acceptance receipt'")
        found = [(_matches(card, wanted), card) for card in cards(self.engine)]
        best = sorted((pair for pair in found if pair[0]), key=lambda pair: -pair[0])
        return _rules([card for _, card in best])

    def list_facts(self, record_type: OfType = "") -> Facts:
        """The record types; with `record_type` all that may be said of one: facts with types, units and words."""
        found = self.engine.facts(record_type or None)
        shown_types = [_type(one, whole=bool(record_type)) for one in found[: 4 * MOST_ROWS]]
        return Facts(types=shown_types, left_out=len(found) - len(shown_types))

    def list_calendars(self) -> Calendars:
        """The calendars that count working time, and which of them is the default."""
        found = [
            CalendarFound(
                name=name, zone=one.timezone, known_from=_text(one.known_from), known_until=_text(one.known_until),
                version=one.version,
            )
            for name, one in sorted(self.engine.calendars.items())
        ]  # fmt: skip
        return Calendars(calendars=found, default=self._default())

    def _default(self) -> str | None:
        try:
            return self.engine.calendar.name
        except NoDefaultCalendar:
            return None

    def _calendar(self, name: str, file: str) -> WorkCalendar:
        if file:
            return WorkCalendar.from_toml(self.folder.file(file, "calendar_file"))
        if not name:
            return self.engine.calendar
        if name not in self.engine.calendars:
            raise UnknownName("calendar", name, tuple(sorted(self.engine.calendars)))
        return self.engine.calendars[name]

    def _judged(self, as_of: str, record: Mapping[str, Any] | None, file: str, record_type: str) -> Report:
        if (record is None) == (not file):
            raise InvalidValue("record", None, "given, or file: one of the two")
        text = _written(record) if record is not None else self.folder.file(file, "file").read_text("utf-8")
        if len(text) > MOST_BYTES:
            raise InvalidValue("record", f"{len(text):,} characters", f"at most {MOST_BYTES:,}")
        if record_type in ("", request.__name__):
            from windowservice.domain.requests.request import Request

            return self.engine.check(Request.from_json(text, kinds=self.engine.event_kinds, where=file), as_of=as_of)
        known = {of.__name__: of for of in self.engine.judged_vocabularies}
        if record_type not in known:
            raise UnknownName("record type", record_type, tuple(known))
        of = known[record_type]
        return self.engine.check(read_record(of, text, file), as_of=as_of, of=of)

    def _audited(self, ledger: str, as_of: str) -> Report:
        book = self.engine.read(self.folder.ledger(ledger), as_of=as_of)
        return self.engine.audit(book, as_of=as_of)


def _type(one: RecordFacts, *, whole: bool) -> TypeFound:
    facts = [
        FactFound(
            name=fact.name.partition(".")[2], title=fact.title, type=fact.type, unit=fact.unit or None,
            required=fact.required, words=list(fact.words), derived_from=fact.formula or None,
        )
        for fact in one.facts if whole
    ]  # fmt: skip
    return TypeFound(name=one.name, title=one.title, children=one.children or None, judged=one.judged, facts=facts)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _matches(card: RuleCard, words: set[str]) -> int:
    """Return how well a rule fits the words: those in its name and titles count twice."""
    rule = card.loaded.rule
    title, all_of_it = (
        json.dumps(said, ensure_ascii=False, default=str).lower()
        for said in ([card.loaded.name, *rule.title.values()], card.to_dict())
    )
    return sum((word in title) + (word in all_of_it) for word in words)


def _unit(used: Used) -> str:
    if isinstance(used, WorkSpan):
        return "open time"
    return "real time" if isinstance(used, timedelta) else "days"


def _written(record: Mapping[str, Any]) -> str:
    try:
        return json.dumps(record)
    except (ValueError, RecursionError):
        wanted = "JSON of a few levels, with numbers of at most some hundred digits"
        raise InvalidValue("record", "a record that cannot be written out", wanted) from None


def _day(one: DeadlineDay) -> Day:
    day = one.calendar
    return Day(
        day=day.day.isoformat(), weekday=f"{day.day:%A}", open=[f"{a:%H:%M}-{b:%H:%M}" for a, b in day.sessions],
        why=day.reason, layer=day.layer, source=day.source, known=day.known, counted=shown(one.counted),
        used=shown(one.used), restarted=one.restarted,
        stops=[Span(begin=stop.begin.isoformat(), end=stop.end.isoformat(), reason=stop.reason) for stop in one.stops],
    )  # fmt: skip


def _checked(report: Report) -> Checked:
    found = [finding for verdict in _SHOWN for finding in report.gravest(verdict)]
    return Checked(
        as_of=report.as_of.isoformat(), engine=report.engine.version,
        counts={str(verdict): number for verdict, number in report.counts.items()},
        findings=[_finding(one) for one in found[: 4 * MOST_ROWS]], left_out=max(0, len(found) - 4 * MOST_ROWS),
    )  # fmt: skip


def _finding(one: Finding) -> FindingFound:
    said = one.to_dict()
    return FindingFound(
        key=one.key, rule=one.rule, verdict=str(one.verdict), severity=one.severity, title=one.title(),
        summary=said["summary"],
    )  # fmt: skip


def _rules(found: list[RuleCard]) -> Rules:
    rules = [RuleFound(**{name: card.to_dict()[name] for name in RuleFound.model_fields}) for card in found[:MOST_ROWS]]
    return Rules(rules=rules, left_out=len(found) - len(rules))
