"""Whatever is given on the command line: exit code 1 means findings and nothing else, and no error is a raw one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from windowservice.cli import app as whole
from windowservice.cli.app import app, run

ODD_PATHS = ("", "a\0b", "x" * 5_000, ".", "text.txt", "nowhere/x", "loop", "/dev/null", "\udcff", "\x1b[31m")
ODD_TEXTS = (
    " ", "\0", "\udcff", "-1", "1e999", "9" * 400, "2018-02-30", "0001-01-01", "9999-12-31",
    "0001-01-01T00:00:00+14:00", "=1+1", "\x1b[31m", "2018-W99", "9999-12", "99999999999 working days", ",",
    "25:00-26:00", "R-1#2",
)  # fmt: skip
GIVEN = {
    "rules": [],
    "facts": [],
    "plugin new": ["ledger"],  # where a folder is, it writes nothing
    "check": ["request.json", "--as-of", "2018-06-30"],
    "audit": ["ledger", "--as-of", "2018-06-30"],
    "explain": ["ledger", "R-1", "--as-of", "2018-06-30"],
    "score": ["ledger", "--period", "2018-05"],
    "actions": ["ledger", "--as-of", "2018-06-30"],
    "calendar list": [],
    "calendar hours": ["2018-05-01"],
    "calendar due": ["2018-04-27 16:00", "3 working days"],
    "calendar worked": ["2018-04-27 16:00", "2018-05-02 09:00"],
    "ledger template": ["template"],
    "compare": ["ledger", "--as-of", "2018-06-30"],
    "what-if": ["ledger", "--as-of", "2018-06-30"],
    "lint": [],
    "sample": ["ledger"],  # where a ledger is, it writes nothing
}


@pytest.fixture
def place(tmp_path: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small ledger and other things, in which the command is run."""
    write()
    (tmp_path / "request.json").write_text('{"id": "R", "bank": "b", "service": "S10", "events": []}', "utf-8")
    (tmp_path / "text.txt").write_text("hello", "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _command(name: str) -> click.Command:
    command: click.Command = app
    for word in name.split():
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


def _cases() -> list[tuple[str, str]]:
    """Every argument of every command, and every option once: what several commands share is one piece of code."""
    found, seen = [], set()
    for name in GIVEN:
        for one in _command(name).params:
            if isinstance(one, click.Argument) or (one.name not in seen and not getattr(one, "is_flag", False)):
                found.append((name, str(one.name)))
                seen.add(one.name)
    return found


def _words(name: str, option: str, odd: str) -> list[str]:
    command = _command(name)
    arguments = [str(one.name) for one in command.params if isinstance(one, click.Argument)]
    given = list(GIVEN[name])
    if option in arguments:
        place = arguments.index(option)
        options = next((i for i, word in enumerate(given) if word.startswith("--")), len(given))
        plain, rest = [*given[:options], "R-1"][: max(options, place + 1)], given[options:]
        plain[place] = odd
        return [*name.split(), *rest, "--", *plain]
    found = next(one for one in command.params if one.name == option)
    return [*name.split(), *given, found.opts[-1], odd]


@pytest.mark.slow
@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("name", "option"), _cases())
def test_odd_values_are_an_answer_or_one_message(name: str, option: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Every option and argument of every command, each with odd values."""
    is_path = next(isinstance(one.type, click.Path) for one in _command(name).params if one.name == option)
    for odd in ODD_PATHS if is_path else ODD_TEXTS:
        code = run(_words(name, option, odd))
        got = capfd.readouterr()
        assert code in (0, 1, 2, 3), (odd, got.err)
        assert "fault of the program" not in got.err, odd
        assert "Traceback" not in got.err, odd
        assert not set(got.out + got.err) & set("\x1b\x00"), odd
        if code == 1:
            assert any(said in got.out for said in ("at or above", "proposed", "fail", "error load")), odd
        if code == 2:
            assert "Error" in got.err, odd


ERRORS = (RuntimeError("odd"), KeyError("x"), MemoryError(), RecursionError(), EOFError(), SystemExit(1),
          AssertionError(), BaseException("panic"))  # fmt: skip


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("words", [("rules",), ("calendar", "list"), ("audit", "ledger", "--as-of", "2018-06-30")])
@pytest.mark.usefixtures("place")
def test_an_error_that_nobody_foresaw_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: BaseException, words: tuple[str, ...]
) -> None:
    """Exit code 2 and one line, whatever kind of exception it is."""
    from windowservice.engine.engine import Engine

    def broken(**_: object) -> Engine:
        raise error

    monkeypatch.setattr(Engine, "load", broken)
    assert run(words) == 2
    said = capfd.readouterr()
    assert "fault of the program" in said.err
    assert type(error).__name__ in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    "words",
    [
        ("audit", "", "--as-of", "2018-06-30"),
        ("score", " ", "--period", "2018-05"),
        ("check", "", "--as-of", "2018-06-30"),
        ("audit", "ledger", "--as-of", "2018-06-30", "--mapping", ""),
        ("audit", "ledger", "--as-of", "2018-06-30", "-o", ""),
    ],
)
def test_an_empty_path_is_not_the_folder_one_stands_in(
    words: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    """A variable without a value audits nothing."""
    assert run(words) == 2
    assert "the path is empty" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["requests.csv", "events.csv", "ledger.toml", "own.toml", "link.csv"])
@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_no_output_is_written_over_what_is_read(
    place: Path, name: str, form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """A table of the ledger, its settings, a file given by another option, and links to them stay as they are."""
    ledger = place / "ledger"
    (ledger / "own.toml").write_text("", "utf-8")
    (ledger / "link.csv").symlink_to(ledger / "requests.csv")
    before = {path.name: path.read_bytes() for path in ledger.iterdir()}
    given = ["--mapping", "ledger/own.toml"] if name == "own.toml" else []
    code = run(["audit", "ledger", "--as-of", "2018-06-30", *given, "--format", form, "-o", f"ledger/{name}"])
    assert code == 2
    assert {path.name: path.read_bytes() for path in ledger.iterdir()} == before
    assert run(["audit", "ledger", "--as-of", "2018-06-30", "--format", form, "-o", "ledger/found.txt"]) == 1
    capfd.readouterr()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_full_disk_is_no_finding(place: Path, stream: str) -> None:
    """What cannot be written ends with 2, not with the code for findings; notes that cannot be shown stop nothing."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: full}
        words = [sys.executable, "-m", "windowservice", "rules", *(["nothing"] if stream == "stderr" else [])]
        done = subprocess.run(words, check=False, env=os.environ, cwd=place, **streams)  # type: ignore[call-overload]
    assert done.returncode == 2


def test_every_command_is_tried_here() -> None:
    """A new command needs a line in the table."""
    names = set()
    for name, command in whole.app.commands.items():
        names |= {f"{name} {below}" for below in command.commands} if isinstance(command, click.Group) else {name}
    assert names - {"mcp"} == set(GIVEN)  # it serves until its input ends; tests/assistant try it
