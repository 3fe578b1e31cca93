"""An audit, a check or a list of rules as one JSON document of a stable shape.

Every document says what it is in ``format`` and ``format_version``; within a version keys are added, never renamed or
taken away. Instants are ISO texts with an offset, shares are numbers from 0 to 1 (or above, for time used), ids are
texts.

An audit (``windowservice.audit``, version 1):

- ``as_of``; ``exit_code`` and ``fail_on``, as the command line uses them;
- ``judged_by``: ``engine`` (a hash of all that decides), ``packs`` and ``calendars`` (versions by name),
  ``catalogue`` (id, version, hash; null without rules on the branch), ``figures_as_of`` (a date or null),
  ``plugins`` (what was loaded beside the library: ``name``, ``version``, ``file`` without folders of the machine,
  ``hash`` of a pack in TOML, ``packs``, ``record_types``), ``absent`` (plugins left out, with reasons);
- ``load``: how the ledger was read, as `LoadReport.to_dict`: ``read`` = ``accepted`` + ``rejected`` + ``repeated``,
  ``rejections`` with file, row, column and reason, and the rest; null if no ledger was read;
- ``records``, ``failed_records``; ``counts`` of verdicts; ``failures`` by severity; ``at_or_above_fail_on``;
- ``by``: under ``rule``, ``policy``, ``principle``, ``service``, ``bank`` and ``clerk`` the counts of verdicts by
  name, each with ``share_kept`` (null if nothing came to pass or fail);
- ``commitments``: by kind of business ``kept``, ``missed``, ``open``, ``share_kept``, ``median_used``, ``p95_used``;
- ``open_matters``: a list of ``state`` (overdue, at risk, due next), ``key``, ``bank``, ``service``, ``holder``,
  ``in_transfer``, ``due``; null if the rule that tells was not run;
- ``gaps``: rules that could not be told: ``rule``, ``count``, ``example``, ``missing``;
- ``waivers``: those given, each with ``kind`` (waived or contested), ``rule``, ``record``, ``reason``, ``by``, ``on``,
  ``until``, ``answer_by``, ``marks`` (whether it marks a finding) and ``why_not``; of a finding listed under
  ``waiver``, null if none marks it;
- ``listed``: the verdicts of which findings follow; ``found``: how many there are; ``findings``: those listed, each as
  `Finding.to_dict`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TextIO

import attrs

from windowservice.clean import for_json
from windowservice.engine.verdicts import Verdict
from windowservice.reports.summary import calendar_versions, share_kept
from windowservice.scoring.shown import told_apart

if TYPE_CHECKING:
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.report.report import Report
    from windowservice.engine.waivers.waivers import Waiver
    from windowservice.reports.audit import Audit
    from windowservice.reports.summary import Counts

__all__ = ["audit_document", "check_document", "finding_document", "judged_by", "waiver_document", "write_json"]


def audit_document(audit: Audit) -> dict[str, Any]:
    """Return all of an audit but the findings as plain values."""
    report, summary = audit.report, audit.summary
    return {
        "format": "windowservice.audit",
        "format_version": 1,
        "as_of": report.as_of.isoformat(),
        "exit_code": audit.exit_code,
        "fail_on": audit.fail_on,
        "judged_by": judged_by(report),
        "load": None if report.load is None else report.load.to_dict(),
        "records": summary.records,
        "failed_records": summary.failed_records,
        "counts": _counts(summary.counts),
        "failures": summary.severities,
        "at_or_above_fail_on": audit.grave,
        "by": {
            selector: {name: _shared(counts) for name, counts in by.items()} for selector, by in summary.by.items()
        },
        "commitments": {
            name: {
                "kept": promise.kept, "missed": promise.missed, "open": promise.open,
                "share_kept": _number(promise.share_kept), "median_used": _number(promise.median_used),
                "p95_used": _number(promise.p95_used),
            }
            for name, promise in audit.promises.items()
        },
        "open_matters": None
        if audit.open is None
        else [attrs.asdict(matter) | {"due": matter.due.isoformat()} for matter in audit.open],
        "gaps": [
            {"rule": gap.rule, "count": gap.count, "example": gap.first.key, "missing": gap.missing}
            for gap in audit.gaps
        ],
        "waivers": [
            waiver_document(one) | {"rule": rule, "record": record, "marks": True, "why_not": None}
            for (rule, record), one in report.marks.by_finding.items()
        ]
        + [waiver_document(one) | {"marks": False, "why_not": why} for one, why in report.marks.idle],
        "listed": [str(verdict) for verdict in audit.listed],
        "found": audit.found,
    }  # fmt: skip


def waiver_document(one: Waiver) -> dict[str, Any]:
    """Return a waiver or contest as plain values."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in attrs.asdict(one).items()}


def finding_document(report: Report, finding: Finding) -> dict[str, Any]:
    """Return a finding with its evidence as plain values, and the waiver or contest that marks it."""
    one = report.waiver_of(finding)
    return finding.to_dict() | {"waiver": None if one is None else waiver_document(one)}


def check_document(report: Report, exit_code: int) -> dict[str, Any]:
    """Return the report on one request as plain values (``windowservice.check``, version 1).

    Its findings, those of all rules that apply, are written behind it.
    """
    return {
        "format": "windowservice.check",
        "format_version": 1,
        "as_of": report.as_of.isoformat(),
        "exit_code": exit_code,
        "passed": report.passed,
        "judged_by": judged_by(report),
        "counts": _counts(report.counts),
    }


def judged_by(report: Report) -> dict[str, Any]:
    """Return the versions of all that decides a verdict."""
    engine = report.engine
    catalogue = engine.catalogue
    return {
        "engine": engine.version,
        "packs": {pack.name: pack.version for pack in engine.packs},
        "calendars": calendar_versions(engine),
        "catalogue": {"id": catalogue.id, "version": catalogue.version, "hash": catalogue.content_hash}
        if engine.bank
        else None,
        "figures_as_of": None if engine.figures_as_of is None else engine.figures_as_of.isoformat(),
        "plugins": [attrs.asdict(plugin) for plugin in engine.plugins],
        "absent": [attrs.asdict(absent) for absent in engine.absent],
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {str(verdict): counts[verdict] for verdict in Verdict}


def _shared(counts: Counts) -> dict[str, Any]:
    return _counts(counts) | {"share_kept": _number(share_kept(counts))}


def _number(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), told_apart(share, 6))


def write_json(
    document: Mapping[str, Any], out: TextIO, *, rows: Iterable[Mapping[str, Any]] | None = None, name: str = "findings"
) -> None:
    """Write a document, its rows last under `name`, one on each line: they are made one by one, and may be many."""
    head = _text(document, indent=2)
    if rows is None:
        out.write(f"{head}\n")
        return
    out.write(f'{head[:-2]},\n  "{name}": [')
    between = "\n    "
    for row in rows:
        out.write(f"{between}{_text(row)}")
        between = ",\n    "
    out.write("\n  ]\n}\n" if between.startswith(",") else "]\n}\n")


def _text(value: object, indent: int | None = None) -> str:
    return for_json(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent))
