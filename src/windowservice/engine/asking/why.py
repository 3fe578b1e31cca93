"""Why a verdict came out: the least conditions of a rule that decide it, with the facts that they name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from windowservice.clean import for_line
from windowservice.engine.report.evidence import Input, Shown
from windowservice.engine.report.explaining import shown
from windowservice.engine.verdicts import Verdict
from windowservice.language.analysis.check import resolve
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.figures import figure_of, key_of, named_line
from windowservice.language.tree.nodes import Aggregate, By, FactNode, Op, Within
from windowservice.language.tree.values import ValueType

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding

__all__ = ["Reason", "Why", "why"]


@attrs.frozen
class Reason:
    """A simple condition that helped to decide a verdict.

    Attributes:
        condition: the condition, as rules are written.
        holds: what it came to; None if it cannot be told, or not yet.
        facts: the facts and figures that it names, with their values.
    """

    condition: str
    holds: bool | None
    facts: tuple[Input, ...]

    def __str__(self) -> str:
        said = {True: "holds", False: "does not hold", None: "cannot be told"}[self.holds]
        values = ", ".join(f"{one.fact} = {shown(one.value)}{f' {one.unit}' if one.unit else ''}" for one in self.facts)
        return for_line(f"{self.condition} {said}{f' ({values})' if values else ''}")


@attrs.frozen
class Why:
    """The least conditions that decide a verdict: with these alone it is what it is, without any of them it is open.

    Attributes:
        verdict: the verdict.
        applies: why the rule applies or does not; none if it always applies.
        requires: why what it requires holds or does not; none if the rule does not apply.
    """

    verdict: Verdict
    applies: tuple[Reason, ...]
    requires: tuple[Reason, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the facts and figures that decide, each once."""
        reasons = (*self.applies, *self.requires)
        return tuple(dict.fromkeys(one.fact for reason in reasons for one in reason.facts))

    def __str__(self) -> str:
        parts = (("when", self.applies), ("requires", self.requires))
        return "\n".join([str(self.verdict), *(f"  {name}: {one}" for name, found in parts for one in found)])


def why(finding: Finding) -> Why:
    """Return the least conditions that decide a finding's verdict; none for a rule that could not be run."""
    if finding.verdict is Verdict.ERROR:
        return Why(finding.verdict, (), ())
    decider = _Decider(finding)
    rule, verdict = finding.definition, finding.verdict
    applies = (True, ()) if rule.when is None else decider.of(rule.when)
    if verdict is Verdict.NOT_APPLICABLE:
        return Why(verdict, decider.reasons(applies[1]) if applies[0] is False else (), ())
    requires = decider.of(rule.require)
    undecided = verdict in (Verdict.UNKNOWN, Verdict.PENDING)
    of_when = applies[1] if not undecided or applies[0] is None else ()
    of_require = requires[1] if not undecided or requires[0] is None else ()
    if not of_when and not of_require:  # it is as it is now, and what comes later may change it
        of_when, of_require = applies[1], requires[1]
    return Why(verdict, decider.reasons(of_when), decider.reasons(of_require))


_Decided = tuple[bool | None, tuple[int, ...]]
"""What a condition came to, and the places of the simple ones that decide it."""


class _Decider:
    """What the conditions of a rule came to on one record, and which of them decide what is made of them."""

    def __init__(self, finding: Finding) -> None:
        self.finding, self.runner = finding, finding.subject.runner
        conditions = [one for one in (finding.definition.when, finding.definition.require) if one is not None]
        leaves = {id(leaf): leaf for one in conditions for leaf in _leaves(one)}
        self.leaves, self.places = list(leaves.values()), {known: place for place, known in enumerate(leaves)}
        held = self._values("why", self.leaves)
        self.held = [value if isinstance(value, bool) else None for value in held]  # what waits cannot be told yet

    def _values(self, key: str, exprs: list[Any]) -> list[Any]:
        where = (key, self.finding.rule)
        return list(self.runner.values(where, exprs, self.finding.record, self.finding.us)) if exprs else []

    def of(self, expr: Expr[bool]) -> _Decided:
        """Return what a condition came to, and the fewest simple ones that decide it."""
        found = resolve(expr)
        if isinstance(found, Op) and found.name == "not":
            held, parts = self.of(found.args[0])
            return None if held is None else not held, parts
        if not isinstance(found, Op) or found.name not in ("and", "or"):
            place = self.places[id(_leaf(expr))]
            return self.held[place], (place,)
        enough = found.name == "or"  # one that is so decides
        below = [self.of(arg) for arg in found.args]
        alone = [parts for held, parts in below if held is enough]
        if alone:
            return enough, min(alone, key=len)
        undecided = [parts for held, parts in below if held is None]
        chosen = undecided or [parts for _, parts in below]
        return (None if undecided else not enough), tuple(dict.fromkeys(part for parts in chosen for part in parts))

    def reasons(self, places: tuple[int, ...]) -> tuple[Reason, ...]:
        """Return the conditions at some places with the facts that they name."""
        named = [list(_named(self.leaves[place])) for place in places]
        exprs = [one for found in named for one in found]
        keys = [key for one in exprs for key in _keys(one)]
        values = iter(self._values(f"why {places}", [*exprs, *keys]))
        told, shown_as = iter([next(values) for _ in exprs]), Shown(self.runner)
        return tuple(
            Reason(
                str(self.leaves[place]), self.held[place],
                tuple(
                    Input(_name(one, values), getattr(one, "title", ""), shown_as(next(told), one.type), one.unit, 0)
                    for one in found
                ),
            )
            for place, found in zip(places, named, strict=True)
        )  # fmt: skip


def _name(expr: Expr[Any], keys: Iterator[Any]) -> str:
    """Return the name of a fact or figure; the keys of a figure are next among the values."""
    found = figure_of(expr)
    return str(expr) if found is None else named_line(found[0].name, key_of([next(keys) for _ in found[1]]))


def _keys(expr: Expr[Any]) -> tuple[Expr[Any], ...]:
    found = figure_of(expr)
    return () if found is None else found[1]


def _leaf(expr: Expr[bool]) -> Expr[bool]:
    """Return a simple condition: a comparison as it is written, of all else the fact that names it."""
    found = resolve(expr)
    return found if isinstance(found, (By, Within, Op)) else expr


def _leaves(expr: Expr[bool]) -> Iterator[Expr[bool]]:
    """Yield the simple conditions that a condition is made of."""
    found = resolve(expr)
    if isinstance(found, Op) and found.name in ("and", "or", "not"):
        for arg in found.args:
            yield from _leaves(arg)
    else:
        yield _leaf(expr)


def _named(expr: Expr[Any]) -> Iterator[Expr[Any]]:
    """Yield the facts and figures that a condition names, each once, not those behind them."""
    pending, seen = [expr], set[int]()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        gathered = isinstance(one, Aggregate)  # what stands in it is of the children
        if isinstance(one, FactNode) or figure_of(one) is not None or (gathered and one is not expr):
            if one.type not in (ValueType.CLOCK, ValueType.ROWS):  # these have parts, and no value to be shown
                yield one
        elif not gathered:
            pending += reversed(one.operands)
