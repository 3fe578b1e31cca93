"""Records beside requests: the rows of a ledger's further tables, and what makers make of the whole ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.engine.ruleset import LoadedRule, conditions
from windowservice.errors import CyclicMaker, InvalidRule
from windowservice.facts.requests.request import request
from windowservice.language.relations.lookup import Looked, lookups_below
from windowservice.language.tree.facts import Facts, Made
from windowservice.plugins.maker import Maker

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.seen import Seen
    from windowservice.ledger.ledger import Ledger

__all__ = ["check_makers", "further_records", "further_rows", "judged_requests", "seen_whole"]


def further_records(engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> list[Record]:
    """Return the records beside requests that the engine has rules for; see `further_rows`."""
    return further_rows(seen_whole(engine, ledger, as_of))


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
    return [row for table in dict.fromkeys(tables) for row in _judged(seen, judged[table], table)]


def judged_requests(engine: Engine, ledger: Ledger, as_of: datetime | date | str) -> Sequence[Request]:
    """Return the requests of a ledger as they are judged, or none if the engine has no rule on requests."""
    if request not in engine.judged_vocabularies:
        return ()
    asked = _asked(engine, request)
    if not asked:
        return ledger.requests
    from windowservice.engine.seen import Seen

    return _with(Seen.of(engine, ledger, as_of), request, ledger.requests, asked)


def _judged(seen: Seen, of: type[Facts], table: str) -> Sequence[Record]:
    """Return the records of a table as they are judged: what rules on them look up in others is filled in."""
    asked = _asked(seen.engine, of)
    return _with(seen, of, seen.rows(table), asked) if asked else seen.rows(table)


def _with(seen: Seen, of: type[Facts], rows: Sequence[Any], asked: Sequence[Looked[Any]]) -> Sequence[Any]:
    from windowservice.engine.relations.looked import with_looked  # few record types look anything up

    return with_looked(seen, of, rows, asked)


def _asked(engine: Engine, of: type[Facts]) -> list[Looked[Any]]:
    """Return what rules on the records of a type look up in others."""
    return lookups_below(expr for loaded in engine.reader_of(of).rules for expr in conditions(loaded.rule))


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
