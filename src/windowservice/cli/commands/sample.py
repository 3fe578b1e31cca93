"""``windowservice sample``: a ledger to try things on."""

from __future__ import annotations

from pathlib import Path

import click

from windowservice.blocks.blocks import Lines
from windowservice.cli.output import waiting, written
from windowservice.cli.paths import PATH
from windowservice.errors import InvalidValue

__all__ = ["sample"]


@click.command(short_help="Write a ledger to try things on.")
@click.argument("folder", type=PATH)
def sample(folder: Path) -> None:
    """Write a year at a window into FOLDER: synthetic, with faults, near misses and gaps, all listed in a file.

    \b
    windowservice sample demo
    windowservice audit demo --as-of 2018-12-31
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.ledger.sample import AS_OF, PLANTED_FILE, unpack_sample

    _check_free(folder)
    with waiting("writing"):
        unpack_sample(folder)
    said = f"{folder}: a synthetic ledger; {PLANTED_FILE} lists what was planted in it"
    written([Lines(f"{said}\n\nwindowservice audit {folder} --as-of {AS_OF}")])


def _check_free(folder: Path) -> None:
    """Refuse to write over a ledger that is not a sample."""
    readme = folder / "README.txt"
    if (folder / "requests.csv").exists() and not (readme.is_file() and readme.read_bytes().startswith(b"SYNTHETIC")):
        raise InvalidValue("FOLDER", str(folder), "a new folder, or one with an older sample: there is a ledger in it")
