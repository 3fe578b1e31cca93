"""A new plugin project: the files in `common`, and those of its kind, with its name put in."""

from __future__ import annotations

import keyword
import re
import sys
import unicodedata
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

from windowservice.errors import InvalidValue, UnknownName
from windowservice.plugins.manager import collect
from windowservice.plugins.project.kinds import KINDS

__all__ = ["new_plugin"]

_COMMON: Final = {
    "pyproject.toml": "common/pyproject.toml.txt",
    "README.md": "common/README.md.txt",
    "record.json": "common/record.json.txt",
    "ledger/$table.csv": "common/ledger.csv.txt",
    "ledger/ledger.toml": "common/ledger.toml.txt",
    "tests/$name.cases.toml": "common/cases.toml.txt",
}
_OWN: Final = {"src/$name/__init__.py": "module.py.txt", "tests/test_$name.py": "test.py.txt"}
_WANTED: Final = "small letters, digits and _, beginning with a letter, as in help_desk"
_LONGEST: Final = 40


def new_plugin(name: str, folder: Path | None = None, *, kind: str = "python") -> tuple[Path, ...]:
    """Write a new plugin project, complete and tested, and return its files.

    Args:
        name: of the plugin, its module and its pack: small letters, digits and ``_``.
        folder: where it is written, which must not be there yet; one named after it if not given.
        kind: ``python`` or ``toml``: in what its rules are written.

    Raises:
        InvalidValue: for a name that cannot be one or that the library uses, or a folder that is there.
        UnknownName: for another kind.
        OSError: if it cannot be written.
    """
    if kind not in KINDS:
        raise UnknownName("kind of plugin", kind, KINDS)
    _check_name(name)
    folder = Path(name) if folder is None else folder
    if folder.exists() or folder.is_symlink():
        raise InvalidValue("folder", str(folder), "a folder that is not there yet; write --folder ANOTHER")
    said = _said(name, kind)
    own = {path: f"{kind}/{file}" for path, file in _OWN.items()}
    typed = {"src/$name/py.typed": ""}
    further = {"src/$name/pack.toml": "toml/pack.toml.txt"} if kind == "toml" else {}
    written = []
    for path, file in {**_COMMON, **own, **typed, **further}.items():
        target = folder / Template(path).substitute(said)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(_template(file)).substitute(said) if file else "", encoding="utf-8", newline="\n")
        written.append(target)
    return tuple(written)


def _template(file: str) -> str:
    return (files(__package__) / file).read_text(encoding="utf-8")


def _said(name: str, kind: str) -> dict[str, str]:
    in_toml = kind == "toml"
    return {
        "name": name,
        "dashed": name.replace("_", "-"),
        "record": f"{name}_case",
        "table": f"{name}_cases",
        "version": _version(),
        "entry": f"{name}:pack" if in_toml else name,
        "source": f"src/{name}/pack.toml" if in_toml else f"src/{name}/__init__.py",
        "judge": f'packs = ["../src/{name}/pack.toml"]' if in_toml else f'engine = "{name}:engine"',
    }


def _version() -> str:
    try:
        return version("windowservice")
    except PackageNotFoundError:  # run from its source
        return "0.1"


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name, re.ASCII) or len(name) > _LONGEST:
        raise InvalidValue("name", name, f"{_WANTED}{_instead(name)}")
    known = collect(installed=False)
    ours = {"windowservice", "own", "tests", "figure", "window", *(pack.name for pack in known.packs), *known.calendars}
    if keyword.iskeyword(name) or name in sys.stdlib_module_names or name in ours:
        raise InvalidValue("name", name, f"none that Python or this library uses itself; write {name}_rules")


def _instead(name: str) -> str:
    """Return what to write instead, if the name becomes one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    made = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:_LONGEST].rstrip("_")
    return f"; write {made}" if re.match(r"[a-z]", made) else ""
