"""What may be said of a request: its instants, its owner, what was told, its clocks and its appointment.

Every fact rests on the events that were visible as of the day judged, or on the catalogue in force on the day of
submission.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from windowservice.domain.requests.kinds import CLOSING_KINDS, OWNING_KINDS
from windowservice.facts.requests import service_figures as figures
from windowservice.facts.requests.appointment import first_missed_end, missed_slots, unserved_slots
from windowservice.facts.requests.beginnings import begun_again
from windowservice.facts.requests.clock_kernel import REQUEST_CLOCK, STOPPED_FOR, WORKED_ON
from windowservice.facts.requests.clock_rows import CLOCK_ROWS
from windowservice.facts.requests.event import event
from windowservice.language.tree.expressions import Expr, choose, operation
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import due, workdays
from windowservice.worktime.clock.stops import STATUTORY_REASONS

__all__ = ["EXCUSES", "request"]

EXCUSES: Final = ("new_rule", "applicant_change", "false_statement")
"""The reason codes that excuse a second notice: a new law, a change by the applicant, or a false statement."""

_OUTCOMES: Final = ("decided", "delivered", "refused", "withdrawn", "cancelled", "no_show")


def _at(*kinds: str) -> Expr[datetime]:
    where = event.kind == kinds[0] if len(kinds) == 1 else event.kind.one_of(*kinds)
    return event.at.first(where=where)


def _last(*kinds: str) -> Expr[datetime]:
    return event.at.last(where=event.kind.one_of(*kinds))


def _in_time(done: Expr[datetime], bound: Expr[datetime]) -> Expr[bool]:
    """Whether it happened by then; false as long as it has not happened."""
    return done.happened() & (done <= bound)


def _before(step: Expr[datetime], earlier: Expr[datetime]) -> Expr[int]:
    """Return 1 if both happened and the step came before the one it follows, else 0; missing if nobody records them."""
    return (step.happened() & earlier.happened() & (step < earlier)).choose(1, 0)


_NOTIFIED: Final = event.kind == "notified"
_LATER_NOTICE: Final = _NOTIFIED & event.at.previous(where=_NOTIFIED).is_known()
_EXCUSED: Final = event.reason.is_known() & event.reason.one_of(*EXCUSES)
_OWNING: Final = event.kind.one_of(*OWNING_KINDS)
_TRANSFERS: Final = event.kind.one_of("handed_over", "taken_over")


class request(  # noqa: N801 - vocabularies are written in lower case, as they stand in rules
    Facts,
    children=event,
    stored="microseconds",
    under="timeline",
    dated_by="dated_at",
    extra="extra",
    clerk="owner",
):
    """A request at the window and what happened to it."""

    # given

    id = key("Number of the request, unique in the ledger")
    bank = code("Id of the bank that asked", required=True)
    service = code("Id of the kind of business", required=True)
    amount = fact(int, "Amount of money the request is about", unit="yuan")
    channel = code("How the request came in, such as counter or online")

    # when things happened first

    asked_at = fact(_at("asked"), "When somebody at the window was first asked")
    reopened_at = fact(
        event.at.first(where=(event.kind == "reopened") & event.at.previous().is_missing()),
        "When the matter was taken up again, if this is a further cycle of it",
    )
    submitted_at = fact(
        reopened_at.otherwise(_at("submitted")), "When the papers came in; of a further cycle, when it was reopened"
    )
    notified_at = fact(_at("notified"), "When the applicant was first told what is missing")
    supplemented_at = fact(_at("supplemented"), "When the applicant first brought what was missing")
    accepted_at = fact(_at("accepted"), "When the matter was taken up")
    refused_at = fact(_at("refused"), "When acceptance was refused")
    decided_at = fact(_at("decided"), "When the matter was completed")
    delivered_at = fact(_at("delivered"), "When the result was handed over")
    withdrawn_at = fact(_at("withdrawn"), "When the applicant took the matter back")
    closed_at = fact(_at("closed"), "When the matter was closed: nothing was left to do")
    answered_at = fact(
        _at("notified", "accepted", "refused"),
        "When the window first answered: told what is missing, accepted or refused",
    )
    extensions = fact(event.kind.count(where=event.kind == "extended"), "How many extensions were approved")
    stops = fact(event.kind.count(where=event.kind == "suspended"), "How often the clock was stopped")
    refusals_without_reason = fact(
        event.kind.count(where=(event.kind == "refused") & event.reason.is_missing()),
        "How many refusals gave no reason code",
    )
    ended_by_window_at = fact(_at("decided", "refused"), "When the window decided or refused")
    settled_before_close = fact(
        (event.at <= closed_at).any(where=event.kind.one_of(*_OUTCOMES)),
        "Whether the matter had an outcome before it was closed",
    )
    begun_while_open = fact(
        begun_again(),
        "How often the matter was handed in or reopened while it was open; that changes no clock",
    )
    dated_at = fact(
        submitted_at.otherwise(asked_at).otherwise(accepted_at).otherwise(event.at.min()),
        "The day whose figures and commitments hold: of submission, else the first contact, else the first record",
    )

    # who owns it

    first_contact = fact(event.by.first(where=_OWNING), "The clerk first asked, who answers for the matter")
    last_named = fact(
        event.by.last(where=event.by.is_known()), "The clerk last named at all; missing if the record names nobody"
    )
    owner = fact(event.by.last(where=_OWNING), "The clerk who owns the matter now")
    handovers = fact(event.kind.count(where=event.kind == "handed_over"), "How often the matter was handed over")
    handed_at = fact(_last("handed_over"), "When the matter was last handed over")
    transfer_ended_at = fact(
        event.at.first(where=event.kind.one_of("taken_over", *CLOSING_KINDS) & (event.at >= handed_at)),
        "When the matter was taken over after it was last handed over, or ended without that",
    )
    slow_transfers = fact(
        event.kind.count(
            where=_TRANSFERS
            & event.kind.previous(where=_TRANSFERS).is_known()
            & (event.kind.previous(where=_TRANSFERS) == "handed_over")
            & (
                event.at
                > due(event.at.previous(where=_TRANSFERS), figures.handover[service], figures.service_calendar[service])
            )
        ),
        "How many handovers were taken over, or handed on again, after the limit for handing over",
    )
    handover_due = fact(
        due(handed_at, figures.handover[service], figures.service_calendar[service]),
        "When the last handover had to be taken over",
    )
    nameless_handovers = fact(
        event.kind.count(where=(event.kind == "handed_over") & event.to.is_missing()),
        "How many handovers named nobody who takes the matter",
    )
    foreign_handovers = fact(
        event.kind.count(where=(event.kind == "handed_over") & (event.by != event.by.latest(where=_OWNING))),
        "How many handovers were made by somebody who did not own the matter",
    )
    bounces = fact(
        event.kind.count(
            where=(event.kind == "taken_over")
            & event.by.seen_before(where=_OWNING)
            & (event.by != event.by.previous(where=_OWNING))
            & event.reason.is_missing()
            & event.reason.previous(where=event.kind == "handed_over").is_missing()
        ),
        "How often the matter went back to a former owner, and neither giver nor taker gave a reason code",
    )
    in_transfer = fact(
        handed_at.happened() & ~transfer_ended_at.happened(), "Whether the matter is handed over and not yet taken"
    )

    # what was told

    notices = fact(event.kind.count(where=_NOTIFIED), "How often the applicant was told that something is missing")
    later_notices = fact(event.kind.count(where=_LATER_NOTICE & ~_EXCUSED), "How many further notices had no excuse")
    told_first = fact(event.items.first(where=_NOTIFIED), "The papers named in the first notice")
    told_ever = fact(event.items.union(where=_NOTIFIED), "The papers named in any notice")
    told_later = fact(
        event.items.union(where=_LATER_NOTICE & ~_EXCUSED).minus(told_first),
        "Papers that could have been told at once but were told later",
    )
    unposted = fact(told_ever.minus(figures.materials[service]), "Papers asked for that are not on the posted list")
    unwritten_notices = fact(event.kind.count(where=_NOTIFIED & ~event.written), "How many notices were not in writing")
    notice_due = fact(
        due(submitted_at, figures.notice[service], figures.service_calendar[service]),
        "When the window had to tell what is missing, or accept",
    )
    answered_again_at = fact(
        event.at.first(
            where=event.kind.one_of("notified", "accepted", "refused", "withdrawn", "closed")
            & (event.at >= supplemented_at)
        ),
        "When the matter was accepted, refused, taken back, closed or told on again after the papers came in",
    )
    answer_due = fact(
        due(supplemented_at, figures.notice[service], figures.service_calendar[service]),
        "When the window had to accept once the papers were complete",
    )
    silent = fact(
        ~(_in_time(notified_at, notice_due) | _in_time(accepted_at, notice_due) | _in_time(refused_at, notice_due)),
        "Whether the window neither told what is missing nor accepted within the limit, so that silence means accepted",
    )

    # its appointment

    booked_at = fact(_last("booked"), "When the slot was booked")
    slot_begin = fact(event.slot_begin.last(where=event.kind == "booked"), "When the booked slot begins")
    slot_end = fact(event.slot_end.last(where=event.kind == "booked"), "When the booked slot ends")
    _grace = figures.appointment_grace[service].otherwise(timedelta(0))
    slot_closes_at = fact(slot_end + _grace, "When the slot ends, with its grace")
    cancelled_at = fact(_last("cancelled"), "When the booking was cancelled")
    arrived_at = fact(_at("arrived"), "When the applicant came")
    served_at = fact(_at("served"), "When the applicant was served")
    came_at = fact(
        event.at.first(where=(event.kind == "arrived") & (event.at >= booked_at)),
        "When the applicant came after the slot was booked",
    )
    attended_at = fact(
        event.at.first(where=event.kind.one_of("served", "delivered") & (event.at >= booked_at)),
        "When the applicant was there at the latest: was served, or got the result, after the slot was booked",
    )
    slot_given_up_at = fact(
        event.at.first(where=event.kind.one_of("cancelled", *CLOSING_KINDS) & (event.at >= booked_at)),
        "When the slot was cancelled, or the matter ended, after it was booked",
    )
    slot_let_go = fact(slot_given_up_at.happened() & (slot_given_up_at < slot_begin), "Whether it was before the slot")
    slot_kept = fact(
        # who never came is not ever later; an arrival that nobody wrote down, of one who was served, cannot be told
        ((came_at.happened() | came_at.by(slot_closes_at)) & came_at.by(slot_closes_at))
        | attended_at.by(slot_closes_at)
        | (attended_at.happened() & (came_at <= slot_closes_at)),
        "Whether the applicant came before the booked slot and its grace were over; waits while it may",
    )
    slots_missed = fact(missed_slots(_grace), "How many slots nobody came to were over before another was booked")
    slots_unserved = fact(unserved_slots(_grace), "In how many earlier slots a bank that came in time was not served")
    slot_judged_at = fact(
        (first_missed_end(_grace) + _grace).otherwise(slot_closes_at),
        "When the slot was over that counts as kept or not: the first that was missed so, else the last",
    )
    no_show_at = fact(_last("no_show"), "When the applicant last did not come though told to")

    # its clocks

    papers_complete_at = fact(supplemented_at.otherwise(submitted_at), "When the papers were complete")
    started_at = fact(
        choose(
            figures.clock_start[service] == "submitted",
            submitted_at,
            choose(
                figures.clock_start[service] == "booked",
                slot_begin,
                choose(
                    notice_due.is_known() & silent,
                    submitted_at,
                    choose(figures.clock_start[service] == "completed", papers_complete_at, accepted_at),
                ),
            ),
        ),
        "When the clock of the service started; silence of the window starts it at submission",
    )
    start_settled = fact(
        figures.clock_start[service].one_of("submitted", "booked")
        | notice_due.is_missing()
        | answered_at.by(notice_due)
        | ~answered_at.by(notice_due),
        "Whether it is settled from when the clock runs: waits until the window answers or its time to answer is over",
    )
    ended_at = fact(
        choose(figures.clock_end[service] == "delivered", delivered_at.otherwise(refused_at), ended_by_window_at),
        "When the matter ended for its clock: decided or refused, or delivered if it is done at once",
    )
    closed_first = fact(
        ended_at.is_known() & closed_at.is_known() & (closed_at < ended_at),
        "Whether the matter was closed before the window ended it; the first end stays",
    )
    finished_at = fact(
        choose(closed_first, closed_at, ended_at.otherwise(withdrawn_at).otherwise(closed_at)),
        "When the matter ended, by whichever side; closed without an outcome, its close",
    )
    clock_events = fact(CLOCK_ROWS, "The events that stop, restart or lengthen a clock")
    commitment_clock = fact(
        REQUEST_CLOCK(
            started_at, figures.commitment[service], clock_events, finished_at,
            figures.supplement[service], figures.stop_reasons[service], figures.service_calendar[service], slot_end,
            figures.appointment_grace[service],
        ),
        "The clock of the published commitment",
    )  # fmt: skip
    statute_clock = fact(
        REQUEST_CLOCK(
            started_at, figures.statute[service], clock_events, finished_at,
            figures.supplement[service], figures.stop_reasons[service], figures.service_calendar[service], slot_end,
            figures.appointment_grace[service],
        ),
        "The clock of the statute",
    )  # fmt: skip
    commitment_limit = fact(figures.commitment[service], "The published limit in force")
    statute_limit = fact(figures.statute[service], "The limit that law sets")
    commitment_due = fact(
        operation("part_due", commitment_clock), "When the matter was due by the published commitment"
    )
    statute_due = fact(operation("part_due", statute_clock), "When the matter was due by statute")
    promised_due = fact(
        due(started_at, commitment_limit, figures.service_calendar[service]).otherwise(slot_closes_at),
        "When the commitment ends if nothing stops it",
    )
    lawful_due = fact(
        due(started_at, statute_limit, figures.service_calendar[service]).otherwise(slot_closes_at),
        "When the statute ends if nothing stops it",
    )
    by_appointment = fact(figures.clock_start[service] == "booked", "Whether the clock starts with the booked slot")
    given_in_person = fact(figures.clock_end[service] == "delivered", "Whether the clock ends with the delivery")
    ended_by_commitment = fact(
        _in_time(ended_at, commitment_due) | _in_time(ended_at, promised_due),
        "Whether the window ended the matter by the published commitment",
    )
    ended_by_statute = fact(
        _in_time(ended_at, statute_due) | _in_time(ended_at, lawful_due),
        "Whether the window ended the matter by the statute",
    )
    came_to_slot = fact(
        came_at.by(slot_end), "Whether the applicant came before the booked slot was over; waits while it may"
    )
    let_off_commitment = fact(
        (_in_time(withdrawn_at, commitment_due) & ~ended_at.happened())
        | (given_in_person & _in_time(no_show_at, commitment_due) & ~ended_by_commitment),
        "Whether the applicant took the matter back, or did not come for the result, while it was in time",
    )
    let_off_statute = fact(
        (_in_time(withdrawn_at, statute_due) & ~ended_at.happened())
        | (given_in_person & _in_time(no_show_at, statute_due) & ~ended_by_statute),
        "Whether the applicant took the matter back, or did not come for the result, while it was in time",
    )
    commitment_runs = fact(
        commitment_limit.is_known()
        & started_at.happened()
        & start_settled
        & (came_to_slot | ~by_appointment | ended_by_commitment)
        & ~let_off_commitment,
        "Whether the clock of the commitment runs against the window: it began, and nothing the applicant did ends it",
    )
    statute_runs = fact(
        statute_limit.is_known()
        & started_at.happened()
        & start_settled
        & (came_to_slot | ~by_appointment | ended_by_statute)
        & ~let_off_statute,
        "Whether the clock of the statute runs against the window: it began, and nothing the applicant did ends it",
    )
    delivery_due = fact(
        due(decided_at, figures.delivery[service], figures.service_calendar[service]),
        "When the result had to be handed over",
    )
    must_be_delivered = fact(
        figures.delivery[service].is_known() & decided_at.happened() & ~no_show_at.happened(),
        "Whether a result is to be handed over within a limit, and the applicant did not fail to fetch it",
    )
    not_fetched = fact(
        _in_time(no_show_at, delivery_due) & ~_in_time(delivered_at, delivery_due),
        "Whether the applicant did not come for the result while it was in time",
    )
    clock_notes = fact(
        operation("part_notes", commitment_clock).otherwise(operation("part_notes", statute_clock)),
        "What was void or did not count on the clock",
    )
    worked = fact(WORKED_ON(commitment_clock, finished_at), "Open time from the start to the end, stops taken out")
    stopped = fact(STOPPED_FOR(commitment_clock, finished_at), "Open time for which the clock was stopped")

    # by the standard, and at once

    unwritten_stops = fact(
        event.kind.count(
            where=(event.kind == "suspended") & event.reason.one_of(*sorted(STATUTORY_REASONS)) & ~event.written
        ),
        "How many stops for a statutory reason were not told in writing",
    )
    unlisted_stops = fact(
        event.kind.count(
            where=(event.kind == "suspended")
            & ~event.reason.one_of(*sorted(STATUTORY_REASONS))
            & ~figures.stop_reasons[service].contains(event.reason)
        ),
        "How many stops had a reason that neither law nor the service names",
    )
    decider = fact(event.by.first(where=event.kind == "decided"), "The clerk who decided")
    checks = fact(
        event.kind.count(where=event.kind.one_of("checked", "authorised")),
        "How many checks and authorisations the matter has",
    )
    self_checks = fact(
        event.kind.count(where=event.kind.one_of("checked", "authorised") & (event.by == decider)),
        "How many checks and authorisations were made by the clerk who decided",
    )
    checks_before_decision = fact(
        event.kind.count(where=event.kind.one_of("checked", "authorised") & (event.at <= decided_at)),
        "How many checks and authorisations were made before the decision",
    )
    disordered = fact(
        _before(accepted_at, _at("submitted"))
        + _before(decided_at, accepted_at)
        + _before(delivered_at, decided_at)
        + _before(supplemented_at, notified_at),
        "How many steps are recorded before the step they follow",
    )
    visits = fact(event.kind.count(where=event.kind == "arrived"), "How often the applicant had to come")
    no_shows = fact(
        event.kind.count(where=event.kind == "no_show"), "How often the applicant did not come to a booked slot"
    )
    before_rest = fact(
        workdays(slot_begin.date(), (slot_begin + timedelta(days=1)).date()) == 0,
        "Whether the day after the booked slot is a day off",
    )
    booking_due = fact(
        choose(
            before_rest & figures.book_until_before_rest[service].is_known(),
            due(slot_begin, figures.book_until_before_rest[service], figures.service_calendar[service]),
            due(slot_begin, figures.book_until[service], figures.service_calendar[service]),
        ),
        "Until when the slot could be booked",
    )
