"""Actions that an escalation ladder proposes, as text, plain values and rows; a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Final

from windowservice.blocks.blocks import Block, Heading, Lines, Table
from windowservice.engine.report.explaining import shown
from windowservice.phrases import phrase

if TYPE_CHECKING:
    from windowservice.escalation.proposals import Proposal, Proposals
    from windowservice.escalation.rows import Match

__all__ = ["proposal_blocks", "proposal_document", "proposal_rows"]

_MOST: Final = 20


def proposal_blocks(found: Proposals, language: str = "en", *, most: int | None = _MOST) -> Iterator[Block]:
    """Yield the actions by bank, the rows behind them, evidence for open actions, and what could not be told."""

    def said(text: str) -> str:
        return phrase(text, language)

    yield Lines(f"{said('ladder')} {found.ladder.id} {found.ladder.version}")
    if not found.proposals:
        yield Lines(said("nothing is called for"))
    else:
        rows = [_summary(row, language) for row in found]
        yield Table([said(name) for name in ("bank", "proposed", "decided by", "due", "beside")], rows)
    for proposal in found:
        yield Heading(proposal.bank)
        yield Table(
            [said(name) for name in ("row", "calls for", "new items", "what it read")],
            [_match(found, row, language, proposal.as_of.tzinfo) for row in proposal.matches],
        )
        if proposal.added:
            yield Table(
                [said("action"), said("row"), said("evidence for open actions")],
                [(action, row.row.id, _items(row.new_items)) for action, row in proposal.added],
            )
    if found.unknown:
        alike = Counter((row.bank, row.row.id, ", ".join(row.missing)) for row in found.unknown)
        yield Heading(said("what could not be told"))
        some = list(alike.items())[:most]
        yield Table(
            [said(name) for name in ("bank", "row", "records", "missing")],
            [(bank, row, number, missing) for (bank, row, missing), number in some],
            right={2},
        )
        if len(some) < len(alike):
            yield Lines(f"... +{len(alike) - len(some)}")


def proposal_document(found: Proposals) -> dict[str, Any]:
    """Return the proposals as plain values.

    Keys: ``format`` (``windowservice.actions``), ``format_version`` (1), ``ladder`` (``id``, ``version``),
    ``proposals``: of each ``bank``, ``action`` and ``authority`` (null if all it calls for stands beside), ``due`` if
    it is decided at once, ``also``, ``cause``, ``matches`` (``row``, ``title``, ``action``, ``key``, ``items``,
    ``new_items``, ``values``, ``basis``) and ``added`` (``action``, ``row``, ``new_items``); ``unknown``: rows that
    could not be told, with ``bank``, ``row``, ``key`` and ``missing``; ``refused``: readings that no score could use.
    """
    ladder = found.ladder
    return {
        "format": "windowservice.actions",
        "format_version": 1,
        "ladder": {"id": ladder.id, "version": ladder.version},
        "proposals": [_plain(row) for row in found],
        "unknown": [
            {"bank": row.bank, "row": row.row.id, "key": row.key, "missing": list(row.missing)} for row in found.unknown
        ],
        "refused": [str(row) for row in found.refused],
    }


def proposal_rows(found: Proposals) -> Iterator[dict[str, str]]:
    """Yield one row for each row of the ladder that matches."""
    for proposal in found:
        due = _due(proposal)
        for match in proposal.matches:
            yield {
                "bank": proposal.bank, "proposed": "" if proposal.action is None else proposal.action.id,
                "decided_by": proposal.authority or "", "due": due, "row": match.row.id, "action": match.row.action,
                "also": ";".join(match.row.also), "key": match.key, "new_items": _items(match.new_items),
                "values": _values(match, proposal.as_of.tzinfo), "basis": str(match.row.basis),
            }  # fmt: skip


def _summary(row: Proposal, language: str) -> tuple[str, ...]:
    name = "" if row.action is None else _named(row.action, language)
    return (row.bank, name, row.authority or "", _due(row), ", ".join(_named(kind, language) for kind in row.also))


def _named(kind: Any, language: str) -> str:
    return str(kind.zh if language == "zh" else kind.en)


def _due(row: Proposal) -> str:
    due = row.due()
    return "" if due is None else due.format("YYYY-MM-DD HH:mm")


def _match(found: Proposals, match: Match, language: str, zone: tzinfo | None) -> tuple[str, ...]:
    title = match.row.title.get(language) or match.row.title.get("en", "")
    return (
        f"{match.row.id} {title}".rstrip(), _named(found.ladder.action(match.row.action), language),
        _items(match.new_items), _values(match, zone),
    )  # fmt: skip


def _values(match: Match, zone: tzinfo | None) -> str:
    return ", ".join(f"{name} = {shown(_local(value, zone))}" for name, value in match.values.items())


def _local(value: Any, zone: tzinfo | None) -> Any:
    return value.astimezone(zone) if isinstance(value, datetime) else value


def _items(items: frozenset[str]) -> str:
    return ", ".join(sorted(items))


def _plain(row: Proposal) -> dict[str, Any]:
    return {
        "bank": row.bank,
        "action": None if row.action is None else row.action.id,
        "authority": row.authority,
        "due": None if (due := row.due()) is None else due.isoformat(),
        "also": [kind.id for kind in row.also],
        "cause": sorted(row.cause),
        "matches": [
            {
                "row": match.row.id, "title": dict(match.row.title), "action": match.row.action, "key": match.key,
                "items": sorted(match.items), "new_items": sorted(match.new_items),
                "values": {name: _value(_local(value, row.as_of.tzinfo)) for name, value in match.values.items()},
                "basis": str(match.row.basis),
            }
            for match in row.matches
        ],
        "added": [
            {"action": action, "row": match.row.id, "new_items": sorted(match.new_items)}
            for action, match in row.added
        ],
    }  # fmt: skip


def _value(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, str)) else shown(value)
