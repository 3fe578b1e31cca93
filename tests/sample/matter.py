"""A matter of the sample while it is being made, and what is expected of it."""

from __future__ import annotations

from typing import Literal

import attrs

from windowservice.instants import SECOND

__all__ = ["Expected", "Matter", "Step"]


@attrs.define
class Step:
    """One event being made; instants in microseconds UTC."""

    at: int
    kind: str
    by: str | None = None
    to: str | None = None
    items: tuple[str, ...] = ()
    reason: str | None = None
    written: bool | None = None
    slip: str | None = None
    amount: str | None = None
    slot: tuple[int, int] | None = None
    score: int | None = None


@attrs.define
class Matter:
    """A request being made: its steps are edited until it is written."""

    id: str
    bank: str
    service: str
    channel: str
    amount: int | None = None
    steps: list[Step] = attrs.field(factory=list)

    def add(self, at: int, kind: str, by: str | None = None, **what: object) -> Step:
        """Add an event; of two at one instant the one added first comes first."""
        step = Step(at, kind, by)
        for name, value in what.items():
            setattr(step, name, value)
        self.steps.append(step)
        return step

    def step(self, kind: str, place: int = 0) -> Step:
        """Return the event of a kind, the first unless another place is named."""
        return [step for step in self.steps if step.kind == kind][place]

    def has(self, kind: str) -> bool:
        """Return whether there is an event of the kind."""
        return any(step.kind == kind for step in self.steps)

    def drop(self, *kinds: str) -> None:
        """Take away all events of the kinds."""
        self.steps = [step for step in self.steps if step.kind not in kinds]

    def drop_after(self, at: int) -> None:
        """Take away all events after an instant."""
        self.steps = [step for step in self.steps if step.at <= at]

    def end_at(self, at: int, *, delivered: bool = False) -> None:
        """Move the end of the matter to an instant: check before it, decision at it; or delivery at it.

        Args:
            at: when it ends.
            delivered: whether its clock ends with the delivery.
        """
        decided = at - 30 * SECOND if delivered else at
        for step in self.steps:
            if step.kind in ("checked", "authorised"):
                step.at = decided - 240 * SECOND
            elif step.kind in ("decided", "delivered"):
                step.at = at if delivered and step.kind == "delivered" else decided
        self.drop("rated", "closed")

    @property
    def ordered(self) -> list[Step]:
        """The events in the order in which they happened."""
        return sorted(self.steps, key=lambda step: step.at)


@attrs.frozen
class Expected:
    """One verdict that follows from how a matter was made.

    Attributes:
        request: id of the matter.
        rule: full name of the rule.
        kind: "fault", "near_miss" or "unknown".
        verdict: what the rule has to say.
        number: by how much it is missed, where that is a number.
        late_us: by how much it is missed, where that is real time, in microseconds.
        what: what was done to the events.
    """

    request: str
    rule: str
    kind: Literal["fault", "near_miss", "unknown"]
    verdict: Literal["fail", "pass", "not_applicable", "unknown"]
    number: int | None
    late_us: int | None
    what: str
