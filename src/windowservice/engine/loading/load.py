"""An engine made of what plugins bring: packs, calendars, a catalogue, and all that follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from windowservice.domain.catalogue.catalogue import Catalogue
from windowservice.domain.frozen_mapping import FrozenMapping, frozen_tables
from windowservice.domain.requests.kinds import EVENT_KINDS
from windowservice.engine.calendars import (
    DEFAULT_CALENDAR,
    KnownCalendars,
    catalogue_calendars,
    named_calendars,
    speaks_of_bank,
)
from windowservice.engine.judges import Judges
from windowservice.engine.loading.ready import library
from windowservice.engine.making import check_makers
from windowservice.engine.odd_words import warned
from windowservice.engine.ruleset import (
    LoadedRule,
    amended_figures,
    amendments_of,
    figures_of_packs,
    load_rules,
)
from windowservice.errors import InvalidValue
from windowservice.facts.requests.request import request
from windowservice.facts.requests.service_figures import supplied_by
from windowservice.language.analysis.digest import hashed, rules_digest
from windowservice.language.relations.lookup import lookups_below, lookups_of, types_below
from windowservice.language.tree.amendments import Adjust
from windowservice.language.tree.facts import relation_of
from windowservice.language.tree.figures import Dated, Key
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.rule import Pack
from windowservice.plugins.manager import Contribution, collect, is_written
from windowservice.plugins.shipped import Shipped
from windowservice.worktime.calendar import WorkCalendar

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.plugins.toml.pack import DataPack

__all__ = ["compute", "hashed_engine", "load"]


def load(
    cls: type[Engine], *, packs: Iterable[Pack | DataPack | PathLike[str] | str] | None = None,
    plugins: Iterable[object] = (),
    calendars: Mapping[str, WorkCalendar] | WorkCalendar | None = None, catalogue: Catalogue | None = None,
    banks: Mapping[str, Any] | None = None, figures_as_of: date | None = None, installed: bool = False,
    strict: bool = True,
) -> Engine:  # fmt: skip
    """Return an engine with the built-in packs and the plugins given, as `Engine.load` says."""
    given, files = _parted(packs)
    offered: Contribution = collect([*plugins, *files], installed=installed, strict=strict, packs=given is None)
    catalogue = catalogue or (offered.catalogue()[0] if offered.catalogue else Catalogue.default())
    known = library()
    same = known is not None and catalogue is known.catalogue
    named = dict(known.calendars if known and same else catalogue_calendars(catalogue)) | offered.calendars
    one = isinstance(calendars, WorkCalendar)
    if isinstance(calendars, WorkCalendar):
        calendars = {DEFAULT_CALENDAR: calendars, calendars.name: calendars}
        named = dict.fromkeys(named, calendars[DEFAULT_CALENDAR])
    calendars = named_calendars(calendars)
    named |= calendars
    read = iter(offered.written[len(offered.written) - len(files) :])
    chosen = offered.packs if given is None else tuple(next(read) if one is None else one for one in given)
    amendments = amendments_of(offered.amendments, chosen, elsewhere=offered.packs) if offered.amendments else ()
    idle = figures_of_packs(offered.packs) if offered.amendments and packs is not None else frozenset[str]()
    return warned(cls(
        chosen, amendments, named, catalogue, event_kinds=offered.event_kinds, record_types=offered.record_types,
        banks=banks or {}, absent=offered.absent, figures_as_of=figures_as_of, one=one, idle=idle,
        given=frozenset(calendars or offered.calendars), bank=packs is None, makers=offered.makers,
        standards=offered.standards, functions=offered.functions, plugins=offered.plugins,
    ))  # fmt: skip


def _parted(packs: Iterable[Any] | None) -> tuple[list[Pack | None] | None, list[Any]]:
    """Return packs as they are, None in place of those in TOML, and those; None and none if no packs were given."""
    if packs is None:
        return None, []
    if isinstance(packs, (str, PathLike)):
        raise InvalidValue("packs", str(packs), f"a list of packs, as in packs=[{str(packs)!r}]")
    given = list(packs)
    files = [Path(one) if isinstance(one, str) else one for one in given if not isinstance(one, Pack)]
    for one in files:
        if not is_written(one):
            raise InvalidValue("packs", one, "a list of packs: a Pack each, or the path of one in TOML")
    return [one if isinstance(one, Pack) else None for one in given], files


def compute(engine: Engine) -> None:
    """Set the computed fields of an engine, once: it is frozen."""
    packs, put = engine.packs, object.__setattr__
    first = packs.first if isinstance(packs, Shipped) and not engine.amendments else None
    rules = load_rules(packs if first is None else first, engine.amendments)
    types = engine.record_types
    own = types.first if isinstance(types, Shipped) else types  # none that is shipped is made by expressions
    asked = [] if first is not None else lookups_below(e for one in rules for e in one.rule.asked)
    below = types_below((*own, *(loaded.rule.of for loaded in rules), *(one.lookup.of for one in asked)))
    related = [of for of in below if relation_of(of.options.rows) is not None]
    if related:
        from windowservice.engine.relations.grouped import relation_makers  # most engines have none

        put(engine, "makers", FrozenMapping[str, Any]({**relation_makers(related), **engine.makers}))
    if asked := [*asked, *(one for of in below for one in lookups_of(of))]:
        from windowservice.engine.relations.looked import check_lookups

        check_lookups(asked)
    check_makers(engine.makers, rules)
    put(engine, "figure_tables", _figures(engine, rules))
    put(engine, "bank", engine.bank or speaks_of_bank(rules))
    known = KnownCalendars.of(engine.calendars, engine.given, bank=engine.bank or not rules)
    put(engine, "_known", known)
    put(engine, "_dates", known.dates())
    tables = {name: dict(table) for name, table in engine.figure_tables.items()}
    binding = Binding(known.dates(), dict(known.by_name), tables, engine.figures_as_of, has_default=bool(known.default))
    whole = None if first is None else lambda: load_rules(packs, ())
    kinds = EVENT_KINDS.union(kind.word for kind in engine.event_kinds)
    judges = Judges(rules, whole, known, binding, kinds)
    put(engine, "_judges", judges)
    put(engine, "_requests", judges.loaded(request))


def _figures(engine: Engine, rules: tuple[LoadedRule, ...]) -> Mapping[str, Mapping[Key, Dated]]:
    adjusted = any(isinstance(amendment, Adjust) for amendment in engine.amendments)
    idle = engine.idle | (figures_of_packs(engine.packs) if adjusted else frozenset())
    return frozen_tables(amended_figures(rules, engine.amendments, supplied_by(engine.catalogue), idle))


def hashed_engine(engine: Engine) -> str:
    """Return a hash of all that decides a verdict of the engine."""
    rules = rules_digest(((loaded.name, loaded.rule) for loaded in engine.rules), dict(engine.figure_tables))
    calendars = [(name, found.version, found.on_unknown) for name, found in sorted(engine.calendars.items())]
    return hashed(
        rules,
        calendars,
        engine.catalogue.decision_hash,
        str(engine.figures_as_of),
        [(kind.name, *kind.after) if kind.after else kind.name for kind in sorted(engine.event_kinds, key=str)],
        engine._known.default,
    )
