"""Rules of the Dalian branch (an example; the notice and its figure are made up)."""

from __future__ import annotations

import windowservice as ws
from windowservice.facts import event as e
from windowservice.facts import request as r

notice = ws.Basis("Dalian branch, notice no. 12 of 2018", issued="2018-06-01", mark="assumption")
large_cash = ws.Figure("large_cash", int, {"2018-07-01": 500_000}, unit="yuan", basis=notice.article(3))


class dalian(ws.Facts, of=r):
    """What this branch says of a request beside the library's own facts."""

    booked_at = ws.fact(e.at.first(where=e.kind == "booked"), "When the withdrawal was booked")


pack = ws.Pack(
    "dalian",
    version="2018.6",
    title={"en": "Dalian branch", "zh": "大连分行"},
    basis=notice,
    rules=[
        ws.Rule(
            "large_cash_booked",
            title={
                "en": "A large cash withdrawal is booked before the day it is served",
                "zh": "大额取现须提前一日预约",
            },
            basis=notice.article(3),
            when=(r.service == "S08") & (r.amount >= large_cash),
            require=dalian.booked_at.date() < r.accepted_at.date(),
            severity="major",
        ),
    ],
)


@ws.hookimpl
def windowservice_packs() -> list[ws.Pack]:
    """Offer the pack to every engine."""
    return [pack]
