"""A plugin that brings a table of its own, `visits`, with all that stands on it."""

from __future__ import annotations

from datetime import datetime

import windowservice as ws


class visit(ws.Facts, rows=ws.Given("visits"), happens="begun_at", dated_by="begun_at"):
    """A visit of our people to a bank."""

    id = ws.key("Number of the visit")
    bank = ws.code("The bank visited", required=True)
    begun_at = ws.fact(datetime, "When it began", required=True)
    ended_at = ws.fact(datetime, "When it ended", after=begun_at)
    reported_at = ws.fact(datetime, "When its report was written", after=ended_at)
    people = ws.fact(int, "How many went", unit="people")


PACK = """
schema_version = 1
name = "visits"
version = "1"
[basis.ours]
text = "Our branch, notice no. 3 of 2019"
mark = "article"
[[rules]]
name = "two_go"
title = { en = "Nobody visits a bank alone", zh = "走访须两人" }
require = "visit.people >= 2"
basis = "ours"
"""
INDICATORS = """
schema_version = 1
[basis.ours]
text = "Our branch, notice no. 3 of 2019"
mark = "article"
[[indicators]]
indicator = "V1"
of = "visit"
on = "visit.begun_at"
numerator = "visit.reported_at.happened()"
denominator = "1"
numerator_is = "kept"
basis = "ours"
"""
LADDER = """
schema_version = 1
id = "visits"
version = "1"
[basis.ours]
text = "Our branch, notice no. 3 of 2019"
mark = "article"
[[rows]]
id = "V1"
title = { en = "A visit without a report", zh = "走访无报告" }
when = "visit.ended_at.happened() and not visit.reported_at.happened()"
action = "urge"
basis = "ours"
"""
CARD = """
schema_version = 1
id = "visits"
version = "1"
zh = "走访"
en = "Visits"
total_points = "100"
min_coverage = "0.5"
basis = "ours"
[sources.ours]
text = "Our branch, notice no. 3 of 2019"
mark = "article"
[severities]
minor_below = "0.8"
major_below = "0.5"
basis = "ours"
[[bands]]
grade = "A"
min = "60"
[[bands]]
grade = "B"
min = "0"
[[categories]]
id = "V"
zh = "走访"
en = "Visits"
points = "100"
basis = "ours"
[[indicators]]
id = "V1"
category = "V"
zh = "走访有报告"
en = "Visits with a report"
numerator = "visits with a report"
denominator = "visits"
unit = "ratio"
direction = "higher"
form = { kind = "linear", floor = "0", target = "1" }
points = "100"
frequency = "month"
key_frequency = "month"
zero_denominator = "not_applicable"
min_sample = 1
basis = "ours"
"""


@ws.hookimpl
def windowservice_record_types() -> object:
    """Return what the plugin brings."""
    return [visit]


@ws.hookimpl
def windowservice_packs() -> object:
    """Return what the plugin brings."""
    return [ws.read_pack(PACK, [visit])]


@ws.hookimpl
def windowservice_scorecard() -> object:
    """Return what the plugin brings."""
    return ws.Scorecard.read(CARD)


@ws.hookimpl
def windowservice_indicators() -> object:
    """Return what the plugin brings."""
    return ws.scoring.Indicator.read(INDICATORS, [visit])


@ws.hookimpl
def windowservice_ladder() -> object:
    """Return what the plugin brings."""
    return ws.Ladder.read(LADDER, [visit], beside=ws.Ladder.default())


@ws.hookimpl
def windowservice_event_kinds() -> object:
    """Return what the plugin brings."""
    return ["sealed"]
