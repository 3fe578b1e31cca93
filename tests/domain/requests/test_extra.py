"""Extra fields: a mapping that does not change, of scalars and lists of scalars."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from windowservice.domain.requests.extra import NO_EXTRA, Extra, to_extra
from windowservice.errors import InvalidValue, NaiveTime, TimeOutOfRange


def test_extra_is_a_mapping_that_hashes_and_pickles():
    """Equal content is equal, whatever the order; lists become tuples."""
    one = Extra({"a": 1, "b": ["x", None]})
    two = Extra({"b": ("x", None), "a": 1})
    assert one == two == {"a": 1, "b": ("x", None)}
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert (len(one), list(one), one["a"], one.get("c"), one.get("c", 5)) == (2, ["a", "b"], 1, None, 5)
    assert repr(one) == "{'a': 1, 'b': ('x', None)}"


def test_extra_keeps_a_copy():
    """Changing the dict that was given changes nothing."""
    given = {"a": 1}
    extra = Extra(given)
    given["a"] = 2
    assert extra["a"] == 1
    with pytest.raises(TypeError):
        extra["a"] = 2


def test_nan_is_missing():
    """A number that is none becomes None, as a float or as a Decimal."""
    assert Extra({"a": float("nan"), "b": Decimal("NaN")}) == {"a": None, "b": None}


def test_dates_and_aware_datetimes_are_scalars():
    """Given deadlines of other people's logs are kept as instants."""
    due = datetime(2018, 5, 3, tzinfo=UTC)
    assert Extra({"due": due, "day": date(2018, 5, 3)})["due"] is due


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"a": {}}, InvalidValue),
        ({"a": [[1]]}, InvalidValue),
        ({"a": float("inf")}, InvalidValue),
        ({"a": Decimal("-Infinity")}, InvalidValue),
        ({"a": datetime(2018, 5, 3)}, NaiveTime),  # noqa: DTZ001
        ({"a": datetime(1800, 5, 3, tzinfo=UTC)}, TimeOutOfRange),
        ({1: "a"}, InvalidValue),
    ],
)
def test_other_values_are_refused_with_the_name_of_the_field(values, error):
    """What could not be written as JSON and read back is refused at once."""
    with pytest.raises(error, match=r"extra"):
        Extra(values)


def test_nothing_extra_is_one_shared_value():
    """An empty mapping costs nothing; an Extra is not copied."""
    assert to_extra({}) is NO_EXTRA
    assert to_extra(NO_EXTRA) is NO_EXTRA
