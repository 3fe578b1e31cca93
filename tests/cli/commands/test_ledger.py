"""``windowservice ledger template``: a branch begins a ledger of its own, without a line of Python."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["branch.xlsx", "branch"])
def test_a_template_as_written_says_that_nothing_could_be_evaluated(run, tmp_path: Path, name: str) -> None:
    """It is read without a complaint, and its audit is not clean: exit code 3."""
    assert run("ledger", "template", tmp_path / name).exit_code == 0
    result = run("audit", tmp_path / name, "--as-of", "2018-06-30")
    assert result.exit_code == 3
    assert "NOTHING COULD BE EVALUATED" in result.stdout
    assert "rejected" in result.stdout
    assert " + 1 rejected" not in result.stdout


def test_it_says_what_was_written(run, tmp_path: Path) -> None:
    """One file a line; chosen tables alone, and nothing a second time unless told."""
    words = ("ledger", "template", tmp_path / "few", "--tables", "requests,events", "--tables", "messages")
    result = run(*words)
    names = [Path(line).name for line in result.stdout.splitlines()]
    assert names == ["ledger.toml", "mapping.toml", "README.txt", "requests.csv", "events.csv", "messages.csv"]
    again = run(*words)
    assert again.exit_code == 2
    assert "requests.csv" in again.stderr
    assert run(*words, "--overwrite").exit_code == 0


def test_a_name_that_is_not_known_offers_the_nearest(run, tmp_path: Path) -> None:
    """Of a table, and of a file to start from; nothing is written."""
    for words, meant in ((("--tables", "mesages"), "messages"), (("--with", "lader"), "ladder")):
        result = run("ledger", "template", tmp_path / "new", *words)
        assert result.exit_code == 2
        assert f"did you mean '{meant}'" in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_branch_replaces_hours_ladder_and_catalogue_by_files_of_its_own(run, ledger: Path) -> None:
    """Written beside its ledger, changed in an editor, and used: no Python."""
    added = run("ledger", "template", ledger, "--tables", "none", "--with", "catalogue,hours,ladder")
    assert sorted(Path(line).name for line in added.stdout.splitlines()) == [
        "catalogue.toml", "hours.toml", "ladder.toml",
    ]  # fmt: skip
    words = ("--as-of", "2018-05-15T09:00+08:00", "--show", "all", "--limit", "0", "--rules", "commitment_kept")
    before = run("audit", ledger, *words).stdout
    assert "due 2018-05-11 17:00" in before  # R-1, five working days
    settings = ledger / "ledger.toml"
    settings.write_text(settings.read_text("utf-8") + '[calendar]\nfile = "hours.toml"\n', "utf-8")
    hours = (ledger / "hours.toml").read_text("utf-8")
    (ledger / "hours.toml").write_text(hours.replace("13:30-17:00", "13:30-18:00"), "utf-8")
    assert "due 2018-05-11 18:00" in run("audit", ledger, *words).stdout
    catalogue = (ledger / "catalogue.toml").read_text("utf-8")
    changed = catalogue.replace('"5 working days"', '"2 working days"')
    assert changed != catalogue
    (ledger / "catalogue.toml").write_text(changed, "utf-8")
    assert "due 2018-05-08 18:00" in run("audit", ledger, *words, "--catalogue", ledger / "catalogue.toml").stdout


def test_a_branch_replaces_ladder_and_scorecard_by_files_of_its_own(run, tmp_path: Path) -> None:
    """A ladder with another count, named in ledger.toml; a scorecard with other bounds, named on the command."""
    folder = tmp_path / "bank"
    folder.mkdir()
    (folder / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    (folder / "banks.csv").write_text("id,name\nB1,First Bank\n", "utf-8")
    times = ("2018-03-05 17:15", "2018-04-11 17:15", "2018-06-20 17:15")
    rows = "".join(f"Q{place},B1,queued_at_close,{at}\n" for place, at in enumerate(times))
    (folder / "occurrences.csv").write_text(f"id,bank,kind,happened_at\n{rows}", "utf-8")
    (folder / "readings.csv").write_text(
        "id,bank,indicator,period,numerator,denominator\nG1,B1,C1,2018-05,98,100\n", "utf-8"
    )
    assert run("ledger", "template", folder, "--tables", "none", "--with", "ladder,scorecard").exit_code == 0

    words = ("actions", folder, "--as-of", "2018-06-30")
    assert "E50" in run(*words).stdout  # more than two in a year
    _change(
        folder / "ladder.toml", "bank_period.queued_at_close > figure.many_queued", "bank_period.queued_at_close > 3"
    )
    assert "E50" in run(*words).stdout  # not yet named in ledger.toml
    (folder / "ledger.toml").write_text('zone = "Asia/Shanghai"\nladder = "ladder.toml"\n', "utf-8")
    changed = run(*words).stdout
    assert "E50" not in changed
    assert "E34" in changed

    score = ("score", folder, "--bank", "B1", "--period", "2018-05")
    assert "full from 1, none from 0.95" in run(*score).stdout
    _change(folder / "scorecard.toml", 'floor = "0.95", target = "1"', 'floor = "0.9", target = "0.98"')
    assert "full from 0.98, none from 0.9" in run(*score, "--scorecard", folder / "scorecard.toml").stdout


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
