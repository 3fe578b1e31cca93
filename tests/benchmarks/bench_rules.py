"""Ten rules on one record: generated code beside plain Python and other engines, in one run.

``python tests/benchmarks/bench_rules.py``. The yardstick is ten plain functions that handle None, printed first. Every
row works on the same 2,000 seeded records (3 text, 5 whole numbers, 6 instants; 4 of them may be missing); rows are
timed in turn and the smallest of all rounds counts. Trust the ratios, not the microseconds. A row says how many of its
verdicts are those of plain Python, and what it said where something needed is missing. Conversions that another engine
needs (instants to whole numbers, objects to dicts) are made before its clock starts.
"""

from __future__ import annotations

import gc
import inspect
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from windowservice.engine.verdicts import Verdicts
from windowservice.language.python.compile import compile_rules, compile_values
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import walk
from windowservice.language.tree.fact import Fact, fact
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.kernels import Binding
from windowservice.language.tree.rule import Rule
from windowservice.worktime.calendar import WorkCalendar

RECORDS, ROUNDS, PEER_ROUNDS = 2_000, 25, 3
SERVICES = frozenset(f"S{n:02}" for n in range(1, 20))
CHANNELS = ("counter", "phone", "online")
YARDSTICK = "plain Python: ten functions"
BARS = {
    "ours: four masks": 0.6,
    "ours: when, four masks, verdict object": 0.9,
    "ours: with evidence of every fail": 6.0,
}


@attrs.define
class Case:
    """What the rules are about."""

    service: str
    channel: str
    clerk: str
    copies: int
    visits: int
    notices: int
    amount: int | None
    score: int | None
    submitted_at: datetime
    accepted_at: datetime
    answer_due: datetime
    due_at: datetime
    decided_at: datetime | None
    delivered_at: datetime | None


# the yardstick


def service_is_offered(c: Case) -> bool | None:
    return c.service in SERVICES


def accepted_after_submitted(c: Case) -> bool | None:
    return c.submitted_at <= c.accepted_at


def answered_in_time(c: Case) -> bool | None:
    return c.accepted_at <= c.answer_due


def decided_in_time(c: Case) -> bool | None:
    if c.decided_at is None:
        return None
    return c.decided_at <= c.due_at


def delivered_after_decided(c: Case) -> bool | None:
    if c.delivered_at is None or c.decided_at is None:
        return None
    return c.decided_at <= c.delivered_at


def told_once(c: Case) -> bool | None:
    return c.notices <= 1


def one_visit_online(c: Case) -> bool | None:
    if c.channel != "online":
        return True
    return c.visits <= 1


def large_cash_in_two_copies(c: Case) -> bool | None:
    if c.service != "S08":
        return True
    if c.amount is None:
        return True if c.copies >= 2 else None
    return c.amount < 500_000 or c.copies >= 2


def rated_well(c: Case) -> bool | None:
    if c.score is None:
        return None
    return c.score >= 3


def clerk_is_named(c: Case) -> bool | None:
    return c.clerk != "" and c.clerk != "unknown"


PLAIN = (
    service_is_offered, accepted_after_submitted, answered_in_time, decided_in_time, delivered_after_decided, told_once,
    one_visit_online, large_cash_in_two_copies, rated_well, clerk_is_named,
)  # fmt: skip


# ours


class case(Facts):
    """The same record, declared."""

    service = fact(str, "The kind of business", required=True)
    channel = fact(str, "How it came in", required=True, words=CHANNELS)
    clerk = fact(str, "Who answers for it", required=True)
    copies = fact(int, "How many copies were brought", required=True)
    visits = fact(int, "How often the applicant came", required=True)
    notices = fact(int, "How often something was told to be missing", required=True)
    amount = fact(int, "The amount", unit="yuan")
    score = fact(int, "The grade given")
    submitted_at = fact(datetime, "When the papers came in", required=True)
    accepted_at = fact(datetime, "When it was taken up", required=True)
    answer_due = fact(datetime, "Until when it had to be", required=True)
    due_at = fact(datetime, "When it was due", required=True)
    decided_at = fact(datetime, "When it was decided")
    delivered_at = fact(datetime, "When the result was handed over")


c = case
_IS_CASH = c.service == "S08"
_BOTH_COPIES = (c.amount < 500_000) | (c.copies >= 2)
REQUIRED: dict[str, tuple[Expr[bool] | None, Expr[bool]]] = {
    "service_is_offered": (None, c.service.one_of(*SERVICES)),
    "accepted_after_submitted": (None, c.submitted_at <= c.accepted_at),
    "answered_in_time": (None, c.accepted_at <= c.answer_due),
    "decided_in_time": (None, c.decided_at <= c.due_at),
    "delivered_after_decided": (None, c.decided_at <= c.delivered_at),
    "told_once": (None, c.notices <= 1),
    "one_visit_online": (c.channel == "online", c.visits <= 1),
    "large_cash_in_two_copies": (_IS_CASH, _BOTH_COPIES),
    "rated_well": (None, c.score >= 3),
    "clerk_is_named": (None, (c.clerk != "") & (c.clerk != "unknown")),
}


def _rules(*, conditional: bool) -> list[Rule]:
    """Return the ten rules; where one has a condition, it stands in `when` or is part of the requirement."""
    made = []
    for name, (when, require) in REQUIRED.items():
        if conditional:
            made.append(Rule(name, title=name, require=require, when=when))
        else:
            made.append(Rule(name, title=name, require=require if when is None else ~when | require))
    return made


@attrs.frozen
class Finding:
    """Evidence of one failed rule, as small as evidence can be."""

    rule: str
    facts: tuple[str, ...]
    values: tuple[Any, ...]


class Ours:
    """The ten rules, compiled, and the code that reads the facts of each."""

    def __init__(self) -> None:
        binding = Binding(WorkCalendar(timezone="UTC", weekly="mon-fri 09:00-17:00"))
        rules = _rules(conditional=False)
        conditional = _rules(conditional=True)
        self.names = tuple(rule.name for rule in rules)
        self.masks = compile_rules(rules, case, binding)
        self.masks_of_dicts = compile_rules(rules, case, binding, style="mapping")
        self.when_masks = compile_rules(conditional, case, binding)
        read = [_facts_of(rule) for rule in conditional]
        self.facts = [tuple(found.name for found in facts) for facts in read]
        self.values = [compile_values(facts, case, binding) for facts in read]

    def verdicts(self, record: Case, now: datetime) -> Verdicts:
        """Return the verdict object that the engine gives."""
        return Verdicts(self.names, self.when_masks(record, now))

    def findings(self, record: Case, now: datetime) -> list[Finding]:
        """Return evidence of every rule that failed."""
        failed = self.when_masks(record, now)[0]
        found = []
        while failed:
            position = (failed & -failed).bit_length() - 1
            failed &= failed - 1
            found.append(Finding(self.names[position], self.facts[position], self.values[position](record, now)))
        return found


def _facts_of(rule: Rule) -> list[Fact[Any]]:
    """Return the facts that a rule reads, each once."""
    conditions = [rule.require, *([] if rule.when is None else [rule.when])]
    found = {below.name: below for condition in conditions for below in walk(condition) if isinstance(below, Fact)}
    return list(found.values())


# the data


def cases(count: int) -> list[Case]:
    """Return the seeded records: about two fails and some missing values in each."""
    rng = random.Random(4)
    start = datetime(2018, 1, 1, 9, tzinfo=UTC)
    found = []
    for _ in range(count):
        submitted = start + timedelta(minutes=rng.randrange(500_000))
        accepted = submitted + timedelta(minutes=rng.randrange(-20, 600))
        decided = accepted + timedelta(hours=rng.randrange(400))
        found.append(
            Case(
                service=f"S{rng.randrange(1, 22):02}" if rng.random() > 0.2 else "S08",
                channel=rng.choice(CHANNELS),
                clerk=rng.choice(("wang", "li", "zhao", "chen", "unknown")),
                copies=rng.randrange(1, 4),
                visits=rng.randrange(1, 4),
                notices=rng.choice((0, 0, 1, 1, 2)),
                amount=rng.randrange(1_000_000) if rng.random() > 0.2 else None,
                score=rng.randrange(1, 6) if rng.random() > 0.3 else None,
                submitted_at=submitted,
                accepted_at=accepted,
                answer_due=submitted + timedelta(hours=8),
                due_at=submitted + timedelta(days=14),
                decided_at=decided if rng.random() > 0.1 else None,
                delivered_at=decided + timedelta(minutes=rng.randrange(-30, 3_000)) if rng.random() > 0.15 else None,
            )
        )
    return found


# the other engines: each gives ten verdicts a record, None where it says so itself, "raised" where it raised


@attrs.frozen
class Row:
    """One engine: what is timed, the records in its own form, and its ten verdicts on one of them."""

    timed: Callable[[Any], Any]
    records: Sequence[Any]
    verdicts: Callable[[Any], list[Any]]


def _plain_dict(record: Case) -> dict[str, Any]:
    return attrs.asdict(record)


def _whole_numbers(record: Case) -> dict[str, Any]:
    """Return the record with instants as seconds, for engines that know no instants."""
    return {key: int(v.timestamp()) if isinstance(v, datetime) else v for key, v in _plain_dict(record).items()}


def _attempt(evaluate: Callable[[], Any]) -> Any:
    try:
        return evaluate()
    except Exception:  # what the other engine raises is its own matter
        return "raised"


def rule_engine_row(records: list[Case]) -> Row:
    """The usual pick: own text language, typed, walked for each record; None in a comparison raises."""
    import rule_engine

    services = "[" + ", ".join(f'"{name}"' for name in sorted(SERVICES)) + "]"
    texts = [
        f"service in {services}", "submitted_at <= accepted_at", "accepted_at <= answer_due", "decided_at <= due_at",
        "decided_at <= delivered_at", "notices <= 1", 'channel != "online" or visits <= 1',
        'service != "S08" or amount < 500000 or copies >= 2', "score >= 3", 'clerk != "" and clerk != "unknown"',
    ]  # fmt: skip
    rules = [rule_engine.Rule(text) for text in texts]

    def evaluate(record: dict[str, Any]) -> list[Any]:
        return [_attempt(lambda rule=rule: rule.matches(record)) for rule in rules]

    return Row(evaluate, [_plain_dict(record) for record in records], evaluate)


def zen_row(records: list[Case]) -> Row:
    """Rust; one compiled expression that gives all ten, over whole numbers; a null raises, so each is guarded."""
    import zen

    services = "[" + ", ".join(f'"{name}"' for name in sorted(SERVICES)) + "]"
    texts = [
        f"service in {services}", "submitted_at <= accepted_at", "accepted_at <= answer_due",
        "decided_at == null ? null : decided_at <= due_at",
        "decided_at == null or delivered_at == null ? null : decided_at <= delivered_at",
        "notices <= 1", 'channel != "online" or visits <= 1',
        'service != "S08" or copies >= 2 ? true : amount == null ? null : amount < 500000',
        "score == null ? null : score >= 3", 'clerk != "" and clerk != "unknown"',
    ]  # fmt: skip
    every = zen.compile_expression(f"[{', '.join(f'({text})' for text in texts)}]")
    return Row(every.evaluate, [_whole_numbers(record) for record in records], every.evaluate)


def datalogic_row(records: list[Case]) -> Row:
    """Rust; JsonLogic, one rule that gives all ten, over whole numbers."""
    import datalogic_py

    def var(name: str) -> dict[str, str]:
        return {"var": name}

    rules = [
        {"in": [var("service"), sorted(SERVICES)]},
        {"<=": [var("submitted_at"), var("accepted_at")]},
        {"<=": [var("accepted_at"), var("answer_due")]},
        {"<=": [var("decided_at"), var("due_at")]},
        {"<=": [var("decided_at"), var("delivered_at")]},
        {"<=": [var("notices"), 1]},
        {"or": [{"!=": [var("channel"), "online"]}, {"<=": [var("visits"), 1]}]},
        {"or": [{"!=": [var("service"), "S08"]}, {"<": [var("amount"), 500_000]}, {">=": [var("copies"), 2]}]},
        {">=": [var("score"), 3]},
        {"and": [{"!=": [var("clerk"), ""]}, {"!=": [var("clerk"), "unknown"]}]},
    ]
    every = datalogic_py.Engine().compile(rules)
    return Row(every.evaluate, [_whole_numbers(record) for record in records], every.evaluate)


def business_rules_row(records: list[Case]) -> Row:
    """JSON conditions over variables; it has no instants and compares no two fields, so Python does that part."""
    from business_rules.engine import check_conditions_recursively
    from business_rules.variables import (
        BaseVariables,
        boolean_rule_variable,
        numeric_rule_variable,
        string_rule_variable,
    )

    class Variables(BaseVariables):
        def __init__(self, record: Case) -> None:
            self.record = record

    kinds = {
        "service": string_rule_variable, "channel": string_rule_variable, "clerk": string_rule_variable,
        "copies": numeric_rule_variable, "visits": numeric_rule_variable, "notices": numeric_rule_variable,
        "amount": numeric_rule_variable, "score": numeric_rule_variable,
    }  # fmt: skip
    for name, kind in kinds.items():
        setattr(Variables, name, kind()(lambda self, name=name: getattr(self.record, name)))
    orders = {
        "accepted_ok": ("submitted_at", "accepted_at"), "answered_ok": ("accepted_at", "answer_due"),
        "decided_ok": ("decided_at", "due_at"), "delivered_ok": ("decided_at", "delivered_at"),
    }  # fmt: skip
    for name, (first, second) in orders.items():
        compare = lambda self, first=first, second=second: getattr(self.record, first) <= getattr(self.record, second)  # noqa: E731
        setattr(Variables, name, boolean_rule_variable()(compare))

    def test(name: str, operator: str, value: Any) -> dict[str, Any]:
        return {"name": name, "operator": operator, "value": value}

    rules: list[Any] = [
        {"any": [test("service", "equal_to", name) for name in sorted(SERVICES)]},
        *(test(name, "is_true", True) for name in orders),
        test("notices", "less_than_or_equal_to", 1),
        {
            "any": [{"all": [test("channel", "equal_to", w)]} for w in CHANNELS[:2]]
            + [test("visits", "less_than_or_equal_to", 1)]
        },
        {
            "any": [
                *(test("service", "equal_to", name) for name in (*sorted(SERVICES - {"S08"}), "S20", "S21")),
                test("amount", "less_than", 500_000),
                test("copies", "greater_than_or_equal_to", 2),
            ]
        },
        test("score", "greater_than_or_equal_to", 3),
        {"any": [test("clerk", "equal_to", name) for name in ("wang", "li", "zhao", "chen")]},
    ]

    def evaluate(record: Case) -> list[Any]:
        variables = Variables(record)
        return [_attempt(lambda rule=rule: check_conditions_recursively(rule, variables)) for rule in rules]

    return Row(evaluate, records, evaluate)


PEERS = {
    "datalogic-py": datalogic_row,
    "zen-engine, nulls guarded by hand": zen_row,
    "business-rules": business_rules_row,
    "rule-engine": rule_engine_row,
}


# running


def _of_masks(masks: tuple[int, int, int, int]) -> list[bool | None]:
    failed, unknown, _waiting, _skipped = masks
    return [False if failed >> i & 1 else None if unknown >> i & 1 else True for i in range(10)]


def rows(records: list[Case]) -> dict[str, Row]:
    """Return plain Python and ours by name."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ours = Ours()
    dicts = [_plain_dict(record) for record in records]

    def plain(record: Case) -> list[bool | None]:
        return [rule(record) for rule in PLAIN]

    def masks(record: Case) -> tuple[int, int, int, int]:
        return ours.masks(record, now)

    def masks_of_dict(record: dict[str, Any]) -> tuple[int, int, int, int]:
        return ours.masks_of_dicts(record, now)

    def verdicts(record: Case) -> Verdicts:
        return ours.verdicts(record, now)

    def findings(record: Case) -> list[Finding]:
        return ours.findings(record, now)

    def failed(record: Case) -> list[bool | None]:
        found = {finding.rule for finding in findings(record)}
        return [name not in found for name in ours.names]

    return {
        YARDSTICK: Row(plain, records, plain),
        "ours: four masks": Row(masks, records, lambda record: _of_masks(masks(record))),
        "ours: four masks, dict records": Row(masks_of_dict, dicts, lambda record: _of_masks(masks_of_dict(record))),
        "ours: when, four masks, verdict object": Row(
            verdicts, records, lambda record: _of_masks(verdicts(record).masks)
        ),
        "ours: with evidence of every fail": Row(findings, records, failed),
    }


def _timed(row: Row) -> float:
    function = row.timed
    start = time.perf_counter()
    for record in row.records:
        function(record)
    return (time.perf_counter() - start) / len(row.records) * 1e6


def _agreement(truth: list[list[bool | None]], row: Row, *, fails_only: bool) -> str:
    found = [row.verdicts(record) for record in row.records]
    pairs = [pair for one, other in zip(truth, found, strict=True) for pair in zip(one, other, strict=True)]
    if fails_only:
        return f"{sum((t is False) == (f is False) for t, f in pairs) / len(pairs):.2%} of the fails"
    missing = [f for t, f in pairs if t is None]
    said = {"passed": missing.count(True), "failed": missing.count(False), "raised": missing.count("raised")}
    wrong = "".join(f", {count} {word}" for word, count in said.items() if count)
    return f"{sum(t is f for t, f in pairs) / len(pairs):.2%}; of {len(missing)} unknown {missing.count(None)}{wrong}"


def main() -> int:
    """Time all rows in turn and print them; return 1 if a bar is missed."""
    records = cases(RECORDS)
    print("".join(inspect.getsource(rule) + "\n" for rule in PLAIN))
    table, peers = rows(records), {}
    for name, make in PEERS.items():
        try:
            peers[name] = make(records)
        except ImportError:
            print(f"{name}: not installed")
    truth = [table[YARDSTICK].verdicts(record) for record in records]
    best = dict.fromkeys([*table, *peers], float("inf"))
    for turn in range(ROUNDS):
        gc.collect()
        for name, row in (table if turn >= PEER_ROUNDS else table | peers).items():
            best[name] = min(best[name], _timed(row))
    fails = sum(verdict is False for row in truth for verdict in row) / len(records)
    clean = sum(all(verdict is True for verdict in row) for row in truth) / len(records)
    print(f"{len(records)} records, {fails:.2f} fails a record, {clean:.1%} without any; smallest of {ROUNDS} rounds\n")
    print(f"{'':40}{'us/record':>10}{'ratio':>8}{'bar':>6}   verdicts as plain Python's")
    missed = False
    for name, row in (table | peers).items():
        ratio, bar = best[name] / best[YARDSTICK], BARS.get(name)
        missed |= bar is not None and ratio > bar
        agreement = _agreement(truth, row, fails_only="evidence" in name)
        print(f"{name:40}{best[name]:10.2f}{ratio:8.2f}{'' if bar is None else bar:>6}   {agreement}")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
