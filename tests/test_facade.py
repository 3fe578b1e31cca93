"""The public names: one list, loaded when used, and light to import."""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import windowservice as ws

_FACADE = Path(ws.__file__)
_GROUPS = (ws, ws.cases, ws.escalation, ws.scoring, ws.testing)
_NAMES = [(group, name) for group in _GROUPS for name in group.__all__]
_CORE = {"attrs", "cattrs", "pendulum", "pluggy"}
_EXTRAS = {"polars", "numpy", "pandas", "pyarrow", "click", "rich", "duckdb", "python_calamine", "xlsxwriter"}


def _for_type_checkers(group: ModuleType) -> dict[str, str]:
    """Return the names that the stub of a package re-exports, each with its module."""
    found = {}
    for node in ast.parse(Path(str(group.__file__)).with_suffix(".pyi").read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname == alias.name, f"{alias.name} is not re-exported by name"
                found[alias.name] = str(node.module)
    return found


def _loaded_after(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after the code."""
    show = "import json, sys\nprint(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    script = f"{code}\n{show}"
    shown = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environment()
    )
    return set(json.loads(shown.stdout))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(_FACADE.parent.parent)}


@pytest.mark.parametrize("group", _GROUPS)
def test_public_names_are_those_of_type_checkers(group: ModuleType) -> None:
    """`__all__`, what is loaded lazily and what type checkers see are one list."""
    assert sorted(group.__all__) == sorted(_for_type_checkers(group))


@pytest.mark.parametrize(("group", "name"), _NAMES)
def test_a_name_is_what_its_module_holds(group: ModuleType, name: str) -> None:
    """A name of the facade is the very object of the module named for type checkers."""
    assert getattr(group, name) is getattr(importlib.import_module(_for_type_checkers(group)[name]), name)


def test_public_values_are_documented() -> None:
    """Everything public says what it is."""
    assert not [name for group, name in _NAMES if not (getattr(group, name).__doc__ or "").strip()]


def test_about_fifty_names_stand_at_the_top() -> None:
    """What is asked for every day is at the top; the rest stands below a name."""
    assert len(ws.__all__) <= 72


@pytest.mark.parametrize("group", _GROUPS[1:])
def test_no_module_takes_the_place_of_a_name(group: ModuleType) -> None:
    """A module of the package with the name of a function would hide it, once imported."""
    modules = {path.stem for path in Path(str(group.__file__)).parent.iterdir()}
    assert not modules & set(group.__all__)


def test_dir_and_version() -> None:
    """`dir()` shows the public names, and the version is that of the distribution, if it is installed."""
    assert set(ws.__all__) <= set(dir(ws))
    from importlib.metadata import PackageNotFoundError, version

    try:
        assert ws.__version__ == version("windowservice")
    except PackageNotFoundError:
        pytest.skip("windowservice runs from its source here and has no version")


def test_unknown_name_is_an_attribute_error() -> None:
    """A name that is not public is refused as Python expects."""
    with pytest.raises(AttributeError, match=r"no attribute 'Engin' \(did you mean 'Engine'\?\)"):
        ws.Engin  # noqa: B018 - reading it is what is tested


def test_import_loads_nothing_heavy() -> None:
    """`import windowservice` loads no library at all: every name comes when it is used."""
    assert not _loaded_after("import windowservice") & (_CORE | _EXTRAS)


def test_engine_needs_only_the_core() -> None:
    """Loading an engine and judging a request loads no extra."""
    code = """
import windowservice as ws
engine = ws.Engine.load(installed=False)
request = ws.Request("R", "B", "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted")])
engine.check(request, as_of="2018-05-04").counts
"""
    assert not _loaded_after(code) & _EXTRAS
