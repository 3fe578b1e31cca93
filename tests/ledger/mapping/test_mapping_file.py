"""Mapping files: strict, data only."""

from __future__ import annotations

import pytest

from windowservice.errors import InvalidDocument
from windowservice.ledger.mapping.mapping import Cell, Shift
from windowservice.ledger.mapping.reading import mapping_from_dict, mapping_from_toml, read_mapping

REQUEST = 'id = "a"\nbank = "b"\nservice = "c"\n'


def problems(text):
    with pytest.raises(InvalidDocument) as caught:
        mapping_from_toml(text, where="mapping.toml")
    return "\n".join(f"{path}: {message}" for path, message in caught.value.problems)


def test_a_column_is_a_name_or_a_table():
    """Both forms mean the same; a list of columns is joined."""
    said = mapping_from_toml(
        f"""
        [[table]]
        [table.request]
        {REQUEST}
        extra.due = {{ column = ["d", "e"], words = {{ "x+y" = "z" }} }}
        [[table.event]]
        at = {{ column = "t", shift = {{ read_as = "America/New_York", show_in = "UTC" }}, format = "%Y-%m-%d" }}
        kind = {{ constant = "submitted" }}
        where = {{ s = "open", u = ["v", "w"] }}
        """
    ).table[0]
    assert said.request.cells["id"] == Cell(column=("a",))
    assert said.request.extra["due"].column == ("d", "e")
    assert said.event[0].cells["at"].shift == Shift(read_as="America/New_York", show_in="UTC")
    assert said.event[0].cells["at"].format == ("%Y-%m-%d",)
    assert said.event[0].where == {"s": ("open",), "u": ("v", "w")}
    assert said.targets == ("requests", "events")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('zoen = "UTC"\ntable = []', "unknown key 'zoen' (did you mean 'zone'?)"),
        (f"[[table]]\nfiel = 'x'\n[table.request]\n{REQUEST}", "unknown key 'fiel' (did you mean 'file'?)"),
        (f"[[table]]\n[table.request]\n{REQUEST}chanel = 'x'", "unknown key 'chanel' (did you mean 'channel'?)"),
        (
            f"[[table]]\n[table.request]\n{REQUEST}channel = {{ colum = 'x' }}",
            "unknown key 'colum' (did you mean 'column'?)",
        ),
        (f"[[table]]\n[table.request]\n{REQUEST}channel = {{ words = {{}} }}", "either a column or a constant"),
        (f"[[table]]\n[table.request]\n{REQUEST}channel = 7", "the name of a column, or a table"),
        ("[[table]]\n[table.request]\nid = 'a'", "'bank' is missing; 'service' is missing"),
        ("[[table]]\nfile = 'x'", "makes nothing"),
        (f"[[table]]\nheader = 0\n[table.request]\n{REQUEST}", "header must be 1 or more"),
        (f"[[table]]\nheader = '2'\n[table.request]\n{REQUEST}", "must be an integer"),
        ("[[table]]\n[[table.event]]\nat = 'a'\nkind = 'b'", "needs 'request'"),
        (f"[[table]]\n[table.request]\n{REQUEST}[[table.event]]\nat = 'a'\nkind = 'b'\nonce = true", "only in a log"),
        (
            f"[[table]]\n[table.request]\n{REQUEST}amount = {{ column = 'x', date = 'end' }}",
            "no meaning for a column of type number",
        ),
        (
            f"[[table]]\n[table.request]\n{REQUEST}amount = {{ column = 'x', type = 'number' }}",
            "the schema says its type",
        ),
        (f"[[table]]\n[table.request]\n{REQUEST}amount = {{ column = ['x', 'y'] }}", "several columns make no number"),
        (
            f"[[table]]\n[table.request]\n{REQUEST}amount = {{ column = 'x', decimal = ',' }}",
            "decimal and thousands are both",
        ),
        (f"[[table]]\n[table.request]\n{REQUEST}channel = {{ column = 'x', other = 'rejct' }}", "other must be"),
        (
            f"[[table]]\n[table.request]\n{REQUEST}channel = {{ column = 'x', words = {{ a = {{ kind = 'b' }} }} }}",
            "only in the column 'kind'",
        ),
        (f"[[table]]\n[table.request]\n{REQUEST}extra = 7", "a table of further fields"),
        (
            f"[[table]]\n[table.request]\n{REQUEST}extra.x = {{ column = 'x', type = 'instnat' }}",
            "did you mean 'instant'",
        ),
        (
            "[[table]]\n[[table.event]]\nrequest = 'r'\nat = { column = 'a', zone = 'Asia/Shangai' }\nkind = 'b'",
            "did you mean 'Asia/Shanghai'",
        ),
        (
            "[[table]]\n[[table.event]]\nrequest = 'r'\nat = { column = 'a', date = 'middle' }\nkind = 'b'",
            "one of 'start', 'end'",
        ),
        (
            "[[table]]\n[[table.event]]\nrequest = 'r'\nat = { column = 'a', midnight_is_date = true }\nkind = 'b'",
            "midnight_is_date needs date = 'start' or date = 'end'",
        ),
        (
            "[[table]]\n[[table.event]]\nrequest = 'r'\nat = 'a'\nkind = { words = { x = { raeson = 'y' } } }",
            "did you mean 'reason'",
        ),
        (
            "[[table]]\n[[table.event]]\nrequest = 'r'\nat = 'a'\nkind = { column = 'b', words = { x = 7 } }",
            "a word, or a table",
        ),
        ("table = 7", "must be a list"),
        ("[[table]]\nrequest = 7", "a table with columns of requests"),
    ],
)
def test_what_is_not_of_the_format_is_refused_with_its_path(text, expected):
    """A misspelt key comes with the nearest one; a key that has no meaning there is not ignored."""
    assert expected in problems(text)


def test_all_problems_are_told_at_once():
    """Nobody mends a file one error at a time."""
    told = problems('zone = 7\nrecored = []\n[[table]]\n[table.request]\nidd = "x"\nbank = "b"\nservice = "s"\n')
    assert [word for word in ("must be a text", "recored", "idd") if word not in told] == []


def test_what_is_not_toml_is_refused(tmp_path):
    """With line and column; names that are not plain letters need quotes, and the message says so."""
    assert "line 1" in problems("zone = x")
    assert "stands in quotes" in problems("状态 = 'x'")
    path = tmp_path / "mapping.toml"
    path.write_bytes("zone = '工'".encode("gbk"))
    with pytest.raises(InvalidDocument, match=r"mapping\.toml: .*not UTF-8"):
        read_mapping(path)
    path.write_text("\ufeff[[table]]\n[table.request]\n" + REQUEST, encoding="utf-8")
    assert read_mapping(path).zone == ""


def test_a_mapping_is_data_only():
    """What looks like code is a text like any other."""
    evil = "__import__('os').system('true')"
    said = {"table": [{"request": {"id": {"constant": evil}, "bank": evil, "service": "s"}}]}
    table = mapping_from_dict(said).table[0]
    assert table.request.cells["id"].constant == evil
    assert table.request.cells["bank"].column == (evil,)
