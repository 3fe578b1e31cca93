"""Fixtures for the audits of the real logs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import windowservice as ws

from .audits import AUDITS
from .seeing import Views

Rows = dict[str, list[dict[str, object]]]


@cache
def _read(path: Path) -> Rows:
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False) if path.suffix == ".gz" else pl.read_parquet(path).sort("seq")
    key = next(column for column in ("case", "case:concept:name", "CASE_ENQUIRY_ID") if column in frame.columns)
    found: Rows = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[key], []).append(row)
    return found


@pytest.fixture(scope="session")
def audited(log: Callable[[str], Path]) -> Callable[[str], ws.Report]:
    """A function that gives the report on a log, audited once for all tests; it skips where the log is not there."""
    return lambda name: AUDITS[name].report(log(AUDITS[name].file).parent)


@pytest.fixture(scope="session")
def views(log: Callable[[str], Path]) -> Callable[[str], Views]:
    """A function that gives the library's views on a log."""
    return lambda name: Views(AUDITS[name], log(AUDITS[name].file).parent)


@pytest.fixture(scope="session")
def rows(log: Callable[[str], Path]) -> Callable[[str], Rows]:
    """A function that gives the rows of a log by case, as the file has them: no code of the library reads them."""

    return lambda name: _read(log(AUDITS[name].file))


@pytest.fixture(scope="session")
def counts(audited: Callable[[str], ws.Report]) -> Callable[[str, str], dict[str, int]]:
    """A function that gives how often a rule of a log came to each verdict."""

    def count(name: str, rule: str) -> dict[str, int]:
        found = audited(name).by("rule")[rule]
        return {str(verdict): number for verdict, number in found.items()}

    return count
