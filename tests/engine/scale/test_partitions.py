"""An audit in parts says what an audit of the whole says, wherever it is cut, and in whatever order parts come."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.benchmarks.large_ledger import AS_OF, frames_of_part, write_parts
from tests.engine.scale.small import small
from tests.engines import built_in

import windowservice as ws
from windowservice.engine.scale.column_function import column_function
from windowservice.engine.scale.parts.audit import PartedAudit, audit_parts
from windowservice.engine.scale.parts.files import parts_of
from windowservice.engine.scale.parts.totals import Totals

pytest.importorskip("pyarrow", reason="pyarrow is not installed")
PARTS, SIZE = 3, 200
ENGINE = small()
KEYS = ["key", "rule", "verdict", "shortfall", "figures"]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three parts, of several row groups each."""
    folder = tmp_path_factory.mktemp("ledger")
    write_parts(folder, PARTS, SIZE, row_group=70)
    return folder


@pytest.fixture(scope="module")
def whole() -> tuple[pl.DataFrame, Totals]:
    """The findings and totals of all parts judged at once."""
    return judged_whole(ENGINE)


def judged_whole(engine: ws.Engine) -> tuple[pl.DataFrame, Totals]:
    frames = [frames_of_part(number, SIZE) for number in range(PARTS)]
    judged = column_function(engine, as_of=AS_OF)(pl.concat(r for r, _ in frames), pl.concat(e for _, e in frames))
    assert judged.totals.requests == PARTS * SIZE
    assert judged.findings.height > PARTS * SIZE / 2
    return judged.findings, judged.totals


def findings_of(audit: PartedAudit) -> pl.DataFrame:
    return audit.findings.collect().sort(KEYS)


def test_parts_say_what_the_whole_says(ledger: Path, tmp_path: Path) -> None:
    """Findings and totals of parts are those of the whole, by rules of the library."""
    engine = built_in().only("told_once", "commitment")
    findings, totals = judged_whole(engine)
    audit = audit_parts(engine, ledger / "requests", ledger / "events", tmp_path / "out", as_of=AS_OF)
    assert audit.totals == totals
    assert findings_of(audit).equals(findings.sort(KEYS))
    assert Totals.from_json((tmp_path / "out" / "totals.json").read_text("utf-8")) == totals


@pytest.mark.parametrize("at_once", [1, 7, 70, 199, 10_000])
def test_one_sorted_pair_is_cut_anywhere(
    ledger: Path, whole: tuple[pl.DataFrame, Totals], tmp_path: Path, at_once: int
) -> None:
    """Two sorted files are judged in pieces of any size, within row groups and across them, with the same result."""
    size = min(PARTS * SIZE, 9 * at_once)
    requests = pl.read_parquet(ledger / "requests" / "*.parquet").head(size)
    events = pl.read_parquet(ledger / "events" / "*.parquet")
    requests.write_parquet(tmp_path / "r.parquet", row_group_size=90)
    events.filter(pl.col("request").is_in(requests["id"].implode())).write_parquet(
        tmp_path / "e.parquet", row_group_size=130
    )
    audit = audit_parts(
        ENGINE, tmp_path / "r.parquet", tmp_path / "e.parquet", tmp_path / "out", as_of=AS_OF, at_once=at_once
    )
    wanted = whole[0].filter(pl.col("key").is_in(requests["id"].implode())).sort(KEYS)
    assert findings_of(audit).equals(wanted)
    assert audit.totals.orphans == 0
    assert len(list((tmp_path / "out").glob("findings/*.parquet"))) == -(-size // at_once)


def test_order_of_parts_changes_nothing(ledger: Path, whole: tuple[pl.DataFrame, Totals], tmp_path: Path) -> None:
    """Lists of files correspond by place; whatever the order, the totals are the same."""
    names = [f"part-{number:04d}.parquet" for number in (2, 0, 1)]
    audit = audit_parts(
        ENGINE, [ledger / "requests" / name for name in names], [ledger / "events" / name for name in names],
        tmp_path / "out", as_of=AS_OF,
    )  # fmt: skip
    assert audit.totals == whole[1]


def test_events_of_no_request_are_counted(tmp_path: Path) -> None:
    """An event whose request is nowhere is an orphan of the piece in which it lies, before, between and after."""
    requests, events = frames_of_part(0, 9)
    lost = events.head(3).with_columns(request=pl.Series(["A", "R000000000003x", "Z"]))
    requests.write_parquet(tmp_path / "r.parquet")
    pl.concat([events, lost]).sort("request", maintain_order=True).write_parquet(tmp_path / "e.parquet")
    files = (tmp_path / "r.parquet", tmp_path / "e.parquet")
    audit = audit_parts(ENGINE, *files, tmp_path / "out", as_of=AS_OF, at_once=2)
    assert (audit.totals.requests, audit.totals.orphans) == (9, 3)


def test_numbers_are_sorted_as_numbers(tmp_path: Path) -> None:
    """Ids that are whole numbers are in order as numbers, 9 before 10."""
    requests, events = frames_of_part(0, 12)
    number = pl.col("request").str.tail(6).cast(pl.Int64)
    requests.with_columns(id=pl.Series(range(12))).write_parquet(tmp_path / "r.parquet")
    events.with_columns(request=number).write_parquet(tmp_path / "e.parquet")
    files = (tmp_path / "r.parquet", tmp_path / "e.parquet")
    audit = audit_parts(ENGINE, *files, tmp_path / "out", as_of=AS_OF, at_once=5)
    assert (audit.totals.requests, audit.totals.orphans) == (12, 0)


def test_progress_is_told(ledger: Path, tmp_path: Path) -> None:
    """After each piece it is told how many requests are finished, of how many, those kept from before included."""
    told: list[tuple[int, int]] = []
    files = (ledger / "requests", ledger / "events", tmp_path / "out")
    for _ in range(2):
        audit_parts(ENGINE, *files, as_of=AS_OF, progress=lambda done, every: told.append((done, every)))
    assert told == [(200, 600), (400, 600), (600, 600)] * 2


def test_parts_correspond_by_name(tmp_path: Path) -> None:
    """Files in folders and subfolders correspond by their names; of files as Spark names them, the number counts."""
    for table, tail in (("requests", "c9e-c000.snappy"), ("events", "a17-c000.snappy")):
        for name in ("day=1/part-00000", "day=1/part-00001", "day=2/part-00000"):
            path = tmp_path / table / f"{name}-{tail}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        (tmp_path / table / "_SUCCESS").touch()
    found = parts_of(tmp_path / "requests", tmp_path / "events")
    assert [part.name for part in found] == ["day=1/part-00000", "day=1/part-00001", "day=2/part-00000"]
    assert all(part.events is not None and part.events.parent.name == part.requests.parent.name for part in found)


def test_records_of_another_kind_are_judged_in_parts(tmp_path: Path) -> None:
    """A vocabulary of one's own, without children, is judged in parts too."""

    class ticket(ws.Facts):
        """A ticket."""

        hours = ws.fact(int, "How long it took")

    engine = ws.Engine.load(packs=[], installed=False).with_rules(ws.Rule("quick", "Quick", ticket.hours <= 3))
    frame = pl.DataFrame({"id": ["a", "b", "c"], "hours": [1, 5, None]})
    frame.write_parquet(tmp_path / "t.parquet")
    audit = audit_parts(engine, tmp_path / "t.parquet", None, tmp_path / "out", as_of=AS_OF, of=ticket, at_once=2)
    assert audit.totals.to_dict()["verdicts"] == {"own/quick": {"fail": 1, "pass": 1, "unknown": 1}}
