"""What was found: the verdicts of all records judged, as findings, counts and selections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from windowservice.asked import told
from windowservice.blocks.notebook import InNotebook
from windowservice.engine.frames.intake import Intake
from windowservice.engine.report.findings import Findings
from windowservice.engine.report.stores.store import Store, Subjects
from windowservice.engine.report.stores.subject import Subject
from windowservice.engine.verdicts import NamedVerdicts, Verdict
from windowservice.engine.waivers.marked import Marked
from windowservice.engine.waivers.marks import NOTHING_MARKED, Marks
from windowservice.errors import InvalidValue, UnknownName
from windowservice.instants import from_us, utc_datetime
from windowservice.plugins.verbs import Written

if TYPE_CHECKING:
    import pendulum
    import polars as pl

    from windowservice.blocks.blocks import Block
    from windowservice.domain.scorecard.readings_period import ReportingPeriod
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.changes import Changes
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.selecting import By, Selector
    from windowservice.language.tree.expr import Expr
    from windowservice.ledger.ledger import Ledger
    from windowservice.ledger.reading.load_report import LoadReport
    from windowservice.plugins.loaded import LoadedPlugin
    from windowservice.rules.indicators import Indicator
    from windowservice.scoring.values import Score

__all__ = ["Report", "Subject"]

_LONG = 256
"""Bits of a number that is no id of anybody; Python writes no number of thousands of digits."""


@told
class Report(Marked, Written, InNotebook):
    """The verdicts of an engine on one record or many, as of an instant.

    Whether the records came as objects, frames or a ledger changes nothing of what it offers or means. A selection made
    by `filter` is a report like any other. Only what is selected is regarded, but for `subjects`, `intake`, `slow`,
    what is asked for by its id (`finding`, `explain`), and the `verdicts` of a report on one record.

    Attributes:
        engine: the engine that judged.
        us: the instant judged, in microseconds UTC.
        stores: the verdicts, those on the records of one type together.
        load: how the ledger was read, if it was one.
        ledger: the ledger, if it was one.
        marks: which findings are waived or contested; see `under`.
    """

    def __init__(
        self, engine: Engine, us: int, stores: Sequence[Store], *,
        load: LoadReport | None = None, ledger: Ledger | None = None, marks: Marks = NOTHING_MARKED,
    ) -> None:  # fmt: skip
        self.engine = engine
        self.us = us
        self.stores = stores
        self.load = load
        self.ledger = ledger
        self.marks = marks

    @property
    def as_of(self) -> pendulum.DateTime:
        """The instant judged, in the zone of the engine's calendar."""
        return from_us(self.us, self.engine.zone)

    @property
    def subjects(self) -> Sequence[Subject]:
        """The records judged, type by type and in order; a reopened request is one for each of its cycles."""
        return Subjects(self.stores)

    @cached_property
    def intake(self) -> Intake:
        """What became of what was given: what comes later, says again, is of no record, or cannot be judged."""
        rejected = 0 if self.load is None else self.load.rejected
        return Intake.together([(store.intake, len(store)) for store in self.stores], rejected)

    @property
    def slow(self) -> Mapping[str, str]:
        """The rules that were run row by row though their records came in columns, with the reason."""
        return {rule: reason for store in self.stores for rule, reason in store.slow.items()}

    @property
    def plugins(self) -> tuple[LoadedPlugin, ...]:
        """What was loaded beside the library, with version and file: plugins, and packs in TOML."""
        return self.engine.plugins

    @property
    def _version(self) -> Callable[[], str]:
        """The version of the engine, asked for when it is needed: it rests on all rules, those on requests or not."""
        engine = self.engine
        return lambda: engine.version

    # findings

    def gravest(self, *verdicts: Verdict) -> Findings:
        """Return the findings with one of the verdicts: the gravest first, in the order of the records among equals."""
        from windowservice.language.tree.rule import SEVERITIES

        parts = []
        for severity in reversed(SEVERITIES):
            for store in self.stores:
                rules = [at for at, loaded in enumerate(store.runner.rules) if loaded.rule.severity == severity]
                parts.append((store, store.places(verdicts, rules)))
        return Findings(parts, self._version)

    def _with(self, *verdicts: Verdict) -> Findings:
        return Findings([(store, store.places(verdicts)) for store in self.stores], self._version)

    @property
    def findings(self) -> Findings:
        """All findings, a rule on a record each: those of rules that passed or do not apply included."""
        return self._with(*Verdict)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    @property
    def failures(self) -> Findings:
        """The findings of rules that failed, in the order of the records."""
        return self._with(Verdict.FAIL)

    @property
    def unknowns(self) -> Findings:
        """The findings of rules whose verdict needs a fact that is missing."""
        return self._with(Verdict.UNKNOWN)

    @property
    def pending(self) -> Findings:
        """The findings of rules that can still go either way."""
        return self._with(Verdict.PENDING)

    @property
    def errors(self) -> Findings:
        """The findings of rules that could not be run."""
        return self._with(Verdict.ERROR)

    @property
    def open_findings(self) -> Findings:
        """Everything that is not a pass and applies: failures, unknowns, errors and pending ones."""
        return self._with(Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR, Verdict.PENDING)

    def at_least(self, severity: str) -> Findings:
        """Return the failures of at least a severity.

        Raises:
            UnknownName: for a severity that does not exist.
        """
        from windowservice.language.tree.rule import SEVERITIES

        if severity not in SEVERITIES:
            raise UnknownName("severity", severity, SEVERITIES)
        return self.filter(severity=SEVERITIES[SEVERITIES.index(severity) :]).failures

    def of_rule(self, rule: str, *verdicts: Verdict) -> Findings:
        """Return the findings of one rule, with or without its pack, with one of some verdicts; all if none is named.

        Raises:
            UnknownName: for a rule that the engine does not have, with the nearest.
        """
        from windowservice.engine.ruleset import position_of

        rules = self.engine.rules
        name = rules[position_of(rules, rule)].name
        mine = [(store, store.runner.names.index(name)) for store in self.stores if name in store.runner.names]
        return Findings([(store, store.places(verdicts or tuple(Verdict), (at,))) for store, at in mine], self._version)

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each rule and record as a Polars frame, as `Findings.to_frame` has it.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        return self.findings.to_frame()

    def verdict_frame(self) -> pl.DataFrame:
        """Return one row for each record with its key, a bank's with bank and service, and a column for each rule.

        A rule on records of another type says nothing of a record: its verdict there is null.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        import polars as pl

        from windowservice.engine.report.dimensions import BANKS, carried
        from windowservice.engine.report.frame import verdict_frame

        frames = [store.verdict_frame() for store in self.stores]
        if not frames:
            return verdict_frame((), (), (), {})
        kept = carried(store.runner.vocabulary for store in self.stores)
        return pl.concat(frames, how="diagonal").drop([name for name in BANKS if name not in kept])

    def explain(self, key: str | int, rule: str, language: str = "en") -> str:
        """Return the whole case of a rule on the record with that id as text; errors as `finding`."""
        return self.finding(key, rule).explain(language)

    def finding(self, key: str | int, rule: str) -> Finding:
        """Return the finding of a rule on the record with that id; a selection is not regarded.

        Raises:
            UnknownName: for an id or rule that is not there, with the nearest.
            InvalidValue: if several records of one kind have that id, which frames refuse.
        """
        from windowservice.engine.ruleset import position_of

        if isinstance(key, int):  # an id that was a whole number is a text in reports
            if key.bit_length() > _LONG:
                raise InvalidValue("key", f"a number of {key.bit_length():,} bits", "the id of a record")
            key = str(key)
        found = [(store, row) for store in self.stores for row in store.rows_of(key)]
        if not found:
            raise UnknownName("record", key, tuple(key for store in self.stores for key in store.ids()))
        named = [place for place in found if any(rule in (r.name, r.rule.name) for r in place[0].runner.rules)]
        if len(named) > 1:
            wanted = (
                f"the id of one record; {len(named)} have it: take them from the report, or give each an id of its own"
            )
            raise InvalidValue("key", key, wanted)
        store, row = (named or found)[0]  # records of several tables may bear one id
        return next(store.findings(([row], [position_of(store.runner.rules, rule)]), self._version))

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict by rule (its full name, or its own if that is unique); of several records, by ``key rule``."""
        subjects = self.subjects
        if len(subjects) == 1:
            return subjects[0].verdicts
        return NamedVerdicts((f"{finding.key} {finding.rule}", finding.verdict) for finding in self)

    # counts

    @cached_property
    def counts(self) -> Counter[Verdict]:
        """How many verdicts there are of each kind."""
        found: Counter[Verdict] = Counter()
        for store in self.stores:
            for _, _, verdict, number in store.tally([0] * len(store), by_rule=False):
                found[verdict] += number
        return found

    @property
    def failed_records(self) -> int:
        """How many records failed any rule."""
        return sum(store.failed for store in self.stores)

    @property
    def passed(self) -> bool:
        """Whether something passed and nothing failed, is unknown or is in error."""
        return self._has(Verdict.PASS) and not self._has(Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)

    @property
    def evaluated(self) -> bool:
        """Whether any rule came to pass, fail or pending: an audit in which nothing could be evaluated is not clean."""
        return self._has(Verdict.PASS, Verdict.FAIL, Verdict.PENDING)

    def _has(self, *verdicts: Verdict) -> bool:
        return any(store.has(*verdicts) for store in self.stores)

    def by(self, *selectors: Selector) -> dict[Any, Counter[Verdict]]:
        """Return the counts of verdicts by what one selector says, or by what several say together, as tuples.

        A selector is a name, an expression or a function:

        - ``rule``, ``severity``, ``policy``, ``principle``, ``pack``, ``verdict``; ``key``, ``bank``, ``service`` and
          ``clerk`` of the record;
        - the name of a fact of the records, or an expression over their facts, such as ``request.channel``; on records
          of another type it says nothing;
        - ``day``, ``week`` or ``month``, in the zone of the engine's calendar: of the instant that dates the record
          (``dated_by``, by which figures are picked), or else of that from which it is seen (``happens``);
        - a function of a `Finding`; then each finding is made.

        The keys are what it says, sorted; an empty text where it says nothing or cannot be told.

        Raises:
            UnknownName: for a name that is none of these, with the nearest.
            InvalidValue: for an expression over other records, or for what is no selector.
        """
        from windowservice.engine.report.selecting import counted, in_order, read_selector

        understood = [read_selector(self.engine, selector) for selector in selectors]
        if not understood:
            raise InvalidValue("selectors", "none", "at least one: a name, a fact, an expression or a function")
        found: dict[tuple[Hashable, ...], Counter[Verdict]] = {}
        for store in self.stores:
            for label, verdict, number in counted(store, understood, self._version):
                found.setdefault(label, Counter())[verdict] += number
        ordered = sorted(found.items(), key=lambda row: [in_order(one) for one in row[0]])
        return {label if len(label) > 1 else label[0]: counts for label, counts in ordered}

    def filter(self, *conditions: Expr[bool] | Callable[[Finding], object], **wanted: object) -> Report:
        """Return the report on a selection, as in ``filter(bank="105221000018", verdict="fail")``.

        All that is given has to hold. By name are given the selectors of `by`, facts of the records among them, each
        with a value or a list of several. A condition is a fact or an expression over the facts of a record
        (``request.channel == "window"``), which has to be true, or a function of a `Finding`, asked last.

        Raises:
            UnknownName: for another name, or a rule, verdict, severity or word that does not exist, with the nearest.
            InvalidValue: for a condition that is neither, or speaks of other records.
        """
        from windowservice.engine.report.selecting import Truth, chosen, read_condition, read_selector, wanted_values

        by_name = [(read_selector(self.engine, name), value) for name, value in wanted.items()]
        asked: list[tuple[By, Container[Any]]] = [(by, wanted_values(by, value)) for by, value in by_name]
        understood = [read_selector(self.engine, read_condition(one)) for one in conditions]
        asked += [(by, Truth()) for by in sorted(understood, key=lambda by: by.of_finding is not None)]
        stores: list[Store] = [*self.stores]
        for by, values in asked:
            stores = [chosen(store, by, values, self._version) for store in stores]
        return self._of(stores)

    def _of(self, stores: Sequence[Store], marks: Marks | None = None) -> Report:
        """Return the report with other stores, such as selections of these, or other marks."""
        known = self.marks.within(stores) if marks is None else marks
        return Report(self.engine, self.us, stores, load=self.load, ledger=self.ledger, marks=known)

    def compare(self, after: Report) -> Changes:
        """Return the verdicts that differ in another report, matched by record and rule.

        Usually both judge the same records, the other by `Engine.what_if` (another day's figures, other calendars,
        another catalogue) or `Engine.amended` (an adjusted figure, a replaced rule).
        """
        from windowservice.engine.report.changes import changes

        return changes(self, after)

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
            self.ledger, closed if period is None else period, bank, as_of=utc_datetime(self.us), scorecard=scorecard,
            indicators=indicators,
        )  # fmt: skip
        return scores.all[0]

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {verdict}" for verdict, number in sorted(self.counts.items()) if number)
        return f"<Report on {len(self.subjects)} records as of {self.as_of.isoformat()}: {counts or 'nothing'}>"

    def __str__(self) -> str:
        from windowservice.engine.report.view import small_text

        return small_text(self)

    def _blocks(self) -> Iterable[Block]:
        from windowservice.engine.report.view import report_blocks

        return report_blocks(self)

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel as the engine, the records and their verdicts: nothing is judged again."""
        packed = [store.packed() for store in self.stores]
        return (_unpacked, (self.engine, self.us, packed, self.load, self.ledger, self.marks))


def _unpacked(
    engine: Engine,
    us: int,
    packed: Iterable[Any],
    load: LoadReport | None,
    ledger: Ledger | None,
    marks: Marks,
) -> Report:
    stores = [kind.unpacked(engine.runner_of(None, of), us, *values) for kind, of, values in packed]
    return Report(engine, us, stores, load=load, ledger=ledger, marks=marks)
