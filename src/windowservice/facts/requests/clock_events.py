"""The events that move clocks, folded in columns: the stops, notices and extensions of all requests at once.

What comes out is what `worktime.clock.of_events.fold_clock_events` makes of the events of each request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from windowservice.errors import InvalidLimit
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    import numpy as np

    from windowservice.language.polars.gather import Rows
    from windowservice.worktime.columns.clocks.events import ExtensionColumns, NoticeColumns, StopColumns

    Ints = np.ndarray[Any, Any]

__all__ = ["Moves", "moves_of"]


class Moves(NamedTuple):
    """What moves clocks, numbered by request."""

    stops: StopColumns
    notices: NoticeColumns
    extensions: ExtensionColumns

    def requests(self) -> Ints:
        """Return the numbers of the requests whose clocks something may move, ascending."""
        import numpy as np

        found: Ints = np.unique(np.concatenate([self.stops.row, self.notices.row, self.extensions.row]))
        return found

    def of(self, requests: Ints) -> Moves:
        """Return what moves the clocks of some requests, ascending, which are numbered anew."""
        return Moves(self.stops.of(requests), self.notices.of(requests), self.extensions.of(requests))


def moves_of(rows: Rows, start: Ints) -> Moves:
    """Return what moves clocks; papers that were complete before the clock started neither stop nor restart it.

    Args:
        rows: instant, kind, reason, written and amount of the events that concern clocks, in order.
        start: the starts of the clocks of all requests.
    """
    events = _Events(rows)
    notices, completed = events.places("notified"), events.following("supplemented", events.places("notified"))
    kept = (completed < 0) | (events.at[completed] > start[events.row[notices]])
    return Moves(_stops(events), _notices(events, notices[kept], completed[kept]), _extensions(events))


class _Events:
    """Events in order of their request, with ways to find the next and the last before of a kind."""

    def __init__(self, rows: Rows) -> None:
        import numpy as np
        import polars as pl

        self.row = rows.row
        none = pl.Series([], dtype=pl.Int64)
        at, kind, self.reason, self.written, self.amount = rows.values if rows.values else (none,) * 5
        self.at: Ints = at.to_numpy() if len(at) else np.zeros(1, np.int64)
        self.kind = kind

    def places(self, kind: str) -> Ints:
        """Return the places of the events of a kind."""
        import numpy as np
        import polars as pl

        if not len(self.row):
            return np.zeros(0, np.int64)
        if isinstance(self.kind.dtype, pl.Enum) and kind not in self.kind.dtype.categories:
            return np.zeros(0, np.int64)
        found: Ints = (self.kind == kind).arg_true().to_numpy().astype(np.int64)
        return found

    def next_of(self, among: Ints, places: Ints) -> Ints:
        """Return the first of the places given that follows each place within its request, -1 if none does."""
        import numpy as np

        at = np.searchsorted(among, places, side="right")
        return self._same(np.append(among, -1)[at], places)

    def last_of(self, among: Ints, places: Ints) -> Ints:
        """Return the last of the places given that comes before each place within its request, -1 if none does."""
        import numpy as np

        at = np.searchsorted(among, places, side="left")
        return self._same(np.append(-1, among)[at], places)

    def following(self, kind: str, places: Ints) -> Ints:
        """Return the next event of a kind after each place within its request, -1 if none follows."""
        return self.next_of(self.places(kind), places)

    def _same(self, found: Ints, places: Ints) -> Ints:
        import numpy as np

        if not len(places):
            return found
        return np.where((found >= 0) & (self.row[found] == self.row[places]), found, -1)

    def instants(self, places: Ints) -> Any:
        """Return the instants of places, null for -1."""
        from windowservice.worktime.columns.data import Column

        return Column(self.at[places], places >= 0)


def _stops(events: _Events) -> StopColumns:
    """Return the stops; one ends at the next `resumed` that names its reason, or none."""
    import numpy as np
    import polars as pl

    from windowservice.worktime.columns.clocks.events import StopColumns

    places = events.places("suspended")
    if not len(places):
        nothing = np.zeros(0, np.int64)
        return StopColumns.flat(nothing, nothing, nothing, pl.Series([], dtype=pl.String), np.zeros(0, bool))
    reason = events.reason.gather(places).cast(pl.String).fill_null("")
    resumed = events.places("resumed")
    ended_by = events.reason.gather(resumed).cast(pl.String)
    of_any = resumed[ended_by.is_null().to_numpy()]
    ends = events.next_of(of_any, places)
    for word in reason.unique().to_list():
        mine = (reason == word).arg_true().to_numpy()
        named = events.next_of(resumed[(ended_by == word).fill_null(False).to_numpy()], places[mine])
        ends[mine] = np.where((named >= 0) & ((ends[mine] < 0) | (named < ends[mine])), named, ends[mine])
    written = events.written.gather(places).fill_null(False).to_numpy()
    return StopColumns.flat(events.row[places], events.at[places], events.instants(ends), reason, written)


def _notices(events: _Events, places: Ints, completed: Ints) -> NoticeColumns:
    from windowservice.worktime.columns.clocks.events import NoticeColumns

    return NoticeColumns.flat(events.row[places], events.at[places], events.instants(completed))


def _extensions(events: _Events) -> ExtensionColumns:
    """Return the extensions; each was asked for at the last request before, and one of no limit approves nothing."""
    import numpy as np
    import polars as pl

    from windowservice.worktime.columns.clocks.events import ExtensionColumns
    from windowservice.worktime.columns.data import Choice

    places = events.places("extended")
    amounts = events.amount.gather(places).cast(pl.String) if len(places) else pl.Series([], dtype=pl.String)
    words = amounts.drop_nulls().unique(maintain_order=True).to_list()
    parsed = {word: limit for word in words if (limit := _limit(word)) is not None}
    code = np.zeros(0, np.int64)
    if parsed:
        known = amounts.replace_strict([*parsed], range(len(parsed)), default=None, return_dtype=pl.Int64)
        code = known.fill_null(-1).to_numpy()
        places, code = places[code >= 0], code[code >= 0]
    else:
        places = places[:0]
    asked = events.instants(events.last_of(events.places("extension_requested"), places))
    if not len(places):
        return ExtensionColumns(places, places, places, asked, ())
    return ExtensionColumns.flat(
        events.row[places], events.at[places], Choice(code, tuple(parsed.values())), asked
    )  # fmt: skip


def _limit(text: str) -> Limit | None:
    try:
        return Limit.parse(text)
    except InvalidLimit:
        return None
