"""Packs as data: figures and rules in a TOML file, read strictly and never executed.

A branch writes its own figures, or whole rules as text, in such a file; the built-in packs keep their figures in one
beside each module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast

import attrs
from cattrs import Converter

from windowservice.asked import told
from windowservice.domain.basis import Basis
from windowservice.domain.documents import exact_limit, source_of
from windowservice.errors import InvalidDocument, InvalidRule, WindowserviceError
from windowservice.files import load_toml, parse_toml
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure
from windowservice.language.tree.kernels import Function
from windowservice.language.tree.rule import Pack, Rule, Severity
from windowservice.rules.lines import Lines, lines_hook
from windowservice.strict import read, strict_converter, table_of
from windowservice.worktime.limits.limit import Limit

__all__ = [
    "DatedValue", "FigureRow", "RuleText", "Titles", "build_all", "build_figures", "built_figure", "built_rule",
    "figure_values", "pack_converter",
    "read_figures", "read_pack",
]  # fmt: skip

_WHAT: Final = "a rule pack"
_MORE: Final = ("records", "calendars", "events", "indicators", "ladder", "actions", "amendments")
_TYPES: Final[dict[str, Any]] = {
    "integer": int, "decimal": Decimal, "text": str, "texts": frozenset, "limit": Limit, "truth": bool, "date": date,
}  # fmt: skip


@attrs.frozen(kw_only=True)
class DatedValue:
    """A value of a figure, and since when it holds."""

    since: date
    value: Any
    basis: str
    note: str = ""


@attrs.frozen(kw_only=True)
class FigureRow:
    """A figure as a file says it: dated values, or such values by key."""

    type: Literal["integer", "decimal", "text", "texts", "limit", "truth", "date"]
    note: str
    values: tuple[DatedValue, ...] = ()
    by: Lines = attrs.field(factory=Lines)
    unit: str | None = None


class Titles(dict[str, str]):
    """A title by language; one that is a plain text is taken as English, as in Python."""


def _titles(value: object, converter: Converter) -> Titles:
    return Titles({"en": value} if isinstance(value, str) else table_of(str, value, converter))


@attrs.frozen(kw_only=True)
class RuleText:
    """A rule as a file says it."""

    name: str
    title: Titles
    require: str
    basis: str
    when: str | None = None
    of: str | None = None
    severity: Severity = "minor"
    settled_by: tuple[str, ...] | None = None
    settled_when: str | None = None
    policy: str = ""
    principle: str = ""
    since: date | None = None
    until: date | None = None
    proposes: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class _Document:
    schema_version: Literal[1]
    name: str
    version: str
    title: Titles = attrs.field(factory=Titles)
    basis: dict[str, Basis] = attrs.field(factory=dict)
    figures: dict[str, FigureRow] = attrs.field(factory=dict)
    rules: tuple[RuleText, ...] = ()


def _document(data: Mapping[str, Any], where: str) -> _Document:
    return read(_Document, data, pack_converter(), what=_WHAT, where=where)


@cache
def pack_converter() -> Converter:
    """Return what reads a pack's tables; made once, for its hooks are code that is generated, and packs are many."""
    converter = strict_converter()
    converter.register_structure_hook(Limit, exact_limit)
    converter.register_structure_hook(Any, lambda value, _: value)
    converter.register_structure_hook(Lines, lines_hook(DatedValue, converter))
    converter.register_structure_hook(Titles, lambda value, _: _titles(value, converter))
    return converter


def _value(kind: str, value: Any) -> Any:
    if kind == "decimal":
        from windowservice.strict import exact_decimal

        try:
            return exact_decimal(value)
        except (TypeError, ValueError):
            problem = f"has the value {value!r}, which is no exact number"
            raise InvalidRule("a decimal", problem, "write it as a text with a point, as in '12.50'") from None
    if kind == "limit" and not isinstance(value, str):
        raise InvalidRule("a limit", f"is written as {value!r}", "write a text such as '3 working days'")
    return value


def built_figure(bases: Mapping[str, Basis], name: str, row: FigureRow) -> Figure[Any]:
    """Return the figure that a row of a file describes, with its sources by name.

    Raises:
        InvalidRule, UnknownName: if it has no value, or names a source that the file lacks.
    """
    table = figure_values(f"figure {name!r}", bases, row.values, row.by, row.type)
    basis = Basis(row.note, mark="known")
    return Figure(name, _TYPES[row.type], table, basis=basis, unit=row.unit, note=row.note, key_names=row.by.names)


def figure_values(
    what: str, bases: Mapping[str, Basis], values: Iterable[DatedValue], by: Mapping[Any, Iterable[DatedValue]],
    kind: str = "",
) -> Mapping[Any, Any]:  # fmt: skip
    """Return dated values, or such by key, as `Figure` takes them.

    Raises:
        InvalidRule, UnknownName: if there is none, or they name a source that the file lacks.
    """

    def dated(values: Iterable[DatedValue]) -> dict[date, Any]:
        found = dict[date, Any]()
        for row in values:
            if row.since in found:
                raise InvalidRule(what, f"has two values from {row.since}", "leave one out")
            found[row.since] = (_value(kind, row.value), source_of(bases, row.basis))
        return found

    if bool(values) == bool(by):
        instead = "write values = [{ since = ..., value = ..., basis = ... }]"
        raise InvalidRule(what, "needs either values or, keyed, by", instead)
    return {key: dated(rows) for key, rows in by.items()} if by else dated(values)


def build_all(where: str, prefix: str, build: Any, rows: Iterable[tuple[str, Any]], what: str = _WHAT) -> list[Any]:
    """Build every row and tell all problems at once, each with its path."""
    built, problems = [], []
    for name, row in rows:
        try:
            built.append(build(name, row))
        except WindowserviceError as error:
            problems.append((prefix + name, str(error)))
    if problems:
        raise InvalidDocument(what, tuple(problems), where)
    return built


def build_figures(
    bases: Mapping[str, Basis], rows: Mapping[str, FigureRow], where: str, what: str = _WHAT
) -> list[Figure[Any]]:
    """Build the figures of a document, with its sources by name; all problems at once, each with its path."""
    return build_all(where, "figures.", lambda name, row: built_figure(bases, name, row), rows.items(), what)


def read_figures(text: str, where: str = "") -> dict[str, Figure[Any]]:
    """Return the figures of a pack file's text, by name.

    Raises:
        InvalidDocument: with all problems at once, each with its path.
    """
    document = _document(parse_toml(text, _WHAT, where), where)
    figures = build_figures(document.basis, document.figures, where)
    return {figure.name: figure for figure in figures}


def built_rule(
    bases: Mapping[str, Basis], names: Names, row: RuleText, read: Mapping[str, Expr[bool]] | None = None
) -> Rule:
    """Return the rule that a row of a file describes.

    Args:
        bases: the sources of the file, by name.
        names: what its texts may speak of.
        row: the row.
        read: what its texts say, by their keys, if they were read before.

    Raises:
        RuleTextError, InvalidRule, UnknownName: if its text, or another part of it, is wrong.
    """
    texts = {"require": row.require, "when": row.when, "settled_when": row.settled_when}
    if read is None:
        read = {key: parse(text, names) for key, text in texts.items() if text is not None}
    return Rule(
        row.name, row.title, **read,
        of=cast("Any", None if row.of is None else names.vocabulary(row.of)),
        basis=source_of(bases, row.basis), severity=row.severity, settled_by=row.settled_by,
        policy=row.policy, principle=row.principle, since=row.since, until=row.until,
        proposes=row.proposes,
    )  # fmt: skip


@told
def read_pack(
    source: Path | str, vocabularies: Iterable[type[Facts]], kernels: Mapping[str, Function] | None = None
) -> Pack:
    """Return the pack that a TOML file describes: figures, and rules as text over them and the vocabularies' facts.

    Args:
        source: the path of the file, or the TOML text itself (a text of more than one line).
        vocabularies: what its rules may speak of.
        kernels: further functions that its rules may call.

    Raises:
        InvalidDocument: with all problems at once, each with its path.
        OSError: if the file cannot be opened.
    """
    where, data = load_toml(source, _WHAT)
    if more := [table for table in _MORE if table in data]:
        problem = "goes with a pack that an engine loads whole: Engine.load(packs=[path]), or DataPack.read"
        raise InvalidDocument(_WHAT, tuple((table, problem) for table in more), where)
    document = _document(data, where)
    figures = build_figures(document.basis, document.figures, where)
    names = Names(vocabularies, figures, kernels or {})

    rules = build_all(
        where, "rules.", lambda _, row: built_rule(document.basis, names, row),
        ((row.name, row) for row in document.rules),
    )  # fmt: skip
    try:
        return Pack(document.name, document.version, rules, title=document.title)
    except InvalidRule as error:
        raise InvalidDocument(_WHAT, (("rules", str(error)),), where) from None
