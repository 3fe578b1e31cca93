"""What would have kept a rule: the nearest change of a time, a fact or a figure, each judged again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.clean import for_line
from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.engine.report.distance import as_us
from windowservice.engine.report.explaining import shown, shown_end
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidValue, WindowserviceError
from windowservice.instants import HOUR, MINUTE, to_us, utc_datetime
from windowservice.language.analysis.check import resolve
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.figures import Key, figure_of, key_of, named_line
from windowservice.language.tree.nodes import Const, Op
from windowservice.language.tree.values import ValueType
from windowservice.worktime.limits.limit import Limit

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding

__all__ = ["Nearest", "nearest_changes"]

_MOST: Final = 1 << 17
"""A figure is tried up to so many steps beyond what it is."""
_TURNED: Final = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq"}
_STEPS: Final = {"lt": -1, "gt": 1, "le": 0, "ge": 0, "eq": 0}


@attrs.frozen
class Nearest:
    """A change with which the rule would have been kept, and with nothing less of its kind.

    Attributes:
        what: what is changed: ``done``, a fact of the record, or a line of a figure.
        was: what it is.
        instead: what it would be.
    """

    what: str
    was: Any
    instead: Any

    @property
    def by(self) -> timedelta | int | None:
        """By how much: real time of an instant, a difference of whole numbers; None of all else."""
        if isinstance(self.was, datetime) and isinstance(self.instead, datetime):
            return datetime.__sub__(self.instead, self.was)
        return self.instead - self.was if type(self.was) is int and type(self.instead) is int else None

    def __str__(self) -> str:
        if isinstance(self.by, timedelta):
            how = "earlier" if self.by < timedelta() else "later"
            return for_line(f"{self.what} {shown(abs(self.by))} {how}, at {shown_end(self.instead)}")
        return for_line(f"{self.what} = {shown(self.instead)} instead of {shown(self.was)}")


def nearest_changes(engine: Engine, finding: Finding) -> tuple[Nearest, ...]:
    """Return what would have kept a rule that failed; see `Engine.nearest_changes`."""
    if finding.verdict is not Verdict.FAIL:
        raise InvalidValue("finding", str(finding.verdict), "a failure: of other verdicts nothing has to change")
    trial = _Trial(engine, finding)
    found = [*trial.times(), *trial.facts(), *trial.figures()]
    return tuple({one.what: one for one in reversed(found)}.values())[::-1]


class _Trial:
    """One failed rule on one record, judged again with something changed."""

    def __init__(self, engine: Engine, finding: Finding) -> None:
        self.finding, self.runner = finding, finding.subject.runner
        self.engine = engine.only(finding.rule)
        self.of = finding.definition.of

    def keeps(self, record: Any, engine: Engine | None = None) -> bool:
        """Return whether the rule is kept on a record, or can be yet, by the engine or one that assumes something."""
        of = None if isinstance(record, Request) else self.of
        report = (engine or self.engine).check(record, as_of=utc_datetime(self.finding.us), of=of)
        return report.verdicts.get(self.finding.rule) in (Verdict.PASS, Verdict.PENDING)

    # a time

    def times(self) -> Iterator[Nearest]:
        """Yield the time at which the matter would have been done in time."""
        short = self.finding.shortfall
        if short is None or short.overrun is None or not isinstance(short.actual, datetime):
            return
        if isinstance(short.bound, datetime) and any(map(self.keeps, self._moved(short.actual, short.bound))):
            yield Nearest("done", short.actual, short.bound)

    def _moved(self, done: datetime, due: datetime) -> Iterator[Any]:
        """Yield the record with that done at its due that was done then: an event, or a fact of the record."""
        record, us = self.finding.record, to_us(done)
        if isinstance(record, Request):
            events = [attrs.evolve(event, at=due) if event.us == us else event for event in record.events]
            yield attrs.evolve(record, events=events)
            return
        for fact in self._given():
            if fact.type is ValueType.INSTANT and (value := self._value(fact)) is not None and as_us(value) == us:
                yield from self._with(fact.name, due)

    # a fact

    def facts(self) -> Iterator[Nearest]:
        """Yield the number that a fact of the record would have to be, of conditions that compare one."""
        for place, (fact, sign, bound) in enumerate(_compared(self.finding.definition.require)):
            key = ("nearest", self.finding.rule, place)
            was, wanted = self.runner.values(key, (fact, bound), self.finding.record, self.finding.us)
            if type(was) is not int or type(wanted) is not int or fact.type is not ValueType.INT:
                continue
            instead = wanted + _STEPS[sign]
            if any(map(self.keeps, self._with(fact.name, instead))):
                yield Nearest(str(fact), was, instead)

    def _given(self) -> list[Fact[Any]]:
        return [fact for fact in self.of.given.values() if fact.definition is None]

    def _value(self, fact: Fact[Any]) -> Any:
        (found,) = self.runner.values(("nearest", fact.name), (fact,), self.finding.record, self.finding.us)
        return found

    def _with(self, name: str, value: Any) -> Iterator[Any]:
        """Yield the record with another value of a fact, if it is one that can be made so."""
        record = self.finding.record
        if isinstance(record, Record):
            yield Record(record.table, {**record, name: value}, record.place, record.unread, record.recorded)
        elif isinstance(record, Mapping):
            yield {**record, name: value}
        elif attrs.has(type(record)) and name in attrs.fields_dict(type(record)):
            yield attrs.evolve(record, **{name: value})
        elif dataclasses.is_dataclass(record) and not isinstance(record, type):
            yield dataclasses.replace(record, **{name: value})
        elif hasattr(record, "model_copy"):  # pydantic
            yield record.model_copy(update={name: value})

    # a figure

    def figures(self) -> Iterator[Nearest]:
        """Yield for each line of a figure that was read the nearest value with which the rule would be kept."""
        evidence = self.finding.evidence
        plan = self.runner.plans[self.finding.subject.verdicts.rules.index(self.finding.rule)]
        for read, found in zip(evidence.figures, plan.figures, strict=True):
            if read.value is None or (steps := _steps(read.value)) is None:
                continue
            name, key = self._line(found.expr)
            tried = self._trying(name, key, steps)
            both = (_nearest(tried, way) for way in (1, -1))
            nearest = min((value for value in both if value is not None), key=abs, default=None)
            if nearest is not None:
                yield Nearest(named_line(name, key), read.value, steps(nearest))

    def _line(self, expr: Any) -> tuple[str, Key]:
        found = figure_of(expr)
        assert found is not None  # noqa: S101 - gathered as such
        figure, keys = found
        values = self.runner.values(("nearest", str(expr)), keys, self.finding.record, self.finding.us) if keys else ()
        return figure.name, key_of(values)

    def _trying(self, name: str, key: Key, steps: Callable[[int], Any]) -> Callable[[int], bool]:
        def kept(number: int) -> bool:
            value = steps(number)
            if value is None:
                return False
            try:
                other = self.engine.what_if(figures={name: {key: value} if key else value})
                return self.keeps(self.finding.record, other)
            except WindowserviceError:  # a value that the figure cannot have
                return False

        return kept


def _steps(value: Any) -> Callable[[int], Any] | None:
    """Return what gives the value so many steps above a figure's, or below; None for what has no steps."""
    if type(value) is int:
        return lambda number: value + number
    if isinstance(value, Limit) and value.amount:
        unit = 1 if value.amount < MINUTE else HOUR if value.amount % HOUR == 0 else MINUTE
        least = value.amount - (value.amount // unit) * unit
        return lambda n: (
            attrs.evolve(value, amount=value.amount + n * unit) if value.amount + n * unit > least else None
        )
    return None


def _nearest(kept: Callable[[int], bool], way: int) -> int | None:
    """Return the fewest steps with which something is kept: by doubling, then by halves; None up to `_MOST`."""
    above = next((1 << power for power in range(_MOST.bit_length()) if kept(way * (1 << power))), None)
    if above is None:
        return None
    below = above // 2
    while above - below > 1:
        middle = (above + below) // 2
        below, above = (below, middle) if kept(way * middle) else (middle, above)
    return way * above


def _compared(require: Any) -> Iterator[tuple[Fact[Any], str, Any]]:
    """Yield the given facts that a requirement compares with something: fact, sign, what it is compared with."""
    pending = [require]
    while pending:
        found = resolve(pending.pop())
        if not isinstance(found, Op):
            continue
        if found.name in _TURNED:
            left, right = found.args
            for one, sign, other in ((left, found.name, right), (right, _TURNED[found.name], left)):
                if isinstance(one, Fact) and one.definition is None and not isinstance(one, Const):
                    yield one, sign, other
        elif found.name in ("and", "or"):
            pending += found.args
