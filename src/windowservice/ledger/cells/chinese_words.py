"""Chinese words for the fixed words of columns: those that can mean one thing only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["how_to_map", "in_chinese"]

_LEVELS: Final = {"高": "high", "中": "medium", "低": "low"}
_SYSTEMS: Final = {
    "大额": "HVPS", "大额支付": "HVPS", "大额支付系统": "HVPS",
    "小额": "BEPS", "小额支付": "BEPS", "小额支付系统": "BEPS",
    "超级网银": "IBPS", "网银互联": "IBPS", "网上支付跨行清算系统": "IBPS",
    "支票影像": "CIS", "支票影像交换系统": "CIS",
    "同城": "exchange", "同城交换": "exchange", "同城票据交换": "exchange",
}  # fmt: skip
_FAULT: Final = {
    "窗口": "window", "对方": "counterparty", "对方行": "counterparty", "中心系统": "central_system", "通信": "telecom",
    "电信": "telecom", "不可抗力": "force_majeure", "不明": "unknown", "未知": "unknown",
}  # fmt: skip
_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "system": _SYSTEMS, "fault_party": _FAULT, "risk": _LEVELS,
    "participation": {
        "直接": "direct", "直接参与者": "direct", "间接": "indirect", "间接参与者": "indirect", "特许": "special",
        "特许参与者": "special",
    },
    "severity": {"提示": "note", "轻微": "minor", "一般": "minor", "较重": "major", "严重": "severe"},
    "messages.kind": {
        "查询": "inquiry", "退回申请": "return_request", "申请退回": "return_request", "止付申请": "stop_request",
        "申请止付": "stop_request",
    },
    "warnings.level": {"紧急": "urgent", "一般": "ordinary", "普通": "ordinary"},
    "defects.level": _LEVELS,
    "complaints.channel": {
        "电话": "telephone", "意见箱": "box", "问卷": "questionnaire", "网上": "online", "柜面": "counter"
    },
    "actions.verified": {"已整改": "rectified"},
    "admission_stages.stage": {
        "申请": "application", "培训": "training", "测试": "test", "试运行": "trial", "开通": "opening"
    },
}  # fmt: skip


def in_chinese(table: str, column: str) -> Mapping[str, str]:
    """Return the Chinese words of a column with what each stands for."""
    return _COLUMNS.get(f"{table}.{column}") or _COLUMNS.get(column, {})


def how_to_map(column: str, word: str) -> str:
    """Return how a mapping says what a word stands for that no list has; nothing for one in plain letters."""
    if word.isascii():
        return ""
    return f"; a mapping can say what it stands for: {column} = {{ column = '...', words = {{ \"{word}\" = '...' }} }}"
