"""Text becomes a rule or an error that says where and why; it is never executed."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.language.drawing import USED, world

from windowservice.errors import InvalidRule, RuleTextError
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import constant, same_expr
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.values import ValueType
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

W = world("datetime", "mapping", kind_required=True, ordered=True, dated=True)
NAMES = Names([W.parent, W.child], W.figures.values(), {"used": USED})
P, C = W.parent.given, W.child.given


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("parent.n + 1 < 2 * parent.m", P["n"] + 1 < 2 * P["m"]),
        ("not parent.flag and parent.n == 1 or parent.m != -2", (~P["flag"] & (P["n"] == 1)) | (P["m"] != -2)),
        ("parent.s.one_of('red', 'blue')", P["s"].one_of("red", "blue")),
        (
            "count(child, where=child.kind == 'paid') <= figure.most",
            C["at"].count(C["kind"] == "paid") <= W.figures["most"],
        ),
        ("figure.share[parent.s] >= decimal('0.5')", W.figures["share"][P["s"]] >= Decimal("0.5")),
        ("figure.share['red'] >= 1", W.figures["share"]["red"] >= 1),
        ("child.at.first(where=child.paid).by(parent.b)", C["at"].first(C["paid"]).by(P["b"])),
        ("-(parent.n - parent.m) * 2", -(P["n"] - P["m"]) * 2),
        ("parent.n - (parent.m - 1)", P["n"] - (P["m"] - 1)),
        ("(as_of - parent.a).within(span(3600000000))", None),
        ("parent.a.date() < date('2018-05-01')", P["a"].date() < date(2018, 5, 1)),
        ("child.by.seen_before()", None),
        ("~parent.flag & parent.flag", ~P["flag"] & P["flag"]),
    ],
)
def test_text_is_read(text: str, expr: Expr[Any] | None) -> None:
    """What is written over names becomes the same tree as written in Python, and prints as it was written."""
    if expr is None:
        if "by" in text:
            with pytest.raises(RuleTextError, match="unknown fact of child 'by'"):
                parse(text, NAMES)
            return
        expr = parse(text, NAMES)
    assert same_expr(parse(text, NAMES), expr)
    assert same_expr(parse(str(expr), NAMES), expr)


CONSTANTS = [
    True, 5, -5, 0.5, -0.0, 1e300, "it's", 'say "no"\n', "申请", Decimal("0.10"), Decimal(-1), Fraction(-1, 3),
    datetime.fromisoformat("2018-05-03T09:40:01.000001+08:00"), date(2018, 5, 3), timedelta(days=-1, microseconds=1),
    WorkSpan(-7), frozenset({"b", "a"}), frozenset(), Limit.parse("3 working days"),
]  # fmt: skip


def _constant_id(value: Any) -> str:
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)  # a set has no order of its own


@pytest.mark.parametrize("value", CONSTANTS, ids=_constant_id)
def test_constants_of_every_type_come_back(value: Any) -> None:
    """A constant is printed so that reading it gives the same value and type."""
    written = constant(value)
    again = parse(str(written), NAMES)
    assert same_expr(again, written)
    assert type(again.value) is type(written.value)  # type: ignore[attr-defined]


REFUSED = {
    "": "invalid syntax",
    "parent.n ==": "invalid syntax",
    "parent.n = 1": "invalid syntax",
    "parent.n == None": "None is not part of the rule language; write .is_missing",
    "parent.n == 1j": "1j is not part of the rule language",
    "parent.n == ...": "Ellipsis is not part of the rule language",
    "parent.s == b'red'": "b'red' is not part of the rule language",
    "parent.f < 1e999": "infinite",
    "1 < parent.n < 3": "chained comparison",
    "parent.n in (1, 2)": "in and is are not part",
    "parent.n is 1": "in and is are not part",
    "parent.n ** 2 == 1": "Pow is not part",
    "parent.n % 2 == 1": "Mod is not part",
    "+parent.n == 1": "a leading \\+ means nothing",
    "[parent.n]": "List is not part",
    "{parent.n}": "Set is not part",
    "lambda: 1": "Lambda is not part",
    "(x := parent.n) == 1": "NamedExpr is not part",
    "parent.n if parent.flag else 1": "IfExp is not part",
    "f'{parent.n}' == 'a'": "JoinedStr is not part",
    "[x for x in parent]": "ListComp is not part",
    "await parent.n": "outside|Await is not part",
    "parent.n == 1 and True": "speaks of no fact",
    "n == 1": "unknown name 'n'",
    "parnt.n == 1": "unknown vocabulary 'parnt' .did you mean 'parent'",
    "parent.flg": "unknown fact of parent 'flg' .did you mean 'flag'",
    "parent.__class__": "unknown fact of parent '__class__'",
    "parent.n.__class__": "unknown part '__class__'",
    "parent.n.__class__()": "unknown method '__class__'",
    "parent.given": "unknown fact of parent 'given'",
    "figure.mst": "unknown figure 'mst' .did you mean 'most'",
    "figure.most[parent.s] == 1": "is not keyed",
    "figure.share == 1": "is keyed and stands without a key",
    "figure.share[1] == 1": "takes a text",
    "figure == 1": "unknown name 'figure'",
    "parent.s[0] == 'r'": "only a figure takes a key",
    "as_of.due": "takes a clock",
    "as_of": None,
    "__import__('os').system('true')": "unknown function '__import__'",
    "open('/etc/passwd')": "unknown function 'open'",
    "(lambda: parent)()": "only named functions and methods",
    "parent.n.sum(1)": "sum takes only where=",
    "parent.n.by(1)": "by takes two instants",
    "parent.a.by()": "missing 1 required",
    "parent.a.by(parent.b, where=parent.flag)": "by takes no where=",
    "used(parent.a, parent.b, where=parent.flag)": "used takes no where=",
    "used(parent.a)": "used takes",
    "child.at.first(where=child.paid, where=child.paid)": "where= is given twice|keyword argument repeated",
    "collect(child.at, where=child.paid) == 1": "takes two values of one kind",
    "parent.n.minus()": "takes 2 operands|takes two sets",
    "parent.n.is_missing(1)": "is_missing takes 1 operands",
    "parent.n.otherwis(1)": "unknown method 'otherwis' .did you mean 'otherwise'",
    "parent.s.one_of()": "names no word",
    "parent.s.one_of('pink')": "never 'pink'",
    "parent.s.one_of(parent.t)": "a plain word is wanted",
    "parent.s.one_of(*parent.t)": "Starred is not part",
    "parent.s == 'pink'": "never 'pink'",
    "child.at.first(when=child.paid)": "unknown argument 'when'",
    "child.at.first(**child.paid)": "unknown argument None",
    "count()": "count takes the children's vocabulary",
    "count(chld)": "unknown vocabulary 'chld' .did you mean 'child'",
    "collect()": "speaks of no child",
    "limit('1 day') == limit('72 hours')": "write one of",
    "limit(3)": "limit takes a text in quotes",
    "date(3)": "date takes a text in quotes",
    "date('yesterday')": "not a date",
    "instant('2018-05-03T09:40')": "no zone",
    "span('1')": "span cannot be made of",
    "span(True)": "span takes a text such as",
    "span(10000000000000000000000000)": "span cannot be made",
    "ratio(1, 0)": "ratio cannot be made",
    "ratio(1)": "ratio takes a whole number and a whole number",
    "decimal('x')": "decimal cannot be made",
    "decimal('NaN')": "NaN was written",
    "decimal('Infinity')": "infinite",
    "texts('a', 1)": "texts takes a text in quotes",
    "parent.a < as_of": "moves with as_of",
    "parent.n == child.x": None,
    "parent.n == 'a'": "takes two values of one kind",
    "not " * 300 + "parent.flag": "nested deeper|recursion|too many|too complex",
    "(" * 300 + "parent.flag" + ")" * 300: "too many nested parentheses",
    "parent.n" + " + 1" * 2000 + " == 1": "nested deeper|recursion|too complex",
    "parent.n == " + "9" * 5000: "integer string conversion",
    "parent.flag and " * 5000 + "parent.flag": "longer than 10000",
    "parent.flag\x00": "null bytes",
    "parent.flag\nparent.flag": "invalid syntax",
    "parent.flag # and so on": None,
}


@pytest.mark.parametrize("text", [text for text, why in REFUSED.items() if why is not None], ids=lambda text: text[:30])
def test_other_text_is_refused_with_the_reason(text: str) -> None:
    """What is not of the grammar, or could never be right, is a RuleTextError that says why."""
    with pytest.raises(RuleTextError, match=f"(?i){REFUSED[text]}") as caught:
        parse(text, NAMES)
    assert caught.value.column >= 0
    assert str(caught.value).startswith("in the expression")


def test_too_many_conditions_are_refused() -> None:
    """A text that joins more conditions than Python can follow is an error like any other."""
    text = "parent.flag" + "|1" * 4_000
    with pytest.raises(RuleTextError):
        parse(text, NAMES)


@given(st.one_of(st.text(), st.text(alphabet="parent.nflagchild()[]'\"+-*/<>=!&|~:,0123456789 _\\\n\t\u00ad{}@%^")))
@example("parent.n.is_missing()")
@example("'" * 3)
@example("\ud800")
@example("parent.n == 0x")
def test_no_text_does_anything_but_become_a_rule_or_an_error(text: str) -> None:
    """Whatever the text, reading it gives an expression or a RuleTextError."""
    try:
        found = parse(text, NAMES)
    except RuleTextError:
        return
    assert isinstance(found, Expr)


NODES = """parent.n parent.s parent.a parent.b parent.flag parent.tags child.at child.kind as_of 1 'red' figure.most
figure.share 1.5 True None limit('72小时') texts('a')""".replace("\n", " ").split(" ")
FORMS = """({0} == {1});({0} < {1});({0} + {1});({0} - {1});({0} * {1});({0} / {1});({0} and {1});(not {0});(-{0})
{0}.by({1});{0}.within({1});{0}.first(where={1});{0}.count();count(child, where={0});{0}.is_missing();{0}.happened()
{0}.otherwise({1});{0}.choose({1}, {0});{0}[{1}];{0}.due;used({0}, {1});{0}.previous(where={1});{0}.next();{0}.union()
{0}.minus({1});{0}.date();worked({0}, {1});due({0}, {1}, 'x');collect({0}, {1});date({0});{0}.one_of({1});{0}.size({1})
{0}.contains({1});workdays({0}, {1});texts({0})""".replace("\n", ";").split(";")
TEXTS = st.recursive(
    st.sampled_from(NODES), lambda inner: st.builds(str.format, st.sampled_from(FORMS), inner, inner), max_leaves=6
)


@given(TEXTS)
def test_whatever_is_read_prints_as_itself(text: str) -> None:
    """Any combination of the grammar is refused, or read to a tree that is printed and read again."""
    try:
        found = parse(text, NAMES)
    except RuleTextError:
        return
    assert same_expr(parse(str(found), NAMES), found)


def test_the_words_of_the_grammar_are_all_of_it() -> None:
    """Only nine kinds of syntax node are understood, none of which can call anything but what is named."""
    from windowservice.language.text import parse as module

    assert set(module._READERS) == {
        ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Call,
    }  # fmt: skip


def test_names_that_stand_for_two_things_are_refused() -> None:
    """Two vocabularies, figures or kernels of one name, or a kernel called like a word of the grammar, are errors."""

    class parent(Facts):
        n = fact(int, "A number")

    with pytest.raises(InvalidRule, match=r"'parent'.*two vocabularies"):
        Names([W.parent, parent])
    most = Figure("most", int, {"2018-01-01": 1}, basis=W.figures["most"].basis)
    with pytest.raises(InvalidRule, match=r"'most'.*two figures"):
        Names([], [W.figures["most"], most])
    kernel = Function("limit", (ValueType.INT,), ValueType.INT, lambda _binding: abs)
    with pytest.raises(InvalidRule, match=r"'limit'.*word of the grammar"):
        Names([], [], {"limit": kernel})
