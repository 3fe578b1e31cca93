"""Random records and values of the domain for hypothesis, crowded where verdicts turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from hypothesis import strategies as st

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.request import Request
from windowservice.facts.requests.request import request
from windowservice.language.tree.expr import Expr, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.nodes import Const
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType
from windowservice.testing.drafts import Draft
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["random_records", "random_values", "register_strategies"]

V = ValueType
Strategy = st.SearchStrategy[Any]
_MONDAY: Final = datetime(2018, 10, 22, 7, 0, tzinfo=UTC)
"""A Monday morning; in Europe the clocks go back on the Sunday after."""
_HOURS: Final = (-1, 0, 0.5, 1, 2, 3.5, 8, 9, 24, 26, 72, 137.5, 138.25, 169, 170, 500)
_INSTANTS: Final = st.one_of(
    st.sampled_from([_MONDAY + timedelta(hours=hours) for hours in _HOURS]),
    st.builds(lambda minutes: _MONDAY + timedelta(minutes=minutes), st.integers(0, 30_000)),
)
_SPANS: Final = st.builds(lambda minutes: timedelta(minutes=minutes), st.integers(0, 10_000))
_WORDS: Final = ("a", "b", "c")
_VALUES: Final[dict[ValueType, Strategy]] = {
    V.BOOL: st.booleans(),
    V.INT: st.just(0) | st.integers(-2, 10),  # nought is where divisions and counts go wrong
    V.DECIMAL: st.builds(lambda cents: Decimal(cents) / 100, st.integers(-100, 1_000)),
    V.RATIO: st.fractions(0, 2, max_denominator=8),
    V.FLOAT: st.floats(-2, 10, allow_nan=False).map(lambda value: round(value, 3)),
    V.TEXT: st.sampled_from(_WORDS),
    V.INSTANT: _INSTANTS,
    V.DATE: _INSTANTS.map(lambda at: at.date()),
    V.SPAN: _SPANS,
    V.WORK: _SPANS.map(lambda span: WorkSpan(round(span.total_seconds()) * 1_000_000)),
    V.TEXTS: st.frozensets(st.sampled_from(_WORDS), max_size=3),
    V.LIMIT: st.builds(
        lambda amount, unit: Limit.parse(f"{amount} {unit}"), st.integers(1, 9),
        st.sampled_from(("working days", "working hours", "calendar days", "hours", "minutes")),
    ),
}  # fmt: skip
_PARTIES: Final[dict[str, Strategy]] = {
    "id": st.just("R-1"), "bank": st.just("B1"), "service": st.sampled_from(("S10", "S01", "S19")),
}  # fmt: skip
"""Who is in a random request: kinds of business that the catalogue has, so that their rules apply."""
_STEPS: Final[dict[ValueType, tuple[Any, ...]]] = {
    V.INT: (-1, 0, 1),
    V.DECIMAL: (Decimal("-0.01"), Decimal(0), Decimal("0.01")),
    V.RATIO: (Fraction(-1, 100), Fraction(0), Fraction(1, 100)),
    V.FLOAT: (-0.01, 0.0, 0.01),
    V.INSTANT: (timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)),
    V.DATE: (timedelta(days=-1), timedelta(0), timedelta(days=1)),
    V.SPAN: (timedelta(seconds=-1), timedelta(0), timedelta(seconds=1)),
}
"""What lies just below, at and just above a threshold."""


def random_records(of: type[Facts], *, near: Iterable[Rule] = (), most_children: int = 5) -> st.SearchStrategy[Draft]:
    """Return random drafts of a record type, with gaps; `Draft.build` makes records of them.

    Args:
        of: the type.
        near: rules; their constants and figures, and what lies just beside those, are drawn often.
        most_children: how many children a record has at most.
    """
    edges = _edges(near)
    children = st.just(()) if of.children is None else st.lists(_said(of.children, edges), max_size=most_children)
    fixed = {"id": st.just("1")} if of.root is not request else _PARTIES
    said = _said(of, edges, **fixed)
    return st.builds(Draft, st.just(of), said, st.builds(tuple, children))


def random_values(of: ValueType) -> Strategy:
    """Return random values of a type of the rule language, crowded at the edges of a working week."""
    return _VALUES[of]


def register_strategies() -> None:
    """Tell hypothesis how to draw limits, calendars, amounts of open time, requests and events by their class."""
    kinds = st.sampled_from(request.children.given["kind"].words if request.children else ())
    events = st.builds(Event, _INSTANTS, kinds, by=st.sampled_from(("wang", "li", None)))
    hours = st.sampled_from(("mon-fri 09:00-17:00", "mon-fri 08:30-12:00 13:30-17:00", "mon-sun 00:00-24:00"))
    zones = st.sampled_from(("Asia/Shanghai", "Europe/Amsterdam", "America/New_York", "UTC"))
    st.register_type_strategy(Limit, _VALUES[V.LIMIT])
    st.register_type_strategy(WorkSpan, _VALUES[V.WORK])
    st.register_type_strategy(WorkCalendar, st.builds(WorkCalendar, zones, hours))
    st.register_type_strategy(Event, events)
    st.register_type_strategy(
        Request, st.builds(lambda mine: Request("R-1", "B1", "S10", events=mine), st.lists(events, max_size=6))
    )


def _edges(rules: Iterable[Rule]) -> dict[ValueType, list[Any]]:
    """Return the constants and figures of rules by type, with what lies just beside them."""
    found: dict[ValueType, list[Any]] = {}
    for rule in rules:
        for expr in (rule.require, *([] if rule.when is None else [rule.when])):
            for kind, value in _constants(expr):
                steps = _STEPS.get(kind)
                beside = [value] if steps is None else [value + step for step in steps]
                found.setdefault(kind, []).extend(one for one in beside if one not in found.get(kind, ()))
    return found


def _constants(expr: Expr[Any], seen: set[int] | None = None) -> Iterator[tuple[ValueType, Any]]:
    """Yield the constants and values of figures in an expression and what it rests on, with their types."""
    told = set[int]() if seen is None else seen
    for part in walk(expr):
        if id(part) in told:
            continue
        told.add(id(part))
        if isinstance(part, Const):
            yield part.type, part.value
        elif isinstance(part, Figure):
            yield from ((part.type, value) for dated in part.table.values() for value in dated.values)
        elif isinstance(part, Fact) and part.definition is not None:
            yield from _constants(part.definition, told)


def _said(of: type[Facts], edges: Mapping[ValueType, list[Any]], **fixed: Strategy) -> Strategy:
    """Return random given facts of a type, by name; what need not be there is missing at times."""
    given = {name: fact for name, fact in of.given.items() if fact.definition is None}
    drawn = {name: fixed.get(name, _of_fact(fact, edges)) for name, fact in given.items()}
    wanted = {name: drawn[name] for name, fact in given.items() if fact.required}
    optional = {name: drawn[name] for name, fact in given.items() if not fact.required}
    found = st.fixed_dictionaries(wanted, optional=optional)
    return found.map(_with_whole_slot) if of is request.children else found


def _with_whole_slot(said: dict[str, Any]) -> dict[str, Any]:
    """Return the facts of an event without half a slot, or one that ends before it begins: no event holds such."""
    begin, end = said.pop("slot_begin", None), said.pop("slot_end", None)
    whole = begin is not None and end is not None and begin < end
    return {**said, "slot_begin": begin, "slot_end": end} if whole else said


def _of_fact(fact: Fact[Any], edges: Mapping[ValueType, list[Any]]) -> Strategy:
    if fact.words:
        return st.sampled_from(fact.words)
    usual = _VALUES[fact.type]
    if fact.type is V.TEXT:
        texts = [one for one in (*edges.get(V.TEXT, ()), *_of_sets(edges)) if isinstance(one, str) and one]
        return st.sampled_from(texts) | usual if texts else usual
    near = edges.get(fact.type)
    return st.one_of(st.sampled_from(near), usual) if near else usual


def _of_sets(edges: Mapping[ValueType, list[Any]]) -> Iterator[str]:
    return (text for found in edges.get(V.TEXTS, ()) for text in sorted(found))
