"""Weekdays and hours as people write them, put into the plain words where the meaning is beyond doubt.

English and Chinese weekdays, full-width signs, ranges with 至, 到 or "to", hours with 点, 上午 and 下午 or am and pm.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["WEEKDAYS", "entries_of", "names_weekdays", "plain_hours", "weekday_of"]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_OTHERS: Final = (
    "mo monday 周一 星期一 礼拜一", "tu tues tuesday 周二 星期二 礼拜二", "we weds wednesday 周三 星期三 礼拜三",
    "th thur thurs thursday 周四 星期四 礼拜四", "fr friday 周五 星期五 礼拜五", "sa saturday 周六 星期六 礼拜六",
    "su sunday 周日 周天 星期日 星期天 礼拜日 礼拜天",
)  # fmt: skip
_NUMBERED: Final = r"(?:周|星期|礼拜)([1-7])(?!\d)"
_HAN_DAYS: Final = "一二三四五六日"
_DAYS: Final = {word: day for day, words in zip(WEEKDAYS, _OTHERS, strict=True) for word in (day, *words.split())}
_RUNS: Final = {
    **dict.fromkeys(("weekdays", "weekday"), "mon-fri"), **dict.fromkeys(("weekend", "weekends", "周末"), "sat-sun"),
    **dict.fromkeys(("daily", "everyday", "每天", "每日"), "mon-sun"),
}  # fmt: skip
_ALWAYS: Final = r"24 ?[x/*×] ?7|7 ?[x/*×] ?24(?:小时)?|always"
_CLOSED: Final = ("closed", "off", "休息", "不营业", "不办公")
_ALL_DAY: Final = ("全天", "24小时", "24h", "all-day")
_TO: Final = r"\s*(?:[-–—―~～〜]|至|到|(?<![a-z])to(?![a-z])|(?<![a-z])through(?![a-z]))\s*"
_TIME: Final = (
    r"(?P<h{0}>上午|早上|下午|晚上)?(?P<t{0}>\d{{1,2}})(?:[:.](?P<m{0}>\d{{2}})(?P<s{0}>:\d{{2}})?"
    r"|[点时](?:(?P<c{0}>\d{{1,2}})分|(?P<half{0}>半)|整)?)?(?P<d{0}>\([+-]1\))?\s?(?P<a{0}>am|pm|a\.m\.|p\.m\.)?"
)
_SPAN: Final = _TIME.format(1) + "-" + _TIME.format(2)
_DIGITS: Final = r"(\d{2})(\d{2})-(\d{2})(\d{2})"
_PLAIN: Final = r"\d{1,2}:\d{2}(?::\d{2})?(?:\([+-]1\))?-\d{1,2}:\d{2}(?::\d{2})?(?:\([+-]1\))?"
_BARE_HOURS: Final = r"(\d{1,2})-(\d{1,2})"
_AFTER_NOON: Final = ("下午", "晚上", "pm", "p.m.")


def _normal(text: str) -> str:
    if any(unicodedata.category(char) == "No" for char in text):
        return text  # 8² is not 82: left as it is, it is refused
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().replace("、", ",").replace("。", " ").split())
    plain = re.sub(r"(?<=\d)\s+(?=am\b|pm\b|a\.m\.|p\.m\.)", "", plain)
    plain = re.sub(_NUMBERED, lambda found: f"周{_HAN_DAYS[int(found[1]) - 1]}", plain)
    plain = re.sub(r"每(?=周[一二三四五六日天]|星期|礼拜)", "", plain)
    plain = re.sub(r"(?<=[\d点时分])\s*(?:uhr|h)(?![a-z])", "", plain)
    plain = re.sub(r"(?<=[一二三四五六日天末])(?=\d|休息|上午|下午)", " ", plain)
    return re.sub(_TO, "-", plain)


def weekday_of(word: str) -> int | None:
    """Return the number of a weekday, 0 for Monday, or None if the word names none."""
    day = _DAYS.get(unicodedata.normalize("NFKC", word).strip().lower())
    return None if day is None else WEEKDAYS.index(day)


def plain_hours(text: str) -> str:
    """Return sessions as ``"08:30-11:30 13:30-17:00"``; a part that is no session is left as it is."""
    parts = []
    for part in re.split(r"[\s,;]+", _normal(text)):
        if part in _CLOSED:
            continue
        parts.append("00:00-24:00" if part in _ALL_DAY else _session(part))
    return " ".join(filter(None, parts))


def _session(part: str) -> str:
    if re.fullmatch(_PLAIN, part, re.ASCII):
        return part
    part = re.sub(_DIGITS, r"\1:\2-\3:\4", part) if re.fullmatch(_DIGITS, part, re.ASCII) else part
    found = re.fullmatch(_SPAN, part, re.ASCII)
    if found is None:
        return part
    if not found["a1"] and not found["a2"] and (both := re.fullmatch(_BARE_HOURS, part, re.ASCII)):
        first, last = int(both[1]), int(both[2])
        if last < 12 or first >= last:
            return part  # 9-5 and 1-5 do not say which half of a day is meant; 9-17, 8-12 and 13-17 do
        return f"{first:02d}:00-{last:02d}:00"
    opening, close = _clock(found, 1, ""), _clock(found, 2, found["h1"] or "")
    return part if opening is None or close is None else f"{opening}-{close}"


def _clock(found: re.Match[str], place: int, before: str) -> str | None:
    """Return one time in plain form; None if it says no time, or a bare hour of which half a day is not told."""
    hour, half = int(found[f"t{place}"]), found[f"h{place}"] or found[f"a{place}"] or before
    minutes = found[f"m{place}"] or found[f"c{place}"] or ("30" if found[f"half{place}"] else "")
    bare = not minutes and not re.search(r"[点时]", found[0])
    if bare and not half:
        return None
    if half and hour > 12:
        half = ""
    if half:
        hour = hour % 12 + 12 if half in _AFTER_NOON or (half in ("上午", "早上") and hour == 12) else hour % 12
    return f"{hour:02d}:{int(minutes or 0):02d}{found[f's{place}'] or ''}{found[f'd{place}'] or ''}"


def _is_hours(token: str) -> bool:
    return token[:1].isdigit() or token in (*_CLOSED, *_ALL_DAY) or token[:2] in ("上午", "下午", "早上", "晚上")


def names_weekdays(text: str) -> bool:
    """Whether weekly hours begin with weekdays, and not with the hours of a workday."""
    plain = _normal(text)
    return bool(re.fullmatch(_ALWAYS, plain, re.ASCII)) or not _is_hours(re.split(r"[\s,;]+", plain)[0])


def entries_of(text: str) -> list[tuple[str, str]]:
    """Return the entries of weekly hours: weekdays, then their hours, apart by semicolons, commas or spaces."""
    plain = _normal(text)
    if re.fullmatch(_ALWAYS, plain, re.ASCII):
        return [("mon-sun", "00:00-24:00")]
    entries: list[tuple[list[str], list[str]]] = []
    for group in filter(None, re.split(r"\s*;\s*", plain)):
        fresh = True
        for token in re.split(r"[\s,]+", group):
            if token and not _is_hours(token):
                if fresh or entries[-1][1]:
                    entries.append(([], []))
                entries[-1][0].append(token)
            elif token:
                if fresh:
                    entries.append(([], []))
                entries[-1][1].append(token)
            fresh = fresh and not token
    return [(",".join(_RUNS.get(day, day) for day in days), " ".join(hours)) for days, hours in entries]
