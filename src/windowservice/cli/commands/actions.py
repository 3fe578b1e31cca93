"""``windowservice actions``: what the escalation ladder proposes for the banks of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

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
    scored_by,
    scoring_options,
)
from windowservice.cli.output import note, waiting, writing, written
from windowservice.cli.paths import PATH

if TYPE_CHECKING:
    from windowservice.escalation.proposals import Proposals
    from windowservice.ledger.reading.load_report import LoadReport

__all__ = ["actions"]

_CALLED_FOR: Final = 1
_UNTOLD: Final = 3


@click.command(short_help="Propose actions against banks.")
@click.argument("ledger", type=PATH)
@as_of_option
@click.option("--bank", metavar="ID", help="This bank only; an id that it had before will do.  [default: all]")
@click.option(
    "--ladder", type=PATH, metavar="TOML", help="An escalation ladder instead of the ledger's or the default."
)
@scoring_options
@ledger_options
@engine_options
@format_option("text", "json", "csv")
@language_option
@output_option
def actions(
    ledger: Path, as_of: str, bank: str | None, ladder: Path | None, scorecard: Path | None, indicators: Path | None,
    mapping: Path | None, zone: str | None, form: str, language: str, output: Path | None, **judged_by: Any,
) -> None:  # fmt: skip
    """Propose actions: each row of the escalation ladder that matches, with its evidence and who has to decide.

    \b
    windowservice actions demo --as-of 2018-12-31
    windowservice actions demo --as-of 2018-12-31 --bank 900000000001 --format json
    windowservice actions demo --as-of 2018-12-31 --ladder branch.toml

    Nothing is decided here. Banks are scored for the months and quarters that the rows on indicators look at. Exit
    code 1 if anything is called for; 3 if nothing is, but rows could not be told or rows of the ledger were rejected.
    """  # noqa: D301 - click's mark for lines that stay as they are
    from windowservice.domain.parties import Banks
    from windowservice.rules.escalation.ladder import Ladder
    from windowservice.rules.known_rows import with_known_actions

    when = read_as_of(as_of, zone, ledger, mapping)
    engine = load_engine(**judged_by)
    book = read_ledger(ledger, engine, mapping=mapping, zone=zone, as_of=when)
    engine = engine.for_ledger(book)
    rungs = None if ladder is None else Ladder.read(ladder, engine.record_types)
    book = with_known_actions(engine, book, rungs)  # rows of actions that it does not have are named with the others
    with waiting("scoring banks and reading the ladder"):
        found = engine.propose(book, as_of=when, ladder=rungs, **scored_by(engine, scorecard, indicators))
    if bank is not None:
        named = {row.bank for row in found} | {row.bank for row in found.unknown}
        found = found.only(bank if bank in named else Banks(book.banks).find(bank).id)
    _write(found, book.report, form, language, output)
    untold = found.unknown or found.refused or book.report.rejected
    code = _CALLED_FOR if found.proposals else _UNTOLD if untold else 0
    click.get_current_context().exit(code)


def _write(found: Proposals, load: LoadReport, form: str, language: str, output: Path | None) -> None:
    """Write blocks of text, a document or rows, and which rows of the ledger no proposal rests on."""
    from windowservice.blocks.blocks import Lines
    from windowservice.reports.actions import proposal_blocks, proposal_document, proposal_rows
    from windowservice.reports.json_file import write_json
    from windowservice.reports.scores import load_notes, refused_notes, write_rows

    notes = refused_notes(found.refused) + load_notes(load)
    if form == "text":
        written([*proposal_blocks(found, language), *([Lines(notes)] if notes else [])], output)
        return
    with writing(output, for_spreadsheet=form == "csv") as out:
        if form == "json":
            write_json({**proposal_document(found), "rejected": [str(row) for row in load.rejections]}, out)
        else:
            write_rows(list(proposal_rows(found)), out)
            if notes:
                note(notes)
