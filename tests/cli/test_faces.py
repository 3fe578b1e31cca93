"""Hostile text in every column of a ledger: no face of the library, command or Python, text or file, passes it on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws

AS_OF = "2018-06-30"
STEER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
EVIL = "\x1b]0;PWN\x07\x1b[41m\u202e\u061c\u2028\x85\x9b31m<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0;=1+1"
TABLES: dict[str, list[dict[str, str]]] = {
    "requests": [{"id": "R", "bank": "B", "service": "S10", "amount": "100", "channel": "counter", "previous": ""}],
    "events": [
        {"request": "R", "at": "2018-05-03 09:40", "kind": "submitted", "by": "w", "to": "", "items": "", "reason": ""},
        {"request": "R", "at": "2018-05-03 10:00", "kind": "notified", "by": "w", "to": "", "items": "p", "reason": ""},
        {"request": "R", "at": "2018-05-23 10:00", "kind": "notified", "by": "v", "to": "x", "items": "", "reason": ""},
    ],
    "banks": [{"id": "B", "name": "Bank", "kind": "bank", "participation": "direct"}],
    "messages": [
        {"id": "M", "bank": "B", "kind": "inquiry", "system": "HVPS", "received_at": "2018-05-03 10:00", "source": ""}
    ],
    "accounting_errors": [
        {"id": "A", "bank": "B", "kind": "amount", "booked_at": "2018-05-20 10:00", "items": "3", "fault_party": ""}
    ],
    "positions": [
        {"id": "P", "bank": "B", "checkpoint_at": "2018-05-20 16:30", "balance": "10", "required": "100"}
    ],
    "staff": [{"id": "w", "name": "Wang", "roles": "", "posts": "x"}],
    "meetings": [{"id": "T", "kind": "joint_meeting", "duties": "", "at": "2018-05-20 16:00", "invited": "c"}],
}  # fmt: skip
"""A small ledger: every text of it may be anything."""


def _ledger(folder: Path, evil: str) -> Path:
    """Write the tables once plainly, and once more for each column with the hostile text in it."""
    (folder / "ledger.toml").write_text('zone = "Asia/Shanghai"\n')
    for name, rows in TABLES.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns)
            out.writeheader()
            out.writerows(rows)
            for column in columns:
                spoilt = evil + rows[0][column] if evil is FORMULA else rows[0][column] + evil
                own = {"id": f"{rows[0]['id']}-{column}"} if "id" in columns else {}
                out.writerow({**rows[0], **own, column: spoilt})
                if name != "events" and evil is EVIL:
                    out.writerow({**rows[-1], **own, "id": f"{EVIL}{column}"})
    with (folder / "events.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(TABLES["events"][0])).writerows(
            {**row, "request": EVIL + "bank", "items": EVIL, "by": EVIL, "reason": EVIL} for row in TABLES["events"]
        )
    return folder


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _ledger(tmp_path_factory.mktemp("\u202eevil"), EVIL)


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _ledger(tmp_path_factory.mktemp("formulas"), FORMULA)


def _commands(form: str) -> Iterator[list[str]]:
    yield ["audit", "--as-of", AS_OF, "--format", form]
    yield ["actions", "--as-of", AS_OF, "--format", form]
    yield ["score", "--period", "2018-05", "--format", form]


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_no_command_passes_on_what_steers_a_terminal(run: Any, evil: Path, form: str) -> None:
    """Standard output and standard error alike; what is JSON stays JSON."""
    asked = list(_commands(form))
    if form == "text":
        asked += [["explain", key, "--as-of", AS_OF] for key in ("R", EVIL + "bank", "nothing" + EVIL)]
        asked += [["audit", "--as-of", AS_OF, "--show", "fail,unknown,pending", "--limit", "0", "--lang", "zh"]]
        asked += [
            ["score", "--period", EVIL],
            ["actions", "--as-of", EVIL],
            ["audit", "--as-of", AS_OF, "--rules", EVIL],
        ]
    for command, *rest in asked:
        said = run(command, evil, *rest)
        assert EVIL in "".join(rest) or said.exit_code in (0, 1, 3), said.stderr
        for stream in (said.stdout, said.stderr):
            assert STEER.search(stream) is None, (command, rest, STEER.search(stream))
        if form == "json":
            json.loads(said.stdout)


def test_calendar_check_and_template_pass_nothing_on(run: Any, tmp_path: Path) -> None:
    """Arguments and documents are others' text as well."""
    file = tmp_path / "request.json"
    file.write_text(json.dumps({"id": EVIL, "bank": EVIL, "service": EVIL, "events": [{"at": EVIL, "kind": EVIL}]}))
    for words in (
        ["calendar", "due", EVIL, EVIL], ["calendar", "hours", EVIL], ["calendar", "worked", EVIL, EVIL],
        ["calendar", "hours", "2018-05-03", "--calendar", EVIL], ["calendar", "hours", "2018-05-03", "--hours", EVIL],
        ["check", file, "--as-of", AS_OF], ["check", file, "--as-of", EVIL], ["rules", EVIL], ["rules", "--on", EVIL],
        ["ledger", "template", str(tmp_path / "a.xlsx"), "--tables", EVIL], [EVIL], ["audit", EVIL, "--as-of", AS_OF],
    ):  # fmt: skip
        said = run(*words)
        assert STEER.search(said.stdout + said.stderr) is None, words


def test_no_cell_of_a_csv_is_a_formula(run: Any, formulas: Path) -> None:
    for command, *rest in _commands("csv"):
        for separator in ",;":
            for row in csv.reader(io.StringIO(run(command, formulas, *rest).stdout), delimiter=separator):
                bad = [cell for cell in row if (cell[:1] in "=@＝＠" and cell) or cell[:2] in ("+c", "-c")]
                assert not bad, (command, bad)


def _faces(folder: Path) -> Iterator[tuple[str, Callable[[], str]]]:
    engine = built_in()
    book = ws.Ledger.read(folder, as_of=AS_OF)
    report = engine.audit(book, as_of=AS_OF)
    yield "load report", lambda: str(book.report)
    yield "report", lambda: str(report)
    yield "report html", lambda: report._repr_mimebundle_()["text/html"]
    yield "findings", lambda: "\n".join(map(str, report.failures))
    yield "explained", lambda: "\n".join(one.explain() for one in report.failures)
    yield "explained in Chinese", lambda: "\n".join(one.explain("zh") for one in report.failures)
    yield (
        "explain",
        lambda: "\n".join(report.explain(subject.key) for subject in report.subjects if subject.key == EVIL),
    )
    yield "explain html", lambda: "\n".join(one._repr_mimebundle_()["text/html"] for one in report.failures)
    yield "weekly list", lambda: "\n".join(map(str, ws.escalation.weekly_list(report, book).entries))
    yield "handling", lambda: str(ws.escalation.handling_of(report, book))
    proposals = engine.propose(book, as_of=AS_OF)
    yield "proposals", lambda: "\n".join(map(str, proposals.proposals))
    changes = report.compare(engine.audit(book, as_of="2018-05-10"))
    yield "changes", lambda: "\n".join(map(str, [changes, *changes]))
    load = book.report
    for name in [name for name in dir(load) if isinstance(getattr(load, name), tuple)]:
        yield name, lambda name=name: "\n".join(map(str, getattr(load, name)))


def test_no_text_of_python_passes_on_what_steers_a_terminal(evil: Path) -> None:
    """`str`, `explain` and HTML of everything that holds text of a ledger."""
    shown = list(_faces(evil))
    for name, face in shown:
        said = face()
        assert STEER.search(said) is None, (name, STEER.search(said))
        if name.endswith("html"):
            assert "<script>alert" not in said, name
