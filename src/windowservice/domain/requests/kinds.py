"""The kinds of event, each with all that the library knows of it: one table, from which everything else is told.

They stand in the order in which they can follow one another at one instant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import floor
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.asked import told
from windowservice.errors import InvalidValue

__all__ = [
    "CLOSING_KINDS",
    "EVENT_KINDS",
    "KINDS",
    "OVER_KINDS",
    "OWNING_KINDS",
    "EventKind",
    "KindName",
    "Party",
    "is_kind",
    "kind_in",
    "kind_of",
    "kinds_by_word",
    "own_kinds",
    "rank_of",
]

Party: TypeAlias = Literal["applicant", "between", "upper", "stop"]
"""For whom a request waits: the applicant, nobody between two posts, the upper level, or a stop of the clock."""
_KIND: Final = re.compile(r"[a-z][a-z0-9_]*\Z", re.ASCII)


def is_kind(kind: object) -> bool:
    """Return whether it can be a kind of event: a word in lower-case letters, digits and ``_``."""
    return isinstance(kind, str) and _KIND.fullmatch(kind) is not None


class KindName(str):
    """The name of a kind that a plugin brings: a text like any other, which knows its kind wherever it goes."""

    kind: EventKind


def _names(after: Iterable[str | EventKind]) -> tuple[str, ...]:
    return tuple(kind.word if isinstance(kind, EventKind) else kind for kind in after)


@told
@attrs.frozen
class EventKind:
    """One kind of event.

    Attributes:
        name: the word that stands in records and rules.
        sentence: what happened, in one sentence.
        zh: what a window writes for it in Chinese, if that can mean nothing else.
        owns: whether the matter is from then on with the clerk who did it.
        closes: whether it ends the matter.
        hands_over: whether a matter that is done at once ends with it, so that it can be reopened.
        waits_for: for whom the matter waits from then on; empty if for nobody.
        ends_wait: whose wait it ends; empty if none.
        must_say: the field that it should say, for rules ask for it; empty if none.
        after: the kinds that cannot come later than it; at one instant it stands behind them.

    Raises:
        InvalidValue: if no record could hold the name.
    """

    name: str
    sentence: str = attrs.field(default="", eq=False)
    zh: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    owns: bool = attrs.field(default=False, kw_only=True)
    closes: bool = attrs.field(default=False, kw_only=True)
    hands_over: bool = attrs.field(default=False, kw_only=True)
    waits_for: Party | Literal[""] = attrs.field(default="", kw_only=True)
    ends_wait: Party | Literal[""] = attrs.field(default="", kw_only=True)
    must_say: str = attrs.field(default="", kw_only=True)
    after: tuple[str, ...] = attrs.field(default=(), converter=_names, kw_only=True)

    @property
    def word(self) -> str:
        """The name, which knows what the kind is if the library does not know it by itself."""
        if self.name in EVENT_KINDS:
            return self.name
        found = KindName(self.name)
        found.kind = self
        return found

    def __attrs_post_init__(self) -> None:
        if not is_kind(self.name):
            wanted = (
                "a lower-case word of letters a to z, digits and '_', or no ledger could hold it, as in 'cash_counted'"
            )
            raise InvalidValue("a kind of event", self.name, wanted)


KINDS: Final[tuple[EventKind, ...]] = (
    EventKind("booked", "A slot was booked", zh=("预约",)),
    EventKind("cancelled", "The booking was cancelled", zh=("取消预约",)),
    EventKind("asked", "Somebody at the window was asked first", owns=True),
    EventKind("arrived", "The applicant came", zh=("到场",)),
    EventKind("served", "The applicant was served", after=("arrived",)),
    EventKind("submitted", "The papers came in", zh=("提交", "收件"), owns=True),
    EventKind(
        "notified",
        "The applicant was told what is missing",
        zh=("一次性告知", "补正告知", "告知"),
        waits_for="applicant",
        must_say="items",
    ),
    EventKind(
        "supplemented",
        "The applicant brought what was missing",
        zh=("补正", "补齐"),
        ends_wait="applicant",
        after=("notified",),
    ),
    EventKind(
        "accepted",
        "The matter was taken up, with a slip",
        zh=("受理", "已受理"),
        ends_wait="applicant",
        after=("submitted",),
    ),
    EventKind("suspended", "A stop of the clock began", zh=("中止",), waits_for="stop", must_say="reason"),
    EventKind("resumed", "The stop of the clock ended", zh=("恢复",), ends_wait="stop", after=("suspended",)),
    EventKind("extension_requested", "The handler asked for more time", zh=("申请延期",)),
    EventKind("extended", "More time was approved", zh=("批准延期",), after=("extension_requested",)),
    EventKind("handed_over", "The owner gave the matter on", zh=("移交",), waits_for="between", must_say="to"),
    EventKind(
        "taken_over", "The new owner took it", zh=("接收", "接手"), owns=True, ends_wait="between", must_say="by"
    ),
    EventKind("referred", "The matter went to an upper level", waits_for="upper"),
    EventKind("checked", "A second person checked it", zh=("复核",), ends_wait="upper"),
    EventKind("authorised", "A supervisor authorised it", zh=("授权",), ends_wait="upper"),
    EventKind(
        "refused",
        "Acceptance was refused, with a slip and a reason",
        zh=("不予受理",),
        closes=True,
        must_say="reason",
        after=("submitted",),
    ),
    EventKind("withdrawn", "The applicant took it back", zh=("撤回", "撤销申请"), closes=True),
    EventKind(
        "decided", "The matter was completed", zh=("办结", "已办结"), closes=True, after=("submitted", "accepted")
    ),
    EventKind("delivered", "The result was handed to the applicant", zh=("送达",), hands_over=True, after=("decided",)),
    EventKind("no_show", "The applicant did not come to the booked slot", zh=("爽约", "未到场")),
    EventKind("closed", "Nothing is left to do", zh=("归档",), closes=True),
    EventKind("reopened", "A new cycle began"),
    EventKind("complained", "The applicant complained", zh=("投诉",)),
    EventKind("answered", "The complaint was answered", ends_wait="upper", after=("complained",)),
    EventKind("rated", "The applicant rated the service", zh=("评价",)),
    EventKind("noted", "A remark, nothing more", zh=("备注",)),
)
"""The kinds of event that the library knows by itself; plugins add theirs."""
EVENT_KINDS: Final = frozenset(kind.name for kind in KINDS)
"""Their names."""
CLOSING_KINDS: Final = tuple(kind.name for kind in KINDS if kind.closes)
"""The kinds of event that end a matter."""
OVER_KINDS: Final = tuple(kind.name for kind in KINDS if kind.closes or kind.hands_over)
"""The kinds of event after which a matter can be reopened: what is done at once ends when it is handed over."""
OWNING_KINDS: Final = tuple(kind.name for kind in KINDS if kind.owns)
"""The kinds of event whose clerk owns the matter from then on."""
_BY_NAME: Final = {kind.name: kind for kind in KINDS}
_RANKS: Final = {kind.name: rank for rank, kind in enumerate(KINDS)}


def kind_in(name: str, language: str) -> str:
    """Return a kind of event as a reader is shown it: in Chinese the first of its words, if it has one."""
    kind: EventKind | None = _BY_NAME.get(name) or getattr(name, "kind", None)
    return kind.zh[0] if language == "zh" and kind is not None and kind.zh else str(name)


def kind_of(name: str) -> EventKind:
    """Return what is known of a kind of event by its name; of a bare text of somebody else's no more than that."""
    known = _BY_NAME.get(name)
    return known or (name.kind if isinstance(name, KindName) else EventKind(name))


def rank_of(name: str) -> float:
    """Return the place of a kind of event in the order in which kinds can follow one another at one instant.

    A plugin's kind stands right behind the last of those after which it comes; one that names none comes last.
    """
    known = _RANKS.get(name)
    if known is not None:
        return known
    if not isinstance(name, KindName) or not name.kind.after:
        return len(_RANKS)
    last = max(map(rank_of, name.kind.after))
    return (last + floor(last) + 1) / 2


def own_kinds(given: Iterable[str | EventKind]) -> tuple[EventKind, ...]:
    """Return kinds that were given as values or as bare names, without those that the library knows by itself."""
    kinds = (kind if isinstance(kind, EventKind) else kind_of(kind) for kind in given)
    return tuple({kind.name: kind for kind in kinds if kind.name not in EVENT_KINDS}.values())


def kinds_by_word(own: Iterable[EventKind]) -> dict[str, str]:
    """Return the names of all kinds by the words that a ledger may write for them, English and Chinese."""
    return {word: kind.word for kind in (*own, *KINDS) for word in (*kind.zh, kind.name)}
