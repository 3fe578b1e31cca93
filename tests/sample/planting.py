"""Planting: matters in order, spoilt by editing their events, each with what follows from the edit.

What is expected is computed from where the event was put, by calendar arithmetic; no rule is ever asked.
"""

from __future__ import annotations

from typing import Final, Literal

from tests.sample.desk import Clock, Desk
from tests.sample.flow import clock_of
from tests.sample.matter import Expected, Matter

__all__ = ["STATUTE_BOUND", "Planting"]

STATUTE_BOUND: Final = ("S16", "S19")


class Planting:
    """What has been planted so far.

    Attributes:
        desk: where the matters are made.
        until: the end of what is seen, in microseconds UTC.
        matters: the matters, spoilt or nearly so.
        expected: what follows for which rule.
    """

    def __init__(self, desk: Desk, until: int) -> None:
        self.desk = desk
        self.until = until
        self.matters: list[Matter] = []
        self.expected: list[Expected] = []

    def keep(self, matter: Matter) -> Matter:
        """Take a matter in."""
        self.matters.append(matter)
        return matter

    def fault(
        self, matter: Matter, rule: str, what: str, *, number: int | None = None, late: int | None = None
    ) -> None:
        """Say that the matter breaks a rule, by a number or by real time in microseconds."""
        self.expected.append(Expected(matter.id, rule, "fault", "fail", number, late, what))

    def near(self, matter: Matter, rule: str, what: str, verdict: Literal["pass", "not_applicable"] = "pass") -> None:
        """Say that the matter comes close to breaking a rule, and does not."""
        self.expected.append(Expected(matter.id, rule, "near_miss", verdict, None, None, what))

    def unknown(self, matter: Matter, rule: str, what: str) -> None:
        """Say that a rule cannot tell, because something that it needs is missing."""
        self.cannot_tell(matter.id, rule, what)

    def cannot_tell(self, key: str, rule: str, what: str) -> None:
        """Say the same of a record that is made from matters."""
        self.expected.append(Expected(key, rule, "unknown", "unknown", None, None, what))

    def say(
        self, key: str, rule: str, what: str, *, wrong: bool, number: int | None = None, late: int | None = None
    ) -> None:
        """Say of a record that is made from matters whether it breaks a rule, or nearly does.

        Args:
            key: the key of the record; one that begins with the id of a matter keeps it.
            rule: the rule.
            what: what was done.
            wrong: whether it breaks the rule.
            number: by how much.
            late: by how much real time, in microseconds.
        """
        if wrong:
            self.expected.append(Expected(key, rule, "fault", "fail", number, late, what))
        else:
            self.expected.append(Expected(key, rule, "near_miss", "pass", None, None, what))

    def ended(
        self, matter: Matter, done: int | None, what: str, *, clock: Clock | None = None, statute: Clock | None = None
    ) -> None:
        """Say which limits the matter breaks by when it ended, or by not having ended at all.

        Args:
            matter: the matter.
            done: when its clock ended; None if it never did.
            what: what was done.
            clock: the clock of its commitment, if it is not that of a matter in order.
            statute: the same for the statute.
        """
        clock = clock or clock_of(self.desk, matter)
        end = self.until if done is None else done
        limits = [("commitment/commitment_kept", clock.due), ("commitment/finished_before_at_risk", clock.risk)]
        if matter.service in STATUTE_BOUND:
            limits.append(("in_time/statute_kept", (statute or clock_of(self.desk, matter, "statute")).due))
        for rule, due in limits:
            if end > due:
                self.fault(matter, rule, what, late=end - due)
