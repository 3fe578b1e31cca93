"""What the library says has a Chinese form for every sentence, with the same values in it."""

import ast
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import windowservice
from windowservice.phrases import phrase

_PACKAGE = Path(windowservice.__file__).parent
_ZH = tomllib.loads((_PACKAGE / "phrases_zh.toml").read_text("utf-8"))


def _said():
    """Yield the sentences that stand as texts in calls of `phrase`, with their place."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "phrase":
                for text in ast.walk(node.args[0]):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value != "{n} ":
                        yield pytest.param(text.value, id=f"{path.name}:{node.lineno} {text.value}")


def _names(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("text", [*_said()])
def test_a_sentence_has_a_chinese_form(text):
    """A sentence written in a call of `phrase` stands in the list of Chinese ones."""
    assert text in _ZH


@pytest.mark.parametrize("text", [*_ZH])
def test_both_forms_name_the_same_values(text):
    """No value is lost or invented in translation."""
    assert _names(text) == _names(_ZH[text])


def test_a_value_with_braces_stays_as_it_is():
    """What is put in is data and no pattern."""
    assert phrase("missing {names}", "zh", names="{0.__class__}") == "缺少 {0.__class__}"


def test_what_has_no_chinese_form_stays_english():
    """A name that somebody else chose is shown as it is."""
    assert phrase("our own policy", "zh") == "our own policy"
