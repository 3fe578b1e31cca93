"""What if: the verdicts that differ between two reports on the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.blocks.blocks import Block, Lines, Table
from windowservice.blocks.notebook import InNotebook
from windowservice.clean import for_line
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.frame import KEYS
from windowservice.engine.ruleset import figures_of
from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.evidence import FigureRead
    from windowservice.engine.report.report import Report
    from windowservice.engine.report.stores.store import Store

__all__ = ["Change", "Changes", "changes"]

_MANY: Final = 1_000
"""From so many records on they are compared in columns, if the extra is installed."""
_AFTER: Final = "\n after"
"""Behind the name of a rule, which has no line break: its verdict in the second report."""


@attrs.frozen(eq=False)
class Change:
    """One verdict that differs.

    Attributes:
        key: the id of the record.
        rule: the full name of the rule.
        verdicts: the two verdicts; None where one report has no such record or rule.
    """

    key: str
    rule: str
    verdicts: tuple[Verdict | None, Verdict | None]
    _reports: tuple[Report, Report] = attrs.field(repr=False)

    @property
    def before(self) -> Finding | None:
        """The finding of the first report."""
        return None if self.verdicts[0] is None else self._reports[0].finding(self.key, self.rule)

    @property
    def after(self) -> Finding | None:
        """The finding of the second report."""
        return None if self.verdicts[1] is None else self._reports[1].finding(self.key, self.rule)

    @property
    def lines(self) -> tuple[tuple[FigureRead | None, FigureRead | None], ...]:
        """The figures that differ of those that the verdicts rest on: the line as it was, and as it is."""
        both = (self.before, self.after)
        then, now = ({} if one is None else {f.name: f for f in one.evidence.figures} for one in both)
        pairs = ((then.get(name), now.get(name)) for name in dict.fromkeys((*then, *now)))
        return tuple((one, other) for one, other in pairs if one != other)

    def __str__(self) -> str:
        was, now = (verdict or "not judged" for verdict in self.verdicts)
        lines = _differing([self], self._reports)[0]
        return for_line(f"{self.key} {self.rule}: {was} -> {now}{f'; {lines}' if lines else ''}")


@attrs.frozen(eq=False)
class Changes(InNotebook):
    """The verdicts that differ, in the order of the first report; what only the second has comes last.

    Attributes:
        all: the changes.
        compared: how many verdicts both reports have.
    """

    all: tuple[Change, ...]
    compared: int
    _reports: tuple[Report, Report] = attrs.field(repr=False)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def by_rule(self) -> dict[str, Counter[tuple[Verdict | None, Verdict | None]]]:
        """How many verdicts of each rule went from which to which."""
        found: dict[str, Counter[tuple[Verdict | None, Verdict | None]]] = {}
        for change in self.all:
            found.setdefault(change.rule, Counter())[change.verdicts] += 1
        return dict(sorted(found.items()))

    @property
    def by_line(self) -> dict[tuple[str, str], Counter[tuple[Verdict | None, Verdict | None]]]:
        """How many verdicts went from which to which: by rule, and by the lines of figures that differ, in words."""
        found: dict[tuple[str, str], Counter[tuple[Verdict | None, Verdict | None]]] = {}
        for change, lines in zip(self.all, self._lines, strict=True):
            if lines:
                found.setdefault((change.rule, lines), Counter())[change.verdicts] += 1
        return dict(sorted(found.items()))

    @cached_property
    def _lines(self) -> list[str]:
        return _differing(self.all, self._reports)

    def to_frame(self) -> pl.DataFrame:
        """Return a row for each change: key, rule, before, after, lines.

        A verdict is null where one report has none; lines are those of figures that differ, in words, null if none do.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        import polars as pl

        rows = [(c.key, c.rule, *c.verdicts, lines or None) for c, lines in zip(self.all, self._lines, strict=True)]
        names = ("key", "rule", "before", "after", "lines")
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")

    @property
    def _head(self) -> str:
        """How many of the verdicts that both have change, and how many only one has."""
        alone = sum(None in change.verdicts for change in self.all)
        said = f"{len(self.all) - alone} of {self.compared} verdicts change"
        return f"{said}; {alone} are in one of the two only" if alone else said

    def _blocks(self) -> Iterator[Block]:
        yield Lines(self._head)
        rows = [
            [rule, *(verdict or "not judged" for verdict in pair), f"{number:,}"]
            for rule, counts in self.by_rule.items()
            for pair, number in sorted(counts.items(), key=lambda row: -row[1])
        ]
        if rows:
            yield Table(("rule", "before", "after", "number"), rows, right={3})

    def __str__(self) -> str:
        lines = [self._head]
        for rule, counts in self.by_rule.items():
            for (was, now), number in sorted(counts.items(), key=lambda row: -row[1]):
                lines.append(f"  {rule}: {was or 'not judged'} -> {now or 'not judged'}: {number}")
            for (of, line), changed in self.by_line.items():
                lines += [for_line(f"    {line}: {changed.total()}")] if of == rule else []
        return "\n".join(lines)


def changes(before: Report, after: Report) -> Changes:
    """Return the verdicts that differ between two reports, matched by record and rule; see `Report.compare`."""
    found = _in_columns(before, after) if max(len(before.subjects), len(after.subjects)) >= _MANY else None
    rows, compared = found or _one_by_one(before, after)
    both = (before, after)
    return Changes(tuple(Change(key, rule, (was, now), both) for key, rule, was, now in rows), compared, both)


def _differing(all_: Sequence[Change], reports: tuple[Report, Report]) -> list[str]:
    """Return for each change the lines of figures that differ, as they were and as they are, in words."""
    found = [""] * len(all_)
    places: dict[str, list[int]] = {}
    for place, change in enumerate(all_):
        if None not in change.verdicts:
            places.setdefault(change.rule, []).append(place)
    for rule, mine in places.items():
        figures = [_figures_of(report, rule) for report in reports]
        if not figures[0] or figures[0] == figures[1]:  # of most rules that a what-if concerns no figure differs
            continue
        keys = [all_[place].key for place in mine]
        told = (_figures_told(report, rule, keys) for report in reports)
        for place, then, now in zip(mine, *told, strict=True):
            pairs = zip(then, now, strict=len(then) == len(now))
            found[place] = "; ".join(_line(one, other) for one, other in pairs if one != other)
    return found


def _line(then: str, now: str) -> str:
    """Return how a line was and is, in words; its name is said once."""
    name, _, rest = now.partition(" = ")
    return f"{then} -> {rest if rest and then.startswith(name) else now}"


def _figures_of(report: Report, rule: str) -> object:
    """Return the figures that a rule reads: the day on which they are looked at, and their lines."""
    store, position = _store_of(report, rule)
    binding = store.runner.binding
    read = figures_of(store.runner.rules[position].rule.conditions)
    lines = {name: dict(binding.figures.get(name, figure.table)) for name, figure in read.items()}
    return (binding.figures_as_of, lines) if lines else None


def _figures_told(report: Report, rule: str, keys: Sequence[str]) -> list[tuple[str, ...]]:
    store, position = _store_of(report, rule)
    return store.figures(position, keys)


def _store_of(report: Report, rule: str) -> tuple[Store, int]:
    return next((one, one.runner.names.index(rule)) for one in report.stores if rule in one.runner.names)


_Rows = tuple[list[tuple[str, str, Verdict | None, Verdict | None]], int]


def _one_by_one(before: Report, after: Report) -> _Rows:
    then, now = ({(finding.key, finding.rule): finding.verdict for finding in report} for report in (before, after))
    both = dict.fromkeys((*then, *now))
    rows = [(*place, then.get(place), now.get(place)) for place in both if then.get(place) != now.get(place)]
    return rows, len(then.keys() & now.keys())


def _in_columns(before: Report, after: Report) -> _Rows | None:
    """Return what differs, by one join for each type of record; None without the extra."""
    try:
        import polars as pl
    except ModuleNotFoundError:
        return None
    frames = [
        {store.runner.vocabulary: store.verdict_frame().drop(KEYS[1:]) for store in report.stores}
        for report in (before, after)
    ]
    compared, found = 0, list[tuple[tuple[bool, int, int, int], tuple[str, str, str | None, str | None]]]()
    for part, of in enumerate({**frames[0], **frames[1]}):
        one, two = (
            frame.get(of, pl.DataFrame(schema={"key": pl.String})).unique("key", keep="last", maintain_order=True)
            for frame in frames
        )
        rules = list(dict.fromkeys((*one.columns[1:], *two.columns[1:])))
        two = two.rename({rule: rule + _AFTER for rule in two.columns[1:]})
        both = one.join(two, on="key", how="full", coalesce=True, maintain_order="left_right").with_row_index("place")
        for at, rule in enumerate(rules):
            was, now = (pl.col(name) if name in both.columns else pl.lit(None) for name in (rule, rule + _AFTER))
            differ = both.filter(was.ne_missing(now)).select("place", "key", was.alias("was"), now.alias("now"))
            compared += both.select((was.is_not_null() & now.is_not_null()).sum()).item()
            found += [((place >= one.height, part, place, at), (key, rule, a, b)) for place, key, a, b in differ.rows()]
    rows = [
        (key, rule, None if was is None else Verdict(was), None if now is None else Verdict(now))
        for _, (key, rule, was, now) in sorted(found, key=lambda row: row[0])
    ]
    return rows, compared
