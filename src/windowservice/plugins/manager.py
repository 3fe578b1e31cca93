"""Finding, loading and checking plugins."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any

import attrs
import pluggy

from windowservice.errors import NameTaken, PluginFailed
from windowservice.language.amendments import Amendment
from windowservice.language.facts import Facts
from windowservice.language.rule import Pack
from windowservice.plugins import builtin, hooks
from windowservice.worktime.calendar import WorkCalendar

__all__ = ["Absent", "Contribution", "collect"]

_log = logging.getLogger("windowservice.plugins")


@attrs.frozen
class Absent:
    """A plugin that could not be loaded although it is installed.

    Attributes:
        plugin: its name.
        reason: what went wrong.
    """

    plugin: str
    reason: str


@attrs.frozen
class Contribution:
    """Everything that the plugins offer, in the order of their names, the built-in ones first.

    Attributes:
        packs: rule packs.
        amendments: changes to rules and figures of other packs.
        calendars: calendars by name.
        event_kinds: further kinds of event.
        vocabularies: vocabularies for rules written as text.
        absent: plugins that could not be loaded, if that was allowed.
    """

    packs: tuple[Pack, ...]
    amendments: tuple[Amendment, ...]
    calendars: dict[str, WorkCalendar]
    event_kinds: frozenset[str]
    vocabularies: tuple[type[Facts], ...]
    absent: tuple[Absent, ...]


def collect(plugins: Iterable[object] = (), *, installed: bool = True, strict: bool = True) -> Contribution:
    """Load the built-in packs, every installed plugin and the given ones, and return what they offer.

    Args:
        plugins: further plugins, as modules or objects.
        installed: whether plugins announced by an entry point of the group ``windowservice`` are loaded.
        strict: whether a plugin that cannot be loaded is an error; otherwise it is listed in `Contribution.absent`.

    Raises:
        PluginFailed: if a plugin cannot be loaded or a hook of it fails, and `strict`.
        NameTaken: if two plugins offer a pack or calendar of one name.
    """
    guard = _Guard(strict)
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    named: list[tuple[str, object]] = [("windowservice", builtin)]
    if installed:
        for point in sorted(entry_points(group=hooks.PROJECT), key=lambda p: p.name):
            with guard.on(point.name):
                named.append((point.name, point.load()))
    named += [(getattr(plugin, "__name__", None) or type(plugin).__name__, plugin) for plugin in plugins]
    names: list[str] = []
    for name, plugin in named:
        unique = name if name not in names else f"{name} ({len(names)})"
        with guard.on(unique):
            _register(manager, plugin, unique)
            names.append(unique)
    return _gathered(manager, names, guard)


class _Guard:
    """Turns whatever a plugin raises into an error with the plugin's name, or a line in the list of absent ones."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.absent: list[Absent] = []

    @contextmanager
    def on(self, plugin: str) -> Iterator[None]:
        try:
            yield
        except NameTaken:
            raise
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            if self.strict:
                raise PluginFailed(plugin, reason) from error
            _log.warning("the plugin %s is left out: %s", plugin, reason)
            self.absent.append(Absent(plugin, reason))


def _register(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    """Register a plugin that has at least one hook, and no hook that does not exist; another leaves no trace."""
    try:
        hash(plugin)
    except TypeError:
        raise TypeError("a plugin is a module, a class or another object that can be hashed") from None
    manager.register(plugin, name)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError:
        manager.unregister(name=name)
        raise
    if not manager.get_hookcallers(plugin):
        raise TypeError("it has no hook; mark its functions by @windowservice.hookimpl")


def _offer(manager: pluggy.PluginManager, name: str, hook: str) -> Any:
    """Call one hook of one plugin alone, so that a failure has a name."""
    others = [plugin for other, plugin in manager.list_name_plugin() if other != name and plugin is not None]
    found = manager.subset_hook_caller(hook, others)()
    return found[0] if found else None


def _gathered(manager: pluggy.PluginManager, names: list[str], guard: _Guard) -> Contribution:
    packs: dict[str, tuple[str, Pack]] = {}
    calendars: dict[str, tuple[str, WorkCalendar]] = {}
    amendments: list[Amendment] = []
    kinds: set[str] = set()
    vocabularies: list[type[Facts]] = []
    for name in names:
        with guard.on(name):
            offered = _all_offers(manager, name)
            for pack in offered.packs:
                _claim("pack", pack.name, name, packs)
                packs[pack.name] = (name, pack)
            for calendar, value in offered.calendars.items():
                _claim("calendar", calendar, name, calendars)
                calendars[calendar] = (name, value)
            amendments += offered.amendments
            kinds |= offered.event_kinds
            vocabularies += offered.vocabularies
    return Contribution(
        tuple(pack for _, pack in packs.values()),
        tuple(amendments),
        {key: value for key, (_, value) in calendars.items()},
        frozenset(kinds),
        tuple(vocabularies),
        tuple(guard.absent),
    )


def _all_offers(manager: pluggy.PluginManager, name: str) -> Contribution:
    def ask(hook: str) -> list[Any]:
        return list(_offer(manager, name, hook) or ())

    packs = ask("windowservice_packs")
    for pack in packs:
        if not isinstance(pack, Pack):
            raise TypeError(f"windowservice_packs returned {pack!r}, which is no Pack")
    calendars = dict(_offer(manager, name, "windowservice_calendars") or {})
    return Contribution(
        tuple(packs), tuple(ask("windowservice_amendments")), calendars, frozenset(ask("windowservice_event_kinds")),
        tuple(ask("windowservice_vocabularies")), (),
    )  # fmt: skip


def _claim(kind: str, name: str, owner: str, taken: dict[str, tuple[str, Any]]) -> None:
    if name in taken:
        raise NameTaken(kind, name, taken[name][0], owner)
