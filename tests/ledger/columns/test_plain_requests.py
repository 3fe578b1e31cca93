"""Reading by columns is reading row by row: the same requests, the same report, the same errors."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.trials import trials

from windowservice.domain.requests.kinds import EventKind
from windowservice.errors import WindowserviceError
from windowservice.ledger.columns.on_demand import OnDemand
from windowservice.ledger.ledger import Ledger
from windowservice.ledger.mapping.reading import mapping_from_toml
from windowservice.worktime.calendar import WorkCalendar

IDS: Final = tuple(f"R{number:07}" for number in range(8))
ODD_IDS: Final = (
    " R0000001", "R0000002 ", "Ｒ0000003", "R0000004\u200b", "\ufeffR0000005", "r0000001", "R-2", "R0000009", "", " ",
    "null", "nan", "=1+1", '="R0000001"', "'R0000002", "ditto", "同上", "x\0y0000000", "1E+05", "105.0", "0000105",
    "20180503", "5月3日", "#REF!", "#N/A", "合计", "备注: 共3条", "Total", "-", "R0000001;R0000002",
)  # fmt: skip
PLAIN_TIMES: Final = tuple(
    f"2018-05-{day:02}T{hour:02}:40:00+08:00" for day, hour in ((3, 9), (3, 10), (4, 0), (6, 23))
)
ODD_TIMES: Final = (
    "2018-05-03T09:40:00", "2018-05-03 09:40", "2018-05-03T09:40+08:00", "2018-05-03T01:40:00Z", "2018-05-03",
    "2018-05-03T00:00:00+08:00", "2018-05-03T24:00:00+08:00", "2018-02-30T09:40:00+08:00", "2018-05-03T09:40:00+18:00",
    "2018-05-03T09:40:00+08:00:30", "2018-05-03T09:40:00.123456+08:00", "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59-08:00", "1899-12-31T23:59:59+00:00", "1900-01-01T00:00:00+08:00", "1901-06-01T09:00:00+08:00",
    "2199-12-31T23:59:59-08:00", "2200-01-01T00:00:00+08:00", "2018/5/3 9:40", "2018年5月3日 下午3:30", "43223.5",
    "20180503094000", "2018-05-03t09:40:00+08:00", "２０１８－０５－０３T09:40:00+08:00", "03.05.2018 09:40", "",
    "null", "2018-03-11 02:30",
    "2018-11-04 01:30", "1986-05-04 00:30", "2018-05-03T09:40:60+08:00", " 2018-05-03 09:40 ",
)  # fmt: skip
KINDS: Final = ("submitted", "accepted", "decided", "notified", "handed_over", "noted")
ODD_KINDS: Final = ("submited", "受理", "Submitted", "", "null", "ｎｏｔｅｄ", "=1", "blessed", "delivered", " noted")
WORDS: Final = ("", "wang", "li", "WANG ", "null", "-", "S10-M1", "S10-M1;S10-M2", "[a]", "\u3000", "=x", "王\u200b五")
SLOTS: Final = ("", "", "", "2018-05-05T09:00:00+08:00", "2018-05-05T10:00:00+08:00", "tomorrow")
TRUTHS: Final = ("", "true", "no", "是", "maybe", "1")
NOTES: Final = (
    "",
    "",
    "nothing to add here",
    "=HYPERLINK(1)",
    "一段没有什么可说的备注文字",
    "x\0y",
    " padded note text ",
)
AMOUNTS: Final = (
    "",
    "1250",
    "0",
    "-3",
    "1,250",
    "1.5",
    "12万",
    "9" * 19,
    "0012",
    "nan",
    "(5)",
    "1e3",
    "999999999999999",
)


def mostly(plain: tuple[Any, ...], odd: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.integers(0, 11).flatmap(lambda draw: st.sampled_from(odd if draw == 0 else plain))


REQUESTS: Final = st.lists(
    st.fixed_dictionaries({
        "id": mostly(IDS, ODD_IDS), "bank": mostly(("B1", "B2"), ("", "Ｂ1", "B9", "null")),
        "service": mostly(("S10", "S11"), ("", "S99", "s10")), "amount": mostly(("", "1250", "0"), AMOUNTS),
        "channel": mostly(("", "counter"), WORDS), "extra.region": mostly(("", "north"), NOTES),
    }),
    max_size=8,
    unique_by=lambda row: row["id"],
)  # fmt: skip
"""Most have an id of their own."""
REPEATED: Final = st.lists(st.integers(0, 7), max_size=2)
EVENTS: Final = st.lists(
    st.fixed_dictionaries({
        "request": mostly(IDS, ODD_IDS), "at": mostly(PLAIN_TIMES, ODD_TIMES), "kind": mostly(KINDS, ODD_KINDS),
        "by": mostly(("", "wang"), WORDS), "to": mostly(("", "li"), WORDS), "items": mostly(("", "S10-M1"), WORDS),
        "written": mostly(("", "true"), TRUTHS), "note": mostly(("",), NOTES), "seq": mostly(("",), ("1", "2", "x")),
        "slot_begin": mostly(("",), SLOTS), "slot_end": mostly(("",), SLOTS),
        "amount": mostly(("",), ("3 working days", "3")),
        "date_only": mostly(("",), ("true", "false")),
    }),
    max_size=24,
)  # fmt: skip
HOW: Final = st.fixed_dictionaries({
    "zone": st.sampled_from([None, "Asia/Shanghai", "America/New_York", "UTC"]),
    "as_of": st.sampled_from([None, "2018-05-03"]),
    "calendar": st.sampled_from([None, WorkCalendar.china("08:30-11:30 13:30-17:00")]),
    "services": st.sampled_from([None, ["S10", "S11"]]),
    "recorded": st.sampled_from([None, ["submitted", "notified"]]),
    "kinds": st.sampled_from([(), ("blessed",)]),
})  # fmt: skip
BANKS: Final = [{"id": "B1", "name": "One"}, {"id": "B2", "name": "Two"}]
MAPPING: Final = """
zone = "Asia/Shanghai"
[[table]]
file = "requests"
[table.request]
id = "id"
bank = { column = "bank", words = { "Ｂ1" = "B1", "B9" = "" }, other = "keep" }
service = "service"
amount = { column = "amount", unit = "fen" }
[[table]]
file = "events"
[[table.event]]
request = "request"
at = { column = "at", zone = "Asia/Tokyo" }
by = { column = "by", empty = ["li"] }
[table.event.kind]
column = "kind"
words = { submitted = "submitted", accepted = { kind = "notified", reason = "x" } }
other = "noted"
"""


@contextmanager
def looked_at_whole(*, whole: bool) -> Iterator[None]:
    """Read all tables by columns, however few rows they have and however few different cells; or none."""
    here = "windowservice.ledger"
    rows = 0 if whole else 1 << 60
    with (
        patch(f"{here}.sources.arrow.MANY", rows), patch(f"{here}.sources.csv_columns.MANY", rows),
        patch(f"{here}.sources.csv_file._LARGE", rows), patch(f"{here}.columns.sure._FEW", 2),
        patch(f"{here}.columns.on_demand._AT_ONCE", 2),
    ):  # fmt: skip
        yield


def outcome(source: Any, how: dict[str, Any], *, whole: bool) -> object:
    """Return all that reading gives, or the words of its error."""
    with looked_at_whole(whole=whole):
        try:
            ledger = Ledger.read(source, **how)
        except WindowserviceError as error:
            return type(error), str(error)
        assert isinstance(ledger.requests, OnDemand) is whole
        return (
            ledger.report, str(ledger.report), list(map(repr, ledger)), [request.unread for request in ledger],
            [(row, sorted(row.said.items(), key=repr)) for row in ledger.unread], repr(ledger), ledger.records,
        )  # fmt: skip


def agree(source: Any, how: dict[str, Any]) -> None:
    assert outcome(source, how, whole=True) == outcome(source, how, whole=False)


def with_repeated(rows: list[dict[str, Any]], repeated: list[int]) -> list[dict[str, Any]]:
    return rows + [rows[place] for place in repeated if place < len(rows)]


def frame(rows: list[dict[str, Any]], names: list[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: [row[name] or None for row in rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )


REQUEST_NAMES: Final = ["id", "bank", "service", "amount", "channel", "extra.region"]
EVENT_NAMES: Final = [
    "request", "at", "kind", "by", "to", "items", "written", "note", "seq", "slot_begin", "slot_end", "amount",
    "date_only",
]  # fmt: skip


@given(REQUESTS, REPEATED, EVENTS, REPEATED, HOW)
@trials(1)
def test_frames_of_texts(requests, again, events, repeated, how):
    tables = {
        "banks": BANKS,
        "requests": frame(with_repeated(requests, again), REQUEST_NAMES),
        "events": frame(with_repeated(events, repeated), EVENT_NAMES),
    }
    agree(tables, how)


@given(REQUESTS, REPEATED, EVENTS, REPEATED)
@trials(0.3)
def test_a_mapping(requests, again, events, repeated):
    tables = {
        "requests": frame(with_repeated(requests, again), REQUEST_NAMES),
        "events": frame(with_repeated(events, repeated), EVENT_NAMES),
    }
    agree(tables, {"mapping": mapping_from_toml(MAPPING)})


JUNK: Final = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from(
            ["", "   ", ",,,", "备注：以上", "合计,3", "R0000001", "R0000001,x,y,z,w,v,u", "*", 'a,"b', "a\rb", '"x",1']
        ),
    ),
    max_size=3,
)


def csv_text(
    rows: list[dict[str, Any]], names: list[str], junk: list[tuple[int, str]], end: str, trail: str, sign: str
) -> str:
    lines = [
        ",".join(sign + str(row[name]).replace(",", "，").replace('"', "") + sign for name in names) + trail
        for row in rows
    ]
    for place, line in junk:
        lines.insert(min(place, len(lines)), line)
    return end.join([",".join(names), *lines]) + (end if trail else "")


@given(
    REQUESTS, REPEATED, EVENTS, JUNK, JUNK, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", ","]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from(["", "", '"']), HOW,
)  # fmt: skip
@trials(0.6)
def test_text_files(requests, repeated, events, junk, other_junk, end, trail, encoding, sign, how):
    with TemporaryDirectory() as name:
        folder = Path(name)
        tables = (
            ("requests", with_repeated(requests, repeated), REQUEST_NAMES, junk),
            ("events", events, EVENT_NAMES, other_junk),
        )
        for table, rows, names, lines in tables:
            text = csv_text(rows, names, lines, end, trail, sign)
            (folder / f"{table}.csv").write_text(text, encoding, newline="")
        first, second = (read_files(folder, how, whole=whole) for whole in (True, False))
        assert first == second


def read_files(folder: Path, how: dict[str, Any], *, whole: bool) -> object:
    """Return all that reading a folder gives; files with quotes, or none of them, are read row by row all the same."""
    with looked_at_whole(whole=whole):
        try:
            ledger = Ledger.read(folder, **how)
        except WindowserviceError as error:
            return type(error), str(error)
        said = [(row, sorted(row.said.items(), key=repr)) for row in ledger.unread]
        return ledger.report, list(map(repr, ledger)), [request.unread for request in ledger], said


BEGIN: Final = datetime(2018, 5, 3, 1, 40, tzinfo=UTC)
TYPED_TIMES: Final = st.lists(
    st.one_of(
        st.sampled_from([BEGIN, BEGIN + timedelta(hours=14, minutes=20), None]),
        st.integers(2, 9_998).map(lambda year: datetime(year, 1, 1, tzinfo=UTC)),
        st.integers(0, 20_000).map(lambda hours: datetime(1899, 12, 1, tzinfo=UTC) + timedelta(hours=hours)),
    ),
    min_size=12,
    max_size=12,
)


@given(
    TYPED_TIMES, st.lists(st.sampled_from(KINDS), min_size=12, max_size=12),
    st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", None]), st.sampled_from(["us", "ms"]),
    st.sampled_from([pl.String, pl.Categorical, pl.Int64]),
    st.lists(st.one_of(st.none(), st.floats(), st.integers(-9, 9)), min_size=6, max_size=6), HOW,
)  # fmt: skip
@trials(0.6)
def test_typed_columns(times, kinds, zone, unit, of_ids, amounts, how):
    ids = [str(100_000_0 + number) for number in range(6)]
    at = pl.Series(times, dtype=pl.Datetime(unit, "UTC"))
    at = at.dt.replace_time_zone(None) if zone is None else at.dt.convert_time_zone(zone)
    requests = pl.DataFrame({
        "id": pl.Series(ids).cast(of_ids), "bank": "B1", "service": pl.Series(["S10"] * 6, dtype=pl.Categorical),
        "amount": pl.Series(amounts, dtype=pl.Float64, strict=False),
    })  # fmt: skip
    events = pl.DataFrame({
        "request": pl.Series([ids[place // 2] for place in range(12)]).cast(of_ids), "at": at, "kind": kinds,
        "written": pl.Series([True, None, False] * 4), "score": pl.Series([None, 1, 2, 3] * 3, dtype=pl.Int32),
        "extra.day": pl.Series([date(2018, 5, 3), None] * 6), "extra.share": pl.Series([0.5, None, float("nan")] * 4),
    })  # fmt: skip
    agree({"requests": requests, "events": events}, how)


@pytest.mark.parametrize("dtype", [pl.Decimal(20, 2), pl.UInt8, pl.Float32, pl.Null, pl.Boolean, pl.Date])
def test_any_type_of_column(dtype):
    values = [None, None] if dtype == pl.Null else [1, None]
    amounts = pl.Series(values).cast(dtype)
    requests = pl.DataFrame({"id": ["R1", "R2"], "bank": ["B1", "B1"], "service": ["S10", "S10"], "amount": amounts})
    events = pl.DataFrame({"request": ["R1", "R2"], "at": ["2018-05-03T09:40+08:00"] * 2, "kind": ["submitted"] * 2})
    agree({"requests": requests, "events": events.with_columns(items=amounts, note=amounts, seq=amounts)}, {})
    nested = events.with_columns(items=pl.Series([["a", "b"], None]))
    agree({"requests": requests, "events": nested}, {})


def test_the_requests_are_like_a_tuple():
    rows = [{"id": f"R{number}", "bank": "B1", "service": "S10"} for number in range(5)]
    at = [f"2018-05-0{day}T09:40+08:00" for day in range(1, 6)]
    tables = {
        "requests": pl.DataFrame(rows),
        "events": pl.DataFrame({"request": [row["id"] for row in rows], "at": at, "kind": ["submitted"] * 5}),
    }
    with looked_at_whole(whole=True):
        ledger = Ledger.read(tables)
    with looked_at_whole(whole=False):
        other = Ledger.read(tables)
    requests, wanted = ledger.requests, other.requests
    assert isinstance(requests, OnDemand)
    assert isinstance(wanted, tuple)
    assert (requests == wanted, wanted == requests, requests != wanted[:2], requests == "R") == (
        True,
        True,
        True,
        False,
    )
    assert (requests[-1], requests[1:3], len(requests)) == (wanted[-1], wanted[1:3], 5)
    assert requests[2] is requests[2]
    assert (repr(requests), hash(requests)) == (repr(wanted), hash(wanted))
    assert requests + wanted == wanted + requests == (*wanted, *wanted)
    assert [*reversed(requests)] == [*reversed(wanted)]
    assert wanted[3] in requests
    assert pickle.loads(pickle.dumps(ledger)) == ledger == other
    with pytest.raises(IndexError):
        requests[5]


def test_decimals_stay_exact():
    requests = pl.DataFrame({"id": ["R1"], "bank": ["B1"], "service": ["S10"], "amount": ["12.50"]})
    events = pl.DataFrame({"request": ["R1"], "at": ["2018-05-03T09:40+08:00"], "kind": ["submitted"]})
    with looked_at_whole(whole=True):
        assert Ledger.read({"requests": requests, "events": events}).requests[0].amount == Decimal("12.50")


@pytest.mark.parametrize("number", range(1, 6))
def test_as_many_rows_as_columns(number, tmp_path):
    rows = [f'"R{one}","B{one}","S10"' for one in range(number)]
    events = [f'"R{one}","2018-05-03T09:40+08:00","submitted","w{one}"' for one in range(number)]
    (tmp_path / "requests.csv").write_text("\n".join(['"id","bank","service"', *rows]))
    (tmp_path / "events.csv").write_text("\n".join(['"request","at","kind","by"', *events]))
    assert read_files(tmp_path, {}, whole=True) == read_files(tmp_path, {}, whole=False)


@pytest.mark.parametrize("field", ["slot", "written", "items", "by"])
@pytest.mark.parametrize("is_said", [True, False])
def test_what_events_of_a_kind_must_say_is_looked_for_in_columns_too(field: str, is_said: bool) -> None:
    """A slot is two instants, and no is an answer to whether it was in writing."""
    kind = EventKind("greeted", "Somebody was greeted", must_say=field)
    cells = {"slot_begin": SLOTS[3], "slot_end": SLOTS[4], "written": "no", "items": "S10-M1", "by": "wang"}
    said = {name: text if is_said and name.startswith(field) else None for name, text in cells.items()}
    ids = [f"R{number:07}" for number in range(30)]
    source = {
        "requests": pl.DataFrame({"id": ids, "bank": "105221000018", "service": "S10"}),
        "events": pl.DataFrame(
            [{"request": one, "at": PLAIN_TIMES[0], "kind": "greeted", **said} for one in ids],
            schema_overrides=dict.fromkeys(said, pl.String),
        ),
    }
    agree(source, {"kinds": [kind]})
    with looked_at_whole(whole=True):
        unsaid = Ledger.read(source, kinds=[kind]).report.unsaid
    assert [one.field for one in unsaid] == ([] if is_said else [field])
