"""What the library offers itself, loaded when somebody looks at it: who judges a request needs no other record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

__all__ = ["Shipped"]

T_co = TypeVar("T_co", covariant=True)


class Shipped(Sequence[T_co], Generic[T_co]):
    """A sequence that is made in two steps: its first items, and all of them when somebody looks further.

    Args:
        first: gives the items that are enough to judge requests.
        whole: gives all, those among them and in front.
    """

    __slots__ = ("_first", "_whole")

    def __init__(self, first: Callable[[], Sequence[T_co]], whole: Callable[[], Sequence[T_co]]) -> None:
        self._first = first
        self._whole = whole

    @property
    def first(self) -> Sequence[T_co]:
        """The items that are enough to judge requests."""
        return self._first()

    @overload
    def __getitem__(self, place: int) -> T_co: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T_co]: ...
    def __getitem__(self, place: int | slice) -> T_co | Sequence[T_co]:
        return self._whole()[place]

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(self._whole())

    def __reduce__(self) -> tuple[Any, ...]:
        return (tuple, (tuple(self),))
