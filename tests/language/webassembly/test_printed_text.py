"""Printed text is the text: a module says of random rules and histories what CPython says that runs the same code.

CI tries some thousand histories; ``make law`` a million, others each time. A module is made for some rules drawn, and
run on many histories, which are made of the parts of a few that were drawn.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language.drawing import INSTANTS, KINDS, World, children, records, rules, worlds
from tests.language.framing import columns_of
from tests.language.webassembly.test_printed import judged_frames

from windowservice.engine.report.stores.measures import told_of_failures
from windowservice.instants import datetime_us
from windowservice.language.polars.calls import Given, _Asked
from windowservice.language.python.compile import run
from windowservice.language.webassembly.judge import Judge

pytest.importorskip("wasmtime")
ASKED = int(os.environ.get("LAW_EXAMPLES", "0"))
AT_ONCE = 1_000 if ASKED else 150
MODULES = max(ASKED // AT_ONCE, 20)
RECORDED = st.none() | st.frozensets(st.sampled_from(KINDS), max_size=2)


def recombined(drawn: list[dict[str, Any]], rows: list[dict[str, Any]], rng: Random, w: World) -> dict[str, Any]:
    """Return a record each of whose facts is that of some record drawn, with children drawn apart."""
    found = {name: rng.choice(drawn)[name] for name in drawn[0]}
    found["items"] = rng.sample(rows, rng.randint(0, min(6, len(rows))))
    if w.ordered:
        found["items"].sort(key=lambda child: child["at"])
    return found


@pytest.mark.slow
@settings(
    max_examples=MODULES,
    derandomize=not ASKED,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_a_module_says_what_its_text_says(data: st.DataObject) -> None:
    """Verdicts and what was missed agree of each record, unless the module says that it cannot tell, as of few."""
    w = data.draw(worlds)
    drawn = [data.draw(rules(w, f"rule_{number}")) for number in range(3)]
    some = data.draw(st.lists(records(w), min_size=2, max_size=4))
    rows = data.draw(st.lists(children(w), min_size=2, max_size=8))
    rng, recorded = Random(data.draw(st.integers(0, 2**32))), data.draw(RECORDED)
    now = datetime_us(data.draw(st.sampled_from(INSTANTS)))
    histories = [recombined(some, rows, rng, w) for _ in range(AT_ONCE)]

    judge = Judge(drawn, w.parent, w.binding, recorded, frozenset(), (), told_of_failures(drawn))
    if judge._program is None:
        return
    frames = judged_frames(columns_of(w, histories, now, recorded, words=data.draw(st.booleans())))
    judged = judge.verdicts(*frames, now)
    (written,) = judge._program.codes
    evaluate = run(written)
    told = judged.missed.tolist()
    by_record: dict[int, list[list[int]]] = {}
    for record, *row in told:
        by_record.setdefault(record, []).append(row)
    codes = [judged.codes[place].tolist() for place in judge.judged]
    for number, record in enumerate(_Asked.of(w.parent, written).rows(Given(*frames, now), range(AT_ONCE))):
        if judged.doubts[number]:
            continue
        missed: list[Any] = []
        masks = evaluate(record, now, missed) if told_of_failures(drawn) else evaluate(record, now)
        said = [sum((mask >> bit & 1) * (code + 1) for code, mask in enumerate(masks[:4])) for bit in range(len(codes))]
        assert said == [of_rule[number] for of_rule in codes], written.source
        meant = [[judge.judged[rule], *rest] for rule, *rest in missed]
        assert by_record.get(number, []) == [[-(1 << 63) if one is None else int(one) for one in row] for row in meant]
