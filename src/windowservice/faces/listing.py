"""The table of findings of a page: its frame in HTML, and its rows as JSON that the page's script fills in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.clean import for_html, for_line
from windowservice.engine.report.explaining import in_words, shown_end
from windowservice.engine.verdicts import Verdict
from windowservice.phrases import phrase
from windowservice.reports.words import word

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding

__all__ = ["Listing", "listing_of", "told"]

_COLUMNS: Final = ("severity", "record", "rule", "what", "due", "done", "bank", "clerk")
_CHOSEN: Final = ("severity", "rule", "bank", "clerk")
"""The columns by whose words findings are chosen."""
_MOST_WORDS: Final = 500
_NOBODY: Final = "…"


@attrs.frozen
class Listing:
    """Findings as rows of texts, in columns of which each says something.

    Attributes:
        columns: the names of the columns.
        words: the different texts of each column.
        rows: for each finding, where its texts are among them.
        tones: what colours the rows, by the place of their first text: a verdict or a severity.
    """

    columns: Sequence[str]
    words: Sequence[Sequence[str]]
    rows: Sequence[Sequence[int]]
    tones: Sequence[str]

    def frame(self, language: str, left_out: int) -> str:
        """Return the table without its rows: what searches and chooses, the head, and how many are left out."""
        head = "".join(
            f'<th scope="col"><button type="button">{_said(c, language)}</button></th>' for c in self.columns
        )
        more = f"{_said('The gravest are listed; more:', language)} {left_out:,}"
        search, back, on = (_said(text, language) for text in ("search", "back", "next page"))
        choices = "".join(self._choice(name, language) for name in _CHOSEN)
        return (
            (f'<p class="dim">{more}</p>' if left_out else "") + '<div class="bar">'
            f'<input id="find" type="search" placeholder="{search}  /" aria-label="{search}">{choices}'
            f'<button type="button" id="back" aria-label="{back}">←</button>'
            f'<button type="button" id="on" aria-label="{on}">→</button>'
            '<span id="told" class="dim" role="status"></span></div>'
            f'<div class="scroll"><table id="all"><thead><tr>{head}</tr></thead><tbody></tbody></table></div>'
        )

    def _choice(self, name: str, language: str) -> str:
        if name not in self.columns or not 1 < len(self.words[self.columns.index(name)]) <= _MOST_WORDS:
            return ""
        at, said = self.columns.index(name), _said(name, language)
        options = "".join(f'<option value="{for_html(one)}">{for_html(one)}</option>' for one in self.words[at] if one)
        return f'<select data-column="{at}" aria-label="{said}"><option value="">{said}</option>{options}</select>'

    def data(self) -> str:
        """Return the rows as JSON in an element that no browser runs, and that none of its texts can close."""
        held = {"columns": self.columns, "words": self.words, "rows": self.rows, "labels": self.tones}
        text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        safe = text.replace("<", "\\u003c").replace("&", "\\u0026")
        return f'<script type="application/json" id="data">{safe}</script>\n'


def _said(text: str, language: str) -> str:
    return for_html(word(text, language))


def listing_of(findings: Sequence[Finding], language: str, *, names: bool) -> Listing:
    """Return findings as rows, without the columns that say nothing of any; without `names`, without clerks."""
    places: dict[str, dict[str, int]] = {name: {} for name in _COLUMNS if names or name != "clerk"}
    rows, tones = [], list[str]()
    for finding in findings:
        texts = _row(finding, language, names=names)
        rows.append([found.setdefault(for_line(texts[name]), len(found)) for name, found in places.items()])
        if len(tones) < len(places["severity"]):
            tones.append(finding.severity if finding.verdict is Verdict.FAIL else str(finding.verdict))
    kept = [at for at, found in enumerate(places.values()) if found.keys() != {""}]
    columns, words = list(places), list(map(list, places.values()))
    return Listing(
        [columns[at] for at in kept], [words[at] for at in kept], [[row[at] for at in kept] for row in rows], tones
    )


def told(finding: Finding, language: str, *, names: bool) -> tuple[str, str]:
    """Return the id of a finding's record and what it says; without `names`, without the clerk who answers for it."""
    key, title, said = finding.key, finding.title(language), in_words(finding, language)
    what = f"{title}{phrase(': ', language)}{said}" if said else title
    if names or not finding.clerk:
        return key, what
    clerk = re.compile(
        rf"(?<![\w.:-]){re.escape(finding.clerk)}(?![\w.:-])"
    )  # a word of its own, and no part of a time
    return (clerk.sub(_NOBODY, key) if key != finding.clerk else key), clerk.sub(_NOBODY, what)


def _row(finding: Finding, language: str, *, names: bool) -> Mapping[str, str]:
    failed = finding.verdict is Verdict.FAIL
    clock = next(iter(finding.clocks.values()), None)
    key, what = told(finding, language, names=names)
    return {
        "severity": word(finding.severity if failed else str(finding.verdict).replace("_", " "), language),
        "record": key, "rule": finding.rule, "what": what,
        "due": "" if clock is None else shown_end(clock.due),
        "done": "" if clock is None or clock.done is None else shown_end(clock.done),
        "bank": finding.bank or "", "clerk": finding.clerk or "",
    }  # fmt: skip
