"""Rules that propose an action: what rows of the ladder propose, a rule over the same condition proposes as well."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import polars as pl
import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.errors import InvalidRule, UnknownName
from windowservice.escalation.by_rules import rows_of_rules
from windowservice.escalation.proposing import propose
from windowservice.escalation.rows import Match
from windowservice.facts.escalation.bank_period import bank_period
from windowservice.facts.payments.filing import filing
from windowservice.facts.payments.message import message
from windowservice.facts.requests.request import request
from windowservice.ledger.sample import AS_OF as SAMPLE_DAY
from windowservice.ledger.sample import unpack_sample
from windowservice.rules.escalation.ladder import Ladder, LadderRow

AS_OF = "2018-06-29"
BASIS = ws.Basis("notice 7", mark="assumption")


def as_rule(row: LadderRow) -> ws.Rule:
    """Return the rule that a row stands for: what calls for the action may not be."""
    return ws.Rule(row.id, title=dict(row.title), require=~row.when, basis=row.basis, proposes=(row.action, *row.also))


def with_rules(*rules: ws.Rule) -> ws.Engine:
    return built_in().with_pack(ws.Pack("mine", version="1", rules=rules))


def told(matches: Any) -> list[tuple[Any, ...]]:
    return sorted(
        (one.row.id.removeprefix("mine/"), one.row.action, one.row.also, one.bank, one.key, sorted(one.items),
         sorted(getattr(one, "new_items", ())), sorted(one.values) if isinstance(one, Match) else sorted(one.missing))
        for one in matches
    )  # fmt: skip


def every(found: Any) -> tuple[list[tuple[Any, ...]], ...]:
    matches = [match for proposal in found for match in proposal.matches]
    added = [match for proposal in found for _, match in proposal.added]
    unknown = sorted((one.row.id.removeprefix("mine/"), one.bank, one.key) for one in found.unknown)
    return told(matches), told(added), unknown


LEDGER: dict[str, Any] = {
    "banks": [{"id": "B1", "former_id": "B0", "former_until": "2018-06-01"}, {"id": "B2"}],
    "messages": [
        {"id": "M1", "bank": "B1", "kind": "inquiry", "received_at": "2018-06-26 09:00"},
        {"id": "M2", "bank": "B2", "kind": "inquiry", "received_at": "2018-06-28 16:30"},
        {"id": "M3", "bank": "B0", "kind": "return_request", "received_at": "2018-05-28 09:00"},
        {"id": "M4", "bank": "B2", "kind": "inquiry", "received_at": "2018-06-25 09:00",
         "answered_at": "2018-06-25 10:00"},
    ],
    "filings": [
        {"id": "F1", "bank": "B1", "kind": "drill", "happened_at": "2018-07-30 09:00"},
        {"id": "F2", "bank": "B2", "kind": "drill", "happened_at": "2018-06-20 09:00"},
    ],
    "actions": [
        {"id": "A1", "bank": "B1", "action": "urge", "rows": "E11;mine/E11", "cause": "M1",
         "proposed_at": "2018-06-27 09:00"},
        {"id": "A2", "bank": "B2", "action": "urge", "cause": "F2", "proposed_at": "2018-06-27 09:00"},
    ],
}  # fmt: skip


@cache
def ledgers() -> dict[str, ws.Ledger]:
    return {"small": ws.Ledger.read(LEDGER, zone="Asia/Shanghai")}


@pytest.mark.parametrize("name", ["small"])
def test_a_rule_proposes_what_the_row_did(name: str) -> None:
    ledger, ladder = ledgers()[name], Ladder.default()
    moved = [row for row in ladder.rows if row.of in (message, filing) and row.due is None]
    assert [row.id for row in moved] == ["E11", "E13"]
    rest = attrs.evolve(ladder, rows=tuple(row for row in ladder.rows if row not in moved))
    old = built_in().propose(ledger, as_of=AS_OF, ladder=ladder)
    new = with_rules(*map(as_rule, moved)).propose(ledger, as_of=AS_OF, ladder=rest)
    assert every(new) == every(old)
    assert {match.row.id for proposal in old for match in proposal.matches} & {"E11", "E13"}
    assert [(one.bank, one.action, one.also, one.cause, one.due()) for one in new] == [
        (one.bank, one.action, one.also, one.cause, one.due()) for one in old
    ]


def test_rules_propose_what_rows_do_over_the_sample(tmp_path: Path) -> None:
    ledger, ladder = ws.Ledger.read(unpack_sample(tmp_path)), Ladder.default()
    moved = [row for row in ladder.rows if row.of in (message, filing) and row.due is None]
    rest = attrs.evolve(ladder, rows=tuple(row for row in ladder.rows if row not in moved))
    old = every(built_in().propose(ledger, as_of=SAMPLE_DAY, ladder=ladder))
    assert every(with_rules(*map(as_rule, moved)).propose(ledger, as_of=SAMPLE_DAY, ladder=rest)) == old
    assert any(one[0] in ("E11", "E13") for one in (*old[0], *old[1]))


def ticket_ledger(rows: list[dict[str, Any]], of: type[ws.Facts], **tables: Any) -> ws.Ledger:
    return ws.Ledger.read({f"{of.__name__}s": rows, **tables}, zone="Asia/Shanghai", record_types=[of])


class visit(ws.Facts, rows=ws.Given("visits"), dated_by="at", party="customer"):
    """A visit of a technician."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer")
    at = ws.fact(datetime, "When", required=True)
    minutes = ws.fact(int, "How late he came", unit="minutes")


LATE = ws.Rule("late", title="In time", require=visit.minutes <= 15, basis=BASIS, proposes=("apology", "credit"))
ACTIONS = """
schema_version = 1
id = "desk"
version = "1"
basis.own = { text = "Handbook", mark = "known" }
actions.apology = { rank = 10, zh = "致歉", en = "apology", decided_by = "lead", due = "2 working days", basis = "own" }
actions.credit = { zh = "抵扣", en = "credit", decided_by = "head", basis = "own" }
"""
VISITS = [
    {"id": "V1", "customer": "ACME", "at": "2018-06-25 09:00", "minutes": 20},
    {"id": "V2", "customer": "ACME", "at": "2018-06-26 09:00", "minutes": 5},
    {"id": "V3", "customer": "Bahn", "at": "2018-06-26 09:00"},
    {"id": "V4", "at": "2018-06-26 09:00", "minutes": 40},
    {"id": "V5", "customer": "Bahn", "at": "2018-07-26 09:00", "minutes": 40},
]


@ws.hookimpl
def windowservice_record_types() -> list[type[ws.Facts]]:
    return [visit]


def desk(*rules: ws.Rule) -> ws.Engine:
    plugin = ModuleType("desk")
    plugin.windowservice_record_types = windowservice_record_types  # type: ignore[attr-defined]
    return ws.Engine.load(plugins=[plugin], installed=False).with_pack(ws.Pack("desk", version="1", rules=rules))


def test_a_rule_on_a_record_of_ones_own_proposes_against_its_party() -> None:
    ledger = ticket_ledger(VISITS, visit)
    found = desk(LATE).propose(ledger, as_of=AS_OF, ladder=Ladder.read(ACTIONS))
    (proposal,) = found
    assert proposal.action is not None
    assert (proposal.bank, proposal.action.id, [kind.id for kind in proposal.also]) == ("ACME", "apology", ["credit"])
    (match,) = proposal.matches
    assert (match.row.id, match.row.basis, match.key, match.items) == ("desk/late", BASIS, "V1", {"V1"})
    assert match.values == {"visit.minutes": 20}
    unknown = {one.key: (one.bank, one.missing) for one in found.unknown if one.row.id == "desk/late"}
    assert unknown == {"V3": ("Bahn", ("visit.minutes",)), "V4": ("", ("visit.customer",))}
    assert "desk/late -> apology: visit.minutes = 20; new: V1" in str(proposal)


def test_what_was_handled_calls_for_nothing_again() -> None:
    done = [{"id": "A1", "bank": "ACME", "action": "apology", "cause": "V1", "proposed_at": "2018-06-26 09:00"}]
    more = [*VISITS, {"id": "V6", "customer": "ACME", "at": "2018-06-27 09:00", "minutes": 30}]
    ladder = Ladder.read(ACTIONS)
    assert not list(desk(LATE).propose(ticket_ledger(VISITS, visit, actions=done), as_of=AS_OF, ladder=ladder))
    (proposal,) = desk(LATE).propose(ticket_ledger(more, visit, actions=done), as_of=AS_OF, ladder=ladder)
    assert [match.key for match in proposal.matches] == ["V6"]


def test_a_rule_on_requests_proposes_against_the_bank() -> None:
    rule = ws.Rule("papers", title="x", require=request.service != "S01", proposes="interview")
    events = [
        {"request": "R1", "at": f"2018-06-2{day} 09:00", "kind": kind}
        for day, kind in enumerate(("submitted", "accepted", "supplement_requested", "supplement_received",
                                    "supplement_requested"))
    ]  # fmt: skip
    tables = {"requests": [{"id": "R1", "bank": "B0", "service": "S01"}], "events": events, "banks": LEDGER["banks"]}
    found = with_rules(rule).propose(ws.Ledger.read(tables, zone="Asia/Shanghai"), as_of=AS_OF)
    matches = [match for one in found if one.bank == "B1" for match in one.matches if match.row.id == "mine/papers"]
    assert [(match.key, match.row.action) for match in matches] == [("R1", "interview")]


def test_an_action_that_is_not_on_the_ladder_is_refused_with_the_nearest() -> None:
    rule = ws.Rule("late", title="x", require=visit.minutes <= 15, proposes="apollogy")
    with pytest.raises(UnknownName, match="rule desk/late: unknown action 'apollogy'"):
        desk(rule).propose(ticket_ledger(VISITS, visit), as_of=AS_OF, ladder=Ladder.read(ACTIONS))


def test_a_rule_that_proposes_against_nobody_is_refused() -> None:
    class thing(ws.Facts):
        n = ws.fact(int, "Number")

    with pytest.raises(InvalidRule, match="proposes urge, but thing names nobody"):
        ws.Rule("r", title="r", require=thing.n > 0, proposes="urge")


def test_a_rule_of_a_file_proposes() -> None:
    text = """
schema_version = 1
name = "mine"
version = "1"
basis.own = { text = "Handbook", mark = "known" }

[[rules]]
name = "late"
title = { en = "In time" }
require = "visit.minutes <= 15"
basis = "own"
proposes = ["apology", "credit"]
"""
    (rule,) = ws.read_pack(text, [visit]).rules
    assert rule.proposes == ("apology", "credit")
    assert rule != attrs.evolve(rule, proposes=("credit",))


IN_FORCE = ws.Rule("now", title="In time", require=visit.minutes <= 15, proposes="apology", since="2018-06-26")
SELDOM = ws.Rule("new", title="In time", require=visit.minutes <= 15, when=visit.customer != "ACME", proposes="credit")


@pytest.mark.parametrize("rules", [(LATE,), (IN_FORCE, SELDOM)], ids=["one", "two"])
def test_a_ledger_records_in_hand_and_frames_say_the_same(rules: tuple[ws.Rule, ...]) -> None:
    rows = [*VISITS, {"id": "V7", "customer": "Bahn", "at": "2018-06-27 09:00", "minutes": 30}]
    rows = [row for row in rows if "customer" in row]
    ledger, ladder, engine = ticket_ledger(rows, visit), Ladder.read(ACTIONS), desk(*rules)
    of_ledger = engine.propose(ledger, as_of=AS_OF, ladder=ladder)
    in_hand = propose(ladder, ledger.records["visits"], as_of=AS_OF, engine=engine)
    told = [{name: row.get(name) for name in ("id", "customer", "at", "minutes")} for row in ledger.records["visits"]]
    frame = pl.DataFrame(told, infer_schema_length=None)
    frames = propose(ladder, {"visits": frame}, as_of=AS_OF, engine=engine)
    assert [match[:-1] for match in every(in_hand)[0]] == [match[:-1] for match in every(of_ledger)[0]]
    said = {(row, bank, key) for row, bank, key in frames.matches.select("row", "bank", "key").iter_rows()}
    assert said == {(one.row.id, one.bank, one.key) for found in of_ledger for one in found.matches}
    for found in of_ledger:
        again = frames.of(found.bank)
        assert again is not None
        assert (again.action, again.also, again.cause, again.due()) == (
            found.action,
            found.also,
            found.cause,
            found.due(),
        )


def test_what_is_known_is_enough() -> None:
    """A count of which not all is known calls for an action if what is known reaches it, by a rule as by a row."""
    rule = ws.Rule("queues", title="Few queues", require=bank_period.queued_at_close <= 2, proposes="circular")
    occurrences = [
        {"id": f"Q{n}", "bank": "B1", "kind": "queued_at_close", "happened_at": f"2018-0{n + 2}-11 17:15",
         "doubtful": n == 4}
        for n in (1, 2, 3, 4)
    ]  # fmt: skip
    ledger = ws.Ledger.read({"banks": [{"id": "B1"}], "occurrences": occurrences}, zone="Asia/Shanghai")
    (found,) = with_rules(rule).propose(ledger, as_of=AS_OF)
    (match,) = [match for match in found.matches if match.row.id == "mine/queues"]
    assert (match.values, match.items) == ({"bank_period.queued_at_close": "at least 3"}, {"Q1", "Q2", "Q3"})


def test_items_are_those_that_break_the_rule() -> None:
    class step(ws.Facts, happens="at"):
        id = ws.key("Number")
        at = ws.fact(datetime, "When", required=True)
        ok = ws.fact(bool, "Whether it went well")

    class job(ws.Facts, rows=ws.Given("jobs"), children=step, dated_by="at"):
        id = ws.key("Number")
        bank = ws.fact(str, "Bank", required=True)
        at = ws.fact(datetime, "When", required=True)

    rule = ws.Rule("well", title="Well", require=step.ok.all(), proposes="urge")
    (row,) = rows_of_rules(with_rules(rule), Ladder.default())
    steps = [{"id": f"S{n}", "at": datetime.fromisoformat("2018-06-01T09:00Z"), "ok": n > 1} for n in (1, 2, 3)]
    record = Record("jobs", {"id": "J", "bank": "B1", "at": steps[0]["at"], "steps": tuple(steps)})
    (found,) = propose(Ladder.default(), [record], as_of=AS_OF, engine=with_rules(rule))
    assert row.action == "urge"
    assert [match.items for match in found.matches] == [{"S1"}]


class bank_month(
    ws.Facts, rows=ws.Grouped(message, by={"bank": message.bank, "month": ws.period(message.received_at, "month")})
):
    """The messages of a bank in a month."""

    bank = ws.code("Bank", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    open = ws.fact(message.id.count(where=~message.answered_at.happened()), "How many are not answered")


def test_a_rule_on_a_group_proposes_with_the_rows_behind_it() -> None:
    rule = ws.Rule("answered", title="Few are open", require=bank_month.open <= 1, proposes="interview")
    rows = [
        {"id": f"M{n}", "bank": "B1", "kind": "inquiry", "received_at": f"2018-05-0{n} 09:00"} for n in (2, 3, 4)
    ]  # fmt: skip
    ledger = ws.Ledger.read({"banks": [{"id": "B1"}], "messages": rows}, zone="Asia/Shanghai")
    found = with_rules(rule).propose(ledger, as_of="2018-06-10").of("B1")
    assert found is not None
    (match,) = [match for match in found.matches if match.row.id == "mine/answered"]
    assert match.items == {"M2", "M3", "M4"}
    assert match.values == {"bank_month.open": 3}
