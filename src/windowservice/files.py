"""The one door for files: a regular file, and a document in TOML and UTF-8, of a bounded size and depth."""

from __future__ import annotations

import pkgutil
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final, NoReturn

from windowservice.errors import InvalidDocument

__all__ = ["DEEPEST", "is_deep", "load_toml", "no_file", "parse_json", "parse_toml", "read_text", "shipped"]

_LARGEST: Final = 8 << 20
"""Bytes of a document; a catalogue of ten thousand services has less."""
DEEPEST: Final = 100
"""Levels of a document; ours have six."""
_INTEGER: Final = 64
"""Bits of an integer in TOML."""
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)  # fmt: skip
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_STRINGS: Final = re.compile(r'"(?:\\.|[^"\\])*"|\'[^\']*\'')
_LONG_KEY: Final = re.compile(rf"(?<![\w-])(?:[\w-]+[ \t]*\.[ \t]*){{{DEEPEST}}}")
_PLACE: Final = re.compile(r"\(at line (\d+), column \d+\)")
_CURES: Final = (
    ("“”„‟«»＂", 'a curly quote; write the straight one, "'),
    ("‘’‚‛＇", "a curly quote; write the straight one, '"),
    ("＝", "a full-width sign; write ="),
    ("，、", "a full-width comma; write ,"),
    ("［］【】〔〕", "a full-width bracket; write [ ]"),
    ("｛｝", "a full-width brace; write { }"),
    ("．。", "a full-width point; write ."),
    ("＃", "a full-width sign; write #"),
    ("：", "a full-width colon; write = between a name and its value, and : in a time"),
    ("\u3000\u00a0\u2002\u2003\u2009", "a wide or fixed space; write plain spaces"),
    ("\ufeff\u200b\u200c\u200d\u2060", "an invisible character; delete it"),
)
"""What text programs put in place of the signs of TOML, with what to write."""
_WORDS: Final = (
    (r"=\s*(True|False|TRUE|FALSE)\b", "true and false are written in small letters"),
    (r"=\s*(yes|no|None|null|nil|是|否)\b", "it is written true or false; what is not said is left out"),
    (r'"[A-Za-z]:?\\', "in double quotes a backslash is written \\\\; write the path in single quotes"),
    (r"^\s*[^=\[#\"']+:\s", "a name and its value stand with = between them"),
)


def no_file(path: str | PathLike[str]) -> str:
    """Return why a path cannot be opened as a file of data, in words; an empty text if it can.

    A folder, a pipe or a device is none: reading it fails, waits or never ends.
    """
    try:
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        return "it is a link to a file that is not there" if Path(path).is_symlink() else "there is no such file"
    except ValueError:
        return "its name holds a NUL byte"
    except OSError as error:
        return f"it cannot be opened ({error.strerror or error})"
    return next((f"it is {name}, not a file" for test, name in _KINDS if test(mode)), "")


def shipped(package: str, name: str) -> str:
    """Return the text of a file that comes with the library, also from an archive.

    Every start reads some, so not by `importlib.resources`, which imports much to do the same.

    Raises:
        FileNotFoundError: if the package has no such file.
    """
    data = pkgutil.get_data(package, name)
    if data is None:
        raise FileNotFoundError(f"{package}/{name}")
    return data.decode("utf-8")


def load_toml(source: str | PathLike[str], what: str, *, where: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the place of a document, for messages, and what its TOML says.

    Args:
        source: the path of the file, or the TOML text itself (a text of more than one line).
        what: the kind of document in words, with its article.
        where: its place for messages; without it the path as given.

    Raises:
        InvalidDocument: if it is no regular file, too large, not UTF-8, not TOML, or nested too deeply.
        OSError: if the file is not there or may not be opened.
    """
    if isinstance(source, str) and "\n" in source:
        return where or "", parse_toml(source, what, where or "")
    place = fspath(source) if where is None else where
    return place, parse_toml(read_text(Path(source), what, place), what, place)


def parse_toml(text: str, what: str, where: str = "") -> dict[str, Any]:
    """Return what a TOML text says; raises as `load_toml`."""
    try:
        _refuse_long_keys(text)
        data = tomllib.loads(text.removeprefix("\ufeff"))
        _refuse_huge(data)
    except RecursionError:
        problem = f"it is nested too deeply, over {DEEPEST} levels"
    except tomllib.TOMLDecodeError as error:
        problem = f"it cannot be read as TOML: {error}{_cure(text, str(error))}"
    except ValueError as error:
        problem = str(error)
    else:
        return data
    raise InvalidDocument(what, (("", problem),), where) from None


def parse_json(text: str | bytes, what: str, where: str = "") -> Any:
    """Return what a JSON text says.

    Raises:
        InvalidDocument: if the text is no JSON, or names a key twice.
    """
    import json

    try:
        return json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except RecursionError:
        raise InvalidDocument(what, (("", "it is nested too deeply"),), where) from None
    except ValueError as error:
        raise InvalidDocument(what, (("", f"it cannot be read as JSON: {error}"),), where) from None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the key {', '.join(map(repr, twice))} stands twice in one table")
    return found


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number; leave the field out if the value is missing")


def is_deep(data: object) -> bool:
    """Return whether lists and tables stand in one another over `DEEPEST` levels."""
    return sum(1 for _ in _levels(data)) > DEEPEST


def _levels(data: object) -> Iterator[list[object]]:
    """Yield the values of a document level by level, not by recursion, to one below the deepest that is read."""
    level = [data]
    for _ in range(DEEPEST + 1):
        yield level
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, str | int):  # nearly always, and Mapping is slow to ask
        return ()
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def read_text(path: Path, what: str, where: str = "") -> str:
    """Return the text of a document; raises as `load_toml`."""
    if problem := no_file(path):
        if not path.is_symlink() and problem.startswith("there is no"):
            path.stat()  # raises the error of the system, which names the path
        raise InvalidDocument(what, (("", problem),), where)
    with path.open("rb") as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        problem = f"it is too large for one: over {_LARGEST >> 20} MiB"
    elif data.startswith(_UTF_16):
        problem = "it is UTF-16; TOML files are UTF-8: save it so"
    else:
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            problem = f"it is not UTF-8 at byte {error.start} (line {line}); TOML files are UTF-8: save it so"
            if _is_ansi(data):
                problem += " (it was saved as ANSI, in GBK)"
    raise InvalidDocument(what, (("", problem),), where) from None


def _is_ansi(data: bytes) -> bool:
    try:
        return any("\u4e00" <= char <= "\u9fff" for char in data.decode("gbk"))
    except UnicodeDecodeError:
        return False


def _refuse_long_keys(text: str) -> None:
    """Refuse a key of over a hundred parts, for which the reader of TOML takes time and memory without bound."""
    for line in text.split("\n"):
        if line.count(".") >= DEEPEST and _LONG_KEY.search(_STRINGS.sub("s", line)):
            raise ValueError(f"it has a key of over {DEEPEST} parts")


def _refuse_huge(data: object) -> None:
    """Refuse what is nested too deeply, and integers that are longer than those of TOML."""
    for depth, level in enumerate(_levels(data)):
        if depth == DEEPEST:
            raise ValueError(f"it is nested too deeply, over {DEEPEST} levels")
        if any(isinstance(value, int) and value.bit_length() > _INTEGER for value in level):
            raise ValueError(f"it holds an integer of over {_INTEGER} bits; write a long number as a text")


def _cure(text: str, error: str) -> str:
    """Return what to write instead, if the faulty line shows what a text program or a habit put there."""
    place = _PLACE.search(error)
    lines = text.split("\n")
    line = lines[min(int(place[1]), len(lines)) - 1] if place else ""
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    for signs, cure in _CURES:
        if found := next((sign for sign in bare if sign in signs), ""):
            shown = found if found.isprintable() and not found.isspace() else f"U+{ord(found):04X}"
            return f": {shown} is {cure}"
    for pattern, cure in _WORDS:
        if re.search(pattern, line):
            return f"; {cure}"
    if re.search("key part|Invalid statement", error):
        return "; a name that is not plain letters stands in quotes"
    return "; it stands there twice" if "overwrite" in error else ""
