"""A nightly job: judges the open tickets of a database, and writes findings and what will be late."""

from __future__ import annotations

import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import helpdesk

import windowservice as ws

SOON = timedelta(days=1)
TABLES = """
CREATE TABLE IF NOT EXISTS findings (
    as_of TEXT, ticket TEXT, rule TEXT, verdict TEXT, severity TEXT, summary TEXT, due TEXT,
    PRIMARY KEY (as_of, ticket, rule)
);
CREATE TABLE IF NOT EXISTS will_be_late (
    as_of TEXT, ticket TEXT, rule TEXT, due TEXT, at_risk_at TEXT, PRIMARY KEY (as_of, ticket, rule)
);
"""
OPEN = """
SELECT id, customer, priority, opened_at FROM tickets AS one
WHERE NOT EXISTS (
    SELECT 1 FROM statuses
    WHERE ticket = one.id AND "to" = 'resolved' AND datetime(at) <= datetime(:closed_before)
)
ORDER BY id
"""


def open_tickets(db: sqlite3.Connection, as_of: datetime) -> Iterator[dict[str, Any]]:
    """Yield the tickets that were not resolved a month ago, each with its statuses."""
    statuses = defaultdict(list)
    for row in db.execute('SELECT ticket, at, "to", why FROM statuses ORDER BY ticket, at'):
        statuses[row["ticket"]].append({"at": row["at"], "to": row["to"], "why": row["why"]})
    for row in db.execute(OPEN, {"closed_before": (as_of - timedelta(days=31)).isoformat()}):
        yield {**dict(row), "statuses": statuses[row["id"]]}


def write(db: sqlite3.Connection, report: ws.Report, as_of: datetime) -> None:
    """Write what was found, in the place of what an earlier run wrote for the same instant."""
    told = as_of.isoformat()
    found, soon = [], []
    for finding in report:
        clock = next(iter(finding.clocks.values()), None)
        due = clock.due.isoformat() if clock is not None and clock.due is not None else None
        summary = finding.to_dict()["summary"]
        found.append((told, finding.key, finding.rule, str(finding.verdict), str(finding.severity), summary, due))
        if clock is not None and finding.verdict == "pending" and clock.due is not None and clock.due <= as_of + SOON:
            soon.append((told, finding.key, finding.rule, due, clock.at_risk.isoformat() if clock.at_risk else None))
    db.execute("DELETE FROM findings WHERE as_of = ?", [told])
    db.executemany("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)", found)
    db.execute("DELETE FROM will_be_late WHERE as_of = ?", [told])
    db.executemany("INSERT INTO will_be_late VALUES (?, ?, ?, ?, ?)", soon)


def new_failures(db: sqlite3.Connection, as_of: datetime) -> list[tuple[str, str]]:
    """Return the tickets and rules that fail now and did not at the last run before."""
    failing = "SELECT ticket, rule FROM findings WHERE verdict = 'fail' AND as_of = "
    before = "(SELECT max(as_of) FROM findings WHERE as_of < :now)"
    return [tuple(row) for row in db.execute(f"{failing} :now EXCEPT {failing} {before}", {"now": as_of.isoformat()})]


def run(database: Path, as_of: datetime) -> int:
    """Judge, write, and return the exit code; in the tables all instants are of UTC, so that texts compare."""
    as_of = as_of.astimezone(UTC)
    with closing(sqlite3.connect(database)) as db, db:
        db.row_factory = sqlite3.Row
        db.executescript(TABLES)
        report = helpdesk.engine().audit(open_tickets(db, as_of), as_of=as_of, of=helpdesk.ticket)
        write(db, report, as_of)
        new = new_failures(db, as_of)
    for ticket, rule in new:
        print(ticket, rule)
    return 3 if report.errors else 1 if new else 0


def main(words: list[str]) -> int:
    """Read the command line: the database, and the instant as of which it is judged."""
    try:
        database, as_of = Path(words[0]), datetime.fromisoformat(words[1])
        known = as_of.tzinfo is not None and database.is_file()
    except (IndexError, ValueError):
        known = False
    if not known:
        print("nightly.py DATABASE AS_OF: a file, an instant with its offset: 2026-02-20T02:00+01:00", file=sys.stderr)
        return 2
    return run(database, as_of)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
