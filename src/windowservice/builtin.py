"""What the library offers itself, through the same hooks as everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import attrs

from windowservice.domain.words import DEED_TABLES
from windowservice.engine.loading.ready import library
from windowservice.language.tree.facts import Facts
from windowservice.language.tree.rule import Pack
from windowservice.plugins.hooks import hookimpl
from windowservice.plugins.maker import EVERY, Maker, Pairs

if TYPE_CHECKING:
    from windowservice.domain.catalogue.catalogue import Catalogue
    from windowservice.domain.duties.duty import Duty
    from windowservice.domain.scorecard.scorecard import Scorecard
    from windowservice.rules.escalation.ladder import Ladder
    from windowservice.rules.indicators import Indicator

__all__ = [
    "RECORDS", "windowservice_catalogue", "windowservice_duties", "windowservice_functions",
    "windowservice_indicators", "windowservice_ladder", "windowservice_makers", "windowservice_packs",
    "windowservice_scorecard",
]  # fmt: skip


@hookimpl
def windowservice_packs() -> Iterable[Pack]:
    """Return the packs of the policies, which judge requests."""
    if (known := library()) is not None:
        return known.packs

    from windowservice.rules.packs import at_once, commitment, first_contact, in_time, standard, told_once

    return [module.pack() for module in (first_contact, told_once, in_time, commitment, standard, at_once)]


class _Records:
    """What concerns the records of further tables, which who judges a request in hand never needs."""

    @hookimpl
    def windowservice_packs(self) -> Iterable[Pack]:
        """Return the packs on the further tables of a ledger."""
        from windowservice.rules.packs.record_packs import record_packs

        return record_packs()

    @hookimpl
    def windowservice_record_types(self) -> Iterable[type[Facts]]:
        """Return the record types of requests and their events, and of the records of further tables."""
        from windowservice.facts.records import MADE_VOCABULARIES, RECORD_VOCABULARIES
        from windowservice.facts.requests.event import event
        from windowservice.facts.requests.request import request

        return [request, event, *RECORD_VOCABULARIES, *MADE_VOCABULARIES]


RECORDS: Final = _Records()


@attrs.frozen
class _Function:
    """A function by its module and name, loaded when it is first called: few engines ask for what is made."""

    module: str
    name: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return attrgetter(self.name)(import_module(f"windowservice.{self.module}"))(*args, **kwargs)


class _Related(_Function):
    """Makes the records of a record type that declares by expressions how they are made; the type is loaded then."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from windowservice.engine.relations.grouped import relation_makers

        of = attrgetter(self.name)(import_module(f"windowservice.{self.module}"))
        return relation_makers([of])[of.options.table].make(*args, **kwargs)


_BANK: Final[Pairs] = {"bank": "bank"}
_LADDER: Final[Mapping[str, Pairs]] = {
    "banks": {"id": "bank"},
    **dict.fromkeys(("occurrences", "positions", "incidents", "filings", "actions", "admission_stages"), _BANK),
}
_DEED: Final[Pairs] = {"duties": "duty", "bank": "bank", "clerk": "clerk", "post": "post"}
_TRAINED: Final = ("training_needs", "accounting_errors", "voucher_counts", "banks")
_MADE: Final[Mapping[str, Mapping[str, Mapping[str, Pairs] | Iterable[str]]]] = {
    "engine.made.duty_turns": {
        "turns": {
            **dict.fromkeys(DEED_TABLES, _DEED), "duties": {"id": "duty"}, "rule_notices": {}, "banks": {"id": "bank"},
            "staff": {"id": "clerk"}, "posts": {"id": "post"},
        },
    },
    "engine.made.window_periods": {
        "checklist_scores": ("observations",),
        "posted": {"postings": {}, "documents": {}, "services": {"id": "service"}},
        "posting_cover": {"postings": {"service": "service"}, "documents": {}},
        "bank_clerks": {"requests": _BANK, "events": {}},
    },
    "engine.made.posted_texts": {"posted_texts": ("postings", "documents")},
    "engine.made.qualifications": {
        "qualifications": {"staff": {"id": "clerk"}, "requests": {"service": "service"}, "events": {"by": "clerk"}},
    },
    "engine.made.own_training": {
        "acts": {
            "kind_trainings": {"service": "service"}, "own_trainings": {"clerk": "clerk"}, "staff": {"id": "clerk"},
            "events": {"request": "request"},
        },
    },
    "engine.made.training_records": {"needs_shown": (*_TRAINED, "rule_notices")},
    "engine.made.training_effects": {"training_effects": (*_TRAINED, "requests", "exchange_items", "messages")},
    "engine.made.organisation": {
        "businesses": {"assignments": {"service": "id"}, "staff": {}, "services": {"id": "id"}},
        "openings": ("roster",),
        "roll_outs": ("front_ends", "banks"),
        "admissions": {"admission_stages": {"application": "id"}, "actions": {}},
    },
    "cases.records": {
        "matter_paths": {"requests": {"id": "request"}, "events": {"request": "request"}},
        "clerk_periods": ("requests", "events", "staff"),
    },
    "escalation.made": {"action_calls": _LADDER, "bank_periods": _LADDER, "bank_readings": (EVERY,)},
}  # fmt: skip
"""By the module whose ``make_...`` makes them: what records made of a whole ledger are called, and what they need."""


@hookimpl
def windowservice_makers() -> Iterable[Maker]:
    """Return what makes records of a whole ledger."""
    satisfaction = _Related("facts.supervision.window_period", "satisfaction")
    return [
        Maker("satisfaction", needs=("ratings",), make=satisfaction),
        *(
            Maker(makes, needs=needs, make=_Function(module, f"make_{makes}"))
            for module, made in _MADE.items() for makes, needs in made.items()
        ),
    ]  # fmt: skip


@hookimpl
def windowservice_functions() -> Mapping[str, Callable[..., Any]]:
    """Return what observes, scores and proposes for the banks of a ledger, and what writes a report as a page."""
    return {
        "observe": _Function("scoring.observing.counting", "observe"),
        "score": _Function("scoring.ledger", "score_ledger"),
        "propose": _Function("escalation.scored", "propose_ledger"),
        "page": _Function("faces.page", "report_page"),
        "workbook": _Function("faces.workbook", "write_workbook"),
    }


@hookimpl
def windowservice_catalogue() -> Callable[[], Catalogue]:
    """Return what gives the service catalogue."""
    return _catalogue


def _catalogue() -> Catalogue:
    from windowservice.domain.catalogue.catalogue import Catalogue

    return Catalogue.default() if (known := library()) is None else known.catalogue


@hookimpl
def windowservice_scorecard() -> Callable[[], Scorecard]:
    """Return what gives the scorecard."""
    return _Function("domain.scorecard.scorecard", "Scorecard.default")


@hookimpl
def windowservice_indicators() -> Callable[[], Iterable[Indicator]]:
    """Return what gives the indicators that a ledger's tables can tell."""
    return _Function("rules.indicators", "Indicator.default")


@hookimpl
def windowservice_ladder() -> Callable[[], Ladder]:
    """Return what gives the escalation ladder."""
    return _Function("rules.escalation.ladder", "Ladder.default")


@hookimpl
def windowservice_duties() -> Callable[[], Iterable[Duty]]:
    """Return what gives the duties that come again."""
    return _Function("domain.duties.duties", "Duties.built_in")
