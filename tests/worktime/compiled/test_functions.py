"""A function in whole numbers gives as WebAssembly what it gives as Python."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.errors import NotColumnar
from windowservice.worktime.compiled.functions import HELPERS, label, reached
from windowservice.worktime.integers.memory import Memory

wasmtime = pytest.importorskip("wasmtime")
NUMBERS = st.one_of(st.integers(-9, 9), st.integers(-(10**12), 10**12))


def run(function: Callable[..., int], *arguments: int, memory: dict[int, int] | None = None) -> int:
    """Run a function printed as WebAssembly over a memory of zeros but for some words."""
    text = f'(module (memory (export "memory") 1) {" ".join((*HELPERS, *reached({label(function): function})))}'
    text += f' (export "f" (func ${label(function)})))'
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, bytes(wasmtime.wat2wasm(text))), []).exports(store)
    for place, value in (memory or {}).items():
        exports["memory"].write(store, value.to_bytes(8, "little", signed=True), 8 * place)
    found: int = exports["f"](store, *arguments)
    return found


def divided(m: Memory, a: int, b: int) -> int:
    return (a // b) * 1_000 + a % b


def chosen(m: Memory, a: int, b: int) -> int:
    return a - b if -5 <= a < b and not (a == 0 or b == 3) else a << 2 | b & 7


def counted(m: Memory, a: int, b: int) -> int:
    total = 0
    for one in range(a, b):
        if one == 4:
            continue
        if total > 50:
            break
        total += one * one
    for one in range(b):
        total -= one >> 1
    return -total


def walked(m: Memory, a: int, b: int) -> int:
    place = a
    steps = 0
    while m[place] != 0 and steps < b:
        place = m[place]
        steps += 1
    m[0] = steps
    return m[0] * 100 + place


def hidden(m: Memory, a: int, b: int) -> int:
    NUMBERS_OF_MINE = a * 2
    return NUMBERS_OF_MINE + b


def first_beyond(m: Memory, a: int, b: int) -> int:
    for one in range(9):
        if one * a > b:
            return one
        if one == b:
            break
    return -1


def clipped(m: Memory, a: int, b: int) -> int:
    if a > b:
        return b
    return a


def nested(m: Memory, a: int, b: int) -> int:
    total = first_beyond(m, a, b) * 100
    for one in range(a):
        if one == 7:
            continue
        total += clipped(m, clipped(m, one, b), first_beyond(m, one, total))
    return total + one_by_one(m, b, a)


def one_by_one(m: Memory, a: int, b: int) -> int:
    return 0 if a <= 0 else b + one_by_one(m, a - 1, b)


def in_place(m: Memory, a: int, b: int) -> int:
    place = a * a
    m[place + PLACE] = b
    m[place + PLACE + 1] = m[place + PLACE] - a
    return m[PLACE + place] * 7 + m[place + 4]


def by_known(m: Memory, a: int, b: int) -> int:
    return a * b // PLACE * 100 + (a * b) % PLACE + a % 1 + a // 1


NUMBERS_OF_MINE = 77
PLACE = 3
FUNCTIONS = (divided, chosen, counted, hidden, nested, in_place, by_known)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.__name__)
@given(a=st.integers(-20, 20), b=st.integers(-20, 20).filter(bool))
def test_a_function_gives_the_same(function: Callable[..., int], a: int, b: int) -> None:
    """Division goes towards the lesser number, loops are left and gone on with, small functions stand where called."""
    assert run(function, a, b) == function([0] * 500, a, b)


def test_words_of_the_memory_are_read_and_written() -> None:
    """A list that is linked by its words is walked."""
    links = {3: 7, 7: 5, 5: 9}
    memory = [links.get(place, 0) for place in range(16)]
    for steps in range(5):
        assert run(walked, 3, steps, memory=links) == walked(list(memory), 3, steps)


OPERATORS = st.sampled_from(("+", "-", "*", "&", "|"))


def expressions(depth: int) -> st.SearchStrategy[str]:
    """Expressions over two numbers."""
    if depth == 0:
        return st.sampled_from(("a", "b", "1", "7", "-3"))
    below = expressions(depth - 1)
    test = st.builds("{} {} {}".format, below, st.sampled_from(("<", "<=", "==", "!=", ">", ">=")), below)
    tests = st.one_of(test, st.builds("({} {} {})".format, test, st.sampled_from(("and", "or")), test))
    return st.one_of(
        below,
        st.builds("({} {} {})".format, below, OPERATORS, below),
        st.builds("({} {} {})".format, below, st.sampled_from(("//", "%")), st.sampled_from(("3", "-7", "86400"))),
        st.builds("({} if {} else {})".format, below, tests, below),
        st.builds("(-{})".format, below),
    )


@trials(1)
@given(expression=expressions(3), pairs=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_any_expression_gives_the_same(expression: str, pairs: list[tuple[int, int]]) -> None:
    """Sums, products, division, bits, choices; what does not fit into 64 bits is no matter of such functions."""
    function = made(f"def f(m, a, b):\n    return {expression}\n")
    for a, b in pairs:
        wanted = function([0], a, b)
        if all(abs(value) < 2**62 for value in _values(expression, a, b)):
            assert run(function, a, b) == wanted


def _values(expression: str, a: int, b: int) -> list[int]:
    """Return the values of all parts of an expression."""
    parts = [node for node in ast.walk(ast.parse(expression, mode="eval").body) if isinstance(node, ast.expr)]
    held: list[Any] = [eval(compile(ast.Expression(part), "", "eval"), {"a": a, "b": b}) for part in parts]
    return [int(value) for value in held]


def made(source: str) -> Callable[..., int]:
    """Return a function of its source, where `inspect` finds it."""
    name = f"<{hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": "made"}
    exec(compile(source, name, "exec"), namespace)
    function: Callable[..., int] = namespace["f"]
    return function


@pytest.mark.parametrize(
    "statement",
    [
        "return a / b",
        "return [a][0]",
        "return a if b else 0",
        "x, y = a, b\n    return x",
        "return print(a)",
        "return 1.5",
        "return nothing_of_that_name",
        "return (lambda: 1)()",
    ],
)
def test_what_has_no_form_in_whole_numbers_is_refused_with_its_line(statement: str) -> None:
    """Nothing is printed that would mean something else."""
    with pytest.raises(NotColumnar, match="line 2"):
        reached({"f": made(f"def f(m, a, b):\n    {statement}\n")})


def test_what_is_no_function_with_a_source_is_refused() -> None:
    """A plugin may bring anything callable."""
    namespace: dict[str, Any] = {}
    exec("def f(m, a):\n    return a\n", namespace)
    for one in (namespace["f"], len, lambda m, a: a):
        with pytest.raises(NotColumnar):
            reached({"f": one})
