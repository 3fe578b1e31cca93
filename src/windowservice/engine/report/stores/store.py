"""What a report asks of the verdicts on the records of one type, whether those are objects or rows of frames."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, overload

from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.frames.intake import Intake
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.running import Runner
    from windowservice.language.tree.expr import Expr
    from windowservice.language.tree.facts import Facts

__all__ = ["Asked", "Numbered", "Places", "Store", "Subjects", "Tallied"]

Asked: TypeAlias = "str | tuple[Expr[Any], ...]"
"""What is asked of each record: ``key``, ``bank``, ``service``, ``clerk``, one expression, or the last of several."""
Places: TypeAlias = tuple[Sequence[int], Sequence[int]]
"""Findings by the numbers of their records, in order, and the positions of their rules."""
Numbered: TypeAlias = tuple[Sequence[int], list[Hashable]]
"""What was asked of each record, as a number, and what the numbers stand for; an empty text where nothing is said."""
Tallied: TypeAlias = Iterator[tuple[int, int, Verdict, int]]
"""By group of records and position of the rule (0 if rules are not told apart) how often a verdict came."""


class Store(Protocol):
    """The verdicts of the records of one type, and which of them are selected: all that follows regards only those."""

    @property
    def runner(self) -> Runner:
        """The rules."""

    @property
    def us(self) -> int:
        """The instant judged, in microseconds UTC."""

    @property
    def slow(self) -> Mapping[str, str]:
        """The rules that were run row by row though the records came in columns, with the reason."""

    @property
    def intake(self) -> Intake:
        """What became of the records that were given."""

    @property
    def failed(self) -> int:
        """How many records failed any rule."""

    @property
    def selected(self) -> int:
        """Of how many records any verdict is selected."""

    def __len__(self) -> int:
        """Return how many records were judged, selected or not."""

    def has(self, *verdicts: Verdict) -> bool:
        """Return whether any rule came to one of the verdicts on any record."""

    def subjects(self, rows: Iterable[int]) -> Iterator[Subject]:
        """Yield records by their numbers, each with all its verdicts."""

    def findings(self, places: Places, version: Callable[[], str]) -> Iterator[Finding]:
        """Yield the findings at some places."""

    def frame(self, places: Places, version: str) -> pl.DataFrame:
        """Return the findings at some places as a frame; see `frame.FINDING_SCHEMA`."""

    def verdict_frame(self) -> pl.DataFrame:
        """Return a row for each record with key, bank, service and a column for each rule, as far as selected."""

    def rows_of(self, key: str) -> Sequence[int]:
        """Return the numbers of the records with that id."""

    def figures(self, position: int, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """Return in words the figures that a rule rests on, of the (last) records with these ids."""

    def ids(self) -> Iterable[str]:
        """Return the ids, or many of them, to tell the nearest."""

    def places(self, verdicts: Collection[Verdict], rules: Collection[int] | None = None) -> Places:
        """Return where these verdicts are; only of rules at some positions, if given."""

    def numbered(self, asked: Asked) -> Numbered:
        """Return what is asked of every record."""

    def tally(self, groups: Sequence[int], *, by_rule: bool) -> Tallied:
        """Yield the counts of verdicts by group, given by its number for every record, and by rule if wanted."""

    def select(
        self, rows: Sequence[bool] | None, rules: Collection[int] | None, verdicts: Collection[Verdict] | None
    ) -> Store:
        """Return the store with fewer verdicts selected: of some records, rules and of some kinds; None is all."""

    def at(self, places: Places) -> Store:
        """Return the store with only the verdicts at some places selected."""

    def packed(self) -> tuple[type[Store], type[Facts], tuple[Any, ...]]:
        """Return what it is made of beside the rules, to travel: its class, its record type, and the values."""

    @classmethod
    def unpacked(cls, runner: Runner, us: int, *values: Any) -> Store:
        """Return it again."""


class Subjects(Sequence[Subject]):
    """The records judged by several stores, one after the other, each made when it is asked for."""

    def __init__(self, stores: Sequence[Store]) -> None:
        self._stores = stores
        self._ends = [*accumulate(map(len, stores))]

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, place: int) -> Subject: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Subject]: ...
    def __getitem__(self, place: int | slice) -> Subject | Sequence[Subject]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        at = bisect_right(self._ends, place)
        return next(self._stores[at].subjects([place - (self._ends[at - 1] if at else 0)]))

    def __iter__(self) -> Iterator[Subject]:
        for store in self._stores:
            yield from store.subjects(range(len(store)))

    def __repr__(self) -> str:
        return f"<{len(self)} records>"
