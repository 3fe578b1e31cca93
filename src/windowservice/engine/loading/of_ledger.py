"""An engine for a ledger: what the ledger states itself goes before what the engine has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from windowservice.engine.asking.what_if import CATALOGUE
from windowservice.engine.calendars import DEFAULT_CALENDAR, catalogue_calendars
from windowservice.engine.odd_words import warn_of_services

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["engine_for"]


def engine_for(engine: Engine, ledger: Ledger) -> Engine:
    """Return an engine with the catalogue, hours and services that the ledger states."""
    own = ledger.own_catalogue
    said = {} if own is None or own is engine.catalogue else catalogue_calendars(own)
    if ledger.calendar is not None:
        said[DEFAULT_CALENDAR] = ledger.calendar
    mine = engine.calendars
    calendars = {
        name: found
        for name, found in said.items()
        if name not in engine.assumed and (name not in mine or mine[name].version != found.version)
    }
    catalogue = engine.catalogue if CATALOGUE in engine.assumed else ledger.catalogue(engine.catalogue)
    warn_of_services(engine.rules, engine.catalogue, catalogue)
    if not calendars and catalogue == engine.catalogue:
        return engine
    given = None if engine.given is None else engine.given | calendars.keys()
    return attrs.evolve(engine, calendars={**mine, **calendars}, catalogue=catalogue, given=given)
