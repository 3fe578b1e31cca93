"""Constants as nobody writes them: whatever the value, its text is read to the same value, type and tree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from tests.language.drawing import world
from tests.trials import trials

from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import constant, same_expr
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

W = world("datetime", "mapping", kind_required=True, ordered=True, dated=True)
NAMES = Names([W.parent, W.child], W.figures.values())
P = W.parent.given
OFFSETS = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-14 * 60, 14 * 60))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text("'\"\\\n\r\t{}\x00 #", max_size=12)
LIMITS = ["3 working days", "1 working day at 12:00", "15 days without roll", "0.5 working hours", "72小时", "3 months",
          "1 working day at 15:00 before", "booked session", "60 working minutes or 16:20 at the latest"]  # fmt: skip
VALUES = {
    "n": st.integers() | st.integers(-(10**60), 10**60),
    "f": st.floats(allow_nan=False, allow_infinity=False),
    "d": st.decimals(allow_nan=False, allow_infinity=False),
    "q": st.fractions(),
    "t": TEXTS,
    "tags": st.frozensets(TEXTS, max_size=4),
    "a": st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=OFFSETS | st.just(UTC)),  # noqa: DTZ001
    "day": st.dates(),
    "span": st.timedeltas(),
    "open_time": st.builds(WorkSpan, st.integers(-(10**18), 10**18)),
    "limit": st.builds(Limit.parse, st.sampled_from(LIMITS)),
}


@given(st.one_of(*VALUES.values()))
@example(-0.0)
@example(5e-324)
@example(datetime(2018, 10, 28, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))))
@example(frozenset({"", "'", '"', "a, b"}))
@example("\u2028\ufeff")
@trials(4)
def test_a_constant_comes_back(value: Any) -> None:
    """Text is exact: no digit, zone's instant, quote or empty word is lost."""
    written = constant(value)
    again = parse(str(written), NAMES)
    assert same_expr(again, written)
    assert (type(again.value), repr(again.value)) == (type(written.value), repr(written.value)) or isinstance(  # type: ignore[attr-defined]
        value, frozenset
    )


@given(st.data())
def test_a_constant_beside_a_fact_comes_back(data: st.DataObject) -> None:
    """So do constants in comparisons and sums, on either side, whatever their sign."""
    name = data.draw(st.sampled_from(sorted(set(VALUES) - {"t", "limit"})))
    fact, value = P[name], data.draw(VALUES[name])
    exprs = [fact == value, fact != value, value == fact, fact.otherwise(value)]
    if name in ("n", "f", "q"):
        exprs += [fact - value, value - fact, fact * value + value, -fact * value, value - (fact - value)]
    if name in ("n", "q"):
        exprs += [value / fact, fact / value / 2, fact / (value / fact)]
    for expr in exprs:
        assert same_expr(parse(str(expr), NAMES), expr), str(expr)
