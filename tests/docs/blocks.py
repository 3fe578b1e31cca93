"""How the blocks of a page are run: Python, commands with their output, files to write, and output to compare.

A page is read from top to bottom in a folder of its own:

- ``python`` runs, all blocks of a page in one namespace; what it prints is kept. If it begins with ``# needs: spark``,
  or ``# needs: logs``, the rest of the page is skipped where there is no Spark, or no folder ``logs`` of the real logs;
- ``text`` right after such a block is what it printed, with ``...`` for what changes;
- ``console`` holds commands after ``$`` and what they show;
- a block with a caption is a file of that name, and is written; `toml` and `json` are parsed besides;
- ``sh`` sets a machine up and is not run: every `make` target in it must exist;
- ``diff`` is a change of this package, which `test_five_tasks.py` makes in a copy;
- any other word is refused, so that no block goes unread.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import pytest
from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.lexers import LexerCollection
from sybil.parsers.markdown.lexers import FencedCodeBlockLexer
from sybil.parsers.myst.lexers import DirectiveLexer

from windowservice.cli import main

ROOT: Final = Path(__file__).resolve().parents[2]
_FLAGS: Final = doctest.ELLIPSIS
_PRINTED: Final = "_printed"  # where the namespace of a page keeps what its last block printed
_FOLDER: Final = "_folder"


class Blocks:
    """A Sybil parser for all blocks of a page."""

    lexers: Final = LexerCollection(
        [
            FencedCodeBlockLexer(language=r"[^{\n]*", mapping={"language": "arguments", "source": "source"}),
            DirectiveLexer(directive="code-block", arguments=".+"),
        ]
    )

    def __call__(self, document: Document) -> Iterable[Region]:
        for region in self.lexers(document):
            region.parsed = region.lexemes["source"]
            region.evaluator = _run
            yield region


def _run(example: Example) -> str | None:
    language = example.region.lexemes["arguments"].strip()
    caption = example.region.lexemes.get("options", {}).get("caption")
    text = str(example.parsed)
    if language in _PARSED:
        _PARSED[language](text)
    if caption is not None:
        path = Path(example.namespace[_FOLDER], caption)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return None
    if language in _PARSED:
        return None
    return _RUN.get(language, _refused)(example)


def _refused(example: Example) -> str:
    return f"nobody runs a block of {example.region.lexemes['arguments']!r}; the words are in {__name__}"


def _python(example: Example) -> None:
    _skip_without(str(example.parsed).partition("\n")[0], Path(example.namespace[_FOLDER]))
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.chdir(example.namespace[_FOLDER]):
        PythonEvaluator()(example)
    example.namespace[_PRINTED] = out.getvalue()


def _skip_without(line: str, folder: Path) -> None:
    """Skip the rest of a page whose block says that it needs Spark, or the real logs, where there is none of it."""
    if line == "# needs: logs" and not (folder / "logs").is_dir():
        pytest.skip("the real logs are not there; name their folder with --logs DIR")
    if line == "# needs: spark":
        pytest.importorskip("pyspark", reason="pyspark is not installed (the extra `spark`)")
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            pytest.skip("there is no Java on this machine; Spark needs 17")


def _text(example: Example) -> str | None:
    return _difference(str(example.parsed), example.namespace.pop(_PRINTED, "(nothing was run before this block)\n"))


def _console(example: Example) -> str | None:
    blocks = ("\n" + str(example.parsed)).split("\n$ ")[1:]
    for block in blocks:
        command, _, wanted = block.partition("\n")
        shown = _shell(command, Path(example.namespace[_FOLDER]))
        difference = _difference(wanted, shown)
        if difference or "Traceback" in shown:
            return f"$ {command}\n{difference or shown}"
    return None if blocks else "a console block holds commands after '$ '"


def _shell(command: str, folder: Path) -> str:
    """Run one command of a page in this process, and return what it writes; no shell is asked."""
    words = shlex.split(command)
    if words[:1] == ["echo"] and words[1:] == ["$?"]:
        return (folder / ".code").read_text() + "\n"
    if words[0] != "windowservice":
        raise ValueError(f"a page may run windowservice and echo $?, not {words[0]!r}")
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
        contextlib.chdir(folder),
    ):
        patch.setenv("COLUMNS", "120")
        patch.setenv("NO_COLOR", "1")
        code = main(words[1:])
    (folder / ".code").write_text(str(code))
    return out.getvalue() + err.getvalue()


def _difference(wanted: str, got: str) -> str | None:
    """Say how the output differs, if it does; blanks at the ends of lines do not count, `...` stands for anything."""
    wanted, got = ("".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines()) for text in (wanted, got))
    if doctest.OutputChecker().check_output(wanted, got, _FLAGS):
        return None
    return f"wanted:\n{wanted}\ngot:\n{got}"


def _setup(example: Example) -> str | None:
    targets = {line.partition(":")[0] for line in (ROOT / "Makefile").read_text().splitlines() if line[:1].isalpha()}
    for line in str(example.parsed).splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["make"] and words[1] not in targets:
            return f"the Makefile has no target {words[1]!r}"
    return None


_PARSED: Final[dict[str, Callable[[str], object]]] = {"toml": tomllib.loads, "json": json.loads, "csv": str}
_RUN: Final[dict[str, Callable[[Example], str | None]]] = {
    "python": _python,
    "text": _text,
    "console": _console,
    "sh": _setup,
    "diff": lambda _: None,
}


def namespace(folder: Path, logs: Path | None = None) -> dict[str, object]:
    """Return the namespace in which the blocks of a page are run, in a folder in which the logs are seen."""
    if logs is not None and logs.is_dir():
        (folder / "logs").symlink_to(logs.resolve())
    return {"__name__": "page", _FOLDER: str(folder)}
