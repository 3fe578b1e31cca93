"""What is odd about events read by columns: counted at once, but for requests that are looked at one by one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.ledger.columns.instants import at_midnight

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from windowservice.ledger.columns.sure import Marks
    from windowservice.ledger.columns.tables import EventColumns
    from windowservice.ledger.reading.oddities import Oddities

    Ints = NDArray[np.int64]
    Places = NDArray[np.intp]

__all__ = ["Line", "count_plain"]

_NEVER: Final = 1 << 62
"""Later than all instants."""


@attrs.frozen(eq=False)
class Line:
    """Events by request and time.

    Attributes:
        events: the columns that they stand in.
        places: their rows, by request and then as they stand in the table.
        request: of each the place of its request, rising.
        requests: how many requests there are.
    """

    events: EventColumns
    places: Places
    request: Ints
    requests: int

    def in_time(self) -> tuple[Ints, Ints, Ints]:
        """Return request, instant and kind of each event, by request and instant."""
        import numpy as np

        us, kind, request = self.events.at.us[self.places], self.events.kind[self.places], self.request
        if bool(((us[1:] >= us[:-1]) | (request[1:] != request[:-1])).all()):
            return request, us, kind
        order = np.lexsort((us, request))
        return request[order], us[order], kind[order]

    def said_twice(self) -> Ints:
        """Return the requests of which two events of one kind are at one instant, so that they may be one."""
        import numpy as np

        request, us, kind = self.in_time()
        tied = _tied(request, us)
        places = np.flatnonzero(tied | np.append(tied[1:], False))
        found = np.stack((request[places], us[places], kind[places]), 1)
        _, first, count = np.unique(found, axis=0, return_index=True, return_counts=True)
        return np.unique(found[first[count > 1], 0])


def count_plain(line: Line, oddities: Oddities) -> Marks:
    """Count what is odd about events of requests, but for those that are looked at one by one, which are returned.

    These have two events at one instant, or events in an order that cannot be.
    """
    import numpy as np

    request, us, kind = line.in_time()
    single = np.zeros(line.requests, bool)
    single[request[_tied(request, us)]] = True
    single |= _contradictory(line, request, us, kind, oddities)
    places = line.places[~single[line.request]]
    events = line.events
    oddities.events += len(places)
    if oddities.as_of is not None:
        oddities.after_as_of += int(np.count_nonzero(events.at.us[places] > oddities.as_of))
    oddities.at_midnight += at_midnight(events.at, places, oddities.zone)
    if oddities.calendar is not None:
        is_open = oddities.calendar.table.is_open
        oddities.outside_hours += sum(not is_open(one) for one in events.at.us[places].tolist())
    number = np.bincount(events.kind[places], minlength=len(events.kinds)).tolist()
    oddities.count_kinds(Counter(dict(zip(events.kinds, number, strict=True))))
    for name, field in oddities.says.items():
        if name in events.kinds and field in events.stated:
            mine = events.kind[places] == events.kinds.index(name)
            if bool(events.stated[field][places][mine].any()):
                oddities.said.add((name, field))
    return single


def _tied(request: Ints, us: Ints) -> Marks:
    """Return which events are at the instant of the one before them, of the same request."""
    import numpy as np

    return np.append(False, (us[1:] == us[:-1]) & (request[1:] == request[:-1]))[: len(us)]


def _contradictory(line: Line, request: Ints, us: Ints, kind: Ints, oddities: Oddities) -> Marks:
    """Return the requests in which the first event of a kind comes before that of one that it cannot precede."""
    import numpy as np

    kinds, found = line.events.kinds, np.zeros(line.requests, bool)
    pairs = [(kinds.index(one), kinds.index(other)) for one, other in oddities.in_order if {one, other} <= set(kinds)]
    first: dict[int, Ints] = {}
    for one in {place for pair in pairs for place in pair}:
        mine = np.flatnonzero(kind == one)
        mine = mine[np.append(True, request[mine][1:] != request[mine][:-1])[: len(mine)]]
        first[one] = np.full(line.requests, _NEVER, np.int64)
        first[one][request[mine]] = us[mine]
    for one, other in pairs:
        found |= (first[one] != _NEVER) & (first[other] < first[one])
    return found
