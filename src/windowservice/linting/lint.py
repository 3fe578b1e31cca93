"""All that can be told of packs before a record is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from windowservice.asked import told
from windowservice.linting.cases import cases
from windowservice.linting.conditions.bands import bands
from windowservice.linting.conditions.constant import constant
from windowservice.linting.conditions.pairs import pairs
from windowservice.linting.conditions.ways import Ways
from windowservice.linting.figures import figures
from windowservice.linting.problems import LEVELS, Problem
from windowservice.linting.reading import read_subject
from windowservice.linting.unknown import unknown
from windowservice.worktime.calendar import WorkCalendar

__all__ = ["lint"]


@told
def lint(
    packs: Iterable[Any] | None = None, *, plugins: Iterable[object] = (),
    calendars: Mapping[str, WorkCalendar] | WorkCalendar | None = None, tables: Iterable[str | PathLike[str]] = (),
    installed: bool = False,
) -> tuple[Problem, ...]:  # fmt: skip
    """Return what the authors of packs should look at, gravest first; nothing is told that is not certain.

    Args:
        packs: the packs: `Pack`, `DataPack`, or the path of one in TOML; if not given, those of the library and of the
            plugins.
        plugins: further plugins, as modules or objects with hooks.
        calendars: as `Engine.load` takes them; only their names count.
        tables: tables of cases, ``*.cases.toml``: rules that none of them tries are told.
        installed: whether installed plugins are looked at.

    Raises:
        InvalidValue: for what is no pack.
        OSError: for a file that cannot be opened.
    """
    subject, problems = read_subject(packs, plugins, calendars, installed=installed)
    if subject is not None:
        ways = Ways(subject.engine.figure_tables)
        problems += [subject.told("not-compared", one, "has too many parts to be looked at") for one in subject.unseen]
        for found in (
            constant(subject, ways), pairs(subject, ways), bands(subject, ways), figures(subject, ways),
            unknown(subject), cases(subject, map(Path, tables)),
        ):  # fmt: skip
            problems += found
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda one: -LEVELS.index(one.severity)))
