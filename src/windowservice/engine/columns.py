"""Judging frames: the same rules on all requests of a frame at once, and findings as a frame.

The verdicts are those of the object path, row for row. A rule that columns cannot compute (a plugin's own Python, exact
ratios) is run row by row over objects made of the rows; the result names it with the reason.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.frames.frames import Frames, one_by_one, read_frames, with_unread
from windowservice.engine.frames.records import record_of, records_of
from windowservice.engine.frames.requests import unfit_requests
from windowservice.engine.report.finding import Finding, Subject, log_errors
from windowservice.engine.report.frame import CITING, FINDING_SCHEMA, TOLD, numbers_of
from windowservice.engine.report.shortfalls import figures_column, shortfall_columns
from windowservice.engine.ruleset import LoadedRule, given_facts
from windowservice.engine.verdicts import Verdict, Verdicts
from windowservice.errors import InvalidValue, NotColumnar, WindowserviceError
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.language.polars.compile import ERROR, RecordColumns, verdict_columns
from windowservice.language.python.facts import is_added
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import fact_named

if TYPE_CHECKING:
    import polars as pl

    from windowservice.domain.unread import Unread
    from windowservice.engine.running import Runner

__all__ = [
    "CODES",
    "FINDING_SCHEMA",
    "ColumnVerdicts",
    "added_facts",
    "judge_frames",
    "judge_read_frames",
    "verdicts_of",
]

_log = logging.getLogger("windowservice.engine")
CODES: Final = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.ERROR)
"""The verdicts by their code in columns."""
_KEYS: Final = (("id", "key"), ("bank", "bank"), ("service", "service"))


@attrs.frozen(eq=False)
class ColumnVerdicts:
    """The verdicts of many requests.

    Attributes:
        runner: the rules.
        us: the instant judged, in microseconds UTC.
        frames: the requests and events judged.
        codes: for each rule a column of codes (see `CODES`).
        slow: the rules that were run row by row, with the reason.
        run: the columns computed, for whoever asks more of them.
        recorded: the kinds of event that the source records; None means every kind.
    """

    runner: Runner
    us: int
    frames: Frames
    codes: Sequence[pl.Series]
    slow: dict[str, str]
    run: RecordColumns
    recorded: frozenset[str] | None = None

    @property
    def height(self) -> int:
        """How many requests were judged."""
        return self.frames.records.height

    @cached_property
    def clerks(self) -> pl.Series:
        """The clerk who answers for each record, null where nobody is named or can be told."""
        import polars as pl

        name = self.runner.vocabulary.options.clerk
        if name is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, self.height)
        found = self.run.series(fact_named(self.runner.vocabulary, name)).cast(pl.String)
        unjudged = pl.Series(sorted(self.frames.intake.unjudged), dtype=pl.UInt32)
        found = found.scatter(unjudged, None) if len(unjudged) else found
        doubtful = [row for row in one_by_one(self.frames) if row not in self.frames.intake.unjudged]
        if not doubtful:
            return found
        named = [subject.clerk(self.us) for subject in self.subjects(doubtful)]
        return found.scatter(pl.Series(doubtful, dtype=pl.UInt32), pl.Series(named, dtype=pl.String))

    def counts(self) -> dict[str, Counter[Verdict]]:
        """Return how many verdicts there are of each kind, by rule."""
        import numpy as np

        found = {}
        for name, series in zip(self.runner.names, self.codes, strict=True):
            tally = np.bincount(series.to_numpy(), minlength=len(CODES)).tolist()
            found[name] = Counter({CODES[code]: number for code, number in enumerate(tally) if number})
        return found

    def verdicts(self) -> pl.DataFrame:
        """Return one row for each request with its key, bank and service, and one column of words for each rule."""
        import polars as pl

        named = [_in_words(series).alias(name) for name, series in zip(self.runner.names, self.codes, strict=True)]
        keys = [self.frames.records[name].alias(new) for name, new in _KEYS if name in self.frames.records.columns]
        return pl.DataFrame([*keys, *named])

    def subject(self, row: int) -> Subject:
        """Return one record with its verdicts, as the object path gives it.

        A record that cannot be judged is given as its row, if no object can hold it.
        """
        return next(self.subjects([row]))

    def subjects(self, rows: Iterable[int]) -> Iterator[Subject]:
        """Yield records with their verdicts, as `subject`; many are made more quickly at once."""
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

    def _record_or_row(self, row: int) -> Any:
        try:
            return record_of(self.frames, row, self.recorded)
        except (WindowserviceError, TypeError):
            return self.frames.records.row(row, named=True)

    def findings(self, *, told: Sequence[Verdict] = TOLD, engine: str = "") -> pl.DataFrame:
        """Return one row for each finding: by default what failed, is unknown or could not be run.

        Columns: key, bank, service, clerk, rule, verdict, severity, policy, principle, shortfall (a number, or
        seconds of real time after a deadline), unit, overrun_seconds (open time after a deadline), figures, error,
        basis, version, engine.

        Args:
            told: the verdicts that are wanted.
            engine: the version of the engine, to be carried in each row.
        """
        wanted = [CODES.index(verdict) for verdict in told]
        rows = {
            position: series.is_in(wanted).arg_true()
            for position, series in enumerate(self.codes)
        }  # fmt: skip
        return self.findings_at(rows, engine=engine)

    def findings_at(self, rows: dict[int, pl.Series], *, engine: str = "") -> pl.DataFrame:
        """Return the findings of rules, by position, on the records of some rows; columns as `findings`."""
        import polars as pl

        parts = [self._of_rule(position, places, engine) for position, places in rows.items() if len(places)]
        return pl.concat(parts) if parts else pl.DataFrame(schema=FINDING_SCHEMA())

    def _of_rule(self, position: int, rows: pl.Series, engine: str) -> pl.DataFrame:
        import polars as pl

        loaded, records = self.runner.rules[position], self.frames.records
        codes = self.codes[position].gather(rows)
        keys = {
            new: records[name].gather(rows).cast(pl.String)
            if name in records.columns
            else pl.Series([None] * len(rows), dtype=pl.String)
            for name, new in _KEYS
        }
        keys["clerk"] = self.clerks.gather(rows)
        basis = loaded.amended or loaded.rule.basis
        said = {
            "rule": loaded.name, "verdict": _in_words(codes).cast(pl.String), "severity": loaded.rule.severity,
            "policy": loaded.rule.policy, "principle": loaded.rule.principle,
            **self._numbers(position, loaded, rows, codes), "error": self._errors(position, rows, codes),
            "basis": None if basis is None else str(basis), "version": loaded.version, "engine": engine,
        }  # fmt: skip
        return pl.DataFrame({**keys, **said}, schema=FINDING_SCHEMA(), strict=False)

    def _numbers(self, position: int, loaded: LoadedRule, rows: pl.Series, codes: pl.Series) -> dict[str, Any]:
        if loaded.name in self.slow or not set(one_by_one(self.frames)).isdisjoint(rows.to_list()):
            return self._numbers_one_by_one(position, rows, codes)
        try:
            numbers = shortfall_columns(self.run, loaded.rule, rows, codes == CODES.index(Verdict.FAIL))
        except NotColumnar:
            return self._numbers_one_by_one(position, rows, codes)
        cited = codes.is_in([CODES.index(verdict) for verdict in CITING])
        return {**numbers, "figures": figures_column(self.run, loaded, rows, cited)}

    def _numbers_one_by_one(self, position: int, rows: pl.Series, codes: pl.Series) -> dict[str, Any]:
        """Return the numbers of a rule that was run row by row, from the evidence of each finding."""
        names = ("shortfall", "unit", "overrun_seconds", "figures")
        found: list[tuple[Any, ...]] = []
        for row, code in zip(rows.to_list(), codes.to_list(), strict=True):
            wanted = CODES[code] in CITING
            found.append(numbers_of(Finding(self.subject(row), position, self.us)) if wanted else (None,) * len(names))
        return dict(zip(names, map(list, zip(*found, strict=True)), strict=True))

    def _errors(self, position: int, rows: pl.Series, codes: pl.Series) -> pl.Series:
        """Return why rules could not be run, null where they could."""
        import polars as pl

        failed = (codes == ERROR).arg_true().to_list()
        said: list[str | None] = [None] * len(rows)
        for place in failed:
            said[place] = self.subject(rows[place]).verdicts.errors.get(position)
        return pl.Series(said, dtype=pl.String)


def verdicts_of(names: Sequence[str], codes: Sequence[int]) -> Verdicts:
    """Return the verdicts that the codes of a record stand for; of an error it is not told what went wrong."""
    masks = dict.fromkeys(CODES, 0)
    for position, code in enumerate(codes):
        masks[CODES[code]] |= 1 << position
    errors = {position: "" for position, code in enumerate(codes) if code == ERROR}
    four = (masks[Verdict.FAIL], masks[Verdict.UNKNOWN], masks[Verdict.PENDING], masks[Verdict.NOT_APPLICABLE])
    return Verdicts(names, four, errors)


def _in_words(codes: pl.Series) -> pl.Series:
    """Return verdict codes as an enumeration of words."""
    import polars as pl

    words = [str(verdict) for verdict in CODES]
    return pl.Series(words, dtype=pl.Enum(words)).gather(codes)


def added_facts(runner: Runner) -> list[Fact[Any]]:
    """Return the given facts that plugins add and the rules read."""
    root = runner.vocabulary
    given = [(fact, root if fact.scope is root else root.children) for fact in given_facts(runner.rules, root)]
    return [fact for fact, owner in given if owner is not None and is_added(owner, fact)]


def judge_frames(
    runner: Runner, records: Any, events: Any, us: int, *, recorded: frozenset[str] | None = None,
    unread: Mapping[str, tuple[Unread, ...]] | None = None, where: str = "",
) -> ColumnVerdicts:  # fmt: skip
    """Return the verdicts of all requests of a frame.

    Args:
        runner: the rules.
        records: one row for each request (see `frames.read_frames`).
        events: one row for each event.
        us: the instant judged, in microseconds UTC.
        recorded: the kinds of event that the source records; None means every kind.
        unread: what could not be read of requests, by their ids.
        where: the place of the frames, for messages.

    Raises:
        MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange: for a column that cannot be what it has to be.
        InvalidValue: for `recorded` with a vocabulary of one's own.
    """
    root = runner.vocabulary
    if recorded is not None and root is not request_vocabulary:
        raise InvalidValue(
            "recorded", recorded, "left out: only requests say which kinds of event their source records"
        )
    of_requests = root is request_vocabulary
    kinds = runner.kinds if of_requests else None
    frames = read_frames(
        records, events, root, us, zone=runner.binding.calendar.zone, added=added_facts(runner), kinds=kinds,
        where=where, keep=unread or (),
    )  # fmt: skip
    if of_requests and (unfit := unfit_requests(frames.records)):
        intake = attrs.evolve(frames.intake, unjudged={**unfit, **frames.intake.unjudged})
        frames = attrs.evolve(frames, intake=intake)
    if unread:
        frames = with_unread(frames, unread)
    return judge_read_frames(runner, frames, us, recorded)


def judge_read_frames(runner: Runner, frames: Frames, us: int, recorded: frozenset[str] | None) -> ColumnVerdicts:
    """Return the verdicts of frames that are read already."""
    run = RecordColumns(runner.vocabulary, runner.binding, frames.records, frames.children, us, recorded, frames.untold)
    codes, slow = verdict_columns(run, [loaded.rule for loaded in runner.rules])
    for position, reason in slow.items():
        _log.warning("the rule %s is run row by row: %s", runner.names[position], reason)
    if slow:
        codes = _filled(runner, frames, us, codes, slow, recorded)
    if apart := one_by_one(frames):
        codes = _one_by_one(runner, frames, us, codes, apart, recorded)
    if run.doubtful is not None and run.doubtful.any():
        codes = _one_by_one(runner, frames, us, codes, run.doubtful.nonzero()[0].tolist(), recorded)
    if frames.intake.unjudged:
        codes = [_unjudged(series, frames.intake.unjudged) for series in codes]
    named = {runner.names[position]: reason for position, reason in slow.items()}
    return ColumnVerdicts(runner, us, frames, codes, named, run, recorded)


def _unjudged(codes: pl.Series, rows: Iterable[int]) -> pl.Series:
    """Return a column of codes in which the records that cannot be judged are in error."""
    import numpy as np
    import polars as pl

    found = codes.to_numpy().copy()
    found[np.fromiter(rows, np.int64)] = ERROR
    return pl.Series(found, dtype=pl.UInt8)


def _one_by_one(
    runner: Runner, frames: Frames, us: int, codes: list[pl.Series], rows: list[int], recorded: frozenset[str] | None
) -> list[pl.Series]:
    """Return the columns of codes with some records judged one by one: what they say is an error of theirs alone."""
    import numpy as np
    import polars as pl

    rows = [row for row in rows if row not in frames.intake.unjudged]
    subjects = [runner.judge_or_list(record, us)[0] for record in records_of(frames, rows, recorded)]
    log_errors(subjects)
    words = {verdict: code for code, verdict in enumerate(CODES)}
    found = []
    for position, series in enumerate(codes):
        column = series.to_numpy().copy()
        column[np.array(rows, np.int64)] = [words[subject.verdicts.at(position)] for subject in subjects]
        found.append(pl.Series(column, dtype=pl.UInt8))
    return found


def _filled(
    runner: Runner, frames: Frames, us: int, codes: list[pl.Series], positions: Iterable[int],
    recorded: frozenset[str] | None,
) -> list[pl.Series]:  # fmt: skip
    """Return the columns with those of the slow rules filled in row by row."""
    import polars as pl

    words = {verdict: code for code, verdict in enumerate(CODES)}
    found: dict[int, list[int]] = {position: [ERROR] * frames.records.height for position in positions}
    judged = [row for row in range(frames.records.height) if row not in frames.intake.unjudged]
    subjects = [runner.judge_or_list(record, us)[0] for record in records_of(frames, judged, recorded)]
    log_errors(subjects)
    for row, subject in zip(judged, subjects, strict=True):
        for position, column in found.items():
            column[row] = words[subject.verdicts.at(position)]
    return [pl.Series(found[i], dtype=pl.UInt8) if i in found else series for i, series in enumerate(codes)]
