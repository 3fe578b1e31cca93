"""Numbers of every kind held against each other: objects and columns agree on verdict and exact shortfall."""

from __future__ import annotations

import itertools
from decimal import Decimal

import polars as pl
import pytest

import windowservice as ws
from windowservice.engine.report.frame import numbers_of
from windowservice.facts.requests.event import event
from windowservice.facts.requests.request import request
from windowservice.language.text.parse import Names, parse

NAMES = Names([request, event])
TERMS = (
    "request.amount", "request.amount / 3", "request.amount / 0", "request.amount.otherwise(0.5)", "0.5", "0.1", "7",
    "decimal('0.3')", "ratio(1, 3)", "request.amount * 0.1", "request.amount - 0.1", "-1 / 0", "event.at.count()",
)  # fmt: skip


def _engine(texts: list[str]) -> ws.Engine:
    rules = [ws.Rule(f"r{place}", title=text, require=parse(text, NAMES)) for place, text in enumerate(texts)]
    return ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], installed=False).only("p")


def _allowed() -> list[str]:
    texts = []
    for (one, other), sign in itertools.product(itertools.product(TERMS, TERMS), ("<=", "<", "==", "!=")):
        for text in (f"{one} {sign} {other}", f"not ({one} {sign} {other})"):
            try:
                ws.Rule("r", title="t", require=parse(text, NAMES))
            except ws.WindowserviceError:
                continue
            texts.append(text)
    return texts


AMOUNTS = (
    (100,), (100, Decimal("10.5")), (9007199254740993, 5, -3),
    (None, Decimal("0.1"), Decimal("-0.0"), 0, 9007199254740993, Decimal("123456789.12")),
)  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    """An engine with every seventh comparison that the language allows between the terms."""
    return _engine(_allowed()[::7])


@pytest.mark.parametrize("amounts", AMOUNTS)
def test_a_number_beside_another_is_judged_and_missed_alike_in_both_engines(
    engine: ws.Engine, amounts: tuple[int | Decimal | None, ...]
) -> None:
    """Whole numbers, cents, shares, floats; other rows of a column change nothing, and no fail lacks its number."""
    held = [
        ws.Request(f"R-{place}", "B", "S10", amount=amount, events=[ws.Event("2018-05-03T09:40+08:00", "submitted")])
        for place, amount in enumerate(amounts)
    ]
    kind = pl.Int64 if all(isinstance(amount, int) for amount in amounts) else pl.Decimal(38, 18)
    told = pl.Series("amount", [None if one is None else str(one) for one in amounts]).cast(kind)
    records = pl.DataFrame({"id": [one.id for one in held], "bank": "B", "service": "S10", "amount": told})
    events = pl.DataFrame({"request": records["id"], "us": held[0].events[0].us, "kind": "submitted"})
    objects, columns = engine.audit(held, as_of="2018-06-01"), engine.audit(records, events, as_of="2018-06-01")
    framed = {(row["key"], row["rule"]): row for row in columns.to_frame().to_dicts()}
    assert framed
    for finding in objects:
        number = numbers_of(finding)[0]
        other = columns.finding(finding.key, finding.rule)
        row = framed[finding.key, finding.rule]
        said = (str(finding.verdict), number)
        assert said == (str(other.verdict), numbers_of(other)[0]) == (row["verdict"], row["shortfall"]), finding.title
        assert number is not None or said[0] != "fail", finding.title


def test_a_share_or_an_amount_at_a_bound_written_as_a_float_is_at_it() -> None:
    """0.1 is no binary number: ten of a hundred is a tenth all the same."""
    engine = _engine(["request.amount >= 0.1", "request.amount <= 0.1", "request.amount == 0.1"])
    held = ws.Request("R", "B", "S10", amount=Decimal("0.1"), events=[])
    assert [str(one.verdict) for one in engine.check(held, as_of="2018-06-01")] == ["pass"] * 3
