"""Own training in the sample: a week in which changing an account asks for training, and who passed it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.sample.desk import CLERKS, SEASONAL, YEAR
from tests.sample.flow import plain
from tests.sample.planting import Planting
from tests.sample.records.rows import RecordPlanting

__all__ = ["plant_own_training", "plant_trainings"]

_RULE: Final = "own_training/trained_on_the_day"
_KIND: Final = "S02"
_TRAINING: Final = "account-changes"
_WEEK: Final = (date(YEAR, 11, 19), date(YEAR, 11, 23))
"""From Monday to Friday, in a month in which nothing else is planted."""
_UNTRAINED, _JUST, _UNTOLD = (SEASONAL[place].id for place in (5, 7, 9))
"""One who never passed it, one who passed it in the second of the first acceptance, one of whom nothing is written."""
_AT: Final = "09:00"
_ACCEPTED: Final = 6
"""Open minutes from submission to acceptance."""


def plant_own_training(planting: Planting) -> None:
    """Let three clerks change accounts in that week."""
    for place in range(3):
        day = _WEEK[0] + timedelta(days=place)
        _changed(planting, _UNTRAINED, day, "fault", place + 1)
        _changed(planting, _JUST, day, "near_miss")
    _changed(planting, _UNTOLD, _WEEK[0], "unknown")


def _changed(planting: Planting, clerk: str, day: date, kind: str, number: int | None = None) -> None:
    desk = planting.desk
    submitted = desk.at(day, _AT)
    matter = planting.keep(plain(desk, _KIND, submitted))
    front = matter.step("submitted").by
    for step in matter.steps:
        step.by = clerk if step.by == front else step.by
    matter.step("accepted").at = desk.after(_KIND, submitted, _ACCEPTED)
    matter.end_at(desk.after(_KIND, submitted, 60))
    matter.step("delivered").at = desk.after(_KIND, submitted, 61)
    for act in ("accepted", "decided"):
        key = f"{matter.id} / {act} / {clerk}"
        if kind == "unknown":
            planting.cannot_tell(key, _RULE, "no training of the clerk is written down")
        else:
            what = "never passed the training that is asked for" if kind == "fault" else "passed it in that second"
            planting.say(key, _RULE, what, wrong=kind == "fault", number=number)


def plant_trainings(planting: RecordPlanting) -> None:
    """Write down what is asked for, and who passed it."""
    desk = planting.desk
    planting.row("kind_trainings", "KT", service=_KIND, training=_TRAINING, since=_WEEK[0], until=_WEEK[1])
    first = desk.after(_KIND, desk.at(_WEEK[0], _AT), _ACCEPTED)
    held = desk.at(date(YEAR, 1, 16), "14:00")
    passed = dict.fromkeys(CLERKS, (_TRAINING, held)) | {_JUST: (_TRAINING, first), _UNTRAINED: ("seals", held)}
    for clerk, (training, at) in passed.items():
        planting.row("own_trainings", "OT", clerk=clerk, training=training, held_at=held, passed=True, passed_at=at)
