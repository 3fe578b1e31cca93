"""Rules to one fused Python function: facts by one pass over the children, rules after, four integer masks out.

The source of every generated function is kept where tracebacks and debuggers find it. Nothing of a rule's text
reaches the source except checked identifiers, numbers and quoted words; all other constants are passed by reference.
"""

from __future__ import annotations

import linecache
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zlib import crc32

from windowservice.errors import InvalidRule
from windowservice.instants import local_midnight, utc_datetime
from windowservice.language.analysis.check import NEVER, flips, may_wait
from windowservice.language.analysis.reach import check_reach
from windowservice.language.python.children import indented
from windowservice.language.python.deadlines import absence
from windowservice.language.python.marks import Masks
from windowservice.language.python.record import RecordLevel
from windowservice.language.python.unit import Style, Unit, Value, negated
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.rule import Rule
from windowservice.language.tree.scope import merge
from windowservice.language.tree.values import ValueType

__all__ = ["MISSED", "Missed", "Written", "compile_rules", "compile_values", "run", "write_leaves", "write_rules"]

_AT_ONCE: Final = 1_000
"""How many rules one function judges."""
_MASKS: Final = ("failed", "unknown", "waiting", "skipped")
MISSED: Final = "missed"
"""The list to which code adds what it tells of rules that failed."""


class Missed(NamedTuple):
    """A condition of a requirement, whether it has to be true, and what is told of a record that misses it first."""

    condition: Expr[bool]
    wanted: bool
    values: tuple[Expr[Any], ...]


_NOTHING_TOLD: Final[Mapping[int, Sequence[Missed]]] = {}


class Written(NamedTuple):
    """The source of a function, and the unit whose constants it is bound to."""

    name: str
    source: str
    unit: Unit


def compile_rules(
    rules: Sequence[Rule],
    root: type[Facts],
    binding: Binding,
    *,
    recorded: frozenset[str] | None = None,
    unread: frozenset[str] = frozenset(),
    untold: frozenset[str] = frozenset(),
    style: Style = "attribute",
) -> Callable[[Any, Any], Masks]:
    """Return one function ``(record, as_of) -> (failed, unknown, waiting, not_applicable)`` for all the rules.

    The function takes instants as the vocabulary stores them: ``as_of`` is a datetime in UTC, or microseconds UTC.

    Args:
        rules: rules over the vocabulary; rule i is bit i of the masks.
        root: the vocabulary.
        binding: the calendars and figures that the code is bound to.
        recorded: the kinds of children that the source records; None means every kind. What is said of another kind
            is unknown; of several kinds, what was found among the recorded ones stands, and that nothing was found is
            unknown.
        unread: the kinds of which a child may be missing, because its row could not be read. Whatever rests on such a
            child is unknown, unless those that are there settle it.
        untold: the given facts of children that the source does not record: that one is missing says nothing.
        style: whether records hold facts as attributes or as keys.

    Raises:
        InvalidRule: if a rule speaks of another vocabulary, or of what the records of this one cannot give.
    """
    for rule in rules:
        if rule.of is not root:
            raise InvalidRule(f"rule {rule.name!r}", f"speaks of {rule.of.__name__}, not of {root.__name__}")

    if len(rules) > _AT_ONCE:  # a mask is written out for each rule: text must not grow by the square
        parts = [rules[start : start + _AT_ONCE] for start in range(0, len(rules), _AT_ONCE)]
        said: dict[str, Any] = {"recorded": recorded, "unread": unread, "untold": untold}
        return _joined([compile_rules(part, root, binding, **said, style=style) for part in parts])
    return run(write_rules(rules, root, binding, recorded=recorded, unread=unread, untold=untold, style=style))


def write_rules(
    rules: Sequence[Rule],
    root: type[Facts],
    binding: Binding,
    *,
    recorded: frozenset[str] | None = None,
    unread: frozenset[str] = frozenset(),
    untold: frozenset[str] = frozenset(),
    style: Style = "attribute",
    missed: Mapping[int, Sequence[Missed]] = _NOTHING_TOLD,
    first: int = 0,
    beside: Sequence[Expr[Any]] = (),
) -> Written:
    """Return the source of what `compile_rules` returns for not too many rules.

    With `missed`, what is told of each rule that failed, by its position, the function takes a list as third argument
    and adds a row for each: the number of the rule, counted from `first`, that of the condition that was missed, and
    two values. It returns the leaves `beside` after the masks, as that of `write_leaves` does.
    """
    level = RecordLevel(Unit(binding, root.options.stored, style), root, recorded, unread, untold)
    settling = [_settling(rule) for rule in rules]
    told = [expr for parts in missed.values() for part in parts for expr in part.values]
    above = [expr for rule in rules for expr in _conditions(rule)] + [e for e in settling if e is not None]
    level.gather([*above, *told, *beside])
    body: list[str] = []
    have: set[str] = set()
    for position, (rule, settles) in enumerate(zip(rules, settling, strict=True)):
        settled = None if settles is None else level.value(settles)
        body += _RuleLines(level, rule, settled, hex(1 << position)).lines(have)
    code = "\n".join(body)
    used = [mask for mask in _MASKS if f" {mask} |=" in f" {code}"]
    start = [f"{' = '.join(used)} = 0"] if used else []
    if "failed" in used:
        for position, parts in missed.items():
            body += _missed_lines(level, parts, first + position, hex(1 << position), have)
    given = [mask if mask in used else "0" for mask in _MASKS]
    answer = [f"return {', '.join([*given, *_leaf_codes(level, beside)])}"]
    body += [*level.late.needed(answer, have), *answer]
    parameters = ["record", "as_of", MISSED] if missed else ["record", "as_of"]
    return _written(level.unit, "evaluate", [*start, *level.statements(body)], parameters)


def _missed_lines(level: RecordLevel, parts: Sequence[Missed], rule: int, bit: str, have: set[str]) -> list[str]:
    """Return the statements that tell what a failed rule missed: the first of its conditions that was not as wanted."""
    tests = [(level.false if part.wanted else level.true)(part.condition).code for part in parts]
    if len(parts) == 1:  # of a single one it is known
        tests = ["True"]
    known = set(have)
    lines = level.late.needed(tests, known)
    for number, (test, part) in enumerate(zip(tests, parts, strict=True)):
        codes = [*(level.value(expr).code for expr in part.values), "None", "None"][:2]
        row = [f"{MISSED}.append(({rule}, {number}, {', '.join(codes)}))"]
        lines += [f"{'elif' if number else 'if'} {test}:", *indented([*level.late.needed(row, set(known)), *row])]
    return [f"if (failed & {bit}) != 0:", *indented(lines)]


def _leaf_codes(level: RecordLevel, exprs: Sequence[Expr[Any]]) -> list[str]:
    """Return code for each leaf: its value, and whether that is missing since it did not happen."""
    return [code for expr in exprs for code in (_settled(level, expr), absence(level, expr))]


def _joined(parts: Sequence[Callable[[Any, Any], Masks]]) -> Callable[[Any, Any], Masks]:
    def evaluate(record: Any, as_of: Any) -> Masks:
        failed = unknown = waiting = skipped = 0
        for place, part in enumerate(parts):
            found = [mask << place * _AT_ONCE for mask in part(record, as_of)]
            failed, unknown, waiting, skipped = (
                failed | found[0],
                unknown | found[1],
                waiting | found[2],
                skipped | found[3],
            )
        return failed, unknown, waiting, skipped

    return evaluate


def compile_values(
    exprs: Sequence[Expr[Any]],
    root: type[Facts],
    binding: Binding,
    *,
    recorded: frozenset[str] | None = None,
    unread: frozenset[str] = frozenset(),
    untold: frozenset[str] = frozenset(),
    style: Style = "attribute",
) -> Callable[[Any, Any], tuple[Any, ...]]:
    """Return one function ``(record, as_of) -> values`` for expressions over one record; a missing value is None.

    A truth value that waits is `WAITING`. Instants are what the vocabulary stores: datetimes in UTC, or microseconds
    UTC. Open time is in microseconds.

    Raises:
        InvalidRule, ScopeMismatch: if an expression speaks of what the records of the vocabulary cannot give.
    """
    for expr in exprs:
        if merge(expr.scope, root) is not root:
            problem = f"speaks of a child of {root.__name__}"
            raise InvalidRule(str(expr), problem, "aggregate it, as in .first() or .count()")
        check_reach(expr, root, str(expr))

    level = RecordLevel(Unit(binding, root.options.stored, style), root, recorded, unread, untold)
    level.gather(exprs)
    codes = [level.value(expr).code for expr in exprs]
    answer = [f"return ({''.join(f'{code}, ' for code in codes)})"]
    return run(_written(level.unit, "values", level.statements([*level.late.needed(answer), *answer])))


def write_leaves(
    exprs: Sequence[Expr[Any]], root: type[Facts], binding: Binding, *, recorded: frozenset[str] | None = None,
    untold: frozenset[str] = frozenset(), style: Style = "attribute",
) -> Written:  # fmt: skip
    """Return the source that gives of each expression the value, and whether that is missing since it did not happen.

    The expressions are leaves of one record: aggregates, parts of clocks and calls. Of deadline tests of children it
    gives instead whether they wait.
    """
    level = RecordLevel(Unit(binding, root.options.stored, style), root, recorded, frozenset(), untold)
    level.gather(exprs)
    answer = [f"return ({''.join(f'{code}, ' for code in _leaf_codes(level, exprs))})"]
    return _written(level.unit, "leaves", level.statements([*level.late.needed(answer), *answer]))


def _settled(level: RecordLevel, expr: Expr[Any]) -> str:
    """Return code for a value, missing where it waits."""
    code = level.value(expr).code
    return f"(None if {level.waits(expr)} else {code})" if may_wait(expr) else code


def held_as_of(unit_stored: str, us: int) -> int | datetime:
    """Return an ``as_of`` in the form in which a vocabulary's records hold instants."""
    return us if unit_stored == "microseconds" else utc_datetime(us)


def _conditions(rule: Rule) -> list[Expr[bool]]:
    return [rule.require] if rule.when is None else [rule.require, rule.when]


def _settling(rule: Rule) -> Expr[bool] | None:
    """Return the condition that settles what the rule counts; None if nothing it requires can turn or be settled."""
    settling = rule.settling()
    return settling[0] if settling and flips(rule.require) != NEVER else None


def _written(unit: Unit, name: str, body: Sequence[str], given: Sequence[str] = ("record", "as_of")) -> Written:
    """Return the source of the function of that body, with what it is bound to."""
    parameters = ", ".join([*given, *(f"{key}={key}" for key in unit.constants)])
    source = f"def {name}({parameters}):\n{textwrap.indent(chr(10).join(body), '    ')}\n"
    return Written(name, source, unit)


def run(written: Written) -> Callable[..., Any]:
    """Return the function, with its source kept for tracebacks."""
    name, source, unit = written
    filename = f"<windowservice {name} {crc32(source.encode()):08x}{len(source):x}>"
    namespace: dict[str, Any] = dict(unit.constants)
    exec(compile(source, filename, "exec"), namespace)  # noqa: S102 - source made of our own templates and checked names only
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    function: Callable[..., Any] = namespace[name]
    return function


class _RuleLines:
    """The statements that set the bits of one rule."""

    def __init__(self, level: RecordLevel, rule: Rule, settled: Value | None, bit: str) -> None:
        self.level = level
        self.rule = rule
        self.settled = settled
        self.bit = bit

    def _set(self, mask: str) -> str:
        return f"{mask} |= {self.bit}"

    def lines(self, have: set[str]) -> list[str]:
        """Return the statements; outside the days on which the rule is in force it is passed over.

        Args:
            have: the late variables that hold their value; added to by what these statements compute in any case.
        """
        rule, level = self.rule, self.level
        if rule.since is None and rule.until is None:
            return self._when(have)
        dated, zone = level.dated_by(), level.unit.binding.calendar.zone
        tests = []
        for day, sign in ((rule.since, "<"), (rule.until, ">=")):
            if day is not None:
                midnight = utc_datetime(local_midnight(day, zone))
                tests.append(f"{dated.code} {sign} {level.unit.literal(midnight, ValueType.INSTANT)}")
        out = [f"if {dated.code} is None:", f"    {self._set('unknown')}"] if dated.nullable else []
        out += [f"{'elif' if out else 'if'} {' or '.join(tests)}:", f"    {self._set('skipped')}"]
        out = [*level.late.needed(out, have), *out]
        return [*out, "else:", *indented(self._when(set(have)))]

    def _when(self, have: set[str]) -> list[str]:
        """Return the statements from the condition on; `have` are the late variables that hold their value there."""
        when, level = self.rule.when, self.level
        if when is None:
            return self._require(frozenset(), have)
        true = level.true(when)
        rest = []
        if true.complete:
            rest = ["else:", f"    {self._set('skipped')}"]
        else:
            rest = [f"elif {level.false(when).code}:", f"    {self._set('skipped')}"]
            waits = level.waits(when)
            if waits != "False":
                rest += [f"elif {waits}:", f"    {self._set('waiting')}"]
            rest += ["else:", f"    {self._set('unknown')}"]
        test = f"if {true.code}:"
        first = level.late.needed([test, *rest], have)
        return [*first, test, *indented(self._require(true.if_true, set(have))), *rest]

    def _require(self, known: frozenset[str], have: set[str]) -> list[str]:
        """Return the statements that set the bit from the requirement, and before them those that they rest on."""
        lines = self._required(known)
        return [*self.level.late.needed(lines, have), *lines]

    def _required(self, known: frozenset[str]) -> list[str]:
        """Return the statements that set the bit from the requirement; what passed sets none."""
        expr, level = self.rule.require, self.level
        to_true, to_false = flips(expr) if self.settled is not None else NEVER
        true = level.true(expr, known)
        fails = self._once_settled([self._set("failed")]) if to_true else [self._set("failed")]
        passes = self._once_settled([]) if to_false else []
        if true.complete:
            if not passes:
                return [f"if {negated(true.code)}:", *indented(fails)]
            return [f"if {true.code}:", *indented(passes), "else:", *indented(fails)]
        rest = [f"if {level.false(expr, known).code}:", *indented(fails)]
        waits = level.waits(expr)
        if waits != "False":
            rest += [f"elif {waits}:", f"    {self._set('waiting')}"]
        rest += ["else:", f"    {self._set('unknown')}"]
        if not passes:
            return [f"if {negated(true.code)}:", *indented(rest)]
        return [f"if {true.code}:", *indented(passes), "else:", *indented(rest)]

    def _once_settled(self, final: list[str]) -> list[str]:
        """Return statements that keep a verdict waiting until the matter is settled."""
        assert self.settled is not None  # noqa: S101 - nothing turns where nothing settles
        code = self.settled.code
        lines = [f"if {code}:", *indented(final)] if final else []
        if self.settled.nullable:
            lines += [f"{'elif' if lines else 'if'} {code} is None:", f"    {self._set('unknown')}"]
        if final:
            return [*lines, "else:", f"    {self._set('waiting')}"]
        return [*lines, f"{'elif' if lines else 'if'} not {code}:", f"    {self._set('waiting')}"]
