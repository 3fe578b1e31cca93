"""One law over every table of a ledger: judged in columns its records get the verdicts that they get one by one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engines import built_in
from tests.sample.thinned import thin_sample
from tests.sample.write import write_sample

import windowservice as ws
from windowservice.engine.report.stores.columns import ColumnStore
from windowservice.language.tree.facts import relation_of

AS_OF = "2018-07-13T12:00+08:00"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[ws.Report, ws.Report]:
    """The same ledger, judged one by one and in columns."""
    ledger = ws.Ledger.read(thin_sample(write_sample(tmp_path_factory.mktemp("tables"), requests=30), 3))
    engine = built_in().for_ledger(ledger)
    one, other = (engine.audit(ledger, as_of=AS_OF, columns=columns) for columns in (False, True))
    return one, other


def _tables(report: ws.Report) -> dict[str, Any]:
    return {store.runner.vocabulary.__name__: store for store in report.stores}


def test_every_table_is_judged_alike(both: tuple[ws.Report, ws.Report]) -> None:
    """The same records in the same order, with the same verdicts under every rule, and the same failures in a frame."""
    one, other = both
    assert list(_tables(one)) == list(_tables(other))
    for name, mine in _tables(one).items():
        theirs = _tables(other)[name]
        said = [(subject.key, dict(subject.verdicts)) for subject in theirs.subjects(range(len(theirs)))]
        assert said == [(subject.key, dict(subject.verdicts)) for subject in mine.subjects(range(len(mine)))], name
    assert one.counts == other.counts
    frames = [report.open_findings.to_frame() for report in (one, other)]
    for rule in frames[0]["rule"].unique(maintain_order=True):
        here, there = (frame.filter(rule=rule) for frame in frames)
        assert here.rows() == there.rows(), rule


def test_most_tables_are_judged_in_columns(both: tuple[ws.Report, ws.Report]) -> None:
    """Only records with children of their own are judged one by one still; a few exact decimals are run row by row."""
    _, other = both
    by_kind = {name: isinstance(store, ColumnStore) for name, store in _tables(other).items()}
    assert {name for name, in_columns in by_kind.items() if not in_columns} == {
        name
        for name, store in _tables(other).items()
        if (of := store.runner.vocabulary).children and relation_of(of.options.rows) is None and name != "request"
    }
    exact = ("exact decimals", "exact numbers", "exact ratios")
    assert [reason for reason in other.slow.values() if not any(words in reason for words in exact)] == []


def test_both_are_read_alike(both: tuple[ws.Report, ws.Report]) -> None:
    """Counts by anything, selections, and what is said of single records."""
    one, other = both
    for selectors in (("bank",), ("clerk",), ("rule",), ("month",), ("kind",), ("day", "severity")):
        assert list(one.by(*selectors).items()) == list(other.by(*selectors).items()), selectors
    some = [report.filter(kind="inquiry", verdict="fail") for report in both]
    assert some[0].counts == some[1].counts
    assert some[0].counts["fail"] > 0
    assert [str(finding) for finding in some[0]] == [str(finding) for finding in some[1]]
    assert (one.intake.records, one.intake.later_records) == (other.intake.records, other.intake.later_records)
