"""Groups of rows, and rows of several types united, beside what a plain loop finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.errors import InvalidRule, UnknownName

AS_OF = datetime(2026, 3, 10, tzinfo=UTC)
BEGIN = datetime(2025, 12, 28, tzinfo=UTC)
LONG = timedelta(days=2)


class team(ws.Facts, rows=ws.Given("teams")):
    """A team."""

    id = ws.key("Name of the team")


class ticket(ws.Facts, rows=ws.Given("tickets"), happens="opened_at"):
    """A ticket of a help desk."""

    id = ws.key("Number")
    team = ws.code("Team that has it")
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    closed_at = ws.fact(datetime, "When it was closed", after=opened_at)
    spam = ws.fact(bool, "Whether it was spam")
    slow = ws.fact(closed_at - opened_at > LONG, "Whether it took more than two days")


class call(ws.Facts, rows=ws.Given("calls"), happens="at"):
    """A call."""

    id = ws.key("Number")
    team = ws.code("Team that took it", required=True)
    at = ws.fact(datetime, "When it came in", required=True)


class team_month(
    ws.Facts,
    rows=ws.Grouped(
        ticket,
        by={"team": ticket.team, "month": ws.period(ticket.opened_at, "month")},
        where=~ticket.spam,
        every={"team": team.id, "month": "2026-01-01"},
    ),
):
    """A team's month."""

    team = ws.code("Team", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    tickets = ws.fact(ticket.id.count(), "How many tickets were opened")
    slow = ws.fact(ticket.id.count(where=ticket.slow), "How many of them took more than two days")


class month_of_team(
    ws.Facts,
    rows=ws.United(
        ws.Part(
            team_month,
            {
                "team": team_month.team,
                "quarter": ws.period(team_month.month, "quarter"),
                "tickets": team_month.tickets,
            },
        )
    ),
):
    """A team's month, as its quarter sees it."""

    team = ws.code("Team", required=True)
    quarter = ws.fact(date, "First day of the quarter", required=True)
    tickets = ws.fact(int, "How many tickets were opened")


class team_quarter(
    ws.Facts, rows=ws.Grouped(month_of_team, by={"team": month_of_team.team, "quarter": month_of_team.quarter})
):
    """A team's quarter."""

    team = ws.code("Team", required=True)
    quarter = ws.fact(date, "First day of the quarter", required=True)
    busiest = ws.fact(month_of_team.tickets.max(), "How many tickets its busiest month had")


class contact(
    ws.Facts,
    rows=ws.United(
        ws.Part(ticket, {"team": ticket.team, "at": ticket.opened_at, "way": "ticket"}, where=~ticket.spam),
        ws.Part(call, {"team": call.team, "at": call.at, "way": "call"}),
        same=("team", "at"),
    ),
    happens="at",
):
    """Somebody turned to the help desk."""

    team = ws.code("Team")
    at = ws.fact(datetime, "When")
    way = ws.fact(str, "How", words=("ticket", "call"))


def rule(of: type[ws.Facts], name: str, require: Any) -> ws.Rule:
    return ws.Rule(name, title=f"A rule made up for a test: {name}", of=of, require=require)


PACK = ws.Pack(
    "desk",
    version="1",
    rules=(
        rule(team_month, "few", team_month.tickets <= 1),
        rule(team_month, "quick", team_month.slow == 0),
        rule(team_quarter, "calm", team_quarter.busiest <= 1),
        rule(contact, "in_writing", contact.way == "ticket"),
    ),
)


class Desk:
    """The plugin of the help desk."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [team, ticket, call, team_month, month_of_team, team_quarter, contact]


ENGINE = ws.Engine.load(
    packs=[PACK], plugins=[Desk()], installed=False, calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")
)


def verdicts(folder: Path, **tables: str) -> dict[tuple[str, str], str]:
    """Return what rules say of the records of a ledger, by the record's number and the rule's name."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    report = ENGINE.audit(ENGINE.read(folder), as_of=AS_OF)
    return {(found.key, found.rule.partition("/")[2]): str(found.verdict) for found in report.findings}


TEAMS = "id\nnorth\nsouth\n"
HEAD = "id,team,opened_at,closed_at,spam\n"


def test_a_key_without_rows_has_a_group_where_every_names_it(tmp_path: Path) -> None:
    """Silence is not absence: a team and month without tickets is judged, with none."""
    found = verdicts(tmp_path, teams=TEAMS, tickets=HEAD + "1,north,2026-02-03T10:00Z,,no\n")
    assert {key for key, name in found if name == "few"} == {
        f"{one} 2026-0{month}-01" for one in ("north", "south") for month in (1, 2, 3)
    }
    assert {said for (_, name), said in found.items() if name == "few"} == {"pass"}
    assert found["north 2026-02-01", "quick"] == "unknown"  # it may still take long
    assert found["south 2026-02-01", "quick"] == "pass"


def test_a_group_over_a_table_that_the_ledger_lacks_is_unknown(tmp_path: Path) -> None:
    """A table that is not there is not an empty one."""
    found = verdicts(tmp_path, teams=TEAMS)
    assert found["north 2026-01-01", "few"] == "unknown"
    assert found["north 2026-01-01", "calm"] == "unknown"


def test_a_row_that_could_not_be_read_concerns_only_the_groups_it_may_belong_to(tmp_path: Path) -> None:
    """Also by way of other records: the quarter of the other team knows what it knew."""
    rows = "1,north,2026-02-03T10:00Z,,no\n2,south,soon,,no\n"
    found = verdicts(tmp_path, teams=TEAMS, tickets=HEAD + rows)
    assert found["north 2026-02-01", "few"] == "pass"
    assert found["north 2026-01-01", "calm"] == "pass"
    assert found["south 2026-02-01", "few"] == "unknown"
    assert found["south 2026-01-01", "calm"] == "unknown"


def test_a_row_that_does_not_tell_whether_it_belongs_leaves_its_group_unknown(tmp_path: Path) -> None:
    """It may be one more, or none."""
    rows = "1,north,2026-02-03T10:00Z,,no\n2,north,2026-02-03T10:00Z,,\n3,south,2026-02-03T10:00Z,,yes\n"
    found = verdicts(tmp_path, teams=TEAMS, tickets=HEAD + rows)
    assert found["north 2026-02-01", "few"] == "unknown"
    assert found["north 2026-01-01", "few"] == "pass"
    assert found["south 2026-02-01", "few"] == "pass"


def test_a_finding_names_the_rows_behind_what_was_missed(tmp_path: Path) -> None:
    """Of a count those counted, not the others of the group."""
    rows = "1,north,2026-02-03T10:00Z,2026-02-08T10:00Z,no\n2,north,2026-02-03T10:00Z,2026-02-03T11:00Z,no\n"
    (tmp_path / "teams.csv").write_text(TEAMS, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text(HEAD + rows, encoding="utf-8")
    report = ENGINE.audit(ENGINE.read(tmp_path), as_of=AS_OF)
    failed = {found.rule: found for found in report.failures}
    assert (failed["desk/quick"].items, failed["desk/few"].items) == (("1",), ("1", "2"))
    assert "behind it: tickets 1, 2" in failed["desk/few"].explain()


class closed_month(ws.Facts, rows=ws.Grouped(ticket, by={"month": ws.period(ticket.closed_at, "month")})):
    """A month in which tickets were closed."""

    month = ws.fact(date, "First day of the month", required=True)
    tickets = ws.fact(ticket.id.count(), "How many tickets were closed")


def test_a_row_whose_key_has_not_happened_is_in_no_group(tmp_path: Path) -> None:
    """A ticket that is open, or closed later, is closed in no month yet, and leaves none in doubt."""
    rows = (
        "1,north,2026-02-03T10:00Z,2026-02-04T10:00Z,no\n2,north,2026-02-03T10:00Z,,no\n"
        "3,north,2026-02-03T10:00Z,2026-03-20T10:00Z,no\n"
    )
    (tmp_path / "tickets.csv").write_text(HEAD + rows, encoding="utf-8")
    engine = ENGINE.with_rules(rule(closed_month, "one", closed_month.tickets == 1))
    report = engine.audit(engine.read(tmp_path), as_of=AS_OF)
    assert [(found.key, str(found.verdict)) for found in report.of_rule("one")] == [("2026-02-01", "pass")]


def test_a_row_that_does_not_tell_is_named_as_what_it_is(tmp_path: Path) -> None:
    """It was read: only a row that was not is said to be rejected."""
    rows = "1,north,2026-02-03T10:00Z,,\n2,south,soon,,no\n"
    (tmp_path / "teams.csv").write_text(TEAMS, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text(HEAD + rows, encoding="utf-8")
    report = ENGINE.audit(ENGINE.read(tmp_path), as_of=AS_OF)
    found = {one.key: str(one.unread[0]) for one in report.of_rule("few") if one.unread}
    assert found["north 2026-02-01"] == "tickets.csv row 2: it does not tell where it belongs"
    assert found["south 2026-02-01"].startswith("tickets.csv row 3 was rejected: column 'opened_at'")


def test_rows_that_are_one_happening_count_once(tmp_path: Path) -> None:
    """The first part tells of it."""
    found = verdicts(
        tmp_path, teams=TEAMS, tickets=HEAD + "1,north,2026-02-03T10:00Z,,no\n",
        calls="id,team,at\n7,north,2026-02-03T10:00Z\n8,north,2026-02-03T11:00Z\n",
    )  # fmt: skip
    assert {key: said for (key, name), said in found.items() if name == "in_writing"} == {
        "tickets 1": "pass", "calls 8": "fail",
    }  # fmt: skip


tickets = st.lists(
    st.tuples(
        st.sampled_from(["north", "south", ""]),
        st.integers(0, 24 * 90),
        st.none() | st.integers(0, 24 * 5),
        st.sampled_from(["yes", "no", ""]),
    ),
    max_size=8,
)


@given(tickets)
def test_groups_are_those_that_a_plain_loop_finds(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int | None, str]]
) -> None:
    """Counts by team and month, what is not known yet left out, what nobody can tell unknown."""
    lines, counted, slow, doubtful = [], dict[tuple[str, date], int](), dict[Any, int](), set[tuple[str, date]]()
    for number, (who, after, took, spam) in enumerate(rows):
        opened = BEGIN + timedelta(hours=after)
        closed = None if took is None else opened + timedelta(hours=took)
        lines.append(f"{number},{who},{opened.isoformat()},{closed.isoformat() if closed else ''},{spam}")
        key = (who, opened.date().replace(day=1))
        if opened > AS_OF or not who or spam == "yes":
            continue
        if spam == "":
            doubtful.add(key)
        else:
            counted[key] = counted.get(key, 0) + 1
            if closed is None or closed > AS_OF:
                slow[key] = -1
            elif slow.get(key, 0) >= 0:
                slow[key] = slow.get(key, 0) + (closed - opened > LONG)
    found = verdicts(tmp_path_factory.mktemp("desk"), teams=TEAMS, tickets=HEAD + "\n".join(lines) + "\n")
    keys = {(who, date(2026, month, 1)) for who in ("north", "south") for month in (1, 2, 3)} | set(counted)
    for who, month in keys:
        number, late = counted.get((who, month), 0), slow.get((who, month), 0)
        few = "unknown" if (who, month) in doubtful else "pass" if number <= 1 else "fail"
        assert found[f"{who} {month}", "few"] == few
        if (who, month) not in doubtful and late >= 0:
            assert found[f"{who} {month}", "quick"] == ("pass" if late == 0 else "fail")
    assert {key for key, name in found if name == "few"} == {f"{who} {month}" for who, month in keys}


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_periods_begin_where_the_civil_calendar_has_them(day: date) -> None:
    """Weeks on Monday, quarters in January, April, July and October."""
    from windowservice.language.relations.periods import FIRST_OF

    wanted = {
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1),
        "year": day.replace(day=1, month=1),
    }
    for kind, first in wanted.items():
        counted = FIRST_OF[kind].integers
        assert counted is not None
        assert counted([], day.toordinal()) == first.toordinal()


def _version(where: Any, since: str, longest: timedelta) -> str:
    class job(ws.Facts, rows=ws.Given("jobs"), happens="at"):
        """A job."""

        id = ws.key("Number")
        at = ws.fact(datetime, "When it came", required=True)
        done_at = ws.fact(datetime, "When it was done")
        late = ws.fact(done_at - at > longest, "Whether it was late")

    class month_of_jobs(
        ws.Facts,
        rows=ws.Grouped(job, by={"month": ws.period(job.at, "month")}, where=where(job), every={"month": since}),
    ):
        """A month."""

        month = ws.fact(date, "First day", required=True)
        jobs = ws.fact(job.id.count(), "How many")

    pack = ws.Pack("jobs", version="1", rules=(rule(month_of_jobs, "some", month_of_jobs.jobs > 0),))
    always = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")
    return ws.Engine.load(packs=[pack], installed=False, calendars=always).version


def test_the_version_of_an_engine_is_of_how_records_are_made_too() -> None:
    """Conditions, days since when, and the facts that they rest on decide; the same declared again is the same."""
    first = _version(lambda of: of.late, "2026-01-01", LONG)
    assert _version(lambda of: of.late, "2026-01-01", LONG) == first
    others = {
        _version(lambda of: ~of.late, "2026-01-01", LONG),
        _version(lambda of: of.late, "2026-02-01", LONG),
        _version(lambda of: of.late, "2026-01-01", 2 * LONG),
    }
    assert len(others | {first}) == 4


def _grouped(**said: Any) -> type[ws.Facts]:
    class wrong(ws.Facts, rows=ws.Grouped(ticket, **said)):
        """A group."""

        team = ws.code("Team")

    return wrong


def _over_children() -> type[ws.Facts]:
    return _grouped_of(team_month, {"team": team_month.team})


def _grouped_of(of: type[ws.Facts], by: dict[str, Any]) -> type[ws.Facts]:
    class wrong(ws.Facts, rows=ws.Grouped(of, by=by)):
        """A group."""

        team = ws.code("Team")

    return wrong


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: _grouped(by={"who": ticket.team}), InvalidRule, "has no given fact 'who' that holds ticket.team"),
        (lambda: _grouped(by={"team": call.team}), InvalidRule, "speaks of call, not of ticket"),
        (lambda: _grouped(by={"team": ticket.team}, where=call.team == "x"), InvalidRule, "speaks of call"),
        (lambda: _grouped(by={"team": ticket.team}, every={"month": "2026-01-01"}), InvalidRule, "which is no key"),
        (_over_children, InvalidRule, "make rows that hold what"),
        (lambda: ws.period(ticket.opened_at, "fortnight"), UnknownName, "fortnight"),  # type: ignore[arg-type]
        (lambda: ws.United(ws.Part(call, {"x": call.at})).check(contact), InvalidRule, "no given fact 'x'"),
    ],
)
def test_what_cannot_be_grouped_is_refused_with_what_to_write(
    make: Callable[[], object], error: type[Exception], said: str
) -> None:
    """When the class is declared."""
    with pytest.raises(error, match=said):
        make()
