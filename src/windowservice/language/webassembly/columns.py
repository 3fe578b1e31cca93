"""Columns of a frame as whole numbers, as printed code reads them.

Texts become the codes of their words, sets of texts linked lists; a missing value is one number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from windowservice.language.tree.values import ValueType
from windowservice.worktime.integers.memory import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import polars as pl

    from windowservice.language.webassembly.image import Image

    Ints = np.ndarray[Any, Any]

__all__ = ["Columns"]

V = ValueType


class Columns:
    """The columns of one piece of a frame.

    Attributes:
        image: what the code finds in its memory beside them; limits that only the data name are added to it.
        codes: the words and their codes, those of the code first.
    """

    def __init__(self, image: Image) -> None:
        self.image = image
        self.codes = dict(image.codes)
        self._lists: list[tuple[Ints, Ints]] = []

    def numbers(self, series: pl.Series, kind: ValueType) -> Ints:
        """Return a column of single values."""
        import polars as pl

        if kind is V.TEXT:
            return self._texts(series)
        if kind is V.LIMIT:
            limits = {text: self.image.limit_named(text) for text in series.drop_nulls().unique().to_list()}
            found: Ints = series.replace_strict(limits, return_dtype=pl.Int64).fill_null(NONE).to_numpy()
            return found
        whole: Ints = series.cast(pl.Int64).fill_null(NONE).to_numpy()
        return whole

    def _texts(self, series: pl.Series) -> Ints:
        import numpy as np
        import polars as pl

        if not isinstance(series.dtype, pl.Enum):
            series = series.cast(pl.String)
            series = series.cast(pl.Enum(series.drop_nulls().unique()))
        words = series.dtype.categories.to_list()  # type: ignore[attr-defined]
        known = np.array([*(self.codes.setdefault(word, len(self.codes)) for word in words), NONE], np.int64)
        places: Ints = series.to_physical().cast(pl.Int64).fill_null(len(words)).to_numpy()
        found: Ints = known[places]
        return found

    def lists(self, series: pl.Series) -> tuple[Ints, Ints]:
        """Return a column of sets: the nodes (item, next), and for each row where its first stands among them.

        Both speak of words of the nodes' own array, from 1 on; 0 is the end of a list, `NONE` a missing one.
        """
        import numpy as np

        lengths = series.list.len().fill_null(0).to_numpy().astype(np.int64)
        items = self._texts(series.filter(series.list.len() > 0).explode()) if lengths.any() else np.zeros(0, np.int64)
        ends = np.cumsum(lengths)
        nodes = np.empty(2 * len(items), np.int64)
        nodes[0::2] = items
        nodes[1::2] = 2 * np.arange(1, len(items) + 1) + 1
        nodes[2 * ends[lengths > 0] - 1] = 0
        first = np.where(lengths > 0, 2 * (ends - lengths) + 1, 0)
        first[series.is_null().to_numpy()] = NONE
        return nodes, first

    def table(self, pointers: Mapping[str, int]) -> Ints:
        """Return a table of pointers by the codes of all words; 0 where there is none."""
        import numpy as np

        found = np.zeros(len(self.codes), np.int64)
        for word, pointer in pointers.items():
            found[self.codes[word]] = pointer
        return found

    def limits_among(self, series: pl.Series) -> dict[str, int]:
        """Return the words of a column that are limits, with their pointers."""
        import polars as pl

        texts = series.cast(pl.String).drop_nulls().unique().to_list()
        return {text: pointer for text in texts if (pointer := self.image.limit_named(text))}
