"""Every report says what was loaded beside the library; what rules can speak of is told with where it comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

import windowservice as ws

_PACK = """
schema_version = 1
name = "desk"
version = "3"
[basis]
own = { text = "Our own word", mark = "known" }
[records.call]
title = "A call."
[records.call.facts]
id = { type = "key", title = "Number" }
team = { type = "text", title = "The team", words = ["north", "south"] }
minutes = { type = "integer", title = "How long it was", unit = "min" }
long = { formula = "call.minutes > 10", title = "Whether it was long" }
[[rules]]
name = "taken"
title = { nl = "Opgenomen" }
require = "call.team.is_known()"
basis = "own"
"""


def _written(folder: Path, text: str = _PACK) -> Path:
    (folder / "desk.toml").write_text(text, "utf-8")
    return folder / "desk.toml"


def test_a_pack_in_toml_is_named_by_its_file_and_content(tmp_path: Path) -> None:
    """Without the folder in which it stands; another content is another hash."""
    engine = ws.Engine.load(packs=[_written(tmp_path)], installed=False)
    report = engine.check({"id": "1", "team": "north"}, as_of="2026-03-03")
    (plugin,) = report.plugins
    assert (plugin.name, plugin.version, plugin.file, plugin.packs) == ("desk", "3", "desk.toml", ("desk",))
    changed = ws.Engine.load(packs=[_written(tmp_path, _PACK.replace("Number", "Its number"))], installed=False)
    assert changed.plugins[0].hash != plugin.hash
    (tmp_path / "elsewhere").mkdir()
    again = ws.Engine.load(packs=[_written(tmp_path / "elsewhere")], installed=False)
    assert again.plugins == engine.plugins


def test_a_module_is_named_with_its_version_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file from its package on."""
    (tmp_path / "parcel_rules").mkdir()
    (tmp_path / "parcel_rules" / "__init__.py").write_text(
        "import windowservice as ws\n__version__ = '2.1'\n"
        "@ws.hookimpl\ndef windowservice_packs():\n    return [ws.Pack('parcels', version='7', rules=[])]\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    module: ModuleType = __import__("parcel_rules")
    monkeypatch.delitem(sys.modules, "parcel_rules")
    (plugin,) = ws.Engine.load(plugins=[module], installed=False).plugins
    assert str(plugin) == "parcel_rules 2.1 (parcel_rules/__init__.py)"


def test_facts_are_told_with_type_unit_words_and_source(tmp_path: Path) -> None:
    """Of packs of one's own nothing of the library is among them."""
    engine = ws.Engine.load(packs=[_written(tmp_path)], installed=False)
    (call,) = engine.facts()
    assert (call.name, call.judged, call.source) == ("call", True, str(engine.plugins[0]))
    facts = {fact.name: fact for fact in call.facts}
    assert facts["call.team"].words == ("north", "south")
    assert (facts["call.minutes"].type, facts["call.minutes"].unit) == ("whole number", "min")
    assert facts["call.long"].formula == "call.minutes > 10"
    (one,) = engine.facts("minutes")
    assert [fact.name for fact in one.facts] == ["call.minutes"]


@pytest.mark.parametrize(("name", "nearest"), [("cal", "call"), ("call.teem", "call.team"), ("minuts", "minutes")])
def test_an_unknown_name_offers_the_nearest(tmp_path: Path, name: str, nearest: str) -> None:
    """Of record types and facts alike."""
    engine = ws.Engine.load(packs=[_written(tmp_path)], installed=False)
    with pytest.raises(ws.WindowserviceError, match=f"did you mean '{nearest}'"):
        engine.facts(name)


def test_the_library_has_no_plugin_and_tells_its_own_facts() -> None:
    """With their words, and with classes that add facts to others'."""
    engine = ws.Engine.load(installed=False)
    assert engine.plugins == ()
    (request,) = engine.facts("request")
    assert request.source == "windowservice"
    assert request.children == "event"
