"""Row M3, the ladder itself: every row matches where it should, what was handled stays so, and the table is sound."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.parties import Bank, Period
from windowservice.domain.records import Record
from windowservice.escalation.proposals import Proposals
from windowservice.escalation.proposing import propose
from windowservice.escalation.records import bank_periods
from windowservice.rules.escalation.check import check_ladder
from windowservice.rules.escalation.ladder import Ladder, LookBack

AS_OF = "2018-06-29"
DAY = date(2018, 6, 29)


@cache
def engine() -> ws.Engine:
    return built_in()


@cache
def ladder() -> Ladder:
    return Ladder.default()


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2018-{text}+08:00" if len(text) > 5 else f"2018-{text}T10:00+08:00")


def bank(*, key: bool = False, new: bool = False) -> Bank:
    return Bank(id="B1", joined="2018-03-01" if new else "2009-01-05", key_periods=(Period(),) if key else ())


def occurrence(id: str, kind: str, day: str = "05-03", **values: Any) -> Record:
    return Record("occurrences", {"id": id, "bank": "B1", "kind": kind, "happened_at": at(day), **values})


def occurrences(text: str) -> list[Record]:
    """Return occurrences from ``3 rule_breach affects_others``, apart by semicolons: a number, a kind, then facts."""
    found = []
    for part in filter(None, map(str.strip, text.split(";"))):
        number, kind, *rest = part.split()
        values: dict[str, Any] = {"affects_others": False, "major_damage": False}
        for word in rest:
            name, _, value = word.partition("=")
            values[name] = True if not value else int(value) if value.isdigit() else value
        found += [occurrence(f"{kind}-{len(found) + place}", kind, **values) for place in range(int(number))]
    return found


def period(happened: Iterable[Record], whose: Bank | None = None, as_of: str = AS_OF, **more: Any) -> list[Record]:
    return bank_periods(engine(), [whose or bank()], happened, as_of=as_of, **more)


def reading(**values: Any) -> Record:
    made = {
        "id": "B1 C1 2018-05", "bank": "B1", "indicator": "C1", "period": "2018-05", "until": at("06-01"),
        "severity": "none", "small_sample": False, "breaches_of_four": 0, "rank_from_bottom": 9, "key": False,
        "new_bank": False, **values,
    }  # fmt: skip
    return Record("bank_readings", made)


def proposed(records: Iterable[Mapping[str, Any]], actions: Iterable[Record] = (), **more: Any) -> Proposals:
    return propose(ladder(), records, as_of=AS_OF, engine=engine(), actions=actions, **more)


def rows_of(found: Proposals) -> set[str]:
    return {match.row.id for proposal in found for match in proposal.matches}


def action(name: str, *cause: str, rows: Iterable[str] = (), **values: Any) -> Record:
    made = {"id": "M1", "bank": "B1", "action": name, "cause": frozenset(cause), "rows": frozenset(rows)}
    return Record("actions", {**made, "proposed_at": at("05-10"), **values})


# row, what makes it match, what comes close and does not, what it proposes
PERIODS = [
    ("E22", "1 window_opened", "1 queued_at_close", "interview"),
    ("E23", "3 rule_breach", "2 rule_breach", "interview"),
    ("E24", "1 safety_hazard", "1 rule_breach", "interview"),
    ("E25", "1 non_cooperation", "1 rule_breach", "interview"),
    ("E26", "1 urge_missed in_a_row=2", "1 urge_missed in_a_row=1", "interview"),
    ("E30", "1 filing_missed", "1 rule_breach", "circular"),
    ("E31", "1 rule_breach affects_others", "2 rule_breach", "circular"),
    ("E32", "1 outage system=HVPS seconds=7201", "1 outage system=HVPS seconds=7200", "circular"),
    ("E32", "2 outage system=HVPS seconds=3601", "2 outage system=HVPS seconds=3600", "circular"),
    ("E33", "1 outage system=BEPS seconds=10801", "1 outage system=BEPS seconds=10800", "circular"),
    ("E34", "1 queued_at_close", "1 window_opened", "circular"),
    ("E35", "1 own_failure", "1 outage system=HVPS seconds=60", "circular"),
    ("E37", "1 action_overdue about=interview", "1 action_overdue about=circular", "circular"),
    ("E40", "1 bad_grade in_a_row=2", "1 bad_grade in_a_row=1", "onsite_check"),
    ("E41", "1 data_contradiction", "1 safety_hazard", "onsite_check"),
    ("E42", "1 rule_breach days_after_circular=180", "1 rule_breach days_after_circular=181", "onsite_check"),
    ("E50", "3 queued_at_close", "2 queued_at_close", "restrict_new_admission"),
    ("E50", "1 window_closed_late", "2 queued_at_close", "restrict_new_admission"),
    ("E51", "3 outage system=HVPS seconds=60", "2 outage system=HVPS seconds=60", "restrict_new_admission"),
    ("E51", "1 outage system=HVPS seconds=28801", "1 outage system=HVPS seconds=28800", "restrict_new_admission"),
    ("E51", "1 outage system=IBPS seconds=43201", "1 outage system=BEPS seconds=43200", "restrict_new_admission"),
    ("E52", "1 rule_breach major_damage", "1 rule_breach affects_others", "restrict_new_admission"),
    ("E53", "1 security_failure", "1 own_failure", "restrict_new_admission"),
    ("E54", "1 action_overdue about=onsite_check", "1 action_overdue about=interview", "restrict_new_admission"),
    ("E70", "1 rule_breach affects_others; 1 rectification_failed", "1 rectification_failed", "refer_up"),
]
READINGS = [
    ("E12", {"severity": "minor"}, {"severity": "none"}, "urge"),
    ("E12", {"severity": "severe", "small_sample": True}, {"severity": "severe"}, "urge"),
    ("E20", {"severity": "minor", "breaches_of_four": 3}, {"severity": "minor", "breaches_of_four": 2}, "interview"),
    ("E21", {"severity": "major"}, {"severity": "minor"}, "interview"),
    ("E36", {"severity": "major", "indicator": "A1", "rank_from_bottom": 3},
     {"severity": "major", "indicator": "A1", "rank_from_bottom": 4}, "circular"),
    ("E43", {"severity": "severe", "key": True}, {"severity": "major", "key": True}, "onsite_check"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "yes", "no", "action"), PERIODS)
def test_row_m3_a_row_over_a_bank_matches_or_just_does_not(row: str, yes: str, no: str, action: str) -> None:
    """Each matches at its figure and not just below; it proposes its own action, with all its items as the cause."""
    happened = occurrences(yes)
    found = proposed(period(happened))
    match = next(match for proposal in found for match in proposal.matches if match.row.id == row)
    assert match.row.action == action
    assert match.items == {row["id"] for row in happened}
    assert row not in rows_of(proposed(period(occurrences(no))))


@pytest.mark.parametrize(("row", "yes", "no", "action"), READINGS)
def test_row_m3_a_row_over_a_reading_matches_or_just_does_not(row: str, yes: Any, no: Any, action: str) -> None:
    """The same for indicators; the item behind it is the reading itself."""
    (proposal,) = proposed([reading(**yes)])
    match = next(match for match in proposal.matches if match.row.id == row)
    assert (match.row.action, match.items) == (action, {"B1 C1 2018-05"})
    assert row not in rows_of(proposed([reading(**no)]))


def test_row_m3_messages_positions_and_filings_call_for_urges() -> None:
    """A message two hours before its limit, a short bank nobody urged, and a report not in on its day."""
    message = {"id": "M", "bank": "B1", "kind": "inquiry", "received_at": at("06-28T10:00"), "answered_at": None}
    near = propose(ladder(), [Record("messages", message)], as_of="2018-06-29T10:00:01+08:00", engine=engine())
    assert rows_of(near) == {"E11"}
    assert (
        rows_of(propose(ladder(), [Record("messages", message)], as_of="2018-06-29T10:00+08:00", engine=engine()))
        == set()
    )
    short = Record(
        "positions", {"id": "P", "bank": "B1", "checkpoint_at": at("06-29T16:30"), "balance": 1, "required": 2}
    )
    (urge,) = proposed([short])
    assert rows_of(proposed([short])) == {"E10"}
    assert str(urge.due("2018-06-29T16:30+08:00")) == "2018-06-29 17:20:00+08:00"
    filing = {"id": "F", "bank": "B1", "kind": "periodic", "happened_at": at("06-01"), "due_day": date(2018, 6, 28)}
    assert rows_of(proposed([Record("filings", filing)])) == {"E13"}
    assert rows_of(proposed([Record("filings", {**filing, "due_day": date(2018, 6, 30)})])) == set()


def test_row_m3_the_gravest_is_proposed_with_every_row_its_authority_and_what_stands_beside() -> None:
    """Three queues call for a circular and for a restriction: the restriction is proposed, and refer up beside it."""
    (found,) = proposed(period(occurrences("3 queued_at_close")))
    assert found.action is not None
    assert (found.action.id, found.authority) == ("restrict_new_admission", "branch_president_or_delegate")
    assert [kind.id for kind in found.also] == ["refer_up"]
    assert [match.row.id for match in found.matches] == ["E50", "E34"]
    assert "PROPOSED" in str(found)
    assert "bank_period.queued_at_close = 3" in str(found)


def test_row_m3_a_failed_test_defers_the_application_outside_the_ladder() -> None:
    """It stands beside, with no rank; what is not known of the test is an unknown row."""
    (found,) = proposed(period([], admissions={"B1": False}))
    assert found.action is None
    assert [kind.id for kind in found.also] == ["defer_application"]
    assert len(proposed(period([], admissions={"B1": True}))) == 0
    unknown = proposed(period([], admissions={"B1": None}))
    assert [(row.row.id, "bank_period.admission_test_passed" in row.missing) for row in unknown.unknown] == [
        ("E60", True)
    ]


def test_row_m3_key_institutions_need_one_less_and_never_less_than_one() -> None:
    """Two breaches instead of three; but none at all is none at all."""
    assert "E23" in rows_of(proposed(period(occurrences("2 rule_breach"), bank(key=True))))
    assert "E23" not in rows_of(proposed(period(occurrences("1 rule_breach"), bank(key=True))))
    assert "E26" in rows_of(proposed(period(occurrences("1 urge_missed in_a_row=1"), bank(key=True))))
    assert rows_of(proposed(period([], bank(key=True)))) == set()
    assert "E20" in rows_of(proposed([reading(severity="minor", breaches_of_four=2, key=True)]))


def test_row_m3_new_banks_are_trained_for_a_minor_breach_and_are_not_key() -> None:
    """Targeted training instead of an urge; a major breach leads to an interview as with others."""
    (found,) = proposed([reading(severity="minor", new_bank=True)])
    assert (found.action, [kind.id for kind in found.also]) == (None, ["targeted_training"])
    (found,) = proposed([reading(severity="major", new_bank=True)])
    assert found.action is not None
    assert found.action.id == "interview"
    (made,) = period([], bank(key=True, new=True))
    assert (made["key"], made["new_bank"]) == (False, True)


def test_row_m3_few_items_urge_and_never_more() -> None:
    """A severe breach on a small sample at a key institution is urged, not visited."""
    (found,) = proposed([reading(severity="severe", key=True, small_sample=True, breaches_of_four=4)])
    assert [match.row.id for match in found.matches] == ["E12"]


def test_row_m3_handled_items_do_not_call_again_and_new_ones_do() -> None:
    """An action of at least the row's rank handles its cause, released or rejected too; a lesser one does not."""
    happened = occurrences("3 queued_at_close")
    ids = [row["id"] for row in happened]
    released = action("restrict_new_admission", *ids, released_at=at("06-20"))
    rejected = action("restrict_new_admission", *ids, decision="rejected", decided_at=at("05-11"))
    for handled in (released, rejected):
        assert len(proposed(period(happened), [handled])) == 0
        fourth = [*happened, occurrence("Q4", "queued_at_close", "06-21")]
        (again,) = proposed(period(fourth), [handled])
        assert again.matches[0].new_items == {"Q4"}
    (found,) = proposed(period(happened), [action("circular", *ids)])
    assert [match.row.id for match in found.matches] == ["E50"]
    later = action("restrict_new_admission", *ids, proposed_at=at("07-10"))
    assert len(proposed(period(happened), [later])) == 1


def test_row_m3_an_open_action_on_the_cause_takes_the_new_items_as_evidence() -> None:
    """No second action is opened for one cause."""
    happened = occurrences("4 queued_at_close")
    (found,) = proposed(period(happened), [action("restrict_new_admission", happened[0]["id"], rows=["E34", "E50"])])
    assert (found.action, found.matches) == (None, ())
    assert [(id_, match.row.id) for id_, match in found.added] == [("M1", "E50"), ("M1", "E34")]


def test_row_m3_an_open_action_by_rows_alone_stands_for_their_items() -> None:
    """A restriction that names E50 and no cause is open on the queues: no circular is proposed beside it."""
    happened = occurrences("4 queued_at_close; 1 filing_missed")
    by_rows = action("restrict_new_admission", rows=["E50"])
    (found,) = proposed(period(happened), [by_rows])
    assert [match.row.id for match in found.matches] == ["E30"], "of other items it says nothing"
    assert [(id_, match.row.id) for id_, match in found.added] == [("M1", "E50"), ("M1", "E34")]
    released = action("restrict_new_admission", rows=["E50"], released_at=at("06-20"))
    (again,) = proposed(period(happened), [released])
    assert [match.row.id for match in again.matches] == ["E50", "E30", "E34"], "closed, it says of which items nothing"
    lesser = action("circular", rows=["E34"])
    (graver,) = proposed(period(happened), [lesser])
    assert [match.row.id for match in graver.matches] == ["E50", "E30"], "a lesser action does not stop a graver one"


def test_row_m3_what_is_not_recorded_gives_unknown_rows() -> None:
    """A ledger that records outages only can say nothing of queues, however many banks it lists."""
    found = proposed(period([]), recorded=["outage"])
    assert len(found) == 0
    unknown = {row.row.id for row in found.unknown}
    assert {"E22", "E34", "E50", "E26", "E40"} <= unknown
    assert not unknown & {"E32", "E33", "E51"}
    assert proposed(period([])).unknown == ()


def test_row_m3_the_look_back_is_rolling_or_the_calendar_year() -> None:
    """365 days ending on the day judged; or since 1 January; what lasts counts for as long as it is open."""
    old = [occurrence("Q1", "queued_at_close", "01-01")]
    first, last = "2018-12-31", "2019-01-01"
    assert len(period(old, as_of=first)[0]["occurrences"]) == 1
    assert len(period(old, as_of=last)[0]["occurrences"]) == 0
    year = LookBack("calendar_year")
    assert len(period(old, as_of=first, look_back=year)[0]["occurrences"]) == 1
    late = [occurrence("Q1", "queued_at_close", "12-31")]
    assert len(period(late, as_of=last, look_back=year)[0]["occurrences"]) == 0
    hazard = [occurrence("H1", "safety_hazard", "01-01")]
    assert len(period(hazard, as_of="2021-01-01")[0]["occurrences"]) == 1


def test_row_m3_due_days_follow_the_calendar() -> None:
    """Fifteen working days from the decision, the make-up Saturday and the May holiday counted as they are."""
    (found,) = proposed(period(occurrences("1 window_opened")))
    assert str(found.due("2018-04-16T10:00+08:00")) == "2018-05-08 17:00:00+08:00"


def test_row_m3_the_shipped_table_is_sound() -> None:
    """Nothing in it is odd, but for three conditions that speak of instants and are said to be undecided."""
    assert {(flaw.kind, flaw.rows) for flaw in check_ladder(ladder(), DAY)} == {
        ("undecided", ("E10",)), ("undecided", ("E11",)), ("undecided", ("E13",)),
    }  # fmt: skip
    assert {row.id for row in ladder().rows} >= {
        f"E{n}" for n in (*range(10, 14), *range(20, 27), *range(30, 38), 60, 70)
    }


ACTIONS = "".join(
    f'[actions.{name}]\nrank = {rank}\nzh = "x"\nen = "x"\ndecided_by = "head"\nbasis = "b"\n'
    for name, rank in (("low", 1), ("high", 2))
)
HEAD = f'schema_version = 1\nid = "t"\nversion = "1"\n[basis]\nb = {{ text = "b", mark = "assumption" }}\n{ACTIONS}'


def branch(*rows: tuple[str, str, str]) -> Ladder:
    body = "".join(
        f'[[rows]]\nid = "{name}"\ntitle = {{ en = "t" }}\nwhen = "{when}"\naction = "{action}"\nbasis = "b"\n'
        for name, when, action in rows
    )
    return Ladder.read(HEAD + body)


# what is odd, the rows, what is found
ODD = [
    ("more than five and less than three", [("A", "bank_period.rule_breaches > 5 and bank_period.rule_breaches < 3",
     "low")],
     "never_matches", ("A",)),
    ("between two whole numbers", [("A", "bank_period.rule_breaches > 2 and bank_period.rule_breaches < 3", "low")],
     "never_matches", ("A",)),
    ("a count below nothing", [("A", "bank_period.rule_breaches < 0", "low")], "never_matches", ("A",)),
    ("two words at once", [("A", "bank_reading.severity == 'minor' and bank_reading.severity == 'major'", "low")],
     "never_matches", ("A",)),
    ("a truth and its opposite", [("A", "bank_period.key and not bank_period.key", "low")], "never_matches", ("A",)),
    ("a row within a wider one of the same action",
     [("A", "bank_period.rule_breaches >= 5", "low"), ("B", "bank_period.rule_breaches >= 3", "low")], "hidden", ("A",
      "B")),
    ("a row within a wider one of a graver action",
     [("A", "bank_period.rule_breaches >= 5 and bank_period.key", "low"), ("B", "bank_period.rule_breaches >= 3",
      "high")],
     "hidden", ("A", "B")),
    ("one condition, two actions",
     [("A", "bank_period.rule_breaches >= 3", "low"), ("B", "bank_period.rule_breaches > 2", "high")],
     "contradictory", ("A", "B")),
    ("a hole between bands",
     [("A", "bank_period.rule_breaches >= 1 and bank_period.rule_breaches <= 2", "low"),
      ("B", "bank_period.rule_breaches >= 5", "high")], "gap", ("A", "B")),
    ("a word left out", [("A", "bank_reading.severity == 'minor'", "low"), ("B", "bank_reading.severity == 'severe'",
     "high")],
     "gap", ("A", "B")),
    ("a comparison of two facts", [("A", "bank_period.rule_breaches > bank_period.own_failures", "low")],
     "undecided", ("A",)),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "kind", "named"), [pytest.param(*row[1:], id=row[0]) for row in ODD])
def test_row_m3_what_is_odd_about_a_table_is_found(rows: Any, kind: str, named: tuple[str, ...]) -> None:
    """Rows that can never match, rows hidden by others, contradictions, gaps; and what cannot be decided is said."""
    assert (kind, named) in {(flaw.kind, flaw.rows) for flaw in check_ladder(branch(*rows), DAY)}


def test_row_m3_bands_that_meet_and_escalate_are_not_odd() -> None:
    """One to two, three to four, five and more."""
    rows = [
        ("A", "bank_period.rule_breaches >= 1 and bank_period.rule_breaches < 3", "low"),
        ("B", "bank_period.rule_breaches >= 3 and bank_period.rule_breaches <= 4", "high"),
        ("C", "bank_period.rule_breaches > 4", "high"),
    ]
    assert check_ladder(branch(*rows), DAY) == []


def test_row_m3_a_wrong_ladder_is_refused_with_every_problem() -> None:
    """An unknown action, fact and source, an id that stands twice: each with its path and the nearest name."""
    with pytest.raises(ws.WindowserviceError, match="did you mean 'low'"):
        branch(("A", "bank_period.rule_breaches > 1", "lwo"))
    with pytest.raises(ws.WindowserviceError, match="did you mean 'rule_breaches'"):
        branch(("A", "bank_period.rule_breach > 1", "low"))
    with pytest.raises(ws.WindowserviceError, match="the id stands twice"):
        branch(("A", "bank_period.rule_breaches > 1", "low"), ("A", "bank_period.rule_breaches > 2", "low"))
    with pytest.raises(ws.WindowserviceError, match="unknown basis 'c'"):
        Ladder.read("rows = []\n" + HEAD.replace('basis = "b"', 'basis = "c"', 1))
    with pytest.raises(ws.WindowserviceError, match="did you mean 'interview'"):
        proposed(period(occurrences("1 window_opened")), [action("intervew", "x")])
