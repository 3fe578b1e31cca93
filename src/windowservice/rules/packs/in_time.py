"""Time-limited completion (限时办结制): by statute, and without lateness in disguise (row-W3).

Statute and commitment are two limits with two clocks and two verdicts; the commitment's stands in the pack
``commitment``. What a local rule counts as late though the date looks kept is judged here: refusing without a reason,
an extension asked for after the limit, a result that is finished but not handed over, a stop that was never told in
writing.
"""

from __future__ import annotations

from windowservice.facts.requests import service_figures as figures_of_service
from windowservice.facts.requests.request import request as r
from windowservice.language.tree.rule import Pack, Rule
from windowservice.rules.packs.sources import ACCOUNT, LICENSING_LAW, LOCAL_RULE, OWN, POLICIES, figures_beside

__all__ = ["pack"]


def pack() -> Pack:
    """Return the pack, with the figures of ``in_time.toml``."""
    figures = figures_beside("in_time")
    policy = POLICIES["in_time"]
    rules = [
        Rule(
            "statute_kept",
            title={"en": "The matter is finished within the limit that law sets", "zh": "在法定时限内办结"},
            basis=LICENSING_LAW.article(42),
            # the due without stops is the earliest there can be: done by then is in time even if no stops are recorded
            require=r.finished_at.by(r.statute_due) | r.finished_at.by(r.lawful_due),
            when=r.statute_runs,
            severity="severe",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "refused_with_reason",
            title={"en": "Acceptance is not refused without a reason", "zh": "不予受理须说明理由"},
            basis=LOCAL_RULE,
            require=r.refusals_without_reason == 0,
            when=r.refused_at.happened(),
            severity="major",
            settled_by=(),
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "extended_before_expiry",
            title={
                "en": "An extension is asked for and approved before the limit ends",
                "zh": "延期须在时限届满前申请并获批准",
            },
            basis=LICENSING_LAW.article(42),
            require=~r.clock_notes.contains("extension_after_due") & ~r.clock_notes.contains("extension_asked_late"),
            when=r.extensions > 0,
            severity="major",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "extended_once",
            title={"en": "A limit is lengthened once at most", "zh": "时限只能延长一次"},
            basis=LICENSING_LAW.article(42),
            require=r.extensions <= figures["most_extensions"],
            when=r.extensions > 0,
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "extended_in_its_unit",
            title={
                "en": "An extension is stated in the unit of the limit that it lengthens",
                "zh": "延期须以原时限的单位计",
            },
            basis=OWN,
            require=~r.clock_notes.contains("extension_other_unit"),
            when=r.extensions > 0,
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "delivered_in_time",
            title={
                "en": "The result is handed over within its limit after the decision",
                "zh": "决定作出后在时限内送达",
            },
            basis=LICENSING_LAW.article(44),
            # what is closed without having been handed over is judged by its close: `closed_when_settled` says that
            require=r.delivered_at.otherwise(r.closed_at).by(r.delivery_due),
            when=figures_of_service.delivery[r.service].is_known() & r.decided_at.happened() & ~r.not_fetched,
            severity="major",
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "stop_in_writing",
            title={"en": "Time that does not count by law is told in writing", "zh": "不计入时限的期间须书面告知"},
            basis=LICENSING_LAW.article(45),
            require=r.unwritten_stops == 0,
            when=r.stops > 0,
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "stopped_for_listed_reason",
            title={
                "en": "Only what law or the service names stops the clock",
                "zh": "不计入时限的事由须为法定或者本业务列明",
            },
            basis=LICENSING_LAW.article(45),
            require=r.unlisted_stops == 0,
            when=r.stops > 0,
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "closed_when_settled",
            title={
                "en": "A matter is closed once it is decided, and its result handed over where that has a limit",
                "zh": "有结果并依规送达之后方可结案",
            },
            basis=OWN,
            require=r.settled_before_close & (~r.must_be_delivered | r.delivered_at.by(r.closed_at)),
            when=r.closed_at.happened(),
            policy=policy,
            principle="lawful",
        ),
        Rule(
            "accepted_before_decided",
            title={"en": "A matter is accepted before it is decided", "zh": "先受理后决定"},
            basis=OWN,
            require=r.accepted_at.by(r.decided_at),
            when=r.decided_at.happened(),
            severity="note",
            policy=policy,
            principle="lawful",
        ),
    ]
    return Pack(
        "in_time",
        version="2026.1",
        rules=rules,
        title={"en": "Time-limited completion", "zh": "限时办结制"},
        basis=ACCOUNT,
    )
