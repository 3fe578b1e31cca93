"""By which words reports name records and rules: what record types carry, and what their rules say of themselves.

A record type says by ``carries`` which of its facts stand beside the key of each record. The library's own carry bank
and service; so does a type that says nothing and has facts of these names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from windowservice.engine.calendars import is_own
from windowservice.language.tree.facts import Facts, fact_named

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.stores.store import Places, Store
    from windowservice.engine.running import Runner

__all__ = ["BANKS", "OF_RULES", "carried", "carried_by", "carried_in_engine", "carried_of", "said_of_rules", "shaped"]

BANKS: Final = ("bank", "service")
"""What the library's own records carry."""
OF_RULES: Final = ("policy", "principle")
"""What rules may say of themselves."""


def carried_by(of: type[Facts]) -> tuple[str, ...]:
    """Return the names that stand beside the key of each record of a type."""
    if not is_own(of):
        return BANKS
    return of.options.carries or tuple(name for name in BANKS if name in of.given)


def carried(types: Iterable[type[Facts]]) -> tuple[str, ...]:
    """Return the names that records of some types carry, each once; those of banks first."""
    found = dict.fromkeys(name for of in types for name in carried_by(of))
    return (*(name for name in BANKS if name in found), *(name for name in found if name not in BANKS))


def said_of_rules(runners: Iterable[Runner]) -> tuple[str, ...]:
    """Return what rules say of themselves: of the library's records all of it, of others what any rule says."""
    runners = tuple(runners)
    if any(not is_own(runner.vocabulary) for runner in runners):
        return OF_RULES
    rules = [loaded.rule for runner in runners for loaded in runner.rules]
    return tuple(name for name in OF_RULES if any(getattr(rule, name) for rule in rules))


def carried_in_engine(engine: Engine) -> tuple[str, ...]:
    """Return the names that the records which an engine judges carry, and what its rules say of themselves."""
    runners = [engine.runner_of(None, of) for of in engine.judged_vocabularies]
    return (*carried(engine.judged_vocabularies), *said_of_rules(runners))


def carried_of(finding: Finding) -> dict[str, Any]:
    """Return what the record of a finding carries beside its key, by name; None where nothing is said."""
    subject = finding.subject
    of = subject.runner.vocabulary
    own = is_own(of) and of.options.carries
    return {
        name: (subject.last_of((fact_named(of, name),), finding.us) or None) if own else subject.read(name)
        for name in carried_by(of)
    }


def shaped(frame: pl.DataFrame, store: Store, places: Places) -> pl.DataFrame:
    """Return the findings of a store with the columns that its records carry and its rules fill, and no others."""
    import polars as pl

    of = store.runner.vocabulary
    names = carried_by(of)
    if is_own(of) and of.options.carries:
        rows, _ = places
        for name in names:
            numbers, words = store.numbered((fact_named(of, name),))
            values = [None if word == "" else str(word) for word in words]
            held = pl.Series(name, [values[numbers[row]] for row in rows], dtype=pl.String)
            frame = frame.with_columns(held)
    kept = (*names, *said_of_rules((store.runner,)))
    return frame.drop([name for name in (*BANKS, *OF_RULES) if name not in kept])
