"""Aggregates over the children of many records at once, by arrays.

The children stand in one frame, those of a record together and in order, with the number of their record. A condition
that names kinds picks its rows by the kind's code, so what else is asked is computed on those rows only; what is
gathered for each record is then read off the first, the last or the sum of its run of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from windowservice.errors import NotColumnar
from windowservice.language.analysis.kinds import kinds_looked_for, kinds_of, proves_nothing
from windowservice.language.polars.exprs import ColumnLevel, has_column
from windowservice.language.polars.figures import figure_series
from windowservice.language.polars.gather import Gathered, Gathering, Rows, certain, masked
from windowservice.language.python.facts import is_added
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import structure
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import Figure, FigureAt
from windowservice.language.tree.nodes import Aggregate, AsOf, Kernel, Look, Op
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from windowservice.language.polars.compile import RecordColumns

__all__ = ["ROW", "ChildColumns", "children_of", "first_of_records"]

V = ValueType
ROW = "__row"
"""The column of the children that holds the number of their record."""


def first_of_records(children: pl.DataFrame, height: int) -> np.ndarray[Any, Any]:
    """Return where the children of each record begin, in order of their record; one number more than records."""
    import numpy as np

    found: np.ndarray[Any, Any] = np.searchsorted(children[ROW].to_numpy(), np.arange(height + 1))
    return found


def children_of(starts: np.ndarray[Any, Any], rows: Any) -> tuple[np.ndarray[Any, Any], list[int]]:
    """Return the places of the children of some records, one after the other, and where those of each end.

    Args:
        starts: as `first_of_records` gives them.
        rows: the numbers of the records.
    """
    import numpy as np

    rows = np.asarray(rows, np.int64)
    first = starts[rows]
    counts = starts[rows + 1] - first
    ends = np.cumsum(counts)
    places = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
    return places, ends.tolist()


class ChildColumns(ColumnLevel):
    """Columns over the children of the records."""

    def __init__(self, parent: RecordColumns, child: type[Facts], frame: pl.DataFrame) -> None:
        super().__init__(parent.as_of, parent.binding)
        self.parent = parent
        self.child = child
        self.frame = frame
        self.row = frame[ROW].to_numpy()
        self._given: dict[str, str] = {}
        self._made: dict[tuple[Any, ...], str] = {}
        self._kinds: dict[str, np.ndarray[Any, Any]] = {}

    # leaves

    def leaf(self, expr: Expr[Any]) -> pl.Expr:
        """Return the column of a fact of the child, of its parent, or of a neighbour."""
        if isinstance(expr, Fact) and expr.scope is self.child:
            if expr.definition is not None:
                return self.value(expr.definition)
            given: pl.Expr = self.pl.col(self._column_of(expr))
            return given
        key = structure(expr)
        if key not in self._made:
            series = self._series_of(expr)
            self._made[key] = name = f"__c{len(self._made)}"
            self.frame = self.frame.with_columns(series.alias(name))
        made: pl.Expr = self.pl.col(self._made[key])
        return made

    def _column_of(self, fact: Fact[Any]) -> str:
        name = fact.read or fact.name
        return f"extra.{name}" if is_added(self.child, fact) else name

    def _series_of(self, expr: Expr[Any]) -> pl.Series:
        if isinstance(expr, Look):
            return self._neighbour(expr)
        if expr.scope is not self.child:
            return self.parent.series(expr).gather(self.frame[ROW])
        if isinstance(expr, Kernel) and has_column(expr):
            return self.called(expr)
        if isinstance(expr, (Op, Kernel)):  # whoever gathers it asks the code of the record for the whole
            raise NotColumnar(str(expr), "a function of each child")
        assert isinstance(expr, FigureAt)  # noqa: S101 - there is no other leaf of a child
        return figure_series(self, expr.figure, expr.keys)

    # what functions and figures ask of the children

    @property
    def height(self) -> int:
        """How many children there are."""
        return self.frame.height

    def codes(self, series: pl.Series) -> tuple[np.ndarray[Any, Any], list[str]]:
        """Return a text column as numbers and the words they stand for."""
        return self.parent.codes(series)

    def inlines(self, expr: Expr[Any]) -> bool:
        """Whether a derived fact is written out where it stands: those of the child are."""
        return isinstance(expr, Fact) and expr.scope is self.child

    def dated(self) -> pl.Series:
        """Return for each child the instant that picks the figures in force."""
        return self.parent.dated().gather(self.frame[ROW])

    def exact(self, expr: Expr[Any]) -> Any:
        """Return an exact decimal that is the same for all children."""
        return self.parent.exact(expr)

    def absence(self, expr: Expr[Any]) -> pl.Expr | None:
        """Return where a fact of the child, or of its parent, has not happened."""
        if isinstance(expr, Fact) and expr.scope is self.child:
            return None if self.is_doubtful(expr) else self.value(expr).is_null()
        if isinstance(expr, (Figure, FigureAt, AsOf)):
            return None
        key = ("absent", *structure(expr))
        if key not in self._made:
            if isinstance(expr, Look):
                series = self._nothing_beside(expr)
            else:
                absent = self.parent.absence(expr)
                if absent is None:
                    return None
                series = self.parent.frame.select(absent).to_series().gather(self.frame[ROW])
            self._made[key] = name = f"__c{len(self._made)}"
            self.frame = self.frame.with_columns(series.alias(name))
        found: pl.Expr = self.pl.col(self._made[key])
        return found

    def words(self, expr: Expr[Any]) -> frozenset[str] | None:
        """Return the only words that a text column can hold."""
        if isinstance(expr, Fact) and expr.definition is None and expr.scope is self.child:
            kind = self.frame.schema.get(self._column_of(expr))
            if isinstance(kind, self.pl.Enum):
                return frozenset(kind.categories)
        return None

    def limit_code(self, limit: Any) -> int:
        """Return the code under which the run knows a limit."""
        return self.parent.limit_code(limit)

    def is_doubtful(self, expr: Expr[Any]) -> bool:
        """Return whether that a value is missing proves nothing: it rests on what is not recorded."""
        return proves_nothing(expr, self.child, self.parent.recorded, self.parent.untold)

    # look-around

    def _neighbour(self, expr: Look[Any]) -> pl.Series:
        frame = self._select(expr.operands)
        if expr.how == "seen_before":
            seen = self._seen_before(expr, frame)
            return masked(seen, certain(seen)) if self._lacks(expr) else seen
        places, found, unsure = self._beside(expr, frame)
        return masked(frame["v0"].gather(places), found & ~unsure)

    def _lacks(self, expr: Look[Any]) -> bool:
        kinds, recorded = kinds_looked_for(expr, self.child), self.parent.recorded
        return kinds is not None and recorded is not None and not kinds <= recorded

    def _nothing_beside(self, expr: Look[Any]) -> pl.Series:
        """Return where a look-around certainly finds nothing."""
        import numpy as np
        import polars as pl

        if expr.how == "seen_before":
            return pl.Series(np.zeros(self.height, bool))
        _, found, unsure = self._beside(expr, self._select(expr.operands))
        return pl.Series(~found & ~unsure)

    def _beside(self, expr: Look[Any], frame: pl.DataFrame) -> tuple[Any, Any, Any]:
        """Return for each child the place of the neighbour that it looks at, whether there is one, and is none sure."""
        import numpy as np

        row = self.row
        height = len(row)
        places = np.arange(height)
        if self._lacks(expr) or not height:
            return places, np.zeros(height, bool), np.ones(height, bool)
        holds, unsure = np.ones(height, bool), np.zeros(height, bool)
        if expr.which is not None:  # a neighbour of which nobody can tell hides those behind it
            unsure = frame["v1"].is_null().to_numpy()
            holds = certain(frame["v1"]) | unsure
        if expr.how == "next":
            beside = np.minimum.accumulate(np.where(holds, places, height)[::-1])[::-1]
            beside = np.concatenate([beside[1:], [height]])
        else:
            beside = np.maximum.accumulate(np.where(holds, places, -1))
            beside = np.concatenate([[-1], beside[:-1]]) if expr.how == "previous" else beside
        seen = np.clip(beside, 0, height - 1)
        found = (beside == seen) & (row[seen] == row)
        return seen, found, found & unsure[seen]

    def _seen_before(self, expr: Look[Any], frame: pl.DataFrame) -> pl.Series:
        import numpy as np
        import polars as pl

        if len(self.row) == 0:
            return pl.Series([], dtype=pl.Boolean)
        known = frame["v0"].is_not_null().to_numpy()
        holds = np.ones(len(self.row), bool) if expr.which is None else certain(frame["v1"])
        maybe = np.zeros(len(self.row), bool) if expr.which is None else frame["v1"].is_null().to_numpy()
        places = np.arange(len(self.row))
        keyed = pl.DataFrame({"row": self.row, "value": frame["v0"], "place": places})
        first = (
            keyed.filter(pl.Series(holds & known)).group_by("row", "value").agg(pl.col("place").min().alias("first"))
        )
        seen_at = (
            keyed.join(first, on=["row", "value"], how="left", maintain_order="left")["first"]
            .fill_null(len(places))
            .to_numpy()
        )
        seen = seen_at < places
        doubt = np.flatnonzero((maybe & True) | (holds & ~known))
        doubted = np.full(int(self.row[-1]) + 1, len(places))
        np.minimum.at(doubted, self.row[doubt], doubt)
        unsure = doubted[self.row] < places
        return masked(pl.Series(seen), known & (seen | ~unsure))

    # aggregates

    def gather(self, expr: Aggregate[Any], recorded: frozenset[str] | None) -> Gathered | Rows:
        """Return the aggregate for every record."""
        kinds, expr = kinds_of(expr, self.child)
        unrecorded = kinds is not None and recorded is not None and not kinds <= recorded
        nothing = unrecorded and (expr.how not in ("first", "any", "all") or not kinds & recorded)  # type: ignore[operator]
        if nothing:
            return self._unknown(expr)
        for operand in expr.operands:  # neighbours and parents' facts become columns of all children first
            self.value(operand)
        places = self._places(kinds)
        row = self.row[places] if places is not None else self.row
        picked = self._select(expr.operands, places)
        count = len(expr.values)
        holds = picked[f"v{count}"] if expr.which is not None else None
        gathering = Gathering(self.parent.height, row, [picked[f"v{i}"] for i in range(count)], holds)
        if expr.how == "collect":
            return gathering.collect()
        found = gathering.of(expr)
        if unrecorded and expr.how in ("any", "all"):
            decisive = found.value if expr.how == "any" else ~found.value
            found = Gathered(masked(found.value, certain(decisive)), None, never_absent=True)
        return attrs.evolve(found, never_absent=found.never_absent or unrecorded)

    def _unknown(self, expr: Aggregate[Any]) -> Gathered | Rows:
        import numpy as np
        import polars as pl

        if expr.how == "collect":
            nowhere = np.zeros(0, np.int64)
            values = self._select(expr.values, nowhere).get_columns()[1:]
            return Rows(nowhere, tuple(values), np.ones(self.parent.height, bool))
        kinds: dict[ValueType, Any] = {
            V.BOOL: pl.Boolean, V.TEXT: pl.String, V.TEXTS: pl.List(pl.String), V.FLOAT: pl.Float64,
        }  # fmt: skip
        empty = pl.Series([None] * self.parent.height, dtype=kinds.get(expr.type, pl.Int64))
        return Gathered(empty, None, never_absent=True)

    def _places(self, kinds: frozenset[str] | None) -> np.ndarray[Any, Any] | None:
        """Return the numbers of the children of those kinds; None for all."""
        import numpy as np

        if kinds is None:
            return None
        name = str(self.child.options.kind)
        fact = self.child.given[name]
        column = self.frame[fact.read or fact.name]
        for kind in kinds:
            if kind not in self._kinds:
                words = self.words(fact)
                if words is not None and kind not in words:
                    self._kinds[kind] = np.zeros(0, np.int64)
                else:
                    self._kinds[kind] = (column == kind).fill_null(False).arg_true().to_numpy().astype(np.int64)
        parts = [self._kinds[kind] for kind in sorted(kinds)]
        if len(parts) == 1:
            return parts[0]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *parts]))  # none, if the kinds named exclude each other

    def _select(self, exprs: tuple[Expr[Any], ...], places: np.ndarray[Any, Any] | None = None) -> pl.DataFrame:
        """Return the expressions as columns v0, v1 ... over the children at the places (all, if None)."""
        columns = [self.value(expr).alias(f"v{i}") for i, expr in enumerate(exprs)]
        if not columns:
            return self.frame.clear()
        if places is None:
            return self.frame.select(self.pl.col(ROW), *columns)
        needed = sorted({name for column in columns for name in column.meta.root_names()})
        if not needed:
            needed = [ROW]
        picked: pl.DataFrame = self.frame.select(needed)[places]
        return picked.select(self.pl.col(needed[0]).alias("__any"), *columns)
