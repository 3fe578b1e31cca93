"""The assessment of a bank's month: readings computed from a ledger's records and readings that it was given."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.rules.tables import engine, folder_of

import windowservice as ws
from windowservice.cli.app import app
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidDocument, UnknownName
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.counting import observe
from windowservice.scoring.scores import Scores

MESSAGES = """
id | bank | kind           | system | received_at      | answered_at      | empty | excluded
M1 | B1   | inquiry        | HVPS   | 2018-05-03 10:00 | 2018-05-03 11:00 | no    |
M2 | B1   | inquiry        | HVPS   | 2018-05-10 10:00 | 2018-05-11 12:01 | no    |
M3 | B1   | inquiry        | HVPS   | 2018-05-10 10:00 |                  |       | test
M4 | OLD  | return_request | BEPS   | 2018-05-10 10:00 | 2018-05-10 11:00 |       |
"""
BANKS = """
id | name | former_id | former_until
B1 | One  | OLD       | 2018-05-20
"""
_OWN = (
    "A1 | 2 | 400", "A2 | 399 | 400", "A3 | 0 |", "A4 | 0 | 400", "A5 | 0 | 900", "B1 | 0 | 22", "B2 | 0 |", "B3 | 0 |",
    "B4 | 3 | 800", "B5 | 1 | 1", "B6 | 0 |", "C7 | 40 | 40", "C8 | 60 | 60", "D1 | 0 |", "D2 | 0 |", "D3 | 3 |",
)  # fmt: skip
READINGS = "id | bank | indicator | numerator | denominator | period | complete\n" + "".join(
    f"G{place} | B1 | {row} | 2018-05 | yes\n" for place, row in enumerate(_OWN)
)


def ledger_of(path: Path, readings: str = READINGS, messages: str = MESSAGES) -> Path:
    return folder_of(path, messages=messages, banks=BANKS, readings=readings)


def scored(path: Path, bank: str = "B1") -> Scores:
    return engine().score(ws.Ledger.read(path), "2018-05", bank)


def test_row_a1_a_month_is_scored_from_records_and_given_readings(tmp_path: Path) -> None:
    """What was counted and what was given make one score; each indicator shows its items, and all adds up exactly."""
    found = scored(ledger_of(tmp_path))
    score = found.of("B1")
    assert not found.refused
    assert str(score["C1"].reading) == "1/2"
    assert score["C1"].items == ("M2",)
    assert str(score["C4"].reading) == "1/1", "the request under its former id is the bank's own"
    assert str(score["A1"].reading) == "2/400"
    assert score.exact == sum((part.points for part in score.categories), Fraction(0))
    assert score.grade == "B"
    assert score.total is not None
    assert 80 <= score.total < 90
    assert score.lost[0].indicator.id == "C1"
    assert [(row.name, row.reason) for row in found.set_aside if row.name == "C1"] == [("C1", "test")]


def test_row_a1_the_command_line_says_the_same(tmp_path: Path) -> None:
    """Text and JSON name the total, the points lost and the items behind them; a former id will do."""
    path = ledger_of(tmp_path)
    score = scored(path).of("B1")
    words = ["score", str(path), "--bank", "OLD", "--period", "2018-05"]
    text = CliRunner().invoke(app, words)
    assert text.exit_code == 0, text.output
    assert f"total {score.total}, grade B" in text.stdout
    assert "items: M2" in text.stdout
    assert "C1 2018-05: 1 left both sides (test)" in text.stdout
    shown = CliRunner().invoke(app, [*words, "--format", "json"])
    document = json.loads(shown.stdout)
    assert (document["bank"], document["total"], document["grade"]) == ("B1", str(score.total), "B")
    rows = {row["id"]: row for row in document["indicators"]}
    assert rows["C1"]["reading"]["items"] == ["M2"]
    assert Fraction(rows["C1"]["lost"]) == score["C1"].lost
    assert document["set_aside"] == [{"indicator": "C1", "period": "2018-05", "reason": "test", "number": 1}]


def test_row_a1_a_bad_month_fails_with_its_number(tmp_path: Path) -> None:
    """Three days queued at the close in a year cap the total; the veto that decides is named."""
    rows = "".join(f"P{day} | B1 | 2018-05-{day:02} 16:30 | 9 | 9 | 2\n" for day in (7, 8, 9))
    folder = ledger_of(tmp_path)
    folder_of(folder, positions=f"id | bank | checkpoint_at | balance | required | queued_at_close\n{rows}")
    found = scored(folder)
    score = found.of("B1")
    (veto,) = score.fired
    assert (veto.veto.id, veto.value, veto.decisive, str(score.total), score.grade) == ("V1", 3, True, "59.00", "D")
    assert {row.indicator for row in found.overridden} >= {"B1", "B3"}, "a reading that was given counts"


def test_row_a1_without_readings_nothing_is_told(tmp_path: Path) -> None:
    """Messages alone cover too little: no total and no grade, and the command ends with 3."""
    path = ledger_of(tmp_path, readings="id | bank | indicator | period | numerator")
    found = scored(path).of("B1")
    assert (found.total, found.grade) == (None, None)
    assert found["A1"].state == "unknown"
    result = CliRunner().invoke(app, ["score", str(path), "--bank", "B1", "--period", "2018-05"])
    assert result.exit_code == 3
    assert "insufficient data" in result.stdout


def test_row_a1_a_figure_of_no_records_is_zero_only_where_the_period_is_complete(tmp_path: Path) -> None:
    """The source's word on D1 makes no outage in a year nought; without it the veto stays open."""
    complete = scored(ledger_of(tmp_path)).of("B1")
    assert {row.veto.id: row.state for row in complete.vetoes}["V2"] == "clear"
    readings = READINGS.replace("D1 | 0 | | 2018-05 | yes", "D1 | 0 | | 2018-05 | no")
    silent = scored(ledger_of(tmp_path, readings)).of("B1")
    assert {row.veto.id: row.state for row in silent.vetoes}["V2"] == "unknown"


@pytest.mark.parametrize("bank", ["B1", "OLD"])
def test_row_a1_a_given_reading_counts_before_a_computed_one(tmp_path: Path, bank: str) -> None:
    """Under a former id too; the computed one is listed and not lost."""
    folder = ledger_of(tmp_path, f"{READINGS}G99 | {bank} | C1 | 9 | 10 | 2018-05 | no\n")
    found = scored(folder)
    assert str(found.of("B1")["C1"].reading) == "9/10"
    assert [(row.indicator, str(row)) for row in found.overridden] == [("C1", "1/2")]
    shown = CliRunner().invoke(app, ["score", str(folder), "--bank", "B1", "--period", "2018-05"])
    assert "C1 2018-05: 1/2 was computed, and another reading was given" in shown.stdout


def test_row_a1_bad_readings_are_refused_with_their_row(tmp_path: Path) -> None:
    """An unknown indicator, a numerator above the denominator, a bank nobody knows: listed, and the rest is scored."""
    rows = ("X1 | B1 | C99 | 1", "X2 | B1 | A6 | 3", "X3 | B7 | A6 | 1")
    bad = "".join(f"{row} | 2 | 2018-05 | yes\n" for row in rows)
    found = scored(ledger_of(tmp_path, READINGS + bad))
    assert [row.row for row in found.refused] == [len(_OWN) + place for place in (1, 2, 3)]
    assert found.of("B1").total is not None
    with pytest.raises(UnknownName, match="known: B1, OLD"):
        scored(tmp_path, "B2")


def test_row_a1_columns_give_the_same_readings(tmp_path: Path) -> None:
    """Frames are counted by the same expressions, with the same numbers, items and what was set aside."""
    polars = pytest.importorskip("polars")
    ledger = ws.Ledger.read(ledger_of(tmp_path))
    rows = [{name: value for name, value in row.items() if name != "extra"} for row in ledger.records["messages"]]
    frames = {"messages": polars.DataFrame(rows, infer_schema_length=None)}
    columns = observe(engine(), frames, "2018-05", banks=ledger.banks)
    objects = observe(engine(), ledger, "2018-05")
    assert columns == objects
    with pytest.raises(UnknownName, match="did you mean 'messages'"):
        observe(engine(), {"message": frames["messages"]}, "2018-05")


def test_row_a1_every_indicator_is_of_the_scorecard() -> None:
    """Each counts an indicator or figure that the default scorecard has; all but one are counted, none in two ways."""
    card = Scorecard.default()
    known = {row.id: row for row in card}
    counted = [indicator.indicator for indicator in Indicator.default() if indicator.indicator]
    assert sorted(counted) == sorted(set(known) - {"B7"})
    facts = {indicator.fact for indicator in Indicator.default() if indicator.fact}
    assert facts == {fact.id for fact in card.facts}
    for indicator in Indicator.default():
        if indicator.indicator:
            scored = known[indicator.indicator]
            assert scored.is_ratio == (indicator.denominator is not None), indicator.indicator
            assert (scored.direction == "lower") == (indicator.numerator_is == "missed"), indicator.indicator


def test_row_a1_the_page_says_which_table_tells_which() -> None:
    """The table of the page on scorecards is that of the default indicators."""
    page = (Path(__file__).parents[2] / "docs" / "scorecard.md").read_text("utf-8")
    table = page.partition("| indicators | table |")[2].partition("\n\n")[0]
    order = [indicator.id for indicator in Scorecard.default()]
    said: dict[str, str] = {}
    for row in table.splitlines()[2:]:
        indicators, name = (cell.strip(" `") for cell in row.split("|")[1:3])
        for part in indicators.split(", "):
            first, _, last = part.partition(" to ")
            said |= dict.fromkeys(order[order.index(first) : order.index(last or first) + 1], name)
    assert said == {row.indicator: row.table for row in Indicator.default() if row.indicator}


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ('indicator = ""', "needs either an indicator or a fact"),
        ('of = "mesage"', "did you mean 'message'"),
        ('on = "message.due_day"', "is a date"),
        ('numerator = "message.source"', "is a text"),
        ('denominator = "message.counts"', "is a truth value"),
        ('numerator = "message.empt"', "did you mean 'empty'"),
        ('basis = "other"', "basis"),
        ('each = "day"\nnumerator = "1"', "counts days"),
    ],
)
def test_row_a1_a_indicator_that_makes_no_sense_is_refused(part: str, wanted: str) -> None:
    """The document names the row, what came and what is wanted."""
    said = {"indicator": '"C1"', "of": '"message"', "on": '"message.reply_due"', "numerator": '"message.empty"',
            "numerator_is": '"missed"', "basis": '"own"'}  # fmt: skip
    said |= dict(line.split(" = ", 1) for line in part.splitlines())
    rows = "\n".join(f"{name} = {value}" for name, value in said.items())
    text = f'schema_version = 1\n[basis]\nown = {{ text = "A notice", mark = "known" }}\n[[indicators]]\n{rows}\n'
    with pytest.raises(InvalidDocument, match=wanted):
        Indicator.read(text)
