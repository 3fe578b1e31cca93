"""Records and expressions at the edges, which random draws meet seldom: each operator, aggregate and figure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.language.drawing import BASIS, FUZZY, HOUR, INSTANTS, USED, World, held

from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import as_of, choose, collect, operation
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import DUE, Binding, Function, due, workdays, worked
from windowservice.language.tree.values import ValueType as V
from windowservice.worktime.integers.memory import NONE, Memory
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan, work

EARLY, NOON, SUNDAY, LATE = INSTANTS[0], INSTANTS[3], INSTANTS[7], INSTANTS[-1]
INFINITE = float("inf")
NOTHING = dict.fromkeys(["n", "m", "d", "q", "f", "flag", "s", "t", "tags", "a", "b", "c_", "day", "span", "open_time"])
NO_CHILD = dict.fromkeys(["at", "kind", "x", "y", "u", "ok", "tags", "till", "took", "f", "m", "t", "a", "b"])


def _bind_tally(_binding: Binding) -> Any:
    return lambda rows, often: sum(row[0] or 0 for row in rows) * often + len(rows)


def tally(m: Memory, rows: int, often: int) -> int:
    """Return the same as `_bind_tally` in whole numbers; rows are linked, the next one first."""
    row = rows
    total = 0
    while row != 0:
        total += 1 if m[row + 1] == NONE else m[row + 1] * often + 1
        row = m[row]
    return total


TALLY = Function("tally", (V.ROWS, V.INT), V.INT, _bind_tally, integers=tally)
"""A function over rows: the numbers of those gathered, so many times, and how many they are."""


def child(**given: Any) -> dict[str, Any]:
    """Return a child that holds little but what is given."""
    return {**NO_CHILD, "at": EARLY, "kind": "asked", "y": 0, "a": EARLY, **given}


def record(*items: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Return a record that holds little but what is given, and its children."""
    return {**NOTHING, "n": 0, "f": 0.0, "s": "red", "a": EARLY, "extra": None, "items": list(items), **given}


RECORDS = [
    record(),
    record(child(x=1, u="red"), t="blue", m=3, tags=frozenset({"red"}), flag=True, day=date(2018, 10, 26)),
    record(child(x=1, ok=None), child(x=2, ok=None), child(x=2), flag=False, open_time=WorkSpan(3_600_000_000)),
    record(child(x=1, ok=True), child(x=1, ok=None), child(x=1), m=-2, n=3, extra={"n": 2, "b": NOON}),
    record(child(u="red", kind="told"), child(u=None), child(u="blue"), tags=frozenset({"a"}), c_=SUNDAY),
    record(child(u="blue", x=None), child(u="blue", kind="paid", at=NOON), f=INFINITE, t="red", span=HOUR),
    record(child(f=INFINITE), child(f=-INFINITE), child(f=1.25), f=-2.0, b=LATE, a=NOON),
    record(
        child(at=EARLY, kind="told", ok=False, took=HOUR, tags=frozenset({"red", "blue"}), till=NOON),
        child(at=NOON, kind="paid", ok=True, took=2 * HOUR, x=4, u="green", till=SUNDAY, tags=frozenset()),
        child(at=SUNDAY, kind="done", x=-2, y=3, u="green", took=timedelta(0)),
        a=SUNDAY, b=EARLY, c_=LATE, flag=True, tags=frozenset(), t="green", n=-1, m=0, span=-HOUR,
        extra={"tags": frozenset({"blue"}), "span": HOUR, "sure": 1},
    ),
    # done at the due itself: three hours, and two working hours, after a
    record(child(kind="paid", at=EARLY + 3 * HOUR), b=EARLY + 3 * HOUR, c_=EARLY + 3 * HOUR, flag=True),
    record(b=EARLY + 2 * HOUR, c_=EARLY, span=HOUR),
]  # fmt: skip


def held_records(w: World) -> list[dict[str, Any]]:
    """Return the records as those of the world hold them."""
    found = []
    for each in RECORDS:
        items = [{key: held(w, value) for key, value in item.items()} for item in each["items"]]
        own = {key: held(w, value) for key, value in each.items() if key not in ("items", "extra")}
        found.append({**own, "items": items, "extra": each["extra"]})
    return found


def values(w: World) -> dict[str, Expr[Any]]:
    """Return expressions by what they are about; every record gives each a value, or a reason to be missing."""
    p, c, more, figure = w.parent.given, w.child.given, w.more.given, w.figures
    excluding = (c["kind"] == "paid") & (c["kind"] == "told")
    doubtful = (c["u"] == "red") | (c["u"] == "blue")
    paid = c["kind"] == "paid"
    days = Figure("days", date, {"2018-10-22": date(2018, 10, 26)}, basis=BASIS)
    grace = Figure("grace", timedelta, {"2018-10-22": HOUR, "2018-10-28": timedelta(0)}, basis=BASIS)
    open_time = Figure("open_time", WorkSpan, {"2018-10-22": work(hours=1)}, basis=BASIS)
    strict = Figure("strict", bool, {"red": {"2018-10-22": True}, "blue": {"2018-10-23": False}}, basis=BASIS)
    rate = Figure("rate", float, {"red": {"2018-10-22": 0.5}, "green": {"2018-10-22": 1.5}}, basis=BASIS)
    pair = Figure("pair", int, {("red", 3): {"2018-10-22": 1}, ("blue", 1): {"2018-10-28": 2}}, basis=BASIS)
    by_flag = Figure("by_flag", int, {("red", True): {"2018-10-22": 1}, ("red", False): {"2018-10-22": 0}}, basis=BASIS)
    named = Figure("named", str, {"2018-10-22": "blue", "2018-10-28": "green"}, basis=BASIS)
    return {
        # neighbours
        "seen before, if it counts": c["x"].seen_before(c["ok"]).any(),
        "seen before, of the last": c["x"].seen_before(c["ok"]).last(),
        "a number seen before, always known": c["y"].seen_before().any(),
        "a text seen before": c["u"].seen_before().last(),
        "a text seen before among a kind": c["u"].seen_before(c["kind"] == "told").last(),
        "a text seen before, if it is one of two": c["u"].seen_before(doubtful).any(),
        "the previous word": (c["u"].previous() == "green").any(),
        "the previous number": c["x"].previous().last(),
        "the previous that is well": c["x"].previous(c["ok"]).last(),
        "the latest that is well": c["x"].latest(c["ok"]).last(),
        "the latest word of a kind": (c["u"].latest(c["kind"] == "told") == "green").any(),
        "the next word": (c["u"].next() == "blue").any(),
        "the time to the next": (c["at"].next() - c["at"]).sum(where=c["at"].next().is_known()),
        "the previous of a kind, only of a kind": c["at"].previous(c["kind"] == "told").first(where=paid),
        "whether a neighbour's time happened": c["till"].previous().happened().any(),
        # infinities and nothing
        "difference of infinities": p["f"] - p["f"],
        "infinity by nothing": p["f"] * 0,
        "NaN compared": (p["f"] - p["f"]) >= 0.0,
        "NaN is missing": (p["f"] - p["f"]).is_missing(),
        "NaN replaced": (p["f"] - p["f"]).otherwise(1.0),
        "sum of infinities": c["f"].sum() == 0.0,
        "greatest float": c["f"].max(),
        "a quotient by zero": p["f"] / p["n"],
        "a quotient of infinities": p["f"] / p["f"],
        "a negative": -p["f"] + -p["m"],
        # words
        "a word that no row holds": c["kind"].first() == "done",
        "words that no row holds": c["u"].last().one_of("green", "blue"),
        "one of many words": c["kind"].last().one_of("asked", "told", "paid", "done"),
        "one of many words of a child": c["kind"].one_of("asked", "told", "paid", "done").any(),
        "no word that a row holds": p["t"].one_of("green"),
        "words of two columns": p["t"] == p["s"],
        "words of two columns differ": p["t"] != p["s"],
        "words of a record and its child": (c["u"] == p["t"]).any(),
        "a replacement that no row holds": p["t"].otherwise("green") == "green",
        "a choice of two columns": choose(p["n"] > 1, p["t"], p["s"]) == "red",
        "a constant of each child": (c["y"] >= 0).choose("red", "blue").first(),
        # sets
        "a set holds a word": c["u"].union().contains(p["t"]),
        "a set and no word": c["u"].union().contains("green"),
        "a set covers nothing": c["u"].union().covers(frozenset()),
        "sets are equal": p["tags"].otherwise(frozenset({"a"})) == frozenset({"a"}),
        "sets differ": p["tags"] != c["u"].union(),
        "sets joined": p["tags"].with_all(more["tags"].otherwise(frozenset({"b"}))),
        "sets in common": p["tags"].common(c["tags"].union(where=c["tags"].is_known())),
        "sets without": c["tags"].union(where=c["tags"].is_known()).minus({"red"}).size(),
        # kinds
        "first of kinds that exclude each other": c["x"].first(where=excluding),
        "number of kinds that exclude each other": c["x"].count(where=excluding),
        "all of kinds that exclude each other": (c["x"] > 1).all(where=excluding),
        "union of kinds that exclude each other": c["u"].union(where=excluding),
        "sum of kinds that exclude each other": c["x"].sum(where=excluding),
        "any of a kind": ((c["kind"] == "told") & c["ok"]).any(),
        "all of a kind": c["ok"].all(where=paid),
        "first of two kinds": c["x"].first(where=c["kind"].one_of("paid", "done")),
        "last of a kind": c["at"].last(where=paid),
        "a truth counted": c["ok"].count(where=c["ok"].is_known()),
        "a truth counted of a kind": c["ok"].count(where=paid),
        "least of a kind": c["took"].min(where=paid | (c["kind"] == "told")),
        "greatest instant": c["till"].max(where=c["till"].is_known()),
        "number of all": c["at"].count(),
        "any of two kinds": (c["kind"].one_of("paid", "told") & c["ok"]).any(),
        "all of two kinds": c["ok"].all(where=c["kind"].one_of("paid", "told")),
        "rows for a function": TALLY(collect(c["x"], c["at"]), 2),
        "rows of a kind for a function": TALLY(collect(c["y"], where=c["kind"] == "told"), 3),
        "rows for a function that may count": TALLY(collect(c["x"], where=c["ok"]), 1),
        "a choice, kept": (choose(p["flag"], p["n"], p["m"]) + 1) * choose(p["flag"], 2, 3),
        "what a record has, beside its child": (c["till"] < p["b"]).any(),
        "a child's fact through its parent's": (p["told"] > c["y"]).any(),
        "a ratio of a decimal": p["q"] - p["d"] if w.stored == "datetime" else p["n"] + 0,
        # clocks and time
        "what did not act": operation("part_notes", FUZZY(p["a"], p["span"].otherwise(HOUR))),
        "whether a clock is provisional": operation("part_provisional", FUZZY(p["b"], HOUR)),
        "the clock of each child": due(c["at"], "2 working hours").max(),
        "the last day of each child": operation("part_last_day", DUE(c["at"], "2 working hours", "")).max(),
        "the last day of a limit in hours": operation("part_last_day", DUE(c["at"], "2 hours", "")).is_missing().any(),
        "a clock that not all have": operation("part_last_day", DUE(p["b"], "1 working day", "")),
        "a limit that is a figure": due(p["a"], figure["limit"]),
        "a chosen limit": due(p["a"], choose(p["flag"], figure["limit"], Limit.parse("3 working hours"))),
        "a chosen limit of each child": due(
            c["at"], choose(c["y"] > 0, figure["limit"], Limit.parse("3 working hours"))
        ).last(),
        "a limit without its slot": due(p["b"].otherwise(as_of), "booked session"),
        "an earlier of limits without its slot": due(p["a"], "booked session or 16:20 at the latest"),
        "whose calendar is an expression": due(p["a"], "1 working day", choose(p["n"] >= 0, "", "")),
        "open time of each child": worked(p["a"], c["at"]).max(),
        "open time to now": worked(p["a"], as_of),
        "open time from a constant": worked(constant_instant(), p["a"]) + p["open_time"],
        "working days of each child": workdays(c["at"].date(), p["a"].date()).min(),
        "today": as_of.date(),
        "a time shifted": p["a"] + p["span"] - HOUR,
        "twice a span": (p["c"] - p["a"]) * 2 - -p["span"].otherwise(HOUR),
        "a choice of times": choose(p["flag"], p["a"], p["b"]),
        "whether a chosen time happened": choose(p["flag"], p["b"], p["a"]).happened(),
        "whether a shifted time happened": (p["b"] + p["span"]).happened(),
        "whether a replaced time happened": p["b"].otherwise(p["c"]).happened(),
        "whether the time of a child happened": c["till"].happened().all(),
        "whether a limit's end happened": due(p["b"], "2 hours").happened(),
        # facts that plugins add, of the record and its child
        "an added number": more["n"] + more["sure"],
        "an added time": more["b"] - p["a"],
        "an added span": more["span"] + HOUR,
        "a number of both names": (c["y"] + more["n"]).sum(),
        # figures
        "a figure in force": figure["most"] + 1,
        "a figure by word": strict[p["s"]],
        "a figure by a word that may be missing": rate[p["t"]],
        "a figure by each child's word": rate[c["u"]].last(),
        "a figure by two keys": pair[p["s"], p["m"]],
        "a figure by a truth value": by_flag[p["s"], p["flag"]],
        "a figure by keys of the child and its parent": pair[p["t"], c["x"]].sum(),
        "a figure that is a date": p["day"] == days,
        "a figure that is a span": p["a"] + grace,
        "a figure that is open time": p["open_time"] == open_time,
        "a figure that is a word": p["t"] == named,
        "a figure that is a set": figure["listed"].contains(p["t"]),
    }  # fmt: skip


def constant_instant() -> Any:
    """Return noon of a Monday as a constant."""
    from windowservice.language.tree.expressions import constant

    return constant(NOON)


def conditions(w: World) -> dict[str, Expr[bool]]:
    """Return conditions of rules by what they are about, most of which can wait."""
    p, c = w.parent.given, w.child.given
    first_paid = c["at"].first(where=c["kind"] == "paid")
    soon = p["a"] + 3 * HOUR
    return {
        "done by a due": p["b"].by(due(p["a"], "2 working hours")),
        "done by an instant": first_paid.by(soon),
        "done by a due that is not certain": p["b"].by(operation("part_due", FUZZY(p["a"], HOUR))),
        "shifted and done": (first_paid + HOUR).by(soon),
        "either of two done": p["b"].otherwise(first_paid).by(soon),
        "the chosen of two done": choose(p["flag"], p["b"], first_paid).by(soon),
        "the chosen of a known and none done": choose(p["flag"], p["a"], p["b"]).by(soon),
        "done and well": first_paid.by(soon) & p["flag"],
        "done or well": first_paid.by(soon) | p["flag"],
        "not done": ~first_paid.by(soon),
        "one of two deadlines": p["b"].by(soon) | first_paid.by(soon),
        "both of two deadlines": p["b"].by(p["c"]) & ~first_paid.by(soon),
        "a clock's own end": due(p["b"], "2 hours").by(soon),
        "a constant done": p["a"].by(p["c"]),
        "a moving span": (p["b"].otherwise(as_of) - p["a"]).within(2 * p["span"].otherwise(HOUR)),
        "a span of the vocabulary": p["open_for"].within(timedelta(days=2)),
        "open time until now": worked(p["a"], p["b"].otherwise(as_of)).within(work(hours=2)),
        "open time without end": worked(p["a"], as_of).within(work(hours=40)),
        "a function's span": USED(p["a"], first_paid).within(timedelta(days=5)),
        "the end of a function's span": USED(first_paid, p["b"]).within(timedelta(days=5)),
        "a span replaced": USED(p["a"], first_paid).otherwise(as_of - p["a"]).within(3 * HOUR),
        "the chosen of two spans": choose(p["flag"], p["open_for"], HOUR).within(2 * HOUR),
        "the sum of two spans": (p["open_for"] + USED(p["a"], p["b"])).within(timedelta(days=9)),
        "a number": p["m"].within(2),
        "a share at least": p["n"] / p["m"] >= Decimal("0.5"),
        "a share below": p["m"] / p["n"] < Decimal("1.5"),
        "a number above a share": operation("gt", Decimal("0.3"), p["n"] / p["m"]),
        "a share of a number": p["n"] / 4 == Decimal("0.25"),
        "no second one": c["at"].count(c["kind"] == "told").within(0),
        "a count": c["at"].count(c["kind"] == "asked") <= 1,
        "a fact that may come": first_paid.is_missing(),
    }  # fmt: skip
