"""A pack in TOML alone: lines by several keys, dated in the zone of the record, amended by another file, proposing."""

from __future__ import annotations

from pathlib import Path

import pytest

import windowservice as ws
from windowservice.errors import UnknownName

DESK = """
schema_version = 1
name = "desk"
version = "1"
basis.signed = { text = "Contract", mark = "known" }

[records.ticket]
title = "A ticket."
table = "tickets"
dated_by = "opened_at"
zone = "place"
party = "customer"
[records.ticket.facts]
id = { type = "key", title = "Number" }
customer = { type = "text", title = "Customer", required = true }
priority = { type = "text", title = "How urgent it is", required = true, words = ["P1", "P2"] }
place = { type = "text", title = "Zone of the customer" }
opened_at = { type = "instant", title = "When it was opened", required = true }
hours = { type = "integer", title = "Hours that it took" }

[figures.contract]
type = "integer"
note = "Hours agreed with each customer"
by = [
    { customer = "ACME", priority = "P1", since = 2018-01-01, value = 4, basis = "signed" },
    { customer = "ACME", priority = "P2", since = 2018-01-01, value = 8, basis = "signed" },
]

[[rules]]
name = "kept"
title = { en = "Resolved as agreed" }
require = "ticket.hours <= figure.contract[ticket.customer, ticket.priority]"
basis = "signed"
proposes = ["interview"]
"""
ANNEX = """
schema_version = 1
name = "annex"
version = "1"
basis.annex = { text = "Annex 2", mark = "known" }

[[amendments]]
adjust = "contract"
basis = "annex"
by = [{ customer = "ACME", priority = "P1", since = 2018-07-01, value = 2, basis = "annex" }]
"""


def loaded(folder: Path, annex: str = ANNEX) -> ws.Engine:
    files = {"desk.toml": DESK, "annex.toml": annex}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return ws.Engine.load(plugins=[folder / name for name in files], installed=False)


def test_everything_of_a_contract_is_said_in_files(tmp_path: Path) -> None:
    engine = loaded(tmp_path)
    one = {"customer": "ACME", "priority": "P1", "opened_at": "2018-07-01T00:30+02:00", "hours": "3"}
    rows = [{"id": "T1", "place": "Europe/Berlin", **one}, {"id": "T2", "place": "America/New_York", **one}]
    ledger = engine.read({"tickets": rows})
    report = engine.audit(ledger, as_of="2018-08-01")
    said = {
        finding.key: (str(finding.verdict), line.name, line.value, line.basis.text)
        for finding in report.filter(rule="desk/kept")
        for line in finding.evidence.figures
    }
    assert said == {
        "T1": ("fail", "contract[ACME, P1]", 2, "Annex 2"), "T2": ("pass", "contract[ACME, P1]", 4, "Contract"),
    }  # fmt: skip
    proposal = engine.propose(ledger, as_of="2018-08-01").of("ACME")
    assert proposal is not None
    assert [(match.row.id, match.items) for match in proposal.matches] == [("desk/kept", {"T1"})]


def test_a_line_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"'ACNE, P1'.*did you mean 'ACME, P1'"):
        loaded(tmp_path, ANNEX.replace('customer = "ACME"', 'customer = "ACNE"'))
