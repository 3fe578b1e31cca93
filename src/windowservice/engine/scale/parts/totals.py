"""Totals of an audit done in parts: they are added, in any order, and the sum is that of the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Totals", "finding_hash"]

_HASHED: Final = ("key", "rule", "verdict", "shortfall", "unit", "overrun_seconds")
_WRAP: Final = 1 << 64


@attrs.frozen
class Totals:
    """What was judged in one part, or in several added together.

    Attributes:
        requests: how many requests were judged; each cycle of a reopened one counts.
        orphans: how many events name a request that is not there.
        findings: how many findings there are.
        finding_hash: the hashes of all findings (see `finding_hash`), added; the same for the same findings in
            whatever order and parts.
        verdicts: for each rule how many verdicts of each kind there are.
        slow: the rules that were run row by row, with the reason.
    """

    requests: int = 0
    orphans: int = 0
    findings: int = 0
    finding_hash: int = 0
    verdicts: Mapping[str, Mapping[Verdict, int]] = attrs.field(factory=dict)
    slow: Mapping[str, str] = attrs.field(factory=dict)

    def __add__(self, other: Totals) -> Totals:
        """Return the totals of both."""
        verdicts = {name: dict(found) for name, found in self.verdicts.items()}
        for name, found in other.verdicts.items():
            mine = verdicts.setdefault(name, {})
            for verdict, number in found.items():
                mine[verdict] = mine.get(verdict, 0) + number
        return Totals(
            self.requests + other.requests,
            self.orphans + other.orphans,
            self.findings + other.findings,
            (self.finding_hash + other.finding_hash) % _WRAP,
            verdicts,
            {**self.slow, **other.slow},
        )

    def count(self, verdict: Verdict) -> int:
        """Return how many verdicts of a kind there are under all rules."""
        return sum(found.get(verdict, 0) for found in self.verdicts.values())

    @property
    def passed(self) -> bool:
        """Whether something passed and nothing failed, is unknown or could not be run."""
        wrong = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)
        return self.count(Verdict.PASS) > 0 and not any(self.count(verdict) for verdict in wrong)

    def to_dict(self) -> dict[str, Any]:
        """Return the totals as plain values, in an order that depends on nothing but them."""
        verdicts = {
            name: {str(verdict): found[verdict] for verdict in sorted(found, key=str) if found[verdict]}
            for name, found in sorted(self.verdicts.items())
        }
        return {
            "requests": self.requests, "orphans": self.orphans, "findings": self.findings,
            "finding_hash": f"{self.finding_hash:016x}", "verdicts": verdicts, "slow": dict(sorted(self.slow.items())),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Totals:
        """Return totals from what `to_dict` gave."""
        verdicts = {
            name: {Verdict(word): number for word, number in found.items()} for name, found in said["verdicts"].items()
        }
        numbers = (said["requests"], said["orphans"], said["findings"], int(said["finding_hash"], 16))
        return cls(*numbers, verdicts, dict(said["slow"]))

    def to_json(self) -> str:
        """Return the totals as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Totals:
        """Return totals from what `to_json` gave."""
        return cls.from_dict(json.loads(text))


def finding_hash(findings: pl.DataFrame) -> int:
    """Return a hash of the rows of a frame of findings that does not depend on their order.

    It covers key, rule, verdict, shortfall, unit and overrun, and is meant for comparing runs under one version of
    Polars: another version may hash otherwise.
    """
    if not findings.height:
        return 0
    hashes = findings.select(_HASHED).hash_rows(2018)
    return int(hashes.to_numpy().sum(dtype="uint64"))  # numpy wraps around at 64 bits, as __add__ does
