"""Figures that findings cite, of frames as of records."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

import windowservice as ws

SERVICES = [f"S{number}" for number in range(300)]
NOW = datetime(2018, 6, 1, tzinfo=UTC)


class parcel(ws.Facts, happens="came", dated_by="came"):
    """A parcel."""

    came = ws.fact(datetime, "When it came", required=True)
    kind = ws.fact(str, "Its kind")
    size = ws.fact(int, "Its size", required=True)


def _figure(number: int) -> ws.Expr[int]:
    since = [f"2018-0{1 + number % 3}-01", "2018-05-01"]
    table = {kind: {since[0]: number + place, since[1]: 2 * number} for place, kind in enumerate(SERVICES)}
    return ws.Figure(f"f{number}", int, table, basis=ws.Basis("assumed"))[parcel.kind]


def test_many_figures_of_many_keys_are_cited_as_by_each_record() -> None:
    """Ten figures of three hundred keys have more cases than 64 bits tell apart; few of them occur."""
    sum_of_all = sum((_figure(number) for number in range(1, 10)), _figure(0))
    pack = ws.Pack("p", version="1", rules=[ws.Rule("r", title="Larger than all", require=parcel.size > sum_of_all)])
    engine = ws.Engine.load(installed=False, packs=[pack])
    kinds = [*SERVICES, None, "elsewhere"]
    at = [datetime(2018, 1 + place % 5, 2, tzinfo=UTC) for place in range(len(kinds))]
    rows = {"id": [str(place) for place in range(len(kinds))], "came": at, "kind": kinds, "size": [0] * len(kinds)}
    frame = pl.DataFrame(rows)
    columns = engine.audit(frame, as_of=NOW, of=parcel).to_frame()
    records = engine.audit(frame.to_dicts(), as_of=NOW, of=parcel).to_frame()
    assert columns["figures"].to_list() == records["figures"].to_list()
    assert columns["figures"].n_unique() > len(SERVICES)
