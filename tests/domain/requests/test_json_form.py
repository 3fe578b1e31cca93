"""Requests as documents: written without loss, read strictly, and a JSON Schema that agrees with the reader."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.domain.codes import plain_code
from windowservice.domain.requests import json_form
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.json_form import request_to_dict
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.domain.requests.request import Request
from windowservice.domain.requests.strict_form import request_converter
from windowservice.errors import InvalidDocument

AT = "2018-05-03T09:40+08:00"
EVENT = {"at": AT, "kind": "submitted"}
REQUEST = {"id": "R-1", "bank": "105221000018", "service": "S10"}


# --- round trip -------------------------------------------------------------------------------------------------------

texts = st.text(min_size=1, max_size=6).filter(plain_code)  # of what nobody sees there is no id
offsets = st.integers(-86_399, 86_399).map(lambda seconds: timezone(timedelta(seconds=seconds)))
instants = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=offsets)  # noqa: DTZ001
numbers = st.integers(-(10**18) + 1, 10**18 - 1) | st.decimals(-(10**9), 10**9, allow_nan=False, places=4)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.dates()
    | instants
)
extras = st.dictionaries(texts, scalars | st.lists(scalars, max_size=3), max_size=3)
first_events = st.builds(
    Event,
    instants,
    st.sampled_from(sorted(EVENT_KINDS)),
    by=st.none() | texts,
    post=st.none() | texts,
    to=st.none() | texts,
    items=st.none() | st.frozensets(texts, max_size=3),
    reason=st.none() | texts,
    written=st.none() | st.booleans(),
    slip=st.none() | texts,
    amount=st.none() | st.just("5 working days"),
    slot=st.none() | st.tuples(instants, instants),
    score=st.none() | numbers,
    note=st.none() | st.text(max_size=4),
    seq=st.none() | st.integers(-(10**18) + 1, 10**18 - 1),
    extra=extras,
)
events = first_events | st.builds(
    lambda old, when, who: old.amended(when, who, note="amended"), first_events, instants, texts
)
requests = st.builds(
    Request,
    id=texts,
    bank=texts,
    service=texts,
    amount=st.none() | numbers,
    channel=st.none() | texts,
    events=st.lists(events, max_size=3),
    extra=extras,
    recorded=st.none() | st.frozensets(st.sampled_from(sorted(EVENT_KINDS)), max_size=3),
    previous=st.none() | texts,
)
SCHEMA = jsonschema.Draft202012Validator(Request.schema())


def typed(extra):
    """Return the types of the values, since True == 1 and 1.0 == 1."""
    return {name: tuple(map(type, value)) if isinstance(value, tuple) else type(value) for name, value in extra.items()}


@given(requests)
def test_nothing_is_lost_by_writing_and_reading(request_):
    """Written as a dict or as JSON and read again it is the same request, types included, and fits the schema."""
    written = request_.to_dict()
    for again in (Request.from_dict(written), Request.from_json(request_.to_json())):
        assert again == request_
        assert type(again.amount) is type(request_.amount)
        assert typed(again.extra) == typed(request_.extra)
        assert [found.at.utcoffset() for found in again.events] == [found.at.utcoffset() for found in request_.events]
    assert SCHEMA.is_valid(json.loads(request_.to_json()))


def test_what_says_nothing_is_left_out():
    """A written request holds only what was given."""
    assert request_to_dict(Request(**REQUEST, events=[Event(AT, "submitted", items=())])) == {
        **REQUEST,
        "events": [{"at": "2018-05-03T09:40:00+08:00", "kind": "submitted", "items": []}],
    }


def test_json_keeps_chinese_readable():
    """Chinese text is written as itself, in bytes or text it is read again."""
    text = Request(**REQUEST, channel="柜台").to_json(indent=1)
    assert "柜台" in text
    assert Request.from_json(text.encode()).channel == "柜台"


def test_decimals_dates_and_instants_of_extra_fields_keep_their_type():
    """The three types that JSON lacks are written as a table of one key."""
    extra = {"a": Decimal("1.50"), "b": date(2018, 5, 3), "c": [datetime(2018, 5, 3, tzinfo=UTC)]}
    written = Request(**REQUEST, extra=extra).to_dict()["extra"]
    assert written == {
        "a": {"decimal": "1.50"},
        "b": {"date": "2018-05-03"},
        "c": [{"instant": "2018-05-03T00:00:00+00:00"}],
    }


# --- reading ----------------------------------------------------------------------------------------------------------


def test_every_problem_is_listed_at_once_with_its_path():
    """A reader mends a document in one go."""
    with pytest.raises(InvalidDocument) as caught:
        Request.from_dict(
            {
                "id": 5,
                "bnk": "105221000018",
                "service": "S10",
                "events": [{"at": "2018-05-03", "kind": "submited"}, 7, {**EVENT, "items": [4], "itmes": []}],
                "extra": {"a": {"b": 1}},
                "recorded": ["decide"],
            },
            where="r.json",
        )
    problems = dict(caught.value.problems)
    assert set(problems) == {
        "",
        "bank",
        "events[0].at",
        "events[0].kind",
        "events[1]",
        "events[2]",
        "events[2].items[0]",
        "extra['a']",
        "id",
        "recorded",
    }
    assert problems["id"] == "must be a text, got 5 (int)"
    assert problems["bank"] == "is missing"
    assert problems[""] == "unknown key 'bnk' (did you mean 'bank'?)"
    assert problems["events[0].kind"].endswith("(did you mean 'submitted'?)")
    assert problems["events[2]"] == "unknown key 'itmes' (did you mean 'items'?)"
    assert "bare date" in problems["events[0].at"]
    assert str(caught.value).startswith("r.json: this is not a request:\n  - ")


def test_one_problem_makes_one_line():
    """A single problem needs no list."""
    with pytest.raises(InvalidDocument, match=r"^this is not a request: bank: is missing$"):
        Request.from_dict({"id": "a", "service": "b"})


def test_kinds_of_plugins_are_taken_when_named():
    """A kind that a plugin adds is read if the caller says so, and refused with the nearest known name if not."""
    document = {**REQUEST, "events": [{"at": AT, "kind": "vault_opened"}], "recorded": ["vault_opened"]}
    assert Request.from_dict(document, kinds=["vault_opened"]).events[0].kind == "vault_opened"
    jsonschema.validate(document, Request.schema(["vault_opened"]), jsonschema.Draft202012Validator)
    with pytest.raises(InvalidDocument, match="vault_open'"):
        Request.from_dict({**document, "events": [{"at": AT, "kind": "vault_open"}]}, kinds=["vault_opened"])
    assert not SCHEMA.is_valid(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("", "cannot be read as JSON"),
        ('{"id": "a", "id": "b"}', "'id' stands twice"),
        ('{"amount": NaN}', "NaN is no number"),
        ("[]", "must be a table with the fields of Request"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\xfa", "cannot be read as JSON"),
    ],
)
def test_what_is_no_json_is_refused(text, said):
    """A document that is cut off, names a key twice or holds no number where one stands is refused."""
    with pytest.raises(InvalidDocument, match=said):
        Request.from_json(text)


def test_a_document_nested_without_end_is_refused():
    """A chain of amendments too deep to follow is an error of the document, not of the program."""
    document = dict(EVENT)
    for _ in range(100_000):
        document = {**EVENT, "amends": document, "amended_by": "li", "amended_at": AT}
    with pytest.raises(InvalidDocument, match="nested too deeply"):
        Request.from_dict({**REQUEST, "events": [document]})


# --- the schema agrees with the reader --------------------------------------------------------------------------------


def with_event(**fields):
    """Return a document with one event that has the fields."""
    return {**REQUEST, "events": [EVENT | fields]}


GOOD = [
    REQUEST,
    {**REQUEST, "amount": 5, "channel": None, "previous": None, "recorded": None, "events": [], "extra": {}},
    {**REQUEST, "amount": 5.0},
    {**REQUEST, "amount": "-12.50"},
    {**REQUEST, "amount": 999_999_999_999_999_999},
    {**REQUEST, "recorded": []},
    {**REQUEST, "recorded": ["submitted", "submitted"]},
    {**REQUEST, "id": "Ｒ－１"},
    {**REQUEST, "extra": {"a": [1, 2.5, "x", None, True], "b": {"decimal": "1E+3"}, "c": {"date": "2018-02-28"}}},
    {**REQUEST, "extra": {"a": {"instant": "2018-05-03T09:40:00.5Z"}}},
    with_event(),
    with_event(at="1899-12-31T23:59:59-08:00"),
    with_event(at="2200-01-01T00:00+08:00"),
    with_event(at="2018-05-03T09:40:00.123456+08:05:43"),
    with_event(by="", items=None, written=None, slot=None, score=None, seq=None, note=None),
    with_event(items=["a", "a"], written=False, slot=[AT, AT], score="4.5", seq=-3, extra={"q": 1}),
    with_event(seq=2.0, score=3.0),
    with_event(amends=EVENT, amended_by="li", amended_at=AT),
    with_event(amends=None, amended_by=None, amended_at=None),
]
BAD = [
    [],
    "R-1",
    None,
    {},
    {**REQUEST, "id": ""},
    {**REQUEST, "id": None},
    {**REQUEST, "id": 5},
    {**REQUEST, "bank": True},
    {**REQUEST, "colour": "red"},
    {**REQUEST, "amount": 12.5},
    {**REQUEST, "amount": True},
    {**REQUEST, "amount": 10**18},
    {**REQUEST, "amount": "１２"},
    {**REQUEST, "amount": "1e3"},
    {**REQUEST, "amount": "1.0000000000000000001"},
    {**REQUEST, "amount": ""},
    {**REQUEST, "channel": ""},
    {**REQUEST, "previous": ""},
    {**REQUEST, "events": None},
    {**REQUEST, "events": {}},
    {**REQUEST, "events": "submitted"},
    {**REQUEST, "events": [None]},
    {**REQUEST, "events": [{}]},
    {**REQUEST, "recorded": ["decide"]},
    {**REQUEST, "recorded": "submitted"},
    {**REQUEST, "recorded": [1]},
    {**REQUEST, "extra": None},
    {**REQUEST, "extra": []},
    {**REQUEST, "extra": {"": 1}},
    {**REQUEST, "extra": {"a": {}}},
    {**REQUEST, "extra": {"a": [[]]}},
    {**REQUEST, "extra": {"a": {"decimal": 1}}},
    {**REQUEST, "extra": {"a": {"decimal": "x"}}},
    {**REQUEST, "extra": {"a": {"date": "2018-5-3"}}},
    {**REQUEST, "extra": {"a": {"date": "2018-05-03", "decimal": "1"}}},
    {**REQUEST, "extra": {"a": {"instant": "2018-05-03T09:40"}}},
    with_event(at="2018-05-03T09:40"),
    with_event(at="2018-05-03"),
    with_event(at="2018-05-03 09:40+08:00"),
    with_event(at="20180503T0940+0800"),
    with_event(at="2018-05-03T24:00+08:00"),
    with_event(at="2018-13-03T09:40+08:00"),
    with_event(at="1899-05-03T09:40+08:00"),
    with_event(at="2200-05-03T09:40+08:00"),
    with_event(at=1525311600),
    with_event(at=None),
    with_event(kind="submited"),
    with_event(kind=None),
    with_event(kind=["submitted"]),
    with_event(by=5),
    with_event(items="S10-M2"),
    with_event(items=[""]),
    with_event(items=[5]),
    with_event(written=1),
    with_event(written="yes"),
    with_event(slot=[AT]),
    with_event(slot=[AT, AT, AT]),
    with_event(slot=AT),
    with_event(slot=[AT, None]),
    with_event(score=4.5),
    with_event(score="good"),
    with_event(seq=1.5),
    with_event(seq="1"),
    with_event(seq=True),
    with_event(amount=5),
    with_event(us=5),
    with_event(amends=EVENT),
    with_event(amends=EVENT, amended_by="li"),
    with_event(amends=EVENT, amended_by=None, amended_at=AT),
    with_event(amends="it", amended_by="li", amended_at=AT),
    with_event(amended_by="li"),
    with_event(amended_at=AT),
    with_event(amends={**EVENT, "kind": "submited"}, amended_by="li", amended_at=AT),
]


@pytest.mark.parametrize("document", GOOD)
def test_good_documents_are_taken_by_reader_and_schema(document):
    """What the schema allows, the reader takes; an id is held as it is compared, full-width letters made plain."""
    SCHEMA.validate(document)
    assert Request.from_dict(document).to_dict()["id"] == unicodedata.normalize("NFKC", document["id"])


@pytest.mark.parametrize("document", BAD)
def test_bad_documents_are_refused_by_reader_and_schema(document):
    """What the schema refuses, the reader refuses, with an error of ours."""
    assert not SCHEMA.is_valid(document)
    with pytest.raises(InvalidDocument):
        Request.from_dict(document)


def test_a_day_that_does_not_exist_is_refused_by_the_reader():
    """A pattern cannot count the days of a month; the schema says so in words, the reader counts."""
    with pytest.raises(InvalidDocument, match=r"events\[0\]\.at"):
        Request.from_dict(with_event(at="2018-02-30T09:40+08:00"))


def test_the_schema_is_a_schema_and_knows_every_kind():
    """The published file is valid draft 2020-12 and lists the kinds of the library."""
    schema = Request.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["$defs"]["kind"]["enum"]) == EVENT_KINDS


def test_the_published_file_is_the_schema():
    """The file that others may copy says the same as the function."""
    from importlib import resources

    text = resources.files("windowservice.domain.requests").joinpath("request.schema.json").read_text("utf-8")
    assert json.loads(text) == Request.schema()


# --- what is plain ----------------------------------------------------------------------------------------------------

plain_events = st.fixed_dictionaries(
    {
        "at": st.sampled_from(
            [AT, "2018-05-03T09:40:59Z", "2018-02-30T09:40+08:00", "2018-05-03T24:00+08:00", "soon", 5]
        ),
        "kind": st.sampled_from(["submitted", "decided", "sent", "Submitted", ""]),
    },
    optional={
        "by": st.sampled_from(["wang", "\uff57ang", "", 7]),
        "written": st.sampled_from([True, "yes"]),
        "items": st.sampled_from([["S10-M2"], [], [""], "S10-M2"]),
        "seq": st.just(3),
        "note": st.just("x"),
    },
)


@given(
    st.fixed_dictionaries(
        {"id": st.sampled_from(["R-1", ""]), "bank": st.just("B"), "service": st.sampled_from(["S10", None])},
        optional={
            "channel": st.sampled_from(["counter", None]),
            "events": st.lists(plain_events, max_size=3),
            "amount": st.just(5),
        },
    )
)
def test_what_is_read_without_the_strict_reader_is_read_as_by_it(document: dict[str, object]) -> None:
    """The quick way for plain documents gives the same requests."""
    plain = json_form._plain_request(Request, document)
    if plain is not None:
        strict = request_converter(Request, ()).structure(document, Request)
        assert plain == strict
        assert [event.at for event in plain.events] == [event.at for event in strict.events]


def test_a_usual_document_needs_no_strict_reader() -> None:
    """Ids, kinds and instants as most write them."""
    assert json_form._plain_request(Request, {**REQUEST, "events": [EVENT]}) is not None
