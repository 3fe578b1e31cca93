"""Printed code run over the columns of a frame, piece by piece."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import available_timezones

from windowservice.instants import DAY, EARLIEST, LATEST
from windowservice.language.python.compile import Written
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.values import ValueType
from windowservice.language.webassembly.columns import Columns, Enumerations
from windowservice.language.webassembly.module import STARTS, Given, Module

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]

__all__ = ["Piece", "Program"]

_YEAR: Final = 366 * DAY
_AHEAD: Final = 4
"""Calendars reach so many years beyond the instant judged; what ends later is judged in Python."""
_PIECE: Final = 1 << 17
"""How many children, and how many records, are judged at once: what they need of memory stays the same."""


class Piece(NamedTuple):
    """What is found of one piece of a frame.

    Attributes:
        results: what the functions return, a column for each value.
        doubts: which of the records could not be told.
        words: the words by their codes.
        told: the rows that the functions add, in the order of the records (see `module.WIDTH`).
    """

    results: list[Ints]
    doubts: np.ndarray[Any, Any]
    words: list[str]
    told: Ints


class Program:
    """Some generated functions as one module.

    Attributes:
        codes: the functions.
    """

    def __init__(self, codes: Sequence[Written], binding: Binding) -> None:
        self.codes = tuple(codes)
        self._module = Module(codes, binding)
        self._calendars = frozenset(binding.calendars)
        self._kinds: Mapping[tuple[str, str], ValueType] = {
            ("record" if holder == "record" else "child", name): fact.type
            for code in self.codes
            for (holder, name), fact in code.unit.columns.items()
        }
        self._lock = threading.Lock()

    def pieces(self, records: pl.DataFrame, children: pl.DataFrame, starts: Ints, as_of: int) -> Iterator[Piece]:
        """Yield what is found, piece after piece.

        Args:
            records: a column for each given fact.
            children: the same of the children, those of a record together and in order.
            starts: where the children of each record begin; one number more than there are records.
            as_of: the instant judged, in microseconds UTC.

        Raises:
            WindowserviceError: if a calendar does not reach so far.
        """
        import numpy as np

        tables = {"record": records, "child": children}
        first = 0
        with self._lock:
            read = {(level, name): tables[level][name] for level, name in self._module.image.columns if name != STARTS}
            words = Enumerations(self._module.image, read)
        while first < records.height:
            last = int(np.searchsorted(starts, starts[first] + _PIECE, "right")) - 1
            last = min(max(last, first + 1), records.height, first + _PIECE)
            part = records[first:last], children[int(starts[first]) : int(starts[last])]
            with self._lock:
                columns = Columns(words)
                (*found, doubts), told = self._run(columns, *part, starts[first : last + 1] - starts[first], as_of)
            told[:, 0] += first
            yield Piece(found, doubts != 0, list(columns.codes), told)
            first = last

    def _run(
        self, columns: Columns, records: pl.DataFrame, children: pl.DataFrame, starts: Ints, as_of: int
    ) -> tuple[list[Ints], Ints]:
        module, kinds = self._module, self._kinds
        held: dict[tuple[str, str], Ints] = {("child", STARTS): starts}
        lists: dict[tuple[str, str], Ints] = {}
        amounts: dict[str, int] = {}
        for level, name in module.image.columns:
            if name == STARTS:
                continue
            series = (records if level == "record" else children)[name]
            if kinds[level, name] is ValueType.TEXTS:
                lists[level, name], held[level, name] = columns.lists(series)
                continue
            held[level, name] = columns.numbers((level, name), series, kinds[level, name])
            if name in module.amounts and kinds[level, name] is ValueType.TEXT:
                amounts |= columns.limits_among(series)
        instants = [held[key] for key, kind in kinds.items() if kind is ValueType.INSTANT and key in held]
        zones = self._zones_among(columns.codes) if module.asks_zones else frozenset[str]()
        given = Given(held, lists, columns.codes, columns.table, amounts, *_span(instants, as_of), zones)
        return module.run(len(starts) - 1, as_of, given)

    def _zones_among(self, words: Iterable[str]) -> frozenset[str]:
        """Return the words that are zones and name no calendar."""
        return frozenset(available_timezones().intersection(words)) - self._calendars


def _span(instants: Sequence[Ints], as_of: int) -> tuple[int, int]:
    """Return between which instants calendars are wanted for some columns of instants."""
    known = [column[column >= EARLIEST] for column in instants]
    begin = min((int(column.min(initial=as_of)) for column in known), default=as_of)
    last = max((int(column.max(initial=begin)) for column in known), default=begin)
    end = last if as_of >= LATEST else as_of  # of all that will ever be, only what is given is counted
    return max(begin - _YEAR, EARLIEST + DAY), min(end + _AHEAD * _YEAR, LATEST - DAY)
