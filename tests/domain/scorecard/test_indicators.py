"""Indicators: the three forms to the last digit, what contradicts itself, and which period's reading counts when."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from windowservice.domain.basis import Basis
from windowservice.domain.scorecard.indicators import Linear, PerEvent, ScoredIndicator, Step, Steps, closed_period
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue

BASIS = Basis("a test", mark="assumption")
FEWER = Linear("0.0278", "0.0046")
MORE = Linear("0.90", "1")
MINUTES = Steps([Step("0", "1"), Step("30", "0.8"), Step("60", "0.5"), Step("120", "0.2")])
RANKS = Steps([Step("95", "1"), Step("80", "0.5")], direction="higher")


def ratio(**changes):
    """Return an indicator that is a ratio."""
    given = {"id": "X1", "category": "X", "zh": "甲", "en": "one", "numerator": "bad", "denominator": "all",
             "unit": "ratio", "direction": "lower", "form": FEWER, "points": "4", "basis": BASIS}  # fmt: skip
    return ScoredIndicator(**{**given, **changes})


@pytest.mark.parametrize(
    ("form", "value", "share"),
    [
        (FEWER, "0.0046", "1"),  # at the target: full
        (FEWER, "0.0045", "1"),
        (FEWER, "0", "1"),
        (FEWER, "0.0278", "0"),  # at the floor: none
        (FEWER, "1", "0"),
        (FEWER, "0.0162", "1/2"),
        (FEWER, "1/100", "89/116"),
        (MORE, "1", "1"),
        (MORE, "0.90", "0"),
        (MORE, "0.89", "0"),
        (MORE, "0.95", "1/2"),
        (MORE, "29/30", "2/3"),
        (PerEvent("0.5"), "0", "1"),
        (PerEvent("0.5"), "1", "7/8"),
        (PerEvent("0.5"), "8", "0"),  # all four points are gone
        (PerEvent("0.5"), "9", "0"),
        (MINUTES, "0", "1"),
        (MINUTES, "1", "4/5"),
        (MINUTES, "30", "4/5"),  # up to and including
        (MINUTES, "31", "1/2"),
        (MINUTES, "120", "1/5"),
        (MINUTES, "121", "0"),
        (RANKS, "95", "1"),
        (RANKS, "94", "1/2"),
        (RANKS, "80", "1/2"),
        (RANKS, "79", "0"),
    ],
)
def test_forms(form, value, share):
    """A value and the share of four points that it earns, exactly."""
    assert form.share(Fraction(value), Fraction(4)) == Fraction(share)


@pytest.mark.parametrize(
    ("build", "wanted"),
    [
        (lambda: Linear("0.9", "0.90"), "another figure than the floor"),
        (lambda: PerEvent("0"), "above 0"),
        (lambda: Steps([]), "at least one step"),
        (lambda: Step("0", "1.2"), "from 0 to 1"),
        (lambda: Steps([Step("30", "1"), Step("0", "0.5")]), "above the bound before it"),
        (lambda: Steps([Step("0", "1"), Step("0", "0.5")]), "above the bound before it"),
        (lambda: Steps([Step("0", "0.5"), Step("30", "0.8")]), "below the share before it"),
        (lambda: Steps([Step("0", "1"), Step("30", "1")]), "below the share before it"),
        (lambda: Steps([Step("80", "1"), Step("95", "0.5")], direction="higher"), "below the bound before it"),
        (lambda: ratio(direction="higher"), "direction must be 'lower', as its form says"),
        (lambda: ratio(direction="higher", form=PerEvent("1")), "direction must be 'lower'"),
        (lambda: ratio(denominator=None), "stated for a ratio"),
        (lambda: ratio(unit="count"), "left out, for a count has none"),
        (lambda: ratio(unit="count", denominator=None, min_sample=3), "a count has no sample"),
        (lambda: ratio(min_sample=0), "1 or more"),
        (lambda: ratio(points="0"), "above 0"),
        (lambda: ratio(carry=-1), "0 or more"),
    ],
)
def test_what_contradicts_itself_is_refused(build, wanted):
    """Each contradiction with what is wanted instead."""
    with pytest.raises(InvalidValue, match=wanted):
        build()


@pytest.mark.parametrize("figure", [0.1, "0,1", "1e3", "NaN", None, Decimal("NaN"), True])
def test_figures_are_exact(figure):
    """A binary float is not the figure that somebody wrote, so it is refused, as is what is no number."""
    with pytest.raises(TypeError, match="exact number"):
        Linear(figure, "1")


@pytest.mark.parametrize(
    ("frequency", "period", "due", "candidates"),
    [
        ("month", "2018-05", True, ["2018-05"]),
        ("day", "2018-05", True, ["2018-05"]),  # counted anew from the items, not added up from days
        ("quarter", "2018-04", False, ["2018-Q1"]),
        ("quarter", "2018-05", False, ["2018-Q1"]),
        ("quarter", "2018-06", True, ["2018-Q2"]),
        ("year", "2018-06", False, ["2017"]),
        ("year", "2018-12", True, ["2018"]),
        ("month", "2018-W22", True, ["2018-05"]),  # the week in which May ends
        ("month", "2018-W23", False, ["2018-05"]),
        ("week", "2018-W23", True, ["2018-W23"]),
        ("week", "2018-06-10", True, ["2018-W23"]),
        ("week", "2018-06-09", False, ["2018-W22"]),
    ],
)
def test_which_reading_counts(frequency, period, due, candidates):
    """By how often an indicator is read: the reading of the period, or the last closed one while none is due."""
    found = ratio(frequency=frequency).candidates(ReportingPeriod.parse(period))
    assert found == (due, tuple(map(ReportingPeriod.parse, candidates)))


def test_carrying_is_bounded():
    """With carry 2 the last two closed values may stand in, with 0 none; what is due is never carried."""
    may = ReportingPeriod.parse("2018-05")
    assert [str(one) for one in ratio(frequency="quarter", carry=2).candidates(may)[1]] == ["2018-Q1", "2017-Q4"]
    assert ratio(frequency="quarter", carry=0).candidates(may) == (False, ())
    assert len(ratio(frequency="quarter", carry=2).candidates(may.following)[1]) == 1


def test_key_institutions_are_read_more_often():
    """A week of a key institution has its own reading; for others the month's stands in."""
    week, indicator = ReportingPeriod.parse("2018-W23"), ratio(key_frequency="week")
    assert [str(one) for one in indicator.candidates(week, key=True)[1]] == ["2018-W23"]
    assert [str(one) for one in indicator.candidates(week)[1]] == ["2018-05"]
    assert str(closed_period("quarter", week)) == "2018-Q1"


def test_forms_print_as_a_clerk_reads_them():
    """The form of an indicator is shown with its figures as they were written."""
    assert [str(form) for form in (FEWER, PerEvent("0.5"), MINUTES, RANKS)] == [
        "linear from 0 at 0.0278 to full at 0.0046",
        "0.5 off for each",
        "1 up to 0, 0.8 up to 30, 0.5 up to 60, 0.2 up to 120, beyond 0",
        "1 from 95, 0.5 from 80, beyond 0",
    ]


def test_an_indicator_is_a_value():
    """Equal when it says the same, and changed by making another."""
    assert ratio() == ratio()
    assert attrs.evolve(Scorecard.default()["A1"], points="5").points == 5
