"""What those write who know other libraries: taken, or refused with what to write."""

from __future__ import annotations

from datetime import date, datetime

import pytest

import windowservice as ws


class ticket(ws.Facts, happens="opened_at"):
    """A ticket."""

    opened_at = ws.fact(datetime, "When it was opened", required=True)
    day = ws.fact(date, "A day")
    priority = ws.fact(str, "How urgent", words=("P1", "P2"))
    replies = ws.fact(int, "How many replies")


RULE = ws.Rule("kept", title="Kept", of=ticket, require=(ticket.replies >= 1) & (ticket.day == date(2026, 1, 5)))
ENGINE = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=(RULE,))], installed=False)


def test_words_may_be_given_as_one_list():
    """A list, a tuple or a set of words."""
    for words in (["P1", "P2"], ("P1", "P2"), {"P1", "P2"}):
        assert str(ticket.priority.one_of(words)) == "ticket.priority.one_of('P1', 'P2')"
    with pytest.raises(ws.WindowserviceError, match="names no word"):
        ticket.priority.one_of([])


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("is_null", ".is_missing()"), ("isna", ".is_missing()"), ("notna", ".is_known()"), ("isin", ".one_of("),
        ("between", "two comparisons joined by &"), ("fillna", ".otherwise(value)"), ("startswith", ".one_of("),
    ],
)  # fmt: skip
def test_a_method_of_another_library_is_told_with_what_it_is_here(name, instead):
    """Also as an AttributeError, as Python asks."""
    with pytest.raises(AttributeError) as caught:
        getattr(ticket.replies, name)
    assert f"write {instead}" in str(caught.value)
    assert not hasattr(ticket.replies, name)


def test_a_record_may_hold_iso_text():
    """An instant with its offset and a date may be texts, as they come from JSON."""
    told = {"id": "1", "opened_at": "2026-01-05T09:00+01:00", "day": "2026-01-05", "replies": 1}
    assert ENGINE.check(told, as_of="2026-02-01T00:00Z").verdicts["kept"] is ws.Verdict.PASS


@pytest.mark.parametrize(
    ("opened", "said"), [("2026-01-05 09:00", "has no zone"), ("yesterday", "opened_at"), ("2026-01-05", "bare date")]
)
def test_a_text_that_is_no_instant_is_refused(opened, said):
    """Without a zone, or no time at all."""
    with pytest.raises(ws.WindowserviceError, match=said):
        ENGINE.check({"id": "1", "opened_at": opened}, as_of="2026-02-01T00:00Z")
