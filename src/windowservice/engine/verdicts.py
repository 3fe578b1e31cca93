"""The verdicts of one record: four masks and what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from windowservice.errors import UnknownKey
from windowservice.errors.root import written
from windowservice.language.python.compile import Masks

__all__ = ["NamedVerdicts", "Verdict", "Verdicts"]


class Verdict(StrEnum):
    """What a rule says of a record. The names are those of XCCDF results, and `pending`."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


_NO_ERRORS: Final[Mapping[int, str]] = {}


class NamedVerdicts(dict[str, Verdict]):
    """The verdicts of several records, by ``key rule``; another name is told with the nearest."""

    def __missing__(self, name: str) -> Verdict:
        raise UnknownKey("record and rule", str(name), tuple(self), "verdicts of several records, by 'key pack/rule'")


class Verdicts(Mapping[str, Verdict]):
    """The verdicts of one record by rule, read from the masks when asked for.

    Attributes:
        rules: the names of the rules, in the order of the bits.
        masks: failed, unknown, waiting, not applicable.
        errors: what went wrong, by position of the rule.
    """

    __slots__ = ("errors", "masks", "rules")

    def __init__(self, rules: Sequence[str], masks: Masks, errors: Mapping[int, str] = _NO_ERRORS) -> None:
        self.rules = rules
        self.masks = masks
        self.errors = errors

    def at(self, position: int) -> Verdict:
        """Return the verdict of the rule at a position."""
        if position in self.errors:
            return Verdict.ERROR
        failed, unknown, waiting, skipped = self.masks
        bit = 1 << position
        if failed & bit:
            return Verdict.FAIL
        if unknown & bit:
            return Verdict.UNKNOWN
        if waiting & bit:
            return Verdict.PENDING
        return Verdict.NOT_APPLICABLE if skipped & bit else Verdict.PASS

    def mask(self, verdict: Verdict) -> int:
        """Return a mask of the rules with that verdict: bit n stands for the rule at position n."""
        failed, unknown, waiting, skipped = self.masks
        error = sum(1 << position for position in self.errors)
        if verdict is Verdict.PASS:
            return ((1 << len(self.rules)) - 1) & ~(failed | unknown | waiting | skipped | error)
        masks = {
            Verdict.FAIL: failed, Verdict.UNKNOWN: unknown, Verdict.PENDING: waiting, Verdict.NOT_APPLICABLE: skipped,
            Verdict.ERROR: error,
        }  # fmt: skip
        return masks[verdict]

    def count_into(self, counts: Counter[Verdict]) -> None:
        """Add how many verdicts there are of each kind."""
        failed, unknown, waiting, skipped = (mask.bit_count() for mask in self.masks)
        errors = len(self.errors)
        counts[Verdict.FAIL] += failed
        counts[Verdict.UNKNOWN] += unknown
        counts[Verdict.PENDING] += waiting
        counts[Verdict.NOT_APPLICABLE] += skipped
        counts[Verdict.ERROR] += errors
        counts[Verdict.PASS] += len(self.rules) - failed - unknown - waiting - skipped - errors

    def positions(self, *verdicts: Verdict) -> Iterator[int]:
        """Yield the positions of the rules with one of the verdicts, in order."""
        left = 0
        for verdict in verdicts:
            left |= self.mask(verdict)
        while left:
            lowest = left & -left
            yield lowest.bit_length() - 1
            left ^= lowest

    def __getitem__(self, rule: str) -> Verdict:
        if not isinstance(rule, str):
            raise UnknownKey("rule", rule if isinstance(rule, str) else written(rule), tuple(self.rules), "verdicts")
        if rule in self.rules:
            return self.at(self.rules.index(rule))
        alike = [position for position, name in enumerate(self.rules) if name.rpartition("/")[2] == rule]
        if len(alike) == 1:
            return self.at(alike[0])
        known = (*self.rules, *(name.rpartition("/")[2] for name in self.rules))
        raise UnknownKey("rule", rule, tuple(self.rules[at] for at in alike) or known, "verdicts")

    def __iter__(self) -> Iterator[str]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def all_unknown(self) -> Verdicts:
        """Return the verdicts of a record of which nothing can be told: every rule is unknown, or in error."""
        every = (1 << len(self.rules)) - 1
        for position in self.errors:
            every &= ~(1 << position)
        return Verdicts(self.rules, (0, every, 0, 0), self.errors)

    @property
    def passed(self) -> bool:
        """Whether something passed and nothing failed, is unknown or is in error: no data is never a pass."""
        failed, unknown, waiting, skipped = self.masks
        if failed or unknown or self.errors:
            return False
        return (waiting | skipped) != (1 << len(self.rules)) - 1
