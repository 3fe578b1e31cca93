"""What became of what was given to be judged: the counts add up, and nothing is left out silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

__all__ = ["SHOWN", "Intake"]

SHOWN: Final = 5
"""So many names of records that are not there are told."""


@attrs.frozen
class Intake:
    """What became of what was given: nothing is left out silently, and the counts add up.

    Every record is judged, in `unjudged`, one of `later_records` or one of `repeated_records`; of frames ``children`` =
    ``seen`` + ``later`` + ``orphans`` + ``repeated``. What nobody counted is 0: children only where frames came in.

    Attributes:
        records: how many records came in; the cycles of a reopened request are one.
        later_records: how many of them begin after the instant judged: they are not there yet.
        repeated_records: how many say again, word for word, what another of them does: they count once.
        unjudged: why some records cannot be judged, by their place among the records judged.
        rejected: how many rows of the ledger could not be read; see `Report.load`.
        children: how many children came in.
        seen: how many of them were judged.
        later: how many happened after the instant judged.
        orphans: how many name a record that is not there.
        orphan_keys: a few of these names.
        repeated: how many children say again what another row does, equal in every cell: they count once.
        unused: the columns that no rule reads, by table.
    """

    records: int = 0
    children: int = 0
    seen: int = 0
    later: int = 0
    orphans: int = 0
    orphan_keys: tuple[str, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    later_records: int = 0
    unjudged: Mapping[int, str] = attrs.field(factory=dict)
    repeated: int = 0
    repeated_records: int = 0
    rejected: int = 0

    @classmethod
    def together(cls, parts: Sequence[tuple[Intake, int]], rejected: int = 0) -> Intake:
        """Return the intake of several kinds of record, each given with how many of it were judged, in order."""
        counted = [field.name for field in attrs.fields(cls) if field.default == 0]
        unused, unjudged, keys, begin = dict[str, tuple[str, ...]](), dict[int, str](), list[str](), 0
        for part, height in parts:
            unused |= part.unused
            unjudged |= {begin + row: reason for row, reason in part.unjudged.items()}
            keys += part.orphan_keys
            begin += height
        numbers = {name: sum(getattr(part, name) for part, _ in parts) for name in counted}
        found = cls(**numbers, unused=unused, unjudged=unjudged, orphan_keys=tuple(keys[:SHOWN]))
        return attrs.evolve(found, rejected=found.rejected + rejected)
