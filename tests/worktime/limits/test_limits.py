"""Limits print, parse, compare and refuse what is ambiguous."""

from __future__ import annotations

import pickle
from datetime import UTC, time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windowservice.errors import AmbiguousLimit, InvalidLimit, InvalidValue
from windowservice.instants import HOUR, MINUTE, SECOND
from windowservice.worktime.limits.kinds.booked import Booked
from windowservice.worktime.limits.kinds.civil_days import CalendarDays, Months
from windowservice.worktime.limits.kinds.elapsed import Elapsed
from windowservice.worktime.limits.kinds.kind import EarliestOf
from windowservice.worktime.limits.kinds.open_time import WorkingTime
from windowservice.worktime.limits.kinds.table import KINDS
from windowservice.worktime.limits.kinds.workdays import SameWorkingDay, WorkingDays
from windowservice.worktime.limits.limit import (
    Limit,
    booked_session,
    calendar_days,
    earliest_of,
    elapsed,
    months,
    same_working_day,
    working_days,
    working_time,
)
from windowservice.worktime.spans import work

DOCUMENTED = {
    "30 working minutes": working_time(minutes=30),
    "3 working days": working_days(3),
    "1 working day at 12:00": working_days(1, at="12:00"),
    "2 working days at the same time": working_days(2, same_time=True),
    "same working day": same_working_day(),
    "same working day at 12:00": same_working_day(at=time(12)),
    "15 days": calendar_days(15),
    "15 days without roll": calendar_days(15, roll=False),
    "3 months": months(3),
    "72 hours": elapsed(hours=72),
    "1 working day at 15:00 before": working_days(1, at="15:00", before=True),
    "booked session": booked_session(),
    "60 working minutes or 16:20 at the latest": earliest_of(work(minutes=60), "16:20"),
}

CHINESE = {
    "30个工作分钟": working_time(minutes=30),
    "30工作分钟": working_time(minutes=30),
    "3个工作小时": working_time(hours=3),
    "3个工作日": working_days(3),
    "3工作日": working_days(3),
    "1个工作日至12:00": working_days(1, at="12:00"),
    "1 个工作日的 12:00": working_days(1, at="12:00"),
    "2个工作日至同一时刻": working_days(2, same_time=True),
    "当个工作日": same_working_day(),
    "当日": same_working_day(),
    "当日至16:20": same_working_day(at="16:20"),
    "15天": calendar_days(15),
    "1个自然日": calendar_days(1),
    "15个自然日不顺延": calendar_days(15, roll=False),
    "3个月": months(3),
    "3个月不顺延": months(3, roll=False),
    "72小时": elapsed(hours=72),
    "90秒": elapsed(seconds=90),
    "提前10个工作日": working_days(10, before=True),
    "提前1个工作日至15:00": working_days(1, at="15:00", before=True),
    "预约时段": booked_session(),
    "60个工作分钟或最迟16:20": earliest_of("60 working minutes", time(16, 20)),
    "60个工作分钟或最迟2个工作日": earliest_of("60 working minutes", "2 working days"),
}

OTHER_SPELLINGS = {
    "  3   Working  Days ": working_days(3),
    "３ working days": working_days(3),
    "３个工作日": working_days(3),
    "1个工作日至１２：００": working_days(1, at="12:00"),
    "1.5 working hours": working_time(minutes=90),
    "0.25 seconds": elapsed(seconds=Fraction(1, 4)),
    "1 calendar day": calendar_days(1),
    "2 months without roll": months(2, roll=False),
    "1 working day at 9:05:30": working_days(1, at="09:05:30"),
    "90 working seconds": working_time(seconds=90),
    "2 days before": calendar_days(2, before=True),
    "1 month before": months(1, before=True),
    "24 hours before": elapsed(hours=24, before=True),
    "30 working minutes before": working_time(minutes=30, before=True),
}


@pytest.mark.parametrize(("text", "limit"), (DOCUMENTED | CHINESE | OTHER_SPELLINGS).items())
def test_text_is_read_as_the_limit_that_python_builds(text: str, limit: Limit) -> None:
    """Text in English, in Chinese and in full-width characters means what the functions build."""
    assert Limit.parse(text) == limit


@pytest.mark.parametrize("text", DOCUMENTED)
def test_documented_text_is_printed_as_it_was_read(text: str) -> None:
    """The forms of the documentation are the canonical ones."""
    assert str(Limit.parse(text)) == text
    assert repr(Limit.parse(text)) == f"Limit.parse({text!r})"


@pytest.mark.parametrize(
    "text",
    [
        "30个工作分钟",
        "3个工作日",
        "1个工作日至12:00",
        "2个工作日至同一时刻",
        "当个工作日至09:05:30",
        "15个自然日不顺延",
        "3个月",
        "72小时",
        "0.25秒",
        "提前1个工作日至15:00",
        "预约时段",
        "60个工作分钟或最迟16:20",
    ],
)
def test_chinese_text_is_printed_as_it_was_read(text: str) -> None:
    """Each kind has one canonical form in Chinese too."""
    assert Limit.parse(text).text("zh") == text


@st.composite
def any_limit(draw: st.DrawFn, *, simple: bool = False) -> Limit:
    if not simple and draw(st.integers(0, 4)) == 0:
        forward = any_limit(simple=True).filter(lambda limit: not limit.before)
        return earliest_of(draw(forward), draw(forward))
    kind = draw(st.sampled_from([kind for kind in KINDS.values() if kind is not EarliestOf]))
    clock = draw(st.none() | st.integers(0, 86_399).map(lambda seconds: seconds * SECOND))
    before = draw(st.booleans())
    if kind in (WorkingTime, Elapsed):
        fine = st.integers(1, 10**10)
        whole = st.integers(1, 1000).map(lambda n: n * MINUTE) | st.integers(1, 1000).map(lambda n: n * HOUR)
        return Limit(kind, draw(fine | whole), before=before)
    if kind in (CalendarDays, Months):
        return Limit(kind, draw(st.integers(1, 1200)), roll=draw(st.booleans()), before=before)
    if kind is WorkingDays:
        same_time = clock is None and draw(st.booleans())
        return Limit(kind, draw(st.integers(1, 36_500)), clock, same_time=same_time, before=before)
    return Limit(kind, at=clock if kind is SameWorkingDay else None)


@given(any_limit())
def test_limit_printed_and_parsed_is_the_same(limit: Limit) -> None:
    """Every limit survives being printed in either language, hashed and pickled."""
    assert Limit.parse(str(limit)) == limit
    assert Limit.parse(limit.text("zh")) == limit
    assert hash(Limit.parse(limit.text("zh"))) == hash(limit)
    assert pickle.loads(pickle.dumps(limit)) == limit


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("1 day", ("1 working day", "1 calendar day", "24 hours", "same working day")),
        ("1 days", ("1 working day", "1 calendar day", "24 hours", "same working day")),
        ("1 day before", ("1 working day", "1 calendar day", "24 hours", "same working day")),
        ("1天", ("1个工作日", "1个自然日", "24小时")),
        ("1日", ("1个工作日", "1个自然日", "24小时")),
        ("１日", ("1个工作日", "1个自然日", "24小时")),
        ("15日", ("15个工作日", "15个自然日", "360小时")),
    ],
)
def test_bare_day_is_refused_with_the_choices(text: str, choices: tuple[str, ...]) -> None:
    """One day, and any number of the word that laws use for both kinds of day, must say which days it means."""
    with pytest.raises(AmbiguousLimit) as caught:
        Limit.parse(text, where="services.toml")
    assert caught.value.choices == choices
    assert str(caught.value).startswith("services.toml: ")
    assert all(choice in str(caught.value) for choice in choices)
    for choice in choices:
        Limit.parse(choice)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "known forms"),
        ("soon", "known forms"),
        ("3 bananas", "known forms"),
        ("threee working days", "known forms"),
        ("-3 working days", "known forms"),
        ("3 working days at noon", "known forms"),
        ("3 working days or 16:20", "known forms"),
        ("1.5日", "known forms"),
        ("0 working days", "from 1 to 36500"),
        ("40000 days", "from 1 to 36500"),
        ("0 months", "from 1 to 1200"),
        ("0 hours", "above 0"),
        ("0.0 working minutes", "above 0"),
        ("9999999 hours", "hundred years"),
        ("1.5 working days", "whole numbers"),
        ("0.0000001 seconds", "finer than a microsecond"),
        ("1 working day at 24:00", "time of day"),
        ("1 working day at 12:60", "time of day"),
        ("booked session before", "no direction"),
        ("same working day before", "no direction"),
        ("1 hour before or 16:20 at the latest", "exactly two parts"),
        (3, "not text"),
        (None, "not text"),
    ],
)
def test_what_is_no_limit_is_refused_with_the_reason(text: object, problem: str) -> None:
    """The message says what is wrong, what came, where, and shows the forms."""
    with pytest.raises(InvalidLimit) as caught:
        Limit.parse(text, where="row 7")  # type: ignore[arg-type]
    assert problem in caught.value.problem
    assert caught.value.text == text
    assert str(caught.value).startswith("row 7: ")
    assert "3 working days" in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kind": WorkingDays, "amount": 1.0},
        {"kind": WorkingDays, "amount": True},
        {"kind": WorkingDays, "amount": 1, "at": -1},
        {"kind": WorkingDays, "amount": 1, "at": 24 * HOUR},
        {"kind": WorkingDays, "amount": 1, "at": 1},
        {"kind": WorkingDays, "amount": 1, "at": HOUR, "same_time": True},
        {"kind": WorkingDays, "amount": 1, "roll": False},
        {"kind": CalendarDays, "amount": 1, "at": HOUR},
        {"kind": CalendarDays, "amount": 1, "same_time": True},
        {"kind": Booked, "amount": 1},
        {"kind": EarliestOf},
        {"kind": EarliestOf, "parts": (working_days(1),)},
        {"kind": EarliestOf, "parts": (working_days(1), earliest_of(work(hours=1), "12:00"))},
        {"kind": WorkingDays, "amount": 1, "parts": (working_days(1), working_days(2))},
    ],
)
def test_parts_that_do_not_fit_together_are_refused(arguments: dict[str, object]) -> None:
    """A limit that could not be printed cannot be built."""
    with pytest.raises(InvalidLimit):
        Limit(**arguments)  # type: ignore[arg-type]


def test_span_of_open_time_stands_for_a_limit() -> None:
    """Where a limit is wanted, a span of open time and text will do."""
    assert Limit.of(work(hours=1)) == Limit.from_work(work(hours=1)) == working_time(work(minutes=60))
    assert Limit.of("1 working hour") == Limit.of(working_time(hours=1)) == working_time(hours=1)
    with pytest.raises(InvalidLimit):
        Limit.of(3)  # type: ignore[arg-type]


def test_kinds_never_compare_equal() -> None:
    """Sixty minutes of open time are not sixty minutes on the wall, nor three working days three days."""
    assert working_time(hours=1) != elapsed(hours=1)
    assert working_days(3) != calendar_days(3)
    assert calendar_days(30) != months(1)


def test_time_of_day_is_local() -> None:
    """A time of day with a zone, or something else, is refused; it goes by the calendar's wall clock."""
    with pytest.raises(InvalidValue):
        working_days(1, at=time(12, tzinfo=UTC))
    with pytest.raises(InvalidValue):
        working_days(1, at=12)  # type: ignore[arg-type]
    with pytest.raises(InvalidLimit):
        working_days(1, at="noon")
    with pytest.raises(InvalidLimit):
        working_days(1, at=time(12, 0, 0, 1))


AS_NOTICES_WRITE = {
    "三个工作日": "3 working days",
    "五个工作日内": "5 working days",
    "3个工作日以内": "3 working days",
    "10个工作日内办结": "10 working days",
    "不超过二十个工作日": "20 working days",
    "十五天": "15 days",
    "一百二十小时": "120 hours",
    "两小时": "2 hours",
    "2个钟头": "2 hours",
    "半小时": "30 minutes",
    "两个半小时": "150 minutes",
    "1小时30分钟": "90 minutes",
    "次一工作日": "1 working day",
    "下一个工作日": "1 working day",
    "次工作日至12:00": "1 working day at 12:00",
    "三个月": "3 months",
    "半年": "6 months",
    "一年": "12 months",
    "两周": "14 days",
    "3个星期不顺延": "21 days without roll",
    "提前三个工作日": "3 working days before",
    "三十个工作分钟或最迟16：20": "30 working minutes or 16:20 at the latest",
    "2 weeks": "14 days",
    "1 week": "7 days",
    "1 year": "12 months",
    "3 business days": "3 working days",
    "3 business days before": "3 working days before",
    "2 business days at 12:00": "2 working days at 12:00",
    "4 business hours": "4 working hours",
    "3 workdays": "3 working days",
    "5 work days": "5 working days",
    "three working days": "3 working days",
    "next business day": "1 working day",
    "same business day": "same working day",
    "within 3 working days": "3 working days",
    "4h": "4 hours",
    "1.5 hrs": "90 minutes",
    "30min": "30 minutes",
    "1h30m": "90 minutes",
    "half an hour": "30 minutes",
    "PT4H": "4 hours",
    "PT1H30M": "90 minutes",
    "P2W": "14 days",
    "P1D": "1 calendar day",
    "P3M": "3 months",
    "壹拾伍个工作日": "15 working days",
    "叁个工作日内": "3 working days",
    "3个营业日": "3 working days",
    "五个银行工作日": "5 working days",
    "3 banking days": "3 working days",
    "一刻钟": "15 minutes",
    "当日16点前": "same working day at 16:00",
    "当日下午四点半前": "same working day at 16:30",
    "当天16:00之前": "same working day at 16:00",
    "3个工作日12:00前": "3 working days at 12:00",
    "三个工作日上午11点前": "3 working days at 11:00",
    "3 working days by 12:00": "3 working days at 12:00",
    "same working day, before 16:30": "same working day at 16:30",
}


@pytest.mark.parametrize("text", AS_NOTICES_WRITE)
def test_limits_as_notices_write_them_are_read_where_they_leave_no_doubt(text: str) -> None:
    assert Limit.parse(text) == Limit.parse(AS_NOTICES_WRITE[text])


DOUBTFUL = {
    "次日": "1个工作日", "3日": "3个工作日", "三日内": "3个自然日", "半天": "当个工作日至12:00", "半个月": "15个自然日",
    "next day": "1 working day", "same day": "same working day", "a day": "1 calendar day", "30m": "30 minutes",
    "T+1": "1 working day", "1 d": "1 working day", "T+3": "3 working days", "D + 2": "2 calendar days",
    "16点前": "当个工作日至16:00", "下午4点前": "1个工作日至16:00", "by 16:00": "same working day at 16:00",
    "次日12:00前": "1个工作日至12:00", "次日中午12点前": "1个工作日至12:00", "T+0": "same working day",
    "end of day": "same working day",
}  # fmt: skip


@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_limit_that_may_mean_two_things_is_refused_with_the_choices(text: str) -> None:
    with pytest.raises(AmbiguousLimit) as refused:
        Limit.parse(text)
    assert DOUBTFUL[text] in refused.value.choices
    assert all(Limit.parse(choice) for choice in refused.value.choices)


NEAREST = {
    "3个工做日": "3个工作日", "第三个工作日": "3个工作日", "3月": "3个月", "3 workign days": "3 working days",
    "4 workinghours": "4 working hours", "5 monthes": "5 months", "12mo": "12 months",
    "3wd": "3 working days", "2 bd": "2 working days", "1个季度": "3个月", "2 quarters": "6 months",
}  # fmt: skip


@pytest.mark.parametrize("text", NEAREST)
def test_a_limit_that_is_not_read_is_refused_with_the_nearest_form_that_is(text: str) -> None:
    with pytest.raises(InvalidLimit) as refused:
        Limit.parse(text)
    assert refused.value.meant == NEAREST[text]
    assert f"did you mean {NEAREST[text]!r}" in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "三四天",
        "一二三小时",
        "十百天",
        "零个工作日",
        "1.5个工作日",
        "P1DT4H",
        "1.5 weeks",
        "24x7",
        "个工作日",
        "3² days",
        "③个工作日",
        "½ hours",
    ],
)
def test_a_numeral_that_is_none_is_no_number(text: str) -> None:
    with pytest.raises(InvalidLimit):
        Limit.parse(text)


@given(any_limit(), st.sampled_from(["en", "zh"]))
def test_spelling_changes_no_limit_that_the_grammar_has(limit: Limit, language: str) -> None:
    assert Limit.parse(limit.text(language)) == limit  # type: ignore[arg-type]


@given(st.integers(1, 9_999))
def test_chinese_numerals_are_read_as_their_numbers(number: int) -> None:
    digits, text, zero = "零一二三四五六七八九", "", False
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // step % 10
        if digit:
            text += ("零" if zero else "") + digits[digit] + name
            zero = False
        elif text:
            zero = True
    assert Limit.parse(f"{text}个工作日") == working_days(number)
    short = text.removeprefix("一") if 10 <= number < 20 else text
    assert Limit.parse(f"{short}个自然日") == calendar_days(number)


@pytest.mark.parametrize("text", ["同一工作日", "同一工作日至16:00", "当日的16:00", "当天"])
def test_the_words_of_the_grammar_itself_are_read_as_they_stand(text: str) -> None:
    """Nothing is spelled out in a text that is of the grammar already: 一 in 同一工作日 is no number."""
    assert Limit.parse(text).kind is SameWorkingDay
