"""JSON and CSV: the shape that programs rely on."""

from __future__ import annotations

import csv
import io
import json

import windowservice as ws
from windowservice.engine.report.report import Report
from windowservice.reports.audit import take_stock
from windowservice.reports.csv_file import COLUMNS, write_csv
from windowservice.reports.json_file import audit_document, check_document, write_json


def test_the_document_has_its_documented_keys(report: Report) -> None:
    """Within a version keys are added, never renamed or taken away."""
    document = audit_document(take_stock(report))
    assert set(document) == {
        "format", "format_version", "as_of", "exit_code", "fail_on", "judged_by", "load", "records", "failed_records",
        "counts", "failures", "at_or_above_fail_on", "by", "commitments", "open_matters", "gaps",
        "waivers", "listed", "found",
    }  # fmt: skip
    assert document["load"] is None
    assert set(document["counts"]) == {"pass", "fail", "pending", "unknown", "not_applicable", "error"}
    assert set(document["by"]) == {"rule", "policy", "principle", "service", "bank", "clerk"}
    assert document["by"]["bank"]["B2"]["share_kept"] < 1
    assert set(check_document(report, 1)) == {
        "format", "format_version", "as_of", "exit_code", "passed", "judged_by", "counts"
    }  # fmt: skip


def test_rows_follow_one_on_each_line(report: Report) -> None:
    """However many rows, none included, the document is one and reads back."""
    for rows in ([], [{"a": 1}], [{"a": "一\x9b"}, {"b": None}]):
        out = io.StringIO()
        write_json({"head": [1]}, out, rows=rows)
        assert json.loads(out.getvalue()) == {"head": [1], "findings": rows}
        assert "\x9b" not in out.getvalue()
        assert out.getvalue().endswith("}\n")
    out = io.StringIO()
    write_json({"head": 1}, out)
    assert json.loads(out.getvalue()) == {"head": 1}


def test_csv_has_the_numbers_of_the_findings(report: Report) -> None:
    """Each finding is a row with its summary; amounts are numbers, and what has none is empty."""
    out = io.StringIO()
    found = report.open_findings
    write_csv(found, out, language="zh")
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["key"], row["rule"], row["verdict"]) for row in rows] == [
        (f.key, f.rule, str(f.verdict)) for f in found
    ]
    for row, finding in zip(rows, found, strict=True):
        assert row["title"] == finding.title("zh")
        late = finding.late_by
        if late is not None:
            assert (float(row["shortfall"]), row["unit"]) == (late.total_seconds(), "seconds")
        if finding.shortfall is None:
            assert (row["shortfall"], row["unit"], row["overrun_seconds"]) == ("", "", "")


def test_a_list_of_papers_is_one_cell(engine: ws.Engine) -> None:
    """A shortfall that is a set of texts stands in one cell."""
    events = [
        ws.Event("2018-05-03T09:00+08:00", "submitted", by="w"),
        ws.Event("2018-05-03T09:10+08:00", "notified", by="w", items={"X2", "X1"}, written=True),
    ]
    report = engine.check(ws.Request("r", "B", "S10", events=events), as_of="2018-05-15")
    out = io.StringIO()
    write_csv([report.finding("r", "asked_from_posted_list")], out)
    (row,) = csv.DictReader(io.StringIO(out.getvalue()))
    assert row["verdict"] == "fail"
    assert "[" not in row["shortfall"]
