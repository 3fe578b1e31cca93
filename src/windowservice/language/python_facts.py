"""Generated Python that reads given facts from a record, and checks what comes from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from windowservice.errors import InvalidValue, NaiveTime, UnknownName
from windowservice.instants import to_us
from windowservice.language.facts import Fact, Facts, required_facts
from windowservice.language.python_code import Unit, span_us
from windowservice.language.values import ValueType
from windowservice.worktime.limits import Limit
from windowservice.worktime.spans import WorkSpan

__all__ = ["check_record", "load_given"]

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


def load_given(unit: Unit, vocabulary: type[Facts], fact: Fact[Any], record: str, name: str) -> list[str]:
    """Return the statements that put a given fact of the record into a variable."""
    key = fact.read or fact.name
    extra = vocabulary.options.extra
    added = fact.owner is not vocabulary and extra is not None
    holder = record if not added else (f"{record}.{extra}" if unit.style == "attribute" else f"({record}.get({extra!r}) or {{}})")
    if added or unit.style == "mapping":
        lines = [f"{name} = {holder}.get({key!r})"]
    else:
        lines = [f"{name} = {holder}.{key}"]
    if added:
        lines += [f"if {name} is not None:", f"    {name} = {unit.constant(_reader(unit.stored, fact), 'R')}({name})"]
    elif fact.type is V.WORK:
        lines += [f"if {name} is not None:", f"    {name} = {name}.us"]
    elif fact.type in (V.FLOAT, V.DECIMAL) and not fact.required:
        lines += [f"if {name} != {name}:", f"    {name} = None"]  # NaN, the one value unequal to itself, is missing data
    return lines


def _checked(fact: Fact[Any], value: Any, where: str) -> None:
    allowed = _PLAIN[fact.type]
    wrong = not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed)
    if wrong or (fact.type is V.DATE and isinstance(value, datetime)):
        raise InvalidValue(f"{where}{fact.name}", value, f"a {fact.type}")
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise NaiveTime(value, f"{where}{fact.name}")


def _reader(stored: str, fact: Fact[Any]) -> Callable[[Any], Any]:
    """Return a function that checks a value from a record's extra mapping and gives it the form that the generated code holds."""

    def read(value: Any) -> Any:
        if fact.type is V.INSTANT and stored == "microseconds":
            return to_us(value, where=fact.name)
        _checked(fact, value, "")
        if value != value:  # noqa: PLR0124 - NaN
            return None
        if fact.type is V.WORK:
            return value.us
        if stored == "microseconds" and fact.type is V.DATE:
            return value.toordinal()
        if stored == "microseconds" and fact.type is V.SPAN:
            return span_us(value)
        return value

    return read


def check_record(vocabulary: type[Facts], record: Any) -> None:
    """Refuse a record that is not of the vocabulary: a missing required fact, a wrong type, a naive time, a misspelt key.

    Raises:
        InvalidValue, NaiveTime, UnknownName: naming the fact, and the value or the nearest known name.
    """
    facts = [fact for fact in vocabulary.given.values() if fact.definition is None]
    where = f"{vocabulary.__name__}."
    if isinstance(record, Mapping):
        known = tuple(fact.read or fact.name for fact in facts)
        for key in record:
            absent = [name for name in known if name not in record]
            if key not in known and absent and _looks_like(str(key), absent):
                raise UnknownName(f"key of a {vocabulary.__name__}", str(key), known)
    for fact in facts:
        key = fact.read or fact.name
        value = record.get(key) if isinstance(record, Mapping) else _attribute(vocabulary, record, key)
        if value is not None:
            _checked(fact, value, where)
    for fact in required_facts(vocabulary):
        key = fact.read or fact.name
        if (record.get(key) if isinstance(record, Mapping) else getattr(record, key)) is None:
            raise InvalidValue(f"{where}{fact.name}", None, f"a {fact.type}: it is required")


def _looks_like(key: str, names: list[str]) -> bool:
    from difflib import get_close_matches

    return bool(get_close_matches(key, names, n=1, cutoff=0.8))


def _attribute(vocabulary: type[Facts], record: Any, key: str) -> Any:
    try:
        return getattr(record, key)
    except AttributeError:
        names = tuple(name for name in dir(record) if not name.startswith("_"))
        raise UnknownName(f"attribute of the {vocabulary.__name__} record {type(record).__name__}", key, names) from None
