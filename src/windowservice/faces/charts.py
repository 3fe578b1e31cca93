"""Pictures as SVG that a page holds in itself: how the share kept moves, and where the time of one case went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.clean import for_html
from windowservice.domain.requests.kinds import kind_in
from windowservice.engine.report.explaining import shown_end
from windowservice.engine.verdicts import Verdict
from windowservice.instants import from_us, to_us
from windowservice.phrases import phrase
from windowservice.reports.summary import share_kept
from windowservice.scoring.shown import percent

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.reports.summary import Counts
    from windowservice.worktime.clock.deadline import Deadline

__all__ = ["timeline", "trend"]

_WIDTH: Final = 900
_BAR: Final = 120
_PLAIN: Final = ("running", "after_due", "off_hours", "before_restart")
"""The reasons of spans that are no stops; every other reason is one."""
_ROW: Final = 15
_MONTHS: Final = 36
_LETTER: Final = 7


def trend(by_month: Mapping[str, Counts], language: str) -> str:
    """Return the share missed in each month as bars, the largest as high as the picture, with the share kept below.

    Nothing where there are fewer than two months.
    """
    rows = [(label, counts, share_kept(counts)) for label, counts in sorted(by_month.items()) if label]
    rows = [row for row in rows if row[2] is not None][-_MONTHS:]
    if len(rows) < 2:
        return ""
    step = _WIDTH / len(rows)
    most = max(1 - share for _, _, share in rows if share is not None) or 1
    bars = "".join(
        _bar(place * step, step, label, counts, share, most)
        for place, (label, counts, share) in enumerate(rows)
        if share is not None
    )
    label = f"{phrase('Share kept by month', language)}: {rows[0][0]} .. {rows[-1][0]}"
    box = f'viewBox="0 0 {_WIDTH} {_BAR + 34}" role="img" aria-label="{for_html(label)}"'
    return f'<svg class="chart" {box}>{bars}</svg>'


def _bar(left: float, step: float, label: str, counts: Counts, share: Fraction, most: Fraction | int) -> str:
    high = float((1 - share) / most) * _BAR
    said = f"{label}: {percent(share)}, {counts[Verdict.FAIL]:,} / {counts[Verdict.PASS] + counts[Verdict.FAIL]:,}"
    wide, middle = f'width="{step - 4:.1f}"', left + step / 2
    return (
        f"<g><title>{for_html(said)}</title>"
        f'<rect class="ground" x="{left + 2:.1f}" y="0" {wide} height="{_BAR}"/>'
        f'<rect class="missed" x="{left + 2:.1f}" y="{_BAR - high:.1f}" {wide} height="{high:.1f}"/>'
        f'<text x="{middle:.1f}" y="{_BAR + 14}" text-anchor="middle">{for_html(percent(share))}</text>'
        f'<text x="{middle:.1f}" y="{_BAR + 28}" text-anchor="middle">{for_html(label)}</text></g>'
    )


@attrs.frozen
class _Mark:
    """An instant of a case with what is written at it."""

    us: int
    text: str
    tone: str = ""


def timeline(finding: Finding, language: str, *, names: bool = True) -> str:
    """Return what happened in a case and how its clocks ran: open time shaded, stops hatched, dues marked.

    Nothing where neither is known. Without `names` nobody is named.
    """
    marks, clocks = [*_events(finding, language, names=names)], list(finding.clocks.values())
    marks += [_Mark(to_us(clock.due), f"{phrase('due', language)} {shown_end(clock.due)}", "due") for clock in clocks]
    if not marks:
        return ""
    begin, end = min(mark.us for mark in marks), max(mark.us for mark in marks)
    for clock in clocks:
        spans = clock.spans
        begin = min(begin, to_us(clock.start))
        end = max(end, to_us(spans[-1].end)) if spans and clock.done is None else end
    scale = (_WIDTH - 20) / max(end - begin, 1)

    def at(us: int) -> float:
        return 10 + (us - begin) * scale

    texts, height = _texts(sorted(marks, key=lambda mark: mark.us), at)
    drawn = [part for place, clock in enumerate(clocks) for part in _clock(clock, at, height + 6 + place * 24, end)]
    height += 6 + 24 * len(clocks)
    zone = finding.subject.runner.binding.calendar.zone
    label = f"{finding.key}: {from_us(begin, zone):%Y-%m-%d %H:%M} .. {from_us(end, zone):%Y-%m-%d %H:%M}"
    return (
        f'<svg class="timeline" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{for_html(label)}">'
        f'{_HATCH}{"".join(drawn)}{"".join(texts)}</svg>'
    )  # fmt: skip


_HATCH: Final = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" class="hatch0"/><rect width="3" height="6" class="hatch1"/></pattern></defs>'
)


def _events(finding: Finding, language: str, *, names: bool) -> Iterator[_Mark]:
    zone = finding.subject.runner.binding.calendar.zone
    for event in getattr(finding.record, "timeline", ()):
        if event.us <= finding.us:
            at = from_us(event.us, zone)
            when = f"{at:%m-%d}" if event.date_only else f"{at:%m-%d %H:%M}"
            who = f" {event.by}" if names and event.by else ""
            yield _Mark(event.us, f"{when} {kind_in(event.kind, language)}{who}", "to" if event.to else "")


def _texts(marks: Sequence[_Mark], at: Any) -> tuple[list[str], int]:
    """Return marks with their texts in rows, so that none covers another, and how high they stand."""
    ends: list[float] = []
    placed = []
    for mark in marks:
        x, wide = at(mark.us), _LETTER * (len(mark.text) + sum(ord(c) > 0x2E80 for c in mark.text)) + 10
        left = min(x, _WIDTH - wide)
        row = next((row for row, end in enumerate(ends) if end <= left), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = left + wide
        placed.append((mark, x, left, row))
    height = _ROW * len(ends) + 4
    return [
        f'<line class="mark {mark.tone}" x1="{x:.1f}" x2="{x:.1f}" y1="{row * _ROW + 12}" y2="{height + 26}"/>'
        f'<text class="{mark.tone}" x="{left + 3:.1f}" y="{row * _ROW + 12}">{for_html(mark.text)}</text>'
        for mark, x, left, row in placed
    ], height


def _clock(clock: Deadline, at: Any, top: float, end: int) -> Iterator[str]:
    zone = clock.calendar.zone

    def local(us: int) -> datetime:
        return from_us(us, zone)

    for span in clock.spans:
        left, right = to_us(span.begin), min(to_us(span.end), end)
        if right <= left:
            continue
        kind = span.reason if span.reason in _PLAIN else "stop"
        said = f"{span.reason}: {local(left):%Y-%m-%d %H:%M} .. {local(right):%Y-%m-%d %H:%M}"
        fill = ' fill="url(#hatch)"' if kind == "stop" else ""
        yield (
            f'<rect class="span {kind}"{fill} x="{at(left):.1f}" y="{top:.0f}" '
            f'width="{max(at(right) - at(left), 0.5):.1f}" height="16"><title>{for_html(said)}</title></rect>'
        )
