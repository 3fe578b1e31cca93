"""Whatever a caller passes to a public name: an answer, or one of the library's own errors."""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import windowservice as ws
from windowservice.asked import told
from windowservice.domain.parties import Banks, Roster
from windowservice.facts import event as e
from windowservice.language.tree.expressions import collect


class thing(ws.Facts):
    """A record of an application."""

    id = ws.fact(str, "Number", required=True)
    n = ws.fact(int, "How many")
    at = ws.fact(datetime, "When")
    done = ws.fact(datetime, "When it was done")
    s = ws.fact(str, "A text")
    b = ws.fact(bool, "Whether")


BASIS = ws.Basis("b")
CAL = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00")
LIMIT = ws.Limit.parse("3 working days")
RULE = ws.Rule("x", title="t", require=thing.n <= 1)
PACK = ws.Pack("p", version="1", rules=[RULE])
ENGINE = ws.Engine.load(packs=[PACK], calendars=CAL, installed=False)
EVENT = ws.Event("2018-05-03T09:40+08:00", "submitted", by="w")
REQUEST = ws.Request(id="R", bank="b", service="S10", events=[EVENT])
REPORT = ENGINE.check({"id": "a", "n": 2}, as_of="2018-06-30", of=thing)
FIGURE = ws.Figure("f", int, {"2018-01-01": 5}, basis=BASIS)
AT = "2018-05-03T09:00+08:00"
DAY = date(2018, 5, 3)
DAY_TIME = datetime.fromisoformat("2018-05-03T09:00")

ODD: tuple[Any, ...] = (
    None, 0, -1, 10**30, 1.5, float("nan"), True, "", " ", "x", "\0", "\ud800", b"x", [], [None], [[]], {}, {"a": 1},
    {1: 2}, (1, 2), set(), object(), Decimal("NaN"), Decimal("1e999999"), Fraction(1, 3), np.int64(3),
    np.float64("nan"), np.datetime64("2018-01-01"), np.array([1, 2]), date.min, date.max,
    DAY_TIME,
    datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), timedelta(days=10**8), time(3), len, thing,
    thing.n, thing.s, RULE, PACK, CAL, LIMIT, BASIS, ENGINE, EVENT, REQUEST, REPORT, ..., "2018-05-03", range(3), int,
    10**5000, [10**5000], bytearray(b"\xff"), {"a": float("nan")}, b"\xff\xfe",
)  # fmt: skip

CALLS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = {
    "WorkCalendar": (ws.WorkCalendar, ("UTC", "mon-fri 09:00-17:00"), {}),
    "WorkCalendar.china": (ws.WorkCalendar.china, ("09:00-17:00",), {}),
    "WorkCalendar.from_toml": (ws.WorkCalendar.from_toml, ("x.toml",), {}),
    "calendar.add": (CAL.add, (AT, ws.work(hours=1)), {}),
    "calendar.worked": (CAL.worked, (AT, AT), {}),
    "calendar.add_workdays": (CAL.add_workdays, (DAY, 1), {}),
    "calendar.is_open": (CAL.is_open, (AT,), {}),
    "calendar.is_workday": (CAL.is_workday, (DAY,), {}),
    "calendar.decided_by": (CAL.decided_by, (DAY,), {}),
    "calendar.with_layer": (CAL.with_layer, (None,), {}),
    "Limit": (ws.Limit, ("working_days", 1), {}),
    "Limit.parse": (ws.Limit.parse, ("3 working days",), {}),
    "limit.deadline": (
        LIMIT.deadline, (AT,), {"calendar": CAL, "stops": [], "notices": [], "extensions": [], "as_of": AT},
    ),
    "Stop": (ws.Stop, (AT, AT, "hearing"), {}),
    "Notice": (ws.Notice, (AT,), {}),
    "Extension": (ws.Extension, (AT, LIMIT), {}),
    "work": (ws.work, (), {}),
    "Event": (ws.Event, (AT, "submitted"), {}),
    "Request": (ws.Request, (), {"id": "R", "bank": "b", "service": "S10", "events": [EVENT]}),
    "Request.from_json": (ws.Request.from_json, ('{"id":"R","bank":"b","service":"S10"}',), {"kinds": ["x"]}),
    "Request.from_dict": (ws.Request.from_dict, ({"id": "R", "bank": "b", "service": "S10"},), {"kinds": ["x"]}),
    "request.to_json": (REQUEST.to_json, (), {"indent": 2}),
    "event.amended": (EVENT.amended, (AT, "x"), {"at": AT}),
    "average_scores": (ws.scoring.average_scores, ([], "2018-Q1"), {}),
    "basis.article": (BASIS.article, (3,), {}),
    "Basis": (ws.Basis, ("b",), {}),
    "Bank": (ws.Bank, (), {"id": "b"}),
    "Clerk": (ws.Clerk, (), {"id": "b"}),
    "Banks": (Banks, ([],), {}),
    "Roster": (Roster, ([],), {}),
    "Catalogue.from_toml": (ws.Catalogue.from_toml, ("x.toml",), {}),
    "fact": (ws.fact, (str, "t"), {}),
    "Rule": (ws.Rule, ("x",), {"title": "t", "require": thing.n <= 1}),
    "Pack": (ws.Pack, ("p",), {"version": "1", "rules": [RULE]}),
    "Figure": (ws.Figure, ("f", int, {"2018-01-01": 5}), {"basis": BASIS}),
    "figure[]": (FIGURE.__getitem__, ("x",), {}),
    "due": (ws.due, (thing.at, "3 working days"), {}),
    "worked": (ws.worked, (thing.at, thing.done), {}),
    "workdays": (ws.workdays, (thing.at, thing.done), {}),
    "choose": (ws.choose, (thing.b, 1, 2), {}),
    "collect": (collect, (e.at,), {}),
    "Adjust": (ws.Adjust, ("f", {"2018-01-01": 5}, BASIS), {}),
    "Replace": (ws.Replace, ("p/x", RULE, BASIS), {}),
    "Withdraw": (ws.Withdraw, ("p/x", BASIS), {}),
    "n.within": (thing.n.within, (1,), {}),
    "at.by": (thing.at.by, (thing.done,), {}),
    "s.one_of": (thing.s.one_of, ("x",), {}),
    "n.otherwise": (thing.n.otherwise, (1,), {}),
    "at.first": (e.at.first, (), {"where": e.kind == "decided"}),
    "read_pack": (ws.read_pack, ("x.toml", [thing]), {}),
    "engine.check": (ENGINE.check, ({"id": "a"},), {"as_of": "2018-06-30", "of": thing}),
    "engine.audit": (ENGINE.audit, ([{"id": "a"}],), {"as_of": "2018-06-30", "of": thing}),
    "engine.with_rules": (ENGINE.with_rules, (RULE,), {}),
    "engine.with_pack": (ENGINE.with_pack, (PACK,), {}),
    "engine.only": (ENGINE.only, ("p",), {}),
    "engine.amended": (ENGINE.amended, (ws.Withdraw("p/x", BASIS),), {}),
    "engine.what_if": (ENGINE.what_if, (), {}),
    "report.finding": (REPORT.finding, ("a", "x"), {}),
    "report.explain": (REPORT.explain, ("a", "x"), {}),
    "report.by": (REPORT.by, ("bank",), {}),
    "report.filter": (REPORT.filter, (), {"bank": "b", "rule": "x", "verdict": "fail"}),
    "report.at_least": (REPORT.at_least, ("minor",), {}),
    "report.verdicts[]": (REPORT.verdicts.__getitem__, ("x",), {}),
    "finding.explain": (REPORT.failures[0].explain, (), {}),
}  # fmt: skip


def _varied(name: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    asked, args, given = CALLS[name]
    for place in range(len(args)):
        for odd in ODD:
            varied = [*args[:place], odd, *args[place + 1 :]]
            yield f"argument {place}", lambda varied=varied: asked(*varied, **given)  # type: ignore[misc]
    parameters = inspect.signature(asked).parameters.values()
    named = {one.name for one in parameters if one.kind is one.KEYWORD_ONLY} | set(given)
    for key in sorted(named):
        for odd in ODD:
            yield key, lambda key=key, odd=odd: asked(*args, **{**given, key: odd})  # type: ignore[misc]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CALLS)
def test_nothing_raw_comes_out_of_a_public_name(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """None, wrong types, numpy's scalars and arrays, times at the end of time: no error of the inside is seen."""
    caplog.set_level(logging.CRITICAL)
    for where, call in _varied(name):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                call()
        except (ws.WindowserviceError, OSError):
            continue
        except Exception as error:
            raise AssertionError(f"{name}, {where}: {type(error).__name__}: {error}") from error


def test_an_iterator_that_is_used_up_tells_its_wrong_item() -> None:
    """What was drawn of it is remembered; one that holds what is asked for is taken as it is."""
    with pytest.raises(ws.WindowserviceError, match="each item a Score, got"):
        ws.scoring.average_scores(iter([3]), "2018-Q1")  # type: ignore[arg-type, list-item]
    with pytest.raises(ws.WindowserviceError, match="each item a Clerk, got"):
        Roster(one for one in (ws.Clerk(id="a"), 3))  # type: ignore[misc]
    assert len(Roster(ws.Clerk(id=name) for name in "ab")) == 2


@pytest.mark.parametrize("odd", [None, -3, b"x", True, float("nan"), 0, pytest.param(10**5000, id="endless"), ""])
def test_an_article_has_a_number_or_a_text(odd: Any) -> None:
    with pytest.raises(ws.WindowserviceError, match="article"):
        BASIS.article(odd)


@pytest.mark.parametrize("odd", ["x", 3, None, [3], [None]])
def test_kinds_are_a_list_of_texts(odd: Any) -> None:
    with pytest.raises(ws.WindowserviceError, match="kinds"):
        ws.Request.from_dict({"id": "R", "bank": "b", "service": "S10"}, kinds=odd)


def test_a_call_with_wrong_arguments_stays_pythons_own() -> None:
    """Too many, too few or unknown ones are told by Python."""
    for call in (lambda: ws.Limit.parse(), lambda: ws.Limit.parse("1", "2", "3"), lambda: ws.Pack("p", wersion="1")):  # type: ignore[call-arg]
        with pytest.raises(TypeError, match="argument"):
            call()


@told
def add(first: int, *, others: list[int] | None = None, by: Fraction | None = None) -> int:
    """A function with annotations."""
    return first + sum(others or []) + int(by or 0)


def test_an_error_is_blamed_on_an_argument_only_if_it_is_none_of_its_annotation() -> None:
    """Otherwise it is a fault of ours, and stays what it is."""
    assert add(1, others=[2], by=Fraction(3)) == 6
    with pytest.raises(ws.WindowserviceError, match="others must be a list, each item a whole number or None, got 5"):
        add(1, others=5)  # type: ignore[arg-type]
    with pytest.raises(ws.WindowserviceError, match="first must be a whole number, got 'x'"):
        add("x")  # type: ignore[arg-type]

    @told
    def broken(first: int) -> None:
        raise KeyError(first)

    with pytest.raises(KeyError):
        broken(1)
    with pytest.raises(ws.WindowserviceError, match="must be a whole number"):
        broken("1")  # type: ignore[arg-type]


def test_every_public_name_with_arguments_is_told() -> None:
    """A new name is decorated, or makes its own checks."""
    plain = {
        "Deadline", "Engine", "Event", "Expr", "Fact", "Facts", "Finding", "Ledger", "Observed",
        "Report", "Request", "Verdict", "WindowserviceError", "WindowserviceWarning", "hookimpl", "as_of",
        "ValueType",
    }  # fmt: skip
    for name in ws.__all__:
        value = getattr(ws, name)
        if name in plain or not callable(value):
            continue
        made = value if not isinstance(value, type) else vars(value).get("__init__") or value.__init__  # type: ignore[misc]
        assert hasattr(made, "__wrapped__"), name
