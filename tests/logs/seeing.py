"""The library's views on a log in the form of the plain reckoning, so that a test compares them whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import attrs

from windowservice.cases.holders import Group

from .audits import Audit
from .reckoning import Took, Waited

__all__ = ["Views"]


@attrs.frozen
class Views:
    """What the library says of the requests of one log, as numbers that plain Python can compare."""

    audit: Audit
    folder: Path

    def time_by_holder(self) -> dict[tuple[str, str], timedelta]:
        """Return the open time by holder."""
        return {key: _time(span.us) for key, span in self.audit.look(self.folder, "holders").items()}

    def waits_by_cause(self) -> dict[tuple[str, str], Waited]:
        """Return the waits by cause."""
        return {
            key: Waited(w.times, w.requests, _time(w.open_time.us), w.elapsed, w.unended)
            for key, w in self.audit.look(self.folder, "waits").items()
        }

    def moves_and_returns(self, by: Group) -> tuple[dict[tuple[str, str], int], dict[str, int]]:
        """Return who handed over to whom how often, and which came back how often."""
        found = self.audit.look(self.folder, "handovers", by)
        return dict(found.table.cells), dict(found.returns)

    def parts_by_group(self, by: Group) -> dict[str, Took]:
        """Return by group what the parts that are compared took."""
        return {
            group: Took(p.compared, _time(p.compared_time.us), _time(p.expected_time.us), p.slower)
            for group, p in self.audit.look(self.folder, "performance", by).items()
            if p.compared
        }


def _time(us: int) -> timedelta:
    return timedelta(microseconds=us)
