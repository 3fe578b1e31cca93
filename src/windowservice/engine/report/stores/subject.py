"""One record that was judged, with its verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread
from windowservice.engine.verdicts import Verdicts

if TYPE_CHECKING:
    from windowservice.engine.running import Runner
    from windowservice.language.tree.expr import Expr

__all__ = ["Subject"]


class Subject:
    """One record that was judged, and its verdicts.

    Attributes:
        runner: the rules it was judged by.
        record: the record; of a request that was reopened, one cycle.
        verdicts: the verdicts by rule.
    """

    __slots__ = ("_clerk", "record", "runner", "verdicts")

    def __init__(self, runner: Runner, record: Any, verdicts: Verdicts) -> None:
        self.runner = runner
        self.record = record
        self.verdicts = verdicts

    def read(self, name: str) -> Any:
        """Return an attribute or key of the record, None if it has none."""
        try:
            return self.record.get(name) if isinstance(self.record, Mapping) else getattr(self.record, name, None)
        except Exception:  # an attribute of somebody's own that cannot be read says nothing
            return None

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Rows about the record that could not be read."""
        return self.record.unread if isinstance(self.record, Request | Record) else ()

    @property
    def key(self) -> str:
        """What names the record: its id, or if it has none how Python shows it."""
        found = self.read("id")
        if found is not None:
            return str(found)
        try:
            return repr(self.record)[:80]
        except Exception:  # a record of somebody's own that cannot be shown
            return f"a {type(self.record).__name__} that cannot be shown"

    def clerk(self, us: int) -> str | None:
        """Return the clerk who answers for the record at an instant, None if nobody is named or can be told."""
        name = self.runner.vocabulary.options.clerk
        unjudged = len(self.verdicts.errors) == len(self.runner.rules)
        if name is None or unjudged:  # of what cannot be judged nothing is read
            return None
        seen: tuple[int, str | None] | None = getattr(self, "_clerk", None)
        if seen is None or seen[0] != us:
            from windowservice.language.tree.facts import fact_named

            (found,) = self.runner.values("clerk", [fact_named(self.runner.vocabulary, name)], self.record, us)
            seen = self._clerk = (us, found if isinstance(found, str) else None)
        return seen[1]

    def last_of(self, exprs: Sequence[Expr[Any]], us: int) -> Any:
        """Return the value of an expression over the record at an instant, the last of several; an empty text if none.

        Of what cannot be judged nothing is read.
        """
        if len(self.verdicts.errors) == len(self.runner.rules):
            return ""
        from windowservice.engine.report.evidence import Shown  # who judges a request and asks no more waits for none
        from windowservice.language.python.marks import WAITING
        from windowservice.language.tree.expressions import structure

        try:
            values = self.runner.values(("said", *map(structure, exprs)), exprs, self.record, us)
        except Exception:  # an attribute of somebody's own that cannot be read says nothing
            return ""
        known = [value for value in values if value is not None and value is not WAITING]
        found = Shown(self.runner)(max(known) if len(known) > 1 else known[0], exprs[0].type) if known else ""
        return frozenset(found) if isinstance(found, (set, list)) else found
