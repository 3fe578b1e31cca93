"""The law of damage: whatever happens to the bytes of a file, nothing raw is raised, and every refusal names it."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
import tempfile
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.errors import WindowserviceError
from windowservice.ledger.ledger import Ledger

REQUESTS = [["id", "bank", "service", "amount"], *([f"R{n}", f"银行{n % 3}", "S10", str(n * 7)] for n in range(12))]
EVENTS = [
    ["request", "at", "kind", "by"],
    *([f"R{n // 2}", f"2018-05-{3 + n // 2:02d} 09:{n:02d}", ("submitted", "decided")[n % 2], "王"] for n in range(24)),
]
TABLES = {"requests": REQUESTS, "events": EVENTS}
SETTINGS = 'zone = "Asia/Shanghai"  # 时区\nmapping = "mapping.toml"\n'
MAPPING = """
[[table]]
file = "requests.csv"
request = { id = "id", bank = "bank", service = "service", amount = "amount" }
[[table]]
file = "events.csv"
event = [{ request = "request", at = "at", kind = "kind", by = "by" }]
"""


def _text(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    return "".join(",".join(row) + "\n" for row in rows).encode(encoding)


def _csv(folder: Path, encoding: str = "utf-8") -> None:
    for name, rows in TABLES.items():
        (folder / f"{name}.csv").write_bytes(_text(rows, encoding))


def _mapped(folder: Path) -> None:
    _csv(folder)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    (folder / "ledger.toml").write_text(SETTINGS, encoding="utf-8")


def _packed(folder: Path) -> None:
    for name, rows in TABLES.items():
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(_text(rows)))


def _workbook(folder: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(str(folder / "l.xlsx")) as book:
        for name, rows in TABLES.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def _database(folder: Path) -> None:
    connection = sqlite3.connect(folder / "l.db")
    with connection:
        for name, (head, *rows) in TABLES.items():
            connection.execute(f"create table {name} ({', '.join(head)})")
            connection.executemany(f"insert into {name} values (?, ?, ?, ?)", rows)
    connection.close()


MAKERS = {
    "csv": _csv, "gbk": lambda folder: _csv(folder, "gbk"), "utf-16": lambda folder: _csv(folder, "utf-16"),
    "mapped": _mapped, "gzip": _packed, "workbook": _workbook, "sqlite": _database,
}  # fmt: skip


@cache
def _made(kind: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        MAKERS[kind](Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def damaged(data: bytes, how: str, place: int, length: int, junk: bytes) -> bytes:
    """Return bytes with something done to them at a place."""
    place %= max(1, len(data))
    before, after = data[:place], data[place:]
    return {
        "cut": before,
        "lost": before + after[length:],
        "twice": before + after[:length] + after,
        "put in": before + junk + after,
        "over": before + junk + after[len(junk) :],
        "turned": before + bytes([after[0] ^ (1 << length % 8)]) + after[1:] if after else data,
        "zeroed": before + b"\0" * min(length, len(after)) + after[length:],
    }[how]


HOW = ("cut", "lost", "twice", "put in", "over", "turned", "zeroed")
damages = st.tuples(
    st.sampled_from(HOW), st.integers(0, 1 << 14), st.integers(1, 200), st.binary(min_size=1, max_size=12)
)


@pytest.mark.parametrize("kind", MAKERS)
@trials(0.6, suppress_health_check=[HealthCheck.too_slow])
@given(which=st.integers(0, 9), first=damages, more=st.lists(damages, max_size=2))
def test_damage_raises_nothing_raw_loses_no_row_and_every_refusal_names_its_file(kind, which, first, more):
    """In any format, in any file of a ledger; a byte, a piece, or all from a place on."""
    files = _made(kind)
    name = sorted(files)[which % len(files)]
    data = files[name]
    for how in (first, *more):
        data = damaged(data, *how)
    folder = Path(tempfile.mkdtemp())
    try:
        for other, content in files.items():
            (folder / other).write_bytes(data if other == name else content)
        try:
            ledger = Ledger.read(folder, zone="Asia/Shanghai")
        except WindowserviceError as error:
            told = str(error)
            assert any(other in told for other in (*files, "mapping", folder.name)), told
            return
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report = ledger.report
    for file in report.files:
        assert file.read == file.accepted + file.rejected + file.repeated
        assert file.rejected == sum(rejection.file == file.file for rejection in report.rejections)
    assert len(ledger.requests) <= len(REQUESTS) + 3


def _seconds(read):
    best = 1e9
    for _ in range(2):
        began = time.process_time()
        read()
        best = min(best, time.process_time() - began)
    return best


def _wide(columns: int) -> dict[str, list[dict[str, str]]]:
    return {"requests": [{"id": "R1", "bank": "B", "service": "S10"} | {f"extra.c{n}": "1" for n in range(columns)}]}


def _strange_banks(rows: int) -> dict[str, list[dict[str, str]]]:
    return {
        "banks": [{"id": f"B{n:06d}"} for n in range(1000)],
        "requests": [{"id": f"R{n}", "bank": f"X{n:06d}", "service": "S10"} for n in range(rows)],
    }


@pytest.mark.parametrize(("make", "size"), [(_wide, 2_000), (_strange_banks, 1_000)], ids=["columns", "unknown banks"])
def test_reading_grows_as_what_is_read(make, size):
    """Four times as many columns, or banks that no list has, cost at most about four times as much."""
    small, large = make(size), make(4 * size)
    assert (
        _seconds(lambda: Ledger.read(large)) < 12 * _seconds(lambda: Ledger.read(small)) + 1.0
    )  # bounds of order, not of speed
