"""A score in words, English or Chinese: every indicator with its reading, form, figures, points and basis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from windowservice.domain.scorecard.indicators import Form, Linear, PerEvent
from windowservice.domain.words import FAULT_PARTIES, SEVERITIES, in_chinese
from windowservice.errors import InvalidValue
from windowservice.phrases import phrase
from windowservice.scoring.shown import percent, rounded, told_apart

if TYPE_CHECKING:
    from windowservice.scoring.values import IndicatorScore, Score, VetoOutcome

__all__ = ["explain_indicator", "explain_score"]


def explain_score(score: Score, language: str = "en") -> str:
    """Return a score as text.

    Raises:
        InvalidValue: if the language is neither "en" nor "zh".
    """
    if language not in ("en", "zh"):
        raise InvalidValue("language", language, "'en' or 'zh'")
    return "\n".join(_lines(score, language))


def explain_indicator(row: IndicatorScore, language: str = "en") -> str:
    """Return one indicator's part of a score as a line."""
    word = _words(language)
    indicator = row.indicator
    title = indicator.zh if language == "zh" else indicator.en
    parts = [f"{indicator.id} {title}: {_reading(row, word)}"]
    if row.points is not None:
        parts.append(_form(indicator.form, word))
    if row.points is not None and row.weight:  # without a total nothing has a weight
        parts.append(f"{_number(row.share)} x {_number(row.weight)} = {_number(row.points)} {word('points')}")
    if row.severity is not None:
        parts.append(word(row.severity))
    flags = {"carried": row.carried, "small sample": row.small_sample, "provisional": row.provisional}
    parts += [word(name) for name, is_so in flags.items() if is_so]
    parts += [f"{word('restated')}: {old} -> {row.reading}" for old in row.former[-1:]]
    parts += [f"{word('restated')}: {row.reading.reason}" for _ in row.former[-1:] if row.reading]
    parts += [f"{word('not scored')}: {other} ({word(other.fault_party)})" for other in row.set_aside]
    if row.items:
        parts.append(f"{word('items')}: {', '.join(row.items)}")
    return f"{'; '.join(parts)} [{indicator.basis.mark}]"


def _lines(score: Score, language: str) -> Iterator[str]:
    word = _words(language)
    card = score.scorecard
    title = card.zh if language == "zh" else card.en
    yield f"{score.bank}, {score.period}: {title}, {card.id} {card.version} [{card.basis.mark}]"
    coverage = word("not applicable") if score.coverage is None else percent(score.coverage)
    if score.exact is None or score.low is None or score.high is None:
        yield f"{word('insufficient data')}; {word('coverage')} {coverage}"
    else:
        places = card.places
        yield f"{word('total')} {score.total}, {word('grade')} {score.grade}; {word('coverage')} {coverage}"
        if score.low != score.high:
            yield f"{word('range')} {rounded(score.low, places)} - {rounded(score.high, places)}"
        if score.exact != score.before_vetoes and score.before_vetoes is not None:
            yield f"{word('before vetoes')} {rounded(score.before_vetoes, places)}"
    for month in score.months:
        total = word("insufficient data") if month.total is None else month.total
        yield f"  {month.period} {total} {month.grade or ''}".rstrip()
    for outcome in score.vetoes or score.fired:
        yield _veto(outcome, language)
    for part in score.categories:
        name = part.category.zh if language == "zh" else part.category.en
        yield f"{part.category.id} {name}: {_number(part.points)} / {_number(part.weight)}"
        yield from (
            f"  {explain_indicator(row, language)}"
            for row in score.indicators
            if row.indicator.category == part.category.id
        )
    shown = {part.category.id for part in score.categories}
    yield from (
        f"  {explain_indicator(row, language)}" for row in score.indicators if row.indicator.category not in shown
    )
    if score.exact is not None and score.lost:
        yield f"{word('lost')}: {', '.join(f'{row.indicator.id} {_number(row.lost)}' for row in score.lost)}"


def _reading(row: IndicatorScore, word: Callable[[str], str]) -> str:
    """Return what was read, or why nothing counts."""
    parts = []
    if row.reading is not None:
        value = f" = {_number(row.value)}" if row.indicator.is_ratio and row.value is not None else ""
        parts.append(f"{row.reading}{value} ({row.reading.period})")
    if row.state != "scored":
        parts.append(word(row.state.replace("_", " ")))
    if row.reason:
        parts.append(word(row.reason))
    return ", ".join(parts)


def _form(form: Form, word: Callable[[str], str]) -> str:
    if isinstance(form, Linear):
        return f"{word('full from')} {form.target}, {word('none from')} {form.floor}"
    if isinstance(form, PerEvent):
        return f"{word('off for each')} {form.deduct}"
    side = word("from" if form.direction == "higher" else "up to")
    return ", ".join(f"{side} {step.bound}: {step.share}" for step in form.steps) + f", {word('beyond')}: 0"


def _veto(outcome: VetoOutcome, language: str) -> str:
    word, veto = _words(language), outcome.veto
    title = veto.zh if language == "zh" else veto.en
    effect = f"{word('cap')} {veto.cap}" if veto.cap is not None else f"{word('zero')} {veto.zero_category}"
    value = word("missing") if outcome.value is None else outcome.value
    line = f"{word('veto')} {veto.id} {title}: {word(outcome.state)}; {veto.when}, {word('figure')} {value}; {effect}"
    decisive = f"; {word('decisive')}" if outcome.decisive else ""
    return f"{line}{decisive} [{veto.basis.mark}]"


def _number(value: Fraction | None) -> str:
    """Return a number for reading: exact if it has at most four places, else rounded to four and marked so."""
    if value is None:
        return ""
    shown = rounded(value, told_apart(value, 4))
    text = f"{shown:f}".rstrip("0").rstrip(".")
    return text if Fraction(shown) == value else f"~{text}"


def _words(language: str) -> Callable[[str], str]:
    if language != "zh":
        return lambda text: text
    return lambda text: in_chinese(SEVERITIES, in_chinese(FAULT_PARTIES, phrase(text, language)))
