"""A whole pack as data: what its files say becomes what a plugin in Python would offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.documents import source_of
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.requests.kinds import EVENT_KINDS, EventKind
from windowservice.errors import InvalidDocument, InvalidRule, UnknownName
from windowservice.facts.requests.clock_kernel import CLOCK_KERNELS
from windowservice.facts.requests.event import event
from windowservice.language.analysis.digest import hashed
from windowservice.language.text.parse import Names
from windowservice.language.tree.amendments import Adjust, Amendment, Replace, Withdraw
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack, Rule
from windowservice.plugins.offers import Offer, Offered
from windowservice.plugins.toml.document import WHAT, AmendmentRow, Document, KindRow, merged, texts_of
from windowservice.plugins.toml.reader import Reader, is_missing
from windowservice.plugins.toml.record_types import record_types_of
from windowservice.rules.escalation.ladder import Ladder, LadderRow, LadderText, LookBack, built_action, built_row
from windowservice.rules.indicators import INDICATOR_TEXTS, Indicator, built_indicator, refuse_twice, rules_of_library
from windowservice.rules.pack_file import RuleText, built_figure, built_rule, figure_values
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.read_toml import calendar_of

__all__ = ["DataPack"]

Files = tuple[tuple[str, str], ...]
_WORD: Final = re.compile(r"\w+")
"""A pack is read with those of the known record types that its text names: alike, whatever else is known."""


@told
@attrs.frozen(kw_only=True, eq=False, repr=False)
class DataPack:
    """A pack that is written in TOML, with all that it brings beside its rules; `Engine.load` takes it among packs.

    Attributes:
        pack: the rules.
        record_types: the record types, by name.
        calendars: the calendars, by name.
        event_kinds: further kinds of event.
        amendments: changes to rules and figures of other packs.
        indicators: how further indicators are counted.
        ladder: further rows of the escalation ladder, with their actions; None if there are none.
        content_hash: a hash of its text, without the folder in which it stands.
    """

    pack: Pack
    record_types: Mapping[str, type[Facts]] = attrs.field(converter=FrozenMapping[str, Any])
    calendars: Mapping[str, WorkCalendar] = attrs.field(converter=FrozenMapping[str, Any])
    event_kinds: tuple[EventKind, ...]
    amendments: tuple[Amendment, ...]
    indicators: tuple[Indicator, ...]
    ladder: Ladder | None
    content_hash: str = ""

    @classmethod
    def read(cls, source: Path | str, record_types: Iterable[type[Facts]] = ()) -> DataPack:
        """Return the pack that TOML describes; it is data, and nothing in it is ever run.

        Args:
            source: the path of a file, that of a folder whose files ``*.toml`` are one pack, or the TOML text itself
                (a text of more than one line).
            record_types: further record types that it may speak of, such as those of the library.

        Raises:
            InvalidDocument: with all problems at once, each with its path.
            OSError: if a file cannot be opened.
        """
        files, known = texts_of(source), tuple(record_types)
        words = {word for _, text in files for word in _WORD.findall(text)}
        named = tuple(one for one in known if one.__name__ in words)
        try:
            return _read(files, named)
        except InvalidDocument:
            pass
        return _read(files, known)  # which tells the nearest among all names, and keeps what it can read

    def __repr__(self) -> str:
        return f"<DataPack {self.pack.name} {self.pack.version}>"

    def offer(self) -> Offer:
        """Return what it brings, as a plugin would offer it."""
        return Offer(
            packs=(self.pack,), amendments=self.amendments, calendars=self.calendars, event_kinds=self.event_kinds,
            record_types=tuple(self.record_types.values()),
            indicators=Offered("indicators", self.indicators) if self.indicators else None,
            ladder=None if self.ladder is None else Offered("ladder", (self.ladder,)),
        )  # fmt: skip


@lru_cache(maxsize=128)  # a record type is one class, however often its files are read
def _read(files: Files, known: tuple[type[Facts], ...]) -> DataPack:
    document, places = merged(files)
    reader = Reader(Names(known, (), CLOCK_KERNELS))
    whole = _Whole(document, places, reader)
    figures = whole.each("figures", lambda name, row: built_figure(document.basis, name, row))
    reader.names.figures.update(figures)
    calendars = whole.each("calendars", _calendar)
    kinds = whole.each("events", lambda name, row: _kind(name, row, EVENT_KINDS | document.events.keys()))
    if kinds and event.__name__ in reader.names.vocabularies:
        reader.names.instead = {(event.__name__, "kind"): event.kind.also(*kinds)}
    paths = {name: whole.path("records", name) for name in document.records}
    again = (_one_type, files, known)
    types = record_types_of(document.records, paths, reader, f"pack {document.name}", again)
    rules = whole.rules()
    amendments = whole.listed("amendments", lambda row: _amendment(document, reader, row), _amendment_texts)
    pack = reader.tried("", lambda: Pack(document.name, document.version, rules, title=document.title))
    indicators = whole.indicators(rules)
    ladder = whole.ladder()
    if reader.problems or pack is None:
        more = [("", "there may be more problems: mend these first")] if reader.is_full else []
        raise InvalidDocument(WHAT, (*reader.problems, *more), files[0][0] if len(files) == 1 else "")
    return DataPack(
        pack=pack, record_types=types, calendars=calendars, event_kinds=tuple(kinds.values()),
        amendments=tuple(amendments), indicators=indicators, ladder=ladder,
        content_hash=hashed(*(text for _, text in files)),
    )  # fmt: skip


def _one_type(files: Files, known: tuple[type[Facts], ...], name: str) -> type[Facts]:
    """Return a record type of a pack by its name: what one that was pickled is made of again."""
    return _read(files, known).record_types[name]


@attrs.frozen(eq=False)
class _Whole:
    """A document with its places, read part by part."""

    document: Document
    places: Mapping[tuple[str, str], str]
    reader: Reader

    def path(self, table: str, key: object) -> str:
        """Return where a part of the document stands: the file, if there are several, the table and the key."""
        shown = f"{table}[{key}]" if isinstance(key, int) else f"{table}.{key}"
        return f"{self.places.get((table, str(key)), '')}{shown}"

    def each(self, table: str, build: Any) -> dict[str, Any]:
        """Return what is built of each row of a table; what is wrong is told, and lost."""
        found = {}
        for name, row in getattr(self.document, table).items():
            made = self.reader.tried(self.path(table, name), partial(build, name, row))
            if made is None:
                self.reader.lost.add((table.removesuffix("s"), name))  # as in figure.promised
            else:
                found[name] = made
        return found

    def listed(self, table: str, build: Any, texts: Any) -> list[Any]:
        """Return what is built of each row of a list, but for those that speak of what is wrong itself."""
        found = []
        for number, row in enumerate(getattr(self.document, table)):
            if not self.reader.is_lost(filter(None, texts(row))):
                found.append(self.reader.tried(self.path(table, number), partial(build, row)))
        return [one for one in found if one is not None]

    def rules(self) -> list[Rule]:
        """Return the rules."""
        found: dict[str, Rule | None] = {}
        for number, row in enumerate(self.document.rules):
            path = self.path("rules", number).replace(f"[{number}]", f".{row.name}")
            if row.name in found:
                self.reader.problems.append((path, "a rule has the name already; rename one"))
            elif not self.reader.is_lost(filter(None, (row.require, row.when, row.of, row.settled_when))):
                found[row.name] = self._rule(row, path)
        return [rule for rule in found.values() if rule is not None]

    def _rule(self, row: RuleText, path: str) -> Rule | None:
        """Return a rule; each of its parts that is wrong is told by itself."""
        reader, bases = self.reader, self.document.basis
        texts = {"require": row.require, "when": row.when, "settled_when": row.settled_when}
        said = {part: reader.expr(f"{path}.{part}", text) for part, text in texts.items() if text is not None}
        basis = reader.tried(f"{path}.basis", lambda: source_of(bases, row.basis))
        if is_missing(*said.values(), basis):
            return None
        return reader.tried(path, lambda: built_rule(bases, reader.names, row, said))

    def indicators(self, rules: list[Rule]) -> tuple[Indicator, ...]:
        """Return how indicators are counted; they may count the verdicts of these rules and of the library's."""
        if not self.document.indicators:
            return ()
        known = rules_of_library() | {f"{self.document.name}/{rule.name}": rule for rule in rules}
        names, bases = self.reader.names, self.document.basis
        seen: set[tuple[str, str]] = set()
        return tuple(self.listed(
            "indicators", lambda row: refuse_twice(built_indicator(row, names, bases, known), seen),
            lambda row: (row.of, *(getattr(row, part) for part in INDICATOR_TEXTS)),
        ))  # fmt: skip

    def ladder(self) -> Ladder | None:
        """Return the rows of the ladder with their actions, beside those of the library."""
        document = self.document
        if not document.ladder and not document.actions:
            return None
        own = self.each("actions", lambda name, row: built_action(document.basis, name, row))
        known = {**Ladder.default().actions, **own}
        seen: set[str] = set()

        def build(row: LadderText) -> LadderRow:
            if row.id in seen:
                raise InvalidRule(f"the row {row.id!r}", "stands twice", "keep one, or choose another id")
            seen.add(row.id)
            return built_row(document.basis, known, self.reader.names, row)

        rows = self.listed("ladder", build, lambda row: (row.when,))
        return Ladder(
            id=document.name, version=document.version, actions=known, rows=tuple(rows),
            figures=tuple(self.reader.names.figures.values()), look_back=LookBack(),  # that of the library counts
        )  # fmt: skip


def _calendar(name: str, row: Any) -> WorkCalendar:
    if not isinstance(row, Mapping):
        raise InvalidRule(
            f"calendar {name!r}", f"is {row!r}, which is no table", 'write weekly = "mon-fri 09:00-17:00"'
        )
    return calendar_of(WorkCalendar, {"name": name, **row})


def _kind(name: str, row: KindRow, known: Iterable[str]) -> EventKind:
    if name in EVENT_KINDS:
        raise InvalidRule(f"kind of event {name!r}", "is one of the library's", "choose another name, or leave it out")
    for kind in row.after:
        if kind not in known:
            raise UnknownName("event kind", kind, tuple(sorted(known)), "after")
    said = attrs.asdict(row)
    return EventKind(name, said.pop("sentence"), **said)


def _amendment_texts(row: AmendmentRow) -> tuple[str | None, ...]:
    return () if row.rule is None else (row.rule.require, row.rule.when)


def _amendment(document: Document, reader: Reader, row: AmendmentRow) -> Amendment:
    ways = [way for way in ("adjust", "withdraw", "replace") if getattr(row, way)]
    if len(ways) != 1:
        raise InvalidRule(
            "an amendment", f"says {' and '.join(ways) or 'nothing'}", "keep one of adjust, withdraw, replace"
        )
    basis = source_of(document.basis, row.basis)
    if (row.rule is None) == bool(row.replace):
        raise InvalidRule(
            "an amendment", "has a rule if it replaces one, and only then", "write [amendments.rule] below"
        )
    if row.rule is not None:
        return Replace(row.replace, built_rule(document.basis, reader.names, row.rule), basis)
    if row.adjust:
        values = figure_values(f"figure {row.adjust!r}", document.basis, row.values, row.by)
        return Adjust(row.adjust, values, basis, key_names=row.by.names)
    return Withdraw(row.withdraw, basis)
