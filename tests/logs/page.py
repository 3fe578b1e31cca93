"""Writes docs/logs.md from audits of the real logs: ``python -m tests.logs.page FOLDER`` in the root of the repository.

A test compares the page with what the audits say, where the logs are there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill
from typing import Final

from tests.logs import fines
from tests.logs.audits import AUDITS, FINES, Audit
from tests.logs.views import view_blocks

from windowservice.blocks.blocks import Block, plain_text
from windowservice.reports.audit import take_stock
from windowservice.reports.text import audit_blocks

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "logs.md"

_HASH: Final = re.compile(r"\b[0-9a-f]{12,16}\b")
"""The versions of engine and calendars, which change with every rule that is added."""
_HEAD: Final = """\
# Real logs

<!-- written by tests/logs/page.py; change what it reads, not this page -->

Seven public logs, audited as a branch would audit its ledger: with a mapping file, a pack of the log's own rules beside
the built-in ones, hours, and where there are published limits a catalogue. The output below is stored as it came; tests
hold its verdicts, times and counts against plain reckoning over the rows of the files. The logs are not part of this
package. What is an assumption of ours (there is no rule of the town to be had) says so in the pack.

Below each audit stand the views that the log has the data for: who had the requests in open time (`time_by_holder`),
for what they waited (`waits_by_cause`), how they changed hands and came back (`handovers`), what they took against the
median of their kind (`performance`), and how a rule was kept by group (`verdicts_by`); see [staff](staff.md). Where
there are limits, groups declared in the language alone tell by month and by team what was finished and kept, and which
share of its time a matter used, the median and the 95th percentile (tests/logs/months.py). Two of the logs stand once
more in [SLA of a help desk](help_desk.md), with clocks, holders and waits declared in the language.
"""
_WHAT: Final = {
    "receipt": (
        "Reception of permits in a Dutch town",
        "Each case has a deadline that the town entered, a clerk who answers for it, and a channel. The log records no "
        "notice, handover or decision: rules on these are *unknown* or do not apply, never passed. Two cases were "
        "accepted before they began, which the load report lists as contradictory times. Nothing is handed over, so "
        "whoever did the last step is taken to have the case, and what is left after it stays with that clerk.",
    ),
    "bpic2015_1": (
        "Building permits in a Dutch town",
        "Missing documents are asked for and received, which stops the clock; decisions are extended; most stamps are "
        "midnight, so a day is all that is known of them and the load report says how many. The town itself noted "
        "which permits were granted by law because it was late: the verdicts are held against that. Nothing is handed "
        "over: what does not wait is with whoever registered the case, and 176 cases have no end in the log.",
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
    "bpic2013_incidents": (
        "Incidents of a company's IT",
        "A row is a status that holds until the next row: at work, in the queue of a team, waiting for somebody, done. "
        "Whoever accepts an incident has it, a queue is a hand-over, and a wait stops the clock if its cause is named; "
        "1,115 incidents waited without one, which is a finding. Teams tell their line of support at the end of their "
        "name. People are known by their first names only, so that hand-overs are counted by team. Some incidents are "
        "taken up again after they were resolved: what they took ends with the first time.",
    ),
    "bpic2012_loans": (
        "Applications for loans at a Dutch bank",
        "The offer tells the applicant what to bring; the papers came when an assessment is scheduled. If they are "
        "not complete the applicant is called after: that is a further notice, which breaks *told once*, and 531 files "
        "were chased again after that. That another offer is a change the applicant wants is an assumption of ours. "
        "Whoever starts a piece of work has the application until the piece is finished; then it lies in a queue. One "
        "start in nine names nobody: that time is *unnamed*. The amounts stand in euros.",
    ),
}
_FINES: Final = (
    "Traffic fines of an Italian town",
    "150,370 fines in 561,470 rows, dated by the day. They are judged in columns: the rows become the two frames of "
    "requests and events by the words of the mapping, and the audit of all of them takes about a second. A part drawn "
    "by lot is read as a ledger, row by row, and gets the same verdicts. Three limits: sent (or paid) within 90 days "
    "of being made out, paid within 60 days of the notification, appealed within 60 days of it, where a last day on a "
    "Sunday or holiday moves to the next workday: 20 appeals are in time because of that. Days are stored as "
    "midnights; what is done is done by the end of its day (`midnight_is_date`), or 741 fines of the ninety-first day "
    "would be in time. 28 appeals are dated before the notification that they are against. The first payment counts.",
)


def page(folder: Path) -> str:
    """Return the text of the page."""
    logs = [line for audit in AUDITS.values() for line in _audit(audit, folder)]
    return "\n".join([_HEAD, *logs, *_fines(folder)])


def _audit(audit: Audit, folder: Path) -> Iterator[str]:
    yield _what(audit, *_WHAT[audit.name])
    yield from _shown(audit.name, audit_blocks(take_stock(audit.report(folder), limit=3), limit=3))
    yield from _shown(f"{audit.name}_views", view_blocks(audit, folder))


def _fines(folder: Path) -> Iterator[str]:
    yield _what(FINES, *_FINES)
    yield from _shown(FINES.name, audit_blocks(take_stock(fines.judged(folder), limit=3), limit=3))
    yield from _shown(f"{FINES.name}_views", fines.by_office_blocks(folder))


def _what(audit: Audit, title: str, text: str) -> str:
    mapping, pack = f"../tests/ledger/mapping/mappings/{audit.name}.toml", f"../tests/logs/{audit.name}.toml"
    return f"## {title}\n\n{fill(text, 116)}\n[Mapping]({mapping}), [pack]({pack}).\n"


def _shown(name: str, blocks: Iterable[Block]) -> Iterator[str]:
    yield f"```{{code-block}} text\n:caption: {name}.txt\n"
    yield "\n".join(_HASH.sub("...", line).rstrip() for line in plain_text(blocks).strip("\n").splitlines())
    yield "```\n"


if __name__ == "__main__":
    PAGE.write_text(page(Path(sys.argv[1])), "utf-8")
