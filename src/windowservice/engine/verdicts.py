"""The verdicts of one record: four masks and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from windowservice.errors import UnknownKey
from windowservice.errors.root import written
from windowservice.language.python.marks import Masks

__all__ = ["NamedVerdicts", "Verdict", "Verdicts", "bits"]


class Verdict(StrEnum):
    """What a rule says of a record. The names are those of XCCDF results, and `pending`."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


_IN_MASKS: Final = (
    Verdict.FAIL, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.ERROR, Verdict.PASS,
)  # fmt: skip
_PASS, _FAIL, _PENDING = Verdict.PASS, Verdict.FAIL, Verdict.PENDING
_UNKNOWN, _SKIPPED, _ERROR = Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.ERROR
_NO_ERRORS: Final[Mapping[int, str]] = {}


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, in order."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


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

    def mask(self, *wanted: Verdict) -> int:
        """Return a mask of the rules with one of the verdicts: bit n stands for the rule at position n."""
        failed, unknown, waiting, skipped = self.masks
        found = 0
        for verdict in wanted:
            if verdict is _FAIL:
                found |= failed
            elif verdict is _UNKNOWN:
                found |= unknown
            elif verdict is _ERROR:
                found |= self._in_error() if self.errors else 0
            elif verdict is _PENDING:
                found |= waiting
            elif verdict is _PASS:
                mine = failed | unknown | waiting | skipped | (self._in_error() if self.errors else 0)
                found |= ((1 << len(self.rules)) - 1) & ~mine
            else:
                found |= skipped if verdict == _SKIPPED else self.mask(Verdict(verdict))
        return found

    def by_verdict(self) -> Iterable[tuple[Verdict, int]]:
        """Return each verdict with a mask of the rules that came to it."""
        failed, unknown, waiting, skipped = self.masks
        error = self._in_error() if self.errors else 0
        passed = ((1 << len(self.rules)) - 1) & ~(failed | unknown | waiting | skipped | error)
        return zip(_IN_MASKS, (failed, unknown, waiting, skipped, error, passed), strict=True)

    def _in_error(self) -> int:
        return sum(1 << position for position in self.errors)

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
