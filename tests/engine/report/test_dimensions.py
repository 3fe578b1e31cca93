"""Nothing of a bank where there is no bank: reports name records by what their type carries."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

import windowservice as ws
from windowservice.reports.audit import take_stock
from windowservice.reports.csv_file import write_csv
from windowservice.reports.json_file import audit_document
from windowservice.reports.text import audit_blocks

_OPENED = datetime(2026, 3, 2, 10, tzinfo=UTC)


class ticket(ws.Facts, dated_by="opened_at", carries=("customer", "team")):
    """A ticket."""

    id = ws.key("Number")
    customer = ws.code("The customer")
    first = ws.code("The team that took it")
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    replies = ws.fact(int, "Replies")
    team = ws.fact(first.otherwise("nobody"), "The team")


_RULE = ws.Rule("answered", title={"nl": "Een antwoord binnen de termijn"}, require=ticket.replies >= 1)
_ROWS: list[dict[str, Any]] = [
    {"id": "1", "customer": "acme", "first": "north", "opened_at": _OPENED, "replies": 0},
    {"id": "2", "customer": "bahn", "first": None, "opened_at": _OPENED, "replies": 2},
    {"id": "3", "customer": None, "first": "south", "opened_at": _OPENED, "replies": None},
]
_BANK_WORDS = ("bank", "service", "policy", "institution", "principle", "HVPS", "BEPS", "Shanghai", "catalogue")


def _engine() -> ws.Engine:
    return ws.Engine.load(packs=[ws.Pack("desk", version="1", rules=[_RULE])], installed=False)


def _objects() -> ws.Report:
    return _engine().audit(_ROWS, as_of="2026-03-03")


def _columns() -> ws.Report:
    frame = pl.DataFrame(_ROWS, schema_overrides={"opened_at": pl.Datetime("us", "UTC")})
    return _engine().audit(frame, as_of="2026-03-03")


@pytest.mark.parametrize("report", [_objects, _columns])
def test_findings_carry_what_the_type_says(report: Callable[[], ws.Report]) -> None:
    """A column each, of given and derived facts, in objects and in columns alike."""
    frame = report().to_frame()
    assert frame.columns[:5] == ["key", "customer", "team", "clerk", "rule"]
    assert frame["customer"].to_list() == ["acme", "bahn", None]
    assert frame["team"].to_list() == ["north", "nobody", "south"]
    assert report().failures.to_frame()["team"].to_list() == ["north"]
    assert report().failures[5:].to_frame().columns == frame.columns
    said = report().failures[0].to_dict()
    assert (said["customer"], said["team"]) == ("acme", "north")
    assert report().by("team")["north"] == {"fail": 1}
    assert not {"bank", "service"} & set(report().verdict_frame().columns)


def _text(report: ws.Report) -> str:
    from windowservice.blocks.blocks import plain_text

    return plain_text(audit_blocks(take_stock(report)))


def _csv(report: ws.Report) -> str:
    out = io.StringIO()
    write_csv(report.findings, out, kinds=[store.runner for store in report.stores])
    return out.getvalue()


_FACES: dict[str, Callable[[ws.Report], object]] = {
    "engine": lambda report: report.engine,
    "report": repr,
    "print": str,
    "frame": lambda report: report.to_frame().columns,
    "finding": lambda report: [finding.to_dict() for finding in report],
    "explain": lambda report: [finding.explain() for finding in report],
    "csv": _csv,
    "text": _text,
    "by": lambda report: audit_document(take_stock(report))["by"],
}


@pytest.mark.parametrize("face", _FACES)
@pytest.mark.parametrize("report", [_objects, _columns])
def test_no_face_of_a_report_speaks_of_a_bank(report: Callable[[], ws.Report], face: str) -> None:
    """Neither its columns nor its words."""
    said = str(_FACES[face](report()))
    assert not [word for word in _BANK_WORDS if word in said], said


@pytest.mark.parametrize("name", ["bank", "service", "policy", "principle", "bnk"])
def test_a_word_of_banks_is_no_selector(name: str) -> None:
    """It is refused as any other unknown name, and no such word is offered."""
    with pytest.raises(ws.WindowserviceError) as refused:
        _objects().by(name)
    assert not [word for word in _BANK_WORDS if word in str(refused.value).replace(f"'{name}'", "")]


def test_what_is_carried_is_checked_where_it_is_declared() -> None:
    """A misspelt name is told with the nearest, a number with what is wanted."""
    with pytest.raises(ws.WindowserviceError, match="did you mean 'customer'"):

        class one(ws.Facts, carries=("custmer",)):
            """A record."""

            customer = ws.code("The customer")

    with pytest.raises(ws.WindowserviceError, match="a fact of type text"):

        class other(ws.Facts, carries="replies"):
            """A record."""

            replies = ws.fact(int, "Replies")


def test_a_pack_in_toml_says_it_too() -> None:
    """With the same word."""
    pack = """
    schema_version = 1
    name = "desk"
    version = "1"
    [basis]
    desk = { text = "Our own word", mark = "known" }
    [records.call]
    title = "A call."
    carries = ["team"]
    [records.call.facts]
    id = { type = "key", title = "Number" }
    team = { type = "code", title = "The team" }
    [[rules]]
    name = "taken"
    title = { nl = "Opgenomen" }
    require = "call.team.is_known()"
    basis = "desk"
    """
    engine = ws.Engine.load(packs=[ws.DataPack.read(pack)], installed=False)
    report = engine.check({"id": "1", "team": "north"}, as_of="2026-03-03")
    assert report.to_frame()["team"].to_list() == ["north"]


def test_requests_carry_bank_and_service() -> None:
    """As they did: the columns of a report on the branch's records are those that they were."""
    report = ws.Engine.load(installed=False).check(ws.Request("R", "B", "S10"), as_of="2018-05-03")
    assert report.to_frame().columns[:9] == [
        "key", "bank", "service", "clerk", "rule", "verdict", "severity", "policy", "principle",
    ]  # fmt: skip


def test_packs_of_ones_own_load_none_of_the_library() -> None:
    """Judging by them imports no built-in pack."""
    code = """
import sys
from datetime import datetime
import windowservice as ws
class ticket(ws.Facts):
    "A ticket."
    id = ws.key("Number")
    replies = ws.fact(int, "Replies")
rule = ws.Rule("answered", title="Answered", require=ticket.replies >= 1)
engine = ws.Engine.load(packs=[ws.Pack("desk", version="1", rules=[rule])], installed=False)
assert engine.check({"id": "1", "replies": 1}, as_of="2026-03-03").passed
print([name for name in sys.modules if name.startswith("windowservice.rules.packs.")])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
