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
    from windowservice.domain.scorecard.readings import RefusedReading
    from windowservice.ledger.reading.load_report import LoadReport
    from windowservice.scoring.average import AverageScore
    from windowservice.scoring.ledger import LedgerScore

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
    ledger: Path, bank: str | None, period: str, as_of: str | None, scorecard: Path | None, measurements: Path | None,
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
    from windowservice.scoring.ledger import average_ledger, score_banks, score_ledger, worst_first

    wanted = to_period(period)
    seen = None if as_of is None else read_as_of(as_of, zone, ledger, mapping)
    engine = load_engine(**judged_by)
    rows = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=seen or wanted.last_day.isoformat())
    by = {"as_of": seen, **scored_by(engine, scorecard, measurements)}
    found: list[LedgerScore] | list[AverageScore]
    if wanted.kind in ("quarter", "year"):
        averages = worst_first(average_ledger(engine, rows, bank, wanted, **by))
        found, shown = averages, _averages(averages, period, form, language)
    elif bank is None:
        scores = worst_first(score_banks(engine, rows, wanted, **by))
        found, shown = scores, _banks(scores, period, form, language)
    else:
        one = score_ledger(engine, rows, bank, wanted, **by)
        found, shown = [one], _bank(one, form, language)
    refused = found[0].refused if found else ()
    _write(shown, refused, rows.report, form, output)
    none_scored = all(row.total is None for row in found)
    click.get_current_context().exit(_INSUFFICIENT if none_scored or refused or rows.report.rejected else 0)


def _bank(found: LedgerScore, form: str, language: str) -> Any:
    from windowservice.reports.scores import indicator_rows, score_blocks, score_document

    if form == "text":
        return score_blocks(found, language)
    return score_document(found) if form == "json" else indicator_rows(found, language)


def _banks(found: list[LedgerScore], period: str, form: str, language: str) -> Any:
    from windowservice.reports.scores import score_rows, scores_blocks, scores_document

    if form == "text":
        return scores_blocks(found, period, language)
    return scores_document(found, period) if form == "json" else score_rows(found)


def _averages(found: list[AverageScore], period: str, form: str, language: str) -> Any:
    from windowservice.reports.scores import average_blocks, average_rows, averages_document

    if form == "text":
        return average_blocks(found, period, language)
    return averages_document(found, period) if form == "json" else average_rows(found)


def _write(
    shown: Any, refused: tuple[RefusedReading, ...], load: LoadReport, form: str, output: Path | None
) -> None:  # fmt: skip
    """Write blocks of text, a document or rows, and which rows of the ledger are in none of the scores."""
    from windowservice.reports.blocks import Lines
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
            if notes := refused_notes(refused) + notes:
                note(notes)
