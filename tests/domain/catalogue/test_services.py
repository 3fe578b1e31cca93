"""Services: limits in force on a day, papers posted on a day, and what stops their clock."""

from __future__ import annotations

from datetime import date

import pytest

from windowservice.domain.basis import Basis
from windowservice.domain.catalogue.service import Appointment, DatedLimit, Material, Service, limit_in_force
from windowservice.errors import InvalidLimit, InvalidTime, InvalidValue
from windowservice.worktime.limits.limit import Limit

PROMISE = Basis("promise", mark="assumption")


def service(**fields):
    """Return a service with the fields."""
    return Service(**{"id": "S1", "zh": "甲", "en": "one", "service_class": "commitment", "basis": PROMISE} | fields)


def dated(since, limit):
    """Return a dated limit."""
    return DatedLimit(since, limit, PROMISE)


def test_the_limit_in_force_is_the_latest_that_has_begun():
    """A limit holds from its own day on, until the next begins; before the first there is none."""
    made = service(commitment=(dated("2019-01-01", "3 working days"), dated("2018-01-01", "5 working days")))
    assert made.commitment_on(date(2017, 12, 31)) is None
    assert made.commitment_on(date(2018, 1, 1)).limit == Limit.parse("5 working days")
    assert made.commitment_on(date(2018, 12, 31)).limit == Limit.parse("5 working days")
    assert made.commitment_on(date(2019, 1, 1)).limit == Limit.parse("3 working days")
    assert made.statute_on(date(2019, 1, 1)) is None
    assert limit_in_force((), date(2019, 1, 1)) is None


def test_two_limits_of_one_day_are_refused():
    """Which of them holds could only be guessed."""
    with pytest.raises(InvalidValue, match="two limits begin on it"):
        service(statute=(dated("2018-01-01", "3 working days"), dated("2018-01-01", "5 working days")))


def test_limits_are_read_from_text_and_dates_checked():
    """A wrong limit or date is refused where it stands."""
    assert dated("2018-01-01", Limit.parse("72 hours")).limit == Limit.parse("72 hours")
    with pytest.raises(InvalidLimit):
        dated("2018-01-01", "soon")
    with pytest.raises(InvalidTime):
        dated("2018-13-01", "3 working days")
    assert Appointment(PROMISE, book_until="1 working day at 15:00 before").book_until.before


def test_papers_are_posted_within_their_days():
    """A paper may be asked for on the days on which it is on the list, both ends included."""
    made = service(
        materials=(
            Material("M1", "书", "paper"),
            Material("M2", "书", "paper", since="2018-06-01"),
            Material("M3", "书", "paper", until="2018-06-01"),
        )
    )
    assert made.posted_materials(date(2018, 5, 31)) == {"M1", "M3"}
    assert made.posted_materials(date(2018, 6, 1)) == {"M1", "M2", "M3"}
    assert made.posted_materials(date(2018, 6, 2)) == {"M1", "M2"}


def test_a_paper_listed_twice_is_refused():
    """Two papers of one id could not be told apart in a notice."""
    with pytest.raises(InvalidValue, match="listed once each"):
        service(materials=(Material("M1", "书", "paper"), Material("M1", "书", "paper")))


def test_a_service_is_offered_within_its_days():
    """Demand outside these days is demand that no kind serves."""
    made = service(offered_from="2018-01-01", offered_until="2018-12-31")
    days = [date(2017, 12, 31), date(2018, 1, 1), date(2018, 12, 31), date(2019, 1, 1)]
    assert [made.is_offered(day) for day in days] == [False, True, True, False]
    assert service().is_offered(date(1990, 1, 1))


def test_stops_are_the_statutory_eight_and_the_local_ones():
    """An on-site check is in neither list: the clock runs."""
    made = service(local_stops=frozenset({"upper_level_reply"}))
    assert made.is_stop("hearing")
    assert made.is_stop("upper_level_reply")
    assert not made.is_stop("onsite_check")
    assert not service().is_stop("upper_level_reply")
