"""``windowservice audit``: judge a whole ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from windowservice.cli.choosing import CHOOSING, choose, choosing_options, with_known
from windowservice.cli.options import (
    as_of_option,
    engine_options,
    format_option,
    language_option,
    ledger_options,
    load_engine,
    output_option,
    read_as_of,
    read_ledger,
    words_of,
)
from windowservice.cli.output import progress, waiting, writing, written
from windowservice.cli.paths import PATH, refuse_inputs
from windowservice.errors import UnknownName

if TYPE_CHECKING:
    from datetime import datetime

    from windowservice.engine.engine import Engine
    from windowservice.engine.report.report import Report
    from windowservice.engine.verdicts import Verdict
    from windowservice.ledger.ledger import Ledger
    from windowservice.reports.audit import Audit

__all__ = ["FAIL_ON", "audit", "fail_on_option"]

FAIL_ON: Final = ("note", "minor", "major", "severe", "none")
_LINES: Final = 20

fail_on_option = click.option(
    "--fail-on", type=click.Choice(FAIL_ON), default="minor", show_default=True,
    help="From which severity on findings make the exit code 1.",
)  # fmt: skip


@click.command(short_help="Judge a whole ledger.")
@click.argument("ledger", type=PATH)
@as_of_option
@ledger_options
@engine_options
@fail_on_option
@click.option(
    "--engine", "way", type=click.Choice(("columns", "objects")),
    help="Judge all requests at once in columns, or one by one; the verdicts are the same.  "
    "[default: columns if they are many]",
)  # fmt: skip
@click.option(
    "--show", multiple=True, metavar="VERDICTS", default=("fail,error",), show_default=True,
    help="Which findings are listed: fail, error, unknown, pending, pass, not_applicable or all, with commas.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="N",
    help=f"Lines in each list, 0 for all.  [default: {_LINES} in text, all in csv and json]",
)  # fmt: skip
@choosing_options
@click.option("--names/--no-names", default=True, help="In html, whether clerks are named.")
@click.option(
    "--out", type=PATH, metavar="DIR",
    help="Judge a folder of Parquet parts, of any size, and write the findings into DIR as Parquet; resumable.",
)  # fmt: skip
@click.option("--restart", is_flag=True, help="With --out: throw away what DIR holds and begin again.")
@format_option("text", "html", "xlsx", "json", "csv", "sarif", "openmetrics", "ics")
@language_option
@output_option
def audit(
    ledger: Path, as_of: str, mapping: Path | None, zone: str | None, fail_on: str, show: tuple[str, ...],
    out: Path | None, restart: bool, names: bool,
    limit: int | None, form: str, language: str, output: Path | None, way: str | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Audit LEDGER: a folder of tables, a file, a workbook or a database.

    \b
    windowservice audit ledger/ --as-of 2018-06-30
    windowservice audit ledger/ --as-of 2018-06-30 --fail-on major --rules told_once,in_time/statute_kept
    windowservice audit 台账.csv --mapping 台账.toml --zone Asia/Shanghai --as-of 2018-06-30 --lang zh
    windowservice audit ledger/ --as-of 2018-06-30 --format csv --output findings.csv
    windowservice audit ledger/ --as-of 2018-06-30 --from 2018-06-01 --format html --output june.html
    windowservice audit ledger/ --as-of 2018-06-30 --bank 900000000007 --format html --lang zh --output bank.html
    windowservice audit parts/ --as-of 2018-06-30 --out findings/

    A rule that could not be run counts as a finding of its severity. What could not be told (unknown) does not, but is
    counted and shown; if nothing else came out, the exit code is 3.
    """  # noqa: D301 - click's mark for lines that stay as they are
    listed = _verdicts(show)
    when = read_as_of(as_of, zone, ledger, mapping)
    chosen = {name: judged_by.pop(name) for name in CHOOSING}
    engine = load_engine(**judged_by)
    if out is not None:
        beside = {"format": None if form == "text" else form, "mapping": mapping, "output": output, "limit": limit}
        _refuse_beside_parts(engine=way, **beside, **chosen)
        from windowservice.cli.commands.parts import audit_into

        code = audit_into(ledger, out, engine, as_of=when, zone=zone, fail_on=fail_on, restart=restart)
        click.get_current_context().exit(code)
    with waiting(f"reading {ledger}"):
        book = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=when)
    engine = engine.for_ledger(book)
    known = {name: chosen.pop(name) for name in ("waivers", "baseline", "write_baseline")}
    bank = chosen["bank"]
    if form == "html":
        chosen["bank"] = None  # its page tells how a bank stands among the others, too
    report = with_known(choose(_judged(engine, book, when, way), **chosen), **known)
    whole, report = report, report if bank is None or form != "html" else choose(report, bank=bank)
    from windowservice.reports.audit import take_stock

    most = limit if limit is not None else _LINES if form == "text" else 0
    found = take_stock(report, listed=listed, limit=most or None, fail_on=fail_on, bank_names=book.bank_names)
    if form in ("sarif", "openmetrics", "ics"):
        from windowservice import interchange
        from windowservice.reports.json_file import write_json

        with writing(output) as stream:
            if form == "sarif":
                write_json(interchange.sarif(report), stream)
            else:
                stream.write(interchange.openmetrics(report) if form == "openmetrics" else interchange.dues(report))
    elif form == "xlsx":
        if output is None:
            raise click.UsageError("A workbook is a file: name it by --output FILE.")
        refuse_inputs(output)
        report.to_excel(output, language=language)
    elif form == "html":
        with writing(output) as stream, waiting("writing the page"):
            stream.write(whole.to_html(language=language, bank=bank, names=names))
    else:
        _write(found, form, language, output, most)
    click.get_current_context().exit(found.exit_code)


def _judged(engine: Engine, book: Ledger, when: datetime | str, way: str | None) -> Report:
    """Return the report on a ledger, judged in columns or one by one, whichever was asked for or else serves."""
    from windowservice.engine.auditing import suits_columns

    columns = None if way is None else way == "columns"
    if columns or (columns is None and suits_columns(book)):
        with waiting(f"judging {len(book):,} requests in columns"):
            return engine.audit(book, as_of=when, columns=columns)
    return engine.audit(book, as_of=when, columns=columns, track=_judging)


def _judging(records: Sequence[Any]) -> Iterator[Any]:
    with progress("judging", len(records)) as tracked:
        yield from tracked(records)


def _refuse_beside_parts(**given: Any) -> None:
    for name, value in given.items():
        if value is not None:
            option = {"since": "from"}.get(name, name.replace("_", "-"))
            raise click.UsageError(f"--{option} does not go with --out: parts bear our names, findings are Parquet.")


def _verdicts(show: tuple[str, ...]) -> tuple[Verdict, ...]:
    from windowservice.engine.verdicts import Verdict

    known = (*map(str, Verdict), "all")
    words = words_of(show)
    for word in words:
        if word not in known:
            raise UnknownName("verdict", word, known, "--show")
    return tuple(Verdict) if "all" in words else tuple(Verdict(word) for word in dict.fromkeys(words))


def _write(found: Audit, form: str, language: str, output: Path | None, most: int) -> None:
    from windowservice.reports.csv_file import write_csv
    from windowservice.reports.json_file import audit_document, finding_document, write_json
    from windowservice.reports.text import audit_blocks

    if form == "text":
        written(audit_blocks(found, language=language, limit=most), output)
        return
    with writing(output, for_spreadsheet=form == "csv") as out, progress("writing", len(found.findings)) as tracked:
        findings = tracked(found.findings)
        if form == "csv":
            write_csv(
                findings,
                out,
                language=language,
                marks=found.report.marks,
                kinds=[store.runner for store in found.report.stores] or None,
            )
        else:
            write_json(
                audit_document(found), out, rows=(finding_document(found.report, finding) for finding in findings)
            )
