"""Finding, loading and checking plugins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import attrs
import pluggy

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.requests.kinds import EventKind
from windowservice.errors import InvalidValue, NameTaken, PluginFailed
from windowservice.language.tree.amendments import Amendment
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack
from windowservice.plugins import hooks
from windowservice.plugins.announced import announced
from windowservice.plugins.claims import BUILT_IN, claim, standards_of
from windowservice.plugins.loaded import LoadedPlugin, loaded_plugin
from windowservice.plugins.maker import Maker
from windowservice.plugins.offers import Offer, Offered, ask, check_functions
from windowservice.plugins.places import failed
from windowservice.plugins.shipped import Shipped
from windowservice.rules.standards import Standards
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from windowservice.plugins.toml.pack import DataPack

__all__ = ["Absent", "Contribution", "collect", "is_written"]

_BUILTIN: Final = "windowservice.builtin"
"""What the library offers itself: it stands above all floors, so it is loaded by name as what is installed is."""

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
        record_types: record types with their tables, and classes that add facts to one.
        makers: what makes records, by what they are called together.
        functions: functions over an engine and a ledger, by name.
        absent: plugins that could not be loaded, if that was allowed.
        catalogue: what gives the service catalogue.
        standards: the scorecard, indicators, ladder and duties.
        written: the packs that were read from TOML, in the order given.
        plugins: what was loaded beside the library, in its order.
    """

    packs: Sequence[Pack]
    amendments: tuple[Amendment, ...]
    calendars: dict[str, WorkCalendar]
    event_kinds: tuple[EventKind, ...]
    record_types: Sequence[type[Facts]]
    makers: dict[str, Maker]
    functions: dict[str, Callable[..., Any]]
    absent: tuple[Absent, ...]
    catalogue: Offered[Catalogue] | None = None
    standards: Standards = attrs.field(factory=Standards)
    written: tuple[Pack, ...] = ()
    plugins: tuple[LoadedPlugin, ...] = ()


def collect(
    plugins: Iterable[object] = (), *, installed: bool = True, strict: bool = True, packs: bool = True
) -> Contribution:
    """Load the built-in packs, every installed plugin and the given ones, and return what they offer.

    Args:
        plugins: further plugins, as modules or objects, and packs in TOML: their paths, or what was read of them.
        installed: whether plugins announced by an entry point of the group ``windowservice`` are loaded.
        strict: whether a plugin that cannot be loaded is an error; otherwise it is listed in `Contribution.absent`.
        packs: whether the library's own packs are wanted; if not, and there is no plugin, none is loaded.

    Raises:
        PluginFailed: if a plugin cannot be loaded or a hook of it fails, and `strict`.
        NameTaken: if two plugins offer a pack, calendar, record type or table of one name.
        InvalidDocument, OSError: if a pack in TOML is wrong, or cannot be read.
    """
    guard = _Guard(strict)
    others = _installed(guard) if installed else []
    others += [_Named(_name_of(plugin), plugin) for plugin in _listed(plugins)]
    if others or guard.absent:
        return _gathered(others, guard)
    return attrs.evolve(
        _alone(records=False, packs=packs),
        packs=Shipped(lambda: _alone(records=False).packs, lambda: _alone(records=True).packs),
        record_types=Shipped(tuple, lambda: _alone(records=True).record_types),
    )


@cache
def _alone(*, records: bool, packs: bool = True) -> Contribution:
    """Return what the library offers itself, on requests or on all records: values that never change."""
    return _gathered((), _Guard(strict=True), records=records, packs=packs)


@cache
def _own(*, records: bool, packs: bool = True) -> Offer:
    built_in = import_module(_BUILTIN)
    without = () if packs else ("packs",)
    return _asked(_manager(), _Named(BUILT_IN, built_in.RECORDS if records else built_in), without)


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    return manager


def _asked(manager: pluggy.PluginManager, one: _Named, without: tuple[str, ...] = ()) -> Offer:
    manager.register(one.plugin, one.name)
    return ask(manager, one.plugin, one.name, installed=one.installed, without=without)


def _installed(guard: _Guard) -> list[_Named]:
    """Return the plugins that installed distributions announce."""
    found: list[_Named] = []
    for point in announced():
        with guard.on(_Named(point.name, None, point)):
            found.append(_Named(point.name, point.load(), point))
    return found


def _name_of(plugin: Any) -> str:
    return getattr(plugin, "__name__", None) or type(plugin).__name__


def is_written(plugin: object) -> bool:
    """Whether it is a pack written in TOML: its path, or what was read of it."""
    return isinstance(plugin, PathLike) or type(plugin).__name__ == "DataPack"


def _read_pack(given: Any, known: Iterable[type[Facts]]) -> DataPack:
    from windowservice.plugins.toml.pack import DataPack  # most engines have none

    return given if isinstance(given, DataPack) else DataPack.read(given, known)


@attrs.frozen(eq=False)
class _Named:
    """A plugin under its name, the entry point by which it came, if any, and the hash of a pack in TOML."""

    name: str
    plugin: Any
    point: EntryPoint | None = None
    content: str = ""

    @property
    def installed(self) -> bool:
        return self.point is not None


def _listed(plugins: Iterable[object]) -> list[object]:
    if isinstance(plugins, (str, bytes)) or not isinstance(plugins, Iterable):
        raise InvalidValue("plugins", plugins, "a list of modules or objects with hooks, as in plugins=[my_plugin]")
    return list(plugins)


class _Guard:
    """Turns whatever a plugin raises into an error with the plugin's name, or a line in the list of absent ones."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.absent: list[Absent] = []

    @contextmanager
    def on(self, one: _Named) -> Iterator[None]:
        try:
            yield
        except (NameTaken, KeyboardInterrupt):
            raise
        except PluginFailed as error:
            self._told(error)
        except BaseException as error:  # a plugin may raise anything, SystemExit too
            self._told(failed(one.name, error, one.plugin, installed=one.installed), error)

    def _told(self, error: PluginFailed, cause: BaseException | None = None) -> None:
        if self.strict:
            raise error from cause or error.__cause__
        _log.warning("the plugin %s is left out: %s", error.plugin, error.reason)
        self.absent.append(Absent(error.plugin, error.reason))


def _offers(
    others: Iterable[_Named],
    guard: _Guard,
    known: Mapping[str, tuple[str, type[Facts]]],
    *,
    records: bool,
    packs: bool,
) -> Iterator[tuple[_Named, Offer]]:
    """Yield what the library and the other plugins offer, each with its name, which no other has.

    A pack in TOML is read when its turn comes: it may speak of the record types that are known by then.
    """
    for further in (False, True) if records else (False,):
        yield _Named(BUILT_IN, None), _own(records=further, packs=packs)
    manager, taken = _manager(), {BUILT_IN}
    for one in others:
        if is_written(one.plugin):
            pack = None
            with guard.on(one) if one.installed else nullcontext():  # what one names itself is told as what it is
                pack = _read_pack(one.plugin, (found for _, found in known.values()))
            if pack is not None:
                yield attrs.evolve(one, name=pack.pack.name, content=pack.content_hash), pack.offer()
            continue
        unique = attrs.evolve(one, name=one.name if one.name not in taken else f"{one.name} ({len(taken)})")
        offer = None
        with guard.on(unique):
            check_functions(one.plugin)
            offer = _asked(manager, unique)
            taken.add(unique.name)
        if offer is not None:
            yield unique, offer


def _gathered(others: Iterable[_Named], guard: _Guard, *, records: bool = True, packs: bool = True) -> Contribution:
    named: dict[str, tuple[str, Pack]] = {}
    calendars: dict[str, tuple[str, WorkCalendar]] = {}
    record_types: dict[str, tuple[str, type[Facts]]] = {}
    tables: dict[str, tuple[str, type[Facts]]] = {}
    makers: dict[str, tuple[str, Maker]] = {}
    functions: dict[str, tuple[str, Callable[..., Any]]] = {}
    amendments: list[Amendment] = []
    kinds: dict[str, tuple[str, EventKind]] = {}
    catalogues: dict[str, tuple[str, Offered[Catalogue]]] = {}
    offers: list[tuple[str, Offer]] = []
    written: list[Pack] = []
    plugins: list[LoadedPlugin] = []
    for one, offered in _offers(others, guard, record_types, records=records, packs=packs):
        with guard.on(one):
            claim("pack", ((pack.name, pack) for pack in offered.packs), one.name, named)
            claim("calendar", offered.calendars.items(), one.name, calendars)
            claim("record type", ((found.__name__, found) for found in offered.record_types), one.name, record_types)
            stored = ((found.root.options.table, found.root) for found in offered.record_types)
            claim("table", ((table, found) for table, found in stored if table is not None), one.name, tables)
            claim("maker", ((maker.makes, maker) for maker in offered.makers), one.name, makers)
            claim("function", offered.functions.items(), one.name, functions)
            if offered.catalogue is not None:
                own = one.name == BUILT_IN  # a plugin's stands in its place
                claim("catalogue", [(BUILT_IN if own else "", offered.catalogue)], one.name, catalogues)
            offers.append((one.name, offered))
            if one.name != BUILT_IN:
                plugins.append(loaded_plugin(one.name, one.plugin, offered, one.point, one.content))
            written += offered.packs if is_written(one.plugin) else ()
            amendments += offered.amendments
            new = (kind for kind in offered.event_kinds if kind.name not in kinds or kinds[kind.name][1] != kind)
            claim("kind of event", ((kind.name, kind) for kind in new), one.name, kinds)
    return Contribution(
        tuple(pack for _, pack in named.values()),
        tuple(amendments),
        {key: value for key, (_, value) in calendars.items()},
        tuple(kind for _, kind in kinds.values()),
        tuple(found for _, found in record_types.values()),
        {name: found for name, (_, found) in makers.items()},
        {name: found for name, (_, found) in functions.items()},
        tuple(guard.absent),
        catalogues.get("", catalogues.get(BUILT_IN, ("", None)))[1],
        standards_of(offers),
        tuple(written),
        tuple(plugins),
    )
