"""What can never be right is refused where it is written, with what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs
import pytest
from tests.language.drawing import BASIS, CALENDAR, FUZZY, USED

from windowservice.domain.basis import Basis
from windowservice.errors import (
    ConstantCondition,
    CyclicFact,
    ExpressionTruth,
    InvalidRule,
    InvalidTime,
    MovingComparison,
    NaiveTime,
    RuleError,
    ScopeMismatch,
    TimeOutOfRange,
    TypeMismatch,
    UnitMismatch,
    UnknownName,
    UnknownWord,
)
from windowservice.language.python.compile import compile_rules, compile_values
from windowservice.language.tree.expressions import as_of, choose, collect, here, same_expr
from windowservice.language.tree.fact import Fact, fact
from windowservice.language.tree.facts import Facts, fact_named, required_facts
from windowservice.language.tree.figures import Figure, in_force
from windowservice.language.tree.kernels import Binding, Function, due, worked
from windowservice.language.tree.rule import Pack, Rule
from windowservice.language.tree.values import ValueType
from windowservice.worktime.spans import work


class step(Facts, happens="at", kind="kind", closes=("done",)):
    """One step of a case."""

    at = fact(datetime, "When", required=True)
    kind = fact(str, "What", required=True, words=("asked", "told", "done"))
    by = fact(str, "Who")
    cost = fact(int, "What it cost", unit="yuan")


class case(Facts, children=step, under="steps", dated_by="opened"):
    """A case with steps."""

    opened = fact(datetime, "When it was opened", required=True)
    closed = fact(datetime, "When it was closed")
    due_at = fact(datetime, "When it was due")
    colour = fact(str, "Its colour", words=("red", "green"))
    name = fact(str, "Its name", required=True)
    amount = fact(int, "Its amount", unit="yuan")
    weight = fact(Decimal, "Its weight", unit="kg")
    pages = fact(int, "Its pages")
    share = fact(float, "A share")
    tags = fact(frozenset[str], "Its tags")
    urgent = fact(bool, "Whether it is urgent")
    told_at = fact(step.at.first(where=step.kind == "told"), "When it was first told")
    in_time = fact(closed.by(due_at), "Whether it was closed in time")


class other(Facts):
    """Something else."""

    pages = fact(int, "Its pages")


ONE_HOUR = work(hours=1)
c, s = case, step
most = Figure("most", int, {"2018-01-01": 3}, basis=BASIS)
shares = Figure("shares", Decimal, {"red": {"2018-01-01": Decimal("0.5")}}, basis=BASIS)

Write = Callable[[], Any]

REFUSED: dict[str, tuple[type[Exception], str, Write]] = {
    # Python's own words
    "and": (ExpressionTruth, r"write &, \|, ~", lambda: c.urgent and c.urgent),
    "or": (ExpressionTruth, r"write &, \|, ~", lambda: c.urgent or c.urgent),
    "not": (ExpressionTruth, r"write &, \|, ~", lambda: not c.urgent),
    "if": (ExpressionTruth, r"\.choose\(a, b\)", lambda: 1 if c.urgent else 2),
    "chained": (ExpressionTruth, "two comparisons joined by &", lambda: 1 < c.pages < 3),
    "in list": (ExpressionTruth, r"\.one_of\(\.\.\.\)", lambda: c.colour in ["red"]),
    "in expression": (ExpressionTruth, r"texts\.contains", lambda: "a" in c.tags),
    "iteration": (ExpressionTruth, r"\.first\(\), \.count\(\)", lambda: list(c.tags)),
    "hash": (TypeError, "unhashable", lambda: {c.urgent}),
    "parentheses and": (ExpressionTruth, "parentheses", lambda: (1 & c.pages)),
    "parentheses or": (ExpressionTruth, "parentheses", lambda: (1 | c.pages)),
    # constants
    "None": (InvalidRule, r"write \.is_missing\(\) or \.is_known\(\)", lambda: c.closed == None),  # noqa: E711
    "None argument": (InvalidRule, r"write \.is_missing\(\)", lambda: c.pages.otherwise(None)),
    "NaN": (InvalidRule, r"NaN was written", lambda: c.share == float("nan")),
    "infinity": (InvalidRule, "leave the bound out", lambda: c.share < float("inf")),
    "naive": (NaiveTime, "no zone", lambda: c.closed <= datetime(2018, 5, 3)),  # noqa: DTZ001
    "too early": (TimeOutOfRange, "1900", lambda: c.closed <= datetime(1800, 5, 3, tzinfo=UTC)),
    "list": (InvalidRule, "the language has no such type", lambda: c.tags == ["a"]),
    "set of numbers": (InvalidRule, "something else than text", lambda: c.tags == {1}),
    "constant condition": (ConstantCondition, "speaks of no fact", lambda: c.urgent & True),
    "constant rule": (ConstantCondition, "rule 'r'.*speaks of no fact", lambda: rule(most > 2)),
    "condition as word": (InvalidRule, "which is no expression", lambda: rule(True)),
    "condition as number": (TypeMismatch, "a truth value as condition", lambda: rule(c.pages)),
    # words, types, units, scopes
    "word": (UnknownWord, r"never 'reed' \(did you mean 'red'\?\)", lambda: c.colour == "reed"),
    "word on the left": (UnknownWord, "never 'blue'", lambda: "blue" == c.colour),  # noqa: SIM300
    "word in one_of": (UnknownWord, "never 'blue'", lambda: c.colour.one_of("red", "blue")),
    "word of a first": (UnknownWord, "never 'begun'", lambda: s.kind.first() == "begun"),
    "word of a neighbour": (UnknownWord, "never 'begun'", lambda: s.kind.previous() != "begun"),
    "no word": (InvalidRule, "names no word", lambda: c.colour.one_of()),
    "list of numbers": (TypeMismatch, "words one by one", lambda: c.colour.one_of([1])),  # type: ignore[list-item]
    "text and number": (TypeMismatch, "got whole number and text", lambda: c.pages == "1"),
    "date and instant": (TypeMismatch, "got instant and date", lambda: c.opened < date(2018, 1, 1)),
    "order of texts": (TypeMismatch, "< takes two numbers", lambda: c.name < c.colour),
    "logic of numbers": (TypeMismatch, "& takes truth values", lambda: c.pages & c.urgent),
    "not a number": (TypeMismatch, "takes a number or a span", lambda: -c.name),
    "two instants added": (TypeMismatch, "got instant and instant", lambda: c.opened + c.opened),
    "float and exact": (TypeMismatch, "exact numbers or floats", lambda: c.share + c.weight),
    "float or exact": (TypeMismatch, "exact numbers or floats", lambda: c.share.otherwise(Decimal(1))),
    "span by span": (TypeMismatch, "a span and a whole number", lambda: (c.closed - c.opened) * (c.closed - c.opened)),
    "span divided": (TypeMismatch, "two numbers", lambda: (c.closed - c.opened) / 2),
    "open and real time": (TypeMismatch, "span of open time", lambda: worked(c.opened, c.closed) < timedelta(1)),
    "choose": (TypeMismatch, "two values of one kind", lambda: choose(c.urgent, 1, "a")),  # type: ignore[misc]
    "fallback": (TypeMismatch, "a replacement of the same kind", lambda: c.pages.otherwise("a")),  # type: ignore[arg-type]
    "happened": (TypeMismatch, "an instant", lambda: c.pages.happened()),  # type: ignore[misc]
    "by": (TypeMismatch, "by takes two instants", lambda: c.pages.by(c.closed)),  # type: ignore[misc]
    "within": (TypeMismatch, "within takes a span", lambda: c.closed.within(c.opened)),
    "kernel": (TypeMismatch, "used takes instant, instant", lambda: USED(c.opened)),
    "kernel without": (TypeMismatch, "got nothing", lambda: USED()),
    "limit": (TypeMismatch, "due takes instant, limit, text", lambda: due(c.opened, 3)),  # type: ignore[arg-type]
    "units compared": (UnitMismatch, "'yuan' and 'kg'", lambda: c.amount > c.weight),
    "units added": (UnitMismatch, "units never convert", lambda: c.amount + c.weight),
    "units multiplied": (UnitMismatch, "units never convert", lambda: c.amount * c.weight),
    "other record": (ScopeMismatch, "'case' and of 'other'", lambda: c.pages == other.pages),
    "two aggregates": (ScopeMismatch, "cannot stand in one expression", lambda: s.cost.sum() == other.pages.sum()),
    # time
    "compared with now": (MovingComparison, r"write done_at\.by\(due\)", lambda: c.opened < as_of),
    "growing span": (MovingComparison, "pass today and fail tomorrow", lambda: as_of - c.opened <= timedelta(1)),
    "growing open time": (MovingComparison, "moves", lambda: worked(c.opened, c.closed.otherwise(as_of)) > ONE_HOUR),
    "growing kernel": (MovingComparison, "moves with as_of", lambda: USED(c.opened, c.closed) < timedelta(1)),
    "moving done": (MovingComparison, "moves with as_of", lambda: c.closed.otherwise(as_of).by(c.due_at)),
    "moving due": (MovingComparison, "moves with as_of", lambda: c.closed.by(as_of - timedelta(1))),
    "moving bound": (MovingComparison, "moves with as_of", lambda: (as_of - c.opened).within(as_of - c.opened)),
    "shrinking span": (MovingComparison, "moves with as_of", lambda: (c.due_at - as_of).within(timedelta(1))),
    "shrinking open time": (MovingComparison, "moves with as_of", lambda: worked(as_of, c.due_at).within(ONE_HOUR)),
    "falling product": (MovingComparison, "moves with as_of", lambda: ((as_of - c.opened) * -1).within(timedelta(1))),
    "sum that grows": (MovingComparison, "moves with as_of", lambda: (as_of - s.at).sum().within(timedelta(1))),
    "moving date": (MovingComparison, "moves with as_of", lambda: as_of.date() == c.opened.date()),
    "moving truth": (MovingComparison, "rule|moves", lambda: rule(NIGHT(c.opened) & c.urgent)),
    # deadline tests
    "deadline compared": (InvalidRule, "'still waiting' would be lost", lambda: c.in_time == c.urgent),
    "deadline chosen": (InvalidRule, r"join deadline tests by &, \| and ~ only", lambda: c.in_time.choose(1, 2)),
    "deadline missing": (InvalidRule, "inside an operator", lambda: (~c.in_time).is_missing()),
    "deadline gathered": (InvalidRule, "inside an aggregate", lambda: s.at.by(c.due_at).first()),
    "deadline as where of all": (InvalidRule, "inside an aggregate", lambda: s.by.all(where=s.at.by(c.due_at))),
    "deadline as where": (InvalidRule, "inside an aggregate", lambda: s.at.first(where=s.at.by(c.due_at))),
    "deadline beside": (InvalidRule, "would be lost", lambda: s.at.by(c.due_at).previous()),
    "deadline in a kernel": (InvalidRule, "would be lost", lambda: TRUTH(c.in_time)),
    # aggregates and neighbours
    "sum of texts": (TypeMismatch, "sum takes", lambda: s.by.sum()),
    "where": (TypeMismatch, "first.where=. takes a truth value", lambda: s.at.first(where=s.by)),  # type: ignore[arg-type]
    "where of a neighbour": (TypeMismatch, "previous.where=.", lambda: s.at.previous(where=s.by)),  # type: ignore[arg-type]
    "nothing gathered": (InvalidRule, "speaks of no child", lambda: collect()),
    "constant gathered": (InvalidRule, "speaks of no child", lambda: most.first()),
    "here at no neighbour": (InvalidRule, "where no child looks", lambda: s.at.first(where=s.at > here(s.at))),
    "here of here": (InvalidRule, "where no child looks", lambda: s.at.next(where=s.at > here(here(s.at)))),
    "here of those seen": (InvalidRule, "write it within", lambda: s.at.seen_before(where=s.at > here(s.at))),
    "here of a record": (InvalidRule, "looks around", lambda: rule(here(c.pages) > 1)),
    "no children": (InvalidRule, "no children of case", lambda: rule(c.pages.sum() > 1, of=case)),
    "no neighbours": (InvalidRule, "a case stands by itself", lambda: rule(c.pages.previous() > 1)),
    # figures
    "keyed figure": (InvalidRule, r"write shares\[\.\.\.\]", lambda: shares > 1),
    "unkeyed figure": (InvalidRule, "use it without brackets", lambda: most[c.colour]),
    "key of a number": (TypeMismatch, "takes a text", lambda: shares[c.pages]),  # type: ignore[index]
    "figure's name": (InvalidRule, "no word", lambda: Figure("a b", int, {"2018-01-01": 1}, basis=BASIS)),
    "figure's type": (InvalidRule, "write one of", lambda: Figure("a", list, {"2018-01-01": 1}, basis=BASIS)),
    "figure without value": (InvalidRule, "has no value", lambda: figure({})),
    "figure's value": (TypeMismatch, "takes whole number, got text", lambda: figure({"2018-01-01": "1"})),
    "figure's date": (InvalidTime, "figure 'a'", lambda: figure({"2018": 1})),
    "figure's dates": (InvalidRule, "two values from", lambda: figure({"2018-01-01": 1, date(2018, 1, 1): 2})),
    "kernel's name": (InvalidRule, "no word", lambda: Function("a b", (), ValueType.INT, lambda _: int)),
    # facts and vocabularies
    "fact without title": (InvalidRule, "has no title", lambda: fact(int, " ")),
    "fact's type": (InvalidRule, "which a fact cannot have; write one of", lambda: fact(list, "A list")),
    "required derived": (InvalidRule, "is derived", lambda: fact(c.pages, "x", required=True)),  # type: ignore[call-overload]
    "unknown fact": (UnknownName, "did you mean 'pages'", lambda: fact_named(case, "page")),
    "instance": (InvalidRule, "has no instances", case),
    # rules and packs
    "rule's name": (InvalidRule, "no word", lambda: rule(c.urgent, name="a b")),
    "rule without title": (InvalidRule, "has no title", lambda: rule(c.urgent, title={"en": ""})),
    "severity": (UnknownName, "did you mean 'major'", lambda: rule(c.urgent, severity="mayor")),
    "wrong vocabulary": (ScopeMismatch, "other", lambda: rule(c.urgent, of=other)),
    "of a child": (InvalidRule, "speaks of step, not of case", lambda: rule(s.by == "li", of=case)),
    "of nothing": (InvalidRule, "nobody can tell which", lambda: rule(Fact("loose", ValueType.BOOL).is_known())),
    "settled by a stranger": (UnknownWord, "never 'ended'", lambda: rule(s.at.count() > 1, settled_by=("ended",))),
    "settled without kinds": (InvalidRule, "no children of kinds", lambda: rule(other.pages > 1, settled_by=("done",))),
    "never in force": (InvalidRule, "give a later day", lambda: rule(c.urgent, since="2018-01-02", until="2018-01-02")),
    "pack's name": (InvalidRule, "no word", lambda: Pack("a b", "1", [])),
    "no rule in a pack": (InvalidRule, "which is no rule", lambda: Pack("p", "1", [c.urgent])),  # type: ignore[list-item]
    "twice in a pack": (InvalidRule, "two rules named 'r'", lambda: Pack("p", "1", [rule(c.urgent), rule(c.urgent)])),
}  # fmt: skip

NIGHT = Function("night", (ValueType.INSTANT,), ValueType.BOOL, lambda _: bool, grows=("",))
TRUTH = Function("truth", (ValueType.BOOL,), ValueType.BOOL, lambda _: bool)


def figure(values: dict[Any, Any]) -> Figure[int]:
    """Return a figure of whole numbers."""
    return Figure("a", int, values, basis=BASIS)


def rule(require: Any, **given: Any) -> Rule:
    """Return a rule with whatever is not the matter of a test filled in."""
    return Rule(**{"name": "r", "title": "A rule", "require": require, **given})


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_where_it_is_written(name: str) -> None:
    """The error is of its kind and says what to write instead."""
    error, message, write = REFUSED[name]
    with pytest.raises(error, match=message) as caught:
        write()
    assert isinstance(caught.value, (RuleError, NaiveTime, InvalidTime, TimeOutOfRange, UnknownName, TypeError))


def test_what_looks_alike_and_is_right_is_not_refused() -> None:
    """The refusals do not reach what is right: reflected operators, plain subclasses, constants beside limits."""

    class Colour(StrEnum):
        RED = "red"

    assert same_expr(c.colour == Colour.RED, c.colour == "red")
    assert str(1 - c.pages) == "1 - case.pages"
    assert str(2 * (c.closed - c.opened)) == "2 * (case.closed - case.opened)"
    assert str(timedelta(hours=1) * c.pages) == "span(3600000000) * case.pages"
    assert str(1 / c.pages) == "1 / case.pages"
    assert str(1 + c.pages) == "1 + case.pages"
    limit = Figure(
        "limit",
        __import__("windowservice.worktime.limits.limit", fromlist=["Limit"]).Limit,
        {"2018-01-01": "3 working days"},
        basis=BASIS,
    )
    assert str(limit == "3 working days") == "figure.limit == limit('3 working days')"
    assert (as_of - c.opened).within(timedelta(1)) is not None
    assert c.closed.by(FUZZY(c.due_at, timedelta(1)).is_known().choose(c.due_at, c.opened)) is not None
    assert (
        str(rule(~c.in_time & (c.urgent | c.in_time)).require) == "not case.in_time and (case.urgent or case.in_time)"
    )


# vocabularies


def test_a_vocabulary_says_what_is_wrong_with_it() -> None:
    """Names that no fact can have, facts of two classes, wrong children and inheritance are refused by the class."""
    with pytest.raises(InvalidRule, match=r"'children' of a.*name that no fact can have"):
        type("a", (Facts,), {"children": fact(int, "x")})
    for name in ("class", "_n", "a b"):
        with pytest.raises(InvalidRule, match="name that no fact can have"):
            type("a", (Facts,), {name: fact(int, "x")})
    with pytest.raises(InvalidRule, match=r"'pages' of .*other; declare a new one"):
        type("a", (Facts,), {"pages": other.pages})
    with pytest.raises(InvalidRule, match=r"write class a\(Facts, of=other\)"):
        type("a", (other,), {})
    with pytest.raises(InvalidRule, match="word that the text of rules uses"):
        type("figure", (Facts,), {})
    with pytest.raises(InvalidRule, match="only a vocabulary of its own has children and options"):

        class a(Facts, of=other, extra="more"):
            pass

    with pytest.raises(InvalidRule, match="defined over step, which b does not have as children"):

        class b(Facts):
            told = fact(s.at.count(), "x")

    with pytest.raises(ScopeMismatch):

        class d(Facts):
            told = fact(other.pages + 1, "x")

    with pytest.raises(InvalidRule, match="defined by facts of step; aggregate them first: case is their parent"):

        class e(Facts, of=case):
            told = fact(s.by == "li", "x")


def test_a_circle_of_facts_is_refused() -> None:
    """A fact that rests on itself, by whatever way, is named with its circle."""
    first: Fact[int] = fact(int, "One")
    second = fact(first + 1, "Two")
    object.__setattr__(first, "definition", second * 2)
    with pytest.raises(CyclicFact, match=r"first -> second -> first|second -> first -> second"):
        type("a", (Facts,), {"first": first, "second": second})


def test_a_loose_fact_has_no_vocabulary() -> None:
    """A fact outside a vocabulary speaks of no record and cannot travel."""
    import pickle

    loose = fact(int, "A number")

    class plain:
        number = loose

    assert plain.number.scope is None
    assert str(loose) == "?.?"
    with pytest.raises(InvalidRule, match="no class yet"):
        pickle.dumps(loose)


def test_a_vocabulary_lists_its_facts() -> None:
    """Facts are listed in order, required ones by themselves; a class declared again takes the place of the old one."""
    assert list(other.given) == ["pages"]
    assert [f.name for f in required_facts(case)] == ["opened", "name"]
    assert fact_named(other, "pages") is other.pages
    assert c.colour.also("blue").one_of("blue").scope is case

    def declare() -> type[Facts]:
        class part(Facts):
            pass

        return part

    part = declare()

    def whole() -> type[Facts]:
        class whole(Facts, children=part):
            pass

        return whole

    whole()
    again = whole()
    assert part.parents == (again,)


# compiling


def test_code_is_made_only_for_what_records_can_give() -> None:
    """Other vocabularies, facts of a child, twin figures and unreadable names are refused when code is made."""
    binding = Binding(CALENDAR)
    with pytest.raises(InvalidRule, match="speaks of other, not of case"):
        compile_rules([rule(other.pages > 1)], case, binding)
    with pytest.raises(InvalidRule, match="speaks of a child of case; aggregate it"):
        compile_values([s.by], case, binding)
    twin = Figure("most", int, {"2018-01-01": 4}, basis=BASIS)
    with pytest.raises(InvalidRule, match="'most': stands for two different figures"):
        compile_values([most + c.pages, twin + c.pages], case, binding)
    with pytest.raises(InvalidRule, match="'used': stands for two different kernels"):
        compile_values(
            [USED(c.opened, c.closed), attrs.evolve(USED, optional=frozenset())(c.closed, c.opened)], case, binding
        )
    with pytest.raises(UnknownName, match=r"calendar 'nihgt'.*did you mean 'night'"):
        Binding(CALENDAR, {"night": CALENDAR}).calendar_named("nihgt")

    class odd(Facts):
        name = fact(str, "x", read="the name")

    with pytest.raises(InvalidRule, match="'the name', which no object has as an attribute; give records as mappings"):
        compile_values([odd.name], odd, binding)
    assert compile_values([odd.name], odd, binding, style="mapping")({"the name": "x"}, None) == ("x",)

    class circular(Facts, dated_by="day"):
        at = fact(datetime, "x", required=True)
        day = fact(choose(most > 1, at, at), "x")

    with pytest.raises(InvalidRule, match="cannot rest on figures"):
        compile_values([most + 1], circular, binding)


# figures of another basis


def test_a_figure_is_given_other_values_of_its_own_form() -> None:
    """Keys where it is keyed and none where it is not, and values of its type; they rest on the basis given."""
    other_basis = Basis("a later notice", mark="assumption")
    assert most.with_values({"2018-07-01": 5}, other_basis).table[""].values == (5,)
    assert most.with_values({"2018-07-01": 5}, other_basis).basis == other_basis
    assert shares.with_values({"blue": {"2018-07-01": 1}}, other_basis).table["blue"].bases == (other_basis,)
    with pytest.raises(InvalidRule, match=r"'most': is not keyed; write \{\"2018-07-01\": value\}"):
        most.with_values({"red": {"2018-07-01": 5}}, other_basis)
    with pytest.raises(InvalidRule, match=r"'shares': is keyed; write \{'red': \{\"2018-07-01\": value\}\}"):
        shares.with_values({"2018-07-01": Decimal(1)}, other_basis)
    with pytest.raises(TypeMismatch, match=r"most' from 2018-07-01 takes whole number, got text"):
        most.with_values({"2018-07-01": "5"}, other_basis)


def test_the_value_in_force_is_the_last_that_began() -> None:
    """A value holds from its own day until the day before the next; before the first there is none."""
    dated = Figure("a", int, {"2018-07-01": 2, "2018-01-01": 1}, basis=BASIS).table[""]
    days = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 6, 30), date(2018, 7, 1), date(2030, 1, 1)]
    assert [in_force(dated, day) for day in days] == [-1, 0, 0, 1, 1]


def test_a_calendar_that_a_record_names_and_nobody_knows_is_an_error() -> None:
    """The name of the calendar is only known with the record; the error tells the nearest."""
    binding = Binding(CALENDAR, {"greenhouse": CALENDAR})
    read = compile_values([due(c.opened, "2 hours", c.name)], case, binding, style="mapping")
    opened = datetime(2018, 5, 3, 9, tzinfo=UTC)
    named = read({"opened": opened, "name": "greenhouse", "steps": []}, opened)
    assert named == (opened + timedelta(hours=2),)
    with pytest.raises(UnknownName, match=r"calendar 'greenhuose'.*did you mean 'greenhouse'"):
        read({"opened": opened, "name": "greenhuose", "steps": []}, opened)


def test_rules_are_the_same_if_all_they_say_is() -> None:
    """A rule is known by its fingerprint: by whatever it says, and not by where it was made."""
    one, again = rule(c.urgent, since="2018-01-01"), rule(c.urgent, since=date(2018, 1, 1))
    others = [
        rule(~c.urgent),
        rule(c.urgent, when=c.urgent),
        rule(c.urgent, severity="major"),
        rule(c.urgent, name="s"),
    ]
    assert one == again
    assert len({one, again}) == 1
    assert not any(one == other for other in others)
    assert one != "r"
    assert str(rule(c.urgent, when=c.pages > 1)) == "r: require case.urgent when case.pages > 1"


def test_facts_travel() -> None:
    """A fact is pickled by its name, with the words that a plugin added to it."""
    import pickle

    from windowservice.facts.requests.event import event as e

    assert pickle.loads(pickle.dumps(e.kind)) is e.kind
    more = pickle.loads(pickle.dumps(e.kind.also("pondered")))
    assert same_expr(more, e.kind)
    assert "pondered" in more.words
