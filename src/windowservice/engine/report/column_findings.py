"""Records and findings of a report on columns, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from windowservice.engine.report.finding import Finding, Subject

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.columns import ColumnVerdicts
    from windowservice.engine.report.column_report import ColumnReport

    Ints = np.ndarray[Any, Any]

__all__ = ["ColumnFindings", "ColumnSubjects"]


class ColumnSubjects(Sequence[Subject]):
    """The records judged, each made from its row when it is asked for; behind them those judged one by one."""

    def __init__(self, found: ColumnVerdicts, further: Sequence[Subject]) -> None:
        self._found = found
        self._further = further

    def __len__(self) -> int:
        return self._found.height + len(self._further)

    @overload
    def __getitem__(self, row: int) -> Subject: ...
    @overload
    def __getitem__(self, row: slice) -> list[Subject]: ...
    def __getitem__(self, row: int | slice) -> Subject | list[Subject]:
        if isinstance(row, slice):
            return [self[at] for at in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        place, height = row % len(self), self._found.height
        return self._found.subject(place) if place < height else self._further[place - height]


class ColumnFindings(Sequence[Finding]):
    """Findings given by record and rule, each made when it is asked for; `to_frame` gives all at once.

    Attributes:
        rows: the places of the records.
        positions: the rules, by position among those of the record.
    """

    def __init__(self, report: ColumnReport, rows: Ints, positions: Ints) -> None:
        self._report = report
        self.rows = rows
        self.positions = positions

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> Finding: ...
    @overload
    def __getitem__(self, place: slice) -> ColumnFindings: ...
    def __getitem__(self, place: int | slice) -> Finding | ColumnFindings:
        if isinstance(place, slice):
            return ColumnFindings(self._report, self.rows[place], self.positions[place])
        return self._report.finding_at(int(self.rows[place]), int(self.positions[place]))

    def __iter__(self) -> Iterator[Finding]:
        places = self.rows.tolist()
        new = [row for at, row in enumerate(places) if at == 0 or row != places[at - 1]]
        subjects, held = self._report.subjects_at(new), -1
        subject: Subject | None = None
        for row, position in zip(places, self.positions.tolist(), strict=True):
            if subject is None or row != held:
                subject, held = next(subjects), row
            yield self._report.finding_of(subject, position)

    def to_frame(self) -> pl.DataFrame:
        """Return the findings as a frame; see `ColumnVerdicts.findings` for its columns."""
        return self._report.frame_of(self.rows, self.positions)

    def __repr__(self) -> str:
        return f"<{len(self)} findings>"
