"""What a notebook shows of a value: HTML without a script, in light and dark, and text with the same facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from windowservice.blocks.blocks import Block, Lines, Table, plain_text
from windowservice.blocks.html import fragment

__all__ = ["InNotebook"]

_ROWS: Final = 20
"""A cell of a notebook shows so many rows of a table; what is left out is counted."""
_LINES: Final = 60
_STYLE: Final = (
    ".wscard{font:13px/1.45 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}"
    ".wscard table{border-collapse:collapse;margin:.3em 0}.wscard th,.wscard td{text-align:left;vertical-align:top;"
    "padding:.15em .7em;border-bottom:1px solid #8885;background:transparent}.wscard .n{text-align:right}"
    ".wscard pre{white-space:pre-wrap;margin:.3em 0;background:transparent}.wscard h3{font-size:1em;margin:.7em 0 .2em}"
    ".wscard .t-fail td:first-child,.wscard .t-severe td:first-child,.wscard .t-major td:first-child{color:#c8372d}"
)


class InNotebook:
    """A value that a notebook shows as blocks; a class says which by `_blocks`."""

    __slots__ = ()

    def _blocks(self) -> Iterable[Block]:
        raise NotImplementedError

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002 - IPython names them
        """Return the value for a notebook: HTML under fifteen kilobytes, and text with the same facts."""
        blocks = [part for block in self._blocks() for part in _short(block)]
        html = f'<div class="wscard"><style>{_STYLE}</style>{fragment(blocks)}</div>'
        return {"text/plain": plain_text(blocks).rstrip("\n"), "text/html": html}


def _short(block: Block) -> Iterator[Block]:
    """Yield a block cut to what a cell of a notebook should hold, and how much is left out."""
    if isinstance(block, Table):
        left = len(block.rows) - _ROWS
        yield attrs.evolve(block, rows=block.rows[:_ROWS])
    elif isinstance(block, Lines):
        lines = block.text.splitlines()
        left = len(lines) - _LINES
        yield attrs.evolve(block, text="\n".join(lines[:_LINES]))
    else:
        left = 0
        yield block
    if left > 0:
        yield Lines(f"  ... and {left:,} more")
