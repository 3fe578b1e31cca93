"""Duties that come again: by the calendar, before each run of holidays, or within a limit after something happened.

A duty says what is owed how often and by whom; when, and which deed did it, is worked out in `turns`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal, TypeAlias

import attrs

from windowservice.domain.basis import Basis
from windowservice.domain.periods import Every
from windowservice.domain.words import SCOPES, Scope
from windowservice.errors import InvalidValue
from windowservice.instants import to_date
from windowservice.worktime.limits.limit import Limit

__all__ = ["SCOPES", "BeforeHolidays", "Deed", "Duty", "Scope", "Shared", "Who"]

Who: TypeAlias = Literal["window", "each_bank", "each_direct_participant", "each_clerk", "each_post", "each_key_post"]
"""Who owes the duty, or to whom each it is owed: the window as a whole, or every bank, clerk or post by itself.

A key post is one of high integrity risk.
"""
WHAT: Final = "a list of duties"


def _limit(value: Limit | str) -> Limit:
    return Limit.parse(value) if isinstance(value, str) else value


@attrs.frozen(kw_only=True)
class BeforeHolidays:
    """That a turn falls due before each run of holidays.

    Attributes:
        earliest, latest: how many working days ahead of the run its window opens and ends; 1 is the eve.
        holidays: the holidays that count, by the name that the calendar gives their days, each with the scope wanted.
            A run that holds several wants the widest.
    """

    earliest: int
    latest: int = 1
    holidays: dict[str, Scope]

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.latest <= self.earliest:
            raise InvalidValue("latest", self.latest, f"from 1 to earliest ({self.earliest}) working days ahead")
        if not self.holidays:
            raise InvalidValue("holidays", self.holidays, 'a table of names and scopes, as in { "春节" = "full" }')


@attrs.frozen(kw_only=True)
class Shared:
    """With which other duties one deed may be shared.

    Attributes:
        duties: the ids of the other duties.
        scopes: the scopes that the deed must have one of for it to count here too; any, if empty.
    """

    duties: frozenset[str]
    scopes: frozenset[Scope] = frozenset()


@attrs.frozen(kw_only=True)
class Deed:
    """Something done that names the duties it was done for.

    Attributes:
        id: its number.
        duties: the ids of the duties that it names.
        at: when it was done; None if it does not say.
        turn: the name of the turn it was done for, if it says so.
        scope: how far it went.
    """

    id: str
    duties: frozenset[str]
    at: datetime | None = None
    turn: str | None = None
    scope: str | None = None


@attrs.frozen(kw_only=True)
class Duty:
    """One duty that comes again.

    Attributes:
        id: a word.
        zh, en: its name.
        who: who owes it, or to whom each it is owed.
        policy: the policy that it belongs to, as rules and reports name it.
        basis: what says that it is owed; `figures`: what says how often.
        every: the period in each of which it is done once.
        before_holidays: that it is done before each run of holidays.
        after, within: the kind of thing after which it is done, and the limit that begins then.
        overlaps: whether one deed may do two turns of this duty whose windows overlap.
        shared: whether a deed that names other duties too counts for this one.
        since, until: the first and last day on which it is owed.
        note: what a reader should know of it.

    Raises:
        InvalidValue: if it does not say in exactly one way when it falls due.
    """

    id: str
    zh: str
    en: str
    who: Who
    basis: Basis
    figures: Basis | None = None
    policy: str = "duties"
    every: Every | None = None
    before_holidays: BeforeHolidays | None = None
    after: str = ""
    within: Limit | None = attrs.field(default=None, converter=attrs.converters.optional(_limit))
    overlaps: bool = False
    shared: Shared | None = None
    since: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(to_date))
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if not self.id.isidentifier():
            raise InvalidValue("id", self.id, "a word of letters, digits and underscores")
        ways = (self.every is not None, self.before_holidays is not None, self.within is not None)
        if sum(ways) != 1:
            raise InvalidValue("every", self.every, "the one way of saying when, beside before_holidays and within")
        if bool(self.after) != (self.within is not None):
            raise InvalidValue("after", self.after, "stated together with within")

    def counts(self, deed: Deed) -> bool:
        """Return whether a deed that names the duty counts for it; one that names others needs `shared` to say so."""
        others = deed.duties - {self.id}
        if not others:
            return True
        shared = self.shared
        return shared is not None and others <= shared.duties and (not shared.scopes or deed.scope in shared.scopes)
