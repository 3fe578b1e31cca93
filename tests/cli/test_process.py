"""The command as a process of its own: what it imports, how it ends, what it writes to pipes and terminals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_SOURCE = Path(__file__).resolve().parents[2] / "src"
AS_OF = "2018-05-15T09:00+08:00"


def _environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "PYTHONUTF8"}}
    return {**kept, "PYTHONPATH": str(_SOURCE), **more}


def _run(*words: object, code: str = "", **more: str) -> subprocess.CompletedProcess[bytes]:
    start = ["-c", code] if code else ["-m", "windowservice"]
    command = [sys.executable, *start, *(str(word) for word in words)]
    return subprocess.run(command, env=_environment(**more), capture_output=True, timeout=120, check=False)


def test_help_imports_nothing_heavy() -> None:
    """Help needs click alone: no Polars, no numpy, no rich, and none of the engine."""
    code = """
import contextlib, io, json, sys
from windowservice.cli import main
with contextlib.redirect_stdout(io.StringIO()) as shown:
    code = main(["--help"])
heavy = {"polars", "numpy", "pandas", "pyarrow", "rich", "duckdb", "pendulum", "windowservice.engine.engine"}
print(json.dumps([code, sorted(heavy & set(sys.modules)), "audit" in shown.getvalue()]))
"""
    result = _run(code=code)
    assert json.loads(result.stdout) == [0, [], True]


def test_every_command_has_help_with_an_example() -> None:
    """Each command teaches by an example."""
    for command in ("audit", "check", "explain", "rules", "calendar", "sample"):
        result = _run(command, "--help")
        assert result.returncode == 0
        assert f"windowservice {command}" in result.stdout.decode()


def test_version_is_shown() -> None:
    """The version is one line."""
    result = _run("--version")
    assert result.returncode == 0
    assert result.stdout.startswith(b"windowservice ")


@pytest.mark.parametrize("package", ["click", "rich"])
def test_without_its_packages_the_extra_is_named(package: str) -> None:
    """On a machine without them, the message says what to install, and the exit code is 2."""
    code = f"""
import sys
sys.modules[{package!r}] = None
from windowservice.cli import main
sys.exit(main(["--help"]))
"""
    result = _run(code=code)
    if package == "click":
        assert result.returncode == 2
        assert b"pip install 'windowservice[cli]'" in result.stderr
        assert b"Traceback" not in result.stderr
    else:
        assert result.returncode == 0  # nothing is coloured in a pipe


def test_exit_codes_reach_the_shell(ledger: Path, tmp_path: Path) -> None:
    """1 with findings, 2 with a wrong path, and Python says nothing of its own."""
    found = _run("audit", ledger, "--as-of", AS_OF)
    assert (found.returncode, found.stderr) == (1, b"")
    missing = _run("audit", tmp_path / "nowhere", "--as-of", AS_OF)
    assert (missing.returncode, missing.stdout) == (2, b"")
    assert missing.stderr.startswith(b"Error: ")
    assert missing.stderr.count(b"\n") == 1


def test_a_pipe_gets_utf8_on_every_system(ledger: Path) -> None:
    """Chinese goes into a pipe as UTF-8 though the system's own encoding has none of it."""
    result = _run("audit", ledger, "--as-of", AS_OF, "--lang", "zh", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert result.returncode == 1
    assert "限时办结制" in result.stdout.decode("utf-8")
    assert b"\x1b" not in result.stdout


def test_a_reader_that_goes_away_is_no_error(write) -> None:
    """If the pipe is closed early there is no complaint, and the exit code is that of the audit."""
    rows = "".join(f"R-{n},B,S10\n" for n in range(1_000))
    events = "".join(f"R-{n},2018-05-03 09:00,submitted,wang\n" for n in range(1_000))
    path = write(f"id,bank,service\n{rows}", f"request,at,kind,by\n{events}")
    for form in ("text", "csv"):
        command = [sys.executable, "-m", "windowservice", "audit", str(path), "--as-of", AS_OF, "--format", form]
        process = subprocess.Popen(
            [*command, "--limit", "0"], env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()
        process.stderr.close()
        assert (process.wait(timeout=120), complaint) == (1, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals on Windows")
def test_a_terminal_gets_colours_and_no_markup_of_the_ledger(write) -> None:
    """On a terminal there are colours of ours, and markup or escapes of the ledger are shown as they are written."""
    import pty

    path = write(
        "id,bank,service\n[red]R-2[/red],\x1b[31mB,S10\n",
        "request,at,kind,by\n[red]R-2[/red],2018-04-03 09:00,submitted,[blink]x\n",
    )
    child, screen = pty.fork()
    if child == 0:  # pragma: no cover - another process
        words = [sys.executable, "-m", "windowservice", "audit", str(path), "--as-of", AS_OF]
        os.execvpe(sys.executable, words, _environment(TERM="xterm-256color", COLUMNS="200"))
    shown = b""
    while True:
        try:
            part = os.read(screen, 65_536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(screen)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
    text = shown.decode()
    assert "\x1b[1mBy policy" in text
    assert "[red]R-2[/red]" in text
    assert r"\x1b[31mB" in text
    assert "\x1b[31mB" not in text
    assert "[blink]x" in text


EXTRAS = ("polars", "numpy", "pyarrow", "pandas", "wasmtime", "duckdb", "python_calamine", "xlsxwriter", "IPython")
"""What the commands do without: `pip install windowservice[cli]` brings none of it."""
FIRST = (
    "audit demo --as-of 2018-12-31 --fail-on none",
    "explain demo R-0001 --as-of 2018-12-31",
    "score demo --bank 900000000001 --period 2018-09",
    "actions demo --as-of 2018-12-31",
    "rules",
    "ledger template empty",
    'calendar due "2018-04-27 16:00" "3 working days"',
)
"""The commands that the help begins with, on a ledger as large as the shipped one."""


def test_the_first_commands_need_no_extra_but_the_command_line(tmp_path: Path) -> None:
    """Whoever installs the command alone can do all that the help begins with."""
    code = f"""
import contextlib, io, json, os, shlex, sys
sys.modules |= dict.fromkeys({EXTRAS!r})
from windowservice.cli import main
os.chdir({str(tmp_path)!r})
said = {{}}
for line in ("sample demo", *{FIRST!r}):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as errors:
        code = main(shlex.split(line))
    if code not in (0, 1):
        said[line] = [code, errors.getvalue()]
print(json.dumps(said))
"""
    result = _run(code=code)
    assert json.loads(result.stdout) == {}, result.stderr
