"""What rules propose: each record of a ledger that fails one calls for its action, as a row of the ladder does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from windowservice.domain.basis import Basis
from windowservice.domain.parties import Banks
from windowservice.engine.verdicts import Verdict
from windowservice.escalation.rows import Match, Unmatched
from windowservice.instants import utc_datetime
from windowservice.language.tree.expressions import operation
from windowservice.language.tree.facts import dating, party_of
from windowservice.language.tree.kernels import DATE
from windowservice.plugins.shipped import Shipped
from windowservice.rules.escalation.ladder import Ladder, LadderRow

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.ruleset import LoadedRule
    from windowservice.ledger.ledger import Ledger

__all__ = ["called_by_rules"]

_NO_BASIS = Basis("the rule names none", mark="assumption")


def called_by_rules(engine: Engine, ledger: Ledger, us: int, ladder: Ladder) -> tuple[list[Match], list[Unmatched]]:
    """Return what rules that propose an action call for, and which of them cannot be told of a record.

    Args:
        engine: whose rules they are.
        ledger: the records, as they were to be seen.
        us: the instant judged, in microseconds UTC.
        ladder: the actions.

    Raises:
        UnknownName: if a rule proposes an action that is not on the ladder, with the nearest.
    """
    if isinstance(engine.packs, Shipped):  # the library's own packs alone, which propose by the ladder
        return [], []
    rows = {loaded.name: _row(loaded, ladder) for loaded in engine.rules if loaded.rule.proposes}
    if not rows:
        return [], []
    report = engine.only(*rows).audit(ledger, as_of=utc_datetime(us))
    banks = Banks(ledger.banks)
    found = [_said(finding, rows[finding.rule], banks) for finding in report if finding.verdict in _CALLING]
    return [one for one in found if isinstance(one, Match)], [one for one in found if isinstance(one, Unmatched)]


_CALLING = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


def _row(loaded: LoadedRule, ladder: Ladder) -> LadderRow:
    """Return the row of the ladder that a rule stands for: it matches where the rule fails."""
    rule, basis = loaded.rule, loaded.amended or loaded.rule.basis or _NO_BASIS
    action, *also = (ladder.action(name, f"rule {loaded.name}").id for name in rule.proposes)
    when = operation("not", rule.require)
    return LadderRow(
        id=loaded.name, title=rule.title, of=rule.of, when=when if rule.when is None else rule.when & when,
        action=action, also=tuple(also), due=None, calendar="", basis=basis, figures_basis=basis,
    )  # fmt: skip


def _said(finding: Finding, row: LadderRow, banks: Banks) -> Match | Unmatched:
    party = _party(finding, banks)
    if not party or finding.verdict is not Verdict.FAIL:
        missing = finding.missing if party else (_name_of_party(row),)
        return Unmatched(row=row, bank=party, key=finding.key, missing=missing or (finding.error or "",))
    items = frozenset(finding.items) or frozenset({finding.key})
    values = dict(_read(finding))
    return Match(row=row, bank=party, key=finding.key, items=items, new_items=items, values=values)


def _read(finding: Finding) -> Iterator[tuple[str, object]]:
    """Yield the facts that the rule names, and what they were."""
    for read in finding.evidence.inputs:
        if read.depth == 0:
            yield read.fact, read.value


def _name_of_party(row: LadderRow) -> str:
    fact = party_of(row.of)
    return f"{row.of.__name__}.{'bank' if fact is None else fact.name}"


def _party(finding: Finding, banks: Banks) -> str:
    """Return whom the action is proposed against; a bank by the id that it has today."""
    of, subject = finding.definition.of, finding.subject
    fact = party_of(of)
    if fact is None:
        return ""
    name = str(subject.last_of((fact,), finding.us))
    at = dating(of)
    day = None if at is None else subject.last_of((DATE(at),), finding.us)
    known = banks.known(name, day or None) if name else None
    return name if known is None else known.id
