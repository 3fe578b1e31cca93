"""The edges of a limit: done at the due instant, a second after it, not done yet, and stops outside opening hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from windowservice.engine.engine import Engine
from windowservice.engine.report.finding import Finding
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidValue
from windowservice.instants import utc_datetime
from windowservice.language.tree.rule import Rule
from windowservice.testing.drafts import Draft
from windowservice.testing.judging import assert_verdict, built, engine_with, judged, type_of

__all__ = ["assert_limit"]

_SECOND: Final = timedelta(seconds=1)
_LATER: Final = timedelta(days=1)
_BREAK: Final = timedelta(minutes=1)


def assert_limit(
    rule: Rule | str, draft: Draft, *, done: Callable[[Draft, datetime], Draft], as_of: datetime | str,
    due: datetime | str | None = None, stop: Callable[[Draft, datetime, datetime], Draft] | None = None,
    engine: Engine | None = None,
) -> datetime:  # fmt: skip
    """Assert that a rule about a limit is exact at its edges, and return the due instant.

    Done at the due instant passes; a second after it fails by one second; not done, it is pending at the due instant
    and fails a second later.

    Args:
        rule: the rule, or the name of one of the engine.
        draft: a record of which that is not done that the limit waits for.
        done: gives the record with it done at an instant, as in ``lambda draft, at: draft.closed_at(at)``.
        as_of: an instant at which the limit runs.
        due: when it has to be due; whenever the rule says, if not given.
        stop: gives the record with its clock stopped between two instants; a stop while nothing is open must not move
            the due instant.
        engine: what judges; without one, an engine of this rule alone.

    Raises:
        AssertionError: with the edge, what came instead, and the whole case.
        InvalidValue: if no limit runs as of the instant, or there is no time to stop in.
    """
    judge = engine_with(rule, engine)
    found = _due(judge, rule, draft, as_of)
    if due is not None and judge.instant_of(due) != judge.instant_of(found):
        raise AssertionError(f"due {due} is wanted, {found.isoformat()} came")
    later = found + _LATER
    assert_verdict(rule, done(draft, found), Verdict.PASS, as_of=later, engine=judge)
    assert_verdict(rule, done(draft, found + _SECOND), Verdict.FAIL, as_of=later, engine=judge, by=_SECOND)
    assert_verdict(rule, draft, Verdict.PENDING, as_of=found, engine=judge)
    assert_verdict(rule, draft, Verdict.FAIL, as_of=found + _SECOND, engine=judge, by=_SECOND)
    if stop is not None:
        begin, end = _closed(judge, rule, draft, as_of, found)
        moved = _due(judge, rule, stop(draft, begin, end), as_of)
        if moved != found:
            said = f"a stop from {begin} to {end}, when nothing is open, moved the due instant from {found} to {moved}"
            raise AssertionError(said)
    return found


def _pending(engine: Engine, rule: Rule | str, draft: Draft, as_of: datetime | str) -> Finding:
    finding = judged(engine.check(built(draft), as_of=as_of, of=type_of(draft)), rule)
    if not finding.evidence.waits_for:
        wanted = f"an instant at which {finding.rule} waits for a due instant; it says {finding.verdict}"
        raise InvalidValue("as_of", as_of, wanted)
    return finding


def _due(engine: Engine, rule: Rule | str, draft: Draft, as_of: datetime | str) -> datetime:
    return max(_pending(engine, rule, draft, as_of).evidence.waits_for)


def _closed(
    engine: Engine, rule: Rule | str, draft: Draft, as_of: datetime | str, due: datetime
) -> tuple[datetime, datetime]:
    """Return a time between the instant and the due one in which the calendar that counts is closed."""
    finding = _pending(engine, rule, draft, as_of)
    calendar = next(iter(finding.evidence.calendars), engine.calendar)
    sessions = calendar.sessions(utc_datetime(engine.instant_of(as_of)), due)
    for (_, close), (opens, _) in pairwise(sessions):
        if opens - close >= _BREAK:
            return close + _SECOND, opens - _SECOND
    raise InvalidValue("as_of", as_of, "an instant before a break, so that a stop can lie in it")
