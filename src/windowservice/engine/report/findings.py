"""Findings as a sequence: known by their places, each made when it is asked for, and all of them a frame at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, overload

from windowservice.engine.report.stores.store import Places, Store

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.finding import Finding

__all__ = ["Findings"]

Part: TypeAlias = "tuple[Store, Places]"
_SHOWN: Final = 12
"""So many findings are shown of a sequence of them."""


class Findings(Sequence["Finding"]):
    """Findings of a report, in order; none is made before it is asked for.

    It has a length, is indexed, sliced and iterated like a list; `to_frame` gives all at once.
    """

    def __init__(self, parts: Sequence[Part], version: Callable[[], str]) -> None:
        self._parts = [part for part in parts if len(part[1][0])]
        self._version = version

    def __len__(self) -> int:
        return sum(len(rows) for _, (rows, _) in self._parts)

    def __iter__(self) -> Iterator[Finding]:
        for store, places in self._parts:
            yield from store.findings(places, self._version)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> Findings: ...
    def __getitem__(self, place: int | slice) -> Finding | Findings:
        if isinstance(place, slice):
            wanted = range(*place.indices(len(self)))
            parts = self._between(wanted.start, wanted.stop) if wanted.step == 1 else map(self._at, wanted)
            return Findings([*parts], self._version)
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        store, places = self._at(place % len(self))
        return next(store.findings(places, self._version))

    def _between(self, start: int, stop: int) -> Iterator[Part]:
        begin = 0
        for store, (rows, positions) in self._parts:
            cut = slice(max(0, start - begin), max(0, stop - begin))
            yield store, (rows[cut], positions[cut])
            begin += len(rows)

    def _at(self, place: int) -> Part:
        return next(part for part in self._between(place, place + 1) if len(part[1][0]))

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each finding as a Polars frame of the same columns always; any Arrow reader takes it.

        They are key, bank, service, clerk (who answers for the record), rule, verdict, severity, policy, principle,
        shortfall (a number, or seconds of real time after a deadline), unit, overrun_seconds (open time after a
        deadline), figures (those in force, of what failed or is unknown); of a rule about a clock due, done,
        remaining_seconds (time of its limit left) and calendar; error (why the rule could not be run), basis, version
        and engine.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        import polars as pl

        from windowservice.engine.report.frame import FINDING_SCHEMA

        frames = [store.frame(places, self._version()) for store, places in self._parts]
        return pl.concat([pl.DataFrame(schema=FINDING_SCHEMA()), *frames])

    def __repr__(self) -> str:
        number = len(self)
        lines = [f"<{number:,} finding{'' if number == 1 else 's'}>"]
        lines += [f"  {finding.key} {finding.verdict} {finding.rule}"[:120] for finding in self[:_SHOWN]]
        return "\n".join([*lines, f"  and {number - _SHOWN:,} more"] if number > _SHOWN else lines)
