"""How many other records there are, beside what a plain loop finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.errors import InvalidRule, TypeMismatch

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 3, 10, tzinfo=UTC)
DAYS = timedelta(days=10)


class call(ws.Facts, rows=ws.Given("calls"), happens="at"):
    """A call of a customer."""

    id = ws.key("Number")
    customer = ws.code("Customer", required=True)
    at = ws.fact(datetime, "When", required=True)
    spam = ws.fact(bool, "Whether it was spam")
    points = ws.fact(int, "How bad it was", required=True)
    before = ws.fact(
        ws.Counted(id, on={"customer": customer}, above=at - DAYS, below=at, where=~spam),  # noqa: A003
        "How often the customer called in the ten days before",
    )
    worse = ws.fact(ws.Counted(id, on={"customer": customer}, above=points, at=points), "How many calls were worse")  # noqa: A003
    others = ws.fact(ws.Counted(id, on={"customer": customer}), "How many other calls there are")  # noqa: A003


def rule(name: str, require: Any) -> ws.Rule:
    return ws.Rule(name, title=f"A rule made up for a test: {name}", of=call, require=require)


class Calls:
    """The plugin of those who keep calls."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [call]


NAMES = ("before", "worse", "others")
RULES = [rule(f"{name}_{n}", getattr(call, name) == n) for name in NAMES for n in range(7)]
ENGINE = ws.Engine.load(
    packs=[ws.Pack("p", version="1", rules=RULES)], plugins=[Calls()], installed=False,
    calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00"),
)  # fmt: skip
HEAD = "id,customer,at,spam,points\n"


def counted(folder: Path, rows: str, *, columns: bool) -> dict[tuple[str, str], int | None]:
    """Return what is counted of each call; None where nobody knows."""
    (folder / "calls.csv").write_text(HEAD + rows, encoding="utf-8")
    report = ENGINE.audit(ENGINE.read(folder), as_of=AS_OF, columns=columns)
    found: dict[tuple[str, str], int | None] = {}
    for one in report.findings:
        name, _, number = one.rule.partition("/")[2].partition("_")
        if one.verdict == "pass":
            found[one.key, name] = int(number)
        elif one.verdict == "unknown":
            found[one.key, name] = None
    return found


rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.integers(0, 12), st.sampled_from(["yes", "no", "no", ""]), st.integers(1, 3),
        st.sampled_from([False] * 9 + [True]),
    ),
    max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("columns", [False, True])
@given(drawn=rows)
def test_others_are_counted_as_a_plain_loop_does(
    tmp_path_factory: pytest.TempPathFactory, columns: bool, drawn: list[tuple[str, int, str, int, bool]]
) -> None:
    """By customer, between two instants, or by a number; unknown where one that cannot be told may count."""
    told = [(who, BEGIN + timedelta(days=3 * after), spam, points, lost) for who, after, spam, points, lost in drawn]
    lines = "".join(
        f"{n},{who},{'soon' if lost else at.isoformat()},{spam},{points}\n"
        for n, (who, at, spam, points, lost) in enumerate(told)
    )
    found = counted(tmp_path_factory.mktemp("desk"), lines, columns=columns)
    for number, (who, at, _, points, lost) in enumerate(told):
        if lost:
            continue
        others = [one for n, one in enumerate(told) if n != number and one[0] == who]
        unread = any(one[4] for one in others)
        near = [one for one in others if not one[4] and at - DAYS < one[1] < at and one[2] != "yes"]
        before = None if unread or any(one[2] == "" for one in near) else len(near)
        worse = [one for one in others if one[3] > points]
        assert found[str(number), "before"] == before
        assert found[str(number), "worse"] == (None if any(one[4] for one in worse) else len(worse))
        assert found[str(number), "others"] == (None if unread else len(others))


def test_a_table_that_the_ledger_lacks_counts_nothing_out() -> None:
    """And a record in hand has none beside it."""
    one = {"id": "1", "customer": "a", "at": BEGIN, "spam": False, "points": 1}
    assert str(ENGINE.only("others_0").check(one, as_of=AS_OF, of=call).findings[0].verdict) == "unknown"


def _wrong(make: Callable[[Any, Any, Any], ws.Counted[Any]]) -> None:
    class wrong(ws.Facts, rows=ws.Given("wrongs"), happens="at"):
        """A record that counts what it cannot."""

        number = ws.key("Number")
        at = ws.fact(datetime, "When", required=True)
        points = ws.fact(int, "How bad it was")
        found = ws.fact(make(number, at, points), "How many")


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda number, at, points: ws.Counted(number), InvalidRule, "which records it counts"),
        (lambda number, at, points: ws.Counted(number, last_before=at), InvalidRule, "write below= or above="),
        (lambda number, at, points: ws.Counted(number, above=points), InvalidRule, "write at="),
        (lambda number, at, points: ws.Counted(number, above=points, at=at), TypeMismatch, "a whole number"),
        (lambda number, at, points: ws.Counted(number, above=number), TypeMismatch, "a number"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    make: Callable[[Any, Any, Any], ws.Counted[Any]], error: type[Exception], said: str
) -> None:
    """When the class is declared, with what to write."""
    with pytest.raises(error, match=said):
        _wrong(make)
