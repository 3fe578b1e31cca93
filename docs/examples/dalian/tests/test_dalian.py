"""What the pack promises, at its edges: the figure itself, midnight, and what is not stated."""

import dalian
import pytest

import windowservice as ws

ENGINE = ws.Engine.load(plugins=[dalian], installed=False)


def verdict(booked: str, amount: int | None, submitted: str = "2018-07-10T09:00+08:00") -> str:
    """Return what the rule says of a withdrawal accepted on 10 July 2018 at 9:05."""
    request = ws.Request(
        id="R-1",
        bank="105221000018",
        service="S08",
        amount=amount,
        events=[
            ws.Event(booked, "booked"),
            ws.Event(submitted, "submitted"),
            ws.Event("2018-07-10T09:05+08:00", "accepted"),
        ],
    )
    return ENGINE.check(request, as_of="2018-07-11").verdicts["dalian/large_cash_booked"]


@pytest.mark.parametrize(
    ("booked", "amount", "expected"),
    [
        ("2018-07-09T23:59:59+08:00", 500_000, "pass"),
        ("2018-07-10T00:00+08:00", 500_000, "fail"),
        ("2018-07-10T00:00+08:00", 499_999, "not_applicable"),
        ("2018-07-10T00:00+08:00", None, "unknown"),
    ],
)
def test_large_cash_is_booked_the_day_before(booked: str, amount: int | None, expected: str) -> None:
    """A withdrawal of half a million is booked by the evening before; the amount decides whether the rule applies."""
    assert verdict(booked, amount) == expected


def test_figure_holds_from_its_date() -> None:
    """A withdrawal submitted in June cannot be judged by a figure of July."""
    assert verdict("2018-06-10T10:00+08:00", 900_000, submitted="2018-06-10T09:00+08:00") == "unknown"
