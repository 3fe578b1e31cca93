"""A ledger with many bad rows: each is told with file, row and column, the rest is audited, and the counts add up."""

from __future__ import annotations

from pathlib import Path

import pytest

REQUESTS = """\
id,bank,service
R-1,B,S10
R-1,B,S10
R-2,,S10
R-3,=1+1,S10
R-4,B,S10
R-5,B,S10
"""
EVENTS = """\
request,at,kind,by
R-1,2018-05-03 09:40,submitted,wang
R-1,2018-05-03 09:50,desided,wang
R-1,1899-05-03 09:50,accepted,wang
R-1,2300-05-03 09:50,accepted,wang
R-1,43223.5,accepted,wang
R-1,2018-02-30 09:50,accepted,wang
R-9,2018-05-03 09:50,accepted,wang
R-3,２０１８-０５-０３ 09:50,submitted,wang
R-3,2018-05-03 09:40,accepted,wang
R-3,2018-05-04 09:40,decided,li
R-4,2027-05-03 09:40,submitted,wang
R-4,2027-05-03 09:45,accepted,wang
R-5,2018-05-0"""
LISTED = [
    ("services.csv", 2, "commitment", "does not say which days it means; write one of: 1 working day, 1 calendar day"),
    ("requests.csv", 4, "bank", "is empty, but must be stated"),
    ("events.csv", 3, "kind", "unknown event kind 'desided' (did you mean 'decided'?)"),
    ("events.csv", 4, "at", "out of range; wanted a time from 1900-01-01 to 2199-12-31"),
    ("events.csv", 5, "at", "out of range; wanted a time from 1900-01-01 to 2199-12-31"),
    ("events.csv", 6, "at", "if it is an Excel serial date, say excel_serial = true in the mapping"),
    ("events.csv", 7, "at", "2018-02-30"),
    ("events.csv", 8, "request", "no such request in the ledger"),
    ("events.csv", 14, "", "the row has 2 cells, the header 4"),
]


@pytest.fixture
def bad(write) -> Path:
    """The folder of the ledger."""
    path = write(REQUESTS, EVENTS)
    (path / "services.csv").write_text("id,since,commitment\nS11,2018-01-01,1 day\n", "utf-8")
    return path


def test_each_bad_row_is_listed_with_its_place(bad: Path, audit_json) -> None:
    """File, row, column and reason, in the document; what is read is what is accepted and rejected, in every file."""
    load = audit_json(bad, as_of="2027-06-30")["load"]
    found = [(row["file"], row["row"], row["column"]) for row in load["rejections"]]
    assert found == [(file, row, column) for file, row, column, _ in LISTED]
    for row, (*_, reason) in zip(load["rejections"], LISTED, strict=True):
        assert reason in row["reason"]
    assert (load["read"], load["accepted"], load["rejected"], load["repeated"]) == (20, 10, 9, 1)
    for file in load["files"]:
        assert file["read"] == file["accepted"] + file["rejected"] + file["repeated"]
    assert (load["requests"], load["events"], load["formula_cells"]) == (4, 6, 1)
    assert [(c["request"], c["places"]) for c in load["contradictions"]] == [
        ("R-3", [["events.csv", 9], ["events.csv", 10]])
    ]
    assert [(d["file"], d["row"], d["first_row"]) for d in load["duplicates"]] == [("requests.csv", 3, 2)]


def test_each_bad_row_is_told_to_a_reader(run, bad: Path) -> None:
    """The text lists the same."""
    said = run("audit", bad, "--as-of", "2027-06-30", "--limit", "0").stdout
    assert "9 rows of the ledger rejected" in said.splitlines()[0]
    for file, row, column, reason in LISTED:
        place = f"{file} row {row}, column '{column}'" if column else f"{file} row {row}"
        line = next(line for line in said.splitlines() if place in line and "row" in line)
        assert reason[:20] in line


def test_the_rest_is_audited(bad: Path, audit_json) -> None:
    """Every request that was accepted has its verdicts, and a contradiction of times is a finding."""
    document = audit_json(bad, "--show", "all", as_of="2027-06-30")
    found = {(f["key"], f["rule"]): f for f in document["findings"]}
    assert {"R-1", "R-3", "R-4", "R-5"} <= {key for key, _ in found}
    assert (
        found["R-1", "told_once/answered_in_time"]["verdict"] == "unknown"
    )  # rows 4 to 7 of the same request were rejected
    assert found["R-3", "standard/steps_in_order"]["shortfall"]["amount"] == 1
    assert {f["verdict"] for (key, _), f in found.items() if key == "R-5"} <= {"unknown", "not_applicable"} | {
        "pending"
    }


def test_a_year_without_announced_holidays_is_marked(bad: Path, audit_json) -> None:
    """A verdict that stands whatever will be announced stays, and says that its due is provisional."""
    document = audit_json(bad, as_of="2027-06-30")
    late = next(f for f in document["findings"] if f["key"] == "R-4" and f["rule"] == "commitment/commitment_kept")
    assert "due 2027-05-10 17:00+0800 (provisional), still open" in late["summary"]


@pytest.mark.parametrize(
    ("require", "said"),
    [
        ("request.decidet_at.by(request.commitment_due)", "fact of request 'decidet_at' (did you mean 'decided_at'?)"),
        ("__import__('os').system('true') == 0", "unknown function '__import__'"),
    ],
)  # fmt: skip
def test_a_pack_is_data_and_its_names_are_checked(run, ledger: Path, tmp_path: Path, require: str, said: str) -> None:
    """An unknown fact comes with the nearest, and nothing in a pack is executed."""
    pack = tmp_path / "pack.toml"
    pack.write_text(
        'schema_version = 1\nname = "mine"\nversion = "1"\ntitle = { en = "Mine" }\n'
        '[basis]\nown = { text = "Ours", mark = "assumption" }\n'
        f'[[rules]]\nname = "x"\ntitle = {{ en = "X" }}\nbasis = "own"\nrequire = "{require}"\n',
        "utf-8",
    )
    result = run("audit", ledger, "--as-of", "2018-05-15", "--pack", pack)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_naive_time_without_a_zone_is_listed(write, audit_json) -> None:
    """A ledger that names no zone has its naive times refused, and the message says how to give one."""
    path = write(settings="")
    load = audit_json(path)["load"]
    assert load["events"] == 0
    assert load["rejected"] == load["read"] - load["requests"]
    assert {(row["file"], row["column"]) for row in load["rejections"]} == {("events.csv", "at")}
    assert all("zone" in row["reason"] for row in load["rejections"])
