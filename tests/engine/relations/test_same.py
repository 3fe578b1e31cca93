"""Rows that are one happening: the order in which they are given does not matter, what is not known accuses nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.errors import InvalidRule

DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
AS_OF = datetime(2026, 2, 1, tzinfo=UTC)


class letter(ws.Facts, rows=ws.Given("letters"), happens="at"):
    """A letter."""

    id = ws.key("Number")
    at = ws.fact(datetime, "When", required=True)
    first = ws.fact(bool, "Of the first group")
    urgent = ws.fact(bool, "Urgent")
    spam = ws.fact(bool, "Spam")


class phoned(ws.Facts, rows=ws.Given("phoneds"), happens="at"):
    """A call."""

    id = ws.key("Number")
    at = ws.fact(datetime, "When", required=True)
    first = ws.fact(bool, "Of the first group")
    urgent = ws.fact(bool, "Urgent")


LETTERS = ws.choose(letter.first, 1, 2)
PHONED = ws.choose(phoned.first, 1, 2)


class contact_made(
    ws.Facts,
    rows=ws.United(
        ws.Part(
            letter,
            {"at": letter.at, "group": LETTERS, "urgent": letter.urgent},
            where=~letter.spam,
        ),
        ws.Part(phoned, {"at": phoned.at, "group": PHONED, "urgent": phoned.urgent}),
        same=("at", "group"),
    ),
    happens="at",
):
    """Somebody turned to the desk."""

    at = ws.fact(datetime, "When", required=True)
    group = ws.fact(int, "Group")
    urgent = ws.fact(bool, "Urgent")


class day_of_turns(ws.Facts, rows=ws.Grouped(contact_made, by={"day": ws.period(contact_made.at, "day")})):
    """A day."""

    day = ws.fact(date, "Day", required=True)
    turns = ws.fact(contact_made.at.count(), "Turns")
    urgent = ws.fact(contact_made.at.count(where=contact_made.urgent), "Urgent ones")


class Desk:
    """The plugin of the desk."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [letter, phoned, contact_made, day_of_turns]


RULES = (
    ws.Rule("one", title="One turn", require=day_of_turns.turns <= 1),
    ws.Rule("no_urgent", title="None urgent", require=day_of_turns.urgent == 0),
)
ENGINE = ws.Engine.load(packs=[ws.Pack("desk", version="1", rules=RULES)], plugins=[Desk()], installed=False)
SCHEMAS: Any = {
    "letters": {"id": pl.String, "at": pl.Datetime("us", "UTC"), "first": pl.Boolean, "urgent": pl.Boolean,
                "spam": pl.Boolean},
    "phoneds": {"id": pl.String, "at": pl.Datetime("us", "UTC"), "first": pl.Boolean, "urgent": pl.Boolean},
}  # fmt: skip
Row = tuple[str, int, bool | None, bool | None, bool | None]
rows = st.lists(
    st.tuples(
        st.sampled_from(["letters", "phoneds"]), st.integers(0, 1), st.sampled_from([None, True, False]),
        st.sampled_from([None, True, False]), st.sampled_from([None, False, False, True]),
    ),
    max_size=5,
)  # fmt: skip


def said(report: ws.Report) -> dict[tuple[str, str], str]:
    return {(finding.key, finding.rule): str(finding.verdict) for finding in report.findings}


def ways(given: dict[str, list[dict[str, Any]]]) -> list[dict[tuple[str, str], str]]:
    frames = {table: pl.DataFrame(some, schema=SCHEMAS[table]) for table, some in given.items()}
    ledger = ENGINE.read(frames)
    return [
        said(ENGINE.audit(ledger, as_of=AS_OF, columns=False)),
        said(ENGINE.audit(ledger, as_of=AS_OF, columns=True)),
        said(ENGINE.audit(frames, as_of=AS_OF)),
    ]


def tables(some: list[Row]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {"letters": [], "phoneds": []}
    for number, (table, hour, first, urgent, spam) in enumerate(some):
        row = {"id": str(number), "at": DAY.replace(hour=9 + hour), "first": first, "urgent": urgent, "spam": spam}
        found[table].append({name: value for name, value in row.items() if name in SCHEMAS[table]})
    return found


def worlds(given: dict[str, list[dict[str, Any]]]) -> list[tuple[int, int]]:
    """How many turns there are, and urgent ones, in each world that what is not known may turn out to be."""
    every = [
        [{**row, "first": one, "urgent": urgent, "spam": spam}
         for one in ((True, False) if row["first"] is None else (row["first"],))
         for urgent in ((True, False) if row["urgent"] is None else (row["urgent"],))
         for spam in ((True, False) if row.get("spam", False) is None else (row.get("spam", False),))]
        for table in ("letters", "phoneds") for row in given[table]
    ]  # fmt: skip
    found = set()
    for world in product(*every):
        first: dict[Any, bool] = {}
        for row in world:
            if not row["spam"]:
                first.setdefault((row["at"], row["first"]), row["urgent"])
        found.add((len(first), sum(first.values())))
    return sorted(found)


@given(rows)
def test_a_verdict_holds_in_every_world_that_there_may_be(some: list[Row]) -> None:
    """Whatever is not known turns out to be, a day that passes passes, and one that fails fails."""
    given = tables(some)
    found = ways(given)
    assert found[0] == found[1] == found[2]
    for (_, rule), verdict in found[0].items():
        holds = {turns <= 1 if rule.endswith("/one") else urgent == 0 for turns, urgent in worlds(given)}
        assert verdict == "unknown" or holds == {verdict == "pass"}, (rule, verdict, worlds(given))


@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(some: list[Row], chance: Any) -> None:
    given = tables(some)
    turned = {table: chance.sample(mine, len(mine)) for table, mine in given.items()}
    assert ways(turned) == ways(given)


def test_a_part_that_does_not_say_by_what_rows_are_the_same_is_refused() -> None:
    with pytest.raises(InvalidRule, match="names 'group' in same=, which rows of phoned do not say"):

        class _half(
            ws.Facts,
            rows=ws.United(
                ws.Part(letter, {"group": LETTERS}),
                ws.Part(phoned, {"at": phoned.at}),
                same=("group",),
            ),
        ):
            """What is half told."""

            at = ws.fact(datetime, "When")
            group = ws.fact(int, "Group")
