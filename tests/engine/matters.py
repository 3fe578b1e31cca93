"""Random requests crowded at the edges, and engines that judge them: all packs, under plain and odd services."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import attrs
from hypothesis import strategies as st
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.catalogue.service import DatedLimit
from windowservice.domain.requests.event import OPTIONAL_FIELDS
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.facts import event as e
from windowservice.facts import request as r
from windowservice.worktime.clock.stops import STATUTORY_REASONS

DRAW = Callable[[st.SearchStrategy[Any]], Any]
BASIS = ws.Basis("made up for a test", mark="assumption")
NOON = datetime(2018, 9, 27, 4, 0, tzinfo=UTC)  # a Thursday in China; from 1 to 7 October the window is closed
HOURS = (-3.5, -2.5, -0.5, 0, 0.5, 1.5, 5, 5.01, 20.5, 29, 44, 53, 68.5, 188.5, 265, 277.25, 284.5, 289, 312, 480)
INSTANTS = [NOON + timedelta(hours=hours) for hours in HOURS]
CLERKS = ("wang", "li", "zhao")
REASONS = (*sorted(STATUTORY_REASONS)[:3], "system_outage", "upper_level_reply", "whim", "new_rule", "waiting")
AMOUNTS = ("3 working days", "1 working day", "2 working hours", "5 days", "nothing", "30 working minutes")
PAPERS = ("S10-M1", "S10-M2", "S01-M1", "X-M9")
LIMITS = (
    "30 working minutes", "3 working days", "1 working day at 12:00", "2 working days at the same time",
    "same working day at 12:00", "15 days", "15 days without roll", "1 month", "72 hours", "same working day",
    "60 working minutes or 16:20 at the latest", "booked session", "2 working days",
)  # fmt: skip
AS_OF = [*INSTANTS, INSTANTS[-1] + timedelta(days=60), NOON - timedelta(days=1)]


class own(ws.Facts, of=r):
    """What a plugin says of a request."""

    deadline = ws.fact(datetime, "Until when the bank wants it")
    channels = ws.fact(frozenset[str], "How it came in, in all")
    rate = ws.fact(float, "A rate")
    copies = ws.fact(int, "How many copies")


class own_event(ws.Facts, of=e):
    """What a plugin says of an event."""

    place = ws.fact(str, "Where it was done")
    fee = ws.fact(Decimal, "What it cost")


def _bind_halves(_binding: Any) -> Callable[[int], int]:
    return lambda number: number // 2


HALVES = ws.Function("halves", (r.notices.type,), r.notices.type, _bind_halves, title="Half of a number")
EDGES = ws.Figure("edges", int, {"2018-09-28": 1, "2018-10-08": (2, BASIS)}, unit="events", basis=BASIS)


@cache
def own_pack() -> ws.Pack:
    """Rules of a plugin: facts of its own, a figure, and a function that only Python knows."""
    rule = ws.Rule
    return ws.Pack(
        "own_rules",
        version="7",
        rules=[
            rule("by_deadline", title="By the bank's deadline", require=r.decided_at.by(own.deadline), basis=BASIS),
            rule("few", title="Few events", require=e.kind.count(where=e.by.is_known()) <= EDGES, severity="major"),
            rule("halved", title="Half of the notices", require=HALVES(r.notices) < 1),
            rule(
                "inside", title="Done at the desk", require=(own_event.place == "desk").all(where=e.kind == "decided")
            ),
            rule("copied", title="In copies", when=own.rate > 0.5, require=own.copies >= 2, settled_by=("closed",)),
            rule("online", title="Came online too", require=own.channels.contains("online"), until="2018-10-01"),
            rule("free", title="Costs nothing", require=~(own_event.fee > 0).any(), severity="note"),
            rule("quick", title="Quick", require=r.worked.within(ws.work(hours=3)), since="2018-09-28"),
            rule("amount", title="A small amount", require=r.amount < 1_000, severity="severe"),
        ],
    )


@cache
def engines() -> dict[str, ws.Engine]:
    """Engines by name: as loaded, and with the services of the catalogue under all kinds of limits and calendars."""
    plain = built_in().with_pack(own_pack())
    services = tuple(_odd(service, place) for place, service in enumerate(plain.catalogue))
    odd = attrs.evolve(plain.catalogue, services=services)
    nights = ws.WorkCalendar(
        timezone="Asia/Shanghai",
        weekly={"mon-fri": "22:00-06:00(+1)", "sat": "09:00-09:30"},
        closed=["2018-09-28"],
        name="cash",
    )
    return {"plain": plain, "odd": plain.what_if(catalogue=odd, calendars={"cash": nights})}


def _odd(service: ws.Service, place: int) -> ws.Service:
    limits = [
        DatedLimit("2018-01-01", LIMITS[place % len(LIMITS)], BASIS),
        DatedLimit("2018-09-28", LIMITS[(place + 4) % len(LIMITS)], BASIS),
    ]
    booked = service.start == "booked"
    return attrs.evolve(
        service,
        commitment=limits,
        statute=limits[1:] if place % 2 else (),
        notice=(DatedLimit("2018-01-01", LIMITS[place % 4], BASIS),),
        supplement=("restart", "pause", "none")[place % 3],
        start="booked" if booked else ("submitted", "accepted", "completed")[place % 3],
        end=("decided", "delivered")[place % 2],
        calendar=("window", "cash")[place % 2],
        local_stops=frozenset({"whim"} if place % 2 else ()),
    )


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


instants = st.sampled_from(INSTANTS)
KINDS = (
    *sorted(EVENT_KINDS), "submitted", "accepted", "decided", "notified", "supplemented", "suspended", "resumed",
    "extended", "extension_requested", "handed_over", "taken_over", "notified", "supplemented", "suspended",
)  # fmt: skip


@st.composite
def events(draw: DRAW) -> ws.Event:
    kind = draw(st.sampled_from(KINDS))
    slot = draw(_maybe(instants)) if kind == "booked" else None
    found = ws.Event(
        draw(instants),
        kind,
        by=draw(_maybe(st.sampled_from(CLERKS))),
        to=draw(_maybe(st.sampled_from(CLERKS))) if kind == "handed_over" else None,
        items=draw(_maybe(st.frozensets(st.sampled_from(PAPERS)))) if kind in ("notified", "supplemented") else None,
        reason=draw(_maybe(st.sampled_from(REASONS))),
        written=draw(_maybe(st.booleans())),
        amount=draw(_maybe(st.sampled_from(AMOUNTS))) if kind == "extended" else None,
        slot=None if slot is None else (slot, slot + timedelta(hours=1)),
        score=draw(_maybe(st.integers(1, 5))) if kind == "rated" else None,
        seq=draw(st.sampled_from([None, None, None, 0, 3])),
        date_only=draw(st.integers(0, 5)) == 0,
        extra=draw(st.sampled_from([{}, {}, {"place": "desk"}, {"place": "phone", "fee": Decimal("1.50")}])),
    )
    if draw(st.integers(0, 15)) == 0:
        found = found.amended(draw(instants), "chief", at=draw(instants))
    return found


def _usual(draw: DRAW) -> list[ws.Event]:
    """Return the events that most matters have, so that clocks run, stop, restart and end."""
    begin = draw(st.sampled_from(INSTANTS[:8]))
    found = [ws.Event(begin, "submitted", by="wang"), ws.Event(begin + timedelta(minutes=5), "accepted", by="wang")]
    if draw(st.booleans()):
        dated = draw(st.integers(0, 3)) == 0
        found.append(ws.Event(draw(st.sampled_from(INSTANTS[5:])), "decided", by="li", date_only=dated))
        found.append(ws.Event(found[-1].at, "delivered", by="li", date_only=dated))
    return found


@st.composite
def requests(draw: DRAW, number: int) -> ws.Request:
    extra = {
        "deadline": draw(_maybe(instants)),
        "channels": draw(_maybe(st.sampled_from([["online"], ["counter", "online"], ["post"], []]))),
        "rate": draw(_maybe(st.sampled_from([0.25, 1.0, float("nan")]))),
        "copies": draw(_maybe(st.integers(0, 3))),
        "unread": draw(_maybe(st.sampled_from(["x", 7]))),
    }
    return ws.Request(
        f"R-{number}",
        draw(st.sampled_from(["105221000018", "102221000014"])),
        draw(st.sampled_from([f"S{place:02}" for place in range(1, 20)] + ["S99"])),
        amount=draw(st.sampled_from([None, 500, 2_000, Decimal("999.99"), 10**15])),
        channel=draw(st.sampled_from([None, "counter", "online"])),
        events=(_usual(draw) if draw(st.booleans()) else []) + draw(st.lists(events(), max_size=9)),
        extra={name: value for name, value in extra.items() if value is not None},
    )


many_requests = st.integers(1, 5).flatmap(lambda count: st.tuples(*(requests(number) for number in range(count))))
recorded_kinds = st.one_of(
    st.sampled_from([None, {"submitted", "accepted", "decided"}]),
    st.sampled_from(sorted(EVENT_KINDS)).map(lambda kind: EVENT_KINDS - {kind}),
)


def without_fields(request: ws.Request, fields: Collection[str]) -> ws.Request:
    """Return the request as a source tells it that has no columns for these fields of events."""
    blank: dict[str, Any] = {("slot" if name.startswith("slot_") else name): None for name in fields}
    events = [_blanked(event, blank) for event in request.events]
    return attrs.evolve(request, events=events, untold=fields)


def _blanked(event: ws.Event, blank: dict[str, Any]) -> ws.Event:
    amends = None if event.amends is None else _blanked(event.amends, blank)
    return attrs.evolve(event, amends=amends, **blank)


SLOT = frozenset({"slot_begin", "slot_end"})
columns_apart = [*(frozenset({name}) for name in sorted(OPTIONAL_FIELDS - SLOT)), SLOT]
"""What a table may lack, a column at a time; a slot has both its columns or none."""
untold_fields = st.one_of(st.just(frozenset[str]()), st.sampled_from(columns_apart))
