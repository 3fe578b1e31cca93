"""A mapping that nobody changes: what an engine holds is read by all its threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

__all__ = ["FrozenMapping", "frozen_tables"]

K = TypeVar("K")
V = TypeVar("V")


class FrozenMapping(Mapping[K, V], Generic[K, V]):
    """A mapping as it was when it was made; picklable, equal to any mapping of the same items.

    Args:
        values: a mapping, which is copied.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[K, V]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: K) -> V:
        return self._values[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)

    def __reduce__(self) -> tuple[type[FrozenMapping[K, V]], tuple[dict[K, V]]]:
        return (FrozenMapping, (self._values,))


def frozen_tables(tables: Mapping[str, Mapping[K, V]]) -> FrozenMapping[str, Mapping[K, V]]:
    """Return mappings by name, none of which can be changed."""
    return FrozenMapping({name: FrozenMapping(table) for name, table in tables.items()})
