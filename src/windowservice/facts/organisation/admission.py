"""What may be said of an institution's admission, and of its stages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from windowservice.language.tree.expressions import Expr
from windowservice.language.tree.fact import code, fact, key
from windowservice.language.tree.facts import Facts, Given, Made

__all__ = ["STAGES", "admission", "admission_stage"]

STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "application": ("申请",), "review": (), "training": ("培训",), "test": ("测试",), "connection": (),
    "trial": ("试运行",), "approval": (), "opening": ("开通",),
}  # fmt: skip
"""The stages of an admission, in their order."""


class admission_stage(  # noqa: N801 - vocabularies are written in lower case, as they stand in rules
    Facts,
    rows=Given("admission_stages"),
    happens="began_at",
    dated_by="began_at",
    kind="stage",
):
    """One stage of one institution's admission to the payment systems."""

    id = key("Number of the stage, unique in the ledger")
    application = code("Number of the application", required=True)
    bank = code("Id of the institution that wants to join", required=True)
    sponsor = code("Id of the direct participant through which it joins")
    stage = fact(str, "Which stage it is", required=True, words=STAGES)
    began_at = fact(datetime, "When it began", required=True)
    ended_at = fact(datetime, "When it ended", after=began_at)
    passed = fact(bool, "Whether it was passed", known_at="ended_at")
    conditions = fact(frozenset[str], "Conditions that were set")
    met = fact(frozenset[str], "Those of them that are met")

    unmet = fact(conditions.minus(met), "The conditions that are not met")


def _began(stage: str) -> Expr[datetime]:
    return admission_stage.began_at.first(where=admission_stage.stage == stage)


def _passed(stage: str) -> Expr[datetime]:
    return admission_stage.ended_at.last(where=(admission_stage.stage == stage) & admission_stage.passed)


class admission(  # noqa: N801
    Facts,
    children=admission_stage,
    rows=Made("admissions"),
    under="stages",
    dated_by="applied_at",
):
    """An institution's admission, with its stages in order."""

    id = fact(str, "The number of the application", required=True)
    bank = fact(str, "The institution that wants to join", required=True)
    sponsor = fact(str, "The direct participant through which it joins")
    restrictions = fact(
        int, "How many restrictions of new admissions were in force, on it or its sponsor, while it went on or opened"
    )

    applied_at = fact(admission_stage.began_at.min(), "When the first stage began")
    test_passed_at = fact(_passed("test"), "When the test before admission was passed")
    trial_began_at = fact(_began("trial"), "When the trial began")
    trial_passed_at = fact(_passed("trial"), "When the trial was passed")
    approved_at = fact(_passed("approval"), "When the admission was approved")
    opened_at = fact(_began("opening"), "When it was opened")
    rejected_stages = fact(admission_stage.id.count(where=~admission_stage.passed), "How many stages were not passed")
    early_stages = fact(
        admission_stage.id.count(
            where=admission_stage.began_at.previous().is_known()
            & (
                admission_stage.ended_at.previous().is_missing()
                | (admission_stage.began_at < admission_stage.ended_at.previous())
            )
        ),
        "How many stages began before the one before them had ended",
    )
    unmet = fact(
        admission_stage.unmet.union(where=admission_stage.conditions.is_known()), "The conditions that are not met"
    )
