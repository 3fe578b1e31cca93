"""The page of the grammar says what the parser does: no word is missing, each example is read, each slip refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import windowservice as ws
from windowservice.errors import RuleTextError
from windowservice.facts.requests.clock_kernel import CLOCK_KERNELS
from windowservice.language.text import parse as parser
from windowservice.language.text.constants import CONSTANTS
from windowservice.language.tree.operators import CLOCK_PARTS

_PAGE = (Path(__file__).resolve().parents[2] / "docs" / "grammar.md").read_text("utf-8")


class status(ws.Facts, happens="at"):
    """A change of status."""

    at = ws.fact(datetime, "When", required=True)
    to = ws.fact(str, "The new status", required=True, words=("open", "waiting", "resolved"))
    minutes = ws.fact(int, "How many minutes were booked")
    labels = ws.fact(frozenset, "Labels")


class ticket(ws.Facts, children=status, happens="opened_at", dated_by="opened_at"):
    """A ticket."""

    id = ws.key("Number")
    priority = ws.fact(str, "How urgent it is", words=("P1", "P2"))
    replies = ws.fact(int, "How many replies it got")
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    answered_at = ws.fact(datetime, "When it was answered")
    resolved_at = ws.fact(status.at.last(where=status.to == "resolved"), "When it was resolved")
    resolution = ws.clock(opened_at, "4 working hours", done=resolved_at)


_BASIS = ws.Basis("made up", mark="assumption")
_LIMITS = {"P1": {"2018-01-01": "4 working hours"}, "P2": {"2018-01-01": "2 days"}}
_FIGURES = (
    ws.Figure("promised", ws.Limit, {"P1": {"2018-01-01": "4 hours"}, "P2": {"2018-01-01": "2 days"}}, basis=_BASIS),
    ws.Figure("enough", int, {"2018-01-01": 3}, basis=_BASIS),
)
_NAMES = parser.Names([ticket, status], _FIGURES, CLOCK_KERNELS)


def _rows(title: str) -> list[list[str]]:
    """Return the rows of the table of a section, each as its cells."""
    section = _PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


_WORDS: dict[str, set[str]] = {
    "Operators": {"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "and", "or", "not"},
    "Constants": set(CONSTANTS),
    "Methods": {*parser._METHODS, *parser._TESTS, "one_of"},
    "Over children": {*parser._AGGREGATES, "count", "collect"},
    "Functions": {*_NAMES.kernels, "period"},
    "Parts": {*CLOCK_PARTS, *parser.OFFERED},
    "Patterns": set(parser._PATTERNS),
}
_SECTIONS = ("From the outside in", *_WORDS)


def _examples() -> Iterator[str]:
    for section in _SECTIONS:
        yield from (row[2].strip("`") for row in _rows(section) if row[2])


@pytest.mark.parametrize("section", _WORDS)
def test_no_word_of_the_parser_is_missing(section: str) -> None:
    """A table has all words of its kind, each once, and no other."""
    told = [row[0].strip("`") for row in _rows(section)]
    assert sorted(told) == sorted(_WORDS[section])


def test_all_operators_that_the_parser_knows_are_named() -> None:
    """The signs of Python that are understood are those of the table."""
    assert len(parser._INFIX) + 1 == len(_WORDS["Operators"])  # `and` and `or` stand for & and |, `not` is of its own


@pytest.mark.parametrize("text", list(_examples()))
def test_examples_are_read_and_printed_alike(text: str) -> None:
    """Each example is of the grammar, and what is printed of it is read as the same again."""
    found: Any = parser.parse(text, _NAMES)
    assert str(parser.parse(str(found), _NAMES)) == str(found)


@pytest.mark.parametrize("text", [row[0].strip("`") for row in _rows("What is refused")])
def test_what_is_said_to_be_refused_is(text: str) -> None:
    """What Python could say beyond the grammar is refused."""
    with pytest.raises(RuleTextError):
        parser.parse(text, _NAMES)
