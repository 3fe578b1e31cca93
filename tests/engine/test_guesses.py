"""What newcomers write by habit is taken, or refused with what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

import windowservice as ws


class case(ws.Facts, dated_by="opened_at"):
    """A case."""

    id = ws.key("Number")
    priority = ws.fact(str, "Priority", words=("P1", "P2"))
    opened_at = ws.fact(datetime, "When it came", required=True)
    done_at = ws.fact(datetime, "When it was done")
    replies = ws.fact(int, "Replies")


_HOURS = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00", name="desk")
_RULES = (
    ws.Rule("first_response", title="t", require=case.done_at.by(ws.due(case.opened_at, "4 business hours"))),
    ws.Rule("replied", title="t", require=case.replies >= 1),
)
_RECORD = {"id": "7", "opened_at": datetime(2024, 7, 5, 10, tzinfo=UTC), "replies": 2}


def _engine() -> ws.Engine:
    return ws.Engine.load(packs=[ws.Pack("sla", version="1", rules=_RULES)], calendars=_HOURS, installed=False)


def _report() -> ws.Report:
    return _engine().check(_RECORD, as_of="2024-07-09")


@pytest.mark.parametrize(
    ("yours", "ours"),
    [
        ("4 business hours", "4 working hours"),
        ("2 business days", "2 working days"),
        ("4h", "4 hours"),
        ("PT4H", "4 hours"),
        ("P2D", "2 days"),
        ("30 min", "30 minutes"),
        ("same business day", "same working day"),
    ],
)
def test_a_limit_in_other_words_is_that_limit(yours: str, ours: str) -> None:
    """Those of help desks and of ISO 8601."""
    assert ws.Limit.parse(yours) == ws.Limit.parse(ours)


@pytest.mark.parametrize(
    ("yours", "ours"),
    [
        ("24x7", "mon-sun 00:00-24:00"),
        ("24/7", "mon-sun 00:00-24:00"),
        ("Mo-Fr 09:00-17:00", "mon-fri 09:00-17:00"),
        ("Monday-Friday 9-17", "mon-fri 09:00-17:00"),
        ("mon, wed 09:00-17:00", "mon 09:00-17:00; wed 09:00-17:00"),
        ("Mon-Fri 9am-5pm", "mon-fri 09:00-17:00"),
    ],
)
def test_hours_in_other_words_are_those_hours(yours: str, ours: str) -> None:
    """Those of shop doors and status pages."""
    assert ws.WorkCalendar("UTC", yours).version == ws.WorkCalendar("UTC", ours).version


_TAKEN: dict[str, tuple[Callable[[], object], object]] = {
    "one_of with a list": (lambda: str(case.priority.one_of(["P1"])), str(case.priority.one_of("P1"))),
    "the only calendar, called default": (
        lambda: ws.Engine.load(
            packs=[ws.Pack("sla", version="1", rules=_RULES)], calendars={"default": _HOURS}, installed=False
        ).calendar.version,
        _HOURS.version,
    ),
    "a verdict by the rule's own name": (lambda: _report().verdicts["first_response"], ws.Verdict.FAIL),
    "a finding by it": (lambda: _report().finding("7", "first_response").rule, "sla/first_response"),
    "only by it": (lambda: len(_engine().only("first_response").rules), 1),
    "explain by it": (lambda: _report().explain("7", "first_response").startswith("7  sla/first_response"), True),
    "an id that is a number": (
        lambda: _engine().check({**_RECORD, "id": 7}, as_of="2024-07-09").finding(7, "replied").key, "7",
    ),
    "a time as ISO text": (
        lambda: _engine().check({**_RECORD, "opened_at": "2024-07-05T10:00Z"}, as_of="2024-07-09").verdicts["replied"],
        ws.Verdict.PASS,
    ),
    "a date with slashes": (lambda: _engine().check(_RECORD, as_of="2024/07/09").us, _report().us),
}  # fmt: skip


@pytest.mark.parametrize("name", _TAKEN)
def test_it_is_taken(name: str) -> None:
    """As it was meant."""
    made, wanted = _TAKEN[name]
    assert made() == wanted


@pytest.mark.parametrize("column", [False, True])
def test_whole_numbers_of_numpy_are_whole_numbers(column: bool) -> None:
    """In a record in hand as in a frame."""
    np, pl = pytest.importorskip("numpy"), pytest.importorskip("polars")
    record = {**_RECORD, "id": np.int64(7), "replies": np.int64(2)}
    given = pl.DataFrame({"id": [7], "opened_at": [_RECORD["opened_at"]], "replies": [2]}) if column else [record]
    assert _engine().audit(given, as_of="2024-07-09").finding(7, "replied").verdict is ws.Verdict.PASS


class _Lacking:
    id = "7"
    opened_at = _RECORD["opened_at"]


def test_an_attribute_that_an_object_lacks_is_missing() -> None:
    """As a key is that a mapping lacks."""
    assert _engine().check(_Lacking(), as_of="2024-07-09").verdicts["replied"] is ws.Verdict.UNKNOWN


def _text_column() -> object:
    pl = pytest.importorskip("polars")
    return _engine().audit(pl.DataFrame({"id": ["7"], "opened_at": ["2024-07-05T10:00Z"]}), as_of="2024-07-09")


_NATIONAL = {"weekly": "mon-fri 09:00-17:00", "timezone": "Europe/Berlin"}
_REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "is_null": (lambda: case.priority.is_null(), r"write \.is_missing\(\)"),  # type: ignore[attr-defined]
    "isin": (lambda: case.priority.isin(["P1"]), r"write \.one_of\("),  # type: ignore[attr-defined]
    "between": (lambda: case.replies.between(1, 2), "two comparisons joined by &"),  # type: ignore[attr-defined]
    "None": (lambda: case.priority == None, r"write \.is_missing\(\) or \.is_known\(\)"),  # noqa: E711
    "critical": (lambda: ws.Rule("a", title="t", require=case.replies > 1, severity="critical"), "'?severe"),  # type: ignore[arg-type]
    "high": (lambda: ws.Rule("a", title="t", require=case.replies > 1, severity="high"), "'?major"),  # type: ignore[arg-type]
    "now": (lambda: _engine().check(_RECORD, as_of="now"), r"write datetime\.now\(UTC\)"),
    "today": (lambda: _engine().audit([_RECORD], as_of="Today"), r"write datetime\.now\(UTC\)"),
    "a column of ISO texts": (_text_column, r"\.str\.to_datetime\('%Y-%m-%dT"),
    "a country's name": (lambda: ws.WorkCalendar.from_holidays("Germany", **_NATIONAL), "known: DE|'DE'"),
    "a limit scaled": (lambda: ws.Limit.parse("4 hours") * 0.75, "at_risk_share=0.75"),  # type: ignore[operator]
    "a misspelt rule": (lambda: _report().verdicts["frist_response"], "did you mean 'first_response'"),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_it_is_refused_with_what_to_write(name: str) -> None:
    """In the message itself."""
    made, said = _REFUSED[name]
    with pytest.raises(ws.WindowserviceError, match=said):
        made()
