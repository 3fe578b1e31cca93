"""Quarters and years from months, and a bank among its peers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from tests.scoring.cards import EACH, KEPT, card

from windowservice.domain.scorecard.readings import Readings
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue
from windowservice.scoring.average import average_scores
from windowservice.scoring.peers import compare_scores
from windowservice.scoring.scoring import score

CARD = Scorecard.read(
    card([("X1", 60, KEPT), ("Y1", 40, KEPT, "not_applicable"), ("X2", 20, EACH)], [("V1", "a > 0", ("cap", "59"))])
)


def scored(bank, period, x1=None, y1=None, x2=0, a=0):
    """Score a bank's month; a value that is None is not there."""
    given = {"X1": x1, "Y1": y1, "X2": (x2, None)}
    rows = [
        {"bank": bank, "indicator": name, "period": period, "numerator": value[0], "denominator": value[1]}
        for name, value in given.items()
        if value is not None
    ]
    return score(CARD, Readings(rows, CARD), bank, period, facts={"a": a})


APRIL = scored("b", "2018-04", (1, 1), (1, 1))  # 120 of 120
MAY = scored("b", "2018-05", (1, 2), (0, 0))  # 50 of 80 applicable points, 75 of 120 after spreading
JUNE = scored("b", "2018-06", (1, 1), (1, 1), a=1)  # capped at 59


def test_a_quarter_is_the_average_of_its_months_by_applicable_points():
    """120 x 120, 80 x 75 and 120 x 59, over 320: rounded once, vetoes told and not applied again."""
    quarter = average_scores([JUNE, APRIL, MAY], "2018-Q2")
    assert quarter.exact == Fraction(120 * 120 + 80 * 75 + 120 * 59, 320)
    assert (str(quarter.total), quarter.grade, quarter.missing, quarter.coverage) == ("85.88", "B", (), 1)
    assert [(str(month.period), one.veto.id) for month in quarter.months for one in month.fired] == [("2018-06", "V1")]


def test_a_month_without_a_score_lowers_the_coverage():
    """Two months of three cover two thirds; one covers too little, and there is no number."""
    quarter = average_scores([APRIL, MAY], "2018-Q2")
    assert quarter.coverage == Fraction(200, 320)
    assert (quarter.exact, [str(month) for month in quarter.missing]) == (
        Fraction(120 * 120 + 80 * 75, 200),
        ["2018-06"],
    )
    silent = scored("b", "2018-06", x2=0)
    assert silent.total is None
    assert average_scores([APRIL, MAY, silent], "2018-Q2").missing == quarter.missing
    assert average_scores([APRIL], "2018-Q2").total is None
    assert average_scores([APRIL], "2018-Q2").grade is None


@pytest.mark.parametrize(
    ("scores", "period", "wanted"),
    [
        ([APRIL], "2018-04", "a quarter or a year"),
        ([], "2018-Q2", "at least one month's score"),
        ([APRIL, APRIL], "2018-Q2", "a month of 2018-Q2, each once"),
        ([APRIL], "2018-Q1", "a month of 2018-Q1"),
        ([APRIL, attrs.evolve(MAY, bank="c")], "2018-Q2", "one bank"),
    ],
)
def test_only_its_own_months_make_a_quarter(scores, period, wanted):
    """Another bank, another quarter, a month twice: refused."""
    with pytest.raises(InvalidValue, match=wanted):
        average_scores(scores, period)


AREA = [
    scored("best", "2018-06", (1, 1), (1, 1)),
    scored("tied1", "2018-06", (1, 2), (1, 1)),
    scored("tied2", "2018-06", (1, 2), (1, 1)),
    scored("worst", "2018-06", (0, 1), (1, 1)),
    scored("silent", "2018-06"),
    scored("alone", "2018-06", (1, 1), (1, 1)),
    scored("nobody", "2018-06", (1, 1), (1, 1)),
]
GROUPS = {"best": "g", "tied1": "g", "tied2": "g", "worst": "g", "silent": "g", "alone": "small", "nobody": None}


@pytest.mark.parametrize(
    ("bank", "rank", "percentile", "total"),
    [
        ("best", 1, "1", "120.00"),
        ("tied1", 2, "1/2", "90.00"),
        ("tied2", 2, "1/2", "90.00"),
        ("worst", 4, "0", "60.00"),
        ("silent", None, None, None),
    ],
)
def test_a_bank_among_its_peers(bank, rank, percentile, total):
    """Equal totals share a rank; a bank without a score is counted and not ranked."""
    found = compare_scores(AREA, GROUPS)[bank]
    assert (found.rank, found.percentile) == (rank, percentile and Fraction(percentile))
    assert (found.total and str(found.total)) == total
    assert (found.scored, found.unscored) == (4, 1)
    assert found.median == (Decimal("90.00") if rank else None)


def test_a_small_group_shows_nothing():
    """With one or two peers a bank could work out the other's total."""
    standing = compare_scores(AREA, GROUPS)
    for bank in ("alone", "nobody"):
        assert (standing[bank].rank, standing[bank].median, standing[bank].percentile) == (None, None, None)
    assert compare_scores(AREA, GROUPS, fewest=1)["alone"].rank == 1
    assert compare_scores(AREA, GROUPS, fewest=1)["nobody"].rank is None


def test_no_peer_is_named():
    """What a bank is told holds no other bank's id."""
    for bank, standing in compare_scores(AREA, GROUPS).items():
        assert not any(other in str(attrs.astuple(standing)) for other in GROUPS if other != bank)


def test_change_is_against_the_period_before():
    """A bank new to the area has none; the volume behind the score stands beside."""
    before = [scored("best", "2018-05", (1, 2), (1, 1)), scored("silent", "2018-05", (1, 2), (1, 1))]
    standing = compare_scores(AREA, GROUPS, previous=before)
    assert (standing["best"].change, standing["best"].volume) == (Decimal("30.00"), 2)
    assert (standing["worst"].change, standing["silent"].change) == (None, None)


def test_only_like_is_compared():
    """One period, one scorecard, each bank once."""
    with pytest.raises(InvalidValue, match="scored once"):
        compare_scores([AREA[0], AREA[0]], GROUPS)
    with pytest.raises(InvalidValue, match="one for all banks"):
        compare_scores([AREA[0], APRIL], GROUPS)
    other = attrs.evolve(AREA[1], scorecard=attrs.evolve(CARD, version="2"))
    with pytest.raises(InvalidValue, match="one for all banks"):
        compare_scores([AREA[0], other], GROUPS)
