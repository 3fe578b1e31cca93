"""``windowservice rules``: what is asked, and on what basis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from windowservice.cli.options import engine_options, format_option, language_option, load_engine, output_option
from windowservice.cli.output import writing, written

__all__ = ["rules"]


@click.command(short_help="List the rules, or show one whole.")
@click.argument("name", required=False)
@click.option("--on", metavar="DATE", help="Only the figures in force on that day; without it, all with their dates.")
@engine_options
@format_option("text", "json")
@language_option
@output_option
def rules(name: str | None, on: str | None, form: str, language: str, output: Path | None, **judged_by: Any) -> None:
    """List the rules; with NAME, show one whole (or those of a pack).

    \b
    windowservice rules
    windowservice rules told_once
    windowservice rules commitment_kept --on 2018-06-30 --lang zh

    "source" and "figures" say how far the texts behind them were verified; "assumption" means a default of this
    library, to be replaced by the branch's own.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.instants import to_date
    from windowservice.ledger.cells.typed import typed_time
    from windowservice.reports.json_file import write_json
    from windowservice.reports.rules import cards, list_blocks, whole_blocks

    day = None if on is None else to_date(typed_time(on), "--on")
    engine = load_engine(**judged_by)
    if name is not None:
        engine = engine.only(name)
    found = cards(engine, on=day)
    if form == "json":
        with writing(output) as out:
            document = {"format": "windowservice.rules", "format_version": 1, "engine": engine.version, "on": on}
            write_json(document, out, rows=(card.to_dict() for card in found), name="rules")
    elif name is not None and len(found) == 1:
        written(whole_blocks(found[0], language), output)
    else:
        written(list_blocks(found, language), output)
