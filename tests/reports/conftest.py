"""Reports to be written: an audit of requests at one window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.engines import built_in

import windowservice as ws
from windowservice.engine.report.report import Report

AS_OF = "2018-05-15T09:00+08:00"


@pytest.fixture(scope="session")
def engine() -> ws.Engine:
    """An engine with the built-in packs alone."""
    return built_in()


def matter(id: str, *events: tuple[str, str], service: str = "S10", bank: str = "B1", by: str = "wang") -> ws.Request:
    """Return a request with events of day and time in May 2018, Shanghai."""
    return ws.Request(
        id, bank, service, events=[ws.Event(f"2018-05-{at}+08:00", kind, by=by) for at, kind in events]
    )  # fmt: skip


@pytest.fixture(scope="session")
def make() -> Callable[..., ws.Request]:
    """A function that makes a request of events given as ``("03T09:00", "submitted")``."""
    return matter


@pytest.fixture(scope="session")
def report(engine: ws.Engine) -> Report:
    """An audit as of 15 May 2018, 09:00: one kept, one late, one overdue, one at risk, one running, one withdrawn."""
    begun = (("03T09:00", "submitted"), ("03T09:10", "accepted"))
    later = (("08T09:00", "submitted"), ("08T09:10", "accepted"))
    return engine.audit(
        [
            matter("kept", *begun, ("07T09:00", "checked"), ("07T10:00", "decided")),
            matter("late", *begun, ("14T09:00", "checked"), ("14T10:00", "decided"), bank="B2"),
            matter("overdue", *begun, by="zhao"),
            matter("at-risk", *later, ("14T09:00", "handed_over")),
            matter("running", ("14T09:00", "submitted"), ("14T09:10", "accepted")),
            matter("withdrawn", *begun, ("04T09:00", "withdrawn")),
        ],
        as_of=AS_OF,
    )
