"""What a group says that is itself in doubt is no key, no place in time and no condition that others may count upon."""

from __future__ import annotations

from itertools import product
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws


class parcel(ws.Facts, rows=ws.Given("parcels")):
    """A parcel."""

    id = ws.key("Number")
    crew = ws.fact(int, "Crew", required=True)
    lost = ws.fact(bool, "Lost")


class crew_load(
    ws.Facts, rows=ws.Grouped(parcel, by={"crew": parcel.crew}, where=~parcel.lost, every={"crew": [1, 2]})
):
    """What a crew carried."""

    crew = ws.fact(int, "Crew", required=True)
    parcels = ws.fact(parcel.id.count(), "Parcels")


class load_told(ws.Facts, rows=ws.United(ws.Part(crew_load, {"crew": crew_load.crew, "parcels": crew_load.parcels}))):
    """The same as a row."""

    crew = ws.fact(int, "Crew", required=True)
    parcels = ws.fact(int, "Parcels")


class alike(ws.Facts, rows=ws.Grouped(load_told, by={"parcels": load_told.parcels}, every={"parcels": [0, 1, 2]})):
    """Crews that carried as many."""

    parcels = ws.fact(int, "Parcels")
    crews = ws.fact(load_told.crew.count(), "Crews")


class row_of(ws.Facts, of=load_told):
    """A crew among the others."""

    more = ws.fact(ws.Counted(load_told.crew, above=load_told.parcels, at=load_told.parcels), "How many carried more")
    equal = ws.fact(ws.Counted(load_told.crew, on={"parcels": load_told.parcels}), "How many carried as many")
    full = ws.fact(
        ws.Counted(load_told.crew, above=load_told.crew, at=load_told.crew, where=load_told.parcels > 1),
        "Of those after it, how many carried more than one",
    )


class Depot:
    """The plugin of the depot."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [parcel, crew_load, load_told, alike]


RULES = (
    ws.Rule("alone", title="No two alike", require=alike.crews <= 1),
    ws.Rule("first", title="None carried more", require=row_of.more == 0),
    ws.Rule("single", title="None carried as many", require=row_of.equal == 0),
    ws.Rule("full", title="None after it is full", require=row_of.full == 0),
)
ENGINE = ws.Engine.load(packs=[ws.Pack("depot", version="1", rules=RULES)], plugins=[Depot()], installed=False)
SCHEMA = {"id": pl.String, "crew": pl.Int64, "lost": pl.Boolean}
rows = st.lists(st.tuples(st.sampled_from([1, 2]), st.sampled_from([None, False, False, True])), max_size=4)


def right(some: list[tuple[int, bool | None]]) -> dict[tuple[str, str], set[bool]]:
    """What holds of each record in each world that what is not known may turn out to be."""
    found: dict[tuple[str, str], set[bool]] = {}
    for lost in product(*([one] if one is not None else [True, False] for _, one in some)):
        load = {
            crew: sum(who == crew and not gone for (who, _), gone in zip(some, lost, strict=True)) for crew in (1, 2)
        }
        for crew, mine in load.items():
            other = load[3 - crew]
            found.setdefault((f"crew_loads {crew}", "first"), set()).add(other <= mine)
            found.setdefault((f"crew_loads {crew}", "single"), set()).add(other != mine)
            found.setdefault((f"crew_loads {crew}", "full"), set()).add(crew == 2 or other <= 1)
        for number in range(5):
            found.setdefault((str(number), "alone"), set()).add(list(load.values()).count(number) <= 1)
    return found


@given(rows)
def test_a_verdict_on_what_rests_on_groups_in_doubt_holds_whatever_they_turn_out_to_be(
    some: list[tuple[int, bool | None]],
) -> None:
    given = [{"id": str(number), "crew": crew, "lost": lost} for number, (crew, lost) in enumerate(some)]
    frames: Any = {"parcels": pl.DataFrame(given, schema=SCHEMA)}
    ledger, holds = ENGINE.read(frames), right(some)
    ways = [ENGINE.audit(ledger, as_of="2026-01-01", columns=columns) for columns in (False, True)]
    for report in (*ways, ENGINE.audit(frames, as_of="2026-01-01")):
        for finding in report.findings:
            worlds = holds.get((finding.key, finding.rule.split("/")[1]), {True, False})
            assert finding.verdict == "unknown" or worlds == {finding.verdict == "pass"}, (finding, worlds)
            assert finding.verdict != "unknown" or None in [lost for _, lost in some]
