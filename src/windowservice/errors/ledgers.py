"""What makes a ledger, or one of its files, unreadable as a whole, and findings that cannot be written."""

from __future__ import annotations

from typing import Any

from windowservice.errors.root import WindowserviceError, nearest, then, valued


class LedgerError(WindowserviceError):
    """Root of what makes a ledger or one of its files unreadable as a whole."""


@valued
class UnreadableFile(LedgerError):
    """A file of a ledger cannot be read: cut off, damaged, or not what its name says."""

    file: str
    problem: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}{then(self.instead)}"


@valued
class WrongEncoding(LedgerError):
    """A text file is not in the encoding that was named, nor in one that can be told from its bytes."""

    file: str
    tried: tuple[str, ...]
    position: int

    def __str__(self) -> str:
        return (
            f"{self.file}: byte {self.position:,} is not {' or '.join(self.tried)}; "
            f"save the file as UTF-8, or name its encoding in the mapping, as in encoding = 'cp1252'"
        )


@valued
class EmptyLedger(LedgerError):
    """There is nothing to audit where a ledger should be."""

    path: str
    problem: str = "it holds no requests and no events"

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.problem}; a ledger is a table 'requests' with a table 'events', "
            f"or a mapping that makes them"
        )


@valued
class MissingColumn(LedgerError):
    """A table lacks a column that is needed."""

    file: str
    column: str
    needed_for: str
    known: tuple[str, ...] = ()
    instead: str = ""

    def __str__(self) -> str:
        if self.instead:
            return f"{self.file}: no column {self.column!r}, needed for {self.needed_for}; {self.instead}"
        hint = nearest(self.column, self.known)
        there = f"; its columns are {', '.join(self.known[:20])}" if self.known and not hint else ""
        return f"{self.file}: no column {self.column!r}, needed for {self.needed_for}{hint}{there}"


@valued
class SharedKey(LedgerError):
    """A record stands in two parts of a ledger, so that its events may be apart from it."""

    key: Any
    first: str
    second: str

    def __str__(self) -> str:
        return (
            f"{self.key!r} stands in {self.first} and in {self.second}; every record may stand once: "
            f"take it out of one of them"
        )


@valued
class PartsLeft(LedgerError):
    """Some parts of a ledger could not be judged; the others are finished and kept."""

    failed: dict[str, str]
    finished: int
    audit: Any = None

    def __str__(self) -> str:
        listed = "".join(f"\n  - {problem}" for problem in self.failed.values())
        return (
            f"{len(self.failed)} parts could not be judged, {self.finished} are finished; put right what is wrong and "
            f"run the same again, it goes on from there:{listed}"
        )


@valued
class AnotherAudit(LedgerError):
    """A folder of findings was begun by an audit that is not the one now asked for."""

    folder: str
    what: str
    before: Any
    now: Any

    def __str__(self) -> str:
        return (
            f"{self.folder}: its findings were begun with the {self.what} {self.before}, now it is {self.now}; "
            f"choose another folder, or begin again by restart=True (--restart)"
        )


@valued
class CannotWrite(WindowserviceError):
    """A file of findings could not be written: the disk is full, or the folder may not be written to."""

    file: str
    problem: str

    def __str__(self) -> str:
        return (
            f"{self.file} cannot be written: {self.problem}; nothing is left under its name and what was finished is "
            f"kept: make room and run the same again"
        )
