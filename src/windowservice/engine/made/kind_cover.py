"""Who is qualified for each kind of business on a day: a kind with one such clerk has a single point of failure.

A clerk is qualified whose role fits and who has, on that day, passed the training that the kind asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.domain.catalogue.service import Service
from windowservice.domain.parties import Clerk
from windowservice.engine.made.own_training import OwnTraining, Standing
from windowservice.engine.made.qualifications import STEPS, roles_wanted
from windowservice.engine.seen import Seen
from windowservice.instants import as_of_us, from_us, to_date

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["KindCover", "kind_cover"]

_LEAST: Final = 2
Answer: TypeAlias = Literal["yes", "no", "unknown"]


@attrs.frozen
class KindCover:
    """The clerks who may do one step of one kind of business on a day.

    Attributes:
        service: the kind.
        step: what they may do: accept or decide.
        qualified: those whose role fits and who have the training.
        unsure: those of whom the ledger does not say whether they are.
        lacking: those whose role fits, and who lack training, each with the trainings.
    """

    service: str
    step: str
    qualified: tuple[str, ...]
    unsure: tuple[str, ...]
    lacking: tuple[tuple[str, tuple[str, ...]], ...]

    def has(self, least: int = _LEAST) -> bool | None:
        """Return whether so many clerks are qualified; None if it cannot be told."""
        if len(self.qualified) >= least:
            return True
        return None if len(self.qualified) + len(self.unsure) >= least else False

    def __str__(self) -> str:
        named = ", ".join(self.qualified) or "nobody"
        unsure = f"; not told of {', '.join(self.unsure)}" if self.unsure else ""
        lacking = "".join(f"; {clerk} lacks {', '.join(trainings)}" for clerk, trainings in self.lacking)
        return f"{self.service} {self.step}: {named}{unsure}{lacking}"


@told
def kind_cover(engine: Engine, ledger: Ledger, day: date | str) -> tuple[KindCover, ...]:
    """Return who is qualified on a day for each kind of business offered then, to accept and to decide.

    ``[cover for cover in kind_cover(engine, ledger, day) if not cover.has(2)]`` are those that hang on one clerk, or on
    nobody, or of which that cannot be told.

    Args:
        engine: its catalogue says which roles a kind wants.
        ledger: its staff, with roles and periods, and its tables ``kind_trainings`` and ``own_trainings``.
        day: the day; what was passed by its end counts.
    """
    day = to_date(day)
    us = as_of_us(day, engine.calendar.zone)
    own = OwnTraining(Seen.of(engine, ledger, day))
    at = from_us(us - 1, engine.calendar.zone)
    present = [clerk for clerk in ledger.staff if clerk.is_on(day)]
    return tuple(
        _cover(service, step, day, present, {clerk.id: own.standings(clerk.id, service.id, at) for clerk in present})
        for service in engine.catalogue if service.is_offered(day) for step in STEPS
    )  # fmt: skip


def _cover(
    service: Service, step: str, day: date, present: Iterable[Clerk], standings: Mapping[str, list[Standing]]
) -> KindCover:
    wanted = roles_wanted(service, step)
    qualified, unsure, lacking = [], [], []
    for clerk in sorted(present, key=lambda clerk: clerk.id):
        role, trained = _role(clerk.roles_on(day), wanted), _trained(standings[clerk.id])
        if role == "yes" and trained == "no":
            missing = (s.training for s in standings[clerk.id] if not s.is_good and s.state != "not_told")
            lacking.append((clerk.id, tuple(missing)))
        elif role == trained == "yes":
            qualified.append(clerk.id)
        elif "no" not in (role, trained):
            unsure.append(clerk.id)
    return KindCover(service.id, step, tuple(qualified), tuple(unsure), tuple(lacking))


def _role(held: frozenset[str], wanted: frozenset[str]) -> Answer:
    if not wanted:
        return "yes"
    if not held:
        return "unknown"
    return "yes" if held & wanted else "no"


def _trained(standings: Iterable[Standing]) -> Answer:
    states = {found.state for found in standings if not found.is_good}
    if states - {"not_told"}:
        return "no"
    return "unknown" if states else "yes"
