"""A help desk whose tickets have clocks of every sort, and what its records are drawn from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

import windowservice as ws

MONDAY = datetime(2024, 7, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)
BASIS = ws.Basis("The contract")
CALENDARS = {
    "us": ws.WorkCalendar("America/New_York", "mon-fri 09:00-17:00", closed=["2024-07-04"], name="us"),
    "de": ws.WorkCalendar("Europe/Berlin", "mon-fri 08:00-12:00 13:00-17:00", name="de"),
    "always": ws.WorkCalendar("UTC", "mon-sun 00:00-24:00", name="always"),
}
OPEN = {
    "us": ("America/New_York", range(5), ((18, 34),), frozenset({(7, 4)})),
    "de": ("Europe/Berlin", range(5), ((16, 24), (26, 34)), frozenset[tuple[int, int]]()),
    "always": ("UTC", range(7), ((0, 48),), frozenset[tuple[int, int]]()),
}
"""The same hours for the naive count: zone, weekdays, half hours of the day, dates closed."""

hours = ws.Figure("hours", str, {name: {"2020-01-01": name} for name in CALENDARS}, basis=BASIS)
limits = ws.Figure(
    "limits", ws.Limit, {"P1": {"2020-01-01": "4 working hours"}, "P2": {"2020-01-01": "12 working hours"}}, basis=BASIS
)


WORDS = ("open", "waiting", "noted", "resolved", "asked", "answered", "extended")


class status(ws.Facts, happens="at"):
    """A change of status."""

    at = ws.fact(datetime, "When", required=True)
    to = ws.fact(str, "New status", words=WORDS)
    why = ws.fact(str, "Why")
    more = ws.fact(ws.Limit, "How much more time was granted")


class ticket(ws.Facts, children=status, happens="opened_at", dated_by="opened_at", under="history"):
    """A ticket of a help desk."""

    id = ws.key("Number")
    customer = ws.fact(str, "Customer")
    priority = ws.fact(str, "How urgent it is", required=True, words=("P1", "P2"))
    opened_at = ws.fact(datetime, "When it was opened", required=True)
    paused_from = ws.fact(datetime, "From when it was put off")
    paused_until = ws.fact(datetime, "Until when it was put off")
    own_limit = ws.fact(ws.Limit, "The limit that was agreed for this ticket")
    longer_at = ws.fact(datetime, "When more time was granted")
    longer_asked = ws.fact(datetime, "When more time was asked for")
    resolved_at = ws.fact(status.at.last(where=status.to == "resolved"), "When it was resolved")

    put_off = ws.intervals(paused_from, paused_until, reason="put off")
    to_next = ws.intervals(status.at.where(status.to == "waiting"), status.at.next(), reason=status.why)
    to_mark = ws.intervals(
        status.at.where(status.to == "waiting"), status.at.where(status.to.one_of("open", "resolved"))
    )

    plain = ws.clock(opened_at, limits[priority], calendar=hours[customer], done=resolved_at)
    paused = ws.clock(opened_at, limits[priority], calendar=hours[customer], done=resolved_at, stops=to_next)
    marked = ws.clock(opened_at, "12 working hours", calendar=hours[customer], done=resolved_at, stops=to_mark)
    elapsed = ws.clock(opened_at, "8 hours", calendar=hours[customer], done=resolved_at, stops=[to_mark, put_off])
    both = (put_off, to_next)
    in_days = ws.clock(opened_at, "2 working days", calendar=hours[customer], done=resolved_at, stops=both)
    usual = ws.clock(opened_at, ws.work(hours=4), calendar="us", done=resolved_at, stops=[to_next, to_mark])
    anew = ws.intervals(status.at.where(status.to == "asked"), status.at.where(status.to == "answered"))
    granted = ws.extensions(status.at.where(status.to == "extended"), status.more)
    longer = ws.extensions(longer_at, ws.work(hours=2), asked=longer_asked)
    lengthened = ws.clock(
        opened_at, "4 working hours", calendar="de", done=resolved_at, stops=to_mark, extensions=[granted, longer]
    )
    restarted = ws.clock(
        opened_at, "4 working hours", calendar=hours[customer], done=resolved_at, stops=to_next, restarts=anew,
        extensions=[granted, longer],
    )  # fmt: skip
    again = ws.clock(
        opened_at, "2 working days", calendar=hours[customer], done=resolved_at, stops=to_mark, restarts=anew,
        extensions=granted,
    )  # fmt: skip
    real = ws.clock(
        opened_at, "8 hours", calendar="us", done=resolved_at, stops=to_mark, restarts=[anew, put_off],
        extensions=granted,
    )  # fmt: skip

    agreed = ws.clock(opened_at, own_limit, calendar="always", done=resolved_at, stops=put_off)


CLOCKS = (
    "plain", "paused", "marked", "elapsed", "in_days", "usual", "lengthened", "restarted", "again", "real", "agreed"
)  # fmt: skip
OFFERS = ("due", "worked", "remaining", "at_risk_at", "late_by", "overrun", "state")
EXPRS = [getattr(ticket.given[name], offer) for name in CLOCKS for offer in OFFERS]
RULES = [
    ws.Rule(name, title="It is kept", of=ticket, require=ticket.given[name].kept)  # type: ignore[attr-defined]
    for name in CLOCKS
]
PACK = ws.Pack("desk", version="1", rules=RULES)


def engine() -> ws.Engine:
    """Return the engine of the desk."""
    return ws.Engine.load(installed=False, packs=[PACK], calendars=CALENDARS)


def moment(most: int) -> st.SearchStrategy[datetime]:
    """Return some half hour of two weeks."""
    return st.integers(0, most).map(lambda halves: MONDAY + halves * HALF)


WEEK = 48 * 7
statuses = st.fixed_dictionaries(
    {
        "at": moment(WEEK),
        "to": st.sampled_from([*WORDS, "waiting", "asked", "answered", None]),
        "why": st.sampled_from([None, "customer", "supplier"]),
        "more": st.sampled_from([None, *map(ws.Limit.parse, ("1 working hours", "1 working day", "4 hours"))]),
    }
)
histories = st.one_of(
    st.lists(statuses.filter(lambda one: one["to"] is not None), max_size=6, unique_by=repr).map(
        lambda found: sorted(found, key=lambda one: one["at"])
    ),
    st.lists(statuses, max_size=4, unique_by=repr),
)
"""None is told twice: that would be once."""


@st.composite
def tickets(draw: st.DrawFn, number: int = 0) -> dict[str, Any]:
    """Return a random ticket: odd orders, open pauses, marks that are missing."""
    begin, end = draw(st.none() | moment(WEEK)), draw(st.none() | moment(WEEK))
    if begin is not None and end is not None and end < begin and draw(st.booleans()):
        begin, end = end, begin
    if begin is None and draw(st.booleans()):
        end = None
    return {
        "id": f"T-{number}",
        "customer": draw(st.sampled_from(["us", "us", "de", "always", "nobody", None])),
        "priority": draw(st.sampled_from(["P1", "P2"])),
        "opened_at": draw(moment(WEEK // 2)),
        "own_limit": draw(st.sampled_from([None, *map(ws.Limit.parse, ("4 hours", "30 working hours"))])),
        "paused_from": begin,
        "paused_until": end,
        "longer_at": draw(st.none() | moment(WEEK)),
        "longer_asked": draw(st.none() | moment(WEEK)),
        "history": draw(histories),
    }
