"""The records that the escalation ladder judges, made from a ledger and from scores.

What happened at a bank stands in several tables; here it becomes one list of occurrences, told apart by kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.parties import Bank, Banks
from windowservice.domain.records import Record
from windowservice.domain.unread import Unread, in_sight
from windowservice.domain.words import OWN_FAULT
from windowservice.engine.made.one_happening import once
from windowservice.engine.seen import ledger_us, seen_tables
from windowservice.engine.unread import unread_occurrences
from windowservice.escalation.rows import engine_binding
from windowservice.facts.escalation.bank_period import LASTING_KINDS, OCCURRENCE_KINDS, RUN_OF_URGES
from windowservice.facts.payments.filing import filing
from windowservice.facts.payments.position import position
from windowservice.instants import as_of_us, datetime_us, from_us, local_midnight, utc_datetime
from windowservice.language.python.compile import compile_values
from windowservice.rules.escalation.ladder import LookBack
from windowservice.scoring.values import IndicatorScore, Score

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = [
    "PROBLEMS", "bad_grades", "bank_periods", "bank_readings", "by_present_ids",
    "first_day", "kinds_told_by", "occurrences_of", "recorded_kinds", "unlisted_banks",
]  # fmt: skip

_MADE_FROM: Final[Mapping[str, Mapping[str, str]]] = {
    "positions": {"window_opened": "window_opened", "queued_at_close": "queued_at_close", "urge_missed": ""},
    "incidents": {"outage": "cause", "own_failure": "others_affected"},
    "filings": {"filing_missed": ""},
    "actions": {"action_overdue": "", "rectification_failed": ""},
}
"""The kinds of occurrence that are made from a table, each with the column on which it rests if an empty cell says
nothing; an empty instant says that it has not happened."""
_TELLING: Final = (*_MADE_FROM, "occurrences")
"""The tables that tell of occurrences."""
PROBLEMS: Final = ("rule_breach", "outage", "own_failure")
"""The kinds of occurrence that may come again after a circular on them."""


def by_present_ids(ledger: Ledger, zone: tzinfo) -> Ledger:
    """Return a ledger whose records name each bank by its present id; a bank that is not listed keeps the id given.

    Args:
        ledger: the ledger.
        zone: the zone of the days on which ids were used.
    """
    banks = Banks(ledger.banks)
    former = {one.id for bank in banks for one in bank.former_ids}
    if not former:
        return ledger
    dated = {table: of.options.dated_by for table, of in ledger.tables.record_types.items()}

    def present(row: Record) -> Record:
        bank, at = row.get("bank"), row.get(dated.get(row.table) or "")
        if bank not in former:
            return row
        id_ = banks.find(bank, from_us(datetime_us(at), zone).date() if isinstance(at, datetime) else None).id
        return row if id_ == bank else Record(row.table, {**row, "bank": id_}, row.place)

    records = {name: tuple(present(row) for row in rows) for name, rows in ledger.records.items()}
    return attrs.evolve(ledger, records=records)


def unlisted_banks(ledger: Ledger) -> tuple[str, ...]:
    """Return the banks at which something may have happened by the ledger's tables, and that it does not list."""
    listed = {bank.id for bank in ledger.banks}
    named = [row["bank"] for name in ("occurrences", *_MADE_FROM) for row in ledger.records.get(name, ())]
    told = ("occurrences", *_MADE_FROM)
    named += [row.said["bank"] for row in ledger.unread if row.table in told and row.said.get("bank")]
    named += ledger.banks_in_doubt
    return tuple(dict.fromkeys(bank for bank in named if bank not in listed))


def recorded_kinds(ledger: Ledger) -> frozenset[str]:
    """Return the kinds of occurrence that a ledger records: those that its tables can hold; see `kinds_told_by`."""
    return kinds_told_by(ledger.records)


def kinds_told_by(tables: Mapping[str, Any]) -> frozenset[str]:
    """Return the kinds of occurrence that tables tell of.

    Positions, incidents, filings and actions record what is made of them, unless the column on which it rests is
    empty in every row: whoever keeps no queues at the close does not say that there were none. ``occurrences`` records
    every kind.

    Args:
        tables: the records of a ledger, or frames, by the names of tables.
    """
    if "occurrences" in tables:
        return frozenset(OCCURRENCE_KINDS)
    return frozenset(
        kind
        for table, kinds in _MADE_FROM.items() if table in tables
        for kind, column in kinds.items() if not column or _states(tables[table], table, column)
    )  # fmt: skip


def _states(rows: Any, table: str, column: str) -> bool:
    """Whether some row states the column; a table without a row says that nothing happened."""
    if isinstance(rows, Sequence):
        return not rows or any(row.get(column) is not None for row in rows)
    from windowservice.engine.frames.frames import to_polars_frame

    frame = to_polars_frame(rows, table)
    return not frame.height or (column in frame.columns and frame[column].null_count() < frame.height)


def occurrences_of(engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> list[Record]:
    """Return what happened at the banks until an instant, from all tables of a ledger, in order.

    Outages of the bank's own cause, queues and windows of its own fault, filings that came late or never, urges that
    were not met, actions overdue and rectifications that failed; and the rows of ``occurrences`` that no other table
    tells (see `one_happening`). Where one row leaves a column empty that others fill in, it is in doubt.
    """
    us = ledger_us(engine, ledger, as_of)
    rows = seen_tables(ledger, _TELLING, us, engine.zone)
    made = [
        *_from_positions(engine, rows["positions"], us),
        *_queues_and_windows(engine, rows["positions"], us),
        *_from_incidents(rows["incidents"], us),
        *_from_filings(engine, rows["filings"], us),
        *((True, row) for row in _from_actions(rows["actions"], us)),
    ]
    given = (_seen(row, us) for row in rows["occurrences"] if datetime_us(row["happened_at"]) <= us)
    seen = ((held, row) for held, row in made if datetime_us(row["happened_at"]) <= us)
    past = once(given, seen, engine.calendar.zone)
    circulars = [row for row in rows["actions"] if row["action"] == "circular"]
    past = [_after_circular(row, circulars) for row in past]
    past += unread_occurrences(ledger, us)
    return sorted(past, key=lambda row: (datetime_us(row["happened_at"]), row["id"]))


def bank_periods(
    engine: Engine,
    banks: Iterable[Bank],
    occurrences: Iterable[Mapping[str, Any]],
    *,
    as_of: datetime | date | str,
    look_back: LookBack | None = None,
    admissions: Mapping[str, bool | None] | None = None,
    unlisted: Iterable[str] = (),
    unread: Sequence[Unread] = (),
) -> list[Record]:
    """Return one record for every bank, with what happened at it within the look-back; banks without anything too.

    Args:
        engine: whose calendar gives the civil dates.
        banks: the banks; one that is new is not a key institution.
        occurrences: what happened, as `occurrences_of` gives it.
        as_of: the instant judged; a bare date means 24:00 of it.
        look_back: how far back it counts; what is open and lasts counts however old it is.
        admissions: banks whose admission is under way, and whether they passed the test before it (None: not known).
        unlisted: ids of further banks, of which it is not known whether they are new or key institutions.
        unread: rows of the ledger that could not be read; what they could have said of a bank is unknown.
    """
    zone = engine.calendar.zone
    us = as_of_us(as_of, zone)
    last = from_us(us - 1, zone).date()
    begin = local_midnight(first_day(last, look_back or LookBack()), zone)
    by_bank: dict[str, list[Mapping[str, Any]]] = {}
    for row in occurrences:
        at = datetime_us(row["happened_at"])
        lasting = row["kind"] in LASTING_KINDS and row.get("closed_at") is None
        if at <= us and (at >= begin or lasting):
            by_bank.setdefault(row["bank"], []).append(row)
    pending = admissions or {}
    lost = [row.said.get("id") for row in unread if row.table == "banks"]
    every = [
        (bank.id, None, None) if None in lost or bank.id in lost else (bank.id, bank.is_key(last), bank.is_new(last))
        for bank in banks
    ]
    stages = [row.said.get("bank") for row in in_sight(unread, us) if row.table == "admission_stages"]
    return [
        Record(
            "bank_periods",
            {
                "id": f"{id_} {last.isoformat()}", "bank": id_, "until": utc_datetime(us), "key": key, "new_bank": new,
                "admission_pending": None if None in stages or id_ in stages else id_ in pending,
                "admission_test_passed": None if None in stages or id_ in stages else pending.get(id_),
                "occurrences": tuple(by_bank.get(id_, ())),
            },
        )
        for id_, key, new in (*every, *((id_, None, None) for id_ in unlisted))
    ]  # fmt: skip


def bank_readings(scores: Iterable[Score], banks: Mapping[str, Bank], *, zone: Any) -> list[Record]:
    """Return one record for every bank and indicator of the last period scored.

    Args:
        scores: the scores of banks and periods, earlier periods too: those in breach are counted over four. A bank of
            which fewer are given has no such count, which is then unknown.
        banks: the banks by id; of one that is not there it is unknown whether it is new or a key institution.
        zone: the zone in which periods end.
    """
    given = list(scores)
    if not given:
        return []
    period = max(score.period for score in given)
    by_key = {(score.bank, score.period): score for score in given}
    now = [score for score in given if score.period == period]
    run = [period]
    while len(run) < 4:
        run.append(run[-1].previous)
    end = utc_datetime(local_midnight(period.last_day + timedelta(days=1), zone))
    ranks = _ranks(now)
    found = []
    for score in now:
        bank = banks.get(score.bank)
        former = [by_key.get((score.bank, earlier)) for earlier in run]
        for row in score.indicators:
            if row.state == "not_applicable":
                continue
            id_ = row.indicator.id
            found.append(
                Record(
                    "bank_readings",
                    {
                        "id": f"{score.bank} {id_} {period}", "bank": score.bank, "indicator": id_,
                        "period": str(period), "until": end, "severity": _severity(row),
                        "small_sample": row.small_sample, "breaches_of_four": _breaches(former, id_),
                        "rank_from_bottom": ranks.get((score.bank, id_)),
                        "key": None if bank is None else bank.is_key(period.last_day),
                        "new_bank": None if bank is None else bank.is_new(period.last_day),
                    },
                )
            )  # fmt: skip
    return found


def bad_grades(scores: Iterable[Score], *, zone: Any, grade: str = "D") -> list[Record]:
    """Return an occurrence for every quarter that a bank was given the grade, with how many ran on end."""
    found, runs = [], dict[tuple[str, Any], int]()
    for score in sorted(scores, key=lambda score: score.period):
        if score.grade == grade:
            run = runs.get((score.bank, score.period.previous), 0) + 1
            runs[score.bank, score.period] = run
            end = utc_datetime(local_midnight(score.period.last_day + timedelta(days=1), zone))
            values = {"id": f"{score.bank} {score.period} {grade}", "bank": score.bank, "kind": "bad_grade"}
            found.append(Record("occurrences", {**values, "happened_at": end, "in_a_row": run}))
    return found


def first_day(last: date, look_back: LookBack) -> date:
    """Return the first day of the look-back that ends on a day."""
    if look_back.kind == "calendar_year":
        return date(last.year, 1, 1)
    return last - timedelta(days=look_back.days - 1)


def _occurrence(row: Mapping[str, Any], kind: str, at: datetime, **more: Any) -> Record:
    values = {"id": f"{row['id']}/{kind}", "bank": row["bank"], "kind": kind, "happened_at": at}
    return Record("occurrences", {**values, **more})


def _doubt(is_doubtful: bool) -> dict[str, bool]:
    return {"doubtful": True} if is_doubtful else {}


def _seen(row: Mapping[str, Any], us: int) -> Record:
    """Return the row without a closing that comes later."""
    closed = row.get("closed_at")
    values = dict(row)
    if closed is not None and datetime_us(closed) > us:
        values["closed_at"] = None
    return Record("occurrences", values)


def _from_positions(engine: Engine, rows: Sequence[Mapping[str, Any]], us: int) -> Iterator[tuple[bool, Record]]:
    read = compile_values([position.cover_due], position, engine_binding(engine), style="mapping")
    missed: dict[str, list[datetime]] = {}
    for row in sorted(rows, key=lambda row: datetime_us(row["checkpoint_at"])):
        held = row.get("fault_party") in OWN_FAULT
        (due,) = read(row, utc_datetime(us))
        covered = row.get("covered_at")
        late = due is not None and datetime_us(due) < us and (covered is None or covered > due)
        if late and not held:
            yield False, _occurrence(row, "urge_missed", due)
        elif late:
            earlier = missed.setdefault(row["bank"], [])
            run = 1 + sum(due - before <= RUN_OF_URGES for before in earlier)
            earlier.append(due)
            yield True, _occurrence(row, "urge_missed", due, in_a_row=run, about="shortfall")


def _queues_and_windows(engine: Engine, rows: Sequence[Mapping[str, Any]], us: int) -> Iterator[tuple[bool, Record]]:
    """Yield queues at the close and windows opened; in doubt are those of a day that has ended and does not tell."""
    zone = engine.calendar.zone
    days = [from_us(datetime_us(row["checkpoint_at"]), zone).date() for row in rows]
    today = from_us(us, zone).date()
    for column in ("queued_at_close", "window_opened"):
        told = {(row["bank"], day) for row, day in zip(rows, days, strict=True) if row.get(column) is not None}
        for row, day in zip(rows, days, strict=True):
            value = row.get(column)
            is_doubtful = value is None and bool(told) and day < today and (row["bank"], day) not in told
            if is_doubtful or (value or 0) > 0:
                held = row.get("fault_party") in OWN_FAULT
                yield held, _occurrence(row, column, row["checkpoint_at"], **_doubt(is_doubtful))


def _from_incidents(rows: Sequence[Mapping[str, Any]], us: int) -> Iterator[tuple[bool, Record]]:
    tells_cause, tells_others = (any(row.get(one) is not None for row in rows) for one in ("cause", "others_affected"))
    for row in rows:
        is_doubtful = row.get("cause") is None and tells_cause
        held = is_doubtful or row.get("cause") == "own"
        if row.get("cause") is None and not is_doubtful:
            continue
        start, end = row["started_at"], row.get("ended_at")
        until = us if end is None else min(datetime_us(end), us)
        lasted = until - datetime_us(start)
        seconds = -(-lasted // 1_000_000) if lasted >= 0 else None  # ended before it began: nobody can tell how long
        named = {"system": row["system"], "about": f"outage {row['system']}"}
        yield held, _occurrence(row, "outage", start, seconds=seconds, **named, **_doubt(is_doubtful))
        affected = row.get("others_affected")
        if affected or (affected is None and tells_others):
            yield held, _occurrence(row, "own_failure", start, **named, **_doubt(is_doubtful or affected is None))


def _from_filings(engine: Engine, rows: Sequence[Mapping[str, Any]], us: int) -> Iterator[tuple[bool, Record]]:
    read = compile_values([filing.due_at], filing, engine_binding(engine), style="mapping")
    for row in rows:
        (due,) = read(row, utc_datetime(us))
        filed = row.get("filed_at")
        late = due is not None and datetime_us(due) < us and (filed is None or filed > due)
        if late:
            yield row.get("fault_party") in OWN_FAULT, _occurrence(row, "filing_missed", due, about=row["kind"])


def _from_actions(rows: Sequence[Mapping[str, Any]], us: int) -> Iterator[Record]:
    for row in rows:
        due, done, released = row.get("due_at"), row.get("rectified_at"), row.get("released_at")
        taken = row.get("decision") == "taken"
        if taken and due is not None and datetime_us(due) < us and (done is None or done > due):
            closed = min((at for at in (done, released) if at is not None), default=None)
            yield _seen(_occurrence(row, "action_overdue", due, about=row["action"], closed_at=closed), us)
        verified = row.get("verified_at")
        if taken and verified is not None and row.get("verified") in ("failed", "refused"):
            failed = _occurrence(row, "rectification_failed", verified, about=row["action"], closed_at=released)
            yield _seen(failed, us)


def _after_circular(row: Record, circulars: Sequence[Mapping[str, Any]]) -> Record:
    """Return the occurrence with the days since the last circular on the same kind of problem, if there was one."""
    about, at = row.get("about"), row["happened_at"]
    if row["kind"] not in PROBLEMS or about is None or row.get("days_after_circular") is not None:
        return row
    decided = [
        one["decided_at"] for one in circulars
        if one["bank"] == row["bank"] and one.get("about") == about and one.get("decision") == "taken"
        and one.get("decided_at") is not None and one["decided_at"] < at
    ]  # fmt: skip
    if not decided:
        return row
    return Record("occurrences", {**row, "days_after_circular": (at - max(decided)).days})


def _severity(row: IndicatorScore) -> str | None:
    if row.state == "unknown":
        return None
    return row.severity or "none"


def _breaches(former: Sequence[Score | None], indicator: str) -> int | None:
    """Return how many of the periods were in breach; None if one of them is not known."""
    count = 0
    for score in former:
        if score is None:
            return None
        row = score[indicator]
        if row.state == "unknown":
            return None
        count += row.severity is not None
    return count


def _ranks(scores: Sequence[Score]) -> dict[tuple[str, str], int]:
    """Return the place of each bank among all by each indicator, the worst being 1; equal ones share a place."""
    by_indicator: dict[str, list[tuple[Any, str]]] = {}
    open_to: set[str] = set()
    for score in scores:
        for row in score.indicators:
            if row.unread:  # where it stands among the others is open, and so is where they stand
                open_to.add(row.indicator.id)
            if row.share is not None:
                by_indicator.setdefault(row.indicator.id, []).append((row.share, score.bank))
    return {
        (bank, indicator): 1 + sum(other < share for other, _ in rows)
        for indicator, rows in by_indicator.items() if indicator not in open_to
        for share, bank in rows
    }  # fmt: skip
