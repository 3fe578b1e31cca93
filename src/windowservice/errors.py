"""Every exception and warning of the library, each with the values it speaks of.

An error says what was wanted, what came, where, and what to write instead. The values ride on the exception as
attributes, so a program need not parse the text.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(name: object, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'x'?)"`` for the known name nearest to `name`, or an empty text."""
    close = get_close_matches(str(name), list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def at(where: str) -> str:
    """Return ``"<where>: "`` or an empty text, to begin a message with its place."""
    return f"{where}: " if where else ""


class WindowserviceError(Exception):
    """Root of all errors raised on purpose by this library."""


class WindowserviceWarning(UserWarning):
    """Root of all warnings given by this library."""


# --- time -----------------------------------------------------------------------------------------------------------


@attrs.define
class NaiveTime(WindowserviceError):
    """A time came without a zone."""

    value: Any
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}the time {self.value!s} has no zone; write it with an offset, "
            f"as in '2018-05-03T09:40+08:00', or name the zone of the whole ledger once"
        )


@attrs.define
class InvalidTime(WindowserviceError):
    """Something that should be an instant or a date is not one."""

    value: Any
    wanted: str = "an ISO time with offset, as in '2018-05-03T09:40+08:00'"
    where: str = ""

    def __str__(self) -> str:
        return f"{at(self.where)}{self.value!r} ({type(self.value).__name__}) is not {self.wanted}"


@attrs.define
class TimeOutOfRange(WindowserviceError):
    """An instant lies outside the years that the library computes with, or outside what a calendar knows."""

    value: Any
    earliest: Any
    latest: Any
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}{self.value!s} is out of range; wanted a time from {self.earliest!s} to {self.latest!s}"
        )


@attrs.define
class UnknownZone(WindowserviceError):
    """No IANA time zone has that name."""

    zone: str
    where: str = ""

    def __str__(self) -> str:
        from zoneinfo import available_timezones

        hint = nearest(self.zone, available_timezones())
        return f"{at(self.where)}unknown time zone {self.zone!r}{hint}; write an IANA name such as 'Asia/Shanghai'"


# --- names and words ------------------------------------------------------------------------------------------------


@attrs.define
class UnknownName(WindowserviceError):
    """A name (fact, event kind, service, column, pack, calendar ...) that nothing declares."""

    kind: str
    name: str
    known: tuple[str, ...] = ()
    where: str = ""

    def __str__(self) -> str:
        hint = nearest(self.name, self.known)
        if not hint and self.known and len(self.known) <= 12:
            hint = f"; known: {', '.join(self.known)}"
        return f"{at(self.where)}unknown {self.kind} {self.name!r}{hint}"


@attrs.define
class InvalidValue(WindowserviceError):
    """A field holds a value of the wrong type or outside its range."""

    field: str
    value: Any
    wanted: str
    where: str = ""

    def __str__(self) -> str:
        return f"{at(self.where)}{self.field} must be {self.wanted}, got {self.value!r} ({type(self.value).__name__})"


# --- the rule language ----------------------------------------------------------------------------------------------


class RuleError(WindowserviceError):
    """Root of what is refused while a fact, figure, expression or rule is built."""


@attrs.define
class ExpressionTruth(RuleError):
    """An expression was used where Python wants a plain truth value."""

    used: str
    instead: str
    expression: str = ""

    def __str__(self) -> str:
        about = f" on {self.expression}" if self.expression else ""
        return (
            f"{self.used}{about} has no meaning while the rule is written, because no value is known yet; "
            f"write {self.instead}"
        )


@attrs.define
class TypeMismatch(RuleError):
    """An operator was given values of types that it does not take."""

    operator: str
    wanted: str
    got: tuple[str, ...]
    where: str = ""

    def __str__(self) -> str:
        return f"{at(self.where)}{self.operator} takes {self.wanted}, got {' and '.join(self.got)}"


@attrs.define
class UnitMismatch(RuleError):
    """Two amounts of different units were compared or added."""

    operator: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.operator} mixes the units {self.left!r} and {self.right!r}; units never convert silently"


@attrs.define
class ScopeMismatch(RuleError):
    """Facts of different records were mixed in one expression."""

    left: str
    right: str
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}facts of {self.left!r} and of {self.right!r} cannot stand in one expression; "
            f"aggregate the children first (.first(), .count(), .any() ...) or write two rules"
        )


@attrs.define
class UnknownWord(RuleError):
    """A text fact was compared with a word that its enumeration does not have."""

    fact: str
    word: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        words = ", ".join(sorted(self.words))
        return f"{self.fact} is never {self.word!r}{nearest(self.word, self.words)}; it is one of {words}"


@attrs.define
class MovingComparison(RuleError):
    """A value that moves with time alone was compared by a plain operator."""

    expression: str

    def __str__(self) -> str:
        return (
            f"{self.expression} moves with as_of: a plain comparison would pass today and fail tomorrow with no event; "
            f"write done_at.by(due) for an instant, or span.within(limit) for a span that grows"
        )


@attrs.define
class ConstantCondition(RuleError):
    """A condition does not depend on any fact."""

    condition: str
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}the condition {self.condition} speaks of no fact, so it always says the same; "
            f"name a fact in it"
        )


@attrs.define
class InvalidRule(RuleError):
    """A rule, fact, figure or pack is put together wrongly."""

    what: str
    problem: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.problem}" + (f"; {self.instead}" if self.instead else "")


@attrs.define
class CyclicFact(RuleError):
    """A fact is defined by way of itself."""

    chain: tuple[str, ...]

    def __str__(self) -> str:
        return f"the facts {' -> '.join(self.chain)} are defined in a circle"


@attrs.define
class RuleTextError(RuleError):
    """The text of an expression is not of the grammar."""

    text: str
    problem: str
    column: int = 0

    def __str__(self) -> str:
        return f"in the expression {self.text!r}, column {self.column + 1}: {self.problem}"


# --- documents: requests, catalogues, packs -------------------------------------------------------------------------


@attrs.define
class InvalidDocument(WindowserviceError):
    """A JSON or TOML document is not what it should be; every problem is listed, with its path, at once."""

    what: str
    problems: tuple[tuple[str, str], ...]
    where: str = ""

    def __str__(self) -> str:
        listed = [f"{at(path)}{message}" for path, message in self.problems]
        head = f"{at(self.where)}this is not {self.what}"
        return f"{head}: {listed[0]}" if len(listed) == 1 else "\n  - ".join([f"{head}:", *listed])


# --- the ledger -----------------------------------------------------------------------------------------------------


class LedgerError(WindowserviceError):
    """Root of what makes a ledger or one of its files unreadable as a whole."""


@attrs.define
class UnreadableFile(LedgerError):
    """A file of a ledger cannot be read: cut off, damaged, or not what its name says."""

    file: str
    problem: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}" + (f"; {self.instead}" if self.instead else "")


@attrs.define
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


@attrs.define
class EmptyLedger(LedgerError):
    """There is nothing to audit where a ledger should be."""

    path: str
    problem: str = "it holds no requests and no events"

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.problem}; a ledger is a table 'requests' with a table 'events', "
            f"or a mapping that makes them"
        )


@attrs.define
class MissingColumn(LedgerError):
    """A table lacks a column that is needed."""

    file: str
    column: str
    needed_for: str
    known: tuple[str, ...] = ()

    def __str__(self) -> str:
        hint = nearest(self.column, self.known)
        there = f"; its columns are {', '.join(self.known[:20])}" if self.known and not hint else ""
        return f"{self.file}: no column {self.column!r}, needed for {self.needed_for}{hint}{there}"


@attrs.define
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


@attrs.define
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


@attrs.define
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


@attrs.define
class CannotWrite(WindowserviceError):
    """A file of findings could not be written: the disk is full, or the folder may not be written to."""

    file: str
    problem: str

    def __str__(self) -> str:
        return (
            f"{self.file} cannot be written: {self.problem}; nothing is left under its name and what was finished is "
            f"kept: make room and run the same again"
        )


@attrs.define
class MissingExtra(WindowserviceError):
    """Something was asked for that needs a package which is not installed."""

    package: str
    extra: str
    purpose: str

    def __str__(self) -> str:
        return f"{self.purpose} needs {self.package}; install it with: pip install 'windowservice[{self.extra}]'"


# --- working time ---------------------------------------------------------------------------------------------------


@attrs.define
class InvalidHours(WindowserviceError):
    """Opening hours are written wrongly, or two sessions overlap."""

    text: Any
    problem: str
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}the hours {self.text!r} cannot be used: {self.problem}; "
            f"write sessions such as '08:30-11:30 13:30-17:00', '22:00-06:00(+1)' or '20:30(-1)-17:15'"
        )


@attrs.define
class NoOpenTime(WindowserviceError):
    """A calendar has no open time where some is needed."""

    calendar: str
    when: str

    def __str__(self) -> str:
        return f"calendar {self.calendar!r} has no open time {self.when}; check its weekly hours and closed days"


@attrs.define
class CalendarNotAnnounced(WindowserviceError):
    """A result depends on days of which the calendar does not know whether they are worked."""

    calendar: str
    first: Any
    last: Any
    known_from: Any
    known_until: Any

    def __str__(self) -> str:
        return (
            f"calendar {self.calendar!r} is known "
            f"from {self.known_from or 'ever'!s} until {self.known_until or 'ever'!s}, "
            f"but {self.first!s} to {self.last!s} is needed; add the days announced since, "
            f"or accept assumed ones with on_unknown='assume'"
        )


class ProvisionalTime(WindowserviceWarning):
    """A result of working time rests on days that are assumed, not announced."""


# --- limits and clocks ----------------------------------------------------------------------------------------------


@attrs.define
class InvalidLimit(WindowserviceError):
    """Something that should be a time limit is none."""

    text: Any
    problem: str
    where: str = ""

    def __str__(self) -> str:
        return (
            f"{at(self.where)}the limit {self.text!r} cannot be used: {self.problem}; write it like "
            f"'30 working minutes', '3 working days', '1 working day at 12:00', 'same working day', "
            f"'15 calendar days', '3 months', '72 hours', "
            f"'10 working days before', 'booked session', '60 working minutes or 16:20 at the latest' or '3个工作日'"
        )


@attrs.define
class AmbiguousLimit(InvalidLimit):
    """A number of days that does not say which days are meant."""

    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{at(self.where)}the limit {self.text!r} {self.problem}; write one of: {', '.join(self.choices)}"


# --- plugins and the engine -----------------------------------------------------------------------------------------


@attrs.define
class PluginFailed(WindowserviceError):
    """A plugin could not be loaded, or one of its hooks failed."""

    plugin: str
    reason: str

    def __str__(self) -> str:
        return (
            f"the plugin {self.plugin!r} cannot be loaded: {self.reason}; to go on without it, load with strict=False"
        )


@attrs.define
class NameTaken(WindowserviceError):
    """Two plugins offer something of one name."""

    kind: str
    name: str
    first: str
    second: str

    def __str__(self) -> str:
        return (
            f"{self.first!r} and {self.second!r} both offer a {self.kind} named {self.name!r}; rename one, "
            f"or amend the other's rules by Replace, Withdraw or Adjust"
        )


@attrs.define
class NothingToCheck(WindowserviceError):
    """A record was given of which no loaded rule speaks, or of which several could."""

    record: str
    vocabularies: tuple[str, ...]

    def __str__(self) -> str:
        known = ", ".join(self.vocabularies) or "none"
        return f"which rules apply to a {self.record}? Name its vocabulary with of=; rules are loaded for: {known}"


@attrs.define
class NotColumnar(RuleError):
    """Something in a rule cannot be computed on columns; the rule is run row by row instead."""

    expression: str
    what: str

    def __str__(self) -> str:
        return f"{self.expression} uses {self.what}, which columns do not have; it is run row by row"
