"""Reading one cell by the type of its column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import AmbiguousLimit, InvalidValue, UnknownName
from windowservice.ledger.cells import MISSING_WORDS, CellNotes, cell_reader
from windowservice.ledger.mapping import Cell


def read(value, kind, notes=None, **said):
    return cell_reader(Cell(column=("any",), **said), kind, None, notes or CellNotes())(value)


@pytest.mark.parametrize("cell", ["", "  ", None, float("nan"), "\t"])
@pytest.mark.parametrize("kind", ["text", "code", "number", "items", "boolean", "limit"])
def test_a_cell_without_anything_is_missing(cell, kind):
    """Spaces, None and NaN say nothing."""
    assert read(cell, kind) is None


@pytest.mark.parametrize("word", sorted(MISSING_WORDS))
def test_words_of_programs_for_nothing_are_missing_and_counted(word):
    """NaN, null and their like are read as missing, and the report can say how many there were."""
    notes = CellNotes()
    assert read(word, "text", notes) is None
    assert notes.missing_words == 1


def test_a_mapping_may_say_which_words_are_missing():
    """Then those, and only those, are."""
    assert read("EMPTY", "text", empty=("EMPTY",)) is None
    assert read("null", "text", empty=("EMPTY",)) == "null"


def test_a_text_that_begins_with_an_equals_sign_stays_text_and_is_counted():
    """A formula is never evaluated."""
    notes = CellNotes()
    assert read("=1+1", "text", notes) == "=1+1"
    assert notes.formulas == 1


@pytest.mark.parametrize(
    ("cell", "code"), [("１０５ａ", "105a"), (105221000018.0, "105221000018"), (7, "7"), (True, "true"), (" x ", "x")]
)
def test_a_code_is_made_plain(cell, code):
    """Full-width characters are folded, and a workbook's number loses its point."""
    assert read(cell, "code") == code


def test_a_number_too_long_for_a_spreadsheet_is_no_code():
    """It has lost its last digits, so it is refused and not trusted."""
    with pytest.raises(InvalidValue, match="more than 15 digits"):
        read(1234567890123456.0, "code")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1250", 1250),
        ("1,250.50", Decimal("1250.50")),
        ("１２，５００", 12500),
        ("-3", -3),
        ("1,234,567", 1234567),
        (0.1, Decimal("0.1")),
        (5.0, 5),
        ("1e3", 1000),
    ],
)
def test_a_number_is_exact(cell, number):
    """Groups of three may have a comma between them; what is whole is an int."""
    value = read(cell, "number")
    assert value == number
    assert type(value) is type(number)


@pytest.mark.parametrize("cell", ["1,5", "12,34", "1_000", "x", "1,250,5", "inf", "1e99", True, float("inf"), "1.2.3"])
def test_what_is_no_number_is_refused(cell):
    """A comma that is no group mark could be a decimal mark: it is not guessed."""
    with pytest.raises(InvalidValue):
        read(cell, "number")


def test_other_marks_are_read_if_the_mapping_says_so():
    """A decimal comma with points between groups."""
    assert read("1.250,50", "number", decimal=",", thousands=".") == Decimal("1250.50")
    with pytest.raises(InvalidValue):
        read("1250.50", "number", decimal=",", thousands=".")


def test_an_integer_is_whole():
    """A fraction is refused."""
    assert read("7.0", "integer") == 7
    with pytest.raises(InvalidValue, match="whole"):
        read("7.5", "integer")


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=2))
def test_a_number_written_with_groups_is_read_back(number):
    """Printing with commas loses nothing."""
    assert read(f"{number:,}", "number") == number


def test_yes_and_no_in_two_languages():
    """The usual words are known, a mapping brings its own, and others are refused."""
    assert [read(word, "boolean") for word in ("是", "YES", "1", True)] == [True] * 4
    assert [read(word, "boolean") for word in ("否", "no", "0", False)] == [False] * 4
    assert read("ONTIME", "boolean", yes=("ONTIME",), no=("OVERDUE",)) is True
    with pytest.raises(InvalidValue, match="one of"):
        read("maybe", "boolean")


@pytest.mark.parametrize(
    "cell",
    [
        "S10-M1;S10-M2",
        "S10-M1； S10-M2",
        "S10-M1、S10-M2;",
        ["S10-M1", "S10-M2"],
        "S10-M1|S10-M2",
        "S10-M1,S10-M2",
        "S10-M1，S10-M2",
        "S10-M1\nS10-M2",
    ],
)
def test_items_are_split(cell):
    """Semicolons, commas, the Chinese enumeration comma, bars and line breaks separate; a list is one already."""
    assert read(cell, "items") == frozenset({"S10-M1", "S10-M2"})


def test_items_with_another_separator():
    """A mapping names it, and then no other counts."""
    assert read("a/b", "items", separator="/") == frozenset({"a", "b"})
    assert read("a,b", "items", separator="/") == frozenset({"a,b"})


def test_a_limit_must_say_which_days():
    """A bare "1 day" is refused with the choices."""
    assert read("3 working days", "limit") == "3 working days"
    with pytest.raises(AmbiguousLimit):
        read("1 day", "limit")


def test_words_are_exchanged():
    """A listed word becomes ours, an empty one is missing; the others as the mapping says."""
    words = {"电票再贴现": "S10", "-": "", "7": "seven"}
    assert read("电票再贴现", "code", words=words) == "S10"
    assert read("-", "code", words=words) is None
    assert read(7.0, "code", words=words) == "seven"
    assert read("S08", "code", words=words) == "S08"
    assert read("S08", "code", words=words, other="ignore") is None
    with pytest.raises(UnknownName, match="电票再贴现"):
        read("电票再贴", "code", words=words, other="reject")


@pytest.mark.parametrize("kind", ["text", "code", "number", "items", "boolean", "instant"])
def test_a_nul_byte_is_refused(kind):
    """Nobody writes NUL on purpose."""
    with pytest.raises(InvalidValue, match="NUL"):
        read("x\0y", kind)


def test_dates_are_written_as_text_where_text_is_wanted():
    """A workbook may hold a date in a text column."""
    assert read(date(2018, 5, 3), "text") == "2018-05-03"
    with pytest.raises(InvalidValue):
        read(b"x", "text")
