"""The report on frames: what `Report` offers, answered from columns; single findings are made when they are asked for.

A finding made from a row runs the one-object path on it, so its evidence and its explanation are those of an object.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.engine.columns import CODES, ColumnVerdicts, judge_read_frames, verdicts_of
from windowservice.engine.frames.frames import KEY, Intake
from windowservice.engine.report.column_findings import ColumnFindings, ColumnSubjects
from windowservice.engine.report.finding import Finding, Subject
from windowservice.engine.report.frame import FINDING_SCHEMA, findings_frame
from windowservice.engine.report.report import Report, selected_of_rule
from windowservice.engine.ruleset import position_of
from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName
from windowservice.language.tree.rule import SEVERITIES

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.engine import Engine
    from windowservice.engine.running import Runner
    from windowservice.engine.verdicts import Verdicts
    from windowservice.ledger.reading.load_report import LoadReport

    Ints = np.ndarray[Any, Any]

__all__ = ["ColumnReport"]

_IN_COLUMNS = ("key", "bank", "service", "clerk")


@attrs.frozen(eq=False)
class _Selection:
    """Which findings are meant: of which records (None: all), rules (by position) and verdicts (by code)."""

    rows: pl.Series | None
    positions: tuple[int, ...]
    codes: frozenset[int]


class ColumnReport(Report):
    """The verdicts of an engine on frames, as of an instant.

    Attributes:
        columns: the verdicts in columns.
        further: the report on records of other vocabularies, judged one by one; they stand behind the others.
        subjects: the records judged, in order, each made when it is asked for.
    """

    def __init__(
        self, engine: Engine, found: ColumnVerdicts, *, further: Report | None = None, load: LoadReport | None = None,
        selection: _Selection | None = None,
    ) -> None:  # fmt: skip
        self.further = Report(engine, found.us, ()) if further is None else further
        super().__init__(engine, found.us, ColumnSubjects(found, self.further.subjects), load=load)
        self.columns = found
        intake = found.frames.intake
        self.later = intake.later_records + self.further.later
        self.repeated = intake.repeated_records + self.further.repeated
        every = _Selection(None, tuple(range(len(found.codes))), frozenset(range(len(CODES))))
        self._chosen = selection or every

    @property
    def intake(self) -> Intake:
        """What became of the rows: orphans, columns that no rule reads, records that cannot be judged and why."""
        return self.columns.frames.intake

    @property
    def slow(self) -> Mapping[str, str]:
        """The rules that were run row by row, with the reason."""
        return self.columns.slow

    def verdict_frame(self) -> pl.DataFrame:
        """Return one row for each record with its key, bank and service, and a column of verdicts for each rule."""
        return self.columns.verdicts()

    # single findings

    def finding_of(self, subject: Subject, position: int) -> Finding:
        """Return the finding of a rule, by position, on a record."""
        return Finding(subject, position, self._us, self._version)

    def subjects_at(self, rows: Sequence[int]) -> Iterator[Subject]:
        """Yield the records at some places."""
        height = self.columns.height
        in_columns = self.columns.subjects(row for row in rows if row < height)
        for row in rows:
            yield next(in_columns) if row < height else self.subjects[row]

    def finding_at(self, row: int, position: int) -> Finding:
        """Return the finding of a rule, by position among those of its record, on a record by its place."""
        return self.finding_of(self.subjects[row], position)

    def finding(self, key: str, rule: str) -> Finding:
        """Return the finding of a rule on the record with that id.

        Raises:
            UnknownName: for an id or rule that is not there, with the nearest.
        """
        keys = self.columns.frames.records[KEY]
        rows = (keys == key).arg_true()
        if not len(rows):
            others = tuple(subject.key for subject in self.further.subjects)
            if key in others:
                return self.further.finding(key, rule)
            raise UnknownName("record", key, (*keys.head(100_000).to_list(), *others))
        return self.finding_at(rows[0], position_of(self.columns.runner.rules, rule))

    # many findings

    def _places(self, codes: frozenset[int], positions: Iterable[int]) -> dict[int, pl.Series]:
        """Return for each rule the rows whose verdict is one of the codes, within the selection."""
        chosen = self._chosen
        wanted = sorted(codes & chosen.codes)
        found = {}
        for position in positions:
            hit = self.columns.codes[position].is_in(wanted)
            found[position] = (hit if chosen.rows is None else hit & chosen.rows).arg_true()
        return found

    def _with(self, *verdicts: Verdict) -> ColumnFindings:
        import numpy as np

        codes = frozenset(CODES.index(verdict) for verdict in verdicts)
        places = self._places(codes, self._chosen.positions)
        none = np.zeros(0, np.int64)
        rows = np.concatenate([none, *(rows.to_numpy().astype(np.int64) for rows in places.values())])
        positions = np.concatenate([none, *(np.full(len(rows), at) for at, rows in places.items())])
        order = np.lexsort((positions, rows))
        more_rows, more_positions = self._further_places(verdicts)
        return ColumnFindings(
            self, np.concatenate([rows[order], more_rows]), np.concatenate([positions[order], more_positions])
        )

    def _further_places(self, verdicts: Sequence[Verdict]) -> tuple[Ints, Ints]:
        """Return the findings of the records judged one by one, as places among all records and positions of rules."""
        import numpy as np

        at = {id(subject): place for place, subject in enumerate(self.further.subjects, self.columns.height)}
        found = [(at[id(f.subject)], f.subject.runner.names.index(f.rule)) for f in self.further._with(*verdicts)]
        rows, positions = zip(*found, strict=True) if found else ((), ())
        return np.array(rows, np.int64), np.array(positions, np.int64)

    def gravest(self, *verdicts: Verdict) -> ColumnFindings:
        """Return the findings with one of the verdicts: the gravest first, in the order of the records among equals."""
        import numpy as np

        found, height = self._with(*verdicts), self.columns.height
        rows, positions = found.rows, found.positions
        mine = rows < height
        ranks = np.zeros(len(rows), np.int64)
        by_rule = np.array([SEVERITIES.index(loaded.rule.severity) for loaded in self.columns.runner.rules], np.int64)
        ranks[mine] = by_rule[positions[mine]]
        others = zip(rows[~mine].tolist(), positions[~mine].tolist(), strict=True)
        ranks[~mine] = [SEVERITIES.index(self.finding_at(row, at).severity) for row, at in others]
        order = np.argsort(-ranks, kind="stable")
        return ColumnFindings(self, rows[order], positions[order])

    def __iter__(self) -> Iterator[Finding]:
        """Yield a finding for every rule and record of the selection, those that do not apply included."""
        yield from self._with(*Verdict)

    def of_rule(self, rule: str, *verdicts: Verdict) -> Iterator[Finding]:
        """Yield the findings of one rule, by its full name, with one of the verdicts; a selection is not regarded."""
        if rule not in self.columns.runner.names:
            yield from self.further.of_rule(rule, *verdicts)
            return
        position = self.columns.runner.names.index(rule)
        wanted = [CODES.index(verdict) for verdict in verdicts]
        for subject in self.columns.subjects(self.columns.codes[position].is_in(wanted).arg_true().to_list()):
            yield self.finding_of(subject, position)

    def at_least(self, severity: str) -> ColumnFindings:
        """Return the failures of at least a severity.

        Raises:
            UnknownName: for a severity that does not exist.
        """
        if severity not in SEVERITIES:
            raise UnknownName("severity", severity, SEVERITIES)
        grave = SEVERITIES[SEVERITIES.index(severity) :]
        found: ColumnReport = self.filter(severity=grave)
        return found._with(Verdict.FAIL)

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each rule and record of the selection as a Polars frame; failures carry their number."""
        return self._with(*Verdict).to_frame()

    def frame_of(self, rows: Ints, positions: Ints) -> pl.DataFrame:
        """Return findings given by record and rule as a frame, in that order."""
        import numpy as np
        import polars as pl

        mine = rows < self.columns.height
        if mine.all():
            return self._frame_in_columns(rows, positions)
        others = zip(rows[~mine].tolist(), positions[~mine].tolist(), strict=True)
        one_by_one = findings_frame(self.finding_at(row, at) for row, at in others).select(list(FINDING_SCHEMA()))
        order = np.argsort(~mine, kind="stable")
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return pl.concat([self._frame_in_columns(rows[mine], positions[mine]), one_by_one])[back]

    def _frame_in_columns(self, rows: Ints, positions: Ints) -> pl.DataFrame:
        import numpy as np
        import polars as pl

        order = np.argsort(positions, kind="stable")
        sorted_positions = positions[order]
        places = {
            int(at): pl.Series(rows[order[sorted_positions == at]], dtype=pl.Int64) for at in np.unique(positions)
        }
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return self.columns.findings_at(places, engine=self._version)[back]

    # counts

    @cached_property
    def counts(self) -> Counter[Verdict]:
        """How many verdicts there are of each kind."""
        found: Counter[Verdict] = Counter(dict.fromkeys(Verdict, 0))
        for tally in self._tallies().values():
            found.update(tally)
        found.update(self.further.counts)
        return found

    def _tallies(self) -> dict[int, Counter[Verdict]]:
        """Return for each rule of the selection how many verdicts there are of each kind."""
        import numpy as np

        chosen, found = self._chosen, {}
        for position in chosen.positions:
            codes = self.columns.codes[position]
            codes = codes if chosen.rows is None else codes.filter(chosen.rows)
            tally = np.bincount(codes.to_numpy(), minlength=len(CODES)).tolist()
            found[position] = Counter({CODES[code]: tally[code] for code in chosen.codes if tally[code]})
        return found

    @property
    def passed(self) -> bool:
        """Whether something passed and nothing failed, is unknown or is in error."""
        counts = self.counts
        return counts[Verdict.PASS] > 0 and not (
            counts[Verdict.FAIL] or counts[Verdict.UNKNOWN] or counts[Verdict.ERROR]
        )

    @property
    def failed_records(self) -> int:
        """How many records failed any rule; a selection is not regarded."""
        import polars as pl

        failed = CODES.index(Verdict.FAIL)
        hits = pl.DataFrame([series.alias(str(at)) for at, series in enumerate(self.columns.codes)])
        mine = int(hits.select(pl.any_horizontal(pl.all() == failed).sum()).item()) if hits.width else 0
        return mine + self.further.failed_records

    def alike(self) -> Iterator[tuple[Runner, Verdicts, int]]:
        """Yield the verdicts that records have, each once with how many have them; a selection is not regarded."""
        import polars as pl

        names = self.columns.runner.names
        codes = pl.DataFrame([series.alias(str(at)) for at, series in enumerate(self.columns.codes)])
        for *said, number in codes.group_by(pl.all(), maintain_order=True).len().iter_rows():
            yield self.columns.runner, verdicts_of(names, said), number
        yield from self.further.alike()

    def by(self, selector: str) -> dict[str, Counter[Verdict]]:
        """Return the counts of verdicts by key, bank, service, clerk, rule, severity, policy, principle or pack.

        Raises:
            UnknownName: for another selector.
        """
        self._choices({selector: ()})
        found: dict[str, Counter[Verdict]] = {}
        if selector in _IN_COLUMNS:
            self._count_by_record(selector, found)
        else:
            self._count_by_rules(selector, found)
        for name, counts in self.further.by(selector).items():
            found.setdefault(name, Counter()).update(counts)
        return dict(sorted(found.items()))

    def _count_by_rules(self, selector: str, into: dict[str, Counter[Verdict]]) -> None:
        for position, tally in self._tallies().items():
            loaded = self.columns.runner.rules[position]
            for verdict, number in tally.items():
                name = str(verdict) if selector == "verdict" else selected_of_rule(loaded, selector)
                into.setdefault(name, Counter())[verdict] += number

    def _count_by_record(self, selector: str, into: dict[str, Counter[Verdict]]) -> None:
        import polars as pl

        names = self._names_of_records(selector)
        for position in self._chosen.positions:
            frame = pl.DataFrame({"name": names, "code": self.columns.codes[position]})
            frame = frame if self._chosen.rows is None else frame.filter(self._chosen.rows)
            for name, code, number in frame.group_by("name", "code").len().iter_rows():
                if code in self._chosen.codes:
                    into.setdefault(name, Counter())[CODES[code]] += number

    def _names_of_records(self, selector: str) -> pl.Series:
        import polars as pl

        if selector == "clerk":
            return self.columns.clerks.fill_null("")
        records, column = self.columns.frames.records, KEY if selector == "key" else selector
        if column not in records.columns:
            return pl.Series([""], dtype=pl.String).new_from_index(0, records.height)
        return records[column].cast(pl.String).fill_null("")

    # selections

    def filter(self, **wanted: str | Iterable[str]) -> ColumnReport:
        """Return the report on a selection, as `Report.filter`.

        Raises:
            UnknownName: for another selector, or a rule or verdict that does not exist, with the nearest name.
        """
        chosen, choices = self._chosen, self._choices(wanted)
        rows, positions, codes = chosen.rows, chosen.positions, chosen.codes
        for selector, values in choices.items():
            if selector in _IN_COLUMNS:
                hit = self._names_of_records(selector).is_in(sorted(values))
                rows = hit if rows is None else rows & hit
            elif selector == "verdict":
                codes &= {code for code, verdict in enumerate(CODES) if verdict in values}
            else:
                rules = self.columns.runner.rules
                positions = tuple(at for at in positions if selected_of_rule(rules[at], selector) in values)
        report = ColumnReport(
            self.engine, self.columns, further=self.further.filter(**wanted), load=self.load,
            selection=_Selection(rows, positions, codes),
        )  # fmt: skip
        report.ledger, report.later = self.ledger, self.later
        return report

    def __reduce__(self) -> tuple[Any, ...]:
        found = self.columns
        made_of = (
            self.engine, found.frames, found.us, found.recorded, self.further, self.load, self._chosen, self.ledger,
        )  # fmt: skip
        return (_judged_again, made_of)


def _judged_again(
    engine: Engine, frames: Any, us: int, recorded: Any, further: Report, load: Any, chosen: Any, ledger: Any
) -> ColumnReport:
    """Judge the frames again, so that both ends hold the same evidence."""
    found = judge_read_frames(engine.runner_of(None, frames.root), frames, us, recorded)
    report = ColumnReport(engine, found, further=further, load=load, selection=chosen)
    report.ledger = ledger
    return report
