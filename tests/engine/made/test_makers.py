"""Makers of records: one signature, called in order of need and only if needed, brought by anybody's plugin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.domain.unread import Unread
from windowservice.engine.seen import Seen
from windowservice.errors import CyclicMaker, InvalidRule, NameTaken, UnknownName
from windowservice.facts.duties.turn import turn
from windowservice.facts.records import MADE_VOCABULARIES
from windowservice.ledger.reading.load_report import LoadReport
from windowservice.plugins.maker import EVERY

CALLED: list[str] = []


class bank_day(ws.Facts, rows=ws.Made("bank_days")):
    """What a bank was asked."""

    id = ws.key("The bank")
    messages = ws.fact(int, "How many messages there were", required=True)


def _bank_days(seen: Seen) -> Iterator[dict[str, Any]]:
    CALLED.append("bank_days")
    banks = [row["bank"] for row in seen.rows("messages")]
    yield from ({"id": bank, "messages": banks.count(bank)} for bank in sorted(set(banks)))


def _busiest(seen: Seen) -> Iterator[dict[str, Any]]:
    CALLED.append("busiest")
    rows = sorted(seen.rows("bank_days"), key=lambda row: -row["messages"])
    yield from ({"id": row["id"], "messages": row["messages"]} for row in rows[:1])


def _nothing(seen: Seen) -> tuple[Mapping[str, Any], ...]:
    return ()


class busy(ws.Facts, rows=ws.Made("busiest")):
    """The bank that was asked most."""

    id = ws.key("The bank")
    messages = ws.fact(int, "How many messages there were", required=True)


BUSIEST = ws.Maker("busiest", needs=["bank_days"], make=_busiest)
BANK_DAYS = ws.Maker("bank_days", needs={"messages": {"bank": "id"}}, make=_bank_days)


def plugin(*makers: ws.Maker) -> object:
    return SimpleNamespaceWithHash(windowservice_makers=ws.hookimpl(lambda: makers))


class SimpleNamespaceWithHash(SimpleNamespace):
    __hash__ = object.__hash__  # type: ignore[assignment]


def engine(*makers: ws.Maker, of: type[ws.Facts] = busy) -> ws.Engine:
    rule = ws.Rule("few", title="Not asked too much", of=of, require=of.messages < 2)  # type: ignore[attr-defined]
    pack = ws.Pack("own", version="1", rules=[rule])
    return ws.Engine.load(packs=[pack], plugins=[plugin(*makers)], installed=False)


def ledger(**more: Any) -> ws.Ledger:
    rows = [
        Record("messages", {"id": str(at), "bank": bank, "kind": "free_format", "received_at": AT})
        for at, bank in enumerate("ABB")
    ]
    return ws.Ledger(records={"messages": tuple(rows)}, report=LoadReport(), zone="Asia/Shanghai", **more)


AT = datetime.fromisoformat("2018-05-02T10:00:00+08:00")


def test_a_plugin_brings_a_maker_and_another_one_needs_what_it_makes() -> None:
    """The order in which they are offered does not matter; each is called once."""
    CALLED.clear()
    found = engine(BUSIEST, BANK_DAYS).audit(ledger(), as_of="2018-05-31")
    assert [(finding.key, str(finding.verdict)) for finding in found] == [("B", "fail")]
    assert CALLED == ["busiest", "bank_days"]


def test_only_what_is_judged_or_needed_is_made() -> None:
    """Records that no rule speaks of cost nothing; what is later is not seen."""
    CALLED.clear()
    found = engine(BUSIEST, BANK_DAYS, of=bank_day).audit(ledger(), as_of="2018-05-31")
    assert [(finding.key, str(finding.verdict)) for finding in found] == [("A", "pass"), ("B", "fail")]
    assert CALLED == ["bank_days"]
    assert not list(engine(BUSIEST, BANK_DAYS, of=bank_day).audit(ledger(), as_of="2018-04-30"))


def test_a_row_that_could_not_be_read_leaves_unknown_what_it_concerns() -> None:
    """By way of another maker's records it concerns all; directly, those whose fields are the same."""
    book = ledger(unread=(Unread("messages", "messages.csv", 9, said={"bank": "A"}),))
    found = engine(BUSIEST, BANK_DAYS, of=bank_day).audit(book, as_of="2018-05-31")
    assert [(finding.key, str(finding.verdict)) for finding in found] == [("A", "unknown"), ("B", "fail")]
    assert [str(finding.verdict) for finding in engine(BUSIEST, BANK_DAYS).audit(book, as_of="2018-05-31")] == [
        "unknown"
    ]


def test_a_circle_of_needs_is_refused_at_load() -> None:
    """The message names the makers, in order."""
    one = ws.Maker("bank_days", needs=["messages", "busiest"], make=_bank_days)
    with pytest.raises(CyclicMaker, match="bank_days -> busiest -> bank_days need one another in a circle"):
        engine(one, BUSIEST)
    with pytest.raises(CyclicMaker, match="busiest -> busiest"):
        engine(ws.Maker("busiest", needs=["busiest"], make=_nothing))


def test_a_rule_on_records_that_nothing_makes_is_refused_at_load() -> None:
    """It would never find anything, and so never fail."""
    with pytest.raises(InvalidRule, match="speaks of busy, whose records are made, and nothing makes busiest; offer"):
        engine(BANK_DAYS)


def test_two_makers_of_one_name_are_refused() -> None:
    """Nobody takes the place of a built-in one in silence."""
    with pytest.raises(NameTaken, match="a maker named 'turns'"):
        engine(ws.Maker("turns", needs=(), make=_nothing), BANK_DAYS, BUSIEST)


@pytest.mark.parametrize("needs", [(), (EVERY,)])
def test_a_maker_reads_what_it_needs_and_nothing_else(needs: tuple[str, ...]) -> None:
    """A table that is read and not named would leave a pass where a row could not be read; circles would be hidden."""
    with pytest.raises(UnknownName, match="the needs of the maker of busiest"):
        engine(ws.Maker("busiest", needs=needs, make=_busiest), BANK_DAYS).audit(ledger(), as_of="2018-05-31")


def test_every_built_in_record_type_that_is_made_has_its_maker() -> None:
    """And every maker its record type; that all tables that they need exist is seen here too."""
    loaded = ws.Engine.load(installed=False)
    assert set(loaded.makers) == {of.options.table for of in MADE_VOCABULARIES}
    tables = {table.name for table in ledger().tables} | set(loaded.makers) | {EVERY}
    assert {need for maker in loaded.makers.values() for need in maker.needs} <= tables
    assert turn.options.table in loaded.makers


def test_the_docs_list_what_is_made_by_functions() -> None:
    """Each type whose records are made by a function of the library stands in the list, and no other."""
    page = (Path(__file__).parents[3] / "docs" / "relations.md").read_text("utf-8")
    rows = page.partition("### What the library makes by functions")[2].partition("|---|---|")[2].partition("\n\n")[0]
    listed = {name for row in rows.strip().splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    made = [of for of in MADE_VOCABULARIES if isinstance(of.options.rows, ws.Made)]
    assert listed == {of.options.table for of in made}
