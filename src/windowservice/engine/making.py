"""Records beside requests: the rows of a ledger's further tables, and what makers make of the whole ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.engine.relations.asked import asked_of
from windowservice.engine.ruleset import LoadedRule
from windowservice.errors import CyclicMaker, InvalidRule
from windowservice.facts.requests.request import request
from windowservice.language.relations.lookup import lookups_below
from windowservice.language.tree.facts import Facts, Made
from windowservice.plugins.maker import Maker

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.seen import Seen
    from windowservice.ledger.ledger import Ledger

__all__ = ["check_makers", "further_rows", "judged_requests", "seen_whole"]


def seen_whole(engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> Seen:
    """Return a ledger as an engine sees it at an instant, with the actions that it knows of."""
    from windowservice.engine.seen import Seen  # whoever judges a record in hand needs no ledger
    from windowservice.rules.known_rows import with_known_actions

    return Seen.of(engine, with_known_actions(engine, ledger), as_of)


def further_rows(seen: Seen, but: Collection[str] = ()) -> list[Record]:
    """Return the records beside requests that an engine has rules for.

    They are the rows of the ledger's further tables (messages, positions ...), and what its makers make of the whole
    ledger as of an instant: the turns of its duties, what it says of the window over periods, and how it is organised.
    What begins or happens after the instant is left out.

    Args:
        seen: the ledger, as its engine sees it.
        but: the tables that are left out.
    """
    judged = {vocabulary.options.table: vocabulary for vocabulary in reversed(seen.engine.judged_vocabularies)}
    tables = [table for table in (*seen.ledger.records, *seen.engine.makers) if table in judged and table not in but]
    return [row for table in dict.fromkeys(tables) for row in _judged(seen, judged[table], seen.rows(table))]


def judged_requests(seen: Seen, requests: Sequence[Request]) -> Sequence[Request]:
    """Return requests of a ledger, those too that begin later, as they are judged; none without rules on requests."""
    return _judged(seen, request, requests) if request in seen.engine.judged_vocabularies else ()


def _judged(seen: Seen, of: type[Facts], rows: Sequence[Any]) -> Sequence[Any]:
    """Return the records of a type as they are judged: what of them is looked up in others is filled in."""
    asked = lookups_below(asked_of(seen.engine, of))
    if not asked:
        return rows
    from windowservice.engine.relations.looked import with_looked  # few record types look anything up

    return with_looked(seen, of, rows, asked)


def check_makers(makers: Mapping[str, Maker], rules: Iterable[LoadedRule]) -> None:
    """Refuse makers that need one another in a circle, and rules on records that nothing makes.

    Raises:
        CyclicMaker: with the makers, in the order in which they need one another.
        InvalidRule: with the rule and what makes its records.
    """
    done: set[str] = set()
    for name in makers:
        _visit(name, makers, (), done)
    for loaded in rules:
        rows = loaded.rule.of.options.rows
        if isinstance(rows, Made) and rows.table not in makers:
            problem = f"speaks of {loaded.rule.of.__name__}, whose records are made, and nothing makes {rows.table}"
            instead = f"offer Maker({rows.table!r}, ...) by the hook windowservice_makers"
            raise InvalidRule(f"rule {loaded.name}", problem, instead)


def _visit(name: str, makers: Mapping[str, Maker], above: tuple[str, ...], done: set[str]) -> None:
    if name in above:
        raise CyclicMaker((*above[above.index(name) :], name))
    if name not in done:
        for need in _made_needs(makers[name], makers):
            _visit(need, makers, (*above, name), done)
        done.add(name)


def _made_needs(maker: Maker, makers: Mapping[str, Maker]) -> Iterator[str]:
    return (name for name in maker.needs if name in makers)
