"""Where a command writes: to the terminal in colours, to a pipe or file as plain UTF-8; progress goes to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from windowservice.blocks.blocks import plain_text, show
from windowservice.clean import for_lines
from windowservice.cli.paths import refuse_inputs

if TYPE_CHECKING:
    from windowservice.blocks.blocks import Block

__all__ = ["counting", "keep_output", "note", "progress", "waiting", "writing", "written"]


@contextmanager
def writing(output: Path | None, *, for_spreadsheet: bool = False) -> Iterator[TextIO]:
    """Give a stream to write to: the file, or standard output.

    A file for a spreadsheet begins with a byte order mark, without which Excel takes Chinese for something else. If
    the reader of a pipe has gone, the rest is dropped: what was found, and with it the exit code, stays.
    """
    if output is not None:
        refuse_inputs(output)
        encoding = "utf-8-sig" if for_spreadsheet else "utf-8"
        with output.open("w", encoding=encoding, errors="backslashreplace", newline="") as file:
            yield file
        return
    out = _standard_output()
    try:
        yield out
        out.flush()
    except BrokenPipeError:
        _drop(out)


_OUT: Final = "windowservice.out"
_STDOUT: Final = 1


def keep_output() -> None:
    """From here to the end of the command, standard output is the report's alone.

    What a plugin prints goes to stderr, as it is called on, and so does what it, or a program that it starts, writes to
    the descriptor itself: a document in JSON stays one.
    """
    context = click.get_current_context(silent=True)
    if context is not None and _OUT not in context.meta:
        context.meta[_OUT] = context.with_resource(_apart(sys.stdout))
        context.with_resource(redirect_stdout(sys.stderr))


@contextmanager
def _apart(out: TextIO) -> Iterator[TextIO]:
    """Give standard output on a descriptor of its own, while stderr stands at the one that all programs know."""
    try:
        known, errors = out.fileno(), sys.stderr.fileno()
    except (OSError, ValueError, AttributeError):  # no file of the system: nothing but Python writes to it
        known = errors = -1
    if known != _STDOUT:
        yield out
        return
    out.flush()
    own = os.dup(known)
    os.dup2(errors, known)
    size = 1 if out.isatty() else -1
    try:
        with suppress(BrokenPipeError), open(own, "w", size, out.encoding, out.errors, closefd=False) as stream:
            yield stream
    finally:
        os.dup2(own, known)
        os.close(own)


def _standard_output() -> TextIO:
    context = click.get_current_context(silent=True)
    kept: TextIO | None = None if context is None else context.meta.get(_OUT)
    return sys.stdout if kept is None else kept


def _drop(out: TextIO) -> None:
    """Point standard output at nothing, so that Python does not complain about the pipe when it ends."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, out.fileno())
        os.close(nothing)


def written(blocks: Iterable[Block], output: Path | None = None) -> None:
    """Write blocks of text: in colours to a terminal, else plain."""
    with writing(output) as out:
        if output is None and out.isatty():
            from rich.console import Console

            show(blocks, Console(file=out, highlight=False, markup=False, emoji=False))
        else:
            out.write(plain_text(blocks))


def _bar() -> Any:
    """Return a progress bar on stderr, or None if nobody watches."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


@contextmanager
def progress(description: str, total: int) -> Iterator[Callable[[Iterable[Any]], Iterator[Any]]]:
    """Give a function that passes on what it is given and shows how far it is."""
    bar = _bar()
    if bar is None:
        yield iter
        return
    with bar:
        task = bar.add_task(description, total=total)

        def tracked(items: Iterable[Any]) -> Iterator[Any]:
            for item in items:
                yield item
                bar.advance(task)

        yield tracked


@contextmanager
def counting(description: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how many are done, of how many."""
    bar = _bar()
    if bar is None:
        yield lambda *_: None
        return
    with bar:
        task = bar.add_task(description, total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)


@contextmanager
def waiting(description: str) -> Iterator[None]:
    """Show that something goes on whose length nobody knows."""
    bar = _bar()
    if bar is None:
        yield
        return
    with bar:
        bar.add_task(description, total=None)
        yield


def note(text: str) -> None:
    """Write lines to stderr, where nothing that they repeat steers a terminal; a reader that has gone stops nothing."""
    with suppress(OSError, ValueError):
        click.echo(for_lines(text), err=True, nl=not text.endswith("\n"))
