"""What stands in the files of a pack: each table read strictly, and several files of one folder brought together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import attrs

from windowservice.domain.basis import Basis
from windowservice.errors import InvalidDocument
from windowservice.files import load_toml
from windowservice.rules.escalation.ladder import ActionText, LadderText
from windowservice.rules.indicators import IndicatorText
from windowservice.rules.lines import Lines
from windowservice.rules.pack_file import DatedValue, FigureRow, RuleText, Titles, pack_converter
from windowservice.strict import read

__all__ = [
    "AmendmentRow", "ClockRow", "Document", "ExtensionRow", "FactRow", "FactType", "GroupedRow", "IntervalRow",
    "KindRow", "LookupRow", "PartRow", "RecordRow", "merged", "texts_of",
]  # fmt: skip

WHAT: Final = "a pack"
CASES: Final = ".cases.toml"
"""How the names of tables of cases end: in the folder of a pack they are no part of it."""
Problems: TypeAlias = "list[tuple[str, str]]"
_Party: TypeAlias = Literal["applicant", "between", "upper", "stop", ""]
FactType: TypeAlias = Literal[
    "key", "code", "text", "texts", "limit", "instant", "date", "integer", "decimal", "truth"
]  # fmt: skip


@attrs.frozen(kw_only=True)
class LookupRow:
    """Where a fact of another record is found, or how many others there are."""

    value: str
    on: dict[str, Any] = attrs.field(factory=dict)
    count: bool = False
    last_before: str | None = None
    first_after: str | None = None
    above: str | None = None
    below: str | None = None
    where: str | None = None
    at: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """Its texts that are given by name."""
        names = ("last_before", "first_after", "above", "below", "where", "at")
        return {name: text for name in names if (text := getattr(self, name)) is not None}

    @property
    def texts(self) -> list[str]:
        """Its texts."""
        return [text for text in (self.value, *self.on.values(), *self.named.values()) if isinstance(text, str)]


@attrs.frozen(kw_only=True)
class FactRow:
    """A fact: given, with a type, derived, with a formula, or looked up in another record."""

    title: str
    type: FactType | None = None
    formula: str | None = None
    lookup: LookupRow | None = None
    required: bool = False
    unit: str | None = None
    words: Any = ()
    read: str | None = None
    planned: Any = False
    known_at: str | None = None
    after: str | None = None

    @property
    def texts(self) -> list[str]:
        """The texts that say what it rests on."""
        return [*([] if self.formula is None else [self.formula]), *([] if self.lookup is None else self.lookup.texts)]


@attrs.frozen(kw_only=True)
class IntervalRow:
    """An interval that stops a clock, or lets it begin anew."""

    begin: str
    end: str
    reason: str = "paused"


@attrs.frozen(kw_only=True)
class ExtensionRow:
    """More time that was granted."""

    at: str
    by: str
    asked: str | None = None


@attrs.frozen(kw_only=True)
class ClockRow:
    """A clock of a record."""

    start: str
    limit: str
    done: str
    title: str = "When it is due, and what stops it"
    calendar: str = ""
    stops: tuple[IntervalRow, ...] = ()
    restarts: tuple[IntervalRow, ...] = ()
    extensions: tuple[ExtensionRow, ...] = ()
    warn_at: Any = "0.75"


@attrs.frozen(kw_only=True)
class GroupedRow:
    """Of which rows groups are made."""

    of: str
    by: dict[str, str]
    where: str | None = None
    every: dict[str, Any] = attrs.field(factory=dict)
    over: str = ""
    id: str = ""


@attrs.frozen(kw_only=True)
class PartRow:
    """The rows of one record type among those that are united."""

    of: str
    values: dict[str, Any]
    where: str | None = None


@attrs.frozen(kw_only=True)
class RecordRow:
    """A record type."""

    title: str
    table: str = ""
    of: str = ""
    children: str = ""
    under: str | None = None
    happens: Any = None
    dated_by: str | None = None
    zone: str | None = None
    clerk: str | None = None
    party: str | None = None
    carries: tuple[str, ...] = ()
    kind: str | None = None
    closes: tuple[str, ...] = ()
    lacks: str | None = None
    facts: dict[str, FactRow] = attrs.field(factory=dict)
    clocks: dict[str, ClockRow] = attrs.field(factory=dict)
    grouped: GroupedRow | None = None
    parts: tuple[PartRow, ...] = ()
    same: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class KindRow:
    """A kind of event."""

    sentence: str
    zh: tuple[str, ...] = ()
    waits_for: _Party = ""
    ends_wait: _Party = ""
    must_say: str = ""
    after: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class AmendmentRow:
    """A change to a rule or a figure of another pack: one of adjust, withdraw, replace."""

    basis: str
    adjust: str = ""
    withdraw: str = ""
    replace: str = ""
    values: tuple[DatedValue, ...] = ()
    by: Lines = attrs.field(factory=Lines)
    rule: RuleText | None = None


@attrs.frozen(kw_only=True)
class Document:
    """The tables of a file, or of all files of a pack."""

    schema_version: Literal[1]
    name: str = ""
    version: str = ""
    title: Titles = attrs.field(factory=Titles)
    basis: dict[str, Basis] = attrs.field(factory=dict)
    figures: dict[str, FigureRow] = attrs.field(factory=dict)
    calendars: dict[str, Any] = attrs.field(factory=dict)
    events: dict[str, KindRow] = attrs.field(factory=dict)
    records: dict[str, RecordRow] = attrs.field(factory=dict)
    rules: tuple[RuleText, ...] = ()
    indicators: tuple[IndicatorText, ...] = ()
    actions: dict[str, ActionText] = attrs.field(factory=dict)
    ladder: tuple[LadderText, ...] = ()
    amendments: tuple[AmendmentRow, ...] = ()


_KEY: Final = re.compile(r"\['([^']*)'\]")
_TABLES: Final = ("basis", "figures", "calendars", "events", "records", "actions")
_LISTS: Final = ("rules", "indicators", "ladder", "amendments")
_ONCE: Final = ("name", "version", "title")
_MOST: Final[Mapping[str, int]] = {
    **dict.fromkeys((*_TABLES, *_LISTS), 2_000), "records": 200, "facts": 500, "clocks": 50, "files": 100
}  # fmt: skip
"""How much one pack may hold: more than anybody writes by hand."""


def texts_of(source: Path | str) -> tuple[tuple[str, str], ...]:
    """Return the files of a pack, each with its place: the text given, a file, or all files ``*.toml`` of a folder.

    Tables of cases, which end in ``.cases.toml``, are none of them.

    Raises:
        InvalidDocument: for a folder without such a file, or what is no file of text.
        OSError: if one cannot be opened.
    """
    if isinstance(source, str) and "\n" in source:
        return (("", source),)
    path = Path(source)
    if not path.is_dir():
        return ((str(source), _text(path)),)
    files = sorted(file for file in path.glob("*.toml") if not file.name.endswith(CASES))
    if not 0 < len(files) <= _MOST["files"]:
        problem = f"the folder holds {len(files)} files *.toml; a pack has 1 to {_MOST['files']}"
        raise InvalidDocument(WHAT, (("", problem),), str(source))
    return tuple((file.name, _text(file)) for file in files)


def _text(path: Path) -> str:
    from windowservice.files import read_text

    return read_text(path, WHAT)


def merged(files: Iterable[tuple[str, str]]) -> tuple[Document, Mapping[tuple[str, str], str]]:
    """Return the document that files make together, and in which file each of their parts stands.

    Raises:
        InvalidDocument: with the problems of all files.
    """
    documents, problems = list[tuple[str, Document]](), list[tuple[str, str]]()
    several = len(files := list(files)) > 1
    for place, text in files:
        try:
            data = load_toml(f"{text}\n", WHAT, where=place)[1]
            documents.append((place, read(Document, data, pack_converter(), what=WHAT, where=place)))
        except InvalidDocument as error:
            found = [(_KEY.sub(r".\1", path), said) for path, said in error.problems]
            problems += [(f"{place}: {path}" if several else path, said) for path, said in found]
    said: dict[str, Any] = {name: {} for name in _TABLES} | dict.fromkeys(_LISTS, ())
    places: dict[tuple[str, str], str] = {}
    for place, document in documents:
        prefix = f"{place}: " if several else ""
        for name, key, value in _parts(document):
            before = places.setdefault((name, key), prefix)
            if before is not prefix:
                problems.append((f"{prefix}{name}.{key}".rstrip("."), f"stands in {before.rstrip(': ')} already"))
            elif key:
                said[name][key] = value
            else:
                said[name] = value
        for name in _LISTS:
            for number in range(len(getattr(document, name))):
                places[name, str(len(said[name]) + number)] = prefix
            said[name] += getattr(document, name)
    whole = Document(schema_version=1, **said)
    problems += _too_many(whole)
    problems += [(name, f"is missing{' in all files' if several else ''}") for name in ("name", "version")
                 if not problems and not getattr(whole, name)]  # fmt: skip
    if problems:
        raise InvalidDocument(WHAT, tuple(problems), files[0][0] if not several else "")
    return whole, places


def _parts(document: Document) -> Iterator[tuple[str, str, Any]]:
    for name in _ONCE:
        if value := getattr(document, name):
            yield name, "", value
    for name in _TABLES:
        for key, value in getattr(document, name).items():
            yield name, key, value


def _too_many(document: Document) -> Iterator[tuple[str, str]]:
    counts = {name: len(getattr(document, name)) for name in (*_TABLES, *_LISTS)}
    for record, row in document.records.items():
        counts |= {f"records.{record}.facts": len(row.facts), f"records.{record}.clocks": len(row.clocks)}
    for path, count in counts.items():
        most = _MOST[path.rpartition(".")[2]]
        if count > most:
            yield path, f"has {count:,} of them; a pack has {most:,} at most: part it"
