"""Paths that a command is given, and the one file that it may write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from windowservice.errors import InvalidValue

if TYPE_CHECKING:
    from windowservice.ledger.ledger import Ledger

__all__ = ["PATH", "keep_inputs", "refuse_inputs"]

_INPUTS: Final = "windowservice.inputs"


class _Path(click.Path):
    """A path; an empty one is a slip, as of a variable without a value, and not the folder one stands in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        text = str(value)
        if not text.strip():
            self.fail("the path is empty; write . for the folder you are in.", param, ctx)
        if "\0" in text:
            self.fail("no path holds a NUL character.", param, ctx)
        return super().convert(value, param, ctx)


PATH: Final = _Path(path_type=Path, allow_dash=True)


def keep_inputs(place: Path, ledger: Ledger) -> None:
    """Remember the files of a ledger, so that no output is written over them."""
    context = click.get_current_context(silent=True)
    if context is not None and place.is_dir():
        names = {file.file.partition("[")[0].strip() for file in ledger.report.files}
        context.meta[_INPUTS] = [place / name for name in {*names, "ledger.toml"}]


def refuse_inputs(output: Path) -> None:
    """Refuse to write over what the command reads.

    Raises:
        InvalidValue: if the file is one of the ledger's, or is given by another option.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return
    given = [path for name, value in context.params.items() if name != "output" for path in _paths(value)]
    for path in (*given, *context.meta.get(_INPUTS, ())):
        if output.exists() and path.is_file() and output.samefile(path):
            raise InvalidValue(
                "--output", str(output), "another file: this one is read by the command, and would be lost"
            )


def _paths(value: Any) -> list[Path]:
    if isinstance(value, (tuple, list)):
        return [path for one in value for path in _paths(one)]
    if isinstance(value, str) and value.endswith(".py"):
        return [Path(value)]
    return [value] if isinstance(value, Path) else []
