"""The earliest of two limits: each runs by itself, and the one that ends first counts."""

from __future__ import annotations

from windowservice.worktime.limits.kinds.kind import Kind

__all__ = ["EarliestOf"]


class EarliestOf(Kind):
    """Two limits; they are read, printed and counted part by part."""

    __slots__ = ()
    name = "earliest of"
