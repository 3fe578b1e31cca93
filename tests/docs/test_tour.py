"""The tour of the library from outside: every snippet runs as it is written, with its result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import attrs
import pytest

import windowservice as ws
from windowservice.facts import event as e
from windowservice.facts import request as r

WANG_CASE = ws.Request(
    id="R-2018-0042",
    bank="105221000018",
    service="S10",
    amount=None,
    channel="counter",
    events=[
        ws.Event("2018-05-03T09:40+08:00", "submitted", by="wang"),
        ws.Event("2018-05-03T10:05+08:00", "notified", by="wang", items={"S10-M2"}, written=True),
        ws.Event("2018-05-04T09:00+08:00", "supplemented", items={"S10-M2"}),
        ws.Event("2018-05-04T09:20+08:00", "accepted", by="wang"),
        ws.Event("2018-05-14T16:10+08:00", "decided", by="li"),
    ],
)
WRITTEN_LEDGER = {
    "requests.csv": "id,bank,service\nR-1,105221000018,S10\nR-2,105221000018,S10\nR-3,313222080002,S10\n",
    "events.csv": "request,at,kind,by\n"
    "R-1,2018-05-03 09:40,submitted,wang\nR-1,2018-05-03 10:00,accepted,wang\n"
    "R-1,2018-05-14 16:10,checked,zhao\nR-1,2018-05-14 16:10,decided,li\n"
    "R-2,2018-05-03 09:40,submitted,wang\nR-2,2018-05-03 09:50,accepted,wang\n"
    "R-2,2018-05-03 10:20,checked,zhao\nR-2,2018-05-03 10:30,decided,li\n"
    "R-3,2018-06-29 09:40,submitted,wang\nR-3,2018-06-29 09:50,accepted,wang\n",
    "ledger.toml": 'zone = "Asia/Shanghai"\n',
}


@pytest.fixture
def ledger_folder(tmp_path: Path) -> Path:
    """A ledger of three requests: one late, one done within the hour, one still open."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    for name, text in WRITTEN_LEDGER.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def engine() -> ws.Engine:
    """The engine with the built-in packs and whatever is installed beside them."""
    return ws.Engine.load()


# --- an app developer -----------------------------------------------------------------------------------------------


def test_app_developer_checks_one_request(engine: ws.Engine) -> None:
    """A request decided a working day late fails the commitment, and the finding says by how much and why."""
    report = engine.check(WANG_CASE, as_of="2018-05-15T09:00+08:00")
    assert report.passed is False
    finding = next(finding for finding in report.failures if finding.rule == "commitment/commitment_kept")
    line = str(finding)
    assert line.startswith("R-2018-0042 fail commitment/commitment_kept (major): ")
    assert "late by 2 days 23 hours 10 minutes (open time 5 h 40 min), due 2018-05-11 17:00+0800" in line
    assert finding.late_by == timedelta(days=2, hours=23, minutes=10)
    assert finding.overrun == ws.work(hours=5, minutes=40)
    case = finding.explain()
    assert "requires  request.finished_at.by(request.commitment_due)" in case
    assert "figure commitment[S10] = 5 working days, since 2018-01-01" in case
    assert "2018-05-04 09:20+0800  accepted by wang" in case


def test_engine_loads_what_it_is_given() -> None:
    """Packs, plugins, calendars, catalogue and banks may each be given in place of the built-in ones."""
    cal = ws.WorkCalendar.china("09:00-12:00 13:00-18:00")
    bank = ws.Bank(id="105221000018", name="A bank")
    engine = ws.Engine.load(
        packs=[dalian_pack()], plugins=[], calendars=cal, catalogue=ws.Catalogue.default(), banks={bank.id: bank}
    )
    assert [pack.name for pack in engine.packs] == ["dalian"]
    assert engine.calendar is cal
    assert engine.banks[bank.id] is bank


# --- a plugin author ------------------------------------------------------------------------------------------------

notice = ws.Basis("Dalian branch, notice no. 12 of 2018", issued="2018-06-01")
large_cash = ws.Figure("large_cash", int, {"2018-07-01": 500_000}, unit="yuan", basis=notice.article(3))


class dalian(ws.Facts, of=r):
    """A plugin's own facts."""

    booked_at = ws.fact(e.at.first(where=e.kind == "booked"), "When the withdrawal was booked")


def dalian_pack() -> ws.Pack:
    """The pack of the tour."""
    return ws.Pack(
        "dalian",
        version="2018.6",
        rules=[
            ws.Rule(
                "large_cash_booked",
                title={
                    "en": "A large cash withdrawal is booked before the day it is served",
                    "zh": "大额取现须提前一日预约",
                },
                basis=notice.article(3),
                when=(r.service == "S08") & (r.amount >= large_cash),
                require=dalian.booked_at.date() < r.accepted_at.date(),
                severity="major",
            ),
        ],
    )


def dalian_plugin() -> ModuleType:
    """A module with the hook of the tour."""

    @ws.hookimpl
    def windowservice_packs() -> list[ws.Pack]:
        return [dalian_pack()]

    module = ModuleType("dalian")
    module.windowservice_packs = windowservice_packs  # type: ignore[attr-defined]
    return module


def withdrawal(booked: str, amount: int | None, submitted: str = "2018-07-10T09:00+08:00") -> ws.Request:
    """A cash withdrawal accepted on 10 July 2018."""
    events = [
        ws.Event(booked, "booked"),
        ws.Event(submitted, "submitted"),
        ws.Event("2018-07-10T09:05+08:00", "accepted"),
    ]
    return ws.Request("R-9", "105221000018", "S08", amount=amount, events=events)


@pytest.mark.parametrize(
    ("booked", "amount", "verdict"),
    [
        ("2018-07-09T16:59+08:00", 500_000, "pass"),
        ("2018-07-10T08:31+08:00", 500_000, "fail"),
        ("2018-07-10T08:31+08:00", 499_999, "not_applicable"),
        ("2018-07-10T08:31+08:00", None, "unknown"),
    ],
)
def test_plugin_author_adds_a_rule(booked: str, amount: int | None, verdict: str) -> None:
    """The pack is loaded through its hook, and its rule says each of the verdicts."""
    engine = ws.Engine.load(plugins=[dalian_plugin()])
    report = engine.check(withdrawal(booked, amount), as_of="2018-07-11")
    assert report.verdicts["dalian/large_cash_booked"] == verdict


def test_figure_is_unknown_before_its_first_date() -> None:
    """A request of June is not judged by a figure in force from July."""
    engine = ws.Engine.load(plugins=[dalian_plugin()])
    request = withdrawal("2018-06-09T09:00+08:00", 900_000, "2018-06-10T09:00+08:00")
    finding = engine.check(request, as_of="2018-07-11").finding("R-9", "dalian/large_cash_booked")
    assert finding.verdict == "unknown"
    assert "large_cash" in "".join(finding.missing)


# --- a notebook user ------------------------------------------------------------------------------------------------


def test_notebook_user_audits_a_ledger(engine: ws.Engine, ledger_folder: Path) -> None:
    """A ledger is read and audited; the report counts, shows, gives frames and is narrowed."""
    ledger = ws.Ledger.read(ledger_folder)
    report = engine.audit(ledger, as_of="2018-06-30T17:00+08:00")
    assert str(report).startswith("3 records as of 2018-06-30 17:00+0800")
    assert "commitment/commitment_kept" in report._repr_mimebundle_()["text/html"]
    failed = report.filter(bank="105221000018", verdict="fail")
    assert {finding.key for finding in failed} == {"R-1"}
    assert report.filter(rule="commitment_kept").counts == {"fail": 1, "pass": 1, "pending": 1}
    requests = list(ledger)
    assert engine.audit(requests, as_of="2018-06-30T17:00+08:00").counts == report.counts


def test_findings_are_a_frame_that_arrow_readers_take(engine: ws.Engine, ledger_folder: Path) -> None:
    """With the extra `columns`, findings are a frame with one row for each rule and record."""
    polars = pytest.importorskip("polars", reason="the extra `columns` is not installed")
    report = engine.audit(ws.Ledger.read(ledger_folder), as_of="2018-06-30T17:00+08:00")
    frame = report.findings.to_frame()
    assert len(report.findings) == frame.height == 3 * len(engine.runner_of(None, r).rules)
    late = frame.filter(polars.col("rule") == "commitment/commitment_kept", polars.col("verdict") == "fail")
    assert late["shortfall"].item() > 0


def test_notebook_user_tries_a_rule(engine: ws.Engine, ledger_folder: Path) -> None:
    """A rule of one's own is judged beside the others: late, in time, and still open but past its hour."""
    quick = ws.Rule("quick", title="Served within an hour", require=r.worked.within(ws.work(hours=1)))
    report = engine.with_rules(quick).audit(ws.Ledger.read(ledger_folder), as_of="2018-06-30T17:00+08:00")
    assert {f.key: str(f.verdict) for f in report.filter(rule="own/quick")} == {
        "R-1": "fail",
        "R-2": "pass",
        "R-3": "fail",
    }
    early = engine.with_rules(quick).audit(ws.Ledger.read(ledger_folder), as_of="2018-06-29T10:00+08:00")
    assert early.finding("R-3", "own/quick").verdict == "pending"


# --- another kind of record -----------------------------------------------------------------------------------------


class ticket(ws.Facts):
    """A help-desk ticket as our app holds it."""

    opened_at = ws.fact(datetime, "When it was opened", required=True)
    priority = ws.fact(str, "P1 to P4", required=True)
    closed_at = ws.fact(datetime, "When it was closed")


@attrs.frozen
class Ticket:
    """A ticket of an app that knows nothing of this library."""

    opened_at: datetime
    priority: str
    closed_at: datetime | None = None


P1_SAME_DAY = ws.Rule(
    "p1_same_day",
    of=ticket,
    title="A P1 ticket is closed on the working day on which it was opened",
    when=ticket.priority == "P1",
    require=ticket.closed_at.by(ws.due(ticket.opened_at, "same working day")),
)


@pytest.mark.parametrize(
    ("priority", "closed", "verdict"),
    [
        ("P1", "2018-05-03T17:00+08:00", "pass"),
        ("P1", "2018-05-03T17:00:01+08:00", "fail"),
        ("P1", None, "pending"),
        ("P3", None, "not_applicable"),
    ],
)
@pytest.mark.parametrize(
    "as_record", [lambda **fields: Ticket(**fields), dict, lambda **fields: SimpleNamespace(**fields)]
)
def test_own_record(engine: ws.Engine, as_record: type, priority: str, closed: str | None, verdict: str) -> None:
    """An attrs object, a dict and any object with attributes are judged by a vocabulary of the app's own."""
    mine = as_record(
        opened_at=datetime.fromisoformat("2018-05-03T09:40+08:00"),
        priority=priority,
        closed_at=None if closed is None else datetime.fromisoformat(closed),
    )
    now = "2018-05-03T16:00+08:00" if closed is None else "2018-05-04T09:00+08:00"
    report = engine.with_rules(P1_SAME_DAY).check(mine, as_of=now)
    assert report.verdicts == {"own/p1_same_day": verdict}


# --- a clerk or an auditor --------------------------------------------------------------------------------------------


def test_clerk_audits_from_the_command_line(ledger_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command finds the late request, and its exit code says so; nothing is that grave one step up."""
    pytest.importorskip("click", reason="the extra `cli` is not installed")
    from windowservice.cli import main

    assert main(["audit", str(ledger_folder), "--as-of", "2018-06-30", "--fail-on", "major"]) == 1
    assert "commitment/commitment_kept" in capsys.readouterr().out
    assert main(["audit", str(ledger_folder), "--as-of", "2018-06-30", "--fail-on", "severe"]) == 0


# --- working time ---------------------------------------------------------------------------------------------------


def test_china_has_shifted_rest_days() -> None:
    """The calendar of China knows the make-up workday of a notice, and the holiday it makes up for."""
    cal = ws.WorkCalendar.china("08:30-11:30 13:30-17:00")
    assert cal.is_workday("2018-04-28")  # a Saturday
    assert not cal.is_workday("2018-04-30")  # a Monday
    assert not cal.is_open("2018-05-03T12:00+08:00")


def test_national_holidays() -> None:
    """With the extra `holidays`, a country's public holidays are closed, as far as that package knows."""
    pytest.importorskip("holidays", reason="the extra `holidays` is not installed")
    cal = ws.WorkCalendar.from_holidays("NL", weekly="mon-fri 09:00-17:00")
    assert not cal.is_workday("2018-04-27")
    assert cal.known_until is not None


def test_working_time_by_itself() -> None:
    """Everything that the tour asks of a calendar and of a deadline is there and gives what it says."""
    cal = ws.WorkCalendar(
        timezone="Europe/Amsterdam",
        weekly={"mon-thu": "09:00-12:30 13:30-17:00", "fri": "09:00-12:30"},
        closed=["2018-04-27"],
        special={"2018-04-28": "09:00-12:00"},
        known_from=None,
        known_until="2018-12-31",
    )
    t, a, b, d = "2018-04-26T16:00+02:00", "2018-04-26T16:00+02:00", "2018-04-28T10:00+02:00", date(2018, 4, 26)
    assert cal.is_open(t)
    assert cal.is_workday("2018-04-28")
    assert [(str(o), str(c)) for o, c in cal.sessions(a, b)] == [
        ("2018-04-26 16:00:00+02:00", "2018-04-26 17:00:00+02:00"),
        ("2018-04-28 09:00:00+02:00", "2018-04-28 10:00:00+02:00"),
    ]
    assert cal.next_open("2018-04-27T10:00+02:00").isoformat() == "2018-04-28T09:00:00+02:00"
    assert cal.last_close("2018-04-27T10:00+02:00").isoformat() == "2018-04-26T17:00:00+02:00"
    assert cal.add(t, ws.work(hours=3)).isoformat() == "2018-04-28T11:00:00+02:00"
    assert cal.worked(a, b) == ws.work(hours=2)
    assert cal.worked(a, b).total_seconds() == 7200
    assert cal.add_workdays(d, 3) == date(2018, 5, 1)
    assert cal.workdays_between(d, "2018-05-01") == 3
    assert cal.workdays_taken(d, cal.add_workdays(d, 3)) == 3


def test_sessions_reach_into_neighbouring_dates() -> None:
    """Night shifts and systems that open the evening before are written under the date that owns them."""
    night = ws.WorkCalendar(timezone="UTC", weekly={"mon-sun": "22:00-06:00"})
    same = ws.WorkCalendar(timezone="UTC", weekly={"mon-sun": "22:00-06:00(+1)"})
    system = ws.WorkCalendar(timezone="Asia/Shanghai", weekly="mon-fri 20:30(-1)-17:15")
    assert night.version == same.version
    assert system.business_date("2018-05-03T21:00+08:00") == date(2018, 5, 4)


def test_deadline_of_a_limit() -> None:
    """A deadline says when, how far along, how late, and where the time went."""
    cal = ws.WorkCalendar.china("08:30-11:30 13:30-17:00")
    limit = ws.Limit.parse("3 working days")
    deadline = limit.deadline(
        "2018-05-03T09:40+08:00",
        calendar=cal,
        stops=[ws.Stop("2018-05-04T09:00+08:00", "2018-05-04T15:00+08:00", "hearing", written=True)],
        as_of="2018-05-15T09:00+08:00",
        done=None,
    )
    assert deadline.due.isoformat() == "2018-05-09T17:00:00+08:00"
    assert deadline.last_day == date(2018, 5, 9)
    assert deadline.state == "overdue"
    assert deadline.late_by == timedelta(days=5, hours=16)
    assert deadline.overrun == ws.work(hours=6.5 * 3 + 0.5)
    assert (deadline.remaining, deadline.provisional) == (0, False)
    elapsed = datetime.fromisoformat("2018-05-15T09:00+08:00") - datetime.fromisoformat("2018-05-03T09:40+08:00")
    assert sum((span.elapsed for span in deadline.spans), timedelta()) == elapsed
    assert {span.reason for span in deadline.spans} == {"running", "hearing", "off_hours", "after_due"}


def test_tour_stop_needs_no_more_than_the_tour_gives() -> None:
    """A statutory stop without a written notice is taken in, does not count, and says so."""
    cal = ws.WorkCalendar.china("08:30-11:30 13:30-17:00")
    stop = ws.Stop("2018-05-04T09:00+08:00", "2018-05-04T15:00+08:00", "hearing")
    deadline = ws.Limit.parse("3 working days").deadline(
        "2018-05-03T09:40+08:00", calendar=cal, stops=[stop], as_of="2018-05-05T09:00+08:00", done=None
    )
    assert deadline.due.isoformat() == "2018-05-08T17:00:00+08:00"
    assert [remark.code for remark in deadline.remarks] == ["stop_not_written"]
