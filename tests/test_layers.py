"""The shape of the house, read from its syntax trees: imports go downwards, and a few things are done nowhere."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import attrs

_PACKAGE: Final = Path(__file__).resolve().parent.parent / "src" / "windowservice"

FLOORS: Final = (
    "errors", "lazy", "asked", "clean", "blocks", "instants", "date_only", "files", "phrases", "strict", "worktime",
    "domain", "language", "facts", "ledger", "rules", "plugins", "engine", "scoring", "cases", "escalation", "builtin",
    "testing", "linting", "reports", "faces", "interchange", "assistant", "cli", "__main__",
)  # fmt: skip
"""From the ground up: a module may import from its own floor and from those before it."""

CORE: Final = frozenset({"attrs", "attr", "cattrs", "pendulum", "pluggy"})
"""What the library needs; everything else is an extra and is imported inside the functions that use it."""
HOMES: Final = {
    "cli": frozenset({"click", "rich"}),
    "testing": frozenset({"hypothesis", "pytest"}),
    "assistant": frozenset({"mcp", "mcp_types", "pydantic"}),
}
"""Floors that nobody reaches without their extra, and so may import it at the top."""
PENDULUM: Final = frozenset({"instants.py", "worktime/wallclock.py"})
"""Where pendulum is used beyond naming a type: at the one door for time, and where spans are put into words."""
CLOCKS: Final = frozenset(
    {"now", "utcnow", "today", "time_ns", "monotonic", "monotonic_ns", "localtime", "gmtime", "naive"}
)


def _files() -> list[str]:
    return sorted(path.relative_to(_PACKAGE).as_posix() for path in _PACKAGE.rglob("*.py"))


_HOUSE: Final = [name for name in _files() if name != "__init__.py"]  # the facade stands above the house


def _floor(name: str) -> str:
    return name.split("/", maxsplit=1)[0].removesuffix(".py")


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _below(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that run: neither blocks for type checkers nor annotations do."""
    for field, value in ast.iter_fields(node):
        if field not in ("annotation", "returns", "ctx"):
            found = value if isinstance(value, list) else [value]
            yield from (part for part in found if isinstance(part, ast.AST) and not _for_types_only(part))


@attrs.frozen
class _Code:
    """What a file does when it runs, functions included; each with its line."""

    imports: list[tuple[str, int]] = attrs.field(factory=list)
    at_once: list[tuple[str, int]] = attrs.field(factory=list)  # the imports outside functions
    members: set[str] = attrs.field(factory=set)  # what is imported from a module, behind its name
    calls: list[tuple[str, str, int]] = attrs.field(factory=list)  # on what, if that is a name
    attributes: list[tuple[str, int]] = attrs.field(factory=list)
    names: list[tuple[str, int]] = attrs.field(factory=list)


@cache
def _code(name: str) -> _Code:
    """Return what a file does; its tree is not kept, for all trees together are large."""
    found = _Code()
    pending: list[tuple[ast.AST, bool]] = [(ast.parse((_PACKAGE / name).read_text("utf-8"), name), True)]
    while pending:
        node, at_once = pending.pop()
        match node:
            case ast.Import() | ast.ImportFrom():
                imported = [(module, node.lineno) for module in _imported(name, node)]
                found.imports.extend(imported)
                found.at_once.extend(imported if at_once else ())
                if isinstance(node, ast.ImportFrom):
                    found.members.update(f"{node.module}.{alias.name}" for alias in node.names)
            case ast.Call(func=ast.Name(id=called)):
                found.calls.append(("", called, node.lineno))
            case ast.Call(func=ast.Attribute(value, called)):
                found.calls.append((value.id if isinstance(value, ast.Name) else "?", called, node.lineno))
            case ast.Attribute():
                found.attributes.append((node.attr, node.lineno))
            case ast.Name():
                found.names.append((node.id, node.lineno))
        inside = at_once and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        pending += [(below, inside) for below in _below(node)]
    return found


def _imported(name: str, node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, f"{name}:{node.lineno} imports relatively"
    if node.module == "windowservice":
        return [f"windowservice.{alias.name}" for alias in node.names]
    return [str(node.module)]


def _module(name: str) -> str:
    """Return the module of a file, without the package's own name."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _needs() -> dict[str, frozenset[str]]:
    """Return for each module of the house those of it that it imports when it runs, at any time."""
    modules = {_module(name) for name in _HOUSE}
    needs: dict[str, frozenset[str]] = {}
    for name in _HOUSE:
        imported = _code(name).members | {module for module, _ in _code(name).imports}
        found = {module.removeprefix("windowservice.") for module in imported}
        needs[_module(name)] = frozenset(found & modules - {_module(name)})
    return needs


def _reached(module: str) -> frozenset[str]:
    """Return the modules that a module needs, itself only if it is on a circle."""
    found: set[str] = set()
    pending = [*_needs()[module]]
    while pending:
        below = pending.pop()
        if below not in found:
            found.add(below)
            pending += _needs()[below]
    return frozenset(found)


def test_every_file_has_a_floor() -> None:
    """A new package must be given its place before anything may import it."""
    assert {_floor(name) for name in _HOUSE} <= set(FLOORS)


def test_imports_go_downwards() -> None:
    """A file imports from its own floor and those below, in functions too, and never from the facade."""
    wrong = []
    for name in _HOUSE:
        own = FLOORS.index(_floor(name))
        for module, line in _code(name).imports:
            root, _, rest = module.partition(".")
            if root == "windowservice" and (not rest or FLOORS.index(rest.partition(".")[0]) > own):
                wrong.append(f"{name}:{line} imports {module}")
    assert not wrong


def test_no_module_needs_itself() -> None:
    """No circle at run time: an import inside a function counts, one for type checkers does not."""
    assert not {module for module in _needs() if module in _reached(module)}


def test_folders_are_small() -> None:
    """At most a dozen modules stand in a folder: a name that three of them share is a folder that nobody made."""
    folders = Counter(Path(name).parent.as_posix() for name in _HOUSE if Path(name).name != "__init__.py")
    assert not {folder: number for folder, number in folders.items() if number > 12}


def test_extras_are_imported_where_they_are_used() -> None:
    """What is not core is imported inside functions, so that nobody needs an extra for what does not use it."""
    core = CORE | sys.stdlib_module_names | {"windowservice"}
    assert not [
        f"{name}:{line} {module}"
        for name in _HOUSE
        for module, line in _code(name).at_once
        if module.split(".")[0] not in core | HOMES.get(_floor(name), frozenset())
    ]


def test_pendulum_stays_at_the_door() -> None:
    """Outside the door for time, pendulum is only ever named as a type."""
    inside = [name for name in _HOUSE if name not in PENDULUM]
    assert not [f"{name}:{line}" for name in inside for named, line in _code(name).names if named == "pendulum"]


def test_nothing_prints() -> None:
    """The library logs and returns; only the command line writes, through its own console."""
    assert not [
        f"{name}:{line}" for name in _files() for on, called, line in _code(name).calls if (on, called) == ("", "print")
    ]


def test_nothing_reads_the_clock() -> None:
    """The instant judged is always passed in, so that an audit of yesterday says tomorrow what it said yesterday."""
    assert not [
        f"{name}:{line}"
        for name in _files()
        for on, called, line in _code(name).calls
        if (on and called in CLOCKS) or (on, called) == ("time", "time")
    ]


def test_nothing_reads_the_environment() -> None:
    """What an engine does depends on what it is given, never on variables around it."""
    assert not [
        f"{name}:{line}" for name in _files() for word, line in _code(name).attributes if word in {"environ", "getenv"}
    ]


def test_nothing_is_evaluated() -> None:
    """`eval` stands nowhere, and `exec` only where rules become Python: packs and mapping files are data."""
    assert not [
        f"{name}:{line} {called}"
        for name in _files()
        for on, called, line in _code(name).calls
        if not on and called in {"eval", "exec", "__import__"} and (called != "exec" or _floor(name) != "language")
    ]


def test_files_are_short() -> None:
    """No file is much above four hundred lines."""
    lines = {name: len((_PACKAGE / name).read_text("utf-8").splitlines()) for name in _files()}
    assert not {name: number for name, number in lines.items() if number > 420}


def test_the_house_has_no_attic() -> None:
    """No module is named after nothing in particular."""
    assert not [
        name for name in _files() if Path(name).stem in {"utils", "util", "helpers", "helper", "base", "common", "misc"}
    ]
