"""A field of events for which a ledger has no column is unknown: leaving it out turns verdicts only into unknown."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.matters import AS_OF, columns_apart, engines
from tests.engine.matters import requests as matters
from tests.engine.matters import without_fields as without
from tests.facts.test_recorded_laws import TOLD, first_cycle, numbered
from tests.facts.test_request_laws import INSTANTS
from tests.facts.test_request_laws import requests as histories
from tests.trials import trials

import windowservice as ws
from windowservice.domain.requests.event import OPTIONAL_FIELDS, Event
from windowservice.errors import InvalidValue
from windowservice.escalation.rows import engine_binding
from windowservice.facts import event as e
from windowservice.facts import request as r
from windowservice.instants import to_us
from windowservice.language.python.compile import compile_values

ENGINE = ws.Engine.load(installed=False)


def turned(engine: ws.Engine, request: ws.Request, as_of: datetime) -> dict[Any, tuple[str, str]]:
    """Return the verdicts that leaving a column out turns into something else than unknown."""
    full = first_cycle(engine.check(request, as_of=as_of))
    found = {}
    for fields in columns_apart:
        less = first_cycle(engine.check(without(request, fields), as_of=as_of))
        found |= {
            (rule, *fields): (full[rule], said)
            for rule, said in less.items()
            if said not in (full[rule], "unknown") and not rule.startswith("own_")
        }
    return found


@trials(0.6)
@given(matters(1), st.sampled_from(AS_OF), st.sampled_from(["plain", "odd"]))
def test_law_a_column_that_is_not_there_turns_verdicts_only_into_unknown(
    request_: ws.Request, as_of: datetime, name: str
) -> None:
    assert turned(engines()[name], numbered(request_), as_of) == {}


@trials(0.6)
@given(histories(), st.sampled_from(INSTANTS))
def test_law_of_ordinary_histories(request_: ws.Request, as_of: datetime) -> None:
    assert turned(ENGINE, numbered(request_), as_of) == {}


@trials(0.3)
@given(matters(1), st.sampled_from(AS_OF))
def test_law_of_facts_a_count_or_a_truth_becomes_only_unknown(request_: ws.Request, as_of: datetime) -> None:
    request_ = numbered(request_)
    full = read(request_, as_of)
    for fields in columns_apart:
        less = read(without(request_, fields), as_of)
        found = {name: (full[name], value) for name, value in less.items() if value not in (None, full[name])}
        assert found == {}, fields


def read(request: ws.Request, as_of: datetime) -> dict[str, object]:
    """Return the counts and truths of the first cycle of a request."""
    values = compile_values(TOLD, r, engine_binding(ENGINE), untold=request.untold)
    return dict(zip((fact.name for fact in TOLD), values(request.cycles()[0], to_us(as_of)), strict=True))


HANDED = "first_contact/handover_names_taker"


def matter(*events: Event, **said: Any) -> ws.Request:
    return ws.Request("R", "B", "S10", events=[Event("2018-05-03T09:00+08:00", "submitted", by="a"), *events], **said)


def verdict(request: ws.Request, rule: str) -> str:
    return str(ENGINE.check(request, as_of="2018-06-29").subjects[0].verdicts[rule])


def test_an_object_in_hand_says_all_its_fields():
    given = Event("2018-05-03T10:00+08:00", "handed_over", by="a"), Event("2018-05-03T10:05+08:00", "decided")
    assert verdict(matter(*given), HANDED) == "fail"
    assert verdict(matter(*given, untold={"to"}), HANDED) == "unknown"
    assert verdict(matter(*given, untold={"slip"}), HANDED) == "fail"


def test_what_is_stated_all_the_same_stands():
    given = Event("2018-05-03T10:00+08:00", "handed_over", by="a", to="b"), Event("2018-05-03T10:05+08:00", "decided")
    assert verdict(matter(*given, untold={"to"}), HANDED) == "pass"


REQUESTS = "id,bank,service\nR,B,S10\n"
ROWS = [("2018-05-03T09:00+08:00", "submitted"), ("2018-05-03T10:00+08:00", "handed_over")]
ROWS += [("2018-05-03T10:05+08:00", "decided")]


def events(*columns: str) -> list[dict[str, str]]:
    return [{"request": "R", "at": at, "kind": kind, **dict.fromkeys(columns, "")} for at, kind in ROWS]


@pytest.mark.parametrize(("columns", "said"), [((), "unknown"), (("to",), "fail"), (("reason",), "unknown")])
def test_a_ledger_has_a_column_or_does_not_record_it(tmp_path, columns, said):
    """Read from text files, from values in hand, and judged by objects and columns."""
    rows = events(*columns)
    (tmp_path / "ledger.toml").write_text('zone = "Asia/Shanghai"\n', "utf-8")
    (tmp_path / "requests.csv").write_text(REQUESTS, "utf-8")
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    (tmp_path / "events.csv").write_text("".join(",".join(line) + "\n" for line in lines), "utf-8")
    tables = {"requests": [{"id": "R", "bank": "B", "service": "S10"}], "events": rows}
    for source in (tmp_path, tables):
        ledger = ws.Ledger.read(source)
        assert ("to" in ledger.requests[0].untold) is ("to" not in columns)
        assert verdict(ledger.requests[0], HANDED) == said
        for in_columns in (True, False):
            report = ENGINE.audit(ledger, as_of="2018-06-29", columns=in_columns)
            (found,) = [one for one in report if one.rule == HANDED]
            assert str(found.verdict) == said
            assert ("no column for" in str(found), found.untold) == (said == "unknown", ("to",) * (said == "unknown"))


@pytest.mark.parametrize(("columns", "said"), [((), "unknown"), (("to",), "fail")])
def test_a_frame_has_a_column_or_does_not_record_it(columns, said):
    pl = pytest.importorskip("polars")
    requests = pl.DataFrame([{"id": "R", "bank": "B", "service": "S10"}])
    instants = pl.col("at").str.to_datetime("%Y-%m-%dT%H:%M%:z")
    frame = pl.DataFrame(events(*columns)).with_columns(instants, *(pl.lit(None).alias(name) for name in columns))
    report = ENGINE.audit(requests, frame, as_of="2018-06-29")
    (row,) = report.to_frame().filter(pl.col("rule") == HANDED).iter_rows(named=True)
    assert row["verdict"] == said
    (finding,) = [one for one in report if one.rule == HANDED]
    assert (str(finding.verdict), "no column for to" in str(finding)) == (said, said == "unknown")


def test_of_a_matter_with_a_rejected_row_the_row_is_told_and_no_column(tmp_path):
    rows = ("submitted,wang", "accepted,wang", "?,wang")
    (tmp_path / "requests.csv").write_text("id,bank,service\nR-1,105221000018,S10\n", "utf-8")
    lines = [f"R-1,2018-09-0{3 + place} 10:00,{row}" for place, row in enumerate(rows)]
    (tmp_path / "events.csv").write_text("\n".join(["request,at,kind,by", *lines]) + "\n", "utf-8")
    ledger = ws.Ledger.read(tmp_path, zone="Asia/Shanghai")
    found = ENGINE.audit(ledger, as_of="2018-12-31").finding("R-1", "commitment_kept")
    assert ledger.requests[0].untold
    assert found.verdict == "unknown"
    assert (found.untold, "events.csv row 4" in str(found), "no column" in str(found)) == ((), True, False)


def test_it_is_told_in_json():
    request = matter(untold={"to", "reason"})
    assert request.to_dict()["untold"] == ["reason", "to"]
    assert ws.Request.from_json(request.to_json()) == request


@pytest.mark.parametrize("odd", ["to", None, {"kind"}, [3], {"slot"}, 3])
def test_an_odd_set_of_fields_is_refused(odd):
    with pytest.raises(InvalidValue, match="untold"):
        matter(untold=odd)


def test_every_field_that_may_be_left_out_is_a_fact_of_events():
    given = {name for name, fact in e.given.items() if fact.definition is None and not fact.required}
    assert given - {"date_only"} == OPTIONAL_FIELDS


def stopped() -> ws.Request:
    events = [
        Event("2018-05-03T09:10+08:00", "accepted", by="a"),
        Event("2018-05-04T09:00+08:00", "suspended", reason="hearing"),
        Event("2018-06-20T09:00+08:00", "resumed", reason="hearing"),
        Event("2018-06-21T09:00+08:00", "decided", by="a"),
    ]
    return matter(*events)


@pytest.mark.parametrize(("field", "said"), [("written", "unknown"), ("reason", "unknown"), ("slip", "fail")])
def test_whether_a_stop_was_told_in_writing_may_not_be_recorded(field, said):
    """A matter late but for a stop that counts only in writing."""
    assert verdict(without(stopped(), {field}), "commitment/commitment_kept") == said
