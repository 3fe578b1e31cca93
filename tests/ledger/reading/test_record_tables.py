"""Further tables of a ledger: their rows are read like others, and judged by the rules on them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.facts.records import MADE_VOCABULARIES, RECORD_VOCABULARIES
from windowservice.ledger.mapping.reading import mapping_from_toml
from windowservice.ledger.tables import BUILT_IN

MESSAGES = """\
id,bank,kind,system,received_at,answered_at,empty
M1,B1,inquiry,HVPS,2018-05-03 10:00,2018-05-04 11:00,no
M2,B1,inquiry,HVPS,2018-05-03 10:00,2018-05-04 12:00:01,no
M3,B2,inqiry,BEPS,2018-05-03 10:00,,
M2,B1,inquiry,HVPS,2018-05-03 10:00,,
"""


def read(folder: Path, **tables: str) -> ws.Ledger:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return ws.Ledger.read(folder, zone="Asia/Shanghai")


def test_no_name_stands_for_two() -> None:
    """Neither two tables nor two vocabularies share a name: packs and indicators are text."""
    tables = [table.name for table in BUILT_IN.of_records]
    words = [vocabulary.__name__ for vocabulary in (*RECORD_VOCABULARIES, *MADE_VOCABULARIES)]
    assert (sorted(set(tables)), sorted(set(words))) == (sorted(tables), sorted(words))


def test_rows_become_records_and_the_rest_is_listed(tmp_path: Path) -> None:
    """A good row is a record; a misspelt word and a number that stands twice are rejected with file, row and column."""
    ledger = read(tmp_path, messages=MESSAGES)
    assert [record["id"] for record in ledger.records["messages"]] == ["M1", "M2"]
    assert [(r.file, r.row, r.column) for r in ledger.report.rejections] == [
        ("messages.csv", 4, "kind"), ("messages.csv", 5, "id"),
    ]  # fmt: skip
    assert "did you mean 'inquiry'" in ledger.report.rejections[0].reason
    assert "stands already in messages.csv row 3" in ledger.report.rejections[1].reason


def test_records_are_judged_with_the_ledger(tmp_path: Path) -> None:
    """An audit of the ledger holds the findings on its further tables, with bank, number and evidence."""
    once = MESSAGES.rsplit("M2,", 1)[0]  # of two rows that say different things of M2 nothing could be told
    report = built_in().audit(read(tmp_path, messages=once), as_of="2018-05-31")
    (finding,) = report.failures
    assert (finding.key, finding.bank, finding.rule) == ("M2", "B1", "messages/message_answered_in_time")
    assert "late by 1 second" in str(finding)
    assert "reply_limit[inquiry] = 1 working day at 12:00" in finding.explain()


def test_a_record_is_judged_by_itself() -> None:
    """A single record, or a plain mapping with its vocabulary named, is checked like a request."""
    engine = built_in()
    values = {"id": "M1", "bank": "B1", "kind": "inquiry", "received_at": _at("2018-05-03T10:00")}
    by_table = engine.check(Record("messages", values), as_of="2018-05-03")
    assert by_table.verdicts["messages/message_answered_in_time"] == "pending"
    by_name = engine.check(values, of=RECORD_VOCABULARIES[0], as_of="2018-05-04")
    assert by_name.verdicts["messages/message_answered_in_time"] == "fail"


def test_a_mapping_turns_other_columns_into_a_further_table(tmp_path: Path) -> None:
    """`[table.row]` names the table, and its columns as a request's are named."""
    (tmp_path / "log.csv").write_text("no,payer,asked,told\nM1,B1,2018-05-03 10:00,2018-05-04 13:00\n", "utf-8")
    said = """
    zone = "Asia/Shanghai"
    [[table]]
    [table.row]
    table = "messages"
    id = "no"
    bank = "payer"
    kind = { constant = "inquiry" }
    received_at = "asked"
    answered_at = "told"
    """
    ledger = ws.Ledger.read(tmp_path / "log.csv", mapping=mapping_from_toml(said))
    (record,) = ledger.records["messages"]
    assert (record["id"], record["bank"], record["kind"]) == ("M1", "B1", "inquiry")
    with pytest.raises(ws.WindowserviceError, match="did you mean 'messages'"):
        mapping_from_toml(said.replace('"messages"', '"message"'))
    with pytest.raises(ws.WindowserviceError, match="did you mean 'received_at'"):
        mapping_from_toml(said.replace("received_at", "recieved_at"))


def test_a_record_is_a_value() -> None:
    """Records are equal by what they hold, hashable, and travel."""
    record = Record("messages", {"id": "M1", "items": frozenset({"a"})})
    assert record == pickle.loads(pickle.dumps(record))
    assert len({record, Record("messages", {"id": "M1", "items": frozenset({"a"})})}) == 1
    assert record != Record("positions", {"id": "M1", "items": frozenset({"a"})})


def _at(text: str) -> object:
    from datetime import datetime

    return datetime.fromisoformat(f"{text}+08:00")


def test_a_count_below_zero_is_refused(tmp_path: Path) -> None:
    """With its column: less than no item never waited; what stands on an account may be below zero."""
    head = "id,bank,checkpoint_at,balance,queued_at_close\n"
    rows = "P1,B1,2018-05-03 15:30,-5,0\nP2,B1,2018-05-03 15:30,5,-1\n"
    ledger = read(tmp_path, positions=head + rows)
    assert [row["id"] for row in ledger.records["positions"]] == ["P1"]
    (refused,) = ledger.report.rejections
    assert (refused.file, refused.row, refused.column) == ("positions.csv", 3, "queued_at_close")
    assert "0 or more" in refused.reason
