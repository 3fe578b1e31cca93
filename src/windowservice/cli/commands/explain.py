"""``windowservice explain``: the whole case of one request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from windowservice.cli.options import (
    as_of_option,
    engine_options,
    language_option,
    ledger_options,
    load_engine,
    output_option,
    read_as_of,
    read_ledger,
)
from windowservice.cli.output import waiting, written
from windowservice.cli.paths import PATH
from windowservice.errors import UnknownName

if TYPE_CHECKING:
    from windowservice.blocks.blocks import Block
    from windowservice.domain.records import Record
    from windowservice.domain.requests.request import Request
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report
    from windowservice.ledger.ledger import Ledger

__all__ = ["explain"]


@click.command(short_help="Show the whole case of one request.")
@click.argument("ledger", type=PATH)
@click.argument("key")
@click.argument("rule", required=False)
@as_of_option
@ledger_options
@engine_options
@language_option
@output_option
def explain(
    ledger: Path, key: str, rule: str | None, as_of: str, mapping: Path | None, zone: str | None, language: str,
    output: Path | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Explain the verdicts on the request or other record KEY of LEDGER: values read, figures in force, timeline.

    \b
    windowservice explain ledger/ R-2018-0042 --as-of 2018-06-30
    windowservice explain ledger/ R-2018-0042 statute_kept --as-of 2018-06-30

    With RULE that one is explained, whatever its verdict; without, all that failed or could not be told. A later cycle
    of a reopened matter is KEY#2.
    """  # noqa: D301 - click's mark for lines that stay as they are
    when = read_as_of(as_of, zone, ledger, mapping)
    engine = load_engine(**judged_by)
    with waiting(f"reading {ledger}"):
        book = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=when)
    engine = engine.for_ledger(book)
    report = engine.audit(_records(engine, book, key, when), as_of=when)
    written(_cases(report, key, rule, language), output)


def _records(engine: Engine, book: Ledger, key: str, when: datetime | str) -> Sequence[Request | Record]:
    """Return the request with that id, or the records beside requests that have it: messages, turns of duties ..."""
    from windowservice.engine.making import further_rows, judged_requests, seen_whole

    seen, wanted = seen_whole(engine, book, when), (key, key.partition("#")[0])
    if requests := [request for request in book.requests if request.id in wanted]:
        return judged_requests(seen, requests) or requests
    rows = further_rows(seen)
    found = [row for row in rows if row.get("id") == key]
    if not found:
        known = (*(request.id for request in book.requests), *(str(row.get("id")) for row in rows))
        raise UnknownName("request", key, known, book.report.source)
    return found


def _cases(report: Report, key: str, rule: str | None, language: str) -> Iterator[Block]:
    from windowservice.blocks.blocks import Lines
    from windowservice.engine.verdicts import Verdict
    from windowservice.reports.text import finding_blocks

    if rule is not None:
        yield from _case(report, report.finding(key, rule), language)
        return
    keys = [subject.key for subject in report.subjects]
    if key not in keys:
        raise UnknownName("request", key, tuple(keys), "cycles of the request")
    applied = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING, Verdict.PASS)
    found = [finding for verdict in applied for finding in report.gravest(verdict) if finding.key == key]
    yield from finding_blocks(found, language)
    for finding in found:
        if finding.verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN):
            yield Lines("")
            yield from _case(report, finding, language)


def _case(report: Report, finding: Finding, language: str) -> Iterator[Block]:
    """Yield a finding explained, the least that decides it, and of a failure what would have kept the rule."""
    from windowservice.blocks.blocks import Lines
    from windowservice.engine.verdicts import Verdict
    from windowservice.phrases import phrase

    yield Lines(finding.explain(language))
    why = finding.why()
    reasons = [*why.applies, *why.requires]
    if reasons:
        yield Lines(f"  {phrase('what decides it', language)}")
        yield Lines("\n".join(f"    {one}" for one in reasons))
    nearest = report.engine.nearest_changes(finding) if finding.verdict is Verdict.FAIL else ()
    if nearest:
        yield Lines(f"  {phrase('it would have been kept with one of', language)}")
        yield Lines("\n".join(f"    {one}" for one in nearest))
