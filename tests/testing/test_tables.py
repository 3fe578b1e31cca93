"""Tables of cases in TOML, collected by pytest."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from windowservice.errors import WindowserviceError
from windowservice.testing.tables import read_table

DESK = Path(__file__).with_name("desk.py")
PACK = """
schema_version = 1
name = "visits"
version = "1"
[basis]
notice = { text = "Notice no. 3" }
[records.visit]
title = "A visit of our people to a bank."
table = "visits"
happens = "begun_at"
[records.visit.facts]
id = { type = "key", title = "Number of the visit" }
begun_at = { type = "instant", title = "When it began", required = true }
people = { type = "integer", title = "How many went", unit = "people" }
[[rules]]
name = "two_go"
title = { en = "Nobody visits a bank alone" }
require = "visit.people >= 2"
basis = "notice"
"""
TABLE = """
engine = "desk:engine"
record = "ticket"
zone = "Europe/Amsterdam"
as_of = "2018-10-31"

[[cases]]
rule = "resolved"
title = "a pause does not count"
verdict = "pass"
[cases.given]
id = "T1"
opened_at = "2018-10-22 09:00"
statuses = [
  { at = "2018-10-22 10:00", to = "waiting" },
  { at = "2018-10-22 11:00", to = "open" },
  { at = "2018-10-22 15:00", to = "resolved" },
]

[[cases]]
rule = "desk/resolved"
title = "a second too late"
verdict = "fail"
says = "late by 1 second"
given = { opened_at = "2018-10-22 09:00", status = [{ at = "2018-10-22 14:00:01", to = "resolved" }] }

[[cases]]
rule = "answered"
verdict = "fail"
by = 1
given = { opened_at = "2018-10-22 09:00", priority = "P1", replies = 1 }
"""


def _run(folder: Path, table: str, *more: str) -> str:
    (folder / "desk.py").write_text(DESK.read_text())
    (folder / "desk.cases.toml").write_text(table)
    installed = entry_points(group="pytest11", name="windowservice")
    named = [] if installed else ["-p", "windowservice.testing.pytest_plugin"]
    plugin = [*named, "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, "-v", *more],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


def _checked(path: Path) -> None:
    table = read_table(path)
    sys.path.insert(0, str(DESK.parent))
    engine = table.load()
    sys.path.remove(str(DESK.parent))
    for case in table.cases:
        table.check(case, engine)


def test_cases_are_collected_as_tests(tmp_path):
    """Each case is a test of its rule and title, and what the cases never show is said."""
    said = _run(tmp_path, TABLE, "--rule-coverage")
    assert "3 passed" in said
    assert "resolved: a pause does not count PASSED" in said
    assert "answered: case 3 PASSED" in said
    assert "desk/answered: never seen to be pass; never true: ticket.replies >= 2; never false" in said


def test_a_case_that_fails_shows_the_finding_and_no_python(tmp_path):
    """What came instead, and the whole case."""
    said = _run(tmp_path, TABLE.replace('verdict = "pass"', 'verdict = "fail"'))
    assert "1 failed, 2 passed" in said
    assert "desk/resolved of T1: fail is wanted, pass came" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('rule = "answered"', 'rule = "anwered"', "did you mean 'answered'"),
        ('record = "ticket"', 'record = "tiket"', "did you mean 'ticket'"),
        ('priority = "P1"', 'prioritty = "P1"', "did you mean 'priority'"),
        ('verdict = "pass"', 'verdict = "passed"', "did you mean"),
        ("[[cases]]", "[[case]]", "case"),
        ('as_of = "2018-10-31"', "", "an instant or a date, of the case or at the top of the file"),
        ("zone = \"Europe/Amsterdam\"", "", "has no zone"),
        ('to = "waiting" }', 'too = "waiting" }', "did you mean 'to'"),
        ('engine = "desk:engine"', 'engine = "desk:machine"', "module:name of an Engine"),
        ('engine = "desk:engine"', 'engine = "nowhere:engine"', "No module named 'nowhere'"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_table_is_told(tmp_path, old, new, wanted):
    """A mistyped name, a missing zone or instant, a module that is not there."""
    (tmp_path / "desk.cases.toml").write_text(TABLE.replace(old, new))
    with pytest.raises((AssertionError, WindowserviceError)) as caught:
        _checked(tmp_path / "desk.cases.toml")
    assert wanted in str(caught.value)


def test_a_file_is_read_strictly(tmp_path):
    """All problems of a file at once; nothing of it is executed."""
    path = tmp_path / "x.cases.toml"
    path.write_text('engine = 3\nplaces = 1\n[[cases]]\nrule = "r"\n')
    with pytest.raises(WindowserviceError) as caught:
        read_table(path)
    for said in ("engine", "places", "verdict"):
        assert said in str(caught.value)
    for named in ("os:getcwd", "os", "", "os:nothing"):
        path.write_text(f'engine = "{named}"\ncases = []')
        with pytest.raises(WindowserviceError, match="module:name"):
            read_table(path).load()


def test_a_pack_in_toml_is_tested_without_python(tmp_path):
    """The table names the files of the pack; what the pack says is judged."""
    (tmp_path / "visits.toml").write_text(PACK)
    path = tmp_path / "visits.cases.toml"
    cases = """
[[cases]]
rule = "two_go"
verdict = "fail"
by = 1
given = { begun_at = "2026-01-05T09:00Z", people = 1 }
[[cases]]
rule = "two_go"
verdict = "unknown"
missing = ["visit.people"]
given = { begun_at = "2026-01-05T09:00Z" }
"""
    path.write_text('packs = ["visits.toml"]\nrecord = "visit"\nas_of = "2026-02-01T00:00Z"\n' + cases)
    table = read_table(path)
    engine = table.load()
    assert [str(table.check(case, engine).verdict) for case in table.cases] == ["fail", "unknown"]


def test_tables_of_two_folders_are_judged_each_by_its_own_module(tmp_path):
    """A module of the same name that is loaded from elsewhere is not taken for it."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same_name.py").write_text(f"from desk import engine  # {name}\n")
        (tmp_path / name / "x.cases.toml").write_text('engine = "same_name:engine"\ncases = []')
    sys.path.insert(0, str(DESK.parent))
    try:
        read_table(tmp_path / "a" / "x.cases.toml").load()
        with pytest.raises(WindowserviceError, match="give one of the two another name"):
            read_table(tmp_path / "b" / "x.cases.toml").load()
    finally:
        sys.path.remove(str(DESK.parent))
        sys.modules.pop("same_name", None)
