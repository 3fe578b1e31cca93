"""What became of every row that was read: the counts add up and nothing disappears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from windowservice.blocks.blocks import Block, Table
from windowservice.blocks.notebook import InNotebook
from windowservice.clean import for_line
from windowservice.ledger.reading.load_text import report_lines
from windowservice.phrases import phrase

__all__ = [
    "Contradiction",
    "Duplicate",
    "FileCount",
    "LoadReport",
    "Otherwise",
    "Rejection",
    "UnknownWord",
    "Varying",
]


@attrs.frozen
class Rejection:
    """A row that was not taken in, and why.

    Attributes:
        file: the file, with sheet or table in brackets.
        row: number of the row as a person sees it: 1 is the header in CSV and in a workbook, and the first row where
            there is no header (Parquet, databases, frames).
        column: the column at fault; empty if the row as a whole is.
        value: the cell as it was written.
        reason: what was wrong.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        column = f", column {self.column!r}" if self.column else ""
        return for_line(f"{self.file} row {self.row}{column}:{self._value} {self.reason}")

    @property
    def what(self) -> str:
        """The column, the cell and the reason, without the row."""
        return f"{f'column {self.column!r}:' if self.column else ''}{self._value} {self.reason}".strip()

    @property
    def _value(self) -> str:
        return f" {self.value!r}:" if self.value else ""


@attrs.frozen
class FileCount:
    """How many rows of one file, sheet or table were read, and what became of them.

    Attributes:
        file: the file, with sheet or table in brackets.
        tables: the ledger tables its rows were read into.
        read: rows that hold anything, without the header.
        accepted: rows taken in, `passed_over` among them.
        rejected: rows refused; each is listed as a `Rejection`.
        repeated: rows that say again, the same in every field, what an earlier row said; they count once.
        passed_over: rows that the mapping leaves out (a filter, or a word mapped to "ignore").
        encoding: the encoding of a text file, with how it was found.
        unused: columns of the file that nothing reads.
        unended: whether a text file has line breaks, but none behind its last line, as if it had been cut off.
        remarks: what is odd about it as a whole: lines that are no rows, merged cells, a hidden sheet.
    """

    file: str
    tables: tuple[str, ...]
    read: int
    accepted: int
    rejected: int
    passed_over: int = 0
    repeated: int = 0
    encoding: str = ""
    unused: tuple[str, ...] = ()
    unended: bool = False
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str = "en") -> str:
        """Return the counts as a line, in English or Chinese."""
        notes = [*self.tables, *([self.encoding] if self.encoding else [])]
        again = phrase(" + {n} repeated", language, n=f"{self.repeated:,}") if self.repeated else ""
        passed = f"{self.passed_over:,}"
        over = phrase(" ({n} of them passed over by the mapping)", language, n=passed) if self.passed_over else ""
        counts = phrase(
            "{n} rows read = {accepted} accepted{over} + {rejected} rejected{again}", language, n=f"{self.read:,}",
            accepted=f"{self.accepted:,}", over=over, rejected=f"{self.rejected:,}", again=again,
        )  # fmt: skip
        return for_line(f"{self.file} ({', '.join(notes)}): {counts}")


@attrs.frozen
class Contradiction:
    """Two events of a request, or two times of another row, in an order that cannot be.

    Attributes:
        request: id of the request, or of the row of another table.
        earlier: the kind or column that should come first.
        later: the kind or column that came before it.
        places: file and row of both, `earlier` first.
        table: the table of the row; ``requests`` for events.
    """

    request: str
    earlier: str
    later: str
    places: tuple[tuple[str, int], tuple[str, int]]
    table: str = "requests"

    def __str__(self) -> str:
        (file, row), (other_file, other_row) = self.places
        if self.table != "requests":
            return for_line(
                f"{self.table} {self.request!r}: {self.later} is earlier than {self.earlier} ({file} row {row})"
            )
        return for_line(
            f"request {self.request!r}: {self.later} ({other_file} row {other_row}) "
            f"is earlier than {self.earlier} ({file} row {row})"
        )


@attrs.frozen
class Unsaid:
    """Something that events of a kind should say, and that none of the ledger does.

    Attributes:
        kind: the kind of event.
        field: what is never said, such as who takes a matter over.
        events: how many events of the kind there are.
    """

    kind: str
    field: str
    events: int

    def __str__(self) -> str:
        return for_line(
            f"{self.field} of {self.kind} ({self.events:,} events): rules that ask for it fail or cannot tell; if the "
            f"ledger does not keep it, leave {self.kind} out of recorded"
        )


@attrs.frozen
class Duplicate:
    """A row that says again what an earlier row said.

    Attributes:
        file: the file of the later row.
        row: its number.
        what: what is repeated, such as ``request 'R1'``.
        first_file: the file of the row it repeats.
        first_row: the number of that row.
        kept: whether the later row was taken in all the same (a second row of one id is not).
        repeated: whether it is the same in every field, so that both are one row.
    """

    file: str
    row: int
    what: str
    first_file: str
    first_row: int
    kept: bool
    repeated: bool = False

    def __str__(self) -> str:
        kept = "counted once" if self.repeated else "kept" if self.kept else "rejected"
        return for_line(
            f"{self.file} row {self.row} repeats {self.what} of {self.first_file} row {self.first_row} ({kept})"
        )


@attrs.frozen
class UnknownWord:
    """A word that no list has, with how often it came.

    Attributes:
        file: the file it was read from.
        column: its column.
        word: the word as written.
        count: in how many rows.
        nearest: the nearest known word, or an empty text.
        kept: whether those rows were taken in all the same.
    """

    file: str
    column: str
    word: str
    count: int
    nearest: str = ""
    kept: bool = False

    def __str__(self) -> str:
        hint = f" (did you mean {self.nearest!r}?)" if self.nearest else ""
        kept = "kept" if self.kept else "rejected"
        return for_line(f"{self.file}, column {self.column!r}: {self.word!r} in {self.count:,} rows, {kept}{hint}")


@attrs.frozen
class Varying:
    """A column of a log that should say one thing of a request but says several.

    Attributes:
        file: the file.
        column: the column.
        requests: of how many requests.
    """

    file: str
    column: str
    requests: int

    def __str__(self) -> str:
        told = f"differs between the rows of {self.requests:,} requests; the first counts"
        return for_line(f"{self.file}, column {self.column!r}: {told}")


@attrs.frozen
class Otherwise:
    """Cells that were read in one way and could be meant in another.

    Attributes:
        place: the file and column.
        what: what they are, and how they were read.
        count: how many there are.
    """

    place: str
    what: str
    count: int

    def __str__(self) -> str:
        return for_line(f"{self.place}: {self.what}: {self.count:,}")


def _plain(_instance: object, _field: object, value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value


@attrs.frozen(kw_only=True)
class LoadReport(InNotebook):
    """What was read, what was refused, and what is odd about the data.

    Counts are exact. Findings about the data (ties, contradictions, midnight) concern rows that were taken in.

    Attributes:
        source: what was read.
        files: the counts, file by file.
        rejections: every row that was refused, in the order of reading.
        zone: the zone of times that name none; empty if none was given.
        recorded: the event kinds the ledger says it records; None means all.
        requests: number of requests.
        events: number of events.
        ambiguous_times: local times that occur twice (the first was taken).
        skipped_times: local times that the clock skipped (read with the offset before the change).
        outside_hours: events outside opening hours; None if no calendar was given.
        calendar: name of the calendar that says so.
        at_midnight: events at exactly 00:00:00 local time.
        after_as_of: events later than `as_of`; None if none was given.
        tied_events: events that share their instant with another event of the same request.
        tied_requests: requests that have such events.
        contradictions: events of a request in an order that cannot be.
        duplicates: rows that say again what an earlier row said.
        unknown_words: words that no list has.
        unsaid: what events of a kind should say, and none does.
        varying: columns of a log that should say one thing of a request but say several.
        formula_cells: text cells that begin with ``=``, kept as text and never evaluated.
        missing_words: cells that say "null", "NaN" or the like, read as missing.
        otherwise: cells that could be meant otherwise than they were read, such as a day and month to be swapped.
        files_not_read: files of the folder that are no table of the ledger.
    """

    source: str = ""
    files: tuple[FileCount, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    zone: str = ""
    recorded: frozenset[str] | None = None
    requests: int = 0
    events: int = 0
    ambiguous_times: int = 0
    skipped_times: int = 0
    outside_hours: int | None = None
    calendar: str = ""
    at_midnight: int = 0
    after_as_of: int | None = None
    tied_events: int = 0
    tied_requests: int = 0
    contradictions: tuple[Contradiction, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    unknown_words: tuple[UnknownWord, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()
    varying: tuple[Varying, ...] = ()
    formula_cells: int = 0
    missing_words: int = 0
    otherwise: tuple[Otherwise, ...] = ()
    files_not_read: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Rows read, over all files."""
        return sum(file.read for file in self.files)

    @property
    def accepted(self) -> int:
        """Rows taken in, over all files."""
        return sum(file.accepted for file in self.files)

    @property
    def repeated(self) -> int:
        """Rows that say again, the same in every field, what an earlier row said, over all files."""
        return sum(file.repeated for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows refused, over all files."""
        return sum(file.rejected for file in self.files)

    def with_rejected(self, rows: Iterable[tuple[tuple[str, int], str]]) -> LoadReport:
        """Return the report with further rows rejected, each with its place and the reason, that were accepted."""
        lost = [Rejection(*place, "", "", reason) for place, reason in rows]
        number = Counter(row.file for row in lost)
        files = (
            attrs.evolve(file, accepted=file.accepted - number[file.file], rejected=file.rejected + number[file.file])
            for file in self.files
        )
        return attrs.evolve(self, files=tuple(files), rejections=(*self.rejections, *lost)) if lost else self

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, ready for JSON."""
        values = attrs.asdict(self, value_serializer=_plain)
        counts = {"read": self.read, "accepted": self.accepted, "rejected": self.rejected, "repeated": self.repeated}
        return values | counts

    def to_text(self, limit: int = 20, language: str = "en") -> str:
        """Return the report as text; each list shows at most `limit` lines and says how many more there are."""
        return "\n".join(map(for_line, report_lines(self, limit, language)))

    def _blocks(self) -> Iterator[Block]:
        number = tuple(f"{n:,}" for n in (self.read, self.accepted, self.rejected, self.repeated))
        yield Table(("read", "accepted", "rejected", "repeated"), [number], right=range(4))
        files = [
            (one.file, ", ".join(one.tables), *(f"{n:,}" for n in (one.read, one.accepted, one.rejected)))
            for one in sorted(self.files, key=lambda one: -one.rejected)
        ]
        yield Table(("file", "tables", "read", "accepted", "rejected"), files, right=(2, 3, 4))
        if self.rejections:
            rows = [(one.file, one.row, one.column, one.value, one.reason) for one in self.rejections]
            yield Table(("file", "row", "column", "value", "why it was rejected"), rows, right={1})

    def __str__(self) -> str:
        return self.to_text()
