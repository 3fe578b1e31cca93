"""Booked: a limit that ends with the booked slot and the service's grace; nothing moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from windowservice.errors import InvalidValue
from windowservice.worktime.limits.kinds.kind import Kind, Language, Start, Worded

if TYPE_CHECKING:
    from windowservice.worktime.table import Table

__all__ = ["Booked"]


class Booked(Kind):
    """The booked slot."""

    __slots__ = ()
    name = "booked"
    forms = ("booked session", "预约时段")
    by_calendar = False
    booked = True

    def __init__(self, limit: Worded, start: Start, table: Table, extra: int) -> None:
        self.table = table
        self.due, _ = self.plain(limit, start, table)

    def push(self, begin: int, end: int) -> None:
        """Leave the due where it is."""

    @classmethod
    def said(cls, amount: int, language: Language) -> str:
        return cls.forms[language == "zh"]

    @classmethod
    def plain(cls, limit: Worded, start: Start, table: Table) -> tuple[int, int | None]:
        if start.booked_until is None:
            raise InvalidValue("slot_end", None, f"given: the limit '{limit}' ends with the booked slot")
        return start.booked_until, None
