"""Generated Python that reads given facts from a record, and checks what comes from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from keyword import iskeyword
from typing import Any, Final

from windowservice.errors import InvalidRule, InvalidValue, NaiveTime, UnknownName
from windowservice.instants import to_us, utc_datetime
from windowservice.language.facts import Fact, Facts, required_facts
from windowservice.language.python_unit import Unit, to_utc
from windowservice.language.values import ValueType, span_us
from windowservice.worktime.limits import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["added_reader", "check_record", "children_code", "is_added", "load_given", "may_be_missing"]

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


def is_added(vocabulary: type[Facts], fact: Fact[Any]) -> bool:
    """Whether the fact was added by a plugin and stands in the record's mapping of extra fields."""
    return fact.owner is not vocabulary and vocabulary.options.extra is not None


def may_be_missing(vocabulary: type[Facts], fact: Fact[Any]) -> bool:
    """Whether generated code has to ask if the fact is there: NaN is missing, and nobody checks added facts before."""
    return not fact.required or fact.type in (V.FLOAT, V.DECIMAL) or is_added(vocabulary, fact)


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
    key = vocabulary.options.children
    if not key:
        raise InvalidRule(
            vocabulary.__name__, "does not say where its records hold their children", "write Options(children=...)"
        )
    if unit.style == "mapping":
        return f"record[{key!r}]"
    return _attribute_code("record", key, f"the children of {vocabulary.__name__}")


def load_given(unit: Unit, vocabulary: type[Facts], fact: Fact[Any], record: str, name: str) -> list[str]:
    """Return the statements that put a given fact of the record into a variable, as generated code holds it."""
    key = fact.read or fact.name
    what = f"fact {fact.name!r}"
    if is_added(vocabulary, fact):
        extra = str(vocabulary.options.extra)
        holder = _attribute_code(record, extra, what) if unit.style == "attribute" else f"{record}.get({extra!r})"
        read = unit.constant(added_reader(unit.stored, fact), "R")
        return [f"{name} = ({holder} or {{}}).get({key!r})", f"if {name} is not None:", f"    {name} = {read}({name})"]
    got = f"{record}.get({key!r})" if unit.style == "mapping" else _attribute_code(record, key, what)
    lines = [f"{name} = {got}"]
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
    try:
        return bool(value != value)  # noqa: PLR0124 - NaN is the one value unequal to itself
    except Exception:  # an array, pandas' NA and their like answer otherwise; they are refused for what they are
        return False


def _plain(value: Any) -> Any:
    """Return a scalar of numpy as the Python value that it is, or the value itself."""
    if type(value).__module__ != "numpy" or getattr(value, "ndim", None) != 0 or value.dtype.kind not in "biufU":
        return value
    return value.item()


def _checked(fact: Fact[Any], value: object, where: str, stored: str = "datetime") -> None:
    allowed = (int,) if stored == "microseconds" and fact.type in _HELD_AS_INT else _PLAIN[fact.type]
    wrong = not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)
    if wrong or (fact.type is V.DATE and isinstance(value, datetime)):
        raise InvalidValue(f"{where}{fact.name}", value, fact.type.with_article)
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise NaiveTime(value, f"{where}{fact.name}")


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


def check_record(vocabulary: type[Facts], record: object) -> object:
    """Refuse a record that is not of the vocabulary: a fact missing or of a wrong type, a naive time, a misspelt key.

    Its children are checked too. Returns the record, or if it holds scalars of numpy a mapping with plain values: they
    are what they say, but would compute otherwise (an integer of theirs has an end, and begins anew behind it).

    Raises:
        InvalidValue, NaiveTime, UnknownName: naming the fact, and the value or the nearest known name.
    """
    facts = [fact for fact in vocabulary.given.values() if fact.definition is None]
    where = f"{vocabulary.__name__}."
    changed: dict[str, Any] = {}
    if isinstance(record, Mapping):
        _check_keys(vocabulary, record, facts)
    for fact in facts:
        key = fact.read or fact.name
        value = _read(vocabulary, record, key)
        if value is not None and not _is_nan(value):
            plain = _plain(value)
            if plain is not value:
                changed[key] = plain
            _checked(fact, plain, where, vocabulary.options.stored)
    for fact in required_facts(vocabulary):
        value = _held(record, fact.read or fact.name)
        if value is None or _is_nan(value):
            raise InvalidValue(f"{where}{fact.name}", value, f"{fact.type.with_article}: it is required")
    if vocabulary.children is not None and vocabulary.options.children is not None:
        below = _children(vocabulary, record)
        plain_below = [check_record(vocabulary.children, child) for child in below]
        if any(one is not other for one, other in zip(plain_below, below, strict=True)):
            changed[vocabulary.options.children] = plain_below
    return _with(record, vocabulary, facts, changed) if changed else record


def _with(record: object, vocabulary: type[Facts], facts: list[Fact[Any]], changed: dict[str, Any]) -> dict[str, Any]:
    if isinstance(record, Mapping):
        return {**record, **changed}
    keys = [fact.read or fact.name for fact in facts]
    if vocabulary.options.children is not None and vocabulary.children is not None:
        keys.append(vocabulary.options.children)
    return {key: _held(record, key) for key in keys} | changed


def _children(vocabulary: type[Facts], record: object) -> Sequence[object]:
    key = str(vocabulary.options.children)
    found = _read(vocabulary, record, key)
    if not isinstance(found, Sequence) or isinstance(found, (str, bytes)):
        raise InvalidValue(
            f"{vocabulary.__name__}.{key}", found, "the list of its children in order, empty if there are none"
        )
    return found


def _check_keys(vocabulary: type[Facts], record: Mapping[Any, Any], facts: list[Fact[Any]]) -> None:
    """Refuse a key that looks like a fact's name misspelt."""
    known = tuple(fact.read or fact.name for fact in facts)
    absent = [name for name in known if name not in record]
    for key in record:
        if key not in known and absent and _looks_like(str(key), absent):
            raise UnknownName(f"key of a {vocabulary.__name__}", str(key), known)


def _looks_like(key: str, names: list[str]) -> bool:
    from difflib import get_close_matches

    return bool(get_close_matches(key, names, n=1, cutoff=0.8))


def _read(vocabulary: type[Facts], record: object, key: str) -> Any:
    what = f"the {vocabulary.__name__} record {type(record).__name__}"
    try:
        return _held(record, key)
    except AttributeError:
        names = tuple(name for name in dir(record) if not name.startswith("_"))
        if key not in names:
            raise UnknownName(f"attribute of {what}", key, names) from None
        raise InvalidValue(f"{what}: {key}", None, "an attribute that can be read") from None
    except Exception as error:  # whatever a property, or a lazy row of a database, raises
        said = f"{type(error).__name__}: {error}"
        raise InvalidValue(f"{what}: {key}", said, "an attribute that can be read; it raised") from error
