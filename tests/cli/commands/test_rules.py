"""``windowservice rules``: what is asked, and on what basis."""

from __future__ import annotations

import json

import pytest

import windowservice as ws


def test_all_rules_are_listed_with_how_far_they_are_verified(run) -> None:
    """Each rule has a line with severity, mark of its source, marks of its figures, and title."""
    engine = ws.Engine.load()
    said = run("rules").stdout
    for loaded in engine.rules:
        line = next(line for line in said.splitlines() if line.split()[:1] == [loaded.name])
        assert loaded.rule.severity in line
        assert loaded.rule.title["en"] in line
    assert "assumption" in said


@pytest.mark.parametrize("name", ["commitment_kept", "commitment/commitment_kept"])
def test_one_rule_is_shown_whole(run, name: str) -> None:
    """By its own name or its full one: titles, conditions, basis, and the figures with day and basis."""
    said = run("rules", name, "--on", "2018-06-30").stdout
    for part in (
        "在公开承诺时限内办结",
        "requires",
        "when",
        "article 36",
        "2018-01-01",
        "5 working days",
        "[assumption]",
    ):
        assert part in said


def test_a_pack_is_listed(run) -> None:
    """By the name of a pack, its rules are listed."""
    said = run("rules", "told_once", "--lang", "zh").stdout
    assert "told_once/all_told_at_once" in said
    assert "commitment" not in said


def test_json_holds_every_rule_with_its_figures(run) -> None:
    """The document is one, and the figures in force on a day are at most one for each key."""
    document = json.loads(run("rules", "--format", "json", "--on", "2018-06-30").stdout)
    assert document["format"] == "windowservice.rules"
    assert len(document["rules"]) == len(ws.Engine.load().rules)
    kept = next(rule for rule in document["rules"] if rule["name"] == "commitment/commitment_kept")
    commitment = next(figure for figure in kept["figures"] if figure["name"] == "commitment")
    assert {"key": "S10", "since": "2018-01-01", "value": "5 working days"}.items() <= next(
        value for value in commitment["values"] if value["key"] == "S10"
    ).items()
    keys = [value["key"] for value in commitment["values"]]
    assert len(keys) == len(set(keys))


def test_before_its_first_day_a_figure_has_no_value(run) -> None:
    """On a day before any commitment none is shown."""
    document = json.loads(run("rules", "commitment_kept", "--format", "json", "--on", "1999-01-01").stdout)
    commitment = next(figure for figure in document["rules"][0]["figures"] if figure["name"] == "commitment")
    assert commitment["values"] == []


def test_a_slip_is_answered_with_the_nearest(run) -> None:
    """An unknown rule or a wrong day ends with 2."""
    result = run("rules", "comitment_kept")
    assert (result.exit_code, "did you mean 'commitment_kept'" in result.stderr) == (2, True)
    assert run("rules", "--on", "June").exit_code == 2
