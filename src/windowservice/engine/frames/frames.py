"""Frames as they come in: records and their children, checked and put into the form that columns are judged in.

Any frame that exports Arrow is taken (Polars, pandas, pyarrow, DuckDB). Each given fact becomes a column of its type,
and the children of a record (the events of a request) stand together and in order. A column that cannot be what it has
to be is refused with its name and row; a single record that cannot be judged is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.frames.columns import as_words, convert, empty_column, foreign_words, key_texts, plain_lists
from windowservice.engine.frames.dates import STANDS, begun_date, dated_rows, placed_by_date, with_dates
from windowservice.engine.frames.intake import Intake
from windowservice.engine.frames.keys import (
    KEY,
    by_cycle,
    counted_once,
    keyed,
    placed,
    told_twice,
    whole_seq,
    without_orphans,
)
from windowservice.engine.frames.order import SEQ, in_order, placed_by_seq
from windowservice.engine.frames.seen import EXTRA, column_of_fact, happened, there, without_columns
from windowservice.errors import InvalidValue, MissingColumn, MissingExtra, UnknownName
from windowservice.facts.requests.event import event
from windowservice.language.analysis.visible import begin_facts
from windowservice.language.polars.children import ROW, first_of_records
from windowservice.language.python.facts import is_added
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, plural_of
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.domain.unread import Unread
    from windowservice.language.relations.lookup import Looked

__all__ = [
    "EXTRA", "KEY", "PRINTED_FROM", "Frames", "as_of_instant", "is_frame", "one_by_one", "read_frames",
    "table_names", "to_polars_frame", "unfit_rows", "with_unread",
]  # fmt: skip

PRINTED_FROM: Final = 10_000
"""So many rows are judged by a module."""
_FREE: Final = ("note", "amount")
"""Texts of events that are no ids."""


@attrs.frozen(eq=False)
class Frames:
    """Records and their children, ready to be judged.

    Attributes:
        records: one row for each record, or cycle of a request: its given facts, and `id`, the key as text.
        children: one row for each child, with the number of its record, in order.
        intake, root: what became of the rows, and the vocabulary of the records.
        added: the facts that plugins add and rules read.
        unread: rows about a record that could not be read, by its number.
        untold: the fields of events for which the frame of events has no column.
        kinds: the names of the kinds of child, those that plugins bring knowing their kinds.
        held, apart: the records themselves, if those came in, and the rows that columns cannot tell of.
        below: the children themselves, if those came in, each at the place that its row names by `PLACE`.
        looked: the facts that were looked up in other records, whose columns stand in `records` or `children`.
    """

    records: pl.DataFrame
    children: pl.DataFrame
    intake: Intake
    root: type[Facts] = Facts
    added: tuple[Fact[Any], ...] = ()
    unread: Mapping[int, tuple[Unread, ...]] = attrs.field(factory=dict)
    untold: frozenset[str] = frozenset()
    kinds: Collection[str] = ()
    held: Sequence[Any] | None = None
    apart: frozenset[int] = frozenset()
    below: Sequence[Any] | None = None
    looked: tuple[Looked[Any], ...] = ()

    @property
    def orphans(self) -> int:
        """How many children name a record that is not there."""
        return self.intake.orphans

    @property
    def is_large(self) -> bool:
        """Whether there are so many rows that making a module of what is asked of them is worth its time."""
        return self.records.height + self.children.height >= PRINTED_FROM

    @property
    def judges_unread(self) -> bool:
        """Whether rows that could not be read leave something to be told: of requests those that are no event's."""
        return self.root.children is event

    @cached_property
    def bounds(self) -> np.ndarray[Any, Any]:
        """Where the children of each record begin; one number more than there are records."""
        return first_of_records(self.children, self.records.height)


def one_by_one(frames: Frames) -> list[int]:
    """Return the rows that columns do not judge: part of them could not be read, or only its date is known."""
    if not frames.judges_unread:
        return sorted(frames.apart)
    return sorted({*frames.unread, *frames.apart, *dated_rows(frames.children)})


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
    ways = ("__arrow_c_stream__", "to_arrow_table", "__dataframe__")
    return any(hasattr(value, name) for name in ways) or type(value).__module__.startswith("polars.lazyframe")


def table_names(root: type[Facts]) -> tuple[str, str | None]:
    """Return what the tables of a vocabulary and of its children are called: as they say, or by its plural."""
    upper, lower = (None if of is None else of.options.table or plural_of(of) for of in (root, root.children))
    return str(upper), lower


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
    records: Any, children: Any, root: type[Facts], as_of: int | None, *, zone: tzinfo | None = None,
    added: Iterable[Fact[Any]] = (), kinds: frozenset[str] | None = None, where: str = "", keep: Collection[str] = (),
) -> Frames:  # fmt: skip
    """Return records and their children in the form in which columns are judged.

    Args:
        records: one row for each record; its columns are the vocabulary's given facts and `id`, further fields as
            ``extra.<name>``. Without a column `id` the rows are named ``row 1`` and so on.
        children: one row for each child; of an event ``request``, ``at``, ``kind`` and the other given facts; or None.
        root: the vocabulary of the records.
        as_of: what begins or happens after this instant (microseconds UTC) is not seen; None: all is.
        zone: the zone of dates; UTC if not given.
        added: given facts that plugins add and rules read.
        kinds: the kinds of child that are known; None takes any.
        where: the place of the frames, for messages.
        keep: the keys of records that are there though nothing of them was seen, since some of it could not be read.

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
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    unjudged = mine.gaps(found, place) | mine.wrong(found, place, None)
    found, unjudged, twice = counted_once(found, raw, unjudged, f"{where}{upper}")
    found = keyed(found)
    child = root.children
    if child is None and children is not None:
        raise InvalidValue("children", type(children).__name__, f"left out: a {root.__name__} has no children")
    if child is None or lower is None:
        intake = Intake(raw.height, unused={upper: unused}, unjudged=unjudged, repeated_records=twice)
        none = pl.DataFrame({ROW: []}, schema={ROW: pl.Int64})
        return as_of_instant(Frames(found, none, intake, root, facts), as_of, zone, keep)
    of = root.__name__
    below = _no_children(child, of) if children is None else to_polars_frame(children, f"{where}{lower}")
    if of not in below.columns:
        raise MissingColumn(f"{where}{lower}", of, f"telling whose {child.__name__} it is", tuple(below.columns))
    if root.options.stored == "microseconds" or below[of].dtype.is_numeric():
        below = below.with_columns(key_texts(below[of], f"{where}{lower}.{of}"))
    below = with_dates(below, child, zone or UTC)
    theirs = _Table(child, f"{where}{lower}", [fact for fact in facts if fact.scope is child])
    typed, unread = theirs.typed(below, keep=(SEQ, of))
    typed = placed(found, typed, of)
    below_wrong = theirs.gaps(typed, pl.col(ROW)) | theirs.wrong(typed, pl.col(ROW), kinds)
    unjudged = below_wrong | _foreign(typed, child, kinds, of) | unjudged
    again = told_twice(below, typed, child)
    if again is not None:
        again &= typed[ROW].is_not_null()
        typed = typed.filter(~again)
    typed, orphan_keys, orphans = without_orphans(typed, of)
    told = placed_by_seq(whole_seq(typed.drop(of), f"{where}{lower}"))
    intake = Intake(
        raw.height, below.height, told.height, 0, orphans, orphan_keys, {upper: unused, lower: unread},
        unjudged=unjudged, repeated=0 if again is None else int(again.sum()), repeated_records=twice,
    )  # fmt: skip
    seen = as_of_instant(Frames(found, told, intake, root, facts, {}, without_columns(child, below)), as_of, zone, keep)
    ordered = in_order(placed_by_date(seen.children, kinds or ()), child).drop(STANDS, strict=False)
    return by_cycle(attrs.evolve(seen, children=ordered, kinds=kinds or ()), child)


def as_of_instant(frames: Frames, us: int | None, zone: tzinfo | None, keep: Collection[str]) -> Frames:
    """Return the frames without what begins or happens after the instant; a record that cannot be judged stays."""
    import numpy as np
    import polars as pl

    if us is None:
        return frames
    zone, root, child = zone or UTC, frames.root, frames.root.children
    records, children, intake = frames.records, frames.children, frames.intake
    begun = there(records, root, us, zone).to_numpy().copy()
    if child is not None:
        is_there = there(begun_date(children), child, us, zone)
        if not begin_facts(root) and begin_facts(child):
            begun = _with_seen_child(children, is_there, records.height)
        mine = [fact for fact in frames.added if fact.scope is child]
        children = happened(children if is_there.all() else children.filter(is_there), child, us, zone, mine)
        intake = attrs.evolve(intake, seen=children.height, later=intake.seen - children.height)
    begun[list(intake.unjudged)] = True
    if keep:
        begun |= records[KEY].is_in(list(keep)).to_numpy()
    records = happened(records, root, us, zone, [fact for fact in frames.added if fact.scope is root])
    if not begun.all():
        number = np.cumsum(begun) - 1
        row = children[ROW].to_numpy()
        kept = begun[row]
        intake = attrs.evolve(
            intake, later_records=int((~begun).sum()), seen=int(kept.sum()),
            later=intake.later + int((~kept).sum()),
            unjudged={int(number[at]): reason for at, reason in intake.unjudged.items()},
        )  # fmt: skip
        renumbered = pl.Series(ROW, number[row[kept]], dtype=pl.Int64)
        children = children.filter(pl.Series(kept)).with_columns(renumbered)
        records = records.filter(pl.Series(begun))
    return attrs.evolve(frames, records=records, children=children, intake=intake)


def unfit_rows(frame: pl.DataFrame, vocabulary: type[Facts], where: str, record: pl.Expr) -> dict[int, str]:
    """Return the records that lack what every one has, or say what none can, by their number, with the reason.

    Args:
        frame: records or children, in the form in which columns are judged.
        vocabulary: what they speak of.
        where: the name of the frame, for messages.
        record: the number of the record of each row.
    """
    table = _Table(vocabulary, where, [])
    return table.gaps(frame, record) | table.wrong(frame, record, None)


def _with_seen_child(children: pl.DataFrame, seen: pl.Series, height: int) -> np.ndarray[Any, Any]:
    """Return which records have a child that has begun, or have none at all."""
    import numpy as np

    row = children[ROW].to_numpy()
    known = np.bincount(row[seen.to_numpy()], minlength=height)
    found: np.ndarray[Any, Any] = (known > 0) | (np.bincount(row, minlength=height) == 0)
    return found


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
    refused: dict[int, str] = attrs.field(factory=dict)
    """Why a cell cannot be taken, by its row."""

    def typed(self, frame: pl.DataFrame, keep: tuple[str, ...]) -> tuple[pl.DataFrame, tuple[str, ...]]:
        """Return the frame with a column of the right type for every given fact and what else is kept; what is not."""
        import polars as pl

        given = [fact for fact in self.vocabulary.given.values() if fact.definition is None]
        columns: dict[str, pl.Series] = {}
        read: set[str] = {*keep}
        for fact in (*given, *self.added):
            name = column_of_fact(self.vocabulary, fact)
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
        if frame.width and len(absent) == len(given) and given:
            what = f"any fact of a {self.vocabulary.__name__}"
            raise MissingColumn(self.where, given[0].name, what, tuple(frame.columns))
        columns |= {name: frame[name] for name in keep if name in frame.columns and name not in columns}
        unused = tuple(name for name in frame.columns if name not in read)
        if not columns:
            return frame.select(pl.lit(None).alias("__none")), unused
        return pl.DataFrame(list(columns.values())), unused

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
        counted = told or (numbers and fact.read is None)
        return convert(series, fact.type, where, numbers=counted, refused=self.refused).alias(name)

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

    def wrong(self, typed: pl.DataFrame, record: pl.Expr, kinds: frozenset[str] | None) -> dict[int, str]:
        """Return the records that say what no record can, by their number, with the reason: cells and words."""
        numbers = typed.select(record.alias("record")).to_series()
        found: dict[int, str] = {}
        for at, reason in sorted(self.refused.items()):
            if numbers[at] is not None:
                found.setdefault(numbers[at], reason)
        for fact in (*self.vocabulary.given.values(), *self.added):
            if not fact.words or (kinds is not None and fact.name == self.vocabulary.options.kind):
                continue
            for at, word in foreign_words(typed[column_of_fact(self.vocabulary, fact)], frozenset(fact.words)):
                what = f"word of {self.where}.{fact.name}, row {at + 1}:"
                if numbers[at] is not None:
                    found.setdefault(numbers[at], str(UnknownName(what, word, tuple(sorted(fact.words)))))
        return found


def _as_held(series: pl.Series, fact: Fact[Any], where: str) -> pl.Series:
    """Return a column of a request or an event as the object holds it: ids and lists of ids plain."""
    if series.null_count() == len(series):
        return series
    if fact.type is ValueType.TEXTS:
        return plain_lists(series)
    return key_texts(series, where) if fact.type is ValueType.TEXT and fact.name not in _FREE else series


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
