"""The page on the real logs shows what their audits say."""

from __future__ import annotations

from .audits import AUDITS, FINES
from .page import PAGE, page


def test_the_page_is_what_the_audits_say(log):
    """docs/logs.md is what is written from the logs today."""
    folder = {log(audit.file).parent for audit in (*AUDITS.values(), FINES)}.pop()
    assert PAGE.read_text("utf-8") == page(folder), "run: python -m tests.logs.page FOLDER"
