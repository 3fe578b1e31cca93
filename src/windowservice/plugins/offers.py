"""What a plugin offers: each of its hooks asked once, and what comes back held against what the hook is to return."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import attrs
import pluggy

from windowservice.domain.requests.kinds import EventKind, own_kinds
from windowservice.errors import InvalidRule, WindowserviceError, nearest
from windowservice.language.tree.amendments import Adjust, Amendment, Replace, Withdraw
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack
from windowservice.plugins.hooks import HOOKS, PROJECT
from windowservice.plugins.maker import Maker
from windowservice.plugins.places import failed, line_of
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.domain.duties.duty import Duty
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.rules.escalation.ladder import Ladder
    from windowservice.rules.indicators import Indicator

__all__ = ["Offer", "Offered", "ask", "check_functions"]

_MOST: Final = 100_000
"""More than any plugin offers: a hook that never ends is told instead of waited for."""
_MARK: Final = f"{PROJECT}_impl"
_PREFIX: Final = f"{PROJECT}_"


T = TypeVar("T")


@attrs.frozen
class Offered(Generic[T]):
    """What a hook offers: values, or a function that gives them when somebody asks for them.

    Attributes:
        hook: its name, without the prefix.
        values: the values.
        give: the function in their place.
    """

    hook: str
    values: tuple[T, ...] = ()
    give: Callable[[], Any] | None = None

    def __call__(self) -> tuple[T, ...]:
        """Return the values."""
        found: tuple[T, ...] = self.values if self.give is None else _VALUES[self.hook](self.give())
        return found


@attrs.frozen
class Offer:
    """What one plugin offers, by hook; see `hooks`."""

    packs: tuple[Pack, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    calendars: Mapping[str, WorkCalendar] = attrs.field(factory=dict)
    event_kinds: tuple[EventKind, ...] = ()
    record_types: tuple[type[Facts], ...] = ()
    makers: tuple[Maker, ...] = ()
    catalogue: Offered[Catalogue] | None = None
    scorecard: Offered[Scorecard] | None = None
    indicators: Offered[Indicator] | None = None
    ladder: Offered[Ladder] | None = None
    duties: Offered[Duty] | None = None
    functions: Mapping[str, Callable[..., Any]] = attrs.field(factory=dict)


def check_functions(plugin: object) -> None:
    """Refuse what is no plugin, and functions that look like hooks but would never be called.

    Raises:
        WindowserviceError: with the function, its line and what to write.
    """
    if isinstance(plugin, (str, bytes)):
        raise WindowserviceError(f"a plugin is a module or an object with hooks, not its name; import it: {plugin!r}")
    if not callable(getattr(type(plugin), "__hash__", None)):
        raise WindowserviceError("a plugin is a module, a class or another object that can be hashed")
    marked = 0
    for name in dir(plugin):
        found = inspect.getattr_static(plugin, name, None)
        function = getattr(found, "__func__", found)
        if not callable(function) or inspect.isclass(function):
            continue
        options = getattr(found, _MARK, getattr(function, _MARK, None))  # the mark may stand above @staticmethod
        if isinstance(options, dict):
            _check_marked(plugin, name, function, options)
            marked += 1
        elif name.startswith(_PREFIX) and not hasattr(function, f"{PROJECT}_spec"):
            _check_unmarked(name, function)
    if not marked:
        raise WindowserviceError(f"it has no hook; mark its functions by @windowservice.hookimpl; {_KNOWN}")


def _check_marked(plugin: object, name: str, function: Any, options: Mapping[str, Any]) -> None:
    place = _at(function)
    hook = options.get("specname") or name
    if hook not in HOOKS:
        raise WindowserviceError(f"{place}there is no hook {hook!r}{nearest(hook, HOOKS)}; {_KNOWN}")
    if options.get("wrapper") or options.get("hookwrapper"):
        raise WindowserviceError(f"{place}{hook} is a wrapper; hooks are asked one plugin at a time: return the values")
    bound = getattr(plugin, name)
    wanted = [parameter.name for parameter in _parameters(bound) if parameter.default is parameter.empty]
    if wanted == ["self"] and inspect.isclass(plugin):
        raise WindowserviceError(f"{place}{hook} takes self: give an instance, {plugin.__name__}(), not the class")
    if wanted:
        raise WindowserviceError(f"{place}{hook} takes no arguments; write def {name}(): without {', '.join(wanted)}")


def _parameters(function: Any) -> list[inspect.Parameter]:
    free = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [found for found in inspect.signature(function).parameters.values() if found.kind not in free]


def _check_unmarked(name: str, function: Any) -> None:
    if name in HOOKS:
        raise WindowserviceError(
            f"{_at(function)}{name} is not marked, so it would never be called; write @windowservice.hookimpl above it"
        )
    if close := get_close_matches(name, HOOKS, n=1, cutoff=0.85):
        raise WindowserviceError(
            f"{_at(function)}{name} is no hook; did you mean {close[0]!r}, with @windowservice.hookimpl above it?"
        )


def _at(function: Any) -> str:
    place = line_of(function)
    return f"{place}: " if place else ""


def ask(
    manager: pluggy.PluginManager, plugin: object, name: str, *, installed: bool = False, without: tuple[str, ...] = ()
) -> Offer:
    """Return what a plugin's hooks return, but for some hooks.

    Raises:
        PluginFailed: if a hook raises, or returns what it is not to return.
    """
    found: dict[str, Any] = {}
    for caller in manager.get_hookcallers(plugin) or ():
        for implementation in caller.get_hookimpls():
            if implementation.plugin is not plugin or caller.name.removeprefix(_PREFIX) in without:
                continue
            field = caller.name.removeprefix(_PREFIX)
            try:
                offered = _READERS[field](implementation.function())
                later = isinstance(offered, Offered) and name != PROJECT  # only the library's own may be asked later
                found[field] = Offered(field, offered()) if later else offered
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # a plugin may raise anything, SystemExit too
                told = failed(name, error, plugin, caller.name, installed=installed)
                told.place = told.place or line_of(implementation.function)
                raise told from error
    return Offer(**found)


def _several(what: str, one: str, example: str, is_one: Callable[[Any], bool]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads a hook that returns several of one sort."""

    def read(value: Any) -> tuple[Any, ...]:
        wanted = f"a list of {what}, as in return {example}"
        if isinstance(value, (str, bytes, Mapping, type, Expr)) or not isinstance(value, Iterable):
            raise WindowserviceError(f"it has to return {wanted}; it returned {_shown(value)}{_forgotten(value)}")
        items = tuple(islice(value, _MOST + 1))
        if len(items) > _MOST:
            raise WindowserviceError(f"it has to return {wanted}; it returned more than {_MOST:,}")
        for item in items:
            if not is_one(item):
                raise WindowserviceError(f"it returned {_shown(item)}, which is no {one}; wanted is {wanted}")
        return items

    return read


def _is(module: str, name: str) -> Callable[[Any], bool]:
    """Return whether a value is of a class, which is loaded only when a plugin offers something for it."""
    return lambda item: isinstance(item, getattr(import_module(f"windowservice.{module}"), name))


def _one(what: str, example: str, is_one: Callable[[Any], bool]) -> Callable[[Any], tuple[Any]]:
    """Return what reads a hook that returns one value."""

    def read(value: Any) -> tuple[Any]:
        if not is_one(value):
            wanted = f"{what}, as in return {example}"
            forgotten = ": is a return forgotten?" if value is None else ""
            raise WindowserviceError(f"it has to return {wanted}; it returned {_shown(value)}{forgotten}")
        return (value,)

    return read


def _offered(hook: str, value: Any) -> Offered[Any]:
    """Return what a hook offers; a function is asked later."""
    if callable(value) and not inspect.isclass(value):
        return Offered(hook, give=value)
    return Offered(hook, _VALUES[hook](value))


def _calendars(value: Any) -> Mapping[str, WorkCalendar]:
    wanted = 'a mapping of calendars by name, as in return {"vault": WorkCalendar(...)}'
    if not isinstance(value, Mapping):
        raise WindowserviceError(f"it has to return {wanted}; it returned {_shown(value)}{_forgotten(value)}")
    for name, calendar in value.items():
        if not isinstance(name, str) or not name.strip():
            raise WindowserviceError(f"it returned a calendar named {_shown(name)}; wanted is {wanted}")
        if not isinstance(calendar, WorkCalendar):
            raise WindowserviceError(
                f"it returned {name!r}: {_shown(calendar)}, which is no WorkCalendar; wanted is {wanted}"
            )
    return dict(value)


def _functions(value: Any) -> Mapping[str, Callable[..., Any]]:
    wanted = 'a mapping of functions by name, as in return {"rank": rank_banks}'
    if not isinstance(value, Mapping) or not all(isinstance(name, str) and callable(value[name]) for name in value):
        raise WindowserviceError(f"it has to return {wanted}; it returned {_shown(value)}{_forgotten(value)}")
    return dict(value)


def _kinds(value: Any) -> tuple[EventKind, ...]:
    kinds = own_kinds(_KINDS(value))  # refuses what no ledger could hold
    for kind in kinds:
        for name in ("owns", "closes", "hands_over"):
            if getattr(kind, name):
                instead = f"leave {name} out, and write one of the library's kinds beside it"
                raise InvalidRule(f"kind of event {kind.name!r}, {name}", "rules name the kinds that do", instead)
    return kinds


def _shown(value: object) -> str:
    if value is None:
        return "None"
    try:
        said = reprlib.repr(value)
    except Exception:  # a plugin's own repr may fail
        said = "something"
    return said if inspect.isclass(value) else f"{said} ({type(value).__name__})"


def _forgotten(value: object) -> str:
    if value is None:
        return ": is a return forgotten?"
    return ": the brackets are missing" if isinstance(value, (str, Pack, Replace, Withdraw, Adjust)) else ""


def _is_record_type(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, Facts) and value is not Facts


_CLASSES: Final = _several("classes of Facts", "class of Facts", "[vault]", _is_record_type)


def _record_types(value: Any) -> tuple[type[Facts], ...]:
    """Return the record types; one whose table no ledger could hold is refused here, where its plugin is known."""
    from windowservice.ledger.tables import Tables  # knows all record types

    found: tuple[type[Facts], ...] = _CLASSES(value)
    Tables(dict.fromkeys(found))
    return found


_KINDS: Final = _several(
    "texts or EventKinds", "text or EventKind", '["sealed"]', lambda item: isinstance(item, str | EventKind)
)
_VALUES: Final[Mapping[str, Callable[[Any], tuple[Any, ...]]]] = {
    "catalogue": _one("a Catalogue", "ws.Catalogue.from_toml(path)", _is("domain.catalogue.catalogue", "Catalogue")),
    "scorecard": _one("a Scorecard", "ws.Scorecard.read(path)", _is("domain.scorecard.scorecard", "Scorecard")),
    "ladder": _one(
        "a Ladder", "ws.Ladder.read(path, [visit], beside=ws.Ladder.default())",
        _is("rules.escalation.ladder", "Ladder"),
    ),
    "indicators": _several(
        "Indicators", "Indicator", "ws.scoring.Indicator.read(path, [visit])",
        _is("rules.indicators", "Indicator"),
    ),
    "duties": _several("duties", "Duty", "[duty]", _is("domain.duties.duty", "Duty")),
}  # fmt: skip
"""The hooks that may return a function in place of what they offer."""
_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "packs": _several("Packs", "Pack", "[pack]", lambda item: isinstance(item, Pack)),
    "amendments": _several(
        "amendments (Replace, Withdraw or Adjust)", "amendment", "[ws.Withdraw(...)]",
        lambda item: isinstance(item, (Replace, Withdraw, Adjust)),
    ),
    "calendars": _calendars,
    "event_kinds": _kinds,
    "record_types": _record_types,
    "functions": _functions,
    "makers": _several("Makers", "Maker", "[turns]", lambda item: isinstance(item, Maker)),
    **{hook: partial(_offered, hook) for hook in _VALUES},
}  # fmt: skip
_KNOWN: Final = f"hooks are {', '.join(HOOKS)}"
