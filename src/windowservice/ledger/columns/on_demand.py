"""Requests of which the objects are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, overload

from windowservice.domain.requests.request import Request

__all__ = ["OnDemand"]

_AT_ONCE: Final = 512
"""Requests made at once, when one after the other is asked for."""


class OnDemand(Sequence[Request]):
    """The requests of a ledger in the order of reading, like a tuple of them.

    Each is made when it is asked for, and kept.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, made: Sequence[Request | None], make: Callable[[Sequence[int]], Sequence[Request]]) -> None:
        """Take what is made already, with None for all others, and how those of some places are made."""
        self._made = list(made)
        self._make = make

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, place: int) -> Request: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Request, ...]: ...
    def __getitem__(self, place: int | slice) -> Request | tuple[Request, ...]:
        places = range(len(self._made))[place]
        if isinstance(places, int):
            return self._of((places,))[0]
        return tuple(self._of(places))

    def __iter__(self) -> Iterator[Request]:
        for begin in range(0, len(self._made), _AT_ONCE):
            yield from self._of(range(begin, min(begin + _AT_ONCE, len(self._made))))

    def _of(self, places: Sequence[int]) -> list[Request]:
        missing = [place for place in places if self._made[place] is None]
        if missing:
            for place, made in zip(missing, self._make(missing), strict=True):
                self._made[place] = made
        return [request for place in places if (request := self._made[place]) is not None]

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, tuple | OnDemand):
            return NotImplemented
        return len(self) == len(other) and all(one == their for one, their in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __add__(self, other: Any) -> tuple[Request, ...]:
        return (*self, *other) if isinstance(other, tuple | OnDemand) else NotImplemented

    def __radd__(self, other: Any) -> tuple[Request, ...]:
        return (*other, *self) if isinstance(other, tuple) else NotImplemented

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[type[tuple[Request, ...]], tuple[list[Request]]]:
        return tuple, (list(self),)
