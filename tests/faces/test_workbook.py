"""A report as a workbook: the same figures, real dates and numbers, text that is never a formula."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws

openpyxl = pytest.importorskip("openpyxl")
HOSTILE = "=1+1<b>\x1b[31m\u202e"


@pytest.fixture(scope="module")
def path(audited: ws.Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the sample."""
    path = tmp_path_factory.mktemp("workbook") / "sample.xlsx"
    audited.to_excel(path, language="zh")
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    """The workbook, read again."""
    return openpyxl.load_workbook(path)


def _rows(sheet: Any) -> list[dict[str, Any]]:
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_all_that_did_not_pass_is_listed(audited: ws.Report, book: Any) -> None:
    """The findings of the sheet are those of the report, and their dues are dates in the zone of the window."""
    rows = _rows(book["发现"])
    assert len(rows) == len(audited.open_findings)
    late = audited.of_rule("commitment_kept", ws.Verdict.FAIL)[0]
    (row,) = [row for row in rows if (row["记录"], row["规则"]) == (late.key, late.rule)]
    (clock,) = late.clocks.values()
    assert row["到期 (Asia/Shanghai)"] == datetime(*clock.due.timetuple()[:6])  # noqa: DTZ001 - cells have no zone
    assert row["超出的营业小时"] == pytest.approx(late.overrun.total_hours())


def test_counts_are_numbers(audited: ws.Report, book: Any) -> None:
    """A table of counts can be added up, and adds up to the report."""
    counted = _rows(book["按规则"])
    assert sum(row["不合规"] for row in counted) == audited.counts[ws.Verdict.FAIL]
    assert all(row["遵守率"] is None or row["遵守率"] == "-" or 0 <= row["遵守率"] <= 1 for row in counted)


def test_every_sheet_of_rows_has_a_frozen_head_and_filters(book: Any) -> None:
    """One may scroll and choose in each."""
    tables = [sheet for sheet in book if sheet.freeze_panes]
    assert len(tables) >= 8
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref for sheet in tables)


def test_what_a_ledger_says_is_text(tmp_path: Path) -> None:
    """A cell that begins like a formula is shown and never counted."""
    request = ws.Request(HOSTILE, HOSTILE, "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted", by=HOSTILE)])
    built_in().audit([request], as_of="2018-06-01").to_excel(tmp_path / "odd.xlsx")
    cells = [
        cell for sheet in openpyxl.load_workbook(tmp_path / "odd.xlsx") for row in sheet.iter_rows() for cell in row
    ]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_without_findings_there_is_a_workbook_too(tmp_path: Path) -> None:
    """Nothing judged: sheets with heads, no rows."""
    built_in().audit([], as_of="2018-06-01").to_excel(tmp_path / "none.xlsx")
    assert openpyxl.load_workbook(tmp_path / "none.xlsx")["Findings"].max_row == 1


def test_libreoffice_opens_it(path: Path, tmp_path: Path) -> None:
    """Another program reads the same rows."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
    ]
    subprocess.run([*asked, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=180)
    (written,) = tmp_path.glob("*.csv")
    lines = written.read_text("utf-8").splitlines()
    assert len(lines) >= 1_163
    assert any("R-0012" in line for line in lines)
