"""Ids are compared as people see them, in objects and in columns: what is invisible makes no two of one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.trials import trials

import windowservice as ws
from windowservice.domain.codes import INVISIBLE, plain
from windowservice.engine.frames.columns import convert
from windowservice.errors import WindowserviceError
from windowservice.language.tree.values import ValueType

ENGINE = built_in().only("checked_by_another", "told_once/told_once")
STEPS = (("2018-05-03 09:40", "submitted", "wang"), ("2018-05-03 10:00", "accepted", "wang"),
         ("2018-05-07 15:30", "checked", "li"), ("2018-05-07 16:10", "decided", "li"))  # fmt: skip


def disguised(text):
    """The same id as a person sees it, written otherwise."""
    return st.sampled_from(
        (
            text, f"{text}\u200b", f"\ufeff{text}", f"{text[:1]}\u00ad{text[1:]}", f"{text}\u00a0 ".rstrip(" "),
            "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text), f"\u3000{text}",
        )
    )  # fmt: skip


def verdicts(report):
    return {finding.rule: str(finding.verdict) for finding in report}


@trials(0.4)
@given(st.data())
def test_an_id_that_looks_the_same_is_the_same_on_objects_and_in_columns(data):
    """Clerks, requests, kinds and papers: the verdicts are those of the plain ids, whichever way they are judged."""
    id_ = data.draw(disguised("R-1"))
    steps = [[data.draw(disguised(text)) for text in ("R-1", kind, by, "M1")] for _, kind, by in STEPS]
    zoned = [(step[0], f"{at}+08:00", *step[1:3], step[3:]) for step, (at, _, _) in zip(steps, STEPS, strict=True)]
    events = [ws.Event(at.replace(" ", "T"), kind, by=by, items=items) for _, at, kind, by, items in zoned]
    found = ENGINE.check(ws.Request(id_, data.draw(disguised("B1")), data.draw(disguised("S10")), events=events),
                         as_of="2018-06-30")  # fmt: skip
    assert found.finding("R-1", "checked_by_another").verdict == "fail"
    frame = pl.DataFrame(zoned, schema=["request", "at", "kind", "by", "items"], orient="row")
    frame = frame.with_columns(pl.col("at").str.to_datetime("%Y-%m-%d %H:%M%:z"))
    records = pl.DataFrame({"id": [id_], "bank": ["B1"], "service": ["S10"]})
    report = ENGINE.audit(records, frame, as_of="2018-06-30")
    assert report.finding("R-1", "checked_by_another").verdict == "fail"
    assert report.intake.orphans == 0
    ledger = ws.Ledger.read(
        {"requests": records, "events": frame.with_columns(pl.col("items").list.join(";"))}, zone="Asia/Shanghai"
    )
    assert ledger.report.rejected == 0
    assert ENGINE.audit(ledger, as_of="2018-06-30").finding("R-1", "checked_by_another").verdict == "fail"


@given(st.text(), st.sampled_from(INVISIBLE))
def test_making_an_id_plain_once_is_enough(text, hidden):
    """And what nobody sees, added anywhere, changes nothing."""
    assert plain(plain(text)) == plain(text)
    assert plain(f"{text}{hidden}") == plain(text)


@pytest.mark.parametrize(
    "dtype", [pl.Int64, pl.UInt64, pl.Int128, pl.Float64, pl.Decimal(38, 0), pl.String, pl.Categorical, pl.UInt128]
)
def test_a_number_that_names_a_record_is_its_name_in_every_type(dtype):
    """Of requests and of events, each held in another type: none is an orphan."""
    ids = pl.Series("id", ["105221000018", "7"])
    typed = ids if dtype in (pl.String, pl.Categorical) else ids.cast(pl.Int64)
    records = pl.DataFrame({"id": typed.cast(dtype), "bank": ids.cast(pl.Int64), "service": ["S10", "S10"]})
    at = pl.Series(["2018-05-03T09:40+08:00"] * 2).str.to_datetime("%Y-%m-%dT%H:%M%:z")
    for other in (pl.String, pl.Int64, pl.Float64, pl.UInt64):
        events = pl.DataFrame({"request": ids.cast(pl.Int64).cast(other), "at": at, "kind": ["submitted"] * 2})
        report = ENGINE.audit(records, events, as_of="2018-05-04")
        assert (report.intake.orphans, report.intake.seen) == (0, 2)
        assert {finding.key for finding in report} == {"105221000018", "7"}


@pytest.mark.parametrize("values", [[1.5], [float(2**60)], [True]])
def test_ids_that_lost_digits_are_refused_in_frames(values):
    """A float of nineteen digits is some other id."""
    records = pl.DataFrame({"id": values, "bank": ["B"], "service": ["S10"]})
    with pytest.raises(WindowserviceError, match="id"):
        ENGINE.audit(records, None, as_of="2018-05-04")


WHOLE = [
    pl.Int8,
    pl.Int64,
    pl.Int128,
    pl.UInt8,
    pl.UInt64,
    pl.UInt128,
    pl.Float64,
    pl.Decimal(38, 0),
    pl.Decimal(38, 2),
]


@pytest.mark.parametrize("dtype", WHOLE)
@pytest.mark.parametrize("number", [1, 10**17, 10**18, 2**63 - 1, 10**30])
@pytest.mark.parametrize("kind", [kind for kind in ValueType if kind not in (ValueType.ROWS, ValueType.CLOCK)])
def test_a_column_of_numbers_of_any_width_is_taken_or_refused_with_its_row(dtype, number, kind):
    """Unsigned and 128-bit numbers too: nothing raw is raised, and a number within 10**18 is itself."""
    try:
        series = pl.Series("x", [number, 1], dtype=dtype, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError):
        return  # the type holds no such number
    try:
        found = convert(series, kind, "t.x")
    except WindowserviceError as error:
        assert "t.x" in str(error)  # noqa: PT017 - either outcome is right
        assert kind is not ValueType.INT or number >= 10**18
    else:
        assert kind is not ValueType.INT or [int(value) for value in found.to_list()] == [number, 1]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (pl.Series(["2018-05-03 09:40"]), "to_datetime"),
        (pl.Series([1525311600]), "from_epoch"),
    ],
)
def test_a_column_that_is_no_instant_is_told_what_to_write(column, words):
    """Texts, dates and counts from 1970 could be any hour: the message says how to state which."""
    records = pl.DataFrame({"id": ["R"], "bank": ["B"], "service": ["S10"]})
    events = pl.DataFrame({"request": ["R"], "at": column, "kind": ["submitted"]})
    with pytest.raises(WindowserviceError, match=words):
        ENGINE.audit(records, events, as_of="2018-05-04")
