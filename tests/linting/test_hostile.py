"""Packs that mean harm, or that a program wrote, are refused or looked at within seconds and without a crash."""

from __future__ import annotations

import time

import pytest

import windowservice as ws

_HEAD = """
schema_version = 1
name = "x"
version = "1"
title = { en = "x" }
[basis.b]
text = "Notice"
[records.t]
title = "t"
table = "t"
dated_by = "at"
[records.t.facts]
id = { title = "N", type = "key" }
at = { title = "w", type = "instant", required = true }
n = { title = "n", type = "integer" }
"""
_TEN: int = 10


def _rule(require: str, name: str = "r") -> str:
    return f"[[rules]]\nname = \"{name}\"\ntitle = {{ en = \"x\" }}\nrequire = '''{require}'''\nbasis = \"b\"\n"


def _chain(formula: str) -> str:
    """Return facts each of which rests twice on the one before."""
    first = 'f0 = { title = "n", formula = "t.n + 1 > 1" }\n'
    return first + "".join(
        f'f{i} = {{ title = "n", formula = "{formula.format(before=i - 1)}" }}\n' for i in range(1, 60)
    )


REFUSED = {
    "deep brackets": _HEAD + _rule("(" * 5_000 + "t.n > 1" + ")" * 5_000),
    "deep not": _HEAD + _rule("not " * 2_000 + "t.n > 1"),
    "a huge number": _HEAD + _rule("t.n > " + "9" * 9_000),
    "a number of many digits": _HEAD + _rule("t.n > " + "9" * 4_000),
    "a power": _HEAD + _rule("t.n > 9**9**9"),
    "a shift": _HEAD + _rule("t.n > 1 << 99999999"),
    "a text many times": _HEAD + _rule("t.id == 'a' * 999999999"),
    "a huge decimal": _HEAD + _rule("decimal('1e999999999') > t.n"),
    "a huge limit": _HEAD + _rule("t.at.by(due(t.at, limit('999999999 working days')).due)"),
    "the class of a record": _HEAD + _rule("t.__class__.__mro__ > 1"),
    "the class of a fact": _HEAD + _rule("t.n.__class__ > 1"),
    "an import": _HEAD + _rule("__import__('os').system('id')"),
    "a function": _HEAD + _rule("(lambda: 1)() > t.n"),
    "a fact named as Python's own": _HEAD + '__init__ = { title = "n", type = "integer" }\n' + _rule("t.n > 1"),
    "a record named as Python's own": _HEAD.replace("records.t", "records.__class__"),
    "a circle": _HEAD + 'a = { title = "n", formula = "t.b + 1" }\nb = { title = "n", formula = "t.a + 1" }\n',
    "facts that double": _HEAD + _chain("t.f{before} and t.f{before}") + _rule("t.f59"),
    "a key of many parts": _HEAD + "[" + ".".join(["a"] * 5_000) + "]\n",
    "lists in lists": _HEAD + "x = " + "[" * 100_000 + "]" * 100_000 + "\n",
    "very many rules": _HEAD + "".join(_rule(f"t.n > {i}", f"r{i}") for i in range(3_000)),
    "very many typos": _HEAD + "".join(_rule(f"t.{'n' * 50}{i} > 1", f"r{i}") for i in range(500)),
}

LOOKED_AT = {
    "a rule of 700 parts": _HEAD + _rule(" and ".join(f"t.n > {i}" for i in range(700))),
    "a product of choices": _HEAD + _rule(" and ".join(f"(t.n == {i} or t.id == 'a{i}')" for i in range(100))),
    "500 rules, each within the next": _HEAD + "".join(_rule(f"t.n > {i}", f"r{i}") for i in range(500)),
    "facts that double, forty of them": _HEAD
    + "\n".join(_chain("(t.f{before} and t.n > 2) or (t.f{before} and t.n < 2)").split("\n")[:38])
    + "\n" + _rule("t.f30"),
}  # fmt: skip


@pytest.mark.parametrize("pack", REFUSED.values(), ids=REFUSED.keys())
def test_what_means_harm_is_refused_in_bounded_time(pack: str) -> None:
    """It is told as what cannot be loaded, in lines that are not endless, within seconds."""
    begin = time.process_time()
    found = ws.lint([pack])
    assert found
    assert {problem.code for problem in found} == {"load"}
    assert len(found) <= 101
    assert max(len(str(problem)) for problem in found) < 12_000
    assert time.process_time() - begin < _TEN


@pytest.mark.parametrize("pack", LOOKED_AT.values(), ids=LOOKED_AT.keys())
def test_what_is_large_is_looked_at_in_bounded_time(pack: str) -> None:
    """It is loaded; lint says what it did not look at, and ends."""
    begin = time.process_time()
    found = ws.lint([pack])
    assert not [problem for problem in found if problem.code == "load"]
    assert len(found) < 200
    assert time.process_time() - begin < _TEN
