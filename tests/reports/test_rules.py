"""Rules to be read, with the figures they rest on."""

from __future__ import annotations

from datetime import date

import windowservice as ws
from windowservice.blocks.blocks import plain_text
from windowservice.reports.rules import cards, whole_blocks


def _card(engine: ws.Engine, **words: object):
    return next(card for card in cards(engine, **words) if card.loaded.name == "commitment/commitment_kept")


def _commitment(engine: ws.Engine, on: date | None) -> dict[tuple[str, date], object]:
    figure = next(figure for figure in _card(engine, on=on).figures if figure.name == "commitment")
    return {(row.key, row.since): str(row.value) for row in figure.rows}


def test_figures_are_those_in_force_on_the_day(engine: ws.Engine) -> None:
    """An adjusted figure has both values when no day is given, and the one in force when one is."""
    promise = ws.Basis("Our promise of May", mark="known")
    ours = engine.amended(
        ws.Adjust("commitment", {"S10": {"2018-01-01": "5 working days", "2018-05-01": "3 working days"}}, promise)
    )
    both = {key: value for key, value in _commitment(ours, None).items() if key[0] == "S10"}
    assert list(both.values()) == ["5 working days", "3 working days"]
    assert _commitment(ours, date(2018, 4, 30))["S10", date(2018, 1, 1)] == "5 working days"
    assert _commitment(ours, date(2018, 5, 1))["S10", date(2018, 5, 1)] == "3 working days"
    assert _commitment(ours, date(2017, 12, 31)) == {}
    assert {"assumption", "known"} <= set(_card(ours).marks)


def test_a_replaced_rule_tells_its_new_basis(engine: ws.Engine) -> None:
    """The source of a rule that was replaced is the replacement's."""
    from windowservice.facts.requests.request import request as r

    rule = ws.Rule("commitment_kept", title="Ours", require=r.finished_at.by(r.commitment_due), basis=ws.Basis("Old"))
    ours = engine.amended(ws.Replace("commitment/commitment_kept", rule, ws.Basis("Our notice", mark="known")))
    card = _card(ours)
    assert card.source is not None
    assert card.source.text == "Our notice"
    assert card.to_dict()["mark"] == "known"
    said = plain_text(whole_blocks(card, "en"))
    assert "Ours" in said
    assert "Our notice [known]" in said


def test_lines_of_several_keys_are_told_apart() -> None:
    class job(ws.Facts, party="of"):
        id = ws.key("Number")
        of = ws.fact(str, "Customer", required=True)
        kind = ws.fact(str, "Kind", required=True)
        n = ws.fact(int, "Number", required=True)

    lines = {("ACME", "P1"): {"2018-01-01": 4}, ("ACME", "P2"): {"2018-01-01": 4}, ("Bahn", "P1"): {"2018-01-01": 8}}
    most = ws.Figure("most", int, lines, basis=ws.Basis("Contract", mark="known"))
    rule = ws.Rule("r", title="R", require=job.n <= most[job.of, job.kind], proposes="urge")
    (card,) = cards(ws.Engine.load(packs=[ws.Pack("p", version="1", rules=[rule])], installed=False))
    text = plain_text(whole_blocks(card, "en"))
    assert "ACME, P1; ACME, P2" in text
    assert "proposes      urge" in text
