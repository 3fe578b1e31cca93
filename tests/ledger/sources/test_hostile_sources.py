"""Tables that were made to read, wait for or take what is not theirs: only the file is read, and to an end."""

from __future__ import annotations

import gzip
import os
import sqlite3
import zipfile
from datetime import UTC, datetime

import pytest

from windowservice.errors import UnreadableFile, WindowserviceError
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import mapping_from_dict
from windowservice.ledger.sources.sources import SourceForm, source_of

ROW = {"id": "R1", "bank": "B", "service": "S10"}
CSV = "id,bank,service\nR1,B,S10\n"


def read_or_told(call):
    """Return what was read, or what an error of the library's own said."""
    try:
        return call()
    except WindowserviceError as error:
        return str(error)


def duckdb_file(path, *statements):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def sqlite_file(path, *statements):
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


def mapped(path, sheet, **cells):
    request = cells or {"id": "id", "bank": "bank", "service": "service"}
    return Ledger.read(path, mapping=mapping_from_dict({"table": [{"sheet": sheet, "request": request}]}))


DATA = "as select 'R1' id, 'B' bank, 'S10' service"


class TestDatabases:
    """Their names are names, their views read nothing but the file and have an end."""

    @pytest.mark.parametrize("where", ["table", "view of a path", "view of a function"])
    def test_a_file_beside_a_duckdb_file_is_never_read(self, tmp_path, where):
        """Neither through a table that is called like it, nor through a view."""
        (tmp_path / "secret.csv").write_text("id,bank,service\nTOPSECRET,B,S10\n")
        secret = (tmp_path / "secret.csv").as_posix()
        made = {
            "table": ("create schema s", f'create table s."{secret}" (id varchar, bank varchar, service varchar)'),
            "view of a path": (f"create view requests as select * from '{secret}'",),
            "view of a function": (f"create view requests as select * from read_csv('{secret}')",),
        }[where]
        path = duckdb_file(tmp_path / "x.duckdb", *made)
        told = read_or_told(lambda: mapped(path, secret if where == "table" else "requests"))
        assert isinstance(told, str) or not told.requests
        assert "TOPSECRET" not in str(told)

    def test_a_table_that_is_called_like_an_address_fetches_nothing(self, tmp_path):
        """Listing the tables loads no code either."""
        made = ("create schema s", 'create table s."http://127.0.0.1:9/x.csv" (a int)', f"create table requests {DATA}")
        assert len(Ledger.read(duckdb_file(tmp_path / "x.duckdb", *made)).requests) == 1

    @pytest.mark.parametrize(("make", "name"), [(duckdb_file, "x.duckdb"), (sqlite_file, "x.db")])
    def test_a_view_is_a_table(self, tmp_path, make, name):
        """As of any database."""
        path = make(tmp_path / name, f"create table raw {DATA}", "create view requests as select * from raw")
        assert [request.id for request in Ledger.read(path)] == ["R1"]

    @pytest.mark.parametrize(("make", "name"), [(duckdb_file, "x.duckdb"), (sqlite_file, "x.db")])
    def test_a_broken_view_matters_only_if_it_is_asked_for(self, tmp_path, make, name):
        """It is listed as not read, and an error where it is one of our tables."""
        gone = ("create table gone (a int)", "create view {0} as select a from gone", "drop table gone")
        path = make(tmp_path / name, f"create table requests {DATA}", *(said.format("other") for said in gone))
        ledger = Ledger.read(path)
        assert len(ledger.requests) == 1
        assert any("other" in unread for unread in ledger.report.files_not_read)
        broken = make(tmp_path / f"2{name}", *(said.format("requests") for said in gone))
        with pytest.raises(UnreadableFile, match="requests"):
            Ledger.read(broken)

    @pytest.mark.parametrize("rows", ["x < 0", "x > 0"])
    def test_a_view_without_end_is_told(self, tmp_path, rows):
        """Whether it gives no row ever, or ever more."""
        endless = (
            "create view requests as with recursive n(x) as (select 1 union all select x + 1 from n) "
            f"select 'R' || x as id, 'B' as bank, 'S10' as service from n where {rows}"
        )
        with pytest.raises(UnreadableFile, match="never ends"):
            Ledger.read(sqlite_file(tmp_path / "x.db", endless))

    def test_names_and_columns_of_sqlite_are_all_there(self, tmp_path):
        """Generated columns are columns, and only what begins with sqlite and a low line is the system's."""
        path = sqlite_file(
            tmp_path / "x.db",
            "create table requests (id, bank, service, amount as (5))",
            "insert into requests (id, bank, service) values ('R1', 'B', 'S10')",
            "create table sqlitexbanks (a)",
        )
        ledger = Ledger.read(path)
        assert ledger.requests[0].amount == 5
        assert "x.db[sqlitexbanks]" in ledger.report.files_not_read

    def test_an_instant_that_python_cannot_say_costs_its_row(self, tmp_path):
        """In a database as in Parquet."""
        path = duckdb_file(
            tmp_path / "x.duckdb",
            f"create table requests {DATA}",
            'create table events (request varchar, "at" timestamptz, kind varchar)',
            "insert into events values ('R1', '290000-01-01 00:00:00+00', 'submitted')",
        )
        report = Ledger.read(path, zone="Asia/Shanghai").report
        assert (report.rejected, report.rejections[0].column) == (1, "at")


class TestNamesOfFiles:
    """A name of a file is a name, whatever signs are in it."""

    @pytest.mark.parametrize("folder", ["[2018] ledger", "led?er", "*", "year=2018"])
    @pytest.mark.parametrize("library", ["polars", "pyarrow"])
    def test_a_parquet_file_is_read_and_not_those_that_its_path_would_match(
        self, tmp_path, monkeypatch, folder, library
    ):
        """Another ledger beside it, of a name that fits the pattern, is never judged in its place."""
        polars = pytest.importorskip("polars")
        for place, ident in ((folder, "MINE"), ("2 ledger", "OTHER"), ("ledger", "OTHER")):
            (tmp_path / place).mkdir()
            polars.DataFrame([{**ROW, "id": ident}]).write_parquet(tmp_path / place / "requests.parquet")
        if library == "pyarrow":
            monkeypatch.setitem(__import__("sys").modules, "polars", None)
        assert [request.id for request in Ledger.read(tmp_path / folder)] == ["MINE"]

    def test_a_file_with_brackets_in_its_name_is_named_by_a_mapping(self, tmp_path):
        """As browsers name a second download; patterns work beside it, and capitals are no other name."""
        for name in ("banks[1].csv", "banks1.csv", "Requests.CSV"):
            (tmp_path / name).write_text(CSV)
        source = source_of(tmp_path)
        assert source.matching("banks[1].csv") == ("banks[1].csv",)
        assert source.matching("banks*.csv") == ("banks1.csv", "banks[1].csv")
        assert source.matching("requests.csv") == ("Requests.CSV",)


class TestWhatIsNoFile:
    """What has the name of a table and is none is named or refused, never passed over."""

    @pytest.mark.parametrize("name", ["messages.csv", "banks.parquet", "x.xlsx", "x.duckdb", "x.csv.gz"])
    def test_a_link_to_nothing_or_a_pipe_in_place_of_a_table_is_refused(self, tmp_path, name):
        """Otherwise its rows would be missing without a word, or the reading would wait for ever."""
        (tmp_path / "requests.csv").write_text(CSV)
        (tmp_path / name).symlink_to("share-not-mounted")
        with pytest.raises(UnreadableFile, match=r"link to a file that is not there"):
            Ledger.read(tmp_path)
        (tmp_path / name).unlink()
        os.mkfifo(tmp_path / name)
        with pytest.raises(UnreadableFile, match="pipe"):
            Ledger.read(tmp_path)
        with pytest.raises(UnreadableFile, match="pipe"):
            Ledger.read(tmp_path / name)

    def test_a_folder_that_is_called_like_a_table_is_listed(self, tmp_path):
        """As not read."""
        (tmp_path / "requests.csv").write_text(CSV)
        (tmp_path / "banks.csv").mkdir()
        assert Ledger.read(tmp_path).report.files_not_read == ("banks.csv (it is a folder, not a file)",)

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("Thumbs.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
            ("thumbs.db", b""),
            ("pictures.db", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
            ("desktop.ini", b"[.ShellClassInfo]"),
            ("~$requests.xlsx", b"\x05admin"),
            (".~lock.requests.csv#", b"x"),
            ("._requests.csv", b"\0\x05\x16\x07"),
            (".DS_Store", b"\0\0\0\x01Bud1"),
        ],
    )
    def test_what_systems_leave_in_a_folder_stops_nothing(self, tmp_path, name, data):
        """Caches of pictures, lock files, notes of the file system."""
        (tmp_path / "requests.csv").write_text(CSV)
        (tmp_path / name).write_bytes(data)
        assert len(Ledger.read(tmp_path).requests) == 1

    def test_a_database_that_is_none_is_an_error(self, tmp_path):
        """It may be the ledger itself, damaged."""
        (tmp_path / "requests.csv").write_text(CSV)
        (tmp_path / "ledger.db").write_bytes(b"SQLite format 2\0" * 9)
        with pytest.raises(UnreadableFile, match="neither"):
            Ledger.read(tmp_path)


class TestSizes:
    """What a file claims or unpacks to is bounded before it is read."""

    def test_a_line_without_end_is_told(self, tmp_path):
        """Packed to a hundredth of its size."""
        with gzip.open(tmp_path / "requests.csv.gz", "wb", compresslevel=1) as file:
            file.write(b"id,bank,service\n")
            for _ in range(80):
                file.write(b"a" * (1 << 20))
        with pytest.raises(UnreadableFile, match="line of over"):
            Ledger.read(tmp_path)

    def test_a_file_that_unpacks_to_two_hundred_times_its_size_is_told(self, tmp_path):
        """Empty lines are no rows, and would be read for minutes."""
        with gzip.open(tmp_path / "requests.csv.gz", "wb", compresslevel=1) as file:
            file.write(b"id,bank,service\n")
            for _ in range(300):
                file.write(b"\n" * (1 << 20))
        with pytest.raises(UnreadableFile, match="unpacks to over"):
            Ledger.read(tmp_path)

    @pytest.mark.parametrize("cell", ["XFD1048576", "ZZ900000", "CV1048576"])
    def test_a_cell_far_away_is_told_with_its_place(self, tmp_path, cell):
        """A space in it is enough."""
        xlsxwriter = pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")
        with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
            sheet = book.add_worksheet("requests")
            sheet.write_row(0, 0, list(ROW))
            sheet.write_row(1, 0, list(ROW.values()))
            sheet.write(cell, " ")
        with pytest.raises(UnreadableFile, match=cell):
            Ledger.read(tmp_path / "x.xlsx")

    def test_a_claim_of_more_texts_than_there_is_room_for_is_told(self, tmp_path):
        """The reader would make room for all of them first."""
        xlsxwriter = pytest.importorskip("xlsxwriter")
        pytest.importorskip("python_calamine")
        with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as book:
            book.add_worksheet("requests").write_row(0, 0, list(ROW))
        with zipfile.ZipFile(tmp_path / "x.xlsx") as book, zipfile.ZipFile(tmp_path / "y.xlsx", "w") as other:
            for name in book.namelist():
                data = book.read(name)
                other.writestr(name, data.replace(b'uniqueCount="3"', b'uniqueCount="4294967295"'))
        with pytest.raises(UnreadableFile, match="claims"):
            Ledger.read(tmp_path / "y.xlsx")


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("number", [2**63 - 1, -(2**63) + 1])
def test_an_instant_of_parquet_that_python_cannot_say_costs_its_row(tmp_path, unit, number):
    """The other rows are read, and no library prints or gives up."""
    polars = pytest.importorskip("polars")
    polars.DataFrame([ROW]).write_parquet(tmp_path / "requests.parquet")
    good = polars.Series("at", [datetime(2018, 5, 3, tzinfo=UTC)], polars.Datetime(unit, "UTC"))
    odd = polars.Series("at", [number], polars.Int64).cast(polars.Datetime(unit, "UTC"))
    times = polars.concat([good, odd])
    events = polars.DataFrame({"request": ["R1", "R1"], "at": times, "kind": ["submitted", "decided"]})
    events.write_parquet(tmp_path / "events.parquet")
    report = Ledger.read(tmp_path).report
    assert (report.events, report.rejected, report.rejections[0].row) == (1, 1, 2)


def test_a_zone_of_parquet_that_is_none_is_told(tmp_path):
    """With the file."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(pyarrow.table({name: [value] for name, value in ROW.items()}), tmp_path / "requests.parquet")
    at = pyarrow.array([1525311600000000], pyarrow.timestamp("us", "+25:00"))
    parquet.write_table(
        pyarrow.table({"request": ["R1"], "at": at, "kind": ["submitted"]}), tmp_path / "events.parquet"
    )
    told = read_or_told(lambda: Ledger.read(tmp_path))
    assert "events.parquet" in told if isinstance(told, str) else told.report.rejected == 1


@pytest.mark.parametrize(
    "change", [lambda data: data[: len(data) // 2], lambda data: data + "R9,B,S10\n", lambda data: data]
)
def test_a_file_that_is_written_to_while_it_is_read_is_told(tmp_path, change):
    """Cut, or appended to, or written anew: what was read may be half of one and half of the other."""
    path = tmp_path / "requests.csv"
    whole = "id,bank,service\n" + "".join(f"R{n},B,S10\n" for n in range(200_000))
    path.write_text(whole)
    (table,) = source_of(path).open(path.name, SourceForm())
    rows = table.rows(["id", "bank", "service"])
    next(rows)
    path.write_text(change(whole))
    os.utime(path, ns=(1, 1))
    with pytest.raises(UnreadableFile, match="changed while it was read"):
        list(rows)
