"""The patterns of processes, each in one line: what comes once, what before, after or beside what, and in which time.

Each function returns an ordinary expression of the language over the record whose children are spoken of. `a` and `b`
are conditions on a child. Of patterns of two, the child of which something is wanted *activates* the pattern: `a`, but
`b` where something must have come before it.

Args that all patterns of two take:
    where: what holds between the child that activates, written ``ws.here(...)``, and the other. Of patterns that go
        both ways it is written as the first half, from `a` to `b`, wants it.
    after: how long must lie between the two at least: a span of real time, or a limit such as ``"2 working hours"``.
    within: how long may lie between them at most. An open matter waits until that time has run out, not for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from windowservice.asked import told
from windowservice.errors import InvalidRule, TypeMismatch
from windowservice.language.analysis.check import looks_back, resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import Aggregate, Const, Here, Kernel, Op, due, here, operation
from windowservice.language.tree.scope import merge, vocabulary_of
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = [
    "absence",
    "activations",
    "alternate_precedence",
    "alternate_response",
    "alternate_succession",
    "between",
    "chain_precedence",
    "chain_response",
    "chain_succession",
    "choice",
    "co_existence",
    "end",
    "exactly",
    "exclusive_choice",
    "existence",
    "fulfilments",
    "init",
    "not_chain_precedence",
    "not_chain_response",
    "not_chain_succession",
    "not_co_existence",
    "not_precedence",
    "not_responded_existence",
    "not_response",
    "not_succession",
    "precedence",
    "responded_existence",
    "response",
    "succession",
    "violations",
]  # fmt: skip

Span = timedelta | WorkSpan | str | Limit | None
_INSTANT: Final = timedelta(microseconds=1)


# of one kind of child


@told
def existence(a: Expr[bool], n: int = 1) -> Expr[bool]:
    """`a` comes at least `n` times."""
    return a.count() >= n


@told
def absence(a: Expr[bool], n: int = 1) -> Expr[bool]:
    """`a` comes fewer than `n` times: never, if nothing else is said."""
    return a.count() < n


@told
def exactly(a: Expr[bool], n: int = 1) -> Expr[bool]:
    """`a` comes `n` times, no more and no less."""
    return a.count() == n


@told
def init(a: Expr[bool]) -> Expr[bool]:
    """The first child is an `a`; unknown while there is none."""
    return a.first()


@told
def end(a: Expr[bool]) -> Expr[bool]:
    """The last child is an `a`; unknown while there is none."""
    return a.last()


@told
def choice(a: Expr[bool], b: Expr[bool]) -> Expr[bool]:
    """`a` or `b` comes, or both."""
    return a.any() | b.any()


@told
def exclusive_choice(a: Expr[bool], b: Expr[bool]) -> Expr[bool]:
    """`a` or `b` comes, and not both."""
    return choice(a, b) & ~(a.any() & b.any())


# what is wanted of each child


@told
def responded_existence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """Of each `a` there is a `b`, before or after it."""
    return _beside(a, b, where, after, within).all(where=a)


@told
def response(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """After each `a` comes a `b`."""
    return _followed(a, b, where, after, within).all(where=a)


@told
def alternate_response(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """After each `a` comes a `b`, before the next `a`."""
    return _followed(a, b, where, after, within, "alternate").all(where=a)


@told
def chain_response(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """What comes next after each `a` is a `b`."""
    return _followed(a, b, where, after, within, "chain").all(where=a)


@told
def precedence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """Before each `b` came an `a`."""
    return _preceded(a, b, where, after, within).all(where=b)


@told
def alternate_precedence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """Before each `b` came an `a`, and no other `b` since."""
    return _preceded(a, b, where, after, within, "alternate").all(where=b)


@told
def chain_precedence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """What came just before each `b` is an `a`."""
    return _preceded(a, b, where, after, within, "chain").all(where=b)


# both ways


@told
def co_existence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """Of each `a` there is a `b`, and of each `b` an `a`."""
    back = responded_existence(b, a, _turned(where), after=after, within=within)
    return responded_existence(a, b, where, after=after, within=within) & back


@told
def succession(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """After each `a` comes a `b`, and before each `b` came an `a`."""
    back = precedence(a, b, _turned(where), after=after, within=within)
    return response(a, b, where, after=after, within=within) & back


@told
def alternate_succession(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """`a` and `b` take turns: after each `a` a `b` before the next `a`, and the other way round."""
    back = alternate_precedence(a, b, _turned(where), after=after, within=within)
    return alternate_response(a, b, where, after=after, within=within) & back


@told
def chain_succession(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """`a` and `b` come only together, the `b` just after the `a`."""
    back = chain_precedence(a, b, _turned(where), after=after, within=within)
    return chain_response(a, b, where, after=after, within=within) & back


# what must not be


@told
def not_responded_existence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """Of no `a` there is a `b`, before or after it."""
    return (~_beside(a, b, where, after, within)).all(where=a)


@told
def not_response(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """After no `a` comes a `b`; `within` a time: not before it has passed."""
    return (~_followed(a, b, where, after, within)).all(where=a)


@told
def not_chain_response(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """What comes next after an `a` is never a `b`."""
    return (~_followed(a, b, where, after, within, "chain")).all(where=a)


@told
def not_precedence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """Before no `b` came an `a`."""
    return (~_preceded(a, b, where, after, within)).all(where=b)


@told
def not_chain_precedence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """What came just before a `b` is never an `a`."""
    return (~_preceded(a, b, where, after, within, "chain")).all(where=b)


@told
def not_co_existence(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """`a` and `b` do not both come."""
    back = not_responded_existence(b, a, _turned(where), after=after, within=within)
    return not_responded_existence(a, b, where, after=after, within=within) & back


@told
def not_succession(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """No `b` comes after an `a`."""
    back = not_precedence(a, b, _turned(where), after=after, within=within)
    return not_response(a, b, where, after=after, within=within) & back


@told
def not_chain_succession(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None = None, *, after: Span = None, within: Span = None
) -> Expr[bool]:
    """No `b` comes just after an `a`."""
    back = not_chain_precedence(a, b, _turned(where), after=after, within=within)
    return not_chain_response(a, b, where, after=after, within=within) & back


# parts and counts


@told
def between(a: Expr[bool], b: Expr[bool]) -> Expr[bool]:
    """Whether a child stands after an `a` and before a `b`, with neither in between: a condition on a child."""
    at, either = _instant(a, b), a | b
    began, ends = at.previous(where=either), at.next(where=either)
    return began.happened() & a.previous(where=either) & ends.happened() & b.next(where=either)


@told
def activations(pattern: Expr[bool]) -> Expr[int]:
    """How many children activate a pattern, of one that goes both ways in both halves."""
    return _counted(pattern, None)


@told
def fulfilments(pattern: Expr[bool]) -> Expr[int]:
    """How many children have what a pattern wants of them; unknown while one of them waits for a time to run out."""
    return _counted(pattern, True)


@told
def violations(pattern: Expr[bool]) -> Expr[int]:
    """How many children lack what a pattern wants of them; unknown while one of them waits for a time to run out."""
    return _counted(pattern, False)


def _counted(pattern: Expr[bool], wanted: bool | None) -> Expr[int]:
    found = resolve(pattern)
    if isinstance(found, Op) and found.name == "and":
        return _counted(found.args[0], wanted) + _counted(found.args[1], wanted)
    if not (isinstance(found, Aggregate) and found.how == "all" and found.which is not None):
        problem = "is no pattern that children activate, so none can be counted"
        raise InvalidRule(str(pattern), problem, "give what a function such as response(a, b) returned")
    value: Expr[bool] = found.values[0]
    return found.which.count(where=None if wanted is None else value if wanted else ~value)


# what one child wants of the others


def _instant(*conditions: Expr[bool] | None) -> Expr[datetime]:
    """Return when children happen, by what their type says."""
    scope = None
    for one in conditions:
        scope = merge(scope, None if one is None else one.scope)
    child: Any = vocabulary_of(scope)
    if child is None or not isinstance(child.options.happens, str):
        problem = "have no instant at which they happen, so nothing comes before or after"
        name = "the children" if child is None else f"children of the type {child.__name__}"
        raise InvalidRule(name, problem, "name it at their class: happens='at'")
    at: Expr[datetime] = child.given[child.options.happens]
    return at


def _later(at: Expr[datetime], span: timedelta | WorkSpan | str | Limit) -> Expr[datetime]:
    """Return an instant and a span after it, or the due instant of a limit."""
    if not isinstance(span, (timedelta, WorkSpan, str, Limit)):
        raise TypeMismatch("within= or after=", "a span, or a limit such as '2 working hours'", (type(span).__name__,))
    return at + span if isinstance(span, timedelta) else due(at, span)


def _both(*conditions: Expr[bool] | None) -> Expr[bool]:
    one, *others = [condition for condition in conditions if condition is not None]
    for other in others:
        one = one & other
    return one


def _followed(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None, after: Span, within: Span, form: str = ""
) -> Expr[bool]:
    """Return whether a child is followed by a `b`: some, before the next `a`, or at once."""
    at = _instant(a, b)
    wanted = _both(b, where, None if after is None else at >= here(_later(at, after)))
    among = {"alternate": a | wanted, "chain": None}.get(form, wanted)
    if within is None:
        return _is_seen(at.next(where=among), wanted.next(where=among) if form else None)
    limit = _later(at, within)
    done = wanted.choose(at, here(limit) + _INSTANT) if form else at  # what comes in its place is as bad as too late
    return done.next(where=among).by(limit)


def _is_seen(at: Expr[datetime], wanted: Expr[bool] | None) -> Expr[bool]:
    return at.happened() if wanted is None else at.happened() & wanted


def _preceded(
    a: Expr[bool], b: Expr[bool], where: Expr[bool] | None, after: Span, within: Span, form: str = ""
) -> Expr[bool]:
    """Return whether a child is preceded by an `a`: some, one after the last `b`, or at once."""
    at = _instant(a, b)
    wanted = _wanted_before(at, a, where, after, within)
    among = {"alternate": b | wanted, "chain": None}.get(form, wanted)
    return _is_seen(at.previous(where=among), wanted.previous(where=among) if form else None)


def _beside(a: Expr[bool], b: Expr[bool], where: Expr[bool] | None, after: Span, within: Span) -> Expr[bool]:
    """Return whether there is a `b` before a child, after it, or it is one itself."""
    at = _instant(a, b)
    before = at.latest(where=_wanted_before(at, b, where, after, within)).happened()
    return before | _followed(a, b, where, after, within)


def _wanted_before(
    at: Expr[datetime], a: Expr[bool], where: Expr[bool] | None, after: Span, within: Span
) -> Expr[bool]:
    """Return the condition on an earlier child, as one that comes after it asks it."""
    late = None if after is None else here(at) >= _later(at, after)
    return _both(a, where, late, None if within is None else here(at) <= _later(at, within))


def _turned(where: Expr[bool] | None) -> Expr[bool] | None:
    """Return what holds between two children, as the other one of them asks it."""
    return None if where is None else _exchanged(where)


def _exchanged(expr: Expr[Any]) -> Expr[Any]:
    if isinstance(expr, Here):
        return expr.value
    if not looks_back(expr):
        return expr if isinstance(expr, Const) or expr.scope is None else here(expr)
    found = resolve(expr)
    if isinstance(found, Op):
        return operation(found.name, *map(_exchanged, found.args))
    assert isinstance(found, Kernel)  # noqa: S101 - nothing else hands on what it is made of
    return found.kernel(*map(_exchanged, found.args))
