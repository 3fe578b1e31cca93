"""The memory over which texts in whole numbers compute: its head, room for results, and sets of texts.

A memory is anything indexed by whole numbers that holds whole numbers of 64 bits. A pointer is the index of a word.
Texts set `DOUBT` where they cannot tell; what they then return is of no meaning, and the caller asks the object path.
They divide by floor, name no other types, and take a memory first, so that they can be printed in other languages.
"""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import Final, TypeAlias

__all__ = [
    "BASE", "CALENDAR", "CALENDAR_OF", "CIVIL", "DOUBT", "EMPTY", "END", "HEAD", "LIMIT_OF", "NONE", "SPARE", "TOP",
    "WORDS",
    "Memory", "calendar_named", "has", "least", "most", "take", "with_text",
]  # fmt: skip

Memory: TypeAlias = MutableSequence[int]

NONE: Final = -(1 << 63)
"""A missing value."""

# --- the head, word by word; kernels of other vocabularies name the words from FREE on --------------------------------

DOUBT: Final = 1
"""1 once a text could not tell."""
TOP: Final = 2
"""The next free word of the room for one record; the caller puts it back to `BASE` before each."""
END: Final = 3
"""The end of the room for one record; behind it are `SPARE` words more, for what there is no room for."""
CALENDAR: Final = 4
"""The default calendar, 0 if there is none."""
CIVIL: Final = 5
"""The calendar that gives civil dates."""
CALENDAR_OF: Final = 6
"""A table: code of a word to the calendar of that name, 0 if none."""
LIMIT_OF: Final = 7
"""A table: code of a word to the limit of that text, 0 if none."""
WORDS: Final = 8
"""How many words the tables hold."""
BASE: Final = 9
"""Where the room for one record begins."""
EMPTY: Final = 10
"""The code of the empty text."""
FREE: Final = 11
"""The first word of the head that other texts may name."""
HEAD: Final = 64
"""The length of the head."""
SPARE: Final = 64


def take(m: Memory, count: int) -> int:
    """Return a pointer to free words; with doubt, and to the spare ones, if there are too few.

    These hold what one text writes and overlap nothing that was written before: lists stay as they are and end.
    """
    found = m[TOP]
    if found + count > m[END]:
        m[DOUBT] = 1
        return m[END]
    m[TOP] = found + count
    return found


def has(m: Memory, texts: int, word: int) -> int:
    """Return 1 if a set of texts holds a word, else 0."""
    node = texts
    while node != 0:
        if m[node] == word:
            return 1
        node = m[node + 1]
    return 0


def with_text(m: Memory, texts: int, word: int) -> int:
    """Return a set of texts with a word."""
    if has(m, texts, word) == 1:
        return texts
    node = take(m, 2)
    if node == m[END]:
        return texts
    m[node] = word
    m[node + 1] = texts
    return node


def calendar_named(m: Memory, name: int) -> int:
    """Return a calendar by the code of its name, the default (or 0) if none is named; with doubt if there is none."""
    if name == NONE or name == m[EMPTY]:
        return m[CALENDAR]
    found = 0
    if name >= 0 and name < m[WORDS]:
        found = m[m[CALENDAR_OF] + name]
    if found == 0:
        m[DOUBT] = 1
        return m[CIVIL]
    return found


def least(m: Memory, a: int, b: int) -> int:
    """Return the lesser of two numbers."""
    return a if a < b else b


def most(m: Memory, a: int, b: int) -> int:
    """Return the greater of two numbers."""
    return a if a > b else b
