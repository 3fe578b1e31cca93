"""Requests and their events of which every row is certainly plain; all other rows are read one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING

import attrs

from windowservice.domain.requests.request import Request
from windowservice.ledger.cells.cell import CellNotes
from windowservice.ledger.columns.oddities import Line, count_plain
from windowservice.ledger.columns.on_demand import OnDemand
from windowservice.ledger.columns.sure import among
from windowservice.ledger.columns.tables import EventColumns, RequestColumns
from windowservice.ledger.reading.drafts import Draft, Entry, finished

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from windowservice.domain.unread import Unread
    from windowservice.ledger.columns.sure import Marks
    from windowservice.ledger.mapping.mapping import TableMap
    from windowservice.ledger.mapping.plan import Terms
    from windowservice.ledger.reading.oddities import Oddities
    from windowservice.ledger.sources.table import Row, SourceTable

    Ints = NDArray[np.int64]
    Places = NDArray[np.intp]

__all__ = ["PlainRequests"]


@attrs.frozen(eq=False)
class PlainRequests:
    """The requests of two tables of which no row is odd.

    A request is plain if every row of it is read without anything odd, no other row has its id, and no two of its
    events can be one. Everything that reading looks at beside the row at hand goes by the id of a request, so the rows
    of all other requests can be read without them, in their order.

    Attributes:
        tables: the tables as they were opened.
        requests, events: their rows as columns.
        places: the rows of the plain requests.
        line: their events.
        first: of each the place of its first event in the line; one more at the end.
    """

    tables: tuple[SourceTable, SourceTable]
    requests: RequestColumns
    events: EventColumns
    places: Places
    line: Line
    first: Places

    @classmethod
    def of(
        cls, tables: Sequence[tuple[SourceTable, TableMap]], terms: Terms, services: frozenset[str] | None
    ) -> PlainRequests | None:
        """Return the plain requests of a table of requests and one of events; None if there are other tables of them.

        Args:
            tables: the tables that hold requests or events, with how each is mapped.
            terms: what holds for all tables.
            services: the ids of services that are known; None if every id is taken.
        """
        if len(tables) != 2:
            return None
        apart = attrs.evolve(terms, notes=CellNotes())  # what is counted here is counted when odd rows are read
        above = RequestColumns.of(*tables[0], apart, services)
        below = None if above is None else EventColumns.of(*tables[1], apart)
        if above is None or below is None:
            return None
        import numpy as np  # it is there where columns are

        own = _own_rows(above)
        of_event = _join(below.request, above.id, own)
        odd = {*above.names(above.plan.field("id")), *below.names(below.plan.record.field("request"))}
        plain = own.copy()
        plain[own] = ~among(above.id[np.flatnonzero(own)], [*odd])
        line = _line(below, of_event, plain)
        twice = np.flatnonzero(plain)[line.said_twice()]
        if len(twice):
            plain[twice] = False
            line = _line(below, of_event, plain)
        first = np.append(0, np.cumsum(np.bincount(line.request, minlength=line.requests)))
        return cls((tables[0][0], tables[1][0]), above, below, np.flatnonzero(plain), line, first)

    def taken(self, table: SourceTable) -> int:
        """Return how many rows of a table are plain."""
        return len(self.places) if table is self.tables[0] else len(self.line.places)

    def odd(self, table: SourceTable) -> Iterator[Row]:
        """Return the rows of a table that are to be read one by one."""
        if table is self.tables[0]:
            return self.requests.rows(_others(len(self.requests.sure), self.places))
        return self.events.rows(_others(len(self.events.sure), self.line.places))

    @property
    def numbers(self) -> Ints:
        """The numbers of the rows of the requests."""
        found: Ints = self.requests.columns.numbers[self.places]
        return found

    def ids(self, before: int | None = None) -> list[str]:
        """Return the ids of the requests, or of those above a row of their table."""
        import numpy as np

        end = None if before is None else int(np.searchsorted(self.numbers, before))
        return self.requests.id[self.places[:end]].to_list()

    def services(self) -> list[str]:
        """Return the service of each request."""
        return self.requests.service[self.places].to_list()

    def banks(self) -> Counter[str]:
        """Return how often each bank stands in a request."""
        found = self.requests.bank[self.places].value_counts()
        return Counter(dict(found.iter_rows()))

    def with_drafts(
        self, drafts: Mapping[str, Draft], oddities: Oddities, recorded: frozenset[str] | None, untold: frozenset[str],
        unread: Mapping[str, tuple[Unread, ...]],
    ) -> OnDemand:  # fmt: skip
        """Return all requests in the order of reading, those of odd rows among them, and look at what is odd."""
        import numpy as np

        single = np.flatnonzero(count_plain(self.line, oddities))
        others = np.array([draft.place[1] for draft in drafts.values()], np.int64)
        place_of = np.arange(len(self.places)) + np.searchsorted(others, self.numbers)
        place_of_draft = np.arange(len(others)) + np.searchsorted(self.numbers, others)
        made: list[Request | None] = [None] * (len(self.places) + len(others))
        of_drafts = (finished(draft, recorded, untold, unread.get(name, ())) for name, draft in drafts.items())
        of_single = self.made(single, recorded, untold, unread)
        both = merge(
            zip(place_of_draft.tolist(), of_drafts, strict=True),
            zip(place_of[single].tolist(), of_single, strict=True),
            key=itemgetter(0),
        )
        for place, (request, entries) in both:
            made[place] = request
            oddities.add(request.id, entries)
        mine = np.zeros(len(made), np.intp)
        mine[place_of] = np.arange(len(self.places))
        return OnDemand(
            made, lambda places: [one for one, _ in self.made(mine[places], recorded, untold, unread)]
        )  # fmt: skip

    def made(
        self, which: Places, recorded: frozenset[str] | None, untold: frozenset[str],
        unread: Mapping[str, tuple[Unread, ...]],
    ) -> Iterator[tuple[Request, list[Entry]]]:  # fmt: skip
        """Yield some of the requests, each with its events and their rows; see `finished`."""
        import numpy as np

        if not len(which):
            return
        rows = self.requests.cells(self.places[which])
        spans = [(int(self.first[one]), int(self.first[one + 1])) for one in which.tolist()]
        places = np.concatenate([self.line.places[begin:end] for begin, end in spans])
        below = iter(zip(self.events.columns.numbers[places].tolist(), self.events.cells(places), strict=True))
        numbers = self.requests.columns.numbers[self.places[which]].tolist()
        for number, cells, (begin, end) in zip(numbers, rows, spans, strict=True):
            draft = Draft((self.requests.file, number), None, cells, self.requests.plan.read(cells), [])
            for _ in range(begin, end):
                row, said = next(below)
                read = self.events.plan.read(said)
                assert read is not None  # noqa: S101 - such a row is not plain
                draft.entries.append(Entry(read[1], (self.events.file, row)))
            yield finished(draft, recorded, untold, unread.get(draft.values["id"], ()))


def _own_rows(above: RequestColumns) -> Marks:
    """Return the rows that are certain and whose id no other of them has."""
    import numpy as np

    sure = np.flatnonzero(above.sure)
    found = above.sure.copy()
    found[sure] = ~above.id[sure].is_duplicated().to_numpy()
    return found


def _line(below: EventColumns, of_event: Ints, plain: Marks) -> Line:
    """Return the events of plain requests, by request."""
    import numpy as np

    places = np.flatnonzero(below.sure & (of_event >= 0))
    places = places[plain[of_event[places]]]
    number = np.cumsum(plain) - 1
    request = number[of_event[places]]
    if bool((request[1:] < request[:-1]).any()):
        order = np.argsort(request, kind="stable")
        places, request = places[order], request[order]
    return Line(below, places, request, int(np.count_nonzero(plain)))


def _join(ids: pl.Series, above: pl.Series, own: Marks) -> Ints:
    """Return for each id the place of the row that has it, -1 if none."""
    import numpy as np
    import polars as pl

    places = np.flatnonzero(own)
    known = pl.DataFrame({"id": above[places], "place": places})
    asked = ids.to_frame("id").with_row_index("row")
    found = asked.join(known, on="id", how="left").sort("row")["place"]
    return found.fill_null(-1).to_numpy().astype(np.int64)


def _others(number: int, places: Places) -> Places:
    import numpy as np

    others = np.ones(number, bool)
    others[places] = False
    return np.flatnonzero(others)
