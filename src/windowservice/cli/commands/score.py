"""``windowservice score``: the scorecards of banks for a period, from the records and readings of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from windowservice.cli.options import (
    engine_options,
    format_option,
    language_option,
    ledger_options,
    load_engine,
    output_option,
    read_as_of,
    read_ledger,
    scored_by,
    scoring_options,
)
from windowservice.cli.output import note, writing, written
from windowservice.cli.paths import PATH

if TYPE_CHECKING:
    from windowservice.ledger.reading.load_report import LoadReport
    from windowservice.scoring.scores import Scores

__all__ = ["score"]

_INSUFFICIENT: Final = 3


@click.command(short_help="Score banks for a month or a quarter.")
@click.argument("ledger", type=PATH)
@click.option("--bank", metavar="ID", help="The bank; an id that it had before will do.  [default: all, worst first]")
@click.option(
    "--period", required=True, metavar="PERIOD",
    help="A month, week, day, quarter or year: 2018-06, 2018-W23, 2018-06-04, 2018-Q2, 2018.",
)  # fmt: skip
@click.option("--as-of", metavar="WHEN", help="See nothing that came later; by default the end of each period.")
@scoring_options
@ledger_options
@engine_options
@format_option("text", "json", "csv")
@language_option
@output_option
def score(
    ledger: Path, bank: str | None, period: str, as_of: str | None, scorecard: Path | None, indicators: Path | None,
    mapping: Path | None, zone: str | None, form: str, language: str, output: Path | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Score banks: what messages, positions, filings and given readings come to by the scorecard.

    \b
    windowservice score demo --period 2018-09
    windowservice score demo --bank 900000000001 --period 2018-09
    windowservice score demo --period 2018-Q3 --format csv --output quarter.csv

    A quarter or a year is the average of its months. Exit code 3 if no bank could be scored, or rows were rejected or
    readings refused; a bank of which too little is known is shown as such.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.domain.scorecard.readings_period import to_period

    wanted = to_period(period)
    seen = None if as_of is None else read_as_of(as_of, zone, ledger, mapping)
    engine = load_engine(**judged_by)
    rows = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=seen or wanted.last_day.isoformat())
    by = scored_by(engine, scorecard, indicators)
    found = engine.score(rows, wanted, bank, as_of=seen, **by).worst_first()
    one = bank is not None and not found.is_average
    _write(_shown(found, form, language, one=one), found, rows.report, form, output)
    none_scored = all(row.total is None for row in found)
    click.get_current_context().exit(_INSUFFICIENT if none_scored or found.refused or rows.report.rejected else 0)


def _shown(found: Scores, form: str, language: str, *, one: bool) -> Any:
    """Return blocks of text, a document or rows: of averages, of one bank with its indicators, or of all banks."""
    from windowservice.reports import scores as face

    if form == "csv":
        rows = face.average_rows if found.is_average else face.score_rows
        return face.indicator_rows(found, language) if one else rows(found)
    if form == "json":
        plain = face.score_document if one else face.scores_document
        return face.averages_document(found) if found.is_average else plain(found)
    blocks = face.score_blocks if one else face.scores_blocks
    return face.average_blocks(found, language) if found.is_average else blocks(found, language)


def _write(shown: Any, found: Scores, load: LoadReport, form: str, output: Path | None) -> None:
    """Write blocks of text, a document or rows, and which rows of the ledger are in none of the scores."""
    from windowservice.blocks.blocks import Lines
    from windowservice.reports.json_file import write_json
    from windowservice.reports.scores import load_notes, refused_notes, write_rows

    notes = load_notes(load)
    if form == "text":
        written([*shown, *([Lines(notes)] if notes else [])], output)
        return
    with writing(output, for_spreadsheet=form == "csv") as out:
        if form == "json":
            write_json({**shown, "rejected": [str(row) for row in load.rejections]}, out)
        else:
            write_rows(shown, out)
            if notes := refused_notes(found.refused) + notes:
                note(notes)
