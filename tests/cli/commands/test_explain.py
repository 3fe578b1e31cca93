"""``windowservice explain``: the whole case."""

from __future__ import annotations

from pathlib import Path

AS_OF = "2018-05-15T09:00+08:00"


def test_one_rule_is_explained(run, ledger: Path) -> None:
    """With a rule, its values, figures, clock and timeline are shown, whatever the verdict."""
    said = run("explain", ledger, "R-1", "commitment_kept", "--as-of", AS_OF)
    assert said.exit_code == 0
    for part in (
        "FAIL (major)",
        "what was read",
        "figure commitment[S10] = 5 working days",
        "timeline",
        "calendar window",
    ):
        assert part in said.stdout
    assert "PASS" in run("explain", ledger, "R-2", "commitment_kept", "--as-of", AS_OF).stdout


def test_without_a_rule_all_that_failed_is_explained(run, ledger: Path) -> None:
    """All verdicts are listed, and every failure is explained."""
    said = run("explain", ledger, "R-3", "--as-of", AS_OF, "--lang", "zh").stdout
    assert "told_once/told_once  FAIL (major)" in said
    assert "told_once/all_told_at_once  FAIL (major)" in said
    assert "一次性告知" in said


def test_a_slip_in_key_or_rule_is_answered_with_the_nearest(run, ledger: Path) -> None:
    """An unknown request or rule ends with 2 and offers what is near."""
    for words, near in ((("R-11",), "R-1"), (("R-1", "comitment_kept"), "commitment_kept")):
        result = run("explain", ledger, *words, "--as-of", AS_OF)
        assert result.exit_code == 2
        assert f"did you mean '{near}'" in result.stderr


def test_a_later_cycle_is_named_by_its_number(run, write) -> None:
    """A reopened matter is one case for each cycle."""
    events = (
        "request,at,kind,by\nR-1,2018-05-03 09:00,submitted,wang\nR-1,2018-05-03 09:10,accepted,wang\n"
        "R-1,2018-05-04 09:00,decided,li\nR-1,2018-05-07 09:00,reopened,wang\nR-1,2018-05-08 09:00,decided,li\n"
    )
    path = write(events=events)
    assert "R-1#2" in run("explain", path, "R-1#2", "--as-of", AS_OF).stdout
    assert "R-1#2" not in run("explain", path, "R-1", "--as-of", AS_OF).stdout
    assert run("explain", path, "R-1#3", "--as-of", AS_OF).exit_code == 2


def test_a_turn_of_a_duty_is_explained_by_its_key(run, tmp_path: Path) -> None:
    """What is made of the whole ledger has a key too, and is explained like a request."""
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    (tmp_path / "banks.csv").write_text("id,participation\nB1,direct\n", "utf-8")
    (tmp_path / "duties.csv").write_text("id,since\ninspect_quarterly,2018-01-01\n", "utf-8")
    (tmp_path / "inspections.csv").write_text("id,bank,at\nI1,B1,2018-05-03 10:00\n", "utf-8")
    said = run("explain", tmp_path, "inspect_quarterly / 2018-Q1 / B1", "--as-of", "2018-05-04")
    assert said.exit_code == 0
    assert "inspected_in_turn" in said.stdout
    assert "2018-04-01 00:00" in said.stdout
