"""What a rule or a figure rests on: law, notice, or an assumption that says so."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, TypeAlias, get_args

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue, nearest
from windowservice.instants import to_date

__all__ = ["MARKS", "Basis", "Mark"]

Mark: TypeAlias = Literal["verified", "secondary", "unkeyed", "known", "article", "assumption"]
"""How far a basis was verified.

The text was read (verified), read in a text that reports it (secondary), offered without an answer key (unkeyed),
general knowledge (known), stated in the published account (article), or it is our own proposal (assumption).
"""

MARKS: Final[tuple[str, ...]] = get_args(Mark)

_MOST_ARTICLES: Final = 10_000


def _check_mark(_instance: object, _attribute: object, value: str) -> None:
    if value not in MARKS:
        raise InvalidValue("mark", value, f"one of {', '.join(MARKS)}{nearest(value, MARKS)}")


@told
@attrs.frozen
class Basis:
    """The source of a rule or a figure.

    Attributes:
        text: the name of the law, notice or commitment, or why something is assumed.
        issued: the date of issue, if known.
        mark: how far the source was verified, one of `MARKS`.
        section: the article or paragraph meant, as text.
    """

    text: str
    issued: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    mark: Mark = attrs.field(default="known", validator=_check_mark)
    section: str = ""

    def article(self, number: int | str) -> Basis:
        """Return the same source with the article that is meant.

        Raises:
            InvalidValue: if it is no text, nor a number that an article can have.
        """
        if not (isinstance(number, str) and number) and not (type(number) is int and 0 < number < _MOST_ARTICLES):
            raise InvalidValue("article", number, "the number of an article, as in 32 or '32(4)'")
        return attrs.evolve(self, section=f"article {number}")

    def __str__(self) -> str:
        parts = [self.text]
        if self.section:
            parts.append(self.section)
        if self.issued is not None:
            parts.append(f"issued {self.issued.isoformat()}")
        return f"{', '.join(parts)} [{self.mark}]"
