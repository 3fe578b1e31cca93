"""The same row twice, equal in every cell, is one row, in every engine: requests, records of one's own and children in
hand and in frames, not only rows of a ledger. What differs in any cell, read or not, are two."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.trials import trials

import windowservice as ws
from windowservice.errors import InvalidValue

DAY = datetime(2018, 5, 3, 2, tzinfo=UTC)
AS_OF = "2018-06-30"


class stage(ws.Facts, kind="kind"):
    at = ws.fact(datetime, "When", required=True)
    kind = ws.fact(str, "What", required=True)
    tags = ws.fact(frozenset, "Marks")


class line(ws.Facts):
    good = ws.fact(str, "What was ordered", required=True)


class journey(ws.Facts, children=stage):
    id = ws.fact(str, "Number", required=True)
    waits = ws.fact(stage.kind.count(where=stage.kind == "wait"), "Waits")


class order(ws.Facts, children=line):
    id = ws.fact(str, "Number", required=True)
    lines_ = ws.fact(line.good.count(), "Lines")


ENGINE = ws.Engine.load(
    packs=[
        ws.Pack(
            "own", version="1",
            rules=[
                ws.Rule("calm", title="No second wait", require=journey.waits <= 1),
                ws.Rule("small", title="One line", require=order.lines_ <= 1),
            ],
        )
    ],
    installed=False,
)  # fmt: skip
BRANCH = built_in()


def verdicts(report: Any) -> list[tuple[str, str, str]]:
    rows = report.to_frame().select("key", "rule", "verdict").iter_rows()
    return sorted(tuple(row) for row in rows)


def frames(journeys: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    below = [{"journey": one["id"], **inner} for one in journeys for inner in one["stages"]]
    schema = {"journey": pl.String, "at": pl.Datetime("us", "UTC"), "kind": pl.String, "tags": pl.List(pl.String)}
    return pl.DataFrame({"id": [one["id"] for one in journeys]}), pl.DataFrame(below, schema=schema)


STAGES = st.fixed_dictionaries({
    "at": st.sampled_from([DAY, DAY.replace(hour=3)]), "kind": st.sampled_from(["wait", "go"]),
    "tags": st.sampled_from([None, ["a"], ["b"]]),
})  # fmt: skip


@trials(0.6)
@given(st.lists(st.lists(STAGES, max_size=3), min_size=1, max_size=3), st.data())
def test_law_repeating_rows_changes_nothing_in_objects_and_columns(drawn: list[Any], data: st.DataObject) -> None:
    once = []
    for at, stages in enumerate(drawn):
        kept = [one for place, one in enumerate(stages) if one not in stages[:place]]
        once.append({"id": str(at), "stages": kept})
    wanted = verdicts(ENGINE.audit(once, as_of=AS_OF, of=journey))
    more = [{**one, "stages": one["stages"] * data.draw(st.integers(1, 3))} for one in once]
    again = more + data.draw(st.lists(st.sampled_from(more), max_size=2))
    assert verdicts(ENGINE.audit(again, as_of=AS_OF, of=journey)) == wanted
    assert verdicts(ENGINE.audit(*frames(more), as_of=AS_OF, of=journey)) == wanted
    records, below = frames(more)
    twice = ENGINE.audit(pl.concat([records, records]), below, as_of=AS_OF, of=journey)
    assert verdicts(twice) == wanted
    told = twice.intake
    assert told.repeated_records == len(records)
    assert told.children == told.seen + told.later + told.orphans + told.repeated
    things = [SimpleNamespace(id=m["id"], stages=[SimpleNamespace(**s) for s in m["stages"]]) for m in more]
    assert verdicts(ENGINE.audit(things, as_of=AS_OF, of=journey)) == wanted


def test_events_of_a_frame_told_twice_count_once() -> None:
    """As those of a request in hand and those of a ledger: one notice was given, not two."""
    rows = [("submitted", 0), ("notified", 1), ("supplemented", 2), ("accepted", 3), ("decided", 4)]
    below = pl.DataFrame({
        "request": ["R-1"] * 5, "kind": [kind for kind, _ in rows], "at": [DAY.replace(hour=2 + h) for _, h in rows],
        "by": ["wang"] * 5, "items": [["S10-M2"] if kind == "notified" else None for kind, _ in rows],
    })  # fmt: skip
    requests = pl.DataFrame({"id": ["R-1"], "bank": ["B1"], "service": ["S10"]})
    wanted = verdicts(BRANCH.audit(requests, below, as_of=AS_OF))
    assert ("R-1", "told_once/told_once", "pass") in wanted
    for given_ in ((requests, pl.concat([below, below])), (pl.concat([requests, requests]), below)):
        assert verdicts(BRANCH.audit(*given_, as_of=AS_OF)) == wanted
    events = [ws.Event(kind=kind, at=DAY.replace(hour=2 + h), by="wang") for kind, h in rows]
    one = ws.Request(id="R-1", bank="B1", service="S10", events=events)
    report = BRANCH.audit([one, one, ws.Request(id="R-1", bank="B1", service="S10", events=events)], as_of=AS_OF)
    assert (len(report.subjects), report.intake.repeated_records) == (1, 2)


@pytest.mark.parametrize("cell", ["remark", "seq"])
def test_rows_that_differ_in_any_cell_are_two(cell: str) -> None:
    """Also in one that nothing reads, or in the number that tells two events of one instant apart."""
    records, below = frames([{"id": "a", "stages": [{"at": DAY, "kind": "wait", "tags": None}] * 2}])
    report = ENGINE.audit(records, below.with_columns(pl.Series(cell, [1, 2])), as_of=AS_OF, of=journey)
    assert verdicts(report) == [("a", "own/calm", "fail")]


def test_children_that_say_no_instant_may_be_equal() -> None:
    """Two equal lines of an order are two: nothing happened twice there."""
    wanted = [("a", "own/small", "fail")]
    assert verdicts(ENGINE.audit([{"id": "a", "lines": [{"good": "x"}] * 2}], as_of=AS_OF, of=order)) == wanted
    below = pl.DataFrame({"order": ["a", "a"], "good": ["x", "x"]})
    assert verdicts(ENGINE.audit(pl.DataFrame({"id": ["a"]}), below, as_of=AS_OF, of=order)) == wanted


def test_a_key_that_stands_twice_with_other_cells_is_refused_with_its_row() -> None:
    """A row that is repeated to the letter does not move the numbers of those behind it."""
    records = pl.DataFrame({"id": ["a", "a", "b", "b"], "x": [1, 1, 2, 3]})
    with pytest.raises(InvalidValue, match="row 4"):
        ENGINE.audit(records, frames([])[1], as_of=AS_OF, of=journey)


@pytest.mark.parametrize("id_", ["a", 7])
def test_a_record_may_hold_children_of_another_make_and_values_that_stand_for_others(id_: object) -> None:
    """Objects below a mapping, mappings below an object, a list where another child has none."""
    below = [{"at": DAY, "kind": "wait", "tags": ["a"]}, {"at": DAY, "kind": "wait", "tags": None}]
    mixed = [below[0], SimpleNamespace(**below[1])]
    things = [SimpleNamespace(**one) for one in below]
    for stages in (below, mixed, things):
        for one in ({"id": id_, "stages": stages}, SimpleNamespace(id=id_, stages=stages)):
            assert verdicts(ENGINE.audit([one], as_of=AS_OF, of=journey)) == [(str(id_), "own/calm", "fail")]
