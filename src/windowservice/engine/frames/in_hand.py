"""Records in hand as frames: the rows of a ledger's table, or what was made of it, so that many are judged in columns.

A record that says anything in a form that columns would have to interpret is set apart: it is judged by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.records import Record
from windowservice.engine.frames.columns import as_words, empty_column
from windowservice.engine.frames.frames import KEY, Frames
from windowservice.engine.frames.intake import Intake
from windowservice.engine.frames.requests import exact
from windowservice.engine.frames.seen import EXTRA, happened, there
from windowservice.errors import UnknownName, WindowserviceError
from windowservice.instants import EARLIEST, LATEST, datetime_us
from windowservice.language.analysis.visible import begin_facts, not_there
from windowservice.language.polars.children import ROW
from windowservice.language.python.facts import added_reader, fit_record
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, Given, children_key
from windowservice.language.tree.values import ValueType
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    import polars as pl

__all__ = ["held_series", "record_frames"]

V = ValueType
_BOUND: Final = 10**18
_PLACES: Final = 18
_ODD: Final = object()


def record_frames(
    records: Sequence[Record], root: type[Facts], us: int, zone: tzinfo, added: Sequence[Fact[Any]] = ()
) -> Frames | None:
    """Return records of a type as of an instant as frames that hold them; None if columns cannot tell of them.

    Args:
        records: the records, whole: what is later is left out here.
        root: their type.
        us: the instant, in microseconds UTC.
        zone: the zone of dates.
        added: the given facts that plugins add and rules read.
    """
    import polars as pl

    if _is_made_of_children(root, added) or root.options.stored != "datetime" or _misspelt(root, records):
        return None
    apart = {row for row, record in enumerate(records) if record.unread}
    facts = [fact for fact in root.given.values() if fact.definition is None]
    columns = {name: _column(fact, [record.get(name) for record in records], apart) for fact, name in _read(facts)}
    for fact, name in _read(added):
        extras = [(record.get(str(root.options.extra)) or {}).get(name) for record in records]
        columns[f"{EXTRA}{name}"] = _column(fact, _plain_extras(fact, extras), apart)
    frame = _named(records, pl.DataFrame(columns), apart)
    below = _children(records, root, us, zone, apart)
    begun = there(frame, root, us, zone).to_numpy().copy()
    for row in apart:
        begun[row] = not _later(root, records[row], us, zone)
    held = [record for record, is_there in zip(records, begun.tolist(), strict=True) if is_there]
    number = {old: new for new, old in enumerate(begun.nonzero()[0].tolist())}
    intake = Intake(len(records), later_records=len(records) - len(held))
    seen = happened(frame.filter(pl.Series(begun)), root, us, zone, added)
    mine = frozenset(number[row] for row in apart if row in number)
    below = below.filter(pl.col(ROW).is_in(list(number))).with_columns(pl.col(ROW).replace_strict(number, default=None))
    return Frames(seen, below, intake, root, tuple(added), held=held, apart=mine)


def _is_made_of_children(root: type[Facts], added: Sequence[Fact[Any]]) -> bool:
    """Whether records have children that are no rows of a table of their own, or that say when a record is seen."""
    if root.children is None:
        return False
    told = begin_facts(root) or not begin_facts(root.children)
    return not (isinstance(root.options.rows, Given) and told) or any(fact.scope is root.children for fact in added)


def _children(
    records: Sequence[Record], root: type[Facts], us: int, zone: tzinfo, apart: set[int]
) -> pl.DataFrame:  # fmt: skip
    """Return the children of records, in order, each with the number of its record."""
    import polars as pl

    child, under = root.children, children_key(root)
    if child is None or under is None:
        return pl.DataFrame(schema={ROW: pl.Int64})
    pairs = [(row, one) for row, record in enumerate(records) for one in record.get(under) or ()]
    odd: set[int] = set()
    given = [fact for fact in child.given.values() if fact.definition is None]
    columns = {name: _column(fact, [one.get(name) for _, one in pairs], odd) for fact, name in _read(given)}
    apart |= {pairs[place][0] for place in odd}
    found = pl.DataFrame(columns).with_columns(pl.Series(ROW, [row for row, _ in pairs], dtype=pl.Int64))
    return happened(found.filter(there(found, child, us, zone)), child, us, zone, ())


def _read(facts: Iterable[Fact[Any]]) -> Iterable[tuple[Fact[Any], str]]:
    return ((fact, fact.read or fact.name) for fact in facts)


def _misspelt(root: type[Facts], records: Sequence[Record]) -> bool:
    """Whether a column looks like that of a fact: such records cannot be judged, and each says so."""
    for record in {tuple(record): record for record in records}.values():
        try:
            fit_record(root, dict.fromkeys(record))
        except UnknownName:
            return True
        except WindowserviceError:  # nothing is said in this one
            continue
    return False


def _later(root: type[Facts], record: Record, us: int, zone: tzinfo) -> bool:
    try:
        return not_there(root, fit_record(root, record), us, zone)
    except Exception:  # it cannot be judged, and stays to say so
        return False


def _named(records: Sequence[Record], frame: pl.DataFrame, apart: set[int]) -> pl.DataFrame:
    """Return the frame with what names each record, as it names itself: its id, bank and kind of business."""
    import polars as pl

    keys = [record.get(KEY) for record in records]
    apart |= {row for row, key in enumerate(keys) if key is None and KEY in frame.columns}
    named = [repr(record)[:80] if key is None else str(key) for key, record in zip(keys, records, strict=True)]
    more = {
        name: pl.Series([record.get(name) for record in records], dtype=pl.String, strict=False)
        for name in ("bank", "service")
        if name not in frame.columns and any(record.get(name) is not None for record in records)
    }
    return frame.with_columns(pl.Series(KEY, named, dtype=pl.String), **more)


def _column(fact: Fact[Any], values: list[Any], apart: set[int]) -> pl.Series:
    """Return the values of a fact in the form in which columns are judged; rows of others are set apart."""
    if fact.required:
        apart |= {row for row, value in enumerate(values) if value is None}
    series, odd = held_series(fact.type, values)
    apart |= odd
    if fact.words:
        known = frozenset(fact.words)
        said = series.to_list()
        apart |= {row for row, value in enumerate(said) if value is not None and not known.issuperset(_texts(value))}
    return series


def held_series(kind: ValueType, values: Iterable[Any]) -> tuple[pl.Series, set[int]]:
    """Return values of a type, as records hold them, in the form in which columns are judged.

    Beside them are the places of those that columns would have to interpret; they are null.
    """
    import polars as pl

    held = _HELD[kind]
    found = [None if value is None else held(value) for value in values]
    odd = {row for row, value in enumerate(found) if value is _ODD}
    for row in odd:
        found[row] = None
    if kind in (V.INT, V.DECIMAL):
        return exact(found), odd
    series = pl.Series(found, dtype=empty_column("", kind, 0).dtype)
    return (as_words(series) if kind is V.TEXT else series), odd


def _texts(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else (value,)


def _plain_extras(fact: Fact[Any], values: Iterable[Any]) -> list[Any]:
    """Return values of a further field as a record holds them; odd ones where they are none of the fact."""
    read, found = added_reader("datetime", fact), []
    for value in values:
        try:
            found.append(None if value is None else read(value))
        except WindowserviceError:
            found.append(_ODD)
    return found


def _instant(value: Any) -> Any:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return _ODD
    us = datetime_us(value)
    return us if EARLIEST <= us < LATEST else _ODD


def _of(kind: type, held: Callable[[Any], Any] = lambda value: value) -> Callable[[Any], Any]:
    """Return a function that gives what columns hold of a value of just this class."""
    return lambda value: held(value) if type(value) is kind else _ODD


def _number(value: Any) -> Any:
    """Return an exact number if columns hold it: below 10**18, with at most so many places."""
    if type(value) is Decimal and not (value.is_finite() and value == round(value, _PLACES)):
        return _ODD
    return value if type(value) in (int, Decimal) and abs(value) < _BOUND else _ODD


def _float(value: Any) -> Any:
    return float(value) if type(value) in (int, float) and value == value and abs(value) < _BOUND else _ODD  # noqa: PLR0124


_HELD: Final[Mapping[ValueType, Callable[[Any], Any]]] = {
    V.INSTANT: _instant,
    V.DATE: _of(date, date.toordinal),
    V.SPAN: _of(timedelta, lambda value: value // timedelta(microseconds=1)),
    V.WORK: _of(WorkSpan, lambda value: value.us),
    V.TEXT: _of(str),
    V.BOOL: _of(bool),
    V.INT: _number,
    V.DECIMAL: _number,
    V.FLOAT: _float,
    V.RATIO: _of(Fraction, str),
    V.TEXTS: _of(frozenset, sorted),
    V.LIMIT: _of(Limit, str),
}
