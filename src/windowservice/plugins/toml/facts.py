"""The facts and clocks of a record type, made of the rows of a file in the order in which they rest on one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from windowservice.errors import InvalidRule, InvalidValue, UnknownName
from windowservice.language.clocks.clock import Extensions, Intervals, clock, extensions, intervals
from windowservice.language.relations.lookup import Counted, Lookup
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact, code, fact, key
from windowservice.plugins.toml.document import ClockRow, FactRow, IntervalRow, LookupRow, RecordRow
from windowservice.plugins.toml.reader import Reader, in_order, is_missing, names_in

__all__ = ["clock_texts", "facts_of"]

_TYPES: Final[dict[str, type]] = {
    "text": str, "texts": frozenset, "instant": datetime, "date": date, "integer": int, "decimal": Decimal,
    "truth": bool, "limit": str, "code": str, "key": str,
}  # fmt: skip
_DEEPEST: Final = 40
"""How many facts may rest on one another in a row."""


def facts_of(name: str, row: RecordRow, path: str, reader: Reader) -> dict[str, Fact[Any]]:
    """Return the facts and clocks of a record type; what is wrong with them is told to the reader."""
    rows: dict[str, FactRow | ClockRow] = {
        one: said for one, said in row.facts.items() if (name, one) not in reader.lost
    }
    for clock_name, clock_row in row.clocks.items():
        if clock_name in rows:
            reader.problems.append((f"{path}.clocks.{clock_name}", "a fact has the name already; rename one"))
        elif (name, clock_name) not in reader.lost:
            rows[clock_name] = clock_row

    def refuse(circle: tuple[str, ...]) -> None:
        shown = " -> ".join(circle[:12]) + (" ..." if len(circle) > 12 else "")
        reader.problems.append((_path(path, row, circle[0]), f"rests on itself: {shown}"))
        reader.lost.update((name, one) for one in circle)

    rests_on = {one: list(_rests_on(name, said)) for one, said in rows.items()}
    built: dict[str, Fact[Any]] = reader.names.vocabularies[name].given
    depth: dict[str, int] = {}
    for one in in_order(rests_on, refuse):
        said, place = rows[one], _path(path, row, one)
        depth[one] = 1 + max((depth.get(below, 0) for below in rests_on[one]), default=0)
        found = None
        if depth[one] > _DEEPEST:
            reader.problems.append((place, f"rests on a row of over {_DEEPEST} facts, one on the other; join some"))
        elif isinstance(said, ClockRow):
            found = _clock(said, place, reader, name)
        else:
            found = _fact(said, built, place, reader, name)
        if found is None:
            reader.lost.add((name, one))
            continue
        object.__setattr__(found, "name", one)  # messages name it before it has a class
        built[one] = found
    order = [one for one in rows if one in built]  # as written: columns and pages go by it
    return {one: built[one] for one in order}


def _path(path: str, row: RecordRow, name: str) -> str:
    return f"{path}.{'facts' if name in row.facts else 'clocks'}.{name}"


def _rests_on(record: str, said: FactRow | ClockRow) -> Iterator[str]:
    """Yield the facts of the same record that a fact or clock rests on."""
    if isinstance(said, FactRow) and said.after:
        yield said.after
    texts = clock_texts(said) if isinstance(said, ClockRow) else said.texts
    for text in texts:
        yield from (below for base, below in names_in(text) if base == record and below)


def clock_texts(said: ClockRow) -> Iterator[str]:
    """Yield the texts of a clock."""
    yield from (said.start, said.limit, said.done, said.calendar)
    for spans in (said.stops, said.restarts):
        for span in spans:
            yield from (span.begin, span.end, span.reason)
    for more in said.extensions:
        yield from (more.at, more.by, more.asked or "")


def _fact(said: FactRow, built: Mapping[str, Fact[Any]], path: str, reader: Reader, record: str) -> Fact[Any] | None:
    """Return one fact; None, and a problem, if it is wrong."""
    if [said.type, said.formula, said.lookup].count(None) != 2:
        wanted = 'needs a type if records state it, as in type = "instant", or else a formula, or a lookup'
        reader.problems.append((path, wanted))
        return None
    options = {
        option: getattr(said, option) for option in ("required", "words", "read", "planned", "known_at")
        if getattr(said, option)
    }  # fmt: skip
    if said.formula is not None or said.lookup is not None:
        if said.lookup is not None:
            found = _lookup(said.lookup, f"{path}.lookup", reader, record)
        else:
            found = reader.expr(f"{path}.formula", str(said.formula), record)
        return None if found is None else reader.tried(path, lambda: _derived(said, found, options), record)
    if said.after is not None and (record, said.after) in reader.lost:
        return None
    return reader.tried(path, lambda: _given(said, built, options), record)


def _refuse_beside(what: str, why: str, found: list[str]) -> None:
    if found:
        raise InvalidRule(what, f"has {found[0]}", f"leave {found[0]} out: {why}")


def _derived(said: FactRow, found: Expr[Any] | Lookup[Any], options: Mapping[str, Any]) -> Fact[Any]:
    what = "a formula" if said.lookup is None else "a lookup"
    _refuse_beside(what, "it is for given facts", [*options, *(["after"] if said.after else [])])
    return fact(found, said.title, unit=said.unit)


def _lookup(said: LookupRow, path: str, reader: Reader, record: str) -> Lookup[Any] | None:
    """Return where a fact is looked up; None, and a problem, if a part of it is wrong."""
    value = reader.expr(f"{path}.value", said.value, record)
    on = {name: reader.value(f"{path}.on.{name}", one, record) for name, one in said.on.items()}
    more = {name: reader.expr(f"{path}.{name}", text, record) for name, text in said.named.items()}
    if is_missing(value, *on.values(), *more.values()):
        return None
    if not said.count and (bound := next((name for name in ("above", "below") if name in more), None)):
        reader.problems.append((f"{path}.{bound}", f"bounds what is counted: write count = true, or leave {bound} out"))
        return None
    return reader.tried(path, lambda: (Counted if said.count else Lookup)(value, on, **more), record)


def _given(said: FactRow, built: Mapping[str, Fact[Any]], options: dict[str, Any]) -> Fact[Any]:
    _check_words(said.words)
    beside = [part for part in ("planned", "after", "unit") if getattr(said, part)]
    if said.type == "key":
        _refuse_beside("a key", "each record has its key, and no two the same", [*options, *beside])
        return key(said.title)
    if said.type == "code":
        _refuse_beside("a code", "it is an id", beside)
        return code(said.title, **options)
    if said.after is not None:
        if said.after not in built:
            raise UnknownName("fact", said.after, tuple(built), "after")
        options["after"] = built[said.after]
    return fact(_TYPES[str(said.type)], said.title, unit=said.unit, limit=said.type == "limit", **options)


def _check_words(words: object) -> None:
    """Refuse what is neither a list of words nor a table that says what else may be written for each.

    Raises:
        InvalidValue: with what to write.
    """
    listed = list(words) if isinstance(words, (list, tuple, Mapping)) else [None]
    wanted = 'a list of texts, as in ["open", "closed"], or a table, as in { open = ["未结", "unsettled"] }'
    said = words.values() if isinstance(words, Mapping) else ()
    if not all(isinstance(word, str) and word.strip() for word in listed) or not all(
        isinstance(labels, list) and all(isinstance(label, str) for label in labels) for labels in said
    ):
        raise InvalidValue("words", words, wanted)


def _clock(said: ClockRow, path: str, reader: Reader, record: str) -> Fact[Any] | None:
    """Return one clock; None, and a problem, if it is wrong."""
    start = reader.expr(f"{path}.start", said.start, record)
    done = reader.expr(f"{path}.done", said.done, record)
    limit = reader.limit(f"{path}.limit", said.limit, record)
    calendar = reader.value(f"{path}.calendar", said.calendar, record)
    stops = _intervals(said.stops, f"{path}.stops", reader, record)
    restarts = _intervals(said.restarts, f"{path}.restarts", reader, record)
    more = _extensions(said, f"{path}.extensions", reader, record)
    parts = (start, done, limit, calendar, *stops, *restarts, *more)
    share = reader.tried(f"{path}.warn_at", lambda: _share(said.warn_at))
    if limit is None or is_missing(share, *parts):
        return None

    def make() -> Fact[Any]:
        return clock(
            start, limit, done=done, calendar=calendar, stops=stops, restarts=restarts, extensions=more,
            warn_at=share or 0, title=said.title,
        )  # fmt: skip

    return reader.tried(path, make, record)


def _share(said: object) -> Decimal:
    try:
        return Decimal(str(said))
    except ArithmeticError:
        raise InvalidValue("warn_at", said, "a share between 0 and 1, such as 0.75") from None


def _intervals(rows: tuple[IntervalRow, ...], path: str, reader: Reader, record: str) -> list[Any]:
    found: list[Intervals | None] = []
    for number, row in enumerate(rows):
        place = f"{path}[{number}]"
        begin = reader.moment(f"{place}.begin", row.begin, record)
        end = reader.moment(f"{place}.end", row.end, record)
        reason = reader.value(f"{place}.reason", row.reason, record)
        if is_missing(begin, end, reason):
            found.append(None)
        else:
            found.append(reader.tried(place, partial(intervals, begin, end, reason=reason), record))
    return found


def _extensions(said: ClockRow, path: str, reader: Reader, record: str) -> list[Any]:
    found: list[Extensions | None] = []
    for number, row in enumerate(said.extensions):
        place = f"{path}[{number}]"
        at = reader.moment(f"{place}.at", row.at, record)
        by = reader.limit(f"{place}.by", row.by, record)
        asked = None if row.asked is None else reader.expr(f"{place}.asked", row.asked, record)
        if at is None or by is None or (asked is None and row.asked is not None):
            found.append(None)
        else:
            found.append(reader.tried(place, partial(extensions, at, by, asked=asked), record))
    return found
