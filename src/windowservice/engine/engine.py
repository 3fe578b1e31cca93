"""The engine: rules, calendars and a catalogue, ready to check one record or audit many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.asked import told
from windowservice.domain.frozen_mapping import FrozenMapping
from windowservice.domain.requests.request import Request
from windowservice.engine.asking.questions import Questions
from windowservice.engine.loading.ready import requests_ready
from windowservice.engine.report.report import Report
from windowservice.engine.report.stores.objects import ObjectStore
from windowservice.engine.running import Runner
from windowservice.errors import InvalidRule, InvalidValue
from windowservice.instants import as_of_us, day_in_range, to_date, to_us
from windowservice.plugins.verbs import Verbs

if TYPE_CHECKING:
    from datetime import tzinfo
    from os import PathLike
    from pathlib import Path
    from typing import Unpack

    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.domain.requests.kinds import EventKind
    from windowservice.engine.calendars import KnownCalendars
    from windowservice.engine.judges import Judges
    from windowservice.engine.loading.facts import RecordFacts
    from windowservice.engine.loading.ready import Ready
    from windowservice.engine.ruleset import LoadedRule
    from windowservice.language.tree.amendments import Amendment
    from windowservice.language.tree.facts import Facts
    from windowservice.language.tree.figures import Dated, Key
    from windowservice.language.tree.rule import Pack, Rule
    from windowservice.ledger.ledger import HowRead, Ledger
    from windowservice.ledger.sources.sources import Frames
    from windowservice.plugins.loaded import LoadedPlugin
    from windowservice.plugins.maker import Maker
    from windowservice.plugins.manager import Absent
    from windowservice.plugins.toml.pack import DataPack
    from windowservice.rules.standards import Standards
    from windowservice.worktime.calendar import WorkCalendar

__all__ = ["Engine"]


def _day_of_figures(value: date | str | None) -> date | None:
    return None if value is None else day_in_range(to_date(value, "figures_as_of"), "figures_as_of")


def _load(cls: type[Engine], **given: Any) -> Engine:
    from windowservice.engine.loading.load import load

    return load(cls, **given)


def _standards() -> Standards:
    from windowservice.rules.standards import Standards

    return Standards()


_OWN: Final = frozenset({"_ready", "_requests", "_dates"})
"""What an engine that is ready holds before it is loaded."""


@told
@attrs.frozen(eq=False, repr=False)
class Engine(Verbs, Questions):
    """Everything that is needed to judge: immutable, safe to share between threads, and picklable.

    Build one by `Engine.load`. What changes an engine gives a new one: `with_rules`, `with_pack`, `amended`, `what_if`.

    Attributes:
        packs: the rule packs, in the order in which they were loaded.
        amendments: changes to rules and figures of other packs.
        calendars: calendars by name.
        catalogue: the service catalogue.
        event_kinds: kinds of event that plugins add.
        record_types: record types with their tables, and classes that add facts to one.
        makers: what makes records of a whole ledger, by what they are called together.
        functions: functions over an engine and a ledger, by name: observe, score, propose.
        banks: the banks, by id, if they are known.
        plugins: what was loaded beside the library, with version and file: plugins, and packs in TOML.
        absent: plugins that could not be loaded, if that was allowed.
        figures_as_of: the day whose figures are asked for, instead of each record's own.
        given: the names of the calendars given, all that rules on records of one's own may name; None for all.
        bank: whether it judges records of the branch: then all calendars may be named, and ``window`` is the default.
        one: whether one calendar was given for everything.
        idle: the figures of rules that were left out: to adjust one of them is no mistake.
        assumed: what `what_if` put in place, which no ledger's own goes before: names of calendars, and ``/catalogue``.
        standards: scorecard, indicators, ladder and duties of ledgers that bring none of their own.
        figure_tables: the values that stand in for figures' own: of the catalogue, and adjusted.
    """

    packs: Sequence[Pack]
    amendments: tuple[Amendment, ...]
    calendars: Mapping[str, WorkCalendar] = attrs.field(converter=FrozenMapping[str, Any])
    catalogue: Catalogue
    event_kinds: tuple[EventKind, ...] = ()
    record_types: Sequence[type[Facts]] = ()
    banks: Mapping[str, Any] = attrs.field(factory=dict, converter=FrozenMapping[str, Any])
    absent: tuple[Absent, ...] = ()
    figures_as_of: date | None = attrs.field(default=None, converter=_day_of_figures)
    given: frozenset[str] | None = None
    bank: bool = False
    one: bool = False
    idle: frozenset[str] = frozenset()
    assumed: frozenset[str] = frozenset()
    makers: Mapping[str, Maker] = attrs.field(factory=dict, converter=FrozenMapping[str, Any])
    standards: Standards = attrs.field(factory=_standards)
    functions: Mapping[str, Callable[..., Any]] = attrs.field(factory=dict, converter=FrozenMapping[str, Any])
    plugins: tuple[LoadedPlugin, ...] = ()
    figure_tables: Mapping[str, Mapping[Key, Dated]] = attrs.field(init=False)
    _known: KnownCalendars = attrs.field(init=False)
    _dates: WorkCalendar = attrs.field(init=False)
    _judges: Judges = attrs.field(init=False)
    _version: str | None = attrs.field(init=False, default=None)
    _requests: Runner | None = attrs.field(init=False, default=None)
    _ready: Ready | None = attrs.field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        from windowservice.engine.loading.load import compute

        compute(self)

    def __getattr__(self, name: str) -> Any:
        """Load the engine when more is asked of it than verdicts on requests; see `loading.ready`."""
        if name.startswith("__") or name not in Engine.__slots__ or self._ready is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        whole = self._ready.whole()
        for field in attrs.fields(Engine):
            if field.name not in _OWN:
                object.__setattr__(self, field.name, getattr(whole, field.name))
        return getattr(self, name)

    @property
    def rules(self) -> tuple[LoadedRule, ...]:
        """The rules as loaded, amendments done."""
        return self._judges.rules

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(Engine) if field.init}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Make again what does not travel: the generated code."""
        self.__init__(**state)  # type: ignore[misc]

    @classmethod
    def load(
        cls,
        *,
        packs: Iterable[Pack | DataPack | PathLike[str] | str] | None = None,
        plugins: Iterable[object] = (),
        calendars: Mapping[str, WorkCalendar] | WorkCalendar | None = None,
        catalogue: Catalogue | None = None,
        banks: Mapping[str, Any] | None = None,
        figures_as_of: date | None = None,
        installed: bool = True,
        strict: bool = True,
    ) -> Engine:
        """Return an engine with the built-in packs and every installed plugin.

        Args:
            packs: packs to use instead of those of the plugins; one in TOML by its path (a file, or a folder of files),
                with all that it brings: record types, calendars, indicators, rows of the ladder.
            plugins: further plugins, as modules or objects with hooks; or, as a `Path`, a pack in TOML.
            calendars: calendars by name, or one for everything. With rules on the branch's records those of the
                catalogue are there too and ``window`` is the default. With rules on records of one's own alone there
                are no others, and the default is the one named ``window`` or the only one.
            catalogue: the service catalogue; the default one of 19 kinds if not given.
            banks: banks by id.
            figures_as_of: the day whose figures are used for all records, instead of each record's own.
            installed: whether installed plugins are loaded.
            strict: whether a plugin that cannot be loaded is an error; otherwise it is listed in `absent`.

        Raises:
            InvalidDocument, OSError: if a pack in TOML is wrong, or cannot be read.
            PluginFailed, NameTaken: as `plugins.manager.collect`.
            UnknownName: if an amendment names a rule or figure that nothing has, or a rule a calendar.
            NoDefaultCalendar: if a rule needs a calendar and names none, and there is no default.
        """
        alone = isinstance(plugins, (list, tuple)) and not plugins
        given = not alone or any(one is not None for one in (packs, calendars, catalogue, figures_as_of))
        ready = None if given else requests_ready(partial(_load, cls, banks=banks), installed=installed)
        if ready is None:
            return _load(
                cls, packs=packs, plugins=plugins, calendars=calendars, catalogue=catalogue, banks=banks,
                figures_as_of=figures_as_of, installed=installed, strict=strict,
            )  # fmt: skip
        engine = cls.__new__(cls)
        for name, value in {"_ready": ready, "_requests": ready.runner, "_dates": ready.calendar}.items():
            object.__setattr__(engine, name, value)
        return engine

    @property
    def calendar(self) -> WorkCalendar:
        """The default calendar.

        Raises:
            NoDefaultCalendar: if there is none.
        """
        return self._known.calendar()

    @property
    def zone(self) -> tzinfo:
        """The zone in which instants are shown: that of the default calendar, else of all of them, else UTC."""
        return self._dates.zone

    def instant_of(self, as_of: datetime | date | str, *, naive: tzinfo | None = None) -> int:
        """Return an ``as_of`` in microseconds UTC: a bare date as its 24:00, a time without a zone in `naive` if given.

        Raises:
            NoDefaultCalendar: for a bare date if there are calendars of several zones and no default.
            NaiveTime, InvalidTime, TimeOutOfRange: for a time that cannot be used.
        """
        return self._instant(as_of, naive)

    def _instant(self, as_of: datetime | date | str, naive: tzinfo | None = None) -> int:
        if isinstance(as_of, datetime):  # a date asks for a calendar
            return to_us(as_of, zone=naive, where="as_of")
        if self._ready is None:  # else there is a default calendar
            self._known.check_date(as_of)
        return as_of_us(as_of, self._dates.table.zone, naive=naive)

    @property
    def version(self) -> str:
        """A hash of all that decides a verdict: rules, facts, figures, calendars, catalogue; made once for an engine.

        Titles, notes and sources decide nothing and are not in it; equal hashes mean equal verdicts.
        """
        if self._version is None:
            from windowservice.engine.loading.load import hashed_engine

            object.__setattr__(self, "_version", hashed_engine(self))  # frozen: what it would be at any time
        return self._version  # type: ignore[return-value]

    def __repr__(self) -> str:
        catalogue = f", {self.catalogue.id} {self.catalogue.version}" if self.bank else ""
        return f"<Engine of {len(self.rules)} rules in {len(self.packs)} packs{catalogue}>"

    def with_rules(self, *rules: Rule) -> Engine:
        """Return an engine that judges by further rules, known as ``own/name``."""
        from windowservice.engine.odd_words import warned
        from windowservice.engine.ruleset import AD_HOC
        from windowservice.language.tree.rule import Pack

        own = [pack for pack in self.packs if pack.name == AD_HOC]
        before = own[0].rules if own else ()
        pack = Pack(AD_HOC, version="ad hoc", rules=(*before, *rules))
        return warned(attrs.evolve(self, packs=(*(p for p in self.packs if p.name != AD_HOC), pack)))

    def with_pack(self, pack: Pack) -> Engine:
        """Return an engine with one more pack.

        Raises:
            InvalidRule: if a pack of that name is loaded already.
        """
        from windowservice.engine.odd_words import warned

        if not hasattr(pack, "rules"):
            raise InvalidValue("pack", pack, "a Pack; one in TOML is loaded whole, by Engine.load(packs=[...])")
        if any(pack.name == other.name for other in self.packs):
            raise InvalidRule(
                f"pack {pack.name!r}", "is loaded already", "amend its rules by Replace, Withdraw or Adjust"
            )
        return warned(attrs.evolve(self, packs=(*self.packs, pack)))

    def only(self, *names: str) -> Engine:
        """Return an engine with the named packs or rules only (``in_time``, ``in_time/statute_kept``).

        Raises:
            UnknownName: with the nearest name.
        """
        from windowservice.engine.ruleset import amendments_of, figures_of_packs, packs_with

        packs = packs_with(names, self.packs, self.rules)
        amendments = amendments_of(self.amendments, packs)
        return attrs.evolve(self, packs=packs, amendments=amendments, idle=self.idle | figures_of_packs(self.packs))

    def amended(self, *amendments: Amendment) -> Engine:
        """Return an engine with rules replaced or withdrawn, or figures adjusted.

        Raises:
            UnknownName: if an amendment names a rule or figure that nothing has.
        """
        return attrs.evolve(self, amendments=(*self.amendments, *amendments))

    def read(self, source: str | Path | Frames | object, **said: Unpack[HowRead]) -> Ledger:
        """Return a ledger read with the tables that plugins bring or rules speak of; otherwise as `Ledger.read`."""
        from windowservice.language.relations.lookup import in_tables
        from windowservice.ledger.ledger import Ledger

        types = dict.fromkeys([*self.record_types, *in_tables(self.judged_vocabularies)])
        return Ledger.read(source, kinds=self.event_kinds, record_types=types, **said)

    def for_ledger(self, ledger: Ledger) -> Engine:
        """Return an engine for a ledger: what it states of catalogue, hours and services goes before the engine's."""
        from windowservice.engine.loading.of_ledger import engine_for

        return engine_for(self, ledger)

    def check(self, record: Any, *, as_of: datetime | date | str, of: type[Facts] | None = None) -> Report:
        """Judge one record as of an instant; to one that begins later no rule applies yet.

        Args:
            record: a `Request`, or an object or mapping of a vocabulary of one's own.
            as_of: the instant judged; a bare date means 24:00 of it. What came later is not seen.
            of: the vocabulary of the record, if rules of several are loaded.

        Raises:
            NothingToCheck: if it is not clear which rules apply.
            InvalidValue, NaiveTime, UnknownName: if the record is not of its vocabulary.
        """
        us = self._instant(as_of)
        runner = self._runner(record, of)
        return Report(self, us, (ObjectStore(runner, us, runner.judge_one(record, us)),))

    def audit(
        self, records: Ledger | Iterable[Any] | Any, children: Any = None, *, as_of: datetime | date | str,
        of: type[Facts] | None = None, recorded: Iterable[str] | None = None, columns: bool | None = None,
        track: Callable[[Sequence[Any]], Iterable[Any]] | None = None,
    ) -> Report:  # fmt: skip
        """Judge many records as of an instant: a ledger, any iterable of them, or frames.

        Frames are judged in columns, with the same verdicts and the same report. A record that cannot be judged is
        listed with its reason; the others go on.

        Args:
            records: a `Ledger`, records, a frame of them (whatever exports Arrow: Polars, pandas, pyarrow, DuckDB), or
                a mapping of frames by table, as ``{"requests": ..., "events": ...}``; of several record types together
                what is made of them by expressions is judged too.
            children: with a frame of records, the frame of their children (the events of requests).
            as_of: the instant judged; a bare date means 24:00 of it.
            of: the vocabulary of the records; told from the records, or the columns of the frame, if not given.
            recorded: for frames of requests, the kinds of event that their source records; every kind if not given.
            columns: whether a ledger is judged in columns: True or False; None: those of its tables that are large.
            track: passes on the records of a ledger that are judged one by one, to show how far it is.

        Raises:
            NothingToCheck: if it is not clear which rules apply.
            InvalidValue: for a path, a text, a single request, or a column that cannot be what it has to be.
            MissingColumn, NaiveTime, TimeOutOfRange, UnknownName: for a column that cannot be what it has to be.
        """
        from windowservice.engine.auditing import audit_frames, audit_ledger, audit_records
        from windowservice.engine.frames.frames import is_frame
        from windowservice.ledger.ledger import Ledger

        told = None if recorded is None else frozenset(recorded)
        if isinstance(records, Mapping) or is_frame(records):
            return audit_frames(self, records, children, as_of, of, told)
        for name, given in (("children", children), ("recorded", recorded)):
            if given is not None:
                raise InvalidValue(name, given, "left out: only frames have their children and kinds beside them")
        if isinstance(records, Ledger):
            return audit_ledger(self.for_ledger(records), records, as_of, columns=columns, track=track)
        return audit_records(self, records, as_of, of)

    @property
    def judged_vocabularies(self) -> tuple[type[Facts], ...]:
        """The vocabularies that rules speak of."""
        return tuple(self._judges.runners)

    def facts(self, name: str | None = None) -> tuple[RecordFacts, ...]:
        """Return the record types with all that may be said of their records; of a name that type, or that fact.

        Raises:
            UnknownName: for a name that is neither, with the nearest.
        """
        from windowservice.engine.loading.facts import known_facts

        return known_facts(self, name)

    def reader_of(self, of: type[Facts]) -> Runner:
        """Return what computes the facts of a vocabulary, whether or not there are rules on it."""
        return self._judges.reader(of)

    @property
    def runner_of_requests(self) -> Runner:
        """The rules for requests."""
        return self._judges.of_requests

    def runner_of(self, record: Any, of: type[Facts] | None = None) -> Runner:
        """Return the rules for a record, or for records of a vocabulary.

        Raises:
            NothingToCheck: if it is not clear which rules apply.
        """
        return self._runner(record, of)

    def _runner(self, record: Any, of: type[Facts] | None) -> Runner:
        if of is None and self._requests is not None and isinstance(record, Request):
            return self._requests
        return self._judges.of_record(record, of)
