"""What rules propose: each record that fails one calls for its action, as a row of the ladder does.

A rule that proposes stands for a row, which matches where the rule fails. Records in hand and frames are weighed by it
as by any row; of a ledger, where a record may be of any type, the engine's own audit says which fail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.parties import Banks
from windowservice.engine.verdicts import Verdict
from windowservice.escalation.rows import Match, RowPlan, Unmatched
from windowservice.facts.requests.request import request
from windowservice.instants import utc_datetime
from windowservice.language.analysis.check import flips
from windowservice.language.tree.expr import Expr
from windowservice.language.tree.expressions import as_of, operation
from windowservice.language.tree.facts import dating, party_name
from windowservice.language.tree.kernels import DATE
from windowservice.language.tree.nodes import Op
from windowservice.language.tree.operators import COMPARISONS, OPERATORS
from windowservice.plugins.shipped import Shipped
from windowservice.rules.escalation.ladder import Ladder, LadderRow

if TYPE_CHECKING:
    from windowservice.engine.engine import Engine
    from windowservice.engine.report.finding import Finding
    from windowservice.engine.ruleset import LoadedRule
    from windowservice.language.tree.rule import Rule
    from windowservice.ledger.ledger import Ledger

__all__ = ["called_by_rules", "rows_of_rules", "with_rules"]

_NO_BASIS: Final = Basis("the rule names none", mark="assumption")
_CALLING: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.ERROR)


def rows_of_rules(engine: Engine, ladder: Ladder) -> tuple[LadderRow, ...]:
    """Return the rows for which the rules of an engine stand that propose an action.

    Raises:
        UnknownName: if a rule proposes an action that is not on the ladder, with the nearest.
    """
    if isinstance(engine.packs, Shipped):  # the library's own packs alone, which propose by the ladder
        return ()
    return tuple(_row(loaded, ladder) for loaded in engine.rules if loaded.rule.proposes)


def with_rules(engine: Engine, ladder: Ladder) -> Ladder:
    """Return the ladder with the rows for which rules on rows of tables stand; errors as `rows_of_rules`.

    Requests are no rows of a table, nor are records without one: what rules on them propose a ledger tells.
    """
    rows = (row for row in rows_of_rules(engine, ladder) if row.of is not request and row.of.options.table is not None)
    return attrs.evolve(ladder, rows=(*ladder.rows, *rows))


def _row(loaded: LoadedRule, ladder: Ladder) -> LadderRow:
    rule, basis = loaded.rule, loaded.amended or loaded.rule.basis or _NO_BASIS
    action, *also = (ladder.action(name, f"rule {loaded.name}").id for name in rule.proposes)
    return LadderRow(
        id=loaded.name, title=rule.title, of=rule.of, when=_fails(rule), action=action, also=tuple(also), due=None,
        calendar="", basis=basis, figures_basis=basis,
    )  # fmt: skip


def _fails(rule: Rule) -> Expr[bool]:
    """Return the condition that a rule fails, for good: that it applies, is in force, missed, and cannot turn."""
    parts = [] if rule.when is None else [rule.when]
    parts.append(_missed(rule.require))
    parts += rule.settling() if flips(rule.require)[0] else []
    day = DATE(dating(rule.of) if dating(rule.of) is not None else as_of)
    parts += [] if rule.since is None else [operation("ge", day, rule.since)]
    parts += [] if rule.until is None else [operation("lt", day, rule.until)]
    found, *others = parts
    for other in others:
        found = operation("and", found, other)
    return found


def _missed(expr: Expr[bool]) -> Expr[bool]:
    """Return the opposite of a condition as one would write it: of what that says, what is known can be enough."""
    if isinstance(expr, Op) and expr.name in COMPARISONS:
        return operation(OPERATORS[expr.name].opposite, *expr.args)
    if isinstance(expr, Op) and expr.name in ("and", "or"):
        return operation("or" if expr.name == "and" else "and", *map(_missed, expr.args))
    return expr.args[0] if isinstance(expr, Op) and expr.name == "not" else operation("not", expr)


def called_by_rules(
    engine: Engine, ledger: Ledger, us: int, rows: Sequence[LadderRow]
) -> tuple[list[Match], list[Unmatched]]:
    """Return what rules that propose an action call for over a ledger, and which of them cannot be told of a record.

    Args:
        engine: whose rules they are.
        ledger: the records, as they were to be seen.
        us: the instant judged, in microseconds UTC.
        rows: the rows for which the rules stand.
    """
    if not rows:
        return [], []
    plans = {row.id: RowPlan(row) for row in rows}
    banks = Banks(ledger.banks)
    report = engine.only(*plans).audit(ledger, as_of=utc_datetime(us))
    found = [_said(finding, plans[finding.rule], banks) for finding in report if finding.verdict in _CALLING]
    return [one for one in found if isinstance(one, Match)], [one for one in found if isinstance(one, Unmatched)]


def _said(finding: Finding, plan: RowPlan, banks: Banks) -> Match | Unmatched:
    row, party = plan.row, _party(finding, banks)
    if party and finding.verdict is Verdict.FAIL:
        items = frozenset(finding.items) or frozenset({finding.key})
        return Match(
            row=row, bank=party, key=finding.key, items=items, new_items=items, values=dict(_read(finding))
        )  # fmt: skip
    if party and finding.verdict is Verdict.UNKNOWN and (known := plan.by_what_is_known) is not None:
        values = finding.subject.runner.values(("row", row.id), known.exprs, finding.record, finding.us)
        match = known.judge({known.party: party, "id": finding.key}, list(values))
        if isinstance(match, Match):
            return match
    missing = finding.missing if party else (f"{row.of.__name__}.{plan.party}",)
    return Unmatched(row=row, bank=party, key=finding.key, missing=missing or (finding.error or "",))


def _read(finding: Finding) -> Iterator[tuple[str, object]]:
    """Yield the facts that the rule names, and what they were."""
    for read in finding.evidence.inputs:
        if read.depth == 0:
            yield read.fact, read.value


def _party(finding: Finding, banks: Banks) -> str:
    """Return whom the action is proposed against; a bank by the id that it has today."""
    of, subject = finding.definition.of, finding.subject
    at, fact = dating(of), of.given[party_name(of)]
    name = str(subject.last_of((fact,), finding.us))
    day = None if at is None else subject.last_of((DATE(at),), finding.us)
    known = banks.known(name, day or None) if name else None
    return name if known is None else known.id
