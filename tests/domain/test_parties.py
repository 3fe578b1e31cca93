"""Banks, whose identity is dated, and clerks, who are on the roster or not."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from windowservice.domain.parties import Bank, Banks, Clerk, FormerId, Period, Roster
from windowservice.errors import InvalidTime, InvalidValue, UnknownName

DAY = date(2018, 5, 3)


def test_both_ends_of_a_period_belong_to_it():
    """An end that is not stated is open."""
    period = Period("2018-05-01", "2018-05-03")
    assert [date(2018, 4, 30) in period, date(2018, 5, 1) in period, DAY in period, date(2018, 5, 4) in period] == [
        False,
        True,
        True,
        False,
    ]
    assert DAY in Period()
    assert DAY not in Period(since="2018-05-04")
    with pytest.raises(InvalidValue, match="not before since"):
        Period("2018-05-03", "2018-05-02")
    with pytest.raises(InvalidTime):
        Period("3 May")


@pytest.mark.parametrize(
    ("id_", "is_code"),
    [("105221000018", True), ("10522100001", False), ("1052210000180", False), ("１０５２２１０００１８", False)],
)
def test_a_participant_code_has_twelve_digits(id_, is_code):
    """Other ids are taken too, as they are written."""
    assert Bank(id=id_).has_participant_code is is_code


def test_participation_is_one_of_three():
    """A word that does not exist is refused with those that do."""
    assert Bank(id="a", participation="direct").participation == "direct"
    with pytest.raises(InvalidValue, match="direct, indirect, special"):
        Bank(id="a", participation="sometimes")


@pytest.mark.parametrize(
    ("joined", "day", "new"),
    [
        ("2018-01-15", date(2018, 1, 14), False),
        ("2018-01-15", date(2018, 1, 15), True),
        ("2018-01-15", date(2018, 7, 14), True),
        ("2018-01-15", date(2018, 7, 15), False),
        ("2017-08-31", date(2018, 2, 27), True),
        ("2017-08-31", date(2018, 2, 28), False),
        ("2018-07-01", date(2018, 12, 31), True),
        ("2018-07-01", date(2019, 1, 1), False),
        (None, DAY, False),
    ],
)
def test_a_bank_is_new_in_its_first_six_months(joined, day, new):
    """Six months end on the same day of the month, or on the last of a shorter one."""
    assert Bank(id="a", joined=joined).is_new(day) is new


def test_a_new_bank_is_not_key():
    """Key periods are dated, and do not count while the bank is new."""
    period = (Period("2018-01-01", "2018-12-31"),)
    assert Bank(id="a", key_periods=period).is_key(DAY)
    assert not Bank(id="a", key_periods=period).is_key(date(2019, 1, 1))
    assert not Bank(id="a", key_periods=period, joined="2018-03-01").is_key(DAY)
    assert Bank(id="a", key_periods=period, joined="2018-03-01").is_key(date(2018, 9, 1))


def test_a_new_code_is_not_a_new_bank():
    """A bank is found by the id that it had, and the id of a day is known."""
    bank = Bank(id="new", former_ids=(FormerId("old", "2018-06-30"), FormerId("oldest", "2016-12-31")))
    banks = Banks([bank])
    assert banks.find("old") is banks.find("oldest") is banks.find("new") is bank
    assert [bank.id_on(day) for day in (date(2016, 12, 31), date(2018, 6, 30), date(2018, 7, 1))] == [
        "oldest",
        "old",
        "new",
    ]
    assert (len(banks), list(banks)) == (1, [bank])


def test_a_code_that_passed_to_another_bank_goes_by_the_day():
    """Until the day it was given up it means the bank that had it; without a day, the one that has it."""
    first = Bank(id="b", former_ids=(FormerId("a", "2018-06-30"),))
    second = Bank(id="a")
    banks = Banks([first, second])
    assert banks.find("a", date(2018, 6, 30)) is first
    assert banks.find("a", date(2018, 7, 1)) is second
    assert banks.find("a") is second


def test_unknown_and_doubled_ids_are_refused():
    """The nearest known id is offered."""
    with pytest.raises(UnknownName, match="did you mean '105221000018'"):
        Banks([Bank(id="105221000018")]).find("105221000081")
    with pytest.raises(InvalidValue, match="one bank only"):
        Banks([Bank(id="a"), Bank(id="a")])
    with pytest.raises(InvalidValue, match="former id"):
        Banks(Bank(id=id_, former_ids=(FormerId("x", DAY),)) for id_ in "ab")
    with pytest.raises(InvalidValue, match="one clerk only"):
        Roster([Clerk(id="wang"), Clerk(id="wang")])
    with pytest.raises(UnknownName, match="did you mean 'wang'"):
        Roster([Clerk(id="wang")])["wangg"]


def test_the_roster_says_who_is_on():
    """On, off, or not known: an absent clerk is not a clerk who left."""
    roster = Roster(
        [
            Clerk(
                id="wang",
                roles=frozenset({"teller_cash"}),
                on_roster=(Period(until="2018-05-03"), Period("2018-06-01")),
            ),
            Clerk(id="li"),
        ]
    )
    assert [roster.is_on("wang", day) for day in (DAY, date(2018, 5, 4), date(2018, 6, 1))] == [True, False, True]
    assert roster.is_on("li", DAY) is True
    assert roster.is_on("zhao", DAY) is None
    assert ("li" in roster, "zhao" in roster, len(roster)) == (True, False, 2)
    assert [clerk.id for clerk in roster] == ["wang", "li"]
    assert roster["wang"].roles == {"teller_cash"}


def test_banks_and_roster_pickle():
    """They travel with the engine."""
    banks = pickle.loads(pickle.dumps(Banks([Bank(id="new", former_ids=(FormerId("old", DAY),))])))
    assert banks.find("old").id == "new"
    assert pickle.loads(pickle.dumps(Roster([Clerk(id="li")])))["li"].id == "li"
