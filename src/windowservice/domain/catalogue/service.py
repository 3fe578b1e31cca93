"""Kinds of business served at the window: their papers, their limits by law and by commitment, and their owners."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, time
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.errors import InvalidValue
from windowservice.instants import to_date
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "STATUTORY_STOPS",
    "Appointment",
    "CaseStudy",
    "ClockEnd",
    "ClockStart",
    "DatedLimit",
    "Duty",
    "Edition",
    "Material",
    "Service",
    "Stage",
    "Supplement",
    "limit_in_force",
]

ClockStart: TypeAlias = Literal["submitted", "accepted", "completed", "booked"]
"""What starts the clock: the papers came in, were accepted, were complete, or the booked slot began."""
ClockEnd: TypeAlias = Literal["decided", "delivered"]
"""What ends the clock: the matter was completed, or its result handed over (kinds done at once)."""
Supplement: TypeAlias = Literal["restart", "pause", "none"]
"""What completing the papers does to the clock: begin anew, go on with the time used before, or it was never halted."""
Principle: TypeAlias = Literal["lawful", "good_service", "satisfied_banks", "model_posts"]
"""The principle that a kind of business serves first, as the published account names them."""

STATUTORY_STOPS: Final[frozenset[str]] = frozenset(
    {
        "hearing",
        "tender",
        "auction",
        "inspection_test",
        "laboratory_test",
        "quarantine",
        "appraisal",
        "expert_review",
    }
)
"""Reasons for which time does not count by law, if told in writing (Administrative Licensing Law, article 45)."""


def _limit(value: Limit | str) -> Limit:
    return Limit.parse(value) if isinstance(value, str) else value


@attrs.frozen
class DatedLimit:
    """A limit in force from a day on.

    Attributes:
        since: the first day (local) on which it holds.
        limit: the limit; limit text is taken too.
        basis: law, rule or commitment that sets it.
        note: what a reader should know of it.
    """

    since: date = attrs.field(converter=to_date)
    limit: Limit = attrs.field(converter=_limit)
    basis: Basis
    note: str = ""


def _to_dated(value: Iterable[DatedLimit]) -> tuple[DatedLimit, ...]:
    dated = tuple(sorted(value, key=lambda row: row.since))
    for earlier, later in itertools.pairwise(dated):
        if earlier.since == later.since:
            raise InvalidValue("since", later.since.isoformat(), "a day of its own; two limits begin on it")
    return dated


def limit_in_force(dated: tuple[DatedLimit, ...], day: date) -> DatedLimit | None:
    """Return the limit in force on the day, or None before the first."""
    return next((row for row in reversed(dated) if row.since <= day), None)


@attrs.frozen
class Material:
    """A paper that the applicant brings.

    Attributes:
        id: unique in the catalogue.
        zh, en: its name.
        required: whether a matter cannot be accepted without it.
        since, until: the days from and until which it may be asked for; None is without end.
        note: when an optional one is needed.
    """

    id: str
    zh: str
    en: str
    required: bool = True
    since: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    note: str = ""

    def is_posted(self, day: date) -> bool:
        """Return whether the paper is on the posted list of the day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@attrs.frozen
class Appointment:
    """How a kind of business is booked.

    Attributes:
        basis: what sets these figures.
        grace_minutes: minutes (real time) after the end of the slot in which it is still in time.
        book_until: the limit for booking, backwards from the slot.
        book_until_before_rest: the same for a slot on the eve of days off.
        cancel_until: the time of day (wall clock) of the slot's day until which it may be cancelled.
    """

    basis: Basis
    grace_minutes: int = 0
    book_until: Limit | None = attrs.field(default=None, converter=attrs.converters.optional(_limit))
    book_until_before_rest: Limit | None = attrs.field(default=None, converter=attrs.converters.optional(_limit))
    cancel_until: time | None = None


@attrs.frozen
class Stage:
    """A step with a limit of its own, by an office of its own."""

    zh: str
    en: str
    owner: str
    limit: Limit = attrs.field(converter=_limit)
    basis: Basis
    note: str = ""


@attrs.frozen
class Duty:
    """What the applicant owes beside the matter, or what the decision brings, with its limit.

    Attributes:
        zh, en: what it is.
        limit: how soon, or for how long.
        counted_from: the word for the instant from which it counts.
        basis: what sets it.
        note: what a reader should know of it.
    """

    zh: str
    en: str
    limit: Limit = attrs.field(converter=_limit)
    counted_from: str
    basis: Basis
    note: str = ""


@attrs.frozen
class Edition:
    """What a kind of business was called, or covered, over a period."""

    zh: str
    en: str
    basis: Basis
    since: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    note: str = ""


@attrs.frozen
class CaseStudy:
    """A worked case that the handbook attaches to a kind of business."""

    zh: str
    en: str
    text: str = ""
    source: str = ""


@told
@attrs.frozen(kw_only=True)
class Service:
    """One kind of business.

    Attributes:
        id: its number in the catalogue.
        zh, en: its name.
        service_class: its class, one of those of the catalogue ("immediate", "commitment", "licence" ...).
        basis: what says that the window does it.
        materials: the papers on the posted list.
        applicants: kinds of institution that may ask for it.
        commitment: the published promise, dated; empty if there is none.
        statute: the limit set by law or rule, dated; empty if there is none.
        notice: how soon missing papers must be told, counted from submission.
        extension: by how much the limit may be lengthened once.
        delivery: how soon the result must be handed over, counted from the decision.
        handover: how soon a matter handed over must be taken over.
        start, end: what starts and ends its clock.
        supplement: what completing the papers does to the clock.
        local_stops: reasons, beside the statutory eight, for which its time does not count.
        calendar: name of the calendar of its hours.
        owner_role, back_office_role: the roles of its first owner and of the post behind.
        dual_control: whether a second person must check or authorise it.
        appointment: how it is booked; None if it is not.
        stages: steps with limits of their own.
        duties: what the applicant owes beside the matter.
        effects: what the decision brings, and when.
        gate: the action while which it is refused or deferred.
        offered_from, offered_until: the days from and until which it is offered; None is without end.
        editions: what it was called, or covered, over time.
        case_studies: worked cases.
        principle: the principle that it serves first.
        legal_basis: the rules that speak of it, whether or not they set a limit.
        note: what a reader should know of it.

    Raises:
        InvalidValue: if two limits of one kind begin on the same day, or a material is listed twice.
    """

    id: str
    zh: str
    en: str
    service_class: str
    basis: Basis
    materials: tuple[Material, ...] = ()
    applicants: tuple[str, ...] = ()
    commitment: tuple[DatedLimit, ...] = attrs.field(default=(), converter=_to_dated)
    statute: tuple[DatedLimit, ...] = attrs.field(default=(), converter=_to_dated)
    notice: tuple[DatedLimit, ...] = attrs.field(default=(), converter=_to_dated)
    extension: tuple[DatedLimit, ...] = attrs.field(default=(), converter=_to_dated)
    delivery: tuple[DatedLimit, ...] = attrs.field(default=(), converter=_to_dated)
    handover: tuple[DatedLimit, ...] = attrs.field(default=(), converter=_to_dated)
    start: ClockStart = "accepted"
    end: ClockEnd = "decided"
    supplement: Supplement = "restart"
    local_stops: frozenset[str] = frozenset()
    calendar: str = "window"
    owner_role: str | None = None
    back_office_role: str | None = None
    dual_control: bool = False
    appointment: Appointment | None = None
    stages: tuple[Stage, ...] = ()
    duties: tuple[Duty, ...] = ()
    effects: tuple[Duty, ...] = ()
    gate: str | None = None
    offered_from: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    offered_until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    editions: tuple[Edition, ...] = ()
    case_studies: tuple[CaseStudy, ...] = ()
    principle: Principle | None = None
    legal_basis: tuple[str, ...] = ()
    note: str = ""

    def __attrs_post_init__(self) -> None:
        ids = [material.id for material in self.materials]
        for id_ in ids:
            if ids.count(id_) > 1:
                raise InvalidValue("materials", id_, "listed once each")

    def commitment_on(self, day: date) -> DatedLimit | None:
        """Return the commitment in force on the day, or None."""
        return limit_in_force(self.commitment, day)

    def statute_on(self, day: date) -> DatedLimit | None:
        """Return the statutory limit in force on the day, or None."""
        return limit_in_force(self.statute, day)

    def is_offered(self, day: date) -> bool:
        """Return whether the window offers it on the day."""
        begun = self.offered_from is None or self.offered_from <= day
        return begun and (self.offered_until is None or day <= self.offered_until)

    def posted_materials(self, day: date) -> frozenset[str]:
        """Return the ids of the papers that may be asked for on the day."""
        return frozenset(material.id for material in self.materials if material.is_posted(day))

    def is_stop(self, reason: str) -> bool:
        """Return whether time under the reason does not count; a statutory reason must also be told in writing."""
        return reason in STATUTORY_STOPS or reason in self.local_stops
