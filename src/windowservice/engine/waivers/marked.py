"""What a report knows of its findings beside their verdicts: waivers, contests, and what is new since a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from windowservice.engine.verdicts import Verdict
from windowservice.engine.waivers.marks import MARKED, NOTHING_MARKED, Marks, marks_of

if TYPE_CHECKING:
    import pendulum

    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.findings import Findings
    from windowservice.engine.report.report import Report
    from windowservice.engine.report.stores.store import Places, Store
    from windowservice.engine.waivers.baseline import Baseline
    from windowservice.engine.waivers.waivers import Waiver, Waivers

__all__ = ["Marked"]

_FAILED = (Verdict.FAIL, Verdict.ERROR)


class Marked:
    """The part of a report that knows waivers and baselines."""

    engine: Engine
    stores: Sequence[Store]
    marks: Marks = NOTHING_MARKED
    """Which findings are waived or contested, and which waivers mark nothing."""

    if TYPE_CHECKING:

        @property
        def as_of(self) -> pendulum.DateTime: ...  # noqa: D102

        def of_rule(self, rule: str, *verdicts: Verdict) -> Findings: ...  # noqa: D102

        def _of(self, stores: Sequence[Store], marks: Marks | None = None) -> Report: ...

    def under(self, waivers: Waivers | Iterable[Waiver] | PathLike[str] | str) -> Report:
        """Return the report under waivers: the same findings, those waived or contested marked.

        A waiver marks what failed, could not be run or could not be told; verdicts, counts and scores stay as they are.
        It holds from its day to its last day, by the day judged; one that marks nothing is listed in `marks.idle`.

        Args:
            waivers: a `Waivers`, a list of `Waiver`, or a TOML file as `Waivers.read` takes it.

        Raises:
            InvalidDocument, InvalidValue, OSError: as `Waivers.read`.
        """
        from windowservice.engine.waivers.waivers import Waivers

        day = self.as_of.subtract(microseconds=1).date()  # the instant at 24:00 belongs to the day that it ends
        return self._of(self.stores, marks_of(self.stores, self.engine.rules, Waivers.of(waivers), day))

    def waiver_of(self, finding: Finding) -> Waiver | None:
        """Return the waiver or contest that marks a finding, None if none does."""
        return self.marks.by_finding.get((finding.rule, finding.key))

    def marked(self, *kinds: str) -> list[Finding]:
        """Return the findings that are waived or contested, or those of one of these kinds."""
        wanted = kinds or ("waived", "contested")
        marks = {rule for (rule, _), one in self.marks.by_finding.items() if one.kind in wanted}
        found = (finding for rule in sorted(marks) for finding in self.of_rule(rule, *MARKED))
        return [finding for finding in found if (one := self.waiver_of(finding)) is not None and one.kind in wanted]

    def baseline(self) -> Baseline:
        """Return the failures of the report, and the rules that could not be run, to compare a later report with."""
        from windowservice.engine.waivers.baseline import Baseline

        known = ((rule, key) for store in self.stores for rule, key, _ in _named(store, store.places(_FAILED)))
        return Baseline.from_findings(self.as_of.isoformat(), self.engine.version, known)

    def new_since(self, baseline: Baseline | PathLike[str] | str) -> Report:
        """Return the report without the failures that a baseline knows: a selection of all else.

        Args:
            baseline: what `baseline()` returned, or the file in which its `to_json()` was written.

        Raises:
            InvalidDocument, OSError: if the file is no baseline.
        """
        from windowservice.engine.waivers.baseline import Baseline

        known = Baseline.of(baseline)
        return self._of([_without(store, known.has) for store in self.stores])


def _named(store: Store, places: Places) -> Iterable[tuple[str, str, tuple[int, int]]]:
    """Yield rule, id of the record, and place."""
    numbers, keys = store.numbered("key")
    names = store.runner.names
    for row, position in zip(*places, strict=True):
        yield names[position], str(keys[numbers[row]]), (row, position)


def _without(store: Store, is_known: Callable[[str, str], bool]) -> Store:
    known = {place for rule, key, place in _named(store, store.places(_FAILED)) if is_known(rule, key)}
    if not known:
        return store
    kept = [place for place in zip(*store.places(tuple(Verdict)), strict=True) if place not in known]
    return store.at(([row for row, _ in kept], [position for _, position in kept]))
