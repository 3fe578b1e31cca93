"""Strict reading: exact types for every form that a document of ours may have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

import attrs
import pytest

from windowservice.errors import InvalidDocument
from windowservice.strict import read, strict_converter


@attrs.frozen
class Everything:
    """A record with one field of each form."""

    text: str = ""
    flag: bool = False
    count: int = 0
    day: date | None = None
    hour: time | None = None
    at: datetime | None = None
    share: Decimal = Decimal(0)
    word: Literal["one", "two"] = "one"
    names: tuple[str, ...] = ()
    words: frozenset[Literal["one", "two"]] = frozenset()
    shares: Mapping[str, Decimal] = attrs.field(factory=dict)
    titles: dict[str, str] = attrs.field(factory=dict)
    inner: Everything | None = None


def reading(**fields):
    """Read a document of the fields."""
    return read(Everything, fields, strict_converter(), what="a record")


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        ("day", "2018-05-03", date(2018, 5, 3)),
        ("day", date(2018, 5, 3), date(2018, 5, 3)),
        ("day", None, None),
        ("hour", time(9), time(9)),
        ("share", "0.10", Decimal("0.10")),
        ("share", 3, Decimal(3)),
        ("names", ["a", "b"], ("a", "b")),
        ("names", ("a",), ("a",)),
        ("words", ["two", "one", "two"], frozenset({"one", "two"})),
        ("shares", {"S01": "0.9"}, {"S01": Decimal("0.9")}),
        ("titles", {"en": "Done"}, {"en": "Done"}),
        ("inner", {"count": 1}, Everything(count=1)),
    ],
)
def test_each_form_is_read(field, given, value):
    """Values come as what they are, decimals and dates as text too."""
    assert getattr(reading(**{field: given}), field) == value


@pytest.mark.parametrize(
    ("field", "given", "path"),
    [
        ("text", 1, "text"),
        ("flag", 1, "flag"),
        ("count", True, "count"),
        ("count", 1.0, "count"),
        ("count", "1", "count"),
        ("day", "3 May", "day"),
        ("day", 20180503, "day"),
        ("hour", "09:00", "hour"),
        ("at", 5, "at"),
        ("at", "2018-05-03T09:40", "at"),
        ("share", 0.1, "share"),
        ("share", "1e3", "share"),
        ("share", True, "share"),
        ("word", "tow", "word"),
        ("word", [], "word"),
        ("names", "ab", "names"),
        ("names", {"a": 1}, "names"),
        ("names", ["a", 1], "names[1]"),
        ("words", ["one", "tow"], "words[1]"),
        ("shares", ["0.9"], "shares"),
        ("shares", {"S01": 0.9}, "shares['S01']"),
        ("titles", "Done", "titles"),
        ("titles", {"en": 1}, "titles['en']"),
        ("inner", [], "inner"),
        ("inner", {"inner": {"count": "1"}}, "inner.inner.count"),
        ("inner", {"cuont": 1}, "inner"),
    ],
)
def test_nothing_is_turned_into_another_type(field, given, path):
    """Each form refuses its neighbours, and tells its path."""
    with pytest.raises(InvalidDocument) as caught:
        reading(**{field: given})
    assert [found for found, _ in caught.value.problems] == [path]
    assert "object" not in caught.value.problems[0][1], "words of the document, not of Python"


def test_a_record_nested_too_deeply_is_refused():
    """A document is data: it cannot exhaust the stack of the program."""
    document: dict[str, object] = {}
    for _ in range(5_000):
        document = {"inner": document}
    with pytest.raises(InvalidDocument, match="nested too deeply, over 100 levels"):
        reading(**document)
