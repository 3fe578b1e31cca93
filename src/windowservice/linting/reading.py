"""Packs read to be looked at: what cannot be loaded is a problem each, and all that can is looked at."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from windowservice.engine.engine import Engine
from windowservice.engine.odd_words import warn_of_services
from windowservice.errors import (
    InvalidDocument,
    InvalidValue,
    NoDefaultCalendar,
    PluginFailed,
    WindowserviceError,
    WindowserviceWarning,
)
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack
from windowservice.linting.places import line_of
from windowservice.linting.problems import Problem, problem
from windowservice.linting.subject import Source, Subject
from windowservice.plugins.manager import collect
from windowservice.plugins.toml.document import merged, texts_of
from windowservice.plugins.toml.pack import DataPack
from windowservice.worktime.calendar import WorkCalendar

__all__ = ["read_subject"]


def read_subject(
    packs: Iterable[Any] | None, plugins: Iterable[object], calendars: Any, *, installed: bool
) -> tuple[Subject | None, list[Problem]]:
    """Return what can be looked at, None if nothing can, and what could not be loaded."""
    problems: list[Problem] = []
    good = _plugins(plugins, problems, installed=installed)
    types = [*collect(good, installed=installed, strict=False).record_types] if packs is not None else []
    given: list[Pack | DataPack] = []
    sources: dict[str, Source] = {}
    for one in packs or ():
        if isinstance(one, Pack):
            given.append(one)
            continue
        read = _data_pack(one, types, problems)
        if read is not None:
            pack, source = read
            given.append(pack)
            types += pack.record_types.values()
            sources |= {} if source is None else {pack.pack.name: source}
    engine = _engine(given if packs is not None else None, good, calendars, problems, installed=installed)
    return None if engine is None else Subject(engine, sources), problems


def _plugins(plugins: Iterable[object], problems: list[Problem], *, installed: bool) -> list[object]:
    """Return the plugins that can be loaded."""
    good = []
    for plugin in plugins:
        try:
            collect([plugin], installed=False)
            good.append(plugin)
        except (WindowserviceError, OSError) as error:
            problems += _failed(error)
    if installed:
        absent = collect((), installed=True, strict=False).absent
        problems += [problem("load", one.reason, rule=one.plugin) for one in absent]
    return good


def _failed(error: Exception, **said: Any) -> list[Problem]:
    """Return what an error of loading says: of a document each of its problems by itself."""
    if isinstance(error, InvalidDocument):
        return [
            problem("load", text, place=path, rule=said.get("rule", ""), file=error.where)
            for path, text in error.problems
        ]
    if isinstance(error, PluginFailed):
        said.setdefault("rule", error.plugin)
    return [problem("load", str(error), **said)]


def _data_pack(
    given: Any, types: Iterable[type[Facts]], problems: list[Problem]
) -> tuple[DataPack, Source | None] | None:
    """Return a pack in TOML with its files; None, and all its problems, if it cannot be read."""
    if isinstance(given, DataPack):
        return given, None
    if not isinstance(given, (str, PathLike)):
        raise InvalidValue("packs", given, "a list of packs: a Pack or DataPack each, or the path of one in TOML")
    text = isinstance(given, str) and "\n" in given
    source = str(given) if text else Path(given)
    files: Mapping[str, str] = {}
    try:
        read = texts_of(source)
        folder = Path("") if text else Path(given) if Path(given).is_dir() else Path(given).parent
        files = {("" if text else str(folder / Path(name).name)): content for name, content in read}
        pack = DataPack.read(source, types)
        document, places = merged(read)
    except InvalidDocument as error:
        problems += [_placed(files, str(given) if not text else "", *said) for said in error.problems]
        return None
    except WindowserviceError as error:
        problems += _failed(error, file="" if text else str(given))
        return None
    return pack, Source(files, document, places, pack)


def _placed(files: Mapping[str, str], given: str, path: str, said: str) -> Problem:
    """Return a problem of a pack with the file and line in which it stands."""
    file, text = given, next(iter(files.values()), "") if len(files) == 1 else ""
    if len(files) == 1:
        file = next(iter(files))
    for name, content in files.items() if len(files) > 1 else ():
        prefix = f"{Path(name).name}: "
        if path.startswith(prefix):
            file, text, path = name, content, path.removeprefix(prefix)
    rule = path.split(".")[1] if path.startswith("rules.") else ""
    line = line_of(text, path, said) if text else 0
    return problem("load", said, rule=rule, file=file, place=path, line=line)


def _engine(
    packs: list[Pack | DataPack] | None, plugins: list[object], calendars: Any, problems: list[Problem], *,
    installed: bool,
) -> Engine | None:  # fmt: skip
    """Return an engine of the packs; without those that cannot stand beside the others, which are told."""

    def loaded(some: list[Pack | DataPack] | None) -> Engine:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", WindowserviceWarning)
            engine = made(some)
            warn_of_services(engine.rules, engine.catalogue)
        problems.extend(_odd_words(caught))
        return engine

    def made(some: list[Pack | DataPack] | None) -> Engine:
        how: dict[str, Any] = {"packs": some, "plugins": plugins, "installed": installed, "strict": False}
        try:
            return Engine.load(calendars=calendars, **how)
        except NoDefaultCalendar:  # who judges gives one; here no time is counted
            return Engine.load(calendars=WorkCalendar("UTC", "mon-sun 00:00-24:00", name="any"), **how)

    try:
        return loaded(packs)
    except WindowserviceError as error:
        whole = error
    good: list[Pack | DataPack] = []
    for one in packs or ():
        try:
            loaded([*good, one])
            good.append(one)
        except WindowserviceError as error:
            name = one.name if isinstance(one, Pack) else one.pack.name
            problems += _failed(error, rule=name)
    if packs is None or len(good) == len(packs):
        problems += _failed(whole)
        return None
    return loaded(good) if good else None


def _odd_words(caught: Iterable[warnings.WarningMessage]) -> list[Problem]:
    """Return what an engine warns of; figures without a line are told with the rule that needs it."""
    said = [str(one.message) for one in caught if issubclass(one.category, WindowserviceWarning)]
    return [
        problem("odd-word", text, rule=text.removeprefix("rule ").partition(":")[0].partition(" ")[0])
        for text in said
        if "has no line for the word" not in text
    ]
