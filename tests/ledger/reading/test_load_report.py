"""The load report: counts that add up, and text that shows them."""

from __future__ import annotations

import json

import pytest

from windowservice.ledger.ledger import Ledger
from windowservice.worktime.calendar import WorkCalendar

REQUESTS = [{"id": f"R{number}", "bank": "B1", "service": "S10"} for number in range(1, 4)]


def event(request, at, kind="submitted", **more):
    return {"request": request, "at": at, "kind": kind, **more}


def report(events, **said):
    said.setdefault("zone", "Asia/Shanghai")
    return Ledger.read({"requests": REQUESTS, "events": events}, **said).report


def test_midnight_is_local():
    """00:00:00 by the wall clock of the ledger counts, whatever offset it was written with; a second later does not."""
    events = [
        event("R1", "2018-05-03 00:00"),
        event("R2", "2018-05-02T16:00Z"),
        event("R3", "2018-05-03T00:00Z"),
        event("R3", "2018-05-03 00:00:01"),
    ]
    assert report(events).at_midnight == 2
    assert report([event("R1", "2018-05-03T00:00+02:00")], zone=None).at_midnight == 1


def test_events_outside_opening_hours_are_counted_if_there_is_a_calendar():
    """Open is half-open: at the close nobody is there any more; without a calendar nothing is said."""
    calendar = WorkCalendar.china("08:30-11:30 13:30-17:00")
    times = ["2018-05-03 08:30", "2018-05-03 11:29:59", "2018-05-03 11:30", "2018-05-03 12:00", "2018-05-05 09:00"]
    events = [event("R1", at) for at in times]
    assert report(events, calendar=calendar).outside_hours == 3
    assert report(events).outside_hours is None


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ('china = "08:30-11:30 13:30-17:00"', 1),
        ('weekly = "mon-sun 00:00-24:00"', 0),
        ('file = "hours.toml"', 0),
    ],
)
def test_a_ledger_states_its_calendar(tmp_path, text, outside):
    """In ledger.toml, as hours of China's workdays or weekly hours of its zone, or in a file beside it."""
    (tmp_path / "hours.toml").write_text('timezone = "Asia/Shanghai"\nweekly = "mon-fri 09:00-17:00"\n')
    (tmp_path / "requests.csv").write_text("id,bank,service\nR1,B1,S10\n")
    (tmp_path / "events.csv").write_text("request,at,kind\nR1,2018-05-03 12:00,submitted\n")
    (tmp_path / "ledger.toml").write_text(f'zone = "Asia/Shanghai"\n[calendar]\n{text}\n')
    assert Ledger.read(tmp_path).report.outside_hours == outside


def test_events_after_as_of_are_counted():
    """A bare date means 24:00 of it in the zone of the ledger."""
    events = [event("R1", "2018-05-03 23:59"), event("R1", "2018-05-04 00:00"), event("R1", "2018-05-04 00:01")]
    assert report(events, as_of="2018-05-03").after_as_of == 1
    assert report(events).after_as_of is None


def test_local_times_that_occur_twice_are_counted():
    """The report says how many were taken as the first."""
    found = report([event("R1", "2018-11-04 01:30"), event("R1", "2018-03-11 02:30")], zone="America/New_York")
    assert (found.ambiguous_times, found.skipped_times) == (1, 1)
    assert "local times that occur twice (the first was taken): 1" in str(found)


def test_ties_are_counted_within_a_request_only():
    """Two requests may be touched at one instant."""
    same = "2018-05-03 09:00"
    found = report(
        [event("R1", same), event("R1", same, "accepted"), event("R2", same), event("R1", "2018-05-03 09:01")]
    )
    assert (found.tied_events, found.tied_requests) == (2, 1)
    assert found.duplicates == ()


def test_the_report_is_printed_and_written():
    """The text shows every number and the first rows of every list; the dict goes through JSON and loses nothing."""
    events = [event("R1", "2018-05-03 09:00"), *(event("R2", f"no {number}") for number in range(25))]
    found = report(events, recorded=["submitted"])
    text = str(found)
    assert "events (events): 26 rows read = 1 accepted + 25 rejected" in text
    assert "Rejected rows (25):" in text
    assert "... and 5 more" in text
    assert found.to_text(limit=30).count("events row") == 25
    assert "zone of times without one: Asia/Shanghai" in text
    assert "event kinds recorded: submitted" in text
    values = json.loads(json.dumps(found.to_dict(), ensure_ascii=False))
    assert (values["read"], values["accepted"], values["rejected"]) == (29, 4, 25)
    assert values["recorded"] == ["submitted"]
    assert len(values["rejections"]) == 25
    assert values["rejections"][0]["row"] == 2


def test_a_long_cell_is_shown_in_part():
    """A rejection names the length of what it does not show."""
    (rejection,) = report([event("R1", "x" * 5000)]).rejections
    assert len(rejection.value) < 200
    assert "5,000 characters" in rejection.value


def test_columns_that_nothing_reads_are_listed(tmp_path):
    """A column without a name, or that a mapping leaves out, is no loss in silence."""
    from windowservice.ledger.mapping.reading import mapping_from_dict

    (tmp_path / "t.csv").write_text("id,colour,\n1,red,x\n")
    said = {"table": [{"request": {"id": "id", "bank": {"constant": "b"}, "service": {"constant": "s"}}}]}
    found = Ledger.read(tmp_path / "t.csv", mapping=mapping_from_dict(said)).report
    assert found.files[0].unused == ("colour",)
    assert "t.csv: colour" in str(found)


def test_a_last_line_without_a_line_break_is_told_and_its_row_is_read(tmp_path):
    """A file cut off within its last, empty cells is no rejection, but somebody should look at it."""
    (tmp_path / "requests.csv").write_text("id,bank,service\nR1,B1,S10\n")
    (tmp_path / "events.csv").write_text("request,at,kind\nR1,2018-05-03 12:00,submitted\nR1,2018-05-04 12:00,decided")
    found = Ledger.read(tmp_path, zone="Asia/Shanghai").report
    assert (found.events, found.rejected) == (2, 0)
    assert [file.file for file in found.files if file.unended] == ["events.csv"]
    assert "the last line of events.csv has no line break: was the file cut off?" in str(found)
