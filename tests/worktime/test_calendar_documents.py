"""Calendars as TOML: whatever stands at a key is told by the name of the key."""

from __future__ import annotations

from pathlib import Path

import pytest

import windowservice as ws
from windowservice.errors import InvalidDocument

ODD_VALUES = (
    '["x"]',
    "5",
    "true",
    "1.5",
    '""',
    "[[]]",
    "{a = 1}",
    "[1, 2]",
    '"x"',
    "inf",
    "12:00:00",
    '"\\u0000"',
    "-1",
)
KEYS = {
    "plain": {"timezone": '"UTC"', "weekly": '"mon-fri 09:00-17:00"'}, "china": {"hours": '"09:00-17:00"'},
    "holidays": {"country": '"DE"', "weekly": '"mon-fri 09:00-17:00"', "timezone": '"Europe/Berlin"',
        "subdivision": '"BY"', "categories": '["public"]'},
}  # fmt: skip


@pytest.mark.parametrize("value", ODD_VALUES)
@pytest.mark.parametrize("base", KEYS)
def test_whatever_stands_at_a_key_is_told_by_the_key(base: str, value: str, tmp_path: Path) -> None:
    """Never by the path of the file, and never as an error of Python's."""
    full = {"base": f'"{base}"', **KEYS[base], "name": '"n"', "closed": "[]", "special": "{}", "on_unknown": '"raise"'}
    layer = {"name": '"l"', "closed": "[]", "special": "{}", "source": '"s"', "issued": "2018-01-01"}
    documents = [(key, {**full, key: value}) for key in full]
    for key in layer:
        inner = ", ".join(f"{name} = {said}" for name, said in {**layer, key: value}.items())
        documents.append((key, {**full, "layers": f"[{{{inner}}}]"}))
    for key, document in documents:
        file = tmp_path / "calendar.toml"
        file.write_text("\n".join(f"{name} = {said}" for name, said in document.items()), "utf-8")
        told = ""
        try:
            ws.WorkCalendar.from_toml(file)
        except InvalidDocument as error:
            told = str(error).replace("category", "categories")
        if told:
            assert key in told or "no date has any open hours" in told
            assert "path must be" not in told
