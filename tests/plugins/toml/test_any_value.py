"""Any value of a pack may be anything: it is taken, or refused as everything else that is wrong, never by a crash."""

from __future__ import annotations

import copy
import json
import random
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Final

import pytest
from tests.plugins.toml.packs import IN_TOML

import windowservice as ws

ODD: Final[tuple[Any, ...]] = (
    0, -1, 10**18, 1.5, True, "", " ", "x", "a.b", "'", "(", [], ["a"], [1], [[]], {}, {"a": 1}, {"a": {}},
    date(2020, 1, 1), None, "ticket", "team.id", "count(ticket)", "as_of", "工单", "case.resolution", "figure.contract",
    "status.at.where(status.to == 'open')", "1", "None", "2026-13-45", "x" * 3_000,
)  # fmt: skip
"""What stands in place of a value; None: nothing does."""


def written(value: Any) -> str:
    """Return a value as TOML in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {written(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield (*path, key)
        yield from places(one, (*path, key))


def changed(document: dict[str, Any], path: tuple[Any, ...], odd: Any) -> str:
    """Return the text of a document with another value in one place."""
    new = copy.deepcopy(document)
    above: Any = new
    for key in path[:-1]:
        above = above[key]
    if odd is None:
        del above[path[-1]]
    else:
        above[path[-1]] = odd
    return "\n".join(f"{key} = {written(value)}" for key, value in new.items()) + "\n"


@pytest.mark.parametrize("seed", range(4))
def test_any_value_is_taken_or_refused(seed: int) -> None:
    """Of the whole pack of the help desk, values chosen at random are replaced by odd ones."""
    document, chance = tomllib.loads(IN_TOML), random.Random(seed)
    ways = sorted(places(document), key=str)
    for path in chance.sample(ways, 60):
        text = changed(document, path, chance.choice(ODD))
        with suppress(ws.WindowserviceError):
            ws.Engine.load(packs=[ws.DataPack.read(text)], installed=False)
