"""``windowservice lint``: what the authors of packs should look at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from windowservice.cli.options import format_option, load_plugins, output_option, plugin_option, words_of
from windowservice.cli.output import keep_output, writing, written
from windowservice.cli.paths import PATH

if TYPE_CHECKING:
    from windowservice.linting.problems import Problem

__all__ = ["lint"]

_LEVELS: Final = ("note", "warning", "error")


@click.command(short_help="Find mistakes of packs before a record is judged.")
@click.argument("packs", nargs=-1, type=PATH)
@click.option(
    "--cases",
    type=PATH,
    multiple=True,
    metavar="TOML",
    help="A table of cases, or a folder of them: rules that none tries are told; repeatable.",
)
@plugin_option
@click.option("--ignore", multiple=True, metavar="CODES", help="Tell nothing of these codes; with commas; repeatable.")
@click.option(
    "--fail-on",
    type=click.Choice((*_LEVELS, "never")),
    default="warning",
    show_default=True,
    help="From which problems on the exit code is 1.",
)
@format_option("text", "json", "sarif")
@output_option
def lint(
    packs: tuple[Path, ...], cases: tuple[Path, ...], plugins: tuple[str, ...], ignore: tuple[str, ...], fail_on: str,
    form: str, output: Path | None,
) -> None:  # fmt: skip
    """Look at PACKS: files in TOML, or folders of files that are one pack.

    \b
    windowservice lint desk.toml
    windowservice lint packs/* --cases tests --format sarif -o lint.sarif
    windowservice lint                                      the library's own packs, and plugins

    Tables of cases named NAME.cases.toml beside a pack are read by themselves. Nothing is judged.

    \b
    Exit codes: 0  no problem at or above --fail-on
                1  problems at or above --fail-on
                2  the command is wrong, or a file is not there
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.errors import UnknownName
    from windowservice.linting.lint import lint as linted
    from windowservice.linting.problems import CODES

    left_out = words_of(ignore)
    for code in left_out:
        if code not in CODES:
            raise UnknownName("code", code, tuple(CODES), "--ignore")
    keep_output()
    tables = [*_tables(cases, named=True), *_tables({_folder(pack) for pack in packs}, named=False)]
    found = linted(
        packs or None, plugins=load_plugins(plugins), tables=dict.fromkeys(tables), installed=not packs
    )  # fmt: skip
    told = [problem for problem in found if problem.code not in left_out]
    _write(told, form, output)
    grave = fail_on != "never" and any(_LEVELS.index(one.severity) >= _LEVELS.index(fail_on) for one in told)
    click.get_current_context().exit(int(grave))


def _folder(pack: Path) -> Path:
    return pack if pack.is_dir() else pack.parent


def _tables(places: Iterable[Path], *, named: bool) -> list[Path]:
    """Return the tables of cases: files that are named, and those of folders."""
    found: list[Path] = []
    for place in places:
        if not place.is_dir() and named:
            found.append(place)
        elif place.is_dir():
            below = sorted(place.rglob("*.cases.toml") if named else place.glob("*.cases.toml"))
            if named and not below:
                raise click.UsageError(f"--cases: {place} holds no file *.cases.toml")
            found += below
    return found


def _write(problems: list[Problem], form: str, output: Path | None) -> None:
    from windowservice.blocks.blocks import Lines
    from windowservice.reports.json_file import write_json
    from windowservice.reports.lint import lint_document, lint_lines, write_lint_sarif

    if form == "text":
        written([Lines("\n".join(lint_lines(problems)))], output)
        return
    with writing(output) as out:
        if form == "json":
            write_json(lint_document(problems), out, rows=(one.to_dict() for one in problems), name="problems")
        else:
            write_lint_sarif(problems, out)
