"""The record types that the files of a pack declare, as classes like those written in Python."""

from __future__ import annotations

import copyreg
import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any, Final, cast

from windowservice.errors import InvalidRule, InvalidValue, UnknownName
from windowservice.instants import to_date
from windowservice.language.relations.rows import Grouped, Part, United
from windowservice.language.tree.fact import Fact, Vocabulary
from windowservice.language.tree.facts import RESERVED, TEXT_WORDS, Facts, Given
from windowservice.plugins.toml.document import RecordRow
from windowservice.plugins.toml.facts import clock_texts, facts_of
from windowservice.plugins.toml.reader import Reader, in_order, is_expression, is_missing, names_in

__all__ = ["Declared", "record_types_of"]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_OPTIONS: Final = ("under", "dated_by", "zone", "clerk", "party", "carries", "kind", "closes", "lacks")


class Declared(Vocabulary):
    """The class of record types that a file declares: they are pickled as the files that say what they are."""


def _pickled(of: Any) -> tuple[Any, ...]:
    return of.__again__[0], (*of.__again__[1:], of.__name__)


copyreg.pickle(cast("Any", Declared), _pickled)  # Python asks nothing else of a class that no module holds


def record_types_of(
    rows: Mapping[str, RecordRow], paths: Mapping[str, str], reader: Reader, module: str, again: tuple[Any, ...]
) -> dict[str, type[Facts]]:
    """Return the record types; what is wrong with them is told to the reader.

    Args:
        rows: the tables that declare them.
        paths: where each stands.
        reader: what texts may speak of.
        module: what stands for the module in which they are declared.
        again: the function, and its arguments, that gives one of them by its name.
    """

    def refuse(circle: tuple[str, ...]) -> None:
        problem = f"needs itself: {' -> '.join(circle)}; a record speaks of its children, not they of it"
        below = {rows[one].children for one in circle}
        reader.problems.append((paths[next((one for one in circle if one in below), circle[0])], problem))
        reader.lost.update((one, "") for one in circle)

    found: dict[str, type[Facts]] = {}
    vocabularies = reader.names.vocabularies
    for name in in_order({name: list(_rests_on(name, row)) for name, row in rows.items()}, refuse):
        if (wrong := _wrong_name(name, vocabularies, "record type")) is not None:
            reader.problems.append((paths[name], wrong))
            reader.lost.add((name, ""))
            continue
        row = rows[name]
        vocabularies[name] = cast("Any", SimpleNamespace(__name__=name, given={}))
        facts = _named_well(name, row, paths[name], reader)
        made = None
        if not reader.is_lost(_texts(row)) and not _names_lost(row, reader):
            told, held = len(reader.problems), {"__module__": module, "__again__": again}
            made = reader.tried(paths[name], partial(_made, name, row, facts, paths[name], reader, held), name)
            if len(facts) < len(row.facts) + len(row.clocks):  # what is wrong with it follows from what was told
                del reader.problems[told:]
        if made is None:
            del vocabularies[name]
            reader.lost.add((name, ""))
        else:
            found[name] = vocabularies[name] = made
    _check_tables(found, paths, reader)
    return {name: found[name] for name in rows if name in found}


def _check_tables(found: Mapping[str, type[Facts]], paths: Mapping[str, str], reader: Reader) -> None:
    """Refuse tables that no ledger could have, and those that two record types have."""
    from windowservice.ledger.tables import Tables  # knows all record types

    owners: dict[str, str] = {}
    for name, of in found.items():
        reader.tried(paths[name], partial(Tables, (of,)))
        if (table := of.options.table) is not None and owners.setdefault(table, name) != name:
            reader.problems.append(
                (paths[name], f"has the table {table!r}, which is that of {owners[table]}; rename one")
            )


def _named_well(name: str, row: RecordRow, path: str, reader: Reader) -> dict[str, Fact[Any]]:
    """Return the facts of a record; those with a name that no fact can have are told."""
    for table, names in (("facts", row.facts), ("clocks", row.clocks)):
        for one in names:
            if (wrong := _wrong_name(one, RESERVED, "fact")) is not None:
                reader.problems.append((f"{path}.{table}.{one}", wrong))
                reader.lost.add((name, one))
    return facts_of(name, row, path, reader)


def _wrong_name(name: str, taken: Any, what: str) -> str | None:
    """Return what is wrong with a name, and what to do; None if nothing is."""
    plain = unicodedata.normalize("NFKC", name)
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_") or plain != name:
        return f"{name!r} is no name for a {what}: write letters, digits and underscores, a letter first"
    if name in taken or (what == "record type" and name in TEXT_WORDS):
        return f"the name {name!r} is taken: choose another for this {what}"
    return None


def _texts(row: RecordRow) -> Iterator[str]:
    """Yield the texts by which the records themselves are made."""
    if row.grouped is not None:
        said: list[Any] = [*row.grouped.by.values(), row.grouped.where, *row.grouped.every.values()]
        yield from (one for one in said if isinstance(one, str))
    for part in row.parts:
        yield from (one for one in (*part.values.values(), part.where) if isinstance(one, str))


def _sources(row: RecordRow) -> Iterator[str]:
    """Yield the names of the record types that a record type is made of."""
    yield from filter(None, (row.of, row.children))
    if row.grouped is not None:
        yield row.grouped.of
    yield from (part.of for part in row.parts)


def _names_lost(row: RecordRow, reader: Reader) -> bool:
    return any((source, "") in reader.lost for source in _sources(row))


def _rests_on(name: str, row: RecordRow) -> Iterator[str]:
    """Yield the names of the record types that a record type speaks of."""
    yield from _sources(row)
    texts = [*_texts(row), *(text for fact in row.facts.values() for text in fact.texts)]
    texts += [text for clock in row.clocks.values() for text in clock_texts(clock)]
    yield from (base for text in texts for base, _ in names_in(text) if base != name)


def _made(
    name: str, row: RecordRow, facts: dict[str, Fact[Any]], path: str, reader: Reader, held: dict[str, Any]
) -> type[Facts] | None:  # fmt: skip
    """Return the class of a record type; None if a part of it is wrong."""
    vocabulary = reader.names.vocabulary
    ways = [way for way in ("table", "grouped", "parts", "of") if getattr(row, way)]
    if len(ways) > 1:
        problem = f"says {ways[0]} and {ways[1]}, which are two ways to have records"
        raise InvalidRule(name, problem, "keep one of table, grouped, parts, of")
    said: dict[str, Any] = {option: value for option in _OPTIONS if (value := getattr(row, option))}
    if row.happens:
        named = row.happens if isinstance(row.happens, list) else [row.happens]
        if not all(isinstance(one, str) for one in named):
            raise InvalidValue("happens", row.happens, 'the name of a fact, as in "opened_at", or a list of names')
        said["happens"] = tuple(named) if isinstance(row.happens, list) else row.happens
    if row.children:
        said["children"] = vocabulary(row.children)
    if row.of:
        said["of"] = vocabulary(row.of)
    if row.table:
        said["rows"] = Given(row.table)
    if row.grouped is not None:
        said["rows"] = _grouped(row, path, reader)
    if row.parts:
        said["rows"] = _united(row, path, reader)
    if "rows" in said and said["rows"] is None:
        return None
    if row.same and not row.parts:
        raise InvalidRule(name, "says same, which is for rows of several types", "leave it out, or write parts")
    made: Any = Declared(name, (Facts,), {"__doc__": row.title, "__qualname__": name, **held, **facts}, **said)
    return cast("type[Facts]", made)


def _grouped(row: RecordRow, path: str, reader: Reader) -> Grouped | None:
    said = row.grouped
    assert said is not None  # noqa: S101 - asked by the caller
    place = f"{path}.grouped"
    of = _vocabulary(f"{place}.of", said.of, reader)
    by = {key: reader.expr(f"{place}.by.{key}", text) for key, text in said.by.items()}
    where = None if said.where is None else reader.expr(f"{place}.where", said.where)
    every = {key: _every(f"{place}.every.{key}", value, reader) for key, value in said.every.items()}
    if of is None or is_missing(*by.values(), *every.values()) or (said.where and where is None):
        return None
    return Grouped(of, by, where, every, over=said.over, id=said.id)


def _every(path: str, said: Any, reader: Reader) -> Any:
    """Return which values a key has: an expression, a list, or the day since when each period is there."""
    if isinstance(said, str) and _DAY.fullmatch(said):
        return reader.tried(path, lambda: to_date(said))
    if isinstance(said, date):
        return said
    if isinstance(said, str) and is_expression(said):
        return reader.expr(path, said)
    if isinstance(said, list) and all(isinstance(one, (str, int, date)) for one in said):
        return said
    wanted = 'write a fact of another record, such as "team.id", a list of values, or the day since when periods count'
    reader.problems.append((path, f"must tell which values there are, got {said!r}; {wanted}"))
    return None


def _united(row: RecordRow, path: str, reader: Reader) -> United | None:
    parts: list[Part | None] = []
    for number, said in enumerate(row.parts):
        place = f"{path}.parts[{number}]"
        of = _vocabulary(f"{place}.of", said.of, reader)
        values = {key: reader.value(f"{place}.values.{key}", one) for key, one in said.values.items()}
        where = None if said.where is None else reader.expr(f"{place}.where", said.where)
        right = of is not None and not is_missing(*values.values()) and (where is not None or said.where is None)
        parts.append(Part(of, values, where) if right and of is not None else None)
    return None if is_missing(*parts) else United(*(part for part in parts if part is not None), same=row.same)


def _vocabulary(path: str, name: str, reader: Reader) -> type[Facts] | None:
    try:
        return reader.names.vocabulary(name)
    except UnknownName as error:
        reader.problems.append((path, str(error)))
        return None
