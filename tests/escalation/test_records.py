"""What the ladder is told of the banks of a ledger: under which id, for how long, and what its tables do not tell."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.escalation.calls import ledger_proposals
from windowservice.escalation.records import occurrences_of
from windowservice.instants import datetime_us, utc_datetime

AS_OF = "2018-06-22"
DAYS = ("2018-03-05 17:15", "2018-04-11 17:15", "2018-06-20 17:15")
QUEUES = [
    {"id": f"P{number}", "bank": "B1", "checkpoint_at": at, "queued_at_close": 2, "window_opened": False}
    for number, at in enumerate(DAYS)
]
URGED = {
    "id": "P9", "bank": "B1", "checkpoint_at": "2018-06-20 15:30", "balance": 1, "required": 2,
    "urged_at": "2018-06-20 15:40",
}  # fmt: skip
OVERDUE = {
    "id": "M1", "bank": "B1", "action": "interview", "proposed_at": "2015-01-05 09:00", "decision": "taken",
    "decided_at": "2015-01-06 09:00", "due_at": "2015-02-06 17:00",
}  # fmt: skip


@cache
def engine() -> ws.Engine:
    return built_in()


def proposed(**tables: Any) -> ws.escalation.Proposals:
    return ledger_proposals(engine(), ws.Ledger.read(tables, zone="Asia/Shanghai"), as_of=AS_OF)


def rows_of(found: ws.escalation.Proposals, bank: str) -> list[str]:
    proposal = found.of(bank)
    return [] if proposal is None else [match.row.id for match in proposal.matches]


def untold(found: ws.escalation.Proposals) -> set[str]:
    return {row.row.id for row in found.unknown}


@pytest.mark.parametrize(
    ("banks", "judged"),
    [
        ([{"id": "B1"}], "B1"),
        ([{"id": "B2", "former_id": "B1", "former_until": "2018-05-31"}], "B2"),  # the last row uses the old id on
        ([{"id": "B2"}], "B1"),  # the list lacks it
    ],
)
def test_row_m3_three_queues_are_one_banks_under_any_id(banks: list[dict[str, str]], judged: str) -> None:
    """Under the id that it has, under the one that it had, and if the list of banks lacks it."""
    found = proposed(banks=banks, positions=QUEUES)
    assert rows_of(found, judged) == ["E50", "E34"]
    assert len(found) == 1


def test_row_m3_a_ledger_without_a_list_of_banks_is_judged_by_its_rows() -> None:
    """Whether such a bank is a key institution, of which one urge missed is enough, is unknown."""
    positions = [*QUEUES, URGED]
    assert rows_of(proposed(positions=positions), "B1") == ["E50", "E34"]
    assert "E26" in untold(proposed(positions=positions))
    assert "E26" not in untold(proposed(positions=positions, banks=[{"id": "B1"}]))


def test_row_m3_a_action_taken_under_a_former_id_answers_for_the_bank() -> None:
    """The circular on the first queues was against the same bank."""
    banks = [{"id": "B2", "former_id": "B1", "former_until": "2018-05-31"}]
    circular = {
        "id": "M1", "bank": "B1", "action": "restrict_new_admission", "proposed_at": "2018-06-21 09:00",
        "cause": "P0/queued_at_close;P1/queued_at_close;P2/queued_at_close",
    }  # fmt: skip
    assert len(proposed(banks=banks, positions=QUEUES, actions=[circular])) == 0


def test_row_m3_a_action_that_was_released_is_not_overdue_for_ever() -> None:
    """Overdue while it is open; released, it calls for nothing years later, nor does a verification that failed."""
    assert rows_of(proposed(banks=[{"id": "B1"}], actions=[OVERDUE]), "B1") == ["E37"]
    later = {**OVERDUE, "released_at": "2018-07-01 09:00"}
    assert rows_of(proposed(banks=[{"id": "B1"}], actions=[later]), "B1") == ["E37"], "nothing later is seen"
    released = {**OVERDUE, "released_at": "2016-03-01 09:00"}
    assert rows_of(proposed(banks=[{"id": "B1"}], actions=[released]), "B1") == []


def test_row_m3_an_urge_is_missed_once_its_instant_is_past() -> None:
    """At the instant itself the shortfall may still be covered in time."""
    book = ws.Ledger.read({"banks": [{"id": "B1"}], "positions": [URGED]}, zone="Asia/Shanghai")
    report = engine().audit(book, as_of="2018-06-20T18:00+08:00")
    due = datetime_us(report.finding("P9", "shortfall_covered_in_time").shortfall.bound)
    for as_of, missed in ((due, 0), (due + 1, 1)):
        happened = occurrences_of(engine(), book, utc_datetime(as_of))
        assert len([one for one in happened if one["kind"] == "urge_missed"]) == missed


@pytest.mark.parametrize(
    ("table", "row", "column", "rows"),
    [
        ("positions", {"checkpoint_at": "2018-06-20 17:15"}, {"queued_at_close": "0"}, {"E34", "E50"}),
        ("positions", {"checkpoint_at": "2018-06-20 17:15"}, {"window_opened": "no"}, {"E22"}),
        ("incidents", {"system": "HVPS", "started_at": "2018-06-20 09:00"}, {"cause": "telecom"}, {"E32", "E51"}),
        ("incidents", {"system": "HVPS", "started_at": "2018-06-20 09:00"}, {"others_affected": "no"}, {"E35"}),
    ],
)
def test_row_m3_a_column_that_nobody_fills_in_is_no_all_clear(
    table: str, row: dict[str, str], column: dict[str, str], rows: set[str]
) -> None:
    """The rows that rest on it cannot be told until it is stated; then they do not match."""
    kept = {"id": "X1", "bank": "B1", **row}
    banks = [{"id": "B1"}]
    assert rows <= untold(proposed(banks=banks, **{table: [kept]}))
    told = {**kept, **column}
    assert rows_of(proposed(banks=banks, **{table: [told]}), "B1") == []
    assert not (rows - {"E50"}) & untold(proposed(banks=banks, **{table: [told]}))  # E50 wants a second kind as well


def test_row_m3_an_outage_that_ended_before_it_began_takes_nothing_from_the_others() -> None:
    """How long it lasted cannot be told, and so neither can the sum; but one of four hours is enough by itself."""
    long = {"system": "HVPS", "cause": "own", "started_at": "2018-06-04 09:00", "ended_at": "2018-06-04 13:00"}
    wrong = {**long, "started_at": "2018-06-05 13:00", "ended_at": "2018-06-05 09:00"}
    short = {**long, "ended_at": "2018-06-04 10:00"}
    banks, other = [{"id": "B1"}], {"id": "I2", "bank": "B1", **wrong}
    both = proposed(banks=banks, incidents=[{"id": "I1", "bank": "B1", **long}, other])
    assert "E32" in rows_of(both, "B1")
    assert "bank_period.large_value_down = at least 14400" in str(both.of("B1"))
    assert "E32" in untold(proposed(banks=banks, incidents=[{"id": "I1", "bank": "B1", **short}, other]))


def test_row_m3_the_cause_of_a_run_of_missed_urges_is_that_run() -> None:
    """Two urges within 90 days call for an interview; one of the winter, alone, is not part of it."""
    days = {"P1": "2017-12-05", "P2": "2018-05-08", "P3": "2018-06-05"}
    urged = [
        {**URGED, "id": id_, "checkpoint_at": f"{day} 15:30", "urged_at": f"{day} 15:40"} for id_, day in days.items()
    ]
    found = proposed(banks=[{"id": "B1"}], positions=urged).of("B1")
    assert found is not None
    (match,) = (match for match in found.matches if match.row.id == "E26")
    assert match.values["bank_period.urges_missed_on_one_cause"] == 2
    assert match.items == {"P2/urge_missed", "P3/urge_missed"}


QUEUED, NONE = {"queued_at_close": 1}, {"queued_at_close": 0}


@pytest.mark.parametrize(
    ("table", "given", "matching", "unknown"),
    [  # what the rows of a table state, one day each: what calls for an action, and what cannot be told
        ("positions", [NONE, {}], set(), {"E34", "E50"}),
        ("positions", [QUEUED, {}], {"E34"}, {"E50"}),  # one is enough for the circular; there may have been two
        ("positions", [QUEUED] * 3 + [{}], {"E34", "E50"}, set()),
        ("positions", [NONE, {"fault_party": "telecom"}], set(), {"E50"}),  # not its own: no doubt; E50 wants more
        ("positions", [{"window_opened": False}, {}], set(), {"E22"}),
        ("positions", [{"window_opened": True}, {}], {"E22"}, set()),
        ("incidents", [{"cause": "telecom"}, {}], set(), {"E32", "E51"}),
        ("incidents", [{"cause": "own"}] * 3 + [{}], {"E32", "E51"}, set()),
        ("incidents", [{"cause": "own", "others_affected": False}, {"cause": "own"}], set(), {"E35"}),
        ("incidents", [{"cause": "own", "others_affected": True}, {"cause": "own"}], {"E35"}, set()),
        ("incidents", [{"cause": "own", "others_affected": False}, {"others_affected": True}], set(), {"E35"}),
    ],
)
def test_row_m3_one_empty_cell_is_neither_nought_nor_one(
    table: str, given: list[dict[str, Any]], matching: set[str], unknown: set[str]
) -> None:
    """The count cannot be told, unless what is told reaches the threshold already."""
    at = {"positions": "checkpoint_at", "incidents": "started_at"}[table]
    system = {"incidents": {"system": "HVPS"}}.get(table, {})
    rows = [
        {"id": f"X{n}", "bank": "B1", at: f"2018-06-{n + 1:02} 09:00", **system, **row} for n, row in enumerate(given)
    ]
    judged = {row for _, said in (("positions", "E22 E34 E50"), ("incidents", "E32 E35 E51")) for row in said.split()}
    found = proposed(banks=[{"id": "B1"}], **{table: rows})
    assert set(rows_of(found, "B1")) & judged >= matching
    assert unknown <= untold(found)
    assert not matching & untold(found)
    assert not unknown & set(rows_of(found, "B1"))


def test_row_m3_a_queue_at_the_close_is_told_once_a_day() -> None:
    """A checkpoint of the morning that says nothing of the close leaves no doubt if another row of the day says it."""
    morning = {"id": "P1", "bank": "B1", "checkpoint_at": "2018-06-20 10:00"}
    close = {"id": "P2", "bank": "B1", "checkpoint_at": "2018-06-20 17:15", "queued_at_close": 0}
    next_day = {**morning, "id": "P3", "checkpoint_at": "2018-06-21 10:00"}
    assert "E34" not in untold(proposed(banks=[{"id": "B1"}], positions=[morning, close]))
    assert "E34" in untold(proposed(banks=[{"id": "B1"}], positions=[morning, close, next_day]))
    today = {**morning, "id": "P4", "checkpoint_at": "2018-06-22 10:00"}
    tables = {"banks": [{"id": "B1"}], "positions": [close, today]}
    noon = ledger_proposals(engine(), ws.Ledger.read(tables, zone="Asia/Shanghai"), as_of="2018-06-22T12:00+08:00")
    assert "E34" not in untold(noon), "the day is not over"


def test_row_m3_an_occurrence_in_doubt_may_be_stated_as_such() -> None:
    """Two breaches and one in doubt: fewer than three, or three."""
    breach = {"bank": "B1", "kind": "rule_breach", "happened_at": "2018-06-20 09:00", "affects_others": "no"}
    rows = [{**breach, "id": f"O{n}"} for n in range(4)]
    doubtful = {**rows[2], "doubtful": "yes"}
    assert "E23" in untold(proposed(banks=[{"id": "B1"}], occurrences=[*rows[:2], doubtful]))
    three = proposed(banks=[{"id": "B1"}], occurrences=[*rows[:2], rows[3], doubtful])
    assert rows_of(three, "B1") == ["E23"]
    assert three.of("B1").cause == {"O0", "O1", "O3"}  # type: ignore[union-attr]
