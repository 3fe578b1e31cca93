"""Months and teams of a log in the language alone: what was kept, and which share of its limit a matter used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import attrs

import windowservice as ws
from windowservice.blocks.blocks import Block, Lines, Table
from windowservice.facts import event as e
from windowservice.facts import request as r
from windowservice.facts.requests.clock_kernel import TIME_ALLOWED, TIME_USED

from .audits import Audit

__all__ = ["GROUPS", "month_blocks", "told_months"]


class finished(
    ws.Facts,
    rows=ws.United(
        *(
            ws.Part(
                r,
                {
                    "limit": name,
                    "month": ws.period(r.finished_at, "month"),
                    "team": e.post.last(where=e.post.is_known()).otherwise(r.owner),
                    "kept": r.finished_at <= due,
                    "share": TIME_USED(clock) / TIME_ALLOWED(clock),
                },
                where=runs & r.finished_at.happened() & ~r.withdrawn_at.happened(),
            )
            for name, clock, due, runs in (
                ("commitment", r.commitment_clock, r.commitment_due, r.commitment_due.is_known()),
                ("statute", r.statute_clock, r.statute_due, r.statute_due.is_known()),
            )
        )
    ),
):
    """A matter that is finished, under one of its limits."""

    limit = ws.fact(str, "Which limit", words=("commitment", "statute"))
    month = ws.fact(date, "In which month")
    team = ws.code("The team that had it last; of a log without teams the clerk who has it")
    kept = ws.fact(bool, "Whether it was in time")
    share = ws.fact(Fraction, "Which share of the time it used")


def _facts(rows: ws.Grouped) -> type[ws.Facts]:
    (name,) = [name for name in rows.by if name != "limit"]

    class group(ws.Facts, rows=attrs.evolve(rows, table=f"finished_by_{name}")):
        limit = ws.fact(str, "Which limit", required=True)
        number = ws.fact(finished.limit.count(), "How many matters were finished")
        kept = ws.fact(finished.kept.count(), "How many of them in time")
        median = ws.fact(ws.quantile(finished.share, 0.5), "Median of the share of the time used")
        most = ws.fact(ws.quantile(finished.share, 0.95), "Share of the time that 95 of 100 stayed within")
        if name == "month":
            month = ws.fact(date, "The month", required=True)
        else:
            team = ws.code("The team", required=True)

    return group


GROUPS: Final = {
    name: _facts(ws.Grouped(finished, by={"limit": finished.limit, name: getattr(finished, name)}))
    for name in ("month", "team")
}


def told_months(audit: Audit, folder: Path, by: str) -> list[dict[str, Any]]:
    """Return what the groups of a log say, largest first."""
    of: Any = GROUPS[by]
    require = (of.number > 0) & (of.kept >= 0) & (of.median >= 0) & (of.most >= 0)
    rule = ws.Rule("told", title="What is told of it", of=of, require=require)
    calendar = audit.calendar()
    engine = ws.Engine.load(
        packs=[ws.Pack("groups", version="1", rules=[rule])], catalogue=audit.catalogue(), installed=False,
        calendars={"window": calendar, calendar.name: calendar},
    )  # fmt: skip
    report = engine.audit(audit.read(folder), as_of=audit.as_of)
    found = [
        {"key": one.key, **{value.fact.partition(".")[2]: value.value for value in one.evidence.inputs}}
        for one in report.findings
    ]
    return sorted(found, key=lambda one: (-one["number"], one["key"]))


def month_blocks(audit: Audit, folder: Path, by: str, most: int) -> Iterator[Block]:
    """Yield the groups as a table."""
    told = told_months(audit, folder, by)
    rows = [
        (one["key"], f"{one['number']:,}", f"{one['kept']:,}", _percent(Fraction(one["kept"], one["number"])),
         _percent(one["median"]), _percent(one["most"]))
        for one in told
    ]  # fmt: skip
    yield Table(
        [f"limit and {by}", "finished", "in time", "share kept", "median used", "95 % within"],
        rows[:most],
        right=range(1, 6),
    )
    if len(rows) > most:
        yield Lines(f"  ... and {len(rows) - most:,} more")


def _percent(share: Fraction | None) -> str:
    return "-" if share is None else f"{float(share):.1%}".replace("%", " %")
