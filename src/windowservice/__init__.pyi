"""Service-compliance rules: was it handled as promised, by whom, in time, and if not, by how much, on what evidence?

The names of the library, listed once: `__init__.py` reads this file, and so does a type checker.
"""

from windowservice import cases as cases
from windowservice import escalation as escalation
from windowservice import scoring as scoring
from windowservice import testing as testing
from windowservice.domain.basis import Basis as Basis
from windowservice.domain.catalogue.catalogue import Catalogue as Catalogue
from windowservice.domain.catalogue.service import Service as Service
from windowservice.domain.parties import Bank as Bank
from windowservice.domain.parties import Clerk as Clerk
from windowservice.domain.requests.event import Event as Event
from windowservice.domain.requests.kinds import EventKind as EventKind
from windowservice.domain.requests.request import Request as Request
from windowservice.domain.scorecard.readings_period import ReportingPeriod as ReportingPeriod
from windowservice.domain.scorecard.scorecard import Scorecard as Scorecard
from windowservice.engine.engine import Engine as Engine
from windowservice.engine.report.finding import Finding as Finding
from windowservice.engine.report.report import Report as Report
from windowservice.engine.verdicts import Verdict as Verdict
from windowservice.engine.waivers.waivers import Waiver as Waiver
from windowservice.errors import WindowserviceError as WindowserviceError
from windowservice.errors import WindowserviceWarning as WindowserviceWarning
from windowservice.language import patterns as patterns
from windowservice.language.clocks.clock import clock as clock
from windowservice.language.clocks.clock import extensions as extensions
from windowservice.language.clocks.clock import intervals as intervals
from windowservice.language.relations.lookup import Counted as Counted
from windowservice.language.relations.lookup import Lookup as Lookup
from windowservice.language.relations.periods import begin_of as begin_of
from windowservice.language.relations.periods import period as period
from windowservice.language.relations.quantiles import quantile as quantile
from windowservice.language.relations.rows import Grouped as Grouped
from windowservice.language.relations.rows import Part as Part
from windowservice.language.relations.rows import United as United
from windowservice.language.tree.amendments import Adjust as Adjust
from windowservice.language.tree.amendments import Replace as Replace
from windowservice.language.tree.amendments import Withdraw as Withdraw
from windowservice.language.tree.expr import Expr as Expr
from windowservice.language.tree.expressions import Function as Function
from windowservice.language.tree.expressions import as_of as as_of
from windowservice.language.tree.expressions import choose as choose
from windowservice.language.tree.expressions import due as due
from windowservice.language.tree.expressions import here as here
from windowservice.language.tree.expressions import workdays as workdays
from windowservice.language.tree.expressions import worked as worked
from windowservice.language.tree.fact import Fact as Fact
from windowservice.language.tree.fact import code as code
from windowservice.language.tree.fact import fact as fact
from windowservice.language.tree.fact import key as key
from windowservice.language.tree.facts import Facts as Facts
from windowservice.language.tree.facts import Given as Given
from windowservice.language.tree.facts import Made as Made
from windowservice.language.tree.figures import Figure as Figure
from windowservice.language.tree.rule import Pack as Pack
from windowservice.language.tree.rule import Rule as Rule
from windowservice.language.tree.values import ValueType as ValueType
from windowservice.ledger.ledger import Ledger as Ledger
from windowservice.plugins.hooks import hookimpl as hookimpl
from windowservice.plugins.maker import Maker as Maker
from windowservice.plugins.toml.pack import DataPack as DataPack
from windowservice.rules.escalation.ladder import Ladder as Ladder
from windowservice.rules.pack_file import read_pack as read_pack
from windowservice.worktime.calendar import WorkCalendar as WorkCalendar
from windowservice.worktime.clock.deadline import Deadline as Deadline
from windowservice.worktime.clock.stops import Notice as Notice
from windowservice.worktime.clock.stops import Stop as Stop
from windowservice.worktime.layers import Layer as Layer
from windowservice.worktime.limits.limit import Extension as Extension
from windowservice.worktime.limits.limit import Limit as Limit
from windowservice.worktime.spans import WorkSpan as WorkSpan
from windowservice.worktime.spans import work as work

__version__: str
