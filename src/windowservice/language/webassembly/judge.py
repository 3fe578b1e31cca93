"""Rules judged over columns by a WebAssembly module, so far as they can be printed."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from windowservice.errors import WindowserviceError
from windowservice.language.python.compile import Missed, Written, write_rules
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.rule import Rule
from windowservice.language.webassembly.module import WIDTH, module_text
from windowservice.language.webassembly.program import Program
from windowservice.language.webassembly.values import Leaf, Values, joined

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]

__all__ = ["Judge", "Judged"]

_log = logging.getLogger("windowservice.engine")
_AT_ONCE: Final = 60
"""How many rules one function judges: a bit each of a number."""


class Judged(NamedTuple):
    """What is found of a frame.

    Attributes:
        codes: a column of codes of verdicts for each rule judged, by its position.
        doubts: which records could not be told.
        leaves: the values asked for beside the verdicts.
        missed: rows (record, position of a rule, number of its condition, two values) of what failed rules missed.
    """

    codes: dict[int, Ints]
    doubts: Ints
    leaves: list[Leaf]
    missed: Ints


class Judge:
    """Rules over columns, and with them the values that their findings will be told by.

    Args:
        rules: the rules.
        root: the type of the records.
        binding: the calendars and figures.
        recorded: the kinds of children that the source records; None means every kind.
        untold: the given facts of children that the source does not record.
        beside: leaves whose values are wanted of each record.
        missed: what is told of each rule that failed, by its position.

    Attributes:
        judged: the positions of the rules that the module judges.
        told: the positions of those whose failures it tells.
    """

    def __init__(
        self, rules: Sequence[Rule], root: type[Facts], binding: Binding, recorded: frozenset[str] | None,
        untold: frozenset[str], beside: Sequence[Expr[Any]] = (), missed: Mapping[int, Sequence[Missed]] | None = None,
    ) -> None:  # fmt: skip
        self._rules, self._root, self._binding = rules, root, binding
        self._said: dict[str, Any] = {"recorded": recorded, "untold": untold}
        self._beside = Values(beside, root, binding, recorded, untold, tried=False)
        self._missed = dict(missed or {})
        self.judged = list(range(len(rules)))
        self._program = self._made()
        if self._program is None:  # some of it cannot be printed
            self._beside = Values(beside, root, binding, recorded, untold)
            self.judged = [place for place in self.judged if self._can(place)]
            self._program = self._made()
        if self._program is None and self.judged:  # each by itself, but not all together
            self._beside = Values((), root, binding, recorded, untold)
            self._missed = {}
            self._program = self._made()
        if self._program is None:
            self.judged = []
        self.told = frozenset(self._missed).intersection(self.judged)

    def _made(self) -> Program | None:
        """Return the program of the rules that are judged; None if they cannot be printed."""
        try:
            return Program(self._written(self.judged), self._binding) if self.judged else None
        except WindowserviceError:
            return None

    def _written(self, places: Sequence[int]) -> list[Written]:
        found = []
        for start in range(0, len(places), _AT_ONCE):
            part = places[start : start + _AT_ONCE]
            missed = {bit: self._missed[place] for bit, place in enumerate(part) if place in self._missed}
            found.append(
                write_rules(
                    [self._rules[place] for place in part], self._root, self._binding, **self._said, style="columns",
                    missed=missed, first=start, beside=() if start else self._beside.exprs,
                )
            )  # fmt: skip
        return found

    def _can(self, place: int) -> bool:
        try:
            module_text(self._written([place]))
        except WindowserviceError as error:
            if self._missed.pop(place, None) is not None:  # perhaps it is only that
                return self._can(place)
            _log.debug("the rule %s is not judged by the module: %s", self._rules[place].name, error)
            return False
        return True

    def verdicts(self, records: pl.DataFrame, children: pl.DataFrame, starts: Ints, as_of: int) -> Judged:
        """Return what is found of a frame; its parts are those of `Program.pieces`.

        Raises:
            WindowserviceError: if a calendar does not reach so far.
        """
        import numpy as np

        codes = {place: np.zeros(records.height, np.uint8) for place in self.judged}
        doubts = np.zeros(records.height, bool)
        told: list[list[Leaf]] = []
        missed = [np.zeros((0, WIDTH), np.int64)]
        first = 0
        beside = slice(4, 4 + 2 * len(self._beside.exprs))
        for piece in () if self._program is None else self._program.pieces(records, children, starts, as_of):
            rows = slice(first, first := first + len(piece.doubts))
            doubts[rows] = piece.doubts
            masks = [*piece.results[:4], *piece.results[beside.stop :]]
            some = [int(np.bitwise_or.reduce(mask)) for mask in masks]
            for number, place in enumerate(self.judged):
                at, bit = number // _AT_ONCE * 4, number % _AT_ONCE
                for state in range(4):
                    if some[at + state] >> bit & 1:
                        hit = (masks[at + state] >> bit & 1).astype(np.uint8)
                        codes[place][rows] |= hit * np.uint8(state + 1)
            told.append(self._beside.told(piece.results[beside], piece.doubts, piece.words))
            missed.append(piece.told)
        found = np.concatenate(missed)
        found[:, 1] = np.array(self.judged, np.int64)[found[:, 1]] if len(found) else 0
        return Judged(codes, doubts, joined(told), found)
