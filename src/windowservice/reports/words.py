"""The words of the reports in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, get_args

from windowservice.domain.words import SEVERITIES, in_chinese

__all__ = ["LANGUAGES", "Language", "title_in", "word"]

Language: TypeAlias = Literal["en", "zh"]
LANGUAGES: Final[tuple[str, ...]] = get_args(Language)

_ZH: Final[Mapping[str, str]] = {
    # verdicts
    "pass": "通过", "fail": "不合规", "pending": "未定", "unknown": "无法判定", "not applicable": "不适用",
    "error": "出错",
    # sections
    "Verdicts": "判定", "Failures by severity": "不合规(按程度)", "By policy": "按制度", "By principle": "按原则",
    "By service": "按业务种类", "By bank": "按机构", "By clerk": "按经办人", "By rule": "按规则",
    "Open matters": "在办事项", "Findings": "发现",
    "What could not be told": "无法判定的原因", "How it was judged": "判定依据", "Rules": "规则", "Figures": "指标数值",
    # columns
    "policy": "制度", "principle": "原则", "service": "业务种类", "bank": "机构", "clerk": "经办人",
    "rule": "规则",
    "share kept": "遵守率",
    "commitment kept": "承诺兑现率", "limit used (median)": "时限使用率(中位)", "(95 %)": "(95分位)",
    "record": "记录",
    "state": "状态", "request": "业务编号", "holder": "责任人", "due": "到期", "severity": "程度", "verdict": "判定",
    "what": "内容", "count": "数量", "example": "例", "source": "依据", "figures": "指标", "title": "内容",
    # states of open matters
    "overdue": "已逾期", "at risk": "预警", "due next": "待办", "nobody": "无人", "in transfer": "转办中",
    # names in findings
    "first contact": "首问负责制", "one-time notification": "一次性告知制", "time-limited completion": "限时办结制",
    "service commitment": "服务承诺制", "service catalogue": "业务目录(一本通)", "by the standard": "规范办",
    "at once": "立即办", "early warning": "预警", "monitoring": "监测", "same-city exchange": "同城票据交换",
    "accounting quality": "核算质量", "fund positions": "资金头寸", "outages": "系统中断", "reporting": "信息报告制",
    "risk warnings": "风险提示", "lawful": "依法", "good_service": "优质服务",
    "inspection": "巡检", "lecturers": "主讲人制", "joint meetings": "联席会议制", "supervision": "监督与评价",
    "training": "订单式培训", "integrity": "廉政风险排查", "posting": "公示", "initiative": "主动办",
    "etiquette": "服务礼仪与环境", "outside inspection": "接受多方监督", "duties": "周期性职责", "capability": "懂业务",
    "escalation": "监管措施", "handling": "怎么办", "duty matrix": "岗位职责", "front and back office": "前后台协同",
    "performance": "绩效", "front-end roll-out": "综合前置推广", "admission": "准入管理",
    "satisfied_banks": "机构满意", "model_posts": "岗位示范",
}  # fmt: skip


def word(text: str, language: str) -> str:
    """Return one of the reports' own words in a language; a name that somebody else chose stays as it is."""
    return text if language != "zh" else _ZH.get(text) or in_chinese(SEVERITIES, text)


def title_in(titles: Mapping[str, str], language: str) -> str:
    """Return the title in the language, else in English, else the first there is."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
