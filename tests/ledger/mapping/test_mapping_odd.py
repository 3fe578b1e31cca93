"""Odd values at every place of a mapping: each is read, or refused with an error of the library's own."""

from __future__ import annotations

import copy
import tomllib
from datetime import date

import windowservice as ws
from windowservice.ledger.mapping.reading import mapping_from_dict

BASE = tomllib.loads("""
zone="Asia/Shanghai"
recorded=["submitted"]
name="x"
[[table]]
file="t"
sheet=""
encoding=""
delimiter=""
header=1
log=true
where={k=["submitted"]}
[table.request]
id="id"
bank={column="bank", words={a="b"}, other="keep", empty=["x"], default="q"}
service={constant="S10"}
amount={column="amount", decimal=".", thousands=",", unit="fen"}
extra.due={column="due", type="instant", date="end", midnight_is_date=true, shift={read_as="UTC",show_in="UTC"}}
[[table.event]]
at={column="at", format=["%Y-%m-%d %H:%M"], date="start", excel_serial=true}
written={column="w", yes=["j"], no=["n"]}
items={column="i", separator=";"}
seq="n"
once=false
where={k="submitted"}
[table.event.kind]
column="k"
other="noted"
[table.event.kind.words]
a="decided"
b={kind="suspended", reason="hearing", until_next="resumed"}
""")
ODD = (
    None, True, -1, 1.5, 10**5000, "", "ab", "a\0b", [], [1], ["a", "b", "c"], {},
    {"column": []}, {"column": "", "x": 1}, "%Y",
     ("a",), object, date(2018, 5, 3),
)  # fmt: skip

ROW = {
    "id": "R1",
    "bank": "a",
    "amount": "100",
    "due": "2018-05-03",
    "at": "2018-05-03 09:40",
    "w": "j",
    "i": "a;b",
    "n": 1,
}
ROWS = [{**ROW, "k": "a"}, {**ROW, "n": 2, "k": "b"}]


def places(value, place=()):
    """Every place within a document."""
    yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*place, key))


def changed(place, value):
    """The document with a value put into a place."""
    if not place:
        return value
    document = copy.deepcopy(BASE)
    part = document
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return document


def test_whatever_stands_in_a_mapping_it_is_read_or_refused_with_an_error_of_our_own():
    """Wrong types, numbers of thousands of digits, empty lists, NUL, patterns that cannot be: nothing raw comes out."""
    read = 0
    for place in places(BASE):
        for odd in ODD:
            try:
                ws.Ledger.read({"t": ROWS}, mapping=mapping_from_dict(changed(place, odd)))
                read += 1
            except ws.WindowserviceError as error:
                assert str(error)  # noqa: PT017 - either outcome is right
    assert read > 50
