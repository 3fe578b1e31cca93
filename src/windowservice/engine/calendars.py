"""The calendars of an engine: those of its catalogue, the default one, and that every rule finds the one it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import attrs

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.engine.ruleset import LoadedRule, figures_of
from windowservice.errors import InvalidValue, NoDefaultCalendar, UnknownName
from windowservice.instants import is_bare_date
from windowservice.language.analysis.check import resolve
from windowservice.language.analysis.counted import kernels_below
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.figures import figure_of
from windowservice.language.tree.kernels import DATE, Binding
from windowservice.language.tree.nodes import Const, Kernel, Op
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.published.systems import system_calendars

__all__ = [
    "DEFAULT_CALENDAR",
    "KnownCalendars",
    "catalogue_calendars",
    "check_calendars",
    "is_own",
    "named_calendars",
    "speaks_of_bank",
]

DEFAULT_CALENDAR: Final = "window"
"""The name of the calendar that is used where none is named."""
_CHINA: Final = "Asia/Shanghai"
_NO_CALENDAR: Final = "UTC"


def speaks_of_bank(rules: Iterable[LoadedRule]) -> bool:
    """Whether a rule is about a record of the branch, whose services name their calendars, ``window`` by default."""
    return not all(is_own(loaded.rule.of) for loaded in rules)


def is_own(of: type[Facts]) -> bool:
    """Whether a record type is none of the library's."""
    return not of.__module__.startswith("windowservice.")


@attrs.frozen
class KnownCalendars:
    """The calendars that rules may name.

    Attributes:
        by_name: all of them.
        default: the name of the one used where none is named; empty if there is none.
    """

    by_name: Mapping[str, WorkCalendar]
    default: str

    @classmethod
    def of(cls, calendars: Mapping[str, WorkCalendar], given: frozenset[str] | None, *, bank: bool) -> KnownCalendars:
        """Return those of an engine.

        An engine of the branch knows all and uses ``window``. One of somebody else's packs knows those that were given
        (None: all), and uses the one named ``window``, or the only one.
        """
        known = calendars if bank or given is None else {name: c for name, c in calendars.items() if name in given}
        if DEFAULT_CALENDAR in known:
            return cls(known, DEFAULT_CALENDAR)
        return cls(known, next(iter(known)) if len(known) == 1 else "")

    @property
    def has_one_zone(self) -> bool:
        """Whether dates have one meaning: there is a default calendar, or all have one zone, or there is none."""
        return bool(self.default) or len({calendar.timezone for calendar in self.by_name.values()}) < 2

    def calendar(self) -> WorkCalendar:
        """Return the default calendar.

        Raises:
            NoDefaultCalendar: if there is none.
        """
        if not self.default:
            raise NoDefaultCalendar("a calendar is needed and none is named", tuple(self.by_name))
        return self.by_name[self.default]

    def named(self, name: str, where: str) -> WorkCalendar:
        """Return a calendar by name.

        Raises:
            UnknownName: with the nearest name.
        """
        if name not in self.by_name:
            raise UnknownName("calendar", name, tuple(self.by_name), where)
        return self.by_name[name]

    def replaced(
        self, held: Mapping[str, WorkCalendar], given: Mapping[str, WorkCalendar] | WorkCalendar | None, *, one: bool,
        bank: bool,
    ) -> dict[str, WorkCalendar]:  # fmt: skip
        """Return the calendars of an engine with others in place of those of the same names, or one in place of all.

        Args:
            held: the calendars of the engine.
            given: those to put in place.
            one: whether one calendar was given for everything: it is then put in place under all of its names.
            bank: whether the engine judges records of the branch.

        Raises:
            UnknownName: for the name of a calendar that the engine does not have.
        """
        if isinstance(given, WorkCalendar):
            return dict.fromkeys(held, given)
        found = dict(held)
        for name, calendar in named_calendars(given).items():
            old = self.named(name, "what_if")
            everywhere = one and (name == old.name or not bank)
            found |= dict.fromkeys([n for n, c in held.items() if c is old] if everywhere else [name], calendar)
        return found

    def check_date(self, as_of: object) -> None:
        """Refuse a bare date if it may mean several days.

        Raises:
            NoDefaultCalendar: if there are calendars of several zones and no default.
        """
        if not self.has_one_zone and is_bare_date(as_of):
            needs = f"as_of {as_of} is a date in the zone of the default calendar (or write an instant with its offset)"
            raise NoDefaultCalendar(needs, tuple(self.by_name))

    def dates(self) -> WorkCalendar:
        """Return the calendar whose zone gives civil dates: the default one, or one of the common zone, UTC if none."""
        if self.default:
            return self.by_name[self.default]
        zones = {calendar.timezone for calendar in self.by_name.values()}
        return WorkCalendar(zones.pop() if len(zones) == 1 else _NO_CALENDAR, "mon-sun 00:00-24:00", name="none")


def named_calendars(calendars: Mapping[str, WorkCalendar] | None) -> dict[str, WorkCalendar]:
    """Return calendars by name as a caller gave them.

    Raises:
        InvalidValue: if they are no mapping of names to calendars.
    """
    wanted = "a WorkCalendar, or a mapping of names to them, as in {'window': cal}"
    if calendars is None:
        return {}
    if not isinstance(calendars, Mapping):
        raise InvalidValue("calendars", calendars, wanted)
    for name, calendar in calendars.items():
        if not isinstance(name, str) or not name or not isinstance(calendar, WorkCalendar):
            raise InvalidValue(f"calendars[{name!r}]", calendar, wanted)
    return dict(calendars)


def check_calendars(rules: Iterable[LoadedRule], known: KnownCalendars, binding: Binding) -> None:
    """Refuse rules that name a calendar which nothing has, or need one and name none where there is no default.

    Raises:
        UnknownName: with the nearest name.
        NoDefaultCalendar: with the choices.
    """
    seen: set[int] = set()  # rules share most of their facts
    held: list[Expr[Any]] = []  # so that no identity is given twice
    for loaded in rules:
        where = f"rule {loaded.name}"
        exprs: list[Expr[Any]] = [*loaded.rule.asked]
        held += exprs
        for call, _ in kernels_below(exprs, seen):
            _check_call(call, known, binding, where)
        if not known.has_one_zone and loaded.rule.of.options.zone is None and _is_dated(loaded, exprs, binding):
            needs = (
                "figures change at midnight of the default calendar, or of the zone that `zone=` of a record type names"
            )
            raise NoDefaultCalendar(needs, tuple(known.by_name), where)


def _check_call(call: Kernel[Any], known: KnownCalendars, binding: Binding, where: str) -> None:
    kernel, choices = call.kernel, tuple(known.by_name)
    if kernel.by_default and not known.default:
        raise NoDefaultCalendar(f"{kernel.name}(...) counts by the default calendar", choices, where)
    if kernel == DATE and not known.has_one_zone:
        raise NoDefaultCalendar("a date is told by the zone of the default calendar", choices, where)
    if kernel.calendar_at is None:
        return
    for name in _names(call.args[kernel.calendar_at], binding):
        if name:
            known.named(name, where)
        if not name and not known.default and not _is_elapsed(call):
            raise NoDefaultCalendar(f"{kernel.name}(...) names no calendar", choices, where)


def _names(expr: Expr[Any], binding: Binding) -> Iterator[str]:
    """Yield the names that an expression may give which are written down, in rules or figures and not in data."""
    found = resolve(expr)
    if isinstance(found, Const):
        yield found.value
    elif isinstance(found, Op) and found.name in ("otherwise", "choose"):
        for arg in found.args[found.name == "choose" :]:
            yield from _names(arg, binding)
    elif (named := figure_of(found)) is not None:
        figure, _ = named
        for dated in binding.figures.get(figure.name, figure.table).values():
            yield from dated.values


def _is_elapsed(call: Kernel[Any]) -> bool:
    """Whether a limit is known to run in real time, which no calendar counts."""
    limits = [arg for arg in call.args if isinstance(arg, Const) and hasattr(arg.value, "kind")]
    return bool(limits) and all(limit.value.kind.real_time for limit in limits)


def _is_dated(loaded: LoadedRule, exprs: list[Expr[Any]], binding: Binding) -> bool:
    if loaded.rule.since is not None or loaded.rule.until is not None:
        return True
    tables = (binding.figures.get(name, figure.table) for name, figure in figures_of(exprs).items())
    return any(len(dated.dates) > 1 for table in tables for dated in table.values())


def catalogue_calendars(catalogue: Catalogue) -> dict[str, WorkCalendar]:
    """Return a calendar for each one that the catalogue gives hours for; in China with its statutory days off.

    Those of the payment systems are there too, unless the catalogue has one of the same name.
    """
    hours: dict[str, dict[date, str]] = {}
    for row in catalogue.hours:
        hours.setdefault(row.calendar, {})[row.since] = row.weekly
    found: dict[str, WorkCalendar] = dict(system_calendars())
    for name, by_date in hours.items():
        weekly = next(iter(by_date.values())) if len(by_date) == 1 else by_date
        if catalogue.timezone == _CHINA:
            found[name] = WorkCalendar.china(weekly, name=name)
        else:
            found[name] = WorkCalendar(timezone=catalogue.timezone, weekly=weekly, name=name)
    if DEFAULT_CALENDAR not in found:
        found[DEFAULT_CALENDAR] = WorkCalendar.china("08:30-11:30 13:30-17:00", name=DEFAULT_CALENDAR)
    return found
