"""Judging frames: the same rules on all requests of a frame at once, and findings as a frame.

The verdicts are those of the object path, row for row. A rule that columns cannot compute (a plugin's own Python, exact
ratios) is run row by row over objects made of the rows; the result names it with the reason.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.events import Event
from windowservice.domain.requests import Request
from windowservice.engine.frames import Frames, read_frames
from windowservice.engine.ruleset import LoadedRule
from windowservice.engine.shortfalls import shortfall_columns
from windowservice.engine.verdicts import Verdict
from windowservice.instants import utc_datetime
from windowservice.language.polars_children import ROW
from windowservice.language.to_polars import ERROR, RecordColumns, verdict_columns

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.running import Runner

__all__ = ["CODES", "ColumnVerdicts", "judge_frames", "request_of"]

_log = logging.getLogger("windowservice.engine")
CODES: Final = (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.PENDING, Verdict.NOT_APPLICABLE, Verdict.ERROR)
"""The verdicts by their code in columns."""
_TOLD: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


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
    """

    runner: Runner
    us: int
    frames: Frames
    codes: Sequence[pl.Series]
    slow: dict[str, str]
    run: RecordColumns

    @property
    def height(self) -> int:
        """How many requests were judged."""
        return self.frames.records.height

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

    def findings(self, *, told: Sequence[Verdict] = _TOLD, engine: str = "") -> pl.DataFrame:
        """Return one row for each finding: by default what failed, is unknown or could not be run.

        Columns: key, bank, service, rule, verdict, severity, institution, principle, shortfall (a number, or seconds of
        real time after a deadline), unit, overrun_seconds (open time after a deadline), figures, basis, version,
        engine.

        Args:
            told: the verdicts that are wanted.
            engine: the version of the engine, to be carried in each row.
        """
        import polars as pl

        parts = []
        wanted = [CODES.index(verdict) for verdict in told]
        for loaded, series in zip(self.runner.rules, self.codes, strict=True):
            rows = series.is_in(wanted).arg_true()
            if len(rows):
                parts.append(self._of_rule(loaded, series, rows, engine))
        return pl.concat(parts) if parts else pl.DataFrame(schema=FINDING_SCHEMA())

    def _of_rule(self, loaded: LoadedRule, series: pl.Series, rows: pl.Series, engine: str) -> pl.DataFrame:
        import polars as pl

        records = self.frames.records
        verdict = _in_words(series.gather(rows)).cast(pl.String)
        keys = {
            new: records[name].gather(rows).cast(pl.String)
            if name in records.columns
            else pl.Series([None] * len(rows), dtype=pl.String)
            for name, new in _KEYS
        }
        basis = loaded.amended or loaded.rule.basis
        slow = loaded.name in self.slow
        numbers = shortfall_columns(None if slow else self.run, loaded.rule, rows, verdict == str(Verdict.FAIL))
        said = {
            "rule": loaded.name, "verdict": verdict, "severity": loaded.rule.severity,
            "institution": loaded.rule.institution, "principle": loaded.rule.principle, **numbers,
            "basis": None if basis is None else str(basis), "version": loaded.version, "engine": engine,
        }  # fmt: skip
        return pl.DataFrame({**keys, **said}, schema=FINDING_SCHEMA(), strict=False)


def _in_words(codes: pl.Series) -> pl.Series:
    """Return verdict codes as an enumeration of words."""
    import polars as pl

    words = [str(verdict) for verdict in CODES]
    return pl.Series(words, dtype=pl.Enum(words)).gather(codes)


_KEYS: Final = (("id", "key"), ("bank", "bank"), ("service", "service"))


def FINDING_SCHEMA() -> dict[str, Any]:  # noqa: N802 - a constant that needs Polars
    """Return the columns of a frame of findings and their types."""
    import polars as pl

    text = ("key", "bank", "service", "rule", "verdict", "severity", "institution", "principle")
    return {
        **dict.fromkeys(text, pl.String), "shortfall": pl.Float64, "unit": pl.String, "overrun_seconds": pl.Float64,
        "figures": pl.String, "basis": pl.String, "version": pl.String, "engine": pl.String,
    }  # fmt: skip


def judge_frames(
    runner: Runner, records: Any, events: Any, us: int, *, recorded: frozenset[str] | None = None, where: str = ""
) -> ColumnVerdicts:
    """Return the verdicts of all requests of a frame.

    Args:
        runner: the rules.
        records: one row for each request (see `frames.read_frames`).
        events: one row for each event.
        us: the instant judged, in microseconds UTC.
        recorded: the kinds of event that the source records; None means every kind.
        where: the place of the frames, for messages.

    Raises:
        MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange: for a column that cannot be what it has to be.
    """
    frames = read_frames(records, events, runner.vocabulary, us, where=where)
    run = RecordColumns(runner.vocabulary, runner.binding, frames.records, frames.children, us, recorded)
    codes, slow = verdict_columns(run, [loaded.rule for loaded in runner.rules])
    named = {runner.names[position]: reason for position, reason in slow.items()}
    if slow:
        for name, reason in named.items():
            _log.warning("the rule %s is run row by row: %s", name, reason)
        codes = _filled(runner, frames, us, codes, list(slow), recorded)
    return ColumnVerdicts(runner, us, frames, codes, named, run)


def _filled(
    runner: Runner,
    frames: Frames,
    us: int,
    codes: list[pl.Series],
    positions: list[int],
    recorded: frozenset[str] | None,
) -> list[pl.Series]:
    """Return the columns with those of the slow rules filled in row by row."""
    import polars as pl

    words = {verdict: code for code, verdict in enumerate(CODES)}
    found: dict[int, list[int]] = {position: [] for position in positions}
    for row in range(frames.records.height):
        (subject, *_) = runner.judge_or_list(request_of(frames, row, recorded), us)
        for position in positions:
            found[position].append(words.get(subject.verdicts.at(position), ERROR))
    return [pl.Series(found[i], dtype=pl.UInt8) if i in found else series for i, series in enumerate(codes)]


def request_of(frames: Frames, row: int, recorded: frozenset[str] | None = None) -> Request:
    """Return one row of the frames as a request, so that it can be judged and explained by the object path."""
    import polars as pl

    given = frames.records.row(row, named=True)
    children = frames.children.filter(pl.col(ROW) == row) if ROW in frames.children.columns else frames.children
    events: list[Event] = []
    for event in children.iter_rows(named=True):
        begin, end = event["slot_begin_us"], event["slot_end_us"]
        slot = None if begin is None or end is None else (utc_datetime(begin), utc_datetime(end))
        items = event["items"]
        events.append(
            Event(
                utc_datetime(event["us"]),
                event["kind"],
                by=event["by"],
                post=event["post"],
                to=event["to"],
                items=None if items is None else frozenset(items),
                reason=event["reason"],
                written=event["written"],
                slip=event["slip"],
                amount=event["amount"],
                slot=slot,
                score=event["score"],
                note=event["note"],
                seq=len(events),
                extra={n[6:]: v for n, v in event.items() if n.startswith("extra.") and v is not None},
            )
        )
    extra = {name[6:]: value for name, value in given.items() if name.startswith("extra.") and value is not None}
    return Request(
        given["id"], given["bank"], given["service"], amount=given["amount"], channel=given["channel"], events=events,
        extra=extra, recorded=recorded,
    )  # fmt: skip
