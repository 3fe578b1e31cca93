"""Labels of words: stated once, at the list of words; read, offered and shown from there."""

from __future__ import annotations

from datetime import datetime

import pytest

import windowservice as ws
from windowservice.domain.words import FAULT_PARTIES, in_chinese
from windowservice.errors import InvalidRule


class ticket(ws.Facts, rows=ws.Given("tickets"), dated_by="opened_at"):
    """A ticket of a help desk."""

    id = ws.key("Number")
    state = ws.fact(str, "State", required=True, words={"open": ("未结", "unsettled"), "done": "已结", "lost": ()})
    opened_at = ws.fact(datetime, "When it was opened", required=True)


def test_a_label_is_read_as_its_word() -> None:
    """In Chinese or English; another word is refused with the nearest."""
    said = ("open", "未结", "unsettled", "已结", "lost", "已接")
    rows = [{"id": f"T{n}", "state": state, "opened_at": "2018-05-03 09:00"} for n, state in enumerate(said)]
    ledger = ws.Ledger.read({"tickets": rows}, zone="Asia/Shanghai", record_types=[ticket])
    assert [row["state"] for row in ledger.records["tickets"]] == ["open", "open", "open", "done", "lost"]
    assert "已接" in str(ledger.report.rejections[0])


def test_the_words_are_the_keys() -> None:
    """Rules speak of the words alone, and a label decides nothing: the hash of an engine does not know it."""
    assert ticket.state.words == ("open", "done", "lost")
    with pytest.raises(ws.WindowserviceError, match="未结"):
        ws.Rule("open", title="t", require=ticket.state == "未结")


@pytest.mark.parametrize("words", [{"open": "未结", "done": "未结"}, {"open": ("done",), "done": ()}])
def test_a_label_means_one_thing(words: dict[str, object]) -> None:
    """Neither two words, nor another word of the list."""
    with pytest.raises(InvalidRule, match="write each label once"):
        ws.fact(str, "State", words=words)  # type: ignore[arg-type]


def test_chinese_is_shown_from_the_list() -> None:
    """The first label that is no plain English; a word without one stays."""
    assert in_chinese(FAULT_PARTIES, "telecom") == "通信"
    assert in_chinese(FAULT_PARTIES, "nobody") == "nobody"
