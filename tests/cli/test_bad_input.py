"""Beginners' mistakes and bad input: one clean message, never a traceback, and text of a ledger stays text."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

AS_OF = "2018-05-15T09:00+08:00"

EVIL_ID = "R\x1b[31m-1"
EVIL = (
    'id,bank,service\n"'
    + EVIL_ID
    + '",=cmd|calc,S10\n[red]R-2[/red],@B\u202e2,S10\n"+R-4","'
    + "x" * 100_000
    + '",S10\n'
)
EVIL_EVENTS = (
    'request,at,kind,by,reason,note\n"'
    + EVIL_ID
    + '",2018-05-03 09:00,submitted,"[bold]wang[/bold]\x1b]0;owned\x07",,\n'
    '[red]R-2[/red],2018-05-03 09:00,submitted,-w,"\x9b2J","line\nR-9 pass forged"\n'
    "+R-4,2018-05-03 09:00,submitted,x,,\n+R-4,2018-05-03 10:00,refused,x,,\n"
)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("audit", "ledgr", "--as-of", "2018-06-30"), "ledgr: there is no such file or folder"),
        (("audit", "{ledger}", "--as-of", "2018-06-31"), "--as-of: '2018-06-31' is not a date, as in 2018-06-30"),
        (("audit", "{ledger}", "--as-of", "30.06.2018"), "a time with offset, as in 2018-06-30T17:00+08:00"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--rules", "told_onse"), "did you mean 'told_once'?"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--zone", "Asia/Shangai"), "did you mean 'Asia/Shanghai'?"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--show", "fial"), "did you mean 'fail'?"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--fail-on", "grave"), "'severe', 'none'"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--figures-as-of", "May"), "--figures-as-of"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--mapping", "nowhere.toml"), "nowhere.toml: No such file"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--catalogue", "nowhere.toml"), "nowhere.toml: No such file"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--pack", "{ledger}/requests.csv"), "as TOML"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--plugin", "no_such_module"), "'no_such_module' cannot"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "--plugin", "nowhere.py"), "'nowhere.py' cannot be loaded"),
        (("audit", "{ledger}", "--as-of", "2018-06-30", "-o", "{ledger}"), "directory"),
        (("audit", "{ledger}"), "Missing option '--as-of'"),
        (("audit", "{ledger}", "--as-off", "2018-06-30"), "--as-of"),
        (("adit", "{ledger}"), "audit"),
        (("check", "nowhere.json", "--as-of", "2018-06-30"), "nowhere.json: No such file"),
        (("explain", "{ledger}", "R-99", "--as-of", "2018-06-30"), "unknown request 'R-99'"),
    ],
)  # fmt: skip
def test_a_mistake_is_met_with_one_message(run, ledger: Path, words: tuple[str, ...], said: str) -> None:
    """Exit code 2, nothing on stdout, and a message on stderr that says what to write instead."""
    result = run(*(word.format(ledger=ledger) for word in words))
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_an_empty_folder_is_no_ledger(run, tmp_path: Path) -> None:
    """A folder without tables is an input error, not a clean audit."""
    result = run("audit", tmp_path, "--as-of", AS_OF)
    assert result.exit_code == 2
    assert "holds no table" in result.stderr


def test_a_wrong_document_lists_every_problem(run, ledger: Path, tmp_path: Path) -> None:
    """All problems of a mapping are told at once, each with its path."""
    mapping = tmp_path / "map.toml"
    mapping.write_text('zones = "Asia/Shanghai"\n[[table]]\n[table.request]\nid = "id"\n', "utf-8")
    result = run("audit", ledger, "--as-of", AS_OF, "--mapping", mapping)
    assert result.exit_code == 2
    assert "zones" in result.stderr
    assert "bank" in result.stderr


@pytest.mark.parametrize("words", [(), ("--lang", "zh"), ("--show", "all", "--limit", "0")])
def test_text_of_a_ledger_cannot_steer_the_terminal(run, write, words: tuple[str, ...]) -> None:
    """Escape sequences, other control characters and marks of direction are shown, not sent."""
    result = run("audit", write(EVIL, EVIL_EVENTS), "--as-of", AS_OF, *words)
    assert result.exit_code == 1
    assert r"R\x1b[31m-1" in result.stdout
    assert "[red]R-2[/red]" in result.stdout
    assert not set(result.stdout) & set("\x1b\x07\x9b\u202e\r\t")
    assert "R-9 pass forged" not in [line.strip() for line in result.stdout.splitlines()]
    assert max(map(len, result.stdout.splitlines())) < 1_000


def test_an_explanation_cannot_steer_the_terminal(run, write) -> None:
    """The timeline and the values read are cleaned too."""
    path = write(EVIL, EVIL_EVENTS)
    for key in (EVIL_ID, "[red]R-2[/red]"):
        said = run("explain", path, key, "--as-of", AS_OF).stdout
        assert "timeline" in said
        assert not set(said) & set("\x1b\x07\x9b\u202e")


def test_an_error_cannot_steer_the_terminal(run, ledger: Path) -> None:
    """What the message repeats is cleaned."""
    result = run("explain", ledger, "R\x1b[31m", "--as-of", AS_OF)
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr


def test_csv_cannot_run_in_a_spreadsheet(run, write) -> None:
    """No cell begins with what begins a formula, and none holds a control character; the rest is unchanged."""
    result = run("audit", write(EVIL, EVIL_EVENTS), "--as-of", AS_OF, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {"'=cmd|calc", "'@B2"} <= {row["bank"] for row in rows}
    assert {"'+R-4", "[red]R-2[/red]", "R[31m-1"} == {row["key"] for row in rows}
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert cell.isprintable()


def test_json_keeps_the_text_and_escapes_it(run, write) -> None:
    """A program gets exactly what the ledger says; a terminal that shows the document gets no control character."""
    result = run("audit", write(EVIL, EVIL_EVENTS), "--as-of", AS_OF, "--format", "json")
    document = json.loads(result.stdout)
    assert EVIL_ID in {finding["key"] for finding in document["findings"]}
    assert "x" * 100_000 in document["by"]["bank"]
    assert not set(result.stdout) & set("\x1b\x07\x9b\u202e")


def test_a_file_that_is_cut_off_is_told(run, ledger: Path) -> None:
    """A compressed table that ends in the middle is an input error with its name."""
    import gzip

    whole = gzip.compress((ledger / "events.csv").read_bytes())
    (ledger / "events.csv").unlink()
    (ledger / "events.csv.gz").write_bytes(whole[:-20])
    result = run("audit", ledger, "--as-of", AS_OF)
    assert result.exit_code == 2
    assert "events.csv.gz" in result.stderr


def test_gbk_is_read(run, write) -> None:
    """A table in GBK, as Chinese Excel writes it, is read, and the encoding is told."""
    path = write()
    text = "id,bank,service,channel\nR-1,中国银行,S10,柜面\n"
    (path / "requests.csv").write_bytes(text.encode("gbk"))
    said = run("audit", path, "--as-of", AS_OF).stdout
    assert "中国银行" in said
    assert "gb18030" in said.lower()
