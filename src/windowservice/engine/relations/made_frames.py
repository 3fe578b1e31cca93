"""Frames of the records that `Grouped` and `United` declare, made of the frames of what they are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any, Final, Protocol

import attrs

from windowservice.domain.unread import Unread
from windowservice.engine.frames.columns import empty_column
from windowservice.engine.frames.frames import KEY, Frames, as_of_instant, unfit_rows
from windowservice.engine.frames.in_hand import held_series
from windowservice.engine.frames.intake import Intake
from windowservice.engine.frames.keys import PLACE
from windowservice.engine.frames.order import in_order
from windowservice.engine.relations.firm import settled_columns
from windowservice.engine.relations.grouped import name_of, not_over, periods_since, untold
from windowservice.engine.relations.same import may_repeat, once
from windowservice.engine.relations.told import held_outside, table_of
from windowservice.errors import NotColumnar
from windowservice.language.polars.children import ROW
from windowservice.language.relations.rows import Grouped, Part, United, scope_of
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts, relation_of
from windowservice.language.tree.values import ValueType
from windowservice.plugins.maker import Pairs

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.engine.relations.told_columns import ToldColumn

    Flags = np.ndarray[Any, Any]

__all__ = ["Sources", "as_judged", "grouped_frames", "united_frames", "with_lost"]

V = ValueType
_AT: Final = "__at"
_WAS: Final = "__was"
_TOLD: Final = "__told"
_UNIX_EPOCH: Final = 719_163
"""The ordinal of 1970-01-01."""


class Sources(Protocol):
    """What frames are made of: the frames of other types, and what expressions say of their rows."""

    @property
    def us(self) -> int:
        """The instant, in microseconds UTC."""

    @property
    def zone(self) -> tzinfo:
        """The zone of dates."""

    def of(self, root: type[Facts]) -> Frames | None:
        """Return the frames of a type; None if nobody has its table."""

    def told(self, frames: Frames, exprs: Sequence[Expr[Any]]) -> list[ToldColumn]:
        """Return what expressions say of the rows of frames."""

    def lacking(self, root: type[Facts]) -> tuple[Unread, ...]:
        """Return the tables that records of a type are made of and that nobody has."""


# --- groups -----------------------------------------------------------------------------------------------------------


def grouped_frames(of: type[Facts], relation: Grouped, sources: Sources) -> Frames:
    """Return the groups, ordered by their keys, with their rows as children."""
    import numpy as np
    import polars as pl

    names = [f"__key {name}" for name in relation.by]
    source = sources.of(relation.of)
    rows = _nothing(relation.of) if source is None else source
    where = [] if relation.where is None else [relation.where]
    asked = [*relation.by.values(), *where]
    seeming = sources.told(rows, asked)
    told = settled_columns(rows, asked, seeming)
    keys = pl.DataFrame([_as_key(one.values).alias(name) for name, one in zip(names, told, strict=False)])
    kept, belongs = _belonging(rows, told[len(names) :])
    for one in told[: len(names)]:
        kept = kept if one.later is None else kept & ~one.later
    whole = ~np.logical_or.reduce([keys[name].is_null().to_numpy() for name in names])
    members = keys.with_columns(pl.int_range(pl.len()).alias(_AT)).filter(pl.Series(kept & belongs & whole))
    found = members.group_by(names).agg(_AT)
    if relation.every:
        found = _every(relation, names, sources).join(found, on=names, how="full", coalesce=True)
    if rows.unread:  # the groups that rows in doubt seem to belong to are there, in doubt
        found = _seeming(rows, names, seeming).join(found, on=names, how="full", coalesce=True)
    if (until := not_over(relation, sources.us, sources.zone)) is not None:
        found = found.filter(pl.col(f"__key {relation.over}") < until.toordinal())
    texts = [_texts(found[name], expr.type).alias(name) for name, expr in zip(names, relation.by.values(), strict=True)]
    shown = pl.DataFrame(texts)
    order = shown.select(pl.arg_sort_by(names)).to_series()
    groups = found[order].with_columns(_ids(relation, shown[order]))
    children = _members(rows, groups[_AT])
    unread = _doubts(rows, keys, groups.select(*names), kept, kept & ~(belongs & whole))
    if lost := sources.lacking(relation.of):
        unread = {row: _together([lost, *([unread[row]] if row in unread else [])]) for row in range(groups.height)}
    records = _records(of, groups.height, {name: groups[key] for name, key in zip(relation.by, names, strict=True)})
    return Frames(
        records.with_columns(groups[KEY]), in_order(children, relation.of), Intake(groups.height), of, rows.added,
        unread=unread, below=rows.held,
    )  # fmt: skip


def _seeming(rows: Frames, names: Sequence[str], told: Sequence[ToldColumn]) -> pl.DataFrame:
    """Return the keys, each once, of the groups that rows in doubt seem to belong to."""
    import polars as pl

    keys = pl.DataFrame([_as_key(one.values).alias(name) for name, one in zip(names, told, strict=False)])
    for name, one in zip(names, told, strict=False):
        if one.later is not None:
            keys = keys.with_columns(pl.when(~pl.Series(one.later)).then(name).alias(name))
    return keys[sorted(rows.unread)].drop_nulls().unique(maintain_order=True)


def _ids(relation: Grouped, shown: pl.DataFrame) -> pl.Series:
    """Return how groups are called, given their keys as texts."""
    import polars as pl

    parts: list[Any] = [f"__key {name}" for name in relation.by]
    if relation.id:
        parts = [pl.lit(one) for one in relation.id_parts]
        for at, name in enumerate(relation.id_parts[1::2]):
            expr, mine = relation.by[name], shown[f"__key {name}"]
            if expr.type is V.DATE:
                names = {text: name_of(expr, date.fromisoformat(text)) for text in mine.unique().to_list()}
                mine = mine.replace_strict(names, return_dtype=pl.String)
            parts[2 * at + 1] = mine
    return shown.select(pl.concat_str(parts, separator="" if relation.id else " ").alias(KEY)).to_series()


def _members(rows: Frames, places: pl.Series) -> pl.DataFrame:
    """Return the rows of groups as children, given the places of those of each."""
    import numpy as np
    import polars as pl

    sizes = places.list.len().fill_null(0).to_numpy()
    flat = places.explode().drop_nulls()
    row = pl.Series(ROW, np.repeat(np.arange(len(places)), sizes), dtype=pl.Int64)
    return rows.records[flat].with_columns(row, flat.cast(pl.Int64).alias(PLACE))


def _belonging(rows: Frames, where: Sequence[ToldColumn]) -> tuple[Flags, Flags]:
    """Return which rows may belong, and which do certainly."""
    import numpy as np

    kept = np.ones(rows.records.height, bool)
    kept[list(rows.intake.unjudged)] = False
    if not where:
        return kept, kept
    holds = where[0].values
    return kept & holds.fill_null(value=True).to_numpy(), holds.fill_null(value=False).to_numpy()


def _doubts(
    rows: Frames, keys: pl.DataFrame, groups: pl.DataFrame, kept: Flags, unsure: Flags
) -> dict[int, tuple[Unread, ...]]:
    """Return what may have said something else of groups, by their number.

    Args:
        rows: what is grouped.
        keys: the keys of each row.
        groups: the keys of each group.
        kept: which rows may belong.
        unsure: which of them do not tell whether they belong, or where.
    """
    import numpy as np
    import polars as pl

    doubtful = unsure.copy()
    doubtful[list(rows.unread)] = True
    doubtful &= kept
    if not doubtful.any():
        return {}
    names, groups = keys.columns, groups.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    some = keys.with_columns(pl.Series(_AT, np.arange(len(doubtful)))).filter(pl.Series(doubtful))
    told = dict(zip(some[_AT].to_list(), _unread_of(rows, some[_AT], unsure), strict=True))
    alike = some.group_by(names, maintain_order=True).agg(_AT).with_row_index(_WAS)
    said = [tuple(row for at in places for row in told[at]) for places in alike[_AT].to_list()]
    found: dict[int, list[tuple[Unread, ...]]] = {}
    is_null = [pl.col(name).is_null() for name in names]
    for pattern in alike.select(is_null).unique(maintain_order=True).iter_rows():
        known = [name for name, missing in zip(names, pattern, strict=True) if not missing]
        mine = alike.filter(one == missing for one, missing in zip(is_null, pattern, strict=True)).select(_WAS, *known)
        met = mine.join(groups, on=known) if known else mine.join(groups, how="cross")
        for place, group in met.select(_WAS, ROW).iter_rows():
            found.setdefault(group, []).append(said[place])
    return {group: _together(parts) for group, parts in found.items()}


def _together(parts: Sequence[tuple[Unread, ...]]) -> tuple[Unread, ...]:
    """Return rows each once; those of one part, which many records may share, as they are."""
    return parts[0] if len(parts) == 1 else tuple(dict.fromkeys(row for part in parts for row in part))


def _unread_of(rows: Frames, places: pl.Series, unsure: Flags) -> Iterator[tuple[Unread, ...]]:
    """Yield of some rows what of them could not be read, or that they do not tell where they belong."""
    for at, id_ in zip(places.to_list(), rows.records[KEY].gather(places).to_list(), strict=True):
        where = getattr(rows.held[at], "where", "") if rows.held is not None else ""
        yield rows.unread.get(at) or ((untold(where or f"the row {id_}"),) if unsure[at] else ())


def _every(relation: Grouped, names: Sequence[str], sources: Sources) -> pl.DataFrame:
    """Return the keys of the groups that are there even without rows."""
    import polars as pl

    if not relation.every:
        kinds = [empty_column(name, expr.type, 0) for name, expr in zip(names, relation.by.values(), strict=True)]
        return pl.DataFrame(kinds)
    found = None
    for name, (key, expr) in zip(names, relation.by.items(), strict=True):
        values = _values_of(relation.every[key], expr, sources).drop_nulls()
        mine = values.unique(maintain_order=True).alias(name).to_frame()
        found = mine if found is None else found.join(mine, how="cross")
    assert found is not None  # noqa: S101 - groups have keys
    return found


def _values_of(said: Any, expr: Expr[Any], sources: Sources) -> pl.Series:
    if isinstance(said, Expr):
        rows = sources.of(scope_of(said)) or _nothing(scope_of(said))
        values = _as_key(sources.told(rows, [said])[0].values)
        return values.filter(_belonging(rows, ())[0])
    if isinstance(said, (str, date)):
        said = periods_since(said, expr, sources.us, sources.zone)
    series, odd = held_series(expr.type, said)
    if odd:
        raise NotColumnar("every=", "a value that no column holds")
    return _as_key(series)


def _as_key(series: pl.Series) -> pl.Series:
    """Return values in a form in which those of several columns are compared."""
    import polars as pl

    if isinstance(series.dtype, (pl.Enum, pl.Categorical)):
        return series.cast(pl.String)
    return series.list.sort() if isinstance(series.dtype, pl.List) else series


def _texts(series: pl.Series, kind: ValueType) -> pl.Series:
    """Return keys as Python writes them."""
    import polars as pl

    if kind is V.TEXT:
        return series
    if kind is V.DATE:
        return (series - _UNIX_EPOCH).cast(pl.Int32).cast(pl.Date).cast(pl.String)
    if kind is V.INT and series.dtype == pl.Int64:
        return series.cast(pl.String)
    return pl.Series([str(held_outside(value, kind)) for value in series.to_list()], dtype=pl.String)


# --- united -----------------------------------------------------------------------------------------------------------


def united_frames(of: type[Facts], relation: United, sources: Sources) -> Frames:
    """Return the rows of all parts; of rows that are one happening, the first."""
    import polars as pl

    parts, unread, height = [], dict[int, tuple[Unread, ...]](), 0
    for part in relation.parts:
        if (rows := sources.of(part.of)) is None:
            continue
        frame, mine = _of_part(of, part, rows, sources, relation.same)
        parts.append(frame)
        unread |= {height + row: said for row, said in mine.items()}
        height += frame.height
    whole = pl.concat(parts, how="vertical_relaxed") if parts else _records(of, 0, {}).with_columns(_no_ids())
    if relation.same and parts:
        whole, unread = _once(of, relation, whole, unread)
    none = pl.DataFrame(schema={ROW: pl.Int64})
    return Frames(whole, none, Intake(whole.height), of, unread=unread)


def _once(
    of: type[Facts], relation: United, rows: pl.DataFrame, unread: Mapping[int, tuple[Unread, ...]]
) -> tuple[pl.DataFrame, dict[int, tuple[Unread, ...]]]:
    """Return the rows of all parts that tell of a happening, and what is not known of them."""
    import polars as pl

    named = [of.given[name].read or name for name in relation.same]
    told, rows = rows[_TOLD], rows.drop(_TOLD)
    some_missing = rows.select(pl.any_horizontal(pl.col(named).is_null())).to_series() & told
    if some_missing.any():
        keys = (row if one else None for one, row in zip(told, rows.select(named).iter_rows(), strict=True))
        kept = once(list(keys))
    else:
        first = rows.select(pl.struct(named).is_first_distinct()).to_series() | ~told
        kept = dict.fromkeys(first.arg_true().to_list(), False)
    ids = rows[KEY]
    doubts = {row: (may_repeat(relation.table, ids[row]),) for row, repeats in kept.items() if repeats}
    both = {
        now: (*unread.get(was, ()), *doubts.get(was, ()))
        for now, was in enumerate(kept)
        if was in unread or was in doubts
    }
    return rows[list(kept)], both


def _of_part(
    of: type[Facts], part: Part, rows: Frames, sources: Sources, same: Sequence[str]
) -> tuple[pl.DataFrame, dict[int, tuple[Unread, ...]]]:
    """Return the rows of a part, by number if some may be the same, and what is not known of them."""
    import numpy as np
    import polars as pl

    where = [] if part.where is None else [part.where]
    told = sources.told(rows, [*part.values.values(), *where])
    kept, belongs = _belonging(rows, told[len(part.values) :])
    values = {name: _as_key(one.values) for name, one in zip(part.values, told, strict=False)}
    records = _records(of, rows.records.height, values)
    ids = rows.records.select(pl.concat_str(pl.lit(f"{table_of(part.of)} "), pl.col(KEY)).alias(KEY))
    records = records.with_columns(ids.to_series())
    places = np.flatnonzero(kept)
    if same:
        nothing = [one.later for name, one in zip(part.values, told, strict=False) if name in same]
        later = np.logical_or.reduce([np.zeros(len(kept), bool), *(one for one in nothing if one is not None)])
        records = records.with_columns(pl.Series(_TOLD, ~later))
        places = places[records[KEY].gather(places).arg_sort().to_numpy()]
    unsure = kept & ~belongs
    doubtful = pl.Series(sorted({*rows.unread, *np.flatnonzero(unsure).tolist()}), dtype=pl.Int64)
    own = {row: rows.unread.get(row, ()) for row in doubtful.to_list()}
    doubt = dict(zip(own, _unread_of(attrs.evolve(rows, unread={}), doubtful, unsure), strict=True))
    number = {was: now for now, was in enumerate(places.tolist())} if own else {}
    unread = {number[row]: (*said, *doubt[row]) for row, said in own.items() if kept[row]}
    return records[places], unread


# --- both -------------------------------------------------------------------------------------------------------------


def _records(of: type[Facts], height: int, values: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return the given facts of made records as columns; what nothing says is missing."""
    import polars as pl

    facts = [fact for fact in of.given.values() if fact.definition is None]
    columns = []
    for fact in facts:
        name = fact.read or fact.name
        held = values.get(fact.name)
        columns.append(empty_column(name, fact.type, height) if held is None else held.alias(name))
    return pl.DataFrame(columns) if columns else pl.DataFrame({KEY: empty_column(KEY, V.TEXT, height)})


def _no_ids() -> pl.Series:
    return empty_column(KEY, V.TEXT, 0)


def _nothing(root: type[Facts]) -> Frames:
    """Return the frames of a table that is not there."""
    import polars as pl

    records = _records(root, 0, {}).with_columns(_no_ids())
    return Frames(records, pl.DataFrame(schema={ROW: pl.Int64}), Intake(), root)


def with_lost(
    frames: Frames, rests_on: Mapping[str, Mapping[str, str]], lost: Callable[[str], Iterable[Unread]]
) -> Frames:
    """Return made frames, each record with the rows that could not be read and that could have changed it.

    Args:
        frames: the frames.
        rests_on: the tables that they are made of, with what makes a row concern a record.
        lost: gives the rows of a table that could not be read.
    """
    found: dict[int, list[Unread]] = {}
    for table, pairs in rests_on.items():
        for one in lost(table):
            for row in _concerned(frames, one, pairs):
                found.setdefault(row, []).append(one)
    more = {
        row: _together([*([frames.unread[row]] if row in frames.unread else []), tuple(said)])
        for row, said in found.items()
    }
    return attrs.evolve(frames, unread={**frames.unread, **more})


def _concerned(frames: Frames, lost: Unread, pairs: Pairs) -> list[int]:
    """Return the records that a row may have told of: by each column it does, or the cell could not be read."""
    import numpy as np

    hit = np.ones(frames.records.height, bool)
    for column, name in pairs.items():
        fact = frames.root.given[name]
        if column in lost.said and fact.type is not V.TEXTS:
            series, odd = held_series(fact.type, [lost.said[column]])
            mine = frames.records[fact.read or name]
            same = (_as_key(mine) == _as_key(series)[0]) if not odd and not series.null_count() else mine.is_null()
            hit &= (same | mine.is_null()).fill_null(value=True).to_numpy()
    found: list[int] = np.flatnonzero(hit).tolist()
    return found


def as_judged(frames: Frames, us: int, zone: tzinfo) -> Frames:
    """Return made frames as they are judged: what begins later is not there, what cannot be judged is listed."""
    import polars as pl

    root, child, place = frames.root, frames.root.children, pl.int_range(pl.len(), dtype=pl.Int64)
    unjudged = unfit_rows(frames.records, root, root.__name__, place)
    if child is not None and relation_of(child.options.rows) is not None:  # others were looked at as they came in
        unjudged = unfit_rows(frames.children, child, child.__name__, pl.col(ROW)) | unjudged
    told = attrs.evolve(
        frames, records=frames.records.with_columns(place.alias(_WAS)),
        intake=attrs.evolve(frames.intake, unjudged=unjudged),
    )  # fmt: skip
    seen = as_of_instant(told, us, zone, ())
    number = {was: now for now, was in enumerate(seen.records[_WAS].to_list())} if frames.unread else {}
    unread = {number[row]: said for row, said in frames.unread.items() if row in number}
    return attrs.evolve(seen, records=seen.records.drop(_WAS), unread=unread)
