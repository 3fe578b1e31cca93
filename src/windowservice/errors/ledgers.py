"""What makes a ledger, or one of its files, unreadable as a whole, and findings that cannot be written."""

from __future__ import annotations

from typing import Any

from windowservice.errors.root import WindowserviceError, nearest, valued


class LedgerError(WindowserviceError):
    """Root of what makes a ledger or one of its files unreadable as a whole."""


@valued
class UnreadableFile(LedgerError):
    """A file of a ledger cannot be read: cut off, damaged, or not what its name says."""

    file: str
    problem: str
    instead: str = ""

    says = "{file}: {problem}"


@valued
class WrongEncoding(LedgerError):
    """A text file is not in the encoding that was named, nor in one that can be told from its bytes."""

    file: str
    tried: tuple[str, ...]
    position: int

    def _said(self) -> str:
        return (
            f"{self.file}: byte {self.position:,} is not {' or '.join(self.tried)}; "
            f"save the file as UTF-8, or name its encoding in the mapping, as in encoding = 'cp1252'"
        )


@valued
class EmptyLedger(LedgerError):
    """There is nothing to audit where a ledger should be."""

    path: str
    problem: str = "it holds no requests and no events"

    says = "{path}: {problem}; a ledger is a table 'requests' with a table 'events', or a mapping that makes them"


@valued
class MissingColumn(LedgerError):
    """A table lacks a column that is needed."""

    file: str
    column: str
    needed_for: str
    known: tuple[str, ...] = ()
    instead: str = ""

    def _said(self) -> str:
        hint = "" if self.instead else nearest(self.column, self.known)
        shown = self.known and not hint and not self.instead
        there = f"; its columns are {', '.join(self.known[:20])}" if shown else ""
        return f"{self.file}: no column {self.column!r}, needed for {self.needed_for}{hint}{there}"


@valued
class SharedKey(LedgerError):
    """A record stands in two parts of a ledger, so that its events may be apart from it."""

    key: Any
    first: str
    second: str

    says = "{key!r} stands in {first} and in {second}; every record may stand once: take it out of one of them"


@valued
class PartsLeft(LedgerError):
    """Some parts of a ledger could not be judged; the others are finished and kept."""

    failed: dict[str, str]
    finished: int
    audit: Any = None

    def _said(self) -> str:
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

    says = (
        "{folder}: its findings were begun with the {what} {before}, now it is {now}; choose another folder, or "
        "begin again by restart=True (--restart)"
    )


@valued
class CannotWrite(WindowserviceError):
    """A file of findings could not be written: the disk is full, or the folder may not be written to."""

    file: str
    problem: str

    says = (
        "{file} cannot be written: {problem}; nothing is left under its name and what was finished is kept: make "
        "room and run the same again"
    )
