"""``windowservice audit FOLDER --out DIR``: judge a ledger in parts that is larger than memory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from windowservice.cli.output import counting, written
from windowservice.errors import InvalidValue, PartsLeft
from windowservice.language.tree.rule import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from windowservice.blocks.blocks import Block
    from windowservice.engine.engine import Engine
    from windowservice.engine.scale.parts.audit import PartedAudit
    from windowservice.engine.scale.parts.totals import Totals

__all__ = ["audit_into"]

_OURS: Final = ("requests", "events", "requests.parquet", "events.parquet", "ledger.toml")


def audit_into(
    folder: Path, out: Path, engine: Engine, *, as_of: datetime | str, zone: str | None, fail_on: str, restart: bool
) -> int:
    """Audit the parts in a folder, write the findings into another, show the totals and return the exit code.

    Raises:
        InvalidValue: if the folder holds what an audit in parts does not read.
        PartsLeft: after the totals of the others were shown.
        WindowserviceError: as `audit_parts`.
    """
    from windowservice.engine.scale.parts.audit import audit_parts
    from windowservice.ledger.reading.settings import read_settings, settings_calendar

    settings = read_settings(folder)
    if settings.mapping:
        raise InvalidValue("ledger.toml: mapping", settings.mapping, "left out: parts bear the names of the schema")
    _refuse_others(folder, settings.calendar.file if settings.calendar else "")
    calendar = settings_calendar(settings, folder, zone or settings.zone)
    if calendar is not None:
        engine = engine.what_if(calendars={"window": calendar})
    requests, events = (folder / name if (folder / name).is_dir() else folder / f"{name}.parquet" for name in _OURS[:2])
    left: PartsLeft | None = None
    with counting("judging") as progress:
        try:
            found = audit_parts(
                engine,
                requests,
                events,
                out,
                as_of=as_of,
                recorded=settings.recorded,
                progress=progress,
                restart=restart,
            )
        except PartsLeft as error:
            left, found = error, error.audit
    written(_blocks(found, engine))
    if left is not None:
        raise left
    return _exit_code(found.totals, engine, fail_on)


def _refuse_others(folder: Path, calendar: str) -> None:
    """Refuse tables that would be left unread without a word."""
    others = [path.name for path in sorted(folder.iterdir()) if path.name not in (*_OURS, calendar)]
    others = [name for name in others if not name.startswith((".", "_"))]
    if others:
        wanted = "requests and events (folders or Parquet files) and ledger.toml only; give limits by --catalogue"
        raise InvalidValue(str(folder), ", ".join(others[:5]), wanted)


def _blocks(found: PartedAudit, engine: Engine) -> Iterator[Block]:
    from windowservice.blocks.blocks import Heading, Lines, Table
    from windowservice.engine.verdicts import Verdict

    totals, columns = found.totals, [*Verdict]
    lines = [f"{totals.requests:,} requests in {found.parts:,} parts; {totals.findings:,} findings in {found.folder}"]
    if found.resumed:
        lines.append(f"  {found.resumed:,} pieces were finished before")
    if found.redone:
        lines.append(f"  judged again, since their files have changed: {', '.join(found.redone)}")
    if totals.orphans:
        lines.append(f"  {totals.orphans:,} events name a request that is not in their part")
    yield Lines("\n".join(lines))
    yield Heading("By rule")
    rows = [
        [name, *(f"{totals.verdicts[name].get(verdict, 0):,}" for verdict in columns)]
        for name in (loaded.name for loaded in engine.rules)
        if name in totals.verdicts
    ]
    yield Table(["rule", *(str(verdict) for verdict in columns)], rows, right=range(1, len(columns) + 1))
    if totals.slow:
        yield Lines("\n".join(f"  row by row: {name}: {reason}" for name, reason in totals.slow.items()))


def _exit_code(totals: Totals, engine: Engine, fail_on: str) -> int:
    """Return the exit code, as of any audit: 1 for findings at or above a severity, 3 if nothing could be evaluated."""
    from windowservice.engine.verdicts import Verdict

    counted = () if fail_on == "none" else SEVERITIES[SEVERITIES.index(fail_on) :]
    for loaded in engine.rules:
        verdicts = totals.verdicts.get(loaded.name, {})
        if loaded.rule.severity in counted and (verdicts.get(Verdict.FAIL) or verdicts.get(Verdict.ERROR)):
            return 1
    evaluated = any(totals.count(verdict) for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.PENDING))
    return 0 if evaluated else 3
