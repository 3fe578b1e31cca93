"""What if: the verdicts that differ between two reports on the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

import attrs

from windowservice.asked import told
from windowservice.clean import for_line
from windowservice.engine.report.finding import Finding
from windowservice.engine.verdicts import Verdict

__all__ = ["Change", "Changes", "changes"]


class _Findings(Protocol):
    def __iter__(self) -> Iterator[Finding]: ...


@attrs.frozen
class Change:
    """One verdict that differs.

    Attributes:
        key: the id of the record.
        rule: the full name of the rule.
        before, after: the findings; None where one report has no such record or rule.
    """

    key: str
    rule: str
    before: Finding | None
    after: Finding | None

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """The two verdicts."""
        before, after = self.before, self.after
        return (None if before is None else before.verdict, None if after is None else after.verdict)

    def __str__(self) -> str:
        was, now = (verdict or "not judged" for verdict in self.verdicts)
        return for_line(f"{self.key} {self.rule}: {was} -> {now}")


@attrs.frozen
class Changes:
    """The verdicts that differ, in the order of the first report; what only the second has comes last.

    Attributes:
        all: the changes.
        compared: how many verdicts both reports have.
    """

    all: tuple[Change, ...]
    compared: int

    def __iter__(self) -> Iterator[Change]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def by_rule(self) -> dict[str, Counter[tuple[Verdict | None, Verdict | None]]]:
        """How many verdicts of each rule went from which to which."""
        found: dict[str, Counter[tuple[Verdict | None, Verdict | None]]] = {}
        for change in self.all:
            found.setdefault(change.rule, Counter())[change.verdicts] += 1
        return dict(sorted(found.items()))

    def __str__(self) -> str:
        lines = [f"{len(self.all)} of {self.compared} verdicts change"]
        for rule, counts in self.by_rule.items():
            for (was, now), number in sorted(counts.items(), key=lambda row: -row[1]):
                lines.append(f"  {rule}: {was or 'not judged'} -> {now or 'not judged'}: {number}")
        return "\n".join(lines)


@told
def changes(before: _Findings, after: _Findings) -> Changes:
    """Return the verdicts that differ between two reports, matched by record and rule.

    Usually both judge the same records, the second by `Engine.as_if` (another day's figures, other calendars, another
    catalogue) or `Engine.amended` (an adjusted figure, a replaced rule).

    Args:
        before: the report as it is.
        after: the report as it would be.
    """
    then = _by_key(before)
    now = _by_key(after)
    found = [
        Change(key, rule, one, now.get((key, rule)))
        for (key, rule), one in then.items()
        if (key, rule) not in now or now[key, rule].verdict != one.verdict
    ]
    found += [Change(key, rule, None, one) for (key, rule), one in now.items() if (key, rule) not in then]
    return Changes(tuple(found), len(then.keys() & now.keys()))


def _by_key(report: Iterable[Finding]) -> dict[tuple[str, str], Finding]:
    return {(finding.key, finding.rule): finding for finding in report}
