"""Findings as CSV: one row for each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TextIO

from windowservice.clean import for_cell
from windowservice.engine.report.dimensions import BANKS, OF_RULES, carried, said_of_rules
from windowservice.engine.waivers.marks import NOTHING_MARKED, Marks

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.running import Runner

__all__ = ["COLUMNS", "write_csv"]

COLUMNS: Final = (
    "key", "bank", "service", "clerk", "rule", "verdict", "severity", "title", "policy", "principle", "shortfall",
    "unit", "overrun_seconds", "summary", "basis", "version", "engine",
)  # fmt: skip
"""``shortfall`` is by how much a rule was missed, in ``unit``; ``overrun_seconds`` the open time after a deadline."""

MARKED: Final = ("marked", "why_marked", "marked_by", "marked_until")
"""Columns of a report under waivers: kind, reason, person, and the last day, or of a contest the day of its answer."""


def write_csv(
    findings: Iterable[Finding], out: TextIO, *, language: str = "en", marks: Marks = NOTHING_MARKED,
    kinds: Iterable[Runner] | None = None,
) -> None:  # fmt: skip
    """Write a header and one row for each finding; of records of the `kinds` given, with the columns that they carry.

    Numbers stay numbers. Text that a spreadsheet would take for a formula gets an apostrophe in front, and control
    characters are left out (see `windowservice.clean.for_cell`).
    """
    writer = csv.writer(out, lineterminator="\n")
    columns = COLUMNS if kinds is None else _columns(kinds)
    writer.writerow([*columns, *(MARKED if marks else ())])
    for finding in findings:
        values = finding.to_dict()
        short = values["shortfall"] or {}
        values |= {
            "title": finding.title(language), "shortfall": short.get("amount"), "unit": short.get("unit"),
            "overrun_seconds": short.get("overrun_seconds"),
        }  # fmt: skip
        row = [values.get(column) for column in columns]
        if marks:
            one = marks.by_finding.get((finding.rule, finding.key))
            row += [None] * len(MARKED) if one is None else [one.kind, one.reason, one.by, one.until or one.answer_by]
        writer.writerow([_cell(value) for value in row])


def _columns(kinds: Iterable[Runner]) -> tuple[str, ...]:
    kinds = tuple(kinds)
    names, said = carried(kind.vocabulary for kind in kinds), said_of_rules(kinds)
    rest = (name for name in COLUMNS[1:] if name not in BANKS and (name not in OF_RULES or name in said))
    return ("key", *names, *rest)


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return for_cell("; ".join(map(str, value)) if isinstance(value, list) else str(value))
