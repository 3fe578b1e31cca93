"""The kinds of source: workbooks, Parquet, databases and frames give the same ledger as CSV."""

from __future__ import annotations

import sqlite3
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from windowservice.errors import EmptyLedger, InvalidValue, LedgerError, MissingExtra, UnknownName, UnreadableFile
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import mapping_from_dict
from windowservice.ledger.sources.sources import source_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
REQUESTS = [
    {"id": "R1", "bank": "105221000018", "service": "S10", "amount": 1250},
    {"id": "R2", "bank": "102221000015", "service": "S08", "amount": None},
]
EVENTS = [
    {"request": "R1", "at": "2018-05-03 09:40", "kind": "submitted", "written": "yes"},
    {"request": "R1", "at": "2018-05-04 16:10", "kind": "decided", "written": None},
    {"request": "R2", "at": "2018-05-04 16:10", "kind": "submitted", "written": "no"},
]


def timed(zone=SHANGHAI):
    return [{**row, "at": datetime.fromisoformat(row["at"]).replace(tzinfo=zone)} for row in EVENTS]


def as_csv(path):
    for name, rows in (("requests", REQUESTS), ("events", EVENTS)):
        lines = [
            ",".join(rows[0]),
            *(",".join("" if cell is None else str(cell) for cell in row.values()) for row in rows),
        ]
        (path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def as_parquet(path):
    polars = pytest.importorskip("polars")
    polars.DataFrame(REQUESTS).write_parquet(path / "requests.parquet")
    polars.DataFrame(timed()).write_parquet(path / "events.parquet")
    return path


def as_workbook(path):
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(path / "ledger.xlsx") as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for name, rows in (("requests", REQUESTS), ("events", timed(None)), ("notes", [{"remark": "not a table"}])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(rows[0]))
            for number, row in enumerate(rows, 1):
                for place, cell in enumerate(row.values()):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(number, place, cell, dates if number % 2 else None)
                    elif str(cell).isdigit():
                        sheet.write_number(number, place, int(cell))
                    elif cell is not None:
                        sheet.write(number, place, cell)
    return path / "ledger.xlsx"


def as_sqlite(path):
    connection = sqlite3.connect(path / "ledger.db")
    with connection:
        connection.execute("create table requests (id text, bank text, service text, amount integer)")
        connection.execute("create table events (request text, at text, kind text, written text)")
        connection.executemany("insert into requests values (:id, :bank, :service, :amount)", REQUESTS)
        connection.executemany("insert into events values (:request, :at, :kind, :written)", EVENTS)
    connection.close()
    return path / "ledger.db"


def as_duckdb(path):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(path / "ledger.duckdb")) as connection:
        connection.execute("create table requests (id text, bank text, service text, amount decimal(18, 2))")
        connection.execute('create table events (request text, "at" timestamptz, kind text, written boolean)')
        for row in REQUESTS:
            connection.execute("insert into requests values (?, ?, ?, ?)", list(row.values()))
        for row in EVENTS:
            words = {"yes": True, "no": False, None: None}
            cells = [row["request"], row["at"] + "+08:00", row["kind"], words[row["written"]]]
            connection.execute("insert into events values (?, ?, ?, ?)", cells)
    return path / "ledger.duckdb"


def as_records(path):
    return {"requests": REQUESTS, "events": EVENTS}


def as_polars(path):
    polars = pytest.importorskip("polars")
    return {"requests": polars.DataFrame(REQUESTS), "events": polars.DataFrame(timed())}


def as_pandas(path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("polars")
    return {"requests": pandas.DataFrame(REQUESTS), "events": pandas.DataFrame(timed())}


def as_arrow(path):
    pyarrow = pytest.importorskip("pyarrow")
    pytest.importorskip("polars")
    return {"requests": pyarrow.Table.from_pylist(REQUESTS), "events": pyarrow.Table.from_pylist(timed())}


@pytest.mark.parametrize(
    "make",
    [as_csv, as_parquet, as_workbook, as_sqlite, as_duckdb, as_records, as_polars, as_pandas, as_arrow],
)
def test_every_kind_of_source_gives_the_same_requests(tmp_path, make):
    """Typed cells, numbers for codes and dates of a workbook come out as the same requests as plain text."""
    ledger = Ledger.read(make(tmp_path), zone="Asia/Shanghai")
    assert ledger.requests == Ledger.read({"requests": REQUESTS, "events": EVENTS}, zone="Asia/Shanghai").requests
    assert (ledger.report.read, ledger.report.accepted, ledger.report.rejected) == (5, 5, 0)
    assert [(event.kind, event.written) for event in ledger.requests[0].events] == [
        ("submitted", True),
        ("decided", None),
    ]
    assert ledger.requests[0].amount == 1250


def test_parquet_is_read_by_pyarrow_where_polars_is_not_installed(tmp_path, monkeypatch):
    """Either library does."""
    pytest.importorskip("pyarrow")
    path = as_parquet(tmp_path)
    expected = Ledger.read(path).requests
    monkeypatch.setitem(sys.modules, "polars", None)
    assert Ledger.read(path).requests == expected
    assert Ledger.read(as_arrow_without_polars()).requests == expected


def as_arrow_without_polars():
    import pyarrow

    return {"requests": pyarrow.Table.from_pylist(REQUESTS), "events": pyarrow.Table.from_pylist(timed())}


@pytest.mark.parametrize(
    ("make", "absent", "extra"),
    [
        (as_parquet, ("polars", "pyarrow"), "columns"),
        (as_workbook, ("python_calamine",), "excel"),
        (as_duckdb, ("duckdb",), "database"),
    ],
)
def test_a_package_that_is_not_installed_is_an_error_that_names_its_extra(tmp_path, monkeypatch, make, absent, extra):
    """The message says what to install."""
    path = make(tmp_path)
    for package in absent:
        monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=rf"pip install 'windowservice\[{extra}\]'"):
        Ledger.read(path)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (as_parquet, "events.parquet"),
        (as_workbook, "ledger.xlsx"),
        (as_duckdb, "ledger.duckdb"),
        (as_sqlite, "ledger.db"),
    ],
)
def test_a_file_cut_off_is_an_error_that_names_it(tmp_path, make, name):
    """Half a file is not read as a ledger with half its rows."""
    make(tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match=name):
        Ledger.read(tmp_path if name == "events.parquet" else path, zone="Asia/Shanghai")


def test_a_cell_of_a_database_that_is_no_text_costs_its_row(tmp_path):
    """Bytes in another encoding, or a blob, are refused; the other rows are read."""
    path = as_sqlite(tmp_path)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("update requests set bank = cast(x'b9a4d0d0' as text) where id = 'R2'")
    connection.close()
    ledger = Ledger.read(path, zone="Asia/Shanghai")
    assert [request.id for request in ledger] == ["R1"]
    first = ledger.report.rejections[0]
    assert (first.file, first.row, first.column) == ("ledger.db[requests]", 2, "bank")


def test_sheets_and_files_that_are_no_tables_are_listed(tmp_path):
    """A sheet of remarks is not read, and the report says so; a name that is nearly ours comes with a hint."""
    assert Ledger.read(as_workbook(tmp_path), zone="Asia/Shanghai").report.files_not_read == ("ledger.xlsx[notes]",)
    (tmp_path / "ledger.xlsx").unlink()
    as_csv(tmp_path)
    (tmp_path / "bank.csv").write_text("id\n1\n")
    (tmp_path / "README.txt").write_text("hello")
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n')
    assert Ledger.read(tmp_path).report.files_not_read == ("bank.csv (did you mean 'banks'?)", "README.txt")


def test_an_empty_ledger_is_an_error(tmp_path):
    """Nothing there, no table, no table of ours, or events without requests."""
    with pytest.raises(EmptyLedger, match="no such file or folder"):
        Ledger.read(tmp_path / "nowhere")
    with pytest.raises(EmptyLedger, match="holds no table"):
        Ledger.read(tmp_path)
    (tmp_path / "request.csv").write_text("id\n")
    with pytest.raises(EmptyLedger, match="did you mean 'requests'"):
        Ledger.read(tmp_path)
    with pytest.raises(EmptyLedger):
        Ledger.read({"events": EVENTS})
    with pytest.raises(EmptyLedger):
        Ledger.read({})
    (tmp_path / "request.csv").write_text("")
    with pytest.raises(UnreadableFile, match="not even a header"):
        Ledger.read(tmp_path)


def test_a_table_without_rows_is_a_ledger_without_requests(tmp_path):
    """The header alone is no error: there is nothing to find, and the report says that nothing was read."""
    (tmp_path / "requests.csv").write_text("id,bank,service\n")
    ledger = Ledger.read(tmp_path)
    assert len(ledger) == ledger.report.read == 0


def test_two_files_for_one_table_are_an_error(tmp_path):
    """Reading both would count everything twice."""
    as_csv(tmp_path)
    as_parquet(tmp_path)
    with pytest.raises(LedgerError, match=r"events.* are both the table|requests.* are both the table"):
        Ledger.read(tmp_path)


def test_what_is_no_ledger_is_refused(tmp_path):
    """A number, a list of numbers, a text file."""
    for wrong in (7, {"requests": 7}, {"requests": [7]}):
        with pytest.raises(InvalidValue):
            Ledger.read(wrong)
    (tmp_path / "ledger.docx").write_text("x")
    with pytest.raises(UnreadableFile, match="no kind of table"):
        Ledger.read(tmp_path / "ledger.docx")
    (tmp_path / "ledger.db").write_text("x")
    with pytest.raises(UnreadableFile, match="neither a SQLite nor a DuckDB"):
        Ledger.read(tmp_path / "ledger.db")


def test_a_mapping_names_its_file_and_sheet(tmp_path):
    """Patterns may take several files; a name that is not there comes with the nearest."""
    as_csv(tmp_path)
    (tmp_path / "events.csv").rename(tmp_path / "events_2018.csv")
    source = source_of(tmp_path)
    assert source.matching("*.csv") == ("events_2018.csv", "requests.csv")
    with pytest.raises(UnknownName, match=r"did you mean 'requests\.csv'"):
        source.matching("request.csv")
    with pytest.raises(UnknownName):
        source.matching("")
    said = {"table": [{"sheet": "requestz", "request": {"id": "id", "bank": "bank", "service": "service"}}]}
    with pytest.raises(UnknownName, match="did you mean 'requests'"):
        Ledger.read(as_sqlite(tmp_path), mapping=mapping_from_dict(said))


def test_a_workbook_with_one_sheet_is_its_file(tmp_path):
    """A single sheet is read whatever its name, the label is the file alone, and a row of blanks is none."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet("办件")
        sheet.write_row(1, 0, ["编号", "收件"])
        sheet.write_row(2, 0, ["1", 43223.402777777781])
        sheet.write_row(4, 0, ["2", "not yet"])
        sheet.write_row(5, 0, ["3", "bad\0cell"])
    said = {
        "zone": "Asia/Shanghai",
        "table": [
            {
                "header": 2,
                "request": {"id": "编号", "bank": {"constant": "b"}, "service": {"constant": "s"}},
                "event": [{"at": "收件", "kind": {"constant": "submitted"}}],
            }
        ],
    }
    ledger = Ledger.read(tmp_path / "x.xlsx", mapping=mapping_from_dict(said))
    assert ledger.requests[0].events[0].at == datetime(2018, 5, 3, 9, 40, tzinfo=SHANGHAI)
    first = ledger.report.rejections[0]
    assert (first.file, first.row, first.column) == ("x.xlsx", 5, "收件")
    assert ledger.report.read == ledger.report.accepted + ledger.report.rejected == 3
