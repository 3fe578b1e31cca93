"""Readings: bad numbers refused with their row, twice is not silent, restated keeps both, a new code is no new bank."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from windowservice.domain.parties import Bank, Banks, FormerId
from windowservice.domain.scorecard.readings import CompletePeriod, Reading, Readings
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, UnknownName

CARD = Scorecard.default()
ROW = {"bank": "b1", "indicator": "C1", "period": "2018-06", "numerator": 97, "denominator": 100}
COUNT = {"bank": "b1", "indicator": "B3", "period": "2018-06", "numerator": 1}


def taken(*rows, **more):
    """Take rows in by the default scorecard."""
    readings = Readings(rows, CARD, **more)
    assert readings.rows_read == len(readings) + len(readings.refused) + readings.repeated  # nothing disappears
    return readings


def test_a_reading_is_exact():
    """97 of 100 is 97/100; 0 of 0 is nothing to measure; a count is itself."""
    assert Reading(**ROW).value == Fraction(97, 100)
    assert Reading(**ROW | {"numerator": 0, "denominator": 0}).value is None
    assert Reading(**COUNT).value == 1
    assert (str(Reading(**ROW)), str(Reading(**COUNT))) == ("97/100", "1")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"denominator": 96}, "denominator must be at least the numerator (97)"),
        ({"denominator": 0}, "denominator must be at least the numerator (97)"),
        ({"numerator": -1}, "numerator must be a whole number, 0 or more"),
        ({"numerator": 0.97}, "numerator must be a whole number"),
        ({"numerator": True}, "numerator must be a whole number"),
        ({"denominator": -5, "numerator": 0}, "denominator must be a whole number"),
        ({"numerator": None}, "numerator must be stated"),
        ({"denominator": None}, "denominator must be stated: C1 is a ratio"),
        ({"indicator": "B3"}, "denominator must be left out: B3 is a count"),
        ({"indicator": "C11"}, "unknown indicator 'C11' (did you mean 'C1'?)"),
        ({"indicator": 1}, "indicator must be a text"),
        ({"period": "2018-13"}, "period must be a period"),
        ({"bank": ""}, "bank must be a text"),
        ({"bank": None}, "bank must be stated"),
        ({"fault_party": "windov"}, "(did you mean 'window'?)"),
        ({"restated_from": "r0"}, "reason must be stated"),
        ({"restated_from": "r0", "reason": "appeal"}, "restated_from: unknown reading 'r0'"),
        ({"items": "m1"}, "items must be a list of keys"),
        ({"numerater": 97}, "unknown field of a reading 'numerater' (did you mean 'numerator'?)"),
    ],
)
def test_bad_rows_are_refused_with_their_place(changes, problem):
    """A row that is no reading is listed with its number and what is wrong; the rows around it are taken."""
    readings = taken({**ROW, "bank": "b0"}, {**ROW, **changes}, {**ROW, "bank": "b2"})
    assert readings.banks == ("b0", "b2")
    (refused,) = readings.refused
    assert refused.row == 2
    assert problem in str(refused)


def test_a_reading_twice_is_refused():
    """The second says which one is there, and how to replace it."""
    readings = taken(ROW, {**ROW, "numerator": 90})
    assert [row.row for row in readings.refused] == [2]
    assert "there is 97/100 already; name it in restated_from" in str(readings.refused[0])
    assert [str(row) for row in readings.in_force("b1", "C1", "2018-06")] == ["97/100"]


def test_the_faults_of_others_stand_beside():
    """A reading for each fault party is no reading twice."""
    readings = taken(ROW, {**ROW, "numerator": 3, "fault_party": "window"})
    assert len(readings.in_force("b1", "C1", "2018-06")) == 2


def test_a_restated_reading_keeps_its_former_versions():
    """The last version is in force; all of them are kept, with the reasons."""
    readings = taken(
        {**ROW, "id": "r1"},
        {**ROW, "numerator": 98, "id": "r2", "restated_from": "r1", "reason": "appeal upheld"},
        {**ROW, "numerator": 99, "id": "r3", "restated_from": "r2", "reason": "second appeal"},
    )
    assert [str(row) for row in readings.in_force("b1", "C1", "2018-06")] == ["99/100"]
    assert [str(row) for row in readings.history("b1", "C1", "2018-06")] == ["97/100", "98/100", "99/100"]


@pytest.mark.parametrize(
    ("second", "problem"),
    [
        ({"id": "r1", "bank": "b2"}, "id must be the name of one reading only"),
        ({"id": "r2", "restated_from": "r9", "reason": "x"}, "unknown reading 'r9'"),
        ({"id": "r2", "restated_from": "r1", "reason": "x", "period": "2018-05"}, "same bank, indicator, period"),
        ({"id": "r2", "restated_from": "r1", "reason": "x", "fault_party": "window"}, "same bank, indicator, period"),
    ],
)
def test_a_restatement_restates_one_reading_of_its_own_kind(second, problem):
    """What restates nothing, or something else, is refused, and what was there stays in force."""
    readings = taken({**ROW, "id": "r1"}, {**ROW, **second})
    assert problem in str(readings.refused[0])
    assert len(readings.in_force("b1", "C1", "2018-06")) == 1


def test_a_reading_is_restated_once():
    """Two versions that replace the same one would leave open which holds."""
    again = {**ROW, "restated_from": "r1", "reason": "appeal"}
    readings = taken({**ROW, "id": "r1"}, {**again, "id": "r2"}, {**again, "id": "r3"})
    assert "row 2 restates it already" in str(readings.refused[0])


def test_a_new_code_is_no_new_bank():
    """Readings under a former code belong to the bank; both codes in one period are a reading twice."""
    banks = Banks([Bank(id="new", former_ids=(FormerId("old", "2018-05-31"),))])
    readings = taken(
        {**ROW, "bank": "old", "period": "2018-05"},
        {**ROW, "bank": "new", "period": "2018-06"},
        {**ROW, "bank": "old", "period": "2018-06"},
        {**ROW, "bank": "nwe"},
        banks=banks,
    )
    assert readings.banks == ("new",)
    assert len(readings.history("old", "C1", "2018-05")) == 1
    assert [row.row for row in readings.refused] == [3, 4]
    assert "unknown bank 'nwe' (did you mean 'new'?)" in str(readings.refused[1])


def test_a_merged_bank_takes_over_the_readings():
    """After a merger the former ids lead to the bank that remains, before it they did too: its history is one."""
    banks = Banks([Bank(id="m", former_ids=(FormerId("m1", "2018-03-31"), FormerId("m2", "2018-03-31")))])
    readings = taken(
        {**ROW, "bank": "m1", "period": "2018-03"}, {**ROW, "bank": "m2", "period": "2018-03"}, banks=banks
    )
    assert readings.banks == ("m",)
    assert [row.row for row in readings.refused] == [2]  # two readings of one institution: somebody must join them


def test_a_source_declares_a_period_complete():
    """For all banks or for one, by indicator and period; names are checked."""
    readings = taken(
        complete=[
            CompletePeriod(indicator="B3", period="2018-06"),
            CompletePeriod(indicator="A3", period="2018-06", bank="b1"),
        ]
    )
    assert readings.is_complete("b9", "B3", "2018-06")
    assert not readings.is_complete("b9", "B3", "2018-07")
    assert readings.is_complete("b1", "A3", "2018-06")
    assert not readings.is_complete("b9", "A3", "2018-06")
    with pytest.raises(UnknownName, match="indicator 'B33'"):
        taken(complete=[CompletePeriod(indicator="B33", period="2018-06")])


def test_readings_made_before_are_taken_too():
    """A row may be a reading already."""
    assert taken(Reading(**ROW)).banks == ("b1",)
    with pytest.raises(InvalidValue):
        Reading(**ROW | {"period": "June"})


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_restatement_stands_wherever_it_stands(order):
    """Whichever way the rows are sorted, the last version is in force and nothing is refused."""
    versions = [
        {**ROW, "id": "r1"},
        {**ROW, "numerator": 98, "id": "r2", "restated_from": "r1", "reason": "recount"},
        {**ROW, "numerator": 99, "id": "r3", "restated_from": "r2", "reason": "recount"},
    ]
    readings = Readings([versions[place] for place in order], CARD)
    assert not readings.refused
    assert [str(row) for row in readings.in_force(ROW["bank"], ROW["indicator"], ROW["period"])] == ["99/100"]


def test_readings_that_restate_each_other_are_refused():
    """A circle has no original."""
    circle = [
        {**ROW, "id": "r1", "restated_from": "r2", "reason": "recount"},
        {**ROW, "id": "r2", "restated_from": "r1", "reason": "recount"},
    ]
    assert len(taken(*circle).refused) == 2


def test_a_reading_given_twice_to_the_letter_is_one():
    """Rows read are those used, refused and repeated."""
    row = {"bank": "B1", "indicator": "C1", "period": "2018-05", "numerator": 4, "denominator": 5}
    found = Readings([row, dict(row), {**row, "numerator": 3}], Scorecard.default())
    assert (len(found), len(found.refused), found.repeated, found.rows_read) == (1, 1, 1, 3)
