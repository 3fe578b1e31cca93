"""``windowservice ledger``: what a branch needs to begin a ledger of its own."""

from __future__ import annotations

from pathlib import Path

import click

from windowservice.blocks.blocks import Lines
from windowservice.cli.options import load_engine, pack_option, plugin_option, words_of
from windowservice.cli.output import written
from windowservice.cli.paths import PATH

__all__ = ["ledger"]

_NONE = "none"


@click.group(short_help="Begin a ledger of your own.")
def ledger() -> None:
    """Begin a ledger of your own.

    \b
    windowservice ledger template branch.xlsx
    windowservice ledger template branch/ --tables requests,events,messages --with ladder,hours
    """  # noqa: D301 - click's mark for lines that stay as they are


@ledger.command(short_help="Write empty tables to fill in, with settings and a mapping.")
@click.argument("target", type=PATH)
@click.option(
    "--tables", multiple=True, metavar="NAMES",
    help="Only these tables, with commas; or none, for what --with names alone.  [default: all]",
)  # fmt: skip
@click.option(
    "--with", "beside", multiple=True, metavar="NAMES",
    help="The library's own as a start for yours: catalogue, scorecard, indicators, duties, ladder, hours.",
)  # fmt: skip
@plugin_option
@pack_option
@click.option("--overwrite", is_flag=True, help="Write files anew that are there already.")
def template(
    target: Path, tables: tuple[str, ...], beside: tuple[str, ...], plugins: tuple[str, ...], packs: tuple[Path, ...],
    overwrite: bool,
) -> None:  # fmt: skip
    """Write an empty ledger: TARGET is a workbook if its name ends in .xlsx, else a folder of CSV files.

    \b
    windowservice ledger template branch.xlsx
    windowservice ledger template branch/ --tables requests,events,messages
    windowservice ledger template branch/ --tables none --with ladder,scorecard

    Beside the tables it writes ledger.toml (zone, hours, what is recorded) and mapping.toml (for tables with other
    names and columns), all in comments; take the "# " away from what you use. Take tables away that you do not keep:
    one without a row says that nothing of its kind happened.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.ledger.tables import BUILT_IN
    from windowservice.ledger.template.template import write_template
    from windowservice.rules.starts import starts

    wanted = words_of(tables)
    chosen = None if not tables else () if wanted == (_NONE,) else wanted
    engine = load_engine(plugins=plugins, packs=packs)
    files = write_template(
        target, tables=chosen, beside=starts(*words_of(beside)), overwrite=overwrite,
        known=BUILT_IN.and_of(engine.record_types), kinds=engine.event_kinds,
    )  # fmt: skip
    written([Lines("\n".join(str(file) for file in files))])
