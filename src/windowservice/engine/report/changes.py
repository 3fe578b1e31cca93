"""What if: the verdicts that differ between two reports on the same records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.clean import for_line
from windowservice.engine.report.finding import Finding
from windowservice.engine.report.frame import KEYS
from windowservice.engine.verdicts import Verdict

if TYPE_CHECKING:
    import polars as pl

    from windowservice.engine.report.report import Report

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

    def __str__(self) -> str:
        was, now = (verdict or "not judged" for verdict in self.verdicts)
        return for_line(f"{self.key} {self.rule}: {was} -> {now}")


@attrs.frozen(eq=False)
class Changes:
    """The verdicts that differ, in the order of the first report; what only the second has comes last.

    Attributes:
        all: the changes.
        compared: how many verdicts both reports have.
    """

    all: tuple[Change, ...]
    compared: int

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

    def to_frame(self) -> pl.DataFrame:
        """Return a row for each change: key, rule, before, after; null where one report has no such verdict.

        Raises:
            ModuleNotFoundError: without the extra `columns`.
        """
        import polars as pl

        rows = [(change.key, change.rule, *change.verdicts) for change in self.all]
        names = ("key", "rule", "before", "after")
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")

    def __str__(self) -> str:
        lines = [f"{len(self.all)} of {self.compared} verdicts change"]
        for rule, counts in self.by_rule.items():
            for (was, now), number in sorted(counts.items(), key=lambda row: -row[1]):
                lines.append(f"  {rule}: {was or 'not judged'} -> {now or 'not judged'}: {number}")
        return "\n".join(lines)


def changes(before: Report, after: Report) -> Changes:
    """Return the verdicts that differ between two reports, matched by record and rule; see `Report.compare`."""
    found = _in_columns(before, after) if max(len(before.subjects), len(after.subjects)) >= _MANY else None
    rows, compared = found or _one_by_one(before, after)
    return Changes(tuple(Change(key, rule, (was, now), (before, after)) for key, rule, was, now in rows), compared)


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
