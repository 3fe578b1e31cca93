"""Blocks of a text report as HTML: the same tables and lines, escaped, so that no figure is counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from windowservice.blocks.blocks import Block, Heading, Lines, Table
from windowservice.clean import for_html, for_lines

__all__ = ["cell", "fragment", "table"]

_MOST = 600
"""Longer cells are cut: one huge field must not bury the page."""


def fragment(blocks: Iterable[Block], level: int = 3) -> str:
    """Return blocks as HTML: headings of a level, lines as they stand, tables that may be sorted."""
    return "\n".join(_parts(blocks, level))


def _parts(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield f"<h{level}>{cell(block.text)}</h{level}>"
        elif isinstance(block, Lines):
            if block.text.strip():
                yield f'<pre class="{_tone(block.tone)}">{_lines(block.text)}</pre>'
        else:
            yield table(block)


def table(block: Table) -> str:
    """Return a table; a row with a tone (a verdict or a severity) bears it as its class."""
    right = [' class="n"' if place in block.right else "" for place in range(len(block.columns))]
    head = "".join(f'<th scope="col"{side}>{cell(name)}</th>' for name, side in zip(block.columns, right, strict=True))
    rows = "\n".join(_row(row, right, tone) for row, tone in zip(block.rows, _tones(block), strict=True))
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>'


def _tones(block: Table) -> list[str]:
    return [*block.tones, *[""] * (len(block.rows) - len(block.tones))][: len(block.rows)]


def _row(row: tuple[str, ...], right: list[str], tone: str) -> str:
    cells = "".join(f"<td{side}>{cell(text)}</td>" for text, side in zip(row, right, strict=True))
    return f'<tr class="{_tone(tone)}">{cells}</tr>' if tone else f"<tr>{cells}</tr>"


def cell(text: object) -> str:
    """Return text for a place of its own: escaped, and kept apart from what is written from right to left."""
    said = str(text)
    shown = for_html(said if len(said) <= _MOST else f"{said[:_MOST]}... ({len(said) - _MOST:,} more characters)")
    return shown if shown.isascii() else f"<bdi>{shown}</bdi>"


def _lines(text: str) -> str:
    return "\n".join(for_html(line) for line in for_lines(text.rstrip("\n")).split("\n"))


def _tone(tone: str) -> str:
    return "t-" + "".join(c if c.isalnum() else "-" for c in tone) if tone else "t"
