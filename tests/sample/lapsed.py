"""Own training in the sample that lapses, is renewed, and is asked for anew under a new version of its rule."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import attrs
from tests.sample.desk import CLERKS, TRAINEES, YEAR, Desk
from tests.sample.flow import plain
from tests.sample.planting import Planting
from tests.sample.records.rows import RecordPlanting

from windowservice.instants import HOUR

__all__ = ["plant_lapsed", "plant_lapses"]

_KIND: Final = "S13"
_OLD, _NEW, _OTHER = "exchange-2017", "exchange-2018", "secrecy"
_VALID: Final = "6 months without roll"
_REPLACED: Final = date(YEAR, 9, 3)
_TIME_LEFT: Final = 20
"""Working days, from that day, in which the new training is to be passed."""
_RULE: Final = "own_training/trained_on_the_day"
_DAY: Final = timedelta(days=1)


@attrs.frozen
class _Trainee:
    """One clerk in training, and the day on which the clerk does a matter.

    Attributes:
        on: that day.
        passed: the trainings passed, each with the day.
        days: for how many days the clerk is not qualified then; 0 for one who just is, None if it cannot be told.
        what: what was done.
        result: what is written of a training without a day on which it was passed.
    """

    on: date
    passed: tuple[tuple[str, date | None], ...]
    days: int | None
    what: str
    result: bool | None = None


def _trainees(desk: Desk) -> list[_Trainee]:
    last = desk.window.add_workdays(_REPLACED, _TIME_LEFT)
    after = desk.window.add_workdays(last, 2)
    begun = TRAINEES[0].since
    held = date(YEAR, 8, 20)

    def on(day: int) -> date:
        return date(YEAR, 10, day)

    return [
        _Trainee(on(18), ((_NEW, date(YEAR, 4, 17)),), 1, "the day after the pass lapsed"),
        _Trainee(on(22), ((_NEW, date(YEAR, 4, 19)),), 3, "three days after the pass lapsed"),
        _Trainee(after, ((_OLD, held),), (after - last).days, "the version before, when the time for the new was over"),
        _Trainee(on(23), ((_OTHER, held),), (on(23) - begun).days + 1, "never passed, and there since August"),
        _Trainee(on(24), ((_NEW, None), (_OTHER, held)), (on(24) - begun).days + 1, "the test was failed", False),
        _Trainee(on(18), ((_NEW, date(YEAR, 4, 18)),), 0, "the last day before the pass lapses"),
        _Trainee(last, ((_OLD, held),), 0, "the version before, on the last day of the time for the new"),
        _Trainee(on(25), ((_NEW, on(25)),), 0, "passed that morning, before the matter came in"),
        _Trainee(on(26), ((_NEW, date(YEAR, 4, 16)), (_NEW, on(16))), 0, "renewed on the day on which the pass lapsed"),
        _Trainee(after, ((_OLD, held), (_NEW, last)), 0, "the new version passed on the last day of the time for it"),
        _Trainee(on(30), ((_NEW, None),), None, "nobody wrote what came of the training"),
    ]


def plant_lapsed(planting: Planting) -> None:
    """Let each trainee do a matter from submission to delivery, on one day."""
    desk = planting.desk
    for clerk, trainee in zip(TRAINEES, _trainees(desk), strict=True):
        matter = planting.keep(plain(desk, _KIND, desk.morning(trainee.on), share=0.05))
        front = matter.step("submitted").by
        for step in matter.steps:
            if step.by == front:
                step.by = clerk.id
        for kind in ("accepted", "decided"):
            key = f"{matter.id} / {kind} / {clerk.id}"
            if trainee.days is None:
                planting.cannot_tell(key, _RULE, trainee.what)
            else:
                planting.say(key, _RULE, trainee.what, wrong=trainee.days > 0, number=trainee.days)


def plant_lapses(planting: RecordPlanting) -> None:
    """Say what the kind asks for, and what the clerks passed: those who are there all year, all that they need."""
    desk = planting.desk
    asked: tuple[dict[str, Any], ...] = (
        {"training": _OLD, "since": date(YEAR - 1, 1, 1)},
        {
            "training": _NEW, "since": _REPLACED, "replaces": _OLD, "valid_for": _VALID,
            "retrain_within": f"{_TIME_LEFT} working days",
        },
    )  # fmt: skip
    for values in asked:
        planting.row("kind_trainings", "KT", service=_KIND, **values)

    def write(clerk: str, training: str, day: date | None, passed: bool | None) -> None:
        held = desk.at(day or date(YEAR, 8, 20), "08:00")
        at = None if day is None else held + HOUR // 2
        planting.row("own_trainings", "OT", clerk=clerk, training=training, held_at=held, passed=passed, passed_at=at)

    for clerk in CLERKS:
        write(clerk, _OLD, date(YEAR - 1, 12, 15), True)
        write(clerk, _NEW, date(YEAR, 8, 20), True)
    for temp, trainee in zip(TRAINEES, _trainees(desk), strict=True):
        for training, day in trainee.passed:
            write(temp.id, training, day, trainee.result if day is None else True)
