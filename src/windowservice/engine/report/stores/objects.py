"""The verdicts of objects: four masks for each record, in which a bit stands for a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from windowservice.engine.frames.intake import Intake
from windowservice.engine.report.stores.store import Asked, Numbered, Places, Store, Tallied
from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import Verdict, Verdicts, bits

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.finding import Finding
    from windowservice.engine.running import Runner
    from windowservice.language.tree.facts import Facts

__all__ = ["ObjectStore"]

_NO_RULES: Final[dict[str, str]] = {}


class ObjectStore:
    """The verdicts of records judged one by one; see `Store`.

    Attributes:
        runner: the rules.
        us: the instant judged, in microseconds UTC.
        held: the records with their verdicts.
    """

    slow = _NO_RULES

    def __init__(
        self, runner: Runner, us: int, held: Sequence[Subject], intake: Intake | None = None,
        chosen: Sequence[int] | None = None,
    ) -> None:  # fmt: skip
        self.runner = runner
        self.us = us
        self.held = held
        self._intake = intake
        self._chosen = chosen
        self._rows: dict[str, list[int]] | None = None
        self._kinds: tuple[list[int], list[tuple[Verdicts, int]]] | None = None

    def __len__(self) -> int:
        return len(self.held)

    @property
    def intake(self) -> Intake:
        """What became of the records that were given."""
        found = self._intake or Intake(records=len(self.held))
        rules = len(self.runner.rules)
        errors = {row: subject.verdicts.errors for row, subject in enumerate(self.held) if subject.verdicts.errors}
        unjudged = {row: said[0] for row, said in errors.items() if len(said) == rules}
        return attrs.evolve(found, unjudged=unjudged)

    @property
    def failed(self) -> int:
        """How many records failed any rule."""
        numbers, kinds = self._alike()
        failed = [bool(verdicts.masks[0] & selected) for verdicts, selected in kinds]
        return sum(failed[number] for number in numbers)

    @property
    def selected(self) -> int:
        """Of how many records any verdict is selected."""
        return len(self) if self._chosen is None else sum(map(bool, self._chosen))

    def has(self, *verdicts: Verdict) -> bool:
        """Return whether any rule came to one of the verdicts on any record."""
        return any(mine.mask(*verdicts) & selected for mine, selected in self._alike()[1])

    def _mask(self, row: int) -> int:
        return -1 if self._chosen is None else self._chosen[row]

    def _alike(self) -> tuple[list[int], list[tuple[Verdicts, int]]]:
        """Return of each record the number of what it came to, and what these are: verdicts, and which are selected.

        Records are many, and what they come to is little.
        """
        if self._kinds is None:
            known: dict[Any, int] = {}
            numbers, kinds = list[int](), list[tuple[Verdicts, int]]()
            for row, subject in enumerate(self.held):
                verdicts, selected = subject.verdicts, self._mask(row)
                number = known.setdefault((verdicts.masks, tuple(verdicts.errors), selected), len(known))
                if number == len(kinds):
                    kinds.append((verdicts, selected))
                numbers.append(number)
            self._kinds = numbers, kinds
        return self._kinds

    def subjects(self, rows: Iterable[int]) -> Iterator[Subject]:
        """Yield records by their numbers, each with all its verdicts."""
        return (self.held[row] for row in rows)

    def findings(self, places: Places, version: Callable[[], str]) -> Iterator[Finding]:
        """Yield the findings at some places."""
        from windowservice.engine.report.finding import Finding  # most records judged have none

        held, us = self.held, self.us
        return (Finding(held[row], position, us, version) for row, position in zip(*places, strict=True))

    def frame(self, places: Places, version: str) -> pl.DataFrame:
        """Return the findings at some places as a frame."""
        from windowservice.engine.report.frame import findings_frame

        return findings_frame(self.findings(places, lambda: version))

    def verdict_frame(self) -> pl.DataFrame:
        """Return a row for each record with key, bank, service and a column for each rule, as far as selected."""
        from windowservice.engine.report.frame import verdict_frame

        rows = [row for row in range(len(self.held)) if self._mask(row)]
        mine, names = [self.held[row] for row in rows], self.runner.names
        said = {
            name: [s.verdicts.at(at) if self._mask(row) >> at & 1 else None for row, s in zip(rows, mine, strict=True)]
            for at, name in enumerate(names)
        }
        return verdict_frame(
            [s.key for s in mine], [s.read("bank") for s in mine], [s.read("service") for s in mine], said
        )

    def rows_of(self, key: str) -> Sequence[int]:
        """Return the numbers of the records with that id."""
        if self._rows is None:
            self._rows = {}
            for row, subject in enumerate(self.held):
                self._rows.setdefault(subject.key, []).append(row)
        return self._rows.get(key, ())

    def figures(self, position: int, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """Return in words the figures that a rule rests on, of the (last) records with these ids."""
        from windowservice.engine.report.explaining import figures_told

        rows = [self.rows_of(key)[-1] for key in keys]
        return [figures_told(one) for one in self.findings((rows, [position] * len(rows)), str)]

    def ids(self) -> Iterable[str]:
        """Return the ids."""
        return (subject.key for subject in self.held)

    def places(self, verdicts: Collection[Verdict], rules: Collection[int] | None = None) -> Places:
        """Return where these verdicts are; only of rules at some positions, if given."""
        wanted = -1 if rules is None else sum(1 << position for position in rules)
        numbers, kinds = self._alike()
        hit = [[*bits(mine.mask(*verdicts) & wanted & selected)] for mine, selected in kinds]
        rows: list[int] = []
        positions: list[int] = []
        for row, number in enumerate(numbers):
            if mine := hit[number]:
                rows += [row] * len(mine)
                positions += mine
        return rows, positions

    def numbered(self, asked: Asked) -> Numbered:
        """Return what is asked of every record."""
        words: dict[Hashable, int] = {}
        return [words.setdefault(one, len(words)) for one in self._said(asked)], list(words)

    def _said(self, asked: Asked) -> Iterable[Hashable]:
        if asked == "key":
            return (subject.key for subject in self.held)
        if asked == "clerk":
            return (subject.clerk(self.us) or "" for subject in self.held)
        if isinstance(asked, str):
            return (str(subject.read(asked) or "") for subject in self.held)
        exprs = asked
        return (subject.last_of(exprs, self.us) for subject in self.held)

    def tally(self, groups: Sequence[int], *, by_rule: bool) -> Tallied:
        """Yield the counts of verdicts by group, given by its number for every record, and by rule if wanted."""
        numbers, kinds = self._alike()
        found: Counter[tuple[int, int, Verdict]] = Counter()
        for (group, number), times in Counter(zip(groups, numbers, strict=True)).items():
            mine, selected = kinds[number]
            for verdict, every in mine.by_verdict():
                mask = every & selected
                if by_rule:
                    for position in bits(mask):
                        found[group, position, verdict] += times
                elif mask:
                    found[group, 0, verdict] += mask.bit_count() * times
        for (group, position, verdict), times in found.items():
            yield group, position, verdict, times

    def select(
        self, rows: Sequence[bool] | None, rules: Collection[int] | None, verdicts: Collection[Verdict] | None
    ) -> Store:
        """Return the store with fewer verdicts selected: of some records, rules and of some kinds; None is all."""
        wanted = -1 if rules is None else sum(1 << position for position in rules)
        chosen = [wanted & self._mask(row) if rows is None or rows[row] else 0 for row in range(len(self.held))]
        if verdicts is not None:
            numbers, kinds = self._alike()
            masks = [mine.mask(*verdicts) for mine, _ in kinds]
            chosen = [mask & masks[number] for mask, number in zip(chosen, numbers, strict=True)]
        return self._choosing(chosen)

    def at(self, places: Places) -> Store:
        """Return the store with only the verdicts at some places selected."""
        chosen = [0] * len(self.held)
        for row, position in zip(*places, strict=True):
            chosen[row] |= 1 << position
        return self._choosing(chosen)

    def _choosing(self, chosen: Sequence[int]) -> Store:
        return ObjectStore(self.runner, self.us, self.held, self._intake, chosen)

    def packed(self) -> tuple[type[Store], type[Facts], tuple[Any, ...]]:
        """Return what it is made of beside the rules, to travel: its class, its record type, and the values."""
        held = [(subject.record, subject.verdicts.masks, dict(subject.verdicts.errors)) for subject in self.held]
        return cast("type[Store]", ObjectStore), self.runner.vocabulary, (held, self._intake, self._chosen)

    @classmethod
    def unpacked(cls, runner: Runner, us: int, *values: Any) -> Store:
        """Return it again."""
        held, intake, chosen = values
        subjects = [Subject(runner, record, Verdicts(runner.names, masks, errors)) for record, masks, errors in held]
        return cls(runner, us, subjects, intake, chosen)
