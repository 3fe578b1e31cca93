"""The basis of a rule or figure: what it rests on, and how far that was verified."""

from __future__ import annotations

from datetime import date

import pytest

from windowservice.domain.basis import MARKS, Basis
from windowservice.errors import InvalidTime, InvalidValue


def test_a_basis_prints_its_text_section_date_and_mark():
    """A finding cites it in one line."""
    law = Basis("Administrative Licensing Law", issued="2019-04-23", mark="verified")
    assert str(law.article(42)) == "Administrative Licensing Law, article 42, issued 2019-04-23 [verified]"
    assert str(Basis("a promise", mark="assumption")) == "a promise [assumption]"


def test_naming_an_article_leaves_the_source_as_it_was():
    """One source serves many rules."""
    law = Basis("Law", issued=date(2019, 4, 23))
    assert law.article("32(4)").section == "article 32(4)"
    assert law.section == ""


@pytest.mark.parametrize("mark", MARKS)
def test_marks_are_one_list(mark):
    """How far a source was verified is one of six words."""
    assert Basis("x", mark=mark).mark == mark


def test_another_mark_or_date_is_refused():
    """The nearest mark is offered."""
    with pytest.raises(InvalidValue, match="did you mean 'verified'"):
        Basis("x", mark="verifed")
    with pytest.raises(InvalidTime):
        Basis("x", issued="spring 2018")
