"""What each tool answers; all of it is what the public functions say."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from mcp import Client

import windowservice as ws
from windowservice.assistant.folder import Folder
from windowservice.assistant.server import make_server

from .conftest import RECORD, Ask


def test_tools_are_listed_with_schemas_and_only_read(engine: ws.Engine) -> None:
    async def listed():
        async with Client(make_server(engine, Folder())) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert list(tools) == [
        "deadline", "check", "explain", "list_rules", "search_rules", "list_facts", "list_calendars",
    ]  # fmt: skip
    for tool in tools.values():
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        assert tool.output_schema["type"] == "object"
        assert tool.description
    assert {"start", "limit"} == set(tools["deadline"].input_schema["required"])


def test_a_deadline_is_derived_day_by_day_with_the_name_of_the_holiday(ask: Ask) -> None:
    found = ask("deadline", start="2018-04-27T16:00+08:00", limit="3 working days")
    assert found["due"] == "2018-05-03T17:00:00+08:00"
    assert (found["unit"], found["remaining"], found["days_left_out"]) == ("days", "3", 0)
    days = {day["day"][5:]: (day["why"], day["counted"], day["used"]) for day in found["days"]}
    assert days == {
        "04-27": ("", "0", "0"), "04-28": ("as mon", "1", "1"), "04-29": ("closed: 劳动节", "0", "1"),
        "04-30": ("closed: 劳动节", "0", "1"), "05-01": ("closed: 劳动节", "0", "1"), "05-02": ("", "1", "2"),
        "05-03": ("", "1", "3"),
    }  # fmt: skip
    assert found["days"][2]["layer"] == "statutory 2018"
    assert "State Council" in found["days"][2]["source"]


def test_a_stop_stands_on_its_days(ask: Ask) -> None:
    stop = {"begin": "2018-05-02T10:00+08:00", "end": "2018-05-03T09:00+08:00", "reason": "hearing", "written": True}
    found = ask("deadline", start="2018-04-27T16:00+08:00", limit="10 working hours", stops=[stop])
    second, third = found["days"][-2:]
    assert (second["counted"], third["counted"], found["due"]) == ("1 h 30 min", "1 h", "2018-05-03T10:00:00+08:00")
    assert third["stops"] == [
        {"begin": "2018-05-03T00:00:00+08:00", "end": "2018-05-03T09:00:00+08:00", "reason": "hearing"}
    ]


def test_a_long_deadline_lists_its_first_days(ask: Ask) -> None:
    found = ask("deadline", start="2018-04-27T16:00+08:00", limit="200 calendar days")
    assert len(found["days"]) == 120
    assert found["days_left_out"] == 201 - 120


def test_a_calendar_of_the_folder_counts(ask: Ask, folder: Path) -> None:
    calendar = 'name = "shop"\ntimezone = "Europe/Amsterdam"\nweekly = "mon-sat 10:00-18:00"\n'
    (folder / "shop.toml").write_text(calendar, "utf-8")
    found = ask("deadline", start="2018-04-27T17:00+02:00", limit="2 working hours", calendar_file="shop.toml")
    assert found["due"] == "2018-04-28T11:00:00+02:00", found


def test_a_record_is_checked_and_explained_in_hand_and_from_a_file(ask: Ask, engine: ws.Engine) -> None:
    asked = ws.Request.from_json(json.dumps(RECORD))
    report = engine.check(asked, as_of="2018-05-04")
    in_hand, from_file = (
        ask("check", as_of="2018-05-04", record=RECORD),
        ask("check", as_of="2018-05-04", file="records/R-7.json"),
    )
    assert in_hand == from_file
    assert in_hand["counts"] == {str(verdict): number for verdict, number in report.counts.items()}
    assert in_hand["findings"][0]["rule"] == "told_once/answered_in_time"
    assert in_hand["findings"][0]["summary"].startswith("late by 30 minutes")
    told = ask("explain", rule="answered_in_time", as_of="2018-05-04", file="records/R-7.json")
    assert told["text"] == report.finding("R-7", "answered_in_time").explain()
    assert told["finding"]["shortfall"]["amount"] == 1800


def test_a_record_of_a_ledger_is_explained(ask: Ask) -> None:
    told = ask("explain", rule="answered_in_time", as_of="2018-05-04", ledger="ledger", key="R-1")
    assert "late by 30 minutes" in told["text"]


def test_rules_are_listed_and_found_by_words_in_both_languages(ask: Ask) -> None:
    whole = ask("list_rules")
    assert len(whole["rules"]) == 50
    assert whole["left_out"] > 0
    (rule,) = ask("list_rules", name="commitment_kept")["rules"]
    assert rule["name"] == "commitment/commitment_kept"
    assert rule["figures"]
    (best, *_) = ask("search_rules", words="published commitment")["rules"]
    assert best["name"] == "commitment/commitment_kept"
    assert "commitment/commitment_kept" in [one["name"] for one in ask("search_rules", words="公开承诺")["rules"]]
    assert ask("search_rules", words="zebra") == {"rules": [], "left_out": 0}


def test_facts_are_listed_with_types_units_and_words(ask: Ask) -> None:
    names = [one["name"] for one in ask("list_facts")["types"]]
    assert {"request", "event", "message"} <= set(names)
    (kind,) = ask("list_facts", record_type="event")["types"]
    facts = {fact["name"]: fact for fact in kind["facts"]}
    assert facts["at"]["type"] == "instant"
    assert "submitted" in facts["kind"]["words"]


def test_calendars_are_listed(ask: Ask) -> None:
    found = ask("list_calendars")
    assert found["default"] == "window"
    assert "HVPS" in [one["name"] for one in found["calendars"]]


@pytest.mark.parametrize(
    ("tool", "given", "says"),
    [
        ("deadline", {"start": "2018-04-27T16:00", "limit": "3 working days"}, "has no zone; write it with an offset"),
        ("deadline", {"start": "2018-04-27T16:00+08:00", "limit": "3 busines days"}, "did you mean '3 working days'?"),
        (
            "deadline",
            {"start": "2018-04-27T16:00+08:00", "limit": "3 working days", "calendar": "windw"},
            "did you mean 'window'?",
        ),
        (
            "deadline",
            {
                "start": "2018-04-27T16:00+08:00",
                "limit": "3 working days",
                "stops": [{"begin": "2018-05-02", "reason": "x"}],
            },
            "as_of must be given",
        ),
        ("deadline", {"start": "x" * 41, "limit": "3 working days"}, "at most 40 characters"),
        ("deadline", {"limit": "3 working days"}, "Field required"),
        ("check", {"as_of": "2018-05-04"}, "record must be given, or file"),
        ("check", {"as_of": "2018-05-04", "record": {"id": "R"}}, "service: is missing"),
        ("check", {"as_of": "2018-05-04", "record": {}, "record_type": "mesage"}, "did you mean 'message'?"),
        ("check", {"as_of": "2018-05-04", "record": {"a": "x" * (1 << 20)}}, "at most 1,048,576"),
        ("check", {"as_of": "2018-05-04", "record": {"a": 10**5000}}, "cannot be written out"),
        ("check", {"as_of": "soon", "record": RECORD}, "soon"),
        ("explain", {"as_of": "2018-05-04", "record": RECORD, "rule": "answered_in_tim"}, "answered_in_time"),
        ("explain", {"as_of": "2018-05-04", "record": RECORD, "rule": "x", "ledger": "ledger"}, "given alone"),
        ("explain", {"as_of": "2018-05-04", "rule": "answered_in_time", "ledger": "ledger", "key": "R-9"}, "'R-1'"),
        ("list_rules", {"name": "comitment"}, "did you mean 'commitment'?"),
        ("list_facts", {"record_type": "reqest"}, "did you mean 'request'?"),
        ("search_rules", {"words": "!?"}, "at least one word"),
    ],
)
def test_a_refusal_says_what_to_write_instead(ask: Ask, tool: str, given: dict, says: str) -> None:
    assert says in ask(tool, **given)
