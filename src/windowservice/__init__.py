"""Service-compliance rules: was it handled as promised, by whom, in time, and if not, by how much, on what evidence?

The names below are all there is to import; each is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from windowservice.domain.basis import Basis as Basis
    from windowservice.domain.catalogue import Catalogue as Catalogue
    from windowservice.domain.events import Event as Event
    from windowservice.domain.parties import Bank as Bank
    from windowservice.domain.parties import Banks as Banks
    from windowservice.domain.parties import Clerk as Clerk
    from windowservice.domain.parties import Roster as Roster
    from windowservice.domain.readings import CompletePeriod as CompletePeriod
    from windowservice.domain.readings import Reading as Reading
    from windowservice.domain.readings import Readings as Readings
    from windowservice.domain.readings_period import ReportingPeriod as ReportingPeriod
    from windowservice.domain.request_json import request_schema as request_schema
    from windowservice.domain.requests import Request as Request
    from windowservice.domain.scorecard import Scorecard as Scorecard
    from windowservice.domain.scorecard import Scorecards as Scorecards
    from windowservice.domain.services import Service as Service
    from windowservice.engine.changes import changes as changes
    from windowservice.engine.engine import Engine as Engine
    from windowservice.engine.finding import Finding as Finding
    from windowservice.engine.handling import handling_of as handling_of
    from windowservice.engine.holders import time_by_holder as time_by_holder
    from windowservice.engine.kind_cover import kind_cover as kind_cover
    from windowservice.engine.measure_calls import ledger_proposals as ledger_proposals
    from windowservice.engine.measures import propose as propose
    from windowservice.engine.measures_scored import scored_proposals as scored_proposals
    from windowservice.engine.measuring import Measured as Measured
    from windowservice.engine.measuring import measure as measure
    from windowservice.engine.performance import performance as performance
    from windowservice.engine.performance import verdicts_by as verdicts_by
    from windowservice.engine.report import Report as Report
    from windowservice.engine.scoring import score as score
    from windowservice.engine.scoring_average import average_scores as average_scores
    from windowservice.engine.scoring_columns import score_columns as score_columns
    from windowservice.engine.scoring_ledger import LedgerScore as LedgerScore
    from windowservice.engine.scoring_ledger import average_ledger as average_ledger
    from windowservice.engine.scoring_ledger import score_banks as score_banks
    from windowservice.engine.scoring_ledger import score_ledger as score_ledger
    from windowservice.engine.scoring_ledger import worst_first as worst_first
    from windowservice.engine.scoring_peers import compare_scores as compare_scores
    from windowservice.engine.scoring_values import BankScore as BankScore
    from windowservice.engine.tallying import tally as tally
    from windowservice.engine.tallying import tally_table as tally_table
    from windowservice.engine.verdicts import Verdict as Verdict
    from windowservice.engine.waiting import handovers as handovers
    from windowservice.engine.waiting import waits_by_cause as waits_by_cause
    from windowservice.engine.weekly_list import weekly_list as weekly_list
    from windowservice.errors import WindowserviceError as WindowserviceError
    from windowservice.errors import WindowserviceWarning as WindowserviceWarning
    from windowservice.language.amendments import Adjust as Adjust
    from windowservice.language.amendments import Replace as Replace
    from windowservice.language.amendments import Withdraw as Withdraw
    from windowservice.language.expr import Expr as Expr
    from windowservice.language.expressions import as_of as as_of
    from windowservice.language.expressions import choose as choose
    from windowservice.language.expressions import collect as collect
    from windowservice.language.expressions import same as same
    from windowservice.language.facts import Fact as Fact
    from windowservice.language.facts import Facts as Facts
    from windowservice.language.facts import Options as Options
    from windowservice.language.facts import fact as fact
    from windowservice.language.figures import Figure as Figure
    from windowservice.language.kernels import KernelDef as KernelDef
    from windowservice.language.kernels import due as due
    from windowservice.language.kernels import workdays as workdays
    from windowservice.language.kernels import worked as worked
    from windowservice.language.rule import Pack as Pack
    from windowservice.language.rule import Rule as Rule
    from windowservice.language.values import ValueType as ValueType
    from windowservice.ledger.ledger import Ledger as Ledger
    from windowservice.plugins.hooks import hookimpl as hookimpl
    from windowservice.rules.ladder import Ladder as Ladder
    from windowservice.rules.ladder import read_ladder as read_ladder
    from windowservice.rules.ladder_check import check_ladder as check_ladder
    from windowservice.rules.measurements import Measurement as Measurement
    from windowservice.rules.measurements import default_measurements as default_measurements
    from windowservice.rules.measurements import read_measurements as read_measurements
    from windowservice.rules.pack_file import read_pack as read_pack
    from windowservice.worktime.calendar import WorkCalendar as WorkCalendar
    from windowservice.worktime.deadline import Deadline as Deadline
    from windowservice.worktime.layers import Layer as Layer
    from windowservice.worktime.limits import Limit as Limit
    from windowservice.worktime.spans import WorkSpan as WorkSpan
    from windowservice.worktime.spans import work as work
    from windowservice.worktime.stops import Extension as Extension
    from windowservice.worktime.stops import Notice as Notice
    from windowservice.worktime.stops import Stop as Stop

_HOMES: Final = {
    "Adjust": "language.amendments",
    "Bank": "domain.parties",
    "BankScore": "engine.scoring_values",
    "Banks": "domain.parties",
    "Basis": "domain.basis",
    "Catalogue": "domain.catalogue",
    "Clerk": "domain.parties",
    "CompletePeriod": "domain.readings",
    "Deadline": "worktime.deadline",
    "Engine": "engine.engine",
    "Event": "domain.events",
    "Expr": "language.expr",
    "Extension": "worktime.stops",
    "Fact": "language.facts",
    "Facts": "language.facts",
    "Figure": "language.figures",
    "Finding": "engine.finding",
    "KernelDef": "language.kernels",
    "Ladder": "rules.ladder",
    "Layer": "worktime.layers",
    "Ledger": "ledger.ledger",
    "LedgerScore": "engine.scoring_ledger",
    "Limit": "worktime.limits",
    "Measured": "engine.measuring",
    "Measurement": "rules.measurements",
    "Notice": "worktime.stops",
    "Options": "language.facts",
    "Pack": "language.rule",
    "Reading": "domain.readings",
    "Readings": "domain.readings",
    "Replace": "language.amendments",
    "Report": "engine.report",
    "ReportingPeriod": "domain.readings_period",
    "Request": "domain.requests",
    "Roster": "domain.parties",
    "Rule": "language.rule",
    "Scorecard": "domain.scorecard",
    "Scorecards": "domain.scorecard",
    "Service": "domain.services",
    "Stop": "worktime.stops",
    "ValueType": "language.values",
    "Verdict": "engine.verdicts",
    "WindowserviceError": "errors",
    "WindowserviceWarning": "errors",
    "Withdraw": "language.amendments",
    "WorkCalendar": "worktime.calendar",
    "WorkSpan": "worktime.spans",
    "as_of": "language.expressions",
    "average_ledger": "engine.scoring_ledger",
    "average_scores": "engine.scoring_average",
    "changes": "engine.changes",
    "check_ladder": "rules.ladder_check",
    "choose": "language.expressions",
    "collect": "language.expressions",
    "compare_scores": "engine.scoring_peers",
    "default_measurements": "rules.measurements",
    "due": "language.kernels",
    "fact": "language.facts",
    "handling_of": "engine.handling",
    "handovers": "engine.waiting",
    "hookimpl": "plugins.hooks",
    "kind_cover": "engine.kind_cover",
    "ledger_proposals": "engine.measure_calls",
    "scored_proposals": "engine.measures_scored",
    "measure": "engine.measuring",
    "performance": "engine.performance",
    "propose": "engine.measures",
    "read_ladder": "rules.ladder",
    "read_measurements": "rules.measurements",
    "read_pack": "rules.pack_file",
    "request_schema": "domain.request_json",
    "same": "language.expressions",
    "score": "engine.scoring",
    "score_banks": "engine.scoring_ledger",
    "score_columns": "engine.scoring_columns",
    "score_ledger": "engine.scoring_ledger",
    "tally": "engine.tallying",
    "tally_table": "engine.tallying",
    "time_by_holder": "engine.holders",
    "verdicts_by": "engine.performance",
    "waits_by_cause": "engine.waiting",
    "weekly_list": "engine.weekly_list",
    "work": "worktime.spans",
    "workdays": "language.kernels",
    "worked": "language.kernels",
    "worst_first": "engine.scoring_ledger",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - one list, checked by a test against the imports above


if TYPE_CHECKING:
    __version__: str
else:  # or a type checker would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("windowservice")
        if name not in _HOMES:
            from windowservice.errors import nearest

            raise AttributeError(f"module 'windowservice' has no attribute {name!r}{nearest(name, _HOMES)}")
        value = getattr(import_module(f"windowservice.{_HOMES[name]}"), name)
        globals()[name] = value  # so that the next use costs nothing
        return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
