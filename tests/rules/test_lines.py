"""Lines of figures in files: tables of keys one within the other, or rows that name their keys."""

from __future__ import annotations

from datetime import datetime

import pytest

import windowservice as ws
from windowservice.rules.pack_file import read_figures, read_pack


class call(ws.Facts, dated_by="at"):
    """A call."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer", required=True)
    priority = ws.fact(str, "Priority", words=("P1", "P2"), required=True)
    at = ws.fact(datetime, "When", required=True)
    hours = ws.fact(int, "Hours", required=True)


HEAD = """schema_version = 1
name = "p"
version = "1"
basis.c = { text = "Contract", mark = "known" }

[figures.contract]
type = "integer"
note = "What was agreed"
"""
RULE = """
[[rules]]
name = "r"
title = { en = "As agreed" }
require = "call.hours <= figure.contract[call.customer, call.priority]"
basis = "c"
"""
ROWS = """by = [
    { customer = "ACME", priority = "P1", since = 2018-01-01, value = 4, basis = "c" },
    { customer = "ACME", priority = "P1", since = 2018-07-01, value = 2, basis = "c" },
    { priority = "P2", customer = "ACME", since = 2018-01-01, value = 8, basis = "c" },
]
"""
TABLES = """[figures.contract.by.ACME]
P1 = [{ since = 2018-01-01, value = 4, basis = "c" }, { since = 2018-07-01, value = 2, basis = "c" }]
P2 = [{ since = 2018-01-01, value = 8, basis = "c" }]
"""
BOTH = """[figures.contract.by]
ACME = [
    { priority = "P1", since = 2018-01-01, value = 4, basis = "c" },
    { priority = "P1", since = 2018-07-01, value = 2, basis = "c" },
    { priority = "P2", since = 2018-01-01, value = 8, basis = "c" },
]
"""


@pytest.mark.parametrize("lines", [TABLES, BOTH])
def test_all_forms_say_the_same(lines: str) -> None:
    table = read_figures(HEAD + lines)["contract"].table
    assert table == read_figures(HEAD + ROWS)["contract"].table
    assert table["ACME", "P1"].values == (4, 2)


@pytest.mark.parametrize("lines", [ROWS, TABLES])
def test_a_rule_of_the_file_reads_the_line(lines: str) -> None:
    pack = read_pack(HEAD + lines + RULE, [call])
    engine = ws.Engine.load(packs=[pack], installed=False)
    record = {"id": "1", "customer": "ACME", "priority": "P1", "at": datetime.fromisoformat("2018-07-01T09:00Z")}
    for hours, verdict in ((2, "pass"), (3, "fail")):
        assert str(engine.check({**record, "hours": hours}, as_of="2019-01-01").findings[0].verdict) == verdict


WRONG = {
    "a row without a key": ('priority = "P1", since = 2018-07', "since = 2018-07", r"by: line 1 has the keys \['cust"),
    "a slip": ("since = 2018-07-01", "sinse = 2018-07-01", r"by\[1\].since: is missing"),
    "a word of no fact": ('"P2"', '"P3"', "unknown word of call.priority 'P3'; known: P1, P2"),
    "a key of another type": ('"P2"', "2", r"\(text, text\) and contract\[ACME, 2\] \(text, whole number\)"),
    "too few keys": ("call.customer, ", "", "with 1 of its 2 keys"),
    "no lines": (ROWS, "by = 5\n", "by: must be tables of keys, or a list of lines"),
    "a line that is none": (ROWS, "by = [5]\n", r"by\[0\]: must be a table"),
    "a value of another type": (
        "value = 8",
        'value = "x"',
        r"P2\]' from 2018-01-01 takes whole number",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_its_place(what: str) -> None:
    right, wrong, said = WRONG[what]
    with pytest.raises(ws.WindowserviceError, match=said):
        read_pack((HEAD + ROWS + RULE).replace(right, wrong), [call])
