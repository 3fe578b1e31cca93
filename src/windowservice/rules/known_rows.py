"""Rows of a ledger that only the documents beside it can tell are wrong: those are rejected, and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from windowservice.domain.scorecard.scorecard import Scorecard
from windowservice.domain.unread import Unread
from windowservice.errors import UnknownName
from windowservice.rules.escalation.ladder import Ladder
from windowservice.rules.given_readings import GIVEN, GivenRows

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.ledger.ledger import Ledger

__all__ = ["ladder_of", "scorecard_of", "with_known_actions", "with_known_rows"]


def ladder_of(engine: Engine, ledger: Ledger) -> Ladder:
    """Return the ladder that the ledger's ``ledger.toml`` names, or else the engine's.

    Raises:
        InvalidDocument: if the file is not a ladder; all problems at once.
    """
    return engine.standards.ladder if ledger.ladder is None else Ladder.read(ledger.ladder, engine.record_types)


def scorecard_of(engine: Engine, ledger: Ledger) -> Scorecard:
    """Return the scorecard that the ledger's ``ledger.toml`` names, or else the engine's.

    Raises:
        InvalidDocument: if the file is not a scorecard; all problems at once.
    """
    return engine.standards.scorecard if ledger.scorecard is None else Scorecard.read(ledger.scorecard)


def with_known_actions(engine: Engine, ledger: Ledger, ladder: Ladder | None = None) -> Ledger:
    """Return a ledger without the rows of actions that are not on its ladder: those are rejected, and listed.

    Args:
        engine: whose ladder it is, if the ledger names none.
        ledger: the ledger.
        ladder: the ladder, if not the one that goes with the ledger.
    """
    rows = ledger.records.get("actions", ())
    if not rows:
        return ledger
    ladder = ladder or ladder_of(engine, ledger)
    wrong = [row for row in rows if row["action"] not in ladder.actions]
    if not wrong:
        return ledger
    lost = []
    for row in wrong:
        reason = f"column 'action': {UnknownName('action', row['action'], tuple(ladder.actions))}"
        said = {name: value for name, value in row.items() if name != "action"}
        lost.append((row.place or ("actions", 0), reason, said))
    unread = [Unread("actions", *place, reason, "", None, said) for place, reason, said in lost]
    return attrs.evolve(
        ledger,
        records={**ledger.records, "actions": tuple(row for row in rows if row["action"] in ladder.actions)},
        unread=(*ledger.unread, *unread),
        report=ledger.report.with_rejected((place, reason) for place, reason, _ in lost),
    )


def with_known_rows(engine: Engine, ledger: Ledger) -> Ledger:
    """Return a ledger whose report lists also the rows that name no indicator, or no action of its ladder.

    The readings themselves stay: whoever scores them refuses them with the same words.
    """
    ledger = with_known_actions(engine, ledger)
    rows = ledger.records.get(GIVEN, ())
    if not rows:
        return ledger
    readings = GivenRows.of(ledger, scorecard_of(engine, ledger)).readings
    places = {row.where: row.place for row in rows if row.place is not None}
    lost = [(places[row.place], str(row.problem)) for row in readings.refused if row.place in places]
    return attrs.evolve(ledger, report=ledger.report.with_rejected(lost))
