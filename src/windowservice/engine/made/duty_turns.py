"""The turns of the duties that a ledger keeps, each with the row that did it, as records for the rules on turns.

A turn is made from the list of duties and the calendar, not from the rows: one that nobody did is a record too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.duties.duty import Deed, Duty
from windowservice.domain.duties.turns import Trigger, Turn, linked, turns
from windowservice.domain.records import Record
from windowservice.domain.words import DEED_TABLES
from windowservice.instants import to_us

if TYPE_CHECKING:
    from windowservice.domain.duties.duties import Duties
    from windowservice.engine.seen import Seen

__all__ = ["make_turns"]

_TRIGGERS: Final[Mapping[str, tuple[str, str]]] = {"rule_notice": ("rule_notices", "published_at")}
"""What duties with a limit begin after: the table, and the column that says when."""
_FIELD: Final[Mapping[str, str]] = {
    "each_bank": "bank", "each_direct_participant": "bank", "each_clerk": "clerk", "each_post": "post",
    "each_key_post": "post",
}  # fmt: skip
_NOT_KNOWN: Final = "not known"


@attrs.frozen
class _Owner:
    """One who owes a duty: the id (None: the window, or nobody known), when, and whether that is known."""

    id: str | None
    since: date | None = None
    until: date | None = None
    known: bool = True


def make_turns(seen: Seen) -> list[Record]:
    """Return the turns of every duty that a ledger keeps, up to an instant.

    A ledger keeps a duty from the day that its table ``duties`` says; one that only rows name, from the first of
    them. A turn is owed by those who were there for the whole of its window. A row that names a duty or a turn that
    there is not becomes a record of its own, which is not `listed`.

    Raises:
        CalendarNotAnnounced: if the calendar refuses turns on days that are not announced.
    """
    deeds = [*_deeds(seen)]
    duties = seen.ledger.duties or seen.engine.standards.duties
    found: list[Record] = []
    for id_, since, until in _kept(seen, deeds):
        if id_ not in duties:
            continue
        duty = duties[id_] if until is None else attrs.evolve(duties[id_], until=until)
        owed = turns(duty, seen.calendar, since, seen.days.last, _triggers(seen, duty))
        found += _of_duty(seen, duty, owed, deeds)
    found += _unlisted(duties, deeds, found)
    return found


def _kept(seen: Seen, deeds: Iterable[tuple[Deed, Record]]) -> Iterator[tuple[str, date, date | None]]:
    """Yield the duties that the ledger keeps: id, first day, last day."""
    stated = {row["id"]: (row["since"], row.get("until")) for row in seen.rows("duties")}
    for id_, (since, until) in stated.items():
        yield id_, since, until
    first: dict[str, int] = {}
    for deed, _ in deeds:
        if deed.at is not None:
            for id_ in deed.duties - stated.keys():
                at = to_us(deed.at)
                first[id_] = min(at, first.get(id_, at))
    for id_, us in sorted(first.items()):
        yield id_, date.fromordinal(seen.calendar.table.date_of(us)), None


def _deeds(seen: Seen) -> Iterator[tuple[Deed, Record]]:
    for table, when in DEED_TABLES.items():
        for row in seen.rows(table):
            named = row.get("duties")
            if named:
                yield Deed(
                    id=row["id"], duties=named, at=row.get(when), turn=row.get("turn"), scope=row.get("scope")
                ), row  # fmt: skip


def _triggers(seen: Seen, duty: Duty) -> list[Trigger]:
    if duty.after not in _TRIGGERS:
        return []
    table, when = _TRIGGERS[duty.after]
    rows = seen.rows(table)
    return [Trigger(id=row["id"], at=row[when]) for row in rows if row.get(when) and to_us(row[when]) <= seen.us]


def _of_duty(seen: Seen, duty: Duty, owed: tuple[Turn, ...], deeds: list[tuple[Deed, Record]]) -> Iterator[Record]:
    field = _FIELD.get(duty.who)
    for owner in _owners(seen, duty):
        mine = [deed for deed, row in deeds if field is None or row.get(field) == owner.id]
        done = [deed for deed in mine if deed.at is None or to_us(deed.at) <= seen.us]
        there = [
            turn for turn in owed
            if (owner.since is None or owner.since <= turn.first) and (owner.until is None or turn.last <= owner.until)
        ]  # fmt: skip
        before: datetime | None = None
        for turn, deed in linked(duty, there, done):
            yield _record(duty, turn, deed, owner, before)
            before = deed.at if deed is not None and deed.at is not None else before


def _owners(seen: Seen, duty: Duty) -> list[_Owner]:
    """Return who owes a duty; where the ledger does not say who there is, one owner that is not known."""
    found: list[_Owner] = []
    if duty.who == "window":
        return [_Owner(None)]
    if duty.who in ("each_bank", "each_direct_participant"):
        every = duty.who == "each_bank"
        found = [
            _Owner(bank.id, bank.joined, None, known=every or bank.participation is not None)
            for bank in seen.ledger.banks if every or bank.participation in ("direct", None)
        ]  # fmt: skip
    elif duty.who == "each_clerk":
        for clerk in seen.ledger.staff:
            found += [_Owner(clerk.id, period.since, period.until) for period in clerk.on_roster or (None,) if period]
            found += [_Owner(clerk.id)] if not clerk.on_roster else []
    else:
        posts = seen.rows("posts")
        key = duty.who == "each_key_post"
        found = [
            _Owner(row["id"], row.get("since"), row.get("until"), known=not key or row.get("risk") is not None)
            for row in posts if not key or row.get("risk") in ("high", None)
        ]  # fmt: skip
    return found or [_Owner(None, known=False)]


def _record(duty: Duty, turn: Turn, deed: Deed | None, owner: _Owner, before: datetime | None) -> Record:
    field = _FIELD.get(duty.who)
    said = (duty.id, turn.name, owner.id if owner.id or duty.who == "window" else _NOT_KNOWN)
    at = None if deed is None else deed.at
    values: dict[str, Any] = {
        "id": " / ".join(part for part in said if part), "duty": duty.id, "policy": duty.policy,
        "name": turn.name, "listed": True, "owed": True if owner.known else None, "opens_at": turn.opens,
        "due_at": None if turn.provisional else turn.due, "expected_at": turn.due, "done_at": at,
        "dated": None if deed is not None and at is None else True, "scope_wanted": turn.scope,
        "deed": None if deed is None else deed.id, "scope": None if deed is None else deed.scope,
        "days_since_last": None if at is None or before is None else (at.date() - before.date()).days,
    }  # fmt: skip
    if field is not None:
        values[field] = owner.id
    return Record("turns", values)


def _unlisted(duties: Duties, deeds: Iterable[tuple[Deed, Record]], made: Iterable[Record]) -> Iterator[Record]:
    """Yield a record for each duty or turn that a row names and that there is not."""
    known = {(record["duty"], record["name"]) for record in made}
    for deed, row in deeds:
        for duty in sorted(deed.duties):
            if duty in duties and (deed.turn is None or (duty, deed.turn) in known):
                continue
            yield Record(
                "turns",
                {
                    "id": " / ".join(filter(None, (duty, deed.turn, deed.id))), "duty": duty, "name": deed.turn,
                    "bank": row.get("bank"), "clerk": row.get("clerk"), "post": row.get("post"), "listed": False,
                    "done_at": deed.at, "deed": deed.id, "dated": True, "owed": True,
                },
            )  # fmt: skip
