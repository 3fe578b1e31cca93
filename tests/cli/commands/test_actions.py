"""The command `actions`: what the ladder proposes, with scores, in every form; a ladder of one's own; bad input."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.engines import built_in
from tests.rules.tables import folder_of

import windowservice as ws
from windowservice.cli.app import app
from windowservice.escalation.scored import pending_admissions
from windowservice.instants import to_us

AS_OF = "2018-06-30"
BANKS = "id,name\nB1,First Bank\nB2,Second Bank\nB3,Third Bank\n"
OCCURRENCES = """\
id,bank,kind,happened_at
Q1,B1,queued_at_close,2018-03-05 17:15
Q2,B1,queued_at_close,2018-04-11 17:15
Q3,B1,queued_at_close,2018-06-20 17:15
X1,B2,non_cooperation,2018-05-02 09:00
"""
ACTIONS = """\
id,bank,action,rows,cause,proposed_at
M1,B2,interview,E25,X1,2018-05-03 09:00
"""
POSITIONS = "id,bank,checkpoint_at,balance,required\n" + "".join(
    f"P{month}{day},B3,2018-{month:02}-{day:02} 15:30,{50 if month > 3 else 200},100\n"
    for month in range(1, 7) for day in range(4, 29, 3)
)  # fmt: skip
STAGES = """\
id,application,bank,stage,began_at,ended_at,passed
A1,APP1,NEW1,review,2018-06-01 09:00,2018-06-04 09:00,yes
A2,APP1,NEW1,test,2018-06-05 09:00,2018-06-05 17:00,no
A3,APP2,NEW2,test,2018-06-05 09:00,2018-06-05 17:00,yes
A4,APP3,NEW3,review,2018-06-28 09:00,,
A5,APP4,NEW4,review,2018-05-01 09:00,2018-05-05 09:00,no
A6,APP5,NEW5,test,2018-04-05 09:00,2018-04-05 17:00,yes
A7,APP5,NEW5,opening,2018-05-05 09:00,,
A8,APP6,NEW6,test,2018-07-05 09:00,2018-07-05 17:00,no
"""
LADDER = """\
schema_version = 1
id = "own"
version = "1"

[basis]
notice = { text = "Notice no. 3 of the branch", mark = "assumption" }

[actions.warn]
rank = 10
zh = "提醒"
en = "warn"
decided_by = "duty_clerk"
due = "2 working days"
basis = "notice"

[[rows]]
id = "X1"
title = { en = "Queues at the close" }
when = "bank_period.queued_at_close >= 2"
action = "warn"
basis = "notice"
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["actions", *map(str, words), "--as-of", AS_OF])


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Banks to which several things happened, one of them answered, and institutions that want to join."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    return folder_of(
        folder, banks=BANKS, occurrences=OCCURRENCES, actions=ACTIONS, positions=POSITIONS, admission_stages=STAGES
    )


def proposed(ledger: Path, *more: object) -> dict[str, dict[str, object]]:
    document = json.loads(run(ledger, *more, "--format", "json").stdout)
    return {row["bank"]: row for row in document["proposals"]}


def test_row_m3_each_bank_has_its_gravest_action_with_rows_and_authority(ledger: Path) -> None:
    """What happened, what scores say and what fails an admission are all read; a handled cause calls for nothing."""
    found = proposed(ledger)
    assert (found["B1"]["action"], found["B1"]["authority"]) == (
        "restrict_new_admission", "branch_president_or_delegate",
    )  # fmt: skip
    assert found["B1"]["cause"] == ["Q1", "Q2", "Q3"]
    assert "B2" not in found
    rows = {row["row"] for row in found["B3"]["matches"]}
    assert {"E20", "E21"} & rows, "three months of shortfalls are a breach of an indicator, on end"
    assert found["NEW1"]["also"] == ["defer_application"]
    assert not set(found) & {"NEW2", "NEW4", "NEW5", "NEW6"}


def test_row_m3_the_command_says_what_the_api_says(ledger: Path) -> None:
    """Proposals of `Engine.propose`, bank by bank."""
    engine = built_in()
    said = engine.propose(ws.Ledger.read(ledger, zone="Asia/Shanghai"), as_of=AS_OF)
    shown = proposed(ledger)
    assert {row.bank: row.action and row.action.id for row in said} == {
        bank: row["action"] for bank, row in shown.items()
    }
    assert {row.bank: sorted(row.cause) for row in said} == {bank: row["cause"] for bank, row in shown.items()}


def test_text_csv_and_chinese_show_the_same_rows(ledger: Path) -> None:
    """The text names action, authority and due day; a spreadsheet has a line for each row that matches."""
    text = run(ledger)
    assert text.exit_code == 1, text.output
    assert "restrict system access of new institutions" in text.stdout
    assert "branch_president_or_delegate" in text.stdout
    assert "限制新设机构系统加入" in run(ledger, "--lang", "zh").stdout
    rows = list(csv.DictReader(io.StringIO(run(ledger, "--format", "csv").stdout)))
    of_b1 = [row for row in rows if row["bank"] == "B1"]
    assert {"E50"} <= {row["row"] for row in of_b1}
    assert {row["proposed"] for row in of_b1} == {"restrict_new_admission"}


def test_one_bank_and_what_could_not_be_told(ledger: Path) -> None:
    """An institution whose test is not over is neither deferred nor cleared; the exit code is 3."""
    only = run(ledger, "--bank", "NEW3")
    assert only.exit_code == 3, only.output
    assert "E60" in only.stdout
    assert "bank_period.admission_test_passed" in only.stdout
    wrong = run(ledger, "--bank", "B11")
    assert wrong.exit_code == 2
    assert "did you mean 'B1'" in wrong.output
    (ledger / "banks.csv").write_text("id,name,former_id,former_until\nB9,First Bank,B1,2018-05-31\n", "utf-8")
    assert set(proposed(ledger, "--bank", "B1")) == {"B9"}


def test_a_ladder_of_ones_own_takes_the_place_of_the_default(ledger: Path, tmp_path: Path) -> None:
    """By --ladder or by the ledger's settings, without Python; a wrong one is refused with its path."""
    (tmp_path / "own.toml").write_text(LADDER, "utf-8")
    stranger = run(ledger, "--ladder", tmp_path / "own.toml")
    assert (stranger.exit_code, "unknown action 'interview'" in stranger.output) == (1, True), stranger.output
    (ledger / "actions.csv").unlink()
    found = proposed(ledger, "--ladder", tmp_path / "own.toml")
    assert {bank: row["action"] for bank, row in found.items()} == {"B1": "warn"}
    assert found["B1"]["due"] == "2018-07-03T17:00:00+08:00"
    (ledger / "own.toml").write_text(LADDER, "utf-8")
    settings = (ledger / "ledger.toml").read_text("utf-8") if (ledger / "ledger.toml").exists() else ""
    (ledger / "ledger.toml").write_text(settings + '\nladder = "own.toml"\n', "utf-8")
    assert {bank: row["action"] for bank, row in proposed(ledger).items()} == {"B1": "warn"}
    (tmp_path / "own.toml").write_text(LADDER.replace('action = "warn"', 'action = "warm"'), "utf-8")
    wrong = run(ledger, "--ladder", tmp_path / "own.toml")
    assert wrong.exit_code == 2
    assert "did you mean 'warn'" in wrong.output


def test_who_is_being_admitted(ledger: Path) -> None:
    """Under way is what began, failed no stage but its test, and was not opened; nothing later is seen."""
    found = pending_admissions(ws.Ledger.read(ledger, zone="Asia/Shanghai"), to_us("2018-07-01T00:00+08:00"))
    assert found == {"NEW1": False, "NEW2": True, "NEW3": None}


def test_an_application_is_told_by_its_number_and_its_last_attempt(tmp_path: Path) -> None:
    """An application that failed says nothing of the next one; a test passed at the second attempt is passed."""
    rows = [
        "A1,APP1,N1,review,2017-01-03 09:00,2017-01-04 09:00,no",
        "A2,APP2,N1,test,2018-06-03 09:00,2018-06-04 09:00,no",
        "A3,APP3,N2,test,2018-06-13 09:00,2018-06-14 09:00,yes",
        "A4,APP3,N2,test,2018-06-03 09:00,2018-06-04 09:00,no",
    ]
    for order in (rows, rows[::-1]):
        stages = STAGES.splitlines()[0] + "\n" + "\n".join(order) + "\n"
        book = ws.Ledger.read(folder_of(tmp_path, admission_stages=stages), zone="Asia/Shanghai")
        assert pending_admissions(book, to_us("2018-07-01T00:00+08:00")) == {"N1": False, "N2": True}


def test_what_no_proposal_rests_on_is_named(ledger: Path) -> None:
    """Rows that were rejected and readings that were refused, by file and row; without them nothing is all clear."""
    (ledger / "occurrences.csv").write_text(OCCURRENCES.replace("2018-03-05 17:15", "5 March"), "utf-8")
    readings = "id,bank,indicator,period,numerator,denominator\nG1,B1,C1,2018-13,1,2\n"
    (ledger / "readings.csv").write_text(readings, "utf-8")
    text = run(ledger)
    assert "row rejected, occurrences.csv row 2, column 'happened_at'" in text.stdout
    assert "reading refused, readings.csv row 2: period must be a period" in text.stdout
    assert "occurrences.csv row 2" in run(ledger, "--format", "csv").stderr
    document = json.loads(run(ledger, "--format", "json").stdout)
    assert [row.partition(":")[0] for row in document["refused"]] == ["readings.csv row 2"]
    assert len(document["rejected"]) == 1


def test_instants_are_shown_in_the_zone_of_the_window(tmp_path: Path) -> None:
    """The due instant that a row read is noon of the window, in text and in JSON."""
    messages = "id,bank,kind,system,received_at\nM3,B1,return_request,BEPS,2018-05-08 09:00\n"
    book = folder_of(tmp_path, banks="id\nB1\n", messages=messages)
    assert "message.reply_due = 2018-05-09 12:00+0800" in run(book).stdout
    assert proposed(book)["B1"]["matches"][0]["values"]["message.reply_due"] == "2018-05-09 12:00+0800"
