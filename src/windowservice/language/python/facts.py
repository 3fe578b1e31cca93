"""Generated Python that reads given facts from a record, and checks what comes from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from keyword import iskeyword
from typing import Any, Final, NamedTuple
from uuid import UUID

from windowservice.domain.records import Fitted, Record
from windowservice.errors import InvalidRule, InvalidValue, NaiveTime, TimeOutOfRange, UnknownName, nearest
from windowservice.instants import EARLIEST, LATEST, datetime_us, to_date, to_us, utc_datetime
from windowservice.language.analysis.told_once import as_they_happened
from windowservice.language.analysis.visible import hidden_by, may_hide
from windowservice.language.python.unit import Unit, to_utc
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key
from windowservice.language.tree.values import ValueType, span_us
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = [
    "added_reader", "check_word", "children_code", "fit_record", "is_added", "later_code", "load_given",
    "may_be_missing",
]  # fmt: skip

V = ValueType
_PLAIN: Final[dict[ValueType, tuple[type, ...]]] = {
    V.BOOL: (bool,),
    V.INT: (int, Decimal),
    V.DECIMAL: (Decimal, int),
    V.RATIO: (Fraction, int),
    V.FLOAT: (float, int),
    V.TEXT: (str,),
    V.INSTANT: (datetime,),
    V.DATE: (date,),
    V.SPAN: (timedelta,),
    V.WORK: (WorkSpan,),
    V.TEXTS: (frozenset, set),
    V.LIMIT: (Limit,),
}
_HELD_AS_INT: Final = (V.INSTANT, V.DATE, V.SPAN)
_TIMES: Final = (V.INSTANT, V.DATE)
_SCALARS: Final = (str, int, bool, float, datetime, date, Decimal, Fraction, timedelta, frozenset, set)
_BOUND: Final = 10**18
"""Whole numbers are smaller, in records as in columns."""
_KEY: Final = "id"
"""The fact that names a record; a number may stand for its text."""


def is_added(vocabulary: type[Facts], fact: Fact[Any]) -> bool:
    """Whether the fact was added by a plugin and stands in the record's mapping of extra fields."""
    return fact.owner is not vocabulary and vocabulary.options.extra is not None


def may_be_missing(vocabulary: type[Facts], fact: Fact[Any]) -> bool:
    """Whether generated code has to ask if the fact is there: NaN is missing, and nobody checks added facts before."""
    may_be_nan = fact.type in (V.FLOAT, V.DECIMAL)
    return not fact.required or may_be_nan or is_added(vocabulary, fact) or may_hide(vocabulary, fact)


def _attribute_code(record: str, name: str, what: str) -> str:
    if not name.isidentifier() or iskeyword(name):
        raise InvalidRule(
            what, f"is read from {name!r}, which no object has as an attribute", "give records as mappings"
        )
    return f"{record}.{name}"


def children_code(unit: Unit, vocabulary: type[Facts]) -> str:
    """Return code for the children of a record.

    Raises:
        InvalidRule: if the vocabulary does not say where its records hold them.
    """
    key = children_key(vocabulary)
    if key is None:
        raise InvalidRule(vocabulary.__name__, "has no children", "name their vocabulary: children=...")
    if unit.style != "attribute":
        return f"record[{key!r}]"
    return _attribute_code("record", key, f"the children of {vocabulary.__name__}")


def load_given(unit: Unit, vocabulary: type[Facts], fact: Fact[Any], record: str, name: str) -> list[str]:
    """Return the statements that put a given fact of the record into a variable, as generated code holds it.

    What lies after ``as_of`` and is not planned has not happened: it is missing.
    """
    by = hidden_by(vocabulary, fact)
    if by is None:
        return _load(unit, vocabulary, fact, record, name)
    if by is fact:
        if by.type is V.DATE:
            unit.use(name)  # a not-a-time is no date to compare with
        lines, when = _load(unit, vocabulary, fact, record, name), name
    else:
        when = f"_{name}"  # no fact is called so
        if by.type is V.DATE:
            unit.use(when)
        lines = [*_load(unit, vocabulary, fact, record, name), *_load(unit, vocabulary, by, record, when)]
    later = later_code(unit, vocabulary, by, when, record)
    return [*lines, f"if {when} is not None and {later}:", f"    {name} = None"]


def later_code(unit: Unit, vocabulary: type[Facts], fact: Fact[Any], when: str, record: str) -> str:
    """Return the condition that a given instant or date of a record lies after ``as_of`` and is not planned."""
    bound = "as_of" if fact.type is V.INSTANT else f"{unit.constant(unit.last_day)}(as_of)"
    if not isinstance(fact.planned, tuple):
        return f"{when} > {bound}"
    name, words = fact.planned
    kind = _got(unit, record, vocabulary, vocabulary.root.given[name])
    return f"({when} > {bound} and {kind} not in {unit.constant(words)})"


def _got(unit: Unit, record: str, vocabulary: type[Facts], fact: Fact[Any]) -> str:
    key = fact.read or fact.name
    if unit.style == "columns":
        column = f"{vocabulary.options.extra}.{key}" if is_added(vocabulary, fact) else key
        unit.columns[record, column] = fact
        return f"{record}[{column!r}]"
    if unit.style == "mapping":
        return f"{record}.get({key!r})"
    return _attribute_code(record, key, f"fact {fact.name!r}")


def _load(unit: Unit, vocabulary: type[Facts], fact: Fact[Any], record: str, name: str) -> list[str]:
    if unit.style == "columns":
        return [f"{name} = {_got(unit, record, vocabulary, fact)}"]
    key = fact.read or fact.name
    what = f"fact {fact.name!r}"
    if is_added(vocabulary, fact):
        extra = str(vocabulary.options.extra)
        holder = _attribute_code(record, extra, what) if unit.style == "attribute" else f"{record}.get({extra!r})"
        read = unit.constant(added_reader(unit.stored, fact), "R")
        return [f"{name} = ({holder} or {{}}).get({key!r})", f"if {name} is not None:", f"    {name} = {read}({name})"]
    lines = [f"{name} = {_got(unit, record, vocabulary, fact)}"]
    if fact.type is V.WORK:
        return [*lines, f"if {name} is not None:", f"    {name} = {name}.us"]
    nullable = may_be_missing(vocabulary, fact)
    known = f"{name} is not None and " if nullable else ""
    if fact.type is V.INSTANT and unit.stored == "datetime":
        utc, convert = unit.constant(UTC), unit.constant(to_utc)
        cleaning = [f"if {known}{name}.tzinfo is not {utc}:", f"    {name} = {convert}({name})"]
        return [*lines, unit.cleaning(name, cleaning)]
    if nullable and (unit.stored == "datetime" or fact.type in (V.FLOAT, V.DECIMAL)):
        cleaning = [f"if {name} != {name}:", f"    {name} = None"]  # NaN, the one value unequal to itself, is missing
        return [*lines, unit.cleaning(name, cleaning)]
    return lines


def _is_nan(value: object) -> bool:
    """Whether a value is missing as NaN is: the one value unequal to itself; and what pandas says of unknown ones."""
    if type(value).__name__ == "NAType":  # pandas' NA has no truth value
        return True
    try:
        return bool(value != value)  # noqa: PLR0124
    except (TypeError, ValueError):  # an array has as many truth values as items; it is refused by its type
        return False


def _checked(fact: Fact[Any], value: object, where: str, stored: str = "datetime") -> None:
    allowed = (int,) if stored == "microseconds" and fact.type in _HELD_AS_INT else _PLAIN[fact.type]
    wrong = not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)
    if wrong or (fact.type is V.DATE and isinstance(value, datetime)):
        raise InvalidValue(f"{where}{fact.name}", value, fact.type.with_article)
    if fact.type is V.INSTANT:
        _check_instant(value, f"{where}{fact.name}")
    elif isinstance(value, int) and abs(value) >= _BOUND:
        raise InvalidValue(f"{where}{fact.name}", value, "a whole number below 10**18")
    elif fact.words:
        check_word(fact, value, where)


def _check_instant(value: Any, where: str) -> None:
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise NaiveTime(value, where)
        us = datetime_us(value)
    else:
        us = value
    if not EARLIEST <= us < LATEST:
        raise TimeOutOfRange(value, "1900-01-01", "2199-12-31", where)


def check_word(fact: Fact[Any], value: Any, where: str) -> None:
    """Refuse a text, or a text of a set, that is none of the fact's words.

    Raises:
        UnknownName: with the nearest word.
    """
    for word in (value,) if isinstance(value, str) else sorted(value) if isinstance(value, (frozenset, set)) else ():
        if word not in fact.words:
            raise UnknownName(f"word of {where}{fact.name}", word, tuple(sorted(fact.words)))


def added_reader(stored: str, fact: Fact[Any]) -> Callable[[Any], Any]:
    """Return a function that checks a value of a record's extra mapping and gives it the form that code holds.

    Such values come from JSON or a ledger whatever the vocabulary stores: instants as datetimes or as ISO text, sets
    as lists.
    """
    as_int = stored == "microseconds"

    def read(value: Any) -> Any:
        if _is_nan(value):
            return None
        if fact.type is V.INSTANT:
            us = to_us(value, where=fact.name)
            return us if as_int else utc_datetime(us)
        if fact.type is V.TEXTS and isinstance(value, (list, tuple)):
            value = frozenset(value)
        _checked(fact, value, "")
        if fact.type is V.WORK:
            return value.us
        if as_int and fact.type is V.DATE:
            return value.toordinal()
        return span_us(value) if as_int and fact.type is V.SPAN else value

    return read


def _held(record: object, key: str) -> Any:
    return record.get(key) if isinstance(record, Mapping) else getattr(record, key)


def fit_record(vocabulary: type[Facts], record: Any, stored: str = "") -> Any:
    """Return a record as it is judged: itself, or a mapping of its facts where it holds what only stands for a value.

    A scalar of numpy stands for Python's, pandas' NA and an attribute that is not there for a missing value, a number
    as id for its text, and ISO text for an instant or a date. Its children are looked at too; they hold instants as it
    does, so that `stored` is given for them.

    Raises:
        InvalidValue, NaiveTime, TimeOutOfRange, UnknownName: for a record that is not of the vocabulary: a fact missing
            or of a wrong type, a word that the fact does not have, a misspelt key. Named are the fact, and the value or
            the nearest known name.
    """
    if isinstance(record, Fitted):
        return record
    stored = stored or vocabulary.options.stored
    asked, keys = _asked_of(vocabulary, stored)
    is_mapping = isinstance(record, Mapping)
    if is_mapping and (misspelt := _misspelt(tuple(record), keys)) is not None:
        raise UnknownName(f"key of a {vocabulary.__name__}", misspelt, keys)
    changed: dict[str, Any] = {}
    for key, fact, quick, holds in asked:
        found = record.get(key) if is_mapping else _read(vocabulary, record, fact)
        if (found is None and not fact.required) or (found.__class__ is quick and (holds is None or holds(found))):
            continue
        value = _plain(fact, found)
        if value is not found:
            changed[key] = value
        if value is not None:
            _checked(fact, value, f"{vocabulary.__name__}.", stored)
        elif fact.required:
            raise InvalidValue(f"{vocabulary.__name__}.{fact.name}", value, f"{fact.type.with_article}: it is required")
    below = children_key(vocabulary)
    if vocabulary.children is not None and below is not None:
        children = _children(vocabulary, record, below)
        fit = [fit_record(vocabulary.children, child, stored) for child in children]
        told = as_they_happened(vocabulary.children, fit)
        if changed or told is not fit or any(one is not other for one, other in zip(fit, children, strict=True)):
            changed[below] = fit = told
        if changed or any(isinstance(one, Mapping) is not is_mapping for one in fit):
            changed[below] = [_as_mapping(vocabulary.children, one) for one in fit]
    if not changed:
        return record
    if isinstance(record, Record):
        return Record(record.table, {**record, **changed}, record.place, record.unread, record.recorded)
    return {**(record if is_mapping else _as_mapping(vocabulary, record)), **changed}


class _Asked(NamedTuple):
    """A fact that a record is asked for: under which key, and the class of values that need no further look."""

    key: str
    fact: Fact[Any]
    quick: type | None
    holds: Callable[[Any], bool] | None


@lru_cache(maxsize=256)
def _asked_of(vocabulary: type[Facts], stored: str) -> tuple[tuple[_Asked, ...], tuple[str, ...]]:
    """Return what records of a vocabulary are asked for, and under which keys."""
    facts = [fact for fact in vocabulary.given.values() if fact.definition is None]
    asked = tuple(_Asked(fact.read or fact.name, fact, *_quick(fact, stored)) for fact in facts)
    return asked, tuple(one.key for one in asked)


def _quick(fact: Fact[Any], stored: str) -> tuple[type | None, Callable[[Any], bool] | None]:
    """Return the class of nearly all values of a fact, and what holds of those that are as they should be."""
    if stored == "microseconds" and fact.type in _HELD_AS_INT:
        return None, None
    if fact.type is V.TEXT:
        return str, fact.words.__contains__ if fact.words else None
    if fact.type is V.INSTANT:
        return datetime, lambda value: 1900 < value.year < 2199 and value.utcoffset() is not None
    if fact.type is V.INT:
        return int, lambda value: -_BOUND < value < _BOUND
    return {V.BOOL: bool, V.DATE: date}.get(fact.type), None


def _as_mapping(vocabulary: type[Facts], record: object) -> Mapping[str, Any]:
    """Return a record that fits as a mapping: children of a mapping are read as it is."""
    if isinstance(record, Mapping):
        return record
    asked, _ = _asked_of(vocabulary, vocabulary.options.stored)
    values = {one.key: _plain(one.fact, _read(vocabulary, record, one.fact)) for one in asked}
    return _mapping(vocabulary, record, values)


def _mapping(vocabulary: type[Facts], record: object, values: Mapping[str, Any]) -> dict[str, Any]:
    extra = vocabulary.options.extra
    beside = {} if extra is None else {extra: getattr(record, extra, None)}
    named = getattr(record, _KEY, None)
    return {**beside, **({} if named is None else {_KEY: named}), **values}


def _plain(fact: Fact[Any], value: Any) -> Any:
    """Return what a value stands for: None for a missing one, Python's own for numpy's, a time for its ISO text."""
    if value is None or type(value) in _SCALARS:
        if fact.type is V.TEXT and fact.name == _KEY and type(value) is int:
            return str(value)
        if type(value) is str and fact.type in _TIMES:
            return utc_datetime(to_us(value, where=str(fact))) if fact.type is V.INSTANT else to_date(value, str(fact))
        return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN
    if isinstance(value, Enum):
        return _plain(fact, value.value)
    if _is_nan(value):
        return None
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        own = value.item()
        return _plain(fact, own) if type(own) in _SCALARS else value
    if fact.type is V.TEXT and fact.name == _KEY and isinstance(value, UUID):
        return str(value)
    if fact.type is V.TEXTS and isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return frozenset(value)
    return value


def _children(vocabulary: type[Facts], record: object, key: str) -> Sequence[object]:
    found = record.get(key) if isinstance(record, Mapping) else _attribute(vocabulary, record, key)
    if not isinstance(found, Sequence) or isinstance(found, (str, bytes)):
        held = [] if not isinstance(record, Mapping) or key in record else map(str, record)
        wanted = (
            f"the list of its children, empty if there are none{nearest(key, held).replace('did you mean', 'it has')}"
        )
        raise InvalidValue(f"{vocabulary.__name__}.{key}", found, wanted)
    return found


@lru_cache(maxsize=256)  # the rows of a table have the same keys
def _misspelt(keys: tuple[Any, ...], known: tuple[str, ...]) -> str | None:
    """Return the first key that looks like one of the known ones that are not there."""
    absent = [name for name in known if name not in keys]
    others = (str(key) for key in keys if key not in known)
    return next((key for key in others if absent and _looks_like(key, absent)), None)


def _looks_like(key: str, names: list[str]) -> bool:
    from difflib import get_close_matches

    return bool(get_close_matches(key, names, n=1, cutoff=0.8))


_ABSENT: Final = object()


def _read(vocabulary: type[Facts], record: object, fact: Fact[Any]) -> Any:
    """Return what a record says of a fact; an attribute that is not there is missing, as a key is, unless misspelt."""
    key = fact.read or fact.name
    if isinstance(record, Mapping):
        return record.get(key)
    found = _attribute(vocabulary, record, key, default=None if fact.required else _ABSENT)
    if found is not _ABSENT:
        return found
    known = {one.key for one in _asked_of(vocabulary, vocabulary.options.stored)[0]}
    names = [name for name in dir(record) if not name.startswith("_") and name not in known]
    if _looks_like(key, names) or not any(hasattr(record, name) for name in known):
        raise _unknown_attribute(vocabulary, record, key)
    return _NOT_THERE


class _NotThere:
    """What an attribute that is not there gives: unequal to itself, as all that is missing."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


_NOT_THERE: Final = _NotThere()


def _attribute(vocabulary: type[Facts], record: object, key: str, default: Any = None) -> Any:
    try:
        return getattr(record, key)
    except AttributeError:
        if key in dir(record):  # a property of somebody's own, which asks for what is not there
            what = f"the {vocabulary.__name__} record {type(record).__name__}: {key}"
            raise InvalidValue(what, None, "an attribute that can be read") from None
        if default is not None:
            return default
        raise _unknown_attribute(vocabulary, record, key) from None
    except Exception as error:  # an attribute of somebody's own, such as a lazy one of a closed session
        said = f"{type(error).__name__}: {error}"
        what = f"the {vocabulary.__name__} record {type(record).__name__}: {key}"
        raise InvalidValue(what, said, "an attribute that can be read; it raised") from error


def _unknown_attribute(vocabulary: type[Facts], record: object, key: str) -> UnknownName:
    names = tuple(name for name in dir(record) if not name.startswith("_"))
    return UnknownName(f"attribute of the {vocabulary.__name__} record {type(record).__name__}", key, names)
