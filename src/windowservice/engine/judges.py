"""The rules of an engine by the record type that they judge, with their runners, loaded as they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.engine.calendars import KnownCalendars, check_calendars, is_own
from windowservice.engine.ruleset import LoadedRule, vocabularies_of
from windowservice.engine.running import Runner
from windowservice.errors import NothingToCheck
from windowservice.facts.requests.request import request as request_vocabulary
from windowservice.language.tree.facts import Facts, Given
from windowservice.language.tree.kernels import Binding

__all__ = ["Judges"]


class Judges:
    """What judges the records of each type.

    Args:
        rules: the rules that are loaded.
        whole: loads all rules, if those are only the ones on requests.
        known: the calendars that rules may name.
        binding: the calendars and figures.
        kinds: the kinds of event that a request may have.

    Raises:
        UnknownName, NoDefaultCalendar: as `check_calendars`.
    """

    def __init__(
        self, rules: tuple[LoadedRule, ...], whole: Callable[[], tuple[LoadedRule, ...]] | None,
        known: KnownCalendars, binding: Binding, kinds: frozenset[str],
    ) -> None:  # fmt: skip
        self._whole = whole
        self._known = known
        self._binding = binding
        self._kinds = kinds
        self._lock = threading.Lock()
        self._runners: dict[type[Facts], Runner] = {}
        self._by_table: dict[str | None, Runner] = {}
        self._take(rules)

    def _take(self, rules: tuple[LoadedRule, ...]) -> None:
        check_calendars(rules, self._known, self._binding)
        for vocabulary in vocabularies_of(rules):
            if vocabulary not in self._runners:
                mine = tuple(loaded for loaded in rules if loaded.rule.of is vocabulary)
                runner = Runner(mine, vocabulary, self._binding, self._kinds)
                self._runners[vocabulary] = runner
                self._by_table.setdefault(vocabulary.options.table, runner)
        self._rules = rules

    def _load(self) -> None:
        with self._lock:
            if self._whole is not None:
                self._take(self._whole())
                self._whole = None

    @property
    def rules(self) -> tuple[LoadedRule, ...]:
        """All rules, in their order."""
        if self._whole is not None:
            self._load()
        return self._rules

    @property
    def runners(self) -> Mapping[type[Facts], Runner]:
        """What judges the records of each type that rules speak of."""
        if self._whole is not None:
            self._load()
        return self._runners

    def get(self, of: type[Facts]) -> Runner | None:
        """Return what judges the records of a type; None if no rule speaks of it."""
        return self._runners.get(of.root) or self.runners.get(of.root)

    @property
    def of_requests(self) -> Runner:
        """What judges requests."""
        return self.reader(request_vocabulary)

    def loaded(self, of: type[Facts]) -> Runner | None:
        """Return what judges the records of a type if its rules are loaded already."""
        return self._runners.get(of)

    def reader(self, of: type[Facts]) -> Runner:
        """Return what computes the facts of a type, whether or not there are rules on it."""
        return self.get(of) or Runner((), of.root, self._binding)

    def of_record(self, record: Any, of: type[Facts] | None = None) -> Runner:
        """Return the rules for a record, or for records of a type.

        Raises:
            NothingToCheck: if it is not clear which rules apply.
        """
        if of is None and isinstance(record, Record) and self.runners and record.table in self._by_table:
            return self._by_table[record.table]
        if of is None and isinstance(record, Request):
            of = request_vocabulary
        if of is None:
            own = [one for one in self.runners if one is not request_vocabulary and one.options.table is None]
            own = own or [one for one in self.runners if is_own(one) and isinstance(one.options.rows, Given)]
            of = own[0] if len(own) == 1 else None
        runner = None if of is None else self.get(of)
        if runner is None:
            raise NothingToCheck(type(record).__name__, tuple(one.__name__ for one in self.runners))
        return runner
