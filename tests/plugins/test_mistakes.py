"""Mistakes of plugin authors: each is told with plugin, hook, file and line, what was wanted, and what to write."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

import windowservice as ws
from windowservice.cli.app import run
from windowservice.errors import NameTaken, PluginFailed
from windowservice.plugins.manager import collect

START = """\
import sys
import windowservice as ws
from windowservice.facts import event as e
from windowservice.facts import request as r
B = ws.Basis("b", mark="assumption")
CAL = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00")
RULE = ws.Rule("x", title="t", require=r.decided_at.is_known())
PACK = ws.Pack("mypack", version="1", rules=[RULE])
"""
FIRST = START.count("\n") + 1  # the line of what a case begins with
REQUESTS = "id,bank,service\nR-1,105221000018,S10\n"
EVENTS = "request,at,kind,by\nR-1,2018-05-03 09:40,submitted,wang\n"

Told = Callable[..., tuple[int, str, str]]


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    """A function that audits a small ledger with a plugin file, and gives exit code, stdout and stderr."""
    for name, text in (("requests.csv", REQUESTS), ("events.csv", EVENTS), ("ledger.toml", 'zone = "Asia/Shanghai"\n')):
        (tmp_path / name).write_text(text, "utf-8")

    def tell(source: str, *words: str) -> tuple[int, str, str]:
        file = tmp_path / "mine.py"
        file.write_text(START + dedent(source), "utf-8")
        command = ("audit", str(tmp_path), "--as-of", "2018-06-30", "--plugin", str(file), *words)
        try:
            code = run(command)
        finally:
            sys.modules.pop("mine", None)
        got = capsys.readouterr()
        return code, got.out, got.err

    return tell


def hook(name: str, body: str) -> str:
    return f"@ws.hookimpl\ndef windowservice_{name}():\n    {body}\n"


HOOKS = (
    "packs", "amendments", "calendars", "event_kinds", "record_types", "catalogue", "scorecard", "indicators", "ladder",
    "duties",
)  # fmt: skip
WRONG = (
    "None", "5", "'text'", "object()", "[5]", "[None]", "['Cash Counted']", "[['x']]", "PACK", "CAL", "RULE",
    "r.amount", "ws.Facts", "{'a': 5}", "{5: CAL}", "{'': CAL}", "[CAL]", "{'PACK': PACK}", "(x for x in [5])",
    "iter([None])", "lambda: [PACK]",
)  # fmt: skip
RAISING = (
    ("return {}['大额']", "KeyError: '大额'"),
    ("raise RuntimeError", "RuntimeError"),
    ("sys.exit()", "SystemExit"),
    ("sys.exit('gone')", "SystemExit: gone"),
    ("raise BaseException('odd')", "BaseException: odd"),
    ("return [1 / 0 for _ in '1']", "ZeroDivisionError"),
    ("return [r.decidedat]", "request has no fact 'decidedat' (did you mean 'decided_at'?)"),
    ("return [r.amount >= 'many']", ">= takes"),
    ("return [ws.Ruel]", "did you mean 'Rule'?"),
    ("import json; return json.loads('{')", "JSONDecodeError"),
)


def failure(folder: Path, source: str) -> str:
    """What is told of a plugin file whose hooks are asked."""
    file = folder / "mine.py"
    file.write_text(START + source, "utf-8")
    spec = spec_from_file_location("mine", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.raises(PluginFailed) as caught:
        collect([module], installed=False)
    return str(caught.value)


@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize("value", WRONG)
def test_whatever_a_hook_returns_wrongly_is_told(tmp_path: Path, name: str, value: str) -> None:
    """Every hook, every wrong thing: plugin, hook, line, and what is wanted."""
    said = failure(tmp_path, hook(name, f"return {value}"))
    assert "the plugin 'mine'" in said
    assert f"hook windowservice_{name}" in said
    assert f"mine.py line {FIRST}" in said
    assert "it has to return" in said or "wanted is" in said or "must be" in said


@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize(("body", "told"), RAISING)
def test_whatever_a_hook_raises_is_told_with_hook_and_line(tmp_path: Path, name: str, body: str, told: str) -> None:
    """The line is the plugin's own, also when another library raised below it."""
    said = failure(tmp_path, hook(name, body))
    assert told in said
    assert f"hook windowservice_{name}" in said
    assert f"mine.py line {FIRST + 2}" in said


def test_a_hook_that_fails_ends_the_command_with_2(told: Told) -> None:
    """One message, no traceback, and no way out that is none: it is not installed."""
    for body in ("return {}['大额']", "sys.exit(0)", "return None"):
        code, out, err = told(hook("packs", body))
        assert (code, out) == (2, "")
        assert "hook windowservice_packs" in err
        assert "Traceback" not in err
        assert "--skip-broken-plugins" not in err


def test_a_generator_may_be_a_hook_and_its_line_is_told(tmp_path: Path) -> None:
    """What it raises comes when it is read, with the same place."""
    assert f"mine.py line {FIRST + 2}" in failure(tmp_path, hook("packs", "yield 1 / 0"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = r.decidedat\n", "did you mean 'decided_at'?"),
        ("x = ws.Rule('x', title='t', require=r.amount >= 'many')\n", "whole number and text"),
        ("x = ws.Figure('f', int, 5, basis=B)\n", 'write {"2018-07-01": 5}'),
        ("x = ws.Figure('f', int, {'2018-07-01': 5}, basis='b')\n", "which is no Basis"),
        ("x = {}['大额']\n", "KeyError: '大额'"),
        ("x = (\n", "SyntaxError"),
        ("import no_such_module_at_all\n", "ModuleNotFoundError"),
        ("sys.exit(1)\n", "SystemExit: 1"),
    ],
)
def test_whatever_a_plugin_file_raises_is_told_with_its_line(told: Told, source: str, said: str) -> None:
    """While the file is read, too."""
    code, out, err = told(source)
    assert (code, out) == (2, "")
    assert said in err
    assert f"mine.py line {FIRST}" in err


OTHER = hook("event_kinds", "return ['a']")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def windowservice_packs():\n    return []\n", "write @windowservice.hookimpl above it"),
        (OTHER + "def windowservice_packs():\n    return []\n", "windowservice_packs is not marked"),
        (OTHER + "def windowservice_pack():\n    return []\n", "did you mean 'windowservice_packs'"),
        (hook("pack", "return []"), "did you mean 'windowservice_packs'?); hooks are windowservice_amendments, "),
        (hook("calendar", "return {}"), "did you mean 'windowservice_calendars'?"),
        (hook("frobnicate", "return []"), "there is no hook 'windowservice_frobnicate'"),
        ("@ws.hookimpl\ndef windowservice_packs(engine):\n    return []\n", "takes no arguments"),
        ("@ws.hookimpl(wrapper=True)\ndef windowservice_packs():\n    yield\n", "is a wrapper"),
        ("x = 1\n", "it has no hook"),
    ],
)
def test_a_function_that_would_never_be_called_is_refused(tmp_path: Path, source: str, told: str) -> None:
    """A forgotten mark, a slip in the name, arguments: none passes in silence."""
    said = failure(tmp_path, source)
    assert told in said
    assert "hooks are" in said or "mine.py line" in said


def test_helpers_of_a_plugin_may_have_any_other_name(told: Told) -> None:
    """A function that is named after no hook and near to none is the plugin's own affair."""
    code, _, err = told("def windowservice_of_dalian():\n    pass\n" + hook("packs", "return [PACK]"))
    assert (code, err) in ((0, ""), (1, ""))


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    "source",
    [
        "print('hello')\n" + hook("packs", "return [PACK]"),
        hook("packs", "print('hello'); return [PACK]"),
        hook("packs", "sys.stdout.write('hello'); return [PACK]"),
        "import logging\nlogging.getLogger('mine').addHandler(logging.StreamHandler(sys.stdout))\n"
        + hook("packs", "import logging; logging.getLogger('mine').warning('hello'); return [PACK]"),
    ],
)
def test_what_a_plugin_prints_does_not_reach_the_report(told: Told, source: str, form: str) -> None:
    """It goes to stderr: a document on standard output stays one."""
    _, out, err = told(source, "--format", form)
    assert "hello" in err
    assert "hello" not in out
    if form == "json":
        json.loads(out)


@pytest.mark.parametrize("plugin", ["mine", b"mine", [], {}, 5, None, object(), ws.Pack("p", version="1", rules=[])])
def test_what_is_no_plugin_is_refused(plugin: object) -> None:
    """A name, a list, a number: told what a plugin is."""
    with pytest.raises(PluginFailed):
        collect([plugin], installed=False)


@pytest.mark.parametrize("plugins", [5, "mine", sys, None])
def test_plugins_are_a_list(plugins: object) -> None:
    """One module instead of a list is told how to be written."""
    with pytest.raises(ws.WindowserviceError, match=r"plugins=\[my_plugin\]"):
        collect(plugins, installed=False)  # type: ignore[arg-type]


def test_a_class_is_told_to_give_an_instance() -> None:
    """Its hooks take self."""

    class Mine:
        @ws.hookimpl
        def windowservice_packs(self) -> list[ws.Pack]:
            return []

    with pytest.raises(PluginFailed, match=r"give an instance, Mine\(\)"):
        collect([Mine], installed=False)
    assert collect([Mine()], installed=False).absent == ()


def test_a_hook_that_never_ends_is_told() -> None:
    """An endless generator is not waited for."""
    module = ModuleType("endless")

    def windowservice_event_kinds() -> object:
        while True:
            yield "sealed"

    module.windowservice_event_kinds = ws.hookimpl(windowservice_event_kinds)  # type: ignore[attr-defined]
    with pytest.raises(PluginFailed, match="more than 100,000"):
        collect([module], installed=False)


def test_a_record_type_of_a_name_that_is_taken_names_both_owners() -> None:
    """A rule written as text could mean either."""

    class message(ws.Facts):
        """Another's name."""

        size = ws.fact(int, "Size")

    module = ModuleType("mine")
    module.windowservice_record_types = ws.hookimpl(lambda: [message])  # type: ignore[attr-defined]
    with pytest.raises(
        NameTaken, match="'windowservice' and 'mine' both offer a record type named 'message'; rename one"
    ):
        collect([module], installed=False)


def test_two_packs_of_one_name_in_one_plugin_are_told_so() -> None:
    """Not as if there were two plugins."""
    module = ModuleType("mine")
    packs = [ws.Pack("p", version=version, rules=[]) for version in "12"]
    module.windowservice_packs = ws.hookimpl(lambda: packs)  # type: ignore[attr-defined]
    with pytest.raises(NameTaken, match="'mine' offers two packs named 'p'"):
        collect([module], installed=False)


def test_only_an_installed_plugin_can_be_skipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The way out is told where there is one."""
    from importlib import metadata
    from importlib.metadata import EntryPoint

    monkeypatch.setattr(
        metadata, "entry_points", lambda group: [EntryPoint("gone", "ws_no_such_module", "windowservice")]
    )
    assert run(("rules",)) == 2
    assert "leave it out with --skip-broken-plugins" in capsys.readouterr().err
    assert run(("rules", "--skip-broken-plugins")) == 0


WRITING = """\
import os, subprocess
os.write(1, b"<import>")
@ws.hookimpl
def windowservice_packs():
    os.write(1, b"<hook>")
    subprocess.run(["echo", "<program>"], check=True)
    subprocess.run([sys.executable, "-S", "-c", "print('<python>')"], check=True)
    os.system("echo '<shell>'")
    sys.__stdout__.write("<first stdout>")
    sys.__stdout__.flush()
    return [PACK]
"""


@pytest.mark.parametrize("form", ["json", "csv", "text"])
def test_what_a_plugin_writes_to_the_descriptor_does_not_reach_the_report(
    told: Told, tmp_path: Path, form: str
) -> None:
    """The descriptor of standard output is the report's alone as well, for programs that the plugin starts too."""
    told("")  # writes the ledger
    file = tmp_path / "mine.py"
    file.write_text(START + WRITING, "utf-8")
    command = ["audit", str(tmp_path), "--as-of", "2018-06-30", "--plugin", str(file), "--format", form]
    done = subprocess.run(
        [sys.executable, "-m", "windowservice", *command], capture_output=True, text=True, encoding="utf-8", check=False
    )
    for place in ("import", "hook", "program", "python", "shell", "first stdout"):
        assert f"<{place}>" in done.stderr
        assert f"<{place}>" not in done.stdout
    assert done.stdout
    assert done.returncode in (0, 1, 3)
    if form == "json":
        json.loads(done.stdout)
