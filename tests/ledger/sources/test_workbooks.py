"""Workbooks as people keep them: merged cells, headers of two rows, errors, formulas, remarks, hidden sheets."""

from __future__ import annotations

import zipfile
from datetime import datetime

import pytest

from windowservice.errors import LedgerError, UnreadableFile
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import mapping_from_dict

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

HEAD = ("id", "bank", "service", "amount")


@pytest.fixture
def book(tmp_path):
    """Return what writes a workbook with one sheet by a function and gives its path."""

    def book(fill, sheet="requests", **options):
        path = tmp_path / "l.xlsx"
        with xlsxwriter.Workbook(str(path), options) as made:
            fill(made, made.add_worksheet(sheet))
        return path

    return book


def with_rows(*rows, head=HEAD):
    def fill(_, sheet):
        for number, row in enumerate((head, *rows)):
            sheet.write_row(number, 0, row)

    return fill


def rewritten(path, part, old, new):
    """Change a part of a workbook."""
    other = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(other, "w") as out:
        for name in book.namelist():
            data = book.read(name)
            assert name != part or old in data
            out.writestr(name, data.replace(old, new) if name == part else data)
    return other


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("column", range(4))
def test_a_cell_that_shows_an_error_costs_its_row_and_is_never_empty(book, error, column):
    """In any column that is read: an amount, an id, a code."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5), ("R2", "B", "S10", 6))(made, sheet)
        sheet.write_formula(1, column, "=A9", None, error)

    report = Ledger.read(book(fill)).report
    assert (report.read, report.accepted, report.rejected) == (2, 1, 1)
    assert (report.rejections[0].row, report.rejections[0].column, report.rejections[0].value) == (
        2,
        HEAD[column],
        error,
    )


def test_a_row_of_errors_alone_is_a_row(book):
    """It is read and rejected."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5))(made, sheet)
        for column in range(4):
            sheet.write_formula(2, column, "=A9", None, "#REF!")

    report = Ledger.read(book(fill)).report
    assert (report.read, report.accepted, report.rejected) == (2, 1, 1)


def test_an_error_in_a_column_that_nobody_reads_costs_nothing(book):
    """A mapping reads what it names."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5))(made, sheet)
        sheet.write_formula(1, 3, "=A9", None, "#REF!")

    said = {"table": [{"request": {"id": "id", "bank": "bank", "service": "service"}}]}
    assert len(Ledger.read(book(fill), mapping=mapping_from_dict(said)).requests) == 1


@pytest.mark.parametrize("value", [0, "", None])
def test_a_formula_that_nobody_calculated_costs_its_row(book, value):
    """Programs that cannot calculate write 0 or nothing; one that did calculate is its value."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5), ("R2", "B", "S10", 6))(made, sheet)
        sheet.write_formula(1, 3, "=2+3", None, 0)
        sheet.write_formula(2, 3, "=2+4", None, 6)

    path = book(fill)
    if value != 0:
        path = rewritten(path, "xl/worksheets/sheet1.xml", b"</f><v>0</v>", b"</f><v></v>" if value == "" else b"</f>")
    ledger = Ledger.read(path)
    assert [(request.id, request.amount) for request in ledger] == [("R2", 6)]
    assert "never calculated" in ledger.report.rejections[0].reason


def test_a_zero_that_was_calculated_is_a_zero(book):
    """A program that calculates does not ask to have it done on loading."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5))(made, sheet)
        sheet.write_formula(1, 3, "=2-2", None, 0)

    path = rewritten(book(fill), "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    assert Ledger.read(path).requests[0].amount == 0


def test_cells_merged_over_rows_say_the_same_of_each_row(book):
    """And the report counts them; a merge over columns says nothing of the other columns."""

    def fill(made, sheet):
        with_rows(("R1", "", "S10", 5), ("R2", "", "S10", 6), ("R3", "", "S10", 7))(made, sheet)
        sheet.merge_range(1, 1, 3, 1, "B")

    ledger = Ledger.read(book(fill))
    assert [request.bank for request in ledger] == ["B", "B", "B"]
    assert "2 cells that are merged" in str(ledger.report)

    def across(made, sheet):
        with_rows(("R1", "B", "S10", ""))(made, sheet)
        sheet.merge_range(1, 2, 1, 3, "S10")

    assert Ledger.read(book(across)).requests[0].amount is None


def test_a_header_of_two_rows_is_read_by_its_second_with_what_is_merged_into_it(book):
    """A group above two columns, and names that stand in both rows."""

    def fill(_, sheet):
        for column, name in enumerate(("编号", "机构", "业务")):
            sheet.merge_range(0, column, 1, column, name)
        sheet.merge_range(0, 3, 0, 4, "时间")
        sheet.write_row(1, 3, ["受理", "办结"])
        sheet.write_row(2, 0, ["R1", "B", "S10", "2018-05-03 09:40", "2018-05-04 10:00"])

    said = {
        "zone": "Asia/Shanghai",
        "table": [
            {
                "header": 2,
                "request": {"id": "编号", "bank": "机构", "service": "业务"},
                "event": [
                    {"at": "受理", "kind": {"constant": "accepted"}},
                    {"at": "办结", "kind": {"constant": "decided"}},
                ],
            }
        ],
    }
    ledger = Ledger.read(book(fill, sheet="台账"), mapping=mapping_from_dict(said))
    assert [event.kind for event in ledger.requests[0].timeline] == ["accepted", "decided"]


@pytest.mark.parametrize(
    "note",
    [
        "注：本表由窗口填报",
        "备注: 以系统为准",
        "制表人：王  审核人：李",
        "* 含补件",
        "※ 说明",
        "共 2 条",
        "Note: as of May",
    ],
)
def test_a_line_below_the_table_that_says_what_it_is_is_no_row(book, note):
    """It is counted, with its number, and nothing is said of any request."""
    report = Ledger.read(book(with_rows(("R1", "B", "S10", 5), ("",) * 4, (note,)))).report
    assert (report.read, report.rejected) == (1, 0)
    assert "1 lines are remarks and no rows: 4" in str(report)


@pytest.mark.parametrize("total", ["合计", "合 计", "小计：", "total", "总计", "Sum", "Grand Total"])
@pytest.mark.parametrize("cells", [("", "", 5), ("", "", "")])
def test_a_line_of_totals_is_rejected_and_listed_and_nothing_rests_on_it(book, total, cells):
    """Wherever it stands, with numbers or alone; no request of the table is in doubt for it."""
    ledger = Ledger.read(book(with_rows(("R1", "B", "S10", 5), (total, *cells), ("R2", "B", "S10", 6))))
    assert (ledger.report.read, ledger.report.accepted, ledger.report.rejected) == (3, 2, 1)
    assert "is a total of others and no row" in str(ledger.report)
    assert not any(request.unread for request in ledger.requests)
    assert not ledger.unread


@pytest.mark.parametrize("row", [("R9", "", "", ""), ("", "B", "", ""), ("注意", "", "", ""), ("N-1", "", "", "")])
def test_a_row_of_one_cell_that_could_be_a_row_is_rejected_and_listed(book, row):
    """Nothing is lost by looking like a remark."""
    report = Ledger.read(book(with_rows(("R1", "B", "S10", 5), row))).report
    assert (report.read, report.rejected) == (2, 1)


def test_rows_that_hold_nothing_are_no_rows(book):
    """Blank ones, and ones of spaces."""
    report = Ledger.read(
        book(with_rows(("R1", "B", "S10", 5), ("",) * 4, (" ", "\u3000", "", ""), ("R2", "B", "S10", 6)))
    ).report
    assert (report.read, report.accepted) == (2, 2)


@pytest.mark.parametrize("name", ["requests", "Requests", "REQUESTS", " requests "])
@pytest.mark.parametrize("head", [HEAD, ("ID", "Bank", "SERVICE", "Amount"), (" id ", "bank\n", "service", "amount")])
def test_names_of_sheets_and_columns_may_be_in_capitals_and_hold_spaces(book, name, head):
    """They are the same names."""
    assert len(Ledger.read(book(with_rows(("R1", "B", "S10", 5), head=head), sheet=name)).requests) == 1


def test_two_columns_that_are_one_name_are_told(book):
    """Nobody can say which is meant."""
    with pytest.raises(UnreadableFile, match="'id' and 'ID' are both 'id'"):
        Ledger.read(book(with_rows(("R1", "B", "S10", "R2"), head=("id", "bank", "service", "ID"))))


def test_a_hidden_sheet_is_read_and_told(book):
    """It may be the ledger, hidden by whoever made charts of it."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5))(made, sheet)
        made.add_worksheet("chart").activate()
        sheet.hide()

    ledger = Ledger.read(book(fill))
    assert len(ledger.requests) == 1
    assert "the sheet is hidden" in str(ledger.report)


def test_a_sheet_that_is_no_table_matters_only_if_it_is_asked_for(book):
    """A sheet of remarks without header is listed as not read."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5))(made, sheet)
        made.add_worksheet("remarks").write(3, 0, "x")

    assert any("remarks" in name for name in Ledger.read(book(fill)).report.files_not_read)


@pytest.mark.parametrize("name", ["l.xlsx", "l.xls", "l.xlsb", "l.ods", "l.xlsm"])
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b"id,bank,service\nR1,B,S10\n", "no workbook"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04" + b"\0" * 99, "no workbook"),
    ],
)
def test_what_is_no_workbook_is_told(tmp_path, name, data, problem):
    """Empty, a text under a wrong name, protected by a password, cut off: in every format."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFile, match=problem) as told:
        Ledger.read(tmp_path / name)
    assert name in str(told.value)


def test_times_of_a_workbook_stay_what_they_are(book):
    """Looking into its parts changes nothing of its values."""

    def fill(made, sheet):
        with_rows(("R1", "B", "S10", 5))(made, sheet)
        events = made.add_worksheet("events")
        events.write_row(0, 0, ["request", "at", "kind"])
        events.write_row(1, 0, ["R1", "", "submitted"])
        wall = datetime(2018, 5, 3, 9, 40)  # noqa: DTZ001 - a cell of a workbook has no zone
        events.write_datetime(1, 1, wall, made.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    event = Ledger.read(book(fill), zone="Asia/Shanghai").requests[0].timeline[0]
    assert event.at.isoformat() == "2018-05-03T09:40:00+08:00"


def test_a_workbook_cut_anywhere_is_told(book):
    """Never anything but an error that names the file."""
    whole = book(with_rows(("R1", "B", "S10", 5))).read_bytes()
    path = book(with_rows(("R1", "B", "S10", 5)))
    for cut in range(0, len(whole), 97):
        path.write_bytes(whole[:cut])
        with pytest.raises(LedgerError, match=r"l\.xlsx"):
            Ledger.read(path)
