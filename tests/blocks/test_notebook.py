"""What a notebook shows of a value: small, without scripts, escaped, with the same facts as text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws

HOSTILE = "<script>alert(1)</script>\x1b[31m"


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    """Values of every kind that a notebook shows, with hostile names in them."""
    engine = built_in()
    at = {"at": "2018-05-03 09:40", "kind": "submitted"}
    occurrences = [
        {"id": f"Q{n}", "bank": "B", "kind": "queued_at_close", "happened_at": f"2018-0{n}-05 17:15"} for n in (3, 4, 6)
    ]
    book = ws.Ledger.read(
        {
            "banks": [{"id": "B", "name": HOSTILE}],
            "requests": [{"id": HOSTILE, "bank": "B", "service": "S10"}, {"id": "", "bank": "B", "service": "S10"}],
            "events": [{"request": HOSTILE, **at}], "occurrences": occurrences,
        },
        zone="Asia/Shanghai",
    )  # fmt: skip
    report = engine.audit(book, as_of="2018-06-22")
    scores = engine.score(book, "2018-05")
    later = engine.audit(book, as_of="2018-05-03T10:00+08:00")
    return {
        "report": report, "finding": report.failures[0], "load": book.report, "changes": report.compare(later),
        "score": scores.all[0], "scores": scores, "proposals": engine.propose(book, as_of="2018-06-22"),
        "proposal": engine.propose(book, as_of="2018-06-22").of("B"),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["report", "finding", "load", "changes", "score", "scores", "proposals", "proposal"])
def test_a_value_is_shown(values: dict[str, Any], name: str) -> None:
    """As HTML under fifteen kilobytes without a script, and as text with the same words."""
    bundle = values[name]._repr_mimebundle_()
    html, text = bundle["text/html"], bundle["text/plain"]
    assert len(html.encode()) < 15_000
    assert "<script" not in html
    assert "\x1b" not in html + text
    said = re.sub(r"<style>.*?</style>|<[^>]*>", " ", html)
    shown = re.sub(r"\.\.\. \(\d+ more characters\)", "", text)  # the text cuts a cell earlier
    assert set(re.findall(r"\w\w+", shown)) - set(re.findall(r"\w+", said)) == set()
    assert text.strip()


def test_a_large_report_is_shown_in_a_small_cell() -> None:
    """Rows beyond twenty are counted, not shown."""
    requests = [
        ws.Request(f"R{n}", f"B{n}", "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted")])
        for n in range(300)
    ]
    html = built_in().audit(requests, as_of="2018-06-01")._repr_mimebundle_()["text/html"]
    assert len(html.encode()) < 15_000
