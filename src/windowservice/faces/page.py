"""A report as one HTML page that works from a file: views for who manages and for who audits, and for one bank."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.blocks.blocks import Block, Heading, Table
from windowservice.blocks.html import cell, fragment
from windowservice.clean import for_html
from windowservice.engine.verdicts import Verdict
from windowservice.errors import UnknownName
from windowservice.faces.charts import timeline, trend
from windowservice.faces.further import among_others, further_blocks
from windowservice.faces.listing import Listing, listing_of, told
from windowservice.files import shipped
from windowservice.phrases import LANGUAGES, phrase
from windowservice.reports.audit import Audit, take_stock
from windowservice.reports.summary import share_kept
from windowservice.reports.text import audit_blocks, headline
from windowservice.reports.words import word
from windowservice.scoring.shown import percent

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report

__all__ = ["parts_of", "report_page"]

_OPEN: Final = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING)
_LISTED: Final = 2_000
"""So many findings are listed, the gravest first; what is left out is counted."""
_CASES: Final = 20
"""So many of the gravest cases are told with their timelines."""
_ROWS: Final = 60
"""So many rows has each table of counts."""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Nothing is loaded, and no script runs but the one that the page's own hash names."""
_VIEWS: Final = {
    "manager": ("trend", "open", "worst", "by-service", "by-bank", "by-clerk", "further"),
    "auditor": ("severities", "load", "gaps", "by-policy", "by-principle", "by-rule", "findings", "judged"),
}  # fmt: skip
_OF_OTHERS: Final = ("load", "by-bank", "by-clerk")
"""The parts that the page of one bank leaves out: they tell of others."""
_NAMING: Final = {"open": -1, "gaps": 2, "marked": 4}
"""The column of a part that may name a clerk: who holds a matter, the id of a record, who waived it."""


@attrs.frozen
class _Section:
    """A part of the page with its heading."""

    name: str
    title: str
    body: str


def report_page(
    report: Report, *, language: str = "en", title: str = "", bank: str | None = None, names: bool = True,
) -> str:  # fmt: skip
    """Return a report as one page: a complete document that loads nothing, and runs only its own script.

    Args:
        report: the report, or a selection of it.
        language: ``en`` or ``zh``.
        title: what stands above it; what was judged, if not given.
        bank: the id of a bank, for a page that holds only what concerns it, and how it stands among others, unnamed.
        names: whether clerks are named; the page of a bank names none.

    Raises:
        UnknownName: for another language, or a bank that the report says nothing of.
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    whole = report
    if bank is not None:
        report, names = _of_bank(report, bank), False
    audit = take_stock(report, listed=_OPEN, limit=_LISTED, fail_on="none", bank_names=_bank_names(report))
    listing = listing_of(audit.findings, language, names=names)
    parts = list(_sections(audit, listing, language, names=names))
    selected = any(store.selected != len(store) for store in report.stores)
    if bank is not None or selected:
        parts = [part for part in parts if part.name not in (_OF_OTHERS if bank is not None else ("load",))]
    parts[1:] = sorted(parts[1:], key=lambda part: part.name != "open")  # what can still be kept comes first
    if bank is not None:
        parts.insert(
            1, _Section("peers", phrase("Among others", language), fragment(among_others(whole, bank, language)))
        )
    further = further_blocks(report, bank, language) if bank is not None or not selected else ()  # they tell of all
    for place, (heading, blocks) in enumerate(parts_of(further)):
        parts.append(_Section(f"further--{place}", heading.text, fragment(blocks)))
    above = title or (f"{bank} {audit.bank_names.get(bank, '')}".strip() if bank is not None else parts[0].title)
    return _document(above, parts, listing.data(), language, views=bank is None)


def _of_bank(report: Report, bank: str) -> Report:
    known = tuple(name for name in report.by("bank") if name)
    if bank not in known:
        raise UnknownName("bank", bank, known)
    return report.filter(bank=bank)


def _bank_names(report: Report) -> Mapping[str, str]:
    return {} if report.ledger is None else report.ledger.bank_names


def _document(headline: str, parts: Sequence[_Section], data: str, language: str, *, views: bool) -> str:
    script, style = (shipped("windowservice.faces", f"page.{kind}") for kind in ("js", "css"))
    lang = "zh-CN" if language == "zh" else "en"
    buttons = "".join(
        f'<button type="button" data-view="{view}" aria-pressed="{str(view == "manager").lower()}">'
        f"{for_html(word(view, language))}</button>"
        for view in (*_VIEWS, "everything")
    )
    nav = f'<nav aria-label="{for_html(word("views", language))}">{buttons}</nav>' if views else ""
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}; script-src \'sha256-{_digest(script)}\'">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{for_html(headline)}</title>\n'
        f'<style>\n{style}</style>\n</head>\n<body data-view="{"manager" if views else "everything"}">\n'
        f"<header><h1>{cell(headline)}</h1>{parts[0].body}</header>\n{nav}\n<main>\n{_joined(parts[1:])}\n</main>\n"
        f"{data}<script>{script}</script>\n</body>\n</html>\n"
    )


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()


def _joined(sections: Sequence[_Section]) -> str:
    return "\n".join(
        f'<section id="{for_html(section.name)}" data-view="{_views(section.name)}"><h2>{cell(section.title)}</h2>'
        f"{section.body}</section>"
        for section in sections
    )


def _views(name: str) -> str:
    return " ".join(view for view, names in _VIEWS.items() if name.split("--", maxsplit=1)[0] in names)


def _sections(audit: Audit, listing: Listing, language: str, *, names: bool) -> Iterator[_Section]:
    """Yield the parts of the page: those of the text, and the trend, the worst cases and all findings beside them."""
    for heading, blocks in parts_of(audit_blocks(audit, language=language, limit=_ROWS)):
        if not heading.name:
            first = headline(audit, language)
            title = first.partition(";")[0].partition(";")[0]
            yield _Section("", title, f"<p>{cell(first)}</p>{_tiles(audit, language)}")
        elif heading.name == "verdicts":
            yield from _pictures(audit, language, names=names)
        elif heading.name == "findings":
            yield _Section(heading.name, heading.text, listing.frame(language, audit.found - len(audit.findings)))
        elif names or heading.name != "by-clerk":
            shown = blocks if names else [_without(block, _NAMING.get(heading.name)) for block in blocks]
            yield _Section(heading.name, heading.text, fragment(shown))


def parts_of(blocks: Iterable[Block]) -> Iterator[tuple[Heading, list[Block]]]:
    """Yield the parts of a report, each with its heading that has a name; what stands before all of them has none."""
    heading, found = Heading(""), list[Block]()
    for block in blocks:
        if isinstance(block, Heading) and block.name:
            if found or heading.text:
                yield heading, found
            heading, found = block, []
        else:
            found.append(block)
    if found or heading.text:
        yield heading, found


def _without(block: Block, column: int | None) -> Block:
    """Return a table without a column; anything else as it is."""
    if column is None or not isinstance(block, Table):
        return block
    kept = [at for at in range(len(block.columns)) if at != column % len(block.columns)]
    rows = [[row[at] for at in kept] for row in block.rows]
    right = [place for place, at in enumerate(kept) if at in block.right]
    return attrs.evolve(block, columns=[block.columns[at] for at in kept], rows=rows, right=right)


def _tiles(audit: Audit, language: str) -> str:
    counts = audit.summary.counts
    share = share_kept(counts)
    shown = [(word("share kept", language), "-" if share is None else percent(share))]
    shown += [(word(str(v).replace("_", " "), language), f"{counts[v]:,}") for v in (*_OPEN, Verdict.PASS)]
    return f'<ul class="tiles">{"".join(f"<li><b>{for_html(n)}</b>{for_html(name)}</li>" for name, n in shown)}</ul>'


def _pictures(audit: Audit, language: str, *, names: bool) -> Iterator[_Section]:
    drawn = trend(audit.report.by("month"), language)
    if drawn:
        yield _Section("trend", word("Share kept by month", language), drawn)
    failures = audit.report.gravest(Verdict.FAIL)[:_CASES]
    if failures:
        key = "".join(
            f'<i style="background:var(--{color})"></i>{for_html(word(said, language))}'
            for color, said in (("run", "open time"), ("off", "closed"), ("stop", "stopped"), ("fail", "after the due"))
        )
        cases = "".join(_case(finding, language, names=names) for finding in failures)
        title = word("Gravest cases", language)
        yield _Section("worst", title, f'<p class="key dim">{key}</p>{cases}')


def _case(finding: Finding, language: str, *, names: bool) -> str:
    key, what = told(finding, language, names=names)
    return (
        f"<details><summary><b>{cell(key)}</b>{cell(what)}"
        f' <span class="dim">({cell(word(finding.severity, language))})</span></summary>'
        f"{timeline(finding, language, names=names)}{_explained(finding, language) if names else ''}</details>"
    )


def _explained(finding: Finding, language: str) -> str:
    said = "\n".join(for_html(line) for line in finding.explain(language).split("\n"))
    return f'<pre class="t">{said}</pre>'
