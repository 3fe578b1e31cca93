"""Scores in tables that a clerk can read: rounding, bands, spreading, coverage, vetoes, carrying, restating."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from tests.scoring.cards import EACH, KEPT, STEPS, card

from windowservice.domain.scorecard.readings import CompletePeriod, Readings
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, UnknownName
from windowservice.scoring.scoring import score

JUNE = "2018-06"


def row(indicator, numerator, denominator=None, *, bank="b1", period=JUNE, **more):
    """Return a row of readings."""
    return {
        "bank": bank,
        "indicator": indicator,
        "period": period,
        "numerator": numerator,
        "denominator": denominator,
    } | more


def scored(text, *rows, facts=None, period=JUNE, complete=(), **more):
    """Score b1 by a scorecard given as text."""
    scorecard = text if isinstance(text, Scorecard) else Scorecard.read(text)
    readings = Readings(rows, scorecard, complete=complete)
    assert not readings.refused, readings.refused
    return score(scorecard, readings, "b1", period, facts=facts, **more)


ONE = card([("X1", 100, KEPT)])


@pytest.mark.parametrize(
    ("numerator", "denominator", "total", "grade"),
    [
        (1, 1, "100.00", "A"),
        (9, 10, "90.00", "A"),
        (89_995, 100_000, "90.00", "A"),  # 89.995 is a half: up, and over the band
        (899_949, 1_000_000, "89.99", "B"),
        (8, 10, "80.00", "B"),
        (79_995, 100_000, "80.00", "B"),
        (799_949, 1_000_000, "79.99", "C"),
        (65, 100, "65.00", "C"),
        (64_995, 100_000, "65.00", "C"),
        (649_949, 1_000_000, "64.99", "D"),
        (1, 3, "33.33", "D"),
        (2, 3, "66.67", "C"),
        (5, 100_000, "0.01", "D"),
        (4, 100_000, "0.00", "D"),
        (0, 7, "0.00", "D"),
    ],
)
def test_a_total_is_rounded_once_half_up(numerator, denominator, total, grade):
    """One indicator of 100 points that are the rate itself; the grade is that of the rounded total."""
    found = scored(ONE, row("X1", numerator, denominator))
    assert (str(found.total), found.grade) == (total, grade)
    assert found.exact == Fraction(100 * numerator, denominator)


def test_parts_are_never_rounded():
    """Three thirds of a point are a point."""
    text = card([("X1", 1, KEPT), ("X2", 1, KEPT), ("X3", 1, KEPT), ("X4", 97, KEPT)])
    found = scored(text, *(row(f"X{n}", 1, 3) for n in (1, 2, 3)), row("X4", 1, 1))
    assert found.exact == 98
    assert [part.points for part in found.indicators[:3]] == [Fraction(1, 3)] * 3


TWO = card([("X1", 40, KEPT, "not_applicable"), ("X2", 20, KEPT, "not_applicable"), ("Y1", 40, KEPT, "not_applicable")])


@pytest.mark.parametrize(
    ("x1", "x2", "y1", "total", "why"),
    [
        ((1, 2), (1, 1), (1, 1), 80, "all applicable: 20 + 20 + 40"),
        ((0, 0), (1, 2), (1, 1), 70, "X2 stands for all 60 of X"),
        ((0, 0), (0, 0), (1, 2), 50, "Y stands for everything"),
        ((1, 2), (1, 2), (0, 0), 50, "X stands for everything"),
    ],
)
def test_points_of_what_is_not_applicable_are_spread(x1, x2, y1, total, why):
    """Nothing to measure: the points go to the rest of the category, those of a whole category to the others."""
    found = scored(TWO, row("X1", *x1), row("X2", *x2), row("Y1", *y1))
    assert found.exact == total, why
    assert found.coverage == 1
    assert sum(part.weight for part in found.indicators) == 100


def test_nothing_applicable_is_no_score():
    """A bank with no business at all has no score, not a perfect one and not zero."""
    found = scored(TWO, row("X1", 0, 0), row("X2", 0, 0), row("Y1", 0, 0))
    assert (found.coverage, found.total, found.grade, found.sufficient) == (None, None, None, False)
    assert "insufficient data" in found.explain()


@pytest.mark.parametrize(
    ("rows", "coverage", "total", "low", "high"),
    [
        ([("X1", 1, 2), ("X2", 1, 1), ("Y1", 1, 1)], "1", "80.00", "80.00", "80.00"),
        ([("X1", 1, 2), ("X2", 1, 1)], "3/5", "66.67", "40.00", "80.00"),  # just at the least coverage
        ([("X1", 1, 2), ("Y1", 1, 1)], "4/5", "70.00", "60.00", "80.00"),
        ([("X2", 0, 0), ("X1", 1, 2)], "1/2", None, None, None),
        ([("Y1", 1, 1)], "2/5", None, None, None),
        ([], "0", None, None, None),
    ],
)
def test_what_is_unknown_is_never_a_number(rows, coverage, total, low, high):
    """Above the floor of coverage the rest stands for it, with the range shown; below it there is no score."""
    found = scored(TWO, *(row(*given) for given in rows))
    assert found.coverage == Fraction(coverage)
    assert (found.total and str(found.total)) == total
    assert (found.low and f"{float(found.low):.2f}", found.high and f"{float(found.high):.2f}") == (low, high)


def test_zero_is_full_points_only_where_the_source_says_so():
    """No row, and 0 of 0, are unknown until the source declares the period complete."""
    text = card([("X1", 10, EACH), ("X2", 10, KEPT), ("X3", 80, EACH), ("X4", 10, KEPT, "not_applicable")])
    rows = [row("X2", 0, 0), row("X3", 0)]
    words = [CompletePeriod(indicator=name, period=JUNE) for name in ("X1", "X2", "X4")]
    silent, declared = scored(text, *rows), scored(text, *rows, complete=words)
    assert [part.state for part in silent.indicators] == ["unknown", "unknown", "scored", "unknown"]
    assert [part.state for part in declared.indicators] == ["scored", "scored", "scored", "not_applicable"]
    assert (declared.total, silent.unknown) == (Decimal("110.00"), ("X1", "X2", "X4"))
    other = CompletePeriod(indicator="X1", period=JUNE, bank="b2")
    assert scored(text, *rows, complete=[other])["X1"].state == "unknown"


VETOES = card(
    [("X1", 80, KEPT), ("Y1", 20, KEPT, "not_applicable")],
    [("V1", "queued > 2", ("cap", "59")), ("V2", "outage > 480", ("cap", "59")),
     ("V3", "missed > 0", ("zero_category", "Y")), ("V4", "forged > 0", ("cap", "0"))],
)  # fmt: skip
CLEAR = {"queued": 0, "outage": 0, "missed": 0, "forged": 0}


@pytest.mark.parametrize(
    ("facts", "total", "fired", "decisive"),
    [
        ({}, "90.00", [], []),
        ({"queued": 2}, "90.00", [], []),  # more than twice
        ({"queued": 3}, "59.00", ["V1"], ["V1"]),
        ({"queued": 3, "outage": 481}, "59.00", ["V1", "V2"], ["V1", "V2"]),  # a tie: both decide
        ({"missed": 1}, "70.00", ["V3"], ["V3"]),
        ({"missed": 1, "queued": 3}, "59.00", ["V1", "V3"], ["V1"]),
        ({"queued": 3, "forged": 1}, "0.00", ["V1", "V4"], ["V4"]),  # the strictest wins, both are told
    ],
)
def test_vetoes_come_after_the_points(facts, total, fired, decisive):
    """70 points of X and 20 of Y, then the vetoes."""
    found = scored(VETOES, row("X1", 7, 8), row("Y1", 1, 1), facts=CLEAR | facts)
    assert str(found.total) == total
    assert [outcome.veto.id for outcome in found.fired] == fired
    assert [outcome.veto.id for outcome in found.vetoes if outcome.decisive] == decisive
    assert found.before_vetoes == 90


def test_a_cap_above_the_total_decides_nothing():
    """Fired and reported, though the points were lower already."""
    found = scored(VETOES, row("X1", 1, 8), row("Y1", 1, 1), facts=CLEAR | {"queued": 3})
    assert (found.total, [o.decisive for o in found.fired]) == (Decimal("30.00"), [False])


def test_a_veto_on_missing_data_is_unknown():
    """Neither fired nor clear: it is listed, and the range shows what it might do."""
    found = scored(VETOES, row("X1", 7, 8), row("Y1", 1, 1), facts={**CLEAR, "queued": None, "missed": None})
    assert [outcome.state for outcome in found.vetoes] == ["unknown", "clear", "unknown", "clear"]
    assert (found.total, found.low, found.high, found.unknown) == (Decimal("90.00"), 59, 90, ("V1", "V3"))
    assert [o.state for o in scored(VETOES, row("X1", 7, 8), row("Y1", 1, 1)).vetoes] == ["unknown"] * 4


def test_vetoes_are_told_without_a_score():
    """Insufficient data do not hide a veto that fired."""
    found = scored(VETOES, facts=CLEAR | {"forged": 1})
    assert (found.total, [outcome.veto.id for outcome in found.fired]) == (None, ["V4"])


def test_a_zeroed_category_counts_though_nothing_was_measured():
    """Its points are lost, not spread over the others."""
    found = scored(VETOES, row("X1", 1, 1), row("Y1", 0, 0), facts=CLEAR | {"missed": 1})
    assert (found.before_vetoes, found.exact) == (100, 80)


def test_an_unknown_figure_is_refused():
    """A slip in the name of a figure would leave a veto unknown for ever."""
    with pytest.raises(UnknownName, match=r"unknown fact 'queue' \(did you mean 'queued'\?\)"):
        scored(VETOES, facts={"queue": 3})
    with pytest.raises(InvalidValue, match="facts must be a mapping"):
        scored(VETOES, facts={"queued": 2.5})


def test_points_lost_come_largest_first_with_their_items():
    """What cost most stands on top, with the items behind it; equal losses in the order of the scorecard."""
    text = card([("X1", 30, KEPT), ("X2", 30, EACH), ("Y1", 20, KEPT), ("Y2", 20, STEPS)])
    found = scored(
        text, row("X1", 9, 10), row("X2", 10, items=["m1", "m2"]), row("Y1", 1, 2, items=["m3"]), row("Y2", 1)
    )
    assert [(part.indicator.id, part.lost, part.items) for part in found.lost] == [
        ("X2", 10, ("m1", "m2")), ("Y1", 10, ("m3",)), ("Y2", 10, ()), ("X1", 3, ()),
    ]  # fmt: skip
    assert [part.severity for part in found.indicators] == [None, "minor", "minor", "minor"]


def test_a_small_sample_is_flagged():
    """Scored all the same, and marked: one late reply of two is half."""
    scorecard = Scorecard.default()
    found = scored(scorecard, row("C1", 9, 9), row("C2", 0, 10))
    assert [found[name].small_sample for name in ("C1", "C2", "B3")] == [True, False, False]


def test_slow_indicators_are_carried_and_marked():
    """In May the first quarter's value stands in; in June its own is due, and missing it is unknown."""
    scorecard = Scorecard.default()
    first, old = row("D5", 9, 10, period="2018-Q1"), row("D7", 9, 10, period="2017-Q4")
    may, june = (scored(scorecard, first, old, period=period) for period in ("2018-05", "2018-06"))
    assert (may["D5"].state, may["D5"].carried, str(may["D5"].reading.period)) == ("scored", True, "2018-Q1")
    assert may["D7"].state == "unknown"  # two quarters back is too far
    assert (june["D5"].state, june["D5"].carried) == ("unknown", False)
    far = attrs.evolve(scorecard, indicators=tuple(attrs.evolve(row, carry=2) for row in scorecard))
    assert scored(far, first, old, period="2018-05")["D7"].carried
    never = attrs.evolve(scorecard, indicators=tuple(attrs.evolve(row, carry=0) for row in scorecard))
    assert scored(never, first, period="2018-05")["D5"].state == "not_applicable"


def test_a_restated_reading_shows_both_versions():
    """The later one scores; the earlier one and the reason are shown."""
    found = scored(
        ONE, row("X1", 1, 2, id="r1"), row("X1", 3, 4, id="r2", restated_from="r1", reason="appeal"),
        row("X1", 7, 8, id="r3", restated_from="r2", reason="second appeal"),
    )  # fmt: skip
    assert found.total == Decimal("87.50")
    assert [str(old) for old in found["X1"].former] == ["1/2", "3/4"]
    assert "restated: 3/4 -> 7/8; restated: second appeal" in found.explain()


@pytest.mark.parametrize(
    ("faults", "state"),
    [
        (["institution"], "scored"),
        (["institution", "window", "unknown"], "scored"),
        (["window"], "unknown"),
        (["unknown"], "unknown"),
        ([], "unknown"),
    ],
)
def test_only_the_banks_own_fault_scores(faults, state):
    """What others did stands aside, listed; what nobody knows is unknown, even if the source is complete."""
    text = card([("X1", 100, EACH)])
    rows = [row("X1", 5, fault_party=party) for party in faults]
    found = scored(text, *rows)["X1"]
    assert (found.state, len(found.set_aside)) == (state, len([party for party in faults if party != "institution"]))
    declared = scored(text, *rows, complete=[CompletePeriod(indicator="X1", period=JUNE)])["X1"]
    assert declared.state == ("unknown" if faults == ["unknown"] else "scored")


def test_provisional_readings_are_marked():
    """A period whose items are not all in has a score, and says so."""
    found = scored(ONE, row("X1", 1, 2, provisional=True))
    assert found.provisional
    assert "provisional" in found.explain()


def test_a_week_of_a_key_institution():
    """Key institutions are scored by the week; what is read by the month is carried."""
    scorecard = Scorecard.default()
    week, may = {"period": "2018-W23"}, {"period": "2018-05"}
    rows = [row("C1", 9, 10, **week), row("C2", 0, 10, **may), row("C1", 1, 10, **may)]
    found = scored(scorecard, *rows, period="2018-W23", key=True)
    assert (str(found["C1"].reading), found["C1"].carried) == ("9/10", False)
    assert (str(found["C2"].reading), found["C2"].carried) == ("0/10", True)


@pytest.mark.parametrize("period", ["2018-Q2", "2018"])
def test_quarters_are_not_scored_directly(period):
    """They are averages of months."""
    with pytest.raises(InvalidValue, match="the average of its months"):
        scored(ONE, period=period)


def test_a_scorecard_is_used_while_it_is_in_force():
    """A period before it began is refused."""
    later = attrs.evolve(Scorecard.read(ONE), since="2018-07-01")
    with pytest.raises(InvalidValue, match="in force"):
        scored(later, row("X1", 1, 1))


def test_explanations_in_both_languages():
    """Each indicator with reading, form, figures, points, basis mark; each veto with its figure."""
    found = scored(VETOES, row("X1", 7, 8, items=["m1"]), row("Y1", 0, 0), facts=CLEAR | {"queued": 3, "missed": None})
    assert found.explain().splitlines() == [
        "b1, 2018-06: card, card 1 [assumption]",
        "total 59.00, grade D; coverage 100.0 %",
        "before vetoes 87.50",
        "veto V1 veto: fired; queued > 2, figure 3; cap 59; decisive [assumption]",
        "veto V2 veto: clear; outage > 480, figure 0; cap 59 [assumption]",
        "veto V3 veto: unknown; missed > 0, figure missing; zero Y [assumption]",
        "veto V4 veto: clear; forged > 0, figure 0; cap 0 [assumption]",
        "X category: 87.5 / 100",
        "  X1 indicator: 7/8 = 0.875 (2018-06); full from 1, none from 0; "
        "0.875 x 100 = 87.5 points; items: m1 [assumption]",
        "  Y1 indicator: 0/0 (2018-06), not applicable, nothing to measure [assumption]",
        "lost: X1 12.5",
    ]
    chinese = found.explain("zh")
    assert "总分 59.00, 等级 D" in chinese
    assert "一票否决 V3 否: 无法判定; missed > 0, 数值 缺失" in chinese
    assert "Y1 项: 0/0 (2018-06), 不适用, 本期无业务 [assumption]" in chinese
    with pytest.raises(InvalidValue, match="'en' or 'zh'"):
        found.explain("fr")


def test_every_form_and_flag_is_explained():
    """Steps, deductions, others' faults, unknown readings and the range, in English and Chinese."""
    text = card([("X1", 10, EACH), ("X2", 10, STEPS), ("X3", 5, KEPT), ("Y1", 75, KEPT)])
    found = scored(
        text, row("X1", 1), row("X1", 2, fault_party="telecom"), row("X2", 2), row("Y1", 2, 3, provisional=True)
    )
    assert found.explain().splitlines()[1:3] == ["total 67.50, grade C; coverage 95.0 %", "range 64.00 - 69.00"]
    english, chinese = found.explain(), found.explain("zh")
    assert "off for each 1; 0.9 x 12.5 = 11.25 points; not scored: 2 (telecom) [assumption]" in english
    assert "up to 0: 1, up to 2: 0.5, up to 5: 0.125, beyond: 0; 0.5 x 12.5 = 6.25 points; minor" in english
    assert "X3 indicator: unknown, no reading [assumption]" in english
    assert "2/3 = ~0.6667 (2018-06)" in english
    assert "每次扣 1; 0.9 x 12.5 = 11.25 分; 不计分: 2 (通信) [assumption]" in chinese
    assert "X3 项: 无法判定, 无数据 [assumption]" in chinese


def test_a_score_as_plain_figures():
    """For tables and rules: one row of plain values."""
    found = scored(VETOES, row("X1", 7, 8), row("Y1", 1, 1), facts=CLEAR | {"queued": 3})
    assert found.figures() == {
        "bank": "b1", "period": "2018-06", "scorecard": "card 1", "total": Decimal("59.00"), "grade": "D",
        "coverage": 1, "vetoes": ("V1",), "unknown": (), "provisional": False,
    }  # fmt: skip
    with pytest.raises(UnknownName, match="indicator 'Z1'"):
        found["Z1"]
