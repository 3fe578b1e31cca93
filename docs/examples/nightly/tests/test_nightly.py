"""The job as a scheduler sees it: exit codes, and tables that a second run leaves as they are."""

import sqlite3
from contextlib import closing

import nightly
import pytest

MORNING = "2026-01-06T15:30:00+00:00"
NIGHT = "2026-01-06T23:00:00+00:00"


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "desk.sqlite"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE tickets (id TEXT, customer TEXT, priority TEXT, opened_at TEXT)")
        db.execute('CREATE TABLE statuses (ticket TEXT, at TEXT, "to" TEXT, why TEXT)')
        db.executemany(
            "INSERT INTO tickets VALUES (?, ?, ?, ?)",
            [
                ("T-1", "acme", "P1", "2026-01-05T14:00:00+00:00"),
                ("T-2", "acme", "P1", "2026-01-06T14:00:00+00:00"),
                ("T-3", "acme", "P2", "2025-06-02T14:00:00+00:00"),
            ],
        )
        db.executemany(
            "INSERT INTO statuses VALUES (?, ?, ?, ?)",
            [
                ("T-1", "2026-01-05T15:00:00+00:00", "waiting", "customer"),
                ("T-1", "2026-01-05T21:00:00+00:00", "open", None),
                ("T-2", "2026-01-06T14:30:00+00:00", "waiting", "customer"),
                ("T-3", "2025-06-03T14:00:00+00:00", "resolved", None),
            ],
        )
    return path


def asked(path, query):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_what_falls_due_in_a_day_is_told_before_it_is_late(database):
    assert nightly.main([str(database), MORNING]) == 0
    soon = asked(database, "SELECT ticket, due, at_risk_at FROM will_be_late ORDER BY due")
    assert ("T-1", "2026-01-06T11:00:00-05:00", "2026-01-06T10:00:00-05:00") in soon


def test_a_ticket_that_has_become_late_is_told_once(database, capsys):
    assert nightly.main([str(database), MORNING]) == 0
    assert nightly.main([str(database), NIGHT]) == 1
    assert capsys.readouterr().out == "T-1 helpdesk/resolved\n"
    assert nightly.main([str(database), "2026-01-07T23:00:00+00:00"]) == 0


def test_a_second_run_changes_nothing(database):
    codes = [nightly.main([str(database), NIGHT])]
    tables = [asked(database, f"SELECT * FROM {table}") for table in ("findings", "will_be_late")]
    codes.append(nightly.main([str(database), NIGHT]))
    assert codes == [1, 1]
    assert [asked(database, f"SELECT * FROM {table}") for table in ("findings", "will_be_late")] == tables


def test_what_was_resolved_long_ago_is_left_alone(database):
    nightly.main([str(database), NIGHT])
    assert {ticket for (ticket,) in asked(database, "SELECT ticket FROM findings")} == {"T-1", "T-2"}


def test_a_ticket_that_cannot_be_judged_is_never_passed_over(database):
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("INSERT INTO tickets VALUES ('T-4', 'acme', 'P9', '2026-01-06T14:00:00+00:00')")
    assert nightly.main([str(database), NIGHT]) == 3
    assert asked(database, "SELECT DISTINCT verdict FROM findings WHERE ticket = 'T-4'") == [("error",)]


@pytest.mark.parametrize("words", [[], ["none.sqlite", NIGHT], ["desk", "yesterday"], ["desk", "2026-01-06T23:00"]])
def test_a_wrong_call_writes_nothing(words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk").touch()
    assert nightly.main(words) == 2
    assert "nightly.py DATABASE AS_OF" in capsys.readouterr().err
    assert (tmp_path / "desk").stat().st_size == 0
