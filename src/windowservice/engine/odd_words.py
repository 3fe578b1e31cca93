"""Words in rules that nothing else says: a misspelt principle, policy or kind of business is warned of."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.engine.ruleset import LoadedRule
from windowservice.errors import WindowserviceWarning, nearest
from windowservice.facts.requests.request import request
from windowservice.language.tree.expr import Expr, told_by
from windowservice.language.tree.expressions import Const, Op, structure, walk
from windowservice.language.tree.fact import Fact
from windowservice.language.tree.figures import FigureAt
from windowservice.plugins.shipped import Shipped
from windowservice.worktime.known import outside

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine

__all__ = ["warn_of_services", "warned"]

_ALIKE: Final = 0.8
_OURS: Final = "windowservice."


def warned(engine: Engine) -> Engine:
    """Return the engine; warn of a principle or policy that is nearly, and not quite, what a pack before says."""
    if isinstance(engine.packs, Shipped):  # the library's own packs alone, which need not be loaded for it
        return engine
    for field in ("principle", "policy"):
        first: dict[str, str] = {}  # by word, the pack that said it first
        for one in engine.rules:
            word, pack = getattr(one.rule, field), one.name.partition("/")[0]
            if not word or word in first:
                continue
            if near := get_close_matches(word, [other for other, said in first.items() if said != pack], 1, _ALIKE):
                said = f"rule {one.name}: no other pack has the {field} {word!r}; did you mean {near[0]!r}?"
                warnings.warn(WindowserviceWarning(said), stacklevel=outside())
            first[word] = pack
    for said in dict.fromkeys(_without_line(engine)):
        warnings.warn(WindowserviceWarning(said), stacklevel=outside())
    return engine


def _without_line(engine: Engine) -> Iterator[str]:
    """Yield where a fact of one's own may have a word for which a figure has no line: its records may be unknown."""
    for one in engine.rules:
        if one.rule.of.__module__.startswith(_OURS):
            continue
        chosen = set() if one.rule.when is None else {structure(expr) for expr in walk(one.rule.when)}
        for at in _looked_up(one.rule.conditions):
            table = engine.figure_tables.get(at.figure.name, at.figure.table)
            lines = [line if isinstance(line, tuple) else (line,) for line in table]
            for place, key in enumerate(at.keys):
                if structure(key) in chosen:  # the rule says itself to which of them it applies
                    continue
                for word in sorted(set(told_by(key, "words", ())).difference(line[place] for line in lines)):
                    yield (
                        f"rule {one.name}: the figure {at.figure.name!r} has no line for the word {word!r} of {key}:"
                        " such records may be unknown; give it a line, or write .otherwise(...) behind the figure"
                    )


def _looked_up(exprs: Iterable[Expr[Any]]) -> Iterator[FigureAt[Any]]:
    """Yield the keyed figures that expressions rest on, but those with something behind them for want of a line."""
    pending, seen = list(exprs), set[int]()
    while pending:
        expr = pending.pop()
        if id(expr) in seen:
            continue
        seen.add(id(expr))
        if isinstance(expr, FigureAt):
            yield expr
        if isinstance(expr, Fact) and expr.definition is not None:
            pending.append(expr.definition)
        guarded = isinstance(expr, Op) and expr.name in ("otherwise", "is_known", "is_missing")
        pending += expr.operands[1:] if guarded else expr.operands


def warn_of_services(rules: Iterable[LoadedRule], *catalogues: Catalogue) -> None:
    """Warn of a kind of business that a rule names and none of the catalogues has: the rule would never apply."""
    known = {service.id for catalogue in (*catalogues, Catalogue.default()) for service in catalogue.services}
    for one in rules:
        if one.rule.of is not request:
            continue
        for word in sorted({word for expr in one.rule.conditions for word in _services(expr)} - known):
            said = f"rule {one.name} names the kind of business {word!r}, which no catalogue has{nearest(word, known)}"
            warnings.warn(WindowserviceWarning(said), stacklevel=outside())


def _services(expr: Any) -> Iterator[str]:
    for below in walk(expr):
        if isinstance(below, Op) and any(isinstance(arg, Fact) and arg is request.service for arg in below.args):
            for arg in below.args:
                value = arg.value if isinstance(arg, Const) else None
                yield from (value,) if isinstance(value, str) else value if isinstance(value, frozenset) else ()
