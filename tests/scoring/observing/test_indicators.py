"""Each indicator of the default scorecard that a ledger's tables can tell, counted from a few rows; and its vetoes.

In May 2018: the 3rd a Thursday, the 5th and 6th a weekend. Rows are cells apart by bars; the period is the month, the
quarter or the year in which the indicator is read.
"""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from tests.rules.tables import engine, folder_of

import windowservice as ws
from windowservice.domain.scorecard.readings_period import ReportingPeriod, to_period

HEADERS = {
    "voucher_counts": "id | bank | counted_at | vouchers | first_pass | returned | entries | reversed",
    "statements": "id | bank | issued_at | due_on | confirmed_at | fault_party",
    "differences": "id | bank | opened_at | closed_at | fault_party",
    "occurrences": "id | bank | kind | happened_at | system | seconds | about",
    "defects": "id | origin | bank | level | found_at | closed_at | owner | verified_by",
    "filings": "id | bank | kind | happened_at | filed_at | held_at | result_at",
    "training_needs": "id | kind | bank | person | arisen_at | effective_on | held_at | passed_at",
    "actions": "id | bank | action | proposed_at | decided_at | decision | due_at | rectified_at | released_at",
    "positions": "id | bank | checkpoint_at | balance | required | queued_at_close | fault_party",
    "incidents": "id | bank | system | started_at | ended_at | cause",
    "requests": "id | bank | service",
    "events": "request | at | kind | slot_begin | slot_end",
}


@attrs.frozen
class Counted:
    """What rows come to: the reading of B1's own (None: there is none), and the rows behind what was missed."""

    indicator: str
    what: str
    table: str
    rows: str
    reading: str | None
    items: tuple[str, ...] = ()
    period: str = "2018-05"

    @property
    def month(self) -> ReportingPeriod:
        """The month with which the period is read: its last."""
        return to_period(self.period).split("month")[-1]


CASES = [
    Counted("A1", "of what was handed in", "voucher_counts",
            "V1 | B1 | 2018-05-03 17:00 | 400 | 396 | 3 | 900 | 2\n"
            "V2 | B1 | 2018-05-04 17:00 | 100 | 99 | 0 | 100 | 0\n"
            "V3 | B1 | 2018-06-01 17:00 | 100 | 0 | 100 | 100 | 100", "3/500", ("V1",)),
    Counted("A2", "booked at once, of what was handed in", "voucher_counts",
            "V1 | B1 | 2018-05-03 17:00 | 400 | 396 | 3 | 900 | 2\n"
            "V2 | B1 | 2018-05-04 17:00 | 100 | 100 | 0 | 100 | 0",
            "496/500", ("V1",)),
    Counted("A4", "of what was booked", "voucher_counts",
            "V1 | B1 | 2018-05-03 17:00 | 400 | 396 | 3 | 900 | 2", "2/900", ("V1",)),
    Counted("A4", "more reversed than booked tells nothing", "voucher_counts",
            "V1 | B1 | 2018-05-03 17:00 | | | | 1 | 2", None),
    Counted("A7", "by the day named, or within five working days", "statements",
            "S1 | B1 | 2018-05-03 10:00 | 2018-05-08 | 2018-05-08 17:00 |\n"
            "S2 | B1 | 2018-05-03 10:00 | 2018-05-08 | 2018-05-08 17:01 |\n"
            "S3 | B1 | 2018-05-03 10:00 | | 2018-05-10 17:00 |\nS4 | B1 | 2018-05-03 10:00 | | |\n"
            "S5 | B1 | 2018-05-03 10:00 | | | telecom\nS6 | B1 | 2018-05-28 10:00 | | |", "2/4", ("S2", "S4")),
    Counted("A8", "open for more than five working days at the month's end, however old", "differences",
            "D1 | B1 | 2017-11-01 10:00 | |\nD2 | B1 | 2018-05-03 10:00 | 2018-05-31 09:00 |\n"
            "D3 | B1 | 2018-05-03 10:00 | 2018-06-01 09:00 |\nD4 | B1 | 2018-05-30 10:00 | |", "2", ("D1", "D3")),
    Counted("A8", "all cleared up", "differences", "D1 | B1 | 2018-03-01 10:00 | 2018-05-31 09:00 |", "0"),
    Counted("B6", "days, not assessments", "occurrences",
            "O1 | B1 | reserve_deficit | 2018-05-03 09:00 | | |\nO2 | B1 | reserve_deficit | 2018-05-03 15:00 | | |\n"
            "O3 | B1 | reserve_deficit | 2018-05-04 09:00 | | |", "2", ("O1", "O2", "O3")),
    Counted("B6", "other occurrences tell nothing of it", "occurrences",
     "O1 | B1 | log_on_missed | 2018-05-03 09:00 | | |", None),
    Counted("D3", "days", "occurrences", "O1 | B1 | log_on_missed | 2018-05-03 08:31 | HVPS | |", "1", ("O1",)),
    Counted("D5", "closed by the limit of the level, and verified", "defects",
            "F1 | inspection | B1 | high | 2018-05-03 10:00 | 2018-05-04 17:00 | li | wang\n"
            "F2 | inspection | B1 | high | 2018-05-03 10:00 | 2018-05-04 17:01 | li | wang\n"
            "F3 | inspection | B1 | medium | 2018-05-03 10:00 | 2018-05-10 10:00 | li |\n"
            "F4 | inspection | | high | 2018-05-03 10:00 | | li |\n"
            "F5 | complaint | B1 | high | 2018-05-03 10:00 | | li |\n"
            "F6 | inspection | B1 | low | 2018-06-20 10:00 | | li |", "1/3", ("F2", "F3"), "2018-Q2"),
    Counted("D6", "held and reported, of those planned for the year", "filings",
            "R1 | B1 | drill | 2018-05-03 10:00 | 2018-04-03 10:00 | 2018-05-03 10:00 | 2018-05-09 10:00\n"
            "R2 | B1 | drill | 2018-09-03 10:00 | 2018-08-03 10:00 | 2018-09-03 10:00 |\n"
            "R3 | B1 | emergency | 2018-09-03 10:00 | | |", "1/2", ("R2",), "2018"),
    Counted("D7", "required trainees who attended and passed", "training_needs",
            "T1 | risk | B1 | zhang | 2018-05-03 10:00 | | 2018-05-04 10:00 | 2018-05-04 16:00\n"
            "T2 | risk | B1 | qian | 2018-05-03 10:00 | | 2018-05-04 10:00 |\n"
            "T3 | risk | B1 | sun | 2018-05-03 10:00 | | |\n"
            "T4 | new_rule | B1 | li | 2018-05-03 10:00 | 2018-06-01 | 2018-05-10 10:00 | 2018-05-10 16:00\n"
            "T5 | asked_for | B1 | wu | 2018-05-03 10:00 | | |\nT6 | risk | B1 | | 2018-05-03 10:00 | | |",
            "2/4", ("T2", "T3"), "2018-Q2"),
    Counted("D8", "overdue at the end of the quarter", "actions",
            "M1 | B1 | interview | 2018-01-03 10:00 | 2018-01-04 10:00 | taken | 2018-02-01 17:00 | |\n"
            "M2 | B1 | circular | 2018-04-03 10:00 | 2018-04-04 10:00 | taken | 2018-05-01 17:00 | 2018-06-30 10:00 |\n"
            "M3 | B1 | interview | 2018-04-03 10:00 | 2018-04-04 10:00 | rejected | 2018-05-01 17:00 | |\n"
            "M4 | B1 | urge | 2018-04-03 10:00 | 2018-04-04 10:00 | taken | 2018-05-01 17:00 | |\n"
            "M5 | B1 | onsite_check | 2018-05-03 10:00 | 2018-05-04 10:00 | taken | 2018-07-02 17:00 | |",
            "1", ("M1",), "2018-Q2"),
]  # fmt: skip


def ledger_of(path: Path, **rows: str) -> ws.Ledger:
    tables = {name: f"{HEADERS[name]}\n{text}" for name, text in rows.items()}
    ledger = ws.Ledger.read(folder_of(path, **tables))
    assert not ledger.report.rejections, ledger.report
    return ledger


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.indicator}: {case.what}")
def test_row_a1_an_indicator_is_counted_from_its_table(tmp_path: Path, case: Counted) -> None:
    """Numerator, denominator and the rows behind it, of the bank's own fault alone."""
    found = engine().observe(ledger_of(tmp_path, **{case.table: case.rows}), case.month)
    own = [row for row in found.readings if row.indicator == case.indicator and row.fault_party == "institution"]
    assert [(str(row), str(row.period), row.items) for row in own] == (
        [] if case.reading is None else [(case.reading, case.period, case.items)]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.indicator}: {case.what}")
def test_row_a1_columns_count_the_same_from_the_new_tables(tmp_path: Path, case: Counted) -> None:
    """Frames of the same rows give the same readings."""
    polars = pytest.importorskip("polars")
    ledger = ledger_of(tmp_path, **{case.table: case.rows})
    rows = [{name: value for name, value in row.items() if name != "extra"} for row in ledger.records[case.table]]
    frame = polars.DataFrame(rows, infer_schema_length=None)
    assert engine().observe({case.table: frame}, case.month) == engine().observe(ledger, case.month)


LATER = 2**62
"""After everything that happened, in microseconds: nothing is hidden from the frames."""
SLOT = "2018-05-10 09:00 | 2018-05-10 10:00"
ANEW = "R1 | 2018-05-11 09:00 | booked | 2018-05-14 09:00 | 2018-05-14 10:00"
CANCELLED = "R1 | 2018-05-09 10:00 | cancelled | |"


@pytest.mark.parametrize(
    ("what", "service", "events", "reading"),
    [
        ("came before the slot was over", "S08", "R1 | 2018-05-10 09:55 | arrived | |", "1/1"),
        ("came within the grace of 30 minutes", "S08", "R1 | 2018-05-10 10:30 | arrived | |", "1/1"),
        ("came after it", "S08", "R1 | 2018-05-10 10:31 | arrived | |", "0/1"),
        ("came before it was booked, and not again", "S08", "R1 | 2018-05-07 09:50 | arrived | |", "0/1"),
        ("served in time, though nobody wrote that it came", "S08", "R1 | 2018-05-10 10:20 | served | |", "1/1"),
        ("taken back before the slot", "S08", "R1 | 2018-05-09 10:00 | withdrawn | |", None),
        ("did not come", "S08", "", "0/1"),
        ("cancelled before the slot", "S08", CANCELLED, None),
        ("cancelled, and booked again", "S08", f"{CANCELLED}\nR1 | 2018-05-09 11:00 | booked | {SLOT}", "0/1"),
        ("another kind of business", "S09", "", None),
        ("reopened, each cycle by itself", "S08",
         "R1 | 2018-05-10 09:55 | arrived | |\nR1 | 2018-05-10 11:00 | closed | |\n"
         "R1 | 2018-05-11 09:00 | reopened | |\n"
         "R1 | 2018-05-11 09:10 | booked | 2018-05-14 09:00 | 2018-05-14 10:00", "1/2"),
        ("came only after the period", "S08", "R1 | 2018-06-01 09:00 | arrived | |", "0/1"),
        ("booked anew after the period", "S08",
         "R1 | 2018-06-01 09:00 | booked | 2018-06-10 09:00 | 2018-06-10 10:00", "0/1"),
        ("missed, and booked anew and kept", "S08", f"{ANEW}\nR1 | 2018-05-14 09:00 | arrived | |", "0/1"),
        ("missed, and booked anew for after the period", "S08", ANEW.replace("05-14", "06-14"), "0/1"),
        ("booked anew in time, and kept", "S08",
         f"{ANEW.replace('05-11', '05-09')}\nR1 | 2018-05-14 09:00 | arrived | |", "1/1"),
        ("missed, booked anew and given up", "S08", f"{ANEW}\nR1 | 2018-05-12 09:00 | withdrawn | |", "0/1"),
    ],
)  # fmt: skip
def test_row_a1_appointments_are_counted_from_requests(
    tmp_path: Path, what: str, service: str, events: str, reading: str | None
) -> None:
    """Cash withdrawals with a booked slot are B8, as they stood at the end of the month; frames say the same."""
    booked = f"R1 | 2018-05-07 10:00 | booked | {SLOT}"
    ledger = ledger_of(tmp_path, requests=f"R1 | B1 | {service}", events=f"{booked}\n{events}")
    found = engine().observe(ledger, "2018-05")
    assert [str(row) for row in found.readings if row.indicator == "B8"] == ([] if reading is None else [reading]), what
    frames = pytest.importorskip("windowservice.engine.frames.requests").request_frames(ledger.requests, LATER, [])
    assert engine().observe(dict(zip(("requests", "events"), frames, strict=True)), "2018-05") == found


QUEUES = "\n".join(f"P{day} | B1 | 2018-05-0{day} 16:30 | 9 | 9 | 2 |" for day in (7, 8))


@pytest.mark.parametrize(
    ("what", "rows", "veto", "state", "value"),
    [
        ("three days of the queue in one table", {"positions": f"{QUEUES}\nP9 | B1 | 2018-05-09 16:30 | 9 | 9 | 2 |"},
         "V1", "fired", 3),
        ("two days there, one in the other",
         {"positions": QUEUES, "occurrences": "O1 | B1 | queued_at_close | 2018-02-01 17:15 | | |"},
         "V1", "fired", 3),
        ("one of them more than a year ago",
         {"positions": QUEUES, "occurrences": "O1 | B1 | queued_at_close | 2017-05-31 17:15 | | |"},
         "V1", "clear", 2),
        ("two days alone", {"positions": QUEUES}, "V1", "clear", 2),
        ("a day that nobody told of", {"positions": f"{QUEUES}\nP9 | B1 | 2018-05-09 16:30 | 9 | 9 | |"}, "V1",
         "unknown", None),
        ("by the fault of others", {"positions": QUEUES.replace("| 2 |", "| 2 | telecom")}, "V1", "clear", 0),
        ("three certain days, and one more that nobody told of",
         {"positions": f"{QUEUES}\nP9 | B1 | 2018-05-09 16:30 | 9 | 9 | 2 |\nP10 | B1 | 2018-05-10 16:30 | 9 | 9 | |"},
         "V1", "fired", 3),
        ("the same two days in both tables", {"positions": QUEUES, "occurrences": "\n".join(
            f"O{day} | B1 | queued_at_close | 2018-05-0{day} 17:15 | | |" for day in (7, 8))}, "V1", "clear", 2),
        ("an outage of more than eight hours",
         {"incidents": "I1 | B1 | HVPS | 2018-02-01 08:00 | 2018-02-01 16:01 | own"},
         "V2", "fired", 481),
        ("entered as an occurrence", {"occurrences": "O1 | B1 | outage | 2018-02-01 08:00 | HVPS | 28860 |"}, "V2",
         "fired", 481),
        ("the longest counts, not the sum", {"incidents": "I1 | B1 | HVPS | 2018-02-01 08:00 | 2018-02-01 13:00 | own",
          "occurrences": "O1 | B1 | outage | 2018-02-02 08:00 | HVPS | 18001 |"}, "V2", "clear", 301),
        ("an emergency not reported", {"filings": "R1 | B1 | emergency | 2018-05-03 10:00 | | |"}, "V3", "fired", 1),
        ("established later", {"occurrences": "O1 | B1 | filing_missed | 2018-05-03 10:00 | | | emergency"}, "V3",
         "fired", 1),
        ("a forgery", {"occurrences": "O1 | B1 | forgery | 2017-06-01 10:00 | | |"}, "V4", "fired", 1),
        ("a forgery at another bank", {"occurrences": "O1 | B2 | forgery | 2018-05-03 10:00 | | |"}, "V4", "clear", 0),
        ("no table that could hold one", {"positions": QUEUES}, "V4", "unknown", None),
    ],
)  # fmt: skip
def test_row_a1_vetoes_ask_the_tables(
    tmp_path: Path, what: str, rows: dict[str, str], veto: str, state: str, value: int | None
) -> None:
    """The figures of 365 days come from every table that tells them; what no table holds is unknown, and says why."""
    folder_of(tmp_path, banks="id | name\nB1 | One\nB2 | Two")
    found = engine().score(ledger_of(tmp_path, **rows), "2018-05", "B1").of("B1")
    (outcome,) = (row for row in found.vetoes if row.veto.id == veto)
    assert (outcome.state, outcome.value) == (state, value), what
    assert (outcome.why != "") == (state == "unknown")
    if what == "a day that nobody told of":
        assert outcome.why == "these do not say enough: P9"
    if what == "no table that could hold one":
        assert outcome.why == "the ledger has no table of occurrences"
