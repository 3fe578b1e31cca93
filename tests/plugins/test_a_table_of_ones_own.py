"""A stranger's table goes the whole way: read, mapped, templated, judged, scored, and looked at by the ladder."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
from click.testing import CliRunner
from tests.plugins import visits

import windowservice as ws
from windowservice.cli.app import app
from windowservice.errors import InvalidRule, NameTaken, PluginFailed

PLUGIN = ("--plugin", "tests.plugins.visits", "--format", "json")
BEGIN, END = "2018-05-04T09:00+08:00", "2018-05-04T11:00+08:00"
VISITS = f"""\
id,bank,begun_at,ended_at,reported_at,people
V1,B1,2018-05-03T09:00+08:00,2018-05-03T11:00+08:00,2018-05-04T09:00+08:00,1
V2,B1,{BEGIN},{END},,2
V3,B2,{BEGIN},2018-05-03T11:00+08:00,,-2
"""
REQUESTS = "id,bank,service\nR1,B1,S10\n"
EVENTS = "request,at,kind\nR1,2018-05-03T09:00+08:00,submitted\nR1,2018-05-03T10:00+08:00,sealed\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A folder of tables, the plugin's among them; one of its rows counts less than nothing."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    for name, text in {"visits": VISITS, "requests": REQUESTS, "events": EVENTS, "banks": "id\nB1\nB2\n"}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    """An engine with the plugin."""
    return ws.Engine.load(plugins=[visits], installed=False)


def told(*words: object) -> dict[str, object]:
    """Return what a command says as JSON."""
    found = CliRunner().invoke(app, [*map(str, words), *PLUGIN])
    assert found.stdout.startswith("{"), found.output
    document: dict[str, object] = json.loads(found.stdout)
    return document


def test_one_audit_shows_its_findings(ledger: Path) -> None:
    """The rule of the plugin is judged on the rows of its table; a row that cannot be is rejected like any other."""
    document = told("audit", ledger, "--as-of", "2018-05-31", "--rules", "visits")
    findings = document["findings"]
    assert isinstance(findings, list)
    assert [(row["rule"], row["verdict"]) for row in findings] == [("visits/two_go", "fail")]
    assert '"V1"' in json.dumps(findings)
    assert "people" in json.dumps(document["load"])


def test_score_counts_its_indicator(ledger: Path) -> None:
    """One of two visits has a report."""
    said = json.dumps(told("score", ledger, "--bank", "B1", "--period", "2018-05"))
    assert '"V1"' in said
    assert '"total": "50' in said


def test_actions_show_its_row_of_the_ladder(ledger: Path) -> None:
    """The visit without a report calls for what the row proposes."""
    said = json.dumps(told("actions", ledger, "--as-of", "2018-05-31"))
    assert "A visit without a report" in said
    assert '"urge"' in said


def test_its_kind_of_event_is_read(ledger: Path, engine: ws.Engine) -> None:
    """A ledger holds it, and a rule names it without saying that it is not misspelt."""
    assert [event.kind for event in engine.read(ledger).requests[0].events] == ["submitted", "sealed"]
    assert not ws.Ledger.read({"requests": [{"id": "R1", "bank": "B1", "service": "S10"}]}).records


def test_its_template_has_the_table(tmp_path: Path) -> None:
    """Its header, and what each column holds."""
    CliRunner().invoke(
        app, ["ledger", "template", str(tmp_path / "t"), "--tables", "visits", "--plugin", "tests.plugins.visits"]
    )
    header = (tmp_path / "t" / "visits.csv").read_text("utf-8-sig").strip()
    assert header == "id,bank,begun_at,ended_at,reported_at,people"
    assert "How many went" in (tmp_path / "t" / "README.txt").read_text("utf-8")


def test_it_is_read_from_frames_and_by_a_mapping(tmp_path: Path, engine: ws.Engine) -> None:
    """Under other names too; and without the record type nobody knows the table."""
    rows = pl.DataFrame({"nr": ["V1"], "who": ["B1"], "from": ["2018-05-03 09:00"], "n": [2]})
    rows.write_csv(tmp_path / "log.csv")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[[table]]\nfile = "log.csv"\n[table.row]\ntable = "visits"\n'
        'id = "nr"\nbank = "who"\nbegun_at = "from"\npeople = "n"\n', "utf-8",
    )  # fmt: skip
    read = engine.read(tmp_path / "log.csv", mapping=mapping, zone="Asia/Shanghai")
    own = rows.rename({"nr": "id", "who": "bank", "from": "begun_at", "n": "people"})
    assert read.records == engine.read({"visits": own}, zone="Asia/Shanghai").records
    with pytest.raises(ws.WindowserviceError, match="unknown ledger table 'visits'"):
        ws.Ledger.read(tmp_path / "log.csv", mapping=mapping)


def another(hook: str, *offered: object, name: str = "mine") -> ModuleType:
    """Return a plugin with one hook."""
    module = ModuleType(name)
    setattr(module, f"windowservice_{hook}", ws.hookimpl(lambda: list(offered)))
    return module


def test_a_table_that_is_taken_names_both_owners() -> None:
    """Of one name only one can stand in a ledger."""

    class inspection_visit(ws.Facts, rows=ws.Given("visits")):
        """Another's."""

        id = ws.key("Number")

    with pytest.raises(NameTaken, match=r"visits' and 'mine' both offer a table named 'visits'; rename one"):
        ws.Engine.load(plugins=[visits, another("record_types", inspection_visit)], installed=False)


def test_a_table_that_no_ledger_could_hold_is_refused() -> None:
    """Without a key all its rows would be one; the tables of requests are ours."""

    class keyless(ws.Facts, rows=ws.Given("keyless")):
        """Without a key."""

        bank = ws.code("The bank")

    class requests_of_ours(ws.Facts, rows=ws.Given("requests")):
        """Named like ours."""

        id = ws.key("Number")

    with pytest.raises(PluginFailed, match=r"keyless: has no key.*write id = key"):
        ws.Engine.load(plugins=[another("record_types", keyless)], installed=False)
    with pytest.raises(PluginFailed, match="has the table 'requests', which is that of requests and their parties"):
        ws.Engine.load(plugins=[another("record_types", requests_of_ours)], installed=False)
    with pytest.raises(InvalidRule, match="has no key"):
        ws.Ledger.read({"keyless": []}, record_types=[keyless])


def test_what_two_plugins_bring_under_one_name_names_both_owners() -> None:
    """An indicator is counted in one way, and there is one scorecard."""
    again = ws.scoring.Indicator.read(visits.INDICATORS, [visits.visit])
    with pytest.raises(NameTaken, match="and 'mine' both offer a counted indicator named 'V1'; rename one"):
        ws.Engine.load(plugins=[visits, another("indicators", *again)], installed=False)
    second = ModuleType("mine")
    second.windowservice_scorecard = ws.hookimpl(lambda: ws.Scorecard.read(visits.CARD))  # type: ignore[attr-defined]
    with pytest.raises(NameTaken, match="and 'mine' both offer a scorecard; leave one out"):
        ws.Engine.load(plugins=[visits, second], installed=False)
