"""Events: exact instants, checked fields, and corrections that keep what was there before."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pendulum
import pytest

from windowservice.domain.requests.event import Event
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.errors import InvalidTime, InvalidValue, NaiveTime, TimeOutOfRange
from windowservice.instants import to_us

MORNING = "2018-05-03T09:40+08:00"


def test_iso_text_and_aware_datetimes_are_the_same_instant():
    """Text, a datetime of another zone and a pendulum value give equal events with equal hashes."""
    events = {
        Event(MORNING, "submitted"),
        Event(datetime(2018, 5, 3, 1, 40, tzinfo=UTC), "submitted"),
        Event(datetime(2018, 5, 3, 9, 40, tzinfo=ZoneInfo("Asia/Shanghai")), "submitted"),
        Event(pendulum.datetime(2018, 5, 3, 9, 40, tz="Asia/Shanghai"), "submitted"),
    }
    assert len(events) == 1
    assert events.pop().us == to_us(MORNING)


def test_at_is_an_aware_datetime_in_the_offset_it_was_given():
    """The instant is handed back as it was written."""
    at = Event(MORNING, "submitted").at
    assert at == datetime(2018, 5, 3, 9, 40, tzinfo=timezone(timedelta(hours=8)))
    assert at.utcoffset() == timedelta(hours=8)


def test_a_microsecond_makes_another_event():
    """Instants are exact to the microsecond."""
    assert Event("2018-05-03T09:40:00.000001+08:00", "submitted") != Event(MORNING, "submitted")


def test_both_ends_of_a_slot_are_computed():
    """A slot is a pair of instants, as datetimes and as microseconds."""
    event = Event(MORNING, "booked", slot=("2018-05-04T09:00+08:00", "2018-05-04T09:30+08:00"))
    assert event.slot_end_us - event.slot_begin_us == 30 * 60 * 1_000_000
    assert event.slot[0].hour == 9
    assert Event(MORNING, "booked").slot_begin_us is None


def test_a_slot_that_ends_before_it_begins_is_taken():
    """Contradictory times are a finding about the data, not an error."""
    event = Event(MORNING, "booked", slot=("2018-05-04T09:30+08:00", "2018-05-04T09:00+08:00"))
    assert event.slot_end_us < event.slot_begin_us


def test_items_become_a_set_and_none_stays_not_stated():
    """No items stated is not the same as no items."""
    assert Event(MORNING, "notified", items=["b", "a", "b"]).items == frozenset({"a", "b"})
    assert Event(MORNING, "notified").items is None
    assert Event(MORNING, "notified", items=()).items == frozenset()


def test_ids_are_held_as_they_are_compared_and_remarks_as_they_are():
    """What nobody sees makes no two clerks of one, whoever made the event; a ledger and frames read them the same."""
    event = Event(MORNING, "accepted", slip="１２３", by="li\u200b", items=("Ｍ1", "M1\ufeff"), note="１\u200b")
    assert (event.slip, event.by, event.items, event.note) == ("123", "li", frozenset({"M1"}), "１\u200b")


@pytest.mark.parametrize(
    ("fields", "error", "said"),
    [
        ({"at": "2018-05-03T09:40"}, NaiveTime, "no zone"),
        ({"at": datetime(2018, 5, 3, 9, 40)}, NaiveTime, "no zone"),  # noqa: DTZ001
        ({"at": "2018-05-03"}, InvalidTime, "date_only=True"),
        ({"at": "3 May"}, InvalidTime, "3 May"),
        ({"at": 1525311600}, InvalidTime, "int"),
        ({"at": "1899-12-31T12:00Z"}, TimeOutOfRange, "1900"),
        ({"at": "2200-01-01T00:00Z"}, TimeOutOfRange, "2199"),
        ({"kind": ""}, InvalidValue, "kind"),
        ({"kind": "Not A Word"}, InvalidValue, "lower-case"),
        ({"kind": None}, InvalidValue, "kind"),
        ({"by": 7}, InvalidValue, "by must be a text"),
        ({"note": b"x"}, InvalidValue, "note must be a text"),
        ({"items": "S10-M2"}, InvalidValue, "set of item ids"),
        ({"items": 5}, InvalidValue, "set of item ids"),
        ({"items": [""]}, InvalidValue, "non-empty"),
        ({"items": [["a"]]}, InvalidValue, "non-empty"),
        ({"written": 1}, InvalidValue, "written must be True, False or None"),
        ({"seq": True}, InvalidValue, "seq must be an int"),
        ({"seq": 1.0}, InvalidValue, "seq must be an int"),
        ({"score": 4.5}, InvalidValue, "Decimal('4.5')"),
        ({"score": True}, InvalidValue, "score must be"),
        ({"slot": (MORNING,)}, InvalidValue, "pair of instants"),
        ({"slot": MORNING}, InvalidValue, "pair of instants"),
        ({"slot": ("2018-05-03T09:40", MORNING)}, NaiveTime, "no zone"),
        ({"extra": {"": 1}}, InvalidValue, "name of an extra field"),
        ({"extra": "x"}, InvalidValue, "mapping"),
        ({"amends": "it"}, InvalidValue, "the Event that was corrected"),
        ({"amended_by": "li"}, InvalidValue, "amends"),
    ],
)
def test_wrong_fields_are_refused_with_what_was_wanted(fields, error, said):
    """Each field refuses what it is not, and says what it should be."""
    with pytest.raises(error, match=said.replace("(", r"\(").replace(")", r"\)")):
        Event(**{"at": MORNING, "kind": "noted"} | fields)


def test_an_amendment_needs_who_and_when():
    """A correction without its author or its instant is no evidence."""
    old = Event(MORNING, "submitted")
    with pytest.raises(InvalidValue, match="amended_by"):
        Event(MORNING, "submitted", amends=old, amended_at=MORNING)
    with pytest.raises(InvalidValue, match="amended_at"):
        Event(MORNING, "submitted", amends=old, amended_by="li")


def test_plugins_may_use_kinds_of_their_own():
    """A direct construction checks the form of the word only."""
    assert Event(MORNING, "vault_opened").kind == "vault_opened"
    assert "vault_opened" not in EVENT_KINDS


def test_an_amended_event_keeps_all_its_versions():
    """The old event stays visible with who corrected it and when."""
    first = Event(MORNING, "submitted", by="wang")
    second = first.amended("2018-05-04T10:00+08:00", "li", at="2018-05-03T08:40+08:00")
    third = second.amended("2018-05-05T10:00+08:00", "zhao", by="sun")
    assert third.history == (first, second, third)
    assert (third.amended_by, third.by, third.us) == ("zhao", "sun", to_us("2018-05-03T08:40+08:00"))
    assert third.amends.amends.by == "wang"


def test_a_correction_is_unknown_until_it_was_made():
    """Before the instant of the correction the old version holds; from that instant on the new one."""
    first = Event(MORNING, "submitted", by="wang")
    second = first.amended("2018-05-04T10:00+08:00", "li", by="sun")
    third = second.amended("2018-05-05T10:00+08:00", "li", by="qian")
    when = to_us("2018-05-04T10:00+08:00")
    assert third.known_at(when - 1) is first
    assert third.known_at(when) is second
    assert third.known_at(to_us("2018-05-05T10:00+08:00")) is third


def test_events_do_not_change_and_can_be_pickled():
    """An event is a value: frozen, hashable, equal after a round trip."""
    event = Event(
        MORNING,
        "rated",
        by="wang",
        score=Decimal("4.5"),
        slot=(MORNING, MORNING),
        extra={"queue": ["A", 7], "ok": True},
    ).amended("2018-05-04T10:00+08:00", "li", note="typed wrongly")
    again = pickle.loads(pickle.dumps(event))
    assert again == event
    assert hash(again) == hash(event)
    assert again.amended_us == event.amended_us
    with pytest.raises(AttributeError):
        event.by = "li"


def test_repr_shows_only_what_was_given():
    """A reader of a traceback sees the fields that say something."""
    assert repr(Event(MORNING, "accepted", by="wang", written=False)) == (
        "Event('2018-05-03T09:40:00+08:00', 'accepted', by='wang', written=False)"
    )
