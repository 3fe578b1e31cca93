"""A report as one HTML page: whole, safe, offline, in two languages, and a bank's page tells of nobody else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.engines import built_in

import windowservice as ws

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e'\"&=1+1"
BANK = "900000000007"
_PARTS = re.compile(r"(\d+)")


class _Outline(HTMLParser):
    """Which elements a page has, and whether each is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} is closed where another is open"


def _outline(page: str) -> _Outline:
    outline = _Outline()
    outline.feed(page)
    assert outline.open == []
    return outline


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_says_what_the_report_counts(audited: ws.Report, language: str) -> None:
    """The tiles bear the counts of the report; nothing is counted twice."""
    page = audited.to_html(language=language)
    _outline(page)
    tiles = re.findall(r"<li><b>([^<]*)</b>", page)
    order = (ws.Verdict.FAIL, ws.Verdict.ERROR, ws.Verdict.UNKNOWN, ws.Verdict.PENDING, ws.Verdict.PASS)
    assert tiles[1:] == [f"{audited.counts[verdict]:,}" for verdict in order]
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page


def test_what_a_ledger_says_is_no_markup() -> None:
    """Names that are scripts, marks of direction and terminal escapes are shown and never obeyed."""
    request = ws.Request(HOSTILE, HOSTILE, "S10", events=[ws.Event("2018-05-03T09:40+08:00", "submitted", by=HOSTILE)])
    page = built_in().audit([request], as_of="2018-06-01").to_html(title=HOSTILE)
    scripts = [attrs for tag, attrs in _outline(page).seen if tag == "script"]
    assert [attrs.get("type") for attrs in scripts] == ["application/json", None]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_of_a_bank_tells_of_nobody_else(audited: ws.Report, language: str) -> None:
    """Neither another bank nor a clerk is named, nor a record of another."""
    page = audited.to_html(bank=BANK, language=language)
    _outline(page)
    others = {name for name in audited.by("bank") if name} - {BANK}
    assert not [name for name in others if name in page]
    foreign = {finding.key for finding in audited.failures if finding.bank not in ("", None, BANK)}
    assert not [key for key in foreign if re.search(rf"\b{re.escape(key)}\b", page)]
    shown = re.sub(r"(?s)<style>.*?</style>|<script>.*?</script>|<[^>]*>|[a-z_-]+/[a-z_]+", " ", page)
    assert not [clerk for clerk in audited.by("clerk") if len(clerk) > 3 and re.search(rf"\b{clerk}\b", shown)]


def test_an_empty_report_and_one_of_unknowns_have_a_page() -> None:
    """No findings, and nothing but unknowns: the page says so and does not fail."""
    engine = built_in()
    assert "NOTHING COULD BE EVALUATED" in engine.audit([], as_of="2018-06-01").to_html()
    bare = ws.Request("R", "B", "S10", events=[])
    _outline(engine.audit([bare], as_of="2018-06-01").to_html())


def test_records_of_ones_own_have_a_page(tmp_path: Path) -> None:
    """A help desk has the same page, and it is written where it is asked for."""

    class ticket(ws.Facts):
        """A ticket."""

        id = ws.key("Id")
        replies = ws.fact(int, "Replies")

    rule = ws.Rule("answered", title="It is answered", require=ticket.replies > 0)
    engine = ws.Engine.load(packs=[ws.Pack("desk", version="1", rules=[rule])], installed=False)
    report = engine.audit([{"id": "T1", "replies": 0}, {"id": "T2"}], as_of="2024-01-01", of=ticket)
    page = report.to_html(tmp_path / "desk.html", title="Our desk")
    assert (tmp_path / "desk.html").read_text("utf-8") == page
    assert "<h1>Our desk</h1>" in page
    assert "It is answered" in page
    assert not re.search(r"[Bb]ank|机构", re.sub(r"(?s)<script>.*?</script>|<style>.*?</style>", "", page))


def test_another_language_or_bank_is_refused(audited: ws.Report) -> None:
    """With the languages there are, and the nearest bank."""
    with pytest.raises(ws.WindowserviceError, match="unknown language 'de'"):
        audited.to_html(language="de")
    with pytest.raises(ws.WindowserviceError, match="did you mean '900000000007'"):
        audited.to_html(bank="9000000000071")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_works_in_a_browser(audited: ws.Report, browser: Any, tmp_path: Path, scheme: str) -> None:
    """It is opened, searched, sorted, leafed through and printed; all can read it, nothing is loaded, no error told."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    path = tmp_path / "page.html"
    audited.to_html(path, language="zh")
    page = browser.new_context(color_scheme=scheme, viewport={"width": 1200, "height": 900}).new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: None if request.url == path.as_uri() else told.append(request.url))
    page.goto(path.as_uri())
    page.click("button[data-view=everything]")
    assert [found["id"] for found in axe.run(page).response["violations"]] == []
    rows = page.locator("#all tbody tr")
    assert rows.count() == 100
    first = rows.first.inner_text()
    page.click("#on")
    assert rows.first.inner_text() != first
    key = audited.failures[0].key
    page.fill("#find", key)
    assert rows.count() >= 1
    assert all(key in text for text in rows.all_inner_texts())
    page.fill("#find", "")
    page.locator("#all th button").nth(1).click()
    keys = [text.split("\t")[1] for text in rows.all_inner_texts()]
    assert keys == sorted(keys, key=lambda key: [int(part) if part.isdigit() else part for part in _PARTS.split(key)])
    page.locator("#worst summary").nth(3).click()
    assert page.locator("#worst details[open]").count() == 1
    assert page.pdf()[:5] == b"%PDF-"
    assert told == []


def test_a_page_without_names_names_no_clerk_and_keeps_ids_and_times() -> None:
    """A clerk called "1" is left out as a word, and not as a part of ids and times."""
    begun = [("03T09:00", "submitted"), ("03T09:10", "accepted")]
    events = [ws.Event(f"2018-05-{at}+08:00", kind, by="1") for at, kind in begun]
    report = built_in().audit([ws.Request(f"R-{n}11", "B", "S10", events=events) for n in range(3)], as_of="2018-06-01")
    page = report.to_html(names=False)
    assert "R-111" in page
    assert "17:00" in page
    held = ws.Event("2018-05-03T09:10+08:00", "accepted", by="zhaoliu")
    holder = built_in().audit([ws.Request("R", "B", "S10", events=[events[0], held])], as_of="2018-05-20")
    assert "zhaoliu" in holder.to_html()
    assert "zhaoliu" not in holder.to_html(names=False)
