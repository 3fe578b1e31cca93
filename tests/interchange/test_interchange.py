"""Findings for other programs, and calendars of other programs: what goes out is theirs, what comes in is bounded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engines import built_in

import windowservice as ws
from windowservice.cli.app import app

HOSTILE = 'R"1\\\n#'


def _matter(id: str, *events: tuple[str, str]) -> ws.Request:
    return ws.Request(id, "B1", "S10", events=[ws.Event(f"2018-05-{at}+08:00", kind, by="w") for at, kind in events])


BEGUN = (("03T09:00", "submitted"), ("03T09:10", "accepted"))


@pytest.fixture(scope="module")
def report() -> ws.Report:
    """One late and done, one late and open, one running, one with an odd id."""
    done = (*BEGUN, ("14T09:00", "checked"), ("14T10:00", "decided"))
    running = (("14T09:00", "submitted"), ("14T09:10", "accepted"))
    records = [_matter("done", *done), _matter("open", *BEGUN), _matter("running", *running), _matter(HOSTILE, *done)]
    return built_in().only("commitment_kept").audit(records, as_of="2018-05-15T09:00+08:00")


def test_sarif_has_a_result_for_each_failure(report: ws.Report) -> None:
    """By rule and record, with a fingerprint that another run repeats."""
    run = ws.interchange.sarif(report)["runs"][0]
    assert len(run["results"]) == report.counts[ws.Verdict.FAIL] == 3
    assert {one["ruleId"] for one in run["results"]} == {"commitment/commitment_kept"}
    again = ws.interchange.sarif(report)["runs"][0]["results"]
    assert [one["partialFingerprints"] for one in again] == [one["partialFingerprints"] for one in run["results"]]
    waived = ws.Waiver(rule="commitment_kept", record="done", reason="x", by="y", on="2018-05-14", until="2018-06-01")
    marked = ws.interchange.sarif(report.under([waived]))["runs"][0]["results"]
    assert sum("waiver" in one["properties"] for one in marked) == 1


def test_openmetrics_is_read_by_its_own_parser(report: ws.Report) -> None:
    """The counts are those of the report; odd ids do no harm."""
    parser = pytest.importorskip("prometheus_client.openmetrics.parser")
    families = {
        one.name: one.samples for one in parser.text_string_to_metric_families(ws.interchange.openmetrics(report))
    }
    verdicts = {one.labels["verdict"]: one.value for one in families["windowservice_verdicts"]}
    assert verdicts == {str(verdict): number for verdict, number in report.counts.items() if number}
    assert families["windowservice_kept_ratio"][0].value == 0
    assert families["windowservice_records"][0].value == 4
    open_for = report.finding("open", "commitment_kept").late_by
    assert open_for is not None
    assert families["windowservice_oldest_due_seconds"][0].value == open_for.total_seconds()


def test_dues_are_tasks_that_stay_the_same(report: ws.Report) -> None:
    """What is open is due, what is done is not there; the same matter has the same UID in the next run."""
    icalendar = pytest.importorskip("icalendar")
    tasks = icalendar.Calendar.from_ical(ws.interchange.dues(report)).walk("VTODO")
    assert {str(task["summary"]).partition(":")[0] for task in tasks} == {"open", "running"}
    dues = {str(task["summary"]).partition(":")[0]: task.decoded("due") for task in tasks}
    assert dues["open"] == report.finding("open", "commitment_kept").shortfall.bound
    assert [str(task["uid"]) for task in tasks] == [
        str(task["uid"]) for task in icalendar.Calendar.from_ical(ws.interchange.dues(report)).walk("VTODO")
    ]


def _ics(*events: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20240101T000000Z", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@pytest.mark.parametrize(
    ("event", "closed"),
    [
        ("DTSTART;VALUE=DATE:20240501|SUMMARY:Labour day", {"2024-05-01": "Labour day"}),
        (
            "DTSTART;VALUE=DATE:20240501|DTEND;VALUE=DATE:20240503|SUMMARY:Two",
            {"2024-05-01": "Two", "2024-05-02": "Two"},
        ),
        ("DTSTART;VALUE=DATE:20201003|RRULE:FREQ=YEARLY|SUMMARY:Unity", {"2024-10-03": "Unity", "2025-10-03": "Unity"}),
        ("DTSTART;VALUE=DATE:20201003|RRULE:FREQ=YEARLY|EXDATE;VALUE=DATE:20241003|SUMMARY:U", {"2025-10-03": "U"}),
        ("DTSTART;VALUE=DATE:20201003|RRULE:FREQ=YEARLY;UNTIL=20241231|SUMMARY:U", {"2024-10-03": "U"}),
        ("DTSTART;VALUE=DATE:20231230|DTEND;VALUE=DATE:20240102|SUMMARY:Y", {"2024-01-01": "Y"}),
        ("DTSTART:20240501T090000Z|SUMMARY:A meeting", {}),
        ("DTSTART;VALUE=DATE:20240501|STATUS:CANCELLED|SUMMARY:Off", {}),
        ("SUMMARY:No start", {}),
    ],
)
def test_all_day_events_close_their_days(tmp_path: Path, event: str, closed: dict[str, str]) -> None:
    """Each day of them between the two days, with the summary as its reason."""
    pytest.importorskip("icalendar")
    (tmp_path / "days.ics").write_text(_ics(event), encoding="utf-8")
    layer = ws.interchange.days_off(tmp_path / "days.ics", "2024-01-01", "2025-12-31")
    asked = [date(2024, 1, 1), *map(date.fromisoformat, closed)]
    found = {str(day): said.removeprefix("closed: ") for day in asked if (said := layer.reason(day))}
    assert found == closed
    calendar = ws.WorkCalendar("UTC", "mon-sun 09:00-17:00").with_layer(layer)
    assert calendar.workdays_between("2024-01-01", "2026-01-01") == 731 - len(closed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "calendar"),
        ("", "calendar"),
        (_ics("DTSTART;VALUE=DATE:20240501|RRULE:FREQ=SECONDLY"), "more often than daily"),
        (_ics("DTSTART;VALUE=DATE:20000501|DTEND;VALUE=DATE:21990501"), "days"),
        (_ics(*["DTSTART;VALUE=DATE:20240501"] * 20_001), "20,001 events"),
    ],
)
def test_what_is_no_calendar_or_too_much_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """In a bounded time, with what is wrong."""
    pytest.importorskip("icalendar")
    (tmp_path / "days.ics").write_text(text, encoding="utf-8")
    with pytest.raises(ws.WindowserviceError, match=said):
        ws.interchange.days_off(tmp_path / "days.ics", "2024-01-01", "2025-12-31")


def test_the_command_writes_all_three(tmp_path: Path) -> None:
    """Each is a form of audit; the exit code is that of the audit."""
    (tmp_path / "requests.csv").write_text("id,bank,service\nR,B,S10\n")
    (tmp_path / "events.csv").write_text("request,at,kind,by\nR,2018-05-03T09:40+08:00,submitted,w\n")
    asked = ["audit", str(tmp_path), "--as-of", "2018-05-31", "--rules", "told_once"]
    for form, begins in (("sarif", "{"), ("openmetrics", "# TYPE"), ("ics", "BEGIN:VCALENDAR")):
        result = CliRunner().invoke(app, [*asked, "--format", form])
        assert (result.exit_code, result.stdout.startswith(begins)) == (1, True), result.output


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20240501|DURATION:P3D", 3),
        ("DTSTART;VALUE=DATE:20240501|RDATE;VALUE=DATE:20240701", 2),
    ],
)
def test_lengths_and_further_dates_are_read(tmp_path: Path, event: str, days: int) -> None:
    """However a calendar says that an event lasts or comes again."""
    pytest.importorskip("icalendar")
    (tmp_path / "days.ics").write_text(_ics(event), encoding="utf-8")
    layer = ws.interchange.days_off(tmp_path / "days.ics", "2024-01-01", "2024-12-31")
    calendar = ws.WorkCalendar("UTC", "mon-sun 09:00-17:00").with_layer(layer)
    assert calendar.workdays_between("2024-01-01", "2025-01-01") == 366 - days


@pytest.mark.parametrize(
    "event", ["DTSTART;VALUE=DATE:20240501|EXDATE:xx", "DTSTART;VALUE=DATE:20240501|RRULE:FREQ=YEARLY|RRULE:FREQ=DAILY"]
)
def test_a_broken_event_is_told(tmp_path: Path, event: str) -> None:
    """In an error of the library, with the event."""
    pytest.importorskip("icalendar")
    (tmp_path / "days.ics").write_text(_ics(event), encoding="utf-8")
    with pytest.raises(ws.WindowserviceError, match="calendar"):
        ws.interchange.days_off(tmp_path / "days.ics", "2024-01-01", "2024-12-31")
