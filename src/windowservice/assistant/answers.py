"""What the tools answer: each model is the schema that an assistant is told."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

__all__ = [
    "CalendarFound", "Calendars", "Checked", "Day", "Derived", "Explained", "FactFound", "Facts", "FindingFound",
    "RuleFound", "Rules", "Span", "TypeFound",
]  # fmt: skip


class Span(BaseModel):
    """A stop of the clock."""

    begin: str
    end: str
    reason: str


class Day(BaseModel):
    """One day on the way to a due."""

    day: str
    weekday: str
    open: list[str] = Field(description="Open hours of the day, as 08:30-11:30; empty if it is closed.")
    why: str = Field(description="Why it differs from the weekly hours, such as the name of the holiday; else empty.")
    layer: str = Field(description="Which layer of the calendar says so; empty for the weekly hours.")
    source: str
    known: bool = Field(description="False: the hours are assumed, not announced.")
    counted: str = Field(description="What the day used of the limit, in its own unit.")
    used: str = Field(description="What was used of the limit by the end of the day, or by the due.")
    stops: list[Span] = Field(description="When the clock stood still on this day.")
    restarted: bool


class Derived(BaseModel):
    """A deadline and how it came about."""

    limit: str
    calendar: str
    calendar_version: str
    zone: str
    start: str
    due: str
    last_day: str
    at_risk: str | None
    state: str
    unit: str = Field(description="What the limit counts: days, open time or real time.")
    worked: str
    remaining: str
    late_by_seconds: float
    provisional: bool = Field(description="True: the due rests on days that are not announced yet.")
    earliest_due: str
    latest_due: str
    remarks: list[str] = Field(description="What was given and did not act, and why.")
    days: list[Day]
    days_left_out: int = Field(description="Days after those listed, up to the due; 0 if all are listed.")


class FindingFound(BaseModel):
    """One rule's verdict on a record."""

    key: str
    rule: str
    verdict: str
    severity: str
    title: str
    summary: str


class Checked(BaseModel):
    """What the rules say of a record."""

    as_of: str
    engine: str = Field(description="A hash of all that decides a verdict.")
    counts: dict[str, int]
    findings: list[FindingFound] = Field(description="Rules that apply: failures first, the gravest first.")
    left_out: int


class Explained(BaseModel):
    """A finding with all that it rests on."""

    text: str = Field(description="The whole case as text.")
    finding: dict[str, Any] = Field(description="The same as values: read, figures with their basis, clocks, missing.")


class RuleFound(BaseModel):
    """One rule."""

    name: str
    title: dict[str, str]
    severity: str
    requires: str
    when: str | None
    basis: str | None
    mark: str | None = Field(description="How far the source was verified; 'assumption' is a default to be replaced.")
    figures: list[dict[str, Any]]


class Rules(BaseModel):
    """Rules, the best match first."""

    rules: list[RuleFound]
    left_out: int


class FactFound(BaseModel):
    """What may be said of a record."""

    name: str
    title: str
    type: str
    unit: str | None
    required: bool
    words: list[str] = Field(description="The only words it may hold; empty: any.")
    derived_from: str | None = Field(description="The expression that it is computed by; null if the record states it.")


class TypeFound(BaseModel):
    """A record type."""

    name: str
    title: str
    children: str | None
    judged: bool = Field(description="Whether rules speak of it, so that `check` takes it.")
    facts: list[FactFound] = Field(description="Its facts; empty unless its name was asked for.")


class Facts(BaseModel):
    """Record types."""

    types: list[TypeFound]
    left_out: int


class CalendarFound(BaseModel):
    """A calendar."""

    name: str
    zone: str
    known_from: str | None
    known_until: str | None
    version: str


class Calendars(BaseModel):
    """The calendars by name."""

    calendars: list[CalendarFound]
    default: str | None
