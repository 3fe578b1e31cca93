"""Vocabularies of an app: without times of children, with functions of its own, with figures that nobody supplied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import polars as pl
import pytest
from tests.language.drawing import BASIS, CALENDAR, INSTANTS, world
from tests.language.edges import child as child_row
from tests.language.edges import record as record_row
from tests.language.framing import columns_of

from windowservice.errors import NaiveTime, NotColumnar
from windowservice.instants import datetime_us
from windowservice.language.polars.compile import verdict_columns
from windowservice.language.python.compile import compile_rules, compile_values
from windowservice.language.tree.expressions import as_of
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts, plural_of
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import Binding, Function, worked
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType
from windowservice.worktime.integers.memory import Memory

V = ValueType
NOON = datetime(2018, 5, 3, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALLS: list[datetime | int] = []


class stop(Facts):
    """A stop of a tour; that it happened is all that is known of when."""

    place = fact(str, "Where")
    wait = fact(timedelta, "How long", required=True)


class tour(Facts, children=stop, under="stops", stored="microseconds", dated_by="began"):
    """A tour."""

    began = fact(datetime, "When it began", required=True)
    wait = fact(timedelta, "How long it may wait")


def _bind_age(_binding: Binding) -> Callable[..., Any]:
    def age(began: int, now: int) -> int:
        CALLS.append(began)
        return now - began

    return age


def age(_m: Memory, began: int, now: int) -> int:
    """Return the same in whole numbers."""
    return now - began


AGE = Function("age", (V.INSTANT,), V.SPAN, _bind_age, wants_as_of=True, grows=("",), integers=age)
"""The time since an instant, which nothing ends."""


def _rule(require: Any) -> Rule:
    return Rule("r", title="A rule made up for a test", require=require)


def _stops(*places: str | None) -> list[dict[str, Any]]:
    return [{"place": place, "wait": number} for number, place in enumerate(places, 1)]


def test_children_without_times_are_all_seen() -> None:
    """Where nothing says when a child happened, each counts, and its neighbour is the next in the list."""
    record = {"began": datetime_us(NOON), "wait": 5, "stops": _stops("a", "b", None, "a")}
    exprs = [
        stop.place.count(where=stop.place.next() == "b"), stop.wait.sum(), stop.place.seen_before().last(),
        (stop.wait > tour.wait).any(), stop.wait.next().max(where=stop.wait.next().is_known()),
    ]  # fmt: skip
    read = compile_values(exprs[1:], tour, Binding(CALENDAR), style="mapping")
    assert read(record, datetime_us(NOON)) == (10, True, False, 4)
    assert compile_values(exprs[:1], tour, Binding(CALENDAR), style="mapping")(record, datetime_us(NOON)) == (None,)
    read = compile_values(exprs, tour, Binding(CALENDAR), style="mapping")
    assert read({**record, "stops": []}, datetime_us(NOON)) == (0, 0, None, False, None)


def test_what_nothing_ends_waits_until_it_is_too_long() -> None:
    """A span that only grows is waited for within its bound, and failed for good beyond it."""
    rule = _rule(AGE(tour.began).within(2 * HOUR))
    evaluate = compile_rules([rule], tour, Binding(CALENDAR), style="mapping")
    record = {"began": datetime_us(NOON), "stops": []}
    assert evaluate(record, datetime_us(NOON + HOUR)) == (0, 0, 1, 0)
    assert evaluate(record, datetime_us(NOON + 3 * HOUR)) == (1, 0, 0, 0)


def test_what_nothing_ends_waits_in_columns_too() -> None:
    """The same rule over a frame."""
    w = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
    rule = _rule(AGE(w.parent.given["a"]).within(timedelta(hours=1)))
    held = [record_row(a=datetime_us(INSTANTS[place])) for place in (0, 1)]
    (codes,), slow = verdict_columns(columns_of(w, held, datetime_us(INSTANTS[2])), [rule])
    assert (codes.to_list(), slow) == ([1, 1], {})
    (codes,), slow = verdict_columns(columns_of(w, held, datetime_us(INSTANTS[1])), [rule])
    assert (codes.to_list(), slow) == ([3, 3], {})


def test_a_function_is_called_once_for_a_record_and_only_where_it_matters() -> None:
    """Two rules and a fact share one call; behind a guard that is false there is none."""

    class tracked(Facts, stored="microseconds"):
        began = fact(datetime, "When it began", required=True)
        open = fact(bool, "Whether it is open", required=True)

    class more(Facts, of=tracked):
        twice = fact(AGE(tracked.began) * 2, "Twice its age")

    rules = [
        Rule("one", title="x", require=more.twice.within(4 * HOUR), when=tracked.open),
        Rule("two", title="x", require=AGE(tracked.began).within(HOUR), when=tracked.open),
    ]
    evaluate = compile_rules(rules, tracked, Binding(CALENDAR), style="mapping")
    CALLS.clear()
    assert evaluate({"began": datetime_us(NOON), "open": False}, datetime_us(NOON)) == (0, 0, 0, 0b11)
    assert CALLS == []
    assert evaluate({"began": datetime_us(NOON), "open": True}, datetime_us(NOON + 2 * HOUR)) == (0b10, 0, 0b01, 0)
    assert [datetime_us(NOON)] == CALLS


def test_figures_of_another_day_are_those_of_that_day() -> None:
    """Asked for the figures of a day, code reads those, whenever the record is dated."""
    most = Figure("most", int, {"2018-01-01": 1, "2018-07-01": 2}, basis=BASIS)
    kept = Figure.supplied("kept", int, basis=BASIS, keyed=False)
    record = {"began": datetime_us(NOON), "stops": _stops("a", "b")}
    values = [most - stop.wait.count(), (kept + stop.wait.count()).is_known()]
    for day, value in ((None, -1), (date(2018, 8, 1), 0), (date(2017, 8, 1), None)):
        binding = Binding(CALENDAR, figures_as_of=day)
        assert compile_values(values, tour, binding, style="mapping")(record, datetime_us(NOON)) == (value, False)


def test_an_instant_without_zone_in_a_record_is_refused() -> None:
    """Also where no check came before: what has no zone is no instant; a not-a-time is missing."""

    class plain(Facts):
        began = fact(datetime, "When it began")

    read = compile_values([plain.began + HOUR, worked(plain.began, as_of)], plain, Binding(CALENDAR), style="mapping")
    with pytest.raises(NaiveTime, match="no zone"):
        read({"began": NOON.replace(tzinfo=None)}, NOON)
    not_a_time = pytest.importorskip("pandas").NaT
    assert read({"began": not_a_time}, NOON) == (None, None)


def test_amounts_with_cents_are_compared_in_columns_and_not_summed() -> None:
    """A whole number may come with decimals: exact comparison is kept, a sum over children is run row by row."""
    w = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
    at = datetime_us(INSTANTS[0])
    run = columns_of(w, [record_row(child_row(at=at, x=1), a=at, m=1)], at)
    cents = pl.Series([Decimal("1.25")], dtype=pl.Decimal(38, 2))
    run.frame = run.frame.with_columns(cents.alias("m"))
    run._children.frame = run._children.frame.with_columns(cents.alias("x"))  # type: ignore[union-attr]
    assert run.series(w.parent.given["m"] > 1).to_list() == [True]
    assert run.series(w.parent.given["m"] + 1).to_list() == [Decimal("2.25")]
    with pytest.raises(NotColumnar, match="sum of a column of type Decimal"):
        run.series(w.child.given["x"].sum())


def test_a_figure_replaced_by_the_engine_is_read_in_columns() -> None:
    """The table of a binding stands in for the figure's own; without any value it is missing."""
    w = world("microseconds", "mapping", kind_required=True, ordered=True, dated=True)
    at = datetime_us(INSTANTS[0])
    run = columns_of(w, [record_row(a=at)], at)
    other = Figure("most", int, {"2018-01-01": 9}, basis=BASIS).table
    run.binding = attrs.evolve(w.binding, figures={"most": other})
    kept = Figure.supplied("kept", int, basis=BASIS, keyed=False)
    assert run.series(w.figures["most"] + 0).to_list() == [9]
    assert run.series(kept + 0).to_list() == [None]


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("ticket", "tickets"),
        ("status", "statuses"),
        ("entry", "entries"),
        ("day", "days"),
        ("box", "boxes"),
        ("y", "ys"),
    ],
)
def test_children_stand_under_the_plural_of_their_name(name: str, plural: str) -> None:
    """Unless their record says another."""
    assert plural_of(type(Facts)(name, (Facts,), {})) == plural
