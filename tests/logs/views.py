"""What the page shows of a log beside its audit: holders, waits, hand-overs, performance, verdicts by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import windowservice as ws
from windowservice.blocks.blocks import Block, Heading, Lines, Table

from .audits import Audit, Shown
from .months import month_blocks

__all__ = ["MOST", "verdict_table", "view_blocks"]

MOST: Final = 5
"""Rows of a table that the page shows."""


def view_blocks(audit: Audit, folder: Path) -> Iterator[Block]:
    """Yield the views of a log."""
    for shown in audit.shown:
        yield Heading(shown.title)
        if shown.what == "groups":
            yield from month_blocks(audit, folder, shown.by, MOST)
        elif shown.what == "verdicts":
            yield from verdict_table(ws.cases.verdicts_by(audit.report(folder), shown.rule, shown.by), shown)
        else:
            found = audit.look(folder, shown.what, shown.by)
            yield from {
                "holders": _holders, "waits": _waits, "handovers": _handovers, "performance": _performance,
            }[shown.what](found)  # fmt: skip


def _holders(found: Mapping[tuple[str, str], ws.WorkSpan]) -> Iterator[Block]:
    kinds: Counter[str] = Counter()
    for (kind, _), span in found.items():
        kinds[kind] += span.us
    total = kinds.total()
    yield Table(
        ["holder", "open time", "share"],
        [(kind, _hours(us), _percent(Fraction(us, total))) for kind, us in kinds.most_common()],
        right={1, 2},
    )
    clerks = [(name, _hours(span.us)) for (kind, name), span in found.items() if kind == "clerk"]
    yield from _first(["clerk", "open time"], clerks, right={1})


def _waits(found: Mapping[tuple[str, str], Any]) -> Iterator[Block]:
    rows = [
        (f"{kind} {cause}" if cause not in ("", kind) else kind, f"{w.times:,}", f"{w.requests:,}",
         _hours(w.open_time.us), _hours(w.elapsed // timedelta(microseconds=1)), f"{w.unended:,}")
        for (kind, cause), w in found.items()
    ]  # fmt: skip
    yield Table(["cause", "times", "requests", "open time", "real time", "not ended"], rows, right=range(1, 6))


def _handovers(found: Any) -> Iterator[Block]:
    yield Lines(
        f"  {found.table.total:,} hand-overs; {len(found.returns):,} of {found.requests:,} requests came back, "
        f"{found.returns.total():,} times in all"
    )
    pairs = [(one, other, f"{times:,}") for (one, other), times in found.table.cells.most_common()]
    yield from _first(["from", "to", "times"], sorted(pairs, key=lambda row: (-int(row[2].replace(",", "")), row)), {2})


def _performance(found: Mapping[str, Any]) -> Iterator[Block]:
    rows = [
        (group, f"{p.matters:,}", _hours(p.compared_time.us), _hours(p.expected_time.us),
         "-" if p.ratio is None else f"{float(p.ratio):.2f}", f"{p.slower:,}")
        for group, p in found.items()
    ]  # fmt: skip
    yield from _first(["group", "matters", "open time", "expected", "ratio", "slower"], rows, range(1, 6))


def verdict_table(found: Mapping[str, Mapping[Any, int]], shown: Shown) -> Iterator[Block]:
    """Yield how often a rule was kept by group."""
    rows = []
    for group, counts in found.items():
        kept, failed = counts.get(ws.Verdict.PASS, 0), counts.get(ws.Verdict.FAIL, 0)
        share = _percent(Fraction(kept, kept + failed)) if kept + failed else "-"
        rows.append((group, f"{failed:,}", f"{kept:,}", share))
    yield Lines(f"  {shown.rule}")
    yield from _first(["group", "fail", "pass", "share kept"], rows, range(1, 4))


def _first(columns: list[str], rows: list[tuple[str, ...]], right: Iterable[int]) -> Iterator[Block]:
    yield Table(columns, rows[:MOST], right=right)
    if len(rows) > MOST:
        yield Lines(f"  ... and {len(rows) - MOST:,} more")


def _hours(us: int) -> str:
    return f"{us / 3_600_000_000:,.0f} h"


def _percent(share: Fraction) -> str:
    return f"{float(share):.1%}".replace("%", " %")
