"""One report over two stores: the same requests as objects and as rows of frames give the same answers."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs
import pytest
from tests.engines import built_in
from tests.sample.write import write_sample

import windowservice as ws
from windowservice.engine.columns import added_facts
from windowservice.engine.frames.requests import request_frames
from windowservice.engine.report.finding import Finding
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidValue, UnknownName
from windowservice.facts import event as e
from windowservice.facts import request as r
from windowservice.facts.payments.message import message
from windowservice.instants import datetime_us

AS_OF = datetime.fromisoformat("2018-09-28T12:00+08:00")
ODD = ws.Request("X-1", "105221000018", "S01", events=[ws.Event("2018-05-07T09:00+08:00", "sumbitted")])


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ws.Report]:
    """The same requests, one of which cannot be judged, as objects and as frames."""
    ledger = ws.Ledger.read(write_sample(tmp_path_factory.mktemp("both"), requests=30))
    engine = built_in().for_ledger(ledger)
    some = list(ledger)[:60]
    requests = [*some, attrs.evolve(ODD, untold=some[0].untold, recorded=some[0].recorded)]
    frames = request_frames(requests, datetime_us(AS_OF), added_facts(engine.runner_of(requests[0])))
    return {
        "objects": engine.audit(requests, as_of=AS_OF),
        "frames": engine.audit(*frames, as_of=AS_OF, recorded=requests[0].recorded),
    }


@pytest.fixture(params=["objects", "frames"])
def report(both: dict[str, ws.Report], request: pytest.FixtureRequest) -> ws.Report:
    return both[request.param]


def _lines(report: Any) -> list[str]:
    return [str(finding) for finding in report]


def _grave(finding: Finding) -> bool:
    return finding.verdict == "fail" and finding.severity in ("major", "severe")


QUESTIONS: dict[str, Callable[[ws.Report], object]] = {
    "counts": lambda report: report.counts,
    "passed": lambda report: (report.passed, report.evaluated, report.failed_records),
    "text": str,
    "shown": lambda report: repr(report.failures),
    "failures": lambda report: _lines(report.failures),
    "open findings": lambda report: _lines(report.open_findings),
    "gravest": lambda report: _lines(report.gravest(Verdict.FAIL, Verdict.UNKNOWN)),
    "at least": lambda report: _lines(report.at_least("major")),
    "errors": lambda report: [(finding.key, finding.error) for finding in report.errors],
    "of a rule": lambda report: _lines(report.of_rule("told_once/told_once", *Verdict)),
    "of a rule by its own name": lambda report: _lines(report.of_rule("commitment_kept")),
    "verdicts": lambda report: dict(report.verdicts),
    "frame": lambda report: report.to_frame().rows(),
    "frame of failures": lambda report: report.failures.to_frame().rows(),
    "verdict frame": lambda report: report.verdict_frame().rows(),
    "unjudged": lambda report: (report.intake.records, report.intake.unjudged),
    "one case": lambda report: [report.explain(f.key, f.rule) for f in report.failures[:20]],
    "records": lambda report: [(subject.key, dict(subject.verdicts)) for subject in report.subjects],
    "the last record": lambda report: (report.subjects[-1].key, [s.key for s in report.subjects[-3:]]),
    "backwards": lambda report: _lines(report.failures[::-3]),
    "the first and last": lambda report: (str(report.failures[0]), str(report.failures[-1])),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_answer_alike(question: str, both: dict[str, ws.Report]) -> None:
    """Counts, lists in their order, frames, single cases and texts are the same, also of a selection."""
    ask = QUESTIONS[question]
    assert ask(both["frames"]) == ask(both["objects"])
    if question in ("records", "one case", "the first and last", "the last record", "unjudged"):
        return
    one, other = (both[name].filter(bank=_a_bank(both), verdict=["fail", "unknown"]) for name in ("frames", "objects"))
    assert ask(one) == ask(other)
    assert one.counts["pass"] == 0 < one.counts["fail"]


def _a_bank(both: dict[str, ws.Report]) -> str:
    return max(both["objects"].filter(verdict="fail").by("bank").items(), key=lambda row: row[1].total())[0]


SELECTORS: dict[str, tuple[Any, ...]] = {
    **{name: (name,) for name in (
        "key", "bank", "service", "clerk", "rule", "severity", "policy", "principle", "pack", "verdict", "day", "week",
        "month", "channel", "submitted_at", "notices",
    )},
    "a fact": (r.channel,),
    "a number": (r.notices,),
    "an instant": (r.accepted_at,),
    "a set of texts": (e.items.last(),),
    "an expression": (r.notices > 0,),
    "a deadline": (r.finished_at.by(r.commitment_due),),
    "of another record": (message.kind,),
    "a function": (lambda finding: len(finding.key),),
    "several": ("month", "severity", r.channel),
    "several and a function": ("bank", "rule", lambda finding: finding.verdict == "fail"),
}  # fmt: skip


@pytest.mark.parametrize("name", SELECTORS)
def test_both_count_alike_by_anything(name: str, both: dict[str, ws.Report]) -> None:
    """The same groups in the same order with the same numbers, which add up to all verdicts."""
    found = both["objects"].by(*SELECTORS[name])
    assert list(both["frames"].by(*SELECTORS[name]).items()) == list(found.items())
    assert sum(counts.total() for counts in found.values()) == both["objects"].counts.total()
    some = both["frames"].filter(verdict="fail").by(*SELECTORS[name])
    assert list(some.items()) == list(both["objects"].filter(verdict="fail").by(*SELECTORS[name]).items())


CHOICES: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "a bank": ((), {"bank": "900000000003"}),
    "verdicts": ((), {"verdict": ["fail", "unknown"]}),
    "a rule": ((), {"rule": "commitment_kept"}),
    "a pack and a severity": ((), {"pack": "told_once", "severity": ("minor", "major")}),
    "a column": ((), {"channel": "counter"}),
    "a column that is empty": ((), {"channel": None}),
    "a number": ((), {"notices": 1}),
    "a month": ((), {"month": "2018-02"}),
    "an expression": ((r.channel == "counter",), {}),
    "a fact and a name": ((r.notices > 0,), {"verdict": "fail"}),
    "a deadline": ((r.finished_at.by(r.commitment_due),), {}),
    "of another record": ((message.kind == "inquiry",), {}),
    "a function": ((_grave,), {}),
    "a function and a name": ((_grave, r.notices > 0), {"verdict": "fail"}),
}


@pytest.mark.parametrize("name", CHOICES)
def test_both_select_alike_by_anything(name: str, both: dict[str, ws.Report]) -> None:
    """The same findings are left, and what is left is itself counted, grouped and selected."""
    conditions, wanted = CHOICES[name]
    one, other = (both[name].filter(*conditions, **wanted) for name in ("frames", "objects"))
    assert one.counts == other.counts
    assert one.by("rule") == other.by("rule")
    assert [(f.key, f.rule, f.verdict) for f in one] == [(f.key, f.rule, f.verdict) for f in other]
    assert one.filter(verdict="fail").counts.total() == other.counts["fail"]
    assert len(one.findings) == one.counts.total()


def test_a_selection_is_what_holds(report: ws.Report) -> None:
    """What an expression and a function leave is what each finding says by itself."""
    assert {f.record.channel for f in report.filter(r.channel == "counter") if f.error is None} == {"counter"}
    assert _lines(report.filter(_grave)) == [str(f) for f in report if _grave(f)]
    months = report.by("month")
    assert set(months) >= {"", "2018-02"}
    assert all(counts.total() == report.filter(month=month).counts.total() for month, counts in months.items())


def test_no_finding_is_made_to_count(report: ws.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts, groups, selections and lengths make no single finding."""

    def made(*_given: object, **_named: object) -> None:
        raise AssertionError("a finding was made")

    monkeypatch.setattr(Finding, "__init__", made)
    some = report.filter(r.notices > 0, bank="900000000003", severity="major")
    assert len(some.failures) == some.counts["fail"]
    assert some.by("day", "rule", r.channel)
    assert len(report.failures[2:5]) == 3


def test_a_report_travels_and_judges_nothing_again(report: ws.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out at the other end has the same verdicts, selection and explanations."""
    from windowservice.engine.running import Runner
    from windowservice.language.polars import compile as columns

    def judged(*_given: object, **_named: object) -> None:
        raise AssertionError("judged again")

    packed = [pickle.dumps(one) for one in (report, report.filter(_grave))]
    wanted = [report.counts, report.filter(_grave).counts]
    frame, case = report.failures.to_frame(), report.failures[0].explain()
    with monkeypatch.context() as patch:
        patch.setattr(Runner, "judge", judged)
        patch.setattr(columns, "verdict_columns", judged)
        found = [pickle.loads(one) for one in packed]
        assert [one.counts for one in found] == wanted
        assert found[0].failures[0].explain() == case
        assert found[0].failures.to_frame().equals(frame)
        assert found[0].engine.version == report.engine.version
        assert found[0].intake == report.intake


def test_frames_have_one_schema(report: ws.Report) -> None:
    """Whatever is in it, and if nothing is."""
    nothing = report.filter(key="nobody")
    wanted = report.to_frame().schema
    for one in (report.failures, report.errors, report.findings[:0], nothing.findings, nothing.open_findings):
        assert one.to_frame().schema == wanted
    empty = report.engine.audit([], as_of=AS_OF)
    assert empty.to_frame().schema == wanted
    assert empty.verdict_frame().height == 0
    assert (len(nothing.failures), list(nothing.failures), nothing.passed) == (0, [], False)


def test_findings_are_shown_on_a_screen(report: ws.Report) -> None:
    """A sequence shows how many there are and the first of them."""
    lines = repr(report.findings).splitlines()
    assert lines[0] == f"<{len(report.findings):,} findings>"
    assert lines[-1].startswith("  and ")
    assert len(lines) < 20
    assert max(map(len, lines)) <= 120
    assert repr(report.failures[:1]).startswith("<1 finding>\n  ")
    with pytest.raises(IndexError):
        report.failures[len(report.failures)]


@pytest.mark.parametrize(
    ("ask", "error", "told"),
    [
        (lambda report: report.by("bnak"), UnknownName, "did you mean 'bank'"),
        (lambda report: report.by("chanel"), UnknownName, "did you mean 'channel'"),
        (lambda report: report.filter(monht="2018-05"), UnknownName, "did you mean 'month'"),
        (lambda report: report.filter(verdict="failed"), UnknownName, "did you mean 'fail'"),
        (lambda report: report.filter(severity="sever"), UnknownName, "did you mean 'severe'"),
        (lambda report: report.filter(rule="commitment_kep"), UnknownName, "commitment_kept"),
        (lambda report: report.of_rule("commitment_kep"), UnknownName, "commitment_kept"),
        (lambda report: report.by(e.kind), InvalidValue, "speaks of event"),
        (lambda report: report.by(3), InvalidValue, "a name, a fact"),
        (lambda report: report.by(), InvalidValue, "at least one"),
        (lambda report: report.filter("fail"), InvalidValue, "names are given with their value"),
        (lambda report: report.filter(r.channel), InvalidValue, "true or false"),
    ],
)
def test_what_is_no_selector_is_refused(ask, error, told, report: ws.Report) -> None:
    with pytest.raises(error, match=told):
        ask(report)
