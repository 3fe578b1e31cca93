"""Text from a ledger, made safe to show."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from windowservice.reports.clean import for_cell, for_json, for_line, for_lines

any_text = st.text(
    st.characters(codec=None) | st.sampled_from("\x00\x07\x1b\t\r\n\x7f\x9b\u202e\u2066\u2028\ud800=+-@＝")
)


def _steers(text: str) -> bool:
    """Whether a terminal might do something else with the text than show it."""
    return any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u202a\u202e\u2066\u2069" for c in text)


@given(any_text)
@example("\x1b[31m")
def test_a_line_steers_nothing(text: str) -> None:
    """Whatever goes in, one line of visible text comes out, and plain text is not changed."""
    said = for_line(text)
    assert not _steers(said)
    assert len(said.splitlines()) <= 1
    if not _steers(text) and not set(text) & set("\u200e\u200f\u202b\u202c\u202d\u2067\u2068"):
        assert said == text


@given(any_text)
def test_lines_keep_their_ends_only(text: str) -> None:
    """Of control characters only the line feed is left."""
    said = for_lines(text)
    assert not _steers(said.replace("\n", ""))
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
def test_json_means_the_same(text: str) -> None:
    """The document reads as before, and holds nothing that steers but its own line ends."""
    written = for_json(json.dumps([text], ensure_ascii=False, indent=1))
    assert json.loads(written) == [text]
    assert not _steers(written.replace("\n", ""))


def test_long_text_is_cut_and_says_so() -> None:
    """What is not shown is counted."""
    assert for_line("x" * 1_500, 100) == "x" * 100 + "... (1,400 more characters)"
