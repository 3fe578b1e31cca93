"""The verdicts of rows of frames: for each rule a column of codes. A record is made of its row when it is asked for.

A finding on such a record goes the way of one object, so its evidence and its explanation are those of an object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final, cast

import attrs

from windowservice.engine.frames.frames import KEY, Frames, one_by_one
from windowservice.engine.frames.intake import Intake
from windowservice.engine.frames.records import record_of, records_of
from windowservice.engine.report.evidence import Shown
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.frame import TOLD, verdict_frame
from windowservice.engine.report.stores.column_findings import CODES, figures_of_rows, findings_by_rule, in_words
from windowservice.engine.report.stores.store import Asked, Numbered, Places, Store, Tallied
from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import Verdict, Verdicts
from windowservice.errors import WindowserviceError
from windowservice.language.polars.compile import ERROR
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts, fact_named
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.report.stores.measures import Missing
    from windowservice.engine.running import Runner
    from windowservice.language.polars.compile import RecordColumns

    Ints = np.ndarray[Any, Any]

__all__ = ["ColumnStore", "verdicts_of"]

V = ValueType
_PLAIN: Final = (V.TEXT, V.BOOL, V.INT, V.INSTANT, V.DATE, V.SPAN, V.WORK, V.FLOAT)
"""The types whose values in columns are those of an object, or numbers that stand for them."""


@attrs.frozen(eq=False)
class ColumnStore:
    """The verdicts of records judged in columns; see `Store`.

    Attributes:
        runner: the rules.
        us: the instant judged, in microseconds UTC.
        frames: the records and their children judged.
        codes: for each rule a column of codes (see `CODES`).
        slow: the rules that were run row by row, with the reason.
        recorded: the kinds of event that the source records; None means every kind.
        missed: what records missed of the rules that they failed, so far as a module told it, by the rule's position.
    """

    runner: Runner
    us: int
    frames: Frames
    codes: Sequence[pl.Series]
    slow: Mapping[str, str]
    recorded: frozenset[str] | None = None
    missed: Mapping[int, Missing] = attrs.field(factory=dict)
    _run: RecordColumns | None = None
    _chosen: tuple[pl.Series, ...] | None = None
    """For each rule, of which records its verdict is selected; None: everything is."""

    @cached_property
    def run(self) -> RecordColumns:
        """The columns computed, for whoever asks more of them."""
        return self._run or self.runner.columns(self.frames, self.us, self.recorded)

    def __len__(self) -> int:
        return self.frames.records.height

    @property
    def intake(self) -> Intake:
        """What became of the rows."""
        return self.frames.intake

    @property
    def failed(self) -> int:
        """How many records failed any rule."""
        import numpy as np

        found = np.zeros(len(self), np.bool_)
        for position in range(len(self.codes)):
            found |= self._is(position, (Verdict.FAIL,)).to_numpy()
        return int(found.sum())

    @property
    def selected(self) -> int:
        """Of how many records any verdict is selected."""
        if self._chosen is None:
            return len(self)
        return int(reduce(or_, self._chosen).sum()) if self._chosen else 0

    def has(self, *verdicts: Verdict) -> bool:
        """Return whether any rule came to one of the verdicts on any record."""
        return any(self._is(position, verdicts).any() for position in range(len(self.codes)))

    def _is(self, position: int, verdicts: Collection[Verdict]) -> pl.Series:
        """Return of which records a rule came to one of the verdicts, within the selection."""
        hit = self.codes[position].is_in([CODES.index(verdict) for verdict in verdicts])
        return hit if self._chosen is None else hit & self._chosen[position]

    # records

    @cached_property
    def clerks(self) -> pl.Series:
        """The clerk who answers for each record, null where nobody is named or can be told."""
        import polars as pl

        name = self.runner.vocabulary.options.clerk
        if name is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(self))
        found = self.run.series(fact_named(self.runner.vocabulary, name)).cast(pl.String)
        unjudged = pl.Series(sorted(self.frames.intake.unjudged), dtype=pl.UInt32)
        found = found.scatter(unjudged, None) if len(unjudged) else found
        doubtful = self._apart()
        if not doubtful:
            return found
        named = [subject.clerk(self.us) for subject in self.subjects(doubtful)]
        return found.scatter(pl.Series(doubtful, dtype=pl.UInt32), pl.Series(named, dtype=pl.String))

    def _apart(self) -> list[int]:
        """Return the records that columns do not tell of."""
        return [row for row in one_by_one(self.frames) if row not in self.frames.intake.unjudged]

    def subjects(self, rows: Iterable[int]) -> Iterator[Subject]:
        """Yield records by their numbers, each with all its verdicts; many are made more quickly at once.

        A record that cannot be judged is given as its row, if no object can hold it.
        """
        wanted, unjudged = list(rows), self.frames.intake.unjudged
        records = records_of(self.frames, [row for row in wanted if row not in unjudged], self.recorded)
        names = self.runner.names
        for row in wanted:
            if row in unjudged:
                errors = dict.fromkeys(range(len(names)), unjudged[row])
                yield Subject(self.runner, self._record_or_row(row), Verdicts(names, (0, 0, 0, 0), errors))
                continue
            record, said = next(records), [series[row] for series in self.codes]
            if ERROR in said:  # what went wrong is told by judging again
                yield self.runner.judge_or_list(record, self.us)[0]
            else:
                yield Subject(self.runner, record, verdicts_of(names, said))

    def subject(self, row: int) -> Subject:
        """Return one record with its verdicts, as the object path gives it."""
        return next(self.subjects([row]))

    def _record_or_row(self, row: int) -> Any:
        try:
            return record_of(self.frames, row, self.recorded)
        except (WindowserviceError, TypeError):
            return self.frames.records.row(row, named=True)

    def rows_of(self, key: str) -> Sequence[int]:
        """Return the numbers of the records with that id."""
        found: list[int] = (self.frames.records[KEY] == key).arg_true().to_list()
        return found

    def figures(self, position: int, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """Return in words the figures that a rule rests on, of the (last) records with these ids."""
        return figures_of_rows(self, position, keys)

    def ids(self) -> Iterable[str]:
        """Return the ids, or many of them."""
        found: list[str] = self.frames.records[KEY].head(100_000).to_list()
        return found

    def numbered(self, asked: Asked) -> Numbered:
        """Return what is asked of every record."""
        import numpy as np

        if isinstance(asked, str):
            return _numbers(self.named(asked))
        series = self._last_of(asked)
        if series is None:
            words: dict[Hashable, int] = {}
            said = (subject.last_of(asked, self.us) for subject in self.subjects(range(len(self))))
            return [words.setdefault(one, len(words)) for one in said], list(words)
        numbers, held = _numbers(series)
        shown = Shown(self.runner)
        labels = [one if one == "" else shown(one, asked[0].type) for one in held]
        if apart := sorted({*self._apart(), *self.frames.intake.unjudged}):
            known = {label: number for number, label in enumerate(labels)}
            mine = [subject.last_of(asked, self.us) for subject in self.subjects(apart)]
            own = [known.setdefault(label, len(known)) for label in mine]
            mended: Ints = np.array(numbers, np.int64)
            mended[apart] = own
            numbers, labels = cast("Sequence[int]", mended), list(known)
        return numbers, labels

    def named(self, asked: str) -> pl.Series:
        """Return ``key``, ``bank``, ``service`` or ``clerk`` of every record, null where nothing is said."""
        import polars as pl

        if asked == "clerk":
            return self.clerks
        records, column = self.frames.records, KEY if asked == "key" else asked
        if column not in records.columns:
            return pl.Series([None], dtype=pl.String).new_from_index(0, len(self))
        return records[column].cast(pl.String)

    def _last_of(self, exprs: Sequence[Expr[Any]]) -> pl.Series | None:
        """Return the last of some values of each record in columns, null if there is none; None if columns cannot."""
        import polars as pl

        if any(expr.type not in _PLAIN for expr in exprs):
            return None
        try:
            found = [self.run.series(expr) for expr in exprs]
        except (WindowserviceError, pl.exceptions.PolarsError):  # what no rule reads may have no column of its type
            return None
        if self.run.doubtful is not None and self.run.doubtful.any():
            return None
        return found[0] if len(found) == 1 else pl.select(pl.max_horizontal(found)).to_series()

    # verdicts

    def places(self, verdicts: Collection[Verdict], rules: Collection[int] | None = None) -> Places:
        """Return where these verdicts are; only of rules at some positions, if given."""
        import numpy as np

        wanted = range(len(self.codes)) if rules is None else rules
        hits = {at: self._is(at, verdicts).arg_true().to_numpy().astype(np.int64) for at in wanted}
        none = np.zeros(0, np.int64)
        rows = np.concatenate([none, *hits.values()])
        positions = np.concatenate([none, *(np.full(len(mine), at) for at, mine in hits.items())])
        order = np.lexsort((positions, rows))
        return cast("Places", (rows[order], positions[order]))

    def tally(self, groups: Sequence[int], *, by_rule: bool) -> Tallied:
        """Yield the counts of verdicts by group, given by its number for every record, and by rule if wanted."""
        import numpy as np

        kinds = len(CODES)
        begin = np.asarray(groups, np.int64) * kinds
        size = int(begin.max(initial=0)) + kinds
        total: Ints = np.zeros(size, np.int64)
        for position, codes in enumerate(self.codes):
            cells = begin + codes.to_numpy()
            cells = cells if self._chosen is None else cells[self._chosen[position].to_numpy()]
            found = np.bincount(cells, minlength=size)
            if by_rule:
                for cell in np.flatnonzero(found).tolist():
                    yield cell // kinds, position, CODES[cell % kinds], int(found[cell])
            else:
                total += found
        for cell in np.flatnonzero(total).tolist():
            yield cell // kinds, 0, CODES[cell % kinds], int(total[cell])

    def counts(self) -> dict[str, Counter[Verdict]]:
        """Return how many verdicts there are of each kind, by rule."""
        found = {name: Counter[Verdict]() for name in self.runner.names}
        for _, position, verdict, number in self.tally([0] * len(self), by_rule=True):
            found[self.runner.names[position]][verdict] = number
        return found

    def select(
        self, rows: Sequence[bool] | None, rules: Collection[int] | None, verdicts: Collection[Verdict] | None
    ) -> Store:
        """Return the store with fewer verdicts selected: of some records, rules and of some kinds; None is all."""
        import polars as pl

        every = pl.Series([True]).new_from_index(0, len(self))
        none, mine = ~every, every if rows is None else pl.Series(rows, dtype=pl.Boolean)
        chosen = []
        for position in range(len(self.codes)):
            hit = mine if rules is None or position in rules else none
            if hit is not none and (verdicts is not None or self._chosen is not None):
                hit = hit & self._is(position, CODES if verdicts is None else verdicts)
            chosen.append(hit)
        return attrs.evolve(self, chosen=tuple(chosen), run=self.run)

    def at(self, places: Places) -> Store:
        """Return the store with only the verdicts at some places selected."""
        import numpy as np
        import polars as pl

        found = np.zeros((len(self.codes), len(self)), np.bool_)
        rows, positions = (np.asarray(one, np.int64) for one in places)
        found[positions, rows] = True
        return attrs.evolve(self, chosen=tuple(pl.Series(mine) for mine in found), run=self.run)

    # findings

    def findings(self, places: Places, version: Callable[[], str]) -> Iterator[Finding]:
        """Yield the findings at some places."""
        rows, positions = (list(map(int, one)) for one in places)
        new = [row for at, row in enumerate(rows) if at == 0 or row != rows[at - 1]]
        subjects, held = self.subjects(new), -1
        subject: Subject | None = None
        for row, position in zip(rows, positions, strict=True):
            if subject is None or row != held:
                subject, held = next(subjects), row
            yield Finding(subject, position, self.us, version)

    def verdict_frame(self) -> pl.DataFrame:
        """Return a row for each record with key, bank, service and a column for each rule, as far as selected."""
        import polars as pl

        said = {name: in_words(codes) for name, codes in zip(self.runner.names, self.codes, strict=True)}
        if self._chosen is not None:
            said = {name: one.set(~hit, None) for (name, one), hit in zip(said.items(), self._chosen, strict=True)}
        found = verdict_frame(self.named("key"), self.named("bank"), self.named("service"), said)
        if self._chosen is None:
            return found
        return found.filter(pl.DataFrame([hit.alias(str(at)) for at, hit in enumerate(self._chosen)]).select(
            pl.any_horizontal(pl.all())
        ).to_series())  # fmt: skip

    def told_by_rule(self, *, told: Sequence[Verdict] = TOLD, engine: str = "") -> pl.DataFrame:
        """Return one row for each finding, rule after rule: by default what failed, is unknown or could not be run.

        Args:
            told: the verdicts that are wanted.
            engine: the version of the engine, to be carried in each row.
        """
        return findings_by_rule(self, {at: self._is(at, told).arg_true() for at in range(len(self.codes))}, engine)

    def frame(self, places: Places, version: str) -> pl.DataFrame:
        """Return the findings at some places as a frame."""
        import numpy as np
        import polars as pl

        rows, positions = (np.asarray(one, np.int64) for one in places)
        order = np.argsort(positions, kind="stable")
        first = np.searchsorted(positions[order], np.arange(len(self.codes) + 1))
        by_rule = {
            at: pl.Series(rows[order[first[at] : first[at + 1]]], dtype=pl.Int64) for at in range(len(self.codes))
        }
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return findings_by_rule(self, by_rule, version)[back]

    # there and back

    def packed(self) -> tuple[type[Store], type[Facts], tuple[Any, ...]]:
        """Return what it is made of beside the rules, to travel: its class, its record type, and the values."""
        values = (self.frames, list(self.codes), dict(self.slow), self.recorded, self.missed, self._chosen)
        return cast("type[Store]", ColumnStore), self.runner.vocabulary, values

    @classmethod
    def unpacked(cls, runner: Runner, us: int, *values: Any) -> Store:
        """Return it again."""
        frames, codes, slow, recorded, missed, chosen = values
        return cls(runner, us, frames, codes, slow, recorded, missed, None, chosen)


def verdicts_of(names: Sequence[str], codes: Sequence[int]) -> Verdicts:
    """Return the verdicts that the codes of a record stand for; of an error it is not told what went wrong."""
    masks = dict.fromkeys(CODES, 0)
    for position, code in enumerate(codes):
        masks[CODES[code]] |= 1 << position
    errors = {position: "" for position, code in enumerate(codes) if code == ERROR}
    four = (masks[Verdict.FAIL], masks[Verdict.UNKNOWN], masks[Verdict.PENDING], masks[Verdict.NOT_APPLICABLE])
    return Verdicts(names, four, errors)


def _numbers(series: pl.Series) -> Numbered:
    """Return a column as numbers and the values that they stand for; an empty text for null."""
    import polars as pl

    if isinstance(series.dtype, (pl.Enum, pl.Categorical)):
        series = series.cast(pl.String)
    known = series.unique().drop_nulls().sort()
    numbers = (series.rank("dense").cast(pl.Int64) - 1).fill_null(len(known)).to_numpy()
    return cast("Numbered", (numbers, [*known.to_list(), ""]))
