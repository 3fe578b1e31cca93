"""What matters take and how they end, by clerk, post or group: time against the expected, verdicts of a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.cases.holders import AsOf, Group, group_of, holdings, seen_at, told_whole, worked_spans
from windowservice.domain.requests.kinds import CLOSING_KINDS, OWNING_KINDS
from windowservice.domain.requests.request import Request
from windowservice.engine.report.report import Report
from windowservice.engine.ruleset import position_of
from windowservice.engine.verdicts import Verdict
from windowservice.worktime.calendar import WorkCalendar
from windowservice.worktime.spans import WorkSpan

__all__ = ["LEAST_TO_COMPARE", "Part", "Performance", "expected_times", "parts", "performance", "verdicts_by"]

LEAST_TO_COMPARE: Final = 5
"""How many parts of one kind and difficulty make an expected time (an assumption)."""
Stratum: TypeAlias = tuple[str, bool]
"""The kind of business, and whether the matter was difficult: papers had to be asked for."""


@attrs.frozen
class Part:
    """What a clerk, post or group did of one finished matter.

    Attributes:
        group: whose part.
        stratum: the kind of the matter and whether it was difficult.
        ended: when the matter was decided, refused or closed, in microseconds UTC.
        open_us: the open time that they held it, in microseconds, waiting for others taken out.
    """

    group: str
    stratum: Stratum
    ended: int
    open_us: int


@attrs.frozen
class Performance:
    """The finished matters of a clerk, post or group, against what such parts take.

    Attributes:
        matters: in how many finished matters they had a part.
        own_time: the open time that they held them.
        compared: how many of the parts are of a kind and difficulty of which there are enough to compare.
        compared_time: the open time of these.
        expected_time: what these take: the median of all parts of the kind and difficulty, added up.
        slower: how many of these took longer than the median. A few long ones move the ratio, but not this.
    """

    matters: int
    own_time: WorkSpan
    compared: int
    compared_time: WorkSpan
    expected_time: WorkSpan
    slower: int

    @property
    def ratio(self) -> Fraction | None:
        """The time of the compared parts as a share of the expected time; None if there is none to compare with."""
        return Fraction(self.compared_time.us, self.expected_time.us) if self.expected_time else None


def parts(
    requests: Iterable[Request],
    calendar: WorkCalendar,
    us: int,
    by: Group = "clerk",
    owning: Collection[str] = OWNING_KINDS,
) -> Iterator[Part]:
    """Yield the parts of the matters that were finished by an instant; a group that is not known has none.

    One that the applicant took back is not finished.
    """
    of = group_of(by)
    for request in told_whole(requests, us, owning):
        timeline = request.as_seen(us).timeline
        place = next((place for place, event in enumerate(timeline) if event.kind in CLOSING_KINDS), None)
        if place is None:
            continue
        ended = timeline[place]
        if ended.us > us or ended.kind == "withdrawn":
            continue
        own: dict[str, int] = {}
        for span in worked_spans(holdings(request, calendar, us, owning)):
            group = of(span)
            if group is not None:
                own[group] = own.get(group, 0) + span.open_us
        difficult = any(event.kind == "notified" for event in timeline[:place])
        for group, time in own.items():
            yield Part(group, (request.service, difficult), ended.us, time)


def expected_times(of: Iterable[Part], least: int = LEAST_TO_COMPARE) -> dict[Stratum, int]:
    """Return the median of the parts of each kind and difficulty, where there are enough of them.

    Of an even number it is the mean of the middle two, in whole microseconds.
    """
    times: dict[Stratum, list[int]] = {}
    for part in of:
        times.setdefault(part.stratum, []).append(part.open_us)
    return {stratum: _median(found) for stratum, found in times.items() if len(found) >= least}


def _median(times: list[int]) -> int:
    ordered, middle = sorted(times), len(times) // 2
    return (ordered[(len(times) - 1) // 2] + ordered[middle]) // 2


@told
def performance(
    requests: Iterable[Request],
    calendar: WorkCalendar,
    as_of: AsOf,
    by: Group = "clerk",
    *,
    least: int = LEAST_TO_COMPARE,
    owning: Collection[str] = OWNING_KINDS,
) -> dict[str, Performance]:
    """Return what the finished matters took each clerk, post or group against the expected, the most matters first.

    Expected is the median of all parts of the same kind of business and difficulty (whether papers had to be asked
    for), if there are at least so many; waiting for others is nobody's time. A matter is finished when it is decided,
    refused or closed. One of which a row was rejected that could say who held it is left out. The other arguments are
    those of `handovers`.

    Raises:
        UnknownName: for a word that is neither ``clerk`` nor ``post``.
        NaiveTime, InvalidTime, TimeOutOfRange: if `as_of` is no instant.
    """
    found = [*parts(requests, calendar, seen_at(as_of, calendar), by, owning)]
    expected = expected_times(found, least)
    groups: dict[str, list[Part]] = {}
    for part in found:
        groups.setdefault(part.group, []).append(part)
    rows = {group: _performance(own, expected) for group, own in groups.items()}
    return dict(sorted(rows.items(), key=lambda row: (-row[1].matters, row[0])))


def _performance(own: list[Part], expected: Mapping[Stratum, int]) -> Performance:
    compared = [part for part in own if part.stratum in expected]
    return Performance(
        matters=len(own),
        own_time=WorkSpan(sum(part.open_us for part in own)),
        compared=len(compared),
        compared_time=WorkSpan(sum(part.open_us for part in compared)),
        expected_time=WorkSpan(sum(expected[part.stratum] for part in compared)),
        slower=sum(part.open_us > expected[part.stratum] for part in compared),
    )


@told
def verdicts_by(report: Report, rule: str, group: str | Callable[[Any], str | None]) -> dict[str, Counter[Verdict]]:
    """Return how often a rule came to each verdict by group, the group with the most records first.

    Args:
        report: what an audit found.
        rule: the rule, with or without its pack.
        group: the field of the records by which they are put together, one of their own or an extra one, or a function
            of the record; a record without it counts as ``unknown``. A record is made for each:
            `Report.by` counts by a fact without that.

    Raises:
        UnknownName: for a rule that the engine does not have, with the nearest.
    """
    rules = report.engine.rules
    name = rules[position_of(rules, rule)].name
    read = group if callable(group) else _field(group)
    found: dict[str, Counter[Verdict]] = {}
    for finding in report.of_rule(name, *Verdict):
        found.setdefault(str(read(finding.record) or "unknown"), Counter())[finding.verdict] += 1
    return dict(sorted(found.items(), key=lambda row: (-row[1].total(), row[0])))


def _field(name: str) -> Callable[[Any], Any]:
    def read(record: Any) -> Any:
        if isinstance(record, Mapping):
            return record.get(name)
        value = getattr(record, name, None)
        return getattr(record, "extra", {}).get(name) if value is None else value

    return read
