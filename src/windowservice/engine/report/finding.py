"""A finding: one rule's verdict on one record, with its evidence on demand."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from windowservice.asked import told
from windowservice.blocks.blocks import Block, Lines
from windowservice.blocks.notebook import InNotebook
from windowservice.clean import for_line
from windowservice.domain.basis import Basis
from windowservice.domain.records import Record
from windowservice.domain.requests.request import Request
from windowservice.domain.unread import Unread, in_sight
from windowservice.engine.report.evidence import Evidence, Shortfall, behind, read_evidence
from windowservice.engine.report.explaining import explain, in_words, plain
from windowservice.engine.report.parts import missed_items
from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import Verdict
from windowservice.language.analysis.kinds import fields_below
from windowservice.language.relations.lookup import Looked, lookups_below
from windowservice.language.tree.expr import told_by
from windowservice.language.tree.rule import Rule, Severity
from windowservice.worktime.clock.deadline import Deadline, deadline_of
from windowservice.worktime.clock.of_events import RUN
from windowservice.worktime.clock.standing import AT_RISK_SHARE
from windowservice.worktime.spans import WorkSpan

if TYPE_CHECKING:
    from windowservice.engine.asking.why import Why

__all__ = ["Finding", "log_errors"]

_log = logging.getLogger("windowservice.engine")
_MOST_KINDS: Final = 5
"""So many kinds of error are written to the log."""


def log_errors(subjects: Iterable[Subject]) -> None:
    """Write one line for each kind of error, with how often it came: not one for each record and rule."""
    found: Counter[str] = Counter()
    for subject in subjects:
        errors = subject.verdicts.errors
        if not errors:
            continue
        if len(errors) == len(subject.verdicts.rules):
            found[f"a record cannot be judged: {next(iter(errors.values()))}"] += 1
        else:
            found.update(f"the rule {subject.verdicts.rules[at]} cannot be run: {said}" for at, said in errors.items())
    for said, number in found.most_common(_MOST_KINDS):
        _log.warning("%s%s", said, "" if number == 1 else f" ({number:,} times)")
    if len(found) > _MOST_KINDS:
        _log.warning("%d more kinds of error", len(found) - _MOST_KINDS)


@told
class Finding(InNotebook):
    """One rule's verdict on one record.

    Its text is one line. The evidence (values read, figures in force, by how much) is computed when it is first asked
    for.
    """

    def __init__(self, subject: Subject, position: int, us: int, engine_version: Callable[[], str] = str) -> None:
        self._subject = subject
        self._position = position
        self._us = us
        self._loaded = subject.runner.rules[position]
        self._engine_version = engine_version

    @property
    def rule(self) -> str:
        """The rule's full name, ``pack/rule``."""
        return self._loaded.name

    @property
    def definition(self) -> Rule:
        """The rule itself."""
        return self._loaded.rule

    @property
    def verdict(self) -> Verdict:
        """What the rule says."""
        return self._subject.verdicts.at(self._position)

    @property
    def severity(self) -> Severity:
        """How grave a breach of the rule is."""
        return self._loaded.rule.severity

    @property
    def key(self) -> str:
        """The id of the record; a later cycle of a reopened matter is ``id#2``."""
        return self._subject.key

    @property
    def bank(self) -> str | None:
        """The bank of the request, if it is one."""
        found: str | None = self._subject.read("bank")
        return found

    @property
    def service(self) -> str | None:
        """The kind of business of the request, if it is one."""
        found: str | None = self._subject.read("service")
        return found

    @property
    def clerk(self) -> str | None:
        """The clerk who answers for the record: of a request its owner, so far as events tell."""
        return self._subject.clerk(self._us)

    @property
    def policy(self) -> str:
        """The policy that the rule belongs to."""
        return self._loaded.rule.policy

    @property
    def principle(self) -> str:
        """The principle of service that the rule serves."""
        return self._loaded.rule.principle

    @property
    def basis(self) -> Basis | None:
        """The source of the rule; of one that was replaced, the basis of the replacement."""
        return self._loaded.amended or self._loaded.rule.basis

    @property
    def version(self) -> str:
        """The version of the rule's pack."""
        return self._loaded.version

    @property
    def record(self) -> Any:
        """The record judged."""
        return self._subject.record

    @property
    def error(self) -> str | None:
        """Why the rule could not be run, if it could not."""
        return self._subject.verdicts.errors.get(self._position)

    @property
    def subject(self) -> Subject:
        """The record with all its verdicts."""
        return self._subject

    @property
    def us(self) -> int:
        """The instant judged, in microseconds UTC."""
        return self._us

    @property
    def engine_version(self) -> str:
        """A hash of the rules, figures and calendars that the verdict rests on."""
        return self._engine_version()

    def title(self, language: str = "en") -> str:
        """Return what is promised, in a language if the rule has it, else in English or the first it has."""
        titles = self._loaded.rule.title
        return titles.get(language) or titles.get("en") or next(iter(titles.values()))

    @cached_property
    def evidence(self) -> Evidence:
        """What the rule read, by how much it was missed, and the figures in force."""
        verdict = self.verdict
        if verdict is Verdict.ERROR:
            return Evidence((), (), None, (), {}, ())
        return read_evidence(
            self._subject.runner, self._position, self._subject.record, self._us,
            failed=verdict is Verdict.FAIL, pending=verdict is Verdict.PENDING,
        )  # fmt: skip

    @cached_property
    def clocks(self) -> dict[str, Deadline]:
        """The clocks of the record that the rule rests on, by the name of the fact: due, state, stops, where time went.

        Those are not among them of which nothing can be told.
        """
        runs = {name: parts[RUN] for name, parts in self.evidence.clocks.items() if parts is not None}
        facts = self._subject.runner.plans[self._position].facts if runs else ()
        shares = {str(found.expr): told_by(found.expr, "warn_at", AT_RISK_SHARE) for found in facts}
        return {
            name: deadline_of(
                run.limit, run.clock, run.start, run.calendar, as_of=run.as_of, done=run.done,
                share=Fraction(shares[name]),
            )
            for name, run in runs.items()
            if run is not None
        }  # fmt: skip

    @cached_property
    def items(self) -> tuple[str, ...]:
        """For a failed rule, the ids of the children behind what was missed; none if children have no ids."""
        if self.verdict is not Verdict.FAIL:
            return ()
        runner, record = self._subject.runner, self._subject.record
        return missed_items(runner, ("items", self._position), self._loaded.rule.require, record, self._us)

    @property
    def shortfall(self) -> Shortfall | None:
        """By how much a failed rule was missed."""
        return self.evidence.shortfall

    @property
    def late_by(self) -> timedelta | None:
        """For a missed deadline, the real time after it."""
        shortfall = self.shortfall
        return None if shortfall is None or shortfall.overrun is None else shortfall.amount

    @property
    def overrun(self) -> WorkSpan | None:
        """For a missed deadline, the open time after it; zero if nothing was open since."""
        return None if self.shortfall is None else self.shortfall.overrun

    @property
    def missing(self) -> tuple[str, ...]:
        """For an unknown verdict, the facts and figures that were needed and are missing.

        Where that is because events are not recorded, their kinds. Of a record that itself could not be told, what was
        missing there.
        """
        if self.verdict is not Verdict.UNKNOWN:
            return ()
        options = self._subject.runner.vocabulary.options
        lacks = None if options.lacks is None else self._subject.read(options.lacks)
        if lacks:
            return tuple(sorted(lacks))
        child = self._subject.runner.vocabulary.children
        fields = tuple(f"{child.__name__}.{field}" for field in self.untold) if child is not None else ()
        return tuple(f"event {kind}" for kind in self.unrecorded) or fields or self.evidence.missing

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """For an unknown verdict, the kinds of event that it rests on and that the source does not record at all."""
        recorded = self._subject.read("recorded") if isinstance(self.record, Request | Record) else None
        if recorded is None or self.verdict is not Verdict.UNKNOWN:
            return ()
        missing = frozenset(self.evidence.missing)
        kinds = behind(self._subject.runner, self._position, missing)
        if not missing:
            kinds = frozenset(self._loaded.rule.settling_kinds)
        return tuple(sorted(kinds - recorded))

    @property
    def untold(self) -> tuple[str, ...]:
        """For an unknown verdict, the fields of events that it rests on and for which the source has no column.

        None of them where rows about the record could not be read: it rests on those.
        """
        told_nowhere = self._subject.read("untold") if isinstance(self.record, Request) else None
        if not told_nowhere or self.verdict is not Verdict.UNKNOWN or self.unread:
            return ()
        missing = frozenset(self.evidence.missing)
        return tuple(sorted(told_nowhere & behind(self._subject.runner, self._position, missing, fields_below)))

    @property
    def not_found(self) -> tuple[str, ...]:
        """For an unknown verdict, why facts that are looked up in other records cannot be told."""
        if self.verdict is not Verdict.UNKNOWN:
            return ()
        of, missing = self._subject.runner.vocabulary, self.evidence.missing
        asked = lookups_below(self._loaded.rule.asked)
        return tuple(f"{one}: {self._why(one)}" for one in asked if one.scope is of and str(one) in missing)

    def _why(self, looked: Looked[Any]) -> str:
        """Return why a fact that is looked up is missing."""
        extra = self._subject.read("extra") or {}
        why, sure = ((self._subject.read(key) or extra.get(key)) for key in (looked.why, looked.sure.name))
        if sure:
            return f"none of the {looked.lookup.of.options.table or 'requests'} tells it"
        return why or "nothing beside the record tells it: state it, or audit a ledger or frames of all tables"

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Rows about the record that could not be read: what they could have said is unknown."""
        return in_sight(self._subject.unread, self._us)

    def __str__(self) -> str:
        said = in_words(self)
        basis = f" -- {self.basis}" if self.basis is not None else ""
        by_how_much = f": {said}" if said else ""
        return for_line(f"{self.key} {self.verdict} {self.rule} ({self.severity}): {self.title()}{by_how_much}{basis}")

    def __repr__(self) -> str:
        return for_line(f"<Finding {self.key} {self.verdict} {self.rule}>")

    def why(self) -> Why:
        """Return the least conditions that decide the verdict, with the facts that they name."""
        from windowservice.engine.asking.why import why

        return why(self)

    def explain(self, language: str = "en") -> str:
        """Return the whole case as text: rule, values read, figures in force, clock and timeline."""
        return explain(self, language)

    def _blocks(self) -> Iterable[Block]:
        return (Lines(self.explain()),)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding with its evidence as plain values that JSON can hold."""
        return plain(self)
