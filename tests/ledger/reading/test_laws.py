"""Laws of reading: the counts add up, and the order of rows changes nothing."""

from __future__ import annotations

from collections import Counter

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import mapping_from_toml

IDS = ("R1", "R2", "R3", "", "null")
KINDS = ("submitted", "accepted", "decided", "noted", "submited", "", "=1+1")
TIMES = (
    "2018-05-03 09:00",
    "2018-05-03T09:00+08:00",
    "2018/5/3 9:00",
    "2018-05-03",
    "1899-01-01 00:00",
    "2200-01-01 00:00",
    "２０１８－０５－０４ １０：００",
    "43223.5",
    "NaN",
    "",
    "x\0y",
)
requests = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(IDS),
            "bank": st.sampled_from(("B1", "", "Ｂ１")),
            "service": st.sampled_from(("S10", "S99", None)),
            "amount": st.sampled_from(("1", "1,000.5", "1,5", float("nan"), None)),
        }
    ),
    max_size=4,
    unique_by=lambda row: row["id"],  # of two rows of one id the first stands, so for those the order matters
)
events = st.lists(
    st.fixed_dictionaries(
        {
            "request": st.sampled_from((*IDS, "R9")),
            "at": st.sampled_from(TIMES),
            "kind": st.sampled_from(KINDS),
            "written": st.sampled_from(("yes", "否", "perhaps", None)),
        }
    ),
    max_size=10,
).map(lambda rows: [{**row, "seq": number} for number, row in enumerate(rows)])


def read(request_rows, event_rows):
    frames = {
        "requests": [{"id": "R0", "bank": "B", "service": "S10", "amount": None}, *request_rows],
        "events": event_rows,
    }
    frames["events"] = [
        {"request": "R0", "at": "2018-05-03 09:00", "kind": "noted", "written": "no", "seq": -1},
        *event_rows,
    ]
    return Ledger.read(frames, zone="Asia/Shanghai", services=["S10"])


def faults(ledger):
    return Counter(
        (found.file, found.column, found.value, found.reason.split(" (")[0]) for found in ledger.report.rejections
    )


def by_id(ledger):
    """The requests, and what could not be read of each: all but the numbers of rows, which are places in a file."""
    return {
        request.id: (
            attrs.evolve(request, unread=()),
            Counter((row.table, row.file, row.kind, row.at, row.reason.split(" (")[0]) for row in request.unread),
        )
        for request in ledger
    }


def add_up(file):
    """Every row is accepted, rejected with its reason, or one that stands there twice."""
    return file.read == file.accepted + file.rejected + file.repeated


@trials(2)
@given(requests, events, st.randoms(), st.integers(0, 3))
def test_rows_in_any_order_give_the_same_requests_and_the_counts_add_up(request_rows, event_rows, random, copies):
    """Good, bad and repeated rows in any mixture: what was read adds up in every file; a shuffle changes nothing."""
    request_rows = [*request_rows, *request_rows[:copies]]
    event_rows = [*event_rows, *event_rows[:copies]]
    ledger = read(request_rows, event_rows)
    report = ledger.report
    assert report.read == len(request_rows) + len(event_rows) + 2
    for file in report.files:
        assert add_up(file)
        assert file.rejected == sum(rejection.file == file.file for rejection in report.rejections)
    assert report.requests == len(ledger) == next(file.accepted for file in report.files if file.file == "requests")
    assert report.events == next(file.accepted for file in report.files if file.file == "events")
    shuffled_requests, shuffled_events = list(request_rows), list(event_rows)
    random.shuffle(shuffled_requests)
    random.shuffle(shuffled_events)
    again = read(shuffled_requests, shuffled_events)
    assert by_id(again) == by_id(ledger)
    assert faults(again) == faults(ledger)


LOG = mapping_from_toml(
    """
    zone = "Asia/Shanghai"
    [[table]]
    log = true
    [table.request]
    id = "case"
    bank = "bank"
    service = { constant = "S10" }
    extra.due = { column = "due", type = "instant" }
    [[table.event]]
    at = "opened"
    kind = { constant = "submitted" }
    once = true
    [[table.event]]
    at = "at"
    seq = "n"
    [table.event.kind]
    column = "step"
    words = { a = "accepted", w = { kind = "suspended", until_next = "resumed" }, d = "decided", x = "ignore" }
    """
)
log_rows = st.lists(
    st.fixed_dictionaries(
        {
            "case": st.sampled_from(("C1", "C2", "")),
            "bank": st.sampled_from(("B1", "B2", "")),
            "due": st.sampled_from(("2018-06-01 09:00", "2018-06-02 09:00", "soon", "")),
            "opened": st.sampled_from(("2018-05-01 09:00", "", "never")),
            "at": st.sampled_from(TIMES),
            "step": st.sampled_from(("a", "w", "d", "x", "q", "")),
        }
    ),
    min_size=1,
    max_size=10,
).map(lambda rows: [{**row, "n": number} for number, row in enumerate(rows)])


@trials(2)
@given(log_rows, st.randoms(), st.integers(0, 3))
def test_rows_of_a_log_in_any_order_give_the_same_requests(rows, random, copies):
    """What describes a request, what is written once, and when waits end does not hang on the order of rows."""
    rows = [*rows, *rows[:copies]]
    ledger = Ledger.read(rows, mapping=LOG)
    report = ledger.report
    (file,) = report.files
    assert len(rows) == file.read
    assert add_up(file)
    assert file.rejected == len(report.rejections)
    shuffled = list(rows)
    random.shuffle(shuffled)
    again = Ledger.read(shuffled, mapping=LOG)
    assert by_id(again) == by_id(ledger)
    assert faults(again) == faults(ledger)
    assert again.report.files[0].passed_over == file.passed_over
    assert len(again.report.contradictions) == len(report.contradictions)
    assert again.report.tied_events == report.tied_events
