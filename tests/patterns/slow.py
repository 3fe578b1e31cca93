"""What each pattern means, by loops over a list of steps; it borrows nothing from the library.

A truth is True, False, None where nobody can tell, or WAITS where a time has not run out. A step is a tuple: when,
what, by whom (None if nobody wrote it down) and how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

Truth = Any
Step = tuple[datetime, str, str | None, int]
Wants = Callable[[int], Truth]
Half = tuple[list[Truth], bool]
"""What each step that activates a pattern has of what is wanted, and whether a later step can still give it."""

WAITS = "waits"


def every(truths: Sequence[Truth]) -> Truth:
    return next((state for state in (False, None, WAITS) if any(one is state for one in truths)), True)


def some(truths: Sequence[Truth]) -> Truth:
    return next((state for state in (True, None, WAITS) if any(one is state for one in truths)), False)


def opposite(truth: Truth) -> Truth:
    return not truth if isinstance(truth, bool) else truth


class Slow:
    """The patterns over one history.

    Args:
        steps: what happened, in order, as far as one can know as of the instant judged.
        as_of: that instant.
        same: whether the two have to be by one person, the second speaking of at least as much as the first.
        after: how long must lie between the two at least.
        within: how long may lie between them at most.
    """

    def __init__(
        self, steps: Sequence[Step], as_of: datetime, *, same: bool, after: timedelta | None, within: timedelta | None
    ) -> None:
        self.steps, self.as_of, self.same, self.after, self.within = steps, as_of, same, after, within

    def number(self, kind: str) -> int:
        return [step[1] for step in self.steps].count(kind)

    def halves(self, name: str, a: str, b: str) -> list[Half]:
        """Return the halves of a pattern of two: one, or two if it goes both ways."""
        bare = name.removeprefix("not_")
        both = {
            "co_existence": ("responded_existence", "responded_existence"),
            "succession": ("response", "precedence"),
        }
        form = next((one for one in ("alternate", "chain") if bare.startswith(one)), "")
        kind = bare.removeprefix(f"{form}_") if form else bare
        parts: list[list[Truth]] = []
        for place, part in enumerate(both.get(kind, (kind,))):
            first, second, turned = (b, a, True) if place and part == "responded_existence" else (a, b, place == 1)
            parts.append(self._part(part, form, first, second, turned=turned))
        later = [part in ("responded_existence", "response") for part in both.get(kind, (kind,))]
        if name.startswith("not_"):
            return [([opposite(one) for one in part], False) for part in parts]
        # with a time, whether an answer comes is decided when it has run out
        open_still = [can and self.within is None for can in later]
        return list(zip(parts, open_still, strict=True))

    def _part(self, part: str, form: str, a: str, b: str, *, turned: bool) -> list[Truth]:
        active = b if part == "precedence" else a
        wants: dict[str, Wants] = {
            "response": lambda at: self._followed(at, a, b, form, turned),
            "precedence": lambda at: self._preceded(at, a, b, form, turned),
            "responded_existence": lambda at: some(
                [self._preceded(at, b, a, "", turned, itself=True), self._followed(at, a, b, "", turned)]
            ),
        }
        return [wants[part](at) for at, step in enumerate(self.steps) if step[1] == active]

    def _fits(self, at: int, other: int, kind: str, turned: bool) -> Truth:
        """Return whether another step is of a kind and fits the one that activates, but for the longest time."""
        mine, theirs = self.steps[at], self.steps[other]
        tests: list[Truth] = [theirs[1] == kind]
        if self.same:
            first, second = (theirs, mine) if turned else (mine, theirs)
            tests.append(None if first[2] is None or second[2] is None else first[2] == second[2])
            tests.append(second[3] >= first[3])
        if self.after is not None:
            tests.append(abs(theirs[0] - mine[0]) >= self.after)
        return every(tests)

    def _followed(self, at: int, a: str, b: str, form: str, turned: bool) -> Truth:
        begun = self.steps[at][0]
        for other in range(at + 1, len(self.steps)):
            fits = self._fits(at, other, b, turned)
            stops = form == "chain" or (form == "alternate" and self.steps[other][1] == a)
            if fits is False and not stops:
                continue
            if fits is None and not stops:
                return None
            in_time = self.within is None or self.steps[other][0] - begun <= self.within
            return fits if fits is None else every([in_time, fits])
        if self.within is None:
            return False
        return WAITS if self.as_of <= begun + self.within else False

    def _preceded(self, at: int, a: str, b: str, form: str, turned: bool, *, itself: bool = False) -> Truth:
        for other in range(at if itself else at - 1, -1, -1):
            in_time = self.within is None or self.steps[at][0] - self.steps[other][0] <= self.within
            fits = every([in_time, self._fits(at, other, a, turned)])
            stops = form == "chain" or (form == "alternate" and self.steps[other][1] == b)
            if fits is False and not stops:
                continue
            return fits
        return False


def verdict(halves: Sequence[Half], *, settled: bool) -> str:
    """Return the verdict of a rule that requires a pattern of two."""
    held = every([every(truths) for truths, _ in halves])
    if held is True:
        return "pass" if settled else "pending"  # a further step may want what it does not get
    if held is False:
        return "pending" if not settled and any(later for _, later in halves) else "fail"
    return "pending" if held is WAITS else "unknown"


def counts(halves: Sequence[Half]) -> tuple[int | None, ...]:
    """Return how many steps activate a pattern, and how many of them have, and lack, what it wants; None if unsure."""
    truths = [one for part, _ in halves for one in part]
    if not all(isinstance(one, bool) for one in truths):
        return len(truths), None, None
    return len(truths), truths.count(True), truths.count(False)
