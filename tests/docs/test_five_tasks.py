"""The changes of the page "Where things stand", made in a copy of the package, in the files that the page names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PAGE = (_ROOT / "docs" / "where_things_stand.md").read_text("utf-8")
_BLOCK = re.compile(r"```diff\n\+\+\+ (\S+)\n(.*?)```", re.S)
_MOST = {"rule": 1, "table": 2, "kind of event": 1, "fact": 1, "kind of limit": 2}
"""In how many files each change is made."""

_RULE = """
import windowservice as ws

engine = ws.Engine.load(installed=False)
meetings = [{"id": "M1", "kind": "bulletin", "at": "2018-05-03 10:00", "invited": "payments"}]
ledger = ws.Ledger.read({"meetings": meetings}, zone="Asia/Shanghai")
assert engine.audit(ledger, as_of="2018-06-01").finding("M1", "somebody_invited").verdict == "pass"
"""
_TABLE = """
import windowservice as ws
from windowservice.facts.duties.drill import drill
from windowservice.ledger.tables import BUILT_IN

table = BUILT_IN.named("drills")
assert [(column.name, column.type, column.required) for column in table.columns] == [
    ("id", "code", True), ("leader", "code", False), ("kind", "text", True), ("began_at", "instant", True),
    ("ended_at", "instant", False),
]
rule = ws.Rule("short", title="A drill takes an hour", of=drill, when=drill.over,
               require=drill.ended_at.by(ws.due(drill.began_at, "60 minutes")))
engine = ws.Engine.load(installed=False).with_rules(rule)
rows = [
    {"id": "D1", "leader": "wang", "kind": "fallback", "began_at": "2018-05-03 10:00", "ended_at": "2018-05-03 10:30"},
    {"id": "D2", "leader": "wang", "kind": "fallbak", "began_at": "2018-05-03 10:00", "ended_at": ""},
    {"id": "D3", "leader": "wang", "kind": "fallback", "began_at": "2018-05-03 10:00", "ended_at": "2018-05-03 09:00"},
]
ledger = ws.Ledger.read({"drills": rows}, zone="Asia/Shanghai")
assert engine.audit(ledger, as_of="2018-06-01").finding("D1", "short").verdict == "pass"
assert "did you mean 'fallback'" in str(ledger.report)
assert "drills 'D3': ended_at is earlier than began_at" in str(ledger.report)
"""
_EVENT = """
import windowservice as ws
from windowservice.domain.requests.event import rank_of
from windowservice.facts import event as e

rule = ws.Rule("on_file", title="The papers are put on file", require=(e.kind == "filed").any())
engine = ws.Engine.load(installed=False).with_rules(rule)
requests = [{"id": "R", "bank": "B", "service": "S10"}]
events = [{"request": "R", "at": "2018-05-03", "kind": kind} for kind in ("filed", "decided", "submitted")]
(request,) = ws.Ledger.read({"requests": requests, "events": events}, zone="Asia/Shanghai")
assert {event.kind for event in request.events} == {"submitted", "decided", "filed"}
assert rank_of("decided") < rank_of("filed") < rank_of("closed")
assert engine.check(request, as_of="2018-06-01").finding("R", "on_file").verdict == "pass"
assert ws.Request.from_json(request.to_json()) == request
assert "filed" in ws.Request.schema()["$defs"]["kind"]["enum"]
"""
_FACT = """
import windowservice as ws
from windowservice.facts.duties.meeting import meeting
from windowservice.ledger.tables import BUILT_IN

assert BUILT_IN.named("meetings").column("room").type == "text"
came = ~meeting.somebody_missed & (meeting.room == "12")
rule = ws.Rule("all_came", title="All came, to a room", of=meeting, require=came)
engine = ws.Engine.load(installed=False).with_rules(rule)
row = {"id": "M1", "kind": "bulletin", "at": "2018-05-03 10:00", "invited": "a;b", "attended": "b", "room": "12"}
ledger = ws.Ledger.read({"meetings": [row]}, zone="Asia/Shanghai")
assert engine.audit(ledger, as_of="2018-06-01").finding("M1", "all_came").verdict == "fail"
"""
_LIMIT = """
import itertools
import numpy as np
import windowservice as ws
from windowservice.facts import request as r
from windowservice.worktime.clock.stops import Piece
from windowservice.worktime.columns import facade as columns
from windowservice.worktime.limits.due import due_bounds
from windowservice.worktime.limits.due_by_day import DueByDay

texts = ("1 month end", "2个月末", "3 month ends without roll", "1 month end before")
limits = [ws.Limit.parse(text) for text in texts]
assert [str(limit) for limit in limits][:2] == ["1 month end", "2 month ends"]
assert [ws.Limit.parse(limit.text("zh")) for limit in limits] == limits
try:
    ws.Limit.parse("1 month edn")
except ws.errors.InvalidLimit as error:
    assert "1 month end" in str(error)

calendar = ws.WorkCalendar.china("09:00-17:00")
start = np.arange(1_525_000_000, 1_533_000_000, 4_000) * 1_000_000
row = np.arange(0, len(start), 3)
stops = columns.StopColumns.flat(row, start[row] + 10**12, start[row] + 2 * 10**12)
for limit, given in itertools.product(limits, (None, stops)):
    known = DueByDay(calendar)
    many = columns.due_bounds(start, limit, calendar, stops=given)
    for place, us in enumerate(start.tolist()):
        pieces = [Piece(us + 10**12, us + 2 * 10**12, "outage")] if given is not None and place % 3 == 0 else []
        one = due_bounds(limit, us, calendar, pieces)
        assert pieces or one == known.bounds(limit, us)
        assert one.due == many.due.values[place] and one.last_day == many.last_day.values[place]

end = limits[0].deadline("2018-06-05T10:00+08:00", calendar=calendar, as_of="2018-06-28")
assert str(end.due) == "2018-07-02 17:00:00+08:00" and end.remaining == 3
rule = ws.Rule("in_month", title="Decided by the end of the month", of=r,
               require=r.decided_at.by(ws.due(r.submitted_at, "1 month end")))
engine = ws.Engine.load(installed=False).with_rules(rule)
events = [ws.Event("2018-06-05T10:00+08:00", "submitted"), ws.Event("2018-07-02T16:00+08:00", "decided")]
report = engine.check(ws.Request("R", "B", "S10", events=events), as_of="2018-08-01")
assert report.finding("R", "in_month").verdict == "pass"
"""
_PROOFS = {"rule": _RULE, "table": _TABLE, "kind of event": _EVENT, "fact": _FACT, "kind of limit": _LIMIT}


def _changes(task: str) -> list[tuple[str, str]]:
    """Return the files that the page changes for a task, each with its change."""
    section = _PAGE.partition(f"## Add a {task}\n")[2].partition("\n## ")[0]
    return _BLOCK.findall(section)


def _apply(change: str, path: Path) -> None:
    """Make a change: each part of it says what stands there, and what shall."""
    text = path.read_text("utf-8") if path.exists() else ""
    for part in change.split("@@\n")[1:]:
        lines = part.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        if old:
            assert text.count(old) == 1, f"{path} does not hold once:\n{old}"
            text = text.replace(old, new)
        else:
            assert not text, f"{path} is there already"
            text = new
    path.write_text(text, "utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package."""
    shutil.copytree(
        _ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile
    )
    return tmp_path


@pytest.mark.parametrize("task", _PROOFS)
def test_the_page_names_every_file_that_is_touched(task: str, copy: Path) -> None:
    """What the page shows is all that there is to do: after it the copy does what the change is for."""
    changes = _changes(task)
    assert len({name for name, _ in changes}) == _MOST[task]
    for name, change in changes:
        _apply(change, copy / name)
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", _PROOFS[task]], env=environment, text=True, capture_output=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_every_room_of_the_tree_is_told_of() -> None:
    """Each folder and each module that stands beside the folders is in the tree of the page."""
    package = _ROOT / "src" / "windowservice"
    told = set(re.findall(r"`([\w.]+)/?`", _PAGE.partition("## The tree")[2].partition("## Three walks")[0]))
    rooms = {path.name for path in package.iterdir() if not path.name.startswith("_")} - {"py.typed"}
    assert rooms - told == set()


def test_every_file_that_the_walks_name_is_there() -> None:
    """A path in the walks leads to a file or folder of the package."""
    walks = _PAGE.partition("## Three walks")[2].partition("\n## ")[0]
    package = _ROOT / "src" / "windowservice"
    gone = [name for name in re.findall(r"`([\w/]+(?:\.py|/))`", walks) if not any(package.rglob(name.strip("/")))]
    assert not gone
