"""Odd cells in every column of every table: reading never raises, the counts add up, nothing else is made of a cell."""

from __future__ import annotations

import enum
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest

from windowservice.ledger.ledger import Ledger
from windowservice.ledger.schema import Table
from windowservice.ledger.tables import BUILT_IN

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")


class Colour(enum.Enum):
    """A word of somebody's own."""

    RED = "red"


GOOD = {
    "code": "X1", "text": "word", "kind": "noted", "instant": "2018-05-03 09:40", "date": "2018-05-03", "number": "1",
    "integer": "1", "boolean": "yes", "items": "X1", "limit": "3 working days",
}  # fmt: skip
ODD = (
    "",
    " ",
    "\t",
    "\u200b",
    "\ufeff",
    "\u00a0",
    "\u3000",
    "-",
    "—",
    "null",
    "NaN",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "####",
    "=1+1",
    '="105"',
    "'105",
    "同上",
    "〃",
    "1.05221E+11",
    "1E+16",
    "1e999999999",
    "-1e-999999999",
    "0x10",
    "1_000",
    "１２３",
    "①",
    "100万元",
    "1,000,000",
    "(1,000)",
    "50%",
    "￥1,000.50",
    "$5",
    "9" * 19,
    "9" * 5000,
    "0." + "1" * 19,
    "-0",
    "0.1234567890123456789",
    "inf",
    "-inf",
    "1/3",
    "5月6日",
    "2-Jan",
    "2018-05",
    "2018-05-03",
    "2018-05-03 24:00",
    "1899-12-31 23:59",
    "2200-01-01 00:00",
    "1900-01-01T00:00+14:00",
    "2199-12-31T23:59-12:00",
    "上午9:40",
    "√",
    "×",
    "x" * 10_000,
    "a\0b",
    "a\nb",
    "\ud800",
    "[1, 2]",
    "{}",
    "；；",
    ";;",
    "，",
    "受理",
    "大额",
    "e\u0301",
    "é",
    "\U0001f600",
    "<b>",
    "1 day",
    "三个工作日",
    None,
    float("nan"),
    float("inf"),
    0.1 + 0.2,
    1e15,
    1e16,
    1e300,
    -0.0,
    105221000018.0,
    1.5,
    0,
    -1,
    10**17,
    10**18,
    2**63,
    10**400,
    10**5000,
    True,
    False,
    Decimal("1.50"),
    Decimal("105.0"),
    Decimal("1e400"),
    Decimal("1e-400"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Fraction(1, 3),
    1j,
    b"x",
    b"\xff",
    bytearray(b"x"),
    UUID(int=1),
    Colour.RED,
    object(),
    object,
    len,
    date(2018, 5, 3),
    date.min,
    date.max,
    datetime.fromisoformat("2018-05-03T09:40"),
    datetime.fromisoformat("9999-12-31T23:59"),
    datetime.max.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=UTC),
    time(9, 40),
    timedelta(hours=9),
    timedelta.max,
    [],
    ["a"],
    [None],
    [[1]],
    (),
    {"a": 1},
    {1},
    frozenset("a"),
    [float("nan")],
    ["a", 1, None],
    np.int64(7),
    np.uint64(2**64 - 1),
    np.float64("nan"),
    np.float32(1.5),
    np.bool_(1),
    np.str_("x"),
    np.datetime64("2018-05-03T09:40", "ns"),
    np.datetime64("NaT"),
    np.timedelta64(1, "h"),
    np.array([1, 2]),
    np.array(1),
    pd.NaT,
    pd.NA,
    pd.Timestamp("2018-05-03 09:40", tz="UTC"),
    pd.Timestamp.max,
    pd.Timedelta(hours=1),
    range(3),
    "".join(chr(code) for code in range(1, 32)),
)


def filled(table: Table, column: str) -> list[dict[str, object]]:
    """A row for each odd value in the column; the other cells are good, and the rows told apart."""
    row = {name: GOOD[table.column(name).type] for name in table.required}
    row |= {name: table.column(name).words[0] for name in row if table.column(name).words}
    if table.name == "events":
        return [{**row, column: odd} for odd in ODD]
    return [{**row, **{name: f"X{place}" for name in table.key if name in row}, column: odd}
            for place, odd in enumerate(ODD, 1)]  # fmt: skip


REQUESTS = [{"id": "X1", "bank": "B", "service": "S10"}]


@pytest.mark.parametrize("name", [table.name for table in BUILT_IN])
def test_any_value_in_any_column_is_read_refused_or_missing_and_the_counts_add_up(name):
    """Numbers of thousands of digits, objects of other libraries, remains of spreadsheets: never a raw error."""
    table = BUILT_IN.named(name)
    for column in table.names:
        ledger = Ledger.read({"requests": REQUESTS, name: filled(table, column)}, zone="Asia/Shanghai")
        for file in ledger.report.files:
            assert file.read == file.accepted + file.rejected + file.repeated
            assert file.read == len(ODD) or file.file != name
            assert file.rejected == sum(rejection.file == file.file for rejection in ledger.report.rejections)
        assert str(ledger.report)
