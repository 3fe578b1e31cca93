"""``windowservice score``: a bank's scorecard for a period, from the records and readings of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
)
from windowservice.cli.output import writing, written

__all__ = ["score"]

_INSUFFICIENT = 3
_FILE = click.Path(path_type=Path)


@click.command(short_help="Score a bank for a month.")
@click.argument("ledger", type=_FILE)
@click.option("--bank", required=True, metavar="ID", help="The bank; an id that it had before will do.")
@click.option("--period", required=True, metavar="PERIOD", help="A month, week or day: 2018-06, 2018-W23, 2018-06-04.")
@click.option("--as-of", metavar="WHEN", help="See nothing that came later; by default the end of each period.")
@click.option("--scorecard", type=_FILE, metavar="TOML", help="A scorecard instead of the default one.")
@click.option("--measurements", type=_FILE, metavar="TOML", help="How indicators are counted, instead of the default.")
@ledger_options
@engine_options
@format_option("text", "json")
@language_option
@output_option
def score(
    ledger: Path,
    bank: str,
    period: str,
    as_of: str | None,
    scorecard: Path | None,
    measurements: Path | None,
    mapping: Path | None,
    zone: str | None,
    form: str,
    language: str,
    output: Path | None,
    **judged_by: Any,
) -> None:
    """Score a bank: what its messages, positions, filings and given readings come to by the scorecard.

    \b
    windowservice score demo --bank 900000000001 --period 2018-09
    windowservice score demo --bank 900000000001 --period 2018-09 --format json

    Exit code 3 if too little is known for a score.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.domain.readings_period import to_period
    from windowservice.domain.scorecard import Scorecard
    from windowservice.engine.scoring_ledger import score_ledger
    from windowservice.reports.blocks import Lines
    from windowservice.reports.json_file import write_json
    from windowservice.reports.scores import score_document, score_notes
    from windowservice.rules.measurements import read_measurements

    wanted = to_period(period)
    seen = None if as_of is None else read_as_of(as_of, zone)
    engine = load_engine(**judged_by)
    rows = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=seen or wanted.last_day.isoformat())
    found = score_ledger(
        engine, rows, bank, wanted, as_of=seen,
        scorecard=None if scorecard is None else Scorecard.read(scorecard),
        measurements=None if measurements is None else read_measurements(measurements),
    )  # fmt: skip
    if form == "json":
        with writing(output) as out:
            write_json(score_document(found), out)
    else:
        notes = score_notes(found)
        written([Lines(found.score.explain(language)), *([Lines(notes)] if notes else [])], output)
    click.get_current_context().exit(0 if found.score.sufficient else _INSUFFICIENT)
