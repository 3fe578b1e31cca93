"""``windowservice check``: judge one request, or a record of another type."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from windowservice.cli.commands.audit import fail_on_option
from windowservice.cli.options import (
    as_of_option,
    engine_options,
    format_option,
    language_option,
    load_engine,
    output_option,
    read_as_of,
)
from windowservice.cli.output import writing, written
from windowservice.cli.paths import PATH
from windowservice.errors import UnknownName

if TYPE_CHECKING:
    from datetime import datetime

    from windowservice.engine.engine import Engine
    from windowservice.engine.report.report import Report

__all__ = ["check"]


@click.command(short_help="Judge one record.")
@click.argument("request", type=PATH)
@as_of_option
@click.option("--of", metavar="TYPE", help="The type of the record, as windowservice facts lists them; a request.")
@click.option("--zone", metavar="ZONE", help="The zone of --as-of, and of times of the record, if they name none.")
@engine_options
@fail_on_option
@format_option("text", "json", "csv")
@language_option
@output_option
def check(
    request: Path, as_of: str, of: str | None, zone: str | None, fail_on: str, form: str, language: str,
    output: Path | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Check one request, or a record of another type: a JSON file, or - for standard input.

    \b
    windowservice check request.json --as-of 2018-05-15T09:00+08:00
    windowservice check ticket.json --of ticket --pack desk.toml --alone --as-of 2026-05-15
    curl ... | windowservice check - --as-of 2018-05-15 --format json

    Every rule that applies is listed. The exit codes are those of an audit.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.reports.summary import exit_code

    when = read_as_of(as_of, zone)
    engine = load_engine(**judged_by)
    text = sys.stdin.buffer.read() if str(request) == "-" else request.read_bytes()
    report = _judged(engine, text, str(request), of, zone, when)
    code = exit_code(report, fail_on)
    _write(report, form, language, output, code)
    click.get_current_context().exit(code)


def _judged(engine: Engine, text: bytes, where: str, of: str | None, zone: str | None, when: datetime | str) -> Report:
    """Return the report on a record; of an engine with rules on one type alone, the type need not be named."""
    from windowservice.domain.requests.request import Request
    from windowservice.facts.requests.request import request as request_type
    from windowservice.testing.records import read_record

    judged = {found.__name__: found for found in engine.judged_vocabularies} if of or not engine.bank else {}
    only = next(iter(judged)) if len(judged) == 1 else ""
    of = of or only
    if not of or judged.get(of) is request_type:
        return engine.check(Request.from_json(text, kinds=engine.event_kinds, where=where), as_of=when)
    if of not in judged:
        raise UnknownName("record type", of, tuple(judged), "--of")
    return engine.check(read_record(judged[of], text, where, zone), as_of=when, of=judged[of])


def _write(report: Report, form: str, language: str, output: Path | None, code: int) -> None:
    from windowservice.blocks.blocks import Lines
    from windowservice.engine.verdicts import Verdict
    from windowservice.reports.csv_file import write_csv
    from windowservice.reports.json_file import check_document, write_json
    from windowservice.reports.text import finding_blocks, instant

    shown = [
        finding
        for verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING, Verdict.PASS)
        for finding in report.gravest(verdict)
    ]
    if form == "text":
        told = ", ".join(f"{report.counts[verdict]} {verdict}" for verdict in Verdict if report.counts[verdict])
        zone = report.engine.zone
        head = f"{', '.join(subject.key for subject in report.subjects)} as of {instant(report.as_of)} {zone}: {told}"
        written([Lines(head), *finding_blocks(shown, language)], output)
        return
    with writing(output, for_spreadsheet=form == "csv") as out:
        if form == "csv":
            write_csv(shown, out, language=language, kinds=[store.runner for store in report.stores])
        else:
            write_json(check_document(report, code), out, rows=(finding.to_dict() for finding in shown))
