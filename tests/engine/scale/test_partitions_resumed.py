"""An audit that was killed goes on where it stopped, and what it leaves is what it would have left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.benchmarks.large_ledger import AS_OF, frames_of_part, write_parts
from tests.engine.scale.small import small

from windowservice.engine.scale.parts.audit import PartedAudit, audit_parts
from windowservice.errors import AnotherAudit, InvalidValue

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
ENGINE = small()
AT_ONCE = 60
_ROOT = Path(__file__).resolve().parents[3]
_KILLED = """
import os, signal, sys
from tests.engine.scale.small import small
from windowservice.engine.scale.parts.audit import audit_parts

calls, sync = 0, os.fsync

def fsync(handle):
    global calls
    calls += 1
    if calls == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    sync(handle)

os.fsync = fsync
audit_parts(small(), sys.argv[1] + "/requests", sys.argv[1] + "/events", sys.argv[3], as_of=sys.argv[4], at_once=60)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two parts of two pieces each."""
    folder = tmp_path_factory.mktemp("made") / "ledger"
    write_parts(folder, 2, 100, row_group=50)
    return folder


@pytest.fixture(scope="module")
def calm(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an audit of it that nothing disturbed."""
    out = tmp_path_factory.mktemp("calm") / "out"
    run(made, out)
    return out


@pytest.fixture
def out(calm: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be spoilt."""
    return Path(shutil.copytree(calm, tmp_path / "out"))


@pytest.fixture
def ledger(made: Path, tmp_path: Path) -> Path:
    """A copy of the ledger, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "ledger"))


def run(ledger: Path, out: Path, **options: object) -> PartedAudit:
    options = {"as_of": AS_OF, "at_once": AT_ONCE, **options}
    engine = options.pop("engine", ENGINE)
    return audit_parts(engine, ledger / "requests", ledger / "events", out, **options)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files that were written, byte by byte."""
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# Every file that is written is brought to the disk twice, itself and then its name: 1 and 2 are the settings, 3 the
# findings of the first piece, 5 the note of it, 7 the findings of the second, 18 the name of the last note.
@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process like that")
@pytest.mark.parametrize("call", [1, 3, 5, 7, 18])
def test_killed_audit_goes_on(made: Path, calm: Path, tmp_path: Path, call: int) -> None:
    """Killed at any write, it leaves whole files only; begun again, it leaves byte for byte what one run leaves."""
    out = tmp_path / "killed"
    command = [sys.executable, "-c", _KILLED, str(made), str(call), str(out), AS_OF]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "src")])}
    ended = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    wanted, left = contents(calm), contents(out)
    under_final_names = {name: data for name, data in left.items() if not name.endswith(".unfinished")}
    assert under_final_names.items() <= wanted.items()
    assert "totals.json" not in left
    audit = run(made, out)
    assert audit.resumed == sum(name.startswith("done/") for name in under_final_names)
    assert contents(out) == wanted


def test_finished_audit_is_not_done_again(made: Path, tmp_path: Path) -> None:
    """Asked for again, all pieces are kept and the totals are the same."""
    first, second = run(made, tmp_path / "out"), run(made, tmp_path / "out")
    assert (first.resumed, second.resumed) == (0, 4)
    assert first.totals == second.totals


def test_changed_file_is_judged_again(ledger: Path, tmp_path: Path) -> None:
    """A part whose file has changed is judged anew and named; the others are kept."""
    before = run(ledger, tmp_path / "out")
    requests, events = frames_of_part(1, 100, seed=7)
    requests.write_parquet(ledger / "requests" / "part-0001.parquet")
    events.write_parquet(ledger / "events" / "part-0001.parquet")
    after = run(ledger, tmp_path / "out")
    assert (after.redone, after.resumed) == (("part-0001",), 2)
    assert after.totals.finding_hash != before.totals.finding_hash
    assert after.totals == run(ledger, tmp_path / "fresh").totals


def test_lost_findings_are_judged_again(made: Path, calm: Path, out: Path) -> None:
    """A piece whose findings were deleted is judged again."""
    (out / "findings" / "part-0001.0000.parquet").unlink()
    assert run(made, out).resumed == 2
    assert contents(out) == contents(calm)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"engine": ENGINE.only("small/quick")}, "engine"),
        ({"as_of": "2018-12-30"}, "as_of"),
        ({"at_once": 59}, "at_once"),
        ({"recorded": ["submitted"]}, "recorded"),
    ],
)
def test_another_audit_is_refused(
    made: Path, calm: Path, out: Path, tmp_path: Path, options: dict[str, object], what: str
) -> None:
    """Findings of another engine, instant or cut are not mixed: it is told what differs, and what to do."""
    with pytest.raises(AnotherAudit, match=f"with the {what} .*choose another folder, or begin again"):
        run(made, out, **options)
    assert contents(out) == contents(calm)
    run(made, out, restart=True, **options)
    run(made, tmp_path / "fresh", **options)
    assert contents(out) == contents(tmp_path / "fresh")


def test_lost_part_is_refused(ledger: Path, tmp_path: Path) -> None:
    """Findings of a part that is not asked for any more would be counted by readers, so it is told."""
    run(ledger, tmp_path / "out")
    for table in ("requests", "events"):
        (ledger / table / "part-0001.parquet").unlink()
    with pytest.raises(AnotherAudit, match="part-0001"):
        run(ledger, tmp_path / "out")


def test_foreign_folder_is_refused(ledger: Path, tmp_path: Path) -> None:
    """A folder that holds something else is left alone."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(InvalidValue, match="an empty folder"):
        run(ledger, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_two_audits_do_not_share_a_folder(ledger: Path, tmp_path: Path) -> None:
    """While one writes, another is refused."""
    fcntl = pytest.importorskip("fcntl", reason="this system has no such locks")
    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AnotherAudit, match="still writes"):
            run(ledger, tmp_path / "out")
    assert run(ledger, tmp_path / "out").parts == 2


def bit_flipped(data: bytes) -> bytes:
    """Return the bytes with one bit in their middle turned over."""
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


def test_a_damaged_note_or_finding_is_judged_again(made: Path, calm: Path, out: Path) -> None:
    """Whatever is wrong with it, by so much as a bit: what is left is what would have been there."""
    whole, before = run(made, out), contents(calm)
    damages = [
        bit_flipped,
        lambda data: data.replace(b'"requests": 60', b'"requests": 61'),
        lambda _: b"{}",
        lambda _: b"[]",
        lambda _: b"\xff",
    ]
    for place in ("done/part-0000.0000.json", "findings/part-0000.0000.parquet"):
        for damage in damages if place.startswith("done") else damages[:1]:
            (out / place).write_bytes(damage(before[place]))
            again = run(made, out)
            assert contents(out) == before
            assert again.totals == whole.totals


def test_damaged_settings_are_an_error_with_its_cure(made: Path, calm: Path, out: Path) -> None:
    """Nobody can tell by what the findings were made; a restart makes them anew."""
    for damage in (b"", b"[]", b"{", b"\xff", b"[" * 100_000):
        (out / "audit.json").write_bytes(damage)
        with pytest.raises(InvalidValue, match="restart"):
            run(made, out)
    run(made, out, restart=True)
    assert contents(out) == contents(calm)


def test_what_others_put_into_the_folder_is_left_alone(ledger: Path, tmp_path: Path) -> None:
    """Files and folders whose names end like ours that are not finished."""
    out = tmp_path / "out"
    (out / "notes.unfinished").mkdir(parents=True)
    (out / "thesis.unfinished").write_text("mine")
    run(ledger, out)
    run(ledger, out, restart=True)
    assert (out / "thesis.unfinished").read_text() == "mine"
    assert (out / "notes.unfinished").is_dir()


@pytest.mark.parametrize("name", ["out?", "out[1]"])
def test_the_name_of_the_folder_is_no_pattern(made: Path, calm: Path, tmp_path: Path, name: str) -> None:
    """Findings of another audit beside it are not among its own."""
    for beside in ("out1", "out2"):
        shutil.copytree(calm, tmp_path / beside)
    right = run(made, tmp_path / "out1").findings.collect().height
    assert run(made, tmp_path / name).findings.collect().height == right


@pytest.mark.parametrize("times", [1, 9])
def test_a_part_that_is_changed_while_it_is_judged_is_judged_again(
    ledger: Path, tmp_path: Path, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its note never bears the stamp of a file that was not read; one that changes each time is told."""
    from windowservice.engine.scale import column_function
    from windowservice.errors import PartsLeft

    judge, left = column_function.ColumnFunction.__call__, [times]
    events = ledger / "events" / "part-0000.parquet"
    other = events.read_bytes()

    def slow(self: object, *arguments: object, **options: object) -> object:
        found = judge(self, *arguments, **options)  # type: ignore[arg-type]
        if left[0]:
            left[0] -= 1
            (tmp_path / "new").write_bytes(other)
            (tmp_path / "new").replace(events)
        return found

    monkeypatch.setattr(column_function.ColumnFunction, "__call__", slow)
    if times == 1:
        run(ledger, tmp_path / "out")
    else:
        with pytest.raises(PartsLeft, match="changed each time"):
            run(ledger, tmp_path / "out")
    monkeypatch.undo()
    again, fresh = run(ledger, tmp_path / "out"), run(ledger, tmp_path / "fresh")
    assert again.totals == fresh.totals
    assert again.findings.collect().equals(fresh.findings.collect())
