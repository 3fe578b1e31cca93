"""What is wrong in parts is told with file and row group; the rest is judged, and nothing half-written is left."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.benchmarks.large_ledger import AS_OF, write_parts
from tests.engine.scale.small import small

from windowservice.engine.scale.parts import store as partitions_store
from windowservice.engine.scale.parts.audit import PartedAudit, audit_parts
from windowservice.engine.scale.parts.keys import refuse_shared_keys
from windowservice.errors import CannotWrite, EmptyLedger, InvalidValue, PartsLeft, SharedKey, UnreadableFile

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
ENGINE = small()
SIZE = 100


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three parts of two row groups each."""
    folder = tmp_path_factory.mktemp("made") / "ledger"
    write_parts(folder, 3, SIZE, row_group=50)
    return folder


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "ledger"))


def run(ledger: Path, **options: Any) -> PartedAudit:
    return audit_parts(ENGINE, ledger / "requests", ledger / "events", ledger / "out", as_of=AS_OF, **options)


def change(path: Path, by: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    by(pl.read_parquet(path)).write_parquet(path, row_group_size=50)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def spoil_second_row_group(path: Path) -> None:
    """Overwrite the pages of a column in the second row group."""
    chunk = pq.ParquetFile(path).metadata.row_group(1).column(0)
    begin = chunk.dictionary_page_offset or chunk.data_page_offset
    data = bytearray(path.read_bytes())
    data[begin : begin + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(bytes(data))


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.unfinished")]


# --- files ---


@pytest.mark.parametrize(
    ("table", "spoil", "told"),
    [
        ("requests", cut_off, "part-0001.parquet: it is cut off, damaged or no Parquet"),
        ("events", cut_off, "part-0001.parquet: it is cut off, damaged or no Parquet"),
        ("requests", spoil_second_row_group, "part-0001.parquet, row group 2 of 2: it is cut off, damaged"),
        ("events", spoil_second_row_group, "part-0001.parquet, row group 2 of "),
    ],
)
def test_broken_file_among_others(ledger: Path, table: str, spoil: Callable[[Path], None], told: str) -> None:
    """A broken file is named with its row group, the other parts are finished, and mended it is gone on with."""
    path = ledger / table / "part-0001.parquet"
    sound = path.read_bytes()
    spoil(path)
    with pytest.raises(PartsLeft) as caught:
        run(ledger)
    assert told in str(caught.value)
    assert (list(caught.value.failed), caught.value.finished) == (["part-0001"], 2)
    assert caught.value.audit.totals.requests == 2 * SIZE
    assert not (ledger / "out" / "totals.json").exists()
    path.write_bytes(sound)
    audit = run(ledger)
    assert (audit.resumed, audit.totals.requests) == (2, 3 * SIZE)


def _misspelt(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"reason": "reasons"})


def _text_times(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("at").dt.to_string("iso"))


def _naive_times(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("at").dt.replace_time_zone(None))


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (_misspelt, "unknown column of part-0001: events 'reasons' (did you mean 'reason'?)"),
        (lambda frame: frame.drop("kind"), "no column 'kind'"),
        (_text_times, "events.at must be a column of instants with a zone"),
        (_naive_times, "part-0001: events.at"),
        (lambda frame: frame.drop("request"), "part-0001.parquet: no column 'request'"),
    ],
)
def test_wrong_column_in_one_part(ledger: Path, by: Callable[[pl.DataFrame], pl.DataFrame], told: str) -> None:
    """A column that cannot be what it has to be is told with the part; the others are judged."""
    change(ledger / "events" / "part-0001.parquet", by)
    with pytest.raises(PartsLeft) as caught:
        run(ledger)
    assert told in str(caught.value)
    assert caught.value.finished == 2


def test_part_without_events_is_refused(ledger: Path) -> None:
    """A file of requests that has no file of events would look like silence, so nothing is begun."""
    (ledger / "events" / "part-0002.parquet").unlink()
    with pytest.raises(InvalidValue, match="there is none for part-0002"):
        run(ledger)


def test_no_file_is_no_audit(tmp_path: Path) -> None:
    """A folder without Parquet is told apart from an audit that found nothing; so is a file that is not there."""
    (tmp_path / "requests").mkdir()
    with pytest.raises(EmptyLedger, match="no Parquet file of requests"):
        run(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file"):
        audit_parts(ENGINE, tmp_path / "r.parquet", None, tmp_path / "out", as_of=AS_OF)


# --- order and keys ---


@pytest.mark.parametrize("table", ["requests", "events"])
def test_unsorted_part_that_must_be_cut_is_refused(ledger: Path, table: str) -> None:
    """A part too large to be judged at once must be sorted; where it is not is told, and what to do."""
    change(ledger / table / "part-0001.parquet", lambda frame: pl.concat([frame[:60], frame[:1], frame[60:]]))
    with pytest.raises(PartsLeft) as caught:
        run(ledger, at_once=40)
    key = "id" if table == "requests" else "request"
    assert f"part-0001.parquet, row group 2, row 61: {key} must be sorted" in str(caught.value)


def test_order_is_looked_at_across_a_cut(ledger: Path) -> None:
    """The first request of a piece is held against the last of the piece before it."""
    change(ledger / "requests" / "part-0001.parquet", lambda frame: pl.concat([frame[1:41], frame[:1], frame[41:]]))
    with pytest.raises(PartsLeft, match="row 41: id must be sorted"):
        run(ledger, at_once=40)


@pytest.mark.parametrize("at_once", [50, 1_000_000])
@pytest.mark.parametrize("rows", [7, 10**9])
def test_key_in_two_parts_is_refused(ledger: Path, at_once: int, rows: int) -> None:
    """A request that stands in two files is refused before anything is judged, with both files and rows."""
    stray = pl.read_parquet(ledger / "requests" / "part-0000.parquet")[30:31]
    change(ledger / "requests" / "part-0002.parquet", lambda frame: pl.concat([frame, stray]))
    with pytest.raises(SharedKey) as caught:
        run(ledger, at_once=at_once)
    told = "'R000000000030' stands in part-0000.parquet (row 31) and in part-0002.parquet (row 101)"
    assert str(caught.value).startswith(told)
    assert not (ledger / "out" / "findings").exists()
    files = sorted((ledger / "requests").iterdir())
    with pytest.raises(SharedKey, match="R000000000030"):
        refuse_shared_keys(files, "id", at_once=rows)


def test_keys_that_lie_across_are_not_taken_for_one(tmp_path: Path) -> None:
    """Parts whose ranges of keys meet are judged if no key stands twice; missing ids are no keys."""
    for number in range(3):
        ids = [f"R{key}" for key in range(number, 300, 3)]
        pl.DataFrame({"id": [*ids, None]}).write_parquet(tmp_path / f"{number}.parquet")
    refuse_shared_keys(sorted(tmp_path.iterdir()), "id", at_once=50)


# --- the disk ---


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse to write files beyond a size, as it does when a disk is full."""
    resource = pytest.importorskip("resource", reason="this system has no such limits")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_refused_write_leaves_nothing_under_a_name(ledger: Path) -> None:
    """Where the system refuses to write more, nothing half-written is left; with room again the audit goes on."""
    small = pl.read_parquet(ledger / "requests" / "part-0000.parquet").head(2)
    small.write_parquet(ledger / "requests" / "part-0000.parquet")
    calm = run(ledger)
    sizes = [path.stat().st_size for path in sorted((ledger / "out" / "findings").iterdir())]
    assert sizes[0] < min(sizes[1:])
    with files_no_larger_than(sizes[0] + 100), pytest.raises(CannotWrite, match=r"part-0001.*make room"):
        run(ledger, restart=True)
    names = {path.name for path in (ledger / "out").rglob("*.*") if path.is_file() and path.name != ".lock"}
    assert names == {"audit.json", "part-0000.0000.parquet", "part-0000.0000.json"}
    audit = run(ledger)
    assert (audit.resumed, audit.totals) == (1, calm.totals)


def test_full_disk_stops_at_once(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no fault of a part: the audit stops, is told why, and goes on when there is room."""
    written: list[str] = []
    write = partitions_store._write_parquet

    def full(findings: pl.DataFrame, file: Any) -> None:
        if written:
            file.write(b"PAR1 and a half")
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(file.name)
        write(findings, file)

    monkeypatch.setattr(partitions_store, "_write_parquet", full)
    with pytest.raises(CannotWrite, match="No space left on device"):
        run(ledger)
    assert not left_over(ledger)
    monkeypatch.undo()
    assert run(ledger).resumed == 1
