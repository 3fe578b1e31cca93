"""What was found: the verdicts of all records judged, as findings, counts and selections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pendulum

from windowservice.asked import told
from windowservice.engine.report.finding import Finding, Subject
from windowservice.engine.ruleset import LoadedRule, position_of
from windowservice.engine.verdicts import NamedVerdicts, Verdict, Verdicts
from windowservice.errors import InvalidValue, UnknownName
from windowservice.instants import from_us, utc_datetime
from windowservice.language.tree.rule import SEVERITIES

if TYPE_CHECKING:
    import polars as pl

    from windowservice.domain.scorecard.readings_period import ReportingPeriod
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.engine.engine import Engine
    from windowservice.engine.running import Runner
    from windowservice.ledger.ledger import Ledger
    from windowservice.ledger.reading.load_report import LoadReport
    from windowservice.rules.indicators import Indicator
    from windowservice.scoring.values import Score

__all__ = ["SELECTORS", "Report", "Subject", "selected_of_rule"]

_OF_RULES: Final = ("rule", "verdict", "severity", "policy", "principle", "pack")
SELECTORS: Final = ("key", "bank", "service", "clerk", *_OF_RULES)
_OF_RECORDS: Final = ("key", "bank", "service", "clerk")


@told
class Report:
    """The verdicts of an engine on one record or many, as of an instant.

    Attributes:
        engine: the engine that judged.
        subjects: the records judged, in order; a reopened request is one for each of its cycles.
        load: how the ledger was read, if it was one.
        ledger: the ledger, if it was one.
        later: how many of the records given begin after the instant judged, so that they are not there yet.
        repeated: how many say again, word for word, what another of them does: they count once.
    """

    ledger: Ledger | None = None
    later: int = 0
    repeated: int = 0

    def __init__(
        self,
        engine: Engine,
        us: int,
        subjects: Sequence[Subject],
        *,
        load: LoadReport | None = None,
        keep: Callable[[Finding], bool] | None = None,
    ) -> None:
        self.engine = engine
        self.subjects = subjects
        self.load = load
        self._us = us
        self._keep = keep

    @property
    def as_of(self) -> pendulum.DateTime:
        """The instant judged, in the zone of the engine's calendar."""
        return from_us(self._us, self.engine.zone)

    @cached_property
    def _version(self) -> str:
        return self.engine.version

    @cached_property
    def _by_key(self) -> dict[str, list[Subject]]:
        found: dict[str, list[Subject]] = {}
        for subject in self.subjects:
            found.setdefault(subject.key, []).append(subject)
        return found

    def __iter__(self) -> Iterator[Finding]:
        """Yield a finding for every rule and record, those that do not apply included."""
        for subject in self.subjects:
            for position in range(len(subject.verdicts.rules)):
                finding = Finding(subject, position, self._us, self._version)
                if self._keep is None or self._keep(finding):
                    yield finding

    @property
    def passed(self) -> bool:
        """Whether something passed and nothing failed, is unknown or is in error."""
        if self._keep is None:
            applied = [
                s.verdicts
                for s in self.subjects
                if s.verdicts.masks[3] | s.verdicts.masks[2] != (1 << len(s.verdicts.rules)) - 1
            ]
            return bool(applied) and all(verdicts.passed for verdicts in applied)
        counts = self.counts
        return counts[Verdict.PASS] > 0 and not (
            counts[Verdict.FAIL] or counts[Verdict.UNKNOWN] or counts[Verdict.ERROR]
        )

    @property
    def evaluated(self) -> bool:
        """Whether any rule came to pass, fail or pending: an audit in which nothing could be evaluated is not clean."""
        counts = self.counts
        return counts[Verdict.PASS] + counts[Verdict.FAIL] + counts[Verdict.PENDING] > 0

    @cached_property
    def counts(self) -> Counter[Verdict]:
        """How many verdicts there are of each kind."""
        if self._keep is not None:
            return Counter(finding.verdict for finding in self)
        found: Counter[Verdict] = Counter()
        for subject in self.subjects:
            subject.verdicts.count_into(found)
        return found

    def _with(self, *verdicts: Verdict) -> Sequence[Finding]:
        found = (
            Finding(subject, position, self._us, self._version)
            for subject in self.subjects
            for position in subject.verdicts.positions(*verdicts)
        )
        return [finding for finding in found if self._keep is None or self._keep(finding)]

    @property
    def failed_records(self) -> int:
        """How many records failed any rule; a selection is not regarded."""
        return sum(1 for subject in self.subjects if subject.verdicts.masks[0])

    def alike(self) -> Iterator[tuple[Runner, Verdicts, int]]:
        """Yield the verdicts that records have, each once with how many have them: they are few, the records many.

        A selection is not regarded.
        """
        numbers: Counter[tuple[Runner, tuple[int, ...], tuple[int, ...]]] = Counter()
        first: dict[tuple[Runner, tuple[int, ...], tuple[int, ...]], Verdicts] = {}
        for subject in self.subjects:
            key = (subject.runner, subject.verdicts.masks, tuple(subject.verdicts.errors))
            numbers[key] += 1
            first.setdefault(key, subject.verdicts)
        yield from ((key[0], first[key], number) for key, number in numbers.items())

    def gravest(self, *verdicts: Verdict) -> Sequence[Finding]:
        """Return the findings with one of the verdicts: the gravest first, in the order of the records among equals."""
        return sorted(self._with(*verdicts), key=lambda finding: -SEVERITIES.index(finding.severity))

    @property
    def failures(self) -> Sequence[Finding]:
        """The findings of rules that failed, in the order of the records."""
        return self._with(Verdict.FAIL)

    @property
    def unknowns(self) -> Sequence[Finding]:
        """The findings of rules whose verdict needs a fact that is missing."""
        return self._with(Verdict.UNKNOWN)

    @property
    def pending(self) -> Sequence[Finding]:
        """The findings of rules that can still go either way."""
        return self._with(Verdict.PENDING)

    @property
    def errors(self) -> Sequence[Finding]:
        """The findings of rules that could not be run."""
        return self._with(Verdict.ERROR)

    @property
    def open_findings(self) -> Sequence[Finding]:
        """Everything that is not a pass and applies: failures, unknowns, errors and pending ones."""
        return self._with(Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR, Verdict.PENDING)

    @property
    def findings(self) -> pl.DataFrame | list[Finding]:
        """All findings: a Polars frame (any Arrow reader takes it) if the extra `columns` is installed, else a list."""
        from importlib.util import find_spec

        if find_spec("polars") is None:
            return list(self)
        return self.to_frame()

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each rule and record as a Polars frame; failures carry their number.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        from windowservice.engine.report.frame import findings_frame

        return findings_frame(iter(self))

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict by rule (its full name, or its own if that is unique); of several records, by ``key rule``."""
        if len(self.subjects) == 1:
            return self.subjects[0].verdicts
        return NamedVerdicts((f"{finding.key} {finding.rule}", finding.verdict) for finding in self)

    def filter(self, **wanted: str | Iterable[str]) -> Report:
        """Return the report on a selection, as in ``filter(bank="105221000018", verdict="fail")``.

        Several values of one selector may be given as a list. The selectors are key, bank, service, clerk, rule,
        verdict, severity, policy, principle and pack.

        Raises:
            UnknownName: for another selector, or a rule or verdict that does not exist, with the nearest name.
        """
        choices = self._choices(wanted)
        before = self._keep

        def keep(finding: Finding) -> bool:
            return (before is None or before(finding)) and all(
                _selected(finding, name) in values for name, values in choices.items()
            )

        found = Report(self.engine, self._us, self.subjects, load=self.load, keep=keep)
        found.ledger, found.later, found.repeated = self.ledger, self.later, self.repeated
        return found

    def _choices(self, wanted: Mapping[str, str | Iterable[str]]) -> dict[str, frozenset[str]]:
        choices: dict[str, frozenset[str]] = {}
        for name, value in wanted.items():
            if name not in SELECTORS:
                raise UnknownName("selector", name, SELECTORS)
            choices[name] = frozenset({value} if isinstance(value, str) else map(str, value))
        words = tuple(str(verdict) for verdict in Verdict)
        for verdict in choices.get("verdict", ()):
            if verdict not in words:
                raise UnknownName("verdict", verdict, words)
        if "rule" in choices:
            rules = self.engine.rules
            choices["rule"] = frozenset(rules[position_of(rules, name)].name for name in choices["rule"])
        return choices

    def at_least(self, severity: str) -> Sequence[Finding]:
        """Return the failures of at least a severity.

        Raises:
            UnknownName: for a severity that does not exist.
        """
        if severity not in SEVERITIES:
            raise UnknownName("severity", severity, SEVERITIES)
        floor = SEVERITIES.index(severity)
        return [finding for finding in self.failures if SEVERITIES.index(finding.severity) >= floor]

    def by(self, selector: str) -> dict[str, Counter[Verdict]]:
        """Return the counts of verdicts by bank, service, clerk, rule, severity, policy, principle or pack.

        Raises:
            UnknownName: for another selector.
        """
        if selector not in SELECTORS:
            raise UnknownName("selector", selector, SELECTORS)
        found: dict[str, Counter[Verdict]] = {}
        if selector in _OF_RECORDS and self._keep is None:
            for subject in self.subjects:
                name = _said_of(subject, selector, self._us)
                if name not in found:
                    found[name] = Counter(dict.fromkeys(Verdict, 0))
                subject.verdicts.count_into(found[name])
        elif self._keep is None:
            self._count_by_rule(selector, found)
        else:
            for finding in self:
                found.setdefault(_selected(finding, selector), Counter())[finding.verdict] += 1
        return dict(sorted(found.items()))

    def _count_by_rule(self, selector: str, into: dict[str, Counter[Verdict]]) -> None:
        for runner, verdicts, number in self.alike():
            for verdict in Verdict:
                for position in verdicts.positions(verdict):
                    name = str(verdict) if selector == "verdict" else selected_of_rule(runner.rules[position], selector)
                    into.setdefault(name, Counter())[verdict] += number

    def of_rule(self, rule: str, *verdicts: Verdict) -> Iterator[Finding]:
        """Yield the findings of one rule, by its full name, with one of the verdicts; a selection is not regarded."""
        for subject in self.subjects:
            if rule in subject.runner.names:
                position = subject.runner.names.index(rule)
                if subject.verdicts.at(position) in verdicts:
                    yield Finding(subject, position, self._us, self._version)

    def explain(self, key: str, rule: str, language: str = "en") -> str:
        """Return the whole case of a rule on the record with that id as text; errors as `finding`."""
        return self.finding(key, rule).explain(language)

    def finding(self, key: str, rule: str) -> Finding:
        """Return the finding of a rule on the record with that id.

        Raises:
            UnknownName: for an id or rule that is not there, with the nearest.
            InvalidValue: if several records of one kind have that id, which frames refuse.
        """
        subjects = self._by_key.get(key)
        if not subjects:
            raise UnknownName("record", key, tuple(self._by_key))
        named = [s for s in subjects if any(rule in (r.name, r.rule.name) for r in s.runner.rules)]
        if len(named) > 1:
            wanted = (
                f"the id of one record; {len(named)} have it: take them from the report, or give each an id of its own"
            )
            raise InvalidValue("key", key, wanted)
        subject = (named or subjects)[0]  # records of several tables may bear one id
        return Finding(subject, position_of(subject.runner.rules, rule), self._us, self._version)

    def scorecard(
        self,
        bank: str,
        *,
        period: ReportingPeriod | str | None = None,
        scorecard: Scorecard | None = None,
        indicators: Iterable[Indicator] | None = None,
    ) -> Score:
        """Return the score of a bank of the ledger, as `Engine.score` gives it: what it lost, and by which items.

        Args:
            bank: id of the bank; a former one will do.
            period: the period; the last month that had ended at `as_of` if not given.
            scorecard: by what it is scored; the default one if not given.
            indicators: how they are counted; the default ones if not given.

        Raises:
            UnknownName: if the ledger does not know the bank, with the nearest.
            InvalidValue: if the report is not on a ledger.
        """
        from windowservice.domain.scorecard.readings_period import ReportingPeriod

        if self.ledger is None:
            wanted = "a report on a ledger, as engine.audit(ledger, as_of=...) gives it: scores are made of its tables"
            raise InvalidValue("report", type(self).__name__, wanted)
        closed = ReportingPeriod.of("month", self.as_of.date()).previous
        scores = self.engine.score(
            self.ledger, closed if period is None else period, bank, as_of=utc_datetime(self._us), scorecard=scorecard,
            indicators=indicators,
        )  # fmt: skip
        return scores.all[0]

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {verdict}" for verdict, number in sorted(self.counts.items()) if number)
        return f"<Report on {len(self.subjects)} records as of {self.as_of.isoformat()}: {counts or 'nothing'}>"

    def __str__(self) -> str:
        from windowservice.engine.report.view import small_text

        return small_text(self)

    def _repr_html_(self) -> str:
        from windowservice.engine.report.view import small_html

        return small_html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        records = [subject.record for subject in self.subjects]
        return (_again, (self.engine, records, self._us, self.load, self.ledger, self.later))


def _again(
    engine: Engine, records: list[Any], us: int, load: LoadReport | None, ledger: Ledger | None = None, later: int = 0
) -> Report:
    """Judge the records again: a report travels as what it was made of, so that both ends hold the same evidence."""
    report = engine.audit(records, as_of=utc_datetime(us))
    found = Report(engine, us, report.subjects, load=load)
    found.ledger, found.later = ledger, later
    return found


def _said_of(subject: Subject, selector: str, us: int) -> str:
    """Return what a selector says of a record; an empty text if it says nothing."""
    if selector == "key":
        return subject.key
    return str((subject.clerk(us) if selector == "clerk" else subject.read(selector)) or "")


def _selected(finding: Finding, selector: str) -> str:
    if selector == "pack":
        return finding.rule.partition("/")[0]
    return str(getattr(finding, selector) or "")


def selected_of_rule(loaded: LoadedRule, selector: str) -> str:
    """Return what a selector says of a rule: its own name, pack, severity, policy or principle."""
    if selector == "rule":
        return loaded.name
    return loaded.name.partition("/")[0] if selector == "pack" else str(getattr(loaded.rule, selector))
