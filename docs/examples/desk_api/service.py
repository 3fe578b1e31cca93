"""A service that judges tickets: pydantic records in, verdicts as JSON out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

import helpdesk
from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

import windowservice as ws

engine = helpdesk.engine()
app = FastAPI(title="Service levels")


class Status(BaseModel):
    """A change of status, as the client sends it."""

    at: AwareDatetime
    to: Literal["open", "waiting", "resolved"]
    why: str | None = None


class Ticket(BaseModel):
    """A ticket, as the client sends it: its attributes are what the record type `helpdesk.ticket` reads."""

    id: str
    customer: str
    priority: Literal["P1", "P2"]
    opened_at: AwareDatetime
    statuses: list[Status] = Field(default=[], max_length=1000)


class Pause(BaseModel):
    """A time in which the clock stood still; one that nobody has ended lasts until the instant of the question."""

    begin: datetime
    end: datetime
    reason: str | None


class Judged(BaseModel):
    """What a rule says of a ticket."""

    rule: str
    verdict: ws.Verdict
    summary: str
    due: datetime | None = None
    state: str | None = None
    pauses: list[Pause] = []


def judged(finding: ws.Finding) -> Judged:
    """Return a finding as the client gets it."""
    said = finding.to_dict()
    clock = next(iter(finding.clocks.values()), None)
    whole = Judged(rule=finding.rule, verdict=finding.verdict, summary=said["summary"])
    if clock is None:
        return whole
    pauses = [Pause(begin=stop.begin, end=stop.end, reason=stop.reason) for stop in clock.stops]
    return whole.model_copy(update={"due": clock.due, "state": clock.state, "pauses": pauses})


def now() -> datetime:
    """Return the time; the library never reads a clock, so the app says what time it is, and tests say another."""
    return datetime.now(UTC)


@app.post("/tickets/check")
def check(
    ticket: Ticket, now: Annotated[datetime, Depends(now)], as_of: Annotated[AwareDatetime | None, Query()] = None
) -> list[Judged]:
    """Judge one ticket by all rules, as things stood at an instant."""
    return [judged(finding) for finding in engine.check(ticket, as_of=as_of or now, of=helpdesk.ticket)]


@app.exception_handler(ws.WindowserviceError)
def refused(_: Request, error: Exception) -> JSONResponse:
    """Answer with what the library says is wrong with the record: it names the fact and what to write."""
    return JSONResponse({"error": type(error).__name__, "detail": str(error)}, status_code=422)
