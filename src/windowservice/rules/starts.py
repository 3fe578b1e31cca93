"""What the library ships as data, written out as a start for a branch's own, so that no Python is needed."""

from __future__ import annotations

from typing import Final

import attrs

from windowservice.errors import UnknownName
from windowservice.files import shipped

__all__ = ["STARTS", "Start", "starts"]


@attrs.frozen
class Start:
    """One file that a branch may replace.

    Attributes:
        name: what it is called.
        package: the package that ships the default, as a file ``<name>.toml``.
        used: how the branch's own is used in its place.
    """

    name: str
    package: str
    used: str

    @property
    def file(self) -> str:
        """The name of the file that is written."""
        return f"{self.name}.toml"


_SHIPPED: Final = (
    Start("catalogue", "windowservice.domain.catalogue", 'catalogue = "catalogue.toml" in ledger.toml, or --catalogue'),
    Start("scorecard", "windowservice.domain.scorecard", 'scorecard = "scorecard.toml" in ledger.toml, or --scorecard'),
    Start("indicators", "windowservice.rules", 'indicators = "indicators.toml" in ledger.toml, or by option'),
    Start("duties", "windowservice.domain.duties", 'duties = "duties.toml" in ledger.toml beside it'),
    Start("ladder", "windowservice.rules.escalation", 'ladder = "ladder.toml" in ledger.toml, or --ladder'),
)
_HOURS: Final = Start("hours", "", 'file = "hours.toml" under [calendar] in ledger.toml beside it')
STARTS: Final[dict[str, Start]] = {start.name: start for start in (*_SHIPPED, _HOURS)}
"""The files that can be written out, by name."""
_HEAD: Final = """\
# A start for the branch's own: this is the default of the library. Change what differs, with its basis, and give it an
# id and version of its own where it has them, for findings cite them.
# Used by: {used}

"""
_CALENDAR: Final = """\
base = "china"                       # China's workdays; or "plain" with timezone and weekly, or "holidays" with country
name = "window"
hours = "08:30-11:30 13:30-17:00"    # of a workday; make-up workdays have a Monday's
on_unknown = "assume"                # beyond the last notice of the State Council: "assume", or "raise" to refuse

# [closed]                           # days on which the branch is closed, with the reason
# "2018-03-08..2018-03-09" = "moving the office"

# [special]                          # hours of single days
# "2018-06-29" = "08:30-11:30 13:30-18:30"
"""


def starts(*names: str) -> dict[str, str]:
    """Return the texts of files that a branch may start from, by the name of the file.

    Args:
        names: which: catalogue, scorecard, indicators, duties, ladder, hours.

    Raises:
        UnknownName: if there is no such start; the nearest is offered.
    """
    return {STARTS[_known(name)].file: _text(STARTS[name]) for name in names}


def _known(name: str) -> str:
    if name not in STARTS:
        raise UnknownName("start", name, tuple(STARTS))
    return name


def _text(start: Start) -> str:
    begun = shipped(start.package, start.file) if start.package else _CALENDAR
    return _HEAD.format(used=start.used) + begun
