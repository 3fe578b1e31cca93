"""``windowservice facts``: what rules can speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from windowservice.cli.options import engine_options, format_option, load_engine, output_option
from windowservice.cli.output import writing, written

__all__ = ["facts"]


@click.command(short_help="List record types and facts, or show one.")
@click.argument("name", required=False)
@engine_options
@format_option("text", "json")
@output_option
def facts(name: str | None, form: str, output: Path | None, **judged_by: Any) -> None:
    """List the record types; with NAME, show the facts of one, or one fact.

    \b
    windowservice facts
    windowservice facts request
    windowservice facts request.channel
    windowservice facts --pack desk.toml --alone

    Each fact is told with its type, unit and words, whether every record states it, what it follows from, and where it
    comes from: the library, or a plugin with its version and file.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.reports.facts import fact_blocks, list_blocks
    from windowservice.reports.json_file import write_json

    engine = load_engine(**judged_by)
    found = engine.facts(name)
    if form == "json":
        with writing(output) as out:
            document = {"format": "windowservice.facts", "format_version": 1, "engine": engine.version}
            write_json(document, out, rows=(one.to_dict() for one in found), name="record_types")
    else:
        written(list_blocks(found) if name is None else fact_blocks(found), output)
