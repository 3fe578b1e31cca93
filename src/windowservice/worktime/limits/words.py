"""The words in which limits are written, in English and Chinese: one strict grammar, read and printed here.

What is printed parses back to an equal limit. Full-width digits and letters are read as their plain forms (NFKC).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, get_args

from windowservice.errors import AmbiguousLimit, InvalidLimit, InvalidValue
from windowservice.instants import HOUR, MINUTE, SECOND
from windowservice.worktime.limits.kinds.kind import CLOCK, NUMBER, EarliestOf, Kind, Language, Worded, Words
from windowservice.worktime.limits.kinds.table import KINDS
from windowservice.worktime.limits.kinds.workdays import SameWorkingDay
from windowservice.worktime.limits.spelling import clock_alone, nearest_form, spelled_out

__all__ = ["parse_clock_time", "parse_words", "print_words"]

_UNITS: Final = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "秒": SECOND, "秒钟": SECOND, "分钟": MINUTE}
_UNITS.update({"小时": HOUR, "分": MINUTE, "时": HOUR})

_FORMS: Final = tuple((form, kind) for kind in KINDS.values() for form in kind.forms)
_EXAMPLES: Final = tuple(example for kind in KINDS.values() for example in kind.examples)
_BARE_DAY: Final = rf"{NUMBER} ?日(?:不顺延)?"
_T_PLUS: Final = r"[td] ?\+ ?(?P<n>\d{1,4})"
_BARE_M: Final = rf"{NUMBER} ?m"
_EITHER: Final = (r"(.+) or (.+) at the latest", r"(.+)或最迟(.+)")
_HAN_GAP: Final = r"(?<=[\u4e00-\u9fff]) | (?=[\u4e00-\u9fff])"
_BEFORE_ZH: Final = "提前"
_LONGEST: Final = 200
_DOUBTFUL: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("次日", "第二天", "隔日", "翌日"), ("1个工作日", "1个自然日", "24小时")),
    **dict.fromkeys(("next day", "the next day"), ("1 working day", "1 calendar day", "24 hours")),
    **dict.fromkeys(
        ("same day", "the same day", "today", "eod", "end of day", "t+0"), ("same working day", "24 hours")
    ),
    **dict.fromkeys(("半天", "半日", "半个工作日"), ("当个工作日至12:00", "1个工作日至12:00", "4个工作小时")),
    "半个月": ("15个自然日", "11个工作日"),
}
"""What people say that may mean two things, and what they may mean."""
_WHICH: Final = "does not say which days it means"


def parse_words(text: str, where: str = "") -> Words:
    """Read the text of a limit.

    Raises:
        AmbiguousLimit: for a bare "1 day", "1天" or any "日", with what it may mean.
        InvalidLimit: for anything else that is no limit.
    """
    if not isinstance(text, str):
        raise InvalidLimit(text, "it is not text", where)
    if len(text) > _LONGEST:
        raise InvalidLimit(f"{text[:40]}...", f"it is longer than {_LONGEST} characters", where)
    if odd := [char for char in text if unicodedata.category(char) == "No"]:
        raise InvalidLimit(text, f"{odd[0]!r} is no plain digit", where)  # 3² would be read as 32
    plain = re.sub(_HAN_GAP, "", " ".join(unicodedata.normalize("NFKC", text).lower().split()))
    for either in _EITHER:
        if found := re.fullmatch(either, plain):
            first, last = found.groups()
            clock = re.fullmatch(CLOCK, last, re.ASCII)
            cap = Words(SameWorkingDay, at=_clock(last, text, where)) if clock else _simple(last, text, where)
            return Words(EarliestOf, parts=(_simple(first, text, where), cap))
    return _simple(plain, text, where)


def parse_clock_time(text: str, where: str = "") -> int:
    """Read a time of day such as ``"16:20"``; return the microseconds after 00:00.

    Raises:
        InvalidLimit: if it is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(CLOCK, plain, re.ASCII):
        raise InvalidLimit(text, f"{text!r} is no time of day such as '16:20'", where)
    return _clock(plain, text, where)


@lru_cache(maxsize=512)  # a catalogue says the same few limits over and over
def _simple(plain: str, text: str, where: str) -> Words:
    """Read one limit that is no choice between two."""
    before = plain.endswith(" before") or plain.startswith(_BEFORE_ZH)
    written = plain.removesuffix(" before").removeprefix(_BEFORE_ZH)
    body = written
    form = _form(body)
    if form is None:
        body = spelled_out(written)
        form = _form(body)
    if form is not None:
        kind, parts = form
        if parts.get("n") == "1" and not parts.get("plain", "plain"):
            raise AmbiguousLimit(text, _WHICH, where, choices=_choices(1, chinese="天" in body))
        return Words(
            kind,
            _amount(kind, parts.get("n"), parts.get("unit"), text, where),
            _clock(parts["at"], text, where) if parts.get("at") else None,
            bool(parts.get("same")),
            not parts.get("fixed"),
            before,
        )
    if (found := re.fullmatch(_BARE_DAY, body, re.ASCII)) and "." not in found["n"]:
        raise AmbiguousLimit(text, _WHICH, where, choices=_choices(int(found["n"]), chinese=True))
    if (found := re.fullmatch(_T_PLUS, body, re.ASCII)) and int(found["n"]):
        raise AmbiguousLimit(text, _WHICH, where, choices=_later(int(found["n"])))
    if clock := clock_alone(written):
        raise AmbiguousLimit(text, "does not say which day's time it means", where, choices=_days_of(clock, written))
    if body in _DOUBTFUL:
        raise AmbiguousLimit(text, _WHICH, where, choices=_DOUBTFUL[body])
    if found := re.fullmatch(_BARE_M, body, re.ASCII):
        both = f"{found['n']} minutes", f"{found['n']} months"
        raise AmbiguousLimit(text, "does not say whether minutes or months are meant", where, choices=both)
    raise InvalidLimit(text, "it has none of the known forms", where, nearest_form(written, _EXAMPLES))


def _form(text: str) -> tuple[type[Kind], dict[str, Any]] | None:
    """Return what a text of the grammar counts, and its parts by name; None if it is in other words."""
    plain = text.isascii()
    for pattern, kind in _FORMS:  # those of the other language are not even compiled
        if pattern.isascii() is plain and (found := re.fullmatch(pattern, text, re.ASCII)):
            return kind, found.groupdict()
    return None


def _amount(kind: type[Kind], number: str | None, unit: str | None, text: str, where: str) -> int:
    if number is None:
        return 0
    if unit is not None:
        amount = Decimal(number) * _UNITS[unit]
        if amount != int(amount):
            raise InvalidLimit(text, "it is finer than a microsecond", where)
        return int(amount)
    if "." in number:
        raise InvalidLimit(text, f"{kind.name} are counted in whole numbers", where)
    return int(number)


def _clock(clock: str, text: str, where: str) -> int:
    hours, minutes, seconds = (int(part) for part in (clock + ":00").split(":")[:3])
    if hours > 23 or minutes > 59 or seconds > 59:
        raise InvalidLimit(text, f"{clock!r} is no time of day from 00:00 to 23:59", where)
    return hours * HOUR + minutes * MINUTE + seconds * SECOND


def _later(days: int) -> tuple[str, ...]:
    """Return what "T+2" may mean."""
    more = "" if days == 1 else "s"
    return (f"{days} working day{more}", f"{days} calendar day{more}", f"{days * 24} hours")


def _days_of(clock: str, written: str) -> tuple[str, ...]:
    """Return of which days a time of day that stands alone may be meant; 次日 is never the same."""
    if not re.search(r"[\u4e00-\u9fff]", written):
        return (f"same working day at {clock}", f"1 working day at {clock}")
    following = f"1个工作日至{clock}"
    return (following,) if written.startswith(("次", "翌", "第二", "隔")) else (f"当个工作日至{clock}", following)


def _choices(days: int, *, chinese: bool) -> tuple[str, ...]:
    if chinese:
        return (f"{days}个工作日", f"{days}个自然日", f"{days * 24}小时")
    return (f"{days} working day", f"{days} calendar day", f"{days * 24} hours", "same working day")


# --- printing -------------------------------------------------------------------------------------------------------


_PRINTED: Final[dict[Language, tuple[str, str, str, str, str]]] = {
    "en": ("{} or {} at the latest", " at {}", " at the same time", " without roll", "{} before"),
    "zh": ("{}或最迟{}", "至{}", "至同一时刻", "不顺延", f"{_BEFORE_ZH}{{}}"),
}
"""How a choice, the endings and the direction are written."""


def print_words(limit: Worded, language: Language = "en") -> str:
    """Write a limit so that `parse_words` reads it back.

    Raises:
        InvalidValue: for another language.
    """
    if language not in get_args(Language):
        raise InvalidValue("language", language, "'en' or 'zh'")
    either, at, same_time, fixed, before = _PRINTED[language]
    if limit.parts:
        first, last = limit.parts
        bare = last.kind is SameWorkingDay and last.at is not None  # a time on the day of the start
        latest = _clock_text(last.at or 0) if bare else print_words(last, language)
        return either.format(print_words(first, language), latest)
    text = limit.kind.said(limit.amount, language)
    if limit.at is not None:
        text += at.format(_clock_text(limit.at))
    text += (same_time if limit.same_time else "") + ("" if limit.roll else fixed)
    return before.format(text) if limit.before else text


def _clock_text(at: int) -> str:
    minutes, seconds = divmod(at // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")
