"""Facts that are looked up in other records: each record is given what a ledger says, or why it cannot be told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import attrs

from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.records import Record
from windowservice.domain.requests.extra import Extra
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread
from windowservice.engine.relations.firm import is_firm, settled
from windowservice.engine.relations.told import ToldRow, lacking, rows_of, table_of, told_of
from windowservice.errors import CyclicFact
from windowservice.language.python.facts import is_added
from windowservice.language.relations.lookup import Counted, Looked, lookups_below, rests_on
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, children_key

if TYPE_CHECKING:
    from windowservice.engine.seen import Seen

__all__ = ["Answer", "Around", "Others", "check_lookups", "others_of", "told_rows", "with_looked"]

Keys = tuple[Any, ...]
_SHOWN: Final = 3


def check_lookups(lookups: Iterable[Looked[Any]]) -> None:
    """Refuse facts that have to be looked up before themselves.

    Raises:
        CyclicFact: with the facts, in the order in which they need one another.
    """
    done: set[int] = set()
    for looked in lookups:
        _visit(looked, (), done)


def _visit(looked: Looked[Any], above: tuple[Looked[Any], ...], done: set[int]) -> None:
    if any(one is looked for one in above):
        raise CyclicFact(tuple(str(one) for one in (*above, looked)))
    if id(looked) not in done:
        for below in rests_on(looked):
            _visit(below, (*above, looked), done)
        done.add(id(looked))


def told_rows(
    seen: Seen, of: type[Facts], exprs: Sequence[Expr[Any]], rows: Sequence[Any] | None = None
) -> Iterator[ToldRow]:
    """Yield the rows of a type with the values of expressions, looked up in other records where they ask for it.

    Args:
        seen: the ledger.
        of: the type.
        exprs: the expressions.
        rows: the rows, if not all of the ledger; of a reopened request each cycle is a row.
    """
    found = rows_of(seen, of) if rows is None else rows
    return told_of(seen, of, with_looked(seen, of, found, lookups_below(exprs)), exprs)


def with_looked(seen: Seen, of: type[Facts], rows: Sequence[Any], asked: Sequence[Looked[Any]]) -> Sequence[Any]:
    """Return the rows of a type, each with those facts of it and of its children that are looked up."""
    below, key = [one for one in asked if one.scope is of.children], children_key(of)
    if below and key is not None and of.children is not None:
        flat = [child for row in rows for child in row[key]]
        told = iter(_filled(seen, of.children, flat, below))
        rows = [_with(row, {key: [next(told) for _ in row[key]]}) for row in rows]
    return _filled(seen, of, rows, [one for one in asked if one.scope is of])


def _filled(seen: Seen, of: type[Facts], rows: Sequence[Any], asked: Sequence[Looked[Any]]) -> Sequence[Any]:
    if not asked:
        return rows
    mine: list[dict[str, Any]] = [{} for _ in rows]
    extra: list[dict[str, Any]] = [{} for _ in rows]
    for looked in asked:
        into = extra if is_added(of, looked) else mine
        for said, answer in zip(into, _answers(seen.whole, of, rows, looked), strict=True):
            value = (
                tuple(sorted(answer.value)) if isinstance(answer.value, frozenset) and into is extra else answer.value
            )
            said |= {looked.name: value, looked.sure.name: answer.sure or None, looked.why: answer.why}
    return [_with(row, *said) for row, *said in zip(rows, mine, extra, strict=True)]


def _answers(seen: Seen, of: type[Facts], rows: Sequence[Any], looked: Looked[Any]) -> Iterator[Answer]:
    others = seen.kept(("looked", id(looked)), partial(others_of, _OfLedger(seen), looked))
    return others.answers(told_rows(seen, of, looked.lookup.ours, rows))


class Around(Protocol):
    """What facts are looked up in: the tables around a record."""

    def told_rows(self, of: type[Facts], exprs: Sequence[Expr[Any]]) -> Iterator[ToldRow]:
        """Yield the rows of a type with the values of expressions."""

    def lacking(self, of: type[Facts]) -> Sequence[str]:
        """Return the tables that records of a type are made of and that nobody has."""

    def rests_on(self, of: type[Facts]) -> Mapping[str, Mapping[str, str]]:
        """Return the tables that records of a type rest on, with the columns that are keys of theirs."""

    def lost(self, table: str) -> Iterable[Unread]:
        """Return the rows of a table that could not be read."""


@attrs.frozen
class _OfLedger:
    """The tables of a ledger."""

    seen: Seen

    def told_rows(self, of: type[Facts], exprs: Sequence[Expr[Any]]) -> Iterator[ToldRow]:
        return told_rows(self.seen, of, exprs)

    def lacking(self, of: type[Facts]) -> Sequence[str]:
        return lacking(of, lambda one: self.seen.is_there(table_of(one)))

    def rests_on(self, of: type[Facts]) -> Mapping[str, Mapping[str, str]]:
        return self.seen.rests_on(table_of(of))

    def lost(self, table: str) -> Iterable[Unread]:
        return (row for row in self.seen.unread if row.table == table)


def _with(row: Any, said: Mapping[str, Any], extra: Mapping[str, Any] = FrozenMapping[str, Any]({})) -> Any:
    """Return a row with more facts; those that plugins add stand among its further fields."""
    if isinstance(row, Request):
        return attrs.evolve(row, extra=Extra({**row.extra, **extra}))
    more = {**said, "extra": {**(row.get("extra") or {}), **extra}} if extra else said
    if isinstance(row, Record):
        return Record(row.table, {**row, **more}, row.place, row.unread, row.recorded)
    return {**row, **more}


class Answer(NamedTuple):
    """What was found: the value, whether nothing else can be the answer, and why not."""

    value: Any
    sure: bool
    why: str | None = None


_NOTHING: Final = Answer(None, sure=True)


class _Other(NamedTuple):
    """A record that may answer; not for certain if there are doubts."""

    token: Any
    at: Any
    value: Any
    known: bool
    doubts: tuple[str, ...]


class Others:
    """The records that a fact is looked up in, by their keys, each list in the order of time if that is asked."""

    def __init__(self, around: Around, looked: Looked[Any]) -> None:
        self.lookup = lookup = looked.lookup
        self.of_own = lookup.of is looked.scope  # of another type none is the record itself, whatever its number
        self.table = table_of(lookup.of)
        self.lost: list[tuple[Unread, Mapping[str, str]]] = []
        without = around.lacking(lookup.of)
        self.lacking = f"the ledger has no table {without[0]}" if without else None
        self.by_key: dict[Keys, list[_Other]] = {}
        self.doubtful: dict[Keys, list[_Other]] = {}
        self.loose: list[tuple[Keys, _Other]] = []
        if self.lacking is not None:
            return
        for table, pairs in around.rests_on(lookup.of).items():
            named = {name: name for name in lookup.on} if table == self.table else pairs
            self.lost += [(row, named) for row in around.lost(table)]
        for keys, other in self._told(around):
            if None in keys or (lookup.time is not None and other.at is None):
                self.loose.append((keys, other))
            else:
                (self.doubtful if other.doubts else self.by_key).setdefault(keys, []).append(other)
        if lookup.time is not None:
            for some in self.by_key.values():
                some.sort(key=_at)

    def _told(self, around: Around) -> Iterator[tuple[Keys, _Other]]:
        lookup, number = self.lookup, len(self.lookup.on)
        timed, where = lookup.time is not None, lookup.where is not None
        firm = [True, *(is_firm(lookup.of, expr) for expr in lookup.theirs[1:])]
        for row in around.told_rows(lookup.of, lookup.theirs):
            told = settled(row, firm)
            value, keys = told.values[0], told.values[1 : number + 1]
            at = told.values[number + 1] if timed else None
            belongs = told.values[-1] if where else True
            if belongs is False or any(told.later[1 : number + 1]) or (timed and told.later[number + 1]):
                continue
            doubts = tuple(map(str, told.unread))
            if belongs is None:
                doubts += (f"{_named(self.table, told.row)} does not tell whether it answers",)
            yield keys, _Other(_token(told.row), at, value, value is not None or told.later[0], doubts)

    def answers(self, rows: Iterable[ToldRow]) -> Iterator[Answer]:
        """Yield what is found for each record, given what it says of its keys, and before or after when."""
        number, ours = len(self.lookup.on), self.lookup.ours
        for told in rows:
            keys, when = told.values[:number], told.values[number:]
            if when and when[0] is None and told.later[number]:  # it looks from what has not happened
                yield _NOTHING
            elif None in told.values:
                yield Answer(None, sure=False, why=f"{ours[told.values.index(None)]} is missing")
            else:
                yield self.answer(keys, when[0] if when else None, _token(told.row) if self.of_own else None)

    def answer(self, keys: Keys, when: Any, mine: Any) -> Answer:
        """Return what is found for a record: its keys, before or after when, and what names it among the others."""
        if self.lacking is not None:
            return Answer(None, sure=False, why=self.lacking)
        found = self._sure(keys, when, mine)
        nearest = found[0].at if found and when is not None else None
        doubts = self._doubts(keys, when, mine, nearest)
        if len(found) > 1:
            named, many = sorted(str(one.token) for one in found[:_SHOWN]), len(found) > _SHOWN
            said = f"more than {_SHOWN}" if many else str(len(found))
            return Answer(None, sure=False, why=f"{said} {self.table} answer: {', '.join(named)}{' ...' * many}")
        if doubts:
            return Answer(None, sure=False, why="; ".join(doubts))
        if not found:
            return _NOTHING
        (one,) = found
        if not one.known:
            return Answer(None, sure=False, why=f"{self.lookup.value} of {self.table} {one.token} is missing")
        return Answer(one.value, sure=True)

    def _sure(self, keys: Keys, when: Any, mine: Any) -> list[_Other]:
        """Return the records that answer for certain, a few of them: those at the nearest instant, if one is asked."""
        some = self.by_key.get(keys, [])
        if when is None:
            return list(islice((one for one in some if one.token != mine), _SHOWN + 1))
        before = self.lookup.last_before is not None
        place = bisect_left(some, when, key=_at) - 1 if before else bisect_right(some, when, key=_at)
        step, found = -1 if before else 1, list[_Other]()
        while 0 <= place < len(some) and len(found) <= _SHOWN and (not found or some[place].at == found[0].at):
            found += [some[place]] if some[place].token != mine else []
            place += step
        return found

    def _doubts(self, keys: Keys, when: Any, mine: Any, nearest: Any) -> list[str]:
        """Return what may be the answer instead of the nearest that is known: a few of it."""
        found = chain.from_iterable(self._may_be_answers(keys, when, mine, nearest))
        return list(dict.fromkeys(islice(found, _SHOWN)))

    def _may_be_answers(self, keys: Keys, when: Any, mine: Any, nearest: Any) -> Iterator[Sequence[str]]:
        for other in self.doubtful.get(keys, ()):
            if other.token != mine and self._may_answer(other.at, when, nearest):
                yield other.doubts
        for some, other in self.loose:
            if other.token != mine and _may_be(some, keys) and self._may_answer(other.at, when, nearest):
                yield other.doubts or (f"{self.table} {other.token} does not tell whether it answers",)
        for row in self.lost_for(keys):
            if self._may_answer(self._time_of(row), when, nearest):
                yield (str(row),)

    def lost_for(self, keys: Keys) -> Iterator[Unread]:
        """Yield the rows that could not be read and may have said the keys."""
        wanted = dict(zip(self.lookup.on, keys, strict=True))
        for row, named in self.lost:
            held = {column: wanted[name] for column, name in named.items() if name in wanted}
            if all(_may_say(row.said, column, value) for column, value in held.items()):
                yield row

    def _time_of(self, row: Unread) -> Any:
        """Return when a record was whose row could not be read; None if nobody knows."""
        time = self.lookup.time
        return row.said.get(time.name) if isinstance(time, Fact) and row.table == self.table else None

    def _may_answer(self, at: Any, when: Any, nearest: Any) -> bool:
        """Whether a record that was then, or nobody knows when, may be nearer than the nearest known."""
        if when is None or at is None:
            return True
        if self.lookup.last_before is not None:
            return bool(at < when and (nearest is None or at >= nearest))
        return bool(at > when and (nearest is None or at <= nearest))


class _Counting(Others):
    """The records of which some are counted."""

    def __init__(self, around: Around, looked: Looked[Any]) -> None:
        super().__init__(around, looked)
        self.bounded = [looked.lookup.above is not None, looked.lookup.below is not None]  # type: ignore[attr-defined]
        self.place = {one.token: (keys, one.at) for keys, some in self.by_key.items() for one in some}

    def answers(self, rows: Iterable[ToldRow]) -> Iterator[Answer]:
        """Yield how many there are for each record."""
        number, ours = len(self.lookup.on), self.lookup.ours
        for told in rows:
            if self.lacking is not None or None in told.values:
                missing = self.lacking or f"{ours[told.values.index(None)]} is missing"
                yield Answer(None, sure=False, why=missing)
                continue
            bounds = iter(told.values[number:])
            above, below = (next(bounds) if is_there else None for is_there in self.bounded)
            yield self._counted(told.values[:number], above, below, _token(told.row) if self.of_own else None)

    def _counted(self, keys: Keys, above: Any, below: Any, mine: Any) -> Answer:
        def between(at: Any) -> bool:
            return at is None or ((above is None or at > above) and (below is None or at < below))

        others = chain(((keys, one) for one in self.doubtful.get(keys, ())), self.loose)
        unsure = (
            other.doubts or (f"{self.table} {other.token} does not tell whether it counts",)
            for some, other in others
            if other.token != mine and _may_be(some, keys) and between(other.at)
        )
        lost = ((str(row),) for row in self.lost_for(keys) if between(self._time_of(row)))
        if doubts := list(islice(chain(unsure, lost), _SHOWN)):
            return Answer(None, sure=False, why="; ".join(dict.fromkeys(chain(*doubts))))
        some = self.by_key.get(keys, [])
        first = 0 if above is None else bisect_right(some, above, key=_at)
        last = len(some) if below is None else bisect_left(some, below, key=_at)
        itself, at = self.place.get(mine, (None, None))
        return Answer(max(0, last - first) - (itself == keys and between(at)), sure=True)


def others_of(around: Around, looked: Looked[Any]) -> Others:
    """Return what tells a fact that is looked up."""
    return (_Counting if isinstance(looked.lookup, Counted) else Others)(around, looked)


def _at(one: _Other) -> Any:
    return one.at


def _token(row: Any) -> Any:
    """Return what names a row among those of its table."""
    if isinstance(row, Request):
        return row.id
    found = row.get("id")
    if found is not None:
        return found
    return row.where if isinstance(row, Record) and row.place is not None else id(row)


def _named(table: str, row: Any) -> str:
    return row.where if isinstance(row, Record) and row.where else f"{table} {_token(row)}"


def _may_be(told: Keys, keys: Keys) -> bool:
    return all(one is None or one == key for one, key in zip(told, keys, strict=True))


def _may_say(said: Mapping[str, Any], column: str, wanted: Any) -> bool:
    """Whether a row that could not be read may have said that in a column."""
    if column not in said:
        return True
    return bool(said[column] == wanted)
