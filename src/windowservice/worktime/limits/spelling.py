"""Limits as notices and people write them, put into the words of the one grammar where the meaning is beyond doubt.

Chinese and English numerals, ``business`` for ``working``, weeks and years, short units, ISO 8601 durations, and what
stands around a limit without changing it (``within``, 内). Whatever may mean two things is left as it is, and refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final

__all__ = ["clock_alone", "nearest_form", "spelled_out"]

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_STEPS: Final = {"十": 10, "百": 100, "千": 1000}
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
"""Numerals as contracts write them."""
_HAN: Final = (
    r"[零〇一二两三四五六七八九十百千]+(?=个|工作|营业|银行|自然|日|天|周|星期|月|年|季|小时|钟头|分|秒|点|时(?!刻)|刻)"
)
_SMALL: Final = "one two three four five six seven eight nine ten eleven twelve"
_WORDS: Final = {word: number for number, word in enumerate(_SMALL.split(), 1)} | {
    "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_WORD: Final = rf"^(?:{'|'.join(_WORDS)})\b"
_N: Final = r"(\d+(?:\.\d+)?)"
_WHOLE: Final = r"(\d+)"

_SIMPLE: Final = (
    # what stands around
    (r"^(?:within|at most|no more than|not more than|up to) ", ""),
    (r"^(?:不超过|最长|最多|至多)", ""),
    (r"(?:之内|以内|内)?(?:办结|完成)$|(?:之内|以内|内)$", ""),
    # working and business
    (r"\bbusiness[ -]|\bwork[ -](?=(?:day|hour|minute)s?\b)|\bworking-", "working "),
    (r"\bworkday(s?)\b", r"working day\1"),
    (r"\bbanking (?=days?\b)", "working "),
    (r"工作天|(?:银行)?营业日|银行工作日", "工作日"),
    (r"^next working day\b", "1 working day"),
    (r"^(?:次|下)[一1]?个?工作日", "1个工作日"),
    (r"^(?:当个?工作日|同日|当日|当天)(?=$|至|的)", "当个工作日"),
    (r"^一刻钟$|^1刻钟$", "15分钟"),
    # short units
    (rf"^{_N} ?(?:hrs?|h)\b", r"\1 hours"),
    (rf"^{_N} ?mins?\b", r"\1 minutes"),
    (rf"^{_N} ?(?:secs?|s)$", r"\1 seconds"),
    (rf"^{_WHOLE} ?d$", r"\1 days"),
    (rf"^{_WHOLE} ?w$", r"\1 weeks"),
    (rf"^{_N} working (?:hrs?|h)$", r"\1 working hours"),
    (rf"^{_N} working mins?$", r"\1 working minutes"),
    (r"钟头", "小时"),
    (r"^half an hour", "30 minutes"),
    (r"^an? (?=hour|minute|day|month|year|week|working )", "1 "),
    (r"^半个?小时", "30分钟"),
    (rf"^{_WHOLE}个半小时", r"\1.5小时"),
    (r"^半年", "6个月"),
    # ISO 8601
    (rf"^pt{_N}h$", r"\1 hours"),
    (rf"^pt{_N}m$", r"\1 minutes"),
    (rf"^pt{_N}s$", r"\1 seconds"),
    (rf"^p{_WHOLE}d$", r"\1 calendar days"),
    (rf"^p{_WHOLE}w$", r"\1 weeks"),
    (rf"^p{_WHOLE}m$", r"\1 months"),
    (rf"^p{_WHOLE}y$", r"\1 years"),
)
_TWO: Final = r"^(?:pt)?(\d+) ?(?:hours?|hrs?|h|小时)(?: and)? ?(\d+) ?(?:minutes?|mins?|m|分钟?)(?= before$|$)"
_WEEKS: Final = (rf"^{_WHOLE} weeks?\b", rf"^{_WHOLE}(?:周|个?星期)(?=$|不)")
_YEARS: Final = (rf"^{_WHOLE} years?\b", rf"^{_WHOLE}年(?=$|不)")

_CLOCK_ZH: Final = r"(?<=日|天)(?:的|之)?(上午|下午|中午)?(\d{1,2})(?:[:点时](\d{2})?分?)(半)?(?:以前|之前|前)$"
"""A time of day after the days: 当日下午4点前, 3个工作日12:00前."""
_CLOCK_EN: Final = r"^(.*\bdays?),? (?:by|before|until|no later than) (\d{1,2}:\d{2})$"


def spelled_out(plain: str) -> str:
    """Return a limit in the words of the grammar, as far as its own words leave no doubt.

    Args:
        plain: the text in normal form: lower case, single spaces, none beside Chinese characters.
    """
    text = re.sub(_HAN, _digits, plain.translate(_FORMAL))
    text = _put(_CLOCK_ZH, _clock_zh, text)
    text = _put(_CLOCK_EN, r"\1 at \2", text)
    text = re.sub(_WORD, lambda found: str(_WORDS[found[0]]), text)
    for pattern, words in _SIMPLE:
        text = _put(pattern, words, text)
    text = re.sub(_WORD, lambda found: str(_WORDS[found[0]]), text)
    if both := re.match(_TWO, text, re.ASCII):
        minutes = int(both[1]) * 60 + int(both[2])
        text = f"{minutes} minutes{text[both.end() :]}"
    english, chinese = _WEEKS
    text = _put(english, lambda found: f"{int(found[1]) * 7} calendar days", text)
    text = _put(chinese, lambda found: f"{int(found[1]) * 7}个自然日", text)
    english, chinese = _YEARS
    text = _put(english, lambda found: f"{int(found[1]) * 12} months", text)
    return _put(chinese, lambda found: f"{int(found[1]) * 12}个月", text)


def _put(pattern: str, words: str | Callable[[re.Match[str]], str], text: str) -> str:
    return re.sub(pattern, words, text, flags=re.ASCII)


def _clock_zh(found: re.Match[str]) -> str:
    """Return the time of day as the grammar writes it; what is no time of day is left as it is, and refused."""
    half, hour, minute = found[1], int(found[2]), 30 if found[4] else int(found[3] or 0)
    if half and not 1 <= hour <= 12:
        return found[0]
    if half in ("下午", "中午") and hour < (12 if half == "下午" else 11):
        hour += 12
    return f"至{hour:02}:{minute:02}"


def clock_alone(plain: str) -> str:
    """Return the time of day, ``HH:MM``, of a limit that says nothing else (16点前, "by 16:00"), or nothing."""
    english = re.match(r"^(?:by|before|until|no later than|at) (\d{1,2}:\d{2})$", plain, re.ASCII)
    if english:
        return english[1]
    named = re.sub(r"^(次日|翌日|第二天|隔日)", "", plain.translate(_FORMAL))
    said = _put(_CLOCK_ZH, _clock_zh, "日" + re.sub(_HAN, _digits, named))
    return said.removeprefix("日至") if said.startswith("日至") else ""


def _digits(found: re.Match[str]) -> str:
    number = _number(found[0])
    return found[0] if number is None else str(number)


def _number(text: str) -> int | None:
    """Return what a Chinese numeral below ten thousand says; None for what is none, such as 三四 (three or four)."""
    total, digit, last = 0, None, 10_000
    for char in text:
        if char in _STEPS:
            step = _STEPS[char]
            if step >= last or (digit is None and not (step == 10 and total == 0)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * step, None, step
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[char] or None
            if digit is None and total == 0:
                return None
    return total + (digit or 0)


def nearest_form(plain: str, examples: Iterable[str]) -> str:
    """Return the example that is nearest to a text that is not read, with its number; empty if none is near."""
    text = spelled_out(plain)
    number = next(iter(re.findall(r"\d+", text)), "3")
    if short := re.match(r"^(\d+) ?(?:wd|bd)s?$", text, re.ASCII):
        return f"{short[1]} working days"
    if quarters := re.match(r"^(\d+)(?: quarters?|个?季度?)$", text, re.ASCII):
        return f"{int(quarters[1]) * 3} months" if "q" in text else f"{int(quarters[1]) * 3}个月"
    english = not re.search(r"[\u4e00-\u9fff]", text)
    forms = [form.format(number) for form in examples if form.isascii() is english]
    close = get_close_matches(text, forms, n=1, cutoff=0.5)
    return close[0] if close else ""
