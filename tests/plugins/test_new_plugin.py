"""``windowservice plugin new``: what it writes is installed in a fresh environment, tested there and used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from windowservice.cli.app import app
from windowservice.errors import InvalidValue, UnknownName
from windowservice.plugins.project.new import new_plugin

_ROOT = Path(__file__).resolve().parents[2]


class Project:
    """A project and the environment in which it is installed."""

    def __init__(self, folder: Path, name: str, kind: str) -> None:
        self.folder, self.name, self.kind = folder / name, name, kind
        made = CliRunner().invoke(app, ["plugin", "new", name, "--kind", kind, "--folder", str(self.folder)])
        assert made.exit_code == 0, made.output
        self._environment = folder / "environment"
        self._run(sys.executable, "-m", "venv", "--without-pip", str(self._environment))
        site = next(self._environment.rglob("site-packages"))
        shared = dict.fromkeys([str(_ROOT / "src"), sysconfig.get_path("purelib"), *_paths_of_packages()])
        (site / "shared.pth").write_text("\n".join(shared), encoding="utf-8")
        isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
        self.python("-m", "pip", "install", "-q", "--no-deps", "--disable-pip-version-check", *isolation, "-e", ".")

    def python(self, *arguments: str, code: int = 0) -> str:
        """Run the environment's own Python in the project."""
        python = self._environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        return self._run(str(python), *arguments, code=code)

    def windowservice(self, *arguments: str, code: int = 0) -> str:
        """Run the command line there."""
        return self.python("-m", "windowservice", *arguments, code=code)

    def _run(self, *command: str, code: int = 0) -> str:
        environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        ran = subprocess.run(command, cwd=self.folder, env=environment, text=True, capture_output=True, check=False)
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout


def _paths_of_packages() -> list[str]:
    return [path for path in sys.path if path.rstrip("/\\").endswith("site-packages")]


@pytest.fixture(scope="module", params=["python", "toml"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project of each kind, installed."""
    return Project(tmp_path_factory.mktemp("new"), f"parcels_{request.param}", request.param)


def test_its_tests_pass_where_it_is_installed(project: Project) -> None:
    """Its table of cases, the laws of its pack, and that an engine finds it by its entry point."""
    given = [] if _announced() else ["-p", "windowservice.testing.pytest_plugin"]
    assert "8 passed" in project.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *given)


def _announced() -> bool:
    from importlib.metadata import entry_points

    return any(point.value == "windowservice.testing.pytest_plugin" for point in entry_points(group="pytest11"))


def test_its_types_are_checked(project: Project) -> None:
    """mypy, strict, has nothing to say of it."""
    assert "Success" in project.python("-m", "mypy", "--cache-dir", os.devnull, "src")


def test_the_command_line_knows_it(project: Project) -> None:
    """Rules, facts, one record and a ledger: all without naming the plugin again."""
    name = project.name
    assert "A case is answered as promised" in project.windowservice("rules", f"{name}/answered")
    facts = json.loads(project.windowservice("facts", f"{name}_case", "--format", "json"))["record_types"]
    assert [one["name"] for one in facts] == [f"{name}_case"]
    assert facts[0]["source"].startswith(f"{name} 0.1.0 (")
    judged = ("--rules", name, "--as-of", "2026-03-06")
    assert "late by" in project.windowservice("check", "record.json", "--of", f"{name}_case", *judged, code=1)
    audit = json.loads(project.windowservice("audit", "ledger", *judged, "--format", "json", code=1))
    assert audit["by"]["rule"][f"{name}/answered"]["fail"] == 1
    plugin = audit["judged_by"]["plugins"][0]
    file = "pack.toml" if project.kind == "toml" else f"{name}/__init__.py"
    assert (plugin["name"], plugin["version"], plugin["file"]) == (name, "0.1.0", file)
    assert str(project.folder) not in json.dumps(audit["judged_by"])


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("help-desk", "help_desk"),
        ("HelpDesk", "help_desk"),
        ("help desk", "help_desk"),
        ("../desk", "desk"),
        ("Büro", "buro"),
        ("class", "class_rules"),
        ("json", "json_rules"),
        ("windowservice", "windowservice_rules"),
        ("told_once", "told_once_rules"),
        ("window", "window_rules"),
        ("", "as in help_desk"),
        ("9lives", "as in help_desk"),
        ("服务台", "as in help_desk"),
        ("x" * 41, "x" * 40),
        ("desk\n", "desk"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_with_another(name: str, instead: str, tmp_path: Path) -> None:
    """Modules of Python, packs and calendars of the library, and what is no identifier."""
    with pytest.raises(InvalidValue, match=f"(write |as in help_desk){instead.removeprefix('as in help_desk')}"):
        new_plugin(name, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    """An existing folder, even an empty one, is refused with what to write."""
    with pytest.raises(InvalidValue, match="write --folder ANOTHER"):
        new_plugin("desk", tmp_path)
    assert not list(tmp_path.iterdir())


def test_another_kind_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    """The nearest is offered."""
    with pytest.raises(UnknownName, match="toml"):
        new_plugin("desk", tmp_path / "desk", kind="tom")
