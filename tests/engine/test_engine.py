"""The engine: loading, checking one record, auditing many, and other engines made from one."""

from __future__ import annotations

import logging
import pickle
import threading
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import attrs
import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.engine.engine import Engine
from windowservice.engine.verdicts import Verdict, Verdicts, bits
from windowservice.errors import (
    InvalidRule,
    InvalidValue,
    NaiveTime,
    NothingToCheck,
    UnknownName,
)
from windowservice.facts.requests.event import event as e
from windowservice.facts.requests.request import request as r

AS_OF = "2018-05-15T09:00+08:00"


@pytest.fixture(scope="module")
def engine() -> Engine:
    """An engine with the built-in packs alone."""
    return built_in()


def request(*events: ws.Event, id: str = "R-1", service: str = "S10", **fields: object) -> ws.Request:
    return ws.Request(id=id, bank="105221000018", service=service, events=events, **fields)


def late_request(id: str = "R-1") -> ws.Request:
    return request(
        ws.Event("2018-05-03T09:40+08:00", "submitted", by="wang"),
        ws.Event("2018-05-03T10:20+08:00", "accepted", by="wang"),
        ws.Event("2018-05-04T10:20+08:00", "checked", by="zhao"),
        ws.Event("2018-05-14T16:10+08:00", "decided", by="li"),
        id=id,
    )


def test_a_late_request_fails_its_commitment_with_real_and_open_time(engine: Engine) -> None:
    """A request decided after its due fails by exactly the time after it."""
    finding = engine.check(late_request(), as_of=AS_OF).finding("R-1", "commitment_kept")
    assert finding.verdict == "fail"
    assert str(finding.evidence.shortfall.bound) == "2018-05-10 17:00:00+08:00"
    assert finding.late_by == timedelta(days=3, hours=23, minutes=10)
    assert finding.overrun == ws.work(hours=12, minutes=10)


def test_the_number_of_a_failure_made_up_is_no_failure(engine: Engine) -> None:
    """Done earlier by what it was late, the request keeps its commitment."""
    late = engine.check(late_request(), as_of=AS_OF).finding("R-1", "commitment_kept").late_by
    events = late_request().events
    early = request(*events[:3], ws.Event(events[3].at - late, "decided", by="li"))
    assert engine.check(early, as_of=AS_OF).verdicts["commitment/commitment_kept"] == "pass"
    still = request(*events[:3], ws.Event(events[3].at - late + timedelta(microseconds=1), "decided", by="li"))
    assert engine.check(still, as_of=AS_OF).verdicts["commitment/commitment_kept"] == "fail"


def test_what_came_after_as_of_is_not_seen(engine: Engine) -> None:
    """An audit as of an instant equals one of the events up to it."""
    whole = late_request()
    for cut in ("2018-05-03T10:00+08:00", "2018-05-04T10:20+08:00", "2018-05-12T00:00+08:00"):
        seen = request(*(event for event in whole.events if event.at <= datetime.fromisoformat(cut)))
        assert engine.check(whole, as_of=cut).verdicts == engine.check(seen, as_of=cut).verdicts


def test_a_bare_date_means_the_end_of_it(engine: Engine) -> None:
    """As of a date, everything that happened on it is seen."""
    assert engine.check(late_request(), as_of="2018-05-14").as_of.isoformat() == "2018-05-15T00:00:00+08:00"


def test_no_event_is_never_a_pass(engine: Engine) -> None:
    """A request of which nothing is known does not pass, and nothing could be evaluated."""
    report = engine.check(request(), as_of=AS_OF)
    assert not report.passed
    assert "pass" not in report.verdicts.values() or report.counts["pass"] == 0


def test_kinds_that_are_not_recorded_make_verdicts_unknown_not_failed(engine: Engine) -> None:
    """Where the ledger does not record acceptance, nobody is accused of not accepting."""
    some = request(
        ws.Event("2018-05-03T09:40+08:00", "submitted", by="wang"),
        recorded={"submitted", "decided"},
    )
    verdicts = engine.check(some, as_of=AS_OF).verdicts
    assert verdicts["told_once/answered_in_time"] == "unknown"
    assert verdicts["told_once/told_once"] == "unknown"
    assert "fail" not in verdicts.values()


def test_a_reopened_request_is_judged_cycle_by_cycle(engine: Engine) -> None:
    """The verdict on the first cycle stays when the matter is reopened."""
    again = request(
        *late_request().events,
        ws.Event("2018-06-01T09:00+08:00", "reopened", by="li"),
        ws.Event("2018-06-01T09:10+08:00", "submitted", by="li"),
        ws.Event("2018-06-01T09:20+08:00", "accepted", by="li"),
        ws.Event("2018-06-04T10:20+08:00", "checked", by="zhao"),
        ws.Event("2018-06-04T16:10+08:00", "decided", by="li"),
    )
    report = engine.check(again, as_of="2018-06-30")
    assert [subject.key for subject in report.subjects] == ["R-1", "R-1#2"]
    assert report.finding("R-1", "commitment_kept").verdict == "fail"
    assert report.finding("R-1#2", "commitment_kept").verdict == "pass"


def test_an_amended_event_is_judged_as_it_was_known(engine: Engine) -> None:
    """A correction made later changes verdicts only from then on."""
    events = late_request().events
    decided = events[3].amended("2018-05-20T09:00+08:00", "chief", at=datetime.fromisoformat("2018-05-10T16:00+08:00"))
    corrected = request(*events[:3], decided)
    assert engine.check(corrected, as_of="2018-05-15").verdicts["commitment/commitment_kept"] == "fail"
    assert engine.check(corrected, as_of="2018-05-25").verdicts["commitment/commitment_kept"] == "pass"


def test_a_rule_that_cannot_run_is_an_error_of_its_own(engine: Engine) -> None:
    """An error in one rule leaves the verdicts of the others as they are."""
    own = engine.with_rules(ws.Rule("odd", title="Odd", require=r.amount + 1 > 0, when=r.channel == "counter"))
    record = request(*late_request().events, channel="counter")
    object.__setattr__(record, "amount", "many")
    report = own.check(record, as_of=AS_OF)
    assert report.verdicts["own/odd"] == "error"
    assert report.verdicts["commitment/commitment_kept"] == "fail"
    assert "could not be run" in str(report.errors[0])
    assert "TypeError" in report.errors[0].error
    assert not report.passed


def test_audit_counts_every_record_once(engine: Engine) -> None:
    """Counts add up to records times rules, and parts add up to the whole."""
    requests = [late_request(f"R-{n}") for n in range(7)] + [request(id="E")]
    whole = engine.audit(requests, as_of=AS_OF)
    parts = [engine.audit(requests[:3], as_of=AS_OF), engine.audit(requests[3:], as_of=AS_OF)]
    assert sum(whole.counts.values()) == 8 * len(engine.runner_of(None, r).rules)
    assert parts[0].counts + parts[1].counts == +whole.counts
    assert not whole.passed
    assert whole.evaluated


def test_an_empty_audit_is_not_clean(engine: Engine) -> None:
    """An audit of nothing neither passes nor counts as evaluated."""
    report = engine.audit([], as_of=AS_OF)
    assert not report.passed
    assert not report.evaluated


def test_filters_select_and_refuse_unknown_words(engine: Engine) -> None:
    """A selection holds only what was asked for; unknown selectors and rules offer the nearest."""
    report = engine.audit([late_request("A"), late_request("B")], as_of=AS_OF)
    picked = report.filter(key="A", verdict="fail")
    assert {finding.key for finding in picked} == {"A"}
    assert set(picked.counts) == {"fail"}
    assert not picked.passed
    assert report.filter(verdict="pass", rule="told_once").counts == {}
    with pytest.raises(UnknownName, match="did you mean 'verdict'"):
        report.filter(verdikt="fail")
    with pytest.raises(UnknownName, match="commitment_kept"):
        report.filter(rule="comitment_kept")
    with pytest.raises(UnknownName, match="did you mean 'fail'"):
        report.filter(verdict="fails")


def test_the_report_reads_by_clerk(engine: Engine) -> None:
    """A request is its owner's, and whoever took it over answers for it; of what nobody owns the name is empty."""
    mine = late_request("A")
    taken = ws.Event("2018-05-04T09:00+08:00", "taken_over", by="li")
    passed_on = attrs.evolve(late_request("B"), events=[*late_request("B").events, taken])
    nobodys = attrs.evolve(late_request("C"), events=[attrs.evolve(event, by=None) for event in mine.events])
    report = engine.audit([mine, passed_on, nobodys], as_of=AS_OF)
    found = {finding.key: finding.clerk for finding in report.failures}
    assert found == {"A": "wang", "B": "li", "C": None}
    assert set(report.by("clerk")) == {"", "li", "wang"}
    assert {finding.key for finding in report.filter(clerk="li")} == {"B"}
    assert report.filter(clerk="li").by("clerk")["li"] == report.by("clerk")["li"]


def test_a_vocabulary_of_ones_own_names_its_clerk() -> None:
    """A text fact that it has, given or derived; anything else is refused where it is written."""

    class call(ws.Facts, clerk="agent"):
        agent = ws.fact(str, "Who took it")
        done = ws.fact(bool, "Whether it was done")

    rule = ws.Rule("done", of=call, title="A call is done", require=call.done == True)  # noqa: E712 - it builds
    report = built_in().with_rules(rule).audit([{"agent": "mei", "done": False}], of=call, as_of=AS_OF)
    assert [finding.clerk for finding in report.failures] == ["mei"]
    with pytest.raises(UnknownName, match="did you mean 'agent'"):

        class misspelt(ws.Facts, clerk="agnet"):
            agent = ws.fact(str, "Who took it")

    with pytest.raises(InvalidRule, match="of type truth value; name a fact of type text"):

        class wrong(ws.Facts, clerk="done"):
            done = ws.fact(bool, "Whether it was done")


def test_the_report_reads_by_policy_and_by_principle(engine: Engine) -> None:
    """Each rule names its policy and the principle it serves, and the report can be read by both."""
    report = engine.audit([late_request()], as_of=AS_OF)
    assert report.by("policy")["service commitment"]["fail"] == 1
    assert "good_service" in report.by("principle")
    assert all(loaded.rule.policy and loaded.rule.principle for loaded in engine.rules)
    with pytest.raises(UnknownName):
        report.by("colour")


def test_at_least_picks_by_severity(engine: Engine) -> None:
    """Failures below the floor are left out."""
    report = engine.audit([late_request()], as_of=AS_OF)
    assert {f.severity for f in report.at_least("major")} == {"major"}
    assert len(report.at_least("note")) > len(report.at_least("major"))
    with pytest.raises(UnknownName, match="did you mean 'major'"):
        report.at_least("mayor")


def test_explain_shows_values_figures_clock_and_timeline(engine: Engine) -> None:
    """The whole case can be read from one text."""
    text = engine.check(late_request(), as_of=AS_OF).finding("R-1", "commitment_kept").explain("zh")
    for part in (
        "FAIL (major)", "在公开承诺时限内办结",
        "request.finished_at", "commitment[S10] = 5 working days, since 2018-01-01",
        "[assumption]", "2018-05-10 17:00+0800", "submitted by wang", "calendar window",
    ):  # fmt: skip
        assert part in text, part


def test_an_unknown_verdict_names_what_is_missing(engine: Engine) -> None:
    """The finding says which fact is needed."""
    some = request(ws.Event("2018-05-03T09:40+08:00", "notified", by="w"), recorded={"notified", "submitted"})
    finding = engine.check(some, as_of=AS_OF).finding("R-1", "notice_in_writing")
    assert finding.verdict == "unknown"
    assert "request.unwritten_notices" in finding.missing
    assert "missing request.unwritten_notices" in str(finding)


def test_an_unknown_verdict_names_what_would_settle_it(engine: Engine) -> None:
    """All that was read is known, but whether more can follow is not: no kind that closes a matter is recorded."""
    some = request(
        ws.Event("2018-05-03T09:40+08:00", "notified", by="w", written=True),
        recorded={"notified", "decided", "refused", "withdrawn"},
    )
    finding = engine.check(some, as_of=AS_OF).finding("R-1", "notice_in_writing")
    assert (finding.verdict, finding.missing) == ("unknown", ("event closed",))
    assert "the ledger does not record closed" in str(finding)


def test_a_pending_verdict_names_its_due(engine: Engine) -> None:
    """A matter still open and in time says until when."""
    open_request = request(*late_request().events[:2])
    finding = engine.check(open_request, as_of="2018-05-04T09:00+08:00").finding("R-1", "commitment_kept")
    assert finding.verdict == "pending"
    assert "due 2018-05-10 17:00+0800" in str(finding)


def test_pending_turns_to_fail_by_time_and_never_back(engine: Engine) -> None:
    """Still open one microsecond after due is a failure, and stays one when it is done."""
    open_request = request(*late_request().events[:3])
    due = datetime.fromisoformat("2018-05-10T17:00+08:00")
    assert engine.check(open_request, as_of=due).verdicts["commitment/commitment_kept"] == "pending"
    after = due + timedelta(microseconds=1)
    assert engine.check(open_request, as_of=after).verdicts["commitment/commitment_kept"] == "fail"
    assert engine.check(late_request(), as_of="2019-01-01").verdicts["commitment/commitment_kept"] == "fail"


def test_findings_become_plain_values(engine: Engine) -> None:
    """A finding can be written as JSON."""
    import json

    plain = engine.check(late_request(), as_of=AS_OF).failures[0].to_dict()
    assert json.loads(json.dumps(plain, ensure_ascii=False))["verdict"] == "fail"


def test_the_frame_has_a_row_for_every_rule_and_record(engine: Engine) -> None:
    """Rows carry their key; failures their number."""
    frame = engine.audit([late_request("A"), late_request("B")], as_of=AS_OF).to_frame()
    assert frame.height == 2 * len(engine.runner_of(None, r).rules)
    row = frame.filter(rule="commitment/commitment_kept", key="B").row(0, named=True)
    assert row["verdict"] == "fail"
    assert row["shortfall"] == timedelta(days=3, hours=23, minutes=10).total_seconds()


def test_the_html_view_escapes_what_the_ledger_says(engine: Engine) -> None:
    """A request named like a script is shown as text."""
    html = engine.audit([late_request("<script>alert(1)</script>")], as_of=AS_OF)._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


# --- other engines ---------------------------------------------------------------------------------------------------


def test_engines_made_from_one_leave_it_as_it_was(engine: Engine) -> None:
    """with_rules, amended and what_if give new engines."""
    before = engine.version
    quick = ws.Rule("quick", title="Served within an hour", require=r.worked.within(ws.work(hours=1)))
    more = engine.with_rules(quick)
    assert more.check(late_request(), as_of=AS_OF).verdicts["own/quick"] == "fail"
    assert engine.version == before != more.version
    assert "own/quick" not in engine.check(late_request(), as_of=AS_OF).verdicts


def test_a_rule_is_replaced_withdrawn_and_a_figure_adjusted_with_a_basis(engine: Engine) -> None:
    """A branch changes what is not its own by three verbs; the finding cites the new basis."""
    basis = ws.Basis("Branch notice 5 of 2018", issued="2018-01-02")
    longer = engine.amended(ws.Adjust("commitment", {"S10": {"2018-01-01": "8 working days"}}, basis))
    report = longer.check(late_request(), as_of=AS_OF)
    assert report.verdicts["commitment/commitment_kept"] == "pass"
    assert "Branch notice 5" in report.finding("R-1", "commitment_kept").explain()
    without = engine.amended(ws.Withdraw("commitment/commitment_kept", basis))
    assert "commitment/commitment_kept" not in without.check(late_request(), as_of=AS_OF).verdicts
    softer = ws.Rule("commitment_kept", title="Softer", require=r.finished_at.is_known(), severity="note")
    replaced = engine.amended(ws.Replace("commitment/commitment_kept", softer, basis))
    finding = replaced.check(late_request(), as_of=AS_OF).finding("R-1", "commitment_kept")
    assert (finding.verdict, finding.basis) == ("pass", basis)
    with pytest.raises(UnknownName, match="did you mean 'commitment/commitment_kept'"):
        engine.amended(ws.Withdraw("commitment/comitment_kept", basis))
    with pytest.raises(UnknownName, match="did you mean 'commitment'"):
        engine.amended(ws.Adjust("comitment", {"S10": {"2018-01-01": "8 working days"}}, basis))


def test_what_if_another_days_figures_had_been_in_force(engine: Engine) -> None:
    """figures_as_of asks what the figures of another day would have said."""
    basis = ws.Basis("Branch notice 9 of 2018", issued="2018-08-01")
    dated = {"S10": {"2018-01-01": "5 working days", "2018-09-01": "8 working days"}}
    changed = engine.amended(ws.Adjust("commitment", dated, basis))
    assert changed.check(late_request(), as_of=AS_OF).verdicts["commitment/commitment_kept"] == "fail"
    later = changed.what_if(figures_as_of=date(2018, 9, 1))
    assert later.check(late_request(), as_of=AS_OF).verdicts["commitment/commitment_kept"] == "pass"


def test_what_if_another_calendar_had_counted(engine: Engine) -> None:
    """With a day more closed, the same request is late by less."""
    closed = ws.WorkCalendar.china("08:30-11:30 13:30-17:00", closed=["2018-05-08", "2018-05-09"], name="window")
    other = engine.what_if(calendars={"window": closed})
    assert other.check(late_request(), as_of=AS_OF).verdicts["commitment/commitment_kept"] == "pass"


def test_only_some_packs_or_rules(engine: Engine) -> None:
    """An engine can be narrowed to packs and rules by name."""
    assert {loaded.name.partition("/")[0] for loaded in engine.only("in_time").rules} == {"in_time"}
    assert [loaded.name for loaded in engine.only("commitment_kept").rules] == ["commitment/commitment_kept"]
    with pytest.raises(UnknownName):
        engine.only("nothing")


def test_two_packs_of_one_name_are_refused(engine: Engine) -> None:
    """A second pack of a name is an error, not a silent replacement."""
    with pytest.raises(InvalidRule, match="is loaded already"):
        engine.with_pack(ws.Pack("in_time", version="1", rules=[]))


def test_an_engine_travels_without_its_code(engine: Engine) -> None:
    """A pickled engine judges the same and has the same version."""
    engine.check(late_request(), as_of=AS_OF)
    again = pickle.loads(pickle.dumps(engine))
    assert again.version == engine.version
    assert again.check(late_request(), as_of=AS_OF).verdicts == engine.check(late_request(), as_of=AS_OF).verdicts


def test_a_report_travels_as_what_it_was_made_of(engine: Engine) -> None:
    """A pickled report holds the same findings with the same evidence."""
    report = engine.audit([late_request()], as_of=AS_OF)
    again = pickle.loads(pickle.dumps(report))
    assert [str(f) for f in again] == [str(f) for f in report]


def test_an_engine_is_shared_between_threads() -> None:
    """Eight threads that begin on a fresh engine agree."""
    fresh = Engine.load(installed=False)
    expected = Engine.load(installed=False).check(late_request(), as_of=AS_OF).verdicts
    seen: list[object] = []

    def work() -> None:
        seen.extend(fresh.check(late_request(), as_of=AS_OF).verdicts for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 160
    assert all(verdicts == expected for verdicts in seen)


def test_the_engine_prints_nothing_and_logs(
    engine: Engine, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """What the engine has to tell goes to logging."""
    with caplog.at_level(logging.INFO, logger="windowservice"):
        engine.audit([late_request()], as_of=AS_OF)
    assert "audited 1 records" in caplog.text
    assert capsys.readouterr() == ("", "")


# --- records of one's own --------------------------------------------------------------------------------------------


class ticket(ws.Facts):
    """A help-desk ticket."""

    opened_at = ws.fact(datetime, "When it was opened", required=True)
    priority = ws.fact(str, "P1 to P4", required=True)
    closed_at = ws.fact(datetime, "When it was closed")


P1 = ws.Rule(
    "p1_same_day", of=ticket, title="A P1 ticket is closed on its day", when=ticket.priority == "P1",
    require=ticket.closed_at.by(ws.due(ticket.opened_at, "same working day")),
)  # fmt: skip


@pytest.mark.parametrize("build", [dict, SimpleNamespace])
def test_records_of_an_application_are_judged_by_the_same_rules(engine: Engine, build: type) -> None:
    """A mapping or an object of one's own vocabulary is judged as it stands."""
    own = engine.with_rules(P1)
    opened = datetime(2018, 5, 3, 1, 0, tzinfo=UTC)
    now = "2018-05-04T08:00+08:00"

    def verdict(**fields: object) -> str:
        return str(own.check(build(opened_at=opened, **fields), as_of=now).verdicts["own/p1_same_day"])

    assert verdict(priority="P1", closed_at=datetime(2018, 5, 3, 9, 0, tzinfo=UTC)) == "pass"
    assert verdict(priority="P1", closed_at=datetime(2018, 5, 3, 9, 0, 0, 1, tzinfo=UTC)) == "fail"
    assert verdict(priority="P1", closed_at=None) == "fail"
    assert verdict(priority="P2", closed_at=None) == "not_applicable"


def test_a_record_that_is_not_of_its_vocabulary_is_refused(engine: Engine) -> None:
    """Wrong types, naive times, missing required facts and misspelt keys are told by name."""
    own = engine.with_rules(P1)
    opened = datetime(2018, 5, 3, 1, 0, tzinfo=UTC)
    with pytest.raises(InvalidValue, match=r"ticket\.priority must be a text"):
        own.check({"opened_at": opened, "priority": 1}, as_of=AS_OF)
    with pytest.raises(NaiveTime, match=r"ticket\.opened_at"):
        own.check({"opened_at": datetime(2018, 5, 3), "priority": "P1"}, as_of=AS_OF)  # noqa: DTZ001 - the point
    with pytest.raises(InvalidValue, match="it is required"):
        own.check({"opened_at": opened}, as_of=AS_OF)
    with pytest.raises(UnknownName, match="did you mean 'closed_at'"):
        own.check({"opened_at": opened, "priority": "P1", "closd_at": opened}, as_of=AS_OF)
    with pytest.raises(UnknownName, match="attribute"):
        own.check(SimpleNamespace(opened_at=opened, priority="P1", closd_at=opened), as_of=AS_OF)
    absent = own.check(SimpleNamespace(opened_at=opened, priority="P1"), as_of=AS_OF)
    assert absent.counts == own.check({"opened_at": opened, "priority": "P1"}, as_of=AS_OF).counts
    listed = own.audit([{"opened_at": opened, "priority": 1}], as_of=AS_OF)
    assert listed.counts["error"] == 1
    assert not listed.evaluated


def test_without_a_vocabulary_it_is_not_guessed(engine: Engine) -> None:
    """A record of which no rule speaks is refused with what there is."""
    with pytest.raises(NothingToCheck, match="request"):
        engine.check({"opened_at": 1}, as_of=AS_OF)


def test_a_naive_as_of_is_refused(engine: Engine) -> None:
    """As of when must be told with its zone."""
    with pytest.raises(NaiveTime):
        engine.check(late_request(), as_of="2018-05-15T09:00")


def test_a_plugins_own_fact_is_read_from_extra(engine: Engine) -> None:
    """A vocabulary that a plugin extends reads its given facts from the extra fields, and checks their types."""

    class mine(ws.Facts, of=r):
        urgent = ws.fact(bool, "Whether it is urgent")
        touched = ws.fact(e.at.last(), "When something last happened")

    own = engine.with_rules(
        ws.Rule("urgent_quick", title="Urgent ones are quick", when=mine.urgent, require=mine.touched.is_known())
    )
    events = late_request().events
    assert own.check(request(*events, extra={"urgent": True}), as_of=AS_OF).verdicts["own/urgent_quick"] == "pass"
    assert own.check(request(*events), as_of=AS_OF).verdicts["own/urgent_quick"] == "unknown"
    assert own.check(request(*events, extra={"urgent": "yes"}), as_of=AS_OF).verdicts["own/urgent_quick"] == "error"


def test_verdicts_are_found_by_position() -> None:
    """Asking for verdicts gives the same rules as reading them one by one."""
    rules = tuple("abcdef")
    verdicts = Verdicts(rules, (0b000001, 0b000010, 0b000100, 0b001000), {4: "broken"})
    for verdict in Verdict:
        wanted = [position for position in range(6) if verdicts.at(position) is verdict]
        assert list(bits(verdicts.mask(verdict))) == wanted
        assert len(wanted) == 1


@pytest.mark.parametrize(("slip", "meant"), [("comitment", "commitment"), ("statute_keptt", "statute_kept")])
def test_a_slip_in_a_rule_or_pack_is_answered_with_the_nearest(engine: Engine, slip: str, meant: str) -> None:
    """A rule is found by its own name and a pack by its name, so a slip in either is met with that name."""
    with pytest.raises(UnknownName, match=f"did you mean '{meant}'"):
        engine.only(slip)


def test_a_finding_is_of_the_record_that_the_rule_is_on() -> None:
    """A message and a request may have one number; which is meant is told by the rule."""
    received = datetime(2018, 5, 3, 4, tzinfo=UTC)
    message = Record("messages", {"id": "R-1", "bank": "B1", "kind": "inquiry", "received_at": received})
    late = late_request()
    report = built_in().audit([late, message], as_of="2018-05-15")
    assert report.finding("R-1", "message_answered_in_time").record is message
    assert report.finding("R-1", "commitment_kept").record is late
