"""Scores in columns are those of the objects, to the last digit; bad rows are listed, bad columns refused."""

from __future__ import annotations

import random
from fractions import Fraction

import attrs
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scoring.cards import EACH, KEPT, STEPS, card

from windowservice.domain.scorecard.readings import CompletePeriod, Readings
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, MissingColumn, UnknownName
from windowservice.scoring.columns.columns import score_columns
from windowservice.scoring.columns.indicators import indicator_columns
from windowservice.scoring.scoring import score
from windowservice.scoring.shown import rounded

QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
CARD = Scorecard.default()
FOR_ONE = CompletePeriod(indicator="A3", period="2018-12", bank="b")
TEXTS = ("bank", "indicator", "period", "fault_party", "id", "restated_from", "reason")
SCHEMA = {**dict.fromkeys(TEXTS, pl.String), "numerator": pl.Int64, "denominator": pl.Int64}
FACTS = {"queued_at_close_365d": [0, 2, 3], "longest_outage_365d": [0, 480, 481],
         "immediate_filings_missed": [0, 1], "forgeries_365d": [0, 0, 0, 1]}  # fmt: skip


def frame(rows):
    """Return rows as a frame with all its columns."""
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


def row(bank, indicator, numerator, denominator=None, period="2018-12", **more):
    """Return a row of readings."""
    return {
        "bank": bank,
        "indicator": indicator,
        "period": period,
        "numerator": numerator,
        "denominator": denominator,
    } | more


def agree(scorecard, rows, period, *, facts=None, complete=(), key=False):
    """Check columns against objects, bank by bank, and return both."""
    given = frame(rows)
    banks = list(dict.fromkeys(one["bank"] for one in rows))
    table = pl.DataFrame(
        [{"bank": bank, **figures} for bank, figures in (facts or {}).items()], infer_schema_length=None
    )
    columns = score_columns(
        scorecard, given, period, facts=table if facts else None, complete=complete, banks=banks, key=key
    )
    held = Readings(({k: v for k, v in one.items() if v is not None} for one in rows), scorecard, complete=complete)
    found = {one["bank"]: one for one in columns.scores.iter_rows(named=True)}
    assert sorted(found) == sorted(banks)
    for bank in banks:
        wanted = score(scorecard, held, bank, period, facts=(facts or {}).get(bank), key=key)
        assert (found[bank]["total"], found[bank]["grade"]) == (wanted.total, wanted.grade)
        assert found[bank]["vetoes"].split() == [one.veto.id for one in wanted.fired]
        unknown = [one.veto.id for one in wanted.vetoes if one.state == "unknown"]
        assert found[bank]["unknown_vetoes"].split() == unknown
        if wanted.coverage is None:
            assert found[bank]["coverage"] is None
        else:
            assert found[bank]["coverage"] == pytest.approx(float(wanted.coverage))
    return columns, held


def area(seed, period, banks=40):
    """Return seeded readings of an area: gaps, nothing measured, rows twice, faults of others, other periods."""
    rnd, at = random.Random(seed), ReportingPeriod.parse(period)
    rows = []
    for number in range(banks):
        for indicator in CARD:
            if rnd.random() < rnd.choice([0.02, 0.3]):
                continue
            wanted = indicator.candidates(at)[1]
            when = str(rnd.choice([*wanted] * 5 + [at, at.previous]))
            lower = rnd.choice([0, 1, 2, 4, 8, 10, 100, 1000]) if indicator.is_ratio else None
            upper = rnd.choice([0, 0, 0, 1, 2, 3, 30, 31, 60, 120, 121])
            if lower is not None:
                bad = min(lower, rnd.choice([0, 0, 0, 1]))
                upper = bad if indicator.direction == "lower" else lower - bad
            party = rnd.choice([None] * 9 + ["institution", "unknown", "window"])
            rows.append(row(f"b{number}", indicator.id, upper, lower, when, fault_party=party))
            if rnd.random() < 0.03:
                rows.append({**rows[-1], "fault_party": rnd.choice([None, "unknown"]), "numerator": 0})
    rnd.shuffle(rows)
    facts = {f"b{n}": {name: rnd.choice([None, 0, *values]) for name, values in FACTS.items()} for n in range(banks)}
    complete = [
        CompletePeriod(indicator=indicator.id, period=indicator.candidates(at)[1][0])
        for indicator in CARD
        if rnd.random() < 0.1
    ]
    return rows, facts, complete


@pytest.mark.parametrize("period", ["2018-05", "2018-06", "2018-12", "2018-W23", "2018-06-30"])
@pytest.mark.parametrize("seed", range(4))
def test_columns_score_like_objects(seed, period):
    """Areas of forty banks with every kind of gap and fault: totals, grades, vetoes and coverage of all banks agree."""
    rows, facts, complete = area(seed, period)
    agree(CARD, rows, period, facts=facts, complete=complete)


@pytest.mark.parametrize("period", ["2018-05", "2018-12"])
def test_indicators_in_columns_are_those_of_the_objects(period):
    """State, share, severity, small sample and reading of every bank and indicator."""
    rows, _, complete = area(11, period)
    columns, held = agree(CARD, rows, period, complete=complete)
    table = indicator_columns(CARD, columns.cells)
    assert table.height == 32 * columns.scores.height
    scores = {bank: score(CARD, held, bank, period) for bank in columns.scores["bank"]}
    severities = set()
    for one in table.iter_rows(named=True):
        wanted = scores[one["bank"]][one["indicator"]]
        assert (one["state"], one["severity"]) == (wanted.state, wanted.severity)
        assert (one["share"], one["small_sample"]) == (wanted.share and float(wanted.share), wanted.small_sample)
        if wanted.state == "scored" and wanted.reading:
            found = rows[one["row"]]
            assert (found["numerator"], found["denominator"]) == (wanted.reading.numerator, wanted.reading.denominator)
        severities.add(one["severity"])
    assert severities == {None, "minor", "major", "severe"}


def test_severities_at_their_edges_are_exact():
    """A share of just 0.8 is no breach, however large the numbers; one part in a thousand million million less is."""
    scorecard, most = Scorecard.read(card([("X1", 100, KEPT)])), 5 * 10**17
    rows = [row(f"b{less}", "X1", most * 4 // 5 - less, most) for less in (0, 1, 2)]
    rows += [row("b3", "X1", most // 2, most), row("b4", "X1", most // 2 - 1, most), row("b5", "X1", 0, most)]
    columns = score_columns(scorecard, frame(rows), "2018-12")
    severities = indicator_columns(scorecard, columns.cells)["severity"].to_list()
    assert severities == [None, "minor", "minor", "minor", "major", "severe"]


@pytest.mark.parametrize("carry", [0, 2, 3])
def test_columns_carry_like_objects(carry):
    """However far values are carried, the latest period that says anything counts."""
    far = attrs.evolve(CARD, indicators=tuple(attrs.evolve(one, carry=carry) for one in CARD))
    rows, facts, _ = area(7, "2018-05")
    older = [one | {"period": "2017-Q4"} for one in rows if one["period"] == "2018-Q1" and int(one["bank"][1:]) % 2]
    older += [one | {"period": "2017-Q3", "numerator": 0} for one in rows if one["period"] == "2018-Q1"]
    complete = [CompletePeriod(indicator="D8", period="2017-Q4"), CompletePeriod(indicator="D5", period="2018-Q1")]
    agree(far, rows + older, "2018-05", facts=facts, complete=complete)


def test_key_institutions_score_like_objects():
    """A week read as of key institutions."""
    rows, facts, _ = area(3, "2018-W23")
    weekly = [one | {"period": "2018-W23"} for one in rows if one["indicator"] in ("C1", "C4", "C5", "A1", "D1")]
    agree(CARD, weekly, "2018-W23", facts=facts, key=True)


HALVES = card(
    [("X1", 70, KEPT), ("X2", 10, STEPS, "not_applicable"), ("Y1", 20, KEPT, "not_applicable"), ("Z1", 3, EACH)],
    [("V1", "a > 0", ("cap", "64.995")), ("V2", "b != 1", ("zero_category", "Y"))], coverage="0.3",
)  # fmt: skip
VALUES = st.sampled_from(
    [(0, 1), (1, 1), (1, 2), (1, 3), (2, 3), (13, 16), (12_999, 20_000), (0, 0), (7, 8), (1, 80_000)]
)


@QUIET
@given(
    st.lists(
        st.tuples(VALUES, st.sampled_from([None, 0, 1, 2, 3, 6]), VALUES, st.sampled_from([None, 0, 1, 4]),
                  st.sampled_from([None, 0, 1]), st.sampled_from([None, 0, 1])),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_totals_on_rounding_edges_agree(banks):
    """Totals that are exact halves of a cent, or as near as floats come: rounded like the exact fraction."""
    scorecard, rows, facts = Scorecard.read(HALVES), [], {}
    for number, (x1, x2, y1, z1, a, b) in enumerate(banks):
        rows += [row(f"b{number}", "X1", *x1), row(f"b{number}", "Y1", *y1)]
        rows += [row(f"b{number}", name, count) for name, count in (("X2", x2), ("Z1", z1)) if count is not None]
        facts[f"b{number}"] = {"a": a, "b": b}
    agree(scorecard, rows, "2018-12", facts=facts)


def test_edges_are_found_and_summed_again():
    """Every half of a cent of a plain scorecard is summed again exactly, and nothing else is."""
    scorecard = Scorecard.read(card([("X1", 100, KEPT)]))
    rows = [row(f"b{n}", "X1", n, 20_000) for n in range(20_000)]
    columns = score_columns(scorecard, frame(rows), "2018-12")
    assert columns.recomputed == 10_000
    totals = columns.scores["total"].to_list()
    assert totals == [rounded(Fraction(n, 200), 2) for n in range(20_000)]


def test_numbers_too_large_for_products_are_exact():
    """Numerators and denominators up to the greatest integer of 64 bits, nine tenths of which would overflow."""
    most = 2**63 - 1
    tenths = '{ kind = "linear", floor = "0.9", target = "1" }'
    scorecard = Scorecard.read(card([("X1", 40, tenths), ("X2", 60, STEPS)]))
    rows = [row("b1", "X1", most // 20 * 19, most), row("b1", "X2", 2), row("b2", "X1", most, most)]
    rows += [row("b2", "X2", most), row("b3", "X1", most // 20 * 11, most), row("b3", "X2", 0)]
    columns, _ = agree(scorecard, rows, "2018-12")
    assert [str(total) for total in columns.scores["total"]] == ["50.00", "40.00", "60.00"]


def test_five_columns_are_enough():
    """Without faults of others and restatements; what is declared complete counts in exact sums and severities too."""
    scorecard = Scorecard.read(card([("X1", 50, KEPT), ("X2", 30, EACH), ("X3", 20, KEPT)]))
    rows = [row("b1", "X1", 1, 10_000), row("b1", "X3", 0, 0), row("b2", "X1", 1, 2), row("b2", "X1", 1, 1)]
    given = frame(rows).select("bank", "indicator", "period", "numerator", "denominator")
    complete = [CompletePeriod(indicator=name, period="2018-12") for name in ("X2", "X3")]
    columns = score_columns(scorecard, given, "2018-12", complete=complete)
    assert [str(total) for total in columns.scores["total"]] == ["50.01", "75.00"]  # 50.005 is a half
    assert (columns.recomputed, columns.refused["row"].to_list()) == (1, [3])
    severities = indicator_columns(scorecard, columns.cells)["severity"].to_list()
    assert severities == ["major", None, None, "minor", None, None]


def test_restated_rows_give_way():
    """The last version counts; a restatement that the objects refuse is refused here too."""
    rows = [
        row("b1", "X1", 1, 2, id="r1"),
        row("b1", "X1", 3, 4, id="r2", restated_from="r1", reason="appeal"),
        row("b2", "X1", 1, 2, id="r3"),
        row("b2", "X1", 3, 4, id="r4", restated_from="r3"),
        row("b3", "X1", 1, 4, id="r5", restated_from="r9", reason="appeal"),
        row("b4", "X1", 1, 4, id="r6"),
        row("b5", "X1", 1, 4, id="r7", restated_from="r6", reason="appeal"),
        row("b6", "X1", 1, 4, id="r8", restated_from="r8", reason="of itself"),
        row("b7", "X1", 1, 2, id="r1"),
        row("b1", "X1", 1, 4, id="r10", restated_from="r1", reason="once more"),
        row("b2", "X1", 1, 4, id="r11", restated_from="r3", reason="appeal", fault_party="window"),
        row("b2", "X9", 1, 4, id="r12", restated_from="r3", reason="appeal"),
    ]
    columns, held = agree(Scorecard.read(card([("X1", 100, KEPT)])), rows, "2018-12")
    assert [str(total) for total in columns.scores["total"][:2]] == ["75.00", "50.00"]
    assert columns.refused["row"].to_list() == [one.row - 1 for one in held.refused]
    assert columns.refused["row"].to_list() == [3, 4, 6, 7, 8, 9, 10, 11]


def test_bad_rows_are_listed():
    """Each with its row and reason; the others are scored."""
    rows = [
        row("b1", "X1", 1, 2), row("b1", "X11", 1, 2), row("b2", "X1", 3, 2), row("b3", "X1", -1, 2),
        row("b4", "X1", None, 2),
        row("b5", "X1", 1), row("b6", "Z1", 1, 2), row("b7", "X1", 1, 2, fault_party="windov"), row("b1", "X1", 2, 2),
        row("b8", "X1", 1, 2, period="2018-13"), row("b9", "X1", 1, 2, period=None), row(None, "X1", 1, 2),
        row("b1", "X1", 0, 2, period="2018-11"), row("b10", "Z1", 1, -3), row("b11", None, 1, 2),
    ]  # fmt: skip
    columns = score_columns(Scorecard.read(card([("X1", 90, KEPT), ("Z1", 10, EACH)])), frame(rows), "2018-12")
    assert dict(columns.refused.iter_rows()) == {
        1: "unknown indicator", 2: "the denominator is missing or below the numerator",
        3: "the numerator is missing or below 0", 4: "the numerator is missing or below 0",
        5: "the denominator is missing or below the numerator", 6: "only a ratio has a denominator",
        7: "unknown fault party", 8: "there is a reading for the bank, indicator and period already",
        9: "no period: '2018-13'", 10: "no period: None", 11: "no bank", 13: "only a ratio has a denominator",
        14: "unknown indicator",
    }  # fmt: skip
    totals = dict(columns.scores.select("bank", "total").iter_rows())
    assert str(totals.pop("b1")) == "50.00"
    assert set(totals.values()) == {None}


def test_nothing_applicable_has_no_coverage():
    """A bank with no business at all: neither a score nor a share of it."""
    agree(Scorecard.read(card([("X1", 100, KEPT, "not_applicable")])), [row("b1", "X1", 0, 0)], "2018-12")


def test_silent_banks_are_seen():
    """A bank without any row is listed with insufficient data."""
    columns = score_columns(CARD, frame([]), "2018-12", banks=["b1", "b2"])
    assert columns.scores.select("bank", "total", "grade").rows() == [("b1", None, None), ("b2", None, None)]
    assert score_columns(CARD, frame([]), "2018-12").scores.is_empty()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: score_columns(CARD, f.drop("numerator"), "2018-12"), MissingColumn, "no column 'numerator'"),
        (lambda f: score_columns(CARD, f.cast({"numerator": pl.Float64}), "2018-12"), InvalidValue, "of integers"),
        (lambda f: score_columns(CARD, f, "2018-Q4"), InvalidValue, "the average of its months"),
        (lambda f: score_columns(attrs.evolve(CARD, since="2019-01-01"), f, "2018-12"), InvalidValue, "in force"),
        (lambda f: score_columns(CARD, f, "2018-12", facts=pl.DataFrame({"bank": ["b"], "queued": [1]})), UnknownName,
         "unknown fact 'queued'"),
        (lambda f: score_columns(CARD, f, "2018-12", facts=pl.DataFrame({"bank": ["b"], "forgeries_365d": [0.5]})),
         InvalidValue, "a column of integers"),
        (lambda f: score_columns(CARD, f, "2018-12", facts=pl.DataFrame({"bank": ["b", "b"]})),
         InvalidValue, "in one row of the figures"),
        (lambda f: score_columns(CARD, f, "2018-12", complete=[FOR_ONE]),
         InvalidValue, "declared for all banks"),
        (lambda f: score_columns(CARD, f, "2018-12", complete=[CompletePeriod(indicator="A33", period="2018-12")]),
         UnknownName, "unknown indicator 'A33'"),
    ],
)  # fmt: skip
def test_bad_columns_are_refused(call, error, message):
    """What concerns the whole frame is an error that says what was wanted."""
    with pytest.raises(error, match=message):
        call(frame([row("b", "A3", 1)]))
