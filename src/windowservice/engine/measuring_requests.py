"""The rows behind readings that are counted from requests, such as appointments kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from windowservice.domain.requests import Request
from windowservice.engine.measuring_rows import MeasuredRow, plain
from windowservice.engine.measuring_windows import Window
from windowservice.engine.running import Runner
from windowservice.rules.measurements import Measurement

__all__ = ["RequestRows"]


class RequestRows:
    """Requests in hand, looked at one by one as they stood at the end of a period.

    Even the day that decides the period is looked up then: a slot that was booked anew later stays where it was.

    Args:
        runner: compiled code and calendars for requests.
        requests: the requests.
    """

    def __init__(self, runner: Runner, requests: Iterable[Request]) -> None:
        self._runner = runner
        self._requests = tuple(requests)

    def rows(self, measurement: Measurement, window: Window) -> Iterator[MeasuredRow]:
        """Yield the requests whose day lies in the window, seen as of its instant."""
        parts = [expr for expr in measurement.parts if expr is not None]
        date_of = self._runner.binding.calendar.table.date_of
        for known in self._requests:
            request = known.known_at(window.cut) if known.is_amended else known
            (on,) = self._runner.values(("measure on", measurement), [measurement.on], request, window.cut)
            if on is None or on > window.cut or not window.first <= date_of(on) <= window.last:
                continue
            values = iter(self._runner.values(("measure", measurement), parts, request, window.cut))
            found = [None if expr is None else plain(next(values)) for expr in measurement.parts]
            if measurement.when is None:
                found[0] = True
            yield MeasuredRow(request.id, request.bank, date_of(on), *found)
