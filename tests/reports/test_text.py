"""An audit as text, in both languages."""

from __future__ import annotations

from datetime import datetime

import pendulum
import pytest

import windowservice as ws
from windowservice.blocks.blocks import plain_text
from windowservice.engine.report.report import Report
from windowservice.reports.audit import take_stock
from windowservice.reports.text import audit_blocks, instant
from windowservice.reports.words import LANGUAGES, title_in, word


def test_midnight_belongs_to_the_day_it_ends() -> None:
    """24:00 of a day is written as such; seconds are written only where there are some."""
    zone = "Asia/Shanghai"
    assert instant(pendulum.datetime(2018, 7, 1, tz=zone)) == "2018-06-30 24:00"
    assert instant(pendulum.datetime(2018, 7, 1, 9, tz=zone)) == "2018-07-01 09:00"
    assert instant(pendulum.datetime(2018, 7, 1, 0, 0, 5, tz=zone)) == "2018-07-01 00:00:05"


def test_open_matters_and_promises_stand_in_the_text(report: Report) -> None:
    """Who holds what until when, and how commitments are kept, with the median and the 95th percentile."""
    said = plain_text(audit_blocks(take_stock(report)))
    assert "Open matters: overdue 1, at risk 1, due next 1" in said
    assert "2018-05-15 17:00  at-risk  S10      B1    wang (in transfer)" in said
    line = next(line for line in said.splitlines() if "S10 Electronic bill rediscount" in line)
    assert "33.3 %" in line


def test_every_list_says_what_it_leaves_out(report: Report) -> None:
    """With one line for each list, the rest is counted; with 0 all is shown."""
    audit = take_stock(report)
    assert f"... and {audit.found - 1:,} more" in plain_text(audit_blocks(audit, limit=1))
    assert "more\n" not in plain_text(audit_blocks(audit, limit=0))


def test_every_policy_and_principle_has_a_chinese_name(engine: ws.Engine) -> None:
    """What a built-in rule names can be read in Chinese."""
    for loaded in engine.rules:
        for name in (loaded.rule.policy, loaded.rule.principle, loaded.rule.severity):
            assert word(name, "zh") != name, name


def test_headings_are_in_the_language(report: Report) -> None:
    """No heading or column of our own is left in English."""
    said = plain_text(audit_blocks(take_stock(report), language="zh"))
    for english in (
        "By policy",
        "By bank",
        "share kept",
        "severity",
        "Findings",
        "Open matters",
        "How it was judged",
    ):
        assert english not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_of_others_stay_as_they_are(language: str) -> None:
    """A plugin's own policy is shown as it is named; a title falls back on English, then on any."""
    assert word("our own policy", language) == "our own policy"
    assert title_in({"en": "English"}, language) == "English"
    assert title_in({"nl": "Nederlands"}, language) == "Nederlands"


def test_names_of_banks_are_shown(report: Report) -> None:
    """A bank that the ledger names is shown with its name."""
    assert "B2 二号银行" in plain_text(audit_blocks(take_stock(report, bank_names={"B2": "二号银行"})))


def test_an_audit_of_own_records_speaks_of_no_bank(tmp_path):
    """No requests, banks, services, policies or catalogue are named where nobody has any."""

    class ticket(ws.Facts, rows=ws.Given("tickets"), happens="opened_at"):
        id = ws.key("Number")
        opened_at = ws.fact(datetime, "When it was opened", required=True)
        replies = ws.fact(int, "How many replies")

    rule = ws.Rule("answered", title="Somebody answers", of=ticket, require=ticket.replies >= 1)
    hours = ws.WorkCalendar("Europe/Amsterdam", "mon-fri 09:00-17:00", name="desk")
    engine = ws.Engine.load(packs=[ws.Pack("desk", version="1", rules=(rule,))], calendars=hours, installed=False)
    (tmp_path / "tickets.csv").write_text("id,opened_at,replies\n1,2018-10-22T09:00Z,0\n2,2018-10-22T09:00Z,\n")
    text = plain_text(audit_blocks(take_stock(engine.audit(engine.read(tmp_path), as_of="2018-10-31"))))
    assert "2 records; 1 failures in 1 of them" in text
    for said in ("request", "bank", "service", "policy", "principle", "clerk", "catalogue", "hvps", "event"):
        assert said not in text.lower(), said


def test_json_of_own_records_names_no_catalogue_and_only_calendars_given(tmp_path):
    """As the text does."""
    from windowservice.reports.json_file import judged_by

    class job(ws.Facts):
        n = ws.fact(int, "A number")

    rule = ws.Rule("many", title="Many", of=job, require=job.n >= 1)
    hours = ws.WorkCalendar("Europe/Amsterdam", "mon-fri 09:00-17:00", name="desk")
    engine = ws.Engine.load(
        packs=[ws.Pack("p", version="1", rules=(rule,))], calendars={"desk": hours}, installed=False
    )
    told = judged_by(engine.check({"n": 1}, as_of="2018-10-31"))
    assert told["catalogue"] is None
    assert list(told["calendars"]) == ["desk"]
