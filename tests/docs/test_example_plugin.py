"""The examples of the pages: their own tests pass, and an engine finds the plugins once they are installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import windowservice as ws

_ROOT = Path(__file__).resolve().parents[2]
_EXAMPLES = _ROOT / "docs" / "examples"
_PLUGINS = {"dalian": 5, "xiamen": 12, "permits": 14, "helpdesk": 12}
_APPS = {"desk_api": 7, "nightly": 9}
_LOAD = """
import windowservice as ws
engine = ws.Engine.load()
print(*(pack.name for pack in engine.packs), *engine.absent)
print(*(f"{kind.__name__}" for kind in engine.record_types))
print(*engine.calendars)
"""


def _run(*command: str, paths: tuple[Path, ...], cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    ran = subprocess.run(command, env=environment, cwd=cwd, text=True, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which all plugins are installed, without a network: what builds them is there already."""
    pytest.importorskip("hatchling", reason="hatchling builds the plugins; it comes with the group dev")
    folder = tmp_path_factory.mktemp("installed")
    install = ("-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check")
    where = ("--no-build-isolation", "--target", str(folder / "site"))
    _run(sys.executable, *install, *where, *(str(_EXAMPLES / name) for name in _PLUGINS), paths=(), cwd=folder)
    return folder / "site"


@pytest.mark.parametrize(("name", "tests"), [*_PLUGINS.items(), *_APPS.items()], ids=[*_PLUGINS, *_APPS])
def test_its_own_tests_pass(name: str, tests: int, site: Path) -> None:
    """The tests that an example shows are tests that pass, with the plugins as they are installed."""
    if name == "desk_api":
        pytest.importorskip("fastapi")
    folder = _EXAMPLES / name
    named = (
        [] if entry_points(group="pytest11", name="windowservice") else ["-p", "windowservice.testing.pytest_plugin"]
    )
    own = ("-c", os.devnull, "--rootdir", str(folder), "-p", "no:cacheprovider", "tests")
    shown = _run(sys.executable, "-m", "pytest", "-q", *named, *own, paths=(folder, site, _ROOT / "src"), cwd=folder)
    assert f"{tests} passed" in shown


def test_they_are_found_once_installed(site: Path, tmp_path: Path) -> None:
    """`pip install` and an entry point are all that an engine needs to load the packs, after the built-in ones."""
    packs, types, calendars = _run(sys.executable, "-c", _LOAD, paths=(site, _ROOT / "src"), cwd=tmp_path).splitlines()
    assert packs.split()[0] == "first_contact"
    assert packs.split()[-4:] == sorted(_PLUGINS)
    assert {"visit", "sealing", "case", "step", "ticket", "survey", "status"} <= set(types.split())
    assert {"vault", "term", "us", "de", "desk"} <= set(calendars.split())


_PERMITS = _EXAMPLES / "permits" / "src" / "permits"


def _permits(source: Path, mapping: str, as_of: str) -> ws.Report:
    engine = ws.Engine.load(packs=[_PERMITS / "pack.toml"], installed=False)
    return engine.audit(engine.read(source, mapping=_PERMITS / mapping), as_of=as_of)


def _counts(report: ws.Report, rule: str) -> dict[str, int]:
    return {str(verdict): count for verdict, count in report.by("rule")[f"permits/{rule}"].items()}


def test_the_towns_sample_is_judged() -> None:
    """The made sample has the columns of the real log, and a late case, a check of one's own, and one still open."""
    report = _permits(_EXAMPLES / "permits" / "sample" / "receipt.csv", "receipt_log.toml", "2011-07-01")
    assert _counts(report, "closed_by_deadline") == {"pass": 1, "fail": 1, "pending": 1}
    assert _counts(report, "checked_by_another") == {"pass": 1, "fail": 1, "not_applicable": 1}


def test_the_receipt_log_is_judged_as_its_audit_is(log: Callable[[str], Path]) -> None:
    """The example comes to what tests/logs/test_receipt.py counts over the rows of the file."""
    report = _permits(log("receipt.csv.gz"), "receipt_log.toml", "2012-01-23")
    assert _counts(report, "closed_by_deadline") == {"pass": 952, "fail": 416, "pending": 66}
    assert _counts(report, "receipt_confirmed") == {"pass": 578, "fail": 856}
    assert _counts(report, "checked_by_another") == {"pass": 217, "fail": 1_099, "not_applicable": 118}


def test_plain_permits_are_decided_as_days_counted_by_hand_say(log: Callable[[str], Path]) -> None:
    """Permits without a stop or an extension are due after eight weeks, or six months, on the next working day."""
    import polars as pl

    path = log("bpic2015_1.parquet")
    rows = pl.read_parquet(path).filter(lifecycle="complete").with_columns(pl.col(pl.Categorical).cast(pl.String))
    verdicts = {
        one.key: one.verdict for one in _permits(path, "permit_log.toml", "2015-08-01").of_rule("decided_in_time")
    }
    off = _days_off()
    wanted, found = Counter[str](), Counter[str]()
    for (case,), steps in rows.group_by("case"):
        did = set(steps["activity"])
        answered = {(a, q) for a, q in steps.select("activity", "question").rows() if q == "True"}
        moved = did & {"08_AWB45_020_2", "08_AWB45_040"} or answered & {("06_VD_010", "True"), ("05_EIND_010", "True")}
        if moved or steps["case_caseProcedure"][0] == "Uitgebreid":
            continue
        ends = steps.filter(pl.col("activity").is_in(["01_HOOFD_490_3", "01_HOOFD_490_5"]))["ts"]
        done = None if ends.is_empty() else ends.min()
        due = _next_workday(steps["case_startDate"][0].date() + timedelta(56), off)
        late = due < (date(2015, 8, 1) if done is None else done.date())
        wanted["fail" if late else "pending" if done is None else "pass"] += 1
        found[str(verdicts[str(case)])] += 1
    assert found == wanted
    assert found.total() > 200


def _days_off() -> set[date]:
    easters = {2011: (4, 24), 2012: (4, 8), 2013: (3, 31), 2014: (4, 20), 2015: (4, 5)}
    off = {date(2010, 12, 25)}
    for year, (month, day) in easters.items():
        easter = date(year, month, day)
        off |= {easter + timedelta(days) for days in (-2, 1, 39, 50)}
        queen = date(year, 4, 30) if year < 2014 else date(year, 4, 27)
        off |= {date(year, 1, 1), queen, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    return off | {date(2014, 4, 26)}


def _next_workday(day: date, off: set[date]) -> date:
    while day.weekday() > 4 or day in off:
        day += timedelta(1)
    return day


def test_the_apps_start_from_what_their_readme_says() -> None:
    """The job takes the database and the instant; without them it says how it is called."""
    job = [sys.executable, str(_EXAMPLES / "nightly" / "nightly.py")]
    paths = os.pathsep.join(map(str, (_EXAMPLES / "helpdesk" / "src", _ROOT / "src")))
    ran = subprocess.run(job, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr.startswith("nightly.py DATABASE AS_OF")) == (2, True)
    assert datetime.fromisoformat(ran.stderr.split()[-1]).tzinfo is not None
