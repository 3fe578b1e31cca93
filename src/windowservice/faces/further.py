"""What a page tells beside the verdicts: scores and proposals of a ledger's banks, and how one stands among others."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median_low
from typing import TYPE_CHECKING

from windowservice.blocks.blocks import Block, Heading, Lines
from windowservice.domain.scorecard.readings_period import ReportingPeriod
from windowservice.phrases import phrase
from windowservice.reports.actions import proposal_blocks
from windowservice.reports.scores import score_blocks, scores_blocks
from windowservice.reports.summary import share_kept
from windowservice.scoring.shown import percent

if TYPE_CHECKING:
    from windowservice.engine.report.report import Report

__all__ = ["among_others", "further_blocks"]


def further_blocks(report: Report, bank: str | None, language: str) -> Iterator[Block]:
    """Yield the scores of the last month that had ended and the actions proposed; nothing where there are no banks."""
    ledger = report.ledger
    if ledger is None or not report.engine.bank or not ledger.bank_names:
        return
    month = ReportingPeriod.of("month", report.as_of.date()).previous
    scores = report.engine.score(ledger, month, bank, as_of=report.as_of)
    yield Heading(phrase("Scores of {period}", language, period=month), "scores")
    yield from (score_blocks if bank is not None else scores_blocks)(scores, language)
    proposals = report.engine.propose(ledger, as_of=report.as_of)
    yield Heading(phrase("Actions proposed", language), "proposals")
    yield from proposal_blocks(proposals if bank is None else proposals.only(bank), language)


def among_others(report: Report, bank: str, language: str) -> Iterator[Block]:
    """Yield the share that a bank keeps and where it stands among the others, none of which is named."""
    listed = () if report.ledger is None else report.ledger.bank_names  # applicants that are no banks yet are not in it
    counted = {name: share_kept(counts) for name, counts in report.by("bank").items() if name in (listed or {name})}
    counted.pop("", None)
    shares = {name: share for name, share in counted.items() if share is not None}
    if bank not in shares:
        yield Lines(phrase("nothing of it came to pass or fail", language))
        return
    place = 1 + sum(share > shares[bank] for share in shares.values())
    yield Lines(
        phrase(
            "kept {share}; place {place} of {banks}, where the middle one keeps {middle}", language,
            share=percent(shares[bank]), place=place, banks=len(shares), middle=percent(median_low(shares.values())),
        )
    )  # fmt: skip
