"""The shape of the house, read from its syntax trees: imports go downwards, and a few things are done nowhere."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

_PACKAGE: Final = Path(__file__).resolve().parent.parent / "src" / "windowservice"

FLOORS: Final = (
    "errors", "lazy", "asked", "clean", "instants", "date_only", "files", "worktime", "domain", "language", "facts",
    "ledger", "rules", "plugins", "engine", "scoring", "cases", "escalation", "builtin", "testing", "reports", "cli",
    "__main__",
)  # fmt: skip
"""From the ground up: a module may import from its own floor and from those before it."""

CORE: Final = frozenset({"attrs", "attr", "cattrs", "pendulum", "pluggy"})
"""What the library needs; everything else is an extra and is imported inside the functions that use it."""
HOMES: Final = {"cli": frozenset({"click", "rich"}), "testing": frozenset({"hypothesis", "pytest"})}
"""Floors that nobody reaches without their extra, and so may import it at the top."""
PENDULUM: Final = frozenset({"instants.py", "worktime/wallclock.py"})
"""Where pendulum is used beyond naming a type: at the one door for time, and where spans are put into words."""
CLOCKS: Final = frozenset(
    {"now", "utcnow", "today", "time_ns", "monotonic", "monotonic_ns", "localtime", "gmtime", "naive"}
)


def _files() -> list[str]:
    return sorted(path.relative_to(_PACKAGE).as_posix() for path in _PACKAGE.rglob("*.py"))


_HOUSE: Final = [name for name in _files() if name != "__init__.py"]  # the facade stands above the house


@cache
def _tree(name: str) -> ast.Module:
    return ast.parse((_PACKAGE / name).read_text("utf-8"), name)


def _floor(name: str) -> str:
    return name.split("/", maxsplit=1)[0].removesuffix(".py")


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _nodes(node: ast.AST, *, functions: bool = True) -> Iterator[ast.AST]:
    """Yield what runs: everything but the blocks for type checkers; without `functions`, only what runs at import."""
    for below in ast.iter_child_nodes(node):
        if _for_types_only(below):
            continue
        yield below
        if functions or not isinstance(below, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _nodes(below, functions=functions)


def _imports(name: str, *, functions: bool = True) -> Iterator[tuple[str, int]]:
    """Yield the modules that a file imports when it runs, with their lines."""
    for node in _nodes(_tree(name), functions=functions):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively"
            if node.module == "windowservice":
                yield from ((f"windowservice.{alias.name}", node.lineno) for alias in node.names)
            elif node.module is not None:
                yield node.module, node.lineno


def _module(name: str) -> str:
    """Return the module of a file, without the package's own name."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def _needs() -> dict[str, frozenset[str]]:
    """Return for each module of the house those of it that it imports when it runs, at any time."""
    modules = {_module(name) for name in _HOUSE}
    needs: dict[str, frozenset[str]] = {}
    for name in _HOUSE:
        found = set()
        for node in _nodes(_tree(name)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("windowservice."):
                module = str(node.module).removeprefix("windowservice.")
                found |= {below if (below := f"{module}.{alias.name}") in modules else module for alias in node.names}
        found |= {module.removeprefix("windowservice.") for module, _ in _imports(name)}
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


def _annotations(name: str) -> set[int]:
    """Return the ids of all nodes that stand in annotations, which never run."""
    found: list[ast.AST] = []
    for node in ast.walk(_tree(name)):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            found.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            found.append(node.returns)
    return {id(below) for node in found for below in ast.walk(node)}


def test_every_file_has_a_floor() -> None:
    """A new package must be given its place before anything may import it."""
    assert {_floor(name) for name in _HOUSE} <= set(FLOORS)


@pytest.mark.parametrize("name", _HOUSE)
def test_imports_go_downwards(name: str) -> None:
    """A file imports from its own floor and those below, in functions too, and never from the facade."""
    own = FLOORS.index(_floor(name))
    wrong = []
    for module, line in _imports(name):
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


@pytest.mark.parametrize("name", _HOUSE)
def test_extras_are_imported_where_they_are_used(name: str) -> None:
    """What is not core is imported inside functions, so that nobody needs an extra for what does not use it."""
    allowed = CORE | HOMES.get(_floor(name), frozenset()) | sys.stdlib_module_names | {"windowservice"}
    wrong = [
        f"{name}:{line} {module}"
        for module, line in _imports(name, functions=False)
        if module.split(".")[0] not in allowed
    ]
    assert not wrong


@pytest.mark.parametrize("name", [name for name in _HOUSE if name not in PENDULUM])
def test_pendulum_stays_at_the_door(name: str) -> None:
    """Outside the door for time, pendulum is only ever named as a type."""
    named = _annotations(name)
    used = [
        f"{name}:{node.lineno}"
        for node in _nodes(_tree(name))
        if isinstance(node, ast.Name) and node.id == "pendulum" and id(node) not in named
    ]
    assert not used


@pytest.mark.parametrize("name", _files())
def test_nothing_prints(name: str) -> None:
    """The library logs and returns; only the command line writes, through its own console."""
    printed = [
        f"{name}:{node.lineno}"
        for node in _nodes(_tree(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not printed


@pytest.mark.parametrize("name", _files())
def test_nothing_reads_the_clock(name: str) -> None:
    """The instant judged is always passed in, so that an audit of yesterday says tomorrow what it said yesterday."""
    read = []
    for node in _nodes(_tree(name)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if node.func.attr in CLOCKS or (owner, node.func.attr) == ("time", "time"):
                read.append(f"{name}:{node.lineno}")
    assert not read


@pytest.mark.parametrize("name", _files())
def test_nothing_reads_the_environment(name: str) -> None:
    """What an engine does depends on what it is given, never on variables around it."""
    read = [
        f"{name}:{node.lineno}"
        for node in _nodes(_tree(name))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    assert not read


@pytest.mark.parametrize("name", _files())
def test_nothing_is_evaluated(name: str) -> None:
    """`eval` stands nowhere, and `exec` only where rules become Python: packs and mapping files are data."""
    called = {
        node.func.id for node in _nodes(_tree(name)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    } & {"eval", "exec", "__import__"}
    assert not called or (called == {"exec"} and _floor(name) == "language")


@pytest.mark.parametrize("name", _files())
def test_files_are_short(name: str) -> None:
    """No file is much above four hundred lines."""
    assert len((_PACKAGE / name).read_text("utf-8").splitlines()) <= 420


def test_the_house_has_no_attic() -> None:
    """No module is named after nothing in particular."""
    assert not [
        name for name in _files() if Path(name).stem in {"utils", "util", "helpers", "helper", "base", "common", "misc"}
    ]
