"""Rows of frames as records again, so that each can be judged and explained by the object path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.records import Fitted, Record
from windowservice.domain.requests.event import Event
from windowservice.domain.requests.request import Request
from windowservice.engine.frames.dates import midnight_of
from windowservice.engine.frames.frames import EXTRA, KEY, Frames
from windowservice.engine.frames.keys import PLACE
from windowservice.engine.frames.seen import column_of_fact
from windowservice.errors import InvalidDocument
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.instants import utc_datetime
from windowservice.language.polars.children import ROW, children_of
from windowservice.language.python.facts import is_added
from windowservice.language.python.unit import OUTWARD
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key, relation_of
from windowservice.language.tree.values import ValueType
from windowservice.worktime.limits.limit import Limit
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    import polars as pl

__all__ = ["like", "outside", "record_of", "records_of", "refuse_unjudged"]

V = ValueType
_AT_ONCE: Final = 2_000
"""Rows turned into Python values at a time."""


def record_of(frames: Frames, row: int, recorded: frozenset[str] | None = None) -> Any:
    """Return one row of the frames as a record: a `Request`, or a mapping of a vocabulary of one's own.

    Raises:
        InvalidValue: if no request can hold what the row says.
    """
    return next(records_of(frames, [row], recorded))


def records_of(frames: Frames, rows: Iterable[int], recorded: frozenset[str] | None = None) -> Iterator[Any]:
    """Yield rows of the frames as records, in the order asked for; errors as `record_of`."""
    wanted = list(rows)
    if frames.held is not None:
        yield from (frames.held[row] for row in wanted)
        return
    for begin in range(0, len(wanted), _AT_ONCE):
        part = wanted[begin : begin + _AT_ONCE]
        given = frames.records[part].to_dicts()
        children, ends = _children(frames, part)
        start = 0
        for row, values, end in zip(part, given, ends, strict=True):
            below = children[start:end]
            if frames.root is request_vocabulary:
                yield _request(frames, values, below, recorded, row)
            else:
                yield _mapping(frames, values, below, row)
            start = end


def _children(frames: Frames, rows: list[int]) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the children of the rows, one after the other, and where those of each row end."""
    if frames.root.children is None:
        return [], [0] * len(rows)
    places, ends = children_of(frames.bounds, rows)
    return frames.children[places].drop(ROW).to_dicts(), ends


# --- requests -------------------------------------------------------------------------------------------------------


def _request(
    frames: Frames, given: dict[str, Any], children: list[dict[str, Any]], recorded: frozenset[str] | None, row: int
) -> Request:
    added, kinds = {fact.read or fact.name: fact for fact in frames.added}, {name: name for name in frames.kinds}
    events = [_event(child, place, added, kinds) for place, child in enumerate(children)]
    return Request(
        given[KEY], given["bank"], given["service"], amount=given["amount"], channel=given["channel"], events=events,
        extra=_extra(given, added), recorded=recorded, unread=frames.unread.get(row, ()),
        untold=frames.untold,
    )  # fmt: skip


def _event(given: dict[str, Any], place: int, added: dict[str, Fact[Any]], kinds: Mapping[str, str]) -> Event:
    begin, end, items = given["slot_begin_us"], given["slot_end_us"], given["items"]
    slot = None if begin is None or end is None else (utc_datetime(begin), utc_datetime(end))
    names = ("by", "post", "to", "reason", "written", "slip", "amount", "score", "note")
    dated = given["date_only"] is True
    return Event(
        midnight_of(given["us"]) if dated else utc_datetime(given["us"]), kinds.get(given["kind"], given["kind"]),
        date_only=dated, items=None if items is None else frozenset(items), slot=slot, seq=place,
        extra=_extra(given, added), **{name: given[name] for name in names},
    )  # fmt: skip


def _extra(given: dict[str, Any], added: dict[str, Fact[Any]]) -> dict[str, Any]:
    """Return the further fields of a row that are there, as they come from outside: instants as datetimes."""
    found = {}
    for column, value in given.items():
        if column.startswith(EXTRA) and value is not None:
            name = column.removeprefix(EXTRA)
            if name in added:
                kind = added[name].type
                found[name] = sorted(value) if kind is V.TEXTS else outside(value, kind)
            elif _can_stand(value):  # what no rule reads and no request can hold is passed over
                found[name] = value
    return found


def _can_stand(value: Any) -> bool:
    from windowservice.domain.requests.extra import Extra
    from windowservice.errors import WindowserviceError

    try:
        Extra({"value": value})
    except WindowserviceError:
        return False
    return True


# --- records of one's own -------------------------------------------------------------------------------------------


def _mapping(frames: Frames, given: dict[str, Any], children: list[dict[str, Any]], row: int) -> Mapping[str, Any]:
    root = frames.root
    found = Fitted(_looked(root, frames, given, _values(root, frames, given)))
    found.setdefault(KEY, given[KEY])
    key = children_key(root)
    if root.children is not None and key is not None:
        found[key] = [_child(root.children, frames, child) for child in children]
    if (relation := relation_of(root.options.rows)) is not None:
        return Record(relation.table, found, unread=frames.unread.get(row, ()))
    return found


def _child(of: type[Facts], frames: Frames, given: dict[str, Any]) -> Mapping[str, Any]:
    if frames.below is not None:
        held: Mapping[str, Any] = frames.below[given[PLACE]]
        return held
    found = _looked(of, frames, given, _values(of, frames, given))
    return found if KEY in found or KEY not in given else {KEY: given[KEY], **found}


def _looked(of: type[Facts], frames: Frames, given: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Return the values with those that were looked up in other records."""
    for looked in frames.looked:
        if looked.scope is of:
            added = is_added(of, looked)
            into = found[str(of.options.extra)] if added else found
            into[looked.why] = given.get(f"{EXTRA}{looked.why}" if added else looked.why)
            for fact in (looked.found, looked.sure):
                value = given.get(column_of_fact(of, fact))
                into[fact.read or fact.name] = None if value is None else outside(value, fact.type)
    return found


def _values(vocabulary: type[Facts], frames: Frames, given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, held_outside in _cells(vocabulary):
        value = given[name]
        found[name] = value if value is None or held_outside is None else held_outside(value)
    if vocabulary.options.extra is not None:
        added = [fact for fact in frames.added if fact.scope is vocabulary]
        extra = {fact.read or fact.name: fact for fact in added}
        found[vocabulary.options.extra] = {
            name: outside(given[f"{EXTRA}{name}"], fact.type)
            for name, fact in extra.items()
            if given.get(f"{EXTRA}{name}") is not None
        }
    return found


@lru_cache(maxsize=256)  # the rows of a frame have the same columns
def _cells(vocabulary: type[Facts]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    """Return the columns of a vocabulary, each with what gives its values as a record holds them; None: as they are."""
    as_int = (V.INSTANT, V.DATE, V.SPAN) if vocabulary.options.stored == "microseconds" else ()
    facts = [fact for fact in vocabulary.given.values() if fact.definition is None]
    return tuple((fact.read or fact.name, None if fact.type in as_int else _OUTSIDE.get(fact.type)) for fact in facts)


def outside(value: Any, kind: ValueType) -> Any:
    """Return a value of a column as a record holds it that stores instants as datetimes."""
    found = _OUTSIDE.get(kind)
    return value if found is None else found(value)


_OUTSIDE: Final[Mapping[ValueType, Callable[[Any], Any]]] = {
    **OUTWARD, V.WORK: WorkSpan, V.TEXTS: frozenset, V.RATIO: Fraction, V.LIMIT: Limit.parse,
}  # fmt: skip


def refuse_unjudged(frames: Frames) -> Frames:
    """Return the frames if every record in them can be counted: one left out would make a wrong number.

    Raises:
        InvalidDocument: for records that lack what every one has, or say what no record can, each with its row.
    """
    if frames.intake.unjudged:
        what = f"a frame of {frames.root.options.table or frames.root.__name__} of which every record can be counted"
        raise InvalidDocument(what, tuple(("", reason) for reason in dict.fromkeys(frames.intake.unjudged.values())))
    return frames


def like(frame: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the columns of another and their types; what it lacks is null."""
    import polars as pl

    return frame.select(
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
        for name, kind in other.schema.items()
    )
