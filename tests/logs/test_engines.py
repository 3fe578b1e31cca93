"""Every record of a log gets the same verdicts in columns as object by object, each failure the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import windowservice as ws
from windowservice.engine.auditing import suits_columns

from .audits import AUDITS

NUMBERS = [
    "key", "rule", "verdict", "shortfall", "unit", "overrun_seconds", "figures", "due", "done",
    "remaining_seconds", "calendar", "error",
]  # fmt: skip


def _told(report: ws.Report) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = report.failures.to_frame().select(NUMBERS).iter_rows()
    return {(key, rule): tuple(rest) for key, rule, *rest in rows}


@pytest.mark.slow
@pytest.mark.parametrize("name", AUDITS)
def test_engines_agree_on_the_real_logs(name: str, log: Callable[[str], Path]) -> None:
    """One of the two ways is that of the audit which all tests of the log share."""
    audit, folder = AUDITS[name], log(AUDITS[name].file).parent
    ledger, engine = audit.read(folder), audit.engine()
    in_columns = suits_columns(ledger.requests)
    shared, further = audit.report(folder), engine.audit(ledger, as_of=audit.as_of, columns=not in_columns)
    one, other = (further, shared) if in_columns else (shared, further)
    assert not other.slow
    assert other.counts == one.counts
    assert other.by("rule") == one.by("rule")
    keys, names = [subject.key for subject in one.subjects], [loaded.name for loaded in engine.rules]
    verdicts = {rule: [str(subject.verdicts[rule]) for subject in one.subjects] for rule in names}
    table = other.verdict_frame()
    assert table["key"].to_list() == keys
    assert {rule: table[rule].to_list() for rule in names} == verdicts
    assert _told(other) == _told(one)
