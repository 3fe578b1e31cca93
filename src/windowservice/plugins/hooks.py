"""The whole contract between the library and its plugins, on one page.

A plugin is any module or object with functions marked by ``windowservice.hookimpl``. Hooks are called once, when an
engine is loaded; they return values and change nothing. In place of a catalogue, scorecard, indicators, ladder or
duties a hook may return a function that gives them: a plugin's is called at once, so that what is wrong with it is
told, the library's own when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import pluggy

from windowservice.plugins.announced import PROJECT

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.domain.duties.duty import Duty
    from windowservice.domain.requests.kinds import EventKind
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.language.tree.amendments import Amendment
    from windowservice.language.tree.facts import Facts
    from windowservice.language.tree.rule import Pack
    from windowservice.plugins.maker import Maker
    from windowservice.rules.escalation.ladder import Ladder
    from windowservice.rules.indicators import Indicator
    from windowservice.worktime.calendar import WorkCalendar

__all__ = [
    "HOOKS",
    "PROJECT",
    "hookimpl",
    "hookspec",
    "windowservice_amendments",
    "windowservice_calendars",
    "windowservice_catalogue",
    "windowservice_duties",
    "windowservice_event_kinds",
    "windowservice_functions",
    "windowservice_indicators",
    "windowservice_ladder",
    "windowservice_makers",
    "windowservice_packs",
    "windowservice_record_types",
    "windowservice_scorecard",
]  # fmt: skip

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def windowservice_packs() -> Iterable[Pack]:  # type: ignore[empty-body]
    """Return rule packs. Two packs of one name are refused, naming both plugins."""


@hookspec
def windowservice_amendments() -> Iterable[Amendment]:  # type: ignore[empty-body]
    """Return changes to rules and figures of other packs, each with a basis of its own."""


@hookspec
def windowservice_calendars() -> Mapping[str, WorkCalendar]:  # type: ignore[empty-body]
    """Return calendars by the name under which services and rules ask for them. Two of one name are refused."""


@hookspec
def windowservice_event_kinds() -> Iterable[str | EventKind]:  # type: ignore[empty-body]
    """Return further kinds of event that ledgers may hold beside the built-in ones: names, or whole `EventKind` values.

    What a value says holds as for a kind of the library: the Chinese words that a ledger may write for it, after which
    kinds it comes, what it should say, for whom a matter waits from then on. Two of one name that say different things
    are refused, naming both plugins.
    """


@hookspec
def windowservice_record_types() -> Iterable[type[Facts]]:  # type: ignore[empty-body]
    """Return record types, and classes that add facts to one; rules written as text may speak of them.

    One with ``rows=Given("visits")`` brings the table ``visits``: ledgers read, map and judge it like any other. Two
    record types or two tables of one name are refused, naming both plugins.
    """


@hookspec
def windowservice_makers() -> Iterable[Maker]:  # type: ignore[empty-body]
    """Return what makes the records of record types whose rows are `Made`. Two makers of one name are refused."""


@hookspec
def windowservice_catalogue() -> Catalogue:  # type: ignore[empty-body]
    """Return the service catalogue, in place of the built-in one. Two are refused, naming both plugins."""


@hookspec
def windowservice_scorecard() -> Scorecard:  # type: ignore[empty-body]
    """Return the scorecard, in place of the built-in one. Two are refused, naming both plugins."""


@hookspec
def windowservice_indicators() -> Iterable[Indicator]:  # type: ignore[empty-body]
    """Return how further indicators are counted, and figures that vetoes ask for."""


@hookspec
def windowservice_ladder() -> Ladder:  # type: ignore[empty-body]
    """Return further rows of the escalation ladder, and the actions that they propose."""


@hookspec
def windowservice_duties() -> Iterable[Duty]:  # type: ignore[empty-body]
    """Return further duties that come again."""


@hookspec
def windowservice_functions() -> Mapping[str, Callable[..., Any]]:  # type: ignore[empty-body]
    """Return functions over an engine and a ledger, by the name under which the engine is asked for them.

    ``observe``, ``score`` and ``propose`` are those of `Engine.observe` and its like. Two of one name are refused.
    """


HOOKS: Final = tuple(sorted(name for name in __all__ if name.startswith(f"{PROJECT}_")))
"""The names of all hooks."""
