"""What the library ships as data, as a start for a branch's own."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

import windowservice as ws
from windowservice.domain.duties.duties import Duties
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import UnknownName
from windowservice.rules.escalation.ladder import Ladder
from windowservice.rules.indicators import Indicator
from windowservice.rules.starts import STARTS, starts


@pytest.mark.parametrize(
    ("name", "read", "default", "value"),
    [
        ("catalogue", ws.Catalogue.from_toml, ws.Catalogue.default, attrs.asdict),
        ("scorecard", Scorecard.read, Scorecard.default, attrs.asdict),
        ("duties", Duties.from_toml, Duties.default, list),
        ("ladder", Ladder.read, Ladder.default, repr),  # conditions have no plain equality
        ("indicators", Indicator.read, Indicator.default, repr),
    ],
)
def test_a_start_is_the_librarys_own_until_it_is_changed(name, read, default, value, tmp_path):
    """Read from the file that is written, it says what the library says by itself."""
    (tmp_path / STARTS[name].file).write_text(starts(name)[STARTS[name].file], "utf-8")
    assert value(read(tmp_path / STARTS[name].file)) == value(default())


def test_the_hours_to_start_from_are_chinas_workdays(tmp_path):
    """Open on a make-up Saturday, closed on a holiday; a day of the branch taken out of its comments is closed too."""
    text = starts("hours")["hours.toml"]
    (tmp_path / "hours.toml").write_text(text, "utf-8")
    calendar = ws.WorkCalendar.from_toml(tmp_path / "hours.toml")
    assert [calendar.is_workday(day) for day in ("2018-04-28", "2018-04-30")] == [True, False]
    changed = text.replace("# [closed]", "[closed]").replace('# "2018-03-08', '"2018-03-08')
    (tmp_path / "own.toml").write_text(changed, "utf-8")
    assert not ws.WorkCalendar.from_toml(tmp_path / "own.toml").is_workday(date(2018, 3, 8))


def test_every_start_says_how_it_is_used():
    """At its head, in one line that can be copied."""
    for name, start in STARTS.items():
        assert f"# Used by: {start.used}" in starts(name)[start.file]


def test_an_unknown_start_offers_the_nearest():
    """As every name does."""
    with pytest.raises(UnknownName, match="did you mean 'ladder'"):
        starts("lader")
