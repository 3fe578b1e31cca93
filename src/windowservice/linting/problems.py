"""A problem of a pack, and the table of all that lint can find."""

from __future__ import annotations

from typing import Any, Final, Literal, TypeAlias

import attrs

from windowservice.clean import for_line

__all__ = ["CODES", "LEVELS", "Code", "Level", "Problem", "problem"]

Level: TypeAlias = Literal["note", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("note", "warning", "error")
"""How grave a problem is, least grave first."""


@attrs.frozen
class Code:
    """What lint can find: its name, how grave it is, what it means, and what to do."""

    name: str
    severity: Level
    title: str
    instead: str


CODES: Final = {
    code.name: code
    for code in (
        Code("load", "error", "A file, pack, plugin or table of cases cannot be loaded", ""),
        Code("never-applies", "error", "No record can fulfil `when`", "correct `when`, or withdraw the rule"),
        Code(
            "always-applies", "note", "Every record of which all is known fulfils `when`",
            "leave `when` out, or write what it is to tell apart",
        ),
        Code(
            "never-passes", "error", "No record to which the rule applies can fulfil `require`",
            "correct `require`; what must not happen at all is named by a fact of its own",
        ),
        Code(
            "never-fails", "warning", "Every record to which the rule applies, and of which all is known, passes",
            "correct `require` or `when`: as it stands, the rule finds nothing",
        ),
        Code("constant-fact", "warning", "A derived truth value is the same of every record", "correct its formula"),
        Code("redundant", "note", "A part of a condition says nothing beside another part", "leave it out"),
        Code(
            "contradiction", "error", "Two rules apply to the same record, and no record can fulfil both",
            "tell them apart by `when`, or correct one of them",
        ),
        Code("duplicate", "warning", "Two rules ask the same of the same records", "keep one"),
        Code(
            "subsumed", "warning", "A rule can only fail where another, at least as grave, fails",
            "leave it out, or give it what the other does not ask",
        ),
        Code("gap", "note", "Rules go by bands of a number, and no band holds some numbers between", "close the gap"),
        Code("ladder", "warning", "Rows of an escalation ladder hide, contradict or miss one another", "see the rows"),
        Code(
            "unread-figure", "note", "No text of the pack reads a figure",
            "leave it out, unless a module of Python reads it",
        ),
        Code(
            "late-figure", "warning", "A rule is in force before the first date of a figure that it needs",
            "give the figure a value from that day, or begin the rule later",
        ),
        Code("late-line", "note", "A line of a figure begins later than the others", "say since when it holds"),
        Code(
            "missing-line", "warning", "A word that a record may say has no line in the figure",
            "add a line for it, or leave the word out by `when`",
        ),
        Code("no-basis", "note", "A rule or a figure names no source", "say on what it rests; an assumption says so"),
        Code(
            "stays-unknown", "warning", "As long as an instant is missing the rule is unknown, and never fails",
            "write done.by(due), or say by `when` that it happened",
        ),
        Code(
            "odd-word", "warning", "A principle, policy or kind of business is nearly, and not quite, a known one",
            "correct it",
        ),
        Code("empty-text", "error", "A text is compared with the empty one, which is no value", "write .is_missing()"),
        Code("row-by-row", "note", "Columns cannot compute the rule: large tables take long", "see why"),
        Code("untested", "warning", "No case of the tables tries the rule", "write one that passes and one that fails"),
        Code("never-failed", "note", "No case of the tables shows the rule failing", "write one"),
        Code("not-compared", "note", "There is too much of it for all to be looked at", "part it"),
    )
}  # fmt: skip
"""All codes, by name."""


@attrs.frozen(kw_only=True)
class Problem:
    """Something about a pack that its author should look at.

    Attributes:
        code: its name in the table of codes.
        severity: ``error``, ``warning`` or ``note``.
        message: what is wrong, with the names of facts and values.
        instead: what to write instead.
        rule: the rule or pack, as ``pack/rule``; empty if none could be read.
        file: the file in which it stands; empty for packs in Python.
        place: the table and key, as ``rules.answered.require``.
        line: the line in the file, from 1; 0 if it is not known.
    """

    code: str
    severity: Level
    message: str
    instead: str = ""
    rule: str = ""
    file: str = ""
    place: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """Where it stands: file, line and place, or the rule."""
        at = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return ": ".join(filter(None, (at, self.place if self.file else self.rule or self.place)))

    def __str__(self) -> str:
        said = f"{self.message}; {self.instead}" if self.instead else self.message
        return for_line(f"{self.where}: {self.severity} {self.code}: {said}")

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return attrs.asdict(self)


def problem(code: str, message: str, *, severity: Level | None = None, instead: str = "", **said: Any) -> Problem:
    """Return a problem of a code, as grave, and with what to write, as the table says if nothing else is said."""
    known = CODES[code]
    return Problem(
        code=code, severity=severity or known.severity, message=message, instead=instead or known.instead, **said
    )
