"""The folder that an audit in parts writes: findings as Parquet, and beside each file how far it got.

Every file is written under another name in the same folder, brought to the disk and then renamed, so that a file under
its final name is whole. A note of a finished piece is written after its findings; what has no note is judged again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import attrs

from windowservice.engine.scale.parts.files import Part, Stamp
from windowservice.engine.scale.parts.totals import Totals
from windowservice.errors import AnotherAudit, CannotWrite, InvalidValue

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Done", "Store"]

_SETTINGS: Final = "audit.json"
_TOTALS: Final = "totals.json"
_LOCK: Final = ".lock"
_UNFINISHED: Final = ".unfinished"


@attrs.frozen
class Done:
    """The note of a finished piece of a part.

    Attributes:
        piece: its place in the part, from 0.
        files: the stamps of the files that it was read from.
        requests: up to which row of the requests it goes.
        events: up to which row of the events.
        judged: how many requests it has.
        last_key: the key of its last request, if the part was cut.
        whole: whether the part ends with it.
        hash: of the bytes of its findings.
        totals: what was judged.
    """

    piece: int
    files: list[dict[str, Any]]
    requests: int
    events: int
    judged: int
    last_key: Any
    whole: bool
    hash: str
    totals: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Done | None:
        """Return the note of a file, or None if it is damaged."""
        try:
            said = json.loads(path.read_text("utf-8"))
            if said.pop("note") != _sealed(said)["note"]:
                return None
            done = cls(**said)
            Totals.from_dict(done.totals)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return done


class Store:
    """The folder of an audit in parts; open it with `opened`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def opened(self, settings: dict[str, Any], *, restart: bool) -> Iterator[Store]:
        """Hold the folder for an audit.

        Args:
            settings: by what is judged; findings of other settings are refused.
            restart: whether what is there is thrown away.

        Raises:
            AnotherAudit: if the folder was begun by other settings, or is in use.
            InvalidValue: if it holds files and was not begun by an audit.
            CannotWrite: if it cannot be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = [path.name for path in self.folder.iterdir()]
            strange = [name for name in names if not name.startswith(".") and not name.endswith(_UNFINISHED)]
        except OSError as error:
            raise CannotWrite(str(self.folder), error.strerror or str(error)) from error
        if strange and _SETTINGS not in names:
            raise InvalidValue("out", str(self.folder), "an empty folder, or one that an audit has begun")
        with self._held():
            for path in self._unfinished():
                path.unlink()
            if restart:
                self._clear()
            self._settle(settings)
            yield self

    def _unfinished(self) -> list[Path]:
        """Return the files that an audit that was stopped has begun; files of others that end alike are theirs."""
        own = [self.folder / f"{name}{_UNFINISHED}" for name in (_SETTINGS, _TOTALS)]
        for place, ending in (("done", ".json"), ("findings", ".parquet")):
            own += (self.folder / place).rglob(f"*{ending}{_UNFINISHED}")
        return [path for path in own if path.is_file()]

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Hold the folder against other processes, where the system has such locks; they end with the process."""
        try:
            import fcntl
        except ImportError:
            yield
            return
        with self._open(self.folder / _LOCK) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise AnotherAudit(str(self.folder), "process", "that still writes to it", "another one") from error
            yield

    @staticmethod
    def _open(path: Path) -> IO[bytes]:
        try:
            return path.open("wb")
        except OSError as error:
            raise CannotWrite(str(path), error.strerror or str(error)) from error

    def _clear(self) -> None:
        for path in (self.folder / _TOTALS, *self.folder.glob("done/**/*.json")):
            path.unlink(missing_ok=True)
        for path in self.folder.glob("findings/**/*.parquet"):
            path.unlink()
        (self.folder / _SETTINGS).unlink(missing_ok=True)

    def _settle(self, settings: dict[str, Any]) -> None:
        path = self.folder / _SETTINGS
        if not path.exists():
            self._write_json(path, settings)
            return
        try:
            before = json.loads(path.read_text("utf-8"))
        except (ValueError, RecursionError):
            before = None
        if not isinstance(before, dict):
            wanted = f"a folder whose {_SETTINGS} is whole; begin again by restart=True (--restart)"
            raise InvalidValue("out", str(self.folder), wanted)
        for what in dict.fromkeys((*settings, *before)):
            if before.get(what) != settings.get(what):
                raise AnotherAudit(str(self.folder), what, before.get(what), settings.get(what))

    # what is finished

    def _note(self, part: str, piece: int) -> Path:
        return self.folder / "done" / f"{part}.{piece:04d}.json"

    def findings_file(self, part: str, piece: int) -> Path:
        """Return the file of the findings of a piece."""
        return self.folder / "findings" / f"{part}.{piece:04d}.parquet"

    def finished(self, part: Part, stamps: list[Stamp]) -> tuple[list[Done], bool]:
        """Return the finished pieces of a part, and whether others were thrown away because its files have changed.

        A piece whose note or findings are damaged is thrown away with all after it.
        """
        files = [attrs.asdict(stamp) for stamp in stamps]
        found: list[Done] = []
        while (path := self._note(part.name, len(found))).exists():
            done = Done.read(path)
            if done is not None and done.files != files:
                self.forget(part.name, 0)
                return [], True
            if (
                done is None
                or done.piece != len(found)
                or _hash(self.findings_file(part.name, done.piece)) != done.hash
            ):
                self.forget(part.name, len(found))
                break
            found.append(done)
        return found, False

    def forget(self, part: str, piece: int) -> None:
        """Throw away the pieces of a part from one on."""
        (self.folder / _TOTALS).unlink(missing_ok=True)
        while self._note(part, piece).exists():
            self._note(part, piece).unlink()
            self.findings_file(part, piece).unlink(missing_ok=True)
            piece += 1

    def refuse_strangers(self, parts: list[Part]) -> None:
        """Refuse to go on if a part was judged that is not asked for any more.

        Raises:
            AnotherAudit: naming one.
        """
        names = {part.name for part in parts}
        for path in sorted(self.folder.glob("done/**/*.json")):
            name = path.relative_to(self.folder / "done").as_posix().rsplit(".", 2)[0]
            if name not in names:
                raise AnotherAudit(str(self.folder), "part", name, "not among the files")

    # writing

    def keep(self, part: Part, stamps: list[Stamp], findings: pl.DataFrame, totals: Totals, **place: Any) -> Done:
        """Write the findings of a piece, then its note.

        Args:
            part: the part.
            stamps: those that its files had before they were read.
            findings: the findings.
            totals: what was judged.
            place: the rest of `Done`.
        """
        path = self.findings_file(part.name, place["piece"])
        self._write(path, lambda file: _write_parquet(findings, file))
        files = [attrs.asdict(stamp) for stamp in stamps]
        done = Done(files=files, hash=_hash(path), totals=totals.to_dict(), **place)
        self._write_json(self._note(part.name, done.piece), _sealed(attrs.asdict(done)))
        return done

    def keep_totals(self, totals: Totals) -> None:
        """Write the totals of all parts."""
        self._write_json(self.folder / _TOTALS, totals.to_dict())

    def _write_json(self, path: Path, document: dict[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        self._write(path, lambda file: file.write(text.encode()))

    def _write(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        """Write a file so that it is there whole or not at all.

        Raises:
            CannotWrite: if it cannot be written.
        """
        unfinished = path.with_name(path.name + _UNFINISHED)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            _to_disk(path.parent)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise CannotWrite(str(path), error.strerror or str(error)) from error


def _sealed(note: dict[str, Any]) -> dict[str, Any]:
    """Return a note with a hash of what it says, so that a damaged one is told from a whole one."""
    text = json.dumps(note, ensure_ascii=False, sort_keys=True)
    return {**note, "note": hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()}


def _hash(path: Path) -> str:
    """Return a hash of the bytes of a file; an empty text if it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]
    except OSError:
        return ""


def _to_disk(folder: Path) -> None:
    """Bring the names in a folder to the disk; not every system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_parquet(findings: pl.DataFrame, file: IO[bytes]) -> None:
    import polars as pl
    import pyarrow.parquet as pq

    table = findings.to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(table, file, compression="zstd")
