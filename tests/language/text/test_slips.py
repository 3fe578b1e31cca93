"""Slips of authors of text rules, and numbers that no rule needs: each is refused with what to write instead."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

import windowservice as ws
from windowservice.errors import WindowserviceError
from windowservice.facts import event, request
from windowservice.language.text.parse import Names, parse

NAMES = Names([request, event])
SLIPS = {
    "request.service = 'S08'": "write == to compare",
    "request.amount > 1 && request.amount < 5": "write 'and' in place of &&",
    "request.amount > 1 || request.amount < 5": "write 'or' in place of ||",
    "request.amount > 1 AND request.amount < 5": "in small letters",
    "NOT request.amount > 1": "in small letters",
    "!request.amount.is_known()": "write 'not' in place of !",
    "request.amount <> 1": "write != in place of <>",
    "request.amount.is_known（）": "full-width",
    "request.service == “S08”": "full-width",
    "request.amount ＞ 1": "full-width",
    "request.decided_at < '2018-07-01'": "instant(",
    "event.at.lst(where=event.kind == 'decided').is_known()": "did you mean 'last'",
    "event.at.frist().is_known()": "did you mean 'first'",
    "request.amount > 0x" + "f" * 9_000: "more than 100 digits",
    "request.amount > decimal('1E+999999')": "more than 100 digits",
    "request.amount / decimal('1E-999999') > 5": "more than 100 digits",
}


@pytest.mark.parametrize("text", SLIPS, ids=lambda text: text[:40])
def test_a_slip_is_told_with_what_to_write(text: str) -> None:
    """Whichever language its author knows."""
    with pytest.raises(WindowserviceError) as told:
        parse(text, NAMES)
    assert SLIPS[text] in str(told.value)


def test_a_principle_misspelt_is_refused_and_one_of_ones_own_is_not() -> None:
    """A word that looks like one of the four is taken for a slip."""
    condition = request.amount > 1
    with pytest.raises(WindowserviceError, match="did you mean 'good_service'"):
        ws.Rule("r", title="t", require=condition, principle="good_sevice")
    assert ws.Rule("r", title="t", require=condition, principle="fairness").principle == "fairness"


WHOLE_OR_NOT = (
    "request.amount * 1.1 > 50",
    "request.amount + 0.5 > 50",
    "request.amount * ratio(1, 3) > 5",
    "ratio(1, 3) - request.amount < 0",
    "request.amount > ratio(1, 3)",
    "not request.amount <= ratio(1, 3)",
)


@pytest.mark.parametrize("text", WHOLE_OR_NOT)
def test_amounts_with_cents_are_computed_as_whole_ones_are(text: str) -> None:
    """An amount may be whole or not, beside floats and ratios."""
    engine = ws.Engine.load(
        packs=[ws.Pack("p", version="1", rules=[ws.Rule("r", title="t", require=parse(text, NAMES))])], installed=False
    )
    events = [ws.Event(datetime(2018, 5, 3, 9, tzinfo=UTC), "submitted")]
    for amount in (100, Decimal("100.5")):
        report = engine.check(ws.Request("R", "B", "S10", amount=amount, events=events), as_of="2018-06-01")
        assert str(report.finding("R", "r").verdict) == "pass"
        assert report.finding("R", "r").explain()


def test_a_bound_written_as_text_is_told_with_how_it_is_written() -> None:
    """`by` and `within` take instants and spans; a limit in words is none."""
    with pytest.raises(WindowserviceError, match=r"by due\(start, '3 working days'\)"):
        request.finished_at.by("3 working days")  # type: ignore[arg-type]
    with pytest.raises(WindowserviceError, match=r"ws.work\(hours=2\).*end.by\(due\(start, limit\)\)"):
        ws.worked(request.accepted_at, request.finished_at).within("3 working days")
