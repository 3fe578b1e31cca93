"""Variables of generated code that are computed only where they are asked for.

What costs much (kernels, long conditions) is written once, and run by the first branch that asks: others that ask later
find it. A line that begins with a question mark holds the place of such statements until all code is made; then it is
known who asks for what, and a variable that only one place asks for needs no test whether it is there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from windowservice.language.python.marks import UNSET
from windowservice.language.python.unit import Unit

__all__ = ["Late"]

_ASK: Final = "?ask "
_NAMES: Final = re.compile(r"[A-Za-z_]\w*")


class Late:
    """The variables of one function that are computed where they are first asked for.

    Attributes:
        early: those that already the statements before all rules ask for.
    """

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.early: set[str] = set()
        self._codes: dict[str, str] = {}
        self._below: dict[str, tuple[str, ...]] = {}

    def add(self, name: str, code: str) -> str:
        """Declare a variable by its code, which names only variables that were declared before; return its name."""
        below = dict.fromkeys(inner for direct in self._named([code]) for inner in (*self._below[direct], direct))
        self._below[name] = tuple(below)
        self._codes[name] = code
        return name

    def _named(self, lines: Iterable[str]) -> list[str]:
        """Return the variables that the lines name."""
        found = dict.fromkeys(name for line in lines for name in _NAMES.findall(line) if name in self._codes)
        return list(found)

    def needed(self, lines: Iterable[str], known: set[str] | None = None) -> list[str]:
        """Return lines that hold the place of what has to be computed before the lines.

        Args:
            lines: the statements to come.
            known: what holds its value there beside what is early, and is added to; None before all rules.
        """
        have = self.early if known is None else known
        out = []
        for name in self._named(lines):
            if name in have or name in self.early:
                continue
            inner = [below for below in self._below[name] if below not in have and below not in self.early]
            have.update(inner, (name,))
            out.append(f"{_ASK}{name} {' '.join(inner)}".rstrip())
        return out

    def written(self, lines: list[str]) -> list[str]:
        """Return the statements, with those that compute variables in the places held for them."""
        asked: Counter[str] = Counter()
        for line in lines:
            inner = line.lstrip()
            if inner.startswith(_ASK):
                asked.update(inner.split()[1:])
        shared = [name for name, times in asked.items() if times > 1]
        out = [f"{' = '.join(sorted(shared))} = {self.unit.constant(UNSET)}"] if shared else []
        for line in lines:
            inner = line.lstrip()
            if not inner.startswith(_ASK):
                out.append(line)
                continue
            name, *below = inner.split()[1:]
            first = [statement for each in below for statement in self._guarded(each, [], asked)]
            out += [line[: len(line) - len(inner)] + statement for statement in self._guarded(name, first, asked)]
        return out

    def _guarded(self, name: str, first: list[str], asked: Counter[str]) -> list[str]:
        """Return statements that compute a variable, after others, unless it is there."""
        lines = [*first, f"{name} = {self._codes[name]}"]
        if asked[name] == 1:
            return lines
        return [f"if {name} is {self.unit.constant(UNSET)}:", *(f"    {line}" for line in lines)]
