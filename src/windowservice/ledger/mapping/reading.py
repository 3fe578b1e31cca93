"""Reading a mapping file: TOML, data only, strict.

A key that the format does not have is refused with the nearest name, and nothing in the file is ever executed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cattrs import Converter

from windowservice.domain.codes import plain
from windowservice.errors import nearest
from windowservice.files import load_toml, parse_toml
from windowservice.instants import get_zone
from windowservice.ledger.cells.numbers import UNITS
from windowservice.ledger.cells.time_formats import pattern_problem
from windowservice.ledger.mapping.mapping import (
    BankMap,
    Cell,
    ClerkMap,
    Constant,
    EventMap,
    LedgerMapping,
    RecordMap,
    RequestMap,
    RowMap,
    ServiceMap,
    WordValue,
)
from windowservice.ledger.schema import Table
from windowservice.ledger.tables import BUILT_IN, Tables
from windowservice.strict import read, record_hook, refuse, strict_converter

__all__ = ["mapping_from_dict", "mapping_from_toml", "read_mapping"]

_WHAT: Final = "a mapping of a ledger"
_RECORDS: Final[tuple[type[RecordMap], ...]] = (RequestMap, EventMap, BankMap, ServiceMap, ClerkMap, RowMap)
_FORMS: Final[dict[str, frozenset[str]]] = {
    "instant": frozenset({"format", "zone", "shift", "date", "midnight_is_date", "excel_serial", "epoch"}),
    "date": frozenset({"format", "zone", "excel_serial", "epoch"}),
    "number": frozenset({"decimal", "thousands", "unit"}),
    "integer": frozenset({"thousands", "unit"}),
    "boolean": frozenset({"yes", "no"}),
    "items": frozenset({"separator"}),
}
"""The keys of a cell that have a meaning only for columns of that type."""
_ALL_FORMS: Final = frozenset().union(*_FORMS.values())


def read_mapping(path: str | Path, tables: Tables = BUILT_IN) -> LedgerMapping:
    """Read a mapping file.

    Args:
        path: the file.
        tables: the ledger tables that it can fill.

    Raises:
        InvalidDocument: if it is not TOML or not a mapping; every problem is listed with its path.
    """
    path = Path(path)
    _, data = load_toml(path, _WHAT, where=path.name)
    return mapping_from_dict(data, tables, where=path.name)


def mapping_from_toml(text: str, *, where: str = "") -> LedgerMapping:
    """Read a mapping from TOML text; raises as `read_mapping`."""
    return mapping_from_dict(parse_toml(text, _WHAT, where), where=where)


def mapping_from_dict(data: Mapping[str, Any], tables: Tables = BUILT_IN, *, where: str = "") -> LedgerMapping:
    """Read a mapping from plain values; raises as `read_mapping`."""
    return read(LedgerMapping, data, _converter(tables), what=_WHAT, where=where)


def _converter(tables: Tables) -> Converter:
    converter = strict_converter()
    texts = converter.get_structure_hook(tuple[str, ...])
    constant = Constant | None

    def one_or_more(value: object, _: object) -> object:
        return texts([value] if isinstance(value, str) else value, tuple[str, ...])

    converter.register_structure_hook_func(lambda kind: kind in (tuple[str, ...], tuple[str, ...] | None), one_or_more)
    converter.register_structure_hook_func(lambda kind: kind in (constant, Constant), lambda value, _: _constant(value))
    converter.register_structure_hook_func(lambda kind: kind == WordValue, lambda value, _: _word(value, tables))
    converter.register_structure_hook(Cell, _cell_hook(converter))
    for record in _RECORDS:
        converter.register_structure_hook(record, _record_hook(record, converter, tables))
    return converter


def _constant(value: object) -> Constant:
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise refuse(value, "a text, an integer, true, false or a list of texts")


def _word(value: object, tables: Tables) -> WordValue:
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        raise refuse(
            value, "a word, or a table of fields of the event, as in { kind = 'suspended', reason = 'hearing' }"
        )
    known = (*tables.named("events").names, "until_next")
    for name in value:
        if name not in known:
            raise TypeError(f"unknown field {name!r}{nearest(name, known)}")
    return {name: _constant(inner) for name, inner in value.items()}


def _cell_hook(converter: Converter) -> Callable[[Any, Any], Cell]:
    build = record_hook(Cell, converter)

    def hook(value: object, _: object) -> Cell:
        if isinstance(value, str):
            return Cell(column=(value,))
        if not isinstance(value, Mapping):
            raise refuse(value, "the name of a column, or a table, as in { column = 'Opened', date = 'start' }")
        cell: Cell = build(value, Cell)
        for zone in (cell.zone, *((cell.shift.read_as, cell.shift.show_in) if cell.shift else ())):
            if zone:
                get_zone(zone)
        return cell

    return hook


def _record_hook(
    record: type[RecordMap], converter: Converter, tables: Tables
) -> Callable[[Any, Any], RecordMap]:  # fmt: skip
    """Return the hook that reads a table of cells: ours by their names in the schema, others under ``extra``."""
    options = {"where": Mapping[str, tuple[str, ...]], "once": bool} if record is EventMap else {}
    fixed = tables.named(record.of) if record.of else None

    def hook(value: object, _: object) -> RecordMap:
        if not isinstance(value, Mapping):
            raise refuse(value, f"a table with columns of {fixed.name if fixed else 'a ledger table, which it names'}")
        schema, own = fixed, {}
        if schema is None:
            name = value.get("table")
            if not isinstance(name, str):
                raise TypeError("'table' is missing: the name of the ledger table that the row goes to")
            schema, own = tables.named(name), {"table": name}
            value = {key: cell for key, cell in value.items() if key != "table"}
        needed = {name for name in schema.required if name != "request"}  # an event may get it from [table.request]
        extra = value.get("extra", {})
        if not isinstance(extra, Mapping):
            raise refuse(extra, "a table of further fields")
        known = (*schema.names, "extra", *options)
        problems = [f"unknown key {name!r}{nearest(name, known)}" for name in value if name not in known]
        problems += [f"{name!r} is missing" for name in sorted(needed - set(value))]
        if problems:
            raise TypeError("; ".join(problems))
        named = {name: cell for name, cell in value.items() if name in schema.names}
        named |= {f"extra.{name}": cell for name, cell in extra.items()}
        cells = converter.structure(named, dict[str, Cell])
        problems = [problem for name, cell in cells.items() for problem in _misfits(schema, name, cell)]
        if problems:
            raise TypeError("; ".join(problems))
        return record(
            cells={name: cell for name, cell in cells.items() if not name.startswith("extra.")},
            extra={name.removeprefix("extra."): cell for name, cell in cells.items() if name.startswith("extra.")},
            **own,
            **{name: converter.structure(value[name], kind) for name, kind in options.items() if name in value},
        )

    return hook


def _misfits(table: Table, name: str, cell: Cell) -> Iterator[str]:
    """Yield what does not fit together in a cell: keys without a meaning for its type, a word that is not allowed."""
    if name.startswith("extra."):
        kind = cell.type or "text"
    elif cell.type:
        yield f"{name}: the schema says its type; leave 'type' out"
        return
    else:
        kind = table.column(name).type
    given = {key for key in _ALL_FORMS if getattr(cell, key) != getattr(_PLAIN, key)}
    for key in sorted(given - _FORMS.get(kind, frozenset())):
        yield f"{name}: {key!r} has no meaning for a column of type {kind}"
    if kind != "kind":
        if cell.other not in (None, "reject", "ignore", "keep"):
            yield f"{name}: other must be 'reject', 'ignore' or 'keep', got {cell.other!r}"
        if any(not isinstance(word, str) for word in cell.words.values()):
            yield f"{name}: a word can stand for several fields only in the column 'kind'"
    yield from _odd_columns(name, kind, cell)
    yield from _odd_forms(name, cell)


def _odd_columns(name: str, kind: str, cell: Cell) -> Iterator[str]:
    if kind == "instant" and len(cell.column) > 2:
        yield f"{name}: a time stands in one column, or in two: [day, time of day]"
    elif len(cell.column) > 1 and kind not in ("kind", "text", "code", "instant"):
        yield f"{name}: several columns make no {kind}"
    elif len(cell.column) > 1 and (cell.epoch or cell.midnight_is_date):
        yield f"{name}: a day and a time of day in two columns go neither with epoch nor with midnight_is_date"


def _odd_forms(name: str, cell: Cell) -> Iterator[str]:
    """Yield what the forms of a cell say that cannot be."""
    for pattern in cell.format:
        problem = pattern_problem(pattern)
        if problem is not None:
            yield f"{name}: the format {pattern!r} cannot be used: {problem}"
    if cell.format and cell.epoch:
        yield f"{name}: format and epoch are two ways to read one number; leave one out"
    if cell.unit and cell.unit not in UNITS:
        yield f"{name}: unknown unit {cell.unit!r}{nearest(cell.unit, UNITS)}; known: {', '.join(UNITS)}"
    for word in sorted({plain(word).casefold() for word in cell.yes} & {plain(word).casefold() for word in cell.no}):
        yield f"{name}: {word!r} stands for yes and for no"
    for key in ("decimal", "thousands"):
        mark = getattr(cell, key)
        if len(mark) != 1 or mark.isdigit() or mark in "+-eE":
            yield f"{name}: {key} must be one sign that is no digit, got {mark!r}"


_PLAIN: Final = Cell(column=("any",))
