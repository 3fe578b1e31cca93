"""What decides: a hash of rules with all that they rest on, and of nothing that only names or explains it.

Facts go in with their definitions, given facts with their types and words, vocabularies with their options, figures
with their dated values, functions with their code. Titles, notes, units and sources do not: no verdict rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.language.tree.expr import Expr, told_by
from windowservice.language.tree.expressions import structure, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.facts import Facts, dating_facts, relation_of, vocabulary_name
from windowservice.language.tree.figures import Dated, Figure, Key, figure_of
from windowservice.language.tree.nodes import Kernel

if TYPE_CHECKING:
    from windowservice.language.tree.kernels import Function
    from windowservice.language.tree.rule import Rule

__all__ = ["Reached", "hashed", "rules_digest"]

_OURS: Final = "windowservice."
_NAMES: Final = ("table", "clerk", "party")
"""The options of a vocabulary that no verdict rests on: where its rows stand, and whom findings and proposals name."""


def hashed(*said: object) -> str:
    """Return sixteen hexadecimal digits of what is said."""
    import hashlib  # who judges a request asks for no version

    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


class Reached:
    """All that expressions rest on, through the definitions of facts: each fact, figure and function once.

    Of a fact that is looked up that is also what it is looked up by, in other records.
    """

    def __init__(self, exprs: Iterable[Expr[Any]]) -> None:
        self.facts: list[Fact[Any]] = []
        self.figures: list[Figure[Any]] = []
        self.kernels: list[Function] = []
        seen: set[int] = set()
        pending = list(exprs)
        while pending:
            for expr in walk(pending.pop()):
                if id(expr) in seen:
                    continue
                seen.add(id(expr))
                if isinstance(expr, Fact):
                    self.facts.append(expr)
                    pending += [] if expr.definition is None else [expr.definition]
                    pending += [one for _, one in _looked_up_by(expr)]
                elif (found := figure_of(expr)) is not None:
                    self.figures.append(found[0])
                elif isinstance(expr, Kernel):
                    self.kernels.append(expr.kernel)


def rules_digest(rules: Iterable[tuple[str, Rule]], tables: Mapping[str, Mapping[Key, Dated]] | None = None) -> str:
    """Return a hash of all by which the rules decide; their order does not matter.

    Args:
        rules: the rules, each with the name by which it is known.
        tables: the tables that stand in for figures' own, by the figure's name.
    """
    named = sorted(rules, key=lambda pair: pair[0])
    roots = _with_sources(rule.of for _, rule in named)
    made = (expr for root in roots.values() for _, expr in _made_by(root))
    reached = Reached(chain((expr for _, rule in named for expr in _conditions(rule)), made))
    return hashed(
        [_rule(name, rule) for name, rule in named],
        sorted({repr(_vocabulary(root)) for root in roots.values()}),
        sorted({repr(_fact(fact)) for fact in reached.facts}),
        sorted({repr(_figure(figure, tables or {})) for figure in reached.figures}),
        sorted({repr(_kernel(kernel)) for kernel in reached.kernels}),
    )


def _looked_up_by(fact: Fact[Any]) -> list[tuple[str, Expr[Any]]]:
    """Return the expressions by which a fact is looked up in other records, each with what it says."""
    lookup = told_by(fact, "lookup")
    return [] if lookup is None else lookup.exprs()


def _with_sources(roots: Iterable[type[Facts]]) -> dict[str, type[Facts]]:
    """Return record types, and those of whose records theirs are made or that they look up, by name."""
    found: dict[str, type[Facts]] = {}
    waiting = list(roots)
    while waiting:
        root = waiting.pop()
        if vocabulary_name(root) not in found:
            found[vocabulary_name(root)] = root
            relation = relation_of(root.options.rows)
            waiting += [] if relation is None else [*(of for of, _ in relation.told_of), *relation.named]
            waiting += [lookup.of for fact in root.given.values() if (lookup := told_by(fact, "lookup")) is not None]
    return found


def _made_by(root: type[Facts]) -> list[tuple[str, Expr[Any]]]:
    """Return the expressions by which records of a type are made of others."""
    relation = relation_of(root.options.rows)
    return [] if relation is None else relation.exprs


def _conditions(rule: Rule) -> Iterator[Expr[Any]]:
    yield from rule.asked
    yield from dating_facts(rule.of)


def _rule(name: str, rule: Rule) -> tuple[object, ...]:
    when = None if rule.when is None else structure(rule.when)
    days = [None if day is None else day.isoformat() for day in (rule.since, rule.until)]
    return (
        name, structure(rule.require), when, [structure(e) for e in rule.settling()], rule.severity, days,
        vocabulary_name(rule.of),
    )  # fmt: skip


def _vocabulary(root: type[Facts]) -> tuple[object, ...]:
    """Return how records are read, and the facts that every record must have or have rightly: others make an error."""
    child = root.children
    relation = relation_of(root.options.rows)
    options = attrs.asdict(root.options if relation is None else attrs.evolve(root.options, rows=None))
    said: list[object] = [(key, value) for key, value in sorted(options.items()) if key not in _NAMES]
    if relation is not None:
        said += [relation.constants, [(name, structure(expr)) for name, expr in relation.exprs]]
    given = sorted(repr(_fact(fact)) for fact in root.given.values() if fact.definition is None)
    return (vocabulary_name(root), said, given, None if child is None else _vocabulary(child))


def _fact(fact: Fact[Any]) -> tuple[object, ...]:
    definition = None if fact.definition is None else structure(fact.definition)
    words = sorted(fact.words)
    others = [
        (field.name, repr(getattr(fact, field.name))) for field in attrs.fields(type(fact)) if field.name not in _SAID
    ]
    looked_up = [(name, structure(expr)) for name, expr in _looked_up_by(fact)]
    return (*fact.identity, str(fact.type), fact.required, words, fact.read, definition, others, *looked_up)


_SAID: Final = (
    "title", "type", "unit", "required", "words", "labels", "read", "definition", "name", "owner", "lookup", "found",
    "sure",
)  # fmt: skip
"""The fields of a fact that are told by themselves above, or decide nothing; a further one counts."""


def _figure(figure: Figure[Any], tables: Mapping[str, Mapping[Key, Dated]]) -> tuple[object, ...]:
    table = tables.get(figure.name, figure.table)
    rows = [(key, _values(dated)) for key, dated in sorted(table.items(), key=lambda line: str(line[0]))]
    return (figure.name, str(figure.type), figure.keyed, rows)


def _values(dated: Dated) -> list[tuple[str, str]]:
    return [(day.isoformat(), _plain(value)) for day, value in zip(dated.dates, dated.values, strict=True)]


def _plain(value: Any) -> str:
    """Return a value as text: equal values alike, whichever way they are written."""
    if isinstance(value, (Decimal, Fraction)) or type(value) is int:
        return str(Fraction(value))
    if isinstance(value, (frozenset, set)):
        return repr(sorted(map(_plain, value)))
    return repr(value) if isinstance(value, (str, bool, float)) else f"{type(value).__name__} {value}"


# functions


def _kernel(kernel: Function) -> tuple[object, ...]:
    """Return what a function is: ours by its name, a plugin's by its code, as far as Python shows it."""
    said = [kernel.name, *map(str, kernel.takes), str(kernel.gives)]
    code = getattr(kernel.bind, "__module__", None) or ""
    if code.startswith(_OURS):
        return (*said, code)
    grows = (sorted(kernel.optional), kernel.wants_as_of, kernel.closed_by, kernel.grows, sorted(kernel.rises_with))
    return (*said, grows, _code(kernel.bind, {}), repr(kernel.defaults))


def _code(value: object, seen: dict[int, int]) -> object:
    """Return what a function does, with what it closes over and the plain globals and functions that it names."""
    if id(value) in seen:
        return ("again", seen[id(value)])
    seen[id(value)] = len(seen)
    if isinstance(value, FunctionType):
        named = {name: value.__globals__[name] for name in _globals(value.__code__) if name in value.__globals__}
        return (
            _code(value.__code__, seen),
            [_code(cell.cell_contents, seen) for cell in value.__closure__ or ()],
            [(name, _code(found, seen)) for name, found in sorted(named.items())],
            _code(value.__defaults__, seen),
            _code(value.__kwdefaults__, seen),
        )
    if isinstance(value, CodeType):
        return (value.co_code, value.co_names, [_code(const, seen) for const in value.co_consts])
    return _constant(value, seen)


def _constant(value: object, seen: dict[int, int]) -> object:
    if isinstance(value, (str, bytes, int, float, Decimal, Fraction, date)) or value is None:
        return repr(value)
    if isinstance(value, Set):
        return sorted(repr(_code(item, seen)) for item in value)
    if isinstance(value, (tuple, list)):
        return [_code(item, seen) for item in value]
    if isinstance(value, Mapping):
        return [(repr(key), _code(item, seen)) for key, item in value.items()]
    if isinstance(value, partial):
        return [_code(part, seen) for part in (value.func, value.args, value.keywords)]
    found = getattr(value, "__func__", None) or vars(type(value)).get("__call__")
    name = (getattr(value, "__module__", ""), getattr(value, "__qualname__", type(value).__qualname__))
    return (*name, _code(found, seen) if isinstance(found, FunctionType) else "")


def _globals(code: CodeType) -> set[str]:
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return set(code.co_names).union(*map(_globals, inner))
