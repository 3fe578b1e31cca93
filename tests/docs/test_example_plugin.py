"""The example plugin of the pages: its own tests pass, and an engine finds it once it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_EXAMPLE = _ROOT / "docs" / "examples" / "dalian"
_LOAD = """
import windowservice as ws
engine = ws.Engine.load()
print(*(pack.name for pack in engine.packs), *engine.absent)
"""


def _run(*command: str, paths: tuple[Path, ...], cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    ran = subprocess.run(command, env=environment, cwd=cwd, text=True, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_its_own_tests_pass() -> None:
    """The tests that the example shows are tests that pass."""
    arguments = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", "tests")
    shown = _run(sys.executable, *arguments, paths=(_EXAMPLE / "src", _ROOT / "src"), cwd=_EXAMPLE)
    assert "5 passed" in shown


def test_it_is_found_once_installed(tmp_path: Path) -> None:
    """`pip install` and an entry point are all that an engine needs to load the pack, after the built-in ones."""
    site = tmp_path / "site"
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check", "--target", str(site))
    _run(sys.executable, *install, *isolation, str(_EXAMPLE), paths=(), cwd=tmp_path)
    loaded = _run(sys.executable, "-c", _LOAD, paths=(site, _ROOT / "src"), cwd=tmp_path).split()
    assert loaded[0] == "first_contact"
    assert "dalian" in loaded[6:]
