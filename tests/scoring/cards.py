"""Scorecards for tests: small ones whose totals can be made to fall on any edge."""

from __future__ import annotations

HEAD = """
schema_version = 1
id = "card"
version = "1"
zh = "卡"
en = "card"
total_points = "{total}"
min_coverage = "{coverage}"
basis = "ours"
severities = {{ minor_below = "0.8", major_below = "0.5", basis = "ours" }}
bands = [
  {{ grade = "A", min = "90" }}, {{ grade = "B", min = "80" }},
  {{ grade = "C", min = "65" }}, {{ grade = "D", min = "0" }},
]
sources = {{ ours = {{ text = "a test", mark = "assumption" }} }}
"""

FACT = """
[[facts]]
id = "{id}"
zh = "数"
en = "figure"
unit = "count"
"""


def table(name, **fields):
    """Return a table of an array as TOML; texts are quoted, what begins with a brace is not."""
    lines = [f'{key} = {value if str(value)[:1] == "{" else repr(str(value)).replace(chr(39), chr(34))}'
             for key, value in fields.items()]  # fmt: skip
    return "\n".join([f"[[{name}]]", *lines, ""])


def card(indicators, vetoes=(), *, coverage="0.6"):
    """Return a scorecard as TOML.

    Args:
        indicators: of each id (its first letter is the category), points, form as TOML, and if it is not full points at
            zero, the policy.
        vetoes: of each id, condition, effect as (key, value).
        coverage: the least coverage.
    """
    points = {}
    for id_, worth, *_ in indicators:
        points[id_[0]] = points.get(id_[0], 0) + worth
    text = HEAD.format(total=sum(points.values()), coverage=coverage)
    for name in sorted({condition.split()[0] for _, condition, _ in vetoes}):
        text += FACT.format(id=name)
    for id_, condition, (key, value) in vetoes:
        text += table("vetoes", id=id_, zh="否", en="veto", when=condition, basis="ours", **{key: value})
    for id_, worth in points.items():
        text += table("categories", id=id_, zh="类", en="category", points=worth, basis="ours")
    for id_, worth, form, *zero in indicators:
        unit = "ratio" if "linear" in form else "count"
        more = {"denominator": "all"} if unit == "ratio" else {}
        higher = 'target = "1"' in form
        text += table(
            "indicators", id=id_, category=id_[0], zh="项", en="indicator", numerator="some", unit=unit,
            direction="higher" if higher else "lower", form=form, points=worth, basis="ours",
            zero_denominator=zero[0] if zero else "full_points", **more,
        )  # fmt: skip
    return text


KEPT = '{ kind = "linear", floor = "0", target = "1" }'  # the share is the value itself
EACH = '{ kind = "per_event", deduct = "1" }'
STEPS = '{ kind = "steps", steps = [["0", "1"], ["2", "0.5"], ["5", "0.125"]] }'
