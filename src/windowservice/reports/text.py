"""An audit as text: what was read, what was found, what is open, and by what it was judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from windowservice.blocks.blocks import Block, Heading, Lines, Table
from windowservice.engine.report.explaining import in_words
from windowservice.engine.verdicts import Verdict
from windowservice.engine.waivers.marks import NOTHING_MARKED, Marks
from windowservice.phrases import phrase
from windowservice.reports.summary import calendar_versions, share_kept
from windowservice.reports.words import word
from windowservice.scoring.shown import percent

if TYPE_CHECKING:
    import pendulum

    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report
    from windowservice.reports.audit import Audit
    from windowservice.reports.summary import Counts

__all__ = ["audit_blocks", "finding_blocks", "headline", "instant"]

_JUDGED: Final = (Verdict.FAIL, Verdict.ERROR, Verdict.UNKNOWN, Verdict.PENDING, Verdict.PASS)
_SECTIONS: Final = ("policy", "principle", "service", "bank", "clerk")


def instant(when: pendulum.DateTime) -> str:
    """Return an instant as people write it, to the second if it has seconds; midnight is 24:00 of the day it ends."""
    if when.hour == when.minute == when.second == when.microsecond == 0:
        return f"{when.subtract(days=1):%Y-%m-%d} 24:00"
    return f"{when:%Y-%m-%d %H:%M:%S}" if when.second or when.microsecond else f"{when:%Y-%m-%d %H:%M}"


def audit_blocks(audit: Audit, *, language: str = "en", limit: int = 20) -> Iterator[Block]:
    """Yield an audit as blocks of text.

    Args:
        audit: what the audit came to.
        language: ``en`` or ``zh``, for headings, names and titles.
        limit: how many rows each list shows at most, 0 for all; what is left out is counted.
    """
    yield Lines(headline(audit, language), tone=_tone(audit))
    if audit.report.load is not None:
        title, _, rest = audit.report.load.to_text(limit or 1_000_000, language).partition("\n")
        yield Heading(title, "load")
        yield Lines(rest)
    if audit.summary.records == 0:
        return
    yield from _verdicts(audit, language)
    for selector in (*_SECTIONS, *(name for name in audit.summary.by if name not in (*_SECTIONS, "rule"))):
        yield from _counted(audit, selector, language, limit)
    yield from _by_rule(audit, language)
    yield from _open(audit, language, limit)
    yield from _gaps(audit, language, limit)
    yield from _findings(audit, language, limit)
    yield from _marked(audit.report.marks, language)
    yield Heading(word("How it was judged", language), "judged")
    yield Lines(_judged_by(audit.report, language))


def _tone(audit: Audit) -> str:
    return {0: "pass", 1: "fail"}.get(audit.exit_code, "unknown")


def headline(audit: Audit, language: str = "en") -> str:
    """Return the audit in one line: of what, as of when, how much was judged, and what was found."""
    load = audit.report.load
    source = phrase("of {source} ", language, source=load.source) if load is not None and load.source else ""
    when = f"{instant(audit.report.as_of)} {audit.report.engine.zone}"
    what = _requests_said(audit, language) if audit.report.engine.bank else _records_said(audit, language)
    first = phrase("Audit {source}as of {when}: {what}", language, source=source, when=when, what=what)
    return "; ".join([first, *_found_said(audit, language)])


def _requests_said(audit: Audit, language: str) -> str:
    summary, load = audit.summary, audit.report.load
    cycles = summary.records - summary.further
    said, later = phrase("{n} requests", language, n=f"{cycles:,}"), audit.report.intake.later_records
    whole = all(store.selected == len(store) for store in audit.report.stores)
    if whole and load is not None and load.requests - later != cycles:  # a reopened one is judged cycle by cycle
        none, some = "on which no rule was asked for", "in {n} cycles"
        judged = phrase(some, language, n=f"{cycles:,}") if cycles else phrase(none, language)
        said = f"{phrase('{n} requests', language, n=f'{load.requests - later:,}')} {judged}"
    said += _later(audit, language)
    if summary.further:
        said += phrase(" and {n} records of further tables", language, n=f"{summary.further:,}")
    return said


def _records_said(audit: Audit, language: str) -> str:
    return phrase("{n} records", language, n=f"{audit.summary.records:,}") + _later(audit, language)


def _later(audit: Audit, language: str) -> str:
    later = audit.report.intake.later_records
    return phrase(" ({n} more come later)", language, n=f"{later:,}") if later else ""


def _found_said(audit: Audit, language: str) -> list[str]:
    summary, counts, load = audit.summary, audit.summary.counts, audit.report.load
    parts = []
    if audit.exit_code == 3:
        parts.append(phrase("NOTHING COULD BE EVALUATED; this is not a clean audit", language))
    else:
        failed = {"n": f"{counts[Verdict.FAIL]:,}", "records": f"{summary.failed_records:,}"}
        parts.append(phrase("{n} failures in {records} of them", language, **failed))
    if audit.fail_on != "none" and audit.exit_code != 3:
        grave = {"n": f"{audit.grave:,}", "severity": word(audit.fail_on, language)}
        parts.append(phrase("{n} at or above {severity}", language, **grave))
    unsure = {Verdict.UNKNOWN: "{n} that cannot be told", Verdict.ERROR: "{n} rules that could not be run"}
    parts += [phrase(said, language, n=f"{counts[verdict]:,}") for verdict, said in unsure.items() if counts[verdict]]
    kinds = Counter(one.kind for one in audit.report.marks.by_finding.values())
    parts += [f"{number:,} {word(kind, language)}" for kind, number in sorted(kinds.items())]
    if load is not None and load.rejected:
        parts.append(phrase("{n} rows of the ledger rejected", language, n=f"{load.rejected:,}"))
    return parts


def _verdict_word(verdict: Verdict, language: str) -> str:
    return word(str(verdict).replace("_", " "), language)


def _verdicts(audit: Audit, language: str) -> Iterator[Block]:
    counts = audit.summary.counts
    shown = (*_JUDGED, Verdict.NOT_APPLICABLE)
    yield Heading(word("Verdicts", language), "verdicts")
    yield Table([_verdict_word(v, language) for v in shown], [[f"{counts[v]:,}" for v in shown]], right=range(6))
    yield Heading(word("Failures by severity", language), "severities")
    severities = audit.summary.severities
    yield Table(
        [word(s, language) for s in severities], [[f"{n:,}" for n in severities.values()]], right=range(len(severities))
    )


def _row(counts: Counts) -> list[str]:
    return [*(f"{counts[verdict]:,}" for verdict in _JUDGED), percent(share_kept(counts))]


def _counted(audit: Audit, selector: str, language: str, limit: int) -> Iterator[Block]:
    found = {
        name: counts for name, counts in audit.summary.by.get(selector, {}).items() if any(counts[v] for v in _JUDGED)
    }
    if not set(found) - {""}:  # no record says it, or nothing was judged
        return
    gravest_first = selector in ("bank", "clerk")
    order = sorted(found, key=lambda name: (-found[name][Verdict.FAIL], name)) if gravest_first else list(found)
    promised = selector == "service" and bool(audit.promises)
    columns = [word(selector, language), *(_verdict_word(v, language) for v in _JUDGED), word("share kept", language)]
    if promised:
        columns += [word(name, language) for name in ("commitment kept", "limit used (median)", "(95 %)")]
    rows = []
    for name in order[: limit or None]:
        shown = _name(audit, selector, name, language)
        rows.append([shown, *_row(found[name]), *(_promise(audit, name) if promised else ())])
    yield Heading(word(f"By {selector}", language), f"by-{selector}")
    yield Table(columns, rows, right=range(1, len(columns)))
    yield from _more(len(order) - len(rows), language)


def _name(audit: Audit, selector: str, name: str, language: str) -> str:
    if selector == "bank" and audit.bank_names.get(name):
        return f"{name} {audit.bank_names[name]}"
    if selector == "service" and name in audit.report.engine.catalogue:
        service = audit.report.engine.catalogue[name]
        return f"{name} {service.zh if language == 'zh' else service.en}"
    return (word(name, language) if selector in ("policy", "principle") else name) or "-"


def _promise(audit: Audit, service: str) -> list[str]:
    promise = audit.promises.get(service)
    if promise is None:
        return ["-", "-", "-"]
    return [percent(promise.share_kept), percent(promise.median_used), percent(promise.p95_used)]


def _by_rule(audit: Audit, language: str) -> Iterator[Block]:
    rows, tones = [], []
    for loaded in audit.report.engine.rules:
        counts = audit.summary.by["rule"].get(loaded.name)
        if counts is None or not (counts[Verdict.FAIL] or counts[Verdict.UNKNOWN] or counts[Verdict.ERROR]):
            continue
        rows.append([loaded.name, word(loaded.rule.severity, language), *_row(counts)])
        tones.append(loaded.rule.severity if counts[Verdict.FAIL] else "")
    if rows:
        columns = ["rule", "severity", *(str(v) for v in _JUDGED), "share kept"]
        yield Heading(word("By rule", language), "by-rule")
        yield Table([word(c, language) for c in columns], rows, right=range(2, len(columns)), tones=tones)


def _open(audit: Audit, language: str, limit: int) -> Iterator[Block]:
    if not audit.open:
        return
    states = ("overdue", "at risk", "due next")
    numbers = [sum(matter.state == state for matter in audit.open) for state in states]
    told = ", ".join(f"{word(state, language)} {number:,}" for state, number in zip(states, numbers, strict=True))
    yield Heading(f"{word('Open matters', language)}: {told}", "open")
    rows = []
    for matter in audit.open[: limit or None]:
        holder = matter.holder or word("nobody", language)
        moving = f" ({word('in transfer', language)})" if matter.in_transfer else ""
        rows.append(
            [
                word(matter.state, language),
                instant(matter.due),
                matter.key,
                matter.service,
                matter.bank,
                f"{holder}{moving}",
            ]
        )
    columns = ("state", "due", "request", "service", "bank", "holder")
    tones = [{"overdue": "fail", "at risk": "minor"}.get(matter.state, "") for matter in audit.open[: limit or None]]
    yield Table([word(c, language) for c in columns], rows, tones=tones)
    yield from _more(len(audit.open) - len(rows), language)


def _gaps(audit: Audit, language: str, limit: int) -> Iterator[Block]:
    if not audit.gaps:
        return
    yield Heading(word("What could not be told", language), "gaps")
    shown = audit.gaps[: limit or None]
    rows = [
        [g.rule, f"{g.count:,}", g.first.key, phrase("missing {names}", language, names=", ".join(g.missing) or "-")]
        for g in shown
    ]
    yield Table([word(c, language) for c in ("rule", "count", "example", "what")], rows, right={1})
    yield from _more(len(audit.gaps) - len(rows), language)


def _findings(audit: Audit, language: str, limit: int) -> Iterator[Block]:
    if not audit.found:
        return
    said = ", ".join(_verdict_word(v, language) for v in audit.listed)
    yield Heading(f"{word('Findings', language)} ({said})", "findings")
    yield from finding_blocks(audit.findings[: limit or None], language, audit.report.marks)
    yield from _more(audit.found - len(audit.findings[: limit or None]), language)


def _marked(marks: Marks, language: str) -> Iterator[Block]:
    """Yield the waivers and contests, those that mark a finding first, then the others with the reason."""
    if not marks:
        return
    yield Heading(word("Waived and contested", language), "marked")
    columns = ("kind", "record", "rule", "why", "by", "on", "until", "answer by", "what it does")
    marking = [(one, record, rule, "marks a finding") for (rule, record), one in marks.by_finding.items()]
    rows = [
        (
            word(one.kind, language), record, rule, one.reason, one.by, one.on, one.until or "", one.answer_by or "",
            word(said, language),
        )
        for one, record, rule, said in [*marking, *((one, one.record, one.rule, why) for one, why in marks.idle)]
    ]  # fmt: skip
    yield Table([word(name, language) for name in columns], rows)


def finding_blocks(findings: list[Finding], language: str, marks: Marks = NOTHING_MARKED) -> Iterator[Block]:
    """Yield findings as a table: severity or verdict, record, rule, what is promised and by how much it was missed."""
    rows, tones = [], []
    for finding in findings:
        failed = finding.verdict is Verdict.FAIL
        said = in_words(finding, language)
        rows.append([
            word(finding.severity, language) if failed else _verdict_word(finding.verdict, language),
            finding.key, finding.rule,
            f"{_mark(finding, marks, language)}{finding.title(language)}{f': {said}' if said else ''}",
        ])  # fmt: skip
        tones.append(finding.severity if failed else str(finding.verdict))
    of_requests = all(finding.definition.of.options.table is None for finding in findings)
    columns = ("severity", "request" if of_requests else "record", "rule", "what")
    yield Table([word(column, language) for column in columns], rows, tones=tones)


def _mark(finding: Finding, marks: Marks, language: str) -> str:
    """Return how a finding is marked, if it is."""
    one = marks.by_finding.get((finding.rule, finding.key))
    return "" if one is None else f"[{word(one.kind, language)}] "


def _more(number: int, language: str) -> Iterator[Block]:
    if number > 0:
        yield Lines(f"  {phrase('... and {n} more', language, n=f'{number:,}')}")


def _judged_by(report: Report, language: str) -> str:
    engine = report.engine
    first = phrase("engine {version}", language, version=engine.version)
    if engine.bank:
        catalogue = f"{engine.catalogue.id} {engine.catalogue.version}"
        first += f"; {phrase('catalogue {name}', language, name=catalogue)}"
    packs = ", ".join(f"{pack.name} {pack.version}" for pack in engine.packs)
    lines = [first, phrase("packs {names}", language, names=packs)]
    lines += [phrase("plugins {names}", language, names=", ".join(map(str, engine.plugins)))] if engine.plugins else []
    used = {service.calendar for service in engine.catalogue} | {"window", *(engine.given or ())}
    named = [f"{name} {version}" for name, version in calendar_versions(engine).items() if name in used]
    lines += [phrase("calendars {names}", language, names=", ".join(named))] if named else []
    if engine.figures_as_of is not None:
        lines.append(phrase("figures of {day} for all records", language, day=engine.figures_as_of))
    lines += [
        phrase("WITHOUT the plugin {plugin}: {reason}", language, plugin=absent.plugin, reason=absent.reason)
        for absent in engine.absent
    ]
    return "\n".join(f"  {line}" for line in lines)
