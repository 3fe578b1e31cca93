"""Quantiles over children, and the ratio of two spans of open time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.errors import InvalidValue, TypeMismatch
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import same_expr

AS_OF = datetime(2026, 3, 10, tzinfo=UTC)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SHARES = (0.01, 0.25, 0.5, "0.95", 1, Fraction(1, 3))


class mark(ws.Facts, happens="at", kind="what"):
    """A mark."""

    at = ws.fact(datetime, "When", required=True)
    what = ws.fact(str, "What", required=True, words=("try", "end"))
    number = ws.fact(int, "A number")
    day = ws.fact(date, "A day", planned=True)
    took = ws.fact(ws.WorkSpan, "How long it took")
    exact = ws.fact(Decimal, "An amount")
    real = ws.fact(timedelta, "A span")


class person(ws.Facts, children=mark, under="marks"):
    """Somebody with marks."""

    id = ws.key("Name")
    typical = ws.fact(ws.quantile(mark.number, 0.5), "The median of the numbers")


ALWAYS = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")


def judge(require: Any, marks: list[dict[str, Any]]) -> list[str]:
    """Return the verdict of an object, and of frames."""
    rule = ws.Rule("a", title="One", of=person, require=require)
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False, calendars=ALWAYS)
    return [str(engine.check({"id": "ann", "marks": marks}, as_of=AS_OF, of=person).findings[0].verdict)]


@given(st.lists(st.none() | st.integers(-5, 5), max_size=7), st.sampled_from(SHARES))
def test_a_quantile_is_the_least_value_that_a_share_does_not_exceed(values: list[int | None], share: Any) -> None:
    """Of no children, and where one value is missing, nobody knows."""
    marks = [{"at": BEGIN, "what": "try", "number": value} for value in values]
    marks = [{**one, "at": BEGIN + timedelta(hours=place)} for place, one in enumerate(marks)]
    exact = Fraction(str(float(share))) if isinstance(share, Fraction) else Fraction(str(share))
    told = [value for value in values if value is not None]
    if not values or len(told) < len(values):
        assert judge(ws.quantile(mark.number, share) >= 0, marks) == ["unknown"]
        return
    wanted = min(value for value in told if sum(one <= value for one in told) >= ceil(exact * len(told)))
    assert judge(ws.quantile(mark.number, share) == wanted, marks) == ["pass"]
    assert judge(ws.quantile(mark.number, share) > wanted, marks) == ["fail"]


@pytest.mark.parametrize(
    ("value", "least"),
    [
        (mark.at, BEGIN), (mark.day, date(2026, 1, 1)), (mark.took, ws.work(hours=1)), (mark.exact, Decimal("1.5")),
        (mark.real, timedelta(hours=2)), (mark.took / ws.work(hours=2), Fraction(1, 2)),
    ],
)  # fmt: skip
def test_whatever_has_an_order_has_quantiles(value: Any, least: Any) -> None:
    """Instants, dates, spans and exact numbers are what they are among the children."""
    one = {"at": BEGIN, "what": "try", "day": date(2026, 1, 1), "took": ws.work(hours=1), "exact": Decimal("1.5"),
           "real": timedelta(hours=2)}  # fmt: skip
    two = {"at": BEGIN + timedelta(days=3), "what": "try", "day": date(2026, 2, 1), "took": ws.work(hours=9),
           "exact": Decimal(3), "real": timedelta(hours=3)}  # fmt: skip
    assert judge(ws.quantile(value, 0.5) == least, [one, two]) == ["pass"]
    assert judge(ws.quantile(value, 1) == least, [one, two]) == ["fail"]


def test_only_children_that_fulfil_a_condition_count() -> None:
    """As in every aggregate."""
    marks = [{"at": BEGIN + timedelta(hours=n), "what": what, "number": n} for n, what in enumerate(("try", "end"))]
    assert judge(ws.quantile(mark.number, 1, where=mark.what == "try") == 0, marks) == ["pass"]


def test_its_text_is_read_back() -> None:
    """As that of every expression."""
    expr = ws.quantile(mark.number, "0.95", where=mark.what == "try")
    assert str(expr) == "quantile_of_integer(collect(mark.number, where=mark.what == 'try'), decimal('0.95'))"
    assert same_expr(parse(str(expr), Names([mark, person])), expr)


def test_frames_say_the_same() -> None:
    """It is told row by row there."""
    import polars as pl

    rule = ws.Rule("a", title="One", require=person.typical >= 2)
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False, calendars=ALWAYS)
    people = pl.DataFrame({"id": ["ann", "bob"]})
    marks = pl.DataFrame({"person": ["ann", "ann", "bob"], "at": [BEGIN] * 3, "what": ["try"] * 3, "number": [1, 3, 2]})
    report = engine.audit(people, marks, as_of=AS_OF, of=person)
    assert [(one.key, str(one.verdict)) for one in report.findings] == [("ann", "fail"), ("bob", "pass")]


def test_a_verdict_on_it_may_turn_until_the_matter_is_settled() -> None:
    """Further children move it either way."""

    class matter(ws.Facts, happens="at", kind="what", closes=("end",)):
        at = ws.fact(datetime, "When", required=True)
        what = ws.fact(str, "What", required=True, words=("try", "end"))
        number = ws.fact(int, "A number", required=True)

    class case(ws.Facts, children=matter, under="marks"):
        id = ws.key("Number")

    rule = ws.Rule("a", title="One", of=case, require=ws.quantile(matter.number, 0.5) <= 2)
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False, calendars=ALWAYS)
    tried = {"at": BEGIN, "what": "try", "number": 1}
    ended = {"at": BEGIN + timedelta(hours=1), "what": "end", "number": 1}
    for marks, verdict in (([tried], "pending"), ([tried, ended], "pass")):
        assert str(engine.check({"id": "1", "marks": marks}, as_of=AS_OF, of=case).findings[0].verdict) == verdict


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: ws.quantile(mark.number, 0), InvalidValue),
        (lambda: ws.quantile(mark.number, 1.01), InvalidValue),
        (lambda: ws.quantile(mark.number, "half"), InvalidValue),
        (lambda: ws.quantile(mark.what, 0.5), TypeMismatch),
        (lambda: mark.took / mark.number, TypeMismatch),
    ],
)
def test_what_has_no_quantile_is_refused(make: Any, error: type[Exception]) -> None:
    """Shares that are none, and values without an order."""
    with pytest.raises(error):
        make()
