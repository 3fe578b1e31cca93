"""Records in hand as the frames that an application would hold: a column for each given fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.requests.request import Request
from windowservice.engine.frames.requests import request_frames
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key
from windowservice.language.tree.values import ValueType, span_us

if TYPE_CHECKING:
    import polars as pl

__all__ = ["frames_of"]

V = ValueType
_AS_INT: Final = frozenset({V.INSTANT, V.DATE, V.SPAN})
"""What records that store microseconds hold as whole numbers."""


def frames_of(of: type[Facts], records: Sequence[Any], us: int) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Return records of a type as a frame of them and one of their children, None if the type has none.

    Args:
        of: the type.
        records: requests, mappings, or objects with attributes; each with an ``id``.
        us: the instant judged, in microseconds UTC.
    """
    if records and isinstance(records[0], Request):
        return request_frames(records, us)
    import polars as pl

    keys = [str(_read(record, "id")) for record in records]
    frame = pl.DataFrame([pl.Series("id", keys, dtype=pl.String), *_columns(of, records, but="id")])
    under, child = children_key(of), of.children
    if child is None or under is None:
        return frame, None
    held = [_read(record, under) or () for record in records]
    owners = [key for key, mine in zip(keys, held, strict=True) for _ in mine]
    below = [one for mine in held for one in mine]
    owner = pl.Series(of.__name__, owners, dtype=pl.String)
    return frame, pl.DataFrame([owner, *_columns(child, below)])


def _columns(of: type[Facts], records: Sequence[Any], but: str = "") -> list[pl.Series]:
    as_int = of.options.stored == "microseconds"
    given = [(fact.read or name, fact) for name, fact in of.given.items() if fact.definition is None]
    return [_column(name, fact, [_read(r, name) for r in records], as_int) for name, fact in given if name != but]


def _read(record: Any, name: str) -> Any:
    return record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)


def _column(name: str, fact: Fact[Any], values: list[Any], as_int: bool) -> pl.Series:
    import polars as pl

    types: dict[ValueType, Any] = {
        V.BOOL: pl.Boolean, V.INT: pl.Int64, V.FLOAT: pl.Float64, V.TEXT: pl.String, V.DATE: pl.Date,
        V.INSTANT: pl.Datetime("us", "UTC"), V.SPAN: pl.Duration("us"), V.WORK: pl.Duration("us"),
        V.TEXTS: pl.List(pl.String), V.DECIMAL: pl.Decimal(38, 18), V.RATIO: pl.String, V.LIMIT: pl.String,
    }  # fmt: skip
    dtype = pl.Int64 if as_int and fact.type in _AS_INT else types[fact.type]
    return pl.Series(name, [_cell(value, fact.type) for value in values], dtype=dtype, strict=True)


def _cell(value: Any, kind: ValueType) -> Any:
    if value is None:
        return None
    if kind in (V.RATIO, V.LIMIT):
        return str(value)
    if kind is V.TEXTS:
        return sorted(value)
    if kind is V.WORK:
        return span_us(value) if not hasattr(value, "us") else value.us
    return value.astimezone(UTC) if isinstance(value, datetime) else value
