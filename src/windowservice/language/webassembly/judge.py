"""Rules judged over columns by a WebAssembly module, so far as they can be printed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from windowservice.errors import WindowserviceError
from windowservice.language.python.compile import Written, write_rules
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.rule import Rule
from windowservice.language.webassembly.module import module_text
from windowservice.language.webassembly.program import Program
from windowservice.language.webassembly.values import Leaf, Values, joined

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Ints = np.ndarray[Any, Any]

__all__ = ["Judge"]

_log = logging.getLogger("windowservice.engine")
_AT_ONCE: Final = 60
"""How many rules one function judges: a bit each of a number."""


class Judge:
    """Rules over columns, and with them the values that their findings will be told by.

    Attributes:
        judged: the positions of the rules that the module judges.
    """

    def __init__(
        self, rules: Sequence[Rule], root: type[Facts], binding: Binding, recorded: frozenset[str] | None,
        untold: frozenset[str], beside: Sequence[Expr[Any]] = (),
    ) -> None:  # fmt: skip
        self._root = root
        self._said: dict[str, Any] = {"recorded": recorded, "untold": untold}
        self._binding = binding
        self.judged = list(range(len(rules)))
        self._beside = Values(beside, root, binding, recorded, untold)
        self._program = self._made(rules)
        if self._program is None:
            self.judged = [place for place, rule in enumerate(rules) if self._can(rule)]
            self._program = self._made([rules[place] for place in self.judged])
        if self._program is None and self.judged:  # each by itself, but not all together
            self._beside = Values((), root, binding, recorded, untold)
            self._program = self._made([rules[place] for place in self.judged])
        if self._program is None:
            self.judged = []

    def _made(self, rules: Sequence[Rule]) -> Program | None:
        """Return the program of some rules; None if they cannot be printed."""
        try:
            return Program([*self._written(rules), *self._beside.codes], self._binding) if rules else None
        except WindowserviceError:
            return None

    def _written(self, rules: Sequence[Rule]) -> list[Written]:
        parts = [rules[start : start + _AT_ONCE] for start in range(0, len(rules), _AT_ONCE)]
        return [write_rules(part, self._root, self._binding, **self._said, style="columns") for part in parts]

    def _can(self, rule: Rule) -> bool:
        try:
            module_text(self._written([rule]), self._binding)
        except WindowserviceError as error:
            _log.debug("the rule %s is not judged by the module: %s", rule.name, error)
            return False
        return True

    def verdicts(
        self, records: pl.DataFrame, children: pl.DataFrame, starts: Ints, as_of: int
    ) -> tuple[dict[int, Ints], Ints, list[Leaf]]:
        """Return the codes of the verdicts by the position of the rule, which records could not be told, and values.

        The frames are those of `Program.pieces`.

        Raises:
            WindowserviceError: if a calendar does not reach so far.
        """
        import numpy as np

        codes = {place: np.zeros(records.height, np.uint8) for place in self.judged}
        doubts = np.zeros(records.height, bool)
        told: list[list[Leaf]] = []
        first = 0
        pieces = () if self._program is None else self._program.pieces(records, children, starts, as_of)
        for found, doubtful, words in pieces:
            rows = slice(first, first := first + len(doubtful))
            doubts[rows] = doubtful
            for number, place in enumerate(self.judged):
                for state, mask in enumerate(found[number // _AT_ONCE * 4 :][:4]):
                    codes[place][rows] |= (mask >> number % _AT_ONCE & 1).astype(np.uint8) * np.uint8(state + 1)
            told.append(self._beside.told(found[-(-len(self.judged) // _AT_ONCE) * 4 :], doubtful, words))
        return codes, doubts, joined(told)
