"""Matters at a window in short notation, each with the verdict that one rule has to give and by how much it is missed.

The events of a matter stand in one text, apart by semicolons: ``05-03 09:40 submitted wang; 10:05 notified wang
items=S10-M2 written``. An event is when, what, and who if it is known; then what its kind needs: ``to=li``,
``items=A+B``, ``reason=hearing``, ``amount=2_working_days``, ``slot=09:00-09:30`` (on the day given as in
``slot=05-08_09:00-09:30``), ``written``, ``unwritten``. A day holds until another is named; a day without a year is one
of 2018, when 3 May was a Thursday, 28 April a worked Saturday, and 29 April to 1 May were off. Times are China's.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from tests.engines import built_in

import windowservice as ws
from windowservice.cli.app import app
from windowservice.domain.requests.kinds import EVENT_KINDS

LATER = "2018-06-29"
BANK = "105221000018"
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86_400))


@attrs.frozen
class Case:
    """What happened to one matter, and what a rule has to say of it.

    Attributes:
        what: what happened, in words.
        events: the events, in the notation of this module.
        verdict: what the rule says.
        number: by how much it is missed (a count, or real time), for a failure that has a measure.
        said: a part of the finding's line: the number in words, or what is missing.
        service: the kind of business.
        as_of: the instant judged.
        unrecorded: kinds of event, apart by blanks, that the ledger does not record.
        posted: the commitments posted for the kind instead of the catalogue's, as in ``04-02: 5 working days``.
    """

    what: str
    events: str
    verdict: str
    number: Any = None
    said: str = ""
    service: str = attrs.field(default="S10", kw_only=True)
    as_of: str = attrs.field(default=LATER, kw_only=True)
    unrecorded: str = attrs.field(default="", kw_only=True)
    posted: str = attrs.field(default="", kw_only=True)

    def request(self, name: str = "R-1") -> ws.Request:
        """Return the matter."""
        recorded = EVENT_KINDS - set(self.unrecorded.split()) if self.unrecorded else None
        return ws.Request(name, BANK, self.service, events=list(events_of(self.events)), recorded=recorded)

    @property
    def when(self) -> str:
        """The instant judged, as the library takes it."""
        day, _, clock = self.as_of.partition(" ")
        return f"{_day(day)}T{clock}+08:00" if clock else _day(day)


Table = Mapping[str, list[Case]]


def events_of(text: str) -> Iterator[ws.Event]:
    """Yield the events that the text tells of."""
    day = ""
    for line in filter(str.strip, text.split(";")):
        words = line.split()
        if words[0].count("-"):
            day = _day(words.pop(0))
        clock, kind, *rest = words
        fields: dict[str, Any] = {}
        for word in rest:
            name, _, value = word.partition("=")
            fields |= _field(name, value, day)
        yield ws.Event(f"{day}T{clock}+08:00", kind, **fields)


def _day(text: str) -> str:
    return text if len(text) == len("2018-05-03") else f"2018-{text}"


def _field(name: str, value: str, day: str) -> dict[str, Any]:
    if name in ("written", "unwritten"):
        return {"written": name == "written"}
    if not value:
        return {"by": name}
    if name == "items":
        return {"items": set(value.split("+"))}
    if name == "slot":
        on, _, clocks = value.rpartition("_")
        begin, end = clocks.split("-")
        return {"slot": tuple(f"{_day(on) if on else day}T{clock}+08:00" for clock in (begin, end))}
    return {name: value.replace("_", " ") if name == "amount" else value}


def cases(table: Table) -> list[Any]:
    """Return the rows of a table as parameters (rule, case) of a test."""
    return [pytest.param(rule, case, id=f"{rule}: {case.what}") for rule, rows in table.items() for case in rows]


@cache
def engine(service: str = "", posted: str = "") -> ws.Engine:
    """Return the engine with the built-in packs, and with what is posted for one kind if that is given."""
    loaded = built_in()
    if not posted:
        return loaded
    basis = ws.Basis("Posters at the window", issued="2018-01-02")
    return loaded.amended(ws.Adjust("commitment", {service: dict(_posters(posted))}, basis))


def _posters(text: str) -> Iterator[tuple[str, str]]:
    """Yield since when which limit was posted."""
    for poster in text.split(";"):
        since, _, limit = poster.strip().partition(": ")
        yield _day(since), limit


def judged(case: Case) -> ws.Report:
    """Return the report of one matter, by the Python API."""
    return engine(case.service if case.posted else "", case.posted).check(case.request(), as_of=case.when)


def assert_judged(rule: str, case: Case) -> None:
    """Assert that the rule says what the case wants, with its number and in words."""
    finding = judged(case).finding("R-1", rule)
    assert finding.verdict == case.verdict, finding.explain()
    if case.number is not None:
        assert finding.shortfall.amount == case.number, finding.explain()
    assert case.said in str(finding), finding.explain()
    if case.verdict == "fail":
        assert finding.shortfall is not None
        assert case.said, "a failure says by how much"


def assert_shown_three_ways(table: Table) -> None:
    """Assert that each rule of the table is shown once passing, once failing and once unknown."""
    for rule, rows in table.items():
        assert {"pass", "fail", "unknown"} <= {case.verdict for case in rows}, rule


def assert_audited(table: Table, folder: Path) -> None:
    """Assert that audits say the same of the cases judged later, from the CSV files of ledgers.

    The ledger of most cases is audited by the command line; those with kinds not recorded, or posters, by the API.
    """
    for place, group in enumerate(_of_one_ledger(table)):
        path = folder / str(place)
        _write_ledger(group, path)
        found = _told_by_command(path, table) if place == 0 else _told(path, group)
        for number, (rule, case) in enumerate(group):
            _assert_plain(found[f"R-{number}", rule], case)


Found = dict[tuple[str, str], dict[str, Any]]
"""Findings by record and rule, as a program gets them."""


def _told_by_command(path: Path, rules: Iterable[str]) -> Found:
    words = ["audit", str(path), "--as-of", LATER, "--format", "json", "--show", "all", "--rules", ",".join(rules)]
    document = json.loads(CliRunner().invoke(app, words).stdout)
    assert document["load"]["rejected"] == 0, document["load"]
    return {(finding["key"], finding["rule"]): finding for finding in document["findings"]}


def _told(path: Path, group: list[tuple[str, Case]]) -> Found:
    ledger = ws.Ledger.read(path)
    report = engine().audit(ledger, as_of=LATER)
    assert ledger.report.rejected == 0, ledger.report
    keys = [(f"R-{number}", rule) for number, (rule, _) in enumerate(group)]
    return {key: report.finding(*key).to_dict() for key in keys}


def assert_checked(table: Table) -> None:
    """Assert that the command ``check`` says the same of the row's first failure, given as JSON."""
    plain = ((rule, case) for rule, rows in table.items() for case in rows if not case.posted)
    rule, case = next(row for row in plain if row[1].verdict == "fail")
    words = ["check", "-", "--as-of", case.when, "--format", "json"]
    result = CliRunner().invoke(app, words, input=case.request().to_json())
    _assert_plain({f["rule"]: f for f in json.loads(result.stdout)["findings"]}[rule], case)


def _assert_plain(finding: dict[str, Any], case: Case) -> None:
    """Assert that a finding as a program gets it says what the case wants."""
    assert finding["verdict"] == case.verdict, (case, finding)
    assert case.said in finding["summary"], (case, finding)
    if case.number is not None:
        number = case.number.total_seconds() if isinstance(case.number, timedelta) else case.number
        assert finding["shortfall"]["amount"] == number, (case, finding)


def _of_one_ledger(table: Table) -> Iterable[list[tuple[str, Case]]]:
    """Return the cases judged later by what a ledger states once (kinds recorded, posters), most cases first."""
    groups: dict[Any, list[tuple[str, Case]]] = {}
    for rule, rows in table.items():
        for case in rows:
            if case.as_of == LATER:
                posted = case.posted and (case.service, case.posted)
                groups.setdefault((case.unrecorded, posted), []).append((rule, case))
    return sorted(groups.values(), key=len, reverse=True)


def _write_ledger(group: list[tuple[str, Case]], path: Path) -> None:
    path.mkdir()
    _, first = group[0]
    settings = 'zone = "Asia/Shanghai"\n'
    if first.unrecorded:
        settings += f"recorded = {json.dumps(sorted(EVENT_KINDS - set(first.unrecorded.split())))}\n"
    (path / "ledger.toml").write_text(settings, "utf-8")
    if first.posted:
        rows = [f"{first.service},{since},{limit}" for since, limit in _posters(first.posted)]
        (path / "services.csv").write_text("\n".join(("id,since,commitment", *rows)), encoding="utf-8")
    with (path / "requests.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "bank", "service"))
        writer.writerows((f"R-{number}", BANK, case.service) for number, (_, case) in enumerate(group))
    with (path / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = ("by", "to", "reason", "amount")
        writer.writerow(("request", "at", "kind", *names, "items", "written", "slot_begin", "slot_end"))
        for number, (_, case) in enumerate(group):
            for event in case.request().events:
                written = {True: "yes", False: "no", None: ""}[event.written]
                slot = ["", ""] if event.slot is None else [instant.isoformat() for instant in event.slot]
                writer.writerow(
                    (
                        f"R-{number}", event.at.isoformat(), event.kind, *(getattr(event, name) for name in names),
                        ";".join(sorted(event.items or ())), written, *slot,
                    )
                )  # fmt: skip
