"""Facts that are looked up in other records, beside what a plain loop finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import windowservice as ws
from windowservice.errors import CyclicFact, InvalidRule, TypeMismatch, UnknownName

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 3, 10, tzinfo=UTC)
WEEK = timedelta(days=7)


class circular(ws.Facts, rows=ws.Given("circulars"), happens="issued_at"):
    """A circular to all banks."""

    id = ws.key("Number")
    topic = ws.code("Topic", required=True)
    draft = ws.fact(bool, "Whether it was a draft")
    issued_at = ws.fact(datetime, "When it was issued", required=True)
    previous_at = ws.fact(
        ws.Lookup(issued_at, on={"topic": topic}, last_before=issued_at, where=~draft),
        "When the one before it on its topic was issued",
    )
    following = ws.fact(ws.Lookup(id, on={"topic": topic}, first_after=issued_at), "The one after it on its topic")  # noqa: A003
    since = ws.fact(issued_at - previous_at, "Time since the one before it")


class contract(ws.Facts, rows=ws.Given("contracts"), happens="since"):
    """What was agreed with a customer."""

    id = ws.key("Customer")
    customer = ws.code("Customer")
    level = ws.fact(str, "Level", words=("gold", "plain"))
    since = ws.fact(datetime, "Since when")


class ticket(ws.Facts, rows=ws.Given("tickets"), happens="opened_at"):
    """A ticket."""

    id = ws.key("Number")
    customer = ws.code("Customer")
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    closed_at = ws.fact(datetime, "When it was closed")
    level = ws.fact(ws.Lookup(contract.level, on={"customer": customer}), "Level of the contract")
    agreed_at = ws.fact(
        ws.Lookup(contract.since, on={"customer": customer}, last_before=closed_at), "The contract when it was closed"
    )


def rule(of: type[ws.Facts], name: str, require: Any, when: Any = None) -> ws.Rule:
    return ws.Rule(name, title=f"A rule made up for a test: {name}", of=of, require=require, when=when)


PACK = ws.Pack(
    "desk",
    version="1",
    rules=(
        rule(circular, "is_second", circular.previous_at.happened()),
        rule(circular, "rare", circular.since > WEEK),
        rule(circular, "is_last", circular.following.is_missing()),
        rule(circular, "numbered", circular.topic != "x"),
        rule(ticket, "has_contract", (ticket.level == "gold") | (ticket.level == "plain")),
        rule(ticket, "gold", ticket.level == "gold"),
        rule(ticket, "agreed", ticket.agreed_at.happened()),
    ),
)


class Desk:
    """The plugin of the help desk."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [circular, contract, ticket]


EACH_WAY = pytest.mark.parametrize("columns", [False, True, None])
"""One by one, in columns, and of frames in hand."""
ALWAYS = ws.WorkCalendar("UTC", "mon-sun 00:00-24:00")
ENGINE = ws.Engine.load(packs=[PACK], plugins=[Desk()], installed=False, calendars=ALWAYS)


def framed(of: type[ws.Facts], text: str) -> pl.DataFrame:
    """Return a table of a ledger as a frame; what cannot be read is missing."""
    rows = [dict(zip(text.splitlines()[0].split(","), line.split(","), strict=True)) for line in text.splitlines()[1:]]
    columns = {}
    for name in text.splitlines()[0].split(","):
        kind = str(of.given[name].type)
        read, dtype = {
            "instant": (_instant, pl.Datetime("us", "UTC")), "date": (date.fromisoformat, pl.Date),
            "whole number": (int, pl.Int64), "truth value": ({"yes": True, "no": False}.get, pl.Boolean),
        }.get(kind, (str, pl.String))  # fmt: skip
        columns[name] = pl.Series([read(row[name]) if row[name] else None for row in rows], dtype=dtype)  # type: ignore[operator]
    return pl.DataFrame(columns)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def report(folder: Path, *, columns: bool | None = False, engine: ws.Engine = ENGINE, **tables: str) -> ws.Report:
    """Return the report on a ledger; on frames in hand if `columns` is None."""
    if columns is None:
        types = {str(of.options.table): of for of in engine.record_types}
        return engine.audit({name: framed(types[name], text) for name, text in tables.items()}, as_of=AS_OF)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return engine.audit(engine.read(folder), as_of=AS_OF, columns=columns)


def verdicts(folder: Path, *, columns: bool | None = False, **tables: str) -> dict[tuple[str, str], str]:
    """Return what rules say of the records of a ledger, by the record's number and the rule's name."""
    found = report(folder, columns=columns, **tables).findings
    return {(one.key, one.rule.partition("/")[2]): str(one.verdict) for one in found}


CIRCULARS = "id,topic,draft,issued_at\n"
CONTRACTS = "id,customer,level,since\n"
TICKETS = "id,customer,opened_at,closed_at\n"
OPENED = "2026-02-03T10:00Z,2026-02-05T10:00Z\n"

rows = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]), st.integers(0, 24), st.sampled_from(["yes", "no", ""]),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=9,
)  # fmt: skip


def _previous(number: int, told: list[tuple[str, datetime, str, bool]]) -> datetime | str | None:
    """Return when the one before was issued: None if there was none, a text if it cannot be told."""
    topic, at, _, _ = told[number]
    earlier = [one for one in told if one[0] == topic and one[2] != "yes" and one[1] < at and not one[3]]
    sure = [one[1] for one in earlier if one[2] == "no"]
    nearest = max(sure, default=None)
    doubtful = [one for one in earlier if one[2] == "" and (nearest is None or one[1] >= nearest)]
    lost = any(one[3] and one[0] == topic for one in told)
    if doubtful or lost or sure.count(nearest) > 1:  # type: ignore[arg-type]
        return "unknown"
    return nearest


@EACH_WAY
@given(drawn=rows)
def test_the_one_before_is_that_which_a_plain_loop_finds(
    tmp_path_factory: pytest.TempPathFactory, columns: bool | None, drawn: list[tuple[str, int, str, bool]]
) -> None:
    """By topic and time, drafts left out, unknown where two answer or one that cannot be told may be the answer."""
    told = [(topic, BEGIN + timedelta(days=3 * after), draft, lost) for topic, after, draft, lost in drawn]
    lines = [
        f"{n},{topic},{draft},{'soon' if lost else at.isoformat()}\n" for n, (topic, at, draft, lost) in enumerate(told)
    ]
    folder = tmp_path_factory.mktemp("desk")
    found = verdicts(folder, columns=columns, circulars=CIRCULARS + "".join(lines))
    for number, (_, at, _, lost) in enumerate(told):
        if lost or at > AS_OF:
            assert found.get((str(number), "is_second"), "error") == "error"  # in frames it stays, and says so
            continue
        before = _previous(number, told)
        second = "unknown" if before == "unknown" else "pass" if before is not None else "fail"
        assert found[str(number), "is_second"] == second
        known = isinstance(before, datetime)
        assert found[str(number), "rare"] == ("unknown" if not known else "pass" if at - before > WEEK else "fail")  # type: ignore[operator]
        assert found[str(number), "numbered"] == "pass"  # what does not ask for it is told


@EACH_WAY
def test_nothing_found_has_not_happened_and_is_no_missing_data(tmp_path: Path, columns: bool | None) -> None:
    """The first circular has none before it; the last has none after it."""
    found = verdicts(
        tmp_path, columns=columns, circulars=CIRCULARS + "1,a,no,2026-01-05T10:00Z\n2,a,no,2026-02-05T10:00Z\n"
    )
    assert (found["1", "is_second"], found["2", "is_second"]) == ("fail", "pass")
    assert (found["1", "is_last"], found["2", "is_last"]) == ("fail", "pass")


@EACH_WAY
def test_two_answers_are_none_and_a_finding_says_which(tmp_path: Path, columns: bool | None) -> None:
    """An answer is never guessed."""
    two = CONTRACTS + "k1,ann,gold,\nk2,ann,gold,\nk3,bob,plain,\n"
    found = report(tmp_path, columns=columns, contracts=two, tickets=f"{TICKETS}1,ann,{OPENED}2,bob,{OPENED}")
    first, second = found.of_rule("has_contract")
    assert (first.verdict, second.verdict) == ("unknown", "pass")
    assert "ticket.level: 2 contracts answer: k1, k2" in str(first)


def test_a_table_that_the_ledger_lacks_is_unknown(tmp_path: Path) -> None:
    """It is not an empty one: no contract is no contract only where contracts are kept."""
    assert verdicts(tmp_path, tickets=f"{TICKETS}1,ann,{OPENED}")["1", "agreed"] == "unknown"
    (one,) = report(tmp_path).of_rule("agreed")
    assert "the ledger has no table contracts" in str(one)
    assert verdicts(tmp_path, contracts=CONTRACTS)["1", "agreed"] == "fail"


@EACH_WAY
def test_a_key_that_is_missing_finds_nothing_out(tmp_path: Path, columns: bool | None) -> None:
    """A ticket that names no customer may have any contract; a contract that names none answers for nobody."""
    found = verdicts(
        tmp_path, columns=columns, contracts=CONTRACTS + "k1,ann,gold,2026-01-01T00:00Z\nk2,,plain,2026-01-01T00:00Z\n",
        tickets=f"{TICKETS}1,,{OPENED}2,ann,{OPENED}",
    )  # fmt: skip
    assert (found["1", "gold"], found["2", "gold"]) == ("unknown", "pass")


@EACH_WAY
def test_before_what_has_not_happened_there_is_nothing(tmp_path: Path, columns: bool | None) -> None:
    """A ticket that is open was closed under no contract."""
    contracts = CONTRACTS + "k1,ann,gold,2026-01-01T00:00Z\n"
    found = verdicts(
        tmp_path, columns=columns, contracts=contracts, tickets=f"{TICKETS}1,ann,2026-02-03T10:00Z,\n2,ann,{OPENED}"
    )
    assert (found["1", "agreed"], found["2", "agreed"]) == ("fail", "pass")


@EACH_WAY
def test_what_comes_later_is_not_seen(tmp_path: Path, columns: bool | None) -> None:
    """As of an instant a record that begins later answers nothing."""
    rows = CIRCULARS + "1,a,no,2026-01-05T10:00Z\n2,a,no,2026-03-20T10:00Z\n"
    assert verdicts(tmp_path, columns=columns, circulars=rows)["1", "is_last"] == "pass"


def test_a_row_that_could_not_be_read_concerns_only_those_that_it_may_answer(tmp_path: Path) -> None:
    """One of another topic, or of a time that cannot be the nearest, changes nothing."""
    rows = (
        "1,a,no,2026-01-05T10:00Z\n2,a,no,2026-02-05T10:00Z\n"
        "3,b,perhaps,2026-02-04T10:00Z\n4,a,perhaps,2026-01-04T10:00Z\n"
    )
    found = report(tmp_path, circulars=CIRCULARS + rows)
    said = {one.key: str(one) for one in found.of_rule("is_second")}
    assert "unknown" in said["1"]
    assert "circulars.csv row 5 was rejected" in said["1"]
    assert "pass" in said["2"]


def test_a_record_in_hand_says_it_itself_or_it_is_unknown() -> None:
    """There is no ledger to look it up in."""
    alone = {"id": "1", "topic": "a", "draft": False, "issued_at": BEGIN + 2 * WEEK}
    said = [
        str(ENGINE.only("is_second", "rare").check({**alone, **more}, as_of=AS_OF, of=circular).findings[0].verdict)
        for more in ({}, {"previous_at": BEGIN}, {"previous_at_sure": True})
    ]
    assert said == ["unknown", "pass", "fail"]
    found = ENGINE.check(alone, as_of=AS_OF, of=circular).of_rule("is_second")[0]
    assert "circular.previous_at: nothing beside the record tells it" in str(found)


class bank_month(ws.Facts, rows=ws.Given("bank_months")):
    """A month of a bank."""

    id = ws.key("Number")
    bank = ws.code("Bank", required=True)
    area = ws.code("Area", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    late = ws.fact(int, "Late answers", required=True)
    before = ws.fact(ws.Lookup(late, on={"bank": bank}, last_before=month, at=month), "Late answers a month before")


class month_of_bank(
    ws.Facts,
    rows=ws.United(ws.Part(bank_month, {"area": bank_month.area, "month": bank_month.month, "late": bank_month.late})),
):
    """A month of a bank, as its area sees it."""

    area = ws.code("Area", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    late = ws.fact(int, "Late answers")


class area_month(
    ws.Facts, rows=ws.Grouped(month_of_bank, by={"area": month_of_bank.area, "month": month_of_bank.month})
):
    """A month of an area."""

    area = ws.code("Area", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    late = ws.fact(month_of_bank.late.sum(), "Late answers")
    worst = ws.fact(month_of_bank.late.max(), "Late answers of its worst bank")


class beside(ws.Facts, of=bank_month):
    """A month of a bank beside that of its area."""

    late = ws.fact(
        ws.Lookup(area_month.late, on={"area": bank_month.area, "month": bank_month.month}), "Late answers of the area"
    )
    share = ws.fact(bank_month.late / late, "Its share in those of the area")


class Branch:
    """The plugin of a branch."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [bank_month, month_of_bank, area_month, beside]


@EACH_WAY
def test_a_record_stands_beside_its_group_and_the_time_before(tmp_path: Path, columns: bool | None) -> None:
    """A bank's share of what its area had, and what it had itself a month before."""
    pack = ws.Pack(
        "branch", version="1",
        rules=(
            rule(bank_month, "fair", beside.share * 2 <= 1),
            rule(bank_month, "better", bank_month.late <= bank_month.before, bank_month.before.is_known()),
        ),
    )  # fmt: skip
    engine = ws.Engine.load(packs=[pack], plugins=[Branch()], installed=False, calendars=ALWAYS)
    rows = (
        "1,x,north,2026-01-01,3\n2,y,north,2026-01-01,1\n3,x,north,2026-02-01,2\n4,y,north,2026-02-01,2\n"
        "5,z,south,2026-02-01,4\n"
    )
    found = report(tmp_path, columns=columns, engine=engine, bank_months="id,bank,area,month,late\n" + rows)
    assert [(one.key, str(one.verdict)) for one in found.of_rule("fair")] == [
        ("1", "fail"), ("2", "pass"), ("3", "pass"), ("4", "pass"), ("5", "fail"),
    ]  # fmt: skip
    assert [str(one.verdict) for one in found.of_rule("better")] == ["not_applicable"] * 2 + ["pass", "fail"] + [
        "not_applicable"
    ]


def test_requests_look_up_what_further_tables_say(tmp_path: Path) -> None:
    """A class that adds facts to requests adds those of other records too; one of the ledger's own tables here."""
    from windowservice.facts.requests.request import request

    class of_customer(ws.Facts, of=request):
        """What was agreed with whoever asks."""

        level = ws.fact(ws.Lookup(contract.level, on={"customer": request.bank}), "Level of the contract")

    class More(Desk):
        @ws.hookimpl
        def windowservice_record_types(self) -> list[type[ws.Facts]]:
            return [contract, of_customer]

    pack = ws.Pack("more", version="1", rules=(rule(request, "gold", of_customer.level == "gold"),))
    engine = ws.Engine.load(packs=[pack], plugins=[More()], installed=False, calendars=ALWAYS)
    tables = {
        "contracts": CONTRACTS + "k1,ann,gold,\nk2,bob,plain,\nk3,dan,gold,\nk4,dan,plain,\n",
        "requests": "id,bank,service\n1,ann,S01\n2,bob,S01\n3,cid,S01\n4,dan,S01\n",
        "events": "request,kind,at\n" + "".join(f"{n},submitted,2026-02-03T10:00Z\n" for n in range(1, 5)),
    }
    for columns in (False, True):
        found = report(tmp_path, columns=columns, engine=engine, **tables).of_rule("gold")
        assert [str(one.verdict) for one in found] == ["pass", "fail", "unknown", "unknown"], columns
    frames = {
        "contracts": framed(contract, tables["contracts"]), "requests": pl.read_csv(tables["requests"].encode()),
        "events": pl.DataFrame({"request": range(1, 5), "kind": "submitted", "at": BEGIN}),
    }  # fmt: skip
    found = engine.audit(frames, as_of=AS_OF).of_rule("gold")
    assert [str(one.verdict) for one in found] == ["pass", "fail", "unknown", "unknown"]


def test_facts_that_need_one_another_are_refused_with_the_way() -> None:
    """Two facts each of which is looked up by the other; one of the record's own kind by itself."""

    class one(ws.Facts, rows=ws.Given("ones"), happens="at"):
        """One."""

        id = ws.key("Number")
        at = ws.fact(datetime, "When", required=True)
        chain = ws.fact(ws.Lookup(id, on={"id": id}), "Just a number")  # noqa: A003
        first = ws.fact(ws.Lookup(chain, on={"chain": chain}, last_before=at), "The one before it")

    class other(ws.Facts, of=one):
        """More of it."""

        second = ws.fact(ws.Lookup(one.first, on={"first": one.first}), "The one before that")

    ws.Engine.load(packs=[_pack(rule(one, "fine", other.second == "1"))], installed=False, calendars=ALWAYS)

    class again(ws.Facts, rows=ws.Given("agains"), happens="at"):
        """One again."""

        id = ws.key("Number")
        at = ws.fact(datetime, "When", required=True)
        before = ws.fact(ws.Lookup(id, last_before=at), "The one before it")  # noqa: A003
        chain = ws.fact(before, "The same")

    circle = ws.Lookup(again.chain, on={"id": again.id})
    object.__setattr__(again.before, "lookup", circle)  # a class body cannot name what comes after it
    with pytest.raises(CyclicFact, match=r"again.before -> again.before"):
        ws.Engine.load(packs=[_pack(rule(again, "odd", again.before == "1"))], installed=False, calendars=ALWAYS)


def _pack(*rules: ws.Rule) -> ws.Pack:
    return ws.Pack("made_up", version="1", rules=rules)


def _version(longest: int, which: Callable[[Any], Any]) -> str:
    class note(ws.Facts, rows=ws.Given("notes"), happens="at"):
        """A note."""

        id = ws.key("Number")
        at = ws.fact(datetime, "When", required=True)
        draft = ws.fact(bool, "Whether it is a draft")
        words = ws.fact(int, "How long it is")
        long = ws.fact(words > longest, "Whether it is long")
        before = ws.fact(ws.Lookup(long, last_before=at, where=which(draft)), "Whether the one before it was")

    return ws.Engine.load(packs=[_pack(rule(note, "short", ~note.before))], installed=False, calendars=ALWAYS).version


def test_the_version_of_an_engine_is_of_what_is_looked_up_too() -> None:
    """What the other record is asked for, and by what it is found; the same declared again is the same."""
    first = _version(3, lambda draft: draft)
    assert _version(3, lambda draft: draft) == first
    assert len({first, _version(4, lambda draft: draft), _version(3, lambda draft: ~draft)}) == 3


def _looked(make: Callable[[Any, Any], ws.Lookup[Any]]) -> type[ws.Facts]:
    class wrong(ws.Facts, rows=ws.Given("wrongs"), happens="at"):
        """A record that looks up what it cannot."""

        id = ws.key("Number")
        at = ws.fact(datetime, "When", required=True)
        found = ws.fact(make(id, at), "What is found")  # noqa: A003

    return wrong


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda id_, at: ws.Lookup(contract.level, on={"custommer": id_}), UnknownName, "'customer'"),
        (lambda id_, at: ws.Lookup(contract.level, on={"since": id_}), TypeMismatch, "an instant"),
        (lambda id_, at: ws.Lookup(contract.level, on={"customer": circular.topic}), InvalidRule, "speaks of circular"),
        (lambda id_, at: ws.Lookup(contract.level), InvalidRule, "does not say which record"),
        (lambda id_, at: ws.Lookup(contract.level, last_before=at, first_after=at), InvalidRule, "write one of them"),
        (lambda id_, at: ws.Lookup(contract.level, last_before=id_), TypeMismatch, "an instant or a date"),
        (lambda id_, at: ws.Lookup(bank_month.late, on={"bank": id_}, last_before=at), InvalidRule, "write at="),
        (
            lambda id_, at: ws.Lookup(bank_month.late, last_before=at, at=bank_month.month), TypeMismatch,
            "an instant",
        ),
        (lambda id_, at: ws.Lookup(contract.level, on={"customer": id_}, at=contract.since), InvalidRule, "says at="),
        (
            lambda id_, at: ws.Lookup(contract.level, on={"customer": id_}, where=circular.draft), InvalidRule,
            "use facts of contract",
        ),
        (lambda id_, at: ws.Lookup(ws.as_of, on={"customer": id_}), InvalidRule, "look up a fact of a record type"),
        (lambda id_, at: ws.Lookup(ticket.id.count(), on={"customer": id_}), InvalidRule, "look up a fact"),
        (lambda id_, at: ws.Lookup(ws.as_of - ticket.opened_at, on={"customer": id_}), InvalidRule, "by time alone"),
        (lambda id_, at: ws.Lookup(ticket.closed_at.by(ticket.opened_at), on={"id": id_}), InvalidRule, "by time"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_up_is_refused_with_what_to_write(
    make: Callable[[Any, Any], ws.Lookup[Any]], error: type[Exception], said: str
) -> None:
    """When the class is declared."""
    with pytest.raises(error, match=said):
        _looked(make)


class area(ws.Facts, rows=ws.Grouped(month_of_bank, by={"area": month_of_bank.area})):
    """An area."""

    area = ws.code("Area", required=True)
    mean = ws.fact(month_of_bank.late.sum() / month_of_bank.late.count(), "Late answers a month and bank")


class compared(ws.Facts, of=area):
    """An area, its months beside its mean."""

    above = ws.fact(month_of_bank.late.count(where=month_of_bank.late > area.mean), "Months above the mean")


def test_a_child_reads_its_group(tmp_path: Path) -> None:
    """Of the months of an area those are counted that lie above its mean."""
    engine = ws.Engine.load(
        packs=[_pack(rule(area, "one_above", compared.above == 1))], plugins=[Branch()], installed=False,
        calendars=ALWAYS,
    )  # fmt: skip
    rows = "1,x,north,2026-01-01,3\n2,y,north,2026-01-01,1\n3,x,north,2026-02-01,2\n4,y,south,2026-02-01,2\n"
    found = report(tmp_path, engine=engine, bank_months="id,bank,area,month,late\n" + rows).of_rule("one_above")
    assert [(one.key, str(one.verdict)) for one in found] == [("north", "pass"), ("south", "fail")]


class month_of_tickets(
    ws.Facts, rows=ws.Grouped(ticket, by={"customer": ticket.customer, "month": ws.period(ticket.opened_at, "month")})
):
    """A customer's month."""

    customer = ws.code("Customer", required=True)
    month = ws.fact(date, "First day of the month", required=True)
    number = ws.fact(ticket.id.count(), "How many tickets")
    gold = ws.fact(ticket.id.count(where=ticket.level == "gold"), "How many under a golden contract")


@pytest.mark.parametrize("columns", [False, True])
@pytest.mark.parametrize("name", ["number", "gold"])
def test_rows_of_groups_look_up_too(tmp_path: Path, columns: bool, name: str) -> None:
    """A group counts by what its rows look up; a table that groups are made of in columns is filled in all the same."""
    few = rule(month_of_tickets, "few", getattr(month_of_tickets, name) == 1)
    engine = ENGINE.with_rules(few)
    found = report(
        tmp_path, columns=columns, engine=engine, contracts=CONTRACTS + "k1,ann,gold,\nk2,bob,plain,\n",
        tickets=f"{TICKETS}1,ann,{OPENED}2,bob,{OPENED}",
    )  # fmt: skip
    assert [str(one.verdict) for one in found.of_rule("gold")] == ["pass", "fail"]
    assert [str(one.verdict) for one in found.of_rule("few")] == ["pass", "pass" if name == "number" else "fail"]


@pytest.mark.parametrize("columns", [False, True])
def test_only_records_of_the_same_type_are_the_record_itself(tmp_path: Path, columns: bool) -> None:
    """A contract may have the number of the ticket that asks for it; a circular that has its own number is itself."""
    found = report(tmp_path, columns=columns, contracts=CONTRACTS + "1,ann,gold,\n", tickets=f"{TICKETS}1,ann,{OPENED}")
    assert [str(one.verdict) for one in found.of_rule("gold")] == ["pass"]


def test_many_answers_are_told_in_no_time(tmp_path: Path) -> None:
    """Of very many records that answer, or that may, a few are named and no more are looked for."""
    contracts = "".join(f"k{number},ann,gold,\n" for number in range(3_000))
    tickets = "".join(f"{number},ann,{OPENED}" for number in range(3_000))
    circulars = "".join(f"{number},a,,2026-02-03T10:00Z\n" for number in range(1_500)) + "x,a,no,2026-02-04T10:00Z\n"
    began = process_time()
    found = report(
        tmp_path, contracts=CONTRACTS + contracts, tickets=TICKETS + tickets, circulars=CIRCULARS + circulars
    )
    assert "more than 3 contracts answer: k0, k1, k2 ..." in str(found.of_rule("gold")[0])
    assert "does not tell whether it answers" in str(found.of_rule("rare")[-1])
    assert process_time() - began < 20  # it was a minute when each record looked at all


@pytest.mark.parametrize("columns", [False, True])
def test_a_finding_says_why_a_fact_is_missing(tmp_path: Path, columns: bool) -> None:
    """That nothing was found, too; and of facts that a class adds."""
    pack = _pack(rule(bank_month, "fair", beside.share * 2 <= 1), rule(bank_month, "better", bank_month.before >= 0))
    engine = ws.Engine.load(packs=[pack], plugins=[Branch()], installed=False, calendars=ALWAYS)
    rows = "1,x,north,2026-01-01,3\n2,y,north,soon,1\n"
    found = report(tmp_path, columns=columns, engine=engine, bank_months="id,bank,area,month,late\n" + rows)
    assert "bank_month.before: none of the bank_months tells it" in str(found.of_rule("better")[0])
    assert "beside.late: bank_months.csv row 3 was rejected" in str(found.of_rule("fair")[0])


promised = ws.Figure(
    "promised",
    ws.Limit,
    {"gold": {"2020-01-01": "4 working hours"}, "plain": {"2020-01-01": "8 working hours"}},
    basis=ws.Basis("The contracts"),
)


class task(ws.Facts, rows=ws.Given("tasks"), happens="opened_at", dated_by="opened_at"):
    """A task under a contract."""

    id = ws.key("Number")
    customer = ws.code("Customer", required=True)
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    done_at = ws.fact(datetime, "When it was done")
    level = ws.fact(
        ws.Lookup(contract.level, on={"customer": customer}, last_before=opened_at), "Level of the contract in force"
    )
    clock = ws.clock(opened_at, promised[level], done=done_at, calendar=level)


class Tasks:
    """The plugin of those who keep tasks."""

    @ws.hookimpl
    def windowservice_record_types(self) -> list[type[ws.Facts]]:
        return [contract, task]


@pytest.mark.parametrize("columns", [False, True])
def test_a_clock_counts_by_what_is_looked_up(tmp_path: Path, columns: bool) -> None:
    """Its limit and its calendar are those of the contract in force."""
    gold = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", name="gold")
    calendars = {"window": ALWAYS, "gold": gold, "plain": ALWAYS}
    pack = _pack(rule(task, "kept", task.clock.kept))
    engine = ws.Engine.load(packs=[pack], plugins=[Tasks()], installed=False, calendars=calendars)
    contracts = "k1,ann,plain,2026-01-01T00:00Z\nk2,ann,gold,2026-02-01T00:00Z\n"
    tasks = "".join(f"{n},ann,2026-0{n}-05T16:00Z,2026-0{n}-06T11:30Z\n" for n in (1, 2))
    found = report(
        tmp_path, columns=columns, engine=engine, contracts=CONTRACTS + contracts,
        tasks="id,customer,opened_at,done_at\n" + tasks,
    )  # fmt: skip
    told = found.of_rule("kept").to_frame().select("verdict", "due", "calendar").rows()
    first, second = datetime(2026, 1, 6, tzinfo=UTC), datetime(2026, 2, 6, 12, tzinfo=UTC)
    assert [row[:2] for row in told] == [("fail", first), ("pass", second)]
    assert told[1][2] == "gold"
