"""The command `score`: one bank, all banks, a quarter, a branch's own indicators; bad input by file and row."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.engines import built_in
from tests.rules.tables import folder_of
from tests.scoring.cards import EACH, KEPT, card
from tests.scoring.test_ledger import BANKS, COMPLAINTS, MESSAGES, OWN

import windowservice as ws
from windowservice.cli.app import app

SMALL = card([("C1", 60, KEPT), ("K1", 40, EACH)], coverage="0.5")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["score", *map(str, words)])


@pytest.fixture
def by(tmp_path: Path) -> list[object]:
    """A ledger, and the options for a branch's own scorecard and indicators."""
    files = {"card.toml": SMALL, "own.toml": OWN}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "ledger").mkdir()
    ledger = folder_of(tmp_path / "ledger", banks=BANKS, messages=MESSAGES, complaints=COMPLAINTS)
    return [ledger, "--scorecard", tmp_path / "card.toml", "--indicators", tmp_path / "own.toml"]


def test_an_indicator_of_ones_own_is_scored(by: list[object]) -> None:
    """Scorecard and indicators are TOML; the score names the rows behind what was lost, the largest loss first."""
    text = run(*by, "--bank", "B1", "--period", "2018-05")
    assert text.exit_code == 0, text.output
    assert "total 68.00, grade C" in text.stdout
    assert "K1 indicator: 2 (2018-05)" in text.stdout
    document = json.loads(run(*by, "--bank", "OLD", "--period", "2018-05", "--format", "json").stdout)
    assert [(row["id"], Fraction(row["lost"]), row["items"]) for row in document["lost"]] == [
        ("C1", 30, ["M2"]), ("K1", 2, ["K2", "K3"]),
    ]  # fmt: skip
    shown = run(*by, "--bank", "B1", "--period", "2018-05", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert [(row["indicator"], row["reading"], row["items"]) for row in rows] == [
        ("C1", "1/2", "M2"), ("K1", "2", "K2; K3"),
    ]  # fmt: skip


def test_a_ledger_names_its_own_scorecard_and_indicators(by: list[object]) -> None:
    """What ``ledger.toml`` names is used without options, by command and API; an option goes before it."""
    ledger, _, own_card, _, own_indicators = by
    assert isinstance(ledger, Path)
    for name, given in (("card.toml", own_card), ("own.toml", own_indicators)):
        (ledger / name).write_text(Path(str(given)).read_text("utf-8"), "utf-8")
    settings = ledger / "ledger.toml"
    settings.write_text(settings.read_text("utf-8") + 'scorecard = "card.toml"\nindicators = "own.toml"\n', "utf-8")
    shown = run(ledger, "--bank", "B1", "--period", "2018-05")
    assert "total 68.00, grade C" in shown.stdout, shown.output
    engine, book = built_in(), ws.Ledger.read(ledger)
    assert str(engine.audit(book, as_of="2018-06-15").scorecard("B1").total) == "68.00"
    assert book.report.files_not_read == ()
    other = run(ledger, "--bank", "B1", "--period", "2018-05", "--scorecard", own_card.with_name("none.toml"))
    assert other.exit_code == 2
    (ledger / "card.toml").unlink()
    gone = run(ledger, "--bank", "B1", "--period", "2018-05")
    assert (gone.exit_code, "card.toml" in gone.output) == (2, True)


def test_a_ledger_vouches_for_its_tables_once(by: list[object]) -> None:
    """``[complete]`` in ``ledger.toml`` holds for all banks and the periods that begin on its day or later."""
    ledger = by[0]
    assert isinstance(ledger, Path)
    settings = ledger / "ledger.toml"
    plain = settings.read_text("utf-8")

    def reading(complete: str) -> tuple[int, str]:
        settings.write_text(plain + complete, "utf-8")
        done = run(*by, "--bank", "B3", "--period", "2018-05", "--format", "json")
        rows = json.loads(done.stdout)["indicators"] if done.stdout else []
        return done.exit_code, next((row["state"] for row in rows if row["id"] == "K1"), done.output)

    assert reading("")[1] == "unknown"
    assert reading('[complete]\nsince = 2018-05-01\nindicators = ["K1"]\n')[1] == "scored"
    assert reading('[complete]\nsince = 2018-05-02\nindicators = ["K1"]\n')[1] == "unknown"
    code, said = reading('[complete]\nsince = 2018-05-01\nindicators = ["K11"]\n')
    assert (code, "did you mean 'K1'" in said) == (2, True)
    assert reading('[complete]\nindicators = ["K1"]\n')[0] == 2


def test_all_banks_come_worst_first(by: list[object]) -> None:
    """Without --bank: a table, a document or rows; one that cannot be scored is no failure of the run."""
    text = run(*by, "--period", "2018-05")
    assert text.exit_code == 0, text.output
    assert [line.split()[0] for line in text.stdout.splitlines()[-3:]] == ["B1", "B2", "B3"]
    assert "C1 30.00, K1 2.00" in text.stdout
    assert "insufficient data" in text.stdout.splitlines()[-1]
    document = json.loads(run(*by, "--period", "2018-05", "--format", "json").stdout)
    assert document["format"] == "windowservice.scores"
    assert [(row["bank"], row["total"]) for row in document["banks"]] == [
        ("B1", "68.00"), ("B2", "100.00"), ("B3", None),
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run(*by, "--period", "2018-05", "--format", "csv").stdout)))
    assert [(row["bank"], row["name"], row["total"], row["grade"]) for row in rows] == [
        ("B1", "One", "68.00", "C"), ("B2", "Two", "100.00", "A"), ("B3", "Three", "", ""),
    ]  # fmt: skip
    assert "数据不足" in run(*by, "--period", "2018-05", "--lang", "zh").stdout


def test_the_exit_code_says_whether_the_run_did_its_work(tmp_path: Path, by: list[object]) -> None:
    """0 if a bank was scored and every row was read; 3 if none could be, or a row was rejected or a reading refused."""
    assert run(*by, "--period", "2018-05", "--bank", "B3").exit_code == 3  # the only one asked for has no data
    assert run(*by, "--period", "2017-05").exit_code == 3
    for name, given in (
        ("rejected", {"banks": BANKS, "messages": MESSAGES + "\nM99 | B1 | inquiry | soon |"}),
        ("refused", {"banks": BANKS, "messages": MESSAGES, "readings": f"{GIVEN}\nG1 | B9 | C1 | 2018-05 | 8 | 9 | |"}),
    ):
        (tmp_path / name).mkdir()
        found = run(folder_of(tmp_path / name, complaints=COMPLAINTS, **given), *by[1:], "--period", "2018-05")
        assert found.exit_code == 3, found.output
        assert "total" in found.stdout


def test_a_quarter_is_scored(by: list[object]) -> None:
    """The average of its months; those without a score are named."""
    text = run(*by, "--period", "2018-Q2", "--bank", "B1")
    assert text.exit_code == 0, text.output
    assert "2018-04 100.00, 2018-05 68.00, 2018-06 100.00" in text.stdout
    every = run(*by, "--period", "2018-Q2", "--format", "json")
    assert every.exit_code == 0, every.output
    banks = {row["bank"]: row for row in json.loads(every.stdout)["banks"]}
    assert banks["B2"]["missing"] == ["2018-04", "2018-06"]
    assert banks["B2"]["total"] is None
    rows = list(csv.DictReader(io.StringIO(run(*by, "--period", "2018-Q2", "--format", "csv").stdout)))
    assert {row["bank"]: row["missing"] for row in rows}["B2"] == "2018-04, 2018-06"


GIVEN = "id | bank | indicator | period | numerator | denominator | fault_party | complete"
MERGED = "id | name | former_id | former_until\nB1 | One | OLD1 | 2018-05-20\nB1 | One | OLD2 | 2018-05-20"


@pytest.mark.parametrize(
    ("what", "rows", "said"),
    [
        ("nothing to measure",
         "G1 | B1 | C1 | 2018-05 | 0 | 0 | |", "C1 Inquiry reply timeliness: 0/0 (2018-05), not applicable"),
        ("a denominator of zero below its numerator", "G1 | B1 | C1 | 2018-05 | 1 | 0 | |",
         "reading refused, readings.csv row 2: denominator must be at least the numerator (1), got 0"),
        ("a denominator below its numerator", "G1 | B1 | C2 | 2018-05 | 1 | 9 | |\nG2 | B1 | C1 | 2018-05 | 9 | 8 | |",
         "reading refused, readings.csv row 3: denominator must be at least the numerator (9), got 8"),
        ("a ratio without a denominator", "G1 | B1 | C1 | 2018-05 | 9 | | |",
         "reading refused, readings.csv row 2: denominator must be stated: C1 is a ratio"),
        ("a reading twice", "G1 | B1 | C1 | 2018-05 | 8 | 9 | |\nG2 | B1 | C1 | 2018-05 | 9 | 9 | |",
         "reading refused, readings.csv row 3: reading must be one for B1, C1, 2018-05; there is 8/9 already"),
        ("a row twice", "G1 | B1 | C1 | 2018-05 | 8 | 9 | |\nG1 | B1 | C1 | 2018-05 | 9 | 9 | |",
         "row rejected, readings.csv row 3, column 'id': 'G1': it stands already in readings.csv row 2"),
        ("both ids of a bank that was renamed",
         "G1 | B1 | C1 | 2018-05 | 8 | 9 | |\nG2 | OLD | C1 | 2018-05 | 9 | 9 | |",
         "reading refused, readings.csv row 3: reading must be one for B1, C1, 2018-05"),
        ("an unknown bank",
         "G1 | B9 | C1 | 2018-05 | 8 | 9 | |", "reading refused, readings.csv row 2: unknown bank 'B9'"),
        ("an unknown indicator", "G1 | B1 | C99 | 2018-05 | 8 | 9 | |",
         "reading refused, readings.csv row 2: scorecard acs-default: unknown indicator 'C99'"),
        ("an unknown fault party", "G1 | B1 | C1 | 2018-05 | 8 | 9 | instituton |",
         "row rejected, readings.csv row 2, column 'fault_party': 'instituton'"),
        ("no such month",
         "G1 | B1 | C1 | 2018-13 | 8 | 9 | |", "reading refused, readings.csv row 2: period must be a period"),
        ("a rate instead of a number", "G1 | B1 | C1 | 2018-05 | 0.9 | 1 | |",
         "row rejected, readings.csv row 2, column 'numerator': '0.9'"),
        ("a word about a period of an indicator that is none", "G1 | B1 | C99 | 2018-05 | | | | yes",
         "reading refused, readings.csv row 2: numerator must be stated"),
    ],
)  # fmt: skip
def test_bad_readings_are_told_by_file_and_row(tmp_path: Path, what: str, rows: str, said: str) -> None:
    """Each is refused or shown, as text and in the document, and the rest is scored."""
    ledger = folder_of(tmp_path, banks=BANKS, messages=MESSAGES, readings=f"{GIVEN}\n{rows}")
    result = run(ledger, "--bank", "B1", "--period", "2018-05")
    assert result.exit_code == 3
    assert said in result.stdout, what
    document = json.loads(run(ledger, "--bank", "B1", "--period", "2018-05", "--format", "json").stdout)
    if what != "nothing to measure":
        assert any(said.partition(", ")[2] in line for line in (*document["refused"], *document["rejected"])), what
    every = run(ledger, "--period", "2018-05")
    assert what == "nothing to measure" or said in every.stdout, what


@pytest.mark.parametrize("period", ["2018-05", "2018-Q2"])
def test_a_reading_that_was_refused_is_told_in_every_form(tmp_path: Path, period: str) -> None:
    """Of a month and of a quarter: as text, in the document, and beside the rows of a spreadsheet."""
    ledger = folder_of(
        tmp_path, banks=BANKS, messages=MESSAGES, readings=f"{GIVEN}\nG1 | B9 | C1 | 2018-05 | 8 | 9 | |"
    )
    said = "readings.csv row 2: unknown bank 'B9'"
    text, table, document = (run(ledger, "--period", period, "--format", form) for form in ("text", "csv", "json"))
    assert text.stdout.count(said) == 1
    assert said in table.stderr
    assert said in document.stdout


def test_banks_that_merged_have_one_history(tmp_path: Path) -> None:
    """Messages under both former ids are those of the bank that remains; a reading for each is one too many."""
    messages = MESSAGES.replace("OLD", "OLD1").replace("M4 | B2  ", "M4 | OLD2")
    given = f"{GIVEN}\nG1 | OLD1 | C2 | 2018-05 | 0 | 9 | |\nG2 | OLD2 | C2 | 2018-05 | 0 | 9 | |"
    ledger = folder_of(tmp_path, banks=MERGED, messages=messages, readings=given)
    result = run(ledger, "--bank", "OLD2", "--period", "2018-05")
    assert "B1, 2018-05" in result.stdout
    assert "C1 Inquiry reply timeliness: 2/3" in result.stdout
    assert "reading refused, readings.csv row 3: reading must be one for B1, C2, 2018-05" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('points = "60"', 'points = "50"', "must be what its indicators have: 60 given, its indicators add up to 50"),
        ('total_points = "100"', 'total_points = "90"', "total_points: must be what the categories have: 90 given"),
        ('grade = "D", min = "0"', 'grade = "D", min = "10"', "bands[3].min: leaves a gap: totals from 0 to 10"),
        ('grade = "B", min = "80"', 'grade = "B", min = "95"',
         "bands[1].min: must be below the band above it (90), got 95"),
    ],
)  # fmt: skip
def test_a_scorecard_that_does_not_add_up_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Weights and bands: the command ends with 2, names the file and the path in it, and gives no number."""
    (tmp_path / "ledger").mkdir()
    ledger = folder_of(tmp_path / "ledger", banks=BANKS, messages=MESSAGES)
    categories, indicators = SMALL.split("[[indicators]]", 1)
    text = SMALL.replace(old, new, 1)
    if old.startswith("points"):  # of the indicator, not of its category
        text = f"{categories}[[indicators]]{indicators.replace(old, new, 1)}"
    (tmp_path / "card.toml").write_text(text, "utf-8")
    result = run(ledger, "--period", "2018-05", "--scorecard", tmp_path / "card.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "card.toml" in result.stderr
    assert said in result.stderr


def test_an_indicator_without_data_is_unknown(by: list[object]) -> None:
    """It is named as unknown, its points widen the range, and it is never taken for good or bad."""
    found = json.loads(run(*by, "--bank", "B2", "--period", "2018-06", "--format", "json").stdout)
    assert {row["id"]: (row["state"], row["reason"]) for row in found["indicators"]} == {
        "C1": ("unknown", "no reading"), "K1": ("unknown", "no reading"),
    }  # fmt: skip
    assert found["total"] is None
    (by[0] / "complaints.csv").unlink()
    result = run(*by, "--bank", "B1", "--period", "2018-05")
    assert "coverage 60.0 %" in result.stdout
    assert "range 30.00 - 70.00" in result.stdout
    assert "K1 indicator: unknown, no reading" in result.stdout


def test_a_veto_that_cannot_be_told_is_shown(tmp_path: Path) -> None:
    """With the reason, in text, document and table: an unknown veto is never silently absent."""
    ledger = folder_of(tmp_path, banks=BANKS, messages=MESSAGES)
    text = run(ledger, "--bank", "B1", "--period", "2018-05").stdout
    assert "veto V4 Forged voucher or seal, or false materials: unknown" in text
    assert "veto V4 cannot be told, forgeries_365d is missing: the ledger has no table of occurrences" in text
    assert "queued_at_close_365d is missing: the ledger has no table of positions or occurrences" in text
    rows = csv.DictReader(io.StringIO(run(ledger, "--period", "2018-05", "--format", "csv").stdout))
    assert {row["vetoes unknown"] for row in rows} == {"V1, V2, V3, V4"}
    position = "P1 | B2 | 2018-05-03 16:30 | 9 | 9"
    silent = folder_of(tmp_path, positions=f"id | bank | checkpoint_at | balance | required\n{position}")
    document = json.loads(run(silent, "--bank", "B1", "--period", "2018-05", "--format", "json").stdout)
    why = {row["id"]: row["why"] for row in document["vetoes"]}
    assert why["V1"] == "positions hold nothing of the bank, and the period is not declared complete for B3"


def test_duties_of_a_year_that_is_not_announced_are_not_told(tmp_path: Path) -> None:
    """A turn before a holiday nobody has announced is unknown, not missed and not done."""
    ledger = folder_of(
        tmp_path,
        banks="id | participation\nB1 | direct",
        duties="id | since\ninspect_before_holidays | 2026-12-01",
        inspections="id | bank | duties | at | scope\nI1 | B1 | inspect_before_holidays | 2026-12-30 10:00 | remote",
    )
    words = ["audit", str(ledger), "--as-of", "2027-01-15", "--format", "json", "--show", "all", "--fail-on", "none"]
    document = json.loads(CliRunner().invoke(app, words).stdout)
    rows = {row["key"]: row for row in document["findings"] if row["rule"] == "inspections/inspected_in_turn"}
    assert rows["inspect_before_holidays / 2027 元旦 / B1"]["verdict"] == "unknown"
    assert "turn.due_at" in rows["inspect_before_holidays / 2027 元旦 / B1"]["summary"]
