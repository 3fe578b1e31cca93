"""What is seen as of an instant, in every record type: a record that begins later is not there, and an instant in it
that lies later has not happened; only what is declared as planned may lie ahead."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.sample.thinned import thin_sample
from tests.sample.write import write_sample
from tests.trials import trials

import windowservice as ws
from windowservice.domain.records import Record
from windowservice.engine.seen import seen_ledger
from windowservice.errors import InvalidRule, InvalidValue, NaiveTime, UnknownName
from windowservice.escalation.calls import ledger_proposals
from windowservice.facts.records import RECORD_VOCABULARIES
from windowservice.instants import as_of_us, datetime_us
from windowservice.language.analysis.visible import begin_facts, hidden_by, last_day_seen, not_there
from windowservice.language.tree.facts import Facts

NOW = datetime(2024, 7, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALWAYS = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00", name="always")


class step(ws.Facts, kind="kind", closes=("closed",)):
    """A step of a case; nothing says that `at` is when it happens but that every step has it."""

    at = ws.fact(datetime, "When", required=True)
    kind = ws.fact(str, "What", required=True, words=("wait", "go", "closed"))
    read_at = ws.fact(datetime, "When it was read")


class case(ws.Facts, children=step):
    """A case, whose children stand where nobody had to say."""

    id = ws.fact(str, "Number", required=True)
    opened = ws.fact(datetime, "Opened", required=True)
    done = ws.fact(datetime, "Done")
    result = ws.fact(str, "What came of it", words=("good", "bad"), known_at="done")
    promised = ws.fact(datetime, "By when it is promised", planned=True)
    signed_on = ws.fact(date, "The day it was signed")

    waits = ws.fact(step.kind.count(where=step.kind == "wait"), "Waits")
    unread = ws.fact(step.at.count(where=step.read_at.is_missing()), "Steps that nobody read")


RULES = (
    ws.Rule("promise", title="As promised", require=case.done.by(case.promised)),
    ws.Rule("limit", title="In time", require=case.done.by(ws.due(case.opened, "2 working hours"))),
    ws.Rule("good", title="Good", require=case.result == "good"),
    ws.Rule("signed", title="Signed", require=case.signed_on.is_known()),
    ws.Rule("calm", title="No second wait", require=case.waits <= 1),
    ws.Rule("read", title="All read", require=case.unread == 0),
)
ENGINE = ws.Engine.load(packs=[ws.Pack("own", version="1", rules=RULES)], calendars={"window": ALWAYS}, installed=False)

_WHEN = st.integers(-6, 6).map(lambda hours: NOW + hours * HOUR)
_STEPS = st.fixed_dictionaries({
    "at": _WHEN, "kind": st.sampled_from(["wait", "go", "closed"]), "read_at": st.none() | _WHEN,
})  # fmt: skip
_CASES = st.fixed_dictionaries({
    "opened": _WHEN, "done": st.none() | _WHEN, "result": st.sampled_from([None, "good", "bad"]),
    "promised": st.none() | _WHEN,
    "signed_on": st.none() | st.integers(-2, 2).map(lambda days: NOW.date() + timedelta(days)),
    "steps": st.lists(_STEPS, max_size=4, unique_by=lambda one: (one["at"], one["kind"])),  # two that then were equal
})  # fmt: skip


def _verdicts(report: Any) -> dict[tuple[str, str], str]:
    rows = report.to_frame().select("key", "rule", "verdict").iter_rows()
    return {(key, rule): verdict for key, rule, verdict in rows}


def _frames(cases: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    instant = pl.Datetime("us", "UTC")
    kinds = {
        "id": pl.String, "opened": instant, "done": instant, "result": pl.String, "promised": instant,
        "signed_on": pl.Date,
    }  # fmt: skip
    below = {"case": pl.String, "at": instant, "kind": pl.String, "read_at": instant}
    steps = [{"case": one["id"], **inner} for one in cases for inner in one["steps"]]
    return pl.DataFrame(cases, schema=kinds), pl.DataFrame(steps, schema=below)


def _forgotten(one: dict[str, Any]) -> dict[str, Any] | None:
    """Return a case as somebody wrote it down at that instant, who could not know what came later."""
    if one["opened"] > NOW:
        return None
    late = one["done"] is not None and one["done"] > NOW
    steps = [
        {**inner, "read_at": None if inner["read_at"] is not None and inner["read_at"] > NOW else inner["read_at"]}
        for inner in one["steps"] if inner["at"] <= NOW
    ]  # fmt: skip
    signed = None if one["signed_on"] is not None and one["signed_on"] > NOW.date() else one["signed_on"]
    return {**one, "done": None if late else one["done"], "result": None if late else one["result"],
            "steps": steps, "signed_on": signed}  # fmt: skip


@pytest.mark.slow
@trials(1)
@given(st.lists(_CASES, min_size=1, max_size=6))
def test_a_report_is_the_same_whatever_happened_later_in_objects_and_columns(drawn: list[dict[str, Any]]) -> None:
    """As one who wrote it down then would have had it: records, instants, dates, what came with them, children."""
    cases = [{"id": str(at), **one} for at, one in enumerate(drawn)]
    then = [seen for one in cases if (seen := _forgotten(one)) is not None]
    wanted = _verdicts(ENGINE.audit(then, as_of=NOW, of=case)) if then else {}
    assert _verdicts(ENGINE.audit(cases, as_of=NOW, of=case)) == wanted
    objects = [SimpleNamespace(**{**one, "steps": [SimpleNamespace(**s) for s in one["steps"]]}) for one in cases]
    assert _verdicts(ENGINE.audit(objects, as_of=NOW, of=case)) == wanted
    records, below = _frames(cases)
    report = ENGINE.audit(records, below, as_of=NOW, of=case)
    assert _verdicts(report) == wanted
    assert report.intake.later_records == len(cases) - len(then)
    for finding in report.failures:  # every row can be explained, though the class names no attribute for its children
        assert finding.explain()


class paper(ws.Facts):
    """A paper; one fact is called as another with `_at`."""

    opened = ws.fact(datetime, "Opened", required=True)
    checked = ws.fact(str, "What was found", known_at="checked_at")
    checked_at = ws.fact(datetime, "When it was checked")


@pytest.mark.parametrize("first", [0, 1])
def test_what_is_known_with_an_instant_named_after_it_leaves_that_hidden(first: int) -> None:
    """In whatever order rules ask for the two, in objects and columns."""
    rules = [
        ws.Rule("told", "It says what was found", of=paper, require=paper.checked == "good"),
        ws.Rule("done", "It was checked", of=paper, require=paper.checked_at.happened()),
    ]
    engine = ws.Engine.load(installed=False, packs=[], calendars=ALWAYS).with_rules(*rules[first:], *rules[:first])
    one = {"opened": NOW - HOUR, "checked": "good", "checked_at": NOW + HOUR}
    for report in (engine.audit([one], as_of=NOW), engine.audit(pl.DataFrame([one]), as_of=NOW)):
        assert report.verdicts == {"own/told": "unknown", "own/done": "fail"}


def test_a_record_in_hand_that_begins_later_has_no_verdict() -> None:
    """Checked by itself no rule applies to it yet; in an audit it is counted as later."""
    one = {"id": "a", "opened": NOW + HOUR, "done": None, "steps": []}
    assert set(ENGINE.check(one, as_of=NOW, of=case).verdicts.values()) == {"not_applicable"}
    report = ENGINE.audit([one], as_of=NOW, of=case)
    assert report.intake.later_records == 1
    assert not report.passed
    with pytest.raises(UnknownName):
        report.finding("a", "limit")


def test_a_date_is_seen_on_its_day_and_not_at_the_end_of_the_day_before() -> None:
    """24:00 of a date is the beginning of the next one, of which nothing has happened yet."""
    us = as_of_us("2024-07-05", ALWAYS.zone)
    assert last_day_seen(us, ALWAYS.zone) == date(2024, 7, 5)
    assert last_day_seen(us + 1, ALWAYS.zone) == date(2024, 7, 6)


@pytest.mark.parametrize("word", ["Good", " good", "better"])
def test_a_word_that_a_fact_does_not_have_is_an_error_of_its_record(word: str) -> None:
    """In objects and frames, in the record and its children, with the words that there are; the others go on."""
    fine = {"id": "a", "opened": NOW, "done": NOW, "result": "good", "promised": NOW, "signed_on": None, "steps": []}
    wrong = {**fine, "id": "b", "result": word}
    below = {**fine, "id": "c", "steps": [{"at": NOW, "kind": word, "read_at": None}]}
    for report in (
        ENGINE.audit([fine, wrong, below], as_of=NOW, of=case),
        ENGINE.audit(*_frames([fine, wrong, below]), as_of=NOW, of=case),
    ):
        assert {finding.key for finding in report.errors} == {"b", "c"}
        assert report.counts["error"] == 2 * len(RULES)
        assert "unknown word" in (report.errors[0].error or "")


@pytest.mark.parametrize(
    "written",
    ["2018/5/15", "2018-5-15", "2018.5.15", "2018年5月15日", "20180515", "２０１８／５／１５"],
)
def test_an_as_of_is_taken_as_people_write_it(written: str) -> None:
    """A date means its end; with a time of day a zone is needed, or one that the ledger names."""
    assert as_of_us(written, ALWAYS.zone) == as_of_us(date(2018, 5, 15), ALWAYS.zone)
    if written == "2018/5/15":
        assert as_of_us(f"{written} 9:40+08:00", ALWAYS.zone) == as_of_us("2018-05-15T09:40+08:00", ALWAYS.zone)
        with pytest.raises(NaiveTime):
            as_of_us(f"{written} 10:00", ALWAYS.zone)
        assert as_of_us(f"{written} 10:00", ALWAYS.zone, naive=ALWAYS.zone) == as_of_us(
            "2018-05-15T10:00Z", ALWAYS.zone
        )


def test_children_beside_a_vocabulary_that_has_none_are_refused() -> None:
    """And a frame in which no fact of its vocabulary stands; never judged by another, never dropped."""
    steps = _frames([])[1]
    with pytest.raises(InvalidValue, match="has no children"):
        ws.Engine.load(
            packs=[ws.Pack("b", version="1", rules=[ws.Rule("k", title="K", require=step.kind == "go")])],
            calendars={"window": ALWAYS}, installed=False,
        ).audit(steps, steps, as_of=NOW, of=step)  # fmt: skip


# --- what is declared ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"happens": "at"}, "at the class leaf"),
        ({"kind": "kind"}, "at the class leaf"),
        ({"closes": ("closed",)}, "at the class leaf|no kind"),
        ({"clerk": "nobody"}, "unknown fact"),
        ({"dated_by": "name"}, "of type text"),
        ({"happens": "name"}, "of type text"),
    ],
)
def test_options_on_the_wrong_class_are_refused(options: dict[str, Any], told: str) -> None:
    """With the class on which they belong."""

    class leaf(ws.Facts):
        at = ws.fact(datetime, "When", required=True)
        kind = ws.fact(str, "What", required=True)

    with pytest.raises((InvalidRule, UnknownName), match=told):

        class tree(ws.Facts, children=leaf, **options):
            name = ws.fact(str, "Name")


def test_children_have_to_be_of_a_vocabulary_and_hold_instants_as_their_parent_does() -> None:
    """An attribute for children of which nobody says what they are, and two ways of holding instants."""
    with pytest.raises(InvalidRule, match="not what they are"):

        class alone(ws.Facts, under="leaves"):
            name = ws.fact(str, "Name")

    class leaf(ws.Facts, stored="microseconds"):
        at = ws.fact(datetime, "When", required=True)

    with pytest.raises(InvalidRule, match="stores instants as datetime"):

        class tree(ws.Facts, children=leaf, stored="datetime"):
            name = ws.fact(str, "Name")


@pytest.mark.parametrize(
    "of", [of for of in RECORD_VOCABULARIES if any(f.required for f in of.given.values())], ids=lambda of: of.__name__
)
def test_every_table_says_from_when_its_rows_are_seen(of: type[Facts]) -> None:
    """All but what always holds, or holds from a day of effect that may lie ahead."""
    always = {"reading", "kept_duty", "talk", "post", "document", "kind_training", "assignment", "roster_entry"}
    assert begin_facts(of) or of.__name__ in always | {"given_reading", "front_end"}


# --- ledgers ---------------------------------------------------------------------------------------------------------


@cache
def _sample() -> ws.Ledger:
    with TemporaryDirectory() as place:
        thin_sample(write_sample(Path(place) / "ledger", requests=120), 3)
        return ws.Ledger.read(Path(place) / "ledger")


def _disturbed(ledger: ws.Ledger, us: int, zone: Any, chance: random.Random) -> ws.Ledger:
    """Return a ledger to which something later was appended in every table, and in which what lies ahead is another."""
    known = {of.options.table: of for of in RECORD_VOCABULARIES}
    records = {}
    for table, rows in ledger.records.items():
        of = known[table]
        begins = {fact.name for fact in begin_facts(of)}
        hidden = [(f, by) for f in of.given.values() if f.definition is None and (by := hidden_by(of, f)) is not None]
        changed = []
        for row in rows:
            later = {by.name for _, by in hidden if _is_later(row.get(by.name), us, zone)}
            if not_there(of, row, us, zone):
                if chance.random() < 0.5:
                    continue
                changed.append(row)
                continue
            new = {f.name: None for f, by in hidden if by.name in later and chance.random() < 0.5}
            changed.append(Record(row.table, {**row, **new}, row.place))
        if rows and begins:
            copies = chance.sample(list(rows), min(3, len(rows)))
            moved = [_moved(row, begins, us, f"later-{at}") for at, row in enumerate(copies)]
            changed += [row for row in moved if not_there(of, row, us, zone)]  # the others are planned
        records[table] = tuple(changed)
    return attrs.evolve(ledger, records=records)


def _is_later(value: Any, us: int, zone: Any) -> bool:
    if isinstance(value, datetime):
        return datetime_us(value) > us
    return isinstance(value, date) and value > last_day_seen(us, zone)


def _moved(row: Record, begins: set[str], us: int, name: str) -> Record:
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us) + timedelta(days=2)
    moved = {
        key: when if isinstance(row.get(key), datetime) else when.date() for key in begins if row.get(key) is not None
    }
    return Record(row.table, {**row, **moved, "id": f"{row['id']} {name}"}, None)


@pytest.mark.parametrize("as_of", ["2018-03-31", "2018-06-29T11:00+08:00"])
def test_what_happens_later_in_any_table_changes_no_verdict_score_or_proposal(as_of: str) -> None:
    """Rows that begin later, left out or appended, and instants that lie ahead with what came with them."""
    ledger, chance = _sample(), random.Random(as_of)
    engine = built_in().for_ledger(ledger)
    us = as_of_us(as_of, engine.calendar.zone)
    other = _disturbed(ledger, us, engine.calendar.zone, chance)
    assert other.records != ledger.records
    assert _verdicts(engine.audit(other, as_of=as_of)) == _verdicts(engine.audit(ledger, as_of=as_of))
    month = "2018-03"
    for ours, theirs in zip(
        engine.score(ledger, month, as_of=as_of),
        engine.score(other, month, as_of=as_of),
        strict=True,
    ):  # fmt: skip
        assert str(ours) == str(theirs)
    proposed, again = (ledger_proposals(engine, it, as_of=as_of) for it in (ledger, other))
    assert list(map(str, proposed)) == list(map(str, again))
    assert sorted(map(str, proposed.unknown)) == sorted(map(str, again.unknown))


def test_a_reading_of_a_period_that_has_not_begun_is_not_there() -> None:
    """Neither in the score of that period, nor in an audit; one of a period that has begun is."""
    rows = [
        {"id": f"G{month}", "bank": "B1", "indicator": "C1", "period": f"2018-0{month}", "numerator": 1,
         "denominator": 5} for month in (5, 8)
    ]  # fmt: skip
    ledger = ws.Ledger.read({"banks": [{"id": "B1"}], "readings": rows}, zone="Asia/Shanghai")
    engine = built_in()

    def state(period: str, as_of: str) -> str:
        found = engine.score(ledger, period, "B1", as_of=as_of).of("B1").indicators
        return next(row.state for row in found if row.indicator.id == "C1")

    assert state("2018-05", "2018-06-10") == state("2018-08", "2018-09-10") == "scored"
    assert state("2018-08", "2018-06-10") == "unknown"
    third = {"2018-06-10": "unknown", "2018-09-30": "scored"}
    for as_of, wanted in third.items():
        (average,) = engine.score(ledger, "2018-Q3", "B1", as_of=as_of)
        states = [row.state for score in average.months for row in score.indicators if row.indicator.id == "C1"]
        assert set(states) == ({"unknown"} if wanted == "unknown" else {"unknown", "scored"})
    seen = seen_ledger(ledger, as_of_us("2018-06-10", engine.calendar.zone), engine.calendar.zone)
    assert [row["id"] for row in seen.records["readings"]] == ["G5"]


def test_a_ledger_in_which_nothing_is_later_is_the_same_ledger() -> None:
    """Nothing is copied; and what is seen is seen again."""
    ledger = _sample()
    zone = built_in().calendar.zone
    assert seen_ledger(ledger, as_of_us("2100-01-01", zone), zone) is ledger
    us = as_of_us("2018-06-30", zone)
    once = seen_ledger(ledger, us, zone)
    assert seen_ledger(once, us, zone).records == once.records


class ticket(ws.Facts):
    id = ws.fact(str, "Number", required=True)
    opened = ws.fact(datetime, "Opened", required=True)
    done = ws.fact(datetime, "Done")
    due_at = ws.fact(datetime, "By when")
    until = ws.fact(due_at, "By when, by another name")
    kept = ws.fact(done.by(until), "Kept")


@pytest.mark.parametrize("columns", [False, True])
def test_a_due_that_lies_ahead_and_is_not_declared_so_is_told_with_the_remedy(columns: bool) -> None:
    """Also behind other facts; the same whether it lies ahead or was not given at all, as the day it is told of."""
    rules = [
        ws.Rule("by", title="By", require=ticket.done.by(ticket.due_at)),
        ws.Rule("kept", title="K", require=ticket.kept),
    ]
    engine = ws.Engine.load(packs=[ws.Pack("t", version="1", rules=rules)], calendars=ALWAYS, installed=False)
    for due_at in (NOW + HOUR, None):
        one = {"id": "a", "opened": NOW - HOUR, "done": None, "due_at": due_at}
        instant = pl.Datetime("us", "UTC")
        schema = {"id": pl.String, "opened": instant, "done": instant, "due_at": instant}
        report = engine.audit(pl.DataFrame([one], schema=schema) if columns else [one], as_of=NOW, of=ticket)
        for rule in ("by", "kept"):
            found = report.finding("a", rule)
            assert found.verdict == "unknown"
            assert "planned=True" in str(found)
            assert "planned=True" in found.explain()
            assert found.evidence.unplanned == ("ticket.due_at",)
    later = engine.audit([{**one, "due_at": NOW - HOUR / 2}], as_of=NOW, of=ticket).finding("a", "by")
    assert later.verdict == "fail"
