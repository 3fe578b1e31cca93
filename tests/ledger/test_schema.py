"""The documented schema of the ledger tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from windowservice.errors import UnknownName
from windowservice.ledger.mapping.reading import mapping_from_toml
from windowservice.ledger.schema import COLUMN_TYPES
from windowservice.ledger.tables import BUILT_IN, MATTER_TABLES

DOC = Path(__file__).resolve().parents[2] / "docs" / "ledger.md"


def documented() -> dict[str, tuple[str, list[tuple[str, str, str, bool, str]]]]:
    tables = {}
    section = r"### (\w+)\n\n(.+)\n\n\| column .*\n\|[-|]+\n((?:\|.*\n)+)"
    for name, title, rows in re.findall(section, DOC.read_text("utf-8")):
        cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.strip().splitlines()]
        tables[name] = (title, [(c[0].strip("`"), c[1], c[2], c[3] == "yes", c[4]) for c in cells])
    return tables


def test_documentation_equals_the_schema():
    """Every table and column stands in docs/ledger.md with the same type, unit and sentence, and no other does."""
    schema = {
        table.name: (table.title, [(c.name, c.type, c.unit, c.required, c.title) for c in table.columns])
        for table in MATTER_TABLES
    }
    assert documented() == schema


def test_every_column_has_one_sentence_and_numbers_have_a_unit():
    """A title is one sentence; a number says its unit, a whole number may, and nothing else has one."""
    for table in BUILT_IN:
        for column in table.columns:
            assert column.title.count(".") == 1, (table.name, column.name)
            assert column.title.endswith("."), (table.name, column.name)
            assert column.unit or column.type != "number", (table.name, column.name)
            assert not column.unit or column.type in ("number", "integer"), (table.name, column.name)


def test_every_column_type_is_documented():
    """The page explains how the cells of each type are written."""
    explained = set(re.findall(r"^\| (\w+) \| .* \|$", DOC.read_text("utf-8"), re.M))
    assert set(COLUMN_TYPES) <= explained


def test_the_mappings_in_the_documentation_are_valid():
    """Each TOML block of the page that maps a table is read without complaint."""
    blocks = [block for block in re.findall(r"```toml\n(.*?)```", DOC.read_text("utf-8"), re.S) if "[[table]]" in block]
    assert [mapping_from_toml(block).table[0].log for block in blocks] == [False, True]


def test_unknown_tables_and_columns_come_with_the_nearest_name():
    """A name that the schema does not have is refused, and the nearest is offered."""
    with pytest.raises(UnknownName, match="did you mean 'requests'"):
        BUILT_IN.named("request")
    with pytest.raises(UnknownName, match="did you mean 'service'"):
        BUILT_IN.named("requests").column("servise")
