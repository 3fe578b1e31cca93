"""Whether a clerk of the window had, on a day, the training that a kind of business asks for.

Which training a kind asks for stands in the table ``kind_trainings``, who passed what in ``own_trainings``. A pass may
lapse and be renewed; a new version of a kind's rule asks for training anew, with time left to those who passed the old.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.records import Record
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.request import Request
from windowservice.facts.training.own_training import ACTS, TRAINED
from windowservice.instants import datetime_us, utc_datetime
from windowservice.worktime.limits.due import bounds
from windowservice.worktime.limits.kinds.kind import Start
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.engine.made.civil_days import CivilDays
    from windowservice.engine.seen import Seen

__all__ = ["OwnTraining", "Standing", "make_acts"]

_DAY: Final = timedelta(days=1)


@attrs.frozen
class Standing:
    """How a clerk stands, on a day, towards the trainings that a kind asks for.

    Attributes:
        state: one of `windowservice.facts.training.own_training.TRAINED`.
        training: the training, while only one is spoken of.
        passed_at: when the clerk last passed it.
        good_until: the last day on which the clerk was qualified, or did not have to be.
    """

    state: str
    training: str
    passed_at: datetime | None = None
    good_until: date | None = None

    @property
    def is_good(self) -> bool:
        """Whether the clerk is qualified."""
        return self.state in ("passed", "to_renew")


@attrs.frozen
class _Validity:
    """The last days on which something holds: at least, and at most, where days off are not announced yet."""

    least: date
    most: date


_FOR_GOOD: Final = _Validity(date.max, date.max)


class OwnTraining:
    """What a ledger says of the training of the window's own staff."""

    def __init__(self, seen: Seen) -> None:
        self._days = seen.days
        self._asked: dict[str, list[Record]] = defaultdict(list)
        for row in sorted(seen.rows("kind_trainings"), key=lambda row: row["since"]):
            self._asked[row["service"]].append(row)
        self._held: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in seen.rows("own_trainings"):
            self._held[row["clerk"], row["training"]].append(row)
        self._named = {clerk for clerk, _ in self._held}
        self._joined = {clerk.id: _first_day(clerk.on_roster) for clerk in seen.ledger.staff}
        self._ends: dict[tuple[str, int], _Validity] = {}

    def asks(self, service: str) -> bool:
        """Return whether a kind ever asks for training."""
        return service in self._asked

    def asked(self, service: str, day: date) -> list[Record]:
        """Return what a kind asks for on a day: what was replaced by then is no longer asked for."""
        rows = [row for row in self._asked.get(service, ()) if row["since"] <= day]
        replaced = {row.get("replaces") for row in rows}
        return [
            row for row in rows
            if row["training"] not in replaced and (row.get("until") is None or day <= row["until"])
        ]  # fmt: skip

    def standings(self, clerk: str | None, service: str, at: datetime) -> list[Standing]:
        """Return how a clerk stands, at an instant, towards each training that a kind then asks for."""
        rows = self.asked(service, self._days.of(at))
        if clerk is None or clerk not in self._named:
            return [Standing("not_told", row["training"]) for row in rows]
        return [self._standing(row, clerk, at) for row in rows]

    def _standing(self, row: Record, clerk: str, at: datetime) -> Standing:
        own = self._passed(row, clerk, at)
        if own.is_good or own.state == "lapsed":
            return own
        before = self._row_replaced(row)
        if before is not None:
            return self._renewing(row, before, own, clerk, at)
        return self._missing(row, clerk, self._days.of(at)) if own.state == "missing" else own

    def _renewing(self, row: Record, before: Record, own: Standing, clerk: str, at: datetime) -> Standing:
        """Return how a clerk stands who did not pass a training that replaces another, as far as is written."""
        day, old, left = self._days.of(at), self._passed(before, clerk, at), self._time_left(row)
        last = left.most if old.good_until is None else min(left.most, old.good_until)
        if old.is_good and day <= left.least:
            return Standing("to_renew", row["training"], old.passed_at, last)
        if own.state == "not_told":
            return own
        if old.state == "missing":
            return self._missing(row, clerk, day)
        state = "not_renewed" if day > left.most else "lapsed" if old.state == "lapsed" else "not_told"
        return Standing(state, row["training"], old.passed_at, last)

    def _passed(self, row: Record, clerk: str, at: datetime) -> Standing:
        """Return how a clerk stands towards one training, whatever it replaces."""
        training = row["training"]
        day, rows = self._days.of(at), self._held.get((clerk, training), ())
        passes = [
            held["passed_at"] for held in rows
            if held.get("passed_at") is not None and held["passed_at"] <= at and held.get("passed") is not False
        ]  # fmt: skip
        untold = any(_is_untold(held, at) for held in rows)
        if not passes:
            return Standing("not_told" if untold else "missing", training)
        last = max(passes)
        valid = self._ends_of(row.get("valid_for"), last)
        if day <= valid.least:
            return Standing("passed", training, last, valid.least)
        return Standing("not_told" if untold or day <= valid.most else "lapsed", training, last, valid.most)

    def _missing(self, row: Record, clerk: str, day: date) -> Standing:
        """Return that a clerk never passed it; it was asked for since the first version, or since the clerk came."""
        training, since = row["training"], row["since"]
        while (before := self._row_replaced(row)) is not None:
            row, since = before, before["since"]
        joined = self._joined.get(clerk)
        asked_from = since if joined is None or joined > day else max(since, joined)
        return Standing("missing", training, None, asked_from - _DAY)

    def _row_replaced(self, row: Record) -> Record | None:
        """Return the row of the training that a row's takes the place of: the last one before it."""
        replaced = row.get("replaces")
        earlier = [
            other for other in self._asked[row["service"]]
            if other["training"] == replaced and other["since"] < row["since"]
        ]  # fmt: skip
        return earlier[-1] if earlier else None

    def _time_left(self, row: Record) -> _Validity:
        within = row.get("retrain_within")
        if within is None:
            return _Validity(row["since"] - _DAY, row["since"] - _DAY)
        return self._ends_of(within, self._days.begins(row["since"]))

    def _ends_of(self, limit: Any, start: datetime) -> _Validity:
        if limit is None:
            return _FOR_GOOD
        key = (str(limit), datetime_us(start))
        if key not in self._ends:
            calendar, us = self._days.calendar, datetime_us(start)
            found = bounds(Limit.parse(str(limit)), Start(us, calendar.table.date_of(us)), calendar)
            ends = (calendar.table.date_of(end - 1) for end in (found.earliest, found.latest))  # midnight ends a day
            self._ends[key] = _Validity(*map(date.fromordinal, ends))
        return self._ends[key]


def _first_day(periods: Iterable[Any]) -> date | None:
    found = [period.since for period in periods]
    return None if not found or None in found else min(found)


def _is_untold(held: Record, at: datetime) -> bool:
    """Return whether a training was held by an instant and nobody wrote what came of it, or both yes and no."""
    begun = held.get("held_at") is None or held["held_at"] <= at
    return begun and (held.get("passed_at") is None) != (held.get("passed") is False)


def make_acts(seen: Seen) -> Iterator[Record]:
    """Yield a record for every act in a matter of a kind that asked for training on that day.

    A ledger that does not say what kinds ask for gives none. Of whom its table of own trainings does not name at
    all, nobody can tell.
    """
    if not seen.rows("kind_trainings"):
        return
    own, days = OwnTraining(seen), seen.days
    for request in seen.requests:
        if not own.asks(request.service):
            continue
        times: dict[str, int] = defaultdict(int)
        for event in request.timeline:
            if event.us > days.us:
                break
            if event.kind not in ACTS:
                continue
            times[event.kind] += 1
            standings = own.standings(event.by, request.service, event.at)
            if standings:
                yield _act(request, event, times[event.kind], standings, days)


def _act(request: Request, event: Event, number: int, standings: list[Standing], days: CivilDays) -> Record:
    step = event.kind if number == 1 else f"{event.kind} {number}"
    values = {
        "id": " / ".join(filter(None, (request.id, step, event.by))), "request": request.id, "bank": request.bank,
        "service": request.service, "step": event.kind, "done_at": utc_datetime(event.us), "clerk": event.by,
    }  # fmt: skip
    return Record("acts", values | _said(standings, days.of(event.at)))


def _said(standings: list[Standing], day: date) -> dict[str, Any]:
    """Return what the standings of one act come to: what is surely lacking counts, whatever is not told."""
    lacking = [found for found in standings if not found.is_good]
    failed = [found for found in lacking if found.state != "not_told"]
    if failed:
        worst = max(failed, key=lambda found: _days_since(found, day))
    else:
        worst = max(standings, key=lambda found: TRAINED.index(found.state))
    since = _days_since(worst, day) if failed else None
    return {
        "asked": frozenset(found.training for found in standings), "trained": worst.state,
        "lacking": frozenset(found.training for found in lacking), "passed_at": worst.passed_at,
        "good_until": None if worst.good_until == date.max else worst.good_until, "days_since": since,
    }  # fmt: skip


def _days_since(found: Standing, day: date) -> int:
    return 0 if found.good_until is None else (day - found.good_until).days
