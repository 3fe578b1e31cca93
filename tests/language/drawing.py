"""Random vocabularies, records, expressions and rules, with values crowded at the edges where readings differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from windowservice.domain.basis import Basis
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import as_of, here, operation, words_of
from windowservice.language.tree.fact import Fact, fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import Binding, Function, due, workdays, worked
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.values import ValueType
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.integers.memory import FREE, NONE, Memory, take
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

V = ValueType
DRAW = Callable[[st.SearchStrategy[Any]], Any]
KINDS = ("asked", "told", "paid", "done")
WORDS = ("red", "green", "blue")
CALENDAR = WorkCalendar(timezone="Europe/Amsterdam", weekly={"mon-fri": "09:00-12:30 13:30-17:00"})
NIGHT = WorkCalendar(timezone="America/New_York", weekly="mon-sun 20:00-24:00", name="night")
BASIS = Basis("made up for a test", mark="assumption")
HOUR = timedelta(hours=1)
MONDAY = datetime(2018, 10, 22, 7, 0, tzinfo=UTC)  # the clocks go back 138 hours later
INSTANTS = [MONDAY + hours * HOUR for hours in (-1, 0, 2, 3.5, 8, 26, 72, 137.5, 138.25, 169, 170)]
ZONES = (UTC, ZoneInfo("Europe/Amsterdam"), timezone(timedelta(hours=8)))


def _bind_fuzzy(_binding: Binding) -> Callable[..., Any]:
    def fuzzy(at: int, slack: int) -> tuple[Any, ...]:
        return at, at - abs(slack), at + abs(slack), bool(slack), None, frozenset({"slack"} if slack else ())

    return fuzzy


def _bind_used(_binding: Binding) -> Callable[..., Any]:
    def used(start: int, end: int | None, now: int) -> int:
        return (now if end is None else end) - start

    return used


SLACK: Final = FREE
"""The place in the head of the memory where the set of the one note stands."""


def fuzzy_clock(m: Memory, at: int, slack: int) -> int:
    """Return the clock in whole numbers."""
    clock = take(m, 6)
    by = slack if slack >= 0 else -slack
    m[clock] = at
    m[clock + 1] = at - by
    m[clock + 2] = at + by
    m[clock + 3] = 1 if by > 0 else 0
    m[clock + 4] = NONE
    m[clock + 5] = m[SLACK] if by > 0 else 0
    return clock


def time_used(m: Memory, start: int, end: int, now: int) -> int:
    """Return the same as `_bind_used` in whole numbers."""
    return (now if end == NONE else end) - start


FUZZY = Function(
    "fuzzy", (V.INSTANT, V.SPAN), V.CLOCK, _bind_fuzzy, integers=fuzzy_clock, named={SLACK: frozenset({"slack"})}
)
USED = Function(
    "used", (V.INSTANT, V.INSTANT), V.SPAN, _bind_used, frozenset({1}), wants_as_of=True, closed_by=1, grows=("",),
    integers=time_used,
)  # fmt: skip


@attrs.frozen
class World:
    """One vocabulary with children, its figures and how its records are stored."""

    parent: type[Facts]
    child: type[Facts]
    more: type[Facts]
    stored: str
    style: str
    figures: dict[str, Figure[Any]]
    ordered: bool

    @property
    def binding(self) -> Binding:
        return Binding(CALENDAR, {"night": NIGHT})


@cache
def world(stored: str, style: str, *, kind_required: bool, ordered: bool, dated: bool) -> World:
    """Return a vocabulary; `kind_required` is false where the kind of a child may be missing."""

    figures = {
        "most": Figure("most", int, {"2018-10-23": 2, "2018-10-28": 3}, basis=BASIS),
        "limit": Figure("limit", Limit, {"2018-01-01": "2 working hours", "2018-10-26": "1 working day"}, basis=BASIS),
        "share": Figure(
            "share", Decimal, {"red": {"2018-01-01": Decimal("0.5")}, "blue": {"2018-10-23": 1}}, basis=BASIS
        ),
        "listed": Figure("listed", frozenset, {"2018-01-01": {"red", "blue"}}, basis=BASIS),
        "allowed": Figure("allowed", int, {"red": {"2018-01-01": 0}, "green": {"2018-10-23": 2}}, basis=BASIS),
    }
    lines = {("red", 0): {"2018-01-01": 1}, ("red", 1): {"2018-10-26": 2}, ("blue", 2): {"2018-10-23": 3}}
    figures["paired"] = Figure("paired", int, lines, basis=BASIS)
    allowed, limit = figures["allowed"], figures["limit"]

    class child(Facts, stored=stored, happens="at", kind="kind", extra="extra"):  # type: ignore[arg-type]
        at = fact(datetime, "When", required=True)
        kind = fact(str, "What", required=kind_required, words=KINDS)
        x = fact(int, "A number")
        y = fact(int, "Another, always there", required=True)
        u = fact(str, "A word", words=WORDS)
        ok = fact(bool, "Whether it is well")
        tags = fact(frozenset[str], "Words")
        till = fact(datetime, "Until when")
        took = fact(timedelta, "How long")
        f = fact(float, "A float")
        paid = fact(kind == "paid", "Whether it is a payment")
        # given facts of the names that the parent's have, and derived ones that rest on kernels, figures and each other
        m = fact(int, "A number of its own")
        t = fact(str, "A word of its own", words=WORDS)
        a = fact(datetime, "An instant of its own", required=True)
        b = fact(datetime, "Another of its own")
        open_time = fact(worked(a, b), "Open time between its own instants")
        due_at = fact(due(a, limit), "When it is due")
        n = fact(allowed[t], "How much its own word allows")
        small = fact(m.otherwise(y) <= n, "Whether its number is allowed")
        told = fact(b > due_at, "Whether it came too late")
        before = fact(m.previous(), "The number of the one before")
        span = fact(b - a, "How long it was")
        day = fact(b.date(), "The day of its end")
        wrong = fact(told & small | ~(before == m), "Whether something is wrong")

    class parent(
        Facts,
        children=child,
        stored=stored,
        under="items",
        dated_by="a" if dated else None,
        extra="extra",  # type: ignore[arg-type]
    ):
        n = fact(int, "A number, always there", required=True)
        m = fact(int, "A number")
        d = fact(Decimal, "An exact decimal")
        q = fact(Fraction, "A ratio")
        f = fact(float, "A float", required=True)
        flag = fact(bool, "Whether it is so")
        s = fact(str, "A word, always there", required=True, words=WORDS)
        t = fact(str, "A word", words=WORDS)
        tags = fact(frozenset[str], "Words")
        a = fact(datetime, "An instant, always there", required=True)
        b = fact(datetime, "An instant")
        c = fact(datetime, "Another instant", read="c_")
        day = fact(date, "A date")
        span = fact(timedelta, "A span")
        open_time = fact(WorkSpan, "Open time")
        paid_at = fact(child.at.first(where=child.kind == "paid"), "When it was first paid")
        told = fact(child.kind.count(where=child.kind == "told"), "How often it was told")
        open_for = fact(paid_at.otherwise(as_of) - a, "How long it was open")
        small = fact(m.otherwise(n) < 2, "Whether the number is small")
        wrongs = fact(child.wrong.count(), "How many children are wrong")
        longest = fact(child.open_time.max(where=child.open_time.is_known()), "The longest open time of a child")
        all_in = fact((child.n <= m).all(), "Whether what all children may have is within the number")

    class more(Facts, of=parent):
        n = fact(int, "A number of the plugin")
        b = fact(datetime, "An instant of the plugin")
        tags = fact(frozenset[str], "Words of the plugin")
        span = fact(timedelta, "A span of the plugin")
        sure = fact(int, "A number that the plugin wants always", required=True)

    return World(parent, child, more, stored, style, figures, ordered)


worlds = st.builds(
    world,
    st.sampled_from(["datetime", "microseconds"]),
    st.sampled_from(["attribute", "mapping"]),
    kind_required=st.sampled_from([True, True, False]),
    ordered=st.booleans(),
    dated=st.booleans(),
)

# records


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, st.none(), values)


def held(w: World, value: Any) -> Any:
    """Return a value as records of the world hold it."""
    if w.stored == "datetime" or value is None:
        return value
    if isinstance(value, datetime):
        delta = value - datetime(1970, 1, 1, tzinfo=UTC)
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, timedelta):
        return round(value.total_seconds() * 1_000_000)
    return value


numbers = st.integers(-2, 4)
instants = st.builds(lambda at, zone: at.astimezone(zone), st.sampled_from(INSTANTS), st.sampled_from(ZONES))
dates = st.sampled_from([at.date() for at in INSTANTS])
spans = st.sampled_from([timedelta(0), HOUR, 2 * HOUR, 26 * HOUR, timedelta(days=2), -HOUR])
open_times = st.builds(WorkSpan, st.sampled_from([0, 3_600_000_000, 7_200_000_000, 25_200_000_000]))
decimals = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("1.25"), Decimal(2), Decimal(-1)])
ratios = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2)])
floats = st.sampled_from([0.0, 0.5, 1.25, -2.0, float("nan"), float("inf")])
word_sets = st.frozensets(st.sampled_from(WORDS), max_size=3)


@st.composite
def children(draw: DRAW, w: World) -> dict[str, Any]:
    kind = st.sampled_from(KINDS)
    found = {
        "at": draw(instants),
        "kind": draw(kind if w.child.given["kind"].required else _maybe(kind)),
        "x": draw(_maybe(numbers)),
        "y": draw(numbers),
        "u": draw(_maybe(st.sampled_from(WORDS))),
        "ok": draw(_maybe(st.booleans())),
        "tags": draw(_maybe(word_sets)),
        "till": draw(_maybe(instants)),
        "took": draw(_maybe(spans)),
        "f": draw(_maybe(floats)),
        "m": draw(_maybe(numbers)),
        "t": draw(_maybe(st.sampled_from(WORDS))),
        "a": draw(instants),
        "b": draw(_maybe(instants)),
    }
    return {key: held(w, value) for key, value in found.items()}


@st.composite
def records(draw: DRAW, w: World) -> dict[str, Any]:
    """A record of the world, as a dict of held values; its children stand in order of time if they should."""
    found = {
        "n": draw(numbers),
        "m": draw(_maybe(numbers)),
        "d": draw(_maybe(decimals)),
        "q": draw(_maybe(ratios)),
        "f": draw(floats),
        "flag": draw(_maybe(st.booleans())),
        "s": draw(st.sampled_from(WORDS)),
        "t": draw(_maybe(st.sampled_from(WORDS))),
        "tags": draw(_maybe(word_sets)),
        "a": draw(instants),
        "b": draw(_maybe(instants)),
        "c_": draw(_maybe(instants)),
        "day": draw(_maybe(dates)),
        "span": draw(_maybe(spans)),
        "open_time": draw(_maybe(open_times)),
    }
    record = {key: held(w, value) for key, value in found.items()}
    items = draw(st.lists(children(w), max_size=5))
    record["items"] = sorted(items, key=lambda c: c["at"]) if w.ordered else items
    added = {"n": numbers, "b": instants, "tags": word_sets, "span": spans, "sure": numbers}
    extra = {key: draw(values) for key, values in added.items() if draw(st.booleans())}
    record["extra"] = draw(st.sampled_from([extra, extra, None]))
    return record


# expressions


class Drawn:
    """Draws expressions of a type over a world's record or, within an aggregate, over its child."""

    def __init__(self, draw: DRAW, w: World, *, strict: bool = False) -> None:
        self.draw = draw
        self.w = w
        self.strict = strict  # without any way out of missing data
        self.looking = False  # whether a child looks at what is drawn

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def given(self, kind: ValueType, *, child: bool) -> Expr[Any]:
        """Return a fact of the type; a child may read its parent's."""
        own = self.w.child if child else self.w.parent
        found = [f for f in own.given.values() if f.type is kind]
        found += [f for f in self.w.more.given.values() if f.type is kind and not child]
        if child and (not found or self.pick(False, False, True)):
            found = [f for f in self.w.parent.given.values() if f.type is kind] or found
        left_out = ("open_for", "small") if self.strict else ("open_for",)  # grows with time; falls back on another
        found = [f for f in found if f.name not in left_out]
        return self.draw(st.sampled_from(found)) if found else self.leaf(kind, child=child)

    def leaf(self, kind: ValueType, *, child: bool) -> Expr[Any]:
        p, c, d = self.w.parent.given, self.w.child.given, self.draw
        if kind is V.RATIO and not child:
            return p["q"]
        if kind is V.DECIMAL:
            return p["d"]
        if kind is V.DATE:
            return p["day"]
        if kind is V.WORK:
            return p["open_time"]
        if kind is V.RATIO:
            return c["x"] / 2
        raise AssertionError(kind, child, d)

    def value(self, kind: ValueType, depth: int, *, child: bool = False) -> Expr[Any]:
        """Return an expression that gives a value of the type."""
        if depth <= 0:
            return self.given(kind, child=child)
        ways: list[Callable[[], Expr[Any]]] = [
            lambda: self.given(kind, child=child),
            *([] if self.strict else [lambda: self.with_fallback(kind, depth - 1, child=child)]),
            lambda: self.test(depth - 1, child=child).choose(
                self.value(kind, depth - 1, child=child), self.other(kind, depth - 1, child=child)
            ),
            *getattr(self, f"ways_{kind.name.lower()}")(depth - 1, child),
        ]
        if child:
            ways.append(lambda: self.look(kind, depth - 1))
            ways += [lambda: self.there(kind, depth - 1)] * (2 * self.looking)
        elif kind not in (V.RATIO, V.DECIMAL):
            ways.append(lambda: self.gathered(kind, depth - 1))
        return self.draw(st.sampled_from(ways))()

    def with_fallback(self, kind: ValueType, depth: int, *, child: bool) -> Expr[Any]:
        return self.value(kind, depth, child=child).otherwise(self.other(kind, depth, child=child))

    def other(self, kind: ValueType, depth: int, *, child: bool) -> Any:
        """Return a second operand: an expression, or a plain value."""
        plain = {
            V.INT: numbers, V.DECIMAL: decimals, V.RATIO: ratios, V.FLOAT: st.sampled_from([0.0, 0.5, -2.0]),
            V.BOOL: st.booleans(), V.TEXT: st.sampled_from(WORDS), V.INSTANT: instants, V.DATE: dates, V.SPAN: spans,
            V.WORK: open_times, V.TEXTS: word_sets,
        }  # fmt: skip
        return self.draw(plain[kind]) if self.pick(True, False) else self.value(kind, depth, child=child)

    def look(self, kind: ValueType, depth: int) -> Expr[Any]:
        before, self.looking = self.looking, True
        where = self.where(depth)
        value = self.of_child(self.value(kind, depth, child=True))
        self.looking = before
        return self.pick(value.previous, value.latest, value.next)(where)

    def there(self, kind: ValueType, depth: int) -> Expr[Any]:
        """Return a value at the child that looks."""
        self.looking = False
        value = self.value(kind, depth, child=True)
        self.looking = True
        return here(value)

    def where(self, depth: int) -> Expr[bool] | None:
        """Return a condition on children, most often one that names their kind."""
        kind = self.w.child.given["kind"]
        named = self.pick(
            kind == "paid", kind.one_of("paid", "done"), (kind == "told") | (kind == "paid"), kind == "asked",
            self.w.child.given["paid"],
        )  # fmt: skip
        how = self.pick("none", "kind", "both", "reversed", "either", "test")
        if how == "none":
            return None
        if how == "kind":
            return named
        test = self.test(depth, child=True)
        return {"both": named & test, "reversed": test & named, "either": named | test, "test": test}[how]

    def of_child(self, value: Expr[Any]) -> Expr[Any]:
        """Return the value as one of the child, also if it happens to speak of its parent only."""
        return value if value.scope is self.w.child else (self.w.child.given["y"] >= 0).choose(value, value)

    def gathered(self, kind: ValueType, depth: int) -> Expr[Any]:
        """Return an aggregate that gives the type."""
        where = self.where(depth)
        if kind is V.BOOL:
            value = self.of_child(self.test(depth, child=True))
            return self.pick(value.any, value.all, value.first, value.last)(where)
        if kind is V.INT and self.pick(True, False):
            return self.w.child.given["at"].count(where)
        if kind is V.TEXTS and self.pick(True, False):
            return self.of_child(self.given(self.pick(V.TEXT, V.TEXTS), child=True)).union(where)
        value = self.of_child(self.value(kind, depth, child=True))
        ways = [value.first, value.last]
        if kind in (V.INT, V.SPAN, V.WORK, V.FLOAT):
            ways.append(value.sum)
        if kind in (V.INT, V.INSTANT, V.DATE, V.SPAN, V.WORK):
            ways += [value.min, value.max]
        return self.pick(*ways)(where)

    def ways_int(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        def arithmetic() -> Expr[Any]:
            left, right = self.value(V.INT, depth, child=child), self.other(V.INT, depth, child=child)
            return self.pick(
                lambda: left + right, lambda: left - right, lambda: left * right, lambda: -left, lambda: 2 - left
            )()

        ways = [arithmetic, lambda: self.value(V.TEXTS, depth, child=child).size()]
        ways.append(lambda: workdays(self.value(V.DATE, depth, child=child), self.value(V.DATE, depth, child=child)))
        ways.append(lambda: self.w.figures["most"])
        ways.append(lambda: self.w.figures["allowed"][self.value(V.TEXT, depth, child=child)])
        ways.append(
            lambda: self.w.figures["paired"][
                self.value(V.TEXT, depth, child=child), self.value(V.INT, depth, child=child)
            ]
        )
        return ways

    def ways_decimal(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        ways = [
            lambda: self.value(V.DECIMAL, depth, child=child) + self.other(V.INT, depth, child=child),
            lambda: self.value(V.INT, depth, child=child) * self.value(V.DECIMAL, depth, child=child),
        ]
        ways.append(lambda: self.w.figures["share"][self.value(V.TEXT, depth, child=child)])
        return ways

    def ways_ratio(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        exact = lambda: self.value(self.pick(V.INT, V.DECIMAL, V.RATIO), depth, child=child)  # noqa: E731
        return [lambda: exact() / exact(), lambda: self.value(V.RATIO, depth, child=child) - exact()]

    def ways_float(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        def arithmetic() -> Expr[Any]:
            left, right = (
                self.value(V.FLOAT, depth, child=child),
                self.other(self.pick(V.INT, V.FLOAT), depth, child=child),
            )
            return self.pick(lambda: left + right, lambda: left - right, lambda: left * right, lambda: left / right)()

        return [arithmetic]

    def ways_text(self, _depth: int, _child: bool) -> list[Callable[[], Expr[Any]]]:
        return []

    def ways_texts(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        def joined() -> Expr[Any]:
            left, right = self.value(V.TEXTS, depth, child=child), self.other(V.TEXTS, depth, child=child)
            return self.pick(left.minus, left.with_all, left.common)(right)

        ways = [joined, lambda: operation("part_notes", self.clock(depth, child))]
        ways.append(lambda: self.w.figures["listed"])
        return ways

    def ways_instant(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        def due_at() -> Expr[Any]:
            limit = self.w.figures["limit"] if self.pick(True, False) else "2 working hours"
            return due(self.value(V.INSTANT, depth, child=child), limit)

        return [
            lambda: self.value(V.INSTANT, depth, child=child) + self.other(V.SPAN, depth, child=child),
            lambda: self.value(V.INSTANT, depth, child=child) - self.other(V.SPAN, depth, child=child),
            due_at,
            lambda: operation(self.pick("part_due", "part_earliest_due"), self.clock(depth, child)),
        ]

    def clock(self, depth: int, child: bool) -> Expr[Any]:
        return FUZZY(self.value(V.INSTANT, depth, child=child), self.value(V.SPAN, depth, child=child))

    def ways_date(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        return [lambda: self.value(V.INSTANT, depth, child=child).date()]

    def ways_span(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        def times() -> Expr[Any]:
            left, right = self.value(V.SPAN, depth, child=child), self.other(V.SPAN, depth, child=child)
            return self.pick(lambda: left + right, lambda: left - right, lambda: -left, lambda: left * 2)()

        return [times, lambda: self.value(V.INSTANT, depth, child=child) - self.other(V.INSTANT, depth, child=child)]

    def ways_work(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        def ends() -> tuple[Any, Any]:
            return self.value(V.INSTANT, depth, child=child), self.value(V.INSTANT, depth, child=child)

        return [lambda: worked(*ends()), lambda: worked(*ends(), "night")]

    def ways_bool(self, depth: int, child: bool) -> list[Callable[[], Expr[Any]]]:
        ways = [lambda: self.compared(depth, child)] * 3
        ways += [lambda: self.presence(depth, child), lambda: self.joined(depth, child, self.test)]
        ways += [lambda: self.on_texts(depth, child), lambda: operation("part_provisional", self.clock(depth, child))]
        if child:
            ways.append(lambda: self.seen_before(depth))
        return ways

    def seen_before(self, depth: int) -> Expr[bool]:
        before, self.looking = self.looking, False
        value = self.of_child(self.value(self.pick(V.INT, V.TEXT), depth, child=True))
        found = value.seen_before(self.where(depth))
        self.looking = before
        return found

    def test(self, depth: int, *, child: bool = False) -> Expr[bool]:
        """Return a condition without a deadline test."""
        if depth <= 0:
            return self.pick(self.given(V.BOOL, child=child), self.compared(0, child), self.presence(0, child))
        return self.value(V.BOOL, depth, child=child)

    def compared(self, depth: int, child: bool) -> Expr[bool]:
        kind = self.pick(
            V.INT, V.INT, V.DECIMAL, V.FLOAT, V.RATIO, V.INSTANT, V.INSTANT, V.DATE, V.SPAN, V.WORK, V.TEXT
        )
        left = self.value(kind, depth, child=child)
        number = self.pick(kind, V.INT) if kind in (V.DECIMAL, V.FLOAT, V.RATIO) else kind
        if kind is V.TEXT:
            known = words_of(left) or frozenset(WORDS)
            word = self.draw(st.sampled_from(sorted(known)))
            return self.pick(lambda: left == word, lambda: left != word, lambda: left.one_of(*sorted(known)[:2]))()
        right = self.other(number, depth, child=child)
        return self.pick(
            lambda: left == right, lambda: left != right, lambda: left < right, lambda: left <= right,
            lambda: left > right, lambda: left >= right,
        )()  # fmt: skip

    def presence(self, depth: int, child: bool) -> Expr[bool]:
        if self.strict:
            return self.compared(depth, child)
        kind = self.pick(V.INT, V.INSTANT, V.TEXT, V.BOOL, V.TEXTS)
        value = self.value(kind, depth, child=child)
        return self.pick(value.is_missing, value.is_known, *([value.happened] if kind is V.INSTANT else []))()

    def joined(self, depth: int, child: bool, part: Callable[..., Expr[bool]]) -> Expr[bool]:
        left, right = part(depth, child=child), part(depth, child=child)
        return self.pick(lambda: left & right, lambda: left | right, lambda: ~left)()

    def on_texts(self, depth: int, child: bool) -> Expr[bool]:
        left = self.value(V.TEXTS, depth, child=child)
        return self.pick(
            lambda: left.contains(self.other(V.TEXT, depth, child=child)),
            lambda: left.covers(self.other(V.TEXTS, depth, child=child)),
            lambda: left == self.other(V.TEXTS, depth, child=child),
        )()

    # conditions of rules, which may wait

    def condition(self, depth: int, *, child: bool = False) -> Expr[bool]:
        """Return a condition of a rule over the record: tests, deadline tests, and both joined."""
        assert not child
        if depth <= 0:
            return self.pick(self.deadline(1), self.test(1))
        return self.pick(
            lambda: self.deadline(depth),
            lambda: self.of_each(depth - 1),
            lambda: self.joined(depth - 1, False, self.condition),
            lambda: self.test(depth),
        )()

    def of_each(self, depth: int) -> Expr[bool]:
        """Return deadline tests of the children, joined."""
        instant = lambda: self.of_child(self.value(V.INSTANT, depth, child=True))  # noqa: E731
        done = self.pick(instant, lambda: self.w.child.given["at"].next(self.where(depth)))()
        test = done.by(self.pick(instant, lambda: self.w.child.given["at"] + self.draw(spans))())
        if self.pick(True, False):
            test = self.pick(lambda: test & self.test(depth, child=True), lambda: ~test, lambda: test | ~test)()
        where = self.where(depth)
        return self.pick(lambda: test.any(where), lambda: test.all(where), lambda: test.count(where) <= 1)()

    def deadline(self, depth: int) -> Expr[bool]:
        if self.pick(True, False):
            return self.value(V.INSTANT, depth).by(self.other(V.INSTANT, depth, child=False))
        kind = self.pick(V.SPAN, V.WORK, V.INT)
        return self.growing(kind, depth).within(self.other(kind, depth, child=False))

    def growing(self, kind: ValueType, depth: int) -> Expr[Any]:
        """Return a span that may grow with time until something closes it, or an amount that does not."""
        start, end = self.value(V.INSTANT, depth - 1), self.value(V.INSTANT, depth - 1)
        if kind is V.WORK:
            name = self.pick("", "night")
            return self.pick(lambda: worked(start, end.otherwise(as_of), name), lambda: worked(start, as_of, name))()
        if kind is V.INT:
            return self.value(V.INT, depth)
        return self.pick(
            lambda: end.otherwise(as_of) - start,
            lambda: USED(start, end),
            lambda: self.w.parent.given["open_for"],
            lambda: USED(start, end).otherwise(as_of - start),
            lambda: self.test(depth - 1).choose(end.otherwise(as_of) - start, self.value(V.SPAN, depth - 1)),
            lambda: (end.otherwise(as_of) - start) + self.value(V.SPAN, depth - 1),
        )()


@st.composite
def rules(draw: DRAW, w: World, name: str = "rule") -> Rule:
    """A rule over the world: requirement, condition, settling and days in force."""
    drawn = Drawn(draw, w)
    return Rule(
        name,
        title="A rule made up for a test",
        of=w.parent,
        require=_speaking(drawn, drawn.condition(draw(st.integers(0, 2)))),
        when=_speaking(drawn, drawn.condition(draw(st.integers(0, 1)))) if draw(st.booleans()) else None,
        settled_by=draw(st.sampled_from([None, ("done",), ("done", "paid"), ()])),
        settled_when=draw(st.sampled_from([None, None, w.parent.given["b"].happened()])),
        since=draw(st.sampled_from([None, None, None, "2018-10-23"])),
        until=draw(st.sampled_from([None, None, None, "2018-10-28"])),
    )


def _speaking(drawn: Drawn, condition: Expr[bool]) -> Expr[bool]:
    """Return the condition, with a fact added if it happens to speak of none."""
    from windowservice.language.analysis.check import speaks_of_facts

    flag: Fact[Any] = drawn.w.parent.given["flag"]
    return condition if speaks_of_facts(condition) else condition & flag.is_known()
