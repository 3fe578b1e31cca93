"""At least n: what is known of children may be enough, and what is not known never counts against it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in

from windowservice.domain.records import Record
from windowservice.escalation.rows import engine_binding
from windowservice.facts.escalation.bank_period import bank_period, occurrence
from windowservice.language.analysis.at_least import at_least
from windowservice.language.python.compile import compile_values
from windowservice.language.tree.expressions import Expr
from windowservice.rules.escalation.ladder import Ladder

AT = datetime(2018, 6, 29, 8, 0, tzinfo=UTC)
UNKNOWN = {
    "seconds": (0, 60, 7_201, 50_000), "affects_others": (True, False), "major_damage": (True, False),
    "system": ("HVPS", "BEPS"), "in_a_row": (1, 2, 3), "about": ("interview", "onsite_check"),
}  # fmt: skip
"""Columns that may be empty, and what may have stood there."""
KINDS = ("outage", "rule_breach", "urge_missed", "bad_grade", "queued_at_close", "action_overdue", "own_failure")


@cache
def rows() -> tuple[tuple[str, Any, Any], ...]:
    """Return the rows of the ladder on banks: each with its condition, and with that by what is known."""
    engine = built_in()
    binding = engine_binding(engine)
    ladder = Ladder.default().rows_on(bank_period)
    own = compile_values([row.when for row in ladder], bank_period, binding, style="mapping")
    known = compile_values([at_least(row.when) for row in ladder], bank_period, binding, style="mapping")
    return tuple(row.id for row in ladder), own, known  # type: ignore[return-value]


@st.composite
def banks(draw: st.DrawFn) -> tuple[Record, Record]:
    """A bank of which not all is known, and one as it may have been."""
    known: list[dict[str, Any]] = []
    true: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(KINDS))
        full = {"id": f"O{number}", "bank": "B1", "kind": kind, "happened_at": AT}
        full["days_after_circular"] = draw(st.sampled_from([None, 1, 200]))  # none: there was no circular
        full |= {column: draw(st.sampled_from(values)) for column, values in UNKNOWN.items()}
        empty = draw(st.sets(st.sampled_from(sorted(UNKNOWN)), max_size=2))
        in_doubt = draw(st.sampled_from([None, None, "happened", "did not"]))
        known.append({**full, **dict.fromkeys(empty), "doubtful": True if in_doubt else None})
        if in_doubt != "did not":
            true.append(full)
    key = draw(st.booleans())
    bank = {"id": "B1 2018", "bank": "B1", "until": AT, "new_bank": False, "admission_pending": False}
    return (
        Record("bank_periods", {**bank, "key": draw(st.sampled_from([key, None])), "occurrences": tuple(known)}),
        Record("bank_periods", {**bank, "key": key, "occurrences": tuple(true)}),
    )


@given(drawn=banks())
def test_what_is_known_is_enough_only_if_nothing_else_could_undo_it(drawn: tuple[Record, Record]) -> None:
    """Whatever the empty cells were: a row that holds by what is known holds; and one that is told is told the same."""
    bank, as_it_was = drawn
    names, own, known = rows()
    for name, told, enough, true in zip(names, own(bank, AT), known(bank, AT), own(as_it_was, AT), strict=True):  # type: ignore[operator]
        if enough is not None:
            assert enough == true, name
        if told is not None:
            assert enough == told, name


COUNT = occurrence.id.count(where=occurrence.affects_others)


@pytest.mark.parametrize(
    ("condition", "widened"),
    [
        (COUNT >= 2, True),
        (COUNT > 2, True),
        ((COUNT >= 2) & bank_period.key, True),
        (COUNT + 1 >= 2, True),
        (COUNT <= 2, False),  # one more would undo it
        (COUNT == 2, False),
        (~(COUNT >= 2), False),
        (bank_period.rule_breaches <= COUNT, False),  # both may grow
        (occurrence.seconds.min() >= 2, False),
        (bank_period.key, False),
    ],
)
def test_only_what_more_children_cannot_undo_is_widened(condition: Expr[bool], *, widened: bool) -> None:
    """A threshold from below, under and and or; every other condition stays the very same."""
    assert (at_least(condition) is not condition) == widened
