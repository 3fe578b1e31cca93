"""Findings as a sequence: known by their places, each made when it is asked for, and all of them a frame at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, overload

from windowservice.engine.report.stores.store import Places, Store

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.finding import Finding
    from windowservice.language.tree.facts import Facts

__all__ = ["Findings"]

Part: TypeAlias = "tuple[Store, Places]"
_SHOWN: Final = 12
"""So many findings are shown of a sequence of them."""


class Findings(Sequence["Finding"]):
    """Findings of a report, in order; none is made before it is asked for.

    It has a length, is indexed, sliced and iterated like a list; `to_frame` gives all at once.
    """

    def __init__(self, parts: Sequence[Part], version: Callable[[], str]) -> None:
        self._kinds = [store for store, _ in parts]
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
            return self._like([*parts])
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        store, places = self._at(place % len(self))
        return next(store.findings(places, self._version))

    def _like(self, parts: Sequence[Part]) -> Findings:
        found = Findings(parts, self._version)
        found._kinds = self._kinds
        return found

    def _between(self, start: int, stop: int) -> Iterator[Part]:
        begin = 0
        for store, (rows, positions) in self._parts:
            cut = slice(max(0, start - begin), max(0, stop - begin))
            yield store, (rows[cut], positions[cut])
            begin += len(rows)

    def _at(self, place: int) -> Part:
        return next(part for part in self._between(place, place + 1) if len(part[1][0]))

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each finding as a Polars frame; any Arrow reader takes it.

        The columns are those of the record types that were judged, whatever is found: key, what the records carry (of
        the library's own bank and service), clerk (who answers for the record), rule, verdict, severity, policy and
        principle (if rules say them), shortfall (a number, or seconds of real time after a deadline), unit,
        overrun_seconds (open time after a deadline), figures (those in force, of what failed or is unknown); of a rule
        about a clock due, done, remaining_seconds (time of its limit left) and calendar; error (why the rule could not
        be run), basis, version and engine.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        import polars as pl

        from windowservice.engine.report.dimensions import BANKS, OF_RULES, carried, said_of_rules, shaped
        from windowservice.engine.report.frame import FINDING_SCHEMA

        runners = [store.runner for store in self._kinds]
        names = carried(self.record_types) if runners else BANKS
        said = said_of_rules(runners) if runners else OF_RULES
        schema: dict[str, Any] = {"key": pl.String, **dict.fromkeys(names, pl.String)}
        schema |= {
            name: kind for name, kind in FINDING_SCHEMA().items() if name not in (*BANKS, *OF_RULES) or name in said
        }
        frames = [shaped(store.frame(places, self._version()), store, places) for store, places in self._parts]
        found = pl.concat([pl.DataFrame(schema=schema), *frames], how="diagonal")
        return found.select(list(schema))

    @property
    def record_types(self) -> tuple[type[Facts], ...]:
        """The types of the records that were judged, those of which nothing was found included."""
        return tuple(dict.fromkeys(store.runner.vocabulary for store in self._kinds))

    def __repr__(self) -> str:
        number = len(self)
        lines = [f"<{number:,} finding{'' if number == 1 else 's'}>"]
        lines += [f"  {finding.key} {finding.verdict} {finding.rule}"[:120] for finding in self[:_SHOWN]]
        return "\n".join([*lines, f"  and {number - _SHOWN:,} more"] if number > _SHOWN else lines)
