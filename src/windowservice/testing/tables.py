"""Tables of cases: what happened to a record and what a rule has to say of it, in TOML."""

from __future__ import annotations

import sys
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import attrs
from cattrs import Converter

from windowservice.engine.engine import Engine
from windowservice.engine.report.finding import Finding
from windowservice.engine.verdicts import Verdict
from windowservice.errors import InvalidDocument, InvalidValue, UnknownName
from windowservice.facts.requests.request import request
from windowservice.files import load_toml
from windowservice.language.tree.facts import Facts
from windowservice.strict import read, strict_converter
from windowservice.testing.drafts import Draft
from windowservice.testing.judging import assert_verdict, verdict_named
from windowservice.testing.records import draft_said

__all__ = ["Case", "Table", "read_table"]

_WHAT: Final = "a table of cases"


@attrs.frozen(kw_only=True)
class Case:
    """One case of a table.

    Attributes:
        rule: the rule, with or without its pack.
        verdict: what it has to say.
        title: what the case shows.
        given: what is said of the record: its facts, and its children in a list under the name by which records hold
            them, or by that of their table or type; of a request, its events under ``events``.
        as_of: the instant judged, if not that of the whole table.
        by: by how much a failure is missed, if that is a number; one that is not whole as a text, ``"0.5"``.
        says: a part of the line of the finding, as in ``"late by 1 hour"``.
        missing: the facts and figures that an unknown verdict needs.
    """

    rule: str
    verdict: Verdict
    title: str = ""
    given: dict[str, Any] = attrs.field(factory=dict)
    as_of: str | None = None
    by: int | Decimal | None = None
    says: str = ""
    missing: tuple[str, ...] | None = None


@attrs.frozen(kw_only=True)
class Table:
    """A file of cases.

    Attributes:
        engine: what judges: ``module:name`` of an `Engine`, or of a function without arguments that returns one; a
            module may stand beside the file. It is imported as a test is.
        packs: instead, packs in TOML that judge, files or folders, from where the table stands.
        record: the name of the record type; requests if not said.
        as_of: the instant judged by cases that name none.
        zone: the zone of times that name none.
        cases: the cases.
        place: the file.
    """

    cases: tuple[Case, ...]
    engine: str = ""
    packs: tuple[str, ...] = ()
    record: str = "request"
    as_of: str = ""
    zone: str | None = None
    place: str = ""

    def load(self) -> Engine:
        """Return the engine that judges.

        Raises:
            InvalidValue: if the file names none, or names both an engine and packs.
            InvalidDocument, OSError: as `Engine.load`, for packs.
        """
        beside = Path(self.place).parent
        if bool(self.engine) == bool(self.packs):
            wanted = "one of them: engine = 'module:name', or packs = ['desk.toml']"
            raise InvalidValue("engine and packs", self.engine or None, wanted, self.place)
        if self.packs:
            return Engine.load(packs=[beside / pack for pack in self.packs], installed=False)
        return _engine_named(self.engine, beside)

    def draft_of(self, case: Case, engine: Engine) -> Draft:
        """Return the record of a case.

        Raises:
            UnknownName: for a record type, fact or zone that is not there, with the nearest.
            InvalidValue, InvalidTime, NaiveTime: for what a fact cannot hold.
        """
        of = _type_named(engine, self.record, self.place)
        usual = {"id": "R-1", "bank": "B1", "service": "S10"} if of is request else {}
        return draft_said(of, {**usual, **case.given}, self.zone, self.place)

    def check(self, case: Case, engine: Engine) -> Finding:
        """Assert what a rule says of a case, in hand and in a frame, and return the finding.

        Raises:
            AssertionError: with what came instead and the whole case.
            InvalidValue: if nobody says as of when.
        """
        as_of = self.as_of_of(case)
        finding = assert_verdict(
            case.rule, self.draft_of(case, engine), case.verdict, as_of=as_of, engine=engine, by=case.by,
            missing=case.missing,
        )  # fmt: skip
        if case.says not in str(finding):
            raise AssertionError(f"{finding.rule}: {case.says!r} is wanted in the finding, which says\n{finding}")
        return finding

    def as_of_of(self, case: Case) -> str:
        """Return the instant as of which a case is judged."""
        as_of = case.as_of or self.as_of
        if not as_of:
            raise InvalidValue("as_of", None, "an instant or a date, of the case or at the top of the file", self.place)
        return as_of


def read_table(path: str | Path) -> Table:
    """Return the cases of a file.

    Raises:
        InvalidDocument: with all problems at once, each with its path.
    """
    where, data = load_toml(path, _WHAT)
    if "place" in data:
        raise InvalidDocument(_WHAT, (("place", "it is no key of the file; leave it out"),), where)
    table = read(Table, data, _converter(), what=_WHAT, where=where)
    return attrs.evolve(table, place=str(path))


def _engine_named(named: str, beside: Path) -> Engine:
    module, _, name = named.partition(":")
    wanted = "module:name of an Engine, or of a function that returns one, as in 'desk:engine'"
    sys.path.insert(0, str(beside))
    try:
        found = getattr(_imported(module, beside), name) if module and name else None
        engine = found() if callable(found) and not isinstance(found, Engine) else found
    except (ImportError, AttributeError) as error:
        raise InvalidValue("engine", named, f"{wanted}; {error}") from error
    finally:
        sys.path.remove(str(beside))
    if not isinstance(engine, Engine):
        raise InvalidValue("engine", named, wanted)
    return engine


def _imported(name: str, beside: Path) -> ModuleType:
    """Return a module; refuse one of the same name from elsewhere in place of that which stands beside the table."""
    own, found = beside / f"{name}.py", import_module(name)
    if own.is_file() and Path(str(found.__file__)).resolve() != own.resolve():
        raise ImportError(f"{name} is loaded from {found.__file__} already: give one of the two another name")
    return found


def _type_named(engine: Engine, name: str, where: str) -> type[Facts]:
    known = {of.__name__: of for of in engine.judged_vocabularies}
    if name not in known:
        raise UnknownName("record type", name, tuple(known), where)
    return known[name]


def _converter() -> Converter:
    converter = strict_converter()
    converter.register_structure_hook(Verdict, lambda value, _: verdict_named(value))
    converter.register_structure_hook(Any, lambda value, _: value)
    return converter
