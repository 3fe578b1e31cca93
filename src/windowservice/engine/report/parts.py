"""The simple conditions of a requirement: those that fail, and the deadline with which one that waits is decided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from windowservice.language.analysis.check import resolve, told_of
from windowservice.language.analysis.items import items_behind
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.nodes import By, Op, Within

if TYPE_CHECKING:
    from windowservice.engine.report.evidence import Waits
    from windowservice.engine.running import Runner

__all__ = ["Standing", "failing_parts", "missed_items"]


def failing_parts(expr: Expr[bool], *, wanted: bool = True) -> Iterator[tuple[Expr[bool], bool]]:
    """Yield the simple conditions of a requirement, each once, and whether each has to be true."""
    pending = [(expr, wanted)]
    seen: set[tuple[int, bool]] = set()
    while pending:
        part, true = pending.pop()
        found = resolve(part)
        if (id(found), true) in seen:
            continue
        seen.add((id(found), true))
        if isinstance(found, Op) and found.name in ("and", "or"):
            pending += [(arg, true) for arg in reversed(found.args)]
        elif isinstance(found, Op) and found.name == "not":
            pending.append((found.args[0], not true))
        else:
            yield (part if not isinstance(found, (By, Within, Op)) else found), true


def missed_items(runner: Runner, key: object, require: Expr[bool], record: Any, us: int) -> tuple[str, ...]:
    """Return the ids of the children behind the conditions of a requirement that a record missed, in order.

    Args:
        runner: the code for the record.
        key: names the requirement for the cache of code.
        require: the requirement.
        record: the record.
        us: the instant judged, in microseconds UTC.
    """
    parts = told_of(require).get("items")  # the same for all findings of the rule
    if parts is None:
        parts = told_of(require)["items"] = [
            (part, wanted, list(items_behind(part, but=resolve(part) if wanted else None)))
            for part, wanted in failing_parts(require)
        ]
    if not any(items for _, _, items in parts):
        return ()
    exprs = [expr for part, _, items in parts for expr in (part, *items)]
    values = iter(runner.values(key, exprs, record, us))
    found: set[str] = set()
    for _, wanted, items in parts:
        held, *ids = islice(values, 1 + len(items))
        if held is (not wanted):
            found.update(*(one or () for one in ids))
    return tuple(sorted(found))


class Standing:
    """The deadlines that decide what waits: of alternatives the last, else the first; each part is asked once."""

    def __init__(self, waits: dict[int, Waits]) -> None:
        self._waits = waits
        self._known: dict[tuple[int, bool], Waits | None] = {}

    def of(self, expr: Expr[bool], *, wanted: bool) -> Waits | None:
        """Return the deadline that decides a part; None if none does."""
        found = resolve(expr)
        key = (id(found), wanted)
        if key not in self._known:
            self._known[key] = self._asked(found, wanted=wanted)
        return self._known[key]

    def _asked(self, found: Expr[bool], *, wanted: bool) -> Waits | None:
        if isinstance(found, Op) and found.name == "not":
            return self.of(found.args[0], wanted=not wanted)
        if not isinstance(found, Op) or found.name not in ("and", "or"):
            return self._waits.get(id(found))
        below = [one for arg in found.args if (one := self.of(arg, wanted=wanted)) is not None]
        either = (found.name == "or") is wanted
        return (max if either else min)(below, key=lambda one: one.due) if below else None
