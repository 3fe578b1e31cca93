"""Children of a frame find their record however they stand, and equal rows are found however they stand."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from windowservice.engine.frames.keys import placed, repeated_rows

NAMES = st.lists(st.sampled_from(["a", "b", "c", "x", None]), max_size=12)


@given(NAMES | NAMES.map(lambda names: sorted(names, key=str)))
def test_children_find_their_record(names: Sequence[str | None]) -> None:
    """Those of one record together or apart, some of no record, some that name none."""
    records = pl.DataFrame({"id": ["a", "b", "c"]})
    found = placed(records, pl.DataFrame({"of": pl.Series(names, dtype=pl.String)}), "of")
    assert found.rows() == [(name, {"a": 0, "b": 1, "c": 2}.get(name or "")) for name in names]


@given(st.lists(st.tuples(*[st.integers(0, 2) | st.none()] * 2, st.sampled_from("pq")), max_size=12), st.booleans())
def test_equal_rows_are_found(rows: list[tuple[int | None, int | None, str]], ordered: bool) -> None:
    """In order by the columns that are compared first or not, with gaps in these."""
    if ordered:
        rows = sorted((row for row in rows if None not in row[:2]), key=lambda row: row[:2])  # type: ignore[return-value]
    frame = pl.DataFrame(rows, schema={"row": pl.Int64, "at": pl.Int64, "kind": pl.String}, orient="row")
    wanted = [row in rows[:place] for place, row in enumerate(rows)]
    for told in ([frame["row"], frame["at"]], []):
        found = repeated_rows(frame, told)
        assert (found.to_list() if found is not None else [False] * len(rows)) == wanted
