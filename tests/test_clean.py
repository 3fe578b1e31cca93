"""Text from a ledger, made safe to show."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from windowservice.clean import for_cell, for_html, for_json, for_line, for_lines

HOSTILE = (
    "\x00\x07\x1b\t\r\n\x7f\x9b\xad\u061c\u180e\u200b\u200d\u200e\u202e\u2060\u2066\u2028\ufeff\U000e0041\ud800"
    "=+-@＝;|<&"
)
any_text = st.text(st.characters(codec=None) | st.sampled_from(HOSTILE))


def _steers(text: str, *, unseen: bool = False) -> bool:
    """Whether a terminal might do something else with the text than show it, or two texts look like one."""
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in text):
        return True
    if set(text) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"):
        return True
    return unseen and any(c in "\xad\u180e\ufeff\U000e0041" or "\u200b" <= c <= "\u200d" for c in text)


@given(any_text)
@example("\x1b[31m")
def test_a_line_steers_nothing(text: str) -> None:
    """Whatever goes in, one line of visible text comes out, and plain text is not changed."""
    said = for_line(text)
    assert not _steers(said, unseen=True)
    assert len(said.splitlines()) <= 1
    if not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} for c in text):
        assert said == text


@given(any_text)
def test_lines_keep_their_ends_only(text: str) -> None:
    """Of control characters only the line feed is left."""
    said = for_lines(text)
    assert not _steers(said.replace("\n", ""), unseen=True)
    assert said.count("\n") == text.count("\n")


@given(any_text)
@example("=1+1")
@example("\t=1+1")
@example("\x00=1+1")
@example(" =1+1")
@example("＝1+1")
def test_a_cell_is_never_a_formula(text: str) -> None:
    """No cell begins, blanks aside, with what begins a formula, and none holds a control character."""
    said = for_cell(text)
    assert not _steers(said)
    assert not said.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@given(any_text)
@example("R-1;=1+1")
@example("R-1| @x")
def test_a_cell_is_no_formula_where_lists_are_parted_otherwise(text: str) -> None:
    """A spreadsheet that takes the semicolon, tab or bar for the end of a cell finds no formula either."""
    said = for_cell(text)
    for mark in ";|\t":
        assert not any(part.lstrip().startswith(tuple("=+-@＝＋－＠")) for part in said.split(mark))


@given(any_text)
def test_a_page_gets_neither_markup_nor_anything_that_steers(text: str) -> None:
    """HTML is escaped, and shows what texts show."""
    said = for_html(text)
    assert not _steers(said, unseen=True)
    assert not set(said) & set("<>\"'")


@given(any_text)
def test_json_means_the_same(text: str) -> None:
    """The document reads as before, and holds nothing that steers but its own line ends."""
    written = for_json(json.dumps([text], ensure_ascii=False, indent=1))
    assert json.loads(written) == [text]
    assert not _steers(written.replace("\n", ""))


def test_long_text_is_cut_and_says_so() -> None:
    """What is not shown is counted."""
    assert for_line("x" * 1_500, 100) == "x" * 100 + "... (1,400 more characters)"
