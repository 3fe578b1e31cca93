"""``windowservice plugin new``: a new plugin project."""

from __future__ import annotations

from pathlib import Path

import click

from windowservice.blocks.blocks import Lines
from windowservice.cli.output import keep_output, written
from windowservice.cli.paths import PATH
from windowservice.plugins.project.kinds import KINDS

__all__ = ["plugin"]


@click.group(short_help="Begin a plugin of your own.")
def plugin() -> None:
    """Begin a plugin of your own: rules, facts, figures, calendars in a project that is installed by pip."""


@plugin.command(short_help="Write a new plugin project.")
@click.argument("name")
@click.option("--folder", type=PATH, metavar="DIR", help="The folder to make; one named as the plugin if not given.")
@click.option(
    "--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="In what its rules are written."
)
def new(name: str, folder: Path | None, kind: str) -> None:
    """Write a new plugin project, complete and tested: one record type, one figure, one rule, a table of cases.

    \b
    windowservice plugin new help_desk
    windowservice plugin new help_desk --kind toml --folder plugins/help_desk

    NAME is that of the module and of the pack: small letters, digits and _. Nothing that exists is overwritten.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.plugins.project.new import new_plugin

    keep_output()
    files = new_plugin(name, folder, kind=kind)
    made = folder or Path(name)
    written([Lines("\n".join([
        f"The plugin {name} is in {made}:",
        *(f"  {file.relative_to(made).as_posix()}" for file in files),
        "",
        "Next:",
        f"  cd {made}",
        '  pip install -e ".[test]"',
        "  pytest",
        f"  windowservice rules {name}",
    ]))])  # fmt: skip
