"""What a score is, said again: exact fractions over the TOML text alone, slow and in the order of the definition."""

from __future__ import annotations

import tomllib
from fractions import Fraction

OPERATORS = {
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip


def share(row, value):
    """Return the share of its points that a value of an indicator earns."""
    form, points = row["form"], Fraction(row["points"])
    if form["kind"] == "linear":
        floor, target = Fraction(form["floor"]), Fraction(form["target"])
        found = (value - floor) / (target - floor)
    elif form["kind"] == "per_event":
        found = (points - Fraction(form["deduct"]) * value) / points
    else:
        keeps = [Fraction(part) for bound, part in form["steps"] if value <= Fraction(bound)]
        found = max(keeps, default=Fraction(0))
    return max(Fraction(0), min(Fraction(1), found))


def state(row, reading, complete):
    """Return the share of an indicator, "unknown" or "not applicable"; a reading is two numbers or None."""
    if reading is not None and reading[1] != 0:
        return share(row, Fraction(reading[0], reading[1]) if row["unit"] == "ratio" else Fraction(reading[0]))
    if reading is None and not complete:
        return "unknown"
    if row.get("zero_denominator", "not_applicable") == "not_applicable":
        return "not applicable"
    return Fraction(1) if complete else "unknown"


def oracle(text, readings, facts, complete=()):
    """Return the exact total after vetoes, or None if the data are insufficient.

    Args:
        text: the scorecard as TOML.
        readings: by indicator, (numerator, denominator); a count has the denominator None.
        facts: by name.
        complete: ids of the indicators whose source declares the period complete.
    """
    card = tomllib.loads(text)
    states = {row["id"]: state(row, readings.get(row["id"]), row["id"] in complete) for row in card["indicators"]}
    points = {row["id"]: Fraction(row["points"]) for row in card["indicators"]}
    known = [id_ for id_, found in states.items() if isinstance(found, Fraction)]
    applicable = [id_ for id_, found in states.items() if found != "not applicable"]
    have, need = sum(points[id_] for id_ in known), sum(points[id_] for id_ in applicable)
    if not need or Fraction(have) / need < Fraction(card["min_coverage"]):
        return None
    fired = [veto for veto in card.get("vetoes", []) if fires(veto, facts) is True]
    zeroed = {veto["zero_category"] for veto in fired if "zero_category" in veto}
    counting = [
        category
        for category in card["categories"]
        if category["id"] in zeroed
        or any(row["id"] in known for row in card["indicators"] if row["category"] == category["id"])
    ]
    of_counting = sum(Fraction(category["points"]) for category in counting)
    total = Fraction(0)
    for category in counting:
        worth = Fraction(category["points"]) * Fraction(card["total_points"]) / of_counting
        inside = [r["id"] for r in card["indicators"] if r["category"] == category["id"] and r["id"] in known]
        for id_ in inside:
            if category["id"] not in zeroed:
                total += worth * points[id_] / sum(points[other] for other in inside) * states[id_]
    for veto in fired:
        if "cap" in veto:
            total = min(total, Fraction(veto["cap"]))
    return total


def fires(veto, facts):
    """Return whether a veto fires; None if its figure is missing."""
    name, operator, bound = veto["when"].split()
    value = facts.get(name)
    return None if value is None else OPERATORS[operator](Fraction(value), Fraction(bound))


def half_up(total, places=2):
    """Return a total as text with its places, halves up: by long division."""
    whole, rest = divmod(total.numerator * 10**places, total.denominator)
    whole += 2 * rest >= total.denominator
    return f"{whole // 10**places}.{whole % 10**places:0{places}d}"
