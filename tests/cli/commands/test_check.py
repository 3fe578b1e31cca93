"""``windowservice check``: one request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import windowservice as ws

AS_OF = "2018-05-15T09:00+08:00"


@pytest.fixture
def late(tmp_path: Path) -> Path:
    """A file with the request of the README, decided late and unchecked."""
    request = ws.Request(
        "R-2018-0042", "105221000018", "S10",
        events=[
            ws.Event("2018-05-03T09:40+08:00", "submitted", by="wang"),
            ws.Event("2018-05-03T10:05+08:00", "accepted", by="wang"),
            ws.Event("2018-05-14T16:10+08:00", "decided", by="li"),
        ],
    )  # fmt: skip
    path = tmp_path / "request.json"
    path.write_text(request.to_json(), "utf-8")
    return path


def test_a_request_is_checked(run, late: Path) -> None:
    """All rules that apply are listed, failures first, and the exit code says that there are some."""
    result = run("check", late, "--as-of", AS_OF)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("R-2018-0042 as of 2018-05-15 09:00 Asia/Shanghai: ")
    assert [line.split()[2] for line in lines[2:4]] == ["commitment/commitment_kept", "standard/checked_before_decided"]
    assert "pass      R-2018-0042  first_contact/owned_from_first_contact" in result.stdout


def test_standard_input_is_read(run, late: Path) -> None:
    """A dash means standard input, and JSON carries passed and the findings."""
    result = run("check", "-", "--as-of", AS_OF, "--format", "json", stdin=late.read_bytes())
    document = json.loads(result.stdout)
    assert document["format"] == "windowservice.check"
    assert document["passed"] is False
    assert document["exit_code"] == result.exit_code == 1
    assert {"fail", "pass"} <= {finding["verdict"] for finding in document["findings"]}
    assert "not_applicable" not in {finding["verdict"] for finding in document["findings"]}


def test_a_clean_request_ends_with_0_and_an_empty_one_with_3(run, tmp_path: Path) -> None:
    """A request in order is clean; one of which nothing can be said is not."""
    path = tmp_path / "request.json"
    event = {"at": "2018-05-03T09:40+08:00", "kind": "submitted", "by": "wang"}
    path.write_text(json.dumps({"id": "R", "bank": "B", "service": "S10", "events": [event]}), "utf-8")
    assert run("check", path, "--as-of", "2018-05-03T10:00+08:00").exit_code == 0
    path.write_text(json.dumps({"id": "R", "bank": "B", "service": "S10"}), "utf-8")
    assert run("check", path, "--as-of", AS_OF).exit_code == 3


def test_csv_of_a_check(run, late: Path) -> None:
    """The findings of one request are written as those of an audit are."""
    assert run("check", late, "--as-of", AS_OF, "--format", "csv").stdout.startswith(
        "key,bank,service,clerk,rule,verdict"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as JSON"),
        ('{"id": "R", "bank": "B", "service": "S10", "event": []}', "did you mean 'events'"),
        (
            '{"id": "R", "bank": "B", "service": "S10", "events": [{"at": "2018-05-03T09:40", "kind": "submited"}]}',
            "submitted",
        ),
        ("[1]", "this is not a request"),
    ],
)
def test_what_is_no_request_is_refused(run, tmp_path: Path, text: str, said: str) -> None:
    """A wrong document ends with 2 and says what is wrong in it, with the file's name."""
    path = tmp_path / "request.json"
    path.write_text(text, "utf-8")
    result = run("check", path, "--as-of", AS_OF)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "request.json" in result.stderr
    assert result.stdout == ""
