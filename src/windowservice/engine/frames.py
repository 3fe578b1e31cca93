"""Frames as they come in: records and their children, checked and put into the form that columns are judged in.

Any frame that exports Arrow is taken (Polars, pandas, pyarrow, DuckDB). Each given fact becomes a column of its type,
and the children of a record (the events of a request) stand together and in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.frame_columns import as_words, convert, empty_column, first_row
from windowservice.errors import InvalidValue, MissingColumn, UnknownName
from windowservice.language.facts import Fact, Facts
from windowservice.language.polars_children import ROW
from windowservice.language.python_facts import is_added

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

__all__ = ["KEY", "Frames", "Intake", "is_frame", "read_frames", "table_names", "to_polars_frame"]

KEY: Final = "id"
"""The column of records that names each."""
_EXTRA: Final = "extra."
_SHOWN: Final = 5


@attrs.frozen
class Intake:
    """What was passed over while frames were read: nothing is left out silently.

    Attributes:
        orphans: how many children name a record that is not there.
        orphan_keys: a few of the names.
        unused: the columns that no rule reads, by table.
        foreign: why some records cannot be judged, by the number of their row.
    """

    orphans: int = 0
    orphan_keys: tuple[str, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    foreign: Mapping[int, str] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Frames:
    """Records and their children, ready to be judged.

    Attributes:
        records: one row for each record (for a reopened request: for each cycle), with the columns of its given facts
            and `id`, the key as text.
        children: one row for each child, with the number of its record, in order.
        intake: what was passed over.
    """

    records: pl.DataFrame
    children: pl.DataFrame
    intake: Intake

    @property
    def orphans(self) -> int:
        """How many children name a record that is not there."""
        return self.intake.orphans

    @cached_property
    def bounds(self) -> np.ndarray[Any, Any]:
        """Where the children of each record begin; one number more than there are records."""
        import numpy as np

        found: np.ndarray[Any, Any] = np.searchsorted(self.children[ROW].to_numpy(), np.arange(self.records.height + 1))
        return found


def is_frame(value: object) -> bool:
    """Whether a value is a frame: of Polars, lazy or not, or anything that exports Arrow."""
    arrow = ("__arrow_c_stream__", "to_arrow_table", "__dataframe__")
    return any(hasattr(value, name) for name in arrow) or type(value).__module__.startswith("polars.lazyframe")


def table_names(root: type[Facts]) -> tuple[str, str | None]:
    """Return what the tables of a vocabulary are called: its name and that of its children, with an s."""
    return f"{root.__name__}s", None if root.children is None else f"{root.children.__name__}s"


def to_polars_frame(frame: Any, where: str = "frame") -> pl.DataFrame:
    """Return any frame that exports Arrow as a Polars frame; a lazy one is collected.

    Raises:
        InvalidValue: if it is no frame, or a column of it cannot be exported.
    """
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if isinstance(frame, pl.DataFrame):
        return frame
    wanted = "a frame that exports Arrow (Polars, pandas, pyarrow, DuckDB)"
    if not is_frame(frame):
        raise InvalidValue(where, type(frame).__name__, wanted)
    if hasattr(frame, "to_arrow_table"):  # a DuckDB relation, whose stream would block its connection
        frame = frame.to_arrow_table()
    try:
        return pl.DataFrame(frame)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:  # pyarrow's own errors are of the first two
        raise InvalidValue(where, str(error).strip(), f"{wanted}, each column of one type") from error


def read_frames(
    records: Any, children: Any, root: type[Facts], as_of: int, *, added: Iterable[Fact[Any]] = (),
    kinds: frozenset[str] | None = None, where: str = "",
) -> Frames:  # fmt: skip
    """Return records and their children in the form in which columns are judged.

    Args:
        records: one row for each record; its columns are the vocabulary's given facts and `id`, further fields as
            ``extra.<name>``. Without a column `id` the rows are named ``row 1`` and so on.
        children: one row for each child; of an event ``request``, ``at``, ``kind`` and the other given facts; or None.
        root: the vocabulary of the records.
        as_of: children after this instant (microseconds UTC) are not seen.
        added: given facts that plugins add and rules read.
        kinds: the kinds of child that are known; None takes any.
        where: the place of the frames, for messages.

    Raises:
        MissingColumn, InvalidValue, NaiveTime, TimeOutOfRange, UnknownName: for a column that cannot be what it has to
            be; column and row are named.
    """
    import polars as pl

    upper, lower = table_names(root)
    raw = to_polars_frame(records, f"{where}{upper}")
    facts = [fact for fact in added if fact.scope is root]
    found, unused = _typed(raw, root, facts, f"{where}{upper}", keep=(KEY,))
    found = _keyed(found, f"{where}{upper}")
    child = root.children
    if child is None or lower is None:
        return Frames(found, pl.DataFrame({ROW: []}, schema={ROW: pl.Int64}), Intake(unused={upper: unused}))
    of = root.__name__
    below = _no_children(child, of) if children is None else to_polars_frame(children, f"{where}{lower}")
    if of not in below.columns:
        raise MissingColumn(f"{where}{lower}", of, f"telling whose {child.__name__} it is", tuple(below.columns))
    placed, orphan_keys, orphans = _placed(found, below, of)
    facts = [fact for fact in added if fact.scope is child]
    typed, unread = _typed(placed, child, facts, f"{where}{lower}", keep=(ROW, "seq", of))
    foreign = _foreign(typed, child, kinds)
    typed = _ordered(_seen(typed.drop(of), child, as_of), child)
    intake = Intake(orphans, orphan_keys, {upper: unused, lower: unread}, foreign)
    return _cycles(Frames(found, typed, intake), child)


def _no_children(child: type[Facts], of: str) -> pl.DataFrame:
    import polars as pl

    names = [fact.name for fact in child.given.values() if fact.definition is None]
    return pl.DataFrame(schema={of: pl.String, **dict.fromkeys(names, pl.Null)})


def _typed(
    frame: pl.DataFrame, vocabulary: type[Facts], added: Iterable[Fact[Any]], where: str, keep: tuple[str, ...]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the frame with a column of the right type for every given fact and what else is kept, and what is not."""
    import polars as pl

    given = [fact for fact in vocabulary.given.values() if fact.definition is None]
    columns: dict[str, pl.Series] = {}
    read: set[str] = {*keep}
    for fact in (*given, *added):
        name = f"{_EXTRA}{fact.read or fact.name}" if is_added(vocabulary, fact) else fact.read or fact.name
        source = fact.name if name not in frame.columns and not is_added(vocabulary, fact) else name
        read.add(source)
        columns[name] = _column(frame, source, name, fact, vocabulary, where)
    absent = [fact.name for fact in given if not {fact.name, fact.read} & set(frame.columns)]
    for name in frame.columns:
        if name.startswith(_EXTRA) and name not in columns:
            columns[name] = frame[name]
            read.add(name)
        elif name not in read and get_close_matches(name, absent, n=1, cutoff=0.8):
            raise UnknownName(f"column of {where}", name, tuple(fact.name for fact in given))
    columns |= {name: frame[name] for name in keep if name in frame.columns and name not in columns}
    unused = tuple(name for name in frame.columns if name not in read)
    if not columns:
        return frame.select(pl.lit(None).alias("__none")), unused
    return pl.DataFrame(list(columns.values())), unused


def _column(
    frame: pl.DataFrame, source: str, name: str, fact: Fact[Any], vocabulary: type[Facts], where: str
) -> pl.Series:
    """Return the column of one fact."""
    import polars as pl

    optional = not fact.required or is_added(vocabulary, fact)
    if source not in frame.columns:
        if not optional:
            raise MissingColumn(where, fact.name, f"a fact that every {vocabulary.__name__} has", tuple(frame.columns))
        return empty_column(name, fact.type, frame.height)
    series = frame[source]
    numbers = vocabulary.options.stored == "microseconds"
    if fact.name == vocabulary.options.kind and fact.words and isinstance(series.dtype, pl.String):
        series = as_words(series, fact.words)
    found = convert(series, fact.type, f"{where}.{source}", numbers=numbers)
    if not optional and found.null_count():
        row = first_row(found.is_null())
        raise InvalidValue(f"{where}.{source}, row {row}", None, f"a {fact.type}: it is required in every row")
    return found.alias(name)


def _keyed(records: pl.DataFrame, where: str) -> pl.DataFrame:
    """Return the records with their keys as text.

    Raises:
        InvalidValue: for a key that is missing or stands twice.
    """
    import polars as pl

    if KEY not in records.columns:
        return records.with_columns(pl.format("row {}", pl.int_range(1, pl.len() + 1)).alias(KEY))
    keys = records[KEY]
    if keys.null_count():
        raise InvalidValue(f"{where}.{KEY}, row {first_row(keys.is_null())}", None, "the key of the record")
    if keys.n_unique() != records.height:
        row = first_row(~keys.is_first_distinct())
        raise InvalidValue(f"{where}.{KEY}, row {row}", keys[row - 1], "different in every row; this one stands twice")
    return records.with_columns(keys.cast(pl.String))


def _placed(records: pl.DataFrame, children: pl.DataFrame, of: str) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Return the children with the number of their record; those of no record are left out, named and counted."""
    import polars as pl

    keys = records.select(pl.col(KEY), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    named = children.with_columns(pl.col(of).cast(pl.String))
    joined = named.join(keys, left_on=of, right_on=KEY, how="left", maintain_order="left")
    lost = joined[ROW].is_null()
    if not lost.any():
        return joined, (), 0
    names = joined.filter(lost)[of].fill_null("(none)").unique(maintain_order=True).head(_SHOWN)
    return joined.filter(~lost), tuple(names.to_list()), int(lost.sum())


def _foreign(children: pl.DataFrame, child: type[Facts], kinds: frozenset[str] | None) -> dict[int, str]:
    """Return why some records cannot be judged: a child of a kind that nobody knows would be seen by no rule."""
    import polars as pl

    kind = child.options.kind
    if kinds is None or kind is None:
        return {}
    column = child.given[kind].read or kind
    dtype = children.schema[column]
    if isinstance(dtype, pl.Enum) and kinds.issuperset(dtype.categories.to_list()):
        return {}
    wrong = children.filter(~pl.col(column).cast(pl.String).is_in(sorted(kinds)))
    known = tuple(sorted(kinds))
    of = next(name for name in children.columns if name not in child.given and name not in (ROW, "seq", "us"))
    return {
        row: str(UnknownName(f"{child.__name__} {kind}", word, known, f"{of} {name}"))
        for row, word, name in wrong.unique(ROW, keep="first", maintain_order=True)
        .select(ROW, pl.col(column).cast(pl.String), of)
        .iter_rows()
    }


def _seen(children: pl.DataFrame, child: type[Facts], as_of: int) -> pl.DataFrame:
    """Return the children that had happened as of the instant."""
    import polars as pl

    happens = child.options.happens
    if happens is None:
        return children
    column = pl.col(child.given[happens].read or happens)
    return children.filter(column.is_null() | (column <= as_of))


def _ordered(children: pl.DataFrame, child: type[Facts]) -> pl.DataFrame:
    """Return the children by record, in order of time if they happen in order; input order breaks what ties are left.

    A number `seq` stands for the place among children of one instant, as in an event.
    """
    import polars as pl

    happens = child.options.happens if child.options.sorted else None
    by = [ROW]
    if happens is not None:
        by.append(child.given[happens].read or happens)
    if "seq" in children.columns:
        by.append("seq")
    keys = children.select(by)
    later = pl.lit(False)
    for name in reversed(by):
        now, before = pl.col(name), pl.col(name).shift()
        later = (now < before) | ((now == before) & later)
    if not keys.select(later.any()).item() and not keys.null_count().sum_horizontal().item():
        return children
    return children.sort(by, maintain_order=True, nulls_last=True)


def _cycles(frames: Frames, child: type[Facts]) -> Frames:
    """Return the frames with a record of its own for each cycle of a reopened request."""
    import polars as pl

    kind = child.given[child.options.kind] if child.options.kind else None
    children = frames.children
    if kind is None or "reopened" not in kind.words or not children.height:
        return frames
    first_of_record = pl.col(ROW) != pl.col(ROW).shift()
    again = (pl.col(kind.read or kind.name).cast(pl.String) == "reopened") & ~first_of_record
    begins = children.select(again.fill_null(False)).to_series()
    if not begins.any():
        return frames
    numbered = children.select(ROW, begins.cast(pl.Int64).cum_sum().alias("__cycle"))
    numbered = numbered.select(ROW, (pl.col("__cycle") - pl.col("__cycle").first().over(ROW)).alias("__cycle"))
    opening = pl.select(
        pl.int_range(frames.records.height, dtype=pl.Int64).alias(ROW), pl.lit(0, pl.Int64).alias("__cycle")
    )
    every = pl.concat([opening, numbered]).unique().sort(ROW, "__cycle").with_row_index("__new")
    cycle = every["__cycle"]
    key = pl.when(cycle > 0).then(pl.concat_str(pl.col(KEY), pl.lit("#"), cycle + 1)).otherwise(pl.col(KEY)).alias(KEY)
    placed = numbered.join(every, on=[ROW, "__cycle"], how="left", maintain_order="left")["__new"].cast(pl.Int64)
    reasons = frames.intake.foreign
    foreign = {new: reasons[row] for new, row in every.select("__new", ROW).iter_rows() if row in reasons}
    return Frames(
        frames.records[every[ROW].to_numpy()].with_columns(key),
        children.with_columns(placed.alias(ROW)),
        attrs.evolve(frames.intake, foreign=foreign),
    )
