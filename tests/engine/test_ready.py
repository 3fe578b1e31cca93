"""Code for requests that was made before judges as the rules do, and is used only if it is of these very files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import windowservice as ws
from windowservice.builtin import windowservice_makers
from windowservice.engine.relations.grouped import relation_makers
from windowservice.ledger.sample import unpack_sample

_SOURCE = Path(__file__).resolve().parents[2] / "src" / "windowservice"
_ROOM = "engine/loading"
_TOLD = """
import json, sys
import windowservice as ws
engine = ws.Engine.load(installed=False)
ready = engine._ready is not None
one = ws.Request("R", "B", "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted", by="wang")])
first = dict(engine.check(one, as_of="2018-05-15").verdicts)
light = not {"windowservice.language.tree.expr", "cattrs", "tomllib"} & sys.modules.keys()
ledger = ws.Ledger.read(sys.argv[1])
reports = [engine.check(request, as_of="2018-12-31") for request in ledger.requests]
unrecorded = ws.Request("R", "B", "S10", events=one.events, recorded={"submitted", "decided"})
print(json.dumps({
    "ready": ready, "light": light, "first": first, "rules": [rule.name for rule in engine.rules],
    "verdicts": [dict(report.verdicts) for report in reports], "packs": [pack.name for pack in engine.packs],
    "words": [str(finding) for report in reports[:100] for finding in report.failures],
    "unrecorded": dict(engine.check(unrecorded, as_of="2018-05-15").verdicts),
    "audit": {str(key): number for key, number in engine.audit(ledger, as_of="2018-12-31").counts.items()},
    "version": engine.version, "engine": repr(engine),
}))
"""
_READY = "import windowservice as ws; print(ws.Engine.load(installed=False)._ready is not None)"
_OTHERS = """
import pickle
import windowservice as ws
calendar = ws.WorkCalendar.china("08:30-11:30 13:30-17:00", name="window")
class Plugin:
    @ws.hookimpl
    def windowservice_event_kinds(self):
        return ["sealed"]
loaded = [
    ws.Engine.load(installed=False, calendars=calendar), ws.Engine.load(installed=False, figures_as_of="2018-05-01"),
    ws.Engine.load(installed=False, plugins=[Plugin()]), ws.Engine.load(installed=False, packs=[]),
    ws.Engine.load(installed=False, catalogue=ws.Catalogue.default()),
]
ready = ws.Engine.load(installed=False, banks={"B": "x"})
changed = [ready.what_if(figures_as_of="2018-05-01"), pickle.loads(pickle.dumps(ready)), ready.only("in_time")]
print([one._ready is not None for one in (*loaded, *changed)])
print(ready._ready is not None, dict(ready.banks), len(changed[2].rules))
"""


def _run(package: Path, script: str, *words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", script, *words], env=environment, text=True, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel holds it."""
    found = tmp_path_factory.mktemp("site") / "windowservice"
    shutil.copytree(_SOURCE, found, ignore=shutil.ignore_patterns("__pycache__"))
    made = found / _ROOM / "requests_code.py"
    ran = [sys.executable, "-m", "windowservice.engine.loading.write", str(made)]
    subprocess.run(ran, check=True, env={**os.environ, "PYTHONPATH": str(found.parent)})
    return found


def test_it_says_what_the_rules_say(package: Path, tmp_path: Path) -> None:
    """The same verdicts on every request of the sample, the same words, and the same version; nothing else differs."""
    ledger = str(unpack_sample(tmp_path / "ledger"))
    told: list[dict[str, Any]] = [json.loads(_run(one, _TOLD, ledger)) for one in (package, _SOURCE)]
    assert [one.pop("ready") for one in told] == [True, False]
    assert [one.pop("light") for one in told] == [True, False]
    assert told[0] == told[1]
    assert len(told[0]["verdicts"]) > 1_000


def test_it_stands_for_the_library_alone(package: Path) -> None:
    """Whoever brings packs, calendars, a catalogue, a plugin or another day has an engine made of them."""
    others, banks = _run(package, _OTHERS).splitlines()
    assert others == str([False] * 8)
    assert banks == "True {'B': 'x'} 10"


@pytest.mark.parametrize("change", ["a rule", "a source", "a file less", "torn", "cut off", "foreign"])
def test_what_is_not_of_these_files_is_left_alone(package: Path, tmp_path: Path, change: str) -> None:
    """A file that changed since, and code that is torn or of another place, are as if no code were there."""
    copy = tmp_path / "windowservice"
    shutil.copytree(package, copy)
    made = copy / _ROOM / "requests_code.py"
    text = made.read_text("utf-8")
    match change:
        case "a rule":
            figures = copy / "rules" / "packs" / "in_time.toml"
            figures.write_text(figures.read_text("utf-8") + "\n", "utf-8")
        case "a source":
            source = copy / "worktime" / "limits" / "due.py"
            source.write_text(source.read_text("utf-8") + "\n", "utf-8")
        case "a file less":
            made.write_text(text.replace("FILES = [", "FILES = ['rules/packs/gone.toml', ", 1), "utf-8")
        case "torn":
            made.write_text(text[: len(text) // 2], "utf-8")
        case "cut off":
            made.write_text(text.split("def bound(")[0], "utf-8")
        case "foreign":
            made.write_text("print_the_news = 1\n", "utf-8")
    assert _run(copy, _READY) == "False\n"


def test_the_wheel_holds_it(tmp_path: Path) -> None:
    """What `pip wheel` makes of these sources is ready, and nothing is left in them."""
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, *isolation, "--wheel-dir", str(tmp_path), str(_SOURCE.parents[1])], check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    assert _run(tmp_path / "site" / "windowservice", _READY) == "True\n"


def test_a_checkout_has_none() -> None:
    """It is made for the wheel alone: sources change, and what stands beside them would be old."""
    assert not (_SOURCE / _ROOM / "requests_code.py").exists()


def test_the_words_of_a_failure_load_no_rules_on_other_records() -> None:
    """Whoever judges requests waits for none but theirs; what is made by expressions is loaded when it is asked for."""
    asked = (
        "import sys, windowservice as ws; engine = ws.Engine.load(installed=False); "
        "event = ws.Event('2018-05-03T09:40+08:00', 'submitted', by='wang'); "
        "report = engine.check(ws.Request('R', 'B', 'S10', events=[event]), as_of='2018-05-15'); "
        "print([str(found) for found in report.failures] and 'windowservice.facts.records' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True).stdout.strip() == "False"
    related = relation_makers(ws.Engine.load(installed=False).record_types)
    assert related.keys() <= {maker.makes for maker in windowservice_makers()}
