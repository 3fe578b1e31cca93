"""A pack in TOML says what the same pack in Python says: of objects, frames, ledgers and on the command line."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.plugins.toml.packs import IN_TOML, RULES, InPython, case

import windowservice as ws
from windowservice.cli.app import app

AS_OF = "2026-02-20T00:00Z"
TABLES = {
    "teams": "id\nnorth\nsouth\n",
    "tickets": "id,team,opened_at,closed_at,spam\n"
    "1,north,2026-01-05T09:00Z,2026-01-09T09:00Z,no\n"
    "2,north,2026-01-07T09:00Z,2026-01-12T09:00Z,no\n"
    "3,south,2026-02-02T09:00Z,yesterday,no\n"
    "4,north,2026-02-03T09:00Z,,\n",
    "rings": "id,team,at\n1,north,2026-01-05T09:00Z\n2,south,2026-01-05T09:00Z\n",
    "cases": "id,customer,priority,opened_at\n"
    "C-1,acme,P1,2018-05-07T13:00Z\nC-2,bahn,P1,2018-05-07T13:00Z\nC-3,acme,P2,2018-05-07T13:00Z\n"
    "C-4,nobody,P2,2018-05-07T13:00Z\nC-5,acme,P1,2026-02-19T14:00Z\nC-6,acme,P1,2018-05-07T13:00Z\n",
    "statuses": "case,at,to,why\n"
    "C-1,2018-05-07T20:00Z,open,\nC-1,2018-05-07T14:00Z,waiting,customer\nC-1,2018-05-08T16:00Z,resolved,\n"
    "C-2,2018-05-07T14:00Z,resolved,\nC-3,2018-05-07T14:00Z,resolved,\nC-3,2018-05-07T14:00Z,resolved,\n"
    "C-5,2026-02-19T14:30Z,waiting,customer\nC-6,2018-05-07T26:00Z,resolved,\nC-6,2018-05-07T15:00Z,open,\n",
}


@pytest.fixture(scope="module")
def in_python() -> ws.Engine:
    """The engine of the pack in Python."""
    return ws.Engine.load(packs=[RULES], plugins=[InPython()], installed=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the ledger and, beside it, the pack."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "desk.toml").write_text(IN_TOML, "utf-8")
    (folder / "ledger").mkdir()
    for table, text in TABLES.items():
        (folder / "ledger" / f"{table}.csv").write_text(text)
    return folder


@pytest.fixture(scope="module")
def in_toml(folder: Path) -> ws.Engine:
    """The engine of the pack in TOML."""
    return ws.Engine.load(packs=[folder / "desk.toml"], installed=False)


def _said(report: ws.Report) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {(one.key, one.rule): (str(one.verdict), one.missing, one.items, str(one)) for one in report.findings}


def test_a_ledger(in_python: ws.Engine, in_toml: ws.Engine, folder: Path) -> None:
    """Groups, unions and clocks over the tables of a ledger come to the same findings, rows that are wrong included."""
    ledger = folder / "ledger"
    first, second = (engine.audit(engine.read(ledger), as_of=AS_OF) for engine in (in_python, in_toml))
    wanted = {key: (verdict, missing, items) for key, (verdict, missing, items, _) in _said(first).items()}
    found = {key: (verdict, missing, items) for key, (verdict, missing, items, _) in _said(second).items()}
    assert found == wanted
    verdicts = {key: said[0] for key, said in found.items()}
    assert verdicts["north 2026-01-01", "desk/few_slow"] == "fail"
    assert verdicts["south 2026-01-01", "desk/few_slow"] == "unknown"
    assert [verdicts[f"C-{number}", "desk/resolved"] for number in range(1, 7)] == [
        "fail", "pass", "pass", "unknown", "pending", "unknown"
    ]  # fmt: skip
    assert in_toml.version != in_python.version  # a record type is known by where it is declared


def test_a_ledger_without_the_table_of_children(in_toml: ws.Engine, folder: Path, tmp_path: Path) -> None:
    """Of a record whose children stand in a table that the ledger lacks, nothing is told: it is not as if none were."""
    (tmp_path / "cases.csv").write_text(TABLES["cases"])
    found = in_toml.audit(in_toml.read(tmp_path), as_of=AS_OF)
    assert {str(one.verdict) for one in found.of_rule("resolved")} == {"unknown"}
    assert "the ledger has no such table" in str(found.of_rule("resolved")[0])


def test_a_child_that_names_no_record_is_told(in_toml: ws.Engine, tmp_path: Path) -> None:
    """A row of a table of children that names a record which is not there is counted, with the nearest that is."""
    (tmp_path / "cases.csv").write_text(TABLES["cases"])
    (tmp_path / "statuses.csv").write_text(
        "case,at,to,why\nC-11,2018-05-07T14:00Z,resolved,\nC-1,2018-05-07T14:00Z,open,\n"
    )
    (word,) = in_toml.read(tmp_path).report.unknown_words
    assert (word.file, word.column, word.word, word.nearest, word.kept) == ("statuses.csv", "case", "C-11", "C-1", True)


def test_objects(in_python: ws.Engine, in_toml: ws.Engine) -> None:
    """A record in hand is judged by either, and explained alike; an engine of TOML travels between processes."""
    one = {
        "id": "C-1", "customer": "acme", "priority": "P1", "opened_at": datetime(2018, 5, 7, 13, tzinfo=UTC),
        "history": [
            {"at": datetime(2018, 5, 7, 14, tzinfo=UTC), "to": "waiting", "why": "customer"},
            {"at": datetime(2018, 5, 7, 20, tzinfo=UTC), "to": "open"},
            {"at": datetime(2018, 5, 8, 16, tzinfo=UTC), "to": "resolved"},
        ],
    }  # fmt: skip
    first = in_python.check(one, as_of="2018-05-09T00:00Z", of=case)
    second = in_toml.check(one, as_of="2018-05-09T00:00Z")
    assert dict(second.verdicts) == dict(first.verdicts) == {"desk/resolved": "fail", "desk/warned": "fail"}
    again = pickle.loads(pickle.dumps(in_toml))
    assert again.version == in_toml.version
    assert dict(again.check(one, as_of="2018-05-09T00:00Z").verdicts) == dict(second.verdicts)
    told = first.finding("C-1", "resolved").explain().replace(in_python.version, in_toml.version)
    basis = "Contract with the customer [known]"
    assert second.finding("C-1", "resolved").explain() == told.replace("none given", basis)


def test_frames(in_python: ws.Engine, in_toml: ws.Engine) -> None:
    """Frames of records and of their children are judged alike, by the names of the tables."""
    pl = pytest.importorskip("polars")
    rows = {"cases": [{
        "id": f"C-{number}", "customer": ("acme", "bahn")[number % 2], "priority": ("P1", "P2")[number % 3 == 0],
        "opened_at": datetime(2018, 5, 7, 13, tzinfo=UTC),
    } for number in range(40)]}  # fmt: skip
    rows["statuses"] = [
        {
            "case": f"C-{number}",
            "at": datetime(2018, 5, 7 + number % 4, 14 + step, number, tzinfo=UTC),
            "to": to,
            "why": why,
        }
        for number in range(38)
        for step, (to, why) in enumerate([("waiting", "customer"), ("open", None), ("resolved", None)])
    ]
    tables = {name: pl.DataFrame(table) for name, table in rows.items()}
    first, second = (engine.audit(tables, as_of="2018-05-12T00:00Z") for engine in (in_python, in_toml))
    said = {(one.key, one.rule): str(one.verdict) for one in second.findings}
    assert said == {(one.key, one.rule): str(one.verdict) for one in first.findings}
    assert {"pass", "fail", "unknown"} >= set(said.values()) > {"pass"}


def test_the_command_line(in_toml: ws.Engine, folder: Path, tmp_path: Path) -> None:
    """``--pack`` reads, judges and makes templates of the tables of the pack; ``--alone`` leaves the library out."""
    ledger, pack = str(folder / "ledger"), str(folder / "desk.toml")
    options = ["--pack", pack, "--alone", "--as-of", AS_OF, "--format", "json", "--show", "all", "--fail-on", "none"]
    done = CliRunner().invoke(app, ["audit", ledger, *options])
    found = {(row["key"], row["rule"]): row["verdict"] for row in json.loads(done.stdout)["findings"]}
    wanted = {key: said[0] for key, said in _said(in_toml.audit(in_toml.read(ledger), as_of=AS_OF)).items()}
    assert found == wanted
    done = CliRunner().invoke(
        app, ["ledger", "template", str(tmp_path / "new"), "--pack", pack, "--tables", "cases,statuses"]
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "new" / "statuses.csv").read_text("utf-8-sig").strip() == "case,at,to,why"
    done = CliRunner().invoke(app, ["rules", "desk", "--pack", pack, "--alone"])
    assert "Resolved as agreed" in done.output


def test_what_a_pack_offers() -> None:
    """What was read is at hand for Python: the pack, record types by name, calendars."""
    desk = ws.DataPack.read(IN_TOML)
    assert list(desk.record_types) == ["team", "ticket", "team_month", "ring", "contact", "status", "case"]
    assert [rule.name for rule in desk.pack.rules] == ["few_slow", "some_way", "resolved", "warned"]
    assert str(desk.pack.rules[0].require) == "team_month.slow <= 1"
    assert ws.DataPack.read(IN_TOML).record_types["case"] is desk.record_types["case"]
    engine = ws.Engine.load(packs=[desk], installed=False)
    assert engine.calendars["us"] == desk.calendars["us"]


@pytest.mark.parametrize("as_of", ["2010-01-01T00:00Z", "2018-05-07T15:30Z", "2018-05-09T00:00Z", AS_OF])
def test_a_ledger_in_columns(in_toml: ws.Engine, folder: Path, as_of: str) -> None:
    """A table with children is judged in columns as it is row by row, at any instant, rows that are wrong included."""
    pytest.importorskip("polars")
    book = in_toml.read(folder / "ledger")
    first, second = (in_toml.audit(book, as_of=as_of, columns=columns) for columns in (False, True))
    cases = {key: said for key, said in _said(first).items() if key[0].startswith("C-")}
    assert {key: said for key, said in _said(second).items() if key[0].startswith("C-")} == cases
    assert bool(cases) == (as_of > "2018")
