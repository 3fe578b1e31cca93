"""Templates of a ledger: as written they are an empty ledger, filled in they are audited, uncommented they are read."""

from __future__ import annotations

import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, MissingExtra, UnknownName
from windowservice.ledger.mapping.reading import mapping_from_toml
from windowservice.ledger.tables import BUILT_IN
from windowservice.ledger.template.template import write_template
from windowservice.ledger.template.texts import uncommented
from windowservice.rules.indicators import Indicator
from windowservice.rules.known_rows import scorecard_of
from windowservice.rules.starts import STARTS, starts
from windowservice.scoring.branch_files import indicators_of

REQUESTS = [{"id": "R-1", "bank": "105221000018", "service": "S10"}]
EVENTS = [
    {"request": "R-1", "at": "2018-05-03 09:40", "kind": "submitted", "by": "wang"},
    {"request": "R-1", "at": "2018-05-03 10:00", "kind": "accepted", "by": "wang"},
    {"request": "R-1", "at": "2018-05-14 15:30", "kind": "checked", "by": "zhao"},
    {"request": "R-1", "at": "2018-05-14 16:10", "kind": "decided", "by": "li"},
]
MESSAGES = [
    {"id": "M1", "bank": "105221000018", "kind": "inquiry", "received_at": "2018-05-03 10:00",
     "answered_at": "2018-05-04 12:00:01", "empty": "no"},
]  # fmt: skip
FILLED = {"requests": REQUESTS, "events": EVENTS, "messages": MESSAGES}


def fill_workbook(path: Path) -> None:
    """Write rows below the headers of a workbook, as Excel would keep them: dates as numbers, ids as text."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"].decode())
    for table, rows in FILLED.items():
        part = f"xl/worksheets/sheet{names.index(table) + 1}.xml"
        columns = next(known.names for known in BUILT_IN if known.name == table)
        cells = "".join(_row(columns, row, place) for place, row in enumerate(rows, 2))
        parts[part] = parts[part].replace(b"</sheetData>", cells.encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def _row(columns: tuple[str, ...], row: dict[str, str], number: int) -> str:
    cells = []
    for place, column in enumerate(columns):
        value = row.get(column, "")
        if value.startswith("2018-"):
            serial = (datetime.fromisoformat(value) - datetime.fromisoformat("1899-12-30")).total_seconds() / 86_400
            cells.append(f'<c r="{chr(65 + place)}{number}"><v>{serial!r}</v></c>')
        elif value:
            text = f"<is><t>{escape(value)}</t></is>"
            cells.append(f'<c r="{chr(65 + place)}{number}" t="inlineStr">{text}</c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def fill_folder(path: Path) -> None:
    """Write rows below the headers of the CSV files."""
    for table, rows in FILLED.items():
        columns = next(known.names for known in BUILT_IN if known.name == table)
        with (path / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.writelines(",".join(row.get(column, "") for column in columns) + "\n" for row in rows)


@pytest.fixture(params=["ledger.xlsx", "ledger"])
def template(request, tmp_path) -> Path:
    """A template of all tables, as a workbook and as a folder."""
    path = tmp_path / request.param
    write_template(path)
    return path


def fill(template: Path) -> None:
    (fill_workbook if template.suffix else fill_folder)(template)


def test_a_template_as_written_is_an_empty_ledger(template):
    """Every table is found with all its columns and no row, nothing is refused, and an audit of it is not clean."""
    ledger = ws.Ledger.read(template)
    assert {name for file in ledger.report.files for name in file.tables} == {table.name for table in BUILT_IN}
    assert (ledger.report.read, ledger.report.rejected, len(ledger)) == (0, 0, 0)
    report = built_in().audit(ledger, as_of="2018-06-30")
    assert not report.passed
    assert not report.evaluated


def test_a_template_that_is_filled_in_is_audited(template):
    """Rows below the headers are judged; the tables that stay empty break no rule."""
    fill(template)
    ledger = ws.Ledger.read(template, zone="Asia/Shanghai")
    assert (ledger.report.read, ledger.report.accepted) == (6, 6)
    report = built_in().audit(ledger, as_of="2018-06-30")
    assert {(finding.key, finding.rule, finding.bank) for finding in report.at_least("major")} == {
        ("R-1", "commitment/commitment_kept", "105221000018"),
        ("M1", "messages/message_answered_in_time", "105221000018"),
    }


def test_the_mapping_of_a_template_reads_its_tables_once_it_is_uncommented(template):
    """Written for our own names, it gives what the tables give without it; a branch puts its names in their place."""
    fill(template)
    folder = template.parent if template.suffix else template
    mapping = mapping_from_toml(uncommented((folder / "mapping.toml").read_text("utf-8")))
    mapped = ws.Ledger.read(template, mapping=mapping)
    plain = ws.Ledger.read(template, zone="Asia/Shanghai")
    assert (mapped.requests, mapped.records) == (plain.requests, plain.records)
    assert mapped.report.rejected == 0


def test_the_settings_of_a_template_hold_once_they_are_uncommented(template):
    """With the files that they name beside them: zone, recorded kinds, hours, and whatever the branch replaces."""
    folder = template.parent if template.suffix else template
    write_template(folder, tables=(), beside=starts(*(name for name in STARTS if name != "hours")))
    for name in ("ledger.toml", "mapping.toml"):
        (folder / name).write_text(uncommented((folder / name).read_text("utf-8")), "utf-8")
    ledger = ws.Ledger.read(template)
    assert ledger.zone == "Asia/Shanghai"
    assert ledger.recorded is not None
    assert ledger.calendar is not None
    own = (ledger.duties, ledger.ladder, ledger.own_catalogue, ledger.scorecard, ledger.indicators)
    assert None not in own
    assert set(ledger.report.files_not_read) <= {
        "README.txt",
        "ledger.xlsx[guide]",
        "ledger.xlsx[about]",
        "ledger.xlsx[wordlists]",
    }


def test_files_that_the_settings_can_name_are_named(tmp_path):
    """Written with the tables, the branch's hours, kinds, duties, ladder, scorecard and indicators are in force."""
    write_template(tmp_path / "ours", beside=starts(*STARTS))
    ledger = ws.Ledger.read(tmp_path / "ours")
    assert ledger.calendar == ws.WorkCalendar.from_toml(tmp_path / "ours" / "hours.toml")
    assert ledger.duties is not None
    assert ledger.ladder == tmp_path / "ours" / "ladder.toml"
    assert ledger.own_catalogue == ws.Catalogue.default()
    assert scorecard_of(ws.Engine.load(installed=False), ledger) == Scorecard.default()
    own, shipped = (
        indicators_of(built_in(), ledger, ws.Scorecard.default()),
        Indicator.default(),
    )
    assert [str(row) for row in own] == [str(row) for row in shipped]


def test_chosen_tables_alone_are_written(tmp_path):
    """In the order asked for; one that is not known offers the nearest, and nothing is written."""
    files = write_template(tmp_path / "few", tables=["requests", "events", "messages"])
    assert {file.name for file in files if file.suffix == ".csv"} == {"requests.csv", "events.csv", "messages.csv"}
    with pytest.raises(UnknownName, match="did you mean 'messages'"):
        write_template(tmp_path / "none", tables=["mesages"])
    assert not (tmp_path / "none").exists()


def test_nothing_is_overwritten_unless_told(template):
    """One file that is there refuses all; told to overwrite, the same bytes are written again."""
    before = {file: file.read_bytes() for file in template.parent.rglob("*") if file.is_file()}
    fill(template)
    filled = {file: file.read_bytes() for file in before}
    with pytest.raises(InvalidValue, match=r"mapping\.toml"):
        write_template(template)
    assert {file: file.read_bytes() for file in before} == filled
    write_template(template, overwrite=True)
    assert {file: file.read_bytes() for file in before} == before


def test_a_workbook_wants_its_extra(tmp_path, monkeypatch):
    """Without xlsxwriter the message names the extra, and nothing is written; a folder does without."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match="excel"):
        write_template(tmp_path / "book.xlsx")
    assert list(tmp_path.iterdir()) == []
    write_template(tmp_path / "folder")


def test_a_target_of_another_kind_is_refused(tmp_path):
    """Neither a text file nor an old workbook is a template."""
    for name in ("ledger.csv", "ledger.xls"):
        with pytest.raises(InvalidValue, match=r"ends in \.xlsx, or a folder"):
            write_template(tmp_path / name)


def test_the_sheets_of_a_workbook_tell_what_their_columns_hold(tmp_path):
    """Fixed words are offered as a list, the header stays in sight, and notes tell what must be stated."""
    write_template(tmp_path / "book.xlsx", tables=["messages", "occurrences"])
    with zipfile.ZipFile(tmp_path / "book.xlsx") as book:
        text = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    messages, occurrences = text["xl/worksheets/sheet3.xml"], text["xl/worksheets/sheet4.xml"]
    for sheet in (messages, occurrences):
        assert 'state="frozen"' in sheet
    offered = re.findall(r"<formula1>(wordlists![^<]+)</formula1>", messages)
    assert len(offered) == 5  # kind, system, empty, excluded, fault_party
    assert 'sqref="C2:C1048576"' in messages  # kind
    assert "Must be stated. Id of the bank that has to answer." in text["xl/comments1.xml"]
    assert all(word in text["xl/sharedStrings.xml"] for word in ("inquiry", "rectification_failed", "seconds"))
    assert (
        'formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"' in text["xl/styles.xml"]
        or "yyyy-mm-dd hh:mm:ss" in (text["xl/styles.xml"])
    )
