"""The constraints by which the logs are held against declare4py: plain data, for both sides.

`declare4py.json` holds what declare4py 2.2.0 counted. To make it anew, in an environment of its own with `Declare4Py`
and `pyarrow`: ``python tests/logs/declared.py FOLDER_OF_THE_LOGS``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

COUNTS = Path(__file__).with_name("declare4py.json")
NOBODY = "nobody"


class Log(NamedTuple):
    """A log: its file, the columns of case, activity, person and time, a person, and pairs of activities."""

    file: str
    columns: tuple[str, str, str, str]
    person: str
    pairs: tuple[tuple[str, str], ...]


LOGS = {
    "receipt": Log(
        "receipt.csv.gz", ("case:concept:name", "concept:name", "org:resource", "time:timestamp"), "Resource01",
        (
            ("Confirmation of receipt", "T02 Check confirmation of receipt"),
            ("T02 Check confirmation of receipt", "T04 Determine confirmation of receipt"),
            ("T06 Determine necessity of stop advice", "T02 Check confirmation of receipt"),
        ),
    ),
    "helpdesk_it": Log(
        "helpdesk_it.parquet", ("case", "activity", "resource", "ts"), "Value 2",
        (("Take in charge ticket", "Resolve ticket"), ("Wait", "Take in charge ticket"), ("Resolve ticket", "Closed")),
    ),
    "bpic2012_loans": Log(
        "bpic2012_loans.parquet", ("case", "activity", "resource", "ts"), "112",
        (("O_SENT", "O_SENT_BACK"), ("W_Nabellen offertes", "O_CANCELLED")),
    ),
}  # fmt: skip
PAIRS = (
    "Responded Existence", "Response", "Alternate Response", "Chain Response", "Precedence", "Alternate Precedence",
    "Chain Precedence", "Not Responded Existence", "Not Response", "Not Precedence", "Not Chain Response",
    "Not Chain Precedence",
)  # fmt: skip
NUMBERS = {"Existence": 2, "Absence": 2, "Exactly": 1}
ONES = (*NUMBERS, "Init", "End")
CHOICES = ("Choice", "Exclusive Choice")
VARIANTS: tuple[tuple[bool, bool, tuple[int, int] | None], ...] = (
    (False, False, None), (True, False, None), (False, True, None), (False, False, (0, 24)), (True, True, (1, 72)),
)  # fmt: skip
"""Whether the one who activates is the person of the log, whether both are by the same, and between how many hours."""


class Constraint(NamedTuple):
    """One constraint: a template over one or two activities, with its conditions."""

    template: str
    activities: tuple[str, ...]
    person: str
    same: bool
    hours: tuple[int, int] | None

    @property
    def name(self) -> str:
        """Its name in `declare4py.json`."""
        said = [self.person, "same" if self.same else "", "" if self.hours is None else f"{self.hours} h"]
        return f"{self.template}[{', '.join(self.activities)}] {' | '.join(said)}"


def constraints(log: Log) -> Iterator[Constraint]:
    """Yield the constraints of a log."""
    for pair in log.pairs:
        for template in PAIRS:
            for person, same, hours in VARIANTS:
                yield Constraint(template, pair, log.person if person else "", same, hours)
        for template in (*ONES, *CHOICES):
            for person in ("", log.person):
                yield Constraint(template, pair if template in CHOICES else pair[:1], person, False, None)


def _counted(log: Log, folder: Path) -> dict[str, list[int | None]]:
    """Return what declare4py counts: activations, fulfilments, violations, and cases that satisfy a constraint."""
    import pandas as pd
    from Declare4Py.ProcessModels.DeclareModel import DeclareModel, DeclareModelTemplate
    from Declare4Py.Utils.Declare.Checkers import ConstraintChecker

    path = folder / log.file
    frame = pd.read_parquet(path).sort_values("seq") if path.suffix == ".parquet" else pd.read_csv(path, dtype=str)
    case, activity, person, time = log.columns
    told = frame[person].astype(object).where(frame[person].notna(), NOBODY)
    instants = pd.to_datetime(frame[time], utc=True, format="ISO8601") if path.suffix == ".gz" else frame[time]
    rows = zip(frame[case], frame[activity].astype(str), told, instants.dt.to_pydatetime(), strict=True)
    traces: dict[str, list[dict[str, Any]]] = {}
    for key, what, who, when in rows:
        traces.setdefault(key, []).append({"concept:name": what, "person": who, "time:timestamp": when})
    for trace in traces.values():
        trace.sort(key=lambda event: event["time:timestamp"])
    asked = list(constraints(log))
    model = DeclareModel()
    for one in asked:
        activation = f"A.person is {one.person}" if one.person else ""
        correlation = ["(A.person) = (T.person)" if one.same else ""] if one.template in PAIRS else []
        if one.template in CHOICES:
            correlation = [""]
        hours = "" if one.hours is None else f"{one.hours[0]},{one.hours[1]},h"
        model.constraints.append(
            {
                "template": DeclareModelTemplate.get_template_from_string(one.template),
                "activities": list(one.activities), "condition": [activation, *correlation, hours],
                "n": NUMBERS.get(one.template),
            }
        )  # fmt: skip
    model.set_constraints()
    found: dict[str, list[int | None]] = {one.name: [0, 0, 0, 0] for one in asked}
    for trace in traces.values():
        results = ConstraintChecker().check_trace_conformance(trace, model, True)
        for one, result in zip(asked, results, strict=True):
            counts = (result.num_activations, result.num_fulfillments, result.num_violations)
            total = found[one.name]
            for place, count in enumerate((*counts, int(result.state.name == "SATISFIED"))):
                total[place] = None if count is None or total[place] is None else total[place] + count
    return found


if __name__ == "__main__":
    counted = {name: _counted(log, Path(sys.argv[1])) for name, log in LOGS.items()}
    lines = [
        f' "{name}": {{\n'
        + ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in rows.items())
        + "\n }"
        for name, rows in counted.items()
    ]
    COUNTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
