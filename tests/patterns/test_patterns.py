"""The patterns of processes: every engine says of random histories what loops over a list say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from tests.patterns.slow import Slow, Step, counts, verdict
from tests.trials import trials

import windowservice as ws
from windowservice import patterns
from windowservice.instants import datetime_us
from windowservice.language.text.parse import Names, parse
from windowservice.language.tree.expressions import same_expr

COLUMNS = ("number", "at", "kind", "who", "much")
KINDS = ("a", "b", "c", "end")
HOUR = timedelta(hours=1)
START = datetime.fromisoformat("2026-03-02T08:00+00:00")


class step(ws.Facts, happens="at", kind="kind", closes=("end",)):
    """A step."""

    number = ws.fact(int, "Its place: two steps that are equal in all would be one", required=True)
    at = ws.fact(datetime, "When", required=True)
    kind = ws.fact(str, "What", required=True, words=KINDS)
    who = ws.fact(str, "By whom")
    much = ws.fact(int, "How much", required=True)


class case(ws.Facts, children=step, under="steps"):
    """A case."""

    id = ws.key("Number")


A, B = step.kind == "a", step.kind == "b"
SAME = (step.who == ws.here(step.who)) & (step.much >= ws.here(step.much))
PAIRS = (
    "responded_existence", "response", "alternate_response", "chain_response", "precedence", "alternate_precedence",
    "chain_precedence", "co_existence", "succession", "alternate_succession", "chain_succession",
    "not_responded_existence", "not_response", "not_chain_response", "not_precedence", "not_chain_precedence",
    "not_co_existence", "not_succession", "not_chain_succession",
)  # fmt: skip
SPANS = {
    "": {},
    "_after": {"after": HOUR},
    "_within": {"within": 2 * HOUR},
    "_both": {"after": HOUR, "within": 3 * HOUR},
}
ALONE: dict[str, ws.Expr[bool]] = {
    "existence": patterns.existence(A, 2), "absence": patterns.absence(A, 2), "exactly": patterns.exactly(A),
    "init": patterns.init(A), "end": patterns.end(A), "choice": patterns.choice(A, B),
    "exclusive_choice": patterns.exclusive_choice(A, B),
}  # fmt: skip
TWO: dict[str, tuple[str, bool, str, ws.Expr[bool]]] = {
    f"{name}{'_same' * same}{span}": (
        name, same, span, getattr(patterns, name)(A, B, SAME if same else None, **said)
    )
    for name in PAIRS for same in (False, True) for span, said in SPANS.items()
}  # fmt: skip
RULES = [ws.Rule(name, title=name, require=one) for name, one in ALONE.items()]
RULES += [ws.Rule(name, title=name, require=one) for name, (*_, one) in TWO.items()]
ENGINE = ws.Engine.load(
    packs=[ws.Pack("p", version="1", rules=RULES)], installed=False,
    calendars=ws.WorkCalendar("UTC", "mon-sun 00:00-24:00"),
)  # fmt: skip

steps = st.lists(
    st.tuples(
        st.integers(0, 8), st.sampled_from((*"aabbc", "end")), st.sampled_from(("x", "y", "x", None)), st.integers(1, 2)
    ),
    max_size=7,
)


@st.composite
def histories(draw: Any) -> list[Step]:
    """Return what happened: in order, often at one instant, and nothing after the end."""
    found = [
        (START + hours * HOUR, kind, who, much) for hours, kind, who, much in sorted(draw(steps), key=lambda s: s[0])
    ]
    ends = [place for place, one in enumerate(found) if one[1] == "end"]
    return found[: ends[0] + 1] if ends else found


def meant(history: list[Step], as_of: datetime) -> dict[str, str]:
    """Return the verdicts of all rules by loops over a list; of a case that begins later there are none."""
    seen = [one for one in history if one[0] <= as_of]
    if history and not seen:
        return {}
    settled = any(one[1] == "end" for one in seen)
    a, b = (sum(one[1] == kind for one in seen) for kind in "ab")
    found = {
        "existence": "pass" if a >= 2 else "fail" if settled else "pending",
        "absence": "fail" if a >= 2 else "pass" if settled else "pending",
        "exactly": "pending" if not settled else "pass" if a == 1 else "fail",
        "init": "unknown" if not seen else "pass" if seen[0][1] == "a" else "fail",
        "end": "unknown" if not seen else "pending" if not settled else "pass" if seen[-1][1] == "a" else "fail",
        "choice": "pass" if a or b else "fail" if settled else "pending",
        "exclusive_choice": "pending" if not settled else "pass" if bool(a) != bool(b) else "fail",
    }
    for name, (pattern, same, span, _) in TWO.items():
        said = SPANS[span]
        slow = Slow(seen, as_of, same=same, after=said.get("after"), within=said.get("within"))
        found[name] = verdict(slow.halves(pattern, "a", "b"), settled=settled)
    return found


def record(number: int, history: list[Step]) -> dict[str, Any]:
    rows = [dict(zip(COLUMNS, (place, *one), strict=True)) for place, one in enumerate(history)]
    return {"id": str(number), "steps": rows}


def frames(found: list[list[Step]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [(str(number), *one.values()) for number, history in enumerate(found) for one in record(0, history)["steps"]]
    types = (pl.String, pl.Int64, pl.Datetime("us", "UTC"), pl.String, pl.String, pl.Int64)
    schema = dict(zip(("case", *COLUMNS), types, strict=True))
    return pl.DataFrame({"id": [str(number) for number in range(len(found))]}), pl.DataFrame(rows, schema, orient="row")


@trials(0.2, suppress_health_check=list(HealthCheck))
@given(st.lists(histories(), min_size=4, max_size=12), st.integers(0, 14))
def test_every_engine_says_what_loops_over_a_list_say(found: list[list[Step]], hours: int) -> None:
    """Of objects, of columns, and by the module that large frames are judged by."""
    as_of = START + hours * HOUR
    wanted = {
        (str(number), f"p/{name}"): said for number, one in enumerate(found) for name, said in meant(one, as_of).items()
    }
    objects = ENGINE.audit([record(number, one) for number, one in enumerate(found)], as_of=as_of, of=case)
    told = {"objects": objects}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("windowservice.engine.running.module_pays", lambda *_: True)
        for way, rows in (("columns", 1_000), ("module", 0)):
            patch.setattr("windowservice.engine.frames.frames.PRINTED_FROM", rows)
            told[way] = ENGINE.audit(*frames(found), as_of=as_of, of=case)
    for way, report in told.items():
        rows = report.to_frame().select("key", "rule", "verdict").iter_rows()
        verdicts = {(key, rule): said for key, rule, said in rows}
        assert {key: verdicts.get(key) for key in wanted} == wanted, way


COUNTED = {
    name: [count(one) for count in (patterns.activations, patterns.fulfilments, patterns.violations)]
    for name, (*_, one) in TWO.items()
}


@trials(2, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(0, 14))
def test_activations_fulfilments_and_violations_are_counted(history: list[Step], hours: int) -> None:
    """Each by the same loops; nobody can tell them while a time has not run out, or somebody is not written down."""
    as_of = START + hours * HOUR
    seen = [one for one in history if one[0] <= as_of]
    runner = ENGINE._judges.of_record(None, case)
    values = iter(
        runner.values(
            "counts", [one for three in COUNTED.values() for one in three], record(1, history), datetime_us(as_of)
        )
    )
    for name, (pattern, same, span, _) in TWO.items():
        said = SPANS[span]
        slow = Slow(seen, as_of, same=same, after=said.get("after"), within=said.get("within"))
        assert (next(values), next(values), next(values)) == counts(slow.halves(pattern, "a", "b")), name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_pattern_is_an_expression_that_is_printed_and_read_back(rule: ws.Rule) -> None:
    """So that a pack in TOML can say it."""
    assert same_expr(parse(str(rule.require), Names([case, step])), rule.require)


@pytest.mark.parametrize("name", TWO)
def test_a_pattern_is_called_in_a_text_as_in_python(name: str) -> None:
    """With the same arguments."""
    pattern, same, span, meant_by_it = TWO[name]
    said = ["step.kind == 'a'", "step.kind == 'b'"]
    said += ["where=step.who == here(step.who) and step.much >= here(step.much)"] if same else []
    said += [f"{key}=span({value // timedelta(microseconds=1)})" for key, value in SPANS[span].items()]
    assert same_expr(parse(f"{pattern}({', '.join(said)})", Names([case, step])), meant_by_it)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("respons(step.kind == 'a', step.kind == 'b')", "did you mean 'response'"),
        ("response(step.kind == 'a', step.kind == 'b', whithin=span(1))", "did you mean 'within'"),
        ("response(step.kind == 'a')", "missing 1 required"),
        ("response(step.kind == 'a', 'b')", "b must be an Expr"),
        ("response(step.kind == 'a', step.kind == 'b', within=3)", "a limit such as '2 working hours'"),
        ("step.at.next(where=step.at > here())", "missing 1 required"),
        ("step.at.first(where=step.at > here(step.at))", "where no child looks at a neighbour"),
    ],
)
def test_a_slip_in_a_text_is_told(text: str, message: str) -> None:
    """With what to write instead."""
    with pytest.raises(ws.WindowserviceError, match=message):
        parse(text, Names([case, step]))


def test_a_record_may_say_itself_when_it_ended() -> None:
    """Until then what can still turn is pending; what cannot is said at once."""

    class trip(ws.Facts, children=step, under="steps"):
        id = ws.key("Number")
        ended = ws.fact(datetime, "When it ended")

    wanted = {
        "response": (patterns.response(A, B), ["pending", "fail"]),
        "absence": (patterns.absence(A), ["fail", "fail"]),
        "precedence": (patterns.precedence(A, B), ["pending", "pass"]),
    }
    rules = [
        ws.Rule(name, title=name, of=trip, require=one, settled_by=(), settled_when=trip.ended.happened())
        for name, (one, _) in wanted.items()
    ]
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], installed=False)
    found = record(1, [(START, "a", "x", 1)]) | {"ended": START + 2 * HOUR}
    for place, hours in enumerate((1, 3)):
        report = engine.audit([found], as_of=START + hours * HOUR, of=trip)
        assert {name: str(report.of_rule(name)[0].verdict) for name in wanted} == {
            name: said[place] for name, (_, said) in wanted.items()
        }


def test_a_pack_says_a_pattern_and_when_its_record_is_settled() -> None:
    """In one line each."""
    pack = ws.read_pack(
        """
        schema_version = 1
        name = "p"
        version = "1"
        [basis]
        house = { text = "House rules", issued = 2026-01-01, mark = "known" }
        [[rules]]
        name = "answered"
        title = { en = "Each a has a b" }
        require = "response(step.kind == 'a', step.kind == 'b', where=step.who == here(step.who))"
        settled_when = "count(step) >= 3"
        basis = "house"
        """,
        vocabularies=[case, step],
    )
    engine = ws.Engine.load(packs=[pack], installed=False)
    history = [(START, "a", "x", 1), (START + HOUR, "b", "y", 1), (START + 2 * HOUR, "c", "x", 1)]
    for seen, wanted in ((2, "pending"), (3, "fail")):
        report = engine.audit([record(1, history[:seen])], as_of="2026-04-01", of=case)
        assert [str(found.verdict) for found in report.findings] == [wanted]


def test_a_pattern_that_waits_says_until_when() -> None:
    """Until the first time runs out of those that have not."""
    rules = [
        ws.Rule("soon", title="Soon", require=patterns.response(A, B, within=3 * HOUR)),
        ws.Rule("not_soon", title="Not soon", require=patterns.not_response(A, B, within=3 * HOUR)),
    ]
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], installed=False)
    history = [(START, "a", "x", 1), (START + HOUR, "c", "x", 1), (START + 2 * HOUR, "a", "x", 1)]
    report = engine.audit([record(1, history)], as_of=START + 2.5 * HOUR, of=case)
    assert [found.evidence.waits_for for found in report.findings] == [(START + 3 * HOUR,)] * 2
    report = engine.audit([record(1, history)], as_of=START + 4 * HOUR, of=case)
    soon, not_soon = report.findings
    assert (str(soon.verdict), str(not_soon.verdict)) == ("fail", "pending")
    assert not_soon.evidence.waits_for == (START + 5 * HOUR,)


def test_between_two() -> None:
    """A step stands between two if the nearest of both before it is the first, and the nearest after it the second."""
    kinds = ("c", "a", "c", "a", "c", "b", "c", "b", "a", "c")
    history = [(START + place * HOUR, kind, "x", place) for place, kind in enumerate(kinds)]
    inside = step.much.sum(where=patterns.between(A, B) & (step.kind == "c"))
    runner = ENGINE._judges.of_record(None, case)
    (found,) = runner.values("between", [inside], record(1, history), datetime_us(START + 20 * HOUR))
    assert found == 4


def test_a_limit_of_open_time_is_a_span() -> None:
    """Within, and not before, what a calendar counts."""
    calendar = ws.WorkCalendar("UTC", "mon-fri 09:00-17:00")
    rules = [
        ws.Rule("soon", title="Soon", require=patterns.response(A, B, within="4 working hours")),
        ws.Rule("late", title="Late", require=patterns.response(A, B, after="4 working hours")),
        ws.Rule("had", title="Had", require=patterns.precedence(A, B, within="4 working hours")),
    ]
    engine = ws.Engine.load(packs=[ws.Pack("p", version="1", rules=rules)], installed=False, calendars=calendar)
    evening = datetime.fromisoformat("2026-03-02T15:00+00:00")
    history = [(evening, "a", "x", 1), (evening + 19 * HOUR, "b", "x", 1), (evening + 20 * HOUR, "end", "x", 1)]
    for hours, wanted in ((19, ["pass", "fail", "pass"]), (22, ["fail", "pass", "fail"])):
        history[1] = (evening + hours * HOUR, "b", "x", 1)
        history[2] = (evening + (hours + 1) * HOUR, "end", "x", 1)
        report = engine.audit([record(1, history)], as_of="2026-04-01", of=case)
        assert [str(report.of_rule(name)[0].verdict) for name in ("soon", "late", "had")] == wanted


def test_what_has_no_order_has_no_pattern() -> None:
    """The error names the type, and what to write."""

    class line(ws.Facts):
        word = ws.fact(str, "A word", required=True)

    class page(ws.Facts, children=line, under="lines"):
        id = ws.key("Number")

    with pytest.raises(ws.WindowserviceError, match=r"type line.*happens='at'"):
        patterns.response(line.word == "a", line.word == "b")
    with pytest.raises(ws.WindowserviceError, match="is no pattern that children activate"):
        patterns.violations(patterns.existence(line.word == "a"))
