"""Rules to one fused Python function: facts by one pass over the children, rules after, four integer masks out.

The source of every generated function is kept where tracebacks and debuggers find it. Nothing of a rule's text reaches the source
except checked identifiers, numbers and quoted words; all other constants are passed by reference.
"""

from __future__ import annotations

import linecache
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from windowservice.errors import InvalidRule
from windowservice.instants import local_midnight, utc_datetime
from windowservice.language.check import flips, resolve
from windowservice.language.expressions import Aggregate, AsOf, Expr, Kernel, structure
from windowservice.language.facts import Fact, Facts
from windowservice.language.figures import Dated, Figure, FigureAt
from windowservice.language.kernels import Binding
from windowservice.language.python_children import ChildLoop, Gathered
from windowservice.language.python_code import Level, Unit, Value, negated
from windowservice.language.python_facts import load_given
from windowservice.language.rule import Rule
from windowservice.language.values import ValueType

__all__ = ["Masks", "compile_rules", "compile_values"]

Masks = tuple[int, int, int, int]
"""Bit masks of one record: failed, unknown, waiting, not applicable; bit i is rule i. A rule in none of them passed."""


class _Unset:
    def __repr__(self) -> str:
        return "not yet computed"


UNSET: Final = _Unset()


class RecordLevel(Level):
    """Code over the record itself: given facts, aggregates by loops over the children, derived facts, figures."""

    def __init__(self, unit: Unit, root: type[Facts], recorded: frozenset[str] | None) -> None:
        super().__init__(unit)
        self.root = root
        self.recorded = recorded
        self.lines: list[str] = []
        self._values: dict[tuple[Any, ...], Value] = {}
        self._gathered: dict[tuple[Any, ...], Gathered] = {}

    def leaf(self, expr: Expr[Any]) -> Value:
        """Return the variable that holds a fact, figure or aggregate; written on first use."""
        if isinstance(expr, AsOf):
            return Value("as_of", nullable=False)
        if isinstance(expr, Aggregate):
            found = self._gathered[structure(expr)]
            return Value(found.name, found.nullable)
        key = structure(expr)
        if key not in self._values:
            self._values[key] = self._written(expr)
        return self._values[key]

    def _written(self, expr: Expr[Any]) -> Value:
        if isinstance(expr, Figure):
            name = self.unit.fresh("g")
            self.lines.append(f"{name} = {self._figure_code(expr, None)}")
            return Value(name, nullable=True)
        if isinstance(expr, FigureAt):
            name = self.unit.fresh("g")
            self.lines.append(f"{name} = {self.figure_at(expr, self.value(expr.key)).code}")
            return Value(name, nullable=True)
        if isinstance(expr, Fact) and expr.definition is None:
            name = f"r_{expr.name}"
            self.lines += load_given(self.unit, self.root, expr, "record", name)
            return Value(name, nullable=not expr.required)
        if isinstance(expr, Fact):
            return self._derived(expr)
        raise TypeError(f"{expr!r} is no leaf of a record")  # pragma: no cover - scopes are checked when a rule is built

    def _derived(self, expr: Fact[Any]) -> Value:
        definition = expr.definition
        assert definition is not None  # noqa: S101 - _written asks only for derived facts
        if isinstance(resolve(expr), Kernel):
            return self.value(resolve(expr))
        value = self.value(definition)
        if value.name:
            return value
        name = self.unit.fresh(f"f_{expr.name}_")
        if _calls_kernel(definition):
            return self._lazy(name, value)
        self.lines.append(f"{name} = {value.code}")
        return Value(name, value.nullable)

    def _lazy(self, name: str, value: Value) -> Value:
        unset = self.unit.constant(UNSET)
        self.lines.append(f"{name} = {unset}")
        return Value(f"({name} if {name} is not {unset} else ({name} := {value.code}))", value.nullable, name=False)

    def kernel(self, expr: Kernel[Any]) -> Value:
        """Return code that calls the kernel at most once, and only where the value is asked for."""
        key = structure(expr)
        if key not in self._values:
            call = Value(self.kernel_call(expr), nullable=True, name=False)
            self._values[key] = self._lazy(self.unit.fresh(f"k_{expr.kernel.name}_"), call)
        return self._values[key]

    def absence(self, expr: Expr[Any]) -> str:
        """Return the condition that an instant has not happened."""
        if isinstance(expr, Aggregate):
            return self._gathered[structure(expr)].absent
        if isinstance(expr, Fact):
            return f"{self.leaf(expr).code} is None"
        return "False"

    # figures

    def dated_by(self) -> Value:
        """Return code for the instant that picks the figures and rules in force."""
        day = self.unit.binding.figures_as_of
        if day is not None:
            us = local_midnight(day, self.unit.binding.calendar.zone)
            return Value(self.unit.literal(utc_datetime(us), ValueType.INSTANT), nullable=False)
        name = self.root.options.dated_by
        if name is None:
            return Value("as_of", nullable=False)
        value = self.value(self.root.given[name])
        if value.name:
            return value
        raise InvalidRule(f"{self.root.__name__}.{name}", "dates figures, so it cannot rest on working time")

    def figure_at(self, expr: FigureAt[Any], key: Value) -> Value:
        """Return code for a keyed figure, at a key of this record or of a child."""
        return Value(self._figure_code(expr.figure, key), nullable=True, name=False)

    def _figure_code(self, figure: Figure[Any], key: Value | None) -> str:
        dated = self.dated_by()
        table = self.unit.binding.figures.get(figure.name, figure.table)
        look_up = self.unit.constant(self._look_up(figure, table, keyed=key is not None), "G")
        got, when = self._once(dated)
        args = [when] if key is None else [key.code, when]
        call = f"{look_up}({', '.join(args)})"
        return f"({call} if {got} is not None else None)" if dated.nullable else call

    def _look_up(self, figure: Figure[Any], table: Mapping[str, Dated], *, keyed: bool) -> Callable[..., Any]:
        zone = self.unit.binding.calendar.zone
        held = {key: _held(self.unit, dated, figure.type, zone) for key, dated in table.items()}
        return _keyed_look_up(held) if keyed else _look_up_in(*held[""])

    # aggregates

    def gather(self, aggregates: Iterable[Aggregate[Any]], children: str) -> None:
        """Write the loops that gather the aggregates, in the order in which they rest on one another."""
        by_level: dict[int, list[Aggregate[Any]]] = {}
        dated_by = _dating(self.root)
        for aggregate in aggregates:
            by_level.setdefault(_level(aggregate, dated_by), []).append(aggregate)
        child = self.root.children
        for level in sorted(by_level):
            assert child is not None  # noqa: S101 - an aggregate has a child, checked when it is built
            loop = ChildLoop(self.unit, self, child, self.root)
            for aggregate in by_level[level]:
                self._gathered[structure(aggregate)] = loop.gather(aggregate, self.recorded)
            self.lines += loop.lines(children)


def _held(unit: Unit, dated: Dated, kind: Any, zone: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return a figure's dates and values in the form in which generated code holds instants and values."""
    starts: list[Any] = [local_midnight(day, zone) for day in dated.dates]
    if unit.stored == "datetime":
        starts = [utc_datetime(us) for us in starts]
    return tuple(starts), tuple(unit.hold(value, kind) for value in dated.values)


def _look_up_in(starts: tuple[Any, ...], values: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(starts) == 1:
        (start,), (value,) = starts, values
        return lambda when: value if when >= start else None
    from bisect import bisect_right

    def look_up(when: Any) -> Any:
        position = bisect_right(starts, when)
        return values[position - 1] if position else None

    return look_up


def _keyed_look_up(held: Mapping[str, tuple[tuple[Any, ...], tuple[Any, ...]]]) -> Callable[[Any, Any], Any]:
    tables = {key: _look_up_in(*rows) for key, rows in held.items()}

    def look_up(key: Any, when: Any) -> Any:
        table = tables.get(key)
        return None if table is None else table(when)

    return look_up


def _calls_kernel(expr: Expr[Any]) -> bool:
    expr = resolve(expr)
    return isinstance(expr, Kernel) or any(_calls_kernel(operand) for operand in expr.operands)


def _dating(root: type[Facts]) -> Fact[Any] | None:
    return None if root.options.dated_by is None else root.given[root.options.dated_by]


def _reachable(exprs: Iterable[Expr[Any]], dated_by: Fact[Any] | None) -> list[Aggregate[Any]]:
    """Return all aggregates that the expressions rest on, each once, what they rest on first; figures rest on their date."""
    found: dict[tuple[Any, ...], Aggregate[Any]] = {}

    def visit(expr: Expr[Any]) -> None:
        if isinstance(expr, Fact):
            if expr.definition is not None:
                visit(expr.definition)
            return
        if isinstance(expr, (Figure, FigureAt)) and dated_by is not None:
            visit(dated_by)
        for operand in expr.operands:
            visit(operand)
        if isinstance(expr, Aggregate):
            found.setdefault(structure(expr), expr)

    for expr in exprs:
        visit(expr)
    return list(found.values())


def _level(expr: Aggregate[Any], dated_by: Fact[Any] | None) -> int:
    below = _reachable(expr.operands, dated_by)
    return 1 + max((_level(aggregate, dated_by) for aggregate in below), default=-1)


def _build(unit: Unit, root: type[Facts], recorded: frozenset[str] | None, exprs: list[Expr[Any]]) -> RecordLevel:
    level = RecordLevel(unit, root, recorded)
    options = root.options
    children = ""
    if root.children is not None and options.children:
        children = f"record.{options.children}" if unit.style == "attribute" else f"record[{options.children!r}]"
    dated_by = _dating(root)
    level.gather(_reachable([*exprs, *((dated_by,) if dated_by is not None else ())], dated_by), children)
    return level


def _finish(unit: Unit, name: str, body: Sequence[str]) -> Callable[..., Any]:
    parameters = "".join(f", {key}={key}" for key in unit.constants)
    source = f"def {name}(record, as_of{parameters}):\n{textwrap.indent(chr(10).join(body), '    ')}\n"
    filename = f"<windowservice {name} {id(unit):x}>"
    namespace: dict[str, Any] = dict(unit.constants)
    exec(compile(source, filename, "exec"), namespace)  # noqa: S102 - source made of our own templates and checked names only
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    function: Callable[..., Any] = namespace[name]
    return function


def _bit(mask: str, bit: str) -> str:
    return f"{mask} |= {bit}"


def _require_lines(level: RecordLevel, rule: Rule, settled: Value | None, bit: str, known: frozenset[str]) -> list[str]:
    """Return the statements that set a rule's bit from its requirement."""
    expr = rule.require
    true, false, waits = level.true(expr, known), level.false(expr, known), level.waits(expr)
    to_true, to_false = flips(expr) if settled is not None else (False, False)
    undecided = [f"elif {waits}:", f"    {_bit('waiting', bit)}"] if waits != "False" else []
    if not true.complete:
        undecided += ["else:", f"    {_bit('unknown', bit)}"]
    fails = [_bit("failed", bit)]
    if to_true and settled is not None:
        fails = _until_settled(settled, fails, bit)
    if not to_false:
        head = [f"if {negated(true.code)}:"]
        if true.complete:
            return [*head, *(f"    {line}" for line in fails)]
        inner = [f"if {false.code}:", *(f"    {line}" for line in fails), *undecided]
        return [*head, *(f"    {line}" for line in inner)]
    assert settled is not None  # noqa: S101 - nothing flips where nothing settles
    passes = _until_settled(settled, ["pass"], bit)
    lines = [f"if {true.code}:", *(f"    {line}" for line in passes)]
    if true.complete:
        return [*lines, "else:", *(f"    {line}" for line in fails)]
    return [*lines, f"elif {false.code}:", *(f"    {line}" for line in fails), *undecided]


def _until_settled(settled: Value, final: list[str], bit: str) -> list[str]:
    """Return statements that keep a verdict waiting until the matter is settled."""
    lines = [f"if {settled.code}:", *(f"    {line}" for line in final)]
    if settled.nullable:
        lines += [f"elif {settled.code} is None:", f"    {_bit('unknown', bit)}"]
    return [*lines, "else:", f"    {_bit('waiting', bit)}"]


def _rule_lines(level: RecordLevel, rule: Rule, settled: Value | None, bit: str) -> list[str]:
    return _in_force(level, rule, _when_lines(level, rule, settled, bit), bit)


def _in_force(level: RecordLevel, rule: Rule, lines: list[str], bit: str) -> list[str]:
    """Return statements that pass over a rule outside the days on which it is in force."""
    if rule.since is None and rule.until is None:
        return lines
    dated, zone = level.dated_by(), level.unit.binding.calendar.zone
    tests = []
    for day, sign in ((rule.since, "<"), (rule.until, ">=")):
        if day is not None:
            tests.append(f"{dated.code} {sign} {level.unit.literal(utc_datetime(local_midnight(day, zone)), ValueType.INSTANT)}")
    out = [f"if {dated.code} is None:", f"    {_bit('unknown', bit)}"] if dated.nullable else []
    out += [f"{'elif' if out else 'if'} {' or '.join(tests)}:", f"    {_bit('skipped', bit)}"]
    return [*out, "else:", *(f"    {line}" for line in lines)]


def _when_lines(level: RecordLevel, rule: Rule, settled: Value | None, bit: str) -> list[str]:
    if rule.when is None:
        return _require_lines(level, rule, settled, bit, frozenset())
    true, false, waits = level.true(rule.when), level.false(rule.when), level.waits(rule.when)
    lines = _require_lines(level, rule, settled, bit, true.if_true)
    out = [f"if {true.code}:", *(f"    {line}" for line in lines)]
    if true.complete:
        return [*out, "else:", f"    {_bit('skipped', bit)}"]
    out += [f"elif {false.code}:", f"    {_bit('skipped', bit)}"]
    if waits != "False":
        out += [f"elif {waits}:", f"    {_bit('waiting', bit)}"]
    return [*out, "else:", f"    {_bit('unknown', bit)}"]


def compile_rules(
    rules: Sequence[Rule],
    root: type[Facts],
    binding: Binding,
    *,
    recorded: frozenset[str] | None = None,
    style: Literal["attribute", "mapping"] = "attribute",
) -> Callable[[Any, Any], Masks]:
    """Return one function ``(record, as_of) -> (failed, unknown, waiting, not_applicable)`` for all the rules.

    Args:
        rules: rules over the vocabulary; rule i is bit i of the masks.
        root: the vocabulary.
        binding: the calendars and figures that the code is bound to.
        recorded: the kinds of children that the source records; None means every kind.
        style: whether records hold facts as attributes or as keys.
    """
    unit = Unit(binding, root.options.stored, style)
    exprs: list[Expr[Any]] = []
    for rule in rules:
        exprs += [rule.require, *((rule.when,) if rule.when is not None else ()), *rule.settling()]
    level = _build(unit, root, recorded, exprs)
    body: list[str] = []
    for position, rule in enumerate(rules):
        settling = rule.settling()
        settled = level.value(settling[0]) if settling and flips(rule.require) != (False, False) else None
        body += _rule_lines(level, rule, settled, str(1 << position))
    start = ["failed = unknown = waiting = skipped = 0"]
    return _finish(unit, "evaluate", [*start, *level.lines, *body, "return failed, unknown, waiting, skipped"])


def compile_values(
    exprs: Sequence[Expr[Any]],
    root: type[Facts],
    binding: Binding,
    *,
    recorded: frozenset[str] | None = None,
    style: Literal["attribute", "mapping"] = "attribute",
) -> Callable[[Any, Any], tuple[Any, ...]]:
    """Return one function ``(record, as_of) -> values`` for expressions over one record; a missing value is None.

    A truth value that waits is `WAITING`. Instants are what the vocabulary stores: datetimes, or microseconds UTC.
    """
    unit = Unit(binding, root.options.stored, style)
    level = _build(unit, root, recorded, list(exprs))
    codes = [level.value(expr).code for expr in exprs]
    return _finish(unit, "values", [*level.lines, f"return ({''.join(f'{code}, ' for code in codes)})"])


def held_as_of(unit_stored: str, us: int) -> int | datetime:
    """Return an ``as_of`` in the form in which a vocabulary's records hold instants."""
    return us if unit_stored == "microseconds" else utc_datetime(us)
