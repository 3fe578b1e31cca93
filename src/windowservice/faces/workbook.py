"""A report as a workbook: a sheet for each question, all findings with real dates, and what the words mean."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from windowservice.blocks.blocks import Block, Heading, Lines, Table
from windowservice.clean import for_line, for_lines
from windowservice.engine.verdicts import Verdict
from windowservice.errors import MissingExtra, UnknownName
from windowservice.faces.page import parts_of
from windowservice.phrases import LANGUAGES, phrase
from windowservice.reports.audit import take_stock
from windowservice.reports.text import audit_blocks
from windowservice.reports.words import word

if TYPE_CHECKING:
    from datetime import tzinfo

    import polars as pl

    from windowservice.engine.report.report import Report

__all__ = ["write_workbook"]

_SHOWN: Final = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING)
_MOST: Final = 1_000_000
"""A sheet has little more than a million rows."""
_WIDEST: Final = 60
_SPANS: Final = {"overrun_seconds": "open hours over", "remaining_seconds": "hours left"}
"""Columns of seconds, shown as hours."""
_LEFT_OUT: Final = ("version", "engine", "principle")
_MEANINGS: Final = {
    "pass": "the rule applies and is kept",
    "fail": "the rule applies and is not kept",
    "pending": "it can still go either way",
    "unknown": "a fact that decides is missing: neither kept nor broken",
    "not applicable": "the rule does not concern the record",
    "error": "the rule could not be run",
}


def write_workbook(report: Report, path: str | PathLike[str], *, language: str = "en") -> None:
    """Write a report as a workbook.

    Args:
        report: the report, or a selection of it.
        path: the file.
        language: ``en`` or ``zh``.

    Raises:
        MissingExtra: without the extras `excel` and `columns`.
        UnknownName: for another language.
        OSError: if it cannot be written.
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsxwriter", "excel", "writing a workbook") from None
    try:
        import polars  # noqa: F401 - findings come as a frame
    except ImportError:
        raise MissingExtra("polars", "columns", "writing findings into a workbook") from None
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        _Book(book, language).write(report)
    Path(path).write_bytes(out.getvalue())


class _Book:
    """A workbook that is being written: its formats, and the names of its sheets."""

    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language = book, language
        self.head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "text_wrap": True})
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.formats = {
            form: book.add_format({"num_format": form})
            for form in ("#,##0", "0%", "0.0%", "0.00%", "0.000%", "0.0000%", "0.00", _WHEN)
        }
        self.names: set[str] = set()

    def write(self, report: Report) -> None:
        audit = take_stock(report, listed=_SHOWN, limit=0, fail_on="none")
        parts = list(parts_of(audit_blocks(audit, language=self.language, limit=0)))
        self._texts(
            word("Verdicts", self.language), [(Heading(""), parts[0][1]), *_named(parts, "verdicts", "severities")]
        )
        self._findings(report)
        for heading, blocks in parts:
            tables = [block for block in blocks if isinstance(block, Table)]
            if tables and heading.name not in ("verdicts", "severities", "findings"):
                self._table(heading.text, tables[0].columns, tables[0].rows, tables[0].right)
        self._texts(word("How it was judged", self.language), _named(parts, "load", "judged"))
        self._definitions(report)

    def _sheet(self, name: str) -> Any:
        """Return a new sheet; its name is cut to what a workbook takes, and is there once."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", re.split("[,:]", for_line(name))[0]).strip()[:28] or "-"
        found = next(f"{plain}{n or ''}" for n in range(1_000) if f"{plain}{n or ''}".casefold() not in self.names)
        self.names.add(found.casefold())
        return self.book.add_worksheet(found)

    def _texts(self, name: str, parts: Iterable[tuple[Heading, Sequence[Block]]]) -> None:
        """Write lines and small tables one below the other."""
        sheet, row = self._sheet(name), 0
        sheet.set_column(0, 8, 18)
        for heading, blocks in parts:
            if heading.text:
                sheet.write_string(row, 0, for_line(heading.text), self.title)
                row += 1
            for block in blocks:
                if isinstance(block, Lines):
                    for line in for_lines(block.text).splitlines():
                        sheet.write_string(row, 0, line)
                        row += 1
                elif isinstance(block, Table):
                    for at, cells in enumerate((block.columns, *block.rows)):
                        self._cells(
                            sheet, row, cells, block.right if at else frozenset(), self.head if not at else None
                        )
                        row += 1
            row += 1

    def _table(
        self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()
    ) -> None:
        sheet = self._sheet(name)
        self._cells(sheet, 0, columns, frozenset(), self.head)
        for at, cells in enumerate(rows[:_MOST], start=1):
            self._cells(sheet, at, cells, right, None)
        self._finish(sheet, len(columns), min(len(rows), _MOST))
        for at in range(len(columns)):
            widest = max((len(str(cells[at])) for cells in (columns, *rows[:200])), default=8)
            sheet.set_column(at, at, min(max(widest + 2, 8), _WIDEST))

    def _cells(self, sheet: Any, row: int, cells: Sequence[str], right: frozenset[int], form: Any) -> None:
        for at, text in enumerate(cells):
            number = _number(text) if at in right else None
            if number is None:
                sheet.write_string(row, at, for_line(text), form)
            else:
                value, shown = number
                sheet.write_number(row, at, value, self.formats[shown])

    def _finish(self, sheet: Any, columns: int, rows: int) -> None:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(rows, 1), max(columns - 1, 0))

    def _findings(self, report: Report) -> None:
        """Write all findings that are no pass: dates as dates in the zone of the engine, numbers as numbers."""
        import polars as pl

        frame = report.filter(verdict=[str(verdict) for verdict in _SHOWN]).to_frame().head(_MOST)
        titles = {one.name: one.rule.title for one in report.engine.rules}
        what = [titles[rule].get(self.language) or next(iter(titles[rule].values())) for rule in frame["rule"]]
        frame = frame.with_columns(pl.Series("what", what, dtype=pl.String))
        columns = [name for name in frame.columns if name not in _LEFT_OUT and frame[name].null_count() < len(frame)]
        sheet = self._sheet(word("Findings", self.language))
        timed = [isinstance(kind, pl.Datetime) for kind in frame.select(columns).dtypes]
        said = [phrase(_SPANS.get(name, name), self.language) for name in columns]
        head = [f"{name} ({report.engine.zone})" if at else name for name, at in zip(said, timed, strict=True)]
        self._cells(sheet, 0, head, frozenset(), self.head)
        for at, name in enumerate(columns):
            sheet.set_column(at, at, 40 if name in ("what", "basis", "figures") else 18)
            self._column(sheet, at, frame[name], report.engine.zone)
        self._finish(sheet, len(columns), len(frame))

    def _column(self, sheet: Any, at: int, column: pl.Series, zone: tzinfo) -> None:
        hours = column.name in _SPANS
        for row, value in enumerate(column, start=1):
            if value is None:
                continue
            if isinstance(value, datetime):
                sheet.write_datetime(row, at, value.astimezone(zone).replace(tzinfo=None), self.formats[_WHEN])
            elif isinstance(value, float):
                sheet.write_number(row, at, value / 3600 if hours else value, self.formats["0.00"])
            else:
                own = column.name in ("verdict", "severity", "policy")  # all else is the ledger's
                text = str(value).replace("_", " ") if column.name == "verdict" else str(value)
                sheet.write_string(row, at, for_line(word(text, self.language) if own else text))

    def _definitions(self, report: Report) -> None:
        meanings = [(word(name, self.language), phrase(said, self.language), "") for name, said in _MEANINGS.items()]
        rules = [
            (
                one.name, one.rule.title.get(self.language) or next(iter(one.rule.title.values())),
                "" if one.rule.basis is None else str(one.rule.basis),
            )
            for one in report.engine.rules
        ]  # fmt: skip
        columns = [word(name, self.language) for name in ("rule", "what", "source")]
        self._table(phrase("Definitions", self.language), columns, [*meanings, *rules])


_WHEN: Final = "yyyy-mm-dd hh:mm"


def _named(parts: Iterable[tuple[Heading, Sequence[Block]]], *names: str) -> list[tuple[Heading, Sequence[Block]]]:
    return [(heading, blocks) for heading, blocks in parts if heading.name in names]


def _number(text: str) -> tuple[float, str] | None:
    """Return a number that a report shows, with the form of its cell; None of what is none."""
    if re.fullmatch(r"-?\d{1,3}(,\d{3})*|-?\d+", text):
        return int(text.replace(",", "")), "#,##0"
    if found := re.fullmatch(r"(-?\d+(?:\.\d+)?) ?%", text):
        places = len(found.group(1).partition(".")[2])
        return float(found.group(1)) / 100, f"0.{'0' * places}%" if places else "0%"
    return None
