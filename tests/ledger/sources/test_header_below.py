"""A table whose first row is no header: told which row looks like it, and how to say so."""

from __future__ import annotations

from pathlib import Path

import pytest

import windowservice as ws

ROWS = "id,bank,service\nR-1,105221000018,S10\n"
MAPPING = """\
zone = "Asia/Shanghai"
[[table]]
file = "requests.{end}"
header = {header}
[table.request]
id = "id"
bank = "bank"
service = "service"
[[table]]
file = "events.csv"
[[table.event]]
request = "request"
at = "at"
kind = "kind"
by = "by"
"""
ABOVE = {
    "\n": 2,
    "\n\n": 3,
    "大连分行 2018年5月 受理台账\n": 2,
    "Requests of May,,\n\n": 3,
    "title\n,,\n": 3,
    "a,b,c\n": 2,
}


def _ledger(folder: Path, above: str, end: str) -> None:
    if end == "csv":
        (folder / "requests.csv").write_text(above + ROWS, "utf-8")
    else:
        import xlsxwriter

        with xlsxwriter.Workbook(folder / f"requests.{end}") as book:
            sheet = book.add_worksheet("requests")
            for number, line in enumerate((above + ROWS).splitlines()):
                for column, cell in enumerate(line.split(",")):
                    if cell:
                        sheet.write_string(number, column, cell)
    (folder / "events.csv").write_text("request,at,kind,by\nR-1,2018-05-03 09:40,submitted,wang\n", "utf-8")
    (folder / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")


@pytest.mark.parametrize("end", ["csv", "xlsx"])
@pytest.mark.parametrize(("above", "row"), ABOVE.items())
def test_rows_above_the_header_are_told_with_the_row_of_the_header(
    above: str, row: int, end: str, tmp_path: Path
) -> None:
    """With a mapping and without one; and what is told to be written is right."""
    _ledger(tmp_path, above, end)
    cure = f"row {row} looks like the header: delete the rows above it, or write header = {row} in a mapping"
    with pytest.raises(ws.WindowserviceError, match=cure):
        ws.Ledger.read(tmp_path)
    mapping = tmp_path.parent / f"{tmp_path.name}.toml"
    mapping.write_text(MAPPING.format(header=1, end=end), "utf-8")
    with pytest.raises(ws.WindowserviceError, match=cure):
        ws.Ledger.read(tmp_path, mapping=mapping)
    mapping.write_text(MAPPING.format(header=row, end=end), "utf-8")
    assert [one.id for one in ws.Ledger.read(tmp_path, mapping=mapping).requests] == ["R-1"]
