"""Scorecards: the default one, all contradictions at once with their paths, editions by date."""

from __future__ import annotations

import pickle
import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources

import attrs
import pytest

from windowservice.domain.scorecard.indicators import Linear
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard, Scorecards
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName

SMALL = """
schema_version = 1
id = "small"
version = "1"
zh = "小"
en = "small"
total_points = "10"
min_coverage = "0.6"
basis = "ours"
severities = { minor_below = "0.8", major_below = "0.5", basis = "ours" }
bands = [{ grade = "A", min = "8" }, { grade = "B", min = "5" }, { grade = "C", min = "0" }]

[sources]
ours = { text = "Notice no. 3", issued = 2018-01-02, mark = "known" }

[[facts]]
id = "queued_365d"
zh = "排队"
en = "Queued"
unit = "count"

[[vetoes]]
id = "V1"
zh = "否"
en = "veto"
when = "queued_365d > 2"
cap = "4"
basis = "ours"

[[categories]]
id = "X"
zh = "甲"
en = "one"
points = "6"
basis = "ours"

[[categories]]
id = "Y"
zh = "乙"
en = "two"
points = "4"
basis = "ours"

[[indicators]]
id = "X1"
category = "X"
zh = "及时率"
en = "in time"
numerator = "in time"
denominator = "all"
unit = "ratio"
direction = "higher"
form = { kind = "linear", floor = "0.90", target = "1" }
points = "6"
basis = "ours"

[[indicators]]
id = "Y1"
category = "Y"
zh = "中断"
en = "outage"
numerator = "minutes"
unit = "minute"
direction = "lower"
form = { kind = "steps", steps = [["0", "1"], ["30", "0.5"]] }
points = "4"
basis = { text = "written out", mark = "assumption" }
"""


def problems(*changes):
    """Return the paths and messages for the small scorecard with some texts replaced."""
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(InvalidDocument) as caught:
        Scorecard.read(text)
    return dict(caught.value.problems)


def test_the_default_is_that_of_the_domain():
    """4 categories, 32 indicators, 4 vetoes, bands at 90, 80, 65 and 0; no figure of it is verified."""
    card = Scorecard.default()
    assert [(row.id, row.points) for row in card.categories] == [("A", 25), ("B", 25), ("C", 30), ("D", 20)]
    assert [row.id for row in card] == [f"{category}{number}" for category in "ABCD" for number in range(1, 9)]
    assert [(row.grade, row.min) for row in card.bands] == [("A", 90), ("B", 80), ("C", 65), ("D", 0)]
    assert [(row.id, row.when, row.cap, row.zero_category) for row in card.vetoes] == [
        ("V1", "queued_at_close_365d > 2", 59, None),
        ("V2", "longest_outage_365d > 480", 59, None),
        ("V3", "immediate_filings_missed > 0", None, "D"),
        ("V4", "forgeries_365d > 0", 0, None),
    ]
    assert {row.basis.mark for row in (*card.indicators, *card.categories, *card.vetoes)} == {"assumption"}
    assert card.min_coverage == Decimal("0.6")


@pytest.mark.parametrize(
    ("indicator", "form", "points", "frequency", "zero"),
    [
        ("A1", "linear from 0 at 0.0278 to full at 0.0046", "4", "month", "not_applicable"),
        ("A3", "0.5 off for each", "3", "month", "full_points"),
        ("A5", "linear from 0 at 0.0005 to full at 0", "4", "month", "not_applicable"),
        ("B3", "4 off for each", "4", "month", "full_points"),
        ("C1", "linear from 0 at 0.95 to full at 1", "6", "month", "not_applicable"),
        ("D1", "1 up to 0, 0.8 up to 30, 0.5 up to 60, 0.2 up to 120, beyond 0", "4", "month", "full_points"),
        ("D4", "linear from 0 at 0.90 to full at 1", "3", "quarter", "not_applicable"),
        ("D6", "linear from 0 at 0.50 to full at 1", "2", "year", "not_applicable"),
        ("D8", "1 off for each", "2", "quarter", "full_points"),
    ],
)
def test_figures_of_the_default(indicator, form, points, frequency, zero):
    """Some of the 32, as the domain data have them."""
    row = Scorecard.default()[indicator]
    found = (str(row.form), row.points, row.frequency, row.zero_denominator)
    assert found == (form, Decimal(points), frequency, zero)


def test_no_figure_of_the_default_is_a_float():
    """All figures of the file are integers and texts: TOML would read 0.1 as a binary float."""
    text = resources.files("windowservice.domain.scorecard").joinpath("scorecard.toml").read_text("utf-8")

    def floats(value):
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return isinstance(value, float) or any(map(floats, inside))

    assert not floats(tomllib.loads(text))


def test_a_branch_writes_its_own():
    """A file of two indicators is a scorecard, with its own sources; it travels and is told apart by its hash."""
    card = Scorecard.read(SMALL)
    assert (len(card), card["X1"].form, card["X1"].basis.text) == (2, Linear("0.90", "1"), "Notice no. 3")
    assert card["Y1"].basis.mark == "assumption"
    assert pickle.loads(pickle.dumps(card)) == card
    assert Scorecard.read("# the same\n" + SMALL).content_hash == card.content_hash
    assert Scorecard.read(SMALL.replace('"0.90"', '"0.91"')).content_hash != card.content_hash
    assert Scorecard.read(SMALL.replace('["30", "0.5"]', '["31", "0.5"]')).content_hash != card.content_hash
    with pytest.raises(UnknownName, match=r"indicator 'X11' \(did you mean 'X1'\?\)"):
        card["X11"]


def test_a_file_is_read_by_its_path(tmp_path):
    """The path of a file stands in the message of what is wrong with it."""
    file = tmp_path / "branch.toml"
    file.write_text(SMALL.replace('cap = "4"', "cap = 4.5"), "utf-8")
    with pytest.raises(InvalidDocument, match=r"branch\.toml: this is not a scorecard: vetoes\[0\]\.cap"):
        Scorecard.read(file)
    file.write_text(SMALL.replace('points = "6"\nbasis', 'points = "7"\nbasis', 1), "utf-8")
    with pytest.raises(InvalidDocument, match=r"branch\.toml: this is not a scorecard:\n"):
        Scorecard.read(file)


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ('kind = "linear"', 'kind = "liner"', "indicators[0].form", "unknown form 'liner' (did you mean 'linear'?)"),
        ('kind = "linear", ', "", "indicators[0].form", "a table with its kind"),
        ('floor = "0.90"', "floor = 0.9", "indicators[0].form.floor", "as in '12.50', got 0.9 (float)"),
        ('floor = "0.90"', 'flor = "0.90"', "indicators[0].form", "unknown key 'flor' (did you mean 'floor'?)"),
        ('target = "1"', 'target = "0.8"', "indicators[0]", "direction must be 'lower', as its form says"),
        ('target = "1"', 'target = "0.90"', "indicators[0].form", "another figure than the floor"),
        ('"0.5"]]', '"0.5"], ["20", "0.2"]]', "indicators[1].form", "above the bound before it"),
        ('"0.5"]]', '"0.5"], 7]', "indicators[1].form.steps[2]", "a pair of bound and share"),
        ('["30", "0.5"]', '["30", 0.5]', "indicators[1].form.steps[1]", "got 0.5 (float)"),
        ('unit = "minute"', 'unit = "minutes"', "indicators[1].unit", "(did you mean 'minute'?)"),
        ('denominator = "all"\n', "", "indicators[0]", "X1: denominator must be stated for a ratio"),
        ('id = "Y1"', 'id = "X1"', "indicators[1].id", "'X1' stands twice"),
        ('category = "Y"', 'category = "Z"', "indicators[1].category", "unknown category 'Z'"),
        ('id = "Y"', 'id = "X"', "categories[1].id", "'X' stands twice"),
        ('en = "one"\npoints = "6"', 'en = "one"\npoints = "5"', "categories[0].points", "5 given"),
        ('total_points = "10"', 'total_points = "100"', "total_points", "100 given, they add up to 10"),
        ('min = "5"', 'min = "9"', "bands[1].min", "must be below the band above it (8), got 9"),
        ('min = "0"', 'min = "1"', "bands[2].min", "leaves a gap: totals from 0 to 1 have no grade"),
        ('min = "8"', 'min = "11"', "bands[0].min", "is never reached"),
        ('grade = "B"', 'grade = "A"', "bands[1].grade", "'A' stands twice"),
        ("queued_365d > 2", "queued_356d > 2", "vetoes[0].when", "(did you mean 'queued_365d'?)"),
        ("queued_365d > 2", "queued_365d over 2", "vetoes[0]", "a condition 'fact operator number'"),
        ("queued_365d > 2", "__import__('os') > 2", "vetoes[0]", "a condition 'fact operator number'"),
        ('cap = "4"', 'cap = "4"\nzero_category = "X"', "vetoes[0]", "and not both"),
        ('cap = "4"', 'zero_category = "Z"', "vetoes[0].zero_category", "unknown category 'Z'"),
        ('min_coverage = "0.6"', 'min_coverage = "1.6"', "min_coverage", "above 0 and at most 1"),
        ('major_below = "0.5"', 'major_below = "0.9"', "severities", "rising, above 0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(old, new, path, message):
    """Each fault of a file with where it stands and what to write."""
    assert message in problems((old, new))[path]


def test_all_faults_come_at_once():
    """What cannot be read is listed together, and so is what contradicts."""
    assert len(problems(('floor = "0.90"', "floor = 0.9"), ('cap = "4"', "cap = 4.0"), ('min = "5"', "min = 5.0"))) == 3
    found = problems(
        ('total_points = "10"', 'total_points = "9"'), ('min = "0"', 'min = "1"'), ("queued_365d >", "queue >")
    )
    assert set(found) == {"total_points", "bands[2].min", "vetoes[0].when"}


def test_a_scorecard_without_bands_is_none():
    """A scorecard grades."""
    with pytest.raises(InvalidDocument, match="bands: must hold at least one band"):
        attrs.evolve(Scorecard.read(SMALL), bands=())


@pytest.mark.parametrize(
    ("total", "grade"), [("10", "A"), ("8.00", "A"), ("7.99", "B"), ("5", "B"), ("4.99", "C"), ("0", "C")]
)
def test_bands_are_read_top_down(total, grade):
    """A total just at the least of a band has its grade."""
    assert Scorecard.read(SMALL).grade(Decimal(total)) == grade


def test_the_edition_of_the_first_day_holds():
    """A period is scored by what was in force on its first day; days without an edition are refused."""
    card = Scorecard.read(SMALL)
    old = attrs.evolve(card, version="old", since="2018-01-01", until="2018-06-14")
    new = attrs.evolve(card, version="new", since="2018-06-15")
    editions = Scorecards([new, old])
    assert editions.in_force(ReportingPeriod.parse("2018-06")).version == "old"
    assert editions.in_force(ReportingPeriod.parse("2018-07")).version == "new"
    assert editions.in_force(ReportingPeriod.parse("2018-06-15")).version == "new"
    with pytest.raises(InvalidValue, match="one for which a scorecard is in force"):
        editions.in_force(ReportingPeriod.parse("2017-12"))
    with pytest.raises(InvalidValue, match="before small new is in force"):
        Scorecards([attrs.evolve(old, until=None), new])
    with pytest.raises(InvalidDocument, match="until: must not be before since"):
        attrs.evolve(card, since="2018-06-15", until=date(2018, 6, 14))


def test_severity_is_by_share():
    """Below 0.8 minor, below 0.5 major, none of the points severe; at an edge the milder holds."""
    from fractions import Fraction

    of = Scorecard.default().severities.of
    shares = ["1", "4/5", "7/9", "1/2", "49/100", "1/1000", "0"]
    assert [of(Fraction(share)) for share in shares] == [None, None, "minor", "minor", "major", "major", "severe"]
