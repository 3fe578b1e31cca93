"""CSV files as they come."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import UnreadableFile, WrongEncoding
from windowservice.ledger.sources.csv_file import csv_table
from windowservice.ledger.sources.table import Broken, Note


@pytest.fixture
def write(tmp_path):
    def write(content, name="events.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rows(path, **form):
    table = csv_table(path, **form)
    return [
        (number, cells if isinstance(cells, Broken | Note) else list(cells))
        for number, cells in table.rows(table.columns)
    ]


def test_rows_are_numbered_as_a_person_sees_them(write):
    """The header is row 1; blank rows are no rows but have a number."""
    assert rows(write("a,b\n1,2\n\n,\n3,4\n")) == [(2, ["1", "2"]), (5, ["3", "4"])]


def test_a_quoted_cell_may_hold_a_line_break(write):
    """The record is one row."""
    assert rows(write('a,b\n"x\ny",2\n3,4\n')) == [(2, ["x\ny", "2"]), (3, ["3", "4"])]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("编号,机构\n1,工行\n".encode(), "utf-8 (detected)"),
        ("编号,机构\n1,工行\n".encode("utf-8-sig"), "utf-8-sig (byte-order mark)"),
        ("编号,机构\n1,工行\n".encode("gbk"), "gb18030 (detected)"),
        ("编号,机构\n1,工行\n".encode("utf-16"), "utf-16 (byte-order mark)"),
    ],
)
def test_the_encoding_is_found_and_said(write, content, encoding):
    """UTF-8 with or without a mark, GBK and UTF-16 are told apart."""
    path = write(content)
    assert csv_table(path).encoding == encoding
    assert csv_table(path).columns == ("编号", "机构")
    assert rows(path) == [(2, ["1", "工行"])]


def test_an_encoding_that_cannot_be_told_is_an_error(write):
    """The file is named, with the place and what to do; a mapping may name the encoding."""
    path = write("naam\ncaf\xe9\nB\xff\n".encode("latin-1"))
    with pytest.raises(WrongEncoding, match=r"events\.csv: byte 8 is not utf-8 or gb18030"):
        csv_table(path)
    assert rows(path, encoding="latin-1")[0] == (2, ["caf\xe9"])
    with pytest.raises(WrongEncoding, match="ascii"):
        csv_table(path, encoding="ascii")
    with pytest.raises(UnreadableFile, match="no encoding is called"):
        csv_table(path, encoding="utf-9")


def test_damaged_utf_8_is_not_taken_for_gb18030(write):
    """A file that was UTF-8 for a while, or is cut off inside a character, is an error and not wrong characters."""
    good = "编号,机构\n1,中国工商银行\n".encode()
    for content in (good[:-2], good + b"2,\xd6\xd0\n", good * 50_000 + b"2,\xd6\xd0\n"):
        with pytest.raises(WrongEncoding, match="is not utf-8;"):
            csv_table(write(content))


def test_a_row_with_missing_cells_is_broken(write):
    """A file cut off in the middle of a row ends with one."""
    assert rows(write("a,b,c\n1,2,3\n4,5")) == [
        (2, ["1", "2", "3"]),
        (3, Broken("the row has 2 cells, the header 3", "4,5")),
    ]


def test_empty_cells_beyond_the_header_do_not_matter(write):
    """Spreadsheets write them; cells with something in them do."""
    found = rows(write("a,b\n1,2,,\n1,2,3\n"))
    assert found[0] == (2, ["1", "2"])
    assert isinstance(found[1][1], Broken)


def test_a_quote_left_open_costs_one_row(write):
    """What the open quote would have swallowed is read all the same."""
    lines = ["a,b", "1,2", '3,"4', "5,6", "7,8", ""]
    found = rows(write("\n".join(lines)))
    assert [number for number, cells in found if isinstance(cells, Broken)] == [3]
    assert [cells for _, cells in found if not isinstance(cells, Broken)] == [["1", "2"], ["5", "6"], ["7", "8"]]


def test_two_quotes_left_open_cost_two_rows(write):
    """The second quote closes the first; the rows between are still read."""
    found = rows(write('a,b\n1,"2\n3,4\n5,"6\n7,8\n'))
    assert [number for number, cells in found if isinstance(cells, Broken)] == [2, 4]
    assert [cells for _, cells in found if not isinstance(cells, Broken)] == [["3", "4"], ["7", "8"]]


def test_a_huge_cell_is_a_broken_row(write):
    """A cell of more than 131,072 characters is refused; the others are read."""
    found = rows(write("a,b\n1," + "x" * 200_000 + "\n3,4\n"))
    assert isinstance(found[0][1], Broken)
    assert "field limit" in found[0][1].reason
    assert len(found[0][1].text) < 100
    assert found[1] == (3, ["3", "4"])


def test_a_gzip_file_cut_off_is_an_error_that_names_it(write):
    """So is one that is no gzip file."""
    whole = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(5000)))
    assert len(rows(write(whole, "events.csv.gz"))) == 5000
    with pytest.raises(UnreadableFile, match=r"events\.csv\.gz: its compressed data is cut off"):
        csv_table(write(whole[: len(whole) // 2], "events.csv.gz"))
    with pytest.raises(UnreadableFile, match="damaged"):
        csv_table(write(b"a,b\n1,2\n", "events.csv.gz"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "not even a header"),
        ("\n\n", "no header"),
        ("a,a\n1,2\n", "'a' stands twice"),
        (",,\n1,2,3\n", "no header"),
    ],
)
def test_a_file_without_a_usable_header_is_an_error(write, content, problem):
    """Nothing can be read by name then."""
    with pytest.raises(UnreadableFile, match=problem):
        rows(write(content))


@pytest.mark.parametrize(("content", "name"), [("a;b\n1,5;2\n", "x.csv"), ("a\tb\n1,5\t2\n", "x.tsv")])
def test_the_header_decides_what_stands_between_cells(write, content, name):
    """Semicolons and tabs are found without being told."""
    assert rows(write(content, name)) == [(2, ["1,5", "2"])]


def test_the_header_may_stand_further_down(write):
    """A title above it is passed over."""
    assert rows(write("台账 2018,\n编号,机构\n1,2\n"), header=2) == [(3, ["1", "2"])]
    with pytest.raises(UnreadableFile, match="ends before its header"):
        csv_table(write("a,b\n"), header=3)


@given(st.lists(st.lists(st.text(alphabet='ab",\n\r;', max_size=4), min_size=2, max_size=2), max_size=12), st.data())
def test_rows_after_a_fault_are_never_lost(tmp_path_factory, table, data):
    """Whatever row is broken by an open quote, every row that was well written is still read."""
    import csv
    import io

    well = [[f"{number}", *cells] for number, cells in enumerate(table)]
    place = data.draw(st.integers(0, len(well)))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["n", "a", "b"])
    writer.writerows(well[:place])
    before = out.getvalue()
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[number, "x", "y"] for number, *_ in well[place:]])
    path = tmp_path_factory.mktemp("csv") / "events.csv"
    path.write_text(f'{before}bad,"open\n{out.getvalue()}', encoding="utf-8", newline="")
    found = [list(cells) for _, cells in csv_table(path).rows(["n", "a", "b"]) if not isinstance(cells, Broken)]
    assert found == [*well[:place], *([number, "x", "y"] for number, *_ in well[place:])]


@pytest.mark.parametrize(
    ("content", "unended"),
    [
        ("a,b\n1,2\n3,4\n", False),
        ("a,b\n1,2\n3,4", True),
        ("a,b\r\n1,2\r\n3,", True),
        ("a,b\r1,2\r", False),
        ("a,b", False),
        ("a,b\n1,2".encode("utf-16"), True),
        ('a,b\n1,"2\n"', True),
        ("编号,机构\n1,工行".encode("gbk"), True),
    ],
)
def test_a_last_line_without_a_line_break_is_noticed(write, content, unended):
    """A file cut off between two cells looks whole, but for that; a file that is one line says nothing."""
    assert csv_table(write(content)).unended is unended


def test_a_compressed_file_may_lack_its_last_line_break_too(write):
    """What counts is the text, not how it is kept."""
    assert csv_table(write(gzip.compress(b"a,b\n1,2"), "events.csv.gz")).unended is True


def test_big5_and_utf_16_without_a_mark_are_found_where_that_is_certain(write):
    """A traditional text is read as such, and said to be."""
    for text, encoding, said in (
        ("编号,机构\n1,工行\n", "utf-16-le", "utf-16-le (detected)"),
        ("id,bank\n1,B\n", "utf-16-be", "utf-16-be (detected)"),
        ("編號,機構\n1,國泰世華銀行\n", "big5", "cp950 (Big5, detected)"),
        ("编号,机构\n1,陶喆\n2,国泰世华银行\n", "gbk", "gb18030 (detected)"),
    ):
        path = write(text.encode(encoding))
        assert csv_table(path).encoding == said
        assert csv_table(path).columns == tuple(text.split("\n")[0].split(","))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Crédit Agricole", "latin-1"),
        ("Münchner Straße", "cp1252"),
        ("Банк России", "cp1251"),
        ("みずほ銀行", "shift_jis"),
    ],
)
def test_another_encoding_is_named_as_a_doubt_and_never_read_as_chinese(write, text, encoding):
    """A name read wrong is another bank; a mapping that names the encoding is obeyed."""
    path = write(f"id,bank\n1,{text},\n".replace(",\n", "\n").encode(encoding))
    with pytest.raises((UnreadableFile, WrongEncoding), match="encoding"):
        csv_table(path)
    assert rows(path, encoding=encoding)[0] == (2, ["1", text])


@pytest.mark.parametrize(
    "name", ["rot13", "base64", "hex", "uu", "quopri", "punycode", "undefined", "idna", "unicode_escape", "no\0", "u9"]
)
def test_what_is_no_encoding_of_text_is_refused(write, name):
    """Python calls more things an encoding than a file can be in."""
    with pytest.raises(UnreadableFile, match="no encoding"):
        csv_table(write("a,b\n1,2\n"), encoding=name)


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_the_rows_decide_which_sign_stands_between_cells(write, mark):
    """A header with another sign in a name, decimal commas in the rows, quoted signs."""
    lines = [["a", "b, c", "d"], ["1,5", '"x;y|z"' if mark != '"' else "x", "2"], ["2,5", "q", "3"]]
    if mark == ",":
        lines = [["a", "b;c", "d"], ["1;5", '"x,y"', "2"], ["2", "q", "3"]]
    path = write("\n".join(mark.join(cells) for cells in lines) + "\n")
    assert len(csv_table(path).columns) == 3
    assert len(rows(path)) == 2


def test_a_delimiter_that_cannot_be_told_is_refused(write):
    """With the choices; a mapping names it, and so does Excel's first line."""
    path = write("a,b;c,d;e\n1,2;3,4;5\n")
    with pytest.raises(UnreadableFile, match=r"',' or ';'"):
        csv_table(path)
    assert csv_table(path, delimiter=";").columns == ("a,b", "c,d", "e")
    assert rows(write("sep=;\na;b\n1;2\n")) == [(3, ["1", "2"])]
    for wrong in ("ab", '"', "\n"):
        with pytest.raises(UnreadableFile, match="delimiter"):
            csv_table(path, delimiter=wrong)


def test_names_in_a_header_may_hold_line_breaks_and_one_that_nobody_reads_may_stand_twice(write):
    """As in a workbook."""
    path = write('id,"办件\n 编号",备注,备注\nR1,7,x,y\n')
    table = csv_table(path)
    assert table.columns == ("id", "办件 编号", "备注", "备注")
    assert [cells for _, cells in table.rows(["id", "办件 编号"])] == [("R1", "7")]


def test_a_header_whose_quote_is_not_closed_takes_no_rows(write):
    """Nor does one with a cell without end."""
    for content in ('id,"bank\n' + "R1,B\n" * 30, "id," + "x" * 200_000 + "\nR1,B\n"):
        with pytest.raises(UnreadableFile, match="header is broken"):
            csv_table(write(content))


def test_remarks_and_totals_are_no_rows(write):
    """And a line that could be a row is one."""
    found = rows(write("id,b,n\nR1,x,1\n合计,,1\n注：以上为五月,,\nR2,,\n"))
    assert [type(cells) for _, cells in found] == [list, Note, Note, list]
    assert [cells.is_total for _, cells in found[1:3]] == [True, False]
