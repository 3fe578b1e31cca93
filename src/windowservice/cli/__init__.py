"""The command line: ``windowservice audit ledger/ --as-of 2018-06-30``; it needs the extra `cli`.

Exit codes: 0 clean; 1 findings at or above ``--fail-on``; 2 the command or its input is wrong; 3 nothing could be
evaluated; 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from windowservice.errors import MissingExtra

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    Args:
        arguments: the words after the program's name; those of the process if not given.
    """
    try:
        import click

        from windowservice.cli.app import run
    except ModuleNotFoundError as error:
        if error.name not in ("click", "rich"):
            raise
        sys.stderr.write(f"Error: {MissingExtra(error.name, 'cli', 'the command line')}\n")
        return 2
    del click
    return run(arguments)
