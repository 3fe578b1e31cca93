"""The rows of a record type as of an instant, with what expressions say of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.domain.unread import Unread, in_sight
from windowservice.engine.running import Runner
from windowservice.language.analysis.check import resolve
from windowservice.language.python.marks import WAITING
from windowservice.language.python.unit import OUTWARD
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.facts import Facts, relation_of
from windowservice.language.tree.nodes import Kernel
from windowservice.language.tree.values import ValueType
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["ToldRow", "held_outside", "lacking", "rests_on", "rows_of", "table_of", "told_of"]

V = ValueType
_REQUESTS: Final = "requests"


class ToldRow(NamedTuple):
    """A row and the values of expressions over it, as records hold them; None where nobody can tell.

    Attributes:
        row: the row.
        values: the values.
        later: of each value whether it is missing since what it rests on has not happened, or is stated as nothing.
        unread: rows that could not be read and that may have said something else of it.
    """

    row: Any
    values: tuple[Any, ...]
    later: tuple[bool, ...]
    unread: tuple[Unread, ...]


def table_of(of: type[Facts]) -> str:
    """Return what the records of a type are called together."""
    return of.options.table or _REQUESTS


def lacking(of: type[Facts], is_there: Callable[[type[Facts]], bool]) -> list[str]:
    """Return the tables that records of a type are made of, by way of others too, and that nobody has.

    Args:
        of: the type.
        is_there: whether there is a table of a type that is not made by expressions.
    """
    relation = relation_of(of.options.rows)
    if relation is None:
        return [] if is_there(of) else [table_of(of)]
    return [table for one, _ in relation.told_of for table in lacking(one, is_there)]


def told_of(seen: Seen, of: type[Facts], rows: Iterable[Any], exprs: Sequence[Expr[Any]]) -> Iterator[ToldRow]:
    """Yield rows of a type with the values of expressions."""
    runner = seen.engine.reader_of(of)
    asked = [[expr, *rests_on(expr)] for expr in exprs]
    flat = [expr for one in asked for expr in one]
    read = runner.leaves_of(("relations", tuple(map(structure, exprs))), flat)
    for row in rows:
        found = iter(read(row, seen.us))
        values, later = [], []
        for expr, *below in asked:
            (value, absent), *under = islice(found, 1 + len(below))
            values.append(held_outside(value, expr.type))
            later.append(value is None and any((absent, *(one[1] for one in under))))
        yield ToldRow(row, tuple(values), tuple(later), in_sight(row.unread, seen.us))


def rests_on(expr: Expr[Any]) -> list[Expr[Any]]:
    """Return the arguments of the functions that an expression is: the period of an instant rests on the instant."""
    found = resolve(expr)
    return [part for arg in found.args for part in (arg, *rests_on(arg))] if isinstance(found, Kernel) else []


def rows_of(seen: Seen, of: type[Facts]) -> Sequence[Any]:
    """Return the rows of a type; of a reopened request each cycle is a row."""
    if table_of(of) != _REQUESTS:
        return seen.rows(table_of(of))
    return [cycle for request in seen.requests for cycle in Runner.cycles(request, seen.us)]


def held_outside(value: Any, kind: ValueType) -> Any:
    """Return a value as a record holds it that stores instants as datetimes."""
    if value is None or value is WAITING:
        return None
    if kind is V.WORK:
        return WorkSpan(value)
    return OUTWARD[kind](value) if kind in OUTWARD and isinstance(value, int) else value
