"""The escalation ladder: actions by rank, and rows that say when one is proposed; read from TOML, never executed.

Every row is a condition written as text over the facts of one kind of record. A branch replaces the whole ladder by a
file of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.domain.documents import source_of
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.errors import InvalidDocument, InvalidRule, TypeMismatch, UnknownName
from windowservice.facts.records import MADE_VOCABULARIES, RECORD_VOCABULARIES
from windowservice.files import load_toml, shipped
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.scope import merge, vocabulary_of
from windowservice.language.tree.values import ValueType
from windowservice.rules.pack_file import FigureRow, Titles, build_all, build_figures, pack_converter
from windowservice.strict import read
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "ActionKind", "ActionText", "Ladder", "LadderRow", "LadderText", "LookBack", "built_action", "built_row",
]  # fmt: skip

_WHAT: Final = "an escalation ladder"


@attrs.frozen(kw_only=True)
class ActionKind:
    """An action that can be proposed.

    Attributes:
        id: its name in rows and in the table of actions.
        rank: its place on the ladder, higher is graver; None if it stands outside and is proposed beside.
        zh, en: its names.
        decided_by: who decides; the library only proposes.
        due: by when it is to be fulfilled, from the decision; None if the file sets no day.
        closes_when: what ends it, in words.
        affects: kinds of business that it holds up, such as S15.
        basis, figures_basis: the source of the action, and of its figures.
        note: what a reader should know of it.
    """

    id: str
    rank: int | None
    zh: str
    en: str
    decided_by: str
    due: Limit | None
    closes_when: str
    affects: frozenset[str]
    basis: Basis
    figures_basis: Basis
    note: str = ""


@attrs.frozen(kw_only=True, eq=False)
class LadderRow:
    """One row of the ladder.

    Attributes:
        id: its name, such as E22.
        title: what it is about, by language.
        of: the vocabulary of the records that it judges.
        when: the condition.
        action: the action that it proposes.
        also: actions proposed beside it.
        due: by when, if not as the action says.
        calendar: the calendar of that day, if not the window's.
        basis, figures_basis: the source of the row, and of its numbers.
        note: what a reader should know of it.
    """

    id: str
    title: Mapping[str, str] = attrs.field(converter=FrozenMapping[str, str])
    of: type[Facts]
    when: Expr[bool]
    action: str
    also: tuple[str, ...]
    due: Limit | None
    calendar: str
    basis: Basis
    figures_basis: Basis
    note: str = ""


@attrs.frozen
class LookBack:
    """How far back occurrences count.

    Attributes:
        kind: ``rolling_days``, or ``calendar_year``: since 1 January of the year of the day judged.
        days: how many calendar days, for rolling ones.
    """

    kind: Literal["rolling_days", "calendar_year"] = "rolling_days"
    days: int = 365


@told
@attrs.frozen(kw_only=True, eq=False)
class Ladder:
    """Actions and the rows that propose them.

    Attributes:
        id, version: its name, and its version as its owner counts them.
        actions: by id.
        rows: in the order of the file.
        figures: the figures that its rows read.
        look_back: how far back occurrences count.
    """

    id: str
    version: str
    actions: Mapping[str, ActionKind] = attrs.field(converter=FrozenMapping[str, ActionKind])
    rows: tuple[LadderRow, ...]
    figures: tuple[Figure[Any], ...]
    look_back: LookBack

    @classmethod
    @cache
    def default(cls) -> Ladder:
        """Return the ladder that comes with the library; most of its figures are assumptions that say so."""
        return cls.read(shipped(__package__, "ladder.toml"))

    @classmethod
    def read(
        cls, source: Path | str, vocabularies: Iterable[type[Facts]] = (), *, beside: Ladder | None = None
    ) -> Ladder:  # fmt: skip
        """Return the ladder that a TOML file describes.

        Args:
            source: the path of the file, or the TOML text itself (a text of more than one line).
            vocabularies: what its rows may speak of beside the library's own.
            beside: a ladder whose actions its rows may propose as well.

        Raises:
            InvalidDocument: with all problems at once, each with its path: an action that is not in the file, an id
                that stands twice, a condition that is none, a source that is not named.
            OSError: if the file cannot be opened.
        """
        where, data = load_toml(source, _WHAT)
        document = read(_Document, data, pack_converter(), what=_WHAT, where=where)
        figures = build_figures(document.basis, document.figures, where, _WHAT)
        names = Names(dict.fromkeys((*RECORD_VOCABULARIES, *MADE_VOCABULARIES, *vocabularies)), figures)
        actions = build_all(
            where,
            "actions.",
            lambda name, row: built_action(document.basis, name, row),
            document.actions.items(),
            _WHAT,
        )
        known = {**({} if beside is None else beside.actions), **{action.id: action for action in actions}}
        _refuse_twice(document, where)
        given = ((row.id, row) for row in document.rows)
        rows = build_all(where, "rows.", lambda _, row: built_row(document.basis, known, names, row), given, _WHAT)
        return cls(
            id=document.id, version=document.version, actions=known, rows=tuple(rows), figures=tuple(figures),
            look_back=document.look_back,
        )  # fmt: skip

    def action(self, name: str, where: str = "") -> ActionKind:
        """Return the action of that id.

        Raises:
            UnknownName: with the nearest.
        """
        if name not in self.actions:
            raise UnknownName("action", name, tuple(self.actions), where)
        return self.actions[name]

    def row(self, name: str) -> LadderRow:
        """Return the row of that id; errors as `action`."""
        for row in self.rows:
            if row.id == name:
                return row
        raise UnknownName("row of the ladder", name, tuple(row.id for row in self.rows))

    def rows_on(self, of: type[Facts]) -> tuple[LadderRow, ...]:
        """Return the rows that judge records of a vocabulary."""
        return tuple(row for row in self.rows if row.of is of)

    def joined(self, further: Ladder) -> Ladder:
        """Return the ladder with the rows and actions of another one behind its own."""
        return attrs.evolve(
            self, version=f"{self.version}, {further.id} {further.version}",
            actions={**self.actions, **further.actions}, rows=(*self.rows, *further.rows),
            figures=(*self.figures, *further.figures),
        )  # fmt: skip

    @property
    def vocabularies(self) -> tuple[type[Facts], ...]:
        """The vocabularies of the records that its rows judge, each once."""
        return tuple(dict.fromkeys(row.of for row in self.rows))

    def gravity(self, row: LadderRow) -> tuple[int, str]:
        """Return the place of a row in order of how grave its action is, the gravest first."""
        return -self.rank_of(row.action), row.id

    def rank_of(self, name: str) -> int:
        """Return the rank of an action, -1 for one outside the ladder."""
        rank = self.action(name).rank
        return -1 if rank is None else rank


@attrs.frozen(kw_only=True)
class ActionText:
    """An action as a file says it."""

    zh: str
    en: str
    decided_by: str
    basis: str
    rank: int | None = None
    due: Limit | None = None
    closes_when: str = ""
    affects: tuple[str, ...] = ()
    figures_basis: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class LadderText:
    """A row of the ladder as a file says it."""

    id: str
    title: Titles
    when: str
    action: str
    basis: str
    also: tuple[str, ...] = ()
    due: Limit | None = None
    calendar: str = ""
    figures_basis: str = ""
    note: str = ""


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    id: str
    version: str
    basis: dict[str, Basis]
    rows: tuple[LadderText, ...] = ()
    actions: dict[str, ActionText] = attrs.field(factory=dict)
    figures: dict[str, FigureRow] = attrs.field(factory=dict)
    look_back: LookBack = LookBack()


def _refuse_twice(document: _Document, where: str) -> None:
    counts = Counter(row.id for row in document.rows)
    twice = tuple((f"rows.{name}", "the id stands twice") for name, number in counts.items() if number > 1)
    if twice:
        raise InvalidDocument(_WHAT, twice, where)


def built_action(bases: Mapping[str, Basis], name: str, row: ActionText) -> ActionKind:
    """Return the action that a table of a file describes."""
    return ActionKind(
        id=name, rank=row.rank, zh=row.zh, en=row.en, decided_by=row.decided_by,
        due=row.due, closes_when=row.closes_when,
        affects=frozenset(row.affects), basis=source_of(bases, row.basis),
        figures_basis=source_of(bases, row.figures_basis or row.basis), note=row.note,
    )  # fmt: skip


def built_row(
    bases: Mapping[str, Basis], actions: Mapping[str, ActionKind], names: Names, row: LadderText
) -> LadderRow:
    """Return the row of the ladder that a row of a file describes.

    Raises:
        UnknownName, RuleTextError, TypeMismatch, InvalidRule: if a part of it is wrong.
    """
    for action in (row.action, *row.also):
        if action not in actions:
            raise UnknownName("action", action, tuple(actions))
    when = parse(row.when, names)
    if when.type is not ValueType.BOOL:
        raise TypeMismatch("when", "a truth value", (str(when.type),))
    vocabulary = vocabulary_of(merge(None, when.scope))
    if vocabulary is None:
        raise InvalidRule(f"row {row.id}", "speaks of no record", "name a fact, as in bank_period.queued_at_close")
    return LadderRow(
        id=row.id, title=row.title, of=vocabulary, when=when, action=row.action, also=row.also,
        due=row.due, calendar=row.calendar, basis=source_of(bases, row.basis),
        figures_basis=source_of(bases, row.figures_basis or row.basis), note=row.note,
    )  # fmt: skip
