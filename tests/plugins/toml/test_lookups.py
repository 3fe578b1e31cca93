"""A pack in TOML looks up facts of other records as one in Python does, and says where a lookup is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import windowservice as ws
from windowservice.errors import InvalidDocument

PACK = """
schema_version = 1
name = "jobs"
version = "1"

[basis.contract]
text = "The contract"
mark = "known"

[calendars.always]
timezone = "UTC"
weekly = "mon-sun 00:00-24:00"

[records.contract]
title = "What was agreed."
table = "contracts"
happens = "since"
[records.contract.facts]
id = { type = "key", title = "Number" }
customer = { type = "code", title = "Customer", required = true }
since = { type = "instant", title = "Since when", required = true }
hours = { type = "integer", title = "Hours" }

[records.job]
title = "A job."
table = "jobs"
happens = "opened_at"
[records.job.facts]
id = { type = "key", title = "Number" }
customer = { type = "code", title = "Customer", required = true }
opened_at = { type = "instant", title = "When it was opened", required = true }
closed_at = { type = "instant", title = "When it was closed" }
[records.job.facts.hours]
title = "Hours of the contract in force"
lookup = { value = "contract.hours", on = { customer = "job.customer" }, last_before = "job.opened_at" }
[records.job.facts.before]
title = "When the job before it was closed"
[records.job.facts.before.lookup]
value = "job.closed_at"
on = { customer = "job.customer" }
last_before = "job.opened_at"
where = "job.closed_at.is_known()"

[records.job.facts.earlier]
title = "How many jobs the customer had before"
lookup = { value = "job.id", count = true, on = { customer = "job.customer" }, below = "job.opened_at" }

[[rules]]
name = "second"
title = { en = "The second job of its customer" }
require = "job.earlier == 1"
basis = "contract"

[[rules]]
name = "short"
title = { en = "At most eight hours were agreed" }
require = "job.hours <= 8"
basis = "contract"

[[rules]]
name = "first"
title = { en = "The first job of its customer" }
require = "not job.before.happened()"
basis = "contract"
"""
TABLES = {
    "contracts": "id,customer,since,hours\nc1,ann,2025-01-01T00:00Z,48\nc2,ann,2026-01-10T00:00Z,8\n",
    "jobs": "id,customer,opened_at,closed_at\n1,ann,2026-01-09T09:00Z,2026-01-10T15:00Z\n"
    "2,ann,2026-01-11T09:00Z,\n3,bob,2026-01-12T09:00Z,\n",
}  # fmt: skip


def test_facts_are_looked_up(tmp_path: Path) -> None:
    """In another table, and among the records of the same type."""
    for table, text in TABLES.items():
        (tmp_path / f"{table}.csv").write_text(text, "utf-8")
    (tmp_path / "jobs.toml").write_text(PACK, "utf-8")
    engine = ws.Engine.load(packs=[tmp_path / "jobs.toml"], installed=False)
    report = engine.audit(engine.read(tmp_path), as_of="2026-02-01T00:00Z")
    assert [(one.key, str(one.verdict)) for one in report.of_rule("short")] == [
        ("1", "fail"), ("2", "pass"), ("3", "unknown")
    ]  # fmt: skip
    assert [str(one.verdict) for one in report.of_rule("first")] == ["pass", "fail", "pass"]
    assert [str(one.verdict) for one in report.of_rule("second")] == ["fail", "pass", "fail"]


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("contract.hours", "contract.hour", "records.job.facts.hours.lookup.value", "hours"),
        ("on = { customer = ", "on = { custommer = ", "records.job", "customer"),
        ("last_before = ", "last_befor = ", "records.job.facts.hours.lookup", "last_before"),
        ("count = true, ", "", "records.job.facts.earlier.lookup.below", "count = true"),
        ("job.closed_at.is_known()", "job.before.is_known()", "records.job.facts.before", "rests on itself"),
        ('title = "Hours of the', 'type = "integer"\ntitle = "Hours of the', "records.job.facts.hours", "or a lookup"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, old: str, new: str, path: str, said: str) -> None:
    """Names that are not there, what rests on itself, two sources of one fact."""
    (tmp_path / "jobs.toml").write_text(PACK.replace(old, new), "utf-8")
    with pytest.raises(InvalidDocument) as error:
        ws.Engine.load(packs=[tmp_path / "jobs.toml"], installed=False)
    found = [f"{place}: {problem}" for place, problem in error.value.problems]
    assert any(one.startswith(path) and said in one for one in found), found
