"""Loading plugins: through hooks alone, by name, and never in silence."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

import windowservice as ws
from windowservice.errors import NameTaken, PluginFailed
from windowservice.facts.requests.request import request as r
from windowservice.plugins import hooks
from windowservice.plugins.manager import collect
from windowservice.rules.packs.record_packs import RECORD_PACKS


def plugin(name: str, **implementations: object) -> ModuleType:
    module = ModuleType(name)
    for hook, value in implementations.items():

        def implementation(value: object = value) -> object:
            if isinstance(value, Exception):
                raise value
            return value

        bare = eval(
            "lambda: given()", {"given": implementation}
        )  # a hook takes exactly the arguments of its specification
        setattr(module, hook, ws.hookimpl(bare))
    return module


def pack(name: str = "dalian") -> ws.Pack:
    return ws.Pack(name, version="1", rules=[ws.Rule("any", title="Any", require=r.amount > 0)])


def test_built_in_packs_come_through_the_same_hooks() -> None:
    """Without any plugin the built-in packs are there, and nothing else."""
    found = collect(installed=False)
    on_requests = ["first_contact", "told_once", "in_time", "commitment", "standard", "at_once"]
    assert [p.name for p in found.packs] == [*on_requests, *RECORD_PACKS]
    assert found.absent == ()


def test_a_plugin_offers_packs_calendars_kinds_and_record_types() -> None:
    """Every hook is called and its values are gathered."""

    class own(ws.Facts):
        size = ws.fact(int, "Size")

    calendar = ws.WorkCalendar(timezone="Europe/Amsterdam", weekly="mon-fri 09:00-17:00")
    found = collect(
        [
            plugin(
                "dalian",
                windowservice_packs=[pack()],
                windowservice_calendars={"vault": calendar},
                windowservice_event_kinds=["sealed"],
                windowservice_record_types=[own],
                windowservice_amendments=[ws.Withdraw("told_once/told_once", ws.Basis("x"))],
            )
        ],
        installed=False,
    )
    assert found.packs[-1].name == "dalian"
    assert found.calendars == {"vault": calendar}
    assert [kind.name for kind in found.event_kinds] == ["sealed"]
    assert own in found.record_types
    assert len(found.amendments) == 1


def test_every_hook_has_a_sentence_and_is_known_here() -> None:
    """A new hook needs a docstring, and a line in the test above."""
    names = {name for name in hooks.__all__ if name.startswith("windowservice_")}
    assert names == {
        "windowservice_packs", "windowservice_calendars", "windowservice_event_kinds", "windowservice_record_types",
        "windowservice_amendments", "windowservice_makers", "windowservice_functions",
        "windowservice_catalogue", "windowservice_scorecard",
        "windowservice_indicators", "windowservice_ladder", "windowservice_duties",
    }  # fmt: skip
    assert all(getattr(hooks, name).__doc__ for name in names)


def test_two_packs_of_one_name_name_both_owners() -> None:
    """A collision tells who offers what."""
    with pytest.raises(NameTaken, match="'one' and 'two' both offer a pack named 'dalian'"):
        collect(
            [plugin("one", windowservice_packs=[pack()]), plugin("two", windowservice_packs=[pack()])], installed=False
        )


def test_a_plugin_that_fails_is_an_error_by_name() -> None:
    """The plugin and what went wrong are in the message."""
    broken = plugin("broken", windowservice_packs=ValueError("no figures"))
    with pytest.raises(PluginFailed, match="'broken' cannot be loaded: ValueError: no figures"):
        collect([broken], installed=False)


def test_a_plugin_that_fails_can_be_left_out_and_is_listed() -> None:
    """With strict=False the others load, and the report says which is absent."""
    broken = plugin("broken", windowservice_packs=ValueError("no figures"))
    engine = ws.Engine.load(
        plugins=[broken, plugin("good", windowservice_packs=[pack()])], installed=False, strict=False
    )
    assert [(a.plugin, a.reason) for a in engine.absent] == [("broken", "ValueError: no figures")]
    assert engine.packs[-1].name == "dalian"


def test_a_hook_that_returns_something_else_is_refused() -> None:
    """windowservice_packs returns packs."""
    with pytest.raises(PluginFailed, match="which is no Pack"):
        collect([plugin("odd", windowservice_packs=["dalian"])], installed=False)


def test_a_misspelt_hook_is_refused() -> None:
    """An implementation of a hook that does not exist would never be called."""
    module = ModuleType("typo")
    module.windowservice_pack = ws.hookimpl(lambda: [])
    with pytest.raises(PluginFailed, match="windowservice_pack"):
        collect([module], installed=False)


def test_installed_plugins_are_loaded_one_by_one_in_order_of_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Entry points are sorted by name; one that cannot be imported is named."""
    from importlib import metadata
    from importlib.metadata import EntryPoint

    for name in ("ws_b", "ws_a"):
        monkeypatch.setitem(sys.modules, name, plugin(name, windowservice_packs=[pack(name)]))
    points = [EntryPoint(n, n, "windowservice") for n in ("ws_b", "ws_a")]
    monkeypatch.setattr(metadata, "entry_points", lambda group: points)
    assert [p.name for p in collect().packs][-2:] == ["ws_a", "ws_b"]
    points.append(EntryPoint("ws_missing", "ws_no_such_module", "windowservice"))
    with pytest.raises(PluginFailed, match="'ws_missing' cannot be loaded: ModuleNotFoundError"):
        collect()
    assert [a.plugin for a in collect(strict=False).absent] == ["ws_missing"]


def test_what_the_library_judges_banks_by_comes_through_the_hooks() -> None:
    """Catalogue, scorecard, indicators, ladder and duties, each read when it is asked for."""
    found = collect(installed=False)
    standards = found.standards
    assert found.catalogue is not None
    for given, wanted in (
        (found.catalogue, ws.Catalogue.default()), (standards.scorecards[0], ws.Scorecard.default()),
        (standards.ladders[0], ws.Ladder.default()), (standards.indicators[0], ws.scoring.Indicator.default()[0]),
    ):  # fmt: skip
        assert given.give is not None  # type: ignore[attr-defined]
        assert given()[0] is wanted
    assert {duty.id for duty in standards.duty_lists[0]()} == set(standards.duties)


def test_a_file_of_entry_points_that_names_the_group_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no plugin installed waits for nothing; a folder that cannot be listed may hold one."""
    from windowservice.plugins import announced

    monkeypatch.setattr(sys, "meta_path", [])
    for folder, text, found in (("a", "[console_scripts]\nx = y\n", False), ("b", "[windowservice]\nx = y\n", True)):
        told = tmp_path / folder / "x-1.dist-info" / "entry_points.txt"
        told.parent.mkdir(parents=True)
        told.write_text(text, "utf-8")
        monkeypatch.setattr(sys, "path", [str(tmp_path / folder), str(tmp_path / "nowhere")])
        assert announced._may_be_announced() is found
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"")
    monkeypatch.setattr(sys, "path", [str(archive)])
    assert announced._may_be_announced()
