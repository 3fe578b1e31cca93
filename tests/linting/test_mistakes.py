"""Mistakes that authors of rules make, planted one by one: each is told by lint, when it is loaded, or by the laws."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

import windowservice as ws

DESK: Final = """
schema_version = 1
name = "desk"
version = "1"
title = { en = "Help desk" }
[basis.contract]
text = "Contract with the customer"

[records.ticket]
title = "A ticket"
table = "tickets"
dated_by = "opened_at"
[records.ticket.facts]
id = { title = "Number", type = "key" }
opened_at = { title = "When opened", type = "instant", required = true }
answered_at = { title = "When answered", type = "instant" }
due_at = { title = "When due", type = "instant", planned = true }
priority = { title = "How urgent", type = "text", words = ["P1", "P2", "P3"] }
owner = { title = "Who has it", type = "code" }
replies = { title = "How many replies", type = "integer" }
cost = { title = "What it cost", type = "integer", unit = "yuan" }
escalated = { title = "Whether it was escalated", type = "truth" }
urgent = { title = "Whether it is urgent", formula = "ticket.priority == 'P1' or ticket.escalated" }

[figures.large]
type = "integer"
note = "From which the cost is large"
unit = "yuan"
values = [
  { since = 2018-01-01, value = 1000, basis = "contract" },
  { since = 2019-01-01, value = 2000, basis = "contract" },
]
[figures.replies]
type = "integer"
note = "How many replies are due"
by.P1 = [{ since = 2018-01-01, value = 3, basis = "contract" }]
by.P2 = [{ since = 2018-01-01, value = 2, basis = "contract" }]
by.P3 = [{ since = 2018-01-01, value = 1, basis = "contract" }]

[[rules]]
name = "answered"
title = { en = "Answered when due" }
require = "ticket.answered_at.by(ticket.due_at)"
basis = "contract"
[[rules]]
name = "replied"
title = { en = "Replied often enough" }
require = "ticket.replies >= figure.replies[ticket.priority]"
basis = "contract"
[[rules]]
name = "approved"
title = { en = "Who spends much has an owner" }
when = "ticket.cost >= figure.large"
require = "ticket.owner.is_known()"
basis = "contract"
severity = "major"
"""


def rule(require: str, when: str = "", name: str = "planted", more: str = "") -> str:
    """Return a further rule."""
    head = (
        f'{DESK}\n[[rules]]\nname = "{name}"\ntitle = {{ en = "Planted" }}\nrequire = "{require}"\nbasis = "contract"\n'
    )
    return head + (f'when = "{when}"\n' if when else "") + more


def instead(old: str, new: str) -> str:
    """Return the pack with a part of it changed."""
    assert old in DESK
    return DESK.replace(old, new)


MISTAKES: Final[dict[str, tuple[str, str, str]]] = {
    # what went wrong: the pack, the code, and a part of what is said
    "a fact is misspelt": (rule("ticket.repiles >= 1"), "load", "did you mean 'replies'?"),
    "a word is misspelt": (rule("ticket.priority != 'P4'"), "load", "is never 'P4'"),
    "a figure is misspelt": (rule("ticket.cost < figure.lage"), "load", "did you mean 'large'?"),
    "a key of a table is misspelt": (
        rule("ticket.escalated", more='severty = "major"'), "load", "did you mean 'severity'?"),
    "a source is misspelt": (instead('basis = "contract"\nseverity', 'basis = "contrct"\nseverity'), "load", "contrct"),
    "a number is compared with a text": (rule("ticket.replies >= '3'"), "load", "got whole number and text"),
    "units are mixed": (
        rule("ticket.replies + ticket.cost < figure.large").replace('"How many replies", type = "integer"',
        '"How many replies", type = "integer", unit = "letters"'), "load", "mixes the units"),
    "a condition speaks of nothing": (rule("1 < 2"), "load", "speaks of no fact"),
    "missing is written as None": (rule("ticket.owner == None"), "load", ".is_missing()"),
    "missing is written as an empty text": (rule("ticket.owner != ''"), "empty-text", "an empty cell is missing"),
    "`and` for `or` in when": (
        rule("ticket.escalated", "ticket.priority == 'P1' and ticket.priority == 'P2'"), "never-applies", "no record"),
    "`or` for `and` in require": (
        rule("ticket.replies >= 1 or ticket.replies < 5"), "never-fails", "always holds"),
    "a bound is turned round": (
        rule("ticket.cost < 500", "ticket.cost >= figure.large"), "never-passes", "never holds where"),
    "a bound is turned round from a date on": (
        rule("ticket.cost <= 1500", "ticket.cost >= figure.large"), "never-passes", "from 2019-01-01 on"),
    "a fact is compared with itself": (rule("ticket.due_at >= ticket.due_at"), "never-fails", "always holds"),
    "the same sides are compared both ways": (
        rule("ticket.answered_at < ticket.due_at", "ticket.due_at < ticket.answered_at"),
        "never-passes", "holds where"),
    "what is missing is compared": (
        rule("ticket.escalated", "ticket.owner.is_missing() and ticket.owner == 'li'"), "never-applies", "no record"),
    "what every record has is asked for": (rule("ticket.opened_at.happened()"), "never-fails", "always holds"),
    "a count is below nothing": (rule("ticket.escalated", "ticket.replies < 2 and ticket.replies > 1"),
                                 "never-applies", "no record"),
    "two rules contradict one another": (
        rule("ticket.owner.is_missing()", "ticket.cost >= 5000"), "contradiction", "desk/approved"),
    "a rule stands twice": (
        rule("ticket.owner.is_known()", "ticket.cost >= figure.large", more='severity = "major"'),
        "duplicate", "desk/approved"),
    "a rule says nothing beside another": (
        rule("ticket.owner.is_known()", "ticket.cost >= 5000"), "subsumed", "fails only where desk/approved"),
    "a part says nothing": (rule("ticket.replies > 5 and ticket.replies > 3"), "redundant", "ticket.replies > 3"),
    "bands leave a hole": (
        rule("ticket.replies >= 2", "ticket.cost < 100") + rule("ticket.replies >= 1", "ticket.cost > 200", "other")
        .removeprefix(DESK), "gap", ">= 100 and <= 200"),
    "a figure is read by nobody": (
        rule("ticket.escalated").replace("figure.large", "1000"), "unread-figure", "figure.large"),
    "a word has no line": (re.sub(r"by\.P3.*\n", "", DESK), "missing-line", "replies[P3]"),
    "a line begins later": (
        instead("by.P3 = [{ since = 2018-01-01", "by.P3 = [{ since = 2020-01-01"), "late-line", "before 2020-01-01"),
    "a rule begins before its figure": (
        rule("ticket.cost < figure.large", more="since = 2015-01-01"), "late-figure", "before 2018-01-01"),
    "a source says nothing": (instead("Contract with the customer", "TODO"), "no-basis", "TODO"),
    "<= for by(...)": (
        rule("ticket.answered_at <= ticket.due_at"), "stays-unknown", "write ticket.answered_at.by(ticket.due_at)"),
    "a derived fact is always the same": (
        instead("ticket.priority == 'P1' or ticket.escalated", "ticket.escalated and not ticket.escalated"),
        "constant-fact", "never true"),
    "facts rest on one another in a circle": (
        instead("ticket.priority == 'P1' or ticket.escalated", "not ticket.urgent"), "load", "urgent -> urgent"),
    "a principle is misspelt": (rule("ticket.escalated", more='principle = "good_servce"'), "load", "good_service"),
    "two rules have one name": (rule("ticket.escalated", name="answered"), "load", "has the name already"),
    "an amendment names no rule": (
        f'{DESK}\n[[amendments]]\nwithdraw = "desk/anwsered"\nbasis = "contract"\n', "load", "anwsered"),
}  # fmt: skip


def test_the_desk_is_right() -> None:
    """The pack into which mistakes are planted has none."""
    assert ws.lint([DESK]) == ()


@pytest.mark.parametrize(("pack", "code", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_each_mistake_is_told(pack: str, code: str, said: str) -> None:
    """Each mistake is told by its code, with what it is about; nothing else is graver."""
    found = ws.lint([pack])
    assert [problem for problem in found if problem.code == code and said in str(problem)], list(map(str, found))


def test_all_mistakes_of_a_file_are_told_at_once_with_file_table_key_and_line(tmp_path: Path) -> None:
    """Two typos in one file and one in another are three problems, each with its place."""
    (tmp_path / "one.toml").write_text(rule("ticket.repiles >= 1", "ticket.priorty == 'P1'"), "utf-8")
    (tmp_path / "two.toml").write_text(rule("ticket.ownr.is_known()").replace('"desk"', '"other"'), "utf-8")
    found = ws.lint([tmp_path / "two.toml"])
    lines = (tmp_path / "two.toml").read_text("utf-8").split("\n")
    assert [(Path(one.file).name, one.place) for one in found] == [("two.toml", "rules.planted.require")]
    assert "ticket.ownr" in lines[found[0].line - 1]
    places = [(Path(one.file).name, one.place) for one in ws.lint([tmp_path / "one.toml", tmp_path / "two.toml"])]
    assert places == [
        ("one.toml", "rules.planted.require"), ("one.toml", "rules.planted.when"),
        ("two.toml", "rules.planted.require"),
    ]  # fmt: skip


def test_graded_rules_and_rules_of_other_words_are_no_mistake() -> None:
    """A graver rule for a larger breach, and rules that apply to different words, are told of by nothing."""
    graded = rule("ticket.replies >= 1", "ticket.cost >= figure.large", more='severity = "severe"\n')
    apart = rule("ticket.replies < 9", "ticket.priority == 'P1'", "p1") + rule(
        "ticket.replies >= 9", "ticket.priority == 'P2'", "p2"
    ).removeprefix(DESK)
    assert ws.lint([graded]) == ws.lint([apart]) == ()


CASES = """
packs = ["desk.toml"]
record = "ticket"
as_of = "2018-06-30"
[[cases]]
rule = "desk/answered"
verdict = "fail"
"""


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    from windowservice.cli.app import run

    code = run(["lint", *arguments])
    return code, capsys.readouterr().out


def test_exit_codes_and_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 without a problem, 1 with one at or above --fail-on, 2 for a file that is not there."""
    pack = tmp_path / "desk.toml"
    pack.write_text(DESK, "utf-8")
    assert _run(capsys, str(pack)) == (0, "No problem found.\n")
    pack.write_text(rule("ticket.repiles >= 1"), "utf-8")
    assert _run(capsys, str(pack))[0] == 1
    assert _run(capsys, str(pack), "--ignore", "load")[0] == 0
    assert _run(capsys, str(pack), "--fail-on", "never")[0] == 0
    assert _run(capsys, str(tmp_path / "none.toml"))[0] == 2
    assert json.loads(_run(capsys, str(pack), "--format", "json")[1])["counts"] == {"error": 1, "warning": 0, "note": 0}
    (result,) = json.loads(_run(capsys, str(pack), "--format", "sarif")[1])["runs"][0]["results"]
    assert result["ruleId"] == "load"


def test_tables_beside_a_pack_say_which_rules_are_tried(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that no case of a table in the folder tries is told, and the table is no part of the pack."""
    (tmp_path / "desk.toml").write_text(DESK, "utf-8")
    (tmp_path / "desk.cases.toml").write_text(CASES, "utf-8")
    code, said = _run(capsys, str(tmp_path))
    assert code == 1
    assert [line for line in said.split("\n") if "untested" in line and "rules.replied" in line]
    assert not [line for line in said.split("\n") if "rules.answered" in line]
