"""``windowservice audit``: what it tells, in three forms, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

AS_OF = "2018-05-15T09:00+08:00"


def test_a_ledger_names_its_own_catalogue(run, write) -> None:
    """Its limits, hours and kinds are judged by without an option; of a file that is not there the command says so."""
    from windowservice.rules.starts import starts

    folder = write()
    before = json.loads(run("audit", folder, "--as-of", AS_OF, "--format", "json").stdout)
    assert "commitment/commitment_kept" in {row["rule"] for row in before["findings"]}
    text = starts("catalogue")["catalogue.toml"]
    assert 'limit = "5 working days"' in text
    (folder / "catalogue.toml").write_text(
        text.replace('limit = "5 working days"', 'limit = "9 working days"'), "utf-8"
    )
    (folder / "ledger.toml").write_text('zone = "Asia/Shanghai"\ncatalogue = "catalogue.toml"\n', "utf-8")
    after = json.loads(run("audit", folder, "--as-of", AS_OF, "--format", "json").stdout)
    assert "commitment/commitment_kept" not in {row["rule"] for row in after["findings"]}
    assert after["judged_by"]["catalogue"]["hash"] != before["judged_by"]["catalogue"]["hash"]
    assert not after["load"]["files_not_read"]
    (folder / "catalogue.toml").unlink()
    assert run("audit", folder, "--as-of", AS_OF).exit_code == 2


def test_text_begins_with_what_matters(run, ledger: Path) -> None:
    """The first line says what was audited, as of when, and how many failures there are."""
    result = run("audit", ledger, "--as-of", AS_OF)
    first = result.stdout.splitlines()[0]
    assert first.startswith(
        "Audit of ledger/ as of 2018-05-15 09:00 Asia/Shanghai: 4 requests; 4 failures in 2 of them"
    )
    assert "3 at or above minor" in first


def test_text_has_its_sections(run, ledger: Path) -> None:
    """How the ledger was read, verdicts, every reading of them, open matters and findings all stand in the text."""
    said = run("audit", ledger, "--as-of", AS_OF).stdout
    for part in (
        "requests.csv (requests, utf-8 (detected)): 4 rows read = 4 accepted + 0 rejected",
        "outside the hours of window: 0 of 15 events",
        "By policy", "By principle", "By service", "By bank", "By rule",
        "Open matters: overdue 0, at risk 0, due next 1",
        "R-1      commitment/commitment_kept", "late by 2 days 23 hours 10 minutes (open time 5 h 40 min)",
        "engine ",
    ):  # fmt: skip
        assert part in said


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 1),
        (("--fail-on", "note"), 1),
        (("--fail-on", "major"), 1),
        (("--fail-on", "severe"), 0),
        (("--fail-on", "none"), 0),
        (("--rules", "standard"), 0),
        (("--rules", "commitment/finished_before_at_risk"), 0),
        (("--rules", "commitment/finished_before_at_risk", "--fail-on", "note"), 1),
        (("--rules", "in_time/statute_kept,told_once"), 1),
        (("--rules", "messages"), 3),
    ],
)
def test_exit_code_follows_fail_on(run, ledger: Path, words: tuple[str, ...], code: int) -> None:
    """1 means findings at or above the severity, among the rules that were asked for; 0 that there are none."""
    assert run("audit", ledger, "--as-of", AS_OF, *words).exit_code == code


def test_no_rows_is_never_clean(run, write) -> None:
    """A ledger without a request ends with 3, and says so."""
    result = run("audit", write("id,bank,service\n", "request,at,kind\n"), "--as-of", AS_OF)
    assert result.exit_code == 3
    assert "NOTHING COULD BE EVALUATED" in result.stdout


def test_all_unknown_is_never_clean(run, write) -> None:
    """An audit in which everything that applies is unknown ends with 3, whatever --fail-on says."""
    path = write(settings='zone = "Asia/Shanghai"\nrecorded = ["noted"]\n', events="request,at,kind\n")
    for severity in ("note", "none"):
        result = run("audit", path, "--as-of", AS_OF, "--fail-on", severity)
        assert result.exit_code == 3
    assert "that cannot be told" in result.stdout
    assert "What could not be told" in result.stdout
    assert "missing " in result.stdout


def test_rows_that_are_refused_are_listed(run, write, audit_json) -> None:
    """Rows read are rows accepted and rejected; a rejected one is told with file, row, column and reason."""
    events = (
        "request,at,kind\nR-1,2018-02-30 10:00,submitted\nR-1,2018-05-14 15:00,desided\nR-1,2018-05-14 15:00,decided\n"
    )
    path = write(events=events)
    said = run("audit", path, "--as-of", AS_OF).stdout
    assert "2 rows of the ledger rejected" in said.splitlines()[0]
    assert "events.csv row 2, column 'at'" in said
    assert "did you mean 'decided'?" in said
    load = audit_json(path)["load"]
    assert (load["read"], load["accepted"], load["rejected"]) == (7, 5, 2)
    assert [(r["file"], r["row"], r["column"]) for r in load["rejections"]] == [
        ("events.csv", 2, "at"),
        ("events.csv", 3, "kind"),
    ]


def test_json_is_one_document(ledger: Path, audit_json) -> None:
    """The document names its format, carries the versions of all that judged, and each failure with its number."""
    document = audit_json(ledger)
    assert (document["format"], document["format_version"]) == ("windowservice.audit", 1)
    assert document["counts"]["fail"] == document["found"] == len(document["findings"]) == 4
    assert document["failures"] == {"severe": 0, "major": 3, "minor": 0, "note": 1}
    assert set(document["judged_by"]) >= {"engine", "packs", "calendars", "catalogue", "figures_as_of"}
    late = next(f for f in document["findings"] if f["rule"] == "commitment/commitment_kept")
    assert late["key"] == "R-1"
    assert late["shortfall"]["amount"] == 256_200.0
    assert late["shortfall"]["overrun_seconds"] == 20_400.0
    assert document["commitments"]["S10"]["kept"] == document["commitments"]["S10"]["missed"] == 1
    assert document["commitments"]["S10"]["share_kept"] == 0.5
    assert [(m["key"], m["state"], m["holder"], m["due"]) for m in document["open_matters"]] == [
        ("R-4", "due next", "wang", "2018-05-21T17:00:00+08:00")
    ]


def test_counts_add_up_in_every_reading(ledger: Path, audit_json) -> None:
    """By rule, policy, principle, service and bank the verdicts are the same, counted differently."""
    document = audit_json(ledger)
    for selector, by in document["by"].items():
        for verdict, number in document["counts"].items():
            assert sum(counts[verdict] for counts in by.values()) == number, selector


def test_show_and_limit_choose_findings(ledger: Path, audit_json) -> None:
    """--show chooses by verdict, --limit how many; how many there are stays told."""
    document = audit_json(ledger, "--show", "pass,pending", "--limit", 2)
    assert document["listed"] == ["pass", "pending"]
    assert len(document["findings"]) == 2
    assert document["found"] == document["counts"]["pass"] + document["counts"]["pending"]
    everything = audit_json(ledger, "--show", "all")
    assert everything["found"] == sum(everything["counts"].values())


def test_gravest_findings_come_first(ledger: Path, audit_json) -> None:
    """A list that is cut is cut at its least grave end."""
    severities = [finding["severity"] for finding in audit_json(ledger)["findings"]]
    assert severities == sorted(severities, key=["severe", "major", "minor", "note"].index)


def test_csv_is_one_row_for_each_finding(run, ledger: Path) -> None:
    """The header names the columns, and a missed deadline has its seconds."""
    result = run("audit", ledger, "--as-of", AS_OF, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 1
    assert [row["key"] for row in rows] == ["R-1", "R-3", "R-3", "R-1"]
    assert (rows[0]["rule"], rows[0]["shortfall"], rows[0]["unit"]) == (
        "commitment/commitment_kept",
        "256200.0",
        "seconds",
    )


def test_output_is_written_to_a_file(run, ledger: Path, tmp_path: Path) -> None:
    """A file gets the same as the terminal, in UTF-8; one for spreadsheets begins with a byte order mark."""
    for form in ("text", "json", "csv"):
        shown = run("audit", ledger, "--as-of", AS_OF, "--format", form, "--lang", "zh")
        kept = run("audit", ledger, "--as-of", AS_OF, "--format", form, "--lang", "zh", "--output", tmp_path / form)
        assert (kept.exit_code, kept.stdout) == (1, "")
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        assert (tmp_path / form).read_text(encoding) == shown.stdout
    assert (tmp_path / "csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_chinese_is_chinese(run, ledger: Path) -> None:
    """Headings, verdicts, names of policies and kinds, and titles of rules are in Chinese."""
    said = run("audit", ledger, "--as-of", AS_OF, "--lang", "zh").stdout
    for part in ("按制度", "限时办结制", "不合规", "在公开承诺时限内办结", "S10 电票再贴现", "在办事项: 已逾期 0"):
        assert part in said


def test_as_of_hides_what_came_later(ledger: Path, audit_json) -> None:
    """The same ledger looked at earlier has not failed yet."""
    document = audit_json(ledger, as_of="2018-05-09")
    assert document["as_of"] == "2018-05-10T00:00:00+08:00"
    assert not [f for f in document["findings"] if f["key"] == "R-1" and f["rule"] == "commitment/commitment_kept"]


def test_zone_is_for_as_of_too(ledger: Path, audit_json) -> None:
    """With --zone a time without an offset, and a bare date, are of that zone."""
    assert (
        audit_json(ledger, "--zone", "Asia/Shanghai", as_of="2018-05-15 09:00")["as_of"] == "2018-05-15T09:00:00+08:00"
    )
    assert audit_json(ledger, "--zone", "Asia/Tokyo", as_of="2018-05-15")["as_of"] == "2018-05-15T23:00:00+08:00"


def test_catalogue_pack_and_plugin_change_what_is_judged(ledger: Path, tmp_path: Path, audit_json) -> None:
    """A branch's own rules come from a TOML pack or a plugin file and stand in the report by their names."""
    pack = tmp_path / "own.toml"
    pack.write_text(
        """\
schema_version = 1
name = "branch"
version = "1"
[basis]
notice = { text = "Our notice", mark = "known" }
[[rules]]
name = "by_counter"
title = { en = "Asked at the counter" }
require = "request.channel == 'counter'"
basis = "notice"
severity = "severe"
""",
        "utf-8",
    )
    plugin = tmp_path / "branch_plugin.py"
    plugin.write_text(
        """\
import windowservice as ws
from windowservice.facts.requests.request import request as r

@ws.hookimpl
def windowservice_packs():
    rule = ws.Rule("known_bank", title="Known", require=r.bank == "105221000018")
    return [ws.Pack("mine", version="1", rules=[rule])]
""",
        "utf-8",
    )
    document = audit_json(ledger, "--pack", pack, "--plugin", plugin, "--rules", "branch,mine")
    assert {(f["key"], f["rule"]) for f in document["findings"]} == {
        ("R-3", "branch/by_counter"),
        ("R-2", "mine/known_bank"),
        ("R-3", "mine/known_bank"),
    }
    assert document["judged_by"]["packs"] == {"branch": "1", "mine": "1"}


def test_figures_of_another_day_can_be_asked_for(ledger: Path, audit_json) -> None:
    """--figures-as-of before any commitment leaves nothing that could be kept or broken."""
    document = audit_json(ledger, "--figures-as-of", "2000-01-01", "--rules", "commitment_kept")
    assert document["judged_by"]["figures_as_of"] == "2000-01-01"
    assert document["counts"]["fail"] == 0


def test_a_mapping_reads_other_peoples_columns(tmp_path: Path, audit_json) -> None:
    """One file with Chinese headers is audited with a mapping."""
    (tmp_path / "台账.csv").write_text(
        "编号,机构,业务,申请,办结\nA1,105,S10,2018-05-03 09:00,2018-05-21 10:00\n", "utf-8"
    )
    (tmp_path / "map.toml").write_text(
        """\
zone = "Asia/Shanghai"
[[table]]
[table.request]
id = "编号"
bank = "机构"
service = "业务"
[[table.event]]
at = "申请"
kind = { constant = "submitted" }
[[table.event]]
at = "申请"
kind = { constant = "accepted" }
[[table.event]]
at = "办结"
kind = { constant = "decided" }
""",
        "utf-8",
    )
    document = audit_json(tmp_path / "台账.csv", "--mapping", tmp_path / "map.toml", as_of="2018-06-30")
    late = [f for f in document["findings"] if f["rule"] == "commitment/commitment_kept"]
    assert [f["key"] for f in late] == ["A1"]


def test_the_ledgers_own_hours_win(write, audit_json) -> None:
    """The hours in ledger.toml are those of the verdicts and of the load report."""
    path = write(settings=f'{"zone"} = "Asia/Shanghai"\n[calendar]\nchina = "13:00-14:00"\n')
    document = audit_json(path)
    assert document["load"]["calendar"] == "ledger"
    assert document["load"]["outside_hours"] == 15


def test_a_rule_that_cannot_be_run_counts_as_its_severity(ledger: Path, tmp_path: Path, audit_json) -> None:
    """An error is no pass: it is counted, told with its reason, and makes the exit code 1 from its severity on."""
    plugin = tmp_path / "breaking_plugin.py"
    plugin.write_text(
        """\
import windowservice as ws
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.values import ValueType

def bind(binding):
    def broken(value):
        raise RuntimeError("the plugin broke")
    return broken

broken = ws.Function("broken", (ValueType.TEXT,), ValueType.BOOL, bind)

@ws.hookimpl
def windowservice_packs():
    rule = ws.Rule("broken", title="Breaks", require=broken(r.bank), severity="major")
    return [ws.Pack("bad", version="1", rules=[rule])]
""",
        "utf-8",
    )
    document = audit_json(ledger, "--plugin", plugin, "--rules", "bad,told_once", "--fail-on", "major")
    assert document["counts"]["error"] == 4
    assert document["exit_code"] == 1
    assert "the plugin broke" in json.dumps(document["findings"])
