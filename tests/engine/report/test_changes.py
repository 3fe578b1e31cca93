"""Rows E3 and E2: which verdicts another figure, calendar or catalogue would change, and what each rests on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.worktime.calendar import WorkCalendar

AS_OF = "2018-06-29"


def request(name: str, decided: str, service: str = "S10") -> ws.Request:
    events = [("2018-05-03T09:40", "submitted"), ("2018-05-03T10:00", "accepted"), (decided, "decided")]
    return ws.Request(name, "B1", service, events=[ws.Event(f"{at}+08:00", kind, by="wang") for at, kind in events])


MATTERS = [
    request("early", "2018-05-04T10:00"),
    request("last", "2018-05-10T16:00"),
    request("late", "2018-05-11T10:00"),
]


@pytest.fixture(scope="module")
def engine() -> ws.Engine:
    return built_in()


def test_row_e3_another_calendar_changes_the_verdicts_that_hang_on_it(engine: ws.Engine) -> None:
    """A day off more makes the late matter timely, and nothing else changes but what says so."""
    window = WorkCalendar(
        timezone="Asia/Shanghai", weekly={"mon-fri": "08:30-11:30 13:30-17:00"}, closed=["2018-05-08"], known_until=None
    )
    other = engine.what_if(calendars={"window": window})
    found = engine.audit(MATTERS, as_of=AS_OF).compare(other.audit(MATTERS, as_of=AS_OF))
    kept = [change for change in found if change.rule == "commitment/commitment_kept"]
    assert [(change.key, *change.verdicts) for change in kept] == [("late", "fail", "pass")]
    assert found.by_rule["commitment/commitment_kept"] == {("fail", "pass"): 1}
    assert "commitment/commitment_kept: fail -> pass: 1" in str(found)


def test_row_e3_another_figure_changes_what_is_at_risk(engine: ws.Engine) -> None:
    """With the share at risk lowered from three quarters to a tenth, more matters were finished too late for it."""
    basis = ws.Basis("what if", mark="assumption")
    adjusted = engine.amended(ws.Adjust("at_risk_share", {"2018-01-01": Decimal("0.1")}, basis=basis))
    found = engine.audit(MATTERS, as_of=AS_OF).compare(adjusted.audit(MATTERS, as_of=AS_OF))
    assert {change.rule for change in found} == {"commitment/finished_before_at_risk"}
    assert [(change.key, *change.verdicts) for change in found] == [("early", "pass", "fail")]


def test_row_e3_the_same_engine_changes_nothing(engine: ws.Engine) -> None:
    """All verdicts are compared and none differs."""
    report = engine.audit(MATTERS, as_of=AS_OF)
    found = report.compare(engine.audit(MATTERS, as_of=AS_OF))
    assert (len(found), found.compared) == (0, len(list(report)))
    assert str(found) == f"0 of {found.compared} verdicts change"


def test_row_e3_a_rule_or_record_that_only_one_has_is_a_change(engine: ws.Engine) -> None:
    """Not judged becomes judged, and the other way round; where a fact is missing both say unknown."""
    one, two = (engine.audit(rows, as_of=AS_OF) for rows in (MATTERS[:1], MATTERS[:2]))
    more = one.compare(two)
    assert {(change.key, change.verdicts[0]) for change in more} == {("last", None)}
    fewer = two.compare(one)
    assert {(change.key, change.verdicts[1]) for change in fewer} == {("last", None)}
    unknown = ws.Request("u", "B1", "S10", events=MATTERS[0].events, recorded=["submitted"])
    reports = [engine.audit([unknown], as_of=AS_OF), engine.what_if(figures_as_of=None).audit([unknown], as_of=AS_OF)]
    assert len(reports[0].compare(reports[1])) == 0
    assert reports[0].unknowns


def test_row_e3_many_are_compared_in_columns(engine: ws.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same changes, in the same order; each has its findings when they are asked for."""
    pytest.importorskip("polars")
    window = WorkCalendar(timezone="Asia/Shanghai", weekly="mon-fri 08:30-20:00", known_until=None)
    other = engine.what_if(calendars={"window": window})
    more = [
        request(f"r{day}", f"2018-05-{day}T17:30", service) for day in range(10, 30) for service in ("S10", "S01")[:1]
    ]
    one, two = engine.audit([*MATTERS, *more], as_of=AS_OF), other.audit([*more, MATTERS[0]], as_of=AS_OF)
    few = one.compare(two)
    monkeypatch.setattr("windowservice.engine.report.changes._MANY", 0)
    many = one.compare(two)
    assert list(map(str, many)) == list(map(str, few))
    assert (many.compared, len(many) > 20) == (few.compared, True)
    change = many.all[0]
    assert (change.before and change.before.verdict, change.after and change.after.verdict) == change.verdicts
    assert many.to_frame().columns == ["key", "rule", "before", "after", "lines"]
    assert many.to_frame().height == len(many)


def test_row_e2_a_verdict_is_shown_item_by_item_with_its_versions(engine: ws.Engine) -> None:
    """What the bank that contests it is shown: rule, figures, basis, calendar and pack version, timeline."""
    finding = engine.audit(MATTERS, as_of=AS_OF).finding("late", "commitment/commitment_kept")
    text = finding.explain()
    for part in (
        "late by", "5 working days", "requires", "basis", "pack version", f"engine {engine.version}", "calendar window",
        engine.calendar.version[:8], "2018-05-11 10:00",
    ):  # fmt: skip
        assert part in text, part
    plain = finding.to_dict()
    assert plain["verdict"] == "fail"
    assert plain["read"]["request.commitment_due"]
    assert plain["figures"][0]["basis"]
    passed = engine.audit(MATTERS, as_of=AS_OF).finding("early", "commitment/commitment_kept")
    assert passed.verdict == "pass"
    assert "calendar window" in passed.explain()


def test_row_e2_an_unknown_verdict_names_what_is_missing(engine: ws.Engine) -> None:
    """The evidence of a verdict that could not be told is the list of what it needs."""
    unknown = ws.Request("u", "B1", "S10", events=MATTERS[0].events, recorded=["submitted"])
    finding = engine.audit([unknown], as_of=AS_OF).finding("u", "commitment/commitment_kept")
    assert finding.verdict == "unknown"
    assert finding.missing
    assert f"the ledger does not record {', '.join(finding.unrecorded)}" in finding.explain()


def test_what_only_one_report_has_is_no_change_of_what_both_have() -> None:
    """It is counted beside it."""
    engine = built_in().only("told_once")
    events = [ws.Event("2018-05-03T09:40+08:00", "submitted")]
    one, two = (ws.Request(name, "B", "S10", events=events) for name in ("R-1", "R-2"))
    reports = [engine.audit(records, as_of="2018-05-10") for records in ([one], [one, two])]
    found = reports[0].compare(reports[1])
    assert str(found).startswith(f"0 of {found.compared} verdicts change; {len(found)} are in one of the two only")
