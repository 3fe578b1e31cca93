"""A record from plain values, as a table of cases or a JSON document says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from windowservice.engine.frames.frames import table_names
from windowservice.errors import InvalidDocument, InvalidValue
from windowservice.facts.requests.request import request
from windowservice.files import parse_json
from windowservice.instants import get_zone
from windowservice.language.tree.facts import Facts, children_key
from windowservice.testing.drafts import Draft

__all__ = ["draft_said", "read_record"]


def draft_said(of: type[Facts], said: Mapping[str, Any], zone: str | None = None, where: str = "") -> Draft:
    """Return a record of which plain values say all: its facts, and its children in a list under what they are called.

    Raises:
        UnknownName: for a fact or zone that is not there, with the nearest.
        InvalidValue, InvalidTime, NaiveTime: for what a fact cannot hold.
    """
    said = dict(said)
    under = next((name for name in _children_called(of) if name in said), "")
    below = said.pop(under, ())
    draft = Draft(of, zone=None if zone is None else get_zone(zone, "zone")).saying(**said)
    if not isinstance(below, (list, tuple)) or not all(isinstance(one, Mapping) for one in below):
        raise InvalidValue(under, below, "a list of tables, as in [{ at = ..., to = ... }]", where)
    for one in below:
        draft = draft.with_child(**one)
    return draft


def read_record(of: type[Facts], text: str | bytes, where: str, zone: str | None = None) -> Any:
    """Return the record that a JSON document describes; times are ISO texts.

    Raises:
        InvalidDocument: if the text is no JSON, names a key twice, or is no object.
        UnknownName, InvalidValue, InvalidTime, NaiveTime: as `draft_said`.
    """
    said = parse_json(text, f"a {of.__name__}", where)
    if not isinstance(said, dict):
        raise InvalidDocument(f"a {of.__name__}", (("", "it is no object: write {...}"),), where)
    return draft_said(of, said, zone, where).build()


def _children_called(of: type[Facts]) -> tuple[str, ...]:
    """Return how the children of a record may be called: as records hold them, as their table, as their type."""
    if of is request:
        return ("events",)
    called = (children_key(of), table_names(of)[1], None if of.children is None else of.children.__name__)
    return tuple(name for name in called if name is not None and name not in of.given)
