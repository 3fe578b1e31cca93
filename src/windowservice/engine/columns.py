"""Judging frames: the same rules on all records of a frame at once.

The verdicts are those of the object path, row for row. A rule that columns cannot compute (a plugin's own Python, exact
ratios) is run row by row over objects made of the rows; the result names it with the reason.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.engine.frames.frames import Frames, one_by_one, read_frames, with_unread
from windowservice.engine.frames.records import records_of
from windowservice.engine.frames.requests import unfit_requests
from windowservice.engine.report.finding import log_errors
from windowservice.engine.report.stores.column_findings import CODES
from windowservice.engine.report.stores.columns import ColumnStore
from windowservice.engine.report.stores.measures import Missing, missing_of
from windowservice.errors import InvalidValue, WindowserviceError
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.language.polars.compile import ERROR, UNKNOWN, verdict_columns
from windowservice.language.python.facts import is_added
from windowservice.language.tree.fact import Fact

if TYPE_CHECKING:
    import polars as pl

    from windowservice.domain.unread import Unread
    from windowservice.engine.running import Runner
    from windowservice.language.polars.compile import RecordColumns
    from windowservice.language.webassembly.judge import Judge

__all__ = ["added_facts", "frames_of", "judge_frames", "judge_read_frames"]

_log = logging.getLogger("windowservice.engine")


def added_facts(runner: Runner) -> list[Fact[Any]]:
    """Return the given facts that plugins add and the rules read."""
    root = runner.vocabulary
    given = [(fact, root if fact.scope is root else root.children) for fact in runner.given]
    return [fact for fact, owner in given if owner is not None and is_added(owner, fact)]


def judge_frames(
    runner: Runner, records: Any, events: Any, us: int, *, recorded: frozenset[str] | None = None,
    unread: Mapping[str, tuple[Unread, ...]] | None = None, where: str = "",
) -> ColumnStore:  # fmt: skip
    """Return the verdicts of all requests of a frame, or records of another type; see `frames_of`."""
    frames = frames_of(runner, records, events, us, recorded=recorded, unread=unread, where=where)
    return judge_read_frames(runner, frames, us, recorded)


def frames_of(
    runner: Runner, records: Any, events: Any, us: int, *, recorded: frozenset[str] | None = None,
    unread: Mapping[str, tuple[Unread, ...]] | None = None, where: str = "",
    added: Sequence[Fact[Any]] | None = None,
) -> Frames:  # fmt: skip
    """Return requests, or records of another type, with their children in the form in which they are judged.

    Args:
        runner: the rules.
        records: one row for each request (see `frames.read_frames`).
        events: one row for each event.
        us: the instant judged, in microseconds UTC.
        recorded: the kinds of event that the source records; None means every kind.
        unread: what could not be read of requests, by their ids.
        where: the place of the frames, for messages.
        added: the given facts that plugins add and that are read; those that the rules read if not given.

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
        records, events, root, us, zone=runner.binding.calendar.zone,
        added=added_facts(runner) if added is None else added, kinds=kinds, where=where, keep=unread or (),
    )  # fmt: skip
    if of_requests and (unfit := unfit_requests(frames.records)):
        intake = attrs.evolve(frames.intake, unjudged={**unfit, **frames.intake.unjudged})
        frames = attrs.evolve(frames, intake=intake)
    return with_unread(frames, unread) if unread else frames


def judge_read_frames(runner: Runner, frames: Frames, us: int, recorded: frozenset[str] | None) -> ColumnStore:
    """Return the verdicts of frames that are read already."""
    run = runner.columns(frames, us, recorded)
    judge = runner.over_columns(recorded, frames.untold) if frames.is_large else None
    codes, slow, apart, missed = _verdicts(judge, run, frames, runner)
    frames = attrs.evolve(frames, apart=frames.apart | apart) if apart else frames
    for position, reason in slow.items():
        _log.warning("the rule %s is run row by row: %s", runner.names[position], reason)
    if slow:
        codes = _filled(runner, frames, us, codes, slow, recorded)
    if alone := one_by_one(frames):
        codes = _one_by_one(runner, frames, us, codes, alone, recorded)
    if run.doubtful is not None and run.doubtful.any():
        codes = _one_by_one(runner, frames, us, codes, run.doubtful.nonzero()[0].tolist(), recorded)
    if frames.unread and not frames.judges_unread:
        codes = [_untold(series, frames.unread) for series in codes]
    if frames.intake.unjudged:
        codes = [_unjudged(series, frames.intake.unjudged) for series in codes]
    named = {runner.names[position]: reason for position, reason in slow.items()}
    return ColumnStore(runner, us, frames, codes, named, recorded, missed, run)


def _verdicts(
    judge: Judge | None, run: RecordColumns, frames: Frames, runner: Runner
) -> tuple[list[pl.Series], dict[int, str], frozenset[int], dict[int, Missing]]:
    """Return the columns of codes, from a module for those rules that it can judge; what has none, and what cannot.

    The second are the rules that have no columns, with the reason, the third the records of which a module cannot tell,
    the fourth what it tells of those that failed, by the position of the rule.
    """
    import polars as pl

    rules = [loaded.rule for loaded in runner.rules]
    try:
        printed = judge.verdicts(frames.records, frames.children, frames.bounds, run.as_of) if judge else None
    except WindowserviceError as error:  # a calendar that does not reach so far
        _log.info("columns are judged without a module: %s", error)
        printed = None
    if printed is None:
        return *verdict_columns(run, rules), frozenset(), {}
    assert judge is not None  # noqa: S101 - who judged
    codes, doubts, values, missed = printed
    for leaf in values:
        run.take(leaf.expr, leaf.values, leaf.absent)
    others = [place for place in range(len(rules)) if place not in codes]
    found, slow = verdict_columns(run, [rules[place] for place in others])
    by_place = {**{place: pl.Series(one) for place, one in codes.items()}, **dict(zip(others, found, strict=True))}
    reasons = {others[number]: why for number, why in slow.items()}
    apart = frozenset(doubts.nonzero()[0].tolist())
    return [by_place[place] for place in range(len(rules))], reasons, apart, missing_of(missed, judge.told)


def _unjudged(codes: pl.Series, rows: Iterable[int]) -> pl.Series:
    """Return a column of codes in which the records that cannot be judged are in error."""
    import numpy as np
    import polars as pl

    found = codes.to_numpy().copy()
    found[np.fromiter(rows, np.int64)] = ERROR
    return pl.Series(found, dtype=pl.UInt8)


def _untold(codes: pl.Series, rows: Iterable[int]) -> pl.Series:
    """Return a column of codes in which nothing is told of some records, unless they are in error."""
    import numpy as np
    import polars as pl

    found = codes.to_numpy().copy()
    mine = np.fromiter(rows, np.int64)
    found[mine] = np.where(found[mine] == ERROR, ERROR, UNKNOWN)
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
