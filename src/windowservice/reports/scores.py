"""Scores of banks as plain values, tables and texts; the text of a single score is made by `Score.explain`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TextIO

from windowservice.blocks.blocks import Block, Heading, Lines, Table
from windowservice.clean import for_cell
from windowservice.phrases import phrase
from windowservice.scoring.shown import percent, rounded

if TYPE_CHECKING:
    from windowservice.domain.scorecard.readings import Reading, RefusedReading
    from windowservice.ledger.reading.load_report import LoadReport
    from windowservice.scoring.scores import Scores
    from windowservice.scoring.values import IndicatorScore, Score, VetoOutcome

__all__ = [
    "average_blocks", "average_rows", "averages_document", "indicator_rows", "load_notes", "refused_notes",
    "score_blocks", "score_document", "score_rows", "scores_blocks", "scores_document", "write_rows",
]  # fmt: skip

_MOST_LOST: Final = 3
_MOST_REJECTED: Final = 20


def score_document(found: Scores) -> dict[str, Any]:
    """Return the score of one bank as plain values: exact numbers as texts such as "2/251".

    Keys: ``format`` (``windowservice.score``), ``format_version`` (1), ``bank``, ``name``, ``period``, ``key``,
    ``scorecard``, ``total``, ``grade``, ``low``, ``high`` (null if the data are insufficient), ``coverage``,
    ``provisional``, ``lost`` (the indicators that lost points, the largest loss first), ``indicators``, ``vetoes``
    (``why``: why one cannot be told), ``set_aside``, ``untold``, ``overridden``, ``refused``.
    """
    return _document(found, found.all[0])


def _document(found: Scores, score: Score) -> dict[str, Any]:
    return {
        "format": "windowservice.score",
        "format_version": 1,
        "bank": score.bank,
        "name": score.name,
        "period": str(score.period),
        "key": score.key,
        "scorecard": {"id": score.scorecard.id, "version": score.scorecard.version},
        "total": _text(score.total),
        "grade": score.grade,
        "coverage": _exact(score.coverage),
        "low": _exact(score.low),
        "high": _exact(score.high),
        "provisional": score.provisional,
        "lost": [{"id": row.indicator.id, "lost": str(row.lost), "items": list(row.items)} for row in score.lost],
        "indicators": [_indicator(row) for row in score.indicators],
        "vetoes": [
            {
                "id": row.veto.id, "when": row.veto.when, "state": row.state, "decisive": row.decisive,
                "value": _text(row.value), "why": row.why,
            }
            for row in score.vetoes
        ],
        "set_aside": [
            {"indicator": row.name, "period": str(row.period), "reason": row.reason, "number": row.number}
            for row in found.set_aside
            if row.bank == score.bank
        ],
        "untold": [
            {"indicator": name, "period": str(period), "items": list(items)}
            for (bank, name, period), items in found.untold.items()
            if bank == score.bank
        ],
        "overridden": [_reading(row) for row in found.overridden if row.bank == score.bank],
        "refused": [str(row) for row in found.refused],
    }  # fmt: skip


def scores_document(found: Scores) -> dict[str, Any]:
    """Return the scores of several banks as plain values, in their order.

    Keys: ``format`` (``windowservice.scores``), ``format_version`` (1), ``period``, ``banks`` (as `score_document`).
    """
    banks = [_document(found, row) for row in found]
    return {"format": "windowservice.scores", "format_version": 1, "period": str(found.period), "banks": banks}


def averages_document(found: Scores) -> dict[str, Any]:
    """Return the scores of banks for a quarter or a year as plain values, in their order.

    Keys: ``format`` (``windowservice.average_scores``), ``format_version`` (1), ``period``, ``banks``: of each
    ``bank``, ``total``, ``grade``, ``coverage``, ``months`` (with ``period``, ``total``, ``grade``, ``weight``),
    ``missing`` and ``vetoes`` (with ``period`` and ``id``); ``refused``: readings that no score could use.
    """
    banks = [
        {
            "bank": row.bank, "total": _text(row.total), "grade": row.grade, "coverage": _exact(row.coverage),
            "months": [
                {
                    "period": str(month.period), "total": _text(month.total), "grade": month.grade,
                    "weight": _exact(row.weights.get(month.period)),
                }
                for month in row.months
            ],
            "missing": [str(month) for month in row.missing],
            "vetoes": [{"period": str(month.period), "id": one.veto.id} for month in row.months for one in month.fired],
        }
        for row in found
    ]  # fmt: skip
    return {
        "format": "windowservice.average_scores", "format_version": 1, "period": str(found.period), "banks": banks,
        "refused": [str(row) for row in found.refused],
    }  # fmt: skip


def _notes(found: Scores, score: Score) -> str:
    """Return what a reader of the score has to know beside it: what left both sides, could not be told, was refused."""
    bank = score.bank
    lines = [
        f"{row.name} {row.period}: {row.number} left both sides ({row.reason})"
        for row in found.set_aside
        if row.bank == bank
    ]
    lines += [
        f"{name} {period}: {len(items)} cannot be told: {', '.join(items[:5])}{' ...' if len(items) > 5 else ''}"
        for (whose, name, period), items in found.untold.items()
        if whose == bank
    ]
    lines += [_of_veto(row) for row in score.vetoes if row.state == "unknown"]
    lines += [
        f"{row.indicator} {row.period}: {row} was computed, and another reading was given: the given one counts"
        for row in found.overridden
        if row.bank == bank
    ]
    return "".join(f"{line}\n" for line in lines) + refused_notes(found.refused)


def load_notes(load: LoadReport, most: int = _MOST_REJECTED) -> str:
    """Return which rows of the ledger were rejected, and so count nowhere: at most so many, then how many more."""
    lines = [f"row rejected, {rejection}" for rejection in load.rejections[:most]]
    more = load.rejected - len(lines)
    return "".join(f"{line}\n" for line in [*lines, *([f"{more} more rows rejected"] if more else [])])


def _of_veto(row: VetoOutcome) -> str:
    return f"veto {row.veto.id} cannot be told, {row.veto.condition[0]} is missing: {row.why or 'nobody states it'}"


def score_blocks(found: Scores, language: str = "en") -> list[Block]:
    """Return the score of one bank as blocks of text."""
    score = found.all[0]
    notes = _notes(found, score)
    return [Lines(score.explain(language)), *([Lines(notes)] if notes else [])]


def scores_blocks(found: Scores, language: str = "en") -> list[Block]:
    """Return the scores of several banks as a table, in their order."""
    names = ("bank", "name", "total", "grade", "coverage", "lost", "vetoes", "vetoes unknown")
    lacking = phrase("insufficient data", language)
    shown = [[row[name] or (lacking if name == "total" else "") for name in names] for row in score_rows(found)]
    tones = ["unknown" if row.total is None else "fail" if row.fired else "" for row in found]
    columns = [phrase(name, language) for name in names]
    blocks: list[Block] = [_heading(found, language)]
    blocks.append(Table(columns, shown, right=(2, 4), tones=tones) if shown else Lines("no bank to score"))
    return [*blocks, *_refused(found)]


def average_blocks(found: Scores, language: str = "en") -> list[Block]:
    """Return the scores of banks for a quarter or a year as a table, in their order."""
    names = ("bank", "total", "grade", "coverage", "months", "missing", "vetoes")
    lacking = phrase("insufficient data", language)
    rows = [[row[name] or (lacking if name == "total" else "") for name in names] for row in average_rows(found)]
    return [
        _heading(found, language),
        Table([phrase(name, language) for name in names], rows, right=(1, 3)),
        *_refused(found),
    ]


def refused_notes(refused: Iterable[RefusedReading]) -> str:
    """Return a line for each reading that no score could use."""
    return "".join(f"reading refused, {row}\n" for row in refused)


def _refused(found: Scores) -> list[Block]:
    notes = refused_notes(found.refused)
    return [Lines(notes)] if notes else []


def _heading(found: Scores, language: str) -> Heading:
    if not found.all:
        return Heading(str(found.period))
    card = (found.all[0].months or found.all)[0].scorecard
    title = card.zh if language == "zh" else card.en
    return Heading(f"{found.period}: {title}, {card.id} {card.version} [{card.basis.mark}]")


def score_rows(found: Scores) -> list[dict[str, str]]:
    """Return a row for each bank: bank, name, period, total, grade, coverage, what it lost most by, its vetoes."""
    return [
        {
            "bank": row.bank, "name": row.name, "period": str(row.period), "total": _text(row.total) or "",
            "grade": row.grade or "", "coverage": _percent(row.coverage),
            "lost": _most_lost(row), "vetoes": ", ".join(one.veto.id for one in row.fired),
            "vetoes unknown": ", ".join(one.veto.id for one in row.vetoes if one.state == "unknown"),
        }
        for row in found
    ]  # fmt: skip


def average_rows(found: Scores) -> list[dict[str, str]]:
    """Return a row for each bank: bank, period, total, grade, coverage, its months, those missing, its vetoes."""
    return [
        {
            "bank": row.bank, "period": str(row.period), "total": _text(row.total) or "", "grade": row.grade or "",
            "coverage": _percent(row.coverage),
            "months": ", ".join(f"{month.period} {_text(month.total) or '-'}" for month in row.months),
            "missing": ", ".join(map(str, row.missing)),
            "vetoes": ", ".join(f"{month.period} {one.veto.id}" for month in row.months for one in month.fired),
        }
        for row in found
    ]  # fmt: skip


def indicator_rows(found: Scores, language: str = "en") -> list[dict[str, str]]:
    """Return a row for each indicator of a bank's score, the largest loss first, then the others in order."""
    score = found.all[0]
    others = [row for row in score.indicators if row not in score.lost]
    return [
        {
            "bank": score.bank, "period": str(score.period), "indicator": row.indicator.id,
            "title": row.indicator.zh if language == "zh" else row.indicator.en, "state": row.state,
            "reading": "" if row.reading is None else str(row.reading), "points": _exact(row.points) or "",
            "lost": str(row.lost) if row.share is not None else "", "severity": row.severity or "",
            "items": "; ".join(row.items),
        }
        for row in (*score.lost, *others)
    ]  # fmt: skip


def write_rows(rows: Sequence[Mapping[str, str]], out: TextIO) -> None:
    """Write rows as CSV that is safe to open in a spreadsheet: a header, and a line for each."""
    writer = csv.writer(out, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([for_cell(value) for value in row.values()] for row in rows)


def _most_lost(score: Score) -> str:
    if score.exact is None:
        return ""
    return ", ".join(
        f"{row.indicator.id} {rounded(row.lost, score.scorecard.places)}" for row in score.lost[:_MOST_LOST]
    )


def _percent(share: Fraction | None) -> str:
    return "" if share is None else percent(share)


def _indicator(row: IndicatorScore) -> dict[str, Any]:
    return {
        "id": row.indicator.id,
        "category": row.indicator.category,
        "state": row.state,
        "reason": row.reason,
        "reading": None if row.reading is None else _reading(row.reading),
        "value": _exact(row.value),
        "share": _exact(row.share),
        "weight": _exact(row.weight),
        "points": _exact(row.points),
        "lost": _exact(row.lost),
        "severity": row.severity,
        "carried": row.carried,
        "small_sample": row.small_sample,
        "not_scored": [_reading(other) for other in row.set_aside],
    }


def _reading(row: Reading) -> dict[str, Any]:
    return {
        "indicator": row.indicator, "period": str(row.period), "numerator": row.numerator,
        "denominator": row.denominator, "fault_party": row.fault_party, "provisional": row.provisional,
        "items": list(row.items),
    }  # fmt: skip


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
