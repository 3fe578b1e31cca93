"""How long 100 packs with 1,000 rules take to load, to become code, and to be looked at by lint.

Run it by hand: ``python tests/benchmarks/bench_lint.py``. Seconds of the processor; the library is loaded before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import windowservice as ws

_PACK = """
schema_version = 1
name = "desk{p}"
version = "1"
title = {{ en = "Desk {p}" }}
[basis.contract]
text = "Contract {p}"
[records.ticket{p}]
title = "A ticket of desk {p}"
table = "tickets{p}"
dated_by = "opened_at"
[records.ticket{p}.facts]
id = {{ title = "Number", type = "key" }}
opened_at = {{ title = "When opened", type = "instant", required = true }}
answered_at = {{ title = "When answered", type = "instant" }}
priority = {{ title = "How urgent", type = "text", words = ["P1", "P2", "P3"] }}
replies = {{ title = "Replies", type = "integer" }}
amount = {{ title = "Amount", type = "integer", unit = "yuan" }}
[figures.large{p}]
type = "integer"
note = "From which an amount is large"
unit = "yuan"
values = [
  {{ since = 2018-01-01, value = 1000, basis = "contract" }},
  {{ since = 2019-01-01, value = 2000, basis = "contract" }},
]
"""
_RULE = """
[[rules]]
name = "rule{r}"
title = {{ en = "Rule {r}" }}
when = "ticket{p}.priority == 'P{w}' and ticket{p}.amount >= figure.large{p} + {r}"
require = "ticket{p}.replies >= {m} and ticket{p}.answered_at.by(due(ticket{p}.opened_at, limit('{m} days')).due)"
basis = "contract"
"""


def packs(number: int = 100, rules: int = 10) -> list[str]:
    """Return packs as text, each on a record type of its own."""
    return [
        _PACK.format(p=p) + "".join(_RULE.format(p=p, r=r, w=r % 3 + 1, m=r + 1) for r in range(rules))
        for p in range(number)
    ]


def rules_of_one_type(number: int = 1_000) -> str:
    """Return a pack of very many rules that all speak of one fact."""
    return _PACK.format(p=0) + "".join(_RULE.format(p=0, r=r, w=r % 3 + 1, m=r + 1) for r in range(number))


def _timed(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return time.process_time() - begin


def measured() -> Iterator[tuple[str, float]]:
    """Yield what was measured, in seconds of the processor."""
    hours = ws.WorkCalendar("Europe/Amsterdam", "mon-fri 09:00-17:00", name="desk")
    _ = ws.Engine.load(installed=False).rules
    texts = packs()
    ws.lint(texts[:1])
    engines: list[ws.Engine] = []
    parsed = [f"{text}\n" for text in texts]  # another text, so that nothing is remembered

    def load() -> None:
        engines.append(
            ws.Engine.load(packs=[ws.DataPack.read(text) for text in parsed], calendars=hours, installed=False)
        )

    yield "load", _timed(load)

    def code() -> None:
        for of in engines[0].judged_vocabularies:
            record = dict.fromkeys(of.given) | {"id": "T", "opened_at": "2018-05-03T09:40+08:00"}
            engines[0].check(record, as_of="2018-05-04", of=of)

    yield "code and a first verdict of each type", _timed(code)
    yield "lint", _timed(lambda: ws.lint(texts))
    yield "lint of 1,000 rules on one fact", _timed(lambda: ws.lint([rules_of_one_type()]))


if __name__ == "__main__":
    for what, seconds in measured():
        print(f"{what:<40} {seconds:6.2f} s")
