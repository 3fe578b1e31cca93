"""``windowservice mcp``: the rules, deadlines and calendars for an assistant to ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from windowservice.cli.options import engine_options, load_engine
from windowservice.cli.paths import PATH
from windowservice.errors import MissingExtra

__all__ = ["mcp"]


@click.command(short_help="Let an assistant ask: deadlines, checks, rules, facts.")
@click.option("--folder", type=PATH, metavar="DIR", help="The only folder whose files may be read; without it none.")
@engine_options
def mcp(folder: Path | None, **judged_by: Any) -> None:
    """Serve the Model Context Protocol over standard input and output, until the input ends.

    \b
    windowservice mcp --folder cases
    windowservice mcp --folder cases --pack desk.toml --alone

    An assistant starts this command itself. It only reads: nothing is written, and no file outside the folder is
    opened for it. Packs, plugins and catalogues are read once, at start.
    """  # noqa: D301 - click's mark for lines that stay as they are
    try:
        from windowservice.assistant.folder import Folder
        from windowservice.assistant.server import serve
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types", "pydantic"):
            raise
        raise MissingExtra(error.name, "mcp", "the server for assistants") from error
    context = click.get_current_context()
    with click.Context(context.command, parent=context):  # what plugins print while they load is no answer
        engine = load_engine(**judged_by)
    serve(engine, Folder(folder))
