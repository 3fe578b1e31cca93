"""Scores of the banks of a ledger: of a report's bank, of all banks, of a quarter; by indicators of a branch's own."""

from __future__ import annotations

import pickle
from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest
from tests.rules.tables import engine, folder_of
from tests.scoring.cards import EACH, KEPT, card

import windowservice as ws
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName
from windowservice.facts.payments.message import message

BANKS = "id | name | former_id | former_until\nB1 | One | OLD | 2018-05-20\nB2 | Two | |\nB3 | Three | |"
MESSAGES = """
id | bank | kind    | system | received_at      | answered_at
M1 | B1   | inquiry | HVPS   | 2018-04-10 10:00 | 2018-04-10 11:00
M2 | B1   | inquiry | HVPS   | 2018-05-10 10:00 | 2018-05-11 12:01
M3 | OLD  | inquiry | HVPS   | 2018-05-10 10:00 | 2018-05-10 11:00
M4 | B2   | inquiry | HVPS   | 2018-05-10 10:00 | 2018-05-10 11:00
M5 | B1   | inquiry | HVPS   | 2018-06-12 10:00 | 2018-06-12 11:00
"""
COMPLAINTS = """
id | kind      | bank | received_at      | accepted_at      | answered_at      | withdrawn_at
K1 | passed_on | B1   | 2018-05-03 10:00 | 2018-05-03 11:00 | 2018-05-04 11:00 |
K2 | passed_on | B1   | 2018-05-03 10:00 | 2018-05-03 11:00 |                  |
K3 | passed_on | B1   | 2018-05-04 10:00 | 2018-05-04 11:00 |                  | 2018-06-10 10:00
K4 | passed_on | B2   | 2018-05-03 10:00 | 2018-05-03 11:00 | 2018-05-04 11:00 |
"""
SMALL = card([("C1", 60, KEPT), ("K1", 40, EACH)], coverage="0.5")
"""Replies in time, and complaints left unanswered: an indicator that the library does not have."""
OWN = """
schema_version = 1

[basis]
circular = { text = "Circular no. 12 of the branch", mark = "assumption" }

[figures.patience]
type = "limit"
note = "How soon a bank answers a complaint that was passed on to it"
values = [{ since = 1900-01-01, value = "5 working days", basis = "circular" }]

[[indicators]]
indicator = "C1"
of = "message"
rule = "messages/message_answered_in_time"
on = "message.reply_due"
denominator = "1"
numerator_is = "kept"
basis = "circular"

[[indicators]]
indicator = "K1"
of = "complaint"
on = "due(complaint.received_at, figure.patience).due"
when = "complaint.bank.is_known() and not complaint.withdrawn_at.happened()"
numerator = "not complaint.answered_at.happened()"
numerator_is = "missed"
basis = "circular"
"""


@pytest.fixture
def ledger(tmp_path: Path) -> ws.Ledger:
    found = ws.Ledger.read(folder_of(tmp_path, banks=BANKS, messages=MESSAGES, complaints=COMPLAINTS))
    assert not found.report.rejections
    return found


BY = {"scorecard": ws.Scorecard.read(SMALL), "indicators": ws.scoring.Indicator.read(OWN)}


def test_an_indicator_of_ones_own_is_counted_from_a_table(ledger: ws.Ledger) -> None:
    """TOML alone: a figure, a condition, and the verdicts of a rule as an indicator one level up."""
    found = engine().score(ledger, "2018-05", "B1", **BY).of("B1")
    assert (str(found["C1"].reading), found["C1"].items) == ("1/2", ("M2",))
    assert (str(found["K1"].reading), found["K1"].items) == ("2", ("K2", "K3"))
    assert [(row.indicator.id, row.lost) for row in found.lost] == [("C1", Fraction(30)), ("K1", Fraction(2))]
    assert (str(found.total), found.grade) == ("68.00", "C")


def test_what_comes_later_does_not_change_a_closed_month(ledger: ws.Ledger) -> None:
    """K3 was taken back in June: in May it was still a complaint left unanswered, seen at its end or a year later."""
    seen = [engine().observe(ledger, "2018-05", as_of=day, **BY) for day in ("2018-05-31", "2019-05-31")]
    assert seen[0] == seen[1]
    polars = pytest.importorskip("polars")
    rows = {
        name: polars.DataFrame([{**row, "extra": None} for row in ledger.records[name]], infer_schema_length=None)
        for name in ("messages", "complaints")
    }
    frames = {name: frame.drop("extra") for name, frame in rows.items()}
    assert engine().observe(frames, "2018-05", banks=ledger.banks, **BY) == seen[0]


def test_two_sets_of_indicators_do_not_mix(ledger: ws.Ledger) -> None:
    """One engine counts C1 in the library's way and in a branch's, each time as it is written."""
    late = ws.scoring.Indicator.read(OWN.replace('numerator_is = "kept"', 'numerator_is = "missed"', 1))
    own = engine()
    counts = [
        next(str(row)
             for row in own.observe(ledger, "2018-05", scorecard=BY["scorecard"], indicators=by).readings
             if (row.bank, row.indicator) == ("B2", "C1"))
        for by in (BY["indicators"], late, BY["indicators"])
    ]  # fmt: skip
    assert counts == ["1/1", "0/1", "1/1"]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("/message_answered_in_time", "/message_answered", "did you mean 'messages/message_answered_in_time'"),
        ('of = "message"', 'of = "position"', "speaks of message, not of position"),
        ('denominator = "1"', 'denominator = "1"\nnumerator = "1"', "gives the numerator already"),
        ('rule = "messages/message_answered_in_time"', "", "needs a numerator, or a rule"),
        ('indicator = "K1"', 'indicator = "C1"', "stands twice"),
        ("figure.patience", "figure.patence", "did you mean 'patience'"),
        ('of = "complaint"', 'of = "complaint"\nstanding = true\nlook_back_days = 9', "looks back in two ways"),
        ('of = "complaint"', 'of = "complaint"\nregister = true', "is of facts only"),
    ],
)  # fmt: skip
def test_indicators_that_make_no_sense_are_refused(old: str, new: str, wanted: str) -> None:
    """The document names the row, and what to write instead."""
    with pytest.raises(InvalidDocument, match=wanted) as caught:
        ws.scoring.Indicator.read(OWN.replace(old, new, 1))
    assert "indicators[" in str(caught.value)


def test_indicators_and_scorecard_have_to_agree(ledger: ws.Ledger) -> None:
    """A count for a ratio, and a figure that looks back differently, are refused before anything is counted."""
    bare = ws.scoring.Indicator.read(OWN.replace('denominator = "1"\n', "", 1))
    with pytest.raises(InvalidValue, match="C1 is a ratio"):
        engine().observe(ledger, "2018-05", scorecard=BY["scorecard"], indicators=bare)
    fact = 'fact = "forgeries_365d"\nlook_back_days = 30'
    other = ws.scoring.Indicator.read(OWN.replace('indicator = "K1"', fact, 1))
    with pytest.raises(InvalidValue, match="look_back_days must be 365"):
        engine().observe(ledger, "2018-05", indicators=other)


def test_a_rule_counts_as_the_engine_has_it(ledger: ws.Ledger) -> None:
    """A rule that a branch replaced counts as replaced; one in force for some days only is refused."""
    name, notice = "messages/message_answered_in_time", ws.Basis("A branch's notice", mark="assumption")
    lenient = ws.Rule("message_answered_in_time", title="Answered at all", require=message.answered_at.happened())
    other = engine().amended(ws.Replace(name, lenient, notice))
    counted = ws.scoring.Indicator.read(OWN, rules=other.rules)
    found = other.observe(ledger, "2018-05", scorecard=BY["scorecard"], indicators=counted)
    assert [str(row) for row in found.readings if (row.bank, row.indicator) == ("B1", "C1")] == ["2/2"]
    dated = ws.Rule("message_answered_in_time", title="Once", require=message.answered_in_time, since="2018-01-01")
    with pytest.raises(InvalidDocument, match="is in force for some days only"):
        ws.scoring.Indicator.read(OWN, rules=engine().amended(ws.Replace(name, dated, notice)).rules)


def test_a_scorecard_of_other_weights_is_counted_as_before(ledger: ws.Ledger) -> None:
    """What an indicator counts is told by its words: with the default's it is counted, with others it is unknown."""
    default = resources.files("windowservice.domain.scorecard").joinpath("scorecard.toml").read_text("utf-8")
    weights = ws.Scorecard.read(default.replace('min_coverage = "0.6"', 'min_coverage = "0.01"'))
    lighter = engine().score(ledger, "2018-05", "B1", scorecard=weights).of("B1")
    assert (str(lighter["C1"].reading), lighter.total is None) == ("1/2", False)
    words = ws.Scorecard.read(default.replace("inquiries replied by their limit", "inquiries answered politely"))
    other = engine().score(ledger, "2018-05", "B1", scorecard=words).of("B1")
    assert (other["C1"].state, other["C1"].reason) == ("unknown", "no reading")
    fewer = engine().score(ledger, "2018-05", "B1", scorecard=BY["scorecard"]).of("B1")
    assert {row.state for row in fewer.indicators} == {"unknown"}


# of a report


@pytest.mark.parametrize("columns", [False, True], ids=["objects", "columns"])
def test_a_report_tells_the_score_of_a_bank(ledger: ws.Ledger, columns: bool) -> None:
    """The last month that had ended, or the one asked for; the score is that of `Engine.score`, by any of its ids."""
    report = engine().audit(ledger, as_of="2018-06-15", columns=columns)
    wanted = engine().score(ledger, "2018-05", "B1", as_of="2018-06-15", **BY).of("B1")
    for bank in ("B1", "OLD"):
        assert report.scorecard(bank, **BY) == wanted
    assert report.filter(bank="B2").scorecard("B1", **BY) == wanted
    assert pickle.loads(pickle.dumps(report)).scorecard("B1", **BY) == wanted
    assert [(row.indicator.id, row.items) for row in report.scorecard("B1", **BY).lost] == [
        ("C1", ("M2",)), ("K1", ("K2", "K3")),
    ]  # fmt: skip
    april = report.scorecard("B1", period="2018-04", **BY)
    assert (str(april.period), str(april["C1"].reading)) == ("2018-04", "1/1")
    assert report.scorecard("B1", period="2018-06", **BY).provisional
    with pytest.raises(UnknownName, match="unknown bank 'B4'"):
        report.scorecard("B4")
    assert report.scorecard("B1", period="2018-Q2", **BY) == engine().score(
        ledger, "2018-Q2", "B1", as_of="2018-06-15", **BY
    ).of("B1")


@pytest.mark.parametrize(
    ("as_of", "month"),
    [("2018-05-31", "2018-05"), ("2018-05-31T12:00+08:00", "2018-04"), ("2018-06-01T00:00+08:00", "2018-05"),
     ("2018-05-31T16:00+00:00", "2018-05"), ("2018-01-01", "2017-12")],
)  # fmt: skip
def test_the_last_month_that_had_ended_is_meant(ledger: ws.Ledger, as_of: str, month: str) -> None:
    """A date means its end: on the last day of May, May has ended."""
    assert str(engine().audit(ledger, as_of=as_of).scorecard("B1").period) == month


def test_a_report_without_a_ledger_has_no_scorecard() -> None:
    """Of requests or frames the error says what to audit instead."""
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"id": ["R"], "bank": ["B1"], "service": ["S01"]})
    request = ws.Request("R", "B1", "S01")
    reports = [engine().check(request, as_of="2018-05-31"), engine().audit(frame, as_of="2018-05-31")]
    for report in reports:
        with pytest.raises(InvalidValue, match=r"engine\.audit\(ledger"):
            report.scorecard("B1")


# of all banks, of a quarter


def test_all_banks_are_scored_worst_first(ledger: ws.Ledger) -> None:
    """Each as it is scored alone; one of which nothing is known stands at the end."""
    scores = engine().score(ledger, "2018-05", **BY)
    assert [row.bank for row in scores] == ["B1", "B2", "B3"]
    assert list(scores) == [engine().score(ledger, "2018-05", bank, **BY).of(bank) for bank in ("B1", "B2", "B3")]
    assert [(row.bank, row.name, row.total and str(row.total)) for row in scores.worst_first()] == [
        ("B1", "One", "68.00"), ("B2", "Two", "100.00"), ("B3", "Three", None),
    ]  # fmt: skip


def test_a_quarter_is_made_of_its_months(ledger: ws.Ledger) -> None:
    """Of one bank, by a former id too, or of all; a month without data is missing, and lowers the coverage."""
    (one,) = engine().score(ledger, "2018-Q2", "OLD", **BY)
    months = [engine().score(ledger, f"2018-0{month}", "B1", **BY).of("B1") for month in (4, 5, 6)]
    assert one == ws.scoring.average_scores(months, "2018-Q2")
    assert [str(month) for month in one.missing] == []
    every = engine().score(ledger, "2018-Q2", **BY)
    assert [row.bank for row in every] == ["B1", "B2", "B3"]
    assert every.all[0] == one
    assert [len(row.missing) for row in every] == [0, 2, 3]
    with pytest.raises(UnknownName, match="unknown bank 'B4'"):
        engine().score(ledger, "2018-Q2", "B4", **BY)


def test_a_row_may_only_declare_a_period_complete(tmp_path: Path) -> None:
    """Without a number it says that nothing happened where nothing was counted, and takes nothing away that was."""
    rows = """
    id | bank | indicator | period  | numerator | complete
    G1 | B1   | A3        | 2018-05 |           | yes
    G2 | B1   | B6        | 2018-05 |           | yes
    """
    happened = "id | bank | kind | happened_at\nO1 | B1 | reserve_deficit | 2018-05-03 10:00"
    ledger = ws.Ledger.read(folder_of(tmp_path, readings=rows, occurrences=happened))
    scores = engine().score(ledger, "2018-05", "B1")
    found = scores.of("B1")
    assert (found["A3"].state, found["A3"].share) == ("scored", 1)
    assert str(found["B6"].reading) == "1"
    assert not scores.refused
    silent = ws.Ledger.read(folder_of(tmp_path, readings=rows.replace("| yes", "| no"), occurrences=happened))
    scored = engine().score(silent, "2018-05", "B1")
    assert [row.place for row in scored.refused] == ["readings.csv row 2", "readings.csv row 3"]
    assert "numerator must be stated" in str(scored.refused[0])
    assert scored.of("B1")["A3"].state == "unknown"


def test_a_reading_that_is_refused_takes_nobodys_place(ledger: ws.Ledger, tmp_path: Path) -> None:
    """What was counted still counts where the reading given instead of it is none."""
    given = "id | bank | indicator | period | numerator | denominator\nG1 | B1 | C1 | 2018-05 | 9 | 8"
    both = ws.Ledger.read(folder_of(tmp_path, readings=given))
    found = engine().score(both, "2018-05", "B1", **BY)
    assert (len(found.refused), found.overridden) == (1, ())
    assert found.all == engine().score(ledger, "2018-05", "B1", **BY).all
