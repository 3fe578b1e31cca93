"""Running the rules of one vocabulary over one record: compiled once, judged in a microsecond or two a fact.

If the fused function fails on a record, each rule is run by itself, so that one that cannot run is an error of its own
and the others go on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from windowservice.domain.records import Record
from windowservice.domain.requests.kinds import EVENT_KINDS, OVER_KINDS
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import in_sight
from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import Verdicts
from windowservice.errors import UnknownName, WindowserviceError
from windowservice.instants import utc_datetime

if TYPE_CHECKING:
    from windowservice.engine.frames.frames import Frames
    from windowservice.engine.ruleset import LoadedRule
    from windowservice.language.polars.calls import Calls
    from windowservice.language.polars.compile import RecordColumns
    from windowservice.language.python.marks import Masks
    from windowservice.language.tree.expr import Expr
    from windowservice.language.tree.fact import Fact
    from windowservice.language.tree.facts import Facts
    from windowservice.language.tree.kernels import Binding
    from windowservice.language.webassembly.judge import Judge

__all__ = ["ReadyRunner", "Runner", "module_pays"]

_log = logging.getLogger("windowservice.engine")
Style = Literal["attribute", "mapping"]
_Read: TypeAlias = Callable[[Any, Any], tuple[Any, ...]]
"""Generated code that gives values of a record, as of an instant as its record type holds it."""
_REOPENED: Final = "reopened"
EVENTS: Final = "events"
_NOTHING: Final[frozenset[str]] = frozenset()
_TOLD_APART: Final = 3
"""Code is made for each set of kinds of which a row could not be read; of more kinds than these, for all."""


class _Source(NamedTuple):
    """What decides which code judges a record: what its source records, what could not be read, how it holds facts."""

    recorded: frozenset[str] | None
    unread: frozenset[str]
    untold: frozenset[str]
    style: Style


_PLAIN: Final = _Source(None, _NOTHING, _NOTHING, "attribute")
"""A request of which everything is recorded, told and read, or an object."""
_ROW: Final = _Source(None, _NOTHING, _NOTHING, "mapping")
"""A row of which everything is recorded."""


def _reader(vocabulary: type[Facts], binding: Binding) -> Callable[[Any, int], Any]:
    """Return what reads a record that is no request: as it is judged, None if it is not there yet at an instant."""
    from windowservice.language.analysis.visible import not_there
    from windowservice.language.python.facts import fit_record

    def read(record: Any, us: int) -> Any:
        fitted = fit_record(vocabulary, record)
        return None if not_there(vocabulary, fitted, us, binding.calendar.zone) else fitted

    return read


def module_pays(rules: Sequence[LoadedRule]) -> bool:
    """Whether columns are judged more quickly by a module than by Polars: they are if a rule counts a deadline."""
    from windowservice.language.analysis.counted import kernels_below

    return any(kernels_below(expr for loaded in rules for expr in loaded.rule.conditions))


class Runner:
    """The rules of one vocabulary, with their generated code.

    Attributes:
        rules: the rules, in the order of the bits.
        names: their full names.
        vocabulary: what they speak of.
        binding: the calendars and figures.
        plans: what to compute for the evidence of a rule, by its position; filled as it is asked for.
        kinds: the kinds of event that a request may have.
    """

    def __init__(
        self,
        rules: Sequence[LoadedRule],
        vocabulary: type[Facts],
        binding: Binding,
        kinds: frozenset[str] = EVENT_KINDS,
    ) -> None:
        self.rules = tuple(rules)
        self.names = tuple(loaded.name for loaded in rules)
        self.vocabulary = vocabulary
        self.binding = binding
        self.kinds = kinds
        self.plans: dict[int, Any] = {}
        self._made: dict[Any, Any] = {}
        self._lock = threading.Lock()
        self._held = vocabulary.options.stored == "microseconds"
        self._read = _reader(vocabulary, binding)

    @cached_property
    def given(self) -> tuple[Fact[Any], ...]:
        """The given facts that findings rest on."""
        from windowservice.engine.ruleset import given_facts

        return tuple(given_facts(self.rules, self.vocabulary))

    def judge(self, record: Any, us: int) -> list[Subject]:
        """Return the verdicts of a record: one subject, or one for each cycle of a request that was reopened.

        None if the record begins after the instant: it is not there yet.

        Raises:
            WindowserviceError: if the record is not of the vocabulary.
        """
        if isinstance(record, Request):
            if record.is_amended:  # few are, as few as those with an event known by its date
                record = record.uncorrected_at(us)
            if record.is_later(us) and not in_sight(record.unread, us):
                return []
            if not record.kinds <= self.kinds:  # a misspelt kind would be seen by no rule, and so pass
                wrong = next(event.kind for event in record.timeline if event.kind not in self.kinds)
                raise UnknownName("event kind", wrong, tuple(sorted(self.kinds)), f"request {record.id}")
            if _REOPENED in record.kinds:
                return [self._subject(cycle, us) for cycle in self.cycles(record, us)]
            record = record.as_seen(us)
            if record.recorded is None and not record.unread and not record.untold:  # nearly always
                return [Subject(self, record, self._evaluated(record, us, _PLAIN))]
        else:
            record = self._read(record, us)
            if record is None:
                return []
        return [self._subject(record, us)]

    def judge_one(self, record: Any, us: int) -> list[Subject]:
        """Return the verdicts of a record in hand as `judge`; to one that begins later no rule applies yet."""
        found = self.judge(record, us)
        if found:
            return found
        return [Subject(self, record, Verdicts(self.names, (0, 0, 0, (1 << len(self.names)) - 1)))]

    def judge_or_list(self, record: Any, us: int) -> list[Subject]:
        """Return the verdicts of a record; one that is not of the vocabulary is an error under every rule."""
        try:
            return self.judge(record, us)
        except Exception as error:  # whatever a record of somebody's own raises is an error of that record alone
            said = str(error) if isinstance(error, WindowserviceError) else f"{type(error).__name__}: {error}"
            errors = dict.fromkeys(range(len(self.rules)), said)
            return [Subject(self, record, Verdicts(self.names, (0, 0, 0, 0), errors))]

    def _subject(self, record: Any, us: int) -> Subject:
        verdicts = self._evaluated(record, us, self._source(record, us))
        return Subject(self, record, verdicts.all_unknown() if self._is_untold(record, us) else verdicts)

    def _evaluated(self, record: Any, us: int, source: _Source) -> Verdicts:
        evaluate = self._made.get(source) or self._compiled(source)
        as_of = us if self._held else utc_datetime(us)
        try:
            return Verdicts(self.names, evaluate(record, as_of))
        except Exception as error:
            _log.debug("rules are run one by one on a record: %s", error)
            return self._one_by_one(record, as_of, source)

    def _source(self, record: Any, us: int) -> _Source:
        if isinstance(record, Request):  # asked first: to ask for an abstract class costs as much as five rules
            if record.recorded is None and not record.unread and not record.untold:
                return _PLAIN
            unread = self.unread_kinds(record, us) if record.unread else _NOTHING
            return _Source(record.recorded, unread, record.untold, "attribute")
        if record.__class__ is Record or isinstance(record, Mapping):
            recorded = getattr(record, "recorded", None)  # of a record of ours
            return _ROW if recorded is None else _Source(recorded, _NOTHING, _NOTHING, "mapping")
        return _PLAIN

    @staticmethod
    def cycles(request: Request, us: int) -> tuple[Request, ...]:
        """Return the matters of a request as they stood at an instant: one, or one for each time it was reopened."""
        if _REOPENED in request.kinds:
            return request.known_at(us).cycles()
        return (request.as_seen(us),)

    def unread_kinds(self, record: Request, us: int) -> frozenset[str]:
        """Return the kinds of event of which a row of the request could not be read; all if that was not to be told."""
        rows = [row for row in in_sight(record.unread, us) if row.table == EVENTS]
        kinds = frozenset(row.kind for row in rows)
        if not kinds or (len(kinds) <= _TOLD_APART and kinds.isdisjoint(("", _REOPENED, *self._cutting(record)))):
            return kinds
        return self.kinds

    @staticmethod
    def _cutting(record: Request) -> tuple[str, ...]:
        """Return the kinds that decide where the cycles of a reopened matter begin."""
        return OVER_KINDS if _REOPENED in record.kinds else ()

    @staticmethod
    def _is_untold(record: Any, us: int) -> bool:
        """Whether a row that could not be read may have said anything of the record, not only of its events."""
        if not isinstance(record, Request | Record) or not record.unread:
            return False
        whole = not isinstance(record, Request)
        return any(whole or row.table != EVENTS for row in in_sight(record.unread, us))

    def _compiled(self, source: _Source) -> Callable[[Any, Any], Any]:
        from windowservice.language.python.compile import compile_rules  # not loaded where code was made before

        rules = [loaded.rule for loaded in self.rules]
        make = partial(compile_rules, rules, self.vocabulary, self.binding, **source._asdict())
        found: Callable[[Any, Any], Any] = self._make(source, make)
        return found

    def _make(self, key: Any, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._made:
                self._made[key] = make()
            return self._made[key]

    def _one_by_one(self, record: Any, as_of: Any, source: _Source) -> Verdicts:
        from windowservice.language.python.compile import compile_rules

        masks = [0, 0, 0, 0]
        errors: dict[int, str] = {}
        for position, loaded in enumerate(self.rules):
            alone = partial(compile_rules, [loaded.rule], self.vocabulary, self.binding, **source._asdict())
            try:
                evaluate = self._make(("one", position, source), alone)
                for place, mask in enumerate(evaluate(record, as_of)):
                    masks[place] |= mask << position
            except Exception as error:  # whatever a plugin's own code raises is an error of that rule alone
                errors[position] = f"{type(error).__name__}: {error}"
        return Verdicts(self.names, (masks[0], masks[1], masks[2], masks[3]), errors)

    def over_columns(self, recorded: frozenset[str] | None, untold: frozenset[str]) -> Judge | None:
        """Return the rules as a module that judges columns, made once.

        None without the runtime of such modules, and where they do not pay.
        """
        from windowservice.worktime.compiled.runtime import is_there

        if not is_there():
            return None
        from windowservice.engine.report.stores.measures import told_of_failures
        from windowservice.engine.report.stores.shortfalls import shown_of
        from windowservice.language.tree.facts import fact_named
        from windowservice.language.webassembly.judge import Judge
        from windowservice.language.webassembly.values import leaves

        def make() -> Judge | None:
            if not module_pays(self.rules):
                return None
            root, rules = self.vocabulary, [loaded.rule for loaded in self.rules]
            clerk = root.options.clerk
            exprs = [
                *([] if clerk is None else [fact_named(root, clerk)]),
                *(expr for loaded in self.rules for expr in shown_of(loaded)),
            ]
            beside = tuple(leaves(exprs))
            return Judge(rules, root, self.binding, recorded, untold, beside, told_of_failures(rules))

        found: Judge | None = self._make(("columns", recorded, untold), make)
        return found

    def calls(self, recorded: frozenset[str] | None = None, untold: frozenset[str] = _NOTHING) -> Calls:
        """Return what tells the calls of functions over columns, made once."""
        from windowservice.language.polars.calls import Calls

        made = partial(Calls, self.vocabulary, self.binding, recorded, untold)
        found: Calls = self._make(("calls", recorded, untold), made)
        return found

    def columns(self, frames: Frames, us: int, recorded: frozenset[str] | None = None) -> RecordColumns:
        """Return frames as columns seen at an instant, over which expressions are computed."""
        from windowservice.language.polars.compile import RecordColumns

        calls = self.calls(recorded, frames.untold)
        return RecordColumns(frames.records, frames.children, us, calls, printed=frames.is_large)

    def values(self, key: Any, exprs: Sequence[Expr[Any]], record: Any, us: int) -> tuple[Any, ...]:
        """Return the values of expressions over a record; `key` names them for the cache of generated code."""
        source = self._source(record, us)
        read = self._made.get(("values", key, source)) or self._reads(key, exprs, source)
        found: tuple[Any, ...] = read(record, us if self._held else utc_datetime(us))
        return found

    def values_of(self, key: Any, exprs: Sequence[Expr[Any]]) -> Callable[[Any, int], tuple[Any, ...]]:
        """Return what gives the values of expressions over a record as of an instant, as `values`; for many records."""
        return self._for_many(partial(self._reads, key, exprs))

    def leaves_of(self, key: Any, exprs: Sequence[Expr[Any]]) -> Callable[[Any, int], list[tuple[Any, bool]]]:
        """Return what gives the values as `values_of`, each with whether it is missing since it has not happened."""
        read = self._for_many(partial(self._reads_leaves, key, exprs))

        def leaves(record: Any, us: int) -> list[tuple[Any, bool]]:
            found = read(record, us)
            return list(zip(found[0::2], found[1::2], strict=True))

        return leaves

    def _for_many(self, made_for: Callable[[_Source], _Read]) -> Callable[[Any, int], tuple[Any, ...]]:
        """Return what runs on each record the code for its source."""
        known: dict[_Source, _Read] = {}

        def read(record: Any, us: int) -> tuple[Any, ...]:
            source = self._source(record, us)
            values = known.get(source)
            if values is None:
                values = known[source] = made_for(source)
            return values(record, us if self._held else utc_datetime(us))

        return read

    def _reads(self, key: Any, exprs: Sequence[Expr[Any]], source: _Source) -> _Read:
        from windowservice.language.python.compile import compile_values

        make = partial(compile_values, exprs, self.vocabulary, self.binding, **source._asdict())
        found: _Read = self._make(("values", key, source), make)
        return found

    def _reads_leaves(self, key: Any, exprs: Sequence[Expr[Any]], source: _Source) -> _Read:
        from windowservice.language.python.compile import run, write_leaves

        said: dict[str, Any] = {"recorded": source.recorded, "untold": source.untold, "style": source.style}
        found: _Read = self._make(
            ("leaves", key, source), lambda: run(write_leaves(exprs, self.vocabulary, self.binding, **said))
        )
        return found


class ReadyRunner(Runner):
    """The library's own rules on requests, judged by code that was made before.

    Args:
        names: the full names of the rules.
        evaluate: the code, for requests of which everything is recorded.
        whole: gives the same with the rules, for all else; it uses this code too.
    """

    def __init__(
        self, names: tuple[str, ...], evaluate: Callable[[Any, Any], Masks], whole: Callable[[], Runner]
    ) -> None:
        self.names = names
        self.kinds = EVENT_KINDS
        self._whole = whole
        self._made = {_PLAIN: evaluate}
        self._lock = threading.Lock()
        self._held = True

    def __getattr__(self, name: str) -> Any:
        if name not in ("rules", "vocabulary", "binding", "plans", "_read"):
            raise AttributeError(name)
        whole = self._whole()
        whole._made.setdefault(_PLAIN, self._made[_PLAIN])
        setattr(self, name, found := getattr(whole, name))
        return found
