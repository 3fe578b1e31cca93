"""A load report in words: the counts, and what is odd, list by list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from windowservice.phrases import phrase

if TYPE_CHECKING:
    from windowservice.ledger.reading.load_report import FileCount, LoadReport

__all__ = ["report_lines"]


def _of_requests(report: LoadReport, language: str) -> Iterator[str]:
    number = {"requests": f"{report.requests:,}", "events": f"{report.events:,}"}
    yield phrase("{requests} requests, {events} events", language, **number)
    if report.recorded is not None:
        yield phrase("event kinds recorded: {kinds}", language, kinds=", ".join(sorted(report.recorded)))
    yield phrase("at local midnight: {share}", language, share=_share(report.at_midnight, report.events, language))
    if report.outside_hours is not None:
        share = _share(report.outside_hours, report.events, language)
        yield phrase("outside the hours of {calendar}: {share}", language, calendar=report.calendar, share=share)
    ties, tied = _share(report.tied_events, report.events, language), f"{report.tied_requests:,}"
    yield phrase(
        "at the instant of another event: {share}, in {requests} requests", language, share=ties, requests=tied
    )


def report_lines(report: LoadReport, limit: int, language: str) -> Iterator[str]:
    """Yield the lines of the report; each list shows at most `limit` and says how many more there are."""
    yield phrase("Ledger {source}", language, source=report.source)
    yield from (f"  {file.text(language)}" for file in report.files)
    zone = report.zone or phrase("none given", language)
    yield f"  {phrase('zone of times without one: {zone}', language, zone=zone)}"
    if not report.files or any({"requests", "events"} & {*file.tables} for file in report.files):
        yield from (f"  {line}" for line in _of_requests(report, language))
    yield from (f"  {phrase(title, language)}: {count:,}" for title, count in _counts(report) if count)
    lists: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("Rejected rows", report.rejections),
        ("Contradictory times", report.contradictions),
        ("Repeated rows", report.duplicates),
        ("Unknown words", report.unknown_words),
        ("Could be meant otherwise", report.otherwise),
        ("Never said", report.unsaid),
        ("Varying columns", report.varying),
        ("Perhaps cut off", tuple(_cut_off(file) for file in report.files if file.unended)),
        ("Read with care", tuple(f"{file.file}: {remark}" for file in report.files for remark in file.remarks)),
        ("Columns not used", tuple(f"{file.file}: {', '.join(file.unused)}" for file in report.files if file.unused)),
        ("Files not read", report.files_not_read),
    )
    for title, entries in lists:
        if entries:
            yield f"{phrase(title, language)} ({len(entries):,}):"
            yield from (f"  {entry}" for entry in entries[:limit])
            if len(entries) > limit:
                yield f"  {phrase('... and {n} more', language, n=f'{len(entries) - limit:,}')}"


def _cut_off(file: FileCount) -> str:
    return f"the last line of {file.file} has no line break: was the file cut off?"


def _counts(report: LoadReport) -> tuple[tuple[str, int], ...]:
    return (
        ("later than as_of", report.after_as_of or 0),
        ("local times that occur twice (the first was taken)", report.ambiguous_times),
        ("local times that the clock skipped", report.skipped_times),
        ("cells that begin with '=' (kept as text)", report.formula_cells),
        ("cells that say null, NaN or the like (read as missing)", report.missing_words),
    )


def _share(count: int, total: int, language: str) -> str:
    if not total:
        return phrase("no events", language)
    share = f"{count / total:.1%}"
    return phrase("{n} of {all} events ({share})", language, n=f"{count:,}", all=f"{total:,}", share=share)
