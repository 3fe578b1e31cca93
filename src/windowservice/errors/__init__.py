"""Every exception and warning of the library, each with the values it speaks of.

An error says what was wanted, what came, where, and what to write instead. The values ride on the exception as
attributes, so a program need not parse the text.
"""

from __future__ import annotations

from windowservice.errors.ledgers import (
    AnotherAudit,
    CannotWrite,
    EmptyLedger,
    LedgerError,
    MissingColumn,
    PartsLeft,
    SharedKey,
    UnreadableFile,
    WrongEncoding,
)
from windowservice.errors.names import (
    InvalidDocument,
    InvalidValue,
    MissingExtra,
    UnknownAttribute,
    UnknownKey,
    UnknownName,
)
from windowservice.errors.plugins import CyclicMaker, NameTaken, NothingToCheck, PluginFailed
from windowservice.errors.root import WindowserviceError, WindowserviceWarning, at, near_or_all, nearest
from windowservice.errors.rules import (
    ConstantCondition,
    CyclicFact,
    ExpressionTruth,
    InvalidRule,
    MovingComparison,
    NotColumnar,
    RuleError,
    RuleTextError,
    ScopeMismatch,
    TypeMismatch,
    UnitMismatch,
    UnknownWord,
)
from windowservice.errors.times import (
    AmbiguousLimit,
    CalendarNotAnnounced,
    InvalidHours,
    InvalidLimit,
    InvalidTime,
    NaiveTime,
    NoDefaultCalendar,
    NoOpenTime,
    ProvisionalTime,
    TimeOutOfRange,
    UnknownZone,
)

__all__ = [
    "AmbiguousLimit",
    "AnotherAudit",
    "CalendarNotAnnounced",
    "CannotWrite",
    "ConstantCondition",
    "CyclicFact",
    "CyclicMaker",
    "EmptyLedger",
    "ExpressionTruth",
    "InvalidDocument",
    "InvalidHours",
    "InvalidLimit",
    "InvalidRule",
    "InvalidTime",
    "InvalidValue",
    "LedgerError",
    "MissingColumn",
    "MissingExtra",
    "MovingComparison",
    "NaiveTime",
    "NameTaken",
    "NoDefaultCalendar",
    "NoOpenTime",
    "NotColumnar",
    "NothingToCheck",
    "PartsLeft",
    "PluginFailed",
    "ProvisionalTime",
    "RuleError",
    "RuleTextError",
    "ScopeMismatch",
    "SharedKey",
    "TimeOutOfRange",
    "TypeMismatch",
    "UnitMismatch",
    "UnknownAttribute",
    "UnknownKey",
    "UnknownName",
    "UnknownWord",
    "UnknownZone",
    "UnreadableFile",
    "WindowserviceError",
    "WindowserviceWarning",
    "WrongEncoding",
    "at",
    "near_or_all",
    "nearest",
]
