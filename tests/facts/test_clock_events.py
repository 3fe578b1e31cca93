"""The events that move clocks, folded in columns, are those folded one request at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from windowservice.facts.requests.clock_events import moves_of

from windowservice.language.polars.gather import Rows
from windowservice.worktime.clock.of_events import fold_clock_events

KINDS = ("suspended", "resumed", "notified", "supplemented", "extension_requested", "extended")
TYPES = (pl.Int64, pl.String, pl.String, pl.Boolean, pl.String)

events = st.tuples(
    st.integers(0, 6),
    st.sampled_from(KINDS),
    st.sampled_from([None, "hearing", "whim"]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "2 working days", "soon"]),
)
requests = st.lists(st.lists(events, max_size=8).map(lambda found: sorted(found, key=lambda e: e[0])), max_size=4)


def _rows(found: list[list[tuple[Any, ...]]]) -> Rows:
    flat = [event for events in found for event in events]
    owner = np.array([number for number, events in enumerate(found) for _ in events], np.int64)
    columns = zip(*flat, strict=True) if flat else [[]] * len(TYPES)
    return Rows(owner, tuple(pl.Series(values, dtype=kind) for values, kind in zip(columns, TYPES, strict=True)), None)


@given(requests, st.integers(0, 6))
def test_moves_in_columns_are_those_of_each_request(found: list[list[tuple[Any, ...]]], start: int) -> None:
    """Stops with their ends, notices with their completion, and extensions with what was asked, for every request."""
    moves = moves_of(_rows(found), np.full(len(found), start))
    for number, events in enumerate(found):
        stops, notices, extensions = fold_clock_events(tuple(events))
        kept = [notice for notice in notices if notice.completed is None or notice.completed > start]
        in_order = sorted(stops, key=lambda stop: (stop.begin, stop.reason))  # ties go to the first by name
        assert sorted(moves.stops.to_rows(number), key=lambda stop: (stop.begin, stop.reason)) == in_order
        assert moves.notices.to_rows(number) == kept
        assert moves.extensions.to_rows(number) == extensions


def test_requests_that_something_may_move_are_told() -> None:
    """Papers complete by the start of the clock move nothing; a stop and an open notice do."""
    done = [(1, "notified", None, None, None), (2, "supplemented", None, None, None)]
    stop, notice = [(1, "suspended", "whim", True, None)], [(1, "notified", None, None, None)]
    assert moves_of(_rows([done, stop, [], notice]), np.full(4, 2)).requests().tolist() == [1, 3]
