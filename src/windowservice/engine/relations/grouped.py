"""The records that `Grouped` and `United` declare, made of a ledger: groups of rows, and rows of several types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, tzinfo
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from windowservice.domain.periods import span_of
from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread
from windowservice.engine.relations.firm import is_firm, settled
from windowservice.engine.relations.looked import told_rows
from windowservice.engine.relations.same import may_repeat, once
from windowservice.engine.relations.told import ToldRow, lacking, table_of
from windowservice.instants import from_us
from windowservice.language.analysis.check import resolve
from windowservice.language.analysis.visible import last_day_seen
from windowservice.language.relations.periods import FIRST_OF, kind_of
from windowservice.language.relations.rows import Grouped, Part, United, scope_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key, relation_of
from windowservice.plugins.maker import Maker, Pairs

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["lost_by", "name_of", "no_table", "not_over", "periods_since", "relation_makers", "untold"]

Keys = tuple[Any, ...]


def relation_makers(types: Iterable[type[Facts]]) -> dict[str, Maker]:
    """Return what makes the records of the types that are made by expressions, and of those that they rest on."""
    found: dict[str, Maker] = {}
    waiting = list(types)
    while waiting:
        of = waiting.pop()
        relation = relation_of(of.options.rows)
        if relation is None or relation.table in found:
            continue
        sources = [*(one for one, _ in relation.told_of), *relation.named]
        make = partial(_groups, of, relation) if isinstance(relation, Grouped) else partial(_united, relation)
        needs: dict[str, Pairs] = {table_of(one): {} for one in sources}
        found[relation.table] = Maker(relation.table, needs, make, lost_by(relation))
        waiting += sources
    return found


def lost_by(relation: Grouped | United) -> dict[str, Pairs]:
    """Return the tables whose unread rows may have changed a record, with the columns that say which one."""
    found: dict[str, Pairs] = {}
    for of, values in relation.told_of:
        held = {expr.name: name for name, expr in values.items() if isinstance(expr, Fact) and expr.definition is None}
        below = relation_of(of.options.rows)
        tables: dict[str, Pairs] = {table_of(of): {name: name for name in held}} if below is None else lost_by(below)
        if table_of(of) == "requests":
            tables["events"] = {}
        for table, pairs in tables.items():
            mine = {column: held[name] for column, name in pairs.items() if name in held}
            found[table] = mine if found.get(table, mine) == mine else {}
    return found


# --- groups -----------------------------------------------------------------------------------------------------------


def _groups(of: type[Facts], relation: Grouped, seen: Seen) -> Iterator[Record]:
    """Yield the groups, ordered by their keys."""
    held: dict[Keys, list[Any]] = {keys: [] for keys in _every(relation, seen)}
    certain: dict[Keys, list[Unread]] = {}
    doubts: dict[Keys, list[Unread]] = {}
    lost = [no_table(table) for table in lacking(relation.of, lambda one: seen.is_there(table_of(one)))]
    where = [] if relation.where is None else [relation.where]
    asked = [*relation.by.values(), *where]
    firm = [is_firm(relation.of, expr) for expr in asked]
    for row in told_rows(seen, relation.of, asked):
        told, named = settled(row, firm), row.values[: len(relation.by)]
        if told is not row and None not in named and not any(row.later[: len(relation.by)]):
            held.setdefault(named, [])  # the group that it seems to belong to is there, in doubt
        keys, belongs = told.values[: len(relation.by)], not where or told.values[-1]
        if belongs is False or any(told.later[: len(relation.by)]):
            continue
        whole = None not in keys
        if belongs and whole:
            held.setdefault(keys, []).append(told.row)
        if unread := told.unread or (() if belongs and whole else (_untold(told),)):
            (certain if whole else doubts).setdefault(keys, []).extend(unread)
    until = not_over(relation, seen.us, seen.zone)
    for keys, rows in sorted(held.items(), key=lambda item: tuple(map(str, item[0]))):
        values = dict(zip(relation.by, keys, strict=True))
        if until is not None and values[relation.over] >= until:
            continue
        may_be = (row for some, unread in doubts.items() if _may_be(some, keys) for row in unread)
        unread = tuple(dict.fromkeys((*lost, *certain.get(keys, ()), *may_be)))
        said = {"id": _id(relation, values), **values, str(children_key(of)): rows}
        yield Record(relation.table, said, unread=unread)


def not_over(relation: Grouped, us: int, zone: tzinfo) -> date | None:
    """Return the first day of the period that is not over at an instant; None if all groups are there."""
    if not relation.over:
        return None
    today = from_us(us, zone).date().toordinal()
    return date.fromordinal(_first_of(relation.by[relation.over])(today))


def name_of(expr: Expr[Any], key: Any) -> str:
    """Return how a key is called: a period by its name."""
    kind = kind_of(resolve(expr))
    return str(key) if kind is None else span_of(kind, key).name


def _id(relation: Grouped, keys: Mapping[str, Any]) -> str:
    if not relation.id:
        return " ".join(map(str, keys.values()))
    parts = relation.id_parts
    return "".join(name_of(relation.by[one], keys[one]) if at % 2 else one for at, one in enumerate(parts))


def no_table(table: str) -> Unread:
    """Return a table that is not there, as what could not be read."""
    return Unread(table, table, 0, "there is no such table")


def untold(named: str) -> Unread:
    """Return a row that was read, but does not tell whether or where it belongs, as one that could not be read."""
    return Unread("", named, 0, "it does not tell where it belongs")


def _untold(told: ToldRow) -> Unread:
    row = told.row
    return untold((row.where if isinstance(row, Record) else "") or f"the row {_id_of(row)}")


def _id_of(row: Any) -> Any:
    return row.id if isinstance(row, Request) else row.get("id")


def _may_be(told: Keys, keys: Keys) -> bool:
    return all(one is None or one == key for one, key in zip(told, keys, strict=True))


def _every(relation: Grouped, seen: Seen) -> Iterator[Keys]:
    if not relation.every:
        return iter(())
    return product(*(_values_of(relation, key, seen) for key in relation.by))


def _values_of(relation: Grouped, key: str, seen: Seen) -> list[Any]:
    said, expr = relation.every[key], relation.by[key]
    if isinstance(said, Expr):
        rows = told_rows(seen, scope_of(said), [said])
        return list(dict.fromkeys(told.values[0] for told in rows if told.values[0] is not None))
    if isinstance(said, (str, date)):
        return periods_since(said, expr, seen.us, seen.zone)
    return list(dict.fromkeys(said))


def periods_since(since: date | str, expr: Expr[Any], us: int, zone: tzinfo) -> list[date]:
    """Return the first days of the periods of a key, from a day until the one in which an instant lies.

    Args:
        since: the day.
        expr: the key.
        us: the instant, in microseconds UTC.
        zone: the zone of dates.
    """
    begin = date.fromisoformat(since) if isinstance(since, str) else since
    first_of = _first_of(expr)
    days = range(begin.toordinal(), last_day_seen(us, zone).toordinal() + 1)
    return list(dict.fromkeys(date.fromordinal(first_of(day)) for day in days))


def _first_of(expr: Expr[Any]) -> Callable[..., Any]:
    """Return what gives the first day of the period that an expression gives of a date, all as ordinals."""
    kind = kind_of(resolve(expr))
    counted = None if kind is None else FIRST_OF[kind].integers
    return int if counted is None else partial(counted, [])


# --- united -----------------------------------------------------------------------------------------------------------


def _united(relation: United, seen: Seen) -> Iterator[Record]:
    """Yield the rows of all parts; of rows that are one happening, the first."""
    found = [row for part in relation.parts for row in _of_part(relation, part, seen)]
    if not relation.same:
        yield from (record for record, _ in found)
        return
    kept = once([same for _, same in found])
    for place, (record, _) in enumerate(found):
        if place in kept:
            doubt = (may_repeat(record.table, record["id"]),) if kept[place] else ()
            yield Record(record.table, record, unread=(*record.unread, *doubt)) if doubt else record


def _of_part(relation: United, part: Part, seen: Seen) -> Iterator[tuple[Record, Keys | None]]:
    """Yield the rows of a part, by number if some may be the same, with that by which they are; None: by nothing."""
    where = [] if part.where is None else [part.where]
    rows = told_rows(seen, part.of, [*part.values.values(), *where])
    places = [list(part.values).index(name) for name in relation.same]
    for row in sorted(rows, key=lambda told: str(_id_of(told.row))) if places else rows:
        belongs = not where or row.values[-1]
        if belongs is False:
            continue
        unread = row.unread if belongs else (*row.unread, _untold(row))
        values = dict(zip(part.values, row.values[: len(part.values)], strict=True))
        record = Record(relation.table, {"id": f"{table_of(part.of)} {_id_of(row.row)}", **values}, unread=unread)
        yield record, None if any(row.later[at] for at in places) else tuple(row.values[at] for at in places)
