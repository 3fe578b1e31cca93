"""Frames as they come in: records and their children, checked and put into the form that columns are judged in.

Any frame that exports Arrow is taken (Polars, pandas, pyarrow, DuckDB). Each given fact becomes a column of its type,
and the children of a record (the events of a request) stand together and in order. A column that cannot be what it has
to be is refused with its name and row; a single record that cannot be judged is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.frame_columns import as_words, convert, empty_column, first_row, key_texts, plain_lists
from windowservice.engine.frame_order import SEQ, cycles, in_order, placed_by_seq, seen
from windowservice.errors import InvalidValue, MissingColumn, MissingExtra, UnknownName
from windowservice.language.facts import Fact, Facts
from windowservice.language.polars_children import ROW
from windowservice.language.python_facts import is_added
from windowservice.language.values import ValueType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.domain.unread import Unread

__all__ = [
    "EXTRA", "KEY", "Frames", "Intake", "is_frame", "read_frames", "table_names", "to_polars_frame", "with_unread",
]  # fmt: skip

KEY: Final = "id"
"""The column of records that names each."""
EXTRA: Final = "extra."
"""What the names of columns begin with that hold facts which plugins add."""
_FREE: Final = ("note", "amount")
"""Texts of events that are no ids: they stand as they are."""
_SHOWN: Final = 5


@attrs.frozen
class Intake:
    """What became of the rows of frames: nothing is left out silently, and the counts add up.

    ``children`` = ``seen`` + ``later`` + ``orphans``; every record is judged, or in ``unjudged``.

    Attributes:
        records: how many records came in; the cycles of a reopened request are one.
        children: how many children came in.
        seen: how many of them were judged.
        later: how many happened after the instant judged.
        orphans: how many name a record that is not there.
        orphan_keys: a few of these names.
        unused: the columns that no rule reads, by table.
        unjudged: why some records cannot be judged, by the number of their row in `Frames.records`.
    """

    records: int = 0
    children: int = 0
    seen: int = 0
    later: int = 0
    orphans: int = 0
    orphan_keys: tuple[str, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    unjudged: Mapping[int, str] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Frames:
    """Records and their children, ready to be judged.

    Attributes:
        records: one row for each record (for a reopened request: for each cycle), with the columns of its given facts
            and `id`, the key as text.
        children: one row for each child, with the number of its record, in order.
        intake: what became of the rows.
        root: the vocabulary of the records.
        added: the facts that plugins add and rules read.
        unread: rows about a record that could not be read, by the number of its row in `records`.
    """

    records: pl.DataFrame
    children: pl.DataFrame
    intake: Intake
    root: type[Facts] = Facts
    added: tuple[Fact[Any], ...] = ()
    unread: Mapping[int, tuple[Unread, ...]] = attrs.field(factory=dict)

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


def with_unread(frames: Frames, unread: Mapping[str, tuple[Unread, ...]]) -> Frames:
    """Return frames of requests that know what could not be read of each, by its id; each cycle of it may be meant."""
    found: dict[int, tuple[Unread, ...]] = {}
    for row, key in enumerate(frames.records[KEY].to_list()):
        rows = unread.get(key) or unread.get(key.rpartition("#")[0])
        if rows:
            found[row] = rows
    return attrs.evolve(frames, unread=found)


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
        MissingExtra: if that needs pyarrow, and it is not installed.
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
    except ImportError as error:
        raise MissingExtra("pyarrow", "large", "a pandas frame with texts or instants") from error
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
            be, and a key that stands twice; column and row are named.
    """
    import polars as pl

    facts = tuple(added)
    upper, lower = table_names(root)
    raw = to_polars_frame(records, f"{where}{upper}")
    mine = _Table(root, f"{where}{upper}", [fact for fact in facts if fact.scope is root])
    found, unused = mine.typed(raw, keep=(KEY,))
    unjudged = mine.gaps(found, pl.int_range(pl.len(), dtype=pl.Int64))
    found = _keyed(found, f"{where}{upper}")
    child = root.children
    if child is None or lower is None:
        intake = Intake(found.height, unused={upper: unused}, unjudged=unjudged)
        none = pl.DataFrame({ROW: []}, schema={ROW: pl.Int64})
        return Frames(found, none, intake, root, facts)
    of = root.__name__
    below = _no_children(child, of) if children is None else to_polars_frame(children, f"{where}{lower}")
    if of not in below.columns:
        raise MissingColumn(f"{where}{lower}", of, f"telling whose {child.__name__} it is", tuple(below.columns))
    if root.options.stored == "microseconds" or below[of].dtype.is_numeric():
        below = below.with_columns(key_texts(below[of], f"{where}{lower}.{of}"))
    theirs = _Table(child, f"{where}{lower}", [fact for fact in facts if fact.scope is child])
    typed, unread = theirs.typed(below, keep=(SEQ, of))
    typed = _placed(found, typed, of)
    unjudged = theirs.gaps(typed, pl.col(ROW)) | _foreign(typed, child, kinds, of) | unjudged
    typed, orphan_keys, orphans = _without_orphans(typed, of)
    placed = placed_by_seq(_whole_seq(typed.drop(of), f"{where}{lower}"))
    told = in_order(seen(placed, child, as_of), child)
    intake = Intake(
        found.height, below.height, told.height, placed.height - told.height, orphans, orphan_keys,
        {upper: unused, lower: unread}, unjudged,
    )  # fmt: skip
    return _by_cycle(Frames(found, told, intake, root, facts), child)


def _no_children(child: type[Facts], of: str) -> pl.DataFrame:
    import polars as pl

    names = [fact.name for fact in child.given.values() if fact.definition is None]
    return pl.DataFrame(schema={of: pl.String, **dict.fromkeys(names, pl.Null)})


@attrs.frozen
class _Table:
    """How one table is read: the vocabulary of its rows, its name for messages, and the facts that plugins add."""

    vocabulary: type[Facts]
    where: str
    added: list[Fact[Any]]

    def typed(self, frame: pl.DataFrame, keep: tuple[str, ...]) -> tuple[pl.DataFrame, tuple[str, ...]]:
        """Return the frame with a column of the right type for every given fact and what else is kept; what is not."""
        import polars as pl

        given = [fact for fact in self.vocabulary.given.values() if fact.definition is None]
        columns: dict[str, pl.Series] = {}
        read: set[str] = {*keep}
        for fact in (*given, *self.added):
            name = self._name(fact)
            source = fact.name if name not in frame.columns and not is_added(self.vocabulary, fact) else name
            read.add(source)
            columns[name] = self._column(frame, source, name, fact)
        absent = [fact.name for fact in given if not {fact.name, fact.read} & set(frame.columns)]
        for name in frame.columns:
            if name.startswith(EXTRA) and name not in columns:
                columns[name] = frame[name]
                read.add(name)
            elif name not in read and get_close_matches(name, absent, n=1, cutoff=0.8):
                raise UnknownName(f"column of {self.where}", name, tuple(fact.name for fact in given))
        columns |= {name: frame[name] for name in keep if name in frame.columns and name not in columns}
        unused = tuple(name for name in frame.columns if name not in read)
        if not columns:
            return frame.select(pl.lit(None).alias("__none")), unused
        return pl.DataFrame(list(columns.values())), unused

    def _name(self, fact: Fact[Any]) -> str:
        name = fact.read or fact.name
        return f"{EXTRA}{name}" if is_added(self.vocabulary, fact) else name

    def _column(self, frame: pl.DataFrame, source: str, name: str, fact: Fact[Any]) -> pl.Series:
        import polars as pl

        vocabulary = self.vocabulary
        if source not in frame.columns:
            if fact.required and not is_added(vocabulary, fact):
                what = f"a fact that every {vocabulary.__name__} has"
                raise MissingColumn(self.where, fact.name, what, tuple(frame.columns))
            return empty_column(name, fact.type, frame.height)
        series = frame[source]
        numbers = vocabulary.options.stored == "microseconds"
        where = f"{self.where}.{source}"
        if numbers and not is_added(vocabulary, fact):
            series = _as_held(series, fact, where)
        elif fact.name == KEY and series.dtype.is_integer():  # a number that names a record is its name
            series = key_texts(series, where)
        if fact.name == vocabulary.options.kind and fact.words and isinstance(series.dtype, pl.String):
            series = as_words(series, fact.words)
        told = numbers and source == fact.read  # in "us" a number counts microseconds; in "at" it could count anything
        return convert(series, fact.type, where, numbers=told or (numbers and fact.read is None)).alias(name)

    def gaps(self, typed: pl.DataFrame, record: pl.Expr) -> dict[int, str]:
        """Return the records that lack a fact which every one has, by their number, with the reason."""
        import polars as pl

        found: dict[int, str] = {}
        for fact in self.vocabulary.given.values():
            name = fact.read or fact.name
            if not fact.required or fact.definition is not None or not typed[name].null_count():
                continue
            lacking = typed.select(record.alias("record"), pl.col(name).is_null().alias("lacks"))
            for at in lacking["lacks"].arg_true().to_list():
                reason = InvalidValue(
                    f"{self.where}.{fact.name}, row {at + 1}", None, f"{fact.type.with_article}: it is required"
                )
                if (record_number := lacking["record"][at]) is not None:  # those of no record are orphans
                    found.setdefault(record_number, str(reason))
        return found


def _as_held(series: pl.Series, fact: Fact[Any], where: str) -> pl.Series:
    """Return a column of a request or an event as the object holds it: ids and lists of ids plain."""
    if series.null_count() == len(series):
        return series
    if fact.type is ValueType.TEXTS:
        return plain_lists(series)
    return key_texts(series, where) if fact.type is ValueType.TEXT and fact.name not in _FREE else series


def _keyed(records: pl.DataFrame, where: str) -> pl.DataFrame:
    """Return the records with their keys as text; a row without one is named by its number.

    Raises:
        InvalidValue: for a key that stands twice.
    """
    import polars as pl

    number = pl.format("row {}", pl.int_range(1, pl.len() + 1))
    if KEY not in records.columns:
        return records.with_columns(number.alias(KEY))
    keys = records[KEY]
    if keys.drop_nulls().hash().n_unique() < len(keys) - keys.null_count():  # hashes that differ are of keys that do
        twice = ~keys.is_first_distinct() & keys.is_not_null()
        if twice.any():
            row = first_row(twice)
            wanted = "different in every row; this one stands twice"
            raise InvalidValue(f"{where}.{KEY}, row {row}", keys[row - 1], wanted)
    named = pl.col(KEY).cast(pl.String)
    return records.with_columns(named.fill_null(number) if keys.null_count() else named)


def _placed(records: pl.DataFrame, children: pl.DataFrame, of: str) -> pl.DataFrame:
    """Return the children with the number of their record, null for those of no record."""
    import polars as pl

    keys = records.select(pl.col(KEY), pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
    named = children.select(pl.col(of).cast(pl.String))
    row = named.join(keys, left_on=of, right_on=KEY, how="left", maintain_order="left")[ROW]
    return children.with_columns(row)


def _without_orphans(children: pl.DataFrame, of: str) -> tuple[pl.DataFrame, tuple[str, ...], int]:
    """Return the children that have a record; the others are named and counted."""
    import polars as pl

    lost = children[ROW].is_null()
    if not lost.any():
        return children, (), 0
    names = children.filter(lost)[of].cast(pl.String).fill_null("(none)").unique(maintain_order=True).head(_SHOWN)
    return children.filter(~lost), tuple(names.to_list()), int(lost.sum())


def _whole_seq(children: pl.DataFrame, where: str) -> pl.DataFrame:
    import polars as pl

    if SEQ not in children.columns:
        return children
    seq = convert(children[SEQ], ValueType.INT, f"{where}.{SEQ}")
    if seq.dtype != pl.Int64:
        raise InvalidValue(f"{where}.{SEQ}", f"of type {seq.dtype}", "a column of whole numbers")
    return children.with_columns(seq.alias(SEQ))


def _foreign(children: pl.DataFrame, child: type[Facts], kinds: frozenset[str] | None, of: str) -> dict[int, str]:
    """Return why some records cannot be judged: a child of a kind that nobody knows would be seen by no rule."""
    import polars as pl

    kind = child.options.kind
    if kinds is None or kind is None:
        return {}
    column = child.given[kind].read or kind
    dtype = children.schema[column]
    if isinstance(dtype, pl.Enum) and kinds.issuperset(dtype.categories.to_list()):
        return {}
    wrong = children.filter(~pl.col(column).cast(pl.String).is_in(sorted(kinds)) & pl.col(ROW).is_not_null())
    known = tuple(sorted(kinds))
    first = wrong.unique(ROW, keep="first", maintain_order=True).select(ROW, pl.col(column).cast(pl.String), of)
    return {
        row: str(UnknownName(f"{child.__name__} {kind}", word, known, f"{of} {name}"))
        for row, word, name in first.iter_rows()
    }


def _by_cycle(frames: Frames, child: type[Facts]) -> Frames:
    """Return the frames with a record of its own for each cycle of a reopened request."""
    import numpy as np
    import polars as pl

    whole = np.zeros(frames.records.height, bool)
    whole[list(frames.intake.unjudged)] = True
    found = cycles(frames.children, child, frames.records.height, whole)
    if found is None:
        return frames
    children, record, cycle = found
    number = pl.Series(cycle)
    key = pl.when(number > 0).then(pl.concat_str(pl.col(KEY), pl.lit("#"), number + 1)).otherwise(pl.col(KEY))
    reasons = frames.intake.unjudged
    unjudged = {new: reasons[row] for new, row in enumerate(record.tolist()) if row in reasons} if reasons else {}
    return attrs.evolve(
        frames,
        records=frames.records[record].with_columns(key.alias(KEY)),
        children=children,
        intake=attrs.evolve(frames.intake, unjudged=unjudged),
    )
