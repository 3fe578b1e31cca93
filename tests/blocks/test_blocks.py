"""Blocks of text: aligned for people, safe against what a ledger says."""

from __future__ import annotations

import io

from rich.console import Console

from windowservice.blocks.blocks import Heading, Lines, Table, plain_text, show

BLOCKS = [
    Heading("By bank"),
    Table(["机构", "n"], [["中国银行", 1], ["[red]B[/red]", 22]], right=[1], tones=["severe"]),
    Lines("first\nsecond", tone="fail"),
]


def test_plain_text_is_aligned_for_wide_characters() -> None:
    """A Chinese character takes two columns, so numbers stand under each other; nothing trails."""
    assert plain_text(BLOCKS) == (
        "\nBy bank\n"
        "  机构           n\n"
        "  中国银行       1\n"
        "  [red]B[/red]  22\n"
        "first\nsecond\n"
    )  # fmt: skip


def test_a_terminal_gets_the_same_words() -> None:
    """The colours are ours; markup in the text is text."""
    out = io.StringIO()
    show(BLOCKS, Console(file=out, force_terminal=True, width=80, color_system="standard", _environ={}))
    said = out.getvalue()
    assert "\x1b[1mBy bank\x1b[0m" in said
    assert "[red]B[/red]" in said
    assert "\x1b[1;31m" in said  # the row that is severe
    assert "\x1b[31mfirst" in said


def test_a_huge_cell_is_cut() -> None:
    """One long field does not push all others off the screen."""
    lines = plain_text([Table(["bank", "what"], [["x" * 10_000, "y" * 10_000], ["B", "z"]])]).splitlines()
    assert max(map(len, lines)) < 600
    assert "more characters" in lines[1]


def test_an_empty_table_has_its_head() -> None:
    """A table without rows is its columns."""
    assert plain_text([Table(["a", "b"], [])]) == "  a  b\n"
