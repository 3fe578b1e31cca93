"""Columns of a frame as whole numbers, as printed code reads them.

Texts become the codes of their words, sets of texts linked lists; a missing value is one number.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from windowservice.language.tree.values import ValueType
from windowservice.worktime.integers.memory import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import polars as pl

    from windowservice.language.webassembly.image import Image

    Ints = np.ndarray[Any, Any]

__all__ = ["Columns", "Enumerations"]

V = ValueType


class Enumerations:
    """The words of the columns of a frame that are enumerations: looked at once for all of its pieces.

    Args:
        image: what the code finds in its memory beside the columns; limits that only the data name are added to it.
        columns: the columns that the code reads, by level and name.

    Attributes:
        image: the same.
        codes: the words and their codes, those of the code first.
        known: by level and name the codes of the words of an enumeration, and last a missing value.
    """

    def __init__(self, image: Image, columns: Mapping[tuple[str, str], pl.Series]) -> None:
        import polars as pl

        self.image = image
        self.codes = dict(image.codes)
        words = {key: one.dtype.categories.to_list() for key, one in columns.items() if isinstance(one.dtype, pl.Enum)}
        self.known = {key: _coded(of, self.codes) for key, of in words.items()}
        self._words = words

    @cached_property
    def limits(self) -> dict[str, int]:
        """The words that are limits, with their pointers."""
        return _limits_of(sorted({word for words in self._words.values() for word in words}), self.image)


def _coded(words: list[str], codes: dict[str, int]) -> Ints:
    import numpy as np

    return np.array([*(codes.setdefault(word, len(codes)) for word in words), NONE], np.int64)


def _limits_of(texts: list[str], image: Image) -> dict[str, int]:
    return {text: pointer for text in texts if (pointer := image.limit_named(text))}


class Columns:
    """The columns of one piece of a frame.

    Attributes:
        image: as of `Enumerations`.
        codes: the words and their codes, those of enumerations first.
    """

    def __init__(self, words: Enumerations) -> None:
        self.image = words.image
        self.codes = dict(words.codes)
        self._words = words

    def numbers(self, key: tuple[str, str], series: pl.Series, kind: ValueType) -> Ints:
        """Return a column of single values, by its level and name."""
        import polars as pl

        if kind is V.TEXT:
            return self._texts(series, self._words.known.get(key))
        if kind is V.LIMIT:
            limits = {text: self.image.limit_named(text) for text in series.drop_nulls().unique().to_list()}
            found: Ints = series.replace_strict(limits, return_dtype=pl.Int64).fill_null(NONE).to_numpy()
            return found
        whole: Ints = series.cast(pl.Int64).fill_null(NONE).to_numpy()
        return whole

    def _texts(self, series: pl.Series, known: Ints | None = None) -> Ints:
        import polars as pl

        if known is None:
            series = series.cast(pl.String)
            words = series.drop_nulls().unique()
            known, series = _coded(words.to_list(), self.codes), series.cast(pl.Enum(words))
        places: Ints = series.to_physical().cast(pl.UInt32).fill_null(len(known) - 1).to_numpy()
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
            if word in self.codes:
                found[self.codes[word]] = pointer
        return found

    def limits_among(self, series: pl.Series) -> dict[str, int]:
        """Return the words of a column that are limits, with their pointers."""
        import polars as pl

        if isinstance(series.dtype, pl.Enum):
            return self._words.limits
        return _limits_of(series.cast(pl.String).drop_nulls().unique().to_list(), self.image)
