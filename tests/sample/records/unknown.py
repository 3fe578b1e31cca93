"""Rows of the sample of which something was not written down, so that a rule cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs
from tests.sample.matter import Expected
from tests.sample.records.rows import RecordPlanting, Row

from windowservice.instants import HOUR

__all__ = ["plant_unknown_rows"]


@attrs.frozen
class _Blank:
    """One thing that is left out.

    Attributes:
        table: the table.
        field: the column that is left empty.
        rules: the rules that then cannot tell.
        like: what the row, which is in order otherwise, holds.
    """

    table: str
    field: str
    rules: tuple[str, ...]
    like: Mapping[str, Any] = attrs.field(factory=dict)


_BLANKS: Final = (
    _Blank("messages", "empty", ("messages/answer_says_something",), {"kind": "inquiry"}),
    _Blank("messages", "due_day", ("messages/receipt_returned_in_time",), {"kind": "debit_item"}),
    _Blank("accounting_errors", "fault_party", ("exchange/booked_without_own_error", "exchange/own_error_in_circular"),
           {"fault_party": "window"}),
    _Blank("exchange_items", "fault_party", ("exchange/presented_without_own_error",), {"fault_party": "counterparty"}),
    _Blank("exchange_items", "reason_valid", ("exchange/returned_for_valid_reason",), {"kind": "returned"}),
    _Blank("exchange_items", "return_until", ("exchange/returned_within_session",), {"kind": "returned"}),
    _Blank("positions", "balance", ("positions/funds_cover_the_day", "positions/short_bank_urged_in_time")),
    _Blank("positions", "window_opened", ("positions/window_not_opened",)),
    _Blank("positions", "queued_at_close", ("positions/nothing_queued_at_close",)),
    _Blank("incidents", "cause", ("incidents/own_outage_short", "incidents/outage_reported_at_once",
                                  "incidents/maintenance_filed_in_advance"), {"cause": "own"}),
    _Blank("filings", "due_day", ("filings/periodic_report_in_time",), {"kind": "periodic"}),
    _Blank("inspections", "items", ("inspections/checklist_complete",), {"duties": None}),
    _Blank("inspections", "scope", ("inspections/checklist_complete",), {"duties": None}),
    _Blank("defects", "level", ("inspections/defect_closed",), {"origin": "inspection"}),
    _Blank("defects", "verified_by", ("inspections/closing_verified",), {"origin": "inspection"}),
    _Blank("defects", "verified_by", ("inspections/closing_verified",), {"origin": "outside_inspection"}),
    _Blank("talks", "spoken_by", ("lectures/spoken_by_whose_turn_it_is",), {"duties": None}),
    _Blank("meetings", "invited", ("meetings/all_departments_came",), {"duties": None}),
    _Blank("meetings", "attended", ("meetings/all_departments_came",), {"duties": None}),
    _Blank("complaints", "handled_by", ("supervision/not_judge_in_own_cause",), {"about": "wang"}),
    _Blank("reviews", "by", ("integrity/reviewed_by_another",), {"duties": None}),
    _Blank("breaches", "severity", ("breaches/handled", "breaches/firm_enough")),
    _Blank("breaches", "handled_by", ("breaches/handled_by_another",)),
    _Blank("actions", "due_at", ("actions/rectified_in_time",)),
    _Blank("actions", "decided_by", ("actions/decided_by_another",)),
    _Blank("actions", "verified_by", ("actions/verified_by_another",)),
    _Blank("actions", "decision", ("actions/rectified_in_time", "actions/rests_on_row")),
    _Blank("actions", "release_written", ("actions/released_in_writing",)),
    _Blank("actions", "released_by", ("actions/released_by_another",)),
    _Blank("actions", "verified", ("actions/released_once_rectified",)),
    _Blank("actions", "clean_periods", ("actions/released_after_clean_periods",)),
)  # fmt: skip


def plant_unknown_rows(planting: RecordPlanting) -> None:
    """Leave out one thing of a row that is in order otherwise, once for each of a list."""
    spoilt = {row.request for row in planting.expected if row.kind != "near_miss"}
    for blank in _BLANKS:
        row = next(row for row in planting.tables[blank.table] if row["id"] not in spoilt and _is_like(row, blank))
        prefix = row["id"].rpartition("-")[0]
        values = {name: value for name, value in row.items() if name not in ("id", blank.field)}
        made = planting.row(blank.table, prefix, **values)
        for rule in blank.rules:
            planting.unknown(made, rule, f"nobody wrote {blank.field}")
        if (blank.table, blank.field) == ("incidents", "cause"):
            _leave_calls_open(planting, made)


def _leave_calls_open(planting: RecordPlanting, made: Row) -> None:
    """Expect that nobody can tell what an outage of unknown cause calls for, unless the others call for it anyway."""
    by_system: dict[str, list[int]] = {}
    for row in planting.tables["incidents"]:
        if row["bank"] == made["bank"] and row.get("cause") == "own":
            lasted = (row["ended_at"] or planting.until) - row["started_at"]
            by_system.setdefault(row["system"], []).append(lasted)
    large, system = by_system.pop("HVPS", []), made["system"]
    small = [lasted for name in ("BEPS", "IBPS") for lasted in by_system.get(name, ())]
    others = [lasted for every in by_system.values() for lasted in every]
    is_certain = {
        "E32": sum(large) > 2 * HOUR,
        "E33": sum(others) > 3 * HOUR,
        "E51": len(large) > 2 or max(large, default=0) > 8 * HOUR or max(small, default=0) > 12 * HOUR,
    }
    rows = ["E32" if system == "HVPS" else "E33", *(["E51"] if system in ("HVPS", "BEPS", "IBPS") else [])]
    for name in rows:
        if not is_certain[name]:
            key, rule = f"{made['bank']} {name}", "actions/called_for_is_proposed"
            told = "nobody wrote the cause of an outage"
            planting.expected.append(Expected(key, rule, "unknown", "unknown", None, None, told))


def _is_like(row: Row, blank: _Blank) -> bool:
    like = {"fault_party": None, **blank.like} if blank.table in ("messages", "positions") else blank.like
    stated = row.get(blank.field) is not None
    return stated and all(row.get(name) == value for name, value in like.items())
