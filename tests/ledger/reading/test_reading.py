"""Bad input: each fault is listed with file, row and column, the rest is read, and nothing disappears."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.errors import InvalidDocument, InvalidValue, MissingColumn, UnknownName, UnknownZone
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import mapping_from_dict, mapping_from_toml
from windowservice.ledger.tables import BUILT_IN

REQUEST = {"id": "R1", "bank": "B1", "service": "S10"}
EVENT = {"request": "R1", "at": "2018-05-03 09:40", "kind": "submitted"}


def read(requests=(REQUEST,), events=(EVENT,), **more):
    said = {
        name: more.pop(name) for name in ("mapping", "zone", "kinds", "services", "as_of", "recorded") if name in more
    }
    said.setdefault("zone", "Asia/Shanghai")
    return Ledger.read({"requests": list(requests), "events": list(events), **more}, **said)


def only_rejection(ledger):
    report = ledger.report
    assert report.read == report.accepted + report.rejected + report.repeated
    assert len(report.rejections) == report.rejected == 1
    return report.rejections[0]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"at": "soon"}, "at", "is not a time; write it like 2018-05-03 09:40"),
        ({"at": "1899-05-03 09:40"}, "at", "out of range"),
        ({"at": "2200-05-03 09:40"}, "at", "out of range"),
        ({"at": "43223.4"}, "at", "excel_serial"),
        ({"at": ""}, "at", "must be stated"),
        ({"at": "null"}, "at", "must be stated"),
        ({"kind": "submited"}, "kind", "did you mean 'submitted'"),
        ({"kind": None}, "kind", "must be stated"),
        ({"request": "R9"}, "request", "no such request"),
        ({"request": ""}, "request", "must be stated"),
        ({"written": "perhaps"}, "written", "one of yes"),
        ({"seq": "1.5"}, "seq", "whole"),
        ({"amount": "1 day"}, "amount", "1 day"),
        ({"slot_begin": "2018-05-03 09:00"}, "", "both its begin and its end"),
        ({"slot_begin": "2018-05-03 09:00", "slot_end": "2018-05-03 08:00"}, "slot_end", "at or before its begin"),
        ({"score": "good"}, "score", "a number"),
        ({"by": 1e18}, "by", "more than 15 digits"),
    ],
)
def test_a_faulty_event_is_rejected_with_its_row_and_column(change, column, reason):
    """The other events of the request are read."""
    ledger = read(events=[EVENT, {**EVENT, **change}])
    rejection = only_rejection(ledger)
    assert (rejection.file, rejection.row) == ("events", 2)
    assert rejection.column == column or rejection.column.startswith("slot")
    assert reason in rejection.reason
    assert str(rejection).startswith("events row 2")
    assert len(ledger.requests[0].events) == 1


@pytest.mark.parametrize("column", ["id", "bank", "service"])
def test_a_request_must_state_what_is_required(column):
    """Without id, bank or service it is rejected."""
    rejection = only_rejection(read(requests=[REQUEST, {**REQUEST, "id": "R2", column: " "}]))
    assert (rejection.file, rejection.row, rejection.column) == ("requests", 2, column)


def test_events_of_a_rejected_request_say_why_they_have_none():
    """They are rejected too, and point to the row of their request."""
    ledger = read(
        requests=[REQUEST, {**REQUEST, "id": "R2", "amount": "much"}], events=[EVENT, {**EVENT, "request": "R2"}]
    )
    assert [rejection.reason for rejection in ledger.report.rejections][
        1
    ] == "its request was rejected (requests row 2)"
    assert ledger.report.read == ledger.report.accepted + ledger.report.rejected == 4


def test_a_naive_time_without_a_zone_is_rejected():
    """With an offset it needs none."""
    ledger = read(events=[EVENT, {**EVENT, "at": "2018-05-03T09:40+08:00"}], zone=None)
    assert "has no zone" in only_rejection(ledger).reason
    assert ledger.report.zone == ""


def test_an_unknown_zone_is_an_error():
    """It concerns the whole ledger, so nothing is read; the nearest name is offered."""
    with pytest.raises(UnknownZone, match="did you mean 'Asia/Shanghai'"):
        read(zone="Asia/Shangai")


def test_a_second_row_of_one_request_is_rejected_and_listed():
    """The first stands, its events stay with it."""
    ledger = read(requests=[REQUEST, {**REQUEST, "bank": "B2"}])
    assert "stands already in requests row 1" in only_rejection(ledger).reason
    assert ledger.requests[0].bank == "B1"
    assert len(ledger.requests[0].events) == 1
    assert str(ledger.report.duplicates[0]) == "requests row 2 repeats request 'R1' of requests row 1 (rejected)"


def test_a_second_row_of_one_event_is_listed_and_kept():
    """Whether it happened twice is not for the reader to say; another place in the record makes no other event."""
    ledger = read(events=[{**EVENT, "seq": 1}, {**EVENT, "seq": 2}, {**EVENT, "seq": 3, "by": "li"}])
    assert len(ledger.requests[0].events) == 3
    assert [str(found) for found in ledger.report.duplicates] == [
        "events row 2 repeats submitted of request 'R1' of events row 1 (kept)"
    ]
    assert (ledger.report.tied_events, ledger.report.tied_requests) == (3, 1)


def test_an_unknown_service_is_rejected_where_services_are_known():
    """The nearest is offered, and the words are counted; without a list every service is taken."""
    rows = [REQUEST, {**REQUEST, "id": "R2", "service": "S100"}]
    ledger = read(requests=rows, services=["S10", "S08"])
    assert "did you mean 'S10'" in only_rejection(ledger).reason
    word = ledger.report.unknown_words[0]
    assert (word.column, word.word, word.count, word.nearest, word.kept) == ("service", "S100", 1, "S10", False)
    assert read(requests=rows).report.rejected == 0


def test_services_of_the_ledger_are_known_too():
    """A kind that only the services table has is taken."""
    rows = [{**REQUEST, "service": "X1"}]
    frames = {"requests": rows, "services": [{"id": "X1", "commitment": "3 working days"}]}
    assert Ledger.read(frames, services=["S10"]).report.rejected == 0
    assert Ledger.read({"requests": rows}, services=["S10"]).report.rejected == 1


def test_an_unknown_bank_is_listed_and_kept():
    """A bank that the banks table forgot is still served; a former id is known."""
    banks = [{"id": "B1", "former_id": "B0", "former_until": "2017-12-31"}]
    rows = [REQUEST, {**REQUEST, "id": "R2", "bank": "B0"}, {**REQUEST, "id": "R3", "bank": "B9"}]
    report = read(requests=rows, banks=banks).report
    assert report.rejected == 0
    assert [(word.word, word.kept) for word in report.unknown_words] == [("B9", True)]


def test_a_kind_of_a_plugin_is_known_if_it_is_named():
    """Without it the row is rejected."""
    events = [{**EVENT, "kind": "blessed"}]
    assert read(events=events, kinds=["blessed"]).requests[0].events[0].kind == "blessed"
    assert read(events=events).report.unknown_words[0].word == "blessed"


def test_an_unknown_column_is_an_error_with_the_nearest():
    """A misspelt column would lose its data in silence; a further field is called extra.<name>."""
    with pytest.raises(UnknownName, match=r"events.*'writen' \(did you mean 'written'\?\)"):
        read(events=[{**EVENT, "writen": "yes"}])
    with pytest.raises(MissingColumn, match=r"no column 'kind', needed for the table events"):
        read(events=[{"request": "R1", "at": "2018-05-03 09:40"}])
    ledger = read(requests=[{**REQUEST, "extra.region": "north", "extra.weight": 1.5}])
    assert dict(ledger.requests[0].extra) == {"region": "north", "weight": 1.5}


def test_full_width_digits_are_read():
    """In codes, numbers and times."""
    ledger = read(
        requests=[{**REQUEST, "id": "Ｒ１", "bank": "１０５", "amount": "１，２５０．５０"}],
        events=[{**EVENT, "at": "２０１８－０５－０３　０９：４０"}],
    )
    request = ledger.requests[0]
    assert (request.id, request.bank, request.amount) == ("R1", "105", Decimal("1250.50"))
    assert request.events[0].at.astimezone(UTC) == datetime(2018, 5, 3, 1, 40, tzinfo=UTC)


def test_odd_cells_are_counted():
    """Formulas stay text, words for nothing are missing, and the report has both numbers."""
    ledger = read(events=[{**EVENT, "note": "=HYPERLINK('x')", "by": "NaN", "reason": "null"}])
    event = ledger.requests[0].events[0]
    assert (event.note, event.by, event.reason) == ("=HYPERLINK('x')", None, None)
    assert (ledger.report.formula_cells, ledger.report.missing_words) == (1, 2)


def test_contradictory_times_are_a_finding_and_nothing_is_sorted_away():
    """Accepted before submitted: both rows are named, both events are kept."""
    events = [{**EVENT, "at": "2018-05-04 09:40"}, {**EVENT, "kind": "accepted"}]
    ledger = read(events=events)
    assert ledger.report.rejected == 0
    (found,) = ledger.report.contradictions
    assert (found.earlier, found.later, found.places) == ("submitted", "accepted", (("events", 1), ("events", 2)))
    assert [event.kind for event in ledger.requests[0].events] == ["submitted", "accepted"]
    assert [event.kind for event in ledger.requests[0].timeline] == ["accepted", "submitted"]


def test_contradictory_times_of_other_rows_are_listed_too():
    """A message answered before it came in is kept and named with its row; one answered at that instant is not."""
    message = {"bank": "B1", "kind": "inquiry", "received_at": "2018-05-03 15:30"}
    answers = ("2018-05-03 14:00", "2018-05-03 15:30", None)
    rows = [{"id": f"M{n}", **message, "answered_at": at} for n, at in enumerate(answers, 1)]
    posting = {"id": "P1", "kind": "commitment", "since": "2018-05-02", "until": "2018-05-01"}
    ledger = read(messages=rows, postings=[posting])
    assert [str(found) for found in ledger.report.contradictions] == [
        "messages 'M1': answered_at is earlier than received_at (messages row 1)",
        "postings 'P1': until is earlier than since (postings row 1)",
    ]
    assert [row["id"] for row in ledger.records["messages"]] == ["M1", "M2", "M3"]


@pytest.mark.parametrize("table", [table.name for table in BUILT_IN.of_records if table.in_order])
def test_times_that_are_compared_are_columns_of_their_table(table):
    """Of one type, so that one can be earlier than the other."""
    for pair in BUILT_IN.named(table).in_order:
        first, then = (BUILT_IN.named(table).column(name) for name in pair)
        assert first.type == then.type
        assert first.type in ("instant", "date")


def test_what_no_event_of_a_kind_says_is_named():
    """Five handovers to nobody are a ledger without the column; fewer, or some beside a named one, may be breaches."""

    def unsaid(number, *, to=None, recorded=None):
        handed = [
            {**EVENT, "at": f"2018-05-03 1{n}:00", "kind": "handed_over", "to": to if n == 0 else None}
            for n in range(number)
        ]
        report = read(events=[EVENT, *handed], recorded=recorded).report
        return [(found.kind, found.field, found.events) for found in report.unsaid], report

    found, report = unsaid(5)
    assert found == [("handed_over", "to", 5)]
    assert "Never said (1):\n  to of handed_over (5 events)" in report.to_text()
    assert report.to_dict()["unsaid"] == [{"kind": "handed_over", "field": "to", "events": 5}]
    assert unsaid(4)[0] == unsaid(5, to="li")[0] == unsaid(5, recorded=["submitted"])[0] == []


def test_equal_times_contradict_nothing():
    """Accepted at the instant of submission is a tie."""
    assert read(events=[EVENT, {**EVENT, "kind": "accepted"}]).report.contradictions == ()


def test_a_slot_is_two_instants():
    """Begin and end come from two columns."""
    event = {**EVENT, "kind": "booked", "slot_begin": "2018-05-04 09:00", "slot_end": "2018-05-04 10:00"}
    booked = read(events=[event]).requests[0].events[0]
    assert booked.slot_end_us - booked.slot_begin_us == 3_600_000_000


def test_what_the_arguments_say_wins(tmp_path):
    """An argument over the mapping, the mapping over ledger.toml."""
    (tmp_path / "t.csv").write_text("r,at\nR1,2018-05-03 09:40\n")
    (tmp_path / "ledger.toml").write_text('zone = "UTC"\nrecorded = ["submitted"]\nmapping = "m.toml"\n')
    mapping = """
        {zone}
        [[table]]
        request = {{ id = "r", bank = {{ constant = "b" }}, service = {{ constant = "s" }} }}
        event = [{{ at = "at", kind = {{ constant = "submitted" }} }}]
    """
    (tmp_path / "m.toml").write_text(mapping.format(zone=""))
    ledger = Ledger.read(tmp_path)
    assert (ledger.zone, ledger.recorded) == ("UTC", frozenset({"submitted"}))
    assert ledger.requests[0].recorded == frozenset({"submitted"})
    assert ledger.report.files_not_read == ()
    (tmp_path / "m.toml").write_text(mapping.format(zone='zone = "Asia/Tokyo"\nrecorded = ["decided"]'))
    assert (Ledger.read(tmp_path).zone, Ledger.read(tmp_path).recorded) == ("Asia/Tokyo", frozenset({"decided"}))
    said = Ledger.read(tmp_path, zone="Asia/Shanghai", recorded=["closed"])
    assert (said.zone, said.recorded) == ("Asia/Shanghai", frozenset({"closed"}))
    assert said.requests[0].events[0].at.astimezone(UTC) == datetime(2018, 5, 3, 1, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("zoen = 'UTC'", "did you mean 'zone'"),
        ("[calendar]\nchina = '09:00-17:00'\nweekly = 'mon-fri 09:00-17:00'", "exactly one of"),
        ("zone = ", "TOML"),
    ],
)
def test_a_wrong_ledger_toml_is_an_error(tmp_path, text, message):
    """It names the file and what is wrong."""
    (tmp_path / "requests.csv").write_text("id,bank,service\n")
    (tmp_path / "ledger.toml").write_text(text)
    with pytest.raises(InvalidDocument, match=rf"ledger\.toml(.|\n)*{message}"):
        Ledger.read(tmp_path)


# --- mappings -------------------------------------------------------------------------------------------------------

LOG = """
    zone = "UTC"
    [[table]]
    log = true
    where = { step = ["complete", "done"] }
    [table.request]
    id = "case"
    bank = { column = "who", default = "unknown" }
    service = { constant = "s" }
    extra.city = "city"
    [[table.event]]
    at = "opened"
    kind = { constant = "submitted" }
    once = true
    [[table.event]]
    at = "at"
    seq = "n"
    by = "clerk"
    [table.event.kind]
    column = ["what", "step"]
    other = "reject"
    [table.event.kind.words]
    "wait+complete" = { kind = "suspended", reason = "wait", written = true, items = ["M1"], until_next = "resumed" }
    "work+complete" = "noted"
    "end+complete" = "decided"
    "file+complete" = "ignore"
"""


def log_row(number, what, hour, **more):
    row = {
        "case": "C1",
        "who": "B1",
        "city": "x",
        "opened": "2018-05-03 08:00",
        "n": number,
        "what": what,
        "step": "complete",
    }
    return {**row, "at": f"2018-05-03 {hour:02}:00", "clerk": "wang", **more}


def read_log(rows):
    return Ledger.read(list(rows), mapping=mapping_from_toml(LOG))


def test_a_log_gathers_the_rows_of_a_request():
    """Words become kinds with their fields, a wait ends with the next event, rows that are passed over are counted."""
    rows = [
        log_row(0, "work", 9),
        log_row(1, "wait", 10),
        log_row(2, "file", 11),
        log_row(3, "end", 12, clerk="li"),
        log_row(4, "end", 13, step="start"),
    ]
    ledger = read_log(rows)
    (request,) = ledger.requests
    said = [(event.kind, event.at.hour, event.by, event.reason) for event in request.timeline]
    assert said == [
        ("submitted", 8, None, None),
        ("noted", 9, "wang", None),
        ("suspended", 10, "wang", "wait"),
        ("resumed", 12, "li", None),
        ("decided", 12, "li", None),
    ]
    wait = request.timeline[2]
    assert (wait.written, wait.items) == (True, frozenset({"M1"}))
    (count,) = ledger.report.files
    assert (count.read, count.accepted, count.rejected, count.passed_over) == (5, 5, 0, 2)


def test_a_wait_that_nothing_follows_stays_open():
    """No end is made up."""
    assert [event.kind for event in read_log([log_row(0, "wait", 9)]).requests[0].timeline] == [
        "submitted",
        "suspended",
    ]


def test_a_wait_that_ends_at_once_ends_before_what_ends_it():
    """Ties keep the order: suspended, resumed, decided."""
    kinds = [event.kind for event in read_log([log_row(1, "end", 9), log_row(0, "wait", 9)]).requests[0].timeline]
    assert kinds == ["submitted", "suspended", "resumed", "decided"]


def test_a_word_that_the_mapping_does_not_have_is_rejected_and_counted():
    """With the nearest word of the mapping."""
    ledger = read_log([log_row(0, "work", 9), log_row(1, "wirk", 10), log_row(2, "wirk", 11)])
    assert ledger.report.rejected == 2
    (word,) = ledger.report.unknown_words
    assert (word.word, word.count, word.nearest) == ("wirk+complete", 2, "work+complete")


def test_columns_that_vary_within_a_request_are_listed_and_the_first_row_counts():
    """The first by the record's own numbers, not by the order of rows."""
    rows = [log_row(1, "work", 10, city="y"), log_row(0, "work", 9, city="x", who=""), log_row(2, "work", 11, city="z")]
    ledger = read_log(rows)
    assert (ledger.requests[0].bank, ledger.requests[0].extra["city"]) == ("unknown", "x")
    assert [(found.column, found.requests) for found in ledger.report.varying] == [("city", 1), ("who", 1)]


def test_a_row_that_says_nothing_of_a_request_contradicts_nothing():
    """What only the first row states is not said otherwise by others; what only another states is lost, and listed."""
    rows = [log_row(0, "work", 9, city="x", who=""), log_row(1, "end", 10, city="", who="B1")]
    assert [found.column for found in read_log(rows).report.varying] == ["who"]


def test_what_each_row_says_of_its_own_event_does_not_vary():
    """The first row may give the submission as well: that the others have another time and clerk is no oddity."""
    mapping = mapping_from_toml(LOG.replace('at = "opened"', 'at = "at"\nby = "clerk"'))
    ledger = Ledger.read([log_row(0, "work", 9), log_row(1, "end", 10, clerk="li", city="y")], mapping=mapping)
    assert [(event.kind, event.at.hour) for event in ledger.requests[0].timeline][:2] == [
        ("submitted", 9),
        ("noted", 9),
    ]
    assert [found.column for found in ledger.report.varying] == ["city"]


def test_a_rejected_row_of_a_log_leaves_no_trace():
    """A request whose only row is faulty is not made."""
    ledger = read_log([log_row(0, "work", 9, at="soon"), log_row(0, "work", 9, case="C2")])
    assert [request.id for request in ledger] == ["C2"]


def test_a_wide_row_writes_the_events_whose_time_it_has():
    """An empty time is a step that has not happened."""
    said = {
        "zone": "UTC",
        "table": [
            {
                "request": {"id": "id", "bank": {"constant": "b"}, "service": {"constant": "s"}},
                "event": [
                    {"at": {"column": "open", "date": "start"}, "kind": {"constant": "submitted"}},
                    {
                        "at": {"column": "done", "date": "end"},
                        "kind": {"constant": "decided"},
                        "where": {"state": "closed"},
                    },
                ],
            }
        ],
    }
    rows = [
        {"id": "1", "open": "2018-05-03", "done": "2018-05-04", "state": "closed"},
        {"id": "2", "open": "2018-05-03", "done": "", "state": "closed"},
        {"id": "3", "open": "2018-05-03", "done": "2018-05-04", "state": "open"},
        {"id": "1", "open": "2018-05-03", "done": "", "state": "open"},
    ]
    ledger = Ledger.read(rows, mapping=mapping_from_dict(said))
    kinds = [[(event.kind, event.at.day, event.at.hour) for event in request.events] for request in ledger]
    assert kinds == [[("submitted", 3, 0), ("decided", 4, 0)], [("submitted", 3, 0)], [("submitted", 3, 0)]]
    assert "log = true" in only_rejection(ledger).reason


def test_a_mapping_that_does_not_fit_the_table_is_an_error():
    """A column that is not there, an event kind that is none, a constant that its column does not take."""
    request = {"id": "id", "bank": {"constant": "b"}, "service": {"constant": "s"}}

    def mapped(**event):
        said = {"table": [{"request": request, "event": [{"at": "at", "kind": {"constant": "submitted"}, **event}]}]}
        return Ledger.read([{"id": "1", "at": "2018-05-03T09:40Z", "what": "x"}], mapping=mapping_from_dict(said))

    assert len(mapped()) == 1
    with pytest.raises(MissingColumn, match=r"no column 'att', needed for events\.at \(did you mean 'at'\?\)"):
        mapped(at="att")
    with pytest.raises(MissingColumn, match="a condition of the mapping"):
        mapped(where={"state": "x"})
    with pytest.raises(UnknownName, match="did you mean 'submitted'"):
        mapped(kind={"constant": "submited"})
    with pytest.raises(UnknownName, match="did you mean 'submitted'"):
        mapped(kind={"column": "what", "words": {"x": "submited"}})
    with pytest.raises(UnknownName, match="did you mean 'noted'"):
        mapped(kind={"column": "what", "other": "notd"})
    with pytest.raises(InvalidValue, match="names a kind"):
        mapped(kind={"column": "what", "words": {"x": {"reason": "y"}}})
    with pytest.raises(InvalidValue, match=r"events\.written"):
        mapped(written={"constant": "perhaps"})


def test_chinese_headers_and_a_gbk_file(tmp_path):
    """A ledger as a branch keeps it: GBK, a title row, its own words."""
    text = (
        "业务台账,,,\n办件编号,申请机构,业务种类,收件时间\n"
        "1,工行,电票再贴现,2018年5月3日 9:40\n2,农行,其他,2018年5月3日 9:50\n"
    )
    (tmp_path / "台账.csv").write_bytes(text.encode("gbk"))
    mapping = mapping_from_toml(
        """
        zone = "Asia/Shanghai"
        [[table]]
        file = "台账*.csv"
        header = 2
        [table.request]
        id = "办件编号"
        bank = "申请机构"
        service = { column = "业务种类", words = { "电票再贴现" = "S10" }, other = "reject" }
        [[table.event]]
        at = "收件时间"
        kind = { constant = "submitted" }
        """
    )
    ledger = Ledger.read(tmp_path, mapping=mapping)
    assert (ledger.requests[0].bank, ledger.requests[0].service) == ("工行", "S10")
    rejection = only_rejection(ledger)
    assert (rejection.file, rejection.row, rejection.column, rejection.value) == ("台账.csv", 4, "业务种类", "其他")
    assert ledger.report.files[0].encoding == "gb18030 (detected)"


# --- banks, services and staff --------------------------------------------------------------------------------------


def test_banks_and_staff_become_values_of_the_domain():
    """Several rows of one clerk are his periods; a second row of a bank is rejected."""
    ledger = read(
        banks=[
            {"id": "B1", "name": "工行", "participation": "direct", "key_since": "2018-01-01", "joined": "2010-01-01"},
            {"id": "B2", "participation": "indrect"},
            {"id": "B3", "former_id": "B0"},
            {"id": "B1"},
        ],
        staff=[
            {"id": "wang", "name": "王", "roles": "teller", "since": "2018-01-01", "until": "2018-03-31"},
            {"id": "wang", "posts": "1;2", "since": "2018-06-01"},
            {"id": "li", "since": "2018-06-01", "until": "2018-01-01"},
        ],
    )
    (bank,) = ledger.banks
    assert (bank.name, bank.participation, len(bank.key_periods)) == ("工行", "direct", 1)
    (clerk,) = ledger.staff
    assert (clerk.name, clerk.roles, clerk.posts) == ("王", frozenset({"teller"}), frozenset({"1", "2"}))
    assert [str(period.since) for period in clerk.on_roster] == ["2018-01-01", "2018-06-01"]
    reasons = {(rejection.file, rejection.row): rejection.reason for rejection in ledger.report.rejections}
    assert set(reasons) == {("banks", 2), ("banks", 3), ("banks", 4), ("staff", 3)}
    assert "did you mean 'indirect'" in reasons["banks", 2]


def test_services_replace_the_limits_of_the_catalogue():
    """Dated limits take the place of the catalogue's; a kind it does not have is added; a wrong word is rejected."""
    ledger = Ledger.read(
        {
            "requests": [REQUEST],
            "services": [
                {"id": "S10", "since": "2018-01-01", "commitment": "5 working days"},
                {"id": "S10", "since": "2018-07-01", "commitment": "3 working days"},
                {"id": "X1", "zh": "新业务", "statute": "20 working days", "start": "submitted", "end": "delivered"},
                {"id": "X2", "start": "yesterday"},
                {"id": "X3", "commitment": "3 days or so"},
            ],
        }
    )
    assert [(found.row, found.column) for found in ledger.report.rejections] == [(4, "start"), (5, "commitment")]
    default = Catalogue.default()
    catalogue = ledger.catalogue(default)
    assert [str(row.limit) for row in catalogue["S10"].commitment] == ["5 working days", "3 working days"]
    assert catalogue["S10"].zh == default["S10"].zh
    assert (catalogue["X1"].zh, catalogue["X1"].start, catalogue["X1"].end) == ("新业务", "submitted", "delivered")
    assert catalogue["S01"] == default["S01"]
    assert read().catalogue(default) is default


MESSAGE = {"id": "M1", "bank": "B1", "kind": "inquiry", "system": "HVPS", "received_at": "2018-05-03 09:40"}
REPEATED = {
    "a request": {"requests": [REQUEST, REQUEST]},
    "an event": {"events": [EVENT, EVENT]},
    "a bank": {"banks": [{"id": "B1", "name": "First"}] * 2},
    "a clerk": {"staff": [{"id": "wang", "since": "2018-01-01"}] * 2},
    "a message": {
        "messages": [{"id": "M1", "bank": "B1", "kind": "inquiry", "system": "HVPS", "received_at": "2018-05-03 09:40"}]
        * 2
    },
}


@pytest.mark.parametrize("what", REPEATED)
def test_a_row_repeated_to_the_letter_is_one_row_in_every_table(what):
    """It is listed and counted: read = accepted + rejected + repeated."""
    ledger = read(**{"requests": [REQUEST], **REPEATED[what]})
    report = ledger.report
    assert (report.rejected, report.repeated) == (0, 1), report.to_text()
    assert report.read == report.accepted + report.repeated
    assert "counted once" in str(report.duplicates[0])
    assert report.to_dict()["repeated"] == 1


def test_a_second_row_that_says_something_else_of_one_thing_is_rejected():
    ledger = read(requests=[REQUEST], banks=[{"id": "B1", "name": "First"}, {"id": "B1", "name": "Second"}])
    assert (ledger.report.rejected, ledger.report.repeated) == (1, 0)


@pytest.mark.parametrize("order", ["oldest first", "newest first", "by kind"])
def test_in_what_order_rows_stand_changes_nothing_at_one_instant(order):
    """A log exported newest first falls within a minute too; rows in no order are told apart by what can come first."""
    told = [("submitted", "09:40"), ("accepted", "10:00"), ("handed_over", "11:00"), ("taken_over", "11:00")]
    rows = [{**EVENT, "kind": kind, "at": f"2018-05-03 {at}"} for kind, at in told]
    if order != "oldest first":
        rows = rows[::-1] if order == "newest first" else [rows[n] for n in (3, 1, 2, 0)]
    assert [event.kind for event in read(events=rows).requests[0].timeline] == [kind for kind, _ in told]
