"""A second, slow reading of the rule language: a tree walker written from the meaning of each operator.

Values are exact and plain: instants, dates and spans are whole numbers (microseconds UTC, ordinals, microseconds). A
value that is missing is `UNKNOWN`, or `NOT_YET` if it is missing because nothing happened, which only the deadline
tests and `happened` tell apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from windowservice.instants import from_us, local_midnight
from windowservice.language.analysis.check import flips
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Dated, Figure, FigureAt
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.nodes import Aggregate, AsOf, By, Const, Here, Kernel, Look, Op, Within
from windowservice.language.tree.operators import CLOCK_PARTS
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType
from windowservice.worktime.spans import WorkSpan

V = ValueType


class Missing:
    """A value that is not there, and why."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNKNOWN, NOT_YET, WAITING = Missing("unknown"), Missing("not yet"), Missing("waiting")


def known(value: Any) -> bool:
    return not isinstance(value, Missing)


def exact(value: Any, kind: ValueType) -> Any:
    """Return a value of Python as the oracle holds it."""
    if value is None or (isinstance(value, (float, Decimal)) and value != value):
        return NOT_YET
    if isinstance(value, Missing):
        return value
    if kind is V.INSTANT and isinstance(value, datetime):
        delta = value - datetime.fromisoformat("1970-01-01T00:00+00:00")
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    if kind is V.DATE and not isinstance(value, int):
        return value.toordinal()
    if kind is V.SPAN and isinstance(value, timedelta):
        return (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    if kind is V.WORK and isinstance(value, WorkSpan):
        return value.us
    if kind is V.TEXTS:
        return frozenset(value)
    return value


class Oracle:
    """Reads expressions over one record as of one instant."""

    def __init__(
        self,
        root: type[Facts],
        binding: Binding,
        record: Mapping[str, Any],
        as_of: int,
        recorded: frozenset[str] | None = None,
    ) -> None:
        self.root, self.binding, self.record, self.as_of, self.recorded = root, binding, record, as_of, recorded
        self.looking: list[int] = []
        self.children = self._visible()

    def _visible(self) -> list[Mapping[str, Any]]:
        child = self.root.children
        if child is None:
            return []
        found = list(self.record[self.root.options.under])
        if child.options.happens is None:
            return found
        at = [exact(c.get(child.options.happens), V.INSTANT) for c in found]
        shown = [not known(when) or when <= self.as_of for when in at]
        return [c for c, visible in zip(found, shown, strict=True) if visible]

    # verdicts

    def verdict(self, rule: Rule) -> str:
        """Return pass, fail, unknown, pending or not_applicable."""
        zone = self.binding.calendar.zone
        if rule.since is not None or rule.until is not None:
            dated = self.dated()
            if not known(dated):
                return "unknown"
            early = rule.since is not None and dated < local_midnight(rule.since, zone)
            if early or (rule.until is not None and dated >= local_midnight(rule.until, zone)):
                return "not_applicable"
        applies = True if rule.when is None else self.read(rule.when)
        if applies is False:
            return "not_applicable"
        if applies is not True:
            return "pending" if applies is WAITING else "unknown"
        held = self.read(rule.require)
        if held is WAITING:
            return "pending"
        if not known(held):
            return "unknown"
        settling = rule.settling()
        to_true, to_false = flips(rule.require) if settling else (False, False)
        if (held and to_false) or (not held and to_true):
            settled = self.read(settling[0])
            if not known(settled):
                return "unknown"
            if not settled:
                return "pending"
        return "pass" if held else "fail"

    def dated(self) -> Any:
        """Return the instant that picks figures and rules."""
        if self.binding.figures_as_of is not None:
            return local_midnight(self.binding.figures_as_of, self.binding.calendar.zone)
        name = self.root.options.dated_by
        return self.as_of if name is None else self.read(self.root.given[name])

    # values

    def read(self, expr: Expr[Any], at: int | None = None) -> Any:
        """Return the value of an expression; `at` is the position of the child that it speaks of."""
        handler: Callable[[Any, int | None], Any] = getattr(self, f"_{type(expr).__name__.lower()}")
        value = handler(expr, at)
        return UNKNOWN if isinstance(value, float) and value != value else value

    def _const(self, expr: Const[Any], _at: int | None) -> Any:
        return exact(expr.value, expr.type)

    def _asof(self, _expr: AsOf, _at: int | None) -> Any:
        return self.as_of

    def _fact(self, expr: Fact[Any], at: int | None) -> Any:
        of_child = self.root.children is not None and expr.scope is self.root.children
        if expr.definition is not None:
            return self.read(expr.definition, at if of_child else None)
        holder: Any = self.children[at] if of_child and at is not None else self.record
        vocabulary = self.root.children if of_child else self.root
        assert vocabulary is not None
        if expr.owner is not vocabulary and vocabulary.options.extra is not None:
            holder = holder.get(vocabulary.options.extra) or {}
        return self.as_seen(exact(holder.get(expr.read or expr.name), expr.type), expr, vocabulary)

    def as_seen(self, value: Any, fact: Fact[Any], vocabulary: type[Facts]) -> Any:
        """Return the value as one could know it then: what lies ahead and was not planned has not happened."""
        if not known(value) or fact.planned is True:
            return value
        begins = vocabulary.options.happens
        begins_record = fact.name in ((begins,) if isinstance(begins, str) else begins) if begins else fact.required
        if begins_record and fact.owner is vocabulary:
            return value
        if fact.type is V.INSTANT and value > self.as_of:
            return NOT_YET
        if fact.type is V.DATE and local_midnight(date.fromordinal(value), self.binding.calendar.zone) >= self.as_of:
            return NOT_YET
        return value

    def _figure(self, expr: Figure[Any], _at: int | None) -> Any:
        return self._in_force(self.binding.figures.get(expr.name, expr.table).get(""), expr.type)

    def _figureat(self, expr: FigureAt[Any], at: int | None) -> Any:
        keys = [self.read(key, at) for key in expr.keys]
        if not all(map(known, keys)):
            return UNKNOWN
        for line, dated in self.binding.figures.get(expr.figure.name, expr.figure.table).items():
            if [line] == keys or (isinstance(line, tuple) and list(line) == keys):
                return self._in_force(dated, expr.type)
        return UNKNOWN

    def _in_force(self, dated: Dated | None, kind: ValueType) -> Any:
        when = self.dated()
        if dated is None or not known(when):
            return UNKNOWN
        found = UNKNOWN
        for day, value in zip(dated.dates, dated.values, strict=True):
            if local_midnight(day, self.binding.calendar.zone) <= when:
                found = exact(value, kind)
        return found

    def _op(self, expr: Op[Any], at: int | None) -> Any:
        special = getattr(self, f"_op_{expr.name}", None)
        if special is not None:
            return special(expr.args, at)
        values = [self.read(arg, at) for arg in expr.args]
        if expr.name in ("add", "sub") and values[0] is NOT_YET:
            return NOT_YET
        if not all(known(value) for value in values):
            return UNKNOWN
        if expr.name.startswith("part_"):
            part = expr.name.removeprefix("part_")
            value = values[0][CLOCK_PARTS[part][0]]
            return UNKNOWN if value is None else value
        if expr.name == "div":
            if not values[1]:
                return UNKNOWN
            return values[0] / values[1] if expr.type is V.FLOAT else Fraction(values[0]) / Fraction(values[1])
        if any(isinstance(value, Fraction) for value in values):
            values = [Fraction(value) for value in values]
        return _STRICT[expr.name](*values)

    def _op_and(self, args: tuple[Expr[bool], ...], at: int | None) -> Any:
        values = [self._truth(arg, at) for arg in args]
        return next((v for v in (False, UNKNOWN, WAITING) if v in values), True)

    def _op_or(self, args: tuple[Expr[bool], ...], at: int | None) -> Any:
        values = [self._truth(arg, at) for arg in args]
        return next((v for v in (True, UNKNOWN, WAITING) if v in values), False)

    def _op_not(self, args: tuple[Expr[bool], ...], at: int | None) -> Any:
        value = self._truth(args[0], at)
        return not value if known(value) else value

    def _truth(self, expr: Expr[bool], at: int | None) -> Any:
        value = self.read(expr, at)
        return UNKNOWN if value is NOT_YET else value

    def _op_is_missing(self, args: tuple[Expr[Any], ...], at: int | None) -> Any:
        there = self._op_is_known(args, at)
        return not there if known(there) else there

    def _op_is_known(self, args: tuple[Expr[Any], ...], at: int | None) -> Any:
        return self._op_happened(args, at) if self._untold(args[0]) else known(self.read(args[0], at))

    def _untold(self, expr: Expr[Any]) -> bool:
        """Return whether a value rests on a look-around for kinds that are not all recorded."""
        if self.recorded is None or isinstance(expr, Aggregate):
            return False
        if isinstance(expr, Fact):
            return expr.definition is not None and self._untold(expr.definition)
        return (isinstance(expr, Look) and self._partly(expr)) or any(self._untold(one) for one in expr.operands)

    def _partly(self, expr: Look[Any]) -> bool:
        about = self._about_where(expr.which)
        return self.recorded is not None and about is not None and not about <= self.recorded

    def _op_happened(self, args: tuple[Expr[Any], ...], at: int | None) -> Any:
        value = self.read(args[0], at)
        return True if known(value) else False if value is NOT_YET else UNKNOWN

    def _op_otherwise(self, args: tuple[Expr[Any], ...], at: int | None) -> Any:
        left, right = self.read(args[0], at), self.read(args[1], at)
        if known(left):
            return left
        if self._untold(args[0]) and left is not NOT_YET:
            return UNKNOWN
        return right if known(right) or left is NOT_YET else UNKNOWN

    def _op_choose(self, args: tuple[Expr[Any], ...], at: int | None) -> Any:
        condition = self.read(args[0], at)
        return self.read(args[1] if condition else args[2], at) if known(condition) else UNKNOWN

    # deadline tests

    def _by(self, expr: By, at: int | None) -> Any:
        bounds = [self._due(expr.due, part, at) for part in ("earliest_due", "latest_due")]
        done = self.read(expr.done, at)
        verdicts = [self._by_one(done, bound) for bound in bounds]
        return verdicts[0] if all(verdict is verdicts[0] for verdict in verdicts) else UNKNOWN

    def _due(self, expr: Expr[Any], part: str, at: int | None) -> Any:
        """Return a due instant if all days not announced turn out early, or late."""
        while isinstance(expr, Fact) and expr.definition is not None:
            expr = expr.definition
        if not isinstance(expr, Op) or expr.name not in ("part_due", "otherwise", "choose", "add", "sub"):
            return self.read(expr, at)
        if expr.name == "part_due":
            clock = self.read(expr.args[0], at)
            value = clock[CLOCK_PARTS[part][0]] if known(clock) else None
            return UNKNOWN if value is None else value
        if expr.name == "choose":
            condition = self.read(expr.args[0], at)
            return self._due(expr.args[1 if condition else 2], part, at) if known(condition) else UNKNOWN
        left, right = (self._due(arg, part, at) for arg in expr.args)
        if expr.name == "otherwise":
            return left if known(left) else right if known(right) or left is NOT_YET else UNKNOWN
        if left is NOT_YET:
            return NOT_YET
        return _STRICT[expr.name](left, right) if known(left) and known(right) else UNKNOWN

    def _by_one(self, done: Any, due: Any) -> Any:
        if not known(due) or done is UNKNOWN:
            return UNKNOWN
        if known(done):
            return done <= due
        return WAITING if self.as_of <= due else False

    def _within(self, expr: Within, at: int | None) -> Any:
        span, bound = self.read(expr.span, at), self.read(expr.bound, at)
        growing = self._growing(expr.span, at)
        if not known(span) or not known(bound) or growing is UNKNOWN:
            return UNKNOWN
        if span > bound:
            return False
        return WAITING if growing else True

    def _growing(self, expr: Expr[Any], at: int | None) -> Any:
        """Return whether the value still grows by time alone, UNKNOWN if nobody can tell."""
        if not _may_grow(expr):
            return False
        if isinstance(expr, AsOf):
            return True
        if isinstance(expr, Fact):
            return self._growing(expr.definition, at)  # type: ignore[arg-type]
        if isinstance(expr, Kernel) and expr.kernel.grows:
            end = self.read(expr.args[expr.kernel.closed_by], at)  # type: ignore[index]
            return False if known(end) else True if end is NOT_YET else UNKNOWN
        if isinstance(expr, Op) and expr.name == "otherwise":
            left = self.read(expr.args[0], at)
            if known(left):
                return self._growing(expr.args[0], at)
            return self._growing(expr.args[1], at) if left is NOT_YET else UNKNOWN
        if isinstance(expr, Op) and expr.name == "choose":
            condition = self.read(expr.args[0], at)
            if known(condition):
                return self._growing(expr.args[1 if condition else 2], at)
            return UNKNOWN
        below = [self._growing(operand, at) for operand in expr.operands]
        return UNKNOWN if any(b is UNKNOWN for b in below) else any(below)

    # aggregates

    def _aggregate(self, expr: Aggregate[Any], _at: int | None) -> Any:
        about = None if self.recorded is None else self._about(expr)
        partly = about is not None and not about <= self.recorded  # type: ignore[operator]
        if partly and not (expr.how in ("first", "any", "all") and about & self.recorded):  # type: ignore[operator]
            return UNKNOWN
        counts = [True if expr.which is None else self._truth(expr.which, at) for at in range(len(self.children))]
        rows = [[self.read(value, at) for value in expr.values] for at in range(len(self.children))]
        value = getattr(self, f"_gather_{expr.how}")([UNKNOWN if c is WAITING else c for c in counts], rows)
        if partly and (value is NOT_YET or (expr.how != "first" and value is (expr.how == "all"))):
            return UNKNOWN
        return value

    def _about(self, expr: Aggregate[Any]) -> frozenset[str] | None:
        """Return the kinds that an aggregate names: those of which a child must be to count."""
        return self._about_where(expr.which, *(expr.values if expr.how == "any" else ()))

    def _about_where(self, *conditions: Expr[Any] | None) -> frozenset[str] | None:
        child = self.root.children
        assert child is not None
        if child.options.kind is None or not child.given[child.options.kind].required:
            return None
        named = [_kinds(e, child.options.kind) for e in conditions if e is not None]
        sets = [kinds for kinds in named if kinds is not None]
        return frozenset.intersection(*sets) if sets else None

    def _gather_count(self, counts: list[Any], _rows: list[list[Any]]) -> Any:
        return UNKNOWN if UNKNOWN in counts else counts.count(True)

    def _gather_collect(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        return (
            UNKNOWN
            if UNKNOWN in counts
            else tuple(tuple(row) for count, row in zip(counts, rows, strict=True) if count)
        )

    def _gather_first(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        for count, (value,) in zip(counts, rows, strict=True):
            if count is UNKNOWN:
                return UNKNOWN
            if count:
                return value if known(value) else UNKNOWN
        return NOT_YET

    def _gather_last(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        return self._gather_first(counts[::-1], rows[::-1])

    def _gather_any(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        values = [UNKNOWN if value is NOT_YET else value for (value,) in rows]
        pairs = zip(counts, values, strict=True)
        each = [next((v for v in (False, UNKNOWN, WAITING) if v in pair), True) for pair in pairs]
        return next((v for v in (True, UNKNOWN, WAITING) if v in each), False)

    def _gather_all(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        opposite = [[not value if known(value) else value] for (value,) in rows]
        found = self._gather_any(counts, opposite)
        return not found if known(found) else found

    def _total(self, counts: list[Any], rows: list[list[Any]], total: Callable[[list[Any]], Any]) -> Any:
        values = [value for count, (value,) in zip(counts, rows, strict=True) if count]
        if UNKNOWN in counts or not all(known(value) for value in values):
            return UNKNOWN
        return total(values)

    def _gather_sum(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        return self._total(counts, rows, sum)

    def _gather_min(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        return self._total(counts, rows, lambda values: min(values) if values else NOT_YET)

    def _gather_max(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        return self._total(counts, rows, lambda values: max(values) if values else NOT_YET)

    def _gather_union(self, counts: list[Any], rows: list[list[Any]]) -> Any:
        def united(values: list[Any]) -> frozenset[str]:
            return frozenset(t for value in values for t in (value if isinstance(value, frozenset) else {value}))

        return self._total(counts, rows, united)

    # look-around

    def _here(self, expr: Here[Any], _at: int | None) -> Any:
        return self.read(expr.value, self.looking[-1])

    def _look(self, expr: Look[Any], at: int | None) -> Any:
        assert at is not None
        self.looking.append(at)
        found = self._looked(expr, at)
        self.looking.pop()
        return found

    def _looked(self, expr: Look[Any], at: int) -> Any:
        if expr.how == "seen_before":
            value = self.read(expr.value, at)
            seen = self._seen_before(expr, value, at) if known(value) else UNKNOWN
            return UNKNOWN if seen is False and self._partly(expr) else seen
        if self._partly(expr):
            return UNKNOWN
        before = range(at if expr.how == "latest" else at - 1, -1, -1)
        for position in range(at + 1, len(self.children)) if expr.how == "next" else before:
            counts = True if expr.which is None else self._truth(expr.which, position)
            if counts is UNKNOWN:
                return UNKNOWN
            if counts:
                return self._seen(expr, position)
        return NOT_YET

    def _seen(self, expr: Look[Any], position: int) -> Any:
        value = self.read(expr.value, position)
        return value if known(value) else UNKNOWN

    def _seen_before(self, expr: Look[Any], value: Any, at: int) -> Any:
        each = []
        for position in range(at):
            counts = True if expr.which is None else self._truth(expr.which, position)
            earlier = self.read(expr.value, position)
            alike = UNKNOWN if not known(earlier) else earlier == value
            each.append(next((v for v in (False, UNKNOWN) if v in (counts, alike)), True))
        return next((v for v in (True, UNKNOWN) if v in each), False)

    # kernels

    def _kernel(self, expr: Kernel[Any], at: int | None) -> Any:
        values = [self.read(arg, at) for arg in expr.args]
        for position, value in enumerate(values):
            if not known(value) and position not in expr.kernel.optional:
                return UNKNOWN
            if value is UNKNOWN and self._untold(expr.args[position]):
                return UNKNOWN
        return getattr(self, f"_call_{expr.kernel.name}")(*(value if known(value) else None for value in values))

    def _call_worked(self, start: int, end: int, name: str | None) -> int:
        calendar = self.binding.calendars[name] if name else self.binding.calendar
        us: int = calendar.worked(from_us(start, calendar.zone), from_us(end, calendar.zone)).us
        return us

    def _call_date(self, at: int) -> int:
        return from_us(at, self.binding.calendar.zone).date().toordinal()

    def _call_workdays(self, first: int, last: int) -> int:
        return self.binding.calendar.workdays_taken(date.fromordinal(first), date.fromordinal(last))

    def _call_due(self, start: int, limit: Any, _calendar: str | None) -> Any:
        if "booked" in str(limit):
            return UNKNOWN  # nothing was booked
        calendar = self.binding.calendar
        found = limit.deadline(from_us(start, calendar.zone), calendar=calendar, as_of=from_us(start, calendar.zone))
        due = exact(found.due, V.INSTANT)
        return due, due, due, found.provisional, found.last_day and found.last_day.toordinal(), frozenset()

    def _call_fuzzy(self, at: int, slack: int) -> tuple[Any, ...]:
        return at, at - abs(slack), at + abs(slack), bool(slack), None, frozenset({"slack"} if slack else ())

    def _call_tally(self, rows: tuple[tuple[Any, ...], ...], often: int) -> int:
        return sum(row[0] if known(row[0]) else 0 for row in rows) * often + len(rows)

    def _call_used(self, start: int, end: int | None) -> int:
        return (self.as_of if end is None else end) - start


def _may_grow(expr: Expr[Any]) -> bool:
    if isinstance(expr, AsOf) or (isinstance(expr, Kernel) and expr.kernel.grows):
        return True
    if isinstance(expr, Fact):
        return expr.definition is not None and _may_grow(expr.definition)
    return any(_may_grow(operand) for operand in expr.operands)


def _kinds(expr: Expr[Any], kind: str) -> frozenset[str] | None:
    """Return the kinds that a condition names positively, None if it does not restrict them."""
    if isinstance(expr, Fact) and expr.definition is not None:
        return _kinds(expr.definition, kind)
    if not isinstance(expr, Op):
        return None
    if expr.name in ("eq", "one_of"):
        fact, words = expr.args
        if isinstance(fact, Fact) and fact.name == kind and fact.definition is None and isinstance(words, Const):
            return words.value if isinstance(words.value, frozenset) else frozenset({words.value})
    if expr.name == "and":
        sets = [kinds for kinds in (_kinds(arg, kind) for arg in expr.args) if kinds is not None]
        return frozenset.intersection(*sets) if sets else None
    if expr.name == "or":
        left, right = (_kinds(arg, kind) for arg in expr.args)
        return None if left is None or right is None else left | right
    return None


_STRICT: dict[str, Callable[..., Any]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "neg": lambda a: -a,
    "one_of": lambda a, words: a in words,
    "contains": lambda texts, a: a in texts,
    "covers": lambda a, b: a >= b,
    "minus": lambda a, b: a - b,
    "union": lambda a, b: a | b,
    "common": lambda a, b: a & b,
    "size": len,
}


def attributes(record: Mapping[str, Any], children: str | None) -> SimpleNamespace:
    """Return a record of attributes in place of keys, its children too."""
    found = dict(record)
    if children is not None:
        found[children] = [SimpleNamespace(**child) for child in record[children]]
    return SimpleNamespace(**found)
