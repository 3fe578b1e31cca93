"""A module of rules says what the meaning of the language says, or that it cannot tell."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.language.drawing import CALENDAR, INSTANTS, KINDS, NIGHT, Drawn, records, rules, world, worlds
from tests.language.edges import conditions, held_records
from tests.language.framing import cell, columns_of
from tests.language.oracle import Oracle, known
from tests.trials import trials

import windowservice as ws
from windowservice.engine.frames.frames import read_frames
from windowservice.engine.frames.requests import request_frames
from windowservice.engine.report.stores.column_findings import CODES
from windowservice.instants import datetime_us, from_us, to_us
from windowservice.language.polars.children import ROW
from windowservice.language.polars.compile import RecordColumns
from windowservice.language.tree.values import ValueType
from windowservice.language.webassembly.judge import Judge
from windowservice.language.webassembly.values import leaves
from windowservice.worktime.compiled import runtime

pytest.importorskip("wasmtime")
QUIET = trials(0.4, suppress_health_check=list(HealthCheck))
NOW = st.sampled_from([datetime_us(at) for at in INSTANTS])
RECORDED = st.none() | st.frozensets(st.sampled_from(KINDS), max_size=2)
LATEST = to_us("2018-12-31T00:00Z")
V = ValueType


def judged_frames(run: RecordColumns) -> tuple[pl.DataFrame, pl.DataFrame, np.ndarray[Any, Any]]:
    """Return the frames of a run as a module takes them."""
    children = pl.DataFrame({ROW: []}, schema={ROW: pl.Int64}) if run._children is None else run._children.frame
    return run.frame, children, np.searchsorted(children[ROW].to_numpy(), np.arange(run.height + 1))


@pytest.mark.slow
@QUIET
@given(st.data())
def test_verdicts_agree_with_their_meaning(data: st.DataObject) -> None:
    """Every verdict is that of the tree walker, unless the module says that it cannot tell."""
    w = data.draw(worlds)
    drawn = [data.draw(rules(w, f"rule_{i}")) for i in range(data.draw(st.integers(1, 3)))]
    held, now, recorded = data.draw(st.lists(records(w), max_size=4)), data.draw(NOW), data.draw(RECORDED)
    run = columns_of(w, held, now, recorded, words=data.draw(st.booleans()))
    judge = Judge(drawn, w.parent, w.binding, recorded, frozenset())
    codes, doubts, *_ = judge.verdicts(*judged_frames(run), now)
    assert list(codes) == judge.judged
    for position, found in codes.items():
        meant = [Oracle(w.parent, w.binding, record, now, recorded).verdict(drawn[position]) for record in held]
        said = [CODES[code] for code in found]
        assert [one for one, doubt in zip(said, doubts, strict=True) if not doubt] == [
            one for one, doubt in zip(meant, doubts, strict=True) if not doubt
        ], str(drawn[position])


W = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
CONDITIONS = conditions(W)


@pytest.mark.parametrize("recorded", [None, frozenset({"paid"})], ids=["all recorded", "paid recorded"])
@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_agree_with_their_meaning(name: str, recorded: frozenset[str] | None) -> None:
    """What a module might do otherwise than a record by itself: the cases by which columns are tried as well."""
    rule, held = ws.Rule("r", title="x", of=W.parent, require=CONDITIONS[name]), held_records(W)
    judge = Judge([rule], W.parent, W.binding, recorded, frozenset())
    for now in map(datetime_us, INSTANTS):
        codes, doubts, *_ = judge.verdicts(*judged_frames(columns_of(W, held, now, recorded)), now)
        for found in codes.values():
            meant = [Oracle(W.parent, W.binding, record, now, recorded).verdict(rule) for record in held]
            for code, verdict, doubt in zip(found, meant, doubts, strict=True):
                assert doubt or CODES[code] == verdict


@QUIET
@given(st.data())
def test_leaves_agree_with_their_meaning(data: st.DataObject) -> None:
    """The value of every aggregate, call and part of a clock is that of the tree walker."""
    w = data.draw(worlds)
    exprs = [Drawn(data.draw, w).value(data.draw(st.sampled_from((V.BOOL, V.INT, V.INSTANT, V.TEXT))), 2) for _ in "12"]
    held, now, recorded = data.draw(st.lists(records(w), max_size=4)), data.draw(NOW), data.draw(RECORDED)
    run = columns_of(w, held, now, recorded, words=data.draw(st.booleans()))
    begun = next(fact for fact in w.parent.given.values() if fact.type is V.INSTANT and fact.definition is None)
    rule = ws.Rule("r", title="x", of=w.parent, require=begun.is_known())
    judge = Judge([rule], w.parent, w.binding, recorded, frozenset(), list(leaves(exprs)))
    _, doubts, found, _ = judge.verdicts(*judged_frames(run), now)
    for leaf in found:
        meant = [Oracle(w.parent, w.binding, record, now, recorded).read(leaf.expr) for record in held]
        said = [cell(value, leaf.expr.type) for value in leaf.values.to_list()]
        for one, value, doubt in zip(said, meant, doubts, strict=True):
            assert doubt or one == (value if known(value) else None), str(leaf.expr)


def test_most_random_rules_are_printed_and_few_records_are_in_doubt() -> None:
    """Otherwise the laws above would say little."""
    seen: Counter[str] = Counter()

    @trials(2, QUIET, database=None)
    @given(st.data())
    def judge(data: st.DataObject) -> None:
        w = data.draw(worlds)
        held = data.draw(st.lists(records(w), min_size=1, max_size=3))
        run = columns_of(w, held, datetime_us(INSTANTS[-1]))
        one = Judge([data.draw(rules(w))], w.parent, w.binding, None, frozenset())
        _, doubts, *_ = one.verdicts(*judged_frames(run), datetime_us(INSTANTS[-1]))
        seen.update(
            {"printed": len(one.judged), "not": 1 - len(one.judged), "doubts": int(doubts.sum()), "all": len(held)}
        )

    judge()
    assert seen["printed"] * 2 > seen["not"], seen  # half of them speak of floats and exact numbers
    assert seen["doubts"] * 5 < seen["all"], seen


class box(ws.Facts, happens="came"):
    """A parcel."""

    came = ws.fact(datetime, "When it came", required=True)
    size = ws.fact(int, "Its size")
    count = ws.fact(int, "How many")


class named(ws.Facts, happens="came"):
    """A matter that names its calendar."""

    came = ws.fact(datetime, "When it came", required=True)
    went = ws.fact(datetime, "When it went")
    where = ws.fact(str, "The calendar that counts it")


LATE = ws.Rule("soon", title="x", require=ws.due(box.came, "2 working hours") - box.came <= timedelta(hours=3))


def doubted(require: ws.Expr[bool], **cells: Any) -> tuple[list[str], list[bool]]:
    engine = ws.Engine.load(
        installed=False, packs=[ws.Pack("p", version="1", rules=[ws.Rule("r", title="x", require=require)])]
    )
    runner = engine._judges.of_record(None, box)
    frame = pl.DataFrame(
        {"came": [0], **{name: [value] for name, value in cells.items()}},
        schema_overrides=dict.fromkeys(("size", "count"), pl.Int64),
    )
    judge = Judge([loaded.rule for loaded in runner.rules], box, runner.binding, None, frozenset())
    codes, doubts, *_ = judge.verdicts(frame, pl.DataFrame({ROW: []}), np.zeros(2, np.int64), 1)
    return [str(CODES[code]) for code in codes[0]], doubts.tolist()


@pytest.mark.parametrize(
    ("size", "count", "is_doubted"),
    [
        (10**18, 9, False),
        (10**18, 10, True),
        (-(10**18), 10, True),
        (3, -4, False),
        (0, 10**18, False),
        (None, 10, False),
    ],
)
def test_a_number_too_large_for_64_bits_is_left_to_python(size: int | None, count: int, is_doubted: bool) -> None:
    """Nothing wraps round."""
    verdicts, doubts = doubted(box.size * box.count > 7, size=size, count=count)
    assert doubts == [is_doubted]
    if not is_doubted:
        assert verdicts == ["unknown" if size is None else "pass" if size * count > 7 else "fail"]


def test_without_the_runtime_columns_are_judged_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, as Polars is."""
    monkeypatch.setattr("windowservice.engine.running.module_pays", lambda *_: True)
    monkeypatch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0)
    frames = pl.DataFrame({"id": ["a", "b"], "came": [INSTANTS[0], INSTANTS[0]], "size": [1, None]})
    said = []
    for there in (True, False):
        monkeypatch.setattr(runtime, "is_there", lambda there=there: there)
        pack = ws.Pack("p", version="1", rules=[ws.Rule("r", title="x", require=box.size > 0), LATE])
        engine = ws.Engine.load(installed=False, packs=[pack], calendars={"window": built_in().calendar})
        said.append(engine.audit(frames, as_of=INSTANTS[-1], of=box).to_frame())
    assert said[0].equals(said[1])
    assert said[0].filter(pl.col("rule") == "p/r")["verdict"].to_list() == ["pass", "unknown"]
    assert said[0].filter(pl.col("rule") == "p/soon")["verdict"].null_count() == 0


@pytest.mark.parametrize("pays", [True, False], ids=["verdicts", "values"])
def test_pieces_and_runs_leave_nothing_behind(pays: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module keeps its memory: what one piece, or one frame, left there tells nothing of the next."""
    monkeypatch.setattr("windowservice.engine.running.module_pays", lambda *_: pays)
    monkeypatch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0)
    monkeypatch.setattr("windowservice.language.webassembly.program._PIECE", 2)
    pack = ws.Pack("p", version="1", rules=[ws.Rule("r", title="x", require=box.size > 0), LATE])
    engine = ws.Engine.load(installed=False, packs=[pack], calendars={"window": built_in().calendar})
    sizes = [1, None, 0, 2, None, 3, 0]
    rows = [{"id": str(n), "came": INSTANTS[n % len(INSTANTS)], "size": size} for n, size in enumerate(sizes)]
    frames = [pl.DataFrame(rows), pl.DataFrame(rows[::-1][:3]), pl.DataFrame(rows)]
    for frame, record in zip(frames, (rows, rows[::-1][:3], rows), strict=True):
        by_module, one_by_one = (
            engine.audit(given, as_of=INSTANTS[-1], of=box).to_frame().sort("key", "rule") for given in (frame, record)
        )
        assert by_module.equals(one_by_one)


def test_all_that_failed_is_told_however_much_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for as many rows as there are records; of more the piece is judged once more."""
    monkeypatch.setattr("windowservice.engine.running.module_pays", lambda *_: True)
    monkeypatch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0)
    monkeypatch.setattr("windowservice.language.webassembly.program._PIECE", 3)
    failing = [ws.Rule(f"r{n}", title="x", require=(box.size > n) & (box.count > 7 * n)) for n in range(4)]
    engine = ws.Engine.load(
        installed=False,
        packs=[ws.Pack("p", version="1", rules=[*failing, LATE])],
        calendars={"window": built_in().calendar},
    )
    rows = [{"id": str(n), "came": INSTANTS[n], "size": n - 3, "count": 5 * n} for n in range(8)]
    frame = pl.DataFrame(rows)
    by_module, one_by_one = (
        engine.audit(given, as_of=INSTANTS[-1], of=box).failures.to_frame() for given in (frame, rows)
    )
    assert by_module.height > 2 * len(rows)
    assert by_module.equals(one_by_one)


def test_calendars_are_laid_out_as_data_name_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later piece, or another frame, may name one that nobody has named before; no record is left to Python."""
    monkeypatch.setattr("windowservice.engine.running.module_pays", lambda *_: True)
    monkeypatch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", 0)
    monkeypatch.setattr("windowservice.language.webassembly.program._PIECE", 2)
    monkeypatch.setattr("windowservice.engine.columns._one_by_one", lambda *_: pytest.fail("a record is in doubt"))
    by = ws.due(named.came, "2 working hours", named.where)
    pack = ws.Pack("p", version="1", rules=[ws.Rule("r", title="x", require=named.went.by(by))])
    engine = ws.Engine.load(installed=False, packs=[pack], calendars={"window": CALENDAR, "night": NIGHT})
    for names in (["window"], ["night", "window", None, "night"], ["window", "window", "window", "night"]):
        rows = [
            {"id": str(n), "came": INSTANTS[n], "went": INSTANTS[n + 2], "where": name} for n, name in enumerate(names)
        ]
        frame = pl.DataFrame(rows, schema_overrides={"where": pl.String})
        by_module, one_by_one = (engine.audit(some, as_of=INSTANTS[-1], of=named).to_frame() for some in (frame, rows))
        assert by_module.equals(one_by_one)


def test_a_host_that_forbids_it_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear warning, and columns are judged without it."""
    import wasmtime

    def refuse(*_: Any) -> None:
        raise wasmtime.WasmtimeError("no memory may be executed here")

    runtime.is_there.cache_clear()
    monkeypatch.setattr(wasmtime, "Module", refuse)
    try:
        with pytest.warns(UserWarning, match="no memory may be executed here"):
            assert not runtime.is_there()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert not runtime.is_there()
    finally:
        runtime.is_there.cache_clear()


def test_a_record_without_room_is_left_to_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lists neither overwrite one another nor go in circles; others are judged."""
    monkeypatch.setattr("windowservice.language.webassembly.module._ROOM", 200)
    monkeypatch.setattr("windowservice.language.webassembly.module._ROOM_OF_CHILD", 0)
    hours = [f"2018-09-03T{hour:02}:00+08:00" for hour in range(1, 20)]
    events = [ws.Event(hour, kind, items=["a", "b"]) for hour in hours for kind in ("notified", "supplemented")]
    start = ws.Event("2018-09-03T00:00+08:00", "submitted")
    told = {"small": [start], "large": [start, *events]}
    requests = [ws.Request(name, "B1", "S10", events=some) for name, some in told.items()]
    engine = built_in()
    runner = engine.runner_of(requests[0])
    frames = read_frames(*request_frames(requests, LATEST), runner.vocabulary, LATEST, kinds=runner.kinds)
    judge = Judge([loaded.rule for loaded in runner.rules], runner.vocabulary, runner.binding, None, frames.untold)
    codes, doubts, *_ = judge.verdicts(frames.records, frames.children, frames.bounds, LATEST)
    assert doubts.tolist() == [False, True]
    said = dict(engine.check(requests[0], as_of=from_us(LATEST, UTC)).verdicts)
    assert {runner.names[place]: str(CODES[found[0]]) for place, found in codes.items()} == said


def test_a_runtime_that_cannot_be_loaded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its library may be missing, or of another machine."""

    class Broken:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == "wasmtime":
                raise OSError("no such library")

    runtime.is_there.cache_clear()
    monkeypatch.delitem(sys.modules, "wasmtime")
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    try:
        with pytest.warns(UserWarning, match="no such library"):
            assert not runtime.is_there()
    finally:
        runtime.is_there.cache_clear()


def test_a_missing_runtime_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for by an extra."""
    runtime.is_there.cache_clear()
    monkeypatch.setitem(sys.modules, "wasmtime", None)
    try:
        assert not runtime.is_there()
    finally:
        runtime.is_there.cache_clear()


class parcel(ws.Facts, happens="came"):
    """A parcel with all that a module might hold otherwise."""

    came = ws.fact(datetime, "When it came", required=True)
    size = ws.fact(int, "Its size")
    promised = ws.fact(ws.Limit, "By when it is to be taken on")
    marks = ws.fact(frozenset[str], "What stands on it")
    größe = ws.fact(int, "Its size, elsewhere")  # noqa: PLC2401 - Python and the library take such names


def figure(name: str, kind: Any, values: dict[str, Any]) -> ws.Figure[Any]:
    return ws.Figure(name, kind, values, basis=ws.Basis("assumed"))


DATED = {"2018-01-01": 10**30, "2018-09-01": 3}
AT_ONCE = ws.Limit.parse("3 working days")
ODD = {
    "a number without end": parcel.size < 10**40,
    "a figure without end": parcel.size < figure("endless", int, DATED),
    "a figure": parcel.size < figure("small", int, {"2018-01-01": 2, "2018-09-01": 3}),
    "one limit twice": parcel.promised == AT_ONCE,
    "equal limits": parcel.promised == figure("promise", ws.Limit, {"2018-01-01": ws.Limit.parse("3 working days")}),
    "a set": parcel.marks == figure("marks", frozenset[str], {"2018-01-01": frozenset({"fragile", "wet"})}),
    "another set": parcel.marks.minus({"fragile"}).size() == 1,
    "a word that no row has": parcel.marks.contains("lost"),
    "a limit that the record states": parcel.came.by(ws.due(parcel.came, parcel.promised)),
    "a name that is not ASCII": parcel.größe > 2,
}


ROWS = [
    (3, "3 working days", ["wet", "fragile"], 1), (2, "4 working days", ["wet"], 3), (None, None, None, None),
    (10**17, "72 hours", [], 0), (-5, "3 working days", ["fragile", "wet", "fragile"], 9), (1, None, ["lost"], 2),
]  # fmt: skip


@pytest.mark.parametrize("rows_from", [0, 10_000], ids=["module", "columns"])
@pytest.mark.parametrize("name", ODD)
def test_what_a_module_might_hold_otherwise_is_judged_as_objects_are(
    name: str, rows_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers beyond 64 bits, equal limits of different origin, sets in another order, empty and missing ones."""
    monkeypatch.setattr("windowservice.engine.running.module_pays", lambda *_: True)
    monkeypatch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", rows_from)
    pack = ws.Pack("p", version="1", rules=[ws.Rule("r", title="x", require=ODD[name])])
    engine = ws.Engine.load(installed=False, packs=[pack], calendars={"window": built_in().calendar})
    frame = pl.DataFrame(
        [(str(number), INSTANTS[0], *row) for number, row in enumerate(ROWS)],
        schema={
            "id": pl.String, "came": pl.Datetime("us", "UTC"), "size": pl.Int64, "promised": pl.String,
            "marks": pl.List(pl.String), "größe": pl.Int64,
        },
        orient="row",
    )  # fmt: skip
    records = [
        {"id": str(number), "came": INSTANTS[0], "size": size, "promised": text and ws.Limit.parse(text),
         "marks": None if marks is None else frozenset(marks), "größe": other}
        for number, (size, text, marks, other) in enumerate(ROWS)
    ]  # fmt: skip
    said, wanted = (
        engine.audit(one, as_of=INSTANTS[-1], of=parcel).to_frame()["verdict"].to_list() for one in (frame, records)
    )
    assert said == wanted
