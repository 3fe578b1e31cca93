"""What beginners get wrong: each slip is told where it is made, in words that help, and none of them passes."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.facts import request as r

ENGINE = built_in()
SUBMITTED = ws.Event("2018-05-03T09:40+08:00", "submitted")
REQUEST = ws.Request("R-1", "105221000018", "S10", events=[SUBMITTED])


def with_kind(kind: str) -> ws.Request:
    """Return a request with one more event, of that kind."""
    return ws.Request("R-1", "105221000018", "S10", events=[SUBMITTED, ws.Event("2018-05-03T10:00+08:00", kind)])


DAY = "2018-05-04"
SLIPS: dict[str, tuple[Callable[[], Any], str]] = {
    "a time without a zone": (lambda: ws.Event("2018-05-03T09:40", "submitted"), "write it with an offset"),
    "a bare date for an event": (lambda: ws.Event("2018-05-03", "submitted"), "its midnight and date_only=True"),
    "a misspelt kind of event": (lambda: ENGINE.check(with_kind("desided"), as_of=DAY), "did you mean 'decided'"),
    "as_of in words": (lambda: ENGINE.check(REQUEST, as_of="yesterday"), "as_of: 'yesterday'"),
    "a dict for a request": (lambda: ENGINE.check(REQUEST.to_dict(), as_of=DAY), "which rules apply to a dict"),
    "a path for a ledger": (lambda: ENGINE.audit("ledger/", as_of=DAY), "read one by Ledger.read"),  # type: ignore[arg-type]
    "one request for many": (lambda: ENGINE.audit(REQUEST, as_of=DAY), "for a single record call check"),  # type: ignore[arg-type]
    "a text for a set": (lambda: ws.Event("2018-05-03T09:40+08:00", "notified", items="S10-M2"), "a set of item ids"),
    "days that are not said": (lambda: ws.due(r.submitted_at, "1 day"), "write one of: 1 working day"),
    "and between conditions": (lambda: r.amount > 1 and r.amount < 3, "write &, |, ~"),
    "None as a value": (lambda: r.amount == None, "write .is_missing()"),  # noqa: E711 - the slip is the test
    "a word of no enumeration": (lambda: ws.Rule("x", "x", r.amount > 0, severity="grave"), "severity 'grave'"),  # type: ignore[arg-type]
    "a rule that is not there": (lambda: ENGINE.only("statute_kep"), "statute_kept"),
    "a ledger that is not there": (lambda: ws.Ledger.read("no-such-folder"), "there is no such file or folder"),
    "hours of nobody's clock": (lambda: ws.WorkCalendar("Asia/Shanghai", "mon-fri 9-5"), "write sessions such as"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_told(slip: str) -> None:
    """The error is one of ours and says what to write instead."""
    act, told = SLIPS[slip]
    with pytest.raises(ws.WindowserviceError) as caught:
        act()
    assert told in str(caught.value)


def test_misspelt_kind_never_passes() -> None:
    """In an audit, a request with an event of an unknown kind is an error, and the others are judged."""
    report = ENGINE.audit([with_kind("desided"), REQUEST], as_of="2018-05-04")
    assert not report.passed
    assert {finding.verdict for finding in report.filter(key="R-1")} > {"error"}
    assert len(report.errors) == len(ENGINE.runner_of(None, r).rules)


def test_kind_of_a_plugin_is_known() -> None:
    """A kind that a plugin declares is no slip."""

    class plugin:
        @ws.hookimpl
        @staticmethod
        def windowservice_event_kinds() -> list[str]:
            return ["sealed"]

    engine = ws.Engine.load(plugins=[plugin], installed=False)
    assert engine.check(with_kind("sealed"), as_of="2018-05-04").counts["error"] == 0


def module(name: str, **functions: object) -> ModuleType:
    """Return a module with those functions."""
    found = ModuleType(name)
    vars(found).update(functions)
    return found


def rules() -> list[ws.Pack]:
    """Return a pack, as a hook would."""
    return [ws.Pack("mine", version="1", rules=[ws.Rule("any", title="Any", require=r.amount > 0)])]


@pytest.mark.parametrize(
    ("slip", "told"),
    [
        (
            module("unmarked", windowservice_packs=lambda: rules()),
            "'unmarked' cannot be loaded: .*windowservice_packs is not marked, .* @windowservice.hookimpl above it",
        ),
        (module("misspelt", windowservice_pack=ws.hookimpl(lambda: [])), "windowservice_pack"),
        (
            SimpleNamespace(windowservice_packs=ws.hookimpl(lambda: rules())),
            "'SimpleNamespace' cannot be loaded: .* a module",
        ),
        (rules()[0], "'Pack' cannot be loaded"),
        ("dalian", "a module or an object with hooks, not its name; import it: 'dalian'"),
    ],
    ids=["a function without its mark", "a hook that does not exist", "no module", "a pack", "the name of a module"],
)
def test_plugin_that_offers_nothing_is_told(slip: object, told: str) -> None:
    """A plugin that would be loaded and do nothing is refused by name; left out, it does not harm the next one."""
    with pytest.raises(ws.WindowserviceError, match=told):
        ws.Engine.load(plugins=[slip], installed=False)
    good = module("good", windowservice_packs=ws.hookimpl(lambda: rules()))
    engine = ws.Engine.load(plugins=[slip, good], installed=False, strict=False)
    assert engine.packs[-1].name == "mine"
    assert len(engine.absent) == 1


HOSTILE = [
    "__import__('os').system('touch owned')",
    "request.__class__.__mro__[1].__subclasses__()",
    "(lambda: 1)()",
    "[x for x in (1,)]",
    "open('/etc/passwd').read() == ''",
    "request.amount > " + "9" * 9_999,
    "request.amount" + ".otherwise(1)" * 200 + " > 1",
    "request.amount > 1 if request.amount else exit()",
    "request.amount > (x := 1)",
    "f'{request.amount}' == ''",
    "not " * 2_000 + "request.amount > 1",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_of_a_rule_is_data(text: str) -> None:
    """A rule's text that would do something, or be too much, is refused as text and nothing happens."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    toml = f"""schema_version = 1
name = "hostile"
version = "1"
[basis]
x = {{ text = "x", mark = "assumption" }}
[[rules]]
name = "hostile"
title = {{ en = "x" }}
require = "{quoted}"
basis = "x"
"""
    with pytest.raises(ws.WindowserviceError):
        ws.read_pack(toml, vocabularies=[r])


def test_hostile_cells_are_text() -> None:
    """Cells that begin like formulas, or hold markup, are kept as text and shown escaped."""
    ledger = ws.Ledger.read(
        {
            "requests": [{"id": "=cmd|' /C calc'!A0", "bank": "<script>alert(1)</script>", "service": "S10"}],
            "events": [{"request": "=cmd|' /C calc'!A0", "at": "2018-05-03 09:40", "kind": "submitted"}],
        },
        zone="Asia/Shanghai",
    )
    report = ENGINE.audit(ledger, as_of="2018-05-30")
    assert "<script>" not in report._repr_mimebundle_()["text/html"]
    assert [request.id for request in ledger] == ["=cmd|' /C calc'!A0"]


STEERING = "R-1\n\x1b[31mR-2 pass\u202e"


def test_hostile_ids_forge_no_line() -> None:
    """Control characters of a cell are written out in one-liners and explanations, so none steers a terminal."""
    events = [SUBMITTED, ws.Event("2018-05-03T10:00+08:00", "noted", by=STEERING)]
    report = ENGINE.check(ws.Request(STEERING, "B", "S10", events=events), as_of="2018-05-30")
    finding = report.failures[0]
    for shown in (str(finding), repr(finding), *finding.explain().splitlines(), *str(report).splitlines()):
        assert not {"\x1b", "\u202e"} & set(shown)
    assert len(str(finding).splitlines()) == 1
    assert r"R-1\x0a\x1b[31mR-2 pass " in str(finding)
    assert finding.key == STEERING.removesuffix("\u202e")  # ids are compared as people see them


HUGE = [
    "9" * 5_000,
    "9" * 5_000 + " working days",
    "1e999999999",
    "-1",
    "NaN",
    "\x00",
    "\u202e",
    "=1+1",
    "9999-99-99",
    "[]",
    "\ud800",
]
COLUMNS = ["at", "kind", "seq", "by", "items", "written", "amount", "slot_begin", "score", "note"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("cell", HUGE, ids=range(len(HUGE)))
def test_one_bad_cell_costs_a_row_at_most(column: str, cell: str) -> None:
    """Whatever stands in a cell, the other rows are read, the counts add up, and the audit goes through."""
    good = {"request": "R-1", "at": "2018-05-03 09:40", "kind": "submitted"}
    ledger = ws.Ledger.read(
        {
            "requests": [{"id": "R-1", "bank": "B", "service": "S10"}],
            "events": [good, {**good, "at": "2018-05-03 10:00", "kind": "extended", column: cell}],
        },
        zone="Asia/Shanghai",
    )
    assert ledger.report.read == 3
    assert ledger.report.accepted + ledger.report.rejected == 3
    assert ENGINE.audit(ledger, as_of="2018-05-30").counts["error"] == 0
