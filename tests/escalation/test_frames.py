"""Frames for the ladder hold what is made bank by bank: what happened of late, and indicators as scored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines import built_in
from tests.trials import trials

import windowservice as ws
from windowservice.domain.parties import Period
from windowservice.domain.records import Record
from windowservice.domain.scorecard.readings import Readings
from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.errors import InvalidValue, MissingColumn, NaiveTime, UnknownName
from windowservice.escalation.columns.banks import bank_period_frames, bank_reading_frame
from windowservice.escalation.proposing import propose, weigh
from windowservice.escalation.records import bank_periods, bank_readings
from windowservice.rules.escalation.ladder import Ladder, LookBack
from windowservice.scoring.columns.columns import score_columns
from windowservice.scoring.scoring import score

pl = pytest.importorskip("polars")

AS_OF = "2018-06-29"
BANKS = (
    ws.Bank(id="B1", joined="2009-01-05", key_periods=(Period("2018-01-01", None),)),
    ws.Bank(id="B2", joined="2018-03-01", key_periods=(Period("2018-01-01", None),)),
    ws.Bank(id="B3"),
)
CARD = Scorecard.default()
MONTHS = ("2018-03", "2018-04", "2018-05", "2018-06")


@cache
def engine() -> ws.Engine:
    return built_in()


@cache
def ladder() -> Ladder:
    return Ladder.default()


def at(days: int, hours: int = 0) -> datetime:
    """Return an instant so long before the end of the day judged."""
    return datetime(2018, 6, 29, 16, 0, tzinfo=UTC) - timedelta(days=days, hours=hours)


HAPPENED = st.lists(
    st.fixed_dictionaries({
        "bank": st.sampled_from(["B1", "B2", "B3"]),
        "kind": st.sampled_from(["queued_at_close", "rule_breach", "safety_hazard", "action_overdue"]),
        "happened_at": st.builds(at, st.sampled_from([-1, 0, 1, 179, 180, 364, 365, 366, 500]), st.integers(-1, 1)),
        "closed_at": st.none() | st.builds(at, st.sampled_from([-2, 0, 1, 100])),
        "affects_others": st.none() | st.booleans(),
        "about": st.none() | st.just("interview"),
    }),
    max_size=8,
)  # fmt: skip


@trials(0.6)
@given(
    happened=HAPPENED, kind=st.sampled_from(["rolling_days", "calendar_year"]),
    admissions=st.dictionaries(st.sampled_from(["B1", "B2"]), st.none() | st.booleans()),
)  # fmt: skip
def test_banks_with_what_happened_are_those_made_one_by_one(
    happened: list[dict[str, Any]], kind: Any, admissions: dict[str, bool | None]
) -> None:
    """The look-back, what lasts, closings that come later, key and new banks, admissions: the same rows match."""
    rows = [{"id": f"O{place}", **row} for place, row in enumerate(happened)]
    seen = [_closed_later_is_open(row) for row in rows]
    more: dict[str, Any] = {"as_of": AS_OF, "look_back": LookBack(kind=kind), "admissions": admissions}
    periods = bank_periods(engine(), BANKS, sorted(seen, key=lambda row: row["happened_at"]), **more)
    frame = (
        pl.DataFrame(rows, infer_schema_length=None, schema_overrides=_TYPES) if rows else pl.DataFrame(schema=_NONE)
    )
    frames = bank_period_frames(engine(), BANKS, frame, **more)
    matches, unknown = weigh(ladder(), periods, as_of=AS_OF, engine=engine())
    found = weigh(ladder(), frames, as_of=AS_OF, engine=engine())
    assert {(row["row"], row["key"], frozenset(row["items"])) for row in found.matches.iter_rows(named=True)} == {
        (match.row.id, match.key, match.items) for match in matches
    }
    assert set(found.unknown.select("row", "key").rows()) == {(row.row.id, row.key) for row in unknown}


_TYPES = {"closed_at": pl.Datetime("us", "UTC"), "affects_others": pl.Boolean, "about": pl.String}
_NONE = {"id": pl.String, "bank": pl.String, "kind": pl.String, "happened_at": pl.Datetime("us", "UTC"), **_TYPES}


def _closed_later_is_open(row: dict[str, Any]) -> Record:
    closed = row["closed_at"]
    return Record("occurrences", {**row, "closed_at": None if closed is None or closed > at(0) else closed})


def _reading(bank: str, indicator: str, period: str, bad: int, of: int) -> dict[str, Any]:
    one = CARD[indicator]
    if not one.is_ratio:
        return {"bank": bank, "indicator": indicator, "period": period, "numerator": bad, "denominator": None}
    upper = min(bad, of) if one.direction == "lower" else of - min(bad, of)
    return {"bank": bank, "indicator": indicator, "period": period, "numerator": upper, "denominator": of}


READINGS = st.lists(
    st.builds(
        _reading, st.sampled_from(["B1", "B2", "B9"]), st.sampled_from(["A3", "C1", "C6", "D1"]),
        st.sampled_from(MONTHS), st.sampled_from([0, 1, 2, 30, 31, 121]), st.sampled_from([0, 2, 40, 1000]),
    ),
    max_size=30, unique_by=lambda row: (row["bank"], row["indicator"], row["period"]),
)  # fmt: skip


@given(rows=READINGS, months=st.sampled_from([MONTHS, MONTHS[1:], MONTHS[-1:]]))
def test_indicators_as_scored_are_those_of_single_scores(rows: list[dict[str, Any]], months: tuple[str, ...]) -> None:
    """Severity, small samples, breaches of four periods, ranks from the bottom, key and new banks: the same records."""
    zone = engine().calendar.zone
    names = ["B1", "B2", "B9"]
    held = Readings(rows, CARD)
    scores = [score(CARD, held, bank, month) for bank in names for month in months]
    objects = bank_readings(scores, {bank.id: bank for bank in BANKS}, zone=zone)
    kinds = {"numerator": pl.Int64, "denominator": pl.Int64}
    texts = dict.fromkeys(("bank", "indicator", "period"), pl.String)
    frame = pl.DataFrame(rows, schema={**texts, **kinds})
    columns = bank_reading_frame(
        CARD, [score_columns(CARD, frame, month, banks=names) for month in months], BANKS, zone=zone
    )
    by_id = {row["id"]: row for row in columns.iter_rows(named=True)}
    assert by_id == {row["id"]: dict(row) for row in objects}


def test_a_frame_of_banks_says_what_the_banks_say() -> None:
    """Which banks are key or new may stand in a frame; what it does not say is unknown."""
    happened = pl.DataFrame(
        {"id": ["O1", "O2"], "bank": ["B1", "B2"], "kind": ["rule_breach"] * 2, "happened_at": [at(3), at(2)]}
    )
    banks = pl.DataFrame({"bank": ["B1", "B2"], "key": [True, None]})
    frames = bank_period_frames(engine(), banks, happened, as_of=AS_OF)
    assert frames["bank_periods"].select("bank", "key", "new_bank").rows() == [("B1", True, None), ("B2", None, None)]
    found = weigh(ladder(), frames, as_of=AS_OF, engine=engine()).unknown
    assert ("E23", "B2 2018-06-29", ["bank_period.key"]) in found.select("row", "key", "missing").rows()


def _queues() -> dict[str, Any]:
    happened = {"id": ["O1", "O2", "O3"], "kind": ["queued_at_close"] * 3, "happened_at": [at(3), at(40), at(200)]}
    frame = pl.DataFrame({**happened, "bank": ["B1", "B2", "B1"]})
    return bank_period_frames(engine(), BANKS, frame, as_of=AS_OF)


def _pandas(frame: Any) -> Any:
    pytest.importorskip("pandas")
    return frame.to_pandas()


@pytest.mark.parametrize("turned", [lambda frame: frame.lazy(), lambda frame: frame.to_arrow(), _pandas],
                         ids=["lazy", "pyarrow", "pandas"])  # fmt: skip
def test_any_frame_that_exports_arrow_is_weighed(turned: Any) -> None:
    """Polars lazy and eager, pyarrow and pandas say the same; banks without anything are weighed too."""
    frames = _queues()
    wanted = propose(ladder(), frames, as_of=AS_OF, engine=engine()).proposals
    given_ = {name: turned(frame) for name, frame in frames.items()}
    assert propose(ladder(), given_, as_of=AS_OF, engine=engine()).proposals.equals(wanted)
    assert wanted.select("bank", "action").rows() == [("B1", "circular"), ("B2", "circular")]


def test_several_periods_of_a_bank_are_told_apart_by_a_column() -> None:
    """What happened names the record that it belongs to; each period matches with its own items."""
    periods = pl.DataFrame({"id": ["May", "June"], "bank": ["B1"] * 2, "until": [at(30), at(0)]})
    happened = pl.DataFrame({
        "id": ["O1", "O2"], "bank": ["B1"] * 2, "kind": ["queued_at_close"] * 2, "happened_at": [at(40), at(3)],
        "bank_period": ["May", "June"],
    })  # fmt: skip
    found = weigh(ladder(), {"bank_periods": periods, "occurrences": happened}, as_of=AS_OF, engine=engine()).matches
    assert found.select("row", "key", "items").rows() == [("E34", "May", ["O1"]), ("E34", "June", ["O2"])]


PERIOD = {"id": ["P1", "P2"], "bank": ["B1", "B2"], "until": [at(0)] * 2}
WRONG = [
    ({"bank_period": PERIOD}, UnknownName, "bank_periods"),
    ({"bank_periods": {**PERIOD, "bank": ["B1", None]}}, InvalidValue, "bank_period.bank"),
    ({"bank_periods": {**PERIOD, "bank": ["B1", "B1"]}, "occurrences": {"id": ["O"], "bank": ["B1"]}}, InvalidValue,
     "one record for each bank, or a column bank_period"),
    ({"bank_periods": {**PERIOD, "id": ["P", "P"]}}, InvalidValue, "row 2"),
    ({"bank_periods": {"id": ["P1"], "bank": ["B1"]}}, MissingColumn, "until"),
    ({"bank_periods": {**PERIOD, "until": [datetime(2018, 6, 1)] * 2}}, NaiveTime, "bank_periods.until"),  # noqa: DTZ001
]  # fmt: skip


@pytest.mark.parametrize(("tables", "error", "said"), WRONG)
def test_frames_that_cannot_be_weighed_are_refused(tables: dict[str, Any], error: type[Exception], said: str) -> None:
    """With the table, the column and the row, before anything is weighed."""
    frames = {"occurrences": pl.DataFrame(schema=_NONE), **{name: pl.DataFrame(rows) for name, rows in tables.items()}}
    with pytest.raises(error, match=said):
        weigh(ladder(), frames, as_of=AS_OF, engine=engine())


def test_periods_without_a_table_of_what_happened_are_refused() -> None:
    """Nothing that was not given may look like nothing that happened."""
    with pytest.raises(InvalidValue, match="a frame occurrences beside bank_periods, empty if there are none"):
        weigh(ladder(), {"bank_periods": pl.DataFrame(PERIOD)}, as_of=AS_OF, engine=engine())


def test_what_happened_at_banks_that_are_not_listed_is_counted() -> None:
    """It belongs to no record: the intake says how many, and some of the names."""
    frames = _queues()
    known = {**frames, "bank_periods": frames["bank_periods"].filter(pl.col("bank") != "B1")}
    intake = propose(ladder(), known, as_of=AS_OF, engine=engine()).intake["bank_periods"]
    assert (intake.records, intake.children, intake.seen, intake.orphans) == (2, 3, 1, 2)
    assert intake.orphan_keys == ("bank B1",)


OWN = """
schema_version = 1
id = "own"
version = "1"
[basis]
notice = { text = "Notice no. 3 of the branch", mark = "assumption" }
[actions.urge]
rank = 1
zh = "督促"
en = "urge"
decided_by = "clerk"
basis = "notice"
[[rows]]
id = "X1"
title = { en = "A tenth of the banks make the error" }
when = "need_shown.share_of_banks >= figure.share"
action = "urge"
basis = "notice"
[figures.share]
type = "decimal"
note = "From which share on"
values = [{ since = 2018-01-01, value = "0.1", basis = "notice" }]
"""


def test_a_row_that_columns_cannot_compute_is_run_record_by_record_and_named() -> None:
    """Exact ratios are no columns: the row says the same, and the result says that it was slow, and why."""
    own = Ladder.read(OWN)
    rows = [
        {"id": f"N{banks}", "kind": "common_problem", "bank": "B1", "shown_at": at(1), "banks": banks, "of_banks": of}
        for banks, of in ((1, 10), (2, 21), (3, None))
    ]
    found = weigh(own, {"needs_shown": pl.DataFrame(rows)}, as_of=AS_OF, engine=engine())
    assert found.matches.rows() == [("X1", "B1", "N1", "urge", 1, ["N1"], "need_shown.share_of_banks = 1/10")]
    assert found.unknown.select("key", "missing").rows() == [("N3", ["need_shown.share_of_banks"])]
    assert list(found.slow) == ["X1"]
