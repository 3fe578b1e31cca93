"""What if: other figures, hours, catalogue and rules, asked of objects, frames and ledgers, and by command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.engines import built_in

import windowservice as ws
from windowservice.cli.app import app

BASIS = ws.Basis("contract")
HOURS = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", name="desk")


class ticket(ws.Facts):
    """A ticket."""

    id = ws.key("Id")
    customer = ws.fact(str, "Customer")
    replies = ws.fact(int, "Replies")


promised = ws.Figure(
    "promised", int, {"ACME": {"2024-01-01": 2, "2024-06-01": 3}, "BETA": {"2024-01-01": 1}}, basis=BASIS
)
least = ws.Figure("least", int, {"2024-01-01": 1}, basis=BASIS)
answered = ws.Rule("answered", title="Answered", require=ticket.replies >= promised[ticket.customer])
any_reply = ws.Rule("any_reply", title="Any", require=ticket.replies >= least)
PACK = ws.Pack("desk", version="1", rules=[answered, any_reply])
ENGINE = ws.Engine.load(packs=[PACK], calendars=HOURS, installed=False)
TICKETS = [
    {"id": f"{customer}{n}", "customer": customer, "replies": n} for customer in ("ACME", "BETA") for n in range(4)
]


def _passed(engine: ws.Engine, as_of: str = "2024-07-01") -> set[str]:
    report = engine.audit(TICKETS, as_of=as_of, of=ticket)
    return {finding.key for finding in report.of_rule("answered", ws.Verdict.PASS)}


@pytest.mark.parametrize("as_of", ["2024-02-01", "2024-07-01"])
@pytest.mark.parametrize(
    ("given", "acme", "beta"),
    [
        ({"ACME": 1}, 1, 1), (0, 0, 0), ({"ACME": 9, "BETA": 2}, 9, 2), ({("ACME",): 1}, 1, 1),
    ],
)  # fmt: skip
def test_a_value_holds_at_all_times(as_of: str, given: Any, acme: int, beta: int) -> None:
    """Whatever the history of the figure says; lines that are not named stay."""
    wanted = {f"ACME{n}" for n in range(4) if n >= acme} | {f"BETA{n}" for n in range(4) if n >= beta}
    assert _passed(ENGINE.what_if(figures={"promised": given}), as_of) == wanted


def test_a_value_with_a_date_holds_from_it_on() -> None:
    """As an adjustment would."""
    other = ENGINE.what_if(figures={"promised": {"ACME": {"2024-06-15": 0}}})
    assert "ACME0" in _passed(other, "2024-07-01")
    assert "ACME0" not in _passed(other, "2024-06-10")


def test_a_figure_without_keys_and_a_rule_are_assumed_too() -> None:
    """And what is assumed says so in the finding; the engine asked stays as it is."""
    other = ENGINE.what_if(figures={"least": 3})
    found = other.check(TICKETS[1], as_of="2024-07-01").finding("ACME1", "any_reply")
    assert found.verdict == "fail"
    assert [str(one.basis) for one in found.evidence.figures] == ["what if [assumption]"]
    swapped = ENGINE.what_if(rules={"any_reply": ws.Rule("any_reply", title="Any", require=ticket.replies >= 2)})
    assert swapped.check(TICKETS[1], as_of="2024-07-01").verdicts["any_reply"] == "fail"
    assert ENGINE.check(TICKETS[1], as_of="2024-07-01").verdicts["any_reply"] == "pass"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"figures": {"promisd": 1}}, "did you mean 'promised'"),
        ({"figures": {"promised": {"ACNE": 1}}}, "did you mean 'ACME'"),
        ({"figures": {"promised": {"ACME": "two"}}}, "promised"),
        ({"figures": {"least": {"ACME": 1}}}, "is not a date"),
        ({"rules": {"anser": any_reply}}, "unknown rule"),
        ({"calendars": {"dsk": HOURS}}, "dsk"),
    ],
)  # fmt: skip
def test_what_cannot_be_assumed_is_refused(asked: dict[str, Any], said: str) -> None:
    """With the nearest name, or what the figure can be."""
    with pytest.raises(ws.WindowserviceError, match=said):
        ENGINE.what_if(**asked)


def test_hours_that_are_assumed_go_before_those_of_a_ledger(tmp_path: Path) -> None:
    """A ledger states the hours of its window; asked what other hours would do, they are not put back."""
    (tmp_path / "requests.csv").write_text("id,bank,service\nR,B,S10\n")
    at = [("03 09:40", "submitted"), ("03 09:50", "accepted"), ("10 16:30", "checked"), ("10 16:40", "decided")]
    (tmp_path / "events.csv").write_text("request,at,kind,by\n" + "".join(f"R,2018-05-{t},{k},w\n" for t, k in at))
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n[calendar]\nchina = "08:30-17:00"\n')
    engine = built_in().only("commitment_kept")
    book = ws.Ledger.read(tmp_path)
    hours = ws.WorkCalendar.china("08:30-12:00")
    reports = [one.audit(book, as_of="2018-05-31") for one in (engine, engine.what_if(calendars={"window": hours}))]
    dues = [report.finding("R", "commitment_kept").clocks["request.commitment_clock"].due for report in reports]
    assert [due.hour for due in dues] == [17, 12]


def test_history_tells_every_line_with_its_source() -> None:
    """By figure and day, and what an amendment put in the rule's place."""
    twice = ws.Rule("any_reply", title="Any", require=ticket.replies >= 2)
    amended = ENGINE.amended(
        ws.Adjust("promised", {"ACME": {"2024-09-01": 4}}, ws.Basis("annex 2")),
        ws.Replace("desk/any_reply", twice, ws.Basis("annex 3")),
    )
    lines = amended.history("answered").figures
    assert [(line.name, line.since, line.value) for line in lines] == [
        ("promised[ACME]", date(2024, 1, 1), 2), ("promised[ACME]", date(2024, 6, 1), 3),
        ("promised[ACME]", date(2024, 9, 1), 4), ("promised[BETA]", date(2024, 1, 1), 1),
    ]  # fmt: skip
    assert "annex 2" in str(amended.history("answered"))
    texts = amended.history("any_reply").texts
    assert [(str(rule.require), str(basis)) for rule, basis in texts] == [
        ("ticket.replies >= figure.least", "None"), ("ticket.replies >= 2", "annex 3 [known]"),
    ]  # fmt: skip
    with pytest.raises(ws.WindowserviceError, match="did you mean 'answered'"):
        ENGINE.history("anwered")


def test_the_commands_show_what_changes(tmp_path: Path) -> None:
    """Figures, hours and a second day; a mistake is told in a line."""
    (tmp_path / "requests.csv").write_text("id,bank,service\nR,B,S10\n")
    at = [("03 09:40", "submitted"), ("03 09:50", "accepted"), ("10 15:30", "checked"), ("10 15:40", "decided")]
    (tmp_path / "events.csv").write_text("request,at,kind,by\n" + "".join(f"R,2018-05-{t},{k},w\n" for t, k in at))
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n')

    def run(command: str, *more: str) -> Any:
        return CliRunner().invoke(
            app, [command, str(tmp_path), "--as-of", "2018-05-31", "--rules", "commitment_kept", *more]
        )

    assert "pass -> fail: 1" in run("what-if", "--figure", "commitment[S10]=2 working days").stdout
    assert "0 of 1 verdicts change" in run("what-if", "--figure", "commitment[S10]=20 working days").stdout
    found = json.loads(run("compare", "--and", "2018-05-04", "--format", "json").stdout)
    assert found["changes"] == [
        {"record": "R", "rule": "commitment/commitment_kept", "before": "pass", "after": "pending"}
    ]
    for wrong in (("--figure", "commitment[S10"), ("--figure", "comitment=1"), ("--hours", "windw=9-5"), ()):
        result = run("what-if", *wrong)
        assert (result.exit_code, "Traceback" in result.output) == (2, False)
