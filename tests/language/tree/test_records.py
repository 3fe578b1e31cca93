"""What comes from outside is checked before it is judged: a record, its children, and the values of plugins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from windowservice.errors import InvalidTime, InvalidValue, NaiveTime, UnknownName
from windowservice.language.python.facts import added_reader, fit_record
from windowservice.language.tree.fact import fact
from windowservice.language.tree.facts import Facts
from windowservice.worktime.spans import WorkSpan

NOON = datetime(2018, 5, 3, 12, tzinfo=UTC)


class leg(Facts):
    """A part of a delivery."""

    left = fact(datetime, "When it left", required=True)


class delivery(Facts, children=leg, under="legs"):
    """A delivery of an app."""

    sent = fact(datetime, "When it was sent", required=True)
    parcels = fact(int, "How many parcels")
    urgent = fact(bool, "Whether it is urgent")
    day = fact(date, "The day promised")
    share = fact(float, "A share")


class stored(Facts, stored="microseconds"):
    """A record that holds its instants as whole numbers."""

    sent = fact(datetime, "When it was sent", required=True)
    day = fact(date, "The day promised")


GOOD: dict[str, Any] = {
    "sent": NOON, "parcels": 2, "urgent": False, "day": NOON.date(), "share": 0.5, "legs": [{"left": NOON}],
}  # fmt: skip
REFUSED: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "a text for a number": ({"parcels": "2"}, InvalidValue, r"delivery\.parcels must be a whole number, got '2'"),
    "a truth for a number": ({"parcels": True}, InvalidValue, r"delivery\.parcels must be a whole number, got True"),
    "a number for a truth": ({"urgent": 1}, InvalidValue, r"delivery\.urgent must be a truth value, got 1"),
    "an instant for a date": ({"day": NOON}, InvalidValue, r"delivery\.day must be a date, got"),
    "a naive instant": ({"sent": NOON.replace(tzinfo=None)}, NaiveTime, r"delivery\.sent"),
    "a required fact left empty": ({"sent": None}, InvalidValue, r"delivery\.sent must be an instant: it is required"),
    "a child without its fact": ({"legs": [{"left": None}]}, InvalidValue, r"leg\.left must be an instant: it is"),
    "a wrong child": ({"legs": [{"left": "noon"}]}, InvalidTime, r"leg\.left: 'noon' is not an ISO time"),
    "no children": ({"legs": None}, InvalidValue, r"delivery\.legs must be the list of its children, empty"),
    "a text for children": ({"legs": "ab"}, InvalidValue, r"delivery\.legs must be the list of its children"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_record_of_wrong_values_is_refused(name: str) -> None:
    """The error names the fact, what was wanted and what came; so for mappings as for objects."""
    wrong, error, message = REFUSED[name]
    with pytest.raises(error, match=message):
        fit_record(delivery, GOOD | wrong)
    found = GOOD | wrong
    if isinstance(found["legs"], list):
        found["legs"] = [SimpleNamespace(**item) for item in found["legs"]]
    with pytest.raises(error, match=message):
        fit_record(delivery, SimpleNamespace(**found))


def test_children_under_another_name_are_not_overlooked() -> None:
    """The key that is there and looks like the wanted one is named."""
    with pytest.raises(InvalidValue, match=r"empty if there are none \(it has 'leg'\?\)"):
        fit_record(delivery, {"sent": NOON, "leg": []})


def test_a_right_record_is_taken() -> None:
    """What is missing may be None, NaN or, in a mapping, no key at all; keys of the app's own do not disturb."""
    fit_record(delivery, GOOD | {"parcels": None, "share": float("nan"), "reference": "x"})
    fit_record(delivery, {"sent": NOON, "legs": []})
    fit_record(delivery, GOOD | {"parcels": Decimal(2)})
    fit_record(stored, {"sent": 1_525_348_800_000_000, "day": 736_817})


def test_a_misspelt_name_is_met_with_the_nearest() -> None:
    """A key that looks like a fact's name, or an attribute that is not there, names what was probably meant."""
    misspelt = {key: value for key, value in GOOD.items() if key != "parcels"} | {"parcel": 2}
    with pytest.raises(UnknownName, match=r"key of a delivery 'parcel'.*did you mean 'parcels'"):
        fit_record(delivery, misspelt)
    there = SimpleNamespace(**{key: value for key, value in GOOD.items() if key != "parcels"}, parcel=2)
    with pytest.raises(UnknownName, match=r"attribute of the delivery record SimpleNamespace 'parcels'.*'parcel'"):
        fit_record(delivery, there)


ADDED: list[tuple[str, type, Any, Any]] = [
    ("datetime", datetime, "2018-05-03T20:00+08:00", NOON),
    ("microseconds", datetime, NOON, 1_525_348_800_000_000),
    ("datetime", frozenset, ["a", "b"], frozenset({"a", "b"})),
    ("datetime", date, NOON.date(), NOON.date()),
    ("microseconds", date, NOON.date(), NOON.date().toordinal()),
    ("datetime", timedelta, timedelta(hours=1), timedelta(hours=1)),
    ("microseconds", timedelta, timedelta(hours=1), 3_600_000_000),
    ("datetime", WorkSpan, WorkSpan(7), 7),
    ("datetime", int, 7, 7),
    ("datetime", float, float("nan"), None),
]


@pytest.mark.parametrize(
    ("form", "of", "value", "read"), ADDED, ids=[f"{of.__name__} held as {form}" for form, of, _, _ in ADDED]
)
def test_an_added_value_is_read_in_the_form_of_the_record(form: str, of: type, value: Any, read: Any) -> None:
    """Values of the extra mapping come from JSON or a ledger, and become what the record's own facts are held as."""

    class more(Facts, of=stored):
        own = fact(of, "A value of a plugin")

    assert added_reader(form, more.own)(value) == read


def test_an_added_value_of_another_type_is_refused() -> None:
    """A text where a number belongs, or a time without a zone, is told with the fact's name."""

    class more(Facts, of=stored):
        number = fact(int, "A number of a plugin")
        when = fact(datetime, "An instant of a plugin")

    with pytest.raises(InvalidValue, match="number must be a whole number, got '7'"):
        added_reader("datetime", more.number)("7")
    with pytest.raises(NaiveTime, match="when"):
        added_reader("datetime", more.when)("2018-05-03T20:00")
