"""Figures that facts of payment messages, positions, filings and reconciliation rest on; rules and readings share them.

A branch replaces one by an amendment (`Adjust`) with a basis of its own.
"""

from __future__ import annotations

from typing import Any, Final

from windowservice.domain.basis import Basis
from windowservice.domain.words import FAULT_PARTIES, OWN_PARTY
from windowservice.language.tree.figures import Figure
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "cover_limit",
    "difference_limit",
    "fault_counts",
    "filing_limit",
    "receipt_date",
    "reply_limit",
    "sign_handling_limit",
    "statement_limit",
]

_LARGE_VALUE: Final = Basis(
    "Rules of the large-value payment system (大额支付系统业务处理办法)", mark="verified"
).article(22)
_EXAM: Final = Basis("Published exam items on participants of the payment systems", mark="unkeyed")
_NOTICE_2018: Final = Basis(
    "A page that quotes the notice of 2018 on the hours of the large-value system", mark="secondary"
)
_SUPERVISION: Final = Basis(
    "银发〔2015〕40号 on participants of the payment systems, as exam items quote it", mark="secondary"
)
_OWN: Final = Basis("Default of this library, to be replaced by the branch's own rule", mark="assumption")
_ALWAYS: Final = "1900-01-01"


def _keyed(values: dict[str, tuple[Any, Basis]]) -> dict[str, dict[str, Any]]:
    return {key: {_ALWAYS: value} for key, value in values.items()}


_NEXT_MORNING: Final = "1 working day at 12:00"
reply_limit: Final = Figure(
    "reply_limit",
    Limit,
    _keyed({
        "inquiry": (_NEXT_MORNING, _LARGE_VALUE), "own_inquiry": (_NEXT_MORNING, _LARGE_VALUE),
        "return_request": (_NEXT_MORNING, _EXAM), "stop_request": (_NEXT_MORNING, _EXAM),
        "incoming_credit": ("same working day at 12:00", _NOTICE_2018),
    }),
    basis=_LARGE_VALUE,
    note="By when a message is answered: the same day, at latest the next working-day morning. The limit of incoming "
    "credits is known for those received before 08:30 that need manual work; for later ones it is assumed",
)  # fmt: skip
receipt_date: Final = Figure(
    "receipt_date",
    str,
    {_ALWAYS: "natural"},
    basis=Basis(
        "The rules do not say which date is the day of receipt; the natural one is the stricter", mark="assumption"
    ),
    note="Which date is the day of receipt: natural, or system for the date inside the payment system",
)
sign_handling_limit: Final = Figure(
    "sign_handling_limit", Limit, {_ALWAYS: "1 working day"}, basis=_OWN,
    note="How soon the window deals with what it noticed, from the first sign",
)  # fmt: skip
cover_limit: Final = Figure(
    "cover_limit",
    Limit,
    {
        _ALWAYS: "60 working minutes",
        "2018-01-22": "60 working minutes or 20:20 at the latest",
        "2018-05-02": "60 working minutes or 17:20 at the latest",
    },
    basis=_OWN,
    note="How soon a bank that was urged covers its shortfall: never later than 10 minutes before the settlement "
    "window's scheduled close",
)
filing_limit: Final = Figure(
    "filing_limit",
    Limit,
    _keyed({
        "emergency": ("1 hour", Basis("The rule says at once; an hour is this library's reading", mark="assumption")),
        **dict.fromkeys(
            ("risk_event", "customer_dispute", "emergency_group", "department_head"), ("3 working days", _SUPERVISION)
        ),
        **dict.fromkeys(("emergency_plan", "drill", "planned_log_off"), ("10 working days before", _SUPERVISION)),
    }),
    basis=_SUPERVISION,
    note="By when a bank reports or files: at once, within days after what happened, or days before what is planned",
)  # fmt: skip
statement_limit: Final = Figure(
    "statement_limit", Limit, {_ALWAYS: "5 working days"}, basis=_OWN,
    note="How soon a bank confirms a statement of account that names no day",
)  # fmt: skip
difference_limit: Final = Figure(
    "difference_limit", Limit, {_ALWAYS: "5 working days"}, basis=_OWN,
    note="How soon a difference that a reconciliation found is cleared up",
)  # fmt: skip
fault_counts: Final = Figure(
    "fault_counts",
    int,
    _keyed({party: (int(party == OWN_PARTY), _OWN) for party in FAULT_PARTIES if party != "unknown"}),
    basis=_OWN,
    note="Whose errors count against a bank: its own alone; of an error whose fault is unknown nobody can tell",
)
