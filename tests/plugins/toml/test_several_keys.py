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


HOPS = """
schema_version = 1
name = "hops"
version = "1"
basis.signed = { text = "Contract", mark = "known" }

[records.hop]
title = "A handover."
table = "hops"
happens = "at"
[records.hop.facts]
id = { type = "key", title = "Number" }
giver = { type = "text", title = "Who gave", required = true }
taker = { type = "text", title = "Who took", required = true }
at = { type = "instant", title = "When", required = true }

[figures.hours]
type = "integer"
note = "Hours from one to the other"
by = [
    { from = "a", to = "b", since = 2018-01-01, value = 5, basis = "signed" },
    { from = "b", to = "a", since = 2018-01-01, value = 5, basis = "signed" },
]
[figures.named]
type = "texts"
note = "Who is named"
values = [{ since = 2018-01-01, value = ["a", "b"], basis = "signed" }]
[figures.rate]
type = "decimal"
note = "A rate"
values = [{ since = 2018-01-01, value = "1.5", basis = "signed" }]

[[rules]]
name = "long"
title = { en = "Long" }
require = "figure.hours[hop.giver, hop.taker] > 7"
basis = "signed"
[[rules]]
name = "named"
title = { en = "Named" }
require = "figure.named.contains(hop.giver) and figure.rate > decimal('1.6')"
basis = "signed"

[[amendments]]
"""


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ('{ to = "b", from = "a", since = 2018-02-01, value = 9, basis = "signed" }', ["pass", "fail"]),
        ('{ from = "a", to = "b", since = 2018-02-01, value = 9, basis = "signed" }', ["pass", "fail"]),
        ('{ to = "a", from = "b", since = 2018-02-01, value = 9, basis = "signed" }', ["fail", "pass"]),
    ],
)
def test_an_amendment_names_its_keys_in_any_order(line, wanted):
    """The line of the same names is amended, not that of the same places."""
    pack = ws.DataPack.read(HOPS + f'adjust = "hours"\nbasis = "signed"\nby = [{line}]\n')
    engine = ws.Engine.load(packs=[pack])
    at = "2018-03-01T00:00Z"
    hops = [{"id": g, "giver": g, "taker": t, "at": at} for g, t in ("ab", "ba")]
    report = engine.audit(hops, as_of="2018-04-01T00:00Z", of=pack.record_types["hop"])
    assert [str(finding.verdict) for finding in report.of_rule("long")] == wanted


def test_keys_of_other_names_are_no_keys_of_the_figure():
    """What they are called is told."""
    line = '{ x = "a", y = "b", since = 2018-02-01, value = 9, basis = "signed" }'
    pack = ws.DataPack.read(HOPS + f'adjust = "hours"\nbasis = "signed"\nby = [{line}]\n')
    with pytest.raises(ws.WindowserviceError, match="keys x, y; write its keys: from, to"):
        ws.Engine.load(packs=[pack])


@pytest.mark.parametrize(
    ("adjusted", "wanted"), [('"named"\nvalues = [{ since = 2018-02-01, value = ["b"], ', "fail"),
                             ('"rate"\nvalues = [{ since = 2018-02-01, value = "1.7", ', "pass")]
)  # fmt: skip
def test_figures_of_every_type_are_amended(adjusted, wanted):
    """Sets of texts and exact decimals too."""
    pack = ws.DataPack.read(HOPS + f'basis = "signed"\nadjust = {adjusted} basis = "signed" }}]\n')
    engine = ws.Engine.load(packs=[pack])
    hop = {"id": "1", "giver": "a", "taker": "b", "at": "2018-03-01T00:00Z"}
    report = engine.check(hop, as_of="2018-04-01T00:00Z", of=pack.record_types["hop"])
    assert str(report.verdicts["named"]) == wanted
