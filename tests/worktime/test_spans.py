"""Amounts of open time."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import InvalidValue
from windowservice.worktime.spans import WorkSpan, work

spans = st.integers(-(10**16), 10**16).map(WorkSpan)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (work(hours=3, minutes=20), "3 h 20 min"),
        (work(hours=8), "8 h"),
        (work(minutes=-90), "-1 h 30 min"),
        (work(hours=1, seconds=5), "1 h 5 s"),
        (work(seconds=1.5), "1.5 s"),
        (WorkSpan(1), "0.000001 s"),
        (WorkSpan(), "0 s"),
    ],
)
def test_a_span_prints_as_a_person_would_say_it(span: WorkSpan, text: str) -> None:
    """The text names only the units that are not zero, with the sign in front."""
    assert str(span) == text


def test_amounts_are_exact_in_every_kind_of_number() -> None:
    """A float means the decimal it prints as; decimals and fractions are taken exactly."""
    assert work(hours=0.1) == work(seconds=360) == work(minutes=Decimal("6")) == work(hours=Fraction(1, 10))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), True, "3", None, Fraction(1, 7), 1e-7])
def test_what_is_no_whole_number_of_microseconds_is_refused(value: object) -> None:
    """Not-a-number, infinity, truth values, text and fractions of a microsecond are errors."""
    with pytest.raises(InvalidValue):
        work(seconds=value)  # type: ignore[arg-type]


def test_a_span_holds_whole_microseconds_only() -> None:
    """The constructor refuses a float rather than rounding it."""
    with pytest.raises(InvalidValue, match="whole number of microseconds"):
        WorkSpan(1.0)  # type: ignore[arg-type]


@given(spans, spans)
def test_spans_add_and_order_like_their_microseconds(a: WorkSpan, b: WorkSpan) -> None:
    """Sum, difference, sign, size and order are those of the integers inside."""
    assert (a + b).us == a.us + b.us
    assert (a - b).us == a.us - b.us
    assert (-a).us == -a.us
    assert abs(a).us == abs(a.us)
    assert (a < b, a == b, a >= b) == (a.us < b.us, a.us == b.us, a.us >= b.us)
    assert (3 * a).us == (a * 3).us == 3 * a.us
    assert bool(a) is (a.us != 0)


def test_spans_do_not_mix_with_other_numbers() -> None:
    """Adding, comparing, scaling by a float or dividing by a number is a TypeError, never a guess."""
    with pytest.raises(TypeError):
        work(hours=1) + 3600  # type: ignore[operator]
    with pytest.raises(TypeError):
        work(hours=1) - 3600  # type: ignore[operator]
    with pytest.raises(TypeError):
        work(hours=1) < 3600  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        work(hours=1) * 0.5  # type: ignore[operator]
    with pytest.raises(TypeError):
        work(hours=1) / 2  # type: ignore[operator]


def test_spans_in_seconds_minutes_and_hours() -> None:
    """Totals are floats nearest to the exact value, and a quotient of spans is a plain number."""
    span = work(hours=1, minutes=30)
    assert (span.total_seconds(), span.total_minutes(), span.total_hours()) == (5400.0, 90.0, 1.5)
    assert span / work(hours=1) == 1.5


@given(spans)
def test_spans_pickle_and_hash(span: WorkSpan) -> None:
    """A span survives pickling and equal spans are one key."""
    copy = pickle.loads(pickle.dumps(span))
    assert copy == span
    assert len({copy, span}) == 1
