"""Scores are those of an exact oracle over the TOML alone; laws of scoring; all on cases aimed at edges."""

from __future__ import annotations

import tomllib
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from tests.scoring.cards import EACH, KEPT, STEPS, card
from tests.scoring.oracle import half_up, oracle, share
from tests.trials import trials

from windowservice.domain.scorecard.readings import CompletePeriod, Readings
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.scoring.columns.columns import score_columns
from windowservice.scoring.scoring import score

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DEFAULT = resources.files("windowservice.domain.scorecard").joinpath("scorecard.toml").read_text("utf-8")
CARD = Scorecard.default()
MONTH = "2018-12"  # everything is due
PERIODS = {row.id: str(row.candidates(ReportingPeriod.parse(MONTH))[1][0]) for row in CARD}
RAW = {table["id"]: table for table in tomllib.loads(DEFAULT)["indicators"]}
EDGES = {"B3": [0, 1, 2], "D1": [0, 1, 29, 30, 31, 60, 61, 120, 121, 480, 481], "D2": [0, 60, 61, 180, 181]}


@st.composite
def ratios(draw, row):
    """Draw a numerator and a denominator: nothing, all, at floor and target, one beside them."""
    denominator = draw(st.sampled_from([0, 1, 2, 3, 7, 8, 10, 30, 1000, 10_000, 40_000]))
    edges = {0, denominator}
    for figure in (row.form.floor, row.form.target):
        at = int(Fraction(figure) * denominator)
        edges |= {max(0, min(denominator, at + beside)) for beside in (-1, 0, 1)}
    return draw(st.sampled_from(sorted(edges))), denominator


@st.composite
def months(draw):
    """Draw the readings of a bank's month, the figures of vetoes, and which sources are complete."""
    readings = {}
    mode = draw(st.sampled_from(["some", "all", "few"]))
    for row in CARD:
        keep = {"some": st.integers(0, 5), "all": st.just(1), "few": st.integers(0, 1)}[mode]
        if draw(keep):
            counts = st.sampled_from(EDGES.get(row.id, [0, 1, 2, 3, 9]))
            readings[row.id] = draw(ratios(row)) if row.is_ratio else (draw(counts), None)
    figures = {"queued_at_close_365d": [0, 2, 3], "longest_outage_365d": [0, 480, 481],
               "immediate_filings_missed": [0, 1], "forgeries_365d": [0, 0, 0, 1]}  # fmt: skip
    facts = {name: draw(st.sampled_from([None, *values])) for name, values in figures.items()}
    complete = draw(st.sets(st.sampled_from([row.id for row in CARD]), max_size=6))
    return readings, facts, complete


def scored(scorecard, readings, facts, complete=(), periods=PERIODS):
    rows = [
        {"bank": "b", "indicator": name, "period": periods[name], "numerator": upper, "denominator": lower}
        for name, (upper, lower) in readings.items()
    ]
    words = [CompletePeriod(indicator=name, period=periods[name]) for name in complete]
    held = Readings(rows, scorecard, complete=words)
    assert not held.refused
    return score(scorecard, held, "b", MONTH, facts=facts)


@QUIET
@given(months())
def test_a_score_is_the_oracles(month):
    """The exact total, and the rounded one by long division, of the default scorecard."""
    readings, facts, complete = month
    found, wanted = scored(CARD, readings, facts, complete), oracle(DEFAULT, readings, facts, complete)
    assert found.exact == wanted
    if wanted is not None:
        assert str(found.total) == half_up(wanted)
        assert found.low <= found.exact <= found.high


WORTH = st.sampled_from([1, 2, 3, 4, 7, 10])
FORMS = st.sampled_from([KEPT, EACH, STEPS])
ZEROS = st.sampled_from(["full_points", "not_applicable"])


@st.composite
def cards(draw):
    """Draw a scorecard of few indicators, whose totals fall on edges, and the month of a bank."""
    indicators = [
        (f"{letter}{number}", draw(WORTH), draw(FORMS), draw(ZEROS))
        for letter in "XYZ"[: draw(st.integers(1, 3))]
        for number in range(1, draw(st.integers(2, 4)))
    ]
    total = sum(row[1] for row in indicators)
    indicators.append(("W1", 100 - total if total < 100 else 1, KEPT, "not_applicable"))
    letters = sorted({row[0][0] for row in indicators})
    effects = st.one_of(
        st.tuples(st.just("cap"), st.sampled_from(["0", "59", "64.995", "90"])),
        st.tuples(st.just("zero_category"), st.sampled_from(letters)),
    )
    conditions = [("V1", "a > 0"), ("V2", "b >= 2"), ("V3", "a != 1")]
    vetoes = [(id_, condition, draw(effects)) for id_, condition in conditions[: draw(st.integers(0, 3))]]
    text = card(indicators, vetoes, coverage=draw(st.sampled_from(["0.6", "0.01", "1"])))
    readings = {}
    for id_, _, form, _ in indicators:
        if draw(st.integers(0, 4)):
            lower = draw(st.sampled_from([0, 1, 2, 8, 20_000])) if form == KEPT else None
            upper = draw(st.integers(0, lower)) if form == KEPT else draw(st.integers(0, 6))
            readings[id_] = (upper, lower)
    names = [row[0] for row in indicators]
    figures = {veto[1].split()[0] for veto in vetoes}
    facts = {name: draw(st.sampled_from([None, 0, 1, 2])) for name in sorted(figures)}
    return text, readings, facts, draw(st.sets(st.sampled_from(names))), names


@QUIET
@given(cards())
@example(
    (
        card([("X1", 100, KEPT)]),
        {"X1": (12_999, 20_000)},  # 64.995
        {}, set(), ["X1"],
    )
)  # fmt: skip
def test_any_scorecard_is_the_oracles(drawn):
    """Empty categories, nothing applicable, ties of vetoes, coverage just enough: the exact total is the oracle's."""
    text, readings, facts, complete, names = drawn
    scorecard = Scorecard.read(text)
    found = scored(scorecard, readings, facts, complete, dict.fromkeys(names, MONTH))
    wanted = oracle(text, readings, facts, complete)
    assert found.exact == wanted
    if wanted is not None:
        assert str(found.total) == half_up(wanted)
        assert found.low <= found.exact <= found.high
        assert sum(part.weight for part in found.indicators) == Fraction(scorecard.total_points)
        assert found.before_vetoes == Fraction(scorecard.total_points) - sum(part.lost for part in found.indicators)
        if not any(row.veto.zero_category for row in found.fired):
            assert sum(part.points for part in found.categories) == found.before_vetoes


ADJUST = "W1"


@st.composite
def edged(draw):
    """Draw a scorecard and readings whose total is a chosen number: a band's least, half a cent, or just beside one.

    One indicator, ADJUST, is left over. The total is a straight line of its share, so its reading is worked out.
    """
    indicators = [
        (f"{letter}{number}", draw(WORTH), draw(FORMS), draw(ZEROS))
        for letter in "XY"[: draw(st.integers(1, 2))]
        for number in range(1, draw(st.integers(2, 3)))
    ]
    worth = sum(row[1] for row in indicators)
    indicators.append((ADJUST, 100 - worth, KEPT, "not_applicable"))
    veto = draw(st.sampled_from([[], [("V1", "a > 0", ("zero_category", "X"))], [("V1", "a > 0", ("cap", "90"))]]))
    text = card(indicators, veto, coverage="0.01")
    readings = {}
    for id_, _, form, _ in indicators[:-1]:
        if draw(st.integers(0, 3)):
            lower = draw(st.sampled_from([0, 1, 3, 7, 20_000])) if form == KEPT else None
            readings[id_] = (draw(st.integers(0, lower)) if form == KEPT else draw(st.integers(0, 6)), lower)
    facts = {"a": draw(st.sampled_from([0, 1]))} if veto else {}
    capped = bool(veto) and veto[0][2][0] == "cap" and facts["a"] == 1
    straight = {"a": 0} if capped else facts  # a cap would bend the line
    none, every = (oracle(text, {**readings, ADJUST: (upper, 1)}, straight) for upper in (0, 1))
    assume(none < every)
    near = draw(
        st.sampled_from([Fraction(0), Fraction(1, 10**9), Fraction(-1, 10**9), Fraction(1, 200), Fraction(-1, 200)])
    )
    band = st.sampled_from([Fraction(65), Fraction(80), Fraction(90)])
    half = st.integers(int(none * 100), int(every * 100)).map(lambda cents: Fraction(2 * cents + 1, 200))
    target = draw(st.one_of(band, half)) + near
    assume(none <= target <= every)
    share = (target - none) / (every - none)
    readings[ADJUST] = (share.numerator, share.denominator)
    return text, readings, facts, min(target, Fraction(90)) if capped else target


@QUIET
@given(edged())
def test_totals_at_edges_are_exact(drawn):
    """At a band's least, at half a cent, and a thousand millionth beside: total, rounding and grade, in columns too."""
    text, readings, facts, target = drawn
    scorecard = Scorecard.read(text)
    found = scored(scorecard, readings, facts, periods=dict.fromkeys(readings, MONTH))
    assert found.exact == oracle(text, readings, facts) == target
    assert str(found.total) == half_up(target)
    least = [(Fraction(90), "A"), (Fraction(80), "B"), (Fraction(65), "C"), (Fraction(0), "D")]
    assert found.grade == next(grade for bound, grade in least if Fraction(half_up(target)) >= bound)
    polars = pytest.importorskip("polars")
    rows = [("b", name, MONTH, upper, lower) for name, (upper, lower) in readings.items()]
    frame = polars.DataFrame(rows, ["bank", "indicator", "period", "numerator", "denominator"], orient="row")
    given_facts = (
        polars.DataFrame({"bank": ["b"], **{name: [value] for name, value in facts.items()}}) if facts else None
    )
    (row,) = score_columns(scorecard, frame, MONTH, facts=given_facts).scores.iter_rows(named=True)
    assert (str(row["total"]), row["grade"]) == (str(found.total), found.grade)


def test_the_strategy_of_edges_reaches_every_edge():
    """It draws each band's least, half a cent and both sides of them, with vetoes and without: the law is not idle."""
    seen = set()

    @trials(10, QUIET, database=None)
    @given(edged())
    def look(drawn):
        _, _, facts, target = drawn
        for bound in (65, 80, 90):
            beside = target - bound
            if abs(beside) <= Fraction(1, 200):
                seen.add((bound, (beside > 0) - (beside < 0)))
        rest = target * 200 % 1
        seen.add(("half", target * 200 % 2 == 1, bool(facts)))
        seen.add(("beside", bool(rest)))

    look()
    assert {(bound, side) for bound in (65, 80, 90) for side in (-1, 0, 1)} <= seen
    assert {("half", True, True), ("half", True, False), ("beside", True)} <= seen


@QUIET
@given(st.sampled_from(range(32)), st.integers(0, 500), st.integers(0, 500))
def test_better_values_never_earn_less(place, one, other):
    """The share rises with the value where higher is better, and falls where lower is; it is the oracle's."""
    row = CARD.indicators[place]
    worse, better = sorted((one, other), reverse=row.direction == "lower")
    scale = 500 if row.is_ratio else 1
    shares = [row.share(Fraction(value, scale)) for value in (worse, better)]
    assert shares[0] <= shares[1]
    assert shares == [share(RAW[row.id], Fraction(value, scale)) for value in (worse, better)]


@QUIET
@given(months(), st.randoms())
def test_the_order_of_rows_changes_nothing(month, random):
    """Readings are a set."""
    readings, facts, complete = month
    names = list(readings)
    random.shuffle(names)
    shuffled = scored(CARD, {name: readings[name] for name in names}, facts, complete)
    assert shuffled == scored(CARD, readings, facts, complete)


@QUIET
@given(months())
def test_a_veto_never_helps(month):
    """With vetoes a total is never above the one before them."""
    readings, facts, complete = month
    found = scored(CARD, readings, facts, complete)
    if found.exact is not None:
        assert found.exact <= found.before_vetoes
