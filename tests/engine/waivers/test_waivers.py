"""Waivers and contests mark findings and hide none; a baseline leaves out what is known."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from tests.engines import built_in

import windowservice as ws
from windowservice.cli.app import app
from windowservice.engine.waivers.waivers import Waivers
from windowservice.reports.audit import take_stock

SAID = {"rule": "commitment_kept", "record": "late", "reason": "outage", "by": "head", "on": "2018-05-14"}
GONE = "no finding of that record is shown here: none is judged, or a baseline or selection leaves it out"
WAIVER = ws.Waiver(**SAID, until="2018-06-30")


def _late(id: str) -> ws.Request:
    at = [("03T09:00", "submitted"), ("03T09:10", "accepted"), ("14T09:00", "checked"), ("14T10:00", "decided")]
    return ws.Request(id, "B1", "S10", events=[ws.Event(f"2018-05-{when}+08:00", kind, by="w") for when, kind in at])


@pytest.fixture(scope="module")
def report() -> ws.Report:
    """Two matters that are late in the same way."""
    return built_in().only("commitment").audit([_late("late"), _late("later")], as_of="2018-05-20")


def test_a_waived_finding_is_marked_and_stays(report: ws.Report) -> None:
    """Verdicts and counts are as before; the finding names who waived it and why, and does not count for the exit."""
    under = report.under([WAIVER])
    assert under.counts == report.counts
    (finding,) = under.marked()
    assert (finding.key, under.waiver_of(finding)) == ("late", WAIVER)
    assert under.waiver_of(under.finding("later", "commitment_kept")) is None
    both = [take_stock(one, fail_on="major") for one in (report, under)]
    assert [one.grave for one in both] == [2, 1]


def test_a_contested_finding_counts_until_it_is_answered(report: ws.Report) -> None:
    """It is marked, and still counts."""
    contest = ws.Waiver(**SAID, kind="contested", answer_by="2018-05-21")
    under = report.under([contest])
    assert [f.key for f in under.marked("contested")] == ["late"]
    assert under.marked("waived") == []
    assert take_stock(under, fail_on="major").grave == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"on": "2018-05-21"}, "it begins on 2018-05-21"),
        ({"until": "2018-05-19"}, "it expired on 2018-05-19"),
        ({"record": "nobody"}, GONE),
        ({"rule": "comitment_kept"}, "unknown rule 'comitment_kept' (did you mean 'commitment_kept'?)"),
        ({"rule": "commitment_published"}, "the verdict is pass"),
    ],
)
def test_a_waiver_that_marks_nothing_says_why(report: ws.Report, changed: dict[str, str], why: str) -> None:
    """It is listed and changes nothing; nothing passes in silence."""
    marks = report.under([ws.Waiver(**{**SAID, "until": "2018-06-30", **changed})]).marks
    assert [said for _, said in marks.idle] == [why]
    assert not marks.by_finding


def test_the_last_day_still_holds(report: ws.Report) -> None:
    """A report as of a day looks at 24:00 of it, and a waiver until that day marks."""
    assert report.under([ws.Waiver(**SAID, until="2018-05-20")]).marked()


def test_selections_and_pickles_keep_the_marks(report: ws.Report) -> None:
    """A selection of a report under waivers is under them too."""
    under = report.under([WAIVER])
    assert under.filter(rule="commitment_kept").marked()[0].key == "late"
    assert pickle.loads(pickle.dumps(under)).marks == under.marks


def test_frames_are_marked_alike(report: ws.Report) -> None:
    """Objects and columns say the same."""
    requests = pl.DataFrame({"id": ["late", "later"], "bank": "B1", "service": "S10"})
    happened = [(one.id, event) for one in (_late("late"), _late("later")) for event in one.events]
    rows = [{"request": key, "at": event.at, "kind": str(event.kind), "by": "w"} for key, event in happened]
    events = pl.DataFrame(rows).with_columns(pl.col("at").cast(pl.Datetime("us", "UTC")))
    judged = built_in().only("commitment").audit(requests, events, as_of="2018-05-20")
    assert [f.key for f in judged.under([WAIVER]).marked()] == ["late"]
    assert judged.baseline().findings == report.baseline().findings


_ROW = {"rule": "'r'", "record": "'x'", "reason": "'y'", "by": "'b'", "on": "2018-03-01", "until": "2018-04-01"}


def _table(kind: str, **changed: str | None) -> str:
    """Return a waiver in TOML with other values, or without those that are None."""
    row = {**_ROW, **changed}
    return f"[[{kind}]]\n" + "".join(f"{name} = {value}\n" for name, value in row.items() if value is not None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_table("waived", reason="' '"), "waived[0].reason"),
        (_table("waived", by=None), "waived[0].by: is missing"),
        (_table("waived", until=None), "nothing is waived for ever"),
        (_table("contested", until=None), "is to be answered"),
        (_table("waived", until="2018-02-01"), "not before the day"),
        (_table("waved"), "waved"),
        ("waived = 1\n\n", "waived"),
    ],
)
def test_a_document_that_says_too_little_is_refused(text: str, said: str) -> None:
    """With the place and what is wanted."""
    with pytest.raises(ws.WindowserviceError) as caught:
        Waivers.read(text)
    assert said in str(caught.value)


def test_two_waivers_of_one_finding_on_one_day_are_refused() -> None:
    """One of them would be idle, and nobody could say which."""
    with pytest.raises(ws.WindowserviceError, match="one on each day"):
        Waivers((WAIVER, ws.Waiver(**{**SAID, "on": "2018-05-20", "until": "2018-07-01"})))


def test_only_what_is_new_is_left_of_a_report(report: ws.Report) -> None:
    """What a baseline knows is left out, all else is there; the order of records does not matter."""
    engine = built_in().only("commitment")
    known = engine.audit([_late("late")], as_of="2018-05-20").baseline()
    new = report.new_since(known)
    assert {f.key for f in new.failures} == {"later"}
    assert (report.counts - new.counts) == {ws.Verdict.FAIL: len(known)}
    assert len(report.new_since(report.baseline()).failures) == 0
    assert (
        report.baseline().to_json()
        == engine.audit([_late("later"), _late("late")], as_of="2018-05-20").baseline().to_json()
    )


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "windowservice.audit"}', '{"format": 3', "\x00"])
def test_a_file_that_is_no_baseline_is_refused(report: ws.Report, tmp_path: Path, text: str) -> None:
    """Damaged, foreign or empty: with what to write instead, and nothing is left out of the report."""
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(ws.WindowserviceError, match="not a baseline"):
        report.new_since(tmp_path / "b.json")


def test_the_command_marks_and_leaves_out(tmp_path: Path) -> None:
    """Text, CSV and JSON show the mark; a second run with the baseline of the first finds nothing new."""
    rows = "".join(f"late,{event.at.isoformat()},{event.kind},w\n" for event in _late("late").events)
    (tmp_path / "book").mkdir()
    (tmp_path / "book/requests.csv").write_text("id,bank,service\nlate,B1,S10\n")
    (tmp_path / "book/events.csv").write_text("request,at,kind,by\n" + rows)
    waivers, known = tmp_path / "w.toml", tmp_path / "known.json"
    quoted = {name: f"'{said}'" for name, said in SAID.items() if name != "on"}
    waivers.write_text(_table("waived", **quoted, on="2018-05-14", until="2018-06-30"))
    asked = ["audit", str(tmp_path / "book"), "--as-of", "2018-05-20", "--rules", "commitment_kept"]

    def run(*more: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, [*asked, *more])
        return result.exit_code, result.stdout

    assert run("--write-baseline", str(known))[0] == 1
    assert run("--baseline", str(known))[0] != 1
    code, text = run("--waivers", str(waivers))
    assert code == 0
    assert "[waived]" in text
    assert "outage" in text
    document = json.loads(run("--waivers", str(waivers), "--format", "json")[1])
    assert document["findings"][0]["waiver"]["by"] == "head"
    assert document["waivers"][0]["marks"] is True
    assert "waived,outage,head,2018-06-30" in run("--waivers", str(waivers), "--format", "csv")[1]


def _of_bank(id: str, bank: str) -> ws.Request:
    one = _late(id)
    return ws.Request(id, bank, "S10", events=one.events)


def test_a_selection_tells_of_no_other_waivers() -> None:
    """Neither in its marks nor on the page of another bank."""
    engine = built_in().only("commitment_kept")
    report = engine.audit([_of_bank("R-1", "B1"), _of_bank("R-2", "B2")], as_of="2018-05-20")
    secret = ws.Waiver(**{**SAID, "record": "R-2", "reason": "SECRET", "by": "somebody"}, until="2018-06-30")
    under = report.under([secret, ws.Waiver(**{**SAID, "record": "gone"}, until="2018-06-30")])
    assert under.filter(bank="B1").marks.by_finding == {}
    assert under.filter(bank="B1").marks.idle == ()
    assert "SECRET" not in under.to_html(bank="B1")
    assert "somebody" not in under.to_html(bank="B1")
    assert under.filter(bank="B2").marked()[0].key == "R-2"


def test_what_a_baseline_leaves_out_is_not_waived(report: ws.Report) -> None:
    """A waiver of a known failure marks nothing there."""
    marks = report.new_since(report.baseline()).under([WAIVER]).marks
    assert [why for _, why in marks.idle] == [GONE]


def test_of_two_waivers_of_a_finding_the_second_is_idle(report: ws.Report) -> None:
    """By the short and by the full name of the rule: nothing counts twice, and one says so."""
    twice = [
        WAIVER,
        ws.Waiver(**{**SAID, "rule": "commitment/commitment_kept"}, kind="contested", answer_by="2018-06-01"),
    ]
    under = report.under(twice)
    assert [one.kind for one in under.marks.by_finding.values()] == ["waived"]
    assert [why for _, why in under.marks.idle] == ["the finding is waived already"]


def test_the_exit_code_of_a_banks_page_is_that_of_the_bank(tmp_path: Path) -> None:
    """Whatever the form, the failures of others do not count."""
    rows = "".join(f"late,{event.at.isoformat()},{event.kind},w\n" for event in _late("late").events)
    (tmp_path / "requests.csv").write_text("id,bank,service\nlate,B1,S10\nfine,B2,S10\n")
    begun = "fine,2018-05-18T09:00+08:00,submitted,w\nfine,2018-05-18T09:10+08:00,accepted,w\n"
    (tmp_path / "events.csv").write_text(f"request,at,kind,by\n{rows}{begun}")
    asked = ["audit", str(tmp_path), "--as-of", "2018-05-20", "--rules", "commitment_kept"]
    codes = {
        (bank, form): CliRunner().invoke(app, [*asked, "--bank", bank, "--format", form]).exit_code
        for bank in ("B1", "B2")
        for form in ("text", "json", "html")
    }
    assert {code for (bank, _), code in codes.items() if bank == "B1"} == {1}
    assert {code for (bank, _), code in codes.items() if bank == "B2"} == {0}
