"""The rows behind readings that are counted from requests, such as appointments kept: over objects or in columns.

Requests are seen as they stood at the end of a period. Even the day that decides the period is looked up then: a slot
that was booked anew later stays where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.requests.request import Request
from windowservice.engine.frames.dates import dated_rows
from windowservice.engine.running import Runner
from windowservice.instants import LATEST
from windowservice.rules.indicators import Indicator
from windowservice.scoring.observing.rows import ObservedRow, Wanted, plain
from windowservice.scoring.observing.windows import Window

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.frames.frames import Frames
    from windowservice.language.polars.compile import RecordColumns

__all__ = ["EVENTS", "RequestColumns", "RequestRows"]

EVENTS: Final = "events"
"""The table of what happened to requests."""


class RequestRows:
    """Requests in hand, looked at one by one; one that was reopened is looked at cycle by cycle.

    Args:
        runner: compiled code and calendars for requests.
        requests: the requests.
    """

    def __init__(self, runner: Runner, requests: Iterable[Request]) -> None:
        self._runner = runner
        self._requests = tuple(requests)
        self._standing: dict[Indicator, list[Request]] = {}

    def rows(self, indicator: Indicator, window: Window, banks: Wanted | None = None) -> Iterator[ObservedRow]:
        """Yield the requests whose day lies in the window, seen as of its instant; those of some banks, if given."""
        parts = [expr for expr in indicator.parts if expr is not None]
        date_of = self._runner.binding.calendar.table.date_of
        day_of = self._runner.values_of(("observe on", indicator), [indicator.on])
        read = self._runner.values_of(("observe", indicator), parts)
        for known in self._may_belong(indicator):
            for request in self._runner.cycles(known, window.cut):
                (on,) = day_of(request, window.cut)
                if on is None or on > window.cut or not window.first <= date_of(on) <= window.last:
                    continue
                if banks is not None and not banks(request.bank, date_of(on)):
                    continue
                values = iter(read(request, window.cut))
                found = [None if expr is None else plain(next(values)) for expr in indicator.parts]
                if indicator.when is None:
                    found[0] = True
                yield ObservedRow(request.id, request.bank, date_of(on), *found)

    def _may_belong(self, indicator: Indicator) -> list[Request]:
        """Return the requests that what never changes does not leave out."""
        if indicator not in self._standing:
            read = self._runner.values_of(("observe lasting", indicator), indicator.lasting)
            self._standing[indicator] = [
                request
                for request in self._requests
                if "reopened" in request.kinds or False not in read(request, LATEST)  # its cycles have other ids
            ]
        return self._standing[indicator]


class RequestColumns:
    """Requests of frames, looked at in columns.

    Args:
        runner: calendars and figures for requests.
        requests: the frame of requests.
        events: the frame of their events; None if there are none.
    """

    def __init__(self, runner: Runner, requests: Any, events: Any) -> None:
        self._runner = runner
        self._given = requests, events
        self._runs: dict[int, tuple[Frames, RecordColumns]] = {}

    def rows(self, indicator: Indicator, window: Window) -> pl.DataFrame | None:
        """Return the requests whose day lies in the window, as `ColumnRows.rows` does; None if there are none."""
        import polars as pl

        from windowservice.language.tree.kernels import DATE
        from windowservice.scoring.observing.columns import PARTS, column_of

        frames, run = self._run(window.cut)
        day, on = run.series(DATE(indicator.on)), run.series(indicator.on)
        parts = {name: column_of(run, expr) for name, expr in zip(PARTS, indicator.parts, strict=True)}
        if indicator.when is None:
            parts["when"] = pl.Series([True]).new_from_index(0, run.height)
        keys = [run.frame[name].cast(pl.String).alias(name) for name in ("id", "bank")]
        told = pl.DataFrame([*keys, day.alias("day"), *(series.alias(name) for name, series in parts.items())])
        chosen = day.is_between(window.first, window.last) & (on <= window.cut) & told["when"].fill_null(value=True)
        chosen = chosen.fill_null(value=False)
        if dated := dated_rows(frames.children):
            apart = pl.Series(dated, dtype=pl.UInt32)
            found = told.filter(chosen.scatter(apart, False))
            found = found.extend(self._of_dated(frames, dated, indicator, window, told.schema))
        else:
            found = told.filter(chosen)
        return found if found.height else None

    def _of_dated(
        self, frames: Frames, rows: list[int], indicator: Indicator, window: Window, schema: pl.Schema
    ) -> pl.DataFrame:
        """Return the requests of which an event is known by its date only: they are looked at one by one."""
        import polars as pl

        from windowservice.engine.frames.records import records_of

        told = RequestRows(self._runner, records_of(frames, rows)).rows(indicator, window)
        kept = [row for row in told if row.when is not False]
        return pl.DataFrame(kept, schema=schema, orient="row", strict=False)

    def _run(self, cut: int) -> tuple[Frames, RecordColumns]:
        """Return the columns of all requests as of an instant, made once."""
        from windowservice.engine.frames.frames import read_frames
        from windowservice.engine.frames.records import refuse_unjudged

        if cut not in self._runs:
            requests, events = self._given
            frames = read_frames(
                requests,
                events,
                self._runner.vocabulary,
                cut,
                zone=self._runner.binding.calendar.zone,
                kinds=self._runner.kinds,
            )
            refuse_unjudged(frames)
            run = self._runner.columns(frames, cut)
            self._runs[cut] = frames, run
        return self._runs[cut]
