"""Writes docs/logs.md from audits of the real logs: ``python -m tests.logs.page FOLDER`` in the root of the repository.

A test compares the page with what the audits say, where the logs are there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Final

from tests.logs.audits import AUDITS, Audit

from windowservice.reports.audit import take_stock
from windowservice.reports.blocks import plain_text
from windowservice.reports.text import audit_blocks

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "logs.md"

_HASH: Final = re.compile(r"\b[0-9a-f]{12,16}\b")
"""The versions of engine and calendars, which change with every rule that is added."""
_HEAD: Final = """\
# Real logs

<!-- written by tests/logs/page.py; change what it reads, not this page -->

Four public logs, audited as a branch would audit its ledger: with a mapping file, a pack of the log's own rules beside
the built-in ones, hours, and where there are published limits a catalogue. The output below is stored as it came; tests
hold every number in it against plain reckoning over the rows of the files. The logs are not part of this package. What
is an assumption of ours (there is no rule of the town to be had) says so in the pack.
"""
_WHAT: Final = {
    "receipt": (
        "Reception of permits in a Dutch town",
        "Each case has a deadline that the town entered, a clerk who answers for it, and a channel. The log records no "
        "notice, handover or decision: rules on these are *unknown* or do not apply, never passed. Two cases were "
        "accepted before they began, which the load report lists as contradictory times.",
    ),
    "bpic2015_1": (
        "Building permits in a Dutch town",
        "Missing documents are asked for and received, which stops the clock; decisions are extended; most stamps are "
        "midnight, so a day is all that is known of them and the load report says how many. The town itself noted "
        "which permits were granted by law because it was late: the verdicts are held against that.",
    ),
    "helpdesk_it": (
        "Help desk of a software house",
        "Tickets are taken in charge, wait and are resolved. The stamps say UTC, but the true zone is unknown; the "
        "mapping names one and the report repeats it.",
    ),
    "boston311": (
        "Requests to the city of Boston",
        "The city sets a deadline for each request and states itself whether it was met; the verdict of the rule "
        "equals the city's for every case. The wall clock of the file is shifted by the offset once too often; "
        "the mapping undoes it (`shift`).",
    ),
}


def page(folder: Path) -> str:
    """Return the text of the page."""
    return "\n".join([_HEAD, *(line for audit in AUDITS.values() for line in _audit(audit, folder))])


def _audit(audit: Audit, folder: Path) -> Iterator[str]:
    title, text = _WHAT[audit.name]
    found = take_stock(audit.report(folder), limit=3)
    shown = plain_text(audit_blocks(found, limit=3))
    mapping, pack = f"../tests/ledger/mappings/{audit.name}.toml", f"../tests/logs/{audit.name}.toml"
    yield f"## {title}\n\n{fill(text, 116)}\n[Mapping]({mapping}), [pack]({pack}).\n"
    yield f"```{{code-block}} text\n:caption: {audit.name}.txt\n"
    yield "\n".join(_HASH.sub("...", line).rstrip() for line in shown.rstrip().splitlines())
    yield "```\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), "utf-8")
