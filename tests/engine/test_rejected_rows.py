"""Missing data is never a pass and never an accusation: a row that cannot be read makes unknown what it could say."""

from __future__ import annotations

import csv
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.sample.thinned import thin_sample
from tests.sample.write import write_sample
from tests.trials import trials

import windowservice as ws
from windowservice.ledger.sample import AS_OF

ENGINE = built_in()
DAY = "2018-06-30"
REQUESTS = [{"id": f"R-{n}", "bank": "B1", "service": "S10"} for n in (1, 2)]
KEPT = [
    {"at": "2018-05-03 09:40", "kind": "submitted", "by": "wang"},
    {"at": "2018-05-03 09:50", "kind": "accepted", "by": "wang"},
    {"at": "2018-05-07 15:30", "kind": "checked", "by": "li"},
    {"at": "2018-05-07 16:10", "kind": "decided", "by": "zhao"},
]
OTHERS = (
    "notified",
    "supplemented",
    "handed_over",
    "taken_over",
    "suspended",
    "resumed",
    "rated",
    "reopened",
    "withdrawn",
)


def events(rows=KEPT, ids=("R-1", "R-2")):
    return [{"request": id_, **row} for id_ in ids for row in rows]


def read(*rows, **tables):
    return ws.Ledger.read({"requests": REQUESTS, "events": list(rows), **tables}, zone="Asia/Shanghai")


def verdicts(ledger, *, columns=False):
    report = ENGINE.audit(ledger, as_of=DAY, columns=columns)
    return {(found.key, found.rule): str(found.verdict) for word in ws.Verdict for found in report.gravest(word)}


def spoilt(rows, place, **cells):
    return [{**row, **cells} if number == place else row for number, row in enumerate(rows)]


SPOILT = {
    "a time": {"at": "上午九点半多"}, "a kind": {"kind": "办结了"}, "an empty kind": {"kind": ""},
    "a number": {"seq": "x"},
    "its key": {"request": ""}, "the marks of its key": {"request": "r 1"},
}  # fmt: skip


@pytest.mark.parametrize("place", [1, 3])
@pytest.mark.parametrize("what", SPOILT)
def test_a_rejected_event_turns_verdicts_only_into_unknown_in_objects_and_columns(what, place):
    good = verdicts(read(*events()))
    torn = read(*spoilt(events(), place, **SPOILT[what]))
    assert torn.report.rejected == 1
    bad = verdicts(torn)
    assert {key: word for key, word in bad.items() if word not in (good[key], "unknown")} == {}
    assert verdicts(torn, columns=True) == bad
    if what != "its key":
        assert all(bad[key] == word for key, word in good.items() if key[0] == "R-2")


def test_an_event_whose_key_could_not_be_read_may_be_of_any_request():
    torn = verdicts(read(*spoilt(events(), 3, request="")))
    assert {torn[id_, "commitment/commitment_kept"] for id_ in ("R-1", "R-2")} == {"unknown"}


def test_an_event_of_a_request_that_is_not_there_concerns_no_other():
    assert verdicts(read(*events(), {"request": "X-9", **KEPT[0]})) == verdicts(read(*events()))


def test_what_a_rejected_row_could_not_change_stays():
    """Its kind could be read, and no clock rests on it."""
    torn = verdicts(read(*events(), {"request": "R-1", "at": "?", "kind": "rated"}))
    assert torn["R-1", "commitment/commitment_kept"] == "pass"


def test_a_rejected_row_that_happened_later_is_not_seen_yet():
    later = {"request": "R-1", "at": "2018-08-03 09:40", "kind": "decided", "written": "perhaps"}
    torn = read(*events(), later)
    assert torn.report.rejected == 1
    assert verdicts(torn) == verdicts(read(*events()))


@pytest.mark.parametrize("columns", [False, True])
def test_the_finding_its_case_and_its_json_name_file_row_and_reason(columns):
    report = ENGINE.audit(read(*spoilt(events(), 3, kind="办结了")), as_of=DAY, columns=columns)
    found = report.finding("R-1", "commitment_kept")
    for said in (str(found), found.explain(), str(found.to_dict()["rejected"])):
        assert "events row 4" in said
        assert "办结了" in said


def test_a_request_as_json_carries_what_could_not_be_read():
    request = read(*spoilt(events(), 3, at="?")).requests[0]
    again = ws.Request.from_json(request.to_json())
    assert again == request
    assert ENGINE.check(again, as_of=DAY).verdicts["commitment/commitment_kept"] == "unknown"


def test_two_rows_that_say_different_things_of_one_request_tell_nothing_of_it():
    twice = [*REQUESTS, {"id": "R-1", "bank": "B2", "service": "S11"}]
    for rows in (twice, twice[::-1]):
        found = ws.Ledger.read({"requests": rows, "events": events()}, zone="Asia/Shanghai")
        told = {word for (key, _), word in verdicts(found).items() if key == "R-1"}
        assert told == {"unknown"}


def test_a_service_whose_limits_could_not_be_read_is_not_judged_by_those_of_the_catalogue():
    torn = read(*events(), services=[{"id": "S10", "commitment": "two or three days"}])
    assert {word for (key, _), word in verdicts(torn).items() if key == "R-1"} == {"unknown"}


def test_kinds_that_a_ledger_does_not_record_are_the_reason_of_what_cannot_be_told():
    """Not the slot that this kind of business does not have, nor all that rests on the clock."""
    ledger = ws.Ledger.read(
        {"requests": REQUESTS, "events": spoilt(events(), 3, at="2018-05-21 10:00")}, zone="Asia/Shanghai",
        recorded=["submitted", "accepted", "checked", "decided"],
    )  # fmt: skip
    found = ENGINE.audit(ledger, as_of=DAY).finding("R-1", "commitment_kept")
    assert found.verdict == "unknown"
    assert {"suspended", "supplemented", "extended"} <= set(found.unrecorded)
    assert "does not record" in str(found)
    assert "slot_end" not in str(found)


def test_a_action_that_no_ladder_has_is_a_rejected_row():
    row = {"id": "M-1", "bank": "B1", "action": "circularr", "proposed_at": "2018-05-03 09:40", "proposed_by": "chen"}
    report = ENGINE.audit(read(*events(), actions=[row]), as_of=DAY)
    assert report.load.rejected == 1
    assert "did you mean 'circular'" in str(report.load.rejections[0])


def test_a_reading_that_cannot_be_used_counts_as_rejected_in_an_audit():
    rows = [{"id": "G1", "bank": "B1", "indicator": "C99", "period": "2018-05", "numerator": 1, "denominator": 2}]
    load = ENGINE.audit(read(*events(), readings=rows), as_of=DAY).load
    assert (load.rejected, load.read) == (1, load.accepted + load.rejected)


rows_of_events = st.lists(
    st.fixed_dictionaries(
        {
            "request": st.sampled_from(["R-1", "R-2"]),
            "at": st.sampled_from([f"2018-05-{day:02} {hour}:40" for day in (3, 4, 7, 8, 21) for hour in (9, 12, 16)]),
            "kind": st.sampled_from([row["kind"] for row in KEPT] * 2 + list(OTHERS)),
            "by": st.sampled_from(["wang", "li"]),
            "written": st.sampled_from(["", "yes", "no"]),
            "reason": st.sampled_from(["", "hearing", "new_rule"]),
            "items": st.sampled_from(["", "S10-M1"]),
        }
    ),
    min_size=1,
    max_size=9,
)


@trials(0.4)
@given(rows_of_events, st.data())
def test_law_rejecting_any_event_turns_verdicts_only_into_unknown(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    cell = data.draw(st.sampled_from(["at", "kind", "written", "request"]))
    good, torn = verdicts(read(*rows)), read(*spoilt(rows, place, **{cell: "?" if cell != "request" else ""}))
    bad = verdicts(torn)
    assert torn.report.rejected == 1
    wrong = {key: (good.get(key), word) for key, word in bad.items() if word not in (good.get(key), "unknown")}
    assert wrong == {}
    assert verdicts(torn, columns=True) == bad


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = thin_sample(write_sample(tmp_path_factory.mktemp("sample"), seed=3, requests=20), 4)
    return folder, _all(folder)


def _all(folder):
    report = ENGINE.audit(ws.Ledger.read(folder), as_of=AS_OF)
    return {(subject.key, rule): str(word) for subject in report.subjects for rule, word in subject.verdicts.items()}


@pytest.mark.slow
@pytest.mark.parametrize("way", ["broken", "key"])
@pytest.mark.parametrize(
    "table", ["banks", "staff", "services", "actions", "positions", "documents", "training_needs", "roster", "duties"]
)
def test_law_rejecting_a_row_of_any_table_makes_no_new_pass_or_fail(sample, tmp_path, table, way):
    """Of records made of the whole ledger too: turns, months of clerks, calls for actions, needs."""
    folder, good = sample
    copy = shutil.copytree(folder, tmp_path / "copy")
    path = copy / f"{table}.csv"
    if not path.exists():
        pytest.skip("not in the sample")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    middle = len(rows) // 2
    rows[middle] = [*rows[middle], "x"] if way == "broken" else ["", *rows[middle][1:]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    bad = _all(copy)
    assert {key: (good.get(key), word) for key, word in bad.items() if word not in (good.get(key), "unknown")} == {}


def test_a_bank_whose_own_row_was_rejected_is_there_and_nothing_of_it_can_be_told():
    """Neither left out of the scores as if it were none, nor refused as unknown, nor without a word on the ladder."""
    banks = [{"id": "B1", "name": "One", "joined": "2015-01-01"}, {"id": "B2", "name": "Two", "joined": "when?"}]
    reading = {"id": "G1", "bank": "B2", "indicator": "C1", "period": "2018-05", "numerator": 1, "denominator": 5}
    for rows in (banks, banks[1:]):
        torn = ws.Ledger.read({"banks": rows, "readings": [reading]}, zone="Asia/Shanghai")
        found = {one.bank: one for one in ENGINE.score(torn, "2018-05", as_of=DAY)}
        assert found["B2"].name == "Two"
        assert found["B2"].total is None
        assert ENGINE.score(torn, "2018-05", as_of=DAY).refused == ()
        assert all("banks row" in one.reason for one in found["B2"].indicators)
        assert ENGINE.score(torn, "2018-05", "B2", as_of=DAY).of("B2").grade is None
        assert "B2" in {row.bank for row in ENGINE.propose(torn, as_of=DAY).unknown}


CALENDAR = ENGINE.calendar
HELD = {
    "time_by_holder": lambda requests: ws.cases.time_by_holder(requests, CALENDAR, DAY),
    "waits_by_cause": lambda requests: ws.cases.waits_by_cause(requests, CALENDAR, DAY),
    "handovers": lambda requests: ws.cases.handovers(requests, CALENDAR, DAY),
    "performance": lambda requests: ws.cases.performance(requests, CALENDAR, DAY, least=1),
}  # fmt: skip


@pytest.mark.parametrize("number", HELD)
@pytest.mark.parametrize("what", ["a time", "a kind"])
def test_time_that_a_rejected_row_leaves_open_is_charged_to_nobody(number, what):
    """An end that could not be read let the clerk hold the matter until the day judged; what else there is counts."""
    torn = read(*spoilt(events(), 3, **SPOILT[what]))
    whole = read(*events(ids=("R-2",)))
    others = [request for request in whole.requests if request.id == "R-2"]
    assert HELD[number](torn.requests) == HELD[number](others)
    rated = read(*events(), {"request": "R-1", "at": "?", "kind": "rated"})
    assert HELD[number](rated.requests) == HELD[number](read(*events()).requests)
