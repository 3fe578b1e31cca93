"""Reading one cell by the type of its column."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import AmbiguousLimit, InvalidValue, UnknownName
from windowservice.ledger.cells.cell import MISSING_WORDS, CellNotes, Written, cell_reader
from windowservice.ledger.mapping.mapping import Cell


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


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('="105221000018"', "105221000018"),
        ("'105221000018", "105221000018"),
        ("105221000018.0", "105221000018"),
        ("105221000018\t", "105221000018"),
        ("li\u200b", "li"),
        ("\ufeffl\u00adi", "li"),
        ("Re\u0301", "R\u00e9"),
        (1785462038471237632, "1785462038471237632"),
        (Decimal("105221000018.00"), "105221000018"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("1E5", "1E5"),
        ("R-1", "R-1"),
    ],
)
def test_an_id_is_what_was_meant_before_a_spreadsheet_or_a_database_wrote_it(cell, code):
    """Wrappings are taken off, and whole numbers are exact however long."""
    assert read(cell, "code") == code
    assert read([cell], "items") == frozenset({code})


@pytest.mark.parametrize(
    "cell",
    [
        "1.05221E+11", "1E+16", "2-Jan", "Jan-18", "1月2日", "#REF!", "#VALUE!", "######", "同上", "〃", "ditto",
        date(2018, 1, 2), datetime.fromisoformat("2018-01-02"), 1e16, float("inf"), b"x", "1234567890123456.0",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["code", "items"])
def test_what_a_spreadsheet_left_of_an_id_is_refused(cell, kind):
    """Digits that are lost, dates, errors, marks that repeat the row above: no id is made of them."""
    with pytest.raises(InvalidValue):
        read([cell] if kind == "items" else cell, kind)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("100万", 1_000_000), ("1.5亿", 150_000_000), ("(1,000)", -1000), ("（1,000.50）", Decimal("-1000.5")),
        (0.1 + 0.2, Decimal("0.3")), ("1e-3", Decimal("0.001")), ("1.05221E+5", 105221),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(cell, number):
    """万 and 亿, brackets for what is below zero, fifteen digits of a float."""
    assert read(cell, "number") == number


@pytest.mark.parametrize(
    "cell", ["1.05221E+11", "50%", "$5", "100元", "1,00,000", "(-5)", "1e15x", 1e15, 10**18, "0." + "1" * 19, "一百"]
)
def test_a_number_that_could_be_another_is_refused(cell):
    """Digits that an exponent cut off, percentages, other currencies, money where none is wanted."""
    with pytest.raises(InvalidValue):
        read(cell, "number")


@pytest.mark.parametrize(
    ("cell", "said", "yuan"),
    [
        ("100万元", {}, 1_000_000), ("￥1,000.50", {}, Decimal("1000.5")), ("人民币5元整", {}, 5),
        ("12345", {"unit": "fen"}, Decimal("123.45")),
        (12, {"unit": "万元"}, 120_000), ("1.5", {"unit": "yi"}, 150_000_000),
    ],
)  # fmt: skip
def test_an_amount_is_read_in_its_unit(cell, said, yuan):
    """As it is written, or as the mapping says; both at once is refused."""
    reader = cell_reader(Cell(column=("any",), **said), "number", None, CellNotes(), Written(money=True))
    assert reader(cell) == yuan
    if said:
        with pytest.raises(InvalidValue):
            reader("5万元")


def test_marks_for_yes_and_no():
    """Ticks and crosses, and 有 and 无."""
    assert [read(word, "boolean") for word in ("√", "✓", "对", "有", "T", 1.0)] == [True] * 6
    assert [read(word, "boolean") for word in ("×", "✗", "错", "无", "F", 0)] == [False] * 6
    with pytest.raises(InvalidValue):
        read("x", "boolean")


def test_numbers_in_brackets_and_ids_written_as_decimals_are_counted():
    """What could be meant otherwise is in the report, with its place."""
    notes = CellNotes()
    for kind, cell in (("number", "(5)"), ("code", "105.0"), ("code", "105")):
        cell_reader(Cell(column=("a",)), kind, None, notes, Written(place="f"))(cell)
    assert sorted(notes.otherwise.values()) == [1, 1]
