"""An engine inside something else: shared by threads, sent to another process, and silent but for its log."""

from __future__ import annotations

import json
import logging
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import windowservice as ws
from windowservice.facts import request as r

_ROOT = Path(__file__).resolve().parents[2]
_AS_OF = "2018-06-29T16:00+08:00"
_QUICK = ws.Rule("quick", title="Served within an hour", require=r.worked.within(ws.work(hours=1)))


def requests() -> list[ws.Request]:
    """Requests of several kinds and fates: late, open, extended, stopped, handed over, told twice."""
    found = []
    for number in range(24):
        day = 1 + number % 28
        events = [
            ws.Event(f"2018-05-{day:02d}T09:40+08:00", "submitted", by="wang"),
            ws.Event(
                f"2018-05-{day:02d}T10:05+08:00", "notified", by="wang", items={"S10-M2"}, written=number % 2 == 0
            ),
            ws.Event(f"2018-05-{day:02d}T10:20+08:00", "supplemented", items={"S10-M2"}),
            ws.Event(f"2018-05-{day:02d}T10:30+08:00", "accepted", by="wang"),
            ws.Event(f"2018-05-{day:02d}T11:00+08:00", "handed_over", by="wang", to="li"),
            ws.Event(f"2018-05-{day:02d}T14:00+08:00", "suspended", reason="hearing", written=number % 3 > 0),
        ]
        if number % 4:
            events.append(ws.Event(f"2018-06-{day:02d}T16:10+08:00", "decided", by="li"))
        found.append(ws.Request(f"R-{number}", "105221000018", f"S{1 + number % 19:02d}", events=events))
    return found


def said(engine: ws.Engine) -> list[tuple[str, ...]]:
    """Return all that the engine says of the requests, explanations of failures included."""
    report = engine.audit(requests(), as_of=_AS_OF)
    return [(f.key, f.rule, f.verdict, f.explain("zh") if f.verdict == "fail" else str(f)) for f in report]


def test_threads_share_one_engine() -> None:
    """Eight threads that start on one fresh engine at one instant all say what a single thread says."""
    alone = said(ws.Engine.load(installed=False).with_rules(_QUICK))
    engine = ws.Engine.load(installed=False).with_rules(_QUICK)  # fresh: its code and calendars are made in the race
    start = threading.Barrier(8)

    def run(_: int) -> list[tuple[str, ...]]:
        start.wait(timeout=30)
        return said(engine)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(run, range(8)))
    assert all(found == alone for found in together)
    assert {verdict for _, _, verdict, _ in alone} >= {"pass", "fail", "pending", "not_applicable"}


def test_calendar_grows_in_many_threads() -> None:
    """Threads that push a fresh calendar both ways at once count the same open time as one thread."""
    spans = [(f"{1950 + n}-03-01T00:00+08:00", f"{2150 - n}-03-01T00:00+08:00") for n in range(40)]
    calendar, shared = (ws.WorkCalendar("Asia/Shanghai", "mon-fri 08:30-11:30 13:30-17:00") for _ in range(2))
    alone = [calendar.worked(*span) for span in spans]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda span: shared.worked(*span), spans)) == alone


_OTHER = """
import json, pickle, sys
engine, requests = pickle.load(open(sys.argv[1], "rb"))
report = engine.audit(requests, as_of=sys.argv[2])
json.dump([engine.version, [[f.key, f.rule, f.verdict] for f in report], report.failures[0].explain()], sys.stdout)
"""


def test_engine_travels_to_another_process(tmp_path: Path) -> None:
    """A fresh interpreter that unpickles an engine judges alike, says the same version and explains alike."""
    engine = ws.Engine.load(installed=False).with_rules(_QUICK)
    here = engine.audit(requests(), as_of=_AS_OF)
    file = tmp_path / "engine.pickle"
    file.write_bytes(pickle.dumps((engine, requests())))
    ran = subprocess.run(
        [sys.executable, "-c", _OTHER, str(file), _AS_OF],
        env={**os.environ, "PYTHONPATH": str(_ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    version, found, case = json.loads(ran.stdout)
    assert version == engine.version
    assert found == [[f.key, f.rule, f.verdict] for f in here]
    assert case == here.failures[0].explain()


def test_trees_travel_and_code_is_made_again() -> None:
    """What is pickled holds no generated code, and is the same before and after the engine was used."""
    engine = ws.Engine.load(installed=False)
    fresh = pickle.dumps(engine)
    engine.audit(requests(), as_of=_AS_OF)
    assert pickle.dumps(engine) == fresh
    assert b"def evaluate" not in fresh


def test_report_travels() -> None:
    """A report that is pickled says the same, finding by finding."""
    report = ws.Engine.load(installed=False).audit(requests(), as_of=_AS_OF)
    again = pickle.loads(pickle.dumps(report))
    assert again.counts == report.counts
    assert [str(f) for f in again.failures] == [str(f) for f in report.failures]


def test_nothing_is_written_but_to_the_log(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    """Loading, auditing and explaining write nothing; what there is to say is logged below `windowservice`."""
    root = logging.getLogger("windowservice")
    handlers = list(root.handlers)
    with caplog.at_level(logging.DEBUG):
        engine = ws.Engine.load(installed=False)
        report = engine.audit([*requests(), {"id": "no request"}], as_of=_AS_OF, of=r)
        report.failures[0].explain()
    written = capfd.readouterr()
    assert (written.out, written.err) == ("", "")
    assert caplog.records
    assert {record.name.partition(".")[0] for record in caplog.records} == {"windowservice"}
    assert root.handlers == handlers
