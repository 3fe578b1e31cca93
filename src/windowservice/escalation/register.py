"""What to do about it: the breaches of a report that the register of breaches does not hold, and those left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.asked import told
from windowservice.engine.report.finding import Finding
from windowservice.engine.seen import seen_ledger
from windowservice.instants import datetime_us

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report
    from windowservice.ledger.ledger import Ledger

__all__ = ["Handling", "handling_of"]

_REGISTER = "breaches"


@attrs.frozen
class Handling:
    """What was done about the breaches of a report.

    Attributes:
        unregistered: failures that no entry of the register is about.
        open: failures with an entry that is not handled.
        handled: failures by what was done about them: teach, warn, punish, or "not stated".
    """

    unregistered: tuple[Finding, ...]
    open: tuple[Finding, ...]
    handled: Mapping[str, tuple[Finding, ...]]

    @property
    def complete(self) -> bool:
        """Whether every breach was handled."""
        return not self.unregistered and not self.open

    def __str__(self) -> str:
        done = ", ".join(f"{len(found)} {name}" for name, found in self.handled.items()) or "none"
        return f"handled: {done}; open: {len(self.open)}; not in the register: {len(self.unregistered)}"


@told
def handling_of(report: Report, ledger: Ledger) -> Handling:
    """Return what the register of a ledger says of every failure of a report on it.

    An entry is about a failure if it names its record and its rule; one without a rule is about all of its record. A
    handling after the instant judged is not seen. Failures of the rules on the register itself are left out.
    """
    ledger = seen_ledger(ledger, datetime_us(report.as_of), report.engine.calendar.zone)
    entries: dict[str, list[Mapping[str, Any]]] = {}
    for row in ledger.records.get(_REGISTER, ()):
        entries.setdefault(row["of"], []).append(row)
    missing, waiting = [], []
    handled: dict[str, list[Finding]] = {}
    for finding in report.failures:
        if finding.rule.startswith(f"{_REGISTER}/"):
            continue
        about = [row for row in entries.get(finding.key, ()) if row.get("rule") in (None, finding.rule)]
        done = [row for row in about if _by(row.get("handled_at"), finding.us)]
        if not about:
            missing.append(finding)
        elif not done:
            waiting.append(finding)
        else:
            handled.setdefault(_firmest(done), []).append(finding)
    return Handling(tuple(missing), tuple(waiting), {name: tuple(rows) for name, rows in sorted(handled.items())})


def _by(at: datetime | None, us: int) -> bool:
    return at is not None and datetime_us(at) <= us


def _firmest(rows: Iterable[Mapping[str, Any]]) -> str:
    order = ("teach", "warn", "punish")
    said = [row["handling"] for row in rows if row.get("handling") in order]
    return max(said, key=order.index) if said else "not stated"
