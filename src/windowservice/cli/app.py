"""The command group: what holds for every command, and how errors reach the reader."""

from __future__ import annotations

import gc
import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import click

from windowservice.clean import for_line, for_lines
from windowservice.cli.commands.actions import actions
from windowservice.cli.commands.asking.changes import compare, what_if
from windowservice.cli.commands.audit import audit
from windowservice.cli.commands.authors.facts import facts
from windowservice.cli.commands.authors.lint import lint
from windowservice.cli.commands.authors.mcp import mcp
from windowservice.cli.commands.authors.plugin import plugin
from windowservice.cli.commands.calendar import calendar
from windowservice.cli.commands.check import check
from windowservice.cli.commands.explain import explain
from windowservice.cli.commands.ledger import ledger
from windowservice.cli.commands.rules import rules
from windowservice.cli.commands.sample import sample
from windowservice.cli.commands.score import score
from windowservice.cli.output import note
from windowservice.errors import PluginFailed, WindowserviceError, WindowserviceWarning

__all__ = ["app", "run"]

_log = logging.getLogger("windowservice.cli")
_WRONG: Final = 2
_INTERRUPTED: Final = 130


class _Refused(click.ClickException):
    """An error of the library or of a file, told in one line and without a traceback."""

    exit_code = _WRONG

    def format_message(self) -> str:
        return for_lines(self.message)


def _told(error: WindowserviceError | OSError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename is not None else error.strerror
    if isinstance(error, PluginFailed):
        return f"{error.said}; leave it out with --skip-broken-plugins" if error.installed else error.said
    return str(error)


class _Group(click.Group):
    """The commands, with the library's errors turned into messages."""

    def invoke(self, ctx: click.Context) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("default", WindowserviceWarning)
            warnings.showwarning = _show_warning  # put back by catch_warnings
            try:
                return super().invoke(ctx)
            except (click.exceptions.Exit, click.Abort, click.ClickException, KeyboardInterrupt):
                raise
            except (WindowserviceError, OSError) as error:
                _log.info("what led to it:", exc_info=error)
                raise _Refused(_told(error)) from error
            except BaseException as error:  # exit code 1 means findings, and nothing else does
                _log.info("what led to it:", exc_info=error)
                raise _Refused(_fault(error)) from error


def _fault(error: BaseException) -> str:
    """Return what is said of an error that is none of the library's own: its kind, and where it came from."""
    from traceback import extract_tb

    place = extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name} line {place.lineno}"
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return f"nothing was judged, by a fault of the program and not of yours: {said} ({where}); -v tells all of it"


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    note(f"Note: {for_line(message)}")


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version("windowservice")
    except PackageNotFoundError:
        found = "(run from its source)"
    click.echo(f"windowservice {found}")
    ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
@click.option("-v", "--verbose", is_flag=True, help="Tell on stderr what is done.")
def app(verbose: bool) -> None:
    """Was it handled as promised, by whom, in time; and if not, by how much, under which rule?

    \b
    windowservice sample demo                               write a sample ledger
    windowservice audit demo --as-of 2018-12-31             audit it
    windowservice explain demo R-0001 --as-of 2018-12-31    the whole case of one request
    windowservice score demo --bank 900000000001 --period 2018-09
    windowservice actions demo --as-of 2018-12-31          what the escalation ladder proposes
    windowservice rules                                     what is asked, and on what basis
    windowservice lint desk.toml                            mistakes of a pack, before a record is judged
    windowservice ledger template branch.xlsx               empty tables to fill in
    windowservice calendar due "2018-04-27 16:00" "3 working days"

    \b
    Exit codes: 0  clean
                1  findings at or above --fail-on
                2  the command or its input is wrong
                3  nothing could be evaluated, or rows were rejected: what was not read is never clean
    """  # noqa: D301 - click's mark for lines that stay as they are
    log = logging.getLogger("windowservice")
    if verbose:
        logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    elif not log.handlers:  # or Python would write warnings to stderr, which the report tells anyway
        log.addHandler(logging.NullHandler())


for _command in (
    audit, check, explain, rules, facts, calendar, sample, ledger, score, actions, compare, what_if, lint, plugin, mcp,
):  # fmt: skip
    app.add_command(_command)


_COLLECTED_AFTER: Final = 100_000


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let Python look for circles less often: a command makes many objects that stay, and each look walks over all."""
    before = gc.get_threshold()
    gc.set_threshold(before[0] and max(before[0], _COLLECTED_AFTER), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_seldom_collecting()
def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a file or pipe gets UTF-8 on every system; a console has its own way
            stream.reconfigure(errors="backslashreplace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    try:
        code = app.main(args=arguments, prog_name="windowservice", standalone_mode=False)
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return _WRONG
    except click.Abort:
        note("Interrupted.")
        return _INTERRUPTED
    except SystemExit:  # click's own answer to a pipe that nobody reads
        return _WRONG
    except Exception as error:  # what no command has met, such as an argument that cannot be read at all
        note(f"Error: {_fault(error)}")
        return _WRONG
    return code if isinstance(code, int) else 0
